//! Goal attainment: one score for the goals that a pupil has, in whatever order they stand and however many they are.

use bandwise::instrument::{Instrument, Number, Pupil};
use bandwise::matching::Answer;
use bandwise::scoring::{Absence, Outcome, ScaleScore, Scorer};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::forms::built_in;
use crate::reading::cases;

const GOALS: usize = 5;

/// One goal: its rating from -2 to 2 and its weight from 1 to 4, each of which may be missing.
type Goal = (Option<i8>, Option<u8>);

fn goals() -> impl Strategy<Value = Vec<Goal>> {
    vec((prop::option::weighted(0.8, -2_i8..=2), prop::option::weighted(0.9, 1_u8..=4)), GOALS)
}

/// Goals of which each has a rating and a weight.
fn whole_goals() -> impl Strategy<Value = Vec<(i8, u8)>> {
    vec((-2_i8..=2, 1_u8..=4), 1..=GOALS)
}

fn of(goals: &[(i8, u8)]) -> Vec<Goal> {
    goals.iter().map(|(rating, weight)| (Some(*rating), Some(*weight))).collect()
}

/// The score of goals; those that the list does not have are parts that the file does not have.
fn scored(id: &str, goals: &[Goal]) -> ScaleScore {
    scored_with(id, goals, goals.len())
}

fn scored_with(id: &str, goals: &[Goal], asked: usize) -> ScaleScore {
    let instrument = built_in(id);
    let mut answers = vec![Answer::Blank; instrument.items.len()];
    let mut put = |name: String, code: Option<u16>| {
        if let (Some(item), Some(code)) = (instrument.item(&name), code) {
            answers[item] = Answer::Given(code);
        }
    };
    for (number, (rating, weight)) in (1..).zip(goals) {
        put(format!("goal{number}"), rating.map(|rating| u16::try_from(rating + 2).unwrap()));
        put(format!("w{number}"), weight.map(|weight| u16::from(weight - 1)));
    }
    let mut scores = Vec::new();
    Scorer::new(instrument, &[]).score(&answers, &parts_of(instrument, asked), &Pupil::default(), &mut scores);
    scores[instrument.main_scale().unwrap()]
}

/// The first goal is always there; each other one is a part that a file may lack.
fn parts_of(instrument: &Instrument, asked: usize) -> Vec<bool> {
    (0..instrument.blocks.len()).map(|block| block + 1 < asked).collect()
}

const FORMS: [&str; 2] = ["gas", "gas-weighted"];

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn the_order_of_goals_does_not_matter((goals, shuffled) in goals().prop_flat_map(|goals| (Just(goals.clone()), Just(goals).prop_shuffle()))) {
        for id in FORMS {
            prop_assert_eq!(scored(id, &goals), scored(id, &shuffled), "{}", id);
        }
    }

    /// A goal that was not rated, whatever its weight, is no goal: not a nought, and no missing answer.
    #[test]
    fn a_goal_without_a_rating_is_left_out(goals in goals()) {
        let rated: Vec<Goal> = goals.iter().copied().filter(|(rating, _)| rating.is_some()).collect();
        for id in FORMS {
            let score = scored(id, &goals);
            prop_assert_eq!(usize::from(score.answered), rated.len());
            if rated.is_empty() {
                prop_assert_eq!(score.outcome, Outcome::Absent(Absence::TooFew { needed: 1 }));
            } else {
                prop_assert_eq!(score, scored(id, &rated));
                prop_assert_eq!(score, scored_with(id, &rated, GOALS), "a blank goal is as one that the file does not have");
            }
            // A weight without a rating says nothing; a rating without a weight, in a form with weights, is not guessed at.
            let is_weighted = id == "gas" || rated.iter().all(|(_, weight)| weight.is_some());
            prop_assert_eq!(score.outcome == Outcome::Absent(Absence::Unweighted), !is_weighted);
            prop_assert_eq!(matches!(score.outcome, Outcome::Complete(_)), is_weighted && !rated.is_empty());
        }
    }

    /// T = 50 + 10 Σwx / √((1 - 0.3) Σw² + 0.3 (Σw)²) (Kiresuk & Sherman 1968), to two decimals.
    #[test]
    fn t_is_the_formula_of_kiresuk_and_sherman(goals in whole_goals()) {
        for (id, is_weighted) in [("gas", false), ("gas-weighted", true)] {
            let weight = |weight: u8| if is_weighted { f64::from(weight) } else { 1.0 };
            let above: f64 = goals.iter().map(|(rating, given)| weight(*given) * f64::from(*rating)).sum();
            let (weights, squares): (f64, f64) = goals.iter().map(|(_, given)| (weight(*given), weight(*given).powi(2))).fold((0.0, 0.0), |sums, both| (sums.0 + both.0, sums.1 + both.1));
            let expected = 50.0 + 10.0 * above / (0.7 * squares + 0.3 * weights * weights).sqrt();
            let t = scored(id, &of(&goals)).value().unwrap();
            prop_assert!((t.to_f64() - expected).abs() < 0.005_000_1, "{}: {} is not {}", id, t, expected);
            prop_assert_eq!(100 % t.under(), 0, "two decimals at most");
        }
    }

    #[test]
    fn weights_that_are_all_the_same_change_nothing(goals in whole_goals(), weight in 1_u8..=4) {
        let alike: Vec<Goal> = goals.iter().map(|(rating, _)| (Some(*rating), Some(weight))).collect();
        prop_assert_eq!(scored("gas-weighted", &alike).outcome, scored("gas", &alike).outcome);
    }

    /// One level up on any goal raises T; every level turned round turns T round 50.
    #[test]
    fn a_goal_that_went_better_raises_t(goals in whole_goals(), which in any::<prop::sample::Index>()) {
        let which = which.index(goals.len());
        let mut better = goals.clone();
        better[which].0 = (better[which].0 + 1).min(2);
        let turned: Vec<(i8, u8)> = goals.iter().map(|(rating, weight)| (-rating, *weight)).collect();
        for id in FORMS {
            let t = |goals: &[(i8, u8)]| scored(id, &of(goals)).value().unwrap();
            prop_assert!(better == goals || t(&better) > t(&goals));
            prop_assert_eq!(t(&goals) + t(&turned), Number::whole(100));
        }
    }
}
