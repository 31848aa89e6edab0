//! A table with codes instead of names: responses, a pupil list, goals, whatever has a column that says whose a row is.
//!
//! What names a pupil, or says where a form was filled in, is left out; a comment, which a person must read in its place, becomes its
//! length; everything else stays as it is, so that the table scores as it did before. What is left is pseudonymised, which is still
//! personal data: whoever has the key, or knows a pupil well, can tell who is meant.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;

use super::PseudonymKey;
use crate::findings::{Code, Finding, Place, Severity, count_of};
use crate::input::{Record, Table};
use crate::instrument::{Instrument, Number};
use crate::matching::{
    Answer, AnswerKey, Coding, ColumnMap, DateOrder, Exclusions, Fit, FitKind, Found, Header, LeftOut, ListColumn, LookUp, MatchOptions,
    Meant, NoDate, Role, Roster, age_on, check_upn, fitting, informant, match_columns, names_a_pupil, read_date, says_where_from,
    usual_school_year,
};
use crate::scoring::hidden_comment;

/// The heading of the codes: every command finds pupils by it.
pub const CODE_COLUMN: &str = "pupil_id";

/// What becomes of a date of birth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Birth {
    /// It is left out.
    #[default]
    Dropped,
    /// The age in whole years stands for it.
    Age,
    /// The school year in which most pupils of this age are stands for it.
    SchoolYear,
}

/// What is known besides the table, and how it is to be read.
#[derive(Clone, Debug, Default)]
pub struct PseudonymOptions {
    /// Which column is which, as far as the user says so.
    pub matching: MatchOptions,
    /// The pupil list: a pupil has one code, whichever number or name a table has.
    pub roster: Option<Arc<Roster>>,
    /// Whose consent was withdrawn: their rows are left out.
    pub exclusions: Option<Arc<Exclusions>>,
    /// What becomes of dates of birth.
    pub birth: Birth,
    /// The day for ages and school years where a row has no date.
    pub on: Option<Date>,
    /// The order in which dates are written, as far as the user says so.
    pub dates: Option<DateOrder>,
}

/// Why a column is not in the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyDropped {
    /// It names the pupil, or is part of the id that has a code now.
    Names,
    /// It says where or on which device a form was filled in, or the form system added it.
    Where,
    /// It has no heading, so nobody knows what stands in it.
    NoHeading,
    /// The user wants it so.
    Asked,
}

impl WhyDropped {
    /// Every reason, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Names, Self::Where, Self::NoHeading, Self::Asked];

    /// The reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Names => "names a pupil",
            Self::Where => "says where a form was filled in, or was added by the form system",
            Self::NoHeading => "has no heading",
            Self::Asked => "as the options say",
        }
    }
}

/// What stands in a column of the output.
enum Source {
    /// The code of the pupil.
    Pupil,
    /// What stands for the date of birth in this column.
    Birth(usize),
    /// Who completed the form: a word for it, or else the code of a name.
    Informant(usize),
    /// An answer, as it is; the keys are those of the forms that the column fits.
    Answer(usize, Vec<usize>),
    /// Anything else, as it is; a comment becomes its length.
    Plain(usize),
}

/// A table that gets codes for its pupils.
pub struct Pseudonymised<'k> {
    key: &'k PseudonymKey,
    file: Arc<str>,
    map: ColumnMap,
    width: usize,
    options: PseudonymOptions,
    look_up: Option<LookUp>,
    answers: Vec<AnswerKey>,
    /// The columns whose question was found by the words of its text.
    by_words: Vec<usize>,
    columns: Vec<(String, Source)>,
    dropped: Vec<(Arc<str>, WhyDropped)>,
    /// Further columns by which a pupil of the list is found where the id is blank.
    otherwise: Vec<(LookUp, Vec<usize>)>,
    /// For each column of the table, how many of its cells became their length or a code.
    replaced: Vec<u64>,
    without_id: u64,
    left_out: u64,
}

