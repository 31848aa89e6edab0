//! A scored batch, and the view of one of its rows that every output reads.

use std::borrow::Cow;

use super::form::Form;
use super::layout::Layout;
use super::score::{Outcome, RowRefusal, ScaleScore};
use crate::input::{Batch, Record};
use crate::instrument::AgeRange;
use crate::matching::{Answer, Role};

/// The level of a score in the band set in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The level: 0 is the one of least concern.
    At(usize),
    /// There is no score, or the scale has no bands.
    None,
    /// The bands do not hold: the pupil's age is outside the form's.
    OutsideAges(AgeRange),
    /// The bands cannot be chosen: the pupil's age is not readable.
    UnknownAge,
}

/// A critical question of one form that somebody must look at today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Which of the form's critical questions.
    pub critical: usize,
    /// Why.
    pub reason: AlertReason,
}

/// Why a critical question is an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertReason {
    /// It was answered at its level: the answer's place in its set.
    Answered(u16),
    /// It was left blank.
    Blank,
    /// The answer cannot be read.
    Unreadable,
}

/// What is known of a row besides its scores.
#[derive(Clone, Debug)]
pub(super) struct RowState {
    pub(super) age: Age,
    /// For each form, what it made of the row.
    pub(super) uses: Vec<Use>,
}

/// What a form made of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// It was scored.
    Scored,
    /// It could not be used.
    Refused(RowRefusal),
    /// It belongs to another of the forms.
    Elsewhere,
}

/// A pupil's age, as far as the file says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    /// The file does not say.
    Unsaid,
    /// In whole years.
    Years(u8),
    /// The cell cannot be read.
    Unreadable,
}

/// Scored records of one file.
#[derive(Debug)]
pub struct ScoredBatch {
    pub(super) file: usize,
    pub(super) records: Batch,
    pub(super) rows: Vec<RowState>,
    /// For each form, all answers, row by row.
    pub(super) answers: Vec<Vec<Answer>>,
    /// For each form, all scores, row by row.
    pub(super) scores: Vec<Vec<ScaleScore>>,
}

impl ScoredBatch {
    /// The rows in order.
    pub fn rows<'b>(&'b self, layout: &'b Layout) -> impl Iterator<Item = ScoredRow<'b>> {
        self.records.records().zip(&self.rows).enumerate().map(move |(index, (record, state))| ScoredRow {
            batch: self,
            layout,
            record,
            state,
            index,
        })
    }
}

/// One row with its scores.
#[derive(Clone, Copy, Debug)]
pub struct ScoredRow<'b> {
    batch: &'b ScoredBatch,
    layout: &'b Layout,
    record: Record<'b>,
    state: &'b RowState,
    index: usize,
}

impl<'b> ScoredRow<'b> {
    /// The row number that the user sees in the spreadsheet.
    pub fn row(&self) -> u64 {
        self.record.row()
    }

