//! Files that `score` refuses: what was understood is shown all the same, and what is missing with it.

use crate::{Desk, all, named, phq, question};

fn codes(understood: &serde_json::Value) -> Vec<&str> {
    understood["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

#[test]
fn a_question_without_a_column_has_suggestions_that_are_not_applied() {
    let mut header = named();
    header[3] = "slepe";
    let desk = Desk::with(&phq(&header, &[&all("T01", "0")]));
    let printed = desk.check(&["-i", "phq-9"]);
    assert_eq!(printed.code, 2);
    assert!(printed.out.contains("perhaps D `slepe`"), "{}", printed.out);
    assert!(printed.out.contains("9 of 10 questions with a column"), "{}", printed.out);
    assert!(printed.err.contains("refused[M001]"), "{}", printed.err);
    assert!(printed.err.contains("`bandwise score` would refuse this"), "{}", printed.err);
    let understood = desk.understood(&["-i", "phq-9"]);
    let sleep = question(&understood, "sleep");
    assert_eq!((&sleep["column"], &sleep["suggestions"][0]["header"]), (&serde_json::Value::Null, &"slepe".into()));
    // The others are shown with their values.
    assert_eq!(question(&understood, "tired")["values"][0]["count"], 1);
}

#[test]
fn a_question_that_could_be_two_columns_is_unclear() {
    let mut header = named();
    header.push("Sleep");
    let mut row = all("T01", "0");
    row.push("1");
    let desk = Desk::with(&phq(&header, &[&row]));
    let understood = desk.understood(&["-i", "phq-9"]);
    assert_eq!(codes(&understood), ["M002", "T004"]);
    let sleep = question(&understood, "sleep");
    assert_eq!((&sleep["found_by"], sleep["suggestions"].as_array().unwrap().len()), (&"unclear".into(), 2));
    assert!(desk.check(&["-i", "phq-9"]).out.contains("D sleep or L Sleep (2)"));
}

#[test]
fn a_run_of_another_length_finds_nothing_and_suggests_by_number() {
    let header: Vec<String> = (1..=14).map(|number| format!("q{number}")).collect();
    let row = ["0"; 14].join(",");
    let desk = Desk::with(&format!("pupil_id,{}\nT01,{row}\n", header.join(",")));
    let printed = desk.check(&["-i", "phq-9"]);
    assert_eq!(printed.code, 2);
    assert!(printed.err.contains("refused[M003]") && printed.out.contains("0 of 10 questions"), "{}{}", printed.out, printed.err);
    assert!(printed.out.contains("perhaps D `q3`"), "{}", printed.out);
}

#[test]
fn answers_coded_one_too_high_are_shown_with_their_values_and_one_finding() {
    let rows = [all("T01", "1"), all("T02", "4"), all("T03", "2")];
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let desk = Desk::with(&phq(&named(), &rows));
    let understood = desk.understood(&["-i", "phq-9"]);
    assert_eq!(codes(&understood), ["R006"]);
    assert_eq!(understood["files"][0]["refused"], true);
    let values = question(&understood, "sleep")["values"].as_array().unwrap();
    let read: Vec<(&str, &str)> =
        values.iter().map(|value| (value["value"].as_str().unwrap(), value["read_as"].as_str().unwrap())).collect();
    assert_eq!(read, [("1", "answer"), ("4", "refused"), ("2", "answer")]);
    // No alert can be told from answers whose coding is in doubt.
    let printed = desk.check(&["-i", "phq-9"]);
    assert!(!printed.err.contains("ALERTS") && printed.code == 2, "{}", printed.err);
    assert_eq!(desk.check(&["-i", "phq-9", "--coding", "1,2,3,4"]).code, 0);
}

#[test]
fn a_file_that_is_no_table_does_not_hide_the_others() {
    let desk = Desk::with(&phq(&named(), &[&all("T01", "0")]));
    desk.write("empty.csv", "");
    let printed = desk.run(&["check", "empty.csv", "class.csv", "-i", "phq-9"]);
    assert_eq!(printed.code, 2);
    assert!(printed.out.starts_with("class.csv: 1 response"), "{}", printed.out);
    assert!(printed.err.contains("refused[T001]"), "{}", printed.err);
}

#[test]
fn two_forms_that_share_their_columns_are_shown_and_refused() {
    let names = "consid,restles,somatic,shares,tantrum,loner,obeys,worries,caring,fidgety,friend,fights,unhappy,popular,distrac,clingy,kind,lies,bullied,helpout,reflect,steals,oldbest,afraid,attends";
    let desk = Desk::with(&format!("pupil_id,{names}\nT01,{}\n", ["0"; 25].join(",")));
    let printed = desk.check(&["-i", "sdq-t4-17", "-i", "sdq-p4-17"]);
    assert_eq!(printed.code, 2);
    assert!(printed.out.contains("(sdq-t4-17)") && printed.out.contains("(sdq-p4-17)"), "{}", printed.out);
    assert!(printed.err.contains("say with `--informant COLUMN`"), "{}", printed.err);
}

#[test]
fn check_and_score_agree_on_what_is_refused() {
    for name in std::fs::read_dir("tests/fixtures").unwrap() {
        let path = name.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let path = path.canonicalize().unwrap().to_string_lossy().into_owned();
        let desk = Desk::new();
        for form in ["sdq-t4-17", "phq-9"] {
            let score = desk.run(&["score", &path, "-i", form, "--format", "csv"]);
            let check = desk.run(&["check", &path, "-i", form]);
            assert_eq!(check.code, score.code, "{path} {form}: {}", check.err);
            // Whoever is an alert to one is one to the other.
            let alerts = |text: &str| text.lines().filter(|line| line.starts_with("ALERTS")).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(alerts(&check.err), alerts(&score.err), "{path} {form}");
        }
    }
}