impl<'k> Pseudonymised<'k> {
    /// Finds out what becomes of each column of a table. Questions are those of `forms` that the header fits.
    ///
    /// # Errors
    ///
    /// The findings that stand in the way.
    pub fn new(
        table: &Table,
        forms: &[&Instrument],
        mut options: PseudonymOptions,
        key: &'k PseudonymKey,
    ) -> Result<(Self, Vec<Finding>), Vec<Finding>> {
        let file = Arc::clone(table.name());
        let header = Header { names: table.header(), texts: table.texts() };
        let (mut map, mut findings) = match_columns(&file, header, &[], &[], &options.matching);
        if map.id.is_empty() && !is_refused(&findings) {
            options.matching.roles.extend(name_columns(table.header()).map(|names| (Role::Id, names)));
            (map, findings) = match_columns(&file, header, &[], &[], &options.matching);
        }
        // What is left out is told column by column.
        findings.retain(|finding| finding.code != Code::M005);
        if map.id.is_empty() && !is_refused(&findings) {
            let message = "no column says which pupil a row is about: there is nothing to make codes of";
            let help = "name it with `--id COLUMN`, or the columns of a name with `--id \"Surname,Forename\"`";
            findings.retain(|finding| finding.code != Code::M004);
            findings.push(Finding::new(Code::P001, Place::File(Arc::clone(&file)), message).help(help));
        }
        let look_up = options.roster.as_deref().map(|roster| look_up(roster, &map, &file)).transpose();
        let look_up = look_up.unwrap_or_else(|finding| {
            findings.push(*finding);
            None
        });
        if is_refused(&findings) {
            return Err(findings);
        }
        let width = table.width();
        let otherwise = options.roster.as_deref().map_or_else(Vec::new, |roster| other_ways(roster, &map));
        let mut made = Self {
            key,
            file,
            otherwise,
            replaced: vec![0; map.header.len()],
            map,
            width,
            options,
            look_up,
            answers: Vec::new(),
            by_words: Vec::new(),
            columns: Vec::new(),
            dropped: Vec::new(),
            without_id: 0,
            left_out: 0,
        };
        let questions = made.questions(header, forms);
        made.arrange(header, &questions);
        Ok((made, findings))
    }

    /// For each column, the keys of the answers that may stand in it.
    fn questions(&mut self, header: Header<'_>, forms: &[&Instrument]) -> Vec<Vec<usize>> {
        let mut questions = vec![Vec::new(); self.map.header.len()];
        for Fit { form, kind, .. } in fitting(header, forms) {
            let Some(form) = forms.get(form) else { continue };
            let options = MatchOptions { map: self.options.matching.map.clone(), ..MatchOptions::default() };
            let (map, _) = match_columns(&self.file, header, &[form], &[], &options);
            let missing: Vec<String> =
                self.options.matching.map.missing.iter().cloned().chain(map.system.missing().iter().map(ToString::to_string)).collect();
            for (index, (item, column)) in form.items.iter().zip(map.forms.first().map_or(&[][..], |form| &form.items)).enumerate() {
                let Some((column, set)) = column.zip(form.answers.get(item.answers)) else { continue };
                // A form that fits in part only must not make questions of columns that name somebody.
                if kind == FitKind::InPart && self.map.header.get(column).is_some_and(|column| names_a_pupil(&column.name)) {
                    continue;
                }
                let coding = Coding { values: None, missing: missing.clone(), words: Vec::new() };
                let Ok(key) = AnswerKey::new(set, &coding) else { continue };
                // The form that fits best says how its questions are found.
                let is_first = questions[column].is_empty();
                if is_first && map.forms.first().is_some_and(|form| form.found.get(index) == Some(&Some(Found::Words))) {
                    self.by_words.push(column);
                }
                questions[column].push(self.answers.len());
                self.answers.push(key);
            }
        }
        questions
    }

    /// What becomes of each column, in the table's order. The codes stand where the first column of the id stood.
    fn arrange(&mut self, header: Header<'_>, questions: &[Vec<usize>]) {
        let map = &self.map;
        let has = |role: Role| map.header.iter().any(|column| role.is_meant_by(&column.name));
        for (index, column) in map.header.iter().enumerate() {
            let name = &column.name;
            let is_birth = ListColumn::of(name) == Some(ListColumn::Birth);
            let is_unnamed = header.names.get(index).is_none_or(String::is_empty);
            let keys = questions.get(index).cloned().unwrap_or_default();
            let left_out = map.account.left_out.iter().find(|(column, _)| *column == index).map(|(_, why)| *why);
            let source = if map.id.first() == Some(&index) {
                Ok(Source::Pupil)
            } else if map.id.contains(&index) {
                Err(WhyDropped::Names)
            } else if is_birth && self.options.birth != Birth::Dropped && left_out.is_none() {
                Ok(Source::Birth(index))
            } else if let Some(why) = left_out {
                Err(if why == LeftOut::FormSystem { WhyDropped::Where } else { WhyDropped::Asked })
            } else if is_unnamed {
                Err(WhyDropped::NoHeading)
            } else if !keys.is_empty() {
                Ok(Source::Answer(index, keys))
            } else if says_where_from(name) {
                Err(WhyDropped::Where)
            } else if names_a_pupil(name) {
                Err(WhyDropped::Names)
            } else if Role::Informant.is_meant_by(name) || map.role(Role::Informant) == Some(index) {
                Ok(Source::Informant(index))
            } else {
                Ok(Source::Plain(index))
            };
            // Where the questions' texts stand in a row of their own, they are what the questions are found by.
            let text = || header.texts.and_then(|texts| texts.get(index)).filter(|text| !text.trim().is_empty());
            let heading = match &source {
                Ok(Source::Pupil) => CODE_COLUMN.to_owned(),
                Ok(Source::Birth(_)) => match self.options.birth {
                    Birth::SchoolYear => if has(Role::Year) { "year_by_birth" } else { "year" }.to_owned(),
                    Birth::Age | Birth::Dropped => if has(Role::Age) { "age_by_birth" } else { "age" }.to_owned(),
                },
                Ok(Source::Answer(..)) if self.by_words.contains(&index) => text().map_or_else(|| name.to_string(), Clone::clone),
                _ => name.to_string(),
            };
            match source {
                Ok(source) => self.columns.push((heading, source)),
                Err(why) => self.dropped.push((Arc::clone(name), why)),
            }
        }
    }

