//! The short way for rows in which nothing is out of the ordinary.
//!
//! A scale's cells in the output depend on little: how many of its questions were answered and what their points come to, and the pupil's group
//! where there are norms. So the cells of each such case are made once, by the same code that makes every row, and copied from then on.
//! A row is taken here or left alone: one with anything to be said about it but a cell that is no answer goes the long way.

use std::collections::HashMap;

use super::layout::{Layout, comment_length};
use super::pipeline::RowParts;
use super::reading::{Marked, Reading};
use super::responses::{Duplicates, KnownFile};
use super::row::{RowState, ScoredBatch, ScoredRow, Use};
use super::score::{Outcome, ScaleScore};
use super::scorer::DecidedBy;
use crate::input::{Batch, Record};
use crate::instrument::{Instrument, Number, Pupil, Said};
use crate::matching::{Answer, AnswerKey, Role};

/// As many answers as a question may have here; a few more values say that there is none.
const MOST_CODES: usize = 16;
const BLANK: u8 = 0x80;
const REFUSED: u8 = 0x81;
/// The cell has more than one byte.
const LONGER: u8 = 0x82;
/// As many scales of items as there may be here.
const MOST_SUMS: usize = 32;
/// As many cases as a scale may have here, and as many kinds of pupils as norms may tell apart.
const MOST_CASES: usize = 1 << 16;
const MOST_PUPILS: usize = 512;
/// One answer more, in the number that holds the points in its lower half.
const ONE: i64 = 1 << 32;

/// The short way for one file.
#[derive(Debug)]
pub(super) struct Express {
    questions: Vec<Question>,
    /// The answer sets of the questions.
    sets: Vec<usize>,
    sums: Vec<Sum>,
    scales: Vec<Scale>,
    /// The scales that are shown, in the order of the columns.
    shown: Vec<usize>,
    /// How many cases all scales have together.
    cases: usize,
    /// What is said of single answers: those that are sensitive, then the alerts.
    singled_out: Vec<SingledOut>,
    id: usize,
    carried: Vec<Option<usize>>,
    /// The columns whose cells could be comments.
    watched: Vec<usize>,
    width: usize,
    /// The columns by which pupils differ for norms and bands.
    pupil_columns: Vec<usize>,
    pupils: HashMap<Vec<u8>, Option<(usize, Pupil)>>,
    /// For each kind of pupil and each case, where its cells are, one more than that; nought where they were not made yet.
    memory: Vec<Vec<u32>>,
    cells: Vec<Cells>,
    text: Vec<u8>,
    row: Scratch,
}

/// What is gathered of one row.
#[derive(Debug)]
struct Scratch {
    /// For each item, its answer.
    codes: Vec<u8>,
    refused: Vec<usize>,
    sums: [i64; MOST_SUMS],
    /// For each scale, its cells.
    found: Vec<usize>,
    key: Vec<u8>,
}

#[derive(Debug)]
struct Question {
    column: usize,
    item: usize,
    set: usize,
    /// What a cell of one byte is.
    single: [u8; 256],
    /// Where its points are added: to the first scale that it is in, and to further ones.
    first: Option<(usize, [i64; MOST_CODES])>,
    further: Vec<(usize, [i64; MOST_CODES])>,
}

/// A scale of items.
#[derive(Debug)]
struct Sum {
    lowest: i64,
    highest: i64,
    items: i64,
    gate: Option<(usize, u16)>,
}

#[derive(Debug)]
struct Scale {
    /// Its place among the form's scales.
    index: usize,
    kind: Kind,
    /// Where its cases begin among those of all scales.
    first: usize,
}

/// What decides the case of a scale.
#[derive(Debug)]
enum Kind {
    Nothing,
    Sum(usize),
    Parts { parts: Vec<usize>, lowest: i64, highest: i64, items: i64 },
    Same(usize),
}

