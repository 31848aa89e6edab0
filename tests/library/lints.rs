//! What every definition has to satisfy, whatever its source: lints that would have found most of the slips in published scorers.

use std::collections::{BTreeMap, BTreeSet};

use bandwise::instrument::{
    BandSet, Bands, Better, Example, Expected, Fill, Instrument, Method, Missing, NormCell, Number, Rule, Scale, ScaleItem, Transform,
};

use crate::tables::{BUILT_INS, expect_none, table};

/// The questions of each scale that is made of questions.
fn item_sets(instrument: &Instrument) -> Vec<(&Scale, BTreeSet<usize>)> {
    let items = |scale: &Scale| match &scale.rule {
        Rule::Items { items, .. } => Some(items.iter().map(|entry| entry.item).collect::<BTreeSet<_>>()),
        _ => None,
    };
    instrument.scales.iter().filter_map(|scale| Some((scale, items(scale)?))).collect()
}

/// (a) Every question counts in a scale or is on the list of those that do not, and two scales share questions only where one of
/// them holds the other.
#[test]
fn scales_and_unscored_questions_partition_the_form() {
    let mut differences = Vec::new();
    let unscored = table("forms.csv");
    for instrument in BUILT_INS.iter() {
        let sets = item_sets(instrument);
        let scored: BTreeSet<usize> = sets.iter().flat_map(|(_, items)| items.iter().copied()).collect();
        let beside = instrument.scales.iter().flat_map(|scale| beside_the_score(&scale.rule));
        let critical = instrument.critical.iter().map(|critical| critical.item);
        let accounted: BTreeSet<usize> = scored.iter().copied().chain(beside).chain(critical).collect();
        let left: Vec<String> = (0..instrument.items.len())
            .filter(|item| !accounted.contains(item))
            .map(|item| instrument.items[item].number.to_string())
            .collect();
        let row = unscored.iter().find(|row| row["instrument"] == *instrument.id).unwrap();
        let is_listed = row["unscored"] == left.join(" ") || row["unscored"] == format!("{} questions", left.len());
        if !is_listed {
            differences.push(format!("{}: questions {left:?} count nowhere", instrument.id));
        }
        for (place, (scale, items)) in sets.iter().enumerate() {
            for (other, others) in &sets[..place] {
                if !items.is_disjoint(others) && !items.is_subset(others) && !others.is_subset(items) {
                    differences.push(format!("{}: {} and {} share some questions", instrument.id, scale.id, other.id));
                }
            }
        }
    }
    expect_none(&differences);
}

/// A first question that decides whether the rest counts, and the weights of goals.
fn beside_the_score(rule: &Rule) -> Vec<usize> {
    match rule {
        Rule::Items { method: Method::GoalAttainment { weights, .. }, .. } => weights.clone(),
        Rule::Items { gate: Some(gate), .. } => vec![gate.item],
        _ => Vec::new(),
    }
}

/// No question stands in a scale twice, and none stands in two parts of one sum.
#[test]
fn no_question_counts_twice_in_a_scale() {
    for instrument in BUILT_INS.iter() {
        for scale in &instrument.scales {
            match &scale.rule {
                Rule::Items { items, .. } => {
                    let distinct: BTreeSet<usize> = items.iter().map(|entry| entry.item).collect();
                    assert_eq!(distinct.len(), items.len(), "{}, {}", instrument.id, scale.id);
                }
                Rule::Scales(parts) => {
                    let all: Vec<usize> = parts.iter().flat_map(|part| items_below(instrument, *part)).collect();
                    let distinct: BTreeSet<usize> = all.iter().copied().collect();
                    assert_eq!(distinct.len(), all.len(), "{}, {}", instrument.id, scale.id);
                }
                Rule::Of { .. } | Rule::Conditions { .. } => {}
            }
        }
    }
}

fn items_below(instrument: &Instrument, place: usize) -> Vec<usize> {
    match &instrument.scales[place].rule {
        Rule::Items { items, .. } => items.iter().map(|entry| entry.item).collect(),
        Rule::Scales(parts) => parts.iter().flat_map(|part| items_below(instrument, *part)).collect(),
        Rule::Of { scale, .. } => items_below(instrument, *scale),
        Rule::Conditions { .. } => Vec::new(),
    }
}

