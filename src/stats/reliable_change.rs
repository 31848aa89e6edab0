//! Six ways to ask whether one pupil's change is more than measurement error.
//!
//! All compare the review score with the one to be expected had nothing truly changed, and divide by a standard error;
//! they differ in what they expect. The default for one pupil is Jacobson and Truax, which expects the baseline score.
//! The two that use the group's own mean change (Hsu–Linn–Lord, Hageman–Arrindell) answer a question about a group: a
//! pupil who did not change at all gets an index other than 0, so they are no basis for telling a parent about one child.
//!
//! Formulas after Hageman & Arrindell 1999 and the review in the R package `clinicalsignificance`, against which they
//! are tested. Speer's method (1992) is Edwards and Nunnally's.

use super::clinical_change::Side;
use super::measurement_error::{MeasurementError, Verdict};
use super::number::finite;
use super::paired::Moments;
use super::{Better, Confidence, Undefined};

/// The method of a reliable change index. D is review − baseline, x baseline, y review, M₀ and S₀ the mean and standard
/// deviation at baseline, M₁ and S₁ at review, r the reliability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// D / S_diff (Jacobson & Truax 1991).
    JacobsonTruax,
    /// ((y − M₀) − r(x − M₀)) / S_pred (Gulliksen, Lord and Novick; Hsu 1989).
    GulliksenLordNovick,
    /// ((y − M₁) − r(x − M₀)) / S_pred (Hsu, Linn and Lord).
    HsuLinnLord,
    /// (y − (r(x − M₀) + M₀)) / SEM (Edwards and Nunnally, as written by Speer 1992).
    EdwardsNunnally,
    /// (y − (r₁(x − M₀) + M₀)) / √(r₁²S₀²(1 − r₁) + S₀²(1 − r₂)) (Nunnally & Kotsch 1983).
    NunnallyKotsch,
    /// (D·r_dd + (M₁ − M₀)(1 − r_dd)) / (√r_dd·S_diff) (Hageman & Arrindell 1999).
    HagemanArrindell,
}

impl Method {
    /// All six.
    pub const ALL: [Self; 6] = [
        Self::JacobsonTruax,
        Self::GulliksenLordNovick,
        Self::HsuLinnLord,
        Self::EdwardsNunnally,
        Self::NunnallyKotsch,
        Self::HagemanArrindell,
    ];

    /// The value to exceed: two-sided z (1.96 at 95%), but one-sided z (1.645) for Hageman and Arrindell.
    pub fn critical_value(self, confidence: Confidence) -> f64 {
        match self {
            Self::HagemanArrindell => confidence.z_one_sided(),
            _ => confidence.z(),
        }
    }
}

/// Reliability at both times; one number for both unless a source gives two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reliabilities {
    /// r₁, at baseline.
    pub baseline: f64,
    /// r₂, at review; only Nunnally and Kotsch's method uses it.
    pub review: f64,
}

/// A reliable change index, ready for any number of pupils: index = weight · (y − (intercept + slope · x)) / SE.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReliableChangeIndex {
    method: Method,
    intercept: f64,
    slope: f64,
    weight: f64,
    standard_error: f64,
}

impl ReliableChangeIndex {
    /// Jacobson and Truax, from published norms. The default.
    pub fn jacobson_truax(error: MeasurementError) -> Self {
        Self::expecting(Method::JacobsonTruax, 0.0, 1.0, error.difference_sd())
    }

    /// Gulliksen, Lord and Novick, from published norms with their mean.
    pub fn gulliksen_lord_novick(mean: f64, error: MeasurementError) -> Self {
        let r = error.reliability();
        Self::expecting(Method::GulliksenLordNovick, mean * (1.0 - r), r, error.prediction_sd())
    }

    /// Hsu, Linn and Lord, from means at both times.
    pub fn hsu_linn_lord(baseline_mean: f64, review_mean: f64, error: MeasurementError) -> Self {
        let r = error.reliability();
        Self::expecting(Method::HsuLinnLord, review_mean - r * baseline_mean, r, error.prediction_sd())
    }

