//! The view as text, with the comments that its reader needs.

use std::fmt::Write;

use super::dialect::Dialect;
use super::draft::{Draft, joined};
use super::view::{Reading, ViewOptions};
use crate::findings::{harmless, list_and};

/// How long a line of a comment may become.
const COMMENT_WIDTH: usize = 120;

fn comment(text: &mut String, indent: &str, words: &str) {
    let words = harmless(words);
    let mut line = String::new();
    for word in words.split(' ') {
        if !line.is_empty() && indent.len() + line.len() + word.len() + 4 > COMMENT_WIDTH {
            let _ = writeln!(text, "{indent}-- {}", line.trim_end());
            line.clear();
            line.push_str("  ");
        }
        if !line.trim().is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(text, "{indent}-- {}", line.trim_end());
}

/// What every reader of the view should know, before it begins.
fn header(text: &mut String, draft: &Draft<'_>, options: &ViewOptions) {
    let instrument = draft.instrument();
    let used = draft.form.used();
    let mut lines = vec![
        format!("{}: scores for {}", instrument.title(), draft.dialect.name()),
        format!("definition {} version {}, SHA-256", instrument.id, used.version),
        format!("{}; bandwise {}", used.sha256, env!("CARGO_PKG_VERSION")),
    ];
    lines.extend(used.bands.iter().zip(&used.bands_source).map(|(bands, source)| format!("bands `{bands}`: {source}")));
    lines.extend(used.choices.iter().map(|(name, value)| format!("choice {name}: {value}")));
    if !instrument.blocks.is_empty() {
        let with = if options.with.is_empty() { "none".to_owned() } else { list_and(&options.with) };
        lines.push(format!("optional parts of the form that the table has: {with}"));
    }
    lines.extend(
        used.sources.iter().map(|(what, source)| format!("source of {what}: {}", source.split_whitespace().collect::<Vec<_>>().join(" "))),
    );
    lines.extend(instrument.notices());
    lines.push(String::new());
    lines.push("A row of the table is one form. Question columns hold the form's own codes, as numbers or as text; anything else counts as no answer, as a refused cell does in `bandwise score`.".to_owned());
    lines.push("Columns are those of `bandwise score -o FILE.csv`: a score is NULL where there is none, and its note says why or how it was estimated. All arithmetic is in whole numbers.".to_owned());
    if draft.dialect == Dialect::Postgres {
        lines.push(
            "Where an older view of this name has other columns, drop it first: the engine replaces a view only by one with the same."
                .to_owned(),
        );
    }
    for line in lines {
        if line.is_empty() { text.push_str("--\n") } else { comment(text, "", &line) }
    }
}

/// The text of the view.
pub(super) fn text(draft: &mut Draft<'_>, options: &ViewOptions, table: &str, reading: &Reading, last: &[String]) -> String {
    let mut text = String::new();
    header(&mut text, draft, options);
    let dialect = draft.dialect;
    let name = dialect.quoted(&draft.instrument().id.replace('-', "_"));
    let _ = writeln!(text, "CREATE OR REPLACE VIEW {name} AS\nWITH");
    for table in &draft.tables {
        for line in &table.comment {
            comment(&mut text, "", line);
        }
        let rows = joined(&table.rows, ", ").replace('\n', "\n  ");
        let _ = writeln!(text, "{} ({}) AS (\n  VALUES\n    {rows}\n),", table.name, table.columns.join(", "));
    }
    let [cells, answers] = ["cells", "answers"].map(|name| draft.step_names.inner(name));
    comment(&mut text, "", "What stands in each cell, as text: NULL where it is blank; 02 and 2.0 are 2.");
    let _ = writeln!(text, "{cells} AS (\n  SELECT\n{}\n  FROM {table}\n),", columns(&reading.cells));
    comment(&mut text, "", "The answers: a code of the form, or NULL for no answer.");
    let _ = writeln!(text, "{answers} {}\n  SELECT\n{}\n  FROM {cells}\n),", dialect.kept(), columns(&reading.answers));
    let mut previous = answers;
    let steps = std::mem::take(&mut draft.steps);
    let count = steps.len();
    for (place, step) in steps.into_iter().enumerate().filter(|(_, step)| !step.columns.is_empty()) {
        let (name, about) = match place {
            0 => ("tallies".to_owned(), "How many questions of each scale were answered, and what the answers come to."),
            1 => ("scales".to_owned(), "The scales that are made from questions."),
            2 => ("derived".to_owned(), "What is made from them."),
            further => (format!("derived_{}", further - 1), "And from those."),
        };
        let name = draft.step_names.inner(&name);
        comment(&mut text, "", about);
        let _ = writeln!(text, "{name} {}\n  SELECT\n    {previous}.*", dialect.kept());
        let length = text.trim_end().len();
        text.truncate(length);
        for column in &step.columns {
            text.push_str(",\n");
            for line in &column.comment {
                comment(&mut text, "    ", line);
            }
            let _ = write!(text, "    {} AS {}", column.sql.replace('\n', "\n    "), column.name);
        }
        let _ = write!(text, "\n  FROM {previous}");
        for join in &step.joins {
            let _ = write!(text, "\n  {join}");
        }
        let _ = writeln!(text, "\n){}", if place + 1 < count { "," } else { "" });
        previous = name;
    }
    let _ = writeln!(text, "SELECT\n{}\nFROM {previous};", columns(last).replace("\n    ", "\n  ").replacen("    ", "  ", 1));
    text
}

fn columns(columns: &[String]) -> String {
    let columns: Vec<String> = columns.iter().map(|column| format!("    {}", column.replace('\n', "\n    "))).collect();
    columns.join(",\n")
}
