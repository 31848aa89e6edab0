//! The short way for rows in which nothing is out of the ordinary.
//!
//! A scale's cells in the output depend on little: how many of its questions were answered and what their points come to, and the pupil's group
//! where there are norms. So the cells of each such case are made once, by the same code that makes every row, and copied from then on.
//! A row is taken here or left alone: one with anything to be said about it but a cell that is no answer goes the long way. So do all rows of a
//! file that says who completed each form, or that is joined with a list or an export's marks.

mod answers;
mod cases;
mod kinds;
mod made;

use crate::input::{Batch, Record};
use crate::instrument::Number;
use crate::matching::{Answer, AnswerKey, Role};
use crate::scoring::layout::{Layout, Plainly, comment_length};
use crate::scoring::pipeline::{RowHead, RowParts};
use crate::scoring::reading::{Marked, Reading};
use crate::scoring::responses::{Duplicates, KnownFile, mark};
use crate::scoring::row::{RowState, ScoredBatch, ScoredRow, Use};
use crate::scoring::score::{Outcome, ScaleScore};
use answers::{Plan, Read};
use cases::{Cases, Why};
use kinds::{Kinds, pupil_columns};
use made::{Cells, Memory};

pub use made::MadeCells;

/// As many answers as a question may have here: the codes behind them say that there is none.
const MOST_CODES: usize = Code::BLANK.0 as usize;
/// As many cases as a form may have here.
const MOST_CASES: usize = 1 << 16;
/// As many kinds of pupils as norms and bands may tell apart here, and as many as a file may tell of in all.
const MOST_KINDS: usize = 512;
const MOST_PUPILS: usize = 1 << 12;

/// An answer as a small number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Code(u8);

/// The short way for one file.
#[derive(Debug)]
pub(super) struct Express {
    plan: Plan,
    cases: Cases,
    /// The scales that are wanted, in their order.
    wanted: Vec<usize>,
    /// The answer sets of the questions.
    sets: Vec<usize>,
    /// Among the kept cells the pupil's id, and the time and the date, where the file says them.
    id: usize,
    time: Option<usize>,
    date: Option<usize>,
    /// For each carried cell, its place among the kept ones, or what it is without one.
    carried: Vec<Plainly>,
    /// Where the carried cells stand side by side in the file, as they will in the output, the first and the last of them.
    stretch: Option<(usize, usize)>,
    /// The kept cells that could be comments.
    watched: Vec<usize>,
    /// The pupils, as far as norms and bands tell them apart; only where those do, sex and year matter.
    kinds: Kinds,
    /// The pupils with all that the file says of them, where that is more and is wanted.
    pupils: Option<Kinds>,
    memory: Memory,
    read: Read,
    /// For each scale, its cells in this row.
    found: Vec<usize>,
}

impl Express {
    /// The short way for a file, if its layout and its form have one.
    pub(super) fn new<M>(layout: &Layout, file_index: usize, file: &KnownFile, parts: &impl RowParts<M>) -> Option<Self> {
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
        let watched: Vec<usize> = file.map.carried.iter().map(|carried| carried.column).collect();
        let is_grouped = !instrument.groupings.is_empty();
        let tells_more = parts.tells_pupils() && !is_grouped;
        let (time, date) = (file.map.role(Role::Time), file.map.role(Role::Date));
        let wanted = [*id].into_iter().chain(time).chain(date).chain(carried.iter().filter_map(|cell| cell.column()));
        let wanted = wanted.chain(watched.iter().copied()).chain(pupil_columns(file, is_grouped || tells_more));
        let mut plan = Plan::new(&columns.items, instrument, keys, wanted, file.width)?;
        let mut read = Read::new(instrument.items.len());
        let (mut cases, mut wanted_scales) = (Cases::default(), Vec::new());
        for scale in &parts.scales(layout) {
            let decided_by = |scale| form.scorer().decided_by(scale, &columns.blocks);
            wanted_scales.push(cases.place_of(*scale, decided_by, (&mut plan, &mut read))?);
        }
        cases.single_out(instrument)?;
        let mut sets: Vec<usize> = plan.questions.iter().map(|question| question.set).collect();
        sets.sort_unstable();
        sets.dedup();
        let place = |column: usize| plan.kept_place(column);
        let places = |columns: Vec<usize>| columns.into_iter().map(place).collect::<Option<Vec<usize>>>();
        let columns: Vec<Option<usize>> = carried.iter().map(|cell| cell.column()).collect();
        let side_by_side = columns.windows(2).all(|pair| pair[0].is_some() && pair[1] == pair[0].map(|column| column + 1));
        let (first, last) = (columns.first().copied().flatten().and_then(place), columns.last().copied().flatten().and_then(place));
        let kept = |cell: &Plainly| match cell {
            Plainly::Cell(column) => place(*column).map(Plainly::Cell),
            Plainly::Blank | Plainly::FileName => Some(*cell),
        };
        Some(Self {
            id: place(*id)?,
            time: time.and_then(place),
            date: date.and_then(place),
            carried: carried.iter().map(kept).collect::<Option<_>>()?,
            stretch: first.zip(last).filter(|_| side_by_side && file.separator == b','),
            watched: places(watched)?,
            kinds: Kinds::new(file, is_grouped, &plan, MOST_KINDS)?,
            pupils: if tells_more { Some(Kinds::new(file, true, &plan, MOST_PUPILS)?) } else { None },
            plan,
            cases,
            wanted: wanted_scales,
            sets,
            memory: Memory::default(),
            read,
            found: Vec::new(),
        })
    }

