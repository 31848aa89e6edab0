//! Numbers of other programs, read from the outputs of whole commands.

use serde_json::Value;

use super::{Desk, rows};

/// Scores at both times of a data set in `tests/vectors/datasets.csv`.
fn data_set(name: &str) -> Vec<(String, String, String)> {
    let mut reader = csv::Reader::from_path("tests/vectors/datasets.csv").unwrap();
    let records = reader.records().map(Result::unwrap).filter(|record| &record[0] == name);
    records.map(|record| (record[2].to_owned(), record[3].to_owned(), record[4].to_owned())).collect()
}

fn desk(name: &str) -> Desk {
    let desk = Desk::new();
    let data = data_set(name);
    let time =
        |pick: fn(&(String, String, String)) -> &String| data.iter().map(|row| (row.0.as_str(), pick(row).as_str())).collect::<Vec<_>>();
    desk.scores("before.csv", &time(|row| &row.1));
    desk.scores("after.csv", &time(|row| &row.2));
    desk
}

fn vectors(file: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(format!("tests/vectors/{file}")).unwrap()).unwrap()
}

#[track_caller]
fn close(found: &str, expected: f64, places: usize) {
    assert_eq!(found, format!("{expected:.places$}"));
}

#[test]
fn group_figures_are_those_of_r() {
    let desk = desk("sdq12");
    let printed = desk.compare(&["-o", "x.csv", "--technical", "--internal"]);
    assert_eq!(printed.code, 0, "{}", printed.err);
    let group = &rows(&desk.read("x.group.csv"))[0];
    let paired = &vectors("paired_tests_effects.json")["sdq12"];
    close(&group["mean_change"], paired["diff_mean"].as_f64().unwrap(), 2);
    close(&group["sd_change"], paired["diff_sd"].as_f64().unwrap(), 2);
    close(&group["mean_change_low"], paired["ci95_low"].as_f64().unwrap(), 2);
    close(&group["mean_change_high"], paired["ci95_high"].as_f64().unwrap(), 2);
    close(&group["median_change"], paired["median_diff"].as_f64().unwrap(), 1);
    close(&group["p_paired_t"], paired["p_two_sided"].as_f64().unwrap(), 4);
    close(&group["p_wilcoxon"], paired["wilcoxon"]["exact_conditional_wilcox"]["two_sided"].as_f64().unwrap(), 4);
    let effect = &vectors("paired_effect_ci_metafor.json")["sdq12"]["SMCR"];
    close(&group["standardised_mean_change"], effect["yi"].as_f64().unwrap(), 2);
    close(&group["standardised_mean_change_low"], effect["ci95"][0].as_f64().unwrap(), 2);
    close(&group["standardised_mean_change_high"], effect["ci95"][1].as_f64().unwrap(), 2);
}

#[test]
fn verdicts_follow_the_index_with_external_norms() {
    let desk = desk("sdq12");
    let changes = rows(&desk.compare(&["--format", "csv"]).out);
    let norms = &vectors("rci_methods.json")["sdq12_external_norms"];
    let needs = norms["smallest_integer_change_strict_95"].as_i64().unwrap();
    for (change, index) in changes.iter().zip(norms["rc"].as_array().unwrap()) {
        // No index of this data set exceeds 1.96 in either direction.
        assert!(index.as_f64().unwrap().abs() < 1.96);
        assert_eq!(change["verdict"], "no clear change");
        assert!(change["note"].starts_with(&format!("needs {needs}")), "{}", change["note"]);
    }
    assert_eq!(changes.len(), norms["rc"].as_array().unwrap().len());
}

/// The edge itself: 6.82 points are needed, so 6 are not enough and 7 are.
#[test]
fn the_threshold_is_strict_and_never_rounded_down() {
    let desk = Desk::new();
    desk.scores("before.csv", &[("a", "20"), ("b", "20"), ("c", "20"), ("d", "20"), ("e", "6")]);
    desk.scores("after.csv", &[("a", "14"), ("b", "13"), ("c", "26"), ("d", "27"), ("e", "0")]);
    let found: Vec<String> = rows(&desk.compare(&["--format", "csv"]).out).iter().map(|row| row["verdict"].clone()).collect();
    assert_eq!(found, ["no clear change", "clearly better", "no clear change", "clearly worse", "no clear change"]);
}

