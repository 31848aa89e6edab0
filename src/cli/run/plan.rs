//! What is to be done: whether the commands understand what the term file says, what each job depends on, and what is up to date.

use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use bandwise::batch::{Basis, Files, Holds, Job, JobOutput, Record, TermFile, UsedDefinition, UsedFile, UsedText, why_again};
use bandwise::findings::{Code, Finding, count_of, list_and};
use bandwise::instrument::{Instrument, load};
use bandwise::output::{Stale, StaleAction, remove_stale};
use clap::Parser;
use clap::error::{ContextKind, ContextValue};

use crate::cli::printer::{Printer, error_text};
use crate::cli::target::format_of;
use crate::cli::{Arguments, Command, Outcome, reading};

/// The command that makes an output, as the command line reads it.
pub(super) fn parsed(output: &JobOutput, job: &Job) -> Result<Command, clap::Error> {
    let program = std::iter::once("bandwise".to_owned());
    Arguments::try_parse_from(program.chain(output.command(job))).map(|arguments| arguments.command)
}

/// Whatever the commands do not understand, at its place in the term file.
pub(super) fn misfits(term: &TermFile) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for job in &term.jobs {
        if job.responses.iter().chain(&job.baseline).any(|file| file == "-") {
            findings.push(Finding::new(Code::J008, job.place.clone(), format!("job `{}` reads `-`, and a run reads files only", job.name)));
        }
        for output in &job.outputs {
            if output.file == "-" {
                let message = "`-` is no file, and a run writes to files only";
                findings.push(Finding::new(Code::J008, output.place.clone(), message));
            } else if let Err(error) = format_of(Path::new(&output.file), None) {
                findings.push(Finding::new(Code::J008, output.place.clone(), error.to_string()));
            }
            if let Err(error) = parsed(output, job) {
                let finding = misfit(output, job, &error);
                // What is wrong in the defaults is wrong in every job.
                if !findings.contains(&finding) {
                    findings.push(finding);
                }
            }
        }
    }
    findings
}

fn misfit(output: &JobOutput, job: &Job, error: &clap::Error) -> Finding {
    let argument = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) => argument.split([' ', '=']).next().unwrap_or_default().trim_start_matches('-').to_owned(),
        _ => String::new(),
    };
    let place = output.settings.iter().find(|setting| setting.option == argument).map_or(&output.place, |setting| &setting.place);
    if let (clap::error::ErrorKind::MissingRequiredArgument, Some(ContextValue::Strings(missing))) =
        (error.kind(), error.get(ContextKind::InvalidArg))
    {
        let keys: Vec<String> = missing
            .iter()
            .map(|argument| argument.split(' ').next().unwrap_or_default())
            .map(|name| format!("`{}`", name.trim_start_matches('-')))
            .collect();
        let message = format!("job `{}` has no {}, and `{}` cannot be made without it", job.name, list_and(&keys), output.key);
        return Finding::new(Code::J003, output.place.clone(), message);
    }
    let text = error.to_string();
    let lines = text
        .lines()
        .take_while(|line| !line.starts_with("Usage") && !line.starts_with("For more") && !line.trim_start().starts_with("tip:"));
    let said: Vec<&str> = lines.map(str::trim).filter(|line| !line.is_empty()).collect();
    let said = said.join(" ");
    Finding::new(Code::J008, place.clone(), said.strip_prefix("error: ").unwrap_or(&said))
}

/// A job with its files: what is read, and what its outputs depend on.
pub(super) struct Planned {
    /// The job with its patterns replaced by the files that fit them.
    pub(super) expanded: Job,
    pub(super) basis: Basis,
    /// The texts of the definitions, by hash.
    pub(super) texts: Vec<(String, UsedText)>,
    /// The key that is not there yet.
    pub(super) new_key: Option<String>,
}

/// Finds a job's files and hashes them.
pub(super) fn planned(job: &Job) -> Result<Planned> {
    let paths: Vec<PathBuf> = job.responses.iter().map(PathBuf::from).collect();
    let found = reading::inputs(&paths)?;
    let responses: Vec<String> = found.iter().filter_map(|input| input.path()).map(|path| path.to_string_lossy().into_owned()).collect();
    let expanded = Job { responses: responses.clone(), ..job.clone() };
    let mut files = responses;
    if reads_baseline(job) {
        files.extend(job.baseline.clone());
    }
    let mut instruments: Vec<&str> = Vec::new();
    let mut new_key = None;
    for output in &job.outputs {
        instruments.extend(output.values("instrument").iter().map(String::as_str));
        for with in output.values("with") {
            let (instrument, others) = with.split_once('=').unwrap_or((with, ""));
            instruments.push(instrument.trim());
            files.extend(others.split(',').map(str::trim).filter(|file| !matches!(*file, "-" | "")).map(ToOwned::to_owned));
        }
        for setting in output.settings.iter().filter(|setting| setting.holds == Holds::Inputs) {
            // A key is made where there is none yet.
            if setting.option == "key" && setting.values.iter().any(|file| !Path::new(file).exists()) {
                new_key = setting.values.first().cloned();
            } else {
                files.extend(setting.values.iter().cloned());
            }
        }
    }
    files.sort();
    files.dedup();
    let inputs = files.iter().map(|file| UsedFile::now(file).with_context(|| format!("`{file}` cannot be read"))).collect::<Result<_>>()?;
    let (mut definitions, mut texts) = (Vec::new(), Vec::new());
    for name in instruments {
        // What is wrong with a definition is told where it is used.
        let Ok((instrument, _)) = load(name) else { continue };
        let used = UsedDefinition { id: instrument.id.to_string(), sha256: instrument.definition.sha256.clone() };
        if !definitions.contains(&used) {
            texts.push((used.sha256.clone(), text_of(&instrument)));
            definitions.push(used);
        }
    }
    let commands = job.outputs.iter().map(|output| output.command(job)).collect();
    let basis = Basis { version: env!("CARGO_PKG_VERSION").to_owned(), commands, definitions, inputs };
    Ok(Planned { expanded, basis, texts, new_key })
}

