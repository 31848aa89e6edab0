//! What a definition says, once it has been checked: plain data with nothing left to go wrong.
//!
//! Indices point into the vectors of the same [`Instrument`]; only the checks of this module can build one.

use std::ops::Range;
use std::sync::Arc;

use super::number::Number;
use crate::findings::Place;

/// One form of one questionnaire, for one informant and age range.
#[derive(Debug)]
pub struct Instrument {
    /// `sdq-t4-17`.
    pub id: Arc<str>,
    /// The questionnaire's full name.
    pub name: String,
    /// Which form of it: `teacher, ages 4-17`.
    pub form: String,
    /// What forms of one questionnaire share: `sdq`.
    pub family: String,
    /// Who fills it in.
    pub informant: Informant,
    /// For which ages it is meant.
    pub ages: Option<AgeRange>,
    /// The time that its questions ask about.
    pub period: Option<String>,
    /// How many months that time is, where a review that comes earlier still describes the time before.
    pub period_months: Option<usize>,
    /// How far the numbers of the questions are certain: a numbered run that is longer needs a map.
    pub numbered_to: Option<usize>,
    /// The version of the definition.
    pub version: String,
    /// Who owns the questionnaire.
    pub owner: String,
    /// Whether the questions' wording is shipped.
    pub wording: Wording,
    /// What a school may do, and whom to ask.
    pub licence: String,
    /// Further things that whoever reads a score should know.
    pub notes: Vec<String>,
    /// Where the rules come from: what for, and the source.
    pub sources: Vec<(String, String)>,
    /// Forms whose scores may be compared with this one's.
    pub comparable_with: Vec<String>,
    /// Sets of answers, by name.
    pub answers: Vec<AnswerSet>,
    /// Parts of the form that a file may leave out together.
    pub blocks: Vec<Block>,
    /// Questions on which sources disagree.
    pub choices: Vec<Choice>,
    /// The questions, in the form's order.
    pub items: Vec<Item>,
    /// The scales, in the definition's order; a scale is built only from scales before it.
    pub scales: Vec<Scale>,
    /// Named sets of bands.
    pub bands: Vec<BandSet>,
    /// The set that is used unless another is named; some forms have sets by name only.
    pub default_bands: Option<usize>,
    /// Questions that other forms of the questionnaire ask and this one does not: a file that has them is another form's.
    pub not_asked: Vec<NotAsked>,
    /// Questions that somebody must look at today.
    pub critical: Vec<Critical>,
    /// What a clear change is.
    pub change: Vec<ChangeRecord>,
    /// Worked examples.
    pub examples: Vec<Example>,
    /// The definition's text, for messages, and its hash.
    pub definition: Definition,
}

/// The text that an instrument was read from.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its name and text.
    pub source: Arc<crate::findings::Source>,
    /// SHA-256 of the text, in hexadecimal.
    pub sha256: String,
}

impl Definition {
    /// A stretch of the definition as a place for a finding.
    pub fn place(&self, span: &Range<usize>) -> Place {
        Place::Definition { source: Arc::clone(&self.source), span: span.clone() }
    }
}

/// Who fills in a form; printed as "completed by".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Informant {
    /// The pupil.
    SelfReport,
    /// A parent or carer.
    Parent,
    /// A teacher.
    Teacher,
    /// Another member of staff.
    Staff,
}

impl Informant {
    /// Every informant, with its word in definitions.
    pub const ALL: &'static [(&'static str, Self)] =
        &[("self", Self::SelfReport), ("parent", Self::Parent), ("teacher", Self::Teacher), ("staff", Self::Staff)];

    /// The word in definitions and in output.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, informant)| *informant == self).map_or("", |(word, _)| word)
    }
}

/// Ages in whole years, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeRange {
    /// The youngest.
    pub from: u8,
    /// The oldest.
    pub to: u8,
}

/// Whether the questions' wording is in the definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// Items carry their wording.
    Shipped,
    /// Items carry a short name only.
    NotShipped,
}

