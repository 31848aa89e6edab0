//! What is shown: each question's column, how it was found, its values and what they were read as; and nothing that names a pupil.

use crate::{Desk, all, named, phq, question, questions};

#[test]
fn every_way_of_finding_a_column_is_told() {
    for (header, more, expected) in [
        ("pupil_id,interest,depressed,sleep,tired,appetite,failure,concentration,moving,death,difficulty", "", "short name"),
        ("pupil_id,phq1,phq2,phq3,phq4,phq5,phq6,phq7,phq8,phq9,phq10", "", "numbered run"),
    ] {
        let desk = Desk::with(&format!("{header}\n{}\n", all("T01", "1").join(",")));
        let understood = desk.understood(&["-i", "phq-9"]);
        for question in questions(&understood) {
            assert_eq!(question["found_by"], expected, "{header} {more}");
        }
    }
    let mut header = named();
    header[3] = "Trouble sleeping";
    header[4] = "fourth";
    let desk = Desk::with(&phq(&header, &[&all("T01", "1")]));
    desk.write("map.toml", "[items]\ntired = \"fourth\"\n[context]\nid = \"pupil_id\"\n");
    let understood = desk.understood(&["-i", "phq-9", "--map", "map.toml"]);
    assert_eq!(question(&understood, "tired")["found_by"], "map");
    assert_eq!((&question(&understood, "tired")["column"], &question(&understood, "tired")["header"]), (&"E".into(), &"fourth".into()));
    assert_eq!(question(&understood, "sleep")["found_by"], "match words");
    assert_eq!(understood["files"][0]["context"][0]["found_by"], "map");
    let understood = desk.understood(&["-i", "phq-9", "--map", "map.toml", "--id", "pupil_id"]);
    assert_eq!(understood["files"][0]["context"][0]["found_by"], "option");
}

#[test]
fn values_are_counted_with_what_each_was_read_as() {
    let mut rows = [all("T01", "0"), all("T02", "Not at all"), all("T03", "0"), all("T04", "3"), all("T05", "9"), all("T06", "")];
    rows[3][1] = "7";
    rows[5][2] = "sometimes maybe";
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let desk = Desk::with(&phq(&named(), &rows));
    let printed = desk.check(&["-i", "phq-9", "--missing", "9"]);
    assert_eq!(printed.code, 1, "{}", printed.err);
    // The lines of a cell are put together again.
    let out = printed.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in [
        "1 interest B interest short name 0 Not at all x 2; Not at all = 0 x 1; 9 no answer x 1; 7 refused x 1; blank x 1 2 depressed",
        "3 Nearly every day x 1; 9 no answer x 1; sometimes maybe refused x 1 3 sleep",
    ] {
        assert!(out.contains(expected), "{expected}: {}", printed.out);
    }
    assert!(printed.out.starts_with("class.csv: 6 responses, 6 pupils\n"), "{}", printed.out);
}

#[test]
fn six_values_are_shown_and_the_rest_is_counted() {
    let answers = ["0", "1", "2", "3", "a", "b", "c", "d", "e", "0", "a"];
    let pupils: Vec<String> = (1..=answers.len()).map(|number| format!("T{number:02}")).collect();
    let rows: Vec<Vec<&str>> = pupils.iter().zip(answers).map(|(pupil, answer)| all(pupil, answer)).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let desk = Desk::with(&phq(&named(), &rows));
    let out = desk.check(&["-i", "phq-9"]).out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(out.contains("a refused x 2; b refused x 1; others x 3, 3 of them refused"), "{out}");
}

#[test]
fn what_becomes_of_every_column_is_told() {
    let mut header = named();
    header.extend(["class", "Email", "phq_total", "notes", "age"]);
    let mut row = all("T01", "1");
    row.extend(["7A", "somebody@example.org", "3", "a secret note", "twelve"]);
    let desk = Desk::with(&phq(&header, &[&row]));
    let understood = desk.understood(&["-i", "phq-9", "--drop", "notes"]);
    let file = &understood["files"][0];
    let names =
        |key: &str| file[key].as_array().unwrap().iter().map(|column| column["header"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(names("carried"), ["pupil_id", "class", "phq_total", "age"]);
    assert_eq!(names("left_out"), ["Email", "notes"]);
    assert_eq!(file["left_out"][0]["why"], "added by the form system");
    assert_eq!(file["left_out"][1]["why"], "dropped by an option");
    assert_eq!((&file["encoding"], &file["separator"], &file["header_rows"]), (&"utf-8".into(), &",".into(), &1.into()));
    assert_eq!((&file["responses"], &file["pupils"]), (&1.into(), &1.into()));
    let text = desk.check(&["-i", "phq-9", "--drop", "notes"]).out;
    for expected in
        ["A `pupil_id`, by its header", "added by the form system: `Email`", "dropped by an option: `notes`", "P `age`, by its header"]
    {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn no_name_comment_or_carried_cell_is_ever_shown() {
    let comment = "She told me something that nobody should read in a list of values. ".repeat(4);
    let comment = comment.trim();
    let mut header = named();
    header.extend(["notes", "Surname"]);
    // No alert, which would name her.
    let mut row = all("Anneliese Invented", "0");
    row[1] = comment;
    row.extend([comment, "Invented"]);
    let desk = Desk::with(&phq(&header, &[&row]));
    for more in [["-i", "phq-9", "--format", "table"], ["-i", "phq-9", "--format", "json"]] {
        let printed = desk.check(&more);
        let everything = format!("{}{}", printed.out, printed.err);
        for secret in ["Anneliese", "Invented", "She told me"] {
            assert!(!everything.contains(secret), "{secret}: {everything}");
        }
        assert!(printed.out.contains(&format!("[comment, {} characters]", comment.chars().count())), "{}", printed.out);
    }
    desk.check(&["-i", "phq-9", "--write-map", "map.toml"]);
    assert!(!desk.read("map.toml").contains("She told me"));
}

#[test]
fn pupils_duplicates_and_rows_that_cannot_be_read_are_counted() {
    let mut file = phq(&named(), &[&all("T01", "0"), &all("T01", "1"), &all("T02", "0")]);
    file.push_str("T03,0,1\n");
    let desk = Desk::with(&file);
    let printed = desk.check(&["-i", "phq-9"]);
    assert!(
        printed.out.starts_with("class.csv: 4 responses, 2 pupils, 1 about a pupil who has another, 1 not readable\n"),
        "{}",
        printed.out
    );
    assert_eq!(printed.code, 1);
}

#[test]
fn alerts_are_said_first_although_nothing_is_scored() {
    let desk = Desk::with(&phq(&named(), &[&all("T01", "2")]));
    let printed = desk.check(&["-i", "phq-9"]);
    assert!(printed.err.starts_with("ALERTS: 1 response."), "{}", printed.err);
    assert_eq!(printed.code, 0);
}

#[test]
fn the_understanding_can_be_a_file() {
    let desk = Desk::with(&phq(&named(), &[&all("T01", "0")]));
    for (file, code) in [("understood.txt", 0), ("understood.json", 0), ("understood.csv", 2)] {
        let printed = desk.check(&["-i", "phq-9", "-o", file]);
        assert_eq!((printed.code, printed.out.as_str()), (code, ""), "{file}: {}", printed.err);
        assert_eq!(desk.path(file).exists(), code == 0, "{file}");
    }
    let understood: serde_json::Value = serde_json::from_str(&desk.read("understood.json")).unwrap();
    assert_eq!(understood["provenance"]["inputs"][0]["name"], "class.csv");
}
