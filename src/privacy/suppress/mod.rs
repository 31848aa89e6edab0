//! Small numbers in tables that go to people who may not see the pupils: which counts are hidden, so that none of them can be worked out.
//!
//! A count below the limit is hidden, nought included: nought out of twenty tells something of each of the twenty. (NHS England's published code
//! hides nought as well; school performance tables hide groups of fewer than six.) A count of which nought says nothing about anybody may be
//! marked with [`Zero::Shown`]. One hidden count alone is found by subtraction, so others are hidden to protect it, across all tables that were
//! put together here.
//!
//! **What is promised.** Somebody who has every count that is shown, knows every total, knows that counts are whole and not negative, and knows
//! the limit, can think of tables that agree with all this in which
//!
//! - a small hidden count is nought, and the limit, and everything between them (from one, where nought would be shown). So nobody can tell
//!   from the numbers that it is small, let alone how small; and no group of hidden counts that includes it can be worked out to be below the limit;
//! - any other hidden count has at least two values.
//!
//! In all those tables with the small count below the limit, hiding it is just what the rule says, so knowing the rule rules out none of them.
//!
//! **How it is proved.** Every such table is found, not argued for: from the true counts along *moves*, whole-number changes of hidden counts that
//! leave every total true. A range between two tables that differ by a repeated move has no gaps, because each repetition is a table too. Nothing
//! rests on a bound that fractions reach and whole numbers do not. Moves through groups that add up (classes, years, schools) are shortest paths
//! ([`flow`]); where there is none, any other mending is looked for ([`search`]). Where no move is found in the time allowed, everything that hangs
//! together with the count is hidden: more hidden counts only ever make more tables possible.
//!
//! **What is not promised.** Two runs with different groups or filters can be subtracted from one another; so can what somebody knows besides.

mod flow;
mod protect;
mod search;

use std::collections::{BTreeSet, VecDeque};

use protect::Work;

/// Counts below this are small unless somebody says otherwise: school performance tables hide groups of fewer than six.
pub const USUAL_LIMIT: u64 = 6;

/// One count of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellId(usize);

/// The counts of one group, which add up with those of other groups one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockId(usize);

/// Whether a count of nought is a small number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zero {
    /// It says something about everybody who could have been counted.
    Hidden,
    /// It says nothing about anybody.
    Shown,
}

/// A total that is not the sum of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a total of {whole} is not the sum of its parts, {sum}")]
pub struct NotASum {
    /// The total.
    pub whole: u64,
    /// What its parts come to.
    pub sum: u64,
}

#[derive(Debug)]
struct Cell {
    count: i64,
    zero: Zero,
    /// The totals that it is in, with its sign: −1 as the whole, +1 as a part.
    totals: Vec<(usize, i8)>,
    /// What is hidden whenever this is.
    with: Vec<usize>,
    /// Whether it is hidden for a reason of its own, whatever it is.
    is_told_to_hide: bool,
}

/// Counts that are published together, and how they add up.
#[derive(Debug, Default)]
pub struct Tables {
    cells: Vec<Cell>,
    /// For each total its cells with their signs: their sum is nought.
    totals: Vec<Vec<(usize, i8)>>,
    /// The counts of each block.
    blocks: Vec<Vec<usize>>,
    /// For each sum of blocks its blocks with their signs.
    sums: Vec<Vec<(usize, i8)>>,
    /// The totals that belong to sums of blocks.
    across: BTreeSet<usize>,
}

/// What became of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is shown.
    Shown,
    /// It is hidden because it is small.
    Small,
    /// It is hidden to protect another.
    Protects,
}

/// Which counts are hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed(Vec<Fate>);

impl Suppressed {
    /// What became of a count.
    pub fn fate(&self, cell: CellId) -> Fate {
        self.0.get(cell.0).copied().unwrap_or(Fate::Protects)
    }

    /// Whether a count is shown.
    pub fn is_shown(&self, cell: CellId) -> bool {
        self.fate(cell) == Fate::Shown
    }

    /// Whether anything is hidden.
    pub fn hides_any(&self) -> bool {
        self.0.iter().any(|fate| *fate != Fate::Shown)
    }
}

impl Tables {
    /// No counts yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a count.
    pub fn cell(&mut self, count: u64, zero: Zero) -> CellId {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.cells.push(Cell { count, zero, totals: Vec::new(), with: Vec::new(), is_told_to_hide: false });
        CellId(self.cells.len() - 1)
    }

    /// Says that a count is the sum of others. A count may be in any number of totals.
    ///
    /// # Errors
    ///
    /// When it is not: then the tables would promise what they do not keep.
    pub fn total(&mut self, whole: CellId, parts: &[CellId]) -> Result<(), NotASum> {
        let count = |cell: &CellId| self.cells.get(cell.0).map_or(0, |cell| cell.count.unsigned_abs());
        let sum = parts.iter().map(count).sum();
        if sum != count(&whole) {
            return Err(NotASum { whole: count(&whole), sum });
        }
        let signed: Vec<(usize, i8)> = std::iter::once((whole.0, -1)).chain(parts.iter().map(|part| (part.0, 1))).collect();
        for (cell, sign) in &signed {
            if let Some(cell) = self.cells.get_mut(*cell) {
                cell.totals.push((self.totals.len(), *sign));
            }
        }
        self.totals.push(signed);
        Ok(())
    }

