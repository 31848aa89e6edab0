//! Laws that hold for every goal.

use bandwise::change::goals::{Goal, GoalOutcome, GoalScale, RatedInstrument, Standing, Target, outcome, realism};
use bandwise::instrument::{Bands, Better};
use proptest::prelude::*;

use super::given::{band, banded, difficulties, goal, n, number, rated, read, reliability, scale, score, target};

const HIGHEST: i64 = 40;

/// The same scale read from its other end.
fn mirrored_bands(bands: &Bands) -> Bands {
    let edges = bands.edges(None).unwrap_or_default().iter().map(|edge| n(HIGHEST) - *edge).collect();
    Bands::same(bands.levels.clone(), edges, Better::Higher)
}

fn mirrored(target: &Target) -> Target {
    match target {
        Target::AtMost(score) => Target::AtLeast(n(HIGHEST) - *score),
        Target::Fall(points) => Target::Rise(*points),
        other => other.clone(),
    }
}

fn targets() -> impl Strategy<Value = Target> {
    prop_oneof![
        (0..=HIGHEST).prop_map(|score| Target::AtMost(n(score))),
        (1..=HIGHEST).prop_map(|points| Target::Fall(n(points))),
        (0..4_usize).prop_map(|level| band(level, &difficulties())),
    ]
}

fn row() -> impl Strategy<Value = String> {
    let scales = prop_oneof![Just("total"), Just("prosocial"), Just(""), Just("gas"), Just("nonsense")];
    let targets = prop_oneof![Just("<=13"), Just(">=8"), Just("-4"), Just("+1"), Just("band<=high"), Just("13"), Just("")];
    let rating = || prop_oneof![Just(""), Just("1"), Just("8"), Just("-1"), Just("x")];
    (scales, targets, rating(), rating()).prop_map(|(scale, target, baseline, review)| format!("{scale},{target},{baseline},{review}"))
}

/// What is said of each goal of a file, all pupils having had 22 and 15.
fn said(rows: &[String]) -> Vec<String> {
    let rows: Vec<String> = rows.iter().enumerate().map(|(index, row)| format!("P{},goal {index},{row}\n", index % 2)).collect();
    let (file, _) = read(&format!("pupil_id,goal,scale,target,baseline,review\n{}", rows.concat()));
    let scale = scale(Better::Lower, HIGHEST, None, Some(reliability(5.8, 0.82)));
    let say = |goal: &Goal| format!("{:?}", outcome(goal, Some(&scale), &score(n(22)), &score(n(15)), None, None));
    file.goals.iter().map(say).collect()
}

fn judged(goal: &Goal, scale: &GoalScale<'_>, x: &Standing, y: &Standing) -> GoalOutcome {
    outcome(goal, Some(scale), x, y, None, None).outcome
}

