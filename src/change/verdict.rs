//! The verdict on each pupil and scale, in words that know which end of the scale is the better one.

use std::fmt;

use super::basis::{Bases, Basis};
use super::records::{Point, PointState};
use super::time_point::TimePoint;
use crate::instrument::{Better, Number, Scale};
use crate::stats::clinical_change::Category;
use crate::stats::measurement_error::Verdict as Clear;

/// What can be said of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// More than the form's own error, in the good direction.
    ClearlyBetter,
    /// Not more than the form's own error.
    NoClearChange,
    /// More than the form's own error, in the bad direction.
    ClearlyWorse,
    /// A score or the figures are missing, or the two times cannot be compared.
    CannotTell,
}

impl Verdict {
    /// Every verdict, in the order of reports.
    pub const ALL: [Self; 4] = [Self::ClearlyBetter, Self::NoClearChange, Self::ClearlyWorse, Self::CannotTell];

    /// The words in outputs.
    pub fn words(self) -> &'static str {
        match self {
            Self::ClearlyBetter => "clearly better",
            Self::NoClearChange => "no clear change",
            Self::ClearlyWorse => "clearly worse",
            Self::CannotTell => "cannot tell",
        }
    }
}

/// Something that concerns a pair as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PairNote {
    /// The two cannot be compared, and why: every verdict is "cannot tell".
    Incomparable(String),
    /// They can, but the reader should know this.
    Mention(String),
}

/// One pupil's responses at both times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The response at baseline.
    pub baseline: usize,
    /// The response at review.
    pub review: usize,
    /// What concerns the pair as a whole.
    pub notes: Vec<PairNote>,
}

/// A pupil who has a response at one time only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alone {
    /// At baseline: the response.
    AtBaseline(usize),
    /// At review: the response.
    AtReview(usize),
}

/// Something that the reader of a change should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeNote {
    /// About the scores, the pair or the figures.
    Text(String),
    /// From how many points on a change would have been clear.
    Needs(u32),
    /// The pupil started so near the best score that no change for the better could be clear.
    StartedNearBest,
}

impl fmt::Display for ChangeNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Needs(points) => write!(f, "needs {points}"),
            Self::StartedNearBest => f.write_str("started too near the best score to show a clear change for the better"),
        }
    }
}

/// One pupil's change on one scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The score at baseline.
    pub baseline: Option<Number>,
    /// The score at review.
    pub review: Option<Number>,
    /// The level at baseline.
    pub baseline_level: Option<usize>,
    /// The level at review.
    pub review_level: Option<usize>,
    /// What can be said.
    pub verdict: Verdict,
    /// Whether the two times can be compared at all; a group's figures leave out those that cannot.
    pub is_comparable: bool,
    /// The category, where a cut-off is in use.
    pub category: Option<Category>,
    /// Whether the pupil started too near the best score to show a clear change for the better.
    pub started_near_best: bool,
    /// What the reader should know.
    pub notes: Vec<ChangeNote>,
}

impl Change {
    /// Review minus baseline.
    pub fn difference(&self) -> Option<Number> {
        Some(self.review? - self.baseline?)
    }

    /// Whether the file lacks this part of the form at both times, so that there is nothing to say.
    pub fn is_nothing(&self) -> bool {
        self.baseline.is_none() && self.review.is_none() && self.notes.is_empty()
    }
}

impl Change {
    /// What is known before anything is said: two scores, as far as they are there.
    fn unsaid(baseline: Option<Point>, review: Option<Point>) -> Self {
        Self {
            baseline: baseline.and_then(Point::score),
            review: review.and_then(Point::score),
            baseline_level: baseline.and_then(Point::level),
            review_level: review.and_then(Point::level),
            verdict: Verdict::CannotTell,
            is_comparable: true,
            category: None,
            started_near_best: false,
            notes: Vec::new(),
        }
    }

    fn note(&mut self, text: impl Into<String>) {
        self.notes.push(ChangeNote::Text(text.into()));
    }
}

