//! One group at two times: `paired_tests_effects.json`, `paired_effect_ci_metafor.json`, `hedges_j.csv`.

use bandwise::stats::describe::{mean, median};
use bandwise::stats::dominance::{
    cliffs_delta_within, dominance, hodges_lehmann, normal_probability_of_rise, normal_probability_of_superiority, probability_of_rise,
};
use bandwise::stats::effect::{CorrectedBy, Standardiser, corrected_change, hedges_j, hedges_j_approximate, standardised_change};
use bandwise::stats::paired::{Directions, paired_t};
use bandwise::stats::proportions::sign_test;
use bandwise::stats::signed_rank::{Continuity, Method, PValue, Zeros, signed_rank};
use bandwise::stats::{Confidence, Pairs};

use crate::vectors::{DATA_SETS, NINE_DIGITS, cell, checker, close, close_interval, data_set, json, number, numbers, table, whole};

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

#[test]
fn moments_t_and_its_interval() {
    let expected = json("paired_tests_effects.json");
    for name in DATA_SETS {
        let expected = &expected[name];
        let (pre, post) = (numbers(&expected["input"]["pre"]), numbers(&expected["input"]["post"]));
        assert_eq!((pre.clone(), post.clone()), data_set(name), "{name}: the two files disagree");
        let pairs = Pairs::new(&pre, &post).unwrap();
        let check = checker(name, expected);

        let moments = pairs.moments().unwrap();
        check("mean_pre", moments.baseline_mean);
        check("mean_post", moments.review_mean);
        check("sd_pre", moments.baseline_sd);
        check("sd_post", moments.review_sd);
        check("r", moments.correlation.unwrap());
        check("median_pre", median(&pre).unwrap());
        check("median_post", median(&post).unwrap());
        check("median_diff", median(pairs.changes()).unwrap());

        let t = paired_t(&pairs, CONFIDENCE).unwrap();
        assert_eq!((t.n, t.degrees_of_freedom), (whole(&expected["n"]), whole(&expected["df"])));
        check("diff_mean", t.mean_change);
        check("diff_mean", mean(pairs.changes()).unwrap());
        check("diff_sd", t.sd_change);
        check("diff_se", t.standard_error);
        check("t", t.t);
        check("p_two_sided", t.p_two_sided);
        check("ci95_low", t.interval.unwrap().low);
        check("ci95_high", t.interval.unwrap().high);
    }
}

#[test]
fn effect_sizes() {
    let expected = json("paired_tests_effects.json");
    for name in DATA_SETS {
        let expected = &expected[name];
        let (pre, post) = data_set(name);
        let pairs = Pairs::new(&pre, &post).unwrap();
        let check = checker(name, expected);
        let d = |standardiser| standardised_change(&pairs, standardiser).unwrap();
        let n = pre.len();

        check("cohen_dz", d(Standardiser::ChangeSd));
        check("cohen_dav_mean_sd", d(Standardiser::MeanOfSds));
        check("cohen_dav_rms_sd", d(Standardiser::RootMeanSquareOfSds));
        check("cohen_drm", d(Standardiser::RepeatedMeasures));
        check("glass_delta_pre", d(Standardiser::BaselineSd));
        // Glass' delta by a norm: the same number if the norm has the group's own spread.
        check("glass_delta_pre", d(Standardiser::NormSd(number(&expected["sd_pre"]))));

        let j = hedges_j(n - 1).unwrap();
        check("J_exact_df", j);
        check("J_approx_df", hedges_j_approximate(n - 1).unwrap());
        check("hedges_gz", j * d(Standardiser::ChangeSd));
        check("hedges_gav", j * d(Standardiser::RootMeanSquareOfSds));
        check("hedges_grm", j * d(Standardiser::RepeatedMeasures));
        check("hedges_gav_mean_sd_2nminus1df", hedges_j(2 * (n - 1)).unwrap() * d(Standardiser::MeanOfSds));
        let pingouin = number(&expected["python"]["pingouin_effsize_paired_hedges"]);
        let approximate = hedges_j_approximate(2 * n - 2).unwrap() * d(Standardiser::RootMeanSquareOfSds);
        close(&format!("{name} pingouin's g"), approximate, pingouin, NINE_DIGITS);

        check("cles_normal_paired", normal_probability_of_rise(&pairs).unwrap());
        check("cles_normal_unpaired_McGrawWong", normal_probability_of_superiority(&pre, &post).unwrap());
        check("prob_superiority_paired", probability_of_rise(&pairs));
        check("vargha_delaney_A_unpaired", dominance(&pre, &post).unwrap().probability_of_superiority);
        check("cliffs_delta_unpaired", dominance(&pre, &post).unwrap().cliffs_delta);
        check("cliffs_delta_within_pair", cliffs_delta_within(&pairs));
        check("hodges_lehmann_pseudomedian", hodges_lehmann(pairs.changes()).unwrap());
        let directions = Directions { rose: whole(&expected["n_pos"]), fell: whole(&expected["n_neg"]), same: whole(&expected["n_zero"]) };
        assert_eq!(pairs.directions(), directions, "{name}");
    }
}

#[test]
fn corrected_effects_with_metafors_intervals() {
    let expected = json("paired_effect_ci_metafor.json");
    for name in DATA_SETS {
        let (pre, post) = data_set(name);
        let pairs = Pairs::new(&pre, &post).unwrap();
        for (key, by) in [("SMCC", CorrectedBy::ChangeSd), ("SMCR", CorrectedBy::BaselineSd)] {
            let expected = &expected[name][key];
            let effect = corrected_change(&pairs, by, CONFIDENCE).unwrap();
            close(&format!("{name} {key} estimate"), effect.estimate, number(&expected["yi"]), NINE_DIGITS);
            close(&format!("{name} {key} variance"), effect.variance, number(&expected["vi"]), NINE_DIGITS);
            close_interval(&format!("{name} {key}"), effect.interval, &expected["ci95"], NINE_DIGITS);
        }
    }
}