    /// Takes a row, if it can be taken the short way.
    pub(super) fn row<M>(&mut self, reading: &mut Reading<'_>, record: Record<'_>, parts: &impl RowParts<M>, made: &mut M) -> bool {
        let Some(keys) = reading.file.keys.first() else { return false };
        let line = record.uncut();
        let is_read = match line {
            Some(line) => self.plan.read_line(line, keys, &mut self.read),
            None => self.plan.read_cells(record.places(), keys, &mut self.read),
        };
        if !is_read || (reading.has_breaks && reading.misplaced(record).is_some()) {
            return false;
        }
        let text = record.text();
        let id = self.kept(text, self.id).trim();
        if id.is_empty() || self.watched.iter().any(|place| comment_length(self.kept(text, *place)).is_some()) {
            return false;
        }
        let Some(kind) = self.kinds.of(reading, record, &self.read) else { return false };
        while self.memory.kinds() < self.kinds.len() {
            self.memory.add_kind(self.cases.count);
        }
        let pupil = match &mut self.pupils {
            Some(pupils) => pupils.of(reading, record, &self.read).map(|kind| (*pupils.get(kind), kind)),
            None => Some((*self.kinds.get(kind), kind)),
        };
        let Some((pupil, kind_of_pupil)) = pupil else { return false };
        if !self.find_cells(kind) {
            self.make_cells(reading, kind, record, parts);
            if !self.find_cells(kind) {
                return false;
            }
        }
        if self.has_alert(kind) && !parts.counts_alert(made) {
            return false;
        }
        self.count(reading, record, keys);
        let stretch = self.stretch.filter(|_| line.is_some()).and_then(|(first, last)| {
            let ((start, _), (_, end)) = (self.read.kept(first), self.read.kept(last));
            text.get(start..end)
        });
        let date = self.date.map_or("", |place| self.kept(text, place).trim());
        let head = RowHead { row: record.row(), id, pupil, kind: kind_of_pupil, date, stretch };
        let carried = self.carried.iter().map(|cell| match cell {
            Plainly::Cell(place) => self.kept(text, *place),
            Plainly::Blank => "",
            Plainly::FileName => reading.layout.file_name(reading.file_index),
        });
        parts.begin(head, carried, made);
        for place in &self.wanted {
            parts.add(self.memory.made(self.memory.cells(self.found[*place])), made);
        }
        for singled_out in &self.cases.singled_out {
            if let Some(cells) = self.memory.find(kind, singled_out.case(&self.read.codes)) {
                parts.add(self.memory.made(self.memory.cells(cells)), made);
            }
        }
        parts.end(made);
        if reading.duplicates == Duplicates::Named {
            let time = self.time.map_or("", |place| self.kept(text, place).trim());
            // Who completed the form is not said in this file.
            let mark = mark(&[id, "", time]);
            reading.marks.push(Marked { mark, index: reading.index, row: record.row(), findings: reading.findings.len() });
        }
        true
    }

