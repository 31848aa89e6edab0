//! Surveys without names.

use super::Desk;

fn survey(desk: &Desk, people: usize) {
    let rows: Vec<String> =
        (0..people).map(|person| format!("{},{}\n", if person % 2 == 0 { "staff" } else { "support" }, person % 9)).collect();
    desk.write("in.csv", &format!("role,points\n{}", rows.concat()));
}

#[test]
fn no_id_is_missed_and_counts_below_ten_are_hidden() {
    let desk = Desk::new();
    survey(&desk, 41);
    let printed = desk.summary(&["--anonymous", "--by", "role", "--format", "csv"]);
    assert_eq!((printed.code, printed.columns(&["role", "n"])), (0, vec!["(all) 41".to_owned(), "staff 21".into(), "support 20".into()]));
    assert!(!printed.err.contains("M004"), "{}", printed.err);
    assert!(printed.err.contains("fewer than 10"), "{}", printed.err);
    survey(&desk, 19);
    let printed = desk.summary(&["--anonymous", "--by", "role", "--format", "csv"]);
    assert_eq!(printed.columns(&["role", "n"]), ["(all) 19", "staff c", "support c"]);
}

#[test]
fn two_groups_are_not_crossed_and_the_limit_is_not_lowered() {
    let desk = Desk::new();
    survey(&desk, 41);
    for (more, expected) in [
        (&["--by", "role,class"][..], "`--anonymous` does not cross groups"),
        (&["--limit", "6"], "`--anonymous` hides counts below 10"),
        (&["--internal"], "cannot be used with"),
        (&["--id", "role"], "cannot be used with"),
    ] {
        let printed = desk.summary(&[&["--anonymous"], more].concat());
        assert_eq!((printed.code, printed.out.as_str()), (2, ""), "{more:?}");
        assert!(printed.err.contains(expected), "{more:?}: {}", printed.err);
    }
}

/// What a row's number or the words around an answer could tell of somebody is not said; that somebody needs help is.
#[test]
fn alerts_are_counted_and_no_row_is_named() {
    let desk = Desk::new();
    let questions = "interest,depressed,sleep,tired,appetite,failure,concentration,moving,death";
    desk.write("in.csv", &format!("role,{questions}\nstaff,0,0,0,0,0,0,0,0,2\nstaff,0,0,0,0,0,0,0,9,0\n"));
    let printed = desk.run(&["summary", "in.csv", "-i", "phq-9", "--anonymous", "--by", "role"]);
    assert!(printed.err.starts_with("ALERTS: 1 response of an anonymous survey."), "{}", printed.err);
    assert_eq!(printed.code, 1);
    assert!(printed.err.contains("[R002]") && !printed.err.contains("row "), "{}", printed.err);
}
