//! What several threads make of many parts, given out in the order of the parts.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

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

/// So many parts for each thread are made before the first of them is given out.
const AHEAD: usize = 3;

impl Threads {
    pub(super) fn count(self) -> usize {
        self.0.get()
    }

    /// How many parts are under way at a time.
    pub(super) fn ahead(self) -> usize {
        if self.count() == 1 { 1 } else { AHEAD * self.count() }
    }

    /// Makes something of each part of a list, and gives it out in the order of the list. Each thread has something of its own, which it
    /// keeps from part to part; what was given out comes back to be made anew.
    ///
    /// # Errors
    ///
    /// When what is made cannot be taken.
    pub fn each_in_order<T: Sync, O, M: Default + Send, E>(
        self,
        list: &[T],
        at_once: usize,
        own: impl Fn() -> O + Sync,
        make: impl Fn(&mut O, &[T], &mut M) + Sync,
        mut take: impl FnMut(&M) -> Result<(), E>,
    ) -> Result<(), E> {
        let (belt, own, make) = (Belt::new(), &own, &make);
        let mut parts = list.chunks(at_once.max(1));
        thread::scope(|scope| {
            let _closing = Closing(&belt);
            for _ in 1..self.count() {
                scope.spawn(|| {
                    let _closing = Closing(&belt);
                    let mut own = own();
                    while let Some((place, (part, mut made))) = belt.wait_for_task() {
                        make(&mut own, part, &mut made);
                        belt.put(place, made);
                    }
                });
            }
            let (mut own, mut under_way, mut spare) = (own(), 0, Vec::new());
            loop {
                if let Some(made) = belt.take_first() {
                    under_way -= 1;
                    take(&made)?;
                    spare.push(made);
                } else if under_way < self.ahead()
                    && let Some(part) = parts.next()
                {
                    under_way += 1;
                    belt.add((part, spare.pop().unwrap_or_default()));
                } else if let Some((place, (part, mut made))) = belt.next_task() {
                    make(&mut own, part, &mut made);
                    belt.put(place, made);
                } else if under_way == 0 || !belt.wait_for_first() {
                    // Where a thread stopped in the middle, its panic is passed on when it is joined.
                    return Ok(());
                }
            }
        })
    }
}

/// The portions under way: those to be made something of, and those that wait to be given out.
pub(super) struct Belt<T, M> {
    state: Mutex<State<T, M>>,
    /// There is a task, or there will be none any more.
    tasks: Condvar,
    /// Something was made.
    made: Condvar,
}

struct State<T, M> {
    /// The place of the first portion that was not given out.
    first: u64,
    portions: VecDeque<Stage<T, M>>,
    is_closed: bool,
}

enum Stage<T, M> {
    Waiting(T),
    InHand,
    Made(M),
}

impl<T, M> Belt<T, M> {
    pub(super) fn new() -> Self {
        let state = State { first: 0, portions: VecDeque::new(), is_closed: false };
        Self { state: Mutex::new(state), tasks: Condvar::new(), made: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State<T, M>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, task: T) {
        self.state().portions.push_back(Stage::Waiting(task));
        self.tasks.notify_one();
    }

    pub(super) fn add_made(&self, made: M) {
        self.state().portions.push_back(Stage::Made(made));
    }

    pub(super) fn put(&self, place: u64, made: M) {
        let mut state = self.state();
        let index = usize::try_from(place - state.first).unwrap_or(usize::MAX);
        if let Some(stage) = state.portions.get_mut(index) {
            *stage = Stage::Made(made);
        }
        drop(state);
        self.made.notify_one();
    }

    pub(super) fn next_task(&self) -> Option<(u64, T)> {
        self.state().next_task()
    }

    /// The next task; none when the belt is closed.
    pub(super) fn wait_for_task(&self) -> Option<(u64, T)> {
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
    pub(super) fn take_first(&self) -> Option<M> {
        let mut state = self.state();
        if !matches!(state.portions.front(), Some(Stage::Made(_))) {
            return None;
        }
        state.first += 1;
        match state.portions.pop_front() {
            Some(Stage::Made(made)) => Some(made),
            _ => None,
        }
    }

    /// Waits until something is made of the first portion. Says whether there is still somebody to make it.
    pub(super) fn wait_for_first(&self) -> bool {
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

impl<T, M> State<T, M> {
    fn next_task(&mut self) -> Option<(u64, T)> {
        let index = self.portions.iter().position(|stage| matches!(stage, Stage::Waiting(_)))?;
        match std::mem::replace(&mut self.portions[index], Stage::InHand) {
            Stage::Waiting(task) => Some((self.first + index as u64, task)),
            _ => None,
        }
    }
}

/// Closes the belt when a thread is done with it, in whatever way: nobody waits for what will not come.
pub(super) struct Closing<'b, T, M>(pub(super) &'b Belt<T, M>);

impl<T, M> Drop for Closing<'_, T, M> {
    fn drop(&mut self) {
        self.0.state().is_closed = true;
        self.0.tasks.notify_all();
        self.0.made.notify_all();
    }
}
