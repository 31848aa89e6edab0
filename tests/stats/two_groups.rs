//! A helped group against a comparison group: `two_group.json`.

use bandwise::stats::regression::{EstimatedDifference, ancova};
use bandwise::stats::two_groups::{adjusted_g, gain_difference, standardised_difference, standardised_gain};
use bandwise::stats::{Confidence, Pairs, Undefined};
use serde_json::Value;

use crate::vectors::{NINE_DIGITS, close, close_interval, json, number, numbers, whole};

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

fn check_difference(what: &str, actual: &EstimatedDifference, expected: &Value) {
    close(&format!("{what} t"), actual.t, number(&expected["t"]), NINE_DIGITS);
    assert_eq!(actual.degrees_of_freedom, whole(&expected["df"]), "{what}");
    close(&format!("{what} p"), actual.p_two_sided, number(&expected["p"]), NINE_DIGITS);
    close_interval(what, actual.interval, &expected["ci95"], NINE_DIGITS);
}

#[test]
fn differences_between_two_groups() {
    let file = json("two_group.json");
    let scores = |key: &str| numbers(&file["input"][key]);
    let (helped_pre, helped_post) = (scores("treat_pre"), scores("treat_post"));
    let (other_pre, other_post) = (scores("control_pre"), scores("control_post"));
    let helped = Pairs::new(&helped_pre, &helped_post).unwrap();
    let other = Pairs::new(&other_pre, &other_post).unwrap();

    let expected = &file["post_only"];
    let post = standardised_difference(&helped_post, &other_post, CONFIDENCE).unwrap();
    close("pooled SD", post.pooled_sd, number(&expected["pooled_sd"]), NINE_DIGITS);
    close("d", post.d, number(&expected["cohen_d"]), NINE_DIGITS);
    close("g", post.g.estimate, number(&expected["hedges_g"]), NINE_DIGITS);
    close("variance", post.g.variance, number(&expected["metafor_SMD_vi"]), NINE_DIGITS);
    close_interval("g", post.g.interval, &expected["ci95_metafor"], NINE_DIGITS);
    let pre = standardised_difference(&helped_pre, &other_pre, CONFIDENCE).unwrap();
    close("d at baseline", pre.d, number(&file["pre_difference"]["d_pre"]), NINE_DIGITS);

    let expected = &file["gain_difference"];
    let gain = gain_difference(&helped, &other, CONFIDENCE).unwrap();
    close("gain", gain.estimate, number(&expected["estimate"]), NINE_DIGITS);
    check_difference("gain", &gain, expected);
    let standardised = standardised_gain(&helped, &other).unwrap();
    close("d_ppc2", standardised.d, number(&expected["dppc2_without_J"]), NINE_DIGITS);
    close("d_ppc2 with J", standardised.g, number(&expected["morris_dppc2_with_J"]), NINE_DIGITS);

    let expected = &file["ancova"];
    let adjusted = ancova(&helped, &other, CONFIDENCE).unwrap();
    close("adjusted", adjusted.difference.estimate, number(&expected["group_coef"]), NINE_DIGITS);
    close("standard error", adjusted.difference.standard_error, number(&expected["se"]), NINE_DIGITS);
    check_difference("adjusted", &adjusted.difference, expected);
    close("slope", adjusted.slope, number(&expected["slope_pre"]), NINE_DIGITS);
    close("residual SD", adjusted.residual_sd, number(&expected["residual_sd"]), NINE_DIGITS);
    let unconditional = adjusted.difference.estimate / post.pooled_sd;
    close("effect", unconditional, number(&expected["es_unconditional_pooled_sd"]), NINE_DIGITS);
    let g = adjusted_g(adjusted.difference.estimate, &helped, &other).unwrap();
    close("adjusted g", g, number(&expected["hedges_g"]), NINE_DIGITS);
}

#[test]
fn groups_too_small_or_too_even() {
    let pair = Pairs::new(&[10.0], &[12.0]).unwrap();
    let two = Pairs::new(&[10.0, 12.0], &[12.0, 13.0]).unwrap();
    assert_eq!(ancova(&pair, &two, CONFIDENCE), Err(Undefined::TooFew { needed: 4, found: 3 }));
    assert_eq!(gain_difference(&pair, &pair, CONFIDENCE), Err(Undefined::TooFew { needed: 3, found: 2 }));
    let even = Pairs::new(&[10.0, 10.0, 10.0], &[12.0, 13.0, 12.0]).unwrap();
    assert_eq!(ancova(&even, &even, CONFIDENCE), Err(Undefined::NoSpread));
    let flat = [5.0, 5.0];
    assert_eq!(standardised_difference(&flat, &flat, CONFIDENCE), Err(Undefined::NoSpread));
    assert_eq!(standardised_difference(&[], &flat, CONFIDENCE), Err(Undefined::TooFew { needed: 1, found: 0 }));
}
