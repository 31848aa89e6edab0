//! The questions that are asked of whoever starts the program without arguments, answered from a script.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use tempfile::TempDir;

struct Desk {
    folder: TempDir,
}

struct Printed {
    code: i32,
    out: String,
    err: String,
}

const TEACHER: &str = "fixtures/class-7a-teacher.csv";

impl Desk {
    /// A folder with one teacher's file under this name.
    fn with(name: &str) -> Self {
        let desk = Self { folder: TempDir::new().unwrap() };
        fs::copy(TEACHER, desk.path(name)).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str], typed: &str) -> Printed {
        let mut command = Command::cargo_bin("bandwise").unwrap();
        command.current_dir(self.folder.path()).env_clear().env("NO_COLOR", "1").args(arguments).write_stdin(typed);
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Printed { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Answers the questions, one a line.
    fn ask(&self, answers: &[&str]) -> Printed {
        self.run(&["ask"], &answers.iter().flat_map(|answer| [answer, "\n"]).collect::<String>())
    }

    fn files(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

const WRITTEN: [&str; 3] = ["class-scores.csv", "class-scores.csv.provenance.json", "class.csv"];

#[test]
fn four_answers_make_scores_flags_and_the_command() {
    let desk = Desk::with("class.csv");
    // The one file and the one questionnaire are offered; who filled it in is not.
    let printed = desk.ask(&["", "", "teacher, ages 4-17", ""]);
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    assert_eq!(desk.files(), WRITTEN);
    for expected in [
        "  1  class.csv\n[1] > \n",
        "  1  Strengths and Difficulties Questionnaire\n",
        "Who filled it in, and for which ages?\n  1  teacher, ages 4-17 (sdq-t4-17)\n",
        "[class-scores.csv] > ",
        "Strengths and Difficulties Questionnaire, teacher, ages 4-17 (sdq-t4-17)\n30 responses, flagged from",
        "The same again, without questions:\n  bandwise score class.csv -i sdq-t4-17 -o class-scores.csv\n  bandwise flag class.csv -i sdq-t4-17\n",
    ] {
        assert!(printed.out.contains(expected), "{expected}: {}", printed.out);
    }
    assert!(printed.err.contains("30 responses written to `class-scores.csv`"), "{}", printed.err);
    // The command does the same.
    let scores = fs::read(desk.path("class-scores.csv")).unwrap();
    let again = desk.run(&["score", "class.csv", "-i", "sdq-t4-17", "-o", "class-scores.csv"], "");
    assert_eq!((again.code, fs::read(desk.path("class-scores.csv")).unwrap()), (0, scores));
}

#[test]
fn a_file_that_is_given_is_not_asked_for() {
    let desk = Desk::with("class.csv");
    let printed = desk.run(&["ask", "class.csv"], "\n1\n\n");
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    assert!(!printed.out.contains("Which file"), "{}", printed.out);
    assert_eq!(desk.files(), WRITTEN);
}

#[test]
fn wrong_answers_are_asked_again_in_kind_words() {
    let desk = Desk::with("class.csv");
    fs::create_dir(desk.path("folder")).unwrap();
    fs::write(desk.path("empty.csv"), "").unwrap();
    let answers = [
        "7",
        "nothing.csv",
        "folder",
        "empty.csv",
        "\"class.csv\"",
        "99",
        "zzz",
        "",
        "",
        "0",
        "teacher",
        "1",
        "scores",
        "folder",
        "no/where.csv",
        "class.csv",
        "mine.csv",
    ];
    let printed = desk.ask(&answers);
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    for expected in [
        "There is no file `7` here.",
        "There is no file `nothing.csv` here.",
        "`folder` is a folder.",
        "empty.csv cannot be used: the file is empty",
        "Please type 1, or a word.",
        "has `zzz` in its name",
        "There is nothing to go by yet",
        "Please type a number from 1 to 6: the forms have different bands, so it matters.",
        "The name should end in .csv",
        "That is a folder.",
        "There is no folder `no`.",
        "never overwritten",
    ] {
        assert!(printed.out.contains(expected), "{expected}: {}", printed.out);
    }
    assert!(desk.files().contains(&"mine.csv".to_owned()));
}

#[test]
fn the_end_of_input_ends_politely_and_writes_nothing() {
    let answers = ["", "", "1", ""];
    for given in 0..answers.len() {
        let desk = Desk::with("class.csv");
        let printed = desk.ask(&answers[..given]);
        assert_eq!(printed.code, 2, "{given}");
        assert!(printed.out.ends_with("> \nThe questions end here. Nothing was written.\n"), "{}", printed.out);
        assert_eq!((desk.files(), printed.err.as_str()), (vec!["class.csv".to_owned()], ""));
    }
}

#[test]
fn a_file_that_is_there_is_replaced_only_after_a_yes() {
    let desk = Desk::with("class.csv");
    fs::write(desk.path("class-scores.csv"), "mine").unwrap();
    let printed = desk.ask(&["class.csv", "", "1", "", "", "other.csv"]);
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    assert!(
        printed.out.contains("There is a file `class-scores.csv` already. Shall it be replaced? yes or no\n[no] > "),
        "{}",
        printed.out
    );
    assert_eq!(fs::read_to_string(desk.path("class-scores.csv")).unwrap(), "mine");
    assert!(desk.path("other.csv").exists());
    desk.ask(&["class.csv", "", "1", "", "perhaps", "yes"]);
    assert!(fs::read_to_string(desk.path("class-scores.csv")).unwrap().starts_with("pupil_id,"));
}

#[test]
fn names_with_spaces_and_marks_come_back_quoted() {
    let desk = Desk::with("Miss O'Hara's class 7.csv");
    let printed = desk.ask(&["", "", "1", ""]);
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    let expected = if cfg!(windows) {
        r#"bandwise score "Miss O'Hara's class 7.csv" -i sdq-t4-17 -o "Miss O'Hara's class 7-scores.csv""#
    } else {
        r"bandwise score 'Miss O'\''Hara'\''s class 7.csv' -i sdq-t4-17 -o 'Miss O'\''Hara'\''s class 7-scores.csv'"
    };
    assert!(printed.out.contains(expected), "{}", printed.out);
}

#[test]
fn numbered_questions_fit_several_questionnaires_and_none_is_offered_as_the_answer() {
    let desk = Desk::with("class.csv");
    let header: Vec<String> = (1..=25).map(|number| format!("q{number}")).collect();
    fs::write(desk.path("typed.csv"), format!("pupil_id,{}\nT01,{}\n", header.join(","), ["0"; 25].join(","))).unwrap();
    let printed = desk.run(&["ask", "typed.csv"], "\nsdq-t4-17\n\n");
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    assert!(printed.out.contains("The questions of typed.csv are numbered."), "{}", printed.out);
    assert!(printed.out.contains("> There is nothing to go by yet"), "{}", printed.out);
    assert!(printed.out.contains("bandwise score typed.csv -i sdq-t4-17"), "{}", printed.out);
}

#[test]
fn words_find_a_questionnaire_and_a_form_of_ones_own_is_taken() {
    let desk = Desk::with("class.csv");
    fs::copy("tests/fixtures/definitions/weather.toml", desk.path("our weather.toml")).unwrap();
    fs::copy("tests/fixtures/weather.csv", desk.path("weather.csv")).unwrap();
    let printed = desk.run(&["ask", "class.csv"], "scales twenty-one\n");
    assert!(printed.out.contains("  1  Depression Anxiety Stress Scales"), "{}", printed.out);
    let printed = desk.run(&["ask", "weather.csv"], "'our weather.toml'\n\n");
    assert!(printed.code < 2, "{}{}", printed.out, printed.err);
    assert!(printed.out.contains("No questionnaire that comes with bandwise fits"), "{}", printed.out);
    assert!(desk.path("weather-scores.csv").exists());
    let printed = desk.run(&["ask", "class.csv"], "nothing.toml\n");
    assert!(printed.out.contains("nothing.toml") && printed.out.contains("Please name another"), "{}", printed.out);
}

#[test]
fn a_file_that_cannot_be_scored_leads_to_check() {
    let desk = Desk::with("class.csv");
    let text = fs::read_to_string(desk.path("class.csv")).unwrap().replacen("worries", "worrys", 1);
    fs::write(desk.path("my class.csv"), text).unwrap();
    let printed = desk.run(&["ask", "my class.csv"], "\n1\n\n");
    // Nothing fits wholly, so nothing is offered as the answer.
    assert!(printed.out.contains("No questionnaire fits the columns of my class.csv wholly"), "{}", printed.out);
    let printed = desk.run(&["ask", "my class.csv"], "1\n1\n\n");
    assert_eq!(printed.code, 2);
    assert!(printed.err.contains("refused[M001]"), "{}", printed.err);
    let mark = if cfg!(windows) { '"' } else { '\'' };
    let expected = format!("bandwise check {mark}my class.csv{mark} -i sdq-t4-17\n");
    assert!(printed.out.ends_with(&expected), "{}", printed.out);
    assert_eq!(desk.files(), ["class.csv", "my class.csv"]);
}

#[test]
fn a_workbook_with_several_tables_is_asked_which_sheet() {
    let desk = Desk::with("class.csv");
    fs::copy("tests/fixtures/shapes/two-sheets.xlsx", desk.path("two.xlsx")).unwrap();
    let printed = desk.run(&["ask", "two.xlsx"], "no such sheet\n");
    assert!(printed.out.contains("Which sheet has the answers? Type its name."), "{}", printed.out);
    assert!(printed.out.contains("the workbook has no sheet `no such sheet`"), "{}", printed.out);
    assert_eq!(printed.code, 2);
}

#[test]
fn without_a_terminal_the_help_is_printed_and_nothing_is_asked() {
    let desk = Desk::with("class.csv");
    let printed = desk.run(&[], "1\n1\n1\n\n");
    assert_eq!((printed.code, printed.out.as_str()), (2, ""));
    assert!(printed.err.contains("Usage: bandwise <COMMAND>"), "{}", printed.err);
    let printed = desk.run(&["class.csv"], "1\n1\n\n");
    assert_eq!(printed.code, 2);
    assert_eq!(desk.files(), ["class.csv"]);
}
