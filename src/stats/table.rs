//! Bands at two times: who moved where, and whether the moves balance.
//!
//! Rows are baseline bands, columns review bands, both in order of concern. For a reader the sign test on "moved up" and
//! "moved down" says most; Bowker's and Stuart and Maxwell's tests ignore the order of the bands.

use super::Undefined;
use super::distribution::chi_squared_sf;
use super::number::{count, finite};

/// How many pupils moved from each band to each band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransitionTable {
    bands: usize,
    /// Row by row.
    counts: Vec<usize>,
}

/// How many moved towards concern, away from it, or stayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moves {
    /// To a band of more concern.
    pub up: usize,
    /// To a band of less concern.
    pub down: usize,
    /// In the same band at both times.
    pub same: usize,
}

/// A chi-squared statistic with its p value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquaredTest {
    /// The statistic.
    pub statistic: f64,
    /// Degrees of freedom.
    pub degrees_of_freedom: usize,
    /// P of a statistic as large or larger.
    pub p: f64,
}

impl TransitionTable {
    /// From rows of counts.
    ///
    /// # Errors
    ///
    /// [`Undefined::TooFew`] below two bands; [`Undefined::LengthsDiffer`] where the table is not square;
    /// [`Undefined::TooLarge`] for counts beyond the machine's whole numbers.
    pub fn from_rows<R: AsRef<[usize]>>(rows: &[R]) -> Result<Self, Undefined> {
        let mut table = Self::empty(rows.len())?;
        for (from, row) in rows.iter().enumerate() {
            let row = row.as_ref();
            if row.len() != table.bands {
                return Err(Undefined::LengthsDiffer { left: table.bands, right: row.len() });
            }
            table.counts[from * table.bands..][..table.bands].copy_from_slice(row);
        }
        // A quarter of the range: sums of two margins below then cannot overflow.
        match table.counts.iter().try_fold(0_usize, |total, count| total.checked_add(*count)) {
            Some(n) if n <= usize::MAX / 4 => Ok(table),
            _ => Err(Undefined::TooLarge),
        }
    }

    /// From each pupil's bands, (baseline, review), numbered from 0.
    ///
    /// # Errors
    ///
    /// [`Undefined::TooFew`] below two bands; [`Undefined::OutOfRange`] for a band beyond the last.
    pub fn from_moves(bands: usize, moves: impl IntoIterator<Item = (usize, usize)>) -> Result<Self, Undefined> {
        let mut table = Self::empty(bands)?;
        for (from, to) in moves {
            if from >= bands || to >= bands {
                return Err(Undefined::OutOfRange { what: "a band's number", allowed: "below the number of bands" });
            }
            table.counts[from * bands + to] += 1;
        }
        Ok(table)
    }

    fn empty(bands: usize) -> Result<Self, Undefined> {
        if bands < 2 {
            return Err(Undefined::TooFew { needed: 2, found: bands });
        }
        Ok(Self { bands, counts: vec![0; bands * bands] })
    }

    /// Number of bands, at least 2.
    pub fn bands(&self) -> usize {
        self.bands
    }

    /// Number of pupils.
    pub fn n(&self) -> usize {
        self.counts.iter().sum()
    }

    /// How many moved from one band to another; 0 for bands that do not exist.
    pub fn count(&self, from: usize, to: usize) -> usize {
        if from < self.bands && to < self.bands { self.counts[from * self.bands + to] } else { 0 }
    }

    /// How many were in each band at baseline.
    pub fn baseline_totals(&self) -> Vec<usize> {
        (0..self.bands).map(|from| (0..self.bands).map(|to| self.count(from, to)).sum()).collect()
    }

    /// How many were in each band at review.
    pub fn review_totals(&self) -> Vec<usize> {
        (0..self.bands).map(|to| (0..self.bands).map(|from| self.count(from, to)).sum()).collect()
    }

    /// How many moved up, down, not at all; for [`sign_test`](super::proportions::sign_test).
    pub fn moves(&self) -> Moves {
        let mut moves = Moves { up: 0, down: 0, same: 0 };
        for from in 0..self.bands {
            for to in 0..self.bands {
                let slot = match to.cmp(&from) {
                    std::cmp::Ordering::Greater => &mut moves.up,
                    std::cmp::Ordering::Less => &mut moves.down,
                    std::cmp::Ordering::Equal => &mut moves.same,
                };
                *slot += self.count(from, to);
            }
        }
        moves
    }

    /// Moves between two bands, in both directions together.
    fn exchanged(&self, one: usize, other: usize) -> usize {
        self.count(one, other) + self.count(other, one)
    }
}

