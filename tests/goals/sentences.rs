//! The sentence of why, word for word: what a teacher reads.

use bandwise::change::goals::{Goal, GoalKind, RatedInstrument, Repeat, Standing, Steps, outcome};
use bandwise::instrument::Better;
use bandwise::stats::measurement_error::Boundary;

use super::given::{
    band, banded, difficulties, goal, n, number, published, rated, reliability, scale, score, sessions, strengths, target, with_kind,
    with_retest,
};

fn why(x: i64, y: i64, written: &str) -> String {
    let scale = scale(Better::Lower, 40, None, Some(reliability(5.8, 0.82)));
    outcome(&goal(target(written)), Some(&scale), &score(n(x)), &score(n(y)), None, None).why
}

#[test]
fn of_a_scale_with_a_record() {
    for (x, y, written, expected) in [
        (
            22,
            13,
            "<=13",
            "The score fell from 22 to 13; the target was 13 or lower. A fall of 7 or more is more than the error of filling in the form once.",
        ),
        (
            18,
            13,
            "<=13",
            "The score fell from 18 to 13; the target was 13 or lower. A fall of less than 7 may be no more than the error of filling in the form once.",
        ),
        (
            22,
            15,
            "<=13",
            "The score fell from 22 to 15; the target was 13 or lower. A fall of 7 or more is more than the error of filling in the form once. The target is not reached.",
        ),
        (
            18,
            15,
            "<=13",
            "The score fell from 18 to 15; the target was 13 or lower. A fall of less than 7 may be no more than the error of filling in the form once. The gap of 2 to the target is too small to be sure too: look at other evidence.",
        ),
        (
            15,
            15,
            "<=13",
            "The score was 15 both times; the target was 13 or lower. A fall of 7 or more would be more than the error of filling in the form once. The gap of 2 to the target is too small to be sure: look at other evidence.",
        ),
        (
            18,
            18,
            "<=13",
            "The score was 18 both times; the target was 13 or lower. A fall of 7 or more would be more than the error of filling in the form once.",
        ),
        (
            18,
            20,
            "<=13",
            "The score rose from 18 to 20; the target was 13 or lower. A fall of 7 or more would be more than the error of filling in the form once.",
        ),
        (
            20,
            28,
            "<=13",
            "The score rose from 20 to 28; the target was 13 or lower. A rise of 7 or more is more than the error of filling in the form once.",
        ),
        (12, 12, "<=13", "The score was already 12 at baseline and was 12 at review; the target was 13 or lower. Set a new target."),
        (
            12,
            2,
            "<=13",
            "The score was already 12 at baseline and was 2 at review; the target was 13 or lower. Set a new target. A fall of 7 or more is more than the error of filling in the form once.",
        ),
        (
            12,
            15,
            "<=13",
            "The score rose from 12 to 15; the target was 13 or lower. The score was at the target at baseline and is not now. A rise of less than 7 may be no more than the error of filling in the form once. Look at other evidence.",
        ),
        (
            22,
            14,
            "-8",
            "The score fell from 22 to 14; the target was a fall of 8, to 14 or lower. A fall of 7 or more is more than the error of filling in the form once.",
        ),
        (
            5,
            0,
            "-8",
            "The score fell from 5 to 0; the target was a fall of 8, beyond the best score there is, 0. A fall of less than 7 may be no more than the error of filling in the form once. The gap of 3 to the target is too small to be sure too: look at other evidence.",
        ),
    ] {
        assert_eq!(why(x, y, written), expected);
    }
}

#[test]
fn with_bands_in_either_direction() {
    let (raised, lowered) = (difficulties(), strengths());
    let difficulties = scale(Better::Lower, 40, Some(&raised), Some(reliability(5.8, 0.82)));
    let strengths = scale(Better::Higher, 10, Some(&lowered), Some(published(2.66, Boundary::Exceeded)));
    let of = |goal: &Goal, scale, x: &Standing, y: &Standing| outcome(goal, Some(scale), x, y, None, None).why;
    assert_eq!(
        of(&goal(band(1, &raised)), &difficulties, &banded(22, &raised), &banded(15, &raised)),
        "The score fell from 22 (very high) to 15 (slightly raised); the target was at most slightly raised (16 or lower). A fall of 7 or more is more than the error of filling in the form once."
    );
    assert_eq!(
        of(&goal(target(">=8")), &strengths, &banded(5, &lowered), &banded(8, &lowered)),
        "The score rose from 5 (slightly lowered) to 8 (close to average); the target was 8 or higher. A rise of 3 or more is more than the error of filling in the form once. The threshold is a published one: a health service."
    );
    assert_eq!(
        of(&goal(target("+3")), &strengths, &banded(6, &lowered), &banded(3, &lowered)),
        "The score fell from 6 (close to average) to 3 (very low); the target was a rise of 3, to 9 or higher. A fall of 3 or more is more than the error of filling in the form once. The threshold is a published one: a health service."
    );
}

