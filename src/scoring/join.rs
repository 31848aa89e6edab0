//! Whose response a row is, as the pupil list says, and what the list adds to it: sex, school year, age, and groups.
//!
//! A row is joined by its own cells alone, so no pupil's line depends on another's. What the responses say themselves is used; where
//! the list says otherwise, that is a finding. An age is one on the day of the form or on a day that the user names, never today.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;

use super::layout::Layout;
use super::reading::Reading;
use crate::findings::{Code, Finding, Place, count_of, list_and, printable};
use crate::input::{Batch, Record};
use crate::instrument::{Instrument, KeyBy, Pupil, Said};
use crate::matching::{
    ColumnMap, DateOrder, Exclusions, LeaveOut, ListColumn, ListedPupil, LookUp, Meant, Role, Roster, age_on, read_date,
};
use crate::provenance::UsedInput;

/// What is known of pupils besides their responses.
#[derive(Clone, Debug, Default)]
pub struct Joining {
    /// The pupil list.
    pub roster: Option<Arc<Roster>>,
    /// Whose consent was withdrawn.
    pub exclusions: Option<Arc<Exclusions>>,
    /// The day for responses that have no date.
    pub on: Option<Date>,
    /// The order in which dates are written, as far as the user says so.
    pub dates: Option<DateOrder>,
    /// The files that all this was read from.
    pub used: Vec<UsedInput>,
    /// The only columns that are carried into the output, if given.
    pub keep: Option<Vec<String>>,
    /// Columns that are not carried.
    pub drop: Vec<String>,
}

impl Joining {
    /// What the list says of pupils, so that no column of the responses has to.
    pub fn supplies(&self) -> Vec<Role> {
        let has = |column| self.roster.as_ref().is_some_and(|roster| roster.list().columns.contains_key(&column));
        let roles = [(ListColumn::Sex, Role::Sex), (ListColumn::Year, Role::Year), (ListColumn::Birth, Role::Age)];
        roles.into_iter().filter(|(column, _)| has(*column)).map(|(_, role)| role).collect()
    }

    /// The names of the list's groups: as outputs have them, and as the list does.
    pub fn group_names(&self) -> Vec<String> {
        let groups = self.roster.iter().flat_map(|roster| &roster.list().groups);
        groups.flat_map(|group| [group.column.word().to_owned(), group.heading.clone()]).collect()
    }

    /// The groups of the list that outputs carry: all, or those that are asked for.
    pub(super) fn carried_groups(&self) -> Vec<usize> {
        let Some(roster) = &self.roster else { return Vec::new() };
        let groups = &roster.list().groups;
        let named = |names: &[String], group: usize| names.iter().any(|name| roster.list().group_named(name) == Some(group));
        let is_kept = |group: &usize| self.keep.as_ref().is_none_or(|names| named(names, *group)) && !named(&self.drop, *group);
        (0..groups.len()).filter(is_kept).collect()
    }
}

/// How a file's rows are joined to the list, and what was seen on the way.
#[derive(Clone, Debug, Default)]
pub(super) struct FileJoin {
    /// How pupils are looked up; none where the file does not say which pupil a row is about.
    by: Option<LookUp>,
    has_names: bool,
    left_out: u64,
    /// The entries of the exclusions that some row belongs to.
    met: Vec<bool>,
    unknown: u64,
}

