//! `bands.csv`: every cut-off, for everybody or by sex and age.

use std::collections::{BTreeMap, BTreeSet};

use bandwise::instrument::{BandSet, Bands, Better, Fill, Instrument, Method, Number, Pupil, Round, Rule, Said, Sex, Transform};

use crate::tables::{BUILT_INS, Edge, Row, built_in, expect_none, one_sided, plain, scale, table, whole};

fn band_set<'i>(instrument: &'i Instrument, row: &Row) -> &'i BandSet {
    let found = instrument.bands.iter().find(|set| set.id == row["set"]);
    found.unwrap_or_else(|| panic!("{} has no bands {}", instrument.id, row["set"]))
}

fn bands_of<'i>(instrument: &'i Instrument, row: &Row) -> &'i Bands {
    let found = band_set(instrument, row).scales[scale(instrument, &row["scale"])].as_ref();
    found.unwrap_or_else(|| panic!("{}, {}: no bands for {}", instrument.id, row["set"], row["scale"]))
}

fn edges(row: &Row) -> Vec<Edge> {
    row["edges"].split(' ').filter(|edge| *edge != "none").map(Edge::parse).collect()
}

#[test]
fn every_band_set_has_its_rows_and_every_row_its_bands() {
    let in_table: BTreeSet<String> =
        table("bands.csv").iter().map(|row| format!("{}, {}, {}", row["instrument"], row["set"], row["scale"])).collect();
    let mut found = BTreeSet::new();
    for instrument in BUILT_INS.iter() {
        for set in &instrument.bands {
            let banded = instrument.scales.iter().zip(&set.scales).filter(|(_, bands)| bands.is_some());
            found.extend(banded.map(|(scale, _)| format!("{}, {}, {}", instrument.id, set.id, scale.id)));
        }
    }
    expect_none(&one_sided("bands", &in_table, &found));
}

#[test]
fn every_group_has_a_row_of_its_own() {
    let rows = table("bands.csv");
    let mut seen = BTreeSet::new();
    let mut places: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for row in &rows {
        let set = format!("{}, {}, {}", row["instrument"], row["set"], row["scale"]);
        assert!(seen.insert(format!("{set}, {}", row["group"])), "{row:?} stands twice");
        let instrument = built_in(&row["instrument"]);
        let Some(grouping) = bands_of(instrument, row).grouping().map(|grouping| &instrument.groupings[grouping]) else { continue };
        let found = grouping.find(&pupil(&row["group"]), grouping.key_in_force(&[])).ok();
        places.entry(set).or_default().extend(found.map(|group| grouping.index(group)));
    }
    for (set, places) in places {
        let row = rows.iter().find(|row| set == format!("{}, {}, {}", row["instrument"], row["set"], row["scale"])).unwrap();
        let instrument = built_in(&row["instrument"]);
        let grouping = &instrument.groupings[bands_of(instrument, row).grouping().unwrap()];
        assert_eq!(places, (0..grouping.count()).collect(), "{set}: every group of the definition is in the table");
    }
}

#[test]
fn the_set_that_is_used_unless_another_is_named_is_the_chosen_one() {
    let differs = |row: Row| {
        let instrument = built_in(&row["instrument"]);
        let is_default = instrument.default_bands.is_some_and(|set| instrument.bands[set].id == row["set"]);
        (row["default"] != if is_default { "yes" } else { "no" }).then(|| format!("{row:?}: used by default {is_default}"))
    };
    expect_none(&table("bands.csv").into_iter().filter_map(differs).collect::<Vec<_>>());
}

#[test]
fn concern_is_at_the_published_end() {
    let differs = |row: Row| {
        let better = bands_of(built_in(&row["instrument"]), &row).better;
        let published = match row["direction"].as_str() {
            "up" => Better::Lower,
            "down" => Better::Higher,
            other => panic!("no direction: {other}"),
        };
        (better != published).then(|| format!("{row:?}: {better:?} is better"))
    };
    expect_none(&table("bands.csv").into_iter().filter_map(differs).collect::<Vec<_>>());
}

/// Whether a scale has whole scores only: nothing is estimated without rounding, and no answer is a fraction.
fn is_whole(instrument: &Instrument, place: usize) -> bool {
    match &instrument.scales[place].rule {
        Rule::Items { items, method, missing, .. } => {
            let points_are_whole = items.iter().flat_map(|entry| &entry.points).all(|points| points.as_whole().is_some());
            let is_sum = matches!(method, Method::Sum { .. } | Method::Count);
            points_are_whole && is_sum && (missing.then != Fill::Prorate || missing.round == Round::HalfUp)
        }
        Rule::Scales(parts) => parts.iter().all(|part| is_whole(instrument, *part)),
        Rule::Of { scale, transform: Transform::Affine { times, .. } } => times.as_whole().is_some() && is_whole(instrument, *scale),
        Rule::Of { transform: Transform::Norms { round, .. }, .. } => *round == Round::HalfUp,
        Rule::Of { .. } => false,
        Rule::Conditions { .. } => true,
    }
}

