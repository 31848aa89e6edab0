//! The steps from answers to one score, each with its numbers: what a person would write on the margin of a scoring sheet.

use super::derived_steps::{of_conditions, of_parts, of_scale};
use crate::findings::{count_of, list_and};
use crate::instrument::{Fill, Gate, GateBlank, Instrument, Method, Missing, Number, Round, Rule, ScaleItem, goal_attainment};
use crate::matching::Answer;
use crate::scoring::{Absence, Form, Outcome, ScaleScore};

/// What one question adds to a scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The question, in the instrument's items.
    pub item: usize,
    /// The code of the answer, if there is one.
    pub code: Option<Number>,
    /// What it counts; none without an answer.
    pub points: Option<Number>,
    /// How the code became points.
    pub worth: Worth,
    /// The answer as it was read.
    pub answer: Answer,
}

/// How a code became points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// It counts as it is.
    AsItIs,
    /// It is reversed.
    Reversed,
    /// The scale gives it another value.
    Recoded,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A first question decides whether the rest counts.
    Gate,
    /// The points, or the parts, are added.
    Sum,
    /// How many were answered, and what the rule says to that.
    Answered,
    /// The sum becomes a score.
    Calculation,
    /// One condition of a rule is looked at.
    Condition,
    /// The score of another scale is looked up or transformed.
    Transformed,
    /// There is no score, and why.
    NotScored,
}

impl StepKind {
    /// Its word in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gate => "first question",
            Self::Sum => "sum",
            Self::Answered => "answered",
            Self::Calculation => "calculation",
            Self::Condition => "condition",
            Self::Transformed => "transformed",
            Self::NotScored => "not scored",
        }
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// The step in words and numbers: `6 x 5 / 4 = 7.5, rounded half up to 8`.
    pub words: String,
    /// What it comes to.
    pub value: Option<Number>,
}

/// The steps of one scale, and what the last of them comes to.
pub(super) struct Steps {
    pub(super) terms: Vec<Term>,
    pub(super) list: Vec<Step>,
    pub(super) value: Option<Number>,
}

impl Steps {
    fn none() -> Self {
        Self { terms: Vec::new(), list: Vec::new(), value: None }
    }

    pub(super) fn push(&mut self, kind: StepKind, words: impl Into<String>, value: Option<Number>) {
        self.list.push(Step { kind, words: words.into(), value });
        self.value = value;
    }

    pub(super) fn not_scored(&mut self, why: impl Into<String>) {
        self.push(StepKind::NotScored, why, None);
    }
}

/// A number without any rounding: `7`, `6.25`, or `20/3 (about 6.67)` where no decimals end.
pub fn exact(number: Number) -> String {
    const LONGEST: u32 = 9;
    let ends = (0..=LONGEST).map(|digits| (digits, 10_i64.pow(digits))).find(|(_, power)| power % number.under() == 0);
    match ends {
        Some((0, _)) => number.over().to_string(),
        Some((digits, power)) => {
            let parts = i128::from(number.over()) * i128::from(power / number.under());
            let power = i128::from(power);
            let sign = if parts < 0 { "-" } else { "" };
            format!("{sign}{}.{:0width$}", parts.abs() / power, parts.abs() % power, width = digits as usize)
        }
        None => format!("{}/{} (about {number})", number.over(), number.under()),
    }
}

/// The number of a question on the form, where it is certain that the form prints it so.
pub fn printed_number(instrument: &Instrument, item: usize) -> Option<u16> {
    let number = instrument.items.get(item)?.number;
    instrument.numbered_to.is_none_or(|last| usize::from(number) <= last).then_some(number)
}

/// A question as the person who filled it in knows it: `q7`, or `7 obeys`; the name alone where no number is certain.
pub(super) fn question(instrument: &Instrument, item: usize) -> String {
    let Some(named) = instrument.items.get(item) else { return String::new() };
    match printed_number(instrument, item).filter(|_| !named.numbered) {
        Some(number) => format!("{number} {}", named.id),
        None => named.id.to_string(),
    }
}

