//! Nothing that is read leaves the computer: the program opens no socket, as the system itself sees it.
//!
//! Needs `strace`, and the right to use it; says so where there is none, and the sources are still searched by `structure`.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test may stop at the first surprise, and says what it cannot see")]

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// The calls about networks that a command makes, in the system's words; none if nobody may look.
fn calls(folder: &Path, program: &str, arguments: &[&str]) -> Option<Vec<String>> {
    let trace = folder.join("trace.txt");
    let _ = fs::remove_file(&trace);
    let mut strace = Command::new("strace");
    strace.current_dir(folder).args(["-f", "-e", "trace=network", "-o", "trace.txt", program]).args(arguments);
    let output = strace.output().ok()?;
    let text = fs::read_to_string(&trace).ok()?;
    text.contains("+++ exited").then_some(())?;
    assert!(output.status.code().is_some_and(|code| code < 2 || program == "bash"), "{}", String::from_utf8_lossy(&output.stderr));
    Some(text.lines().filter(|line| line.contains("socket") || line.contains("connect(")).map(str::to_owned).collect())
}

fn desk() -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in ["class-7a-teacher.csv", "class-7a-teacher-review.csv", "class-7a-goals.csv"] {
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name), folder.path().join(name)).unwrap();
    }
    folder
}

#[test]
fn no_command_opens_a_socket() {
    let folder = desk();
    // A datagram to ourselves, so that the test would see one.
    let seen = calls(folder.path(), "bash", &["-c", "exec 3<>/dev/udp/127.0.0.1/9"]);
    if seen.is_none_or(|calls| calls.is_empty()) {
        eprintln!("not looked at, because strace is not there or may not look: whether a socket is opened");
        return;
    }
    let program = assert_cmd::cargo::cargo_bin("bandwise");
    let mut commands = vec![
        "score class-7a-teacher.csv -i sdq-t4-17 -o scores.xlsx",
        "flag class-7a-teacher.csv -i sdq-t4-17 -o flags.html",
        "check class-7a-teacher.csv -i sdq-t4-17",
        "pseudonymise class-7a-teacher.csv --key school.key -o coded.csv",
        "instrument list",
    ];
    if cfg!(feature = "frames") {
        commands.extend([
            "compare class-7a-teacher.csv class-7a-teacher-review.csv -i sdq-t4-17 --goals class-7a-goals.csv -o changes.html",
            "summary class-7a-teacher.csv -i sdq-t4-17 --by class --internal",
            "report meeting class-7a-teacher.csv -i sdq-t4-17 -o meeting.html",
        ]);
    }
    for line in commands {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(calls(folder.path(), program.to_str().unwrap(), &arguments), Some(Vec::new()), "{line}");
    }
}
