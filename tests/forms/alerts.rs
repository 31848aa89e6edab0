//! Alerts of every form that has a critical question, and the quieter line of those with a sensitive one.

use bandwise::instrument::{built_in_ids, load};

use crate::{Desk, all, all_but, file, questions};

#[test]
fn which_forms_ask_is_known_and_every_other_form_says_that_it_does_not() {
    let mut asking = Vec::new();
    for id in built_in_ids() {
        let (form, _) = load(id).unwrap();
        let says = form.notices().iter().any(|notice| notice.contains("no question about self-harm or suicide"));
        let unknown = form.notices().iter().any(|notice| notice.contains("whether it asks about self-harm cannot be said"));
        assert_eq!(u8::from(says) + u8::from(unknown) + u8::from(!form.critical.is_empty()), 1, "{id}: one of the three");
        if !form.critical.is_empty() {
            asking.push(id);
        }
    }
    assert_eq!(asking, ["mfq-33", "mfq-p-34", "phq-9", "phq-a", "core-10", "yp-core"]);
}

#[test]
fn the_page_of_a_form_warns_before_it_is_given() {
    let desk = Desk::new();
    let page = desk.run("instrument show mfq-33").out;
    assert!(page.contains("Read these questions on the day that the form is filled in, whatever the scores:"), "{page}");
    for question in ["question 16", "question 17", "question 18", "question 19"] {
        assert!(page.contains(question), "{page}");
    }
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains("not a risk assessment. Tell the designated safeguarding lead today, in person"), "{page}");
    assert!(page.contains("A sensitive question, no alert: after an answer to question 15"), "{page}");
}

#[test]
fn each_critical_question_alone_is_an_alert_on_a_form_that_cannot_be_scored() {
    let header = format!("pupil_id,{}", questions(33));
    for question in [16, 17, 18, 19] {
        for (answer, words) in [("1", "answered 1"), ("2", "answered 2"), ("", "left blank"), ("often", "cannot be read")] {
            // Another question is blank, so there is no total.
            let row = format!("P1,{}", all_but("0", 33, &[(question, answer), (2, "")]));
            let rows = Desk::new().scored(&header, &[row, format!("P2,{}", all("0", 33))], "-i mfq-33");
            assert_eq!(rows[0]["total"], "");
            assert!(rows[0]["alerts"].starts_with(&format!("question {question} (")), "{}", rows[0]["alerts"]);
            assert!(rows[0]["alerts"].ends_with(words) && !rows[0]["alerts"].contains(';'), "{}", rows[0]["alerts"]);
            assert_eq!(rows[1]["alerts"], "");
        }
    }
}

#[test]
fn questions_on_a_part_that_was_not_typed_in_are_told_once_and_are_no_alert() {
    let desk = Desk::new();
    desk.write("answers.csv", &file(&format!("pupil_id,{}", questions(9)), &[format!("P1,{}", all("0", 9))]));
    let printed = desk.run("score answers.csv -i phq-a --format csv");
    assert_eq!(printed.err.matches("[M014]").count(), 1, "{}", printed.err);
    assert!(crate::table(&printed.out)[0]["alerts"].is_empty(), "{}", printed.out);
}

#[test]
fn a_sensitive_answer_has_its_own_line_and_is_no_alert() {
    let desk = Desk::new();
    let header = format!("pupil_id,sex,year,{}", questions(47));
    let rows = [format!("P1,F,9,{}", all_but("0", 47, &[(37, "1")])), format!("P2,F,9,{}", all_but("0", 47, &[(37, "")]))];
    desk.write("answers.csv", &file(&header, &rows));
    let scored = desk.run("score answers.csv -i rcads-47-c");
    assert!(scored.out.contains("Sensitive answers, read these forms: 1 response\n  P1: question 37 (death) answered 1"), "{}", scored.out);
    assert!(!scored.out.contains("ALERT") && !scored.err.contains("ALERT"), "{}{}", scored.out, scored.err);
    let rows = crate::table(&desk.run("score answers.csv -i rcads-47-c --format csv").out);
    assert_eq!((rows[0]["sensitive"].as_str(), rows[1]["sensitive"].as_str()), ("question 37 (death) answered 1", ""));
    // Below every level, the pupil is still named by `flag`, in the file too.
    let flagged = desk.run("flag answers.csv -i rcads-47-c");
    assert!(flagged.out.contains("P1: question 37 (death) answered 1"), "{}", flagged.out);
    assert!(flagged.out.contains("2 pupils are below the level"), "{}", flagged.out);
    let rows = crate::table(&desk.run("flag answers.csv -i rcads-47-c --format csv").out);
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0]["pupil_id"].as_str(), rows[0]["status"].as_str()), ("P1", "below the level"));
}

#[test]
fn a_row_of_the_wrong_length_says_in_which_file_it_stands() {
    let desk = Desk::new();
    let header = format!("pupil_id,{}", questions(9));
    desk.write("first.csv", &file(&header, &["P1,0,0,0,0".to_owned()]));
    desk.write("second.csv", &file(&header, &["P1,0,0".to_owned()]));
    let rows = crate::table(&desk.run("score first.csv second.csv -i phq-9 --format csv").out);
    let files: Vec<&str> = rows.iter().map(|row| row["file"].as_str()).collect();
    assert_eq!(files, ["first.csv", "second.csv"]);
}
