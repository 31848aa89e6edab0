//! A scored batch, and the view of one of its rows that every output reads.

use std::borrow::Cow;

use super::form::Form;
use super::layout::{Layout, comment_length, comment_words};
use super::score::{Outcome, RowRefusal, ScaleScore};
use crate::findings::Column;
use crate::input::{Batch, Record};
use crate::instrument::{AgeRange, Critical, Gate, NoGroup, Number, Pupil, Rule, Said};
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
    /// The bands differ by group, and no group is this pupil's.
    NoGroup(NoGroup),
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

impl AlertReason {
    /// 0 for an answer, then what cannot be read, then blanks.
    fn rank(self) -> u8 {
        match self {
            Self::Answered(_) => 0,
            Self::Unreadable => 1,
            Self::Blank => 2,
        }
    }
}

/// What is known of a row besides its scores.
#[derive(Clone, Debug)]
pub(super) struct RowState {
    pub(super) pupil: Pupil,
    /// For each form, what it made of the row.
    pub(super) uses: Vec<Use>,
    /// The pupil of the list whose response it is.
    pub(super) listed: Option<usize>,
    /// Under what a pupil's other responses are found, where only one of them counts.
    pub(super) mark: Option<u64>,
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
    /// For each row, whether another response of the pupil counts instead.
    pub(super) left_out: Vec<bool>,
}

impl ScoredBatch {
    /// Records of which nothing is kept but themselves.
    pub(super) fn without_rows(file: usize, records: Batch) -> Self {
        Self { file, records, rows: Vec::new(), answers: Vec::new(), scores: Vec::new(), left_out: Vec::new() }
    }

    /// Room for the answers and scores of so many forms.
    pub(super) fn for_forms(self, forms: usize) -> Self {
        Self { answers: vec![Vec::new(); forms], scores: vec![Vec::new(); forms], ..self }
    }

