//! The target grammar: `<=13`, `>=8`, `-4`, `+3`, `band<=slightly raised`.
//!
//! A number without a sign is never a guess: spreadsheets turn `+3` into `3`, and 3 as a score is another goal.

use super::Steps;
use super::measure::Measure;
use crate::findings::{did_you_mean, printable, quoted_list};
use crate::instrument::{Bands, Better, Number};

/// What a goal asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `<=13`: this score or a lower one.
    AtMost(Number),
    /// `>=8`: this score or a higher one.
    AtLeast(Number),
    /// `-4`: a fall of so many points from baseline.
    Fall(Number),
    /// `+3`: a rise of so many points from baseline.
    Rise(Number),
    /// `band<=slightly raised`: a band of at most this level of concern, whichever end of the scale is the concern.
    Band {
        /// The level: 0 is the one of least concern.
        level: usize,
        /// Its name.
        name: String,
    },
}

/// Why a target cannot be read, and what may have been meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) reason: String,
    pub(super) help: Option<String>,
}

/// The score that a target comes down to for one pupil.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Aim {
    pub(super) at: Number,
    pub(super) edge: Edge,
}

/// Whether the score itself is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Included,
    /// Where a band begins on a scale with any scores: there is no last score before it.
    Excluded,
}

/// Why a goal cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    /// The row, or its scale.
    Row(String),
    /// The target points the wrong way, or needs bands that are not there.
    Target(String),
    /// No score can be at the target, or none can miss it.
    OutsideTheScale(String),
}

impl Unusable {
    pub(super) fn reason(&self) -> &str {
        match self {
            Self::Row(reason) | Self::Target(reason) | Self::OutsideTheScale(reason) => reason,
        }
    }
}

/// A plain number with at most three decimals and at most a million, so that exact arithmetic cannot overflow.
pub(super) fn plain_number(text: &str) -> Option<Number> {
    let number = Number::parse(text)?;
    let limit = Number::whole(1_000_000);
    (number.under() <= 1000 && number <= limit && -number <= limit).then_some(number)
}

/// Reads a target. `levels` are the names of the scale's bands, or why there are none.
pub(super) fn parse(written: &str, levels: Result<&[String], &str>) -> Result<Target, Unreadable> {
    let text = written.trim().replace('\u{2264}', "<=").replace('\u{2265}', ">=").replace('\u{2212}', "-");
    // Spreadsheets keep a plus sign behind an apostrophe, and so does our own output.
    let text = text.strip_prefix('\'').unwrap_or(&text).trim();
    let because = |reason: String| Unreadable { reason, help: None };
    if text.is_empty() {
        return Err(because("there is no target".to_owned()));
    }
    if let Some(level) = band_of(text) {
        return band(level, levels);
    }
    let score = |rest: &str| plain_number(rest.trim()).ok_or_else(|| because(format!("{} is no score", quoted(rest))));
    let change = |rest: &str| {
        let digits = Some(rest.trim()).filter(|digits| digits.starts_with(|first: char| first.is_ascii_digit() || first == '.'));
        match digits.and_then(plain_number) {
            Some(Number::ZERO) => Err(because("a change of 0 is no goal".to_owned())),
            Some(points) => Ok(points),
            None => Err(because(format!("{} is no number of points", quoted(rest)))),
        }
    };
    if let Some(rest) = text.strip_prefix("<=") {
        return score(rest).map(Target::AtMost);
    }
    if let Some(rest) = text.strip_prefix(">=") {
        return score(rest).map(Target::AtLeast);
    }
    if let Some(rest) = text.strip_prefix('-') {
        return change(rest).map(Target::Fall);
    }
    if let Some(rest) = text.strip_prefix('+') {
        return change(rest).map(Target::Rise);
    }
    Err(no_sign(text, levels))
}

/// `band<=slightly raised`, with any spaces and capitals: what stands behind the sign.
fn band_of(text: &str) -> Option<&str> {
    let rest = text.get(..4).filter(|word| word.eq_ignore_ascii_case("band")).and_then(|word| text.get(word.len()..))?;
    rest.trim_start().strip_prefix("<=")
}

fn band(written: &str, levels: Result<&[String], &str>) -> Result<Target, Unreadable> {
    let levels = levels.map_err(|reason| Unreadable { reason: reason.to_owned(), help: None })?;
    let folded = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if let Some(level) = levels.iter().position(|level| folded(level) == folded(written)) {
        return Ok(Target::Band { level, name: levels[level].clone() });
    }
    let near = did_you_mean(written.trim(), levels.iter().map(String::as_str));
    let help = near.map_or_else(|| format!("the bands are {}", quoted_list(levels, 12)), |near| format!("did you mean `band<={near}`?"));
    Err(Unreadable { reason: format!("{} is no band of this scale", quoted(written)), help: Some(help) })
}

