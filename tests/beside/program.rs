//! `bandwise check --evidence --pathway`: the same pupils as in the responses, and nobody named who should not be.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

fn check(folder: &Path, more: &[&str]) -> (Option<i32>, String) {
    fs::write(folder.join("class.csv"), include_str!("../fixtures/tidy.csv")).unwrap();
    let mut command = Command::cargo_bin("bandwise").unwrap();
    let output =
        command.current_dir(folder).env("NO_COLOR", "1").args(["check", "class.csv", "-i", "sdq-t4-17"]).args(more).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// The ids of the responses that the tests are about.
fn ids() -> Vec<&'static str> {
    include_str!("../fixtures/tidy.csv").lines().skip(1).filter_map(|line| line.split(',').next()).collect()
}

#[test]
fn the_class_and_the_school_are_understood() {
    let mut command = Command::cargo_bin("bandwise").unwrap();
    let files = ["--evidence", "fixtures/class-7a-evidence.csv", "--pathway", "fixtures/class-7a-pathway.toml"];
    let output = command.args(["check", "fixtures/class-7a-teacher.csv", "-i", "sdq-t4-17"]).args(files).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("has 4 measures (`attendance (%)`, `behaviour points`, `reading age`, `clubs`) of 30 pupils."), "{told}");
    assert!(told.contains("has 6 stages, 3 next steps, 2 routes and 5 entries of the school's own tiers."), "{told}");
}

#[test]
fn hidden_pupils_stay_hidden_and_are_found_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let known = ids()[0].to_lowercase();
    fs::write(folder.path().join("evidence.csv"), format!("pupil_id,late\n{known},1\nNobody Known,2\n")).unwrap();
    let open = ["--evidence", "evidence.csv"];
    let (code, told) = check(folder.path(), &open);
    assert_eq!(code, Some(1));
    assert!(told.contains("of 1 pupil.") && told.contains("Nobody Known"), "{told}");
    fs::write(folder.path().join("evidence.csv"), format!("pupil_id,late\n{},1\nNobody Known,2\n", ids()[0])).unwrap();
    let (code, told) = check(folder.path(), &["--evidence", "evidence.csv", "--hide-names", "--key", "class.key"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("[C022]") && told.contains("of 1 pupil."), "{told}");
    assert!(!told.contains("Nobody Known"), "{told}");
}

#[test]
fn nothing_is_said_of_whoever_withdrew_consent() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("withdrawn.csv"), format!("pupil_id\n{}\n", ids()[0])).unwrap();
    fs::write(folder.path().join("evidence.csv"), format!("pupil_id,late\n{},1\n{},2\n", ids()[0], ids()[1])).unwrap();
    let (code, told) = check(folder.path(), &["--evidence", "evidence.csv", "--exclude", "withdrawn.csv"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("`evidence.csv` has 1 measure (`late`) of 1 pupil."), "{told}");
    assert!(!told.contains("[C022]"), "{told}");
}

#[test]
fn what_is_read_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("pupil_id,late\n{},1\n", ids()[0]);
    fs::write(folder.path().join("evidence.txt"), &text).unwrap();
    for output in ["-o", "--findings"] {
        let (code, told) = check(folder.path(), &["--evidence", "evidence.txt", output, "evidence.txt"]);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains("`evidence.txt` is read"), "{told}");
        assert_eq!(fs::read_to_string(folder.path().join("evidence.txt")).unwrap(), text);
    }
}