/// The answers that a question can have.
#[derive(Debug)]
pub struct AnswerSet {
    /// `main`, or another name.
    pub name: String,
    /// The codes, in the definition's order.
    pub codes: Vec<Number>,
    /// For each code the words for it; the first ones are shown.
    pub labels: Vec<Vec<String>>,
}

impl AnswerSet {
    /// The lowest and highest code.
    pub fn range(&self) -> (Number, Number) {
        let lowest = self.codes.iter().min().copied().unwrap_or(Number::ZERO);
        let highest = self.codes.iter().max().copied().unwrap_or(Number::ZERO);
        (lowest, highest)
    }

    /// What is allowed, in words: `0 to 2`, or `0, 1, 3 or 5`.
    pub fn allowed(&self) -> String {
        let (lowest, highest) = self.range();
        // Codes are all different, so as many whole numbers as there are from the lowest to the highest leave no gap.
        let all_whole = self.codes.iter().all(|code| code.as_whole().is_some());
        let count = i64::try_from(self.codes.len()).map_or(Number::ZERO, Number::whole);
        if all_whole && highest - lowest + Number::whole(1) == count {
            format!("{lowest} to {highest}")
        } else {
            crate::findings::list_or(&self.codes)
        }
    }
}

/// A part of the form that a file may leave out as a whole.
#[derive(Debug)]
pub struct Block {
    /// Its name.
    pub id: String,
}

/// A question on which sources disagree: one value is the default, the user may choose another by name.
#[derive(Debug)]
pub struct Choice {
    /// Its name.
    pub id: String,
    /// The values, with what each does; the first is the default.
    pub values: Vec<(String, String)>,
}

/// A question.
#[derive(Debug)]
pub struct Item {
    /// Its short name: `obeys`.
    pub id: Arc<str>,
    /// Its number on the form.
    pub number: u16,
    /// Its answers, in [`Instrument::answers`].
    pub answers: usize,
    /// Its optional part of the form, in [`Instrument::blocks`].
    pub block: Option<usize>,
    /// Words that find its column in a web form.
    pub matches: Vec<String>,
    /// Whether a scale, a gate or an alert needs it.
    pub needed: bool,
}

/// A question that another form of the questionnaire asks.
#[derive(Debug)]
pub struct NotAsked {
    /// Its short name on the other form.
    pub id: String,
    /// Words that find its column in a web form.
    pub matches: Vec<String>,
}

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
    /// How it is made.
    pub rule: Rule,
    /// The lowest and highest score that a complete form can have.
    pub range: (Number, Number),
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
}

/// An item in a scale.
#[derive(Debug)]
pub struct ScaleItem {
    /// The item, in [`Instrument::items`].
    pub item: usize,
    /// Whether the scale reverses it.
    pub reversed: bool,
    /// The points for each code, in the order of its answer set: after reversing, recoding or counting.
    pub points: Vec<Number>,
}

/// How points become a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Their sum.
    Sum,
    /// Their mean times a whole number.
    Mean {
        /// The number: 1 for a plain mean.
        times: i64,
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
    /// A documented choice decides, in [`Instrument::choices`]: its values are `keep` and `absent`.
    Choice(usize),
}

/// A named set of bands.
#[derive(Debug)]
pub struct BandSet {
    /// Its name: `four`.
    pub id: String,
    /// Where it comes from.
    pub source: String,
    /// The bands of each scale of [`Instrument::scales`]; none where the set has none for it.
    pub scales: Vec<Option<Bands>>,
    /// The level from which `flag` lists a pupil.
    pub flag_from: usize,
    /// The lists that `flag` makes, in their order.
    pub flag_lists: Vec<FlagList>,
}

/// The bands of one scale.
#[derive(Debug)]
pub struct Bands {
    /// The names of the levels, in order of concern.
    pub levels: Vec<String>,
    /// Where each level after the first begins: at or above it where low is better, at or below it where high is better.
    pub edges: Vec<Number>,
    /// Which end is the concern.
    pub better: Better,
}

