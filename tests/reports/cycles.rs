//! Goals, cycle by cycle: the last goals file is about the last two times.

use crate::{School, phq, total};

fn school() -> School {
    let at = |points: i64| phq("pupil_id", &[("Ada", total(points))]);
    let goal = |words: &str| format!("pupil_id,goal,scale,target,provision\nAda,{words},total,<=9,{words} club\n");
    School::new(&[
        ("one.csv", at(24)),
        ("two.csv", at(16)),
        ("three.csv", at(4)),
        ("first.csv", goal("Sleeps")),
        ("second.csv", goal("Eats")),
        ("third.csv", goal("Rests")),
    ])
}

const REPORT: &str = "report pupil one.csv two.csv three.csv -i phq-9 --times one,two,three --pupil Ada";

#[test]
fn each_cycle_is_judged_by_its_own_times() {
    let page = school().page(&format!("{REPORT} --goals first.csv --goals second.csv"));
    let latest = page.find("Goals and support, ").unwrap();
    let earlier = page.find("Earlier: goals and support, ").unwrap();
    assert!(latest < earlier, "the latest cycle stands first");
    let (now, then) = (&page[latest..earlier], &page[earlier..]);
    assert!(now.contains("two to three") && now.contains("Eats") && now.contains("fell from 16"), "{now}");
    assert!(then.contains("one to two") && then.contains("Sleeps") && then.contains("fell from 24"), "{then}");
}

#[test]
fn one_goals_file_is_about_the_last_two_times() {
    let page = school().page(&format!("{REPORT} --goals second.csv"));
    assert!(page.contains("two to three") && page.contains("fell from 16"));
}

#[test]
fn more_goals_files_than_cycles_are_refused() {
    let said = school().run(&format!("{REPORT} --goals first.csv --goals second.csv --goals third.csv"));
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("there are 3 goals files and 2 cycles"), "{}", said.err);
}

#[test]
fn before_the_review_a_goal_is_not_reviewed() {
    let page = school().page("report pupil one.csv -i phq-9 --times autumn --pupil Ada --goals first.csv");
    assert!(page.contains("not reviewed") && page.contains("from autumn on"));
}

#[test]
fn one_file_may_hold_all_times() {
    let rows = [("Ada,one", total(24)), ("Ada,two", total(4)), ("Ada,other", total(4))];
    let school = School::new(&[("all.csv", phq("pupil_id,term", &rows))]);
    let said = school.run("report pupil all.csv -i phq-9 --time term=one,two --pupil Ada");
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("24 severe (one), 4 minimal (two)"), "{}", said.out);
    assert!(said.err.contains("C007") && said.err.contains("other"), "{}", said.err);
}

#[test]
fn a_pupil_who_stands_twice_is_refused_at_a_single_time_too() {
    let school = School::new(&[("forms.csv", phq("pupil_id", &[("Ada", total(1)), ("ada", total(2))]))]);
    let said = school.run("report pupil forms.csv -i phq-9");
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(
        said.err.contains("C002") && said.err.contains("No report was made. ") && !said.err.contains("Nothing was compared"),
        "{}",
        said.err
    );
    let said = school.run("report pupil forms.csv -i phq-9 --repeat latest");
    assert!(matches!(said.code, Some(0 | 1)), "{}", said.err);
    assert!(said.out.contains("2 minimal") && !said.out.contains("1 minimal"), "{}", said.out);
}
