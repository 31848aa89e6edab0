use super::*;
use bandwise::matching::ColumnNames;

fn refusal(form: &Form, options: &ViewOptions) -> String {
    view(form, options).unwrap_err().to_string()
}

#[test]
fn parts_that_the_form_does_not_have() {
    let options = |part: &str| ViewOptions { with: vec![part.into()], ..ViewOptions::new(Dialect::DuckDb) };
    assert_eq!(refusal(&form("sdq-t4-17"), &options("impct")), "sdq-t4-17 has no optional part `impct`: did you mean `impact`?");
    assert_eq!(refusal(&form("phq-9"), &options("impact")), "phq-9 has no optional part `impact`");
    assert_eq!(view(&form("boxall"), &ViewOptions::new(Dialect::DuckDb)), Err(SqlError::NoScale));
}

#[test]
fn two_columns_of_one_name() {
    let options = |keep: &str| ViewOptions { keep: vec![keep.into()], ..ViewOptions::new(Dialect::DuckDb) };
    for name in ["total", "Total_Band", "pupil_id", "ALERTS"] {
        assert_eq!(view(&form("phq-9"), &options(name)), Err(SqlError::SameName { name: shown_name(name) }), "{name}");
    }
}

/// The one that comes second: a kept column stands before the scales.
fn shown_name(name: &str) -> String {
    if name == "pupil_id" { name.to_owned() } else { name.to_lowercase() }
}

#[test]
fn names_that_an_engine_would_cut_off() {
    let long = "x".repeat(64);
    let options = |dialect| ViewOptions { keep: vec![long.clone()], ..ViewOptions::new(dialect) };
    assert!(view(&form("phq-9"), &options(Dialect::DuckDb)).is_ok());
    assert!(view(&form("phq-9"), &options(Dialect::Spark)).is_ok());
    let refused = refusal(&form("phq-9"), &options(Dialect::Postgres));
    assert_eq!(refused, format!("PostgreSQL keeps 63 bytes of a name and cuts the rest off: `{long}` is longer"));
    let nameless = ViewOptions { keep: vec![String::new()], ..ViewOptions::new(Dialect::DuckDb) };
    assert_eq!(refusal(&form("phq-9"), &nameless), "a column of the view has no name");
}

#[test]
fn maps_that_a_view_cannot_follow() {
    let map = |text: &str| bandwise::matching::read_map("map.toml", text).unwrap();
    let options = |columns: ColumnNames| ViewOptions { columns, ..ViewOptions::new(Dialect::DuckDb) };
    for (text, what) in [
        ("[coding]\nmain = [\"1\", \"2\", \"3\", \"4\"]", "a coding"),
        ("[answers.main]\noften = \"2\"", "words for answers"),
        ("missing = [\"9\"]", "words for no answer"),
    ] {
        assert_eq!(view(&form("phq-9"), &options(map(text))), Err(SqlError::Map { what: what.into() }));
    }
    let refused = refusal(&form("phq-9"), &options(map("id = [\"Surname\", \"Forename\"]")));
    assert!(refused.contains("the map makes the id of Surname and Forename"), "{refused}");
}

/// What a rule is about must be known where answers are missing, and a table says nothing of that.
#[test]
fn a_rule_over_a_table() {
    let rule = "[[scales]]\nid = \"over-table\"\nname = \"A rule\"\nconditions = [{ scale = \"printed\", from = 45 }]\nneeds = \"all\"\nbetter = \"lower\"\n\n[bands.usual]\n";
    let form = form_of(&EVERY_RULE.replacen("[bands.usual]\n", rule, 1));
    for dialect in dialects() {
        let refused = refusal(&form, &everything(&form, dialect));
        assert_eq!(
            refused,
            format!(
                "the rule over `printed` cannot be said in {}: what `printed` may come to where answers are missing stands in a table",
                dialect.name()
            )
        );
    }
}

#[test]
fn numbers_that_do_not_fit() {
    let chain = |id: &str, of: &str| {
        format!("[[scales]]\nid = \"{id}\"\nname = \"Long\"\nof = \"{of}\"\ntimes = 0.987654321\nbetter = \"lower\"\n\n")
    };
    let scales = chain("nine", "both") + &chain("eighteen", "nine") + "[bands.usual]\n";
    let form = form_of(&EVERY_RULE.replacen("[bands.usual]\n", &scales, 1));
    let refused = refusal(&form, &everything(&form, Dialect::Spark));
    assert_eq!(refused, "`eighteen` cannot be worked out exactly in Spark SQL: its numbers do not fit into 64 bits");
}

#[test]
fn goals_that_cannot_all_be_tried_out() {
    let text = bandwise::instrument::built_in_text("gas-weighted").unwrap();
    let form = form_of(&text.replace("codes = [1, 2, 3, 4]", "from = 1\nto = 200").replace("\"gas-weighted\"", "\"test\""));
    let refused = refusal(&form, &everything(&form, Dialect::DuckDb));
    let expected = "goal attainment of `t` cannot be worked out exactly in DuckDB: there are too many ways in which goals and weights can come together";
    assert_eq!(refused, expected);
}
