//! The working of one form as rows: one a question, one a term, one a step.

use super::Cell;
use super::working_page::{answer_words, column, scale_lines, term_words};
use crate::entry::{WorkedAnswer, Working, printed_number};
use crate::instrument::Instrument;
use crate::scoring::Layout;

const COLUMNS: [&str; 15] = [
    "pupil_id",
    "file",
    "row",
    "instrument",
    "scale",
    "step",
    "question",
    "name",
    "column",
    "header",
    "cell",
    "code",
    "points",
    "value",
    "words",
];

/// The names of the columns.
pub fn working_columns() -> Vec<String> {
    COLUMNS.map(str::to_owned).to_vec()
}

/// What differs from row to row.
#[derive(Default)]
struct Row<'w> {
    scale: Option<&'w str>,
    step: &'w str,
    item: Option<usize>,
    answer: Option<&'w WorkedAnswer>,
    code: Option<Cell<'w>>,
    points: Option<Cell<'w>>,
    value: Option<Cell<'w>>,
    words: String,
}

/// The rows of one form, alerts first.
pub fn working_rows<'w>(layout: &'w Layout, working: &'w Working) -> Vec<Vec<Cell<'w>>> {
    let Some(form) = layout.forms().get(working.form) else { return Vec::new() };
    let instrument = form.instrument();
    let mut rows = Vec::new();
    let mut push = |row| rows.push(cells(instrument, working, row));
    for alert in &working.alerts {
        push(Row { step: "alert", words: alert.clone(), ..Row::default() });
    }
    for sensitive in &working.sensitive {
        push(Row { step: "sensitive", words: sensitive.clone(), ..Row::default() });
    }
    for answer in &working.answers {
        let (code, words) = answer_words(instrument, answer);
        let code = crate::instrument::Number::parse(&code).map(Cell::Number);
        push(Row { step: "answer", item: Some(answer.item), answer: Some(answer), code, words, ..Row::default() });
    }
    for scale in &working.scales {
        let Some(id) = instrument.scales.get(scale.scale).map(|scale| &*scale.id) else { continue };
        for term in &scale.terms {
            let (code, points) = (term.code.map(Cell::Number), term.points.map(Cell::Number));
            push(Row { scale: Some(id), step: "term", item: Some(term.item), code, points, words: term_words(term), ..Row::default() });
        }
        // The terms have rows of their own.
        for line in scale_lines(layout, form, working.form, scale).into_iter().filter(|line| line.step != "answers") {
            push(Row { scale: Some(id), step: line.step, value: line.value.map(Cell::Number), words: line.words, ..Row::default() });
        }
    }
    rows
}

fn cells<'w>(instrument: &'w Instrument, working: &'w Working, row: Row<'w>) -> Vec<Cell<'w>> {
    let item = row.item.and_then(|item| instrument.items.get(item));
    let (letters, header) = row.answer.map(column).unwrap_or_default();
    let text = |text: &'w str| if text.is_empty() { Cell::Empty } else { Cell::text(text) };
    let owned = |text: String| if text.is_empty() { Cell::Empty } else { Cell::text(text) };
    vec![
        text(&working.pupil),
        text(&working.file),
        Cell::Count(working.row),
        text(&instrument.id),
        text(row.scale.unwrap_or_default()),
        text(row.step),
        row.item.and_then(|item| printed_number(instrument, item)).map_or(Cell::Empty, |number| Cell::Count(u64::from(number))),
        text(item.map_or("", |item| &item.id)),
        owned(letters),
        owned(header),
        text(row.answer.map_or("", |answer| &answer.cell)),
        row.code.unwrap_or(Cell::Empty),
        row.points.unwrap_or(Cell::Empty),
        row.value.unwrap_or(Cell::Empty),
        owned(row.words),
    ]
}
