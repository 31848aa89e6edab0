//! The SDQ against numbers from outside: published cases, invented vectors with two independent scorers behind them, and every
//! cut-off typed again from the tables that the definitions were made from.
//!
//! `vectors/sdq-vectors.csv`: items 1-25 as one string, `.` for no answer; the first impact question; the five impact questions of the
//! parent form; then the scores by the owner's rules, impact once as the Stata and once as the R syntax has it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::fmt::Write as _;

use bandwise::findings::Findings;
use bandwise::input::Input;
use bandwise::instrument::{Instrument, Number, Pupil, Rule, load};
use bandwise::matching::Answer;
use bandwise::report::{CsvFlavour, CsvSink, RowSink as _, Shape, score_columns, score_rows};
use bandwise::scoring::{Absence, Form, FormOptions, Outcome, ReadOptions, Responses, ScaleScore, Scorer};

const SCALES: [&str; 6] = ["emotional", "conduct", "hyperactivity", "peer", "prosocial", "total"];
const IMPACT_ITEMS: [&str; 5] = ["distres", "imphome", "impfrie", "impclas", "impleis"];
const FORMS: [&str; 8] =
    ["sdq-p2-4", "sdq-t2-4", "sdq-p4-17", "sdq-t4-17", "sdq-s11-17", "sdq-p4-17-followup", "sdq-t4-17-followup", "sdq-s11-17-followup"];

struct Vector {
    name: String,
    items: String,
    first_question: String,
    impact_items: String,
    /// In the order of [`SCALES`]; `.` for no score.
    scores: Vec<String>,
    impact_stata: String,
    impact_r: String,
}

impl Vector {
    /// The score that a column must have; empty for none.
    fn expected(&self, impact_rule: &str) -> Vec<String> {
        let impact = if impact_rule == "keep" { &self.impact_stata } else { &self.impact_r };
        self.scores.iter().chain([impact]).map(|score| score.replace('.', "")).collect()
    }

    /// The answers as a file has them, by item id.
    fn cells(&self) -> Vec<(String, String)> {
        let instrument = sdq("sdq-p4-17");
        let main = instrument.items.iter().take(25).map(|item| item.id.to_string()).zip(self.items.chars());
        let impact = IMPACT_ITEMS.iter().map(ToString::to_string).zip(self.impact_items.chars());
        let first = ("ebddiff".to_owned(), self.first_question.clone());
        main.chain(impact)
            .map(|(id, answer)| (id, answer.to_string()))
            .chain([first])
            .map(|(id, cell)| (id, cell.replace('.', "")))
            .collect()
    }
}

fn vectors() -> Vec<Vector> {
    let mut reader = csv::Reader::from_reader(include_bytes!("vectors/sdq-vectors.csv").as_slice());
    let vectors: Vec<Vector> = reader
        .records()
        .map(|record| {
            let fields: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
            let [name, items, first_question, impact_items, scores @ .., impact_stata, impact_r] = fields.as_slice() else {
                panic!("a short row of the vectors: {fields:?}")
            };
            Vector {
                name: name.clone(),
                items: items.clone(),
                first_question: first_question.clone(),
                impact_items: impact_items.clone(),
                scores: scores.to_vec(),
                impact_stata: impact_stata.clone(),
                impact_r: impact_r.clone(),
            }
        })
        .collect();
    assert_eq!(vectors.len(), 25);
    vectors
}

fn sdq(id: &str) -> Instrument {
    load(id).unwrap().0
}

/// The value of the choice `impact-rule`, by its place in the definition.
fn choice(instrument: &Instrument, value: &str) -> Vec<usize> {
    let rule = instrument.choices.iter().find(|choice| choice.id == "impact-rule").unwrap();
    vec![rule.values.iter().position(|(name, _)| name == value).unwrap()]
}

