//! What the sheet makes, `score` reads without any option: for every built-in definition, empty and filled in, as a workbook and as CSV.

use std::fs;

use bandwise::entry::{EntryError, EntryOptions, EntrySheet};
use bandwise::input::{Input, InputOptions, Shape, Table};
use bandwise::instrument::built_in_ids;
use bandwise::matching::read_pupils;
use bandwise::scoring::ScaleScore;

use super::filled::{Filling, Random, csv, folder_with, form, part, read, rows, run, sheet, workbook};

const PUPILS: &str = "UPN,Admission No,Surname,Forename,Year Group,Reg Group,Gender,Date of Birth\n\
                      ,007101,Example,Ada,R,RA,F,2021-11-25\n\
                      ,007102,O'Sample,José,7,7A,M,2015-02-03\n\
                      ,007103,=1+1,Bo,7,7A,M,\n";

#[test]
fn an_empty_sheet_has_the_headers_and_no_response() {
    for id in built_in_ids() {
        let form_to_fill = form(id, &[]);
        let sheet = sheet(&form_to_fill, 40);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sheet.xlsx");
        fs::write(&path, workbook(&sheet, &[])).unwrap();
        let mut table = Table::open(&Input::new(&path), &InputOptions::default()).unwrap();
        let expected: Vec<&str> = sheet.headers().into_iter().chain(EntrySheet::checks()).collect();
        assert_eq!(table.header(), expected, "{id}");
        assert_eq!(table.shape(), Shape::Workbook { sheet: "answers".to_owned() }, "{id}: the instructions are passed over");
        assert!(table.next_batch(10).unwrap().is_none(), "{id}: empty rows are no responses");
    }
}

/// Every pupil with their scores.
type Scores = Vec<(String, Vec<ScaleScore>)>;

/// What comes of a file: the codes of the findings, the carried columns, and every score.
fn scored(file: &std::path::Path, id: &str) -> (Vec<String>, Vec<String>, Scores) {
    let (mut carried, mut scores) = (Vec::new(), Vec::new());
    // Without any option: a form whose editions differ is read without saying which.
    let (instrument, _) = bandwise::instrument::load(id).unwrap();
    let plain = bandwise::scoring::Form::new(instrument, &bandwise::scoring::FormOptions::default()).unwrap();
    let found = read(file, plain, |layout, row| {
        carried = layout.carried().iter().map(ToString::to_string).collect();
        scores.push((row.pupil().into_owned(), row.scores(0).to_vec()));
    });
    (found, carried, scores)
}

#[test]
fn a_filled_workbook_is_read_like_the_same_answers_in_csv() {
    for id in built_in_ids() {
        let form_to_fill = form(id, &[]);
        let sheet = sheet(&form_to_fill, 30);
        let filled = rows(&sheet, 25, Filling::Whole, &mut Random(3));
        let folder = folder_with("sheet.csv", &csv(&sheet, &filled));
        fs::write(folder.path().join("sheet.xlsx"), workbook(&sheet, &filled)).unwrap();
        let (found, carried, scores) = scored(&folder.path().join("sheet.xlsx"), id);
        let (found_in_csv, carried_in_csv, scores_in_csv) = scored(&folder.path().join("sheet.csv"), id);
        // Ages outside the form's are told, and the sheet that was taken; of the columns nothing is remarked.
        let remarks: Vec<&String> = found.iter().filter(|code| !["R005", "T010"].contains(&code.as_str())).collect();
        assert!(remarks.is_empty(), "{id}: {remarks:?}");
        assert!(found_in_csv.iter().all(|code| code == "R005"), "{id}: {found_in_csv:?}");
        assert_eq!(scores.len(), 25, "{id}");
        assert_eq!(scores, scores_in_csv, "{id}");
        assert_eq!(carried, carried_in_csv, "{id}: the checks are not carried");
        assert_eq!(carried, sheet.about.iter().map(|column| column.header()).collect::<Vec<_>>(), "{id}");
    }
}

#[test]
fn parts_that_are_left_out_are_not_there_and_the_rest_is_read() {
    for id in built_in_ids() {
        let form_to_fill = form(id, &[]);
        let instrument = form_to_fill.instrument();
        for block in &instrument.blocks {
            let options = EntryOptions { without: vec![block.id.clone()], rows: 5, ..EntryOptions::default() };
            let sheet = match EntrySheet::new(&form_to_fill, None, &options) {
                Err(EntryError::NoQuestions { .. }) => continue,
                other => other.unwrap(),
            };
            let filled = rows(&sheet, 3, Filling::Whole, &mut Random(5));
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("sheet.xlsx"), workbook(&sheet, &filled)).unwrap();
            let (found, _, scores) = scored(&folder.path().join("sheet.xlsx"), id);
            assert!(found.iter().all(|code| ["R005", "T010", "M014"].contains(&code.as_str())), "{id} without {}: {found:?}", block.id);
            assert_eq!(scores.len(), 3, "{id}");
        }
    }
}