impl FileJoin {
    /// How the rows of a file are looked up in the list. A finding that refuses means that they cannot be.
    pub(super) fn new(file: &Arc<str>, map: &ColumnMap, forms: &[&Instrument], joining: &Joining) -> (Self, Vec<Finding>) {
        let mut join = Self { met: vec![false; joining.exclusions.as_ref().map_or(0, |known| known.len())], ..Self::default() };
        let mut findings = Vec::new();
        let Some(roster) = &joining.roster else { return (join, findings) };
        let headings: Vec<&str> = map.id.iter().filter_map(|column| map.header.get(*column)).map(|column| &*column.name).collect();
        let is_name = |heading: &&str| {
            let column = ListColumn::of(heading);
            matches!(column, Some(ListColumn::Name | ListColumn::Surname | ListColumn::Forename | ListColumn::PreferredForename))
        };
        join.has_names = headings.iter().any(is_name);
        if !headings.is_empty() {
            match roster.look_up(&headings) {
                Ok(by) => join.by = Some(by),
                Err((index, reason)) => {
                    let column = map.id.get(index).and_then(|column| map.header.get(*column)).cloned();
                    let place =
                        column.map_or_else(|| Place::File(Arc::clone(file)), |column| Place::Header { file: Arc::clone(file), column });
                    let help = "name columns of the responses that the pupil list has too: `--id \"Surname,Forename,Form\"`";
                    findings.push(Finding::new(Code::P014, place, format!("this column is {reason}")).help(help));
                }
            }
        }
        let goes_by_age = forms.iter().any(|form| goes_by_age(form));
        let has_day = joining.on.is_some() || map.role(Role::Date).is_some();
        if goes_by_age && !has_day && joining.supplies().contains(&Role::Age) && map.role(Role::Age).is_none() {
            let message =
                format!("{} has dates of birth, and nothing says when these forms were filled in: no age is known", roster.list().name);
            let finding = Finding::new(Code::P013, Place::File(Arc::clone(file)), message);
            findings.push(finding.help("name the column of the date with `--date COLUMN`, or say the day: `--on 2026-09-25`"));
        }
        (join, findings)
    }

    /// How pupils are looked up.
    pub(super) fn by(&self) -> Option<&LookUp> {
        self.by.as_ref()
    }

    /// Whether pupils are called by their names.
    pub(super) fn has_names(&self) -> bool {
        self.has_names
    }

    /// What is to be said of withdrawn consent once the whole file was read.
    pub(super) fn exclusion_words(&self, file: &Arc<str>, exclusions: &Exclusions) -> Finding {
        let absent = self.met.iter().filter(|met| !**met).count() as u64;
        let rows = count_of(self.left_out, "row");
        let verb = if self.left_out == 1 { "was" } else { "were" };
        let of = count_of(exclusions.len() as u64, "pupil");
        let in_no_row = match absent {
            0 => String::new(),
            1 => format!("; 1 of its {of} is in no row of this file"),
            several => format!("; {several} of its {of} are in no row of this file"),
        };
        let message = format!("{rows} of this file {verb} left out before scoring, as {} says{in_no_row}", printable(&exclusions.name));
        Finding::new(Code::P011, Place::File(Arc::clone(file)), message)
    }
}

fn goes_by_age(form: &Instrument) -> bool {
    form.ages.is_some() || form.groupings.iter().any(|grouping| grouping.keys.iter().any(|key| key.by == KeyBy::Age))
}

