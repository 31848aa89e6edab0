//! Responses: from files to scored batches, with everything that is noteworthy on the way.
//!
//! Files are opened first, all of them, so that every problem with a header is told at once. Then each is read in batches; the first
//! ten thousand rows of a file are held back until they have been judged as a whole.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, Hasher as _};
use std::num::NonZeroUsize;
use std::sync::Arc;

use foldhash::quality::FixedState;

use super::form::Form;
use super::join::{FileJoin, Joining, Listing};
use super::judge::Judge;
use super::layout::{Layout, Pseudonyms};
use super::repeat::{Repeat, Repeats};
use super::row::ScoredBatch;
use super::seen::Seen;
use super::settling::{Held, Settled};
use crate::findings::{Code, Finding, Findings, Place, Severity};
use crate::input::{Input, InputOptions, ReadError, Spare, Table};
use crate::instrument::AnswerSet;
use crate::matching::{AnswerKey, Coding, CodingError, ColumnMap, Header, MatchOptions, Role, Roster, System, match_columns};
use crate::provenance::UsedInput;

/// How many rows make a batch.
const BATCH: NonZeroUsize = match NonZeroUsize::new(2048) {
    Some(rows) => rows,
    None => NonZeroUsize::MIN,
};

/// Who tells of a pupil that stands twice at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// Reading does: both rows are scored and named in a finding.
    #[default]
    Named,
    /// The caller does, because it needs one row a pupil.
    LeftToCaller,
}

/// What becomes of a file that must not be scored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Refusals {
    /// Nothing is read on.
    #[default]
    Stop,
    /// It is read to its end, to tell what was understood of it; its scores mean nothing.
    Remember,
}

/// How responses are to be read.
#[derive(Debug, Default)]
pub struct ReadOptions {
    /// How files are to be taken, as far as the user says so.
    pub input: InputOptions,
    /// Which column is which, as far as the user says so.
    pub matching: MatchOptions,
    /// What the file's values are called, in the order of the codes; for one answer set or for all with as many codes.
    pub coding: Vec<(Option<String>, Vec<String>)>,
    /// Words that mean "no answer".
    pub missing: Vec<String>,
    /// Who tells of a pupil that stands twice.
    pub duplicates: Duplicates,
    /// What becomes of a file that must not be scored.
    pub refusals: Refusals,
    /// What is known of pupils besides their responses.
    pub joining: Joining,
    /// Which response counts when a pupil stands twice; every one where nobody says.
    pub repeat: Option<Repeat>,
    /// How many rows are read at once; as many as are good for speed if nobody says.
    pub rows_at_once: Option<NonZeroUsize>,
    /// Put codes for ids, and leave out columns that name a pupil.
    pub hide_names: Option<Box<dyn Pseudonyms>>,
}

