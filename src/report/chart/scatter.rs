//! Baseline by review, a mark for each pair of scores.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::axis::{Axis, bottom_axis, left_axis};
use super::canvas::{Anchor, MARGIN, Sheet, TEXT, as_length, at, empty_sheet, heading_with, line, rectangle, sheet, text};
use super::keys::{Picture, error_area, error_pattern, error_pattern_id, key, verdict_shape};
use super::words::{axis_sentences, better_words, error_sentence, fitted, number, quoted};
use super::{AxisScale, ErrorBand};
use crate::change::Verdict;
use crate::findings::count_of;
use crate::instrument::{Better, Number};

/// What [`scatter`] draws.
#[derive(Clone, Copy, Debug)]
pub struct Scatter<'a> {
    /// The scale. Its bands are said in the description only.
    pub scale: AxisScale<'a>,
    /// What the two times are called: `autumn`, `summer`.
    pub times: (&'a str, &'a str),
    /// Baseline, review and verdict of each pupil with both scores.
    pub pairs: &'a [(Number, Number, Verdict)],
    /// What cannot be told from the questionnaire's own error, at both sides of the diagonal.
    pub error: Option<ErrorBand<'a>>,
}

const TOP: f64 = 68.0;
const SIDE: f64 = 470.0;
const LEFT: f64 = 74.0;

/// Draws baseline across and review upwards, with the diagonal of no change. Pupils with the same scores are one mark, larger and with their
/// number. Without pairs the figure says so.
pub fn scatter(id: &str, figure: &Scatter) -> Markup {
    let scale = &figure.scale;
    if figure.pairs.is_empty() {
        return empty_sheet(id, scale.name, "no pupil has both scores.");
    }
    let scores: Vec<Number> = figure.pairs.iter().flat_map(|(baseline, review, _)| [*baseline, *review]).collect();
    let (right, bottom) = (LEFT + SIDE, TOP + SIDE);
    let across = Axis::new(scale.range, scores.iter().copied(), (LEFT, right));
    let upwards = Axis::new(scale.range, scores.iter().copied(), (bottom, TOP));
    let error = figure.error.filter(|error| error.half_width.is_finite() && error.half_width > 0.0);
    let (key, key_height) = key(bottom + 54.0, entries(id, figure, error.as_ref()));
    let body = html! {
        (error_pattern(id))
        (heading_with(scale.name, better_words(scale.better)))
        (rectangle("plot", (LEFT, TOP), (right, bottom)))
        @for (x, _) in across.ticks(44.0) { (line("grid", (x, TOP), (x, bottom))) }
        @for (y, _) in upwards.ticks(30.0) { (line("grid", (LEFT, y), (right, y))) }
        @if let Some(error) = error { (error_stripe(id, &across, &upwards, error.half_width)) }
        (line("diagonal", (LEFT, bottom), (right, TOP)))
        (marks(figure, &across, &upwards))
        (left_axis(&upwards, LEFT))
        (bottom_axis(&across, bottom))
        (text(Anchor::Start, "label strong", TEXT, (MARGIN, TOP - 12.0), &fitted(&format!("↑ {}", figure.times.1), TEXT * 1.08, 400.0)))
        (text(Anchor::End, "label strong", TEXT, (right, bottom + 40.0), &fitted(&format!("{} →", figure.times.0), TEXT * 1.08, 400.0)))
        (sides(scale.better, right))
        @if places(figure).values().any(|verdicts| verdicts.values().any(|count| *count > 1)) { (counted(right)) }
        (key)
    };
    let pupils = count_of(figure.pairs.len() as u64, "pupil");
    let title = format!("{}: {} against {}, {pupils}", quoted(scale.name), quoted(figure.times.1), quoted(figure.times.0));
    let height = bottom + 54.0 + key_height + 6.0;
    sheet(&Sheet { id, class: "scatter", height, title, description: description(figure, error.as_ref()) }, &body)
}

/// The stripe along the diagonal, cut off at the edges of the plot.
fn error_stripe(id: &str, across: &Axis, upwards: &Axis, half_width: f64) -> Markup {
    let ((left, right), (bottom, top)) = (across.places(), upwards.places());
    // How far the stripe reaches from the diagonal, on the sheet; both axes have the same measure.
    let reach = (across.per_point() * half_width).min(right - left);
    let corners =
        [(left, bottom), (left, bottom - reach), (right - reach, top), (right, top), (right, top + reach), (left + reach, bottom)];
    let points: Vec<String> = corners.iter().map(|(x, y)| format!("{},{}", at(*x), at(*y))).collect();
    html! { polygon class="error-band" points=(points.join(" ")) fill={ "url(#" (error_pattern_id(id)) ")" } {} }
}

