//! The program as a user runs it: a file of forms, and what is said of it.

use std::fmt::Write as _;
use std::fs;

use assert_cmd::Command;

use crate::tables::Row;

/// What a command left behind.
pub(crate) struct Printed {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Printed {
    /// The printed CSV, one map a row.
    pub(crate) fn rows(&self) -> Vec<Row> {
        csv::Reader::from_reader(self.out.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
    }
}

/// Runs the program in a folder with one file, `class.csv`.
pub(crate) fn run(file: &str, line: &str) -> Printed {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("class.csv"), file).unwrap();
    let mut command = Command::cargo_bin("bandwise").unwrap();
    command.current_dir(folder.path()).env_clear().env("NO_COLOR", "1").args(line.split(' '));
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Printed { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// A file of forms with numbered questions: `before` is what stands before them, the pupil's id or more.
pub(crate) fn class(before: &str, questions: usize, rows: &[(&str, Vec<&str>)]) -> String {
    let names: Vec<String> = (1..=questions).map(|number| format!("q{number}")).collect();
    let mut file = format!("{before},{}\n", names.join(","));
    for (pupil, answers) in rows {
        assert_eq!(answers.len(), questions, "{pupil}");
        writeln!(file, "{pupil},{}", answers.join(",")).unwrap();
    }
    file
}

/// Scores a file of forms.
pub(crate) fn score(file: &str, form: &str) -> Printed {
    run(file, &format!("score class.csv --format csv -i {form}"))
}

/// The same answer to every question but some, by their number.
pub(crate) fn all_but<'a>(answer: &'a str, questions: usize, others: &[(usize, &'a str)]) -> Vec<&'a str> {
    let other = |number: usize| others.iter().find(|(found, _)| *found == number).map(|(_, answer)| *answer);
    (1..=questions).map(|number| other(number).unwrap_or(answer)).collect()
}

/// Blanks in the first of so many questions, and the same answer in the rest.
pub(crate) fn with_blanks(answer: &str, questions: usize, blanks: usize) -> Vec<&str> {
    (1..=questions).map(|number| if number <= blanks { "" } else { answer }).collect()
}
