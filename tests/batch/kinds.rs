//! Every kind of output in one job.

#![cfg(feature = "frames")]

use std::fs;

use crate::Desk;

const TERM: &str = r#"
[defaults]
instrument = "sdq-t4-17"

[[jobs]]
name = "7a"
baseline = "forms/before.csv"
responses = "forms/after.csv"
goals = "forms/goals.csv"
by = "class"

[jobs.outputs]
score = ["out/7a.csv", "out/7a.json", { file = "out/7a-long.csv", long = true }]
flag = { file = "out/7a.html", for = "staff", title = "Class 7A" }
compare = { file = "out/7a-changes.csv", internal = true }
meeting = "out/7a-meeting.html"
provision = "out/7a-provision.csv"
pupil = { file = "out/t01.html", pupil = ["T01"] }
"#;

fn desk() -> Desk {
    let desk = Desk::new();
    for (name, text) in [
        ("before", include_str!("../../fixtures/class-7a-teacher.csv")),
        ("after", include_str!("../../fixtures/class-7a-teacher-review.csv")),
        ("goals", include_str!("../../fixtures/class-7a-goals.csv")),
    ] {
        desk.write(&format!("forms/{name}.csv"), text);
    }
    desk.write("term.toml", TERM);
    desk
}

#[test]
fn a_job_writes_whatever_a_command_can() {
    let desk = desk();
    let first = desk.run();
    assert!(first.code < 2, "{}", first.err);
    let written = desk.names("out");
    for name in [
        "7a.csv",
        "7a.json",
        "7a-long.csv",
        "7a.html",
        "7a-changes.csv",
        "7a-changes.group.csv",
        "7a-changes.goals.csv",
        "7a-meeting.html",
        "7a-provision.csv",
        "t01.html",
    ] {
        assert!(written.iter().any(|file| file == name), "{name}: {written:?}\n{}", first.err);
    }
    assert_eq!(desk.run().err.lines().filter(|line| line.starts_with("7a: up to date")).count(), 1);
    // The goals are read by the comparison only, and the comparison is part of the job.
    desk.write("forms/goals.csv", &(desk.read("forms/goals.csv") + "\n"));
    assert!(desk.run().err.contains("7a: done, because new or changed: `forms/goals.csv`"));
}

/// The group's file is not named in the term file: that it gets in the way of another job's shows when it is written.
#[test]
fn a_file_beside_an_output_never_replaces_another_jobs() {
    let desk = desk();
    let other = "\n[[jobs]]\nname = \"7b\"\nresponses = \"forms/before.csv\"\noutputs = { score = \"out/7a-changes.group.csv\" }\n";
    desk.write("term.toml", &(TERM.to_owned() + other));
    let said = desk.run();
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("`out/7a-changes.group.csv") && said.err.contains("was written by job `7a` in this run already"),
        "{}",
        said.err
    );
    assert!(desk.read("out/7a-changes.group.csv").starts_with("scale,"), "{}", desk.read("out/7a-changes.group.csv"));
}

#[test]
fn names_hidden_by_one_key_are_hidden_by_the_same_codes_in_every_job() {
    let desk = desk();
    let job = |name: &str| format!("[[jobs]]\nname = \"{name}\"\noutputs = {{ score = \"out/{{job}}.csv\" }}\n");
    let defaults = "[defaults]\ninstrument = \"sdq-t4-17\"\nresponses = \"forms/before.csv\"\nhide-names = true\nkey = \"school.key\"\n";
    let jobs: Vec<String> = ["a", "b", "c", "d", "e", "f"].map(job).to_vec();
    desk.write("term.toml", &format!("{defaults}{}", jobs.concat()));
    let said = desk.run();
    assert!(said.code < 2, "{}", said.err);
    let first = desk.read("out/a.csv");
    assert!(!first.contains("T01"));
    for name in ["b", "c", "d", "e", "f"] {
        assert_eq!(desk.read(&format!("out/{name}.csv")), first, "{name}");
    }
    // Making the key is no reason to do everything again.
    let again = desk.run();
    assert_eq!(again.err.matches("up to date").count(), 6, "{}", again.err);
    assert!(!fs::read_to_string(desk.path("bandwise-run.json")).unwrap().contains(desk.read("school.key").trim()));
}