fn answers(instrument: &Instrument, cells: &[(String, String)]) -> Vec<Answer> {
    let mut answers = vec![Answer::Blank; instrument.items.len()];
    for (id, cell) in cells.iter().filter(|(_, cell)| !cell.is_empty()) {
        let item = instrument.item(id).unwrap();
        let codes = &instrument.answers[instrument.items[item].answers].codes;
        let place = codes.iter().position(|code| Some(*code) == Number::parse(cell)).unwrap();
        answers[item] = Answer::Given(u16::try_from(place).unwrap());
    }
    answers
}

fn score(instrument: &Instrument, choices: &[usize], answers: &[Answer]) -> Vec<ScaleScore> {
    let mut scores = Vec::new();
    Scorer::new(instrument, choices).score(answers, &vec![true; instrument.blocks.len()], &Pupil::default(), &mut scores);
    scores
}

/// The scores of the first 25 questions, written as one string, on the parent form: the six of [`SCALES`].
fn six_scores(items: &str) -> Vec<String> {
    let instrument = sdq("sdq-p4-17");
    let cells: Vec<(String, String)> =
        instrument.items.iter().map(|item| item.id.to_string()).zip(items.chars().map(String::from)).collect();
    let cells: Vec<(String, String)> = cells.into_iter().map(|(id, cell)| (id, cell.replace('.', ""))).collect();
    let scores = score(&instrument, &choice(&instrument, "keep"), &answers(&instrument, &cells));
    SCALES.iter().map(|scale| text(&scores[instrument.scale(scale).unwrap()])).collect()
}

fn text(score: &ScaleScore) -> String {
    score.value().map_or_else(String::new, |value| value.to_string())
}

// ---- vectors

#[test]
fn every_vector_comes_out_of_the_scorer() {
    let instrument = sdq("sdq-p4-17");
    for rule in ["keep", "absent"] {
        for vector in vectors() {
            let scores = score(&instrument, &choice(&instrument, rule), &answers(&instrument, &vector.cells()));
            let found: Vec<String> =
                SCALES.iter().chain([&"impact"]).map(|scale| text(&scores[instrument.scale(scale).unwrap()])).collect();
            assert_eq!(found, vector.expected(rule), "{}, impact-rule={rule}", vector.name);
        }
    }
}

/// The columns of a scored file, by name, from the bytes of the responses to the bytes of the scores.
fn scored_file(responses: &str, rule: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("responses.csv");
    std::fs::write(&path, responses).unwrap();
    let options = FormOptions { choose: vec![("impact-rule".to_owned(), rule.to_owned())], ..FormOptions::default() };
    let form = Form::new(sdq("sdq-p4-17"), &options).unwrap();
    let mut findings = Findings::new();
    let mut responses = Responses::open(&[Input::new(&path)], vec![form], ReadOptions::default(), &mut findings).unwrap();
    let mut written = Vec::new();
    let mut sink = CsvSink::new(&mut written, CsvFlavour::Plain).unwrap();
    sink.columns(&score_columns(responses.layout(), Shape::Wide)).unwrap();
    while let Some(batch) = responses.next_batch(&mut findings).unwrap() {
        for row in batch.rows(responses.layout()) {
            for cells in score_rows(responses.layout(), &row, Shape::Wide) {
                sink.row(&cells).unwrap();
            }
        }
    }
    sink.flush().unwrap();
    drop(sink);
    let mut reader = csv::Reader::from_reader(written.as_slice());
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    (header, reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect())
}

