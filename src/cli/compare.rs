//! `bandwise compare`: baseline and review, pupil by pupil and for the group.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use bandwise::change::goals::gas_scores;
use bandwise::change::{Comparison, TimePoint, TimeResponses, TimeWork};
use bandwise::cohort::{Disclosure, Times, Together, TogetherError, check_forms, pairing_words};
use bandwise::findings::{Code, Finding, Findings, Place, count_of};
use bandwise::input::Input;
use bandwise::matching::Role;
use bandwise::provenance::Provenance;
use bandwise::report::{
    AddedValue, ChangeColumns, ChangeLines, ChangeView, Closing, RowSink, SheetLook, compared_scales, comparison_page, footer, goal_list,
};
use bandwise::scoring::{Counted, Duplicates, Form, Responses, Threads};
use clap::Args;

use super::Outcome;
use super::change_options::ChangeArguments;
use super::goals::Goals;
use super::group_columns::GroupColumns;
use super::group_figures::{GroupArguments, Groups};
use super::options::{Format, ReadArguments, WriteArguments};
use super::printer::Printer;
use super::reading::{self, Ending};
use super::tally::Tally;
use super::target::{Beside, FlavouredCsv, Hold, Target};

#[derive(Args, Debug)]
pub(crate) struct CompareArguments {
    /// The baseline, then the review; one file of both with `--time COLUMN=first,second`
    #[arg(required = true, num_args = 1..=2, value_names = ["BASELINE", "REVIEW"])]
    files: Vec<PathBuf>,

    #[command(flatten)]
    read: ReadArguments,

    #[command(flatten)]
    pub(super) write: WriteArguments,

    #[command(flatten)]
    change: ChangeArguments,

    /// The goals to judge: a CSV file with one row a goal
    #[arg(long, value_name = "FILE")]
    goals: Option<PathBuf>,

    #[command(flatten)]
    groups: GroupArguments,

    /// Beside a comparison group: COLUMN=VALUE, where VALUE marks the pupils without the provision
    #[arg(long, value_name = "COLUMN=VALUE")]
    comparison: Option<String>,

    /// The SDQ's added value (parent form, thirty children or more, not for whole classes)
    #[arg(long)]
    added_value: bool,
}

