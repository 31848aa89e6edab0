//! The pieces that pages share: user text, tables, bands, alerts.

use jiff::civil::Date;
use maud::{Markup, html};

use crate::findings::harmless;
use crate::instrument::Bands;
#[cfg(feature = "frames")]
use crate::instrument::Number;
use crate::report::ALERT_WORDS;
use crate::report::class_view::{ShownLevel, ShownScore};

/// User text as a page shows it: without what could steer a reader. It is escaped where it is written.
pub(super) fn text(words: &str) -> String {
    const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];
    if !words.contains(JOINERS) {
        return harmless(words).into_owned();
    }
    // Persian names and joined emoji are spelt with them. Beside a plain letter, they would only make two ids look alike.
    let joins = |neighbour: Option<&char>| neighbour.is_some_and(|neighbour| !neighbour.is_ascii() && !JOINERS.contains(neighbour));
    let letters: Vec<char> = words.chars().collect();
    let shown = letters.iter().enumerate().map(|(place, letter)| {
        let stays =
            JOINERS.contains(letter) && joins(place.checked_sub(1).and_then(|before| letters.get(before))) && joins(letters.get(place + 1));
        if stays { letter.to_string() } else { harmless(&letter.to_string()).into_owned() }
    });
    shown.collect()
}

/// A name or another word of the user's, kept apart from the text around it whichever way it is read.
pub(super) fn name(words: &str) -> Markup {
    html! { bdi { (text(words)) } }
}

/// Five steps of concern, whatever the number of levels is: 0 for the lowest, 4 for the highest.
pub(super) fn concern(level: usize, levels: usize) -> usize {
    let last = levels.saturating_sub(1).max(1);
    // Rounded half up; the lowest level alone is 0, the highest alone is 4.
    (8 * level.min(last) + last) / (2 * last)
}

/// Fills from empty to full with concern, so that a page printed in black and white says the same.
pub(super) fn symbol(level: usize, levels: usize) -> &'static str {
    ["○", "◔", "◑", "◕", "●"][concern(level, levels)]
}

/// A score with its band as symbol and word; the word of the lowest band is left to the symbol and to screen readers.
pub(super) fn score(shown: &ShownScore, bands: Option<&Bands>) -> Markup {
    match (shown, bands) {
        (ShownScore::NotThere, _) => html! {},
        (ShownScore::NotScored, _) => html! { span class="quiet" { "– not scored" } },
        (ShownScore::Score(number, ShownLevel::At(level)), Some(bands)) => banded(number, *level, bands),
        (ShownScore::Score(number, ShownLevel::Unknown), _) => html! { (minus(number)) " " span class="quiet" { "no band" } },
        (ShownScore::Score(number, _), _) => html! { (minus(number)) },
    }
}

/// `◕ 8 high`.
pub(super) fn banded(number: &str, level: usize, bands: &Bands) -> Markup {
    let levels = bands.levels.len();
    html! {
        span class={ "band s" (concern(level, levels)) } {
            span class="symbol" aria-hidden="true" { (symbol(level, levels)) }
            (minus(number)) " "
            span class=[(level == 0).then_some("hidden")] { (bands.name(level)) }
        }
    }
}

/// What the symbols mean.
pub(super) fn key(bands: &Bands) -> Markup {
    let levels = bands.levels.len();
    html! {
        p class="quiet" {
            "Bands: "
            @for level in 0..levels {
                @if level > 0 { " · " }
                span class={ "band s" (concern(level, levels)) } { span class="symbol" { (symbol(level, levels)) } (bands.name(level)) }
            }
        }
    }
}

/// A number as the British print it: a true minus sign.
pub(super) fn minus(number: &str) -> String {
    number.strip_prefix('-').map_or_else(|| number.to_owned(), |rest| format!("\u{2212}{rest}"))
}

/// The first letter a capital: a heading's words as a sentence.
pub(super) fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A score alone.
#[cfg(feature = "frames")]
pub(super) fn number(value: Option<Number>) -> Markup {
    let words = value.map_or_else(|| "–".to_owned(), |value| minus(&value.to_string()));
    html! { (words) }
}

