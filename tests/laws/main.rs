//! The laws of the program as properties: what must hold for every built-in form, every class, every answer and every file.
//!
//! A property that fails prints the smallest case that breaks it. The number of cases is small, so that the whole suite takes seconds;
//! `PROPTEST_CASES=10000 cargo test --test laws` looks harder.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod alerts;
mod attainment;
mod beside;
mod bounds;
mod cells;
mod certain_flags;
mod csv_reading;
mod derived;
mod extending;
mod forms;
mod hostile_bytes;
mod hostile_definitions;
mod methods;
mod mutation;
mod norms;
mod number;
mod numbered;
mod own_rules;
mod polarity;
mod reading;
mod reversing;
mod rows;
mod same_bytes;
mod threads;
#[cfg(feature = "frames")]
mod times;
mod written;
