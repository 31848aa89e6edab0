//! The same pupils at two times: the pairs, their changes, and the mean change with its interval.

use super::describe::{correlation, mean, standard_deviation};
use super::distribution::{student_t_quantile, student_t_two_sided};
use super::number::{all_finite, change, count, finite, ratio};
use super::{Confidence, Interval, Undefined};

/// Baseline and review of the same pupils, in the same order: as many of one as of the other, at least one, all finite.
#[derive(Debug, Clone)]
pub struct Pairs<'a> {
    baseline: &'a [f64],
    review: &'a [f64],
    changes: Vec<f64>,
}

/// How many went which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Directions {
    /// Review above baseline.
    pub rose: usize,
    /// Review below baseline.
    pub fell: usize,
    /// No change.
    pub same: usize,
}

/// Means and spreads at both times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Number of pairs.
    pub n: usize,
    /// M₀, mean at baseline.
    pub baseline_mean: f64,
    /// S₀, standard deviation at baseline.
    pub baseline_sd: f64,
    /// M₁, mean at review.
    pub review_mean: f64,
    /// S₁, standard deviation at review.
    pub review_sd: f64,
    /// Mean change.
    pub change_mean: f64,
    /// Standard deviation of the changes.
    pub change_sd: f64,
    /// ρ, correlation of the two times; `None` where either has no spread.
    pub correlation: Option<f64>,
}

impl<'a> Pairs<'a> {
    /// Pairs up two columns.
    ///
    /// # Errors
    ///
    /// [`Undefined::LengthsDiffer`], [`Undefined::TooFew`] without pairs, [`Undefined::NotFinite`], and
    /// [`Undefined::TooLarge`] where a difference overflows.
    pub fn new(baseline: &'a [f64], review: &'a [f64]) -> Result<Self, Undefined> {
        if baseline.len() != review.len() {
            return Err(Undefined::LengthsDiffer { left: baseline.len(), right: review.len() });
        }
        if baseline.is_empty() {
            return Err(Undefined::TooFew { needed: 1, found: 0 });
        }
        all_finite(baseline)?;
        all_finite(review)?;
        let changes = baseline.iter().zip(review).map(|(&x, &y)| finite(change(x, y))).collect::<Result<_, _>>()?;
        Ok(Self { baseline, review, changes })
    }

    /// Number of pairs, at least 1.
    #[expect(clippy::len_without_is_empty, reason = "there are no empty pairs")]
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Scores at baseline.
    pub fn baseline(&self) -> &'a [f64] {
        self.baseline
    }

    /// Scores at review.
    pub fn review(&self) -> &'a [f64] {
        self.review
    }

    /// Review minus baseline, rounded to nine decimals so that equal changes are equal.
    pub fn changes(&self) -> &[f64] {
        &self.changes
    }

    /// How many rose, fell, stayed.
    pub fn directions(&self) -> Directions {
        let rose = self.changes.iter().filter(|change| **change > 0.0).count();
        let fell = self.changes.iter().filter(|change| **change < 0.0).count();
        Directions { rose, fell, same: self.len() - rose - fell }
    }

    /// Whether nobody's score changed.
    pub(super) fn nobody_changed(&self) -> bool {
        self.changes.iter().all(|change| *change == 0.0)
    }

    /// Means, spreads and correlation.
    ///
    /// # Errors
    ///
    /// [`Undefined::TooFew`] below two pairs, [`Undefined::TooLarge`].
    pub fn moments(&self) -> Result<Moments, Undefined> {
        Ok(Moments {
            n: self.len(),
            baseline_mean: mean(self.baseline)?,
            baseline_sd: standard_deviation(self.baseline)?,
            review_mean: mean(self.review)?,
            review_sd: standard_deviation(self.review)?,
            change_mean: mean(&self.changes)?,
            change_sd: standard_deviation(&self.changes)?,
            correlation: match correlation(self.baseline, self.review) {
                Ok(correlation) => Some(correlation),
                Err(Undefined::NoSpread) => None,
                Err(other) => return Err(other),
            },
        })
    }
}

/// Result of [`paired_t`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedT {
    /// Number of pairs.
    pub n: usize,
    /// Mean change, review minus baseline.
    pub mean_change: f64,
    /// Standard deviation of the changes.
    pub sd_change: f64,
    /// Standard error of the mean change.
    pub standard_error: f64,
    /// t statistic.
    pub t: f64,
    /// n − 1.
    pub degrees_of_freedom: usize,
    /// Two-sided p.
    pub p_two_sided: f64,
    /// Interval of the mean change; `None` if nobody changed, because then there is no spread to build it from.
    pub interval: Option<Interval>,
}

/// Paired t test (Student 1908): t = m / (s/√n) on n − 1 degrees of freedom, interval m ± t·s/√n, where m and s are mean
/// and standard deviation of the changes.
///
/// If nobody changed at all, t is 0 and p is 1 by convention. If everybody changed by the same amount, there is no spread
/// to judge that amount by: [`Undefined::NoSpread`], where other programs print t = ∞ and p = 0. The mean change itself
/// is then exact and needs no test.
///
/// # Errors
///
/// [`Undefined::TooFew`] below two pairs, [`Undefined::NoSpread`], [`Undefined::TooLarge`].
pub fn paired_t(pairs: &Pairs<'_>, confidence: Confidence) -> Result<PairedT, Undefined> {
    let n = pairs.len();
    let sd_change = standard_deviation(pairs.changes())?;
    let mean_change = mean(pairs.changes())?;
    let degrees_of_freedom = n - 1;
    let standard_error = sd_change / count(n).sqrt();
    if pairs.nobody_changed() {
        return Ok(PairedT { n, mean_change, sd_change, standard_error, t: 0.0, degrees_of_freedom, p_two_sided: 1.0, interval: None });
    }
    let t = ratio(mean_change, standard_error)?;
    let half_width = student_t_quantile(confidence, degrees_of_freedom)? * standard_error;
    Ok(PairedT {
        n,
        mean_change,
        sd_change,
        standard_error,
        t,
        degrees_of_freedom,
        p_two_sided: student_t_two_sided(t, degrees_of_freedom)?,
        interval: Some(Interval::around(mean_change, half_width)?),
    })
}
