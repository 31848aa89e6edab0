//! Counts are hidden one after another until every hidden one is protected.

use std::collections::VecDeque;

use super::flow::{Ground, Network, Ways};
use super::search::{self, Direction, Move, Reach};
use super::{Tables, Zero};

/// What a move costs less than that is made with what is hidden already.
const NOTHING: u64 = 1;
/// A move that costs more is worth a longer search: it hides a group, or what is part of nothing else.
const DEAR: u64 = 16 * search::ONE;
/// So many times less is much.
const MUCH: u64 = 2;

/// The tables while counts are being hidden.
pub(super) struct Work<'t> {
    tables: &'t Tables,
    limit: i64,
    costs: Vec<u64>,
    hidden: Vec<bool>,
    /// The range of each count over the tables that were found.
    ranges: Vec<(i64, i64)>,
    /// Everything that hangs together with these is hidden, so that nothing is left to work them out from.
    buried: Vec<bool>,
    waiting: VecDeque<usize>,
    /// The counts of the table that a walk is at; the true ones between walks.
    point: Vec<i64>,
    network: Network,
    ways: Ways,
}

impl<'t> Work<'t> {
    pub(super) fn new(tables: &'t Tables, limit: i64) -> Self {
        let cells = tables.cells.len();
        Self {
            tables,
            limit,
            costs: (0..cells).map(|cell| tables.cost(cell)).collect(),
            hidden: vec![false; cells],
            ranges: tables.cells.iter().map(|cell| (cell.count, cell.count)).collect(),
            buried: vec![false; cells],
            waiting: VecDeque::new(),
            point: tables.cells.iter().map(|cell| cell.count).collect(),
            network: Network::new(tables),
            ways: Ways::default(),
        }
    }

    /// Hides a count and what is hidden with it.
    pub(super) fn hide(&mut self, cell: usize) {
        let mut queue = VecDeque::from([cell]);
        while let Some(cell) = queue.pop_front() {
            if std::mem::replace(&mut self.hidden[cell], true) {
                continue;
            }
            self.waiting.push_back(cell);
            queue.extend(self.tables.cells[cell].with.iter().copied());
        }
    }

    /// Hides whatever it takes to protect what is hidden, and says what is.
    pub(super) fn protect_all(mut self) -> Vec<bool> {
        while let Some(cell) = self.waiting.pop_front() {
            if !self.protect(cell) {
                self.hide_all_around(cell);
            }
        }
        self.hidden
    }

    /// Finds the tables that protect a hidden count, and hides what they need. False if there is none.
    fn protect(&mut self, cell: usize) -> bool {
        let (count, zero) = (self.tables.cells[cell].count, self.tables.cells[cell].zero);
        if self.buried[cell] {
            return true;
        }
        if self.tables.is_small(cell, self.limit) {
            let lowest = i64::from(zero == Zero::Shown);
            return self.reach(cell, Direction::Up, self.limit - count) && self.reach(cell, Direction::Down, count - lowest);
        }
        let (low, high) = self.ranges[cell];
        low < high || self.reach(cell, Direction::Up, 1)
    }

    /// Walks from the true counts to a table in which a count differs by so much, hiding what the moves need.
    fn reach(&mut self, cell: usize, direction: Direction, by: i64) -> bool {
        let (low, high) = self.ranges[cell];
        let count = self.tables.cells[cell].count;
        let mut left = by;
        let is_there = match direction {
            Direction::Up => high >= count + by,
            Direction::Down => low <= count - by,
        };
        if is_there {
            return true;
        }
        let mut walked: Vec<Step> = Vec::new();
        while left > 0 {
            let Some(steps) = self.next_steps(cell, direction, left) else { break };
            for step in steps {
                left -= if step.found.iter().any(|(moved, _)| *moved == cell) { step.times } else { 0 };
                self.walk(&step.found, step.times);
                for (moved, _) in &step.found {
                    self.hide(*moved);
                    let (range, value) = (&mut self.ranges[*moved], self.point[*moved]);
                    *range = (range.0.min(value), range.1.max(value));
                }
                walked.push(step);
            }
        }
        for step in walked {
            for (moved, _) in step.found {
                self.point[moved] = self.tables.cells[moved].count;
            }
        }
        left <= 0
    }

