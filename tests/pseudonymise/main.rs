//! `bandwise pseudonymise`: nobody is named any more, a pupil has one code everywhere, and the file scores as before. Every pupil is invented.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod codes;
mod left_out;
mod safe;
mod scored;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

const SECRET: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";

/// The list that most tests use.
const PUPILS: &str = "\
Admission No,UPN,Legal Surname,Legal Forename,Date of Birth,Gender,Year Group,Reg Group,SEN Status
000101,B801200005001,Testone,Ada,25/09/2014,F,Year 7,7A,N - No SEN
000102,,O'Testtwo,Ben,05/01/2015,M,Year 7,7A,K - SEN Support
000103,,Test-Three,Cat Ann,01/09/2015,F,Year 6,6B,E
";

/// A folder of its own for each test, with a key in it.
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
    fn rows(&self) -> Vec<BTreeMap<String, String>> {
        rows(&self.out)
    }

    fn header(&self) -> &str {
        self.out.lines().next().unwrap_or_default()
    }
}

fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(csv.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
}

impl Desk {
    fn with(files: &[(&str, &str)]) -> Self {
        let desk = Self { folder: TempDir::new().unwrap() };
        for (name, text) in [("school.key", SECRET), ("list.csv", PUPILS)].iter().chain(files) {
            fs::write(desk.path(name), text).unwrap();
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
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

    /// Puts codes into a file with the key of the desk.
    fn coded(&self, line: &str) -> Printed {
        self.run(&format!("pseudonymise {line} --key school.key"))
    }
}

fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap()
}
