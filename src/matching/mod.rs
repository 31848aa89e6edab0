//! Matching: a header becomes questions and context, a cell becomes a code, a blank, or a refused cell.
//!
//! Nothing is guessed: a header or cell that could be read in two ways is a finding. The exports of
//! form systems all differ in their headers and agree in none.

mod cell;
mod columns;
mod confirmed;
mod context;
mod date;
mod entry_columns;
mod exclusions;
mod found;
mod header;
mod list_columns;
mod map;
mod names;
mod pupils;
mod questions;
mod roster;
mod suggest;
mod system;
mod upn;

pub use cell::{Answer, AnswerKey, Coding, CodingError, Refusal};
pub use columns::{Carried, ColumnMap, FormColumns, Header, MatchOptions, match_columns};
pub use confirmed::confirmed_names;
pub use context::{Role, informant, names_a_pupil, says_where_from, school_year, sex};
pub use date::{DateOrder, NoDate, age_on, read_date, usual_school_year};
pub use entry_columns::{BLANK_COLUMN, NOT_ALLOWED_COLUMN};
pub use exclusions::{Exclusions, LeaveOut, read_exclusions};
pub use found::{Account, Found, LeftOut};
pub use list_columns::ListColumn;
pub use map::{ColumnNames, check_map, read_map};
pub use names::{AS_WRITTEN, PUPIL, read_names};
pub use pupils::{GroupColumn, ListedPupil, PupilList, read_pupils, read_pupils_dated};
pub use roster::{LookUp, Meant, Roster, written};
pub use suggest::{Fit, FitKind, fitting};
pub use system::System;
pub use upn::{UpnFault, check_upn};
