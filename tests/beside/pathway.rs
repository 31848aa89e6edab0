//! The pathway: the starter, the school's words, its tiers, and every mistake with its finding.

use bandwise::change::pathway::{Covers, Pathway, StageId, read_pathway, starter};
use bandwise::findings::Finding;
use bandwise::instrument::{Number, load};
use bandwise::scoring::{Form, FormOptions};

fn form(id: &str) -> Form {
    Form::new(load(id).unwrap().0, &FormOptions::default()).unwrap()
}

fn read(text: &str) -> Pathway {
    read_pathway("own.toml", text).unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// `W007 line 4: message`.
fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{} line {}: {}", finding.code, finding.place.row().unwrap(), finding.message)).collect()
}

fn refused(text: &str) -> Vec<String> {
    told(&read_pathway("own.toml", text).unwrap_err())
}

fn checked(tiers: &str) -> Vec<String> {
    told(&read(tiers).check(&[&form("sdq-t4-17")]))
}

/// Tiers of one scale of the teacher form, a line each.
fn tiers(scale: &str, rows: &[&str]) -> String {
    let line = |row: &&str| format!("{{ instrument = \"sdq-t4-17\", scale = \"{scale}\", {row} }},\n");
    format!("tiers = [\n{}]\n", rows.iter().map(line).collect::<String>())
}

#[test]
fn the_starter_asks_at_each_stage_and_decides_nothing() {
    let pathway = read(starter());
    assert_eq!(pathway.stages().iter().map(bandwise::change::pathway::Stage::id).collect::<Vec<_>>(), StageId::ALL);
    for id in StageId::ALL {
        assert!(!pathway.prompts(id).is_empty() && pathway.stage(id).unwrap().title() == id.usual_title());
        assert!(pathway.prompts(id).iter().all(|prompt| prompt.ends_with('?')), "a prompt asks");
    }
    assert!(pathway.tiers().is_empty() && pathway.routes().is_empty() && pathway.next_steps().is_empty());
    assert_eq!(pathway.tier("sdq-t4-17", "total", Number::whole(40), Some("very high")), None);
}

/// Whoever takes the marks away from the starter's examples has a pathway that fits.
#[test]
fn the_examples_in_the_starter_fit() {
    let is_example = |line: &&str| line.starts_with('#') && !line.starts_with("# ") && *line != "#";
    assert!(starter().lines().filter(is_example).count() > 20);
    let text: String =
        starter().lines().map(|line| if is_example(&line) { &line[1..] } else { line }).flat_map(|line| [line, "\n"]).collect();
    let pathway = read(&text);
    assert_eq!(told(&pathway.check(&[&form("sdq-t4-17")])), Vec::<String>::new());
    assert_eq!((pathway.tiers().len(), pathway.routes().len(), pathway.next_steps().len()), (4, 1, 2));
}

#[test]
fn stages_keep_their_order_and_may_be_left_out() {
    let pathway = read("[stages.next]\nprompts = [\"Who?\"]\n[stages.assess]\ntitle = \"Finding out\"\n");
    let shown: Vec<_> = pathway.stages().iter().map(|stage| (stage.id().word(), stage.title(), stage.prompts().len())).collect();
    assert_eq!(shown, [("assess", "Finding out", 0), ("next", "Next steps", 1)]);
    assert_eq!((pathway.stage(StageId::Review), pathway.prompts(StageId::Review).len()), (None, 0));
}

