//! One pupil has one code, whichever file names them and however.

use crate::{Desk, SECRET, fixture};

/// HMAC-SHA-256 of `p01` with the bytes 00 11 22 … ff twice, computed with Python's `hmac`; its first ten bytes modulo 32 are letters.
#[test]
fn a_code_is_the_keyed_hash_that_other_programs_compute() {
    let desk = Desk::with(&[("a.csv", "pupil_id,q\nP01,1\n")]);
    assert_eq!(desk.coded("a.csv").out, "pupil_id,q\n3RKMZMJXAA,1\n");
}

#[test]
fn the_codes_are_those_of_hide_names() {
    let desk = Desk::with(&[("class.csv", &fixture("class-7b-typed.csv"))]);
    let scored = desk.run("score class.csv -i sdq-t4-17 --hide-names --key school.key --format csv");
    let codes = |printed: &crate::Printed| printed.rows().iter().map(|row| row["pupil_id"].clone()).collect::<Vec<_>>();
    let written = desk.coded("class.csv");
    assert_eq!(codes(&written), codes(&scored));
    assert_eq!(codes(&written).len(), 5);
}

#[test]
fn a_pupil_has_one_code_in_responses_list_and_goals() {
    let desk = Desk::with(&[
        ("ids.csv", "pupil_id,q1\n101,2\n000103,1\n"),
        ("names.csv", "Surname,Forename,q1\ntestone,ADA,2\nTest Three,Cat Ann,0\n"),
        ("upns.csv", "UPN,q1\nb801200005001,2\n"),
        ("goals.csv", "pupil_id,goal,scale,target\nTestone Ada,Calmer,total,-4\n000103,Friends,peer,<=2\n"),
    ]);
    let codes =
        |line: &str| desk.coded(&format!("{line} --pupils list.csv")).rows().iter().map(|row| row["pupil_id"].clone()).collect::<Vec<_>>();
    let list = codes("list.csv");
    let [ada, _, cat] = list.as_slice() else { unreachable!("three pupils") };
    assert_eq!(codes("ids.csv"), [ada.as_str(), cat]);
    assert_eq!(codes("names.csv"), [ada.as_str(), cat]);
    assert_eq!(codes("upns.csv"), [ada.as_str()]);
    assert_eq!(codes("goals.csv"), [ada.as_str(), cat]);
    assert!(ada.len() == 10 && ada != cat);
}

#[test]
fn another_key_gives_other_codes() {
    let other = SECRET.replace("00112233", "ff112233");
    let desk = Desk::with(&[("a.csv", "pupil_id,q\nP01,1\n"), ("other.key", &other)]);
    assert_ne!(desk.coded("a.csv").out, desk.run("pseudonymise a.csv --key other.key").out);
}

/// Without a list the code is made of what stands there, and whoever is not on the list is told, by code.
#[test]
fn whoever_is_not_on_the_list_has_a_code_and_is_told_without_a_name() {
    let desk = Desk::with(&[("a.csv", "Name,q\n\"Testnine, Zoe\",1\n")]);
    let printed = desk.coded("a.csv --pupils list.csv");
    assert_eq!(printed.code, 1);
    assert!(printed.err.contains("[P007]") && !printed.err.contains("Zoe"), "{}", printed.err);
    assert_eq!(printed.out, desk.coded("a.csv").out);
}
