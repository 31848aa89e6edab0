//! The outcome of a goal: one word from a table of steps, the first that applies.
//!
//! x is the baseline, y the review, T the score that the target comes down to; "beyond" is more than the error of filling in the form
//! once (Jacobson & Truax 1991, from published norms, or a published threshold in its place):
//!
//! | step | condition | outcome |
//! |---|---|---|
//! | 0 | the row, its scale or its target cannot be used | cannot tell |
//! | 1 | no review | not reviewed |
//! | 2 | no baseline, a score that its rule does not allow, two times that cannot be compared, a target that changed | cannot tell |
//! | 3 | y is worse than x, beyond | got worse |
//! | 4a | x is at the target, and y is | already met at baseline |
//! | 4b | x is at the target, and y is not | no longer at target |
//! | 5 | y is at the target and better than x, beyond | met |
//! | 6 | y is at the target | at target, change too small to be sure |
//! | 7 | y is better than x, beyond | partly met |
//! | 8 | y falls short of T by less than 1.645 SEM | cannot tell |
//! | 9 | otherwise | not met |
//!
//! Step 4b is where `no longer at target` belongs: who was at the target and is not now has moved the wrong way, and after step 3 by no
//! more than the form's own error. It stands before steps 7 to 9 because none of them is about a pupil who began at the target.
//!
//! With no measurement error on record a single point must not decide. Steps 3, 6 and 8 then drop out, "beyond" is left out of step 5,
//! and step 7 asks for half of the way: nobody "got worse" without a record.

use jiff::civil::Date;

use super::measure::{Measure, Measured};
use super::target::{Aim, improvement};
use super::words;
use super::{Goal, GoalScale, Repeat, Standing};
use crate::instrument::Number;
use crate::stats::Confidence;
use crate::stats::measurement_error::{ChangeThreshold, Verdict};

/// What became of a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GoalOutcome {
    /// At the target, by a clear change.
    Met,
    /// At the target, by a change that may be the form's own error.
    AtTarget,
    /// A clear change for the better, short of the target; without a record, half of the way or more.
    PartlyMet,
    /// Neither.
    NotMet,
    /// A clear change for the worse.
    GotWorse,
    /// At the target before the support began, and still there.
    AlreadyMet,
    /// At the target at baseline, not now, without a clear change for the worse.
    NoLongerAtTarget,
    /// The numbers do not say.
    CannotTell,
    /// There is no review yet.
    NotReviewed,
}

impl GoalOutcome {
    /// Every outcome, in the order of reports.
    pub const ALL: [Self; 9] = [
        Self::Met,
        Self::AtTarget,
        Self::PartlyMet,
        Self::NotMet,
        Self::GotWorse,
        Self::AlreadyMet,
        Self::NoLongerAtTarget,
        Self::CannotTell,
        Self::NotReviewed,
    ];

    /// The words in outputs.
    pub fn words(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::AtTarget => "at target, change too small to be sure",
            Self::PartlyMet => "partly met",
            Self::NotMet => "not met",
            Self::GotWorse => "got worse",
            Self::AlreadyMet => "already met at baseline",
            Self::NoLongerAtTarget => "no longer at target",
            Self::CannotTell => "cannot tell",
            Self::NotReviewed => "not reviewed",
        }
    }
}

/// Whether a review is overdue on the day that the user names; never on the clock's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Overdue {
    /// It should have been made before that day, and was not.
    Yes,
    /// It was made, or is not due yet.
    No,
    /// No day was named, or the goal has no date.
    Empty,
}

impl Overdue {
    /// The cell in outputs.
    pub fn words(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Empty => "",
        }
    }

    fn of(goal: &Goal, outcome: GoalOutcome, on: Option<Date>) -> Self {
        match goal.review_by.zip(on) {
            None => Self::Empty,
            Some((review_by, on)) if review_by < on && outcome == GoalOutcome::NotReviewed => Self::Yes,
            Some(_) => Self::No,
        }
    }
}

/// What is said of a goal.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalResult {
    /// The outcome.
    pub outcome: GoalOutcome,
    /// Whether its review is overdue.
    pub overdue: Overdue,
    /// Why, in plain words.
    pub why: String,
    /// The score or rating at baseline.
    pub baseline: Option<Number>,
    /// The score or rating at review.
    pub review: Option<Number>,
    /// The score that the target comes down to for this pupil.
    pub target_score: Option<Number>,
    /// From how many points on a change counted; none where no measurement error is on record or was not needed.
    pub threshold: Option<ChangeThreshold>,
}

/// What the table of steps is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) x: Number,
    pub(super) y: Number,
    pub(super) x_level: Option<usize>,
    pub(super) y_level: Option<usize>,
    pub(super) aim: Aim,
    /// None without measurement error on record.
    pub(super) clear: Option<Verdict>,
}

/// Why the table of steps is not reached.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stop<'a> {
    NotReviewed,
    NoBaseline,
    NotScored { time: &'static str, reason: &'a str },
    Incomparable(&'a str),
    TargetChanged,
    NoBand,
}

