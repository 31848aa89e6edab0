//! The laws of the program as properties: what must hold for every class, every answer and every file.
//!
//! A property that fails prints the smallest case that breaks it. The number of cases is small, so that the whole suite takes seconds;
//! `PROPTEST_CASES=10000 cargo test --test laws` looks harder.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod alerts;
mod bounds;
mod certain_flags;
mod csv_reading;
mod hostile_bytes;
mod hostile_definitions;
mod mutation;
mod number;
mod polarity;
mod reading;
mod reversing;
mod rows;
mod same_bytes;
