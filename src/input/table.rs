//! A table: a header and batches of records, from a text file or a workbook, and what was understood of it on the way.

use std::io;
use std::sync::Arc;

use super::batch::{Batch, Record, Spare};
use super::chunk::Chunk;
use super::decode::{Decoded, Encoding};
use super::separator::separator_name;
use super::source::Input;
use super::text::TextRows;
use super::workbook::{SheetRows, is_workbook};
use crate::findings::{Code, Finding, Place, count_of};
use crate::provenance::UsedInput;

/// Why a table cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system refused.
    #[error("`{name}` cannot be read")]
    Refused {
        /// The file's name.
        name: Arc<str>,
        /// Why.
        source: io::Error,
    },
    /// The file is not a table that can be scored.
    #[error("`{}` is not scored: {}", .0.place.file(), .0.message)]
    Refusal(Box<Finding>),
}

impl From<Finding> for ReadError {
    fn from(finding: Finding) -> Self {
        Self::Refusal(Box::new(finding))
    }
}

/// What the user says about files; nothing, as a rule.
#[derive(Clone, Debug, Default)]
pub struct InputOptions {
    /// How the characters are written.
    pub encoding: Option<Encoding>,
    /// What separates the columns.
    pub delimiter: Option<u8>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
}

/// What a file was taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A text table.
    Text {
        /// How its characters are written, as far as was read.
        encoding: Encoding,
        /// What separates its columns.
        separator: u8,
    },
    /// A workbook.
    Workbook {
        /// The sheet that was read.
        sheet: String,
    },
}

/// A table that is being read.
pub struct Table {
    name: Arc<str>,
    rows: Rows,
    header: Vec<String>,
    texts: Option<Vec<String>>,
    /// How many columns the header row has, the trailing ones without a name included.
    width: usize,
    header_rows: usize,
    /// Records that were read to see where the header ends.
    pending: Option<Batch>,
    is_told: bool,
    options: InputOptions,
}

enum Rows {
    Text(Box<TextRows>),
    Sheet(SheetRows),
}

impl Rows {
    fn batch(&mut self, count: usize) -> Result<Batch, ReadError> {
        match self {
            Self::Text(rows) => rows.batch(count),
            Self::Sheet(rows) => Ok(rows.batch(count)),
        }
    }

    fn unread(&mut self, count: usize, spare: &mut Vec<Spare>) -> Result<Option<Unread>, ReadError> {
        match self {
            Self::Text(rows) => Ok(rows.chunk(count as u64, spare)?.map(Unread::Text)),
            Self::Sheet(rows) => Ok(Some(rows.batch(count)).filter(|batch| !batch.is_empty()).map(Unread::Records)),
        }
    }
}

/// Rows of a table that any thread can make records of.
pub(crate) enum Unread {
    /// Rows of a text table.
    Text(Chunk),
    /// Records already, as those of a workbook are.
    Records(Batch),
}

impl Unread {
    /// The records; there are none where all rows are blank.
    pub(crate) fn read(self) -> Result<Batch, ReadError> {
        match self {
            Self::Text(chunk) => chunk.read(),
            Self::Records(batch) => Ok(batch),
        }
    }

    /// The records, those that are plain lines not cut into cells.
    pub(crate) fn read_lines(self) -> Result<Batch, ReadError> {
        match self {
            Self::Text(chunk) => chunk.read_lines(),
            Self::Records(batch) => Ok(batch),
        }
    }
}

/// As many rows as a header can have.
const MOST_HEADER_ROWS: usize = 3;

