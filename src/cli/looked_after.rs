//! `bandwise looked-after`: carers' SDQ totals for the return on looked-after children.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bandwise::entry::{LOOKED_AFTER_COLUMNS, LookedAfter, LookedAfterLine, REASONS_FOR_NO_SCORE};
use bandwise::findings::{Findings, count_of, quoted_list};
use bandwise::matching::ListColumn;
use bandwise::report::{Cell, Closing, SheetLook};
use bandwise::scoring::Responses;
use clap::Args;

use super::Outcome;
use super::options::{ReadArguments, WriteArguments};
use super::printer::Printer;
use super::reading::{self, Ending};
use super::tally::Tally;
use super::target::{Hold, Target};

const AFTER_HELP: &str = "\
Columns: CHILD, DOB, SDQ_SCORE, SDQ_REASON. They are the columns of SSDA903 (file OC2) about the SDQ, and not the whole record: the
authority adds the others. CHILD is what the pupil list calls the child, DOB stands as in the list.
SDQ_REASON is SDQ1 where there is no score and the child is under 4 or over 16 on the day of --on. Otherwise it is empty, for a person to
fill in: SDQ2 the carer refused, SDQ3 the child's disability, SDQ4 another reason, SDQ5 the child refused.

Example:
  bandwise looked-after carers.csv -i sdq-p4-17 --pupils list.csv --on 2027-03-31 -o sdq-return.csv";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct LookedAfterArguments {
    /// Files of carers' responses: a header and one row per form; `-` is standard input
    #[arg(required = true, value_name = "RESPONSES")]
    responses: Vec<PathBuf>,

    #[command(flatten)]
    read: ReadArguments,

    #[command(flatten)]
    write: WriteArguments,
}

pub(crate) fn run(arguments: &LookedAfterArguments, printer: &Printer) -> Result<Outcome> {
    if arguments.read.pupils.pupils.is_none() {
        bail!("who is looked after is said by a pupil list: name it with `--pupils FILE`");
    }
    if arguments.read.hide_names {
        bail!("a return says which child each score is of: leave out `--hide-names`");
    }
    reading::read(&arguments.read, &arguments.write, &arguments.responses, printer, |responses, inputs, findings, tally| {
        export(arguments, responses, inputs, findings, tally)
    })
}

fn export(
    arguments: &LookedAfterArguments,
    mut responses: Responses,
    inputs: &[&Path],
    findings: &mut Findings<'_>,
    tally: &mut Tally,
) -> Result<Ending> {
    let on = arguments.read.pupils.on.context("the age of a child without a score is that on a day: say it with `--on 2027-03-31`")?;
    let pupils = responses.roster().map_or(0, |roster| roster.list().pupils.len());
    let form = match responses.layout().forms() {
        [only] => only.instrument(),
        _ => bail!("the return has one score a child: name one form with `-i sdq-p4-17`"),
    };
    let Some(mut totals) = LookedAfter::new(form, pupils) else {
        bail!("the return is about the SDQ that a carer filled in for a child of 4 to 16: `-i sdq-p4-17`, not `{}`", form.id);
    };
    let target = Target::open(&arguments.write, inputs, Hold::Back)?;
    let Some(mut sink) = target.sink(SheetLook::named("looked-after"))? else {
        bail!("a return is a file of rows: write one with `-o FILE.csv`, or say `--format csv`");
    };
    let mut provenance = reading::provenance(&arguments.read, &responses, arguments.write.stamp);
    let mut nobodys = 0;
    while let Some(batch) = responses.next_batch(findings)? {
        let layout = responses.layout();
        for row in batch.rows(layout) {
            if tally.add(&row, 1) {
                nobodys += u64::from(!totals.add(layout, &row));
            }
        }
    }
    provenance.inputs = reading::used(&responses);
    if reading::refused_by_strict(&arguments.read, findings) {
        return Ok(Ending::strict());
    }
    let list = responses.roster().map(bandwise::matching::Roster::list).context("the pupil list was not read")?;
    let lines = totals.lines(list, on);
    sink.columns(&LOOKED_AFTER_COLUMNS.map(str::to_owned))?;
    for line in &lines {
        sink.row(&[
            Cell::text(line.child.as_str()),
            Cell::text(line.birth.as_str()),
            line.score.map_or(Cell::Empty, Cell::Number),
            line.reason.map_or(Cell::Empty, Cell::text),
        ])?;
    }
    sink.finish(&Closing { findings, provenance: &provenance })?;
    drop(sink);
    let mut said = said(&lines, nobodys);
    if !list.columns.contains_key(&ListColumn::LookedAfter) {
        said.push("The list has no column that says who is looked after: all of its pupils were taken.".to_owned());
    }
    let unclear = LookedAfter::unclear(list);
    if !unclear.is_empty() {
        said.push(format!("Left out, because the list says neither yes nor no of them: {}.", quoted_list(&unclear, 8)));
    }
    let file = target.file().map(Path::to_owned);
    target.commit(&provenance)?;
    said.extend(file.map(|file| format!("{} written to `{}`", count_of(lines.len() as u64, "line"), file.display())));
    Ok(Ending { outcome: Outcome::Done, lines: said })
}

/// What a person still has to do.
fn said(lines: &[LookedAfterLine], nobodys: u64) -> Vec<String> {
    let mut said = Vec::new();
    let open = lines.iter().filter(|line| line.score.is_none() && line.reason.is_none() && line.totals == 0).count() as u64;
    let several: Vec<&str> = lines.iter().filter(|line| line.totals > 1).map(|line| line.child.as_str()).collect();
    if open > 0 {
        let reasons: Vec<String> = REASONS_FOR_NO_SCORE.iter().map(|(code, words)| format!("{code} {words}")).collect();
        said.push(format!("{} without a score and without a reason, to be filled in: {}.", count_of(open, "line"), reasons.join("; ")));
    }
    if !several.is_empty() {
        said.push(format!(
            "More than one total, so none was taken: {}. Say which counts with `--repeat latest` or `--repeat first`.",
            quoted_list(&several, 8)
        ));
    }
    if nobodys > 0 {
        said.push(format!("{} of nobody on the list: the findings say which.", count_of(nobodys, "response")));
    }
    said
}
