//! Alerts do not depend on scoring: a critical question at its level, blank or unreadable is an alert, whatever else is in the file and
//! whatever is asked for. A sensitive answer is a quieter line, and never an alert.

use std::process::Command;

use bandwise::flags::Status;
use bandwise::instrument::{Critical, Instrument};
use bandwise::matching::Answer;
use bandwise::scoring::{FormOptions, ReadOptions};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::cells::{Cell, answer_in, cell};
use crate::forms::{BUILT_INS, built_in};
use crate::reading::{ABOUT, Response, cases, csv_text, form_with, header, lowest_answers, read, response};

fn with_critical() -> Vec<&'static Instrument> {
    let forms: Vec<&Instrument> = BUILT_INS.iter().filter(|instrument| !instrument.critical.is_empty()).collect();
    let ids: Vec<&str> = forms.iter().map(|form| &*form.id).collect();
    assert_eq!(ids, ["mfq-33", "mfq-p-34", "phq-9", "phq-a", "core-10", "yp-core"]);
    forms
}

fn with_sensitive() -> Vec<&'static Instrument> {
    let forms: Vec<&Instrument> = BUILT_INS.iter().filter(|instrument| !instrument.sensitive.is_empty()).collect();
    let ids: Vec<&str> = forms.iter().map(|form| &*form.id).collect();
    assert_eq!(ids, ["rcads-47-c", "rcads-47-p", "mfq-33", "mfq-p-34", "dass-21"]);
    forms
}

/// How a critical question is answered: half of the cells are a plain answer, of which half is below the level.
fn critical_cell() -> impl Strategy<Value = CriticalCell> {
    prop_oneof![
        2 => Just(CriticalCell::Lowest),
        2 => cell().prop_map(CriticalCell::Any),
        1 => prop::sample::select(vec!["", "  ", "\u{a0}", "n/a", "9", "x", "-1", "0?", "0-1", "0,5", "not", "?", "=0", "7.5"]).prop_map(CriticalCell::Word),
    ]
}

#[derive(Clone, Debug)]
enum CriticalCell {
    Lowest,
    Any(Cell),
    Word(&'static str),
}

impl CriticalCell {
    fn of(&self, instrument: &Instrument, item: usize) -> String {
        let set = &instrument.answers[instrument.items[item].answers];
        match self {
            Self::Lowest => set.range().0.to_string(),
            Self::Any(cell) => cell.of(set),
            Self::Word(word) => (*word).to_owned(),
        }
    }
}

/// What becomes of the row as a whole.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Whole,
    CutBy(usize),
    WithCellsBeyond,
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![4 => Just(Shape::Whole), 1 => (1..8_usize).prop_map(Shape::CutBy), 1 => Just(Shape::WithCellsBeyond)]
}

/// What is asked for has no say.
#[derive(Clone, Debug)]
struct Asked {
    scale: Option<Index>,
    bands: Option<Index>,
    /// Of the words that are no answer of the form.
    missing: Vec<&'static str>,
}

fn asked() -> impl Strategy<Value = Asked> {
    let index = || prop::option::of(any::<Index>());
    let missing = prop::sample::subsequence(vec!["9", "n/a", "x", "?", "-1"], 0..5);
    (index(), index(), missing).prop_map(|(scale, bands, missing)| Asked { scale, bands, missing })
}

impl Asked {
    fn form_options(&self, instrument: &Instrument) -> FormOptions {
        let scale = self.scale.map(|index| vec![instrument.scales[index.index(instrument.scales.len())].id.to_string()]);
        let bands = self
            .bands
            .filter(|_| !instrument.bands.is_empty())
            .map(|index| instrument.bands[index.index(instrument.bands.len())].id.clone());
        FormOptions { choose: Vec::new(), bands, scales: scale }
    }

    fn read_options(&self) -> ReadOptions {
        ReadOptions { missing: self.missing.iter().map(|word| (*word).to_owned()).collect(), ..ReadOptions::default() }
    }
}

/// The critical questions that somebody must look at, by what their cells say.
fn fires(instrument: &Instrument, critical: &Critical, cell: &str) -> bool {
    match answer_in(cell, instrument, critical.item) {
        Answer::Given(code) => critical.fires[usize::from(code)],
        Answer::Blank | Answer::Refused => true,
    }
}

fn words_of(instrument: &Instrument, critical: &Critical) -> String {
    format!("question {} ({})", instrument.items[critical.item].number, critical.about)
}

/// One pupil: the critical cells, everything else, who completed it, the row's shape, and whether the pupil is there twice.
type Drawn = (Vec<CriticalCell>, Response, String, Shape, bool);

