//! What a comparison keeps of one time: the pupils' ids, and of their scores and levels four bytes each, so that a million pupils fit.

use std::collections::HashMap;

use super::records::{ContextId, Point, PointState, Records, RowContext, ScoreId, ScoreRecord};
use super::texts::Texts;
use crate::instrument::{Pupil, Rule, Transform};
use crate::scoring::{Form, Layout, ScoredRow};

/// What of an id is compared: case and the space around it do not matter.
pub fn pupil_key(id: &str) -> String {
    id.trim().to_lowercase()
}

/// Everybody's scores at one time, in the order in which they were read.
#[derive(Clone, Debug, Default)]
pub struct TimePoint {
    form: usize,
    scales: usize,
    responses: TimeResponses,
    records: Records,
}

/// Responses of one time. What is known of each is called by its number.
#[derive(Clone, Debug, Default)]
pub struct TimeResponses {
    pupils: Texts,
    rows: Vec<u64>,
    contexts: Vec<ContextId>,
    /// Those of each response, for each scale of the form.
    scores: Vec<ScoreId>,
    alerts: HashMap<usize, Vec<String>>,
}

/// All that is kept of one response.
pub(super) struct Response {
    row: u64,
    pupil: String,
    about: Pupil,
    context: RowContext,
    scores: Vec<ScoreRecord>,
    alerts: Vec<String>,
}

impl Response {
    /// A row that somebody else completed has its finding, and is neither a baseline nor a review of this form.
    pub(super) fn of(layout: &Layout, row: &ScoredRow<'_>, form: usize, context: RowContext) -> Option<Self> {
        if row.is_anothers(form) {
            return None;
        }
        let scales = 0..row.scores(form).len();
        Some(Self {
            row: row.row(),
            pupil: row.pupil().into_owned(),
            about: *row.about_pupil(),
            context,
            scores: scales.filter_map(|scale| ScoreRecord::of(layout, row, form, scale)).collect(),
            alerts: row.alert_words(form),
        })
    }
}

impl TimeResponses {
    /// Takes one response.
    pub(super) fn add(&mut self, response: Response, records: &mut Records) {
        if !response.alerts.is_empty() {
            self.alerts.insert(self.rows.len(), response.alerts);
        }
        self.begin(response.row, &response.pupil, records.keep_context(response.about, response.context));
        self.scores.extend(response.scores.into_iter().map(|score| records.keep(score)));
    }

    /// Begins a response that has no alert; its scores follow, those of every scale of the form in their order.
    pub(super) fn begin(&mut self, row: u64, pupil: &str, context: ContextId) {
        self.pupils.push(pupil);
        self.rows.push(row);
        self.contexts.push(context);
    }

    /// Adds the score of the next scale.
    pub(super) fn score(&mut self, id: ScoreId) {
        self.scores.push(id);
    }

    /// Whether every response has a score for each of so many scales: else each pupil would have somebody else's.
    pub(super) fn is_even(&self, scales: usize) -> bool {
        self.scores.len() == scales * self.rows.len()
    }

    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.pupils.clear();
        self.rows.clear();
        self.contexts.clear();
        self.scores.clear();
        self.alerts.clear();
    }

    /// Takes the responses of the rows that come next, and leaves none there; the same things have the same numbers.
    pub fn absorb(&mut self, next: &mut Self) {
        let before = self.rows.len();
        self.pupils.append(&mut next.pupils);
        self.rows.append(&mut next.rows);
        self.contexts.append(&mut next.contexts);
        self.scores.append(&mut next.scores);
        self.alerts.extend(next.alerts.drain().map(|(response, alerts)| (before + response, alerts)));
    }
}

impl TimePoint {
    /// Nobody's scores yet on one of the layout's forms.
    pub fn new(layout: &Layout, form: usize) -> Self {
        let scales = layout.forms().get(form).map_or(0, |form| form.instrument().scales.len());
        Self { form, scales, ..Self::default() }
    }

    /// The same with these responses, whose numbers are those of the records.
    pub(super) fn with(self, responses: TimeResponses, records: Records) -> Self {
        assert!(responses.is_even(self.scales), "every response has a score for each scale");
        Self { responses, records, ..self }
    }

    /// The same form at a time for which nobody's scores are there.
    #[must_use]
    pub fn with_nobody(&self) -> Self {
        Self { form: self.form, scales: self.scales, ..Self::default() }
    }

    /// Takes one response, unless somebody else than the form is for completed it.
    pub fn add(&mut self, layout: &Layout, row: &ScoredRow<'_>, context: RowContext) {
        if let Some(response) = Response::of(layout, row, self.form, context) {
            self.responses.add(response, &mut self.records);
        }
    }

    /// What the file says of a response's pupil, as far as norms ask.
    pub fn about(&self, response: usize) -> Pupil {
        self.context(response).map(|(pupil, _)| *pupil).unwrap_or_default()
    }

