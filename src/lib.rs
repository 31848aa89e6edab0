//! bandwise turns a spreadsheet of questionnaire answers into scores, bands and flags that a school can act on and defend.
//!
//! The story runs through the modules from bottom to top:
//!
//! 1. [`instrument`]: a questionnaire is a TOML file, checked as a whole before anything is scored with it;
//! 2. [`input`]: bytes become records, with the row numbers that the user sees in the spreadsheet;
//! 3. [`matching`]: a header becomes items and context, a cell becomes a code, a blank, or a refused cell;
//! 4. [`scoring`]: answers become scores in exact arithmetic, each with the reason when there is none;
//! 5. [`flags`]: scores become "who is at or above a level", and who cannot be judged;
//! 6. [`entry`]: the sheet that answers are typed into, and the working of one pupil's form;
//! 7. [`change`]: baseline and review side by side, and whether goals were met, on the formulas of [`stats`];
//! 8. `cohort`: who is paired with whom, and what a group comes to (polars frames, behind the feature `frames`);
//! 9. [`sql`]: a form as a view for an engine that holds the answers already;
//! 10. [`report`]: rows and tables;
//! 11. [`batch`]: the same every term, from a file that says what.
//!
//! What is noteworthy on the way is a [`findings::Finding`], never a print. The library never prints, never exits, opens no
//! socket and reads no file that it was not given.
//!
//! A form is scored with a few lines:
//!
//! ```
//! use bandwise::instrument::{Pupil, load};
//! use bandwise::matching::Answer;
//! use bandwise::scoring::{Form, FormOptions};
//!
//! let (instrument, _) = load("sdq-t4-17")?;
//! let form = Form::new(instrument, &FormOptions::default())?;
//! let answers = vec![Answer::Given(0); form.instrument().items.len()];
//! let mut scores = Vec::new();
//! form.scorer().score(&answers, &[true], &Pupil::default(), &mut scores);
//! let total = form.instrument().main_scale().and_then(|scale| scores[scale].value());
//! // Five questions are reversed, so the lowest answers do not make the lowest score.
//! assert_eq!(total.map(|total| total.to_string()).as_deref(), Some("10"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod batch;
pub mod change;
#[cfg(feature = "frames")]
pub mod cohort;
pub mod entry;
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
pub mod sql;
pub mod stats;
