//! Reading a definition key by key, with the place of everything, so that all problems are found in one go.
//!
//! serde stops at the first unknown key and loses places through tagged enums; this walks the table that the toml crate parsed
//! instead. A [`Section`] knows which of its keys were asked for, so that closing it finds the ones nobody knows.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::findings::{Code, Finding, Place, did_you_mean, list_or};
use crate::instrument::model::Text;
use crate::instrument::number::Number;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) span: Range<usize>,
}

/// What the mistakes that every file of this kind can have are called in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Codes {
    pub(crate) unknown_key: Code,
    pub(crate) missing_key: Code,
    pub(crate) wrong_kind: Code,
    pub(crate) undefined: Code,
    pub(crate) twice: Code,
}

impl Codes {
    /// The codes of a definition.
    const DEFINITION: Self =
        Self { unknown_key: Code::I002, missing_key: Code::I003, wrong_kind: Code::I004, undefined: Code::I005, twice: Code::I006 };
}

/// The findings of one definition, or of another file that is read like one, and the text that they point into.
pub(crate) struct Walk {
    text: Text,
    codes: Codes,
    findings: RefCell<Vec<Finding>>,
    /// Names that are defined, but not in a way that can be read: using them is no second problem.
    spoiled: RefCell<Vec<String>>,
}

impl Walk {
    pub(crate) fn new(text: Text) -> Self {
        Self::with_codes(text, Codes::DEFINITION)
    }

    pub(crate) fn with_codes(text: Text, codes: Codes) -> Self {
        Self { text, codes, findings: RefCell::new(Vec::new()), spoiled: RefCell::new(Vec::new()) }
    }

    pub(crate) fn report(&self, code: Code, span: &Range<usize>, message: impl Into<String>) {
        self.push(Finding::new(code, self.place(span), message));
    }

    pub(crate) fn report_with_help(&self, code: Code, span: &Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.push(Finding::new(code, self.place(span), message).help(help));
    }

    pub(crate) fn push(&self, finding: Finding) {
        self.findings.borrow_mut().push(finding);
    }

    pub(crate) fn place(&self, span: &Range<usize>) -> Place {
        self.text.place(span)
    }

    pub(crate) fn text(&self) -> &Text {
        &self.text
    }

    /// Where a missing top-level key is missing: the first line stands for the whole file.
    pub(crate) fn first_line(&self) -> Range<usize> {
        let own = &self.text.own.text;
        let start = self.text.offset();
        start..start + own.find('\n').unwrap_or(own.len())
    }

    /// Whether nothing was found wrong so far.
    pub(crate) fn is_content(&self) -> bool {
        self.findings.borrow().is_empty()
    }

    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings.into_inner()
    }

    /// Remembers a name whose definition has been reported already.
    pub(crate) fn spoil(&self, name: &At<String>) {
        self.spoiled.borrow_mut().push(name.value.clone());
    }

    /// Whether something is missing only because its definition could not be read.
    pub(crate) fn has_spoiled(&self) -> bool {
        !self.spoiled.borrow().is_empty()
    }

    /// Finds the place of a name in a list, or reports that the name is not defined.
    pub(crate) fn resolve<'n>(&self, what: &str, name: &At<String>, names: impl Iterator<Item = &'n str> + Clone) -> Option<usize> {
        let found = names.clone().position(|candidate| candidate == name.value);
        if found.is_none() && !self.spoiled.borrow().contains(&name.value) {
            let message = format!("{what} `{}` is not defined", name.value);
            match did_you_mean(&name.value, names) {
                Some(near) => self.report_with_help(self.codes.undefined, &name.span, message, format!("did you mean `{near}`?")),
                None => self.report(self.codes.undefined, &name.span, message),
            }
        }
        found
    }
}

/// A table of the definition that is being read.
pub(crate) struct Section<'t, 'w> {
    walk: &'w Walk,
    table: &'t DeTable<'t>,
    /// Where a missing key is reported: the header of the table.
    pub(crate) span: Range<usize>,
    /// What it is, for messages: "item", "scale".
    what: String,
    known: RefCell<Vec<&'static str>>,
}

impl<'t, 'w> Section<'t, 'w> {
    pub(crate) fn new(walk: &'w Walk, table: &'t DeTable<'t>, span: Range<usize>, what: impl Into<String>) -> Self {
        Self { walk, table, span, what: what.into(), known: RefCell::new(Vec::new()) }
    }

