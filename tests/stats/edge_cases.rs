//! Groups of none, one, two; changes that are all alike: `edge_cases.json`.

use bandwise::stats::describe::mean;
use bandwise::stats::effect::{CorrectedBy, Standardiser, corrected_change, standardised_change};
use bandwise::stats::paired::paired_t;
use bandwise::stats::proportions::sign_test;
use bandwise::stats::signed_rank::{PValue, Zeros, signed_rank};
use bandwise::stats::{Confidence, Pairs, Undefined};

use crate::STANDARDISERS;
use crate::vectors::{NINE_DIGITS, close, json, number, numbers};

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

#[test]
fn small_and_uniform_groups() {
    let file = json("edge_cases.json");
    for (name, case) in file.as_object().unwrap().iter().filter(|(name, _)| !name.starts_with('_')) {
        let changes = numbers(&case["diff"]);
        let baseline = vec![10.0; changes.len()];
        let review: Vec<f64> = changes.iter().map(|change| 10.0 + change).collect();
        let Ok(pairs) = Pairs::new(&baseline, &review) else {
            assert_eq!(name, "n0", "only the empty group has no pairs");
            continue;
        };

        let directions = pairs.directions();
        let signs = sign_test(directions.rose, directions.fell).unwrap();
        // scipy refuses a sign test without changes; by convention p is 1.
        close(&format!("{name} signs"), signs.p_two_sided, case["sign_test"].as_f64().unwrap_or(1.0), NINE_DIGITS);

        let ranks = signed_rank(&pairs, Zeros::Dropped, PValue::ExactWherePossible).unwrap();
        let exact = case["exact_conditional_wilcoxon"].as_f64().unwrap_or(1.0);
        close(&format!("{name} ranks"), ranks.p_two_sided, exact, NINE_DIGITS);
        for (key, zeros) in [("scipy_wilcoxon_wilcox_auto", Zeros::Dropped), ("scipy_wilcoxon_pratt_auto", Zeros::RankedThenDropped)] {
            let result = signed_rank(&pairs, zeros, PValue::ExactWherePossible).unwrap();
            close(&format!("{name} {key} W"), result.w_plus.min(result.w_minus), number(&case[key][0]), NINE_DIGITS);
            close(&format!("{name} {key} p"), result.p_two_sided, number(&case[key][1]), NINE_DIGITS);
        }

        let scipy = &case["scipy_ttest_1samp"];
        if let (Some(t), Some(p)) = (scipy[0].as_f64(), scipy[1].as_f64()) {
            let result = paired_t(&pairs, CONFIDENCE).unwrap();
            close(&format!("{name} t"), result.t, t, NINE_DIGITS);
            close(&format!("{name} p"), result.p_two_sided, p, NINE_DIGITS);
        }
    }
}

/// `_recommended`, `n0`: no result.
#[test]
fn nobody() {
    assert_eq!(Pairs::new(&[], &[]).unwrap_err(), Undefined::TooFew { needed: 1, found: 0 });
}

/// `_recommended`, `n1`: individual result only; no group statistic.
#[test]
fn one_pupil() {
    let pairs = Pairs::new(&[20.0], &[17.0]).unwrap();
    let too_few = Undefined::TooFew { needed: 2, found: 1 };
    assert_eq!(paired_t(&pairs, CONFIDENCE), Err(too_few));
    assert_eq!(standardised_change(&pairs, Standardiser::ChangeSd), Err(too_few));
    assert_eq!(corrected_change(&pairs, CorrectedBy::ChangeSd, CONFIDENCE), Err(too_few));
}

/// `_recommended`, `constant_nonzero`: mean change exact; the rest undefined, not infinite.
#[test]
fn everybody_changed_by_the_same() {
    let baseline = [10.0, 12.0, 15.0, 11.0, 19.0];
    let pairs = Pairs::new(&baseline, &[12.0, 14.0, 17.0, 13.0, 21.0]).unwrap();
    assert_eq!(mean(pairs.changes()), Ok(2.0));
    assert_eq!(paired_t(&pairs, CONFIDENCE), Err(Undefined::NoSpread));
    assert_eq!(standardised_change(&pairs, Standardiser::ChangeSd), Err(Undefined::NoSpread));
    assert_eq!(standardised_change(&pairs, Standardiser::RepeatedMeasures), Err(Undefined::NoSpread));
    // By the spread at baseline the effect is defined.
    assert!(standardised_change(&pairs, Standardiser::BaselineSd).is_ok());
}

/// `_recommended`, `all_zero`: no change; p = 1 by convention; effect 0; r undefined if either SD is 0.
#[test]
fn nobody_changed() {
    let same = [10.0; 5];
    let pairs = Pairs::new(&same, &same).unwrap();
    let t = paired_t(&pairs, CONFIDENCE).unwrap();
    assert_eq!((t.t, t.p_two_sided, t.interval), (0.0, 1.0, None));
    for standardiser in STANDARDISERS {
        assert_eq!(standardised_change(&pairs, standardiser), Ok(0.0), "{standardiser:?}");
    }
    assert_eq!(pairs.moments().unwrap().correlation, None);
    let ranks = signed_rank(&pairs, Zeros::Dropped, PValue::ExactWherePossible).unwrap();
    assert_eq!((ranks.p_two_sided, ranks.rank_biserial()), (1.0, 0.0));
    assert_eq!(ranks.rank_biserial_interval(CONFIDENCE), Err(Undefined::NoSpread));
}

#[test]
fn no_spread_at_baseline() {
    let pairs = Pairs::new(&[10.0; 4], &[8.0, 9.0, 10.0, 7.0]).unwrap();
    assert_eq!(standardised_change(&pairs, Standardiser::BaselineSd), Err(Undefined::NoSpread));
    assert_eq!(standardised_change(&pairs, Standardiser::RepeatedMeasures), Err(Undefined::NoSpread));
    assert_eq!(corrected_change(&pairs, CorrectedBy::BaselineSd, CONFIDENCE), Err(Undefined::NoSpread));
    assert!(standardised_change(&pairs, Standardiser::ChangeSd).is_ok());
}

/// 1.3 − 1.0, 2.3 − 2.0 and 0.7 − 1.0 are changes of one size, though not in binary.
#[test]
fn decimal_scores_tie_as_they_look() {
    let pairs = Pairs::new(&[1.0, 2.0, 1.0], &[1.3, 2.3, 0.7]).unwrap();
    let ranks = signed_rank(&pairs, Zeros::Dropped, PValue::ExactWherePossible).unwrap();
    assert_eq!((ranks.w_plus, ranks.w_minus), (4.0, 2.0), "three changes of one size have rank 2 each");
}

#[test]
fn columns_that_do_not_pair() {
    assert_eq!(Pairs::new(&[1.0], &[1.0, 2.0]).unwrap_err(), Undefined::LengthsDiffer { left: 1, right: 2 });
    assert_eq!(Pairs::new(&[1.0], &[f64::NAN]).unwrap_err(), Undefined::NotFinite);
    assert_eq!(Pairs::new(&[-f64::MAX], &[f64::MAX]).unwrap_err(), Undefined::TooLarge);
}
