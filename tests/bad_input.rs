//! What can go wrong around a file: paths, outputs, exit codes, privacy. Each test runs the program in a folder of its own.

#![expect(clippy::unwrap_used, reason = "a test without its files should fail")]

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use assert_cmd::Command;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const FORM: [&str; 4] = ["-i", "sdq-t4-17", "--scales", "total"];
const SECRET: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";

/// A folder with some of the fixtures in it.
fn folder(fixtures: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in fixtures {
        fs::copy(Path::new("tests/fixtures").join(name), folder.path().join(name)).unwrap();
    }
    folder
}

struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

fn command(folder: &TempDir) -> Command {
    let mut command = Command::cargo_bin("bandwise").unwrap();
    command.current_dir(folder.path()).env_clear().env("NO_COLOR", "1");
    command
}

fn finish(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn run(folder: &TempDir, line: &str) -> Run {
    finish(command(folder).args(line.split(' ')))
}

/// `score FILE…` with the teacher form and its total.
fn score(folder: &TempDir, line: &str) -> Run {
    finish(command(folder).arg("score").args(line.split(' ')).args(FORM))
}

fn files(folder: &TempDir) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

fn write(folder: &TempDir, name: &str, text: &str) {
    fs::write(folder.path().join(name), text).unwrap();
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// A file for the PHQ-9 with these rows.
fn phq(rows: &[&str]) -> String {
    format!("pupil_id,q1,q2,q3,q4,q5,q6,q7,q8,q9\n{}\n", rows.join("\n"))
}

// ---- what cannot be opened

#[test]
fn what_cannot_be_read_is_one_error_with_its_cause() {
    let folder = folder(&["tidy.csv"]);
    fs::create_dir(folder.path().join("class")).unwrap();
    write(&folder, "short.key", "abc\n");
    for (line, message) in [
        ("nowhere.csv", "error: `nowhere.csv` cannot be read\n  because "),
        ("class", "error: `class` cannot be read\n  because it is a folder\n"),
        ("*.tsv", "error: no file fits `*.tsv`\n"),
        ("- -", "error: standard input can be read only once\n"),
        ("tidy.csv --map nowhere.toml", "error: the map `nowhere.toml` cannot be read\n  because "),
        ("tidy.csv --hide-names --key short.key", "error: the key file should hold one line of at least 32 hexadecimal digits\n"),
        ("tidy.csv --hide-names --key nowhere/new.key", "error: there is no folder `nowhere` to write `nowhere/new.key` into\n"),
        ("tidy.csv --hide-names", "error: the following required arguments were not provided:\n  --key <FILE>\n"),
        ("tidy.csv --missing 0", "error: `0` cannot mean \"no answer\": it is one of the form's answers (0 to 2)\n"),
        ("tidy.csv --bands fife", "error: sdq-t4-17 has no band set `fife`"),
    ] {
        let run = score(&folder, line);
        assert!(run.stderr.starts_with(message), "{line}: {}", run.stderr);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{line}");
    }
}

#[test]
fn what_cannot_be_written_is_one_error_and_leaves_nothing() {
    let folder = folder(&["tidy.csv"]);
    fs::create_dir(folder.path().join("scores.csv")).unwrap();
    let before = files(&folder);
    for (line, message) in [
        ("tidy.csv -o nowhere/x.csv", "error: there is no folder `nowhere` to write `nowhere/x.csv` into\n"),
        ("tidy.csv -o scores.csv", "error: `scores.csv` is a folder, not a file\n"),
        (
            "tidy.csv -o x.doc",
            "error: `x.doc` should end in .csv, .json, .ndjson, .xlsx, .html or .txt (scores also in .parquet), so that its format is known\n",
        ),
        ("tidy.csv -o x.csv --findings ./x.csv", "error: `./x.csv` would be written twice: give each output a name of its own\n"),
        ("tidy.csv -o x.csv --provenance x.csv", "error: `x.csv` would be written twice: give each output a name of its own\n"),
    ] {
        let run = score(&folder, line);
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (2, "", message), "{line}");
        assert_eq!(files(&folder), before, "{line}");
    }
}

#[test]
fn an_input_is_never_overwritten_whatever_its_path_says() {
    let folder = folder(&["tidy.csv", "weather.csv"]);
    fs::copy("tests/fixtures/definitions/weather.toml", folder.path().join("weather.toml")).unwrap();
    write(&folder, "map.toml", "");
    write(&folder, "secret.key", SECRET);
    fs::create_dir(folder.path().join("sub")).unwrap();
    fs::hard_link(folder.path().join("tidy.csv"), folder.path().join("hard.csv")).unwrap();
    let mut outputs = vec!["tidy.csv", "./tidy.csv", "sub/../tidy.csv", "hard.csv"];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("tidy.csv", folder.path().join("link.csv")).unwrap();
        outputs.push("link.csv");
    }
    let before = read(&folder, "tidy.csv");
    for output in outputs {
        let run = score(&folder, &format!("tidy.csv -o {output}"));
        assert_eq!(run.stderr, format!("error: `{output}` is one of the inputs: an input is never overwritten\n"));
        assert_eq!((run.code, read(&folder, "tidy.csv")), (2, before.clone()), "{output}");
    }
    // What says how to read the responses is an input too, and so is what findings and provenance would replace.
    for line in [
        "score tidy.csv -i sdq-t4-17 --map map.toml --format csv -o map.toml",
        "score tidy.csv -i sdq-t4-17 --hide-names --key secret.key --format csv -o secret.key",
        "score weather.csv -i weather.toml --format csv -o weather.toml",
        "score tidy.csv -i sdq-t4-17 --findings tidy.csv",
        "flag tidy.csv -i sdq-t4-17 --provenance tidy.csv",
    ] {
        let run = run(&folder, line);
        assert!(run.code == 2 && run.stderr.contains("is one of the inputs: an input is never overwritten"), "{line}: {}", run.stderr);
    }
    assert_eq!((read(&folder, "tidy.csv"), read(&folder, "secret.key")), (before, SECRET.to_owned()));
}

