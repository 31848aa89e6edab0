//! The view as a whole: which columns it reads, which scales it needs, and its text.

use std::fmt::Write;

use super::answers::Code;
use super::derived;
use super::dialect::Dialect;
use super::draft::{Draft, Scored};
use super::error::SqlError;
use super::goals;
use super::items::{self, ItemScale};
use super::names::{Names, quoted, quoted_table};
use super::pupil::{self, PupilColumns};
use super::shown::{self, NoBand, Shown};
use crate::findings::{did_you_mean, harmless, list_and, list_or};
use crate::instrument::{Instrument, Method, Rule, Transform};
use crate::matching::{ColumnNames, Role};
use crate::scoring::Form;

/// What a view reads and shows.
#[derive(Clone, Debug)]
pub struct ViewOptions {
    /// The engine.
    pub dialect: Dialect,
    /// The table that it reads, with its schema before a full stop where it has one.
    pub table: String,
    /// Which column is which question or says something of the pupil, where it is not called what the form calls it.
    pub columns: ColumnNames,
    /// The column that says which pupil a row is about; the map's own, or `pupil_id`.
    pub id: Option<String>,
    /// Further columns that are carried along.
    pub keep: Vec<String>,
    /// The column of the pupil's sex.
    pub sex: Option<String>,
    /// The column of the age in years.
    pub age: Option<String>,
    /// The column of the school year.
    pub year: Option<String>,
    /// The optional parts of the form that the table has.
    pub with: Vec<String>,
}

impl ViewOptions {
    /// A view over a table `responses` whose columns have the names of the form.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            table: "responses".to_owned(),
            columns: ColumnNames::default(),
            id: None,
            keep: Vec::new(),
            sex: None,
            age: None,
            year: None,
            with: Vec::new(),
        }
    }

    /// The column of a role: the option's, or else the map's.
    fn role<'o>(&'o self, option: Option<&'o String>, role: Role) -> Option<&'o String> {
        option.or_else(|| self.columns.context.get(role.word()))
    }

    fn id(&self) -> Result<&str, SqlError> {
        match (&self.id, self.columns.id.as_slice()) {
            (Some(id), _) => Ok(id),
            (None, [_, _, ..]) => Err(SqlError::SeveralIds { columns: list_and(&self.columns.id) }),
            (None, [only]) => Ok(only),
            (None, []) => Ok(self.columns.context.get(Role::Id.word()).map_or("pupil_id", String::as_str)),
        }
    }
}

/// What a cell step and the steps after it add.
struct Reading {
    /// The columns of the table, as text.
    cells: Vec<String>,
    /// The answers and what the table says of the pupil.
    answers: Vec<String>,
    /// The cells that alerts look at, by item.
    critical: Vec<(usize, String)>,
    /// The column that says whether a row has any answer.
    is_form: String,
}

/// The view that scores a form inside an engine, as one `CREATE OR REPLACE VIEW`.
///
/// # Errors
///
/// When something is asked for that the form does not have, or that the engine could not say exactly.
pub fn view(form: &Form, options: &ViewOptions) -> Result<String, SqlError> {
    check_map(&options.columns)?;
    let dialect = options.dialect;
    let instrument = form.instrument();
    let table = quoted_table(dialect, &options.table)?;
    let parts = parts(instrument, &options.with)?;
    let is_there = |scale: &usize| instrument.scales.get(*scale).is_some_and(|scale| scale.block.is_none_or(|block| parts[block]));
    let shown: Vec<usize> = form.shown().iter().copied().filter(is_there).collect();
    if shown.is_empty() {
        return Err(SqlError::NoScale);
    }
    let mut step_names = Names::new(dialect);
    // The table's own name is no step's.
    step_names.inner(options.table.rsplit(['.', '"']).find(|part| !part.is_empty()).unwrap_or_default());
    let needed = needed(form, &shown);
    let mut draft = Draft {
        form,
        dialect,
        names: Names::new(dialect),
        step_names,
        pupil: PupilColumns::default(),
        groups: Vec::new(),
        parts,
        codes: Vec::new(),
        tables: Vec::new(),
        steps: Vec::new(),
        scored: Vec::new(),
        norm_tables: Vec::new(),
        with_ends: with_ends(instrument, &needed),
        needed,
    };
    let mut outputs = Names::new(dialect);
    let carried = carried(&mut draft, &mut outputs, options)?;
    let reading = read(&mut draft, options, &shown, &carried)?;
    for scale in 0..instrument.scales.len() {
        let scored = scored(&mut draft, scale)?;
        draft.scored.push(scored);
    }
    let no_band = NoBand::new(&mut draft, &shown);
    let mut columns = Vec::new();
    for scale in &shown {
        columns.extend(shown::scale_columns(&mut draft, *scale, &no_band)?);
    }
    columns.extend(shown::sensitive(&draft).map(|sql| Shown { name: "sensitive".to_owned(), sql }));
    let alerts = shown::alerts(&draft, &reading.is_form, &reading.critical);
    columns.extend(alerts.map(|sql| Shown { name: "alerts".to_owned(), sql }));
    let mut last = carried.iter().map(|(_, quoted)| quoted.clone()).collect::<Vec<_>>();
    for column in &columns {
        let name = outputs.visible(&column.name)?;
        last.push(if column.sql == name { name } else { format!("{} AS {name}", column.sql) });
    }
    Ok(text(&mut draft, options, &table, &reading, &last))
}

