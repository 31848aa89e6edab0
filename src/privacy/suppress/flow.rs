//! Moves through tables that are alike: the cheapest one by shortest paths.
//!
//! A *block* is the counts of one group: its size, and how many are at each level. Blocks add up as their counts do: a school is the sum of its
//! years. A *pattern* changes some counts of one block so that its own totals stay true: one more at a level, one fewer at another. The same pattern,
//! up in one block and down in the next, leaves the sums of blocks true as well if the blocks make a circle: each sum that one block leaves is entered
//! by another. Sums are then places and blocks the ways between them, and the cheapest circle through a block is a shortest path (Dijkstra 1959) from
//! one of its sums to the other. Counts of two-way tables have been protected so since Cox 1980 (JASA 75, 377–385), where the pattern is one count.
//!
//! What is found is checked against every total, so nothing rests on the blocks being what they were said to be.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Tables;
use super::search::{Direction, Move};

/// The most patterns that are tried for one count.
const MOST_PATTERNS: usize = 96;

/// Places in a block, and which way the counts there go.
type Pattern = Vec<(usize, i8)>;

/// How blocks hang together.
#[derive(Debug)]
pub(super) struct Network {
    /// The counts of each block.
    blocks: Vec<Vec<usize>>,
    /// For each block the sums that it is in, with its sign.
    sums_of: Vec<Vec<(usize, i8)>>,
    /// For each sum its blocks with their signs.
    sums: Vec<Vec<(usize, i8)>>,
    /// The block of each count, and its place there.
    place: Vec<Option<(usize, usize)>>,
    /// Blocks in one sum only: through them a path may leave one sum for any other.
    loose: Vec<usize>,
}

/// What a path stands on.
pub(super) struct Ground<'s> {
    pub(super) tables: &'s Tables,
    pub(super) hidden: &'s [bool],
    pub(super) costs: &'s [u64],
    /// The counts of the table from which the move is made.
    pub(super) point: &'s [i64],
    /// How often the move must be possible.
    pub(super) step: i64,
    /// What the move must cost less than.
    pub(super) below: u64,
}

/// Where a path is: a sum that is not true, by one too many or one too few; or outside of all sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Broken(usize, i8),
    Outside,
}

/// A way to a node: through a block that changes with this sign, from the node before.
#[derive(Clone, Copy, Debug)]
struct Way {
    cost: u64,
    through: (usize, i8),
    from: Node,
}

/// The cheapest ways that are known, kept from path to path because most paths are short and there are many places.
#[derive(Debug, Default)]
pub(super) struct Ways {
    known: Vec<Option<Way>>,
    filled: Vec<usize>,
}

impl Ways {
    fn to(&self, node: Node) -> Option<Way> {
        self.known.get(node.place()).copied().flatten()
    }

    fn insert(&mut self, node: Node, way: Way) {
        let place = node.place();
        if self.known.len() <= place {
            self.known.resize(place + 1, None);
        }
        self.known[place] = Some(way);
        self.filled.push(place);
    }

    fn forget(&mut self) {
        self.filled.drain(..).for_each(|place| self.known[place] = None);
    }
}

impl Node {
    fn place(self) -> usize {
        match self {
            Self::Outside => 0,
            Self::Broken(sum, sign) => 1 + 2 * sum + usize::from(sign > 0),
        }
    }
}

impl Network {
    /// The blocks as they were told; where none were, each count is one.
    pub(super) fn new(tables: &Tables) -> Self {
        let counts = tables.cells.len();
        let (blocks, sums) = if tables.blocks.is_empty() {
            ((0..counts).map(|cell| vec![cell]).collect(), tables.totals.clone())
        } else {
            (tables.blocks.clone(), tables.sums.clone())
        };
        let mut place = vec![None; counts];
        for (block, cells) in blocks.iter().enumerate() {
            for (position, cell) in cells.iter().enumerate() {
                place[*cell] = Some((block, position));
            }
        }
        let mut sums_of = vec![Vec::new(); blocks.len()];
        for (sum, signed) in sums.iter().enumerate() {
            for (block, sign) in signed {
                sums_of[*block].push((sum, *sign));
            }
        }
        let loose = (0..blocks.len()).filter(|block| sums_of[*block].len() == 1).collect();
        Self { blocks, sums_of, sums, place, loose }
    }