/// The outcome of a goal.
///
/// `baseline` and `review` are the pupil's standings on the goal's scale, `incomparable` is why the two times cannot be compared, if they
/// cannot; a rated goal has its own ratings and looks at none of them. `on` is the day on which reviews are overdue.
pub fn outcome(
    goal: &Goal,
    scale: Option<&GoalScale<'_>>,
    baseline: &Standing,
    review: &Standing,
    incomparable: Option<&str>,
    on: Option<Date>,
) -> GoalResult {
    let measured = match Measured::of(goal, scale, baseline, review) {
        Ok(measured) => measured,
        Err(unusable) => {
            let why = words::finish(goal, words::unusable(unusable.reason()));
            let overdue = Overdue::of(goal, GoalOutcome::CannotTell, on);
            return GoalResult {
                outcome: GoalOutcome::CannotTell,
                overdue,
                why,
                baseline: None,
                review: None,
                target_score: None,
                threshold: None,
            };
        }
    };
    // Ratings stand in the goals file itself: who filled in which form says nothing about them.
    let incomparable = incomparable.filter(|_| measured.measure.is_scale());
    let (outcome, why, pair) = match pair(goal, &measured, incomparable) {
        Ok(pair) => {
            let outcome = judge(&measured.measure, &pair);
            (outcome, words::judged(outcome, &measured, &pair), Some(pair))
        }
        Err(stop) => {
            let outcome = if matches!(stop, Stop::NotReviewed) { GoalOutcome::NotReviewed } else { GoalOutcome::CannotTell };
            (outcome, words::stopped(stop, &measured), None)
        }
    };
    let target = measured.baseline.score().and_then(|x| measured.target.aim(x, &measured.measure));
    GoalResult {
        outcome,
        overdue: Overdue::of(goal, outcome, on),
        why: words::finish(goal, why),
        baseline: measured.baseline.score(),
        review: measured.review.score(),
        target_score: target.map(|aim| aim.at),
        threshold: pair.and(measured.measure.error).map(|error| error.threshold),
    }
}

/// Steps 1 and 2.
fn pair<'a>(goal: &Goal, measured: &Measured<'a>, incomparable: Option<&'a str>) -> Result<Pair, Stop<'a>> {
    if *measured.review == Standing::NoResponse {
        return Err(Stop::NotReviewed);
    }
    if goal.repeat == Repeat::OtherTarget {
        return Err(Stop::TargetChanged);
    }
    let scored = |standing: &'a Standing, time| match standing {
        Standing::NoResponse => Err(Stop::NoBaseline),
        Standing::NotScored(reason) => Err(Stop::NotScored { time, reason }),
        Standing::Score { score, level } => Ok((*score, *level)),
    };
    let (x, x_level) = scored(measured.baseline, "baseline")?;
    let (y, y_level) = scored(measured.review, "review")?;
    if let Some(reason) = incomparable {
        return Err(Stop::Incomparable(reason));
    }
    let needs_band = matches!(measured.target, super::Target::Band { .. });
    if needs_band && (x_level.is_none() || y_level.is_none()) {
        return Err(Stop::NoBand);
    }
    let aim = measured.target.aim(x, &measured.measure).ok_or(Stop::NoBand)?;
    Ok(Pair { x, y, x_level, y_level, aim, clear: measured.measure.verdict(x, y) })
}

/// Steps 3 to 9.
fn judge(measure: &Measure<'_>, pair: &Pair) -> GoalOutcome {
    let Pair { x, y, aim, .. } = *pair;
    let (began_there, is_there) = (aim.is_reached(x, measure.better), aim.is_reached(y, measure.better));
    match (pair.clear, began_there, is_there) {
        (Some(Verdict::Deteriorated), _, _) => GoalOutcome::GotWorse,
        (_, true, true) => GoalOutcome::AlreadyMet,
        (_, true, false) => GoalOutcome::NoLongerAtTarget,
        (None | Some(Verdict::Improved), false, true) => GoalOutcome::Met,
        (Some(Verdict::Unchanged), false, true) => GoalOutcome::AtTarget,
        (Some(Verdict::Improved), false, false) => GoalOutcome::PartlyMet,
        (Some(Verdict::Unchanged), false, false) if may_be_there(measure, pair) => GoalOutcome::CannotTell,
        (None, false, false) if is_half_way(measure, pair) => GoalOutcome::PartlyMet,
        (None | Some(Verdict::Unchanged), false, false) => GoalOutcome::NotMet,
    }
}

/// m > -z90 * SEM: the true score could be at the target. 5 % on one side, that is, the z of a two-sided 90 % interval.
fn may_be_there(measure: &Measure<'_>, pair: &Pair) -> bool {
    let gap = -pair.aim.margin(pair.y, measure.better);
    measure.error.is_some_and(|error| gap.to_f64() < Confidence::NINETY.z() * error.sem)
}

fn is_half_way(measure: &Measure<'_>, pair: &Pair) -> bool {
    let way = improvement(pair.x, pair.aim.at, measure.better);
    let gone = improvement(pair.x, pair.y, measure.better);
    // A band that begins right at the pupil's score is no distance: without a step towards it nothing of the way is gone.
    gone > Number::ZERO && gone + gone >= way
}
