//! What every report reads: one form or several over one or more times, the goals of each cycle, evidence, the school's pathway.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bandwise::change::evidence::Evidence;
use bandwise::change::goals::gas_scores;
use bandwise::change::pathway::Pathway;
use bandwise::cohort::{Course, Cycle, Expected, Gathering, Moment, TogetherError, check_forms};
use bandwise::findings::{Code, Finding, Findings, Place, count_of};
use bandwise::input::Input;
use bandwise::matching::Role;
use bandwise::provenance::Provenance;
use bandwise::scoring::{Duplicates, Form, Responses};
use clap::Args;

use crate::cli::Outcome;
use crate::cli::change_options::ChangeArguments;
use crate::cli::group_columns::GroupColumns;
use crate::cli::options::{ReadArguments, WriteArguments, trimmed};
use crate::cli::printer::Printer;
use crate::cli::reading::{self, Ending};
use crate::cli::tally::Tally;

#[derive(Args, Debug)]
pub(crate) struct GatherArguments {
    /// The responses: one file a time, in the order of the times; one file of several with `--time COLUMN=first,second`
    #[arg(required = true, value_name = "RESPONSES")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) read: ReadArguments,

    #[command(flatten)]
    pub(crate) write: WriteArguments,

    #[command(flatten)]
    pub(crate) change: ChangeArguments,

    /// What the times are called, in their order: `autumn,summer`; else the files' names
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    times: Vec<String>,

    /// Another form of the same pupils, to stand beside the first: INSTRUMENT=FILE,FILE with a file a time, `-` where there is none
    #[arg(long, value_name = "INSTRUMENT=FILES")]
    with: Vec<String>,

    /// The goals: a file for each cycle in their order; the last is about the last two times
    #[arg(long, value_name = "FILE")]
    goals: Vec<PathBuf>,

    /// What else is known at both times, attendance, behaviour points, attainment: columns `pupil_id`, `measure`, `baseline`, `review`
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,

    /// The school's own prompts, next steps and routes (`bandwise report pathway` prints a file to start from)
    #[arg(long, value_name = "FILE")]
    pathway: Option<PathBuf>,
}

/// What was read.
pub(crate) struct Gathered {
    pub(crate) gathering: Gathering,
    pub(crate) by: Vec<String>,
    pub(crate) evidence: Option<Evidence>,
    pub(crate) pathway: Option<Pathway>,
    pub(crate) provenance: Provenance,
}

impl GatherArguments {
    /// The files of all forms, for reading and so that no output replaces one of them.
    pub(crate) fn inputs(&self) -> Result<Vec<Input>> {
        let mut paths = self.files.clone();
        for with in &self.with {
            paths.extend(files_of(with)?.1.into_iter().flatten());
        }
        reading::inputs(&paths)
    }

    /// The other files that are read.
    pub(crate) fn paths_beside(&self) -> impl Iterator<Item = &Path> {
        self.goals.iter().chain(&self.evidence).chain(&self.pathway).map(PathBuf::as_path)
    }

    pub(crate) fn has_goals(&self) -> bool {
        !self.goals.is_empty()
    }

