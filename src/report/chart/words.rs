//! Words in figures: how wide they may be, what is left out of them, and how they are counted.

use std::fmt::Write as _;

use super::{AxisScale, BandSpan, ErrorBand, ScoreMark};
use crate::change::better_word;
use crate::instrument::{Better, Number};

/// The user's text without control characters and without marks that reorder what stands around it.
pub(super) fn clean(text: &str) -> String {
    let is_reordering = |character: &char| matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain = |character: char| match character {
        '\u{2028}' | '\u{2029}' => ' ',
        // No document may hold these two.
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        control if control.is_control() => ' ',
        other => other,
    };
    let shown: String = text.chars().filter(|character| !is_reordering(character)).map(plain).collect();
    shown.trim().to_owned()
}

/// The user's text inside a sentence: text that runs from right to left is kept from reordering the rest.
pub(super) fn quoted(text: &str) -> String {
    let text = clean(text);
    let runs_leftwards = |character| matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    if text.chars().any(runs_leftwards) { format!("\u{2068}{text}\u{2069}") } else { text }
}

/// The widest that a character is likely to be, in parts of the size of the type; fonts differ, so that most are narrower.
fn width_of(character: char) -> f64 {
    match character {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}' => 0.0,
        'i' | 'j' | 'l' | 'I' | '|' | '.' | ',' | ':' | ';' | '\'' | '!' | ' ' | 'f' | 't' | 'r' | '(' | ')' | '-' => 0.42,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 1.0,
        'A'..='Z' => 0.78,
        '\0'..='\u{7f}' => 0.65,
        '\u{80}'..='\u{8ff}' => 0.8,
        // One letter that is a whole sentence.
        '\u{fdfd}' => 12.0,
        '\u{1f000}'.. => 1.45,
        _ => 1.1,
    }
}

/// About how wide a text is at most.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(width_of).sum::<f64>() * size
}

/// The text if it fits into so much room, otherwise its beginning and an ellipsis.
pub(super) fn fitted(text: &str, size: f64, room: f64) -> String {
    let text = clean(text);
    if width(&text, size) <= room {
        return text;
    }
    let room = room - width("…", size);
    let mut used = 0.0;
    let fits = |character: &char| {
        used += width_of(*character) * size;
        used <= room
    };
    let kept: String = text.chars().take_while(fits).collect();
    // A joiner at the end would reach for what is no longer there.
    format!("{}…", kept.trim_end_matches(|character: char| character == '\u{200d}' || character.is_whitespace()))
}

/// `22`, or `~22` where it is estimated; with a true minus.
pub(super) fn printed(mark: ScoreMark) -> String {
    format!("{}{}", if mark.is_estimated { "~" } else { "" }, number(mark.score))
}

/// A number with a true minus.
pub(super) fn number(value: Number) -> String {
    value.to_string().replace('-', "−")
}

/// `22`, or `22 (estimated)`: what is read aloud.
pub(super) fn spoken(mark: ScoreMark) -> String {
    format!("{}{}", number(mark.score), if mark.is_estimated { " (estimated)" } else { "" })
}

/// `14 to 16`, or `7`.
pub(super) fn band_range(band: &BandSpan) -> String {
    if band.from == band.to { number(band.from) } else { format!("{} to {}", number(band.from), number(band.to)) }
}

/// `lower is better`, `higher is better`.
pub(super) fn better_words(better: Better) -> &'static str {
    better_word(better)
}

/// What an axis is, in sentences.
pub(super) fn axis_sentences(scale: &AxisScale) -> String {
    let (low, high) = (number(scale.range.0), number(scale.range.1));
    let direction = match scale.better {
        Better::Lower => "lower scores are better",
        Better::Higher => "higher scores are better",
    };
    let mut words = format!("{} runs from {low} to {high}; {direction}.", quoted(scale.name));
    if !scale.bands.is_empty() {
        let mut bands: Vec<&BandSpan> = scale.bands.iter().collect();
        bands.sort_by_key(|band| band.from);
        let bands: Vec<String> = bands.into_iter().map(|band| format!("{} {}", quoted(band.name), band_range(band))).collect();
        let _ = write!(words, " Bands: {}.", bands.join(", "));
    }
    words
}

/// The band that a score lies in: ` (high)`; nothing where there is none.
pub(super) fn in_band(scale: &AxisScale, score: Number) -> String {
    let band = scale.bands.iter().find(|band| band.from <= score && score <= band.to);
    band.map_or_else(String::new, |band| format!(" ({})", quoted(band.name)))
}

/// What the band of the questionnaire's own error means.
pub(super) fn error_sentence(error: &ErrorBand) -> String {
    format!("A change is clear from {}; less cannot be told from the questionnaire's own error.", quoted(error.clear_from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_to_its_room() {
        assert_eq!(fitted("Mia", 13.0, 60.0), "Mia");
        assert_eq!(fitted(" \u{202e}Mia\n\0", 13.0, 90.0), "Mia");
        for text in ["W".repeat(200), "שלום".repeat(50), "👩‍👧".repeat(50), "\u{fdfd}".repeat(3)] {
            let shown = fitted(&text, 13.0, 100.0);
            assert!(shown.ends_with('…') && width(&shown, 13.0) <= 100.0, "{shown}");
        }
        assert_eq!(fitted("a👩\u{200d}👧", 10.0, 35.0), "a👩…");
    }

    #[test]
    fn text_from_right_to_left_does_not_reorder_a_sentence() {
        assert_eq!(quoted("Mia"), "Mia");
        assert_eq!(quoted("נועה"), "\u{2068}נועה\u{2069}");
    }

    #[test]
    fn an_estimate_is_marked() {
        let mark = |is_estimated| ScoreMark { score: Number::whole(-2), is_estimated };
        assert_eq!([printed(mark(false)), printed(mark(true)), spoken(mark(true))], ["−2", "~−2", "−2 (estimated)"]);
    }
}
