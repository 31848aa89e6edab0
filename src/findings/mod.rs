//! Findings: what is noteworthy in the user's material, as data.
//!
//! A finding has a code, a place, the offending cell, a message and one help. Checks make findings and never format them;
//! `render` turns them into text or JSON in one place; [`Findings`] keeps the first three of each kind and column and counts the
//! rest, so that a million bad cells cost no memory. Only the offending cell is ever shown, never its row.

mod code;
mod collect;
mod explain;
mod explain_pathway;
mod explain_pupils;
mod explain_term;
mod place;
mod portion;
mod render;
mod words;

pub use code::{Code, Severity};
pub use collect::{Findings, Group, Observer};
pub use explain::Explanation;
pub use place::{Column, Place, Source, column_letters};
pub(crate) use portion::{Portion, Wanted};
pub use render::{Style, json_line, render_full, render_short, write_json_line};
pub use words::{count_of, did_you_mean, harmless, list_and, list_or, printable, quoted_list, thousands};

/// One noteworthy thing, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing it is.
    pub code: Code,
    /// Where it is.
    pub place: Place,
    /// The offending cell or word, as it stands in the user's file; nothing else of the file is ever shown.
    pub value: Option<String>,
    /// What is wrong, in lower case, user text in back-ticks.
    pub message: String,
    /// What stands under the caret: usually what would have been allowed.
    pub label: Option<String>,
    /// One thing to do, ready to be pasted.
    pub help: Option<String>,
}

impl Finding {
    /// A finding with a message and nothing else yet.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self { code, place, value: None, message: message.into(), label: None, help: None }
    }

    /// The offending cell.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// What stands under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// One thing to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
