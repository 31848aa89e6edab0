//! The steps of scales that are made from other scales: their sum, one of them transformed, or a rule over several.

use super::steps::{Given, StepKind, Steps, bracketed, exact, rounded, scale_id};
use crate::findings::{count_of, list_and};
use crate::instrument::{Condition, NormCell, Number, Round, Transform};
use crate::scoring::{Absence, Outcome, ScaleScore};

/// The sum of other scales.
pub(super) fn of_parts(steps: &mut Steps, given: Given<'_>, parts: &[usize]) {
    let instrument = given.form.instrument();
    let mut sum = Number::ZERO;
    let (mut words, mut absent) = (Vec::new(), Vec::new());
    for part in parts {
        let Some(score) = given.scores.get(*part) else { continue };
        let name = scale_id(instrument, *part);
        if let Some(value) = score.value() {
            words.push(format!("{name} {}", bracketed(value)));
            sum = sum + value;
        } else {
            words.push(format!("{name} {}", score.status()));
            absent.push(name);
        }
    }
    let words = words.join(" + ");
    if absent.is_empty() {
        steps.push(StepKind::Sum, format!("{words} = {}", exact(sum)), Some(sum));
    } else {
        steps.push(StepKind::Sum, words, None);
        let verb = if absent.len() == 1 { "has" } else { "have" };
        steps.not_scored(format!("{} {verb} no score", list_and(&absent)));
    }
}

/// Another scale, transformed.
pub(super) fn of_scale(steps: &mut Steps, given: Given<'_>, of: usize, transform: &Transform, score: &ScaleScore) {
    let name = scale_id(given.form.instrument(), of);
    let base = given.scores.get(of).copied();
    let Some(value) = base.and_then(|base| base.value()) else {
        steps.not_scored(format!("{name} has no score"));
        return;
    };
    match transform {
        Transform::Affine { times, plus } => {
            let result = value.times(*times) + *plus;
            let plus = if *plus == Number::ZERO { String::new() } else { format!(" + {}", bracketed(*plus)) };
            let words = format!("{name} {}: {} x {}{plus} = {}", exact(value), exact(*times), bracketed(value), exact(result));
            steps.push(StepKind::Transformed, words, Some(result));
        }
        Transform::Lookup(_) if base.is_some_and(|base| matches!(base.outcome, Outcome::Estimated(_))) => {
            let words = format!("{name} {} is estimated, and the published table is for complete forms only", exact(value));
            steps.not_scored(words);
        }
        Transform::Lookup(entries) => match entries.iter().find(|(from, _)| *from == value) {
            Some((from, to)) => {
                let words = format!("row {} of the published table ({name} {}): {}", exact(*from), exact(value), exact(*to));
                steps.push(StepKind::Transformed, words, Some(*to));
            }
            None => steps.not_scored(format!("the published table has no row for {name} {}", exact(value))),
        },
        Transform::Norms { norms, column, round } => match standardised(given, (*norms, *column, *round), value, score) {
            Ok((words, result)) => steps.push(StepKind::Transformed, format!("{name} {} by the {words}", exact(value)), Some(result)),
            Err(why) => steps.not_scored(why),
        },
    }
}

/// A score by the norms of the pupil's group: in words, and what it comes to; or why there is none.
fn standardised(
    given: Given<'_>,
    (norms, column, round): (usize, usize, Round),
    value: Number,
    score: &ScaleScore,
) -> Result<(String, Number), String> {
    if let Outcome::Absent(absence @ Absence::NoNorm(_)) = score.outcome {
        return Err(given.form.why(absence, score));
    }
    let instrument = given.form.instrument();
    let found = instrument.norms.get(norms).zip(score.group).and_then(|(norms, group)| {
        let grouping = instrument.groupings.get(norms.grouping)?;
        let cell = norms.cells.get(grouping.index(group))?.get(column)?;
        Some((format!("norms `{}` of {}", norms.id, grouping.words(group)), cell))
    });
    let Some((of_group, cell)) = found else { return Err("no norm is for this pupil".to_owned()) };
    let Some(result) = cell.standardised(value, Round::Not) else {
        return Err(format!("the printed table of the {of_group} has no row for {}", exact(value)));
    };
    let words = match cell {
        NormCell::Sample { mean, sd } => {
            let (mean_words, sd_words) = (exact(*mean), exact(*sd));
            let step = format!("50 + 10 x ({} - {}) / {sd_words} = {}", exact(value), bracketed(*mean), exact(result));
            format!("{of_group}, mean {mean_words}, SD {sd_words}: {step}")
        }
        NormCell::Table { .. } => format!("{of_group}, row {} of the printed table: {}", exact(value), exact(result)),
    };
    Ok(rounded(words, result, round))
}

/// 1 if enough conditions hold, otherwise 0.
pub(super) fn of_conditions(steps: &mut Steps, given: Given<'_>, conditions: &[Condition], needed: usize) {
    let instrument = given.form.instrument();
    let (mut met, mut open) = (0, 0);
    for condition in conditions {
        let Some(score) = given.scores.get(condition.scale) else { continue };
        let name = scale_id(instrument, condition.scale);
        let rule = match (condition.from, condition.at_most) {
            (Some(from), None) => format!("{from} or more"),
            (None, Some(at_most)) => format!("{at_most} or less"),
            (from, at_most) => format!("{} to {}", from.unwrap_or(Number::ZERO), at_most.unwrap_or(Number::ZERO)),
        };
        let holds = condition.within(score.value().map_or(score.bounds, |value| (value, value)));
        let verdict = match holds {
            Some(true) => "met",
            Some(false) => "not met",
            None => "cannot be said",
        };
        met += usize::from(holds == Some(true));
        open += usize::from(holds.is_none());
        let words = format!("{name} {}; {rule} is asked for: {verdict}", known(score));
        steps.push(StepKind::Condition, words, None);
    }
    let counted = format!("{met} of {} met, {needed} needed", count_of(conditions.len() as u64, "condition"));
    if (met >= needed) == (met + open >= needed) {
        let value = if met >= needed { Number::whole(1) } else { Number::ZERO };
        steps.push(StepKind::Calculation, format!("{counted}: {value}"), Some(value));
    } else {
        steps.not_scored(format!("{counted}, and the missing answers could decide it"));
    }
}

/// A score, or what is certain of it.
fn known(score: &ScaleScore) -> String {
    let (lowest, highest) = score.bounds;
    match score.value() {
        Some(value) => format!("is {}", exact(value)),
        None if highest - lowest >= Number::whole(i64::MAX) => "has no score".to_owned(),
        None => format!("has no score, and is {lowest} to {highest} whatever the missing answers are"),
    }
}
