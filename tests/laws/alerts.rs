//! Alerts do not depend on scoring: question 9 of the PHQ-9 at 1 or more, blank or unreadable is an alert, whatever else is in the file
//! and whatever is asked for.

use std::process::Command;

use bandwise::flags::Status;
use bandwise::scoring::{FormOptions, ReadOptions};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::reading::{cases, cell, csv_text, form_with, read};

const HEADER: [&str; 12] = [
    "pupil_id",
    "informant",
    "interest",
    "depressed",
    "sleep",
    "tired",
    "appetite",
    "failure",
    "concentration",
    "moving",
    "death",
    "difficulty",
];
const QUESTION_NINE: usize = 10;

/// How the ninth question is answered, and whether somebody must look.
fn question_nine() -> impl Strategy<Value = (String, bool)> {
    let nothing = ["0", " 0", "0.0", "00", "Not at all", "NOT AT ALL."].map(|cell| (cell, false));
    let something = ["1", "2", "3", "2.0", " 3 ", "Several days", "nearly every day", "More than half the days"].map(|cell| (cell, true));
    let unreadable = ["", "  ", "\u{a0}", "n/a", "9", "x", "4", "-1", "0?", "0-1", "0,5", "not", "?", "=0"].map(|cell| (cell, true));
    prop::sample::select([nothing.as_slice(), something.as_slice(), unreadable.as_slice()].concat())
        .prop_map(|(cell, alert)| (cell.to_owned(), alert))
}

/// What becomes of the row as a whole.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Whole,
    CutAfter(usize),
    WithCellsBeyond,
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![4 => Just(Shape::Whole), 1 => (2..HEADER.len()).prop_map(Shape::CutAfter), 1 => Just(Shape::WithCellsBeyond)]
}

fn form_options() -> impl Strategy<Value = FormOptions> {
    let scales = prop::sample::select(vec![None, Some("phq2"), Some("total")]);
    let bands = prop::sample::select(vec![None, Some("usual"), Some("phq-2")]);
    (scales, bands).prop_map(|(scales, bands)| FormOptions {
        choose: Vec::new(),
        bands: bands.map(str::to_owned),
        scales: scales.map(|scale| vec![scale.to_owned()]),
    })
}

fn missing_words() -> impl Strategy<Value = Vec<String>> {
    prop::sample::subsequence(vec!["9", "n/a", "x", "?", "-1", "4"], 0..6).prop_map(|words| words.into_iter().map(str::to_owned).collect())
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn question_nine_is_an_alert_whatever_else_is_there(
        pupils in vec((question_nine(), vec(cell(3), 9), "self|pupil|teacher|P9|", shape(), prop::bool::ANY), 1..6),
        options in form_options(),
        missing in missing_words(),
    ) {
        let anchor = ["P0", "self"].into_iter().chain(["0"; 10]).map(str::to_owned).collect::<Vec<_>>();
        let mut rows = vec![HEADER.map(str::to_owned).to_vec(), anchor];
        let mut expected = vec![false];
        for (index, ((nine, is_alert), others, completed_by, shape, is_duplicate)) in pupils.into_iter().enumerate() {
            let id = if is_duplicate { "P0".to_owned() } else { format!("P{}", index + 1) };
            let mut row = vec![id, completed_by];
            row.extend_from_slice(&others[..8]);
            row.push(nine);
            row.push(others[8].clone());
            match shape {
                Shape::Whole => {}
                Shape::CutAfter(cells) => row.truncate(cells),
                Shape::WithCellsBeyond => row.push("beyond".to_owned()),
            }
            // Where a row has more or fewer cells than the header, nobody knows which cell is the ninth question.
            expected.push(is_alert || !matches!(shape, Shape::Whole));
            rows.push(row);
        }
        let read_options = ReadOptions { missing, ..ReadOptions::default() };
        let (read, findings) = read(&csv_text(&rows), form_with("phq-9", &options), read_options);
        let read = read.unwrap_or_else(|error| panic!("{error}\n{findings}"));
        prop_assert_eq!(read.rows.len(), expected.len());
        prop_assert!(read.header.trim_end().ends_with(",alerts"));
        for (row, is_alert) in read.rows.iter().zip(expected) {
            prop_assert_eq!(row.flag.status == Status::Alert, is_alert, "{:?}", row);
            prop_assert_eq!(row.flag.alerts.len(), usize::from(is_alert));
            prop_assert_eq!(row.line.contains("question 9 (thoughts of self-harm)"), is_alert, "{}", row.line);
            prop_assert_eq!(row.line.ends_with(",\n"), !is_alert, "the last column is empty without an alert: {}", row.line);
        }
    }

    /// The same answers to question 9 make the same alerts, whatever the other eight are.
    #[test]
    fn the_other_answers_have_no_say(nine in question_nine(), one in vec(cell(3), 8), other in vec(cell(3), 8)) {
        let anchor = ["P0"].into_iter().chain(["0"; 9]).map(str::to_owned).collect::<Vec<_>>();
        let header = HEADER.iter().enumerate().filter(|(column, _)| *column != 1 && *column <= QUESTION_NINE).map(|(_, name)| (*name).to_owned());
        let row = |id: &str, others: &[String]| [vec![id.to_owned()], others.to_vec(), vec![nine.0.clone()]].concat();
        let bytes = csv_text(&[header.collect(), anchor, row("P1", &one), row("P2", &other)]);
        let (read, findings) = read(&bytes, form_with("phq-9", &FormOptions::default()), ReadOptions::default());
        let read = read.unwrap_or_else(|error| panic!("{error}\n{findings}"));
        prop_assert_eq!(&read.rows[1].flag.alerts, &read.rows[2].flag.alerts);
        prop_assert_eq!(read.rows[1].flag.alerts.is_empty(), !nine.1);
    }
}

/// `--strict` refuses to write, and still says whom somebody must look after today.
#[test]
fn alerts_are_shown_whatever_the_command_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("class.csv");
    let header: Vec<&str> = HEADER.into_iter().filter(|name| *name != "informant" && *name != "difficulty").collect();
    std::fs::write(&file, format!("{}\nA,0,0,0,0,0,0,0,0,0\nB,0,x,0,0,0,0,0,0,2\n", header.join(","))).unwrap();
    for command in ["score", "flag"] {
        for options in
            [&[][..], &["--strict"], &["--strict", "--format", "csv"], &["--scales", "phq2"], &["--format", "json", "--missing", "x"]]
        {
            let mut program = Command::new(env!("CARGO_BIN_EXE_bandwise"));
            let output = program.env_clear().args([command, "-i", "phq-9"]).args(options).arg(&file).output().unwrap();
            let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
            assert!(said.contains("ALERTS: 1 response"), "{command} {options:?}\n{said}");
            assert!(said.contains("question 9 (thoughts of self-harm) answered 2"), "{command} {options:?}\n{said}");
        }
    }
}
