//! The map: a small TOML file in which the user says which column is which question. It always wins over what we would have found.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::context::Role;
use crate::findings::{Code, Finding, Place, Source, count_of, did_you_mean, list_and, quoted_list};
use crate::instrument::{AnswerSet, Instrument, Number};

/// What the user says about a file's columns and answers.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ColumnNames {
    /// Question to column header.
    #[serde(default)]
    pub items: BTreeMap<String, String>,
    /// Context (`id`, `informant`, `sex`, `age`, `year`, `date`, `time`) to column header.
    #[serde(default)]
    pub context: BTreeMap<String, String>,
    /// The columns that make the pupil's id together; one alone may stand in the context.
    #[serde(default)]
    pub id: Vec<String>,
    /// For each answer set, what the file calls its answers, in the order of the codes: as `--coding` has it.
    #[serde(default)]
    pub coding: BTreeMap<String, Vec<String>>,
    /// For each answer set, further words for its answers: `[answers.main] often = "2"`, by code.
    #[serde(default)]
    pub answers: BTreeMap<String, BTreeMap<String, String>>,
    /// Words that mean "no answer".
    #[serde(default)]
    pub missing: Vec<String>,
    /// Columns that are left out.
    #[serde(default)]
    pub ignore: Vec<String>,
}

/// Reads a map.
///
/// # Errors
///
/// A finding with the place in the map that is wrong.
pub fn read_map(name: &str, text: &str) -> Result<ColumnNames, Box<Finding>> {
    toml::from_str(text).map_err(|error| {
        let source = Source { name: name.into(), text: text.to_owned() };
        let place = Place::Definition { source: source.into(), span: error.span().unwrap_or_default() };
        Box::new(Finding::new(Code::M012, place, format!("the map is not readable: {}", error.message())))
    })
}

/// Names in a map that no form has: a misspelt question would otherwise be looked for by other means.
pub fn check_map(map: &ColumnNames, forms: &[&Instrument], place: &Place) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut report = |what: &str, name: &str, known: Vec<&str>| {
        let help = did_you_mean(name, known.iter().copied())
            .map_or_else(|| format!("there are {}", quoted_list(&known, 40)), |near| format!("did you mean `{near}`?"));
        let message = format!("the map names {what} `{name}`, which the form does not have");
        findings.push(Finding::new(Code::M012, key_in(place, name), message).help(help));
    };
    for name in map.items.keys().filter(|name| forms.iter().all(|form| form.item(name).is_none())) {
        report("a question", name, forms.iter().flat_map(|form| form.items.iter().map(|item| &*item.id)).collect());
    }
    for name in map.context.keys().filter(|name| !Role::ALL.iter().any(|(word, _)| word == name)) {
        report("a context", name, Role::ALL.iter().map(|(word, _)| *word).collect());
    }
    for name in map.answers.keys().filter(|name| forms.iter().all(|form| form.answers.iter().all(|set| set.name != **name))) {
        report("an answer set", name, forms.iter().flat_map(|form| form.answers.iter().map(|set| set.name.as_str())).collect());
    }
    if !map.id.is_empty() && map.context.contains_key(Role::Id.word()) {
        let finding = Finding::new(Code::M012, key_in(place, Role::Id.word()), "the map names the id twice, as `id` and as a context");
        findings.push(finding.help("delete one of the two"));
    }
    let of_name =
        |name: &str| -> Vec<&AnswerSet> { forms.iter().flat_map(|form| form.answers.iter().filter(|set| set.name == *name)).collect() };
    for (name, values) in &map.coding {
        let sets = of_name(name);
        if !sets.iter().any(|set| set.codes.len() == values.len()) {
            let message = format!("the map has {} as the coding of `{name}`", count_of(values.len() as u64, "value"));
            let allowed: Vec<String> = sets.iter().map(|set| count_of(set.codes.len() as u64, "answer")).collect();
            let help = if allowed.is_empty() { "no answer set has this name".to_owned() } else { format!("it has {}", list_and(&allowed)) };
            findings.push(Finding::new(Code::M012, key_in(place, name), message).help(help));
        }
    }
    for (name, words) in &map.answers {
        let sets = of_name(name);
        let is_code = |code: &str| sets.iter().any(|set| set.codes.iter().any(|known| Some(*known) == Number::parse(code.trim())));
        for (word, code) in words.iter().filter(|(_, code)| !sets.is_empty() && !is_code(code)) {
            let message = format!("the map gives `{word}` the code `{code}`, which answer set `{name}` does not have");
            let allowed: Vec<String> = sets.iter().map(|set| set.allowed()).collect();
            findings.push(Finding::new(Code::M012, key_in(place, word), message).help(format!("its codes are {}", list_and(&allowed))));
        }
    }
    findings
}

/// The line of a map that begins with a key; the whole map where there is none.
fn key_in(map: &Place, key: &str) -> Place {
    let Place::Definition { source, .. } = map else { return map.clone() };
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        let written = line.trim_start().trim_start_matches(['"', '\'', '[']).trim_start_matches("answers.");
        let is_it = written.strip_prefix(key).is_some_and(|rest| rest.starts_with(['=', ' ', '\t', '"', '\'', ']']));
        if is_it {
            let start = start + line.len() - written.len();
            return Place::Definition { source: Arc::clone(source), span: start..start + key.len() };
        }
        start += line.len();
    }
    map.clone()
}
