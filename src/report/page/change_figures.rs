//! Changes as figures: a line a pupil as long as they can be told apart, every change counted where there are more; and baseline by review.

use maud::{Markup, html};

use crate::change::{Change, Comparison, PointState};
use crate::cohort::Together;
use crate::findings::{count_of, harmless};
use crate::instrument::{Bands, Number};
use crate::report::change_view::ChangeView;
use crate::report::chart::{
    AxisScale, BandSpan, ChangeDistribution, ErrorBand, MOST_SLOPES, PupilChange, Scatter, ScoreMark, Slope, change_distribution, scatter,
    slope,
};
use crate::stats::measurement_error::{Boundary, ChangeThreshold};

/// The figures of one scale; nothing where nobody has both scores.
pub(super) fn changes(view: ChangeView<'_>, scale: usize) -> Markup {
    let Some(definition) = view.form.instrument().scales.get(scale) else { return html! {} };
    let pairs: Vec<(&Comparison, Change, Number, Number)> = view
        .together
        .comparable_pairs()
        .filter_map(|pair| {
            let change = view.together.change(pair, scale, view.form)?;
            let (baseline, review) = (change.baseline?, change.review?);
            Some((pair, change, baseline, review))
        })
        .collect();
    if pairs.is_empty() {
        return html! {};
    }
    let is_whole = pairs.iter().all(|(_, _, baseline, review)| baseline.as_whole().is_some() && review.as_whole().is_some());
    let spans = band_spans(view.form.bands(scale), definition.range, is_whole);
    let axis = AxisScale { name: &definition.name, range: definition.range, better: definition.better, bands: &spans };
    let clear_from = clear_from(view.together, scale);
    let error = clear_from.as_ref().map(|(half_width, words)| ErrorBand { half_width: *half_width, clear_from: words });
    let times = ("baseline", "review");
    let id = |what: &str| format!("{what}-{}", definition.id);
    html! {
        figure tabindex="0" {
            @if pairs.len() <= MOST_SLOPES {
                @let names: Vec<String> = pairs.iter().map(|(pair, ..)| harmless(view.together.pupil(pair)).into_owned()).collect();
                @let pupils: Vec<PupilChange<'_>> = pairs.iter().zip(&names).map(|((pair, change, baseline, review), pupil)| PupilChange {
                    pupil,
                    baseline: mark(view.together, pair, scale, *baseline, At::Baseline),
                    review: mark(view.together, pair, scale, *review, At::Review),
                    verdict: change.verdict,
                }).collect();
                (slope(&id("slope"), &Slope { scale: axis, times, pupils: &pupils }))
            } @else {
                @let changes: Vec<_> = pairs.iter().map(|(_, change, baseline, review)| (*review - *baseline, change.verdict)).collect();
                (change_distribution(&id("changes"), &ChangeDistribution { scale: axis, changes: &changes, error }))
            }
        }
        figure tabindex="0" {
            @let points: Vec<_> = pairs.iter().map(|(_, change, baseline, review)| (*baseline, *review, change.verdict)).collect();
            (scatter(&id("scatter"), &Scatter { scale: axis, times, pairs: &points, error }))
        }
    }
}

#[derive(Clone, Copy)]
enum At {
    Baseline,
    Review,
}

fn mark(together: &Together, pair: &Comparison, scale: usize, score: Number, at: At) -> ScoreMark {
    let (baseline, review) = together.times();
    let point = match at {
        At::Baseline => baseline.point(pair.baseline, scale),
        At::Review => review.point(pair.review, scale),
    };
    ScoreMark { score, is_estimated: point.is_some_and(|point| point.state() == PointState::Estimated) }
}

/// How far a change of a scale may go and not be clear, and from where on it is: `6 points`. None where that depends on where a pupil
/// started, or no figures are on record.
pub(super) fn clear_from(together: &Together, scale: usize) -> Option<(f64, String)> {
    let basis = together.bases().of(scale).ok()?;
    let points = basis.smallest_whole_points()?;
    Some((half_width(basis.threshold()?), count_of(points.into(), "point")))
}

/// Where a change of exactly so many points already counts, half a point less: no mark stands on the border.
fn half_width(threshold: &ChangeThreshold) -> f64 {
    match threshold.boundary() {
        Boundary::Exceeded => threshold.points(),
        Boundary::Reached => threshold.points() - 0.5,
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instrument::Better;

    fn spans(better: Better, edges: &[i64], range: (i64, i64)) -> Vec<(usize, i64, i64)> {
        let levels = (0..=edges.len()).map(|level| level.to_string()).collect();
        let bands = Bands::same(levels, edges.iter().copied().map(Number::whole).collect(), better);
        let whole = |number: Number| number.as_whole().unwrap_or(i64::MIN);
        let found = band_spans(Some(&bands), (Number::whole(range.0), Number::whole(range.1)), true);
        found.into_iter().map(|span| (span.level, whole(span.from), whole(span.to))).collect()
    }

    #[test]
    fn bands_lie_where_scores_are_banded() {
        assert_eq!(spans(Better::Lower, &[12, 16, 19], (0, 40)), [(0, 0, 11), (1, 12, 15), (2, 16, 18), (3, 19, 40)]);
        assert_eq!(spans(Better::Higher, &[5, 4, 3], (0, 10)), [(3, 0, 3), (2, 4, 4), (1, 5, 5), (0, 6, 10)]);
    }
}
