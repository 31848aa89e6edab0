//! Bootstrap intervals from given resamples.
//!
//! Which rows are drawn is the caller's choice and nothing here is random, so the same resamples give the same interval
//! in every language. Not below about ten pupils.

use super::describe::{mean, quantile_of_sorted, sorted, standard_deviation};
use super::distribution::{normal_cdf, normal_quantile};
use super::number::{count, finite, ratio, sum};
use super::{Confidence, Interval, Undefined};

/// Result of [`bootstrap`].
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    /// The statistic of the sample itself.
    pub observed: f64,
    /// Resamples that gave a value.
    pub replicates: usize,
    /// Resamples in which the statistic is undefined, for instance without spread; left out.
    pub skipped: usize,
    /// Mean over the resamples.
    pub mean: f64,
    /// Standard deviation over the resamples, an estimate of the standard error.
    pub standard_error: f64,
    /// Percentile interval: quantiles of the resamples (Efron 1979).
    pub percentile: Interval,
    /// Basic interval: those quantiles mirrored at the observed value (Davison & Hinkley 1997).
    pub basic: Interval,
    /// Bias-corrected and accelerated interval; undefined where all resamples are on one side of the observed value or
    /// leaving out a pupil never changes the statistic.
    pub bca: Result<Bca, Undefined>,
}

/// The bias-corrected and accelerated interval (Efron 1987) and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bca {
    /// z₀ = Φ⁻¹((#below + ½·#equal) / B).
    pub bias_correction: f64,
    /// a = Σ(θ̄ − θᵢ)³ / (6·(Σ(θ̄ − θᵢ)²)^1.5), θᵢ without pupil i.
    pub acceleration: f64,
    /// The interval.
    pub interval: Interval,
}

/// Percentile, basic and BCa intervals of a statistic.
///
/// Each resample is a list of places in the sample, from 0. Quantiles are of type 7.
///
/// # Errors
///
/// Whatever makes the statistic undefined on the sample itself; [`Undefined::TooFew`] below two resamples with a value;
/// [`Undefined::OutOfRange`] for a place beyond the sample; [`Undefined::TooLarge`].
pub fn bootstrap<T: Copy, R: AsRef<[usize]>>(
    sample: &[T],
    resamples: &[R],
    statistic: impl Fn(&[T]) -> Result<f64, Undefined>,
    confidence: Confidence,
) -> Result<Bootstrap, Undefined> {
    let observed = statistic(sample)?;
    let mut values = Vec::with_capacity(resamples.len());
    let mut drawn = Vec::with_capacity(sample.len());
    for resample in resamples {
        drawn.clear();
        for place in resample.as_ref() {
            drawn.push(
                *sample
                    .get(*place)
                    .ok_or(Undefined::OutOfRange { what: "a place in a resample", allowed: "below the number of pupils" })?,
            );
        }
        values.extend(statistic(&drawn).ok());
    }
    let (mean, standard_error) = (mean(&values)?, standard_deviation(&values)?);
    let values = sorted(&values)?;
    let between = |low: f64, high: f64| -> Result<Interval, Undefined> {
        Ok(Interval { low: quantile_of_sorted(&values, low)?, high: quantile_of_sorted(&values, high)? })
    };
    let percentile = between(confidence.tail(), 1.0 - confidence.tail())?;
    let bca = bca_levels(sample, &statistic, observed, &values, confidence).and_then(|levels| {
        Ok(Bca { bias_correction: levels.bias_correction, acceleration: levels.acceleration, interval: between(levels.low, levels.high)? })
    });
    Ok(Bootstrap {
        observed,
        replicates: values.len(),
        skipped: resamples.len() - values.len(),
        mean,
        standard_error,
        percentile,
        basic: Interval { low: finite(2.0 * observed - percentile.high)?, high: finite(2.0 * observed - percentile.low)? },
        bca,
    })
}

struct BcaLevels {
    bias_correction: f64,
    acceleration: f64,
    low: f64,
    high: f64,
}

fn bca_levels<T: Copy>(
    sample: &[T],
    statistic: &impl Fn(&[T]) -> Result<f64, Undefined>,
    observed: f64,
    sorted_values: &[f64],
    confidence: Confidence,
) -> Result<BcaLevels, Undefined> {
    let below = sorted_values.partition_point(|value| *value < observed);
    let not_above = sorted_values.partition_point(|value| *value <= observed);
    let share = (count(below) + count(not_above - below) / 2.0) / count(sorted_values.len());
    let bias_correction = normal_quantile(share).map_err(|_| Undefined::NoSpread)?;
    let acceleration = acceleration(sample, statistic)?;
    let level = |z: f64| {
        let shifted = bias_correction + z;
        normal_cdf(finite(bias_correction + shifted / (1.0 - acceleration * shifted))?)
    };
    Ok(BcaLevels { bias_correction, acceleration, low: level(-confidence.z())?, high: level(confidence.z())? })
}

/// Skewness of the statistic when each pupil in turn is left out (the jackknife).
fn acceleration<T: Copy>(sample: &[T], statistic: &impl Fn(&[T]) -> Result<f64, Undefined>) -> Result<f64, Undefined> {
    let mut without = Vec::with_capacity(sample.len());
    let mut values = Vec::with_capacity(sample.len());
    for left_out in 0..sample.len() {
        without.clear();
        without.extend_from_slice(&sample[..left_out]);
        without.extend_from_slice(&sample[left_out + 1..]);
        values.push(statistic(&without)?);
    }
    let centre = mean(&values)?;
    let squares = sum(values.iter().map(|value| (centre - value).powi(2)));
    let cubes = sum(values.iter().map(|value| (centre - value).powi(3)));
    ratio(cubes, 6.0 * squares.powf(1.5))
}
