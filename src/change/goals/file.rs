//! Reading a goals file: rows of text become goals, and whatever is not plain is a finding, never a guess.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::cells;
use super::columns::{Columns, key, read_columns};
use super::measure::Measure;
use super::target::{self, Target, Unusable};
use super::{Goal, GoalKind, GoalScale, RatedInstrument, Repeat, Sessions, Standing, Steps};
use crate::findings::{Code, Column, Finding, Findings, Place, count_of, did_you_mean, printable, quoted_list};
use crate::input::{Input, InputOptions, ReadError, Record, Table};
use crate::instrument::{BandSet, Bands, Fill, Instrument, Method, Round, Rule, Transform};
use crate::provenance::UsedInput;

/// How many rows are read at a time.
const BATCH: usize = 4096;

/// The goals of a file.
#[derive(Debug)]
pub struct GoalsFile {
    /// The goals, in the file's order.
    pub goals: Vec<Goal>,
    /// The names of the carried columns, in the file's order.
    pub carried: Vec<Arc<str>>,
    /// The file's name and hash.
    pub used: UsedInput,
    name: Arc<str>,
    pupil_column: Option<Column>,
    target_column: Option<Column>,
}

impl GoalsFile {
    /// The file's name.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Leaves out the carried columns whose names are picked.
    pub fn leave_out(&mut self, is_left_out: impl Fn(&str) -> bool) {
        let kept: Vec<bool> = self.carried.iter().map(|name| !is_left_out(name)).collect();
        let mut places = kept.iter();
        self.carried.retain(|_| places.next().copied().unwrap_or(true));
        for goal in &mut self.goals {
            let mut places = kept.iter();
            goal.carried.retain(|_| places.next().copied().unwrap_or(true));
        }
    }

    pub(super) fn target_place(&self, row: u64) -> Place {
        Place::Row { file: Arc::clone(&self.name), row, column: self.target_column.clone() }
    }
}

/// Reads a goals file for a form with the bands in use.
///
/// # Errors
///
/// When the file cannot be read, is no table, lacks a column that every goals file has, or has one of the known columns twice.
pub fn read_goals(input: &Input, form: &Instrument, bands: Option<&BandSet>, findings: &mut Findings<'_>) -> Result<GoalsFile, ReadError> {
    let mut table = Table::open(input, &InputOptions::default())?;
    let file = Arc::clone(table.name());
    let columns = read_columns(&file, &table)?;
    let carried = columns.carried_names(&file, findings);
    let mut reader = Reader { file: &file, columns: &columns, form, bands, findings, goals: Vec::new() };
    while let Some(batch) = table.next_batch(BATCH)? {
        for record in batch.records() {
            reader.row(record);
        }
    }
    reader.mark_repeats();
    let goals = reader.goals;
    if goals.is_empty() {
        findings.push(Finding::new(Code::T002, Place::File(Arc::clone(&file)), "the file has a header and no goals"));
    }
    let (pupil_column, target_column) = (columns.column("pupil_id"), columns.column("target"));
    Ok(GoalsFile { goals, carried, used: table.used(), name: file, pupil_column, target_column })
}

struct Reader<'r, 'o> {
    file: &'r Arc<str>,
    columns: &'r Columns,
    form: &'r Instrument,
    bands: Option<&'r BandSet>,
    findings: &'r mut Findings<'o>,
    goals: Vec<Goal>,
}

impl Reader<'_, '_> {
    fn place(&self, row: u64, column: Option<Column>) -> Place {
        Place::Row { file: Arc::clone(self.file), row, column }
    }

    /// A finding about a cell of a known column.
    fn cell_finding(&self, code: Code, record: Record<'_>, name: &str, message: impl Into<String>) -> Finding {
        let finding = Finding::new(code, self.place(record.row(), self.columns.column(name)), message);
        finding.value(self.cell(record, name))
    }

