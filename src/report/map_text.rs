//! A map as a file that a person reads, changes and uses again: every question with its column, and what is missing as comments.
//!
//! Only what is certain stands without a comment sign. Suggestions, refused values and what could be read in two ways are comments: a
//! person takes the sign away, nobody else.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::understanding::{answer, suggestions};
use crate::findings::{count_of, harmless, printable, quoted_list};
use crate::input::Shape;
use crate::instrument::{AnswerSet, Instrument, Item, Number};
use crate::matching::{ColumnNames, Found, LeftOut, Role};
use crate::scoring::{FileUnderstanding, Form, ReadAs, Understanding};

/// Why one map cannot say what was understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    /// Two forms have a question of one name in two columns.
    #[error("two of the questionnaires have a question `{question}`, in two columns: write one map for each, with one `-i` at a time")]
    TwoForms {
        /// The question.
        question: String,
    },
    /// Two files call a column differently.
    #[error("`{what}` is column `{first}` in one file and `{second}` in another: write one map for each file")]
    TwoFiles {
        /// The question or the context.
        what: String,
        /// The column in one file.
        first: String,
        /// The column in another.
        second: String,
    },
    /// There is nothing to write.
    #[error("no file could be opened, so that there is nothing to write into a map")]
    Nothing,
}

/// What was understood as the text of a map. `declared` is what the user said about the values.
///
/// # Errors
///
/// When one map cannot say it for all forms and files.
pub fn map_text(understanding: &Understanding, forms: &[Form], declared: &ColumnNames) -> Result<String, MapError> {
    let files = &understanding.files;
    let Some(first) = files.first() else { return Err(MapError::Nothing) };
    check_one_map(files, forms)?;
    let mut text = opening(files, forms, first);
    text.push_str(&top_level(files, forms, declared));
    text.push_str(&context(first));
    for (index, form) in forms.iter().enumerate() {
        text.push_str(&items(first, index, form.instrument(), forms));
    }
    text.push_str(&codings(files, forms, declared));
    text.push_str(&answers(files, forms, declared));
    Ok(text)
}

/// The name of a question's column in a file, if it is certain.
fn certain(file: &FileUnderstanding, form: usize, item: usize) -> Option<&str> {
    let columns = file.map.forms.get(form)?;
    let found = columns.found.get(item).copied().flatten().filter(|found| *found != Found::Unclear);
    found.and(header(file, columns.items.get(item).copied().flatten()?))
}

fn header(file: &FileUnderstanding, column: usize) -> Option<&str> {
    file.map.header.get(column).map(|column| &*column.name)
}

/// Names a map cannot give twice.
fn check_one_map(files: &[FileUnderstanding], forms: &[Form]) -> Result<(), MapError> {
    for file in files {
        let mut known: BTreeMap<&str, &str> = BTreeMap::new();
        for (index, form) in forms.iter().enumerate() {
            for (place, item) in form.instrument().items.iter().enumerate() {
                let Some(name) = certain(file, index, place) else { continue };
                if *known.entry(&item.id).or_insert(name) != name {
                    return Err(MapError::TwoForms { question: item.id.to_string() });
                }
            }
        }
    }
    let Some((first, others)) = files.split_first() else { return Ok(()) };
    let differ = |what: &str, first: Option<&str>, other: Option<&str>| match (first, other) {
        (Some(first), Some(second)) if first != second => {
            Err(MapError::TwoFiles { what: what.to_owned(), first: printable(first).into_owned(), second: printable(second).into_owned() })
        }
        _ => Ok(()),
    };
    for other in others {
        for (index, form) in forms.iter().enumerate() {
            for (place, item) in form.instrument().items.iter().enumerate() {
                differ(&item.id, certain(first, index, place), certain(other, index, place))?;
            }
        }
        for (word, role) in Role::ALL {
            let named = |file| Some(role_names(file, *role).join(", ")).filter(|names| !names.is_empty());
            differ(word, named(first).as_deref(), named(other).as_deref())?;
        }
    }
    Ok(())
}

fn role_names(file: &FileUnderstanding, role: Role) -> Vec<&str> {
    let columns = if role == Role::Id { file.map.id.clone() } else { file.map.role(role).into_iter().collect() };
    columns.into_iter().filter_map(|column| header(file, column)).collect()
}

fn opening(files: &[FileUnderstanding], forms: &[Form], first: &FileUnderstanding) -> String {
    let names: Vec<&str> = files.iter().map(|file| &*file.name).collect();
    let ids: Vec<String> = forms.iter().map(|form| format!("-i {}", form.instrument().id)).collect();
    let mut text = format!(
        "# Which column is which in {}, as `bandwise check` read it.\n# Next term: bandwise score FILE {} --map THIS-FILE\n",
        quoted_list(&names, 5),
        ids.join(" ")
    );
    if let Shape::Workbook { sheet } = &first.shape {
        let _ = writeln!(text, "# The sheet `{}` was read: where a workbook has several, name it with --sheet.", printable(sheet));
    }
    text.push_str(
        "# A line that begins with # is not read: it is a suggestion, or something that is missing. Take the # away to use it.\n",
    );
    text
}

