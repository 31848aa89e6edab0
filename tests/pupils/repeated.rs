//! A form export that grows weekly: which of a pupil's responses counts.

use bandwise::findings::Code;

use super::{Desk, PUPILS, weather};

const FORMS: &str = "\
pupil_id,date,sunny,rainy,windy
X01,2026-09-10,2,0,0
X02,2026-09-03,2,0,0
X01,2026-09-03,0,2,2
";

fn gloom(desk: &Desk, command: &str) -> Vec<(String, String)> {
    let printed = desk.run(&format!("{command} -i {} --format csv", weather("weather.toml")));
    assert!(printed.code < 2, "{}", printed.err);
    printed.rows().iter().map(|row| (row["pupil_id"].clone(), row["gloom"].clone())).collect()
}

fn told(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter().map(|(pupil, score)| ((*pupil).to_owned(), (*score).to_owned())).collect()
}

#[test]
fn without_a_word_both_are_scored_and_with_one_the_first_or_the_latest() {
    let desk = Desk::with(&[("forms.csv", FORMS)]);
    assert_eq!(gloom(&desk, "score forms.csv"), told(&[("X01", "0"), ("X02", "0"), ("X01", "6")]));
    assert_eq!(gloom(&desk, "score forms.csv --repeat first"), told(&[("X01", "0"), ("X02", "0")]));
    assert_eq!(gloom(&desk, "score forms.csv --repeat latest"), told(&[("X01", "0"), ("X02", "0")]));
    desk.write("forms.csv", &FORMS.replace("X01,2026-09-03", "X01,2026-09-17"));
    assert_eq!(gloom(&desk, "score forms.csv --repeat latest"), told(&[("X02", "0"), ("X01", "6")]));
    assert_eq!(gloom(&desk, "score forms.csv --drop date --repeat latest"), told(&[("X02", "0"), ("X01", "6")]), "the last in the file");
}

#[test]
fn flags_go_by_the_response_that_counts() {
    let desk = Desk::with(&[("forms.csv", FORMS)]);
    let flagged = |more: &str| {
        let printed = desk.run(&format!("flag forms.csv -i {} --format csv {more}", weather("weather.toml")));
        printed.rows().iter().map(|row| row["pupil_id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(flagged(""), ["X01"]);
    assert!(flagged("--repeat latest").is_empty());
}

#[test]
fn several_files_are_read_as_one() {
    let desk = Desk::with(&[
        ("a.csv", "pupil_id,date,sunny,rainy,windy\nX01,2026-09-10,2,0,0\n"),
        ("b.csv", "pupil_id,date,sunny,rainy,windy\nX01,2026-09-03,0,2,2\n"),
    ]);
    assert_eq!(gloom(&desk, "score a.csv b.csv --repeat latest"), told(&[("X01", "0")]));
    assert_eq!(gloom(&desk, "score b.csv a.csv --repeat latest"), told(&[("X01", "0")]));
    assert_eq!(gloom(&desk, "score b.csv a.csv --repeat first"), told(&[("X01", "6")]));
}

#[test]
fn dates_that_do_not_say_which_is_later_are_a_question_back() {
    for other in ["", "soon", "05/10/2026"] {
        let desk = Desk::with(&[("forms.csv", &FORMS.replace("X01,2026-09-03", &format!("X01,{other}")))]);
        let printed = desk.run(&format!("score forms.csv -i {} --repeat latest", weather("weather.toml")));
        assert!(printed.code == 2 && printed.has(Code::C002) && printed.out.is_empty(), "{other}: {}", printed.err);
    }
    let desk = Desk::with(&[("forms.csv", &FORMS.replace("X01,2026-09-03", "X01,05/10/2026"))]);
    assert_eq!(gloom(&desk, "score forms.csv --repeat latest --dates day-first"), told(&[("X02", "0"), ("X01", "6")]));
}

#[test]
fn the_other_response_is_named_and_its_alert_is_told_all_the_same() {
    let low = "0,0,0,0,0,0,0,0,0";
    let forms = format!("pupil_id,date,q1,q2,q3,q4,q5,q6,q7,q8,q9\nX01,2026-09-03,0,0,0,0,0,0,0,0,3\nX01,2026-09-10,{low}\n");
    let desk = Desk::with(&[("forms.csv", &forms)]);
    let printed = desk.run("score forms.csv -i phq-9 --repeat latest");
    assert!(
        printed.has(Code::C010) && printed.err.contains("this pupil has another response in row 3: that one counts"),
        "{}",
        printed.err
    );
    assert!(printed.err.contains("ALERTS: 1 response") && printed.err.contains("X01, row 2"), "{}", printed.err);
}

#[test]
fn a_pupil_of_the_list_is_one_whatever_the_id() {
    let forms = "pupil_id,sunny,rainy,windy\n101,2,0,0\nB801200005001,0,2,2\n";
    let desk = Desk::with(&[("forms.csv", forms), ("pupils.csv", PUPILS)]);
    assert_eq!(gloom(&desk, "score forms.csv --pupils pupils.csv --repeat latest").len(), 1);
    assert_eq!(gloom(&desk, "score forms.csv --repeat latest").len(), 2);
}
