//! Axes: where a score stands, where the ticks are, where bands begin and end, and how labels keep out of each other's way.

use maud::{Markup, html};

use super::canvas::{Anchor, TEXT, at, line, rectangle, text};
use super::words::{band_range, fitted, number, width};
use super::{AxisScale, BandSpan};
use crate::instrument::Number;

/// A straight axis: scores at one side, places on the sheet at the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
    ends: (Number, Number),
}

impl Axis {
    /// An axis for a scale and everything that is drawn on it, from a place on the sheet to another.
    pub(super) fn new(range: (Number, Number), drawn: impl IntoIterator<Item = Number>, (start, end): (f64, f64)) -> Self {
        let mut ends = (range.0.min(range.1), range.1.max(range.0));
        for score in drawn {
            ends = (ends.0.min(score), ends.1.max(score));
        }
        let (low, high) = (ends.0.to_f64(), ends.1.to_f64());
        let is_whole = ends.0.as_whole().is_some() && ends.1.as_whole().is_some();
        // Half a point beyond both ends, so that a mark at the end is as well inside as any other.
        let beyond = if is_whole && high - low >= 4.0 { 0.5 } else { (high - low) * 0.03 };
        let beyond = if high > low { beyond } else { 1.0 };
        Self { low: low - beyond, high: high + beyond, start, end, ends }
    }