#[test]
fn no_failure_leaves_a_temporary_file_behind() {
    let folder =
        folder(&["coded-one-to-three.csv", "unclosed-quote.csv", "not-sure.csv", "two-encodings.csv", "ten-forms-without-a-nought.csv"]);
    let before = files(&folder);
    for name in before.clone() {
        for format in ["csv", "json", "ndjson", "txt"] {
            let run = score(&folder, &format!("{name} --strict -o out.{format}"));
            assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{name} {format}");
            assert_eq!(files(&folder), before, "{name} {format}");
        }
    }
}

// ---- how it ends

#[test]
fn exit_codes_say_how_it_ended() {
    let folder = folder(&["tidy.csv", "not-sure.csv", "coded-one-to-three.csv", "long-comment.csv"]);
    for (line, code) in [
        ("score tidy.csv -i sdq-t4-17", 0),
        ("score long-comment.csv -i sdq-t4-17", 0),
        ("score not-sure.csv -i sdq-t4-17", 1),
        ("score not-sure.csv -i sdq-t4-17 --strict", 2),
        ("score coded-one-to-three.csv -i sdq-t4-17", 2),
        ("score tidy.csv -i sdq", 2),
        ("score tidy.csv", 2),
        ("flag tidy.csv -i sdq-t4-17", 0),
        ("flag tidy.csv -i sdq-t4-17 --exit-code", 3),
        ("flag not-sure.csv -i sdq-t4-17 --exit-code", 1),
        ("flag long-comment.csv -i sdq-t4-17 --exit-code", 0),
        ("instrument check sdq-t4-17 phq-9", 0),
        ("instrument check nowhere.toml", 2),
        ("instrument test", 0),
        ("explain R002", 0),
        ("explain R999", 2),
    ] {
        assert_eq!(run(&folder, line).code, code, "{line}");
    }
}

#[test]
fn strict_writes_nothing_and_leaves_the_old_output_as_it_was() {
    let folder = folder(&["not-sure.csv"]);
    write(&folder, "scores.csv", "the old scores");
    write(&folder, "scores.csv.provenance.json", "the old provenance");
    let run = score(&folder, "not-sure.csv --strict -o scores.csv");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("problem[R001]"), "{}", run.stderr);
    assert!(run.stderr.ends_with("Nothing was written, because of `--strict`.\n"), "{}", run.stderr);
    assert_eq!(read(&folder, "scores.csv"), "the old scores");
    assert_eq!(read(&folder, "scores.csv.provenance.json"), "the old provenance");
    for format in ["csv", "json", "ndjson", "table"] {
        let run = score(&folder, &format!("not-sure.csv --strict --format {format}"));
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{format}");
    }
}

