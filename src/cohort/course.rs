//! One form over several times: what changed from each time to the next, and from the first to the last.

use std::collections::HashMap;
use std::sync::Arc;

use super::moment::Moment;
use super::together::{Repeat, Times, Together, TogetherError};
use crate::change::{Change, ChangeOptions, pupil_key};
use crate::findings::Findings;
use crate::scoring::Form;

/// One form over one or more times, in their order.
#[derive(Debug)]
pub struct Course {
    form: Form,
    moments: Vec<Moment>,
    /// From each time to the next; where there is one time only, to a time that has not come yet.
    steps: Vec<Together>,
    /// From the first time to the last, where there are more than two.
    whole: Option<Together>,
    /// For each time, the response of each pupil that counts.
    places: Vec<HashMap<String, usize>>,
    /// For each step, then for the whole: the pair of each pupil.
    pairs: Vec<HashMap<String, usize>>,
}

/// Which two times are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// One time and the next: the step's place.
    Step(usize),
    /// The first and the last.
    Whole,
}

impl Course {
    /// Puts the times of one form together. `moments` must not be empty.
    ///
    /// # Errors
    ///
    /// When a pupil stands twice at one time, or the figures for a clear change cannot be used.
    pub fn new(
        form: Form,
        moments: Vec<Moment>,
        options: &ChangeOptions,
        repeat: Repeat,
        findings: &mut Findings<'_>,
    ) -> Result<Self, TogetherError> {
        let times = |from: &Moment, to: Option<&Moment>| Times {
            baseline: from.time().clone(),
            review: to.map_or_else(|| from.not_yet(), |to| to.time().clone()),
            names: (Arc::clone(from.file()), to.map_or_else(|| Arc::clone(from.file()), |to| Arc::clone(to.file()))),
            review_months: to.and_then(Moment::months),
        };
        let mut steps = Vec::new();
        match moments.as_slice() {
            [only] => {
                // Nobody has a review yet, which is no finding; a pupil who stands twice is one.
                let (mut aside, times) = (Findings::new(), times(only, None));
                let step = Together::new(times, &form, options, repeat, &mut aside);
                if step.is_err() {
                    findings.extend(aside.into_all());
                }
                steps.push(step?);
            }
            several => {
                for (from, to) in several.iter().zip(several.iter().skip(1)) {
                    steps.push(Together::new(times(from, Some(to)), &form, options, repeat, findings)?);
                }
            }
        }
        let whole = match moments.as_slice() {
            // What there is to say of each step has been said.
            [first, _, .., last] => Some(Together::new(times(first, Some(last)), &form, options, repeat, &mut Findings::new())?),
            _ => None,
        };
        let places = (0..moments.len()).map(|time| places(&steps, time)).collect();
        let pairs = steps.iter().chain(&whole).map(pairs).collect();
        Ok(Self { form, moments, steps, whole, places, pairs })
    }

    /// The form of the first time.
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// The times, in their order.
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// From each time to the next; where there is one time only, to a time that has not come yet.
    pub fn steps(&self) -> &[Together] {
        &self.steps
    }

    /// The two times that the last verdict is about: the last two.
    pub fn last_step(&self) -> Option<Span> {
        (self.moments.len() > 1).then(|| Span::Step(self.moments.len() - 2))
    }

    /// The first and the last time, where there are more than two.
    pub fn whole(&self) -> Option<Span> {
        self.whole.as_ref().map(|_| Span::Whole)
    }

    /// The two times of a span put together.
    pub fn together(&self, span: Span) -> Option<&Together> {
        match span {
            Span::Step(step) => self.steps.get(step),
            Span::Whole => self.whole.as_ref(),
        }
    }

    /// The response of a pupil at a time; ids are compared without case and outer space.
    pub fn response(&self, time: usize, pupil: &str) -> Option<usize> {
        self.places.get(time)?.get(&pupil_key(pupil)).copied()
    }

    /// A pupil's last response: the time and its place there.
    pub fn last_response(&self, pupil: &str) -> Option<(usize, usize)> {
        (0..self.moments.len()).rev().find_map(|time| Some((time, self.response(time, pupil)?)))
    }

    /// A pupil's change on a scale; none where the pupil has no form at both times.
    pub fn change(&self, span: Span, pupil: &str, scale: usize) -> Option<Change> {
        let together = self.together(span)?;
        let pairs = match span {
            Span::Step(step) => self.pairs.get(step),
            Span::Whole => self.pairs.last().filter(|_| self.whole.is_some()),
        };
        let pair = together.pairs().get(*pairs?.get(&pupil_key(pupil))?)?;
        together.change(pair, scale, &self.form)
    }

    /// All pupils with a form at any time, in the order in which they first appear: as outputs call them.
    pub fn pupils(&self) -> Vec<&str> {
        let mut known: std::collections::HashSet<String> = std::collections::HashSet::new();
        let all = self.moments.iter().flat_map(|moment| moment.time().pupils());
        all.filter(|pupil| known.insert(pupil_key(pupil))).collect()
    }
}

/// Which response of each pupil counts at a time.
fn places(steps: &[Together], time: usize) -> HashMap<String, usize> {
    let at_baseline = steps.get(time).map(|step| (step, step.times().0, false));
    let at_review = || time.checked_sub(1).and_then(|before| steps.get(before)).map(|step| (step, step.times().1, true));
    let Some((step, point, is_review)) = at_baseline.or_else(at_review) else { return HashMap::new() };
    let (paired, alone): (Vec<usize>, &[usize]) = if is_review {
        (step.pairs().iter().map(|pair| pair.review).collect(), step.review_only())
    } else {
        (step.pairs().iter().map(|pair| pair.baseline).collect(), step.baseline_only())
    };
    let responses = paired.into_iter().chain(alone.iter().copied());
    responses.map(|response| (pupil_key(point.pupil(response)), response)).collect()
}

fn pairs(step: &Together) -> HashMap<String, usize> {
    step.pairs().iter().enumerate().map(|(place, pair)| (pupil_key(step.pupil(pair)), place)).collect()
}
