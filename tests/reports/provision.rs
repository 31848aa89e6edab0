//! The provision map.

use crate::{School, phq, total};

fn school() -> School {
    let before = [("Ada,7", total(20)), ("Ben,7", total(20)), ("Cy,8", total(20))];
    let after = [("Ada,7", total(4)), ("Ben,7", total(20)), ("Cy,8", total(4))];
    let goals = "pupil_id,goal,scale,target,provision,sessions_planned,sessions_had,cost\n\
                 Ada,Sleeps,total,<=9,mentor,12,11,\"£1,200\"\nBen,Eats,total,<=9,Mentor,6,3,80.50\nCy,Rests,total,<=9,mentor,4,all,free\n\
                 Ada,Plays,total,<=9,,,,\n";
    School::new(&[
        ("before.csv", phq("pupil_id,year", &before)),
        ("after.csv", phq("pupil_id,year", &after)),
        ("goals.csv", goals.to_owned()),
    ])
}

const MAP: &str = "report provision before.csv after.csv -i phq-9 --goals goals.csv --by year";

#[test]
fn sessions_and_cost_are_added_up_and_what_cannot_be_read_is_said() {
    let said = school().run(MAP);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let row = |words: &str| said.out.lines().find(|line| line.trim_start().starts_with(words)).unwrap_or_default().to_owned();
    let sevens = row("mentor");
    assert!(sevens.contains("14 of 18 planned") && sevens.contains("£1,280.50"), "{}", said.out);
    assert!(said.out.contains("? (1 cell cannot be") && said.out.contains("(no provision"), "{}", said.out);
    let sentences = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(sentences.contains("it is never worked out from the scores"), "{}", said.out);
}

#[test]
fn the_map_has_a_row_a_goal_and_an_empty_column_for_people() {
    let school = school();
    assert_eq!(school.run(&format!("{MAP} -o map.csv")).code, Some(0));
    let text = school.read("map.csv");
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows.len(), 5);
    assert!(rows[0].ends_with("sessions_planned,sessions_had,cost,impact_minus2_to_plus2"));
    assert!(rows[1..].iter().all(|row| row.ends_with(',')), "{text}");
    assert_eq!(rows[1], "mentor,7,Ada,Ada,Sleeps,total,<=9,20,4,clearly better,met,,12,11,1200,");
}

#[test]
fn without_goals_there_is_no_provision_to_speak_of() {
    let said = school().run("report provision before.csv after.csv -i phq-9");
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("add `--goals FILE`"), "{}", said.err);
}
