//! Before the support starts: what speaks against a target.

use bandwise::change::goals::{RatedInstrument, RealismWord, Standing, check_targets, realism};
use bandwise::findings::Findings;
use bandwise::instrument::Better;

use super::given::{All, goal, n, places, rated, read, reliability, scale, score, target, with_retest};

#[test]
fn each_check_has_its_word() {
    let plain = reliability(5.8, 0.82);
    let known = scale(Better::Lower, 40, None, Some(with_retest(plain.clone(), 8.4, 5.8, 0.7)));
    let recorded = scale(Better::Lower, 40, None, Some(plain));
    let unrecorded = scale(Better::Lower, 40, None, None);
    for (scale, x, written, expected, overall) in [
        (
            &known,
            22,
            "<=13",
            "inside the scale, not yet met, room for a clear change, large enough to be seen, more than usual",
            "nothing against it",
        ),
        (
            &known,
            22,
            "-4",
            "inside the scale, not yet met, room for a clear change, too small to be sure, no more than usual",
            "too small to be sure",
        ),
        (
            &known,
            40,
            "-9",
            "inside the scale, not yet met, room for a clear change, large enough to be seen, no more than usual",
            "no more than usual",
        ),
        (
            &known,
            8,
            "-8",
            "inside the scale, not yet met, room for a clear change, large enough to be seen, more than usual",
            "nothing against it",
        ),
        (&recorded, 22, "<=13", "inside the scale, not yet met, room for a clear change, large enough to be seen", "nothing against it"),
        (&recorded, 16, "<=13", "inside the scale, not yet met, room for a clear change, too small to be sure", "too small to be sure"),
        (&recorded, 6, "<=2", "inside the scale, not yet met, too near the best score, too small to be sure", "too near the best score"),
        (&recorded, 12, "<=13", "inside the scale, already met, room for a clear change", "already met"),
        (&recorded, 5, "-8", "outside the scale, not yet met, too near the best score, large enough to be seen", "outside the scale"),
        (&recorded, 5, "<=41", "outside the scale", "outside the scale"),
        (&recorded, 5, ">=13", "cannot tell", "cannot tell"),
        (&unrecorded, 22, "<=13", "inside the scale, not yet met, no measurement error on record", "no measurement error on record"),
        (&unrecorded, 12, "<=13", "inside the scale, already met, no measurement error on record", "already met"),
    ] {
        let found = realism(&goal(target(written)), Some(scale), &score(n(x)));
        let words: Vec<&str> = found.checks.iter().map(|check| check.word.words()).collect();
        assert_eq!((words.join(", ").as_str(), found.word().words()), (expected, overall), "{x}, {written}");
    }
}

#[test]
fn each_check_has_its_sentence() {
    let error = with_retest(reliability(5.8, 0.82), 8.4, 5.8, 0.7);
    let scale = scale(Better::Lower, 40, None, Some(error));
    let of = |x, written| realism(&goal(target(written)), Some(&scale), &score(n(x))).why();
    for (x, written, expected) in [
        (
            22,
            "<=13",
            "The score is 22; the target is 13 or lower. That asks for a change of 9. A fall of 7 or more is a clear change, and the scale leaves room for 22. A change that reaches the target is a clear one. Pupils who start this high often fall about 4 points without help. The target asks for more than that.",
        ),
        (
            22,
            "-4",
            "The score is 22; the target is a fall of 4, to 18 or lower. That asks for a change of 4. A fall of 7 or more is a clear change, and the scale leaves room for 22. A change of 4 is too small to be told from error: a clear one needs 7 or more. Pupils who start this high often fall about 4 points without help. The target asks for no more than that.",
        ),
        (
            6,
            "<=2",
            "The score is 6; the target is 2 or lower. That asks for a change of 4. The score is too near the best one to show a clear change: that needs 7 or more, and the scale leaves room for 6. A change of 4 is too small to be told from error: a clear one needs 7 or more. Pupils who start here do not usually fall by a point or more without help, so the target asks for more.",
        ),
        (
            12,
            "<=13",
            "The score is 12; the target is 13 or lower. That is met already: set a new target. A fall of 7 or more is a clear change, and the scale leaves room for 12.",
        ),
    ] {
        assert_eq!(of(x, written), expected);
    }
}

#[test]
fn a_baseline_that_is_not_there_cannot_be_judged() {
    let scale = scale(Better::Lower, 40, None, None);
    let unscored = Standing::NotScored("emotional absent".into());
    for (standing, why) in
        [(&Standing::NoResponse, "There is no baseline score."), (&unscored, "There is no baseline score: emotional absent.")]
    {
        let found = realism(&goal(target("<=13")), Some(&scale), standing);
        assert_eq!((found.word(), found.why().as_str()), (RealismWord::CannotTell, why));
    }
}

#[test]
fn ratings_are_checked_too() {
    for (instrument, x, written, expected) in [
        (RatedInstrument::Gbo, "5", ">=8", "nothing against it"),
        (RatedInstrument::Gbo, "6", ">=8", "too small to be sure"),
        (RatedInstrument::Gbo, "8", ">=9", "too near the best score"),
        (RatedInstrument::Gbo, "9", "+3", "outside the scale"),
        (RatedInstrument::Gas, "-1", ">=0", "no measurement error on record"),
        (RatedInstrument::Gas, "0", ">=0", "already met"),
    ] {
        let found = realism(&rated(instrument, target(written), x, ""), None, &Standing::NoResponse);
        assert_eq!(found.word().words(), expected, "{x}, {written}");
    }
}

#[test]
fn small_and_distant_targets_are_findings_once_the_baseline_is_known() {
    let (file, findings) = read(
        "pupil_id,goal,scale,target,baseline\n\
         A,one,total,-4,\n\
         A,two,total,<=13,\n\
         A,three,total,-30,\n\
         A,four,gbo,>=8,6\n\
         A,five,total,<=50,\n\
         B,six,total,-4,\n",
    );
    assert_eq!(places(&findings), ["C015 row 6 target"]);
    let scale = scale(Better::Lower, 40, None, Some(reliability(5.8, 0.82)));
    let mut all = All::default();
    let known =
        |goal: &bandwise::change::goals::Goal| (Some(&scale), if &*goal.pupil_id == "A" { score(n(22)) } else { Standing::NoResponse });
    check_targets(&file, known, &mut Findings::watched_by(&mut all));
    assert_eq!(places(&all.0), ["C017 row 2 target", "C015 row 4 target", "C017 row 5 target"]);
    assert_eq!(all.0[0].message, "a change of 4 is too small to be told from error: a clear one needs 7 or more");
    assert_eq!(all.0[1].message, "the score is 22; the target is a fall of 30, beyond the best score there is, 0");
}
