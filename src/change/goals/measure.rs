//! What a goal is measured with: a scale of the form or a rating, seen alike by the rules.

use super::rated::gbo_threshold;
use super::target::Unusable;
use super::{Goal, GoalKind, GoalScale, RatedInstrument, Standing, Steps, Target};
use crate::change::basis::in_stats;
use crate::instrument::{Bands, Better, Number};
use crate::stats::Confidence;
use crate::stats::measurement_error::{ChangeThreshold, Verdict};
use crate::stats::regression::{RetestNorm, expected_without_change};

/// A scale or a rating.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure<'a> {
    pub(super) kind: MeasureKind,
    /// What one of its numbers is called: a score, a rating, a level.
    pub(super) noun: &'static str,
    pub(super) better: Better,
    pub(super) range: (Number, Number),
    pub(super) bands: Option<&'a Bands>,
    pub(super) steps: Steps,
    pub(super) error: Option<Error<'a>>,
}

/// Whose rules the words follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MeasureKind {
    Scale,
    Rated(RatedInstrument),
}

/// Measurement error.
#[derive(Clone, Copy, Debug)]
pub(super) struct Error<'a> {
    pub(super) threshold: ChangeThreshold,
    pub(super) sem: f64,
    pub(super) retest: Option<RetestNorm>,
    /// Who published the threshold, where it stands in for a standard deviation and reliability.
    pub(super) published_in: Option<&'a str>,
}

impl<'a> Measure<'a> {
    pub(super) fn of_scale(scale: &'a GoalScale<'a>, steps: Steps) -> Self {
        let error = scale.error.as_ref().map(|error| Error {
            threshold: error.threshold,
            sem: error.sem,
            retest: error.retest,
            published_in: error.error.is_none().then_some(error.source.as_str()),
        });
        Self { kind: MeasureKind::Scale, noun: "score", better: scale.better, range: scale.range, bands: scale.bands, steps, error }
    }

    pub(super) fn of_rating(instrument: RatedInstrument) -> Self {
        // GAS levels are set by people and compared directly.
        let (noun, threshold) = match instrument {
            RatedInstrument::Gbo => ("rating", gbo_threshold()),
            RatedInstrument::Gas => ("level", None),
        };
        let error = threshold.map(|threshold| Error { threshold, sem: threshold.implied_sem(), retest: None, published_in: None });
        Self {
            kind: MeasureKind::Rated(instrument),
            noun,
            better: Better::Higher,
            range: instrument.range(),
            bands: None,
            steps: Steps::Any,
            error,
        }
    }

    /// The best score that there is.
    pub(super) fn best(&self) -> Number {
        match self.better {
            Better::Lower => self.range.0,
            Better::Higher => self.range.1,
        }
    }

    /// What a change amounts to; none without measurement error on record.
    pub(super) fn verdict(&self, baseline: Number, review: Number) -> Option<Verdict> {
        // Both scores are finite, so there always is a verdict.
        self.error?.threshold.verdict(baseline.to_f64(), review.to_f64(), in_stats(self.better)).ok()
    }

    pub(super) fn is_scale(&self) -> bool {
        self.kind == MeasureKind::Scale
    }

    /// By how many points pupils who start here usually get better without help; negative where they usually get worse. None without a
    /// retest correlation and the mean of a norm on record.
    pub(super) fn usual_improvement(&self, baseline: Number) -> Option<f64> {
        let expected = expected_without_change(baseline.to_f64(), self.error?.retest?, Confidence::NINETY_FIVE).ok()?;
        Some(in_stats(self.better).sign() * expected.change)
    }

    /// The name of a score's band.
    pub(super) fn band(&self, level: Option<usize>) -> Option<&'a str> {
        Some(self.bands?.name(level?)).filter(|name| !name.is_empty())
    }
}

/// A goal with what it is measured with and where the pupil stands; or why it cannot be judged.
pub(super) struct Measured<'a> {
    pub(super) measure: Measure<'a>,
    pub(super) target: &'a Target,
    pub(super) baseline: &'a Standing,
    pub(super) review: &'a Standing,
}

impl<'a> Measured<'a> {
    /// The standings are those given, for a scale, or the goal's own ratings.
    pub(super) fn of(
        goal: &'a Goal,
        scale: Option<&'a GoalScale<'a>>,
        baseline: &'a Standing,
        review: &'a Standing,
    ) -> Result<Self, Unusable> {
        let measured = match &goal.kind {
            GoalKind::Unreadable(reason) => return Err(Unusable::Row(reason.clone())),
            GoalKind::Scale { target, steps, .. } => {
                let scale = scale.ok_or_else(|| Unusable::Row("the form has no such scale".to_owned()))?;
                Self { measure: Measure::of_scale(scale, *steps), target, baseline, review }
            }
            GoalKind::Rated { instrument, target, baseline, review, .. } => {
                Self { measure: Measure::of_rating(*instrument), target, baseline, review }
            }
        };
        match measured.target.misfit(&measured.measure) {
            Some(unusable) => Err(unusable),
            None => Ok(measured),
        }
    }
}