    /// Reads, writes, prints the findings, and says how the report ended.
    pub(crate) fn run(
        &self,
        printer: &Printer,
        report: impl FnOnce(&[&Path], &mut Findings<'_>, &mut Tally) -> Result<Ending>,
    ) -> Result<Outcome> {
        let inputs = self.inputs()?;
        reading::with_findings(&self.read, &self.write, &inputs, printer, |paths, findings, tally| {
            // The goals are an input too: no output may replace them.
            let paths: Vec<&Path> = paths.iter().copied().chain(self.paths_beside()).collect();
            // A refusal is of the report: nothing was to be compared for its own sake.
            report(&paths, findings, tally)
                .map_err(|error| if reading::is_refusal(&error) { error.context("No report was made") } else { error })
        })
    }

    /// The options that shape a report, for the provenance.
    pub(crate) fn in_force(&self, provenance: &mut Provenance) {
        self.change.in_force(provenance);
        let named = [
            ("times", (!self.times.is_empty()).then(|| self.times.join(","))),
            (
                "with",
                (!self.with.is_empty())
                    .then(|| self.with.iter().map(|with| with.split('=').next().unwrap_or_default()).collect::<Vec<_>>().join(",")),
            ),
            ("for", self.write.audience.map(|audience| audience.audience().word().to_owned())),
        ];
        provenance.options.extend(named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }

    /// Reads everything. `by` are the columns that the report is cut by.
    pub(crate) fn gather(&self, by: &[String], printer: &Printer, findings: &mut Findings<'_>, tally: &mut Tally) -> Result<Gathered> {
        let inputs = reading::inputs(&self.files)?;
        if inputs.len() != self.files.len() {
            bail!("name the files one by one in the order of their times: the order of a pattern's files would be a guess");
        }
        let (labels, sources) = self.times_of(&inputs)?;
        let by = trimmed(Some(by)).unwrap_or_default();
        let forms = reading::forms(&self.read, findings)?;
        if forms.len() > 2 {
            bail!("a report has one form, or a form and its review's form; others stand beside it with `--with`");
        }
        let mut reader = Reader { arguments: self, by: &by, printer, provenance: None };
        let main = match (&sources, inputs.as_slice()) {
            (Sources::OneFile(words), [only]) => reader.rows_of(&self.read, only, words, findings, tally)?,
            (Sources::Files, files) => {
                let files: Vec<Option<&Input>> = files.iter().map(Some).collect();
                reader.course(&self.read, forms.len(), &files, &labels, findings, tally)?
            }
            (Sources::OneFile(_), _) => bail!("`--time` with several values needs one file that holds all times"),
        };
        let mut courses = vec![main];
        for (place, with) in self.with.iter().enumerate() {
            let instrument = files_of(with)?.0;
            let is_main = self.read.instruments.iter().any(|main| main == instrument);
            if is_main || self.with[..place].iter().any(|other| files_of(other).is_ok_and(|(other, _)| other == instrument)) {
                bail!("`{instrument}` is named twice: a form has one `--with`, with a file a time between commas");
            }
            courses.push(self.beside(with, labels.len(), &labels, &mut reader, findings, tally)?);
        }
        let mut provenance = reader.provenance.take().context("nothing was read")?;
        self.in_force(&mut provenance);
        let cycles = self.cycles(courses.first().context("no form was read")?, printer, &mut provenance, findings)?;
        let joining = self.read.pupils.joining(None, &[], findings)?;
        let key = reading::key(&self.read, printer)?;
        let listed = joining.roster.iter().flat_map(|roster| roster.list().pupils.iter().enumerate());
        let is_expected = |pupil: &usize| !joining.exclusions.as_ref().is_some_and(|exclusions| exclusions.names_pupil(*pupil));
        let expected: Vec<Expected<'_>> = listed
            .filter(|(place, _)| is_expected(place))
            .map(|(_, listed)| {
                let id = key.as_ref().map_or_else(|| listed.id.clone(), |key| key.code(&listed.id));
                let name = if key.is_some() { id.clone() } else { listed.full_name() };
                Expected { id, name, listed }
            })
            .collect();
        if cycles.last().is_some_and(|cycle| !cycle.has("provision")) {
            provenance.notices.push("The goals file has no column `provision`, so who has which provision is not known.".to_owned());
        }
        let pathway =
            self.pathway.as_ref().map(|path| reading::pathway(path, &courses.iter().map(Course::form).collect::<Vec<_>>(), findings));
        let pathway = pathway.transpose()?;
        provenance.inputs.extend(pathway.as_ref().map(Pathway::used));
        let gathering = Gathering::new(courses, cycles, &by, &expected);
        let evidence = self.evidence.as_ref().map(|path| reading::evidence(path, &self.read, printer, findings)).transpose()?;
        let evidence = evidence.map(|file| file.settle(|id| gathering.person(id).is_some(), findings));
        provenance.inputs.extend(evidence.as_ref().map(|evidence| evidence.used().clone()));
        Ok(Gathered { gathering, by, evidence, pathway, provenance })
    }

    /// What the times are called, and where they are.
    fn times_of(&self, inputs: &[Input]) -> Result<(Vec<String>, Sources)> {
        let words: Option<Vec<String>> = self
            .read
            .time
            .as_ref()
            .and_then(|time| time.split_once('='))
            .map(|(_, values)| values.split(',').map(|value| value.trim().to_owned()).collect());
        if let Some(words) = words {
            return Ok((words.clone(), Sources::OneFile(words)));
        }
        if self.times.is_empty() {
            let stem = |input: &Input| {
                Path::new(&**input.name()).file_stem().map_or_else(|| input.name().to_string(), |stem| stem.to_string_lossy().into_owned())
            };
            let labels = if let [_] = inputs { vec!["now".to_owned()] } else { inputs.iter().map(stem).collect() };
            return Ok((labels, Sources::Files));
        }
        if self.times.len() != inputs.len() {
            bail!("`--times` names {}, and there are {}", count_of(self.times.len() as u64, "time"), count_of(inputs.len() as u64, "file"));
        }
        Ok((trimmed(Some(&self.times)).unwrap_or_default(), Sources::Files))
    }

    /// Another form of the same pupils.
    fn beside(
        &self,
        with: &str,
        times: usize,
        labels: &[String],
        reader: &mut Reader<'_>,
        findings: &mut Findings<'_>,
        tally: &mut Tally,
    ) -> Result<Course> {
        let (instrument, files) = files_of(with)?;
        if files.len() != times {
            bail!(
                "`--with {instrument}` names {}, and there are {}: a file a time, `-` where there is none",
                count_of(files.len() as u64, "file"),
                count_of(times as u64, "time")
            );
        }
        // What says how to read the first form's file says nothing of another's.
        let read = ReadArguments {
            instruments: vec![instrument.to_owned()],
            choose: Vec::new(),
            bands: None,
            scales: None,
            coding: Vec::new(),
            map: None,
            sheet: None,
            ..self.read.clone()
        };
        let inputs: Vec<Option<Input>> = files.iter().map(|file| file.as_ref().map(|path| Input::new(path))).collect();
        let inputs: Vec<Option<&Input>> = inputs.iter().map(Option::as_ref).collect();
        reader.course(&read, 1, &inputs, labels, findings, tally)
    }

    /// The goals of each cycle: the last file is about the last two times.
    fn cycles(&self, course: &Course, printer: &Printer, provenance: &mut Provenance, findings: &mut Findings<'_>) -> Result<Vec<Cycle>> {
        let steps = course.steps();
        if self.goals.len() > steps.len() {
            bail!(
                "there are {} and {}: a cycle goes from one time to the next, and has one goals file",
                count_of(self.goals.len() as u64, "goals file"),
                count_of(steps.len() as u64, "cycle")
            );
        }
        let first = steps.len() - self.goals.len();
        let mut cycles = Vec::new();
        for (path, (place, step)) in self.goals.iter().zip(steps.iter().enumerate().skip(first)) {
            let file = reading::goals(path, &self.read, course.form(), printer, findings)?;
            provenance.inputs.push(file.used.clone());
            let results = step.goal_results(&file, course.form(), self.read.pupils.on, findings);
            let gas = gas_scores(&file.goals);
            let at = |time: usize| course.moments().get(time).map(Moment::label);
            let label = match (at(place), at(place + 1)) {
                (Some(from), Some(to)) => format!("{from} to {to}"),
                (Some(from), None) => format!("from {from} on"),
                _ => String::new(),
            };
            cycles.push(Cycle { label, file, results, gas });
        }
        Ok(cycles)
    }
}

/// Where the times are.
enum Sources {
    /// A file each.
    Files,
    /// All in one file: the words of its time column, in their order.
    OneFile(Vec<String>),
}

/// `sdq-p4-17=before.csv,after.csv`.
fn files_of(with: &str) -> Result<(&str, Vec<Option<PathBuf>>)> {
    let (instrument, files) = with.split_once('=').with_context(|| format!("`--with {with}` should be INSTRUMENT=FILE,FILE"))?;
    let file = |file: &str| Some(file.trim()).filter(|file| *file != "-").map(PathBuf::from);
    let files: Vec<Option<PathBuf>> = files.split(',').map(file).collect();
    if files.iter().all(Option::is_none) {
        bail!("`--with {with}` names no file");
    }
    Ok((instrument.trim(), files))
}

/// Reads forms, and keeps what produced the report.
struct Reader<'r> {
    arguments: &'r GatherArguments,
    by: &'r [String],
    printer: &'r Printer,
    provenance: Option<Provenance>,
}

impl Reader<'_> {
    /// One form over several files. With two forms the first is the first file's, and the second the others'.
    fn course(
        &mut self,
        read: &ReadArguments,
        forms: usize,
        files: &[Option<&Input>],
        labels: &[String],
        findings: &mut Findings<'_>,
        tally: &mut Tally,
    ) -> Result<Course> {
        let (mut first, mut moments): (Option<Form>, Vec<Moment>) = (None, Vec::new());
        for (input, label) in files.iter().zip(labels) {
            let Some(input) = input else { continue };
            let place = usize::from(first.is_some() && forms == 2);
            let form = reading::forms(read, findings)?.into_iter().nth(place).context("no form was named")?;
            if let Some(first) = &first
                && let Err(finding) = check_forms(first.instrument(), form.instrument())
            {
                findings.push(*finding);
                return Err(TogetherError::Refused.into());
            }
            let mut responses = self.open(read, form, input, findings)?;
            let by = self.columns(&responses)?;
            let mut moment = Moment::new(label.clone(), input.name().clone(), responses.layout());
            while let Some(batch) = responses.next_batch(findings)? {
                let layout = responses.layout();
                for row in batch.rows(layout) {
                    tally.add(&row, 1);
                    moment.add(layout, &row, by.context(layout, &row));
                }
            }
            self.note(read, &responses);
            moments.push(moment);
            let form = reading::first_form(responses)?;
            first.get_or_insert(form);
        }
        self.put_together(first.context("no form was read")?, moments, findings)
    }