    /// Where a score stands; beyond the axis, its end.
    pub(super) fn place(&self, score: f64) -> f64 {
        let share = ((score - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        self.start + share * (self.end - self.start)
    }

    pub(super) fn place_of(&self, score: Number) -> f64 {
        self.place(score.to_f64())
    }

    /// The place of the lowest and of the highest score that fits.
    pub(super) fn places(&self) -> (f64, f64) {
        (self.start, self.end)
    }

    /// How much of the sheet a point takes.
    pub(super) fn per_point(&self) -> f64 {
        self.length() / (self.high - self.low)
    }

    /// How long it is.
    pub(super) fn length(&self) -> f64 {
        (self.end - self.start).abs()
    }

    /// Ticks at steps of 1, 2 or 5 and at both ends, with their words; those beside an end give way to it.
    pub(super) fn ticks(&self, room_of_each: f64) -> Vec<(f64, String)> {
        let (low, high) = (self.ends.0.to_f64(), self.ends.1.to_f64());
        let most = (self.length() / room_of_each).max(2.0);
        let step = whole_step(high - low, most);
        let clearance = (high - low) / most * 0.75;
        let mut ticks = vec![(low, number(self.ends.0))];
        let mut tick = (low / step).floor() * step + step;
        while tick < high {
            if tick - low >= clearance && high - tick >= clearance {
                ticks.push((tick, format!("{tick:.0}").replace('-', "−")));
            }
            tick += step;
        }
        if high > low {
            ticks.push((high, number(self.ends.1)));
        }
        ticks.into_iter().map(|(score, words)| (self.place(score), words)).collect()
    }

    /// The bands as spans of the sheet, in order of their place on the axis.
    pub(super) fn spans<'b>(&self, bands: &'b [BandSpan<'b>]) -> Vec<Span<'b>> {
        let mut sorted: Vec<&BandSpan> = bands.iter().collect();
        sorted.sort_by_key(|band| (band.from, band.to));
        let border = |below: &BandSpan, above: &BandSpan| self.place(f64::midpoint(below.to.to_f64(), above.from.to_f64()));
        let ends = |index: usize| {
            let from = index.checked_sub(1).map_or(self.start, |before| border(sorted[before], sorted[index]));
            let to = sorted.get(index + 1).map_or(self.end, |after| border(sorted[index], after));
            (from, to)
        };
        (0..sorted.len()).map(|index| Span { ends: ends(index), band: sorted[index] }).collect()
    }
}

/// The smallest of 1, 2, 5, 10, 20 … that makes no more steps than so many.
pub(super) fn whole_step(span: f64, most: f64) -> f64 {
    let mut decade = 1.0;
    loop {
        for step in [decade, 2.0 * decade, 5.0 * decade] {
            if span / step <= most || decade > 1e18 {
                return step;
            }
        }
        decade *= 10.0;
    }
}

/// A band on the sheet.
pub(super) struct Span<'a> {
    pub(super) ends: (f64, f64),
    pub(super) band: &'a BandSpan<'a>,
}

impl Span<'_> {
    fn middle(&self) -> f64 {
        f64::midpoint(self.ends.0, self.ends.1)
    }

    fn class(&self) -> String {
        level_class(self.band.level)
    }
}

/// The class of a level of concern; the shades end at the fifth.
pub(super) fn level_class(level: usize) -> String {
    format!("level-{}", level.min(4))
}

/// Bands side by side as the ground of a horizontal axis, with borders between them.
pub(super) fn upright_bands(spans: &[Span], top: f64, bottom: f64) -> Markup {
    html! {
        @for span in spans { (rectangle(&span.class(), (span.ends.0, top), (span.ends.1, bottom))) }
        @for span in spans.iter().skip(1) { (line("border", (span.ends.0, top), (span.ends.0, bottom))) }
    }
}

/// Bands above each other as the ground of a vertical axis.
pub(super) fn level_bands(spans: &[Span], left: f64, right: f64) -> Markup {
    html! {
        @for span in spans { (rectangle(&span.class(), (left, span.ends.0), (right, span.ends.1))) }
        @for span in spans.iter().skip(1) { (line("border", (left, span.ends.0), (right, span.ends.0))) }
    }
}

/// How much height the names above [`upright_bands`] take.
pub(super) const BAND_NAMES: f64 = 46.0;

/// The names of upright bands and their ranges in two lines above them, each tied to its band, none over another.
pub(super) fn names_above(spans: &[Span], (left, right): (f64, f64), bottom: f64) -> Markup {
    const APART: f64 = 14.0;
    let Some(share) = share_of(right - left, spans.len()) else { return html! {} };
    let names: Vec<(String, String)> = spans
        .iter()
        .map(|span| (fitted(span.band.name, TEXT, share - APART), fitted(&band_range(span.band), TEXT, share - APART)))
        .collect();
    let extents: Vec<(f64, f64)> =
        spans.iter().zip(&names).map(|(span, (name, range))| (span.middle(), width(name, TEXT).max(width(range, TEXT)) + APART)).collect();
    let centres = spread(&extents, left, right);
    html! {
        @for ((span, (name, range)), centre) in spans.iter().zip(&names).zip(centres) {
            (text(Anchor::Middle, "label", TEXT, (centre, bottom - 30.0), name))
            (text(Anchor::Middle, "label quiet", TEXT, (centre, bottom - 14.0), range))
            polyline class="leader" points={ (at(centre)) "," (at(bottom - 10.0)) " " (at(span.middle())) "," (at(bottom)) } {}
        }
    }
}

/// The names of level bands and their ranges to the right of them.
pub(super) fn names_beside(spans: &[Span], left: f64, right: f64, (top, bottom): (f64, f64)) -> Markup {
    const HEIGHT: f64 = 34.0;
    let extents: Vec<(f64, f64)> = spans.iter().map(|span| (span.middle(), HEIGHT)).collect();
    let centres = spread(&extents, top, bottom);
    let room = right - left - 16.0;
    html! {
        @for (span, centre) in spans.iter().zip(centres) {
            polyline class="leader" points={ (at(left)) "," (at(span.middle())) " " (at(left + 10.0)) "," (at(centre)) } {}
            (text(Anchor::Start, "label", TEXT, (left + 16.0, centre - 2.0), &fitted(span.band.name, TEXT, room)))
            (text(Anchor::Start, "label quiet", TEXT, (left + 16.0, centre + 13.0), &fitted(&band_range(span.band), TEXT, room)))
        }
    }
}

fn share_of(room: f64, count: usize) -> Option<f64> {
    u32::try_from(count).ok().filter(|count| *count > 0).map(|count| room / f64::from(count))
}

/// The room of a number below a tick: no questionnaire has scores of more than five digits.
const LONGEST_TICK: f64 = 44.0;

/// The horizontal axis below a plot.
pub(super) fn bottom_axis(axis: &Axis, y: f64) -> Markup {
    let (start, end) = axis.places();
    html! {
        (line("axis", (start, y), (end, y)))
        @for (x, words) in axis.ticks(44.0) {
            (line("axis", (x, y), (x, y + 5.0)))
            (text(Anchor::Middle, "label", TEXT, (x, y + 19.0), &fitted(&words, TEXT, LONGEST_TICK)))
        }
    }
}

/// The vertical axis at the left of a plot.
pub(super) fn left_axis(axis: &Axis, x: f64) -> Markup {
    let (start, end) = axis.places();
    html! {
        (line("axis", (x, start), (x, end)))
        @for (y, words) in axis.ticks(30.0) {
            (line("axis", (x - 5.0, y), (x, y)))
            (text(Anchor::End, "label", TEXT, (x - 9.0, y + 4.5), &fitted(&words, TEXT, x - 12.0)))
        }
    }
}

/// Every score that a scale's figure must have room for.
pub(super) fn drawn_on(scale: &AxisScale, scores: impl IntoIterator<Item = Number>) -> Vec<Number> {
    scores.into_iter().chain(scale.bands.iter().flat_map(|band| [band.from, band.to])).collect()
}

/// Centres for labels of some extent, as near as possible to where they belong, in order, without overlap, between two ends.
///
/// Labels that would overlap form a group around the middle of where they belong; where the room is too small for all, they share it.
pub(super) fn spread(wanted: &[(f64, f64)], low: f64, high: f64) -> Vec<f64> {
    let total: f64 = wanted.iter().map(|(_, extent)| extent).sum();
    let shrink = if total > high - low && total > 0.0 { (high - low) / total } else { 1.0 };
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|left, right| wanted[*left].0.total_cmp(&wanted[*right].0));
    // Each group: its members, the extent of all, and the sum of where its beginning would have to be for each member.
    let mut groups: Vec<(Vec<usize>, f64, f64)> = Vec::new();
    let begin = |(members, extent, wishes): &(Vec<usize>, f64, f64)| {
        let mean = share_of(*wishes, members.len()).unwrap_or(low);
        mean.min(high - extent).max(low)
    };
    for index in order {
        let (centre, extent) = (wanted[index].0, wanted[index].1 * shrink);
        let mut group = (vec![index], extent, centre - extent / 2.0);
        while let Some(before) = groups.pop_if(|before| begin(before) + before.1 > begin(&group)) {
            let count_of_new = u32::try_from(group.0.len()).map_or(0.0, f64::from);
            let members = before.0.into_iter().chain(group.0).collect();
            group = (members, before.1 + group.1, before.2 + group.2 - count_of_new * before.1);
        }
        groups.push(group);
    }
    let mut centres = vec![low; wanted.len()];
    for group in &groups {
        let mut edge = begin(group);
        for member in &group.0 {
            let extent = wanted[*member].1 * shrink;
            centres[*member] = edge + extent / 2.0;
            edge += extent;
        }
    }
    centres
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(low: i64, high: i64) -> Vec<String> {
        let axis = Axis::new((Number::whole(low), Number::whole(high)), [], (0.0, 600.0));
        axis.ticks(44.0).into_iter().map(|(_, words)| words).collect()
    }