/// What a map can say and a view cannot follow.
fn check_map(map: &ColumnNames) -> Result<(), SqlError> {
    let refused = [
        ("a coding", !map.coding.is_empty()),
        ("words for answers", !map.answers.is_empty()),
        ("words for no answer", !map.missing.is_empty()),
    ];
    match refused.iter().find(|(_, is_there)| *is_there) {
        Some((what, _)) => Err(SqlError::Map { what: (*what).to_owned() }),
        None => Ok(()),
    }
}

/// Which optional parts are there.
fn parts(instrument: &Instrument, with: &[String]) -> Result<Vec<bool>, SqlError> {
    let names: Vec<&str> = instrument.blocks.iter().map(|block| block.id.as_str()).collect();
    if let Some(name) = with.iter().find(|name| !names.contains(&name.as_str())) {
        let help = match did_you_mean(name, names.iter().copied()) {
            Some(near) => format!(": did you mean `{near}`?"),
            None if names.is_empty() => String::new(),
            None => format!(": it has {}", list_or(&names)),
        };
        return Err(SqlError::UnknownPart { instrument: instrument.id.to_string(), name: name.clone(), help });
    }
    Ok(names.iter().map(|name| with.iter().any(|asked| asked == name)).collect())
}

/// The scales that are shown, those that they are made from, and those that may speak against them.
fn needed(form: &Form, shown: &[usize]) -> Vec<bool> {
    let instrument = form.instrument();
    let mut needed = vec![false; instrument.scales.len()];
    let mut open: Vec<usize> = shown.to_vec();
    open.extend(
        instrument.cautions.iter().filter(|caution| caution.about.iter().any(|scale| shown.contains(scale))).map(|caution| caution.scale),
    );
    while let Some(scale) = open.pop() {
        let (Some(definition), Some(known)) = (instrument.scales.get(scale), needed.get_mut(scale)) else { continue };
        if std::mem::replace(known, true) {
            continue;
        }
        open.extend(definition.only_with);
        match &definition.rule {
            Rule::Items { .. } => {}
            Rule::Scales(parts) => open.extend(parts),
            Rule::Of { scale, .. } => open.push(*scale),
            Rule::Conditions { conditions, .. } => open.extend(conditions.iter().map(|condition| condition.scale)),
        }
    }
    needed
}

/// The scales of which it must be known what they may come to: those that rules are about, and what these are made from.
fn with_ends(instrument: &Instrument, needed: &[bool]) -> Vec<bool> {
    let mut with_ends = vec![false; instrument.scales.len()];
    for (scale, definition) in instrument.scales.iter().enumerate().rev() {
        match &definition.rule {
            Rule::Conditions { conditions, .. } if needed[scale] => {
                for condition in conditions {
                    with_ends[condition.scale] = true;
                }
            }
            Rule::Scales(parts) if with_ends[scale] => {
                for part in parts {
                    with_ends[*part] = true;
                }
            }
            Rule::Of { scale: of, transform: Transform::Affine { .. } } if with_ends[scale] => with_ends[*of] = true,
            _ => {}
        }
    }
    with_ends
}