impl ReadOptions {
    /// What the file calls the answers of a set: as an option says, or else the map.
    pub(super) fn coding_of(&self, set: &AnswerSet) -> Option<&Vec<String>> {
        let fits = |values: &&Vec<String>| values.len() == set.codes.len();
        let named = self.coding.iter().find(|(name, _)| name.as_deref() == Some(&set.name)).map(|(_, values)| values);
        let unnamed = || self.coding.iter().filter(|(name, _)| name.is_none()).map(|(_, values)| values).find(fits);
        named.or_else(unnamed).or_else(|| self.matching.map.coding.get(&set.name).filter(fits))
    }
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

impl ScoreError {
    /// Whether the findings say why, and of which file.
    pub fn is_told_by_findings(&self) -> bool {
        matches!(self, Self::Refused)
    }
}

/// Responses that are being read and scored.
pub struct Responses {
    pub(super) layout: Arc<Layout>,
    pub(super) files: Vec<OpenFile>,
    pub(super) current: usize,
    queue: VecDeque<Held<ScoredBatch>>,
    pub(super) seen: Seen,
    pub(super) duplicates: Duplicates,
    pub(super) joining: Arc<Joining>,
    pub(super) repeats: Option<Repeats>,
    /// Whether all files were read before the first row was given out.
    is_read_ahead: bool,
    pub(super) refusals: Refusals,
    pub(super) refusal: Option<ScoreError>,
    pub(super) rows_at_once: NonZeroUsize,
    /// The memory of batches that are done with, whichever file they were of.
    pub(super) spare: Vec<Spare>,
}

/// What is known of a file before its first response is read.
pub(super) struct KnownFile {
    pub(super) name: Arc<str>,
    pub(super) map: ColumnMap,
    /// For each form, one key for each of its answer sets.
    pub(super) keys: Vec<Vec<AnswerKey>>,
    pub(super) width: usize,
    /// What separates its columns.
    pub(super) separator: u8,
    /// Nothing counted yet, for each form.
    pub(super) judges: Vec<Judge>,
}

impl KnownFile {
    /// Whether any question of any form has a column.
    pub(super) fn has_questions(&self) -> bool {
        self.map.forms.iter().any(|form| form.items.iter().any(Option::is_some))
    }
}

/// One file with what is known of it.
pub(super) struct OpenFile {
    pub(super) known: Arc<KnownFile>,
    pub(super) table: Table,
    pub(super) judges: Vec<Judge>,
    pub(super) join: FileJoin,
    pub(super) responses: u64,
    /// Whether it was judged as a whole, so that its rows may be given out.
    pub(super) released: bool,
    pub(super) ended: bool,
    /// Whether it must not be scored.
    pub(super) standing: Standing,
}

/// Whether a file may be scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// As far as is known.
    Usable,
    /// Its shape or its header refuses it.
    Refused,
    /// Its answers as a whole refuse it.
    RefusedAsAWhole,
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
            let table = match Table::open(input, &options.input) {
                Ok(table) => table,
                Err(ReadError::Refusal(finding)) => {
                    findings.push(*finding);
                    refused = true;
                    continue;
                }
                Err(error) => return Err(ScoreError::Read(error)),
            };
            let instruments: Vec<_> = forms.iter().map(Form::instrument).collect();
            let header = Header { names: table.header(), texts: table.texts() };
            let (map, found) = match_columns(table.name(), header, &instruments, &reserved, &options.matching);
            let (join, about_join) = FileJoin::new(table.name(), &map, &instruments, &options.joining);
            let found: Vec<Finding> = found.into_iter().chain(about_join).collect();
            let is_refused = found.iter().any(|finding| finding.code.severity() == Severity::Refusal);
            refused |= is_refused;
            findings.extend(found);
            let keys: Vec<Vec<AnswerKey>> = forms.iter().map(|form| answer_keys(form, map.system, &options)).collect::<Result<_, _>>()?;
            let judges: Vec<Judge> = forms.iter().zip(&keys).map(|(form, keys)| Judge::new(form.instrument(), keys)).collect();
            let (name, width, separator) = (Arc::clone(table.name()), table.width(), table.separator());
            files.push(OpenFile {
                known: Arc::new(KnownFile { name, map, keys, width, separator, judges: judges.clone() }),
                table,
                judges,
                join,
                responses: 0,
                released: false,
                ended: false,
                standing: if is_refused { Standing::Refused } else { Standing::Usable },
            });
        }
        let refusal = if refused { Err(ScoreError::Refused) } else { check_openings(&forms, &files, options.hide_names.is_some()) };
        let refusal = match (refusal, options.refusals) {
            (Err(error), Refusals::Stop) => return Err(error),
            (refusal, _) => refusal.err(),
        };
        let names = files.iter().map(|file| Arc::clone(&file.known.name)).collect();
        let maps: Vec<&ColumnMap> = files.iter().map(|file| &file.known.map).collect();
        let mut layout = Layout::new(forms, names, &maps, options.hide_names.take());
        if let Some(roster) = options.joining.roster.clone() {
            let has_names = files.iter().map(|file| file.join.has_names()).collect();
            let exclusions = options.joining.exclusions.clone();
            layout = layout.with_list(Listing { roster, exclusions, has_names }, &options.joining.carried_groups(), &reserved);
        }
        let repeats = options.repeat.filter(|_| options.duplicates == Duplicates::Named);
        let repeats = repeats.map(|rule| Repeats::new(rule, options.joining.dates));
        let (duplicates, refusals) = (options.duplicates, options.refusals);
        Ok(Self {
            layout: Arc::new(layout),
            files,
            current: 0,
            queue: VecDeque::new(),
            seen: Seen::default(),
            duplicates,
            joining: Arc::new(options.joining),
            repeats,
            is_read_ahead: false,
            refusals,
            refusal,
            rows_at_once: options.rows_at_once.unwrap_or(BATCH),
            spare: Vec::new(),
        })
    }

    /// Why the files must not be scored, as far as they were read, where that is only remembered.
    pub fn refusal(&self) -> Option<&ScoreError> {
        self.refusal.as_ref()
    }

    /// Whether the file of a batch must not be scored.
    pub fn is_refused(&self, batch: &ScoredBatch) -> bool {
        self.refusal.as_ref().is_some_and(|refusal| !refusal.is_told_by_findings())
            || self.files.get(batch.file).is_some_and(|file| file.standing != Standing::Usable)
    }

    /// The pupil list.
    pub fn roster(&self) -> Option<&Roster> {
        self.joining.roster.as_deref()
    }

    pub(super) fn supplied(&self) -> Vec<Role> {
        self.joining.supplies()
    }

    pub(super) fn files(&self) -> &[OpenFile] {
        &self.files
    }

    /// What the output has in common for all rows.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The forms, once everything was read.
    pub fn into_forms(self) -> Vec<Form> {
        Arc::into_inner(self.layout).map_or_else(Vec::new, Layout::into_forms)
    }

    /// The names and hashes of the inputs; whole once everything was read.
    pub fn used(&self) -> Vec<UsedInput> {
        self.files.iter().map(|file| file.table.used()).chain(self.joining.used.iter().cloned()).collect()
    }

    /// The next scored rows; none at the end.
    ///
    /// # Errors
    ///
    /// When a file cannot be read on, or is refused as a whole.
    pub fn next_batch(&mut self, findings: &mut Findings<'_>) -> Result<Option<ScoredBatch>, ScoreError> {
        self.read_ahead(findings)?;
        loop {
            let Some(file) = self.files.get(self.current) else { return Ok(None) };
            if file.released {
                if let Some(Held { made: mut batch, found }) = self.queue.pop_front() {
                    self.tell(batch.file, found, findings);
                    self.leave_out_repeats(&mut batch, findings);
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

    /// Where the latest response of a pupil counts, all files are read before the first row is given out.
    fn read_ahead(&mut self, findings: &mut Findings<'_>) -> Result<(), ScoreError> {
        let is_asked_for = self.repeats.as_ref().is_some_and(|repeats| repeats.rule == Repeat::Latest);
        if !is_asked_for || std::mem::replace(&mut self.is_read_ahead, true) {
            return Ok(());
        }
        for file in 0..self.files.len() {
            self.current = file;
            while self.files.get(file).is_some_and(|file| !file.ended) {
                self.read_one(findings)?;
            }
        }
        self.current = 0;
        let unclear = |held: &Held<ScoredBatch>| held.found.holds(Code::C002);
        if self.refusals == Refusals::Stop && self.queue.iter().any(unclear) {
            for held in self.queue.drain(..) {
                findings.take(&self.files[held.made.file].known.name, held.found);
            }
            return Err(ScoreError::Refused);
        }
        for held in self.queue.iter().filter(|held| unclear(held)) {
            if let Some(file) = self.files.get_mut(held.made.file) {
                remember(self.refusals, &mut self.refusal, file)?;
            }
        }
        Ok(())
    }

    /// Marks the rows instead of which another response of the pupil counts.
    fn leave_out_repeats(&self, batch: &mut ScoredBatch, findings: &mut Findings<'_>) {
        let (Some(repeats), Some(file)) = (&self.repeats, self.files.get(batch.file)) else { return };
        let layout = &self.layout;
        let file = &file.known;
        let column = file.map.id.first().and_then(|column| file.map.header.get(*column));
        let mut left_out = Vec::with_capacity(batch.rows.len());
        for (record, state) in batch.records.records().zip(&batch.rows) {
            let other = state.mark.and_then(|mark| repeats.instead_of(mark, (batch.file, record.row())));
            left_out.push(other.is_some());
            if let Some(other) = other {
                let place = Place::Row { file: Arc::clone(&file.name), row: record.row(), column: column.cloned() };
                let message = format!("this pupil has another response in {}: that one counts", layout.row_words(other, batch.file));
                let pupil = layout.listed_pupil(batch.file, record, state.listed);
                findings.push(Finding::new(Code::C010, place, message).value(pupil.into_owned()));
            }
        }
        batch.left_out = left_out;
    }

    /// Reads one batch into the queue, and judges the file when enough of it, or all, was read.
    fn read_one(&mut self, findings: &mut Findings<'_>) -> Result<(), ScoreError> {
        let current = self.current;
        let done = match self.next_task(findings) {
            Ok(Some(task)) => task.score(&self.layout, &self.joining).map(Some),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        let settled = self.settle(current, done, findings)?;
        self.queue.extend(settled.map(|Settled { batch, found, .. }| Held { made: batch, found }));
        let held = self.queue.iter().filter(|held| held.made.file == current).map(|held| held.made.records.len()).sum();
        self.judge(current, held, findings)
    }
}

/// Stops at a refusal, or remembers it and goes on.
pub(super) fn remember(refusals: Refusals, refusal: &mut Option<ScoreError>, file: &mut OpenFile) -> Result<(), ScoreError> {
    if refusals == Refusals::Stop {
        return Err(ScoreError::Refused);
    }
    file.standing = Standing::Refused;
    refusal.get_or_insert(ScoreError::Refused);
    Ok(())
}

/// What about the files taken together does not allow to score them.
fn check_openings(forms: &[Form], files: &[OpenFile], hides_names: bool) -> Result<(), ScoreError> {
    check_shared_columns(forms, files)?;
    match files.iter().find(|file| hides_names && file.known.map.id.is_empty()) {
        Some(file) => Err(ScoreError::NothingToHide { file: file.known.name.to_string() }),
        None => Ok(()),
    }
}

/// A file whose coding is in doubt has no alerts that could be told from it; so somebody must look at the forms themselves.
pub(super) fn mention_critical(refusal: &mut Finding, forms: &[Form]) {
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
    const SHORT: usize = 64;
    // No text holds this byte.
    const END: u8 = 0xff;
    let length = parts.iter().map(|part| part.len() + 1).sum::<usize>();
    if length <= SHORT && parts.iter().all(|part| part.is_ascii()) {
        let mut small = [END; SHORT];
        let mut end = 0;
        for part in parts {
            let place = &mut small[end..end + part.len()];
            place.copy_from_slice(part.as_bytes());
            place.make_ascii_lowercase();
            end += part.len() + 1;
        }
        return mark_of(&small[..length]);
    }
    let mut all = Vec::with_capacity(length);
    for part in parts {
        all.extend_from_slice(part.to_lowercase().as_bytes());
        all.push(END);
    }
    mark_of(&all)
}

/// The bytes are hashed in one piece: the same ones in several pieces would have another mark.
fn mark_of(bytes: &[u8]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(bytes);
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

fn answer_keys(form: &Form, system: System, options: &ReadOptions) -> Result<Vec<AnswerKey>, ScoreError> {
    let instrument = form.instrument();
    for (name, values) in &options.coding {
        let fits = |set: &&AnswerSet| set.codes.len() == values.len() && name.as_ref().is_none_or(|name| *name == set.name);
        if !instrument.answers.iter().any(|set| fits(&set)) {
            if let Some(name) = name.as_ref().filter(|name| instrument.answers.iter().all(|set| set.name != **name)) {
                let sets = crate::findings::list_or(&instrument.answers.iter().map(|set| set.name.as_str()).collect::<Vec<_>>());
                return Err(ScoreError::UnknownSet { name: name.clone(), instrument: instrument.id.to_string(), sets });
            }
            let set = name.clone().unwrap_or_else(|| "the answers".to_owned());
            return Err(ScoreError::Coding { given: values.len(), set, instrument: instrument.id.to_string() });
        }
    }
    let key = |set: &AnswerSet| {
        let words = options.matching.map.answers.get(&set.name).into_iter().flatten().filter_map(|(word, code)| {
            let position = set.codes.iter().position(|known| Some(*known) == crate::instrument::Number::parse(code.trim()))?;
            Some((word.clone(), u16::try_from(position).ok()?))
        });
        let coding = Coding {
            values: options.coding_of(set).cloned(),
            missing: options
                .missing
                .iter()
                .chain(&options.matching.map.missing)
                .cloned()
                .chain(system.missing().iter().map(ToString::to_string))
                .collect(),
            words: words.collect(),
        };
        AnswerKey::new(set, &coding)
    };
    Ok(instrument.answers.iter().map(key).collect::<Result<_, _>>()?)
}

/// Two forms of one questionnaire over the same columns need a column that says which form a row is.
fn check_shared_columns(forms: &[Form], files: &[OpenFile]) -> Result<(), ScoreError> {
    let says_informant = files.iter().all(|file| file.known.map.role(Role::Informant).is_some());
    for (index, form) in forms.iter().enumerate() {
        let twin = forms.iter().skip(index + 1).find(|other| other.instrument().family == form.instrument().family);
        if let (Some(twin), false) = (twin, says_informant) {
            return Err(ScoreError::SharedColumns { first: form.instrument().id.to_string(), second: twin.instrument().id.to_string() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_mark_however_it_is_written() {
        // The Kelvin sign is a capital k, and no ASCII.
        assert_eq!(mark(&["\u{212a}1", "", ""]), mark(&["k1", "", ""]));
        assert_eq!(mark(&["K1", "Parent", "T1"]), mark(&["k1", "parent", "t1"]));
        assert_eq!(mark(&["ZOË", "", ""]), mark(&["zoë", "", ""]));
        let long = "P".repeat(70);
        assert_eq!(mark(&[&long, "", ""]), mark(&[&long.to_lowercase(), "", ""]));
        assert_ne!(mark(&["k1", "", ""]), mark(&["k", "1", ""]));
    }
}
