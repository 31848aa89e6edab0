//! One column of numbers, or two: mean, spread, quantiles, correlation.

use super::Undefined;
use super::number::{all_finite, count, finite, sum};

/// The numbers by which a group is usually described.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Description {
    /// How many values there are.
    pub n: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation with n − 1; `None` for a single value.
    pub sd: Option<f64>,
    /// Lower quartile.
    pub q1: f64,
    /// Median.
    pub median: f64,
    /// Upper quartile.
    pub q3: f64,
}

/// All of [`Description`], sorting only once.
///
/// # Errors
///
/// [`Undefined::TooFew`] without values, [`Undefined::NotFinite`], [`Undefined::TooLarge`].
pub fn describe(values: &[f64]) -> Result<Description, Undefined> {
    let mean = mean(values)?;
    let sd = if values.len() > 1 { Some(standard_deviation(values)?) } else { None };
    let sorted = sorted(values)?;
    Ok(Description {
        n: values.len(),
        mean,
        sd,
        q1: quantile_of_sorted(&sorted, 0.25)?,
        median: quantile_of_sorted(&sorted, 0.5)?,
        q3: quantile_of_sorted(&sorted, 0.75)?,
    })
}

/// All of [`Description`] for values that are counted, in ascending order: the same as [`describe`] of each value as often as it occurs, without
/// writing them out. Mean and standard deviation agree to the last digits that rounding leaves, the quantiles (type 7) exactly.
///
/// # Errors
///
/// [`Undefined::TooFew`] without values, [`Undefined::NotFinite`], [`Undefined::TooLarge`].
pub fn describe_counted(values: &[(f64, u64)]) -> Result<Description, Undefined> {
    let values: Vec<(f64, usize)> = values
        .iter()
        .map(|(value, times)| (*value, usize::try_from(*times).unwrap_or(usize::MAX)))
        .filter(|(_, times)| *times > 0)
        .collect();
    let n = values.iter().map(|(_, times)| times).sum();
    if n == 0 {
        return Err(Undefined::TooFew { needed: 1, found: 0 });
    }
    all_finite(&values.iter().map(|(value, _)| *value).collect::<Vec<_>>())?;
    let mean = finite(sum(values.iter().map(|(value, times)| value * count(*times))) / count(n))?;
    let sd = match values.as_slice() {
        _ if n == 1 => None,
        // All the same: whatever rounding does to their mean.
        [_] => Some(0.0),
        several => {
            let squares = sum(several.iter().map(|(value, times)| (value - mean) * (value - mean) * count(*times)));
            let drift = sum(several.iter().map(|(value, times)| (value - mean) * count(*times)));
            Some((finite(squares - drift * drift / count(n))?.max(0.0) / count(n - 1)).sqrt())
        }
    };
    let at = |place: usize| {
        let mut before = 0;
        values.iter().find(|(_, times)| {
            before += times;
            place < before
        })
    };
    let quantile = |p| {
        let (below, above, fraction) = between(n - 1, p);
        let (Some((low, _)), Some((high, _))) = (at(below), at(above)) else { return Err(Undefined::TooFew { needed: 1, found: 0 }) };
        finite(low + fraction * (high - low))
    };
    Ok(Description { n, mean, sd, q1: quantile(0.25)?, median: quantile(0.5)?, q3: quantile(0.75)? })
}

/// Arithmetic mean, Σx / n.
///
/// # Errors
///
/// [`Undefined::TooFew`] without values, [`Undefined::NotFinite`], [`Undefined::TooLarge`].
pub fn mean(values: &[f64]) -> Result<f64, Undefined> {
    at_least(1, values)?;
    finite(sum(values.iter().copied()) / count(values.len()))
}

/// Standard deviation of a sample, √(Σ(x − x̄)² / (n − 1)).
///
/// Two passes with compensated sums, so millions of scores far from zero lose no digits. Values that are all the same
/// have a standard deviation of exactly 0, whatever rounding does to their mean.
///
/// # Errors
///
/// [`Undefined::TooFew`] below two values, [`Undefined::NotFinite`], [`Undefined::TooLarge`].
pub fn standard_deviation(values: &[f64]) -> Result<f64, Undefined> {
    at_least(2, values)?;
    Ok((sum_of_squares(values)? / count(values.len() - 1)).sqrt())
}

