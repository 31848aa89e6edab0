//! All jobs of a term file: done side by side, given their names one after the other in the order of the file.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use anyhow::{Context, Result, bail};
use bandwise::batch::{JobRecord, NotDone, RECORD_FILE, Record, TermFile, TermRecord};
use bandwise::output::{OutputError, Outputs, PendingFile, StaleAction, Together};

use super::RunArguments;
use super::job::{Around, Ready, State, Worked, work};
use super::lock::Lock;
use super::plan::{folders, stale};
use super::progress::Progress;
use super::show::{Line, Mark, alerts_last, closing, report};
use crate::cli::Outcome;
use crate::cli::printer::{Alerts, Naming, Printer, error_text};
use crate::cli::reading::now;
use crate::cli::target::is_one_file;

/// Runs the jobs of a term file.
pub(super) fn all(arguments: &RunArguments, term: &TermFile, term_name: &str, record: Record, printer: &Printer) -> Result<Outcome> {
    let _lock = Lock::take(printer)?;
    for line in stale(&folders(term), StaleAction::Remove) {
        printer.say(&line);
    }
    // Another run may have ended between the first look and the lock.
    let before = Record::read(Path::new(".")).unwrap_or(record);
    let around = Around { term_name, record: &before, force: arguments.force };
    let mut keeper = Keeper::new(&before, term, term_name);
    let mut lines = Vec::new();
    let mut progress = Progress::new(term.jobs.len());
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..at_a_time(arguments, term.jobs.len()) {
            let (sender, next, around) = (sender.clone(), &next, &around);
            scope.spawn(move || {
                while let Some((place, job)) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|place| Some((place, term.jobs.get(place)?)))
                {
                    if sender.send((place, work(job, around))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting: BTreeMap<usize, Worked> = BTreeMap::new();
        while let Some((place, worked)) = progress.wait(&receiver) {
            waiting.insert(place, worked);
            // In the order of the file, whichever was done first.
            while let Some(worked) = waiting.remove(&lines.len()) {
                let line = settle(worked, &term.jobs[lines.len()].name, &mut keeper);
                progress.aside(|| report(&line, arguments.findings_format, printer));
                lines.push(line);
            }
        }
    });
    progress.end();
    let ended = keeper.end(&lines, arguments.stamp);
    printer.data(&closing(&lines, arguments.format, printer)?).or_else(broken_pipe_is_no_failure)?;
    if let Err(error) = &ended {
        printer.error(error);
    }
    alerts_last(&lines, printer);
    Ok(if ended.is_err() || lines.iter().any(|line| line.mark.failure().is_some()) {
        Outcome::NotDone
    } else if lines.iter().any(|line| line.alerts.responses > 0) {
        Outcome::Flagged
    } else if lines.iter().any(|line| line.counts.is_some_and(|counts| counts.problems > 0)) {
        Outcome::DoneInPart
    } else {
        Outcome::Done
    })
}

/// Whoever reads the table may stop reading; the alerts are said all the same.
fn broken_pipe_is_no_failure(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

fn at_a_time(arguments: &RunArguments, jobs: usize) -> usize {
    let possible = || thread::available_parallelism().map_or(1, usize::from);
    arguments.threads.map_or_else(possible, usize::from).clamp(1, jobs.max(1))
}

/// Gives a job's outputs their names, if it was done, and says what became of it.
fn settle(worked: Worked, name: &str, keeper: &mut Keeper<'_>) -> Line {
    let Worked { alerts, findings, lines, state } = worked;
    let mut line = Line { job: name.to_owned(), mark: Mark::UpToDate, counts: None, outputs: 0, alerts, findings, lines, is_old: false };
    let known = keeper.known(name);
    match state {
        State::UpToDate => line.take_known(known),
        State::Ready(ready) => {
            let (why, counts, outputs) = (ready.why.clone(), ready.record.counts, ready.record.outputs.len());
            match keeper.commit(*ready) {
                Ok(()) => {
                    line.mark = Mark::Done(why);
                    line.counts = Some(counts);
                    line.outputs = outputs;
                }
                Err(error) if matches!(error.downcast_ref(), Some(OutputError::NotPutBack { .. })) => {
                    line.mark = Mark::LeftMixed(error_text(&error));
                }
                Err(error) => line.mark = Mark::NotDone(error_text(&error)),
            }
        }
        State::NotDone(why) => {
            line.mark = Mark::NotDone(why);
            if line.alerts.responses == 0 {
                line.alerts = known.map(alerts_of).unwrap_or_default();
                line.is_old = true;
            }
        }
    }
    line
}

/// The alerts that the record has of a job.
pub(super) fn alerts_of(known: &JobRecord) -> Alerts {
    // A survey without names has no lines: nobody can be named.
    let naming = if known.alerts.is_empty() { Naming::Nobody } else { Naming::ByPupil };
    Alerts { responses: known.counts.alerts, lines: known.alerts.clone(), naming }
}

/// Keeps the record, and gives outputs their names together with it.
struct Keeper<'k> {
    before: &'k Record,
    record: Record,
    term_name: &'k str,
    sha256: String,
    /// The names of the jobs, in the order of the file.
    order: Vec<&'k str>,
    /// Which job wrote which file in this run.
    taken: Vec<(PathBuf, String)>,
}

impl<'k> Keeper<'k> {
    fn new(before: &'k Record, term: &'k TermFile, term_name: &'k str) -> Self {
        let order = term.jobs.iter().map(|job| job.name.as_str()).collect();
        Self { before, record: before.clone(), term_name, sha256: term.sha256.clone(), order, taken: Vec::new() }
    }

    fn known(&self, name: &str) -> Option<&'k JobRecord> {
        self.before.job(self.term_name, name)
    }

    /// Gives a job's outputs their names, and last the record of it its own: what the record does not vouch for is made again.
    fn commit(&mut self, ready: Ready) -> Result<()> {
        let Ready { together, record: job, texts, why: _ } = ready;
        let files: Vec<PathBuf> = job.outputs.iter().map(|output| PathBuf::from(&output.file)).collect();
        for file in &files {
            if let Some((_, other)) = self.taken.iter().find(|(taken, _)| is_one_file(taken, file)) {
                bail!("`{}` was written by job `{other}` in this run already: give each output a name of its own", file.display());
            }
        }
        let name = job.name.clone();
        let mut record = self.record.clone();
        record.definitions.extend(texts);
        let term = record.terms.entry(self.term_name.to_owned()).or_default();
        term.jobs.retain(|other| other.name != job.name);
        term.jobs.push(job);
        self.sort(term);
        let record = with_record(record, &together)?;
        together.commit()?;
        self.record = record;
        self.taken.extend(files.into_iter().map(|file| (file, name.clone())));
        Ok(())
    }

    fn sort(&self, term: &mut TermRecord) {
        let place = |job: &JobRecord| self.order.iter().position(|name| *name == job.name).unwrap_or(usize::MAX);
        term.jobs.sort_by_key(place);
    }

    /// Writes down what the run as a whole came to, if that is news.
    fn end(mut self, lines: &[Line], stamp: bool) -> Result<()> {
        let mut record = self.record.clone();
        let term = record.terms.entry(self.term_name.to_owned()).or_default();
        term.jobs.retain(|job| self.order.contains(&job.name.as_str()));
        self.sort(term);
        term.sha256.clone_from(&self.sha256);
        term.not_done =
            lines.iter().filter_map(|line| Some(NotDone { job: line.job.clone(), why: line.mark.failure()?.to_owned() })).collect();
        if stamp {
            term.ended = Some(now());
        } else if lines.iter().any(|line| matches!(line.mark, Mark::Done(_))) {
            term.ended = None;
        }
        record.tidy();
        if record != self.record {
            let together = Together::default();
            self.record = with_record(record, &together)?;
            together.commit()?;
        }
        Ok(())
    }
}

/// Adds the record to what takes its name together, as the last.
fn with_record(record: Record, together: &Together) -> Result<Record> {
    let mut pending = PendingFile::create_among(Path::new(RECORD_FILE), &[], &Outputs::AtTheEnd(together.clone()))?;
    let written = record.text().map_err(anyhow::Error::from).and_then(|text| Ok(pending.write_all(text.as_bytes())?));
    written.with_context(|| format!("the record `{RECORD_FILE}` cannot be written"))?;
    pending.commit()?;
    Ok(record)
}
