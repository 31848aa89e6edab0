//! The goals file: columns by name, the target grammar, and each mistake with its finding.

use bandwise::change::goals::{GoalKind, RatedInstrument, Repeat, Standing, Steps, Target, report_unknown_pupils};
use bandwise::findings::{Finding, Findings};
use bandwise::input::ReadError;

use super::given::{All, n, number, places, read, score, try_read};

/// One goal of the total scale with this target: the target, or the finding's message and help.
fn grammar(scale: &str, target: &str) -> Result<Target, (String, String)> {
    let (file, findings) = read(&format!("pupil_id,goal,scale,target\nA,one,{scale},\"{target}\"\n"));
    match (&file.goals[0].kind, findings.as_slice()) {
        (GoalKind::Scale { target, .. } | GoalKind::Rated { target, .. }, []) => Ok(target.clone()),
        (_, [finding]) => Err((format!("{} {}", finding.code, finding.message), finding.help.clone().unwrap_or_default())),
        other => panic!("{other:?}"),
    }
}

#[test]
fn targets_are_read_in_their_five_ways() {
    let level = |level, name: &str| Target::Band { level, name: name.into() };
    for (scale, written, expected) in [
        ("total", "<=13", Target::AtMost(n(13))),
        ("total", " <= 13 ", Target::AtMost(n(13))),
        ("total", "\u{2264}13", Target::AtMost(n(13))),
        ("total", "<=13.5", Target::AtMost(number("13.5"))),
        ("prosocial", ">=8", Target::AtLeast(n(8))),
        ("prosocial", "\u{2265}8", Target::AtLeast(n(8))),
        ("total", "-4", Target::Fall(n(4))),
        ("total", "\u{2212}4", Target::Fall(n(4))),
        ("total", "- 4", Target::Fall(n(4))),
        ("prosocial", "+3", Target::Rise(n(3))),
        ("prosocial", "'+3", Target::Rise(n(3))),
        ("total", "band<=slightly raised", level(1, "slightly raised")),
        ("total", "Band <= Slightly  Raised", level(1, "slightly raised")),
        ("prosocial", "band<=slightly lowered", level(1, "slightly lowered")),
        ("", ">=8", Target::AtLeast(n(8))),
        ("gas", ">=0", Target::AtLeast(n(0))),
        ("gas", ">=-1", Target::AtLeast(n(-1))),
        ("gas", ">=+1", Target::AtLeast(n(1))),
        ("gas", "+1", Target::Rise(n(1))),
    ] {
        assert_eq!(grammar(scale, written), Ok(expected), "{written}");
    }
}

#[test]
fn what_is_no_target_is_never_guessed() {
    const WRITTEN: &str = "a target is written `<=13`, `>=8`, `-4`, `+3` or `band<=` and a band's name";
    const NO_SIGN: &str = "write `<=13` or `>=13` for a score, `-13` or `+13` for a change; a spreadsheet keeps the plus sign of `'+13`";
    for (scale, written, message, help) in [
        ("total", "", "C012 the target cannot be read: there is no target", ""),
        ("total", "13", "C012 the target cannot be read: a number without a sign is neither a score nor a change", NO_SIGN),
        ("total", "13.0", "C012 the target cannot be read: a number without a sign is neither a score nor a change", NO_SIGN),
        ("total", "-0", "C012 the target cannot be read: a change of 0 is no goal", ""),
        ("total", "--4", "C012 the target cannot be read: `-4` is no number of points", ""),
        ("total", "-", "C012 the target cannot be read: nothing is no number of points", ""),
        ("total", "-4 points", "C012 the target cannot be read: `4 points` is no number of points", ""),
        ("total", "-10%", "C012 the target cannot be read: `10%` is no number of points", ""),
        ("total", "<=", "C012 the target cannot be read: nothing is no score", ""),
        ("total", "<=thirteen", "C012 the target cannot be read: `thirteen` is no score", ""),
        ("total", "<=1.2345", "C012 the target cannot be read: `1.2345` is no score", ""),
        ("total", "<13", "C012 the target cannot be read: `<13` is no target", WRITTEN),
        ("total", "=<13", "C012 the target cannot be read: `=<13` is no target", WRITTEN),
        ("total", "10-13", "C012 the target cannot be read: `10-13` is no target", WRITTEN),
        ("total", "better", "C012 the target cannot be read: `better` is no target", WRITTEN),
        ("total", "slightly raised", "C012 the target cannot be read: a band needs its sign", "write `band<=slightly raised`"),
        (
            "total",
            "band<=sligthly raised",
            "C012 the target cannot be read: `sligthly raised` is no band of this scale",
            "did you mean `band<=slightly raised`?",
        ),
        (
            "total",
            "band<=",
            "C012 the target cannot be read: nothing is no band of this scale",
            "the bands are `close to average`, `slightly raised`, `high`, `very high`",
        ),
        ("internalising", "band<=high", "C012 the target cannot be read: the scale has no bands in the set in use", ""),
        ("gbo", "band<=high", "C012 the target cannot be read: a rating has no bands", ""),
        ("total", ">=13", "C015 the target points the wrong way: a lower score is better", ""),
        ("total", "+3", "C015 the target points the wrong way: a lower score is better", ""),
        ("prosocial", "<=3", "C015 the target points the wrong way: a higher score is better", ""),
        ("prosocial", "-3", "C015 the target points the wrong way: a higher score is better", ""),
        ("", "<=3", "C015 the target points the wrong way: a higher rating is better", ""),
        ("gas", "-1", "C015 the target points the wrong way: a higher level is better", ""),
        ("total", "<=41", "C015 the target lies outside the scale: a score is from 0 to 40", ""),
        ("total", "<=-1", "C015 the target lies outside the scale: a score is from 0 to 40", ""),
        ("total", "-41", "C015 the target lies outside the scale: a score is from 0 to 40", ""),
        ("gbo", ">=80", "C015 the target lies outside the scale: a rating is from 0 to 10", ""),
        ("gas", ">=3", "C015 the target lies outside the scale: a level is from -2 to 2", ""),
        ("totl", "<=13", "C013 sdq-t4-17 has no scale `totl`", "did you mean `total`?"),
    ] {
        assert_eq!(grammar(scale, written), Err((message.to_owned(), help.to_owned())), "{written}");
    }
}