/// Σ(x − x̄)², with the correction for the rounding of x̄ (Chan, Golub & LeVeque 1983).
pub(super) fn sum_of_squares(values: &[f64]) -> Result<f64, Undefined> {
    if is_constant(values) {
        return Ok(0.0);
    }
    let centre = mean(values)?;
    let squares = sum(values.iter().map(|value| (value - centre) * (value - centre)));
    let drift = sum(values.iter().map(|value| value - centre));
    // `max` would turn the NaN of an overflow into 0, so it comes last.
    finite(squares - drift * drift / count(values.len())).map(|sum| sum.max(0.0))
}

/// Whether all values are one and the same.
pub(super) fn is_constant(values: &[f64]) -> bool {
    // Total order: exact equality is meant here, no tolerance.
    values.windows(2).all(|pair| matches!(pair, [left, right] if left.total_cmp(right).is_eq()))
}

/// Median: the middle value, or the mean of the two middle ones.
///
/// # Errors
///
/// [`Undefined::TooFew`] without values, [`Undefined::NotFinite`], [`Undefined::TooLarge`].
pub fn median(values: &[f64]) -> Result<f64, Undefined> {
    quantile(values, 0.5)
}

/// Quantile of type 7 (Hyndman & Fan 1996), the default of R and numpy: with h = (n − 1)·p, the value between the order
/// statistics at ⌊h⌋ and ⌊h⌋ + 1 (counted from 0), in proportion to the fraction of h.
///
/// Not `statrs`' own quantile, which is type 8 and gives other quartiles for small groups.
///
/// # Errors
///
/// [`Undefined::TooFew`] without values, [`Undefined::NotFinite`], [`Undefined::TooLarge`], and
/// [`Undefined::OutOfRange`] unless p is from 0 to 1.
pub fn quantile(values: &[f64], p: f64) -> Result<f64, Undefined> {
    quantile_of_sorted(&sorted(values)?, p)
}

/// A sorted copy, checked.
pub(super) fn sorted(values: &[f64]) -> Result<Vec<f64>, Undefined> {
    at_least(1, values)?;
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    Ok(sorted)
}

/// [`quantile`] of values that are already in ascending order.
pub(super) fn quantile_of_sorted(sorted: &[f64], p: f64) -> Result<f64, Undefined> {
    if !(0.0..=1.0).contains(&p) {
        return Err(Undefined::OutOfRange { what: "the p of a quantile", allowed: "from 0 to 1" });
    }
    let Some(last) = sorted.len().checked_sub(1) else {
        return Err(Undefined::TooFew { needed: 1, found: 0 });
    };
    let (below, above, fraction) = between(last, p);
    finite(sorted[below] + fraction * (sorted[above] - sorted[below]))
}

/// The order statistics, counted from 0, that a quantile lies between, and how far from the lower one.
fn between(last: usize, p: f64) -> (usize, usize, f64) {
    let place = count(last) * p;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ≤ place ≤ last, and the whole part is what is wanted")]
    let below = (place.floor() as usize).min(last);
    (below, (below + 1).min(last), place - count(below))
}

/// Pearson's product-moment correlation, Σ(x − x̄)(y − ȳ) / √(Σ(x − x̄)² Σ(y − ȳ)²).
///
/// # Errors
///
/// [`Undefined::NoSpread`] where either column is constant; [`Undefined::LengthsDiffer`]; [`Undefined::TooFew`] below two
/// pairs; [`Undefined::NotFinite`]; [`Undefined::TooLarge`].
pub fn correlation(x: &[f64], y: &[f64]) -> Result<f64, Undefined> {
    if x.len() != y.len() {
        return Err(Undefined::LengthsDiffer { left: x.len(), right: y.len() });
    }
    at_least(2, x)?;
    all_finite(y)?;
    let spread = sum_of_squares(x)?.sqrt() * sum_of_squares(y)?.sqrt();
    if spread == 0.0 {
        return Err(Undefined::NoSpread);
    }
    finite((cross_products(x, y)? / spread).clamp(-1.0, 1.0))
}

/// Σ(x − x̄)(y − ȳ) of two columns of one length.
pub(super) fn cross_products(x: &[f64], y: &[f64]) -> Result<f64, Undefined> {
    let (centre_x, centre_y) = (mean(x)?, mean(y)?);
    finite(sum(x.iter().zip(y).map(|(x, y)| (x - centre_x) * (y - centre_y))))
}

fn at_least(needed: usize, values: &[f64]) -> Result<(), Undefined> {
    if values.len() < needed {
        return Err(Undefined::TooFew { needed, found: values.len() });
    }
    all_finite(values)
}
