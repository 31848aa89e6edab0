//! The working as the program prints it: one pupil's, and nobody else's.

use std::fs;

use super::filled::{folder_with, run};

const HEADER: &str = "pupil_id,q1,q2,q3,q4,q5,q6,q7,q8,q9,q10";

fn class() -> tempfile::TempDir {
    let rows = [
        "T01,1,1,1,1,1,1,1,1,1,0",
        "T02,1,2,1,0,2,1,0,2,3,",
        "T03,0,0,0,0,0,0,0,0,7,0",
        "t02,0,0,0,0,0,0,0,0,0,0",
        "T04,0,0,0,0,0,0,0,0,2,0",
    ];
    folder_with("class.csv", &format!("{HEADER}\n{}\n", rows.join("\n")))
}

fn working(folder: &tempfile::TempDir, more: &[&str]) -> super::filled::Printed {
    let mut arguments = vec!["working", "class.csv", "-i", "phq-9", "--pupil", "T02"];
    arguments.extend(more);
    run(folder.path(), &arguments)
}

#[test]
fn both_rows_of_a_pupil_are_shown_and_no_other() {
    let folder = class();
    let printed = working(&folder, &[]);
    assert_eq!(printed.code, 1, "the pupil stands twice, which is a problem: {}", printed.err);
    assert!(printed.out.contains("Working: T02, row 3 of class.csv"), "{}", printed.out);
    assert!(printed.out.contains("Working: t02, row 5 of class.csv"), "{}", printed.out);
    assert!(printed.out.contains("ALERT: question 9 (thoughts of self-harm) answered 3"), "{}", printed.out);
    assert!(printed.out.contains("1 + 2 + 1 + 0 + 2 + 1 + 0 + 2 + 3 = 12"), "{}", printed.out);
    assert!(printed.out.contains("moderate; the bands are 0 to 4 minimal, 5 to 9 mild, 10 to 14 moderate"), "{}", printed.out);
    for other in ["T01", "T03", "T04"] {
        assert!(!printed.out.contains(other) && !printed.err.contains(other), "{other}: {}{}", printed.out, printed.err);
    }
    assert!(printed.err.contains("[R003]"), "{}", printed.err);
    assert!(!printed.err.contains("[R002]"), "the cell of another pupil is not told: {}", printed.err);
    assert!(printed.err.contains("3 other responses of the file have an alert: `bandwise flag` lists them."), "{}", printed.err);
}

#[test]
fn rows_have_every_answer_every_term_and_every_step() {
    let folder = class();
    let printed = working(&folder, &["-o", "working.csv"]);
    assert!(printed.err.contains("ALERTS: 1 response"), "{}", printed.err);
    assert!(printed.err.contains("the working of 2 responses written to `working.csv`"), "{}", printed.err);
    let mut reader = csv::Reader::from_path(folder.path().join("working.csv")).unwrap();
    let rows: Vec<std::collections::BTreeMap<String, String>> = reader.deserialize().map(|row| row.unwrap()).collect();
    let of = |step: &str| rows.iter().filter(|row| row["step"] == step && row["row"] == "3").count();
    // The nine questions of the total, and the two of the short form.
    assert_eq!((of("answer"), of("term"), of("alert"), of("sum"), of("score"), of("band")), (10, 11, 1, 2, 2, 1));
    let answer = rows.iter().find(|row| row["step"] == "answer" && row["question"] == "2").unwrap();
    assert_eq!(
        (&*answer["column"], &*answer["header"], &*answer["cell"], &*answer["code"], &*answer["words"]),
        ("C", "q2", "2", "2", "More than half the days")
    );
    let score = rows.iter().find(|row| row["step"] == "score" && row["scale"] == "total").unwrap();
    assert_eq!((&*score["scale"], &*score["value"], &*score["words"]), ("total", "12", "12"));
    let provenance = fs::read_to_string(folder.path().join("working.csv.provenance.json")).unwrap();
    assert!(provenance.contains("\"pupil\": \"T02\""), "{provenance}");
}

