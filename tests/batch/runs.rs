//! What is done, what is left alone, and the exit code.

use std::fs;

use crate::{Desk, OUTPUTS};

#[test]
fn every_output_is_what_its_command_writes() {
    let desk = Desk::new();
    assert_eq!(desk.run().code, 3);
    assert_eq!(desk.names("out"), OUTPUTS);
    fs::create_dir(desk.path("alone")).unwrap();
    for (command, name, file) in
        [("score", "oak.csv", "forms/oak.csv"), ("flag", "oak-flags.csv", "forms/oak.csv"), ("score", "elm.csv", "forms/elm.csv")]
    {
        let output = format!("alone/{name}");
        assert!(desk.command(&[command, file, "-i", "phq-9", "-o", &output]).output().unwrap().status.code().is_some_and(|code| code < 2));
        assert_eq!(desk.read(&output), desk.read(&format!("out/{name}")), "{name}");
        let provenance = format!("{name}.provenance.json");
        assert_eq!(desk.read(&format!("alone/{provenance}")), desk.read(&format!("out/{provenance}")), "{provenance}");
    }
}

#[test]
fn a_file_means_the_same_wherever_the_run_is_started() {
    let (here, there) = (Desk::new(), Desk::new());
    here.run();
    let path = there.path("term.toml");
    let output = here.command(&["run", path.to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(there.files("out"), here.files("out"));
    assert_eq!(there.read("bandwise-run.json"), here.read("bandwise-run.json"));
}

#[test]
fn the_provenance_names_the_hash_of_its_data() {
    use sha2::Digest as _;
    let desk = Desk::new();
    desk.run();
    for name in OUTPUTS.iter().filter(|name| !name.contains("provenance")) {
        let provenance: serde_json::Value = serde_json::from_str(&desk.read(&format!("out/{name}.provenance.json"))).unwrap();
        let hash = bandwise::provenance::hexadecimal(&sha2::Sha256::digest(desk.read(&format!("out/{name}"))));
        assert_eq!(provenance["output"], serde_json::json!({"name": name, "sha256": hash}));
        let recorded = desk.record()["terms"]["term.toml"]["jobs"].as_array().unwrap().iter().any(|job| {
            let outputs = job["outputs"].as_array().unwrap();
            outputs.iter().any(|output| output["file"] == format!("out/{name}") && output["sha256"] == hash)
        });
        assert!(recorded, "{name}");
    }
}

/// Up to date means untouched: not even the time of a file changes.
#[test]
fn what_is_up_to_date_is_not_touched() {
    let desk = Desk::new();
    desk.run();
    let times = || -> Vec<_> {
        let mut files: Vec<_> = fs::read_dir(desk.path("out")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.push(desk.path("bandwise-run.json"));
        files.sort();
        files.iter().map(|file| fs::metadata(file).unwrap().modified().unwrap()).collect()
    };
    let before = times();
    let again = desk.run();
    assert_eq!(times(), before);
    assert_eq!(again.code, 3);
    assert!(again.err.contains("oak: up to date") && again.err.contains("elm: up to date"), "{}", again.err);
}

/// Something that is other than at the last run, and what the next run says of it.
type Change = (fn(&Desk), &'static str);

const CHANGES: [Change; 7] = [
    (|desk| desk.append("forms/elm.csv", "elm-9,0,0,0,0,0,0,0,0,0\n"), "new or changed: `forms/elm.csv`"),
    (
        |desk| desk.replace("term.toml", "score = \"out/elm.csv\"", "score = { file = \"out/elm.csv\", long = true }"),
        "its options or outputs",
    ),
    (|desk| fs::remove_file(desk.path("out/elm.csv")).unwrap(), "`out/elm.csv` is not there"),
    (|desk| desk.append("out/elm.csv", "elm-9,,,\n"), "`out/elm.csv` is not as it was written"),
    (|desk| fs::remove_file(desk.path("out/elm.csv.provenance.json")).unwrap(), "`out/elm.csv.provenance.json` is not there"),
    (
        |desk| desk.replace("bandwise-run.json", "\"name\": \"elm\",\n          \"basis\": {\n            \"version\": \"", "$&9."),
        "bandwise was 9.",
    ),
    (|desk| desk.replace("bandwise-run.json", "\"name\": \"elm\"", "\"name\": \"ash\""), "it has not run yet"),
];

#[test]
fn whatever_an_output_depends_on_makes_its_job_run_again() {
    for (change, expected) in CHANGES {
        let desk = Desk::new();
        desk.run();
        change(&desk);
        let said = desk.run().err;
        let done: Vec<&str> = said.lines().filter(|line| line.contains("done, because")).collect();
        assert!(done.len() == 1 && done[0].starts_with("elm: done, because ") && done[0].contains(expected), "{expected}: {said}");
        assert!(desk.run().err.contains("elm: up to date"), "{expected}");
    }
}

/// A class that handed in late: the pattern finds it.
#[test]
fn a_file_that_a_pattern_finds_now_makes_its_job_run_again() {
    let desk = Desk::new();
    desk.replace("term.toml", "forms/{job}.csv", "forms/{job}*.csv");
    desk.run();
    desk.write("forms/elm-late.csv", &desk.read("forms/elm.csv").replace("elm-1", "elm-7"));
    let said = desk.run();
    assert!(said.err.contains("elm: done, because new or changed: `forms/elm-late.csv`"), "{}", said.err);
    assert!(said.err.contains("oak: up to date"), "{}", said.err);
    assert!(desk.read("out/elm.csv").contains("elm-7"));
    fs::remove_file(desk.path("forms/elm-late.csv")).unwrap();
    let said = desk.run();
    assert!(said.err.contains("elm: done, because no longer read: `forms/elm-late.csv`"), "{}", said.err);
    assert!(!desk.read("out/elm.csv").contains("elm-7"));
}

#[test]
fn force_runs_what_is_up_to_date_and_gives_the_same_bytes() {
    let desk = Desk::new();
    desk.run();
    let (before, record) = (desk.files("out"), desk.read("bandwise-run.json"));
    let forced = desk.run_with(&["--force"]);
    assert_eq!(forced.err.matches("done, because `--force` was asked for").count(), 2, "{}", forced.err);
    assert_eq!((desk.files("out"), desk.read("bandwise-run.json")), (before, record));
}

#[test]
fn threads_change_nothing() {
    let (one, many) = (Desk::new(), Desk::new());
    let (first, second) = (one.run_with(&["--threads", "1"]), many.run_with(&["--threads", "8"]));
    assert_eq!((first.out, first.err), (second.out, second.err));
    assert_eq!((one.files("out"), one.read("bandwise-run.json")), (many.files("out"), many.read("bandwise-run.json")));
}

#[test]
fn a_dry_run_says_what_would_happen_and_writes_nothing() {
    let desk = Desk::new();
    let dry = desk.run_with(&["--dry-run"]);
    assert_eq!(dry.code, 0);
    assert!(dry.out.contains("oak: would be run, with 1 file of responses: it has not run yet"), "{}", dry.out);
    assert_eq!((desk.names("."), desk.names("out")), (vec!["term.toml".to_owned()], Vec::new()));
    desk.run();
    fs::remove_file(desk.path("forms/elm.csv")).unwrap();
    desk.write("out/.bandwise-000000.part", "half a class");
    let before = (desk.files("."), desk.files("out"));
    let dry = desk.run_with(&["--dry-run"]);
    assert_eq!(dry.code, 2);
    assert!(
        dry.out.contains("oak: is up to date") && dry.out.contains("elm: cannot be done: `forms/elm.csv` cannot be read"),
        "{}",
        dry.out
    );
    assert!(dry.out.contains("1 temporary file in `out` that a stopped program left behind: would be removed"), "{}", dry.out);
    assert_eq!((desk.files("."), desk.files("out")), before);
}

#[test]
fn a_job_that_fails_leaves_its_files_and_does_not_stop_the_others() {
    let desk = Desk::new();
    desk.run();
    let before = desk.files("out");
    // Its second output cannot be made, when its first one is whole already.
    desk.write(
        "term.toml",
        &crate::TERM.replace("flag = \"out/oak-flags.csv\"", "flag = { file = \"out/oak-flags.csv\", at = \"purple\" }"),
    );
    desk.answers("oak", &["3,3,3,3,3,3,3,3,3"]);
    desk.answers("elm", &["0,0,0,0,0,0,0,0,1"]);
    let failed = desk.run();
    assert_eq!(failed.code, 2);
    assert!(failed.err.contains("oak: NOT DONE, and its files are as they were"), "{}", failed.err);
    assert!(failed.err.contains("has no level `purple`"), "{}", failed.err);
    assert!(failed.err.contains("elm: done, because"), "{}", failed.err);
    let after = desk.files("out");
    assert_eq!(after["oak.csv"], before["oak.csv"]);
    assert_eq!(after["oak-flags.csv"], before["oak-flags.csv"]);
    assert_ne!(after["elm.csv"], before["elm.csv"]);
    assert_eq!(desk.left_behind(), [""; 0]);
    assert_eq!(desk.record()["terms"]["term.toml"]["not_done"][0]["job"], "oak");
    // What the form of a job that was not done says about a child is said all the same.
    assert!(failed.err.contains("ALERTS: 2 responses"), "{}", failed.err);
    desk.write("term.toml", crate::TERM);
    assert_eq!(desk.run().code, 3);
    assert_eq!(desk.record()["terms"]["term.toml"]["not_done"], serde_json::json!([]));
}

#[test]
fn the_exit_code_is_that_of_the_gravest() {
    let quiet = ["0,0,0,0,0,0,0,0,0"];
    for (oak, elm, expected) in [
        (&quiet[..], "0,0,0,0,0,0,0,0,0", 0),
        (&quiet[..], "0,0,0,0,0,0,0,7,0", 1),
        (&quiet[..], "0,0,0,0,0,0,0,7,2", 3),
        (&["0,0,0"][..], "0,0,0,0,0,0,0,0,0", 3),
    ] {
        let desk = Desk::new();
        desk.answers("oak", oak);
        desk.answers("elm", &[elm]);
        let first = desk.run();
        assert_eq!(first.code, expected, "{}", first.err);
        // A run that finds everything up to date says the same.
        let second = desk.run();
        assert_eq!(second.code, expected, "{}", second.err);
    }
    let desk = Desk::new();
    fs::remove_file(desk.path("forms/oak.csv")).unwrap();
    assert_eq!(desk.run().code, 2);
}
