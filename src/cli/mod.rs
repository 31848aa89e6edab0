//! The command line: one file a command, one printer, one exit code.

#[cfg(feature = "frames")]
mod change_options;
mod check;
#[cfg(feature = "frames")]
mod compare;
mod dialogue;
mod explain;
mod flag;
#[cfg(feature = "frames")]
mod goals;
#[cfg(feature = "frames")]
mod group_columns;
#[cfg(feature = "frames")]
mod group_figures;
mod guided;
mod instrument;
mod looked_after;
mod missing;
mod options;
mod printer;
mod pseudonymise;
mod pupil_options;
mod reading;
#[cfg(feature = "frames")]
mod report;
mod run;
mod score;
mod shell;
mod sql;
#[cfg(feature = "frames")]
mod summary;
mod tally;
mod target;
mod template;
mod working;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use printer::Printer;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Everything was used.
    Done,
    /// Done, but some answers or rows could not be used.
    DoneInPart,
    /// Done, and there are flags or alerts that the caller asked to be told of.
    Flagged,
    /// Not done: nothing was written.
    NotDone,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::DoneInPart => 1,
            Outcome::NotDone => 2,
            Outcome::Flagged => 3,
        })
    }
}

const AFTER_HELP: &str = "\
Examples:
  bandwise score class-7a.csv -i sdq-t4-17                 a table of every pupil's scores and bands
  bandwise score class-7a.csv -i sdq-t4-17 -o scores.csv   the same as a file
  bandwise flag  class-7a.csv -i sdq-t4-17                 who is above the level, and why
  bandwise check class-7a.csv -i sdq-t4-17                 how the file would be read, and what is missing in it
  bandwise template -i phq-9 --pupils list.csv -o in.xlsx  a sheet to type answers into
  bandwise missing in.xlsx -i phq-9 --pupils list.csv      whose form is not back
  bandwise compare before.csv after.csv -i sdq-t4-17       what changed, and is it more than the form's own error
  bandwise run term.toml                                   everything again next term, from a file that says what
  bandwise instrument list                                 which questionnaires there are
  bandwise explain R002                                    what a message means and what to do

Exit codes: 0 done; 1 done, but some answers or rows could not be used; 2 not done; 3 flags or alerts under --exit-code,
or alerts in a run.
bandwise works offline: nothing that it reads leaves this computer. It screens, it does not diagnose.";

/// Scores standardised screening questionnaires for schools.
#[derive(Debug, Parser)]
#[command(name = "bandwise", version, about, after_help = AFTER_HELP, max_term_width = 100, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// One line per response: scores, bands, notes
    Score(score::ScoreArguments),
    /// Who is at or above a level, why, and alerts first
    Flag(flag::FlagArguments),
    /// Each pupil's change between baseline and review, and the group's
    #[cfg(feature = "frames")]
    Compare(compare::CompareArguments),
    /// Counts and means by group, small numbers hidden
    #[cfg(feature = "frames")]
    Summary(summary::SummaryArguments),
    /// Before the support starts: are the goals within reach, and large enough to be seen?
    #[cfg(feature = "frames")]
    Goals(goals::GoalsArguments),
    /// An entry sheet to type answers into, as a workbook or CSV
    Template(template::TemplateArguments),
    /// Whose form is not back, or has questions to go back to
    Missing(missing::MissingArguments),
    /// The working of one pupil's form: every answer, every step, every band
    Working(working::WorkingArguments),
    /// Pages for the people round the table: one pupil, a class meeting, a provision map
    #[cfg(feature = "frames")]
    Report(report::ReportArguments),
    /// The termly batch: every job of a term file that is not up to date
    Run(run::RunArguments),
    /// Carers' SDQ totals for the return on looked-after children (SSDA903)
    LookedAfter(looked_after::LookedAfterArguments),
    /// Keyed codes instead of names, in responses, a pupil list or goals
    Pseudonymise(pseudonymise::PseudonymiseArguments),
    /// A questionnaire as a view that scores inside an existing engine: `duckdb`, `postgres`, `spark`
    Sql(sql::SqlArguments),
    /// How the files would be read, and what is missing, without scoring them
    Check(check::CheckArguments),
    /// The questionnaires: list, show, check, test
    Instrument(instrument::InstrumentArguments),
    /// What a finding means and what to do about it
    Explain(explain::ExplainArguments),
    /// The questions that are asked without arguments, where a terminal is not recognised as one
    #[command(hide = true)]
    Ask {
        /// A file of responses
        file: Option<std::path::PathBuf>,
    },
}

impl Command {
    /// Where the command writes, if it is one whose output a job of a run can be.
    fn writes(&mut self) -> Option<&mut options::WriteArguments> {
        match self {
            Self::Score(arguments) => Some(&mut arguments.write),
            Self::Flag(arguments) => Some(&mut arguments.write),
            Self::Missing(arguments) => Some(&mut arguments.write),
            #[cfg(feature = "frames")]
            Self::Compare(arguments) => Some(&mut arguments.write),
            #[cfg(feature = "frames")]
            Self::Goals(arguments) => Some(&mut arguments.write),
            #[cfg(feature = "frames")]
            Self::Summary(arguments) => Some(&mut arguments.write),
            #[cfg(feature = "frames")]
            Self::Report(arguments) => arguments.writes(),
            _ => None,
        }
    }
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let printer = Printer::new();
    let given: Vec<std::ffi::OsString> = std::env::args_os().skip(1).collect();
    let outcome = match guided::wanted(&given) {
        Some(start) => guided::on_terminal(start, &printer),
        None => command(Arguments::parse().command, &printer),
    };
    match outcome {
        Ok(outcome) => outcome.into(),
        Err(error) if is_broken_pipe(&error) => Outcome::Done.into(),
        Err(error) => {
            printer.error(&error);
            Outcome::NotDone.into()
        }
    }
}

fn command(command: Command, printer: &Printer) -> anyhow::Result<Outcome> {
    match command {
        Command::Score(arguments) => score::run(&arguments, printer),
        Command::Flag(arguments) => flag::run(&arguments, printer),
        #[cfg(feature = "frames")]
        Command::Compare(arguments) => compare::run(&arguments, printer),
        #[cfg(feature = "frames")]
        Command::Summary(arguments) => summary::run(&arguments, printer),
        #[cfg(feature = "frames")]
        Command::Goals(arguments) => goals::run(&arguments, printer),
        Command::Template(arguments) => template::run(&arguments, printer),
        Command::Missing(arguments) => missing::run(&arguments, printer),
        Command::Working(arguments) => working::run(&arguments, printer),
        #[cfg(feature = "frames")]
        Command::Report(arguments) => report::run(&arguments, printer),
        Command::Run(arguments) => run::run(&arguments, printer),
        Command::LookedAfter(arguments) => looked_after::run(&arguments, printer),
        Command::Pseudonymise(arguments) => pseudonymise::run(&arguments, printer),
        Command::Sql(arguments) => sql::run(&arguments, printer),
        Command::Check(arguments) => check::run(&arguments, printer),
        Command::Instrument(arguments) => instrument::run(&arguments, printer),
        Command::Explain(arguments) => explain::run(&arguments, printer),
        Command::Ask { file } => guided::on_terminal(file.map_or(guided::Start::Nothing, guided::Start::File), printer),
    }
}

/// Whoever reads our output may stop reading: `bandwise score … | head` is no failure.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>()).any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
