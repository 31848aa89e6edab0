//! Names that a person confirmed, and responses that have names instead of ids.

use bandwise::findings::Code;

use super::{Desk, PUPILS, weather};

const FORMS: &str = "Surname,Forename,Form,sunny,rainy,windy\nTESTONE,ada,7a,2,0,0\nOTesttwo,Benny,7A,0,2,1\n";

fn score(desk: &Desk, more: &str) -> super::Printed {
    desk.run(&format!("score forms.csv -i {} --pupils pupils.csv --id \"Surname,Forename,Form\" {more}", weather("weather.toml")))
}

#[test]
fn names_stand_for_ids_and_are_written_as_the_list_has_them() {
    let desk = Desk::with(&[("forms.csv", FORMS), ("pupils.csv", PUPILS)]);
    let printed = score(&desk, "");
    assert!(printed.out.contains(" Testone, Ada (000101) "), "{}", printed.out);
    assert!(printed.has(Code::P007) && printed.err.contains("is it `000102` (O'Testtwo, Ben)?"), "{}", printed.err);
    let rows = score(&desk, "--format csv").rows();
    assert_eq!((rows[0]["sen"].as_str(), rows[1]["sen"].as_str()), ("N", ""));
}

#[test]
fn a_name_that_a_person_confirmed_is_joined_in_every_later_run() {
    let desk = Desk::with(&[("forms.csv", FORMS), ("pupils.csv", PUPILS)]);
    for (names, sen) in [
        ("as_written,pupil\n\"OTesttwo, Benny, 7A\",000102\n", "K"),
        ("as_written,pupil\n\"otesttwo,  benny, 7a\",102\n", "K"),
        // Nobody has confirmed it yet: what is proposed does not count.
        ("as_written,suggestion,pupil\n\"OTesttwo, Benny, 7A\",000102,\n", ""),
    ] {
        desk.write("names.csv", names);
        let printed = score(&desk, "--names names.csv --format csv");
        assert_eq!(printed.rows()[1]["sen"], sen, "{names}");
        assert_eq!(printed.has(Code::P007), sen.is_empty());
    }
}

#[test]
fn a_row_that_is_in_doubt_does_not_count() {
    let desk = Desk::with(&[("forms.csv", FORMS), ("pupils.csv", PUPILS)]);
    for names in ["\"OTesttwo, Benny, 7A\",X99\n", "\"OTesttwo, Benny, 7A\",102\n\"OTesttwo, Benny, 7A\",103\n"] {
        desk.write("names.csv", &format!("as_written,pupil\n{names}"));
        let printed = score(&desk, "--names names.csv --format csv");
        assert!(printed.has(Code::P010) && printed.has(Code::P007) && printed.code == 1, "{}", printed.err);
    }
    desk.write("names.csv", "name,pupil\nx,102\n");
    assert_eq!(score(&desk, "--names names.csv").code, 2);
}

#[test]
fn two_of_one_name_are_joined_to_neither() {
    let list = "id,Surname,Forename,Form\nX01,Testone,Ada,7A\nX02,Testone,Ada,7A\n";
    let desk = Desk::with(&[("forms.csv", FORMS), ("pupils.csv", list)]);
    let printed = score(&desk, "--format csv");
    assert!(printed.has(Code::P008) && printed.err.contains("rows 2 and 3"), "{}", printed.err);
}

#[test]
fn the_same_pupil_under_two_spellings_is_one() {
    let forms = "Name,sunny,rainy,windy\nAda Testone,2,0,0\n\"TESTONE, Ada\",0,2,1\n";
    let desk = Desk::with(&[("forms.csv", forms), ("pupils.csv", PUPILS)]);
    let printed = desk.run(&format!("score forms.csv -i {} --pupils pupils.csv --format csv", weather("weather.toml")));
    assert!(printed.has(Code::R003), "{}", printed.err);
    let printed = desk.run(&format!("score forms.csv -i {} --format csv", weather("weather.toml")));
    assert!(!printed.has(Code::R003), "without the list nobody can tell");
}
