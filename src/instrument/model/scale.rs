//! Scales and norms: what a score is made of.

use std::sync::Arc;

use crate::instrument::number::Number;

/// Which end of a scale is the better one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Low scores are better: difficulties.
    Lower,
    /// High scores are better: strengths.
    Higher,
}

/// A scale: a set of items or scales, and a rule.
#[derive(Debug)]
pub struct Scale {
    /// Its short name: `conduct`.
    pub id: Arc<str>,
    /// Its full name.
    pub name: String,
    /// Whether a verdict is about this one.
    pub main: bool,
    /// Which end is better.
    pub better: Better,
    /// The optional part of the form that it belongs to.
    pub block: Option<usize>,
    /// What it is counted in, where that is not raw points: `T`, `metric`.
    pub unit: Option<String>,
    /// How it is made.
    pub rule: Rule,
    /// Another scale without which this one is not scored: a form's own rule of how many blanks make it useless.
    pub only_with: Option<usize>,
    /// The lowest and highest score that a complete form can have.
    pub range: (Number, Number),
    /// From where and up to where tables print the score itself; beyond it stands `<35` or `>85`. The score is not changed by it.
    pub shown: (Option<Number>, Option<Number>),
}

impl Scale {
    /// A score as tables print it: `>85` beyond the end of the manual's own table.
    pub fn capped(&self, score: Number) -> String {
        match self.shown {
            (Some(from), _) if score < from => format!("<{from}"),
            (_, Some(to)) if score > to => format!(">{to}"),
            _ => score.to_string(),
        }
    }
}

/// How a scale is made.
#[derive(Debug)]
pub enum Rule {
    /// From items.
    Items {
        /// The items, with the points that each code is worth.
        items: Vec<ScaleItem>,
        /// How the points become a score.
        method: Method,
        /// What happens when answers are missing.
        missing: Missing,
        /// A first question that decides whether the rest counts.
        gate: Option<Gate>,
    },
    /// The sum of other scales; absent if any of them is.
    Scales(Vec<usize>),
    /// Another scale, transformed.
    Of {
        /// The other scale.
        scale: usize,
        /// How.
        transform: Transform,
    },
    /// 1 if so many conditions hold, otherwise 0.
    Conditions {
        /// The conditions.
        conditions: Vec<Condition>,
        /// How many of them must hold.
        needed: usize,
    },
}

/// How a scale becomes another one.
#[derive(Debug)]
pub enum Transform {
    /// A published table, from score to score, in order: exact, and for complete forms only.
    Lookup(Vec<(Number, Number)>),
    /// So many times the score, and so much more.
    Affine {
        /// How many times.
        times: Number,
        /// How much more.
        plus: Number,
    },
    /// The norms of the pupil's group; no group, no score.
    Norms {
        /// The norms, in [`super::Instrument::norms`].
        norms: usize,
        /// The column.
        column: usize,
        /// How the result is rounded.
        round: Round,
    },
}

/// One condition of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    /// The scale.
    pub scale: usize,
    /// The score from which it holds.
    pub from: Option<Number>,
    /// The score up to which it holds.
    pub at_most: Option<Number>,
}

impl Condition {
    /// Whether it holds for every score between two ends, for none, or depends on which it is.
    pub fn within(&self, (lowest, highest): (Number, Number)) -> Option<bool> {
        let holds = |score: Number| self.from.is_none_or(|from| score >= from) && self.at_most.is_none_or(|at_most| score <= at_most);
        let never = self.from.is_some_and(|from| highest < from) || self.at_most.is_some_and(|at_most| lowest > at_most);
        if never {
            return Some(false);
        }
        (holds(lowest) && holds(highest)).then_some(true)
    }
}

/// Norms of some scales, by group.
#[derive(Debug)]
pub struct Norms {
    /// Their name.
    pub id: String,
    /// The grouping, in [`super::Instrument::groupings`].
    pub grouping: usize,
    /// The scales: one column each.
    pub scales: Vec<usize>,
    /// For each group, in the order of [`crate::instrument::Grouping::index`], what each column says.
    pub cells: Vec<Vec<NormCell>>,
    /// Where they come from.
    pub source: String,
}

