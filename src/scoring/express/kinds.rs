//! What a file says of its pupils, each kind of pupil once.

use std::collections::HashMap;

use super::answers::{Plan, Read};
use crate::input::Record;
use crate::instrument::{Pupil, Said};
use crate::matching::Role;
use crate::scoring::reading::Reading;
use crate::scoring::responses::KnownFile;

/// As many ways to write what a file says of pupils.
const MOST_SPELLINGS: usize = 1 << 14;

/// The kinds of pupils that came up so far.
#[derive(Debug)]
pub(super) struct Kinds {
    /// Whether sex and year tell pupils apart too.
    by_sex_and_year: bool,
    /// The kept cells by which pupils differ.
    cells: Vec<usize>,
    most: usize,
    pupils: Vec<Pupil>,
    /// For each way to write what pupils go by, which kind it is; none where that is to be told.
    spellings: HashMap<Vec<u8>, Option<usize>>,
    key: Vec<u8>,
}

/// The columns by which pupils differ: an age may be outside the form's.
pub(super) fn pupil_columns(file: &KnownFile, by_sex_and_year: bool) -> Vec<usize> {
    let role = |role: Role| file.map.role(role);
    let grouped = [Role::Sex, Role::Year].into_iter().filter(|_| by_sex_and_year).filter_map(role);
    role(Role::Age).into_iter().chain(grouped).collect()
}

impl Kinds {
    pub(super) fn new(file: &KnownFile, by_sex_and_year: bool, plan: &Plan, most: usize) -> Option<Self> {
        let columns = pupil_columns(file, by_sex_and_year);
        let cells = columns.into_iter().map(|column| plan.kept_place(column)).collect::<Option<_>>()?;
        Some(Self { by_sex_and_year, cells, most, pupils: Vec::new(), spellings: HashMap::new(), key: Vec::new() })
    }

    pub(super) fn get(&self, kind: usize) -> &Pupil {
        &self.pupils[kind]
    }

    pub(super) fn len(&self) -> usize {
        self.pupils.len()
    }

    /// The kind of a row's pupil; none where anything about that is noteworthy.
    #[inline]
    pub(super) fn of(&mut self, reading: &Reading<'_>, record: Record<'_>, read: &Read) -> Option<usize> {
        if self.cells.is_empty() && !self.pupils.is_empty() {
            return Some(0);
        }
        self.key.clear();
        for place in &self.cells {
            let (start, end) = read.kept(*place);
            self.key.extend_from_slice(&record.text().as_bytes()[start..end]);
            self.key.push(0xff);
        }
        if let Some(known) = self.spellings.get(self.key.as_slice()) {
            return *known;
        }
        if self.spellings.len() >= MOST_SPELLINGS {
            return None;
        }
        let kind = self.pupil(reading, record).and_then(|pupil| self.kind(pupil));
        self.spellings.insert(self.key.clone(), kind);
        kind
    }

    /// What a row says of the pupil, as far as it matters; none where it cannot be read or is to be told of.
    fn pupil(&self, reading: &Reading<'_>, record: Record<'_>) -> Option<Pupil> {
        let pupil = reading.said_of_pupil(record, self.by_sex_and_year)?;
        let is_outside = |years: u8| reading.layout.forms().iter().any(|form| form.outside_ages(years).is_some());
        match pupil.age {
            Said::This(years) if is_outside(years) => None,
            _ => Some(pupil),
        }
    }

    fn kind(&mut self, pupil: Pupil) -> Option<usize> {
        if let Some(known) = self.pupils.iter().position(|kind| *kind == pupil) {
            return Some(known);
        }
        if self.pupils.len() >= self.most {
            return None;
        }
        self.pupils.push(pupil);
        Some(self.pupils.len() - 1)
    }
}