#[test]
fn columns_are_found_by_name_and_the_others_are_carried() {
    let (file, findings) = read(
        "Pupil ID,Year,GOAL,Target,scale,Set-on,review by,sessions planned,Sessions_Had,why,pupil_view,Year\n\
         A, 4 ,join in,<=13,Total difficulties,2026-01-12,2026-04-01,12,3,talk,\"it was fun, mostly\",4b\n",
    );
    assert_eq!(places(&findings), ["M008 why", "T004 Year"]);
    let carried: Vec<&str> = file.carried.iter().map(|name| &**name).collect();
    assert_eq!(carried, ["Year", "Set-on", "review by", "sessions planned", "Sessions_Had", "input.why", "pupil_view", "Year (2)"]);
    let goal = &file.goals[0];
    assert_eq!((&*goal.pupil_id, &*goal.goal, &*goal.scale, &*goal.target, goal.row), ("A", "join in", "total", "<=13", 2));
    let cells: Vec<&str> = goal.carried.iter().map(|cell| &**cell).collect();
    assert_eq!(cells, ["4", "2026-01-12", "2026-04-01", "12", "3", "talk", "it was fun, mostly", "4b"]);
    assert_eq!(goal.set_on.map(|date| date.to_string()).as_deref(), Some("2026-01-12"));
    assert_eq!(goal.review_by.map(|date| date.to_string()).as_deref(), Some("2026-04-01"));
    assert!(matches!(goal.kind, GoalKind::Scale { scale: 5, steps: Steps::Whole, .. }), "{:?}", goal.kind);
    assert!(file.used.name.starts_with("goals"));
}

#[test]
fn rated_goals_say_how_and_carry_their_ratings() {
    let (file, findings) = read(
        "pupil_id,goal,scale,target,baseline,review,weight\n\
         A,one,,>=8,5,8,\n\
         A,two,GBO,>=8,5,,2\n\
         A,three,gas,>=0,-1,0,3\n",
    );
    assert!(findings.is_empty(), "{findings:?}");
    let kinds: Vec<_> = file.goals.iter().map(|goal| (&*goal.scale, goal.kind.clone())).collect();
    let rated = |instrument, target, baseline, review, weight| {
        let weight = Some(n(weight));
        GoalKind::Rated { instrument, target: Target::AtLeast(n(target)), baseline: score(n(baseline)), review, weight }
    };
    assert_eq!(
        kinds,
        [
            ("gbo", rated(RatedInstrument::Gbo, 8, 5, score(n(8)), 1)),
            ("gbo", rated(RatedInstrument::Gbo, 8, 5, Standing::NoResponse, 2)),
            ("gas", rated(RatedInstrument::Gas, 0, -1, score(n(0)), 3)),
        ]
    );
}

