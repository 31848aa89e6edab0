//! Who filled in which form, and when, as far as the files say: every page has it.

use std::collections::BTreeSet;

#[cfg(feature = "frames")]
use crate::change::TimePoint;
use crate::matching::{Role, informant};
use crate::scoring::{Layout, ScoredRow};

/// Who filled in the forms, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilledIn {
    forms: Vec<FilledForm>,
}

/// Who filled in one form, each once, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FilledForm {
    pub(super) completed_by: BTreeSet<String>,
    pub(super) dates: BTreeSet<String>,
}

/// More than this are not told apart on any page.
const MOST: usize = 1000;

impl FilledIn {
    /// Nobody yet.
    pub fn new(layout: &Layout) -> Self {
        Self { forms: vec![FilledForm::default(); layout.forms().len()] }
    }

    /// Takes one response.
    pub fn add(&mut self, layout: &Layout, row: &ScoredRow<'_>) {
        for (_, filled) in self.forms.iter_mut().enumerate().filter(|(form, _)| row.is_on(*form)) {
            // A name is hidden like the pupil's; the words for parent, teacher and pupil are no names.
            let who = row.told(Role::Informant);
            filled.note(&if informant(who).is_some() { who.into() } else { layout.coded(who) }, row.told(Role::Date));
        }
    }

    /// Who filled in the forms of these times.
    #[cfg(feature = "frames")]
    pub fn of_times(times: &[&TimePoint]) -> Self {
        let mut filled = FilledForm::default();
        for (time, response) in times.iter().flat_map(|time| (0..time.len()).map(move |response| (time, response))) {
            filled.note(time.completed_by(response), time.date(response));
        }
        Self { forms: vec![filled] }
    }

    /// Without the names of those who filled them in: `teacher` and `parent` are no names.
    #[must_use]
    pub fn without_names(mut self) -> Self {
        for form in &mut self.forms {
            form.completed_by.retain(|who| informant(who).is_some());
        }
        self
    }

    /// Who filled in some responses of a form: the time and the response's place in it.
    #[cfg(feature = "frames")]
    pub(super) fn of_responses(responses: &[(&TimePoint, usize)]) -> Self {
        let mut filled = FilledForm::default();
        for (time, response) in responses {
            filled.note(time.completed_by(*response), time.date(*response));
        }
        Self { forms: vec![filled] }
    }

    pub(super) fn form(&self, form: usize) -> Option<&FilledForm> {
        self.forms.get(form)
    }
}

impl FilledForm {
    fn note(&mut self, who: &str, date: &str) {
        for (told, word) in [(&mut self.completed_by, who), (&mut self.dates, date)] {
            if !word.is_empty() && told.len() < MOST && !told.contains(word) {
                told.insert(word.to_owned());
            }
        }
    }
}
