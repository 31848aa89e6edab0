//! Somebody tries to work out hidden counts: every table of whole numbers that agrees with what is shown is written down, one by one, without
//! any of the program's own reasoning.

use std::collections::BTreeSet;

use bandwise::privacy::{BlockId, CellId, Fate, Tables, Zero};
use proptest::prelude::*;

/// Counts at the bottom, and sums of them. A sum is the sum of each of its lists of parts; parts are counts or earlier sums.
#[derive(Clone, Debug)]
struct Published {
    leaves: Vec<u64>,
    sums: Vec<Vec<Vec<usize>>>,
    limit: u64,
    /// The counts told group by group, as summaries do; none where each is told for itself.
    groups: Option<Groups>,
}

/// Groups of counts, of which the first is the sum of the others, and groups that are sums of groups.
#[derive(Clone, Debug)]
struct Groups {
    counts: Vec<Vec<usize>>,
    sums: Vec<(usize, Vec<usize>)>,
}

impl Published {
    /// All values, sums behind the counts; none if the lists of a sum do not agree.
    fn values(&self, leaves: &[u64]) -> Option<Vec<u64>> {
        let mut values = leaves.to_vec();
        for lists in &self.sums {
            let mut sums = lists.iter().map(|parts| parts.iter().map(|part| values[*part]).sum::<u64>());
            let first = sums.next()?;
            if sums.any(|sum| sum != first) {
                return None;
            }
            values.push(first);
        }
        Some(values)
    }

    fn fates(&self, values: &[u64]) -> Vec<Fate> {
        let mut tables = Tables::new();
        let cells: Vec<CellId> = values.iter().map(|value| tables.cell(*value, Zero::Hidden)).collect();
        match &self.groups {
            None => {
                for (index, lists) in self.sums.iter().enumerate() {
                    for parts in lists {
                        let parts: Vec<CellId> = parts.iter().map(|part| cells[*part]).collect();
                        tables.total(cells[self.leaves.len() + index], &parts).unwrap();
                    }
                }
            }
            Some(groups) => {
                let mut blocks = Vec::new();
                for counts in &groups.counts {
                    let counts: Vec<CellId> = counts.iter().map(|count| cells[*count]).collect();
                    tables.total(counts[0], &counts[1..]).unwrap();
                    blocks.push(tables.block(&counts));
                }
                for (whole, parts) in &groups.sums {
                    let parts: Vec<BlockId> = parts.iter().map(|part| blocks[*part]).collect();
                    tables.total_of_blocks(blocks[*whole], &parts).unwrap();
                }
            }
        }
        let suppressed = tables.suppress(self.limit);
        assert_eq!(suppressed, tables.suppress(self.limit), "the same tables always have the same counts hidden");
        cells.iter().map(|cell| suppressed.fate(*cell)).collect()
    }

    /// For each count and sum, the values that it has in tables that agree with what is shown. Counts far from the true ones are not tried: every
    /// table that is found is one all the same.
    fn possible(&self, truth: &[u64], fates: &[Fate]) -> Vec<BTreeSet<u64>> {
        let shown: Vec<Option<u64>> = truth.iter().zip(fates).map(|(value, fate)| (*fate == Fate::Shown).then_some(*value)).collect();
        // Which counts each sum comes down to, so that a table that cannot come out any more is given up early.
        let mut below: Vec<Vec<usize>> = (0..self.leaves.len()).map(|leaf| vec![leaf]).collect();
        for lists in &self.sums {
            below.push(lists[0].iter().flat_map(|part| below[*part].clone()).collect());
        }
        let mut found = vec![BTreeSet::new(); truth.len()];
        self.try_leaf(&mut Vec::new(), &shown, &below, &mut found);
        found
    }

