//! Headers as people write them, and what is compared of them.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// A header in one spelling: composed letters, small, straight quotes, single spaces.
pub(super) fn plain(header: &str) -> String {
    let simple = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    // Most headers are plain English, of which every letter is its own composed form.
    if header.is_ascii() && !header.contains(['<', '&']) {
        return simple(header);
    }
    let composed: String = without_markup(header).nfkc().collect();
    let straight: String = composed
        .chars()
        .map(|character| match character {
            '\u{2018}' | '\u{2019}' | '\u{201b}' => '\'',
            '\u{201c}' | '\u{201d}' => '"',
            other => other,
        })
        .collect();
    simple(&straight)
}

/// A header without the markup that form systems leave in it: `<p>Restless&nbsp;</p>`.
fn without_markup(header: &str) -> Cow<'_, str> {
    if !header.contains(['<', '&']) {
        return Cow::Borrowed(header);
    }
    let mut text = String::with_capacity(header.len());
    let mut rest = header;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start..];
        // `<3` is no tag: one begins with a letter or a slash, and ends.
        let is_tag = tag[1..].starts_with(|first: char| first.is_ascii_alphabetic() || first == '/');
        if let Some(end) = tag.find('>').filter(|_| is_tag) {
            text.push_str(&rest[..start]);
            text.push(' ');
            rest = &tag[end + 1..];
        } else {
            text.push_str(&rest[..=start]);
            rest = &tag[1..];
        }
    }
    text.push_str(rest);
    for (entity, character) in [("&nbsp;", " "), ("&amp;", "&"), ("&#039;", "'"), ("&#39;", "'"), ("&quot;", "\""), ("&rsquo;", "'")] {
        text = text.replace(entity, character);
    }
    Cow::Owned(text)
}

/// The letters and digits of a header: `SDQ_01`, `sdq 01` and `Sdq-01` are one.
pub(super) fn key(header: &str) -> String {
    plain(header).chars().filter(|character| character.is_alphanumeric()).collect()
}

/// The words of a header, without punctuation: what match words are looked for in. The row of a grid header (`Question [Row]`) is all
/// that tells its columns apart, so only it counts.
pub(super) fn words(header: &str) -> Vec<String> {
    let text = plain(header);
    let row = text.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')).map(|(_, row)| row.to_owned());
    let text = row.filter(|row| !row.trim().is_empty()).unwrap_or(text);
    text.split(|character: char| !character.is_alphanumeric() && character != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether a phrase of one or two words stands in a header, word for word.
pub(super) fn has_phrase(header: &[String], phrase: &[String]) -> bool {
    let stands_at = |start: usize| header[start..].starts_with(phrase);
    !phrase.is_empty() && (0..header.len()).any(|start| stands_at(start) && !is_negated(&header[..start]))
}

/// Whether the words just before a phrase turn it round: "not obedient" is no "obedient".
fn is_negated(before: &[String]) -> bool {
    let turns = |word: &str| matches!(word, "not" | "never" | "no" | "hardly" | "rarely" | "without") || word.ends_with("n't");
    before.iter().rev().take(2).any(|word| turns(word))
}

/// A header that is a prefix and a number: `q7`, `SDQ_07`, `Item 7`, `Q1_7`, `Q1[SQ007]`. The prefix in letters and digits, small.
pub(super) fn numbered(header: &str) -> Option<(String, usize)> {
    let text = plain(header);
    let text = text.strip_suffix(']').unwrap_or(&text);
    let before = text.trim_end_matches(|character: char| character.is_ascii_digit());
    let digits = &text[before.len()..];
    let prefix = key(before);
    // The year in `Result 2024` is no question's number.
    if digits.is_empty() || digits.len() > 3 || !prefix.chars().any(char::is_alphabetic) {
        return None;
    }
    Some((prefix, digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_compared_by_their_letters_and_digits() {
        for (header, expected) in [("SDQ_01", "sdq01"), (" Pupil  ID ", "pupilid"), ("Pupil\nID", "pupilid"), ("UPN\u{a0}", "upn")] {
            assert_eq!(key(header), expected);
        }
    }

    #[test]
    fn numbered_headers_are_a_prefix_and_a_number() {
        for (header, expected) in [
            ("q7", Some(("q", 7))),
            ("SDQ_07", Some(("sdq", 7))),
            ("Item 12", Some(("item", 12))),
            ("Q1_7", Some(("q1", 7))),
            ("Q2[SQ007]", Some(("q2sq", 7))),
            ("7", None),
            ("year2024", None),
            ("obeys", None),
        ] {
            assert_eq!(numbered(header), expected.map(|(prefix, number)| (prefix.to_owned(), number)), "{header}");
        }
    }

    #[test]
    fn markup_is_no_part_of_a_header() {
        for (header, expected) in [
            ("<p>Often&nbsp;<strong>unhappy</strong></p>", "often unhappy"),
            ("O&#039;Connor", "o'connor"),
            ("less than <3 friends", "less than <3 friends"),
            ("a < b", "a < b"),
        ] {
            assert_eq!(plain(header), expected);
        }
    }

    #[test]
    fn phrases_are_found_word_for_word_and_in_the_row_of_a_grid() {
        let header = words("How far does this describe the child? [Often fights, or shouts]");
        assert!(has_phrase(&header, &words("fights")));
        assert!(has_phrase(&header, &words("or shouts")));
        assert!(!has_phrase(&header, &words("fight")));
        assert!(!has_phrase(&header, &words("child")));
        for negated in ["Not obedient", "Hasn't a good friend", "Never restless", "is not generally liked"] {
            let header = words(negated);
            assert!(
                !["obedient", "good friend", "restless", "generally liked"].iter().any(|phrase| has_phrase(&header, &words(phrase))),
                "{negated}"
            );
        }
        assert!(has_phrase(&words("I take things that are not mine"), &words("take things")));
    }
}
