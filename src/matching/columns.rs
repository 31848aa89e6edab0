//! From a header to questions and context: which column is which, and what becomes of the others.
//!
//! A question's column is found by the user's map, by the question's short name, by a complete numbered run, or by its match words,
//! in this order. Whatever could be read in two ways is a finding, never a choice, and a suggestion is never applied.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::context::Role;
use super::entry_columns::is_entry_check;
use super::found::{Account, Found};
use super::header::{key, numbered, plain, words};
use super::map::ColumnNames;
use super::questions::Questions;
use super::system::System;
use crate::findings::{Code, Column, Finding, Place, count_of, did_you_mean, list_or, quoted_list};
use crate::instrument::{Instrument, KeyBy};

/// What the user says about columns.
#[derive(Clone, Debug, Default)]
pub struct MatchOptions {
    /// The map.
    pub map: ColumnNames,
    /// Columns named by option, one or more for a role.
    pub roles: BTreeMap<Role, Vec<String>>,
    /// The only columns that are carried along, if given.
    pub keep: Option<Vec<String>>,
    /// Columns that are treated as if they were not there.
    pub drop: Vec<String>,
    /// Roles that a pupil list fills, so that no column has to.
    pub supplied: Vec<Role>,
    /// Columns that a pupil list adds to the output, so that they may be named among those to keep or to drop.
    pub listed: Vec<String>,
}

/// Which column is which.
#[derive(Clone, Debug)]
pub struct ColumnMap {
    /// For each form, its questions.
    pub forms: Vec<FormColumns>,
    /// The columns that say which pupil a row is about; several make one id. Empty: rows are called by their number.
    pub id: Vec<usize>,
    /// The columns of the other roles.
    pub roles: BTreeMap<Role, usize>,
    /// The columns that are carried into the output, in the file's order, with the names they have there.
    pub carried: Vec<Carried>,
    /// The form system that the file comes from.
    pub system: System,
    /// The column that says whether a form was finished.
    pub finished: Option<usize>,
    /// All columns, for messages.
    pub header: Vec<Column>,
    /// How columns were found, and what became of the others.
    pub account: Account,
}

/// The columns of one form.
#[derive(Clone, Debug)]
pub struct FormColumns {
    /// For each item, its column.
    pub items: Vec<Option<usize>>,
    /// For each item, how its column was found.
    pub found: Vec<Option<Found>>,
    /// For each optional block, whether the file has it.
    pub blocks: Vec<bool>,
    /// For each scale, the column of a ready-made score.
    pub ready_made: Vec<Option<usize>>,
}

/// A column that is carried into the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Its place in the file.
    pub column: usize,
    /// Its name in the output.
    pub name: Arc<str>,
}

impl ColumnMap {
    /// The column of a role.
    pub fn role(&self, role: Role) -> Option<usize> {
        self.roles.get(&role).copied()
    }
}

/// A header as it was read.
#[derive(Clone, Copy, Debug)]
pub struct Header<'h> {
    /// The columns' names.
    pub names: &'h [String],
    /// The questions' texts, where they stand in a row of their own.
    pub texts: Option<&'h [String]>,
}

/// Matches a file's header with the forms.
///
/// `reserved` are the names that the output uses for itself. Findings that are refusals mean that the map must not be used.
pub fn match_columns(
    file: &Arc<str>,
    header: Header<'_>,
    forms: &[&Instrument],
    reserved: &[String],
    options: &MatchOptions,
) -> (ColumnMap, Vec<Finding>) {
    let mut matcher = Matcher::new(file, header, options);
    let mut questions: Vec<Questions> = Vec::new();
    for form in forms {
        // Forms of one questionnaire share their columns: who completed a response says which form it is.
        let relatives = forms.iter().zip(&questions).filter(|(other, _)| other.family == form.family);
        let shared: Vec<usize> = relatives.flat_map(|(_, (items, _))| items.iter().flatten().copied()).collect();
        questions.push(matcher.questions(form, &shared));
    }
    let form_columns: Vec<FormColumns> =
        forms.iter().zip(questions).map(|(form, (items, found))| matcher.checked(form, items, found)).collect();
    let id = matcher.id();
    let roles = matcher.roles();
    for form in forms {
        matcher.report_absent_context(form, &roles);
    }
    let in_roles: Vec<usize> = roles.values().copied().collect();
    let carried = matcher.carried(&form_columns, &id, &in_roles, reserved);
    let ready_made = |form: &Instrument| form.scales.iter().map(|scale| matcher.ready_made(&scale.id, form, forms.len())).collect();
    let form_columns: Vec<FormColumns> =
        form_columns.into_iter().zip(forms).map(|(columns, form)| FormColumns { ready_made: ready_made(form), ..columns }).collect();
    let (system, finished) = (matcher.system, matcher.system.finished_column(header.names));
    let account = matcher.account(forms, &form_columns, &id, &roles, &carried);
    (ColumnMap { forms: form_columns, id, roles, carried, system, finished, header: matcher.header, account }, matcher.findings)
}

