//! What every command that reads responses does first: load the forms, read the map and the key, open the files.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use bandwise::change::evidence::{EvidenceFile, read_evidence};
use bandwise::change::pathway::{Pathway, read_pathway};
use bandwise::findings::{Finding, Findings, Observer, Place, Severity, Source, write_json_line};
use bandwise::input::Input;
use bandwise::instrument::{Instrument, LoadError, built_in_text, load};
use bandwise::matching::{ColumnNames, LookUp, MatchOptions, Meant, Role, check_map, names_a_pupil, read_map};
use bandwise::output::{Outputs, PendingFile};
use bandwise::privacy::PseudonymKey;
use bandwise::provenance::{Provenance, UsedInput};
use bandwise::report::{Closing, Frame};
use bandwise::scoring::{Duplicates, Form, ReadOptions, Responses, ScoreError, check_examples};

use super::Outcome;
use super::options::{FindingsFormat, ReadArguments, WriteArguments, trimmed};
use super::printer::Printer;
use super::pupil_options::told;
use super::tally::Tally;
use super::target::{Hold, Target, refuse_one_name};

/// Every finding, one JSON object a line, for `--findings FILE`.
#[derive(Default)]
struct FindingsFile {
    pending: Option<BufWriter<PendingFile>>,
    failed: Option<std::io::Error>,
}

impl FindingsFile {
    fn create(path: Option<&Path>, inputs: &[&Path], outputs: &Outputs) -> Result<Self> {
        let pending = path.map(|path| PendingFile::create_among(path, inputs, outputs)).transpose()?;
        Ok(Self { pending: pending.map(BufWriter::new), failed: None })
    }

    fn commit(self) -> Result<()> {
        if let Some(error) = self.failed {
            return Err(error).context("the findings cannot be written");
        }
        let Some(pending) = self.pending else { return Ok(()) };
        let pending = pending.into_inner().map_err(std::io::IntoInnerError::into_error).context("the findings cannot be written")?;
        Ok(pending.commit()?)
    }
}

impl Observer for FindingsFile {
    fn observe(&mut self, finding: &Finding) {
        if let (Some(pending), None) = (&mut self.pending, &self.failed) {
            self.failed = write_json_line(finding, pending).err();
        }
    }

    fn is_watching(&self) -> bool {
        self.pending.is_some()
    }
}

/// How a command that reads responses ended, and what is left to say after the findings.
pub(crate) struct Ending {
    pub(crate) outcome: Outcome,
    pub(crate) lines: Vec<String>,
}

impl Ending {
    /// Not done, because of `--strict`.
    pub(crate) fn strict() -> Self {
        Self { outcome: Outcome::NotDone, lines: vec!["Nothing was written, because of `--strict`.".to_owned()] }
    }
}