#[test]
fn every_vector_comes_out_of_a_file() {
    for rule in ["keep", "absent"] {
        let vectors = vectors();
        let header: Vec<String> = vectors[0].cells().into_iter().map(|(id, _)| id).collect();
        let mut file = format!("pupil_id,{}\n", header.join(","));
        for vector in &vectors {
            let cells: Vec<String> = vector.cells().into_iter().map(|(_, cell)| cell).collect();
            writeln!(file, "{},{}", vector.name, cells.join(",")).unwrap();
        }
        let (columns, rows) = scored_file(&file, rule);
        assert_eq!(rows.len(), vectors.len());
        let column = |name: &str| columns.iter().position(|column| column == name).unwrap();
        for (vector, row) in vectors.iter().zip(&rows) {
            assert_eq!(row[column("pupil_id")], vector.name);
            let found: Vec<String> = SCALES.iter().chain([&"impact"]).map(|scale| row[column(scale)].clone()).collect();
            assert_eq!(found, vector.expected(rule), "{}, impact-rule={rule}", vector.name);
            for scale in SCALES.iter().chain([&"impact"]) {
                let has_score = !row[column(scale)].is_empty();
                assert_eq!(!row[column(&format!("{scale}_band"))].is_empty(), has_score, "{}: a band goes with {scale}", vector.name);
                let says_why_not = row[column(&format!("{scale}_note"))].starts_with("not scored: ");
                assert_eq!(says_why_not, !has_score, "{}: the note of {scale}", vector.name);
            }
        }
    }
}

// ---- every number of answers and every sum

/// The score for `n` answers (the row) with the sum S (the column) after reversing.
const SCORES: [(usize, &[i64]); 3] =
    [(3, &[0, 2, 3, 5, 7, 8, 10]), (4, &[0, 1, 3, 4, 5, 6, 8, 9, 10]), (5, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])];

/// Every way of answering five questions with 0, 1, 2 or not at all.
fn all_fives() -> impl Iterator<Item = [Option<i64>; 5]> {
    (0..4_usize.pow(5)).map(|number| {
        std::array::from_fn(|place| match number / 4_usize.pow(u32::try_from(place).unwrap()) % 4 {
            3 => None,
            points => i64::try_from(points).ok(),
        })
    })
}

#[test]
fn every_number_of_answers_and_every_sum_gives_the_score_of_the_table() {
    for form in FORMS {
        let instrument = sdq(form);
        let compiled = Scorer::new(&instrument, &choice(&instrument, "keep"));
        for (index, scale) in instrument.scales.iter().enumerate().filter(|(_, scale)| SCALES[..5].contains(&&*scale.id)) {
            let Rule::Items { items, .. } = &scale.rule else { panic!("{form}: {} is made of items", scale.id) };
            assert_eq!(items.len(), 5, "{form}: {}", scale.id);
            for points in all_fives() {
                let mut answers = vec![Answer::Blank; instrument.items.len()];
                for (entry, points) in items.iter().zip(points) {
                    // 2 - x, written out: the scale's own table of points is what is tested.
                    let code = points.map(|points| if entry.reversed { 2 - points } else { points });
                    answers[entry.item] = code.map_or(Answer::Blank, |code| Answer::Given(u16::try_from(code).unwrap()));
                }
                let mut scores = Vec::new();
                compiled.score(&answers, &[true], &Pupil::default(), &mut scores);
                let (n, sum) = (points.iter().flatten().count(), points.iter().flatten().sum::<i64>());
                let in_table = SCORES.iter().find(|(answered, _)| *answered == n).map(|(_, row)| row[usize::try_from(sum).unwrap()]);
                let expected = match in_table {
                    Some(score) if n == 5 => Outcome::Complete(Number::whole(score)),
                    Some(score) => Outcome::Estimated(Number::whole(score)),
                    None => Outcome::Absent(Absence::TooFew { needed: 3 }),
                };
                assert_eq!(scores[index].outcome, expected, "{form}: {} with {points:?}", scale.id);
                assert_eq!((usize::from(scores[index].answered), scores[index].items), (n, 5));
            }
        }
    }
}

// ---- published cases

/// "Scoring the SDQ for age 4-17", Youthinmind 2014: "a score of 4 based on 3 completed items can be scaled up to a score of 7 (6.67
/// rounded up)".
#[test]
fn the_owners_example_comes_out() {
    for (somatic, worries, unhappy) in [('2', '1', '1'), ('2', '2', '0'), ('0', '2', '2')] {
        let items: String = (1..=25)
            .map(|number| [(3, somatic), (8, worries), (13, unhappy)].iter().find(|(n, _)| *n == number).map_or('.', |found| found.1))
            .collect();
        assert_eq!(six_scores(&items), ["7", "", "", "", "", ""], "{items}");
    }
}