/// Whether some output of the job compares.
pub(super) fn reads_baseline(job: &Job) -> bool {
    job.outputs.iter().any(|output| output.files == Files::BothTimes)
}

fn text_of(instrument: &Instrument) -> UsedText {
    let text = &instrument.definition.text;
    UsedText {
        id: instrument.id.to_string(),
        version: instrument.version.clone(),
        base: text.base.as_ref().map(|base| base.text.clone()),
        text: text.own.text.clone(),
    }
}

/// The folders that a term file's outputs are written into, and its own.
pub(super) fn folders(term: &TermFile) -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from(".")];
    for output in term.jobs.iter().flat_map(|job| &job.outputs) {
        let folder = Path::new(&output.file).parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folders.iter().any(|known| known == folder || same_file::is_same_file(known, folder).unwrap_or(false)) {
            folders.push(folder.to_owned());
        }
    }
    folders
}

/// Temporary files that a stopped program left in these folders.
pub(super) fn stale(folders: &[PathBuf], action: StaleAction) -> Vec<String> {
    let mut lines = Vec::new();
    for folder in folders {
        // A folder that is not there is told by the job that needs it.
        let Ok(Stale { left_behind, in_use: _, untold }) = remove_stale(folder, action) else { continue };
        let said = |count: u64, what: &str| format!("{} in `{}` {what}", count_of(count, "temporary file"), folder.display());
        if left_behind > 0 {
            let what = match action {
                StaleAction::Remove => "that a stopped program left behind: removed",
                StaleAction::Count => "that a stopped program left behind: would be removed",
            };
            lines.push(said(left_behind, what));
        }
        if untold > 0 {
            lines.push(said(
                untold,
                "of which it cannot be told whether a program still writes them: they hold pupils' data, so look after them",
            ));
        }
    }
    lines
}

/// Why a job is to be run; none if it is up to date.
pub(super) fn why(planned: &Planned, name: &str, term_name: &str, record: &Record, force: bool) -> Result<Option<String>> {
    if force {
        return Ok(Some("`--force` was asked for".to_owned()));
    }
    if planned.new_key.is_some() {
        return Ok(Some("its key is not there yet".to_owned()));
    }
    why_again(&planned.basis, record.job(term_name, name)).context("an output cannot be read")
}

/// Says what would happen, and does nothing.
pub(super) fn dry_run(term: &TermFile, term_name: &str, record: &Record, force: bool, printer: &Printer) -> Result<Outcome> {
    let mut text = String::new();
    let mut outcome = Outcome::Done;
    for job in &term.jobs {
        let state = planned(job).and_then(|planned| {
            missing_folder(job)?;
            Ok((why(&planned, &job.name, term_name, record, force)?, planned.expanded.responses.len()))
        });
        let said = match state {
            Ok((Some(why), files)) => format!("would be run, with {} of responses: {why}", count_of(files as u64, "file")),
            Ok((None, _)) => "is up to date".to_owned(),
            Err(error) => {
                outcome = Outcome::NotDone;
                format!("cannot be done: {}", error_text(&error))
            }
        };
        writeln!(text, "{}: {said}", job.name)?;
        for output in &job.outputs {
            writeln!(text, "  {}: {}", output.key, output.file)?;
        }
    }
    for line in stale(&folders(term), StaleAction::Count) {
        writeln!(text, "{line}")?;
    }
    text.push_str("Nothing was done: this is what `bandwise run` would do.\n");
    printer.data(&text)?;
    Ok(outcome)
}

fn missing_folder(job: &Job) -> Result<()> {
    for output in &job.outputs {
        let folder = Path::new(&output.file).parent().filter(|folder| !folder.as_os_str().is_empty());
        let found = folder.map(std::fs::metadata);
        if let (Some(folder), Some(Err(error))) = (folder, found)
            && error.kind() == ErrorKind::NotFound
        {
            return Err(anyhow!("there is no folder `{}` to write `{}` into", folder.display(), output.file));
        }
    }
    Ok(())
}
