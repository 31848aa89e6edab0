//! Looking up pupils: which pupil of the list is meant by an id, or by a name.
//!
//! A number or a name is looked up as it is written, apart from case, space, apostrophes and hyphens in names, and zeros at the front of
//! a number where no other pupil has the same number behind them. Nothing is ever looked up by likeness; a person can confirm in a names
//! file who is meant.

use std::collections::HashMap;

use super::context::{school_year, sex};
use super::date::{DateOrder, read_date};
use super::header::plain;
use super::list_columns::ListColumn;
use super::pupils::{ListedPupil, PupilList, words};

/// A pupil list in which pupils can be looked up.
#[derive(Debug)]
pub struct Roster {
    list: PupilList,
    /// For each kind of number, the pupils who have it.
    numbers: HashMap<(ListColumn, String), Vec<usize>>,
    /// The same without zeros at the front.
    without_zeros: HashMap<(ListColumn, String), Vec<usize>>,
    full_names: HashMap<String, Vec<usize>>,
    surnames: HashMap<String, Vec<usize>>,
    /// Names as they were written in responses, and the pupil whom a person confirmed.
    confirmed: HashMap<String, usize>,
    dates: Option<DateOrder>,
}

/// What the columns of an id say, so that pupils can be looked up by them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookUp {
    /// A number or a full name of any kind.
    Any,
    /// One of these for each column.
    By(Vec<ListColumn>),
}

/// Who is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// This pupil, by their place in the list.
    One(usize),
    /// No pupil of the list.
    Nobody,
    /// It could be any of these.
    Several(Vec<usize>),
}

impl Meant {
    fn of(mut pupils: Vec<usize>) -> Self {
        pupils.sort_unstable();
        pupils.dedup();
        match pupils.as_slice() {
            [] => Self::Nobody,
            [only] => Self::One(*only),
            _ => Self::Several(pupils),
        }
    }
}

/// The kinds of number, and what a pupil has of each.
const NUMBERS: [ListColumn; 3] = [ListColumn::Id, ListColumn::Admission, ListColumn::Upn];

fn number(pupil: &ListedPupil, column: ListColumn) -> &str {
    match column {
        ListColumn::Id => &pupil.own_id,
        ListColumn::Admission => &pupil.admission,
        _ => &pupil.upn,
    }
}

impl Roster {
    /// A list in which pupils are looked up; `dates` is the order of a date that is part of an id.
    pub fn new(list: PupilList, dates: Option<DateOrder>) -> Self {
        let mut roster = Self {
            numbers: HashMap::new(),
            without_zeros: HashMap::new(),
            full_names: HashMap::new(),
            surnames: HashMap::new(),
            confirmed: HashMap::new(),
            list,
            dates,
        };
        for (index, pupil) in roster.list.pupils.iter().enumerate() {
            for column in NUMBERS {
                let number = number(pupil, column).trim();
                if !number.is_empty() {
                    roster.numbers.entry((column, number.to_lowercase())).or_default().push(index);
                    if let Some(bare) = bare_number(number).filter(|_| column != ListColumn::Upn) {
                        roster.without_zeros.entry((column, bare.to_owned())).or_default().push(index);
                    }
                }
            }
            for name in names_of(pupil) {
                roster.full_names.entry(name).or_default().push(index);
            }
            for surname in [&pupil.surname, &pupil.preferred_surname].into_iter().filter(|surname| !surname.is_empty()) {
                roster.surnames.entry(folded(surname)).or_default().push(index);
            }
        }
        roster
    }

    /// The list.
    pub fn list(&self) -> &PupilList {
        &self.list
    }

    /// One pupil of the list.
    pub fn pupil(&self, index: usize) -> Option<&ListedPupil> {
        self.list.pupils.get(index)
    }

    /// Notes that a person confirmed who is meant by a name as it was written. Says whether that is new: who was confirmed first stays.
    pub fn confirm(&mut self, written: &str, pupil: usize) -> bool {
        *self.confirmed.entry(folded(written)).or_insert(pupil) == pupil
    }

    /// Takes back what was confirmed of a name.
    pub fn forget(&mut self, written: &str) {
        self.confirmed.remove(&folded(written));
    }

