//! The sheet that a figure is drawn on, and its plainest parts.

use maud::{Markup, html};

use super::words::{clean, fitted};

/// The width of every figure.
pub(super) const WIDTH: f64 = 720.0;
/// The size of most text.
pub(super) const TEXT: f64 = 13.0;
/// The size of headings.
pub(super) const HEADING: f64 = 15.0;
/// What is kept free at the edges.
pub(super) const MARGIN: f64 = 16.0;
/// The height of a line of text.
pub(super) const LINE: f64 = 18.0;

/// What a figure is called and says.
pub(super) struct Sheet<'a> {
    /// Unique on the page.
    pub(super) id: &'a str,
    /// The figure's own class.
    pub(super) class: &'a str,
    pub(super) height: f64,
    pub(super) title: String,
    pub(super) description: String,
}

/// The figure as an image with a title and a description.
pub(super) fn sheet(sheet: &Sheet, body: &Markup) -> Markup {
    let id = identifier(sheet.id);
    html! {
        svg class={ "chart " (sheet.class) } role="img" aria-labelledby={ (id) "-t " (id) "-d" }
            viewBox={ "0 0 " (at(WIDTH)) " " (at(sheet.height)) } width=(at(WIDTH)) height=(at(sheet.height)) {
            title id={ (id) "-t" } { (sheet.title) }
            desc id={ (id) "-d" } { (sheet.description) }
            rect class="surface" x="0" y="0" width=(at(WIDTH)) height=(at(sheet.height)) rx="4" {}
            (body)
        }
    }
}

/// A figure that has nothing to draw, and says so.
pub(super) fn empty_sheet(id: &str, name: &str, sentence: &str) -> Markup {
    let description = format!("{}: {sentence}", clean(name));
    let mut letters = sentence.chars();
    let capitalised: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    let empty = Sheet { id, class: "empty", height: 76.0, title: description.clone(), description };
    sheet(
        &empty,
        &html! {
            (heading(name, WIDTH - 2.0 * MARGIN))
            (text(Anchor::Start, "label", TEXT, (MARGIN, 54.0), &capitalised))
        },
    )
}

/// An id that a reference can hold: letters, digits, `-` and `_`; anything else becomes `-`.
pub(super) fn identifier(id: &str) -> String {
    id.chars().map(|character| if character.is_alphanumeric() || character == '_' { character } else { '-' }).collect()
}

/// A coordinate with one decimal at most.
pub(super) fn at(value: f64) -> String {
    let tenths = (value * 10.0).round() / 10.0;
    // Adding nought makes minus nought plain.
    format!("{}", tenths + 0.0)
}

/// A number of pupils as a length.
#[expect(clippy::cast_precision_loss, reason = "exact for any number of pupils that a file can have")]
pub(super) fn as_length(count: u64) -> f64 {
    count as f64
}

/// Which part of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

pub(super) fn text(anchor: Anchor, class: &str, size: f64, (x, y): (f64, f64), words: &str) -> Markup {
    html! { text class=(class) x=(at(x)) y=(at(y)) text-anchor=(anchor.word()) font-size=(at(size)) { (words) } }
}

/// The name at the top of a figure.
pub(super) fn heading(name: &str, room: f64) -> Markup {
    text(Anchor::Start, "label heading", HEADING, (MARGIN, 24.0), &fitted(name, HEADING * 1.08, room))
}

/// The name at the top left and a remark at the top right.
pub(super) fn heading_with(name: &str, remark: &str) -> Markup {
    html! {
        (heading(name, 460.0))
        (text(Anchor::End, "label quiet", TEXT, (WIDTH - MARGIN, 24.0), &fitted(remark, TEXT, 220.0)))
    }
}

pub(super) fn line(class: &str, from: (f64, f64), to: (f64, f64)) -> Markup {
    html! { line class=(class) x1=(at(from.0)) y1=(at(from.1)) x2=(at(to.0)) y2=(at(to.1)) {} }
}

/// A rectangle from one corner to the opposite one, whichever they are.
pub(super) fn rectangle(class: &str, from: (f64, f64), to: (f64, f64)) -> Markup {
    let (x, y) = (from.0.min(to.0), from.1.min(to.1));
    let (width, height) = ((to.0 - from.0).abs(), (to.1 - from.1).abs());
    html! { rect class=(class) x=(at(x)) y=(at(y)) width=(at(width)) height=(at(height)) {} }
}

/// A rectangle filled with a pattern of this figure.
pub(super) fn hatched(class: &str, pattern: &str, from: (f64, f64), to: (f64, f64)) -> Markup {
    let (x, y) = (from.0.min(to.0), from.1.min(to.1));
    let (width, height) = ((to.0 - from.0).abs(), (to.1 - from.1).abs());
    html! {
        rect class=(class) x=(at(x)) y=(at(y)) width=(at(width)) height=(at(height)) fill={ "url(#" (pattern) ")" } {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_never_minus_nought() {
        assert_eq!([at(1.25), at(-0.01), at(720.0), at(-3.33)], ["1.3", "0", "720", "-3.3"]);
    }

    #[test]
    fn an_id_is_one_word() {
        assert_eq!(identifier("year 7\t\"Mia\")"), "year-7--Mia--");
    }
}
