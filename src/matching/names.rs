//! The names file: which pupil is meant by a name as it was written, confirmed by a person. Nothing else ever joins a name to a pupil
//! whose own name is another.

use std::sync::Arc;

use super::header::key;
use super::roster::{Meant, Roster};
use crate::findings::{Code, Column, Finding, Place, quoted_list};
use crate::input::{Input, InputOptions, ReadError, Table};
use crate::provenance::UsedInput;

/// The column with the name as it was written in the responses.
pub const AS_WRITTEN: &str = "as_written";
/// The column with the pupil who is meant: an id of the pupil list, filled in by a person.
pub const PUPIL: &str = "pupil";

/// Reads a names file, and notes in the roster who is meant. A row whose pupil nobody filled in does not count.
///
/// # Errors
///
/// When it cannot be read, or lacks one of its two columns.
pub fn read_names(input: &Input, options: &InputOptions, roster: &mut Roster) -> Result<(UsedInput, Vec<Finding>), ReadError> {
    const BATCH: usize = 2048;
    let mut table = Table::open(input, options)?;
    let name = Arc::clone(table.name());
    let header = table.header().to_vec();
    let column = |wanted: &str| {
        let index = header.iter().position(|heading| key(heading) == key(wanted))?;
        Some(Column { index, name: header.get(index)?.as_str().into() })
    };
    let (Some(written), Some(pupil)) = (column(AS_WRITTEN), column(PUPIL)) else {
        let message = format!("a names file has the columns `{AS_WRITTEN}` and `{PUPIL}`, and this one has {}", quoted_list(&header, 20));
        return Err(Finding::new(Code::P014, Place::File(name), message).into());
    };
    let mut findings = Vec::new();
    let mut taken_back: Vec<String> = Vec::new();
    while let Some(batch) = table.next_batch(BATCH)? {
        for record in batch.records() {
            let (text, id) = (record.cell(written.index).trim(), record.cell(pupil.index).trim());
            if text.is_empty() || id.is_empty() {
                continue;
            }
            let message = match roster.find_any(id) {
                Meant::One(index) if roster.confirm(text, index) => continue,
                Meant::One(_) => {
                    taken_back.push(text.to_owned());
                    "this name has another pupil in a row above: neither counts"
                }
                Meant::Nobody => "no pupil of the list has this id: the row does not count",
                Meant::Several(_) => "two pupils of the list have this id: the row does not count",
            };
            let place = Place::Row { file: Arc::clone(&name), row: record.row(), column: Some(pupil.clone()) };
            let help = format!("write the pupil's id from `{}`", roster.list().name);
            findings.push(Finding::new(Code::P010, place, message).value(id).help(help));
        }
    }
    findings.extend(table.assumed());
    for text in taken_back {
        roster.forget(&text);
    }
    Ok((table.used(), findings))
}
