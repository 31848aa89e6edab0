//! A batch of records: one text, and where its cells end. A class is one batch; ten million rows are many.

/// Some records of a table, in order.
#[derive(Debug, Default)]
pub struct Batch {
    text: String,
    /// Where each cell ends in the text.
    ends: Vec<usize>,
    records: Vec<Span>,
    /// How many bytes there are between a cell and the next: none where the cells were unquoted into a text of their own, one where the
    /// text is the file's, separators and all.
    gap: usize,
    /// Whether any cell holds a line break.
    has_breaks: bool,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    row: u64,
    first: usize,
    cells: usize,
    /// Where the first cell begins in the text.
    start: usize,
}

/// One row of the spreadsheet.
#[derive(Clone, Copy, Debug)]
pub struct Record<'b> {
    batch: &'b Batch,
    span: Span,
}

impl Batch {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The records in order.
    pub fn records(&self) -> impl ExactSizeIterator<Item = Record<'_>> {
        self.records.iter().map(|span| Record { batch: self, span: *span })
    }

    /// One record.
    pub fn record(&self, index: usize) -> Option<Record<'_>> {
        self.records.get(index).map(|span| Record { batch: self, span: *span })
    }

    /// The first row of a batch that is built from parts, or the row whose cells hold the byte at `offset`.
    pub(super) fn row_at(spans: &[(u64, usize)], offset: usize) -> u64 {
        spans.iter().take_while(|(_, start)| *start <= offset).last().map_or(1, |(row, _)| *row)
    }

    /// The batch without its first records.
    pub(super) fn without_first(mut self, records: usize) -> Self {
        self.records.drain(..records.min(self.records.len()));
        self
    }

    /// The batch with those records only that are to be kept.
    pub(crate) fn retaining(mut self, keep: impl FnMut(Record<'_>) -> bool) -> Self {
        let kept: Vec<bool> = self.records().map(keep).collect();
        let mut kept = kept.into_iter();
        self.records.retain(|_| kept.next().unwrap_or(true));
        self
    }

    /// Whether any cell holds a line break.
    pub(crate) fn has_breaks(&self) -> bool {
        self.has_breaks
    }

    /// One batch of this one's records and another's.
    pub(super) fn followed_by(mut self, more: &Self) -> Self {
        for record in more.records() {
            let (first, start) = (self.ends.len(), self.text.len() + self.gap);
            for cell in record.cells() {
                self.text.extend(std::iter::repeat_n(' ', self.gap));
                self.text.push_str(cell);
                self.ends.push(self.text.len());
            }
            self.records.push(Span { row: record.row(), first, cells: record.len(), start });
        }
        self.has_breaks |= more.has_breaks;
        self
    }

    /// Builds a batch of cells that stand one behind the other. Every cell must end at the end of a character: if one does not, the error
    /// says at which byte of the text.
    pub(super) fn new(text: String, ends: Vec<usize>, records: impl Iterator<Item = (u64, usize, usize)>) -> Result<Self, usize> {
        if let Some(end) = ends.iter().find(|end| !text.is_char_boundary(**end)) {
            return Err(end.saturating_sub(1));
        }
        let start_of = |first: usize| first.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
        let records = records.map(|(row, first, cells)| Span { row, first, cells, start: start_of(first) }).collect();
        let has_breaks = memchr::memchr(b'\n', text.as_bytes()).is_some();
        Ok(Self { text, ends, records, gap: 0, has_breaks })
    }

    /// The lines of a text without quotation marks and carriage returns: each is a row, the first of them `row`. Its cells are left where
    /// they stand. A line with nothing in it is a blank row.
    pub(super) fn of_plain_lines(text: String, separator: u8, mut row: u64) -> Self {
        let bytes = text.as_bytes();
        let first = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
        let width = 1 + memchr::memchr_iter(separator, &bytes[..first]).count();
        // About as many rows as this, if they are like the first.
        let rows = bytes.len() / (first + 1) + 1;
        let mut ends: Vec<usize> = vec![0; (rows + rows / 8) * width + first];
        let mut cells = 0;
        let mut records = Vec::with_capacity(rows + rows / 8);
        let mut start = 0;
        while start < bytes.len() {
            let stop = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |at| start + at);
            let line = &bytes[start..stop];
            if !line.iter().all(|byte| *byte == separator || byte.is_ascii_whitespace()) {
                let first = cells;
                // A line has at most one cell more than bytes.
                if ends.len() < first + line.len() + 1 {
                    ends.resize(2 * (first + line.len() + 1), 0);
                }
                let room = &mut ends[first..=first + line.len()];
                let mut found = 0;
                // Every place is written down, and counts only if a cell ends there: a branch would be guessed wrongly too often.
                for (at, byte) in line.iter().enumerate() {
                    room[found] = start + at;
                    found += usize::from(*byte == separator);
                }
                room[found] = stop;
                cells = first + found + 1;
                records.push(Span { row, first, cells: found + 1, start });
            }
            row += 1;
            start = stop + 1;
        }
        ends.truncate(cells);
        Self { text, ends, records, gap: 1, has_breaks: false }
    }
}

/// The cells of a record as bytes, for those who look at many.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places<'b> {
    text: &'b [u8],
    ends: &'b [usize],
    start: usize,
    gap: usize,
}

impl<'b> Places<'b> {
    /// The bytes of a cell.
    pub(crate) fn cell(self, column: usize) -> &'b [u8] {
        let (start, end) = self.ends_of(column);
        self.text.get(start..end).unwrap_or_default()
    }

    /// How long a cell is, and its first byte.
    #[inline]
    pub(crate) fn first_byte(self, column: usize) -> (usize, u8) {
        let (start, end) = self.ends_of(column);
        (end.saturating_sub(start), self.text.get(start).copied().unwrap_or(0))
    }

    #[inline]
    fn ends_of(self, column: usize) -> (usize, usize) {
        let start = match column {
            0 => self.start,
            _ => self.ends.get(column - 1).copied().unwrap_or(0) + self.gap,
        };
        (start, self.ends.get(column).copied().unwrap_or(start))
    }
}

impl<'b> Record<'b> {
    /// The row number that the user sees in the spreadsheet.
    pub fn row(self) -> u64 {
        self.span.row
    }

    /// How many cells it has.
    pub fn len(self) -> usize {
        self.span.cells
    }

    /// Whether it has none.
    pub fn is_empty(self) -> bool {
        self.span.cells == 0
    }

    /// A cell as it stands in the file; empty where the row has no such cell.
    pub fn cell(self, column: usize) -> &'b str {
        self.place(column).and_then(|place| self.batch.text.get(place)).unwrap_or_default()
    }

    /// The bytes of the text that it stands in, and where each of its cells begins and ends there.
    pub(crate) fn places(self) -> Places<'b> {
        let ends = self.batch.ends.get(self.span.first..self.span.first + self.span.cells).unwrap_or_default();
        Places { text: self.batch.text.as_bytes(), ends, start: self.span.start, gap: self.batch.gap }
    }

    /// Where a cell stands in the text.
    fn place(self, column: usize) -> Option<std::ops::Range<usize>> {
        if column >= self.span.cells {
            return None;
        }
        let position = self.span.first + column;
        let start = match column {
            0 => self.span.start,
            _ => self.batch.ends.get(position - 1).copied().unwrap_or(0) + self.batch.gap,
        };
        let end = self.batch.ends.get(position).copied().unwrap_or(start);
        Some(start..end)
    }

    /// All cells in order.
    pub fn cells(self) -> impl Iterator<Item = &'b str> {
        (0..self.span.cells).map(move |column| self.cell(column))
    }
}