    /// How pupils are looked up by the columns of an id.
    ///
    /// # Errors
    ///
    /// The column by which nobody can be looked up in this list, and why.
    pub fn look_up(&self, headings: &[&str]) -> Result<LookUp, (usize, String)> {
        let columns: Vec<Option<ListColumn>> = headings.iter().map(|heading| ListColumn::of(heading)).collect();
        if let [None | Some(ListColumn::Id | ListColumn::Name)] = columns.as_slice() {
            return Ok(LookUp::Any);
        }
        let mut known = Vec::new();
        for (index, column) in columns.into_iter().enumerate() {
            let Some(column) = column else {
                return Err((index, "nothing that pupils of the list can be looked up by".to_owned()));
            };
            let is_there = match column {
                ListColumn::Name => !self.full_names.is_empty(),
                column => self.list.columns.contains_key(&column),
            };
            if !is_there {
                return Err((index, format!("a pupil's {}, and the pupil list has no such column", words(column))));
            }
            known.push(column);
        }
        let names_somebody = |column: &ListColumn| {
            let preferred = [ListColumn::PreferredSurname, ListColumn::PreferredForename];
            NUMBERS.contains(column)
                || preferred.contains(column)
                || matches!(column, ListColumn::Name | ListColumn::Surname | ListColumn::Forename)
        };
        if !known.iter().any(names_somebody) {
            return Err((0, "no number and no name, so it says nothing of one pupil".to_owned()));
        }
        Ok(LookUp::By(known))
    }

    /// Who is meant by the cells of an id.
    pub fn find(&self, by: &LookUp, cells: &[&str]) -> Meant {
        let written = written(cells);
        let confirmed = (!self.confirmed.is_empty()).then(|| self.confirmed.get(&folded(&written))).flatten();
        if let Some(pupil) = confirmed {
            return Meant::One(*pupil);
        }
        match by {
            _ if written.is_empty() => Meant::Nobody,
            LookUp::Any => self.find_any(&written),
            LookUp::By(columns) => self.find_by(columns, cells),
        }
    }

    /// Who is meant by a number or a full name.
    pub fn find_any(&self, written: &str) -> Meant {
        let mut found: Vec<usize> = NUMBERS.iter().flat_map(|column| self.exactly(*column, written)).copied().collect();
        if found.is_empty() {
            found = NUMBERS.iter().flat_map(|column| self.but_for_zeros(*column, written)).copied().collect();
        }
        if found.is_empty() {
            found = self.named(written);
        }
        Meant::of(found)
    }

    fn exactly(&self, column: ListColumn, written: &str) -> &[usize] {
        self.numbers.get(&(column, written.trim().to_lowercase())).map_or(&[], Vec::as_slice)
    }

    fn but_for_zeros(&self, column: ListColumn, written: &str) -> &[usize] {
        let bare = bare_number(written.trim()).filter(|_| column != ListColumn::Upn);
        bare.and_then(|bare| self.without_zeros.get(&(column, bare.to_owned()))).map_or(&[], Vec::as_slice)
    }

    fn named(&self, written: &str) -> Vec<usize> {
        keys_of_name(written).iter().filter_map(|key| self.full_names.get(key)).flatten().copied().collect()
    }

    /// Whoever fits every cell. A blank cell says nothing, but one of the others must name somebody.
    fn find_by(&self, columns: &[ListColumn], cells: &[&str]) -> Meant {
        let told: Vec<(ListColumn, &str)> =
            columns.iter().copied().zip(cells.iter().map(|cell| cell.trim())).filter(|(_, cell)| !cell.is_empty()).collect();
        let asked = |column: ListColumn| told.iter().find(|(known, _)| *known == column).map(|(_, cell)| *cell);
        // A surname alone names somebody only where no forename is asked for.
        let wants_forename = columns.iter().any(|column| matches!(column, ListColumn::Forename | ListColumn::PreferredForename));
        let has_forename = asked(ListColumn::Forename).or_else(|| asked(ListColumn::PreferredForename)).is_some();
        let number = NUMBERS.iter().find_map(|column| Some((*column, asked(*column)?)));
        let mut found: Vec<usize> = if let Some((column, cell)) = number {
            let exact = self.exactly(column, cell);
            (if exact.is_empty() { self.but_for_zeros(column, cell) } else { exact }).to_vec()
        } else if let Some(name) = asked(ListColumn::Name) {
            self.named(name)
        } else if wants_forename && !has_forename {
            Vec::new()
        } else if let Some(surname) = asked(ListColumn::Surname).or_else(|| asked(ListColumn::PreferredSurname)) {
            self.surnames.get(&folded(surname)).cloned().unwrap_or_default()
        } else if has_forename && !columns.contains(&ListColumn::Surname) {
            (0..self.list.pupils.len()).collect()
        } else {
            Vec::new()
        };
        found.retain(|index| self.pupil(*index).is_some_and(|pupil| told.iter().all(|(column, cell)| self.fits(pupil, *column, cell))));
        Meant::of(found)
    }

