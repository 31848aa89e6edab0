//! The table of steps: every outcome, every reason to stop before it, overdue reviews.

use bandwise::change::goals::{GoalKind, GoalOutcome, Overdue, RatedInstrument, Repeat, Standing, Steps, Target, outcome};
use bandwise::instrument::{Bands, Better, Number};
use bandwise::stats::measurement_error::Boundary;
use jiff::civil::date;

use super::given::{
    band, banded, difficulties, goal, n, number, published, rated, reliability, scale, score, strengths, target, with_kind,
};

/// SD 5.8 and r .82: a clear change is 7 points, a near miss is less than 4.05.
#[test]
fn with_measurement_error_on_record() {
    let (lower, higher) =
        (scale(Better::Lower, 40, None, Some(reliability(5.8, 0.82))), scale(Better::Higher, 60, None, Some(reliability(8.5, 0.87))));
    for (x, y, written, expected) in [
        (22, 13, "<=13", "met"),
        (22, 15, "<=15", "met"),
        (22, 16, "<=16", "at target, change too small to be sure"),
        (14, 13, "<=13", "at target, change too small to be sure"),
        (22, 15, "<=13", "partly met"),
        (22, 16, "<=13", "cannot tell"),
        (18, 17, "<=13", "cannot tell"),
        (22, 18, "<=13", "not met"),
        (18, 18, "<=13", "not met"),
        (15, 15, "<=13", "cannot tell"),
        (15, 16, "<=13", "cannot tell"),
        (15, 18, "<=13", "not met"),
        (20, 26, "<=13", "not met"),
        (20, 27, "<=13", "got worse"),
        (6, 13, "<=13", "got worse"),
        (12, 12, "<=13", "already met at baseline"),
        (13, 13, "<=13", "already met at baseline"),
        (13, 2, "<=13", "already met at baseline"),
        (8, 13, "<=13", "already met at baseline"),
        (13, 14, "<=13", "no longer at target"),
        (8, 14, "<=13", "no longer at target"),
        (7, 14, "<=13", "got worse"),
        (22, 15, "-7", "met"),
        (22, 16, "-6", "at target, change too small to be sure"),
        (22, 15, "-9", "partly met"),
        (22, 22, "-3", "cannot tell"),
        (22, 22, "-9", "not met"),
    ] {
        let result = outcome(&goal(target(written)), Some(&lower), &score(n(x)), &score(n(y)), None, None);
        assert_eq!(result.outcome.words(), expected, "{x} to {y}, {written}");
    }
    for (x, y, written, expected) in [
        (38, 48, ">=46", "met"),
        (38, 46, ">=46", "at target, change too small to be sure"),
        (38, 47, "+9", "met"),
        (38, 50, ">=55", "partly met"),
        (44, 33, ">=50", "got worse"),
        (50, 45, ">=50", "no longer at target"),
        (50, 52, ">=50", "already met at baseline"),
        (44, 44, ">=50", "not met"),
        (44, 46, ">=50", "cannot tell"),
    ] {
        let result = outcome(&goal(target(written)), Some(&higher), &score(n(x)), &score(n(y)), None, None);
        assert_eq!(result.outcome.words(), expected, "{x} to {y}, {written}");
    }
}

/// Half of the way counts, and nobody got worse.
#[test]
fn with_no_measurement_error_on_record() {
    let scale = scale(Better::Lower, 40, None, None);
    for (x, y, written, expected) in [
        (22, 13, "<=13", "met"),
        (14, 13, "<=13", "met"),
        (22, 17, "<=13", "partly met"),
        (22, 18, "<=14", "partly met"),
        (22, 18, "<=13", "not met"),
        (22, 22, "<=13", "not met"),
        (22, 40, "<=13", "not met"),
        (12, 11, "<=13", "already met at baseline"),
        (12, 30, "<=13", "no longer at target"),
        (22, 20, "-4", "partly met"),
        (22, 21, "-4", "not met"),
    ] {
        let result = outcome(&goal(target(written)), Some(&scale), &score(n(x)), &score(n(y)), None, None);
        assert_eq!(result.outcome.words(), expected, "{x} to {y}, {written}");
        assert_eq!(result.threshold, None);
        assert!(result.why.ends_with("no measurement error is on record."), "{}", result.why);
    }
}

