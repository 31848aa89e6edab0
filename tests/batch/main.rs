//! `bandwise run` with real processes: what is done and what is left alone, what is said, and what becomes of it all when the process is
//! killed, the disk is full, or a folder is gone.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
#![expect(clippy::print_stderr, reason = "what was measured, and what could not be tested here, is said")]

mod definitions;
mod faults;
mod kinds;
mod runs;
mod said;
mod terms;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A school's folder: responses in `forms`, outputs in `out`, and the term file.
struct Desk {
    folder: PathBuf,
    /// Removed at the end, where the folder is the test's own.
    own: Option<TempDir>,
}

/// What a run left behind.
struct Printed {
    code: i32,
    out: String,
    err: String,
}

/// Two jobs over the same form: one has an alert, the other has none.
const TERM: &str = r#"
[defaults]
instrument = "phq-9"
responses = "forms/{job}.csv"

[[jobs]]
name = "oak"
outputs = { score = "out/oak.csv", flag = "out/oak-flags.csv" }

[[jobs]]
name = "elm"
outputs = { score = "out/elm.csv" }
"#;

/// Every file that `TERM` writes into `out`.
const OUTPUTS: [&str; 6] =
    ["elm.csv", "elm.csv.provenance.json", "oak-flags.csv", "oak-flags.csv.provenance.json", "oak.csv", "oak.csv.provenance.json"];

impl Desk {
    fn new() -> Self {
        let own = TempDir::new().unwrap();
        let mut desk = Self::at(own.path());
        desk.own = Some(own);
        desk
    }

    fn at(folder: &Path) -> Self {
        let desk = Self { folder: folder.to_owned(), own: None };
        fs::create_dir_all(desk.path("forms")).unwrap();
        fs::create_dir_all(desk.path("out")).unwrap();
        desk.write("term.toml", TERM);
        desk.answers("oak", &["1,1,1,1,1,1,1,1,1", "0,0,0,0,0,0,0,0,0"]);
        desk.answers("elm", &["2,2,2,0,0,0,0,0,0"]);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn append(&self, name: &str, text: &str) {
        self.write(name, &(self.read(name) + text));
    }

    /// Replaces a text that stands once; `$&` in the new one stands for it.
    fn replace(&self, name: &str, old: &str, new: &str) {
        let text = self.read(name);
        assert_eq!(text.matches(old).count(), 1, "{name}: {old}");
        self.write(name, &text.replace(old, &new.replace("$&", old)));
    }

    /// A file of responses: pupils are numbered.
    fn answers(&self, job: &str, rows: &[&str]) {
        let header: Vec<String> = (1..=9).map(|question| format!("q{question}")).collect();
        let rows: Vec<String> = rows.iter().enumerate().map(|(place, row)| format!("{job}-{},{row}\n", place + 1)).collect();
        self.write(&format!("forms/{job}.csv"), &format!("pupil_id,{}\n{}", header.join(","), rows.concat()));
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bandwise"));
        command.env("NO_COLOR", "1").current_dir(&self.folder).args(arguments).stdin(Stdio::null());
        command
    }

    fn run_with(&self, more: &[&str]) -> Printed {
        let output = self.command(&["run", "term.toml"]).args(more).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Printed { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    fn run(&self) -> Printed {
        self.run_with(&[])
    }

    /// Every file of a folder with its bytes.
    fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let entries = fs::read_dir(self.path(folder)).unwrap().map(Result::unwrap);
        let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
        files.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
    }

    fn names(&self, folder: &str) -> Vec<String> {
        self.files(folder).into_keys().collect()
    }

    /// Temporary files, wherever they are.
    fn left_behind(&self) -> Vec<String> {
        let all = [".", "forms", "out"].iter().flat_map(|folder| self.names(folder));
        all.filter(|name| name.starts_with(".bandwise-") && name != ".bandwise-run.lock").collect()
    }

    fn record(&self) -> serde_json::Value {
        serde_json::from_str(&self.read("bandwise-run.json")).unwrap()
    }
}