    /// The value of a key, if it is there.
    pub(crate) fn get(&self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        let mut known = self.known.borrow_mut();
        if !known.contains(&key) {
            known.push(key);
        }
        self.table.get(key)
    }

    /// The value of a key that must be there.
    pub(crate) fn require(&self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        let value = self.get(key);
        if value.is_none() {
            self.walk.report(self.walk.codes.missing_key, &self.span, format!("{} has no `{key}`", self.what));
        }
        value
    }

    pub(crate) fn text(&self, key: &'static str) -> Option<At<String>> {
        self.get(key).and_then(|value| text(self.walk, value, key))
    }

    pub(crate) fn required_text(&self, key: &'static str) -> Option<At<String>> {
        let found = self.require(key).and_then(|value| text(self.walk, value, key))?;
        if found.value.trim().is_empty() {
            self.walk.report(self.walk.codes.missing_key, &found.span, format!("`{key}` is empty"));
            return None;
        }
        Some(found)
    }

    pub(crate) fn flag(&self, key: &'static str) -> bool {
        self.get(key).is_some_and(|value| {
            value.get_ref().as_bool().unwrap_or_else(|| {
                wrong_kind(self.walk, value, key, "true or false");
                false
            })
        })
    }

    pub(crate) fn number(&self, key: &'static str) -> Option<At<Number>> {
        self.get(key).and_then(|value| number(self.walk, value, key))
    }

    pub(crate) fn required_number(&self, key: &'static str) -> Option<At<Number>> {
        self.require(key).and_then(|value| number(self.walk, value, key))
    }

    /// A whole number that is not negative.
    pub(crate) fn count(&self, key: &'static str) -> Option<At<usize>> {
        let found = self.number(key)?;
        let count = found.value.as_whole().and_then(|whole| usize::try_from(whole).ok());
        if count.is_none() {
            self.walk.report(self.walk.codes.wrong_kind, &found.span, format!("`{key}` is not a whole number from 0"));
        }
        count.map(|value| At { value, span: found.span })
    }

    pub(crate) fn texts(&self, key: &'static str) -> Option<Vec<At<String>>> {
        Some(list(self.walk, self.get(key)?, key)?.filter_map(|value| text(self.walk, value, key)).collect())
    }

    pub(crate) fn numbers(&self, key: &'static str) -> Option<Vec<At<Number>>> {
        Some(list(self.walk, self.get(key)?, key)?.filter_map(|value| number(self.walk, value, key)).collect())
    }

    /// One of a few words, which must be there.
    pub(crate) fn required_word<T: Copy>(&self, key: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        one_of(self.walk, &self.required_text(key)?, key, words)
    }

    pub(crate) fn section(&self, key: &'static str, what: impl Into<String>) -> Option<Section<'t, 'w>> {
        self.get(key).and_then(|value| section(self.walk, value, key, what))
    }

    /// An array of tables: `[[items]]`, or `items = [{ … }]`.
    pub(crate) fn sections(&self, key: &'static str, what: &str) -> Vec<Section<'t, 'w>> {
        let Some(values) = self.get(key).and_then(|value| list(self.walk, value, key)) else { return Vec::new() };
        values.filter_map(|value| section(self.walk, value, key, what)).collect()
    }

    /// The entries of a table whose keys are the user's own names.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (At<String>, &'t Spanned<DeValue<'t>>)> + 't {
        self.table.iter().map(|(key, value)| (At { value: key.get_ref().to_string(), span: key.span() }, value))
    }

    /// Whether a key is there at all; it still has to be asked for.
    pub(crate) fn table_has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// A list of lists of numbers.
    pub(crate) fn number_lists(&self, key: &'static str) -> Vec<Vec<At<Number>>> {
        let Some(lists) = self.get(key).and_then(|value| list(self.walk, value, key)) else { return Vec::new() };
        let numbers = |value| {
            list(self.walk, value, key).map(|values| values.filter_map(|value| number(self.walk, value, key)).collect()).unwrap_or_default()
        };
        lists.map(numbers).collect()
    }

    /// The numbers in the list under one of the user's own names.
    pub(crate) fn entry_numbers(&self, name: &str) -> Vec<At<Number>> {
        let Some(values) = self.table.get(name).and_then(|value| list(self.walk, value, name)) else { return Vec::new() };
        values.filter_map(|value| number(self.walk, value, name)).collect()
    }

    /// The entries of a table of tables, each as a section.
    pub(crate) fn named_sections(&self, what: &'static str) -> Vec<(At<String>, Section<'t, 'w>)> {
        let (walk, named) = (self.walk, self.entries());
        named
            .filter_map(|(name, value)| Some((name.clone(), section(walk, value, &name.value, format!("{what} `{}`", name.value))?)))
            .collect()
    }

    /// Reports every key that was never asked for.
    pub(crate) fn close(self) {
        let known = self.known.into_inner();
        for key in self.table.keys() {
            if !known.iter().any(|name| *name == key.get_ref().as_ref()) {
                let message = format!("{} knows no key `{}`", self.what, key.get_ref());
                let help = match did_you_mean(key.get_ref(), known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it knows {}", list_or(&known)),
                };
                self.walk.report_with_help(self.walk.codes.unknown_key, &key.span(), message, help);
            }
        }
    }
}

