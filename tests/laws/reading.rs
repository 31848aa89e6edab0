//! From bytes to scored rows through the public path, as everything that is read ends up: lines, answers, scores, flags, findings.

use bandwise::findings::{Findings, Style, json_line, render_full, render_short};
use bandwise::flags::{Flag, FlagRule, flag};
use bandwise::input::Input;
use bandwise::instrument::{Instrument, Number, Pupil, Said, Sex, load};
use bandwise::matching::Answer;
use bandwise::report::{CsvFlavour, CsvSink, RowSink as _, Shape, score_columns, score_rows};
use bandwise::scoring::{Form, FormOptions, ReadOptions, Responses, ScaleScore, ScoreError};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;

use crate::cells::{Cell, cell};
use crate::forms::LONGEST;

/// One scored row.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) number: u64,
    /// Its line in the wide CSV, byte by byte.
    pub(crate) line: String,
    pub(crate) pupil: Pupil,
    pub(crate) answers: Vec<Answer>,
    pub(crate) scores: Vec<ScaleScore>,
    pub(crate) flag: Flag,
}

/// A scored file.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) header: String,
    pub(crate) rows: Vec<Row>,
}

/// So many cases, the same ones in every run; `PROPTEST_CASES` and `PROPTEST_RNG_SEED` ask for more and for others.
pub(crate) fn cases(usual: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    let is_asked = asked.cases != DEFAULT_CASES;
    let seed = if asked.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { asked.rng_seed };
    ProptestConfig { cases: if is_asked { asked.cases } else { usual }, rng_seed: seed, failure_persistence: None, ..asked }
}

/// What proptest runs when nobody asks for another number.
const DEFAULT_CASES: u32 = 256;

/// The built-in form with this id, as it is used when nothing is asked for.
pub(crate) fn form(id: &str) -> Form {
    form_with(id, &FormOptions::default())
}

pub(crate) fn form_with(id: &str, options: &FormOptions) -> Form {
    Form::new(load(id).unwrap().0, options).unwrap()
}

/// The file with these bytes, always under the same name.
pub(crate) fn with_file<T>(bytes: &[u8], use_it: impl FnOnce(&Input) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("class.csv");
    std::fs::write(&path, bytes).unwrap();
    use_it(&Input::new(&path))
}

/// The files with these bytes, always under the same names.
pub(crate) fn with_files<T>(files: &[&[u8]], use_them: impl FnOnce(&[Input]) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let write = |(place, bytes): (usize, &&[u8])| {
        let path = folder.path().join(format!("class-{}.csv", place + 1));
        std::fs::write(&path, bytes).unwrap();
        Input::new(&path)
    };
    use_them(&files.iter().enumerate().map(write).collect::<Vec<_>>())
}

/// Scores a file with one form. The findings are told even when the file is refused.
pub(crate) fn read(bytes: &[u8], form: Form, options: ReadOptions) -> (Result<Read, ScoreError>, String) {
    with_file(bytes, |input| {
        let mut findings = Findings::new();
        let read = Responses::open(std::slice::from_ref(input), vec![form], options, &mut findings)
            .and_then(|responses| rows(responses, &mut findings));
        let told = told(&findings);
        (read.map(|(header, rows)| Read { header, rows }), told)
    })
}

/// Scores a file that must not be refused.
pub(crate) fn read_all(bytes: &[u8], form: Form) -> Read {
    let (read, findings) = read(bytes, form, ReadOptions::default());
    read.unwrap_or_else(|error| panic!("{error}\n{findings}\n{}", String::from_utf8_lossy(bytes)))
}

fn rows(mut responses: Responses, findings: &mut Findings<'_>) -> Result<(String, Vec<Row>), ScoreError> {
    let rule = FlagRule::new(&responses.layout().forms()[0], None).unwrap();
    let mut rows = Vec::new();
    while let Some(batch) = responses.next_batch(findings)? {
        let layout = responses.layout();
        for row in batch.rows(layout) {
            let line = line(|sink| score_rows(layout, &row, Shape::Wide).iter().for_each(|cells| sink.row(cells).unwrap()));
            assert_eq!(score_rows(layout, &row, Shape::Long).len(), layout.shown(0).len());
            let flag = flag(layout, &row, 0, rule.as_ref()).unwrap();
            let (pupil, answers, scores) = (*row.about_pupil(), row.answers(0).to_vec(), row.scores(0).to_vec());
            rows.push(Row { number: row.row(), line, pupil, answers, scores, flag });
        }
    }
    Ok((line(|sink| sink.columns(&score_columns(responses.layout(), Shape::Wide)).unwrap()), rows))
}

/// What one call writes.
fn line(write: impl FnOnce(&mut CsvSink<&mut Vec<u8>>)) -> String {
    let mut bytes = Vec::new();
    let mut sink = CsvSink::new(&mut bytes, CsvFlavour::Plain).unwrap();
    write(&mut sink);
    sink.flush().unwrap();
    drop(sink);
    String::from_utf8(bytes).unwrap()
}

/// Every group of findings in full, short and as JSON: none of the three may stumble over what it is given.
pub(crate) fn told(findings: &Findings<'_>) -> String {
    let groups = findings.groups();
    let one = |group: &bandwise::findings::Group| {
        let json: Vec<String> = group.first.iter().map(|finding| json_line(finding, Some(group.count)).to_string()).collect();
        format!("{}{}{}\n", render_full(group, Style::Plain), render_short(group, Style::Coloured), json.join("\n"))
    };
    groups.into_iter().map(one).collect()
}

