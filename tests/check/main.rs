//! `check`: what was understood of a file, also and above all of one that `score` refuses, and the map that remembers it for next term.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod laws;
mod maps;
mod names;
mod refused;
mod shown;

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use serde_json::Value;
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

    /// A folder with one file, `class.csv`.
    fn with(text: &str) -> Self {
        let desk = Self::new();
        desk.write("class.csv", text);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Printed {
        let mut command = Command::cargo_bin("bandwise").unwrap();
        command.current_dir(self.folder.path()).env_clear().env("NO_COLOR", "1").args(arguments);
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Printed { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    fn check(&self, more: &[&str]) -> Printed {
        self.run(&[&["check", "class.csv"], more].concat())
    }

    /// What is understood of `class.csv`, as JSON.
    fn understood(&self, more: &[&str]) -> Value {
        let printed = self.check(&[more, &["--format", "json"]].concat());
        serde_json::from_str(&printed.out).unwrap()
    }
}

/// The questions of the only form of the only file.
fn questions(understood: &Value) -> &Vec<Value> {
    understood["files"][0]["forms"][0]["questions"].as_array().unwrap()
}

fn question<'u>(understood: &'u Value, id: &str) -> &'u Value {
    questions(understood).iter().find(|question| question["question"] == id).unwrap()
}

const PHQ: [&str; 10] =
    ["interest", "depressed", "sleep", "tired", "appetite", "failure", "concentration", "moving", "death", "difficulty"];

/// A file of PHQ-9 forms: the header, and the rows with their pupils.
fn phq(header: &[&str], rows: &[&[&str]]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    format!("{}\n{}\n", header.join(","), rows.join("\n"))
}

/// `pupil_id` and the questions by their short names.
fn named() -> Vec<&'static str> {
    [&["pupil_id"], PHQ.as_slice()].concat()
}

/// A pupil with the same answer everywhere.
fn all<'a>(pupil: &'a str, answer: &'a str) -> Vec<&'a str> {
    [&[pupil], [answer; 10].as_slice()].concat()
}