pub(super) struct Matcher<'o> {
    pub(super) file: Arc<str>,
    pub(super) header: Vec<Column>,
    /// The columns' names as they stand in the file.
    pub(super) names: Vec<String>,
    pub(super) keys: Vec<String>,
    pub(super) words: Vec<Vec<String>>,
    pub(super) system: System,
    /// Columns that the form system adds.
    own: Vec<bool>,
    pub(super) dropped: Vec<bool>,
    /// Columns that some form's questions use.
    pub(super) used: Vec<bool>,
    /// For each column, how it was found last.
    pub(super) found: Vec<Found>,
    /// How columns are being looked for.
    pub(super) stage: Found,
    pub(super) options: &'o MatchOptions,
    pub(super) findings: Vec<Finding>,
}

impl<'o> Matcher<'o> {
    fn new(file: &Arc<str>, header: Header<'_>, options: &'o MatchOptions) -> Self {
        let names = header.names;
        let text = |column: usize| header.texts.and_then(|texts| texts.get(column)).filter(|text| !text.trim().is_empty());
        let mut matcher = Self {
            file: Arc::clone(file),
            header: Vec::new(),
            names: names.to_vec(),
            keys: names.iter().map(|name| key(name)).collect(),
            words: names.iter().enumerate().map(|(column, name)| words(text(column).unwrap_or(name))).collect(),
            system: System::of(names),
            own: Vec::new(),
            dropped: vec![false; names.len()],
            used: vec![false; names.len()],
            found: vec![Found::Header; names.len()],
            stage: Found::Header,
            options,
            findings: Vec::new(),
        };
        let mut taken = HashSet::new();
        for (index, name) in names.iter().enumerate() {
            let column = matcher.unique_name(index, name, &taken);
            taken.insert(plain(&column.name));
            matcher.header.push(column);
        }
        matcher.own = names.iter().map(|name| matcher.system.adds(name)).collect();
        for (column, name) in names.iter().enumerate() {
            matcher.dropped[column] = is_entry_check(name);
        }
        for name in options.drop.iter().chain(&options.map.ignore) {
            if let Some(column) = matcher.named_or_listed(name, "is to be left out") {
                matcher.dropped[column] = true;
            }
        }
        matcher
    }

    /// Gives a repeated or empty name a number, so that every column can be named.
    fn unique_name(&mut self, index: usize, name: &str, taken: &HashSet<String>) -> Column {
        if name.is_empty() {
            return Column { index, name: format!("column {}", crate::findings::column_letters(index)).into() };
        }
        let is_taken = |name: &str| taken.contains(&plain(name));
        if !is_taken(name) {
            return Column { index, name: name.into() };
        }
        let mut number = 2;
        while is_taken(&format!("{name} ({number})")) {
            number += 1;
        }
        let column = Column { index, name: format!("{name} ({number})").into() };
        let message =
            format!("two columns are called `{}`: this one is called `{}` from here on", crate::findings::printable(name), column.name);
        let place = Place::Header { file: Arc::clone(&self.file), column: column.clone() };
        self.findings.push(Finding::new(Code::T004, place, message));
        column
    }

    pub(super) fn at(&self, column: usize) -> Place {
        match self.header.get(column) {
            Some(column) => Place::Header { file: Arc::clone(&self.file), column: column.clone() },
            None => Place::File(Arc::clone(&self.file)),
        }
    }

    pub(super) fn file_finding(&self, code: Code, message: impl Into<String>) -> Finding {
        Finding::new(code, Place::File(Arc::clone(&self.file)), message)
    }

