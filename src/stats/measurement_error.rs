//! How far a score may be off, and from how many points on a change is more than that.
//!
//! SD and reliability belong to the published norms of the same instrument, form and informant, never to the school's
//! own small group.

use super::distribution::normal_sf;
use super::number::{change, finite};
use super::{Better, Confidence, Undefined};

/// Largest threshold in points that is taken for one; no questionnaire has as many.
const MOST_POINTS: f64 = 1_000_000.0;

/// Standard deviation and reliability of a scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeasurementError {
    sd: f64,
    reliability: f64,
}

impl MeasurementError {
    /// From a norm's standard deviation and reliability.
    ///
    /// A reliability of 1 would make every change reliable, and a negative one is no reliability: both are refused.
    ///
    /// # Errors
    ///
    /// [`Undefined::OutOfRange`] unless sd > 0 and 0 ≤ reliability < 1.
    pub fn new(sd: f64, reliability: f64) -> Result<Self, Undefined> {
        if !(sd.is_finite() && sd > 0.0) {
            return Err(Undefined::OutOfRange { what: "a standard deviation", allowed: "above 0" });
        }
        if !(0.0..1.0).contains(&reliability) {
            return Err(Undefined::OutOfRange { what: "a reliability", allowed: "from 0 to below 1" });
        }
        Ok(Self { sd, reliability })
    }

    /// S₀, the standard deviation.
    pub fn sd(&self) -> f64 {
        self.sd
    }

    /// r, the reliability.
    pub fn reliability(&self) -> f64 {
        self.reliability
    }

    /// Standard error of measurement, S₀·√(1 − r) (Lord & Novick 1968).
    pub fn sem(&self) -> f64 {
        self.sd * (1.0 - self.reliability).sqrt()
    }

    /// Standard error of a difference, √(2·SEM²) (Jacobson & Truax 1991).
    pub fn difference_sd(&self) -> f64 {
        self.sem() * std::f64::consts::SQRT_2
    }

    /// Standard error of prediction, S₀·√(1 − r²) (Lord & Novick 1968).
    pub fn prediction_sd(&self) -> f64 {
        self.sd * (1.0 - self.reliability * self.reliability).sqrt()
    }

    /// Standard error of estimation of a true score, S·√(r(1 − r)) (Kelley 1947).
    pub fn estimation_sd(&self) -> f64 {
        self.sd * (self.reliability * (1.0 - self.reliability)).sqrt()
    }

    /// Kelley's estimate of the true score, r·x + (1 − r)·M, with M the mean of the norm (Kelley 1947).
    ///
    /// # Errors
    ///
    /// [`Undefined::TooLarge`].
    pub fn true_score(&self, score: f64, norm_mean: f64) -> Result<f64, Undefined> {
        finite(self.reliability * score + (1.0 - self.reliability) * norm_mean)
    }

    /// Reliability in a population of another spread but the same measurement error, (S² − SEM²) / S² (Gulliksen 1950).
    ///
    /// # Errors
    ///
    /// [`Undefined::OutOfRange`] where that population varies no more than measurement error.
    pub fn reliability_at_sd(&self, sd: f64) -> Result<f64, Undefined> {
        let reliability = 1.0 - (self.sem() / sd).powi(2);
        if sd > 0.0 && reliability > 0.0 {
            Ok(reliability)
        } else {
            Err(Undefined::OutOfRange { what: "a standard deviation", allowed: "above the standard error of measurement" })
        }
    }

    /// The reliable change threshold in points, z·S_diff, to be exceeded (Jacobson & Truax 1991).
    ///
    /// # Errors
    ///
    /// [`Undefined::OutOfRange`] where the threshold is no number of points that a questionnaire could have.
    pub fn change_threshold(&self, confidence: Confidence) -> Result<ChangeThreshold, Undefined> {
        ChangeThreshold::new(confidence.z() * self.difference_sd(), Boundary::Exceeded)
    }
}

/// Whether a change equal to the threshold counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Boundary {
    /// Only a larger change counts, as with the reliable change index.
    Exceeded,
    /// An equal change counts too, as with most published thresholds.
    Reached,
}

/// What a change amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Beyond the threshold in the good direction.
    Improved,
    /// Not beyond the threshold.
    Unchanged,
    /// Beyond the threshold in the bad direction.
    Deteriorated,
}