/// What a norm says of one scale in one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NormCell {
    /// Mean and standard deviation: T = 50 + 10 (score - mean) / SD.
    Sample {
        /// The mean.
        mean: Number,
        /// The standard deviation.
        sd: Number,
    },
    /// A printed table: one value for each score from the lowest to the highest.
    Table {
        /// The lowest score.
        from: Number,
        /// The values.
        values: Vec<Number>,
    },
}

impl NormCell {
    /// What a score comes to; none where a table has no value for it.
    pub fn standardised(&self, score: Number, round: Round) -> Option<Number> {
        let value = match self {
            Self::Sample { mean, sd } => Number::whole(50) + (score - *mean).scaled(10 * sd.under(), sd.over())?,
            Self::Table { from, values } => *usize::try_from((score - *from).as_whole()?).ok().and_then(|place| values.get(place))?,
        };
        Some(round.of(value))
    }

    /// The lowest and the highest value that the scores between two ends come to. A table may fall, or turn round on its way.
    pub fn ends(&self, (lowest, highest): (Number, Number), round: Round) -> Option<(Number, Number)> {
        match self {
            Self::Sample { .. } => self.standardised(lowest, round).zip(self.standardised(highest, round)),
            Self::Table { from, values } => {
                let is_inside = |score: Number| lowest <= score && score <= highest;
                let rows = (0..).map(|place| *from + Number::whole(place)).zip(values);
                let inside: Vec<Number> = rows.filter(|(score, _)| is_inside(*score)).map(|(_, value)| round.of(*value)).collect();
                inside.iter().min().copied().zip(inside.iter().max().copied())
            }
        }
    }
}

/// An item in a scale.
#[derive(Debug)]
pub struct ScaleItem {
    /// The item, in [`super::Instrument::items`].
    pub item: usize,
    /// Whether the scale reverses it.
    pub reversed: bool,
    /// The points for each code, in the order of its answer set: after reversing, recoding or counting.
    pub points: Vec<Number>,
}

/// How points become a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// Their sum times a whole number.
    Sum {
        /// The number: 1 for a plain sum.
        times: i64,
    },
    /// Their mean times a whole number.
    Mean {
        /// The number: 1 for a plain mean.
        times: i64,
    },
    /// How many items reach a code: each is worth 1 or 0.
    Count,
    /// The goal attainment T score (Kiresuk & Sherman 1968), over the goals that were rated.
    GoalAttainment {
        /// The correlation assumed between goals.
        correlation: Number,
        /// The item with each goal's weight; none where all weigh the same.
        weights: Vec<usize>,
    },
}

/// What happens when answers are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// How many answers there must be at least.
    pub at_least: usize,
    /// What then becomes of the missing ones.
    pub then: Fill,
    /// How an estimated score is rounded.
    pub round: Round,
}

/// What becomes of missing answers when enough are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// The scale needs every answer, so there is nothing to fill.
    Nothing,
    /// The mean of the answers given stands for them.
    Prorate,
    /// They add nothing.
    Zero,
}

/// How an estimated score is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// To the nearest whole number, halves up.
    HalfUp,
    /// Not at all.
    Not,
}

impl Round {
    fn of(self, score: Number) -> Number {
        match self {
            Self::HalfUp => score.round_half_up(),
            Self::Not => score,
        }
    }
}

/// A first question that decides whether the rest counts.
#[derive(Debug)]
pub struct Gate {
    /// The question.
    pub item: usize,
    /// The answer, in its answer set, after which the rest is skipped.
    pub closed_by: usize,
    /// The score then.
    pub score: Number,
    /// What happens when the question was left blank.
    pub blank: GateBlank,
}

/// What happens to a gated scale when the first question was left blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateBlank {
    /// The answers that are there are scored all the same.
    Keep,
    /// The scale is not scored.
    Absent,
    /// A documented choice decides, in [`super::Instrument::choices`]: its values are `keep` and `absent`.
    Choice(usize),
}
