//! `bandwise goals`: before the support starts, are the goals within reach, and large enough to be seen?

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use bandwise::change::goals::{GasScore, GoalResult, GoalsFile};
use bandwise::change::{Bases, RowContext, TimePoint};
use bandwise::cohort::goal_realism;
use bandwise::findings::{Findings, count_of};
use bandwise::report::{
    Cell, Closing, FilledIn, GAS_COLUMNS, RowSink, SheetLook, footer, gas_cells, goal_cells, goal_columns, realism_cells, realism_columns,
    realism_list, realism_page,
};
use bandwise::scoring::Responses;
use clap::Args;

use super::Outcome;
use super::change_options::ChangeArguments;
use super::options::{Format, ReadArguments, WriteArguments};
use super::printer::Printer;
use super::reading::{self, Ending};
use super::tally::Tally;
use super::target::{Hold, Target};

#[derive(Args, Debug)]
pub(crate) struct GoalsArguments {
    /// The responses at baseline; `-` is standard input
    #[arg(required = true, value_name = "BASELINE")]
    baseline: PathBuf,

    /// The goals: a CSV file with one row a goal
    #[arg(long, value_name = "FILE")]
    goals: PathBuf,

    #[command(flatten)]
    read: ReadArguments,

    #[command(flatten)]
    pub(super) write: WriteArguments,

    #[command(flatten)]
    change: ChangeArguments,
}

pub(crate) fn run(arguments: &GoalsArguments, printer: &Printer) -> Result<Outcome> {
    arguments.write.audience_of_classes()?;
    let paths = std::slice::from_ref(&arguments.baseline);
    reading::read(&arguments.read, &arguments.write, paths, printer, |responses, inputs, findings, tally| {
        check(arguments, responses, inputs, printer, findings, tally)
    })
}

fn check(
    arguments: &GoalsArguments,
    mut responses: Responses,
    inputs: &[&Path],
    printer: &Printer,
    findings: &mut Findings<'_>,
    tally: &mut Tally,
) -> Result<Ending> {
    if responses.layout().forms().len() > 1 {
        bail!("goals are about the scales of one form: name it with `-i`, and the others in runs of their own");
    }
    let mut inputs = inputs.to_vec();
    inputs.push(&arguments.goals);
    let target = Target::open(&arguments.write, &inputs, Hold::Back)?;
    let mut provenance = reading::provenance(&arguments.read, &responses, arguments.write.stamp);
    arguments.change.in_force(&mut provenance);
    let mut baseline = TimePoint::new(responses.layout(), 0);
    let mut filled = FilledIn::new(responses.layout());
    while let Some(batch) = responses.next_batch(findings)? {
        let layout = responses.layout();
        for row in batch.rows(layout) {
            if !tally.add(&row, 1) {
                continue;
            }
            baseline.add(layout, &row, RowContext::default());
            filled.add(layout, &row);
        }
    }
    provenance.inputs = reading::used(&responses);
    let form = reading::first_form(responses)?;
    let bases = Bases::new(form.instrument(), &arguments.change.options()?, |_| None)?;
    let file = reading::goals(&arguments.goals, &arguments.read, &form, printer, findings)?;
    provenance.inputs.push(file.used.clone());
    let checks = goal_realism(&baseline, &file, &form, &bases, findings);
    if reading::refused_by_strict(&arguments.read, findings) {
        return Ok(Ending::strict());
    }
    if let Some(mut sink) = target.sink(SheetLook::named("goals"))? {
        sink.section("goals");
        sink.columns(&realism_columns(&file))?;
        for row in realism_cells(&file, &checks) {
            sink.row(&row)?;
        }
        sink.finish(&Closing { findings, provenance: &provenance })?;
    } else {
        target.write_text(&if target.format() == Format::Html {
            realism_page(
                &form,
                &filled,
                &file,
                &checks,
                reading::class_frame(&arguments.write, &Closing { findings, provenance: &provenance })?,
            )
        } else {
            format!("{}{}", realism_list(&file, &checks, printer.table_style()), footer(&provenance))
        })?;
    }
    let (path, format) = (target.file().map(Path::to_owned), target.format());
    target.commit(&provenance)?;
    let mut lines = if format == Format::Table { Vec::new() } else { provenance.notices.clone() };
    lines.extend(path.map(|path| format!("{} written to `{}`", count_of(checks.len() as u64, "goal"), path.display())));
    Ok(Ending { outcome: Outcome::Done, lines })
}

/// The goals with what became of them.
pub(crate) struct Goals {
    pub(crate) file: GoalsFile,
    pub(crate) results: Vec<GoalResult>,
    pub(crate) gas: Vec<GasScore>,
}

/// A list of rows that is written as a whole.
pub(crate) struct Part<'g> {
    columns: Vec<String>,
    rows: Vec<Vec<Cell<'g>>>,
}

impl Part<'_> {
    pub(crate) fn write(&self, sink: &mut dyn RowSink) -> Result<()> {
        sink.columns(&self.columns)?;
        for row in &self.rows {
            sink.row(row)?;
        }
        Ok(())
    }
}

impl Goals {
    /// The goals, then the T scores of those pupils who have GAS goals.
    pub(crate) fn parts(&self) -> Vec<(&'static str, Part<'_>)> {
        let mut parts = vec![("goals", Part { columns: goal_columns(&self.file), rows: goal_cells(&self.file, &self.results) })];
        if !self.gas.is_empty() {
            parts.push(("gas", Part { columns: GAS_COLUMNS.map(str::to_owned).to_vec(), rows: gas_cells(&self.gas) }));
        }
        parts
    }

    pub(crate) fn write(&self, sink: &mut dyn RowSink) -> Result<()> {
        for (name, part) in self.parts() {
            sink.section(name);
            part.write(sink)?;
        }
        Ok(())
    }
}
