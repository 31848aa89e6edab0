//! SQL: a form compiled to one view that scores item columns inside an existing engine.
//!
//! For data that outgrow one machine, or may not leave the warehouse. A view holds the definition's own rules as plain SQL that a
//! data engineer can review: cells, answers, what they add up to, scales, bands, notes, alerts. It says what [`crate::scoring`] says,
//! in the same words and with the same numbers: all arithmetic is in whole numbers that are known to fit, and what a dialect
//! cannot say exactly is an error, never an approximation.

mod answers;
mod derived;
mod dialect;
mod draft;
mod error;
mod exact;
mod goals;
mod items;
mod names;
mod plan;
mod pupil;
mod shown;
mod tables;
mod text;
mod view;

pub use dialect::Dialect;
pub use error::SqlError;
pub use view::{ViewOptions, view};
