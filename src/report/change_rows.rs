//! Changes as rows: one for each pupil and scale, the main scale first.

use std::borrow::Cow;

use super::delimited::write_line;
use super::{Cell, CsvFlavour};
use crate::change::{Alone, Change, Comparison};
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
    pub fn cells<'c>(self, form: &'c Form, together: &Together, pair: &'c Comparison, scale: usize, change: &Change) -> Vec<Cell<'c>> {
        self.row(form, &pair.pupil, scale, change, || together.alerts(pair))
    }

    /// The rows of some pairs as lines of CSV, which any thread can make.
    pub fn lines(self, form: &Form, together: &Together, pairs: &[Comparison], flavour: CsvFlavour) -> Vec<u8> {
        let scales = compared_scales(form);
        let mut lines = Vec::new();
        for pair in pairs {
            for scale in &scales {
                if let Some(change) = together.change(pair, *scale, form) {
                    write_line(self.cells(form, together, pair, *scale, &change).iter(), flavour, &mut lines);
                }
            }
        }
        lines
    }

    /// The cells of a row of a pupil who is at one time only.
    pub fn alone_cells<'c>(self, form: &'c Form, together: &'c Together, alone: &Alone, scale: usize, change: &Change) -> Vec<Cell<'c>> {
        self.row(form, together.alone_pupil(*alone), scale, change, || together.alone_alerts(*alone))
    }

    fn row<'c>(self, form: &'c Form, pupil: &'c str, scale: usize, change: &Change, alerts: impl FnOnce() -> Vec<String>) -> Vec<Cell<'c>> {
        let number = |score: Option<crate::instrument::Number>| score.map_or(Cell::Empty, Cell::Number);
        let mut cells = vec![
            Cell::text(pupil),
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
        if self.alerts {
            cells.push(Cell::text(alerts().join("; ")));
        }
        cells
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