/// What stands before the first table: words for "no answer", columns to leave out, an id made of several columns.
fn top_level(files: &[FileUnderstanding], forms: &[Form], declared: &ColumnNames) -> String {
    let mut text = String::new();
    text.push_str("\n# Words that mean \"no answer\" in this file.\n");
    if !declared.missing.is_empty() {
        let _ = writeln!(text, "missing = {}", list(&declared.missing));
    }
    let refused = once(refused(files, forms).into_iter().map(|refused| refused.value.to_owned()));
    if !refused.is_empty() {
        let all: Vec<String> = declared.missing.iter().chain(&refused).cloned().collect();
        text.push_str("# These were refused. Leave those in the list that mean \"no answer\":\n");
        let _ = writeln!(text, "# missing = {}", list(&all));
    } else if declared.missing.is_empty() {
        text.push_str("# missing = []\n");
    }
    let ignored = |file: &FileUnderstanding| {
        let left_out = file.map.account.left_out.iter().filter(|(_, why)| matches!(why, LeftOut::Dropped | LeftOut::Ignored));
        left_out.filter_map(|(column, _)| header(file, *column)).map(str::to_owned).collect::<Vec<_>>()
    };
    let ignored = once(files.iter().flat_map(ignored));
    if !ignored.is_empty() {
        let _ = writeln!(text, "\n# Columns that are treated as if they were not there.\nignore = {}", list(&ignored));
    }
    if let Some(file) = files.first().filter(|file| file.map.id.len() > 1) {
        let names: Vec<String> = role_names(file, Role::Id).into_iter().map(str::to_owned).collect();
        let _ = writeln!(text, "\n# The columns that say together which pupil a row is about.\nid = {}", list(&names));
    }
    text
}

fn context(file: &FileUnderstanding) -> String {
    let mut text = "\n# What a row says besides its answers.\n[context]\n".to_owned();
    for (word, role) in Role::ALL {
        let names = role_names(file, *role);
        let is_certain = file.map.account.roles.get(role).is_some_and(|found| *found != Found::Unclear);
        let _ = match names.as_slice() {
            [] => writeln!(text, "# {word} = \"\"  # no column"),
            [name] if is_certain => writeln!(text, "{word} = {}", string(name)),
            [name] => writeln!(text, "# {word} = {}  # one of several that it could be", string(name)),
            _ => Ok(()),
        };
    }
    text
}

fn items(file: &FileUnderstanding, index: usize, form: &Instrument, forms: &[Form]) -> String {
    let heading = format!("{} ({})", form.title(), form.id);
    let mut text = if index == 0 { format!("\n# {heading}: question = \"column\"\n[items]\n") } else { format!("\n# {heading}\n") };
    let is_said = |item: &Item| {
        // Forms of one questionnaire share their questions, and a map names each once.
        forms[..index]
            .iter()
            .enumerate()
            .any(|(other, form)| form.instrument().item(&item.id).is_some_and(|place| certain(file, other, place).is_some()))
    };
    for (place, item) in form.items.iter().enumerate().filter(|(_, item)| !is_said(item)) {
        let about = match item.block.and_then(|block| form.blocks.get(block)) {
            Some(block) => format!("question {}, optional part `{}`", item.number, block.id),
            None => format!("question {}", item.number),
        };
        if let Some(name) = certain(file, index, place) {
            let _ = writeln!(text, "{} = {}  # {about}", item.id, string(name));
            continue;
        }
        let is_unclear = file.map.forms.get(index).and_then(|columns| columns.found.get(place)).is_some_and(Option::is_some);
        let likely: Vec<&str> = suggestions(file, index, place).iter().filter_map(|column| header(file, *column)).collect();
        let what = match (likely.len(), item.needed) {
            _ if is_unclear => "it could be several columns; take one",
            (0, true) => "no column",
            (0, false) => "no column, and no score needs it",
            (1, _) => "no column; perhaps this one",
            _ => "no column; perhaps one of these",
        };
        if likely.is_empty() {
            let _ = writeln!(text, "# {} = \"\"  # {about}: {what}", item.id);
        }
        for name in likely {
            let _ = writeln!(text, "# {} = {}  # {about}: {what}", item.id, string(name));
        }
    }
    text
}

