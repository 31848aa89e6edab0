//! Goals: the file, the target grammar, every outcome with its sentence, the T scores, and the laws as properties.
//!
//! Expected numbers come from `tests/vectors`; expected words are the promise to whoever filters on them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod given;
mod laws;
mod outcomes;
mod rated;
mod reading;
mod realism;
mod sentences;
mod vectors;
