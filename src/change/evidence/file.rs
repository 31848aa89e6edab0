//! Reading an evidence file, and finding its pupils.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::header::{Layout, Shape, Slot, Times, measure_key, read_header};
use super::{Entry, Evidence, Values};
use crate::change::pupil_key;
use crate::findings::{Code, Column, Finding, Findings, Place, count_of, printable};
use crate::input::{Input, InputOptions, ReadError, Record, Table};
use crate::provenance::UsedInput;

/// How many rows are read at a time.
const BATCH: usize = 4096;

/// The rows of an evidence file, whose pupils have not been looked up yet.
#[derive(Debug)]
pub struct EvidenceFile {
    name: Arc<str>,
    used: UsedInput,
    pupil_column: Option<Column>,
    measures: Vec<Arc<str>>,
    /// The entries, each with the column that a finding about it points at.
    entries: Vec<(Entry, Option<Column>)>,
}

/// Reads an evidence file: CSV or a workbook, with a row for each pupil and measure (`pupil_id, measure, baseline, review`, if need be
/// `unit` and `source`) or a row for each pupil (`pupil_id` and columns like `attendance baseline`, `attendance review`).
///
/// # Errors
///
/// When the file cannot be read, is no table, or its header does not say whom and what it is about.
pub fn read_evidence(input: &Input, findings: &mut Findings<'_>) -> Result<EvidenceFile, ReadError> {
    let mut table = Table::open(input, &InputOptions::default())?;
    let file = Arc::clone(table.name());
    let layout = read_header(&file, table.header(), findings)?;
    let mut reader = Reader { file: &file, layout: &layout, findings, measures: Vec::new(), names: HashMap::new(), entries: Vec::new() };
    if let Shape::Wide(measures) = &layout.shape {
        reader.measures = measures.iter().map(|(name, _)| Arc::clone(name)).collect();
    }
    let mut rows = 0;
    while let Some(batch) = table.next_batch(BATCH)? {
        for record in batch.records() {
            rows += 1;
            reader.row(record);
        }
    }
    let (measures, entries) = (reader.measures, reader.entries);
    if rows == 0 {
        findings.push(Finding::new(Code::T002, Place::File(Arc::clone(&file)), "the file has a header and no evidence"));
    }
    findings.extend(table.assumed());
    let pupil_column = layout.header.get(layout.pupil).cloned();
    Ok(EvidenceFile { name: file, used: table.used(), pupil_column, measures, entries })
}

struct Reader<'r, 'o> {
    file: &'r Arc<str>,
    layout: &'r Layout,
    findings: &'r mut Findings<'o>,
    measures: Vec<Arc<str>>,
    /// The names under which measures came first, by what is compared of them.
    names: HashMap<String, Arc<str>>,
    entries: Vec<(Entry, Option<Column>)>,
}

impl Reader<'_, '_> {
    fn report(&mut self, code: Code, row: u64, column: Option<usize>, message: impl Into<String>, help: &str) {
        let place =
            Place::Row { file: Arc::clone(self.file), row, column: column.and_then(|column| self.layout.header.get(column)).cloned() };
        self.findings.push(Finding::new(code, place, message).help(help));
    }

    fn row(&mut self, record: Record<'_>) {
        let (row, columns) = (record.row(), self.layout.header.len());
        if record.len() < columns || (columns..record.len()).any(|column| !record.cell(column).trim().is_empty()) {
            let cells = count_of(record.len() as u64, "cell");
            let message = format!("this row has {cells}, and the header has {columns}: its evidence is left out");
            self.report(Code::T003, row, None, message, "a comma inside a cell needs quotation marks around the cell");
            return;
        }
        let pupil_id: Arc<str> = record.cell(self.layout.pupil).trim().into();
        if pupil_id.is_empty() {
            let message = "the row does not say which pupil it is about: it is left out";
            self.report(Code::C026, row, Some(self.layout.pupil), message, "fill in the pupil's id");
            return;
        }
        let layout = self.layout;
        match &layout.shape {
            Shape::Long { measure: column, times, unit, source } => {
                let written = record.cell(*column).trim();
                if written.is_empty() {
                    let message = "the row does not say what was measured: it is left out";
                    self.report(Code::C026, row, Some(*column), message, "fill in the measure, such as `attendance`");
                    return;
                }
                let measure = self.measure(written);
                let told = |column: &Option<usize>| text(record, *column);
                let (unit, source) = (told(unit), told(source));
                match at_times(record, *times) {
                    Some(values) => self.add(Entry { row, pupil_id, measure, values, unit, source }, *column),
                    None => self.no_value(row, *column, &measure),
                }
            }
            Shape::Wide(measures) => {
                for (measure, slot) in measures {
                    let values = match slot {
                        Slot::Once(column) => text(record, Some(*column)).map(Values::Once),
                        Slot::Times(times) => at_times(record, *times),
                    };
                    let (Some(column), pupil_id, measure) = (slot.first(), Arc::clone(&pupil_id), Arc::clone(measure)) else { continue };
                    match (values, slot) {
                        (Some(values), _) => self.add(Entry { row, pupil_id, measure, values, unit: None, source: None }, column),
                        (None, Slot::Times(_)) => self.no_value(row, column, &measure),
                        // What is asked of everybody once need not be there for everybody.
                        (None, Slot::Once(_)) => {}
                    }
                }
            }
        }
    }