// ---- responses as a class would give them

/// One response to any form: what is said of the pupil, and a cell for each question.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) class: String,
    pub(crate) pupil: PupilCells,
    pub(crate) cells: Vec<Cell>,
}

/// What a file says of a pupil, in words, and what that says.
#[derive(Clone, Debug)]
pub(crate) struct PupilCells {
    pub(crate) words: [&'static str; 3],
    pub(crate) said: Pupil,
}

pub(crate) fn response() -> impl Strategy<Value = Response> {
    let class = "[7-9][A-C]|=7A|7 \"A\"|7,A";
    (class, pupil_cells(), vec(cell(), LONGEST)).prop_map(|(class, pupil, cells)| Response { class, pupil, cells })
}

/// Words that say something, words that say nothing, and words that say nothing that is known.
fn said<T: Copy>(known: &[(&'static str, T)], unreadable: &[&'static str]) -> Vec<(&'static str, Said<T>)> {
    let known = known.iter().map(|(word, value)| (*word, Said::This(*value)));
    known.chain([("", Said::Nothing), ("  ", Said::Nothing)]).chain(unreadable.iter().map(|word| (*word, Said::Unreadable))).collect()
}

pub(crate) fn pupil_cells() -> impl Strategy<Value = PupilCells> {
    let sexes =
        [("M", Sex::Male), ("boy", Sex::Male), (" Male ", Sex::Male), ("F", Sex::Female), ("female", Sex::Female), ("Girl", Sex::Female)];
    let ages = [("8", 8), ("9.5", 9), (" 11", 11), ("12.0", 12), ("14", 14), ("16", 16), ("17.99", 17), ("3", 3), ("19", 19)];
    let years = [("3", 3), ("Y4", 4), ("Year 6", 6), ("yr 7", 7), ("8", 8), ("Y10", 10), ("13", 13), ("Reception", 0), ("r", 0)];
    let cells = (
        prop::sample::select(said(&sexes, &["X", "prefer not to say"])),
        prop::sample::select(said(&ages, &["eleven", "-3", "2014"])),
        prop::sample::select(said(&years, &["7B", "2026", "15"])),
    );
    cells.prop_map(|(sex, age, year)| PupilCells { words: [sex.0, age.0, year.0], said: Pupil { sex: sex.1, age: age.1, year: year.1 } })
}

impl Response {
    /// The row of a file of a form.
    pub(crate) fn row(&self, id: &str, instrument: &Instrument) -> Vec<String> {
        let about = [id, &self.class].into_iter().chain(self.pupil.words).map(str::to_owned);
        let answers = instrument.items.iter().zip(&self.cells).map(|(item, cell)| cell.of(&instrument.answers[item.answers]));
        about.chain(answers).collect()
    }
}

/// What stands before the questions in every file here: an id, a class, and what norms and cut-offs go by.
pub(crate) const ABOUT: [&str; 5] = ["pupil_id", "class", "sex", "age", "year"];

/// The header of a form's file: what is said of the pupil, and the questions under their short names.
pub(crate) fn header(instrument: &Instrument) -> Vec<String> {
    ABOUT.into_iter().map(str::to_owned).chain(instrument.items.iter().map(|item| item.id.to_string())).collect()
}

/// A form on which every question has its lowest answer, so that no file with it is refused for having none.
pub(crate) fn lowest_answers(id: &str, instrument: &Instrument) -> Vec<String> {
    let about = [id, "7A", "", "", ""].map(str::to_owned);
    about.into_iter().chain(instrument.items.iter().map(|item| instrument.answers[item.answers].range().0.to_string())).collect()
}

/// Rows as CSV.
pub(crate) fn csv_text(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

/// What may be odd about a file: the place of a row, and what becomes of it.
pub(crate) fn odd() -> impl Strategy<Value = Vec<(Index, u8)>> {
    vec((any::<Index>(), any::<u8>()), 0..4)
}

/// Puts in blank rows, a comment, a line break, a row without an id, and rows that are cut or too long.
pub(crate) fn with_odd_rows(mut rows: Vec<Vec<String>>, odd: &[(Index, u8)]) -> Vec<Vec<String>> {
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
    rows
}

/// So many forms with any answers, of pupils of few kinds: nearly everything about them comes up again and again.
pub(crate) fn many_of_few_kinds(count: usize, instrument: &Instrument, seed: usize) -> Vec<Vec<String>> {
    let mut number = seed;
    let mut cell = |codes: &[Number]| {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        if (number >> 33).is_multiple_of(40) { String::new() } else { codes[(number >> 40) % codes.len()].to_string() }
    };
    let row = |pupil: usize| {
        let about = [format!("P{pupil}"), format!("{}A", 7 + pupil % 3), ["M", "F", ""][pupil % 3].to_owned()];
        let ages = [(8 + pupil % 9).to_string(), (3 + pupil % 9).to_string()];
        about.into_iter().chain(ages).chain(instrument.items.iter().map(|item| cell(&instrument.answers[item.answers].codes))).collect()
    };
    [header(instrument)].into_iter().chain((0..count).map(row)).collect()
}
