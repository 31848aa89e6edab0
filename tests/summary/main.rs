//! `summary` from files to outputs, and what somebody could work out of it.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod recovered;
