//! The total of carers' SDQ for looked-after children, as the four columns of England's return on them (SSDA903, file OC2) that are about
//! it: `CHILD`, `DOB`, `SDQ_SCORE`, `SDQ_REASON`. The return's other columns are not made: a school or virtual school does not have them.

use jiff::civil::Date;

use crate::instrument::{Informant, Instrument, Number};
use crate::matching::{ListColumn, ListedPupil, PupilList, age_on};
use crate::scoring::{Layout, ScoredRow};

/// The columns.
pub const LOOKED_AFTER_COLUMNS: [&str; 4] = ["CHILD", "DOB", "SDQ_SCORE", "SDQ_REASON"];

/// Why there is no score, as the return counts it.
pub const REASONS_FOR_NO_SCORE: [(&str, &str); 5] = [
    ("SDQ1", "no form, because the child was under 4 or over 16"),
    ("SDQ2", "the carer refused"),
    ("SDQ3", "the child's disability"),
    ("SDQ4", "another reason"),
    ("SDQ5", "the child refused"),
];

/// One child's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedAfterLine {
    /// What the pupil list calls the child.
    pub child: String,
    /// The date of birth, as the pupil list has it.
    pub birth: String,
    /// The total.
    pub score: Option<Number>,
    /// `SDQ1` where there is no score and the age says why; the other reasons only a person knows.
    pub reason: Option<&'static str>,
    /// How many forms there are with a total. Of several none is chosen.
    pub totals: usize,
}

/// The totals of a list's pupils.
#[derive(Debug)]
pub struct LookedAfter {
    scale: usize,
    totals: Vec<Vec<Number>>,
}

impl LookedAfter {
    /// Nobody has a total yet. None if the form is not the carers' SDQ for the ages of the return.
    pub fn new(form: &Instrument, pupils: usize) -> Option<Self> {
        let is_carers = form.family == "sdq" && form.informant == Informant::Parent && &*form.id == "sdq-p4-17";
        let scale = form.scales.iter().position(|scale| &*scale.id == "total").filter(|_| is_carers)?;
        Some(Self { scale, totals: vec![Vec::new(); pupils] })
    }

    /// Takes one response; one that is nobody's of the list is not counted. Says whether it was somebody's.
    pub fn add(&mut self, layout: &Layout, row: &ScoredRow<'_>) -> bool {
        let Some(totals) = row.listed().and_then(|pupil| self.totals.get_mut(pupil)) else { return false };
        debug_assert_eq!(layout.forms().len(), 1, "one form is read");
        totals.extend(row.scores(0).get(self.scale).and_then(crate::scoring::ScaleScore::value));
        true
    }

    /// A line for each child of the list who is looked after, in its order; for all of them where the list does not say who is.
    pub fn lines(&self, list: &PupilList, on: Date) -> Vec<LookedAfterLine> {
        let says = list.columns.contains_key(&ListColumn::LookedAfter);
        let pupils = list.pupils.iter().zip(&self.totals).filter(|(pupil, _)| !says || is_looked_after(pupil));
        let line = |(pupil, totals): (&ListedPupil, &Vec<Number>)| {
            let score = if let [only] = totals.as_slice() { Some(*only) } else { None };
            let age = pupil.birth.and_then(|birth| age_on(birth, on));
            let is_outside = age.is_some_and(|age| !(4..=16).contains(&age));
            let birth = list.columns.get(&ListColumn::Birth).and_then(|column| pupil.cells.get(*column)).cloned().unwrap_or_default();
            let reason = (totals.is_empty() && is_outside).then_some(REASONS_FOR_NO_SCORE[0].0);
            LookedAfterLine { child: pupil.id.clone(), birth, score, reason, totals: totals.len() }
        };
        pupils.map(line).collect()
    }

    /// The words that a list has for a child's status which are neither yes nor no: whether those children are looked after is not known.
    pub fn unclear(list: &PupilList) -> Vec<&str> {
        let known = ["Y", "N", ""];
        let mut words: Vec<&str> = list.pupils.iter().filter_map(status).filter(|word| !known.contains(word)).collect();
        words.sort_unstable();
        words.dedup();
        words
    }
}

fn status(pupil: &ListedPupil) -> Option<&str> {
    pupil.groups.iter().find(|(name, _)| name == ListColumn::LookedAfter.word()).map(|(_, value)| value.as_str())
}

fn is_looked_after(pupil: &ListedPupil) -> bool {
    status(pupil) == Some("Y")
}
