//! What is done in the order of the files, whoever scored the rows: who stands twice, what becomes of refusals, and when a file has been
//! judged as a whole so that its rows may be given out.

use std::sync::Arc;

use super::join::{FileJoin, Joining};
use super::judge::Judge;
use super::layout::Layout;
use super::reading::{Marked, Reading, score_batch};
use super::repeat::RowPlace;
use super::responses::{Duplicates, KnownFile, Refusals, Responses, ScoreError, Standing, mention_critical, remember};
use super::row::ScoredBatch;
use crate::findings::{Code, Finding, Findings, Place, Portion, Wanted};
use crate::input::{Batch, ReadError, Unread};
use crate::matching::Role;

/// How many rows are held back until the file has been judged by them.
pub(super) const HELD_BACK: usize = 10_000;

/// Rows that are to be read and scored.
pub(super) struct Task {
    pub(super) file_index: usize,
    pub(super) file: Arc<KnownFile>,
    pub(super) rows: Unread,
    pub(super) join: FileJoin,
    pub(super) duplicates: Duplicates,
    pub(super) wanted: Wanted,
}

/// Rows that were scored, and what was noteworthy about them.
pub(super) struct Done<M> {
    pub(super) batch: ScoredBatch,
    pub(super) made: M,
    pub(super) responses: u64,
    pub(super) findings: Portion,
    pub(super) marks: Vec<Marked>,
    pub(super) judges: Vec<Judge>,
    pub(super) join: FileJoin,
}

/// Scored rows that were looked up among all others.
pub(super) struct Settled<M> {
    pub(super) batch: ScoredBatch,
    pub(super) made: M,
    pub(super) found: Portion,
}

/// Rows that wait until their file has been judged.
pub(super) struct Held<M> {
    pub(super) made: M,
    pub(super) found: Portion,
}

impl Task {
    /// Reads and scores the rows.
    pub(super) fn score(self, layout: &Layout, joining: &Joining) -> Result<Done<()>, ReadError> {
        self.read(layout, joining, Unread::read, |reading, records| (score_batch(reading, records), ()))
    }

    /// Reads the rows, and makes something of them.
    pub(super) fn read<M>(
        self,
        layout: &Layout,
        joining: &Joining,
        read: impl FnOnce(Unread) -> Result<Batch, ReadError>,
        make: impl FnOnce(&mut Reading<'_>, Batch) -> (ScoredBatch, M),
    ) -> Result<Done<M>, ReadError> {
        let records = read(self.rows)?;
        let responses = records.len() as u64;
        let mut reading = Reading {
            layout,
            file_index: self.file_index,
            file: &self.file,
            joining,
            duplicates: self.duplicates,
            join: self.join,
            judges: self.file.judges.clone(),
            findings: Portion::new(self.wanted),
            marks: Vec::with_capacity(records.len()),
            index: 0,
            has_breaks: records.has_breaks(),
        };
        let (batch, done) = make(&mut reading, records);
        let Reading { findings, marks, judges, join, .. } = reading;
        Ok(Done { batch, made: done, responses, findings, marks, judges, join })
    }
}

/// What comes next of a file: rows, or its end.
pub(super) type Next<T> = Result<Option<T>, ReadError>;

impl Responses {
    /// The next rows of the current file; none at its end.
    pub(super) fn next_task(&mut self, findings: &Findings<'_>) -> Next<Task> {
        let Some(file) = self.files.get_mut(self.current) else { return Ok(None) };
        Ok(file.table.next_unread(self.rows_at_once.get(), &mut self.spare)?.map(|rows| Task {
            file_index: self.current,
            file: Arc::clone(&file.known),
            rows,
            join: file.join.clone(),
            duplicates: self.duplicates,
            wanted: findings.wanted(&file.known.name),
        }))
    }

    /// Takes what was made of the next rows of a file, in the order of the rows.
    pub(super) fn settle<M>(
        &mut self,
        file_index: usize,
        next: Next<Done<M>>,
        findings: &mut Findings<'_>,
    ) -> Result<Option<Settled<M>>, ScoreError> {
        let Some(file) = self.files.get_mut(file_index) else { return Ok(None) };
        let done = match next {
            Ok(Some(done)) => done,
            Ok(None) => {
                file.ended = true;
                return Ok(None);
            }
            Err(ReadError::Refusal(finding)) => {
                findings.push(*finding);
                remember(self.refusals, &mut self.refusal, file)?;
                file.ended = true;
                return Ok(None);
            }
            Err(error) => return Err(ScoreError::Read(error)),
        };
        file.responses += done.responses;
        file.join = done.join;
        for (judge, counted) in file.judges.iter_mut().zip(&done.judges) {
            judge.absorb(counted);
        }
        let Done { batch, made, findings: mut found, marks, .. } = done;
        let said = self.looked_up(&batch, &marks, &mut found);
        found.insert(said);
        Ok(Some(Settled { batch, made, found }))
    }

