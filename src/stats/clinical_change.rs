//! Where a pupil stands before and after: cut-offs between two populations, and the categories built on them.
//!
//! Where an instrument has published bands, use those, not these cut-offs. A cut-off is not the point where both
//! populations are equally likely (Hsu, doi:10.1007/BF02229141), so nobody "belongs to the normal population" for having crossed it.

use super::measurement_error::{Boundary, ChangeThreshold, MeasurementError, Verdict};
use super::number::{change, finite};
use super::{Better, Undefined};

/// Mean and standard deviation of a population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Population {
    /// Mean.
    pub mean: f64,
    /// Standard deviation, above 0.
    pub sd: f64,
}

impl Population {
    fn checked(self) -> Result<Self, Undefined> {
        if !self.mean.is_finite() {
            Err(Undefined::NotFinite)
        } else if !(self.sd.is_finite() && self.sd > 0.0) {
            Err(Undefined::OutOfRange { what: "a standard deviation", allowed: "above 0" })
        } else {
            Ok(self)
        }
    }

    /// The same population with the standard deviation of its true scores, S·√r, where r = (S² − SEM²) / S².
    fn of_true_scores(self, error: MeasurementError) -> Result<Self, Undefined> {
        let reliability = error.reliability_at_sd(self.checked()?.sd)?;
        Ok(Self { mean: self.mean, sd: self.sd * reliability.sqrt() })
    }
}

/// Which cut-off, by the names of Jacobson & Truax 1991. s is +1 where higher is better, −1 where lower is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cutoff {
    /// Two standard deviations beyond the clinical mean, M_c + s·2·S_c.
    A {
        /// The clinical population.
        clinical: Population,
    },
    /// Within two standard deviations of the functional mean, M_f − s·2·S_f.
    ///
    /// With the functional population's own standard deviation; the R package `clinicalsignificance` takes the clinical
    /// one.
    B {
        /// The functional population.
        functional: Population,
    },
    /// Between the two, weighted by their spreads, (S_c·M_f + S_f·M_c) / (S_c + S_f). Preferred where both are known.
    C {
        /// The clinical population.
        clinical: Population,
        /// The functional population.
        functional: Population,
    },
}

impl Cutoff {
    /// The cut-off in points.
    ///
    /// # Errors
    ///
    /// [`Undefined::OutOfRange`] for a standard deviation that is not positive, [`Undefined::NotFinite`],
    /// [`Undefined::TooLarge`].
    pub fn points(self, better: Better) -> Result<f64, Undefined> {
        let s = better.sign();
        finite(match self {
            Self::A { clinical } => clinical.checked()?.mean + s * 2.0 * clinical.sd,
            Self::B { functional } => functional.checked()?.mean - s * 2.0 * functional.sd,
            Self::C { clinical, functional } => {
                let (clinical, functional) = (clinical.checked()?, functional.checked()?);
                (clinical.sd * functional.mean + functional.sd * clinical.mean) / (clinical.sd + functional.sd)
            }
        })
    }

    /// The cut-off between true scores (Hageman & Arrindell 1999): the same, with S·√r for each S.
    ///
    /// Measurement error is taken to be the same in both populations, so that each has the reliability
    /// (S² − SEM²) / S² of its own spread.
    ///
    /// # Errors
    ///
    /// As [`points`](Self::points), and [`Undefined::OutOfRange`] where a population varies no more than measurement
    /// error.
    pub fn true_score_points(self, error: MeasurementError, better: Better) -> Result<f64, Undefined> {
        match self {
            Self::A { clinical } => Self::A { clinical: clinical.of_true_scores(error)? },
            Self::B { functional } => Self::B { functional: functional.of_true_scores(error)? },
            Self::C { clinical, functional } => {
                Self::C { clinical: clinical.of_true_scores(error)?, functional: functional.of_true_scores(error)? }
            }
        }
        .points(better)
    }
}

/// On which side of a cut-off a score is. Both sides are strict: a score on the cut-off itself is on neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// On the side of concern.
    Clinical,
    /// Exactly on it.
    OnCutoff,
    /// On the better side.
    Functional,
}

impl Side {
    /// The side of one score.
    ///
    /// # Errors
    ///
    /// [`Undefined::NotFinite`].
    pub fn of(score: f64, cutoff: f64, better: Better) -> Result<Self, Undefined> {
        if !(score.is_finite() && cutoff.is_finite()) {
            return Err(Undefined::NotFinite);
        }
        let beyond = better.sign() * (score - cutoff);
        Ok(if beyond > 0.0 {
            Self::Functional
        } else if beyond < 0.0 {
            Self::Clinical
        } else {
            Self::OnCutoff
        })
    }
}

