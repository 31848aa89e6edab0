//! Who reads what: alerts first where they may be read; nowhere else a word of them.

use crate::Desk;
use crate::markup::words;

const PAGES: [&str; 5] = [
    "score phq.csv -i phq-9",
    "flag phq.csv -i phq-9 --all",
    "compare phq.csv phq-review.csv -i phq-9",
    "report pupil phq.csv -i phq-9",
    "report meeting phq.csv -i phq-9",
];

#[test]
fn alerts_come_first() {
    let desk = Desk::new();
    for command in PAGES {
        let words = words(&desk.page(command));
        let alert = words.find("question 9 (thoughts of self-harm) answered 2").unwrap_or_else(|| panic!("{command}"));
        assert!(words.contains("Tell the designated safeguarding lead today"), "{command}");
        let results = ["Gains and strengths", "Pupils at each level", "Scores of each pupil", "Low mood", "total 11", "To ask", "Scale"];
        for result in results.iter().filter_map(|result| words.find(result)) {
            assert!(alert < result, "{command}: {}", &words[result..result + 12]);
        }
    }
}

#[test]
fn staff_read_no_alert_no_single_answer_and_no_cell() {
    let desk = Desk::new();
    for command in PAGES {
        let senco = words(&desk.page(command)).to_lowercase();
        assert!(senco.contains("self-harm"), "{command}");
        // The page of some pupils says nothing of the others' cells.
        assert!(senco.contains("phq.csv, row 4, column e") || command.starts_with("report pupil"), "{command}");
        let words = words(&desk.page(&format!("{command} --for staff"))).to_lowercase();
        let (told, rest) = words.split_once("made for staff: alerts, single answers and unreadable cells are left out.").unwrap();
        for word in ["alert", "self-harm", "question 9", "illegible", "column e", "safeguarding lead today", "death", "sensitive"] {
            assert!(!told.contains(word) && !rest.contains(word), "{command}: {word}");
        }
        assert!(rest.contains("p1") && rest.contains("p2"), "{command}");
    }
    let said = desk.run(&"working phq.csv -i phq-9 --pupil P1 --for staff".split(' ').collect::<Vec<_>>());
    assert!(said.is_err(), "every line of a working is a single answer");
}

#[test]
fn a_sensitive_answer_is_for_the_senco() {
    let desk = Desk::new();
    let questions: Vec<String> = (1..=47).map(|question| format!("q{question}")).collect();
    let answers: Vec<&str> = (1..=47).map(|question| if question == 37 { "3" } else { "1" }).collect();
    desk.write("rcads.csv", &format!("pupil_id,sex,year,{}\nR1,F,7,{}\n", questions.join(","), answers.join(",")));
    for command in ["score rcads.csv -i rcads-47-c", "flag rcads.csv -i rcads-47-c"] {
        assert!(words(&desk.page(command)).to_lowercase().contains("sensitive answer"), "{command}");
        let staff = words(&desk.page(&format!("{command} --for staff"))).to_lowercase();
        assert!(!staff.contains("sensitive"), "{command}");
    }
}

#[test]
fn parents_read_of_one_child() {
    let desk = Desk::new();
    let page = words(&desk.page("report pupil class-7a-teacher.csv class-7a-teacher-review.csv -i sdq-t4-17 --pupil T04 --goals class-7a-goals.csv --evidence class-7a-evidence.csv --for parent"));
    assert!(page.contains("T04") && page.contains("Made for parents and carers"));
    for other in (1..=30).filter(|other| *other != 4) {
        assert!(!page.contains(&format!("T{other:02}")), "T{other:02}");
    }
    for command in [
        "score phq.csv -i phq-9",
        "flag phq.csv -i phq-9",
        "compare phq.csv phq-review.csv -i phq-9",
        "report pupil phq.csv -i phq-9",
        "report pupil phq.csv -i phq-9 --pupil P1 --pupil P2",
        "report meeting phq.csv -i phq-9",
        "report provision class-7a-teacher.csv class-7a-teacher-review.csv -i sdq-t4-17 --goals class-7a-goals.csv",
        "missing phq.csv -i phq-9 --pupils list.csv",
    ] {
        let arguments = format!("{command} --for parent");
        assert!(desk.run(&arguments.split(' ').collect::<Vec<_>>()).is_err(), "{command}");
    }
}
