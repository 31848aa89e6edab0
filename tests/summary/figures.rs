//! The numbers themselves, for those who may see them all.

use bandwise::stats::describe::{describe, describe_counted};
use proptest::prelude::*;

use super::Desk;

/// Worked by hand: scores 2, 4, 15, 18, 21 of 7A (mean 60/5 = 12, squares 100 + 64 + 9 + 36 + 81 = 290, SD √72.5 = 8.51), and 0, 0 and a blank of 7B;
/// together 60/7 = 8.57, squares 4 + 16 + 225 + 324 + 441 − 3600/7 = 495.71, SD √82.62 = 9.09.
const FILE: &str = "pupil_id,class,sex,points\na,7A,F,2\nb,7A,M,4\nc,7A,F,15\nd,7A,M,18\ne,7A,,21\nf,7B,F,0\ng,7B,M,0\nh,7B,F,\n";

#[test]
fn hand_computed_figures_come_out() {
    let desk = Desk::new();
    desk.write("in.csv", FILE);
    let printed = desk.summary(&["--by", "class", "--internal", "--format", "csv"]);
    // The blank form is a problem of its own.
    assert_eq!(printed.code, 1, "{}", printed.err);
    assert_eq!(
        printed.columns(&["class", "n", "mean", "sd", "median", "q1", "q3", "n_not_scored"]),
        ["(all) 7 8.57 9.09 4.0 1.00 16.50 1", "7A 5 12.00 8.51 15.0 4.00 18.00 0", "7B 2 0.00 0.00 0.0 0.00 0.00 1"]
    );
    assert_eq!(
        printed.columns(&["n_close", "percent_close", "n_slightly", "n_high", "n_very", "percent_very", "n_with_band", "n_without_band"]),
        ["4 57.1 1 1 1 14.3 7 0", "2 40.0 1 1 1 20.0 5 0", "2 100.0 0 0 0 0.0 2 0"]
    );
}

#[test]
fn two_columns_are_crossed_and_their_margins_add_up() {
    let desk = Desk::new();
    desk.write("in.csv", FILE);
    let printed = desk.summary(&["--by", "class, sex", "--internal", "--format", "csv"]);
    assert_eq!(
        printed.columns(&["class", "sex", "n", "mean"]),
        [
            "(all) (all) 7 8.57",
            "7A (all) 5 12.00",
            "7B (all) 2 0.00",
            "(all) F 3 5.67",
            "(all) M 3 7.33",
            "(all) (blank) 1 21.00",
            "7A F 2 8.50",
            "7A M 2 11.00",
            "7A (blank) 1 21.00",
            "7B F 1 0.00",
            "7B M 1 0.00"
        ]
    );
}

#[test]
fn without_a_group_column_there_is_the_whole() {
    let desk = Desk::new();
    desk.write("in.csv", FILE);
    assert_eq!(desk.summary(&["--internal", "--format", "csv"]).columns(&["scale", "n"]), ["score 7"]);
    desk.write("in.csv", "pupil_id,class,points\n");
    let printed = desk.summary(&["--by", "class", "--format", "csv"]);
    assert_eq!(printed.columns(&["class", "n", "mean"]), ["(all) 0 "], "{}", printed.err);
}

#[test]
fn json_holds_numbers_where_they_are_shown_and_c_where_they_are_not() {
    let desk = Desk::new();
    desk.classes("in.csv", &[("7A", &[(2, 20), (18, 10)]), ("7B", &[(2, 15), (15, 8), (21, 3)])]);
    let printed = desk.summary(&["--by", "class", "--format", "json", "--where", "score>=0"]);
    let value: serde_json::Value = serde_json::from_str(&printed.out).unwrap();
    let row = &value["rows"][2];
    assert_eq!((row["class"].as_str(), row["n"].as_u64(), row["n_very"].as_str()), (Some("7B"), Some(26), Some("c")));
    assert_eq!(value["provenance"]["options"]["where"], "score>=0");
    assert_eq!(value["provenance"]["options"]["limit"], "6");
    assert!(value["provenance"]["notices"].as_array().unwrap().iter().any(|notice| notice == "Only responses with score>=0 are counted."));
}

#[test]
fn the_order_of_the_rows_does_not_show() {
    let desk = Desk::new();
    desk.write("in.csv", FILE);
    let first = desk.summary(&["--by", "class,sex", "--internal", "--format", "csv"]).out;
    let mut lines: Vec<&str> = FILE.lines().skip(1).collect();
    lines.reverse();
    desk.write("in.csv", &format!("pupil_id,class,sex,points\n{}\n", lines.join("\n")));
    assert_eq!(desk.summary(&["--by", "class,sex", "--internal", "--format", "csv"]).out, first);
}

#[test]
fn files_are_counted_together_and_apart() {
    let desk = Desk::new();
    desk.write("in.csv", FILE);
    desk.write("more.csv", "pupil_id,class,points\nz,7C,40\n");
    let printed = desk.run(&["summary", "in.csv", "more.csv", "-i", "points.toml", "--by", "file", "--internal", "--format", "csv"]);
    assert_eq!(printed.columns(&["file", "n"]), ["(all) 8", "in.csv 7", "more.csv 1"]);
}

proptest! {
    /// Counted values are described as if they were written out.
    #[test]
    fn counting_loses_nothing(counts in prop::collection::btree_map(-400_i32..400, 1_u64..40, 1..30)) {
        let counted: Vec<(f64, u64)> = counts.iter().map(|(tenths, times)| (f64::from(*tenths) / 10.0, *times)).collect();
        let written: Vec<f64> = counted.iter().flat_map(|(value, times)| (0..*times).map(|_| *value)).collect();
        let (ours, plain) = (describe_counted(&counted).unwrap(), describe(&written).unwrap());
        prop_assert_eq!((ours.n, ours.sd.is_some()), (plain.n, plain.sd.is_some()));
        let same = |one: f64, other: f64| (one - other).abs() <= 1e-12 * other.abs().max(1.0);
        prop_assert!(same(ours.mean, plain.mean) && same(ours.sd.unwrap_or(0.0), plain.sd.unwrap_or(0.0)), "{ours:?} {plain:?}");
        let places = |described: bandwise::stats::describe::Description| [described.q1, described.median, described.q3].map(f64::to_bits);
        prop_assert_eq!(places(ours), places(plain));
    }
}