/// Categories of the combined approach (Jacobson & Truax 1991).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// Reliably improved, from the clinical side to the functional one.
    Recovered,
    /// Reliably improved otherwise.
    Improved,
    /// No reliable change, even if the cut-off was crossed.
    Unchanged,
    /// Reliably worse otherwise.
    Deteriorated,
    /// Reliably worse, from not clinical to not functional. The literature's word; it implies a cause, so show "worse and
    /// now in the raised range" instead.
    Harmed,
}

impl Category {
    /// Combines a verdict on the change with the sides before and after.
    pub fn of(baseline: Side, review: Side, verdict: Verdict) -> Self {
        match verdict {
            Verdict::Unchanged => Self::Unchanged,
            Verdict::Improved if baseline == Side::Clinical && review == Side::Functional => Self::Recovered,
            Verdict::Improved => Self::Improved,
            Verdict::Deteriorated if baseline != Side::Clinical && review != Side::Functional => Self::Harmed,
            Verdict::Deteriorated => Self::Deteriorated,
        }
    }
}

/// The statistical approach: by the cut-off alone, without measurement error.
///
/// Improved from the clinical side to the functional one, deteriorated from not clinical to not functional.
pub fn by_cutoff(baseline: Side, review: Side) -> Verdict {
    match (baseline == Side::Clinical, review == Side::Functional) {
        (true, true) => Verdict::Improved,
        (false, false) => Verdict::Deteriorated,
        _ => Verdict::Unchanged,
    }
}

/// The smallest change that matters to people, in points, in either direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ImportantDifference {
    improvement: ChangeThreshold,
    deterioration: ChangeThreshold,
}

impl ImportantDifference {
    /// Points of improvement and of deterioration from which on a change matters; the same number where a source gives
    /// only one.
    ///
    /// # Errors
    ///
    /// [`Undefined::OutOfRange`] as [`ChangeThreshold::new`].
    pub fn new(improvement: f64, deterioration: f64) -> Result<Self, Undefined> {
        Ok(Self {
            improvement: ChangeThreshold::new(improvement, Boundary::Reached)?,
            deterioration: ChangeThreshold::new(deterioration, Boundary::Reached)?,
        })
    }
}

/// The anchor approach: by a minimal important difference (Jaeschke, Singer & Guyatt 1989). A change equal to it counts.
///
/// # Errors
///
/// [`Undefined::NotFinite`] if a score is not finite.
pub fn by_important_difference(baseline: f64, review: f64, difference: &ImportantDifference, better: Better) -> Result<Verdict, Undefined> {
    if difference.improvement.verdict(baseline, review, better)? == Verdict::Improved {
        return Ok(Verdict::Improved);
    }
    Ok(match difference.deterioration.verdict(baseline, review, better)? {
        Verdict::Deteriorated => Verdict::Deteriorated,
        _ => Verdict::Unchanged,
    })
}

/// Shares of the baseline score from which on a change counts, 0.5 for 50%.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PercentageRule {
    /// For an improvement.
    pub improvement: f64,
    /// For a deterioration.
    pub deterioration: f64,
}

/// The percentage approach: by the change as a share of the baseline score, D / x. A share equal to the rule's counts.
///
/// The same score twice is unchanged. Otherwise a baseline of 0 has no percentage change, and a negative one would turn
/// its sign: no category then. (The R package calls a change from 0 both improved and deteriorated.)
///
/// # Errors
///
/// [`Undefined::OutOfRange`] for a baseline that is not positive, or a rule's share that is not;
/// [`Undefined::NotFinite`]; [`Undefined::TooLarge`].
pub fn by_percentage(baseline: f64, review: f64, rule: PercentageRule, better: Better) -> Result<Verdict, Undefined> {
    if !(rule.improvement > 0.0 && rule.deterioration > 0.0) {
        return Err(Undefined::OutOfRange { what: "a share of the baseline", allowed: "above 0" });
    }
    if !(baseline.is_finite() && review.is_finite()) {
        return Err(Undefined::NotFinite);
    }
    let difference = change(baseline, review);
    if difference == 0.0 {
        return Ok(Verdict::Unchanged);
    }
    if baseline <= 0.0 {
        return Err(Undefined::OutOfRange { what: "a baseline for percentages", allowed: "above 0" });
    }
    let share = better.sign() * finite(difference / baseline)?;
    Ok(if share >= rule.improvement {
        Verdict::Improved
    } else if share <= -rule.deterioration {
        Verdict::Deteriorated
    } else {
        Verdict::Unchanged
    })
}