    pub(super) fn columns_seen(&self) -> String {
        let names: Vec<&str> = self.header.iter().map(|column| &*column.name).collect();
        format!("the file has {}: {}", count_of(names.len() as u64, "column"), quoted_list(&names, 40))
    }

    /// The column that the user names. A name that is not there is a finding.
    pub(super) fn named(&mut self, name: &str, what_for: &str) -> Option<usize> {
        let exact = self.header.iter().position(|column| &*column.name == name);
        let found = exact.or_else(|| self.header.iter().position(|column| plain(&column.name) == plain(name)));
        if found.is_none() {
            let near = did_you_mean(name, self.header.iter().map(|column| &*column.name));
            let help = near.map_or_else(|| self.columns_seen(), |near| format!("did you mean `{near}`?"));
            let message = format!("the file has no column `{}`, which {what_for}", crate::findings::printable(name));
            self.findings.push(self.file_finding(Code::M006, message).help(help));
        }
        found
    }

    /// The same of a column that may be a pupil list's instead.
    fn named_or_listed(&mut self, name: &str, what_for: &str) -> Option<usize> {
        let is_here = self.header.iter().any(|column| plain(&column.name) == plain(name));
        let is_listed = self.options.listed.iter().any(|listed| plain(listed) == plain(name));
        if is_listed && !is_here { None } else { self.named(name, what_for) }
    }

    pub(super) fn free(&self, column: usize) -> bool {
        !self.dropped[column] && !self.used[column] && !self.own[column]
    }

    // ---- context

    fn id(&mut self) -> Vec<usize> {
        let options = self.options;
        let named: Option<Vec<String>> =
            options.roles.get(&Role::Id).cloned().or_else(|| options.map.context.get("id").map(|name| vec![name.clone()]));
        let named = named.or_else(|| Some(options.map.id.clone()).filter(|names| !names.is_empty()));
        if let Some(names) = named {
            return names.iter().filter_map(|name| self.named(name, "is named as the id")).collect();
        }
        match self.candidates(Role::Id).as_slice() {
            // Nobody is to be known: an anonymous survey.
            _ if options.supplied.contains(&Role::Id) => Vec::new(),
            [] => {
                let message =
                    "no column says which pupil a row is about: pupils are called by their row, and one who is there twice is not noticed";
                let finding = self.file_finding(Code::M004, message);
                self.findings.push(finding.help("name it with `--id COLUMN`, or the columns of a name with `--id \"Surname,Forename\"`"));
                Vec::new()
            }
            [only] => vec![*only],
            several => {
                let named: Vec<String> = several.iter().map(|column| self.describe(*column)).collect();
                let message = format!("the pupil's id could be {}", crate::findings::list_or(&named));
                self.findings.push(Finding::new(Code::M007, self.at(several[0]), message).help("say which one with `--id COLUMN`"));
                vec![several[0]]
            }
        }
    }

    fn candidates(&self, role: Role) -> Vec<usize> {
        let names: Vec<String> = self
            .header
            .iter()
            .enumerate()
            .map(|(column, name)| if self.free(column) { name.name.to_string() } else { String::new() })
            .collect();
        role.candidates(&names)
    }

    fn roles(&mut self) -> BTreeMap<Role, usize> {
        let options = self.options;
        let mut found = BTreeMap::new();
        for (word, role) in Role::ALL.iter().filter(|(_, role)| *role != Role::Id) {
            let by_option = options.roles.get(role).and_then(|names| names.first());
            let column = match by_option.or_else(|| options.map.context.get(*word)) {
                Some(name) => self.named(&name.clone(), &format!("is named as the {word}")),
                // Two columns for one of these roles are no role at all: nothing is scored by them unless they are named.
                None => match self.candidates(*role).as_slice() {
                    [only] => Some(*only),
                    _ => None,
                },
            };
            found.extend(column.map(|column| (*role, column)));
        }
        found
    }

