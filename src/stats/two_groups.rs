//! A helped group against a comparison group: standardised differences at review and of the gains.
//!
//! Without a comparison group none of this applies, and no fall in scores says what caused it.

use super::describe::{mean, sum_of_squares};
use super::effect::{EffectEstimate, hedges_j};
use super::number::{count, finite, ratio};
use super::regression::EstimatedDifference;
use super::{Confidence, Pairs, Undefined};

/// A difference between two groups in units of their pooled standard deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StandardisedDifference {
    /// √((SS_h + SS_c) / (n_h + n_c − 2)), with SS the sum of squares around each group's mean.
    pub pooled_sd: f64,
    /// Cohen's d, difference of means / pooled standard deviation.
    pub d: f64,
    /// Hedges' g = J·d with its variance and interval.
    pub g: EffectEstimate,
}

/// Pooled standard deviation of two groups.
///
/// # Errors
///
/// [`Undefined::TooFew`] for an empty group or below three values in all; [`Undefined::NotFinite`];
/// [`Undefined::TooLarge`].
pub fn pooled_sd(helped: &[f64], comparison: &[f64]) -> Result<f64, Undefined> {
    // `mean` also refuses empty groups, with the reason.
    mean(helped)?;
    mean(comparison)?;
    let degrees_of_freedom = degrees_of_freedom(helped, comparison)?;
    finite(((sum_of_squares(helped)? + sum_of_squares(comparison)?) / count(degrees_of_freedom)).sqrt())
}

fn degrees_of_freedom(helped: &[f64], comparison: &[f64]) -> Result<usize, Undefined> {
    let values = helped.len() + comparison.len();
    match values.checked_sub(2) {
        Some(degrees @ 1..) => Ok(degrees),
        _ => Err(Undefined::TooFew { needed: 3, found: values }),
    }
}

/// Cohen's d and Hedges' g of two groups (Hedges 1981): v = 1/n_h + 1/n_c + g² / (2(n_h + n_c)), interval g ± z·√v
/// (metafor's `SMD`).
///
/// # Errors
///
/// [`Undefined::NoSpread`] where neither group varies, and as [`pooled_sd`].
pub fn standardised_difference(helped: &[f64], comparison: &[f64], confidence: Confidence) -> Result<StandardisedDifference, Undefined> {
    let pooled_sd = pooled_sd(helped, comparison)?;
    let d = ratio(mean(helped)? - mean(comparison)?, pooled_sd)?;
    let g = hedges_j(degrees_of_freedom(helped, comparison)?)? * d;
    let (n_helped, n_comparison) = (count(helped.len()), count(comparison.len()));
    let variance = 1.0 / n_helped + 1.0 / n_comparison + g * g / (2.0 * (n_helped + n_comparison));
    Ok(StandardisedDifference { pooled_sd, d, g: EffectEstimate::with_variance(g, variance, confidence)? })
}

/// An adjusted difference in points as Hedges' g: J(n_h + n_c − 2) · difference / pooled standard deviation at review.
///
/// Dividing by the unadjusted standard deviation keeps it comparable with other studies; for an
/// [`ancova`](super::regression::ancova) estimate.
///
/// # Errors
///
/// [`Undefined::NoSpread`] where neither group varies at review, and as [`pooled_sd`].
pub fn adjusted_g(difference: f64, helped: &Pairs<'_>, comparison: &Pairs<'_>) -> Result<f64, Undefined> {
    let degrees_of_freedom = degrees_of_freedom(helped.review(), comparison.review())?;
    let pooled_sd = pooled_sd(helped.review(), comparison.review())?;
    finite(hedges_j(degrees_of_freedom)? * ratio(difference, pooled_sd)?)
}

/// Difference of the mean gains, with the pooled-variance t test on n_h + n_c − 2 degrees of freedom (Student 1908).
///
/// # Errors
///
/// [`Undefined::NoSpread`] where the gains do not vary within the groups; [`Undefined::TooFew`]; [`Undefined::TooLarge`].
pub fn gain_difference(helped: &Pairs<'_>, comparison: &Pairs<'_>, confidence: Confidence) -> Result<EstimatedDifference, Undefined> {
    let (gains, comparison_gains) = (helped.changes(), comparison.changes());
    let pooled_sd = pooled_sd(gains, comparison_gains)?;
    let standard_error = pooled_sd * (1.0 / count(gains.len()) + 1.0 / count(comparison_gains.len())).sqrt();
    EstimatedDifference::new(
        mean(gains)? - mean(comparison_gains)?,
        standard_error,
        degrees_of_freedom(gains, comparison_gains)?,
        confidence,
    )
}

/// Difference of gains in units of the pooled standard deviation at baseline, d_ppc2 (Morris 2008), with and
/// without the correction J.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StandardisedGain {
    /// Without J.
    pub d: f64,
    /// With J(n_h + n_c − 2).
    pub g: f64,
}

/// [`StandardisedGain`] of two groups.
///
/// # Errors
///
/// [`Undefined::NoSpread`] where neither group varies at baseline; [`Undefined::TooFew`]; [`Undefined::TooLarge`].
pub fn standardised_gain(helped: &Pairs<'_>, comparison: &Pairs<'_>) -> Result<StandardisedGain, Undefined> {
    let pooled_sd = pooled_sd(helped.baseline(), comparison.baseline())?;
    let d = ratio(mean(helped.changes())? - mean(comparison.changes())?, pooled_sd)?;
    let degrees_of_freedom = degrees_of_freedom(helped.baseline(), comparison.baseline())?;
    Ok(StandardisedGain { d, g: hedges_j(degrees_of_freedom)? * d })
}
