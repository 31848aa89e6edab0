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
    /// What stands between the cells of lines that were not cut.
    separator: u8,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    row: u64,
    /// Where the first cell begins in the text.
    start: usize,
    cells: Cells,
}

/// Where the cells of a record are.
#[derive(Clone, Copy, Debug)]
enum Cells {
    /// Their ends are known: from which one on, and how many they are.
    Cut { first: usize, count: usize },
    /// They are a line that nobody has cut yet, up to here: whoever reads it in one go needs no cells.
    Uncut { stop: usize },
}

/// One row of the spreadsheet.
#[derive(Clone, Copy, Debug)]
pub struct Record<'b> {
    batch: &'b Batch,
    span: Span,
}

/// The memory of a batch that is done with. The next one takes it: a system that is asked for memory anew for each batch clears all of it
/// each time.
#[derive(Debug, Default)]
pub(crate) struct Spare {
    pub(super) bytes: Vec<u8>,
    records: Vec<Span>,
}

impl Batch {
    /// Its memory.
    pub(crate) fn into_spare(self) -> Spare {
        let (mut bytes, mut records) = (self.text.into_bytes(), self.records);
        bytes.clear();
        records.clear();
        Spare { bytes, records }
    }

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

    /// Cuts a line into its cells, if that was not done yet: whoever looks at most of them needs them all.
    pub(crate) fn cut(&mut self, index: usize) {
        let Some(Span { start, cells: Cells::Uncut { stop }, .. }) = self.records.get(index).copied() else { return };
        let first = self.ends.len();
        self.ends.extend(memchr::memchr_iter(self.separator, &self.text.as_bytes()[start..stop]).map(|at| start + at));
        self.ends.push(stop);
        self.records[index].cells = Cells::Cut { first, count: self.ends.len() - first };
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
            self.records.push(Span { row: record.row(), start, cells: Cells::Cut { first, count: record.len() } });
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
        let records = records.map(|(row, first, count)| Span { row, start: start_of(first), cells: Cells::Cut { first, count } }).collect();
        let has_breaks = memchr::memchr(b'\n', text.as_bytes()).is_some();
        Ok(Self { text, ends, records, gap: 0, has_breaks, separator: b',' })
    }

    /// The lines of a text without quotation marks and carriage returns: each is a row, the first of them `row`. Its cells are left where
    /// they stand. A line with nothing in it is a blank row.
    pub(super) fn of_plain_lines(text: String, separator: u8, row: u64, spare: Spare) -> Self {
        let mut batch = Self::of_uncut_lines(text, separator, row, spare);
        for index in 0..batch.len() {
            batch.cut(index);
        }
        batch
    }

    /// The same lines, not cut into cells.
    pub(super) fn of_uncut_lines(text: String, separator: u8, mut row: u64, spare: Spare) -> Self {
        let (bytes, mut records) = (text.as_bytes(), spare.records);
        let mut start = 0;
        while start < bytes.len() {
            let stop = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |at| start + at);
            let is_blank = bytes[start..stop].iter().all(|byte| *byte == separator || byte.is_ascii_whitespace());
            if !is_blank {
                records.push(Span { row, start, cells: Cells::Uncut { stop } });
            }
            row += 1;
            start = stop + 1;
        }
        Self { text, ends: Vec::new(), records, gap: 1, has_breaks: false, separator }
    }
}

/// A record that was not cut into cells: a stretch of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UncutLine<'b> {
    pub(crate) text: &'b str,
    pub(crate) start: usize,
    pub(crate) stop: usize,
    pub(crate) separator: u8,
}

/// The cells of a record, for those who look at many.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places<'b> {
    text: &'b str,
    ends: &'b [usize],
    start: usize,
    gap: usize,
}

impl<'b> Places<'b> {
    /// How many there are.
    pub(crate) fn len(self) -> usize {
        self.ends.len()
    }

    /// A cell.
    pub(crate) fn cell(self, column: usize) -> &'b str {
        let (start, end) = self.ends_of(column);
        self.text.get(start..end).unwrap_or_default()
    }

    /// How long a cell is, and its first byte.
    #[inline]
    pub(crate) fn first_byte(self, column: usize) -> (usize, u8) {
        let (start, end) = self.ends_of(column);
        (end.saturating_sub(start), self.text.as_bytes().get(start).copied().unwrap_or(0))
    }

    /// Where a cell begins and ends in the text.
    #[inline]
    pub(crate) fn ends_of(self, column: usize) -> (usize, usize) {
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
        match self.span.cells {
            Cells::Cut { count, .. } => count,
            Cells::Uncut { stop } => {
                1 + memchr::memchr_iter(self.batch.separator, &self.batch.text.as_bytes()[self.span.start..stop]).count()
            }
        }
    }

    /// Whether it has none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The text that it stands in, with those of other records.
    pub(crate) fn text(self) -> &'b str {
        &self.batch.text
    }

    /// The line that it is, if it was not cut into cells.
    pub(crate) fn uncut(self) -> Option<UncutLine<'b>> {
        match self.span.cells {
            Cells::Uncut { stop } => {
                Some(UncutLine { text: &self.batch.text, start: self.span.start, stop, separator: self.batch.separator })
            }
            Cells::Cut { .. } => None,
        }
    }

    /// A cell as it stands in the file; empty where the row has no such cell.
    pub fn cell(self, column: usize) -> &'b str {
        self.place(column).and_then(|place| self.batch.text.get(place)).unwrap_or_default()
    }

    /// Its cells, if it was cut into cells.
    pub(crate) fn places(self) -> Places<'b> {
        let ends = match self.span.cells {
            Cells::Cut { first, count } => self.batch.ends.get(first..first + count).unwrap_or_default(),
            Cells::Uncut { .. } => &[],
        };
        Places { text: &self.batch.text, ends, start: self.span.start, gap: self.batch.gap }
    }

    /// Where a cell stands in the text.
    fn place(self, column: usize) -> Option<std::ops::Range<usize>> {
        let (start, end) = match self.span.cells {
            Cells::Cut { .. } => Some(self.places()).filter(|places| column < places.len())?.ends_of(column),
            Cells::Uncut { stop } => {
                let line = &self.batch.text.as_bytes()[self.span.start..stop];
                let mut ends = memchr::memchr_iter(self.batch.separator, line).map(|at| self.span.start + at).chain([stop]);
                let start = match column {
                    0 => self.span.start,
                    _ => ends.nth(column - 1)? + 1,
                };
                (start, ends.next()?)
            }
        };
        Some(start..end)
    }

    /// All cells in order.
    pub fn cells(self) -> impl Iterator<Item = &'b str> {
        (0..self.len()).map(move |column| self.cell(column))
    }
}