/// Compares one scale of one pair.
pub fn compare(pair: &Comparison, times: (&TimePoint, &TimePoint), index: usize, scale: &Scale, bases: &Bases) -> Change {
    let (baseline, review) = (times.0.point(pair.baseline, index), times.1.point(pair.review, index));
    let mut change = Change::unsaid(baseline, review);
    let is_absent = |point: Option<Point>| point.is_none_or(|point| point.state() == PointState::NotApplicable);
    if is_absent(baseline) && is_absent(review) {
        return change;
    }
    for (time, response, point, word) in [(times.0, pair.baseline, baseline, "baseline"), (times.1, pair.review, review, "review")] {
        if is_absent(point) {
            change.note(format!("{word}: this part of the form is not in the file"));
        } else if let Some(note) = time.note(response, index) {
            change.note(format!("{word}: {note}"));
        }
    }
    for note in &pair.notes {
        match note {
            PairNote::Incomparable(reason) => {
                change.is_comparable = false;
                change.note(reason.as_str());
            }
            PairNote::Mention(text) => change.note(text.as_str()),
        }
    }
    if let (Some(x), Some(y)) = (change.baseline, change.review) {
        match bases.of(index) {
            Err(reason) => change.note(reason),
            Ok(known) => judge(&mut change, known, scale, (x, y)),
        }
    }
    change
}

/// The verdict on two scores, where the figures for it are on record.
fn judge(change: &mut Change, basis: &Basis, scale: &Scale, (x, y): (Number, Number)) {
    let best = if scale.better == Better::Lower { scale.range.0 } else { scale.range.1 };
    change.started_near_best = !basis.can_improve(x, best);
    if let Some(clear) = basis.verdict(x, y).filter(|_| change.is_comparable) {
        change.verdict = match clear {
            Clear::Improved => Verdict::ClearlyBetter,
            Clear::Unchanged => Verdict::NoClearChange,
            Clear::Deteriorated => Verdict::ClearlyWorse,
        };
        change.category = basis.category(x, y);
    }
    if let (Verdict::NoClearChange, Some(points)) = (change.verdict, basis.smallest_whole_points()) {
        change.notes.push(ChangeNote::Needs(points));
    }
    if let Some(Err(reason)) = basis.cutoff() {
        change.note(format!("no category: {reason}"));
    }
    if change.started_near_best && change.verdict != Verdict::ClearlyBetter {
        change.notes.push(ChangeNote::StartedNearBest);
    }
}

/// What is known of a pupil who is at one time only: one score, and that nobody can tell.
pub fn alone(alone: Alone, times: (&TimePoint, &TimePoint), index: usize) -> Change {
    let (time, response, lacks) = match alone {
        Alone::AtBaseline(response) => (times.0, response, "no form at review"),
        Alone::AtReview(response) => (times.1, response, "no form at baseline"),
    };
    let point = time.point(response, index).filter(|point| point.state() != PointState::NotApplicable);
    let mut change = match alone {
        Alone::AtBaseline(_) => Change::unsaid(point, None),
        Alone::AtReview(_) => Change::unsaid(None, point),
    };
    if point.is_some() {
        change.note(lacks);
        if let Some(note) = time.note(response, index) {
            change.note(note);
        }
    }
    change
}

/// Notes in one cell.
pub fn joined(notes: &[ChangeNote]) -> String {
    notes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// `2 lower`, `3 higher`, `no change`.
pub fn change_words(difference: Number) -> String {
    match difference.cmp(&Number::ZERO) {
        std::cmp::Ordering::Less => format!("{} lower", -difference),
        std::cmp::Ordering::Equal => "no change".to_owned(),
        std::cmp::Ordering::Greater => format!("{difference} higher"),
    }
}

/// `lower is better`, `higher is better`.
pub fn better_word(better: Better) -> &'static str {
    match better {
        Better::Lower => "lower is better",
        Better::Higher => "higher is better",
    }
}