#[test]
fn json_has_only_what_concerns_the_pupil() {
    let folder = class();
    let printed = working(&folder, &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&printed.out).unwrap();
    assert!(json["rows"].as_array().unwrap().len() > 30);
    assert_eq!(json["findings"].as_array().unwrap().len(), 1, "{}", json["findings"]);
    assert!(!printed.out.contains("T03"), "{}", printed.out);
}

#[test]
fn whoever_is_not_there_is_said_not_guessed() {
    let folder = class();
    let printed = run(folder.path(), &["working", "class.csv", "-i", "phq-9", "--pupil", "T2", "-o", "working.csv"]);
    assert_eq!(printed.code, 2);
    assert!(printed.err.contains("none of 5 responses is about pupil `T2`"), "{}", printed.err);
    assert!(!folder.path().join("working.csv").exists());
}

#[test]
fn a_row_without_a_name_goes_by_its_number() {
    let folder = folder_with("class.csv", "q1,q2,q3,q4,q5,q6,q7,q8,q9,q10\n0,0,0,0,0,0,0,0,0,0\n1,1,1,1,1,1,1,1,0,0\n");
    let printed = run(folder.path(), &["working", "class.csv", "-i", "phq-9", "--pupil", "row 3"]);
    assert_eq!(printed.code, 0, "{}", printed.err);
    assert!(printed.out.contains("= 8\n"), "{}", printed.out);
    let printed = run(folder.path(), &["working", "class.csv", "-i", "phq-9", "--pupil", "T01"]);
    assert!(printed.err.contains("--pupil \"row 7\""), "{}", printed.err);
}

#[test]
fn several_forms_are_worked_out_one_after_the_other() {
    let header = format!("{HEADER},nervous,worry,worry-too-much,relax,restless,irritable,afraid");
    let folder = folder_with("class.csv", &format!("{header}\nT02,1,1,1,1,1,1,1,1,0,0,1,1,1,1,1,1,1\n"));
    let printed = run(folder.path(), &["working", "class.csv", "-i", "phq-9", "-i", "who-5", "--pupil", "T02"]);
    assert_eq!(printed.code, 2, "the file has no WHO-5");
    let both = format!(
        "pupil_id,{}",
        ["sdq", "who"]
            .iter()
            .flat_map(|form| (1..=if *form == "sdq" { 10 } else { 5 }).map(move |number| format!("{form}{number}")))
            .collect::<Vec<_>>()
            .join(",")
    );
    let folder = folder_with("class.csv", &format!("{both}\nT02,1,1,1,1,1,1,1,1,0,0,1,1,1,1,1\n"));
    let printed = run(folder.path(), &["working", "class.csv", "-i", "phq-9", "-i", "who-5", "--pupil", "T02"]);
    assert_eq!(printed.code, 0, "{}", printed.err);
    assert_eq!(printed.out.matches("Working: T02, row 2 of class.csv").count(), 2, "{}", printed.out);
    assert!(printed.out.contains("(phq-9)") && printed.out.contains("(who-5)"), "{}", printed.out);
}

#[test]
fn a_row_that_could_not_be_used_says_why() {
    let folder =
        folder_with("class.csv", &format!("{HEADER},completed by\nT02,1,1,1,1,1,1,1,1,0,0,teacher\nT05,1,1,1,1,1,1,1,1,0,0,self\n"));
    let printed = working(&folder, &[]);
    assert_eq!(printed.code, 1, "{}", printed.err);
    assert!(printed.out.contains("not scored: completed by somebody else"), "{}", printed.out);
}

#[test]
fn hidden_names_stay_hidden() {
    let folder = class();
    let printed = working(&folder, &["--hide-names", "--key", "secret.key"]);
    assert!(printed.out.contains("row 3 of class.csv"), "{}", printed.out);
    assert!(!printed.out.contains("T02") && !printed.out.contains("t02"), "{}", printed.out);
}
