//! The class as one model: a terminal's table and a page read the same rows, counts and words.

use std::collections::BTreeSet;

use super::FilledIn;
use crate::findings::{list_or, printable};
use crate::flags::{Flag, FlagRule, flag};
use crate::instrument::Number;
use crate::matching::Answer;
use crate::scoring::{Form, Layout, Level, Outcome, ScaleScore, ScoredRow};

/// Every response of every form, as people look at it.
#[derive(Debug)]
pub struct ClassView {
    pub(super) forms: Vec<ClassForm>,
    pub(super) filled: FilledIn,
}

/// The responses of one form.
#[derive(Debug, Default)]
pub(super) struct ClassForm {
    /// The scales that are shown, the one that a verdict is about first.
    pub(super) scales: Vec<usize>,
    /// In the order of the files.
    pub(super) rows: Vec<ClassRow>,
    /// For each shown scale, how many pupils are at each level, and how many have no score or band.
    pub(super) counts: Vec<Vec<u64>>,
    pub(super) without: Vec<u64>,
    /// The conventions by which pupils found their norm group.
    pub(super) keys: BTreeSet<String>,
    pub(super) estimated: bool,
    rule: Option<FlagRule>,
    /// The pupils of the list whose form is back.
    back: BTreeSet<usize>,
}

/// One response.
#[derive(Debug)]
pub(super) struct ClassRow {
    /// The pupil as people read them; user text as it is.
    pub(super) pupil: String,
    /// The same with the name, wherever the pupil list has it.
    pub(super) full_name: String,
    /// The file, where there are several.
    pub(super) file: Option<String>,
    pub(super) scores: Vec<ShownScore>,
    /// What a reader should know of the scores: the scale and the words.
    pub(super) notes: Vec<String>,
    pub(super) alerts: Vec<String>,
    pub(super) sensitive: Vec<String>,
    /// What is said against the level from which the form flags.
    pub(super) flag: Option<Flag>,
}

/// A score as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ShownScore {
    /// Its part of the form is not in the file.
    NotThere,
    /// There is none.
    NotScored,
    /// The number, with `~` in front where it is estimated, and its level.
    Score(String, ShownLevel),
}

/// The level of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShownLevel {
    At(usize),
    /// The scale has bands, and none of them can be given to this pupil.
    Unknown,
    /// The scale has no bands.
    NoBands,
}

impl ClassRow {
    /// The pupil as a terminal prints them.
    pub(super) fn printed(&self) -> String {
        match &self.file {
            Some(file) => format!("{} ({})", printable(&self.pupil), printable(file)),
            None => printable(&self.pupil).into_owned(),
        }
    }
}

impl ClassView {
    /// An empty view for a layout. Scales without bands are shown only where they are asked for by name, or nothing has bands: they
    /// are in every file.
    pub fn new(layout: &Layout) -> Self {
        let forms = layout.forms().iter().enumerate().map(|(index, form)| {
            let shown = layout.shown(index);
            // Without a column for the sex nobody has a norm score: the raw scores say more than a table of dashes.
            let has_norms = layout.says_context(form);
            let shown: Vec<usize> = shown.into_iter().filter(|scale| has_norms || form.instrument().norms_of(*scale).is_none()).collect();
            let has_bands = shown.iter().any(|scale| form.bands(*scale).is_some());
            let asked_for = form.shown().len() < form.instrument().scales.len();
            let mut scales: Vec<usize> =
                shown.into_iter().filter(|scale| asked_for || !has_bands || form.bands(*scale).is_some()).collect();
            // The scale that a verdict is about stands first.
            scales.sort_by_key(|scale| form.instrument().scales.get(*scale).is_none_or(|scale| !scale.main));
            let counts = scales.iter().map(|scale| vec![0; form.bands(*scale).map_or(0, |bands| bands.levels.len())]).collect();
            let rule = FlagRule::new(form, None).ok().flatten();
            ClassForm { without: vec![0; scales.len()], scales, counts, rule, ..ClassForm::default() }
        });
        Self { forms: forms.collect(), filled: FilledIn::new(layout) }
    }

    /// Adds one response.
    pub fn add(&mut self, layout: &Layout, row: &ScoredRow<'_>) {
        self.filled.add(layout, row);
        for (index, (form, view)) in layout.forms().iter().zip(&mut self.forms).enumerate().filter(|(index, _)| row.is_on(*index)) {
            view.add(layout, form, index, row);
        }
    }
}

