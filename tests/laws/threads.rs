//! Threads show in nothing but the time: whoever makes the lines, and however few rows are taken at once, the bytes, the alerts and the
//! findings are those of reading row by row.

use std::num::NonZeroUsize;

use bandwise::findings::{Finding, Findings, Observer, json_line};
use bandwise::input::Input;
use bandwise::instrument::Instrument;
use bandwise::report::{CsvFlavour, ScoreLines, Shape, score_columns};
use bandwise::scoring::{Counted, CountedPortion, ReadOptions, Responses, RowCount, RowWork as _, ScoreError, ScoredRow, Threads};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::forms::{BUILT_INS, built_in};
use crate::mutation;
use crate::reading::{
    ABOUT, Response, cases, csv_text, form, header, lowest_answers, many_of_few_kinds, odd, response, told, with_files, with_odd_rows,
};

/// The alerts in some rows, of which none need be looked at as a whole.
#[derive(Default)]
struct Alerts(usize);

impl RowCount for Alerts {
    fn row(&mut self, row: &ScoredRow<'_>, _: usize) -> bool {
        self.0 += usize::from(row.alerts(0).next().is_some());
        true
    }

    fn response(&mut self) {}

    fn alert(&mut self) -> bool {
        self.0 += 1;
        true
    }
}

/// Everything that is seen of a file: columns and lines, alerts, why it was refused, what is told, and every finding if somebody watches.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    columns: Vec<String>,
    text: String,
    alerts: usize,
    refused: bool,
    told: String,
    every_finding: Vec<String>,
}

#[derive(Default)]
struct Watching(Vec<String>);

impl Observer for Watching {
    fn observe(&mut self, finding: &Finding) {
        self.0.push(json_line(finding, None).to_string());
    }
}

/// How a file is read.
#[derive(Clone, Copy, Debug)]
enum Way {
    RowByRow { rows: usize },
    InPortions { threads: usize, rows: usize },
}

fn seen(files: &[&[u8]], instrument: &Instrument, way: Way, is_watched: bool) -> Seen {
    with_files(files, |inputs| {
        let mut watching = Watching::default();
        let mut findings = if is_watched { Findings::watched_by(&mut watching) } else { Findings::new() };
        let (mut seen, done) = read(inputs, instrument, way, &mut findings);
        seen.refused = done.is_err();
        seen.told = told(&findings);
        drop(findings);
        seen.every_finding = watching.0;
        seen
    })
}