    fn cell<'b>(&self, record: Record<'b>, name: &str) -> &'b str {
        self.columns.of(name).map_or("", |column| record.cell(column).trim())
    }

    fn row(&mut self, record: Record<'_>) {
        let row = record.row();
        let columns = self.columns.header.len();
        if record.len() < columns || (self.columns.width..record.len()).any(|column| !record.cell(column).trim().is_empty()) {
            let message =
                format!("this row has {}, and the header has {columns}: the goal is not judged", count_of(record.len() as u64, "cell"));
            let help = "a comma inside a cell needs quotation marks around the cell";
            self.findings.push(Finding::new(Code::T003, self.place(row, None), message).help(help));
            let nothing: Arc<str> = "".into();
            self.goals.push(Goal {
                row,
                pupil_id: format!("row {row}").into(),
                goal: Arc::clone(&nothing),
                scale: Arc::clone(&nothing),
                target: Arc::clone(&nothing),
                kind: GoalKind::Unreadable("its row has more or fewer cells than the header".to_owned()),
                repeat: Repeat::Single,
                set_on: None,
                review_by: None,
                sessions: None,
                carried: vec![nothing; self.columns.carried.len()],
            });
            return;
        }
        let (scale, kind) = self.kind(record);
        let mut goal = Goal {
            row,
            pupil_id: self.cell(record, "pupil_id").into(),
            goal: self.cell(record, "goal").into(),
            scale,
            target: self.cell(record, "target").into(),
            kind,
            repeat: Repeat::Single,
            set_on: self.date(record, "set_on"),
            review_by: self.date(record, "review_by"),
            sessions: self.sessions(record),
            carried: self.columns.carried.iter().map(|column| record.cell(*column).trim().into()).collect(),
        };
        if goal.pupil_id.is_empty() {
            let message = "the row does not say whose goal it is";
            self.findings.push(self.cell_finding(Code::C014, record, "pupil_id", message).help("fill in the pupil's id"));
            goal.pupil_id = format!("row {row}").into();
            goal.kind = GoalKind::Unreadable("its row names no pupil".to_owned());
        }
        if goal.goal.is_empty() {
            let finding = self.cell_finding(Code::C012, record, "goal", "the goal has no words");
            self.findings.push(finding.help("write the goal in the school's own words, so that a reader knows what it is about"));
        }
        self.goals.push(goal);
    }

    fn sessions(&self, record: Record<'_>) -> Option<Sessions> {
        let (planned, had) = (self.cell(record, "sessions_planned"), self.cell(record, "sessions_had"));
        (!planned.is_empty() && !had.is_empty()).then(|| Sessions { planned: planned.into(), had: had.into() })
    }

    fn date(&mut self, record: Record<'_>, name: &str) -> Option<Date> {
        let cell = self.cell(record, name);
        let date = cells::date(cell);
        if date.is_none() && !cell.is_empty() {
            let finding = self.cell_finding(Code::C019, record, name, format!("`{name}` is no date that can be read in one way only"));
            self.findings.push(finding.label("expected: year, month, day as in 2026-07-01"));
        }
        date
    }

    /// What the row asks for, with the scale as outputs call it.
    fn kind(&mut self, record: Record<'_>) -> (Arc<str>, GoalKind) {
        let written = self.cell(record, "scale");
        match key(written).as_str() {
            "" | "gbo" => (RatedInstrument::Gbo.word().into(), self.rated(record, RatedInstrument::Gbo)),
            "gas" => (RatedInstrument::Gas.word().into(), self.rated(record, RatedInstrument::Gas)),
            wanted => match self.form.scales.iter().position(|scale| key(&scale.id) == wanted || key(&scale.name) == wanted) {
                Some(index) => (Arc::clone(&self.form.scales[index].id), self.of_scale(record, index)),
                None => (written.into(), self.unknown_scale(record, written)),
            },
        }
    }

    fn unknown_scale(&mut self, record: Record<'_>, written: &str) -> GoalKind {
        let names: Vec<&str> = self.form.scales.iter().map(|scale| &*scale.id).collect();
        let known = format!("the scales are {}, and `gbo` or `gas` for a rated goal", quoted_list(&names, 40));
        let help = did_you_mean(written, names.iter().copied()).map_or(known, |near| format!("did you mean `{near}`?"));
        let message = format!("{} has no scale `{}`", self.form.id, printable(written));
        self.findings.push(self.cell_finding(Code::C013, record, "scale", message.as_str()).help(help));
        GoalKind::Unreadable(message)
    }

    fn of_scale(&mut self, record: Record<'_>, index: usize) -> GoalKind {
        for name in ["baseline", "review"] {
            if self.cell(record, name).is_empty() {
                continue;
            }
            let message = "the scores of a scale come from the two response files: this cell is not used";
            let help = "leave it empty, or write `gbo` or `gas` under `scale` if it is a rating";
            self.findings.push(self.cell_finding(Code::C018, record, name, message).help(help));
        }
        let scale = &self.form.scales[index];
        let bands: Option<&Bands> = self.bands.and_then(|set| set.scales.get(index)).and_then(Option::as_ref);
        let levels = bands.map(|bands| bands.levels.as_slice()).ok_or("the scale has no bands in the set in use");
        let steps = steps(self.form, index);
        let goal_scale = GoalScale { id: &scale.id, name: &scale.name, better: scale.better, range: scale.range, bands, error: None };
        match self.target(record, levels, &Measure::of_scale(&goal_scale, steps)) {
            Ok(target) => GoalKind::Scale { scale: index, target, steps },
            Err(reason) => GoalKind::Unreadable(reason),
        }
    }

    fn rated(&mut self, record: Record<'_>, instrument: RatedInstrument) -> GoalKind {
        let (baseline, review) = (self.rating(record, "baseline", instrument), self.rating(record, "review", instrument));
        let weight = cells::weight(self.cell(record, "weight"));
        if weight.is_none() {
            let finding = self.cell_finding(Code::C018, record, "weight", "the weight is none");
            self.findings.push(finding.label("allowed: a number of 0 or more"));
        }
        match self.target(record, Err("a rating has no bands"), &Measure::of_rating(instrument)) {
            Ok(target) => GoalKind::Rated { instrument, target, baseline, review, weight },
            Err(reason) => GoalKind::Unreadable(reason),
        }
    }

    fn rating(&mut self, record: Record<'_>, name: &'static str, instrument: RatedInstrument) -> Standing {
        cells::rating(self.cell(record, name), instrument).unwrap_or_else(|| {
            let message = format!("the {name} is no rating of a `{}` goal", instrument.word());
            self.findings.push(self.cell_finding(Code::C018, record, name, message).label(cells::allowed(instrument)));
            Standing::NotScored("the rating cannot be read".to_owned())
        })
    }

    /// The target, or why the row cannot be judged. A target that can be read and does not fit its scale is kept.
    fn target(&mut self, record: Record<'_>, levels: Result<&[String], &str>, measure: &Measure<'_>) -> Result<Target, String> {
        match target::parse(self.cell(record, "target"), levels) {
            Ok(target) => {
                if let Some(Unusable::Target(reason) | Unusable::OutsideTheScale(reason)) = target.misfit(measure) {
                    self.findings.push(self.cell_finding(Code::C015, record, "target", reason));
                }
                Ok(target)
            }
            Err(unreadable) => {
                let message = format!("the target cannot be read: {}", unreadable.reason);
                let finding = self.cell_finding(Code::C012, record, "target", message.as_str());
                self.findings.push(match unreadable.help {
                    Some(help) => finding.help(help),
                    None => finding,
                });
                Err(message)
            }
        }
    }

    /// One goal on several rows: reported, and not judged where the targets differ. Two scales under one name are reported only.
    fn mark_repeats(&mut self) {
        let mut named: HashMap<(Arc<str>, String), usize> = HashMap::new();
        let mut groups: HashMap<(Arc<str>, String, Arc<str>), usize> = HashMap::new();
        let mut rows: Vec<Vec<usize>> = Vec::new();
        let mut found = Vec::new();
        for (index, goal) in self.goals.iter().enumerate().filter(|(_, goal)| !goal.goal.is_empty()) {
            let name = goal.goal.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
            let group = (Arc::clone(&goal.pupil_id), name.clone(), Arc::clone(&goal.scale));
            let first = *named.entry((Arc::clone(&goal.pupil_id), name)).or_insert(index);
            let position = *groups.entry(group).or_insert_with(|| {
                rows.push(Vec::new());
                rows.len() - 1
            });
            rows[position].push(index);
            if first != index {
                let first = self.goals[first].row;
                let message = format!("this pupil has a goal of this name in row {first} already");
                let column = self.columns.column("goal");
                found.push(Finding::new(Code::C016, self.place(goal.row, column), message).value(&*goal.goal));
            }
        }
        let help = "give each goal a name of its own; when a target changes, keep one row";
        self.findings.extend(found.into_iter().map(|finding| finding.help(help)));
        for group in rows.iter().filter(|group| group.len() > 1) {
            let first = asks_for(&self.goals[group[0]]);
            let is_same = group.iter().all(|index| asks_for(&self.goals[*index]) == first);
            let repeat = if is_same { Repeat::SameTarget } else { Repeat::OtherTarget };
            for index in group {
                self.goals[*index].repeat = repeat;
            }
        }
    }
}

