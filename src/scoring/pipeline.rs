//! Reading, scoring and writing down many rows at once, in the order of the rows.
//!
//! One thread reads the files, looks up who stands twice, and gives out what was made, all in order; what can be done with a portion of rows
//! alone is done by whoever is free, that thread among them. So the number of threads shows in nothing but the time.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::express::{Express, MadeCells};
use super::join::Joining;
use super::layout::Layout;
use super::reading::Reading;
use super::responses::{Responses, ScoreError};
use super::row::{ScoredBatch, ScoredRow};
use super::settling::{Done, HELD_BACK, Held, Next, Settled, Task};
use crate::findings::Findings;
use crate::input::{Batch, ReadError, Unread};

/// What is made of scored rows, portion by portion.
pub trait RowWork: Sync {
    /// What a portion of rows comes to.
    type Made: Default + Send;
    /// How a row can be put together from cells that were made before.
    type Parts: RowParts<Self::Made>;

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

    /// Begins a row with its carried cells; `stretch` are all of them as they stand in a text, with commas between them, where they stand
    /// so.
    fn begin<'c>(&self, stretch: Option<&'c str>, carried: impl Iterator<Item = &'c str>, made: &mut M);

    /// Adds cells that were made before.
    fn add(&self, cells: MadeCells<'_>, made: &mut M);

    /// Ends the row.
    fn end(&self, made: &mut M);

    /// Whether a row with an alert can do without being looked at as a whole; it is counted then.
    fn counts_alert(&self, made: &mut M) -> bool;
}

/// The parts of work that looks at every row as a whole.
#[derive(Clone, Copy, Debug)]
pub enum NoParts {}

impl<M> RowParts<M> for NoParts {
    fn scale(&self, _: &Layout, _: &ScoredRow<'_>, _: usize, _: &mut Vec<u8>) {
        match *self {}
    }

    fn sensitive(&self, _: &Layout, _: &ScoredRow<'_>, _: &mut Vec<u8>) {
        match *self {}
    }

    fn alerts(&self, _: &Layout, _: &ScoredRow<'_>, _: &mut Vec<u8>) {
        match *self {}
    }

    fn begin<'c>(&self, _: Option<&'c str>, _: impl Iterator<Item = &'c str>, _: &mut M) {
        match *self {}
    }

    fn add(&self, _: MadeCells<'_>, _: &mut M) {
        match *self {}
    }

    fn end(&self, _: &mut M) {
        match *self {}
    }

    fn counts_alert(&self, _: &mut M) -> bool {
        match *self {}
    }
}

/// How many threads there are to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threads(NonZeroUsize);

impl Threads {
    /// So many.
    pub fn new(count: NonZeroUsize) -> Self {
        Self(count)
    }