    /// The name of the file that it is in.
    pub fn file(&self) -> &'b str {
        self.layout.file_name(self.batch.file)
    }

    /// Whether the cells cannot be trusted to stand under their headers.
    fn is_ragged(&self) -> bool {
        self.state.uses.iter().any(|used| matches!(used, Use::Refused(refusal) if refusal.is_misplaced()))
    }

    /// The pupil, as every output calls them: the id, a keyed code where names are hidden, or `row 7`.
    pub fn pupil(&self) -> Cow<'b, str> {
        if self.is_ragged() {
            return Cow::Owned(format!("row {}", self.row()));
        }
        self.layout.pupil(self.batch.file, self.record)
    }

    /// The carried cells, in the order of [`Layout::carried`].
    pub fn carried(&self) -> impl Iterator<Item = Cow<'b, str>> + 'b {
        let (layout, file, record, ragged) = (self.layout, self.batch.file, self.record, self.is_ragged());
        let pupil = self.pupil();
        (0..layout.carried().len()).map(move |column| {
            if ragged {
                return if layout.is_pupil_column(column) { pupil.clone() } else { Cow::Borrowed("") };
            }
            layout.carried_cell(column, file, record)
        })
    }

    /// The cell of a role, without the space around it; empty if the file does not say.
    pub fn told(&self, role: Role) -> &'b str {
        if self.is_ragged() {
            return "";
        }
        self.layout.role(self.batch.file, role).map_or("", |column| self.record.cell(column).trim())
    }

    /// Whether the row says which pupil it is about.
    pub fn says_pupil(&self) -> bool {
        !self.is_ragged() && !self.layout.plain_id(self.batch.file, self.record).is_empty()
    }

    /// Whether a form was used on this row, scored or refused.
    pub fn is_on(&self, form: usize) -> bool {
        self.state.uses.get(form).is_some_and(|used| *used != Use::Elsewhere)
    }

    /// Whether a form refused the row because somebody else completed it.
    pub fn is_anothers(&self, form: usize) -> bool {
        matches!(self.state.uses.get(form), Some(Use::Refused(RowRefusal::OtherInformant | RowRefusal::UnknownInformant)))
    }

    /// A form's scores, in the definition's order.
    pub fn scores(&self, form: usize) -> &'b [ScaleScore] {
        let Some(scales) = self.layout.forms().get(form).map(|form| form.instrument().scales.len()) else { return &[] };
        self.batch.scores.get(form).and_then(|scores| scores.get(self.index * scales..(self.index + 1) * scales)).unwrap_or_default()
    }

    /// A form's answers, in the order of its items.
    pub fn answers(&self, form: usize) -> &'b [Answer] {
        let Some(items) = self.layout.forms().get(form).map(|form| form.instrument().items.len()) else { return &[] };
        self.batch.answers.get(form).and_then(|answers| answers.get(self.index * items..(self.index + 1) * items)).unwrap_or_default()
    }

    /// The level of a score.
    pub fn level(&self, form_index: usize, scale: usize) -> Level {
        let Some(form) = self.layout.forms().get(form_index) else { return Level::None };
        let score = self.scores(form_index).get(scale).filter(|score| !matches!(score.outcome, Outcome::NotApplicable));
        match (self.bands_hold(form), form.bands(scale), score) {
            (_, None, _) | (_, _, None) => Level::None,
            (Some(refused), _, _) => refused,
            (None, Some(bands), Some(score)) => score.value().map_or(Level::None, |value| Level::At(bands.level(value))),
        }
    }

    /// Why no band of a form can be given to this pupil, if so.
    pub fn bands_hold(&self, form: &Form) -> Option<Level> {
        match self.state.age {
            Age::Years(age) => form.outside_ages(age).map(Level::OutsideAges),
            Age::Unreadable if form.instrument().ages.is_some() => Some(Level::UnknownAge),
            Age::Unsaid | Age::Unreadable => None,
        }
    }

    /// The critical questions of a form that somebody must look at today. Scores, bands and missing rules have no say in it.
    pub fn alerts(&self, form: usize) -> impl Iterator<Item = Alert> + 'b {
        let critical = self.layout.forms().get(form).map(|form| form.instrument().critical.as_slice()).unwrap_or_default();
        let (answers, used) = (self.answers(form), self.is_on(form));
        critical.iter().enumerate().filter(move |_| used).filter_map(move |(index, critical)| {
            let reason = match answers.get(critical.item) {
                Some(Answer::Given(code)) if critical.fires.get(usize::from(*code)).copied().unwrap_or(true) => {
                    AlertReason::Answered(*code)
                }
                Some(Answer::Given(_)) => return None,
                Some(Answer::Blank) => AlertReason::Blank,
                Some(Answer::Refused) | None => AlertReason::Unreadable,
            };
            Some(Alert { critical: index, reason })
        })
    }

    /// A form's alerts in words: `question 9 answered 2`.
    pub fn alert_words(&self, form_index: usize) -> Vec<String> {
        let Some(form) = self.layout.forms().get(form_index) else { return Vec::new() };
        let instrument = form.instrument();
        let words = |alert: Alert| {
            let critical = instrument.critical.get(alert.critical)?;
            let item = instrument.items.get(critical.item)?;
            let set = instrument.answers.get(item.answers)?;
            let what = match alert.reason {
                AlertReason::Answered(code) => format!("answered {}", set.codes.get(usize::from(code))?),
                AlertReason::Blank => "left blank".to_owned(),
                AlertReason::Unreadable => "cannot be read".to_owned(),
            };
            Some(format!("question {} ({}) {what}", item.number, critical.about))
        };
        self.alerts(form_index).filter_map(words).collect()
    }

    /// The note of a score: empty when every question was answered.
    pub fn note(&self, form_index: usize, scale: usize) -> String {
        match (self.layout.forms().get(form_index), self.scores(form_index).get(scale)) {
            (Some(form), Some(score)) => form.note(scale, score, self.level(form_index, scale)),
            _ => String::new(),
        }
    }
}
