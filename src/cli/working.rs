//! `bandwise working`: how one pupil's answers became scores, question by question.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use bandwise::entry::Working;
use bandwise::findings::{Finding, Findings, Observer, Place, count_of, printable};
use bandwise::report::{Closing, FilledIn, SheetLook, footer, working_columns, working_html, working_page, working_rows};
use bandwise::scoring::{Responses, ScoredBatch};
use clap::Args;

use super::Outcome;
use super::options::{Format, ReadArguments, WriteArguments};
use super::printer::Printer;
use super::reading::{self, Ending};
use super::tally::Tally;

#[derive(Args, Debug)]
pub(crate) struct WorkingArguments {
    /// Files of responses: a header and one row per form; `-` is standard input
    #[arg(required = true, value_name = "RESPONSES")]
    responses: Vec<PathBuf>,

    /// The pupil, as the file names them; `"row 7"` where it does not
    #[arg(long, value_name = "ID")]
    pupil: String,

    #[command(flatten)]
    read: ReadArguments,

    #[command(flatten)]
    write: WriteArguments,
}

pub(crate) fn run(arguments: &WorkingArguments, printer: &Printer) -> Result<Outcome> {
    arguments.write.audience_of_answers()?;
    reading::read(&arguments.read, &arguments.write, &arguments.responses, printer, |responses, inputs, findings, tally| {
        work(arguments, responses, inputs, printer, findings, tally)
    })
}

/// Findings, held until it is known which rows are the pupil's: what stands in another pupil's row is not for this page.
#[derive(Default)]
struct Held(Vec<Finding>);

impl Observer for Held {
    fn observe(&mut self, finding: &Finding) {
        self.0.push(finding.clone());
    }
}

/// The pupil's rows, and what is known of the others.
#[derive(Default)]
struct Found {
    workings: Vec<Working>,
    rows: Vec<(String, u64)>,
    others_with_alerts: u64,
    filled: FilledIn,
}

impl Found {
    fn add(&mut self, arguments: &WorkingArguments, responses: &Responses, batch: &ScoredBatch, tally: &mut Tally) {
        let layout = responses.layout();
        let forms = layout.forms().len();
        for row in batch.rows(layout) {
            if row.is_about(&arguments.pupil) {
                self.rows.push((row.file().to_owned(), row.row()));
                self.filled.add(layout, &row);
                if tally.add(&row, forms) {
                    self.workings.extend((0..forms).filter_map(|form| Working::new(layout, &row, form)));
                }
            } else {
                tally.responses += u64::from(!row.is_left_out());
                self.others_with_alerts += u64::from((0..forms).any(|form| row.alerts(form).next().is_some()));
            }
        }
    }

    /// Whether a finding is about the pupil, or about the file as a whole.
    fn is_concerned(&self, finding: &Finding) -> bool {
        match &finding.place {
            Place::Row { file, row, .. } => self.rows.iter().any(|(own_file, own_row)| **own_file == **file && own_row == row),
            Place::File(_) | Place::Header { .. } | Place::Definition { .. } => true,
        }
    }
}

fn work(
    arguments: &WorkingArguments,
    mut responses: Responses,
    inputs: &[&Path],
    printer: &Printer,
    findings: &mut Findings<'_>,
    tally: &mut Tally,
) -> Result<Ending> {
    let (target, mut provenance) = reading::begin(&arguments.read, &arguments.write, &responses, inputs)?;
    let mut found = Found { filled: FilledIn::new(responses.layout()), ..Found::default() };
    loop {
        let mut seen = Held::default();
        let batch = responses.next_batch(&mut Findings::watched_by(&mut seen));
        if let Ok(Some(batch)) = &batch {
            found.add(arguments, &responses, batch, tally);
        }
        findings.extend(seen.0.into_iter().filter(|finding| found.is_concerned(finding)));
        if batch?.is_none() {
            break;
        }
    }
    provenance.inputs = reading::used(&responses);
    let layout = responses.layout();
    let Some(first) = found.workings.first() else {
        let pupil = printable(&arguments.pupil);
        let read = count_of(tally.responses, "response");
        if layout.says_pupil() {
            bail!("none of {read} is about pupil `{pupil}`: an id is compared letter by letter, and its noughts count");
        }
        bail!(
            "none of {read} is about pupil `{pupil}`: the file names nobody, so say which row, `--pupil \"row 7\"`, or name the column with `--id`"
        );
    };
    provenance.options.insert("pupil".to_owned(), first.pupil.clone());
    for working in &found.workings {
        if let Some(scale) = working.disagreement() {
            let instrument = layout.forms().get(working.form).map(bandwise::scoring::Form::instrument);
            let scale = instrument.and_then(|instrument| instrument.scales.get(scale.scale)).map_or("", |scale| &*scale.id);
            bail!(
                "the working of `{scale}` in row {} does not come to its score: this is a mistake of bandwise, please report it",
                working.row
            );
        }
    }
    if reading::refused_by_strict(&arguments.read, findings) {
        return Ok(Ending::strict());
    }
    if let Some(mut sink) = target.sink(SheetLook::named("working"))? {
        sink.columns(&working_columns())?;
        for working in &found.workings {
            for cells in working_rows(layout, working) {
                sink.row(&cells)?;
            }
        }
        sink.finish(&Closing { findings, provenance: &provenance })?;
    } else {
        target.write_text(&if target.format() == Format::Html {
            working_html(
                layout,
                &found.workings,
                &found.filled,
                reading::answers_frame(&arguments.write, &Closing { findings, provenance: &provenance })?,
            )
        } else {
            let pages: Vec<String> = found.workings.iter().map(|working| working_page(layout, working, printer.table_style())).collect();
            format!("{}{}", pages.concat(), footer(&provenance))
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
    if found.others_with_alerts > 0 {
        let others = count_of(found.others_with_alerts, "other response");
        lines.push(format!(
            "{others} of the file {} an alert: `bandwise flag` lists them.",
            if found.others_with_alerts == 1 { "has" } else { "have" }
        ));
    }
    lines.extend(
        file.map(|file| format!("the working of {} written to `{}`", count_of(found.rows.len() as u64, "response"), file.display())),
    );
    Ok(Ending { outcome: Outcome::Done, lines })
}