fn drawn() -> impl Strategy<Value = Drawn> {
    (vec(critical_cell(), 4), response(), "self|pupil|parent|teacher|P9|", shape(), prop::bool::ANY)
}

/// A file's columns: who completed a form, and of each optional part whether it is there.
fn columns(instrument: &Instrument, has_parts: bool) -> Vec<usize> {
    (0..instrument.items.len()).filter(|item| has_parts || instrument.items[*item].block.is_none()).collect()
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn a_critical_question_is_an_alert_whatever_else_is_there(
        which in any::<Index>(),
        has_parts in prop::bool::weighted(0.7),
        pupils in vec(drawn(), 1..5),
        asked in asked(),
    ) {
        let forms = with_critical();
        let instrument = forms[which.index(forms.len())];
        let columns = columns(instrument, has_parts);
        let row = |about: &[String], cells: &dyn Fn(usize) -> String, completed_by: &str| -> Vec<String> {
            about.iter().cloned().chain([completed_by.to_owned()]).chain(columns.iter().map(|item| cells(*item))).collect()
        };
        let names = header(instrument);
        let (about, items) = names.split_at(ABOUT.len());
        let lowest = lowest_answers("P0", instrument);
        let mut rows = vec![row(about, &|item| items[item].clone(), "informant"), row(&lowest[..ABOUT.len()], &|item| lowest[ABOUT.len() + item].clone(), "")];
        let critical: Vec<&Critical> = instrument.critical.iter().filter(|critical| columns.contains(&critical.item)).collect();
        let mut expected: Vec<Vec<bool>> = vec![vec![false; critical.len()]];
        for (index, (cells, response, completed_by, shape, is_duplicate)) in pupils.into_iter().enumerate() {
            let id = if is_duplicate { "P0".to_owned() } else { format!("P{}", index + 1) };
            let mut all = response.row(&id, instrument);
            for (critical, cell) in instrument.critical.iter().zip(&cells) {
                all[ABOUT.len() + critical.item] = cell.of(instrument, critical.item);
            }
            let mut cells = row(&all[..ABOUT.len()], &|item| all[ABOUT.len() + item].clone(), &completed_by);
            match shape {
                Shape::Whole => {}
                Shape::CutBy(few) => cells.truncate(cells.len() - few),
                Shape::WithCellsBeyond => cells.push("beyond".to_owned()),
            }
            // Where a row has more or fewer cells than the header, nobody knows which cell is the critical question.
            let is_alert = |critical: &&Critical| !matches!(shape, Shape::Whole) || fires(instrument, critical, &all[ABOUT.len() + critical.item]);
            expected.push(critical.iter().map(is_alert).collect());
            rows.push(cells);
        }
        let (read, findings) = read(&csv_text(&rows), form_with(&instrument.id, &asked.form_options(instrument)), asked.read_options());
        let read = read.unwrap_or_else(|error| panic!("{}: {error}\n{findings}", instrument.id));
        prop_assert_eq!(read.rows.len(), expected.len());
        prop_assert!(read.header.trim_end().ends_with(",alerts"));
        for (row, expected) in read.rows.iter().zip(expected) {
            let is_alert = expected.contains(&true);
            prop_assert_eq!(row.flag.status == Status::Alert, is_alert, "{:?}", row);
            prop_assert_eq!(row.flag.alerts.len(), expected.iter().filter(|fires| **fires).count());
            for (critical, fires) in critical.iter().zip(expected) {
                let words = words_of(instrument, critical);
                prop_assert_eq!(row.flag.alerts.iter().any(|alert| alert.starts_with(&words)), fires, "{}: {:?}", words, row);
                prop_assert_eq!(row.line.contains(&words), fires, "{}: {}", words, row.line);
            }
            prop_assert_eq!(row.line.ends_with(",\n"), !is_alert, "the last column is empty without an alert: {}", row.line);
        }
    }

    /// The same answers to the critical questions make the same alerts, whatever the others are.
    #[test]
    fn the_other_answers_have_no_say(which in any::<Index>(), critical in vec(critical_cell(), 4), one in response(), other in response()) {
        let forms = with_critical();
        let instrument = forms[which.index(forms.len())];
        let row = |id: &str, response: &Response| {
            let mut row = response.row(id, instrument);
            for (question, cell) in instrument.critical.iter().zip(&critical) {
                row[ABOUT.len() + question.item] = cell.of(instrument, question.item);
            }
            row
        };
        let bytes = csv_text(&[header(instrument), lowest_answers("P0", instrument), row("P1", &one), row("P2", &other)]);
        let (read, findings) = read(&bytes, form_with(&instrument.id, &FormOptions::default()), ReadOptions::default());
        let read = read.unwrap_or_else(|error| panic!("{error}\n{findings}"));
        prop_assert_eq!(&read.rows[1].flag.alerts, &read.rows[2].flag.alerts);
        let cells = instrument.critical.iter().zip(&critical).map(|(question, cell)| cell.of(instrument, question.item));
        let is_alert = instrument.critical.iter().zip(cells).any(|(question, cell)| fires(instrument, question, &cell));
        prop_assert_eq!(read.rows[1].flag.alerts.is_empty(), !is_alert);
    }

    /// A sensitive question is named where it is answered at its level, not where it is blank or unreadable; and it is no alert, so it
    /// neither makes nor changes what `flag` says of a pupil.
    #[test]
    fn a_sensitive_answer_is_never_an_alert(which in any::<Index>(), pupils in vec(drawn(), 1..5), asked in asked()) {
        let forms = with_sensitive();
        let instrument = forms[which.index(forms.len())];
        let mut rows = vec![header(instrument), lowest_answers("P0", instrument)];
        let mut expected = vec![(Vec::new(), 0)];
        for (index, (cells, response, _, shape, _)) in pupils.iter().enumerate() {
            let mut row = response.row(&format!("P{}", index + 1), instrument);
            for (question, cell) in instrument.sensitive.iter().zip(cells) {
                row[ABOUT.len() + question.item] = cell.of(instrument, question.item);
            }
            let is_whole = matches!(shape, Shape::Whole);
            let cell = |question: &Critical| row[ABOUT.len() + question.item].clone();
            let is_named = |question: &&Critical| match answer_in(&cell(question), instrument, question.item) {
                Answer::Given(code) => is_whole && question.fires[usize::from(code)],
                Answer::Blank | Answer::Refused => false,
            };
            let named: Vec<String> = instrument.sensitive.iter().filter(is_named).map(|question| words_of(instrument, question)).collect();
            let alerts = instrument.critical.iter().filter(|question| !is_whole || fires(instrument, question, &cell(question))).count();
            expected.push((named, alerts));
            match shape {
                Shape::Whole => {}
                Shape::CutBy(few) => row.truncate(row.len() - few),
                Shape::WithCellsBeyond => row.push("beyond".to_owned()),
            }
            rows.push(row);
        }
        let (read, findings) = read(&csv_text(&rows), form_with(&instrument.id, &asked.form_options(instrument)), asked.read_options());
        let read = read.unwrap_or_else(|error| panic!("{error}\n{findings}"));
        prop_assert!(read.header.contains(",sensitive"));
        for (row, (named, alerts)) in read.rows.iter().zip(expected) {
            prop_assert_eq!(row.flag.sensitive.len(), named.len(), "{:?}", row);
            prop_assert!(row.flag.sensitive.iter().zip(&named).all(|(said, words)| said.starts_with(words)), "{:?}", row);
            prop_assert!(named.iter().all(|words| row.line.contains(words)));
            prop_assert_eq!(row.flag.alerts.len(), alerts, "{:?}", row);
            prop_assert_eq!(row.flag.status == Status::Alert, alerts > 0);
        }
    }
}

