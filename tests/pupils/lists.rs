//! What is read of a list: headings, groups, dates of birth, UPNs.

use bandwise::findings::Code;
use bandwise::input::{Input, InputOptions};
use bandwise::instrument::Sex;
use bandwise::matching::{DateOrder, ListColumn, read_pupils, read_pupils_dated};

use bandwise::matching::{Roster, read_exclusions, read_names};
use proptest::prelude::*;

use super::{Desk, PUPILS, list};

#[test]
fn a_list_as_a_school_prints_it_is_understood() {
    let (list, codes) = list(PUPILS);
    assert!(codes.is_empty(), "{codes:?}");
    let pupil = &list.pupils[1];
    assert_eq!((pupil.row, pupil.id.as_str(), pupil.name.as_str()), (3, "000102", "O'Testtwo, Ben"));
    assert_eq!((pupil.year, pupil.sex, pupil.class.as_str()), (Some(7), Some(Sex::Male), "7A"));
    assert_eq!(pupil.birth.unwrap().to_string(), "2015-01-05");
    let groups: Vec<(&str, &str)> = pupil.groups.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(groups, [("class", "7A"), ("year", "7"), ("sex", "M"), ("sen", "K"), ("pp", "N"), ("eal", "N"), ("lac", "N")]);
    assert_eq!(list.groups[3].heading, "SEN Status");
    assert_eq!(list.group_named("reg group"), list.group_named("class"));
}

#[test]
fn headings_of_other_systems_say_the_same() {
    for header in [
        "Admission Number,Legal Surname,Legal Forename,Year Group,Class,SEN",
        "Adm No,Surname,First Name,NC Year,Tutor Group,SEN Code",
        "admission_no,last name,forename,Yr,Form,send status",
        "\u{feff}ADNO,Family Name,Given Name,School Year,Registration Group,SEN Provision",
    ] {
        let (list, codes) = list(&format!("{header}\n7,Testone,Ada,Y7,7A,K\n"));
        assert!(codes.is_empty(), "{header}: {codes:?}");
        let pupil = &list.pupils[0];
        let read = (pupil.id.as_str(), pupil.name.as_str(), pupil.year, pupil.class.as_str(), pupil.group("sen"));
        assert_eq!(read, ("7", "Testone, Ada", Some(7), "7A", Some("K")), "{header}");
    }
}

#[test]
fn the_shapes_of_a_text_table_are_read_alike() {
    let comma = "UPN,Surname,Form\nB801200005001,Testone,7A\n";
    for text in
        [comma.to_owned(), comma.replace(',', ";"), comma.replace(',', "\t"), comma.replace('\n', "\r\n"), format!("sep=,\n{comma}")]
    {
        let (list, _) = list(&text);
        assert_eq!((list.pupils[0].upn.as_str(), list.pupils[0].class.as_str()), ("B801200005001", "7A"), "{text:?}");
    }
}

#[test]
fn the_first_of_two_equal_columns_is_used_and_of_two_different_ones_neither() {
    let (same, codes) = list("id,Year Group,NC Year\nX01,Year 7,7\nX02,8,8\n");
    assert_eq!((same.pupils[1].year, codes.as_slice()), (Some(8), [].as_slice()));
    let (other, codes) = list("id,Year Group,NC Year\nX01,7,7\nX02,8,7\n");
    assert_eq!((other.pupils[1].year, codes.as_slice()), (None, [Code::P002].as_slice()));
    // A column that is called just what it is needs no second opinion.
    let (named, codes) = list("id,Class,Tutor Group\nX01,7A,Elm\n");
    assert_eq!((named.pupils[0].class.as_str(), codes.as_slice()), ("7A", [].as_slice()));
}

