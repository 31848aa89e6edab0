//! Matching: a header becomes questions and context, a cell becomes a code, a blank, or a refused cell.
//!
//! Nothing is guessed: a header or cell that could be read in two ways is a finding. The exports of
//! form systems all differ in their headers and agree in none.

mod cell;
mod columns;
mod context;
mod header;
mod map;
mod questions;

pub use cell::{Answer, AnswerKey, Coding, CodingError, Refusal};
pub use columns::{Carried, ColumnMap, FormColumns, MatchOptions, match_columns};
pub use context::{Role, informant, names_a_pupil, school_year, sex};
pub use map::{ColumnNames, check_map, read_map};
