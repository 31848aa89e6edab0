//! What is known of a score at one time, and of the form that it is on. A million pupils share a few thousand of either, so each is kept
//! once and called by its number.

use indexmap::IndexSet;

use crate::instrument::{Number, Pupil};
use crate::scoring::{Layout, Level, Outcome, ScoredRow};

/// One scale of one pupil at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Point {
    score: Option<Number>,
    level: Option<usize>,
    state: PointState,
}

/// What a point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PointState {
    /// Every question was answered.
    Complete,
    /// Some answers are missing, and the rule allows for it.
    Estimated,
    /// No score.
    Absent,
    /// The file lacks this part of the form.
    NotApplicable,
}

impl Point {
    /// The score.
    pub fn score(self) -> Option<Number> {
        self.score
    }

    /// The level in the band set in use.
    pub fn level(self) -> Option<usize> {
        self.level
    }

    /// What it is.
    pub fn state(self) -> PointState {
        self.state
    }
}

/// A score with what is said of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct KnownScore {
    pub(super) point: Point,
    /// Why there is no score.
    pub(super) reason: Option<String>,
    /// What a reader of the score should know.
    pub(super) remarks: Vec<String>,
    /// Which of the remarks holds only as long as the pupil is in no group.
    pub(super) for_want_of_group: Option<String>,
}

impl KnownScore {
    fn of(layout: &Layout, row: &ScoredRow<'_>, form: usize, scale: usize) -> Option<Self> {
        let (score, level) = (row.scores(form).get(scale)?, row.level(form, scale));
        let used = layout.forms().get(form)?;
        let (state, reason) = match score.outcome {
            Outcome::Complete(_) => (PointState::Complete, None),
            Outcome::Estimated(_) => (PointState::Estimated, None),
            Outcome::Absent(absence) => (PointState::Absent, Some(used.why(absence, score))),
            Outcome::NotApplicable => (PointState::NotApplicable, None),
        };
        let at = match level {
            Level::At(level) => Some(level),
            Level::None | Level::OutsideAges(_) | Level::UnknownAge | Level::NoGroup(_) => None,
        };
        Some(Self {
            point: Point { score: score.value(), level: at, state },
            reason,
            remarks: row.remarks(form, scale),
            for_want_of_group: used.for_want_of_group(scale, score, level),
        })
    }

    /// The same score at another level.
    pub(super) fn at(mut self, level: Option<usize>) -> Self {
        self.point.level = level;
        self
    }

    /// The score that another norm gives, of answers that are as they were.
    pub(super) fn measured(mut self, score: Number, level: Option<usize>, state: PointState) -> Self {
        self.point = Point { score: Some(score), level, state };
        self.reason = None;
        self
    }

    /// The same in a group, with words on it and no longer with those that there was none; what is known of the answers stays.
    pub(super) fn regrouped(mut self, more: impl IntoIterator<Item = String>) -> Self {
        let outdated = self.for_want_of_group.take();
        self.remarks.retain(|remark| Some(remark) != outdated.as_ref());
        self.remarks.extend(more);
        self
    }
}

/// What is kept of a response besides its scores.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RowContext {
    /// The groups that reports are cut by.
    pub groups: Vec<String>,
    /// Who completed it, as the file says.
    pub completed_by: String,
    /// When, as the file says.
    pub date: String,
}

/// What is known at one time, each thing once.
#[derive(Clone, Debug, Default)]
pub struct KnownThings {
    scores: IndexSet<KnownScore>,
    /// What is kept of responses besides their scores, with what the file says of the pupil as far as norms ask.
    contexts: IndexSet<(Pupil, RowContext)>,
}

/// The number of a thing that is known.
pub type Known = u32;

fn number(place: usize) -> Known {
    // Each takes a hundred bytes or so: no memory holds so many.
    let Ok(number) = Known::try_from(place) else { unreachable!("four thousand million different scores") };
    number
}

impl KnownThings {
    /// The number of what a row says of one scale. A scale that the form does not have is none.
    pub fn score(&mut self, layout: &Layout, row: &ScoredRow<'_>, form: usize, scale: usize) -> Option<Known> {
        KnownScore::of(layout, row, form, scale).map(|score| self.keep(score))
    }

    /// The number of what is kept of a response besides its scores.
    pub fn context(&mut self, pupil: Pupil, context: RowContext) -> Known {
        number(self.contexts.insert_full((pupil, context)).0)
    }

    pub(super) fn keep(&mut self, score: KnownScore) -> Known {
        number(self.scores.insert_full(score).0)
    }

    pub(super) fn score_of(&self, known: Known) -> Option<&KnownScore> {
        self.scores.get_index(known as usize)
    }

    pub(super) fn context_of(&self, known: Known) -> Option<&(Pupil, RowContext)> {
        self.contexts.get_index(known as usize)
    }
}
