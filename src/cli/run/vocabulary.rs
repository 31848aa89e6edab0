//! What a term file may say: the commands that write files, and their options, as the command line has them.

use std::any::TypeId;
use std::path::PathBuf;

use bandwise::batch::{CommandWords, Files, Holds, OptionWords, Takes, Vocabulary};
use clap::{Arg, ArgAction, CommandFactory};

use crate::cli::Arguments;

/// Options that a job has no use for: it writes to files, and everything that it says is printed by the run.
const NOT_IN_A_TERM_FILE: [&str; 7] = ["help", "version", "output", "format", "provenance", "findings-format", "exit-code"];

/// A command: its key in `outputs`, how it is called, which files it reads, and without which keys it cannot work.
type Entry = (&'static str, &'static [&'static str], Files, &'static [&'static [&'static str]]);

const COMMANDS: &[Entry] = &[
    ("score", &["score"], Files::Responses, &[]),
    ("flag", &["flag"], Files::Responses, &[]),
    ("missing", &["missing"], Files::Responses, &[&["pupils"]]),
    #[cfg(feature = "frames")]
    ("compare", &["compare"], Files::BothTimes, &[&["baseline", "time"]]),
    #[cfg(feature = "frames")]
    ("goals", &["goals"], Files::Responses, &[&["goals"]]),
    #[cfg(feature = "frames")]
    ("summary", &["summary"], Files::Responses, &[]),
    #[cfg(feature = "frames")]
    ("meeting", &["report", "meeting"], Files::BothTimes, &[]),
    #[cfg(feature = "frames")]
    ("provision", &["report", "provision"], Files::BothTimes, &[&["goals"]]),
    #[cfg(feature = "frames")]
    ("pupil", &["report", "pupil"], Files::BothTimes, &[]),
];

/// The words of a term file. A command that is not part of this build has none.
pub(super) fn vocabulary() -> Vocabulary {
    let program = Arguments::command();
    let words_of = |&(key, words, files, needs): &Entry| {
        let command = words.iter().try_fold(&program, |command, word| command.find_subcommand(word))?;
        Some(CommandWords { key, words, files, needs, options: command.get_arguments().filter_map(option).collect() })
    };
    Vocabulary { commands: COMMANDS.iter().filter_map(words_of).collect() }
}

fn option(argument: &Arg) -> Option<OptionWords> {
    let name = argument.get_long().filter(|name| !NOT_IN_A_TERM_FILE.contains(name))?;
    let takes = match argument.get_action() {
        ArgAction::SetTrue => Takes::Nothing,
        ArgAction::Append => Takes::Several,
        _ => Takes::One,
    };
    let is_file = argument.get_value_parser().type_id() == TypeId::of::<PathBuf>();
    let holds = match (name, is_file) {
        ("findings", _) => Holds::Output,
        (_, true) => Holds::Inputs,
        (_, false) => Holds::Words,
    };
    Some(OptionWords { name: name.to_owned(), takes, holds })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn options_are_those_of_the_command_line() {
        let vocabulary = vocabulary();
        let option = |command: &str, name: &str| {
            let words = vocabulary.commands.iter().find(|words| words.key == command).unwrap();
            words.option(name).map(|option| (option.takes, option.holds))
        };
        for (command, name, expected) in [
            ("score", "instrument", Some((Takes::Several, Holds::Words))),
            ("score", "long", Some((Takes::Nothing, Holds::Words))),
            ("score", "pupils", Some((Takes::One, Holds::Inputs))),
            ("score", "repeat", Some((Takes::One, Holds::Words))),
            ("score", "output", None),
            ("score", "at", None),
            ("flag", "at", Some((Takes::One, Holds::Words))),
            ("flag", "exit-code", None),
            ("missing", "findings", Some((Takes::One, Holds::Output))),
        ] {
            assert_eq!(option(command, name), expected, "{command} {name}");
        }
    }

    #[test]
    fn every_command_is_one_of_the_program() {
        assert_eq!(vocabulary().commands.len(), COMMANDS.len());
    }
}
