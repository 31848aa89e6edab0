//! Laws that hold for every group: order does not matter, swapping the times turns signs, nothing is NaN.

use bandwise::stats::clinical_change::{Category, Side};
use bandwise::stats::covariance::ItemCovariance;
use bandwise::stats::describe::{correlation, describe, mean, median, quantile, standard_deviation};
use bandwise::stats::dominance::{
    cliffs_delta_within, dominance, hodges_lehmann, normal_probability_of_rise, normal_probability_of_superiority, probability_of_rise,
};
use bandwise::stats::effect::{CorrectedBy, Standardiser, corrected_change, hedges_j, standardised_change};
use bandwise::stats::mcnemar::{ThresholdTable, bonett_price, mcnemar, newcombe_paired};
use bandwise::stats::measurement_error::{MeasurementError, Verdict};
use bandwise::stats::multiplicity::{Adjustment, adjust};
use bandwise::stats::omega::one_factor;
use bandwise::stats::paired::paired_t;
use bandwise::stats::proportions::{clopper_pearson, sign_test, wilson};
use bandwise::stats::regression::ancova;
use bandwise::stats::reliability::reliability;
use bandwise::stats::reliable_change::{Method, Reliabilities, ReliableChangeIndex};
use bandwise::stats::signed_rank::{Continuity, PValue, Zeros, signed_rank};
use bandwise::stats::table::{TransitionTable, bowker, stuart_maxwell};
use bandwise::stats::two_groups::{gain_difference, standardised_difference, standardised_gain};
use bandwise::stats::{Better, Confidence, Interval, Pairs, Undefined};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::STANDARDISERS;

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

/// Questionnaire scores at two times: few different values, so ties and zeros abound.
fn scores() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    vec((0_u8..12, 0_u8..12), 1..40).prop_map(|pairs| pairs.into_iter().map(|(x, y)| (f64::from(x), f64::from(y))).unzip())
}

/// Any finite numbers at all, however large or small.
fn anything() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    let number = || prop_oneof![prop::num::f64::NORMAL, prop::num::f64::SUBNORMAL, -1e6..1e6, Just(0.0), Just(1.0)];
    vec((number(), number()), 1..12).prop_map(|pairs| pairs.into_iter().unzip())
}

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * left.abs().max(right.abs()).max(1.0)
}

fn finite(value: Result<f64, Undefined>) -> bool {
    value.is_ok_and(f64::is_finite) || value.is_err()
}

fn ordered(interval: Interval) -> bool {
    interval.low.is_finite() && interval.high.is_finite() && interval.low <= interval.high
}

fn probability(p: f64) -> bool {
    (0.0..=1.0).contains(&p)
}

