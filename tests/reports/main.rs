//! `bandwise report`: who is on which list, what a pupil's page says of which time, and who may read what.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod cycles;
mod meeting;
mod provision;
mod pupil;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// A folder with files, and the program run in it.
pub(crate) struct School(TempDir);

/// What the program said.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl School {
    pub(crate) fn new(files: &[(&str, String)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    pub(crate) fn run(&self, arguments: &str) -> Said {
        let mut command = Command::cargo_bin("bandwise").unwrap();
        let output = command.current_dir(self.0.path()).env("NO_COLOR", "1").args(arguments.split(' ')).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The page that a command writes.
    pub(crate) fn page(&self, arguments: &str) -> String {
        let said = self.run(&format!("{arguments} -o page.html"));
        assert!(matches!(said.code, Some(0 | 1)), "{}", said.err);
        self.read("page.html")
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.path().join(name)).unwrap()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        Path::new(&self.0.path().join(name)).exists()
    }
}

/// PHQ-9 forms: a pupil, the nine answers, and whatever else stands in front of them.
pub(crate) fn phq(header: &str, rows: &[(&str, [i64; 9])]) -> String {
    let questions: Vec<String> = (1..=9).map(|question| format!("q{question}")).collect();
    let mut text = format!("{header},{}\n", questions.join(","));
    for (front, answers) in rows {
        let answers: Vec<String> = answers.iter().map(|answer| if *answer < 0 { String::new() } else { answer.to_string() }).collect();
        text.extend([front, ",", &answers.join(","), "\n"]);
    }
    text
}

/// The nine answers that come to a total, without the ninth question.
pub(crate) fn total(points: i64) -> [i64; 9] {
    let mut left = points;
    let mut answers = [0; 9];
    for answer in answers.iter_mut().take(8) {
        *answer = left.min(3);
        left -= *answer;
    }
    answers
}
