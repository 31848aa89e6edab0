//! From a header to questions and context: which column is which, and what becomes of the others.
//!
//! A question's column is found by the user's map, by the question's short name, by a complete numbered run, or by its match words,
//! in this order. Whatever could be read in two ways is a finding, never a choice, and a suggestion is never applied.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::context::{Role, is_form_metadata};
use super::header::{has_phrase, key, numbered, plain, words};
use super::map::ColumnNames;
use crate::findings::{Code, Column, Finding, Place, count_of, did_you_mean, list_and, quoted_list};
use crate::instrument::Instrument;

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
}

/// Which column is which.
#[derive(Debug)]
pub struct ColumnMap {
    /// For each form, its questions.
    pub forms: Vec<FormColumns>,
    /// The columns that say which pupil a row is about; several make one id. Empty: rows are called by their number.
    pub id: Vec<usize>,
    /// The columns of the other roles.
    pub roles: BTreeMap<Role, usize>,
    /// The columns that are carried into the output, in the file's order, with the names they have there.
    pub carried: Vec<Carried>,
    /// All columns, for messages.
    pub header: Vec<Column>,
}

/// The columns of one form.
#[derive(Debug)]
pub struct FormColumns {
    /// For each item, its column.
    pub items: Vec<Option<usize>>,
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

/// Matches a file's header with the forms.
///
/// `reserved` are the names that the output uses for itself. Findings that are refusals mean that the map must not be used.
pub fn match_columns(
    file: &Arc<str>,
    names: &[String],
    forms: &[&Instrument],
    reserved: &[String],
    options: &MatchOptions,
) -> (ColumnMap, Vec<Finding>) {
    let mut matcher = Matcher::new(file, names, options);
    let mut questions: Vec<Vec<Option<usize>>> = Vec::new();
    for form in forms {
        // Forms of one questionnaire share their columns: who completed a response says which form it is.
        let relatives = forms.iter().zip(&questions).filter(|(other, _)| other.family == form.family);
        let shared: Vec<usize> = relatives.flat_map(|(_, items)| items.iter().flatten().copied()).collect();
        questions.push(matcher.questions(form, &shared));
    }
    let form_columns: Vec<FormColumns> = forms.iter().zip(questions).map(|(form, items)| matcher.checked(form, items)).collect();
    let id = matcher.id();
    let roles = matcher.roles();
    let carried = matcher.carried(&form_columns, &id, reserved);
    let ready_made = |form: &Instrument| form.scales.iter().map(|scale| matcher.ready_made(&scale.id, form, forms.len())).collect();
    let form_columns =
        form_columns.into_iter().zip(forms).map(|(columns, form)| FormColumns { ready_made: ready_made(form), ..columns }).collect();
    (ColumnMap { forms: form_columns, id, roles, carried, header: matcher.header }, matcher.findings)
}

struct Matcher<'o> {
    file: Arc<str>,
    header: Vec<Column>,
    keys: Vec<String>,
    words: Vec<Vec<String>>,
    dropped: Vec<bool>,
    /// Columns that some form's questions use.
    used: Vec<bool>,
    options: &'o MatchOptions,
    findings: Vec<Finding>,
}

impl<'o> Matcher<'o> {
    fn new(file: &Arc<str>, names: &[String], options: &'o MatchOptions) -> Self {
        let mut matcher = Self {
            file: Arc::clone(file),
            header: Vec::new(),
            keys: names.iter().map(|name| key(name)).collect(),
            words: names.iter().map(|name| words(name)).collect(),
            dropped: vec![false; names.len()],
            used: vec![false; names.len()],
            options,
            findings: Vec::new(),
        };
        for (index, name) in names.iter().enumerate() {
            let column = matcher.unique_name(index, name);
            matcher.header.push(column);
        }
        for name in options.drop.iter().chain(&options.map.ignore) {
            if let Some(column) = matcher.named(name, "is to be left out") {
                matcher.dropped[column] = true;
            }
        }
        matcher
    }