impl ClassForm {
    fn add(&mut self, layout: &Layout, form: &Form, index: usize, row: &ScoredRow<'_>) {
        let (mut scores, mut notes) = (Vec::with_capacity(self.scales.len()), Vec::new());
        for (position, scale) in self.scales.iter().enumerate() {
            let Some(score) = row.scores(index).get(*scale) else { continue };
            let level = row.level(index, *scale);
            match level {
                Level::At(level) => *self.counts[position].get_mut(level).unwrap_or(&mut 0) += 1,
                _ => self.without[position] += u64::from(!matches!(score.outcome, Outcome::NotApplicable)),
            }
            self.estimated |= matches!(score.outcome, Outcome::Estimated(_));
            scores.push(shown_score(form, *scale, score, level));
            self.keys.extend(score.group.and_then(|group| form.instrument().key_words(*scale, group)));
            let note = row.remarks(index, *scale).join("; ");
            if !note.is_empty() {
                let name = form.instrument().scales.get(*scale).map_or("", |scale| &*scale.id);
                notes.push(format!("{name} {note}"));
            }
        }
        if row.answers(index).iter().any(|answer| *answer != Answer::Blank) && !row.is_anothers(index) {
            self.back.extend(row.listed());
        }
        self.rows.push(ClassRow {
            pupil: row.named_pupil().into_owned(),
            full_name: row.full_name(),
            file: layout.has_several_files().then(|| row.file().to_owned()),
            scores,
            notes: one_reason(notes),
            alerts: row.alert_words(index),
            sensitive: row.sensitive_words(index),
            flag: flag(layout, row, index, self.rule.as_ref()),
        });
    }

    /// The pupils of the list whose form is not back, as people read them.
    pub(super) fn not_back(&self, layout: &Layout) -> Vec<String> {
        layout.expected().filter(|(index, _)| !self.back.contains(index)).map(|(_, pupil)| layout.name_of(pupil)).collect()
    }

    /// Which bands these are: where they come from, or why there are none.
    pub(super) fn bands_in_use(&self, form: &Form) -> BandsInUse {
        let lowest = self.scales.iter().find_map(|scale| form.bands(*scale)).map(|bands| bands.name(0).to_owned());
        match (form.band_set(), lowest) {
            (Some(set), Some(lowest)) => BandsInUse::Set { id: set.id.clone(), lowest },
            (Some(_), None) => BandsInUse::None("raw scores only: no norms can be used".to_owned()),
            (None, _) if !form.instrument().bands.is_empty() => {
                let sets: Vec<String> = form.instrument().bands.iter().map(|set| format!("`--bands {}`", set.id)).collect();
                BandsInUse::None(format!("no bands unless a set is named: {}", list_or(&sets)))
            }
            _ => BandsInUse::None("no bands: nobody can be flagged with this form".to_owned()),
        }
    }
}

/// The bands that a class is shown with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BandsInUse {
    /// A set, and the name of its lowest level.
    Set { id: String, lowest: String },
    /// None, and why.
    None(String),
}

/// `12` at its level, `~7` where it is estimated.
fn shown_score(form: &Form, scale: usize, score: &ScaleScore, level: Level) -> ShownScore {
    let definition = form.instrument().scales.get(scale);
    let shown = |value: Number| definition.map_or_else(|| value.to_string(), |scale| scale.capped(value));
    let number = match score.outcome {
        Outcome::Complete(value) => shown(value),
        Outcome::Estimated(value) => format!("~{}", shown(value)),
        Outcome::Absent(_) => return ShownScore::NotScored,
        Outcome::NotApplicable => return ShownScore::NotThere,
    };
    let level = match (level, form.bands(scale)) {
        (Level::At(level), Some(_)) => ShownLevel::At(level),
        (_, Some(_)) => ShownLevel::Unknown,
        (_, None) => ShownLevel::NoBands,
    };
    ShownScore::Score(number, level)
}

/// Notes that say the same of every scale are said once: a row that could not be used at all has one reason, not nine.
fn one_reason(notes: Vec<String>) -> Vec<String> {
    let reasons: Vec<Option<&str>> = notes.iter().map(|note| note.split_once(' ').map(|(_, reason)| reason)).collect();
    match reasons.as_slice() {
        [first, rest @ ..] if !rest.is_empty() && rest.iter().all(|reason| reason == first) => {
            vec![first.unwrap_or_default().to_owned()]
        }
        _ => notes,
    }
}
