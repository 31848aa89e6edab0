//! The view as a whole: which columns it reads, which scales it needs, and its text.

use super::answers::Code;
use super::derived;
use super::dialect::Dialect;
use super::draft::{Draft, Scored, joined};
use super::error::SqlError;
use super::goals;
use super::items::{self, ItemScale};
use super::names::{Names, quoted, quoted_table};
use super::plan::{Uses, looks_at, needed, parts, with_ends};
use super::pupil::{self, PupilColumns};
use super::shown::{self, NoBand, Shown};
use super::text::text;
use crate::findings::list_and;
use crate::instrument::{Method, Rule};
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

/// What the first two steps read.
pub(super) struct Reading {
    /// The columns of the table, as text.
    pub(super) cells: Vec<String>,
    /// The answers and what the table says of the pupil.
    pub(super) answers: Vec<String>,
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

/// The id and the columns that are kept, each with its name in the table, and quoted.
fn carried(draft: &mut Draft<'_>, outputs: &mut Names, options: &ViewOptions) -> Result<Vec<(String, String)>, SqlError> {
    let mut carried = Vec::new();
    for name in std::iter::once(options.id()?).chain(options.keep.iter().map(String::as_str)) {
        let quoted = outputs.visible(name)?;
        draft.names.inner(name);
        carried.push((name.to_owned(), quoted));
    }
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
    let needed = |item: usize| !instrument.critical.is_empty() || looks_at(instrument, &draft.needed, item);
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
        reading.answers.push(format!("coalesce({}) IS NOT NULL AS {}", joined(&any, ", "), reading.is_form));
    }
    let uses = Uses::new(draft.form, &draft.needed, shown);
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
