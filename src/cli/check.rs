//! `bandwise check`: how the files would be read, without scoring them; most useful when `score` refuses them.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use bandwise::change::evidence::EvidenceFile;
use bandwise::change::pathway::Pathway;
use bandwise::change::pupil_key;
use bandwise::findings::{Findings, count_of, list_and, quoted_list};
use bandwise::input::{Input, InputOptions};
use bandwise::matching::{Roster, confirmed_names};
use bandwise::output::PendingFile;
use bandwise::report::{Closing, MapError, footer, map_text, names_csv, understanding_json, understanding_text};
use bandwise::scoring::{Duplicates, Form, ReadOptions, Refusals, Responses, Understanding, declared};
use clap::Args;

use super::Outcome;
use super::options::{Format, ReadArguments, WriteArguments};
use super::printer::Printer;
use super::reading::{self, Ending};
use super::tally::Tally;
use super::target::{Hold, Target, is_one_file};

#[derive(Args, Debug)]
pub(crate) struct CheckArguments {
    /// Files of responses: a header and one row per form; `-` is standard input
    #[arg(required = true, value_name = "RESPONSES")]
    responses: Vec<PathBuf>,

    #[command(flatten)]
    read: ReadArguments,

    /// Evidence beside the scores, at both times: how this file would be read too
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,

    /// The school's own pathway: whether this file fits the forms too
    #[arg(long, value_name = "FILE")]
    pathway: Option<PathBuf>,

    /// Write which column is which to a TOML file, for `--map` next term; what is missing stands in it as comments
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    write_map: Option<PathBuf>,

    /// Write the names that are no pupil's of the list to a CSV file, with suggestions: fill in `pupil`, then use it with `--names`
    #[arg(long, value_name = "FILE", requires = "pupils", conflicts_with = "hide_names", help_heading = "Output")]
    write_names: Option<PathBuf>,

    /// Write to a file, by its extension: .txt or .json; the default is a text on standard output
    #[arg(short = 'o', long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// The format on standard output: table or json
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    format: Option<Format>,
}

pub(crate) fn run(arguments: &CheckArguments, printer: &Printer) -> Result<Outcome> {
    let write = WriteArguments { output: arguments.output.clone(), format: arguments.format, ..WriteArguments::default() };
    let inputs = reading::inputs(&arguments.responses)?;
    let outputs = [&arguments.output, &arguments.read.findings, &arguments.write_map, &arguments.write_names];
    let outputs: Vec<&PathBuf> = outputs.into_iter().flatten().collect();
    for (place, path) in outputs.iter().enumerate() {
        if outputs[..place].iter().any(|other| is_one_file(other, path)) {
            bail!("`{}` would be written twice: give each output a name of its own", path.display());
        }
        if [&arguments.evidence, &arguments.pathway].into_iter().flatten().any(|read| is_one_file(read, path)) {
            bail!("`{}` is read: give the output another name", path.display());
        }
    }
    reading::with_findings(&arguments.read, &write, &inputs, printer, |paths, findings, tally| {
        let target = Target::open(&write, paths, Hold::Nothing)?;
        if !matches!(target.format(), Format::Table | Format::Json) {
            bail!("`check` writes a text or JSON: `--format table` or `json`, or a file that ends in .txt or .json");
        }
        let pending = |path: Option<&Path>| path.map(|path| PendingFile::create(path, paths)).transpose();
        let (map, names) = (pending(arguments.write_map.as_deref())?, pending(arguments.write_names.as_deref())?);
        let forms = reading::forms(&arguments.read, findings)?;
        let beside = beside(arguments, &forms, printer, findings)?;
        let options = reading::read_options(&arguments.read, &forms, Duplicates::Named, printer, findings)?;
        let options = ReadOptions { refusals: Refusals::Remember, ..options };
        let declared = declared(&options, &forms);
        let mut responses = Responses::open(&inputs, forms, options, findings)?;
        let mut pupils = HashSet::new();
        let understanding = understand(&mut responses, &mut pupils, findings, tally)?;
        let beside = beside.words(&responses, &pupils, findings);
        let mut provenance = reading::provenance(&arguments.read, &responses, false);
        provenance.inputs = reading::used(&responses);
        let forms = responses.layout().forms();
        let text = if target.format() == Format::Json {
            let object = understanding_json(&understanding, forms, &Closing { findings, provenance: &provenance });
            format!("{}\n", serde_json::to_string_pretty(&object)?)
        } else {
            format!("{}{}", understanding_text(&understanding, forms, printer.table_style()), footer(&provenance))
        };
        target.write_text(&text)?;
        let file = target.file().map(Path::to_owned);
        target.commit(&provenance)?;
        let mut ending = ending(&arguments.read, &responses, findings);
        ending.lines.extend(beside);
        ending.lines.extend(file.map(|file| format!("What was understood was written to `{}`", file.display())));
        if let Some(pending) = map {
            match map_text(&understanding, forms, &declared) {
                Ok(text) => ending.lines.push(write_map(pending, &text)?),
                // The findings have said why nothing could be opened.
                Err(MapError::Nothing) => ending.lines.push("No map was written.".to_owned()),
                Err(error) => return Err(error.into()),
            }
        }
        if let (Some(pending), Some(roster)) = (names, responses.roster()) {
            // A refused file says nothing of who is in the list.
            ending.lines.push(if ending.outcome == Outcome::NotDone && understanding.unmatched.is_empty() {
                "No names file was written: as long as the files are refused, nobody can be looked up.".to_owned()
            } else {
                write_names(pending, &arguments.read, &understanding, roster)?
            });
        }
        Ok(ending)
    })
}

