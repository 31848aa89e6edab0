//! The file itself: the same bytes twice, for its owner only, whole or not at all.

use std::fs;

use super::{Book, Desk};

const LINES: [&str; 4] = [
    "score class-7a-teacher.csv -i sdq-t4-17",
    "flag class-7a-teacher.csv -i sdq-t4-17",
    "working class-7b-typed.csv -i sdq-t4-17 --pupil B03",
    "compare class-7b-typed.csv class-7b-review.csv -i sdq-t4-17 --internal --goals class-7b-goals.csv",
];

#[test]
fn the_same_input_is_the_same_bytes_in_a_file_and_in_a_pipe() {
    let desk = Desk::new();
    for line in LINES {
        let first = desk.book(line).0;
        assert!(first == desk.book(line).0, "{line}: the same twice");
        let piped = desk.run(&format!("{line} --format xlsx")).out;
        assert!(first == piped, "{line}: the same in a pipe");
    }
}

#[test]
fn a_workbook_carries_its_provenance_and_nothing_stands_beside_it() {
    let desk = Desk::new();
    let before = desk.names();
    let book = desk.book("score class-7b-typed.csv -i sdq-t4-17 --missing 7");
    let mut after = desk.names();
    after.retain(|name| !before.contains(name));
    assert_eq!(after, ["out.xlsx"]);
    let about: Vec<String> = book.texts("about").into_iter().map(|row| row.join(" | ")).collect();
    let json: serde_json::Value =
        serde_json::from_slice(&desk.run("score class-7b-typed.csv -i sdq-t4-17 --missing 7 --format json").out).unwrap();
    let provenance = &json["provenance"];
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    for expected in [
        format!("tool | bandwise {}", env!("CARGO_PKG_VERSION")),
        format!(
            "definition | version {}, SHA-256 {}",
            word(&provenance["instruments"][0]["version"]),
            word(&provenance["instruments"][0]["sha256"])
        ),
        format!("bands | {}: {}", word(&provenance["instruments"][0]["bands"]), word(&provenance["instruments"][0]["bands_source"])),
        format!("input | class-7b-typed.csv, SHA-256 {}", word(&provenance["inputs"][0]["sha256"])),
        "option | --missing 7".to_owned(),
    ] {
        assert!(about.contains(&expected), "{expected}\n{about:#?}");
    }
    for notice in provenance["notices"].as_array().unwrap() {
        assert!(about.iter().any(|line| line.ends_with(notice.as_str().unwrap())), "{notice}");
    }
    assert!(about[0].starts_with("read first | Screening, not diagnosis"), "{}", about[0]);
    assert!(!book.part("docProps/core.xml").contains("202"), "no clock: {}", book.part("docProps/core.xml"));
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    for line in LINES {
        desk.book(line);
        assert_eq!(fs::metadata(desk.path("out.xlsx")).unwrap().permissions().mode() & 0o777, 0o600, "{line}");
    }
}

#[test]
fn an_old_file_stays_whole_when_the_command_fails() {
    let desk = Desk::new();
    desk.write("broken.csv", "pupil_id,q1\nA,\"1\n");
    let old = desk.book(LINES[0]).0;
    let before = desk.names();
    for line in [
        "score broken.csv -i sdq-t4-17",
        "score class-7b-typed.csv -i sdq-t4-17 --strict",
        "flag class-7b-typed.csv -i sdq-t4-17 --strict",
        "working class-7b-typed.csv -i sdq-t4-17 --pupil nobody",
        "compare class-7b-typed.csv broken.csv -i sdq-t4-17",
    ] {
        let run = desk.run(&format!("{line} -o out.xlsx"));
        assert_eq!((run.code, run.out.as_slice()), (2, b"".as_slice()), "{line}: {}", run.err);
        assert!(fs::read(desk.path("out.xlsx")).unwrap() == old, "{line}");
        assert_eq!(desk.names(), before, "{line}");
    }
}

#[test]
fn an_extension_and_a_format_must_agree() {
    let desk = Desk::new();
    let run = desk.run("score class-7a-teacher.csv -i sdq-t4-17 -o x.xlsx --format csv");
    assert_eq!((run.code, run.err.as_str()), (2, "error: `x.xlsx` and `--format` name two different formats\n"));
    let run = desk.run("score class-7a-teacher.csv -i sdq-t4-17 -o X.XLSX --format xlsx");
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(Book(fs::read(desk.path("X.XLSX")).unwrap()).sheets(), ["scores", "findings", "about"]);
}

#[test]
fn the_chase_list_keeps_its_own_workbook_in_a_pipe_too() {
    let desk = Desk::new();
    desk.write("pupils.csv", "pupil_id,name\nB01,Ada Example\nZ99,Ben Sample\n");
    let line = "missing class-7b-typed.csv -i sdq-t4-17 --pupils pupils.csv";
    let book = desk.book(line);
    assert_eq!(book.sheets(), ["forms", "about"]);
    assert!(book.part("xl/worksheets/sheet1.xml").contains("<dataValidation "));
    assert!(desk.run(&format!("{line} --format xlsx")).out == book.0);
}
