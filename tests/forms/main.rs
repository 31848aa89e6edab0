//! The other questionnaires as a school meets them, from a file to what is printed: norms and who has none, editions that number
//! differently, alerts and quieter lines, scores that somebody else computed, and definitions that a school adds to.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod alerts;
mod norms;
mod own;

use std::collections::BTreeMap;
use std::fs;

use assert_cmd::Command;
use tempfile::TempDir;

/// A folder of its own for each test.
struct Desk {
    folder: TempDir,
}

/// What a command left behind.
struct Printed {
    code: i32,
    out: String,
    err: String,
}

impl Desk {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    fn run(&self, line: &str) -> Printed {
        let mut command = Command::cargo_bin("bandwise").unwrap();
        command.current_dir(self.folder.path()).env_clear().env("NO_COLOR", "1").args(line.split(' '));
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Printed { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Writes a file of forms and scores it: one map a row.
    fn scored(&self, header: &str, rows: &[String], line: &str) -> Vec<BTreeMap<String, String>> {
        self.write("answers.csv", &file(header, rows));
        let printed = self.run(&format!("score answers.csv {line} --format csv"));
        assert!(printed.code < 2, "{}", printed.err);
        table(&printed.out)
    }
}

fn file(header: &str, rows: &[String]) -> String {
    format!("{header}\n{}\n", rows.join("\n"))
}

fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
}

/// `q1,q2,…`
fn questions(count: usize) -> String {
    (1..=count).map(|number| format!("q{number}")).collect::<Vec<_>>().join(",")
}

/// The same answer so many times.
fn all(answer: &str, count: usize) -> String {
    vec![answer; count].join(",")
}

/// The same answer to every question but some.
fn all_but(answer: &str, count: usize, others: &[(usize, &str)]) -> String {
    let answers = (1..=count).map(|number| others.iter().find(|(other, _)| *other == number).map_or(answer, |(_, answer)| *answer));
    answers.collect::<Vec<_>>().join(",")
}
