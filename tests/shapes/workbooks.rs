//! Workbooks: the same scores, real row numbers, and a question back where it is not plain which sheet or header is meant.

use std::fs;
use std::path::Path;

use crate::{Printed, expected, run};

fn fixture(name: &str, more: &str) -> Printed {
    let folder = tempfile::TempDir::new().unwrap();
    fs::copy(Path::new("tests/fixtures/shapes").join(name), folder.path().join(name)).unwrap();
    run(folder.path(), &format!("score {name} -i sdq-t4-17 --format csv --long {more}"))
}

#[test]
fn every_kind_of_workbook_gives_the_same_bytes() {
    for name in ["class.xlsx", "class.xls", "class.ods", "numbers-as-text.xlsx"] {
        let printed = fixture(name, "");
        assert_eq!((printed.out.as_str(), printed.code), (expected().as_str(), 0), "{name}: {}", printed.err);
        assert!(printed.err.contains("the sheet `Autumn` was read"), "{name}: {}", printed.err);
    }
    let named = fixture("two-sheets.xlsx", "--sheet summer");
    assert_eq!((named.out.as_str(), named.code), (expected().as_str(), 0), "{}", named.err);
    assert!(!named.err.contains("T010"), "{}", named.err);
}

#[test]
fn a_date_is_a_date_and_names_keep_their_letters() {
    for name in ["class.xlsx", "class.xls", "class.ods"] {
        let folder = tempfile::TempDir::new().unwrap();
        fs::copy(Path::new("tests/fixtures/shapes").join(name), folder.path().join(name)).unwrap();
        let printed = run(folder.path(), &format!("score {name} -i sdq-t4-17 --format csv --scales total"));
        assert!(printed.out.contains("7B,Jos\u{e9} O\u{2019}Connor,2014-09-03,20,"), "{name}: {}", printed.out);
    }
}

#[test]
fn what_cannot_be_read_is_said_with_what_to_do() {
    for (name, more, code, words) in [
        ("two-sheets.xlsx", "", "T011", "`--sheet NAME`"),
        ("two-sheets.xlsx", "--sheet spring", "T011", "it has `Autumn`, `Summer`"),
        ("merged-header.xlsx", "", "T012", "the cells D1 to F1 of the header are merged"),
        ("empty.xlsx", "", "T001", "no sheet of the workbook has a table in it"),
        ("damaged.xlsx", "", "T005", "this workbook is damaged"),
        ("password.xlsx", "", "T005", "protected by a password"),
        ("no-workbook.zip.xlsx", "", "T005", "no workbook"),
    ] {
        let printed = fixture(name, more);
        assert_eq!((printed.code, printed.out.as_str()), (2, ""), "{name}");
        assert!(printed.err.contains(code) && printed.err.contains(words), "{name}: {}", printed.err);
    }
}