/// Scores to try: every one of a scale with whole scores, every one of a printed table, otherwise every twentieth between the ends
/// and a little around each edge.
fn scores(instrument: &Instrument, place: usize, edges: &[Edge]) -> Vec<Number> {
    if let Rule::Of { transform: Transform::Lookup(entries), .. } = &instrument.scales[place].rule {
        return entries.iter().map(|(_, score)| *score).collect();
    }
    let (lowest, highest) = instrument.scales[place].range;
    let step = if is_whole(instrument, place) { Number::whole(1) } else { Number::ratio(1, 20).unwrap() };
    let mut scores = vec![lowest];
    while *scores.last().unwrap() < highest {
        scores.push(*scores.last().unwrap() + step);
    }
    let little = Number::ratio(1, 100).unwrap();
    let edges = if is_whole(instrument, place) { &[] } else { edges };
    scores.extend(edges.iter().flat_map(|edge| [edge.at - little, edge.at, edge.at + little]));
    scores.retain(|score| (lowest..=highest).contains(score));
    scores
}

/// The pupil of `M 13`.
fn pupil(group: &str) -> Pupil {
    let (letter, age) = group.split_once(' ').unwrap();
    let sex = Sex::ALL.iter().find(|(found, _)| *found == letter).unwrap().1;
    Pupil { sex: Said::This(sex), age: Said::This(whole(age)), year: Said::Nothing }
}

#[test]
fn every_score_has_the_level_of_the_published_cut_offs() {
    let mut differences = Vec::new();
    for row in table("bands.csv") {
        let instrument = built_in(&row["instrument"]);
        let (bands, edges) = (bands_of(instrument, &row), edges(&row));
        let name = format!("{}, {}, {} {}", instrument.id, row["set"], row["scale"], row["group"]);
        let group = match (bands.grouping(), row["group"].as_str()) {
            (None, "") => None,
            (Some(grouping), group) if !group.is_empty() => {
                let grouping = &instrument.groupings[grouping];
                let found = grouping.find(&pupil(group), grouping.key_in_force(&[]));
                if found.is_ok() == edges.is_empty() {
                    differences.push(format!("{name}: the pupil is in {found:?}"));
                }
                let Ok(found) = found else { continue };
                Some(grouping.index(found))
            }
            _ => {
                differences.push(format!("{name}: grouped on one side only"));
                continue;
            }
        };
        for score in scores(instrument, scale(instrument, &row["scale"]), &edges) {
            let published = edges.iter().take_while(|edge| edge.is_reached_by(score)).count();
            if bands.level(score, group) != Some(published) {
                differences.push(format!("{name}: {score} is at level {published}, built in {:?}", bands.level(score, group)));
                break;
            }
        }
        if bands.levels.len() != edges.len() + 1 {
            differences.push(format!("{name}: {} edges, built in {:?}", edges.len(), bands.levels));
        }
    }
    expect_none(&differences);
}

#[test]
fn every_level_has_the_published_name() {
    let mut differences = Vec::new();
    for row in table("bands.csv").iter().filter(|row| !row["levels"].is_empty()) {
        let instrument = built_in(&row["instrument"]);
        let found = &bands_of(instrument, row).levels;
        let published: Vec<&str> = row["levels"].split('|').collect();
        let is_same = published.len() == found.len()
            && published.iter().zip(found).all(|(published, found)| published.is_empty() || plain(published) == plain(found));
        if !is_same {
            differences.push(format!("{}, {}, {}: published {published:?}, built in {found:?}", instrument.id, row["set"], row["scale"]));
        }
    }
    expect_none(&differences);
}

#[test]
fn pupils_are_listed_from_the_published_cut_off() {
    let mut differences = Vec::new();
    for row in table("bands.csv").iter().filter(|row| !row["flag"].is_empty()) {
        let instrument = built_in(&row["instrument"]);
        let published = edges(row).iter().position(|edge| *edge == Edge::parse(&row["flag"])).unwrap() + 1;
        let found = band_set(instrument, row).flag_from;
        if found != published {
            differences.push(format!("{}, {}: listed from {}, built in level {found}", instrument.id, row["set"], row["flag"]));
        }
    }
    expect_none(&differences);
}

#[test]
fn nobody_outside_the_published_ages_has_a_cut_off_of_another_age() {
    let instrument = built_in("yp-core");
    let grouping = &instrument.groupings[0];
    for group in ["M 10", "F 10", "M 17", "F 17", "M 18", "F 0"] {
        assert!(grouping.find(&pupil(group), 0).is_err(), "{group}");
    }
    let unknown = Pupil { sex: Said::Unreadable, ..pupil("F 12") };
    assert!(grouping.find(&unknown, 0).is_err(), "neither M nor F is recorded");
}
