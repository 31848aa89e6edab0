//! Row independence: shuffle, drop or add rows, and every other pupil's line is byte-identical.

use std::collections::BTreeMap;

use bandwise::instrument::Instrument;
use bandwise::scoring::{Outcome, ReadOptions};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::cells::answer_in;
use crate::forms::{BUILT_INS, LONGEST};
use crate::reading::{ABOUT, Read, Response, cases, csv_text, form, header, lowest_answers, read, read_all, response};

/// A form and a class that filled it in: ids are `P0`, `P1`, …; the first has the lowest answer everywhere and stays, so that no file is
/// refused as a whole.
#[derive(Clone, Debug)]
struct Class {
    form: Index,
    responses: Vec<Response>,
}

fn class() -> impl Strategy<Value = Class> {
    (any::<Index>(), vec(response(), 1..8)).prop_map(|(form, responses)| Class { form, responses })
}

impl Class {
    fn instrument(&self) -> &'static Instrument {
        &BUILT_INS[self.form.index(BUILT_INS.len())]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let pupils = self.responses.iter().enumerate().map(|(index, response)| response.row(&format!("P{}", index + 1), self.instrument()));
        std::iter::once(lowest_answers("P0", self.instrument())).chain(pupils).collect()
    }
}

/// A row that nobody should have to read: any number of cells with anything in them, or another pupil's form.
#[derive(Clone, Debug)]
enum Stray {
    Cells(Vec<String>),
    /// As many of these as the header has.
    Whole(Vec<String>),
    Form(Box<Response>),
}

fn stray_row() -> impl Strategy<Value = Stray> {
    let anything = "[^\0]{0,8}";
    prop_oneof![
        2 => vec(anything, 1..LONGEST + 15).prop_map(Stray::Cells),
        2 => vec(anything, ABOUT.len() + LONGEST).prop_map(Stray::Whole),
        1 => response().prop_map(|response| Stray::Form(Box::new(response))),
        1 => vec(Just(String::new()), 1..40).prop_map(Stray::Cells),
    ]
}

impl Stray {
    fn row(&self, instrument: &Instrument) -> Vec<String> {
        match self {
            Self::Cells(cells) => cells.clone(),
            Self::Whole(cells) => cells[..ABOUT.len() + instrument.items.len()].to_vec(),
            Self::Form(response) => response.row("P1", instrument),
        }
    }
}

/// Where each row of a file comes from.
#[derive(Clone, Debug)]
enum From {
    Pupil(usize),
    Stray(Stray),
}

/// Some of the pupils (the first always) and strays, in any order.
fn another_file(pupils: usize) -> impl Strategy<Value = Vec<From>> {
    let kept = prop::sample::subsequence((1..pupils).collect::<Vec<_>>(), 0..pupils);
    (kept, vec(stray_row(), 0..5)).prop_flat_map(|(kept, strays)| {
        let pupils = std::iter::once(0).chain(kept).map(From::Pupil);
        Just(pupils.chain(strays.into_iter().map(From::Stray)).collect::<Vec<_>>()).prop_shuffle()
    })
}

fn file(instrument: &Instrument, rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    csv_text(&std::iter::once(header(instrument)).chain(rows).collect::<Vec<_>>())
}

/// What is said about each row, by its row number: the line of scores and the flag.
fn by_row(read: Read) -> BTreeMap<u64, (String, String)> {
    read.rows.into_iter().map(|row| (row.number, (row.line, format!("{:?}", row.flag)))).collect()
}

/// What stands before the questions, and the cells of some questions.
fn kept_cells(row: &[String], is_kept: impl Fn(usize) -> bool) -> Vec<String> {
    row.iter()
        .enumerate()
        .filter(|(column, _)| *column < ABOUT.len() || is_kept(column - ABOUT.len()))
        .map(|(_, cell)| cell.clone())
        .collect()
}

/// The same row with the cells of the other questions blank.
fn blanked_cells(row: &[String], is_kept: impl Fn(usize) -> bool) -> Vec<String> {
    let cell =
        |(column, cell): (usize, &String)| if column < ABOUT.len() || is_kept(column - ABOUT.len()) { cell.clone() } else { String::new() };
    row.iter().enumerate().map(cell).collect()
}

