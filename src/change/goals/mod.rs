//! Goals: was each one met, as far as measurement allows, and is it a goal that a review could show at all?
//!
//! A goals file has one row per goal ([`read_goals`]). A goal is about a scale of the form, whose scores come from the two response
//! files, or it is rated in the goals file itself: goal-based outcomes (GBO, 0 to 10) or goal attainment scaling (GAS, -2 to +2).
//! [`outcome()`] gives one word and one sentence of why; [`realism()`] says before the support starts what speaks against a target;
//! [`gas_scores`] sums up a pupil's GAS goals.
//!
//! The rules are the project's own, not a published standard. A goal asks two questions, "did the pupil change?" and "is the pupil at
//! the target?", and every score carries measurement error: comparing a score with its target alone hides it. A missing review is never
//! "not met".

mod cells;
mod columns;
mod file;
mod measure;
mod outcome;
mod rated;
mod realism;
mod target;
mod words;

use std::sync::Arc;

use jiff::civil::Date;

pub use file::{GoalsFile, read_goals, report_unknown_pupils};
pub use outcome::{GoalOutcome, GoalResult, Overdue, outcome};
pub use rated::{GBO_SOURCE, GasScore, gas_scores};
pub use realism::{Check, Realism, RealismWord, check_targets, realism};
pub use target::Target;

pub use crate::change::ChangeError;
use crate::instrument::{Bands, Better, Number};

/// What a goal needs to know of one scale of the form.
#[derive(Clone, Debug)]
pub struct GoalScale<'a> {
    /// Its short name.
    pub id: &'a str,
    /// Its full name.
    pub name: &'a str,
    /// Which end is better.
    pub better: Better,
    /// The lowest and highest score.
    pub range: (Number, Number),
    /// Its bands in the set in use.
    pub bands: Option<&'a Bands>,
    /// Its measurement error on record.
    pub error: Option<ChangeError>,
}

/// A pupil's standing at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is no form, or no rating.
    NoResponse,
    /// There is one, and it gives no score: why not.
    NotScored(String),
    /// A score.
    Score {
        /// The score.
        score: Number,
        /// Its level in the band set in use, where bands hold.
        level: Option<usize>,
    },
}

impl Standing {
    /// The score, if there is one.
    pub fn score(&self) -> Option<Number> {
        match self {
            Self::Score { score, .. } => Some(*score),
            Self::NoResponse | Self::NotScored(_) => None,
        }
    }
}

/// One row of the goals file.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// The row number that the user sees in the spreadsheet.
    pub row: u64,
    /// The pupil, as in the response files; `row 7` where the row does not say.
    pub pupil_id: Arc<str>,
    /// The goal in the school's own words.
    pub goal: Arc<str>,
    /// The scale as outputs call it: the scale's id, `gbo` or `gas`; as it was written where no such scale is known.
    pub scale: Arc<str>,
    /// The target as it was written.
    pub target: Arc<str>,
    /// What the row asks for.
    pub kind: GoalKind,
    /// Whether the same goal of the same pupil stands on another row too.
    pub repeat: Repeat,
    /// When the goal was set.
    pub set_on: Option<Date>,
    /// When it should be reviewed.
    pub review_by: Option<Date>,
    /// How much of the planned support took place.
    pub sessions: Option<Sessions>,
    /// The carried cells, in the order of [`GoalsFile::carried`].
    pub carried: Vec<Arc<str>>,
}

/// What a goal is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoalKind {
    /// A scale of the form.
    Scale {
        /// The scale, in the form's order.
        scale: usize,
        /// The target.
        target: Target,
        /// Which scores the scale can have.
        steps: Steps,
    },
    /// Ratings that stand in the goals file itself.
    Rated {
        /// What they are ratings of.
        instrument: RatedInstrument,
        /// The target.
        target: Target,
        /// The rating at the start.
        baseline: Standing,
        /// The rating at review.
        review: Standing,
        /// The weight in the GAS T score; none if it cannot be read. It never changes an outcome.
        weight: Option<Number>,
    },
    /// The row cannot be judged, and why.
    Unreadable(String),
}

/// How a goal is rated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RatedInstrument {
    /// Goal-based outcomes: 0 to 10, higher is better.
    Gbo,
    /// Goal attainment scaling: -2 to +2, higher is better.
    Gas,
}

impl RatedInstrument {
    /// The word in the column `scale`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gbo => "gbo",
            Self::Gas => "gas",
        }
    }

    /// The lowest and highest rating.
    pub fn range(self) -> (Number, Number) {
        match self {
            Self::Gbo => (Number::ZERO, Number::whole(10)),
            Self::Gas => (Number::whole(-2), Number::whole(2)),
        }
    }
}

/// Which scores a scale can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Steps {
    /// Whole numbers only.
    Whole,
    /// Others too: means, estimated scores that are not rounded.
    Any,
}

/// Whether a goal stands on several rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repeat {
    /// It does not.
    Single,
    /// It does, with the same target.
    SameTarget,
    /// It does, with another target: which one counts cannot be told.
    OtherTarget,
}

/// How much of the planned support took place, in the school's own figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sessions {
    /// How many there should have been.
    pub planned: Arc<str>,
    /// How many there were.
    pub had: Arc<str>,
}
