//! One pupil's scores on one scale as a line over time.

use maud::{Markup, html};

use super::axis::{Axis, drawn_on, left_axis, level_bands, names_beside};
use super::banded_axis::{described, moments_title};
use super::canvas::{Anchor, HEADING, LINE, Sheet, TEXT, WIDTH, empty_sheet, heading_with, line, sheet, text};
use super::keys::{Place, error_area, error_pattern, key, score_entries, score_mark, target_tick};
use super::words::{better_words, fitted, number, printed};
use super::{AxisScale, ErrorBand, Moment};
use crate::instrument::Number;

/// What [`over_time`] draws.
#[derive(Clone, Copy, Debug)]
pub struct OverTime<'a> {
    /// The scale.
    pub scale: AxisScale<'a>,
    /// The times in order, at equal distances; those without a score are a gap in the line.
    pub moments: &'a [Moment<'a>],
    /// What cannot be told from the questionnaire's own error, around the first score.
    pub error: Option<ErrorBand<'a>>,
    /// A target.
    pub target: Option<Number>,
}

const TOP: f64 = 44.0;
const BOTTOM: f64 = 304.0;
const LEFT: f64 = 58.0;
/// More labels than these take two lines by turns.
const ONE_LINE: usize = 5;

/// Draws scores over time on the bands of their scale. Without any score the figure says so.
pub fn over_time(id: &str, figure: &OverTime) -> Markup {
    let scale = &figure.scale;
    let scored: Vec<Number> = figure.moments.iter().filter_map(|moment| Some(moment.mark?.score)).collect();
    let Some(first) = scored.first().copied() else {
        return empty_sheet(id, scale.name, "there is no score to show.");
    };
    let axis = Axis::new(scale.range, drawn_on(scale, scored.iter().copied().chain(figure.target)), (BOTTOM, TOP));
    let spans = axis.spans(scale.bands);
    let right = if spans.is_empty() { WIDTH - 24.0 } else { WIDTH - 172.0 };
    let error = figure.error.filter(|error| error.half_width.is_finite() && error.half_width > 0.0 && scored.len() > 1);
    let target = figure.target.map(|target| format!("target {}", number(target)));
    let entries = score_entries(id, scored.len(), error.as_ref().map(|error| error.clear_from), target.as_deref());
    let label_lines = if figure.moments.len() > ONE_LINE { 2.0 * LINE } else { LINE };
    let (key, key_height) = key(BOTTOM + 16.0 + label_lines, entries);
    let body = html! {
        (error_pattern(id))
        (heading_with(scale.name, better_words(scale.better)))
        (level_bands(&spans, LEFT, right))
        (names_beside(&spans, right, WIDTH - 8.0, (TOP, BOTTOM)))
        @if let Some(error) = error {
            (error_area(id, (LEFT, axis.place(first.to_f64() - error.half_width)), (right, axis.place(first.to_f64() + error.half_width))))
        }
        @if let Some(target) = figure.target { (target_tick((LEFT, axis.place_of(target)), (right, axis.place_of(target)))) }
        (left_axis(&axis, LEFT))
        (line("axis", (LEFT, BOTTOM), (right, BOTTOM)))
        (course(figure.moments, &axis, right))
        (key)
    };
    let height = BOTTOM + 16.0 + label_lines + key_height + 6.0;
    let title = moments_title(scale, figure.moments);
    let description = described(scale, figure.moments, figure.target, error);
    sheet(&Sheet { id, class: "over-time", height, title, description }, &body)
}

/// The line with its marks and scores, and the times below.
fn course(moments: &[Moment], axis: &Axis, right: f64) -> Markup {
    let count = moments.iter().filter(|moment| moment.mark.is_some()).count();
    let step = (right - LEFT) / u32::try_from(moments.len().max(1)).map_or(1.0, f64::from);
    let label_room = if moments.len() > ONE_LINE { 2.0 * step } else { step } - 8.0;
    let (mut lines, mut marks, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    let (mut x, mut before, mut place) = (LEFT + step / 2.0, None, 0);
    for (index, moment) in moments.iter().enumerate() {
        let second_line = if moments.len() > ONE_LINE && index % 2 == 1 { LINE } else { 0.0 };
        // The first and the last label have less room at their outer side.
        let around = (2.0 * (x - 4.0)).min(2.0 * (WIDTH - 4.0 - x));
        let room = label_room.min(around);
        labels.push(text(Anchor::Middle, "label", TEXT, (x, BOTTOM + 18.0 + second_line), &fitted(moment.label, TEXT, room)));
        labels.push(line("axis", (x, BOTTOM), (x, BOTTOM + 5.0)));
        let here = moment.mark.map(|mark| (mark, (x, axis.place_of(mark.score))));
        if let Some((mark, spot)) = here {
            lines.extend(before.map(|before| line("trail", before, spot)));
            marks.push(score_mark(Place::of(place, count), spot));
            place += 1;
            let y = if spot.1 < TOP + 24.0 { spot.1 + 23.0 } else { spot.1 - 12.0 };
            labels.push(text(Anchor::Middle, "value", HEADING, (x, y), &fitted(&printed(mark), HEADING, around)));
        } else {
            labels.push(text(Anchor::Middle, "value quiet", TEXT, (x, BOTTOM - 8.0), &fitted("no score", TEXT, step)));
        }
        before = here.map(|(_, spot)| spot);
        x += step;
    }
    html! { @for part in lines.iter().chain(&marks).chain(&labels) { (part) } }
}