#[test]
fn what_usually_happens_is_said_where_it_is_known_and_the_pupil_got_better() {
    let error = with_retest(reliability(5.8, 0.82), 8.4, 5.8, 0.7);
    let scale = scale(Better::Lower, 40, None, Some(error));
    let of = |x, y| outcome(&goal(target("<=13")), Some(&scale), &score(n(x)), &score(n(y)), None, None).why;
    assert_eq!(
        of(22, 13),
        "The score fell from 22 to 13; the target was 13 or lower. A fall of 7 or more is more than the error of filling in the form once. Pupils who start this high often fall about 4 points without help."
    );
    assert!(!of(22, 30).contains("without help"));
    assert!(!of(9, 2).contains("without help"));
}

#[test]
fn without_a_record() {
    let scale = scale(Better::Higher, 10, None, None);
    let of = |x, y| outcome(&goal(target(">=8")), Some(&scale), &score(n(x)), &score(n(y)), None, None).why;
    for (x, y, expected) in [
        (5, 8, "The score rose from 5 to 8; the target was 8 or higher. The score alone decides: no measurement error is on record."),
        (
            4,
            6,
            "The score rose from 4 to 6; the target was 8 or higher. That is at least half of the way to the target. The score alone decides: no measurement error is on record.",
        ),
        (
            4,
            5,
            "The score rose from 4 to 5; the target was 8 or higher. That is less than half of the way to the target. The score alone decides: no measurement error is on record.",
        ),
        (4, 2, "The score fell from 4 to 2; the target was 8 or higher. The score alone decides: no measurement error is on record."),
        (
            8,
            7,
            "The score fell from 8 to 7; the target was 8 or higher. The score was at the target at baseline and is not now. The score alone decides: no measurement error is on record.",
        ),
    ] {
        assert_eq!(of(x, y), expected);
    }
}

#[test]
fn of_ratings() {
    let none = Standing::NoResponse;
    let of = |goal: &Goal| outcome(goal, None, &none, &none, None, None).why;
    for (instrument, x, y, written, expected) in [
        (
            RatedInstrument::Gbo,
            "5",
            "8",
            ">=8",
            "The rating rose from 5 to 8; the target was 8 or higher. A rise of 3 or more is what NHS England counts as reliable.",
        ),
        (
            RatedInstrument::Gbo,
            "6",
            "8",
            ">=8",
            "The rating rose from 6 to 8; the target was 8 or higher. A rise of less than 3 is not what NHS England counts as reliable.",
        ),
        (
            RatedInstrument::Gbo,
            "5",
            "5",
            ">=8",
            "The rating was 5 both times; the target was 8 or higher. A rise of 3 or more would be what NHS England counts as reliable.",
        ),
        (
            RatedInstrument::Gbo,
            "5",
            "",
            "+3",
            "The rating was 5 at baseline; there is no review rating yet. The target was a rise of 3, to 8 or higher.",
        ),
        (
            RatedInstrument::Gbo,
            "",
            "7",
            "+3",
            "There is no baseline rating to compare with. The rating was 7 at review; the target was a rise of 3.",
        ),
        (
            RatedInstrument::Gas,
            "-1",
            "0",
            ">=0",
            "The level rose from -1 to 0; the target was 0 or higher. GAS levels are compared directly: no measurement error is on record.",
        ),
    ] {
        assert_eq!(of(&rated(instrument, target(written), x, y)), expected);
    }
}