#[test]
fn the_same_sheet_is_the_same_bytes() {
    let form = form("sdq-t4-17", &[]);
    let sheet = sheet(&form, 40);
    assert_eq!(workbook(&sheet, &[]), workbook(&sheet, &[]));
}

#[test]
fn cells_take_the_codes_and_nothing_else() {
    for (id, expected) in [
        ("sdq-t4-17", vec!["<formula1>\"0,1,2\"</formula1>", "<formula1>\"0,1,2,3\"</formula1>"]),
        ("cries-8", vec!["<formula1>\"0,1,3,5\"</formula1>"]),
        ("gas", vec!["<formula1>\"-2,-1,0,1,2\"</formula1>"]),
        ("boxall", vec!["type=\"whole\"", "<formula1>0</formula1><formula2>136</formula2>"]),
        ("ors", vec!["type=\"custom\"", "/0.1-ROUND("]),
        ("gbo", vec!["<formula1>\"0,1,2,3,4,5,6,7,8,9,10\"</formula1>"]),
    ] {
        let form = form(id, &[]);
        let xml = part(&workbook(&sheet(&form, 40), &[]), "xl/worksheets/sheet2.xml");
        for words in expected {
            assert!(xml.contains(words), "{id}: no {words}");
        }
    }
}

/// Excel refuses a whole workbook over a list in braces in such a rule.
#[test]
fn rules_for_colours_and_entries_have_no_list_in_braces() {
    for id in built_in_ids() {
        let form = form(id, &[]);
        let xml = part(&workbook(&sheet(&form, 4), &[]), "xl/worksheets/sheet2.xml");
        let rules = xml.split("</sheetData>").nth(1).unwrap();
        assert!(rules.contains("<conditionalFormatting") && rules.contains("<dataValidation "), "{id}");
        assert!(!rules.contains('{'), "{id}: {rules}");
        for formula in rules.split("<formula1>").skip(1).filter_map(|rest| rest.split("</formula1>").next()) {
            assert!(formula.len() <= 255, "{id}: {formula}");
        }
    }
}

#[test]
fn the_sheet_is_frozen_and_prints_on_landscape_pages_with_its_header() {
    let form = form("sdq-t4-17", &[]);
    let book = workbook(&sheet(&form, 40), &[]);
    let xml = part(&book, "xl/worksheets/sheet2.xml");
    for words in ["<pane xSplit=\"1\" ySplit=\"1\" topLeftCell=\"B2\"", "orientation=\"landscape\"", "fitToHeight=\"0\""] {
        assert!(xml.contains(words), "no {words}");
    }
    assert!(part(&book, "xl/workbook.xml").contains("_xlnm.Print_Titles"));
}

#[test]
fn both_counts_are_formulas_that_say_nothing_in_an_empty_row() {
    let form = form("sdq-t4-17", &[]);
    let xml = part(&workbook(&sheet(&form, 2), &[]), "xl/worksheets/sheet2.xml");
    assert!(xml.contains("t=\"str\"><f>IF(COUNTA(E2:AI2)=0,\"\",SUMPRODUCT(--(LEN(TRIM(E2:AC2))=0)))</f><v></v>"), "{xml}");
    assert!(xml.contains("SUMPRODUCT(COUNTIF(E3:AC3,{0,1,2}))"), "{xml}");
}

#[test]
fn a_blank_of_an_optional_part_is_counted_only_where_it_is_read_on_the_day() {
    let form = form("phq-a", &[]);
    let sheet = sheet(&form, 2);
    let counted: Vec<&str> = sheet.questions.iter().filter(|question| question.is_counted).map(|question| &*question.header).collect();
    assert_eq!(counted, ["q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9", "thoughts", "attempt"]);
}