/// The cells of a case.
#[derive(Clone, Copy, Debug)]
struct Cells {
    start: usize,
    end: usize,
    /// Which case of its scale it is.
    case: usize,
    /// The score, where it is a whole number.
    value: Option<i64>,
    answered: i64,
    is_estimated: bool,
}

/// Questions whose answers are told by themselves, in one cell.
#[derive(Debug)]
struct SingledOut {
    why: Why,
    /// The questions, with the number of their answers.
    items: Vec<(usize, usize)>,
    first: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Sensitive,
    Critical,
}

impl Express {
    /// The short way for a file, if its layout and its form have one.
    pub(super) fn new(layout: &Layout, file_index: usize, file: &KnownFile) -> Option<Self> {
        let [form] = layout.forms() else { return None };
        let ([columns], [keys], [id]) = (file.map.forms.as_slice(), file.keys.as_slice(), file.map.id.as_slice()) else { return None };
        let instrument = form.instrument();
        let carried = layout.plainly_carried(file_index)?;
        let has_ready_made = columns.ready_made.iter().any(Option::is_some);
        if has_ready_made
            || file.map.finished.is_some()
            || file.width != file.map.header.len()
            || !instrument.cautions.is_empty()
            || carried.is_empty()
        {
            return None;
        }
        let questions = questions(&columns.items, instrument, keys)?;
        let mut sets: Vec<usize> = questions.iter().map(|question| question.set).collect();
        sets.sort_unstable();
        sets.dedup();
        let mut express = Self {
            questions,
            sets,
            sums: Vec::new(),
            scales: Vec::new(),
            shown: Vec::new(),
            cases: 0,
            singled_out: Vec::new(),
            id: *id,
            carried,
            watched: file.map.carried.iter().map(|carried| carried.column).collect(),
            width: file.width,
            pupil_columns: pupil_columns(file, !instrument.groupings.is_empty()),
            pupils: HashMap::new(),
            memory: Vec::new(),
            cells: Vec::new(),
            text: Vec::new(),
            row: Scratch {
                codes: vec![BLANK; instrument.items.len()],
                refused: Vec::new(),
                sums: [0; MOST_SUMS],
                found: Vec::new(),
                key: Vec::new(),
            },
        };
        for scale in layout.shown(0) {
            let place = express.place_of(scale, |scale| form.scorer().decided_by(scale, &columns.blocks))?;
            express.shown.push(place);
        }
        for (why, questions) in [(Why::Sensitive, &instrument.sensitive), (Why::Critical, &instrument.critical)] {
            let answers = |item: usize| Some(instrument.answers.get(instrument.items.get(item)?.answers)?.codes.len());
            let items: Vec<(usize, usize)> =
                questions.iter().map(|question| Some((question.item, answers(question.item)?))).collect::<Option<_>>()?;
            if !items.is_empty() {
                let cases = items.iter().try_fold(1_usize, |cases, (_, answers)| cases.checked_mul(answers + 2))?;
                let first = express.take_cases(cases)?;
                express.singled_out.push(SingledOut { why, items, first });
            }
        }
        Some(express)
    }

    fn take_cases(&mut self, cases: usize) -> Option<usize> {
        let first = self.cases;
        self.cases += cases;
        (self.cases <= MOST_CASES).then_some(first)
    }

