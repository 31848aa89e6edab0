//! Cells that would be formulas, links, numbers or broken files elsewhere are text here, letter by letter.

use calamine::Data;

use super::{Book, Desk, text};

/// What stands in the file, and what the workbook has.
const HOSTILE: [(&str, &str); 20] = [
    ("=1+1", "=1+1"),
    ("=HYPERLINK(\"http://example.org\",\"x\")", "=HYPERLINK(\"http://example.org\",\"x\")"),
    ("+447700900123", "+447700900123"),
    ("-2+3", "-2+3"),
    ("@SUM(A1)", "@SUM(A1)"),
    ("{=1+1}", "{=1+1}"),
    ("https://example.org/?a=1&b=<2>", "https://example.org/?a=1&b=<2>"),
    ("mailto:a@example.org", "mailto:a@example.org"),
    ("internal:about!A1", "internal:about!A1"),
    ("O'Connor \"Ed\" <b>&amp;</b>", "O'Connor \"Ed\" <b>&amp;</b>"),
    ("'quoted", "'quoted"),
    ("\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{202e}abc", "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{202e}abc"),
    ("\u{1f98a}\u{200d}\u{1f9d1}", "\u{1f98a}\u{200d}\u{1f9d1}"),
    ("bell\u{7}escape\u{1b}[31m", "bell\u{fffd}escape\u{fffd}[31m"),
    ("not\u{ffff}a\u{fffe}character", "not\u{fffd}a\u{fffd}character"),
    ("2026-01-02", "2026-01-02"),
    ("1/2", "1/2"),
    ("TRUE", "TRUE"),
    ("1e400", "1e400"),
    ("#N/A", "#N/A"),
];

fn class(rows: impl Iterator<Item = (String, String)>) -> String {
    let questions: Vec<String> = (1..=25).map(|number| format!("q{number}")).collect();
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let answers: Vec<&str> = ["0", "1", "2"].into_iter().cycle().take(25).collect();
    let rows = rows.map(|(id, class)| format!("{},{},{}\n", quoted(&id), quoted(&class), answers.join(",")));
    format!("pupil_id,class,{}\n{}", questions.join(","), rows.collect::<String>())
}

fn assert_harmless(book: &Book) {
    for part in book.parts() {
        assert!(!part.contains("hyperlink") && !part.contains("externalLink") && !part.contains("calcChain"), "{part}");
        if part.starts_with("xl/worksheets/sheet") {
            let sheet = book.part(&part);
            assert!(!sheet.contains("<f>") && !sheet.contains("<f ") && !sheet.contains("<hyperlink"), "{part}");
        }
    }
}

#[test]
fn hostile_cells_are_text_in_every_list() {
    let desk = Desk::new();
    desk.write("class.csv", &class(HOSTILE.iter().enumerate().map(|(row, (cell, _))| (format!("P{row}"), (*cell).to_owned()))));
    let expected: Vec<Data> = HOSTILE.iter().map(|(_, cell)| text(cell)).collect();
    let scores = desk.book("score class.csv -i sdq-t4-17");
    assert_eq!(scores.column("scores", "class"), expected);
    assert_harmless(&scores);
    let flags = desk.book("flag class.csv -i sdq-t4-17 --all");
    assert_eq!(flags.column("flags", "class"), expected);
    assert_harmless(&flags);
}

#[test]
fn hostile_ids_are_text_in_every_list() {
    let desk = Desk::new();
    desk.write("class.csv", &class(HOSTILE.iter().map(|(id, _)| ((*id).to_owned(), "7A".to_owned()))));
    desk.write("later.csv", &class(HOSTILE.iter().rev().map(|(id, _)| ((*id).to_owned(), "7A".to_owned()))));
    let book = desk.book("score class.csv -i sdq-t4-17 --long --scales total");
    assert_eq!(book.column("scores", "pupil_id"), HOSTILE.map(|(_, id)| text(id)));
    assert_harmless(&book);
    let book = desk.book("compare class.csv later.csv -i sdq-t4-17 --scales total");
    let mut ids = book.column("changes", "pupil_id").iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut expected = HOSTILE.map(|(_, id)| id.to_owned()).to_vec();
    ids.sort();
    expected.sort();
    assert_eq!(ids, expected);
    assert_harmless(&book);
}

#[test]
fn hostile_headers_and_findings_are_text() {
    let desk = Desk::new();
    let questions: Vec<String> = (1..=25).map(|number| format!("q{number}")).collect();
    let header = format!("pupil_id,=1+1,{}", questions.join(","));
    desk.write("class.csv", &format!("{header}\nA,x,=2+2,{}\n", ["1"; 24].join(",")));
    let book = desk.book("score class.csv -i sdq-t4-17");
    assert_eq!(book.cells("scores")[0][1], text("=1+1"));
    assert_eq!(book.column("findings", "value"), [text("=2+2")]);
    assert_harmless(&book);
}

#[test]
fn long_names_stay_whole() {
    let desk = Desk::new();
    let name = "Wolfe\u{df}".repeat(40);
    assert!(name.chars().count() >= 200);
    desk.write("class.csv", &class([(name.clone(), "7A".to_owned())].into_iter()));
    let book = desk.book("score class.csv -i sdq-t4-17 --long --scales total");
    assert_eq!(book.column("scores", "pupil_id"), [text(&name)]);
}

#[test]
fn a_text_longer_than_a_cell_is_cut_with_a_mark() {
    let desk = Desk::new();
    let name = "x".repeat(40_000);
    desk.write("class.csv", &class([(name, "7A".to_owned())].into_iter()));
    let book = desk.book("score class.csv -i sdq-t4-17 --long --scales total");
    let cell = book.column("scores", "pupil_id")[0].to_string();
    assert_eq!(cell.chars().count(), 32_767);
    assert!(cell.ends_with("x [… cut here]"));
}
