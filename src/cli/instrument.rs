//! `bandwise instrument`: list, show, check and test definitions, and begin one.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};

use anyhow::{Context, Result, bail};
use bandwise::findings::{Findings, Severity, count_of};
use bandwise::instrument::{AgeRange, Instrument, LoadError, SCHEMA, Wording, built_in_ids, is_name, load, skeleton};
use bandwise::report::{Cell, CsvFlavour, CsvSink, RowSink, instrument_page, plain_table};
use bandwise::scoring::check_examples;
use clap::{Args, Subcommand, ValueEnum};

use super::Outcome;
use super::options::FindingsFormat;
use super::printer::Printer;

#[derive(Args, Debug)]
pub(crate) struct InstrumentArguments {
    #[command(subcommand)]
    command: InstrumentCommand,
}

#[derive(Debug, Subcommand)]
enum InstrumentCommand {
    /// The questionnaires that come with bandwise
    List {
        /// Only those with these words in their id, name, form, informant or licence: `list anxiety parent`
        words: Vec<String>,
        /// How the list is written
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// A page to check against the manual: key, answers, missing rule, bands, sources, licence
    Show {
        /// A built-in id or a TOML file
        instrument: String,
    },
    /// Whether a definition is right in itself: every problem at once, each with its line
    Check {
        /// Built-in ids or TOML files
        #[arg(required = true)]
        instruments: Vec<String>,
        /// How findings are printed
        #[arg(long, value_enum, default_value_t)]
        findings_format: FindingsFormat,
    },
    /// Whether a definition's worked examples come out
    Test {
        /// Built-in ids or TOML files; all built-in ones if none is named
        instruments: Vec<String>,
    },
    /// Begin a definition of your own: a commented file ID.toml in this folder, which is never overwritten
    New {
        /// The id of the questionnaire: small letters, digits and `-`
        id: String,
    },
    /// The JSON Schema of definitions, by which an editor completes and checks keys
    Schema,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// For people
    #[default]
    Table,
    /// Comma-separated values
    Csv,
    /// A list of JSON objects
    Json,
}

pub(crate) fn run(arguments: &InstrumentArguments, printer: &Printer) -> Result<Outcome> {
    match &arguments.command {
        InstrumentCommand::List { words, format } => list(words, *format, printer),
        InstrumentCommand::Show { instrument } => show(instrument, printer),
        InstrumentCommand::Check { instruments, findings_format } => check(instruments, *findings_format, printer),
        InstrumentCommand::Test { instruments } => test(instruments, printer),
        InstrumentCommand::New { id } => new(id, printer),
        InstrumentCommand::Schema => {
            printer.data(SCHEMA)?;
            Ok(Outcome::Done)
        }
    }
}

const LIST: [&str; 6] = ["id", "completed by", "ages", "questions", "licence", "name"];

fn list(words: &[String], format: ListFormat, printer: &Printer) -> Result<Outcome> {
    let mut instruments: Vec<Instrument> = built_in_ids().map(|id| Ok(load(id)?.0)).collect::<Result<_, LoadError>>()?;
    instruments.retain(|instrument| words.iter().all(|word| is_about(instrument, word)));
    if instruments.is_empty() {
        let words = words.join(" ");
        bail!(
            "no questionnaire that comes with bandwise has `{words}` in its id, name, form, informant or licence: `bandwise instrument list` shows all"
        );
    }
    let rows = instruments.iter().map(|instrument| {
        let ages = instrument.ages.map_or_else(String::new, AgeRange::words);
        [
            instrument.id.to_string(),
            instrument.informant.word().to_owned(),
            ages,
            questions(instrument),
            instrument.licence.status.word().to_owned(),
            instrument.name.clone(),
        ]
    });
    let text = match format {
        ListFormat::Table => {
            let table = plain_table(&LIST, rows.map(Vec::from), printer.table_style());
            format!("{table}`bandwise instrument show ID` prints the page of one: its key, bands, sources and licence.\n")
        }
        ListFormat::Csv => {
            let mut bytes = Vec::new();
            let mut sink = CsvSink::new(&mut bytes, CsvFlavour::Plain)?;
            sink.columns(&LIST.map(|name| name.replace(' ', "_")))?;
            for row in rows {
                sink.row(&row.map(Cell::text))?;
            }
            sink.flush()?;
            drop(sink);
            String::from_utf8(bytes)?
        }
        ListFormat::Json => {
            let objects: Vec<serde_json::Value> = instruments.iter().map(list_entry).collect();
            format!("{}\n", serde_json::to_string_pretty(&objects)?)
        }
    };
    printer.data(&text)?;
    Ok(Outcome::Done)
}

fn is_about(instrument: &Instrument, word: &str) -> bool {
    let told = [&*instrument.id, &instrument.name, &instrument.form, instrument.informant.word(), instrument.licence.status.word()];
    told.iter().any(|text| text.to_lowercase().contains(&word.to_lowercase()))
}

/// How many questions; of a form that somebody else scores, how many scores are typed in.
fn questions(instrument: &Instrument) -> String {
    match instrument.wording {
        Wording::ImportOnly => format!("{}, imported", count_of(instrument.items.len() as u64, "score")),
        Wording::Shipped | Wording::NotShipped => instrument.items.len().to_string(),
    }
}

fn list_entry(instrument: &Instrument) -> serde_json::Value {
    serde_json::json!({
        "id": &*instrument.id,
        "name": instrument.title(),
        "family": instrument.family,
        "informant": instrument.informant.word(),
        "ages": instrument.ages.map(|ages| [ages.from, ages.to]),
        "questions": instrument.items.len(),
        "scales": instrument.scales.iter().map(|scale| serde_json::json!({"id": &*scale.id, "name": scale.name})).collect::<Vec<_>>(),
        "bands": instrument.bands.iter().map(|set| set.id.as_str()).collect::<Vec<_>>(),
        "critical_questions": instrument.critical.iter().filter_map(|critical| instrument.items.get(critical.item)).map(|item| item.number).collect::<Vec<_>>(),
        "wording": instrument.wording.word(),
        "licence": instrument.licence.status.word(),
        "terms": instrument.licence.terms.split_whitespace().collect::<Vec<_>>().join(" "),
        "version": instrument.version,
        "sha256": instrument.definition.sha256,
    })
}

/// Writes the skeleton of a definition. A file that is there may hold somebody's work, so it is never replaced.
fn new(id: &str, printer: &Printer) -> Result<Outcome> {
    if !is_name(id) {
        bail!("`{id}` is not an id: small letters, digits, `-` and `_`, a letter first");
    }
    if built_in_ids().any(|known| known == id) {
        bail!("`{id}` comes with bandwise: choose another id, or begin a file with `extends = \"{id}\"` to add to it");
    }
    let file = format!("{id}.toml");
    let created = OpenOptions::new().write(true).create_new(true).open(&file);
    let mut created = match created {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!("`{file}` is there already, and is left as it is"),
        other => other.with_context(|| format!("`{file}` cannot be written"))?,
    };
    created.write_all(skeleton(id).as_bytes()).with_context(|| format!("`{file}` cannot be written"))?;
    printer.say(&format!(
        "`{file}` written. Change it to your questionnaire, then: `bandwise instrument check {file}`, and `test` and `show`."
    ));
    Ok(Outcome::Done)
}

fn show(name: &str, printer: &Printer) -> Result<Outcome> {
    let mut findings = Findings::new();
    // A page with an example that does not come out is just what one needs to find the mistake.
    let shown = match load(name) {
        Ok((instrument, notes)) => {
            findings.extend(notes);
            findings.extend(check_examples(&instrument));
            Ok(instrument)
        }
        Err(LoadError::Wrong { name, findings: found }) => {
            findings.extend(found);
            Err(anyhow::anyhow!("the definition `{name}` has problems, so there is no page of it"))
        }
        Err(error) => Err(error.into()),
    };
    printer.findings(&findings, FindingsFormat::Full);
    printer.data(&instrument_page(&shown?, printer.table_style()))?;
    Ok(if findings.count(Severity::Refusal) > 0 { Outcome::NotDone } else { Outcome::Done })
}

fn check(names: &[String], format: FindingsFormat, printer: &Printer) -> Result<Outcome> {
    let mut findings = Findings::new();
    for name in names {
        match load(name) {
            Ok((instrument, notes)) => {
                findings.extend(notes);
                let broken = check_examples(&instrument);
                if broken.is_empty() {
                    printer.data(&format!(
                        "{name}: {}, {}: no problems\n",
                        instrument.title(),
                        count_of(instrument.examples.len() as u64, "worked example")
                    ))?;
                }
                findings.extend(broken);
            }
            Err(LoadError::Wrong { findings: found, .. }) => findings.extend(found),
            Err(error) => {
                printer.findings(&findings, format);
                return Err(error.into());
            }
        }
    }
    printer.findings(&findings, format);
    let problems = findings.count(Severity::Refusal);
    if problems == 0 {
        return Ok(Outcome::Done);
    }
    printer.say(&format!("{} to mend. `bandwise explain CODE` says what a code means.", count_of(problems, "problem")));
    Ok(Outcome::NotDone)
}

fn test(names: &[String], printer: &Printer) -> Result<Outcome> {
    let all: Vec<String> = if names.is_empty() { built_in_ids().map(ToOwned::to_owned).collect() } else { names.to_vec() };
    let mut outcome = Outcome::Done;
    let mut findings = Findings::new();
    for name in all {
        match load(&name) {
            Ok((instrument, _)) => {
                let broken = check_examples(&instrument);
                let wrong: Vec<_> = broken.iter().map(|finding| finding.message.split('`').nth(1).unwrap_or_default().to_owned()).collect();
                let failed = instrument.examples.iter().filter(|example| wrong.contains(&example.name)).count();
                let total = instrument.examples.len();
                printer.data(&format!("{name}: {} of {} worked examples come out\n", total - failed, total))?;
                if failed > 0 {
                    outcome = Outcome::NotDone;
                }
                findings.extend(broken);
            }
            Err(LoadError::Wrong { findings: found, .. }) => {
                findings.extend(found);
                outcome = Outcome::NotDone;
            }
            Err(error) => return Err(error.into()),
        }
    }
    printer.findings(&findings, FindingsFormat::Full);
    Ok(outcome)
}