    /// Looks up each response among all before it. What is to be said of it comes with its place among the findings.
    fn looked_up(&mut self, batch: &ScoredBatch, marks: &[Marked], found: &mut Portion) -> Vec<(usize, Finding)> {
        // So few that what is looked at is still at hand when it is needed.
        const AT_A_TIME: usize = 32;
        let mut said = Vec::new();
        for some in marks.chunks(AT_A_TIME) {
            self.seen.look_ahead(some.iter().map(|marked| marked.mark));
            for marked in some {
                let place = (batch.file, marked.row);
                let finding =
                    if self.repeats.is_some() { self.repeated(batch, marked, place) } else { self.twice(batch, marked, place, found) };
                said.extend(finding.map(|finding| (marked.findings, finding)));
            }
        }
        said
    }

    fn twice(&mut self, batch: &ScoredBatch, marked: &Marked, place: RowPlace, found: &mut Portion) -> Option<Finding> {
        let first = self.seen.first(marked.mark, place);
        let column = self.files.get(batch.file).and_then(|file| file.known.map.id.first()).copied();
        if first == place || !found.wants(Code::R003, column) {
            return None;
        }
        let finding = self.other_response(batch, marked, Code::R003, first, ": both are scored");
        Some(finding?.help("delete the row that is not meant, or say which one counts: `--repeat first` or `--repeat latest`"))
    }

    fn repeated(&mut self, batch: &ScoredBatch, marked: &Marked, place: RowPlace) -> Option<Finding> {
        let column = self.files.get(batch.file)?.known.map.role(Role::Date);
        let date = column.zip(batch.records.record(marked.index)).map_or("", |(column, record)| record.cell(column).trim());
        let other = self.repeats.as_mut()?.take(marked.mark, place, date).err()?;
        let finding = self.other_response(batch, marked, Code::C002, other, ", and the dates do not say which is the later");
        let help = "write both dates as year-month-day, say their order with `--dates`, or use `--repeat first`";
        Some(finding?.help(help))
    }

    /// This pupil has another response, and what becomes of the two.
    fn other_response(&self, batch: &ScoredBatch, marked: &Marked, code: Code, other: RowPlace, then: &str) -> Option<Finding> {
        let (file, record) = (&self.files.get(batch.file)?.known, batch.records.record(marked.index)?);
        let message = format!("this pupil has another response in {}{then}", self.layout.row_words(other, batch.file));
        let column = file.map.id.first().and_then(|column| file.map.header.get(*column)).cloned();
        let place = Place::Row { file: Arc::clone(&file.name), row: record.row(), column };
        let listed = batch.rows.get(marked.index).and_then(|state| state.listed);
        Some(Finding::new(code, place, message).value(self.layout.listed_pupil(batch.file, record, listed).into_owned()))
    }

    /// Judges a file as a whole when enough of it, or all, was read; `held` rows of it wait for that.
    pub(super) fn judge(&mut self, file_index: usize, held: usize, findings: &mut Findings<'_>) -> Result<(), ScoreError> {
        let Some(file) = self.files.get_mut(file_index) else { return Ok(()) };
        let name = &file.known.name;
        if file.ended || (!file.released && held >= HELD_BACK) {
            let verdicts = self.layout.forms().iter().zip(&file.judges).filter_map(|(form, judge)| judge.verdict(name, form));
            let mut refusals: Vec<Finding> = verdicts.collect();
            for refusal in &mut refusals {
                mention_critical(refusal, self.layout.forms());
            }
            if !refusals.is_empty() && file.standing != Standing::RefusedAsAWhole {
                findings.extend(refusals);
                remember(self.refusals, &mut self.refusal, file)?;
                file.standing = Standing::RefusedAsAWhole;
            }
            file.released = true;
        }
        // The encoding may be settled by the last row only.
        if file.ended {
            findings.extend(file.table.assumed());
            findings.extend(self.joining.exclusions.as_ref().map(|exclusions| file.join.exclusion_words(&file.known.name, exclusions)));
        }
        if file.ended && file.responses == 0 {
            let place = Place::File(Arc::clone(&file.known.name));
            findings.push(Finding::new(Code::T002, place, "the file has a header and no responses below it"));
        }
        Ok(())
    }

    /// Tells what was found about rows that are given out.
    pub(super) fn tell(&self, file_index: usize, mut found: Portion, findings: &mut Findings<'_>) {
        let Some(file) = self.files.get(file_index) else { return };
        // What is said of all answers together need not be said of each.
        if file.standing == Standing::RefusedAsAWhole {
            found.forget(&[Code::R001, Code::R002]);
        }
        findings.take(&file.known.name, found);
    }

    /// Whether rows have to be read one after the other, because something about a row depends on those before it.
    pub(super) fn goes_in_turn(&self) -> bool {
        let is_joined = self.joining.roster.is_some() || self.joining.exclusions.is_some();
        is_joined || self.repeats.is_some() || self.refusals == Refusals::Remember
    }
}
