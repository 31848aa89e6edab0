//! `bandwise missing`: whose form is not back, and which questions to go back to.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use bandwise::entry::MissingForms;
use bandwise::findings::{Findings, count_of, quoted_list};
use bandwise::input::Input;
use bandwise::matching::PupilList;
use bandwise::report::{ChaseList, ChaseOptions, Closing, FilledIn, SheetLook, chase_page, chase_workbook, footer};
use bandwise::scoring::{Duplicates, Joining, Responses};
use clap::Args;

use super::Outcome;
use super::options::{Format, ReadArguments, WriteArguments, trimmed};
use super::printer::Printer;
use super::reading::{self, Ending};
use super::tally::Tally;
use super::target::{Hold, Target};

#[derive(Args, Debug)]
pub(crate) struct MissingArguments {
    /// Files of responses: a header and one row per form; `-` is standard input
    #[arg(required = true, value_name = "RESPONSES")]
    responses: Vec<PathBuf>,

    #[command(flatten)]
    read: ReadArguments,

    #[command(flatten)]
    pub(super) write: WriteArguments,

    /// Count by these columns of the pupil list, and put the pupils in their order: `class`, or `year,class`
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    by: Vec<String>,
}

pub(crate) fn run(arguments: &MissingArguments, printer: &Printer) -> Result<Outcome> {
    arguments.write.audience_of_classes()?;
    if arguments.read.pupils.pupils.is_none() {
        bail!("whose form is not back can only be told from a list of all pupils: name the school's with `--pupils FILE`");
    }
    let inputs = reading::inputs(&arguments.responses)?;
    reading::with_findings(&arguments.read, &arguments.write, &inputs, printer, |paths, findings, tally| {
        missing(arguments, &inputs, paths, printer, findings, tally)
    })
}

/// Opens the responses. What is kept or dropped are columns of the pupil list: no column of the responses is copied.
fn open(arguments: &MissingArguments, inputs: &[Input], printer: &Printer, findings: &mut Findings<'_>) -> Result<(Responses, Joining)> {
    let forms = reading::forms(&arguments.read, findings)?;
    let mut options = reading::read_options(&arguments.read, &forms, Duplicates::Named, printer, findings)?;
    let joining = options.joining.clone();
    let is_listed = |name: &String| {
        joining.roster.as_ref().is_some_and(|roster| roster.list().header.iter().any(|column| column.name.eq_ignore_ascii_case(name)))
    };
    options.matching.keep = None;
    options.matching.drop.retain(|name| !is_listed(name));
    Ok((Responses::open(inputs, forms, options, findings)?, joining))
}

fn missing(
    arguments: &MissingArguments,
    inputs: &[Input],
    paths: &[&Path],
    printer: &Printer,
    findings: &mut Findings<'_>,
    tally: &mut Tally,
) -> Result<Ending> {
    let (mut responses, joining) = open(arguments, inputs, printer, findings)?;
    let Some(roster) = joining.roster else { bail!("the pupil list was not read") };
    let list = roster.list();
    if !responses.layout().says_pupil() {
        bail!("no column says whose form a row is: name it with `--id COLUMN`, or the columns of a name with `--id \"Surname,Forename\"`");
    }
    let target = Target::open(&arguments.write, paths, Hold::Back)?;
    let mut provenance = reading::provenance(&arguments.read, &responses, arguments.write.stamp);
    if !arguments.by.is_empty() {
        provenance.options.insert("by".to_owned(), arguments.by.join(","));
    }
    let mut forms = MissingForms::new(responses.layout(), list.pupils.len());
    let mut filled = FilledIn::new(responses.layout());
    while let Some(batch) = responses.next_batch(findings)? {
        let layout = responses.layout();
        for row in batch.rows(layout) {
            if tally.add(&row, layout.forms().len()) {
                forms.add(layout, &row);
                filled.add(layout, &row);
            }
        }
    }
    provenance.inputs = reading::used(&responses);
    if reading::refused_by_strict(&arguments.read, findings) {
        return Ok(Ending::strict());
    }
    let options = ChaseOptions {
        by: trimmed(Some(&arguments.by)).unwrap_or_default(),
        keep: trimmed(arguments.read.keep.as_deref()),
        drop: trimmed(Some(&arguments.read.drop)).unwrap_or_default(),
        hides_names: arguments.read.hide_names,
    };
    let is_excluded = |pupil| joining.exclusions.as_ref().is_some_and(|exclusions| exclusions.names_pupil(pupil));
    let chase = ChaseList::new(responses.layout(), list, &forms, &options, is_excluded)?;
    let file = write(target, (&chase, &filled), &Closing { findings, provenance: &provenance }, &arguments.write, printer)?;
    Ok(Ending { outcome: Outcome::Done, lines: lines(&chase, &forms, list, file.as_deref()) })
}

/// What is left to say.
fn lines(chase: &ChaseList<'_>, forms: &MissingForms, list: &PupilList, file: Option<&Path>) -> Vec<String> {
    let mut lines = Vec::new();
    if forms.nobodys() > 0 {
        lines.push(format!("{} to no pupil of {}: the findings say which.", belong(forms.nobodys()), list.name));
    }
    if let Some(file) = file {
        if !chase.left_out().is_empty() {
            let names = quoted_list(chase.left_out(), 8);
            lines.push(format!(
                "Not copied from the pupil list, because nobody needs it to ask for a form: {names}. `--keep` names what is."
            ));
        }
        lines.push(format!("{} written to `{}`", count_of(chase.len() as u64, "line"), file.display()));
    }
    lines
}

fn belong(responses: u64) -> String {
    if responses == 1 { "1 response belongs".to_owned() } else { format!("{} belong", count_of(responses, "response")) }
}

/// Writes the list; says into which file, if it is one.
fn write(
    target: Target,
    (chase, filled): (&ChaseList<'_>, &FilledIn),
    closing: &Closing<'_, '_>,
    write: &WriteArguments,
    printer: &Printer,
) -> Result<Option<PathBuf>> {
    match target.format() {
        Format::Table => target.write_text(&format!("{}{}", chase.render(printer.table_style()), footer(closing.provenance)))?,
        Format::Html => target.write_text(&chase_page(chase, filled, reading::class_frame(write, closing)?))?,
        // The chase list is typed into, so its workbook has drop-downs that others have not.
        Format::Xlsx => target.write_bytes(&chase_workbook(chase, closing.provenance)?)?,
        _ => {
            if let Some(mut sink) = target.sink(SheetLook::named("forms"))? {
                sink.columns(&chase.columns())?;
                for row in chase.rows() {
                    sink.row(&row)?;
                }
                sink.finish(closing)?;
            }
        }
    }
    let file = target.file().map(Path::to_owned);
    target.commit(closing.provenance)?;
    Ok(file)
}