/// A date as the British write it, `10 December 2026`; as it stands where it cannot be read in one way only.
pub(super) fn date(written: &str) -> String {
    let day: Option<Date> = written
        .get(..10)
        .filter(|_| written.len() == 10 || written.as_bytes().get(10).is_some_and(|byte| !byte.is_ascii_digit()))
        .and_then(|day| day.parse().ok());
    day.map_or_else(|| text(written), british)
}

/// Words that may hold dates, `2026-09-20 to 2026-12-10`, each as the British write it.
#[cfg(feature = "frames")]
pub(super) fn dated(words: &str) -> String {
    let is_digit = |at: Option<usize>| at.and_then(|at| words.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
    let (mut shown, mut rest) = (String::new(), 0);
    for at in 0..words.len() {
        let day = words.get(at..at + 10).and_then(|day| day.parse::<Date>().ok());
        // A longer number only looks like a date.
        let Some(day) = day.filter(|_| at >= rest && !is_digit(at.checked_sub(1)) && !is_digit(Some(at + 10))) else { continue };
        shown.push_str(words.get(rest..at).unwrap_or_default());
        shown.push_str(&british(day));
        rest = at + 10;
    }
    shown.push_str(words.get(rest..).unwrap_or_default());
    text(&shown)
}

/// `10 December 2026`.
pub(super) fn british(day: Date) -> String {
    const MONTHS: [&str; 12] =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    let month = usize::try_from(day.month()).ok().and_then(|month| MONTHS.get(month.checked_sub(1)?)).copied().unwrap_or_default();
    format!("{} {month} {}", day.day(), day.year())
}

/// A table that may be wider than the screen: it scrolls by itself, and a keyboard reaches it. A group, not a region: a page has many of them, and
/// regions stand in a screen reader's list of a page's few places.
pub(super) fn wide_table(label: &str, table: &Markup) -> Markup {
    html! { div class="scroll" role="group" aria-label=(label) tabindex="0" { (table) } }
}

/// Alerts in a box, before anything else.
pub(super) fn alerts(rows: &[(Markup, String)]) -> Markup {
    if rows.is_empty() {
        return html! {};
    }
    html! {
        section class="alert" {
            h3 { "Alerts: " (crate::findings::count_of(rows.len() as u64, "response")) }
            p { (ALERT_WORDS) }
            ul class="plain" {
                @for (pupil, alert) in rows { li { (pupil) ": " strong { (alert) } } }
            }
        }
    }
}

/// Names in columns, or a few words where there are none.
pub(super) fn names<'n>(pupils: impl IntoIterator<Item = &'n str>) -> Markup {
    html! { ul class="names" { @for pupil in pupils { li { (name(pupil)) } } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concern_ends_where_levels_end() {
        for (level, levels, expected) in [(0, 2, 0), (1, 2, 4), (0, 4, 0), (1, 4, 1), (2, 4, 3), (3, 4, 4), (1, 3, 2), (0, 1, 0), (9, 4, 4)]
        {
            assert_eq!(concern(level, levels), expected, "{level} of {levels}");
        }
    }

    #[test]
    fn dates_are_british_or_as_they_were_written() {
        for (written, expected) in [
            ("2026-12-10", "10 December 2026"),
            ("2026-12-10 09:30", "10 December 2026"),
            ("10/12/26", "10/12/26"),
            ("2026-13-10", "2026-13-10"),
            ("", ""),
        ] {
            assert_eq!(date(written), expected);
        }
    }

    #[test]
    #[cfg(feature = "frames")]
    fn dates_in_words_are_british_too() {
        assert_eq!(dated("from 2026-09-20 to the summer"), "from 20 September 2026 to the summer");
        assert_eq!(dated("since (2026-09-20), 12026-09-201"), "since (20 September 2026), 12026-09-201");
    }

    #[test]
    fn joiners_join_and_nothing_else() {
        for (written, expected) in [
            ("👩\u{200d}👧", "👩\u{200d}👧"),
            ("می\u{200c}رزا", "می\u{200c}رزا"),
            ("T\u{200d}01", "T\u{fffd}01"),
            ("م\u{200c}", "م\u{fffd}"),
        ] {
            assert_eq!(text(written), expected);
        }
    }

    #[test]
    fn user_text_is_escaped() {
        assert_eq!(name("<b>\u{202e}").into_string(), "<bdi>&lt;b&gt;\u{fffd}</bdi>");
    }
}
