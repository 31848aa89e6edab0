//! A table: a header and batches of records, read from CSV.
//!
//! Row numbers are those of the spreadsheet: a line break inside quotation marks starts no row, a blank line is one. The csv crate
//! reports the wrong line after a blank one, so blank lines are taken here, before its state machine sees them.

use std::io::{self, Read};
use std::sync::Arc;

use csv_core::{ReadRecordResult, Reader};

use super::batch::Batch;
use super::source::{Hashing, Input};
use crate::findings::{Code, Finding, Place};
use crate::provenance::UsedInput;

/// How many bytes are read at a time.
const BLOCK: usize = 1 << 18;
/// A row longer than this is a quotation mark that was never closed.
const LONGEST_ROW: usize = 1 << 24;

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

/// A table that is being read.
pub struct Table {
    name: Arc<str>,
    reader: Hashing,
    core: Reader,
    buffer: Vec<u8>,
    position: usize,
    ended: bool,
    /// The row that the next record would have.
    row: u64,
    /// The last byte taken was a carriage return, so a line feed after it belongs to it.
    after_return: bool,
    header: Vec<String>,
    /// How many columns the header row has, the trailing ones without a name included.
    width: usize,
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

impl Table {
    /// Opens an input and reads its header.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is empty, or is no table.
    pub fn open(input: &Input) -> Result<Self, ReadError> {
        let name = Arc::clone(input.name());
        let reader = input.open().map_err(|source| ReadError::Refused { name: Arc::clone(&name), source })?;
        let core = Reader::new();
        let mut table = Self {
            name,
            reader,
            core,
            buffer: Vec::new(),
            position: 0,
            ended: false,
            row: 1,
            after_return: false,
            header: Vec::new(),
            width: 0,
        };
        table.fill()?;
        table.check_start()?;
        let batch = table.batch(1)?;
        let Some(record) = batch.record(0) else {
            return Err(Finding::new(Code::T001, Place::File(Arc::clone(&table.name)), "the file is empty").into());
        };
        table.width = record.len();
        table.header = record.cells().map(|cell| cell.trim().to_owned()).collect();
        table.header.truncate(table.header.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1));
        table.check_separator(record.row())?;
        Ok(table)
    }

    /// The file's name.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The column names, trimmed; columns at the end without a name are left out.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// How many columns the header row has, with those at the end that have no name.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The next records, at most so many; none at the end of the file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read on, or is not text.
    pub fn next_batch(&mut self, rows: usize) -> Result<Option<Batch>, ReadError> {
        let batch = self.batch(rows)?;
        Ok((!batch.is_empty()).then_some(batch))
    }

    /// The name and hash of what was read, once everything was.
    pub fn used(&self) -> UsedInput {
        UsedInput { name: self.name.to_string(), sha256: self.reader.sha256() }
    }

    fn refusal(&self, code: Code, row: u64, message: impl Into<String>) -> Finding {
        Finding::new(code, Place::Row { file: Arc::clone(&self.name), row, column: None }, message)
    }

    /// Reads one more block behind what is left of the last.
    fn fill(&mut self) -> Result<(), ReadError> {
        self.buffer.drain(..self.position);
        self.position = 0;
        let kept = self.buffer.len();
        self.buffer.resize(kept + BLOCK, 0);
        let mut filled = kept;
        while filled < self.buffer.len() {
            match self.reader.read(&mut self.buffer[filled..]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => return Err(ReadError::Refused { name: Arc::clone(&self.name), source }),
            }
        }
        self.buffer.truncate(filled);
        Ok(())
    }

    /// Refuses what is plainly no CSV, and steps over a byte order mark.
    fn check_start(&mut self) -> Result<(), ReadError> {
        let start = self.buffer.as_slice();
        let place = Place::File(Arc::clone(&self.name));
        if start.starts_with(b"PK\x03\x04") || start.starts_with(b"\xd0\xcf\x11\xe0") {
            let finding = Finding::new(Code::T005, place, "this is a workbook, not a text table");
            return Err(finding.help("open it in a spreadsheet program and save the sheet as \"CSV UTF-8\"").into());
        }
        if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            let finding = Finding::new(Code::T006, place, "this file is written in UTF-16");
            return Err(finding.help("save it as \"CSV UTF-8\"").into());
        }
        if start.starts_with(b"\xef\xbb\xbf") {
            self.position = 3;
        }
        self.step_over_separator_line()
    }

    /// `sep=,` in the first line is for Excel, which does not show it: it is no row. Another separator than the comma is told as such.
    fn step_over_separator_line(&mut self) -> Result<(), ReadError> {
        let Some(rest) = self.buffer.get(self.position..).and_then(|start| start.strip_prefix(b"sep=")) else { return Ok(()) };
        match rest {
            [b',', b'\r', b'\n', ..] => self.position += 7,
            [b',', b'\n' | b'\r', ..] => self.position += 6,
            _ => {
                let message = "the first line says that the columns are not separated by commas";
                let finding = Finding::new(Code::T009, Place::File(Arc::clone(&self.name)), message);
                return Err(finding.help("save the file with commas between its columns").into());
            }
        }
        Ok(())
    }

    /// A single column with semicolons or tabs in its name is a file that separates its columns with those.
    fn check_separator(&self, row: u64) -> Result<(), ReadError> {
        let [only] = self.header.as_slice() else { return Ok(()) };
        let Some((separator, called)) = [(';', "semicolons"), ('\t', "tabs")].into_iter().find(|(separator, _)| only.contains(*separator))
        else {
            return Ok(());
        };
        let columns = only.split(separator).count();
        let message = format!("read with commas the header has 1 column; it has {columns} when separated by {called}");
        Err(self.refusal(Code::T009, row, message).help("save the file with commas between its columns").into())
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

    fn batch(&mut self, rows: usize) -> Result<Batch, ReadError> {
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
            return Err(finding.help("export the file again as \"CSV UTF-8\"").into());
        }
        let not_utf8 = |row| self.refusal(Code::T006, row, "this row is not written in UTF-8").help("save the file as \"CSV UTF-8\"");
        let text = String::from_utf8(draft.text).map_err(|error| not_utf8(Batch::row_at(&spans, error.utf8_error().valid_up_to())))?;
        let records = draft.records.iter().map(|(row, first, cells, _)| (*row, *first, *cells));
        Batch::new(text, draft.ends, records).map_err(|offset| not_utf8(Batch::row_at(&spans, offset)).into())
    }
}
