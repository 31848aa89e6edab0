//! Scores as lines of CSV: made by any thread, and put together from cells that were made before where a row allows it.

use super::delimited::{add_cell, write_line};
use super::score_rows::{alert_cell, scale_cells, score_rows, sensitive_cell};
use super::{Cell, CsvFlavour, Shape};
use crate::scoring::{Layout, MadeCells, RowHead, RowParts, RowWork, ScoredRow};

/// About as many bytes as a portion's lines come to, so that they need not be moved while they grow.
const USUAL_LENGTH: usize = 300 << 10;

/// Scores as lines of CSV, made by any thread.
#[derive(Clone, Copy, Debug)]
pub struct ScoreLines {
    shape: Shape,
    flavour: CsvFlavour,
}

impl ScoreLines {
    /// Lines of this shape and flavour.
    pub fn new(shape: Shape, flavour: CsvFlavour) -> Self {
        Self { shape, flavour }
    }
}

impl RowWork for ScoreLines {
    type Made = Vec<u8>;
    type Parts = Self;

    fn clear(&self, made: &mut Vec<u8>) {
        made.clear();
    }

    fn row(&self, layout: &Layout, row: &ScoredRow<'_>, made: &mut Vec<u8>) {
        for cells in score_rows(layout, row, self.shape) {
            write_line(cells.iter(), self.flavour, made);
        }
    }

    /// A wide row is its carried cells, and then cells that depend on its answers and the pupil's group alone.
    fn parts(&self) -> Option<&Self> {
        (self.shape == Shape::Wide).then_some(self)
    }
}

impl RowParts<Vec<u8>> for ScoreLines {
    fn scale(&self, layout: &Layout, row: &ScoredRow<'_>, scale: usize, cells: &mut Vec<u8>) {
        for cell in scale_cells(layout, row, 0, scale) {
            cells.push(b',');
            add_cell(&cell, cells);
        }
    }

    fn sensitive(&self, layout: &Layout, row: &ScoredRow<'_>, cells: &mut Vec<u8>) {
        cells.push(b',');
        add_cell(&sensitive_cell(layout, row), cells);
    }

    fn alerts(&self, layout: &Layout, row: &ScoredRow<'_>, cells: &mut Vec<u8>) {
        cells.push(b',');
        add_cell(&alert_cell(layout, row), cells);
    }

    fn scales(&self, layout: &Layout) -> Vec<usize> {
        layout.shown(0)
    }

    fn begin<'c>(&self, head: RowHead<'c>, carried: impl Iterator<Item = &'c str>, made: &mut Vec<u8>) {
        if made.capacity() == 0 {
            made.reserve(USUAL_LENGTH);
        }
        if let Some(stretch) = head.stretch.filter(|stretch| is_plain(stretch)) {
            made.extend_from_slice(stretch.as_bytes());
            return;
        }
        for (index, cell) in carried.enumerate() {
            if index > 0 {
                made.push(b',');
            }
            if is_plain(cell) && !cell.contains(',') {
                made.extend_from_slice(cell.as_bytes());
            } else {
                add_cell(&Cell::text(cell), made);
            }
        }
    }

    fn add(&self, cells: MadeCells<'_>, made: &mut Vec<u8>) {
        cells.append_to(made);
    }

    fn end(&self, made: &mut Vec<u8>) {
        made.extend_from_slice(self.flavour.line_end());
    }

    fn counts_alert(&self, _: &mut Vec<u8>) -> bool {
        true
    }
}

/// Whether a text is letters, digits and commas: these are written as they stand, and most cells have nothing else. Every byte is looked at,
/// which is faster than stopping at the first that is none: the compiler looks at many at a time.
fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| plain & matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b','))
}
