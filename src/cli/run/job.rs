//! One job: its files are read, its outputs written in full under temporary names, and nothing has its name yet.

use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context, Result, anyhow, bail};
use bandwise::batch::{Counts, Job, JobRecord, Record, UsedFile, UsedText};
use bandwise::findings::{Group, Severity, json_line};
use bandwise::output::{Outputs, Together};

use super::plan::{Planned, parsed, planned, why};
use super::survey::{Changed, Surveyed, survey};
use crate::cli::printer::{Alerts, Printer, Said, error_text};
use crate::cli::{Outcome, command};

/// What became of a job, before its outputs have their names.
pub(super) struct Worked {
    pub(super) alerts: Alerts,
    pub(super) findings: Vec<Group>,
    /// What else there is to say.
    pub(super) lines: Vec<String>,
    pub(super) state: State,
}

pub(super) enum State {
    /// Its outputs are what they would be.
    UpToDate,
    /// Its outputs are whole, and wait for their names.
    Ready(Box<Ready>),
    /// It could not be done, and why.
    NotDone(String),
}

/// A job whose outputs wait for their names.
pub(super) struct Ready {
    pub(super) together: Together,
    pub(super) record: JobRecord,
    pub(super) texts: Vec<(String, UsedText)>,
    pub(super) why: String,
}

/// What all jobs of a run have in common.
pub(super) struct Around<'a> {
    pub(super) term_name: &'a str,
    pub(super) record: &'a Record,
    pub(super) force: bool,
}

impl Worked {
    fn new(state: State) -> Self {
        Self { alerts: Alerts::default(), findings: Vec::new(), lines: Vec::new(), state }
    }

    /// Takes what a command said. Commands that read the same file say the same: it is kept once.
    fn take(&mut self, said: Said) {
        let Said { alerts, findings, lines: _ } = said;
        let known = self.alerts.lines.len();
        self.alerts.naming = alerts.naming;
        for line in alerts.lines {
            if !self.alerts.lines[..known].contains(&line) {
                self.alerts.lines.push(line);
            }
        }
        // What was not listed is of the responses, which every command reads.
        let added = (self.alerts.lines.len() - known) as u64;
        self.alerts.responses = if known == 0 { alerts.responses } else { self.alerts.responses + added };
        for group in findings {
            match self.findings.iter_mut().find(|other| other.first.first() == group.first.first()) {
                Some(other) => other.count = other.count.max(group.count),
                None => self.findings.push(group),
            }
        }
        self.findings.sort_by_key(|group| std::cmp::Reverse(group.severity()));
    }

    /// How many findings say that something could not be used.
    fn problems(&self) -> u64 {
        self.findings.iter().filter(|group| group.severity() >= Severity::Problem).map(|group| group.count).sum()
    }
}

/// Does a job. A mistake of the program's own in one job does not stop the others.
pub(super) fn work(job: &Job, around: &Around<'_>) -> Worked {
    let mut worked = Worked::new(State::UpToDate);
    let done = catch_unwind(AssertUnwindSafe(|| attempt(job, around, &mut worked)));
    worked.state = match done {
        Ok(Ok(state)) => state,
        Ok(Err(error)) => State::NotDone(error_text(&error)),
        Err(_) => State::NotDone("the program made a mistake of its own; the other jobs were not stopped by it".to_owned()),
    };
    worked
}

fn attempt(job: &Job, around: &Around<'_>, worked: &mut Worked) -> Result<State> {
    let mut planned = planned(job)?;
    let Some(why) = why(&planned, &job.name, around.term_name, around.record, around.force)? else { return Ok(State::UpToDate) };
    let surveyed = survey_of(&planned, job, around, worked)?;
    let together = Together::default();
    for output in &job.outputs {
        // What compares takes its files in their order: there a pattern is refused, not expanded.
        let source = if output.files == bandwise::batch::Files::Responses { &planned.expanded } else { job };
        let mut asked = parsed(output, source)?;
        asked.writes().context("the command writes no file")?.outputs = Outputs::AtTheEnd(together.clone());
        collected(worked, |printer| command(asked, printer)).with_context(|| format!("`{}` was not written", output.file))?;
    }
    if let Some(key) = planned.new_key.take() {
        planned.basis.inputs.push(UsedFile::now(&key).with_context(|| format!("the key `{key}` cannot be read"))?);
        planned.basis.inputs.sort_by(|left, right| left.file.cmp(&right.file));
    }
    let written = together.written();
    let outputs = written.into_iter().map(|written| UsedFile { file: written.file.to_string_lossy().into_owned(), sha256: written.sha256 });
    worked.lines = surveyed.lines;
    let record = JobRecord {
        name: job.name.clone(),
        basis: planned.basis,
        outputs: outputs.collect(),
        counts: Counts { alerts: worked.alerts.responses, problems: worked.problems(), ..surveyed.counts },
        alerts: worked.alerts.lines.clone(),
        findings: recorded(&worked.findings),
        differences: surveyed.differences,
    };
    Ok(State::Ready(Box::new(Ready { together, record, texts: planned.texts, why })))
}

fn survey_of(planned: &Planned, job: &Job, around: &Around<'_>, worked: &mut Worked) -> Result<Surveyed> {
    let known = around.record.job(around.term_name, &job.name).map_or(&[][..], |known| known.basis.definitions.as_slice());
    let changed = |then: &&bandwise::batch::UsedDefinition| {
        planned.basis.definitions.iter().any(|now| now.id == then.id && now.sha256 != then.sha256)
    };
    let changed: Vec<Changed<'_>> = known
        .iter()
        .filter(changed)
        .map(|then| Changed { id: then.id.clone(), before: around.record.definitions.get(&then.sha256), hash: then.sha256.clone() })
        .collect();
    let mut surveyed = None;
    collected(worked, |printer| {
        let (outcome, found) = survey(&planned.expanded, &changed, printer)?;
        surveyed = Some(found);
        Ok(outcome)
    })?;
    surveyed.context("nothing was read")
}

/// Runs a command and keeps what it said, whatever becomes of it: alerts do not depend on that.
fn collected(worked: &mut Worked, run: impl FnOnce(&Printer) -> Result<Outcome>) -> Result<()> {
    let printer = Printer::collecting();
    let outcome = run(&printer);
    let said = printer.into_said();
    let last = said.lines.last().cloned();
    worked.take(said);
    match outcome? {
        Outcome::Done | Outcome::DoneInPart | Outcome::Flagged => Ok(()),
        // A refusal was told as a finding; the last line says so.
        Outcome::NotDone => match last {
            Some(line) => Err(anyhow!("{}", line.split(". `bandwise explain").next().unwrap_or(&line).trim_end_matches('.').to_owned())),
            None => bail!("it was refused"),
        },
    }
}

/// The findings as the record keeps them: the first places of each kind, and how many there are.
fn recorded(findings: &[Group]) -> Vec<serde_json::Value> {
    findings
        .iter()
        .flat_map(|group| group.first.iter().enumerate().map(|(place, first)| json_line(first, (place == 0).then_some(group.count))))
        .collect()
}
