//! The map that `check` writes: it reads back, it does next term what was understood this term, and it decides nothing that was unclear.

use std::fs;

use bandwise::findings::Place;
use bandwise::instrument::load;
use bandwise::matching::{ColumnNames, check_map, read_map};

use crate::{Desk, all, named, phq};

/// Reads a map, which must be in order.
fn read(text: &str, form: &str) -> ColumnNames {
    let map = read_map("map.toml", text).unwrap();
    let (form, _) = load(form).unwrap();
    assert_eq!(check_map(&map, &[&form], &Place::File("map.toml".into())), [], "{text}");
    map
}

/// Without the lines on standard error, which name the options.
fn scores(desk: &Desk, more: &[&str]) -> String {
    let printed = desk.run(&[&["score", "class.csv", "-i", "phq-9", "--format", "csv"], more].concat());
    assert!(printed.code < 2, "{}", printed.err);
    printed.out
}

#[test]
fn a_map_holds_what_options_said_so_that_none_is_needed_next_term() {
    let mut header = named();
    header[0] = "First";
    header.insert(1, "Last, or family");
    header.extend(["spare", "How old?", "class"]);
    let mut row: Vec<&str> = all("Ada", "1");
    row.insert(1, "Invented");
    row[4] = "x";
    row.extend(["2", "12", "7A"]);
    // Quoted, because a comma is in it.
    let file = phq(&header, &[&row]).replace("Last, or family", "\"Last, or family\"");
    let desk = Desk::with(&file);
    desk.write("ids.toml", "id = [\"First\", \"Last, or family\"]\n");
    let options = ["--map", "ids.toml", "--drop", "spare", "--age", "How old?", "--missing", "x", "--coding", "1,2,3,4"];
    let expected = scores(&desk, &options);
    let printed = desk.check(&[&["-i", "phq-9", "--write-map", "map.toml"], options.as_slice()].concat());
    assert_eq!(printed.code, 0, "{}", printed.err);
    let text = desk.read("map.toml");
    let map = read(&text, "phq-9");
    assert_eq!(map.id, ["First", "Last, or family"]);
    assert_eq!((map.missing.as_slice(), map.ignore.as_slice()), (["x".to_owned()].as_slice(), ["spare".to_owned()].as_slice()));
    assert_eq!(map.context["age"], "How old?");
    assert_eq!(scores(&desk, &["--map", "map.toml"]), expected, "{text}");
}

#[test]
fn what_is_missing_or_unclear_is_a_comment() {
    let mut header = named();
    header[3] = "slepe";
    header.push("Tired");
    let mut row = all("T01", "0");
    row[1] = "7";
    row[2] = "sevral days";
    row.push("1");
    let desk = Desk::with(&phq(&header, &[&row]));
    assert_eq!(desk.check(&["-i", "phq-9", "--write-map", "map.toml"]).code, 2);
    let text = desk.read("map.toml");
    let map = read(&text, "phq-9");
    assert!(!map.items.contains_key("sleep") && !map.items.contains_key("tired"), "{text}");
    assert_eq!(map.items.len(), 8);
    assert!(map.missing.is_empty() && map.answers.values().all(std::collections::BTreeMap::is_empty));
    for line in [
        "# sleep = \"slepe\"  # question 3: no column; perhaps this one",
        "# tired = \"tired\"  # question 4: it could be several columns; take one",
        "# tired = \"Tired (2)\"  # question 4: it could be several columns; take one",
        "# missing = [\"7\", \"sevral days\"]",
        "# \"sevral days\" = \"1\"  # in 1 cell; perhaps Several days",
        "# main = [\"0\", \"1\", \"2\", \"3\"]  # in this order: 0 Not at all, 1 Several days, 2 More than half the days, 3 Nearly every day",
        "# sex = \"\"  # no column",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    // Taking the signs away answers what was asked.
    let answered = text
        .replace("# sleep = ", "sleep = ")
        .replace("# tired = \"tired\"", "tired = \"tired\"")
        .replace("# \"sevral days\" =", "\"sevral days\" =")
        .replace("# missing = [\"7\", \"sevral days\"]", "missing = [\"7\"]");
    desk.write("answered.toml", &answered);
    let printed = desk.run(&["score", "class.csv", "-i", "phq-9", "--map", "answered.toml", "--format", "csv"]);
    assert_eq!(printed.code, 0, "{}", printed.err);
}

#[test]
fn a_map_is_replaced_whole_and_an_input_never() {
    let desk = Desk::with(&phq(&named(), &[&all("T01", "0")]));
    desk.write("map.toml", "# mine\n");
    let printed = desk.check(&["-i", "phq-9", "--map", "map.toml", "--write-map", "map.toml"]);
    assert_eq!((printed.code, desk.read("map.toml").as_str()), (2, "# mine\n"), "{}", printed.err);
    assert_eq!(desk.check(&["-i", "no-such-form", "--write-map", "map.toml"]).code, 2);
    assert_eq!(desk.read("map.toml"), "# mine\n");
    assert_eq!(desk.check(&["-i", "phq-9", "--write-map", "map.toml"]).code, 0);
    assert!(desk.read("map.toml").contains("sleep = \"sleep\""));
    let printed = desk.check(&["-i", "phq-9", "--write-map", "map.toml", "--findings", "./map.toml"]);
    assert!(printed.code == 2 && printed.err.contains("written twice"), "{}", printed.err);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(desk.path("map.toml")).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // A file that cannot be opened leaves no map.
    desk.write("class.csv", "");
    desk.check(&["-i", "phq-9", "--write-map", "none.toml"]);
    assert!(!desk.path("none.toml").exists());
    assert_eq!(fs::read_dir(desk.folder.path()).unwrap().count(), 2);
}

#[test]
fn files_or_forms_that_differ_need_a_map_each() {
    let desk = Desk::with(&phq(&named(), &[&all("T01", "0")]));
    let mut other = named();
    other[3] = "Trouble sleeping";
    desk.write("other.csv", &phq(&other, &[&all("T02", "0")]));
    let printed = desk.run(&["check", "class.csv", "other.csv", "-i", "phq-9", "--write-map", "map.toml"]);
    assert!(printed.err.contains("one map for each file") && !desk.path("map.toml").exists(), "{}", printed.err);
    assert_eq!(printed.code, 2);
    desk.write("same.csv", &phq(&named(), &[&all("T03", "0")]));
    assert_eq!(desk.run(&["check", "class.csv", "same.csv", "-i", "phq-9", "--write-map", "map.toml"]).code, 0);
}

#[test]
fn forms_that_share_their_columns_share_a_map() {
    let text = fs::read_to_string("fixtures/class-7a-teacher.csv").unwrap();
    let with_informant = |(row, line): (usize, &str)| match row {
        0 => format!("{line},filled by\n"),
        row => format!("{line},{}\n", if row.is_multiple_of(2) { "parent" } else { "teacher" }),
    };
    let desk = Desk::with(&text.lines().enumerate().map(with_informant).collect::<String>());
    let forms = ["-i", "sdq-t4-17", "-i", "sdq-p4-17"];
    let option = ["--informant", "filled by"];
    let printed = desk.check(&[forms.as_slice(), &option, &["--write-map", "map.toml"]].concat());
    assert!(printed.code < 2, "{}", printed.err);
    let score = |more: &[&str]| desk.run(&[&["score", "class.csv", "--format", "csv"], forms.as_slice(), more].concat()).out;
    assert_eq!(score(&["--map", "map.toml"]), score(&option));
    assert_eq!(desk.read("map.toml").matches("\nconsid = ").count(), 1);
}