/// A published threshold counts as it says: reached or exceeded. Its SEM is the threshold divided by 2.7718.
#[test]
fn a_published_threshold_stands_in() {
    for (boundary, points, review, expected) in [
        (Boundary::Reached, 4.0, 6, "met"),
        (Boundary::Exceeded, 4.0, 6, "at target, change too small to be sure"),
        (Boundary::Exceeded, 3.17, 6, "met"),
        (Boundary::Exceeded, 3.17, 7, "cannot tell"),
    ] {
        let scale = scale(Better::Lower, 10, None, Some(published(points, boundary)));
        let result = outcome(&goal(target("<=6")), Some(&scale), &score(n(10)), &score(n(review)), None, None);
        assert_eq!(result.outcome.words(), expected, "{boundary:?} {points}");
        assert!(result.why.contains("The threshold is a published one: a health service."), "{}", result.why);
    }
}

#[test]
fn goal_based_outcomes_need_three_points() {
    for (x, y, written, expected) in [
        ("5", "8", ">=8", "met"),
        ("6", "8", ">=8", "at target, change too small to be sure"),
        ("5", "8", ">=9", "partly met"),
        ("5", "7", ">=8", "cannot tell"),
        ("5", "6", ">=8", "not met"),
        ("5", "2", ">=8", "got worse"),
        ("5", "3", ">=8", "not met"),
        ("8", "8", ">=8", "already met at baseline"),
        ("8", "7", ">=8", "no longer at target"),
        ("2", "5", "+3", "met"),
        ("2.5", "5.5", "+3", "met"),
        ("5", "", ">=8", "not reviewed"),
        ("", "8", ">=8", "cannot tell"),
        ("", "", ">=8", "not reviewed"),
    ] {
        let goal = rated(RatedInstrument::Gbo, target(written), x, y);
        let result = outcome(&goal, None, &Standing::NoResponse, &Standing::NoResponse, Some("another informant"), None);
        assert_eq!(result.outcome.words(), expected, "{x} to {y}, {written}");
    }
}

#[test]
fn goal_attainment_levels_are_compared_directly() {
    for (x, y, written, expected) in [
        ("-1", "0", ">=0", "met"),
        ("-2", "-1", ">=0", "partly met"),
        ("-1", "-1", ">=0", "not met"),
        ("-1", "-2", ">=0", "not met"),
        ("0", "1", ">=0", "already met at baseline"),
        ("0", "-1", ">=0", "no longer at target"),
        ("-2", "0", "+2", "met"),
    ] {
        let goal = rated(RatedInstrument::Gas, target(written), x, y);
        let result = outcome(&goal, None, &Standing::NoResponse, &Standing::NoResponse, None, None);
        assert_eq!(result.outcome.words(), expected, "{x} to {y}, {written}");
    }
}

/// A one-point move across the edge of a band is never "met".
#[test]
fn bands_as_targets() {
    let (raised, lowered) = (difficulties(), strengths());
    let difficulties = scale(Better::Lower, 40, Some(&raised), Some(reliability(5.8, 0.82)));
    let strengths = scale(Better::Higher, 10, Some(&lowered), Some(published(3.0, Boundary::Reached)));
    let check = |x: i64, y: i64, level: usize, scale, bands: &Bands, expected: &str, aim: i64| {
        let result = outcome(&goal(band(level, bands)), Some(scale), &banded(x, bands), &banded(y, bands), None, None);
        assert_eq!((result.outcome.words(), result.target_score), (expected, Some(n(aim))), "{x} to {y}, level {level}");
    };
    check(17, 16, 1, &difficulties, &raised, "at target, change too small to be sure", 16);
    check(23, 16, 1, &difficulties, &raised, "met", 16);
    check(23, 17, 1, &difficulties, &raised, "cannot tell", 16);
    check(30, 21, 0, &difficulties, &raised, "partly met", 13);
    check(14, 17, 1, &difficulties, &raised, "no longer at target", 16);
    check(25, 25, 3, &difficulties, &raised, "already met at baseline", 40);
    check(3, 6, 0, &strengths, &lowered, "met", 6);
    check(4, 5, 1, &strengths, &lowered, "at target, change too small to be sure", 5);
    check(1, 4, 1, &strengths, &lowered, "partly met", 5);
    check(6, 5, 0, &strengths, &lowered, "no longer at target", 6);
}

/// Where scores are not whole there is no last score before a band's edge: the edge itself is outside.
#[test]
fn bands_of_scales_with_any_scores() {
    let bands = Bands::same(vec!["usual".into(), "raised".into()], vec![number("2.5")], Better::Lower);
    let scale = scale(Better::Lower, 5, Some(&bands), None);
    let goal = with_kind(GoalKind::Scale { scale: 0, target: band(0, &bands), steps: Steps::Any });
    let standing = |text: &str| Standing::Score { score: number(text), level: bands.level(number(text), None) };
    for (x, y, expected) in
        [("4", "2.4", "met"), ("4", "2.5", "partly met"), ("2.5", "2.5", "not met"), ("2.4", "2.4", "already met at baseline")]
    {
        let result = outcome(&goal, Some(&scale), &standing(x), &standing(y), None, None);
        assert_eq!(result.outcome.words(), expected, "{x} to {y}");
    }
}