    /// The headings of the output.
    pub fn columns(&self) -> Vec<String> {
        self.columns.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The columns that the codes are made of.
    pub fn id(&self) -> Vec<&str> {
        self.map.id.iter().filter_map(|column| self.map.header.get(*column)).map(|column| &*column.name).collect()
    }

    /// Whether an age or school year stands for a date of birth.
    pub fn has_birth(&self) -> bool {
        self.columns.iter().any(|(_, source)| matches!(source, Source::Birth(_)))
    }

    /// Whether every row says when it was written.
    pub fn has_dates(&self) -> bool {
        self.map.role(Role::Date).is_some()
    }

    /// The columns that are not in the output.
    pub fn dropped(&self) -> &[(Arc<str>, WhyDropped)] {
        &self.dropped
    }

    /// The columns in which cells became their length or a code, with how many did.
    pub fn replaced(&self) -> impl Iterator<Item = (&str, u64)> {
        let columns = self.map.header.iter().zip(&self.replaced);
        columns.filter(|(_, count)| **count > 0).map(|(column, count)| (&*column.name, *count))
    }

    /// How many rows do not say whose they are: they have no code.
    pub fn without_id(&self) -> u64 {
        self.without_id
    }

    /// How many rows were left out, because consent was withdrawn.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The cells of a row, one for each of [`columns`](Self::columns). None where the row is left out: its consent was withdrawn, or its
    /// cells cannot be trusted to stand under their headings, so that a name may stand anywhere.
    pub fn row<'r>(&mut self, record: Record<'r>, findings: &mut Vec<Finding>) -> Option<Vec<Cow<'r, str>>> {
        let columns = self.map.header.len();
        if record.len() < columns || (self.width..record.len()).any(|column| !record.cell(column).trim().is_empty()) {
            let message = format!("this row has {}, and the header has {columns}: it was left out", count_of(record.len() as u64, "cell"));
            findings.push(Finding::new(Code::T003, self.place(record, None), message));
            return None;
        }
        let pupil = self.pupil(record, findings)?;
        let sources = std::mem::take(&mut self.columns);
        let cells = sources.iter().map(|(_, source)| match source {
            Source::Pupil => Cow::Owned(pupil.clone()),
            Source::Birth(column) => Cow::Owned(self.birth(record, *column, findings)),
            Source::Informant(column) => self.informant(record, *column),
            Source::Answer(column, keys) => self.answer(record, *column, keys),
            Source::Plain(column) => self.plain(record, *column),
        });
        let cells = cells.collect();
        self.columns = sources;
        Some(cells)
    }

    fn place(&self, record: Record<'_>, column: Option<usize>) -> Place {
        let column = column.and_then(|column| self.map.header.get(column)).cloned();
        Place::Row { file: Arc::clone(&self.file), row: record.row(), column }
    }

    /// The code of a row's pupil: that of the list's id where there is a list, so that it is the same whatever the row calls them. Empty
    /// where the row does not say. None where the row is to be left out.
    fn pupil(&mut self, record: Record<'_>, findings: &mut Vec<Finding>) -> Option<String> {
        let cells: Vec<&str> = self.map.id.iter().map(|column| record.cell(*column)).collect();
        let id = crate::matching::written(&cells);
        let roster = self.options.roster.clone();
        let meant = roster.as_deref().zip(self.look_up.as_ref()).map(|(roster, by)| match id.as_str() {
            "" => self.meant_otherwise(roster, record),
            _ => roster.find(by, &cells),
        });
        let listed = match meant {
            Some(Meant::One(index)) => Some(index),
            _ => None,
        };
        if self.options.exclusions.as_ref().is_some_and(|exclusions| exclusions.leaves_out(&id, listed).is_some()) {
            self.left_out += 1;
            return None;
        }
        if id.is_empty() && listed.is_none() {
            self.without_id += 1;
            return Some(String::new());
        }
        let code =
            self.key.code(roster.as_deref().zip(listed).and_then(|(roster, index)| roster.pupil(index)).map_or(&id, |pupil| &pupil.id));
        let list = roster.as_deref().map_or("", |roster| &roster.list().name);
        let said = match meant {
            Some(Meant::Nobody) => {
                Some((Code::P007, format!("no pupil of {list} has this id or name: the code is made of what stands here")))
            }
            Some(Meant::Several(_)) => {
                Some((Code::P008, format!("several pupils of {list} have this id or name: the code is made of what stands here")))
            }
            Some(Meant::One(_)) | None => None,
        };
        if let Some((code_of_finding, message)) = said {
            // The cell names somebody: its code is shown in its place.
            findings.push(Finding::new(code_of_finding, self.place(record, self.map.id.first().copied()), message).value(&*code));
        }
        Some(code)
    }

    /// Who is meant by a row whose id is blank: all other columns that name somebody name one pupil.
    fn meant_otherwise(&self, roster: &Roster, record: Record<'_>) -> Meant {
        let mut found: Vec<usize> = Vec::new();
        for (by, columns) in &self.otherwise {
            let cells: Vec<&str> = columns.iter().map(|column| record.cell(*column)).collect();
            match roster.find(by, &cells) {
                Meant::One(pupil) => found.push(pupil),
                Meant::Several(pupils) => return Meant::Several(pupils),
                Meant::Nobody => {}
            }
        }
        found.dedup();
        match found.as_slice() {
            [] => Meant::Nobody,
            [only] => Meant::One(*only),
            _ => Meant::Several(found),
        }
    }

    fn birth(&self, record: Record<'_>, column: usize, findings: &mut Vec<Finding>) -> String {
        let cell = record.cell(column).trim();
        if cell.is_empty() {
            return String::new();
        }
        let written = self.map.role(Role::Date).map(|date| record.cell(date).trim()).filter(|date| !date.is_empty());
        let day = match written {
            Some(written) => read_date(written, self.options.dates).ok(),
            None => self.options.on,
        };
        let made = read_date(cell, self.options.dates).and_then(|birth| {
            let day = day.ok_or(NoDate::None)?;
            let made = if self.options.birth == Birth::SchoolYear { usual_school_year(birth, day) } else { age_on(birth, day) };
            made.ok_or(NoDate::None)
        });
        match made {
            // Reception is 0, and is written as schools do.
            Ok(0) if self.options.birth == Birth::SchoolYear => "R".to_owned(),
            Ok(made) => made.to_string(),
            Err(why) => {
                let (message, help) = match why {
                    NoDate::TwoReadings => (
                        "day and month of this date of birth could be swapped: the cell is left empty",
                        "say `--dates day-first` or `--dates month-first`",
                    ),
                    NoDate::None => (
                        "this date of birth, with the day of the row, gives none: the cell is left empty",
                        "dates are written 2014-09-25 or 25/09/2014; the day can be said with `--on 2026-12-18`",
                    ),
                };
                // The date itself is not shown: it names the pupil.
                findings.push(Finding::new(Code::P006, self.place(record, Some(column)), message).help(help));
                String::new()
            }
        }
    }

    fn informant<'r>(&mut self, record: Record<'r>, column: usize) -> Cow<'r, str> {
        let cell = record.cell(column);
        if cell.trim().is_empty() || informant(cell).is_some() {
            return Cow::Borrowed(cell);
        }
        self.replaced[column] += 1;
        Cow::Owned(self.key.code(cell))
    }

    fn answer<'r>(&mut self, record: Record<'r>, column: usize, keys: &[usize]) -> Cow<'r, str> {
        let cell = record.cell(column);
        let is_answer = |key: &usize| self.answers.get(*key).is_some_and(|key| key.read(cell) != Answer::Refused);
        let is_harmless =
            || Number::parse(cell.trim()).is_some() || self.map.header.get(column).is_some_and(|column| !names_a_pupil(&column.name));
        if keys.iter().any(is_answer) {
            Cow::Borrowed(cell)
        } else if is_harmless() {
            self.plain(record, column)
        } else {
            self.replaced[column] += 1;
            Cow::Owned(self.key.code(cell))
        }
    }

    /// A cell as it is, unless it is a comment, or names somebody by its very form.
    fn plain<'r>(&mut self, record: Record<'r>, column: usize) -> Cow<'r, str> {
        let cell = record.cell(column);
        let replaced = if cell.trim().contains(['\n', '\r']) || hidden_comment(cell).is_some() {
            // A line break makes a comment too: rows that a lost quotation mark swallowed look like that.
            hidden_comment(cell).unwrap_or_else(|| crate::scoring::comment_words(cell.chars().count()))
        } else if is_upn_or_address(cell) {
            self.key.code(cell)
        } else {
            return Cow::Borrowed(cell);
        };
        self.replaced[column] += 1;
        Cow::Owned(replaced)
    }
}

