//! Pupil lists as schools export them, and what joining them to responses gives: who is meant, how old, in which group; whose form is not
//! back; whose consent was withdrawn; and which of two forms counts. Every pupil is invented.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod excluded;
mod joined;
mod lists;
mod looked_after;
mod looked_up;
mod missing;
mod names;
mod privacy;
mod repeated;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use bandwise::findings::{Code, Finding};
use bandwise::input::{Input, InputOptions};
use bandwise::matching::{PupilList, Roster, read_pupils};
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

impl Printed {
    /// The rows of a CSV output.
    fn rows(&self) -> Vec<BTreeMap<String, String>> {
        csv::Reader::from_reader(self.out.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
    }

    fn header(&self) -> &str {
        self.out.lines().next().unwrap()
    }

    fn has(&self, code: Code) -> bool {
        self.err.contains(&format!("[{code}]"))
    }
}

impl Desk {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    fn with(files: &[(&str, &str)]) -> Self {
        let desk = Self::new();
        for (name, text) in files {
            desk.write(name, text);
        }
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

    /// Runs the program. A part of the line between quotation marks is one argument.
    fn run(&self, line: &str) -> Printed {
        let arguments = line.split('"').enumerate().flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        });
        let mut command = Command::cargo_bin("bandwise").unwrap();
        command.current_dir(self.folder.path()).env_clear().env("NO_COLOR", "1").args(arguments);
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Printed { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    fn list(&self, text: &str) -> (PupilList, Vec<Finding>) {
        self.write("list.csv", text);
        read_pupils(&Input::new(&self.path("list.csv")), &InputOptions::default()).unwrap()
    }
}

/// A list, read.
fn list(text: &str) -> (PupilList, Vec<Code>) {
    let (list, findings) = Desk::new().list(text);
    (list, findings.iter().map(|finding| finding.code).collect())
}

/// A list in which pupils can be looked up.
fn roster(text: &str) -> Roster {
    Roster::new(list(text).0, None)
}

/// An invented form of three questions.
fn weather(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/definitions").join(name).to_string_lossy().into_owned()
}

/// The list that most tests use.
const PUPILS: &str = "\
Admission No,UPN,Legal Surname,Legal Forename,Date of Birth,Gender,Year Group,Reg Group,SEN Status,Pupil Premium,EAL,Looked After
000101,B801200005001,Testone,Ada,25/09/2014,F,Year 7,7A,N - No SEN,Y,N,N
000102,,O'Testtwo,Ben,05/01/2015,M,Year 7,7A,K - SEN Support,N,N,N
000103,,Test-Three,Cat Ann,01/02/2015,F,Year 7,7B,E,N,Y,N
000104,,Testfour,Dan,31/08/2015,M,Year 7,7B,N,,N,N
";