    /// One form over several times in one file.
    fn rows_of(
        &mut self,
        read: &ReadArguments,
        input: &Input,
        words: &[String],
        findings: &mut Findings<'_>,
        tally: &mut Tally,
    ) -> Result<Course> {
        let form = reading::forms(read, findings)?.into_iter().next().context("no form was named")?;
        let mut responses = self.open(read, form, input, findings)?;
        let by = self.columns(&responses)?;
        let mut moments: Vec<Moment> =
            words.iter().map(|word| Moment::new(word.clone(), format!("{} ({word})", input.name()).into(), responses.layout())).collect();
        while let Some(batch) = responses.next_batch(findings)? {
            let layout = responses.layout();
            for row in batch.rows(layout) {
                tally.add(&row, 1);
                let told = row.told(Role::Time);
                if let Some(moment) = moments.iter_mut().find(|moment| moment.label().eq_ignore_ascii_case(told)) {
                    moment.add(layout, &row, by.context(layout, &row));
                } else {
                    let place = Place::Row { file: input.name().clone(), row: row.row(), column: None };
                    let message = format!("this row is none of {}: it was left out", bandwise::findings::quoted_list(words, 10));
                    findings.push(Finding::new(Code::C007, place, message).value(told));
                }
            }
        }
        self.note(read, &responses);
        if let Some(moment) = moments.iter().find(|moment| moment.time().is_empty()) {
            bail!("no row says `{}` in its time column", moment.label());
        }
        self.put_together(reading::first_form(responses)?, moments, findings)
    }