/// `--strict` refuses to write, and still says whom somebody must look after today.
#[test]
fn alerts_are_shown_whatever_the_command_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let run = |id: &str, command: &str, options: &[&str]| {
        let instrument = built_in(id);
        let (question, file) = (&instrument.critical[0], folder.path().join("class.csv"));
        let mut alert = lowest_answers("B", instrument);
        alert[ABOUT.len() + question.item] = "2".to_owned();
        // One cell that is no answer, in a question that is not critical.
        alert[ABOUT.len()] = "x".to_owned();
        std::fs::write(&file, csv_text(&[header(instrument), lowest_answers("A", instrument), alert])).unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_bandwise"));
        let output = program.env_clear().args([command, "-i", id]).args(options).arg(&file).output().unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        assert!(said.contains("ALERTS: 1 response"), "{id} {command} {options:?}\n{said}");
        assert!(said.contains(&format!("{} answered 2", words_of(instrument, question))), "{id} {command} {options:?}\n{said}");
    };
    for command in ["score", "flag"] {
        for options in
            [&[][..], &["--strict"], &["--strict", "--format", "csv"], &["--scales", "phq2"], &["--format", "json", "--missing", "x"]]
        {
            run("phq-9", command, options);
        }
    }
    for instrument in with_critical() {
        // A table for people may break the words into two lines.
        run(&instrument.id, "score", &["--strict", "--format", "csv"]);
        run(&instrument.id, "flag", &["--format", "csv"]);
    }
}
