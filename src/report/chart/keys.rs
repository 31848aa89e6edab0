//! Marks and what they mean: dots and rings, the shapes and lines of verdicts, patterns, and the lines of a key.

use maud::{Markup, html};

use super::canvas::{Anchor, LINE, MARGIN, TEXT, WIDTH, at, hatched, identifier, line, text};
use super::words::{fitted, width};
use crate::change::Verdict;
use crate::instrument::Better;

/// The class of a verdict.
pub(super) fn verdict_class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::ClearlyBetter => "better",
        Verdict::NoClearChange => "same",
        Verdict::ClearlyWorse => "worse",
        Verdict::CannotTell => "unsure",
    }
}

/// The line pattern of a verdict: whole, dots, dashes, dots and dashes.
pub(super) fn verdict_dashes(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::ClearlyBetter => None,
        Verdict::NoClearChange => Some("2 3"),
        Verdict::ClearlyWorse => Some("9 4"),
        Verdict::CannotTell => Some("9 3 2 3"),
    }
}

pub(super) fn verdict_line(verdict: Verdict, from: (f64, f64), to: (f64, f64)) -> Markup {
    html! {
        line class={ "verdict " (verdict_class(verdict)) } stroke-dasharray=[verdict_dashes(verdict)]
            x1=(at(from.0)) y1=(at(from.1)) x2=(at(to.0)) y2=(at(to.1)) {}
    }
}

/// The shape of a verdict: a triangle that points the way a vertical axis went, a ring for no clear change, a diamond for what cannot be told.
pub(super) fn verdict_shape(verdict: Verdict, better: Better, (x, y): (f64, f64), radius: f64) -> Markup {
    let class = format!("shape {}", verdict_class(verdict));
    let downward = |sign: f64| {
        let (tip, base) = (y + sign * radius * 1.15, y - sign * radius * 0.85);
        format!("{},{} {},{} {},{}", at(x), at(tip), at(x - radius * 1.1), at(base), at(x + radius * 1.1), at(base))
    };
    let diamond =
        || format!("{},{y} {x},{} {},{y} {x},{}", at(x - radius), at(y - radius), at(x + radius), at(y + radius), x = at(x), y = at(y));
    match (verdict, better) {
        (Verdict::NoClearChange, _) => html! { circle class=(class) cx=(at(x)) cy=(at(y)) r=(at(radius)) {} },
        (Verdict::CannotTell, _) => html! { polygon class=(class) points=(diamond()) {} },
        (Verdict::ClearlyBetter, Better::Lower) | (Verdict::ClearlyWorse, Better::Higher) => {
            html! { polygon class=(class) points=(downward(1.0)) {} }
        }
        (Verdict::ClearlyBetter, Better::Higher) | (Verdict::ClearlyWorse, Better::Lower) => {
            html! { polygon class=(class) points=(downward(-1.0)) {} }
        }
    }
}

/// Which of a row of scores a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    First,
    Between,
    Latest,
}

impl Place {
    /// The place of one of so many; the only one is the first.
    pub(super) fn of(index: usize, count: usize) -> Self {
        if index == 0 {
            Self::First
        } else if index + 1 == count {
            Self::Latest
        } else {
            Self::Between
        }
    }
}

/// A filled dot for the first score, a hollow ring for the latest, a small dot for those between.
pub(super) fn score_mark(place: Place, (x, y): (f64, f64)) -> Markup {
    let (class, radius) = match place {
        Place::First => ("mark-baseline", "7"),
        Place::Between => ("mark-between", "4.5"),
        Place::Latest => ("mark-review", "7"),
    };
    html! { circle class=(class) cx=(at(x)) cy=(at(y)) r=(radius) {} }
}

/// The pattern of the band of the questionnaire's own error. Every figure has its own: ids are unique on a page.
pub(super) fn error_pattern(id: &str) -> Markup {
    html! {
        defs {
            pattern id=(error_pattern_id(id)) patternUnits="userSpaceOnUse" width="6" height="6" {
                path class="hatch" d="M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2" {}
            }
        }
    }
}

pub(super) fn error_pattern_id(id: &str) -> String {
    format!("{}-e", identifier(id))
}

/// The band of the questionnaire's own error.
pub(super) fn error_area(id: &str, from: (f64, f64), to: (f64, f64)) -> Markup {
    hatched("error-band", &error_pattern_id(id), from, to)
}

