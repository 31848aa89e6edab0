//! A cell of an output: nothing, text, or a number.

use std::borrow::Cow;

use serde_json::Value;

use crate::instrument::Number;

/// A cell of an output.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'c> {
    /// Nothing: an absent score.
    Empty,
    /// Text of ours or of the user's.
    Text(Cow<'c, str>),
    /// A score.
    Number(Number),
    /// A count.
    Count(u64),
    /// A statistic with so many decimals.
    Decimal(f64, usize),
}

impl<'c> Cell<'c> {
    /// A text cell.
    pub fn text(text: impl Into<Cow<'c, str>>) -> Self {
        Self::Text(text.into())
    }

    /// The cell for a spreadsheet: text that it would run as a formula gets an apostrophe in front, numbers stay as they are.
    pub fn for_spreadsheet(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) if runs_as_formula(text) => Cow::Owned(format!("'{text}")),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Count(count) => Cow::Owned(count.to_string()),
            Self::Decimal(value, places) => Cow::Owned(decimal(*value, *places)),
        }
    }

    /// The cell as JSON: numbers as numbers, nothing as null.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Empty => Value::Null,
            Self::Text(text) => Value::String(text.to_string()),
            Self::Number(number) => match number.as_whole() {
                Some(whole) => Value::from(whole),
                None => number.to_string().parse::<f64>().map_or(Value::Null, Value::from),
            },
            Self::Count(count) => Value::from(*count),
            Self::Decimal(value, places) => decimal(*value, *places).parse::<f64>().map_or(Value::Null, Value::from),
        }
    }
}

/// A statistic with so many decimals; a nought has no sign.
pub(super) fn decimal(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    if text.trim_start_matches('-').bytes().all(|byte| matches!(byte, b'0' | b'.')) {
        text.trim_start_matches('-').to_owned()
    } else {
        text
    }
}

/// A text that a spreadsheet would run: it begins like a formula and is no plain number (CWE-1236).
fn runs_as_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && Number::parse(text).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised_and_numbers_are_not() {
        for (text, expected) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+1+1", "'+1+1"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("-4", "-4"),
            ("+3", "+3"),
            ("O'Connor", "O'Connor"),
            ("", ""),
        ] {
            assert_eq!(Cell::text(text).for_spreadsheet(), expected);
        }
        assert_eq!(Cell::Number(Number::whole(-4)).for_spreadsheet(), "-4");
    }
}
