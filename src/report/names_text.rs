//! A names file: names as they were written whose pupil is not known, with suggestions for a person who knows.

use std::io;

use super::{Cell, CsvFlavour, CsvSink, RowSink};
use crate::matching::{AS_WRITTEN, ListedPupil, PUPIL, Roster};
use crate::scoring::Unmatched;

/// A names file as CSV: what a person confirmed before, then the names that are nobody's, whose pupil is left open.
///
/// # Errors
///
/// None but for want of memory.
pub fn names_csv(confirmed: &[(String, String)], unmatched: &[Unmatched], roster: &Roster) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut sink = CsvSink::new(&mut bytes, CsvFlavour::Plain)?;
    sink.columns(&[AS_WRITTEN, PUPIL, "suggestions"].map(str::to_owned))?;
    for (written, pupil) in confirmed {
        sink.row(&[Cell::text(written.as_str()), Cell::text(pupil.as_str()), Cell::Empty])?;
    }
    for row in unmatched {
        let likely: Vec<String> = row.likely.iter().filter_map(|index| roster.pupil(*index)).map(described).collect();
        sink.row(&[Cell::text(row.written.as_str()), Cell::Empty, Cell::text(likely.join("; "))])?;
    }
    sink.flush()?;
    drop(sink);
    Ok(bytes)
}

/// `T01 (Invented, Ada, 7A)`: the id that the names file wants, and who that is.
fn described(pupil: &ListedPupil) -> String {
    let about: Vec<&str> =
        [&*pupil.name, &*pupil.class].into_iter().filter(|word| !word.trim().is_empty() && *word != &*pupil.id).collect();
    if about.is_empty() { pupil.id.clone() } else { format!("{} ({})", pupil.id, about.join(", ")) }
}
