//! Work on rows, with something that counts responses and alerts beside it, whichever way the rows go.

use std::marker::PhantomData;

use super::express::MadeCells;
use super::layout::Layout;
use super::pipeline::{RowHead, RowParts, RowWork};
use super::row::ScoredRow;

/// Counts the responses and the alerts of a portion of rows.
pub trait RowCount: Default + Send {
    /// Counts a row that is looked at as a whole. Says whether something is made of it.
    fn row(&mut self, row: &ScoredRow<'_>, forms: usize) -> bool;

    /// Counts a response that is put together; its alerts are counted by themselves.
    fn response(&mut self);

    /// Counts the alerts of a response that is put together. Says no, and counts nothing, where it has to see the row.
    fn alert(&mut self) -> bool;
}

/// Some work, and what counts beside it.
#[derive(Debug)]
pub struct Counted<W, C> {
    work: W,
    count: PhantomData<fn() -> C>,
}

/// What a portion of rows comes to, and what was counted in it.
#[derive(Debug, Default)]
pub struct CountedPortion<M, C> {
    /// What was made.
    pub made: M,
    /// What was counted.
    pub count: C,
}

impl<W, C> Counted<W, C> {
    /// Counts beside this work.
    pub fn new(work: W) -> Self {
        Self { work, count: PhantomData }
    }

    /// The work.
    pub fn into_work(self) -> W {
        self.work
    }
}

impl<W: RowWork<Parts = W> + RowParts<W::Made>, C: RowCount> RowWork for Counted<W, C> {
    type Made = CountedPortion<W::Made, C>;
    type Parts = Self;

    fn clear(&self, portion: &mut Self::Made) {
        self.work.clear(&mut portion.made);
        portion.count = C::default();
    }

    fn row(&self, layout: &Layout, row: &ScoredRow<'_>, portion: &mut Self::Made) {
        if portion.count.row(row, layout.forms().len()) {
            self.work.row(layout, row, &mut portion.made);
        }
    }

    fn parts(&self) -> Option<&Self> {
        self.work.parts().map(|_| self)
    }
}

impl<M, W: RowWork<Made = M, Parts = W> + RowParts<M>, C: RowCount> RowParts<CountedPortion<M, C>> for Counted<W, C> {
    fn scale(&self, layout: &Layout, row: &ScoredRow<'_>, scale: usize, cells: &mut Vec<u8>) {
        self.work.scale(layout, row, scale, cells);
    }

    fn sensitive(&self, layout: &Layout, row: &ScoredRow<'_>, cells: &mut Vec<u8>) {
        self.work.sensitive(layout, row, cells);
    }

    fn alerts(&self, layout: &Layout, row: &ScoredRow<'_>, cells: &mut Vec<u8>) {
        self.work.alerts(layout, row, cells);
    }

    /// The work says first whether it can do without the row, so that nothing is counted twice.
    fn counts_alert(&self, portion: &mut CountedPortion<M, C>) -> bool {
        self.work.counts_alert(&mut portion.made) && portion.count.alert()
    }

    fn tells_pupils(&self) -> bool {
        self.work.tells_pupils()
    }

    fn scales(&self, layout: &Layout) -> Vec<usize> {
        self.work.scales(layout)
    }

    fn begin<'c>(&self, head: RowHead<'c>, carried: impl Iterator<Item = &'c str>, portion: &mut CountedPortion<M, C>) {
        portion.count.response();
        self.work.begin(head, carried, &mut portion.made);
    }

    fn add(&self, cells: MadeCells<'_>, portion: &mut CountedPortion<M, C>) {
        self.work.add(cells, &mut portion.made);
    }

    fn end(&self, portion: &mut CountedPortion<M, C>) {
        self.work.end(&mut portion.made);
    }
}