/// The tests of a public scorer with the same rules: all answers 0, all answers 2, and two answers are too few.
#[test]
fn all_answers_alike_come_out() {
    assert_eq!(six_scores(&"0".repeat(25)), ["0", "2", "4", "4", "0", "10"]);
    assert_eq!(six_scores(&"2".repeat(25)), ["10", "8", "6", "6", "10", "30"]);
    assert_eq!(six_scores("..2....2................."), ["", "", "", "", "", ""]);
}

/// A public script with other cut-offs and the same scores: all 0 but 2, 2, 2 and 1.
#[test]
fn four_raised_answers_come_out() {
    assert_eq!(six_scores(&"0".repeat(25))[5], "10");
    let raised: String = (1..=25)
        .map(|number| [(2, '2'), (3, '2'), (5, '2'), (8, '1')].iter().find(|(n, _)| *n == number).map_or('0', |found| found.1))
        .collect();
    assert_eq!(six_scores(&raised)[5], "17");
}

/// klausfrieler/psyquest: the answers run 0, 1, 2, 0, 1, 2, …
#[test]
fn answers_in_a_cycle_come_out() {
    let cycle: String = "012".chars().cycle().take(25).collect();
    assert_eq!(six_scores(&cycle), ["5", "7", "5", "5", "4", "22"]);
    let instrument = sdq("sdq-p4-17");
    let cells: Vec<(String, String)> =
        instrument.items.iter().map(|item| item.id.to_string()).zip(cycle.chars().map(String::from)).collect();
    let scores = score(&instrument, &[0], &answers(&instrument, &cells));
    assert_eq!(text(&scores[instrument.scale("internalising").unwrap()]), "10");
    assert_eq!(text(&scores[instrument.scale("externalising").unwrap()]), "12");
}

// ---- cut-offs

/// A scale with its ranges from the level of least concern onwards: parent, teacher, self.
type Cut = (&'static str, [&'static str; 3]);

const THREE: [Cut; 7] = [
    ("total", ["0-13 14-16 17-40", "0-11 12-15 16-40", "0-15 16-19 20-40"]),
    ("emotional", ["0-3 4 5-10", "0-4 5 6-10", "0-5 6 7-10"]),
    ("conduct", ["0-2 3 4-10", "0-2 3 4-10", "0-3 4 5-10"]),
    ("hyperactivity", ["0-5 6 7-10", "0-5 6 7-10", "0-5 6 7-10"]),
    ("peer", ["0-2 3 4-10", "0-3 4 5-10", "0-3 4-5 6-10"]),
    ("prosocial", ["6-10 5 0-4", "6-10 5 0-4", "6-10 5 0-4"]),
    ("impact", ["0 1 2-10", "0 1 2-6", "0 1 2-10"]),
];

const FOUR: [Cut; 7] = [
    ("total", ["0-13 14-16 17-19 20-40", "0-11 12-15 16-18 19-40", "0-14 15-17 18-19 20-40"]),
    ("emotional", ["0-3 4 5-6 7-10", "0-3 4 5 6-10", "0-4 5 6 7-10"]),
    ("conduct", ["0-2 3 4-5 6-10", "0-2 3 4 5-10", "0-3 4 5 6-10"]),
    ("hyperactivity", ["0-5 6-7 8 9-10", "0-5 6-7 8 9-10", "0-5 6 7 8-10"]),
    ("peer", ["0-2 3 4 5-10", "0-2 3-4 5 6-10", "0-2 3 4 5-10"]),
    ("prosocial", ["8-10 7 6 0-5", "6-10 5 4 0-3", "7-10 6 5 0-4"]),
    ("impact", ["0 1 2 3-10", "0 1 2 3-6", "0 1 2 3-10"]),
];

/// Ages 2 to 4, parent: the start of "very high" has no source, so the last two levels are one; impact has no bands.
const YOUNG: [(&str, &str); 6] = [
    ("total", "0-12 13-15 16-40"),
    ("emotional", "0-2 3 4-10"),
    ("conduct", "0-3 4 5-10"),
    ("hyperactivity", "0-5 6 7-10"),
    ("peer", "0-2 3 4-10"),
    ("prosocial", "7-10 6 0-5"),
];

