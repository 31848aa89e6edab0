//! Scales that are made from other scales: their sum, one of them transformed, or a rule over several.

use super::score::{Absence, Outcome, Remark, ScaleScore};
use super::scorer::not_applicable;
use crate::instrument::{Condition, Grouping, Instrument, NormCell, Number, Pupil, Round, Transform};

/// A scale of scales is absent if any of its parts is: the scoring sheet's own rule.
pub(super) fn sum_of_parts(parts: &[usize], earlier: &[ScaleScore]) -> ScaleScore {
    let mut sum = ScaleScore { outcome: Outcome::Complete(Number::ZERO), ..not_applicable() };
    let mut absence = None;
    let (mut value, mut is_estimated) = (Number::ZERO, false);
    for part in parts {
        let Some(score) = earlier.get(*part) else { continue };
        sum.answered = sum.answered.saturating_add(score.answered);
        sum.items = sum.items.saturating_add(score.items);
        sum.bounds = (sum.bounds.0 + score.bounds.0, sum.bounds.1 + score.bounds.1);
        is_estimated |= matches!(score.outcome, Outcome::Estimated(_));
        match score.value() {
            Some(points) => value = value + points,
            None => absence = absence.or(Some(Absence::Part(*part))),
        }
    }
    sum.outcome = match absence {
        Some(absence) => Outcome::Absent(absence),
        None if is_estimated => Outcome::Estimated(value),
        None => Outcome::Complete(value),
    };
    sum
}

/// What can be said of a score of which nothing is known.
pub(super) fn unbounded() -> (Number, Number) {
    (Number::whole(-i64::MAX), Number::whole(i64::MAX))
}

/// Another scale, transformed.
#[derive(Debug)]
pub(super) struct Transformed {
    scale: usize,
    step: Step,
}

#[derive(Debug)]
enum Step {
    Lookup(Vec<(Number, Number)>),
    Affine {
        times: Number,
        plus: Number,
    },
    /// By the pupil's group: the norm's cell of each.
    Norms {
        grouping: Grouping,
        key: usize,
        cells: Vec<NormCell>,
        round: Round,
    },
}

impl Transformed {
    pub(super) fn new(instrument: &Instrument, choices: &[usize], scale: usize, transform: &Transform) -> Self {
        let step = match transform {
            Transform::Lookup(entries) => Step::Lookup(entries.clone()),
            Transform::Affine { times, plus } => Step::Affine { times: *times, plus: *plus },
            Transform::Norms { norms, column, round } => {
                let norms = instrument.norms.get(*norms);
                let grouping = norms.and_then(|norms| instrument.groupings.get(norms.grouping));
                let cells = norms.map(|norms| norms.cells.iter().filter_map(|row| row.get(*column)).cloned().collect());
                let grouping = grouping.cloned().unwrap_or_else(Grouping::none);
                Step::Norms { key: grouping.key_in_force(choices), grouping, cells: cells.unwrap_or_default(), round: *round }
            }
        };
        Self { scale, step }
    }

    /// The scale that is transformed.
    pub(super) fn scale(&self) -> usize {
        self.scale
    }