/// The id and the columns that are kept, each with its name in the table, and quoted.
fn carried(draft: &mut Draft<'_>, outputs: &mut Names, options: &ViewOptions) -> Result<Vec<(String, String)>, SqlError> {
    let mut carried = Vec::new();
    for name in std::iter::once(options.id()?).chain(options.keep.iter().map(String::as_str)) {
        let quoted = outputs.visible(name)?;
        draft.names.inner(name);
        carried.push((name.to_owned(), quoted));
    }
    // The names of scales before those of questions: a step's reader looks for them.
    Ok(carried)
}

/// The first two steps: the cells as text, and the answers in them.
fn read(draft: &mut Draft<'_>, options: &ViewOptions, shown: &[usize], carried: &[(String, String)]) -> Result<Reading, SqlError> {
    let (dialect, instrument) = (draft.dialect, draft.instrument());
    let mut reading = Reading { cells: Vec::new(), answers: Vec::new(), critical: Vec::new(), is_form: "FALSE".to_owned() };
    for (_, quoted) in carried {
        reading.cells.push(quoted.clone());
        reading.answers.push(quoted.clone());
    }
    let mut any = Vec::new();
    // A form with alerts is a form as soon as any question of it is answered, whether a scale needs that or not.
    let needed = |item: usize| !instrument.critical.is_empty() || draft_needs(instrument, &draft.needed, item);
    let read: Vec<bool> = (0..instrument.items.len()).map(needed).collect();
    for (index, item) in instrument.items.iter().enumerate() {
        let set = instrument.answers.get(item.answers).filter(|_| read[index] && item.block.is_none_or(|block| draft.parts[block]));
        let Some(set) = set else {
            draft.codes.push(None);
            continue;
        };
        let is_scale = instrument.scales.iter().any(|scale| scale.id == item.id);
        let column = draft.names.inner(&if is_scale { format!("{}_answer", item.id) } else { item.id.to_string() });
        let code = Code::new(column.clone(), set);
        let source = quoted(dialect, "a question's column", options.columns.items.get(&*item.id).map_or(&*item.id, String::as_str))?;
        reading.cells.push(format!("{} AS {column}", code.cell(dialect, &source)));
        reading.answers.push(format!("{} AS {column}", code.read(dialect, &column, set)));
        any.push(column.clone());
        if instrument.critical.iter().any(|critical| critical.item == index) {
            let cell = draft.names.inner(&format!("{}_cell", item.id));
            reading.answers.push(format!("{column} AS {cell}"));
            reading.critical.push((index, cell));
        }
        draft.codes.push(Some(code));
    }
    if !reading.critical.is_empty() {
        reading.is_form = draft.names.inner("is_form");
        reading.answers.push(format!("coalesce({}) IS NOT NULL AS {}", super::draft::joined(&any, ", "), reading.is_form));
    }
    let uses = Uses::new(draft, shown);
    let told = [
        (uses.sex, options.role(options.sex.as_ref(), Role::Sex), "sex", pupil::sex as fn(Dialect, &str) -> String),
        (uses.age, options.role(options.age.as_ref(), Role::Age), "age", pupil::age),
        (uses.year, options.role(options.year.as_ref(), Role::Year), "school_year", pupil::year),
    ];
    let mut columns = Vec::new();
    for (is_used, source, name, said) in told {
        let Some(source) = source.filter(|_| is_used) else {
            columns.push(None);
            continue;
        };
        let source = quoted(dialect, "a column that says something of the pupil", source)?;
        let column = draft.names.inner(&format!("pupil_{name}"));
        let is_age = name == "age";
        let cell = if is_age { pupil::age_cell(dialect, &source) } else { pupil::cell(dialect, &source) };
        reading.cells.push(format!("{cell} AS {column}"));
        reading.answers.push(format!("{} AS {column}", said(dialect, &column)));
        columns.push(Some(column));
    }
    let mut columns = columns.into_iter();
    draft.pupil = PupilColumns { sex: columns.next().flatten(), age: columns.next().flatten(), year: columns.next().flatten() };
    Ok(reading)
}

