//! Evidence: what a school knows besides the scores, attendance, behaviour points, attainment, put beside them at both times.
//!
//! Values are kept as they were written, and nothing is judged: whether more is better, and what a change is due to, is for the people
//! round the table. Two plain numbers are shown as `from 84 to 92`, and that is all the arithmetic there is.
//!
//! [`read_evidence`] reads either of two shapes, a row for each pupil and measure or a row for each pupil, into an [`EvidenceFile`].
//! Whoever knows what the pupils are called in the responses says so there, and [`EvidenceFile::settle`] then finds each pupil or says
//! that nobody was found: only an [`Evidence`] can be shown.

mod file;
mod header;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use file::{EvidenceFile, read_evidence};

use crate::change::pupil_key;
use crate::instrument::Number;
use crate::provenance::UsedInput;

/// What is known of one pupil by one measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    row: u64,
    pupil_id: Arc<str>,
    measure: Arc<str>,
    values: Values,
    unit: Option<Arc<str>>,
    source: Option<Arc<str>>,
}

/// The values of a measure, as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// A single value, of no time in particular.
    Once(Arc<str>),
    /// At baseline only.
    Baseline(Arc<str>),
    /// At review only.
    Review(Arc<str>),
    /// At both times.
    Both {
        /// At baseline.
        baseline: Arc<str>,
        /// At review.
        review: Arc<str>,
    },
}

impl Values {
    /// The value at baseline.
    pub fn baseline(&self) -> Option<&str> {
        match self {
            Self::Baseline(value) | Self::Both { baseline: value, .. } => Some(value),
            Self::Once(_) | Self::Review(_) => None,
        }
    }

    /// The value at review.
    pub fn review(&self) -> Option<&str> {
        match self {
            Self::Review(value) | Self::Both { review: value, .. } => Some(value),
            Self::Once(_) | Self::Baseline(_) => None,
        }
    }
}

impl Entry {
    /// The row of the file, as the spreadsheet counts it.
    pub fn row(&self) -> u64 {
        self.row
    }

    /// The pupil, as the responses call them.
    pub fn pupil_id(&self) -> &str {
        &self.pupil_id
    }

    /// What was measured, in the school's words.
    pub fn measure(&self) -> &str {
        &self.measure
    }

    /// The values.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// What the values are counted in, where the file says so.
    pub fn unit(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    /// Where the values come from, where the file says so.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// Review minus baseline, where both are plain numbers. Which direction is the better one is not known here.
    pub fn difference(&self) -> Option<Number> {
        let Values::Both { baseline, review } = &self.values else { return None };
        Some(Number::parse(review)? - Number::parse(baseline)?)
    }

    /// The values in words that judge nothing: `from 84 to 92`, `expected, then greater depth`, `84 at baseline, no value at review`.
    /// A unit stands behind plain numbers only.
    pub fn words(&self) -> String {
        match &self.values {
            Values::Once(value) => self.counted(value),
            Values::Baseline(value) => format!("{} at baseline, no value at review", self.counted(value)),
            Values::Review(value) => format!("no value at baseline, {} at review", self.counted(value)),
            Values::Both { baseline, review } if self.difference().is_some() => format!("from {baseline} to {}", self.counted(review)),
            Values::Both { baseline, review } => format!("{}, then {}", self.counted(baseline), self.counted(review)),
        }
    }

    fn counted(&self, value: &str) -> String {
        match &self.unit {
            Some(unit) if Number::parse(value).is_some() => format!("{value} {unit}"),
            _ => value.to_owned(),
        }
    }
}

/// The evidence about the pupils of a run.
#[derive(Debug)]
pub struct Evidence {
    used: UsedInput,
    measures: Vec<Arc<str>>,
    by_pupil: BTreeMap<String, Vec<Entry>>,
}

impl Evidence {
    /// The measures, in the file's order.
    pub fn measures(&self) -> &[Arc<str>] {
        &self.measures
    }

    /// What is known of a pupil, in the order of the measures; case and the space around the id do not matter.
    pub fn of_pupil(&self, id: &str) -> &[Entry] {
        self.by_pupil.get(&pupil_key(id)).map_or(&[], Vec::as_slice)
    }

    /// How many pupils something is known of.
    pub fn pupil_count(&self) -> usize {
        self.by_pupil.len()
    }

    /// The file's name and hash.
    pub fn used(&self) -> &UsedInput {
        &self.used
    }
}