proptest! {
    #[test]
    fn swapping_the_times_turns_every_sign((pre, post) in scores()) {
        let (there, back) = (Pairs::new(&pre, &post).unwrap(), Pairs::new(&post, &pre).unwrap());
        if let (Ok(one), Ok(other)) = (paired_t(&there, CONFIDENCE), paired_t(&back, CONFIDENCE)) {
            prop_assert!(near(one.t, -other.t) && near(one.p_two_sided, other.p_two_sided));
            if let (Some(one), Some(other)) = (one.interval, other.interval) {
                prop_assert!(near(one.low, -other.high) && near(one.high, -other.low));
            }
        }
        // All but the spread at baseline are the same from both ends.
        for standardiser in STANDARDISERS.into_iter().filter(|standardiser| *standardiser != Standardiser::BaselineSd) {
            match (standardised_change(&there, standardiser), standardised_change(&back, standardiser)) {
                (Ok(one), Ok(other)) => prop_assert!(near(one, -other)),
                (one, other) => prop_assert_eq!(one, other),
            }
        }
        for zeros in [Zeros::Dropped, Zeros::RankedThenDropped, Zeros::Split] {
            for p_value in [PValue::ExactWherePossible, PValue::Normal(Continuity::Corrected)] {
                let (one, other) = (signed_rank(&there, zeros, p_value).unwrap(), signed_rank(&back, zeros, p_value).unwrap());
                prop_assert!(near(one.w_plus, other.w_minus) && near(one.p_rise, other.p_fall));
                prop_assert!(near(one.p_two_sided, other.p_two_sided));
                prop_assert!(near(one.rank_biserial(), -other.rank_biserial()));
            }
        }
        prop_assert!(near(hodges_lehmann(there.changes()).unwrap(), -hodges_lehmann(back.changes()).unwrap()));
        prop_assert!(near(cliffs_delta_within(&there), -cliffs_delta_within(&back)));
        prop_assert!(near(probability_of_rise(&there), 1.0 - probability_of_rise(&back)));
        prop_assert!(near(dominance(&pre, &post).unwrap().cliffs_delta, -dominance(&post, &pre).unwrap().cliffs_delta));
    }

    #[test]
    fn the_order_of_pupils_does_not_matter((pre, post) in scores(), turn in 0_usize..40) {
        let rotated = |values: &[f64]| {
            let mut values = values.to_vec();
            let places = turn % values.len();
            values.rotate_left(places);
            values
        };
        let (turned_pre, turned_post) = (rotated(&pre), rotated(&post));
        let (one, other) = (Pairs::new(&pre, &post).unwrap(), Pairs::new(&turned_pre, &turned_post).unwrap());
        let ranks = |pairs: &Pairs<'_>| signed_rank(pairs, Zeros::Dropped, PValue::ExactWherePossible).unwrap();
        prop_assert_eq!(ranks(&one).p_two_sided.to_bits(), ranks(&other).p_two_sided.to_bits());
        prop_assert_eq!(hodges_lehmann(one.changes()), hodges_lehmann(other.changes()));
        prop_assert_eq!(dominance(&pre, &post), dominance(&turned_pre, &turned_post));
        prop_assert_eq!(describe(&pre).unwrap().median.to_bits(), describe(&turned_pre).unwrap().median.to_bits());
        if let (Ok(one), Ok(other)) = (correlation(&pre, &post), correlation(&turned_pre, &turned_post)) {
            prop_assert!(near(one, other));
        }
    }

    #[test]
    fn adding_points_to_everyone_leaves_the_changes_alone((pre, post) in scores(), points in -50_i8..50) {
        let moved = |values: &[f64]| values.iter().map(|value| value + f64::from(points)).collect::<Vec<_>>();
        let (moved_pre, moved_post) = (moved(&pre), moved(&post));
        let (one, other) = (Pairs::new(&pre, &post).unwrap(), Pairs::new(&moved_pre, &moved_post).unwrap());
        prop_assert_eq!(one.changes(), other.changes());
        for standardiser in STANDARDISERS {
            match (standardised_change(&one, standardiser), standardised_change(&other, standardiser)) {
                (Ok(one), Ok(other)) => prop_assert!(near(one, other)),
                (one, other) => prop_assert_eq!(one, other),
            }
        }
    }

    #[test]
    fn walsh_averages_one_by_one_give_the_same_median(changes in vec(-50_i16..50, 1..30)) {
        let changes: Vec<f64> = changes.into_iter().map(|change| f64::from(change) / 4.0).collect();
        let averages: Vec<f64> = changes
            .iter()
            .enumerate()
            .flat_map(|(place, one)| changes[place..].iter().map(move |other| f64::midpoint(*one, *other)))
            .collect();
        prop_assert_eq!(hodges_lehmann(&changes), median(&averages));
    }

    #[test]
    fn comparing_every_value_with_every_other_gives_the_same_dominance((pre, post) in scores()) {
        let (mut higher, mut lower) = (0_i32, 0_i32);
        for x in &pre {
            for y in &post {
                higher += i32::from(y > x);
                lower += i32::from(y < x);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "at most 1,600 comparisons")]
        let comparisons = (pre.len() * post.len()) as f64;
        prop_assert!(near(dominance(&pre, &post).unwrap().cliffs_delta, f64::from(higher - lower) / comparisons));
    }

    #[test]
    fn signs_flipped_one_by_one_give_the_same_exact_p((pre, post) in scores()) {
        let (pre, post) = (&pre[..pre.len().min(10)], &post[..post.len().min(10)]);
        let pairs = Pairs::new(pre, post).unwrap();
        let result = signed_rank(&pairs, Zeros::Dropped, PValue::ExactWherePossible).unwrap();
        // Every pupil who changed, with the change turned round or not.
        let (mut at_most, mut all) = (0_u32, 0_u32);
        for flips in 0_u32..1 << pre.len() {
            if pairs.changes().iter().enumerate().any(|(place, change)| *change == 0.0 && flips >> place & 1 == 1) {
                continue;
            }
            let turned = |place: usize| flips >> place & 1 == 1;
            let x: Vec<f64> = (0..pre.len()).map(|i| if turned(i) { post[i] } else { pre[i] }).collect();
            let y: Vec<f64> = (0..pre.len()).map(|i| if turned(i) { pre[i] } else { post[i] }).collect();
            let flipped = signed_rank(&Pairs::new(&x, &y).unwrap(), Zeros::Dropped, PValue::ExactWherePossible).unwrap();
            all += 1;
            at_most += u32::from(flipped.w_plus <= result.w_plus);
        }
        prop_assert!(near(result.p_fall, f64::from(at_most) / f64::from(all)));
    }

    #[test]
    fn improvement_and_deterioration_mirror_each_other(x in 0_u8..40, y in 0_u8..40, sd in 0.5..15.0, r in 0.0..0.99) {
        let index = ReliableChangeIndex::jacobson_truax(MeasurementError::new(sd, r).unwrap());
        let (x, y) = (f64::from(x), f64::from(y));
        let there = index.verdict(x, y, Better::Lower, CONFIDENCE).unwrap();
        let back = index.verdict(y, x, Better::Lower, CONFIDENCE).unwrap();
        let other_way = index.verdict(x, y, Better::Higher, CONFIDENCE).unwrap();
        prop_assert_eq!(back, other_way);
        prop_assert_eq!(there == Verdict::Improved, back == Verdict::Deteriorated);
        // The threshold in points and the index say the same.
        let threshold = MeasurementError::new(sd, r).unwrap().change_threshold(CONFIDENCE).unwrap();
        prop_assert_eq!(threshold.verdict(x, y, Better::Lower), Ok(there));
        let counts = (x - y).abs() >= f64::from(threshold.smallest_whole_points());
        prop_assert_eq!(there != Verdict::Unchanged, counts);
        let category = Category::of(
            Side::of(x, 20.0, Better::Lower).unwrap(),
            Side::of(y, 20.0, Better::Lower).unwrap(),
            there,
        );
        prop_assert_eq!(category == Category::Unchanged, there == Verdict::Unchanged);
    }

    #[test]
    fn tables_the_other_way_round(a in 0_usize..60, b in 0_usize..60, c in 0_usize..60, d in 0_usize..60) {
        let there = ThresholdTable { stayed_above: a, moved_below: b, moved_above: c, stayed_below: d };
        let back = ThresholdTable { moved_below: c, moved_above: b, ..there };
        let (one, other) = (mcnemar(&there).unwrap(), mcnemar(&back).unwrap());
        prop_assert_eq!(one, other);
        prop_assert!(one.p_mid <= one.p_exact && probability(one.p_mid) && probability(one.p_exact));
        for interval in [bonett_price, newcombe_paired] {
            match (interval(&there, CONFIDENCE), interval(&back, CONFIDENCE)) {
                (Ok(one), Ok(other)) => {
                    prop_assert!(ordered(one) && one.low >= -1.0 && one.high <= 1.0);
                    prop_assert!(near(one.low, -other.high) && near(one.high, -other.low));
                }
                (one, other) => prop_assert_eq!(one, other),
            }
        }
    }

    #[test]
    fn a_proportion_is_within_its_intervals(n in 1_usize..1200, share in 0.0..=1.0_f64, level in 0.5..0.9999_f64) {
        #[expect(
            clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss,
            reason = "a share of at most 1,200"
        )]
        let (x, p) = { let x = (n as f64 * share) as usize; (x, x as f64 / n as f64) };
        let confidence = Confidence::new(level).unwrap();
        for interval in [wilson(x, n, confidence).unwrap(), clopper_pearson(x, n, confidence).unwrap()] {
            prop_assert!(ordered(interval) && interval.low >= 0.0 && interval.high <= 1.0);
            prop_assert!(interval.low <= p + 1e-12 && p - 1e-12 <= interval.high);
        }
        let signs = sign_test(x, n - x).unwrap();
        prop_assert!(probability(signs.p_two_sided) && signs.p_fall + signs.p_rise >= 1.0 - 1e-9);
    }

    #[test]
    fn tables_of_bands(rows in vec(vec(0_usize..20, 4), 4)) {
        let table = TransitionTable::from_rows(&rows).unwrap();
        let moves = table.moves();
        prop_assert_eq!(moves.up + moves.down + moves.same, table.n());
        for result in [bowker(&table), stuart_maxwell(&table)] {
            match result {
                Ok(test) => prop_assert!(test.statistic >= 0.0 && probability(test.p) && test.degrees_of_freedom > 0),
                Err(reason) => prop_assert_eq!(reason, Undefined::NobodyMoved),
            }
        }
    }

    #[test]
    fn adjusting_never_lowers_a_p_value(p_values in vec(0.0..=1.0_f64, 0..20)) {
        let adjusted = |adjustment| adjust(&p_values, adjustment).unwrap();
        let (holm, bonferroni) = (adjusted(Adjustment::Holm), adjusted(Adjustment::Bonferroni));
        let (hochberg, discovery) = (adjusted(Adjustment::Hochberg), adjusted(Adjustment::BenjaminiHochberg));
        for (place, p) in p_values.iter().enumerate() {
            prop_assert!(*p <= discovery[place] && discovery[place] <= hochberg[place] + 1e-15);
            prop_assert!(hochberg[place] <= holm[place] && holm[place] <= bonferroni[place] && bonferroni[place] <= 1.0);
        }
    }

    #[test]
    fn whatever_the_numbers_nothing_is_nan_or_infinite((pre, post) in anything(), p in 0.0..=1.0_f64) {
        prop_assert!(finite(mean(&pre)) && finite(standard_deviation(&pre)) && finite(quantile(&pre, p)));
        prop_assert!(finite(correlation(&pre, &post)) && finite(hodges_lehmann(&pre)));
        prop_assert!(finite(normal_probability_of_superiority(&pre, &post)));
        let Ok(pairs) = Pairs::new(&pre, &post) else { return Ok(()) };
        for standardiser in STANDARDISERS {
            prop_assert!(finite(standardised_change(&pairs, standardiser)));
        }
        prop_assert!(finite(normal_probability_of_rise(&pairs)));
        if let Ok(t) = paired_t(&pairs, CONFIDENCE) {
            prop_assert!(t.t.is_finite() && probability(t.p_two_sided) && t.interval.is_none_or(ordered));
        }
        for by in [CorrectedBy::ChangeSd, CorrectedBy::BaselineSd] {
            if let Ok(effect) = corrected_change(&pairs, by, CONFIDENCE) {
                prop_assert!(effect.estimate.is_finite() && effect.variance.is_finite() && ordered(effect.interval));
            }
        }
        for zeros in [Zeros::Dropped, Zeros::RankedThenDropped, Zeros::Split] {
            for p_value in [PValue::ExactWherePossible, PValue::Normal(Continuity::Uncorrected)] {
                let ranks = signed_rank(&pairs, zeros, p_value).unwrap();
                prop_assert!(probability(ranks.p_two_sided) && probability(ranks.p_fall) && probability(ranks.p_rise));
            }
        }
        if let Ok(sample) = pairs.moments() {
            for method in Method::ALL {
                let index = ReliableChangeIndex::from_sample(method, &sample, Reliabilities { baseline: 0.8, review: 0.7 });
                prop_assert!(index.is_err() || finite(index.unwrap().index(pre[0], post[0])));
            }
        }
        let swapped = Pairs::new(&post, &pre).unwrap();
        if let Ok(adjusted) = ancova(&pairs, &swapped, CONFIDENCE) {
            prop_assert!(adjusted.slope.is_finite() && adjusted.residual_sd.is_finite());
            prop_assert!(ordered(adjusted.difference.interval));
        }
        if let Ok(gain) = gain_difference(&pairs, &swapped, CONFIDENCE) {
            prop_assert!(gain.t.is_finite() && ordered(gain.interval));
        }
        if let Ok(gain) = standardised_gain(&pairs, &swapped) {
            prop_assert!(gain.d.is_finite() && gain.g.is_finite());
        }
        if let Ok(difference) = standardised_difference(&pre, &post, CONFIDENCE) {
            prop_assert!(difference.d.is_finite() && ordered(difference.g.interval));
        }
    }

    #[test]
    fn whatever_the_answers_reliability_is_finite(rows in vec(vec(prop::option::weighted(0.95, 0_u8..3), 4), 0..30)) {
        let rows: Vec<Vec<Option<f64>>> =
            rows.into_iter().map(|row| row.into_iter().map(|answer| answer.map(f64::from)).collect()).collect();
        let Ok(covariance) = ItemCovariance::from_rows(&rows) else { return Ok(()) };
        if let Ok(result) = reliability(&covariance, CONFIDENCE) {
            prop_assert!(result.alpha <= 1.0 && ordered(result.feldt) && ordered(result.duhachek));
            prop_assert!(result.lambda2 >= result.alpha - 1e-9 && result.sem.is_none_or(f64::is_finite));
            prop_assert!(result.items.iter().all(|item| item.rest_correlation.is_none_or(f64::is_finite)));
        }
        if let Ok(factor) = one_factor(&covariance) {
            prop_assert!(probability(factor.omega) && factor.residual_variances.iter().all(|theta| *theta > 0.0));
        }
    }

    #[test]
    fn hedges_correction_rises_towards_one(df in 1_usize..20_000) {
        let (here, next) = (hedges_j(df).unwrap(), hedges_j(df + 1).unwrap());
        prop_assert!((0.0..1.0).contains(&here) && here < next + 1e-9);
    }
}
