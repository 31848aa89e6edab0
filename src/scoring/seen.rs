//! Which pupils had a response so far, in little memory: a nation's year is twenty million of them.
//!
//! Of a response only a mark and the place of its row are kept, in thirteen bytes. The marks are divided among shares that grow one by one, so
//! that growing never needs the whole table twice. A share's order is that of its marks: when it grows, it is copied from front to back.

use super::repeat::RowPlace;

/// Into so many shares the marks are divided, by their first bits.
const SHARE_BITS: u32 = 6;
/// Up to this size a share doubles; beyond it grows by a sixth, because memory counts.
const LARGE: usize = 1 << 16;

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
    slots: Vec<Slot>,
    taken: usize,
}

/// A mark and a place; a mark of nought is an empty slot.
#[derive(Clone, Copy, Debug)]
struct Slot([u8; 13]);

impl Slot {
    const EMPTY: Self = Self([0; 13]);

    fn new(mark: u64, place: u64) -> Self {
        let mut bytes = [0; 13];
        bytes[..8].copy_from_slice(&mark.to_le_bytes());
        bytes[8..].copy_from_slice(&place.to_le_bytes()[..5]);
        Self(bytes)
    }

    fn mark(self) -> u64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.0[..8]);
        u64::from_le_bytes(bytes)
    }

    fn place(self) -> u64 {
        let mut bytes = [0; 8];
        bytes[..5].copy_from_slice(&self.0[8..]);
        u64::from_le_bytes(bytes)
    }
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
            seen ^ share.slots.get(home(mark, share.slots.len())).map_or(0, |slot| slot.0[0])
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
        // No mark is nought, so that an empty slot can be told.
        let mark = mark.max(1);
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
        if 6 * (self.taken + 1) > 5 * self.slots.len() {
            self.grow();
        }
        let mut at = home(mark, self.slots.len());
        loop {
            let slot = self.slots[at];
            if slot.mark() == mark {
                return slot.place();
            }
            if slot.mark() == 0 {
                self.slots[at] = Slot::new(mark, place);
                self.taken += 1;
                return place;
            }
            at += 1;
            if at == self.slots.len() {
                at = 0;
            }
        }
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        let size = if old.len() < LARGE { (2 * old.len()).max(64) } else { old.len() + old.len() / 6 };
        self.slots = vec![Slot::EMPTY; size];
        for slot in old.into_iter().filter(|slot| slot.mark() != 0) {
            let mut at = home(slot.mark(), size);
            while self.slots[at].mark() != 0 {
                at = if at + 1 == size { 0 } else { at + 1 };
            }
            self.slots[at] = slot;
        }
    }
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
