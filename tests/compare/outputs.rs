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
            ("c", "cannot tell", "not scored at baseline: 0 of 1 answered, 1 needed"),
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
    let printed = desk.compare(&["-o", "x.csv", "--goals", "goals.csv"]);
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
