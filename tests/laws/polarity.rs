//! Polarity: more concern is a higher level, on scales where low scores are better and on scales where high scores are.

use std::sync::LazyLock;

use bandwise::instrument::{Bands, Better, Instrument, KeyBy, NoGroup, Number, Rule, Said, ScaleItem, Transform};
use bandwise::matching::Answer;
use bandwise::scoring::{Form, FormOptions};
use proptest::prelude::*;

use crate::forms::{BUILT_INS, built_in, entries, filled, filled_of, is_attainment};
use crate::reading::{cases, form_with};

/// Every score that a complete form can have, or enough of them: the ends, and all that lie about an edge.
fn scores(instrument: &Instrument, scale: usize, edges: &[Number]) -> Vec<Number> {
    let (lowest, highest) = instrument.scales[scale].range;
    let step = match &instrument.scales[scale].rule {
        Rule::Of { scale: base, transform } => {
            let base = scores(instrument, *base, &[]).into_iter();
            return match transform {
                Transform::Lookup(table) => table.iter().map(|(_, value)| *value).collect(),
                Transform::Affine { times, plus } => base.map(|score| score.times(*times) + *plus).collect(),
                Transform::Norms { norms, column, round } => {
                    let cells: Vec<_> = instrument.norms[*norms].cells.iter().map(|row| &row[*column]).collect();
                    base.flat_map(|score| cells.iter().map(move |cell| cell.standardised(score, *round).unwrap())).collect()
                }
            };
        }
        Rule::Items { items, .. } => smallest_step(items),
        Rule::Scales(_) | Rule::Conditions { .. } => Number::whole(1),
    };
    let whole = (lowest.over().div_euclid(lowest.under())..=highest.over().div_euclid(highest.under())).map(Number::whole);
    let near = edges.iter().flat_map(|edge| [*edge - step, *edge, *edge + step]);
    let is_a_score = |score: &Number| (*score - lowest).times(Number::ratio(step.under(), step.over()).unwrap()).under() == 1;
    [lowest, highest]
        .into_iter()
        .chain(whole)
        .chain(near)
        .filter(|score| lowest <= *score && *score <= highest && is_a_score(score))
        .collect()
}

/// How far apart the scores of a scale of items are.
fn smallest_step(items: &[ScaleItem]) -> Number {
    let points =
        items.iter().flat_map(|entry| entry.points.windows(2).map(|two| if two[0] < two[1] { two[1] - two[0] } else { two[0] - two[1] }));
    points.filter(|step| *step > Number::ZERO).min().unwrap()
}

/// The groups that bands can differ by, or none.
fn groups(instrument: &Instrument, bands: &Bands) -> Vec<Option<usize>> {
    bands.grouping().map_or(vec![None], |grouping| (0..instrument.groupings[grouping].count()).map(Some).collect())
}

#[test]
fn the_better_end_has_the_first_level_and_the_other_end_the_last() {
    for instrument in BUILT_INS.iter() {
        for set in &instrument.bands {
            for (index, bands) in set.scales.iter().enumerate().filter_map(|(index, bands)| Some((index, bands.as_ref()?))) {
                let scale = &instrument.scales[index];
                let place = format!("{}, {}: {}", instrument.id, set.id, scale.id);
                assert_eq!(bands.better, scale.better);
                let (best, worst) = if scale.better == Better::Lower { scale.range } else { (scale.range.1, scale.range.0) };
                for group in groups(instrument, bands) {
                    assert_eq!(bands.level(best, group), Some(0), "{place}");
                    assert_eq!(bands.level(worst, group), Some(bands.levels.len() - 1), "{place}");
                    let mut scores = scores(instrument, index, bands.edges(group).unwrap());
                    scores.sort_unstable();
                    if scale.better == Better::Higher {
                        scores.reverse();
                    }
                    let mut levels: Vec<usize> = scores.iter().map(|score| bands.level(*score, group).unwrap()).collect();
                    assert!(levels.is_sorted(), "{place}");
                    levels.dedup();
                    assert_eq!(levels, (0..bands.levels.len()).collect::<Vec<_>>(), "{place}: every level can be reached");
                }
                // Bands that differ by group say nothing of a pupil who is in none.
                assert_eq!(bands.level(best, None).is_none(), bands.grouping().is_some(), "{place}");
            }
        }
    }
}

