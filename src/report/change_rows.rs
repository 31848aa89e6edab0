//! Changes as rows: one for each pupil and scale, the main scale first.

use std::borrow::Cow;
use std::collections::HashMap;

use super::delimited::add_cell;
use super::{Cell, CsvFlavour};
use crate::change::{Alone, Change, Comparison, ScoreId};
use crate::cohort::Together;
use crate::scoring::Form;
use crate::stats::clinical_change::Category;

/// The scales of a form in the order of comparisons: the main one first, then those that are "also looked at".
pub fn compared_scales(form: &Form) -> Vec<usize> {
    let mut scales = form.shown().to_vec();
    scales.sort_by_key(|scale| form.instrument().scales.get(*scale).is_none_or(|scale| !scale.main));
    scales
}

/// Whether a comparison has a column that depends on what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeColumns {
    category: bool,
    alerts: bool,
}

impl ChangeColumns {
    /// The columns of a comparison.
    pub fn new(form: &Form, together: &Together) -> Self {
        let scales = 0..form.instrument().scales.len();
        let has_cutoff = |scale| together.bases().of(scale).is_ok_and(|basis| basis.cutoff().is_some());
        Self { category: scales.into_iter().any(has_cutoff), alerts: !form.instrument().critical.is_empty() }
    }

    /// Their names.
    pub fn names(self) -> Vec<String> {
        let mut names: Vec<&str> =
            vec!["pupil_id", "scale", "baseline", "review", "change", "verdict", "baseline_band", "review_band", "note"];
        if self.category {
            names.push("category");
        }
        if self.alerts {
            names.push("alerts");
        }
        names.into_iter().map(str::to_owned).collect()
    }

    /// The cells of one pair's row.
    pub fn cells<'c>(self, form: &'c Form, together: &'c Together, pair: &Comparison, scale: usize, change: &Change) -> Vec<Cell<'c>> {
        self.row(form, together.pupil(pair), scale, change, || together.alerts(pair))
    }

    /// Lines of CSV of a comparison, which any thread can make.
    pub fn lines<'t>(self, form: &'t Form, together: &'t Together, flavour: CsvFlavour) -> ChangeLines<'t> {
        let scales = compared_scales(form);
        ChangeLines { columns: self, form, together, flavour, scales, made: HashMap::new(), anew: Vec::new() }
    }

    /// The cells of a row of a pupil who is at one time only.
    pub fn alone_cells<'c>(self, form: &'c Form, together: &'c Together, alone: &Alone, scale: usize, change: &Change) -> Vec<Cell<'c>> {
        self.row(form, together.alone_pupil(*alone), scale, change, || together.alone_alerts(*alone))
    }

    fn row<'c>(self, form: &'c Form, pupil: &'c str, scale: usize, change: &Change, alerts: impl FnOnce() -> Vec<String>) -> Vec<Cell<'c>> {
        let mut cells = vec![Cell::text(pupil)];
        cells.extend(self.change_cells(form, scale, change));
        if self.alerts {
            cells.push(Cell::text(alerts().join("; ")));
        }
        cells
    }

    /// The cells that depend on the scores and on what concerns the pair as a whole.
    fn change_cells<'c>(self, form: &'c Form, scale: usize, change: &Change) -> Vec<Cell<'c>> {
        let number = |score: Option<crate::instrument::Number>| score.map_or(Cell::Empty, Cell::Number);
        let mut cells = vec![
            Cell::Text(Cow::Borrowed(form.instrument().scales.get(scale).map_or("", |scale| &scale.id))),
            number(change.baseline),
            number(change.review),
            number(change.difference()),
            Cell::text(change.verdict.words()),
            band(form, scale, change.baseline_level),
            band(form, scale, change.review_level),
            Cell::text(crate::change::joined(&change.notes)),
        ];
        if self.category {
            cells.push(change.category.map_or(Cell::Empty, |category| Cell::text(category_words(category))));
        }
        cells
    }
}

/// The changes of a comparison as lines of CSV. The same two scores on a scale are told in the same cells, which are made once.
#[derive(Debug)]
pub struct ChangeLines<'t> {
    columns: ChangeColumns,
    form: &'t Form,
    together: &'t Together,
    flavour: CsvFlavour,
    scales: Vec<usize>,
    /// The cells of scales with these scores at baseline and at review.
    made: HashMap<(usize, ScoreId, ScoreId), Vec<u8>>,
    anew: Vec<u8>,
}

impl ChangeLines<'_> {
    /// So many cells are kept: a form comes to fewer, as a rule, and they take a few megabytes.
    const MOST: usize = 1 << 15;

    /// Adds the lines of some pairs.
    pub fn add(&mut self, pairs: &[Comparison], lines: &mut Vec<u8>) {
        let (columns, together) = (self.columns, self.together);
        let (mut pupil, mut alerts) = (Vec::new(), Vec::new());
        for pair in pairs {
            pupil.clear();
            add_cell(&Cell::text(together.pupil(pair)), &mut pupil);
            alerts.clear();
            if columns.alerts {
                alerts.push(b',');
                add_cell(&Cell::text(together.alerts(pair).join("; ")), &mut alerts);
            }
            for place in 0..self.scales.len() {
                let (scale, line_end) = (self.scales[place], self.flavour.line_end());
                let cells = self.cells(pair, scale);
                if !cells.is_empty() {
                    for part in [&pupil, cells, &alerts, line_end] {
                        lines.extend_from_slice(part);
                    }
                }
            }
        }
    }

    /// The cells of a change, each behind a comma; nothing where there is nothing to say.
    fn cells(&mut self, pair: &Comparison, scale: usize) -> &[u8] {
        let (columns, form, together) = (self.columns, self.form, self.together);
        let write = |cells: &mut Vec<u8>| {
            let Some(change) = together.change(pair, scale, form) else { return };
            for cell in columns.change_cells(form, scale, &change) {
                cells.push(b',');
                add_cell(&cell, cells);
            }
        };
        let (baseline, review) = together.times();
        let ids = baseline.score_id(pair.baseline, scale).zip(review.score_id(pair.review, scale));
        let key = ids.map(|(before, after)| (scale, before, after));
        let is_kept = |key: &(usize, ScoreId, ScoreId)| self.made.len() < Self::MOST || self.made.contains_key(key);
        // What concerns a pair as a whole is told in cells of its own.
        if let Some(key) = key.filter(|key| pair.notes.is_empty() && is_kept(key)) {
            return self.made.entry(key).or_insert_with(|| {
                let mut cells = Vec::new();
                write(&mut cells);
                cells
            });
        }
        self.anew.clear();
        write(&mut self.anew);
        &self.anew
    }
}

fn band(form: &Form, scale: usize, level: Option<usize>) -> Cell<'_> {
    match (form.bands(scale), level) {
        (Some(bands), Some(level)) => Cell::text(bands.name(level)),
        _ => Cell::Empty,
    }
}

/// The field's words, but for the one that would name a cause.
pub(super) fn category_words(category: Category) -> &'static str {
    match category {
        Category::Recovered => "recovered",
        Category::Improved => "improved",
        Category::Unchanged => "unchanged",
        Category::Deteriorated => "deteriorated",
        Category::Harmed => "deteriorated into the raised range",
    }
}
