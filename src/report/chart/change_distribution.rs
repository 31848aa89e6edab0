//! The changes of many pupils as columns.

use maud::{Markup, html};

use super::axis::{Axis, bottom_axis};
use super::canvas::{Anchor, LINE, Sheet, TEXT, WIDTH, empty_sheet, heading_with, line, sheet, text};
use super::histogram::{Columns, CountAxis};
use super::keys::{Picture, error_area, error_pattern, key, verdict_bar, verdict_patterns};
use super::words::{better_words, error_sentence, quoted};
use super::{AxisScale, ErrorBand};
use crate::change::Verdict;
use crate::findings::count_of;
use crate::instrument::{Better, Number};

/// What [`change_distribution`] draws.
#[derive(Clone, Copy, Debug)]
pub struct ChangeDistribution<'a> {
    /// The scale.
    pub scale: AxisScale<'a>,
    /// Review minus baseline of each pupil with both scores, and what can be said of it.
    pub changes: &'a [(Number, Verdict)],
    /// What cannot be told from the questionnaire's own error, around no change.
    pub error: Option<ErrorBand<'a>>,
}

const LEFT: f64 = 58.0;
const RIGHT: f64 = WIDTH - 24.0;
const TOP: f64 = 84.0;
const BOTTOM: f64 = 324.0;
/// From the axis upwards.
const STACKED: [Verdict; 4] = [Verdict::ClearlyWorse, Verdict::ClearlyBetter, Verdict::NoClearChange, Verdict::CannotTell];

/// Draws how many pupils changed by how much, the verdicts as patterns of the columns, with the directions named. Without changes the figure
/// says so.
pub fn change_distribution(id: &str, figure: &ChangeDistribution) -> Markup {
    let scale = &figure.scale;
    let changes: Vec<Number> = figure.changes.iter().map(|(change, _)| *change).collect();
    let (Some(least), Some(most)) = (changes.iter().min().copied(), changes.iter().max().copied()) else {
        return empty_sheet(id, scale.name, "no pupil has both scores.");
    };
    // No change stands in the middle, so that both directions have the same room.
    let far = most.max(-least).max(Number::whole(1));
    let error = figure.error.filter(|error| error.half_width.is_finite() && error.half_width > 0.0);
    let axis = Axis::new((-far, far), [], (LEFT, RIGHT));
    let columns = Columns::of(&changes, 2.0 * far.to_f64());
    let counts = columns.counts(figure.changes.iter().copied());
    let tallest = counts.keys().map(|(column, _)| height_of(&counts, *column)).max().unwrap_or(0);
    let count_axis = CountAxis::new(tallest, (BOTTOM, TOP));
    let (key, key_height) = key(BOTTOM + 48.0, entries(id, figure, error.as_ref()));
    let mut bars = Vec::new();
    for column in counts.keys().map(|(column, _)| *column).collect::<std::collections::BTreeSet<_>>() {
        let (from, to) = columns.ends(column);
        let (from, to) = (axis.place(from), axis.place(to));
        let apart = ((to - from) * 0.12).min(3.0);
        let mut below = 0;
        for verdict in STACKED {
            let Some(count) = counts.get(&(column, verdict)) else { continue };
            bars.push(verdict_bar(id, verdict, (from + apart, count_axis.place(below)), (to - apart, count_axis.place(below + count))));
            below += count;
        }
    }
    let zero = axis.place(0.0);
    let body = html! {
        (error_pattern(id)) (verdict_patterns(id))
        (heading_with(scale.name, better_words(scale.better)))
        (directions(scale.better, zero))
        @if let Some(error) = error { (error_area(id, (axis.place(-error.half_width), TOP), (axis.place(error.half_width), BOTTOM))) }
        (count_axis.draw(LEFT, RIGHT, "pupils"))
        @for bar in &bars { (bar) }
        (line("diagonal", (zero, TOP), (zero, BOTTOM)))
        (bottom_axis(&axis, BOTTOM))
        (text(Anchor::Middle, "label quiet", TEXT, (zero, BOTTOM + 19.0 + LINE), "change in points (0: no change)"))
        (key)
    };
    let pupils = count_of(figure.changes.len() as u64, "pupil");
    let title = format!("{}: changes of {pupils}", quoted(scale.name));
    let height = BOTTOM + 48.0 + key_height + 6.0;
    sheet(&Sheet { id, class: "change-distribution", height, title, description: description(figure, error.as_ref()) }, &body)
}

fn height_of(counts: &std::collections::BTreeMap<(i64, Verdict), u64>, column: i64) -> u64 {
    STACKED.into_iter().filter_map(|verdict| counts.get(&(column, verdict))).sum()
}

/// Which way is better, above both halves.
fn directions(better: Better, zero: f64) -> Markup {
    let (left, right) = match better {
        Better::Lower => ("← lower: better", "higher: worse →"),
        Better::Higher => ("← lower: worse", "higher: better →"),
    };
    html! {
        (text(Anchor::End, "label strong", TEXT, (zero - 20.0, TOP - 20.0), left))
        (text(Anchor::Start, "label strong", TEXT, (zero + 20.0, TOP - 20.0), right))
    }
}

fn count_with(figure: &ChangeDistribution, verdict: Verdict) -> u64 {
    figure.changes.iter().filter(|(_, found)| *found == verdict).count() as u64
}

fn entries<'a>(id: &'a str, figure: &ChangeDistribution, error: Option<&ErrorBand>) -> Vec<(Picture<'a>, String)> {
    let verdicts = Verdict::ALL.into_iter().filter_map(|verdict| {
        let count = count_with(figure, verdict);
        let picture: Picture = Box::new(move |(x, y)| verdict_bar(id, verdict, (x - 11.0, y - 7.0), (x + 11.0, y + 7.0)));
        (count > 0).then(|| (picture, format!("{}: {count}", verdict.words())))
    });
    let error = error.map(|error| {
        let picture: Picture = Box::new(move |(x, y)| error_area(id, (x - 11.0, y - 7.0), (x + 11.0, y + 7.0)));
        (picture, format!("within the questionnaire's own error (clear from {})", error.clear_from))
    });
    verdicts.chain(error).collect()
}

fn description(figure: &ChangeDistribution, error: Option<&ErrorBand>) -> String {
    let verdicts: Vec<String> = Verdict::ALL
        .into_iter()
        .map(|verdict| (count_with(figure, verdict), verdict))
        .filter(|(count, _)| *count > 0)
        .map(|(count, verdict)| format!("{} {count}", verdict.words()))
        .collect();
    let mut changes: Vec<Number> = figure.changes.iter().map(|(change, _)| *change).collect();
    changes.sort_unstable();
    let runs: Vec<String> = changes.chunk_by(|left, right| left == right).map(change_count).collect();
    let scale = &figure.scale;
    let error = error.map_or_else(String::new, |error| format!(" {}", error_sentence(error)));
    format!("Changes on {}; {}. {}.{error} {}.", quoted(scale.name), better_words(scale.better), verdicts.join(", "), runs.join("; "))
}

/// `3 lower: 2 pupils`.
fn change_count(run: &[Number]) -> String {
    let change = run.first().copied().unwrap_or(Number::ZERO);
    format!("{}: {}", crate::change::change_words(change), count_of(run.len() as u64, "pupil"))
}
