//! The pages: sound, closed to everything from outside, complete about what they are made from, and silent about what is not for their reader.
//! What a browser makes of them is tested in `.ci/pages`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]
#![cfg(feature = "frames")]

mod audiences;
mod hostile;
mod markup;
mod sound;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// A folder with the project's own invented class, and whatever a test adds.
pub(crate) struct Desk(TempDir);

/// Every command that makes a page, once.
pub(crate) const COMMANDS: [(&str, &str); 16] = [
    ("score", "score class-7a-teacher.csv -i sdq-t4-17"),
    ("score, alerts", "score phq.csv -i phq-9"),
    ("flag", "flag class-7a-teacher.csv -i sdq-t4-17 --all"),
    ("flag, alerts", "flag phq.csv -i phq-9"),
    ("compare", "compare class-7a-teacher.csv class-7a-teacher-review.csv -i sdq-t4-17 --goals class-7a-goals.csv --by class"),
    ("compare, alerts", "compare phq.csv phq-review.csv -i phq-9"),
    ("working", "working phq.csv -i phq-9 --pupil P1"),
    ("missing", "missing phq.csv -i phq-9 --pupils list.csv --by class"),
    ("goals", "goals class-7a-teacher.csv -i sdq-t4-17 --goals class-7a-goals.csv"),
    (
        "pupil",
        "report pupil class-7a-teacher.csv class-7a-teacher-review.csv -i sdq-t4-17 --pupil T04 --goals class-7a-goals.csv --evidence class-7a-evidence.csv --pathway class-7a-pathway.toml --times 2026-09-20,2026-12-10",
    ),
    ("pupil, alerts", "report pupil phq.csv -i phq-9 --pupil P1"),
    ("pupils", "report pupil class-7a-teacher.csv class-7a-teacher-review.csv -i sdq-t4-17"),
    ("meeting", "report meeting phq.csv -i phq-9"),
    ("groups", "summary class-7a-teacher.csv -i sdq-t4-17 --by sex"),
    ("groups, all numbers", "summary class-7a-teacher.csv -i sdq-t4-17 --by class,sex --internal"),
    ("provision", "report provision class-7a-teacher.csv class-7a-teacher-review.csv -i sdq-t4-17 --goals class-7a-goals.csv"),
];

/// Two pupils: question 9 answered, then nothing to be alarmed at; a cell that nobody can read.
const PHQ: &str = "pupil_id,date,q1,q2,q3,q4,q5,q6,q7,q8,q9\nP1,2026-09-20,1,2,1,1,1,1,1,1,2\nP2,2026-09-20,3,3,3,3,3,3,3,3,0\nP3,2026-09-20,1,0,illegible,0,0,0,0,0,0\n";

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
        let desk = Self(folder);
        desk.write("phq.csv", PHQ);
        desk.write("phq-review.csv", PHQ);
        desk.write(
            "list.csv",
            "id,Surname,Forename,Class\nP1,Testone,Ada,7A\nP2,Testtwo,Ben,7A\nP3,Testthree,Cem,7B\nP4,Testfour,Dot,7B\n",
        );
        desk
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    /// Runs a command, and gives the page; what the program said where it made none.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let page = self.0.path().join("page.html");
        let _ = fs::remove_file(&page);
        let mut command = Command::cargo_bin("bandwise").unwrap();
        let output = command.current_dir(self.0.path()).env("NO_COLOR", "1").args(arguments).args(["-o", "page.html"]).output().unwrap();
        match output.status.code() {
            Some(0 | 1) => Ok(fs::read_to_string(&page).unwrap()),
            _ => Err(String::from_utf8(output.stderr).unwrap()),
        }
    }

    /// The page of a command that has to make one.
    pub(crate) fn page(&self, arguments: &str) -> String {
        self.run(&arguments.split(' ').collect::<Vec<_>>()).unwrap_or_else(|said| panic!("{arguments}: {said}"))
    }
}