    /// Says that counts are those of one group, in the same order as those of other groups.
    pub fn block(&mut self, cells: &[CellId]) -> BlockId {
        self.blocks.push(cells.iter().map(|cell| cell.0).collect());
        BlockId(self.blocks.len() - 1)
    }

    /// Says that each count of a group is the sum of the same counts of other groups.
    ///
    /// # Errors
    ///
    /// When one is not.
    pub fn total_of_blocks(&mut self, whole: BlockId, parts: &[BlockId]) -> Result<(), NotASum> {
        let cell = |tables: &Self, block: &BlockId, position: usize| tables.blocks.get(block.0)?.get(position).copied().map(CellId);
        for position in 0..self.blocks.get(whole.0).map_or(0, Vec::len) {
            let of_parts: Vec<CellId> = parts.iter().filter_map(|part| cell(self, part, position)).collect();
            if let Some(whole) = cell(self, &whole, position) {
                self.total(whole, &of_parts)?;
                self.across.insert(self.totals.len() - 1);
            }
        }
        self.sums.push(std::iter::once((whole.0, -1)).chain(parts.iter().map(|part| (part.0, 1))).collect());
        Ok(())
    }

    /// Says that a count is hidden though it need not be small; others are hidden so that it cannot be worked out.
    pub fn hide(&mut self, cell: CellId) {
        if let Some(cell) = self.cells.get_mut(cell.0) {
            cell.is_told_to_hide = true;
        }
    }

    /// Says that some counts are hidden whenever another one is: the figures of a group whose size is hidden.
    pub fn hide_with(&mut self, cell: CellId, others: &[CellId]) {
        if let Some(cell) = self.cells.get_mut(cell.0) {
            cell.with.extend(others.iter().map(|other| other.0));
        }
    }

    /// Says that counts are either all shown or all hidden: the size of one group in tables that differ by a pupil or two, where one would give
    /// the other away.
    pub fn together(&mut self, cells: &[CellId]) {
        // A ring: each hides the next.
        for (index, cell) in cells.iter().enumerate() {
            let next = cells[(index + 1) % cells.len()];
            if next != *cell {
                self.hide_with(*cell, &[next]);
            }
        }
    }

    /// Decides which counts are hidden, where counts below `limit` are small. The same tables always have the same counts hidden.
    pub fn suppress(&self, limit: u64) -> Suppressed {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut work = Work::new(self, limit);
        for cell in 0..self.cells.len() {
            if self.cells[cell].is_told_to_hide || self.is_small(cell, limit) {
                work.hide(cell);
            }
        }
        let hidden = work.protect_all();
        let fate = |(cell, hidden): (usize, &bool)| match (hidden, self.is_small(cell, limit)) {
            (false, _) => Fate::Shown,
            (true, true) => Fate::Small,
            (true, false) => Fate::Protects,
        };
        Suppressed(hidden.iter().enumerate().map(fate).collect())
    }

    fn is_small(&self, cell: usize, limit: i64) -> bool {
        self.cells.get(cell).is_some_and(|cell| cell.count < limit && (cell.count > 0 || cell.zero == Zero::Hidden))
    }

    /// What it costs to hide a count: as few as possible, parts rather than totals, small ones rather than large ones, and never nought if it can
    /// be helped, of which everybody may know.
    fn cost(&self, index: usize) -> u64 {
        let Some(cell) = self.cells.get(index) else { return 0 };
        // A total of one part is the part under another name.
        let is_whole = cell.totals.iter().any(|(total, sign)| *sign < 0 && self.totals[*total].len() > 2);
        // A group that is part of no other is the last to be hidden, and so is everything in it.
        let is_part = cell.totals.iter().any(|(total, sign)| *sign > 0 && (self.blocks.is_empty() || self.across.contains(total)));
        let weight = match (is_whole, is_part) {
            (false, _) => 1,
            (true, true) => 4,
            (true, false) => 16,
        };
        let empty = if cell.count == 0 { 8 } else { 1 };
        let along = self.hidden_along(index) as u64;
        (search::ONE + cell.count.unsigned_abs().min(search::ONE - 1)) * weight * empty * along
    }

    /// How many counts are hidden when one is, at most as many as matter for its cost.
    fn hidden_along(&self, cell: usize) -> usize {
        const MOST: usize = 64;
        let (mut seen, mut queue) = (BTreeSet::from([cell]), VecDeque::from([cell]));
        while let Some(cell) = queue.pop_front().filter(|_| seen.len() < MOST) {
            let with = self.cells.get(cell).map(|cell| cell.with.as_slice()).unwrap_or_default();
            queue.extend(with.iter().copied().filter(|other| seen.insert(*other)));
        }
        seen.len()
    }
}

#[cfg(test)]
mod tests;
