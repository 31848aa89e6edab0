//! A stretch of a text table that begins and ends with whole rows, and can be read without the rest: by another thread, at any time.
//!
//! Most tables have neither quotation marks nor carriage returns. Their cells are left where they stand; every other chunk goes through
//! the csv crate's state machine. Row numbers are those of the spreadsheet: a line break inside quotation marks starts no row, a blank line
//! is one. The csv crate reports the wrong line after a blank one, so blank lines are taken here, before its state machine sees them.

use std::sync::Arc;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use memchr::{memchr2, memchr3_iter};

use super::batch::{Batch, Spare};
use super::table::ReadError;
use crate::findings::{Code, Finding, Place};

/// Where the rows of a text end, as far as it was looked at. It is looked at block by block.
#[derive(Debug, Default)]
pub(super) struct RowEnds {
    start: usize,
    /// What was looked at.
    looked: usize,
    is_quoted: bool,
    /// Where a quotation mark closed a cell: another one right behind it opens it again, because two of them stand for one.
    closed: Option<usize>,
    /// Where a carriage return ended a row: a line feed right behind it belongs to it.
    returned: Option<usize>,
    rows: u64,
    /// Where the last whole row ends.
    end: usize,
}

impl RowEnds {
    /// From where the first row begins: behind a byte order mark that the state machine steps over.
    pub(super) fn from(start: usize) -> Self {
        Self { start, looked: start, end: start, ..Self::default() }
    }

    /// How many rows are whole.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Where the last whole row ends.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Looks on, to the end of the text or until so many rows are whole. Says whether they are.
    pub(super) fn look(&mut self, text: &[u8], separator: u8, wanted: u64) -> bool {
        if self.rows == wanted {
            return self.is_past_return(text);
        }
        let from = self.looked;
        for at in memchr3_iter(b'"', b'\n', b'\r', &text[from..]).map(|at| from + at) {
            let behind = at.checked_sub(1).filter(|_| at > self.start);
            match text[at] {
                b'"' if self.is_quoted => {
                    self.is_quoted = false;
                    self.closed = Some(at);
                }
                // Inside a cell that does not begin with one, a quotation mark is a character like any other.
                b'"' => {
                    let begins = |behind: usize| text[behind] == separator || matches!(text[behind], b'\n' | b'\r');
                    self.is_quoted = behind.is_none_or(|behind| self.closed == Some(behind) || begins(behind));
                }
                _ if self.is_quoted => {}
                b'\n' if behind.is_some() && self.returned == behind => self.end = at + 1,
                byte => {
                    self.rows += 1;
                    self.end = at + 1;
                    if byte == b'\r' {
                        self.returned = Some(at);
                    }
                    if self.rows == wanted {
                        self.looked = at + 1;
                        return byte == b'\n' || self.is_past_return(text);
                    }
                }
            }
        }
        self.looked = text.len();
        false
    }

    /// Takes the line feed behind the carriage return of the last row, if that can be seen already.
    fn is_past_return(&mut self, text: &[u8]) -> bool {
        let next = text.get(self.end);
        self.end += usize::from(next == Some(&b'\n'));
        next.is_some()
    }
}

/// Some whole rows of a text table, not yet read.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub(super) name: Arc<str>,
    pub(super) bytes: Vec<u8>,
    pub(super) separator: u8,
    /// The row of its first line.
    pub(super) row: u64,
    /// Whether it is the beginning of the file.
    pub(super) is_first: bool,
    /// Memory for its records.
    pub(super) spare: Spare,
}

impl Chunk {
    /// Reads its rows, and cuts them into cells.
    pub(crate) fn read(self) -> Result<Batch, ReadError> {
        self.read_by(Batch::of_plain_lines)
    }

    /// Reads its rows, and leaves lines uncut where it can.
    pub(crate) fn read_lines(self) -> Result<Batch, ReadError> {
        self.read_by(Batch::of_uncut_lines)
    }

    fn read_by(self, of_lines: fn(String, u8, u64, Spare) -> Batch) -> Result<Batch, ReadError> {
        let is_plain = memchr2(b'"', b'\r', &self.bytes).is_none() && memchr::memchr(0, &self.bytes).is_none() && !self.has_mark();
        if is_plain {
            match String::from_utf8(self.bytes) {
                Ok(text) => return Ok(of_lines(text, self.separator, self.row, self.spare)),
                // Where it stands is told by the careful way.
                Err(error) => return Self { bytes: error.into_bytes(), ..self }.read_carefully(),
            }
        }
        self.read_carefully()
    }

    fn has_mark(&self) -> bool {
        self.is_first && self.bytes.starts_with(b"\xef\xbb\xbf")
    }

    fn refusal(&self, code: Code, row: u64, message: impl Into<String>) -> Finding {
        Finding::new(code, Place::Row { file: Arc::clone(&self.name), row, column: None }, message)
    }

    fn read_carefully(self) -> Result<Batch, ReadError> {
        let mut core = ReaderBuilder::new().delimiter(self.separator).build();
        if !self.is_first {
            step_over_first(&mut core);
        }
        let mut rows = Rows { chunk: &self, core, position: 0, row: self.row, after_return: false };
        let mut draft = Draft::with_room_for(self.bytes.len());
        while rows.at_record() {
            rows.record(&mut draft)?;
            rows.row += 1;
        }
        self.finish(draft)
    }