/// What goes beside the responses.
struct Beside {
    evidence: Option<EvidenceFile>,
    pathway: Option<Pathway>,
}

fn beside(arguments: &CheckArguments, forms: &[Form], printer: &Printer, findings: &mut Findings<'_>) -> Result<Beside> {
    let evidence = arguments.evidence.as_deref().map(|path| reading::evidence(path, &arguments.read, printer, findings)).transpose()?;
    let pathway =
        arguments.pathway.as_deref().map(|path| reading::pathway(path, &forms.iter().collect::<Vec<_>>(), findings)).transpose()?;
    Ok(Beside { evidence, pathway })
}

impl Beside {
    /// What was understood of it, in a line each. As long as the responses are refused, nobody in the evidence can be looked up.
    fn words(self, responses: &Responses, pupils: &HashSet<String>, findings: &mut Findings<'_>) -> Vec<String> {
        let is_refused = responses.refusal().is_some();
        let evidence = self.evidence.map(|file| {
            let evidence = file.settle(|pupil| is_refused || pupils.contains(&pupil_key(pupil)), findings);
            let (name, measures) = (&evidence.used().name, evidence.measures());
            if evidence.pupil_count() == 0 {
                return format!("`{name}` has nothing that could be shown beside a score.");
            }
            let about = count_of(evidence.pupil_count() as u64, "pupil");
            format!("`{name}` has {} ({}) of {about}.", count_of(measures.len() as u64, "measure"), quoted_list(measures, 12))
        });
        let pathway = self.pathway.map(|pathway| {
            let parts = [
                count_of(pathway.stages().len() as u64, "stage"),
                count_of(pathway.next_steps().len() as u64, "next step"),
                count_of(pathway.routes().len() as u64, "route"),
                count_of(pathway.tiers().len() as u64, "entry of the school's own tiers/entries of the school's own tiers"),
            ];
            format!("`{}` has {}.", pathway.used().name, list_and(&parts))
        });
        evidence.into_iter().chain(pathway).collect()
    }
}

/// Reads everything. Alerts are told of files that can be scored: of others they would mean nothing.
fn understand(
    responses: &mut Responses,
    pupils: &mut HashSet<String>,
    findings: &mut Findings<'_>,
    tally: &mut Tally,
) -> Result<Understanding> {
    let mut understanding = Understanding::new(responses);
    while let Some(batch) = responses.next_batch(findings)? {
        understanding.add(responses, &batch);
        if !responses.is_refused(&batch) {
            let layout = responses.layout();
            for row in batch.rows(layout) {
                pupils.insert(pupil_key(&row.pupil()));
                tally.add(&row, layout.forms().len());
            }
        }
    }
    understanding.finish(responses, findings);
    Ok(understanding)
}

fn ending(arguments: &ReadArguments, responses: &Responses, findings: &Findings<'_>) -> Ending {
    let mut lines = Vec::new();
    let outcome = if let Some(refusal) = responses.refusal() {
        if !refusal.is_told_by_findings() {
            lines.push(format!("{refusal}."));
        }
        lines.push("`bandwise score` would refuse this. `bandwise explain CODE` says what a code means and what to do.".to_owned());
        Outcome::NotDone
    } else if reading::refused_by_strict(arguments, findings) {
        lines.push("`bandwise score` would refuse this, because of `--strict`.".to_owned());
        Outcome::NotDone
    } else {
        lines.push("`bandwise score` would score this as it is shown here.".to_owned());
        Outcome::Done
    };
    Ending { outcome, lines }
}

fn write_map(mut pending: PendingFile, text: &str) -> Result<String> {
    pending.write_all(text.as_bytes())?;
    let path = pending.target().display().to_string();
    pending.commit()?;
    Ok(format!("The map was written to `{path}`"))
}

/// Names that a person has to look at. What was confirmed before is kept, so that the new file takes the old one's place.
fn write_names(mut pending: PendingFile, arguments: &ReadArguments, understanding: &Understanding, roster: &Roster) -> Result<String> {
    if understanding.unmatched.is_empty() {
        return Ok("Every response is of a pupil in the list: no names file was written.".to_owned());
    }
    let confirmed = match &arguments.pupils.names {
        Some(path) => confirmed_names(&Input::new(path), &InputOptions::default())?,
        None => Vec::new(),
    };
    pending.write_all(&names_csv(&confirmed, &understanding.unmatched, roster)?)?;
    let path = pending.target().display().to_string();
    pending.commit()?;
    let names = count_of(understanding.unmatched.len() as u64, "name");
    Ok(format!("{names} written to `{path}`: fill in the column `pupil`, then add `--names {path}`"))
}
