//! Baseline to review, a line for each pupil.

use maud::{Markup, html};

use super::axis::{Axis, spread};
use super::canvas::{Anchor, MARGIN, Sheet, TEXT, WIDTH, at, empty_sheet, heading_with, line, sheet, text};
use super::keys::{Picture, key, verdict_line, verdict_shape};
use super::words::{axis_sentences, better_words, fitted, number, printed, quoted, spoken};
use super::{AxisScale, PupilChange, ScoreMark};
use crate::change::Verdict;
use crate::findings::count_of;

/// Above so many pupils the lines cannot be told apart: draw [`super::change_distribution()`] instead.
pub const MOST_SLOPES: usize = 40;

/// What [`slope`] draws.
#[derive(Clone, Copy, Debug)]
pub struct Slope<'a> {
    /// The scale. Its bands are said in the description only.
    pub scale: AxisScale<'a>,
    /// What the two times are called: `autumn`, `summer`.
    pub times: (&'a str, &'a str),
    /// The pupils with both scores.
    pub pupils: &'a [PupilChange<'a>],
}

/// Above so many pupils those without a clear change have no name beside their line.
const MOST_NAMED: usize = 12;

const LEFT: f64 = 236.0;
const RIGHT: f64 = WIDTH - 236.0;
const TOP: f64 = 80.0;
const LABEL: f64 = 16.0;

/// Draws a line for each pupil, from a dot at baseline to the shape of its verdict at review, with names and scores at both ends.
///
/// Up to [`MOST_SLOPES`] pupils have a legible line; more make the figure longer, never wrong. Without pupils the figure says so.
pub fn slope(id: &str, figure: &Slope) -> Markup {
    let scale = &figure.scale;
    if figure.pupils.is_empty() {
        return empty_sheet(id, scale.name, "no pupil has both scores.");
    }
    let height = figure.pupils.iter().fold(0.0, |height, _| height + LABEL).max(240.0);
    let bottom = TOP + height;
    // Only as much of the scale as there are scores: most of a class crowds at one end of it.
    let scores = || figure.pupils.iter().flat_map(|pupil| [pupil.baseline.score, pupil.review.score]);
    let drawn = (scores().min().unwrap_or(scale.range.0), scores().max().unwrap_or(scale.range.1));
    let axis = Axis::new(drawn, scores(), (bottom, TOP));
    let about = format!("{} to {}, {}", number(drawn.0), number(drawn.1), better_words(scale.better));
    let (key, key_height) = key(bottom + 14.0, verdict_entries(figure));
    let room = LEFT - MARGIN - 20.0;
    // Lines that say the least lie at the bottom.
    let drawn_order = [Verdict::CannotTell, Verdict::NoClearChange, Verdict::ClearlyBetter, Verdict::ClearlyWorse];
    let in_order = || drawn_order.into_iter().flat_map(|verdict| figure.pupils.iter().filter(move |pupil| pupil.verdict == verdict));
    let body = html! {
        (heading_with(scale.name, &about))
        (text(Anchor::End, "label strong", TEXT, (LEFT, TOP - 24.0), &fitted(figure.times.0, TEXT * 1.08, room)))
        (text(Anchor::Start, "label strong", TEXT, (RIGHT, TOP - 24.0), &fitted(figure.times.1, TEXT * 1.08, room)))
        (line("axis", (LEFT, TOP), (LEFT, bottom)))
        (line("axis", (RIGHT, TOP), (RIGHT, bottom)))
        @for pupil in in_order() {
            (verdict_line(pupil.verdict, (LEFT, axis.place_of(pupil.baseline.score)), (RIGHT, axis.place_of(pupil.review.score))))
        }
        @for pupil in in_order() {
            circle class="mark-start" cx=(at(LEFT)) cy=(at(axis.place_of(pupil.baseline.score))) r="4" {}
            (verdict_shape(pupil.verdict, scale.better, (RIGHT, axis.place_of(pupil.review.score)), 5.5))
        }
        (labels(figure, &axis, Side::Baseline, (TOP, bottom)))
        (labels(figure, &axis, Side::Review, (TOP, bottom)))
        (key)
    };
    let title =
        format!("{}: {} to {}, {}", quoted(scale.name), quoted(figure.times.0), quoted(figure.times.1), pupils(figure.pupils.len()));
    sheet(&Sheet { id, class: "slope", height: bottom + 14.0 + key_height + 6.0, title, description: description(figure) }, &body)
}