/// Whether a needed scale or an answer that is shown looks at a question.
fn draft_needs(instrument: &Instrument, needed: &[bool], item: usize) -> bool {
    let of_rule = |rule: &Rule| match rule {
        Rule::Items { items, gate, method, .. } => {
            let weighs = matches!(method, Method::GoalAttainment { weights, .. } if weights.contains(&item));
            weighs || items.iter().any(|entry| entry.item == item) || gate.as_ref().is_some_and(|gate| gate.item == item)
        }
        _ => false,
    };
    let by_scale = instrument.scales.iter().zip(needed).any(|(scale, needed)| *needed && of_rule(&scale.rule));
    by_scale || instrument.sensitive.iter().any(|question| question.item == item)
}

/// What norms and bands ask of the pupil.
struct Uses {
    sex: bool,
    age: bool,
    year: bool,
}

impl Uses {
    fn new(draft: &Draft<'_>, shown: &[usize]) -> Self {
        let instrument = draft.instrument();
        let by_norms =
            instrument.scales.iter().enumerate().filter(|(scale, definition)| draft.needed[*scale] && shown::has_norm(&definition.rule));
        let by_norms = by_norms.filter_map(|(scale, _)| Some(instrument.norms_of(scale)?.grouping));
        let banded = || shown.iter().filter_map(|scale| draft.form.bands(*scale));
        let groupings: Vec<_> = by_norms
            .chain(banded().filter_map(|bands| bands.grouping()))
            .filter_map(|grouping| instrument.groupings.get(grouping))
            .collect();
        let goes_by = |by| groupings.iter().any(|grouping| grouping.keys.iter().any(|key| key.by == by));
        Self {
            sex: groupings.iter().any(|grouping| grouping.by_sex),
            age: goes_by(crate::instrument::KeyBy::Age) || (instrument.ages.is_some() && banded().next().is_some()),
            year: goes_by(crate::instrument::KeyBy::SchoolYear),
        }
    }
}

/// Makes the columns of a scale, if anybody needs it.
fn scored(draft: &mut Draft<'_>, scale: usize) -> Result<Option<Scored>, SqlError> {
    let Some(definition) = draft.scale(scale).filter(|_| draft.needed.get(scale).copied().unwrap_or(false)) else { return Ok(None) };
    if definition.block.is_some_and(|block| !draft.parts[block]) {
        return Ok(Some(Scored::not_applicable()));
    }
    let scored = match &definition.rule {
        Rule::Items { items, method: method @ Method::GoalAttainment { .. }, .. } => goals::score(draft, scale, items, method)?,
        Rule::Items { .. } => match ItemScale::new(&definition.rule) {
            Some(rule) => items::score(draft, scale, &rule)?,
            None => Scored::not_applicable(),
        },
        Rule::Scales(parts) => derived::sum(draft, scale, parts)?,
        Rule::Of { scale: of, transform } => derived::transformed(draft, scale, *of, transform)?,
        Rule::Conditions { conditions, needed } => derived::rule(draft, scale, conditions, *needed)?,
    };
    Ok(Some(match definition.only_with {
        Some(other) => derived::only_with(draft, scale, other, scored),
        None => scored,
    }))
}

/// How long a line of a comment may become.
const COMMENT_WIDTH: usize = 120;

fn comment(text: &mut String, indent: &str, words: &str) {
    let words = harmless(words);
    let mut line = String::new();
    for word in words.split(' ') {
        if !line.is_empty() && indent.len() + line.len() + word.len() + 4 > COMMENT_WIDTH {
            let _ = writeln!(text, "{indent}-- {}", line.trim_end());
            line = "  ".to_owned();
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
fn text(draft: &mut Draft<'_>, options: &ViewOptions, table: &str, reading: &Reading, last: &[String]) -> String {
    let mut text = String::new();
    header(&mut text, draft, options);
    let dialect = draft.dialect;
    let name = dialect.quoted(&draft.instrument().id.replace('-', "_"));
    let _ = writeln!(text, "CREATE OR REPLACE VIEW {name} AS\nWITH");
    for table in &draft.tables {
        for line in &table.comment {
            comment(&mut text, "", line);
        }
        let rows = super::draft::joined(&table.rows, ", ").replace('\n', "\n  ");
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
            2 => ("derived".to_owned(), "The scales that are made from other scales."),
            further => (format!("derived_{}", further - 1), "Scales that are made from those."),
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
