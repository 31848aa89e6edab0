//! What there is in the files of a job, whatever its outputs show of it: how many responses, scores and flags, every alert, who is missing;
//! and, where a definition changed since last time, whose scores differ.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use bandwise::batch::{Counts, Difference, Files, Holds, Job, JobOutput, UsedText};
use bandwise::entry::{FormStatus, MissingForms};
use bandwise::findings::{Code, Findings, printable};
use bandwise::flags::{FlagRule, flag};
use bandwise::input::Input;
use bandwise::instrument::read_definition;
use bandwise::scoring::{Duplicates, Form, Layout, Level, Outcome as Score, Responses, ScoredRow};

use super::plan::{parsed, reads_baseline};
use crate::cli::options::{ReadArguments, WriteArguments};
use crate::cli::printer::Printer;
use crate::cli::reading::{self, Ending};
use crate::cli::{Command, Outcome};

/// What was found.
#[derive(Default)]
pub(super) struct Surveyed {
    pub(super) counts: Counts,
    pub(super) differences: Vec<Difference>,
    pub(super) lines: Vec<String>,
}

/// A definition that is not the one of last time.
pub(super) struct Changed<'c> {
    pub(super) id: String,
    pub(super) before: Option<&'c UsedText>,
    /// The hash of the definition of last time.
    pub(super) hash: String,
}

