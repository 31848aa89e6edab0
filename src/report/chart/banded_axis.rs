//! One pupil's scores on one scale's own axis, a lane for each time.

use maud::{Markup, html};

use super::axis::{Axis, BAND_NAMES, bottom_axis, drawn_on, names_above, upright_bands};
use super::canvas::{Anchor, HEADING, MARGIN, Sheet, TEXT, WIDTH, empty_sheet, heading_with, line, sheet, text};
use super::keys::{Place, error_area, error_pattern, key, score_entries, score_mark, target_tick};
use super::words::{axis_sentences, better_words, error_sentence, fitted, in_band, number, printed, quoted, spoken};
use super::{AxisScale, ErrorBand, Moment};
use crate::instrument::Number;

/// What [`banded_axis`] draws.
#[derive(Clone, Copy, Debug)]
pub struct BandedAxis<'a> {
    /// The scale.
    pub scale: AxisScale<'a>,
    /// The times in order; those without a score say so in their lane.
    pub moments: &'a [Moment<'a>],
    /// What cannot be told from the questionnaire's own error, around the first score.
    pub error: Option<ErrorBand<'a>>,
    /// A target.
    pub target: Option<Number>,
}

const LANE: f64 = 28.0;
const LEFT: f64 = 172.0;
const RIGHT: f64 = WIDTH - 24.0;

/// Draws one pupil's scores on the axis of the scale: bands with their names and ranges, a lane for each time, the first and the latest score
/// emphasised, the questionnaire's own error around the first. Without any score the figure says so.
pub fn banded_axis(id: &str, figure: &BandedAxis) -> Markup {
    let scale = &figure.scale;
    let scored: Vec<Number> = figure.moments.iter().filter_map(|moment| Some(moment.mark?.score)).collect();
    let Some(first) = scored.first().copied() else {
        return empty_sheet(id, scale.name, "there is no score to show.");
    };
    let axis = Axis::new(scale.range, drawn_on(scale, scored.iter().copied().chain(figure.target)), (LEFT, RIGHT));
    let spans = axis.spans(scale.bands);
    let top = if spans.is_empty() { 44.0 } else { 36.0 + BAND_NAMES };
    let bottom = figure.moments.iter().fold(top, |bottom, _| bottom + LANE);
    let error = figure.error.filter(|error| error.half_width.is_finite() && error.half_width > 0.0 && scored.len() > 1);
    let target = figure.target.map(|target| format!("target {}", number(target)));
    let entries = score_entries(id, scored.len(), error.as_ref().map(|error| error.clear_from), target.as_deref());
    let (key, key_height) = key(bottom + 34.0, entries);
    let body = html! {
        (error_pattern(id))
        (heading_with(scale.name, better_words(scale.better)))
        (upright_bands(&spans, top, bottom))
        (names_above(&spans, (MARGIN, RIGHT), top))
        @if let Some(error) = error {
            (error_area(id, (axis.place(first.to_f64() - error.half_width), top), (axis.place(first.to_f64() + error.half_width), bottom)))
        }
        @if let Some(target) = figure.target { (target_tick((axis.place_of(target), top), (axis.place_of(target), bottom))) }
        (lanes(figure.moments, &axis, top))
        (bottom_axis(&axis, bottom))
        (key)
    };
    let height = bottom + 34.0 + key_height + 6.0;
    let title = moments_title(scale, figure.moments);
    let description = described(scale, figure.moments, figure.target, error);
    sheet(&Sheet { id, class: "banded-axis", height, title, description }, &body)
}

/// The scores, each in its lane, tied to the one before.
fn lanes(moments: &[Moment], axis: &Axis, top: f64) -> Markup {
    let count = moments.iter().filter(|moment| moment.mark.is_some()).count();
    let (mut y, mut drawn) = (top + LANE / 2.0, Vec::new());
    let mut trail: Vec<(f64, f64)> = Vec::new();
    let (mut labels, mut marks, mut scores) = (Vec::new(), Vec::new(), Vec::new());
    for moment in moments {
        labels.push(text(Anchor::End, "label", TEXT, (LEFT - 12.0, y + 4.5), &fitted(moment.label, TEXT, LEFT - 12.0 - MARGIN)));
        if let Some(mark) = moment.mark {
            let x = axis.place_of(mark.score);
            marks.push(score_mark(Place::of(trail.len(), count), (x, y)));
            trail.push((x, y));
            scores.push(printed(mark));
        } else {
            labels.push(text(Anchor::Start, "value quiet", TEXT, (LEFT + 10.0, y + 4.5), "no score"));
        }
        y += LANE;
    }
    for (index, ((x, y), score)) in trail.iter().zip(&scores).enumerate() {
        let neighbours = [index.checked_sub(1).and_then(|before| trail.get(before)), trail.get(index + 1)];
        let is_busy = |side: f64| neighbours.iter().flatten().any(|(other, _)| (other - x) * side > 2.0);
        // The score stands where the trail does not run, if there is such a side.
        let is_left = *x > RIGHT - 60.0 || (is_busy(1.0) && !is_busy(-1.0) && *x > LEFT + 60.0);
        let (anchor, beside) = if is_left { (Anchor::End, x - 13.0) } else { (Anchor::Start, x + 13.0) };
        let room = if is_left { beside - 4.0 } else { WIDTH - 4.0 - beside };
        labels.push(text(anchor, "value", HEADING, (beside, y + 5.0), &fitted(score, HEADING, room)));
    }
    drawn.extend(trail.windows(2).map(|pair| line("trail", pair[0], pair[1])));
    drawn.extend(marks);
    drawn.extend(labels);
    html! { @for part in &drawn { (part) } }
}

/// The scale and its scores in a line.
pub(super) fn moments_title(scale: &AxisScale, moments: &[Moment]) -> String {
    let scores: Vec<String> =
        moments.iter().filter_map(|moment| Some(format!("{} {}", quoted(moment.label), printed(moment.mark?)))).collect();
    format!("{}: {}", quoted(scale.name), scores.join(", "))
}

/// The axis, every score with its band, and what else is drawn, in sentences.
pub(super) fn described(scale: &AxisScale, moments: &[Moment], target: Option<Number>, error: Option<ErrorBand>) -> String {
    let said = moments.iter().map(|moment| match moment.mark {
        Some(mark) => format!("{}: {}{}", quoted(moment.label), spoken(mark), in_band(scale, mark.score)),
        None => format!("{}: no score", quoted(moment.label)),
    });
    let mut words = format!("{} {}.", axis_sentences(scale), said.collect::<Vec<_>>().join("; "));
    words.extend(target.map(|target| format!(" The target is {}.", number(target))));
    words.extend(error.map(|error| format!(" {}", error_sentence(&error))));
    words
}