/// A number of points from which on a change counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChangeThreshold {
    points: f64,
    boundary: Boundary,
}

impl ChangeThreshold {
    /// A threshold in points.
    ///
    /// # Errors
    ///
    /// [`Undefined::OutOfRange`] unless above 0 and at most a million points.
    pub fn new(points: f64, boundary: Boundary) -> Result<Self, Undefined> {
        if points > 0.0 && points <= MOST_POINTS {
            Ok(Self { points, boundary })
        } else {
            Err(Undefined::OutOfRange { what: "a threshold in points", allowed: "above 0 and at most a million" })
        }
    }

    /// The threshold, not rounded.
    pub fn points(&self) -> f64 {
        self.points
    }

    /// Whether a change equal to the threshold counts.
    pub fn boundary(&self) -> Boundary {
        self.boundary
    }

    /// The smallest change in whole points that counts: ⌊threshold⌋ + 1 where it must be exceeded, ⌈threshold⌉ where it
    /// must be reached. Never rounded down, which would double the false alarms.
    pub fn smallest_whole_points(&self) -> u32 {
        let points = match self.boundary {
            Boundary::Exceeded => self.points.floor() + 1.0,
            Boundary::Reached => self.points.ceil(),
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number from 1 to a million and one")]
        let points = points as u32;
        points
    }

    /// The standard error of measurement that this threshold implies at 95%: threshold / (z·√2), that is, / 2.7718.
    ///
    /// For published thresholds without a standard deviation and reliability.
    pub fn implied_sem(&self) -> f64 {
        self.points / (Confidence::NINETY_FIVE.z() * std::f64::consts::SQRT_2)
    }

    /// What a change from baseline to review amounts to.
    ///
    /// # Errors
    ///
    /// [`Undefined::NotFinite`] if a score is not finite.
    pub fn verdict(&self, baseline: f64, review: f64, better: Better) -> Result<Verdict, Undefined> {
        if !(baseline.is_finite() && review.is_finite()) {
            return Err(Undefined::NotFinite);
        }
        let improvement = better.sign() * change(baseline, review);
        let counts = match self.boundary {
            Boundary::Exceeded => improvement.abs() > self.points,
            Boundary::Reached => improvement.abs() >= self.points,
        };
        Ok(match counts {
            true if improvement > 0.0 => Verdict::Improved,
            true => Verdict::Deteriorated,
            false => Verdict::Unchanged,
        })
    }

    /// How often this threshold is met by chance alone on a scale of whole points, in either direction:
    /// 2·P(Z > (k − ½) / S_diff), where k is the smallest change that counts.
    ///
    /// # Errors
    ///
    /// [`Undefined::OutOfRange`] unless `difference_sd` is above 0.
    pub fn false_alarm_rate(&self, difference_sd: f64) -> Result<f64, Undefined> {
        if !(difference_sd.is_finite() && difference_sd > 0.0) {
            return Err(Undefined::OutOfRange { what: "the standard error of a difference", allowed: "above 0" });
        }
        Ok(2.0 * normal_sf(finite((f64::from(self.smallest_whole_points()) - 0.5) / difference_sd)?)?)
    }
}

/// The chances that a pupil without any true change gets a verdict of change on at least one of several scales.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FalseChange {
    /// At least one scale improved: 1 − (1 − α/2)ᵏ. The same number holds for deteriorated.
    pub any_improved: f64,
    /// At least one improved and none deteriorated: (1 − α/2)ᵏ − (1 − α)ᵏ.
    pub improved_and_none_deteriorated: f64,
    /// At least one changed in either direction: 1 − (1 − α)ᵏ.
    pub any_change: f64,
}

/// [`FalseChange`] for k scales with independent errors, each judged at the confidence 1 − α.
pub fn false_change(scales: u32, confidence: Confidence) -> FalseChange {
    let power = |base: f64| base.powf(f64::from(scales));
    let (not_in_one_direction, not_at_all) = (power(1.0 - confidence.tail()), power(confidence.level()));
    FalseChange {
        any_improved: 1.0 - not_in_one_direction,
        improved_and_none_deteriorated: not_in_one_direction - not_at_all,
        any_change: 1.0 - not_at_all,
    }
}
