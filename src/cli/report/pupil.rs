//! `bandwise report pupil`: one pupil on a page, for a review or a referral; or a few lines of text to paste.

use std::path::Path;

use anyhow::{Result, bail};
use bandwise::findings::{Findings, count_of, printable};
use bandwise::privacy::Audience;
use bandwise::report::{Closing, Frame, PupilView, ReportParts, footer, pupil_page};
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
pub(crate) struct PupilReport {
    #[command(flatten)]
    pub(super) gather: GatherArguments,

    /// The pupil, as the files or the pupil list call them; may be repeated. Without it, a sheet for every pupil
    #[arg(long, value_name = "ID")]
    pupil: Vec<String>,

    /// Columns that are shown beside the name: `class`, `year`
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    by: Vec<String>,
}

pub(crate) fn run(arguments: &PupilReport, printer: &Printer) -> Result<Outcome> {
    match arguments.gather.write.audience.unwrap_or_default().audience() {
        Audience::Governors => bail!("governors read of no pupil: `bandwise summary … --by class -o page.html`"),
        Audience::Parent if arguments.pupil.len() != 1 => bail!("a page for a parent is about one child: name the pupil with `--pupil ID`"),
        Audience::Senco | Audience::Staff | Audience::Parent => {}
    }
    arguments.gather.run(printer, |paths, findings, tally| report(arguments, paths, printer, findings, tally))
}

fn report(arguments: &PupilReport, paths: &[&Path], printer: &Printer, findings: &mut Findings<'_>, tally: &mut Tally) -> Result<Ending> {
    let write = &arguments.gather.write;
    let target = Target::open(write, paths, Hold::Back)?;
    if !matches!(target.format(), Format::Html | Format::Table) {
        bail!("a report on pupils is a page (.html) or a text (.txt); rows come from `score`, `compare` and `report provision`");
    }
    let Gathered { gathering, by, evidence, pathway, mut provenance } = arguments.gather.gather(&arguments.by, printer, findings, tally)?;
    let key = reading::key(&arguments.gather.read, printer)?;
    let mut people = Vec::new();
    for id in &arguments.pupil {
        // Where names are hidden the pupil is asked for by the id that the files have.
        let coded = key.as_ref().map(|key| key.code(id));
        let Some(person) = gathering.person(id).or_else(|| gathering.person(&coded?)) else {
            bail!("no pupil `{}` is in these files: an id is compared letter by letter, and its noughts count", printable(id))
        };
        people.push(person);
    }
    if arguments.pupil.is_empty() {
        people.extend(gathering.people());
    } else {
        let ids: Vec<&str> = people.iter().map(|person| person.id.as_str()).collect();
        provenance.options.insert("pupil".to_owned(), ids.join(","));
    }
    if reading::refused_by_strict(&arguments.gather.read, findings) {
        return Ok(Ending::strict());
    }
    let audience = write.audience.unwrap_or_default().audience();
    let parts = ReportParts { gathering: &gathering, by: &by, evidence: evidence.as_ref(), pathway: pathway.as_ref() };
    let views: Vec<PupilView<'_>> = people.into_iter().map(|person| PupilView::new(parts, person, audience)).collect();
    let closing = Closing { findings, provenance: &provenance };
    target.write_text(&match target.format() {
        Format::Html => pupil_page(parts, &views, Frame { title: write.title.as_deref(), audience, closing: &closing }),
        _ => format!("{}{}", views.iter().map(PupilView::render).collect::<String>(), footer(&provenance)),
    })?;
    end(target, &provenance, &count_of(views.len() as u64, "pupil"))
}
