//! How large a mean change is: standardised by one spread or another.
//!
//! The choice of the spread decides the number, so every function and variant says which it is. d_z depends on how
//! strongly the two times correlate and is not comparable with effects between groups; Glass' delta by a norm's
//! standard deviation is the steadiest for small groups.

use statrs::function::gamma::ln_gamma;

use super::number::{count, finite, ratio};
use super::paired::Moments;
use super::{Confidence, Interval, Pairs, Undefined};

/// What the mean change m is divided by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standardiser {
    /// d_z = m / s_D, the standard deviation of the changes (Cohen 1988; Lakens 2013).
    ChangeSd,
    /// d_av = m / ((S₀ + S₁) / 2) (Cumming 2012; Lakens 2013).
    MeanOfSds,
    /// d_av = m / √((S₀² + S₁²) / 2), the other definition in use under the same name.
    RootMeanSquareOfSds,
    /// d_rm = d_z · √(2(1 − ρ)) (Lakens 2013). Undefined without ρ.
    RepeatedMeasures,
    /// Glass' delta, m / S₀, the standard deviation at baseline (Glass 1976).
    BaselineSd,
    /// Glass' delta with the standard deviation of a norm sample.
    NormSd(f64),
}

/// Mean change in units of a standard deviation.
///
/// 0 if nobody changed, whatever the standardiser.
///
/// # Errors
///
/// [`Undefined::NoSpread`] where the standardiser is 0 or, for `RepeatedMeasures`, ρ is undefined;
/// [`Undefined::TooFew`] below two pairs (one for `NormSd`); [`Undefined::OutOfRange`] for a norm that is not positive;
/// [`Undefined::TooLarge`].
pub fn standardised_change(pairs: &Pairs<'_>, standardiser: Standardiser) -> Result<f64, Undefined> {
    if let Standardiser::NormSd(sd) = standardiser {
        if !(sd.is_finite() && sd > 0.0) {
            return Err(Undefined::OutOfRange { what: "the standard deviation of a norm", allowed: "above 0" });
        }
        return finite(super::describe::mean(pairs.changes())? / sd);
    }
    let moments = pairs.moments()?;
    if pairs.nobody_changed() {
        return Ok(0.0);
    }
    let Moments { baseline_sd, review_sd, change_mean, change_sd, .. } = moments;
    let divisor = match standardiser {
        Standardiser::ChangeSd => change_sd,
        Standardiser::MeanOfSds => f64::midpoint(baseline_sd, review_sd),
        Standardiser::RootMeanSquareOfSds => baseline_sd.hypot(review_sd) / 2.0_f64.sqrt(),
        Standardiser::RepeatedMeasures => {
            let correlation = moments.correlation.ok_or(Undefined::NoSpread)?;
            return finite(ratio(change_mean, change_sd)? * (2.0 * (1.0 - correlation)).sqrt());
        }
        Standardiser::BaselineSd => baseline_sd,
        Standardiser::NormSd(sd) => sd,
    };
    ratio(change_mean, divisor)
}

/// Hedges' correction for small samples, exact: J = Γ(ν/2) / (√(ν/2) · Γ((ν − 1)/2)) (Hedges 1981).
///
/// J(1) = 0. Above 10,000 degrees of freedom ν the approximation stands in, which then agrees to nine digits, while the
/// difference of two large log-gammas does not.
///
/// # Errors
///
/// [`Undefined::TooFew`] without degrees of freedom.
pub fn hedges_j(degrees_of_freedom: usize) -> Result<f64, Undefined> {
    match degrees_of_freedom {
        1 => Ok(0.0), // 1 / Γ(0)
        0 | 10_001.. => hedges_j_approximate(degrees_of_freedom),
        2..=10_000 => {
            let half = count(degrees_of_freedom) / 2.0;
            finite((ln_gamma(half) - ln_gamma(half - 0.5)).exp() / half.sqrt())
        }
    }
}

/// Hedges' correction, approximate: J = 1 − 3 / (4ν − 1) (Hedges 1981).
///
/// # Errors
///
/// [`Undefined::TooFew`] without degrees of freedom.
pub fn hedges_j_approximate(degrees_of_freedom: usize) -> Result<f64, Undefined> {
    if degrees_of_freedom == 0 {
        return Err(Undefined::TooFew { needed: 1, found: 0 });
    }
    finite(1.0 - 3.0 / (4.0 * count(degrees_of_freedom) - 1.0))
}

/// Which corrected effect [`corrected_change`] estimates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectedBy {
    /// By the standard deviation of the changes: g_z, metafor's `SMCC` (Gibbons, Hedeker & Davis 1993).
    ChangeSd,
    /// By the standard deviation at baseline: metafor's `SMCR` (Becker 1988).
    BaselineSd,
}

/// A standardised effect with its sampling variance and interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EffectEstimate {
    /// The effect, corrected for small samples.
    pub estimate: f64,
    /// Its sampling variance.
    pub variance: f64,
    /// `estimate ± z·√variance`.
    pub interval: Interval,
}

impl EffectEstimate {
    pub(super) fn with_variance(estimate: f64, variance: f64, confidence: Confidence) -> Result<Self, Undefined> {
        Ok(Self {
            estimate: finite(estimate)?,
            variance: finite(variance)?,
            interval: Interval::around(estimate, confidence.z() * variance.sqrt())?,
        })
    }
}

/// Standardised mean change, corrected for small samples, with an interval: g = J(n − 1) · m / S, interval ± z·√v.
///
/// By the changes' standard deviation v = 1/n + g²/(2n); by the baseline's v = 2(1 − ρ)/n + g²/(2n) (metafor 3.8,
/// `escalc` with `SMCC` and `SMCR`). The normal approximation keeps the noncentral t distribution out; for the sizes of
/// school groups it is within a few hundredths of it.
///
/// # Errors
///
/// [`Undefined::NoSpread`] where the standardiser is 0 or, by the baseline, ρ is undefined (also if nobody changed: an
/// effect of 0 is then certain, its interval is not); [`Undefined::TooFew`] below two pairs; [`Undefined::TooLarge`].
pub fn corrected_change(pairs: &Pairs<'_>, by: CorrectedBy, confidence: Confidence) -> Result<EffectEstimate, Undefined> {
    let moments = pairs.moments()?;
    let n = count(moments.n);
    let correction = hedges_j(moments.n - 1)?;
    let (estimate, first_term) = match by {
        CorrectedBy::ChangeSd => (correction * ratio(moments.change_mean, moments.change_sd)?, 1.0 / n),
        CorrectedBy::BaselineSd => {
            let correlation = moments.correlation.ok_or(Undefined::NoSpread)?;
            (correction * ratio(moments.change_mean, moments.baseline_sd)?, 2.0 * (1.0 - correlation) / n)
        }
    };
    EffectEstimate::with_variance(estimate, first_term + estimate * estimate / (2.0 * n), confidence)
}
