use super::*;

/// A view without what changes with every edition of the definition or of the program.
fn without_edition(view: &str) -> Vec<&str> {
    view.lines().filter(|line| !line.contains("; bandwise ")).collect()
}

/// To be read: `bandwise sql -i sdq-t4-17 --dialect DIALECT > tests/sql/sdq-t4-17.DIALECT.sql` writes it anew.
#[test]
fn the_sdq_reads_like_this() {
    for (dialect, expected) in [
        (Dialect::DuckDb, include_str!("sdq-t4-17.duckdb.sql")),
        (Dialect::Postgres, include_str!("sdq-t4-17.postgres.sql")),
        (Dialect::Spark, include_str!("sdq-t4-17.spark.sql")),
    ] {
        let view = view(&form("sdq-t4-17"), &ViewOptions::new(dialect)).unwrap();
        assert_eq!(without_edition(&view), without_edition(expected), "{}", dialect.name());
    }
}

#[test]
fn every_definition_compiles_in_every_dialect() {
    let mut views = 0;
    for id in built_in_ids() {
        let form = form(id);
        for dialect in dialects() {
            let view = view(&form, &everything(&form, dialect)).unwrap_or_else(|error| panic!("{id}: {error}"));
            let bare = bare(&view, dialect);
            assert_eq!(bare.matches("CREATE OR REPLACE VIEW").count(), 1, "{id}");
            // One statement, in whole numbers but for the last step to two decimals and the type that it ends with.
            assert_eq!(bare.trim_end().find(';'), Some(bare.trim_end().len() - 1), "{id}");
            let numbers = bare.replace("* 0.01 AS", "");
            let is_decimal = |part: &[u8]| part[0].is_ascii_digit() && part[1] == b'.' && part[2].is_ascii_digit();
            assert!(!numbers.as_bytes().windows(3).any(is_decimal), "{id}: a decimal stands in the view");
            assert_eq!(bare.matches('(').count(), bare.matches(')').count(), "{id}");
            assert!(view.contains("-- Screening, not diagnosis"), "{id}");
            assert!(view.contains(&form.instrument().definition.sha256), "{id}");
            views += 1;
        }
    }
    assert_eq!(views, 3 * built_in_ids().count());
}

#[test]
fn a_view_shows_the_columns_of_a_file_of_scores() {
    let form = form("phq-9");
    let view = view(&form, &ViewOptions { keep: vec!["class".into()], ..ViewOptions::new(Dialect::DuckDb) }).unwrap();
    let mut expected = vec!["pupil_id".to_owned(), "class".to_owned()];
    for scale in form.shown() {
        let id = &form.instrument().scales[*scale].id;
        expected.push(id.to_string());
        expected.extend(form.bands(*scale).map(|_| format!("{id}_band")));
        expected.push(format!("{id}_note"));
    }
    expected.push("alerts".to_owned());
    assert_eq!(shown(&view), expected);
}

#[test]
fn an_estimate_is_rounded_in_whole_numbers() {
    let view = view(&form("sdq-t4-17"), &ViewOptions::new(Dialect::DuckDb)).unwrap();
    let expected =
        "WHEN \"emotional_answered\" >= 3 THEN (10 * \"emotional_points\" + \"emotional_answered\") // (2 * \"emotional_answered\")";
    assert!(view.contains(expected), "{view}");
}