/// Bowker's test of symmetry (1948): Σ (nᵢⱼ − nⱼᵢ)² / (nᵢⱼ + nⱼᵢ) over pairs of bands.
///
/// A pair of bands with no move between them adds nothing, neither to the statistic nor to the degrees of freedom;
/// otherwise these are k(k − 1)/2. No constant is added to empty cells.
///
/// # Errors
///
/// [`Undefined::NobodyMoved`].
pub fn bowker(table: &TransitionTable) -> Result<ChiSquaredTest, Undefined> {
    let (mut statistic, mut degrees_of_freedom) = (0.0, 0);
    for from in 0..table.bands() {
        for to in from + 1..table.bands() {
            let exchanged = table.exchanged(from, to);
            if exchanged > 0 {
                let apart = count(table.count(from, to).abs_diff(table.count(to, from)));
                statistic += apart * apart / count(exchanged);
                degrees_of_freedom += 1;
            }
        }
    }
    if degrees_of_freedom == 0 {
        return Err(Undefined::NobodyMoved);
    }
    Ok(ChiSquaredTest { statistic, degrees_of_freedom, p: chi_squared_sf(statistic, degrees_of_freedom)? })
}

/// Stuart and Maxwell's test of marginal homogeneity (Stuart 1955, Maxwell 1970): d′S⁻¹d, where dᵢ is the number in band i
/// at baseline minus that at review, Sᵢᵢ the number who entered or left it, Sᵢⱼ = −(nᵢⱼ + nⱼᵢ).
///
/// S has no inverse as it stands: the dᵢ sum to 0 within every set of bands that are linked by moves. So one band of each
/// such set is left out; the degrees of freedom are k minus the number of sets, k − 1 where all bands are linked. A band
/// that nobody entered or left is a set of its own and drops out.
///
/// # Errors
///
/// [`Undefined::NobodyMoved`].
pub fn stuart_maxwell(table: &TransitionTable) -> Result<ChiSquaredTest, Undefined> {
    let kept = all_but_one_of_each_linked_set(table);
    if kept.is_empty() {
        return Err(Undefined::NobodyMoved);
    }
    let (before, after) = (table.baseline_totals(), table.review_totals());
    let difference: Vec<f64> = kept.iter().map(|&band| count(before[band]) - count(after[band])).collect();
    let covariance: Vec<Vec<f64>> = kept
        .iter()
        .map(|&row| {
            kept.iter()
                .map(|&column| {
                    if row == column {
                        count(before[row] + after[row] - 2 * table.count(row, row))
                    } else {
                        -count(table.exchanged(row, column))
                    }
                })
                .collect()
        })
        .collect();
    let solution = solve(covariance, difference.clone()).ok_or(Undefined::NoSolution)?;
    let statistic = finite(difference.iter().zip(&solution).map(|(d, x)| d * x).sum::<f64>())?.max(0.0);
    let degrees_of_freedom = kept.len();
    Ok(ChiSquaredTest { statistic, degrees_of_freedom, p: chi_squared_sf(statistic, degrees_of_freedom)? })
}

/// Bands, without the first of each set of bands between which pupils moved.
fn all_but_one_of_each_linked_set(table: &TransitionTable) -> Vec<usize> {
    let bands = table.bands();
    // Each band carries the number of the first band it is linked to, passed along until nothing changes.
    let mut first: Vec<usize> = (0..bands).collect();
    for _ in 0..bands {
        for one in 0..bands {
            for other in 0..bands {
                if table.exchanged(one, other) > 0 {
                    first[one] = first[one].min(first[other]);
                }
            }
        }
    }
    (0..bands).filter(|&band| first[band] != band).collect()
}

/// Solves A·x = b by Gaussian elimination with row pivoting; `None` if A has no inverse.
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Option<Vec<f64>> {
    let n = b.len();
    for column in 0..n {
        let pivot = (column..n).max_by(|&left, &right| a[left][column].abs().total_cmp(&a[right][column].abs()))?;
        if a[pivot][column] == 0.0 {
            return None;
        }
        a.swap(column, pivot);
        b.swap(column, pivot);
        let (done, below) = a.split_at_mut(column + 1);
        let pivot_row = &done[column];
        for (offset, row) in below.iter_mut().enumerate() {
            let factor = row[column] / pivot_row[column];
            for (value, pivot_value) in row.iter_mut().zip(pivot_row).skip(column) {
                *value -= factor * pivot_value;
            }
            b[column + 1 + offset] -= factor * b[column];
        }
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|column| a[row][column] * b[column]).sum();
        b[row] = (b[row] - known) / a[row][row];
    }
    Some(b)
}
