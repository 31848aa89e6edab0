//! How the sheets of a workbook look: which columns stay in sight, and which words get a colour.
//!
//! Colour only helps: the word stands in the cell. Colours are rules over a column, so they go with the words when somebody sorts or edits.

use rust_xlsxwriter::Color;

use super::ALERT_WORDS;
use super::score_rows::Shape;
use super::workbook_style::{AMBER_FILL, GREEN_FILL, GREY_FILL, RED_FILL, YELLOW_FILL};
use crate::change::Verdict;
use crate::flags::Status;
use crate::instrument::Bands;
use crate::scoring::{Form, Layout};

/// A column further right than this is not kept in sight: it would take the screen from the others.
const MOST_FROZEN: usize = 3;

const SENSITIVE_SENTENCE: &str = "Under \"sensitive\" stand answers that are no alert: read these forms.";

/// The colour behind a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tint {
    /// None: the level of least concern, or nothing to look at.
    Plain,
    /// Some concern.
    Slight,
    /// More concern.
    Marked,
    /// The level of most concern, or an alert.
    Strong,
    /// A change for the better.
    Good,
    /// Nobody can say.
    Unknown,
}

impl Tint {
    /// A level's colour among so many: the first has none, the last of three or more the strongest, the upper one of two the middle one.
    fn of_level(level: usize, levels: usize) -> Self {
        const STEPS: usize = 3;
        match (level, levels) {
            (0, _) => Self::Plain,
            (_, ..=2) => Self::Marked,
            _ => match level * STEPS / (levels - 1) {
                ..=1 => Self::Slight,
                2 => Self::Marked,
                _ => Self::Strong,
            },
        }
    }

    pub(super) fn fill(self) -> Option<Color> {
        match self {
            Self::Plain => None,
            Self::Slight => Some(YELLOW_FILL),
            Self::Marked => Some(AMBER_FILL),
            Self::Strong => Some(RED_FILL),
            Self::Good => Some(GREEN_FILL),
            Self::Unknown => Some(GREY_FILL),
        }
    }

    fn of_status(status: Status) -> Self {
        match status {
            Status::Alert => Self::Strong,
            Status::Flagged => Self::Marked,
            Status::CannotSay => Self::Unknown,
            Status::Below => Self::Plain,
        }
    }

    fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::ClearlyBetter => Self::Good,
            Verdict::NoClearChange => Self::Plain,
            Verdict::ClearlyWorse => Self::Marked,
            Verdict::CannotTell => Self::Unknown,
        }
    }
}

/// What another cell of the row must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Is {
    Word(String),
    Level(usize),
}

/// A word in a column and its colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) column: String,
    pub(super) word: String,
    pub(super) tint: Tint,
    /// Other columns of the row that decide too, where the word alone means different levels: "high" may be the best or the worst.
    pub(super) only_where: Vec<(&'static str, Is)>,
}

/// What a workbook is told about its lists besides their cells.
#[derive(Clone, Debug)]
pub struct SheetLook {
    name: &'static str,
    frozen: usize,
    rules: Vec<Rule>,
    sentences: Vec<&'static str>,
}

impl SheetLook {
    /// A list without bands that begins with the column that says what a row is about.
    pub fn named(name: &'static str) -> Self {
        Self { name, frozen: 1, rules: Vec::new(), sentences: Vec::new() }
    }

    /// Scores: a colour for the bands of each scale.
    pub fn scores(layout: &Layout, shape: Shape) -> Self {
        let (frozen, rules) = match shape {
            Shape::Wide => (frozen(layout), wide_rules(layout)),
            Shape::Long => {
                let words = words(layout.forms(), |form, scale, _| {
                    vec![("instrument", Is::Word(form.instrument().id.to_string())), ("scale", scale_is(form, scale))]
                });
                (1, band_rules("band", &words))
            }
        };
        let mut sentences = vec!["The note of a score says why there is none, or how answers that are missing were allowed for."];
        sentences.extend(alert_sentences(layout.forms()));
        Self { name: "scores", frozen, rules, sentences }
    }

    /// Flags: a colour for the status and the band.
    pub fn flags(layout: &Layout) -> Self {
        let several = layout.forms().len() > 1;
        let words = words(layout.forms(), |form, _, level| {
            let instrument = several.then(|| ("instrument", Is::Word(form.instrument().id.to_string())));
            instrument.into_iter().chain([("level", Is::Level(level))]).collect()
        });
        let statuses = [Status::Alert, Status::Flagged, Status::CannotSay, Status::Below];
        let mut rules: Vec<Rule> = statuses.map(|status| plain("status", status.word(), Tint::of_status(status))).into();
        rules.extend(band_rules("band", &words));
        let mut sentences = vec![
            "Below the level on this form does not mean no need.",
            "\"cannot say\": these pupils could not be judged. That is not the same as no difficulties.",
        ];
        sentences.extend(alert_sentences(layout.forms()));
        Self { name: "flags", frozen: frozen(layout), rules, sentences }
    }

