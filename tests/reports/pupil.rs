//! One pupil's page, and the lines to paste.

use crate::{School, phq, total};

fn school() -> School {
    let at = |ada: i64, ben: i64| phq("pupil_id,date", &[("Ada,2026-09-20", total(ada)), ("Ben,2026-09-21", total(ben))]);
    School::new(&[
        ("autumn.csv", at(20, 3)),
        ("spring.csv", at(14, 3)),
        ("summer.csv", at(4, 3)),
        ("worry.csv", "pupil_id,q1,q2,q3,q4,q5,q6,q7\nAda,3,3,1,0,0,0,0\n".to_owned()),
        ("evidence.csv", "pupil_id,measure,baseline,review\nAda,attendance,84,92\n".to_owned()),
    ])
}

#[test]
fn every_time_and_both_spans_are_said() {
    let page = school().page("report pupil autumn.csv spring.csv summer.csv -i phq-9 --pupil Ada --evidence evidence.csv");
    for words in ["20 severe", "Since spring", "Since autumn", "10 lower", "16 lower", "clearly better", "20 September 2026", "attendance"]
    {
        assert!(strip(&page).contains(words), "{words}");
    }
    assert!(!page.contains("Ben"), "another pupil is on the page");
}

#[test]
fn without_a_pupil_everybody_has_a_sheet() {
    let page = school().page("report pupil autumn.csv summer.csv -i phq-9");
    assert_eq!(page.matches("<article class=\"sheet\">").count(), 2);
    assert!(page.contains("Ada") && page.contains("Ben"));
}

#[test]
fn another_form_stands_beside_the_first() {
    let school = school();
    let page = strip(&school.page("report pupil autumn.csv summer.csv -i phq-9 --with gad-7=worry.csv,- --pupil Ada"));
    assert!(page.contains("PHQ-9") && page.contains("GAD-7"), "{page}");
    assert!(page.contains("20 severe") && page.contains("7 mild"), "{page}");
    let said = school.run("report pupil autumn.csv summer.csv -i phq-9 --with gad-7=worry.csv --pupil Ada");
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("a file a time, `-` where there is none"), "{}", said.err);
}

#[test]
fn the_lines_to_paste_are_a_few() {
    let said = school().run("report pupil autumn.csv summer.csv -i phq-9 --times autumn,summer --pupil ada --evidence evidence.csv");
    assert_eq!(said.code, Some(0), "{}", said.err);
    let lines: Vec<&str> = said.out.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(lines[0], "Ada");
    assert!(lines[1].contains("20 severe (autumn), 4 minimal (summer): 16 lower, clearly better"), "{}", lines[1]);
    assert!(lines.contains(&"attendance: from 84 to 92."), "{lines:?}");
}

#[test]
fn a_parent_reads_of_one_child_and_no_single_answer() {
    let mut answers = total(4);
    answers[8] = 2;
    answers[0] = -1;
    let school = School::new(&[("forms.csv", phq("pupil_id", &[("Ada", answers), ("Ben", total(3))]))]);
    let all = "report pupil forms.csv -i phq-9 --pupil Ada";
    let senco = school.page(all);
    assert!(senco.contains("question 9") && senco.contains("without an answer that can be used: 1"), "the SENCo reads all");
    let parent = school.page(&format!("{all} --for parent"));
    let named = School::new(&[("forms.csv", phq("pupil_id,completed_by", &[("Ada,Ms Fakename", answers), ("Ben,Mr Madeup", total(3))]))]);
    assert!(!named.page(&format!("{all} --for parent")).contains("Mr Madeup"), "who filled in another pupil's form");
    for words in ["question 9", "without an answer that can be used", "Alerts", "Ben"] {
        assert!(!parent.contains(words), "{words}");
    }
    let said = school.run("report pupil forms.csv -i phq-9 --for parent -o all.html");
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("about one child"), "{}", said.err);
}

#[test]
fn nobody_is_made_up() {
    let said = school().run("report pupil autumn.csv -i phq-9 --pupil Zoe");
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("no pupil `Zoe` is in these files"), "{}", said.err);
}

#[test]
fn codes_stand_for_names_everywhere() {
    let files = [
        ("forms.csv", phq("pupil_id", &[("001", total(20))])),
        ("pupils.csv", "id,Surname,Forename,Class\n001,Testone,Ada,7A\n002,Testtwo,Ben,7A\n".to_owned()),
        ("evidence.csv", "pupil_id,late\n001,7\n".to_owned()),
        ("goals.csv", "pupil_id,goal,scale,target\n001,Sleeps,total,<=9\n".to_owned()),
    ];
    let school = School::new(&files);
    let page = school
        .page("report pupil forms.csv -i phq-9 --pupils pupils.csv --evidence evidence.csv --goals goals.csv --hide-names --key k.txt");
    for name in ["Testone", "Testtwo", "Ada", "001"] {
        assert!(!strip(&page).contains(name), "{name}");
    }
    assert!(page.contains("Sleeps") && page.contains("late"), "the goal and the evidence are found under the code");
}

