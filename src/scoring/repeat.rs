//! A pupil twice: which response counts, where the user says so. Without a word of theirs both are scored and named.
//!
//! A response that does not count is left out of the output, with a finding; its alerts are told all the same.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::matching::{DateOrder, read_date};

/// Which response counts when a pupil stands twice: the same pupil, informant and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// The first in the files.
    First,
    /// The latest by date; the last in the files where there are no dates.
    Latest,
}

/// A row of one of the files.
pub(super) type RowPlace = (usize, u64);

/// Which responses count, as far as the files were read.
#[derive(Debug)]
pub(super) struct Repeats {
    pub(super) rule: Repeat,
    dates: Option<DateOrder>,
    counting: HashMap<u64, Counting>,
}

/// A response that counts.
#[derive(Clone, Copy, Debug)]
struct Counting {
    place: RowPlace,
    date: Dated,
}

/// When a response was given, as the file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dated {
    On(Date),
    NotSaid,
    Unreadable,
}

impl Repeats {
    pub(super) fn new(rule: Repeat, dates: Option<DateOrder>) -> Self {
        Self { rule, dates, counting: HashMap::new() }
    }

    /// Takes one response of a pupil. An error is the row of another, where it cannot be told which of the two is the later.
    pub(super) fn take(&mut self, mark: u64, place: RowPlace, date: &str) -> Result<(), RowPlace> {
        let date = match date.trim() {
            "" => Dated::NotSaid,
            cell => read_date(cell, self.dates).map_or(Dated::Unreadable, Dated::On),
        };
        let response = Counting { place, date };
        let Some(known) = self.counting.get_mut(&mark) else {
            self.counting.insert(mark, response);
            return Ok(());
        };
        if self.rule == Repeat::First {
            return Ok(());
        }
        let is_later = match (known.date, date) {
            (Dated::NotSaid, Dated::NotSaid) => true,
            (Dated::On(known), Dated::On(date)) => date >= known,
            _ => return Err(known.place),
        };
        if is_later {
            *known = response;
        }
        Ok(())
    }

    /// The row that counts instead of this one, if another does.
    pub(super) fn instead_of(&self, mark: u64, place: RowPlace) -> Option<RowPlace> {
        self.counting.get(&mark).map(|counting| counting.place).filter(|counting| *counting != place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting(rule: Repeat, dates: [&str; 3]) -> Result<Option<RowPlace>, RowPlace> {
        let mut repeats = Repeats::new(rule, None);
        for (row, date) in (2..).zip(dates) {
            repeats.take(7, (0, row), date)?;
        }
        Ok(repeats.instead_of(7, (0, 99)))
    }

    #[test]
    fn the_latest_is_told_by_date_or_else_by_the_order_of_the_file() {
        for (rule, dates, expected) in [
            (Repeat::First, ["2026-09-03", "", "x"], Ok(Some((0, 2)))),
            (Repeat::Latest, ["", "", ""], Ok(Some((0, 4)))),
            (Repeat::Latest, ["2026-09-03", "2026-09-10", "2026-09-01"], Ok(Some((0, 3)))),
            (Repeat::Latest, ["2026-09-03", "2026-09-03", "2026-09-01"], Ok(Some((0, 3)))),
            (Repeat::Latest, ["2026-09-03", "", "2026-09-01"], Err((0, 2))),
            (Repeat::Latest, ["05/09/2026", "06/09/2026", ""], Err((0, 2))),
        ] {
            assert_eq!(counting(rule, dates), expected, "{rule:?} {dates:?}");
        }
    }
}
