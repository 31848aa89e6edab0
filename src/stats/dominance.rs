//! How often one score is above another: effect sizes in words that need no standard deviation, and the
//! Hodges–Lehmann estimate of the typical change.

use super::describe::{mean, sorted, standard_deviation};
use super::distribution::normal_cdf;
use super::effect::{Standardiser, standardised_change};
use super::number::{count, finite, ratio};
use super::{Pairs, Undefined};

/// Share of pairs that rose, with half of those that stayed: (n₊ + n₀/2) / n.
pub fn probability_of_rise(pairs: &Pairs<'_>) -> f64 {
    let directions = pairs.directions();
    (count(directions.rose) + count(directions.same) / 2.0) / count(pairs.len())
}

/// Cliff's delta within pairs: (n₊ − n₋) / n (Cliff 1993).
pub fn cliffs_delta_within(pairs: &Pairs<'_>) -> f64 {
    let directions = pairs.directions();
    (count(directions.rose) - count(directions.fell)) / count(pairs.len())
}

/// P(a random pupil's change is above 0) if changes are normal: Φ(d_z) (McGraw & Wong 1992; Lakens 2013).
///
/// One half if nobody changed.
///
/// # Errors
///
/// As [`standardised_change`] by [`Standardiser::ChangeSd`].
pub fn normal_probability_of_rise(pairs: &Pairs<'_>) -> Result<f64, Undefined> {
    normal_cdf(standardised_change(pairs, Standardiser::ChangeSd)?)
}

/// P(a random value of `review` is above one of `baseline`) if both are normal and unrelated: Φ((M₁ − M₀) / √(S₀² + S₁²))
/// (McGraw & Wong 1992). Ignores which values belong together.
///
/// # Errors
///
/// [`Undefined::NoSpread`] where neither column varies; [`Undefined::TooFew`] below two values in either;
/// [`Undefined::NotFinite`]; [`Undefined::TooLarge`].
pub fn normal_probability_of_superiority(baseline: &[f64], review: &[f64]) -> Result<f64, Undefined> {
    let spread = standard_deviation(baseline)?.hypot(standard_deviation(review)?);
    normal_cdf(ratio(mean(review)? - mean(baseline)?, spread)?)
}

/// Every value of one column against every value of another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dominance {
    /// A (Vargha & Delaney 2000): share of comparisons in which the second column is higher, ties counting one half.
    pub probability_of_superiority: f64,
    /// Cliff's delta (Cliff 1993): 2A − 1.
    pub cliffs_delta: f64,
}

/// Compares two columns, which need not be paired nor of one length.
///
/// (#{y > x} + ½·#{y = x}) / (n·m), counted by walking through both columns in ascending order: O(n log n), not O(n·m).
///
/// # Errors
///
/// [`Undefined::TooFew`] if either column is empty, [`Undefined::NotFinite`].
pub fn dominance(baseline: &[f64], review: &[f64]) -> Result<Dominance, Undefined> {
    let (baseline, review) = (sorted(baseline)?, sorted(review)?);
    let (mut below, mut not_above) = (0_usize, 0_usize);
    let (mut higher, mut ties) = (0.0, 0.0);
    for value in &review {
        while below < baseline.len() && baseline[below] < *value {
            below += 1;
        }
        while not_above < baseline.len() && baseline[not_above] <= *value {
            not_above += 1;
        }
        // Counts in a float: exact up to 2^53 comparisons, ninety million pupils a side.
        higher += count(below);
        ties += count(not_above - below);
    }
    let comparisons = count(baseline.len()) * count(review.len());
    let lower = comparisons - higher - ties;
    Ok(Dominance { probability_of_superiority: (higher + ties / 2.0) / comparisons, cliffs_delta: (higher - lower) / comparisons })
}

/// Hodges and Lehmann's estimate of the typical change: the median of all means (dᵢ + dⱼ)/2 with i ≤ j (Hodges & Lehmann
/// 1963).
///
/// The n(n + 1)/2 means are never written down. The middle one is found by halving the range of possible sums, 64 times
/// at most, and counting after each step how many sums are not above it, which takes one walk along the sorted changes:
/// a million pupils need a few seconds and no extra memory.
///
/// # Errors
///
/// [`Undefined::TooFew`] without values, [`Undefined::NotFinite`], [`Undefined::TooLarge`] where a sum overflows.
pub fn hodges_lehmann(changes: &[f64]) -> Result<f64, Undefined> {
    let sorted = sorted(changes)?;
    let n = sorted.len();
    // n(n + 1)/2 without overflow on any machine.
    let means = (n as u128) * (n as u128 + 1) / 2;
    let low = sum_of_rank(&sorted, means.div_ceil(2))?;
    let high = if means.is_multiple_of(2) { sum_of_rank(&sorted, means / 2 + 1)? } else { low };
    finite(low / 4.0 + high / 4.0)
}

/// The sum dᵢ + dⱼ (i ≤ j) that is at place `rank`, counted from 1, among all of them in ascending order.
fn sum_of_rank(sorted: &[f64], rank: u128) -> Result<f64, Undefined> {
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return Err(Undefined::TooFew { needed: 1, found: 0 });
    };
    let (mut low, mut high) = (order_key(finite(first + first)?), order_key(finite(last + last)?));
    // Sums of floats are floats, so the smallest float with `rank` sums at or below it is one of the sums.
    while low < high {
        let middle = low + (high - low) / 2;
        if sums_at_most(sorted, from_order_key(middle)) >= rank {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    finite(from_order_key(low))
}

/// How many sums dᵢ + dⱼ with i ≤ j are at most `limit`.
fn sums_at_most(sorted: &[f64], limit: f64) -> u128 {
    let mut end = sorted.len();
    let mut total = 0_u128;
    for (start, value) in sorted.iter().enumerate() {
        // The larger the first value, the fewer partners fit: `end` only ever moves down.
        while end > start && value + sorted[end - 1] > limit {
            end -= 1;
        }
        if end <= start {
            break;
        }
        total += (end - start) as u128;
    }
    total
}

/// A whole number in the same order as the float: the bits, with negative numbers turned around.
fn order_key(value: f64) -> u64 {
    let bits = value.to_bits();
    if value.is_sign_negative() { !bits } else { bits | (1 << 63) }
}

/// The float of an [`order_key`].
fn from_order_key(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}
