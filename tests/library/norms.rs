//! `norms.csv`, `groups.csv`, `rcads_t.csv`, `swemwbs.csv`: whose norm, what it says, and what a form comes to.

use std::collections::{BTreeMap, BTreeSet};

use bandwise::instrument::{Grouping, Instrument, NormCell, Number, Pupil, Round, Rule, Said, Sex, Transform};
use bandwise::scoring::{Form, FormOptions, Outcome, ScaleScore};

use crate::scored::{answers_worth, score_form};
use crate::tables::{BUILT_INS, Row, built_in, expect_none, number, one_sided, scale, table, whole};

const FORMS: [&str; 4] = ["rcads-47-c", "rcads-47-p", "rcads-25-c", "rcads-25-p"];

/// A norm cell and the question which one it is: `M 3-4`.
fn cells(instrument: &Instrument, place: usize) -> Vec<(String, NormCell)> {
    let Rule::Of { transform: Transform::Norms { norms, column, .. }, .. } = &instrument.scales[place].rule else { return Vec::new() };
    let norms = &instrument.norms[*norms];
    let names = instrument.groupings[norms.grouping].all();
    assert_eq!(names.len(), norms.cells.len(), "{}", instrument.id);
    names.into_iter().zip(&norms.cells).map(|(name, row)| (name, row[*column].clone())).collect()
}

fn published_cells() -> BTreeMap<String, (Number, Number)> {
    let key = |row: &Row| format!("{}, {}, {} {}", row["instrument"], row["scale"], row["sex"], row["grade"]);
    table("norms.csv").iter().map(|row| (key(row), (number(&row["mean"]), number(&row["sd"])))).collect()
}

#[test]
fn every_norm_cell_is_the_published_one() {
    let published = published_cells();
    assert_eq!(published.len(), table("norms.csv").len(), "no cell stands twice");
    assert_eq!(published.len(), 220);
    let mut found = BTreeMap::new();
    for instrument in BUILT_INS.iter() {
        for place in 0..instrument.scales.len() {
            for (group, cell) in cells(instrument, place) {
                let NormCell::Sample { mean, sd } = cell else { panic!("{}: no mean and SD", instrument.id) };
                found.insert(format!("{}, {}, {group}", instrument.id, instrument.scales[place].id), (mean, sd));
            }
        }
    }
    let keys = |cells: &BTreeMap<String, (Number, Number)>| cells.keys().cloned().collect::<BTreeSet<_>>();
    let mut differences = one_sided("norm", &keys(&published), &keys(&found));
    for (key, published) in &published {
        if found.get(key).is_some_and(|found| found != published) {
            differences.push(format!("{key}: published {published:?}, built in {:?}", found[key]));
        }
    }
    expect_none(&differences);
}

/// T = 50 + 10 (raw - mean) / SD in hundredths, halves up, as whole numbers have it.
fn t_score(raw: i64, mean: Number, sd: Number) -> i64 {
    let hundredths = |value: Number| (value * 100).as_whole().unwrap();
    let (mean, sd) = (hundredths(mean), hundredths(sd));
    (2 * (50 * sd + 10 * (100 * raw - mean)) + sd).div_euclid(2 * sd)
}

#[test]
fn every_raw_score_has_the_t_score_of_the_formula() {
    for id in FORMS {
        let instrument = built_in(id);
        for (place, found) in instrument.scales.iter().enumerate() {
            let Rule::Of { scale: raw, transform: Transform::Norms { round, .. } } = &found.rule else { continue };
            assert_eq!(*round, Round::HalfUp, "{id}, {}", found.id);
            let range = instrument.scales[*raw].range;
            for (group, cell) in cells(instrument, place) {
                let NormCell::Sample { mean, sd } = cell else { panic!("{id}: no mean and SD") };
                for raw in range.0.as_whole().unwrap()..=range.1.as_whole().unwrap() {
                    let expected = Some(Number::whole(t_score(raw, mean, sd)));
                    assert_eq!(cell.standardised(Number::whole(raw), *round), expected, "{id}, {}, {group}: {raw}", found.id);
                }
            }
        }
    }
}

// ---- groups

fn grouping(instrument: &Instrument) -> &Grouping {
    assert_eq!(instrument.groupings.len(), 1, "{}", instrument.id);
    &instrument.groupings[0]
}

fn key(grouping: &Grouping, id: &str) -> usize {
    grouping.keys.iter().position(|key| key.id == id).unwrap_or_else(|| panic!("no convention {id}"))
}

