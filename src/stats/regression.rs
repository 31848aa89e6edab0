//! What usually happens without any help, and what remains of a difference between groups after allowing for baseline.

use super::describe::{cross_products, mean, sum_of_squares};
use super::distribution::{student_t_quantile, student_t_two_sided};
use super::number::{count, finite, ratio, sum};
use super::{Confidence, Interval, Pairs, Undefined};

/// A population in which the same scale was filled in twice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetestNorm {
    /// M, its mean.
    pub mean: f64,
    /// S, its standard deviation, above 0.
    pub sd: f64,
    /// ρ, the correlation of the two times, from 0 to below 1. Internal consistency (alpha) is something else.
    pub retest_correlation: f64,
}

/// What to expect at review of a pupil in whom nothing truly changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpectedReview {
    /// Expected score.
    pub score: f64,
    /// Expected score minus baseline: negative for a high score.
    pub change: f64,
    /// Standard error of prediction.
    pub standard_error: f64,
    /// Prediction interval of the score; may reach beyond the scale.
    pub interval: Interval,
}

/// Regression to the mean (Galton 1886): pupils picked for high scores score lower next time without any help.
/// E\[y | x\] = M + ρ(x − M), prediction interval ± z·S·√(1 − ρ²).
///
/// # Errors
///
/// [`Undefined::OutOfRange`] for a norm outside its ranges, [`Undefined::NotFinite`], [`Undefined::TooLarge`].
pub fn expected_without_change(baseline: f64, norm: RetestNorm, confidence: Confidence) -> Result<ExpectedReview, Undefined> {
    let RetestNorm { mean, sd, retest_correlation } = norm;
    if !(baseline.is_finite() && mean.is_finite()) {
        return Err(Undefined::NotFinite);
    }
    if !(sd.is_finite() && sd > 0.0) {
        return Err(Undefined::OutOfRange { what: "a standard deviation", allowed: "above 0" });
    }
    if !(0.0..1.0).contains(&retest_correlation) {
        return Err(Undefined::OutOfRange { what: "a retest correlation", allowed: "from 0 to below 1" });
    }
    let score = finite(mean + retest_correlation * (baseline - mean))?;
    let standard_error = sd * (1.0 - retest_correlation * retest_correlation).sqrt();
    Ok(ExpectedReview {
        score,
        change: finite(score - baseline)?,
        standard_error,
        interval: Interval::around(score, confidence.z() * standard_error)?,
    })
}

/// An estimated difference with its t test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EstimatedDifference {
    /// Helped group minus comparison group, in points.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Estimate / standard error.
    pub t: f64,
    /// Degrees of freedom.
    pub degrees_of_freedom: usize,
    /// Two-sided p.
    pub p_two_sided: f64,
    /// Its interval.
    pub interval: Interval,
}

impl EstimatedDifference {
    pub(super) fn new(estimate: f64, standard_error: f64, degrees_of_freedom: usize, confidence: Confidence) -> Result<Self, Undefined> {
        let t = ratio(estimate, standard_error)?;
        let half_width = student_t_quantile(confidence, degrees_of_freedom)? * standard_error;
        Ok(Self {
            estimate: finite(estimate)?,
            standard_error: finite(standard_error)?,
            t,
            degrees_of_freedom,
            p_two_sided: student_t_two_sided(t, degrees_of_freedom)?,
            interval: Interval::around(estimate, half_width)?,
        })
    }
}

/// Result of [`ancova`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ancova {
    /// Difference at review, adjusted for baseline.
    pub difference: EstimatedDifference,
    /// Points at review per point at baseline, within groups.
    pub slope: f64,
    /// Standard deviation around the two parallel lines.
    pub residual_sd: f64,
}

/// Analysis of covariance, review ~ baseline + group (Fisher 1932; Vickers & Altman 2001), the way to compare two groups
/// that started at different scores.
///
/// With sums within groups, slope b = Sxy / Sxx, difference (ȳ_h − ȳ_c) − b(x̄_h − x̄_c), residual variance
/// s² = Σ(residual²) / (N − 3), squared standard error s²·(1/n_h + 1/n_c + (x̄_h − x̄_c)² / Sxx).
///
/// # Errors
///
/// [`Undefined::TooFew`] below four pupils in all; [`Undefined::NoSpread`] if baseline does not vary within the groups or
/// the lines fit without any error; [`Undefined::TooLarge`].
pub fn ancova(helped: &Pairs<'_>, comparison: &Pairs<'_>, confidence: Confidence) -> Result<Ancova, Undefined> {
    let pupils = helped.len() + comparison.len();
    let Some(degrees_of_freedom @ 1..) = pupils.checked_sub(3) else {
        return Err(Undefined::TooFew { needed: 4, found: pupils });
    };
    let groups = [helped, comparison];
    let (mut sxx, mut sxy) = (0.0, 0.0);
    for group in groups {
        sxx += sum_of_squares(group.baseline())?;
        sxy += cross_products(group.baseline(), group.review())?;
    }
    let slope = ratio(sxy, sxx)?;
    let mut residuals = 0.0;
    for group in groups {
        let (x_mean, y_mean) = (mean(group.baseline())?, mean(group.review())?);
        residuals += sum(group.baseline().iter().zip(group.review()).map(|(x, y)| {
            let residual = (y - y_mean) - slope * (x - x_mean);
            residual * residual
        }));
    }
    let residual_variance = finite(residuals)? / count(degrees_of_freedom);
    let baseline_gap = mean(helped.baseline())? - mean(comparison.baseline())?;
    let review_gap = mean(helped.review())? - mean(comparison.review())?;
    let per_variance = 1.0 / count(helped.len()) + 1.0 / count(comparison.len()) + finite(baseline_gap * baseline_gap / sxx)?;
    Ok(Ancova {
        difference: EstimatedDifference::new(
            review_gap - slope * baseline_gap,
            (residual_variance * per_variance).sqrt(),
            degrees_of_freedom,
            confidence,
        )?,
        slope,
        residual_sd: residual_variance.sqrt(),
    })
}