    fn try_leaf(&self, leaves: &mut Vec<u64>, shown: &[Option<u64>], below: &[Vec<usize>], found: &mut [BTreeSet<u64>]) {
        let so_far = |cell: usize| below[cell].iter().filter_map(|leaf| leaves.get(*leaf)).sum::<u64>();
        let too_much = |cell: usize| shown[cell].is_some_and(|value| so_far(cell) > value);
        if (0..shown.len()).any(too_much) {
            return;
        }
        if leaves.len() == self.leaves.len() {
            let Some(values) = self.values(leaves) else { return };
            let agrees = values.iter().zip(shown).all(|(value, shown)| shown.is_none_or(|shown| shown == *value));
            // The rule is known as well: something is hidden because it is small.
            let is_ruled_out =
                shown.contains(&None) && !values.iter().zip(shown).any(|(value, shown)| shown.is_none() && *value < self.limit);
            if agrees && !is_ruled_out {
                values.into_iter().zip(found).for_each(|(value, found)| {
                    found.insert(value);
                });
            }
            return;
        }
        let leaf = leaves.len();
        let values = match shown[leaf] {
            Some(value) => value..=value,
            None => self.leaves[leaf].saturating_sub(self.limit)..=self.leaves[leaf] + self.limit,
        };
        for value in values {
            leaves.push(value);
            self.try_leaf(leaves, shown, below, found);
            leaves.pop();
        }
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let Some(truth) = self.values(&self.leaves) else { return Ok(()) };
        let fates = self.fates(&truth);
        let possible = self.possible(&truth, &fates);
        for (cell, (value, fate)) in truth.iter().zip(&fates).enumerate() {
            match fate {
                Fate::Shown => prop_assert!(*value >= self.limit, "{value} is shown: {self:?}"),
                Fate::Small => {
                    let missing: Vec<u64> = (0..self.limit).filter(|value| !possible[cell].contains(value)).collect();
                    prop_assert!(missing.is_empty(), "cell {cell} cannot be {missing:?}: {truth:?} {fates:?}");
                }
                Fate::Protects => prop_assert!(possible[cell].len() > 1, "cell {cell} is known: {truth:?} {fates:?}"),
            }
        }
        Ok(())
    }
}

/// Rows and columns with their sums, and the sum of all.
fn crossed(rows: usize, columns: usize, leaves: Vec<u64>, limit: u64) -> Published {
    let mut sums: Vec<Vec<Vec<usize>>> = (0..rows).map(|row| vec![(0..columns).map(|column| row * columns + column).collect()]).collect();
    sums.extend((0..columns).map(|column| vec![(0..rows).map(|row| row * columns + column).collect()]));
    let first = rows * columns;
    sums.push(vec![(first..first + rows).collect(), (first + rows..first + rows + columns).collect()]);
    Published { leaves, sums, limit, groups: None }
}

/// Two groupings of the same pupils that are not crossed: class and sex.
fn side_by_side(first: &[u64], second: &[u64], limit: u64) -> Published {
    let (few, all) = (first.len(), first.len() + second.len());
    let mut leaves = [first, second].concat();
    // The last of the second grouping takes what is left, so that both come to the same.
    let missing = i64::try_from(first.iter().sum::<u64>()).unwrap() - i64::try_from(second.iter().sum::<u64>()).unwrap();
    leaves[all - 1] = leaves[all - 1].saturating_add_signed(missing);
    Published { leaves, sums: vec![vec![(0..few).collect(), (few..all).collect()]], limit, groups: None }
}

/// Classes in years, years in the school.
fn nested(classes: &[Vec<u64>], limit: u64) -> Published {
    let leaves: Vec<u64> = classes.concat();
    let mut start = 0;
    let mut sums = Vec::new();
    for year in classes {
        sums.push(vec![(start..start + year.len()).collect()]);
        start += year.len();
    }
    sums.push(vec![(start..start + classes.len()).collect(), (0..start).collect()]);
    Published { leaves, sums, limit, groups: None }
}

