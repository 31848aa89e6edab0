//! From cells to codes: what stands in an item column is a code of the form, nothing, or something else, which is no answer.

use super::dialect::Dialect;
use super::draft::case;
use super::exact::lowest_common_multiple;
use crate::instrument::{AnswerSet, Number};

/// The answer to a question: a column that holds its code in parts of a unit, or nothing.
#[derive(Clone, Debug)]
pub(super) struct Code {
    /// The column.
    pub(super) column: String,
    /// How many parts make 1.
    pub(super) unit: i64,
    /// The codes in these parts, in the order of the answer set.
    pub(super) codes: Vec<i64>,
}

/// More codes than this are read as numbers between two ends, where they leave no gap.
const MOST_LISTED: usize = 12;

impl Code {
    pub(super) fn new(column: String, set: &AnswerSet) -> Self {
        let unit = set.codes.iter().fold(1, |unit, code| lowest_common_multiple(unit, code.under()));
        Self { column, unit, codes: set.codes.iter().map(|code| code.over() * (unit / code.under())).collect() }
    }

    fn ends(&self) -> (i64, i64) {
        (self.codes.iter().copied().min().unwrap_or(0), self.codes.iter().copied().max().unwrap_or(0))
    }

    /// How many decimals a code can have, if codes are decimals of so many places without a gap.
    fn decimals_without_gap(&self) -> Option<u32> {
        let decimals = (0..9).find(|decimals| 10_i64.pow(*decimals) == self.unit)?;
        let (lowest, highest) = self.ends();
        (i64::try_from(self.codes.len()) == Ok(highest - lowest + 1)).then_some(decimals)
    }

    /// A cell as plain text: nothing where it is blank, `02` and `2.0` as `2`.
    pub(super) fn cell(&self, dialect: Dialect, source: &str) -> String {
        let text = format!("trim(CAST({source} AS {}))", dialect.text_type());
        let fraction = if self.unit == 1 { "[.]0*" } else { "[.]0+" };
        let plain = match (self.unit, self.ends().0 < 0) {
            (1, false) => dialect.replaced(&text, &format!("^[+]?0*([0-9]+)({fraction})?$"), &[1]),
            (1, true) => dialect.replaced(&text, &format!("^([+]|(-))?0*([0-9]+)({fraction})?$"), &[2, 3]),
            _ => dialect.replaced(&text, "^([+]|(-))?0*([0-9]+([.][0-9]*[1-9])?)([.]?0*)$", &[2, 3]),
        };
        format!("nullif({plain}, '')")
    }

    /// The code that a cell holds, in parts of the unit; nothing if it holds none.
    pub(super) fn read(&self, dialect: Dialect, cell: &str, set: &AnswerSet) -> String {
        let (lowest, highest) = self.ends();
        match self.decimals_without_gap() {
            Some(decimals) if self.codes.len() > MOST_LISTED => {
                let sign = if lowest < 0 { "-?" } else { "" };
                let fraction = if decimals == 0 { String::new() } else { format!("([.][0-9]{{1,{decimals}}})?") };
                let is_number = dialect.matches(cell, &format!("^{sign}[0-9]{{1,9}}{fraction}$"));
                let number = if decimals == 0 {
                    format!("CAST(CASE WHEN {is_number} THEN {cell} END AS BIGINT)")
                } else {
                    format!("CAST({} * CAST(CASE WHEN {is_number} THEN {cell} END AS DECIMAL(18, {decimals})) AS BIGINT)", self.unit)
                };
                case(&[(format!("{number} BETWEEN {lowest} AND {highest}"), number)], None)
            }
            _ => {
                let codes = set.codes.iter().zip(&self.codes);
                let cases: Vec<String> =
                    codes.map(|(code, parts)| format!("WHEN {} THEN {parts}", dialect.text(&decimal(*code)))).collect();
                format!("CASE {cell} {} END", cases.join(" "))
            }
        }
    }
}

/// A number with all its decimals: definitions are written in decimals, so there is an end to them.
pub(super) fn decimal(number: Number) -> String {
    let mut decimals = 0;
    let mut parts = number;
    while parts.as_whole().is_none() && decimals < 9 {
        parts = parts * 10;
        decimals += 1;
    }
    let digits = format!("{:0>width$}", parts.over().unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let sign = if number.over() < 0 { "-" } else { "" };
    if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_written_out() {
        for (over, under, expected) in [(7, 1, "7"), (-2, 1, "-2"), (1, 2, "0.5"), (-1, 8, "-0.125"), (105, 10, "10.5")] {
            assert_eq!(Number::ratio(over, under).map(decimal).as_deref(), Some(expected));
        }
    }
}
