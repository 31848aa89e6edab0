//! Any bytes as responses: findings or an error, never a panic, and what cannot be read never becomes an answer.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use bandwise::findings::Style;
use bandwise::input::{InputOptions, Table};
use bandwise::instrument::{AnswerSet, Number};
use bandwise::matching::{Answer, AnswerKey, Coding};
use bandwise::report::{ClassView, TableStyle, class_table};
use bandwise::scoring::{ReadOptions, Responses};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::cells::{answer_in, answer_of, code_of, letters};
use crate::forms::{BUILT_INS, built_in};
use crate::mutation;
use crate::reading::{ABOUT, cases, csv_text, form, header, lowest_answers, read, response, with_file};

const CLASS: &[u8] = include_bytes!("../../fixtures/class-7a-teacher.csv");
const TYPED: &[u8] = include_bytes!("../../fixtures/class-7b-typed.csv");

fn exercise(bytes: &[u8], id: &str) {
    let _ = read(bytes, form(id), ReadOptions::default());
    // The table for people reads the same rows.
    with_file(bytes, |input| {
        let mut findings = bandwise::findings::Findings::new();
        let Ok(mut responses) = Responses::open(std::slice::from_ref(input), vec![form(id)], ReadOptions::default(), &mut findings) else {
            return;
        };
        let mut view = ClassView::new(responses.layout());
        while let Ok(Some(batch)) = responses.next_batch(&mut findings) {
            batch.rows(responses.layout()).for_each(|row| view.add(responses.layout(), &row));
        }
        let _ = class_table(&view, responses.layout(), TableStyle { style: Style::Plain, width: 60 });
    });
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn any_bytes_are_read_or_refused(which in any::<Index>(), bytes in vec(any::<u8>(), 0..400)) {
        exercise(&bytes, &BUILT_INS[which.index(BUILT_INS.len())].id);
    }

    #[test]
    fn any_text_below_a_header_is_read_or_refused(which in any::<Index>(), text in "([0-3,]|[\"\n\r;\t =+@-]|\\PC|.){0,300}") {
        let instrument = &BUILT_INS[which.index(BUILT_INS.len())];
        let header = csv_text(&[header(instrument)]);
        exercise(&[&header[..header.len() - 1], b"\n", text.as_bytes()].concat(), &instrument.id);
    }

    #[test]
    fn any_header_is_read_or_refused(
        which in any::<Index>(),
        names in vec("(q|sdq|item|goal|)[ _]?[0-9]{0,3}|obeys|total|age|sex|\\PC{0,6}|.{0,3}", 0..40),
        cells in vec("[0-3]?", 40),
    ) {
        let row = cells[..names.len()].to_vec();
        exercise(&csv_text(&[names, row]), &BUILT_INS[which.index(BUILT_INS.len())].id);
    }

    #[test]
    fn damaged_files_are_read_or_refused(changes in mutation::of_bytes(), typed in any::<bool>()) {
        exercise(&mutation::changed(if typed { TYPED } else { CLASS }, &changes), "sdq-t4-17");
    }

    /// In a damaged file whose header is whole, every answer is what its cell says.
    #[test]
    fn a_damaged_cell_never_becomes_another_answer(which in any::<Index>(), responses in vec(response(), 1..5), changes in mutation::of_bytes()) {
        let instrument = &BUILT_INS[which.index(BUILT_INS.len())];
        let rows = responses.iter().enumerate().map(|(index, response)| response.row(&format!("P{index}"), instrument));
        let body = csv_text(&rows.chain([lowest_answers("last", instrument)]).collect::<Vec<_>>());
        let bytes = [csv_text(&[header(instrument)]), mutation::changed(&body, &changes)].concat();
        let (Ok(read), _) = read(&bytes, form(&instrument.id), ReadOptions::default()) else { return Ok(()) };
        with_file(&bytes, |input| {
            let mut table = Table::open(input, &InputOptions::default()).unwrap();
            let width = table.width();
            let batch = table.next_batch(1_000).unwrap().unwrap();
            for (record, row) in batch.records().zip(&read.rows) {
                assert_eq!(record.row(), row.number);
                let fits = record.len() >= width && (width..record.len()).all(|column| record.cell(column).trim().is_empty());
                // A cell with a line break and as many commas as a whole row has may have swallowed one.
                let swallows = record.cells().any(|cell| cell.contains('\n') && cell.matches(',').count() == cell.matches('\n').count() * (width - 1));
                for (item, answer) in row.answers.iter().enumerate() {
                    let cell = record.cell(ABOUT.len() + item);
                    let expected = if fits && !swallows { answer_in(cell, instrument, item) } else { Answer::Refused };
                    assert_eq!(*answer, expected, "{}, row {}, `{}`: {cell:?}", instrument.id, row.number, instrument.items[item].id);
                }
            }
        });
    }

    /// The same of a file as a school has it.
    #[test]
    fn a_damaged_cell_of_a_class_never_becomes_another_answer(changes in mutation::of_bytes()) {
        let body = CLASS.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let bytes = [&CLASS[..body], &mutation::changed(&CLASS[body..], &changes)].concat();
        let (Ok(read), _) = read(&bytes, form("sdq-t4-17"), ReadOptions::default()) else { return Ok(()) };
        let instrument = built_in("sdq-t4-17");
        with_file(&bytes, |input| {
            let mut table = Table::open(input, &InputOptions::default()).unwrap();
            let columns: Vec<usize> =
                instrument.items.iter().map(|item| table.header().iter().position(|name| **name == *item.id).unwrap()).collect();
            let width = table.width();
            let batch = table.next_batch(1_000).unwrap().unwrap();
            for (record, row) in batch.records().zip(&read.rows) {
                assert_eq!(record.row(), row.number);
                let fits = record.len() >= width && (width..record.len()).all(|column| record.cell(column).trim().is_empty());
                for (item, (column, answer)) in columns.iter().zip(&row.answers).enumerate() {
                    let cell = record.cell(*column);
                    let expected = if fits { answer_in(cell, instrument, item) } else { Answer::Refused };
                    assert_eq!(*answer, expected, "row {}, `{}`: {cell:?}", row.number, instrument.items[item].id);
                }
            }
        });
    }
}