    fn kept<'t>(&self, text: &'t str, place: usize) -> &'t str {
        let (start, end) = self.read.kept(place);
        &text[start..end]
    }

    /// Counts what the answers say of the file as a whole, and tells of those that are none.
    fn count(&mut self, reading: &mut Reading<'_>, record: Record<'_>, keys: &[AnswerKey]) {
        let layout = reading.layout;
        if let Some(judge) = reading.judges.first_mut() {
            judge.row(true, false);
            let is_open = self.sets.iter().any(|set| !judge.is_at_ease(*set));
            for question in self.plan.questions.iter().filter(|_| is_open) {
                judge.answer(question.set, &keys[question.set], self.read.codes[question.item].answer(), record.cell(question.column));
            }
        }
        for (place, (start, end)) in &self.read.refused {
            let question = &self.plan.questions[*place];
            let cell = &record.text()[*start..*end];
            let item = &layout.forms()[0].instrument().items[question.item];
            reading.refused_cell(0, (&*item.id, question.set), record, (question.column, cell));
        }
    }

    /// Looks for the cells of each scale. Says whether all were made before.
    fn find_cells(&mut self, kind: usize) -> bool {
        self.found.clear();
        for place in 0..self.cases.scales.len() {
            let case = self.cases.case(place, &self.read, &self.found, &self.memory);
            match case.and_then(|case| self.memory.find(kind, self.cases.scales[place].first + case)) {
                Some(cells) => self.found.push(cells),
                None => return false,
            }
        }
        self.cases.singled_out.iter().all(|singled_out| self.memory.find(kind, singled_out.case(&self.read.codes)).is_some())
    }

    fn has_alert(&self, kind: usize) -> bool {
        let critical = self.cases.singled_out.iter().filter(|singled_out| singled_out.why == Why::Critical);
        let cells = critical.filter_map(|critical| self.memory.find(kind, critical.case(&self.read.codes)));
        cells.map(|cells| self.memory.cells(cells)).any(|cells| cells.value == Some(1))
    }

    /// Makes the cells of this row that were not made before, as those of any row are made.
    fn make_cells<M>(&mut self, reading: &Reading<'_>, kind: usize, record: Record<'_>, parts: &impl RowParts<M>) {
        let (layout, pupil) = (reading.layout, *self.kinds.get(kind));
        let [form] = layout.forms() else { return };
        let blocks = reading.file.map.forms.first().map(|form| form.blocks.as_slice()).unwrap_or_default();
        let answers = self.read.answers();
        let mut batch = ScoredBatch::without_rows(reading.file_index, Batch::default()).for_forms(1);
        form.scorer().score(&answers, blocks, &pupil, &mut batch.scores[0]);
        batch.answers[0] = answers;
        let state = RowState { pupil, uses: vec![Use::Scored], listed: None, mark: None };
        let row = ScoredRow::alone(&batch, layout, record, &state);
        self.found.clear();
        for place in 0..self.cases.scales.len() {
            let Some(case) = self.cases.case(place, &self.read, &self.found, &self.memory) else { return };
            let (scale, slot) = (self.cases.scales[place].index, self.cases.scales[place].first + case);
            let cells = self.memory.find(kind, slot).unwrap_or_else(|| {
                let score = row.scores(0).get(scale);
                let cells = Cells {
                    text: (0, 0),
                    case,
                    value: score.and_then(ScaleScore::value).and_then(Number::as_whole),
                    answered: score.map_or(0, |score| i64::from(score.answered)),
                    is_estimated: score.is_some_and(|score| matches!(score.outcome, Outcome::Estimated(_))),
                };
                self.memory.keep(kind, slot, cells, |text| parts.scale(layout, &row, scale, text))
            });
            self.found.push(cells);
        }
        for singled_out in &self.cases.singled_out {
            let slot = singled_out.case(&self.read.codes);
            if self.memory.find(kind, slot).is_some() {
                continue;
            }
            let is_alert = singled_out.why == Why::Critical && row.alerts(0).next().is_some();
            let cells = Cells { text: (0, 0), case: 0, value: Some(i64::from(is_alert)), answered: 0, is_estimated: false };
            self.memory.keep(kind, slot, cells, |text| match singled_out.why {
                Why::Sensitive => parts.sensitive(layout, &row, text),
                Why::Critical => parts.alerts(layout, &row, text),
            });
        }
    }
}

impl Code {
    const BLANK: Self = Self(0x10);
    const REFUSED: Self = Self(Self::BLANK.0 + 1);

    fn of(answer: Answer) -> Self {
        match answer {
            Answer::Given(code) => u8::try_from(code).map_or(Self::REFUSED, Self),
            Answer::Blank => Self::BLANK,
            Answer::Refused => Self::REFUSED,
        }
    }

    fn answer(self) -> Answer {
        match self {
            Self::BLANK => Answer::Blank,
            Self::REFUSED => Answer::Refused,
            Self(code) => Answer::Given(u16::from(code)),
        }
    }

    /// The answer, where one was given.
    fn given(self) -> Option<u16> {
        (self.0 < Self::BLANK.0).then_some(u16::from(self.0))
    }
}