/// A missing review is never "not met", and what cannot be compared is never judged.
#[test]
fn reasons_to_stop() {
    let bands = difficulties();
    let with_bands = scale(Better::Lower, 40, Some(&bands), Some(reliability(5.8, 0.82)));
    let without = scale(Better::Lower, 40, None, Some(reliability(5.8, 0.82)));
    let (none, scored) = (Standing::NoResponse, score(n(22)));
    let unscored = Standing::NotScored("2 of 5 answered, 3 needed".into());
    let plain = goal(target("<=13"));
    let mut changed = plain.clone();
    changed.repeat = Repeat::OtherTarget;
    let mut repeated = plain.clone();
    repeated.repeat = Repeat::SameTarget;
    let unreadable = with_kind(GoalKind::Unreadable("the target cannot be read: there is no target".into()));
    let by_band = goal(band(1, &bands));
    let reason = Some("another informant");
    for (goal, scale, baseline, review, incomparable, expected) in [
        (&plain, Some(&without), &scored, &none, None, "not reviewed"),
        (&plain, Some(&without), &none, &none, None, "not reviewed"),
        (&plain, Some(&without), &unscored, &none, None, "not reviewed"),
        (&plain, Some(&without), &scored, &none, reason, "not reviewed"),
        (&plain, Some(&without), &none, &scored, None, "cannot tell"),
        (&plain, Some(&without), &unscored, &scored, None, "cannot tell"),
        (&plain, Some(&without), &scored, &unscored, None, "cannot tell"),
        (&plain, Some(&without), &scored, &scored, reason, "cannot tell"),
        (&plain, None, &scored, &scored, None, "cannot tell"),
        (&changed, Some(&without), &scored, &scored, None, "cannot tell"),
        (&changed, Some(&without), &scored, &none, None, "not reviewed"),
        (&repeated, Some(&without), &scored, &scored, None, "not met"),
        (&unreadable, Some(&without), &scored, &none, None, "cannot tell"),
        (&by_band, Some(&with_bands), &scored, &scored, None, "cannot tell"),
        (&by_band, Some(&without), &scored, &scored, None, "cannot tell"),
        (&goal(target(">=13")), Some(&without), &scored, &scored, None, "cannot tell"),
        (&goal(target("+3")), Some(&without), &scored, &scored, None, "cannot tell"),
        (&goal(target("<=41")), Some(&without), &scored, &scored, None, "cannot tell"),
        (&goal(target("-41")), Some(&without), &scored, &scored, None, "cannot tell"),
    ] {
        let result = outcome(goal, scale, baseline, review, incomparable, None);
        assert_eq!(result.outcome.words(), expected, "{:?}: {}", goal.kind, result.why);
    }
}

#[test]
fn overdue_is_told_by_the_day_that_the_user_names() {
    let scale = scale(Better::Lower, 40, None, None);
    let (none, scored) = (Standing::NoResponse, score(n(22)));
    for (review_by, on, review, expected) in [
        (Some(date(2026, 7, 1)), Some(date(2026, 7, 2)), &none, "yes"),
        (Some(date(2026, 7, 1)), Some(date(2026, 7, 1)), &none, "no"),
        (Some(date(2026, 7, 1)), Some(date(2026, 7, 2)), &scored, "no"),
        (None, Some(date(2026, 7, 2)), &none, ""),
        (Some(date(2026, 7, 1)), None, &none, ""),
    ] {
        let mut goal = goal(target("<=13"));
        goal.review_by = review_by;
        let result = outcome(&goal, Some(&scale), &scored, review, None, on);
        assert_eq!(result.overdue.words(), expected, "{review_by:?} on {on:?}");
    }
    assert_eq!([Overdue::Yes, Overdue::No, Overdue::Empty].map(Overdue::words), ["yes", "no", ""]);
}

#[test]
fn the_outcome_words_are_a_promise() {
    assert_eq!(
        GoalOutcome::ALL.map(GoalOutcome::words),
        [
            "met",
            "at target, change too small to be sure",
            "partly met",
            "not met",
            "got worse",
            "already met at baseline",
            "no longer at target",
            "cannot tell",
            "not reviewed",
        ]
    );
    // Exact numbers: a third is a third.
    let third = Number::ratio(1, 3).unwrap();
    let goal = with_kind(GoalKind::Scale { scale: 0, target: Target::Fall(third), steps: Steps::Any });
    let scale = scale(Better::Lower, 1, None, None);
    assert_eq!(outcome(&goal, Some(&scale), &score(third), &score(n(0)), None, None).outcome, GoalOutcome::Met);
}