/// An edge is a level's own where bands begin from it or reach up to it, and still the level before's where they begin below it.
#[test]
fn a_score_at_an_edge_has_the_level_that_the_definition_says() {
    for instrument in BUILT_INS.iter() {
        let text = crate::written::definition(instrument);
        for set in &instrument.bands {
            for (scale, bands) in instrument.scales.iter().zip(&set.scales).filter_map(|(scale, bands)| Some((scale, bands.as_ref()?))) {
                let lowered = text["bands"][&set.id].get("lowered").and_then(|lowered| lowered.get(&*scale.id));
                assert_eq!(lowered.is_some(), scale.better == Better::Higher, "{}: {}", instrument.id, scale.id);
                let is_below = lowered.is_some_and(|bands| bands.get("below").is_some());
                for group in groups(instrument, bands) {
                    for (before, edge) in bands.edges(group).unwrap().iter().enumerate() {
                        let expected = if is_below { before } else { before + 1 };
                        assert_eq!(bands.level(*edge, group), Some(expected), "{}, {}: {} at {edge}", instrument.id, set.id, scale.id);
                    }
                }
            }
        }
    }
}

/// By the manuals: every other scale of a built-in form is better when it is low.
const BETTER_WHEN_HIGH: [(&str, &[&str]); 23] = [
    ("sdq-p2-4", &["prosocial"]),
    ("sdq-t2-4", &["prosocial"]),
    ("sdq-p4-17", &["prosocial"]),
    ("sdq-t4-17", &["prosocial"]),
    ("sdq-s11-17", &["prosocial"]),
    ("sdq-p4-17-followup", &["prosocial"]),
    ("sdq-t4-17-followup", &["prosocial"]),
    ("sdq-s11-17-followup", &["prosocial"]),
    ("wemwbs", &["total"]),
    ("swemwbs", &["raw", "metric"]),
    ("who-5", &["raw", "percent"]),
    // Social desirability is the fourth: a check on the others, and no strength.
    ("scwbs", &["wellbeing", "emotional", "outlook"]),
    ("ons4", &["satisfaction", "worth", "happiness"]),
    ("rosenberg", &["total"]),
    // 1 is "often or always" lonely, 5 is "never".
    ("ons-loneliness", &["direct"]),
    ("leuven", &["wellbeing-level", "involvement-level"]),
    ("boxall", &["organisation-of-experience", "internalisation-of-controls"]),
    (
        "pass",
        &[
            "feelings-about-school",
            "perceived-learning-capability",
            "self-regard-as-a-learner",
            "preparedness-for-learning",
            "attitudes-to-teachers",
            "general-work-ethic",
            "confidence-in-learning",
            "attitudes-to-attendance",
            "response-to-curriculum-demands",
        ],
    ),
    ("ors", &["total"]),
    ("cors", &["total"]),
    ("srs", &["total"]),
    ("csrs", &["total"]),
    ("gbo", &["goal1", "goal2", "goal3"]),
];

#[test]
fn strengths_are_better_when_high_and_difficulties_when_low() {
    for instrument in BUILT_INS.iter() {
        let high = BETTER_WHEN_HIGH.iter().find(|(id, _)| *id == &*instrument.id).map_or(&[][..], |(_, scales)| scales);
        for scale in &instrument.scales {
            let is_goals = instrument.family == "gas";
            let expected = if is_goals || high.contains(&&*scale.id) { Better::Higher } else { Better::Lower };
            assert_eq!(scale.better, expected, "{}: {}", instrument.id, scale.id);
        }
        assert!(high.iter().all(|id| instrument.scale(id).is_some()));
    }
}

