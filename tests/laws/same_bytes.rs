//! The same input gives the same bytes, and how a file is cut into batches shows nowhere.

use bandwise::input::{InputOptions, Table};
use bandwise::instrument::Instrument;
use bandwise::scoring::ReadOptions;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree as _;

use crate::forms::{BUILT_INS, built_in};
use crate::reading::{Response, cases, csv_text, form, header, lowest_answers, read, read_all, response, with_file};

/// The rows of a class, without the header.
fn class(instrument: &Instrument, responses: &[Response]) -> Vec<Vec<String>> {
    let pupils = responses.iter().enumerate().map(|(index, response)| response.row(&format!("P{}", index + 1), instrument));
    std::iter::once(lowest_answers("P0", instrument)).chain(pupils).collect()
}

fn file(instrument: &Instrument, responses: &[Response]) -> Vec<u8> {
    csv_text(&[vec![header(instrument)], class(instrument, responses)].concat())
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn the_same_file_gives_the_same_lines_and_findings(which in any::<Index>(), responses in vec(response(), 0..12)) {
        let instrument = &BUILT_INS[which.index(BUILT_INS.len())];
        let bytes = file(instrument, &responses);
        let once = |()| format!("{:?}", read(&bytes, form(&instrument.id), ReadOptions::default()));
        prop_assert_eq!(once(()), once(()));
    }

    #[test]
    fn records_are_the_same_whatever_the_size_of_a_batch(which in any::<Index>(), responses in vec(response(), 1..12), sizes in vec(1_usize..7, 1..5)) {
        let bytes = file(&BUILT_INS[which.index(BUILT_INS.len())], &responses);
        prop_assert_eq!(records(&bytes, &sizes), records(&bytes, &[usize::MAX]));
    }
}

/// Row numbers and cells, read in batches of these sizes, over and over.
fn records(bytes: &[u8], sizes: &[usize]) -> Vec<(u64, Vec<String>)> {
    with_file(bytes, |input| {
        let mut table = Table::open(input, &InputOptions::default()).unwrap();
        let mut found = Vec::new();
        for size in sizes.iter().cycle() {
            let Some(batch) = table.next_batch(*size).unwrap() else { break };
            assert!(batch.len() <= *size);
            found.extend(batch.records().map(|record| (record.row(), record.cells().map(str::to_owned).collect())));
        }
        found
    })
}

/// 5,000 rows are more than two batches, and their bytes more than one block of reading.
#[test]
fn a_pupil_in_a_long_file_has_the_line_of_a_class_of_thirty() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let responses = vec(response(), 29).new_tree(&mut runner).unwrap().current();
    // One form with an optional part, and one with norms.
    for id in ["sdq-p4-17", "rcads-25-c"] {
        let instrument = built_in(id);
        let class = class(instrument, &responses);
        let short = read_all(&file(instrument, &responses), form(id));
        let long: Vec<Vec<String>> = std::iter::once(header(instrument)).chain(class.iter().cycle().take(5_000).cloned()).collect();
        let long = read_all(&csv_text(&long), form(id));
        assert_eq!(long.rows.len(), 5_000);
        for (index, row) in long.rows.iter().enumerate() {
            assert_eq!(row.number, index as u64 + 2);
            assert_eq!(row.line, short.rows[index % 30].line, "{id}, row {}", row.number);
        }
    }
}