impl Table {
    /// Opens an input and reads its header.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is empty, or is no table.
    pub fn open(input: &Input, options: &InputOptions) -> Result<Self, ReadError> {
        let name = Arc::clone(input.name());
        let refused = |source| ReadError::Refused { name: Arc::clone(&name), source };
        let mut decoded = Decoded::new(input.open().map_err(refused)?, options.encoding);
        let mut rows = if is_workbook(decoded.first_bytes().map_err(refused)?) {
            let (first, rest) = decoded.into_parts();
            Rows::Sheet(SheetRows::open(&name, first, rest, options.sheet.as_deref())?)
        } else {
            Rows::Text(Box::new(TextRows::open(Arc::clone(&name), decoded, options.delimiter)?))
        };
        let mut first = rows.batch(1)?;
        let Some(record) = first.record(0) else {
            return Err(Finding::new(Code::T001, Place::File(name), "the file is empty").into());
        };
        let width = record.len();
        let names = trimmed(record);
        // The rows below are looked at only where the first one could be the first of several.
        let (header_rows, texts) = if may_have_more_rows(&names) {
            first = with_more(first, &mut rows)?;
            header_rows(&first)
        } else {
            (1, None)
        };
        let mut header = names;
        header.truncate(header.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1));
        let pending = Some(first.without_first(header_rows)).filter(|batch| !batch.is_empty());
        let options = options.clone();
        Ok(Self { name, rows, header, texts, width, header_rows, pending, is_told: false, options })
    }

    /// The file's name.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The column names, trimmed; columns at the end without a name are left out.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The questions' texts, where they stand in a header row of their own.
    pub fn texts(&self) -> Option<&[String]> {
        self.texts.as_deref()
    }

    /// How many columns the header row has, with those at the end that have no name.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many rows the header has.
    pub fn header_rows(&self) -> usize {
        self.header_rows
    }

    /// What the file was taken for, as far as it was read.
    pub fn shape(&self) -> Shape {
        match &self.rows {
            Rows::Text(rows) => Shape::Text { encoding: rows.encoding(), separator: rows.separator() },
            Rows::Sheet(rows) => Shape::Workbook { sheet: rows.sheet.clone() },
        }
    }

    /// What separates the columns; commas would in a workbook.
    pub fn separator(&self) -> u8 {
        match &self.rows {
            Rows::Text(rows) => rows.separator(),
            Rows::Sheet(_) => b',',
        }
    }

    /// What was taken for granted about the file and not said by the user: told once, and when it is known.
    pub fn assumed(&mut self) -> Option<Finding> {
        let mut assumed = Vec::new();
        match self.shape() {
            Shape::Text { encoding, separator } => {
                if encoding != Encoding::Utf8 && self.options.encoding.is_none() {
                    assumed.push(format!("read as {}", encoding.word()));
                }
                if separator != b',' && self.options.delimiter.is_none() {
                    assumed.push(format!("its columns are separated by {}", separator_name(separator)));
                }
            }
            Shape::Workbook { sheet } if self.options.sheet.is_none() => assumed.push(format!("the sheet `{sheet}` was read")),
            Shape::Workbook { .. } => {}
        }
        if self.header_rows > 1 {
            assumed.push(format!("its header is {}", count_of(self.header_rows as u64, "row")));
        }
        if assumed.is_empty() || std::mem::replace(&mut self.is_told, true) {
            return None;
        }
        Some(Finding::new(Code::T010, Place::File(Arc::clone(&self.name)), assumed.join(", ")))
    }

    /// The next records, at most so many; none at the end of the file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read on, or is not text.
    pub fn next_batch(&mut self, rows: usize) -> Result<Option<Batch>, ReadError> {
        while let Some(unread) = self.next_unread(rows, &mut Vec::new())? {
            let batch = unread.read()?;
            if !batch.is_empty() {
                return Ok(Some(batch));
            }
        }
        Ok(None)
    }

    /// The next rows, at most so many, blank ones included; none at the end of the file. They take memory that is spare.
    pub(crate) fn next_unread(&mut self, rows: usize, spare: &mut Vec<Spare>) -> Result<Option<Unread>, ReadError> {
        match self.pending.take() {
            Some(pending) => Ok(Some(Unread::Records(pending))),
            None => self.rows.unread(rows, spare),
        }
    }

    /// The name and hash of what was read, once everything was.
    pub fn used(&self) -> UsedInput {
        let sha256 = match &self.rows {
            Rows::Text(rows) => rows.sha256(),
            Rows::Sheet(rows) => rows.sha256(),
        };
        UsedInput { name: self.name.to_string(), sha256 }
    }
}

fn trimmed(record: Record<'_>) -> Vec<String> {
    record.cells().map(|cell| cell.trim().to_owned()).collect()
}

/// Columns that Qualtrics writes, whose names tell its header of two or three rows from a first row of answers.
const QUALTRICS: [&str; 10] = [
    "startdate",
    "enddate",
    "status",
    "ipaddress",
    "progress",
    "durationinseconds",
    "finished",
    "recordeddate",
    "responseid",
    "userlanguage",
];

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_lowercase()).collect()
}

fn may_have_more_rows(names: &[String]) -> bool {
    names.iter().filter(|name| QUALTRICS.contains(&plain(name).as_str())).count() >= 2
}

/// The first records of the table, put into one batch.
fn with_more(first: Batch, rows: &mut Rows) -> Result<Batch, ReadError> {
    let more = rows.batch(MOST_HEADER_ROWS - 1)?;
    Ok(first.followed_by(&more))
}

/// How many rows the header has, and the row with the questions' texts: Qualtrics writes names, texts, and a row of import ids; an older
/// export has the first two. The second row is one of the header if it calls Qualtrics' own columns by their names once more.
fn header_rows(first: &Batch) -> (usize, Option<Vec<String>>) {
    let is_import = |record: Record<'_>| record.cells().any(|cell| cell.trim_start().starts_with("{\"ImportId\":"));
    let texts = || first.record(1).map(trimmed);
    if first.record(2).is_some_and(is_import) {
        return (3, texts());
    }
    if first.record(1).is_some_and(is_import) {
        return (2, None);
    }
    let (Some(names), Some(second)) = (first.record(0), first.record(1)) else { return (1, None) };
    let repeated = names.cells().zip(second.cells()).filter(|(name, text)| {
        let name = plain(name);
        QUALTRICS.contains(&name.as_str()) && name == plain(text)
    });
    if repeated.count() >= 2 { (2, texts()) } else { (1, None) }
}
