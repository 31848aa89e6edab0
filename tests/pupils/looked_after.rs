//! Carers' SDQ totals as the return on looked-after children has them. Every child is invented.

use crate::{Desk, PUPILS};

const LIST: &str = "\
id,Surname,Forename,Date of Birth,Looked After
C1,Testone,Ada,25/09/2014,Yes
C2,Testtwo,Ben,05/01/2015,N
C3,Testthree,Cy,01/02/2009,Y
C4,Testfour,Di,31/08/2015,Y
C5,Testfive,Eve,30/04/2023,Y
C6,Testsix,Fay,13/04/2013,Post-LAC
";

fn forms(pupils: &[(&str, &str)]) -> String {
    let header: Vec<String> = (1..=25).map(|number| format!("q{number}")).collect();
    let rows = pupils.iter().map(|(id, answer)| format!("{id},{}\n", vec![*answer; 25].join(",")));
    format!("pupil_id,{}\n{}", header.join(","), rows.collect::<String>())
}

const COMMAND: &str = "looked-after carers.csv -i sdq-p4-17 --pupils list.csv --format csv";

/// All answers "somewhat true" come to 20 of 40. One score is missing for age, one for a reason that only a person knows.
#[test]
fn looked_after_children_have_a_line_with_a_score_or_a_reason() {
    let desk = Desk::with(&[("list.csv", LIST), ("carers.csv", &forms(&[("C1", "1"), ("C2", "1"), ("C9", "1")]))]);
    let printed = desk.run(&format!("{COMMAND} --on 2027-03-31"));
    assert_eq!(
        printed.out,
        "CHILD,DOB,SDQ_SCORE,SDQ_REASON\nC1,25/09/2014,20,\nC3,01/02/2009,,SDQ1\nC4,31/08/2015,,\nC5,30/04/2023,,SDQ1\n"
    );
    assert_eq!(printed.code, 1, "a response is nobody's");
    for said in ["1 line without a score and without a reason", "SDQ2 the carer refused", "`Post-LAC`", "1 response of nobody on the list"]
    {
        assert!(printed.err.contains(said), "{said}: {}", printed.err);
    }
}

#[test]
fn the_age_is_that_of_the_day() {
    let desk = Desk::with(&[("list.csv", LIST), ("carers.csv", &forms(&[("C1", "0")]))]);
    for (on, expected) in
        [("2026-01-31", ["", "SDQ1"]), ("2026-02-01", ["SDQ1", "SDQ1"]), ("2027-04-29", ["SDQ1", "SDQ1"]), ("2027-04-30", ["SDQ1", ""])]
    {
        let rows = desk.run(&format!("{COMMAND} --on {on}")).rows();
        let reason = |child: &str| rows.iter().find(|row| row["CHILD"] == child).map(|row| row["SDQ_REASON"].clone());
        assert_eq!([reason("C3"), reason("C5")], expected.map(|reason| Some(reason.to_owned())), "{on}");
    }
}

#[test]
fn of_two_forms_none_is_chosen_until_it_is_said() {
    let text = forms(&[("C1", "1"), ("C1", "2")]);
    let desk = Desk::with(&[("list.csv", LIST), ("carers.csv", &text)]);
    let score = |more: &str| desk.run(&format!("{COMMAND} --on 2027-03-31 {more}")).rows()[0]["SDQ_SCORE"].clone();
    assert_eq!((score("").as_str(), score("--repeat first").as_str()), ("", "20"));
    assert!(desk.run(&format!("{COMMAND} --on 2027-03-31")).err.contains("More than one total"));
}

#[test]
fn what_is_no_return_is_refused() {
    let desk = Desk::with(&[("list.csv", PUPILS), ("carers.csv", &forms(&[("101", "1")]))]);
    for (line, says) in [
        (COMMAND.to_owned(), "--on 2027-03-31"),
        (format!("{COMMAND} --on 2027-03-31").replace("sdq-p4-17", "sdq-t4-17"), "`-i sdq-p4-17`, not `sdq-t4-17`"),
        ("looked-after carers.csv -i sdq-p4-17 --format csv".to_owned(), "--pupils FILE"),
        (format!("{COMMAND} --on 2027-03-31 --hide-names --key k"), "leave out `--hide-names`"),
        (format!("{COMMAND} --on 2027-03-31").replace(" --format csv", ""), "-o FILE.csv"),
    ] {
        let printed = desk.run(&line);
        assert!(printed.code == 2 && printed.err.contains(says), "{line}: {}", printed.err);
    }
}
