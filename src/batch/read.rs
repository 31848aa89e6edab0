//! From the text of a term file to its jobs, or to every problem it has.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::term::{CommandWords, Holds, Job, JobOutput, Setting, Takes, TermFile, Vocabulary};
use crate::findings::{Code, Finding, Place, Source, did_you_mean, list_or};
use crate::instrument::Text;
use crate::instrument::walk::{At, Codes, Section, Walk};
use crate::provenance::hexadecimal;

const CODES: Codes =
    Codes { unknown_key: Code::J002, missing_key: Code::J003, wrong_kind: Code::J004, undefined: Code::J002, twice: Code::J005 };

/// The keys of a job that are no option of a command.
const OWN_KEYS: [&str; 4] = ["name", "responses", "baseline", "outputs"];
/// What stands for the job's name.
const JOB: &str = "{job}";

/// Reads a term file.
///
/// # Errors
///
/// Everything that is wrong with it, in the order of the file. Whether two outputs get in each other's way is for
/// [`super::conflicts()`], which looks at the folder.
pub fn read_term(name: &str, text: &str, vocabulary: &Vocabulary) -> Result<TermFile, Vec<Finding>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = Arc::new(Source { name: name.into(), text: text.to_owned() });
    let walk = Walk::with_codes(Text { base: None, own: source }, CODES);
    let (table, errors) = DeTable::parse_recoverable(text);
    // One missing bracket makes an error of every line after it: only the first is worth reading.
    if let Some(error) = errors.iter().min_by_key(|error| error.span().unwrap_or_default().start) {
        let span = error.span().unwrap_or_default();
        let help = "look here and in the lines above: a bracket or a quotation mark may not be closed";
        walk.report_with_help(Code::J001, &span, format!("this is not TOML: {}", error.message()), help);
        return Err(walk.into_findings());
    }
    let top = Section::new(&walk, table.get_ref(), walk.first_line(), "the term file");
    let reader = Reader { walk: &walk, vocabulary };
    let defaults = top.section("defaults", "`defaults`").map(|section| reader.block(&section)).unwrap_or_default();
    let mut jobs: Vec<Job> = Vec::new();
    for section in top.sections("jobs", "the job") {
        if let Some(job) = reader.job(&section, &defaults) {
            if jobs.iter().any(|other| other.name.eq_ignore_ascii_case(&job.name)) {
                walk.push(Finding::new(Code::J005, job.place.clone(), format!("a job `{}` stands above already", job.name)));
            }
            jobs.push(job);
        }
    }
    if !top.table_has("jobs") || (jobs.is_empty() && walk.is_content()) {
        let help = "`bandwise run --new term.toml` writes a file to start from";
        walk.report_with_help(Code::J003, &top.span, "the term file has no job", help);
    }
    top.close();
    let mut findings = walk.into_findings();
    if findings.is_empty() {
        return Ok(TermFile { sha256: hexadecimal(&Sha256::digest(text.as_bytes())), jobs });
    }
    findings.sort_by_key(|finding| match &finding.place {
        Place::Definition { span, .. } => span.start,
        _ => 0,
    });
    Err(findings)
}

/// What stands in `[defaults]`, in a job, or beside an output's file.
#[derive(Default)]
struct Block {
    responses: Option<Vec<At<String>>>,
    baseline: Option<At<String>>,
    outputs: Vec<Output>,
    settings: Vec<Given>,
}

/// An option that is given, or taken back with `false`.
struct Given {
    setting: Setting,
    is_off: bool,
    name: At<String>,
}

/// A file of one key of `outputs`, with the options that are its own.
struct Output {
    command: usize,
    file: At<String>,
    settings: Vec<Given>,
}

struct Reader<'r> {
    walk: &'r Walk,
    vocabulary: &'r Vocabulary,
}

