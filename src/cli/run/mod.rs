//! `bandwise run`: everything again next term, from a file that says what.

mod job;
mod lock;
mod plan;
mod progress;
mod show;
mod survey;
mod vocabulary;
mod work;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bandwise::batch::{Record, conflicts, read_term, starter};
use bandwise::findings::Findings;
use bandwise::output::PendingFile;
use clap::Args;

use self::show::ListFormat;
use crate::cli::Outcome;
use crate::cli::options::FindingsFormat;
use crate::cli::printer::Printer;

const AFTER_HELP: &str = "\
A job is done as a whole or not at all, and only if its files, its questionnaires, its options or bandwise itself have changed.
What ran stands in `bandwise-run.json` beside the term file. It names pupils, as the outputs do: keep it with them.

Exit codes: 2 a job was not done, and its files are as they were; else 3 alerts, also of jobs that are up to date;
else 1 done, but some answers or rows could not be used; else 0.";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
pub(crate) struct RunArguments {
    /// The term file: its jobs, their files and outputs
    #[arg(value_name = "TERM", required_unless_present = "new")]
    term: Option<PathBuf>,

    /// Write a commented term file to start from, which is never overwritten
    #[arg(long, conflicts_with_all = ["dry_run", "force"])]
    new: bool,

    /// Say what would happen, and do nothing
    #[arg(long)]
    dry_run: bool,

    /// Run every job, also those whose outputs are up to date
    #[arg(long)]
    force: bool,

    /// How many jobs are done at a time; the default is as many as the computer can do
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,

    /// How the closing table is written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    format: ListFormat,

    /// Write the time of the run into the record (the same input then gives different bytes)
    #[arg(long, help_heading = "Output")]
    stamp: bool,

    /// How findings are printed
    #[arg(long, value_name = "FORM", value_enum, default_value_t, help_heading = "Findings")]
    findings_format: FindingsFormat,
}

/// What the term file is called where no name is given.
const USUAL_NAME: &str = "term.toml";

pub(crate) fn run(arguments: &RunArguments, printer: &Printer) -> Result<Outcome> {
    let path = arguments.term.as_deref().unwrap_or(Path::new(USUAL_NAME));
    if arguments.new {
        return new(path, printer);
    }
    let text = fs::read_to_string(path).with_context(|| format!("the term file `{}` cannot be read", path.display()))?;
    let name = path.file_name().context("the term file has no name")?.to_string_lossy().into_owned();
    // Paths are from the term file's folder, so that the same file means the same wherever the run is started.
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::env::set_current_dir(folder).with_context(|| format!("the folder `{}` cannot be opened", folder.display()))?;
    }
    let mut findings = Findings::new();
    let term = match read_term(&name, &text, &vocabulary::vocabulary()) {
        Ok(term) => {
            let mut found = plan::misfits(&term);
            found.extend(conflicts(&term, Path::new(&name)));
            found.sort_by_key(|finding| finding.place.row());
            findings.extend(found);
            Some(term)
        }
        Err(found) => {
            findings.extend(found);
            None
        }
    };
    let Some(term) = term.filter(|_| findings.is_empty()) else {
        printer.findings(&findings, arguments.findings_format);
        bail!("the term file `{name}` has problems, so no job was run");
    };
    let record = Record::read(Path::new("."))?;
    if arguments.dry_run {
        return plan::dry_run(&term, &name, &record, arguments.force, printer);
    }
    work::all(arguments, &term, &name, record, printer)
}

/// Writes the starter. A file that is there may hold somebody's work, so it is never replaced.
fn new(path: &Path, printer: &Printer) -> Result<Outcome> {
    let mut pending = PendingFile::create(path, &[])?;
    pending.write_all(starter().as_bytes())?;
    if !pending.commit_new()? {
        bail!("`{}` is there already, and is not overwritten: name another file", path.display());
    }
    printer.say(&format!("A term file to start from was written to `{0}`. When it says what is meant: bandwise run {0}", path.display()));
    Ok(Outcome::Done)
}