fn wrong_kind(walk: &Walk, value: &Spanned<DeValue<'_>>, key: &str, expected: &str) {
    let message = format!("`{key}` should be {expected}, and is {}", kind_of(value.get_ref()));
    walk.report(walk.codes.wrong_kind, &value.span(), message);
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

pub(crate) fn text(walk: &Walk, value: &Spanned<DeValue<'_>>, key: &str) -> Option<At<String>> {
    let found = value.get_ref().as_str().map(|text| At { value: text.to_owned(), span: value.span() });
    match &found {
        None => wrong_kind(walk, value, key, "a text in quotation marks"),
        // What a definition says is printed: it must not be able to steer a terminal.
        Some(text) if text.value.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\r' | '\t')) => {
            walk.report(walk.codes.wrong_kind, &text.span, format!("`{key}` holds a control character, and should be words"));
        }
        Some(_) => {}
    }
    found
}

pub(crate) fn number(walk: &Walk, value: &Spanned<DeValue<'_>>, key: &str) -> Option<At<Number>> {
    let digits = match value.get_ref() {
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str(),
        DeValue::Float(float) => float.as_str(),
        _ => "",
    };
    let found = Number::parse(digits).map(|number| At { value: number, span: value.span() });
    if found.is_none() {
        wrong_kind(walk, value, key, "a plain number");
    }
    found
}

pub(crate) fn list<'t>(
    walk: &Walk,
    value: &'t Spanned<DeValue<'t>>,
    key: &str,
) -> Option<impl Iterator<Item = &'t Spanned<DeValue<'t>>> + use<'t>> {
    let found = value.get_ref().as_array().map(|array| array.iter());
    if found.is_none() {
        wrong_kind(walk, value, key, "a list in square brackets");
    }
    found
}

pub(crate) fn section<'t, 'w>(
    walk: &'w Walk,
    value: &'t Spanned<DeValue<'t>>,
    key: &str,
    what: impl Into<String>,
) -> Option<Section<'t, 'w>> {
    let found = value.get_ref().as_table();
    if found.is_none() {
        wrong_kind(walk, value, key, "a table");
    }
    found.map(|table| Section::new(walk, table, value.span(), what))
}

fn one_of<T: Copy>(walk: &Walk, written: &At<String>, key: &str, words: &[(&'static str, T)]) -> Option<T> {
    let found = words.iter().find(|(word, _)| *word == written.value).map(|(_, value)| *value);
    if found.is_none() {
        let allowed: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        walk.report(walk.codes.wrong_kind, &written.span, format!("`{key}` should be {}, and is `{}`", list_or(&allowed), written.value));
    }
    found
}

/// Small letters, digits, `-` and `_`, a letter first.
pub fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    let starts_well = bytes.next().is_some_and(|byte| byte.is_ascii_lowercase());
    starts_well && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_')
}

/// Names are written in one way, so that they can stand in a column header and on a command line.
pub(crate) fn check_name(walk: &Walk, name: &At<String>) {
    if !is_name(&name.value) {
        let message = format!("`{}` is not a name: small letters, digits, `-` and `_`, a letter first", name.value);
        walk.report(walk.codes.wrong_kind, &name.span, message);
    }
}

/// Reports names that stand twice in a list.
pub(crate) fn check_unique<'n>(walk: &Walk, what: &str, names: impl Iterator<Item = &'n At<String>>) {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if seen.contains(&name.value.as_str()) {
            walk.report(walk.codes.twice, &name.span, format!("{what} `{}` stands twice", name.value));
        }
        seen.push(&name.value);
    }
}
