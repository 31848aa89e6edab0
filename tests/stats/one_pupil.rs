//! What to expect of one pupil, and of goals: `regression_to_mean.csv`, `target_probability.csv`, `gas_tscore.csv`,
//! `sdq_added_value*`.

use bandwise::stats::goals::{ASSUMED_CORRELATION, AttainedGoal, gas_t_score, probability_of_target, probability_of_target_regressed};
use bandwise::stats::measurement_error::MeasurementError;
use bandwise::stats::regression::{RetestNorm, expected_without_change};
use bandwise::stats::sdq_added_value::{FirstAssessment, added_value, group_added_value};
use bandwise::stats::{Confidence, Undefined};

use crate::vectors::{NINE_DIGITS, better, cell, checker, close, close_interval, json, number, row_checker, table, whole};

#[test]
fn regression_to_the_mean() {
    for row in table("regression_to_mean.csv") {
        let norm = RetestNorm { mean: cell(&row, "population_mean"), sd: cell(&row, "sd"), retest_correlation: cell(&row, "retest_r") };
        let expected = expected_without_change(cell(&row, "pre"), norm, Confidence::NINETY_FIVE).unwrap();
        let check = row_checker(&row);
        check("expected_post_no_true_change", expected.score);
        check("expected_change", expected.change);
        check("se_prediction", expected.standard_error);
        check("pi95_lo", expected.interval.low);
        check("pi95_hi", expected.interval.high);
    }
}

#[test]
fn probabilities_of_meeting_a_target() {
    for row in table("target_probability.csv") {
        let (score, target) = (cell(&row, "score"), cell(&row, "target"));
        let (direction, norm_mean) = (better(&row["better"]), cell(&row, "norm_mean"));
        let error = MeasurementError::new(cell(&row, "sd"), cell(&row, "reliability")).unwrap();
        let check = row_checker(&row);
        check("sem", error.sem());
        check("kelley_true_score", error.true_score(score, norm_mean).unwrap());
        check("se_estimation", error.estimation_sd());
        let plain = probability_of_target(score, target, error.sem(), direction).unwrap();
        check("p_true_meets_target_obs_error", plain);
        let regressed = probability_of_target_regressed(score, target, norm_mean, error, direction).unwrap();
        check("p_true_meets_target_kelley", regressed);
    }
}

#[test]
fn goal_attainment_t_scores() {
    for row in table("gas_tscore.csv") {
        let levels = row["x"].split(' ').map(|level| level.parse().unwrap());
        let weights = row["w"].split(' ').map(|weight| weight.parse().unwrap());
        let goals: Vec<AttainedGoal> = levels.zip(weights).map(|(level, weight)| AttainedGoal { level, weight }).collect();
        row_checker(&row)("T", gas_t_score(&goals, cell(&row, "rho")).unwrap());
    }
    let t = |level, weight| gas_t_score(&[AttainedGoal { level, weight }], ASSUMED_CORRELATION);
    assert_eq!(gas_t_score(&[], ASSUMED_CORRELATION), Err(Undefined::TooFew { needed: 1, found: 0 }));
    assert!(matches!(t(1, 0.0), Err(Undefined::TooFew { .. })));
    assert!(matches!(t(3, 1.0), Err(Undefined::OutOfRange { .. })));
    assert!(matches!(t(1, -1.0), Err(Undefined::OutOfRange { .. })));
    assert_eq!(t(1, f64::MAX), Err(Undefined::TooLarge));
}

#[test]
fn sdq_added_value_of_children_and_group() {
    let mut points = Vec::new();
    for row in table("sdq_added_value.csv") {
        let first =
            FirstAssessment { total: cell(&row, "t1_total"), impact: cell(&row, "t1_impact"), emotional: cell(&row, "t1_emotional") };
        let value = added_value(first, cell(&row, "t2_total")).unwrap();
        let check = row_checker(&row);
        check("expected_t2", value.expected_total);
        check("added_value_points", value.points);
        check("effect_size_sd5", value.effect_size);
        points.push(value.points);
    }
    let expected = json("sdq_added_value_group.json");
    let group = group_added_value(&points).unwrap();
    assert_eq!(group.n, whole(&expected["n"]));
    checker("group", &expected)("mean", group.mean);
    checker("group", &expected)("mean_es", group.effect_size);
    close_interval("group", group.interval, &expected["ci95_approx_sd5"], NINE_DIGITS);
    for (children, key) in [(1, "ci95_single_child_half_width"), (100, "ci95_n100_half_width")] {
        let interval = group_added_value(&vec![0.0; children]).unwrap().interval;
        close(key, interval.high, number(&expected[key]), NINE_DIGITS);
    }
    let beyond = FirstAssessment { total: 41.0, impact: 0.0, emotional: 0.0 };
    assert!(matches!(added_value(beyond, 10.0), Err(Undefined::OutOfRange { .. })));
}