impl Reading<'_> {
    /// Who is meant by a row's id.
    fn meant(&self, record: Record<'_>) -> Option<Meant> {
        let (roster, by) = self.joining.roster.as_ref().zip(self.join.by())?;
        let cells: Vec<&str> = self.file.map.id.iter().map(|column| record.cell(*column)).collect();
        Some(roster.find(by, &cells))
    }

    /// The records without those whose consent was withdrawn.
    pub(super) fn without_excluded(&mut self, records: Batch) -> Batch {
        let Some(exclusions) = self.joining.exclusions.clone() else { return records };
        let mut doubtful = Vec::new();
        let records = records.retaining(|record| {
            let id = self.layout.plain_id(self.file_index, record);
            let pupil = match self.meant(record) {
                Some(Meant::One(pupil)) => Some(pupil),
                _ => None,
            };
            let Some(why) = exclusions.leaves_out(&id, pupil) else { return true };
            self.join.left_out += 1;
            for entry in exclusions.entries_of(&id, pupil) {
                self.join.met[entry] = true;
            }
            if why == LeaveOut::ButForZeros {
                doubtful.push(record.row());
            }
            false
        });
        for row in doubtful {
            let place = Place::Row { file: Arc::clone(&self.file.name), row, column: None };
            let message = "the id of this row differs from one of a withdrawn consent only in the zeros at its front: it was left out too";
            let help = "write the id in both files in one way; a pupil list (`--pupils FILE`) can say whether they are one";
            self.findings.push(Finding::new(Code::P011, place, message).help(help));
        }
        records
    }

    /// The pupil of the list whose response a row is; what stands in the way is a finding.
    pub(super) fn listed(&mut self, record: Record<'_>) -> Option<usize> {
        let meant = self.meant(record)?;
        let column = self.file.map.id.first().copied();
        let id = self.layout.plain_id(self.file_index, record).into_owned();
        if id.is_empty() {
            return None;
        }
        let roster = self.joining.roster.clone()?;
        let list = printable(&roster.list().name).into_owned();
        let (code, message, help) = match meant {
            Meant::One(pupil) => return Some(pupil),
            Meant::Nobody => {
                self.join.unknown += 1;
                (Code::P007, format!("no pupil of {list} has this id or name: the row is joined to nobody"), self.suggestion(&roster, &id))
            }
            Meant::Several(pupils) => {
                let rows: Vec<u64> = pupils.iter().filter_map(|pupil| roster.pupil(*pupil)).map(|pupil| pupil.row).collect();
                let message = format!("rows {} of {list} both have this id or name: the row is joined to neither", list_and(&rows));
                let message =
                    if rows.len() > 2 { message.replacen("both have", "all have", 1).replacen("neither", "none", 1) } else { message };
                (
                    Code::P008,
                    message,
                    "use an id that only one pupil has, or add a column to `--id`: the class, the date of birth".to_owned(),
                )
            }
        };
        let place = self.at(record, column);
        let shown = self.layout.pupil(self.file_index, record).into_owned();
        self.findings.push(Finding::new(code, place, message).value(shown).help(help));
        None
    }

    /// Whoever may have been meant, for a person to decide.
    fn suggestion(&self, roster: &Roster, id: &str) -> String {
        // Beyond these nobody reads them one by one.
        const MOST: u64 = 1000;
        let plain = "correct it, or confirm who is meant in a names file: `--names FILE`".to_owned();
        if self.layout.hides_names() || self.join.unknown > MOST {
            return plain;
        }
        let like = roster.like(id, 1).first().and_then(|index| roster.pupil(*index));
        like.map_or(plain, |pupil| {
            let name =
                if pupil.name.is_empty() || pupil.name == pupil.id { String::new() } else { format!(" ({})", printable(&pupil.name)) };
            format!("is it `{}`{name}? then correct it, or confirm it in a names file: `--names FILE`", printable(&pupil.id))
        })
    }

    /// What norms and cut-offs ask about a pupil: what the row says, else what the list says.
    pub(super) fn with_list(&mut self, record: Record<'_>, listed: Option<usize>, said: Pupil) -> Pupil {
        let Some(roster) = self.joining.roster.clone() else { return said };
        let Some(pupil) = listed.and_then(|index| roster.pupil(index)) else { return said };
        let age = pupil.birth.and_then(|birth| self.age_of(record, birth, said.age));
        self.compare(record, Role::Age, said.age, age);
        self.compare(record, Role::Year, said.year, pupil.year);
        let sex = match said.sex {
            Said::This(sex) => Said::This(sex.letter()),
            Said::Nothing => Said::Nothing,
            Said::Unreadable => Said::Unreadable,
        };
        self.compare(record, Role::Sex, sex, pupil.sex.map(crate::instrument::Sex::letter));
        // A sex other than M and F is said, too; a year or age that cannot be read is not.
        Pupil {
            sex: if said.sex == Said::Nothing { pupil.sex.map_or(Said::Nothing, Said::This) } else { said.sex },
            age: filled(said.age, age),
            year: filled(said.year, pupil.year),
        }
    }

    /// The age on the day of the form. Where a form goes by it and its date cannot be read, that is a finding.
    fn age_of(&mut self, record: Record<'_>, birth: Date, said: Said<u8>) -> Option<u8> {
        let cell = self.told(record, Role::Date);
        let Some((column, cell)) = cell else { return self.joining.on.and_then(|day| age_on(birth, day)) };
        let day = read_date(cell, self.joining.dates);
        let age = day.ok().and_then(|day| age_on(birth, day));
        let is_needed = !matches!(said, Said::This(_)) && self.layout.forms().iter().any(|form| goes_by_age(form.instrument()));
        if age.is_none() && is_needed {
            let message = match day {
                Ok(_) => "this form is dated before the pupil was born: the age is not known",
                Err(crate::matching::NoDate::TwoReadings) => "day and month of this date could be swapped: the age is not known",
                Err(crate::matching::NoDate::None) => "this is no date that can be read: the age is not known",
            };
            let finding = Finding::new(Code::P012, self.at(record, Some(column)), message).value(cell);
            self.findings.push(match day {
                Err(crate::matching::NoDate::TwoReadings) => finding.help("say `--dates day-first` or `--dates month-first`"),
                _ => finding,
            });
        }
        age
    }

    fn compare<T: PartialEq + std::fmt::Display>(&mut self, record: Record<'_>, role: Role, said: Said<T>, listed: Option<T>) {
        let (Said::This(said), Some(listed)) = (said, listed) else { return };
        if said == listed {
            return;
        }
        let what = match role {
            Role::Year => "school year",
            role => role.word(),
        };
        let column = self.file.map.role(role);
        let value = column.map(|column| record.cell(column).trim().to_owned()).unwrap_or_default();
        let finding = Finding::new(Code::P009, self.at(record, column), format!("the pupil list has another {what}: this one is used"));
        self.findings.push(finding.value(value).label(format!("the list has {listed}")));
    }
}

