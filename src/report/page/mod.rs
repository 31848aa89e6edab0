//! Pages: one self-contained HTML file that is clear on a screen, on paper in black and white, and to a screen reader.
//!
//! Nothing is fetched and nothing runs: the content-security policy forbids everything but the one style sheet, named by its hash.
//! Every text is escaped by `maud`. What a colour says, a symbol and a word say too. A page says what it is made from: who filled in what
//! and when, what the bands are and whose, how missing answers were handled, and the hashes of tool, definition and inputs.

mod about;
#[cfg(feature = "frames")]
mod change_figures;
mod chase;
mod class;
#[cfg(feature = "frames")]
mod comparison;
mod figures;
mod flags;
#[cfg(feature = "frames")]
mod goals;
#[cfg(feature = "frames")]
mod groups;
#[cfg(feature = "frames")]
mod meeting;
mod parts;
#[cfg(feature = "frames")]
mod pathway;
#[cfg(feature = "frames")]
mod provision;
#[cfg(feature = "frames")]
mod pupil;
mod working;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use crate::privacy::Audience;
use crate::report::Closing;
use crate::report::chart::CHART_CSS;

pub use chase::chase_page;
pub use class::class_page;
#[cfg(feature = "frames")]
pub use comparison::{JudgedGoals, comparison_page};
pub use flags::flag_page;
#[cfg(feature = "frames")]
pub use goals::realism_page;
#[cfg(feature = "frames")]
pub use groups::groups_page;
#[cfg(feature = "frames")]
pub use meeting::meeting_page;
#[cfg(feature = "frames")]
pub use provision::provision_page;
#[cfg(feature = "frames")]
pub use pupil::pupil_page;
pub use working::working_html;

const STYLE: &str = include_str!("style.css");

/// What every page has besides its own matter.
#[derive(Clone, Copy)]
pub struct Frame<'f, 'o> {
    /// The heading that the user gave it.
    pub title: Option<&'f str>,
    /// For whom it is.
    pub audience: Audience,
    /// What was noteworthy, and what produced it.
    pub closing: &'f Closing<'f, 'o>,
}

/// How a page lies when it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Paper {
    Upright,
    /// For tables with many columns.
    Wide,
}

/// What a page is made of.
struct Matter {
    /// The heading, unless the user gave one.
    title: String,
    paper: Paper,
    body: Markup,
    /// What it is made from, form by form.
    about: Markup,
    findings: Shown,
}

/// Which findings stand on a page. Only the `SENCo`'s has the cells themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// Those of all files: the page is about everybody in them.
    OfAllFiles,
    /// What concerns everybody, and how many others there are: the page is about some of the pupils only.
    #[cfg(feature = "frames")]
    OnlyCounted,
}

fn whole(frame: Frame<'_, '_>, matter: &Matter) -> String {
    let style = format!("{STYLE}{CHART_CSS}");
    let hash = BASE64_STANDARD.encode(Sha256::digest(style.as_bytes()));
    let policy = format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    let title = frame.title.unwrap_or(&matter.title);
    let page = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                title { (title) }
                style { (PreEscaped(&style)) }
            }
            body class=[(matter.paper == Paper::Wide).then_some("wide")] {
                a class="skip" href="#main" { "Skip to the results" }
                header {
                    h1 { bdi { (parts::text(title)) } }
                    p class="screening" { "Screening, not diagnosis: a score says where to look, not what is the matter." }
                    @if let Some(words) = frame.audience.left_out() { p class="quiet" { (words) } }
                }
                main id="main" { (matter.body) }
                footer {
                    (matter.about)
                    (about::findings(frame, matter.findings))
                    (about::provenance(frame))
                }
            }
        }
    };
    page.into_string()
}
