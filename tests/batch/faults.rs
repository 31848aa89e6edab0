//! Killed, full, read-only, gone, at once: each file is old or new and whole, and the next run completes.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{Desk, OUTPUTS, Printed};

type Files = BTreeMap<String, Vec<u8>>;

/// Two terms: the same pupils with other answers.
const TERMS: [[&str; 2]; 2] = [["1,1,1,1,1,1,1,1,1", "2,2,2,2,2,2,2,2,0"], ["0,1,0,1,0,1,0,1,2", "3,3,3,3,3,3,3,3,0"]];

fn answer(desk: &Desk, term: usize) {
    desk.answers("oak", &TERMS[term]);
    desk.answers("elm", &TERMS[term]);
}

/// What the outputs of a term are when nothing goes wrong.
fn undisturbed(term: usize) -> Files {
    let desk = Desk::new();
    answer(&desk, term);
    assert_eq!(desk.run().code, 3);
    desk.files("out")
}

/// Numbers that look random and are the same in every run of the test (Marsaglia 2003, xorshift).
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A time shorter than this.
    fn within(&mut self, longest: Duration) -> Duration {
        Duration::from_micros(self.throw() % u64::try_from(longest.as_micros()).unwrap().max(1))
    }
}

/// Each file is that of one of the two terms, and whole.
fn assert_old_or_new(desk: &Desk, terms: &[Files; 2], what: &str) {
    for (name, bytes) in desk.files("out").iter().filter(|(name, _)| !name.starts_with(".bandwise-")) {
        assert!(OUTPUTS.contains(&name.as_str()), "{what}: {name} is no output");
        assert!(terms.iter().any(|term| &term[name] == bytes), "{what}: {name} is neither old nor new");
    }
    if desk.path("bandwise-run.json").exists() {
        desk.record();
    }
}

