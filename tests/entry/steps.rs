//! The exact words of the steps, one rule after another; the numbers are worked out by hand.

use bandwise::entry::{StepKind, Working, exact};
use bandwise::instrument::Number;

use super::filled::{folder_with, form, read};

/// The steps of one scale of one form.
fn steps(id: &str, header: &str, row: &str, scale: &str) -> Vec<(StepKind, String)> {
    let folder = folder_with("class.csv", &format!("{header}\n{row}\n"));
    let mut found = Vec::new();
    read(&folder.path().join("class.csv"), form(id, &[]), |layout, row| {
        let working = Working::new(layout, row, 0).unwrap();
        assert!(working.disagreement().is_none());
        let place = layout.forms()[0].instrument().scale(scale).unwrap();
        let steps = working.scales.into_iter().find(|worked| worked.scale == place).unwrap().steps;
        found = steps.into_iter().map(|step| (step.kind, step.words)).collect();
    });
    found
}

fn last(id: &str, header: &str, row: &str, scale: &str) -> String {
    steps(id, header, row, scale).pop().unwrap().1
}

/// `q1,q2 … qN`.
fn run(count: usize) -> String {
    (1..=count).map(|number| format!("q{number}")).collect::<Vec<_>>().join(",")
}

const SDQ: &str = "pupil_id,consid,restles,somatic,shares,tantrum,loner,obeys,worries,caring,fidgety,friend,fights,unhappy,popular,\
                   distrac,clingy,kind,lies,bullied,helpout,reflect,steals,oldbest,afraid,attends,ebddiff,chronic,distres,impfrie,impclas,burden";

/// An SDQ form with everything 0 but these.
fn sdq(others: &[(&str, &str)]) -> String {
    let cell = |name: &str| others.iter().find(|(other, _)| *other == name).map_or("0", |(_, cell)| cell);
    SDQ.split(',').map(|name| if name == "pupil_id" { "T01" } else { cell(name) }).collect::<Vec<_>>().join(",")
}

#[test]
fn numbers_are_exact_or_say_that_they_are_not() {
    for (over, under, expected) in [
        (7, 1, "7"),
        (15, 2, "7.5"),
        (25, 4, "6.25"),
        (1, 8, "0.125"),
        (-1, 4, "-0.25"),
        (-20, 3, "-20/3 (about -6.67)"),
        (20, 3, "20/3 (about 6.67)"),
    ] {
        assert_eq!(exact(Number::ratio(over, under).unwrap()), expected);
    }
}

#[test]
fn a_prorated_sum_shows_the_fraction_and_its_rounding() {
    // Of the emotional items somatic, worries, unhappy, clingy and afraid, one is blank and the others hold 6 points.
    let row = sdq(&[("somatic", "2"), ("worries", "2"), ("unhappy", "1"), ("clingy", "1"), ("afraid", "")]);
    assert_eq!(last("sdq-t4-17", SDQ, &row, "emotional"), "4 of 5 answered, 6 points: 6 x 5 / 4 = 7.5, rounded half up to 8");
    let row = sdq(&[("somatic", "2"), ("worries", "2"), ("unhappy", ""), ("clingy", "0"), ("afraid", "")]);
    assert_eq!(last("sdq-t4-17", SDQ, &row, "emotional"), "3 of 5 answered, 4 points: 4 x 5 / 3 = 20/3 (about 6.67), rounded half up to 7");
    let row = sdq(&[("somatic", "1"), ("worries", ""), ("unhappy", ""), ("clingy", ""), ("afraid", "0")]);
    assert_eq!(last("sdq-t4-17", SDQ, &row, "emotional"), "2 of 5 answered, 3 needed");
    assert_eq!(last("sdq-t4-17", SDQ, &row, "total"), "emotional has no score");
}

#[test]
fn reversed_and_recoded_answers_are_summed_as_they_count() {
    // obeys is reversed: 0 counts 2; a little impact counts nothing.
    let row = sdq(&[("tantrum", "1"), ("ebddiff", "2"), ("distres", "1"), ("impfrie", "2"), ("impclas", "3")]);
    assert_eq!(steps("sdq-t4-17", SDQ, &row, "conduct")[0].1, "1 + 2 + 0 + 0 + 0 = 3");
    let impact = steps("sdq-t4-17", SDQ, &row, "impact");
    assert_eq!(impact[1].1, "0 + 1 + 2 = 3");
    assert_eq!(impact[0], (StepKind::Gate, "26 ebddiff is answered 2, not 0: the answers count".to_owned()));
    assert_eq!(last("sdq-t4-17", SDQ, &row, "total"), "emotional 0 + conduct 3 + hyperactivity 4 + peer 4 = 11");
}

