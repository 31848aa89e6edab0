//! Who is on which list of a meeting.

use crate::{School, phq, total};

fn school() -> School {
    let before = [("Ada,7A", total(20)), ("Ben,7A", total(20)), ("Cy,7B", total(2)), ("Dot,7B", total(20)), ("Ed,10C", total(3))];
    let mut alerted = total(1);
    alerted[8] = 1;
    let after = [("Ada,7A", total(20)), ("Ben,7A", total(20)), ("Cy,7B", total(2)), ("Dot,7B", total(4)), ("Fay,7B", alerted)];
    School::new(&[
        ("before.csv", phq("pupil_id,class", &before)),
        ("after.csv", phq("pupil_id,class", &after)),
        (
            "goals.csv",
            "pupil_id,goal,scale,target,review_by,provision\nBen,Sleeps better,total,<=9,2026-12-01,counselling\n\
             Cy,Has a friend,total,<=9,2026-12-01,lunch club\nEd,Comes in,total,<=1,2026-12-01,mentor\n"
                .to_owned(),
        ),
    ])
}

/// The pupils of a list, in the text that stands under its heading.
fn listed(text: &str, class: &str, heading: &str) -> Vec<String> {
    let of_class = text.split(&format!("class {class}: ")).nth(1).unwrap_or_default();
    let of_class = of_class.split("\nclass ").next().unwrap_or_default();
    let Some(list) = of_class.split(&format!("{heading}: ")).nth(1) else { return Vec::new() };
    let rows = list.lines().skip_while(|line| !line.starts_with('─')).skip(1).take_while(|line| !line.is_empty());
    rows.filter_map(|row| row.strip_prefix(' ')?.split(' ').next().filter(|name| !name.is_empty()).map(str::to_owned)).collect()
}

const MEETING: &str = "report meeting before.csv after.csv -i phq-9 --times autumn,spring --by class --goals goals.csv --on 2026-12-18";

#[test]
fn everybody_is_on_the_lists_they_belong_on() {
    let said = school().run(MEETING);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let on = |class: &str, heading: &str| listed(&said.out, class, heading);
    assert_eq!(on("7A", "Flagged, no provision"), ["Ada"]);
    assert_eq!(on("7A", "Flagged, with provision"), ["Ben"]);
    assert_eq!(on("7B", "Provision, not flagged"), ["Cy"]);
    assert_eq!(on("7B", "Gains to celebrate"), ["Dot"]);
    assert_eq!(on("10C", "No form this time"), ["Ed"]);
    assert_eq!(on("10C", "Review overdue"), ["Ed"]);
    assert_eq!(on("7B", "ALERTS"), ["Fay"]);
    assert_eq!(on("7A", "For a briefing, without scores"), ["Ben"]);
    // A school counts 7 before 10.
    let place = |class: &str| said.out.find(&format!("class {class}: ")).unwrap();
    assert!(place("7A") < place("7B") && place("7B") < place("10C"));
}

#[test]
fn a_pupil_of_the_list_without_any_form_is_there_too() {
    let files = [
        ("forms.csv", phq("pupil_id", &[("001", total(20))])),
        ("pupils.csv", "id,Surname,Forename,Class\n001,Testone,Ada,7A\n002,Testtwo,Ben,7A\n".to_owned()),
    ];
    let said = School::new(&files).run("report meeting forms.csv -i phq-9 --pupils pupils.csv --by class");
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("class 7A: 2 pupils"), "{}", said.out);
    let no_form = said.out.split("No form this time: 1 pupil").nth(1).unwrap();
    assert!(no_form.contains("Testtwo, Ben (002)"), "{}", said.out);
}

#[test]
fn rows_say_the_same_as_the_lists() {
    let school = school();
    assert_eq!(school.run(&format!("{MEETING} -o meeting.csv")).code, Some(0));
    let rows: Vec<String> = school.read("meeting.csv").lines().map(str::to_owned).collect();
    assert_eq!(
        rows[0],
        "pupil_id,pupil,class,status,reasons,provision,flagged_no_provision,provision_not_flagged,verdict,goals,overdue,evidence,alerts"
    );
    assert_eq!(rows[1], "Ada,Ada,7A,flagged,total 20 severe,,yes,,no clear change,,,,");
    assert!(rows.iter().any(|row| row.starts_with("Cy,Cy,7B,below the level,,lunch club,,yes,no clear change,")), "{rows:?}");
    assert!(rows.iter().any(|row| row.starts_with("Fay,Fay,7B,below the level,") && row.contains("question 9")), "{rows:?}");
}