    /// The place of a scale among those that are needed; those that it is made of come before it.
    fn place_of(&mut self, scale: usize, decided_by: impl Fn(usize) -> Option<DecidedBy> + Copy) -> Option<usize> {
        if let Some(known) = self.scales.iter().position(|known| known.index == scale) {
            return Some(known);
        }
        let (kind, cases) = match decided_by(scale)? {
            DecidedBy::Nothing => (Kind::Nothing, 1),
            DecidedBy::Points { items, gate, .. } => {
                let sum = self.sums.len();
                let ends = |end: fn(i64, i64) -> i64| items.iter().map(|(_, points)| points.iter().copied().fold(0, end)).sum::<i64>();
                let (lowest, highest) = (ends(i64::min), ends(i64::max));
                for (item, points) in &items {
                    // A question without a column is blank on every form.
                    let Some(question) = self.questions.iter_mut().find(|question| question.item == *item) else { continue };
                    let mut adds = [ONE; MOST_CODES];
                    for (add, points) in adds.iter_mut().zip(points) {
                        *add += points;
                    }
                    match question.first {
                        None => question.first = Some((sum, adds)),
                        Some(_) => question.further.push((sum, adds)),
                    }
                }
                let count = i64::try_from(items.len()).ok()?;
                let gates = if gate.is_some() { 3 } else { 1 };
                let is_small = sum < MOST_SUMS && highest.max(-lowest) < ONE / 4;
                self.sums.push(Sum { lowest, highest, items: count, gate });
                let cases = (highest - lowest + 1).checked_mul(count + 1)?.checked_mul(gates)?;
                (Kind::Sum(sum), usize::try_from(cases).ok().filter(|_| is_small)?)
            }
            DecidedBy::Parts(parts) => {
                let is_whole = |part: usize| match decided_by(part) {
                    Some(DecidedBy::Points { is_whole, .. }) => is_whole,
                    Some(DecidedBy::Nothing) => true,
                    _ => false,
                };
                if !parts.iter().all(|part| is_whole(*part)) {
                    return None;
                }
                let places: Vec<usize> = parts.iter().map(|part| self.place_of(*part, decided_by)).collect::<Option<_>>()?;
                let (mut lowest, mut highest, mut items) = (0, 0, 0);
                for place in &places {
                    let Some(Kind::Sum(sum)) = self.scales.get(*place).map(|scale| &scale.kind) else { continue };
                    let sum = self.sums.get(*sum)?;
                    // A sum may be taken several times, and a gate has a score of its own.
                    (lowest, highest, items) = (lowest + sum.lowest, highest + sum.highest, items + sum.items);
                }
                let cases = usize::try_from((highest - lowest + 1) * (items + 1) * 2).ok()? + places.len();
                (Kind::Parts { parts: places, lowest, highest, items }, cases)
            }
            DecidedBy::Scale(other) => {
                let place = self.place_of(other, decided_by)?;
                (Kind::Same(place), self.cases_of(place))
            }
        };
        let first = self.take_cases(cases)?;
        self.scales.push(Scale { index: scale, kind, first });
        Some(self.scales.len() - 1)
    }

    /// How many cases a scale has.
    fn cases_of(&self, place: usize) -> usize {
        let first = |place: usize| self.scales.get(place).map(|scale| scale.first);
        first(place + 1).unwrap_or(self.cases) - first(place).unwrap_or(self.cases)
    }

    /// Takes a row, if it can be taken the short way.
    pub(super) fn row<M>(&mut self, reading: &mut Reading<'_>, record: Record<'_>, parts: &impl RowParts<M>, made: &mut M) -> bool {
        if record.len() != self.width || (reading.has_breaks && reading.misplaced(record).is_some()) {
            return false;
        }
        let id = record.cell(self.id).trim();
        if id.is_empty() || self.watched.iter().any(|column| comment_length(record.cell(*column)).is_some()) {
            return false;
        }
        let Some((kind, pupil)) = self.pupil(reading, record) else { return false };
        if !self.read(reading, record) {
            return false;
        }
        if !self.find_cells(kind) {
            self.make_cells(reading, (kind, pupil), record, parts);
            if !self.find_cells(kind) {
                return false;
            }
        }
        if self.has_alert(kind) && !parts.counts_alert(made) {
            return false;
        }
        self.count(reading, record);
        parts.begin(self.carried.iter().map(|column| column.map_or("", |column| record.cell(column))), made);
        for place in &self.shown {
            let cells = self.cells[self.row.found[*place]];
            parts.add(&self.text[cells.start..cells.end], made);
        }
        for singled_out in &self.singled_out {
            if let Some(cells) = self.told_cells(kind, singled_out) {
                parts.add(&self.text[cells.start..cells.end], made);
            }
        }
        parts.end(made);
        if reading.duplicates == Duplicates::Named {
            let mark = reading.mark_of(record, id);
            reading.marks.push(Marked { mark, index: reading.index, row: record.row(), findings: reading.findings.len() });
        }
        true
    }

