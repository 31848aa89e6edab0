use super::*;

const HOSTILE: [&str; 6] = ["x\"; DROP TABLE y; --", "a`b", "it's", "back\\slash'", "line\nbreak", "\u{202e}rtl"];

#[test]
fn names_of_the_user_stay_names() {
    for dialect in dialects() {
        let quiet = bare(&view(&form("phq-9"), &ViewOptions::new(dialect)).unwrap(), dialect);
        for name in HOSTILE {
            let options = ViewOptions {
                id: Some(name.to_owned()),
                keep: vec![format!("{name} 2")],
                sex: Some(name.to_owned()),
                age: Some(name.to_owned()),
                table: format!("\"{}\"", name.replace('"', "\"\"")),
                ..ViewOptions::new(dialect)
            };
            let view = view(&form("phq-9"), &options).unwrap();
            assert!(view.contains(&dialect_quoted(dialect, name)), "{name}");
            let bare = bare(&view, dialect);
            assert!(!bare.contains("DROP") && bare.matches(';').count() == quiet.matches(';').count(), "{name}\n{bare}");
        }
    }
}

fn dialect_quoted(dialect: Dialect, name: &str) -> String {
    if dialect == Dialect::Spark { format!("`{}`", name.replace('`', "``")) } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

#[test]
fn words_of_a_definition_stay_texts_and_comments() {
    let form = skeleton_with(&[
        ("\"Weather Worries (invented)\"", "\"Weather\\nDROP TABLE x; 'a'\""),
        ("\"stormy\"]", "\"it's \\\\ \\\"wild\\\"; DROP\"]"),
        ("total = \"stormy\" }", "total = \"it's \\\\ \\\"wild\\\"; DROP\" }"),
    ]);
    for (dialect, level) in [
        (Dialect::DuckDb, "'it''s \\ \"wild\"; DROP'"),
        (Dialect::Postgres, "'it''s \\ \"wild\"; DROP'"),
        (Dialect::Spark, "'it\\'s \\\\ \"wild\"; DROP'"),
    ] {
        let view = view(&form, &ViewOptions::new(dialect)).unwrap();
        assert!(view.contains(&format!("THEN {level}")), "{view}");
        let bare = bare(&view, dialect);
        assert!(!bare.contains("DROP"), "{bare}");
        assert_eq!(bare.matches(';').count(), 1);
    }
}

#[test]
fn columns_of_the_table_that_are_called_like_steps_are_told_apart() {
    // A class whose id column is called as a scale's sum, and a table called as a step.
    let options = ViewOptions { id: Some("total_answered".into()), table: "answers".into(), ..ViewOptions::new(Dialect::DuckDb) };
    let view = view(&form("phq-9"), &options).unwrap();
    assert!(view.contains("AS \"total_answered_2\""), "{view}");
    assert!(view.contains("FROM \"answers\"\n") && view.contains("\"answers_2\" AS ("));
}
