//! The same input gives the same bytes, and how a file is cut into batches shows nowhere.

use bandwise::input::Table;
use bandwise::scoring::ReadOptions;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use crate::reading::{cases, csv_text, form, lowest_answers, parent_form, parent_header, read, read_all, with_file};

fn class_of_thirty(forms: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let pupils = forms.into_iter().enumerate().map(|(index, answers)| [vec![format!("P{}", index + 1), "7A".to_owned()], answers].concat());
    std::iter::once(lowest_answers("P0", 33)).chain(pupils).collect()
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn the_same_file_gives_the_same_lines_and_findings(forms in vec(parent_form(), 0..12)) {
        let bytes = csv_text(&[vec![parent_header()], class_of_thirty(forms)].concat());
        let once = |()| format!("{:?}", read(&bytes, form("sdq-p4-17"), ReadOptions::default()));
        prop_assert_eq!(once(()), once(()));
    }

    #[test]
    fn records_are_the_same_whatever_the_size_of_a_batch(forms in vec(parent_form(), 1..12), sizes in vec(1_usize..7, 1..5)) {
        let bytes = csv_text(&[vec![parent_header()], class_of_thirty(forms)].concat());
        prop_assert_eq!(records(&bytes, &sizes), records(&bytes, &[usize::MAX]));
    }
}

/// Row numbers and cells, read in batches of these sizes, over and over.
fn records(bytes: &[u8], sizes: &[usize]) -> Vec<(u64, Vec<String>)> {
    with_file(bytes, |input| {
        let mut table = Table::open(input).unwrap();
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
    let forms = vec(parent_form(), 29).new_tree(&mut runner).unwrap().current();
    let class = class_of_thirty(forms);
    let short = read_all(&csv_text(&[vec![parent_header()], class.clone()].concat()), form("sdq-p4-17"));
    let long: Vec<Vec<String>> = std::iter::once(parent_header()).chain(class.iter().cycle().take(5_000).cloned()).collect();
    let long = read_all(&csv_text(&long), form("sdq-p4-17"));
    assert_eq!(long.rows.len(), 5_000);
    for (index, row) in long.rows.iter().enumerate() {
        assert_eq!(row.number, index as u64 + 2);
        assert_eq!(row.line, short.rows[index % 30].line, "row {}", row.number);
    }
}
