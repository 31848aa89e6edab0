//! What is written, and the cases in which there is little or nothing to say.

use super::{Desk, rows};

#[test]
fn pupils_at_one_time_only_are_listed() {
    let desk = Desk::new();
    desk.scores("before.csv", &[("a", "0"), ("b", "20"), ("c", "")]);
    desk.scores("after.csv", &[("d", "9"), ("a", "0"), ("c", "5")]);
    let changes = rows(&desk.compare(&["--format", "csv"]).out);
    let found: Vec<(&str, &str, &str)> =
        changes.iter().map(|row| (row["pupil_id"].as_str(), row["verdict"].as_str(), row["note"].as_str())).collect();
    assert_eq!(
        found,
        [
            ("a", "no clear change", "needs 7; started too near the best score to show a clear change for the better"),
            ("c", "cannot tell", "baseline: not scored: 0 of 1 answered, 1 needed"),
            ("b", "cannot tell", "no form at review"),
            ("d", "cannot tell", "no form at baseline"),
        ]
    );
}

#[test]
fn one_pair_equal_changes_and_no_spread_are_counted_and_nothing_more() {
    let few: &[(&str, &str)] = &[("a", "20")];
    let desk = Desk::new();
    desk.scores("before.csv", few);
    desk.scores("after.csv", &[("a", "0")]);
    let printed = desk.compare(&[]);
    assert_eq!(printed.code, 0, "{}", printed.err);
    assert!(printed.out.contains("With fewer than ten pairs there are only counts."), "{}", printed.out);
    let names: Vec<String> = (0..12).map(|pupil| format!("p{pupil}")).collect();
    let all = |score: &'static str| names.iter().map(|name| (name.as_str(), score)).collect::<Vec<_>>();
    for (before, after, expected) in
        [("20", "20", "Mean change 0.0 points"), ("20", "13", "Mean change -7.0 points (all changes are equal)")]
    {
        let (mut first, mut second) = (all(before), all(after));
        first.push(("z", "0"));
        second.push(("z", if before == after { "0" } else { "" }));
        desk.scores("before.csv", &first);
        desk.scores("after.csv", &second);
        let printed = desk.compare(&["--technical"]);
        assert!(printed.out.contains(expected), "{expected}: {}{}", printed.out, printed.err);
        assert!(!printed.out.contains("NaN") && !printed.out.contains("inf"), "{}", printed.out);
    }
}

#[test]
fn no_causal_word_is_printed() {
    let desk = Desk::new();
    let names: Vec<String> = (0..12).map(|pupil| format!("p{pupil}")).collect();
    let scores: Vec<String> = (0..12).map(|pupil| (2 * pupil).to_string()).collect();
    let time: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(scores.iter().map(String::as_str)).collect();
    desk.scores("before.csv", &time);
    desk.scores("after.csv", &time);
    let out = desk.compare(&["--technical", "--cutoff", "c"]).out.to_lowercase();
    for word in ["because of", "thanks to", "due to", "caused", "effective", "worked", "impact of", "success"] {
        assert!(!out.contains(word), "`{word}` is in {out}");
    }
}

#[test]
fn json_holds_changes_goals_and_the_group() {
    let desk = Desk::new();
    desk.scores("before.csv", &[("a", "0"), ("b", "22")]);
    desk.scores("after.csv", &[("a", "0"), ("b", "13")]);
    desk.write(
        "goals.csv",
        "pupil_id,goal,scale,target,baseline,review,review_by\nb,calmer,score,<=13,,,2026-12-01\nnobody,calmer,score,<=13,,,\n",
    );
    let printed = desk.compare(&["--format", "json", "--goals", "goals.csv", "--on", "2027-01-01"]);
    assert_eq!(printed.code, 1, "a goal for nobody is a problem: {}", printed.err);
    let value: serde_json::Value = serde_json::from_str(&printed.out).unwrap();
    assert_eq!(value["changes"][1]["verdict"], "clearly better");
    assert_eq!(value["goals"][0]["outcome"], "met");
    assert_eq!(value["goals"][0]["overdue"], "no");
    assert_eq!(value["goals"][1]["outcome"], "not reviewed");
    assert_eq!(value["group"][0]["n_paired"], 2);
    assert_eq!(value["findings"][0]["code"], "C014");
    assert!(value["provenance"]["inputs"].as_array().unwrap().len() == 3);
}

