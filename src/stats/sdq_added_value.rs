//! The SDQ added value score: how a group did compared with what similar children did without its help.
//!
//! Added value = 2.3 + 0.8·total₁ + 0.2·impact₁ − 0.3·emotional₁ − total₂, from a regression on 604 children of the 2004
//! British survey (Ford et al. 2009, as on sdqinfo.com). Positive is better than expected. For the parent form, about six
//! months apart, in groups picked for difficulties: not for one child, not for whole-class screening, not for the teacher
//! or self-report form. An erratum to the paper exists and has not been read; whoever shows the score says so.

use super::describe::mean;
use super::number::{count, finite};
use super::{Interval, Undefined};

/// Group sizes below this should not be shown.
pub const SMALLEST_GROUP: usize = 30;

/// Standard deviation of the added value of one child, as published; also the divisor of the effect size.
const PUBLISHED_SD: f64 = 5.0;

/// The source's rounded normal quantile for its 95% limits.
const PUBLISHED_Z: f64 = 1.96;

/// A parent SDQ at the first assessment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FirstAssessment {
    /// Total difficulties, 0 to 40.
    pub total: f64,
    /// Impact, 0 to 10.
    pub impact: f64,
    /// Emotional symptoms, 0 to 10.
    pub emotional: f64,
}

/// The added value of one child; a step towards the group's, not a result to show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AddedValue {
    /// Expected total at follow-up.
    pub expected_total: f64,
    /// Expected minus actual total, in points.
    pub points: f64,
    /// Points / 5.
    pub effect_size: f64,
}

/// Added value of one child.
///
/// # Errors
///
/// [`Undefined::OutOfRange`] for a score outside its scale.
pub fn added_value(first: FirstAssessment, follow_up_total: f64) -> Result<AddedValue, Undefined> {
    let total = |score: f64| (0.0..=40.0).contains(&score);
    let subscale = |score: f64| (0.0..=10.0).contains(&score);
    if !(total(first.total) && total(follow_up_total)) {
        return Err(Undefined::OutOfRange { what: "an SDQ total", allowed: "from 0 to 40" });
    }
    if !(subscale(first.impact) && subscale(first.emotional)) {
        return Err(Undefined::OutOfRange { what: "an SDQ impact or emotional score", allowed: "from 0 to 10" });
    }
    let expected_total = 2.3 + 0.8 * first.total + 0.2 * first.impact - 0.3 * first.emotional;
    let points = expected_total - follow_up_total;
    Ok(AddedValue { expected_total, points, effect_size: points / PUBLISHED_SD })
}

/// The added value of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupAddedValue {
    /// Number of children.
    pub n: usize,
    /// Mean added value in points.
    pub mean: f64,
    /// Mean / 5.
    pub effect_size: f64,
    /// 95% interval of the mean, ± 1.96·5/√n: with the published standard deviation, as the source has it.
    pub interval: Interval,
}

/// Mean added value of a group from its children's points.
///
/// # Errors
///
/// [`Undefined::TooFew`] without children, [`Undefined::NotFinite`], [`Undefined::TooLarge`].
pub fn group_added_value(points: &[f64]) -> Result<GroupAddedValue, Undefined> {
    let mean = mean(points)?;
    let half_width = PUBLISHED_Z * PUBLISHED_SD / count(points.len()).sqrt();
    Ok(GroupAddedValue { n: points.len(), mean, effect_size: finite(mean / PUBLISHED_SD)?, interval: Interval::around(mean, half_width)? })
}
