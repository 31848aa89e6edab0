//! Rows of a text table: CSV with any separator, in any of the encodings that spreadsheets write.
//!
//! Row numbers are those of the spreadsheet: a line break inside quotation marks starts no row, a blank line is one. The csv crate
//! reports the wrong line after a blank one, so blank lines are taken here, before its state machine sees them.

use std::sync::Arc;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::Encoding;
use super::batch::Batch;
use super::decode::{Decoded, Ended};
use super::separator::{Told, separator, separator_name};
use super::table::ReadError;
use crate::findings::{Code, Finding, Place, list_or};

/// A row longer than this is a quotation mark that was never closed.
const LONGEST_ROW: usize = 1 << 24;

/// A text table that is being read.
pub(super) struct TextRows {
    name: Arc<str>,
    decoded: Decoded,
    core: Reader,
    separator: u8,
    buffer: Vec<u8>,
    position: usize,
    ended: bool,
    /// The row that the next record would have.
    row: u64,
    /// The last byte taken was a carriage return, so a line feed after it belongs to it.
    after_return: bool,
}

/// What is gathered of a batch before its text is known to be valid. Both vectors are longer than what is used of them, because the
/// state machine writes into the space that it is given.
#[derive(Default)]
struct Draft {
    text: Vec<u8>,
    length: usize,
    ends: Vec<usize>,
    cells: usize,
    /// Row, first cell, number of cells, start in the text.
    records: Vec<(u64, usize, usize, usize)>,
}

impl Draft {
    fn make_room(&mut self) {
        if self.text.len() - self.length < 1024 {
            self.text.resize(2 * self.text.len() + 4096, 0);
        }
        if self.ends.len() - self.cells < 64 {
            self.ends.resize(2 * self.ends.len() + 256, 0);
        }
    }

    /// Takes the record that was just written, or drops it if the spreadsheet shows a blank row.
    fn close_record(&mut self, row: u64, first: usize, start: usize) {
        if self.text[start..self.length].iter().all(u8::is_ascii_whitespace) {
            (self.length, self.cells) = (start, first);
            return;
        }
        // The state machine counts from the start of the record; a batch counts from its own start.
        for end in &mut self.ends[first..self.cells] {
            *end += start;
        }
        self.records.push((row, first, self.cells - first, start));
    }
}

impl TextRows {
    /// Starts a text table: settles its encoding as far as its first block tells, and its separator.
    pub(super) fn open(name: Arc<str>, decoded: Decoded, asked: Option<u8>) -> Result<Self, ReadError> {
        let mut rows = Self {
            name,
            decoded,
            core: Reader::new(),
            separator: b',',
            buffer: Vec::new(),
            position: 0,
            ended: false,
            row: 1,
            after_return: false,
        };
        rows.fill()?;
        let declared = rows.step_over_separator_line();
        rows.separator = match asked.or(declared) {
            Some(separator) => separator,
            None => rows.told_separator()?,
        };
        rows.core = ReaderBuilder::new().delimiter(rows.separator).build();
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

    /// Steps over blank lines, counting them as the spreadsheet does. Says whether a record begins here.
    fn at_record(&mut self) -> Result<bool, ReadError> {
        loop {
            match self.buffer.get(self.position) {
                Some(b'\n') if self.after_return => self.after_return = false,
                Some(byte @ (b'\n' | b'\r')) => {
                    self.row += 1;
                    self.after_return = *byte == b'\r';
                }
                Some(_) => {
                    self.after_return = false;
                    return Ok(true);
                }
                None if self.ended => return Ok(false),
                None => {
                    self.fill()?;
                    continue;
                }
            }
            self.position += 1;
        }
    }

    /// The next records, at most so many.
    pub(super) fn batch(&mut self, rows: usize) -> Result<Batch, ReadError> {
        let mut draft = Draft::default();
        while draft.records.len() < rows && self.at_record()? {
            self.record(&mut draft)?;
            self.row += 1;
        }
        self.finish(draft)
    }

    /// Reads one record to its end, across blocks if need be.
    fn record(&mut self, draft: &mut Draft) -> Result<(), ReadError> {
        let (first, start) = (draft.cells, draft.length);
        loop {
            draft.make_room();
            let closing = self.ended && self.position == self.buffer.len();
            // A last line without a line break is closed by one; inside quotation marks it would only become part of the cell.
            let input = if closing { b"\n".as_slice() } else { &self.buffer[self.position..] };
            let (result, taken, written, ended) =
                self.core.read_record(input, &mut draft.text[draft.length..], &mut draft.ends[draft.cells..]);
            draft.length += written;
            draft.cells += ended;
            if !closing {
                self.position += taken;
            }
            match result {
                ReadRecordResult::Record | ReadRecordResult::End => break,
                ReadRecordResult::InputEmpty if closing => {
                    return Err(self.refusal(Code::T008, self.row, "a quotation mark in this row is never closed").into());
                }
                ReadRecordResult::InputEmpty if !self.ended => self.fill()?,
                ReadRecordResult::InputEmpty | ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {}
            }
            if draft.length - start > LONGEST_ROW {
                return Err(self.refusal(Code::T008, self.row, "this row does not end: a quotation mark in it is never closed").into());
            }
        }
        self.after_return = self.position.checked_sub(1).and_then(|last| self.buffer.get(last)) == Some(&b'\r');
        draft.close_record(self.row, first, start);
        Ok(())
    }

    fn finish(&self, mut draft: Draft) -> Result<Batch, ReadError> {
        draft.text.truncate(draft.length);
        draft.ends.truncate(draft.cells);
        let spans: Vec<(u64, usize)> = draft.records.iter().map(|(row, _, _, start)| (*row, *start)).collect();
        if let Some(offset) = draft.text.iter().position(|byte| *byte == 0) {
            let finding = self.refusal(Code::T005, Batch::row_at(&spans, offset), "this is not a text file: it holds a nought byte");
            return Err(finding
                .help("export the file again as \"CSV UTF-8\"; if it is UTF-16 without its mark, add `--encoding utf-16le`")
                .into());
        }
        let not_utf8 = |row| self.refusal(Code::T006, row, "this row is not written in UTF-8").help("save the file as \"CSV UTF-8\"");
        let text = String::from_utf8(draft.text).map_err(|error| not_utf8(Batch::row_at(&spans, error.utf8_error().valid_up_to())))?;
        let records = draft.records.iter().map(|(row, first, cells, _)| (*row, *first, *cells));
        Batch::new(text, draft.ends, records).map_err(|offset| not_utf8(Batch::row_at(&spans, offset)).into())
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