proptest! {
    #![proptest_config(cases(600))]

    /// One answer that is of more concern never lowers a level, whatever the others are and however many are blank; and it never
    /// makes better what is certain without them.
    #[test]
    fn more_concern_in_one_answer_never_lowers_a_level(form in filled(), changed in any::<prop::sample::Index>(), code in any::<u16>()) {
        let instrument = form.instrument;
        let item = changed.index(form.answers.len());
        let Answer::Given(old) = form.answers[item] else { return Ok(()) };
        let code = code % crate::forms::codes(instrument, item);
        let mut after = form.answers.clone();
        after[item] = Answer::Given(code);
        let (old_scores, new_scores) = (form.scores(), form.scores_of(&after));
        for (index, scale) in instrument.scales.iter().enumerate() {
            let concern = |points: Number| if scale.better == Better::Lower { points } else { -points };
            let entries = entries(instrument, index);
            let own: Vec<&(usize, Vec<Number>)> = entries.iter().filter(|(used, _)| *used == item).collect();
            let is_worse = own.iter().all(|(_, points)| concern(points[usize::from(code)]) >= concern(points[usize::from(old)]));
            // A first question is no item of its scale; any answer but the one that closes it opens the same scale.
            if own.is_empty() || !is_worse {
                continue;
            }
            let (before, after) = (&old_scores[index], &new_scores[index]);
            let pairs = [(before.value(), after.value()), (Some(before.bounds.0), Some(after.bounds.0)), (Some(before.bounds.1), Some(after.bounds.1))];
            // What goals come to without a rating or a weight is not known, whatever the others are.
            let is_known = !is_attainment(instrument, index) || before.value().is_some();
            // A rule over several scales may be decided by the one answer and not by the other; what is certain of it only goes up.
            let is_rule = matches!(scale.rule, Rule::Conditions { .. });
            prop_assert!(is_rule || std::mem::discriminant(&before.outcome) == std::mem::discriminant(&after.outcome));
            for (old, new) in pairs.into_iter().filter(|(old, new)| is_known && old.is_some() && new.is_some()) {
                prop_assert!(concern(new.unwrap()) >= concern(old.unwrap()), "{}: {before:?}, then {after:?}", scale.id);
                for bands in instrument.bands.iter().filter_map(|set| set.scales[index].as_ref()) {
                    for group in groups(instrument, bands) {
                        prop_assert!(bands.level(new.unwrap(), group) >= bands.level(old.unwrap(), group));
                    }
                }
            }
        }
    }

    /// The level of a pupil is the one of the pupil's own group; in none there is a score and no level, and the reason is said.
    #[test]
    fn cut_offs_by_group_are_the_groups_own(form in filled_of(vec![built_in("yp-core")])) {
        let instrument = form.instrument;
        let Some(value) = form.scores()[0].value() else { return Ok(()) };
        for (set, used) in GROUPED.iter() {
            let rows = crate::written::definition(instrument)["bands"][set]["rows"].as_array().unwrap();
            let expected = match (form.pupil.sex, form.pupil.age) {
                (Said::Nothing, _) => Err(NoGroup::SexNotSaid),
                (Said::Unreadable, _) => Err(NoGroup::OtherSex),
                (_, Said::Nothing) => Err(NoGroup::NotSaid(KeyBy::Age)),
                (_, Said::Unreadable) => Err(NoGroup::Unreadable(KeyBy::Age)),
                (Said::This(sex), Said::This(age)) => {
                    let is_own = |row: &&toml::Value| row["sex"].as_str() == Some(sex.letter()) && row["group"].as_str() == Some(&age.to_string());
                    let own = rows.iter().find(is_own).ok_or(NoGroup::Outside(KeyBy::Age, age));
                    own.map(|row| Some(usize::from(value >= crate::written::number(&row["from"]["total"][0]))))
                }
            };
            prop_assert_eq!(used.level(0, value, &form.pupil), expected, "{}: {}", set, value);
        }
    }
}

/// The form whose cut-offs differ by group, with each of its two sets of them.
static GROUPED: LazyLock<Vec<(&str, Form)>> = LazyLock::new(|| {
    let with = |set: &str| form_with("yp-core", &FormOptions { bands: Some(set.to_owned()), ..FormOptions::default() });
    ["twigg", "blackshaw"].map(|set| (set, with(set))).into_iter().collect()
});

#[test]
fn only_one_form_has_cut_offs_by_group() {
    let is_grouped =
        |form: &&Instrument| form.bands.iter().flat_map(|set| set.scales.iter().flatten()).any(|bands| bands.grouping().is_some());
    assert_eq!(BUILT_INS.iter().filter(is_grouped).map(|form| &*form.id).collect::<Vec<_>>(), ["yp-core"]);
}
