//! Judgements about a file as a whole. They only ever refuse a file; they never make it read differently, so a pupil's score cannot
//! depend on the rest of the class.

use std::sync::Arc;

use super::form::Form;
use crate::findings::{Code, Finding, Place, count_of};
use crate::instrument::{AnswerSet, Instrument};
use crate::matching::{Answer, AnswerKey};

/// How many forms without a single lowest answer are too many to be true.
const SUSPICIOUS: u64 = 10;
/// Of a question with more answers than this, the lowest one may well be used by nobody in a class: a rating from 0 to 10.
const FEW_ANSWERS: usize = 7;

/// What is counted of one form's answers in one file.
#[derive(Clone, Debug)]
pub(super) struct Judge {
    sets: Vec<SetTally>,
    forms: u64,
    refused_informants: u64,
    rows: u64,
}

#[derive(Clone, Debug, Default)]
struct SetTally {
    lowest: u64,
    one_above: u64,
    given: u64,
    /// Whether the whole form, not only an optional part, is answered with it.
    required: bool,
    confirmed: bool,
}

impl Judge {
    pub(super) fn new(instrument: &Instrument, keys: &[AnswerKey]) -> Self {
        let required = |set: usize| instrument.items.iter().any(|item| item.answers == set && item.block.is_none() && item.needed);
        let tally =
            |(set, key): (usize, &AnswerKey)| SetTally { required: required(set), confirmed: key.is_confirmed(), ..SetTally::default() };
        Self { sets: keys.iter().enumerate().map(tally).collect(), forms: 0, refused_informants: 0, rows: 0 }
    }

    /// Counts one answer.
    pub(super) fn answer(&mut self, set: usize, key: &AnswerKey, answer: Answer, cell: &str) {
        let Some(tally) = self.sets.get_mut(set) else { return };
        match answer {
            Answer::Given(_) => {
                tally.given += 1;
                tally.lowest += u64::from(answer == key.lowest());
            }
            Answer::Refused => tally.one_above += u64::from(key.is_one_above(cell)),
            Answer::Blank => {}
        }
    }

    /// Counts one row.
    pub(super) fn row(&mut self, answered: bool, other_informant: bool) {
        self.rows += 1;
        self.forms += u64::from(answered);
        self.refused_informants += u64::from(other_informant);
    }

    /// Adds what was counted in another part of the file.
    pub(super) fn absorb(&mut self, other: &Self) {
        self.forms += other.forms;
        self.refused_informants += other.refused_informants;
        self.rows += other.rows;
        for (tally, other) in self.sets.iter_mut().zip(&other.sets) {
            tally.lowest += other.lowest;
            tally.one_above += other.one_above;
            tally.given += other.given;
        }
    }

    /// Whether no more answers of a set need be counted: its lowest one was given, or the user says what the values are called.
    pub(super) fn is_at_ease(&self, set: usize) -> bool {
        self.sets.get(set).is_none_or(|tally| tally.confirmed || tally.lowest > 0)
    }

    /// The reason not to score the file, if there is one.
    pub(super) fn verdict(&self, file: &Arc<str>, form: &Form) -> Option<Finding> {
        let place = || Place::File(Arc::clone(file));
        let instrument = form.instrument();
        if self.rows > 0 && self.refused_informants == self.rows {
            let message =
                format!("every response was completed by somebody else, and {} is the {} form", instrument.id, instrument.informant.word());
            return Some(Finding::new(Code::M009, place(), message).help("choose the form for whoever completed it with `-i`"));
        }
        for (tally, set) in self.sets.iter().zip(&instrument.answers).filter(|(tally, _)| !tally.confirmed && tally.lowest == 0) {
            let highest = set.range().1;
            if tally.one_above > 0 && set.codes.len() <= FEW_ANSWERS {
                let above = highest + crate::instrument::Number::whole(1);
                let message = format!(
                    "answers look coded one too high: {} {above}, no cell holds {}, and the form's answers are {}",
                    if tally.one_above == 1 { "1 cell holds".to_owned() } else { format!("{} hold", count_of(tally.one_above, "cell")) },
                    set.range().0,
                    set.allowed()
                );
                return Some(Finding::new(Code::R006, place(), message).help(coding_help(instrument, set)));
            }
            if tally.required && set.codes.len() <= FEW_ANSWERS && self.forms >= SUSPICIOUS && tally.given > 0 {
                let message = format!(
                    "in {} nobody gave the lowest answer even once: the answers may not be coded {}",
                    count_of(self.forms, "form"),
                    set.allowed()
                );
                return Some(Finding::new(Code::R007, place(), message).help(coding_help(instrument, set)));
            }
        }
        None
    }
}

/// Both directions are offered, because both are in use.
fn coding_help(instrument: &Instrument, set: &AnswerSet) -> String {
    let same_length = instrument.answers.iter().filter(|other| other.codes.len() == set.codes.len()).count();
    let name = if same_length == 1 { String::new() } else { format!("{}=", set.name) };
    let up: Vec<String> = (1..=set.codes.len()).map(|code| code.to_string()).collect();
    let down: Vec<String> = up.iter().rev().cloned().collect();
    let own: Vec<String> = set.codes.iter().map(ToString::to_string).collect();
    let lowest = set
        .labels
        .first()
        .and_then(|labels| labels.first())
        .map_or_else(|| format!("{} on the form", set.range().0), |label| format!("\"{label}\""));
    format!(
        "if 1 means {lowest} add `--coding {name}{}`; if the numbers run backwards `--coding {name}{}`; if they are right as they stand `--coding {name}{}`",
        up.join(","),
        down.join(","),
        own.join(",")
    )
}
