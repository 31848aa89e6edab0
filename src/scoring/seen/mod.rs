//! Which pupils had a response so far, in little memory: a nation's year is twenty million of them.
//!
//! Of a response only a mark and the place of its row are kept, in twelve bytes. The marks are divided among shares that grow one by one, so
//! that growing never needs the whole table twice. A share's order is that of its marks: when it grows, it is copied from front to back.
//!
//! No cache holds the whole table, so that each look waits for memory, and what is fetched at once are sixty-four bytes: a line. Five slots
//! lie in each, and a mark is nearly always found, or known to be new, in the first line where it is looked for.

mod room;

use crate::scoring::repeat::RowPlace;
use room::{LARGE_PAGE, Room};

/// Into so many shares the marks are divided, by their first bits.
const SHARE_BITS: u32 = 4;
/// The bits of a mark that are kept: those that do not say the share.
const KEPT: u64 = u64::MAX >> SHARE_BITS;
/// Up to so many lines a share grows fourfold. Then it takes whole large pages: one, two, and from there on an eighth more each time, because
/// memory counts.
const SMALL: usize = 1 << 12;
const LINE: usize = 64;
const SLOT: usize = 12;
const SLOTS: usize = LINE / SLOT;
/// Which byte of a line says how many of its slots are filled.
const FILLED: usize = SLOTS * SLOT;

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
    lines: usize,
    taken: usize,
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
            seen ^ share.room.get(LINE * home(mark, share.lines)).copied().unwrap_or(0)
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
        let first = self.shares[share_of(mark)].first(mark, place);
        if first == place {
            return (file, row);
        }
        let file = self.before.partition_point(|before| *before < first) - 1;
        (file, first - self.before[file])
    }
}

/// A mark without the bits that say its share, and a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    kept: u64,
    place: u64,
}

impl Slot {
    /// Sixty bits of the mark, and thirty-six of the place: the upper four, and then the others.
    fn of(bytes: [u8; SLOT]) -> Self {
        let (mut word, mut rest) = ([0; 8], [0; 4]);
        word.copy_from_slice(&bytes[..8]);
        rest.copy_from_slice(&bytes[8..]);
        let word = u64::from_le_bytes(word);
        let upper = word >> (u64::BITS - SHARE_BITS);
        Self { kept: word & KEPT, place: upper << u32::BITS | u64::from(u32::from_le_bytes(rest)) }
    }

    fn bytes(self) -> [u8; SLOT] {
        let mut bytes = [0; SLOT];
        let upper = self.place >> u32::BITS << (u64::BITS - SHARE_BITS);
        bytes[..8].copy_from_slice(&(self.kept | upper).to_le_bytes());
        bytes[8..].copy_from_slice(&self.place.to_le_bytes()[..4]);
        bytes
    }
}

impl Share {
    fn first(&mut self, mark: u64, place: u64) -> u64 {
        // Beyond five parts of six, too many lines are full.
        if 6 * (self.taken + 1) > 5 * SLOTS * self.lines {
            self.grow();
        }
        self.take(home(mark, self.lines), Slot { kept: mark & KEPT, place })
    }

    /// The place of the slot with this mark; it is this one's own if none was there. There always is an empty slot, if need be in front.
    fn take(&mut self, mut line: usize, new: Slot) -> u64 {
        loop {
            let bytes = &mut self.room[LINE * line..][..LINE];
            let filled = usize::from(bytes[FILLED]);
            let (slots, _) = bytes.as_chunks_mut::<SLOT>();
            // All of them are looked at: where nobody can foresee at which to stop, stopping takes longer.
            let may_be_there = slots.iter().fold(false, |found, slot| found | (Slot::of(*slot).kept == new.kept));
            if may_be_there && let Some(known) = slots[..filled].iter().map(|slot| Slot::of(*slot)).find(|slot| slot.kept == new.kept) {
                return known.place;
            }
            if filled < SLOTS {
                slots[filled] = new.bytes();
                bytes[FILLED] += 1;
                self.taken += 1;
                return new.place;
            }
            line = if line + 1 == self.lines { 0 } else { line + 1 };
        }
    }

    fn grow(&mut self) {
        let in_page = LARGE_PAGE / LINE;
        let lines = match self.lines {
            lines if lines < SMALL => (4 * lines).max(16),
            lines => (lines + lines / 8 + 1).next_multiple_of(in_page),
        };
        let mut grown = Self { lines, taken: 0, room: Room::new(LINE * lines) };
        for line in self.room.chunks_exact(LINE) {
            let slots = line.as_chunks::<SLOT>().0.iter().take(usize::from(line[FILLED]));
            for slot in slots.map(|bytes| Slot::of(*bytes)) {
                grown.take(home(slot.kept, lines), slot);
            }
        }
        *self = grown;
    }
}

fn share_of(mark: u64) -> usize {
    usize::try_from(mark >> (u64::BITS - SHARE_BITS)).unwrap_or(0)
}

/// The line where a mark is looked for first: the larger the mark, the further behind. The bits that say the share have no part in it.
fn home(mark: u64, lines: usize) -> usize {
    let within = u128::from(mark << SHARE_BITS);
    usize::try_from((within * lines as u128) >> u64::BITS).unwrap_or(0)
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
    fn a_slot_keeps_every_bit() {
        for kept in [0, 1, KEPT, 0x0123_4567_89ab_cdef] {
            for place in [1, u64::from(u32::MAX), (1 << 36) - 1] {
                let slot = Slot { kept, place };
                assert_eq!(Slot::of(slot.bytes()), slot);
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