    /// The kind of pupil, as far as norms and bands tell pupils apart; none where anything about that is noteworthy.
    fn pupil(&mut self, reading: &Reading<'_>, record: Record<'_>) -> Option<(usize, Pupil)> {
        if self.pupil_columns.is_empty() {
            if self.memory.is_empty() {
                self.memory.push(vec![0; self.cases]);
            }
            return Some((0, Pupil::default()));
        }
        let key = &mut self.row.key;
        key.clear();
        let cells = record.places();
        for column in &self.pupil_columns {
            key.extend_from_slice(cells.cell(*column));
            key.push(0xff);
        }
        if let Some(known) = self.pupils.get(key.as_slice()) {
            return *known;
        }
        if self.pupils.len() >= MOST_PUPILS {
            return None;
        }
        let told = pupil_of(reading, record);
        let kind = told.map(|pupil| (self.memory.len(), pupil));
        if kind.is_some() {
            self.memory.push(vec![0; self.cases]);
        }
        self.pupils.insert(key.clone(), kind);
        kind
    }

    /// Reads the answers. Says whether there are any.
    fn read(&mut self, reading: &Reading<'_>, record: Record<'_>) -> bool {
        let Some(keys) = reading.file.keys.first() else { return false };
        let row = &mut self.row;
        row.refused.clear();
        row.sums = [0; MOST_SUMS];
        let mut is_answered = false;
        let cells = record.places();
        for (place, question) in self.questions.iter().enumerate() {
            let mut code = match cells.first_byte(question.column) {
                (1, byte) => question.single[usize::from(byte)],
                (0, _) => BLANK,
                _ => LONGER,
            };
            if code == LONGER {
                code = keys.get(question.set).map_or(REFUSED, |key| code_of(key.read(record.cell(question.column))));
            }
            row.codes[question.item] = code;
            if code < BLANK {
                is_answered = true;
                if let Some((sum, adds)) = &question.first {
                    row.sums[sum % MOST_SUMS] += adds[usize::from(code) % MOST_CODES];
                }
                for (sum, adds) in &question.further {
                    row.sums[sum % MOST_SUMS] += adds[usize::from(code) % MOST_CODES];
                }
            } else if code == REFUSED {
                is_answered = true;
                row.refused.push(place);
            }
        }
        is_answered
    }

    /// Counts what the answers say of the file as a whole, and tells of those that are none.
    fn count(&mut self, reading: &mut Reading<'_>, record: Record<'_>) {
        let file = reading.file;
        let (Some(keys), [form]) = (file.keys.first(), reading.layout.forms()) else { return };
        if let Some(judge) = reading.judges.first_mut() {
            judge.row(true, false);
            let is_open = self.sets.iter().any(|set| !judge.is_at_ease(*set));
            for question in self.questions.iter().filter(|_| is_open) {
                let Some(key) = keys.get(question.set) else { continue };
                judge.answer(question.set, key, answer_of(self.row.codes[question.item]), record.cell(question.column));
            }
        }
        for place in &self.row.refused {
            let question = &self.questions[*place];
            let item = form.instrument().items.get(question.item).map_or("", |item| &*item.id);
            reading.refused_cell(0, (item, question.set), record, question.column);
        }
    }

    /// Looks for the cells of each scale. Says whether all were made before.
    fn find_cells(&mut self, kind: usize) -> bool {
        self.row.found.clear();
        for place in 0..self.scales.len() {
            match self.case(place).and_then(|case| self.remembered(kind, self.scales[place].first + case)) {
                Some(cells) => self.row.found.push(cells),
                None => return false,
            }
        }
        self.singled_out.iter().all(|singled_out| self.told_cells(kind, singled_out).is_some())
    }