/// Crossing counts of the vectors, made with pupils who start and end above or below 17.
#[test]
fn above_before_and_after_is_mcnemars_exact_test() {
    let cases = vectors("mcnemar_bands.json");
    let case = &cases["small"];
    let count = |cell: &str| case["input"][cell].as_u64().unwrap();
    let mut pupils: Vec<(String, &str, &str)> = Vec::new();
    for (cell, from, to) in [("a_high_high", "30", "30"), ("b_high_low", "30", "3"), ("c_low_high", "3", "30"), ("d_low_low", "3", "3")] {
        for _ in 0..count(cell) {
            pupils.push((format!("p{}", pupils.len()), from, to));
        }
    }
    let desk = Desk::new();
    desk.scores("before.csv", &pupils.iter().map(|(pupil, from, _)| (pupil.as_str(), *from)).collect::<Vec<_>>());
    desk.scores("after.csv", &pupils.iter().map(|(pupil, _, to)| (pupil.as_str(), *to)).collect::<Vec<_>>());
    desk.compare(&["-o", "x.csv", "--technical", "--internal"]);
    let group = &rows(&desk.read("x.group.csv"))[0];
    close(&group["p_mcnemar_exact"], case["exact_p"].as_f64().unwrap(), 4);
    close(&group["percent_above_before"], 100.0 * case["p_pre"].as_f64().unwrap(), 1);
    close(&group["percent_above_after"], 100.0 * case["p_post"].as_f64().unwrap(), 1);
    assert_eq!(group["n_above_before"], (count("a_high_high") + count("b_high_low")).to_string());
    assert_eq!(group["n_above_after"], (count("a_high_high") + count("c_low_high")).to_string());
}

/// Cut-off b of the form's norm is 8.4 + 2 · 5.8 = 20; an index beyond 1.96 needs 7 points.
#[test]
fn categories_follow_the_cut_off_and_the_index() {
    let desk = Desk::new();
    desk.scores("before.csv", &[("a", "30"), ("b", "30"), ("c", "10"), ("d", "30"), ("e", "22"), ("f", "21")]);
    desk.scores("after.csv", &[("a", "10"), ("b", "22"), ("c", "30"), ("d", "40"), ("e", "21"), ("f", "19")]);
    let changes = rows(&desk.compare(&["--format", "csv", "--cutoff", "b"]).out);
    let found: Vec<&str> = changes.iter().map(|row| row["category"].as_str()).collect();
    assert_eq!(found, ["recovered", "improved", "deteriorated into the raised range", "deteriorated", "unchanged", "unchanged"]);
}

/// A pupil at the norm's mean who stays there has changed by no method that looks at one pupil; those that need more figures than are on
/// record say so.
#[test]
fn every_method_gives_a_verdict_or_its_reason() {
    let desk = Desk::new();
    desk.scores("before.csv", &[("a", "8"), ("b", "30"), ("c", "20")]);
    desk.scores("after.csv", &[("a", "8"), ("b", "5"), ("c", "19")]);
    for method in ["jacobson-truax", "edwards-nunnally", "gulliksen-lord-novick", "nunnally-kotsch", "hageman-arrindell", "hsu-linn-lord"] {
        let changes = rows(&desk.compare(&["--format", "csv", "--method", method]).out);
        assert_eq!(changes[1]["verdict"], "clearly better", "{method}: {}", changes[1]["note"]);
    }
    desk.write("points.toml", &desk.read("points.toml").replace(", norm_mean = 8.4", ""));
    let printed = desk.compare(&["--format", "csv", "--method", "edwards-nunnally"]);
    assert_eq!(rows(&printed.out)[0]["note"], "this method needs the mean of the norm, and none is on record");
}
