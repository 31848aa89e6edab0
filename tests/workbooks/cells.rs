//! Every cell of every list is the CSV's: numbers as numbers, text as text, nothing as nothing.

use calamine::Data;

use super::{Book, Desk};

/// Whether a cell is what the CSV has. There text that looks like a formula has an apostrophe in front; here it needs none.
fn is_same(cell: Option<&Data>, printed: &str) -> bool {
    match cell {
        None | Some(Data::Empty) => printed.is_empty(),
        Some(Data::Float(value)) => printed.parse::<f64>().is_ok_and(|printed| printed.to_bits() == (value + 0.0).to_bits()),
        Some(Data::String(text)) => !text.is_empty() && printed.strip_prefix('\'').filter(|_| printed != text).unwrap_or(printed) == text,
        Some(_) => false,
    }
}

fn assert_same(book: &Book, sheet: &str, csv: &[Vec<String>], line: &str) {
    let cells = book.cells(sheet);
    assert_eq!(cells.len(), csv.len(), "{line}: rows of {sheet}");
    for (row, (cells, printed)) in cells.iter().zip(csv).enumerate() {
        assert!(cells.len() <= printed.len(), "{line}: {sheet}");
        for (column, printed) in printed.iter().enumerate() {
            assert!(is_same(cells.get(column), printed), "{line}: {sheet}, row {row}, {}: {:?} is not {printed:?}", csv[0][column], cells);
        }
    }
}

const COMMANDS: [(&str, &str); 9] = [
    ("score class-7a-teacher.csv -i sdq-t4-17", "scores"),
    ("score class-7b-typed.csv -i sdq-t4-17", "scores"),
    ("score class-7b-typed.csv -i sdq-t4-17 --long", "scores"),
    ("score class-7a-teacher.csv class-7b-typed.csv -i sdq-t4-17", "scores"),
    ("flag class-7a-teacher.csv -i sdq-t4-17 --all", "flags"),
    ("flag class-7b-typed.csv -i sdq-t4-17", "flags"),
    ("working class-7b-typed.csv -i sdq-t4-17 --pupil B03", "working"),
    ("goals class-7b-typed.csv --goals class-7b-goals.csv -i sdq-t4-17", "goals"),
    ("compare class-7a-teacher.csv class-7a-teacher-review.csv -i sdq-t4-17", "changes"),
];

#[test]
fn each_command_has_the_cells_of_its_csv() {
    let desk = Desk::new();
    for (line, sheet) in COMMANDS {
        let book = desk.book(line);
        assert_same(&book, sheet, &desk.csv(line, ""), line);
        assert_eq!(book.sheets(), [sheet, "findings", "about"], "{line}");
    }
}

#[test]
fn a_comparison_has_all_its_lists_in_one_workbook() {
    let desk = Desk::new();
    let line = "compare class-7a-teacher.csv class-7a-teacher-review.csv -i sdq-t4-17 --technical --by class --internal --goals goals.csv";
    desk.write("goals.csv", "pupil_id,goal,scale,target\nT04,Feels calmer,total,<=20\nT06,Fewer arguments,conduct,-1\n");
    let book = desk.book(line);
    assert_eq!(book.sheets(), ["changes", "goals", "group", "findings", "about"]);
    for (sheet, beside) in [("changes", ""), ("goals", "goals."), ("group", "group.")] {
        assert_same(&book, sheet, &desk.csv(line, beside), line);
    }
    let means = book.column("group", "mean_change");
    assert!(means.iter().any(|mean| matches!(mean, Data::Float(value) if value.fract() != 0.0)), "decimals are numbers: {means:?}");
    assert!(!desk.names().contains(&"out.group.xlsx".to_owned()), "no file stands beside it");
    let published = line.replace(" --internal", "");
    assert_same(&desk.book(&published), "group", &desk.csv(&published, "group."), &published);
    let without = desk.book(&published.replace(" --by class", ""));
    assert_eq!(without.sheets(), ["changes", "goals", "findings", "about"], "the group only for those who ask for it");
}

#[test]
fn scores_are_numbers_and_ids_are_text() {
    let desk = Desk::new();
    let row = |id: &str| format!("{id},{}\n", ["1"; 25].join(","));
    let questions: Vec<String> = (1..=25).map(|number| format!("q{number}")).collect();
    desk.write("class.csv", &format!("pupil_id,{}\n{}{}", questions.join(","), row("007"), row("1e5")));
    let book = desk.book("score class.csv -i sdq-t4-17");
    assert_eq!(book.column("scores", "pupil_id"), [super::text("007"), super::text("1e5")]);
    assert_eq!(book.column("scores", "total"), [Data::Float(20.0), Data::Float(20.0)]);
}

#[test]
fn findings_stand_in_a_sheet_as_they_stand_in_json() {
    let desk = Desk::new();
    let line = "score class-7b-typed.csv -i sdq-t4-17";
    let book = desk.book(line);
    let json: serde_json::Value = serde_json::from_slice(&desk.run(&format!("{line} --format json")).out).unwrap();
    let findings = json["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2);
    let cells = book.texts("findings");
    assert_eq!(cells.len(), findings.len() + 1);
    for (row, finding) in cells[1..].iter().zip(findings) {
        for (column, name) in cells[0].iter().enumerate() {
            let expected = finding.get(name).map_or(String::new(), |value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            assert_eq!(row[column], expected, "{name}");
        }
        assert!(finding.as_object().unwrap().keys().all(|key| cells[0].contains(key)), "every key has a column");
    }
    assert!(matches!(book.column("findings", "row")[0], Data::Float(row) if row.to_bits() == 3.0_f64.to_bits()));
}
