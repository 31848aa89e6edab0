//! What was understood of responses: which column is what, which values stand under each question and what each was read as.
//!
//! It is gathered from the same reading that scores, so that it can never tell anything else. Only values of question columns are kept,
//! never a pupil's id or a carried cell; a comment is kept as its length.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::form::Form;
use super::layout::{Layout, comment_length, comment_words};
use super::responses::{OpenFile, ReadOptions, Responses, Standing, mark};
use super::row::{RowState, ScoredBatch, Use};
use crate::findings::{Code, Findings};
use crate::input::{Record, Shape};
use crate::matching::{Answer, AnswerKey, ColumnMap, ColumnNames, Meant, Role, written};

/// Of a question with more different values than this, which is a column of free text, the rest is counted.
const MOST_VALUES: usize = 1000;

/// What was understood of responses.
#[derive(Debug)]
pub struct Understanding {
    /// Of each file that could be opened, in order.
    pub files: Vec<FileUnderstanding>,
    /// The ids and names that are nobody's of the pupil list, or more than one pupil's, each once.
    pub unmatched: Vec<Unmatched>,
    /// What the pupil list says, so that no column has to.
    pub from_list: Vec<Role>,
    gathered: Vec<Gathered>,
}

/// An id or a name that is nobody's of the pupil list, or more than one pupil's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// As it is written in the responses.
    pub written: String,
    /// Who may be meant, by their places in the list, the likeliest first.
    pub likely: Vec<usize>,
}

/// What was understood of one file.
#[derive(Debug)]
pub struct FileUnderstanding {
    /// Its name.
    pub name: Arc<str>,
    /// What it was taken for.
    pub shape: Shape,
    /// How many rows its header has.
    pub header_rows: usize,
    /// Which column is which.
    pub map: ColumnMap,
    /// For each form and each of its questions, the values under it.
    pub values: Vec<Vec<Values>>,
    /// How many responses there are.
    pub rows: u64,
    /// How many pupils they are about; none if no column says it.
    pub pupils: Option<u64>,
    /// How many responses are about a pupil who has another one at the same time.
    pub duplicates: u64,
    /// How many responses do not count, because another one of the pupil does.
    pub repeated: u64,
    /// How many responses were not finished, as the form system says.
    pub unfinished: u64,
    /// How many responses are of nobody in the pupil list, or could be of several; none without a list.
    pub unmatched: Option<u64>,
    /// How many rows cannot be read because their cells do not stand under their headers.
    pub misplaced: u64,
    /// Whether it cannot be scored as it stands.
    pub is_refused: bool,
}

/// The values under one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// The different values, the commonest first.
    pub seen: Vec<SeenValue>,
    /// How many cells are blank.
    pub blank: u64,
    /// How many cells hold further values, of which there were too many to be kept apart.
    pub more: u64,
}

/// A value, and what it was read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenValue {
    /// The value, or how long a comment it is.
    pub value: String,
    /// What it was read as.
    pub read_as: ReadAs,
    /// How many cells hold it.
    pub count: u64,
}

/// What a value was read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadAs {
    /// This answer, by its place in the answer set.
    Answer(u16),
    /// A word for "no answer".
    NoAnswer,
    /// None of the answers.
    Refused {
        /// The label that it most resembles.
        near: Option<String>,
    },
    /// A comment in the place of an answer, which is not shown.
    Comment,
}

/// What the user said about a file's values, by options and by the map, as one map.
pub fn declared(options: &ReadOptions, forms: &[Form]) -> ColumnNames {
    let map = &options.matching.map;
    let mut missing: Vec<String> = Vec::new();
    for word in options.missing.iter().chain(&map.missing) {
        if !missing.contains(word) {
            missing.push(word.clone());
        }
    }
    let sets = forms.iter().flat_map(|form| &form.instrument().answers);
    let coding = sets.filter_map(|set| Some((set.name.clone(), options.coding_of(set)?.clone()))).collect();
    ColumnNames { answers: map.answers.clone(), missing, coding, ..ColumnNames::default() }
}

/// What is needed while the file is read.
#[derive(Debug)]
struct Gathered {
    /// For each form and question, where each value stands among those seen.
    places: Vec<Vec<HashMap<String, usize>>>,
    pupils: HashSet<u64>,
}

/// How many pupils are suggested for a name that is nobody's.
const SUGGESTED: usize = 3;
/// Beyond these nobody looks for who may be meant one by one: it is another school's file.
const MOST_UNMATCHED: usize = 1000;

impl Understanding {
    /// What the headers say.
    pub fn new(responses: &Responses) -> Self {
        let sizes: Vec<usize> = responses.layout().forms().iter().map(|form| form.instrument().items.len()).collect();
        let file = |file: &OpenFile| FileUnderstanding {
            name: Arc::clone(&file.known.name),
            shape: file.table.shape(),
            header_rows: file.table.header_rows(),
            map: file.known.map.clone(),
            values: sizes.iter().map(|items| vec![Values::default(); *items]).collect(),
            rows: 0,
            pupils: None,
            duplicates: 0,
            repeated: 0,
            unfinished: 0,
            unmatched: file.join.by().map(|_| 0),
            misplaced: 0,
            is_refused: file.standing != Standing::Usable,
        };
        let empty =
            |_: &OpenFile| Gathered { places: sizes.iter().map(|items| vec![HashMap::new(); *items]).collect(), pupils: HashSet::new() };
        let (unmatched, from_list) = (Vec::new(), responses.supplied());
        Self {
            files: responses.files().iter().map(file).collect(),
            unmatched,
            from_list,
            gathered: responses.files().iter().map(empty).collect(),
        }
    }

