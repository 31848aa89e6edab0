//! How many pupils are at each level, a bar for each scale or group.

use maud::{Markup, html};

use super::axis::level_class;
use super::canvas::{Anchor, MARGIN, Sheet, TEXT, WIDTH, as_length, empty_sheet, heading, line, rectangle, sheet, text};
use super::keys::{Picture, key};
use super::words::{fitted, quoted, width};
use crate::findings::count_of;

/// What [`stacked_bars`] draws.
#[derive(Clone, Copy, Debug)]
pub struct StackedBars<'a> {
    /// What the figure is about: `Levels at baseline`.
    pub name: &'a str,
    /// The names of the levels, in order of concern from the least.
    pub levels: &'a [&'a str],
    /// The rows.
    pub rows: &'a [BarRow<'a>],
}

/// One bar.
#[derive(Clone, Copy, Debug)]
pub struct BarRow<'a> {
    /// The scale or the group.
    pub label: &'a str,
    /// How many pupils are at each level. If any is kept back, the row has `c` instead of its bar, since lengths would give the number away.
    pub counts: &'a [Option<u64>],
    /// How many pupils there are in all, unless that is kept back.
    pub total: Option<u64>,
}

const LEFT: f64 = 250.0;
const RIGHT: f64 = WIDTH - 84.0;
const ROW: f64 = 34.0;
const BAR: f64 = 24.0;

/// Draws each row's levels as shares of a bar of full length, with the counts in them and the number of pupils at the end. Without rows the
/// figure says so.
pub fn stacked_bars(id: &str, figure: &StackedBars) -> Markup {
    if figure.rows.is_empty() || figure.levels.is_empty() {
        return empty_sheet(id, figure.name, "there are no counts to show.");
    }
    let levels: Vec<(Picture, String)> = figure
        .levels
        .iter()
        .enumerate()
        .map(|(level, name)| {
            let class = format!("segment {}", level_class(level));
            let picture: Picture = Box::new(move |(x, y)| rectangle(&class, (x - 11.0, y - 7.0), (x + 11.0, y + 7.0)));
            (picture, fitted(name, TEXT, 200.0))
        })
        .collect();
    let (key, key_height) = key(38.0, levels);
    let top = 38.0 + key_height + 10.0;
    let bottom = figure.rows.iter().fold(top, |bottom, _| bottom + ROW);
    let is_kept_back = figure.rows.iter().any(|row| known(row).is_none() || row.total.is_none());
    let mut y = top;
    let mut rows = Vec::new();
    for row in figure.rows {
        rows.push(bar(row, y));
        y += ROW;
    }
    let body = html! {
        (heading(figure.name, WIDTH - 2.0 * MARGIN))
        (key)
        @for row in &rows { (row) }
        @if is_kept_back {
            (text(Anchor::Start, "label quiet", TEXT, (MARGIN, bottom + 12.0), "c: not shown, because a number is too small to be published"))
        }
    };
    let height = bottom + if is_kept_back { 24.0 } else { 4.0 };
    let title = figure.name.trim();
    sheet(&Sheet { id, class: "stacked-bars", height, title: quoted(title), description: description(figure) }, &body)
}

/// The counts, if none is kept back.
fn known(row: &BarRow) -> Option<Vec<u64>> {
    row.counts.iter().copied().collect()
}

fn bar(row: &BarRow, y: f64) -> Markup {
    let middle = y + BAR / 2.0;
    let total = row.total.map_or_else(|| "c".to_owned(), |total| format!("n = {total}"));
    html! {
        (text(Anchor::End, "label", TEXT, (LEFT - 12.0, middle + 4.5), &fitted(row.label, TEXT, LEFT - 12.0 - MARGIN)))
        @match known(row) {
            None => {
                (line("absent", (LEFT, middle), (RIGHT, middle)))
                (text(Anchor::Middle, "value", TEXT, (f64::midpoint(LEFT, RIGHT), middle + 4.5), "c"))
            }
            Some(counts) => (segments(&counts, y)),
        }
        (text(Anchor::Start, "label", TEXT, (RIGHT + 10.0, middle + 4.5), &fitted(&total, TEXT, WIDTH - RIGHT - 14.0)))
    }
}

fn segments(counts: &[u64], y: f64) -> Markup {
    let sum: u64 = counts.iter().fold(0, |sum, count| sum.saturating_add(*count));
    let (mut x, mut drawn) = (LEFT, Vec::new());
    for (level, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let to = x + (RIGHT - LEFT) * as_length(*count) / as_length(sum);
        let words = count.to_string();
        let label = (width(&words, TEXT) + 4.0 <= to - x).then(|| {
            text(Anchor::Middle, &format!("on-{}", level_class(level)), TEXT, (f64::midpoint(x, to), y + BAR / 2.0 + 4.5), &words)
        });
        drawn.push((rectangle(&format!("segment {}", level_class(level)), (x, y), (to, y + BAR)), label));
        x = to;
    }
    html! {
        @if drawn.is_empty() { (text(Anchor::Start, "label quiet", TEXT, (LEFT + 4.0, y + BAR / 2.0 + 4.5), "no pupils")) }
        @for (segment, label) in &drawn { (segment) @if let Some(label) = label { (label) } }
    }
}

fn description(figure: &StackedBars) -> String {
    let rows = figure.rows.iter().map(|row| {
        let counts = figure.levels.iter().zip(row.counts).map(|(level, count)| {
            let count = count.map_or_else(|| "not shown".to_owned(), |count| count.to_string());
            format!("{} {count}", quoted(level))
        });
        let total = row.total.map_or_else(|| "number not shown".to_owned(), |total| count_of(total, "pupil"));
        format!("{} ({total}): {}.", quoted(row.label), counts.collect::<Vec<_>>().join(", "))
    });
    format!("How many pupils are at each level. {}", rows.collect::<Vec<_>>().join(" "))
}