fn pupil(sex: &str, by: &str, told: u8) -> Pupil {
    let sex = Said::This(Sex::ALL.iter().find(|(letter, _)| *letter == sex).unwrap().1);
    match by {
        "age" => Pupil { sex, age: Said::This(told), year: Said::Nothing },
        "school year" => Pupil { sex, age: Said::Nothing, year: Said::This(told) },
        other => panic!("no convention goes by {other}"),
    }
}

/// Every age and year: in the published group, or in none.
#[test]
fn every_convention_finds_the_published_group_and_nobody_is_moved_to_the_nearest() {
    let rows = table("groups.csv");
    let mut conventions: BTreeMap<(String, String), Vec<&Row>> = BTreeMap::new();
    for row in &rows {
        conventions.entry((row["instrument"].clone(), row["key"].clone())).or_default().push(row);
    }
    let in_table: BTreeSet<String> = conventions.keys().map(|(instrument, key)| format!("{instrument}, {key}")).collect();
    let keys = |id: &&str| grouping(built_in(id)).keys.iter().map(|key| format!("{id}, {}", key.id)).collect::<Vec<_>>();
    let mut differences = one_sided("convention", &in_table, &FORMS.iter().flat_map(keys).collect());
    for ((id, convention), rows) in &conventions {
        let grouping = grouping(built_in(id));
        let place = key(grouping, convention);
        let (by, default) = (grouping.keys[place].by.word(), if grouping.key_in_force(&[]) == place { "yes" } else { "no" });
        if rows.iter().any(|row| row["by"] != by || row["default"] != default) {
            differences.push(format!("{id}, {convention}: built in by {by}, default {default}"));
        }
        for (told, sex) in (0..=30).flat_map(|told| [(told, "M"), (told, "F")]) {
            let published = rows.iter().find(|row| (whole::<u8>(&row["from"])..=whole(&row["to"])).contains(&told));
            let published = published.map(|row| format!("{sex} {}", row["group"]));
            let found =
                grouping.find(&pupil(sex, &rows[0]["by"], told), place).ok().map(|group| grouping.all()[grouping.index(group)].clone());
            if found != published {
                differences.push(format!("{id}, {convention} {told}: published {published:?}, built in {found:?}"));
            }
        }
    }
    expect_none(&differences);
}

#[test]
fn the_school_year_comes_first_and_the_age_stands_in_for_it() {
    for id in FORMS {
        let grouping = grouping(built_in(id));
        let group = |pupil: &Pupil, key: usize| grouping.find(pupil, key).map(|group| grouping.words(group).to_string());
        // Year 7 is US grades 5-6 whatever the age; without a year, 12 years old is grades 7-8.
        let both = Pupil { age: Said::This(12), ..pupil("F", "school year", 7) };
        assert_eq!(group(&both, grouping.key_in_force(&[])).unwrap(), "F, grade 5-6 by school-year", "{id}");
        assert_eq!(group(&pupil("F", "age", 12), grouping.key_in_force(&[])).unwrap(), "F, grade 7-8 by nhs-age", "{id}");
        assert_eq!(group(&pupil("F", "age", 12), key(grouping, "ucla-age")).unwrap(), "F, grade 5-6 by ucla-age", "{id}");
        let unknown = Pupil { sex: Said::Nothing, ..both };
        assert!(grouping.find(&unknown, 0).is_err(), "{id}: without M or F there is no norm");
    }
}

// ---- T scores of whole forms

fn form(id: &str, key: &str) -> Form {
    let choose = vec![("norm-key".to_owned(), key.to_owned())];
    Form::new(bandwise::instrument::load(id).unwrap().0, &FormOptions { choose, ..FormOptions::default() }).unwrap()
}

fn complete(score: &ScaleScore) -> i64 {
    match score.outcome {
        Outcome::Complete(value) => value.as_whole().unwrap(),
        other => panic!("not complete: {other:?}"),
    }
}

/// A form that reaches the raw score, for a boy or girl of the group, by every convention and by both ends of the group.
#[test]
fn every_published_vector_comes_out_of_a_whole_form() {
    let rows = table("rcads_t.csv");
    assert_eq!(rows.len(), 16);
    let groups = table("groups.csv");
    for row in rows {
        let id = match row["informant"].as_str() {
            "child" => "rcads-47-c",
            "parent" => "rcads-47-p",
            other => panic!("no form for {other}"),
        };
        let of_group: Vec<&Row> = groups.iter().filter(|group| group["instrument"] == id && group["group"] == row["grade"]).collect();
        assert_eq!(of_group.len(), 3, "{row:?}: one group in each convention");
        for group in of_group {
            let form = form(id, &group["key"]);
            let instrument = form.instrument();
            let (raw, t) = (scale(instrument, &row["scale"]), scale(instrument, &format!("{}_t", row["scale"])));
            let answers = answers_worth(instrument, raw, whole(&row["raw"]));
            for told in whole::<u8>(&group["from"])..=whole(&group["to"]) {
                let scores = score_form(&form, &answers, pupil(&row["sex"], &group["by"], told));
                let found = (complete(&scores[raw]), complete(&scores[t]));
                assert_eq!(found, (whole(&row["raw"]), whole(&row["t_formula"])), "{row:?}, {} {told}", group["key"]);
            }
        }
    }
}

