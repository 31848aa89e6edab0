//! The numbers behind goals: the goal attainment T score, and how likely a true score meets a target.

use super::distribution::normal_cdf;
use super::measurement_error::MeasurementError;
use super::number::{finite, sum};
use super::{Better, Undefined};

/// The correlation between goals that Kiresuk and Sherman assumed, and everybody since.
pub const ASSUMED_CORRELATION: f64 = 0.3;

/// One rated goal of goal attainment scaling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttainedGoal {
    /// Level reached, from −2 (much less than expected) to 2 (much more).
    pub level: i8,
    /// Weight, 0 or more; 1 for all where nobody weighted them.
    pub weight: f64,
}

/// Goal attainment T score (Kiresuk & Sherman 1968): 50 + 10·Σwx / √((1 − ρ)·Σw² + ρ·(Σw)²).
///
/// The formula printed by Turner-Stokes 2009 has an erratum; this is the original one. T is not a norm: it treats levels
/// as equal steps and assumes one ρ for everybody.
///
/// # Errors
///
/// [`Undefined::TooFew`] without goals or with weights of 0 only; [`Undefined::OutOfRange`] for a level, a weight or a ρ
/// outside its range; [`Undefined::TooLarge`].
pub fn gas_t_score(goals: &[AttainedGoal], correlation: f64) -> Result<f64, Undefined> {
    if !(0.0..=1.0).contains(&correlation) {
        return Err(Undefined::OutOfRange { what: "the correlation between goals", allowed: "from 0 to 1" });
    }
    for goal in goals {
        if !(-2..=2).contains(&goal.level) {
            return Err(Undefined::OutOfRange { what: "a goal's level", allowed: "from -2 to 2" });
        }
        if !(goal.weight.is_finite() && goal.weight >= 0.0) {
            return Err(Undefined::OutOfRange { what: "a goal's weight", allowed: "0 or more" });
        }
    }
    if goals.iter().all(|goal| goal.weight == 0.0) {
        return Err(Undefined::TooFew { needed: 1, found: 0 });
    }
    let weighted = sum(goals.iter().map(|goal| goal.weight * f64::from(goal.level)));
    let weights = sum(goals.iter().map(|goal| goal.weight));
    let squares = sum(goals.iter().map(|goal| goal.weight * goal.weight));
    let spread = finite((1.0 - correlation) * squares + correlation * weights * weights)?.sqrt();
    if spread == 0.0 {
        // Weights so small that their squares vanish.
        return Err(Undefined::NoSpread);
    }
    finite(50.0 + 10.0 * weighted / spread)
}

/// P(true score meets the target) from the score alone: Φ(s·(x − T) / SEM). One half for a score on the target.
///
/// # Errors
///
/// [`Undefined::OutOfRange`] unless `sem` is above 0; [`Undefined::NotFinite`]; [`Undefined::TooLarge`].
pub fn probability_of_target(score: f64, target: f64, sem: f64, better: Better) -> Result<f64, Undefined> {
    if !(score.is_finite() && target.is_finite()) {
        return Err(Undefined::NotFinite);
    }
    if !(sem.is_finite() && sem > 0.0) {
        return Err(Undefined::OutOfRange { what: "a standard error of measurement", allowed: "above 0" });
    }
    normal_cdf(finite(better.sign() * (score - target) / sem)?)
}

/// P(true score meets the target) where the score is first drawn towards the norm's mean:
/// Φ(s·(T̂ − T) / (S·√(r(1 − r)))), T̂ = r·x + (1 − r)·M (Kelley 1947).
///
/// # Errors
///
/// [`Undefined::OutOfRange`] for a reliability of 0, with which every true score is the mean; [`Undefined::NotFinite`];
/// [`Undefined::TooLarge`].
pub fn probability_of_target_regressed(
    score: f64,
    target: f64,
    norm_mean: f64,
    error: MeasurementError,
    better: Better,
) -> Result<f64, Undefined> {
    probability_of_target(error.true_score(score, norm_mean)?, target, error.estimation_sd(), better)
}
