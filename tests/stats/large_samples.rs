//! Sizes at which `statrs` alone goes wrong: `large_samples.csv`.

use bandwise::stats::distribution::{f_quantile, student_t_quantile, student_t_two_sided};
use bandwise::stats::dominance::{dominance, hodges_lehmann};
use bandwise::stats::paired::paired_t;
use bandwise::stats::proportions::{clopper_pearson, sign_test};
use bandwise::stats::signed_rank::{Continuity, Method, PValue, Zeros, signed_rank};
use bandwise::stats::{Confidence, Pairs};

use crate::vectors::{cell, close, table};

#[test]
fn tails_and_quantiles() {
    for row in table("large_samples.csv") {
        let confidence = || Confidence::new(cell(&row, "level")).unwrap();
        let (a, b): (usize, usize) = (cell(&row, "a"), cell(&row, "b"));
        let actual = match row["what"].as_str() {
            "t_quantile" => student_t_quantile(confidence(), a),
            "sign_test" => sign_test(a, b).map(|test| test.p_two_sided),
            "clopper_low" => clopper_pearson(a, b, confidence()).map(|interval| interval.low),
            "clopper_high" => clopper_pearson(a, b, confidence()).map(|interval| interval.high),
            "f_quantile" => f_quantile(cell(&row, "level"), a, b),
            other => panic!("unknown {other}"),
        };
        // log-factorials of ten million are known to seven digits of a probability, no better.
        let tolerance = if a.max(b) > 100_000 { 1e-7 } else { 1e-9 };
        close(&format!("{row:?}"), actual.unwrap(), cell(&row, "expected"), tolerance);
    }
}

/// Nearly a million pupils, changes −5 … 3 in equal numbers.
#[test]
fn a_million_pupils() {
    let n = 900_000;
    let baseline: Vec<f64> = (0..n).map(|i| f64::from(i % 41)).collect();
    let review: Vec<f64> = (0..n).map(|i| f64::from(i % 41) + f64::from(i % 9) - 5.0).collect();
    let pairs = Pairs::new(&baseline, &review).unwrap();
    let t = paired_t(&pairs, Confidence::NINETY_FIVE).unwrap();
    // Nine equally frequent whole numbers around −1: variance (9² − 1)/12 · n/(n − 1).
    close("mean", t.mean_change, -1.0, 1e-14);
    close("sd", t.sd_change, (80.0 / 12.0 * f64::from(n) / f64::from(n - 1)).sqrt(), 1e-13);
    let ranks = signed_rank(&pairs, Zeros::Dropped, PValue::ExactWherePossible).unwrap();
    assert!(matches!(ranks.method, Method::NormalApproximation { continuity: Continuity::Corrected, .. }));
    assert!(ranks.p_two_sided < 1e-300 && ranks.p_fall < 1e-300 && ranks.p_rise > 0.999);
    assert_eq!(hodges_lehmann(pairs.changes()), Ok(-1.0));
    assert!(dominance(&baseline, &review).unwrap().cliffs_delta < 0.0);
    assert!(student_t_two_sided(2.0, usize::MAX).unwrap() < 0.05);
}

/// With Pratt's ranks, a few changes among many zeros would need an endless table.
#[test]
fn two_changes_among_a_million_zeros() {
    let baseline = vec![3.0; 1_000_000];
    let mut review = baseline.clone();
    review[..2].copy_from_slice(&[4.0, 5.0]);
    let pairs = Pairs::new(&baseline, &review).unwrap();
    let result = signed_rank(&pairs, Zeros::RankedThenDropped, PValue::ExactWherePossible).unwrap();
    assert_eq!((result.n_changed, result.n_unchanged), (2, 999_998));
    assert!(matches!(result.method, Method::NormalApproximation { .. }));
    let dropped = signed_rank(&pairs, Zeros::Dropped, PValue::ExactWherePossible).unwrap();
    assert_eq!((dropped.method, dropped.p_two_sided), (Method::Exact, 0.5));
}