    fn remembered(&self, kind: usize, case: usize) -> Option<usize> {
        self.memory[kind][case].checked_sub(1).map(|cells| cells as usize)
    }

    fn told_cells(&self, kind: usize, singled_out: &SingledOut) -> Option<Cells> {
        self.remembered(kind, singled_out.first + singled_out.case(&self.row.codes)).map(|cells| self.cells[cells])
    }

    fn has_alert(&self, kind: usize) -> bool {
        let critical = self.singled_out.iter().filter(|singled_out| singled_out.why == Why::Critical);
        critical.filter_map(|critical| self.told_cells(kind, critical)).any(|cells| cells.value == Some(1))
    }

    /// The case of a scale in this row, when the cells of those before it were found.
    #[inline]
    fn case(&self, place: usize) -> Option<usize> {
        let found = |place: &usize| self.row.found.get(*place).and_then(|cells| self.cells.get(*cells));
        match &self.scales[place].kind {
            Kind::Nothing => Some(0),
            Kind::Sum(sum) => self.sums[*sum].case(self.row.sums[*sum], &self.row.codes),
            Kind::Same(other) => found(other).map(|cells| cells.case),
            Kind::Parts { parts, lowest, highest, items } => {
                let (mut value, mut answered, mut is_estimated) = (0, 0, false);
                let scored = usize::try_from((highest - lowest + 1) * (items + 1) * 2).ok()?;
                for (index, part) in parts.iter().enumerate() {
                    let part = found(part)?;
                    let Some(points) = part.value else { return Some(scored + index) };
                    value += points;
                    answered += part.answered;
                    is_estimated |= part.is_estimated;
                }
                let is_inside = (*lowest..=*highest).contains(&value) && answered <= *items;
                let case = ((value - lowest) * (items + 1) + answered) * 2 + i64::from(is_estimated);
                usize::try_from(case).ok().filter(|_| is_inside)
            }
        }
    }

    /// Makes the cells of this row that were not made before, as those of any row are made.
    fn make_cells<M>(&mut self, reading: &Reading<'_>, (kind, pupil): (usize, Pupil), record: Record<'_>, parts: &impl RowParts<M>) {
        let layout = reading.layout;
        let [form] = layout.forms() else { return };
        let blocks = reading.file.map.forms.first().map(|form| form.blocks.as_slice()).unwrap_or_default();
        let answers: Vec<Answer> = self.row.codes.iter().map(|code| answer_of(*code)).collect();
        let mut batch = ScoredBatch::without_rows(reading.file_index, Batch::default()).for_forms(1);
        form.scorer().score(&answers, blocks, &pupil, &mut batch.scores[0]);
        batch.answers[0] = answers;
        let state = RowState { pupil, uses: vec![Use::Scored], listed: None, mark: None };
        let row = ScoredRow::alone(&batch, layout, record, &state);
        self.row.found.clear();
        for place in 0..self.scales.len() {
            let Some(case) = self.case(place) else { return };
            let (scale, slot) = (self.scales[place].index, self.scales[place].first + case);
            let cells = self.remembered(kind, slot).unwrap_or_else(|| {
                let start = self.text.len();
                parts.scale(layout, &row, scale, &mut self.text);
                let score = row.scores(0).get(scale);
                self.keep(
                    kind,
                    slot,
                    Cells {
                        start,
                        end: self.text.len(),
                        case,
                        value: score.and_then(ScaleScore::value).and_then(Number::as_whole),
                        answered: score.map_or(0, |score| i64::from(score.answered)),
                        is_estimated: score.is_some_and(|score| matches!(score.outcome, Outcome::Estimated(_))),
                    },
                )
            });
            self.row.found.push(cells);
        }
        for place in 0..self.singled_out.len() {
            let singled_out = &self.singled_out[place];
            let slot = singled_out.first + singled_out.case(&self.row.codes);
            if self.remembered(kind, slot).is_some() {
                continue;
            }
            let start = self.text.len();
            match singled_out.why {
                Why::Sensitive => parts.sensitive(layout, &row, &mut self.text),
                Why::Critical => parts.alerts(layout, &row, &mut self.text),
            }
            let is_alert = singled_out.why == Why::Critical && row.alerts(0).next().is_some();
            let cells = Cells { start, end: self.text.len(), case: 0, value: Some(i64::from(is_alert)), answered: 0, is_estimated: false };
            self.keep(kind, slot, cells);
        }
    }