/// The page's text.
fn strip(page: &str) -> String {
    let body = page.split("<body").nth(1).unwrap_or_default();
    let main = body.split("<footer>").next().unwrap_or_default();
    let mut text = String::new();
    let mut is_tag = true;
    for character in main.chars() {
        match character {
            '<' => is_tag = true,
            '>' => is_tag = false,
            plain if !is_tag => text.push(plain),
            _ => {}
        }
    }
    text
}

#[test]
fn withdrawn_consent_holds_for_goals_and_evidence_too() {
    let files = [
        ("before.csv", phq("pupil_id", &[("Ada", total(20)), ("Ben", total(20))])),
        ("after.csv", phq("pupil_id", &[("Ada", total(4)), ("Ben", total(4))])),
        ("goals.csv", "pupil_id,goal,scale,target,provision\nAda,Sleeps,total,<=9,mentor\nBen,Settles,total,<=9,mentor\n".to_owned()),
        ("out.csv", "pupil_id\nBen\n".to_owned()),
    ];
    let school = School::new(&files);
    for command in [
        "report provision before.csv after.csv",
        "report pupil before.csv after.csv",
        "report meeting before.csv after.csv",
        "compare before.csv after.csv",
    ] {
        let said = school.run(&format!("{command} -i phq-9 --goals goals.csv --exclude out.csv"));
        assert!(said.out.contains("Ada") || said.out.contains("mentor"), "{command}: {}", said.err);
        for words in ["Ben", "Settles"] {
            assert!(!said.out.contains(words) && !said.err.contains(words), "{command}: {}{}", said.out, said.err);
        }
    }
}

#[test]
fn gains_say_since_when_and_what_was_lost_again_is_none() {
    let at = |points: i64| phq("pupil_id", &[("Ada", total(points))]);
    let school = School::new(&[("one.csv", at(24)), ("two.csv", at(4)), ("three.csv", at(14))]);
    let said = school.run("report pupil one.csv two.csv three.csv -i phq-9 --times autumn,spring,summer");
    assert!(said.out.contains("10 higher, clearly worse") && !said.out.contains("Gains"), "{}", said.out);
    let said = school.run("report pupil one.csv three.csv two.csv -i phq-9 --times autumn,spring,summer");
    assert!(said.out.contains("10 lower since spring, clearly better"), "{}", said.out);
}

#[test]
fn who_filled_in_another_pupils_form_is_not_on_the_page() {
    let files = [("forms.csv", phq("pupil_id,completed_by", &[("Ada,Ms Fakename", total(3)), ("Ben,Mr Madeup", total(3))]))];
    let school = School::new(&files);
    for whom in ["senco", "staff"] {
        let page = school.page(&format!("report pupil forms.csv -i phq-9 --pupil Ada --for {whom}"));
        assert!(!page.contains("Mr Madeup"), "{whom}");
    }
    let class = school.page("score forms.csv -i phq-9 --for staff --drop completed_by");
    assert!(!class.contains("Mr Madeup"));
}

#[test]
fn what_the_form_does_not_ask_is_not_missing() {
    let page = School::new(&[("forms.csv", phq("pupil_id", &[("Ada", total(3))]))]).page("report pupil forms.csv -i phq-9");
    assert!(strip(&page).contains("9 of 9 questions answered"), "{}", strip(&page));
}

#[test]
fn a_parent_reads_what_is_theirs() {
    let goals = "pupil_id,goal,scale,target,provision,cost,pupil_view\nAda,Sleeps,total,<=9,mentor,£900,I told you in confidence\n";
    let pathway = "next_steps = [\"Ask the inclusion team\"]\n[stages.review]\ntitle = \"Review\"\nprompts = [\"What worked?\"]\n";
    let files =
        [("forms.csv", phq("pupil_id", &[("Ada", total(20))])), ("goals.csv", goals.to_owned()), ("pathway.toml", pathway.to_owned())];
    let school = School::new(&files);
    let command = "report pupil forms.csv -i phq-9 --pupil Ada --goals goals.csv --pathway pathway.toml";
    let (senco, parent) = (strip(&school.page(command)), strip(&school.page(&format!("{command} --for parent"))));
    for words in ["£900", "in confidence", "Ask the inclusion team", "What worked?", "<=9"] {
        let words = words.replace('<', "&lt;");
        assert!(senco.contains(&words), "{words}");
        assert!(!parent.contains(&words), "{words}");
    }
    assert!(parent.contains("Sleeps") && parent.contains("mentor"), "{parent}");
}

#[test]
fn what_was_not_answered_is_a_sentence_of_its_own() {
    let mut answers = total(6);
    (answers[2], answers[4]) = (-1, -1);
    let said = School::new(&[("forms.csv", phq("pupil_id", &[("Ada", answers)]))]).run("report pupil forms.csv -i phq-9");
    assert!(said.out.contains(". No answer that can be used (now): questions 3 and 5."), "{}", said.out);
}