    /// Gives a repeated or empty name a number, so that every column can be named.
    fn unique_name(&mut self, index: usize, name: &str) -> Column {
        if name.is_empty() {
            return Column { index, name: format!("column {}", crate::findings::column_letters(index)).into() };
        }
        let is_taken = |name: &str| self.header.iter().any(|column| plain(&column.name) == plain(name));
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

    fn at(&self, column: usize) -> Place {
        match self.header.get(column) {
            Some(column) => Place::Header { file: Arc::clone(&self.file), column: column.clone() },
            None => Place::File(Arc::clone(&self.file)),
        }
    }

    fn file_finding(&self, code: Code, message: impl Into<String>) -> Finding {
        Finding::new(code, Place::File(Arc::clone(&self.file)), message)
    }

    fn columns_seen(&self) -> String {
        let names: Vec<&str> = self.header.iter().map(|column| &*column.name).collect();
        format!("the file has {}: {}", count_of(names.len() as u64, "column"), quoted_list(&names, 40))
    }

    /// The column that the user names. A name that is not there is a finding.
    fn named(&mut self, name: &str, what_for: &str) -> Option<usize> {
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

    fn free(&self, column: usize) -> bool {
        !self.dropped[column] && !self.used[column]
    }

    // ---- questions

    /// The columns of a form's questions; those of `shared` may be used a second time.
    fn questions(&mut self, form: &Instrument, shared: &[usize]) -> Vec<Option<usize>> {
        let mut items = vec![None; form.items.len()];
        for column in shared {
            self.used[*column] = false;
        }
        self.by_map(form, &mut items);
        self.by_name(form, &mut items);
        self.by_number(form, &mut items);
        self.by_words(form, &mut items);
        for column in shared {
            self.used[*column] = true;
        }
        items
    }

    fn checked(&mut self, form: &Instrument, items: Vec<Option<usize>>) -> FormColumns {
        self.check_other_form(form, &items);
        let blocks = self.check_complete(form, &items);
        FormColumns { items, blocks, ready_made: Vec::new() }
    }

    fn take(&mut self, items: &mut [Option<usize>], item: usize, column: usize) {
        items[item] = Some(column);
        self.used[column] = true;
    }

    fn by_map(&mut self, form: &Instrument, items: &mut [Option<usize>]) {
        let options = self.options;
        for (item, name) in &options.map.items {
            // A map may serve several forms; a name that none of them has is caught by `check_map`.
            let Some(index) = form.item(item) else { continue };
            let Some(column) = self.named(name, "the map names as a question") else { continue };
            if let Some(other) = items.iter().position(|taken| *taken == Some(column)) {
                let message = format!("the map says that this column is both question `{}` and question `{item}`", form.items[other].id);
                self.findings
                    .push(Finding::new(Code::M002, self.at(column), message).help("give each question a column of its own in the map"));
            }
            self.take(items, index, column);
        }
    }

    fn by_name(&mut self, form: &Instrument, items: &mut [Option<usize>]) {
        let family = key(&form.family);
        for (index, item) in form.items.iter().enumerate() {
            if items[index].is_some() {
                continue;
            }
            let name = key(&item.id);
            let with_family = format!("{family}{name}");
            let named = |column: &usize| self.free(*column) && (self.keys[*column] == name || self.keys[*column] == with_family);
            let columns: Vec<usize> = (0..self.keys.len()).filter(named).collect();
            self.take_the_one(items, index, &item.id, &columns);
        }
    }

    /// Takes a question's column if there is exactly one; reports it if there are more.
    fn take_the_one(&mut self, items: &mut [Option<usize>], item: usize, id: &str, columns: &[usize]) {
        match columns {
            [] => {}
            [column] => self.take(items, item, *column),
            [first, ..] => {
                let named: Vec<String> = columns.iter().map(|column| self.describe(*column)).collect();
                let finding =
                    Finding::new(Code::M002, self.at(*first), format!("question `{id}` could be {}", crate::findings::list_or(&named)));
                let finding = finding.help("say which one with `--map FILE`, or leave the other out with `--drop COLUMN`");
                // Two forms that share their columns have this in common.
                if !self.findings.contains(&finding) {
                    self.findings.push(finding);
                }
                // One of them is taken so that the question is not reported as absent too; the refusal stands.
                self.take(items, item, *first);
            }
        }
    }

    fn describe(&self, column: usize) -> String {
        let name = self.header.get(column).map_or("", |column| &*column.name);
        format!("column {} (`{}`)", crate::findings::column_letters(column), crate::findings::printable(name))
    }

    /// `q1…q25`: a run is only used when it is complete and as long as the form, because in any other run the numbers mean other
    /// questions.
    fn by_number(&mut self, form: &Instrument, items: &mut [Option<usize>]) {
        let required = |index: &usize| form.items[*index].block.is_none();
        let missing: Vec<usize> = (0..items.len()).filter(required).filter(|index| items[*index].is_none()).collect();
        let needed = form.items.iter().filter(|item| item.block.is_none()).count();
        let scored = scored_run(form).unwrap_or(needed);
        if missing.len() < needed || needed == 0 {
            return;
        }
        let mut runs: BTreeMap<String, BTreeMap<usize, Vec<usize>>> = BTreeMap::new();
        for (column, name) in self.header.iter().enumerate().filter(|(column, _)| self.free(*column)) {
            if let Some((prefix, number)) = numbered(&name.name) {
                runs.entry(prefix).or_default().entry(number).or_default().push(column);
            }
        }
        let whole =
            |run: &BTreeMap<usize, Vec<usize>>| run.keys().copied().eq(1..=run.len()) && run.values().all(|columns| columns.len() == 1);
        let fits = |run: &BTreeMap<usize, Vec<usize>>| whole(run) && [scored, needed, form.items.len()].contains(&run.len());
        let fitting: Vec<&String> = runs.iter().filter(|(_, run)| fits(run)).map(|(prefix, _)| prefix).collect();
        match fitting.as_slice() {
            [prefix] => self.take_run(form, runs.get(*prefix), items),
            [] => self.report_wrong_run(form, &runs, scored, needed),
            several => {
                let named: Vec<String> = several
                    .iter()
                    .map(|prefix| format!("`{prefix}1` to `{prefix}{}`", runs.get(*prefix).map_or(0, BTreeMap::len)))
                    .collect();
                let message = format!("the questions could be columns {}", crate::findings::list_or(&named));
                self.findings
                    .push(self.file_finding(Code::M002, message).help("leave the others out with `--drop COLUMNS`, or use `--map FILE`"));
                // One of them is taken so that the questions are not reported as absent too; the refusal stands.
                self.take_run(form, runs.get(several[0]), items);
            }
        }
    }

    fn take_run(&mut self, form: &Instrument, run: Option<&BTreeMap<usize, Vec<usize>>>, items: &mut [Option<usize>]) {
        for (number, columns) in run.into_iter().flatten() {
            let item = form.items.iter().position(|item| usize::from(item.number) == *number);
            if let (Some(item), [column]) = (item, columns.as_slice()) {
                self.take(items, item, *column);
            }
        }
    }

    fn report_wrong_run(&mut self, form: &Instrument, runs: &BTreeMap<String, BTreeMap<usize, Vec<usize>>>, scored: usize, needed: usize) {
        let Some((prefix, run)) = runs.iter().filter(|(_, run)| run.len() >= needed.min(5)).max_by_key(|(_, run)| run.len()) else {
            return;
        };
        let (first, last) = (run.keys().min().copied().unwrap_or(0), run.keys().max().copied().unwrap_or(0));
        let with_unscored = if needed > scored { format!(", or {needed} with those that are not scored") } else { String::new() };
        let with_blocks =
            if form.items.len() > needed { format!(", or {} with its optional part", form.items.len()) } else { String::new() };
        let message = format!(
            "columns `{prefix}{first}` to `{prefix}{last}` are {}, and {} has {scored}{with_unscored}{with_blocks}",
            count_of(run.len() as u64, "question"),
            form.id
        );
        let help =
            "is it another form? `bandwise instrument list` shows what there is; otherwise say which column is which with `--map FILE`";
        let column = run.values().flatten().next().copied().unwrap_or(0);
        self.findings.push(Finding::new(Code::M003, self.at(column), message).help(help));
    }

    fn by_words(&mut self, form: &Instrument, items: &mut [Option<usize>]) {
        let open: Vec<usize> = (0..items.len()).filter(|index| items[*index].is_none()).collect();
        let mut wanted: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for index in &open {
            for column in (0..self.words.len()).filter(|column| self.free(*column)) {
                if form.items[*index].matches.iter().any(|phrase| has_phrase(&self.words[column], phrase)) {
                    wanted.entry(column).or_default().push(*index);
                }
            }
        }
        for index in open {
            if items[index].is_some() {
                continue;
            }
            let columns: Vec<usize> = wanted.iter().filter(|(_, items)| items.contains(&index)).map(|(column, _)| *column).collect();
            if let Some((column, rivals)) =
                columns.first().and_then(|column| Some((*column, wanted.get(column).filter(|items| items.len() > 1)?)))
            {
                let named: Vec<String> = rivals.iter().map(|item| format!("`{}`", form.items[*item].id)).collect();
                let finding = Finding::new(Code::M002, self.at(column), format!("this column could be the questions {}", list_and(&named)));
                self.findings.push(finding.help("say which one with `--map FILE`"));
                // Taken by all of them, so that none is reported as absent too; the refusal stands.
                for item in rivals {
                    self.take(items, *item, column);
                }
                continue;
            }
            self.take_the_one(items, index, &form.items[index].id.clone(), &columns);
        }
    }

    /// Teacher, parent and self forms share their columns; what tells them apart is what only one of them asks.
    fn check_other_form(&mut self, form: &Instrument, items: &[Option<usize>]) {
        if items.iter().all(Option::is_none) {
            return;
        }
        let asks = |column: usize, id: &str, phrases: &[String]| {
            self.keys[column] == key(id)
                || (self.words[column].len() > 2 && phrases.iter().any(|phrase| has_phrase(&self.words[column], phrase)))
        };
        let foreign: Vec<usize> = (0..self.keys.len())
            .filter(|column| self.free(*column) && form.not_asked.iter().any(|question| asks(*column, &question.id, &question.matches)))
            .collect();
        let Some(first) = foreign.first() else { return };
        let named: Vec<&str> = foreign.iter().filter_map(|column| self.header.get(*column)).map(|column| &*column.name).collect();
        let message = format!(
            "{} {} asked on another form of this questionnaire, not on {} ({})",
            quoted_list(&named, 5),
            if named.len() == 1 { "is" } else { "are" },
            form.id,
            form.form
        );
        // `--drop` takes a list, so a header with a comma of its own cannot stand in it.
        let leave_out = if named.iter().any(|name| name.contains([',', '"'])) {
            "leave these columns out with `ignore = [...]` in a map".to_owned()
        } else {
            format!("add `--drop \"{}\"`", named.join(","))
        };
        let help = format!("if this is the right form, {leave_out}; otherwise choose another with `-i`");
        self.findings.push(Finding::new(Code::M009, self.at(*first), message).help(help));
    }

    /// Reports needed questions without a column, and says which optional blocks the file has.
    fn check_complete(&mut self, form: &Instrument, items: &[Option<usize>]) -> Vec<bool> {
        let absent = |block: Option<usize>| -> Vec<&str> {
            let needed =
                form.items.iter().enumerate().filter(|(index, item)| item.block == block && item.needed && items[*index].is_none());
            needed.map(|(_, item)| &*item.id).collect()
        };
        let needed = absent(None);
        if !needed.is_empty() && !self.findings.iter().any(|finding| finding.code == Code::M003) {
            let message = format!(
                "{} no column for {} of {}: {}",
                if needed.len() == 1 { "there is" } else { "there are" },
                count_of(needed.len() as u64, "question"),
                form.id,
                quoted_list(&needed, 8)
            );
            let message = message.replacen("there are no column", "there is no column", 1);
            let finding = self.file_finding(Code::M001, message).help(self.absent_help(&needed));
            self.findings.push(finding);
        }
        (0..form.blocks.len())
            .map(|block| {
                let mine = |(_, item): &(usize, &crate::instrument::Item)| item.block == Some(block);
                let found = form.items.iter().enumerate().filter(mine).any(|(index, item)| item.needed && items[index].is_some());
                let absent = absent(Some(block));
                if found && !absent.is_empty() {
                    let message =
                        format!("part of the optional `{}` questions is there, but not {}", form.blocks[block].id, quoted_list(&absent, 8));
                    self.findings.push(self.file_finding(Code::M010, message));
                }
                found
            })
            .collect()
    }

    fn absent_help(&self, absent: &[&str]) -> String {
        let free: Vec<&str> =
            self.header.iter().enumerate().filter(|(column, _)| self.free(*column)).map(|(_, column)| &*column.name).collect();
        let near: Vec<String> = absent
            .iter()
            .filter_map(|item| {
                did_you_mean(item, free.iter().copied())
                    .map(|near| format!("is `{}` the question `{item}`?", crate::findings::printable(near)))
            })
            .take(3)
            .collect();
        let near = if near.is_empty() { String::new() } else { format!("{} ", near.join(" ")) };
        format!("{near}say which column is which with `--map FILE`; {}", self.columns_seen())
    }

    // ---- context

    fn id(&mut self) -> Vec<usize> {
        let options = self.options;
        let named: Option<Vec<String>> =
            options.roles.get(&Role::Id).cloned().or_else(|| options.map.context.get("id").map(|name| vec![name.clone()]));
        if let Some(names) = named {
            return names.iter().filter_map(|name| self.named(name, "is named as the id")).collect();
        }
        match self.candidates(Role::Id).as_slice() {
            [] => {
                let finding = self.file_finding(Code::M004, "no column says which pupil a row is about: pupils are called by their row");
                self.findings.push(finding.help("name it with `--id COLUMN`"));
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

    // ---- what is carried along

    fn carried(&mut self, forms: &[FormColumns], id: &[usize], reserved: &[String]) -> Vec<Carried> {
        let options = self.options;
        let items: Vec<usize> = forms.iter().flat_map(|form| form.items.iter().flatten().copied()).collect();
        let kept: Option<Vec<usize>> =
            options.keep.as_ref().map(|names| names.iter().filter_map(|name| self.named(name, "is to be kept")).collect());
        let mut left_out = Vec::new();
        let mut carried: Vec<Carried> = Vec::new();
        for (column, name) in self.header.clone().iter().enumerate().map(|(column, name)| (column, Arc::clone(&name.name))) {
            let asked_for = kept.as_ref().is_some_and(|kept| kept.contains(&column)) || id.contains(&column);
            if self.dropped[column] || items.contains(&column) || (kept.is_some() && !asked_for) {
                continue;
            }
            if !asked_for && is_form_metadata(&name) {
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

/// How many questions a form has when those are left off that no score needs, if they stand at its end: many print the PHQ-9 without
/// its tenth.
fn scored_run(form: &Instrument) -> Option<usize> {
    let scored = || form.items.iter().filter(|item| item.block.is_none() && item.needed);
    let count = scored().count();
    scored().all(|item| usize::from(item.number) <= count).then_some(count)
}
