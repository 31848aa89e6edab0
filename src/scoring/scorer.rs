//! The scorer: a definition compiled once, then run for every response.
//!
//! Points are whole numbers (of hundredths, tenths or units, as the codes need), so a sum is exact; a ratio is made only where a
//! rule estimates. For five items, `n` answered with sum `S`, prorating and rounding half up is `(10 S + n) / (2 n)` in whole
//! numbers: 2.5 becomes 3 and 4 of three answers becomes 7, as the owner's scoring sheet says, and as no float can be trusted to say.

use super::derived::{Conditions, Transformed, sum_of_parts};
use super::score::{Absence, Outcome, Remark, ScaleScore};
use crate::instrument::{Fill, Gate, GateBlank, Instrument, Method, Missing, Number, Pupil, Round, Rule, goal_attainment};
use crate::matching::Answer;

/// A definition, ready to score.
#[derive(Debug)]
pub struct Scorer {
    scales: Vec<Compiled>,
}

/// One scale, ready to score.
#[derive(Debug)]
struct Compiled {
    rule: CompiledRule,
    /// The optional part of the form that it belongs to.
    block: Option<usize>,
    /// The earlier scale without which it is not scored.
    only_with: Option<usize>,
}

#[derive(Debug)]
enum CompiledRule {
    Items(ItemScale),
    Parts(Vec<usize>),
    Of(Transformed),
    Rule(Conditions),
}

#[derive(Debug)]
struct ItemScale {
    items: Vec<CompiledItem>,
    /// How many points make 1.
    unit: i64,
    method: Way,
    missing: Missing,
    gate: Option<CompiledGate>,
}

/// How points become a score, with what it takes.
#[derive(Debug)]
enum Way {
    Sum {
        times: i64,
    },
    Mean {
        times: i64,
    },
    /// The weights' items, each with its codes.
    GoalAttainment {
        correlation: Number,
        weights: Vec<(usize, Vec<Number>)>,
    },
}

#[derive(Debug)]
struct CompiledItem {
    item: usize,
    /// Points for each answer, in parts of the unit.
    points: Vec<i64>,
    lowest: i64,
    highest: i64,
}

#[derive(Debug)]
struct CompiledGate {
    item: usize,
    closed_by: u16,
    score: Number,
    keep_when_blank: bool,
}

impl Scorer {
    /// Compiles an instrument. `choices` holds, for each choice of the instrument, the place of the value in force.
    pub fn new(instrument: &Instrument, choices: &[usize]) -> Self {
        let compiled = |rule: &Rule| match rule {
            Rule::Scales(parts) => CompiledRule::Parts(parts.clone()),
            Rule::Of { scale, transform } => CompiledRule::Of(Transformed::new(instrument, choices, *scale, transform)),
            Rule::Conditions { conditions, needed } => CompiledRule::Rule(Conditions::new(conditions, *needed)),
            Rule::Items { items, method, missing, gate } => {
                let unit =
                    items.iter().flat_map(|entry| &entry.points).fold(1, |unit, points| lowest_common_multiple(unit, points.under()));
                let items = items.iter().map(|entry| compiled_item(entry.item, &entry.points, unit)).collect();
                let gate = gate.as_ref().map(|gate| compiled_gate(instrument, gate, choices));
                let mut scale = ItemScale { items, unit, method: Way::Sum { times: 1 }, missing: *missing, gate };
                scale.method = match method {
                    Method::Sum { times } => Way::Sum { times: *times },
                    Method::Mean { times } => Way::Mean { times: *times },
                    Method::Count => Way::Sum { times: 1 },
                    Method::GoalAttainment { correlation, weights } => Way::GoalAttainment {
                        correlation: *correlation,
                        weights: weights.iter().map(|item| (*item, codes_of(instrument, *item))).collect(),
                    },
                };
                CompiledRule::Items(scale)
            }
        };
        let scale =
            |scale: &crate::instrument::Scale| Compiled { rule: compiled(&scale.rule), block: scale.block, only_with: scale.only_with };
        Self { scales: instrument.scales.iter().map(scale).collect() }
    }

    /// Scores one response: one answer for each item; `blocks` says which optional parts the file has, and `pupil` what it says of
    /// the pupil, for norms. One score a scale, in the definition's order, is appended to `scores`.
    pub fn score(&self, answers: &[Answer], blocks: &[bool], pupil: &Pupil, scores: &mut Vec<ScaleScore>) {
        let first = scores.len();
        let is_there = |block: Option<usize>| block.is_none_or(|block| blocks.get(block).copied().unwrap_or(false));
        for scale in &self.scales {
            let earlier = &scores[first..];
            let mut score = match &scale.rule {
                _ if !is_there(scale.block) => not_applicable(),
                CompiledRule::Items(scale) => scale.score(answers),
                CompiledRule::Parts(parts) => sum_of_parts(parts, earlier),
                CompiledRule::Of(transformed) => transformed.score(earlier, *pupil),
                CompiledRule::Rule(rule) => rule.score(earlier),
            };
            let without =
                scale.only_with.filter(|other| earlier.get(*other).is_some_and(|other| matches!(other.outcome, Outcome::Absent(_))));
            if let (Some(other), Some(_)) = (without, score.value()) {
                score.outcome = Outcome::Absent(Absence::Part(other));
                score.remark = None;
            }
            scores.push(score);
        }
    }