/// The printed tables and the formula differ in a few cells; one of them is among the vectors, and the formula is used.
#[test]
fn one_vector_shows_where_the_printed_table_differs_from_the_formula() {
    let differs: Vec<String> = table("rcads_t.csv")
        .iter()
        .filter(|row| row["t_printed"] != row["t_formula"])
        .map(|row| row.values().cloned().collect::<Vec<_>>().join(" "))
        .collect();
    // By the columns' names: grade, informant, raw, scale, sex, T by the formula, T in print.
    assert_eq!(differs, ["3-4 parent 2 pd M 50 51"]);
}

/// The same raw score of the same ten questions: the two forms have norms of their own.
#[test]
fn the_long_and_the_short_form_have_different_norms_for_low_mood() {
    let boy = pupil("M", "school year", 4);
    for (id, raw, t, expected) in [("rcads-47-c", "mdd", "mdd_t", 74), ("rcads-25-c", "depression", "depression_t", 66)] {
        let form = form(id, "school-year");
        let answers = answers_worth(form.instrument(), scale(form.instrument(), raw), 18);
        let scores = score_form(&form, &answers, boy);
        assert_eq!(complete(&scores[scale(form.instrument(), t)]), expected, "{id}");
        assert!(form.instrument().comparable_with.is_empty(), "{id}: never one trend line");
    }
}

/// Tables print `>80`, `<35` and `>85`; the score itself is not changed.
#[test]
fn the_ends_of_the_printed_tables_are_shown_as_such() {
    for id in ["rcads-47-c", "rcads-47-p"] {
        let instrument = built_in(id);
        for (scale_id, score, shown) in [
            ("sad_t", 80, "80"),
            ("sad_t", 81, ">80"),
            ("mdd_t", 99, ">80"),
            ("mdd_t", 20, "20"),
            ("anxiety_t", 85, "85"),
            ("anxiety_t", 86, ">85"),
            ("anxiety_t", 35, "35"),
            ("internalising_t", 34, "<35"),
            ("internalising_t", 118, ">85"),
        ] {
            assert_eq!(instrument.scales[scale(instrument, scale_id)].capped(Number::whole(score)), shown, "{id}, {scale_id} {score}");
        }
    }
}

// ---- the conversion table

fn lookup() -> &'static [(Number, Number)] {
    let instrument = built_in("swemwbs");
    match &instrument.scales[scale(instrument, "metric")].rule {
        Rule::Of { transform: Transform::Lookup(entries), .. } => entries,
        other => panic!("no table: {other:?}"),
    }
}

#[test]
fn every_raw_score_has_the_published_metric_score() {
    let published: Vec<(Number, Number)> = table("swemwbs.csv").iter().map(|row| (number(&row["raw"]), number(&row["metric"]))).collect();
    assert_eq!(published.len(), 29);
    assert_eq!(lookup(), published);
    let form = Form::new(bandwise::instrument::load("swemwbs").unwrap().0, &FormOptions::default()).unwrap();
    let (raw, metric) = (scale(form.instrument(), "raw"), scale(form.instrument(), "metric"));
    for (score, converted) in published {
        let answers = answers_worth(form.instrument(), raw, score.as_whole().unwrap());
        let scores = score_form(&form, &answers, Pupil::default());
        assert_eq!((scores[raw].outcome, scores[metric].outcome), (Outcome::Complete(score), Outcome::Complete(converted)));
    }
}

#[test]
fn only_one_form_has_a_conversion_table_and_only_four_have_norms() {
    let has = |transform: fn(&Transform) -> bool| {
        let is_one = move |rule: &Rule| matches!(rule, Rule::Of { transform: found, .. } if transform(found));
        let ids = BUILT_INS.iter().filter(move |instrument| instrument.scales.iter().any(|scale| is_one(&scale.rule)));
        ids.map(|instrument| instrument.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(has(|transform| matches!(transform, Transform::Lookup(_))), ["swemwbs"]);
    let mut norms = has(|transform| matches!(transform, Transform::Norms { .. }));
    norms.sort();
    let mut forms = FORMS.to_vec();
    forms.sort_unstable();
    assert_eq!(norms, forms);
}
