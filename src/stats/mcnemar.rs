//! Above or below a threshold at two times: McNemar's test and intervals of the difference.

use super::distribution::{binomial_tails, chi_squared_sf};
use super::number::{count, ratio};
use super::proportions::wilson;
use super::{Confidence, Interval, Undefined};

/// The same pupils, above or below a threshold at baseline and at review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThresholdTable {
    /// Above at both times.
    pub stayed_above: usize,
    /// Above at baseline, below at review.
    pub moved_below: usize,
    /// Below at baseline, above at review.
    pub moved_above: usize,
    /// Below at both times.
    pub stayed_below: usize,
}

impl ThresholdTable {
    /// Number of pupils.
    pub fn n(&self) -> usize {
        self.above_at_baseline().saturating_add(self.moved_above).saturating_add(self.stayed_below)
    }

    /// How many were above at baseline.
    pub fn above_at_baseline(&self) -> usize {
        self.stayed_above.saturating_add(self.moved_below)
    }

    /// How many were above at review.
    pub fn above_at_review(&self) -> usize {
        self.stayed_above.saturating_add(self.moved_above)
    }

    /// Share above at baseline minus share above at review: positive if fewer are above at review.
    ///
    /// # Errors
    ///
    /// [`Undefined::TooFew`] without pupils.
    pub fn difference(&self) -> Result<f64, Undefined> {
        match self.n() {
            0 => Err(Undefined::TooFew { needed: 1, found: 0 }),
            n => Ok((count(self.moved_below) - count(self.moved_above)) / count(n)),
        }
    }
}

/// Result of [`mcnemar`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct McNemar {
    /// Exact two-sided p, 1 if nobody moved. The one to report.
    pub p_exact: f64,
    /// Mid-p: the exact p less half of the probability of the observed table; less cautious.
    pub p_mid: f64,
    /// The chi-squared forms; `None` if nobody moved.
    pub chi_squared: Option<McNemarChiSquared>,
}

/// McNemar's chi-squared statistics, for comparison with other programs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct McNemarChiSquared {
    /// (b − c)² / (b + c).
    pub statistic: f64,
    /// Its p on one degree of freedom.
    pub p: f64,
    /// (|b − c| − 1)² / (b + c), Edwards' correction (1948).
    pub corrected_statistic: f64,
    /// Its p on one degree of freedom.
    pub corrected_p: f64,
}

/// McNemar's test (McNemar 1947): of the b + c who crossed the threshold, did more cross one way than a coin would send
/// them?
///
/// Exact p: min(1, 2·P(X ≤ min(b, c))) with X binomial(b + c, ½). Mid-p: 2·P(X ≤ min) − P(X = min) (Fagerland, Lydersen &
/// Laake 2013). Both are 1 where b = c, which includes nobody moving.
///
/// # Errors
///
/// [`Undefined::TooLarge`] for counts beyond the machine's whole numbers.
pub fn mcnemar(table: &ThresholdTable) -> Result<McNemar, Undefined> {
    let (b, c) = (table.moved_below, table.moved_above);
    if b == 0 && c == 0 {
        return Ok(McNemar { p_exact: 1.0, p_mid: 1.0, chi_squared: None });
    }
    let both = b.checked_add(c).ok_or(Undefined::TooLarge)?;
    let tails = binomial_tails(b.min(c), both, 0.5)?;
    let moved = count(both);
    let apart = count(b.abs_diff(c));
    let statistic = apart * apart / moved;
    // At b = c the correction overshoots to 1 / (b + c), as in R's `mcnemar.test`.
    let corrected_statistic = (apart - 1.0) * (apart - 1.0) / moved;
    Ok(McNemar {
        p_exact: (2.0 * tails.at_most).min(1.0),
        p_mid: if b == c { 1.0 } else { (2.0 * tails.at_most - tails.exactly).min(1.0) },
        chi_squared: Some(McNemarChiSquared {
            statistic,
            p: chi_squared_sf(statistic, 1)?,
            corrected_statistic,
            corrected_p: chi_squared_sf(corrected_statistic, 1)?,
        }),
    })
}

/// Interval of [`ThresholdTable::difference`] by Bonett and Price's adjusted Wald method (2012): with one pupil added to
/// each way of crossing, p₁₂ = (b + 1)/(n + 2), p₂₁ = (c + 1)/(n + 2), it is
/// (p₁₂ − p₂₁) ± z√((p₁₂ + p₂₁ − (p₁₂ − p₂₁)²) / (n + 2)), cut to −1 … 1. Defined even if nobody moved.
///
/// # Errors
///
/// [`Undefined::TooFew`] without pupils.
pub fn bonett_price(table: &ThresholdTable, confidence: Confidence) -> Result<Interval, Undefined> {
    table.difference()?;
    let n = count(table.n()) + 2.0;
    let p12 = (count(table.moved_below) + 1.0) / n;
    let p21 = (count(table.moved_above) + 1.0) / n;
    let difference = p12 - p21;
    let variance = (p12 + p21 - difference * difference) / n;
    Ok(Interval::around(difference, confidence.z() * variance.sqrt())?.clamped(-1.0, 1.0))
}

/// Interval of [`ThresholdTable::difference`] by Newcombe's method 10 (1998): the Wilson intervals of both shares, joined
/// with the correlation φ of the two times.
///
/// φ = (ad − bc) / √((a + b)(c + d)(a + c)(b + d)), where a positive ad − bc is first reduced by n/2 but not below 0;
/// φ = 0 where a margin is empty.
///
/// # Errors
///
/// [`Undefined::TooFew`] without pupils.
pub fn newcombe_paired(table: &ThresholdTable, confidence: Confidence) -> Result<Interval, Undefined> {
    let difference = table.difference()?;
    let n = table.n();
    let before = wilson(table.above_at_baseline(), n, confidence)?;
    let after = wilson(table.above_at_review(), n, confidence)?;
    let p_before = count(table.above_at_baseline()) / count(n);
    let p_after = count(table.above_at_review()) / count(n);
    let phi = newcombe_phi(table);
    let half_width = |one: f64, other: f64| (one * one - 2.0 * phi * one * other + other * other).max(0.0).sqrt();
    let down = half_width(p_before - before.low, after.high - p_after);
    let up = half_width(p_after - after.low, before.high - p_before);
    Ok(Interval { low: difference - down, high: difference + up }.clamped(-1.0, 1.0))
}

fn newcombe_phi(table: &ThresholdTable) -> f64 {
    let [a, b, c, d] = [table.stayed_above, table.moved_below, table.moved_above, table.stayed_below].map(count);
    let association = a * d - b * c;
    let reduced = if association > 0.0 { (association - (a + b + c + d) / 2.0).max(0.0) } else { association };
    let margins = ((a + b) * (c + d)).sqrt() * ((a + c) * (b + d)).sqrt();
    ratio(reduced, margins).unwrap_or(0.0)
}
