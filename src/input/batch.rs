//! A batch of records: one text, and where its cells end. A class is one batch; ten million rows are many.

/// Some records of a table, in order.
#[derive(Debug, Default)]
pub struct Batch {
    text: String,
    /// Where each cell ends in the text; a cell begins where the one before it ends.
    ends: Vec<usize>,
    records: Vec<Span>,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    row: u64,
    first: usize,
    cells: usize,
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

    /// One batch of this one's records and another's.
    pub(super) fn followed_by(mut self, more: &Self) -> Self {
        let (offset, cells) = (self.text.len(), self.ends.len());
        self.text.push_str(&more.text);
        self.ends.extend(more.ends.iter().map(|end| end + offset));
        self.records.extend(more.records.iter().map(|span| Span { first: span.first + cells, ..*span }));
        self
    }

    /// Builds a batch. Every cell must end at the end of a character: if one does not, the error says at which byte of the text.
    pub(super) fn new(text: String, ends: Vec<usize>, records: impl Iterator<Item = (u64, usize, usize)>) -> Result<Self, usize> {
        if let Some(end) = ends.iter().find(|end| !text.is_char_boundary(**end)) {
            return Err(end.saturating_sub(1));
        }
        let records = records.map(|(row, first, cells)| Span { row, first, cells }).collect();
        Ok(Self { text, ends, records })
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
        if column >= self.span.cells {
            return "";
        }
        let position = self.span.first + column;
        let start = position.checked_sub(1).and_then(|before| self.batch.ends.get(before)).copied().unwrap_or(0);
        let end = self.batch.ends.get(position).copied().unwrap_or(start);
        self.batch.text.get(start..end).unwrap_or_default()
    }

    /// All cells in order.
    pub fn cells(self) -> impl Iterator<Item = &'b str> {
        (0..self.span.cells).map(move |column| self.cell(column))
    }
}
