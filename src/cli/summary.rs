//! `bandwise summary`: what groups come to, small numbers hidden.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use bandwise::cohort::{Counted, Disclosure, Filter, Published, SchoolYear, Tallies, school_year_of};
use bandwise::findings::{Code, Finding, Findings, Place, did_you_mean, list_and, quoted_list};
use bandwise::matching::{DateOrder, names_a_pupil};
use bandwise::privacy::{Audience, USUAL_LIMIT};
use bandwise::provenance::Provenance;
use bandwise::report::{
    Closing, FilledIn, Frame, SheetLook, SummaryTable, footer, groups_page, hidden_words, summary_cells, summary_columns,
};
use bandwise::scoring::{Layout, Responses, ScoredRow};
use clap::Args;

use super::Outcome;
use super::options::{AudienceWord, Format, Names, ReadArguments, WriteArguments};
use super::printer::Printer;
use super::pupil_options::DatesWord;
use super::reading::{self, Ending};
use super::tally::Tally;

/// Where nobody gave a name, nobody is to be found out.
const ANONYMOUS_LIMIT: u64 = 10;
/// The group column that is read off the date.
const SCHOOL_YEAR: &str = "school-year";

#[derive(Args, Debug)]
pub(crate) struct SummaryArguments {
    /// Files of responses: a header and one row per form; `-` is standard input
    #[arg(required = true, value_name = "RESPONSES")]
    responses: Vec<PathBuf>,

    #[command(flatten)]
    read: ReadArguments,

    #[command(flatten)]
    pub(super) write: WriteArguments,

    /// Cut by these columns: class, year, sex, SEN, provision …; `school-year` is read off the date
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    by: Vec<String>,

    /// Count only these responses: `year=7`, `sen!=none`, `emotional>7`; may be repeated, and then all must hold
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<String>,

    /// Count only the responses of one school year, September to August, by their date: 2025-26
    #[arg(long, value_name = "YEARS")]
    school_year: Option<String>,

    /// Show all numbers: for those who may see the pupils
    #[arg(long, help_heading = "Privacy", conflicts_with_all = ["limit", "anonymous"])]
    internal: bool,

    /// Hide counts below this; 6 unless said otherwise
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=1000), help_heading = "Privacy")]
    limit: Option<u64>,

    /// A survey without names: no id is looked for, counts below 10 are hidden, and two groups are not crossed
    #[arg(long, help_heading = "Privacy", conflicts_with_all = ["pupils", "id", "repeat", "exclude", "hide_names"])]
    anonymous: bool,
}

impl SummaryArguments {
    fn disclosure(&self) -> Result<Disclosure> {
        if self.internal {
            return Ok(Disclosure::Internal);
        }
        let least = if self.anonymous { ANONYMOUS_LIMIT } else { USUAL_LIMIT };
        let limit = self.limit.unwrap_or(least);
        if self.anonymous && limit < ANONYMOUS_LIMIT {
            bail!("`--anonymous` hides counts below {ANONYMOUS_LIMIT}: a lower `--limit` would show who answered what");
        }
        Ok(Disclosure::Others { limit })
    }

    fn dates(&self) -> Option<DateOrder> {
        self.read.pupils.dates.map(DatesWord::order)
    }

