//! Where an output goes: standard output, or a file that is replaced whole or not at all, with its provenance beside it.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
#[cfg(feature = "frames")]
use bandwise::output::Outputs;
use bandwise::output::PendingFile;
use bandwise::provenance::{Provenance, UsedInput};
#[cfg(feature = "frames")]
use bandwise::report::{ColumnKind, ParquetSink};
use bandwise::report::{CsvFlavour, CsvSink, JsonSink, NdjsonSink, RowSink, SheetLook, WorkbookSink};
use serde::Serialize;

use super::options::{Format, WriteArguments};

/// A writer of CSV, and how it writes.
pub(crate) type FlavouredCsv = (CsvSink<Box<dyn Write>>, CsvFlavour);

/// An output that is being written.
pub(crate) struct Target {
    format: Format,
    excel: bool,
    destination: Destination,
    provenance: Option<PendingFile>,
    #[cfg(feature = "frames")]
    outputs: Outputs,
}

enum Destination {
    Stdout,
    /// Kept back until it is known that nothing refuses it.
    Spool(File),
    File(PendingFile),
}

impl Target {
    /// Opens the output. `hold` keeps standard output back to the end.
    pub(crate) fn open(arguments: &WriteArguments, inputs: &[&Path], hold: Hold) -> Result<Self> {
        let file = arguments.output.as_deref().filter(|path| path.as_os_str() != "-");
        let format = match file {
            Some(path) => format_of(path, arguments.format)?,
            None => arguments.format.unwrap_or(Format::Table),
        };
        if format != Format::Html && (arguments.title.is_some() || arguments.audience.is_some()) {
            bail!("`--title` and `--for` are for pages: write one with `-o page.html`");
        }
        if format == Format::Xlsx && file.is_none() && io::stdout().is_terminal() {
            bail!("a workbook cannot be shown on a terminal: name a file with `-o FILE.xlsx`");
        }
        #[cfg(feature = "frames")]
        if format == Format::Parquet && file.is_none() && io::stdout().is_terminal() {
            bail!("Parquet cannot be shown on a terminal: name a file with `-o FILE.parquet`");
        }
        let destination = match (file, hold) {
            (Some(path), _) => Destination::File(PendingFile::create_among(path, inputs, &arguments.outputs)?),
            (None, Hold::Back) => Destination::Spool(tempfile::tempfile().context("no temporary file to hold the output back")?),
            (None, Hold::Nothing) => Destination::Stdout,
        };
        // JSON and a workbook carry their provenance themselves.
        let beside = file.filter(|_| matches!(format, Format::Csv | Format::Ndjson)).map(beside);
        let provenance = arguments.provenance.clone().or(beside);
        let provenance = provenance.map(|path| PendingFile::create_among(&path, inputs, &arguments.outputs)).transpose()?;
        Ok(Self {
            format,
            excel: arguments.excel,
            destination,
            provenance,
            #[cfg(feature = "frames")]
            outputs: arguments.outputs.clone(),
        })
    }

    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// The file that is written, if it is one.
    pub(crate) fn file(&self) -> Option<&Path> {
        match &self.destination {
            Destination::File(pending) => Some(pending.target()),
            Destination::Stdout | Destination::Spool(_) => None,
        }
    }

    fn writer(&self) -> Result<Box<dyn Write>> {
        Ok(match &self.destination {
            Destination::Stdout => Box::new(io::stdout()),
            Destination::Spool(file) => Box::new(file.try_clone()?),
            Destination::File(pending) => Box::new(pending.handle()?),
        })
    }

    /// The writer of rows; none for a table.
    pub(crate) fn sink(&self, look: SheetLook) -> Result<Option<Box<dyn RowSink>>> {
        self.sink_into(self.writer()?, look)
    }

    /// The writer of CSV, if that is the format.
    pub(crate) fn csv(&self) -> Result<Option<FlavouredCsv>> {
        if self.format != Format::Csv {
            return Ok(None);
        }
        let writer: Box<dyn Write> = Box::new(BufWriter::with_capacity(1 << 16, self.writer()?));
        Ok(Some((CsvSink::new(writer, self.flavour())?, self.flavour())))
    }

    /// The writer of scores as Parquet, if that is the format.
    #[cfg(feature = "frames")]
    pub(crate) fn parquet(&self, kinds: Vec<ColumnKind>) -> Result<Option<Box<dyn RowSink>>> {
        if self.format != Format::Parquet {
            return Ok(None);
        }
        let writer = BufWriter::with_capacity(1 << 16, self.writer()?);
        Ok(Some(Box::new(ParquetSink::new(writer, kinds))))
    }

    fn flavour(&self) -> CsvFlavour {
        if self.excel { CsvFlavour::Excel } else { CsvFlavour::Plain }
    }

    /// A writer of rows in this output's format into another file.
    fn sink_into(&self, writer: Box<dyn Write>, look: SheetLook) -> Result<Option<Box<dyn RowSink>>> {
        let writer = BufWriter::with_capacity(1 << 16, writer);
        Ok(match self.format {
            Format::Table | Format::Html => None,
            Format::Csv => Some(Box::new(CsvSink::new(writer, self.flavour())?)),
            Format::Json => Some(Box::new(JsonSink::new(writer))),
            Format::Ndjson => Some(Box::new(NdjsonSink::new(writer))),
            Format::Xlsx => Some(Box::new(WorkbookSink::new(writer, look))),
            #[cfg(feature = "frames")]
            Format::Parquet => bail!("only scores are written as Parquet: `bandwise score … -o scores.parquet`"),
        })
    }

    /// Writes a text as the whole output.
    pub(crate) fn write_text(&self, text: &str) -> Result<()> {
        self.write_bytes(text.as_bytes())
    }

