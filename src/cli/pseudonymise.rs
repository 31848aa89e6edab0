//! `bandwise pseudonymise`: keyed codes instead of names, in any table that says whose its rows are.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use bandwise::findings::{Findings, count_of, printable, quoted_list};
use bandwise::input::{Encoding, Input, InputOptions, Table};
use bandwise::instrument::{Instrument, built_in_ids};
use bandwise::matching::{MatchOptions, Role};
use bandwise::output::PendingFile;
use bandwise::privacy::{Birth, PseudonymKey, PseudonymOptions, Pseudonymised, WhyDropped};
use bandwise::provenance::Provenance;
use bandwise::report::{Cell, CsvFlavour, CsvSink, RowSink};
use clap::{Args, ValueEnum};

use super::Outcome;
use super::options::{delimiter, encoding, trimmed};
use super::printer::Printer;
use super::pupil_options::{DatesWord, PupilArguments, day, told};
use super::reading;
use super::target::{beside, commit_provenance, is_one_file};

/// What every reader of the output should know.
const STILL_PERSONAL: &str = "Pseudonymised, not anonymous: this is still personal data. Whoever has the key can undo the codes, and whoever \
     knows the pupils may recognise them by class, year and scores.";

const AFTER_HELP: &str = "\
The output is pseudonymised, not anonymous: it is still personal data, and data protection law applies to it as before.
Keep the key apart from it: whoever has both knows whose row is whose. The same key gives the same codes next year, and the same ones
as --hide-names. To have one code for a pupil in responses, pupil list and goals, name the list for each of them with --pupils.

Left out, and named: names, UPNs, admission numbers, dates of birth, e-mail and IP addresses, locations, telephone numbers. A comment
becomes its length. Everything else stays as it is, so the file scores as before; look at it before you pass it on.

Examples:
  bandwise pseudonymise class-7a.csv --key school.key -o class-7a-coded.csv
  bandwise pseudonymise class-7a.csv --key school.key --pupils list.csv -o class-7a-coded.csv
  bandwise pseudonymise list.csv --key school.key --pupils list.csv --birth year --on 2026-12-18 -o list-coded.csv";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct PseudonymiseArguments {
    /// Responses, a pupil list, goals: any table that says whose its rows are; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The file with the secret; made, readable by you only, if it is not there. Keep it apart from the output
    #[arg(long, value_name = "FILE")]
    key: PathBuf,

    /// Write to a CSV file; the default is standard output
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// A questionnaire of your own whose questions are in the file; those that come with bandwise are found by themselves
    #[arg(short = 'i', visible_short_alias = 'q', long = "instrument", visible_alias = "questionnaire", value_name = "INSTRUMENT")]
    instruments: Vec<String>,

    /// What stands for a date of birth
    #[arg(long, value_enum, value_name = "WHAT", default_value_t)]
    birth: BirthWord,

    /// The column that says which pupil a row is about; several make one id: `"Surname,Forename"`
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', help_heading = "Columns")]
    id: Option<Vec<String>>,

    /// The column of the date, for ages and school years
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    date: Option<String>,

    /// Keep only these columns, besides the codes
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', help_heading = "Columns")]
    keep: Option<Vec<String>>,

    /// Leave out these columns too
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', help_heading = "Columns")]
    drop: Vec<String>,

    /// The school's pupil list: a pupil has one code, whichever number or name the file has
    #[arg(long, value_name = "FILE", help_heading = "Pupils")]
    pupils: Option<PathBuf>,

    /// Names as they were written, and the pupil who is meant, as a person confirmed
    #[arg(long, value_name = "FILE", requires = "pupils", help_heading = "Pupils")]
    names: Option<PathBuf>,

    /// Ids of pupils whose consent was withdrawn: their rows are left out
    #[arg(long, value_name = "FILE", help_heading = "Pupils")]
    exclude: Option<PathBuf>,

    /// The day for ages and school years where a row has no date: 2026-12-18
    #[arg(long, value_name = "DATE", value_parser = day, help_heading = "Pupils")]
    on: Option<jiff::civil::Date>,

    /// How dates such as 05/09/2014 are written in these files
    #[arg(long, value_enum, value_name = "ORDER", help_heading = "Pupils")]
    dates: Option<DatesWord>,

    /// How the file's characters are written, where it is not told rightly
    #[arg(long, value_name = "NAME", value_parser = encoding, help_heading = "Files")]
    encoding: Option<Encoding>,

    /// What separates the columns: `,` or `;` or `tab`
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter, help_heading = "Files")]
    delimiter: Option<u8>,

    /// The sheet of a workbook
    #[arg(long, value_name = "NAME", help_heading = "Files")]
    sheet: Option<String>,

    /// CSV as Excel wants it: byte order mark and Windows line ends
    #[arg(long)]
    excel: bool,
}

