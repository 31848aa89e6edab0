//! Reliable change of one pupil: `rci_methods.json`, `sdq_rc_from_uk_norms.csv`, `false_positive_*.csv`.

use bandwise::stats::measurement_error::{Boundary, ChangeThreshold, MeasurementError, Verdict, false_change};
use bandwise::stats::reliable_change::{HagemanArrindell, Method, Reliabilities, ReliableChangeIndex};
use bandwise::stats::{Better, Confidence, Pairs};

use crate::vectors::{DATA_SETS, NINE_DIGITS, better, cell, checker, close, data_set, json, number, numbers, row_checker, table, whole};

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

const CODES: [(&str, Method); 6] = [
    ("JT", Method::JacobsonTruax),
    ("GLN", Method::GulliksenLordNovick),
    ("HLL", Method::HsuLinnLord),
    ("EN", Method::EdwardsNunnally),
    ("NK", Method::NunnallyKotsch),
    ("HA", Method::HagemanArrindell),
];

pub(crate) fn verdict(word: &str) -> Verdict {
    match word {
        "improved" => Verdict::Improved,
        "unchanged" => Verdict::Unchanged,
        "deteriorated" => Verdict::Deteriorated,
        other => panic!("no verdict: {other}"),
    }
}

#[test]
fn six_indices_from_the_sample() {
    let file = json("rci_methods.json");
    for name in DATA_SETS {
        let expected = &file[name];
        let (pre, post) = (numbers(&expected["input"]["pre"]), numbers(&expected["input"]["post"]));
        let direction = better(expected["input"]["better_is"].as_str().unwrap());
        let sample = Pairs::new(&pre, &post).unwrap().moments().unwrap();
        let reliabilities =
            Reliabilities { baseline: number(&expected["input"]["reliability"]), review: number(&expected["input"]["reliability_post"]) };
        let index_by = |method| ReliableChangeIndex::from_sample(method, &sample, reliabilities).unwrap();
        for (code, method) in CODES {
            let index = index_by(method);
            assert_eq!(index.method(), method);
            for (pupil, value) in numbers(&expected["rci"][code]).into_iter().enumerate() {
                let what = format!("{name} {code} pupil {pupil}");
                let (x, y) = (pre[pupil], post[pupil]);
                close(&what, index.index(x, y).unwrap(), value, NINE_DIGITS);
                let word = expected["category"][code][pupil].as_str().unwrap();
                assert_eq!(index.verdict(x, y, direction, CONFIDENCE), Ok(verdict(word)), "{what}");
            }
        }
        let check = checker(name, &expected["intermediates"]);
        check("sem", index_by(Method::EdwardsNunnally).standard_error());
        check("s_diff", index_by(Method::JacobsonTruax).standard_error());
        check("s_pred", index_by(Method::GulliksenLordNovick).standard_error());
        check("nk_denominator", index_by(Method::NunnallyKotsch).standard_error());
        let group = HagemanArrindell::new(&sample, reliabilities.baseline).unwrap();
        check("r_xx_post", group.review_reliability());
        check("r_dd", group.difference_reliability());
        close("z", CONFIDENCE.z(), number(&expected["input"]["critical_value_two_sided"]), 1e-14);
        let one_sided = Method::HagemanArrindell.critical_value(CONFIDENCE);
        close("one-sided z", one_sided, number(&expected["input"]["critical_value_HA"]), 1e-14);
    }
}

#[test]
fn jacobson_truax_from_norms() {
    let expected = &json("rci_methods.json")["sdq12_external_norms"];
    let input = &expected["input"];
    let error = MeasurementError::new(number(&input["sd_reference"]), number(&input["reliability"])).unwrap();
    let threshold = error.change_threshold(CONFIDENCE).unwrap();
    let check = checker("norms", expected);
    check("sem", error.sem());
    check("s_diff", error.difference_sd());
    check("raw_threshold_95", threshold.points());
    check("raw_threshold_90", error.change_threshold(Confidence::NINETY).unwrap().points());
    check("sem", threshold.implied_sem());
    assert_eq!(threshold.smallest_whole_points() as usize, whole(&expected["smallest_integer_change_strict_95"]));
    let (pre, post) = data_set("sdq12");
    let index = ReliableChangeIndex::jacobson_truax(error);
    for (pupil, value) in numbers(&expected["rc"]).into_iter().enumerate() {
        close(&format!("pupil {pupil}"), index.index(pre[pupil], post[pupil]).unwrap(), value, NINE_DIGITS);
    }
}

