//! Row independence: shuffle, drop or add rows, and every other pupil's line is byte-identical.

use std::collections::BTreeMap;

use bandwise::scoring::ReadOptions;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::reading::{Read, cases, csv_text, form, lowest_answers, parent_form, parent_header, read, read_all};

/// A class: ids are `P0`, `P1`, …; the first has the lowest answer everywhere and stays, so that no file is refused as a whole.
fn class() -> impl Strategy<Value = Vec<Vec<String>>> {
    vec((parent_form(), "[7-9][A-C]|=7A|7 \"A\"|7,A"), 1..8).prop_map(|forms| {
        let pupils =
            forms.into_iter().enumerate().map(|(index, (answers, class))| [vec![format!("P{}", index + 1), class], answers].concat());
        std::iter::once(lowest_answers("P0", 33)).chain(pupils).collect()
    })
}

/// A row that nobody should have to read: any number of cells with anything in them, or another pupil's form.
fn stray_row() -> impl Strategy<Value = Vec<String>> {
    let anything = "[^\0]{0,8}";
    prop_oneof![
        2 => vec(anything, 1..45).boxed(),
        2 => vec(anything, 35).boxed(),
        1 => parent_form().prop_map(|answers| [vec!["P1".to_owned(), "7A".to_owned()], answers].concat()).boxed(),
        1 => vec(Just(String::new()), 1..40).boxed(),
    ]
}

/// Where each row of a file comes from.
#[derive(Clone, Debug)]
enum From {
    Pupil(usize),
    Stray(Vec<String>),
}

/// Some of the pupils (the first always) and strays, in any order.
fn another_file(pupils: usize) -> impl Strategy<Value = Vec<From>> {
    let kept = prop::sample::subsequence((1..pupils).collect::<Vec<_>>(), 0..pupils);
    (kept, vec(stray_row(), 0..5)).prop_flat_map(|(kept, strays)| {
        let pupils = std::iter::once(0).chain(kept).map(From::Pupil);
        Just(pupils.chain(strays.into_iter().map(From::Stray)).collect::<Vec<_>>()).prop_shuffle()
    })
}

fn file(rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    csv_text(&std::iter::once(parent_header()).chain(rows).collect::<Vec<_>>())
}

/// What is said about each row, by its row number: the line of scores and the flag.
fn by_row(read: Read) -> BTreeMap<u64, (String, String)> {
    read.rows.into_iter().map(|row| (row.number, (row.line, format!("{:?}", row.flag)))).collect()
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn a_pupils_line_depends_on_no_other_row(
        (class, other) in class().prop_flat_map(|class| { let pupils = class.len(); (Just(class), another_file(pupils)) })
    ) {
        let first = read_all(&file(class.iter().cloned()), form("sdq-p4-17"));
        let second = read_all(
            &file(other.iter().map(|from| match from {
                From::Pupil(pupil) => class[*pupil].clone(),
                From::Stray(cells) => cells.clone(),
            })),
            form("sdq-p4-17"),
        );
        prop_assert_eq!(&first.header, &second.header);
        let (first, second) = (by_row(first), by_row(second));
        for (index, from) in other.iter().enumerate() {
            if let From::Pupil(pupil) = from {
                // Row 1 is the header.
                prop_assert_eq!(second.get(&(index as u64 + 2)), first.get(&(*pupil as u64 + 2)));
            }
        }
    }

    #[test]
    fn whatever_follows_the_last_row_changes_no_line_above_it(class in class(), tail in vec(any::<u8>(), 0..200)) {
        let whole = file(class.into_iter());
        let first = read_all(&whole, form("sdq-p4-17"));
        let (second, _) = read(&[whole, tail].concat(), form("sdq-p4-17"), ReadOptions::default());
        // What is no text at all refuses the file, and then there are no lines.
        let Ok(second) = second else { return Ok(()) };
        let (first, second) = (by_row(first), by_row(second));
        for (row, line) in &first {
            prop_assert_eq!(second.get(row), Some(line));
        }
    }

    /// Blank rows count as rows and are otherwise as if they were not there.
    #[test]
    fn blank_rows_only_move_the_row_numbers(class in class(), blank in vec(prop::sample::select(vec!["", "", ",,,", "  ", "\"\""]), 10)) {
        let bytes = file(class.into_iter());
        let first = read_all(&bytes, form("sdq-p4-17"));
        let text = String::from_utf8(bytes).unwrap();
        let mut row = 1;
        let (mut spaced, mut expected) = (String::new(), Vec::new());
        for (index, line) in text.lines().enumerate() {
            let is_blank_before = blank[index % blank.len()].len() > 1 && index > 0;
            if is_blank_before {
                spaced += blank[index % blank.len()];
                spaced.push('\n');
                row += 1;
            }
            spaced += line;
            spaced.push('\n');
            expected.push(row);
            row += 1;
        }
        let second = read_all(spaced.as_bytes(), form("sdq-p4-17"));
        prop_assert_eq!(second.rows.iter().map(|row| row.number).collect::<Vec<_>>(), &expected[1..]);
        let lines = |read: &Read| read.rows.iter().map(|row| row.line.clone()).collect::<Vec<_>>();
        prop_assert_eq!(lines(&first), lines(&second));
    }
}
