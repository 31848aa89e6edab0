//! Responses: from files to scored batches, with everything that is noteworthy on the way.
//!
//! Files are opened first, all of them, so that every problem with a header is told at once. Then each is read in batches; the first
//! ten thousand rows of a file are held back until they have been judged as a whole.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::form::Form;
use super::judge::Judge;
use super::layout::{Layout, Pseudonyms};
use super::reading::{Reading, score_batch};
use super::row::ScoredBatch;
use crate::findings::{Code, Finding, Findings, Place, Severity};
use crate::input::{Input, ReadError, Table};
use crate::matching::{AnswerKey, Coding, CodingError, ColumnMap, MatchOptions, Role, match_columns};
use crate::provenance::UsedInput;

/// How many rows make a batch.
const BATCH: usize = 2048;
/// How many rows are held back until the file has been judged by them.
const HELD_BACK: usize = 10_000;

/// Who tells of a pupil that stands twice at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// Reading does: both rows are scored and named in a finding.
    #[default]
    Named,
    /// The caller does, because it needs one row a pupil.
    LeftToCaller,
}

/// How responses are to be read.
#[derive(Debug, Default)]
pub struct ReadOptions {
    /// Which column is which, as far as the user says so.
    pub matching: MatchOptions,
    /// What the file's values are called, in the order of the codes; for one answer set or for all with as many codes.
    pub coding: Vec<(Option<String>, Vec<String>)>,
    /// Words that mean "no answer".
    pub missing: Vec<String>,
    /// Who tells of a pupil that stands twice.
    pub duplicates: Duplicates,
    /// Put codes for ids, and leave out columns that name a pupil.
    pub hide_names: Option<Box<dyn Pseudonyms>>,
}

/// Why responses cannot be scored.
#[derive(Debug, thiserror::Error)]
pub enum ScoreError {
    /// A file cannot be read.
    #[error(transparent)]
    Read(ReadError),
    /// What was found in the files does not allow it; the findings say what.
    #[error("Nothing was scored")]
    Refused,
    /// The coding does not fit the form.
    #[error("`--coding` has {given} values for `{set}`, and no set of answers of {instrument} has so many")]
    Coding {
        /// How many values were given.
        given: usize,
        /// For which set.
        set: String,
        /// The instrument.
        instrument: String,
    },
    /// Names are to be hidden, and no column says which pupil a row is about.
    #[error("`--hide-names` has to know which column names the pupil, and {file} has none that is known: add `--id COLUMN`")]
    NothingToHide {
        /// The file.
        file: String,
    },
    /// The coding names a set of answers that the form does not have.
    #[error("`--coding {name}=…` names no set of answers of {instrument}: it has {sets}")]
    UnknownSet {
        /// What was written.
        name: String,
        /// The instrument.
        instrument: String,
        /// What there is.
        sets: String,
    },
    /// A word would mean two things.
    #[error(transparent)]
    Words(#[from] CodingError),
    /// Two forms of one questionnaire share their columns.
    #[error("{first} and {second} share their columns: say with `--informant COLUMN` who completed each response")]
    SharedColumns {
        /// One form.
        first: String,
        /// The other.
        second: String,
    },
}

/// Responses that are being read and scored.
pub struct Responses {
    layout: Layout,
    files: Vec<OpenFile>,
    current: usize,
    queue: VecDeque<(ScoredBatch, Vec<Finding>)>,
    seen: HashMap<u64, (usize, u64)>,
    duplicates: Duplicates,
}

/// One file with what is known of it.
pub(super) struct OpenFile {
    pub(super) name: Arc<str>,
    table: Table,
    pub(super) map: ColumnMap,
    /// For each form, one key for each of its answer sets.
    pub(super) keys: Vec<Vec<AnswerKey>>,
    pub(super) judges: Vec<Judge>,
    pub(super) width: usize,
    responses: u64,
    released: bool,
    ended: bool,
}

impl Responses {
    /// Opens all inputs and matches their headers with the forms.
    ///
    /// # Errors
    ///
    /// When an input cannot be read, or a finding refuses it; all findings are in `findings` then.
    pub fn open(inputs: &[Input], forms: Vec<Form>, mut options: ReadOptions, findings: &mut Findings<'_>) -> Result<Self, ScoreError> {
        let mut files = Vec::new();
        let mut refused = false;
        let reserved = reserved_names(&forms, inputs.len());
        for input in inputs {
            let table = match Table::open(input) {
                Ok(table) => table,
                Err(ReadError::Refusal(finding)) => {
                    findings.push(*finding);
                    refused = true;
                    continue;
                }
                Err(error) => return Err(ScoreError::Read(error)),
            };
            let instruments: Vec<_> = forms.iter().map(Form::instrument).collect();
            let (map, found) = match_columns(table.name(), table.header(), &instruments, &reserved, &options.matching);
            refused |= found.iter().any(|finding| finding.code.severity() == Severity::Refusal);
            findings.extend(found);
            let keys: Vec<Vec<AnswerKey>> = forms.iter().map(|form| answer_keys(form, &options)).collect::<Result<_, _>>()?;
            let judges = forms.iter().zip(&keys).map(|(form, keys)| Judge::new(form.instrument(), keys)).collect();
            let (name, width) = (Arc::clone(table.name()), table.width());
            files.push(OpenFile { name, table, map, keys, judges, width, responses: 0, released: false, ended: false });
        }
        if refused {
            return Err(ScoreError::Refused);
        }
        check_shared_columns(&forms, &files)?;
        if let Some(file) = files.iter().find(|file| options.hide_names.is_some() && file.map.id.is_empty()) {
            return Err(ScoreError::NothingToHide { file: file.name.to_string() });
        }
        let names = files.iter().map(|file| Arc::clone(&file.name)).collect();
        let maps: Vec<&ColumnMap> = files.iter().map(|file| &file.map).collect();
        let layout = Layout::new(forms, names, &maps, options.hide_names.take());
        Ok(Self { layout, files, current: 0, queue: VecDeque::new(), seen: HashMap::new(), duplicates: options.duplicates })
    }

