use std::fs;

use assert_cmd::Command;
use tempfile::TempDir;

fn run(folder: &TempDir, line: &str) -> (i32, String, String) {
    let mut command = Command::cargo_bin("bandwise").unwrap();
    command.current_dir(folder.path()).env_clear().env("NO_COLOR", "1").args(line.split_whitespace());
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_view_goes_to_standard_output_or_into_a_file() {
    let folder = TempDir::new().unwrap();
    let (code, out, err) = run(&folder, "sql -i sdq-t4-17 --dialect postgres --table school.answers --with impact --keep class --age age");
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(
        out.starts_with("-- Strengths and Difficulties Questionnaire, teacher, ages 4-17") && out.contains("FROM \"school\".\"answers\"")
    );
    let (code, printed, _) =
        run(&folder, "sql -i sdq-t4-17 --dialect postgres --table school.answers --with impact --keep class --age age -o view.sql");
    assert_eq!((code, printed.as_str()), (0, ""));
    assert_eq!(fs::read_to_string(folder.path().join("view.sql")).unwrap(), out);
}

#[test]
fn what_cannot_be_done_is_said_and_nothing_is_written() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("map.toml"), "[items]\nobey = \"Q7\"\n").unwrap();
    for (line, expected) in [
        ("sql -i sdq-t4-17 --dialect sqlite", "it should be duckdb, postgres or spark"),
        ("sql -i sdq-t4-17 --dialect duckdb --with impct -o view.sql", "did you mean `impact`?"),
        ("sql -i sdq-t4-17 --dialect duckdb --scales totl -o view.sql", "did you mean `total`?"),
        ("sql -i sdq-t4-17 --dialect duckdb --columns map.toml -o view.sql", "did you mean `obeys`?"),
        ("sql -i sdq-t4-17 --dialect duckdb --choose impact-rule -o view.sql", "should be NAME=VALUE"),
    ] {
        let (code, out, err) = run(&folder, line);
        assert_eq!((code, out.as_str()), (2, ""), "{line}");
        assert!(err.contains(expected), "{line}\n{err}");
        assert!(!folder.path().join("view.sql").exists());
    }
}
