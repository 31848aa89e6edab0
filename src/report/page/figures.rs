//! Scores as figures: what a chart needs to know of a form's scales.

use maud::{Markup, html};

use crate::instrument::{Bands, Number};
use crate::report::chart::{BandSpan, BarRow, StackedBars, stacked_bars};
use crate::report::class_view::ClassForm;
use crate::scoring::Form;

/// The bands of a scale, from the lowest score to the highest, with both ends of each. Bands that differ by group have no one place.
pub(super) fn band_spans<'b>(bands: Option<&'b Bands>, (lowest, highest): (Number, Number), is_whole: bool) -> Vec<BandSpan<'b>> {
    let Some((bands, edges)) = bands.and_then(|bands| Some((bands, bands.edges(None)?))) else { return Vec::new() };
    let step = if is_whole { Number::whole(1) } else { Number::ZERO };
    let half = |a: Number, b: Number| (a + b).scaled(1, 2);
    // A level begins at an edge or just beyond it, depending on which end is the concern: the level itself says which.
    let mut cuts: Vec<Number> = edges.iter().copied().filter(|edge| *edge > lowest && *edge <= highest).collect();
    if is_whole {
        cuts.extend(edges.iter().map(|edge| *edge + step).filter(|edge| *edge > lowest && *edge <= highest));
    }
    cuts.push(lowest);
    cuts.sort_unstable();
    cuts.dedup();
    let mut spans: Vec<BandSpan<'b>> = Vec::new();
    for (place, from) in cuts.iter().enumerate() {
        let to = cuts.get(place + 1).map_or(highest, |next| *next - step);
        let Some(level) = half(*from, to).and_then(|middle| bands.level(if is_whole { *from } else { middle }, None)) else { continue };
        match spans.last_mut().filter(|span| span.level == level) {
            Some(span) => span.to = to,
            None => spans.push(BandSpan { name: bands.name(level), level, from: *from, to }),
        }
    }
    spans
}

/// How many pupils are at each level of each scale; a figure for each set of level names.
pub(super) fn levels(form: &Form, class: &ClassForm) -> Markup {
    let mut sets: Vec<(&[String], Vec<BarRow<'_>>)> = Vec::new();
    let counts: Vec<Vec<Option<u64>>> = class.counts.iter().map(|counts| counts.iter().copied().map(Some).collect()).collect();
    for (scale, counts) in class.scales.iter().zip(&counts) {
        let (Some(bands), Some(definition)) = (form.bands(*scale), form.instrument().scales.get(*scale)) else { continue };
        let row = BarRow { label: &definition.name, counts, total: counts.iter().copied().sum() };
        match sets.iter_mut().find(|(names, _)| *names == bands.levels.as_slice()) {
            Some((_, rows)) => rows.push(row),
            None => sets.push((&bands.levels, vec![row])),
        }
    }
    html! {
        @for (place, (names, rows)) in sets.iter().enumerate() {
            @let levels: Vec<&str> = names.iter().map(String::as_str).collect();
            figure {
                (stacked_bars(
                    &format!("levels-{}-{place}", form.instrument().id),
                    &StackedBars { name: "Pupils at each level", levels: &levels, rows },
                ))
            }
        }
    }
}