#[test]
fn a_date_of_birth_is_read_where_the_list_shows_its_order() {
    let born = |first: &str, second: &str| {
        let (list, codes) = list(&format!("id,DOB\nX01,{first}\nX02,{second}\n"));
        (list.pupils.iter().map(|pupil| pupil.birth.map(|day| day.to_string())).collect::<Vec<_>>(), codes)
    };
    let day = |text: &str| Some(text.to_owned());
    for (first, second, expected, codes) in [
        ("05/09/2014", "25/09/2014", [day("2014-09-05"), day("2014-09-25")], vec![]),
        ("05/09/2014", "09/25/2014", [day("2014-05-09"), day("2014-09-25")], vec![]),
        ("2014-09-05", "", [day("2014-09-05"), None], vec![]),
        ("05/09/2014", "06/10/2014", [None, None], vec![Code::P005]),
        ("2014-09-05", "06/10/2014", [day("2014-09-05"), None], vec![Code::P005]),
        ("25/09/2014", "09/25/2014", [None, None], vec![Code::P005]),
        ("25/09/2014", "31/02/2014", [day("2014-09-25"), None], vec![Code::P006]),
        ("25/09/2014", "last May", [day("2014-09-25"), None], vec![Code::P006]),
        ("25/09/14", "25/09/2014", [None, day("2014-09-25")], vec![Code::P006]),
    ] {
        assert_eq!(born(first, second), (expected.to_vec(), codes), "{first} {second}");
    }
}

#[test]
fn the_order_of_the_dates_can_be_said() {
    let desk = Desk::with(&[("list.csv", "id,DOB\nX01,05/09/2014\n")]);
    let input = Input::new(&desk.path("list.csv"));
    for (order, expected) in [(DateOrder::DayFirst, "2014-09-05"), (DateOrder::MonthFirst, "2014-05-09")] {
        let (list, findings) = read_pupils_dated(&input, &InputOptions::default(), Some(order)).unwrap();
        assert!(findings.is_empty());
        assert_eq!(list.pupils[0].birth.unwrap().to_string(), expected);
    }
}

#[test]
fn upns_are_checked_and_used_as_they_stand() {
    // The four rows of the facts' acceptance cases, an unknown number, and a local id.
    let (list, codes) =
        list("id,UPN\nX01,B801200005001\nX02,A801200005001\nX03,M80120000500A\nX04,P207000016049\nX05,UN3\nX06,\nX07,LOCAL7\n");
    assert_eq!(codes, [Code::P004, Code::P004]);
    assert_eq!(list.pupils[1].upn, "A801200005001");
}

#[test]
fn a_list_that_names_nobody_is_refused_and_a_row_that_does_is_told() {
    let desk = Desk::with(&[("list.csv", "Class,Year\n7A,7\n")]);
    assert!(read_pupils(&Input::new(&desk.path("list.csv")), &InputOptions::default()).is_err());
    let (list, codes) = list("id,Class\nX01,7A\n,7B\nX03,7A,extra\nX04,7A\n");
    let ids: Vec<&str> = list.pupils.iter().map(|pupil| pupil.id.as_str()).collect();
    assert_eq!(ids, ["X01", "X04"]);
    assert_eq!(codes, [Code::T003, Code::R009]);
}

#[test]
fn outputs_call_a_pupil_by_the_plainest_id_that_there_is() {
    for (text, expected) in [
        ("id,UPN,Admission No,Surname\nX01,B801200005001,7,Testone\n", "X01"),
        ("UPN,Admission No,Surname\nB801200005001,7,Testone\n", "7"),
        ("UPN,Surname\nB801200005001,Testone\n", "B801200005001"),
        ("Surname,Forename\nTestone,Ada\n", "Testone, Ada"),
        ("Name\nAda Testone\n", "Ada Testone"),
    ] {
        assert_eq!(list(text).0.pupils[0].id, expected);
    }
}

#[test]
fn no_two_pupils_are_called_alike() {
    let ids = |text: &str| list(text).0.pupils.iter().map(|pupil| pupil.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids("Admission No,UPN\n7,B801200005001\n7,M80120000500A\n8,\n"), ["B801200005001", "M80120000500A", "8"]);
    assert_eq!(ids("Surname,Forename\nTestone,Ada\nTestone,ADA\n"), ["Testone, Ada (row 2)", "Testone, ADA (row 3)"]);
    assert_eq!(ids("id,Admission No\n7,\n,7\n"), ["7 (row 2)", "7 (row 3)"]);
    assert_eq!(ids("id,Admission No\n7,7\n8,8\n"), ["7", "8"], "one pupil may have one number twice");
}

