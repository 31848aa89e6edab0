//! `bandwise sql`: a questionnaire as a view for an existing engine.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use bandwise::findings::{Findings, list_or};
use bandwise::output::PendingFile;
use bandwise::scoring::{Form, FormOptions};
use bandwise::sql::{Dialect, ViewOptions, view};
use clap::Args;

use super::Outcome;
use super::options::trimmed;
use super::printer::Printer;
use super::reading;

#[derive(Args, Debug)]
pub(crate) struct SqlArguments {
    /// The questionnaire: a built-in id (`bandwise instrument list`) or a TOML file
    #[arg(short = 'i', visible_short_alias = 'q', long = "instrument", visible_alias = "questionnaire", value_name = "INSTRUMENT")]
    instrument: String,

    /// The engine: duckdb, postgres or spark
    #[arg(long, value_name = "DIALECT", value_parser = dialect)]
    dialect: Dialect,

    /// The table that holds the answers, one form a row; with its schema before a full stop where it has one
    #[arg(long, value_name = "TABLE", default_value = "responses")]
    table: String,

    /// A TOML file that says which column is which question (`bandwise check --write-map` makes one)
    #[arg(long, value_name = "FILE", help_heading = "Columns")]
    columns: Option<PathBuf>,

    /// The column that says which pupil a row is about [default: the map's, or `pupil_id`]
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    id: Option<String>,

    /// Carry these columns into the view, besides the id
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', help_heading = "Columns")]
    keep: Option<Vec<String>>,

    /// The column of the pupil's sex
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    sex: Option<String>,

    /// The column of the pupil's age in years
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    age: Option<String>,

    /// The column of the school year
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    year: Option<String>,

    /// Optional parts of the form that the table has: `impact`
    #[arg(long, value_name = "PARTS", value_delimiter = ',')]
    with: Option<Vec<String>>,

    /// A documented choice of the questionnaire: NAME=VALUE (see `bandwise instrument show`)
    #[arg(long, value_name = "NAME=VALUE")]
    choose: Vec<String>,

    /// The band set to use, by name
    #[arg(long, value_name = "NAME")]
    bands: Option<String>,

    /// Only these scales
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    scales: Option<Vec<String>>,

    /// Write to a file; the default is standard output
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn dialect(written: &str) -> Result<Dialect, String> {
    let known = Dialect::ALL.iter().find(|(word, _)| word.eq_ignore_ascii_case(written)).map(|(_, dialect)| *dialect);
    known.ok_or_else(|| format!("it should be {}", list_or(&Dialect::ALL.iter().map(|(word, _)| *word).collect::<Vec<_>>())))
}

pub(crate) fn run(arguments: &SqlArguments, printer: &Printer) -> Result<Outcome> {
    let mut findings = Findings::new();
    let written = write(arguments, &mut findings);
    reading::ended(written.map(|()| Vec::new()), &findings, printer)
}

fn write(arguments: &SqlArguments, findings: &mut Findings<'_>) -> Result<()> {
    let instrument = reading::instrument(&arguments.instrument, findings)?;
    let choose = arguments.choose.iter().map(|choice| {
        let (name, value) = choice.split_once('=').with_context(|| format!("`--choose {choice}` should be NAME=VALUE"))?;
        Ok((name.trim().to_owned(), value.trim().to_owned()))
    });
    let scales = trimmed(arguments.scales.as_deref());
    let form = Form::new(instrument, &FormOptions { choose: choose.collect::<Result<_>>()?, bands: arguments.bands.clone(), scales })?;
    let columns = reading::map(arguments.columns.as_deref(), std::slice::from_ref(&form), findings)?;
    let options = ViewOptions {
        table: arguments.table.clone(),
        columns,
        id: arguments.id.clone(),
        keep: trimmed(arguments.keep.as_deref()).unwrap_or_default(),
        sex: arguments.sex.clone(),
        age: arguments.age.clone(),
        year: arguments.year.clone(),
        with: trimmed(arguments.with.as_deref()).unwrap_or_default(),
        ..ViewOptions::new(arguments.dialect)
    };
    let view = view(&form, &options)?;
    match arguments.output.as_deref().filter(|path| path.as_os_str() != "-") {
        None => std::io::stdout().write_all(view.as_bytes())?,
        Some(path) => {
            let inputs: Vec<&Path> = std::iter::once(Path::new(&arguments.instrument)).chain(arguments.columns.as_deref()).collect();
            let mut pending = PendingFile::create(path, &inputs)?;
            pending.write_all(view.as_bytes())?;
            pending.commit()?;
        }
    }
    Ok(())
}