    fn keep(&mut self, kind: usize, slot: usize, cells: Cells) -> usize {
        self.cells.push(cells);
        self.memory[kind][slot] = u32::try_from(self.cells.len()).unwrap_or(0);
        self.cells.len() - 1
    }
}

impl Sum {
    /// The case of a scale of items: its points, how many answers they are of, and what the first question says.
    fn case(&self, sum: i64, codes: &[u8]) -> Option<usize> {
        let answered = (sum + ONE / 2) / ONE;
        let points = sum - answered * ONE;
        let gate = |(item, closed_by): (usize, u16)| match codes.get(item) {
            Some(code) if *code < BLANK => i64::from(u16::from(*code) == closed_by),
            _ => 2,
        };
        let case = (points - self.lowest) * (self.items + 1) + answered;
        let case = self.gate.map_or(case, |first| case * 3 + gate(first));
        usize::try_from(case).ok().filter(|_| points <= self.highest)
    }
}

impl SingledOut {
    /// The case: what was answered to each of the questions.
    fn case(&self, codes: &[u8]) -> usize {
        self.items.iter().fold(0, |case, (item, answers)| {
            let own = match codes.get(*item) {
                Some(code) if *code < BLANK => usize::from(*code).min(answers - 1),
                Some(&REFUSED) => answers + 1,
                _ => *answers,
            };
            case * (answers + 2) + own
        })
    }
}

/// The questions that have a column; none where one has more answers than there is room for.
fn questions(columns: &[Option<usize>], instrument: &Instrument, keys: &[AnswerKey]) -> Option<Vec<Question>> {
    let mut questions = Vec::new();
    for (item, (column, definition)) in columns.iter().zip(&instrument.items).enumerate() {
        if instrument.answers.get(definition.answers)?.codes.len() > MOST_CODES {
            return None;
        }
        let (Some(column), Some(key)) = (column, keys.get(definition.answers)) else { continue };
        let mut single = [LONGER; 256];
        for byte in 0..128_u8 {
            single[usize::from(byte)] = code_of(key.read(char::from(byte).encode_utf8(&mut [0; 4])));
        }
        questions.push(Question { column: *column, item, set: definition.answers, single, first: None, further: Vec::new() });
    }
    Some(questions)
}

/// The columns by which pupils differ. Only where norms or bands go by them do sex and year matter; an age may be outside the form's.
fn pupil_columns(file: &KnownFile, is_grouped: bool) -> Vec<usize> {
    let role = |role: Role| file.map.role(role);
    let grouped = [Role::Sex, Role::Year].into_iter().filter(|_| is_grouped).filter_map(role);
    role(Role::Age).into_iter().chain(grouped).collect()
}

/// What a row says of the pupil; none where something about that is to be told.
fn pupil_of(reading: &Reading<'_>, record: Record<'_>) -> Option<Pupil> {
    let pupil = reading.said_of_pupil(record)?;
    let is_outside = |years: u8| reading.layout.forms().iter().any(|form| form.outside_ages(years).is_some());
    match pupil.age {
        Said::This(years) if is_outside(years) => None,
        _ => Some(pupil),
    }
}

fn code_of(answer: Answer) -> u8 {
    match answer {
        Answer::Given(code) => u8::try_from(code).unwrap_or(REFUSED),
        Answer::Blank => BLANK,
        Answer::Refused => REFUSED,
    }
}

fn answer_of(code: u8) -> Answer {
    match code {
        BLANK => Answer::Blank,
        REFUSED => Answer::Refused,
        code => Answer::Given(u16::from(code)),
    }
}