/// What the file calls the answers.
fn codings(files: &[FileUnderstanding], forms: &[Form], declared: &ColumnNames) -> String {
    if !declared.coding.is_empty() {
        let lines = declared.coding.iter().map(|(set, values)| format!("{set} = {}\n", list(values)));
        return format!("\n# What the file calls the answers, in the order of the form's own.\n[coding]\n{}", lines.collect::<String>());
    }
    let mut text = String::new();
    let refused = refused(files, forms);
    for set in sets(forms) {
        let is_number = |refused: &Refused<'_>| refused.set == set.name && Number::parse(refused.value).is_some();
        if refused.iter().any(is_number) && set.step.is_none() {
            let own: Vec<String> = set.codes.iter().map(ToString::to_string).collect();
            let _ = writeln!(text, "# {} = {}  # in this order: {}", set.name, list(&own), harmless(&labelled(set)));
        }
    }
    if text.is_empty() {
        return text;
    }
    format!("\n# Where the file's numbers are not the form's: put the file's own into the list, in the same order.\n# [coding]\n{text}")
}

/// Further words for the answers.
fn answers(files: &[FileUnderstanding], forms: &[Form], declared: &ColumnNames) -> String {
    let mut text = String::new();
    let refused = refused(files, forms);
    let mut done: Vec<&str> = Vec::new();
    for set in sets(forms) {
        if done.contains(&set.name.as_str()) {
            continue;
        }
        done.push(&set.name);
        let known = declared.answers.get(&set.name);
        let is_word = |refused: &&Refused<'_>| refused.set == set.name && Number::parse(refused.value).is_none();
        let words: Vec<&Refused<'_>> = refused.iter().filter(is_word).collect();
        if known.is_none_or(BTreeMap::is_empty) && words.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n# Further words for the answers {}: \"word\" = \"code\"", harmless(&labelled(set)));
        let _ = writeln!(text, "[answers.{}]", set.name);
        for (word, code) in known.into_iter().flatten() {
            let _ = writeln!(text, "{} = {}", string(word), string(code));
        }
        for word in words {
            let near =
                word.near.and_then(|near| Some((set.labels.iter().position(|labels| labels.iter().any(|label| label == near))?, near)));
            let code = near.and_then(|(place, _)| set.codes.get(place)).map_or_else(String::new, ToString::to_string);
            let perhaps = near.map_or_else(String::new, |(_, near)| format!("; perhaps {}", printable(near)));
            let _ = writeln!(text, "# {} = {}  # in {}{perhaps}", string(word.value), string(&code), count_of(word.count, "cell"));
        }
    }
    text
}

/// `0 Not true, 1 Somewhat true, 2 Certainly true`.
fn labelled(set: &AnswerSet) -> String {
    let one = |place: usize| {
        let (code, label) = answer(u16::try_from(place).unwrap_or(u16::MAX), set);
        label.map_or_else(|| code.clone(), |label| format!("{code} {label}"))
    };
    if set.codes.len() > 12 { set.allowed() } else { (0..set.codes.len()).map(one).collect::<Vec<_>>().join(", ") }
}

fn sets(forms: &[Form]) -> Vec<&AnswerSet> {
    forms.iter().flat_map(|form| &form.instrument().answers).collect()
}

/// A refused value that is no comment.
struct Refused<'u> {
    set: &'u str,
    value: &'u str,
    near: Option<&'u str>,
    /// How many cells hold it.
    count: u64,
}

/// The refused values, each once for its set of answers, in the order of the questions.
fn refused<'u>(files: &'u [FileUnderstanding], forms: &'u [Form]) -> Vec<Refused<'u>> {
    let mut found: Vec<Refused<'u>> = Vec::new();
    for (form, values) in files.iter().flat_map(|file| forms.iter().zip(&file.values)) {
        for (item, values) in form.instrument().items.iter().zip(values) {
            let Some(set) = form.instrument().answers.get(item.answers).map(|set| set.name.as_str()) else { continue };
            for seen in &values.seen {
                let ReadAs::Refused { near } = &seen.read_as else { continue };
                match found.iter_mut().find(|known| known.set == set && known.value == seen.value) {
                    Some(known) => known.count += seen.count,
                    None => found.push(Refused { set, value: &seen.value, near: near.as_deref(), count: seen.count }),
                }
            }
        }
    }
    found
}

/// Each word once, in the order of first appearance.
fn once(words: impl IntoIterator<Item = String>) -> Vec<String> {
    words.into_iter().fold(Vec::new(), |mut all, word| {
        if !all.contains(&word) {
            all.push(word);
        }
        all
    })
}

fn list(words: &[String]) -> String {
    format!("[{}]", words.iter().map(|word| string(word)).collect::<Vec<_>>().join(", "))
}

/// A TOML string on one line, whatever is in it.
fn string(text: &str) -> String {
    let mut written = "\"".to_owned();
    for character in text.chars() {
        let alone = character.to_string();
        match character {
            '"' | '\\' => written.extend(['\\', character]),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            // What could steer a terminal or an editor is spelt out.
            hidden if *harmless(&alone) != *alone => {
                let _ = write!(written, "\\u{:04X}", u32::from(hidden));
            }
            plain => written.push(plain),
        }
    }
    written.push('"');
    written
}
