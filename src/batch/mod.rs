//! The termly batch: what a term file asks for, what of it is up to date, and the record of what ran.
//!
//! A term file names jobs; a job has files of responses and outputs, and each output is made by a command of the program with the options
//! that stand in the file under their own names ([`read_term`]). What a job's outputs depend on is its [`Basis`]: the program's version,
//! the commands, the inputs and the definitions, with their hashes. A job whose basis and outputs are those of its record is up to date
//! and stays untouched. The [`Record`] is written last, so that whatever it does not vouch for is made again.

mod basis;
mod conflicts;
mod read;
mod record;
mod term;

pub use basis::{Basis, UsedDefinition, UsedFile, why_again};
pub use conflicts::conflicts;
pub use read::read_term;
pub use record::{Counts, Difference, JobRecord, NotDone, RECORD_FILE, Record, RecordError, TermRecord, UsedText};
pub use term::{CommandWords, Files, Holds, Job, JobOutput, OptionWords, Setting, Takes, TermFile, Vocabulary};

/// The file that a run has locked as long as it is at work in a folder.
pub const LOCK_FILE: &str = ".bandwise-run.lock";

/// A commented term file to start from.
pub fn starter() -> &'static str {
    include_str!("starter.toml")
}