    /// Measures a response's norm scores against the norm group of another time, so that a pupil who had a birthday between the two does
    /// not seem to have changed. NHS England's scoring keeps the group of the first form in the same way.
    pub fn measure_as(&mut self, response: usize, form: &Form, other: &Pupil) {
        let own = self.about(response);
        // The same is said of the pupil at both times, so that all groups are the same.
        if own == *other {
            return;
        }
        for (scale, definition) in form.instrument().scales.iter().enumerate() {
            let Rule::Of { scale: of, transform: Transform::Norms { norms, column, round } } = &definition.rule else { continue };
            let (Some(Ok((grouping, group))), own) = (form.norm_group(scale, other), form.norm_group(scale, &own)) else { continue };
            if own.is_some_and(|own| own.is_ok_and(|(_, own)| own == group)) {
                continue;
            }
            let looked_up = (form.instrument().norms.get(*norms), self.score(response, *of), self.score(response, scale));
            let (Some(norms), Some(raw), Some(before)) = looked_up else { continue };
            let cell = norms.cells.get(grouping.index(group)).and_then(|row| row.get(*column));
            let Some(value) = raw.point.score().and_then(|score| cell?.standardised(score, *round)) else { continue };
            let level = form.level(scale, value, other).ok().flatten();
            // Without a norm, nothing was said of the answers: the raw score has that.
            let is_first_said = before.reason.is_some() && raw.point.state() == PointState::Estimated;
            let about_answers = raw.remarks.first().filter(|_| is_first_said).cloned();
            let words = format!("measured against the norm of the baseline, {}", grouping.words(group));
            let measured = before.clone().measured(value, level, raw.point.state());
            let measured = measured.regrouped(about_answers.into_iter().chain([words]));
            self.put(response, scale, measured);
        }
    }

    /// Bands a response by the cut-offs of another time's group, where they go by age or sex: a birthday is no change either.
    pub fn band_as(&mut self, response: usize, form: &Form, other: &Pupil) {
        let own = self.about(response);
        if own == *other {
            return;
        }
        for (scale, _) in form.instrument().scales.iter().enumerate() {
            let (Some(Ok((grouping, group))), before) = (form.band_group(scale, other), form.band_group(scale, &own)) else { continue };
            if before.is_some_and(|before| before.is_ok_and(|(_, before)| before == group)) {
                continue;
            }
            let Some(score) = self.score(response, scale) else { continue };
            let Some(value) = score.point.score() else { continue };
            let level = form.level(scale, value, other).ok().flatten();
            let words = format!("banded by the cut-off of the baseline, {}", grouping.words(group));
            let banded = score.clone().at(level).regrouped([words]);
            self.put(response, scale, banded);
        }
    }

    fn put(&mut self, response: usize, scale: usize, score: ScoreRecord) {
        let new = self.records.keep(score);
        if let Some(id) = self.responses.scores.get_mut(response * self.scales + scale) {
            *id = new;
        }
    }

    /// How many responses there are.
    pub fn len(&self) -> usize {
        self.responses.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.responses.rows.is_empty()
    }

    /// The pupils, one for each response.
    pub fn pupils(&self) -> impl Iterator<Item = &str> {
        self.responses.pupils.iter()
    }

    /// The pupil of a response; empty for a response that is not there.
    pub fn pupil(&self, response: usize) -> &str {
        self.responses.pupils.get(response).unwrap_or_default()
    }

    /// The row of a response.
    pub fn row(&self, response: usize) -> u64 {
        self.responses.rows.get(response).copied().unwrap_or(0)
    }

    /// The number of what is known of one score.
    pub fn score_id(&self, response: usize, scale: usize) -> Option<ScoreId> {
        (scale < self.scales).then(|| self.responses.scores.get(response * self.scales + scale).copied()).flatten()
    }

    fn score(&self, response: usize, scale: usize) -> Option<&ScoreRecord> {
        self.records.score(self.score_id(response, scale)?)
    }

    fn context(&self, response: usize) -> Option<&(Pupil, RowContext)> {
        self.records.context(*self.responses.contexts.get(response)?)
    }

    /// One score.
    pub fn point(&self, response: usize, scale: usize) -> Option<Point> {
        self.score(response, scale).map(|score| score.point)
    }

    /// Why there is no score.
    pub fn reason(&self, response: usize, scale: usize) -> Option<&str> {
        self.score(response, scale)?.reason.as_deref()
    }

    /// What a reader of a score should know; none where every question was answered.
    pub fn note(&self, response: usize, scale: usize) -> Option<String> {
        self.score(response, scale).map(|score| &score.remarks).filter(|remarks| !remarks.is_empty()).map(|remarks| remarks.join("; "))
    }

    /// The groups of a response.
    pub fn groups(&self, response: usize) -> &[String] {
        self.context(response).map_or(&[], |(_, context)| &context.groups)
    }

    /// Who completed a response, as the file says; empty if it does not.
    pub fn completed_by(&self, response: usize) -> &str {
        self.context(response).map_or("", |(_, context)| &context.completed_by)
    }

    /// The date of a response, as the file says; empty if it does not.
    pub fn date(&self, response: usize) -> &str {
        self.context(response).map_or("", |(_, context)| &context.date)
    }

    /// The alerts of a response.
    pub fn alerts(&self, response: usize) -> &[String] {
        self.responses.alerts.get(&response).map_or(&[], Vec::as_slice)
    }
}
