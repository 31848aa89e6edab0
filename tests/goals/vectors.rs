//! The outcomes and T scores that were computed with other programs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use bandwise::change::goals::{GoalKind, RatedInstrument, gas_scores, outcome};
use bandwise::instrument::Better;

use super::given::{goal, n, number, rated, reliability, scale, score, target};

fn table(name: &str) -> Vec<BTreeMap<String, String>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name);
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

/// The vectors' words, and ours since.
fn word(label: &str) -> &str {
    match label {
        "met on the score, change within measurement error" => "at target, change too small to be sure",
        "deteriorated" => "got worse",
        "target already met at baseline" => "already met at baseline",
        same => same,
    }
}

#[test]
fn the_proposed_outcomes_come_out() {
    let rows = table("goal_outcome_proposed.csv");
    assert_eq!(rows.len(), 19);
    for row in rows {
        let (better, sign) = if row["better"] == "lower" { (Better::Lower, "<=") } else { (Better::Higher, ">=") };
        let error = reliability(row["sd"].parse().unwrap(), row["reliability"].parse().unwrap());
        let scale = scale(better, 70, None, Some(error));
        let goal = goal(target(&format!("{sign}{}", row["target"])));
        let (baseline, review) = (score(number(&row["pre"])), score(number(&row["review"])));
        let result = outcome(&goal, Some(&scale), &baseline, &review, None, None);
        assert_eq!(result.outcome.words(), word(&row["label"]), "{row:?}");
        assert_eq!(result.target_score, Some(number(&row["target"])));
    }
}

#[test]
fn goal_attainment_t_scores_come_out() {
    for row in table("gas_tscore.csv") {
        let goals: Vec<_> = row["x"]
            .split_whitespace()
            .zip(row["w"].split_whitespace())
            .map(|(level, weight)| {
                let mut goal = rated(RatedInstrument::Gas, target(">=0"), "-1", level);
                if let GoalKind::Rated { weight: of_goal, .. } = &mut goal.kind {
                    *of_goal = Some(number(weight));
                }
                goal
            })
            .collect();
        let scores = gas_scores(&goals);
        let [of_pupil] = scores.as_slice() else { panic!("{scores:?}") };
        let expected: f64 = row["T"].parse().unwrap();
        let found = of_pupil.review.unwrap();
        assert!((found - expected).abs() <= 1e-9 * expected, "{row:?}: {found}");
        let change = found - of_pupil.baseline.unwrap();
        assert!((of_pupil.change.unwrap() - change).abs() < 1e-12 && of_pupil.note.is_empty());
    }
}

/// Parent SDQ 22, mean 8.4, retest .7: 4.1 points with no help at all (`regression_to_mean.csv`).
#[test]
fn what_usually_happens_is_the_vectors_number() {
    let row = table("regression_to_mean.csv").into_iter().find(|row| row["pre"] == "22").unwrap();
    let figure = |name: &str| row[name].parse::<f64>().unwrap();
    let error = super::given::with_retest(reliability(5.8, 0.82), figure("population_mean"), figure("sd"), figure("retest_r"));
    let scale = scale(Better::Lower, 40, None, Some(error));
    let result = outcome(&goal(target("<=13")), Some(&scale), &score(n(22)), &score(n(13)), None, None);
    let points = -figure("expected_change").round();
    assert!(result.why.contains(&format!("often fall about {points:.0} points without help")), "{}", result.why);
}