#[test]
fn csv_has_its_goals_and_its_group_beside_it() {
    let desk = Desk::new();
    desk.scores("before.csv", &[("a", "0"), ("b", "22")]);
    desk.scores("after.csv", &[("a", "0"), ("b", "13")]);
    desk.write("goals.csv", "pupil_id,goal,scale,target\nb,calmer,score,-4\n");
    let printed = desk.compare(&["-o", "x.csv", "--goals", "goals.csv", "--internal"]);
    assert_eq!(printed.code, 0, "{}", printed.err);
    for name in ["x.csv", "x.goals.csv", "x.group.csv"] {
        assert!(desk.path(name).exists(), "{name}");
        assert!(desk.path(&format!("{name}.provenance.json")).exists(), "{name}");
    }
    // A target is a rule and not a number: a spreadsheet must not turn it into one.
    assert_eq!(rows(&desk.read("x.goals.csv"))[0]["target"], "-4");
    assert_eq!(rows(&desk.read("x.csv"))[1]["change"], "-9");
}

#[test]
fn hidden_names_are_hidden_in_goals_too() {
    let desk = Desk::new();
    desk.scores("before.csv", &[("Zoltan", "0"), ("Yevgenia", "22")]);
    desk.scores("after.csv", &[("Zoltan", "0"), ("Yevgenia", "13")]);
    desk.write("goals.csv", "pupil_id,goal,scale,target\nYevgenia,calmer,score,<=13\n");
    let printed = desk.compare(&["--format", "json", "--goals", "goals.csv", "--hide-names", "--key", "key.txt"]);
    assert!(!printed.out.contains("Yevgenia") && !printed.err.contains("Yevgenia"), "{}{}", printed.out, printed.err);
    let value: serde_json::Value = serde_json::from_str(&printed.out).unwrap();
    assert_eq!(value["goals"][0]["outcome"], "met");
}

#[test]
fn goals_are_checked_before_the_support_starts() {
    let desk = Desk::new();
    desk.scores("before.csv", &[("a", "12"), ("b", "22"), ("c", "18"), ("c", "30"), ("z", "0")]);
    desk.write("goals.csv", "pupil_id,goal,scale,target\na,one,score,<=13\nb,two,score,<=13\nb,three,score,<=20\nc,four,score,<=13\n");
    let printed = desk.run(&["goals", "before.csv", "--goals", "goals.csv", "-i", "points.toml", "--format", "csv"]);
    let found: Vec<String> = rows(&printed.out).iter().map(|row| row["realistic"].clone()).collect();
    assert_eq!(found, ["already met", "nothing against it", "too small to be sure", "cannot tell"]);
}

/// A group's figures without its pupils are passed on more easily than read: they are only written when that was asked for.
#[test]
fn the_groups_file_is_written_only_when_it_is_asked_for() {
    let desk = Desk::new();
    desk.scores("before.csv", &[("a", "0"), ("b", "22")]);
    desk.scores("after.csv", &[("a", "0"), ("b", "13")]);
    desk.compare(&["-o", "x.csv"]);
    assert!(desk.path("x.csv").exists() && !desk.path("x.group.csv").exists());
}

/// Goals are judged by the form's own error, whatever method the verdicts are told by.
#[test]
fn another_method_changes_no_goal() {
    let desk = Desk::new();
    desk.write("points.toml", &desk.read("points.toml").replace(", norm_mean = 8.4", ""));
    desk.scores("before.csv", &[("a", "0"), ("b", "14")]);
    desk.scores("after.csv", &[("a", "0"), ("b", "13")]);
    desk.write("goals.csv", "pupil_id,goal,scale,target\nb,calmer,score,<=13\n");
    for more in [&[][..], &["--method", "edwards-nunnally"], &["--cutoff", "b"]] {
        let arguments: Vec<&str> = ["--format", "json", "--goals", "goals.csv"].iter().chain(more).copied().collect();
        let value: serde_json::Value = serde_json::from_str(&desk.compare(&arguments).out).unwrap();
        assert_eq!(value["goals"][0]["outcome"], "at target, change too small to be sure", "{more:?}");
    }
}