    /// One for each core that may be used.
    pub fn all() -> Self {
        Self(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }
}

impl Threads {
    /// Makes something of each part of a list, and gives it out in the order of the list.
    ///
    /// # Errors
    ///
    /// When what is made cannot be taken.
    pub fn each_in_order<T: Sync, M: Send, E>(
        self,
        list: &[T],
        at_once: usize,
        make: impl Fn(&[T]) -> M + Sync,
        mut take: impl FnMut(M) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut parts = list.chunks(at_once.max(1));
        loop {
            let round: Vec<&[T]> = parts.by_ref().take(self.0.get()).collect();
            let Some((first, others)) = round.split_first() else { return Ok(()) };
            let round_made = thread::scope(|scope| {
                let others: Vec<_> = others.iter().map(|part| scope.spawn(|| make(part))).collect();
                let first = make(first);
                let others = others.into_iter().map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
                [first].into_iter().chain(others).collect::<Vec<M>>()
            });
            round_made.into_iter().try_for_each(&mut take)?;
        }
    }
}

/// So many portions for each thread are read before the first of them is given out.
const AHEAD: usize = 3;

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
        mut take: impl FnMut(&Layout, W::Made) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.goes_in_turn() {
            while let Some(batch) = self.next_batch(findings)? {
                let mut made = W::Made::default();
                for row in batch.rows(&self.layout) {
                    work.row(&self.layout, &row, &mut made);
                }
                take(&self.layout, made)?;
            }
            return Ok(());
        }
        let (layout, joining) = (self.layout.clone(), self.joining.clone());
        let belt = Belt::new();
        thread::scope(|scope| {
            let _closing = Closing(&belt);
            for _ in 1..threads.0.get() {
                scope.spawn(|| {
                    let mut worker = Worker { layout: &layout, joining: &joining, work, express: None };
                    let _closing = Closing(&belt);
                    while let Some((place, task)) = belt.wait_for_task() {
                        belt.put(place, worker.make(task));
                    }
                });
            }
            let worker = Worker { layout: &layout, joining: &joining, work, express: None };
            let ahead = if threads.0.get() == 1 { 1 } else { AHEAD * threads.0.get() };
            self.run(&belt, worker, ahead, findings, |made| take(&layout, made))
        })
    }

    /// The part of the thread that reads and gives out.
    fn run<W: RowWork, E: From<ScoreError>>(
        &mut self,
        belt: &Belt<W::Made>,
        mut worker: Worker<'_, W>,
        ahead: usize,
        findings: &mut Findings<'_>,
        mut take: impl FnMut(W::Made) -> Result<(), E>,
    ) -> Result<(), E> {
        let wanted = findings.wanted();
        let mut queue: VecDeque<Held<(W::Made, usize)>> = VecDeque::new();
        // Which file each portion that is under way belongs to; the last of a file says that it ends.
        let mut under_way: VecDeque<usize> = VecDeque::new();
        let mut held = 0;
        loop {
            if let Some(next) = belt.take_first() {
                let Some(file) = under_way.pop_front() else { return Ok(()) };
                if let Some(Settled { batch, made, found }) = self.settle(file, next, findings)? {
                    held += batch.records.len();
                    queue.push_back(Held { made: (made, batch.records.len()), found });
                }
                if self.files.get(file).is_some_and(|file| file.ended) || held >= HELD_BACK {
                    self.judge(file, held, findings)?;
                }
                while self.files.get(file).is_some_and(|file| file.released)
                    && let Some(Held { made: (made, rows), found }) = queue.pop_front()
                {
                    held -= rows;
                    self.tell(file, found, findings);
                    take(made)?;
                }
            } else if under_way.len() < ahead && self.current < self.files.len() {
                under_way.push_back(self.current);
                match self.next_task(wanted) {
                    Ok(Some(task)) => belt.add(task),
                    Ok(None) => {
                        belt.add_made(Ok(None));
                        self.current += 1;
                    }
                    Err(error) => {
                        belt.add_made(Err(error));
                        self.current = self.files.len();
                    }
                }
            } else if let Some((place, task)) = belt.next_task() {
                belt.put(place, worker.make(task));
            } else if under_way.is_empty() {
                return Ok(());
            } else if !belt.wait_for_first() {
                // A thread stopped in the middle: its panic is passed on when it is joined.
                return Ok(());
            }
        }
    }
}

/// What a thread needs to make something of rows.
struct Worker<'w, W> {
    layout: &'w Layout,
    joining: &'w Joining,
    work: &'w W,
    /// The short way for the rows of a file, if there is one.
    express: Option<(usize, Option<Express>)>,
}

impl<W: RowWork> Worker<'_, W> {
    fn make(&mut self, task: Task) -> Next<Done<W::Made>> {
        let (layout, joining, work) = (self.layout, self.joining, self.work);
        let file = task.file_index;
        if self.express.as_ref().is_none_or(|(known, _)| *known != file) {
            let express = work.parts().and_then(|_| Express::new(layout, file, &task.file));
            self.express = Some((file, express));
        }
        let express = self.express.as_mut().and_then(|(_, express)| express.as_mut());
        let read = if express.is_some() { Unread::read_lines } else { Unread::read };
        let done: Result<Done<W::Made>, ReadError> = task.read(layout, joining, read, |reading, mut records| {
            let made = portion(reading, &mut records, work, express);
            (ScoredBatch::without_rows(file, records), made)
        });
        done.map(Some)
    }
}

