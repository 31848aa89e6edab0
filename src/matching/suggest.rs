//! Suggestions: which column may be a question that has none, and which forms a file may be of. They are shown, and never applied.

use std::sync::Arc;

use super::columns::{ColumnMap, Header, MatchOptions, Matcher, match_columns};
use super::found::Found;
use super::header::{key, numbered, words};
use crate::findings::{Code, Severity};
use crate::instrument::{Instrument, Item};

/// How many columns are suggested for a question.
const SUGGESTED: usize = 3;
/// Words that are less alike than this are different words.
const ALIKE: f64 = 0.85;
/// A column whose number is the question's is worth a look, and less than one whose words are like the question's.
const SAME_NUMBER: f64 = 0.5;

impl Matcher<'_> {
    /// For each question of a form that has no column of its own, the columns that it may be, the likeliest first. `taken` are those that
    /// say something else.
    pub(super) fn suggestions(&self, form: &Instrument, found: &[Option<Found>], taken: &[usize]) -> Vec<Vec<usize>> {
        let unclear = |column: usize| self.found[column] == Found::Unclear;
        let open: Vec<usize> =
            (0..self.header.len()).filter(|column| (self.free(*column) || unclear(*column)) && !taken.contains(column)).collect();
        let numbers: Vec<Option<usize>> = self.header.iter().map(|column| numbered(&column.name).map(|(_, number)| number)).collect();
        let family = key(&form.family);
        let of_item = |(item, found): (&Item, &Option<Found>)| {
            if !matches!(found, None | Some(Found::Unclear)) {
                return Vec::new();
            }
            let wanted = Wanted::of(item);
            let likeness = |column: usize| match self.likeness(&family, &wanted, column) {
                likeness if likeness > ALIKE => likeness,
                _ if numbers[column] == Some(usize::from(item.number)) => SAME_NUMBER,
                _ => 0.0,
            };
            let mut likely: Vec<(f64, usize)> = open.iter().map(|column| (likeness(*column), *column)).collect();
            likely.retain(|(likeness, _)| *likeness > 0.0);
            likely.sort_by(|(left, first), (right, second)| right.total_cmp(left).then(first.cmp(second)));
            likely.into_iter().take(SUGGESTED).map(|(_, column)| column).collect()
        };
        form.items.iter().zip(found).map(of_item).collect()
    }

    /// How much a column looks like a question by its words: 1 for the question's own name.
    fn likeness(&self, family: &str, wanted: &Wanted, column: usize) -> f64 {
        let header = &self.keys[column];
        let without_family = header.strip_prefix(family).filter(|rest| !rest.is_empty()).unwrap_or(header);
        let by_name = wanted.name.as_ref().map_or(0.0, |name| strsim::jaro_winkler(name, without_family));
        wanted.phrases.iter().map(|phrase| phrase_likeness(phrase, &self.words[column])).fold(by_name, f64::max)
    }
}

/// What a question's column would be called.
struct Wanted {
    /// Its name, if that says more than a number.
    name: Option<String>,
    phrases: Vec<Vec<String>>,
}

impl Wanted {
    fn of(item: &Item) -> Self {
        Self { name: (!item.numbered).then(|| key(&item.id)), phrases: item.matches.iter().map(|phrase| words(phrase)).collect() }
    }
}

/// How well the words of a phrase stand in a header: as well as the worst of them.
fn phrase_likeness(phrase: &[String], header: &[String]) -> f64 {
    let best = |word: &String| header.iter().map(|other| strsim::jaro_winkler(word, other)).fold(0.0, f64::max);
    if phrase.is_empty() { 0.0 } else { phrase.iter().map(best).fold(1.0, f64::min) }
}

/// How a file's header fits a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The form, by its place among those that were tried.
    pub form: usize,
    /// How many of its questions have a column.
    pub found: usize,
    /// How many there are.
    pub questions: usize,
    /// How well the header fits.
    pub kind: FitKind,
    /// How many optional parts are there only partly: those of a sister form may be whole.
    pub broken_parts: usize,
}

/// How well a header fits a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FitKind {
    /// Every question has its column, found by its name or words.
    ByName,
    /// There is a numbered column for every question: any form with as many questions fits as well.
    ByNumber,
    /// At least half of the questions have a column.
    InPart,
}

/// The forms that a file may be of, the likeliest first: those that fit whole before those that fit in part.
pub fn fitting(header: Header<'_>, forms: &[&Instrument]) -> Vec<Fit> {
    let mut fits: Vec<Fit> = forms.iter().enumerate().filter_map(|(index, form)| fit(header, index, form)).collect();
    // Of forms that fit alike, the one with more columns for its questions explains more of the file.
    fits.sort_by_key(|fit| (fit.kind, fit.broken_parts, std::cmp::Reverse(fit.found), fit.form));
    fits
}

fn fit(header: Header<'_>, index: usize, form: &Instrument) -> Option<Fit> {
    let file: Arc<str> = "".into();
    let (map, findings) = match_columns(&file, header, &[form], &[], &MatchOptions::default());
    let refusals: Vec<Code> =
        findings.iter().map(|finding| finding.code).filter(|code| code.severity() == Severity::Refusal && *code != Code::M007).collect();
    let ColumnMap { forms, .. } = map;
    let columns = forms.into_iter().next()?;
    let found = columns.items.iter().flatten().count();
    let needed = form.items.iter().filter(|item| item.needed && item.block.is_none()).count();
    // The columns belong to a sister form.
    if refusals.contains(&Code::M009) || found == 0 {
        return None;
    }
    let kind = match refusals.is_empty() {
        true if columns.found.iter().flatten().all(|found| *found == Found::Run) => FitKind::ByNumber,
        true => FitKind::ByName,
        false if 2 * found >= needed => FitKind::InPart,
        false => return None,
    };
    let broken_parts = findings.iter().filter(|finding| finding.code == Code::M010).count();
    Some(Fit { form: index, found, questions: form.items.len(), kind, broken_parts })
}