    /// The options that shape the output, and which responses are counted, in words.
    fn in_force(&self, disclosure: Disclosure, school_year: Option<SchoolYear>, provenance: &mut Provenance) {
        let limit = match disclosure {
            Disclosure::Internal => None,
            Disclosure::Others { limit } => Some(limit),
        };
        let yes = |asked: bool| asked.then(|| "yes".to_owned());
        let named = [
            ("by", (!self.by.is_empty()).then(|| self.by.join(","))),
            ("where", (!self.conditions.is_empty()).then(|| self.conditions.join(" and "))),
            ("school-year", school_year.map(|year| year.to_string())),
            ("limit", limit.map(|limit| limit.to_string())),
            ("internal", yes(self.internal)),
            ("anonymous", yes(self.anonymous)),
        ];
        provenance.options.extend(named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        let mut only: Vec<String> = self.conditions.iter().map(|condition| format!("with {condition}")).collect();
        only.extend(school_year.map(|year| format!("of the school year {year}")));
        if !only.is_empty() {
            provenance.notices.insert(0, format!("Only responses {} are counted.", list_and(&only)));
        }
        if self.internal {
            provenance.notices.push("All numbers are shown: for those who may see the pupils.".to_owned());
        }
    }
}

pub(crate) fn run(arguments: &SummaryArguments, printer: &Printer) -> Result<Outcome> {
    let disclosure = arguments.disclosure()?;
    match arguments.write.audience.map(AudienceWord::audience) {
        Some(Audience::Parent) => bail!("a summary is of groups: a page for a parent is about one child"),
        Some(Audience::Governors) if arguments.internal => bail!("`--internal` shows small numbers: leave it out for governors"),
        _ => {}
    }
    if arguments.by.len() > 1 && arguments.anonymous {
        bail!("`--anonymous` does not cross groups: class and sex together come down to a few people. Ask for one column at a time");
    }
    if arguments.by.len() > 2 && !arguments.internal {
        bail!(
            "more than two group columns come down to a few pupils each: name one or two, or add `--internal` for those who may see the pupils"
        );
    }
    let mut read = arguments.read.clone();
    if arguments.anonymous {
        read.names = Names::Anonymous;
    }
    reading::read(&read, &arguments.write, &arguments.responses, printer, |responses, inputs, findings, tally| {
        if arguments.anonymous {
            tally.name_nobody();
            findings.leave_out_rows();
        }
        sum_up(arguments, disclosure, responses, inputs, printer, findings, tally)
    })
}

fn sum_up(
    arguments: &SummaryArguments,
    disclosure: Disclosure,
    mut responses: Responses,
    inputs: &[&Path],
    printer: &Printer,
    findings: &mut Findings<'_>,
    tally: &mut Tally,
) -> Result<Ending> {
    let (target, mut provenance) = reading::begin(&arguments.read, &arguments.write, &responses, inputs)?;
    let school_year = arguments.school_year.as_deref().map(SchoolYear::parse).transpose()?;
    arguments.in_force(disclosure, school_year, &mut provenance);
    let filter = Filter::new(responses.layout(), &arguments.conditions, school_year, arguments.dates())?;
    let columns: Vec<GroupColumn> = arguments.by.iter().map(|name| GroupColumn::find(responses.layout(), name)).collect::<Result<_>>()?;
    let mut tallies = Tallies::new(responses.layout(), columns.iter().map(|column| column.name.clone()).collect());
    let mut filled = FilledIn::new(responses.layout());
    while let Some(batch) = responses.next_batch(findings)? {
        let layout = responses.layout();
        for row in batch.rows(layout) {
            if !tally.add(&row, layout.forms().len()) {
                continue;
            }
            match filter.counts(&row)? {
                Counted::Yes => {}
                Counted::No => continue,
                Counted::NoDate => {
                    findings.push(no_date(&row));
                    continue;
                }
            }
            let cells: Vec<String> = columns.iter().map(|column| column.cell(&row, arguments.dates())).collect::<Result<_>>()?;
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            tallies.add(layout, &row, &cells)?;
            filled.add(layout, &row);
        }
    }
    provenance.inputs = reading::used(&responses);
    if reading::refused_by_strict(&arguments.read, findings) {
        return Ok(Ending::strict());
    }
    let published = Published::new(&tallies.summary()?, disclosure)?;
    if let (Disclosure::Others { limit }, true) = (disclosure, published.hides_any()) {
        provenance.notices.push(hidden_words(limit));
    }
    let layout = responses.layout();
    if let Some(mut sink) = target.sink(SheetLook::named("summary"))? {
        sink.columns(&summary_columns(layout, &published))?;
        for row in &published.rows {
            sink.row(&summary_cells(layout, &published, row))?;
        }
        sink.finish(&Closing { findings, provenance: &provenance })?;
    } else {
        target.write_text(&if target.format() == Format::Html {
            let closing = Closing { findings, provenance: &provenance };
            let audience = if arguments.internal { Audience::Senco } else { Audience::Governors };
            let filled = if arguments.internal { filled } else { filled.without_names() };
            groups_page(layout, &published, &filled, Frame { title: arguments.write.title.as_deref(), audience, closing: &closing })
        } else {
            let table = SummaryTable { layout, published: &published, style: printer.table_style() };
            format!("{}{}", table.render(), footer(&provenance))
        })?;
    }
    let (file, format) = (target.file().map(Path::to_owned), target.format());
    target.commit(&provenance)?;
    let mut lines = Vec::new();
    if format != Format::Table || file.is_some() {
        lines.clone_from(&provenance.notices);
    }
    lines.extend(file.map(|file| format!("The summary was written to `{}`", file.display())));
    Ok(Ending { outcome: Outcome::Done, lines })
}

fn no_date(row: &ScoredRow<'_>) -> Finding {
    let place = Place::Row { file: row.file().into(), row: row.row(), column: None };
    let message = "the date of this response cannot be read, so nobody knows of which school year it is: it is not counted";
    Finding::new(Code::R014, place, message).help("write dates as year-month-day: 2026-09-25")
}

/// A column that groups are cut by.
struct GroupColumn {
    name: String,
    source: GroupSource,
}

enum GroupSource {
    Carried(usize),
    SchoolYear,
}

impl GroupColumn {
    fn find(layout: &Layout, written: &str) -> Result<Self> {
        let name = written.trim();
        let Some(place) = layout.carried_position(name) else {
            if name == SCHOOL_YEAR && layout.says_date() {
                return Ok(Self { name: name.to_owned(), source: GroupSource::SchoolYear });
            }
            if name == SCHOOL_YEAR {
                bail!("`--by {SCHOOL_YEAR}` needs the date of each form: name its column with `--date COLUMN`");
            }
            let known: Vec<&str> = layout.carried().iter().map(|name| &**name).collect();
            let near = did_you_mean(name, known.iter().copied());
            let help = near.map_or_else(|| format!("there are {}", quoted_list(&known, 30)), |near| format!("did you mean `{near}`?"));
            bail!("no file has a column `{name}` to cut groups by: {help}");
        };
        let name = layout.carried().get(place).map_or("", |name| &**name);
        if layout.is_pupil_column(place) || names_a_pupil(name) {
            bail!("`{name}` says which pupil it is: a summary is of groups. `bandwise score` lists the pupils");
        }
        Ok(Self { name: name.to_owned(), source: GroupSource::Carried(place) })
    }

    fn cell(&self, row: &ScoredRow<'_>, dates: Option<DateOrder>) -> Result<String> {
        Ok(match self.source {
            GroupSource::Carried(place) => row.carried_at(place).into_owned(),
            GroupSource::SchoolYear => school_year_of(row, dates)?.map_or_else(String::new, |year| year.to_string()),
        })
    }
}
