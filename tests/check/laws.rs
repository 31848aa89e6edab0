//! Whatever the columns are called and whatever stands in them: the written map reads back, and scores as was understood.

use std::fs;

use bandwise::findings::{Findings, Place};
use bandwise::input::Input;
use bandwise::instrument::{Instrument, load};
use bandwise::matching::{ColumnNames, MatchOptions, check_map, read_map};
use bandwise::report::{Shape, map_text, score_columns, score_rows};
use bandwise::scoring::{Form, FormOptions, ReadOptions, Refusals, Responses, Understanding, declared};
use proptest::prelude::*;

const FORMS: [&str; 3] = ["sdq-t4-17", "phq-9", "gad-7"];

/// A file as text, from the choices that were drawn.
#[derive(Clone, Debug)]
struct Drawn {
    form: usize,
    numbered: bool,
    /// For each column of the form, how its header is written: as it is, or in another way.
    writing: Vec<u8>,
    /// Further columns: where, and what they are called.
    others: Vec<(usize, String)>,
    /// The question that has no column, if one has none.
    without: Option<usize>,
    cells: Vec<String>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let cell = prop_oneof![
        6 => "[0-3]",
        1 => Just(String::new()),
        1 => Just("not sure".to_owned()),
        1 => Just("9".to_owned()),
        1 => any::<String>(),
    ];
    let name = prop_oneof![Just("class".to_owned()), Just("Name".to_owned()), Just("sex".to_owned()), any::<String>()];
    (
        0..FORMS.len(),
        any::<bool>(),
        prop::collection::vec(0..4_u8, 40),
        prop::collection::vec((0..40_usize, name), 0..4),
        prop::option::weighted(0.2, 0..7_usize),
        prop::collection::vec(cell, 60),
    )
        .prop_map(|(form, numbered, writing, others, without, cells)| Drawn { form, numbered, writing, others, without, cells })
}

fn written(name: &str, how: u8) -> String {
    match how {
        1 => name.to_uppercase(),
        2 => format!(" {name}\u{a0}"),
        3 => format!("{name}."),
        _ => name.to_owned(),
    }
}

fn file(drawn: &Drawn, form: &Instrument) -> Vec<u8> {
    let name = |(place, item): (usize, &bandwise::instrument::Item)| {
        let name = if drawn.numbered { format!("q{}", place + 1) } else { item.id.to_string() };
        written(&name, drawn.writing[place])
    };
    let items = form.items.iter().enumerate().filter(|(_, item)| item.block.is_none());
    let mut header: Vec<String> = items.filter(|(place, _)| Some(*place) != drawn.without).map(name).collect();
    header.insert(0, "pupil_id".to_owned());
    for (place, name) in &drawn.others {
        header.insert(place % header.len() + 1, name.clone());
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for row in 0..2 {
        let cells =
            (0..header.len()).map(|column| match (header[column].as_str(), drawn.cells.get((row * 31 + column) % drawn.cells.len())) {
                ("pupil_id", _) => format!("T{row:02}"),
                (_, cell) => cell.cloned().unwrap_or_default(),
            });
        writer.write_record(cells).unwrap();
    }
    writer.into_inner().unwrap()
}

/// Everything that `score` makes of a file, or the codes of what refuses it.
fn scored(input: &Input, form: &str, map: ColumnNames) -> Result<Vec<String>, Vec<String>> {
    let mut findings = Findings::new();
    let forms = vec![Form::new(load(form).unwrap().0, &FormOptions::default()).unwrap()];
    let options = ReadOptions { matching: MatchOptions { map, ..MatchOptions::default() }, ..ReadOptions::default() };
    let codes = |findings: &Findings<'_>| findings.groups().iter().map(|group| group.first[0].code.to_string()).collect::<Vec<_>>();
    let Ok(mut responses) = Responses::open(std::slice::from_ref(input), forms, options, &mut findings) else {
        return Err(codes(&findings));
    };
    let mut lines = vec![format!("{:?}", score_columns(responses.layout(), Shape::Wide))];
    loop {
        match responses.next_batch(&mut findings) {
            Ok(Some(batch)) => {
                for row in batch.rows(responses.layout()) {
                    lines.extend(score_rows(responses.layout(), &row, Shape::Wide).iter().map(|cells| format!("{cells:?}")));
                }
            }
            Ok(None) => break,
            Err(_) => return Err(codes(&findings)),
        }
    }
    lines.extend(codes(&findings));
    Ok(lines)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn a_written_map_reads_back_and_scores_as_was_understood(drawn in drawn()) {
        let folder = tempfile::tempdir().unwrap();
        let (path, id) = (folder.path().join("class.csv"), FORMS[drawn.form]);
        let (instrument, _) = load(id).unwrap();
        fs::write(&path, file(&drawn, &instrument)).unwrap();
        let input = Input::new(&path);

        let mut findings = Findings::new();
        let forms = vec![Form::new(instrument, &FormOptions::default()).unwrap()];
        let options = ReadOptions { refusals: Refusals::Remember, ..ReadOptions::default() };
        let said = declared(&options, &forms);
        let mut responses = Responses::open(std::slice::from_ref(&input), forms, options, &mut findings).unwrap();
        let mut understanding = Understanding::new(&responses);
        while let Some(batch) = responses.next_batch(&mut findings).unwrap() {
            understanding.add(&responses, &batch);
        }
        understanding.finish(&responses, &findings);
        let before = scored(&input, id, ColumnNames::default());
        prop_assert_eq!(before.is_err(), understanding.is_refused() || understanding.files.is_empty());

        let Ok(text) = map_text(&understanding, responses.layout().forms(), &said) else {
            prop_assert!(understanding.files.is_empty());
            return Ok(());
        };
        let map = read_map("map.toml", &text).map_err(|finding| TestCaseError::fail(format!("{}\n{text}", finding.message)))?;
        let instrument = responses.layout().forms()[0].instrument();
        prop_assert_eq!(check_map(&map, &[instrument], &Place::File("map.toml".into())), vec![]);
        if before.is_ok() {
            prop_assert_eq!(scored(&input, id, map), before, "{}", text);
        }
    }
}
