//! Groups as rows, and as tables for people.

use std::fmt::Write as _;

use super::Cell;
use super::cell::decimal;
use super::table::{TableStyle, plain_table};
use crate::cohort::{Disclosure, Figure, Published, PublishedRow};
use crate::findings::printable;
use crate::scoring::{Form, Layout};

/// What stands for a hidden figure: the symbol of the Government Statistical Service for "confidential".
pub const HIDDEN: &str = "c";

/// What stands in a group column for all of its values together.
pub const ALL_GROUPS: &str = "(all)";

/// What readers of an output with hidden figures are told.
pub fn hidden_words(limit: u64) -> String {
    format!("c: hidden, because fewer than {limit} pupils are counted, or because such a number could be worked out from it.")
}

/// The names of the columns. Levels have the names of the band set, from the least to the most concern; a scale that calls them otherwise has
/// columns of its own.
pub fn summary_columns(layout: &Layout, published: &Published) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    if layout.forms().len() > 1 {
        names.push("instrument".to_owned());
    }
    names.push("scale".to_owned());
    names.extend(published.by.iter().map(|name| if is_ours(name) { format!("input.{name}") } else { name.clone() }));
    names.extend(["n", "mean", "sd", "median", "q1", "q3"].map(str::to_owned));
    for (_, level) in levels(layout) {
        let level = level.to_lowercase().replace(' ', "_");
        names.extend([format!("n_{level}"), format!("percent_{level}")]);
    }
    names.extend(["n_with_band", "n_without_band"].map(str::to_owned));
    if published.disclosure == Disclosure::Internal {
        names.push("n_not_scored".to_owned());
    }
    names
}

fn is_ours(name: &str) -> bool {
    let name = name.to_lowercase();
    ["instrument", "scale", "n", "mean", "sd", "median", "q1", "q3"].contains(&name.as_str())
        || name.starts_with("n_")
        || name.starts_with("percent_")
}

/// The names of all levels with their place, the least concern first.
fn levels(layout: &Layout) -> Vec<(usize, String)> {
    let mut levels: Vec<(usize, String)> = Vec::new();
    for (index, form) in layout.forms().iter().enumerate() {
        // The main scale names the levels.
        let mut scales = layout.shown(index);
        scales.sort_by_key(|scale| form.instrument().scales.get(*scale).is_none_or(|scale| !scale.main));
        for bands in scales.into_iter().filter_map(|scale| form.bands(scale)) {
            for (place, name) in bands.levels.iter().enumerate() {
                if !levels.iter().any(|(_, known)| known.eq_ignore_ascii_case(name)) {
                    levels.push((place, name.clone()));
                }
            }
        }
    }
    levels.sort_by_key(|(place, _)| *place);
    levels
}

/// The cells of one row.
pub fn summary_cells<'c>(layout: &'c Layout, published: &'c Published, row: &'c PublishedRow) -> Vec<Cell<'c>> {
    let Some(form) = layout.forms().get(row.form) else { return Vec::new() };
    let mut cells = Vec::new();
    if layout.forms().len() > 1 {
        cells.push(Cell::text(&*form.instrument().id));
    }
    cells.push(Cell::text(form.instrument().scales.get(row.scale).map_or("", |scale| &*scale.id)));
    cells.extend(row.group.iter().map(|cell| Cell::text(cell.as_deref().unwrap_or(ALL_GROUPS))));
    cells.push(count(row.n));
    cells.extend([figure(row.mean, 2), figure(row.sd, 2), figure(row.median, 1), figure(row.quartiles.0, 2), figure(row.quartiles.1, 2)]);
    for (_, name) in levels(layout) {
        let own = form.bands(row.scale).and_then(|bands| bands.levels.iter().position(|level| level.eq_ignore_ascii_case(&name)));
        let of = |own: usize| Some((row.levels.get(own)?, row.percents.get(own)?));
        match own.and_then(of) {
            Some((level, percent)) => cells.extend([count(*level), figure(*percent, 1)]),
            None => cells.extend([Cell::Empty, Cell::Empty]),
        }
    }
    cells.extend([count(row.with_band), count(row.without_band)]);
    if published.disclosure == Disclosure::Internal {
        cells.push(count(row.not_scored));
    }
    cells
}

/// A count, or what stands for it.
pub(super) fn count(figure: Figure<u64>) -> Cell<'static> {
    match figure {
        Figure::Shown(count) => Cell::Count(count),
        Figure::Hidden => Cell::text(HIDDEN),
        Figure::Absent => Cell::Empty,
    }
}