#[derive(Clone, Copy)]
enum Side {
    Baseline,
    Review,
}

/// The names and scores at one side, pushed apart; pupils whose lines end at the same score stand in the order of their other score.
fn labels(figure: &Slope, axis: &Axis, side: Side, (top, bottom): (f64, f64)) -> Markup {
    const SCORE: f64 = 48.0;
    let ends = |pupil: &PupilChange| match side {
        Side::Baseline => (pupil.baseline, pupil.review),
        Side::Review => (pupil.review, pupil.baseline),
    };
    // Where many lines lie together only those have a name that something is to be said of; the description names all.
    let is_named = |pupil: &&PupilChange| figure.pupils.len() <= MOST_NAMED || pupil.verdict != Verdict::NoClearChange;
    let mut order: Vec<&PupilChange> = figure.pupils.iter().filter(is_named).collect();
    order.sort_by(|left, right| {
        let ((here, there), (next, beyond)) = (ends(left), ends(right));
        next.score.cmp(&here.score).then(beyond.score.cmp(&there.score))
    });
    let place = |mark: ScoreMark| axis.place_of(mark.score);
    let wanted: Vec<(f64, f64)> = order.iter().map(|pupil| (place(ends(pupil).0), LABEL)).collect();
    let centres = spread(&wanted, top - LABEL / 2.0, bottom + LABEL / 2.0);
    let (edge, sign, anchor) = match side {
        Side::Baseline => (LEFT, -1.0, Anchor::End),
        Side::Review => (RIGHT, 1.0, Anchor::Start),
    };
    let room = LEFT - 26.0 - SCORE - 8.0;
    html! {
        @for (pupil, centre) in order.into_iter().zip(centres) {
            (line("leader", (edge + sign * 8.0, place(ends(pupil).0)), (edge + sign * 22.0, centre)))
            (text(anchor, "label score", TEXT, (edge + sign * 26.0, centre + 4.5), &fitted(&printed(ends(pupil).0), TEXT, SCORE)))
            (text(anchor, "label", TEXT, (edge + sign * (26.0 + SCORE), centre + 4.5), &fitted(pupil.pupil, TEXT, room)))
        }
    }
}

fn pupils(count: usize) -> String {
    count_of(count as u64, "pupil")
}

/// The verdicts that occur, with how many pupils have each.
fn verdict_entries<'a>(figure: &Slope<'a>) -> Vec<(Picture<'a>, String)> {
    let better = figure.scale.better;
    let entry = |verdict: Verdict| {
        let count = figure.pupils.iter().filter(|pupil| pupil.verdict == verdict).count();
        let picture: Picture = Box::new(move |(x, y)| {
            html! { (verdict_line(verdict, (x - 14.0, y), (x + 8.0, y))) (verdict_shape(verdict, better, (x + 8.0, y), 5.5)) }
        });
        (count > 0).then(|| (picture, format!("{}: {count}", verdict.words())))
    };
    Verdict::ALL.into_iter().filter_map(entry).collect()
}

fn description(figure: &Slope) -> String {
    let each: Vec<String> = figure
        .pupils
        .iter()
        .map(|pupil| format!("{}: {} to {}, {}", quoted(pupil.pupil), spoken(pupil.baseline), spoken(pupil.review), pupil.verdict.words()))
        .collect();
    let times = format!("Each line runs from {} to {}.", quoted(figure.times.0), quoted(figure.times.1));
    format!("{} {times} {}.", axis_sentences(&figure.scale), each.join("; "))
}