impl Bands {
    /// The level that a score has: 0 is the level of least concern.
    pub fn level(&self, score: Number) -> usize {
        let beyond = |edge: &&Number| match self.better {
            Better::Lower => score >= **edge,
            Better::Higher => score <= **edge,
        };
        self.edges.iter().take_while(beyond).count()
    }

    /// The name of a level.
    pub fn name(&self, level: usize) -> &str {
        self.levels.get(level).map_or("", String::as_str)
    }
}

/// One of the lists that `flag` makes.
#[derive(Debug)]
pub struct FlagList {
    /// Its heading.
    pub heading: String,
    /// The scales that put a pupil on it.
    pub scales: Vec<usize>,
    /// What a reader should know about it: how many pupils it finds anywhere.
    pub about: Option<String>,
}

/// A question that somebody must look at today.
#[derive(Debug)]
pub struct Critical {
    /// The question.
    pub item: usize,
    /// For each code of its answer set, whether it is an alert.
    pub fires: Vec<bool>,
    /// What it is about, in a few words.
    pub about: String,
}

/// What a clear change of one scale is, on one authority.
#[derive(Debug)]
pub struct ChangeRecord {
    /// The scale.
    pub scale: usize,
    /// The record's name; the first record of a scale is its default.
    pub name: String,
    /// The figures.
    pub kind: ChangeKind,
    /// How sure the figures are: `secondary source`.
    pub confidence: Option<String>,
    /// Where they come from.
    pub source: String,
}

/// The figures of a change record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ChangeKind {
    /// Standard deviation and reliability of a reference sample.
    Reliability {
        /// Standard deviation, in points.
        sd: f64,
        /// Reliability, above 0 and below 1.
        r: f64,
        /// Mean, in points.
        norm_mean: Option<f64>,
        /// Correlation with a second form months later.
        retest: Option<f64>,
    },
    /// A published number of points.
    Threshold {
        /// How many.
        points: f64,
        /// Whether a change of exactly so many counts.
        inclusive: bool,
    },
}

/// A worked example: answers, and what they must come to.
#[derive(Debug)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// The answer to each item: a code's place in its answer set, or blank.
    pub answers: Vec<Option<usize>>,
    /// Optional parts of the form that the example does not have.
    pub without: Vec<usize>,
    /// Choices other than the defaults: the choice and the value's place.
    pub choose: Vec<(usize, usize)>,
    /// What each named scale must come to.
    pub expect: Vec<(usize, Expected, Range<usize>)>,
    /// What band a scale must have: the scale, the band set, the level's name.
    pub expect_bands: Vec<(usize, usize, String, Range<usize>)>,
    /// The critical questions that must fire, if the example says so.
    pub alerts: Option<(Vec<usize>, Range<usize>)>,
    /// Where it comes from, if it was published.
    pub source: Option<String>,
}

/// What a scale of an example must come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// This score.
    Score(Number),
    /// No score.
    NotScored,
    /// Its part of the form is not there.
    NotApplicable,
}

impl Instrument {
    /// The scale that a verdict is about.
    pub fn main_scale(&self) -> Option<usize> {
        self.scales.iter().position(|scale| scale.main)
    }

    /// The scale with this name.
    pub fn scale(&self, id: &str) -> Option<usize> {
        self.scales.iter().position(|scale| &*scale.id == id)
    }

    /// The item with this name.
    pub fn item(&self, id: &str) -> Option<usize> {
        self.items.iter().position(|item| &*item.id == id)
    }

    /// `Strengths and Difficulties Questionnaire, teacher, ages 4-17`.
    pub fn title(&self) -> String {
        format!("{}, {}", self.name, self.form)
    }

    /// What every output of this form says.
    pub fn notices(&self) -> Vec<String> {
        let mut notices = vec!["Screening, not diagnosis: a score says where to look, not what is the matter.".to_owned()];
        if self.critical.is_empty() {
            notices.push("This form has no question about self-harm or suicide: a low score says nothing about it.".to_owned());
        }
        notices.extend(self.notes.iter().cloned());
        notices
    }
}
