//! `bandwise report provision`: what became of the goals of each provision.

use std::path::Path;

use anyhow::{Result, bail};
use bandwise::findings::{Findings, count_of};
use bandwise::report::{Closing, ProvisionView, ReportParts, SheetLook, footer, provision_page};
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
pub(crate) struct ProvisionReport {
    #[command(flatten)]
    pub(super) gather: GatherArguments,

    /// Cut by these columns too: `year`, `class`
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    by: Vec<String>,
}

pub(crate) fn run(arguments: &ProvisionReport, printer: &Printer) -> Result<Outcome> {
    arguments.gather.write.audience_of_classes()?;
    if !arguments.gather.has_goals() {
        bail!("provision is named in the goals file, in its column `provision`: add `--goals FILE`");
    }
    arguments.gather.run(printer, |paths, findings, tally| report(arguments, paths, printer, findings, tally))
}

fn report(
    arguments: &ProvisionReport,
    paths: &[&Path],
    printer: &Printer,
    findings: &mut Findings<'_>,
    tally: &mut Tally,
) -> Result<Ending> {
    let write = &arguments.gather.write;
    let target = Target::open(write, paths, Hold::Back)?;
    let Gathered { gathering, by, evidence, pathway, provenance } = arguments.gather.gather(&arguments.by, printer, findings, tally)?;
    if reading::refused_by_strict(&arguments.gather.read, findings) {
        return Ok(Ending::strict());
    }
    let parts = ReportParts { gathering: &gathering, by: &by, evidence: evidence.as_ref(), pathway: pathway.as_ref() };
    let view = ProvisionView::new(parts);
    let closing = Closing { findings, provenance: &provenance };
    if let Some(mut sink) = target.sink(SheetLook::named("provision"))? {
        sink.columns(&view.columns())?;
        for row in view.rows() {
            sink.row(&row)?;
        }
        sink.finish(&closing)?;
    } else {
        target.write_text(&match target.format() {
            Format::Html => provision_page(&view, parts, reading::class_frame(write, &closing)?),
            _ => format!("{}{}", view.render(printer.table_style()), footer(&provenance)),
        })?;
    }
    let goals: usize = gathering.cycles().last().map_or(0, |cycle| cycle.results.len());
    end(target, &provenance, &count_of(goals as u64, "goal"))
}
