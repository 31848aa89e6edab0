//! Proportions, thresholds crossed, bands: `mcnemar_bands.json`, `proportion_ci.csv`.

use bandwise::stats::mcnemar::{ThresholdTable, bonett_price, mcnemar, newcombe_paired};
use bandwise::stats::proportions::{clopper_pearson, sign_test, wilson};
use bandwise::stats::table::{Moves, TransitionTable, bowker, stuart_maxwell};
use bandwise::stats::{Confidence, Undefined};
use serde_json::Value;

use crate::vectors::{NINE_DIGITS, cell, checker, close, close_interval, json, number, row_checker, table, whole};

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

#[test]
fn thresholds_crossed_at_two_times() {
    let file = json("mcnemar_bands.json");
    let cases: Vec<_> = file.as_object().unwrap().iter().filter(|(_, case)| case["input"].is_object()).collect();
    assert_eq!(cases.len(), 7);
    for (name, case) in cases {
        let input = |key: &str| whole(&case["input"][key]);
        let crossed = ThresholdTable {
            stayed_above: input("a_high_high"),
            moved_below: input("b_high_low"),
            moved_above: input("c_low_high"),
            stayed_below: input("d_low_low"),
        };
        let check = checker(name, case);
        assert_eq!(crossed.n(), whole(&case["n"]));
        check("diff_pre_minus_post", crossed.difference().unwrap());

        let test = mcnemar(&crossed).unwrap();
        check("exact_p", test.p_exact);
        check("mid_p", test.p_mid);
        match test.chi_squared {
            Some(chi_squared) => {
                check("chi2_uncorrected", chi_squared.statistic);
                check("p_chi2_uncorrected", chi_squared.p);
                check("chi2_edwards_corrected", chi_squared.corrected_statistic);
                check("p_chi2_corrected", chi_squared.corrected_p);
            }
            None => assert!(case["chi2_uncorrected"].is_null(), "{name}"),
        }

        let interval = |key: &str, actual| {
            close_interval(&format!("{name} {key}"), actual, &case[key], NINE_DIGITS);
        };
        interval("bonett_price_adj_wald_95", bonett_price(&crossed, CONFIDENCE).unwrap());
        interval("newcombe10_95", newcombe_paired(&crossed, CONFIDENCE).unwrap());
        let (before, after, n) = (crossed.above_at_baseline(), crossed.above_at_review(), crossed.n());
        interval("wilson_pre", wilson(before, n, CONFIDENCE).unwrap());
        interval("wilson_post", wilson(after, n, CONFIDENCE).unwrap());
        interval("clopper_pearson_pre", clopper_pearson(before, n, CONFIDENCE).unwrap());
        interval("clopper_pearson_post", clopper_pearson(after, n, CONFIDENCE).unwrap());
    }
}

#[test]
fn intervals_of_one_proportion() {
    for row in table("proportion_ci.csv") {
        let (x, n): (usize, usize) = (cell(&row, "x"), cell(&row, "n"));
        let check = row_checker(&row);
        let display = wilson(x, n, CONFIDENCE).unwrap();
        check("wilson_lo", display.low);
        check("wilson_hi", display.high);
        let guaranteed = clopper_pearson(x, n, CONFIDENCE).unwrap();
        check("cp_lo", guaranteed.low);
        check("cp_hi", guaranteed.high);
    }
}

#[test]
fn four_bands_at_two_times() {
    let expected = &json("mcnemar_bands.json")["four_band_transition"];
    let counts = |value: &Value| value.as_array().unwrap().iter().map(whole).collect::<Vec<_>>();
    let rows: Vec<_> = expected["matrix"].as_array().unwrap().iter().map(counts).collect();
    let bands = TransitionTable::from_rows(&rows).unwrap();

    let symmetry = bowker(&bands).unwrap();
    close("Bowker", symmetry.statistic, number(&expected["bowker_chi2"]), NINE_DIGITS);
    assert_eq!(symmetry.degrees_of_freedom, whole(&expected["bowker_df"]));
    close("Bowker's p", symmetry.p, number(&expected["bowker_p"]), NINE_DIGITS);

    let margins = stuart_maxwell(&bands).unwrap();
    close("Stuart-Maxwell", margins.statistic, number(&expected["stuart_maxwell"]["chi2"]), NINE_DIGITS);
    assert_eq!(margins.degrees_of_freedom, whole(&expected["stuart_maxwell"]["df"]));
    close("Stuart-Maxwell's p", margins.p, number(&expected["stuart_maxwell"]["p"]), NINE_DIGITS);

    let moves = bands.moves();
    let (better, same, worse) = (&expected["n_better"], &expected["n_same"], &expected["n_worse"]);
    assert_eq!(moves, Moves { up: whole(worse), down: whole(better), same: whole(same) });
    let sign = sign_test(moves.up, moves.down).unwrap();
    close("sign test", sign.p_two_sided, number(&expected["sign_test_p"]), NINE_DIGITS);
}

