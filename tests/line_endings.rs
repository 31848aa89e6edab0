//! Files as Windows writes them: lines that end in carriage return and line feed, and a byte order mark in front, give what the same files
//! give without.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use bandwise::change::evidence::read_evidence;
use bandwise::change::goals::read_goals;
use bandwise::change::pathway::read_pathway;
use bandwise::findings::Findings;
use bandwise::input::Input;
use bandwise::instrument::{built_in_ids, built_in_text, load, read_definition};
use bandwise::scoring::{Form, FormOptions};
use tempfile::TempDir;

/// How a text is written.
const AS_WRITTEN: [fn(&str) -> String; 3] =
    [str::to_owned, |text| text.replace('\n', "\r\n"), |text| format!("\u{feff}{}", text.replace('\n', "\r\n"))];

const RESPONSES: &str =
    "Surname,Forename,S1,q2,q3,note\nTestone,Ada,1,2,0,fine\nTesttwo,Ben,2,,1,\"two\nlines\"\nTestthree,Cy,0,0,0,gone\n";
const MAP: &str = "id = [\"Surname\", \"Forename\"]\nmissing = [\"9\"]\n[items]\nsunny = \"S1\"\nrainy = \"q2\"\nwindy = \"q3\"\n";
const PUPILS: &str = "Admission No,Surname,Forename,Reg Group\n1,Testone,Ada,7A\n2,Testtwo,Benjamin,7A\n3,Testthree,Cy,7B\n";
const NAMES: &str = "as_written,pupil\n\"Testtwo, Ben\",2\n";
const EXCLUDED: &str = "id\n3\n";

fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// Every file that `score` can read besides a workbook, at once.
#[test]
fn responses_map_definition_and_lists_are_read_alike() {
    let printed = AS_WRITTEN.map(|written| {
        let folder = TempDir::new().unwrap();
        let weather = fixture("tests/fixtures/definitions/weather.toml");
        for (name, text) in [
            ("forms.csv", RESPONSES),
            ("map.toml", MAP),
            ("weather.toml", &weather),
            ("list.csv", PUPILS),
            ("names.csv", NAMES),
            ("gone.csv", EXCLUDED),
        ] {
            fs::write(folder.path().join(name), written(text)).unwrap();
        }
        let line = "score forms.csv -i weather.toml --map map.toml --pupils list.csv --names names.csv --exclude gone.csv --drop note --format csv";
        let output = Command::cargo_bin("bandwise")
            .unwrap()
            .current_dir(folder.path())
            .env_clear()
            .args(line.split_whitespace())
            .output()
            .unwrap();
        assert!(output.status.code().unwrap() < 2, "{}", String::from_utf8_lossy(&output.stderr));
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    });
    assert!(printed[0].1.contains("7A") && !printed[0].1.contains("7B"), "{}", printed[0].1);
    assert_eq!(printed[0], printed[1]);
    assert_eq!(printed[0], printed[2]);
}

#[test]
fn every_definition_is_read_alike() {
    for id in built_in_ids() {
        let read = |text: &str| {
            let (instrument, findings) =
                read_definition("own.toml", text).unwrap_or_else(|found| unreachable!("{id}: {}", found[0].message));
            (findings.len(), instrument.notices(), instrument.examples.len(), format!("{:?}{:?}", instrument.scales, instrument.items))
        };
        let text = built_in_text(id).unwrap();
        let [plain, windows, _] = AS_WRITTEN.map(|written| written(text));
        assert_eq!(read(&plain), read(&windows), "{id}");
    }
}

#[test]
fn goals_and_evidence_are_read_alike() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("file.csv");
    let form = Form::new(load("sdq-t4-17").unwrap().0, &FormOptions::default()).unwrap();
    let goals = AS_WRITTEN.map(|written| {
        fs::write(&path, written(&fixture("fixtures/class-7a-goals.csv"))).unwrap();
        let mut findings = Findings::new();
        let file = read_goals(&Input::new(&path), form.instrument(), form.band_set(), &mut findings).unwrap();
        assert!(file.goals.len() > 3);
        (format!("{:?}{:?}", file.goals, file.carried), findings.groups().len())
    });
    assert_eq!(goals[0], goals[1]);
    assert_eq!(goals[0], goals[2]);
    let evidence = AS_WRITTEN.map(|written| {
        fs::write(&path, written(&fixture("fixtures/class-7a-evidence.csv"))).unwrap();
        let mut findings = Findings::new();
        let evidence = read_evidence(&Input::new(&path), &mut findings).unwrap().settle(|_| true, &mut findings);
        assert!(evidence.pupil_count() > 1);
        (format!("{:?}", evidence.measures()), format!("{:?}", evidence.of_pupil("P01")), findings.groups().len())
    });
    assert_eq!(evidence[0], evidence[1]);
    assert_eq!(evidence[0], evidence[2]);
}

#[test]
fn a_pathway_is_read_alike() {
    let text = fixture("fixtures/class-7a-pathway.toml");
    let read = AS_WRITTEN.map(|written| {
        let pathway = read_pathway("pathway.toml", &written(&text)).unwrap();
        assert!(!pathway.stages().is_empty());
        let tiers: Vec<_> = pathway.tiers().iter().map(|tier| (tier.name().to_owned(), tier.covers_words())).collect();
        (pathway.title().map(str::to_owned), format!("{:?}{:?}{:?}", pathway.stages(), pathway.next_steps(), pathway.routes()), tiers)
    });
    assert_eq!(read[0], read[1]);
    assert_eq!(read[0], read[2]);
}

/// A checkout that rewrites line ends would give each system other hashes of the same definitions.
#[test]
fn built_in_definitions_have_the_same_bytes_on_every_system() {
    for id in built_in_ids() {
        assert!(!built_in_text(id).unwrap().contains('\r'), "{id}");
    }
    assert!(fixture(".gitattributes").lines().any(|line| line == "* -text"));
}