    /// Norms and cut-offs by group need to know the pupil: without the columns nobody has one, and that is said once, not row by row.
    fn report_absent_context(&mut self, form: &Instrument, roles: &BTreeMap<Role, usize>) {
        let has = |by: KeyBy| {
            let role = match by {
                KeyBy::Age => Role::Age,
                KeyBy::SchoolYear => Role::Year,
            };
            roles.contains_key(&role) || self.options.supplied.contains(&role)
        };
        let mut absent = Vec::new();
        let has_sex = roles.contains_key(&Role::Sex) || self.options.supplied.contains(&Role::Sex);
        if form.groupings.iter().any(|grouping| grouping.by_sex) && !has_sex {
            absent.push("sex".to_owned());
        }
        for keys in form.groupings.iter().map(|grouping| &grouping.keys).filter(|keys| !keys.is_empty()) {
            if !keys.iter().any(|key| has(key.by)) {
                let mut words: Vec<&str> = keys.iter().map(|key| key.by.word()).collect();
                words.sort_unstable();
                words.dedup();
                absent.push(list_or(&words));
            }
        }
        if !absent.is_empty() {
            let what = if form.norms.is_empty() { "cut-offs" } else { "norms" };
            let message = format!("no column says the pupils' {}: no {what} of {} can be used", absent.join(", nor their "), form.id);
            let help = "add a column `sex` (M or F), `age` (in years) or `year` (the school year), or name yours with `--sex`, `--age` or `--year`";
            self.findings.push(self.file_finding(Code::M013, message).help(help));
        }
    }

    // ---- what is carried along

    fn carried(&mut self, forms: &[FormColumns], id: &[usize], roles: &[usize], reserved: &[String]) -> Vec<Carried> {
        let options = self.options;
        let items: Vec<usize> = forms.iter().flat_map(|form| form.items.iter().flatten().copied()).collect();
        let kept: Option<Vec<usize>> =
            options.keep.as_ref().map(|names| names.iter().filter_map(|name| self.named_or_listed(name, "is to be kept")).collect());
        let mut left_out = Vec::new();
        let mut carried: Vec<Carried> = Vec::new();
        for (column, name) in self.header.clone().iter().enumerate().map(|(column, name)| (column, Arc::clone(&name.name))) {
            let asked_for = kept.as_ref().is_some_and(|kept| kept.contains(&column)) || id.contains(&column);
            if self.dropped[column] || items.contains(&column) || (kept.is_some() && !asked_for) {
                continue;
            }
            if !asked_for && self.system.adds(&name) && !roles.contains(&column) {
                left_out.push(name);
                continue;
            }
            carried.push(Carried { column, name: self.output_name(column, name, reserved) });
        }
        if !left_out.is_empty() {
            let message =
                format!("{} is not copied to the output: the form system adds it and it can name a person", quoted_list(&left_out, 8));
            let message = match left_out.len() {
                1 => message,
                _ => message.replacen(" is not copied", " are not copied", 1).replacen(" it and it can", " them and they can", 1),
            };
            self.findings.push(self.file_finding(Code::M005, message));
        }
        self.report_lookalikes(&carried);
        carried
    }

    fn output_name(&mut self, column: usize, name: Arc<str>, reserved: &[String]) -> Arc<str> {
        if !reserved.iter().any(|taken| taken.eq_ignore_ascii_case(&name)) {
            return name;
        }
        let mut renamed = format!("input.{name}");
        while self.header.iter().any(|column| column.name.eq_ignore_ascii_case(&renamed)) {
            renamed = format!("input.{renamed}");
        }
        let renamed: Arc<str> = renamed.into();
        let message = format!("the output has a column `{name}` of its own: this one becomes `{renamed}`");
        self.findings.push(Finding::new(Code::M008, self.at(column), message));
        renamed
    }

    /// A carried column that looks like a question of the run that was used.
    fn report_lookalikes(&mut self, carried: &[Carried]) {
        let prefixes: Vec<String> = self
            .header
            .iter()
            .enumerate()
            .filter(|(column, _)| self.used[*column])
            .filter_map(|(_, name)| Some(numbered(&name.name)?.0))
            .collect();
        for column in carried.iter().map(|carried| carried.column) {
            let Some((prefix, _)) = self.header.get(column).and_then(|name| numbered(&name.name)) else { continue };
            if prefixes.contains(&prefix) {
                let message = "this column is named like a question, but the form has no such question: it is carried along, not scored";
                self.findings.push(Finding::new(Code::M011, self.at(column), message));
            }
        }
    }

    fn ready_made(&self, scale: &str, form: &Instrument, forms: usize) -> Option<usize> {
        let ours = if forms > 1 { format!("{}.{scale}", form.id) } else { scale.to_owned() };
        self.header.iter().position(|column| column.name.eq_ignore_ascii_case(&ours) && self.free(column.index))
    }
}
