//! The command line: one file a command, one printer, one exit code.

#[cfg(feature = "frames")]
mod change_options;
#[cfg(feature = "frames")]
mod compare;
mod explain;
mod flag;
#[cfg(feature = "frames")]
mod goals;
mod instrument;
mod options;
mod printer;
mod reading;
mod score;
mod tally;
mod target;

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
  bandwise compare before.csv after.csv -i sdq-t4-17       what changed, and is it more than the form's own error
  bandwise instrument list                                 which questionnaires there are
  bandwise explain R002                                    what a message means and what to do

Exit codes: 0 done; 1 done, but some answers or rows could not be used; 2 not done; 3 flags or alerts under --exit-code.
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
    /// Before the support starts: are the goals within reach, and large enough to be seen?
    #[cfg(feature = "frames")]
    Goals(goals::GoalsArguments),
    /// The questionnaires: list, show, check, test
    Instrument(instrument::InstrumentArguments),
    /// What a finding means and what to do about it
    Explain(explain::ExplainArguments),
}

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let printer = Printer::new();
    let outcome = match arguments.command {
        Command::Score(arguments) => score::run(&arguments, &printer),
        Command::Flag(arguments) => flag::run(&arguments, &printer),
        #[cfg(feature = "frames")]
        Command::Compare(arguments) => compare::run(&arguments, &printer),
        #[cfg(feature = "frames")]
        Command::Goals(arguments) => goals::run(&arguments, &printer),
        Command::Instrument(arguments) => instrument::run(&arguments, &printer),
        Command::Explain(arguments) => explain::run(&arguments, &printer),
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

/// Whoever reads our output may stop reading: `bandwise score … | head` is no failure.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>()).any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
