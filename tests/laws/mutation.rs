//! Small damage to a text, as slips and broken transfers do it.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// One change.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Flip(Index, u8),
    Insert(Index, u8),
    Delete(Index),
    DeleteLine(Index),
    RepeatLine(Index, Index),
    /// A number becomes another.
    Number(Index, &'static str),
    /// A text in quotation marks becomes another of the file's texts.
    Text(Index, Index),
}

/// Changes of single bytes.
pub(crate) fn of_bytes() -> impl Strategy<Value = Vec<Change>> {
    let byte = prop_oneof![2 => any::<u8>().boxed(), 3 => prop::sample::select(b",\"\n\r0123 =[]{}.-#\t;'".to_vec()).boxed()];
    let change = (any::<Index>(), byte, 0..3).prop_map(|(at, byte, kind)| match kind {
        0 => Change::Flip(at, byte),
        1 => Change::Insert(at, byte),
        _ => Change::Delete(at),
    });
    vec(change, 1..6)
}

/// Changes of whole words and lines of a definition.
pub(crate) fn of_words() -> impl Strategy<Value = Vec<Change>> {
    let numbers = vec![
        "0",
        "1",
        "3",
        "-1",
        "2.5",
        "17",
        "65536",
        "999999999",
        "-999999999",
        "0.000000001",
        "123456789.123456789",
        "1e9",
        "0x10",
        "nan",
        "[]",
        "\"\"",
        "true",
    ];
    let change = prop_oneof![
        1 => any::<Index>().prop_map(Change::DeleteLine),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::RepeatLine(from, to)),
        3 => (any::<Index>(), prop::sample::select(numbers)).prop_map(|(at, number)| Change::Number(at, number)),
        3 => (any::<Index>(), any::<Index>()).prop_map(|(at, other)| Change::Text(at, other)),
    ];
    vec(change, 1..5)
}

/// The bytes after all changes.
pub(crate) fn changed(bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    changes.iter().fold(bytes.to_vec(), apply)
}

fn apply(mut bytes: Vec<u8>, change: &Change) -> Vec<u8> {
    if bytes.is_empty() {
        return bytes;
    }
    match change {
        Change::Flip(at, byte) => {
            let at = at.index(bytes.len());
            bytes[at] ^= (*byte).max(1);
        }
        Change::Insert(at, byte) => bytes.insert(at.index(bytes.len()), *byte),
        Change::Delete(at) => {
            bytes.remove(at.index(bytes.len()));
        }
        Change::DeleteLine(_) | Change::RepeatLine(..) | Change::Number(..) | Change::Text(..) => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            return in_text(text, change).into_bytes();
        }
    }
    bytes
}

fn in_text(text: String, change: &Change) -> String {
    let mut lines: Vec<&str> = text.split('\n').collect();
    match change {
        Change::DeleteLine(at) => {
            lines.remove(at.index(lines.len()));
            lines.join("\n")
        }
        Change::RepeatLine(from, to) => {
            let line = lines[from.index(lines.len())];
            lines.insert(to.index(lines.len()), line);
            lines.join("\n")
        }
        Change::Number(at, number) => replaced(&text, &stretches(&text, |byte| byte.is_ascii_digit()), *at, number),
        Change::Text(at, other) => {
            let texts = stretches(&text, |byte| byte != b'"' && byte != b'\n');
            let other = if texts.is_empty() { String::new() } else { text[texts[other.index(texts.len())].clone()].to_owned() };
            replaced(&text, &texts, *at, &other)
        }
        _ => text,
    }
}

fn replaced(text: &str, stretches: &[std::ops::Range<usize>], at: Index, with: &str) -> String {
    if stretches.is_empty() {
        return text.to_owned();
    }
    let stretch = &stretches[at.index(stretches.len())];
    format!("{}{with}{}", &text[..stretch.start], &text[stretch.end..])
}

/// The longest runs of bytes of a kind. The kinds cut ASCII bytes off only, so a run never ends within a letter.
fn stretches(text: &str, is_in: impl Fn(u8) -> bool) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for at in (0..text.len()).filter(|at| is_in(text.as_bytes()[*at])) {
        match found.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => found.push(at..at + 1),
        }
    }
    found
}
