//! Withdrawn consent: the ids whose responses are left out before anything is read of them. The ids themselves are never printed.

use std::collections::HashSet;
use std::sync::Arc;

use super::header::plain;
use super::list_columns::ListColumn;
use super::roster::{LookUp, Meant, Roster, folded, written};
use crate::findings::{Code, Finding, Place};
use crate::input::{Input, InputOptions, ReadError, Table};
use crate::provenance::UsedInput;

/// The pupils whose responses are left out.
#[derive(Debug)]
pub struct Exclusions {
    /// The file's name.
    pub name: Arc<str>,
    /// Its name and hash.
    pub used: UsedInput,
    entries: Vec<Entry>,
    ids: HashSet<String>,
    without_zeros: HashSet<String>,
    pupils: HashSet<usize>,
}

/// One pupil whose consent was withdrawn.
#[derive(Debug)]
struct Entry {
    ids: Vec<String>,
    pupil: Option<usize>,
}

/// Why a response is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveOut {
    /// Its id, or its pupil, is in the file.
    Named,
    /// Its id differs from one in the file only in the zeros at its front. Whose consent is in doubt is left out too.
    ButForZeros,
}

/// Reads the file of ids: one id a row, under a header or without one; or the columns of a name.
///
/// # Errors
///
/// When it cannot be read, when the column of the ids cannot be told, or when an id fits two pupils of the list.
pub fn read_exclusions(input: &Input, options: &InputOptions, roster: Option<&Roster>) -> Result<Exclusions, ReadError> {
    const BATCH: usize = 2048;
    let mut table = Table::open(input, options)?;
    let name = Arc::clone(table.name());
    let header = table.header().to_vec();
    let columns = Columns::of(&header).ok_or_else(|| {
        let message = "which column of this file holds the ids cannot be told";
        Finding::new(Code::P014, Place::File(Arc::clone(&name)), message).help("call it `id`, `UPN` or `Admission Number`")
    })?;
    let empty = UsedInput { name: String::new(), sha256: String::new() };
    let mut exclusions =
        Exclusions { name, used: empty, entries: Vec::new(), ids: HashSet::new(), without_zeros: HashSet::new(), pupils: HashSet::new() };
    if let (Columns::Bare, Some(first)) = (&columns, header.first()) {
        exclusions.add(&columns, &[first.as_str()], 1, roster)?;
    }
    while let Some(batch) = table.next_batch(BATCH)? {
        for record in batch.records() {
            let cells: Vec<&str> = record.cells().map(str::trim).collect();
            exclusions.add(&columns, &cells, record.row(), roster)?;
        }
    }
    exclusions.used = table.used();
    Ok(exclusions)
}

/// Where the ids of the file stand.
enum Columns {
    /// In the first column, from the first row on.
    Bare,
    /// Each of these is a number of the pupil.
    Numbers(Vec<usize>),
    /// These together are a name.
    Name(Vec<(usize, ListColumn)>),
}

impl Columns {
    fn of(header: &[String]) -> Option<Self> {
        let known: Vec<(usize, ListColumn)> =
            header.iter().enumerate().filter_map(|(index, heading)| Some((index, ListColumn::of(heading)?))).collect();
        let is_number = |column: &ListColumn| matches!(column, ListColumn::Upn | ListColumn::Admission | ListColumn::Id);
        let is_name = |column: &ListColumn| matches!(column, ListColumn::Name | ListColumn::Surname);
        if known.iter().any(|(_, column)| is_number(column)) {
            return Some(Self::Numbers(known.into_iter().filter(|(_, column)| is_number(column)).map(|(index, _)| index).collect()));
        }
        if known.iter().any(|(_, column)| is_name(column)) {
            return Some(Self::Name(known));
        }
        (header.len() == 1).then_some(Self::Bare)
    }
}

