//! `bandwise template`: an entry sheet to type answers into.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bandwise::entry::{EntryOptions, EntrySheet};
use bandwise::findings::Findings;
use bandwise::input::{Input, InputOptions, ReadError};
use bandwise::matching::{Roster, read_exclusions, read_pupils_dated};
use bandwise::output::PendingFile;
use bandwise::provenance::{Provenance, UsedInput};
use bandwise::report::{Cell, CsvFlavour, CsvSink, RowSink, Weight, entry_instructions, entry_summary, entry_warnings, entry_workbook};
use bandwise::scoring::{Form, FormOptions};
use clap::Args;

use super::Outcome;
use super::printer::Printer;
use super::pupil_options::{DatesWord, day};
use super::reading;
use super::target::{beside, commit_provenance};

#[derive(Args, Debug)]
pub(crate) struct TemplateArguments {
    /// The questionnaire: a built-in id (`bandwise instrument list`) or a TOML file
    #[arg(short = 'i', visible_short_alias = 'q', long = "instrument", visible_alias = "questionnaire", value_name = "INSTRUMENT")]
    instrument: String,

    /// Where the sheet is written, by its extension: .xlsx or .csv
    #[arg(short = 'o', long, value_name = "FILE")]
    output: PathBuf,

    /// The school's list of pupils: one row each, with name, class, sex and year where the list has them
    #[arg(long, value_name = "FILE")]
    pupils: Option<PathBuf>,

    /// How many empty rows there are without a pupil list
    #[arg(long, value_name = "COUNT", default_value_t = 40, conflicts_with = "pupils")]
    rows: usize,

    /// Leave out an optional part of the form: `impact`
    #[arg(long, value_name = "PART", value_delimiter = ',')]
    without: Vec<String>,

    /// Which printed edition the form is, where editions number the questions differently: `order=NAME`
    #[arg(long, value_name = "NAME=VALUE")]
    choose: Vec<String>,

    /// Ids of pupils whose consent was withdrawn: they get no row
    #[arg(long, value_name = "FILE", requires = "pupils")]
    exclude: Option<PathBuf>,

    /// The day on which the forms are filled in: dates, and ages by the list's dates of birth, are there already
    #[arg(long, value_name = "DATE", value_parser = day, requires = "pupils")]
    on: Option<jiff::civil::Date>,

    /// How dates such as 05/09/2014 are written in the pupil list
    #[arg(long, value_enum, value_name = "ORDER", requires = "pupils")]
    dates: Option<DatesWord>,

    /// CSV as Excel wants it: byte order mark and Windows line ends
    #[arg(long)]
    excel: bool,
}

/// More rows than this are no class.
const MOST_ROWS: usize = 10_000;

pub(crate) fn run(arguments: &TemplateArguments, printer: &Printer) -> Result<Outcome> {
    let mut findings = Findings::new();
    let made = make(arguments, &mut findings);
    reading::ended(made, &findings, printer)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Workbook,
    Csv,
}

fn format(path: &Path) -> Result<Format> {
    match path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).as_deref() {
        Some("xlsx") => Ok(Format::Workbook),
        Some("csv") => Ok(Format::Csv),
        _ => bail!("`{}` should end in .xlsx or .csv, so that its format is known", path.display()),
    }
}