#[test]
fn a_pupil_list_fills_the_columns_that_it_knows() {
    let folder = folder_with("pupils.csv", PUPILS);
    let (list, _) = read_pupils(&Input::new(&folder.path().join("pupils.csv")), &InputOptions::default()).unwrap();
    let form = form("rcads-47-c", &[]);
    let options = EntryOptions { on: Some("2026-09-20".parse().unwrap()), ..EntryOptions::default() };
    let sheet = EntrySheet::new(&form, Some(&list), &options).unwrap();
    assert_eq!(sheet.headers()[..8], ["pupil_id", "name", "class", "sex", "year", "age", "date", "q1"]);
    assert_eq!(sheet.rows[0], ["007101", "Example, Ada", "RA", "F", "R", "4", "2026-09-20"]);
    assert_eq!(sheet.rows[1], ["007102", "O'Sample, José", "7A", "M", "7", "11", "2026-09-20"]);
    assert_eq!(sheet.rows[2], ["007103", "=1+1, Bo", "7A", "M", "7", "", "2026-09-20"]);
    let path = folder.path().join("sheet.xlsx");
    fs::write(&path, workbook(&sheet, &[])).unwrap();
    let mut pupils = Vec::new();
    read(&path, super::filled::form("rcads-47-c", &[]), |layout, row| {
        assert_eq!(layout.carried()[1].as_ref(), "name");
        pupils.push((row.pupil().into_owned(), row.carried().nth(6).unwrap().into_owned()));
    });
    assert_eq!(pupils[0], ("007101".to_owned(), "2026-09-20".to_owned()), "noughts in front stay, dates are dates");
    assert_eq!(pupils.len(), 3);
}

#[test]
fn without_a_day_nothing_is_counted_from_today() {
    let folder = folder_with("pupils.csv", PUPILS);
    let (list, _) = read_pupils(&Input::new(&folder.path().join("pupils.csv")), &InputOptions::default()).unwrap();
    let form = form("yp-core", &[]);
    let sheet = EntrySheet::new(&form, Some(&list), &EntryOptions::default()).unwrap();
    assert_eq!(sheet.headers()[..7], ["pupil_id", "name", "class", "sex", "age", "date", "q1"]);
    assert_eq!(sheet.rows[0], ["007101", "Example, Ada", "RA", "F", "", ""]);
}

#[test]
fn a_form_whose_editions_differ_must_say_which_it_is() {
    let (instrument, _) = bandwise::instrument::load("psc-17").unwrap();
    let plain = bandwise::scoring::Form::new(instrument, &bandwise::scoring::FormOptions::default()).unwrap();
    let error = EntrySheet::new(&plain, None, &EntryOptions::default()).unwrap_err();
    assert!(matches!(&error, EntryError::WhichOrder { .. }), "{error}");
    assert!(error.to_string().contains("`--choose order=interleaved`"), "{error}");
    let chosen = form("rosenberg", &[("order", "other")]);
    let sheet = sheet(&chosen, 1);
    let headers: Vec<&str> = sheet.questions.iter().map(|question| &*question.header).collect();
    assert_eq!(headers, ["pos1", "pos2", "neg1", "pos3", "neg2", "pos4", "pos5", "neg3", "neg4", "neg5"], "as the edition prints them");
}

#[test]
fn the_program_writes_a_sheet_that_it_then_scores() {
    let folder = folder_with("pupils.csv", PUPILS);
    let made = run(folder.path(), &["template", "-i", "phq-a", "--pupils", "pupils.csv", "-o", "our sheet.xlsx"]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.out.is_empty());
    assert!(made.err.contains("BEFORE THE FORM IS GIVEN OUT: Read these questions on every form on the day"), "{}", made.err);
    assert!(made.err.contains("question 9 (thoughts of self-harm), answered 1 (Several days)"), "{}", made.err);
    assert!(made.err.contains("designated safeguarding lead"), "{}", made.err);
    assert!(made.err.contains("3 pupils, 13 questions written to `our sheet.xlsx`"), "{}", made.err);
    assert!(made.err.contains("bandwise score \"our sheet.xlsx\" -i phq-a"), "{}", made.err);
    let checked = run(folder.path(), &["score", "our sheet.xlsx", "-i", "phq-a", "--format", "csv"]);
    assert_eq!(checked.out.lines().count(), 4, "{}", checked.out);
    assert!(!checked.out.contains("check:"), "{}", checked.out);
    assert!(checked.out.contains("'=1+1") || checked.out.contains("=1+1, Bo"), "{}", checked.out);
}

#[test]
fn a_pupil_whose_consent_was_withdrawn_has_no_row() {
    let folder = folder_with("pupils.csv", PUPILS);
    fs::write(folder.path().join("withdrawn.csv"), "id\n007102\n").unwrap();
    let arguments = ["template", "-i", "gad-7", "--pupils", "pupils.csv", "--exclude", "withdrawn.csv", "-o", "sheet.csv"];
    let made = run(folder.path(), &arguments);
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.err.contains("2 pupils, 8 questions"), "{}", made.err);
    assert!(!fs::read_to_string(folder.path().join("sheet.csv")).unwrap().contains("007102"));
}

