//! The items of a scale: `reliability.json` with `own_items_40x5*.csv`.

use bandwise::stats::covariance::ItemCovariance;
use bandwise::stats::omega::one_factor;
use bandwise::stats::reliability::{Reliability, reliability};
use bandwise::stats::{Confidence, Undefined};
use serde_json::Value;

use crate::vectors::{NINE_DIGITS, checker, close, close_interval, json, number, numbers, table, whole};

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

/// The forms of one file, item 3 reversed as 2 − x; an empty cell is a missing answer.
fn forms(name: &str) -> Vec<Vec<Option<f64>>> {
    let answer = |cell: &String| cell.parse::<f64>().ok();
    table(name)
        .iter()
        .map(|row| {
            ["i1", "i2", "i3", "i4", "i5"].map(|item| answer(&row[item]).map(|code| if item == "i3" { 2.0 - code } else { code })).to_vec()
        })
        .collect()
}

fn check(name: &str, result: &Reliability, expected: &Value) {
    let check = checker(name, expected);
    check("alpha_listwise", result.alpha);
    check("std_alpha_listwise", result.standardised_alpha);
    check("mean_interitem_r", result.mean_correlation);
    check("guttman_lambda2", result.lambda2);
    check("sem_from_alpha", result.sem.unwrap());
    check("total_sd", result.total_sd);
    close_interval(name, result.feldt, &expected["feldt_ci95"], NINE_DIGITS);
    let (rest, without) = (numbers(&expected["item_rest_r"]), numbers(&expected["alpha_if_deleted"]));
    for (place, item) in result.items.iter().enumerate() {
        assert_eq!(item.item, place);
        close(&format!("{name} item {place}"), item.rest_correlation.unwrap(), rest[place], NINE_DIGITS);
        close(&format!("{name} without {place}"), item.alpha_if_deleted.unwrap(), without[place], NINE_DIGITS);
    }
}

#[test]
fn complete_forms() {
    let expected = &json("reliability.json")["own_40x5"];
    let covariance = ItemCovariance::from_rows(&forms("own_items_40x5.csv")).unwrap();
    assert_eq!((covariance.n(), covariance.incomplete()), (whole(&expected["n_complete"]), 0));
    let result = reliability(&covariance, CONFIDENCE).unwrap();
    check("complete", &result, expected);
    let psych = &expected["psych_alpha"];
    close("Duhachek's standard error", result.duhachek_standard_error, number(&psych["ase"]), NINE_DIGITS);
    // The file's limits are alpha ± 1.96 standard errors; ours use the quantile with all its digits.
    close_interval("Duhachek", result.duhachek, &psych["duhachek_95"], 1e-5);
    let factor = one_factor(&covariance).unwrap();
    // lavaan stops short of the maximum by 2e-7 here: thirty-digit arithmetic gives 0.788729469067418.
    close("lavaan's omega", factor.omega, number(&expected["omega"]["omega"]), 3e-7);
    close("omega", factor.omega, 0.788_729_469_067_418, 1e-10);
    for (loading, lavaans) in factor.loadings.iter().zip(numbers(&expected["omega"]["loadings"])) {
        // lavaan divides by n, we by n − 1.
        close("loading", loading * (39.0_f64 / 40.0).sqrt(), lavaans, 1e-5);
    }
}

#[test]
fn forms_with_missing_answers_are_left_out_whole() {
    let expected = &json("reliability.json")["own_40x5_missing"];
    let covariance = ItemCovariance::from_rows(&forms("own_items_40x5_missing.csv")).unwrap();
    assert_eq!((covariance.n(), covariance.incomplete()), (whole(&expected["n_complete"]), 3));
    check("missing", &reliability(&covariance, CONFIDENCE).unwrap(), expected);
}

#[test]
fn an_item_that_everyone_answers_alike_is_dropped_and_named() {
    let complete = forms("own_items_40x5.csv");
    let with_constant: Vec<Vec<Option<f64>>> = complete.iter().map(|row| [&row[..2], &[Some(1.0)], &row[2..]].concat()).collect();
    let covariance = ItemCovariance::from_rows(&with_constant).unwrap();
    assert_eq!((covariance.items(), covariance.constant_items()), (&[0, 1, 3, 4, 5][..], &[2][..]));
    let result = reliability(&covariance, CONFIDENCE).unwrap();
    close("alpha", result.alpha, number(&json("reliability.json")["own_40x5"]["alpha_listwise"]), NINE_DIGITS);
    assert_eq!(result.items[2].item, 3, "items keep their places in the form");
}

#[test]
fn items_that_contradict_each_other_have_a_negative_alpha_and_no_sem() {
    let rows = [[0.0, 2.0], [1.0, 1.0], [2.0, 0.5], [2.0, 0.0]].map(|row| row.map(Some));
    let result = reliability(&ItemCovariance::from_rows(&rows).unwrap(), CONFIDENCE).unwrap();
    assert!(result.alpha < 0.0 && result.sem.is_none());
    assert_eq!(result.items[0].alpha_if_deleted, None, "one item has no alpha");
}

#[test]
fn what_has_no_reliability() {
    let covariance = |rows: &[[f64; 2]]| ItemCovariance::from_rows(&rows.iter().map(|row| row.map(Some)).collect::<Vec<_>>());
    let cancelling = covariance(&[[0.0, 2.0], [1.0, 1.0], [2.0, 0.0]]).unwrap();
    assert_eq!(reliability(&cancelling, CONFIDENCE).unwrap_err(), Undefined::NoSpread);
    assert_eq!(covariance(&[[0.0, 2.0]]).unwrap_err(), Undefined::TooFew { needed: 2, found: 1 });
    assert_eq!(covariance(&[[0.0, 2.0], [1.0, 2.0]]).unwrap_err(), Undefined::TooFew { needed: 2, found: 1 });
    assert_eq!(covariance(&[]).unwrap_err(), Undefined::TooFew { needed: 2, found: 0 });
    assert_eq!(covariance(&[[0.0, f64::NAN]]).unwrap_err(), Undefined::NotFinite);
    let two_items = covariance(&[[0.0, 1.0], [1.0, 1.0], [2.0, 2.0]]).unwrap();
    assert_eq!(one_factor(&two_items).unwrap_err(), Undefined::TooFew { needed: 3, found: 2 });
}

#[test]
fn an_item_given_twice_has_no_proper_factor() {
    let rows: Vec<Vec<Option<f64>>> = forms("own_items_40x5.csv").iter().map(|row| [&row[..], &row[..1]].concat()).collect();
    let covariance = ItemCovariance::from_rows(&rows).unwrap();
    assert_eq!(one_factor(&covariance).unwrap_err(), Undefined::NoSolution);
}
