//! Reading, scoring and writing down many rows at once, in the order of the rows.
//!
//! One thread reads the files, looks up who stands twice, and gives out what was made, all in order; what can be done with a portion of rows
//! alone is done by whoever is free, that thread among them. So the number of threads shows in nothing but the time.

use std::collections::VecDeque;
use std::thread;

use super::belt::{Belt, Closing, Threads};
use super::express::{Express, MadeCells};
use super::join::Joining;
use super::layout::Layout;
use super::reading::Reading;
use super::responses::{Responses, ScoreError};
use super::row::{ScoredBatch, ScoredRow};
use super::settling::{Done, HELD_BACK, Held, Next, Settled, Task};
use crate::findings::Findings;
use crate::input::{Batch, ReadError, Unread};
use crate::instrument::Pupil;

/// What is made of scored rows, portion by portion.
pub trait RowWork: Sync {
    /// What a portion of rows comes to.
    type Made: Default + Send;
    /// How a row can be put together from cells that were made before.
    type Parts: RowParts<Self::Made>;

    /// Forgets what was made of a portion, and keeps its memory for the next one.
    fn clear(&self, made: &mut Self::Made);

    /// Adds one row.
    fn row(&self, layout: &Layout, row: &ScoredRow<'_>, made: &mut Self::Made);

    /// How a row can be put together from cells that were made before, if it can.
    fn parts(&self) -> Option<&Self::Parts>;
}

/// A row that is put together from its carried cells and from cells that were made before: the cells of a scale are the same wherever its
/// answers come to the same. The rows must be those of [`RowWork::row`].
pub trait RowParts<M>: Sync {
    /// Writes the cells of one scale.
    fn scale(&self, layout: &Layout, row: &ScoredRow<'_>, scale: usize, cells: &mut Vec<u8>);

    /// Writes the cell of the sensitive answers.
    fn sensitive(&self, layout: &Layout, row: &ScoredRow<'_>, cells: &mut Vec<u8>);

    /// Writes the cell of the alerts.
    fn alerts(&self, layout: &Layout, row: &ScoredRow<'_>, cells: &mut Vec<u8>);

    /// Whether all that a row says of the pupil is wanted, and not only what the form's norms and bands go by.
    fn tells_pupils(&self) -> bool {
        false
    }

    /// The scales whose cells are added, in their order.
    fn scales(&self, layout: &Layout) -> Vec<usize>;

    /// Begins a row with what it says besides its answers.
    fn begin<'c>(&self, head: RowHead<'c>, carried: impl Iterator<Item = &'c str>, made: &mut M);

    /// Adds cells that were made before.
    fn add(&self, cells: MadeCells<'_>, made: &mut M);

    /// Ends the row.
    fn end(&self, made: &mut M);

    /// Whether a row with an alert can do without being looked at as a whole; a tally counts the alert then.
    fn counts_alert(&self, made: &mut M) -> bool;
}

/// What a row says besides its answers and its carried cells.
#[derive(Clone, Copy, Debug)]
pub struct RowHead<'c> {
    /// The row number that the user sees in the spreadsheet.
    pub row: u64,
    /// The pupil's id, which is not blank.
    pub id: &'c str,
    /// What the row says of the pupil.
    pub pupil: Pupil,
    /// The number by which such a pupil is called in the whole portion.
    pub kind: usize,
    /// When the form was filled in, if the file says it.
    pub date: &'c str,
    /// All carried cells as they stand in a text, with commas between them, where they stand so.
    pub stretch: Option<&'c str>,
}

impl Responses {
    /// Reads and scores everything, makes something of the rows with several threads, and gives it out in the order of the rows.
    ///
    /// # Errors
    ///
    /// When a file cannot be read on, or is refused as a whole, or what is made cannot be taken.
    pub fn each_portion<W: RowWork, E: From<ScoreError>>(
        &mut self,
        threads: Threads,
        work: &W,
        findings: &mut Findings<'_>,
        mut take: impl FnMut(&Layout, &mut W::Made) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.goes_in_turn() {
            let mut made = W::Made::default();
            while let Some(batch) = self.next_batch(findings)? {
                work.clear(&mut made);
                for row in batch.rows(&self.layout) {
                    work.row(&self.layout, &row, &mut made);
                }
                take(&self.layout, &mut made)?;
            }
            return Ok(());
        }
        let (layout, joining) = (self.layout.clone(), self.joining.clone());
        let belt = Belt::new();
        thread::scope(|scope| {
            let _closing = Closing(&belt);
            for _ in 1..threads.count() {
                scope.spawn(|| {
                    let mut worker = Worker { layout: &layout, joining: &joining, work, express: None };
                    let _closing = Closing(&belt);
                    while let Some((place, (task, made))) = belt.wait_for_task() {
                        belt.put(place, worker.make(task, made));
                    }
                });
            }
            let worker = Worker { layout: &layout, joining: &joining, work, express: None };
            self.run(&belt, worker, threads.ahead(), findings, |made| take(&layout, made))
        })
    }

    /// The part of the thread that reads and gives out.
    fn run<W: RowWork, E: From<ScoreError>>(
        &mut self,
        belt: &Portions<W::Made>,
        mut worker: Worker<'_, W>,
        ahead: usize,
        findings: &mut Findings<'_>,
        mut take: impl FnMut(&mut W::Made) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut queue: VecDeque<Held<(W::Made, usize)>> = VecDeque::new();
        // Which file each portion that is under way belongs to; the last of a file says that it ends.
        let mut under_way: VecDeque<usize> = VecDeque::new();
        let (mut held, mut spare) = (0, Vec::new());
        loop {
            if let Some(next) = belt.take_first() {
                let Some(file) = under_way.pop_front() else { return Ok(()) };
                if let Some(Settled { batch, made, found }) = self.settle(file, next, findings)? {
                    let rows = batch.records.len();
                    held += rows;
                    queue.push_back(Held { made: (made, rows), found });
                    self.spare.push(batch.records.into_spare());
                }
                if self.files.get(file).is_some_and(|file| file.ended) || held >= HELD_BACK {
                    self.judge(file, held, findings)?;
                }
                while self.files.get(file).is_some_and(|file| file.released)
                    && let Some(Held { made: (mut made, rows), found }) = queue.pop_front()
                {
                    held -= rows;
                    self.tell(file, found, findings);
                    take(&mut made)?;
                    worker.work.clear(&mut made);
                    spare.push(made);
                }
            } else if under_way.len() < ahead && self.current < self.files.len() {
                under_way.push_back(self.current);
                match self.next_task(findings) {
                    Ok(Some(task)) => belt.add((task, spare.pop().unwrap_or_default())),
                    Ok(None) => {
                        belt.add_made(Ok(None));
                        self.current += 1;
                    }
                    Err(error) => {
                        belt.add_made(Err(error));
                        self.current = self.files.len();
                    }
                }
            } else if let Some((place, (task, made))) = belt.next_task() {
                belt.put(place, worker.make(task, made));
            } else if under_way.is_empty() {
                return Ok(());
            } else if !belt.wait_for_first() {
                // A thread stopped in the middle: its panic is passed on when it is joined.
                return Ok(());
            }
        }
    }
}

/// Rows with the memory for what is made of them, and what was made.
type Portions<M> = Belt<(Task, M), Next<Done<M>>>;

/// What a thread needs to make something of rows.
struct Worker<'w, W> {
    layout: &'w Layout,
    joining: &'w Joining,
    work: &'w W,
    /// The short way for the rows of a file, if there is one.
    express: Option<(usize, Option<Express>)>,
}

impl<W: RowWork> Worker<'_, W> {
    fn make(&mut self, task: Task, mut made: W::Made) -> Next<Done<W::Made>> {
        let (layout, joining, work) = (self.layout, self.joining, self.work);
        let file = task.file_index;
        if self.express.as_ref().is_none_or(|(known, _)| *known != file) {
            let express = work.parts().and_then(|parts| Express::new(layout, file, &task.file, parts));
            self.express = Some((file, express));
        }
        let express = self.express.as_mut().and_then(|(_, express)| express.as_mut());
        let read = if express.is_some() { Unread::read_lines } else { Unread::read };
        let done: Result<Done<W::Made>, ReadError> = task.read(layout, joining, read, |reading, mut records| {
            portion(reading, &mut records, (work, &mut made), express);
            (ScoredBatch::without_rows(file, records), made)
        });
        done.map(Some)
    }
}

fn portion<W: RowWork>(
    reading: &mut Reading<'_>,
    records: &mut Batch,
    (work, made): (&W, &mut W::Made),
    mut express: Option<&mut Express>,
) {
    let layout = reading.layout;
    let mut scratch = ScoredBatch::without_rows(reading.file_index, Batch::default()).for_forms(layout.forms().len());
    for index in 0..records.len() {
        reading.index = index;
        if let (Some(express), Some(parts), Some(record)) = (express.as_deref_mut(), work.parts(), records.record(index))
            && express.row(reading, record, parts, made)
        {
            continue;
        }
        records.cut(index);
        let Some(record) = records.record(index) else { unreachable!("a batch has as many records as it says") };
        scratch.clear();
        let state = reading.row(record, &mut scratch.answers, &mut scratch.scores);
        work.row(layout, &ScoredRow::alone(&scratch, layout, record, &state), made);
    }
}