impl CompareArguments {
    /// The options that shape the output, for the provenance.
    fn in_force(&self, disclosure: Option<Disclosure>, provenance: &mut Provenance) {
        let named = [("comparison", self.comparison.clone()), ("added-value", self.added_value.then(|| "yes".to_owned()))];
        provenance.options.extend(named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        self.groups.in_force(disclosure, provenance);
    }
}

pub(crate) fn run(arguments: &CompareArguments, printer: &Printer) -> Result<Outcome> {
    arguments.write.audience_of_classes()?;
    let inputs = reading::inputs(&arguments.files)?;
    if inputs.len() != arguments.files.len() {
        bail!("name the baseline and the review one by one: the order of a pattern's files would be a guess");
    }
    if let [baseline, review] = arguments.files.as_slice()
        && same_file::is_same_file(baseline, review).unwrap_or(false)
    {
        bail!("baseline and review are the same file");
    }
    reading::with_findings(&arguments.read, &arguments.write, &inputs, printer, |paths, findings, tally| {
        compare(arguments, &inputs, paths, printer, findings, tally)
    })
}

/// The two times as they were read, and what goes with them.
struct Both {
    times: Times,
    form: Form,
    provenance: Provenance,
}

fn compare(
    arguments: &CompareArguments,
    inputs: &[Input],
    paths: &[&Path],
    printer: &Printer,
    findings: &mut Findings<'_>,
    tally: &mut Tally,
) -> Result<Ending> {
    // The goals are an input too: no output may replace them.
    let inputs_read: Vec<&Path> = paths.iter().copied().chain(arguments.goals.as_deref()).collect();
    // The first line is written when everything was read and judged: there is nothing to hold back.
    let target = Target::open(&arguments.write, &inputs_read, Hold::Nothing)?;
    let disclosure = arguments.groups.disclosure(&arguments.read, &target)?;
    let mut beside = Beside::new(&inputs_read);
    let Both { times, form, mut provenance } = both(arguments, inputs, printer, findings, tally)?;
    arguments.change.in_force(&mut provenance);
    arguments.in_force(disclosure, &mut provenance);
    let together = Together::new(times, &form, &arguments.change.options()?, arguments.read.pupils.repeat_between_times(), findings)?;
    let goals = goals(arguments, &together, &form, printer, findings)?;
    provenance.inputs.extend(goals.iter().map(|goals| goals.file.used.clone()));
    if reading::refused_by_strict(&arguments.read, findings) {
        return Ok(Ending::strict());
    }
    let format = target.format();
    let sink = match target.csv()? {
        Some(csv) => Some(Changes::Csv(csv, arguments.read.threads())),
        None => target.sink(SheetLook::changes(&form))?.map(Changes::Rows),
    };
    if let Some(sink) = sink {
        if arguments.comparison.is_some() || arguments.added_value {
            bail!("`--comparison` and `--added-value` are shown on the page only: leave out `-o` and `--format`, or write to a .txt file");
        }
        let groups = Groups::new(&arguments.groups, disclosure, &form, &together, &mut provenance)?;
        let closing = Closing { findings, provenance: &provenance };
        write_rows((&form, &together, goals.as_ref()), groups.as_ref(), sink, (&target, &mut beside), &closing)?;
    } else {
        let comparison = comparison(arguments)?;
        let view = ChangeView {
            form: &form,
            together: &together,
            by: &arguments.groups.by,
            comparison: comparison.as_ref().map(|(column, value)| (arguments.groups.by.len(), column.as_str(), value.as_str())),
            added_value: if arguments.added_value { AddedValue::AskedFor } else { AddedValue::No },
            detail: arguments.groups.detail(),
        };
        let goals = goals.as_ref().map(|goals| (&goals.file, goals.results.as_slice(), goals.gas.as_slice()));
        let style = printer.table_style();
        target.write_text(&if format == Format::Html {
            comparison_page(view, goals, reading::class_frame(&arguments.write, &Closing { findings, provenance: &provenance })?)?
        } else {
            let goals = goals.map_or_else(String::new, |(file, results, gas)| goal_list(file, results, gas, style));
            format!("{}{goals}{}", view.render(style)?, footer(&provenance))
        })?;
        if target.file().is_none() {
            tally.shown_in_output();
        }
    }
    let file = target.file().map(Path::to_owned);
    beside.commit(&provenance)?;
    target.commit(&provenance)?;
    let mut lines = Vec::new();
    if format != Format::Table || file.is_some() {
        lines.push(format!("{}.", pairing_words(&together)));
        lines.extend(provenance.notices.iter().cloned());
    }
    lines.extend(file.map(|file| format!("{} written to `{}`", count_of(together.pairs().len() as u64, "pair"), file.display())));
    Ok(Ending { outcome: Outcome::Done, lines })
}

/// So many pairs are written down by one thread at a time.
const PAIRS_AT_ONCE: usize = 2_000;

/// Writes changes, goals and the group: into one document, or into a file each.
fn write_rows(
    (form, together, goals): (&Form, &Together, Option<&Goals>),
    groups: Option<&Groups<'_>>,
    sink: Changes,
    (target, beside): (&Target, &mut Beside<'_>),
    closing: &Closing<'_, '_>,
) -> Result<()> {
    let mut sink = write_changes(sink, form, together)?;
    if matches!(target.format(), Format::Json | Format::Xlsx) {
        if let Some(goals) = goals {
            goals.write(&mut *sink)?;
        }
        if let Some(groups) = groups {
            sink.section("group");
            groups.write(&mut *sink, form, together)?;
        }
        return Ok(sink.finish(closing)?);
    }
    for (what, part) in goals.map(Goals::parts).into_iter().flatten() {
        if let Some(mut sink) = beside.sink(target, what)? {
            part.write(&mut *sink)?;
            sink.finish(closing)?;
        }
    }
    if let Some(groups) = groups
        && let Some(mut sink) = beside.sink(target, "group")?
    {
        groups.write(&mut *sink, form, together)?;
        sink.finish(closing)?;
    }
    Ok(sink.finish(closing)?)
}

/// The comparison group's column and value.
fn comparison(arguments: &CompareArguments) -> Result<Option<(String, String)>> {
    let Some(written) = &arguments.comparison else { return Ok(None) };
    let (column, value) = written.split_once('=').with_context(|| format!("`--comparison {written}` should be COLUMN=VALUE"))?;
    Ok(Some((column.trim().to_owned(), value.trim().to_owned())))
}

/// The columns that are kept of each response: those that groups are cut by, then the comparison group's.
fn group_names(arguments: &CompareArguments) -> Result<Vec<String>> {
    let mut names = arguments.groups.by.clone();
    names.extend(comparison(arguments)?.map(|(column, _)| column));
    Ok(names)
}

fn goals(
    arguments: &CompareArguments,
    together: &Together,
    form: &Form,
    printer: &Printer,
    findings: &mut Findings<'_>,
) -> Result<Option<Goals>> {
    let on = arguments.read.pupils.on;
    let Some(path) = &arguments.goals else { return Ok(None) };
    let file = reading::goals(path, &arguments.read, form, printer, findings)?;
    let results = together.goal_results(&file, form, on, findings);
    let gas = gas_scores(&file.goals);
    Ok(Some(Goals { file, results, gas }))
}

/// Where the changes go.
enum Changes {
    /// Lines of CSV are made by several threads.
    Csv(FlavouredCsv, Threads),
    Rows(Box<dyn RowSink>),
}

fn write_changes(changes: Changes, form: &Form, together: &Together) -> Result<Box<dyn RowSink>> {
    let columns = ChangeColumns::new(form, together);
    let scales = compared_scales(form);
    let mut sink: Box<dyn RowSink> = match changes {
        Changes::Csv((mut csv, flavour), threads) => {
            csv.columns(&columns.names())?;
            let make = |changes: &mut ChangeLines<'_>, pairs: &[Comparison], lines: &mut Vec<u8>| {
                lines.clear();
                changes.add(pairs, lines);
            };
            let own = || columns.lines(form, together, flavour);
            threads.each_in_order(together.pairs(), PAIRS_AT_ONCE, own, make, |lines| csv.lines(lines))?;
            Box::new(csv)
        }
        Changes::Rows(mut sink) => {
            sink.section("changes");
            sink.columns(&columns.names())?;
            for pair in together.pairs() {
                for scale in &scales {
                    if let Some(change) = together.change(pair, *scale, form) {
                        sink.row(&columns.cells(form, together, pair, *scale, &change))?;
                    }
                }
            }
            sink
        }
    };
    // Whoever is at one time only is listed all the same: nobody can tell what changed, and that should be seen.
    for alone in together.alone() {
        for scale in &scales {
            if let Some(change) = together.alone_change(&alone, *scale) {
                sink.row(&columns.alone_cells(form, together, &alone, *scale, &change))?;
            }
        }
    }
    Ok(sink)
}

/// Reads both times: two files, or one file with a time column.
fn both(arguments: &CompareArguments, inputs: &[Input], printer: &Printer, findings: &mut Findings<'_>, tally: &mut Tally) -> Result<Both> {
    let mut forms = reading::forms(&arguments.read, findings)?;
    if forms.len() > 2 {
        bail!("a comparison has one form, or a form and its review's form");
    }
    match (inputs, forms.len()) {
        ([baseline, review], _) => {
            let review_form = match forms.len() {
                2 => forms.pop(),
                _ => reading::forms(&arguments.read, findings)?.pop(),
            };
            let (Some(first), Some(second)) = (forms.pop(), review_form) else { bail!("a comparison needs a form") };
            if let Err(finding) = check_forms(first.instrument(), second.instrument()) {
                findings.push(*finding);
                return Err(TogetherError::Refused.into());
            }
            two_files(arguments, (baseline, first), (review, second), printer, findings, tally)
        }
        ([only], 1) => one_file(arguments, only, forms, printer, findings, tally),
        _ => bail!("two forms need two files: the baseline's and the review's"),
    }
}

fn two_files(
    arguments: &CompareArguments,
    baseline: (&Input, Form),
    review: (&Input, Form),
    printer: &Printer,
    findings: &mut Findings<'_>,
    tally: &mut Tally,
) -> Result<Both> {
    let names = (Arc::clone(baseline.0.name()), Arc::clone(review.0.name()));
    let review_months = review.1.instrument().period_months;
    let open = |input: &Input, form: Form, findings: &mut Findings<'_>| {
        reading::responses(&arguments.read, vec![form], std::slice::from_ref(input), Duplicates::LeftToCaller, printer, findings)
    };
    let mut first = open(baseline.0, baseline.1, findings)?;
    let mut second = open(review.0, review.1, findings)?;
    let by = GroupColumns::of(&group_names(arguments)?, &[&first, &second])?;
    let threads = arguments.read.threads();
    let baseline = time_point((&mut first, threads), &by, &names.0, tally, findings)?;
    let review = time_point((&mut second, threads), &by, &names.1, tally, findings)?;
    let mut provenance = reading::provenance(&arguments.read, &first, arguments.write.stamp);
    provenance.inputs = reading::used(&first);
    provenance.inputs.extend(reading::used(&second));
    let review_form = reading::provenance(&arguments.read, &second, arguments.write.stamp);
    if review_form.instruments.first().map(|used| &used.id) != provenance.instruments.first().map(|used| &used.id) {
        provenance.instruments.extend(review_form.instruments);
        provenance
            .notices
            .extend(review_form.notices.into_iter().filter(|notice| !provenance.notices.contains(notice)).collect::<Vec<_>>());
    }
    let form = reading::first_form(first)?;
    Ok(Both { times: Times { baseline, review, names, review_months }, form, provenance })
}

