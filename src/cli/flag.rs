//! `bandwise flag`: who is at or above a level, and who cannot be judged.

use std::path::{Path, PathBuf};

use anyhow::Result;
use bandwise::findings::{Code, Finding, Findings, Place, count_of};
use bandwise::flags::{FlagRule, Status, flag};
use bandwise::report::{Closing, FilledIn, FlagRow, FlagTable, SheetLook, flag_cells, flag_columns, flag_page, footer};
use bandwise::scoring::Responses;
use clap::Args;

use super::Outcome;
use super::options::{Format, ReadArguments, WriteArguments};
use super::printer::Printer;
use super::reading::{self, Ending};
use super::tally::Tally;

#[derive(Args, Debug)]
pub(crate) struct FlagArguments {
    /// Files of responses: a header and one row per form; `-` is standard input
    #[arg(required = true, value_name = "RESPONSES")]
    responses: Vec<PathBuf>,

    #[command(flatten)]
    read: ReadArguments,

    #[command(flatten)]
    pub(super) write: WriteArguments,

    /// Flag from this level upwards: `"slightly raised"`
    #[arg(long, value_name = "LEVEL")]
    at: Option<String>,

    /// List the pupils below the level too
    #[arg(long)]
    all: bool,

    /// Exit with 3 when there are flags or alerts
    #[arg(long)]
    exit_code: bool,
}

pub(crate) fn run(arguments: &FlagArguments, printer: &Printer) -> Result<Outcome> {
    arguments.write.audience_of_classes()?;
    reading::read(&arguments.read, &arguments.write, &arguments.responses, printer, |responses, inputs, findings, tally| {
        list(arguments, responses, inputs, printer, findings, tally)
    })
}

fn list(
    arguments: &FlagArguments,
    mut responses: Responses,
    inputs: &[&Path],
    printer: &Printer,
    findings: &mut Findings<'_>,
    tally: &mut Tally,
) -> Result<Ending> {
    let (target, mut provenance) = reading::begin(&arguments.read, &arguments.write, &responses, inputs)?;
    if let Some(at) = &arguments.at {
        provenance.options.insert("at".to_owned(), at.clone());
    }
    let rules = rules(arguments, &responses, findings)?;
    let mut rows: Vec<FlagRow> = Vec::new();
    let mut used = vec![0; rules.len()];
    let mut filled = FilledIn::new(responses.layout());
    while let Some(batch) = responses.next_batch(findings)? {
        let layout = responses.layout();
        for row in batch.rows(layout) {
            if !tally.add(&row, rules.len()) {
                continue;
            }
            filled.add(layout, &row);
            for (form, rule) in rules.iter().enumerate() {
                let Some(found) = flag(layout, &row, form, rule.as_ref()) else { continue };
                used[form] += 1;
                if arguments.all || found.status != Status::Below || !found.sensitive.is_empty() {
                    rows.push(FlagRow::new(&row, form, found));
                }
            }
        }
    }
    // The sort is stable: pupils with equal flags stay in the order of the file.
    rows.sort_by_cached_key(|row| row.flag.order());
    provenance.inputs = reading::used(&responses);
    if reading::refused_by_strict(&arguments.read, findings) {
        return Ok(Ending::strict());
    }
    let layout = responses.layout();
    if let Some(mut sink) = target.sink(SheetLook::flags(layout))? {
        sink.columns(&flag_columns(layout))?;
        for row in &rows {
            sink.row(&flag_cells(layout, &rules, row))?;
        }
        sink.finish(&Closing { findings, provenance: &provenance })?;
    } else {
        let table = FlagTable { layout, rules: &rules, rows: &rows, responses: &used, filled: &filled };
        target.write_text(&match target.format() {
            Format::Html => flag_page(&table, reading::class_frame(&arguments.write, &Closing { findings, provenance: &provenance })?),
            _ => format!("{}{}", table.render(printer.table_style()), footer(&provenance)),
        })?;
    }
    let (file, format) = (target.file().map(Path::to_owned), target.format());
    target.commit(&provenance)?;
    let mut lines = Vec::new();
    if format == Format::Table && file.is_none() {
        tally.shown_in_output();
    } else {
        lines.push("Below the level on this form does not mean no need.".to_owned());
        lines.extend(provenance.notices.iter().cloned());
    }
    lines.extend(file.map(|file| format!("{} written to `{}`", count_of(rows.len() as u64, "line"), file.display())));
    let raised = rows.iter().any(|row| matches!(row.flag.status, Status::Alert | Status::Flagged));
    let outcome = if arguments.exit_code && raised { Outcome::Flagged } else { Outcome::Done };
    Ok(Ending { outcome, lines })
}

fn rules(arguments: &FlagArguments, responses: &Responses, findings: &mut Findings<'_>) -> Result<Vec<Option<FlagRule>>> {
    let mut rules = Vec::new();
    for form in responses.layout().forms() {
        let rule = FlagRule::new(form, arguments.at.as_deref())?;
        if rule.is_none() {
            let id = &form.instrument().id;
            let sets: Vec<String> = form.instrument().bands.iter().map(|set| format!("`--bands {}`", set.id)).collect();
            let place = Place::File(id.clone());
            findings.push(if sets.is_empty() {
                Finding::new(Code::S001, place, format!("nobody can be flagged with {id}: it has no bands"))
            } else {
                let message = format!("nobody can be flagged with {id} until its bands are named");
                Finding::new(Code::S001, place, message).help(format!("add {}", bandwise::findings::list_or(&sets)))
            });
        }
        rules.push(rule);
    }
    Ok(rules)
}
