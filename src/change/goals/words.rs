//! Why a goal has its outcome, in plain words with the numbers: both scores, their bands, the target, the threshold in points.
//!
//! What a clear change is said to be is "more than the error of filling in the form once", and never what caused it: alpha knows nothing
//! of months and mood. For goal-based outcomes it is what NHS England counts as reliable.

use std::fmt::Write as _;

use super::measure::{Error, Measure, MeasureKind, Measured};
use super::outcome::{GoalOutcome, Pair, Stop};
use super::target::{Aim, Edge, improvement};
use super::{Goal, RatedInstrument, Standing, Steps, Target};
use crate::findings::printable;
use crate::instrument::{Better, Number};
use crate::stats::measurement_error::{Boundary, ChangeThreshold, Verdict};

/// Adds how much of the planned support took place: "not met" must not blame a child who had 3 of 12 sessions.
pub(super) fn finish(goal: &Goal, mut why: String) -> String {
    if let Some(sessions) = &goal.sessions {
        let noun = if &*sessions.planned == "1" { "session" } else { "sessions" };
        let verb = if &*sessions.had == "1" { "was" } else { "were" };
        let (planned, had) = (printable(&sessions.planned), printable(&sessions.had));
        let _ = write!(why, " {had} of {planned} planned {noun} {verb} had.");
    }
    why
}

/// The row, its scale or its target cannot be used.
pub(super) fn unusable(reason: &str) -> String {
    format!("This goal cannot be judged: {reason}.")
}

/// There are no two scores to judge.
pub(super) fn stopped(stop: Stop<'_>, measured: &Measured<'_>) -> String {
    let noun = measured.measure.noun;
    let (target, standings) = (target(measured), standings(measured));
    match stop {
        Stop::NotReviewed => match measured.baseline {
            Standing::Score { .. } => format!("{standings}; there is no review {noun} yet. The target was {target}."),
            Standing::NotScored(reason) => {
                format!("There is no review {noun} yet, and none at baseline: {reason}. The target was {target}.")
            }
            Standing::NoResponse => format!("There is no review {noun} yet, and none at baseline. The target was {target}."),
        },
        Stop::NoBaseline => with_standings(&format!("There is no baseline {noun} to compare with."), &standings, &target),
        Stop::NotScored { time, reason } => with_standings(&format!("There is no {noun} at {time}: {reason}."), &standings, &target),
        Stop::Incomparable(reason) => format!("{standings}; the target was {target}. The two cannot be compared: {reason}."),
        Stop::TargetChanged => with_standings(
            "This goal stands in the file with another target too, and which of them counts cannot be told.",
            &standings,
            &target,
        ),
        Stop::NoBand => format!("{standings}; the target was {target}. No band can be given to this pupil's scores."),
    }
}

fn with_standings(reason: &str, standings: &str, target: &str) -> String {
    match standings {
        "" => format!("{reason} The target was {target}."),
        standings => format!("{reason} {standings}; the target was {target}."),
    }
}

/// `The score was 22 (very high) at baseline and 13 at review`; empty if there is none.
fn standings(measured: &Measured<'_>) -> String {
    let part = |standing: &Standing, time: &str| match standing {
        Standing::Score { score, level } => Some(format!("{} at {time}", with_band(&measured.measure, *score, *level))),
        Standing::NoResponse | Standing::NotScored(_) => None,
    };
    let parts: Vec<String> = [part(measured.baseline, "baseline"), part(measured.review, "review")].into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!("The {} was {}", measured.measure.noun, parts.join(" and ")) }
}

fn with_band(measure: &Measure<'_>, score: Number, level: Option<usize>) -> String {
    measure.band(level).map_or_else(|| score.to_string(), |band| format!("{score} ({band})"))
}

/// The table of steps has decided.
pub(super) fn judged(outcome: GoalOutcome, measured: &Measured<'_>, pair: &Pair) -> String {
    let measure = &measured.measure;
    let mut sentences = vec![opening(outcome, measured, pair)];
    match outcome {
        GoalOutcome::AlreadyMet => sentences.push("Set a new target.".to_owned()),
        GoalOutcome::NoLongerAtTarget => sentences.push(format!("The {} was at the target at baseline and is not now.", measure.noun)),
        _ => {}
    }
    match &measure.error {
        Some(error) => sentences.extend(against_error(outcome, measure, error, pair)),
        None => sentences.extend(without_error(outcome, measure, pair)),
    }
    sentences.join(" ")
}

