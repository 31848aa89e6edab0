//! Views: their text, what they refuse, and names and words that could break out of them. That they score as the scorer does is shown by
//! `.ci/sql.py`, which runs them in the engines.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod hostile;
mod options;
mod program;
mod refused;
mod text;

use bandwise::instrument::{built_in_ids, load, read_definition, skeleton};
use bandwise::scoring::{Form, FormOptions};
use bandwise::sql::{Dialect, SqlError, ViewOptions, view};

const EVERY_RULE: &str = include_str!("every-rule.toml");

fn form(id: &str) -> Form {
    form_with(id, &FormOptions::default())
}

fn form_with(id: &str, options: &FormOptions) -> Form {
    Form::new(load(id).unwrap().0, options).unwrap()
}

fn form_of(text: &str) -> Form {
    let (instrument, _) = read_definition("test.toml", text).unwrap_or_else(|findings| panic!("{findings:?}"));
    Form::new(instrument, &FormOptions::default()).unwrap()
}

/// The new questionnaire that `instrument new` writes, with some lines changed.
fn skeleton_with(changes: &[(&str, &str)]) -> Form {
    let mut text = skeleton("mood-check");
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    form_of(&text)
}

fn dialects() -> impl Iterator<Item = Dialect> {
    Dialect::ALL.iter().map(|(_, dialect)| *dialect)
}

/// Everything that the table may have.
fn everything(form: &Form, dialect: Dialect) -> ViewOptions {
    let column = |name: &str| Some(name.to_owned());
    ViewOptions {
        sex: column("sex"),
        age: column("age"),
        year: column("year"),
        with: form.instrument().blocks.iter().map(|block| block.id.clone()).collect(),
        ..ViewOptions::new(dialect)
    }
}

/// A view without its comments, and without what stands in quotation marks of either kind.
fn bare(view: &str, dialect: Dialect) -> String {
    let mut bare = String::new();
    let mut characters = view.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '-' if characters.peek() == Some(&'-') => while characters.next_if(|next| *next != '\n').is_some() {},
            quote @ ('\'' | '"' | '`') => loop {
                let next = characters.next();
                let escapes = next == Some('\\') && quote == '\'' && dialect == Dialect::Spark;
                let doubles = next == Some(quote) && characters.peek() == Some(&quote) && (dialect != Dialect::Spark || quote == '`');
                match next {
                    Some(_) if escapes || doubles => _ = characters.next(),
                    Some(other) if other == quote => break,
                    Some(_) => {}
                    None => panic!("a quotation mark is open:\n{view}"),
                }
            },
            other => bare.push(other),
        }
    }
    bare
}

/// The names that the last step of a view shows: those behind the last `AS` of a column, and columns that stand alone.
fn shown(view: &str) -> Vec<String> {
    let last = view.rsplit_once("\nSELECT\n").unwrap().1.split_once("\nFROM ").unwrap().0;
    let name = |line: &str| {
        let line = line.trim_end_matches(',');
        let name = line.rsplit_once(" AS \"").map(|(_, name)| name).or_else(|| line.strip_prefix("  \""))?;
        name.strip_suffix('"').filter(|name| !name.contains('"')).map(str::to_owned)
    };
    last.lines().filter_map(name).collect()
}
