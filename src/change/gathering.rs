//! The responses of one time, gathered by several threads.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::records::{ContextId, Records, RowContext, ScoreId, ScoreRecord};
use super::time_point::{Response, TimePoint, TimeResponses};
use crate::scoring::{Layout, MadeCells, RowHead, RowParts, RowWork, ScoredRow};

/// Gathers the responses to a layout's first form.
#[derive(Debug)]
pub struct TimeWork {
    scales: usize,
    groups: Vec<Option<usize>>,
    /// Their numbers hold for all threads.
    records: Mutex<Records>,
}

/// What is kept of a portion of the rows.
#[derive(Debug, Default)]
pub struct TimePortion {
    /// The responses.
    pub responses: TimeResponses,
    contexts: HashMap<Vec<u8>, ContextId>,
    key: Vec<u8>,
}

impl TimeWork {
    /// Nothing gathered yet. `groups` are the places of the columns that groups are cut by among the carried ones.
    pub fn new(layout: &Layout, groups: Vec<Option<usize>>) -> Self {
        let scales = layout.forms().first().map_or(0, |form| form.instrument().scales.len());
        Self { scales, groups, records: Mutex::default() }
    }

    /// The time, once all of its responses were gathered.
    pub fn finish(self, layout: &Layout, responses: TimeResponses) -> TimePoint {
        TimePoint::new(layout, 0).with(responses, self.records.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn with_records<R>(&self, what: impl FnOnce(&mut Records) -> R) -> R {
        what(&mut self.records.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl RowWork for TimeWork {
    type Made = TimePortion;
    type Parts = Self;

    fn clear(&self, made: &mut TimePortion) {
        made.responses.clear();
        // A pupil is called by a number that holds for one portion only.
        made.contexts.clear();
    }

    fn row(&self, layout: &Layout, row: &ScoredRow<'_>, made: &mut TimePortion) {
        if let Some(response) = Response::of(layout, row, 0, RowContext::of(layout, row, &self.groups)) {
            self.with_records(|records| made.responses.add(response, records));
        }
    }

    fn parts(&self) -> Option<&Self> {
        Some(self)
    }
}

/// The cells of a scale are the number of what is known of its score.
impl RowParts<TimePortion> for TimeWork {
    fn scale(&self, layout: &Layout, row: &ScoredRow<'_>, scale: usize, cells: &mut Vec<u8>) {
        if let Some(score) = ScoreRecord::of(layout, row, 0, scale) {
            cells.extend(self.with_records(|records| records.keep(score)).to_bytes());
        }
    }

    /// No comparison shows them.
    fn sensitive(&self, _: &Layout, _: &ScoredRow<'_>, _: &mut Vec<u8>) {}

    /// A row with an alert is looked at as a whole; the others have nothing to say here.
    fn alerts(&self, _: &Layout, _: &ScoredRow<'_>, _: &mut Vec<u8>) {}

    fn counts_alert(&self, _: &mut TimePortion) -> bool {
        false
    }

    /// A time is compared with one of another form, perhaps, whose norms go by more.
    fn tells_pupils(&self) -> bool {
        true
    }

    fn scales(&self, _: &Layout) -> Vec<usize> {
        (0..self.scales).collect()
    }

    fn begin<'c>(&self, head: RowHead<'c>, mut carried: impl Iterator<Item = &'c str>, made: &mut TimePortion) {
        made.key.clear();
        made.key.extend(head.kind.to_ne_bytes());
        made.key.extend_from_slice(head.date.as_bytes());
        let cells: Vec<&str> = if self.groups.is_empty() { Vec::new() } else { carried.by_ref().collect() };
        let groups = || self.groups.iter().map(|place| place.and_then(|place| cells.get(place)).map_or("", |cell| cell.trim()));
        for group in groups() {
            // No text holds this byte.
            made.key.push(0xff);
            made.key.extend_from_slice(group.as_bytes());
        }
        let id = made.contexts.get(&made.key).copied().unwrap_or_else(|| {
            // In a row that can be put together, nobody says who completed the form.
            let context =
                RowContext { groups: groups().map(str::to_owned).collect(), completed_by: String::new(), date: head.date.to_owned() };
            let id = self.with_records(|records| records.keep_context(head.pupil, context));
            made.contexts.insert(made.key.clone(), id);
            id
        });
        made.responses.begin(head.row, head.id, id);
    }

    /// What is said of single answers is no number, and empty.
    fn add(&self, cells: MadeCells<'_>, made: &mut TimePortion) {
        if let Some(id) = cells.bytes().first_chunk() {
            made.responses.score(ScoreId::from_bytes(*id));
        }
    }

    fn end(&self, made: &mut TimePortion) {
        assert!(made.responses.is_even(self.scales), "every response has a score for each scale");
    }
}
