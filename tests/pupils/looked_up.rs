//! Who is meant by an id or a name: exactly, never by likeness.

use bandwise::matching::{LookUp, Meant, Roster};
use proptest::prelude::*;

use super::{PUPILS, roster};

fn find(roster: &Roster, headings: &[&str], cells: &[&str]) -> Meant {
    roster.find(&roster.look_up(headings).unwrap(), cells)
}

#[test]
fn zeros_at_the_front_matter_where_the_list_has_both_numbers() {
    let one = roster("Admission No\n007123\n7124\n");
    for (written, expected) in [
        ("007123", Meant::One(0)),
        ("7123", Meant::One(0)),
        ("0007123", Meant::One(0)),
        ("07124", Meant::One(1)),
        ("71230", Meant::Nobody),
        ("", Meant::Nobody),
    ] {
        assert_eq!(find(&one, &["pupil_id"], &[written]), expected, "{written:?}");
        assert_eq!(find(&one, &["Admission Number"], &[written]), expected, "{written:?}");
    }
    let both = roster("Admission No\n007123\n7123\n");
    for (written, expected) in [
        ("007123", Meant::One(0)),
        ("7123", Meant::One(1)),
        ("07123", Meant::Several(vec![0, 1])),
        ("00007123", Meant::Several(vec![0, 1])),
    ] {
        assert_eq!(find(&both, &["pupil_id"], &[written]), expected, "{written:?}");
    }
}

#[test]
fn an_id_is_any_number_of_the_pupil_and_a_heading_may_say_which() {
    let roster = roster("id,UPN,Admission No\nX01,B801200005001,7\nX02,,8\n7,,9\n");
    for (heading, written, expected) in [
        ("pupil_id", "x01", Meant::One(0)),
        ("pupil_id", "b801200005001", Meant::One(0)),
        ("pupil_id", "8", Meant::One(1)),
        // One pupil's id is another one's admission number.
        ("pupil_id", "7", Meant::Several(vec![0, 2])),
        ("Admission No", "7", Meant::One(0)),
        ("UPN", "7", Meant::Nobody),
        ("code", "X02", Meant::One(1)),
    ] {
        assert_eq!(find(&roster, &[heading], &[written]), expected, "{heading} {written}");
    }
}

#[test]
fn names_are_told_apart_by_letters_only() {
    let roster = roster(PUPILS);
    let by = ["Surname", "Forename", "Form"];
    for (cells, expected) in [
        (["Testone", "Ada", "7A"], Meant::One(0)),
        ([" TESTONE ", "ada", "7a"], Meant::One(0)),
        (["OTesttwo", "Ben", "7A"], Meant::One(1)),
        (["O\u{2019}Testtwo", "Ben", "7 A"], Meant::One(1)),
        (["Test Three", "Cat-Ann", "7B"], Meant::One(2)),
        (["Testthree", "Catann", "7B"], Meant::One(2)),
        // Another class, a nickname, an accent, a slip: somebody else, as far as anybody can tell.
        (["Testone", "Ada", "7B"], Meant::Nobody),
        (["Test-Three", "Cat", "7B"], Meant::Nobody),
        (["Testóne", "Ada", "7A"], Meant::Nobody),
        (["Testine", "Ada", "7A"], Meant::Nobody),
        (["Testone", "", "7A"], Meant::Nobody),
        (["", "Ada", "7A"], Meant::Nobody),
        // What is not said speaks against nobody.
        (["Testone", "Ada", ""], Meant::One(0)),
    ] {
        assert_eq!(find(&roster, &by, &cells), expected, "{cells:?}");
    }
}

#[test]
fn a_full_name_may_begin_with_either_name() {
    let roster = roster("Surname,Forename,Preferred Forename,Class\nTestone,Adelaide,Ada,7A\nJames,Taylor,,7A\nTaylor,James,,7B\n");
    for (written, expected) in [
        ("Testone, Adelaide", Meant::One(0)),
        ("Adelaide Testone", Meant::One(0)),
        ("Ada Testone", Meant::One(0)),
        ("Testone Ada", Meant::One(0)),
        ("Ada, Testone", Meant::Nobody),
        ("Taylor, James", Meant::One(2)),
        ("Taylor James", Meant::Several(vec![1, 2])),
    ] {
        assert_eq!(find(&roster, &["Name"], &[written]), expected, "{written}");
    }
    assert_eq!(find(&roster, &["Name", "Form"], &["Taylor James", "7B"]), Meant::One(2));
}

#[test]
fn two_pupils_of_one_name_are_told_apart_by_more_columns() {
    let roster = roster("id,Surname,Forename,Class,DOB\nX01,Testone,Ada,7A,2014-09-25\nX02,Testone,Ada,7A,2015-01-05\n");
    assert_eq!(find(&roster, &["Surname", "Forename"], &["Testone", "Ada"]), Meant::Several(vec![0, 1]));
    assert_eq!(find(&roster, &["Surname", "Forename", "Date of Birth"], &["Testone", "Ada", "2015-01-05"]), Meant::One(1));
    assert_eq!(find(&roster, &["Surname", "Forename", "DOB"], &["Testone", "Ada", "05/01/2015"]), Meant::Nobody);
}

#[test]
fn columns_that_the_list_does_not_have_cannot_be_asked_for() {
    let roster = roster("id,Surname,Forename\nX01,Testone,Ada\n");
    for headings in [&["Surname", "House"] as &[&str], &["Surname", "Form"], &["UPN"], &["Year"], &["Admission No", "Surname"]] {
        assert!(roster.look_up(headings).is_err(), "{headings:?}");
    }
    assert_eq!(roster.look_up(&["anything"]), Ok(LookUp::Any));
}

#[test]
fn who_is_like_a_name_is_proposed_and_never_taken() {
    let roster = roster(PUPILS);
    assert_eq!(roster.find_any("Testone, Adah"), Meant::Nobody);
    assert_eq!(roster.like("Testone, Adah", 1), [0]);
    assert!(roster.like("Somebody Quite Else", 3).is_empty());
}

proptest! {
    /// Whatever is written, whoever is found has it as a number or a name, but for case, space, apostrophes, hyphens and zeros.
    #[test]
    fn nobody_is_ever_found_by_likeness(written in "[ 0-9A-Za-z',-]{0,14}") {
        let roster = roster(PUPILS);
        if let Meant::One(index) = roster.find_any(&written) {
            let letters = |text: &str| text.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
            let pupil = roster.pupil(index).unwrap();
            let bare = |text: &str| text.trim_start_matches('0').to_owned();
            let turned = letters(&pupil.forename) + &letters(&pupil.surname);
            let written = letters(&written);
            prop_assert!(
                written == letters(&pupil.name) || written == turned || bare(&written) == bare(&pupil.admission)
                    || written == letters(&pupil.upn),
                "{written:?}"
            );
        }
    }
}
