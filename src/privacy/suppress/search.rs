//! The search for a move: a change of hidden counts by one each, up or down, that leaves every total true.
//!
//! It begins with one count. Each total that is no longer true is mended by another of its counts, which may break a total in turn, until all
//! are true again. The cheapest mending is tried first, where counts that are hidden already cost nothing. What is found is a move by
//! construction; that nothing is found proves nothing, and the caller hides more.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::Tables;

/// What hiding the smallest part costs at least.
pub(super) const ONE: u64 = 1_000_000;
/// What a broken total is thought to cost until it is mended: more than a few parts, so that a move is finished before others are begun.
const BROKEN: u64 = 8 * ONE;
/// How many ways of mending one total are followed.
const MOST_WAYS: usize = 24;
/// The longest move.
const LONGEST: usize = 40;

/// Counts with what is added to each: 1 or −1.
pub(super) type Move = Vec<(usize, i8)>;

/// Where a count is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
}

/// Which counts may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Those that are hidden.
    Hidden,
    /// All, at a cost.
    All,
}

impl Reach {
    /// How many unfinished moves are looked at: with what is hidden a move is found soon or not at all, and without one more is hidden; without any
    /// at all everything is.
    fn most(self) -> usize {
        match self {
            Self::Hidden => 400,
            Self::All => 3000,
        }
    }
}

/// What the search stands on.
pub(super) struct State<'s> {
    pub(super) tables: &'s Tables,
    pub(super) hidden: &'s [bool],
    pub(super) costs: &'s [u64],
    /// The counts of the table from which the move is made.
    pub(super) point: &'s [i64],
    pub(super) reach: Reach,
    /// How often the move must be possible.
    pub(super) step: i64,
}

/// A move that breaks totals as yet.
#[derive(Clone)]
struct Unfinished {
    changes: Move,
    /// The totals that are not true, and by how much.
    broken: Vec<(usize, i32)>,
    cost: u64,
}

impl Unfinished {
    fn estimate(&self) -> u64 {
        self.cost + BROKEN * self.broken.iter().map(|(_, by)| u64::from(by.unsigned_abs())).sum::<u64>()
    }

    fn with(&self, state: &State<'_>, cell: usize, sign: i8) -> Self {
        let mut next = self.clone();
        let place = next.changes.partition_point(|(known, _)| *known < cell);
        next.changes.insert(place, (cell, sign));
        if !state.hidden[cell] {
            next.cost += state.costs[cell];
        }
        for (total, own) in &state.tables.cells[cell].totals {
            let by = i32::from(sign) * i32::from(*own);
            match next.broken.iter_mut().find(|(known, _)| known == total) {
                Some((_, broken)) => *broken += by,
                None => next.broken.push((*total, by)),
            }
        }
        next.broken.retain(|(_, by)| *by != 0);
        next
    }
}

/// Looks for a move that begins with a count.
pub(super) fn find(state: &State<'_>, cell: usize, direction: Direction) -> Option<Move> {
    let sign = match direction {
        Direction::Up => 1,
        Direction::Down => -1,
    };
    if !may_change(state, cell, sign) {
        return None;
    }
    let start = Unfinished { changes: Vec::new(), broken: Vec::new(), cost: 0 }.with(state, cell, sign);
    let mut states = vec![start];
    let mut seen: BTreeSet<Move> = BTreeSet::new();
    // Of two that are as good the later is looked at first: it is nearer to its end.
    let mut open = BinaryHeap::from([(Reverse(0), 0)]);
    let mut looked_at = 0;
    while let Some((_, index)) = open.pop() {
        let current = states[index].clone();
        if current.broken.is_empty() {
            return Some(current.changes);
        }
        looked_at += 1;
        if looked_at > state.reach.most() || current.changes.len() >= LONGEST {
            continue;
        }
        for next in ways_on(state, &current).into_iter().rev() {
            if seen.insert(next.changes.clone()) {
                open.push((Reverse(next.estimate()), states.len()));
                states.push(next);
            }
        }
    }
    None
}

fn may_change(state: &State<'_>, cell: usize, sign: i8) -> bool {
    (state.hidden[cell] || state.reach == Reach::All) && (sign > 0 || state.point[cell] >= state.step)
}

/// The best ways of mending the shortest broken total.
fn ways_on(state: &State<'_>, current: &Unfinished) -> Vec<Unfinished> {
    let shortest = current.broken.iter().min_by_key(|(total, _)| (state.tables.totals[*total].len(), *total));
    let Some((total, by)) = shortest.copied() else { return Vec::new() };
    let mut ways: Vec<Unfinished> = Vec::new();
    for (cell, own) in &state.tables.totals[total] {
        let sign = if (by > 0) == (*own > 0) { -1 } else { 1 };
        let is_changed = current.changes.binary_search_by_key(cell, |(known, _)| *known).is_ok();
        if !is_changed && may_change(state, *cell, sign) {
            ways.push(current.with(state, *cell, sign));
        }
    }
    // Stable: of two that are as good, the one that stands first.
    ways.sort_by_key(Unfinished::estimate);
    ways.truncate(MOST_WAYS);
    ways
}
