//! Headers as people write them, and what is compared of them.

use unicode_normalization::UnicodeNormalization;

/// A header in one spelling: composed letters, small, straight quotes, single spaces.
pub(super) fn plain(header: &str) -> String {
    let composed: String = header.nfkc().collect();
    let straight: String = composed
        .chars()
        .map(|character| match character {
            '\u{2018}' | '\u{2019}' | '\u{201b}' => '\'',
            '\u{201c}' | '\u{201d}' => '"',
            other => other,
        })
        .collect();
    straight.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
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
pub(super) fn has_phrase(header: &[String], phrase: &str) -> bool {
    let phrase = words(phrase);
    let stands_at = |start: usize| header[start..].starts_with(&phrase);
    !phrase.is_empty() && (0..header.len()).any(|start| stands_at(start) && !is_negated(&header[..start]))
}

/// Whether the words just before a phrase turn it round: "not obedient" is no "obedient".
fn is_negated(before: &[String]) -> bool {
    let turns = |word: &str| matches!(word, "not" | "never" | "no" | "hardly" | "rarely" | "without") || word.ends_with("n't");
    before.iter().rev().take(2).any(|word| turns(word))
}

/// A header that is a prefix and a number: `q7`, `SDQ_07`, `Item 7`. Prefix in letters only, small.
pub(super) fn numbered(header: &str) -> Option<(String, usize)> {
    let key = key(header);
    let prefix = key.trim_end_matches(|character: char| character.is_ascii_digit());
    let digits = &key[prefix.len()..];
    if digits.is_empty() || digits.len() > 3 || prefix.is_empty() {
        return None;
    }
    Some((prefix.to_owned(), digits.parse().ok()?))
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
            ("7", None),
            ("year2024", None),
            ("obeys", None),
        ] {
            assert_eq!(numbered(header), expected.map(|(prefix, number)| (prefix.to_owned(), number)), "{header}");
        }
    }

    #[test]
    fn phrases_are_found_word_for_word_and_in_the_row_of_a_grid() {
        let header = words("How far does this describe the child? [Often fights, or shouts]");
        assert!(has_phrase(&header, "fights"));
        assert!(has_phrase(&header, "or shouts"));
        assert!(!has_phrase(&header, "fight"));
        assert!(!has_phrase(&header, "child"));
        for negated in ["Not obedient", "Hasn't a good friend", "Never restless", "is not generally liked"] {
            let header = words(negated);
            assert!(
                !["obedient", "good friend", "restless", "generally liked"].iter().any(|phrase| has_phrase(&header, phrase)),
                "{negated}"
            );
        }
        assert!(has_phrase(&words("I take things that are not mine"), "take things"));
    }
}
