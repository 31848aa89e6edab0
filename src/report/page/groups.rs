//! Groups as a page: how many pupils are at each level in each class, year or provision; no pupil is named, and small numbers are hidden.

use maud::{Markup, html};

use super::about;
use super::change_figures::band_spans;
use super::parts::{capitalised, minus, name, wide_table};
use super::{Frame, Matter, Paper, Shown, whole};
use crate::cohort::{Disclosure, Figure, Published, PublishedRow};
use crate::instrument::{Bands, Number};
use crate::report::chart::{AxisScale, BarRow, Distribution, StackedBars, distribution, stacked_bars};
use crate::report::summary_rows::{HIDDEN, hidden_words};
use crate::report::{ALL_GROUPS, FilledIn};
use crate::scoring::{Form, Layout};

/// A figure of more scores than this says no more: the bars above have the shares.
const MOST_SCORES: u64 = 100_000;

/// The page of the groups.
pub fn groups_page(layout: &Layout, published: &Published, filled: &FilledIn, frame: Frame<'_, '_>) -> String {
    let body = html! {
        @for notice in &frame.closing.provenance.notices {
            // What is said of the numbers stands above them; what is said of a form stands with it.
            @if notice.starts_with("Only responses") || notice.starts_with("All numbers") { p { (notice) } }
        }
        @if let Disclosure::Others { limit } = published.disclosure { p class="quiet" { (hidden_words(limit)) } }
        @for (index, form) in layout.forms().iter().enumerate() {
            section {
                h2 { (form.instrument().title()) }
                @for scale in main_first(layout, form, index) { (one_scale(form, index, scale, published)) }
            }
        }
    };
    let about = html! { @for (index, form) in layout.forms().iter().enumerate() { (about::form(form, filled.form(index))) } };
    let title = if published.by.is_empty() {
        "Scores of all pupils together".to_owned()
    } else {
        format!("Scores by {}", published.by.join(" and "))
    };
    whole(frame, &Matter { title, paper: Paper::Wide, body, about, findings: Shown::OfAllFiles })
}

fn one_scale(form: &Form, index: usize, scale: usize, published: &Published) -> Markup {
    let Some(definition) = form.instrument().scales.get(scale) else { return html! {} };
    let rows: Vec<&PublishedRow> = published.rows.iter().filter(|row| (row.form, row.scale) == (index, scale)).collect();
    if rows.is_empty() {
        return html! {};
    }
    let bands = form.bands(scale);
    html! {
        section {
            h3 { (definition.name) }
            @if let Some(bands) = bands { (levels(&format!("levels-{index}-{scale}"), bands, &rows)) }
            (scores(form, index, scale, &rows))
            (wide_table(&format!("{}, by group", definition.name), &table(published, bands, &rows)))
        }
    }
}

/// The scale that a verdict is about stands first.
fn main_first(layout: &Layout, form: &Form, index: usize) -> Vec<usize> {
    let mut scales = layout.shown(index);
    scales.sort_by_key(|scale| form.instrument().scales.get(*scale).is_none_or(|scale| !scale.main));
    scales
}

/// `7A`, `7A, F`; all together where the group is the whole.
fn group_words(row: &PublishedRow) -> String {
    let named = |cell: &Option<String>| cell.clone().unwrap_or_else(|| ALL_GROUPS.to_owned());
    if row.group.iter().all(Option::is_none) {
        return "All".to_owned();
    }
    row.group.iter().map(named).collect::<Vec<_>>().join(", ")
}

fn levels(id: &str, bands: &Bands, rows: &[&PublishedRow]) -> Markup {
    let names: Vec<&str> = bands.levels.iter().map(String::as_str).collect();
    let labels: Vec<String> = rows.iter().map(|row| group_words(row)).collect();
    let counts: Vec<Vec<Option<u64>>> = rows.iter().map(|row| row.levels.iter().map(|count| count.shown()).collect()).collect();
    let bars: Vec<BarRow<'_>> = rows
        .iter()
        .zip(labels.iter().zip(&counts))
        .map(|(row, (label, counts))| BarRow { label, counts, total: row.with_band.shown() })
        .collect();
    // A figure of hidden numbers shows nothing.
    if counts.iter().all(|counts| counts.contains(&None)) {
        return html! {};
    }
    html! { figure { (stacked_bars(id, &StackedBars { name: "Pupils at each level", levels: &names, rows: &bars })) } }
}