#[test]
fn the_same_table_from_rows_and_from_moves() {
    let rows = [[2, 1, 0], [0, 1, 0], [1, 0, 3]];
    let moves = [(0, 0), (2, 0), (0, 1), (1, 1), (2, 2), (0, 0), (2, 2), (2, 2)];
    assert_eq!(TransitionTable::from_moves(3, moves), TransitionTable::from_rows(&rows));
}

#[test]
fn an_empty_band_changes_nothing() {
    // Bands 0, 1, 3 hold these pupils; band 2 is empty at both times. Without it the table is 3 × 3.
    let with = TransitionTable::from_rows(&[[5, 1, 0, 2], [4, 3, 0, 1], [0, 0, 0, 0], [6, 2, 0, 1]]).unwrap();
    let without = TransitionTable::from_rows(&[[5, 1, 2], [4, 3, 1], [6, 2, 1]]).unwrap();
    assert_eq!(bowker(&with), bowker(&without));
    assert_eq!(stuart_maxwell(&with), stuart_maxwell(&without));
    assert_eq!(stuart_maxwell(&without).unwrap().degrees_of_freedom, 2);
}

#[test]
fn two_sets_of_bands_without_a_move_between_them() {
    // Pupils moved between bands 0 and 1 and between 2 and 3 only: two 2 × 2 tables, whose McNemar statistics add up.
    let apart = TransitionTable::from_rows(&[[9, 1, 0, 0], [7, 9, 0, 0], [0, 0, 9, 2], [0, 0, 6, 9]]).unwrap();
    let result = stuart_maxwell(&apart).unwrap();
    let mcnemars = |b, c| {
        let table = ThresholdTable { stayed_above: 9, moved_below: b, moved_above: c, stayed_below: 9 };
        mcnemar(&table).unwrap().chi_squared.unwrap().statistic
    };
    close("sum of two", result.statistic, mcnemars(1, 7) + mcnemars(2, 6), NINE_DIGITS);
    assert_eq!(result.degrees_of_freedom, 2);
}

#[test]
fn nobody_moved() {
    let still = TransitionTable::from_rows(&[[3, 0], [0, 4]]).unwrap();
    assert_eq!(bowker(&still), Err(Undefined::NobodyMoved));
    assert_eq!(stuart_maxwell(&still), Err(Undefined::NobodyMoved));
    assert_eq!(still.moves(), Moves { up: 0, down: 0, same: 7 });
}

#[test]
fn tables_that_are_none() {
    assert_eq!(TransitionTable::from_rows(&[[3]]), Err(Undefined::TooFew { needed: 2, found: 1 }));
    let ragged: [&[usize]; 2] = [&[1, 2], &[3]];
    assert_eq!(TransitionTable::from_rows(&ragged), Err(Undefined::LengthsDiffer { left: 2, right: 1 }));
    assert!(matches!(TransitionTable::from_moves(2, [(0, 2)]), Err(Undefined::OutOfRange { .. })));
    let empty = ThresholdTable { stayed_above: 0, moved_below: 0, moved_above: 0, stayed_below: 0 };
    assert_eq!(newcombe_paired(&empty, CONFIDENCE), Err(Undefined::TooFew { needed: 1, found: 0 }));
    assert_eq!(bonett_price(&empty, CONFIDENCE), Err(Undefined::TooFew { needed: 1, found: 0 }));
    assert_eq!(wilson(0, 0, CONFIDENCE), Err(Undefined::TooFew { needed: 1, found: 0 }));
    assert!(matches!(clopper_pearson(4, 3, CONFIDENCE), Err(Undefined::OutOfRange { .. })));
}
