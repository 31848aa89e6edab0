//! The key is private and never printed, no input is overwritten, and what is refused leaves nothing behind.

use crate::{Desk, PUPILS, SECRET};

#[test]
fn the_help_says_that_it_is_still_personal_data() {
    let help = Desk::with(&[]).run("pseudonymise --help").out;
    assert!(help.contains("pseudonymised, not anonymous: it is still personal data"), "{help}");
    assert!(Desk::with(&[("a.csv", "id,q\nP,1\n")]).coded("a.csv").err.contains("this is still personal data"));
}

#[test]
fn a_key_is_made_once_and_never_printed() {
    let desk = Desk::with(&[("a.csv", "id,q\nP1,1\n")]);
    let first = desk.run("pseudonymise a.csv --key new.key");
    let key = desk.read("new.key");
    assert!(key.trim().len() == 64 && key != SECRET);
    let second = desk.run("pseudonymise a.csv --key new.key -o out.csv");
    assert_eq!(first.out, desk.read("out.csv"));
    for text in [&first.out, &first.err, &second.err, &desk.read("out.csv.provenance.json")] {
        assert!(!text.contains(key.trim()));
    }
    assert!(second.err.contains("The key lies in the folder of the output"), "{}", second.err);
}

#[cfg(unix)]
#[test]
fn key_output_and_provenance_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::with(&[("a.csv", "id,q\nP1,1\n")]);
    desk.run("pseudonymise a.csv --key new.key -o out.csv");
    for name in ["new.key", "out.csv", "out.csv.provenance.json"] {
        assert_eq!(std::fs::metadata(desk.path(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn what_is_refused_leaves_nothing_behind_and_says_why() {
    let files = [
        ("a.csv", "id,q\nP1,1\n"),
        ("nobody.csv", "Class,q\n7A,1\n"),
        ("two.csv", "id,Child,Pupil ID,q\n1,2,3,1\n"),
        ("bad.key", "secret\n"),
    ];
    for (line, says) in [
        ("a.csv --key -", "the key has to be a file"),
        ("a.csv --key fresh.csv -o fresh.csv", "would be one file"),
        ("a.csv --key fresh.csv -o FRESH.CSV", "would be one file"),
        ("a.csv --key fresh.key -o a.csv", "an input is never overwritten"),
        ("a.csv --key school.key -o school.csv.", "should end in .csv"),
        ("a.csv --key school.key -o list.csv --pupils list.csv", "an input is never overwritten"),
        ("a.csv --key bad.key -o out.csv", "32 hexadecimal digits"),
        ("nobody.csv --key fresh.key -o out.csv", "nothing to make codes of"),
        ("absent.csv --key fresh.key -o out.csv", "cannot be read"),
        ("a.csv --key fresh.key --id Number -o out.csv", "no column `Number`"),
        ("two.csv --key fresh.key -o out.csv", "--id COLUMN"),
    ] {
        let desk = Desk::with(&files);
        let printed = desk.run(&format!("pseudonymise {line}"));
        assert_eq!(printed.code, 2, "{line}: {}", printed.err);
        assert!(printed.err.contains(says), "{line}: {}", printed.err);
        assert!(printed.out.is_empty() && !desk.path("out.csv").exists() && !desk.path("fresh.csv").exists(), "{line}");
        assert_eq!((desk.read("a.csv").as_str(), desk.read("list.csv").as_str()), (files[0].1, PUPILS), "{line}");
        let left: Vec<_> = std::fs::read_dir(desk.path(""))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .filter(|name| name.to_string_lossy().starts_with(".bandwise"))
            .collect();
        assert!(left.is_empty(), "{line}: {left:?}");
    }
}

#[test]
fn a_formula_stays_text() {
    let desk = Desk::with(&[("a.csv", "id,House,change\nP1,=HYPERLINK(1),-4\n")]);
    assert!(desk.coded("a.csv").out.contains("'=HYPERLINK(1),-4"), "{}", desk.coded("a.csv").out);
}