pub(super) fn scale_id(instrument: &Instrument, scale: usize) -> &str {
    instrument.scales.get(scale).map_or("", |scale| &*scale.id)
}

/// What a scale is worked out from.
#[derive(Clone, Copy)]
pub(super) struct Given<'g> {
    pub(super) form: &'g Form,
    pub(super) answers: &'g [Answer],
    pub(super) scores: &'g [ScaleScore],
}

/// The steps of one scale.
pub(super) fn steps(given: Given<'_>, scale: usize) -> Steps {
    let mut steps = Steps::none();
    let instrument = given.form.instrument();
    let (Some(definition), Some(score)) = (instrument.scales.get(scale), given.scores.get(scale)) else { return steps };
    match score.outcome {
        Outcome::NotApplicable => {
            steps.not_scored("this part of the form is not in the file");
            return steps;
        }
        Outcome::Absent(absence @ Absence::Row(_)) => {
            steps.not_scored(given.form.why(absence, score));
            return steps;
        }
        _ => {}
    }
    match &definition.rule {
        Rule::Items { items, method, missing, gate } => of_items(&mut steps, given, items, (method, *missing), gate.as_ref()),
        Rule::Scales(parts) => of_parts(&mut steps, given, parts),
        Rule::Of { scale: of, transform } => of_scale(&mut steps, given, *of, transform, score),
        Rule::Conditions { conditions, needed } => of_conditions(&mut steps, given, conditions, *needed),
    }
    let without =
        definition.only_with.filter(|other| given.scores.get(*other).is_some_and(|other| matches!(other.outcome, Outcome::Absent(_))));
    if let (Some(other), Some(_)) = (without, steps.value) {
        steps.not_scored(format!("{} has no score, and this one is nothing without it", scale_id(instrument, other)));
    }
    steps
}

// ---- from questions

fn term(instrument: &Instrument, entry: &ScaleItem, answers: &[Answer]) -> Term {
    let answer = answers.get(entry.item).copied().unwrap_or(Answer::Blank);
    let codes = instrument.items.get(entry.item).and_then(|item| instrument.answers.get(item.answers)).map(|set| set.codes.as_slice());
    let codes = codes.unwrap_or_default();
    let Answer::Given(place) = answer else {
        return Term { item: entry.item, code: None, points: None, worth: Worth::AsItIs, answer };
    };
    let code = codes.get(usize::from(place)).copied();
    let points = entry.points.get(usize::from(place)).copied();
    let mirror = codes.iter().min().zip(codes.iter().max()).map(|(lowest, highest)| *lowest + *highest);
    let mirrored = entry.reversed.then(|| mirror.zip(code).map(|(mirror, code)| mirror - code)).flatten();
    let worth = match points {
        _ if entry.reversed && points == mirrored => Worth::Reversed,
        points if !entry.reversed && points == code => Worth::AsItIs,
        _ => Worth::Recoded,
    };
    Term { item: entry.item, code, points, worth, answer }
}

