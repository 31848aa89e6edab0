//! Cells of a goals file: dates, ratings, weights. Each is read or refused, never guessed.

use jiff::civil::Date;

use super::target::plain_number;
use super::{RatedInstrument, Standing};
use crate::instrument::Number;

/// A date as `2026-07-01`, and in no other order: 01/07/2026 is two different days in two countries.
pub(super) fn date(cell: &str) -> Option<Date> {
    let bytes = cell.as_bytes();
    let is_plain = bytes.len() == 10
        && bytes.iter().enumerate().all(|(position, byte)| if matches!(position, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() });
    // jiff reads other ISO forms too; only this one is promised.
    is_plain.then(|| cell.parse().ok()).flatten()
}

/// A rating; `None` if the cell is none.
pub(super) fn rating(cell: &str, instrument: RatedInstrument) -> Option<Standing> {
    let cell = cell.trim().replace('\u{2212}', "-");
    if cell.is_empty() {
        return Some(Standing::NoResponse);
    }
    let (lowest, highest) = instrument.range();
    let number = plain_number(&cell).filter(|number| *number >= lowest && *number <= highest)?;
    // A GAS level is one of five descriptions; a GBO rating may lie between two numbers.
    let is_level = instrument == RatedInstrument::Gbo || number.as_whole().is_some();
    is_level.then_some(Standing::Score { score: number, level: None })
}

/// What a rating can be, in words.
pub(super) fn allowed(instrument: RatedInstrument) -> &'static str {
    match instrument {
        RatedInstrument::Gbo => "allowed: 0 to 10",
        RatedInstrument::Gas => "allowed: -2, -1, 0, 1 or 2",
    }
}

/// A weight: 1 if the cell is empty, `None` if it is none.
pub(super) fn weight(cell: &str) -> Option<Number> {
    match cell.trim() {
        "" => Some(Number::whole(1)),
        cell => plain_number(cell).filter(|weight| *weight >= Number::ZERO),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_way_of_writing_a_date_is_read() {
        for (cell, expected) in [
            ("2026-07-01", Some("2026-07-01")),
            ("2024-02-29", Some("2024-02-29")),
            ("2026-02-29", None),
            ("01/07/2026", None),
            ("2026/07/01", None),
            ("2026-7-1", None),
            ("20260701", None),
            ("2026-07-01T00:00", None),
            ("1 July 2026", None),
            ("46204", None),
            ("", None),
        ] {
            assert_eq!(date(cell).map(|date| date.to_string()).as_deref(), expected, "{cell:?}");
        }
    }

    #[test]
    fn ratings_stay_inside_their_range() {
        let score = |text: &str| Number::parse(text).map(|score| Standing::Score { score, level: None });
        let (gbo, gas) = (RatedInstrument::Gbo, RatedInstrument::Gas);
        for (cell, instrument, expected) in [
            ("0", gbo, score("0")),
            (" 10 ", gbo, score("10")),
            ("7.5", gbo, score("7.5")),
            ("", gbo, Some(Standing::NoResponse)),
            ("11", gbo, None),
            ("-1", gbo, None),
            ("8/10", gbo, None),
            ("9.99999", gbo, None),
            ("-2", gas, score("-2")),
            ("\u{2212}1", gas, score("-1")),
            ("+1", gas, score("1")),
            ("0.5", gas, None),
            ("3", gas, None),
            ("good", gas, None),
        ] {
            assert_eq!(rating(cell, instrument), expected, "{cell:?}");
        }
    }

    #[test]
    fn weights_are_numbers_that_are_not_negative() {
        for (cell, expected) in
            [("", Some(Number::whole(1))), ("2", Some(Number::whole(2))), ("0", Some(Number::ZERO)), ("-1", None), ("x", None)]
        {
            assert_eq!(weight(cell), expected, "{cell:?}");
        }
    }
}