/// Class by sex by level, two of each, with every sum over one or two of the three.
fn three_ways(leaves: Vec<u64>, limit: u64) -> Published {
    // Cells are numbered in binary: class, sex, level.
    let pick =
        |fixed: &[(usize, usize)]| (0..8).filter(|cell: &usize| fixed.iter().all(|(bit, value)| (cell >> bit) & 1 == *value)).collect();
    let mut sums: Vec<Vec<Vec<usize>>> = Vec::new();
    let pairs = [(0, 1), (0, 2), (1, 2)];
    for (one, other) in pairs {
        for values in 0..4 {
            sums.push(vec![pick(&[(one, values & 1), (other, values >> 1)])]);
        }
    }
    // Where the sums over a pair begin, by the pair.
    let at = |pair: usize, first: usize, second: usize| 8 + pair * 4 + first + 2 * second;
    for value in 0..2 {
        sums.push(vec![vec![at(0, value, 0), at(0, value, 1)], vec![at(1, value, 0), at(1, value, 1)]]);
    }
    for value in 0..2 {
        sums.push(vec![vec![at(0, 0, value), at(0, 1, value)], vec![at(2, value, 0), at(2, value, 1)]]);
    }
    for value in 0..2 {
        sums.push(vec![vec![at(1, 0, value), at(1, 1, value)], vec![at(2, 0, value), at(2, 1, value)]]);
    }
    sums.push(vec![vec![20, 21], vec![22, 23], vec![24, 25]]);
    Published { leaves, sums, limit, groups: None }
}

/// The same, told group by group: each class with each sex, the classes, the sexes, all.
fn three_ways_by_group(leaves: Vec<u64>, limit: u64) -> Published {
    let mut counts = Vec::new();
    for crossing in 0..4 {
        counts.push(vec![8 + crossing, crossing, crossing + 4]);
    }
    for class in 0..2 {
        counts.push(vec![20 + class, 12 + class, 14 + class]);
    }
    for sex in 0..2 {
        counts.push(vec![22 + sex, 16 + sex, 18 + sex]);
    }
    counts.push(vec![26, 24, 25]);
    let sums = vec![(4, vec![0, 2]), (5, vec![1, 3]), (6, vec![0, 1]), (7, vec![2, 3]), (8, vec![4, 5]), (8, vec![6, 7])];
    Published { groups: Some(Groups { counts, sums }), ..three_ways(leaves, limit) }
}

fn counts(most: u64, length: usize) -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(0..=most, length)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_row(leaves in (2_usize..5).prop_flat_map(|length| counts(12, length)), limit in 2_u64..7) {
        let length = leaves.len();
        Published { leaves, sums: vec![vec![(0..length).collect()]], limit, groups: None }.check()?;
    }

    #[test]
    fn rows_and_columns(leaves in counts(8, 6), limit in 2_u64..4) {
        crossed(2, 3, leaves, limit).check()?;
    }

    #[test]
    fn larger_numbers_in_rows_and_columns(leaves in prop::collection::vec(prop_oneof![3 => 4_u64..30, 1 => 0_u64..4], 6)) {
        crossed(2, 3, leaves, 3).check()?;
    }

    #[test]
    fn groupings_side_by_side(first in counts(9, 3), second in counts(9, 3), limit in 2_u64..5) {
        side_by_side(&first, &second, limit).check()?;
    }

    #[test]
    fn classes_in_years(first in counts(9, 2), second in counts(9, 3), limit in 2_u64..5) {
        nested(&[first, second], limit).check()?;
    }

}

proptest! {
    // Each of these writes down up to 390,625 tables.
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn three_ways_at_once(leaves in counts(5, 8)) {
        three_ways(leaves, 2).check()?;
    }

    #[test]
    fn three_ways_told_by_group(leaves in counts(5, 8)) {
        three_ways_by_group(leaves, 2).check()?;
    }
}

/// The tables are not hidden whole to be safe: what need not be hidden is shown.
#[test]
fn most_of_a_large_table_is_shown() {
    let leaves: Vec<u64> = (0..12).map(|cell| if cell == 5 { 3 } else { 20 + cell }).collect();
    let table = crossed(3, 4, leaves, 6);
    let truth = table.values(&table.leaves).unwrap();
    let fates = table.fates(&truth);
    assert_eq!(fates.iter().filter(|fate| **fate != Fate::Shown).count(), 4, "{truth:?} {fates:?}");
}