    fn add(&mut self, entry: Entry, column: usize) {
        self.entries.push((entry, self.layout.header.get(column).cloned()));
    }

    fn no_value(&mut self, row: u64, column: usize, measure: &str) {
        let message = format!("`{}` has no value for this pupil at either time: nothing is shown", printable(measure));
        self.report(Code::C024, row, Some(column), message, "fill it in, or leave it if there is none");
    }

    /// A measure under the name by which it came first.
    fn measure(&mut self, written: &str) -> Arc<str> {
        let key = measure_key(written);
        let measures = &mut self.measures;
        let first = || {
            let name: Arc<str> = written.into();
            measures.push(Arc::clone(&name));
            name
        };
        Arc::clone(self.names.entry(key).or_insert_with(first))
    }
}

fn text(record: Record<'_>, column: Option<usize>) -> Option<Arc<str>> {
    let cell = record.cell(column?).trim();
    (!cell.is_empty()).then(|| cell.into())
}

fn at_times(record: Record<'_>, times: Times) -> Option<Values> {
    match (text(record, times.baseline), text(record, times.review)) {
        (Some(baseline), Some(review)) => Some(Values::Both { baseline, review }),
        (Some(baseline), None) => Some(Values::Baseline(baseline)),
        (None, Some(review)) => Some(Values::Review(review)),
        (None, None) => None,
    }
}

impl EvidenceFile {
    /// The file's name.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The measures, in the file's order.
    pub fn measures(&self) -> &[Arc<str>] {
        &self.measures
    }

    /// How many values or pairs of values there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Calls each pupil what the responses call them; a pupil without a name there is left out without a word, as it should be where
    /// consent was withdrawn.
    pub fn rename_pupils(&mut self, called: impl Fn(&str) -> Option<String>) {
        self.entries.retain_mut(|(entry, _)| match called(&entry.pupil_id) {
            Some(name) => {
                entry.pupil_id = name.into();
                true
            }
            None => false,
        });
    }

    /// Leaves out the measures whose names are picked: those that name a pupil, where names are hidden.
    pub fn leave_out(&mut self, is_left_out: impl Fn(&str) -> bool) {
        self.measures.retain(|measure| !is_left_out(measure));
        self.entries.retain(|(entry, _)| !is_left_out(&entry.measure));
    }

    /// Finds the pupils: a row about nobody who is known is reported and left out, and so is a measure that a pupil has twice with
    /// different values.
    pub fn settle(self, is_known: impl Fn(&str) -> bool, findings: &mut Findings<'_>) -> Evidence {
        let mut first: HashMap<(String, Arc<str>), usize> = HashMap::new();
        let mut kept: Vec<Option<Entry>> = Vec::new();
        let mut contradicted = Vec::new();
        let mut unknown_row = None;
        for (entry, column) in self.entries {
            let place = |column| Place::Row { file: Arc::clone(&self.name), row: entry.row, column };
            if !is_known(&entry.pupil_id) {
                // A row for each pupil has many entries and one pupil.
                if unknown_row.replace(entry.row) != Some(entry.row) {
                    let finding = Finding::new(Code::C022, place(self.pupil_column.clone()), "this pupil is in none of the response files");
                    let help = "check the id against the response files; case and the space around it do not matter";
                    findings.push(finding.value(&*entry.pupil_id).help(help));
                }
                continue;
            }
            let position = *first.entry((pupil_key(&entry.pupil_id), Arc::clone(&entry.measure))).or_insert(kept.len());
            if let Some(Some(other)) = kept.get(position) {
                let measure = printable(&entry.measure);
                let is_same = (&other.values, &other.unit, &other.source) == (&entry.values, &entry.unit, &entry.source);
                let (message, help) = if is_same {
                    (format!("row {} says the same of this pupil's `{measure}`: it is shown once", other.row), "delete one of the rows")
                } else {
                    contradicted.push(position);
                    (
                        format!("row {} says another thing of this pupil's `{measure}`: neither is shown", other.row),
                        "keep the row that is right",
                    )
                };
                findings.push(Finding::new(Code::C023, place(column), message).help(help));
                continue;
            }
            kept.push(Some(entry));
        }
        for position in contradicted {
            if let Some(place) = kept.get_mut(position) {
                *place = None;
            }
        }
        let mut by_pupil: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for entry in kept.into_iter().flatten() {
            by_pupil.entry(pupil_key(&entry.pupil_id)).or_default().push(entry);
        }
        let places: HashMap<&str, usize> = self.measures.iter().enumerate().map(|(place, measure)| (&**measure, place)).collect();
        for entries in by_pupil.values_mut() {
            entries.sort_by_key(|entry| places.get(&*entry.measure).copied());
        }
        Evidence { used: self.used, measures: self.measures, by_pupil }
    }
}
