//! Which pupils had a response so far, in little memory: a nation's year is twenty million of them.
//!
//! Of a response only a mark and the place of its row are kept, in thirteen bytes. The marks are divided among shares that grow one by one, so
//! that growing never needs the whole table twice. A share's order is that of its marks: when it grows, it is copied from front to back.
//!
//! One byte of each mark stands by itself. These bytes lie close together, so that a mark that was not there before, as nearly all are, is told
//! by them alone: the rest of the table, which no cache holds, is written and seldom read.

mod room;

use memchr::memchr2;

use crate::scoring::repeat::RowPlace;
use room::Room;

/// Into so many shares the marks are divided, by their first bits.
const SHARE_BITS: u32 = 4;
/// Up to this size a share grows fourfold; beyond it by an eighth, because memory counts.
const LARGE: usize = 1 << 18;
/// Seven bytes of a mark, and five of a place.
const SLOT: usize = 12;

/// The first response under each mark.
#[derive(Debug, Default)]
pub(super) struct Seen {
    shares: Vec<Share>,
    /// For each file, how many rows there were in the files before it.
    before: Vec<u64>,
    /// How many rows there were in all files so far.
    rows: u64,
}

#[derive(Debug, Default)]
struct Share {
    /// How many slots there are.
    size: usize,
    taken: usize,
    /// For each slot the last byte of its mark, nought where it is empty; then for each slot the rest of the mark, and the place.
    room: Room,
}

impl Seen {
    /// Looks where marks will be looked up, before they are. Each look waits for memory, and many can wait at once where nothing is decided by
    /// what they find.
    pub(super) fn look_ahead(&self, marks: impl Iterator<Item = u64>) {
        if self.shares.is_empty() {
            return;
        }
        let seen = marks.fold(0, |seen, mark| {
            let share = &self.shares[share_of(mark)];
            let home = home(mark, share.size);
            let at = |at: usize| share.room.get(at).copied().unwrap_or(0);
            seen ^ at(home) ^ at(share.size + SLOT * home)
        });
        std::hint::black_box(seen);
    }

    /// The place of the first response under a mark, which is this one's own if there was none. Files come in their order.
    pub(super) fn first(&mut self, mark: u64, (file, row): RowPlace) -> RowPlace {
        while self.before.len() <= file {
            self.before.push(self.rows);
        }
        if self.shares.is_empty() {
            self.shares.resize_with(1 << SHARE_BITS, Share::default);
        }
        let place = self.before[file] + row;
        self.rows = self.rows.max(place);
        // No mark ends in nought, so that an empty slot can be told.
        let mark = if print_of(mark) == 0 { mark + 1 } else { mark };
        let first = self.shares[share_of(mark)].first(mark, place);
        if first == place {
            return (file, row);
        }
        let file = self.before.partition_point(|before| *before < first) - 1;
        (file, first - self.before[file])
    }
}

impl Share {
    fn first(&mut self, mark: u64, place: u64) -> u64 {
        // Beyond five parts of six, looking for an empty slot takes long.
        if 6 * (self.taken + 1) > 5 * self.size {
            self.grow();
        }
        let print = print_of(mark);
        let mut at = home(mark, self.size);
        loop {
            if self.prints().get(at).is_none_or(|there| *there != 0 && *there != print) {
                // There always is an empty slot, if need be in front.
                let further = self.prints().get(at + 1..).and_then(|rest| memchr2(print, 0, rest));
                at = further.map_or(0, |further| at + 1 + further);
                continue;
            }
            if self.prints()[at] == 0 {
                self.put(at, mark, place);
                return place;
            }
            let (found, first) = self.slot(at);
            if found == mark {
                return first;
            }
            at += 1;
        }
    }

    fn prints(&self) -> &[u8] {
        &self.room[..self.size]
    }

    /// The mark and the place in a slot.
    fn slot(&self, at: usize) -> (u64, u64) {
        let start = self.size + SLOT * at;
        let bytes = &self.room[start..start + SLOT];
        let (mut mark, mut place) = ([self.room[at]; 8], [0; 8]);
        mark[1..].copy_from_slice(&bytes[..7]);
        place[..5].copy_from_slice(&bytes[7..]);
        (u64::from_le_bytes(mark), u64::from_le_bytes(place))
    }

    fn put(&mut self, at: usize, mark: u64, place: u64) {
        self.room[at] = print_of(mark);
        let start = self.size + SLOT * at;
        let bytes = &mut self.room[start..start + SLOT];
        bytes[..7].copy_from_slice(&mark.to_le_bytes()[1..]);
        bytes[7..].copy_from_slice(&place.to_le_bytes()[..5]);
        self.taken += 1;
    }

    fn grow(&mut self) {
        let size = if self.size < LARGE { (4 * self.size).max(64) } else { self.size + self.size / 8 };
        let mut grown = Self { size, taken: 0, room: Room::new((1 + SLOT) * size) };
        for old in (0..self.size).filter(|at| self.room[*at] != 0) {
            let (mark, place) = self.slot(old);
            let mut at = home(mark, size);
            while grown.room[at] != 0 {
                at = if at + 1 == size { 0 } else { at + 1 };
            }
            grown.put(at, mark, place);
        }
        *self = grown;
    }
}

fn print_of(mark: u64) -> u8 {
    mark.to_le_bytes()[0]
}

fn share_of(mark: u64) -> usize {
    usize::try_from(mark >> (u64::BITS - SHARE_BITS)).unwrap_or(0)
}

/// The slot where a mark is looked for first: the larger the mark, the further behind.
fn home(mark: u64, size: usize) -> usize {
    let within = u128::from(mark << SHARE_BITS);
    usize::try_from((within * size as u128) >> u64::BITS).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn the_first_place_under_each_mark_is_told_whatever_the_size() {
        let (mut seen, mut known) = (Seen::default(), HashMap::new());
        let mut mark: u64 = 1;
        for file in 0..3 {
            for row in 2..120_000 {
                mark = mark.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                // One in eight is one of few, which come again and again.
                let mark = if row % 8 == 0 { (mark >> 50).wrapping_mul(0x9e37_79b9_7f4a_7c15) } else { mark };
                let first = *known.entry(mark.max(1)).or_insert((file, row));
                assert_eq!(seen.first(mark, (file, row)), first, "{mark} {file} {row}");
            }
        }
    }

    #[test]
    fn a_share_that_is_large_grows_and_loses_nothing() {
        let mut seen = Seen::default();
        // All of one share.
        let marks = || (1..100_000_u64).map(|number| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> SHARE_BITS);
        for (row, mark) in (2..).zip(marks()) {
            assert_eq!(seen.first(mark, (0, row)), (0, row));
        }
        for (row, mark) in (2..).zip(marks()) {
            assert_eq!(seen.first(mark, (1, row)), (0, row));
        }
    }
}