/// The target as it was understood, so that `<=13` and `<= 13` are one; as it was written where it was not understood.
fn asks_for(goal: &Goal) -> Result<&Target, &str> {
    match &goal.kind {
        GoalKind::Scale { target, .. } | GoalKind::Rated { target, .. } => Ok(target),
        GoalKind::Unreadable(_) => Err(&goal.target),
    }
}

/// Whether every score that a scale can have is a whole number.
fn steps(form: &Instrument, index: usize) -> Steps {
    let Some(scale) = form.scales.get(index) else { return Steps::Any };
    let is_whole = match &scale.rule {
        Rule::Scales(parts) => parts.iter().all(|part| *part < index && steps(form, *part) == Steps::Whole),
        Rule::Of { scale, transform } => {
            *scale < index
                && match transform {
                    Transform::Lookup(entries) => entries.iter().all(|(_, value)| value.as_whole().is_some()),
                    Transform::Affine { times, plus } => {
                        steps(form, *scale) == Steps::Whole && times.as_whole().is_some() && plus.as_whole().is_some()
                    }
                    Transform::Norms { round, .. } => *round == Round::HalfUp,
                }
        }
        Rule::Conditions { .. } => true,
        Rule::Items { items, method, missing, gate } => {
            matches!(method, Method::Sum { .. } | Method::Count)
                && items.iter().all(|item| item.points.iter().all(|points| points.as_whole().is_some()))
                && (missing.then != Fill::Prorate || missing.round == Round::HalfUp)
                && gate.as_ref().is_none_or(|gate| gate.score.as_whole().is_some())
        }
    };
    if is_whole { Steps::Whole } else { Steps::Any }
}

/// Findings about goals for pupils that the caller does not know, because they are in neither response file.
pub fn report_unknown_pupils(file: &GoalsFile, is_known: impl Fn(&str) -> bool, findings: &mut Findings<'_>) {
    let names_nobody = |goal: &Goal| *goal.pupil_id == *format!("row {}", goal.row);
    for goal in file.goals.iter().filter(|goal| !is_known(&goal.pupil_id) && !names_nobody(goal)) {
        let place = Place::Row { file: Arc::clone(&file.name), row: goal.row, column: file.pupil_column.clone() };
        let finding = Finding::new(Code::C014, place, "this pupil is in none of the response files").value(&*goal.pupil_id);
        findings.push(finding.help("check the id against the response files; case and the space around it do not matter"));
    }
}
