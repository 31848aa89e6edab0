//! What is known of a score at one time, and of the form that it is on. A million pupils share a few thousand of either, so each is kept
//! once and called by its number.

use indexmap::IndexSet;

use crate::instrument::{Number, Pupil};
use crate::matching::{Role, informant};
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
pub(super) struct ScoreRecord {
    pub(super) point: Point,
    /// Why there is no score.
    pub(super) reason: Option<String>,
    /// What a reader of the score should know.
    pub(super) remarks: Vec<String>,
    /// Which of the remarks holds only as long as the pupil is in no group.
    for_want_of_group: Option<String>,
}

impl ScoreRecord {
    /// What a row says of one scale; none for a scale that the form does not have.
    pub(super) fn of(layout: &Layout, row: &ScoredRow<'_>, form: usize, scale: usize) -> Option<Self> {
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

impl RowContext {
    /// What is kept of a row besides its scores; `groups` are the places of the columns that groups are cut by among the carried ones.
    pub fn of(layout: &Layout, row: &ScoredRow<'_>, groups: &[Option<usize>]) -> Self {
        let cell = |place: &Option<usize>| place.map_or_else(String::new, |place| row.carried_at(place).trim().to_owned());
        Self {
            groups: groups.iter().map(cell).collect(),
            completed_by: match row.told(Role::Informant) {
                word if informant(word).is_some() => word.to_owned(),
                name => layout.coded(name).into_owned(),
            },
            date: row.told(Role::Date).to_owned(),
        }
    }
}

/// The number of a score's record at one time: where it is the same, everything about the score is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScoreId(u32);

impl ScoreId {
    pub(super) fn to_bytes(self) -> [u8; 4] {
        self.0.to_ne_bytes()
    }

    pub(super) fn from_bytes(bytes: [u8; 4]) -> Self {
        Self(u32::from_ne_bytes(bytes))
    }
}

/// The number of what is kept of a response besides its scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ContextId(u32);

/// All records of one time, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    scores: IndexSet<ScoreRecord>,
    /// What is kept of responses besides their scores, with what the file says of the pupil as far as norms ask.
    contexts: IndexSet<(Pupil, RowContext)>,
}

fn number(place: usize) -> u32 {
    // Each takes a hundred bytes or so: no memory holds so many.
    let Ok(number) = u32::try_from(place) else { unreachable!("four thousand million different records") };
    number
}

impl Records {
    pub(super) fn keep(&mut self, score: ScoreRecord) -> ScoreId {
        ScoreId(number(self.scores.insert_full(score).0))
    }

    pub(super) fn keep_context(&mut self, pupil: Pupil, context: RowContext) -> ContextId {
        ContextId(number(self.contexts.insert_full((pupil, context)).0))
    }

    pub(super) fn score(&self, id: ScoreId) -> Option<&ScoreRecord> {
        self.scores.get_index(id.0 as usize)
    }

    pub(super) fn context(&self, id: ContextId) -> Option<&(Pupil, RowContext)> {
        self.contexts.get_index(id.0 as usize)
    }
}
