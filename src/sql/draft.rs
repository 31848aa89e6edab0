//! A view in the making: the steps that it takes, and what is known of each scale so far.

use super::answers::Code;
use super::dialect::Dialect;
use super::error::SqlError;
use super::exact::{Ratio, Whole};
use super::names::Names;
use super::pupil::{GroupColumns, PupilColumns};
use super::tables::NormTable;
use crate::instrument::{Instrument, Number, Rule, Scale, Transform, scale_lines};
use crate::scoring::{Form, Level, Outcome, Remark, ScaleScore};

/// A view in the making.
pub(super) struct Draft<'f> {
    pub(super) form: &'f Form,
    pub(super) dialect: Dialect,
    /// The names of columns inside the view.
    pub(super) names: Names,
    /// The names of its steps and tables.
    pub(super) step_names: Names,
    pub(super) pupil: PupilColumns,
    /// How the pupils' groups are found, for each grouping that is needed.
    pub(super) groups: Vec<Option<GroupColumns>>,
    /// Which optional parts of the form the table has.
    pub(super) parts: Vec<bool>,
    /// The answers to the questions that the table has.
    pub(super) codes: Vec<Option<Code>>,
    /// Tables of norms and lookups, each a step without an input.
    pub(super) tables: Vec<Table>,
    /// The steps after the answers.
    pub(super) steps: Vec<Step>,
    /// What is known of the scales so far, in the definition's order; none for one that nobody needs.
    pub(super) scored: Vec<Option<Scored>>,
    /// The tables of norms that are there already.
    pub(super) norm_tables: Vec<NormTable>,
    /// The scales that are shown, and those that they are made from.
    pub(super) needed: Vec<bool>,
    /// The scales of which it must be known what they may come to.
    pub(super) with_ends: Vec<bool>,
}

/// A step: columns that are added to those of the step before.
#[derive(Default)]
pub(super) struct Step {
    pub(super) columns: Vec<Column>,
    /// Tables that are looked into.
    pub(super) joins: Vec<String>,
}

/// A column that a step adds.
pub(super) struct Column {
    pub(super) comment: Vec<String>,
    pub(super) sql: String,
    pub(super) name: String,
}

/// A table of constants.
pub(super) struct Table {
    pub(super) comment: Vec<String>,
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<String>,
}

/// What is known of a scale.
#[derive(Clone)]
pub(super) struct Scored {
    /// The step that makes its columns.
    pub(super) step: usize,
    /// Its score; none if its part of the form is not in the table.
    pub(super) score: Option<Ratio>,
    /// What is to be said of its answers: empty if every one was given, so the score is complete.
    pub(super) about: String,
    pub(super) counts: Counts,
    /// The lowest and highest score that it can have come to, where that is asked for.
    pub(super) ends: Option<(Ratio, Ratio)>,
}

/// How many questions were answered, and of how many.
#[derive(Clone)]
pub(super) struct Counts {
    pub(super) answered: Whole,
    pub(super) items: Whole,
}

impl Counts {
    pub(super) fn none() -> Self {
        Self { answered: Whole::constant(0), items: Whole::constant(0) }
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        Self { answered: self.answered.plus(&other.answered), items: self.items.plus(&other.items) }
    }
}

impl Scored {
    pub(super) fn not_applicable() -> Self {
        Self { step: 0, score: None, about: "NULL".to_owned(), counts: Counts::none(), ends: None }
    }

    /// The condition that there is no score.
    pub(super) fn is_absent(&self) -> String {
        self.score.as_ref().map_or_else(|| "TRUE".to_owned(), |score| format!("{} IS NULL", score.over.sql()))
    }
}