// ---- (b) ranges

fn ends(items: &[ScaleItem]) -> (Number, Number) {
    items.iter().fold((Number::ZERO, Number::ZERO), |(lowest, highest), entry| {
        (lowest + *entry.points.iter().min().unwrap(), highest + *entry.points.iter().max().unwrap())
    })
}

/// The lowest and highest score of a complete form; none where a formula has no plain ends, or a norm differs by group.
fn computed_range(instrument: &Instrument, place: usize) -> Option<(Number, Number)> {
    match &instrument.scales[place].rule {
        Rule::Items { items, method, .. } => {
            let (lowest, highest) = ends(items);
            let (times, by) = match method {
                Method::Sum { times } => (*times, 1),
                Method::Mean { times } => (*times, i64::try_from(items.len()).unwrap()),
                Method::Count => (1, 1),
                Method::GoalAttainment { .. } => return None,
            };
            Some((lowest.scaled(times, by)?, highest.scaled(times, by)?))
        }
        Rule::Scales(parts) => parts.iter().try_fold((Number::ZERO, Number::ZERO), |(lowest, highest), part| {
            let part = computed_range(instrument, *part)?;
            Some((lowest + part.0, highest + part.1))
        }),
        Rule::Of { scale, transform: Transform::Affine { times, plus } } => {
            let (lowest, highest) = computed_range(instrument, *scale)?;
            Some((lowest.times(*times) + *plus, highest.times(*times) + *plus))
        }
        Rule::Of { transform: Transform::Lookup(entries), .. } => {
            let scores = || entries.iter().map(|(_, score)| *score);
            scores().min().zip(scores().max())
        }
        Rule::Of { transform: Transform::Norms { .. }, .. } => None,
        Rule::Conditions { .. } => Some((Number::ZERO, Number::whole(1))),
    }
}

#[test]
fn every_range_is_what_the_codes_come_to() {
    let mut differences = Vec::new();
    for instrument in BUILT_INS.iter() {
        for (place, scale) in instrument.scales.iter().enumerate() {
            let computed = computed_range(instrument, place);
            if computed.is_some_and(|computed| computed != scale.range) {
                differences.push(format!("{}, {}: {:?} instead of {computed:?}", instrument.id, scale.id, scale.range));
            }
        }
    }
    expect_none(&differences);
}

// ---- (c) bands

fn every_band(check: impl Fn(&Instrument, &BandSet, &Scale, &Bands)) {
    for instrument in BUILT_INS.iter() {
        for set in &instrument.bands {
            for (scale, bands) in instrument.scales.iter().zip(&set.scales) {
                if let Some(bands) = bands {
                    check(instrument, set, scale, bands);
                }
            }
        }
    }
}

/// The groups that bands differ by; one without a place where they are the same for everybody.
fn groups(instrument: &Instrument, bands: &Bands) -> Vec<Option<usize>> {
    let Some(grouping) = bands.grouping() else { return vec![None] };
    (0..instrument.groupings[grouping].count()).map(Some).collect()
}

#[test]
fn bands_cover_the_range_without_gap_or_overlap() {
    every_band(|instrument, set, scale, bands| {
        for group in groups(instrument, bands) {
            let name = format!("{}, {}, {}", instrument.id, set.id, scale.id);
            let edges = bands.edges(group).unwrap_or_else(|| panic!("{name}: a group without cut-offs"));
            assert_eq!(edges.len() + 1, bands.levels.len(), "{name}");
            assert!(edges.iter().all(|edge| (scale.range.0..=scale.range.1).contains(edge)), "{name}: {edges:?}");
            // Each edge is further on the side of concern than the one before it: no level is empty, and none is passed over.
            let is_further = |pair: &[Number]| if bands.better == Better::Lower { pair[0] < pair[1] } else { pair[0] > pair[1] };
            assert!(edges.windows(2).all(is_further), "{name}: {edges:?}");
            let best = if bands.better == Better::Lower { scale.range.0 } else { scale.range.1 };
            let worst = if bands.better == Better::Lower { scale.range.1 } else { scale.range.0 };
            assert_eq!(bands.level(best, group), Some(0), "{name}");
            assert_eq!(bands.level(worst, group), Some(edges.len()), "{name}");
        }
    });
}