fn portion<W: RowWork>(reading: &mut Reading<'_>, records: &mut Batch, work: &W, mut express: Option<&mut Express>) -> W::Made {
    let layout = reading.layout;
    let mut made = W::Made::default();
    let mut scratch = ScoredBatch::without_rows(reading.file_index, Batch::default()).for_forms(layout.forms().len());
    for index in 0..records.len() {
        reading.index = index;
        if let (Some(express), Some(parts), Some(record)) = (express.as_deref_mut(), work.parts(), records.record(index))
            && express.row(reading, record, parts, &mut made)
        {
            continue;
        }
        records.cut(index);
        let Some(record) = records.record(index) else { unreachable!("a batch has as many records as it says") };
        scratch.clear();
        let state = reading.row(record, &mut scratch.answers, &mut scratch.scores);
        work.row(layout, &ScoredRow::alone(&scratch, layout, record, &state), &mut made);
    }
    made
}

/// The portions under way: those to be made something of, and those that wait to be given out.
struct Belt<M> {
    state: Mutex<State<M>>,
    /// There is a task, or there will be none any more.
    tasks: Condvar,
    /// Something was made.
    made: Condvar,
}

struct State<M> {
    /// The place of the first portion that was not given out.
    first: u64,
    portions: VecDeque<Stage<M>>,
    is_closed: bool,
}

enum Stage<M> {
    Waiting(Box<Task>),
    InHand,
    Made(Box<Next<Done<M>>>),
}

impl<M> Belt<M> {
    fn new() -> Self {
        let state = State { first: 0, portions: VecDeque::new(), is_closed: false };
        Self { state: Mutex::new(state), tasks: Condvar::new(), made: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State<M>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, task: Task) {
        self.state().portions.push_back(Stage::Waiting(Box::new(task)));
        self.tasks.notify_one();
    }

    fn add_made(&self, made: Next<Done<M>>) {
        self.state().portions.push_back(Stage::Made(Box::new(made)));
    }

    fn put(&self, place: u64, made: Next<Done<M>>) {
        let mut state = self.state();
        let index = usize::try_from(place - state.first).unwrap_or(usize::MAX);
        if let Some(stage) = state.portions.get_mut(index) {
            *stage = Stage::Made(Box::new(made));
        }
        drop(state);
        self.made.notify_one();
    }

    fn next_task(&self) -> Option<(u64, Task)> {
        self.state().next_task()
    }

    /// The next task; none when the belt is closed.
    fn wait_for_task(&self) -> Option<(u64, Task)> {
        let mut state = self.state();
        loop {
            if state.is_closed {
                return None;
            }
            if let Some(task) = state.next_task() {
                return Some(task);
            }
            state = self.tasks.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// What was made of the first portion, if it is made.
    fn take_first(&self) -> Option<Next<Done<M>>> {
        let mut state = self.state();
        if !matches!(state.portions.front(), Some(Stage::Made(_))) {
            return None;
        }
        state.first += 1;
        match state.portions.pop_front() {
            Some(Stage::Made(made)) => Some(*made),
            _ => None,
        }
    }

    /// Waits until something is made of the first portion. Says whether there is still somebody to make it.
    fn wait_for_first(&self) -> bool {
        let mut state = self.state();
        while !matches!(state.portions.front(), Some(Stage::Made(_))) {
            if state.is_closed {
                return false;
            }
            state = self.made.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        true
    }
}

impl<M> State<M> {
    fn next_task(&mut self) -> Option<(u64, Task)> {
        let index = self.portions.iter().position(|stage| matches!(stage, Stage::Waiting(_)))?;
        match std::mem::replace(&mut self.portions[index], Stage::InHand) {
            Stage::Waiting(task) => Some((self.first + index as u64, *task)),
            _ => None,
        }
    }
}

/// Closes the belt when a thread is done with it, in whatever way: nobody waits for what will not come.
struct Closing<'b, M>(&'b Belt<M>);

impl<M> Drop for Closing<'_, M> {
    fn drop(&mut self) {
        self.0.state().is_closed = true;
        self.0.tasks.notify_all();
        self.0.made.notify_all();
    }
}
