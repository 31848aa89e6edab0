//! Which column is which question: by the user's map, by the question's short name, by a complete numbered run, or by its match words.

use std::collections::BTreeMap;

use super::columns::{FormColumns, Matcher};
use super::found::Found;
use super::header::{has_phrase, key, numbered, words};
use super::system::System;
use crate::findings::{Code, Finding, count_of, did_you_mean, list_and, list_or, quoted_list};
use crate::instrument::Instrument;

/// For each question of a form its column, and how it was found.
pub(super) type Questions = (Vec<Option<usize>>, Vec<Option<Found>>);

impl Matcher<'_> {
    /// The columns of a form's questions, and how each was found; those of `shared` may be used a second time.
    pub(super) fn questions(&mut self, form: &Instrument, shared: &[usize]) -> Questions {
        let mut items = vec![None; form.items.len()];
        for column in shared {
            self.used[*column] = false;
        }
        self.stage = Found::Map;
        self.by_map(form, &mut items);
        self.stage = Found::Name;
        self.by_name(form, &mut items);
        self.stage = Found::Run;
        let wrong_run = self.by_number(form, &mut items);
        self.stage = Found::Words;
        self.by_words(form, &mut items);
        // Numbers that do not fit are no matter where the questions' words were found.
        let is_open = |index: usize| items[index].is_none() && form.items[index].block.is_none() && form.items[index].needed;
        if (0..items.len()).any(is_open) {
            self.findings.extend(wrong_run);
        }
        for column in shared {
            self.used[*column] = true;
        }
        let found = items.iter().map(|column| column.map(|column| self.found[column])).collect();
        (items, found)
    }

    pub(super) fn checked(&mut self, form: &Instrument, items: Vec<Option<usize>>, found: Vec<Option<Found>>) -> FormColumns {
        self.check_other_form(form, &items);
        let blocks = self.check_complete(form, &items);
        FormColumns { items, found, blocks, ready_made: Vec::new() }
    }

    fn take(&mut self, items: &mut [Option<usize>], item: usize, column: usize) {
        items[item] = Some(column);
        self.used[column] = true;
        self.found[column] = self.stage;
    }

    /// Takes a column that is only one of several: the refusal stands.
    fn take_unclear(&mut self, items: &mut [Option<usize>], item: usize, column: usize) {
        self.take(items, item, column);
        self.found[column] = Found::Unclear;
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
                self.take_unclear(items, index, column);
                continue;
            }
            self.take(items, index, column);
        }
    }

    fn by_name(&mut self, form: &Instrument, items: &mut [Option<usize>]) {
        let family = key(&form.family);
        for (index, item) in form.items.iter().enumerate() {
            // Any file may have a `q7`, and it is another form's as often as not: only a complete run of them is this form.
            if items[index].is_some() || item.numbered {
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
                self.take_unclear(items, item, *first);
            }
        }
    }

    pub(super) fn describe(&self, column: usize) -> String {
        let name = self.header.get(column).map_or("", |column| &*column.name);
        format!("column {} (`{}`)", crate::findings::column_letters(column), crate::findings::printable(name))
    }

    /// `q1…q25`: a run is only used when it is complete and as long as the form, because in any other run the numbers mean other
    /// questions.
    fn by_number(&mut self, form: &Instrument, items: &mut [Option<usize>]) -> Option<Finding> {
        let required = |index: &usize| form.items[*index].block.is_none();
        let missing: Vec<usize> = (0..items.len()).filter(required).filter(|index| items[*index].is_none()).collect();
        let needed = form.items.iter().filter(|item| item.block.is_none()).count();
        let scored = scored_run(form).unwrap_or(needed);
        if missing.len() < needed || needed == 0 {
            return None;
        }
        let mut runs: BTreeMap<String, BTreeMap<usize, Vec<usize>>> = BTreeMap::new();
        // By the names of the file: a second `q3` is called `q3 (2)` in messages, and is no question 32.
        for (column, name) in self.names.iter().enumerate().filter(|(column, _)| self.free(*column)) {
            if let Some((prefix, number)) = numbered(name) {
                // The layout numbers an addition of its own behind the form's questions.
                let is_beyond = self.system == System::Pmhc && prefix == "sdqitem" && number > form.items.len();
                if !is_beyond {
                    runs.entry(prefix).or_default().entry(number).or_default().push(column);
                }
            }
        }
        let whole =
            |run: &BTreeMap<usize, Vec<usize>>| run.keys().copied().eq(1..=run.len()) && run.values().all(|columns| columns.len() == 1);
        // Where printed editions number the last questions differently, only the first ones are certain.
        let certain = |run: &BTreeMap<usize, Vec<usize>>| form.numbered_to.is_none_or(|last| run.len() <= last);
        let fits =
            |run: &BTreeMap<usize, Vec<usize>>| whole(run) && certain(run) && [scored, needed, form.items.len()].contains(&run.len());
        let fitting: Vec<&String> = runs.iter().filter(|(_, run)| fits(run)).map(|(prefix, _)| prefix).collect();
        match fitting.as_slice() {
            [prefix] => self.take_run(form, runs.get(*prefix), items),
            [] => return self.wrong_run(form, &runs, scored, needed),
            several => {
                let named: Vec<String> = several
                    .iter()
                    .map(|prefix| format!("`{prefix}1` to `{prefix}{}`", runs.get(*prefix).map_or(0, BTreeMap::len)))
                    .collect();
                let message = format!("the questions could be columns {}", crate::findings::list_or(&named));
                self.findings
                    .push(self.file_finding(Code::M002, message).help("leave the others out with `--drop COLUMNS`, or use `--map FILE`"));
                // One of them is taken so that the questions are not reported as absent too; the refusal stands.
                self.stage = Found::Unclear;
                self.take_run(form, runs.get(several[0]), items);
            }
        }
        None
    }

    fn take_run(&mut self, form: &Instrument, run: Option<&BTreeMap<usize, Vec<usize>>>, items: &mut [Option<usize>]) {
        for (number, columns) in run.into_iter().flatten() {
            let item = form.items.iter().position(|item| usize::from(item.number) == *number);
            if let (Some(item), [column]) = (item, columns.as_slice()) {
                self.take(items, item, *column);
            }
        }
    }

    fn wrong_run(
        &self,
        form: &Instrument,
        runs: &BTreeMap<String, BTreeMap<usize, Vec<usize>>>,
        scored: usize,
        needed: usize,
    ) -> Option<Finding> {
        let (prefix, run) = runs.iter().filter(|(_, run)| run.len() >= needed.min(5)).max_by_key(|(_, run)| run.len())?;
        let (first, last) = (run.keys().min().copied().unwrap_or(0), run.keys().max().copied().unwrap_or(0));
        let column = run.values().flatten().next().copied().unwrap_or(0);
        if let Some((message, help)) = differently_numbered(form, run.len(), [scored, needed]) {
            let message = format!("columns `{prefix}{first}` to `{prefix}{last}` are numbered, and {message}");
            return Some(Finding::new(Code::M003, self.at(column), message).help(help));
        }
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
        Some(Finding::new(Code::M003, self.at(column), message).help(help))
    }

    fn by_words(&mut self, form: &Instrument, items: &mut [Option<usize>]) {
        let open: Vec<usize> = (0..items.len()).filter(|index| items[*index].is_none()).collect();
        let mut wanted: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for index in &open {
            let phrases: Vec<Vec<String>> = form.items[*index].matches.iter().map(|phrase| words(phrase)).collect();
            for column in (0..self.words.len()).filter(|column| self.free(*column)) {
                if phrases.iter().any(|phrase| has_phrase(&self.words[column], phrase)) {
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
                    self.take_unclear(items, *item, column);
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
        let not_asked: Vec<(String, Vec<Vec<String>>)> = form
            .not_asked
            .iter()
            .map(|question| (key(&question.id), question.matches.iter().map(|phrase| words(phrase)).collect()))
            .collect();
        let asks = |column: usize, id: &str, phrases: &[Vec<String>]| {
            self.keys[column] == id
                || (self.words[column].len() > 2 && phrases.iter().any(|phrase| has_phrase(&self.words[column], phrase)))
        };
        let foreign: Vec<usize> = (0..self.keys.len())
            .filter(|column| self.free(*column) && not_asked.iter().any(|(id, phrases)| asks(*column, id, phrases)))
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
        let mut needed = absent(None);
        // A form that is all optional parts, and a file that has none of them.
        if needed.is_empty() && items.iter().all(Option::is_none) {
            needed = form.items.iter().filter(|item| item.needed).map(|item| &*item.id).collect();
        }
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
        let blocks: Vec<bool> = (0..form.blocks.len())
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
            .collect();
        self.report_absent_critical(form, &blocks);
        blocks
    }

    /// A critical question on a part that is not in the file: whoever reads the output must not take silence for an answer.
    fn report_absent_critical(&mut self, form: &Instrument, blocks: &[bool]) {
        let is_absent = |item: &&crate::instrument::Item| item.block.is_some_and(|block| !blocks.get(block).copied().unwrap_or(false));
        let items = form.critical.iter().filter_map(|critical| form.items.get(critical.item));
        let absent: Vec<u16> = items.filter(is_absent).map(|item| item.number).collect();
        if !absent.is_empty() {
            let questions = if absent.len() == 1 { "question" } else { "questions" };
            let message =
                format!("the file has no column for {questions} {} of {}, which must be read on the day", list_and(&absent), form.id);
            self.findings.push(self.file_finding(Code::M014, message).help("read them on every form today"));
        }
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
}

/// Why numbers say nothing although there are as many columns as questions: editions number them differently.
fn differently_numbered(form: &Instrument, length: usize, lengths: [usize; 2]) -> Option<(String, String)> {
    if !lengths.contains(&length) && length != form.items.len() {
        return None;
    }
    match (form.numbered_to?, form.orders.as_slice()) {
        (0, [_, ..]) => {
            let orders: Vec<String> = form.orders.iter().map(|order| format!("`--choose order={}`", order.id)).collect();
            let message = format!("printed editions of {} do not number the questions alike", form.id);
            Some((message, format!("say which edition it is with {}, or which column is which with `--map FILE`", list_or(&orders))))
        }
        (0, []) => Some((format!("numbers say nothing about {}", form.id), "say which column is which with `--map FILE`".to_owned())),
        (certain, _) if length > certain => {
            let message = format!("of {} only questions 1 to {certain} are numbered alike everywhere", form.id);
            Some((message, "say which column is which with `--map FILE`".to_owned()))
        }
        _ => None,
    }
}

/// How many questions a form has when those are left off that no score needs, if they stand at its end: many print the PHQ-9 without
/// its tenth.
fn scored_run(form: &Instrument) -> Option<usize> {
    let scored = || form.items.iter().filter(|item| item.block.is_none() && item.needed);
    let count = scored().count();
    scored().all(|item| usize::from(item.number) <= count).then_some(count)
}
