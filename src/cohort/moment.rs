//! One form at one time, with what pages say of each response besides its scores: the flag, and what was answered and what was not.

use std::sync::Arc;

use crate::change::{RowContext, TimePoint};
use crate::flags::{Flag, FlagRule, flag};
use crate::scoring::{Layout, ScoredRow};

/// Everybody's forms at one time.
#[derive(Clone, Debug)]
pub struct Moment {
    label: String,
    file: Arc<str>,
    /// How many months the form asks about.
    months: Option<usize>,
    time: TimePoint,
    seen: Vec<Seen>,
    rule: Option<FlagRule>,
}

/// What is known of one response besides its scores.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The pupil as people read them: with the name, where the pupil list has it and names are not hidden.
    pub name: String,
    /// What is said against the level from which the form flags.
    pub flag: Option<Flag>,
    /// How many of the questions that were asked have an answer that can be used.
    pub answered: usize,
    /// How many questions the person was asked, as far as the file has columns for them.
    pub asked: usize,
    /// The numbers of the questions that need an answer and have none that can be used.
    pub open: Vec<u16>,
}

impl Moment {
    /// Nobody's forms yet. The label says when it was, in the user's own word.
    pub fn new(label: String, file: Arc<str>, layout: &Layout) -> Self {
        let form = layout.forms().first();
        let months = form.and_then(|form| form.instrument().period_months);
        let rule = form.and_then(|form| FlagRule::new(form, None).ok().flatten());
        Self { label, file, months, time: TimePoint::new(layout, 0), seen: Vec::new(), rule }
    }

    /// Nobody's forms at a time that has not come yet.
    pub(super) fn not_yet(&self) -> TimePoint {
        self.time.with_nobody()
    }

    /// Takes one response to the layout's first form.
    pub fn add(&mut self, layout: &Layout, row: &ScoredRow<'_>, context: RowContext) {
        let before = self.time.len();
        self.time.add(layout, row, context);
        // A row that somebody else completed is none of this form's.
        if self.time.len() == before {
            return;
        }
        let (answered, asked) = row.answered_of_asked(0);
        let numbers = |items: Vec<usize>| {
            let items = items.into_iter().filter_map(|item| layout.forms().first()?.instrument().items.get(item));
            items.map(|item| item.number).collect()
        };
        self.seen.push(Seen {
            name: row.full_name(),
            flag: flag(layout, row, 0, self.rule.as_ref()),
            answered,
            asked,
            open: numbers(row.open_questions(0)),
        });
    }

    /// When it was, in the user's own word.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The file that it was read from.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// How many months its form asks about.
    pub(super) fn months(&self) -> Option<usize> {
        self.months
    }

    /// The scores.
    pub fn time(&self) -> &TimePoint {
        &self.time
    }

    /// What is known of a response besides its scores.
    pub fn seen(&self, response: usize) -> Option<&Seen> {
        self.seen.get(response)
    }
}
