//! Any bytes as responses: findings or an error, never a panic, and what cannot be read never becomes an answer.

use bandwise::findings::Style;
use bandwise::input::Table;
use bandwise::instrument::{AnswerSet, Number};
use bandwise::matching::{Answer, AnswerKey, Coding};
use bandwise::report::{ScoreTable, TableStyle};
use bandwise::scoring::{ReadOptions, Responses};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::mutation;
use crate::reading::{BUILT_INS, cases, csv_text, form, parent_header, read, with_file};

const CLASS: &[u8] = include_bytes!("../../fixtures/class-7a-teacher.csv");
const TYPED: &[u8] = include_bytes!("../../fixtures/class-7b-typed.csv");

/// What a cell says by the rules of the page about cells, worked out apart from the program: a code as a plain decimal, or a label without
/// regard to case, space and punctuation. Nothing else is an answer.
fn code_of(cell: &str, set: &AnswerSet) -> Option<usize> {
    let trimmed = cell.trim();
    let as_number = || {
        let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) || fraction.bytes().any(|byte| byte != b'0') {
            return None;
        }
        let value: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let value = if trimmed.starts_with('-') { -value } else { value };
        set.codes.iter().position(|code| *code == Number::whole(value))
    };
    // A question mark is a doubt, and a doubtful answer is none.
    let letters = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let as_label = || set.labels.iter().position(|words| words.iter().any(|word| letters(word) == letters(cell)));
    as_number().or_else(|| if letters(cell).is_empty() || cell.contains('?') { None } else { as_label() })
}