/// From one end to the other in steps of a thousandth of the range, a level is never skipped and never comes back.
#[test]
fn every_score_between_the_ends_has_a_band() {
    every_band(|instrument, set, scale, bands| {
        for group in groups(instrument, bands) {
            let width = scale.range.1 - scale.range.0;
            let score = |step: i64| scale.range.0 + width.scaled(step, 1000).unwrap();
            let levels: Vec<usize> = (0..=1000).map(|step| bands.level(score(step), group).unwrap()).collect();
            let is_upward = bands.better == Better::Lower;
            let is_in_order = |pair: &[usize]| if is_upward { pair[0] <= pair[1] } else { pair[0] >= pair[1] };
            assert!(levels.windows(2).all(is_in_order), "{}, {}, {}", instrument.id, set.id, scale.id);
            let seen: BTreeSet<usize> = levels.into_iter().collect();
            assert_eq!(seen.len(), bands.levels.len(), "{}, {}, {}: every level can be reached", instrument.id, set.id, scale.id);
        }
    });
}

// ---- (d) lookups, (e) norms

#[test]
fn a_lookup_covers_its_scale_exactly() {
    for instrument in BUILT_INS.iter() {
        for scale in &instrument.scales {
            let Rule::Of { scale: base, transform: Transform::Lookup(entries) } = &scale.rule else { continue };
            let (lowest, highest) = instrument.scales[*base].range;
            let scores: Vec<Number> = entries.iter().map(|(score, _)| *score).collect();
            let all = lowest.as_whole().unwrap()..=highest.as_whole().unwrap();
            assert_eq!(scores, all.map(Number::whole).collect::<Vec<_>>(), "{}, {}", instrument.id, scale.id);
            assert!(entries.windows(2).all(|pair| pair[0].1 < pair[1].1), "{}: a higher score converts to more", instrument.id);
        }
    }
}

#[test]
fn every_norm_cell_is_there() {
    let mut cells = 0;
    for instrument in BUILT_INS.iter() {
        for norms in &instrument.norms {
            let grouping = &instrument.groupings[norms.grouping];
            assert_eq!(norms.cells.len(), grouping.count(), "{}, {}", instrument.id, norms.id);
            for row in &norms.cells {
                assert_eq!(row.len(), norms.scales.len(), "{}, {}", instrument.id, norms.id);
                for (cell, scale) in row.iter().zip(&norms.scales) {
                    let NormCell::Sample { mean, sd } = cell else { panic!("{}: no mean and SD", instrument.id) };
                    let range = instrument.scales[*scale].range;
                    assert!((range.0..=range.1).contains(mean) && *sd > Number::ZERO && *sd < range.1, "{}: {mean} {sd}", instrument.id);
                    cells += 1;
                }
            }
            for key in &grouping.keys {
                assert_eq!(key.from.len(), grouping.names.len(), "{}: convention {}", instrument.id, key.id);
            }
        }
        let mut used = 0;
        for scale in &instrument.scales {
            let Rule::Of { scale: raw, transform: Transform::Norms { norms, column, .. } } = &scale.rule else { continue };
            assert_eq!(instrument.norms[*norms].scales[*column], *raw, "{}: the column is that of the raw score", instrument.id);
            used += 1;
        }
        let columns: usize = instrument.norms.iter().map(|norms| norms.scales.len()).sum();
        assert_eq!(used, columns, "{}: every norm is used", instrument.id);
    }
    assert_eq!(cells, 220);
}

// ---- (f) worked examples

/// How many of a scale's questions an example leaves blank.
fn blanks(example: &Example, items: &[ScaleItem]) -> usize {
    items.iter().filter(|entry| example.answers[entry.item].is_none()).count()
}

fn expects(example: &Example, place: usize, is_scored: bool) -> bool {
    example.expect.iter().any(|(scale, expected, _)| *scale == place && matches!(expected, Expected::Score(_)) == is_scored)
}