/// Whether a cell is a UPN or holds an e-mail address, whatever its column is called.
fn is_upn_or_address(cell: &str) -> bool {
    let is_address = |word: &str| word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    check_upn(cell).is_ok() || cell.split_whitespace().any(is_address)
}

fn is_refused(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.code.severity() == Severity::Refusal)
}

/// The columns of a surname and a forename, where a table has one of each: the legal ones, or else the ones that are used.
fn name_columns(header: &[String]) -> Option<Vec<String>> {
    let only = |column: ListColumn| {
        let mut named = header.iter().filter(|name| ListColumn::of(name) == Some(column));
        named.next().filter(|_| named.next().is_none()).cloned()
    };
    let surname = only(ListColumn::Surname).or_else(|| only(ListColumn::PreferredSurname))?;
    let forename = only(ListColumn::Forename).or_else(|| only(ListColumn::PreferredForename))?;
    Some(vec![surname, forename])
}

/// The columns besides the id by which pupils can be looked up: numbers, full names, and surnames with forenames.
fn other_ways(roster: &Roster, map: &ColumnMap) -> Vec<(LookUp, Vec<usize>)> {
    let columns = |wanted: ListColumn| {
        map.header.iter().filter(move |column| ListColumn::of(&column.name) == Some(wanted)).map(|column| column.index).collect::<Vec<_>>()
    };
    let numbers =
        [ListColumn::Id, ListColumn::Admission, ListColumn::Upn, ListColumn::Name].into_iter().flat_map(columns).map(|column| vec![column]);
    let both =
        columns(ListColumn::Surname).into_iter().zip(columns(ListColumn::Forename)).map(|(surname, forename)| vec![surname, forename]);
    let ways = numbers.chain(both).filter_map(|columns| {
        let headings: Vec<&str> = columns.iter().filter_map(|column| map.header.get(*column)).map(|column| &*column.name).collect();
        Some((roster.look_up(&headings).ok()?, columns))
    });
    ways.collect()
}