    /// The scores of a row that could not be used at all.
    pub fn refuse(&self, absence: Absence, blocks: &[bool], scores: &mut Vec<ScaleScore>) {
        let first = scores.len();
        self.score(&[], blocks, &Pupil::default(), scores);
        for score in &mut scores[first..] {
            if score.outcome != Outcome::NotApplicable {
                score.outcome = Outcome::Absent(absence);
                score.remark = None;
            }
        }
    }
}

pub(super) fn not_applicable() -> ScaleScore {
    ScaleScore { outcome: Outcome::NotApplicable, answered: 0, items: 0, bounds: (Number::ZERO, Number::ZERO), remark: None, group: None }
}

/// What decides the score of a scale, apart from the pupil: scales that come to the same here have the same score. Only what missing answers
/// could have added differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DecidedBy {
    /// The scale's part of the form is not in the file.
    Nothing,
    /// How many of its items were answered, and what their points come to.
    Points {
        /// The items, with the points of each answer.
        items: Vec<(usize, Vec<i64>)>,
        /// The first question, and the answer that closes it.
        gate: Option<(usize, u16)>,
        /// Whether every score is a whole number.
        is_whole: bool,
    },
    /// The scores of its parts.
    Parts(Vec<usize>),
    /// The same as another scale.
    Scale(usize),
}

impl Scorer {
    /// What decides the score of a scale; none where that is more than can be said in a few words.
    pub(super) fn decided_by(&self, scale: usize, blocks: &[bool]) -> Option<DecidedBy> {
        let compiled = self.scales.get(scale)?;
        if compiled.block.is_some_and(|block| !blocks.get(block).copied().unwrap_or(false)) {
            return Some(DecidedBy::Nothing);
        }
        if compiled.only_with.is_some() {
            return None;
        }
        match &compiled.rule {
            CompiledRule::Items(scale) => {
                let times_whole = matches!(scale.method, Way::Sum { .. }) && scale.unit == 1;
                let is_rounded = scale.missing.then != Fill::Prorate || scale.missing.round == Round::HalfUp;
                let is_gate_whole = scale.gate.as_ref().is_none_or(|gate| gate.score.as_whole().is_some());
                if matches!(scale.method, Way::GoalAttainment { .. }) {
                    return None;
                }
                Some(DecidedBy::Points {
                    items: scale.items.iter().map(|item| (item.item, item.points.clone())).collect(),
                    gate: scale.gate.as_ref().map(|gate| (gate.item, gate.closed_by)),
                    is_whole: times_whole && is_rounded && is_gate_whole,
                })
            }
            CompiledRule::Parts(parts) => Some(DecidedBy::Parts(parts.clone())),
            CompiledRule::Of(transformed) => Some(DecidedBy::Scale(transformed.scale())),
            CompiledRule::Rule(_) => None,
        }
    }
}

fn codes_of(instrument: &Instrument, item: usize) -> Vec<Number> {
    let set = instrument.items.get(item).and_then(|item| instrument.answers.get(item.answers));
    set.map_or_else(Vec::new, |set| set.codes.clone())
}

fn compiled_item(item: usize, points: &[Number], unit: i64) -> CompiledItem {
    let points: Vec<i64> = points.iter().map(|points| points.over() * (unit / points.under())).collect();
    let (lowest, highest) = (points.iter().min().copied().unwrap_or(0), points.iter().max().copied().unwrap_or(0));
    CompiledItem { item, points, lowest, highest }
}

fn compiled_gate(instrument: &Instrument, gate: &Gate, choices: &[usize]) -> CompiledGate {
    let keep_when_blank = match gate.blank {
        GateBlank::Keep => true,
        GateBlank::Absent => false,
        GateBlank::Choice(choice) => {
            let position = choices.get(choice).copied().unwrap_or(0);
            instrument.choices.get(choice).and_then(|choice| choice.values.get(position)).is_some_and(|(value, _)| value == "keep")
        }
    };
    CompiledGate { item: gate.item, closed_by: u16::try_from(gate.closed_by).unwrap_or(u16::MAX), score: gate.score, keep_when_blank }
}

fn lowest_common_multiple(left: i64, right: i64) -> i64 {
    let (mut a, mut b) = (left, right);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    left / a.max(1) * right
}

/// What the answers of a scale come to before any rule.
struct Tally {
    answered: usize,
    points: i64,
    /// What the missing answers add at least and at most.
    missing: (i64, i64),
}

