//! Small numbers through the command line.

use std::fmt::Write as _;

use super::Desk;

const FIGURES: [&str; 7] = ["class", "n", "mean", "sd", "median", "q1", "n_close"];

/// A group of five in a published summary: `c`, and a second group, so that the five cannot be recovered from the total.
#[test]
fn a_group_of_five_and_a_second_one_are_hidden() {
    let desk = Desk::new();
    desk.classes("in.csv", &[("7A", &[(1, 15), (3, 15)]), ("7B", &[(2, 3), (1, 2)]), ("7C", &[(3, 13), (4, 13)])]);
    let printed = desk.summary(&["--by", "class", "--format", "csv"]);
    assert_eq!(
        printed.columns(&FIGURES),
        ["(all) 61 2.61 1.11 3.0 1.00 c", "7A 30 2.00 1.02 2.0 1.00 c", "7B c c c c c c", "7C c c c c c c"],
        "{}",
        printed.err
    );
    let closing = "c: hidden, because fewer than 6 pupils are counted, or because such a number could be worked out from it.";
    assert!(printed.err.contains(closing), "{}", printed.err);
    assert!(desk.summary(&["--by", "class"]).out.contains(closing));
    let all = desk.summary(&["--by", "class", "--format", "csv", "--internal"]);
    assert_eq!(all.columns(&["class", "n"]), ["(all) 61", "7A 30", "7B 5", "7C 26"]);
}

/// A group of one has no spread; an empty cell would say so.
#[test]
fn a_group_of_one_has_the_same_cells_as_any_hidden_group() {
    let desk = Desk::new();
    desk.classes("in.csv", &[("7A", &[(1, 15), (3, 15)]), ("7B", &[(30, 1)]), ("7C", &[(3, 13), (4, 13)]), ("7D", &[(3, 20), (4, 13)])]);
    for row in desk.summary(&["--by", "class", "--format", "csv"]).rows().iter().filter(|row| row["n"] == "c") {
        let others: Vec<&String> =
            row.iter().filter(|(name, _)| !["scale", "class"].contains(&name.as_str())).map(|(_, cell)| cell).collect();
        assert!(others.iter().all(|cell| *cell == "c"), "{row:?}");
    }
}

#[test]
fn the_limit_is_the_users() {
    let desk = Desk::new();
    desk.classes("in.csv", &[("7A", &[(1, 15), (3, 15)]), ("7B", &[(1, 9)]), ("7C", &[(3, 13), (4, 13)])]);
    let sizes = |more: &[&str]| desk.summary(&[&["--by", "class", "--format", "csv"], more].concat()).columns(&["n"]);
    assert_eq!(sizes(&[]), ["65", "30", "9", "26"]);
    assert_eq!(sizes(&["--limit", "10"]), ["65", "30", "c", "c"]);
    assert_eq!(desk.summary(&["--limit", "1"]).code, 2);
}

/// Everybody has the same score: the mean would be everybody's, and so would a hundred per cent.
#[test]
fn a_score_that_all_have_is_hidden() {
    let desk = Desk::new();
    desk.classes("in.csv", &[("7A", &[(0, 8)]), ("7B", &[(1, 8), (20, 12)])]);
    let printed = desk.summary(&["--by", "class", "--format", "csv"]);
    let row = &printed.rows()[1];
    for name in ["mean", "sd", "median", "q1", "q3", "n_close", "percent_close", "n_very", "percent_very"] {
        assert_eq!(row[name], "c", "{name}");
    }
    assert_eq!(row["n"], "8");
    // The mean of all and that of the others would give it away.
    assert_eq!(printed.columns(&["n", "mean"]), ["28 8.86", "8 c", "20 c"]);
}

/// A median needs as many pupils as the limit on either side, quartiles in each quarter.
#[test]
fn quartiles_need_more_pupils_than_means() {
    let desk = Desk::new();
    for (half, expected) in [(3, "c c"), (6, "2.0 c"), (12, "2.0 1.00")] {
        desk.classes("in.csv", &[("7A", &[(1, half), (3, half)])]);
        assert_eq!(desk.summary(&["--format", "csv"]).columns(&["median", "q1"]), [expected], "{half}");
    }
}