    /// Forgets the answers and scores of the row that was there.
    pub(super) fn clear(&mut self) {
        self.answers.iter_mut().for_each(Vec::clear);
        self.scores.iter_mut().for_each(Vec::clear);
    }

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
    /// A row by itself: the batch holds its answers and scores, and those of no other row.
    pub(super) fn alone(batch: &'b ScoredBatch, layout: &'b Layout, record: Record<'b>, state: &'b RowState) -> Self {
        Self { batch, layout, record, state, index: 0 }
    }

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
        self.layout.listed_pupil(self.batch.file, self.record, self.state.listed)
    }

    /// The pupil as a person reads it: with the name, where the responses call pupils by name and the list gives them an id.
    pub fn named_pupil(&self) -> Cow<'b, str> {
        if self.is_ragged() {
            return self.pupil();
        }
        self.layout.named_pupil(self.batch.file, self.record, self.state.listed)
    }

    /// The pupil as a report calls them: with the name, wherever the pupil list has it.
    pub fn full_name(&self) -> String {
        let listed = self.layout.listing().zip(self.state.listed).and_then(|(listing, index)| listing.roster.pupil(index));
        listed.map_or_else(|| self.named_pupil().into_owned(), |pupil| self.layout.name_of(pupil))
    }

    /// The pupil of the pupil list whose response it is, by their place in the list.
    pub fn listed(&self) -> Option<usize> {
        self.state.listed
    }

    /// Whether another response of the pupil counts instead of this one, as the user asked: it is in no output, but its alerts are told.
    pub fn is_left_out(&self) -> bool {
        self.batch.left_out.get(self.index).copied().unwrap_or(false)
    }

    /// The carried cells, in the order of [`Layout::carried`].
    pub fn carried(&self) -> impl Iterator<Item = Cow<'b, str>> + 'b {
        let (layout, file, record, ragged, listed) = (self.layout, self.batch.file, self.record, self.is_ragged(), self.state.listed);
        let pupil = self.pupil();
        (0..layout.carried().len()).map(move |column| {
            if ragged {
                return if layout.is_pupil_column(column) { pupil.clone() } else { Cow::Borrowed(layout.file_cell(column, file)) };
            }
            layout.carried_cell(column, file, record, listed)
        })
    }

    /// One carried cell, by its place in [`Layout::carried`].
    pub fn carried_at(&self, column: usize) -> Cow<'b, str> {
        match self.is_ragged() {
            true if self.layout.is_pupil_column(column) => self.pupil(),
            true => Cow::Borrowed(self.layout.file_cell(column, self.batch.file)),
            false => self.layout.carried_cell(column, self.batch.file, self.record, self.state.listed),
        }
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

    /// The column that a question was found in, and its cell as it is written; a comment is replaced by its length. None where the file
    /// has no column for it, or the cells of the row cannot be trusted to stand under their headers.
    pub fn question(&self, form: usize, item: usize) -> Option<(&'b Column, Cow<'b, str>)> {
        let column = self.layout.question(self.batch.file, form, item).filter(|_| !self.is_ragged())?;
        let cell = self.record.cell(column.index);
        Some((column, comment_length(cell).map_or(Cow::Borrowed(cell), |length| Cow::Owned(comment_words(length)))))
    }

    /// Whether the row is about the pupil with this id, as it stands in the file or as outputs call the pupil. Case does not matter.
    pub fn is_about(&self, id: &str) -> bool {
        let wanted = id.trim().to_lowercase();
        let is_it = |known: &str| !wanted.is_empty() && known.to_lowercase() == wanted;
        let listed = self.layout.listing().zip(self.state.listed).and_then(|(listing, index)| listing.roster.pupil(index));
        is_it(&self.pupil())
            || (!self.is_ragged() && is_it(&self.layout.plain_id(self.batch.file, self.record)))
            || listed.is_some_and(|pupil| [&pupil.id, &pupil.own_id, &pupil.admission, &pupil.upn].into_iter().any(|known| is_it(known)))
    }

    /// The level of a score.
    pub fn level(&self, form_index: usize, scale: usize) -> Level {
        let Some(form) = self.layout.forms().get(form_index) else { return Level::None };
        let score = self.scores(form_index).get(scale).filter(|score| !matches!(score.outcome, Outcome::NotApplicable));
        match (self.bands_hold(form), form.bands(scale), score) {
            (_, None, _) | (_, _, None) => Level::None,
            (Some(refused), _, _) => refused,
            (None, Some(_), Some(score)) => score.value().map_or(Level::None, |value| self.level_of(form, scale, value)),
        }
    }

    /// The level that a score would have for this pupil.
    pub fn level_of(&self, form: &Form, scale: usize, score: Number) -> Level {
        match form.level(scale, score, &self.state.pupil) {
            Ok(level) => level.map_or(Level::None, Level::At),
            Err(reason) => Level::NoGroup(reason),
        }
    }

    /// What the file says of the pupil, as far as norms and bands ask.
    pub fn about_pupil(&self) -> &Pupil {
        &self.state.pupil
    }

    /// Why no band of a form can be given to this pupil, if so.
    pub fn bands_hold(&self, form: &Form) -> Option<Level> {
        match self.state.pupil.age {
            Said::This(age) => form.outside_ages(age).map(Level::OutsideAges),
            Said::Unreadable if form.instrument().ages.is_some() => Some(Level::UnknownAge),
            Said::Nothing | Said::Unreadable => None,
        }
    }

    /// The critical questions of a form that somebody must look at today. Scores, bands and missing rules have no say in it.
    pub fn alerts(&self, form: usize) -> impl Iterator<Item = Alert> + 'b {
        let critical = self.layout.forms().get(form).map(|form| form.instrument().critical.as_slice()).unwrap_or_default();
        let (answers, used) = (self.answers(form), self.is_on(form));
        let is_there = self.questions_there(form);
        // A row without any answer is no form: nobody left a question blank on it. It has its finding, and is listed as not judged.
        let is_form = answers.iter().any(|answer| *answer != Answer::Blank);
        let looked_at = critical.iter().enumerate().filter(move |(_, critical)| used && is_form && is_there(critical.item));
        looked_at.filter_map(move |(index, critical)| {
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

    /// Whether the form asks a question of whoever gave these answers: one behind a first question is asked only if that opens it.
    fn is_asked(&self, form: usize, item: usize) -> bool {
        let Some(instrument) = self.layout.forms().get(form).map(Form::instrument) else { return false };
        let answers = self.answers(form);
        let mut gates = instrument.scales.iter().filter_map(|scale| match &scale.rule {
            Rule::Items { items, gate, .. } if items.iter().any(|part| part.item == item) => Some(gate.as_ref()),
            _ => None,
        });
        let opens = |gate: &Gate| {
            gate.item == item || matches!(answers.get(gate.item), Some(Answer::Given(code)) if usize::from(*code) != gate.closed_by)
        };
        let is_critical = instrument.critical.iter().any(|critical| critical.item == item);
        // An item that is in no scale is a gate, or one that somebody must look at.
        let in_scales = gates.clone().next().is_some();
        !in_scales || is_critical || gates.any(|gate| gate.is_none_or(opens))
    }

    /// How many questions of a form the person was asked and the file has a column for, and how many of them have an answer that can be used.
    /// Questions that are in no score are behind the first question of their part of the form too.
    pub fn answered_of_asked(&self, form: usize) -> (usize, usize) {
        let Some(instrument) = self.layout.forms().get(form).map(Form::instrument) else { return (0, 0) };
        let answers = self.answers(form);
        let is_given = |item: usize| matches!(answers.get(item), Some(Answer::Given(_)));
        let gates = || {
            instrument.scales.iter().filter_map(|scale| match &scale.rule {
                Rule::Items { gate, .. } => gate.as_ref(),
                _ => None,
            })
        };
        let is_behind = |item: usize, gate: &Gate| {
            let block = instrument.items.get(item).and_then(|item| item.block);
            item != gate.item && block.is_some() && instrument.items.get(gate.item).and_then(|item| item.block) == block
        };
        let is_open = |gate: &Gate| matches!(answers.get(gate.item), Some(Answer::Given(code)) if usize::from(*code) != gate.closed_by);
        let asked = (0..instrument.items.len()).filter(|item| {
            let is_skipped = !self.is_asked(form, *item) || gates().any(|gate| is_behind(*item, gate) && !is_open(gate));
            self.question(form, *item).is_some() && (!is_skipped || is_given(*item))
        });
        asked.fold((0, 0), |(answered, asked), item| (answered + usize::from(is_given(item)), asked + 1))
    }

    /// The questions of a form that need an answer and have none that can be used, in the form's order. Where a first question decides
    /// whether others are asked, those are not needed before it is answered so that they are.
    pub fn open_questions(&self, form: usize) -> Vec<usize> {
        let Some(instrument) = self.layout.forms().get(form).map(Form::instrument) else { return Vec::new() };
        let (answers, is_there) = (self.answers(form), self.questions_there(form));
        let needed =
            instrument.items.iter().enumerate().filter(|(index, item)| item.needed && is_there(*index) && self.is_asked(form, *index));
        needed.filter(|(index, _)| !matches!(answers.get(*index), Some(Answer::Given(_)))).map(|(index, _)| index).collect()
    }

    /// Whether a question belongs to a part of the form that the file has.
    fn questions_there(&self, form: usize) -> impl Fn(usize) -> bool + 'b {
        let (layout, file) = (self.layout, self.batch.file);
        let items = layout.forms().get(form).map(|form| form.instrument().items.as_slice()).unwrap_or_default();
        move |item| items.get(item).is_some_and(|item| layout.file_has_block(file, form, item.block))
    }

    /// A form's alerts in words: `question 9 answered 2`.
    pub fn alert_words(&self, form_index: usize) -> Vec<String> {
        let Some(form) = self.layout.forms().get(form_index) else { return Vec::new() };
        let words = |alert: Alert| form.alert_words(form.instrument().critical.get(alert.critical)?, alert.reason);
        // What was answered stands before what cannot be read, and that before what was left blank.
        let mut alerts: Vec<Alert> = self.alerts(form_index).collect();
        alerts.sort_by_key(|alert| alert.reason.rank());
        alerts.into_iter().filter_map(words).collect()
    }

    /// The gravest of a form's alerts: 0 for an answer.
    pub fn gravest_alert(&self, form_index: usize) -> Option<u8> {
        self.alerts(form_index).map(|alert| alert.reason.rank()).min()
    }

    /// A form's sensitive answers in words. Only an answer is one: a blank is not, and none of them is an alert.
    pub fn sensitive_words(&self, form_index: usize) -> Vec<String> {
        let Some(form) = self.layout.forms().get(form_index).filter(|_| self.is_on(form_index)) else { return Vec::new() };
        let answers = self.answers(form_index);
        let words = |question: &Critical| match answers.get(question.item) {
            Some(Answer::Given(code)) if question.fires.get(usize::from(*code)).copied().unwrap_or(true) => {
                answered_words(form, question, *code)
            }
            _ => None,
        };
        form.instrument().sensitive.iter().filter_map(words).collect()
    }

    /// What a reader of a score should know about its answers and its band, and what a validity scale says against it.
    pub fn remarks(&self, form_index: usize, scale: usize) -> Vec<String> {
        let (Some(form), Some(score)) = (self.layout.forms().get(form_index), self.scores(form_index).get(scale)) else {
            return Vec::new();
        };
        let mut remarks = form.remarks(scale, score, self.level(form_index, scale));
        if score.value().is_some() {
            remarks.extend(form.cautions(scale, self.scores(form_index)).map(str::to_owned));
        }
        remarks
    }

    /// The note of a score: empty when every question was answered and no norm was needed.
    pub fn note(&self, form_index: usize, scale: usize) -> String {
        let mut parts = self.remarks(form_index, scale);
        let score = self.layout.forms().get(form_index).zip(self.scores(form_index).get(scale));
        parts.extend(score.and_then(|(form, score)| form.norm_words(scale, score)));
        parts.join("; ")
    }
}

impl Form {
    /// What is said of a critical or a sensitive question: `question 9 (thoughts of self-harm) answered 2`.
    pub fn alert_words(&self, question: &Critical, reason: AlertReason) -> Option<String> {
        Some(match reason {
            AlertReason::Answered(code) => answered_words(self, question, code)?,
            AlertReason::Blank => format!("{} left blank", question_words(self, question)?),
            AlertReason::Unreadable => format!("{} cannot be read", question_words(self, question)?),
        })
    }
}

/// `question 9 (thoughts of self-harm)`.
fn question_words(form: &Form, question: &Critical) -> Option<String> {
    let item = form.instrument().items.get(question.item)?;
    Some(format!("question {} ({})", item.number, question.about))
}

fn answered_words(form: &Form, question: &Critical, code: u16) -> Option<String> {
    let item = form.instrument().items.get(question.item)?;
    let code = form.instrument().answers.get(item.answers)?.codes.get(usize::from(code))?;
    Some(format!("{} answered {code}", question_words(form, question)?))
}
