//! Whatever is made of rows, with their responses and alerts counted.

use bandwise::scoring::{Layout, MadeCells, RowHead, RowParts, RowWork, ScoredRow};

use super::tally::Tally;

/// Some work, of which the tally is kept.
pub(super) struct Tallied<W>(pub(super) W);

/// What a portion of rows comes to, and how many responses and alerts are in it.
#[derive(Default)]
pub(super) struct Counted<M> {
    pub(super) made: M,
    pub(super) tally: Tally,
}

impl<W: RowWork<Parts = W> + RowParts<W::Made>> RowWork for Tallied<W> {
    type Made = Counted<W::Made>;
    type Parts = Self;

    fn clear(&self, counted: &mut Counted<W::Made>) {
        self.0.clear(&mut counted.made);
        counted.tally = Tally::default();
    }

    fn row(&self, layout: &Layout, row: &ScoredRow<'_>, counted: &mut Counted<W::Made>) {
        if counted.tally.add(row, layout.forms().len()) {
            self.0.row(layout, row, &mut counted.made);
        }
    }

    fn parts(&self) -> Option<&Self> {
        self.0.parts().map(|_| self)
    }
}

impl<M, W: RowWork<Made = M, Parts = W> + RowParts<M>> RowParts<Counted<M>> for Tallied<W> {
    fn scale(&self, layout: &Layout, row: &ScoredRow<'_>, scale: usize, cells: &mut Vec<u8>) {
        self.0.scale(layout, row, scale, cells);
    }

    fn sensitive(&self, layout: &Layout, row: &ScoredRow<'_>, cells: &mut Vec<u8>) {
        self.0.sensitive(layout, row, cells);
    }

    fn alerts(&self, layout: &Layout, row: &ScoredRow<'_>, cells: &mut Vec<u8>) {
        self.0.alerts(layout, row, cells);
    }

    /// The work says first whether it can do without the row, and counts nothing: what the tally counts must not be counted again.
    fn counts_alert(&self, counted: &mut Counted<M>) -> bool {
        self.0.counts_alert(&mut counted.made) && counted.tally.counts_alert()
    }

    fn tells_pupils(&self) -> bool {
        self.0.tells_pupils()
    }

    fn scales(&self, layout: &Layout) -> Vec<usize> {
        self.0.scales(layout)
    }

    fn begin<'c>(&self, head: RowHead<'c>, carried: impl Iterator<Item = &'c str>, counted: &mut Counted<M>) {
        counted.tally.count();
        self.0.begin(head, carried, &mut counted.made);
    }

    fn add(&self, cells: MadeCells<'_>, counted: &mut Counted<M>) {
        self.0.add(cells, &mut counted.made);
    }

    fn end(&self, counted: &mut Counted<M>) {
        self.0.end(&mut counted.made);
    }
}