/// `The score fell from 22 (very high) to 13; the target was 13 or lower.`
fn opening(outcome: GoalOutcome, measured: &Measured<'_>, pair: &Pair) -> String {
    let (measure, target) = (&measured.measure, target(measured));
    let (x, y) = (with_band(measure, pair.x, pair.x_level), with_band(measure, pair.y, pair.y_level));
    let moved = match pair.y.cmp(&pair.x) {
        _ if outcome == GoalOutcome::AlreadyMet => format!("was already {x} at baseline and was {y} at review"),
        std::cmp::Ordering::Less => format!("fell from {x} to {y}"),
        std::cmp::Ordering::Greater => format!("rose from {x} to {y}"),
        std::cmp::Ordering::Equal => format!("was {y} both times"),
    };
    format!("The {} {moved}; the target was {target}.", measure.noun)
}

fn against_error(outcome: GoalOutcome, measure: &Measure<'_>, error: &Error<'_>, pair: &Pair) -> Vec<String> {
    let mut sentences = Vec::new();
    let wanted = if measure.better == Better::Lower { "fall" } else { "rise" };
    let moved = match pair.y.cmp(&pair.x) {
        std::cmp::Ordering::Less => "fall",
        std::cmp::Ordering::Greater => "rise",
        std::cmp::Ordering::Equal => "",
    };
    let gap = -pair.aim.margin(pair.y, measure.better);
    let threshold = match outcome {
        GoalOutcome::GotWorse | GoalOutcome::Met => Some(clear(measure, error, moved, "is")),
        GoalOutcome::PartlyMet => Some(format!("{} The target is not reached.", clear(measure, error, moved, "is"))),
        GoalOutcome::AtTarget => Some(small(measure, error, moved)),
        GoalOutcome::NoLongerAtTarget => Some(format!("{} Look at other evidence.", small(measure, error, moved))),
        GoalOutcome::CannotTell if moved.is_empty() => {
            let would = clear(measure, error, wanted, "would be");
            Some(format!("{would} The gap of {gap} to the target is too small to be sure: look at other evidence."))
        }
        GoalOutcome::CannotTell => {
            let small = small(measure, error, moved);
            Some(format!("{small} The gap of {gap} to the target is too small to be sure too: look at other evidence."))
        }
        GoalOutcome::NotMet => Some(clear(measure, error, wanted, "would be")),
        GoalOutcome::AlreadyMet if pair.clear == Some(Verdict::Improved) => Some(clear(measure, error, moved, "is")),
        GoalOutcome::AlreadyMet | GoalOutcome::NotReviewed => None,
    };
    let names_threshold = threshold.is_some();
    sentences.extend(threshold);
    if improvement(pair.x, pair.y, measure.better) > Number::ZERO {
        sentences.extend(usual(measure, pair.x));
    }
    if let Some(source) = error.published_in.filter(|_| names_threshold) {
        sentences.push(format!("The threshold is a published one: {}.", source.trim_end_matches('.')));
    }
    sentences
}

/// `A fall of 7 or more is more than the error of filling in the form once.`
pub(super) fn clear(measure: &Measure<'_>, error: &Error<'_>, moved: &str, verb: &str) -> String {
    let or_more = at_least(error.threshold, measure.steps);
    match measure.kind {
        MeasureKind::Scale => format!("A {moved} of {or_more} {verb} more than the error of filling in the form once."),
        MeasureKind::Rated(_) => format!("A {moved} of {or_more} {verb} what NHS England counts as reliable."),
    }
}

fn small(measure: &Measure<'_>, error: &Error<'_>, moved: &str) -> String {
    let less = less_than(error.threshold, measure.steps);
    match measure.kind {
        MeasureKind::Scale => format!("A {moved} of {less} may be no more than the error of filling in the form once."),
        MeasureKind::Rated(_) => format!("A {moved} of {less} is not what NHS England counts as reliable."),
    }
}