/// A figure, or what stands for it.
pub(super) fn figure(figure: Figure<f64>, places: usize) -> Cell<'static> {
    match figure {
        Figure::Shown(value) => Cell::Decimal(value, places),
        Figure::Hidden => Cell::text(HIDDEN),
        Figure::Absent => Cell::Empty,
    }
}

/// The tables that a person reads: one for each scale, the main scale first.
#[derive(Debug)]
pub struct SummaryTable<'t> {
    /// What the output has in common.
    pub layout: &'t Layout,
    /// The figures.
    pub published: &'t Published,
    /// How it is to look.
    pub style: TableStyle,
}

impl SummaryTable<'_> {
    /// The text.
    pub fn render(&self) -> String {
        let mut text = String::new();
        for (index, form) in self.layout.forms().iter().enumerate() {
            let instrument = form.instrument();
            let _ = writeln!(text, "{} ({})", instrument.title(), instrument.id);
            let _ = writeln!(
                text,
                "{}\n",
                form.band_set().map_or_else(
                    || "no bands".to_owned(),
                    |set| format!("bands `{}`; percentages are of those with a score and a band", set.id)
                )
            );
            let mut scales = self.layout.shown(index);
            scales.sort_by_key(|scale| instrument.scales.get(*scale).is_none_or(|scale| !scale.main));
            for scale in scales {
                self.scale(&mut text, index, form, scale);
            }
        }
        if self.published.disclosure != Disclosure::Internal {
            let _ = writeln!(text, "Responses without a score are in no figure here; `--internal` shows how many there are.");
        }
        text
    }

    fn scale(&self, text: &mut String, index: usize, form: &Form, scale: usize) {
        let Some(about) = form.instrument().scales.get(scale) else { return };
        let rows: Vec<&PublishedRow> = self.published.rows.iter().filter(|row| row.form == index && row.scale == scale).collect();
        // A scale that nobody has a score on is no table of noughts.
        if rows.iter().all(|row| row.n == Figure::Shown(0)) {
            let _ = writeln!(text, "{} ({}): nobody has a score.\n", about.name, about.id);
            return;
        }
        let _ = writeln!(text, "{} ({})", about.name, about.id);
        let levels: &[String] = form.bands(scale).map_or(&[], |bands| &bands.levels);
        let mut header = vec!["group", "n", "mean", "SD", "median", "quartiles"];
        header.extend(levels.iter().map(String::as_str));
        let has_unbanded = rows.iter().any(|row| !matches!(row.without_band, Figure::Shown(0) | Figure::Absent));
        if has_unbanded {
            header.push("no band");
        }
        let is_internal = self.published.disclosure == Disclosure::Internal;
        if is_internal {
            header.push("not scored");
        }
        let lines = rows.iter().map(|row| {
            let mut line = vec![
                self.group(row),
                words(&count(row.n)),
                words(&figure(row.mean, 1)),
                words(&figure(row.sd, 1)),
                words(&figure(row.median, 1)),
            ];
            line.push(match (row.quartiles.0.shown(), row.quartiles.1.shown()) {
                (Some(lower), Some(upper)) => format!("{} to {}", decimal(lower, 1), decimal(upper, 1)),
                _ => words(&figure(row.quartiles.0, 1)),
            });
            line.extend(row.levels.iter().zip(&row.percents).map(|(level, percent)| match percent.shown() {
                Some(percent) => format!("{} ({} %)", words(&count(*level)), decimal(percent, 0)),
                None => words(&count(*level)),
            }));
            if has_unbanded {
                line.push(words(&count(row.without_band)));
            }
            if is_internal {
                line.push(words(&count(row.not_scored)));
            }
            line
        });
        let _ = writeln!(text, "{}", plain_table(&header, lines, self.style));
    }

    fn group(&self, row: &PublishedRow) -> String {
        let named = self
            .published
            .by
            .iter()
            .zip(&row.group)
            .filter_map(|(name, cell)| Some(format!("{} {}", printable(name), printable(cell.as_deref()?))));
        let named: Vec<String> = named.collect();
        if named.is_empty() { "all".to_owned() } else { named.join(", ") }
    }
}

fn words(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Empty => "–".to_owned(),
        other => other.for_spreadsheet().into_owned(),
    }
}