    /// Takes in a batch.
    pub fn add(&mut self, responses: &Responses, batch: &ScoredBatch) {
        let (Some(file), Some(gathered), Some(open)) =
            (self.files.get_mut(batch.file), self.gathered.get_mut(batch.file), responses.files().get(batch.file))
        else {
            return;
        };
        for (place, (record, state)) in batch.records.records().zip(&batch.rows).enumerate() {
            if batch.left_out.get(place).copied().unwrap_or(false) {
                file.rows += 1;
                file.repeated += 1;
                continue;
            }
            let is_readable = file.add(gathered, open, responses.layout(), batch.file, (record, state));
            let Some((written, meant)) = is_readable.then(|| of_nobody(responses, open, record)).flatten() else { continue };
            file.unmatched = file.unmatched.map(|count| count + 1);
            let is_known = self.unmatched.iter().any(|known| known.written.eq_ignore_ascii_case(&written));
            if !is_known && self.unmatched.len() < MOST_UNMATCHED {
                let likely = match (meant, responses.roster()) {
                    (Meant::Several(pupils), _) => pupils,
                    (_, Some(roster)) => roster.like(&written, SUGGESTED),
                    (_, None) => Vec::new(),
                };
                self.unmatched.push(Unmatched { written, likely });
            }
        }
    }

    /// What is only known at the end. The findings are those of the reading.
    pub fn finish(&mut self, responses: &Responses, findings: &Findings<'_>) {
        for ((file, open), gathered) in self.files.iter_mut().zip(responses.files()).zip(&self.gathered) {
            let counted = |code: Code| -> u64 {
                let of_file = |group: &&&crate::findings::Group| {
                    group.first.first().is_some_and(|finding| finding.code == code && *finding.place.file() == open.known.name)
                };
                findings.groups().iter().filter(of_file).map(|group| group.count).sum()
            };
            file.shape = open.table.shape();
            file.is_refused =
                open.standing != Standing::Usable || matches!(responses.refusal(), Some(error) if !error.is_told_by_findings());
            file.duplicates = counted(Code::R003);
            file.unfinished = counted(Code::R013);
            file.pupils = (!open.known.map.id.is_empty()).then_some(gathered.pupils.len() as u64);
            for values in file.values.iter_mut().flatten() {
                values.seen.sort_by_key(|seen| std::cmp::Reverse(seen.count));
            }
        }
    }

    /// Whether some file cannot be scored as it stands.
    pub fn is_refused(&self) -> bool {
        self.files.iter().any(|file| file.is_refused)
    }
}

/// The id of a row that is nobody's of the list, or several pupils', and who is meant.
fn of_nobody(responses: &Responses, open: &OpenFile, record: Record<'_>) -> Option<(String, Meant)> {
    let (roster, by) = responses.roster().zip(open.join.by())?;
    let cells: Vec<&str> = open.known.map.id.iter().map(|column| record.cell(*column)).collect();
    let meant = roster.find(by, &cells);
    Some((written(&cells), meant)).filter(|(written, meant)| !written.is_empty() && !matches!(meant, Meant::One(_)))
}

impl FileUnderstanding {
    /// Takes in a row. Says whether its cells can be trusted to stand under their headers.
    fn add(
        &mut self,
        gathered: &mut Gathered,
        open: &OpenFile,
        layout: &Layout,
        index: usize,
        (record, state): (Record<'_>, &RowState),
    ) -> bool {
        self.rows += 1;
        if state.uses.iter().any(|used| matches!(used, Use::Refused(refusal) if refusal.is_misplaced())) {
            self.misplaced += 1;
            return false;
        }
        let id = layout.plain_id(index, record);
        if !id.is_empty() {
            gathered.pupils.insert(mark(&[&id]));
        }
        for (form, _) in state.uses.iter().enumerate().filter(|(_, used)| **used != Use::Elsewhere) {
            let (Some(used_form), Some(columns), Some(keys)) =
                (layout.forms().get(form), open.known.map.forms.get(form), open.known.keys.get(form))
            else {
                continue;
            };
            for (item, (question, column)) in used_form.instrument().items.iter().zip(&columns.items).enumerate() {
                let (Some(column), Some(key)) = (column, keys.get(question.answers)) else { continue };
                let (Some(values), Some(places)) =
                    (self.values.get_mut(form).and_then(|form| form.get_mut(item)), gathered.places[form].get_mut(item))
                else {
                    continue;
                };
                values.add(places, key, record.cell(*column).trim());
            }
        }
        true
    }
}

impl Values {
    fn add(&mut self, places: &mut HashMap<String, usize>, key: &AnswerKey, cell: &str) {
        if cell.is_empty() {
            self.blank += 1;
        } else if let Some(seen) = places.get(cell).and_then(|place| self.seen.get_mut(*place)) {
            seen.count += 1;
        } else if self.seen.len() < MOST_VALUES {
            let (value, read_as) = read(key, cell);
            places.insert(cell.to_owned(), self.seen.len());
            self.seen.push(SeenValue { value, read_as, count: 1 });
        } else {
            self.more += 1;
        }
    }
}

fn read(key: &AnswerKey, cell: &str) -> (String, ReadAs) {
    match (key.read(cell), comment_length(cell)) {
        (Answer::Given(place), _) => (cell.to_owned(), ReadAs::Answer(place)),
        (Answer::Blank, _) => (cell.to_owned(), ReadAs::NoAnswer),
        (Answer::Refused, Some(length)) => (comment_words(length), ReadAs::Comment),
        (Answer::Refused, None) => (cell.to_owned(), ReadAs::Refused { near: key.refusal(cell).near }),
    }
}
