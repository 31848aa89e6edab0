//! Histograms: which column a value falls into, and the axis that counts.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::axis::whole_step;
use super::canvas::{Anchor, TEXT, as_length, line, text};
use crate::instrument::Number;

/// Columns of equal width, each around a multiple of that width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Columns {
    pub(super) width: f64,
}

/// More columns than these are too narrow to be told apart.
const MOST_WHOLE: f64 = 81.0;
const MOST_PARTS: f64 = 40.0;

impl Columns {
    /// One point wide if all values are whole and near enough, otherwise the smallest of 1, 2, 5 times a power of ten that leaves few enough.
    pub(super) fn of(values: &[Number], span: f64) -> Self {
        if values.iter().all(|value| value.as_whole().is_some()) {
            return Self { width: whole_step(span + 1.0, MOST_WHOLE) };
        }
        // Scores have two decimals at most in print, so that hundredths are the finest columns.
        Self { width: whole_step(span * 100.0, MOST_PARTS) / 100.0 }
    }

    /// The column of a value, by the multiple in its middle.
    #[expect(clippy::cast_possible_truncation, reason = "a number of columns, and a score far beyond any scale stops at the end")]
    pub(super) fn of_value(self, value: Number) -> i64 {
        (value.to_f64() / self.width + 0.5).floor() as i64
    }

    /// Where a column begins and ends.
    #[expect(clippy::cast_precision_loss, reason = "a number of columns")]
    pub(super) fn ends(self, column: i64) -> (f64, f64) {
        let middle = column as f64 * self.width;
        (middle - self.width / 2.0, middle + self.width / 2.0)
    }

    /// How many values fall into each column that has any.
    pub(super) fn counts<K: Ord + Copy>(self, values: impl IntoIterator<Item = (Number, K)>) -> BTreeMap<(i64, K), u64> {
        let mut counts = BTreeMap::new();
        for (value, kind) in values {
            *counts.entry((self.of_value(value), kind)).or_insert(0) += 1;
        }
        counts
    }
}

/// The axis that counts, at the left of a plot, from nought at the bottom.
pub(super) struct CountAxis {
    most: f64,
    step: f64,
    bottom: f64,
    top: f64,
}

impl CountAxis {
    pub(super) fn new(most: u64, (bottom, top): (f64, f64)) -> Self {
        let step = whole_step(as_length(most.max(1)), 6.0);
        Self { most: (as_length(most.max(1)) / step).ceil() * step, step, bottom, top }
    }

    pub(super) fn place(&self, count: u64) -> f64 {
        self.bottom - (self.bottom - self.top) * (as_length(count) / self.most).min(1.0)
    }

    pub(super) fn draw(&self, left: f64, right: f64, caption: &str) -> Markup {
        let mut ticks = Vec::new();
        let mut tick = 0.0;
        while tick <= self.most {
            ticks.push((self.bottom - (self.bottom - self.top) * tick / self.most, format!("{tick:.0}")));
            tick += self.step;
        }
        html! {
            @for (y, words) in &ticks {
                (line("grid", (left, *y), (right, *y)))
                (text(Anchor::End, "label", TEXT, (left - 8.0, y + 4.5), words))
            }
            (text(Anchor::Start, "label quiet", TEXT, (16.0, self.top - 14.0), caption))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_values_have_columns_of_whole_points() {
        let whole = |values: &[i64]| values.iter().copied().map(Number::whole).collect::<Vec<_>>();
        let columns = Columns::of(&whole(&[-3, 4]), 7.0);
        assert_eq!(columns, Columns { width: 1.0 });
        assert_eq!([-3, 0, 4].map(|value| columns.of_value(Number::whole(value))), [-3, 0, 4]);
        assert_eq!(Columns::of(&whole(&[0, 400]), 400.0), Columns { width: 5.0 });
        let fifths: Vec<Number> = (0..11).filter_map(|fifth| Number::ratio(fifth, 5)).collect();
        assert_eq!(Columns::of(&fifths, 2.0), Columns { width: 0.05 });
    }

    #[test]
    fn every_value_is_counted_once() {
        let values = [1, 1, 2, -1].map(|value| (Number::whole(value), ()));
        let counts = Columns { width: 1.0 }.counts(values);
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), [((-1, ()), 1), ((1, ()), 2), ((2, ()), 1)]);
    }

    #[test]
    fn the_count_ends_at_a_tick() {
        let axis = CountAxis::new(7, (100.0, 0.0));
        assert!((axis.place(8) - 0.0).abs() < 1e-9 && (axis.place(0) - 100.0).abs() < 1e-9);
    }
}