    fn walk(&mut self, found: &Move, times: i64) {
        for (moved, sign) in found {
            self.point[*moved] += i64::from(*sign) * times;
        }
    }

    /// The moves that take a count further: with what is hidden already if possible, otherwise as cheaply as can be found.
    fn next_steps(&mut self, cell: usize, direction: Direction, left: i64) -> Option<Vec<Step>> {
        if let Some((_, found)) = self.along_blocks(cell, direction, left, NOTHING) {
            return Some(vec![self.as_often_as_possible(found, left)]);
        }
        if let Some(steps) = self.with_room(cell, direction, NOTHING) {
            return Some(steps);
        }
        if let Some(found) = self.any_move(cell, direction, left, Reach::Hidden) {
            return Some(vec![self.as_often_as_possible(found, left)]);
        }
        let plain = self.along_blocks(cell, direction, left, u64::MAX);
        let cost = plain.as_ref().map_or(u64::MAX, |(cost, _)| *cost);
        if cost > DEAR
            && let Some(steps) = self.with_room(cell, direction, cost)
        {
            return Some(steps);
        }
        let found = plain.map(|(_, found)| found).or_else(|| self.any_move(cell, direction, left, Reach::All))?;
        Some(vec![self.as_often_as_possible(found, left)])
    }

    fn as_often_as_possible(&self, found: Move, left: i64) -> Step {
        let falling = found.iter().filter(|(_, sign)| *sign < 0).map(|(moved, _)| self.point[*moved]);
        let times = falling.min().unwrap_or(left).min(left);
        Step { found, times }
    }

    /// A move along blocks that costs less than so much, and what it costs: in one go, unless a step costs much less.
    fn along_blocks(&mut self, cell: usize, direction: Direction, left: i64, below: u64) -> Option<(u64, Move)> {
        let mut best: Option<(u64, Move)> = None;
        for step in steps(left) {
            let below = best.as_ref().map_or(below, |(cost, _)| cost / MUCH);
            if below == 0 {
                break;
            }
            let ground = Ground { tables: self.tables, hidden: &self.hidden, costs: &self.costs, point: &self.point, step, below };
            best = self.network.find(&ground, &mut self.ways, cell, direction).or(best);
        }
        best
    }

    /// Two moves that cost less than so much, the cheapest: where a count of the same group has come down to nought and can fall no further, it is
    /// raised first.
    fn with_room(&mut self, cell: usize, direction: Direction, mut below: u64) -> Option<Vec<Step>> {
        let mut best = None;
        for other in self.network.beside(cell) {
            if other == cell || !self.hidden[other] || self.point[other] > 0 {
                continue;
            }
            let raised = self.along_blocks(other, Direction::Up, 1, below);
            let Some((first, found)) = raised.filter(|(_, found)| found.iter().all(|(moved, _)| *moved != cell)) else { continue };
            self.walk(&found, 1);
            let then = self.along_blocks(cell, direction, 1, below - first);
            self.walk(&found, -1);
            if let Some((second, then)) = then {
                below = first + second;
                best = Some(vec![Step { found, times: 1 }, Step { found: then, times: 1 }]);
            }
            if below == 0 {
                break;
            }
        }
        best
    }

    /// Any other move, in one go if possible.
    fn any_move(&self, cell: usize, direction: Direction, left: i64, reach: Reach) -> Option<Move> {
        steps(left).iter().find_map(|step| {
            let (hidden, costs, point) = (&self.hidden, &self.costs, &self.point);
            search::find(&search::State { tables: self.tables, hidden, costs, point, reach, step: *step }, cell, direction)
        })
    }

    /// Hides everything that hangs together with a count.
    fn hide_all_around(&mut self, cell: usize) {
        let mut queue = VecDeque::from([cell]);
        while let Some(cell) = queue.pop_front() {
            if std::mem::replace(&mut self.buried[cell], true) {
                continue;
            }
            self.hide(cell);
            for (total, _) in &self.tables.cells[cell].totals {
                queue.extend(self.tables.totals[*total].iter().map(|(other, _)| *other));
            }
        }
    }
}

/// How many times at once a move is looked for.
fn steps(left: i64) -> Vec<i64> {
    if left == 1 { vec![1] } else { vec![left, 1] }
}

/// A move that is made so many times.
struct Step {
    found: Move,
    times: i64,
}
