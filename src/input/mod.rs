//! From bytes to records: what the spreadsheet shows in its rows and cells, with the row numbers that it shows them under.
//!
//! Text tables and workbooks come out alike. Nothing is judged here but the shape of the table. A record is a row with something in it;
//! blank rows are counted and skipped. Cells are never trimmed, padded or guessed; what was taken for granted about a file is told.
//! The parsing itself is the csv crate's (`csv-core`) and calamine's.

mod batch;
mod chunk;
mod decode;
mod guarded;
mod open_document;
mod separator;
mod source;
mod table;
mod text;
mod workbook;

pub use batch::{Batch, Record};
pub(crate) use batch::{Places, Spare, UncutLine};
pub use decode::Encoding;
pub use separator::{SEPARATORS, separator_name};
pub use source::Input;
pub(crate) use table::Unread;
pub use table::{InputOptions, ReadError, Shape, Table};
