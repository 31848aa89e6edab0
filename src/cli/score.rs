//! `bandwise score`: one line per response.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use bandwise::findings::{Findings, count_of};
#[cfg(feature = "frames")]
use bandwise::report::score_kinds;
use bandwise::report::{
    ClassView, Closing, CsvSink, RowSink as _, ScoreLines, Shape, SheetLook, class_page, class_table, footer, score_columns, score_rows,
};
use bandwise::scoring::{Counted, Responses, Threads};
use clap::Args;

use super::Outcome;
use super::options::{Format, ReadArguments, WriteArguments};
use super::printer::Printer;
use super::reading::{self, Ending};
use super::tally::Tally;

#[derive(Args, Debug)]
pub(crate) struct ScoreArguments {
    /// Files of responses: a header and one row per form; `-` is standard input
    #[arg(required = true, value_name = "RESPONSES")]
    responses: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) read: ReadArguments,

    #[command(flatten)]
    pub(super) write: WriteArguments,

    /// One row a score instead of one row a response
    #[arg(long, help_heading = "Output")]
    long: bool,
}

pub(crate) fn run(arguments: &ScoreArguments, printer: &Printer) -> Result<Outcome> {
    arguments.write.audience_of_classes()?;
    reading::read(&arguments.read, &arguments.write, &arguments.responses, printer, |responses, inputs, findings, tally| {
        score(arguments, responses, inputs, printer, findings, tally)
    })
}

fn score(
    arguments: &ScoreArguments,
    mut responses: Responses,
    inputs: &[&Path],
    printer: &Printer,
    findings: &mut Findings<'_>,
    tally: &mut Tally,
) -> Result<Ending> {
    let (target, mut provenance) = reading::begin(&arguments.read, &arguments.write, &responses, inputs)?;
    let shape = if arguments.long { Shape::Long } else { Shape::Wide };
    // Lines of CSV are made by several threads; other outputs are made row by row.
    let mut lines = target.csv()?;
    #[cfg(feature = "frames")]
    let parquet = target.parquet(score_kinds(responses.layout(), shape))?;
    #[cfg(not(feature = "frames"))]
    let parquet = None;
    let mut sink = match parquet {
        None if lines.is_none() => target.sink(SheetLook::scores(responses.layout(), shape))?,
        sink => sink,
    };
    let mut view = (lines.is_none() && sink.is_none()).then(|| ClassView::new(responses.layout()));
    let columns = score_columns(responses.layout(), shape);
    if let Some((csv, flavour)) = &mut lines {
        write_lines(csv, ScoreLines::new(shape, *flavour), &columns, (arguments.read.threads(), &mut responses), findings, tally)?;
    } else {
        let mut is_headed = false;
        while let Some(batch) = responses.next_batch(findings)? {
            let layout = responses.layout();
            if let (Some(sink), false) = (&mut sink, std::mem::replace(&mut is_headed, true)) {
                sink.columns(&columns)?;
            }
            for row in batch.rows(layout) {
                if !tally.add(&row, layout.forms().len()) {
                    continue;
                }
                match (&mut sink, &mut view) {
                    (Some(sink), _) => {
                        for cells in score_rows(layout, &row, shape) {
                            sink.row(&cells)?;
                        }
                    }
                    (None, Some(view)) => view.add(layout, &row),
                    (None, None) => {}
                }
            }
        }
        if let (Some(sink), false) = (&mut sink, is_headed) {
            sink.columns(&columns)?;
        }
    }
    provenance.inputs = reading::used(&responses);
    if reading::refused_by_strict(&arguments.read, findings) {
        return Ok(Ending::strict());
    }
    let closing = Closing { findings, provenance: &provenance };
    if let Some((csv, _)) = &mut lines {
        csv.finish(&closing)?;
    }
    if let Some(sink) = &mut sink {
        sink.finish(&closing)?;
    }
    if let Some(view) = view {
        let layout = responses.layout();
        target.write_text(&match target.format() {
            Format::Html => {
                class_page(&view, layout, reading::class_frame(&arguments.write, &Closing { findings, provenance: &provenance })?)
            }
            _ => format!("{}{}", class_table(&view, layout, printer.table_style()), footer(&provenance)),
        })?;
    }
    let (file, format) = (target.file().map(Path::to_owned), target.format());
    target.commit(&provenance)?;
    let mut lines = Vec::new();
    if format == Format::Table && file.is_none() {
        tally.shown_in_output();
    } else {
        lines.clone_from(&provenance.notices);
    }
    lines.extend(file.map(|file| format!("{} written to `{}`", count_of(tally.responses, "response"), file.display())));
    Ok(Ending { outcome: Outcome::Done, lines })
}

/// Writes the lines of CSV, made by several threads, in the order of the rows.
fn write_lines<W: Write>(
    csv: &mut CsvSink<W>,
    lines: ScoreLines,
    columns: &[String],
    (threads, responses): (Threads, &mut Responses),
    findings: &mut Findings<'_>,
    tally: &mut Tally,
) -> Result<()> {
    let mut is_headed = false;
    let work = Counted::<_, Tally>::new(lines);
    responses.each_portion(threads, &work, findings, |_, portion| -> Result<()> {
        if !std::mem::replace(&mut is_headed, true) {
            csv.columns(columns)?;
        }
        tally.absorb(std::mem::take(&mut portion.count));
        Ok(csv.lines(&portion.made)?)
    })?;
    if !is_headed {
        csv.columns(columns)?;
    }
    Ok(())
}