    /// The counts of a count's block.
    pub(super) fn beside(&self, cell: usize) -> Vec<usize> {
        self.place[cell].map_or_else(Vec::new, |(block, _)| self.blocks[block].clone())
    }

    /// The cheapest move of a count along a pattern, and what it costs. Nothing is said by there being none: others may be found by other means.
    pub(super) fn find(&self, ground: &Ground<'_>, ways: &mut Ways, cell: usize, direction: Direction) -> Option<(u64, Move)> {
        let (block, position) = self.place[cell]?;
        let (mut best, mut below) = (None, ground.below);
        for pattern in self.patterns(ground.tables, block, position, direction) {
            let mut search = Search { network: self, ground, ways, pattern: &pattern, block };
            let Some(start) = search.cost(block, 1).filter(|start| *start < below) else { continue };
            for (rest, blocks) in search.circles(below - start) {
                let found = self.spread(&pattern, &blocks);
                if start + rest < below && is_move(ground.tables, &found) {
                    below = start + rest;
                    best = Some((below, found));
                }
            }
        }
        best
    }

    /// The ways of changing a count by one, up or down, that leave its block's own totals true.
    fn patterns(&self, tables: &Tables, block: usize, position: usize, direction: Direction) -> Vec<Pattern> {
        let sign = match direction {
            Direction::Up => 1,
            Direction::Down => -1,
        };
        let mut done = Vec::new();
        let mut begun = vec![vec![(position, sign)]];
        while let Some(pattern) = begun.pop() {
            let Some((inside, by)) = self.broken(tables, block, &pattern) else {
                done.push(pattern);
                if done.len() >= MOST_PATTERNS {
                    break;
                }
                continue;
            };
            // The last is looked at first.
            for (position, own) in inside.into_iter().rev().filter(|(position, _)| change(&pattern, *position) == 0) {
                let mut next = pattern.clone();
                next.push((position, if (by > 0) == (own > 0) { -1 } else { 1 }));
                begun.push(next);
            }
        }
        done
    }

    /// A total of a block's own counts that a pattern breaks, as places in the block with their signs, and by how much.
    fn broken(&self, tables: &Tables, block: usize, pattern: &[(usize, i8)]) -> Option<(Pattern, i32)> {
        let cells = pattern.iter().filter_map(|(position, _)| self.blocks[block].get(*position));
        cells.flat_map(|cell| &tables.cells[*cell].totals).find_map(|(total, _)| {
            let place = |cell: usize| self.place[cell].filter(|place| place.0 == block).map(|place| place.1);
            let inside: Pattern = tables.totals[*total].iter().map(|(cell, own)| Some((place(*cell)?, *own))).collect::<Option<_>>()?;
            // A count that is a block of its own has no totals of its own.
            let by: i32 = inside.iter().map(|(position, own)| i32::from(*own) * i32::from(change(pattern, *position))).sum();
            (by != 0).then_some((inside, by))
        })
    }

    /// Where a change of a block leads from one of its sums; nowhere if it has more sums than can be followed, or is not in those that the path
    /// stays in.
    fn beyond(&self, block: usize, sign: i8, from: usize, kept: &[usize]) -> Option<Node> {
        let sums = &self.sums_of[block];
        if sums.len() > kept.len() + 2 || !kept.iter().all(|kept| sums.iter().any(|(sum, _)| sum == kept)) {
            return None;
        }
        let mut others = sums.iter().filter(|(sum, _)| *sum != from && !kept.contains(sum));
        let next = others.next().map_or(Node::Outside, |(sum, own)| Node::Broken(*sum, own * sign));
        others.next().is_none().then_some(next)
    }

    /// A pattern in every block of a circle.
    fn spread(&self, pattern: &[(usize, i8)], blocks: &[(usize, i8)]) -> Move {
        let mut found = Move::with_capacity(pattern.len() * blocks.len());
        for (block, sign) in blocks {
            found.extend(pattern.iter().map(|(position, own)| (self.blocks[*block][*position], own * sign)));
        }
        found.sort_unstable();
        found
    }
}

/// The search for circles of one pattern through one block.
struct Search<'s> {
    network: &'s Network,
    ground: &'s Ground<'s>,
    ways: &'s mut Ways,
    pattern: &'s [(usize, i8)],
    block: usize,
}