/// What becomes of a date of birth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum BirthWord {
    /// It is left out
    #[default]
    Drop,
    /// The age in whole years
    Age,
    /// The school year in which most pupils of this age are
    Year,
}

impl BirthWord {
    fn birth(self) -> Birth {
        match self {
            Self::Drop => Birth::Dropped,
            Self::Age => Birth::Age,
            Self::Year => Birth::SchoolYear,
        }
    }
}

pub(crate) fn run(arguments: &PseudonymiseArguments, printer: &Printer) -> Result<Outcome> {
    let mut findings = Findings::new();
    let made = make(arguments, printer, &mut findings);
    reading::ended(made, &findings, printer)
}

fn make(arguments: &PseudonymiseArguments, printer: &Printer, findings: &mut Findings<'_>) -> Result<Vec<String>> {
    let output = arguments.output.as_deref().filter(|path| path.as_os_str() != "-");
    check_paths(arguments, output)?;
    let options = options(arguments, findings)?;
    let input = Input::new(&arguments.file);
    let input_options = InputOptions { encoding: arguments.encoding, delimiter: arguments.delimiter, sheet: arguments.sheet.clone() };
    let mut table = told(Table::open(&input, &input_options), findings)?;
    let forms = forms(arguments, findings)?;
    let known: Vec<&Instrument> = forms.iter().collect();
    // A file that is refused leaves no key behind.
    let key = reading::key_file(&arguments.key, printer)?;
    let mut coded = codes(&table, &known, options, &key, findings)?;
    if coded.has_birth() && !coded.has_dates() && arguments.on.is_none() {
        bail!("an age is one on a day, and the file has no column of dates: say the day with `--on 2026-12-18`");
    }
    let mut pending = output.map(|path| PendingFile::create(path, &inputs(arguments))).transpose()?;
    let provenance = output.map(|path| PendingFile::create(&beside(path), &inputs(arguments))).transpose()?;
    let rows = match &mut pending {
        Some(pending) => write(&mut table, &mut coded, arguments.excel, pending, findings)?,
        None => write(&mut table, &mut coded, arguments.excel, io::stdout().lock(), findings)?,
    };
    findings.extend(table.assumed());
    if let (Some(pending), Some(beside)) = (pending, provenance) {
        commit_provenance(beside, &provenance_of(arguments, &table), Some(&pending))?;
        pending.commit()?;
    }
    Ok(lines(arguments, &coded, rows, output))
}

/// Refuses paths that would mix up the key, the input and the output.
fn check_paths(arguments: &PseudonymiseArguments, output: Option<&Path>) -> Result<()> {
    if arguments.key.as_os_str() == "-" {
        bail!("the key has to be a file of its own: it is needed again next term");
    }
    if let Some(path) = output {
        if is_one_file(path, &arguments.key) || is_one_file(&beside(path), &arguments.key) {
            bail!("the key and the output would be one file: give each a name of its own");
        }
        let is_csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        if !is_csv {
            bail!("`{}` should end in .csv: that is what is written", path.display());
        }
    }
    Ok(())
}

fn inputs(arguments: &PseudonymiseArguments) -> Vec<&Path> {
    let mut inputs = vec![arguments.file.as_path(), &arguments.key];
    inputs.extend(arguments.instruments.iter().map(Path::new));
    inputs.extend([&arguments.pupils, &arguments.names, &arguments.exclude].into_iter().flatten().map(PathBuf::as_path));
    inputs
}

fn options(arguments: &PseudonymiseArguments, findings: &mut Findings<'_>) -> Result<PseudonymOptions> {
    let named = [(Role::Id, trimmed(arguments.id.as_deref())), (Role::Date, arguments.date.clone().map(|date| vec![date]))];
    let matching = MatchOptions {
        roles: named.into_iter().filter_map(|(role, names)| Some((role, names?))).collect(),
        keep: trimmed(arguments.keep.as_deref()),
        drop: trimmed(Some(&arguments.drop)).unwrap_or_default(),
        ..MatchOptions::default()
    };
    let pupils = PupilArguments::files(arguments.pupils.clone(), arguments.names.clone(), arguments.exclude.clone(), arguments.dates);
    let joining = pupils.joining(None, &[], findings)?;
    Ok(PseudonymOptions {
        matching,
        roster: joining.roster,
        exclusions: joining.exclusions,
        birth: arguments.birth.birth(),
        on: arguments.on,
        dates: arguments.dates.map(DatesWord::order),
    })
}

