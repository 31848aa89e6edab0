//! What a comparison keeps of one time: ids, scores and levels, twelve bytes a score, so that a million pupils fit.

use std::collections::HashMap;

use crate::instrument::{Number, Pupil, Rule, Transform};
use crate::scoring::{Form, Layout, Level, Outcome, ScoredRow};

/// What of an id is compared: case and the space around it do not matter.
pub fn pupil_key(id: &str) -> String {
    id.trim().to_lowercase()
}

/// One scale of one pupil at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    over: i32,
    under: u32,
    level: Option<u8>,
    state: PointState,
    /// Whether there are remarks on it, so that nobody looks for those of the many that have none.
    is_remarked: bool,
}

/// What a point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointState {
    /// Every question was answered.
    Complete,
    /// Some answers are missing, and the rule allows for it.
    Estimated,
    /// No score.
    Absent,
    /// The file lacks this part of the form.
    NotApplicable,
}

impl Point {
    /// The score.
    pub fn score(self) -> Option<Number> {
        match self.state {
            PointState::Complete | PointState::Estimated => Number::ratio(i64::from(self.over), i64::from(self.under)),
            PointState::Absent | PointState::NotApplicable => None,
        }
    }

    /// The level in the band set in use.
    pub fn level(self) -> Option<usize> {
        self.level.map(usize::from)
    }

    /// What it is.
    pub fn state(self) -> PointState {
        self.state
    }
}

/// Everybody's scores at one time, in the order in which they were read.
#[derive(Clone, Debug, Default)]
pub struct TimePoint {
    form: usize,
    scales: usize,
    pupils: Vec<String>,
    /// What the file says of each, as far as norms ask.
    about: Vec<Pupil>,
    rows: Vec<u64>,
    points: Vec<Point>,
    /// Why there is no score, for the few that have none.
    reasons: HashMap<(usize, usize), String>,
    /// What a reader of a score should know, where there is something.
    remarks: HashMap<(usize, usize), Vec<String>>,
    /// Which of them holds only as long as the pupil is in no group.
    for_want_of_group: HashMap<(usize, usize), String>,
    groups: Vec<Vec<String>>,
    completed_by: Vec<String>,
    dates: Vec<String>,
    alerts: HashMap<usize, Vec<String>>,
}

/// What is kept of a row besides its scores.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowContext {
    /// The groups that reports are cut by.
    pub groups: Vec<String>,
    /// Who completed it, as the file says.
    pub completed_by: String,
    /// When, as the file says.
    pub date: String,
}

impl TimePoint {
    /// Nobody's scores yet on one of the layout's forms.
    pub fn new(layout: &Layout, form: usize) -> Self {
        let scales = layout.forms().get(form).map_or(0, |form| form.instrument().scales.len());
        Self { form, scales, ..Self::default() }
    }

    /// The same form at a time for which nobody's scores are there.
    #[must_use]
    pub fn with_nobody(&self) -> Self {
        Self { form: self.form, scales: self.scales, ..Self::default() }
    }