#[test]
fn alerts_are_said_under_strict_too_and_when_the_table_goes_to_a_file() {
    let folder = folder(&[]);
    write(
        &folder,
        "phq.csv",
        &phq(&["X01,0,0,0,0,0,0,0,0,1", "X02,7,0,0,0,0,0,0,0,0", "X03,0,0,0,0,0,0,0,0,?", "X04,0,0,0,0,0,0,0,0,", "X05,0,0"]),
    );
    for line in [
        "score phq.csv -i phq-9 --strict",
        "score phq.csv -i phq-9 --strict --scales phq2 -o x.csv",
        "score phq.csv -i phq-9 -o x.txt",
        "score phq.csv -i phq-9 --missing ? --format ndjson",
        "flag phq.csv -i phq-9 --strict",
        "flag phq.csv -i phq-9 -o x.json",
    ] {
        let stderr = run(&folder, line).stderr;
        assert!(stderr.contains("ALERTS: 4 responses."), "{line}: {stderr}");
        for alert in
            ["X01, row 2 of phq.csv: question 9 (thoughts of self-harm) answered 1", "X04, row 5 of phq.csv", "row 6, row 6 of phq.csv"]
        {
            assert!(stderr.contains(alert), "{line}: {stderr}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = folder(&[]);
    // More than a pipe holds, so that the program is still writing when nobody reads any more.
    write(&folder, "phq.csv", &phq(&vec!["X01,0,1,2,3,0,1,2,3,0"; 20_000]));
    for format in ["csv", "json", "ndjson", "table"] {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("bandwise"))
            .current_dir(folder.path())
            .args(["score", "phq.csv", "-i", "phq-9", "--id", "pupil_id", "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut first = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let code = child.wait().unwrap().code();
        // The 20,000 rows are one pupil, which is a problem of its own; not-done would be 2.
        assert_ne!(code, Some(2), "{format}");
    }
}

#[test]
fn stdout_carries_data_only() {
    let folder = folder(&["not-sure.csv", "ragged-row.csv", "duplicate-pupil.csv"]);
    for name in ["not-sure.csv", "ragged-row.csv", "duplicate-pupil.csv"] {
        let csv = score(&folder, &format!("{name} --format csv"));
        assert_eq!(csv.stdout.lines().count(), 4, "{name}: {}", csv.stdout);
        assert!(csv.stderr.contains("problem["), "{name}");
        let ndjson = score(&folder, &format!("{name} --format ndjson"));
        assert!(ndjson.stdout.lines().all(|line| json(line).is_object()), "{name}");
        let document = json(&score(&folder, &format!("{name} --format json")).stdout);
        assert_eq!(document["rows"].as_array().map(Vec::len), Some(3), "{name}");
        let table = score(&folder, name);
        assert!(!table.stdout.contains("problem["), "{name}");
    }
}

#[test]
fn standard_input_is_a_file_like_any_other() {
    let folder = folder(&["not-sure.csv"]);
    let piped = finish(command(&folder).args(["score", "-", "--format", "csv"]).args(FORM).write_stdin(read(&folder, "not-sure.csv")));
    let named = score(&folder, "not-sure.csv --format csv");
    assert_eq!((piped.code, piped.stdout), (1, named.stdout));
    assert_eq!(piped.stderr, named.stderr.replace("--> not-sure.csv", "--> standard input"));
}

// ---- what the outputs hold

#[test]
fn the_provenance_names_the_input_by_its_real_hash() {
    let folder = folder(&["tidy.csv"]);
    assert_eq!(score(&folder, "tidy.csv -o scores.csv --missing 9").code, 0);
    assert_eq!(files(&folder), ["scores.csv", "scores.csv.provenance.json", "tidy.csv"]);
    let provenance = json(&read(&folder, "scores.csv.provenance.json"));
    let hash = sha256(&fs::read(folder.path().join("tidy.csv")).unwrap());
    assert_eq!(provenance["inputs"], serde_json::json!([{"name": "tidy.csv", "sha256": hash}]));
    assert_eq!(provenance["options"], serde_json::json!({"missing": "9", "scales": "total"}));
    assert_eq!(provenance["instruments"][0]["id"], "sdq-t4-17");
    assert!(provenance.get("created").is_none());
    let definition = sha256(include_bytes!("../instruments/sdq-t4-17.toml"));
    assert_eq!(provenance["instruments"][0]["sha256"], definition);
}

#[test]
fn json_holds_rows_findings_and_provenance() {
    let folder = folder(&["wrong-total.csv"]);
    let document = json(&score(&folder, "wrong-total.csv --format json").stdout);
    let totals: Vec<(&Value, &Value)> =
        document["rows"].as_array().unwrap().iter().map(|row| (&row["input.total"], &row["total"])).collect();
    assert_eq!(totals, [(&"0".into(), &0.into()), (&"11".into(), &20.into()), (&"".into(), &0.into())]);
    let findings: Vec<(&str, Option<u64>)> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["code"].as_str().unwrap(), finding["row"].as_u64()))
        .collect();
    assert_eq!(findings, [("S002", Some(3)), ("M008", None)]);
    let differs = &document["findings"][0];
    assert_eq!((&differs["column"], &differs["value"], &differs["expected"]), (&"B".into(), &"11".into(), &"ours: 20".into()));
    assert_eq!(document["provenance"]["inputs"][0]["name"], "wrong-total.csv");
}

#[test]
fn the_findings_file_has_every_finding() {
    let folder = folder(&["seven-on-a-0-2-item.csv"]);
    assert_eq!(score(&folder, "seven-on-a-0-2-item.csv --findings all.ndjson").code, 1);
    let findings: Vec<Value> = read(&folder, "all.ndjson").lines().map(json).collect();
    let places: Vec<(u64, &str)> =
        findings.iter().map(|finding| (finding["row"].as_u64().unwrap(), finding["header"].as_str().unwrap())).collect();
    assert_eq!(places, [(2, "worries"), (3, "worries"), (4, "worries"), (4, "lies"), (5, "worries"), (6, "worries")]);
}

#[cfg(unix)]
#[test]
fn outputs_can_be_read_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&["not-sure.csv"]);
    write(&folder, "scores.csv", "readable by everybody so far");
    assert_eq!(score(&folder, "not-sure.csv -o scores.csv --findings all.ndjson --hide-names --key new.key").code, 1);
    assert_eq!(score(&folder, "not-sure.csv -o scores.json").code, 1);
    for name in ["scores.csv", "scores.csv.provenance.json", "scores.json", "all.ndjson", "new.key"] {
        let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_hidden_name_is_in_no_output() {
    let folder = folder(&[]);
    let items = "2,0,0,2,0,0,2,0,2,0,2,0,0,2,0,0,2,0,0,2,2,0,0,0,2";
    let header = fs::read_to_string("tests/fixtures/header-only.csv")
        .unwrap()
        .replace("pupil_id", "id,Pupil,Surname,UPN,student,School email,class");
    let person = "Zebedee,Zebedee,Quagmire,Z999,Zebedee Quagmire,zebedee@example.org,7A";
    let rows = [
        format!("{person},{items}"),
        format!("{person},{}", items.replacen('2', "7", 1)),
        format!("{person},{}", &items[2..]),
        format!(",,,,,,,{items}"),
    ];
    write(&folder, "class.csv", &format!("{header}{}\n", rows.join("\n")));
    write(&folder, "secret.key", SECRET);
    let mut seen = String::new();
    for command in ["score", "flag --all"] {
        for output in ["--format csv", "--format json", "--format ndjson", "--format table", "-o out.csv", "-o out.json", "-o out.txt"] {
            let line = format!("{command} class.csv -i sdq-t4-17 --id id --hide-names --key secret.key --findings all.ndjson {output}");
            let run = run(&folder, &line);
            assert_eq!(run.code, 1, "{line}: {}", run.stderr);
            seen.extend([run.stdout, run.stderr]);
            seen.extend(
                files(&folder).iter().filter(|name| name.starts_with("out") || *name == "all.ndjson").map(|name| read(&folder, name)),
            );
        }
    }
    for hidden in ["zebedee", "quagmire", "z999", "example.org", SECRET.trim()] {
        assert!(!seen.to_lowercase().contains(hidden), "`{hidden}` is in an output");
    }
    assert!(seen.contains("7A"), "the class names nobody and stays");
    let csv = run(&folder, "score class.csv -i sdq-t4-17 --id id --scales total --hide-names --key secret.key --format csv").stdout;
    let codes: Vec<&str> = csv.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(codes[0], codes[1], "one pupil has one code");
    assert_eq!(codes[2..], ["row 4", "row 5"], "what cannot be trusted to be an id is called by its row");
}

#[test]
fn a_new_key_is_made_once_and_gives_the_same_codes_again() {
    let folder = folder(&["tidy.csv"]);
    let first = score(&folder, "tidy.csv --format csv --hide-names --key new.key");
    assert!(first.stderr.starts_with("A new key was written to `new.key`."), "{}", first.stderr);
    let key = read(&folder, "new.key");
    assert!(key.trim().len() == 64 && !first.stderr.contains(key.trim()));
    let second = score(&folder, "tidy.csv --format csv --hide-names --key new.key");
    assert_eq!((second.stdout, read(&folder, "new.key")), (first.stdout, key));
}

#[test]
fn a_spreadsheet_runs_nothing_and_numbers_stay_numbers() {
    let folder = folder(&["tidy.csv"]);
    let csv = read(&folder, "tidy.csv").replace("pupil_id,", "pupil_id,=cmd,note,change,").replace("X01,", "=1+1,x,@SUM(A1),-4,");
    write(&folder, "class.csv", &csv.replace("X02,", "+X02,-x,\"=HYPERLINK(\"\"x\"\")\",+3,"));
    for options in ["--format csv", "--excel --format csv"] {
        let run = score(&folder, &format!("class.csv {options}"));
        let lines: Vec<&str> = run.stdout.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(
            lines,
            [
                "pupil_id,'=cmd,note,change,total,total_band,total_note",
                "'=1+1,x,'@SUM(A1),-4,0,close to average,",
                "'+X02,'-x,\"'=HYPERLINK(\"\"x\"\")\",+3,20,very high,",
            ]
        );
    }
}

#[test]
fn the_words_of_a_comment_are_nowhere() {
    let folder = folder(&["long-comment.csv", "comment-in-an-answer.csv"]);
    for name in ["long-comment.csv", "comment-in-an-answer.csv"] {
        let mut seen = String::new();
        for output in ["--format csv", "--format json", "--format ndjson", "--format table", "-o out.csv", "-o out.json", "-o out.txt"] {
            for command in ["score", "flag --all"] {
                let run = run(&folder, &format!("{command} {name} -i sdq-t4-17 --findings all.ndjson {output}"));
                seen.extend([run.stdout, run.stderr]);
                seen.extend(
                    files(&folder).iter().filter(|name| name.starts_with("out") || *name == "all.ndjson").map(|name| read(&folder, name)),
                );
            }
        }
        assert!(!seen.contains("xyzzy"), "{name}");
        let length = if name == "long-comment.csv" { 240 } else { 123 };
        assert!(seen.contains(&format!("[comment, {length} characters]")), "{name}");
    }
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let folder = folder(&["tidy.csv"]);
    let red = "\u{1b}[31m\u{202e}";
    let csv = read(&folder, "tidy.csv")
        .replace("X01", &format!("X{red}01"))
        .replace("pupil_id", &format!("pupil_id,no{red}te,no{red}te,completed_by,age"));
    let csv = csv.replace("01,", &format!("01,a,b,{red},{red},")).replace("X02,1", &format!("X{red}01,a,b,{red},4{red},{red}"));
    write(&folder, "class.csv", &csv);
    let definition = fs::read_to_string("tests/fixtures/definitions/weather.toml").unwrap();
    write(
        &folder,
        "bad.toml",
        &definition.replace("[3, 5]", "[3, 9]").replace("\"dark\"", "\"da\\u001b[31mrk\"").replace("\"-sunny\"", "\"-su\\u001bny\""),
    );
    write(&folder, "map.toml", "[items]\n\"wor\\u001bries\" = \"worries\"\n");
    for line in [
        "score class.csv -i sdq-t4-17",
        "score class.csv -i sdq-t4-17 --findings-format short",
        "score class.csv -i sdq-t4-17 --findings-format json",
        "flag class.csv -i sdq-t4-17 --all",
        "score class.csv -i phq-9",
        "score tidy.csv -i sdq-t4-17 --map map.toml",
        "score tidy.csv -i sdq-t4-17 --map map.toml --findings-format short",
        "instrument check bad.toml",
        "instrument check bad.toml --findings-format short",
        "instrument show bad.toml",
    ] {
        let run = run(&folder, line);
        let printed = run.stdout + &run.stderr;
        assert!(!printed.contains(['\u{1b}', '\u{202e}']), "{line}: {printed:?}");
        assert!(printed.contains("refused[") || printed.contains("\u{fffd}"), "{line}: {printed}");
    }
    let checked = run(&folder, "instrument check bad.toml").stderr;
    assert!(checked.contains("holds a control character"), "{checked}");
}

// ---- no row and no cell is lost

#[test]
fn row_numbers_are_those_of_the_spreadsheet() {
    let folder = folder(&[]);
    for (name, text) in [
        ("blank rows", phq(&["", "X01,0,0,0,0,0,0,0,0,0", ",,,,,,,,,", "", "X02,7,0,0,0,0,0,0,0,0"])),
        ("a line break in a cell", phq(&["\"X\n01\",0,0,0,0,0,0,0,0,0", "\"X\n\n02\",0,0,0,0,0,0,0,0,0", "", "", "X03,7,0,0,0,0,0,0,0,0"])),
        ("carriage returns", phq(&["X01,0,0,0,0,0,0,0,0,0", "", "", "", "X02,7,0,0,0,0,0,0,0,0"]).replace('\n', "\r\n")),
        ("old Macintosh", phq(&["X01,0,0,0,0,0,0,0,0,0", "", "", "", "X02,7,0,0,0,0,0,0,0,0"]).replace('\n', "\r")),
        ("a byte order mark", format!("\u{feff}{}", phq(&["", "", "", "", "X02,7,0,0,0,0,0,0,0,0"]))),
        ("no last line break", phq(&["", "", "", "", "X02,7,0,0,0,0,0,0,0,0"]).trim_end().to_owned()),
    ] {
        write(&folder, "phq.csv", &text);
        let run = run(&folder, "score phq.csv -i phq-9 --findings-format short --format csv");
        assert!(run.stderr.contains("phq.csv, row 6, column B (`q1`): problem[R002]"), "{name}: {}", run.stderr);
    }
}

#[test]
fn columns_with_one_name_are_all_kept() {
    let folder = folder(&["tidy.csv"]);
    let csv = read(&folder, "tidy.csv").replace("pupil_id,", "pupil_id,note,note,note (2),note,total,input.total,");
    write(&folder, "class.csv", &csv.replace("X01,", "X01,a,b,c,d,0,e,").replace("X02,", "X02,a,b,c,d,20,e,"));
    let run = score(&folder, "class.csv --format csv");
    let (header, first) = run.stdout.split_once('\n').unwrap();
    let names: Vec<&str> = header.split(',').collect();
    assert_eq!(names[..3], ["pupil_id", "note", "note (2)"]);
    assert!((1..names.len()).all(|index| !names[..index].contains(&names[index])), "{header}");
    assert!(first.starts_with("X01,a,b,c,d,0,e,0,close to average,\n"), "{first}");
}

#[test]
fn carried_columns_with_our_names_are_set_apart() {
    let folder = folder(&["tidy.csv"]);
    let csv = read(&folder, "tidy.csv").replace("pupil_id,", "pupil_id,group,status,").replace("X01,", "X01,blue,new,");
    write(&folder, "class.csv", &csv.replace("X02,", "X02,red,old,"));
    let document = json(&run(&folder, "flag class.csv -i sdq-t4-17 --all --format json").stdout);
    let row = &document["rows"][0];
    assert_eq!((&row["input.group"], &row["input.status"], &row["status"]), (&"red".into(), &"old".into(), &"flagged".into()));
}

#[test]
fn a_file_without_ids_takes_no_ids_from_another() {
    let folder = folder(&["tidy.csv", "no-pupil-id.csv"]);
    let run = score(&folder, "no-pupil-id.csv tidy.csv --format csv");
    assert_eq!(
        run.stdout,
        "file,pupil_id,class,total,total_band,total_note\nno-pupil-id.csv,row 2,7A,0,close to average,\ntidy.csv,X01,,0,close to average,\ntidy.csv,X02,,20,very high,\n"
    );
}

#[test]
fn two_forms_of_one_questionnaire_need_to_know_who_completed_each_row() {
    let folder = folder(&["one-by-parent.csv", "tidy.csv"]);
    let both = "-i sdq-t4-17 -i sdq-p4-17 --scales total --format csv";
    assert_eq!(
        run(&folder, &format!("score one-by-parent.csv {both}")).stdout,
        "pupil_id,completed_by,sdq-t4-17.total,sdq-t4-17.total_band,sdq-t4-17.total_note,sdq-p4-17.total,sdq-p4-17.total_band,sdq-p4-17.total_note\n\
         X01,teacher,0,close to average,,,,\n\
         X02,parent,,,,20,very high,\n"
    );
    let refused = run(&folder, &format!("score tidy.csv {both}"));
    assert_eq!(refused.code, 2);
    assert_eq!(
        refused.stderr,
        "error: sdq-t4-17 and sdq-p4-17 share their columns: say with `--informant COLUMN` who completed each response\n"
    );
}

#[test]
fn every_definition_is_checked_even_if_one_is_not_there() {
    let folder = folder(&[]);
    fs::copy("tests/fixtures/definitions/no-source.toml", folder.path().join("no-source.toml")).unwrap();
    let run = run(&folder, "instrument check no-source.toml nowhere.toml");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("refused[I012]") && run.stderr.contains("`nowhere.toml` is no questionnaire"), "{}", run.stderr);
}

// ---- what could be taken for an answer and is none

/// A pupil of whom no scale could be judged is not below any level.
#[test]
fn nobody_is_below_a_level_that_no_scale_has() {
    let folder = folder(&["tidy.csv"]);
    for scale in ["internalising", "impact"] {
        let run = run(&folder, &format!("flag tidy.csv -i sdq-t4-17 --scales {scale} --format csv"));
        assert!(run.stdout.lines().skip(1).all(|line| line.contains("cannot say")), "{scale}: {}", run.stdout);
        assert!(run.stdout.lines().count() > 1, "{scale}");
    }
}

/// Scored on two forms of one questionnaire, a pupil would have two totals and two bands.
#[test]
fn a_response_that_says_not_who_completed_it_is_on_neither_form() {
    let folder = folder(&[]);
    let header: Vec<String> = (1..=25).map(|number| format!("q{number}")).collect();
    let row = |pupil: &str, who: &str| format!("{pupil},{who},{}\n", vec!["1"; 25].join(","));
    let rows = [
        row("X01", "parent"),
        row("X02", "teacher"),
        row("X03", ""),
        row("X04", "Grandma"),
        format!("X05,parent,{}\n", vec!["0"; 25].join(",")),
    ];
    write(&folder, "mixed.csv", &format!("pupil_id,informant,{}\n{}", header.join(","), rows.concat()));
    let run = run(&folder, "score mixed.csv -i sdq-p4-17 -i sdq-t4-17 --scales total --long --format csv");
    assert_eq!(run.code, 1, "{}", run.stderr);
    for pupil in ["X03", "X04"] {
        assert!(run.stdout.lines().filter(|line| line.starts_with(pupil)).all(|line| line.contains("not scored")), "{}", run.stdout);
    }
    assert_eq!(run.stdout.lines().filter(|line| line.contains(",complete,")).count(), 3, "{}", run.stdout);
}

/// Printed editions of the follow-up forms number their last questions differently.
#[test]
fn a_follow_up_is_no_numbered_run_beyond_its_certain_numbers() {
    let folder = folder(&[]);
    let header: Vec<String> = (1..=34).map(|number| format!("q{number}")).collect();
    write(&folder, "followup.csv", &format!("pupil_id,{}\nX01,{}\n", header.join(","), vec!["0"; 34].join(",")));
    let run = run(&folder, "score followup.csv -i sdq-p4-17-followup");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("[M003]"), "{}", run.stderr);
}

/// Names that are in no known column cannot be hidden.
#[test]
fn names_are_hidden_only_where_they_are_known() {
    let folder = folder(&["no-pupil-id.csv"]);
    let run = run(&folder, "score no-pupil-id.csv -i sdq-t4-17 --hide-names --key key.txt");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    assert!(run.stderr.contains("add `--id COLUMN`"), "{}", run.stderr);
}