    /// Changes: a colour for the verdict and the bands at both times.
    pub fn changes(form: &Form) -> Self {
        let forms = std::slice::from_ref(form);
        let words = words(forms, |form, scale, _| vec![("scale", scale_is(form, scale))]);
        let mut rules: Vec<Rule> = Verdict::ALL.map(|verdict| plain("verdict", verdict.words(), Tint::of_verdict(verdict))).into();
        rules.extend(band_rules("baseline_band", &words));
        rules.extend(band_rules("review_band", &words));
        let mut sentences = vec![
            "\"no clear change\" is a change no larger than the form's own error. No verdict says why scores changed.",
            "The note of a change says what a reader should know of it, answers that are missing among it.",
        ];
        sentences.extend(alert_sentences(forms));
        Self { name: "changes", frozen: 1, rules, sentences }
    }

    /// What the first list is called.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// How many columns of a list stay in sight.
    pub(super) fn frozen(&self, list: &str) -> usize {
        if list == self.name { self.frozen } else { 1 }
    }

    /// The colours of a list.
    pub(super) fn rules(&self, list: &str) -> &[Rule] {
        if list == self.name { &self.rules } else { &[] }
    }

    /// What every reader of the workbook should know.
    pub(super) fn sentences(&self) -> &[&'static str] {
        &self.sentences
    }
}

fn frozen(layout: &Layout) -> usize {
    layout.pupil_position().map(|position| position + 1).filter(|columns| *columns <= MOST_FROZEN).unwrap_or(0)
}

fn alert_sentences(forms: &[Form]) -> Vec<&'static str> {
    let any = |asked: fn(&Form) -> bool| forms.iter().any(asked);
    let alerts = any(|form| !form.instrument().critical.is_empty()).then_some(ALERT_WORDS);
    let sensitive = any(|form| !form.instrument().sensitive.is_empty()).then_some(SENSITIVE_SENTENCE);
    alerts.into_iter().chain(sensitive).collect()
}

fn plain(column: &str, word: &str, tint: Tint) -> Rule {
    Rule { column: column.to_owned(), word: word.to_owned(), tint, only_where: Vec::new() }
}

fn scale_is(form: &Form, scale: usize) -> Is {
    Is::Word(form.instrument().scales.get(scale).map_or_else(String::new, |scale| scale.id.to_string()))
}

/// The levels of bands with their names and colours.
fn levels(bands: &Bands) -> impl Iterator<Item = (usize, &str, Tint)> {
    bands.levels.iter().enumerate().map(|(level, name)| (level, name.as_str(), Tint::of_level(level, bands.levels.len())))
}

/// Each scale has a column of its own, so a word means one level in it. Ours stand last: a carried column of that name comes before.
fn wide_rules(layout: &Layout) -> Vec<Rule> {
    let mut rules = Vec::new();
    for (index, form) in layout.forms().iter().enumerate() {
        for scale in layout.shown(index) {
            let column = format!("{}_band", layout.column(index, scale));
            rules.extend(form.bands(scale).into_iter().flat_map(levels).map(|(_, word, tint)| plain(&column, word, tint)));
        }
    }
    rules
}

/// What a word means in one place.
struct Meaning {
    word: String,
    tint: Tint,
    only_where: Vec<(&'static str, Is)>,
}

/// All band names of all shown scales, with what would tell them apart.
fn words(forms: &[Form], told_apart: impl Fn(&Form, usize, usize) -> Vec<(&'static str, Is)>) -> Vec<Meaning> {
    let mut words = Vec::new();
    for form in forms {
        for scale in form.shown() {
            for (level, word, tint) in form.bands(*scale).into_iter().flat_map(levels) {
                words.push(Meaning { word: word.to_owned(), tint, only_where: told_apart(form, *scale, level) });
            }
        }
    }
    words
}

/// One rule a word; where a word means different levels, one for each of its places.
fn band_rules(column: &str, words: &[Meaning]) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for meaning in words {
        let is_clear = words.iter().filter(|other| other.word == meaning.word).all(|other| other.tint == meaning.tint);
        let only_where = if is_clear { Vec::new() } else { meaning.only_where.clone() };
        let rule = Rule { column: column.to_owned(), word: meaning.word.clone(), tint: meaning.tint, only_where };
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_level_has_no_colour_and_the_last_the_strongest() {
        use Tint::{Marked, Plain, Slight, Strong};
        let tints = |levels: usize| (0..levels).map(|level| Tint::of_level(level, levels)).collect::<Vec<_>>();
        assert_eq!(tints(1), [Plain]);
        assert_eq!(tints(2), [Plain, Marked]);
        assert_eq!(tints(3), [Plain, Slight, Strong]);
        assert_eq!(tints(4), [Plain, Slight, Marked, Strong]);
        assert_eq!(tints(5), [Plain, Slight, Slight, Marked, Strong]);
        assert_eq!(tints(6), [Plain, Slight, Slight, Slight, Marked, Strong]);
    }

    #[test]
    fn a_word_that_means_two_levels_needs_its_scale() {
        let meaning = |word: &str, tint, scale: &str| Meaning {
            word: word.to_owned(),
            tint,
            only_where: vec![("scale", Is::Word(scale.to_owned()))],
        };
        let words = [
            meaning("low", Tint::Strong, "worth"),
            meaning("medium", Tint::Slight, "worth"),
            meaning("low", Tint::Plain, "anxiety"),
            meaning("medium", Tint::Slight, "anxiety"),
        ];
        let rules = band_rules("band", &words);
        let shown: Vec<_> = rules.iter().map(|rule| (rule.word.as_str(), rule.tint, rule.only_where.len())).collect();
        assert_eq!(shown, [("low", Tint::Strong, 1), ("medium", Tint::Slight, 0), ("low", Tint::Plain, 1)]);
    }
}
