//! `bandwise report meeting`: a page a class for the pupil-progress meeting.

use std::path::Path;

use anyhow::Result;
use bandwise::findings::{Findings, count_of};
use bandwise::report::{Closing, MeetingView, ReportParts, SheetLook, footer, meeting_page};
use clap::Args;

use super::end;
use super::gather::{GatherArguments, Gathered};
use crate::cli::Outcome;
use crate::cli::options::Format;
use crate::cli::printer::Printer;
use crate::cli::reading::{self, Ending};
use crate::cli::tally::Tally;
use crate::cli::target::{Hold, Target};

#[derive(Args, Debug)]
pub(crate) struct MeetingReport {
    #[command(flatten)]
    pub(super) gather: GatherArguments,

    /// A sheet for each group of these columns: `class`, `year,class`
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    by: Vec<String>,
}

pub(crate) fn run(arguments: &MeetingReport, printer: &Printer) -> Result<Outcome> {
    arguments.gather.write.audience_of_classes()?;
    arguments.gather.run(printer, |paths, findings, tally| report(arguments, paths, printer, findings, tally))
}

fn report(arguments: &MeetingReport, paths: &[&Path], printer: &Printer, findings: &mut Findings<'_>, tally: &mut Tally) -> Result<Ending> {
    let write = &arguments.gather.write;
    let target = Target::open(write, paths, Hold::Back)?;
    let Gathered { gathering, by, evidence, pathway, provenance } = arguments.gather.gather(&arguments.by, printer, findings, tally)?;
    if reading::refused_by_strict(&arguments.gather.read, findings) {
        return Ok(Ending::strict());
    }
    let parts = ReportParts { gathering: &gathering, by: &by, evidence: evidence.as_ref(), pathway: pathway.as_ref() };
    let closing = Closing { findings, provenance: &provenance };
    let frame = reading::class_frame(write, &closing)?;
    let view = MeetingView::new(parts, frame.audience);
    if let Some(mut sink) = target.sink(SheetLook::named("meeting"))? {
        sink.columns(&view.columns())?;
        for row in view.rows() {
            sink.row(&row)?;
        }
        sink.finish(&closing)?;
    } else {
        target.write_text(&match target.format() {
            Format::Html => meeting_page(&view, parts, frame),
            _ => format!("{}{}", view.render(printer.table_style()), footer(&provenance)),
        })?;
        if target.file().is_none() {
            tally.shown_in_output();
        }
    }
    end(target, &provenance, &count_of(gathering.people().len() as u64, "pupil"))
}