fn filled<T: Copy>(said: Said<T>, listed: Option<T>) -> Said<T> {
    match (said, listed) {
        (Said::Nothing | Said::Unreadable, Some(listed)) => Said::This(listed),
        (said, _) => said,
    }
}

/// The list that a layout's pupils are joined to, and which of its groups are carried.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) roster: Arc<Roster>,
    /// Whose consent was withdrawn.
    pub(super) exclusions: Option<Arc<Exclusions>>,
    /// For each file, whether it calls pupils by their names.
    pub(super) has_names: Vec<bool>,
}

impl Listing {
    /// A group of a pupil of the list.
    pub(super) fn group(&self, group: usize, listed: Option<usize>) -> &str {
        let pupil = listed.and_then(|index| self.roster.pupil(index));
        pupil.and_then(|pupil| pupil.groups.get(group)).map_or("", |(_, value)| value)
    }
}

impl Layout {
    /// The pupils of the list from whom a form is expected, with their places in it; nobody where there is no list. Whoever withdrew
    /// their consent is not expected.
    pub fn expected(&self) -> impl Iterator<Item = (usize, &ListedPupil)> {
        let is_expected = |index: &usize| {
            let exclusions = self.listing().and_then(|listing| listing.exclusions.as_ref());
            !exclusions.is_some_and(|exclusions| exclusions.names_pupil(*index))
        };
        let pupils = self.listing().map_or(&[][..], |listing| listing.roster.list().pupils.as_slice());
        pupils.iter().enumerate().filter(move |(index, _)| is_expected(index))
    }

    /// A pupil of the list as people read them: with the name, unless names are hidden.
    pub fn name_of(&self, pupil: &ListedPupil) -> String {
        if self.hides_names() { self.coded(&pupil.id).into_owned() } else { pupil.full_name() }
    }

    /// The pupil's id as the output has it: the list's, where they are on it, so that it is the same whatever the responses call them.
    pub(super) fn listed_pupil<'b>(&'b self, file: usize, record: Record<'b>, listed: Option<usize>) -> Cow<'b, str> {
        let pupil = self.listing().zip(listed).and_then(|(listing, index)| listing.roster.pupil(index));
        pupil.map_or_else(|| self.pupil(file, record), |pupil| self.coded(&pupil.id))
    }

    /// The same for people who read names in the responses: `Testone, Ada (000101)`.
    pub(super) fn named_pupil<'b>(&'b self, file: usize, record: Record<'b>, listed: Option<usize>) -> Cow<'b, str> {
        let id = self.listed_pupil(file, record, listed);
        let pupil = self.listing().zip(listed).and_then(|(listing, index)| Some((listing, listing.roster.pupil(index)?)));
        match pupil {
            Some((listing, pupil))
                if !self.hides_names() && listing.has_names.get(file) == Some(&true) && pupil.name != id && !pupil.name.is_empty() =>
            {
                Cow::Owned(format!("{} ({id})", pupil.name))
            }
            _ => id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_stays_and_what_is_not_is_filled() {
        assert_eq!(filled(Said::This(7), Some(8)), Said::This(7));
        assert_eq!(filled(Said::Nothing, Some(8)), Said::This(8));
        assert_eq!(filled(Said::Unreadable, Some(8)), Said::This(8));
        assert_eq!(filled::<u8>(Said::Unreadable, None), Said::Unreadable);
    }
}
