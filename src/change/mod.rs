//! Change: baseline and review side by side, and what can be said of the difference.
//!
//! A [`TimePoint`] holds what a comparison needs of one time's scores; [`Basis`] is what a clear change of one scale is, with its
//! source; [`compare`] gives each pupil and scale one verdict. Without figures on record the verdict is "cannot tell", never a hidden
//! default. Who is paired with whom is found elsewhere, by pupil id and never by row order.
//!
//! Jacobson and Truax 1991 is the default: a change counts if it is more than the error of filling in the form once, 1.96 times the
//! standard error of a difference, taken from published norms. That says nothing of why a score changed.

mod basis;
pub mod evidence;
mod gathering;
pub mod goals;
pub mod pathway;
mod records;
mod texts;
mod time_point;
mod verdict;

pub use basis::{Bases, Basis, ChangeError, ChangeOptions, ChangeOptionsError, Cutoff, ReliabilityKind};
pub use gathering::{TimePortion, TimeWork};
pub use records::{Point, PointState, RowContext, ScoreId};
#[cfg(feature = "frames")]
pub(crate) use texts::Texts;
pub use time_point::{TimePoint, TimeResponses, pupil_key};
pub use verdict::{Alone, Change, ChangeNote, Comparison, PairNote, Verdict, alone, better_word, change_words, compare, joined};