#[test]
fn thresholds_of_a_table_of_norms() {
    for row in table("sdq_rc_from_uk_norms.csv") {
        // Printed to six decimals.
        let check = |key: &str, actual: f64| {
            assert!((actual - cell::<f64>(&row, key)).abs() <= 1e-6, "{key} of {row:?}: {actual}");
        };
        let error = MeasurementError::new(cell(&row, "sd_norm"), cell(&row, "alpha")).unwrap();
        let points = |error: MeasurementError, confidence| error.change_threshold(confidence).unwrap().points();
        check("sem", error.sem());
        check("s_diff", error.difference_sd());
        check("rc95", points(error, Confidence::NINETY_FIVE));
        check("rc90", points(error, Confidence::NINETY));
        check("rc80", points(error, Confidence::EIGHTY));
        let whole_points = error.change_threshold(CONFIDENCE).unwrap().smallest_whole_points();
        assert_eq!(whole_points, cell::<u32>(&row, "min_integer_change_rc95"), "{row:?}");
        let retest = MeasurementError::new(cell(&row, "sd_norm"), 0.62).unwrap();
        check("rc95_if_retest_0.62", points(retest, CONFIDENCE));
    }
}

#[test]
fn whole_point_thresholds() {
    for (points, boundary, smallest) in [
        (6.820_674, Boundary::Exceeded, 7),
        (7.0, Boundary::Exceeded, 8),
        (7.0, Boundary::Reached, 7),
        (4.33, Boundary::Reached, 5), // never rounded down
        (0.2, Boundary::Reached, 1),
    ] {
        let threshold = ChangeThreshold::new(points, boundary).unwrap();
        assert_eq!(threshold.smallest_whole_points(), smallest, "{points} {boundary:?}");
    }
    let three = ChangeThreshold::new(3.0, Boundary::Reached).unwrap();
    assert_eq!(three.verdict(5.0, 8.0, Better::Higher), Ok(Verdict::Improved));
    assert_eq!(three.verdict(5.0, 8.0, Better::Lower), Ok(Verdict::Deteriorated));
    let more_than_three = ChangeThreshold::new(3.0, Boundary::Exceeded).unwrap();
    assert_eq!(more_than_three.verdict(5.0, 8.0, Better::Higher), Ok(Verdict::Unchanged));
}

#[test]
fn what_is_no_measurement_error() {
    for (sd, reliability) in [(5.8, 1.0), (5.8, -0.1), (5.8, 1.1), (5.8, f64::NAN), (0.0, 0.8), (f64::INFINITY, 0.8)] {
        assert!(MeasurementError::new(sd, reliability).is_err(), "SD {sd}, reliability {reliability}");
    }
    assert!(ChangeThreshold::new(0.0, Boundary::Reached).is_err());
    assert!(ChangeThreshold::new(f64::NAN, Boundary::Reached).is_err());
    assert!(Confidence::new(1.0).is_err() && Confidence::new(f64::NAN).is_err() && Confidence::new(0.68).is_ok());
}

#[test]
fn groups_that_hageman_and_arrindell_cannot_judge() {
    // At review everyone is within a point: less spread than measurement error.
    let pairs = Pairs::new(&[10.0, 14.0, 18.0, 22.0], &[12.0, 12.0, 13.0, 13.0]).unwrap();
    assert!(HagemanArrindell::new(&pairs.moments().unwrap(), 0.5).is_err());
    // Everyone changed by the same: the changes have no spread at all.
    let pairs = Pairs::new(&[10.0, 14.0, 18.0, 22.0], &[8.0, 12.0, 16.0, 20.0]).unwrap();
    assert!(HagemanArrindell::new(&pairs.moments().unwrap(), 0.8).is_err());
    // Nobody's baseline differs.
    let pairs = Pairs::new(&[10.0; 3], &[8.0, 9.0, 10.0]).unwrap();
    assert!(HagemanArrindell::new(&pairs.moments().unwrap(), 0.8).is_err());
}

#[test]
fn chances_of_a_false_change() {
    for row in table("false_positive_multiple_scales.csv") {
        let chances = false_change(cell(&row, "k_independent_scales"), CONFIDENCE);
        let check = row_checker(&row);
        check("p_at_least_one_improved", chances.any_improved);
        check("p_at_least_one_deteriorated", chances.any_improved);
        check("p_improved_and_none_deteriorated", chances.improved_and_none_deteriorated);
        check("p_any_change", chances.any_change);
    }
    for row in table("false_positive_rounding.csv") {
        // The file takes the unrounded threshold for 1.96·S_diff.
        let difference_sd = cell::<f64>(&row, "rc_unrounded") / 1.96;
        let rounded = ChangeThreshold::new(cell(&row, "integer_threshold_ge"), Boundary::Reached).unwrap();
        let rate = rounded.false_alarm_rate(difference_sd).unwrap();
        row_checker(&row)("p_any_direction_discretised_normal", rate);
    }
}
