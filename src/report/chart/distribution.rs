//! The scores of many pupils on one scale as columns, on its bands.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::AxisScale;
use super::axis::{Axis, BAND_NAMES, bottom_axis, drawn_on, names_above, upright_bands};
use super::canvas::{MARGIN, Sheet, WIDTH, empty_sheet, heading_with, rectangle, sheet};
use super::histogram::{Columns, CountAxis};
use super::words::{axis_sentences, better_words, number, quoted};
use crate::findings::count_of;
use crate::instrument::Number;

/// What [`distribution`] draws.
#[derive(Clone, Copy, Debug)]
pub struct Distribution<'a> {
    /// The scale.
    pub scale: AxisScale<'a>,
    /// The scores of all pupils who have one, in any order.
    pub scores: &'a [Number],
}

const LEFT: f64 = 58.0;
const RIGHT: f64 = WIDTH - 24.0;
const TOP: f64 = 60.0 + BAND_NAMES;
const BOTTOM: f64 = 326.0;

/// Draws how many pupils have which score. Without scores the figure says so; whether a group is too small to be shown is for the caller to know.
pub fn distribution(id: &str, figure: &Distribution) -> Markup {
    let scale = &figure.scale;
    if figure.scores.is_empty() {
        return empty_sheet(id, scale.name, "there is no score to show.");
    }
    let axis = Axis::new(scale.range, drawn_on(scale, figure.scores.iter().copied()), (LEFT, RIGHT));
    let spans = axis.spans(scale.bands);
    let columns = Columns::of(figure.scores, (scale.range.1 - scale.range.0).to_f64());
    let counts = columns.counts(figure.scores.iter().map(|score| (*score, ())));
    let count_axis = CountAxis::new(counts.values().copied().max().unwrap_or(0), (BOTTOM, TOP));
    let bars = counts.iter().map(|((column, ()), count)| {
        let (from, to) = columns.ends(*column);
        let (from, to) = (axis.place(from), axis.place(to));
        let apart = ((to - from) * 0.12).min(4.0);
        rectangle("bar plain", (from + apart, BOTTOM), (to - apart, count_axis.place(*count)))
    });
    let pupils = count_of(figure.scores.len() as u64, "pupil");
    let body = html! {
        (heading_with(scale.name, &format!("{pupils}; {}", better_words(scale.better))))
        (upright_bands(&spans, TOP, BOTTOM))
        (names_above(&spans, (MARGIN + 60.0, RIGHT), TOP))
        (count_axis.draw(LEFT, RIGHT, "pupils"))
        @for bar in bars { (bar) }
        (bottom_axis(&axis, BOTTOM))
    };
    let title = format!("{}: scores of {pupils}", quoted(scale.name));
    sheet(&Sheet { id, class: "distribution", height: BOTTOM + 34.0, title, description: description(figure) }, &body)
}

fn description(figure: &Distribution) -> String {
    let mut counts: BTreeMap<Number, u64> = BTreeMap::new();
    for score in figure.scores {
        *counts.entry(*score).or_default() += 1;
    }
    let each: Vec<String> = counts.into_iter().map(|(score, count)| format!("{}: {}", number(score), count_of(count, "pupil"))).collect();
    format!("{} How many pupils have which score: {}.", axis_sentences(&figure.scale), each.join("; "))
}
