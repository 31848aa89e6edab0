//! Scoring: answers become scores, in exact arithmetic, one response at a time.
//!
//! A score never depends on another row: ranges for reversing come from the definition, nothing is imputed from the class. Every
//! score knows whether it is complete, estimated or absent, and why. Critical questions are looked at apart from all scoring.

mod belt;
mod counted;
mod derived;
mod examples;
mod express;
mod form;
mod join;
mod judge;
mod layout;
mod pipeline;
mod reading;
mod repeat;
mod responses;
mod row;
mod score;
mod scorer;
mod seen;
mod settling;
mod understanding;

pub use belt::Threads;
pub use counted::{Counted, CountedPortion, RowCount};
pub use examples::check_examples;
pub use express::MadeCells;
pub use form::{Form, FormError, FormOptions};
pub use join::Joining;
pub use layout::{Layout, Pseudonyms, comment_words, hidden_comment};
pub use pipeline::{RowHead, RowParts, RowWork};
pub use repeat::Repeat;
pub use responses::{Duplicates, ReadOptions, Refusals, Responses, ScoreError};
pub use row::{Alert, AlertReason, Level, ScoredBatch, ScoredRow};
pub use score::{Absence, Outcome, Remark, RowRefusal, ScaleScore};
pub use scorer::Scorer;
pub use understanding::{FileUnderstanding, ReadAs, SeenValue, Understanding, Unmatched, Values, declared};
