//! The few numerical habits that every formula here shares: finite or an error, sums that keep their digits, counts as
//! floating-point numbers, and changes without binary noise.

use super::Undefined;

/// A count as a floating-point number.
#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53, about nine thousand million million; no file has more rows")]
pub(super) fn count(n: usize) -> f64 {
    n as f64
}

/// Passes on a finite number, with negative zero written as zero; anything else is [`Undefined::TooLarge`].
///
/// Results go through here last, which is what keeps NaN and infinity inside this module.
pub(super) fn finite(value: f64) -> Result<f64, Undefined> {
    if value.is_finite() { Ok(value + 0.0) } else { Err(Undefined::TooLarge) }
}

/// Checks inputs: [`Undefined::NotFinite`] if any value is NaN or infinite.
pub(super) fn all_finite(values: &[f64]) -> Result<(), Undefined> {
    if values.iter().all(|value| value.is_finite()) { Ok(()) } else { Err(Undefined::NotFinite) }
}

/// `numerator / denominator`, or [`Undefined::NoSpread`] where the denominator is zero.
pub(super) fn ratio(numerator: f64, denominator: f64) -> Result<f64, Undefined> {
    if denominator == 0.0 { Err(Undefined::NoSpread) } else { finite(numerator / denominator) }
}

/// Sum with a running correction for lost digits (Neumaier 1974): the error does not grow with the number of terms.
pub(super) fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() { (total - next) + value } else { (value - next) + total };
        total = next;
    }
    total + lost
}

/// Review minus baseline, without binary noise.
///
/// In binary, 1.3 − 1.0 and 2.3 − 2.0 are different numbers. Scores have a few decimals at most, so the difference is
/// rounded to nine; where nine decimals do not fit a float, it is left as it is. Ties, zeros and "at least 3 points" then
/// mean what a reader expects.
pub(super) fn change(baseline: f64, review: f64) -> f64 {
    const PER_UNIT: f64 = 1e9;
    const LARGEST_SCALED: f64 = 9_007_199_254_740_992.0; // 2^53
    let difference = review - baseline;
    let scaled = difference * PER_UNIT;
    if scaled.abs() < LARGEST_SCALED { scaled.round() / PER_UNIT + 0.0 } else { difference }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_decimal_scores_are_equal_when_they_look_equal() {
        let raw = (1.3_f64 - 1.0, 2.3_f64 - 2.0, 0.3_f64 - (0.1 + 0.2));
        assert!(raw.0.to_bits() != raw.1.to_bits() && raw.2 != 0.0, "the noise this guards against is gone");
        assert_eq!(change(1.0, 1.3).to_bits(), change(2.0, 2.3).to_bits());
        assert_eq!(change(0.1 + 0.2, 0.3).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn sums_keep_small_terms() {
        let sum_of = sum([1.0, 1e100, 1.0, -1e100]);
        assert_eq!(sum_of.to_bits(), 2.0_f64.to_bits());
    }
}