/// A review dated before its baseline is no change of the pupil, and so no part of the group's change.
#[test]
fn pairs_that_cannot_be_compared_stand_in_no_group_figure() {
    let desk = Desk::new();
    let file = |date: &str, score: u8| (0..11).map(|pupil| format!("p{pupil},{date},{score}\n")).collect::<Vec<_>>().concat();
    desk.write("before.csv", &format!("pupil_id,date,points\nq,2026-12-01,30\n{}", file("2026-09-01", 20)));
    desk.write("after.csv", &format!("pupil_id,date,points\nq,2026-09-01,0\n{}", file("2026-12-01", 18)));
    desk.compare(&["-o", "x.csv", "--internal"]);
    let group = &rows(&desk.read("x.group.csv"))[0];
    assert_eq!((group["n_paired"].as_str(), group["n_incomparable"].as_str(), group["mean_change"].as_str()), ("11", "1", "-2.00"));
}

#[test]
fn the_latest_of_two_is_told_by_readable_dates_only() {
    let desk = Desk::new();
    desk.write("before.csv", "pupil_id,date,points\na,2026-09-01,20\n");
    for (dates, expected) in [(["2026-12-01", "2026-11-01"], "17"), (["2026-11-01", "2026-12-01"], "9"), (["", ""], "9")] {
        desk.write("after.csv", &format!("pupil_id,date,points\na,{},17\na,{},9\n", dates[0], dates[1]));
        assert_eq!(rows(&desk.compare(&["--format", "csv", "--repeat", "latest"]).out)[0]["review"], expected, "{dates:?}");
    }
    for dates in [["01/06/2026", "01/05/2026"], ["2026-12-01", ""]] {
        desk.write("after.csv", &format!("pupil_id,date,points\na,{},17\na,{},9\n", dates[0], dates[1]));
        let printed = desk.compare(&["--format", "csv", "--repeat", "latest"]);
        assert_eq!(printed.code, 2, "{}", printed.out);
        assert!(printed.err.contains("C002"), "{}", printed.err);
    }
}

#[test]
fn hidden_names_pair_the_same_pupils() {
    let desk = Desk::new();
    desk.scores("before.csv", &[("Ben Okafor", "20"), ("zoe", "0")]);
    desk.scores("after.csv", &[("BEN OKAFOR", "13"), ("zoe", "0")]);
    let printed = desk.compare(&["--format", "csv", "--hide-names", "--key", "key.txt"]);
    assert!(printed.err.contains("2 pupils at both times."), "{}", printed.err);
}

/// What a form says about a child does not depend on whether two files can be put together.
#[test]
fn alerts_are_said_even_if_nothing_is_compared() {
    let desk = Desk::new();
    let questions = "interest,depressed,sleep,tired,appetite,failure,concentration,moving,death";
    desk.write("before.csv", &format!("pupil_id,{questions}\na,0,0,0,0,0,0,0,0,2\na,0,0,0,0,0,0,0,0,0\n"));
    desk.write("after.csv", &format!("pupil_id,{questions}\na,0,0,0,0,0,0,0,0,0\n"));
    let printed = desk.run(&["compare", "before.csv", "after.csv", "-i", "phq-9"]);
    assert_eq!(printed.code, 2);
    assert!(printed.err.starts_with("ALERTS: 1 response."), "{}", printed.err);
}

#[test]
fn a_form_that_somebody_else_completed_is_nobodys_baseline_or_review() {
    let desk = Desk::new();
    let file = "pupil_id,completed by,term,points\na,parent,autumn,2\na,pupil,autumn,20\na,parent,summer,1\na,pupil,summer,10\n";
    desk.write("both.csv", file);
    let printed = desk.run(&["compare", "both.csv", "-i", "points.toml", "--time", "term=autumn,summer", "--format", "csv"]);
    let found = rows(&printed.out);
    let scores: Vec<(&str, &str)> = found.iter().map(|row| (row["baseline"].as_str(), row["review"].as_str())).collect();
    assert_eq!(scores, [("20", "10")], "{}", printed.err);

    desk.write("goals.csv", "pupil_id,goal,scale,target\na,calmer,score,<=19\n");
    desk.write("autumn.csv", "pupil_id,completed by,points\na,parent,2\na,pupil,20\n");
    let printed = desk.run(&["goals", "autumn.csv", "--goals", "goals.csv", "-i", "points.toml"]);
    assert!(printed.out.contains("The score is 20; the target is 19 or lower."), "{}{}", printed.out, printed.err);
}
