//! Threads show in nothing but the time: whoever makes the lines, and however few rows are taken at once, the bytes, the alerts and the
//! findings are those of reading row by row.

use std::num::NonZeroUsize;

use bandwise::findings::{Finding, Findings, Observer, json_line};
use bandwise::input::Input;
use bandwise::instrument::Instrument;
use bandwise::report::{CsvFlavour, ScoreLines, Shape, score_columns};
use bandwise::scoring::{Layout, MadeCells, ReadOptions, Responses, RowHead, RowParts, RowWork, ScoreError, ScoredRow, Threads};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::forms::{BUILT_INS, built_in};
use crate::mutation;
use crate::reading::{ABOUT, Response, cases, csv_text, form, header, lowest_answers, response, told, with_files};

/// The lines of a file and the alerts in it, made in the short way where there is one.
struct Lines(ScoreLines);

#[derive(Default)]
struct Made {
    text: Vec<u8>,
    alerts: usize,
}

impl RowWork for Lines {
    type Made = Made;
    type Parts = Self;

    fn clear(&self, made: &mut Made) {
        self.0.clear(&mut made.text);
        made.alerts = 0;
    }

    fn row(&self, layout: &Layout, row: &ScoredRow<'_>, made: &mut Made) {
        made.alerts += usize::from(row.alerts(0).next().is_some());
        self.0.row(layout, row, &mut made.text);
    }

    fn parts(&self) -> Option<&Self> {
        self.0.parts().map(|_| self)
    }
}

impl RowParts<Made> for Lines {
    fn scale(&self, layout: &Layout, row: &ScoredRow<'_>, scale: usize, cells: &mut Vec<u8>) {
        self.0.scale(layout, row, scale, cells);
    }

    fn sensitive(&self, layout: &Layout, row: &ScoredRow<'_>, cells: &mut Vec<u8>) {
        self.0.sensitive(layout, row, cells);
    }

    fn alerts(&self, layout: &Layout, row: &ScoredRow<'_>, cells: &mut Vec<u8>) {
        self.0.alerts(layout, row, cells);
    }

    fn scales(&self, layout: &Layout) -> Vec<usize> {
        self.0.scales(layout)
    }

    fn begin<'c>(&self, head: RowHead<'c>, carried: impl Iterator<Item = &'c str>, made: &mut Made) {
        self.0.begin(head, carried, &mut made.text);
    }

    fn add(&self, cells: MadeCells<'_>, made: &mut Made) {
        self.0.add(cells, &mut made.text);
    }

    fn end(&self, made: &mut Made) {
        self.0.end(&mut made.text);
    }

    fn counts_alert(&self, made: &mut Made) -> bool {
        made.alerts += 1;
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
    let lines = Lines(ScoreLines::new(Shape::Wide, CsvFlavour::Plain));
    let mut made = Made::default();
    let done = match way {
        Way::RowByRow { .. } => loop {
            match responses.next_batch(findings) {
                Ok(Some(batch)) => batch.rows(responses.layout()).for_each(|row| lines.row(responses.layout(), &row, &mut made)),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        },
        Way::InPortions { threads, .. } => {
            let threads = Threads::new(NonZeroUsize::new(threads).unwrap());
            responses.each_portion(threads, &lines, findings, |_, portion| {
                made.text.append(&mut portion.text);
                made.alerts += portion.alerts;
                Ok::<(), ScoreError>(())
            })
        }
    };
    (seen.text, seen.alerts) = (String::from_utf8(made.text).unwrap(), made.alerts);
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
    for (place, what) in odd {
        let place = 1 + place.index(rows.len() - 1);
        match what % 6 {
            0 => rows.insert(place, vec![String::new(); 3]),
            1 => rows[place].truncate(7),
            2 => rows[place][1] = "A long word from home. ".repeat(6),
            3 => "7\nA".clone_into(&mut rows[place][1]),
            4 => rows[place][0] = String::new(),
            _ => rows[place].push("beyond".to_owned()),
        }
    }
    csv_text(&rows)
}

fn without_optional_parts(text: &str, instrument: &Instrument) -> Vec<u8> {
    let is_kept = |place: usize| place.checked_sub(ABOUT.len()).is_none_or(|item| instrument.items[item].block.is_none());
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let kept = |record: csv::StringRecord| {
        record.iter().enumerate().filter(|(place, _)| is_kept(*place)).map(|(_, cell)| cell.to_owned()).collect()
    };
    csv_text(&reader.records().map(|record| kept(record.unwrap())).collect::<Vec<Vec<String>>>())
}

fn odd() -> impl Strategy<Value = Vec<(Index, u8)>> {
    vec((any::<Index>(), any::<u8>()), 0..4)
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
        let mut rows = vec![header(instrument)];
        let mut number = 7_usize;
        for pupil in 0..6_000 {
            let about = [format!("P{pupil}"), "7A".to_owned(), ["M", "F", ""][pupil % 3].to_owned()];
            let mut row: Vec<String> = about.into_iter().chain([(8 + pupil % 9).to_string(), (3 + pupil % 9).to_string()]).collect();
            for item in &instrument.items {
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let codes = &instrument.answers[item.answers].codes;
                row.push(if (number >> 33).is_multiple_of(40) { String::new() } else { codes[(number >> 40) % codes.len()].to_string() });
            }
            rows.push(row);
        }
        let bytes = csv_text(&rows);
        let one_by_one = seen(&[&bytes], instrument, Way::RowByRow { rows: 2048 }, false);
        assert!(!one_by_one.refused, "{id}");
        assert_eq!(seen(&[&bytes], instrument, Way::InPortions { threads: 2, rows: 500 }, false), one_by_one, "{id}");
    }
}
