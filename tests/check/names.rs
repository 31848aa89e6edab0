//! Names that are no pupil's of the list: written for a person who knows, and used once that person has confirmed them.

use crate::{Desk, all, phq};

const LIST: &str = "\
Admission No,Legal Surname,Legal Forename,Reg Group
1001,Invented,Ada,7A
1002,Fictive,Bert,7A
1003,Madeup,Cleo,7B
";

fn desk() -> Desk {
    let header = [&["Name"], crate::PHQ.as_slice()].concat();
    let rows = [all("Ada Invented", "0"), all("Bret Fictive", "0"), all("Cleo M", "1"), all("bret fictive", "1"), all("", "0")];
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let desk = Desk::with(&phq(&header, &rows));
    desk.write("pupils.csv", LIST);
    desk
}

#[test]
fn unmatched_names_are_written_with_suggestions_and_used_once_confirmed() {
    let desk = desk();
    let printed = desk.check(&["-i", "phq-9", "--pupils", "pupils.csv", "--write-names", "names.csv"]);
    assert_eq!(printed.code, 1, "{}", printed.err);
    assert!(printed.out.contains("3 of no pupil in the list"), "{}", printed.out);
    assert!(
        printed.err.contains("2 names written to `names.csv`: fill in the column `pupil`, then add `--names names.csv`"),
        "{}",
        printed.err
    );
    let names = desk.read("names.csv");
    let lines: Vec<&str> = names.lines().collect();
    assert_eq!(lines[0], "as_written,pupil,suggestions");
    assert!(lines[1].starts_with("Bret Fictive,,") && lines[1].contains("1002 (") && lines[1].contains("7A)"), "{names}");
    assert!(lines[2].starts_with("Cleo M,,"), "{names}");
    assert_eq!(lines.len(), 3);
    // A suggestion is no answer: nothing changes until a person fills it in.
    let again = desk.check(&["-i", "phq-9", "--pupils", "pupils.csv", "--names", "names.csv"]);
    assert!(again.out.contains("3 of no pupil in the list"), "{}", again.out);
    desk.write("names.csv", &names.replace("Bret Fictive,,", "Bret Fictive,1002,"));
    let printed = desk.check(&["-i", "phq-9", "--pupils", "pupils.csv", "--names", "names.csv", "--write-names", "more.csv"]);
    assert!(printed.out.contains("1 of no pupil in the list"), "{}", printed.out);
    // What was confirmed is kept beside what is still open.
    let more = desk.read("more.csv");
    assert!(more.starts_with("as_written,pupil,suggestions\nBret Fictive,1002,\nCleo M,,"), "{more}");
}

#[test]
fn a_names_file_is_no_input_needs_a_list_and_is_not_written_for_nothing() {
    let desk = desk();
    desk.write("names.csv", "as_written,pupil\nBret Fictive,1002\nCleo M,1003\n");
    let before = desk.read("names.csv");
    let with = ["-i", "phq-9", "--pupils", "pupils.csv", "--names", "names.csv"];
    assert_eq!(desk.check(&[&with, ["--write-names", "names.csv"].as_slice()].concat()).code, 2);
    assert_eq!(desk.check(&["-i", "phq-9", "--write-names", "new.csv"]).code, 2);
    let printed = desk.check(&[&with, ["--write-names", "new.csv"].as_slice()].concat());
    assert!(printed.err.contains("no names file was written"), "{}", printed.err);
    assert_eq!((desk.read("names.csv"), desk.path("new.csv").exists()), (before, false));
}