#[test]
fn of_goals_that_cannot_be_judged() {
    let bands = difficulties();
    let scale = scale(Better::Lower, 40, Some(&bands), Some(reliability(5.8, 0.82)));
    let (none, x, y) = (Standing::NoResponse, banded(22, &bands), banded(13, &bands));
    let unscored = Standing::NotScored("2 of 5 answered, 3 needed".into());
    let plain = goal(target("<=13"));
    let mut changed = plain.clone();
    changed.repeat = Repeat::OtherTarget;
    let unreadable = with_kind(GoalKind::Unreadable("sdq-t4-17 has no scale `totl`".into()));
    for (goal, baseline, review, incomparable, expected) in [
        (&plain, &x, &none, None, "The score was 22 (very high) at baseline; there is no review score yet. The target was 13 or lower."),
        (&plain, &none, &none, None, "There is no review score yet, and none at baseline. The target was 13 or lower."),
        (
            &plain,
            &unscored,
            &none,
            None,
            "There is no review score yet, and none at baseline: 2 of 5 answered, 3 needed. The target was 13 or lower.",
        ),
        (
            &plain,
            &none,
            &y,
            None,
            "There is no baseline score to compare with. The score was 13 (close to average) at review; the target was 13 or lower.",
        ),
        (
            &plain,
            &x,
            &unscored,
            None,
            "There is no score at review: 2 of 5 answered, 3 needed. The score was 22 (very high) at baseline; the target was 13 or lower.",
        ),
        (&plain, &unscored, &unscored, None, "There is no score at baseline: 2 of 5 answered, 3 needed. The target was 13 or lower."),
        (
            &plain,
            &x,
            &y,
            Some("a parent filled in one, a teacher the other"),
            "The score was 22 (very high) at baseline and 13 (close to average) at review; the target was 13 or lower. The two cannot be compared: a parent filled in one, a teacher the other.",
        ),
        (
            &changed,
            &x,
            &y,
            None,
            "This goal stands in the file with another target too, and which of them counts cannot be told. The score was 22 (very high) at baseline and 13 (close to average) at review; the target was 13 or lower.",
        ),
        (
            &goal(band(1, &bands)),
            &score(n(22)),
            &score(n(13)),
            None,
            "The score was 22 at baseline and 13 at review; the target was at most slightly raised (16 or lower). No band can be given to this pupil's scores.",
        ),
        (&goal(target("<=50")), &x, &y, None, "This goal cannot be judged: the target lies outside the scale: a score is from 0 to 40."),
        (&unreadable, &x, &y, None, "This goal cannot be judged: sdq-t4-17 has no scale `totl`."),
    ] {
        assert_eq!(outcome(goal, Some(&scale), baseline, review, incomparable, None).why, expected);
    }
}

#[test]
fn sessions_are_named_whenever_both_figures_are_there() {
    let scale = scale(Better::Lower, 40, None, None);
    for (had, planned, expected) in [
        ("3", "12", "3 of 12 planned sessions were had."),
        ("1", "12", "1 of 12 planned sessions was had."),
        ("0", "12", "0 of 12 planned sessions were had."),
    ] {
        let mut goal = goal(target("<=13"));
        goal.sessions = Some(sessions(had, planned));
        let judged = outcome(&goal, Some(&scale), &score(n(22)), &score(n(22)), None, None).why;
        let open = outcome(&goal, Some(&scale), &score(n(22)), &Standing::NoResponse, None, None).why;
        assert!(judged.ends_with(expected) && open.ends_with(expected), "{judged}\n{open}");
    }
}

#[test]
fn of_scores_that_are_not_whole() {
    let scale = scale(Better::Lower, 5, None, Some(reliability(0.5, 0.9)));
    let goal = with_kind(GoalKind::Scale { scale: 0, target: target("<=2.5"), steps: Steps::Any });
    let of = |x: &str, y: &str| outcome(&goal, Some(&scale), &score(number(x)), &score(number(y)), None, None).why;
    assert_eq!(
        of("3.25", "2.5"),
        "The score fell from 3.25 to 2.5; the target was 2.5 or lower. A fall of more than 0.44 is more than the error of filling in the form once."
    );
    assert_eq!(
        of("2.75", "2.5"),
        "The score fell from 2.75 to 2.5; the target was 2.5 or lower. A fall of 0.44 or less may be no more than the error of filling in the form once."
    );
}

/// Nothing that a comparison cannot know: no cause, no chance.
#[test]
fn no_sentence_claims_a_cause() {
    for y in 0..=40 {
        let said = why(20, y, "<=13").to_lowercase();
        for word in ["because", "unlikely", "chance", "wobble", "worked", "effect", "thanks", "significant"] {
            assert!(!said.contains(word), "{said}");
        }
    }
}