/// From how many points on a change counts: `7 or more`, in whole points where scores are whole.
pub(super) fn at_least(threshold: ChangeThreshold, steps: Steps) -> String {
    match (steps, threshold.boundary()) {
        (Steps::Whole, _) => format!("{} or more", threshold.smallest_whole_points()),
        (Steps::Any, Boundary::Exceeded) => format!("more than {}", decimals(threshold.points())),
        (Steps::Any, Boundary::Reached) => format!("{} or more", decimals(threshold.points())),
    }
}

/// The opposite: `less than 7`.
pub(super) fn less_than(threshold: ChangeThreshold, steps: Steps) -> String {
    match (steps, threshold.boundary()) {
        (Steps::Whole, _) => format!("less than {}", threshold.smallest_whole_points()),
        (Steps::Any, Boundary::Exceeded) => format!("{} or less", decimals(threshold.points())),
        (Steps::Any, Boundary::Reached) => format!("less than {}", decimals(threshold.points())),
    }
}

/// At most two decimals, without trailing noughts.
fn decimals(points: f64) -> String {
    let text = format!("{points:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `Pupils who start this high often fall about 4 points without help.` None where it comes to less than a point, or to none for the
/// better.
pub(super) fn usual(measure: &Measure<'_>, baseline: Number) -> Option<String> {
    let points = measure.usual_improvement(baseline)?.round();
    let (start, moved) = if measure.better == Better::Lower { ("high", "fall") } else { ("low", "rise") };
    let noun = if points > 1.0 { "points" } else { "point" };
    (points >= 1.0).then(|| format!("Pupils who start this {start} often {moved} about {points:.0} {noun} without help."))
}

fn without_error(outcome: GoalOutcome, measure: &Measure<'_>, pair: &Pair) -> Vec<String> {
    let mut sentences = Vec::new();
    match outcome {
        GoalOutcome::PartlyMet => sentences.push("That is at least half of the way to the target.".to_owned()),
        GoalOutcome::NotMet if improvement(pair.x, pair.y, measure.better) > Number::ZERO => {
            sentences.push("That is less than half of the way to the target.".to_owned());
        }
        _ => {}
    }
    sentences.push(match measure.kind {
        MeasureKind::Rated(RatedInstrument::Gas) => "GAS levels are compared directly: no measurement error is on record.".to_owned(),
        _ => format!("The {} alone decides: no measurement error is on record.", measure.noun),
    });
    sentences
}

/// The target as a reader says it, with the score that it comes down to.
pub(super) fn target(measured: &Measured<'_>) -> String {
    let measure = &measured.measure;
    let aim = match (measured.target, measured.baseline.score()) {
        (Target::Fall(_) | Target::Rise(_), None) => None,
        (target, baseline) => target.aim(baseline.unwrap_or(Number::ZERO), measure),
    };
    let side = if measure.better == Better::Lower { "lower" } else { "higher" };
    match measured.target {
        Target::AtMost(score) | Target::AtLeast(score) => format!("{score} or {side}"),
        Target::Fall(points) => format!("a fall of {points}{}", change_aim(measure, aim, side)),
        Target::Rise(points) => format!("a rise of {points}{}", change_aim(measure, aim, side)),
        Target::Band { name, .. } => match aim {
            Some(Aim { at, edge: Edge::Included }) => format!("at most {name} ({at} or {side})"),
            Some(Aim { at, edge: Edge::Excluded }) if measure.better == Better::Lower => format!("at most {name} (below {at})"),
            Some(Aim { at, edge: Edge::Excluded }) => format!("at most {name} (above {at})"),
            None => format!("at most {name}"),
        },
    }
}

fn change_aim(measure: &Measure<'_>, aim: Option<Aim>, side: &str) -> String {
    let Some(aim) = aim else { return String::new() };
    match improvement(measure.best(), aim.at, measure.better) {
        beyond if beyond > Number::ZERO => format!(", beyond the best {} there is, {}", measure.noun, measure.best()),
        _ => format!(", to {} or {side}", aim.at),
    }
}