#[test]
fn an_invented_school_has_its_own_words_and_tiers() {
    let pathway = read(include_str!("../../fixtures/class-7a-pathway.toml"));
    assert_eq!(told(&pathway.check(&[&form("sdq-t4-17")])), Vec::<String>::new());
    assert_eq!(pathway.title(), Some("Millbrook Lane wellbeing pathway"));
    assert_eq!(pathway.stage(StageId::Celebrate).unwrap().title(), "Good news");
    assert_eq!((pathway.next_steps().len(), pathway.routes()[0].name()), (3, "School counsellor"));
    assert!(pathway.routes()[1].when().contains("learning") && pathway.routes()[1].how().contains("consent"));
    assert_eq!((pathway.used().name, pathway.used().sha256.len()), ("own.toml".to_owned(), 64));
    let tier = |scale, score, band| pathway.tier("sdq-t4-17", scale, Number::whole(score), band);
    for (score, expected) in
        [(0, "wave 1"), (11, "wave 1"), (12, "wave 2"), (18, "wave 2"), (19, "to the inclusion meeting"), (40, "to the inclusion meeting")]
    {
        // The scores decide, whatever the band is called.
        assert_eq!(tier("total", score, Some("very high")), Some(expected), "{score}");
    }
    assert_eq!(tier("prosocial", 3, Some("Very  low")), Some("wave 2"));
    assert_eq!(tier("prosocial", 3, None), None, "without a band nothing is guessed");
    assert_eq!(tier("conduct", 3, None), None);
    assert_eq!(pathway.tier("sdq-p4-17", "total", Number::whole(20), None), None, "another form has tiers of its own");
    assert_eq!(pathway.tier("sdq-t4-17", "total", Number::ratio(23, 2).unwrap(), None), None, "between two tiers");
    assert_eq!(pathway.tiers()[3].covers(), &Covers::Bands(vec!["close to average".to_owned()]));
    assert_eq!(
        pathway.tiers().iter().map(bandwise::change::pathway::Tier::covers_words).take(2).collect::<Vec<_>>(),
        ["0 to 11", "12 to 18"]
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_its_line() {
    let text = "titel = \"x\"\n[stages.asess]\n[stages.review]\nprompts = [\"\", 3]\n[[routes]]\nname = \"a\"\nhow = \"b\"\n[[tiers]]\nscale = \"total\"\ntier = \"one\"\n";
    assert_eq!(
        refused(text),
        [
            "W002 line 1: the pathway knows no key `titel`",
            "W002 line 2: `stages` knows no key `asess`",
            "W003 line 4: an entry of `prompts` is empty",
            "W004 line 4: `prompts` should be a text in quotation marks, and is a number",
            "W003 line 5: the route has no `when`",
            "W003 line 8: the tier has no `instrument`",
            "W003 line 8: the tier says neither of its scores (`from`, `to`) and its `bands`",
        ]
    );
}

#[test]
fn a_pathway_says_something_and_is_toml() {
    assert_eq!(refused(""), ["W003 line 1: the pathway has no stage, no next step, no route and no tier"]);
    assert_eq!(refused("title = \"x\"\n"), ["W003 line 1: the pathway has no stage, no next step, no route and no tier"]);
    assert!(refused("title = \n")[0].starts_with("W001 line 1: this is not TOML"));
    assert_eq!(refused("next_steps = [\"\\u001b[2J\"]\n"), ["W004 line 1: `next_steps` holds a control character, and should be words"]);
    assert_eq!(read("\u{feff}next_steps = [\"Talk\"]\n").next_steps(), ["Talk"]);
}

#[test]
fn tiers_that_overlap_are_findings() {
    for (rows, expected) in [
        (
            vec!["tier = \"a\", to = 12", "tier = \"b\", from = 12"],
            vec!["W007 line 3: the tiers `a` and `b` of `total` have scores in common"],
        ),
        (
            vec!["tier = \"a\", from = 20", "tier = \"b\", from = 0, to = 40"],
            vec!["W007 line 3: the tiers `a` and `b` of `total` have scores in common"],
        ),
        (
            vec!["tier = \"a\", from = 5, to = 4"],
            vec!["W007 line 2: the tier's scores run from 5 to 4: the first should be the smaller one"],
        ),
        (vec!["tier = \"a\", bands = [\"high\", \"High\"]"], vec!["W007 line 2: the band `High` of `total` is in the tier `a` already"]),
        (
            vec!["tier = \"a\", bands = [\"high\"]", "tier = \"b\", bands = [\"very high\", \"high\"]"],
            vec!["W007 line 3: the band `high` of `total` is in the tier `a` already"],
        ),
        (
            vec!["tier = \"a\", bands = [\"high\"]", "tier = \"b\", to = 3"],
            vec!["W007 line 3: the tiers of `total` go by scores and by bands: use one of the two for all of them"],
        ),
        (
            vec!["tier = \"a\", to = 3, bands = [\"high\"]"],
            vec!["W003 line 2: the tier says both of its scores (`from`, `to`) and its `bands`"],
        ),
        (vec!["tier = \"a\", bands = []"], vec!["W003 line 2: the tier's `bands` is an empty list"]),
    ] {
        assert_eq!(refused(&tiers("total", &rows)), expected, "{rows:?}");
    }
}

#[test]
fn tiers_that_do_not_fit_the_form_are_findings() {
    for (scale, rows, expected) in [
        ("total", vec!["tier = \"a\", to = 11", "tier = \"b\", from = 12"], vec![]),
        ("total", vec!["tier = \"b\", from = 11.5", "tier = \"a\", to = 11"], vec![]),
        ("total", vec!["tier = \"a\", to = 11", "tier = \"b\", from = 13"], vec!["W007 line 2: no tier of `total` has the score 12"]),
        (
            "total",
            vec!["tier = \"a\", from = 1, to = 9", "tier = \"b\", from = 12, to = 38"],
            vec!["W007 line 2: no tier of `total` has the score 0, 10 to 11 or 39 to 40"],
        ),
        ("total", vec!["tier = \"a\", from = 0, to = 41"], vec!["W007 line 2: the tier `a` reaches beyond the scores of `total`"]),
        ("total", vec!["tier = \"a\", from = -1, to = 40"], vec!["W007 line 2: the tier `a` reaches beyond the scores of `total`"]),
        ("totl", vec!["tier = \"a\", to = 40"], vec!["W006 line 2: sdq-t4-17 has no scale `totl`"]),
        (
            "total",
            vec!["tier = \"a\", bands = [\"close to average\", \"Slightly Raised\"]", "tier = \"b\", bands = [\"high\"]"],
            vec!["W007 line 2: no tier of `total` has the band `very high`"],
        ),
        ("total", vec!["tier = \"a\", bands = [\"hihg\"]"], vec!["W006 line 2: `total` has no band `hihg` in the set in use"]),
        (
            "internalising",
            vec!["tier = \"a\", bands = [\"high\"]"],
            vec!["W006 line 2: `internalising` has no bands in the set in use, so none is `high`"],
        ),
    ] {
        assert_eq!(checked(&tiers(scale, &rows)), expected, "{scale} {rows:?}");
    }
}

#[test]
fn tiers_of_other_forms_wait_for_their_run() {
    let tier = |id: &str| format!("[[tiers]]\ninstrument = \"{id}\"\nscale = \"nothing\"\ntier = \"a\"\nto = 3\n");
    assert_eq!(checked(&tier("phq-9")), Vec::<String>::new());
    assert_eq!(
        checked(&tier("our-own")),
        ["W008 line 2: `our-own` is not used here and does not come with bandwise: its tiers were not checked"]
    );
}