/// The patterns of bars: stripes for better, dots for no clear change, solid for worse, a grid for what cannot be told.
pub(super) fn verdict_patterns(id: &str) -> Markup {
    let id = identifier(id);
    html! {
        defs {
            pattern id={ (id) "-same" } patternUnits="userSpaceOnUse" width="5" height="5" {
                rect class="paper" x="0" y="0" width="5" height="5" {}
                circle class="ink same" cx="2.5" cy="2.5" r="1.1" {}
            }
            pattern id={ (id) "-better" } patternUnits="userSpaceOnUse" width="7" height="7" {
                rect class="paper" x="0" y="0" width="7" height="7" {}
                path class="stripe better" d="M-1,1 l2,-2 M0,7 l7,-7 M6,8 l2,-2" {}
            }
            pattern id={ (id) "-unsure" } patternUnits="userSpaceOnUse" width="6" height="6" {
                rect class="paper" x="0" y="0" width="6" height="6" {}
                path class="thread unsure" d="M0,3 h6 M3,0 v6" {}
            }
        }
    }
}

/// A bar of a verdict.
pub(super) fn verdict_bar(id: &str, verdict: Verdict, from: (f64, f64), to: (f64, f64)) -> Markup {
    let class = verdict_class(verdict);
    match verdict {
        Verdict::ClearlyWorse => super::canvas::rectangle("bar worse", from, to),
        _ => hatched(&format!("bar {class}"), &format!("{}-{class}", identifier(id)), from, to),
    }
}

/// Lays entries out in lines; each picture is drawn around the point that it is given. Returns the key and its height.
pub(super) fn key(top: f64, entries: Vec<(Picture<'_>, String)>) -> (Markup, f64) {
    const PICTURE: f64 = 34.0;
    const APART: f64 = 18.0;
    let (mut x, mut y) = (MARGIN, top + LINE / 2.0);
    let mut drawn = Vec::new();
    for (picture, words) in entries {
        let words = fitted(&words, TEXT, WIDTH - 2.0 * MARGIN - PICTURE);
        let extent = PICTURE + width(&words, TEXT);
        if x > MARGIN && x + extent > WIDTH - MARGIN {
            (x, y) = (MARGIN, y + LINE + 3.0);
        }
        let words = text(Anchor::Start, "label", TEXT, (x + PICTURE, y + 4.5), &words);
        drawn.push(html! { (picture((x + PICTURE / 2.0 - 4.0, y))) (words) });
        x += extent + APART;
    }
    let height = if drawn.is_empty() { 0.0 } else { y - top + LINE / 2.0 + 4.0 };
    (html! { @for entry in &drawn { (entry) } }, height)
}

/// Draws around a point.
pub(super) type Picture<'a> = Box<dyn Fn((f64, f64)) -> Markup + 'a>;

/// The entries of the marks of scores and what is drawn with them.
pub(super) fn score_entries<'a>(id: &'a str, count: usize, error: Option<&str>, target: Option<&str>) -> Vec<(Picture<'a>, String)> {
    let mut entries: Vec<(Picture, String)> = Vec::new();
    if count > 1 {
        entries.push((Box::new(|place| score_mark(Place::First, place)), "first score".to_owned()));
        entries.push((Box::new(|place| score_mark(Place::Latest, place)), "latest score".to_owned()));
    }
    if let Some(words) = target {
        entries.push((Box::new(|(x, y)| target_tick((x, y - 8.0), (x, y + 8.0))), words.to_owned()));
    }
    if let Some(clear_from) = error {
        let words = format!("no clear change from the first score (clear from {clear_from})");
        entries.push((Box::new(move |(x, y)| error_area(id, (x - 11.0, y - 7.0), (x + 11.0, y + 7.0))), words));
    }
    entries
}

/// The target: a heavy dashed line, told from all others by its caps.
pub(super) fn target_tick(from: (f64, f64), to: (f64, f64)) -> Markup {
    let is_upright = (from.0 - to.0).abs() < 0.05;
    let cap = |(x, y): (f64, f64)| {
        let (dx, dy) = if is_upright { (5.0, 0.0) } else { (0.0, 5.0) };
        line("target", (x - dx, y - dy), (x + dx, y + dy))
    };
    html! {
        line class="target" stroke-dasharray="7 3" x1=(at(from.0)) y1=(at(from.1)) x2=(at(to.0)) y2=(at(to.1)) {}
        (cap(from)) (cap(to))
    }
}