impl Search<'_> {
    /// What it costs to change a block along the pattern; none if a count has no room for it.
    fn cost(&self, block: usize, sign: i8) -> Option<u64> {
        let mut cost = 0;
        for (position, own) in self.pattern {
            let cell = *self.network.blocks[block].get(*position)?;
            if own * sign < 0 && self.ground.point[cell] < self.ground.step {
                return None;
            }
            cost += if self.ground.hidden[cell] { 0 } else { self.ground.costs[cell] };
        }
        Some(cost)
    }

    /// The cheapest circles through the block: what the rest of each costs, and its blocks with their signs.
    fn circles(&mut self, below: u64) -> Vec<(u64, Vec<(usize, i8)>)> {
        match self.network.sums_of[self.block].as_slice() {
            [] => vec![(0, vec![(self.block, 1)])],
            [(sum, sign)] => self.path(Node::Broken(*sum, *sign), Node::Outside, &[], below).into_iter().collect(),
            sums => {
                // In three sums or more the path goes through two of them and stays in the others.
                let mut found = Vec::new();
                for (index, one) in sums.iter().enumerate() {
                    for other in &sums[index + 1..] {
                        let kept: Vec<usize> = sums.iter().map(|(sum, _)| *sum).filter(|sum| *sum != one.0 && *sum != other.0).collect();
                        found.extend(self.path(Node::Broken(one.0, one.1), Node::Broken(other.0, -other.1), &kept, below));
                    }
                }
                found
            }
        }
    }

    /// The cheapest path from one node to another that does not come back to the block.
    fn path(&mut self, start: Node, end: Node, kept: &[usize], below: u64) -> Option<(u64, Vec<(usize, i8)>)> {
        let network = self.network;
        self.ways.forget();
        let mut open = BinaryHeap::from([Reverse((0, start))]);
        while let Some(Reverse((so_far, node))) = open.pop() {
            if node == end {
                break;
            }
            if self.ways.to(node).is_some_and(|way| way.cost < so_far) {
                continue;
            }
            let mut go = |block: usize, sign: i8, next: Node| -> bool {
                let below = self.ways.to(next).map_or(below, |way| below.min(way.cost));
                if next == start || block == self.block || so_far >= below {
                    return false;
                }
                let cost = self.cost(block, sign).map(|cost| so_far + cost);
                let Some(cost) = cost.filter(|cost| *cost < below) else { return false };
                self.ways.insert(next, Way { cost, through: (block, sign), from: node });
                open.push(Reverse((cost, next)));
                // Nothing can be cheaper.
                next == end && cost == so_far
            };
            let is_there = match node {
                Node::Broken(sum, by) => network.sums[sum].iter().any(|(block, own)| {
                    let sign = -by * own;
                    network.beyond(*block, sign, sum, kept).is_some_and(|next| go(*block, sign, next))
                }),
                Node::Outside => network.loose.iter().any(|block| {
                    let (sum, own) = network.sums_of[*block][0];
                    [1, -1].into_iter().any(|sign| go(*block, sign, Node::Broken(sum, own * sign)))
                }),
            };
            if is_there {
                break;
            }
        }
        let mut way = self.ways.to(end)?;
        let (cost, mut blocks) = (way.cost, vec![(self.block, 1), way.through]);
        while way.from != start {
            way = self.ways.to(way.from)?;
            blocks.push(way.through);
        }
        Some((cost, blocks))
    }
}

fn change(pattern: &[(usize, i8)], position: usize) -> i8 {
    pattern.iter().find(|(known, _)| *known == position).map_or(0, |(_, sign)| *sign)
}

/// Whether a change of counts leaves every total true and changes each count once.
fn is_move(tables: &Tables, found: &Move) -> bool {
    let is_once = found.windows(2).all(|pair| pair[0].0 != pair[1].0);
    let mut broken: Vec<(usize, i8)> = Vec::new();
    for (cell, sign) in found {
        broken.extend(tables.cells[*cell].totals.iter().map(|(total, own)| (*total, sign * own)));
    }
    broken.sort_unstable();
    is_once && broken.chunk_by(|one, other| one.0 == other.0).all(|of_one| of_one.iter().map(|(_, by)| i32::from(*by)).sum::<i32>() == 0)
}
