//! Where a finding is: a cell as the spreadsheet names it, or a stretch of a definition.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A column of a table: its position, counted from 0, and its name in the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Position, counted from 0.
    pub index: usize,
    /// The name in the header, as it was written.
    pub name: Arc<str>,
}

/// Where a finding is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file as a whole.
    File(Arc<str>),
    /// A column of a file as a whole.
    Header {
        /// The file's name.
        file: Arc<str>,
        /// The column.
        column: Column,
    },
    /// A row of a table, or one cell of it.
    Row {
        /// The file's name.
        file: Arc<str>,
        /// The row number that the user sees in the spreadsheet: the first row is 1.
        row: u64,
        /// The column, where one cell is meant.
        column: Option<Column>,
    },
    /// A stretch of a TOML file.
    Definition {
        /// The file and its text.
        source: Arc<Source>,
        /// The bytes that are meant.
        span: Range<usize>,
    },
}

/// A text file that findings point into.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The file's name.
    pub name: Arc<str>,
    /// Its text.
    pub text: String,
}

impl Place {
    /// The name of the file that the place is in.
    pub fn file(&self) -> &Arc<str> {
        match self {
            Self::File(file) | Self::Header { file, .. } | Self::Row { file, .. } => file,
            Self::Definition { source, .. } => &source.name,
        }
    }

    /// The column, where the place is in one.
    pub fn column(&self) -> Option<&Column> {
        match self {
            Self::Header { column, .. } => Some(column),
            Self::Row { column, .. } => column.as_ref(),
            Self::File(_) | Self::Definition { .. } => None,
        }
    }

    /// The row, where the place is in one: of the spreadsheet, or the line of a definition.
    pub fn row(&self) -> Option<u64> {
        match self {
            Self::Row { row, .. } => Some(*row),
            Self::Definition { source, span } => Some(line_of(&source.text, span.start)),
            Self::File(_) | Self::Header { .. } => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use super::printable;
        write!(f, "{}", printable(self.file()))?;
        match self {
            Self::Row { row, .. } => write!(f, ", row {row}")?,
            Self::Definition { .. } => write!(f, ", line {}", self.row().unwrap_or(1))?,
            Self::File(_) | Self::Header { .. } => {}
        }
        match self.column() {
            Some(column) => write!(f, ", column {} (`{}`)", column_letters(column.index), printable(&column.name)),
            None => Ok(()),
        }
    }
}

fn line_of(text: &str, offset: usize) -> u64 {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').map(|_| 1).sum::<u64>()
}

/// The letters that a spreadsheet gives a column: 0 is `A`, 25 `Z`, 26 `AA`.
pub fn column_letters(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest % 26]);
        rest /= 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        for (index, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column_letters(index), letters);
        }
    }
}
