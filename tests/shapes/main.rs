//! One invented class in every shape that schools have it in: the same scores to the byte, and a note of what the file was taken for.
//!
//! The workbooks in `tests/fixtures/shapes` hold this class too; they were written by openpyxl, xlwt and odfpy.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod exports;
mod mutations;
mod refused;
mod workbooks;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// Pupil, name, answers to the twenty-five questions of the SDQ.
const CLASS: [(&str, &str, [u8; 25]); 3] = [
    ("007", "Ana Made-Up", [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 1]),
    ("7B", "Jos\u{e9} O\u{2019}Connor", [1; 25]),
    ("X03", "Zo\u{eb} Invented", [2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 0]),
];

/// The scores of the class, as the plainest file has them; by the rules of the form they were worked out by hand.
const SCORES: [[&str; 6]; 3] = [["5", "7", "4", "5", "4", "21"], ["5", "5", "5", "5", "5", "20"], ["6", "4", "6", "7", "5", "23"]];

struct Printed {
    code: i32,
    out: String,
    err: String,
}

/// Scores a file of the class; the columns are pupil, five scales and the total.
fn score(name: &str, bytes: &[u8], more: &str) -> Printed {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    run(folder.path(), &format!("score {name} -i sdq-t4-17 --format csv --long {more}"))
}

fn run(folder: &Path, line: &str) -> Printed {
    let mut command = Command::cargo_bin("bandwise").unwrap();
    command.current_dir(folder).env_clear().env("NO_COLOR", "1").args(line.split_whitespace());
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Printed { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// The plain file: comma, UTF-8, codes, short names of the columns.
fn plain() -> String {
    let rows = CLASS.iter().map(|(id, name, answers)| format!("{id},{name},{}\n", codes(answers).join(",")));
    format!("pupil_id,name,{}\n{}", questions("q").join(","), rows.collect::<String>())
}

fn questions(prefix: &str) -> Vec<String> {
    (1..=25).map(|number| format!("{prefix}{number}")).collect()
}

fn codes(answers: &[u8]) -> Vec<String> {
    answers.iter().map(ToString::to_string).collect()
}

fn labels(answers: &[u8]) -> Vec<&'static str> {
    answers.iter().map(|code| ["Not true", "Somewhat true", "Certainly true"][usize::from(*code)]).collect()
}

/// What the plain file comes to.
fn expected() -> String {
    score("class.csv", plain().as_bytes(), "").out
}

#[test]
fn the_plain_file_has_the_scores_that_were_worked_out_by_hand() {
    let printed = score("class.csv", plain().as_bytes(), "");
    assert_eq!(printed.code, 0, "{}", printed.err);
    let mut reader = csv::Reader::from_reader(printed.out.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    for ((id, _, _), scores) in CLASS.iter().zip(SCORES) {
        for (scale, score) in ["emotional", "conduct", "hyperactivity", "peer", "prosocial", "total"].iter().zip(scores) {
            let row = rows.iter().find(|row| &row[0] == *id && &row[2] == *scale).unwrap();
            assert_eq!(&row[3], score, "{id} {scale}");
        }
    }
    assert!(!printed.err.contains("T010"), "nothing was taken for granted: {}", printed.err);
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let mark = std::iter::once(0xfeff);
    mark.chain(text.encode_utf16()).flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn windows_1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|character| match character {
            '\u{2019}' => 0x92,
            other => u8::try_from(u32::from(other)).unwrap(),
        })
        .collect()
}

#[test]
fn every_encoding_and_separator_gives_the_same_bytes() {
    let plain = plain();
    let semicolons = plain.replace(',', ";");
    let tabs = plain.replace(',', "\t");
    let marked = |text: &str| [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    let cases: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        ("utf-8 with a mark", marked(&plain), "", ""),
        ("semicolons", semicolons.clone().into_bytes(), "", "its columns are separated by semicolons"),
        ("semicolons with a mark", marked(&semicolons), "", "semicolons"),
        ("tabs", tabs.clone().into_bytes(), "", "its columns are separated by tabs"),
        ("sep=;", format!("sep=;\r\n{semicolons}").into_bytes(), "", "semicolons"),
        ("sep=, and a mark", marked(&format!("sep=,\n{plain}")), "", ""),
        ("carriage returns and line feeds", plain.replace('\n', "\r\n").into_bytes(), "", ""),
        ("carriage returns", plain.replace('\n', "\r").into_bytes(), "", ""),
        ("unicode text of a spreadsheet", utf16(&tabs, false), "", "read as utf-16le, its columns are separated by tabs"),
        ("the other byte order", utf16(&plain, true), "", "read as utf-16be"),
        ("the code page of Windows", windows_1252(&plain), "", "read as windows-1252"),
        ("the same with semicolons", windows_1252(&semicolons), "", "read as windows-1252, its columns are separated by semicolons"),
        ("said to be what it is", windows_1252(&plain), "--encoding windows-1252", ""),
        ("without a mark", utf16(&plain, false)[2..].to_vec(), "--encoding utf-16le", ""),
        ("pipes", plain.replace(',', "|").into_bytes(), "--delimiter |", ""),
    ];
    let expected = expected();
    for (case, bytes, more, note) in cases {
        let printed = score("class.csv", &bytes, more);
        assert_eq!((printed.out.as_str(), printed.code), (expected.as_str(), 0), "{case}: {}", printed.err);
        assert_eq!(printed.err.contains("T010"), !note.is_empty(), "{case}: {}", printed.err);
        assert!(printed.err.contains(note), "{case}: {}", printed.err);
    }
}

#[test]
fn names_are_the_same_letters_in_every_encoding() {
    for bytes in [plain().into_bytes(), windows_1252(&plain()), utf16(&plain(), false)] {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("class.csv"), bytes).unwrap();
        let printed = run(folder.path(), "score class.csv -i sdq-t4-17 --format csv --scales total");
        assert!(printed.out.contains("7B,Jos\u{e9} O\u{2019}Connor,20,"), "{}", printed.out);
    }
}
