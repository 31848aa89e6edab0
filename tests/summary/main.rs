//! `summary` from files to outputs, and what somebody could work out of it.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod anonymous;
mod figures;
mod hidden;
mod recovered;
mod selected;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use assert_cmd::Command;
use tempfile::TempDir;

/// A folder with a form whose one answer is its score.
struct Desk {
    folder: TempDir,
}

/// What a command left behind.
struct Printed {
    code: i32,
    out: String,
    err: String,
}

impl Printed {
    /// The rows of a CSV output.
    fn rows(&self) -> Vec<BTreeMap<String, String>> {
        csv::Reader::from_reader(self.out.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
    }

    /// Some columns of every row, joined by spaces.
    fn columns(&self, names: &[&str]) -> Vec<String> {
        let line = |row: &BTreeMap<String, String>| names.iter().map(|name| row[*name].as_str()).collect::<Vec<_>>().join(" ");
        self.rows().iter().map(line).collect()
    }
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: TempDir::new().unwrap() };
        let codes: Vec<String> = (0..=40).map(|code| code.to_string()).collect();
        desk.write("points.toml", &DEFINITION.replace("CODES", &codes.join(", ")));
        desk
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// A file with pupils in classes: for each class, how many have a score.
    fn classes(&self, name: &str, classes: &[(&str, &[(u8, usize)])]) {
        let mut text = "pupil_id,class,points\n".to_owned();
        for (class, scores) in classes {
            for (score, times) in *scores {
                for pupil in 0..*times {
                    writeln!(text, "{class}-{score}-{pupil},{class},{score}").unwrap();
                }
            }
        }
        self.write(name, &text);
    }

    fn run(&self, arguments: &[&str]) -> Printed {
        let mut command = Command::cargo_bin("bandwise").unwrap();
        let output = command.env("NO_COLOR", "1").current_dir(self.folder.path()).args(arguments).output().unwrap();
        Printed {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The summary of `in.csv`.
    fn summary(&self, more: &[&str]) -> Printed {
        let mut arguments = vec!["summary", "in.csv", "-i", "points.toml"];
        arguments.extend(more);
        self.run(&arguments)
    }
}

const DEFINITION: &str = r#"
id        = "points"
name      = "Points"
form      = "invented"
family    = "points"
informant = "self"
ages      = { from = 4, to = 17 }
version   = "1"
owner     = "nobody"
wording   = "not shipped"
licence   = { status = "free", terms = "invented" }
items     = [{ id = "points" }]

[sources]
scoring = "invented"

[answers.main]
codes = [CODES]

[[scales]]
id      = "score"
name    = "Score"
main    = true
items   = ["points"]
method  = "sum"
missing = "all needed"
better  = "lower"

[bands.four]
default   = true
levels    = ["close", "slightly", "high", "very"]
flag_from = "high"
source    = "invented"

[bands.four.from]
score = [14, 17, 20]

[[bands.four.flags]]
heading = "Score"
scales  = ["score"]

[[examples]]
name   = "none"
all    = 0
expect = { score = 0 }

[[examples]]
name   = "all"
all    = 40
expect = { score = 40 }

[[examples]]
name    = "some"
answers = { points = 17 }
expect  = { score = 17 }
bands   = { score = "high" }

[[examples]]
name   = "blank"
expect = { score = "not scored" }
"#;