/// What looks like a target and lacks its sign: which one was meant cannot be told.
fn no_sign(text: &str, levels: Result<&[String], &str>) -> Unreadable {
    if let Some(number) = plain_number(text) {
        let help = format!(
            "write `<={number}` or `>={number}` for a score, `-{number}` or `+{number}` for a change; a spreadsheet keeps the plus sign of `'+{number}`"
        );
        return Unreadable { reason: "a number without a sign is neither a score nor a change".to_owned(), help: Some(help) };
    }
    if levels.is_ok_and(|levels| levels.iter().any(|level| level.eq_ignore_ascii_case(text))) {
        return Unreadable { reason: "a band needs its sign".to_owned(), help: Some(format!("write `band<={}`", printable(text))) };
    }
    let help = "a target is written `<=13`, `>=8`, `-4`, `+3` or `band<=` and a band's name".to_owned();
    Unreadable { reason: format!("{} is no target", quoted(text)), help: Some(help) }
}

fn quoted(text: &str) -> String {
    match text.trim() {
        "" => "nothing".to_owned(),
        text => format!("`{}`", printable(text)),
    }
}

impl Target {
    /// The direction that it asks for; a band asks for the scale's own.
    fn direction(&self) -> Option<Better> {
        match self {
            Self::AtMost(_) | Self::Fall(_) => Some(Better::Lower),
            Self::AtLeast(_) | Self::Rise(_) => Some(Better::Higher),
            Self::Band { .. } => None,
        }
    }

    /// Why it is no target of this scale, if so.
    pub(super) fn misfit(&self, measure: &Measure<'_>) -> Option<Unusable> {
        let noun = measure.noun;
        if self.direction().is_some_and(|direction| direction != measure.better) {
            let better = if measure.better == Better::Lower { "lower" } else { "higher" };
            return Some(Unusable::Target(format!("the target points the wrong way: a {better} {noun} is better")));
        }
        let (lowest, highest) = measure.range;
        let is_outside = match self {
            Self::AtMost(score) | Self::AtLeast(score) => *score < lowest || *score > highest,
            Self::Fall(points) | Self::Rise(points) => *points > highest - lowest,
            Self::Band { .. } if measure.bands.is_none() => {
                return Some(Unusable::Target("the target is a band, and the scale has no bands here".to_owned()));
            }
            Self::Band { .. } if measure.bands.is_some_and(|bands| bands.grouping().is_some()) => {
                let reason = "the target is a band, and where it begins depends on the pupil: write the score instead".to_owned();
                return Some(Unusable::Target(reason));
            }
            Self::Band { .. } => false,
        };
        let reason = || format!("the target lies outside the scale: a {noun} is from {lowest} to {highest}");
        is_outside.then(|| Unusable::OutsideTheScale(reason()))
    }

    /// The score that it comes down to: T of the rules. None for a band that the scale does not have.
    pub(super) fn aim(&self, baseline: Number, measure: &Measure<'_>) -> Option<Aim> {
        let at = match self {
            Self::AtMost(score) | Self::AtLeast(score) => *score,
            Self::Fall(points) => baseline - *points,
            Self::Rise(points) => baseline + *points,
            Self::Band { level, .. } => return band_aim(*level, measure.bands?, measure),
        };
        Some(Aim { at, edge: Edge::Included })
    }
}

/// The score nearest to a pupil's that lies in a band of at most this level: the last one before the next level begins.
fn band_aim(level: usize, bands: &Bands, measure: &Measure<'_>) -> Option<Aim> {
    let (lowest, highest) = measure.range;
    let Some(edge) = bands.edges(None)?.get(level).copied() else {
        // The worst level: every score is in it or in a better one.
        return Some(Aim { at: if measure.better == Better::Lower { highest } else { lowest }, edge: Edge::Included });
    };
    if bands.below {
        return Some(Aim { at: edge, edge: Edge::Included });
    }
    Some(match (measure.steps, measure.better) {
        (Steps::Any, _) => Aim { at: edge, edge: Edge::Excluded },
        (Steps::Whole, Better::Lower) => Aim { at: Number::whole(-(-edge.over()).div_euclid(edge.under()) - 1), edge: Edge::Included },
        (Steps::Whole, Better::Higher) => Aim { at: Number::whole(edge.over().div_euclid(edge.under()) + 1), edge: Edge::Included },
    })
}

impl Aim {
    /// How far beyond the target a score is, in the good direction: m of the rules.
    pub(super) fn margin(self, score: Number, better: Better) -> Number {
        improvement(self.at, score, better)
    }

    /// Whether a score is at the target.
    pub(super) fn is_reached(self, score: Number, better: Better) -> bool {
        let margin = self.margin(score, better);
        margin > Number::ZERO || (margin == Number::ZERO && self.edge == Edge::Included)
    }
}

/// How much better `to` is than `from`: s(y - x) of the rules.
pub(super) fn improvement(from: Number, to: Number, better: Better) -> Number {
    match better {
        Better::Lower => from - to,
        Better::Higher => to - from,
    }
}
