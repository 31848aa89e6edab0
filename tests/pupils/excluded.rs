//! Withdrawn consent: nothing of these responses is read, and nobody's id is printed.

use bandwise::findings::Code;

use super::{Desk, PUPILS, weather};

const FORMS: &str = "pupil_id,sunny,rainy,windy\nX01,2,0,0\nX02,0,9,1\nX03,1,1,1\n";

fn score(desk: &Desk, more: &str) -> super::Printed {
    desk.run(&format!("score forms.csv -i {} --format csv {more}", weather("weather.toml")))
}

fn pupils(printed: &super::Printed) -> Vec<String> {
    printed.rows().iter().map(|row| row["pupil_id"].clone()).collect()
}

#[test]
fn the_rows_are_left_out_however_the_file_is_written() {
    for text in ["id\nX02\n", "X02\n", "UPN,id,why\n,x02 ,asked\n", "\u{feff}pupil_id\r\nX02\r\n", "Admission No\nX02\n"] {
        let desk = Desk::with(&[("forms.csv", FORMS), ("withdrawn.csv", text)]);
        let printed = score(&desk, "--exclude withdrawn.csv");
        assert_eq!(pupils(&printed), ["X01", "X03"], "{text:?} {}", printed.err);
        assert!(printed.has(Code::P011) && !printed.err.contains("X02"), "{}", printed.err);
        // The unreadable answer of that row is nobody's business any more.
        assert_eq!(printed.code, 0, "{}", printed.err);
    }
}

#[test]
fn every_other_line_stays_as_it_was() {
    let desk = Desk::with(&[("forms.csv", FORMS), ("withdrawn.csv", "id\nX02\n")]);
    let without = score(&desk, "--exclude withdrawn.csv");
    let with = score(&desk, "");
    let kept: Vec<&str> = with.out.lines().filter(|line| !line.starts_with("X02")).collect();
    assert_eq!(without.out.lines().collect::<Vec<_>>(), kept);
}

#[test]
fn an_alert_of_theirs_is_not_told() {
    let forms = "pupil_id,q1,q2,q3,q4,q5,q6,q7,q8,q9\nX01,0,0,0,0,0,0,0,0,0\nX02,3,3,3,3,3,3,3,3,3\n";
    let desk = Desk::with(&[("forms.csv", forms), ("withdrawn.csv", "id\nX02\n")]);
    assert!(desk.run("flag forms.csv -i phq-9").out.contains("X02"));
    let printed = desk.run("flag forms.csv -i phq-9 --exclude withdrawn.csv");
    assert!(!printed.out.contains("X02") && !printed.err.contains("X02") && !printed.err.contains("ALERTS"));
}

#[test]
fn an_id_is_left_out_by_any_number_that_the_list_gives_the_pupil() {
    let forms = "pupil_id,sunny,rainy,windy\n101,2,0,0\n102,0,2,1\n";
    for id in ["B801200005001", "000101", "101", "0101", "Testone, Ada"] {
        let desk = Desk::with(&[("forms.csv", forms), ("pupils.csv", PUPILS), ("withdrawn.csv", &format!("id\n\"{id}\"\n"))]);
        let printed = score(&desk, "--exclude withdrawn.csv --pupils pupils.csv");
        assert_eq!(pupils(&printed), ["102"], "{id}: {}", printed.err);
    }
}

#[test]
fn an_id_that_could_be_either_of_two_pupils_is_refused() {
    let list = "id,Surname,Forename\nX01,Testone,Ada\nX02,Testone,Ada\n";
    let desk = Desk::with(&[("forms.csv", FORMS), ("pupils.csv", list), ("withdrawn.csv", "Surname,Forename\nTestone,Ada\n")]);
    let printed = score(&desk, "--exclude withdrawn.csv --pupils pupils.csv");
    assert!(printed.code == 2 && printed.has(Code::P014) && printed.out.is_empty() && !printed.err.contains("Testone"), "{}", printed.err);
}

#[test]
fn zeros_at_the_front_are_a_doubt_that_leaves_a_row_out() {
    let forms = "pupil_id,sunny,rainy,windy\n7123,2,0,0\n8000,0,2,1\n";
    let desk = Desk::with(&[("forms.csv", forms), ("withdrawn.csv", "id\n007123\n"), ("both.csv", "id\n007123\n7123\n")]);
    let printed = score(&desk, "--exclude withdrawn.csv");
    assert_eq!(pupils(&printed), ["8000"]);
    assert!(printed.err.contains("only in the zeros at its front"), "{}", printed.err);
    // A list that has both numbers says that they are two pupils.
    let printed = score(&desk, "--exclude withdrawn.csv --pupils both.csv");
    assert_eq!(pupils(&printed), ["7123", "8000"], "{}", printed.err);
}

#[test]
fn nobody_asks_for_a_form_that_was_withdrawn() {
    let forms = "pupil_id,sunny,rainy,windy\n101,2,0,0\n";
    let desk = Desk::with(&[("forms.csv", forms), ("pupils.csv", PUPILS), ("withdrawn.csv", "id\n104\n")]);
    let printed = desk.run(&format!("missing forms.csv -i {} --pupils pupils.csv --exclude withdrawn.csv", weather("weather.toml")));
    assert!(!printed.out.contains("Testfour") && printed.out.contains(" all    3 "), "{}", printed.out);
}

#[test]
fn how_many_were_left_out_and_how_many_are_in_no_row_is_told() {
    let desk = Desk::with(&[("forms.csv", FORMS), ("withdrawn.csv", "id\nX02\nX77\nX78\n")]);
    let printed = score(&desk, "--exclude withdrawn.csv");
    let expected = "1 row of this file was left out before scoring, as withdrawn.csv says; 2 of its 3 pupils are in no row of this file";
    assert!(printed.err.contains(expected), "{}", printed.err);
    assert!(!printed.err.contains("X77"));
}

#[test]
fn a_file_whose_ids_cannot_be_found_is_refused() {
    let desk = Desk::with(&[("forms.csv", FORMS), ("withdrawn.csv", "who,why\nX02,asked\n")]);
    let printed = score(&desk, "--exclude withdrawn.csv");
    assert!(printed.code == 2 && printed.has(Code::P014) && printed.out.is_empty(), "{}", printed.err);
}

#[test]
fn a_workbook_of_one_column_is_a_list_of_ids() {
    let desk = Desk::with(&[("forms.csv", FORMS)]);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, id) in (0..).zip(["id", "X02"]) {
        sheet.write_string(row, 0, id).unwrap();
    }
    book.save(desk.path("withdrawn.xlsx")).unwrap();
    assert_eq!(pupils(&score(&desk, "--exclude withdrawn.xlsx")), ["X01", "X03"]);
}
