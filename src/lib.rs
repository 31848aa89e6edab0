//! bandwise turns a spreadsheet of questionnaire answers into scores, bands and flags that a school can act on and defend.
//!
//! The story runs through the modules from bottom to top:
//!
//! 1. [`instrument`]: a questionnaire is a TOML file, checked as a whole before anything is scored with it;
//! 2. [`input`]: bytes become records, with the row numbers that the user sees in the spreadsheet;
//! 3. [`matching`]: a header becomes items and context, a cell becomes a code, a blank, or a refused cell;
//! 4. [`scoring`]: answers become scores in exact arithmetic, each with the reason when there is none;
//! 5. [`flags`]: scores become "who is at or above a level", and who cannot be judged;
//! 6. [`report`]: rows and tables; [`stats`]: the formulas that comparisons stand on.
//!
//! What is noteworthy on the way is a [`findings::Finding`], never a print. The library never prints, never exits, opens no
//! socket and reads no file that it was not given.

pub mod findings;
pub mod flags;

pub mod input;
pub mod instrument;
pub mod matching;
pub mod output;
pub mod privacy;
pub mod provenance;
pub mod report;

pub mod scoring;
pub mod stats;
