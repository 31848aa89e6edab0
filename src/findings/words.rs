//! The grammar of messages, and the guard in front of user text: what is printed can never steer a terminal.

use std::borrow::Cow;
use std::fmt::Display;

/// User text made safe to print: no control characters, no characters that turn the reading direction, at most 60 characters.
pub fn printable(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 60;
    if text.len() <= LONGEST && !hides_something(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    for (position, character) in text.chars().enumerate() {
        if position == LONGEST {
            shown.push('…');
            break;
        }
        match character {
            '\n' | '\r' | '\t' => shown.push(' '),
            hidden if is_hidden(hidden) => shown.push('\u{fffd}'),
            plain => shown.push(plain),
        }
    }
    Cow::Owned(shown)
}

/// Text of ours that may quote the user's: as long as it is, without what could steer a terminal.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if !hides_something(text) {
        return Cow::Borrowed(text);
    }
    let harmless = |character| match character {
        '\n' | '\r' | '\t' => ' ',
        hidden if is_hidden(hidden) => '\u{fffd}',
        plain => plain,
    };
    Cow::Owned(text.chars().map(harmless).collect())
}

fn hides_something(text: &str) -> bool {
    let is_usual = |byte: u8| matches!(byte, b' '..=b'~');
    !text.bytes().all(is_usual) && text.chars().any(is_hidden)
}

/// Control characters, and the marks that reorder what stands around them.
fn is_hidden(character: char) -> bool {
    character.is_control() || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// `1 pupil`, `2 pupils`, `0 responses`; irregular plurals are given in full: `count_of(2, "match/matches")`.
pub fn count_of(count: u64, noun: &str) -> String {
    let (one, many) = noun.split_once('/').map_or_else(|| (noun, format!("{noun}s")), |(one, many)| (one, many.to_owned()));
    if count == 1 { format!("1 {one}") } else { format!("{} {many}", thousands(count)) }
}

/// `1234567` as `1,234,567`, the British way.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut shown = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// `a, b and c`.
pub fn list_and<T: Display>(parts: &[T]) -> String {
    list(parts, "and")
}

/// `a, b or c`.
pub fn list_or<T: Display>(parts: &[T]) -> String {
    list(parts, "or")
}

fn list<T: Display>(parts: &[T], last: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.to_string(),
        [first @ .., end] => {
            let first: Vec<String> = first.iter().map(ToString::to_string).collect();
            format!("{} {last} {end}", first.join(", "))
        }
    }
}

/// User words in back-ticks, separated by commas; past `longest` of them the rest is counted.
pub fn quoted_list<T: AsRef<str>>(words: &[T], longest: usize) -> String {
    let mut shown: Vec<String> = words.iter().take(longest).map(|word| format!("`{}`", printable(word.as_ref()))).collect();
    if words.len() > longest {
        shown.push(format!("and {} more", words.len() - longest));
    }
    shown.join(", ")
}

/// The candidate nearest to what was written, if one is near enough to be worth a question. Never applied, only asked.
pub fn did_you_mean<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let written = written.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&written, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_agree_with_their_nouns() {
        for (count, noun, expected) in [
            (1, "pupil", "1 pupil"),
            (2, "pupil", "2 pupils"),
            (0, "answer", "0 answers"),
            (2, "match/matches", "2 matches"),
            (1_234_567, "row", "1,234,567 rows"),
        ] {
            assert_eq!(count_of(count, noun), expected);
        }
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(list_and(&["a"]), "a");
        assert_eq!(list_and(&["a", "b", "c"]), "a, b and c");
        assert_eq!(list_or(&["a", "b"]), "a or b");
        assert_eq!(quoted_list(&["x", "y", "z"], 2), "`x`, `y`, and 1 more");
    }

    #[test]
    fn user_text_cannot_steer_the_terminal() {
        assert_eq!(printable("plain"), "plain");
        assert_eq!(printable("a\u{1b}[31mred"), "a\u{fffd}[31mred");
        assert_eq!(printable("left\u{202e}right"), "left\u{fffd}right");
        assert_eq!(printable("two\nlines"), "two lines");
        assert_eq!(printable(&"x".repeat(80)).chars().count(), 61);
    }

    #[test]
    fn suggestions_are_near_or_none() {
        assert_eq!(did_you_mean("Sometimes true", ["Not true", "Somewhat true", "Certainly true"]), Some("Somewhat true"));
        assert_eq!(did_you_mean("banana", ["Not true"]), None);
    }
}
