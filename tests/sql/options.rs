use super::*;

fn duckdb(form: &Form) -> ViewOptions {
    everything(form, Dialect::DuckDb)
}

#[test]
fn only_the_scales_that_are_asked_for_are_worked_out() {
    let asked = FormOptions { scales: Some(vec!["total".into(), "prosocial".into()]), ..FormOptions::default() };
    let form = form_with("sdq-t4-17", &asked);
    let view = view(&form, &duckdb(&form)).unwrap();
    assert_eq!(shown(&view), ["pupil_id", "prosocial", "prosocial_band", "prosocial_note", "total", "total_band", "total_note"]);
    // What the total is made of is there, and what nobody needs is not.
    assert!(view.contains("\"peer_points\"") && !view.contains("impact_points") && !view.contains("\"distres\""));
}

#[test]
fn a_choice_changes_the_view() {
    let text = |value: &str| {
        let form = form_with("sdq-t4-17", &FormOptions { choose: vec![("impact-rule".into(), value.into())], ..FormOptions::default() });
        view(&form, &duckdb(&form)).unwrap()
    };
    let (keep, absent) = (text("keep"), text("absent"));
    assert!(absent.contains("WHEN \"ebddiff\" IS NULL THEN NULL") && absent.contains("-- choice impact-rule: absent"));
    assert!(!keep.contains("WHEN \"ebddiff\" IS NULL THEN NULL") && keep.contains("the rest counted all the same"));
}

#[test]
fn a_band_set_changes_the_view() {
    let form = form_with("sdq-t4-17", &FormOptions { bands: Some("three".into()), ..FormOptions::default() });
    let view = view(&form, &duckdb(&form)).unwrap();
    assert!(view.contains("THEN 'abnormal'") && !view.contains("THEN 'very high'") && view.contains("-- bands `three`"));
}

#[test]
fn optional_parts_are_there_when_they_are_named() {
    let form = form("sdq-t4-17");
    let without = view(&form, &ViewOptions::new(Dialect::DuckDb)).unwrap();
    assert!(!without.contains("\"impact\"") && !without.contains("distres"));
    assert!(view(&form, &duckdb(&form)).unwrap().contains("\"impact_band\""));
}

#[test]
fn a_map_says_where_the_answers_stand() {
    let map = "[items]\nobeys = \"Q 7: \\\"obedient\\\"\"\n[context]\nid = \"UPN\"\nage = \"Age (years)\"\n";
    let columns = bandwise::matching::read_map("map.toml", map).unwrap();
    let view = view(&form("sdq-t4-17"), &ViewOptions { columns, ..ViewOptions::new(Dialect::DuckDb) }).unwrap();
    assert!(view.contains("CAST(\"Q 7: \"\"obedient\"\"\" AS VARCHAR)") && view.contains("CAST(\"Age (years)\" AS VARCHAR)"));
    assert_eq!(shown(&view)[0], "UPN");
}

#[test]
fn what_is_not_known_of_the_pupil_leaves_no_norm() {
    let form = form("rcads-47-c");
    let view = view(&form, &ViewOptions::new(Dialect::DuckDb)).unwrap();
    assert!(view.contains("'sex not recorded'"), "{view}");
}

#[test]
fn a_rule_that_no_built_in_form_has_compiles_too() {
    let form = form_of(EVERY_RULE);
    for dialect in dialects() {
        let view = view(&form, &everything(&form, dialect)).unwrap_or_else(|error| panic!("{error}"));
        let bare = bare(&view, dialect);
        assert_eq!(bare.matches('(').count(), bare.matches(')').count());
        assert_eq!(bare.matches("LEFT JOIN").count(), 4);
    }
}