/// What the cells of a file mean for each set of answers of each form.
static KEYS: LazyLock<BTreeMap<(&str, &str), AnswerKey>> = LazyLock::new(|| {
    let sets = BUILT_INS.iter().flat_map(|instrument| instrument.answers.iter().map(|set| (&*instrument.id, set)));
    sets.map(|(id, set)| ((id, set.name.as_str()), AnswerKey::new(set, &Coding::default()).unwrap())).collect()
});

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn a_cell_that_does_not_parse_never_becomes_a_code(
        cell in prop_oneof!["\\PC{0,6}", "[+-]?[0-9]{0,3}[.,]?[0-9]{0,3}", "[ -]?[nscNSC][.?! ]?", "[^\0]{0,4}", "(Not|somewhat|CERTAINLY)[ _-]?(true|TRUE|tru)[.!]?"],
        which in any::<Index>(),
    ) {
        let instrument = &BUILT_INS[which.index(BUILT_INS.len())];
        for set in &instrument.answers {
            prop_assert_eq!(KEYS[&(&*instrument.id, set.name.as_str())].read(&cell), answer_of(&cell, set), "{}: {:?}", instrument.id, cell);
        }
    }

    /// Words on a form for "no answer" are blank in every writing, and no answer in any.
    #[test]
    fn words_for_no_answer_are_never_an_answer(cell in "(prefer|Prefer|PREFER|don't|No)[ _-]?(not|NOT|know|Not)?[ -]?(to say)?[.!? ]?|[01]|yes|no") {
        let words = ["Prefer not to say", "Don't know", "No answer"].map(str::to_owned).to_vec();
        let labels = vec![vec!["No".to_owned()], vec!["Yes".to_owned()]];
        let set = AnswerSet { name: "main".to_owned(), codes: vec![Number::ZERO, Number::whole(1)], labels, no_answer: words, step: None };
        prop_assert_eq!(AnswerKey::new(&set, &Coding::default()).unwrap().read(&cell), answer_of(&cell, &set), "{:?}", cell);
    }

    /// Whatever a file's values are called, a cell that is called nothing is no answer. Words count in any writing, as labels do; numbers
    /// and signs as they stand.
    #[test]
    fn a_coding_reads_its_own_values_and_labels_only(
        values in prop::sample::subsequence(vec!["1", "2", "3", "a", "never", "10", "-1", "0"], 3).prop_shuffle(),
        missing in prop::sample::subsequence(vec!["9", "n/a", "-", "x"], 0..4),
        cell in "[0-9]{1,2}|[a-d]|never|n/a|-|-1|x|[( ]?[aAxX9][.!?) ]?|\\PC{1,2}",
    ) {
        let instrument = built_in("sdq-t4-17");
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let coding = Coding { values: Some(owned(&values)), missing: owned(&missing), words: Vec::new() };
        let set = &instrument.answers[0];
        let found = AnswerKey::new(set, &coding).unwrap().read(&cell);
        let lower = cell.trim().to_lowercase();
        let number = lower.trim_start_matches('+').trim_start_matches('0').trim_end_matches('.');
        let is_word = cell.contains(char::is_alphabetic) && !cell.contains('?');
        let is_called = |name: &str| lower == name || (is_word && letters(&cell) == name);
        let is_number = |value: &str| (!number.is_empty() && number == value) || (number.is_empty() && value == "0" && lower.contains('0'));
        let expected = if lower.is_empty() {
            Answer::Blank
        } else if let Some(code) = values.iter().position(|value| is_called(value) || is_number(value)) {
            Answer::Given(u16::try_from(code).unwrap())
        } else if missing.iter().any(|word| is_called(word)) {
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
            no_answer: Vec::new(),
            step: None,
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

    /// A number that is rated or measured is read at its steps, under every plain way to write it, and nowhere between or beyond them.
    #[test]
    fn a_rated_answer_is_read_at_its_steps_only(from in -20_i64..20, steps in 1_i64..1_500, step in prop::sample::select(vec![(1, 1), (1, 2), (1, 10), (5, 2), (1, 100)]), at in -3_i64..1_600) {
        let step = Number::ratio(step.0, step.1).unwrap();
        let codes: Vec<Number> = (0..=steps).map(|place| Number::whole(from) + step * place).collect();
        let set = AnswerSet { name: "main".to_owned(), labels: vec![Vec::new(); codes.len()], codes, no_answer: Vec::new(), step: Some(step) };
        let key = AnswerKey::new(&set, &Coding::default()).unwrap();
        let code = Number::whole(from) + step * at;
        let expected = if (0..=steps).contains(&at) { Answer::Given(u16::try_from(at).unwrap()) } else { Answer::Refused };
        let point = if code.under() == 1 { "." } else { "" };
        for cell in [format!("{code}"), format!(" {code} "), format!("{code}{point}0")] {
            prop_assert_eq!(key.read(&cell), expected, "{:?}", cell);
        }
        let between = code + step.scaled(1, 10).unwrap();
        let text = format!("{:.3}", between.to_f64());
        prop_assert_eq!(key.read(&text), Answer::Refused, "{:?}", text);
        let (lowest, highest) = set.range();
        let said = if step == Number::whole(1) { format!("{lowest} to {highest}") } else { format!("{lowest} to {highest} in steps of {step}") };
        prop_assert_eq!(set.allowed(), said);
    }
}