    /// Writes a document as the whole output.
    pub(crate) fn write_bytes(&self, bytes: &[u8]) -> Result<()> {
        let mut writer = self.writer()?;
        writer.write_all(bytes)?;
        Ok(writer.flush()?)
    }

    /// Gives the files their names, the provenance first: data without it would be a number that nobody can trace.
    pub(crate) fn commit(self, provenance: &Provenance) -> Result<()> {
        if let Some(pending) = self.provenance {
            let data = match &self.destination {
                Destination::File(data) => Some(data),
                Destination::Stdout | Destination::Spool(_) => None,
            };
            commit_provenance(pending, provenance, data)?;
        }
        match self.destination {
            Destination::Stdout => {}
            Destination::Spool(mut file) => {
                file.seek(SeekFrom::Start(0))?;
                io::copy(&mut file, &mut io::stdout().lock())?;
                io::stdout().flush()?;
            }
            Destination::File(pending) => pending.commit()?,
        }
        Ok(())
    }
}

/// Further files beside a CSV output: `x.group.csv` beside `x.csv`. They take their names just before it does.
#[cfg(feature = "frames")]
pub(crate) struct Beside<'p> {
    inputs: Vec<&'p Path>,
    pending: Vec<(PendingFile, PendingFile)>,
}

#[cfg(feature = "frames")]
impl<'p> Beside<'p> {
    pub(crate) fn new(inputs: &[&'p Path]) -> Self {
        Self { inputs: inputs.to_vec(), pending: Vec::new() }
    }

    /// The writer of a further file; none where the output is no file, because standard output holds one list only.
    pub(crate) fn sink(&mut self, target: &Target, what: &'static str) -> Result<Option<Box<dyn RowSink>>> {
        let Some(path) = target.file() else { return Ok(None) };
        let extension = path.extension().map_or_else(|| "csv".to_owned(), |extension| extension.to_string_lossy().into_owned());
        let path = path.with_extension(format!("{what}.{extension}"));
        let file = PendingFile::create_among(&path, &self.inputs, &target.outputs)?;
        let provenance = PendingFile::create_among(&beside(&path), &self.inputs, &target.outputs)?;
        let sink = target.sink_into(Box::new(file.handle()?), SheetLook::named(what))?;
        self.pending.push((file, provenance));
        Ok(sink)
    }

    /// Gives the files their names.
    pub(crate) fn commit(self, provenance: &Provenance) -> Result<()> {
        for (file, beside) in self.pending {
            commit_provenance(beside, provenance, Some(&file))?;
            file.commit()?;
        }
        Ok(())
    }
}

/// Whether standard output is held back to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// Until everything was read.
    Back,
    /// Not at all.
    Nothing,
}

/// Refuses two outputs with one name: the second would take the place of the first.
pub(crate) fn refuse_one_name(arguments: &WriteArguments, findings: Option<&Path>) -> Result<()> {
    let file = arguments.output.as_deref();
    let provenance = arguments.provenance.clone().or_else(|| file.map(beside));
    let written: Vec<&Path> = [file, provenance.as_deref(), findings].into_iter().flatten().collect();
    for (index, path) in written.iter().enumerate() {
        if written[..index].iter().any(|other| is_one_file(other, path)) {
            bail!("`{}` would be written twice: give each output a name of its own", path.display());
        }
    }
    Ok(())
}

/// Whether two paths, of files that may not be there yet, are one. Windows and macOS take `Scores.csv` and `scores.csv` for one file, and a
/// shared folder may be theirs.
pub(crate) fn is_one_file(left: &Path, right: &Path) -> bool {
    let place = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some((folder.canonicalize().ok()?, path.file_name()?.to_string_lossy().to_lowercase()))
    };
    left == right || place(left).is_some_and(|left| Some(left) == place(right))
}

/// What produced a file, and which file: its hash shows whether the two belong together.
#[derive(Serialize)]
struct Named<'p> {
    #[serde(flatten)]
    provenance: &'p Provenance,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<UsedInput>,
}

/// Writes the provenance of a file that is whole, and does not have its name yet.
pub(crate) fn commit_provenance(mut pending: PendingFile, provenance: &Provenance, data: Option<&PendingFile>) -> Result<()> {
    let name = |data: &PendingFile| data.target().file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let output = data.map(|data| UsedInput { name: name(data), sha256: data.sha256() });
    serde_json::to_writer_pretty(&mut pending, &Named { provenance, output })?;
    pending.write_all(b"\n")?;
    Ok(pending.commit()?)
}

/// The name of the provenance beside an output.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".provenance.json");
    name.into()
}

pub(crate) fn format_of(path: &Path, asked_for: Option<Format>) -> Result<Format> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let by_name = match extension.as_deref() {
        Some("csv") => Some(Format::Csv),
        Some("json") => Some(Format::Json),
        Some("ndjson" | "jsonl") => Some(Format::Ndjson),
        Some("xlsx") => Some(Format::Xlsx),
        Some("txt") => Some(Format::Table),
        Some("html" | "htm") => Some(Format::Html),
        #[cfg(feature = "frames")]
        Some("parquet") => Some(Format::Parquet),
        _ => None,
    };
    match (asked_for, by_name) {
        (Some(asked), Some(named)) if asked != named => bail!("`{}` and `--format` name two different formats", path.display()),
        (Some(format), _) | (None, Some(format)) => Ok(format),
        (None, None) => bail!(
            "`{}` should end in .csv, .json, .ndjson, .xlsx, .html or .txt (scores also in .parquet), so that its format is known",
            path.display()
        ),
    }
}
