//! The working of one form: every answer with the cell that it was read from, and every scale with the steps to its score.

use super::steps::{Given, Step, Term, question, steps};
use crate::findings::Column;
use crate::instrument::{Number, Said};
use crate::matching::Answer;
use crate::scoring::{Layout, Level, ScaleScore, ScoredRow};

/// One question of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkedAnswer {
    /// The question, in the instrument's items.
    pub item: usize,
    /// Its column, if the file has one and the row's cells can be trusted.
    pub column: Option<Column>,
    /// The cell as it is written.
    pub cell: String,
    /// What was read from it.
    pub answer: Answer,
}

/// One scale of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkedScale {
    /// The scale, in the instrument's scales.
    pub scale: usize,
    /// What each question adds, for scales that are made of questions.
    pub terms: Vec<Term>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// What the last step comes to.
    pub value: Option<Number>,
    /// The score as every output has it.
    pub score: ScaleScore,
    /// Its level in the bands in use.
    pub level: Level,
    /// The place and the name of the pupil's group, where the bands differ by group.
    pub band_group: Option<(usize, String)>,
    /// What a reader of the score should know: the note of the score.
    pub remarks: Vec<String>,
}

impl WorkedScale {
    /// Whether the last step comes to the score.
    pub fn agrees(&self) -> bool {
        self.value == self.score.value()
    }
}

/// The working of one row on one form.
#[derive(Clone, Debug)]
pub struct Working {
    /// The form, by its place in [`Layout::forms`].
    pub form: usize,
    /// The pupil, as every output calls them.
    pub pupil: String,
    /// The file.
    pub file: String,
    /// The row, as the spreadsheet numbers it.
    pub row: u64,
    /// What the file says of the pupil, as far as norms and bands ask: `sex F, age 11`.
    pub about_pupil: Vec<String>,
    /// The questions, in the form's order; those of a part that the file does not have are left out.
    pub answers: Vec<WorkedAnswer>,
    /// The scales that are shown.
    pub scales: Vec<WorkedScale>,
    /// The alerts.
    pub alerts: Vec<String>,
    /// The sensitive answers.
    pub sensitive: Vec<String>,
}

impl Working {
    /// The working of a row on a form; none if the form was not used on it.
    pub fn new(layout: &Layout, row: &ScoredRow<'_>, form_index: usize) -> Option<Self> {
        let form = layout.forms().get(form_index).filter(|_| row.is_on(form_index))?;
        let instrument = form.instrument();
        let (answers, scores) = (row.answers(form_index), row.scores(form_index));
        let worked_answers =
            instrument.items.iter().enumerate().filter(|(_, item)| layout.has_block(form_index, item.block)).map(|(item, _)| {
                let (column, cell) = row
                    .question(form_index, item)
                    .map_or((None, String::new()), |(column, cell)| (Some(column.clone()), cell.into_owned()));
                WorkedAnswer { item, column, cell, answer: answers.get(item).copied().unwrap_or(Answer::Blank) }
            });
        let given = Given { form, answers, scores };
        let worked_scales = layout.shown(form_index).into_iter().filter_map(|scale| {
            let found = steps(given, scale);
            let band_group = form.band_group(scale, row.about_pupil()).and_then(Result::ok);
            Some(WorkedScale {
                scale,
                terms: found.terms,
                steps: found.list,
                value: found.value,
                score: *scores.get(scale)?,
                level: row.level(form_index, scale),
                band_group: band_group.map(|(grouping, group)| (grouping.index(group), grouping.words(group).to_string())),
                remarks: row.remarks(form_index, scale),
            })
        });
        Some(Self {
            form: form_index,
            pupil: row.pupil().into_owned(),
            file: row.file().to_owned(),
            row: row.row(),
            about_pupil: about_pupil(row),
            answers: worked_answers.collect(),
            scales: worked_scales.collect(),
            alerts: row.alert_words(form_index),
            sensitive: row.sensitive_words(form_index),
        })
    }

    /// A scale whose last step does not come to its score: a mistake of ours, and no working to show.
    pub fn disagreement(&self) -> Option<&WorkedScale> {
        self.scales.iter().find(|scale| !scale.agrees())
    }

    /// A question of the form as the person who filled it in knows it: `q7`, or `7 obeys`.
    pub fn question(layout: &Layout, form: usize, item: usize) -> String {
        layout.forms().get(form).map_or_else(String::new, |form| question(form.instrument(), item))
    }
}

/// What norms and bands went by.
fn about_pupil(row: &ScoredRow<'_>) -> Vec<String> {
    fn word<T>(name: &str, said: Said<T>, words: impl Fn(T) -> String) -> Option<String> {
        match said {
            Said::Nothing => None,
            Said::This(value) => Some(format!("{name} {}", words(value))),
            Said::Unreadable => Some(format!("{name} not readable")),
        }
    }
    let pupil = row.about_pupil();
    [
        word("sex", pupil.sex, |sex| sex.letter().to_owned()),
        word("age", pupil.age, |age| age.to_string()),
        word("school year", pupil.year, |year| year.to_string()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