    fn fits(&self, pupil: &ListedPupil, column: ListColumn, cell: &str) -> bool {
        let is = |known: &str| !known.is_empty() && folded(known) == folded(cell);
        match column {
            ListColumn::Surname | ListColumn::PreferredSurname => is(&pupil.surname) || is(&pupil.preferred_surname),
            ListColumn::Forename | ListColumn::PreferredForename => is(&pupil.forename) || is(&pupil.preferred_forename),
            ListColumn::Class => is(&pupil.class),
            ListColumn::Year => pupil.year.is_some() && pupil.year == school_year(cell),
            ListColumn::Sex => pupil.sex.is_some() && pupil.sex == sex(cell),
            ListColumn::Birth => pupil.birth.is_some() && pupil.birth == read_date(cell, self.dates).ok(),
            ListColumn::Sen | ListColumn::PupilPremium | ListColumn::FreeMeals | ListColumn::Eal | ListColumn::LookedAfter => {
                pupil.group(column.word()) == Some(column.value(cell).as_str())
            }
            // The pupil was found by it.
            ListColumn::Id | ListColumn::Admission | ListColumn::Upn | ListColumn::Name => true,
        }
    }

    /// Pupils whose name is like what was written, the likest first: for a person to choose from, never to be used unasked. Numbers that
    /// are like one another are most often two pupils'; only a UPN, which has a check letter, is near another by mistake.
    pub fn like(&self, written: &str, at_most: usize) -> Vec<usize> {
        const LIKE: f64 = 0.75;
        let wanted = folded(written);
        let likeness = |text: &str| strsim::jaro_winkler(&wanted, &folded(text));
        let mut found: Vec<(usize, f64)> = Vec::new();
        for (index, pupil) in self.list.pupils.iter().enumerate() {
            let turned = format!("{} {}", pupil.forename, pupil.surname);
            let in_class = format!("{}, {}", pupil.name, pupil.class);
            let texts = [&pupil.name, &turned, &in_class];
            let is_near = !pupil.upn.is_empty() && strsim::osa_distance(&wanted, &folded(&pupil.upn)) == 1;
            let best = if is_near { 1.0 } else { 0.0 };
            let best = texts.iter().filter(|text| !text.trim().is_empty()).map(|text| likeness(text)).fold(best, f64::max);
            if best >= LIKE {
                found.push((index, best));
            }
        }
        found.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        found.into_iter().take(at_most).map(|(index, _)| index).collect()
    }
}

/// The cells of an id as one text.
pub fn written(cells: &[&str]) -> String {
    cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A number without the zeros at its front; none if it is no number.
fn bare_number(text: &str) -> Option<&str> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.trim_start_matches('0')).filter(|bare| !bare.is_empty())
}

/// A name in one spelling: case, space, apostrophes and hyphens do not tell two names apart.
pub(super) fn folded(name: &str) -> String {
    let is_left_out = |character: &char| {
        character.is_whitespace()
            || matches!(character, '\'' | '`' | '´' | '\u{2032}' | '\u{2bc}' | '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
    };
    plain(name).chars().filter(|character| !is_left_out(character)).collect()
}

/// The keys under which a pupil is found by a full name: with a comma the surname stands first, without one either may.
fn names_of(pupil: &ListedPupil) -> Vec<String> {
    let mut keys = Vec::new();
    let mut both = |surname: &str, forename: &str| {
        if !surname.is_empty() && !forename.is_empty() {
            keys.extend([format!("{surname},{forename}"), format!("{surname}{forename}"), format!("{forename}{surname}")]);
        }
    };
    for surname in [&pupil.surname, &pupil.preferred_surname] {
        for forename in [&pupil.forename, &pupil.preferred_forename] {
            both(&folded(surname), &folded(forename));
        }
    }
    match pupil.name.split_once(',') {
        Some((surname, forename)) => both(&folded(surname), &folded(forename)),
        // In which order it is written is not known: it is found as it stands.
        None if !pupil.name.is_empty() => {
            let name = folded(&pupil.name);
            keys.extend([format!("={name}"), name]);
        }
        None => {}
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The keys under which a name as it is written is looked up.
fn keys_of_name(written: &str) -> Vec<String> {
    match written.split_once(',') {
        Some((surname, forename)) => {
            let (surname, forename) = (folded(surname), folded(forename));
            // A name that the list has in one piece, in the usual order.
            vec![format!("{surname},{forename}"), format!("={forename}{surname}")]
        }
        None => vec![folded(written)],
    }
}
