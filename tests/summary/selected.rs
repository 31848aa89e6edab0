//! Which responses are counted.

use super::Desk;

fn desk() -> Desk {
    let desk = Desk::new();
    let rows = [
        "a,girl,Year 7,7A,2025-09-01,8",
        "b,F,7,7B,2026-08-31,9",
        "c,M,8,8A,2026-01-10,20",
        "d,F,8,8A,2025-08-31,20",
        "e,f,9,,2026-09-01,7",
        "f,,9,9A,,30",
        "g,F,9,9A,2026-03-03,",
    ];
    desk.write("in.csv", &format!("pupil_id,sex,year,class,date,points\n{}\n", rows.join("\n")));
    desk
}

fn counted(desk: &Desk, conditions: &[&str]) -> String {
    let mut more: Vec<&str> = conditions.iter().flat_map(|condition| ["--where", condition]).collect();
    more.extend(["--internal", "--format", "csv"]);
    let printed = desk.summary(&more);
    assert_ne!(printed.code, 2, "{conditions:?}: {}", printed.err);
    printed.rows().first().map_or_else(|| "no row".to_owned(), |row| format!("{} of {}", row["n"], row["n_not_scored"]))
}

#[test]
fn conditions_are_about_pupils_columns_and_scores() {
    let desk = desk();
    for (conditions, expected) in [
        (&[][..], "6 of 1"),
        (&["sex=F"], "4 of 1"),
        (&["sex = girl"], "4 of 1"),
        (&["sex!=F"], "2 of 0"),
        (&["year=7"], "2 of 0"),
        (&["year=Year 7"], "2 of 0"),
        (&["year>=8"], "4 of 1"),
        (&["class=8a"], "2 of 0"),
        (&["class="], "1 of 0"),
        (&["class!=8A"], "4 of 1"),
        (&["score>7"], "5 of 0"),
        (&["score>=7"], "6 of 0"),
        (&["score<9"], "2 of 0"),
        (&["score<=9"], "3 of 0"),
        (&["score=20"], "2 of 0"),
        (&["score!=20"], "4 of 0"),
        (&["sex=F", "score>7"], "3 of 0"),
        (&["date>=2026-01-01"], "3 of 1"),
        (&["pupil_id=zz"], "0 of 0"),
    ] {
        assert_eq!(counted(&desk, conditions), expected, "{conditions:?}");
    }
}

/// "How many girls had a score over 7 last school year?" is one line.
#[test]
fn a_school_year_runs_from_september_to_august() {
    let desk = desk();
    let printed = desk.summary(&["--where", "sex=F", "--where", "score>7", "--school-year", "2025-26", "--internal", "--format", "csv"]);
    assert_eq!(printed.columns(&["n"]), ["2"], "{}", printed.err);
    assert!(printed.err.contains("Only responses with sex=F, with score>7 and of the school year 2025-26 are counted."), "{}", printed.err);
    let printed = desk.summary(&["--school-year", "2025/26", "--internal", "--format", "csv"]);
    assert_eq!((printed.code, printed.columns(&["n", "n_not_scored"])), (1, vec!["3 1".to_owned()]), "{}", printed.err);
    assert!(printed.err.contains("[R014]") && printed.err.contains("row 7"), "{}", printed.err);
    let printed = desk.summary(&["--by", "school-year", "--internal", "--format", "csv"]);
    assert_eq!(printed.columns(&["school-year", "n"]), ["(all) 6", "2024-25 1", "2025-26 3", "2026-27 1", "(blank) 1"]);
}

#[test]
fn what_cannot_be_meant_is_refused_with_a_reason() {
    let desk = desk();
    for (more, expected) in [
        (&["--where", "score"][..], "`score` is no condition"),
        (&["--where", "=7"], "`=7` is no condition"),
        (&["--where", "score=>7"], "`score=>7` is no condition"),
        (&["--where", "scor>7"], "no file has a column `scor`, and no form a scale of that name: did you mean `score`?"),
        (&["--where", "score>high"], "`score>high` compares with `high`, which is neither a number nor a date"),
        (&["--where", "class>A"], "`class>A` compares with `A`"),
        (&["--school-year", "2025"], "`2025` is no school year: write the two years that it begins and ends in, 2025-26"),
        (&["--internal", "--limit", "10"], "cannot be used with"),
    ] {
        let printed = desk.summary(more);
        assert_eq!((printed.code, printed.out.as_str()), (2, ""), "{more:?}");
        assert!(printed.err.contains(expected), "{more:?}: {}", printed.err);
    }
    desk.write("in.csv", "pupil_id,points\na,1\n");
    assert!(desk.summary(&["--school-year", "2025-26"]).err.contains("name the column with `--date COLUMN`"));
    desk.write("in.csv", "pupil_id,date,points\na,05/09/2025,1\n");
    let printed = desk.summary(&["--school-year", "2025-26"]);
    assert!(printed.err.contains("day and month of the date in row 2 could be swapped: say `--dates day-first`"), "{}", printed.err);
    let printed = desk.summary(&["--school-year", "2025-26", "--dates", "day-first", "--internal", "--format", "csv"]);
    assert_eq!(printed.columns(&["n"]), ["1"]);
}
