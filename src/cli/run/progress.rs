//! How far a run is: a bar on a terminal, once it takes longer than a second; nothing in a log, which has a line for each job.

use std::io::{IsTerminal, stderr};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How far the run is.
pub(super) struct Progress {
    jobs: u64,
    done: u64,
    started: Instant,
    is_watched: bool,
    bar: Option<ProgressBar>,
}

/// Whoever waits less than this needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

impl Progress {
    pub(super) fn new(jobs: usize) -> Self {
        Self { jobs: jobs as u64, done: 0, started: Instant::now(), is_watched: stderr().is_terminal(), bar: None }
    }

    /// Waits for the next result; none when there will be no more.
    pub(super) fn wait<T>(&mut self, results: &Receiver<T>) -> Option<T> {
        let result = loop {
            if !self.is_watched || self.bar.is_some() {
                break results.recv().ok();
            }
            match results.recv_timeout(PATIENCE.saturating_sub(self.started.elapsed())) {
                Ok(result) => break Some(result),
                Err(RecvTimeoutError::Disconnected) => break None,
                Err(RecvTimeoutError::Timeout) => self.show(),
            }
        };
        self.done += u64::from(result.is_some());
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        }
        result
    }

    fn show(&mut self) {
        let bar = ProgressBar::new(self.jobs);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} jobs") {
            bar.set_style(style);
        }
        bar.set_position(self.done);
        bar.tick();
        self.bar = Some(bar);
    }

    /// Prints something above the bar.
    pub(super) fn aside(&self, print: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Takes the bar away.
    pub(super) fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