    /// Takes one response. A row that somebody else completed has its finding, and is neither a baseline nor a review of this form.
    pub fn add(&mut self, layout: &Layout, row: &ScoredRow<'_>, context: RowContext) {
        if row.is_anothers(self.form) {
            return;
        }
        let position = self.pupils.len();
        self.pupils.push(row.pupil().into_owned());
        self.about.push(*row.about_pupil());
        self.rows.push(row.row());
        for (scale, score) in row.scores(self.form).iter().enumerate() {
            let level = match row.level(self.form, scale) {
                Level::At(level) => u8::try_from(level).ok(),
                Level::None | Level::OutsideAges(_) | Level::UnknownAge | Level::NoGroup(_) => None,
            };
            let value = score.value().unwrap_or(Number::ZERO);
            let (over, under) = (i32::try_from(value.over()), u32::try_from(value.under()));
            let state = match score.outcome {
                Outcome::Complete(_) => PointState::Complete,
                Outcome::Estimated(_) => PointState::Estimated,
                Outcome::Absent(_) => PointState::Absent,
                Outcome::NotApplicable => PointState::NotApplicable,
            };
            // A definition's scores are far below two thousand million; a number that is not is no score.
            let state = if over.is_err() || under.is_err() { PointState::Absent } else { state };
            let remarks = row.remarks(self.form, scale);
            let is_remarked = !remarks.is_empty();
            self.points.push(Point { over: over.unwrap_or(0), under: under.unwrap_or(1), level, state, is_remarked });
            if let (PointState::Absent, Outcome::Absent(absence), Some(form)) = (state, score.outcome, layout.forms().get(self.form)) {
                self.reasons.insert((position, scale), form.why(absence, score));
            }
            if is_remarked {
                self.remarks.insert((position, scale), remarks);
            }
            let form = layout.forms().get(self.form);
            if let Some(remark) = form.and_then(|form| form.for_want_of_group(scale, score, row.level(self.form, scale))) {
                self.for_want_of_group.insert((position, scale), remark);
            }
        }
        let alerts = row.alert_words(self.form);
        if !alerts.is_empty() {
            self.alerts.insert(position, alerts);
        }
        self.groups.push(context.groups);
        self.completed_by.push(context.completed_by);
        self.dates.push(context.date);
    }

    /// Takes the responses of the rows that come next.
    pub fn absorb(&mut self, next: Self) {
        let before = self.pupils.len();
        let further = |(response, scale): (usize, usize)| (before + response, scale);
        self.pupils.extend(next.pupils);
        self.about.extend(next.about);
        self.rows.extend(next.rows);
        self.points.extend(next.points);
        self.reasons.extend(next.reasons.into_iter().map(|(place, reason)| (further(place), reason)));
        self.remarks.extend(next.remarks.into_iter().map(|(place, remarks)| (further(place), remarks)));
        self.for_want_of_group.extend(next.for_want_of_group.into_iter().map(|(place, remark)| (further(place), remark)));
        self.groups.extend(next.groups);
        self.completed_by.extend(next.completed_by);
        self.dates.extend(next.dates);
        self.alerts.extend(next.alerts.into_iter().map(|(response, alerts)| (before + response, alerts)));
    }

    /// What the file says of a response's pupil, as far as norms ask.
    pub fn about(&self, response: usize) -> Pupil {
        self.about.get(response).copied().unwrap_or_default()
    }

    /// Measures a response's norm scores against the norm group of another time, so that a pupil who had a birthday between the two does
    /// not seem to have changed. NHS England's scoring keeps the group of the first form in the same way.
    pub fn measure_as(&mut self, response: usize, form: &Form, other: &Pupil) {
        for (scale, definition) in form.instrument().scales.iter().enumerate() {
            let Rule::Of { scale: of, transform: Transform::Norms { norms, column, round } } = &definition.rule else { continue };
            let (Some(Ok((grouping, group))), own) = (form.norm_group(scale, other), form.norm_group(scale, &self.about(response))) else {
                continue;
            };
            if own.is_some_and(|own| own.is_ok_and(|(_, own)| own == group)) {
                continue;
            }
            let (Some(norms), Some(raw)) = (form.instrument().norms.get(*norms), self.point(response, *of)) else { continue };
            let cell = norms.cells.get(grouping.index(group)).and_then(|row| row.get(*column));
            let Some(value) = raw.score().and_then(|score| cell?.standardised(score, *round)) else { continue };
            let level = form.level(scale, value, other).ok().flatten().and_then(|level| u8::try_from(level).ok());
            let (Ok(over), Ok(under)) = (i32::try_from(value.over()), u32::try_from(value.under())) else { continue };
            if let Some(point) = self.points.get_mut(response * self.scales + scale) {
                *point = Point { over, under, level, state: raw.state(), is_remarked: point.is_remarked };
            }
            let had_no_norm = self.reasons.remove(&(response, scale)).is_some();
            // Without a norm, nothing was said of the answers: the raw score has that.
            let about_answers = self.remarks.get(&(response, *of)).filter(|_| had_no_norm && raw.state() == PointState::Estimated);
            let about_answers = about_answers.and_then(|remarks| remarks.first().cloned());
            let words = format!("measured against the norm of the baseline, {}", grouping.words(group));
            self.regrouped(response, scale, about_answers.into_iter().chain([words]));
        }
    }

