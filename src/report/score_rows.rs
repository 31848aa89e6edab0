//! Scores as rows: wide, one row a response; long, one row a score.

use std::borrow::Cow;

use super::Cell;
#[cfg(feature = "frames")]
use super::ColumnKind;
use crate::scoring::{Layout, Level, Outcome, ScoredRow};

/// How scores are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One row a response: the carried columns, then score, band and note of each scale.
    Wide,
    /// One row a score.
    Long,
}

const LONG: [&str; 9] = ["pupil_id", "instrument", "scale", "score", "band", "level", "status", "answered", "items"];

/// The names of the columns.
pub fn score_columns(layout: &Layout, shape: Shape) -> Vec<String> {
    if shape == Shape::Long {
        return LONG.iter().map(|name| (*name).to_owned()).collect();
    }
    let mut names: Vec<String> = layout.carried().iter().map(ToString::to_string).collect();
    for (index, form) in layout.forms().iter().enumerate() {
        for scale in layout.shown(index) {
            let column = layout.column(index, scale);
            let band = form.bands(scale).is_some().then(|| format!("{column}_band"));
            let note = format!("{column}_note");
            names.push(column);
            names.extend(band);
            names.push(note);
        }
    }
    if has_sensitive(layout) {
        names.push("sensitive".to_owned());
    }
    if has_alerts(layout) {
        names.push("alerts".to_owned());
    }
    names
}

/// The kinds of the columns.
#[cfg(feature = "frames")]
pub fn score_kinds(layout: &Layout, shape: Shape) -> Vec<ColumnKind> {
    use ColumnKind::{Count, Score, Text};
    if shape == Shape::Long {
        return vec![Text, Text, Text, Score, Text, Count, Text, Count, Count];
    }
    let mut kinds = vec![Text; layout.carried().len()];
    for (index, form) in layout.forms().iter().enumerate() {
        for scale in layout.shown(index) {
            kinds.push(Score);
            kinds.extend(form.bands(scale).is_some().then_some(Text));
            kinds.push(Text);
        }
    }
    kinds.extend(has_sensitive(layout).then_some(Text));
    kinds.extend(has_alerts(layout).then_some(Text));
    kinds
}

fn has_alerts(layout: &Layout) -> bool {
    layout.forms().iter().any(|form| !form.instrument().critical.is_empty())
}

/// Whether any form has a question after whose answer the form should be read.
pub(super) fn has_sensitive(layout: &Layout) -> bool {
    layout.forms().iter().any(|form| !form.instrument().sensitive.is_empty())
}

/// The sensitive answers of a row on all forms, in words.
pub(super) fn all_sensitive(layout: &Layout, row: &ScoredRow<'_>) -> Vec<String> {
    (0..layout.forms().len()).flat_map(|form| row.sensitive_words(form)).collect()
}

/// The rows that one response comes to: one if wide, one a score if long.
pub fn score_rows<'b>(layout: &'b Layout, row: &ScoredRow<'b>, shape: Shape) -> Vec<Vec<Cell<'b>>> {
    match shape {
        Shape::Wide => vec![wide(layout, row)],
        Shape::Long => long(layout, row),
    }
}

fn wide<'b>(layout: &'b Layout, row: &ScoredRow<'b>) -> Vec<Cell<'b>> {
    let mut cells: Vec<Cell<'b>> = row.carried().map(Cell::Text).collect();
    for index in 0..layout.forms().len() {
        for scale in layout.shown(index) {
            cells.extend(scale_cells(layout, row, index, scale));
        }
    }
    if has_sensitive(layout) {
        cells.push(sensitive_cell(layout, row));
    }
    if has_alerts(layout) {
        cells.push(alert_cell(layout, row));
    }
    cells
}

/// The cells of one scale in a wide row: score, band if there are any, note.
pub(super) fn scale_cells<'b>(layout: &'b Layout, row: &ScoredRow<'b>, form: usize, scale: usize) -> impl Iterator<Item = Cell<'b>> {
    let score = row.scores(form).get(scale).and_then(crate::scoring::ScaleScore::value).map_or(Cell::Empty, Cell::Number);
    let has_bands = layout.forms().get(form).is_some_and(|form| form.bands(scale).is_some());
    let band = has_bands.then(|| band_cell(layout, row, form, scale));
    [Some(score), band, Some(Cell::text(row.note(form, scale)))].into_iter().flatten()
}

/// The cell of the sensitive answers of a row on all forms.
pub(super) fn sensitive_cell<'b>(layout: &Layout, row: &ScoredRow<'_>) -> Cell<'b> {
    Cell::text(all_sensitive(layout, row).join("; "))
}

/// The cell of the alerts of a row on all forms.
pub(super) fn alert_cell<'b>(layout: &Layout, row: &ScoredRow<'_>) -> Cell<'b> {
    Cell::text(all_alerts(layout, row).join("; "))
}

/// The alerts of a row on all forms, in words.
fn all_alerts(layout: &Layout, row: &ScoredRow<'_>) -> Vec<String> {
    (0..layout.forms().len()).flat_map(|form| row.alert_words(form)).collect()
}

fn band_cell<'b>(layout: &'b Layout, row: &ScoredRow<'b>, form: usize, scale: usize) -> Cell<'b> {
    let bands = layout.forms().get(form).and_then(|form| form.bands(scale));
    match (row.level(form, scale), bands) {
        (Level::At(level), Some(bands)) => Cell::text(bands.name(level)),
        _ => Cell::Empty,
    }
}

fn long<'b>(layout: &'b Layout, row: &ScoredRow<'b>) -> Vec<Vec<Cell<'b>>> {
    let mut rows = Vec::new();
    for (index, form) in layout.forms().iter().enumerate().filter(|(index, _)| row.is_on(*index)) {
        for scale in layout.shown(index) {
            let (Some(score), Some(definition)) = (row.scores(index).get(scale), form.instrument().scales.get(scale)) else { continue };
            let counts_answers = !matches!(score.outcome, Outcome::NotApplicable);
            let count = |count: u16| if counts_answers { Cell::Count(u64::from(count)) } else { Cell::Empty };
            rows.push(vec![
                Cell::Text(row.pupil()),
                Cell::Text(Cow::Borrowed(&form.instrument().id)),
                Cell::Text(Cow::Borrowed(&definition.id)),
                score.value().map_or(Cell::Empty, Cell::Number),
                band_cell(layout, row, index, scale),
                match row.level(index, scale) {
                    Level::At(level) => Cell::Count(level as u64),
                    _ => Cell::Empty,
                },
                Cell::text(score.status()),
                count(score.answered),
                count(score.items),
            ]);
        }
    }
    rows
}