    /// What the output has in common for all rows.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The forms, once everything was read.
    pub fn into_forms(self) -> Vec<Form> {
        self.layout.into_forms()
    }

    /// The names and hashes of the inputs; whole once everything was read.
    pub fn used(&self) -> Vec<UsedInput> {
        self.files.iter().map(|file| file.table.used()).collect()
    }

    /// The next scored rows; none at the end.
    ///
    /// # Errors
    ///
    /// When a file cannot be read on, or is refused as a whole.
    pub fn next_batch(&mut self, findings: &mut Findings<'_>) -> Result<Option<ScoredBatch>, ScoreError> {
        loop {
            let Some(file) = self.files.get(self.current) else { return Ok(None) };
            if file.released {
                if let Some((batch, found)) = self.queue.pop_front() {
                    findings.extend(found);
                    return Ok(Some(batch));
                }
                if file.ended {
                    self.current += 1;
                    continue;
                }
            }
            self.read_one(findings)?;
        }
    }

    /// Reads one batch into the queue, and judges the file when enough of it, or all, was read.
    fn read_one(&mut self, findings: &mut Findings<'_>) -> Result<(), ScoreError> {
        let Some(file) = self.files.get_mut(self.current) else { return Ok(()) };
        let batch = match file.table.next_batch(BATCH) {
            Ok(batch) => batch,
            Err(ReadError::Refusal(finding)) => {
                findings.push(*finding);
                return Err(ScoreError::Refused);
            }
            Err(error) => return Err(ScoreError::Read(error)),
        };
        match batch {
            Some(batch) => {
                file.responses += batch.len() as u64;
                let mut reading = Reading {
                    layout: &self.layout,
                    file_index: self.current,
                    file,
                    seen: &mut self.seen,
                    duplicates: self.duplicates,
                    findings: Vec::new(),
                };
                let scored = score_batch(&mut reading, batch);
                let found = reading.findings;
                self.queue.push_back((scored, found));
            }
            None => file.ended = true,
        }
        let held: usize = self.queue.iter().map(|(batch, _)| batch.records.len()).sum();
        if file.ended || (!file.released && held >= HELD_BACK) {
            let verdicts = self.layout.forms().iter().zip(&file.judges).filter_map(|(form, judge)| judge.verdict(&file.name, form));
            let mut refusals: Vec<Finding> = verdicts.collect();
            for refusal in &mut refusals {
                mention_critical(refusal, self.layout.forms());
            }
            if !refusals.is_empty() {
                findings.extend(refusals);
                return Err(ScoreError::Refused);
            }
            file.released = true;
        }
        if file.ended && file.responses == 0 {
            findings.push(Finding::new(Code::T002, Place::File(Arc::clone(&file.name)), "the file has a header and no responses below it"));
        }
        Ok(())
    }
}

/// A file whose coding is in doubt has no alerts that could be told from it; so somebody must look at the forms themselves.
fn mention_critical(refusal: &mut Finding, forms: &[Form]) {
    let questions: Vec<String> = forms
        .iter()
        .flat_map(|form| form.instrument().critical.iter().filter_map(|critical| form.instrument().items.get(critical.item)))
        .map(|item| format!("question {}", item.number))
        .collect();
    if !questions.is_empty() {
        let which = crate::findings::list_and(&questions);
        refusal.message = format!("{}; no alert can be told from this file: read {which} on every form today", refusal.message);
    }
}

/// A stable mark for "the same pupil, informant and time", so that nothing of a pupil's id has to be kept.
pub(super) fn mark(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for part in parts {
        part.to_lowercase().hash(&mut hasher);
    }
    hasher.finish()
}

/// The names that the output uses for itself.
fn reserved_names(forms: &[Form], files: usize) -> Vec<String> {
    let mut names = Vec::new();
    for form in forms {
        let prefix = if forms.len() > 1 { format!("{}.", form.instrument().id) } else { String::new() };
        for scale in &form.instrument().scales {
            names.extend(["", "_band", "_note"].map(|suffix| format!("{prefix}{}{suffix}", scale.id)));
        }
        let instrument = form.instrument();
        names.extend((!instrument.sensitive.is_empty()).then(|| "sensitive".to_owned()));
        names.extend((!instrument.critical.is_empty()).then(|| "alerts".to_owned()));
    }
    if files > 1 {
        names.push("file".to_owned());
    }
    names
}

fn answer_keys(form: &Form, options: &ReadOptions) -> Result<Vec<AnswerKey>, ScoreError> {
    let instrument = form.instrument();
    for (name, values) in &options.coding {
        let fits =
            |set: &&crate::instrument::AnswerSet| set.codes.len() == values.len() && name.as_ref().is_none_or(|name| *name == set.name);
        if !instrument.answers.iter().any(|set| fits(&set)) {
            if let Some(name) = name.as_ref().filter(|name| instrument.answers.iter().all(|set| set.name != **name)) {
                let sets = crate::findings::list_or(&instrument.answers.iter().map(|set| set.name.as_str()).collect::<Vec<_>>());
                return Err(ScoreError::UnknownSet { name: name.clone(), instrument: instrument.id.to_string(), sets });
            }
            let set = name.clone().unwrap_or_else(|| "the answers".to_owned());
            return Err(ScoreError::Coding { given: values.len(), set, instrument: instrument.id.to_string() });
        }
    }
    let key = |set: &crate::instrument::AnswerSet| {
        let named = options.coding.iter().find(|(name, _)| name.as_deref() == Some(&set.name));
        let coding = named.or_else(|| options.coding.iter().find(|(name, values)| name.is_none() && values.len() == set.codes.len()));
        let words = options.matching.map.answers.get(&set.name).into_iter().flatten().filter_map(|(word, code)| {
            let position = set.codes.iter().position(|known| Some(*known) == crate::instrument::Number::parse(code.trim()))?;
            Some((word.clone(), u16::try_from(position).ok()?))
        });
        let coding = Coding {
            values: coding.map(|(_, values)| values.clone()),
            missing: options.missing.iter().chain(&options.matching.map.missing).cloned().collect(),
            words: words.collect(),
        };
        AnswerKey::new(set, &coding)
    };
    Ok(instrument.answers.iter().map(key).collect::<Result<_, _>>()?)
}

/// Two forms of one questionnaire over the same columns need a column that says which form a row is.
fn check_shared_columns(forms: &[Form], files: &[OpenFile]) -> Result<(), ScoreError> {
    let says_informant = files.iter().all(|file| file.map.role(Role::Informant).is_some());
    for (index, form) in forms.iter().enumerate() {
        let twin = forms.iter().skip(index + 1).find(|other| other.instrument().family == form.instrument().family);
        if let (Some(twin), false) = (twin, says_informant) {
            return Err(ScoreError::SharedColumns { first: form.instrument().id.to_string(), second: twin.instrument().id.to_string() });
        }
    }
    Ok(())
}