fn make(arguments: &TemplateArguments, findings: &mut Findings<'_>) -> Result<Vec<String>> {
    let format = format(&arguments.output)?;
    if arguments.rows > MOST_ROWS {
        bail!("`--rows` should be {MOST_ROWS} at most");
    }
    let instrument = reading::instrument(&arguments.instrument, findings)?;
    let choose = arguments.choose.iter().map(|choice| chosen(choice)).collect::<Result<_>>()?;
    let form = Form::new(instrument, &FormOptions { choose, ..FormOptions::default() })?;
    let listed = arguments.pupils.as_deref().map(|path| list(arguments, path, findings)).transpose()?;
    let without = arguments.without.iter().map(|name| name.trim().to_owned()).collect();
    let excluded = listed.as_ref().map(|listed| listed.excluded.clone()).unwrap_or_default();
    let options = EntryOptions { without, rows: arguments.rows, on: arguments.on, excluded };
    let sheet = EntrySheet::new(&form, listed.as_ref().map(|listed| listed.roster.list()), &options)?;
    let provenance = provenance(arguments, &form, listed.as_ref());
    let mut inputs: Vec<&Path> = arguments.pupils.as_deref().into_iter().chain(arguments.exclude.as_deref()).collect();
    inputs.push(Path::new(&arguments.instrument));
    let mut pending = PendingFile::create(&arguments.output, &inputs)?;
    let mut lines = Vec::new();
    match format {
        Format::Workbook => {
            let instructions = entry_instructions(&sheet, &command(arguments), &provenance);
            pending.write_all(&entry_workbook(&sheet, &instructions)?)?;
        }
        Format::Csv => {
            // A workbook carries its provenance itself.
            let beside = PendingFile::create(&beside(&arguments.output), &inputs)?;
            write_csv(&sheet, arguments.excel, pending.handle()?)?;
            commit_provenance(beside, &provenance, Some(&pending))?;
        }
    }
    pending.commit()?;
    for (weight, text) in entry_warnings(form.instrument()) {
        lines.push(if weight == Weight::Warning { format!("BEFORE THE FORM IS GIVEN OUT: {text}") } else { text });
    }
    lines.push(format!("{} written to `{}`", entry_summary(&sheet), arguments.output.display()));
    lines.push(format!("when it is filled in: {}", command(arguments)));
    Ok(lines)
}

/// The pupil list, and who of it has no row.
struct Listed {
    roster: Roster,
    excluded: Vec<usize>,
    used: Vec<UsedInput>,
}

fn list(arguments: &TemplateArguments, path: &Path, findings: &mut Findings<'_>) -> Result<Listed> {
    let (options, order) = (InputOptions::default(), arguments.dates.map(DatesWord::order));
    let (list, found) = told(read_pupils_dated(&Input::new(path), &options, order), findings)?;
    findings.extend(found);
    let mut listed = Listed { used: vec![list.used.clone()], roster: Roster::new(list, order), excluded: Vec::new() };
    if let Some(path) = &arguments.exclude {
        let exclusions = told(read_exclusions(&Input::new(path), &options, Some(&listed.roster)), findings)?;
        listed.excluded = (0..listed.roster.list().pupils.len()).filter(|pupil| exclusions.names_pupil(*pupil)).collect();
        listed.used.push(exclusions.used.clone());
    }
    Ok(listed)
}

/// A file that is refused has its finding, and nothing else needs to be said.
fn told<T>(read: Result<T, ReadError>, findings: &mut Findings<'_>) -> Result<T> {
    read.map_err(|error| {
        if let ReadError::Refusal(finding) = &error {
            findings.push((**finding).clone());
        }
        error.into()
    })
}

fn chosen(choice: &str) -> Result<(String, String)> {
    let (name, value) = choice.split_once('=').with_context(|| format!("`--choose {choice}` should be NAME=VALUE"))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// The sheet as CSV: without formulas, so without the two columns that count.
fn write_csv(sheet: &EntrySheet<'_>, excel: bool, file: impl Write) -> Result<()> {
    let mut sink = CsvSink::new(file, if excel { CsvFlavour::Excel } else { CsvFlavour::Plain })?;
    let headers: Vec<String> = sheet.headers().into_iter().map(str::to_owned).collect();
    sink.columns(&headers)?;
    for row in sheet.rows.iter().filter(|_| sheet.has_list) {
        let mut cells: Vec<Cell<'_>> = row.iter().map(|cell| Cell::text(cell.as_str())).collect();
        cells.resize(headers.len(), Cell::Empty);
        sink.row(&cells)?;
    }
    Ok(sink.flush()?)
}

/// The command that scores the sheet once it is filled in.
fn command(arguments: &TemplateArguments) -> String {
    let word = |text: &str| if text.contains(char::is_whitespace) { format!("\"{text}\"") } else { text.to_owned() };
    let file = arguments.output.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    format!("bandwise score {} -i {}", word(&file), word(&arguments.instrument))
}

fn provenance(arguments: &TemplateArguments, form: &Form, listed: Option<&Listed>) -> Provenance {
    let named = [
        ("choose", (!arguments.choose.is_empty()).then(|| arguments.choose.join(","))),
        ("without", (!arguments.without.is_empty()).then(|| arguments.without.join(","))),
        ("on", arguments.on.map(|on| on.to_string())),
    ];
    let options = named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    let mut provenance = Provenance::new(vec![form.used()], form.instrument().notices(), options);
    provenance.inputs.extend(listed.iter().flat_map(|listed| listed.used.clone()));
    provenance
}