    #[test]
    fn ticks_are_whole_and_include_both_ends() {
        assert_eq!(ticks(0, 10), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
        assert_eq!(ticks(0, 40), ["0", "5", "10", "15", "20", "25", "30", "35", "40"]);
        assert_eq!(ticks(0, 31), ["0", "5", "10", "15", "20", "25", "31"], "30 gives way to the end");
        assert_eq!(ticks(-3, 3), ["−3", "−2", "−1", "0", "1", "2", "3"]);
        assert_eq!(ticks(7, 7), ["7"]);
        assert_eq!(ticks(0, 141).last().map(String::as_str), Some("141"));
    }

    #[test]
    fn an_axis_has_room_for_what_is_drawn() {
        let axis = Axis::new((Number::whole(0), Number::whole(10)), [Number::whole(12)], (100.0, 700.0));
        assert!(axis.place(12.0) < 700.0 && axis.place(0.0) > 100.0);
        assert!((axis.place(1e300) - 700.0).abs() < 1e-9);
        let flat = Axis::new((Number::whole(5), Number::whole(5)), [], (0.0, 100.0));
        assert!((flat.place(5.0) - 50.0).abs() < 1e-9);
    }

    #[test]
    fn bands_meet_between_whole_scores() {
        let band = |level, from, to| BandSpan { name: "b", level, from: Number::whole(from), to: Number::whole(to) };
        let bands = [band(1, 6, 10), band(0, 0, 5)];
        let axis = Axis::new((Number::whole(0), Number::whole(10)), [], (0.0, 110.0));
        let spans = axis.spans(&bands);
        assert_eq!(spans.iter().map(|span| span.band.level).collect::<Vec<_>>(), [0, 1]);
        for (found, expected) in spans.iter().flat_map(|span| [span.ends.0, span.ends.1]).zip([0.0, 60.0, 60.0, 110.0]) {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }

    #[test]
    fn labels_keep_out_of_each_others_way() {
        let wanted = [(10.0, 20.0), (12.0, 20.0), (95.0, 20.0), (11.0, 20.0)];
        let centres = spread(&wanted, 0.0, 100.0);
        assert_eq!(centres, [10.0, 50.0, 90.0, 30.0]);
        let alone = spread(&[(50.0, 10.0)], 0.0, 100.0);
        assert_eq!(alone, [50.0]);
        let crowded = spread(&[(50.0, 80.0), (50.0, 80.0)], 0.0, 100.0);
        assert_eq!(crowded, [25.0, 75.0]);
    }
}