    pub(super) fn score(&self, earlier: &[ScaleScore], pupil: Pupil) -> ScaleScore {
        let Some(base) = earlier.get(self.scale) else { return not_applicable() };
        let mut score = *base;
        match &self.step {
            Step::Affine { times, plus } => {
                let at = |value: Number| value.times(*times) + *plus;
                score.outcome = mapped(base.outcome, |value| Ok(at(value)));
                let ends = (at(base.bounds.0), at(base.bounds.1));
                score.bounds = (ends.0.min(ends.1), ends.0.max(ends.1));
            }
            Step::Lookup(entries) => {
                let at = |value: Number| entries.binary_search_by_key(&value, |(score, _)| *score).ok().map(|place| entries[place].1);
                score.outcome = match base.outcome {
                    // An estimated score may lie between two rows, and the table was not made from forms with blanks.
                    Outcome::Estimated(_) => Outcome::Absent(Absence::TableNeedsAll),
                    other => mapped(other, |value| at(value).ok_or(Absence::TableNeedsAll)),
                };
                let inside = || entries.iter().filter(|(score, _)| *score >= base.bounds.0 && *score <= base.bounds.1).map(|entry| entry.1);
                score.bounds = inside().min().zip(inside().max()).unwrap_or_else(unbounded);
            }
            Step::Norms { grouping, key, cells, round } => match grouping.find(&pupil, *key) {
                Err(_) if matches!(base.outcome, Outcome::Absent(_) | Outcome::NotApplicable) => {
                    score.outcome = mapped(base.outcome, Ok);
                    score.bounds = unbounded();
                }
                Err(reason) => {
                    score.outcome = Outcome::Absent(Absence::NoNorm(reason));
                    score.bounds = unbounded();
                }
                Ok(group) => {
                    let cell = cells.get(grouping.index(group));
                    let at = |value: Number| cell.and_then(|cell| cell.standardised(value, *round));
                    score.outcome = mapped(base.outcome, |value| at(value).ok_or(Absence::TableNeedsAll));
                    score.bounds = cell.and_then(|cell| cell.ends(base.bounds, *round)).unwrap_or_else(unbounded);
                    score.group = Some(group);
                }
            },
        }
        score
    }
}

/// A score follows its base: complete, estimated, or absent for the same reason.
fn mapped(outcome: Outcome, at: impl Fn(Number) -> Result<Number, Absence>) -> Outcome {
    match outcome {
        Outcome::Complete(value) => at(value).map_or_else(Outcome::Absent, Outcome::Complete),
        Outcome::Estimated(value) => at(value).map_or_else(Outcome::Absent, Outcome::Estimated),
        Outcome::Absent(_) | Outcome::NotApplicable => outcome,
    }
}

/// 1 if enough conditions hold, otherwise 0; absent where the missing answers could decide it.
#[derive(Debug)]
pub(super) struct Conditions {
    conditions: Vec<Condition>,
    needed: usize,
}

impl Conditions {
    pub(super) fn new(conditions: &[Condition], needed: usize) -> Self {
        Self { conditions: conditions.to_vec(), needed }
    }

    pub(super) fn score(&self, earlier: &[ScaleScore]) -> ScaleScore {
        let mut rule = ScaleScore { outcome: Outcome::Complete(Number::ZERO), ..not_applicable() };
        // By the scores as they stand, estimates among them; and whatever the missing answers are.
        let (mut said, mut certain) = (Held::default(), Held::default());
        let mut is_complete = true;
        for condition in &self.conditions {
            let Some(score) = earlier.get(condition.scale) else { continue };
            if score.outcome == Outcome::NotApplicable {
                return not_applicable();
            }
            rule.answered = rule.answered.saturating_add(score.answered);
            rule.items = rule.items.saturating_add(score.items);
            is_complete &= matches!(score.outcome, Outcome::Complete(_));
            said.add(condition.within(score.value().map_or(score.bounds, |value| (value, value))));
            certain.add(condition.within(score.bounds));
        }
        rule.bounds = certain.ends(self.needed);
        let (value, at_best) = said.ends(self.needed);
        rule.outcome = match (value == at_best, is_complete) {
            (true, true) => Outcome::Complete(value),
            (true, false) => Outcome::Estimated(value),
            (false, _) => Outcome::Absent(Absence::Undecided),
        };
        rule.remark = (!is_complete && rule.bounds.0 == rule.bounds.1).then_some(Remark::CertainAllTheSame);
        rule
    }
}

/// How many conditions hold, and how many may.
#[derive(Default)]
struct Held {
    met: usize,
    open: usize,
}

impl Held {
    fn add(&mut self, holds: Option<bool>) {
        match holds {
            Some(true) => self.met += 1,
            Some(false) => {}
            None => self.open += 1,
        }
    }

    /// What the rule comes to if none of the open ones holds, and if all do.
    fn ends(&self, needed: usize) -> (Number, Number) {
        let met = |count: usize| Number::whole(i64::from(count >= needed));
        (met(self.met), met(self.met + self.open))
    }
}
