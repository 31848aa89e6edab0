//! Bootstrap intervals from fixed resamples: `bootstrap_expected.json`.

use bandwise::stats::bootstrap::bootstrap;
use bandwise::stats::describe::{mean, median};
use bandwise::stats::effect::{Standardiser, standardised_change};
use bandwise::stats::{Confidence, Pairs, Undefined};

use crate::vectors::{NINE_DIGITS, checker, close, close_interval, data_set, json, number, whole_numbers};

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

/// A statistic of a group's pairs.
type Statistic = fn(&Pairs<'_>) -> Result<f64, Undefined>;

#[test]
fn percentile_basic_and_bca() {
    let expected = json("bootstrap_expected.json");
    let resamples = whole_numbers("bootstrap_indices_sdq12_500x12.csv");
    let (pre, post) = data_set("sdq12");
    let sample: Vec<(f64, f64)> = pre.into_iter().zip(post).collect();
    let statistics: [(&str, Statistic); 4] = [
        ("mean_diff", |pairs| mean(pairs.changes())),
        ("dz", |pairs| standardised_change(pairs, Standardiser::ChangeSd)),
        ("glass_pre", |pairs| standardised_change(pairs, Standardiser::BaselineSd)),
        ("median_diff", |pairs| median(pairs.changes())),
    ];
    for (name, statistic) in statistics {
        let of_pupils = |pupils: &[(f64, f64)]| {
            let (pre, post): (Vec<f64>, Vec<f64>) = pupils.iter().copied().unzip();
            statistic(&Pairs::new(&pre, &post)?)
        };
        let result = bootstrap(&sample, &resamples, of_pupils, CONFIDENCE).unwrap();
        let expected = &expected[name];
        let check = checker(name, expected);
        assert_eq!((result.replicates, result.skipped), (500, 0));
        check("observed", result.observed);
        check("boot_mean", result.mean);
        check("boot_se", result.standard_error);
        close_interval(name, result.percentile, &expected["percentile_ci95"], NINE_DIGITS);
        close_interval(name, result.basic, &expected["basic_ci95"], NINE_DIGITS);
        let bca = result.bca.unwrap();
        close(name, bca.bias_correction, number(&expected["bca"]["z0"]), NINE_DIGITS);
        close(name, bca.acceleration, number(&expected["bca"]["acceleration"]), NINE_DIGITS);
        close_interval(name, bca.interval, &expected["bca"]["ci95"], NINE_DIGITS);
    }
}

#[test]
fn resamples_without_a_value_are_skipped_and_counted() {
    let sample = [1.0, 2.0, 4.0];
    let resamples = [[0, 1, 2], [1, 1, 1], [0, 0, 2]];
    let spread = |values: &[f64]| match bandwise::stats::describe::standard_deviation(values)? {
        0.0 => Err(Undefined::NoSpread),
        sd => Ok(sd),
    };
    let result = bootstrap(&sample, &resamples, spread, CONFIDENCE).unwrap();
    assert_eq!((result.replicates, result.skipped), (2, 1));
}

#[test]
fn resamples_of_pupils_who_are_not_there() {
    let beyond = bootstrap(&[1.0, 2.0], &[[0, 2]], mean, CONFIDENCE);
    assert!(matches!(beyond, Err(Undefined::OutOfRange { .. })));
    let none: [[usize; 2]; 0] = [];
    assert!(matches!(bootstrap(&[1.0, 2.0], &none, mean, CONFIDENCE), Err(Undefined::TooFew { .. })));
}