fn time_point(
    (responses, threads): (&mut Responses, Threads),
    by: &GroupColumns,
    file: &Arc<str>,
    tally: &mut Tally,
    findings: &mut Findings<'_>,
) -> Result<TimePoint> {
    check_id(responses, file, findings)?;
    let work = Counted::<_, Tally>::new(TimeWork::new(responses.layout(), by.places(responses.layout())));
    let mut all = TimeResponses::default();
    responses.each_portion(threads, &work, findings, |_, portion| -> Result<()> {
        tally.absorb(std::mem::take(&mut portion.count));
        all.absorb(&mut portion.made.responses);
        Ok(())
    })?;
    Ok(work.into_work().finish(responses.layout(), all))
}

fn check_id(responses: &Responses, file: &Arc<str>, findings: &mut Findings<'_>) -> Result<()> {
    if responses.layout().says_pupil() {
        return Ok(());
    }
    let finding = Finding::new(Code::C001, Place::File(Arc::clone(file)), "pupils are paired by their id, and this file has no id column");
    findings.push(finding.help("name it with `--id COLUMN`"));
    Err(TogetherError::Refused.into())
}

/// One file of both times: the time column says which row is which.
fn one_file(
    arguments: &CompareArguments,
    input: &Input,
    forms: Vec<Form>,
    printer: &Printer,
    findings: &mut Findings<'_>,
    tally: &mut Tally,
) -> Result<Both> {
    let (Some(option), [_]) = (&arguments.read.time, forms.as_slice()) else {
        bail!("one file holds both times only with `--time COLUMN=first,second`");
    };
    let (first, second) = option
        .split_once('=')
        .and_then(|(_, values)| values.split_once(','))
        .map(|(first, second)| (first.trim().to_owned(), second.trim().to_owned()))
        .with_context(|| format!("`--time {option}` should be COLUMN=first,second: the two values in their order"))?;
    let mut responses =
        reading::responses(&arguments.read, forms, std::slice::from_ref(input), Duplicates::LeftToCaller, printer, findings)?;
    check_id(&responses, input.name(), findings)?;
    let by = GroupColumns::of(&group_names(arguments)?, &[&responses])?;
    let (mut baseline, mut review) = (TimePoint::new(responses.layout(), 0), TimePoint::new(responses.layout(), 0));
    let mut seen = Vec::new();
    while let Some(batch) = responses.next_batch(findings)? {
        let layout = responses.layout();
        for row in batch.rows(layout) {
            tally.add(&row, 1);
            let told = row.told(Role::Time);
            if seen.len() < 10 && !seen.iter().any(|known: &String| known.eq_ignore_ascii_case(told)) {
                seen.push(told.to_owned());
            }
            let time = if told.eq_ignore_ascii_case(&first) {
                &mut baseline
            } else if told.eq_ignore_ascii_case(&second) {
                &mut review
            } else {
                let place = Place::Row { file: Arc::clone(input.name()), row: row.row(), column: None };
                let finding = Finding::new(Code::C007, place, format!("this row is neither `{first}` nor `{second}`: it was left out"));
                findings.push(finding.value(told));
                continue;
            };
            time.add(layout, &row, by.context(layout, &row));
        }
    }
    for (time, value) in [(&baseline, &first), (&review, &second)] {
        // Rows that somebody else completed do say it, and have their finding.
        if time.is_empty() && !seen.iter().any(|known| known.eq_ignore_ascii_case(value)) {
            bail!("no row says `{value}` in its time column: there are {}", bandwise::findings::quoted_list(&seen, 10));
        }
    }
    let mut provenance = reading::provenance(&arguments.read, &responses, arguments.write.stamp);
    provenance.inputs = reading::used(&responses);
    let names = (format!("{} ({first})", input.name()).into(), format!("{} ({second})", input.name()).into());
    let form = reading::first_form(responses)?;
    let times = Times { baseline, review, names, review_months: form.instrument().period_months };
    Ok(Both { times, form, provenance })
}