impl<'f> Draft<'f> {
    pub(super) fn instrument(&self) -> &'f Instrument {
        self.form.instrument()
    }

    pub(super) fn scale(&self, scale: usize) -> Option<&'f Scale> {
        self.form.instrument().scales.get(scale)
    }

    pub(super) fn scored(&self, scale: usize) -> Option<&Scored> {
        self.scored.get(scale).and_then(Option::as_ref)
    }

    /// Adds a column to a step, and gives its name.
    pub(super) fn add(&mut self, step: usize, wanted: &str, comment: Vec<String>, sql: String) -> String {
        let name = self.names.inner(wanted);
        while self.steps.len() <= step {
            self.steps.push(Step::default());
        }
        self.steps[step].columns.push(Column { comment, sql, name: name.clone() });
        name
    }

    /// Adds a scale's score, as the upper part of its ratio, and what is to be said of its answers. Gives the names of both.
    pub(super) fn add_score(&mut self, step: usize, scale: usize, score: String, about: String) -> (String, String) {
        let Some(definition) = self.scale(scale) else { return ("NULL".to_owned(), "NULL".to_owned()) };
        // What another scale may take away again has a name of its own until then.
        let name = if definition.only_with.is_some() { format!("{}_alone", definition.id) } else { definition.id.to_string() };
        let mut rule = scale_lines(self.instrument(), definition);
        if matches!(definition.rule, Rule::Of { transform: Transform::Lookup(_), .. }) {
            // The table itself stands in the view.
            rule.truncate(1);
            rule.push("by its published table, for complete forms only".to_owned());
        }
        let score = self.add(step, &name, rule, score);
        (score, self.add(step, &format!("{name}_about"), Vec::new(), about))
    }

    /// Looks into a table in a step.
    pub(super) fn join(&mut self, step: usize, join: String) {
        while self.steps.len() <= step {
            self.steps.push(Step::default());
        }
        if !self.steps[step].joins.contains(&join) {
            self.steps[step].joins.push(join);
        }
    }

    /// What a score's own note would say of its answers, with the columns in the places of the numbers.
    pub(super) fn about(&self, scale: usize, outcome: Outcome, remark: Option<Remark>, counts: &Counts) -> String {
        // Numbers that no form has stand for the columns until the sentence is there.
        const ANSWERED: u16 = 65_001;
        const ITEMS: u16 = 65_002;
        let items = counts.items.as_constant().and_then(|items| u16::try_from(items).ok()).unwrap_or(ITEMS);
        let nought = (Number::ZERO, Number::ZERO);
        let score = ScaleScore { outcome, answered: ANSWERED, items, bounds: nought, remark, group: None };
        let words = self.form.remarks(scale, &score, Level::None).join("; ");
        self.sentence(&words, &[(ANSWERED, counts.answered.sql()), (ITEMS, counts.items.sql())])
    }

    /// A text in which some numbers stand for columns.
    pub(super) fn sentence(&self, words: &str, columns: &[(u16, &str)]) -> String {
        let mut parts = vec![(words.to_owned(), true)];
        for (number, column) in columns {
            let mut split = Vec::new();
            for (part, is_text) in parts {
                let mut pieces = if is_text { part.split(&number.to_string()).map(str::to_owned).collect() } else { vec![part] };
                let last = pieces.pop().unwrap_or_default();
                for piece in pieces {
                    // A sum holds less tightly than the sign that joins texts.
                    let column = if column.contains(' ') { format!("({column})") } else { (*column).to_owned() };
                    split.extend([(piece, true), (column, false)]);
                }
                split.push((last, is_text));
            }
            parts = split;
        }
        let said = parts.into_iter().filter(|(part, is_text)| !is_text || !part.is_empty());
        let said: Vec<String> = said.map(|(part, is_text)| if is_text { self.dialect.text(&part) } else { part }).collect();
        said.join(" || ")
    }

    pub(super) fn too_large(&self, scale: usize) -> SqlError {
        SqlError::TooLarge { scale: self.scale(scale).map_or_else(String::new, |scale| scale.id.to_string()), dialect: self.dialect }
    }
}

/// How long a line of a view may become.
const WIDTH: usize = 110;

/// A choice between cases: on one line if it fits there.
pub(super) fn case(cases: &[(String, String)], otherwise: Option<&str>) -> String {
    if cases.is_empty() {
        return otherwise.unwrap_or("NULL").to_owned();
    }
    let when: Vec<String> = cases.iter().map(|(when, then)| format!("WHEN {when} THEN {then}")).collect();
    let otherwise = otherwise.map(|otherwise| format!("ELSE {otherwise}"));
    let parts: Vec<String> = when.into_iter().chain(otherwise).collect();
    let line = format!("CASE {} END", parts.join(" "));
    if line.len() <= WIDTH && !line.contains('\n') {
        return line;
    }
    let parts: Vec<String> = parts.iter().map(|part| format!("  {}", part.replace('\n', "\n  "))).collect();
    format!("CASE\n{}\nEND", parts.join("\n"))
}

/// A sum in 64 bits, broken into lines.
pub(super) fn sum(terms: &[String]) -> String {
    let sum = joined(terms, " + ");
    if sum.contains('\n') { format!("CAST(\n  {sum}\n  AS BIGINT)") } else { format!("CAST({sum} AS BIGINT)") }
}

/// Terms with a sign between them, broken into lines.
pub(super) fn joined(terms: &[String], sign: &str) -> String {
    let mut text = String::new();
    let mut length = 0;
    for (place, term) in terms.iter().enumerate() {
        if place > 0 {
            text.push_str(sign);
            length += sign.len();
            if length + term.len() > WIDTH {
                let trimmed = text.trim_end().len();
                text.truncate(trimmed);
                text.push_str("\n  ");
                length = 2;
            }
        }
        text.push_str(term);
        length += term.len();
    }
    text
}