/// The forms whose questions are looked for: those that are named, or else all that come with the program.
fn forms(arguments: &PseudonymiseArguments, findings: &mut Findings<'_>) -> Result<Vec<Instrument>> {
    let names: Vec<&str> = if arguments.instruments.is_empty() {
        built_in_ids().collect()
    } else {
        arguments.instruments.iter().map(String::as_str).collect()
    };
    names.into_iter().map(|name| reading::instrument(name, findings)).collect()
}

fn codes<'k>(
    table: &Table,
    forms: &[&Instrument],
    options: PseudonymOptions,
    key: &'k PseudonymKey,
    findings: &mut Findings<'_>,
) -> Result<Pseudonymised<'k>> {
    match Pseudonymised::new(table, forms, options, key) {
        Ok((coded, found)) => {
            findings.extend(found);
            Ok(coded)
        }
        Err(found) => {
            findings.extend(found);
            bail!("nothing was written")
        }
    }
}

/// Writes the rows, and says how many there are.
fn write(table: &mut Table, coded: &mut Pseudonymised<'_>, excel: bool, target: impl Write, findings: &mut Findings<'_>) -> Result<u64> {
    const BATCH: usize = 2048;
    let mut sink = CsvSink::new(io::BufWriter::new(target), if excel { CsvFlavour::Excel } else { CsvFlavour::Plain })?;
    sink.columns(&coded.columns())?;
    let mut rows = 0;
    while let Some(batch) = told(table.next_batch(BATCH), findings)? {
        let mut found = Vec::new();
        for record in batch.records() {
            if let Some(cells) = coded.row(record, &mut found) {
                let cells: Vec<Cell<'_>> = cells.into_iter().map(Cell::text).collect();
                sink.row(&cells)?;
                rows += 1;
            }
        }
        findings.extend(found);
    }
    sink.flush()?;
    Ok(rows)
}

fn provenance_of(arguments: &PseudonymiseArguments, table: &Table) -> Provenance {
    let word = |value: Option<String>, name: &str| Some((name.to_owned(), value?));
    let list = |list: &[String]| (!list.is_empty()).then(|| list.join(","));
    let birth = arguments.birth.to_possible_value().map(|value| value.get_name().to_owned());
    let options = [
        word(Some("yes".to_owned()), "pseudonymise"),
        word(birth, "birth"),
        word(arguments.id.as_deref().and_then(list), "id"),
        word(arguments.keep.as_deref().and_then(list), "keep"),
        word(list(&arguments.drop), "drop"),
        word(arguments.on.map(|day| day.to_string()), "on"),
    ];
    let mut provenance = Provenance::new(Vec::new(), vec![STILL_PERSONAL.to_owned()], options.into_iter().flatten().collect());
    provenance.inputs.push(table.used());
    provenance
}

/// What was done, so that it can be looked over before anything is passed on.
fn lines(arguments: &PseudonymiseArguments, coded: &Pseudonymised<'_>, rows: u64, output: Option<&Path>) -> Vec<String> {
    let mut lines = vec![format!("The codes are made of {}.", quoted_list(&coded.id(), 8))];
    for why in WhyDropped::ALL {
        let names: Vec<&str> = coded.dropped().iter().filter(|(_, reason)| *reason == why).map(|(name, _)| &**name).collect();
        if !names.is_empty() {
            lines.push(format!("Left out ({}): {}.", why.words(), quoted_list(&names, 40)));
        }
    }
    let replaced: Vec<String> = coded.replaced().map(|(name, count)| format!("{count} in `{}`", printable(name))).collect();
    if !replaced.is_empty() {
        lines.push(format!("Cells that may say whose they are became their length or a code: {}.", replaced.join(", ")));
    }
    if coded.without_id() > 0 {
        lines.push(format!("{} not say whose: no code stands there.", rows_do(coded.without_id())));
    }
    if coded.left_out() > 0 {
        lines.push(format!("{} left out, because consent was withdrawn.", count_of(coded.left_out(), "row")));
    }
    let folder = |path: &Path| path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).canonicalize().ok();
    if output.is_some_and(|output| folder(output) == folder(&arguments.key)) {
        lines.push("The key lies in the folder of the output: keep it in another place before the output is passed on.".to_owned());
    }
    lines.push(STILL_PERSONAL.to_owned());
    lines.extend(output.map(|path| format!("{} written to `{}`", count_of(rows, "row"), path.display())));
    lines
}

fn rows_do(rows: u64) -> String {
    if rows == 1 { "1 row does".to_owned() } else { format!("{} do", count_of(rows, "row")) }
}