    /// Bands a response by the cut-offs of another time's group, where they go by age or sex: a birthday is no change either.
    pub fn band_as(&mut self, response: usize, form: &Form, other: &Pupil) {
        let own = self.about(response);
        for (scale, _) in form.instrument().scales.iter().enumerate() {
            let (Some(Ok((grouping, group))), before) = (form.band_group(scale, other), form.band_group(scale, &own)) else { continue };
            if before.is_some_and(|before| before.is_ok_and(|(_, before)| before == group)) {
                continue;
            }
            let Some(value) = self.point(response, scale).and_then(Point::score) else { continue };
            let level = form.level(scale, value, other).ok().flatten().and_then(|level| u8::try_from(level).ok());
            if let Some(point) = self.points.get_mut(response * self.scales + scale) {
                point.level = level;
            }
            let words = format!("banded by the cut-off of the baseline, {}", grouping.words(group));
            self.regrouped(response, scale, [words]);
        }
    }

    /// Says of a score in which group it is now, and no longer that there was none; what is known of its answers stays.
    fn regrouped(&mut self, response: usize, scale: usize, more: impl IntoIterator<Item = String>) {
        let outdated = self.for_want_of_group.remove(&(response, scale));
        let remarks = self.remarks.entry((response, scale)).or_default();
        remarks.retain(|remark| Some(remark) != outdated.as_ref());
        remarks.extend(more);
        if let Some(point) = self.points.get_mut(response * self.scales + scale) {
            point.is_remarked = true;
        }
    }

    /// How many responses there are.
    pub fn len(&self) -> usize {
        self.pupils.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pupils.is_empty()
    }

    /// The pupils, one for each response.
    pub fn pupils(&self) -> &[String] {
        &self.pupils
    }

    /// The row of a response.
    pub fn row(&self, response: usize) -> u64 {
        self.rows.get(response).copied().unwrap_or(0)
    }

    /// One score.
    pub fn point(&self, response: usize, scale: usize) -> Option<Point> {
        (scale < self.scales).then(|| self.points.get(response * self.scales + scale).copied()).flatten()
    }

    /// Why there is no score.
    pub fn reason(&self, response: usize, scale: usize) -> Option<&str> {
        self.reasons.get(&(response, scale)).map(String::as_str)
    }

    /// What a reader of a score should know; none where every question was answered.
    pub fn note(&self, response: usize, scale: usize) -> Option<String> {
        self.point(response, scale).filter(|point| point.is_remarked)?;
        self.remarks.get(&(response, scale)).map(|remarks| remarks.join("; "))
    }

    /// The groups of a response.
    pub fn groups(&self, response: usize) -> &[String] {
        self.groups.get(response).map_or(&[], Vec::as_slice)
    }

    /// Who completed a response, as the file says; empty if it does not.
    pub fn completed_by(&self, response: usize) -> &str {
        self.completed_by.get(response).map_or("", String::as_str)
    }

    /// The date of a response, as the file says; empty if it does not.
    pub fn date(&self, response: usize) -> &str {
        self.dates.get(response).map_or("", String::as_str)
    }

    /// The alerts of a response.
    pub fn alerts(&self, response: usize) -> &[String] {
        self.alerts.get(&response).map_or(&[], Vec::as_slice)
    }
}
