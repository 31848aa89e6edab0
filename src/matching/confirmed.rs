//! The rows of a names file that a person has filled in, as they stand there: what a new names file has to keep.

use super::header::key;
use super::names::{AS_WRITTEN, PUPIL};
use crate::input::{Input, InputOptions, ReadError, Table};

/// The names and pupils of a names file, where both are filled in.
///
/// # Errors
///
/// When the file cannot be read.
pub fn confirmed_names(input: &Input, options: &InputOptions) -> Result<Vec<(String, String)>, ReadError> {
    const BATCH: usize = 2048;
    let mut table = Table::open(input, options)?;
    let column = |wanted: &str| table.header().iter().position(|heading| key(heading) == key(wanted));
    let (written, pupil) = (column(AS_WRITTEN), column(PUPIL));
    let mut confirmed = Vec::new();
    while let Some(batch) = table.next_batch(BATCH)? {
        for record in batch.records() {
            let cell = |column: Option<usize>| column.map_or("", |column| record.cell(column)).trim().to_owned();
            let row = (cell(written), cell(pupil));
            if !row.0.is_empty() && !row.1.is_empty() {
                confirmed.push(row);
            }
        }
    }
    Ok(confirmed)
}