/// How the table's pupils are looked up in the list.
fn look_up(roster: &Roster, map: &ColumnMap, file: &Arc<str>) -> Result<LookUp, Box<Finding>> {
    let headings: Vec<&str> = map.id.iter().filter_map(|column| map.header.get(*column)).map(|column| &*column.name).collect();
    roster.look_up(&headings).map_err(|(index, reason)| {
        let column = map.id.get(index).and_then(|column| map.header.get(*column)).cloned();
        let place = column.map_or_else(|| Place::File(Arc::clone(file)), |column| Place::Header { file: Arc::clone(file), column });
        let help = "name columns that the pupil list has too: `--id \"Surname,Forename,Form\"`";
        Box::new(Finding::new(Code::P014, place, format!("this column is {reason}")).help(help))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upns_and_addresses_are_known_by_their_form() {
        for (cell, expected) in [
            ("B801200005001", true),
            (" b801200005001", true),
            ("A801200005001", false),
            ("ada@example.org", true),
            ("write to ada@example.org", true),
            ("@home", false),
            ("5 @ 3.50", false),
            ("7A", false),
        ] {
            assert_eq!(is_upn_or_address(cell), expected, "{cell}");
        }
    }

    #[test]
    fn a_name_in_two_columns_is_an_id_where_there_is_one_of_each() {
        let columns = |header: &str| name_columns(&header.split(',').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(columns("Forename,Class,Surname"), Some(vec!["Surname".to_owned(), "Forename".to_owned()]));
        assert_eq!(columns("Preferred Surname,Known as"), Some(vec!["Preferred Surname".to_owned(), "Known as".to_owned()]));
        for header in ["Surname,Class", "Surname,Forename,First name", ""] {
            assert_eq!(columns(header), None, "{header}");
        }
    }
}