impl<'r> Reader<'r> {
    fn commands(&self) -> impl Iterator<Item = &'r CommandWords> {
        self.vocabulary.commands.iter()
    }

    fn block(&self, section: &Section<'_, '_>) -> Block {
        let mut block = Block {
            responses: section.get("responses").map(|value| self.values(value, "responses", Takes::Several)),
            baseline: section.text("baseline"),
            outputs: section.section("outputs", "`outputs`").map(|outputs| self.outputs(&outputs)).unwrap_or_default(),
            settings: Vec::new(),
        };
        for (name, value) in section.entries().filter(|(name, _)| !OWN_KEYS.contains(&name.value.as_str())) {
            let known = self.commands().find_map(|command| command.option(&name.value));
            match known {
                Some(option) if option.holds != Holds::Output => block.settings.extend(self.given(name, value, option.takes, option.holds)),
                _ => self.unknown(&name, "a job", self.commands().flat_map(|command| &command.options).map(|option| option.name.as_str())),
            }
        }
        block
    }

    /// Each key is a command, each value a file, a table with a file and options, or a list of those.
    fn outputs(&self, section: &Section<'_, '_>) -> Vec<Output> {
        let mut outputs = Vec::new();
        for (name, value) in section.entries() {
            let Some(command) = self.commands().position(|command| command.key == name.value) else {
                let keys: Vec<&str> = self.commands().map(|command| command.key).collect();
                let message = format!("`{}` is nothing that a job can write", name.value);
                let help = match did_you_mean(&name.value, keys.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it can write {}", list_or(&keys)),
                };
                self.walk.report_with_help(Code::J002, &name.span, message, help);
                continue;
            };
            match value.get_ref().as_array() {
                Some(list) => outputs.extend(list.iter().filter_map(|value| self.output(command, &name, value))),
                None => outputs.extend(self.output(command, &name, value)),
            }
        }
        outputs
    }

    fn output(&self, command: usize, name: &At<String>, value: &Spanned<DeValue<'_>>) -> Option<Output> {
        let words = self.vocabulary.commands.get(command)?;
        let Some(table) = value.get_ref().as_table() else {
            let file = self.scalar(value, &name.value)?;
            return Some(Output { command, file, settings: Vec::new() });
        };
        let section = Section::new(self.walk, table, value.span(), format!("output `{}`", name.value));
        let file = section.required_text("file");
        let mut settings = Vec::new();
        for (name, value) in section.entries().filter(|(name, _)| name.value != "file") {
            match words.option(&name.value) {
                Some(option) => settings.extend(self.given(name, value, option.takes, option.holds)),
                None => self.unknown(&name, &format!("`{}`", words.key), words.options.iter().map(|option| option.name.as_str())),
            }
        }
        Some(Output { command, file: file?, settings })
    }

    fn unknown<'n>(&self, name: &At<String>, what: &str, known: impl Iterator<Item = &'n str>) {
        let message = format!("{what} knows no key `{}`", name.value);
        let near = did_you_mean(&name.value, OWN_KEYS.into_iter().chain(known)).map(|near| format!("did you mean `{near}`?"));
        let general = || "a job's keys are its own and the long names of options: `bandwise score --help` lists them".to_owned();
        self.walk.report_with_help(Code::J002, &name.span, message, near.unwrap_or_else(general));
    }

    fn given(&self, name: At<String>, value: &Spanned<DeValue<'_>>, takes: Takes, holds: Holds) -> Option<Given> {
        let place = self.walk.place(&name.span);
        let (values, is_off) = if takes == Takes::Nothing {
            let Some(asked) = value.get_ref().as_bool() else {
                self.walk.report(Code::J004, &value.span(), format!("`{}` should be true or false", name.value));
                return None;
            };
            (Vec::new(), !asked)
        } else {
            let values: Vec<String> = self.values(value, &name.value, takes).into_iter().map(|value| value.value).collect();
            if values.is_empty() {
                return None;
            }
            (values, false)
        };
        Some(Given { setting: Setting { option: name.value.clone(), values, holds, place }, is_off, name })
    }

    /// One value or a list of them. What is wrong with them is reported.
    fn values(&self, value: &Spanned<DeValue<'_>>, key: &str, takes: Takes) -> Vec<At<String>> {
        match value.get_ref().as_array() {
            Some(_) if takes == Takes::One => {
                self.walk.report(Code::J004, &value.span(), format!("`{key}` takes one value, not a list"));
                Vec::new()
            }
            Some(list) if list.is_empty() => {
                self.walk.report(Code::J003, &value.span(), format!("`{key}` is an empty list"));
                Vec::new()
            }
            Some(list) => list.iter().filter_map(|value| self.scalar(value, key)).collect(),
            None => self.scalar(value, key).into_iter().collect(),
        }
    }

    /// A text, a number or a date, as it would be typed.
    fn scalar(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Option<At<String>> {
        let span = value.span();
        let written = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            DeValue::Datetime(date) => date.to_string(),
            DeValue::Boolean(_) | DeValue::Array(_) | DeValue::Table(_) => {
                self.walk.report(Code::J004, &span, format!("`{key}` should be a text in quotation marks"));
                return None;
            }
        };
        if written.trim().is_empty() {
            self.walk.report(Code::J003, &span, format!("`{key}` is empty"));
            return None;
        }
        if written.chars().any(char::is_control) {
            self.walk.report(Code::J004, &span, format!("`{key}` holds a control character, and should be words"));
            return None;
        }
        Some(At { value: written, span })
    }

    fn job(&self, section: &Section<'_, '_>, defaults: &Block) -> Option<Job> {
        let name = section.required_text("name");
        let own = self.block(section);
        let span = name.as_ref().map_or_else(|| section.span.clone(), |name| name.span.clone());
        let name = name.map(|name| name.value.trim().to_owned());
        let called = name.as_ref().map_or_else(|| "the job".to_owned(), |name| format!("job `{name}`"));
        let responses = own.responses.as_ref().or(defaults.responses.as_ref());
        if responses.is_none() {
            self.walk.report(Code::J003, &span, format!("{called} has no `responses`"));
        }
        if own.outputs.is_empty() && defaults.outputs.is_empty() && !section.table_has("outputs") {
            let help = "outputs = { score = \"scores.csv\" }";
            self.walk.report_with_help(Code::J003, &span, format!("{called} has no `outputs`"), help);
        }
        // A job's own file for a command takes the place of the default one.
        let is_own = |output: &Output| own.outputs.iter().any(|own| own.command == output.command);
        let shared = defaults.outputs.iter().filter(|output| !is_own(output));
        let outputs: Vec<(&Output, &CommandWords)> =
            own.outputs.iter().chain(shared).filter_map(|output| Some((output, self.vocabulary.commands.get(output.command)?))).collect();
        self.check_used(&own.settings, &outputs);
        let fill = |text: &str| text.replace(JOB, name.as_deref().unwrap_or_default());
        let baseline = own.baseline.as_ref().or(defaults.baseline.as_ref()).map(|baseline| fill(&baseline.value));
        let mut written = Vec::new();
        for (output, words) in outputs {
            let settings = in_force(words, [&output.settings, &own.settings, &defaults.settings], &fill);
            self.check_needs(&called, words, &output.file, |key| {
                (key == "baseline" && baseline.is_some()) || settings.iter().any(|setting| setting.option == key)
            });
            written.push(JobOutput {
                file: fill(&output.file.value),
                key: words.key,
                words: words.words,
                files: words.files,
                settings,
                place: self.walk.place(&output.file.span),
            });
        }
        let responses = responses?.iter().map(|file| fill(&file.value)).collect();
        Some(Job { name: name?, place: self.walk.place(&span), responses, baseline, outputs: written })
    }

    /// An option of a job that no output of it has would change nothing, and whoever wrote it thinks that it does.
    fn check_used(&self, settings: &[Given], outputs: &[(&Output, &CommandWords)]) {
        for given in settings {
            if !outputs.is_empty() && !outputs.iter().any(|(_, words)| words.option(&given.setting.option).is_some()) {
                let message = format!("no output of this job has an option `{}`", given.setting.option);
                self.walk.report(Code::J008, &given.name.span, message);
            }
        }
    }

    fn check_needs(&self, job: &str, words: &CommandWords, file: &At<String>, has: impl Fn(&str) -> bool) {
        for needed in words.needs {
            if !needed.iter().any(|key| has(key)) {
                let keys: Vec<String> = needed.iter().map(|key| format!("`{key}`")).collect();
                let message = format!("{job} has no {}, and `{}` cannot be made without it", list_or(&keys), words.key);
                self.walk.report(Code::J003, &file.span, message);
            }
        }
    }
}

/// The options of a command, each from the nearest block that gives it.
fn in_force(words: &CommandWords, blocks: [&Vec<Given>; 3], fill: &impl Fn(&str) -> String) -> Vec<Setting> {
    let nearest = |option: &str| blocks.iter().find_map(|block| block.iter().find(|given| given.setting.option == option));
    let options = words.options.iter().filter_map(|option| nearest(&option.name)).filter(|given| !given.is_off);
    options
        .map(|given| Setting { values: given.setting.values.iter().map(|value| fill(value)).collect(), ..given.setting.clone() })
        .collect()
}
