//! The verdict on each pupil and scale, in words that know which end of the scale is the better one.

use super::basis::Bases;
use super::time_point::{PointState, TimePoint};
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
    /// The pupil.
    pub pupil: String,
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
    /// The category, where a cut-off is in use.
    pub category: Option<Category>,
    /// Whether the pupil started too near the best score to show a clear change for the better.
    pub started_near_best: bool,
    /// What the reader should know.
    pub notes: Vec<String>,
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

/// Compares one scale of one pair.
pub fn compare(pair: &Comparison, times: (&TimePoint, &TimePoint), index: usize, scale: &Scale, bases: &Bases) -> Change {
    let (baseline, review) = (times.0.point(pair.baseline, index), times.1.point(pair.review, index));
    let (x, y) = (baseline.and_then(super::Point::score), review.and_then(super::Point::score));
    let mut change = Change {
        baseline: x,
        review: y,
        baseline_level: baseline.and_then(super::Point::level),
        review_level: review.and_then(super::Point::level),
        verdict: Verdict::CannotTell,
        category: None,
        started_near_best: false,
        notes: Vec::new(),
    };
    for (time, response, point, word) in [(times.0, pair.baseline, baseline, "baseline"), (times.1, pair.review, review, "review")] {
        match point.map(super::Point::state) {
            Some(PointState::Absent) => {
                change.notes.push(format!("not scored at {word}: {}", time.reason(response, index).unwrap_or("no score")));
            }
            Some(PointState::Estimated) => {
                change.notes.push(format!("estimated at {word} from {}", time.estimate(response, index).unwrap_or("some answers")));
            }
            Some(PointState::Complete | PointState::NotApplicable) | None => {}
        }
    }
    if x.is_none() && y.is_none() && change.notes.is_empty() {
        return change;
    }
    let mut comparable = true;
    for note in &pair.notes {
        match note {
            PairNote::Incomparable(reason) => {
                comparable = false;
                change.notes.push(reason.clone());
            }
            PairNote::Mention(text) => change.notes.push(text.clone()),
        }
    }
    let (Some(x), Some(y)) = (x, y) else { return change };
    match bases.of(index) {
        Err(reason) => change.notes.push(reason.to_owned()),
        Ok(clear) => {
            let best = if scale.better == Better::Lower { scale.range.0 } else { scale.range.1 };
            change.started_near_best = !clear.can_improve(x, best);
            if let Some(found) = clear.verdict(x, y).filter(|_| comparable) {
                change.verdict = match found {
                    Clear::Improved => Verdict::ClearlyBetter,
                    Clear::Unchanged => Verdict::NoClearChange,
                    Clear::Deteriorated => Verdict::ClearlyWorse,
                };
                change.category = clear.category(x, y);
            }
            if change.verdict == Verdict::NoClearChange {
                change.notes.push(format!("needs {}", clear.smallest_whole_points()));
            }
            if change.started_near_best && change.verdict != Verdict::ClearlyBetter {
                change.notes.push("started too near the best score to show a clear change for the better".to_owned());
            }
        }
    }
    change
}

/// What is known of a pupil who is at one time only: one score, and that nobody can tell.
pub fn alone(alone: Alone, times: (&TimePoint, &TimePoint), index: usize) -> Change {
    let (time, response, lacks) = match alone {
        Alone::AtBaseline(response) => (times.0, response, "no form at review"),
        Alone::AtReview(response) => (times.1, response, "no form at baseline"),
    };
    let point = time.point(response, index);
    let mut change = Change {
        baseline: None,
        review: None,
        baseline_level: None,
        review_level: None,
        verdict: Verdict::CannotTell,
        category: None,
        started_near_best: false,
        notes: Vec::new(),
    };
    match point.map(super::Point::state) {
        Some(PointState::NotApplicable) | None => return change,
        Some(PointState::Absent) => change.notes.push(format!("not scored: {}", time.reason(response, index).unwrap_or("no score"))),
        Some(PointState::Complete | PointState::Estimated) => {}
    }
    change.notes.insert(0, lacks.to_owned());
    let (score, level) = (point.and_then(super::Point::score), point.and_then(super::Point::level));
    match alone {
        Alone::AtBaseline(_) => (change.baseline, change.baseline_level) = (score, level),
        Alone::AtReview(_) => (change.review, change.review_level) = (score, level),
    }
    change
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
