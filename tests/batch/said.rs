//! What a run says: the closing table, the alerts last, the starter.

use std::fs;

use crate::Desk;

#[test]
fn alerts_are_the_last_thing_that_is_said_also_of_jobs_that_are_up_to_date() {
    let desk = Desk::new();
    desk.answers("elm", &["0,0,0,0,0,0,0,0,2"]);
    let first = desk.run();
    let tail: Vec<&str> = first.err.lines().rev().take(5).collect();
    assert!(tail[4].starts_with("ALERTS: 2 responses."), "{}", first.err);
    assert_eq!((tail[3], tail[1]), ("  oak", "  elm"));
    assert!(tail[2].starts_with("    oak-1, row 2 of oak.csv: ") && tail[0].starts_with("    elm-1, row 2 of elm.csv: "), "{}", first.err);
    let again = desk.run();
    assert_eq!(again.code, 3);
    let tail: Vec<&str> = again.err.lines().rev().take(5).collect();
    assert!(tail[4].starts_with("ALERTS: 2 responses."), "{}", again.err);
    assert_eq!((tail[3], tail[1]), ("  oak (as before)", "  elm (as before)"));
}

/// A job that cannot be read at all had an alert last time: nobody has looked at it because a file is gone.
#[test]
fn the_alerts_of_a_job_that_cannot_be_done_are_not_lost() {
    let desk = Desk::new();
    desk.run();
    fs::remove_file(desk.path("forms/oak.csv")).unwrap();
    let said = desk.run();
    assert_eq!(said.code, 2);
    assert!(said.err.contains("  oak (from the last time that it was done)\n    oak-1, row 2 of oak.csv"), "{}", said.err);
}

#[test]
fn one_table_closes_the_run() {
    let desk = Desk::new();
    desk.write("pupils.csv", "pupil_id,surname,forename\noak-1,Ash,Ada\noak-2,Birch,Ben\noak-3,Cedar,Cem\n");
    desk.write("term.toml", &crate::TERM.replacen("name = \"oak\"", "name = \"oak\"\npupils = \"pupils.csv\"", 1));
    desk.answers("oak", &["1,1,1,1,1,1,1,1,1", "3,3,3,3,3,3,3,3,0", "0,0,0,0,0,0,0,9,0"]);
    let table = desk.run_with(&["--format", "csv"]).out;
    assert_eq!(
        table,
        "job,result,responses,scored,flagged,alerts,refused_cells,missing_pupils,outputs\n\
         oak,done,3,2,1,1,1,0,4\n\
         elm,done,1,1,0,0,0,,2\n"
    );
    desk.answers("oak", &["1,1,1,1,1,1,1,1,1"]);
    let json: serde_json::Value = serde_json::from_str(&desk.run_with(&["--format", "json"]).out).unwrap();
    assert_eq!(json[0]["missing_pupils"], 2);
    assert_eq!((&json[0]["id"], &json[1]["result"]), (&"oak".into(), &"up to date".into()));
    let text = desk.run().out;
    assert!(
        text.lines()
            .any(|line| line.split_whitespace().collect::<Vec<_>>() == ["elm", "up", "to", "date", "1", "1", "0", "0", "0", "-", "2"]),
        "{text}"
    );
    assert!(text.ends_with("Screening, not diagnosis: what a score can say, and what it cannot, stands in each file.\n"));
}

#[test]
fn the_record_says_which_cell_a_finding_is_about() {
    let desk = Desk::new();
    desk.answers("elm", &["0,0,0,0,0,0,0,9,0"]);
    desk.run();
    let record = desk.record();
    let job = &record["terms"]["term.toml"]["jobs"][1];
    assert_eq!(job["name"], "elm");
    assert_eq!(job["counts"]["refused_cells"], 1);
    let finding = &job["findings"][0];
    assert_eq!((&finding["code"], &finding["row"], &finding["value"]), (&"R002".into(), &2.into(), &"9".into()), "{finding}");
    let hash = job["basis"]["definitions"][0]["sha256"].as_str().unwrap();
    assert!(record["definitions"][hash]["text"].as_str().unwrap().contains("phq-9"));
}

#[cfg(unix)]
#[test]
fn the_record_and_the_outputs_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    desk.run();
    for file in ["bandwise-run.json", "out/oak.csv", "out/oak.csv.provenance.json"] {
        assert_eq!(fs::metadata(desk.path(file)).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
}

#[test]
fn the_starter_is_sound_and_never_replaces_a_file() {
    let desk = Desk::new();
    let written = desk.command(&["run", "--new", "spring.toml"]).output().unwrap();
    assert_eq!(written.status.code(), Some(0));
    // Its job finds no file yet; everything else in it is understood.
    let dry = desk.command(&["run", "--dry-run", "spring.toml"]).output().unwrap();
    let said = String::from_utf8(dry.stdout).unwrap();
    let starter = desk.read("spring.toml");
    assert!(said.contains("year-7: cannot be done: no file fits `forms/year-7-*.csv`"), "{said}");
    let again = desk.command(&["run", "--new", "spring.toml"]).output().unwrap();
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(desk.read("spring.toml"), starter);
}

/// What is commented out is sound too.
#[cfg(feature = "frames")]
#[test]
fn the_starter_with_everything_in_it_is_sound() {
    let desk = Desk::new();
    desk.command(&["run", "--new", "spring.toml"]).output().unwrap();
    desk.write("forms/year-7-autumn.csv", &desk.read("forms/oak.csv"));
    let starter = desk.read("spring.toml").replace("sdq-t4-17", "phq-9");
    let is_key = |line: &str| ["pupils ", "map ", "baseline ", "missing ", "compare "].iter().any(|key| line.starts_with(key));
    let all: Vec<&str> = starter.lines().map(|line| line.strip_prefix("# ").filter(|line| is_key(line)).unwrap_or(line)).collect();
    desk.write("all.toml", &all.join("\n"));
    fs::create_dir(desk.path("last-term")).unwrap();
    for read in ["pupils.csv", "columns.toml", "last-term/year-7.csv"] {
        desk.write(read, "");
    }
    let dry = desk.command(&["run", "--dry-run", "all.toml"]).output().unwrap();
    let said = String::from_utf8(dry.stdout).unwrap() + &String::from_utf8(dry.stderr).unwrap();
    assert!(said.contains("compare: out/year-7-changes.xlsx") && said.contains("missing: out/year-7-missing.xlsx"), "{said}");
}
