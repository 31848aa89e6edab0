//! Every built-in definition against a second transcription of the published keys, codes, cut-offs, norms and change records.
//!
//! The tables in `tests/vectors/instruments` were transcribed from the sources apart from the definitions, and are compared with
//! them in both directions: a row without a counterpart fails, and so does a scale, band set, norm or critical question without a
//! row. Points, levels and T scores are worked out here from the tables, never with the library's own reading.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod answers;
mod bands;
mod change;
mod critical;
mod keys;
mod known_errors;
mod known_errors_norms;
mod lints;
mod norms;
mod program;
mod scored;
mod tables;
