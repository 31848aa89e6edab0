//! Cohorts: many pupils at once, on polars frames: who is paired with whom, and what a group comes to.
//!
//! Frames hold ids, group names and row numbers; scores stay exact where they are. No polars type leaves this module, and polars never
//! reads raw responses, because it turns bad cells into nulls.

mod adjusted;
mod course;
mod filter;
mod gathering;
mod goals;
mod group;
mod moment;
mod pair;
mod published;
mod published_change;
mod summary;
mod together;

pub use adjusted::Adjusted;
pub use course::{Course, Span};
pub use filter::{Counted, Filter, FilterError, SchoolYear, TwoReadings, school_year_of};
pub use gathering::{Cycle, Expected, Gathering, Person};
pub use goals::{goal_realism, goal_scales};
pub use group::{AboveLevel, GroupChange, GroupOptions, GroupRows, MeanChange, Technical, group_changes, groups_of};
pub use moment::{Moment, Seen};
pub use pair::{FrameError, Pairing, pair};
pub use published::{Disclosure, Figure, Published, PublishedRow};
pub use published_change::{PublishError, PublishedChange};
pub use summary::{BLANK, Figures, GroupSummary, Summary, SummaryError, Tallies};
pub use together::{Repeat, Times, Together, TogetherError, check_forms, pairing_words};