/// The level of every score, from `0-13 14-16 17-40`.
fn levels(ranges: &str) -> Vec<(i64, usize)> {
    let parse = |end: &str| end.parse::<i64>().unwrap();
    let ranges = ranges
        .split(' ')
        .map(|range| range.split_once('-').map_or_else(|| (parse(range), parse(range)), |(from, to)| (parse(from), parse(to))));
    ranges.enumerate().flat_map(|(level, (from, to))| (from..=to).map(move |score| (score, level))).collect()
}

/// Every score that a scale can have is in the table exactly once, and has the level and the name of the level there.
fn check_bands(instrument: &Instrument, set: &str, scale: &str, ranges: &str, names: &[&str]) {
    let index = instrument.scale(scale).unwrap();
    let set = instrument.bands.iter().find(|candidate| candidate.id == set).unwrap();
    let bands = set.scales[index].as_ref().unwrap();
    let mut expected = levels(ranges);
    expected.sort_unstable();
    let (lowest, highest) = instrument.scales[index].range;
    let scores: Vec<i64> = (lowest.as_whole().unwrap()..=highest.as_whole().unwrap()).collect();
    assert_eq!(expected.iter().map(|(score, _)| *score).collect::<Vec<_>>(), scores, "{}: the table for {scale}", instrument.id);
    for (score, level) in expected {
        let found = bands.level(Number::whole(score), None).unwrap();
        assert_eq!((found, bands.name(found)), (level, names[level]), "{}, {}: {scale} {score}", instrument.id, set.id);
    }
}

#[test]
fn every_score_has_the_band_of_the_published_table() {
    let raised = ["close to average", "slightly raised", "high", "very high"];
    let lowered = ["close to average", "slightly lowered", "low", "very low"];
    for (informant, form) in ["sdq-p4-17", "sdq-t4-17", "sdq-s11-17"].into_iter().enumerate() {
        for form in [form.to_owned(), format!("{form}-followup")] {
            let instrument = sdq(&form);
            assert_eq!(instrument.bands.iter().map(|set| set.id.as_str()).collect::<Vec<_>>(), ["four", "three"], "{form}");
            assert_eq!(instrument.default_bands, Some(0), "{form}: the newer set is shown first");
            for (scale, ranges) in THREE {
                check_bands(&instrument, "three", scale, ranges[informant], &["normal", "borderline", "abnormal"]);
            }
            for (scale, ranges) in FOUR {
                check_bands(&instrument, "four", scale, ranges[informant], if scale == "prosocial" { &lowered } else { &raised });
            }
            check_no_other_bands(&instrument, &THREE.map(|(scale, _)| scale));
        }
    }
}

#[test]
fn every_score_at_ages_two_to_four_has_the_band_of_the_published_table() {
    let instrument = sdq("sdq-p2-4");
    assert_eq!(instrument.bands.len(), 1);
    for (scale, ranges) in YOUNG {
        let last_two = if scale == "prosocial" { ["slightly lowered", "low or below"] } else { ["slightly raised", "high or above"] };
        check_bands(&instrument, &instrument.bands[0].id, scale, ranges, &["close to average", last_two[0], last_two[1]]);
    }
    check_no_other_bands(&instrument, &YOUNG.map(|(scale, _)| scale));
    assert!(sdq("sdq-t2-4").bands.is_empty(), "the teacher form for ages 2 to 4 has no bands with a source");
}

/// No bands are known for the two broad scales: none may be made up.
fn check_no_other_bands(instrument: &Instrument, known: &[&str]) {
    for set in &instrument.bands {
        for (scale, bands) in instrument.scales.iter().zip(&set.scales) {
            assert_eq!(bands.is_some(), known.contains(&&*scale.id), "{}, {}: {}", instrument.id, set.id, scale.id);
        }
    }
}