    fn put_together(&self, form: Form, moments: Vec<Moment>, findings: &mut Findings<'_>) -> Result<Course> {
        let (options, repeat) = (self.arguments.change.options()?, self.arguments.read.pupils.repeat_between_times());
        Ok(Course::new(form, moments, &options, repeat, findings)?)
    }

    fn open(&self, read: &ReadArguments, form: Form, input: &Input, findings: &mut Findings<'_>) -> Result<Responses> {
        let responses =
            reading::responses(read, vec![form], std::slice::from_ref(input), Duplicates::LeftToCaller, self.printer, findings)?;
        if responses.layout().says_pupil() {
            return Ok(responses);
        }
        let message = "a report puts pupils together by their id, and this file has no id column";
        findings.push(Finding::new(Code::C001, Place::File(input.name().clone()), message).help("name it with `--id COLUMN`"));
        Err(TogetherError::Refused.into())
    }

    /// The columns that the report is cut by, as far as a file has them.
    fn columns(&self, responses: &Responses) -> Result<GroupColumns> {
        let first = self.provenance.is_none();
        // The first form's files must have them; whatever stands beside it may leave them out.
        if first { GroupColumns::of(self.by, &[responses]) } else { Ok(GroupColumns::where_there(self.by)) }
    }

    fn note(&mut self, read: &ReadArguments, responses: &Responses) {
        let mut used = reading::provenance(read, responses, self.arguments.write.stamp);
        used.inputs = reading::used(responses);
        match &mut self.provenance {
            None => self.provenance = Some(used),
            Some(known) => known.absorb(used),
        }
    }
}