#[test]
fn hedges_corrections() {
    for row in table("hedges_j.csv") {
        let df = cell(&row, "df");
        close(&format!("J({df})"), hedges_j(df).unwrap(), cell(&row, "J_exact"), NINE_DIGITS);
        close(&format!("approximate J({df})"), hedges_j_approximate(df).unwrap(), cell(&row, "J_approx"), NINE_DIGITS);
    }
}

#[test]
fn exact_signed_rank_with_ties_and_zeros() {
    let expected = json("paired_tests_effects.json");
    for name in DATA_SETS {
        let python = &expected[name]["python"]["scipy_wilcoxon"];
        let expected = &expected[name]["wilcoxon"];
        let (pre, post) = data_set(name);
        let pairs = Pairs::new(&pre, &post).unwrap();

        for (zeros, key, w_plus, w_minus) in [
            (Zeros::Dropped, "exact_conditional_wilcox", "W_plus", "W_minus"),
            (Zeros::RankedThenDropped, "exact_conditional_pratt", "pratt_W_plus", "pratt_W_minus"),
        ] {
            let result = signed_rank(&pairs, zeros, PValue::ExactWherePossible).unwrap();
            assert_eq!(result.method, Method::Exact);
            assert_eq!(result.n_changed, whole(&expected["n_nonzero"]));
            close(&format!("{name} {w_plus}"), result.w_plus, number(&expected[w_plus]), NINE_DIGITS);
            close(&format!("{name} {w_minus}"), result.w_minus, number(&expected[w_minus]), NINE_DIGITS);
            close(&format!("{name} {key} less"), result.p_fall, number(&expected[key]["less"]), NINE_DIGITS);
            close(&format!("{name} {key} greater"), result.p_rise, number(&expected[key]["greater"]), NINE_DIGITS);
            close(&format!("{name} {key}"), result.p_two_sided, number(&expected[key]["two_sided"]), NINE_DIGITS);
        }

        let split = signed_rank(&pairs, Zeros::Split, PValue::ExactWherePossible).unwrap();
        // Too many sign flips of well20 for scipy.
        let scipy = &python["permutation_exact_zsplit"];
        if scipy.is_object() {
            close(&format!("{name} zsplit W"), split.w_plus.min(split.w_minus), number(&scipy["statistic"]), NINE_DIGITS);
            close(&format!("{name} zsplit p"), split.p_two_sided, number(&scipy["p"]), NINE_DIGITS);
        }

        let default = signed_rank(&pairs, Zeros::default(), PValue::default()).unwrap();
        close(&format!("{name} rank-biserial"), default.rank_biserial(), number(&expected["matched_rank_biserial"]), NINE_DIGITS);
        let interval = default.rank_biserial_interval(CONFIDENCE).unwrap();
        close_interval(&format!("{name} rank-biserial"), interval, &expected["effectsize_rb_ci"], 1e-6);
    }
}

#[test]
fn signed_rank_by_the_normal_approximation() {
    let expected = json("paired_tests_effects.json");
    for name in DATA_SETS {
        let (pre, post) = data_set(name);
        let pairs = Pairs::new(&pre, &post).unwrap();
        for (zeros, zero_word) in [(Zeros::Dropped, "wilcox"), (Zeros::RankedThenDropped, "pratt"), (Zeros::Split, "zsplit")] {
            for (continuity, word) in [(Continuity::Uncorrected, "False"), (Continuity::Corrected, "True")] {
                let key = format!("asymptotic_{zero_word}_corr{word}");
                let scipy = &expected[name]["python"]["scipy_wilcoxon"][&key];
                let result = signed_rank(&pairs, zeros, PValue::Normal(continuity)).unwrap();
                let Method::NormalApproximation { z, .. } = result.method else { panic!("{name} {key}: not normal") };
                close(&format!("{name} {key} z"), z.abs(), number(&scipy["z"]).abs(), NINE_DIGITS);
                close(&format!("{name} {key} p"), result.p_two_sided, number(&scipy["p"]), NINE_DIGITS);
            }
        }
    }
}

#[test]
fn the_sign_test() {
    let expected = json("paired_tests_effects.json");
    for name in DATA_SETS {
        let (pre, post) = data_set(name);
        let directions = Pairs::new(&pre, &post).unwrap().directions();
        let result = sign_test(directions.rose, directions.fell).unwrap();
        let expected = &expected[name]["sign_test"];
        close(&format!("{name} two-sided"), result.p_two_sided, number(&expected["p_two_sided"]), NINE_DIGITS);
        close(&format!("{name} greater"), result.p_rise, number(&expected["p_greater"]), NINE_DIGITS);
        close(&format!("{name} less"), result.p_fall, number(&expected["p_less"]), NINE_DIGITS);
    }
}

#[test]
fn the_smallest_possible_p() {
    for row in table("min_exact_p_by_n.csv") {
        let n = cell(&row, "n_nonzero");
        let expected: f64 = cell(&row, "min_two_sided_p_wilcoxon_and_sign");
        let (baseline, review) = (vec![0.0; n], vec![1.0; n]);
        let pairs = Pairs::new(&baseline, &review).unwrap();
        let wilcoxon = signed_rank(&pairs, Zeros::Dropped, PValue::ExactWherePossible).unwrap();
        assert_eq!(wilcoxon.p_two_sided.to_bits(), expected.to_bits(), "signed rank of {n}");
        close(&format!("sign test of {n}"), sign_test(n, 0).unwrap().p_two_sided, expected, 1e-12);
    }
}
