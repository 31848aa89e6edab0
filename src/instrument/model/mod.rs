//! What a definition says, once it has been checked: plain data with nothing left to go wrong.
//!
//! Indices point into the vectors of the same [`Instrument`]; only the checks of this module can build one.

mod bands;
mod licence;
mod scale;

use std::ops::Range;
use std::sync::Arc;

use crate::findings::{Place, Source};
use crate::instrument::grouping::{Group, Grouping, Pupil};
use crate::instrument::number::Number;

pub use bands::{BandSet, Bands, Edges, FlagList};
pub use licence::{Licence, LicenceStatus};
pub use scale::{Better, Condition, Fill, Gate, GateBlank, Method, Missing, NormCell, Norms, Round, Rule, Scale, ScaleItem, Transform};

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
    pub licence: Licence,
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
    /// Printed editions that number the questions differently: until one is named, numbers say nothing.
    pub orders: Vec<PrintedOrder>,
    /// How pupils are grouped for norms and cut-offs.
    pub groupings: Vec<Grouping>,
    /// Norms, by group.
    pub norms: Vec<Norms>,
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
    /// Questions after which the form should be read: a quieter line, and no alert.
    pub sensitive: Vec<Critical>,
    /// Scores that speak against the others: a validity scale.
    pub cautions: Vec<Caution>,
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
    /// Its text.
    pub text: Text,
    /// SHA-256 of the text, in hexadecimal.
    pub sha256: String,
}

impl Definition {
    /// A stretch of the definition as a place for a finding.
    pub fn place(&self, span: &Range<usize>) -> Place {
        self.text.place(span)
    }
}

/// A definition's text, and the text of the built-in definition that it extends. Places in it count on from the end of that one.
#[derive(Clone, Debug)]
pub struct Text {
    /// The definition that it extends.
    pub base: Option<Arc<Source>>,
    /// Its own name and text.
    pub own: Arc<Source>,
}

impl Text {
    /// Where places in the own text begin to count.
    pub fn offset(&self) -> usize {
        self.base.as_ref().map_or(0, |base| base.text.len())
    }

    /// A stretch as a place for a finding, in the file in which it stands.
    pub fn place(&self, span: &Range<usize>) -> Place {
        match &self.base {
            Some(base) if span.start < base.text.len() => Place::Definition { source: Arc::clone(base), span: span.clone() },
            _ => {
                let offset = self.offset();
                Place::Definition { source: Arc::clone(&self.own), span: span.start - offset..span.end - offset }
            }
        }
    }

    /// Everything that decides a score: the base and what is added to it.
    pub fn whole(&self) -> String {
        self.base.as_ref().map_or_else(String::new, |base| base.text.clone()) + &self.own.text
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

impl AgeRange {
    /// `4 to 17`; a form for adults has no oldest.
    pub fn words(self) -> String {
        if self.to >= OLDEST { format!("{} and over", self.from) } else { format!("{} to {}", self.from, self.to) }
    }
}

/// A range that ends here does not end.
const OLDEST: u8 = 99;

/// Whether the questions' wording is in the definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// Items carry their wording.
    Shipped,
    /// Items carry a short name only.
    NotShipped,
    /// The definition has no questions at all: somebody else scores the form, and the scores are typed in or imported.
    ImportOnly,
}

impl Wording {
    /// Every kind, with its words in definitions and outputs.
    pub const ALL: &'static [(&'static str, Self)] =
        &[("shipped", Self::Shipped), ("not shipped", Self::NotShipped), ("import only", Self::ImportOnly)];

    /// The words in definitions and outputs.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, wording)| *wording == self).map_or("", |(word, _)| word)
    }
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
    /// Words on the form that mean "no answer": `Prefer not to say`.
    pub no_answer: Vec<String>,
    /// How far apart the numbers of a measured or rated answer are, where it has no codes.
    pub step: Option<Number>,
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
        if let Some(step) = self.step.filter(|step| *step != Number::whole(1)) {
            return format!("{lowest} to {highest} in steps of {step}");
        }
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
    /// Whether its name is only its number (`q7`): another form's `q7` is another question, so only a complete run finds it.
    pub numbered: bool,
}

/// An edition that prints the questions in an order of its own.
#[derive(Debug)]
pub struct PrintedOrder {
    /// Its name.
    pub id: String,
    /// The items in the order in which they are printed.
    pub items: Vec<usize>,
    /// Where that is known from.
    pub source: String,
}

/// A question that another form of the questionnaire asks.
#[derive(Debug)]
pub struct NotAsked {
    /// Its short name on the other form.
    pub id: String,
    /// Words that find its column in a web form.
    pub matches: Vec<String>,
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

/// Scores of a validity scale that speak against others: a note, and nothing more.
#[derive(Debug)]
pub struct Caution {
    /// The validity scale.
    pub scale: usize,
    /// Its scores that speak.
    pub at: Vec<Number>,
    /// The scales whose notes say it.
    pub about: Vec<usize>,
    /// What they say.
    pub says: String,
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
    /// Who the pupil is, for norms and cut-offs.
    pub pupil: Pupil,
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

/// What an example says of a score for which the set has no band: the pupil is in none of its groups.
pub const NO_BAND: &str = "no band";

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

    /// Whether a norm or a cut-off goes by the school year.
    pub fn goes_by_school_year(&self) -> bool {
        let goes_by = |grouping: &Grouping| grouping.keys.iter().any(|key| key.by == crate::instrument::KeyBy::SchoolYear);
        self.groupings.iter().any(goes_by)
    }

    /// The norms of a scale, if it has a norm score.
    pub fn norms_of(&self, scale: usize) -> Option<&Norms> {
        match &self.scales.get(scale)?.rule {
            Rule::Of { transform: Transform::Norms { norms, .. }, .. } => self.norms.get(*norms),
            _ => None,
        }
    }

    /// A group of the pupils that a scale's norm is for, in words.
    pub fn group_words(&self, scale: usize, group: Group) -> String {
        let grouping = self.norms_of(scale).and_then(|norms| self.groupings.get(norms.grouping));
        grouping.map_or_else(String::new, |grouping| grouping.words(group).to_string())
    }

    /// The convention by which a pupil found the group of a scale's norm: `by school-year`.
    pub fn key_words(&self, scale: usize, group: Group) -> Option<String> {
        self.groupings.get(self.norms_of(scale)?.grouping)?.key_words(group)
    }

    /// `Strengths and Difficulties Questionnaire, teacher, ages 4-17`.
    pub fn title(&self) -> String {
        format!("{}, {}", self.name, self.form)
    }

    /// What every output of this form says.
    pub fn notices(&self) -> Vec<String> {
        let mut notices = vec!["Screening, not diagnosis: a score says where to look, not what is the matter.".to_owned()];
        if self.wording == Wording::ImportOnly {
            notices.push("The questions of this form are not known here: whether it asks about self-harm cannot be said.".to_owned());
        } else if self.critical.is_empty() {
            notices.push("This form has no question about self-harm or suicide: a low score says nothing about it.".to_owned());
        }
        for note in &self.notes {
            if !notices.contains(note) {
                notices.push(note.clone());
            }
        }
        notices
    }
}
