//! From bytes to scored rows through the public path, as everything that is read ends up: lines, answers, scores, flags, findings.

use std::sync::LazyLock;

use bandwise::findings::{Findings, Style, json_line, render_full, render_short};
use bandwise::flags::{Flag, FlagRule, flag};
use bandwise::input::Input;
use bandwise::instrument::{Instrument, built_in_ids, load};
use bandwise::matching::Answer;
use bandwise::report::{CsvFlavour, CsvSink, RowSink as _, Shape, score_columns, score_rows};
use bandwise::scoring::{Form, FormOptions, ReadOptions, Responses, ScaleScore, ScoreError};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// All built-in instruments, read once.
pub(crate) static BUILT_INS: LazyLock<Vec<Instrument>> = LazyLock::new(|| built_in_ids().map(|id| load(id).unwrap().0).collect());

/// One scored row.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) number: u64,
    /// Its line in the wide CSV, byte by byte.
    pub(crate) line: String,
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
            rows.push(Row { number: row.row(), line, answers: row.answers(0).to_vec(), scores: row.scores(0).to_vec(), flag });
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

/// A cell of an answer with the codes 0 to `highest`: mostly a code, sometimes blank, sometimes nothing that can be read.
pub(crate) fn cell(highest: u8) -> impl Strategy<Value = String> {
    prop_oneof![
        12 => (0..=highest).prop_map(|code| code.to_string()),
        2 => Just(String::new()),
        1 => prop::sample::select(vec![" 1 ", "2.0", "02", "+1", "Not true", "certainly true.", "not at all"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["7", "-1", "1?", "x", "1-2", "=1+1", "0,5", "n/a", "\"", "²", "true"]).prop_map(str::to_owned),
    ]
}

/// The answers of one parent form: 25 questions, and the eight about impact.
pub(crate) fn parent_form() -> impl Strategy<Value = Vec<String>> {
    (prop::collection::vec(cell(2), 25), prop::collection::vec(cell(3), 8)).prop_map(|(main, impact)| [main, impact].concat())
}

/// The header of a parent file: an id, a class, and the questions under their short names.
pub(crate) fn parent_header() -> Vec<String> {
    let instrument = BUILT_INS.iter().find(|instrument| &*instrument.id == "sdq-p4-17").unwrap();
    ["pupil_id".to_owned(), "class".to_owned()].into_iter().chain(instrument.items.iter().map(|item| item.id.to_string())).collect()
}

/// A form on which every question has its lowest answer, so that no file with it is refused for having none.
pub(crate) fn lowest_answers(id: &str, items: usize) -> Vec<String> {
    [id.to_owned(), "7A".to_owned()].into_iter().chain((0..items).map(|_| "0".to_owned())).collect()
}

/// Rows as CSV.
pub(crate) fn csv_text(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}
