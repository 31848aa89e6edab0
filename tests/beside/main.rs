//! What goes beside the scores: evidence at both times, and the school's pathway.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod evidence;
mod pathway;
mod program;