fn read(inputs: &[Input], instrument: &Instrument, way: Way, findings: &mut Findings<'_>) -> (Seen, Result<(), ScoreError>) {
    let mut seen = Seen::default();
    let rows_at_once = match way {
        Way::RowByRow { rows } | Way::InPortions { rows, .. } => NonZeroUsize::new(rows),
    };
    let options = ReadOptions { rows_at_once, ..ReadOptions::default() };
    let mut responses = match Responses::open(inputs, vec![form(&instrument.id)], options, findings) {
        Ok(responses) => responses,
        Err(error) => return (seen, Err(error)),
    };
    seen.columns = score_columns(responses.layout(), Shape::Wide);
    let lines = Counted::<_, Alerts>::new(ScoreLines::new(Shape::Wide, CsvFlavour::Plain));
    let mut all = CountedPortion::<Vec<u8>, Alerts>::default();
    let done = match way {
        Way::RowByRow { .. } => loop {
            match responses.next_batch(findings) {
                Ok(Some(batch)) => batch.rows(responses.layout()).for_each(|row| lines.row(responses.layout(), &row, &mut all)),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        },
        Way::InPortions { threads, .. } => {
            let threads = Threads::new(NonZeroUsize::new(threads).unwrap());
            responses.each_portion(threads, &lines, findings, |_, portion| {
                all.made.append(&mut portion.made);
                all.count.0 += portion.count.0;
                Ok::<(), ScoreError>(())
            })
        }
    };
    (seen.text, seen.alerts) = (String::from_utf8(all.made).unwrap(), all.count.0);
    (seen, done)
}

/// Every way in which a file can be read comes to the same.
fn read_alike(files: &[&[u8]], instrument: &Instrument, rows: usize) -> Result<(), TestCaseError> {
    for is_watched in [false, true] {
        let one_by_one = seen(files, instrument, Way::RowByRow { rows }, is_watched);
        for threads in 1..4 {
            let in_portions = seen(files, instrument, Way::InPortions { threads, rows }, is_watched);
            prop_assert_eq!(&in_portions, &one_by_one, "{} threads, {} rows at once", threads, rows);
        }
    }
    Ok(())
}

/// A file of a form, with pupils who stand twice, a comment, blank rows and rows that are cut.
fn file(instrument: &Instrument, responses: &[Response], odd: &[(Index, u8)]) -> Vec<u8> {
    let mut rows = vec![header(instrument), lowest_answers("P-0", instrument)];
    rows.extend(responses.iter().enumerate().map(|(index, response)| response.row(&format!("P-{}", index * 2 / 3), instrument)));
    csv_text(&with_odd_rows(rows, odd))
}

fn without_optional_parts(text: &str, instrument: &Instrument) -> Vec<u8> {
    let is_kept = |place: usize| place.checked_sub(ABOUT.len()).is_none_or(|item| instrument.items[item].block.is_none());
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let kept = |record: csv::StringRecord| {
        record.iter().enumerate().filter(|(place, _)| is_kept(*place)).map(|(_, cell)| cell.to_owned()).collect()
    };
    csv_text(&reader.records().map(|record| kept(record.unwrap())).collect::<Vec<Vec<String>>>())
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn threads_and_portions_do_not_show(which in any::<Index>(), responses in vec(response(), 1..14), odd in odd(), rows in 1_usize..6) {
        let instrument = which.get(BUILT_INS.as_slice());
        let bytes = file(instrument, &responses, &odd);
        read_alike(&[&bytes], instrument, rows)?;
        let [few, many] = [rows, 2048].map(|rows| seen(&[&bytes], instrument, Way::RowByRow { rows }, true));
        prop_assert_eq!(few, many);
    }

    #[test]
    fn nor_in_several_files(
        which in any::<Index>(),
        responses in vec(response(), 1..10),
        odd in odd(),
        rows in 1_usize..5,
        optional in any::<bool>(),
    ) {
        let instrument = which.get(BUILT_INS.as_slice());
        let (first, second) = responses.split_at(responses.len() / 2);
        // The second file calls its classes otherwise, and may lack the optional parts of the form.
        let text = String::from_utf8(file(instrument, second, &[])).unwrap().replacen("class", "form group", 1);
        let second = if optional { text.into_bytes() } else { without_optional_parts(&text, instrument) };
        read_alike(&[&file(instrument, first, &odd), &second], instrument, rows)?;
    }

    #[test]
    fn not_in_damaged_files_either(
        which in prop::sample::select(vec!["sdq-p4-17", "rcads-25-c", "phq-9"]),
        responses in vec(response(), 1..6),
        changes in mutation::of_bytes(),
        rows in 1_usize..4,
    ) {
        let instrument = built_in(which);
        let bytes = mutation::changed(&file(instrument, &responses, &[]), &changes);
        read_alike(&[&bytes], instrument, rows)?;
    }
}

/// Enough rows of few kinds that the cells of each are made once and copied many times.
#[test]
fn cells_that_are_copied_are_the_cells_that_are_made() {
    for id in ["sdq-p4-17", "sdq-s11-17", "rcads-25-c", "rcads-47-p", "phq-9", "psc-17", "wemwbs", "gad-7"] {
        let instrument = built_in(id);
        let bytes = csv_text(&many_of_few_kinds(6_000, instrument, 7));
        let one_by_one = seen(&[&bytes], instrument, Way::RowByRow { rows: 2048 }, false);
        assert!(!one_by_one.refused, "{id}");
        assert_eq!(seen(&[&bytes], instrument, Way::InPortions { threads: 2, rows: 500 }, false), one_by_one, "{id}");
    }
}