    /// Edwards and Nunnally, from published norms with their mean.
    pub fn edwards_nunnally(mean: f64, error: MeasurementError) -> Self {
        let r = error.reliability();
        Self::expecting(Method::EdwardsNunnally, mean * (1.0 - r), r, error.sem())
    }

    /// Nunnally and Kotsch, from published norms with their mean and the reliability at review.
    ///
    /// # Errors
    ///
    /// [`Undefined::OutOfRange`] unless 0 ≤ `review_reliability` < 1.
    pub fn nunnally_kotsch(mean: f64, error: MeasurementError, review_reliability: f64) -> Result<Self, Undefined> {
        let r = error.reliability();
        let review_sem = MeasurementError::new(error.sd(), review_reliability)?.sem();
        let standard_error = (r * error.sem()).hypot(review_sem);
        Ok(Self::expecting(Method::NunnallyKotsch, mean * (1.0 - r), r, standard_error))
    }

    /// Hageman and Arrindell, from what [`HagemanArrindell`] holds.
    pub fn hageman_arrindell(group: &HagemanArrindell) -> Self {
        let r_dd = group.difference_reliability;
        // D·r_dd + (M₁ − M₀)(1 − r_dd) = r_dd · (y − (x − (M₁ − M₀)(1 − r_dd)/r_dd))
        Self {
            method: Method::HagemanArrindell,
            intercept: -(group.review_mean - group.baseline_mean) * (1.0 - r_dd) / r_dd,
            slope: 1.0,
            weight: r_dd,
            standard_error: r_dd.sqrt() * group.error.difference_sd(),
        }
    }

    /// Any method, with means and standard deviations estimated from the group itself.
    ///
    /// That is how the R package does it; for a school's own small group, prefer published norms.
    ///
    /// # Errors
    ///
    /// [`Undefined::OutOfRange`] for a group without spread at baseline or a reliability outside 0 to below 1, and for
    /// Hageman and Arrindell as [`HagemanArrindell::new`].
    pub fn from_sample(method: Method, sample: &Moments, reliabilities: Reliabilities) -> Result<Self, Undefined> {
        let error = MeasurementError::new(sample.baseline_sd, reliabilities.baseline)?;
        Ok(match method {
            Method::JacobsonTruax => Self::jacobson_truax(error),
            Method::GulliksenLordNovick => Self::gulliksen_lord_novick(sample.baseline_mean, error),
            Method::HsuLinnLord => Self::hsu_linn_lord(sample.baseline_mean, sample.review_mean, error),
            Method::EdwardsNunnally => Self::edwards_nunnally(sample.baseline_mean, error),
            Method::NunnallyKotsch => Self::nunnally_kotsch(sample.baseline_mean, error, reliabilities.review)?,
            Method::HagemanArrindell => Self::hageman_arrindell(&HagemanArrindell::new(sample, reliabilities.baseline)?),
        })
    }

    fn expecting(method: Method, intercept: f64, slope: f64, standard_error: f64) -> Self {
        Self { method, intercept, slope, weight: 1.0, standard_error }
    }

    /// Which method this is.
    pub fn method(&self) -> Method {
        self.method
    }

    /// What the index divides by, in points.
    pub fn standard_error(&self) -> f64 {
        self.standard_error
    }

    /// The index of one pupil. Positive if the review is above what was expected, whichever direction is better.
    ///
    /// # Errors
    ///
    /// [`Undefined::NotFinite`] if a score is not finite, [`Undefined::TooLarge`].
    pub fn index(&self, baseline: f64, review: f64) -> Result<f64, Undefined> {
        if !(baseline.is_finite() && review.is_finite()) {
            return Err(Undefined::NotFinite);
        }
        let unexpected = match self.method {
            // Free of binary noise, so that no change is exactly 0.
            Method::JacobsonTruax => super::number::change(baseline, review),
            _ => review - (self.intercept + self.slope * baseline),
        };
        finite(self.weight * unexpected / self.standard_error)
    }

