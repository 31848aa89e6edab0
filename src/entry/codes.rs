//! What may be typed into a cell of an entry sheet, as spreadsheet programs can be told it.

use crate::instrument::{AnswerSet, Number};

/// What may be typed into a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// One of a few codes, in the order of the form: a drop-down.
    List(Vec<Number>),
    /// A whole number from the first to the last.
    Whole(i32, i32),
    /// A number from the first to the last in steps.
    Steps {
        /// The lowest.
        from: Number,
        /// The highest.
        to: Number,
        /// How far apart.
        step: Number,
    },
}

/// More codes than this are no drop-down that anybody wants to scroll through.
const LONGEST_LIST: usize = 11;

impl Allowed {
    /// What a set of answers allows.
    pub fn of(set: &AnswerSet) -> Self {
        let (from, to) = set.range();
        if let Some(step) = set.step.filter(|step| *step != Number::whole(1)) {
            return Self::Steps { from, to, step };
        }
        let small = |number: Number| number.as_whole().and_then(|number| i32::try_from(number).ok());
        match (small(from), small(to)) {
            (Some(from), Some(to)) if set.codes.len() > LONGEST_LIST && has_no_gap(set) => Self::Whole(from, to),
            _ => Self::List(set.codes.clone()),
        }
    }

    /// A formula for how many cells of a row hold something that is not allowed; `first` and `last` are their columns' letters.
    pub fn count_not_allowed(&self, columns: &[String], row: u32) -> String {
        let (Some(first), Some(last)) = (columns.first(), columns.last()) else { return "0".to_owned() };
        let range = format!("{first}{row}:{last}{row}");
        match self {
            Self::List(codes) => {
                let codes: Vec<String> = codes.iter().map(|code| decimals(*code)).collect();
                format!("SUMPRODUCT(--(LEN(TRIM({range}))>0))-SUMPRODUCT(COUNTIF({range},{{{}}}))", codes.join(","))
            }
            Self::Whole(..) | Self::Steps { .. } => {
                let cells: Vec<String> = columns.iter().map(|column| self.is_not_allowed(&format!("{column}{row}"))).collect();
                cells.iter().map(|cell| format!("({cell})*1")).collect::<Vec<_>>().join("+")
            }
        }
    }

    /// A formula for whether a cell holds something that is not allowed.
    pub fn is_not_allowed(&self, cell: &str) -> String {
        let outside = match self {
            Self::List(codes) => format!("NOT({})", is_one_of(cell, codes)),
            Self::Whole(from, to) => format!("{cell}*1<{from},{cell}*1>{to},INT({cell}*1)<>{cell}*1"),
            // Steps of a tenth are no binary numbers, so the nearest step is asked for, and a hair's breadth allowed.
            Self::Steps { from, to, step } => {
                let (from, to, step) = (decimals(*from), decimals(*to), decimals(*step));
                format!("{cell}*1<{from},{cell}*1>{to},ABS(({cell}-{from})/{step}-ROUND(({cell}-{from})/{step},0))>0.000001")
            }
        };
        format!("AND(LEN(TRIM({cell}))>0,IFERROR(OR({outside}),TRUE))")
    }

    /// What is allowed in words: `0, 1 or 2`.
    pub fn words(&self) -> String {
        match self {
            Self::List(codes) if codes.len() > LONGEST_LIST => {
                let (lowest, highest) = (codes.iter().min().copied(), codes.iter().max().copied());
                format!("{} to {}, as the form prints them", lowest.unwrap_or(Number::ZERO), highest.unwrap_or(Number::ZERO))
            }
            Self::List(codes) => crate::findings::list_or(codes),
            Self::Whole(from, to) => format!("a whole number from {from} to {to}"),
            Self::Steps { from, to, step } => format!("{from} to {to} in steps of {step}"),
        }
    }
}

/// Whether every whole number from the lowest to the highest code is one: the codes are all different, so their number tells.
fn has_no_gap(set: &AnswerSet) -> bool {
    let (from, to) = set.range();
    let count = i64::try_from(set.codes.len()).map_or(Number::ZERO, Number::whole);
    set.codes.iter().all(|code| code.as_whole().is_some()) && to - from + Number::whole(1) == count
}

/// A formula for whether a cell is one of some codes. Lists in braces would be shorter, and Excel refuses them in rules for colours.
pub fn is_one_of(cell: &str, codes: &[Number]) -> String {
    let codes: Vec<String> = codes.iter().map(|code| format!("{cell}*1={}", decimals(*code))).collect();
    format!("OR({})", codes.join(","))
}

/// A code as formulas write it.
fn decimals(number: Number) -> String {
    super::exact(number)
}
