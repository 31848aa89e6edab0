//! `compare` and `goals` from files to outputs: numbers of other programs, laws, and the cases in which nothing can be said.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod laws;
mod numbers;
mod outputs;
mod published;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use tempfile::TempDir;

/// A folder with a form whose one answer is its score, so that published scores can be compared as they are.
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
        let desk = Self { folder: TempDir::new().unwrap() };
        let codes: Vec<String> = (0..=40).map(|code| code.to_string()).collect();
        desk.write("points.toml", &DEFINITION.replace("CODES", &codes.join(", ")));
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

    /// A file of scores; pupils are numbered unless they are named.
    fn scores(&self, name: &str, scores: &[(&str, &str)]) {
        let rows: Vec<String> = scores.iter().map(|(pupil, score)| format!("{pupil},{score}\n")).collect();
        self.write(name, &format!("pupil_id,points\n{}", rows.concat()));
    }

    fn run(&self, arguments: &[&str]) -> Printed {
        let output =
            Command::cargo_bin("bandwise").unwrap().env("NO_COLOR", "1").current_dir(self.folder.path()).args(arguments).output().unwrap();
        Printed {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn compare(&self, more: &[&str]) -> Printed {
        let mut arguments = vec!["compare", "before.csv", "after.csv", "-i", "points.toml"];
        arguments.extend(more);
        self.run(&arguments)
    }
}

/// CSV text as one map a row.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

const DEFINITION: &str = r#"
id        = "points"
name      = "Points"
form      = "invented"
family    = "points"
informant = "self"
version   = "1"
owner     = "nobody"
wording   = "not shipped"
licence   = { status = "free", terms = "invented" }
items     = [{ id = "points" }]
change    = [{ scale = "score", name = "invented", kind = "reliability", sd = 5.8, r = 0.82, norm_mean = 8.4, source = "invented" }]

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