    /// What the index of one pupil amounts to; an index equal to the critical value is no reliable change.
    ///
    /// # Errors
    ///
    /// As [`index`](Self::index).
    pub fn verdict(&self, baseline: f64, review: f64, better: Better, confidence: Confidence) -> Result<Verdict, Undefined> {
        let improvement = better.sign() * self.index(baseline, review)?;
        let critical = self.method.critical_value(confidence);
        Ok(if improvement > critical {
            Verdict::Improved
        } else if improvement < -critical {
            Verdict::Deteriorated
        } else {
            Verdict::Unchanged
        })
    }
}

/// What Hageman and Arrindell's method knows about a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HagemanArrindell {
    error: MeasurementError,
    baseline_mean: f64,
    review_mean: f64,
    review_reliability: f64,
    difference_reliability: f64,
}

impl HagemanArrindell {
    /// Works out the reliabilities at review and of the difference, with ρ the correlation of the two times:
    /// r_post = (S₁² − SEM²) / S₁², r_dd = (S₀²·r + S₁²·r_post − 2S₀S₁ρ) / (S₀² + S₁² − 2S₀S₁ρ).
    ///
    /// # Errors
    ///
    /// [`Undefined::NoSpread`] where ρ is undefined or all changes are equal; [`Undefined::OutOfRange`] where the scores
    /// at review vary no more than measurement error (r_post ≤ 0), where the changes do (r_dd ≤ 0), or for a reliability
    /// outside 0 to below 1; [`Undefined::TooLarge`].
    pub fn new(sample: &Moments, reliability: f64) -> Result<Self, Undefined> {
        let correlation = sample.correlation.ok_or(Undefined::NoSpread)?;
        let error = MeasurementError::new(sample.baseline_sd, reliability)?;
        let review_reliability = error.reliability_at_sd(sample.review_sd)?;
        let (baseline_variance, review_variance) = (sample.baseline_sd.powi(2), sample.review_sd.powi(2));
        let shared = 2.0 * sample.baseline_sd * sample.review_sd * correlation;
        let true_variance = baseline_variance * reliability + review_variance * review_reliability - shared;
        let variance = baseline_variance + review_variance - shared;
        if sample.change_sd == 0.0 || variance <= 0.0 {
            return Err(Undefined::NoSpread);
        }
        let difference_reliability = finite(true_variance / variance)?;
        if difference_reliability <= 0.0 {
            return Err(Undefined::OutOfRange {
                what: "the spread of changes",
                allowed: "wider than measurement error alone would make it",
            });
        }
        Ok(Self { error, baseline_mean: sample.baseline_mean, review_mean: sample.review_mean, review_reliability, difference_reliability })
    }

    /// Measurement error at baseline.
    pub fn error(&self) -> MeasurementError {
        self.error
    }

    /// r_post, reliability at review.
    pub fn review_reliability(&self) -> f64 {
        self.review_reliability
    }

    /// r_dd, reliability of the difference.
    pub fn difference_reliability(&self) -> f64 {
        self.difference_reliability
    }

    /// CS, how far a review score is above a cut-off, in standard errors:
    /// (M₁ + (y − M₁)·r_post − cut-off) / (√r_post·SEM).
    ///
    /// # Errors
    ///
    /// [`Undefined::TooLarge`].
    pub fn above_cutoff(&self, review: f64, cutoff: f64) -> Result<f64, Undefined> {
        let regressed = self.review_mean + (review - self.review_mean) * self.review_reliability;
        finite((regressed - cutoff) / (self.review_reliability.sqrt() * self.error.sem()))
    }

    /// Which side of a cut-off a review score is on, as far as measurement error lets one say: on the better side only if
    /// CS exceeds one-sided z, on the side of concern only if it does so the other way, else [`Side::OnCutoff`].
    ///
    /// # Errors
    ///
    /// As [`above_cutoff`](Self::above_cutoff).
    pub fn review_side(&self, review: f64, cutoff: f64, better: Better, confidence: Confidence) -> Result<Side, Undefined> {
        let beyond = better.sign() * self.above_cutoff(review, cutoff)?;
        let critical = Method::HagemanArrindell.critical_value(confidence);
        Ok(if beyond > critical {
            Side::Functional
        } else if beyond < -critical {
            Side::Clinical
        } else {
            Side::OnCutoff
        })
    }
}
