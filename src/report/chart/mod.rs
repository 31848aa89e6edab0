//! Figures as SVG, drawn so that they can be read on a screen, on a black-and-white print-out, and by a screen reader.
//!
//! Each figure is a pure function from a small struct to one `<svg>` with a title and a description in sentences that says everything the
//! picture says. Colour is never the only carrier: the first score is a filled dot and the latest a hollow ring, verdicts differ in shape and
//! line, bands have their names printed and grow darker with concern. There are no style attributes and no scripts, so that a page can forbid
//! both; the colours of the classes are [`CHART_CSS`]. Where there is nothing to draw the figure says so.
//!
//! Positions are exact [`Number`]s and are printed as the rest of the program prints them. The width of text cannot be measured here, so
//! rooms are generous, and text that would not fit ends in an ellipsis; the description has it in full.

mod axis;
mod banded_axis;
mod canvas;
mod change_distribution;
mod distribution;
mod histogram;
mod keys;
mod over_time;
mod scatter;
mod slope;
mod stacked_bars;
mod words;

pub use banded_axis::{BandedAxis, banded_axis};
pub use change_distribution::{ChangeDistribution, change_distribution};
pub use distribution::{Distribution, distribution};
pub use over_time::{OverTime, over_time};
pub use scatter::{Scatter, scatter};
pub use slope::{MOST_SLOPES, Slope, slope};
pub use stacked_bars::{BarRow, StackedBars, stacked_bars};

use crate::change::Verdict;
use crate::instrument::{Better, Number};

/// The style sheet of every figure: light, dark and print.
pub const CHART_CSS: &str = include_str!("chart.css");

/// A scale as an axis.
#[derive(Clone, Copy, Debug)]
pub struct AxisScale<'a> {
    /// Its full name.
    pub name: &'a str,
    /// The lowest and highest score that it can have. Scores beyond are drawn too: the axis grows.
    pub range: (Number, Number),
    /// Which end is better.
    pub better: Better,
    /// Its bands in any order; none where it has none.
    pub bands: &'a [BandSpan<'a>],
}

/// One band of an axis, with both ends in it.
///
/// Between `14 to 16` and `17 to 19` the border is drawn at 16.5, so that no mark stands on it. Bands of scores with fractions meet: the `to`
/// of one is the `from` of the next.
#[derive(Clone, Copy, Debug)]
pub struct BandSpan<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its place in order of concern; 0 is the least. From 4 on the shade stays the same.
    pub level: usize,
    /// The lowest score in it.
    pub from: Number,
    /// The highest score in it.
    pub to: Number,
}

/// A score as a mark; an estimated one is printed with `~`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoreMark {
    /// The score.
    pub score: Number,
    /// Whether it was estimated from some of the answers.
    pub is_estimated: bool,
}

/// What there is at one time.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// When: `autumn`, `3 March 2026`.
    pub label: &'a str,
    /// The score, if there is one.
    pub mark: Option<ScoreMark>,
}

/// The changes that cannot be told from the questionnaire's own error.
#[derive(Clone, Copy, Debug)]
pub struct ErrorBand<'a> {
    /// How far a score may be from baseline, in points, and the change still not be clear. Where a change of exactly so many points already
    /// counts, give half a point less, so that no mark stands on the border. Not drawn unless it is finite and above nought.
    pub half_width: f64,
    /// From where on a change is clear: `7 points`.
    pub clear_from: &'a str,
}

/// One pupil's change on one scale.
#[derive(Clone, Copy, Debug)]
pub struct PupilChange<'a> {
    /// The pupil, as the page may name them.
    pub pupil: &'a str,
    /// The score at baseline.
    pub baseline: ScoreMark,
    /// The score at review.
    pub review: ScoreMark,
    /// What can be said of the change.
    pub verdict: Verdict,
}