#[test]
fn staff_read_no_alert() {
    let page = school().page(&format!("{MEETING} --for staff"));
    assert!(!page.contains("question 9") && !page.contains("Alerts:"), "an alert is on a page for staff");
    // Whoever is on the page for an alert only is not on it at all: being named there would say so.
    assert!(page.contains("Made for staff") && page.contains("Ada") && !page.contains("Fay"));
}

#[test]
fn parents_and_governors_read_no_class() {
    let school = school();
    for whom in ["parent", "governors"] {
        let said = school.run(&format!("{MEETING} --for {whom} -o page.html"));
        assert_eq!(said.code, Some(2), "{}", said.err);
        assert!(!school.has("page.html"));
    }
}

#[test]
fn a_form_of_another_time_decides_nothing_now_and_says_when_it_was() {
    let before = phq("pupil_id", &[("Ada", total(20))]);
    let after = phq("pupil_id", &[("Ada", total(2))]);
    let worry = "pupil_id,q1,q2,q3,q4,q5,q6,q7\nAda,3,3,3,3,3,3,3\n".to_owned();
    let school = School::new(&[("one.csv", before), ("two.csv", after), ("worry.csv", worry)]);
    let said = school.run("report meeting one.csv two.csv -i phq-9 --times autumn,summer --with gad-7=worry.csv,-");
    assert!(!said.out.contains("Flagged"), "{}", said.out);
    let said = school.run("report meeting one.csv two.csv -i phq-9 --times autumn,summer --with gad-7=-,worry.csv");
    assert!(said.out.contains("self, gad-7: total 21"), "{}", said.out);
}

#[test]
fn whose_provision_is_not_known_is_not_without_provision() {
    let forms = phq("pupil_id", &[("Ada", total(20))]);
    let goals = "pupil_id,goal,scale,target,intervention\nAda,Sleeps,total,<=9,mentor\n".to_owned();
    let school = School::new(&[("forms.csv", forms), ("goals.csv", goals)]);
    for more in ["", " --goals goals.csv"] {
        let said = school.run(&format!("report meeting forms.csv -i phq-9{more}"));
        assert!(said.out.contains("Flagged: 1 pupil") && !said.out.contains("no provision"), "{}", said.out);
    }
    let said = school.run("report provision forms.csv -i phq-9 --goals goals.csv");
    assert!(said.out.contains("The goals file has no column `provision`"), "{}", said.out);
}

#[test]
fn an_alert_of_an_earlier_time_is_told_with_its_time() {
    let mut alerted = total(4);
    alerted[8] = 2;
    let school = School::new(&[("one.csv", phq("pupil_id", &[("Ada", alerted)])), ("two.csv", phq("pupil_id", &[("Ben", total(1))]))]);
    let said = school.run("report meeting one.csv two.csv -i phq-9 --times autumn,summer");
    assert!(said.out.contains("ALERTS: 1 pupil") && said.out.contains("autumn: question 9"), "{}", said.out);
}

#[test]
fn a_form_without_bands_flags_nobody_and_says_so_once() {
    let forms = "pupil_id,q1,q2,q3,q4,q5,q6,q7\nAda,1,1,1,1,1,1,1\n".to_owned();
    let said = School::new(&[("forms.csv", forms)]).run("report meeting forms.csv -i swemwbs");
    assert!(said.out.contains("Not judged: 1 pupil") && !said.out.contains("Cannot say"), "{}", said.out);
}

#[test]
fn what_a_clear_change_means_is_said_where_there_are_changes() {
    let school = School::new(&[("one.csv", phq("pupil_id", &[("Ada", total(20))])), ("two.csv", phq("pupil_id", &[("Ada", total(2))]))]);
    for (files, is_said) in [("one.csv", false), ("one.csv two.csv", true)] {
        let command = format!("report meeting {files} -i phq-9");
        assert_eq!(school.run(&command).out.contains("A clear change is more than"), is_said, "{files}");
        assert_eq!(school.page(&command).contains("A clear change is more than"), is_said, "{files}");
    }
}
