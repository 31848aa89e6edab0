//! Text in the cells of a workbook: what a cell can hold, and how much room that takes.

use std::borrow::Cow;

/// A cell has room for so many units of UTF-16.
const LONGEST_TEXT: usize = 32_767;
/// What stands at the end of a text that was cut.
const CUT: &str = " [… cut here]";

/// Text as a cell can hold it: no control characters but the tabulator and the end of a line, no more than a cell's length.
pub(super) fn sound(text: &str) -> Cow<'_, str> {
    let is_unsound = |character: char| (character.is_control() && !matches!(character, '\t' | '\n')) || is_no_character(character);
    if text.len() <= LONGEST_TEXT && !text.contains(is_unsound) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace(is_unsound, "\u{fffd}");
    if text.encode_utf16().count() <= LONGEST_TEXT {
        return Cow::Owned(text);
    }
    let mut room = LONGEST_TEXT - CUT.encode_utf16().count();
    let fits = |character: &char| {
        let is_enough = character.len_utf16() <= room;
        room = room.saturating_sub(character.len_utf16());
        is_enough
    };
    Cow::Owned(text.chars().take_while(fits).collect::<String>() + CUT)
}

/// The two that XML does not know.
fn is_no_character(character: char) -> bool {
    matches!(character, '\u{fffe}' | '\u{ffff}')
}

/// What a text needs of its sheet.
pub(super) struct Size {
    /// Characters in the longest line.
    pub(super) length: usize,
    /// Lines, once it is wrapped.
    pub(super) lines: usize,
}

impl Size {
    /// In a column of so many characters.
    pub(super) fn of(text: &str, width: usize) -> Self {
        // A column is as wide as so many noughts, and letters are narrower; but lines break between words, so not every one is full.
        let in_one_line = width + width / 6;
        let lengths = || text.split('\n').map(|line| line.chars().count());
        let lines = |length: usize| if length <= in_one_line { 1 } else { length.div_ceil(width) };
        Self { length: lengths().max().unwrap_or(0), lines: lengths().map(lines).sum() }
    }
}

/// Not every program works the height of a row out by itself.
pub(super) fn height(lines: usize) -> f64 {
    const OF_A_LINE: f64 = 15.0;
    const HIGHEST: f64 = 400.0;
    (OF_A_LINE * f64::from(u16::try_from(lines).unwrap_or(u16::MAX))).min(HIGHEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_what_xml_and_spreadsheets_can() {
        for (text, expected) in [
            ("a\u{0}b\u{1b}c\u{7f}d", "a\u{fffd}b\u{fffd}c\u{fffd}d"),
            ("one\r\ntwo\rthree\tfour", "one\ntwo\nthree\tfour"),
            ("\u{ffff}\u{fffe}", "\u{fffd}\u{fffd}"),
            ("=1+1", "=1+1"),
            ("\u{202e}\u{5d0}\u{1f98a}", "\u{202e}\u{5d0}\u{1f98a}"),
        ] {
            assert_eq!(sound(text), expected);
        }
        let longest = "\u{1f98a}".repeat(LONGEST_TEXT / 2);
        assert_eq!(sound(&longest), longest, "a fox has two units: it fits");
        let cut = sound(&format!("{longest}\u{1f98a}")).into_owned();
        assert!(cut.ends_with(CUT) && cut.encode_utf16().count() <= LONGEST_TEXT && cut.encode_utf16().count() >= LONGEST_TEXT - 1);
    }
}
