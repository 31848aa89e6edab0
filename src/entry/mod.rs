//! Entry: the sheet that a form is typed into, and the working that shows how what was typed became scores.
//!
//! The working recomputes nothing in a way of its own: answers and scores are the scorer's, every step between them is exact, and what
//! the last step comes to must be the score.

mod codes;
mod derived_steps;
mod looked_after;
mod missing;
mod sheet;
mod steps;
mod working;

pub use codes::{Allowed, is_one_of};
pub use looked_after::{LOOKED_AFTER_COLUMNS, LookedAfter, LookedAfterLine, REASONS_FOR_NO_SCORE};
pub use missing::{FormStatus, MissingForms, PupilForm, REASONS};
pub use sheet::{About, EntryError, EntryOptions, EntrySheet, QuestionColumn};
pub use steps::{Step, StepKind, Term, Worth, exact, printed_number};
pub use working::{WorkedAnswer, WorkedScale, Working};
