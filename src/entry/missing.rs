//! Whose form is not back, and which questions to go back to.
//!
//! Every pupil of the list has a line for every form. A question is to be gone back to where a scale or an alert needs its answer and it
//! is blank or cannot be read; questions that the form itself skips are not.

use crate::instrument::Item;
use crate::matching::Answer;
use crate::scoring::{Layout, ScoredRow};

/// Whether a pupil's form is back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormStatus {
    /// No row, or a row without any answer.
    NoForm,
    /// Answers are missing that the form needs.
    Incomplete,
    /// Every answer is there that the form needs.
    Complete,
}

impl FormStatus {
    /// Every status, with its words in outputs.
    pub const ALL: [(&'static str, Self); 3] = [("no form", Self::NoForm), ("incomplete", Self::Incomplete), ("complete", Self::Complete)];

    /// The words in outputs.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, status)| *status == self).map_or("", |(word, _)| word)
    }
}

/// Why a form is not there, as a school may fill it in.
pub const REASONS: [&str; 4] = ["declined", "absent", "left", "other"];

/// One pupil's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PupilForm {
    /// Whether it is back.
    pub status: FormStatus,
    /// The numbers of the questions to go back to.
    pub questions: Vec<u16>,
}

/// The forms of all pupils of a list.
#[derive(Debug)]
pub struct MissingForms {
    /// For each form, one entry for each pupil of the list.
    forms: Vec<Vec<PupilForm>>,
    nobodys: u64,
}

impl MissingForms {
    /// Nobody's form is back yet.
    pub fn new(layout: &Layout, pupils: usize) -> Self {
        let nothing = PupilForm { status: FormStatus::NoForm, questions: Vec::new() };
        Self { forms: layout.forms().iter().map(|_| vec![nothing.clone(); pupils]).collect(), nobodys: 0 }
    }

    /// Takes one response. Where a pupil has several, the one that lacks least counts.
    pub fn add(&mut self, layout: &Layout, row: &ScoredRow<'_>) {
        let Some(pupil) = row.listed() else {
            self.nobodys += 1;
            return;
        };
        for (index, form) in layout.forms().iter().enumerate() {
            let is_answered = row.answers(index).iter().any(|answer| *answer != Answer::Blank);
            if !row.is_on(index) || row.is_anothers(index) || !is_answered {
                continue;
            }
            let open = row.open_questions(index);
            let questions: Vec<u16> =
                open.iter().filter_map(|item| form.instrument().items.get(*item)).map(|item: &Item| item.number).collect();
            let status = if questions.is_empty() { FormStatus::Complete } else { FormStatus::Incomplete };
            let Some(known) = self.forms.get_mut(index).and_then(|pupils| pupils.get_mut(pupil)) else { continue };
            let lacks_less = status > known.status || (status == known.status && questions.len() < known.questions.len());
            if lacks_less {
                *known = PupilForm { status, questions };
            }
        }
    }

    /// A pupil's form.
    pub fn of(&self, form: usize, pupil: usize) -> Option<&PupilForm> {
        self.forms.get(form)?.get(pupil)
    }

    /// How many responses belong to no pupil of the list.
    pub fn nobodys(&self) -> u64 {
        self.nobodys
    }
}
