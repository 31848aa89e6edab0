//! What a run says: a few lines for each job, one closing table, and the alerts of every job last.

use anyhow::Result;
use bandwise::batch::{Counts, JobRecord};
use bandwise::findings::{Group, count_of, list_and, printable};
use bandwise::report::{ALERT_WORDS, Cell, CsvFlavour, CsvSink, RowSink, plain_table};
use clap::ValueEnum;

use super::work::alerts_of;
use crate::cli::options::FindingsFormat;
use crate::cli::printer::{Alerts, Printer};

/// How the closing table is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people
    #[default]
    Table,
    /// Comma-separated values
    Csv,
    /// A list of JSON objects
    Json,
}

/// What became of a job.
pub(super) enum Mark {
    /// It was done, and why it was to be done.
    Done(String),
    UpToDate,
    /// It was not, and why. Its files are as they were.
    NotDone(String),
    /// It was not, and some of its files could not be put back as they were.
    LeftMixed(String),
}

impl Mark {
    fn words(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::UpToDate => "up to date",
            Self::NotDone(_) | Self::LeftMixed(_) => "not done",
        }
    }

    /// Why it was not done, if it was not.
    pub(super) fn failure(&self) -> Option<&str> {
        match self {
            Self::NotDone(why) | Self::LeftMixed(why) => Some(why),
            Self::Done(_) | Self::UpToDate => None,
        }
    }
}

/// A job of the run.
pub(super) struct Line {
    pub(super) job: String,
    pub(super) mark: Mark,
    /// What there was; none of a job that was not done.
    pub(super) counts: Option<Counts>,
    pub(super) outputs: usize,
    pub(super) alerts: Alerts,
    pub(super) findings: Vec<Group>,
    pub(super) lines: Vec<String>,
    /// Whether the alerts are those of the last time that it was done.
    pub(super) is_old: bool,
}

impl Line {
    /// A job that is up to date says what its record says.
    pub(super) fn take_known(&mut self, known: Option<&JobRecord>) {
        if let Some(known) = known {
            self.counts = Some(known.counts);
            self.outputs = known.outputs.len();
            self.alerts = alerts_of(known);
        }
    }
}

/// What there is to say of one job.
pub(super) fn report(line: &Line, format: FindingsFormat, printer: &Printer) {
    let job = printable(&line.job);
    match &line.mark {
        Mark::Done(why) => printer.say(&format!("{job}: done, because {why}")),
        Mark::UpToDate => {
            let problems = line.counts.map_or(0, |counts| counts.problems);
            let said = if problems == 0 { String::new() } else { format!("; {} as before, in the record", count_of(problems, "problem")) };
            printer.say(&format!("{job}: up to date{said}"));
        }
        Mark::NotDone(why) => printer.say(&format!("{job}: NOT DONE, and its files are as they were: {why}")),
        Mark::LeftMixed(why) => printer.say(&format!("{job}: NOT DONE, and its files do not belong together: {why}")),
    }
    for said in &line.lines {
        printer.say(&format!("  {said}"));
    }
    printer.groups(&line.findings, format);
}

const COLUMNS: [&str; 9] = ["job", "result", "responses", "scored", "flagged", "alerts", "refused cells", "missing pupils", "outputs"];

/// The figures of a line, as far as they are known.
fn figures(line: &Line) -> [Option<u64>; 7] {
    let Some(counts) = line.counts else { return [None, None, None, Some(line.alerts.responses), None, None, Some(0)] };
    let Counts { responses, scored, flagged, refused_cells, missing_pupils, .. } = counts;
    let known = [responses, scored, flagged, line.alerts.responses, refused_cells].map(Some);
    let [responses, scored, flagged, alerts, refused] = known;
    [responses, scored, flagged, alerts, refused, missing_pupils, Some(line.outputs as u64)]
}

/// One line a job.
pub(super) fn closing(lines: &[Line], format: ListFormat, printer: &Printer) -> Result<String> {
    Ok(match format {
        ListFormat::Table => {
            let row = |line: &Line| {
                let figures = figures(line).map(|figure| figure.map_or_else(|| "-".to_owned(), |figure| figure.to_string()));
                [printable(&line.job).into_owned(), line.mark.words().to_owned()].into_iter().chain(figures).collect()
            };
            let table = plain_table(&COLUMNS, lines.iter().map(row), printer.table_style());
            format!("{table}Screening, not diagnosis: what a score can say, and what it cannot, stands in each file.\n")
        }
        ListFormat::Csv => {
            let mut bytes = Vec::new();
            let mut sink = CsvSink::new(&mut bytes, CsvFlavour::Plain)?;
            sink.columns(&COLUMNS.map(|name| name.replace(' ', "_")))?;
            for line in lines {
                let figures = figures(line).map(|figure| Cell::text(figure.map_or_else(String::new, |figure| figure.to_string())));
                let named = [Cell::text(line.job.clone()), Cell::text(line.mark.words().to_owned())];
                sink.row(&named.into_iter().chain(figures).collect::<Vec<_>>())?;
            }
            sink.flush()?;
            drop(sink);
            String::from_utf8(bytes)?
        }
        ListFormat::Json => {
            let entry = |line: &Line| {
                let mut entry = serde_json::Map::new();
                entry.insert("id".to_owned(), line.job.clone().into());
                entry.insert("result".to_owned(), line.mark.words().into());
                for (name, figure) in COLUMNS[2..].iter().zip(figures(line)) {
                    entry.insert(name.replace(' ', "_"), figure.into());
                }
                if let Some(why) = line.mark.failure() {
                    entry.insert("why".to_owned(), why.into());
                }
                serde_json::Value::Object(entry)
            };
            format!("{}\n", serde_json::to_string_pretty(&lines.iter().map(entry).collect::<Vec<_>>())?)
        }
    })
}

/// The last thing that is said: what was not done, then the alerts of every job, those that were up to date too.
pub(super) fn alerts_last(lines: &[Line], printer: &Printer) {
    let failed: Vec<String> =
        lines.iter().filter(|line| line.mark.failure().is_some()).map(|line| format!("`{}`", printable(&line.job))).collect();
    if !failed.is_empty() {
        printer.say(&format!("NOT DONE: {}. Why stands above, and in the record.", list_and(&failed)));
    }
    let total: u64 = lines.iter().map(|line| line.alerts.responses).sum();
    if total == 0 {
        return;
    }
    printer.say(&format!("ALERTS: {}. {ALERT_WORDS}", count_of(total, "response")));
    for line in lines.iter().filter(|line| line.alerts.responses > 0) {
        let since = match (&line.mark, line.is_old) {
            (Mark::UpToDate, _) => " (as before)",
            (_, true) => " (from the last time that it was done)",
            _ => "",
        };
        printer.say(&format!("  {}{since}", printable(&line.job)));
        for alert in &line.alerts.lines {
            printer.say(&format!("    {alert}"));
        }
        let more = line.alerts.responses.saturating_sub(line.alerts.lines.len() as u64);
        if more > 0 {
            printer.say(&format!("    and {more} more, in the `alerts` column of its files"));
        }
    }
}