/// Pairs of scores, and how many pupils have each verdict there.
type Places = BTreeMap<(Number, Number), BTreeMap<Verdict, u64>>;

fn places(figure: &Scatter) -> Places {
    let mut places: Places = BTreeMap::new();
    for (baseline, review, verdict) in figure.pairs {
        *places.entry((*baseline, *review)).or_default().entry(*verdict).or_default() += 1;
    }
    places
}

/// How large a mark for so many pupils is: its area grows with them, up to an end.
fn radius(count: u64) -> f64 {
    (4.6 * as_length(count).sqrt()).min(15.0)
}

fn marks(figure: &Scatter, across: &Axis, upwards: &Axis) -> Markup {
    let mut drawn: Vec<(u64, f64, f64, Verdict)> = Vec::new();
    for ((baseline, review), verdicts) in places(figure) {
        // The same scores can have different verdicts, where norms differ: they stand side by side.
        let mut x = across.place_of(baseline) - 5.0 * as_length(verdicts.len() as u64 - 1);
        for (verdict, count) in verdicts {
            drawn.push((count, x, upwards.place_of(review), verdict));
            x += 10.0;
        }
    }
    // Large marks lie below small ones.
    drawn.sort_by_key(|(count, ..)| std::cmp::Reverse(*count));
    html! {
        @for (count, x, y, verdict) in &drawn { (verdict_shape(*verdict, figure.scale.better, (*x, *y), radius(*count))) }
        @for (count, x, y, _) in drawn.iter().filter(|(count, ..)| *count > 1) {
            (text(Anchor::Start, "value", 12.0, (x + radius(*count) + 1.5, y + 4.0), &count.to_string()))
        }
    }
}

/// What the two sides of the diagonal mean, beside the plot.
fn sides(better: Better, right: f64) -> Markup {
    let (above, below) = match better {
        Better::Lower => ("worse", "better"),
        Better::Higher => ("better", "worse"),
    };
    let x = right + 14.0;
    let words = [("above the line:", TOP + 40.0), ("higher at review,", TOP + 58.0), (above, TOP + 76.0)];
    let under = [("below the line:", TOP + SIDE - 56.0), ("lower at review,", TOP + SIDE - 38.0), (below, TOP + SIDE - 20.0)];
    html! {
        @for (words, y) in words.into_iter().chain(under) { (text(Anchor::Start, "label", TEXT, (x, y), words)) }
    }
}

/// What the numbers in the plot are.
fn counted(right: f64) -> Markup {
    let middle = TOP + SIDE / 2.0;
    let words = [("a number beside", middle - 9.0), ("a mark: so many", middle + 9.0), ("pupils", middle + 27.0)];
    html! {
        @for (words, y) in words { (text(Anchor::Start, "label quiet", TEXT, (right + 14.0, y), words)) }
    }
}

fn entries<'a>(id: &'a str, figure: &Scatter, error: Option<&ErrorBand>) -> Vec<(Picture<'a>, String)> {
    let better = figure.scale.better;
    let verdicts = Verdict::ALL.into_iter().filter_map(|verdict| {
        let count = figure.pairs.iter().filter(|(_, _, found)| *found == verdict).count();
        let picture: Picture = Box::new(move |place| verdict_shape(verdict, better, place, 5.5));
        (count > 0).then(|| (picture, format!("{}: {count}", verdict.words())))
    });
    let diagonal: Picture = Box::new(|(x, y)| line("diagonal", (x - 11.0, y + 6.0), (x + 11.0, y - 6.0)));
    let error = error.map(|error| {
        let picture: Picture = Box::new(move |(x, y)| error_area(id, (x - 11.0, y - 7.0), (x + 11.0, y + 7.0)));
        (picture, format!("within the questionnaire's own error (clear from {})", error.clear_from))
    });
    verdicts.chain([(diagonal, "no change".to_owned())]).chain(error).collect()
}

fn description(figure: &Scatter, error: Option<&ErrorBand>) -> String {
    let each = places(figure).into_iter().flat_map(|((baseline, review), verdicts)| {
        let place = format!("{} to {}", number(baseline), number(review));
        verdicts.into_iter().map(move |(verdict, count)| format!("{place}: {}, {}", count_of(count, "pupil"), verdict.words()))
    });
    let each: Vec<String> = each.collect();
    let error = error.map_or_else(String::new, |error| format!(" {}", error_sentence(error)));
    let times = format!("Across: {}; upwards: {}.", quoted(figure.times.0), quoted(figure.times.1));
    format!("{}{error} {times} {}.", axis_sentences(&figure.scale), each.join("; "))
}