/// Whether every question of the form has the code with this place from one end.
fn is_all(instrument: &Instrument, example: &Example, is_highest: bool) -> bool {
    example.answers.iter().zip(&instrument.items).all(|(answer, item)| {
        let codes = &instrument.answers[item.answers].codes;
        let end = if is_highest { codes.iter().max() } else { codes.iter().min() };
        answer.is_some_and(|code| Some(&codes[code]) == end)
    })
}

#[test]
fn every_definition_shows_a_form_at_either_end() {
    let mut missing = Vec::new();
    for instrument in BUILT_INS.iter() {
        for (is_highest, end) in [(false, "lowest"), (true, "highest")] {
            if !instrument.examples.iter().any(|example| is_all(instrument, example, is_highest)) {
                missing.push(format!("{}: no example with every answer the {end}", instrument.id));
            }
        }
    }
    expect_none(&missing);
}

/// As many blanks as the rule allows, and scored; one more, and not scored. Scales with the same rule need one example together; the
/// SDQ's impact, over which a first question decides, has vectors of its own.
#[test]
fn every_missing_rule_is_shown_at_its_limit_and_beyond() {
    let mut lacking = Vec::new();
    for instrument in BUILT_INS.iter() {
        let mut rules: BTreeMap<String, (bool, bool)> = BTreeMap::new();
        for (place, scale) in instrument.scales.iter().enumerate() {
            let Rule::Items { items, method, missing, gate } = &scale.rule else { continue };
            if matches!(method, Method::GoalAttainment { .. }) || scale.only_with.is_some() || gate.is_some() {
                continue;
            }
            let limit = if missing.then == Fill::Nothing { 0 } else { items.len() - missing.at_least };
            let has = |count: usize, is_scored: bool| {
                instrument.examples.iter().any(|example| blanks(example, items) == count && expects(example, place, is_scored))
            };
            let shown = rules.entry(rule_words(missing, limit)).or_default();
            shown.0 |= has(limit, true);
            shown.1 |= has(limit + 1, false);
        }
        let lacks = rules.into_iter().filter(|(_, (at_limit, beyond))| !(*at_limit && *beyond));
        lacking.extend(lacks.map(|(rule, shown)| format!("{}: {rule}: at its limit and beyond {shown:?}", instrument.id)));
    }
    expect_none(&lacking);
}

/// The rule in words; what depends on the total is scored by the total's rule.
fn rule_words(missing: &Missing, limit: usize) -> String {
    match missing.then {
        Fill::Nothing => "every answer is needed".to_owned(),
        then => format!("{then:?}, at most {limit} blank"),
    }
}

/// Every other question has its lowest code, or the one that counts least in the scale that it belongs to.
#[test]
fn every_critical_question_is_shown_alone() {
    let mut lacking = Vec::new();
    for instrument in BUILT_INS.iter() {
        for critical in &instrument.critical {
            let is_alone = |example: &&Example| {
                let others = (0..instrument.items.len()).filter(|item| *item != critical.item);
                example.answers[critical.item].is_some_and(|code| critical.fires[code])
                    && others.into_iter().all(|item| is_least(instrument, example, item))
            };
            let alerts = instrument.examples.iter().filter(is_alone).find_map(|example| example.alerts.as_ref());
            if alerts.is_none_or(|(items, _)| *items != [critical.item]) {
                lacking.push(format!("{}, question {}: {alerts:?}", instrument.id, instrument.items[critical.item].number));
            }
        }
    }
    expect_none(&lacking);
}

fn is_least(instrument: &Instrument, example: &Example, item: usize) -> bool {
    let is_left_out = instrument.items[item].block.is_some_and(|block| example.without.contains(&block));
    let Some(code) = example.answers[item] else { return is_left_out };
    let codes = &instrument.answers[instrument.items[item].answers].codes;
    let counts_least = |scale: &Scale| match &scale.rule {
        Rule::Items { items, .. } => items.iter().any(|entry| entry.item == item && Some(&entry.points[code]) == entry.points.iter().min()),
        _ => false,
    };
    is_left_out || Some(&codes[code]) == codes.iter().min() || instrument.scales.iter().any(counts_least)
}