impl ItemScale {
    fn score(&self, answers: &[Answer]) -> ScaleScore {
        let answer = |item: usize| answers.get(item).copied().unwrap_or(Answer::Blank);
        if let Way::GoalAttainment { correlation, weights } = &self.method {
            return self.goals(answer, *correlation, weights);
        }
        let tally = self.tally(answer);
        let with = |missing: i64| self.value(tally.points.saturating_add(missing));
        let mut bounds = (with(tally.missing.0), with(tally.missing.1));
        let mut remark = None;
        let mut outcome = self.outcome(&tally);
        if let Some(gate) = &self.gate {
            match answer(gate.item) {
                Answer::Given(code) if code == gate.closed_by => {
                    outcome = Outcome::Complete(gate.score);
                    bounds = (gate.score, gate.score);
                }
                Answer::Given(_) => {}
                Answer::Blank | Answer::Refused => {
                    // Whoever left the first question blank may have meant that there is nothing.
                    bounds = (bounds.0.min(gate.score), bounds.1.max(gate.score));
                    match (gate.keep_when_blank, outcome) {
                        (false, _) => outcome = Outcome::Absent(Absence::GateBlank(gate.item)),
                        (true, Outcome::Complete(value) | Outcome::Estimated(value)) => {
                            outcome = Outcome::Estimated(value);
                            remark = Some(Remark::GateBlankKept(gate.item));
                        }
                        (true, Outcome::Absent(_) | Outcome::NotApplicable) => {}
                    }
                }
            }
        }
        if remark.is_none() && self.missing.then == Fill::Zero && matches!(outcome, Outcome::Estimated(_)) {
            remark = Some(Remark::BlanksAddNothing);
        }
        ScaleScore { outcome, answered: count(tally.answered), items: count(self.items.len()), bounds, remark, group: None }
    }

    /// Goals that were not rated are left out, so a form is complete with the goals that it has.
    fn goals(&self, answer: impl Fn(usize) -> Answer, correlation: Number, weights: &[(usize, Vec<Number>)]) -> ScaleScore {
        let mut rated = Vec::new();
        let mut is_weighted = true;
        for (position, item) in self.items.iter().enumerate() {
            let Answer::Given(code) = answer(item.item) else { continue };
            let level = item.points.get(usize::from(code)).copied().unwrap_or(0);
            let weight = weights.get(position).map_or(Some(Number::whole(1)), |(item, codes)| match answer(*item) {
                Answer::Given(code) => codes.get(usize::from(code)).copied(),
                Answer::Blank | Answer::Refused => None,
            });
            is_weighted &= weight.is_some();
            rated.push((self.sum(level), weight.unwrap_or(Number::ZERO)));
        }
        let outcome = match goal_attainment(&rated, correlation) {
            _ if rated.is_empty() => Outcome::Absent(Absence::TooFew { needed: 1 }),
            Some(score) if is_weighted => Outcome::Complete(score),
            _ => Outcome::Absent(Absence::Unweighted),
        };
        let (answered, items) = (count(rated.len()), count(if rated.is_empty() { self.items.len() } else { rated.len() }));
        let bounds = match outcome {
            Outcome::Complete(score) => (score, score),
            _ => super::derived::unbounded(),
        };
        ScaleScore { outcome, answered, items, bounds, remark: None, group: None }
    }

    fn tally(&self, answer: impl Fn(usize) -> Answer) -> Tally {
        let mut tally = Tally { answered: 0, points: 0, missing: (0, 0) };
        for item in &self.items {
            match answer(item.item) {
                Answer::Given(code) => {
                    tally.answered += 1;
                    let points = item.points.get(usize::from(code)).copied().unwrap_or(0);
                    tally.points = tally.points.saturating_add(points);
                }
                Answer::Blank | Answer::Refused => {
                    tally.missing = (tally.missing.0.saturating_add(item.lowest), tally.missing.1.saturating_add(item.highest));
                }
            }
        }
        tally
    }

    fn outcome(&self, tally: &Tally) -> Outcome {
        if tally.answered < self.missing.at_least || tally.answered == 0 {
            return Outcome::Absent(Absence::TooFew { needed: count(self.missing.at_least) });
        }
        if tally.answered == self.items.len() {
            return Outcome::Complete(self.value(tally.points));
        }
        let estimate = match self.missing.then {
            Fill::Prorate => {
                let (all, answered) = (whole(self.items.len()), whole(tally.answered));
                self.value(tally.points).scaled(all, answered).unwrap_or(Number::ZERO)
            }
            Fill::Zero | Fill::Nothing => self.value(tally.points),
        };
        Outcome::Estimated(match self.missing.round {
            Round::HalfUp => estimate.round_half_up(),
            Round::Not => estimate,
        })
    }

    /// The score that these points of a complete form come to.
    fn value(&self, points: i64) -> Number {
        match &self.method {
            Way::Sum { times: 1 } if self.unit == 1 => Number::whole(points),
            Way::Sum { times } => self.sum(points).scaled(*times, 1).unwrap_or(Number::ZERO),
            Way::Mean { times } => self.sum(points).scaled(*times, whole(self.items.len())).unwrap_or(Number::ZERO),
            Way::GoalAttainment { .. } => Number::ZERO,
        }
    }

    fn sum(&self, points: i64) -> Number {
        Number::ratio(points, self.unit).unwrap_or(Number::ZERO)
    }
}

/// Counts of items fit: a definition has at most a few hundred.
fn count(items: usize) -> u16 {
    u16::try_from(items).unwrap_or(u16::MAX)
}

fn whole(items: usize) -> i64 {
    i64::from(count(items))
}