/// Opens the responses, does something with them, prints the findings, and says how the command ended.
pub(crate) fn read(
    arguments: &ReadArguments,
    write: &WriteArguments,
    paths: &[PathBuf],
    printer: &Printer,
    command: impl FnOnce(Responses, &[&Path], &mut Findings<'_>, &mut Tally) -> Result<Ending>,
) -> Result<Outcome> {
    let inputs = match inputs(paths)? {
        inputs if write.tells_no_provenance() => inputs.into_iter().map(Input::unhashed).collect(),
        inputs => inputs,
    };
    with_findings(arguments, write, &inputs, printer, |paths, findings, tally| {
        let forms = forms(arguments, findings)?;
        command(responses(arguments, forms, &inputs, Duplicates::Named, printer, findings)?, paths, findings, tally)
    })
}

/// Runs a command, prints the findings, and says how it ended.
pub(crate) fn with_findings(
    arguments: &ReadArguments,
    write: &WriteArguments,
    inputs: &[Input],
    printer: &Printer,
    command: impl FnOnce(&[&Path], &mut Findings<'_>, &mut Tally) -> Result<Ending>,
) -> Result<Outcome> {
    refuse_one_name(write, arguments.findings.as_deref())?;
    let mut paths: Vec<&Path> = inputs.iter().filter_map(|input| input.path()).collect();
    // What says how to read the responses is an input too.
    paths.extend(arguments.instruments.iter().map(Path::new).chain(arguments.map.as_deref()).chain(arguments.key.as_deref()));
    paths.extend(arguments.pupils.paths());
    let mut file = FindingsFile::create(arguments.findings.as_deref(), &paths, &write.outputs)?;
    let mut findings = Findings::watched_by(&mut file);
    let mut tally = Tally::default();
    let done = command(&paths, &mut findings, &mut tally);
    // Also when the command failed: what a form says about a child does not depend on a column in another file.
    tally.report_alerts(printer);
    printer.findings(&findings, arguments.findings_format);
    if let Ok(ending) = &done {
        printer.count_findings(&findings);
        for line in &ending.lines {
            printer.say(line);
        }
    }
    let (worst, is_empty) = (findings.worst(), findings.is_empty());
    drop(findings);
    // An error before anything was read is no reason to replace the findings of last time.
    if done.is_ok() || !is_empty {
        file.commit()?;
    }
    match done {
        // The findings have said why: a refusal needs no second message.
        Err(error) if is_refusal(&error) => {
            printer.say(&format!("{error}. `bandwise explain CODE` says what a code means and what to do."));
            Ok(Outcome::NotDone)
        }
        Ok(Ending { outcome: Outcome::Done, .. }) if worst >= Some(Severity::Problem) => Ok(Outcome::DoneInPart),
        other => other.map(|ending| ending.outcome),
    }
}

/// Prints the findings of a command that scores nobody, then what is left to say, and says how it ended.
pub(crate) fn ended(made: Result<Vec<String>>, findings: &Findings<'_>, printer: &Printer) -> Result<Outcome> {
    printer.findings(findings, FindingsFormat::Full);
    match made {
        Ok(lines) => {
            printer.count_findings(findings);
            for line in lines {
                printer.say(&line);
            }
            Ok(if findings.worst() >= Some(Severity::Problem) { Outcome::DoneInPart } else { Outcome::Done })
        }
        // The findings have said why.
        Err(_) if findings.worst() == Some(Severity::Refusal) => {
            printer.say("Nothing was written. `bandwise explain CODE` says what a code means and what to do.");
            Ok(Outcome::NotDone)
        }
        Err(error) => Err(error),
    }
}

pub(crate) fn is_refusal(error: &anyhow::Error) -> bool {
    #[cfg(feature = "frames")]
    if matches!(error.downcast_ref(), Some(bandwise::cohort::TogetherError::Refused)) {
        return true;
    }
    matches!(error.downcast_ref(), Some(ScoreError::Refused))
}

/// Loads an instrument; whatever is wrong with its definition is printed, and it is not used.
pub(crate) fn instrument(name: &str, findings: &mut Findings<'_>) -> Result<Instrument> {
    match load(name) {
        Ok((instrument, notes)) => {
            // The built-in definitions are tested; a user's own must keep its word too before a pupil is scored with it.
            if built_in_text(name).is_none() {
                findings.extend(notes);
                let broken = check_examples(&instrument);
                let is_broken = !broken.is_empty();
                findings.extend(broken);
                if is_broken {
                    bail!("`{name}` contradicts its own worked examples");
                }
            }
            Ok(instrument)
        }
        Err(LoadError::Wrong { name, findings: found }) => {
            findings.extend(found);
            Err(anyhow!("the definition `{name}` has problems, so nothing was scored with it"))
        }
        Err(error) => Err(error.into()),
    }
}

/// The forms that were asked for.
pub(crate) fn forms(arguments: &ReadArguments, findings: &mut Findings<'_>) -> Result<Vec<Form>> {
    let options = arguments.form_options()?;
    let mut forms: Vec<Form> = Vec::new();
    for name in &arguments.instruments {
        let instrument = instrument(name, findings)?;
        if forms.iter().any(|form| form.instrument().id == instrument.id) {
            bail!("{} is named twice", instrument.id);
        }
        forms.push(Form::new(instrument, &options)?);
    }
    Ok(forms)
}

/// The files that are meant: a pattern is expanded here too, because not every shell does it.
pub(crate) fn inputs(paths: &[PathBuf]) -> Result<Vec<Input>> {
    let mut inputs: Vec<Input> = Vec::new();
    for path in paths {
        let written = path.to_string_lossy();
        if written.contains(['*', '?', '[']) && !path.exists() {
            let mut found: Vec<PathBuf> =
                glob::glob(&written).with_context(|| format!("`{written}` is not a pattern"))?.collect::<Result<_, _>>()?;
            if found.is_empty() {
                bail!("no file fits `{written}`");
            }
            found.sort();
            inputs.extend(found.iter().map(|path| Input::new(path)));
        } else {
            inputs.push(Input::new(path));
        }
    }
    if inputs.iter().filter(|input| input.path().is_none()).count() > 1 {
        bail!("standard input can be read only once");
    }
    let twice = |input: &Input| inputs.iter().filter(|other| other.name() == input.name()).count() > 1;
    Ok(inputs.iter().map(|input| if twice(input) { input.clone().named_by_path() } else { input.clone() }).collect())
}

/// Reads a map, whose problems are findings; no file is an empty map.
pub(crate) fn map(path: Option<&Path>, forms: &[Form], findings: &mut Findings<'_>) -> Result<ColumnNames> {
    let Some(path) = path else { return Ok(ColumnNames::default()) };
    let text = fs::read_to_string(path).with_context(|| format!("the map `{}` cannot be read", path.display()))?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let refused = || anyhow!("the map `{name}` has problems, so nothing was scored with it");
    let map = read_map(&name, &text).map_err(|finding| {
        findings.push(*finding);
        refused()
    })?;
    let place = Place::Definition { source: Source { name: name.as_str().into(), text }.into(), span: 0..0 };
    let instruments: Vec<&Instrument> = forms.iter().map(Form::instrument).collect();
    let found = check_map(&map, &instruments, &place);
    let is_wrong = !found.is_empty();
    findings.extend(found);
    if is_wrong { Err(refused()) } else { Ok(map) }
}

/// The secret for keyed codes, where names are hidden.
pub(crate) fn key(arguments: &ReadArguments, printer: &Printer) -> Result<Option<PseudonymKey>> {
    let (true, Some(path)) = (arguments.hide_names, &arguments.key) else { return Ok(None) };
    key_file(path, printer).map(Some)
}

/// The secret in a key file; made with a file that only its owner can read, if there is none yet.
pub(crate) fn key_file(path: &Path, printer: &Printer) -> Result<PseudonymKey> {
    if !path.exists() {
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(|error| anyhow!("no random numbers for a key: {error}"))?;
        let mut pending = PendingFile::create(path, &[])?;
        pending.write_all(PseudonymKey::text(&random).as_bytes())?;
        // Another command, or another job, may have made one in the meantime: the first key counts, for all of them.
        if pending.commit_new()? {
            printer.say(&format!(
                "A new key was written to `{}`. Whoever has it can undo the codes: keep it apart from the output.",
                path.display()
            ));
        }
    }
    let text = fs::read_to_string(path).with_context(|| format!("the key `{}` cannot be read", path.display()))?;
    Ok(PseudonymKey::parse(&text)?)
}

/// Opens the responses with these forms.
pub(crate) fn responses(
    arguments: &ReadArguments,
    forms: Vec<Form>,
    inputs: &[Input],
    duplicates: Duplicates,
    printer: &Printer,
    findings: &mut Findings<'_>,
) -> Result<Responses> {
    let options = read_options(arguments, &forms, duplicates, printer, findings)?;
    Ok(Responses::open(inputs, forms, options, findings)?)
}

/// How the responses are to be read with these forms.
pub(crate) fn read_options(
    arguments: &ReadArguments,
    forms: &[Form],
    duplicates: Duplicates,
    printer: &Printer,
    findings: &mut Findings<'_>,
) -> Result<ReadOptions> {
    let matching = MatchOptions {
        map: map(arguments.map.as_deref(), forms, findings)?,
        roles: arguments.roles(),
        keep: trimmed(arguments.keep.as_deref()),
        drop: trimmed(Some(&arguments.drop)).unwrap_or_default(),
        ..MatchOptions::default()
    };
    let joining = arguments.pupils.joining(matching.keep.as_deref(), &matching.drop, findings)?;
    let mut supplied = joining.supplies();
    if arguments.names.are_hidden() {
        // Nobody misses a column that says whose a response is.
        supplied.push(Role::Id);
    }
    let matching = MatchOptions { supplied, listed: joining.group_names(), ..matching };
    let repeat = arguments.pupils.repeat();
    Ok(ReadOptions {
        duplicates,
        joining,
        repeat,
        ..arguments.read_options(matching, key(arguments, printer)?.map(|key| Box::new(key) as _))?
    })
}

/// Opens the output of a command that writes as it reads; under `--strict` nothing is shown until it is known that nothing forbids it.
pub(crate) fn begin(read: &ReadArguments, write: &WriteArguments, responses: &Responses, inputs: &[&Path]) -> Result<(Target, Provenance)> {
    let hold = if read.strict { Hold::Back } else { Hold::Nothing };
    Ok((Target::open(write, inputs, hold)?, provenance(read, responses, write.stamp)))
}

/// What produced the output, as far as it is known before the files are read.
pub(crate) fn provenance(arguments: &ReadArguments, responses: &Responses, stamp: bool) -> Provenance {
    let forms = responses.layout().forms();
    let mut notices: Vec<String> = Vec::new();
    for notice in forms.iter().flat_map(|form| form.instrument().notices()) {
        if !notices.contains(&notice) {
            notices.push(notice);
        }
    }
    let mut provenance = Provenance::new(forms.iter().map(Form::used).collect(), notices, arguments.in_force());
    provenance.created = stamp.then(now);
    provenance
}

/// The inputs with their hashes, once everything was read.
pub(crate) fn used(responses: &Responses) -> Vec<UsedInput> {
    responses.used()
}

/// Seconds since 1970, UTC: enough to find a file again.
pub(crate) fn now() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    jiff::Timestamp::from_second(i64::try_from(since.as_secs()).unwrap_or_default()).map_or_else(|_| String::new(), |time| time.to_string())
}

/// Whether the findings forbid writing under `--strict`.
pub(crate) fn refused_by_strict(arguments: &ReadArguments, findings: &Findings<'_>) -> bool {
    arguments.strict && findings.worst().is_some_and(|worst| worst >= Severity::Problem)
}

/// What a page of a whole class has besides its own matter.
pub(crate) fn class_frame<'f, 'o>(write: &'f WriteArguments, closing: &'f Closing<'f, 'o>) -> Result<Frame<'f, 'o>> {
    Ok(Frame { title: write.title.as_deref(), audience: write.audience_of_classes()?, closing })
}

/// The same for a page that shows single answers.
pub(crate) fn answers_frame<'f, 'o>(write: &'f WriteArguments, closing: &'f Closing<'f, 'o>) -> Result<Frame<'f, 'o>> {
    Ok(Frame { title: write.title.as_deref(), audience: write.audience_of_answers()?, closing })
}

/// The form that responses were read with.
#[cfg(feature = "frames")]
pub(crate) fn first_form(responses: Responses) -> Result<Form> {
    responses.into_forms().into_iter().next().context("no form was read with")
}

/// Reads a goals file. Where names are hidden, its pupils get the codes that the responses have.
#[cfg(feature = "frames")]
pub(crate) fn goals(
    path: &Path,
    arguments: &ReadArguments,
    form: &Form,
    printer: &Printer,
    findings: &mut Findings<'_>,
) -> Result<bandwise::change::goals::GoalsFile> {
    let read = bandwise::change::goals::read_goals(&Input::new(path), form.instrument(), form.band_set(), findings);
    let mut file = read.map_err(|error| match error {
        bandwise::input::ReadError::Refusal(finding) => {
            findings.push(*finding);
            anyhow::Error::new(bandwise::cohort::TogetherError::Refused)
        }
        error @ bandwise::input::ReadError::Refused { .. } => error.into(),
    })?;
    // Whoever withdrew their consent has no goals either.
    let joining = arguments.pupils.joining(None, &[], findings)?;
    let listed = |id: &str| match joining.roster.as_deref().map(|roster| roster.find(&LookUp::Any, &[id])) {
        Some(Meant::One(index)) => Some(index),
        _ => None,
    };
    if let Some(exclusions) = joining.exclusions.as_deref() {
        file.goals.retain(|goal| exclusions.leaves_out(&goal.pupil_id, listed(&goal.pupil_id)).is_none());
    }
    // Outputs call a pupil of the list as the list does, and a goal is about that pupil whatever its row calls them.
    for goal in &mut file.goals {
        let pupil = listed(&goal.pupil_id).and_then(|index| joining.roster.as_deref()?.pupil(index));
        if let Some(pupil) = pupil {
            goal.pupil_id = pupil.id.as_str().into();
        }
    }
    if let Some(key) = key(arguments, printer)? {
        for goal in &mut file.goals {
            goal.pupil_id = key.code(&goal.pupil_id).into();
        }
        file.leave_out(bandwise::matching::names_a_pupil);
    }
    Ok(file)
}

/// Reads an evidence file. Its pupils get the names that the responses have, and those whose consent was withdrawn are left out; where
/// names are hidden, so are columns that name a pupil.
pub(crate) fn evidence(path: &Path, arguments: &ReadArguments, printer: &Printer, findings: &mut Findings<'_>) -> Result<EvidenceFile> {
    let mut file = told(read_evidence(&Input::new(path), findings), findings)?;
    let joining = arguments.pupils.joining(None, &[], findings)?;
    let key = key(arguments, printer)?;
    file.rename_pupils(|id| {
        let listed = joining.roster.as_deref().and_then(|roster| match roster.find(&LookUp::Any, &[id]) {
            Meant::One(index) => Some((index, roster.pupil(index)?)),
            _ => None,
        });
        if joining.exclusions.as_deref().is_some_and(|excluded| excluded.leaves_out(id, listed.map(|(index, _)| index)).is_some()) {
            return None;
        }
        let id = listed.map_or(id, |(_, pupil)| pupil.id.as_ref());
        Some(key.as_ref().map_or_else(|| id.to_owned(), |key| key.code(id)))
    });
    if key.is_some() {
        file.leave_out(names_a_pupil);
    }
    Ok(file)
}

/// Reads the school's pathway and holds its tiers against the forms in use.
pub(crate) fn pathway(path: &Path, forms: &[&Form], findings: &mut Findings<'_>) -> Result<Pathway> {
    let text = fs::read_to_string(path).with_context(|| format!("the pathway `{}` cannot be read", path.display()))?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let refused = || anyhow!("the pathway `{name}` has problems, so it is not used");
    let pathway = read_pathway(&name, &text).map_err(|found| {
        findings.extend(found);
        refused()
    })?;
    let found = pathway.check(forms);
    let is_refused = found.iter().any(|finding| finding.code.severity() == Severity::Refusal);
    findings.extend(found);
    if is_refused { Err(refused()) } else { Ok(pathway) }
}