#[test]
fn each_mistake_is_one_finding_and_the_other_goals_stand() {
    let (file, findings) = read(
        "pupil_id,goal,scale,target,baseline,review,weight,set_on,review_by\n\
         A,one,total,<=13,,,,2026-01-12,2026-04-01\n\
         A,two,total,<=13,20,9,,12/01/2026,\n\
         ,three,total,<=13,,,,,\n\
         A,,total,<=13,,,,,\n\
         \n\
         A,four,gbo,>=8,11,ten,-1,,soon\n\
         A,five,total,<=13\n\
         A,six, at break,total,<=13,,,,,2026-04-01\n\
         A,seven,wellbeing,<=13,,,,,\n",
    );
    assert_eq!(
        places(&findings),
        [
            "C018 row 3 baseline",
            "C018 row 3 review",
            "C019 row 3 set_on",
            "C014 row 4 pupil_id",
            "C012 row 5 goal",
            "C018 row 7 baseline",
            "C018 row 7 review",
            "C018 row 7 weight",
            "C019 row 7 review_by",
            "T003 row 8",
            "T003 row 9",
            "C013 row 10 scale",
        ]
    );
    let kinds: Vec<&str> = file
        .goals
        .iter()
        .map(|goal| match &goal.kind {
            GoalKind::Scale { .. } => "scale",
            GoalKind::Rated { .. } => "rated",
            GoalKind::Unreadable(reason) => reason,
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "scale",
            "scale",
            "its row names no pupil",
            "scale",
            "rated",
            "its row has more or fewer cells than the header",
            "its row has more or fewer cells than the header",
            "sdq-t4-17 has no scale `wellbeing`",
        ]
    );
    let unreadable = Standing::NotScored("the rating cannot be read".into());
    assert!(
        matches!(&file.goals[4].kind, GoalKind::Rated { baseline, review, weight: None, .. } if *baseline == unreadable && *review == unreadable)
    );
}

#[test]
fn a_goal_on_two_rows_is_reported_and_two_goals_on_one_scale_are_not() {
    let (file, findings) = read(
        "pupil_id,goal,scale,target\n\
         A,calmer,total,<=17\n\
         A,much calmer,total,<=13\n\
         A,Calmer ,total,<=13\n\
         B,calmer,total,<=13\n\
         B,calmer,total,<= 13\n\
         C,calmer,total,<=13\n\
         C,calmer,conduct,<=2\n",
    );
    assert_eq!(places(&findings), ["C016 row 4 goal", "C016 row 6 goal", "C016 row 8 goal"]);
    assert_eq!(findings[0].message, "this pupil has a goal of this name in row 2 already");
    let repeats: Vec<Repeat> = file.goals.iter().map(|goal| goal.repeat).collect();
    let (single, same, other) = (Repeat::Single, Repeat::SameTarget, Repeat::OtherTarget);
    assert_eq!(repeats, [other, single, other, same, same, single, single]);
}

#[test]
fn a_file_without_its_columns_is_refused() {
    let refused = |text: &str| match try_read(text).0 {
        Err(ReadError::Refusal(finding)) => (finding.code.id(), finding.message, finding.help.unwrap_or_default()),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        refused("pupil,wish,target\nA,one,<=13\n"),
        (
            "C011",
            "the goals file lacks the columns `pupil_id`, `goal`".to_owned(),
            "every goals file has `pupil_id`, `goal` and `target`; this one has `pupil`, `wish`, `target`".to_owned()
        )
    );
    assert_eq!(
        refused("pupil_id,goal,target,Review,review\nA,one,<=13,,\n"),
        ("C011", "two columns are called `review`".to_owned(), "rename or remove one of them".to_owned())
    );
    assert_eq!(refused("").0, "T001");
    assert_eq!(refused("pupil_id,goal;target\nA,one;<=13\n").0, "T009");
    assert_eq!(places(&read("pupil_id,goal,target\n").1), ["T002"]);
}

#[test]
fn goals_for_unknown_pupils_are_reported_by_the_caller() {
    let (file, _) = read("goal,pupil_id,target\none,A,>=8\ntwo,B,>=8\nthree,,>=8\n");
    let mut all = All::default();
    report_unknown_pupils(&file, |pupil| pupil == "A", &mut Findings::watched_by(&mut all));
    let found: Vec<&Finding> = all.0.iter().collect();
    assert_eq!(places(&all.0), ["C014 row 3 pupil_id"]);
    assert_eq!(found[0].value.as_deref(), Some("B"));
}
