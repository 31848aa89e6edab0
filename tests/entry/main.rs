//! The entry sheet and the working: what the sheet makes, `score` reads without any option; what the working shows, comes to the score.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod filled;
mod page;
mod sheet;
mod steps;
mod working;