/// No number from 1 to 5 stands in any count of an output for others, and no share of such a count.
#[test]
fn no_small_count_is_printed_anywhere() {
    let desk = Desk::new();
    let mut text = "pupil_id,class,sex,age,points\n".to_owned();
    for pupil in 0..97_u32 {
        let class = ["7A", "7B", "7C", "8A"][(pupil * pupil % 7 % 4) as usize];
        let age = if pupil % 41 == 0 { "30" } else { "11" };
        let score = pupil * 13 % 29;
        let sex = if pupil % 3 == 0 { "F" } else { "M" };
        writeln!(text, "p{pupil},{class},{sex},{age},{score}").unwrap();
    }
    desk.write("in.csv", &text);
    let mut shown = 0;
    for by in ["class", "sex", "class,sex"] {
        let printed = desk.summary(&["--by", by, "--format", "csv"]);
        for row in printed.rows() {
            for (name, cell) in row.iter().filter(|(name, _)| *name == "n" || name.starts_with("n_")) {
                let count: Option<u64> = cell.parse().ok();
                shown += usize::from(count.is_some());
                let is_level = !matches!(name.as_str(), "n" | "n_with_band" | "n_without_band");
                assert!(count.is_none_or(|count| count > 5 || (count == 0 && !is_level)), "{by}: {name} is {cell} in {row:?}");
                let share = row.get(&name.replacen("n_", "percent_", 1)).filter(|_| is_level);
                assert!(share.is_none_or(|share| cell != "c" || share == "c"), "{by}: the share of {name} in {row:?}");
            }
        }
        assert!(!printed.out.contains("n_not_scored"));
    }
    assert!(shown > 30, "{shown} counts are shown");
}

/// The size of a group on one scale must not give away what another scale hides.
#[test]
fn a_group_is_hidden_on_all_scales_or_on_none() {
    let root = env!("CARGO_MANIFEST_DIR");
    let file = format!("{root}/fixtures/class-7a-teacher.csv");
    let desk = Desk::new();
    let printed = desk.run(&["summary", &file, "-i", "sdq-t4-17", "--by", "age", "--format", "csv", "--limit", "12"]);
    let rows = printed.rows();
    let mut hidden: Vec<(String, String)> =
        rows.iter().filter(|row| row["scale"] != "impact").map(|row| (row["age"].clone(), (row["n"] == "c").to_string())).collect();
    hidden.sort();
    hidden.dedup();
    let ages: std::collections::BTreeSet<&str> = rows.iter().map(|row| row["age"].as_str()).collect();
    assert_eq!(hidden.len(), ages.len(), "{hidden:?}");
}

#[test]
fn no_column_and_no_line_names_a_pupil() {
    let desk = Desk::new();
    desk.classes("in.csv", &[("7A", &[(1, 9)])]);
    for by in ["pupil_id", "PUPIL_ID"] {
        let printed = desk.summary(&["--by", by]);
        assert_eq!((printed.code, printed.out.as_str()), (2, ""));
        assert!(printed.err.contains("`pupil_id` says which pupil it is: a summary is of groups."), "{}", printed.err);
    }
    let printed = desk.summary(&["--by", "clas"]);
    assert!(printed.err.contains("no file has a column `clas` to cut groups by: did you mean `class`?"), "{}", printed.err);
    let printed = desk.summary(&["--by", "class,class,class"]);
    assert!(printed.err.contains("more than two group columns come down to a few pupils each"), "{}", printed.err);
}

/// Alerts are told first, by pupil, whoever the output is for.
#[test]
fn alerts_come_first_on_stderr() {
    let desk = Desk::new();
    desk.write("in.csv", "pupil_id,class,interest,depressed,sleep,tired,appetite,failure,concentration,moving,death\na,7A,0,0,0,0,0,0,0,0,2\nb,7A,0,0,0,0,0,0,0,0,0\n");
    let printed = desk.run(&["summary", "in.csv", "-i", "phq-9", "--by", "class", "--where", "class=none"]);
    assert!(printed.err.starts_with("ALERTS: 1 response."), "{}", printed.err);
    assert!(printed.err.contains("a, row 2 of in.csv"), "{}", printed.err);
}