#[test]
fn a_run_that_is_killed_at_any_moment_leaves_nothing_half_and_the_next_completes() {
    const ROUNDS: usize = 100;
    let terms = [undisturbed(0), undisturbed(1)];
    let desk = Desk::new();
    answer(&desk, 0);
    let started = Instant::now();
    assert_eq!(desk.run().code, 3);
    let mut longest = started.elapsed();
    let mut dice = Dice(0x00ba_4d15);
    let (mut killed, mut in_between, mut left_behind) = (0, 0, 0);
    for round in 0..ROUNDS {
        let term = (round + 1) % 2;
        answer(&desk, term);
        let mut run = desk.command(&["run", "term.toml"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let is_timed = round % 4 < 2;
        if is_timed {
            sleep(dice.within(longest));
        } else {
            // As soon as one of the files has its name: the next moments are those between two files.
            let name = OUTPUTS[usize::try_from(dice.throw()).unwrap() % OUTPUTS.len()];
            while run.try_wait().unwrap().is_none() && fs::read(desk.path(&format!("out/{name}"))).unwrap() != terms[term][name] {}
        }
        run.kill().unwrap();
        let was_killed = run.wait().unwrap().code().is_none();
        killed += usize::from(was_killed);
        // The computer may be busy or not: about two of three timed runs are killed, somewhere on their way.
        if is_timed {
            longest = if was_killed { longest * 21 / 20 } else { longest * 9 / 10 };
        }
        let what = format!("round {round}");
        assert_old_or_new(&desk, &terms, &what);
        // No file that was there is lost.
        let now = desk.files("out");
        assert!(OUTPUTS.iter().all(|name| now.contains_key(*name)), "{what}");
        let new = OUTPUTS.iter().filter(|name| now[**name] == terms[term][**name]).count();
        in_between += usize::from(new > 0 && new < OUTPUTS.len());
        left_behind += usize::from(!desk.left_behind().is_empty());
        let next = desk.run();
        assert_eq!(next.code, 3, "{what}: {}", next.err);
        assert_eq!(desk.files("out"), terms[term], "{what}");
        assert_eq!(desk.left_behind(), [""; 0], "{what}");
    }
    eprintln!("{killed} of {ROUNDS} runs were killed, {in_between} of them between two files; {left_behind} left temporary files");
    assert!(killed >= ROUNDS / 2 && in_between > 0 && left_behind > 0, "{killed} {in_between} {left_behind}");
}

/// What a run that was killed leaves behind holds pupils' data.
#[test]
fn temporary_files_of_a_stopped_run_are_removed_and_those_in_use_are_not() {
    let desk = Desk::new();
    for name in ["out/.bandwise-Ab12Cd.part", ".bandwise-Ef34Gh.part"] {
        desk.write(name, "oak-1,1,1");
    }
    desk.write("out/.bandwise-Ij56Kl.part", "of another program");
    let in_use = File::open(desk.path("out/.bandwise-Ij56Kl.part")).unwrap();
    in_use.lock().unwrap();
    let said = desk.run();
    assert_eq!(said.code, 3, "{}", said.err);
    assert_eq!(desk.left_behind(), [".bandwise-Ij56Kl.part"]);
    assert!(said.err.contains("1 temporary file in `out` that a stopped program left behind: removed"), "{}", said.err);
    drop(in_use);
    desk.run();
    assert_eq!(desk.left_behind(), [""; 0]);
}

#[test]
fn two_runs_at_once_do_not_get_in_each_others_way() {
    let terms = [undisturbed(0), undisturbed(1)];
    let desk = Desk::new();
    for round in 0..8 {
        let term = round % 2;
        answer(&desk, term);
        let run = || desk.command(&["run", "term.toml"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let ended = [run(), run()].map(|run| run.wait_with_output().unwrap());
        for run in &ended {
            let said = String::from_utf8_lossy(&run.stderr);
            let is_refused = run.status.code() == Some(2) && said.contains("another `bandwise run` is at work in this folder");
            assert!(run.status.code() == Some(3) || is_refused, "{said}");
        }
        assert!(ended.iter().any(|run| run.status.code() == Some(3)));
        assert_eq!(desk.files("out"), terms[term]);
        assert_eq!(desk.left_behind(), [""; 0]);
    }
}

#[test]
fn a_second_run_is_refused_as_long_as_the_first_is_at_work() {
    let desk = Desk::new();
    desk.run();
    let before = (desk.files("out"), desk.read("bandwise-run.json"));
    answer(&desk, 1);
    let first = File::open(desk.path(".bandwise-run.lock")).unwrap();
    first.lock().unwrap();
    let second = desk.run();
    assert_eq!(second.code, 2);
    assert_eq!(
        second.err,
        "error: another `bandwise run` is at work in this folder. Nothing was done; run it again when the other has ended\n"
    );
    assert_eq!((desk.files("out"), desk.read("bandwise-run.json")), before);
    drop(first);
    assert_eq!(desk.run().code, 3);
}

#[test]
fn a_folder_that_is_gone_is_not_made_anew() {
    let desk = Desk::new();
    desk.write("term.toml", &crate::TERM.replace("out/elm", "share/elm"));
    fs::create_dir(desk.path("share")).unwrap();
    assert_eq!(desk.run().code, 3);
    let before = desk.files("share");
    answer(&desk, 1);
    // The share is not there today: pupils' data must not land in a folder of its name on this computer.
    fs::rename(desk.path("share"), desk.path("elsewhere")).unwrap();
    let said = desk.run();
    assert_eq!(said.code, 2);
    assert!(said.err.contains("there is no folder `share` to write `share/elm.csv` into"), "{}", said.err);
    assert!(said.err.contains("oak: done, because"), "{}", said.err);
    assert!(!desk.path("share").exists());
    fs::rename(desk.path("elsewhere"), desk.path("share")).unwrap();
    assert_eq!(desk.files("share"), before);
    let said = desk.run();
    assert_eq!(said.code, 3);
    assert!(said.err.contains("oak: up to date") && said.err.contains("elm: done, because"), "{}", said.err);
    // A file has the folder's name.
    fs::rename(desk.path("share"), desk.path("elsewhere")).unwrap();
    desk.write("share", "no folder");
    assert_eq!(desk.run_with(&["--force"]).code, 2);
    assert_eq!(desk.read("share"), "no folder");
}

/// One of a job's files cannot take its name, after others have.
#[test]
fn a_name_that_cannot_be_taken_gives_the_others_back() {
    let desk = Desk::new();
    desk.run();
    let before = desk.files("out");
    answer(&desk, 1);
    fs::remove_file(desk.path("out/oak-flags.csv")).unwrap();
    fs::create_dir(desk.path("out/oak-flags.csv")).unwrap();
    let said = desk.run();
    assert_eq!(said.code, 2);
    assert!(said.err.contains("oak: NOT DONE, and its files are as they were"), "{}", said.err);
    let after = desk.files("out");
    for name in ["oak.csv", "oak.csv.provenance.json", "oak-flags.csv.provenance.json"] {
        assert_eq!(after[name], before[name], "{name}");
    }
    assert_eq!(desk.left_behind(), [""; 0]);
}

/// A small disk of its own, where the system lets us have one.
struct SmallDrive {
    folder: tempfile::TempDir,
}

impl SmallDrive {
    fn new() -> Option<Self> {
        let drive = Self { folder: tempfile::tempdir().unwrap() };
        let is_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
        if is_root && mount(&["-t", "tmpfs", "-o", "size=512k", "tmpfs"], drive.folder.path()) {
            return Some(drive);
        }
        eprintln!("skipped: a small disk can be mounted by root only, and not everywhere");
        None
    }

    fn remount(&self, how: &str) {
        assert!(mount(&["-o", &format!("remount,{how}")], self.folder.path()));
    }
}

impl Drop for SmallDrive {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.folder.path()).status();
    }
}

fn mount(arguments: &[&str], folder: &Path) -> bool {
    Command::new("mount").args(arguments).arg(folder).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

#[test]
fn a_full_disk_loses_nothing_and_the_next_run_completes() {
    let Some(drive) = SmallDrive::new() else { return };
    let terms = [undisturbed(0), undisturbed(1)];
    let desk = Desk::at(drive.folder.path());
    answer(&desk, 0);
    assert_eq!(desk.run().code, 3);
    answer(&desk, 1);
    let record = desk.read("bandwise-run.json");
    // From no room at all to room for some of the files, but not for all of them.
    for spare in [0, 1, 2, 3, 5, 8] {
        fill(&desk, spare * 4096);
        let Printed { code, err, .. } = desk.run_with(&["--threads", "1"]);
        let what = format!("{spare} pages to spare: {err}");
        assert_old_or_new(&desk, &terms, &what);
        assert_eq!(desk.names("out"), OUTPUTS, "{what}");
        assert_eq!(desk.left_behind(), [""; 0], "{what}");
        if spare < 3 {
            assert_eq!(code, 2, "{what}");
            assert_eq!(desk.files("out"), terms[0], "{what}");
            assert_eq!(desk.read("bandwise-run.json"), record, "{what}");
            // What cannot be written can be read: the alerts are said.
            assert!(err.contains("ALERTS: "), "{what}");
        }
    }
    fs::remove_file(desk.path("filler")).unwrap();
    assert_eq!(desk.run().code, 3);
    assert_eq!(desk.files("out"), terms[1]);
}

/// Fills the disk but for some bytes.
fn fill(desk: &Desk, spare: usize) {
    use std::io::Write as _;
    let mut filler = File::create(desk.path("filler")).unwrap();
    let mut size = 0;
    while filler.write_all(&[0; 4096]).is_ok() {
        size += 4096;
        assert!(size < 1 << 20, "this is not the small disk");
    }
    filler.set_len(u64::try_from(size - spare).unwrap()).unwrap();
}

#[test]
fn a_read_only_folder_is_said_to_be_one_and_nothing_is_lost() {
    let Some(drive) = SmallDrive::new() else { return };
    let terms = [undisturbed(0), undisturbed(1)];
    let desk = Desk::at(drive.folder.path());
    answer(&desk, 0);
    assert_eq!(desk.run().code, 3);
    answer(&desk, 1);
    drive.remount("ro");
    let said = desk.run();
    assert_eq!(said.code, 2);
    assert!(said.err.contains("the folder of the term file cannot be written to"), "{}", said.err);
    assert_eq!(desk.files("out"), terms[0]);
    drive.remount("rw");
    assert_eq!(desk.run().code, 3);
    assert_eq!(desk.files("out"), terms[1]);
}

/// The outputs are on a share that has become read-only; the term file is elsewhere.
#[test]
fn a_read_only_share_fails_its_jobs_only() {
    let Some(drive) = SmallDrive::new() else { return };
    let desk = Desk::new();
    let share = drive.folder.path().to_str().unwrap();
    desk.write("term.toml", &crate::TERM.replace("out/elm", &format!("{share}/elm")));
    assert_eq!(desk.run().code, 3);
    let before = fs::read(drive.folder.path().join("elm.csv")).unwrap();
    answer(&desk, 1);
    drive.remount("ro");
    let said = desk.run();
    assert_eq!(said.code, 2);
    assert!(said.err.contains("elm: NOT DONE") && said.err.contains("oak: done, because"), "{}", said.err);
    assert_eq!(fs::read(drive.folder.path().join("elm.csv")).unwrap(), before);
    drive.remount("rw");
    let said = desk.run();
    assert_eq!(said.code, 3);
    assert_ne!(fs::read(drive.folder.path().join("elm.csv")).unwrap(), before);
}

#[test]
fn a_record_that_cannot_be_read_is_not_replaced() {
    let desk = Desk::new();
    desk.run();
    desk.write("bandwise-run.json", "{\"format\": 7}");
    let before = desk.files("out");
    let said = desk.run();
    assert_eq!(said.code, 2);
    assert!(said.err.contains("`bandwise-run.json` is not a record that this program can read. Move it away"), "{}", said.err);
    assert_eq!((desk.files("out"), desk.read("bandwise-run.json")), (before, "{\"format\": 7}".to_owned()));
}