    fn finish(&self, mut draft: Draft) -> Result<Batch, ReadError> {
        draft.text.truncate(draft.length);
        draft.ends.truncate(draft.cells);
        let spans: Vec<(u64, usize)> = draft.records.iter().map(|(row, _, _, start)| (*row, *start)).collect();
        if let Some(offset) = memchr::memchr(0, &draft.text) {
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

/// The state machine steps over a byte order mark in front of what it reads first; in the middle of a file it is a character.
fn step_over_first(core: &mut Reader) {
    let (mut text, mut ends) = ([0; 8], [0; 8]);
    let _ = core.read_record(b"x\n", &mut text, &mut ends);
}

/// The rows of a chunk while they are read.
struct Rows<'c> {
    chunk: &'c Chunk,
    core: Reader,
    position: usize,
    row: u64,
    /// The last byte taken was a carriage return, so a line feed after it belongs to it.
    after_return: bool,
}

impl Rows<'_> {
    /// Steps over blank lines, counting them as the spreadsheet does. Says whether a record begins here.
    fn at_record(&mut self) -> bool {
        while let Some(byte) = self.chunk.bytes.get(self.position) {
            match byte {
                b'\n' if self.after_return => self.after_return = false,
                b'\n' | b'\r' => {
                    self.row += 1;
                    self.after_return = *byte == b'\r';
                }
                _ => {
                    self.after_return = false;
                    return true;
                }
            }
            self.position += 1;
        }
        false
    }

    /// Reads one record to its end.
    fn record(&mut self, draft: &mut Draft) -> Result<(), ReadError> {
        let bytes = &self.chunk.bytes;
        let (first, start) = (draft.cells, draft.length);
        loop {
            draft.make_room();
            let closing = self.position == bytes.len();
            // A last line without a line break is closed by one; inside quotation marks it would only become part of the cell.
            let input = if closing { b"\n".as_slice() } else { &bytes[self.position..] };
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
                    return Err(self.chunk.refusal(Code::T008, self.row, "a quotation mark in this row is never closed").into());
                }
                ReadRecordResult::InputEmpty | ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {}
            }
        }
        self.after_return = self.position.checked_sub(1).and_then(|last| bytes.get(last)) == Some(&b'\r');
        draft.close_record(self.row, first, start);
        Ok(())
    }
}

/// What is gathered of a chunk before its text is known to be valid. Both vectors are longer than what is used of them, because the
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
    fn with_room_for(bytes: usize) -> Self {
        Self { text: vec![0; bytes], ends: vec![0; bytes / 4], ..Self::default() }
    }

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
        // The state machine counts from the start of the record; a chunk counts from its own start.
        for end in &mut self.ends[first..self.cells] {
            *end += start;
        }
        self.records.push((row, first, self.cells - first, start));
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    type Rows = Vec<(u64, Vec<String>)>;

    fn chunk(bytes: &[u8], row: u64, is_first: bool) -> Chunk {
        Chunk { name: "class.csv".into(), bytes: bytes.to_vec(), separator: b',', row, is_first, spare: Spare::default() }
    }

    fn rows(batch: &Batch) -> Rows {
        batch.records().map(|record| (record.row(), record.cells().map(str::to_owned).collect())).collect()
    }

    /// The rows of a text that comes in blocks and is cut into chunks; none where a quotation mark is never closed.
    fn in_chunks(text: &[u8], block: usize, wanted: u64) -> Option<Rows> {
        let (mut start, mut row, mut come, mut found) = (0, 1, 0, Vec::new());
        while start < text.len() {
            let mut ends = RowEnds::from(0);
            while !ends.look(&text[start..come], b',', wanted) && come < text.len() {
                come = text.len().min(come + block);
            }
            let length = if ends.rows() == wanted { ends.end() } else { come - start };
            found.extend(rows(&chunk(&text[start..start + length], row, start == 0).read().ok()?));
            (start, row) = (start + length, row + ends.rows());
        }
        Some(found)
    }

    proptest! {
        #[test]
        fn cutting_anywhere_changes_nothing(letters in vec(prop::sample::select(vec!["a", "b", ",", "\"", "\"\"", "\n", "\r", "\r\n", " ", "é"]), 0..40), block in 1_usize..9, wanted in 1_u64..4) {
            let text = letters.concat();
            let whole = chunk(text.as_bytes(), 1, true).read().ok().map(|batch| rows(&batch));
            prop_assert_eq!(in_chunks(text.as_bytes(), block, wanted), whole);
        }

        #[test]
        fn plain_lines_are_what_the_state_machine_reads(letters in vec(prop::sample::select(vec!["a", "bc", ",", ",,", "\n", " ", "é"]), 0..40)) {
            let text = letters.concat();
            let carefully = chunk(text.as_bytes(), 1, true).read_carefully().ok().map(|batch| rows(&batch));
            prop_assert_eq!(Some(rows(&Batch::of_plain_lines(text.clone(), b',', 1, Spare::default()))), carefully.clone());
            let mut lines = Batch::of_uncut_lines(text, b',', 1, Spare::default());
            prop_assert_eq!(Some(rows(&lines)), carefully.clone());
            for index in (0..lines.len()).rev() {
                lines.cut(index);
            }
            prop_assert_eq!(Some(rows(&lines)), carefully);
        }
    }
}