proptest! {
    #![proptest_config(cases(96))]

    /// Every answer of a file is what its cell says, in any form and in any writing.
    #[test]
    fn what_is_written_is_read_back(class in class()) {
        let (instrument, rows) = (class.instrument(), class.rows());
        let read = read_all(&file(instrument, rows.clone()), form(&instrument.id));
        prop_assert_eq!(read.rows.len(), rows.len());
        for (row, cells) in read.rows.iter().zip(&rows) {
            for (item, (answer, cell)) in row.answers.iter().zip(&cells[ABOUT.len()..]).enumerate() {
                prop_assert_eq!(*answer, answer_in(cell, instrument, item), "{}, `{}`: {:?}", instrument.id, instrument.items[item].id, cell);
            }
        }
        for (row, response) in read.rows[1..].iter().zip(&class.responses) {
            prop_assert_eq!(row.pupil, response.pupil.said);
        }
    }

    /// An optional part that a file does not have is not applicable, and everything else is as it was with the part left blank: its
    /// questions are neither missing answers nor, where one of them is critical, alerts.
    #[test]
    fn a_part_that_a_file_lacks_is_no_blank_part(class in class(), which in any::<Index>(), kept in vec(any::<bool>(), 8)) {
        let forms: Vec<&Instrument> = BUILT_INS.iter().filter(|instrument| !instrument.blocks.is_empty()).collect();
        let instrument = forms[which.index(forms.len())];
        let is_kept = |item: usize| instrument.items[item].block.is_none_or(|block| kept[block]);
        if !(0..instrument.items.len()).any(is_kept) {
            return Ok(());
        }
        let responses = class.responses.iter().enumerate().map(|(index, response)| response.row(&format!("P{}", index + 1), instrument));
        let whole: Vec<Vec<String>> = [header(instrument), lowest_answers("P0", instrument)].into_iter().chain(responses).collect();
        let without: Vec<Vec<String>> = whole.iter().map(|row| kept_cells(row, is_kept)).collect();
        let blanked: Vec<Vec<String>> = whole.iter().enumerate().map(|(index, row)| if index == 0 { row.clone() } else { blanked_cells(row, is_kept) }).collect();
        let (without, blanked) = (read_all(&csv_text(&without), form(&instrument.id)), read_all(&csv_text(&blanked), form(&instrument.id)));
        for (without, blanked) in without.rows.iter().zip(&blanked.rows) {
            prop_assert_eq!(&without.answers, &blanked.answers);
            for (scale, (one, other)) in instrument.scales.iter().zip(without.scores.iter().zip(&blanked.scores)) {
                let is_there = scale.block.is_none_or(|block| kept[block]);
                prop_assert_eq!(one.outcome == Outcome::NotApplicable, !is_there, "{}", scale.id);
                prop_assert!(!is_there || one == other, "{}: {:?}, then {:?}", scale.id, one, other);
            }
            let unasked = instrument.critical.iter().filter(|critical| !is_kept(critical.item)).count();
            prop_assert_eq!(without.flag.alerts.len() + unasked, blanked.flag.alerts.len());
        }
    }

    #[test]
    fn a_pupils_line_depends_on_no_other_row(
        (class, other) in class().prop_flat_map(|class| { let pupils = class.responses.len() + 1; (Just(class), another_file(pupils)) })
    ) {
        let (instrument, rows) = (class.instrument(), class.rows());
        let first = read_all(&file(instrument, rows.clone()), form(&instrument.id));
        let second = other.iter().map(|from| match from {
            From::Pupil(pupil) => rows[*pupil].clone(),
            From::Stray(stray) => stray.row(instrument),
        });
        let second = read_all(&file(instrument, second), form(&instrument.id));
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
        let (id, whole) = (&class.instrument().id, file(class.instrument(), class.rows()));
        let first = read_all(&whole, form(id));
        let (second, _) = read(&[whole, tail].concat(), form(id), ReadOptions::default());
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
        let (id, bytes) = (&class.instrument().id, file(class.instrument(), class.rows()));
        let first = read_all(&bytes, form(id));
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
        let second = read_all(spaced.as_bytes(), form(id));
        prop_assert_eq!(second.rows.iter().map(|row| row.number).collect::<Vec<_>>(), &expected[1..]);
        let lines = |read: &Read| read.rows.iter().map(|row| row.line.clone()).collect::<Vec<_>>();
        prop_assert_eq!(lines(&first), lines(&second));
    }
}
