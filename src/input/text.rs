//! A text table, cut into chunks of whole rows: CSV with any separator, in any of the encodings that spreadsheets write.

use std::sync::Arc;

use super::Encoding;
use super::batch::{Batch, Spare};
use super::chunk::{Chunk, RowEnds};
use super::decode::{Decoded, Ended};
use super::separator::{Told, separator, separator_name};
use super::table::ReadError;
use crate::findings::{Code, Finding, Place, list_or};

/// A row longer than this is a quotation mark that was never closed.
const LONGEST_ROW: usize = 1 << 24;
/// The byte order mark of UTF-8. The first one is no part of the text; where a program has written two, the state machine takes the other.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A text table that is being read.
pub(super) struct TextRows {
    name: Arc<str>,
    decoded: Decoded,
    separator: u8,
    buffer: Vec<u8>,
    position: usize,
    ended: bool,
    /// The row that the next line has.
    row: u64,
    /// Whether nothing was cut off yet.
    is_first: bool,
}

impl TextRows {
    /// Starts a text table: settles its encoding as far as its first block tells, and its separator.
    pub(super) fn open(name: Arc<str>, decoded: Decoded, asked: Option<u8>) -> Result<Self, ReadError> {
        let mut rows = Self { name, decoded, separator: b',', buffer: Vec::new(), position: 0, ended: false, row: 1, is_first: true };
        rows.fill()?;
        let declared = rows.step_over_separator_line();
        rows.separator = match asked.or(declared) {
            Some(separator) => separator,
            None => rows.told_separator()?,
        };
        Ok(rows)
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.decoded.encoding()
    }

    pub(super) fn separator(&self) -> u8 {
        self.separator
    }

    pub(super) fn sha256(&self) -> String {
        self.decoded.sha256()
    }

    fn refusal(&self, code: Code, row: u64, message: impl Into<String>) -> Finding {
        Finding::new(code, Place::Row { file: Arc::clone(&self.name), row, column: None }, message)
    }

    /// Reads one more block behind what is left of the last.
    fn fill(&mut self) -> Result<(), ReadError> {
        self.buffer.drain(..self.position);
        self.position = 0;
        let ended = self.decoded.read_into(&mut self.buffer);
        let ended = ended.map_err(|source| ReadError::Refused { name: Arc::clone(&self.name), source })?;
        self.ended = ended == Ended::Yes;
        Ok(())
    }

    /// `sep=;` in the first line is for Excel, which does not show it: it is no row, and it settles the separator.
    fn step_over_separator_line(&mut self) -> Option<u8> {
        let rest = self.buffer.strip_prefix(b"sep=")?;
        let (separator, length) = match rest {
            [separator, b'\r', b'\n', ..] => (*separator, 7),
            [separator, b'\n' | b'\r', ..] => (*separator, 6),
            _ => return None,
        };
        self.position = length;
        Some(separator).filter(|separator| separator.is_ascii() && !matches!(separator, b'"' | b'\n' | b'\r'))
    }

    fn told_separator(&self) -> Result<u8, ReadError> {
        match separator(&self.buffer[self.position..]) {
            Told::One(separator) => Ok(separator),
            Told::Several(separators) => {
                let called: Vec<&str> = separators.iter().map(|separator| separator_name(*separator)).collect();
                let message = format!("the columns could be separated by {}, and nothing tells which is meant", list_or(&called));
                let options: Vec<String> =
                    separators.iter().map(|separator| format!("`--delimiter {}`", delimiter_word(*separator))).collect();
                Err(self.refusal(Code::T009, self.row, message).help(format!("say which with {}", list_or(&options))).into())
            }
        }
    }

    /// The next rows, at most so many, not yet read; none at the end.
    pub(super) fn chunk(&mut self, rows: u64, spare: &mut Vec<Spare>) -> Result<Option<Chunk>, ReadError> {
        let mark = usize::from(self.is_first && self.buffer[self.position..].starts_with(MARK)) * MARK.len();
        let mut ends = RowEnds::from(mark);
        while !ends.look(&self.buffer[self.position..], self.separator, rows) && !self.ended {
            let unended = self.buffer.len() - self.position - ends.end();
            if unended > LONGEST_ROW {
                let message = "this row does not end: a quotation mark in it is never closed";
                return Err(self.refusal(Code::T008, self.row + ends.rows(), message).into());
            }
            self.fill()?;
        }
        let rest = self.buffer.len() - self.position;
        // The last line need not have a line break.
        let length = if ends.rows() == rows { ends.end() } else { rest };
        if length == 0 {
            return Ok(None);
        }
        let mut spare = spare.pop().unwrap_or_default();
        let mut bytes = std::mem::take(&mut spare.bytes);
        bytes.extend_from_slice(&self.buffer[self.position..self.position + length]);
        let chunk = Chunk { name: Arc::clone(&self.name), bytes, separator: self.separator, row: self.row, is_first: self.is_first, spare };
        self.position += length;
        self.row += ends.rows();
        self.is_first = false;
        Ok(Some(chunk))
    }

    /// The next records, so many if there are so many lines with something in them.
    pub(super) fn batch(&mut self, records: usize) -> Result<Batch, ReadError> {
        let mut batch = Batch::default();
        while batch.len() < records {
            let Some(chunk) = self.chunk((records - batch.len()) as u64, &mut Vec::new())? else { break };
            let more = chunk.read()?;
            batch = if batch.is_empty() { more } else { batch.followed_by(&more) };
        }
        Ok(batch)
    }
}

/// A separator as an option has it: a tab cannot be typed.
fn delimiter_word(separator: u8) -> String {
    match separator {
        b'\t' => "tab".to_owned(),
        b';' => "\";\"".to_owned(),
        other => char::from(other).to_string(),
    }
}
