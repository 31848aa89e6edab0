//! Quantiles of distributions and of data, correlation, several p values: `quantiles.csv`, `multiplicity.json`.

use bandwise::stats::describe::{correlation, describe, mean, quantile, standard_deviation};
use bandwise::stats::distribution::{chi_squared_sf, f_quantile, normal_quantile, student_t_quantile};
use bandwise::stats::multiplicity::{Adjustment, adjust, family_wise_error};
use bandwise::stats::{Confidence, Undefined};

use crate::vectors::{NINE_DIGITS, cell, close, json, number, numbers, table};

#[test]
fn quantiles_of_distributions() {
    for row in table("quantiles.csv") {
        let (p, expected): (f64, f64) = (cell(&row, "p"), cell(&row, "quantile"));
        let what = format!("{row:?}");
        match row["dist"].as_str() {
            "t" => {
                let confidence = Confidence::new(2.0 * p - 1.0).unwrap();
                close(&what, student_t_quantile(confidence, cell(&row, "df1")).unwrap(), expected, NINE_DIGITS);
            }
            "F" => {
                close(&what, f_quantile(p, cell(&row, "df1"), cell(&row, "df2")).unwrap(), expected, NINE_DIGITS);
            }
            "normal" => close(&what, normal_quantile(p).unwrap(), expected, NINE_DIGITS),
            // Only tails of chi-squared are needed: the tail above a quantile is known.
            "chi2" => close(&what, chi_squared_sf(expected, cell(&row, "df1")).unwrap(), 1.0 - p, NINE_DIGITS),
            other => panic!("unknown distribution {other}"),
        }
    }
}

#[test]
fn quantiles_of_data_are_of_type_7() {
    // R: quantile(c(1, 2, 4, 8), type = 7) gives 1.75, 3, 5; type 8 would give 1.416…, 3, 6.333….
    let description = describe(&[8.0, 1.0, 4.0, 2.0]).unwrap();
    close("q1", description.q1, 1.75, NINE_DIGITS);
    close("median", description.median, 3.0, NINE_DIGITS);
    close("q3", description.q3, 5.0, NINE_DIGITS);
    close("least", quantile(&[8.0, 1.0, 4.0, 2.0], 0.0).unwrap(), 1.0, NINE_DIGITS);
    close("greatest", quantile(&[8.0, 1.0, 4.0, 2.0], 1.0).unwrap(), 8.0, NINE_DIGITS);
    close("only one", quantile(&[8.0], 0.3).unwrap(), 8.0, NINE_DIGITS);
}

#[test]
fn one_value_has_no_spread_to_speak_of() {
    let description = describe(&[4.0]).unwrap();
    assert_eq!((description.n, description.sd), (1, None));
    assert_eq!(standard_deviation(&[4.0]), Err(Undefined::TooFew { needed: 2, found: 1 }));
    assert_eq!(mean(&[]), Err(Undefined::TooFew { needed: 1, found: 0 }));
}

#[test]
fn equal_values_have_a_spread_of_exactly_nothing() {
    // The rounded mean of seven times 0.1 is not 0.1, and a standard deviation of 1e-17 would make t enormous.
    assert_eq!(standard_deviation(&[0.1; 7]), Ok(0.0));
    assert_eq!(correlation(&[0.1; 7], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), Err(Undefined::NoSpread));
}

#[test]
fn large_scores_with_a_small_spread_keep_their_digits() {
    let scores: Vec<f64> = [4.0, 7.0, 13.0, 16.0].iter().map(|score| score + 1e9).collect();
    // The variance of 4, 7, 13, 16 is 30, whatever is added to them.
    close("sd", standard_deviation(&scores).unwrap(), 30.0_f64.sqrt(), 1e-14);
}

#[test]
fn numbers_that_are_none() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(mean(&[1.0, bad]), Err(Undefined::NotFinite));
        assert_eq!(quantile(&[1.0, bad], 0.5), Err(Undefined::NotFinite));
        assert_eq!(correlation(&[1.0, 2.0], &[1.0, bad]), Err(Undefined::NotFinite));
    }
    assert_eq!(mean(&[f64::MAX, f64::MAX]), Err(Undefined::TooLarge));
    assert_eq!(standard_deviation(&[f64::MAX, -f64::MAX]), Err(Undefined::TooLarge));
    assert_eq!(correlation(&[1.0], &[1.0, 2.0]), Err(Undefined::LengthsDiffer { left: 1, right: 2 }));
}

#[test]
fn adjusted_p_values() {
    let file = json("multiplicity.json");
    for family in ["p25", "p4"] {
        let p_values = numbers(&file[family]["p"]);
        for (key, adjustment) in [
            ("holm", Adjustment::Holm),
            ("BH", Adjustment::BenjaminiHochberg),
            ("bonferroni", Adjustment::Bonferroni),
            ("hochberg", Adjustment::Hochberg),
        ] {
            let Some(expected) = file[family].get(key) else {
                continue;
            };
            let adjusted = adjust(&p_values, adjustment).unwrap();
            for (place, (actual, expected)) in adjusted.into_iter().zip(numbers(expected)).enumerate() {
                close(&format!("{family} {key} {place}"), actual, expected, NINE_DIGITS);
            }
        }
    }
    assert_eq!(adjust(&[], Adjustment::Holm), Ok(vec![]));
    assert!(matches!(adjust(&[0.5, 1.5], Adjustment::Holm), Err(Undefined::OutOfRange { .. })));
}

#[test]
fn family_wise_errors() {
    let expected = &json("multiplicity.json")["familywise_error"];
    let alpha = number(&expected["alpha"]);
    for (tests, p) in numbers(&expected["m"]).into_iter().zip(numbers(&expected["p_at_least_one"])) {
        let tests = tests.to_string().parse().unwrap();
        close(&format!("{tests} tests"), family_wise_error(tests, alpha).unwrap(), p, NINE_DIGITS);
    }
}