#[test]
fn a_closed_first_question_decides() {
    let row = sdq(&[("ebddiff", "0"), ("distres", "3")]);
    assert_eq!(last("sdq-t4-17", SDQ, &row, "impact"), "26 ebddiff is answered 0: the score is 0, whatever comes after it");
}

#[test]
fn a_mean_of_fewer_answers_is_divided_by_them() {
    let header = format!("pupil_id,sex,age,{}", run(10));
    // q3, q5 and q10 are reversed on 0 to 4: 1 + 2 + 4 + 0 + 4 + 0 + 0 + 1 + (blank) + 4 = 16.
    let row = "T01,F,12,1,2,0,0,0,0,0,1,,0";
    assert_eq!(last("yp-core", &header, row, "total"), "9 of 10 answered, 16 points: 10 x 16 / 9 = 160/9 (about 17.78), not rounded");
    let row = "T01,F,12,1,2,0,0,0,0,0,1,1,0";
    assert_eq!(last("yp-core", &header, row, "total"), "10 x 17 / 10 = 17");
}

#[test]
fn blanks_that_add_nothing_say_so() {
    let header = format!("pupil_id,{}", run(35));
    let row = format!("T01,{}", ["1"; 34].join(",")) + ",";
    let words = last("psc-35", &header, &row, "total");
    assert_eq!(words, "34 of 35 answered, 34 points: the missing ones add nothing");
}

#[test]
fn a_table_names_its_row() {
    let header = format!("pupil_id,{}", run(7));
    assert_eq!(last("swemwbs", &header, "T01,3,3,3,3,3,3,3", "metric"), "row 21 of the published table (raw 21): 19.25");
}

#[test]
fn a_norm_names_its_group_and_its_figures() {
    let header = format!("pupil_id,sex,year,{}", run(47));
    let row = format!("T01,M,5,{}", ["1"; 47].join(","));
    let words = last("rcads-47-c", &header, &row, "sad_t");
    assert!(words.starts_with("sad 7 by the norms `"), "{words}");
    assert!(words.contains("M, grade") && words.contains("by school-year, mean ") && words.contains(": 50 + 10 x (7 - "), "{words}");
    assert!(words.contains("rounded half up to "), "{words}");
    let unsaid = last("rcads-47-c", &header, &row.replacen("T01,M", "T01,", 1), "sad_t");
    assert_eq!(unsaid, "sex not recorded");
}

#[test]
fn goals_show_the_formula() {
    let header = "pupil_id,goal1,goal2,goal3,goal4,goal5";
    // T = 50 + 10 x (1 - 1 + 2) / sqrt(0.7 x 3 + 0.3 x 9) = 50 + 20 / sqrt(4.8) = 59.13.
    assert_eq!(
        last("gas", header, "T01,1,-1,2,,", "t"),
        "3 goals: 50 + 10 x 2 / sqrt(0.7 x 3 + 0.3 x 9) = 50 + 20 / sqrt(4.8) = 59.13, to two decimals"
    );
    assert_eq!(last("gas", header, "T01,,,,,", "t"), "no goal was rated, and one is needed");
}

#[test]
fn conditions_are_looked_at_one_by_one() {
    let header = format!("pupil_id,{}", run(55));
    let row = format!("T01,{},{}", ["2"; 47].join(","), ["3"; 8].join(","));
    let steps = steps("vanderbilt-p", &header, &row, "inattention-rule");
    assert!(steps.iter().filter(|(kind, _)| *kind == StepKind::Condition).count() >= 2, "{steps:?}");
    assert!(steps.iter().any(|(_, words)| words.ends_with(": met")), "{steps:?}");
    assert!(steps.iter().any(|(_, words)| words.ends_with(": not met")), "{steps:?}");
    assert!(steps.last().unwrap().1.ends_with(": 0"), "{steps:?}");
}