fn of_items(steps: &mut Steps, given: Given<'_>, items: &[ScaleItem], (method, missing): (&Method, Missing), gate: Option<&Gate>) {
    let instrument = given.form.instrument();
    steps.terms = items.iter().map(|entry| term(instrument, entry, given.answers)).collect();
    if let Method::GoalAttainment { correlation, weights } = method {
        goals(steps, given, *correlation, weights);
        return;
    }
    if gate.is_some_and(|gate| gated(steps, given, gate)) {
        return;
    }
    let points: Vec<Number> = steps.terms.iter().filter_map(|term| term.points).collect();
    let sum = points.iter().fold(Number::ZERO, |sum, points| sum + *points);
    if !points.is_empty() {
        let added: Vec<String> = points.iter().map(|points| exact(*points)).collect();
        let words = if added.len() == 1 { exact(sum) } else { format!("{} = {}", added.join(" + ").replace("+ -", "- "), exact(sum)) };
        steps.push(StepKind::Sum, words, Some(sum));
    }
    let (answered, all) = (points.len(), items.len());
    if answered < missing.at_least || answered == 0 {
        steps.not_scored(format!("{answered} of {all} answered, {} needed", missing.at_least));
    } else if answered == all {
        steps.push(StepKind::Answered, format!("{answered} of {all}"), Some(sum));
        if let Some((words, value)) = calculated(method, sum, all) {
            steps.push(StepKind::Calculation, words, Some(value));
        }
    } else {
        estimate(steps, method, missing, sum, [answered, all]);
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// What a sum becomes by the scale's method, where it is not the score itself: `10 x 23 / 10 = 23`.
fn calculated(method: &Method, sum: Number, divided_by: usize) -> Option<(String, Number)> {
    let (times, by) = match method {
        Method::Sum { times: 1 } | Method::Count | Method::GoalAttainment { .. } => return None,
        Method::Sum { times } => (*times, 1),
        Method::Mean { times } => (*times, whole(divided_by)),
    };
    let value = sum.scaled(times, by)?;
    let times = if times == 1 { String::new() } else { format!("{times} x ") };
    let by = if by == 1 { String::new() } else { format!(" / {by}") };
    Some((format!("{times}{}{by} = {}", exact(sum), exact(value)), value))
}

/// A score from fewer answers than there are questions.
fn estimate(steps: &mut Steps, method: &Method, missing: Missing, sum: Number, [answered, all]: [usize; 2]) {
    let counted = format!("{answered} of {all} answered, {}", points_words(sum));
    let (words, value) = match missing.then {
        Fill::Prorate => {
            let (times, value) = match method {
                // The mean of the answers given stands for the missing ones: the mean of all is the mean of those given.
                Method::Mean { times } => (*times, sum.scaled(*times, whole(answered))),
                Method::Sum { times } => (*times, sum.scaled(*times, 1).and_then(|sum| sum.scaled(whole(all), whole(answered)))),
                Method::Count | Method::GoalAttainment { .. } => (1, sum.scaled(whole(all), whole(answered))),
            };
            let value = value.unwrap_or(Number::ZERO);
            let times = if times == 1 { String::new() } else { format!("{times} x ") };
            let filled = if matches!(method, Method::Mean { .. }) { String::new() } else { format!(" x {all}") };
            (format!("{counted}: {times}{}{filled} / {answered} = {}", exact(sum), exact(value)), value)
        }
        Fill::Zero | Fill::Nothing => {
            let (words, value) =
                calculated(method, sum, all).map_or_else(|| (String::new(), sum), |(words, value)| (format!(", {words}"), value));
            (format!("{counted}: the missing ones add nothing{words}"), value)
        }
    };
    let (words, value) = rounded(words, value, missing.round);
    steps.push(StepKind::Calculation, words, Some(value));
}

fn points_words(points: Number) -> String {
    if points == Number::whole(1) { "1 point".to_owned() } else { format!("{} points", exact(points)) }
}

pub(super) fn rounded(words: String, value: Number, round: Round) -> (String, Number) {
    let nearest = value.round_half_up();
    match round {
        Round::HalfUp if nearest != value => (format!("{words}, rounded half up to {nearest}"), nearest),
        Round::Not if value.as_whole().is_none() => (format!("{words}, not rounded"), value),
        Round::HalfUp | Round::Not => (words, value),
    }
}

/// Looks at a scale's first question. Says whether it decides the score by itself.
fn gated(steps: &mut Steps, given: Given<'_>, gate: &Gate) -> bool {
    let instrument = given.form.instrument();
    let name = question(instrument, gate.item);
    let code = |place: usize| {
        let set = instrument.items.get(gate.item).and_then(|item| instrument.answers.get(item.answers));
        set.and_then(|set| set.codes.get(place)).map_or_else(String::new, ToString::to_string)
    };
    match given.answers.get(gate.item) {
        Some(Answer::Given(place)) if usize::from(*place) == gate.closed_by => {
            let words = format!("{name} is answered {}: the score is {}, whatever comes after it", code(gate.closed_by), gate.score);
            steps.push(StepKind::Gate, words, Some(gate.score));
            return true;
        }
        Some(Answer::Given(place)) => {
            let words = format!("{name} is answered {}, not {}: the answers count", code(usize::from(*place)), code(gate.closed_by));
            steps.push(StepKind::Gate, words, None);
        }
        _ if keeps(given.form, gate) => {
            steps.push(StepKind::Gate, format!("{name} has no answer: what comes after it counts all the same"), None);
        }
        _ => {
            steps.not_scored(format!("{name} has no answer, and it decides whether the rest counts"));
            return true;
        }
    }
    false
}

fn keeps(form: &Form, gate: &Gate) -> bool {
    match gate.blank {
        GateBlank::Keep => true,
        GateBlank::Absent => false,
        GateBlank::Choice(choice) => form.chosen(choice) == Some("keep"),
    }
}

/// Kiresuk and Sherman 1968: T = 50 + 10 sum(w x) / sqrt((1 - r) sum(w w) + r sum(w) sum(w)), over the goals that were rated.
fn goals(steps: &mut Steps, given: Given<'_>, correlation: Number, weights: &[usize]) {
    let instrument = given.form.instrument();
    let code = |item: usize| match given.answers.get(item) {
        Some(Answer::Given(place)) => {
            let set = instrument.items.get(item).and_then(|item| instrument.answers.get(item.answers))?;
            set.codes.get(usize::from(*place)).copied()
        }
        _ => None,
    };
    let mut rated: Vec<(Number, Number)> = Vec::new();
    let mut without_weight = Vec::new();
    for (position, term) in steps.terms.iter().enumerate() {
        let Some(level) = term.points else { continue };
        let weight = weights.get(position).map_or(Some(Number::whole(1)), |item| code(*item));
        match weight {
            Some(weight) => rated.push((level, weight)),
            None => without_weight.push(question(instrument, term.item)),
        }
    }
    if rated.is_empty() && without_weight.is_empty() {
        steps.not_scored("no goal was rated, and one is needed");
        return;
    }
    if !without_weight.is_empty() {
        steps.not_scored(format!("{} was rated and has no weight", list_and(&without_weight)));
        return;
    }
    let product = |one: &(Number, Number)| format!("{} x {}", exact(one.1), bracketed(one.0));
    let sum = rated.iter().fold(Number::ZERO, |sum, (level, weight)| sum + level.times(*weight));
    let words: Vec<String> =
        if weights.is_empty() { rated.iter().map(|one| bracketed(one.0)).collect() } else { rated.iter().map(product).collect() };
    let words = if words.len() == 1 && weights.is_empty() { exact(sum) } else { format!("{} = {}", words.join(" + "), exact(sum)) };
    steps.push(StepKind::Sum, words, Some(sum));
    let squares = rated.iter().fold(Number::ZERO, |sum, (_, weight)| sum + weight.times(*weight));
    let of_weights = rated.iter().fold(Number::ZERO, |sum, (_, weight)| sum + *weight);
    let square_of_sum = of_weights.times(of_weights);
    let under = (Number::whole(1) - correlation).times(squares) + correlation.times(square_of_sum);
    let value = goal_attainment(&rated, correlation);
    let words = format!(
        "{}: 50 + 10 x {} / sqrt({} x {} + {} x {}) = 50 + {} / sqrt({}) = {}, to two decimals",
        count_of(rated.len() as u64, "goal"),
        bracketed(sum),
        exact(Number::whole(1) - correlation),
        exact(squares),
        exact(correlation),
        exact(square_of_sum),
        bracketed(sum * 10),
        exact(under),
        value.map_or_else(String::new, exact),
    );
    steps.push(StepKind::Calculation, words, value);
}

/// A number as a factor or a term: one below nought stands in brackets.
pub(super) fn bracketed(number: Number) -> String {
    if number < Number::ZERO { format!("({})", exact(number)) } else { exact(number) }
}
