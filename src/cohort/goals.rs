//! Goals looked up in the scores of both times: each goal's pupil, scale and standing, and what became of it.

use std::collections::HashMap;

use jiff::civil::Date;

use super::together::Together;
use crate::change::goals::{
    Goal, GoalKind, GoalResult, GoalScale, GoalsFile, Realism, Standing, check_targets, outcome, realism, report_unknown_pupils,
};
use crate::change::{Bases, PairNote, PointState, TimePoint, pupil_key};
use crate::findings::Findings;
use crate::scoring::Form;

/// What goals need to know of the scales of a form.
pub fn goal_scales<'f>(form: &'f Form, bases: &Bases) -> Vec<GoalScale<'f>> {
    let scales = form.instrument().scales.iter().enumerate();
    scales
        .map(|(index, scale)| GoalScale {
            id: &scale.id,
            name: &scale.name,
            better: scale.better,
            range: scale.range,
            bands: form.bands(index),
            error: bases.error(index).cloned(),
        })
        .collect()
}

/// Where each pupil's response stands in a time's list; ids are compared as pairs are, without case and outer space.
fn places(time: &TimePoint, responses: impl Iterator<Item = usize>) -> HashMap<String, usize> {
    responses.map(|response| (pupil_key(time.pupil(response)), response)).collect()
}

fn standing(time: &TimePoint, response: Option<usize>, goal: &Goal) -> Standing {
    let (Some(response), GoalKind::Scale { scale, .. }) = (response, &goal.kind) else { return Standing::NoResponse };
    match time.point(response, *scale) {
        Some(point) => match point.score() {
            Some(score) => Standing::Score { score, level: point.level() },
            None if point.state() == PointState::NotApplicable => Standing::NotScored("the file lacks this part of the form".to_owned()),
            None => Standing::NotScored(time.reason(response, *scale).unwrap_or("no score").to_owned()),
        },
        None => Standing::NoResponse,
    }
}

fn scale_of<'s, 'f>(goal: &Goal, scales: &'s [GoalScale<'f>]) -> Option<&'s GoalScale<'f>> {
    match goal.kind {
        GoalKind::Scale { scale, .. } => scales.get(scale),
        GoalKind::Rated { .. } | GoalKind::Unreadable(_) => None,
    }
}

impl Together {
    /// What became of each goal, in the file's order. Overdue reviews are told against `on`, never against a clock.
    pub fn goal_results(&self, file: &GoalsFile, form: &Form, on: Option<Date>, findings: &mut Findings<'_>) -> Vec<GoalResult> {
        let scales = goal_scales(form, self.bases());
        let (baseline, review) = self.times();
        let at_baseline = places(baseline, self.pairs().iter().map(|pair| pair.baseline).chain(self.baseline_only().iter().copied()));
        let at_review = places(review, self.pairs().iter().map(|pair| pair.review).chain(self.review_only().iter().copied()));
        let reasons: HashMap<usize, &str> = self
            .pairs()
            .iter()
            .filter_map(|pair| {
                let reason = pair.notes.iter().find_map(|note| match note {
                    PairNote::Incomparable(reason) => Some(reason.as_str()),
                    PairNote::Mention(_) => None,
                })?;
                Some((pair.baseline, reason))
            })
            .collect();
        report_unknown_pupils(
            file,
            |pupil| at_baseline.contains_key(&pupil_key(pupil)) || at_review.contains_key(&pupil_key(pupil)),
            findings,
        );
        check_targets(
            file,
            |goal| (scale_of(goal, &scales), standing(baseline, at_baseline.get(&pupil_key(&goal.pupil_id)).copied(), goal)),
            findings,
        );
        let judge = |goal: &Goal| {
            let (first, second) =
                (at_baseline.get(&pupil_key(&goal.pupil_id)).copied(), at_review.get(&pupil_key(&goal.pupil_id)).copied());
            let incomparable = first.and_then(|first| reasons.get(&first).copied());
            outcome(goal, scale_of(goal, &scales), &standing(baseline, first, goal), &standing(review, second, goal), incomparable, on)
        };
        file.goals.iter().map(judge).collect()
    }
}

/// What can be said of each goal's target before the support starts, in the file's order.
pub fn goal_realism(baseline: &TimePoint, file: &GoalsFile, form: &Form, bases: &Bases, findings: &mut Findings<'_>) -> Vec<Realism> {
    let scales = goal_scales(form, bases);
    let places = places(baseline, 0..baseline.len());
    report_unknown_pupils(file, |pupil| places.contains_key(&pupil_key(pupil)), findings);
    let mut times: HashMap<String, usize> = HashMap::new();
    for pupil in baseline.pupils() {
        *times.entry(pupil_key(pupil)).or_default() += 1;
    }
    let judge = |goal: &Goal| {
        let pupil = pupil_key(&goal.pupil_id);
        // Which of two responses is the baseline would be a guess.
        let standing = match times.get(&pupil) {
            Some(2..) => Standing::NotScored("the pupil has more than one response".to_owned()),
            _ => standing(baseline, places.get(&pupil).copied(), goal),
        };
        realism(goal, scale_of(goal, &scales), &standing)
    };
    file.goals.iter().map(judge).collect()
}
