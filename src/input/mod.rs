//! From bytes to records: what the spreadsheet shows in its rows and cells, with the row numbers that it shows them under.
//!
//! Nothing is judged here but the shape of the table. A record is a row with something in it; blank rows are counted and skipped.
//! Cells are never trimmed, padded or guessed. The parsing itself is the csv crate's (`csv-core`).

mod batch;
mod source;
mod table;

pub use batch::{Batch, Record};
pub use source::Input;
pub use table::{ReadError, Table};