impl Exclusions {
    fn add(&mut self, columns: &Columns, cells: &[&str], row: u64, roster: Option<&Roster>) -> Result<(), ReadError> {
        let cell = |index: usize| cells.get(index).copied().unwrap_or_default();
        let (ids, meant) = match columns {
            Columns::Bare | Columns::Numbers(_) => {
                let places = if let Columns::Numbers(places) = columns { places.as_slice() } else { &[0] };
                let ids: Vec<&str> = places.iter().map(|index| cell(*index)).filter(|id| !id.is_empty()).collect();
                let found = ids.iter().filter_map(|id| roster.map(|roster| roster.find_any(id))).find(|meant| *meant != Meant::Nobody);
                (ids.into_iter().map(str::to_owned).collect::<Vec<_>>(), found)
            }
            Columns::Name(columns) => {
                let cells: Vec<&str> = columns.iter().map(|(index, _)| cell(*index)).collect();
                let by = match columns.as_slice() {
                    [(_, ListColumn::Name)] => LookUp::Any,
                    columns => LookUp::By(columns.iter().map(|(_, column)| *column).collect()),
                };
                let text = written(&cells);
                let found = roster.map(|roster| roster.find(&by, &cells));
                ((!text.is_empty()).then_some(text).into_iter().collect(), found)
            }
        };
        if ids.is_empty() {
            return Ok(());
        }
        let pupil = match meant {
            Some(Meant::One(pupil)) => Some(pupil),
            Some(Meant::Several(_)) => {
                let place = Place::Row { file: Arc::clone(&self.name), row, column: None };
                let message = "this row fits two pupils of the list: whose responses are to be left out cannot be told";
                return Err(Finding::new(Code::P014, place, message).help("write the pupil's UPN or admission number").into());
            }
            Some(Meant::Nobody) | None => None,
        };
        self.pupils.extend(pupil);
        self.ids.extend(ids.iter().map(|id| spelling(id)));
        self.without_zeros.extend(ids.iter().filter_map(|id| bare(id)));
        self.entries.push(Entry { ids: ids.iter().map(|id| spelling(id)).collect(), pupil });
        Ok(())
    }

    /// How many pupils are named.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether a pupil of the list is named.
    pub fn names_pupil(&self, pupil: usize) -> bool {
        self.pupils.contains(&pupil)
    }

    /// Whether a response is left out: by its id, and by its pupil where a list says who that is.
    pub fn leaves_out(&self, id: &str, pupil: Option<usize>) -> Option<LeaveOut> {
        if pupil.is_some_and(|pupil| self.pupils.contains(&pupil)) || (!id.is_empty() && self.ids.contains(&spelling(id))) {
            return Some(LeaveOut::Named);
        }
        // Where the list says that it is another pupil's, the zeros are no doubt.
        let in_doubt = pupil.is_none() && bare(id).is_some_and(|bare| self.without_zeros.contains(&bare));
        in_doubt.then_some(LeaveOut::ButForZeros)
    }

    /// The places of the entries that a response belongs to.
    pub fn entries_of<'e>(&'e self, id: &'e str, pupil: Option<usize>) -> impl Iterator<Item = usize> + 'e {
        let (id, bare_id) = (spelling(id), bare(id));
        let is_it = move |entry: &Entry| {
            (pupil.is_some() && entry.pupil == pupil)
                || entry.ids.iter().any(|known| *known == id || (bare_id.is_some() && bare(known) == bare_id))
        };
        self.entries.iter().enumerate().filter(move |(_, entry)| is_it(entry)).map(|(index, _)| index)
    }
}

/// An id in one spelling: case does not matter, and in a name neither do spaces, apostrophes and hyphens.
fn spelling(id: &str) -> String {
    let id = id.trim();
    if id.contains([' ', ',']) { folded(id) } else { plain(id) }
}

/// A number without the zeros at its front; none if it is no number.
fn bare(id: &str) -> Option<String> {
    let id = id.trim();
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| id.trim_start_matches('0').to_owned())
}