fn exercise(bytes: &[u8], id: &str) {
    let _ = read(bytes, form(id), ReadOptions::default());
    // The table for people reads the same rows.
    with_file(bytes, |input| {
        let mut findings = bandwise::findings::Findings::new();
        let Ok(mut responses) = Responses::open(std::slice::from_ref(input), vec![form(id)], ReadOptions::default(), &mut findings) else {
            return;
        };
        let mut table = ScoreTable::new(responses.layout(), TableStyle { style: Style::Plain, width: 60 });
        while let Ok(Some(batch)) = responses.next_batch(&mut findings) {
            batch.rows(responses.layout()).for_each(|row| table.add(responses.layout(), &row));
        }
        let _ = table.render(responses.layout());
    });
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..400)) {
        exercise(&bytes, "sdq-p4-17");
    }

    #[test]
    fn any_text_below_a_header_is_read_or_refused(text in "([0-3,]|[\"\n\r;\t =+@-]|\\PC|.){0,300}") {
        let header = csv_text(&[parent_header()]);
        exercise(&[&header[..header.len() - 1], b"\n", text.as_bytes()].concat(), "sdq-p4-17");
    }

    #[test]
    fn any_header_is_read_or_refused(names in vec("(q|sdq|item|)[ _]?[0-9]{0,3}|obeys|total|\\PC{0,6}|.{0,3}", 0..40), cells in vec("[0-3]?", 40)) {
        let row = cells[..names.len()].to_vec();
        exercise(&csv_text(&[names, row]), "sdq-t4-17");
    }

    #[test]
    fn damaged_files_are_read_or_refused(changes in mutation::of_bytes(), typed in any::<bool>()) {
        exercise(&mutation::changed(if typed { TYPED } else { CLASS }, &changes), "sdq-t4-17");
    }

    /// In a damaged file whose header is whole, every answer is what its cell says.
    #[test]
    fn a_damaged_cell_never_becomes_another_answer(changes in mutation::of_bytes()) {
        let body = CLASS.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let bytes = [&CLASS[..body], &mutation::changed(&CLASS[body..], &changes)].concat();
        let (Ok(read), _) = read(&bytes, form("sdq-t4-17"), ReadOptions::default()) else { return Ok(()) };
        let instrument = BUILT_INS.iter().find(|instrument| &*instrument.id == "sdq-t4-17").unwrap();
        with_file(&bytes, |input| {
            let mut table = Table::open(input).unwrap();
            let columns: Vec<usize> =
                instrument.items.iter().map(|item| table.header().iter().position(|name| **name == *item.id).unwrap()).collect();
            let width = table.width();
            let batch = table.next_batch(1_000).unwrap().unwrap();
            for (record, row) in batch.records().zip(&read.rows) {
                assert_eq!(record.row(), row.number);
                let fits = record.len() >= width && (width..record.len()).all(|column| record.cell(column).trim().is_empty());
                for ((item, column), answer) in instrument.items.iter().zip(&columns).zip(&row.answers) {
                    let cell = record.cell(*column);
                    let expected = match code_of(cell, &instrument.answers[item.answers]) {
                        _ if !fits => Answer::Refused,
                        Some(code) => Answer::Given(u16::try_from(code).unwrap()),
                        None if cell.trim().is_empty() => Answer::Blank,
                        None => Answer::Refused,
                    };
                    assert_eq!(*answer, expected, "row {}, `{}`: {cell:?}", row.number, item.id);
                }
            }
        });
    }
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn a_cell_that_does_not_parse_never_becomes_a_code(
        cell in prop_oneof!["\\PC{0,6}", "[+-]?[0-9]{0,3}[.,]?[0-9]{0,3}", "[ -]?[nscNSC][.?! ]?", "[^\0]{0,4}", "(Not|somewhat|CERTAINLY)[ _-]?(true|TRUE|tru)[.!]?"],
        which in any::<prop::sample::Index>(),
    ) {
        let instrument = &BUILT_INS[which.index(BUILT_INS.len())];
        for set in &instrument.answers {
            let found = AnswerKey::new(set, &Coding::default()).unwrap().read(&cell);
            match code_of(&cell, set) {
                Some(code) => prop_assert_eq!(found, Answer::Given(u16::try_from(code).unwrap()), "{:?}", cell),
                None if cell.trim().is_empty() => prop_assert_eq!(found, Answer::Blank),
                None => prop_assert_eq!(found, Answer::Refused, "{:?}", cell),
            }
        }
    }

    /// Whatever a file's values are called, a cell that is called nothing is no answer.
    #[test]
    fn a_coding_reads_its_own_values_and_labels_only(
        values in prop::sample::subsequence(vec!["1", "2", "3", "a", "never", "10", "-1", "0"], 3).prop_shuffle(),
        missing in prop::sample::subsequence(vec!["9", "n/a", "-", "x"], 0..4),
        cell in "[0-9]{1,2}|[a-d]|never|n/a|-|-1|x|\\PC{1,2}",
    ) {
        let instrument = BUILT_INS.iter().find(|instrument| &*instrument.id == "sdq-t4-17").unwrap();
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let coding = Coding { values: Some(owned(&values)), missing: owned(&missing), words: Vec::new() };
        let set = &instrument.answers[0];
        let found = AnswerKey::new(set, &coding).unwrap().read(&cell);
        let lower = cell.trim().to_lowercase();
        let plain = lower.trim_start_matches('+').trim_start_matches('0');
        let expected = if lower.is_empty() {
            Answer::Blank
        } else if let Some(code) = values.iter().position(|value| *value == lower || (!plain.is_empty() && *value == plain) || (plain.is_empty() && *value == "0")) {
            Answer::Given(u16::try_from(code).unwrap())
        } else if missing.contains(&lower.as_str()) {
            Answer::Blank
        } else {
            Answer::Refused
        };
        // One letter may be a label (`n`, `s`, `c`), and some two letters are one in another writing.
        if code_of(&cell, set).is_none() || lower.bytes().all(|byte| byte.is_ascii_digit()) {
            prop_assert_eq!(found, expected, "{:?} where {:?} are the answers", cell, values);
        }
    }
}

proptest! {
    #![proptest_config(cases(256))]

    /// What a message says is allowed is what is read, no more and no less.
    #[test]
    fn what_is_said_to_be_allowed_is_read(codes in prop::sample::subsequence((-2..9).collect::<Vec<i64>>(), 2..6).prop_shuffle()) {
        let set = AnswerSet {
            name: "main".to_owned(),
            codes: codes.iter().copied().map(Number::whole).collect(),
            labels: vec![Vec::new(); codes.len()],
        };
        let key = AnswerKey::new(&set, &Coding::default()).unwrap();
        let allowed = set.allowed();
        let said: Vec<i64> = match allowed.split_once(" to ") {
            Some((from, to)) => (from.parse().unwrap()..=to.parse().unwrap()).collect(),
            None => allowed.replace(" or ", ", ").split(", ").map(|code| code.parse().unwrap()).collect(),
        };
        for code in -3..10 {
            let is_read = matches!(key.read(&code.to_string()), Answer::Given(_));
            prop_assert_eq!(said.contains(&code), is_read, "{} of {:?}", code, codes);
        }
    }
}
