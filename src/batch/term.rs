//! What a term file says, once it is known to be sound; and the words that it may use.

use crate::findings::Place;

/// The commands that can make an output, and their options. The term file has no options of its own: every one of a command can stand
/// in it under its long name.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// The commands, in the order in which messages name them.
    pub commands: Vec<CommandWords>,
}

/// A command that can make an output.
#[derive(Clone, Debug)]
pub struct CommandWords {
    /// Its key in `outputs`.
    pub key: &'static str,
    /// How it is called: `["report", "meeting"]`.
    pub words: &'static [&'static str],
    /// Which files it reads.
    pub files: Files,
    /// Keys without which it cannot work: of each list one must be there.
    pub needs: &'static [&'static [&'static str]],
    /// Its options.
    pub options: Vec<OptionWords>,
}

impl CommandWords {
    /// The option with a name.
    pub fn option(&self, name: &str) -> Option<&OptionWords> {
        self.options.iter().find(|option| option.name == name)
    }
}

/// Which files a command reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Files {
    /// The responses.
    Responses,
    /// The baseline, if there is one, and the responses after it.
    BothTimes,
}

/// An option of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionWords {
    /// Its long name.
    pub name: String,
    /// What it takes.
    pub takes: Takes,
    /// What its values are.
    pub holds: Holds,
}

/// What an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing: it is asked for or not.
    Nothing,
    /// One value.
    One,
    /// One value or several.
    Several,
}

/// What an option's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Words.
    Words,
    /// Files to read.
    Inputs,
    /// A file that is written too: only an output of its own can name it.
    Output,
}

/// A sound term file.
#[derive(Clone, Debug)]
pub struct TermFile {
    /// SHA-256 of its text.
    pub sha256: String,
    /// The jobs, in its order.
    pub jobs: Vec<Job>,
}

/// One job: all its outputs are written, or none.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its name, which is its own.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// The files of responses, or patterns.
    pub responses: Vec<String>,
    /// The baseline, for what compares.
    pub baseline: Option<String>,
    /// What it writes, at least one.
    pub outputs: Vec<JobOutput>,
}

/// One output of a job.
#[derive(Clone, Debug)]
pub struct JobOutput {
    /// The file.
    pub file: String,
    /// The key of the command that makes it.
    pub key: &'static str,
    /// How the command is called.
    pub words: &'static [&'static str],
    /// Which files it reads.
    pub files: Files,
    /// Its options in force.
    pub settings: Vec<Setting>,
    /// Where it stands.
    pub place: Place,
}

/// An option in force.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The option's long name.
    pub option: String,
    /// Its values; none for an option that takes none.
    pub values: Vec<String>,
    /// What they are.
    pub holds: Holds,
    /// Where it stands.
    pub place: Place,
}

impl JobOutput {
    /// The values of an option; none if it is not in force.
    pub fn values(&self, option: &str) -> &[String] {
        self.settings.iter().find(|setting| setting.option == option).map_or(&[], |setting| setting.values.as_slice())
    }

    /// The command that makes it, as it would be typed behind the program's name.
    pub fn command(&self, job: &Job) -> Vec<String> {
        let mut command: Vec<String> = self.words.iter().map(ToString::to_string).collect();
        command.extend(arguments(&self.settings));
        command.push(format!("--output={}", self.file));
        command.push("--".to_owned());
        if self.files == Files::BothTimes {
            command.extend(job.baseline.iter().cloned());
        }
        command.extend(job.responses.iter().cloned());
        command
    }
}

/// Options as they are typed.
fn arguments(settings: &[Setting]) -> impl Iterator<Item = String> {
    settings.iter().flat_map(|Setting { option, values, .. }| {
        let bare = values.is_empty().then(|| format!("--{option}"));
        bare.into_iter().chain(values.iter().map(move |value| format!("--{option}={value}")))
    })
}