/// How the scores of all pupils together lie, for those who may see them.
fn scores(form: &Form, index: usize, scale: usize, rows: &[&PublishedRow]) -> Markup {
    let whole = rows.iter().find(|row| row.group.iter().all(Option::is_none));
    let (Some(counted), Some(definition)) = (whole.and_then(|row| row.scores.as_ref()), form.instrument().scales.get(scale)) else {
        return html! {};
    };
    if counted.is_empty() || counted.iter().map(|(_, count)| count).sum::<u64>() > MOST_SCORES {
        return html! {};
    }
    let is_whole = counted.iter().all(|(score, _)| score.as_whole().is_some());
    let spans = band_spans(form.bands(scale), definition.range, is_whole);
    let axis = AxisScale { name: &definition.name, range: definition.range, better: definition.better, bands: &spans };
    let scores: Vec<Number> =
        counted.iter().flat_map(|(score, count)| std::iter::repeat_n(*score, usize::try_from(*count).unwrap_or(0))).collect();
    html! { figure { (distribution(&format!("scores-{index}-{scale}"), &Distribution { scale: axis, scores: &scores })) } }
}

fn table(published: &Published, bands: Option<&Bands>, rows: &[&PublishedRow]) -> Markup {
    html! {
        table {
            caption { "Scores of each group; per cent of those who have a band." }
            thead {
                tr {
                    @for column in &published.by { th scope="col" { (name(&capitalised(column))) } }
                    @if published.by.is_empty() { th scope="col" { "Group" } }
                    @for heading in ["Pupils", "Mean", "SD", "Median", "Quartiles"] { th scope="col" class="number" { (heading) } }
                    @for level in bands.iter().flat_map(|bands| &bands.levels) { th scope="col" class="number" { (capitalised(level)) } }
                }
            }
            tbody {
                @for row in rows {
                    tr {
                        @for (place, cell) in row.group.iter().enumerate() {
                            @let words = cell.as_deref().unwrap_or(ALL_GROUPS);
                            @if place == 0 { th scope="row" { (name(words)) } } @else { td { (name(words)) } }
                        }
                        @if row.group.is_empty() { th scope="row" { "All" } }
                        td class="number" { (count(row.n)) }
                        td class="number" { (decimal(row.mean, 1)) }
                        td class="number" { (decimal(row.sd, 1)) }
                        td class="number" { (decimal(row.median, 1)) }
                        td class="number" { (quartiles(row.quartiles)) }
                        @if bands.is_some() {
                            @for (count_of_level, percent) in row.levels.iter().zip(&row.percents) {
                                td class="number" { (count(*count_of_level)) @if let Figure::Shown(percent) = percent { " (" (format!("{percent:.0}")) " %)" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn count(figure: Figure<u64>) -> String {
    match figure {
        Figure::Shown(count) => crate::findings::thousands(count),
        Figure::Hidden => HIDDEN.to_owned(),
        Figure::Absent => "–".to_owned(),
    }
}

fn decimal(figure: Figure<f64>, places: usize) -> String {
    match figure {
        Figure::Shown(value) => minus(&crate::report::cell::decimal(value, places)),
        Figure::Hidden => HIDDEN.to_owned(),
        Figure::Absent => "–".to_owned(),
    }
}

fn quartiles((lower, upper): (Figure<f64>, Figure<f64>)) -> String {
    match (lower, upper) {
        (Figure::Shown(_), Figure::Shown(_)) => format!("{} to {}", decimal(lower, 1), decimal(upper, 1)),
        (lower, _) => decimal(lower, 1),
    }
}