#[test]
fn every_column_has_one_word_for_outputs() {
    let words: std::collections::BTreeSet<&str> = ListColumn::ALL.iter().map(|(word, _)| *word).collect();
    assert_eq!(words.len(), ListColumn::ALL.len());
    for group in ListColumn::GROUPS {
        assert!(words.contains(group.word()));
    }
}

#[test]
fn a_workbook_is_read_like_a_text_table() {
    let desk = Desk::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, (heading, cell)) in (0..).zip([("Admission No", "007123"), ("Surname", "Testone"), ("Reg Group", "7A")]) {
        sheet.write_string(0, column, heading).unwrap();
        sheet.write_string(1, column, cell).unwrap();
    }
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2014, 9, 5).unwrap();
    sheet.write_string(0, 3, "DOB").unwrap();
    sheet.write_datetime_with_format(1, 3, &day, &rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy")).unwrap();
    book.save(desk.path("list.xlsx")).unwrap();
    let (list, findings) = read_pupils(&Input::new(&desk.path("list.xlsx")), &InputOptions::default()).unwrap();
    let pupil = &list.pupils[0];
    assert_eq!((pupil.id.as_str(), pupil.class.as_str(), pupil.birth.unwrap().to_string().as_str()), ("007123", "7A", "2014-09-05"));
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::T010], "which sheet was read is told");
}

/// Cells as schools might have them, and some that nobody should.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{0,6}",
        "[A-Z][0-9]{11}[0-9A-Z]?",
        "[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}",
        "[A-Za-z' ,-]{0,12}",
        Just("K - SEN Support".to_owned()),
        "\\PC{0,8}",
    ]
}

fn heading() -> impl Strategy<Value = String> {
    let known = [
        "UPN",
        "Admission No",
        "id",
        "Surname",
        "Forename",
        "Name",
        "Class",
        "Reg Group",
        "Year",
        "Sex",
        "DOB",
        "SEN",
        "as_written",
        "pupil",
    ];
    prop_oneof![proptest::sample::select(known.to_vec()).prop_map(str::to_owned), "\\PC{0,10}"]
}

fn table() -> impl Strategy<Value = String> {
    let width = 1..6_usize;
    let line = |width| proptest::collection::vec(cell(), width);
    let table =
        width.prop_flat_map(move |width| (proptest::collection::vec(heading(), width), proptest::collection::vec(line(width), 0..8)));
    table.prop_map(|(header, rows)| {
        let quoted = |cells: &[String]| cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect::<Vec<_>>().join(",");
        let lines: Vec<String> = std::iter::once(quoted(&header)).chain(rows.iter().map(|row| quoted(row))).collect();
        lines.join("\n")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands in the files about pupils: findings or an error, never a panic, and no two pupils with one id.
    #[test]
    fn any_files_about_pupils_are_read_or_refused(list in table(), names in table(), excluded in table(), written in cell()) {
        let desk = Desk::with(&[("list.csv", &list), ("names.csv", &names), ("excluded.csv", &excluded)]);
        let input = |name: &str| Input::new(&desk.path(name));
        let options = InputOptions::default();
        if let Ok((list, _)) = read_pupils(&input("list.csv"), &options) {
            let ids: std::collections::BTreeSet<&str> = list.pupils.iter().map(|pupil| pupil.id.as_str()).collect();
            prop_assert_eq!(ids.len(), list.pupils.len());
            let mut roster = Roster::new(list, None);
            let _ = read_names(&input("names.csv"), &options, &mut roster);
            let _ = read_exclusions(&input("excluded.csv"), &options, Some(&roster));
            let _ = (roster.find_any(&written), roster.like(&written, 3));
        }
        let _ = read_exclusions(&input("excluded.csv"), &options, None);
    }

    #[test]
    fn any_bytes_are_a_list_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let desk = Desk::new();
        std::fs::write(desk.path("list.csv"), bytes).unwrap();
        let _ = read_pupils(&Input::new(&desk.path("list.csv")), &InputOptions::default());
    }
}