/// Reads the files of a job.
pub(super) fn survey(job: &Job, changed: &[Changed<'_>], printer: &Printer) -> Result<(Outcome, Surveyed)> {
    let (read, at) = arguments(job)?;
    let inputs = reading::inputs(&job.responses.iter().map(PathBuf::from).collect::<Vec<_>>())?;
    let baseline = job.baseline.as_ref().filter(|_| reads_baseline(job)).map(|file| Input::new(file.as_ref()));
    let mut surveyed = Surveyed::default();
    let every: Vec<Input> = inputs.iter().chain(&baseline).cloned().collect();
    let outcome = reading::with_findings(&read, &WriteArguments::default(), &every, printer, |_, findings, tally| {
        let (first, second) = forms(&read, job, findings)?;
        let duplicates =
            if job.outputs.iter().any(|output| output.files == Files::Responses) { Duplicates::Named } else { Duplicates::LeftToCaller };
        let mut responses = reading::responses(&read, second, &inputs, duplicates, printer, findings)?;
        let rules = responses.layout().forms().iter().map(|form| FlagRule::new(form, at.as_deref())).collect::<Result<Vec<_>, _>>()?;
        let listed = responses.roster().map(|roster| roster.list().pupils.len()).filter(|_| responses.layout().says_pupil());
        let mut missing = MissingForms::new(responses.layout(), listed.unwrap_or_default());
        let mut now: Vec<Shown> = Vec::new();
        let counts = &mut surveyed.counts;
        while let Some(batch) = responses.next_batch(findings)? {
            let layout = responses.layout();
            for row in batch.rows(layout) {
                if !tally.add(&row, rules.len()) {
                    continue;
                }
                counts.responses += 1;
                counts.scored += u64::from(is_scored(layout, &row));
                let is_flagged = |(form, rule): (usize, &Option<FlagRule>)| {
                    flag(layout, &row, form, rule.as_ref()).is_some_and(|flag| flag.group.is_some())
                };
                counts.flagged += u64::from(rules.iter().enumerate().any(is_flagged));
                missing.add(layout, &row);
                if !changed.is_empty() {
                    now.push(shown(layout, &row));
                }
            }
        }
        let cells = [Code::R001, Code::R002];
        let refused = findings.groups().into_iter().filter(|group| group.first.first().is_some_and(|first| cells.contains(&first.code)));
        counts.refused_cells = refused.map(|group| group.count).sum();
        if let Some(pupils) = listed {
            let joining = read.pupils.joining(None, &[], findings)?;
            let is_expected = |pupil: &usize| !joining.exclusions.as_ref().is_some_and(|excluded| excluded.names_pupil(*pupil));
            let lacks =
                |pupil: &usize| (0..rules.len()).any(|form| missing.of(form, *pupil).is_none_or(|form| form.status == FormStatus::NoForm));
            counts.missing_pupils = Some((0..pupils).filter(is_expected).filter(lacks).count() as u64);
        }
        if let Some(baseline) = &baseline {
            let mut earlier =
                reading::responses(&read, first, std::slice::from_ref(baseline), Duplicates::LeftToCaller, printer, findings)?;
            while let Some(batch) = earlier.next_batch(findings)? {
                let layout = earlier.layout();
                for row in batch.rows(layout) {
                    tally.add(&row, layout.forms().len());
                }
            }
        }
        for change in changed {
            let before = change.before.context("its text is not in the record").and_then(|text| old_rows(&read, change, text, &inputs));
            let found = before.map(|before| differences(&change.id, &before, &now));
            surveyed.lines.push(change_words(change, &found, now.len()));
            surveyed.differences.extend(found.unwrap_or_default());
        }
        Ok(Ending { outcome: Outcome::Done, lines: Vec::new() })
    })?;
    Ok((outcome, surveyed))
}

/// How the responses are to be read, and the level to flag from: as the first output that shows scores says.
fn arguments(job: &Job) -> Result<(ReadArguments, Option<String>)> {
    let rank = |output: &&JobOutput| match (output.key, output.files) {
        ("score" | "flag", _) => 0,
        (_, Files::Responses) => 1,
        (_, Files::BothTimes) => 2,
    };
    let first = job.outputs.iter().min_by_key(rank).context("the job has no output")?;
    let is_list = first.key == "missing";
    let mut score = JobOutput { words: &["score"], key: "score", files: Files::Responses, ..first.clone() };
    let known = super::vocabulary::vocabulary();
    let known = known.commands.iter().find(|words| words.key == "score").context("there is no `score`")?;
    score.settings.retain(|setting| {
        // What is carried along has no part in what is counted; in a chase list these are columns of the pupil list.
        let is_carried = setting.option == "keep" || (is_list && setting.option == "drop");
        // Findings go where the command says that they go.
        !is_carried && setting.holds != Holds::Output && known.option(&setting.option).is_some()
    });
    let Command::Score(arguments) = parsed(&score, job)? else { return Err(anyhow!("the responses cannot be read")) };
    let at = job.outputs.iter().find(|output| output.key == "flag").and_then(|output| output.values("at").first().cloned());
    Ok((arguments.read, at))
}

/// The forms of the baseline and of the responses. Where outputs only compare, two forms are the two times' forms.
fn forms(read: &ReadArguments, job: &Job, findings: &mut Findings<'_>) -> Result<(Vec<Form>, Vec<Form>)> {
    let (mut first, mut second) = (reading::forms(read, findings)?, reading::forms(read, &mut Findings::new())?);
    let compares_only = job.baseline.is_some() && job.outputs.iter().all(|output| output.files == Files::BothTimes);
    if compares_only && second.len() == 2 {
        first.truncate(1);
        second.remove(0);
    }
    Ok((first, second))
}

/// Whether the main score of every form on the row is there; of a form without one, any score.
fn is_scored(layout: &Layout, row: &ScoredRow<'_>) -> bool {
    let has_score = |(index, form): (usize, &Form)| {
        let scores = row.scores(index);
        match form.instrument().main_scale() {
            Some(main) => scores.get(main).is_some_and(|score| score.value().is_some()),
            None => scores.iter().any(|score| score.value().is_some()),
        }
    };
    let mut on_row = layout.forms().iter().enumerate().filter(|(index, _)| row.is_on(*index)).peekable();
    on_row.peek().is_some() && on_row.all(has_score)
}

/// A pupil's scores and bands, by questionnaire and scale.
struct Shown {
    pupil: String,
    scores: BTreeMap<(String, String), String>,
}

fn shown(layout: &Layout, row: &ScoredRow<'_>) -> Shown {
    let mut scores = BTreeMap::new();
    for (index, form) in layout.forms().iter().enumerate() {
        for (scale, score) in row.scores(index).iter().enumerate() {
            let Some(named) = form.instrument().scales.get(scale) else { continue };
            let band = match (row.level(index, scale), form.bands(scale)) {
                (Level::At(level), Some(bands)) => format!(" ({})", bands.name(level)),
                _ => String::new(),
            };
            let text = match score.outcome {
                Score::Complete(value) | Score::Estimated(value) => format!("{value}{band}"),
                Score::Absent(_) => "not scored".to_owned(),
                Score::NotApplicable => continue,
            };
            scores.insert((form.instrument().id.to_string(), named.id.to_string()), text);
        }
    }
    Shown { pupil: row.named_pupil().into_owned(), scores }
}

/// The same responses by the definition of last time. Its findings are about a definition that is no longer in use, and are not told.
fn old_rows(read: &ReadArguments, change: &Changed<'_>, text: &UsedText, inputs: &[Input]) -> Result<Vec<Shown>> {
    let (instrument, _) = read_definition(&change.id, &text.text).map_err(|_| anyhow!("this program cannot read it"))?;
    if instrument.definition.sha256 != change.hash {
        return Err(anyhow!("it added to a definition that is no longer the one that comes with bandwise"));
    }
    let (printer, mut findings) = (Printer::collecting(), Findings::new());
    let form = Form::new(instrument, &read.form_options()?)?;
    let mut responses: Responses = reading::responses(read, vec![form], inputs, Duplicates::LeftToCaller, &printer, &mut findings)?;
    let mut rows = Vec::new();
    while let Some(batch) = responses.next_batch(&mut findings)? {
        let layout = responses.layout();
        rows.extend(batch.rows(layout).filter(|row| !row.is_left_out()).map(|row| shown(layout, &row)));
    }
    Ok(rows)
}

/// What differs, pupil by pupil: the rows are the same, in the same order.
fn differences(id: &str, before: &[Shown], now: &[Shown]) -> Vec<Difference> {
    const NOT_THERE: &str = "no such scale";
    let mut differences = Vec::new();
    for (then, now) in before.iter().zip(now) {
        let of_form = |shown: &Shown| -> Vec<String> {
            shown.scores.keys().filter(|(instrument, _)| instrument == id).map(|(_, scale)| scale.clone()).collect()
        };
        let mut scales = of_form(now);
        scales.extend(of_form(then).into_iter().filter(|scale| !now.scores.contains_key(&(id.to_owned(), scale.clone()))));
        for scale in scales {
            let key = (id.to_owned(), scale.clone());
            let text = |shown: &Shown| shown.scores.get(&key).map_or(NOT_THERE, String::as_str).to_owned();
            if text(then) != text(now) {
                differences.push(Difference {
                    instrument: id.to_owned(),
                    pupil: now.pupil.clone(),
                    scale,
                    before: text(then),
                    now: text(now),
                });
            }
        }
    }
    differences
}

/// One sentence on a definition that changed, with the pupils.
fn change_words(change: &Changed<'_>, found: &Result<Vec<Difference>>, responses: usize) -> String {
    /// More pupils than this are in the record.
    const NAMED: usize = 20;
    let id = &change.id;
    match found {
        Err(error) => format!("The definition `{id}` is not the one of last time. Whose scores differ cannot be told: {error}."),
        Ok(found) if found.is_empty() => {
            format!("The definition `{id}` is not the one of last time; these pupils' scores and bands are the same by both.")
        }
        Ok(found) => {
            let mut pupils: Vec<(&str, Vec<String>)> = Vec::new();
            for difference in found {
                let words = format!("{} {} instead of {}", difference.scale, difference.now, difference.before);
                match pupils.last_mut().filter(|(pupil, _)| *pupil == difference.pupil) {
                    Some((_, all)) => all.push(words),
                    None => pupils.push((&difference.pupil, vec![words])),
                }
            }
            let mut text = format!(
                "The definition `{id}` is not the one of last time: scores or bands differ for {} of {responses} pupils:",
                pupils.len()
            );
            for (pupil, words) in pupils.iter().take(NAMED) {
                let _ = write!(text, "\n    {}: {}", printable(pupil), words.join(", "));
            }
            if pupils.len() > NAMED {
                let _ = write!(text, "\n    and {} more, in the record", pupils.len() - NAMED);
            }
            text
        }
    }
}