proptest! {
    #[test]
    fn a_mirrored_scale_has_the_same_outcomes(x in 0..=HIGHEST, y in 0..=HIGHEST, target in targets(), recorded in any::<bool>()) {
        let bands = difficulties();
        let other = mirrored_bands(&bands);
        let error = recorded.then(|| reliability(5.8, 0.82));
        let lower = scale(Better::Lower, HIGHEST, Some(&bands), error.clone());
        let higher = scale(Better::Higher, HIGHEST, Some(&other), error);
        let (x_mirrored, y_mirrored) = (banded(HIGHEST - x, &other), banded(HIGHEST - y, &other));
        let (one, two) = (goal(target.clone()), goal(mirrored(&target)));
        prop_assert_eq!(
            judged(&one, &lower, &banded(x, &bands), &banded(y, &bands)),
            judged(&two, &higher, &x_mirrored, &y_mirrored)
        );
        let words = |goal, scale, standing| realism(goal, Some(scale), standing).checks.into_iter().map(|check| check.word).collect::<Vec<_>>();
        let x_plain = banded(x, &bands);
        prop_assert_eq!(words(&one, &lower, &x_plain), words(&two, &higher, &x_mirrored));
    }

    #[test]
    fn another_goal_changes_no_goal_before_it(rows in prop::collection::vec(row(), 1..6), more in row()) {
        let before = said(&rows);
        let with_more: Vec<String> = rows.iter().cloned().chain([more]).collect();
        prop_assert_eq!(&said(&with_more)[..before.len()], &before[..]);
    }

    #[test]
    fn a_move_within_error_is_never_met_or_got_worse(x in 0..=HIGHEST, step in -6..=6_i64, target in targets()) {
        let bands = difficulties();
        let scale = scale(Better::Lower, HIGHEST, Some(&bands), Some(reliability(5.8, 0.82)));
        let y = (x + step).clamp(0, HIGHEST);
        let outcome = judged(&goal(target), &scale, &banded(x, &bands), &banded(y, &bands));
        prop_assert!(!matches!(outcome, GoalOutcome::Met | GoalOutcome::PartlyMet | GoalOutcome::GotWorse), "{:?}", outcome);
    }

    #[test]
    fn a_better_review_is_never_a_worse_outcome(x in 0..=HIGHEST, y in 1..=HIGHEST, aim in 0..=HIGHEST, recorded in any::<bool>()) {
        let scale = scale(Better::Lower, HIGHEST, None, recorded.then(|| reliability(5.8, 0.82)));
        let goal = goal(Target::AtMost(n(aim)));
        let rank = |y| match judged(&goal, &scale, &score(n(x)), &score(n(y))) {
            GoalOutcome::GotWorse => 0,
            GoalOutcome::NotMet | GoalOutcome::NoLongerAtTarget => 1,
            GoalOutcome::CannotTell => 2,
            GoalOutcome::PartlyMet => 3,
            GoalOutcome::AtTarget => 4,
            GoalOutcome::Met | GoalOutcome::AlreadyMet => 5,
            GoalOutcome::NotReviewed => 6,
        };
        // Short of the target "partly met" and at it "too small to be sure" rest on different questions, so only each side is ordered.
        let same_side = (y <= aim) == (y - 1 <= aim);
        prop_assert!(!same_side || rank(y - 1) >= rank(y), "{} {} {}", x, y, aim);
    }

    #[test]
    fn a_missing_review_is_never_judged(x in 0..=HIGHEST, target in targets()) {
        let bands = difficulties();
        let scale = scale(Better::Lower, HIGHEST, Some(&bands), None);
        prop_assert_eq!(judged(&goal(target), &scale, &banded(x, &bands), &Standing::NoResponse), GoalOutcome::NotReviewed);
    }

    #[test]
    fn any_text_is_read_or_reported(scale in "\\PC{0,6}", target in "\\PC{0,12}", rating in "[-+0-9.]{0,12}", tail in "[-+<=0-9.]{0,24}") {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let text = format!(
            "pupil_id,goal,scale,target,baseline,review\nA,one,{},{},{rating},{rating}\nA,two,gbo,{tail},{rating},{rating}\nA,three,total,{tail},,\n",
            quoted(&scale),
            quoted(&target)
        );
        let (file, _) = read(&text);
        let form = super::given::scale(Better::Lower, HIGHEST, None, Some(reliability(5.8, 0.82)));
        for goal in &file.goals {
            prop_assert!(!outcome(goal, Some(&form), &score(n(22)), &score(number("20.5")), None, None).why.is_empty());
            prop_assert!(!realism(goal, Some(&form), &score(n(22))).checks.is_empty());
        }
    }
}

#[test]
fn ratings_do_not_look_at_the_forms() {
    let goal = rated(RatedInstrument::Gbo, target(">=8"), "5", "8");
    let scale = scale(Better::Lower, HIGHEST, None, None);
    assert_eq!(judged(&goal, &scale, &score(n(1)), &score(n(30))), GoalOutcome::Met);
}