#[test]
fn csv_has_the_same_headers_its_provenance_and_no_formulas() {
    let folder = folder_with("pupils.csv", PUPILS);
    let made = run(folder.path(), &["template", "-i", "sdq-t4-17", "--without", "impact", "--pupils", "pupils.csv", "-o", "sheet.csv"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let text = fs::read_to_string(folder.path().join("sheet.csv")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("pupil_id,name,class,age,date,completed by,q1,q2,"), "{}", lines[0]);
    assert!(lines[0].ends_with("q24,q25"), "{}", lines[0]);
    assert!(lines[1].starts_with("007101,\"Example, Ada\",RA,,,,,"), "{}", lines[1]);
    assert!(lines[3].contains("\"'=1+1, Bo\""), "a spreadsheet would run it: {}", lines[3]);
    assert_eq!(lines.len(), 4);
    let provenance = fs::read_to_string(folder.path().join("sheet.csv.provenance.json")).unwrap();
    assert!(provenance.contains("\"without\": \"impact\"") && provenance.contains("pupils.csv"), "{provenance}");
}

#[test]
fn a_pupil_list_is_never_overwritten_and_a_sheet_is_its_owners() {
    let folder = folder_with("pupils.csv", PUPILS);
    let refused = run(folder.path(), &["template", "-i", "gad-7", "--pupils", "pupils.csv", "-o", "pupils.csv"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("an input is never overwritten"), "{}", refused.err);
    assert_eq!(fs::read_to_string(folder.path().join("pupils.csv")).unwrap(), PUPILS);
    run(folder.path(), &["template", "-i", "gad-7", "-o", "sheet.xlsx"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder.path().join("sheet.xlsx")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn what_cannot_be_made_is_said_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, expected) in [
        (vec!["-i", "gad-7", "-o", "sheet.ods"], "`sheet.ods` should end in .xlsx or .csv"),
        (vec!["-i", "sdq-t4-17", "--without", "impct", "-o", "sheet.xlsx"], "sdq-t4-17 has no optional part `impct`: it has `impact`"),
        (vec!["-i", "gad-7", "--without", "x", "-o", "sheet.xlsx"], "gad-7 has no optional part `x`"),
        (vec!["-i", "psc-17", "-o", "sheet.xlsx"], "do not number the questions alike"),
        (vec!["-i", "gad-7", "--on", "20/09/2026", "-o", "sheet.xlsx"], "it should be a day as year-month-day"),
        (vec!["-i", "gad-7", "--rows", "100000", "-o", "sheet.xlsx"], "`--rows` should be 10000 at most"),
    ] {
        let mut all = vec!["template"];
        all.extend(arguments);
        let printed = run(folder.path(), &all);
        assert_eq!(printed.code, 2, "{all:?}: {}", printed.err);
        assert!(printed.err.contains(expected), "{all:?}: {}", printed.err);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// The wording of no form is in its sheet: labels of answers only.
#[test]
fn instructions_have_the_labels_the_rules_and_the_licence_and_no_wording() {
    for id in built_in_ids() {
        let folder = tempfile::tempdir().unwrap();
        let form = form(id, &[]);
        let mut arguments = vec!["template".to_owned(), "-i".to_owned(), id.to_owned(), "-o".to_owned(), "sheet.xlsx".to_owned()];
        if let Some(order) = form.order() {
            arguments.extend(["--choose".to_owned(), format!("order={order}")]);
        }
        let made = run(folder.path(), &arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(made.code, 0, "{id}: {}", made.err);
        let book = fs::read(folder.path().join("sheet.xlsx")).unwrap();
        let text = part(&book, "xl/sharedStrings.xml");
        let comments = part(&book, "xl/comments1.xml");
        let instrument = form.instrument();
        let plain = |words: &str| words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        for label in instrument.answers.iter().flat_map(|set| &set.labels).filter_map(|labels| labels.first()) {
            assert!(text.contains(&plain(label)), "{id}: {label}");
        }
        assert_eq!(text.contains("designated safeguarding lead"), !instrument.critical.is_empty(), "{id}");
        assert_eq!(comments.contains("Read it on the day"), !instrument.critical.is_empty(), "{id}");
        for words in [
            "special-category data",
            instrument.licence.status.word(),
            &format!("bandwise score sheet.xlsx -i {id}"),
            "When answers are missing",
        ] {
            let is_there = text.contains(&plain(words));
            let has_rule = instrument.scales.iter().any(|scale| matches!(scale.rule, bandwise::instrument::Rule::Items { .. }));
            assert!(is_there || (words.starts_with("When") && !has_rule), "{id}: {words}");
        }
        for phrase in instrument.items.iter().flat_map(|item| &item.matches).filter(|phrase| phrase.contains(' ')) {
            assert!(
                !text.to_lowercase().contains(phrase) || instrument.critical.iter().any(|critical| critical.about.contains(phrase)),
                "{id}: {phrase}"
            );
        }
    }
}
