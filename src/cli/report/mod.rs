//! `bandwise report`: pages for the people round the table.

mod gather;
mod meeting;
mod provision;
mod pupil;

use std::path::Path;

use anyhow::Result;
use bandwise::provenance::Provenance;
use clap::{Args, Subcommand};

use crate::cli::Outcome;
use crate::cli::options::WriteArguments;
use crate::cli::printer::Printer;
use crate::cli::reading::Ending;
use crate::cli::target::Target;

#[derive(Args, Debug)]
pub(crate) struct ReportArguments {
    #[command(subcommand)]
    report: Report,
}

#[derive(Debug, Subcommand)]
enum Report {
    /// One pupil: scores over time, goals, what was tried; for a review or a referral
    Pupil(Box<pupil::PupilReport>),
    /// A page a class: who is flagged and has no provision, whose goals are overdue, who cannot be judged
    Meeting(Box<meeting::MeetingReport>),
    /// What became of the goals of each provision, with a column for people to fill in
    Provision(Box<provision::ProvisionReport>),
    /// A file to start from for `--pathway`: the school's own prompts, next steps and routes
    Pathway,
}

impl ReportArguments {
    /// Where the report is written.
    pub(super) fn writes(&mut self) -> Option<&mut WriteArguments> {
        match &mut self.report {
            Report::Pupil(report) => Some(&mut report.gather.write),
            Report::Meeting(report) => Some(&mut report.gather.write),
            Report::Provision(report) => Some(&mut report.gather.write),
            Report::Pathway => None,
        }
    }
}

pub(crate) fn run(arguments: &ReportArguments, printer: &Printer) -> Result<Outcome> {
    match &arguments.report {
        Report::Pupil(report) => pupil::run(report, printer),
        Report::Meeting(report) => meeting::run(report, printer),
        Report::Provision(report) => provision::run(report, printer),
        Report::Pathway => {
            printer.data(bandwise::change::pathway::starter())?;
            Ok(Outcome::Done)
        }
    }
}

/// Gives the output its name, and says what was written; a page or file has its notices beside it on the screen, a text on the screen has them.
fn end(target: Target, provenance: &Provenance, written: &str) -> Result<Ending> {
    let file = target.file().map(Path::to_owned);
    target.commit(provenance)?;
    let mut lines = if file.is_some() { provenance.notices.clone() } else { Vec::new() };
    lines.extend(file.map(|file| format!("{written} written to `{}`", file.display())));
    Ok(Ending { outcome: Outcome::Done, lines })
}
