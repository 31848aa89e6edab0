//! Baseline and review put together: who is at both times, what each pair's change is, and what stands in the way.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;

use jiff::civil::Date;

use super::group::{GroupChange, GroupOptions, group_changes, groups_of};
use super::pair::{FrameError, pair};
use crate::change::{Alone, Bases, Change, ChangeOptions, ChangeOptionsError, Comparison, PairNote, Texts, TimePoint, compare, pupil_key};
use crate::findings::{Code, Finding, Findings, Place, count_of};
use crate::instrument::Instrument;
use crate::matching::informant;
use crate::scoring::Form;
use crate::stats::Pairs;
use crate::stats::paired::Moments;

/// Which response counts when a pupil stands twice at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Repeat {
    /// None: it is refused.
    #[default]
    Refuse,
    /// The first in the file.
    First,
    /// The latest by date; the last in the file where there are no dates.
    Latest,
}

/// Baseline and review of one form, put together.
#[derive(Debug)]
pub struct Together {
    baseline: TimePoint,
    review: TimePoint,
    pairs: Vec<Comparison>,
    baseline_only: Vec<usize>,
    review_only: Vec<usize>,
    bases: Bases,
}

/// Why two times cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum TogetherError {
    /// A finding says why.
    #[error("Nothing was compared")]
    Refused,
    /// The figures for a clear change cannot be used.
    #[error(transparent)]
    Options(#[from] ChangeOptionsError),
    /// The frames failed.
    #[error(transparent)]
    Frame(#[from] FrameError),
}

/// The two times and what they are called in messages.
#[derive(Debug)]
pub struct Times {
    /// The first.
    pub baseline: TimePoint,
    /// The second.
    pub review: TimePoint,
    /// The files that they come from.
    pub names: (Arc<str>, Arc<str>),
    /// How many months the review's form asks about.
    pub review_months: Option<usize>,
}

/// Whether the review's form may be compared with the baseline's.
///
/// # Errors
///
/// A finding that says why not.
pub fn check_forms(baseline: &Instrument, review: &Instrument) -> Result<(), Box<Finding>> {
    let place = || Place::File(Arc::clone(&review.id));
    if baseline.id != review.id && !baseline.comparable_with.iter().any(|id| **id == *review.id) {
        let message = match baseline.comparable_with.as_slice() {
            [] => format!("{} cannot be compared with {}: no other form can", review.id, baseline.id),
            forms => format!("{} cannot be compared with {}: only {} can", review.id, baseline.id, crate::findings::list_and(forms)),
        };
        return Err(Box::new(Finding::new(Code::C003, place(), message)));
    }
    let ids = |form: &Instrument| form.scales.iter().map(|scale| Arc::clone(&scale.id)).collect::<Vec<_>>();
    if ids(baseline) != ids(review) {
        let message = format!("{} and {} have different scales", baseline.id, review.id);
        return Err(Box::new(Finding::new(Code::C003, place(), message)));
    }
    Ok(())
}

impl Together {
    /// Puts the two times together.
    ///
    /// # Errors
    ///
    /// When a pupil stands twice at one time, or the figures for a clear change cannot be used.
    pub fn new(
        times: Times,
        form: &Form,
        options: &ChangeOptions,
        repeat: Repeat,
        findings: &mut Findings<'_>,
    ) -> Result<Self, TogetherError> {
        let Times { baseline, mut review, names, review_months } = times;
        let (at_baseline, at_review) = thread::scope(|scope| {
            let review = scope.spawn(|| OnceEach::of(&review, &names.1, repeat));
            (OnceEach::of(&baseline, &names.0, repeat), review.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        let (at_baseline, at_review) = (at_baseline.told(findings), at_review.told(findings));
        let (Some(at_baseline), Some(at_review)) = (at_baseline, at_review) else { return Err(TogetherError::Refused) };
        let pairing = pair(&at_baseline.keys(), &at_review.keys())?;
        let (kept_baseline, kept_review) = (at_baseline.kept, at_review.kept);
        for (first, second) in &pairing.pairs {
            if let (Some(first), Some(second)) = (kept_baseline.get(*first), kept_review.get(*second)) {
                review.measure_as(*second, form, &baseline.about(*first));
                review.band_as(*second, form, &baseline.about(*first));
            }
        }
        let pairs: Vec<Comparison> = pairing
            .pairs
            .iter()
            .filter_map(|(first, second)| {
                let (first, second) = (*kept_baseline.get(*first)?, *kept_review.get(*second)?);
                Some(Comparison {
                    baseline: first,
                    review: second,
                    notes: pair_notes(&baseline, first, &review, second, &names.1, findings),
                })
            })
            .collect();
        let only =
            |positions: &[usize], kept: &[usize]| positions.iter().filter_map(|position| kept.get(*position).copied()).collect::<Vec<_>>();
        let (baseline_only, review_only) = (only(&pairing.baseline_only, &kept_baseline), only(&pairing.review_only, &kept_review));
        if pairs.is_empty() {
            let message = format!("no pupil is at both times: {} at baseline, {} at review", kept_baseline.len(), kept_review.len());
            findings.push(
                Finding::new(Code::C006, Place::File(Arc::clone(&names.1)), message)
                    .help("check the id columns; name the right one with `--id COLUMN`"),
            );
        }
        let mut together = Self {
            baseline,
            review,
            pairs,
            baseline_only,
            review_only,
            bases: Bases::new(form.instrument(), &ChangeOptions::default(), |_| None)?,
        };
        together.bases = Bases::new(form.instrument(), options, |scale| together.moments(scale))?;
        together.report_missing_records(form, &names.0, findings);
        together.report_early_reviews(review_months, &names.1, findings);
        Ok(together)
    }

    /// The moments of a scale's pairs, for the methods that need them.
    fn moments(&self, scale: usize) -> Option<Moments> {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for pair in self.comparable_pairs() {
            let score = |time: &TimePoint, response| time.point(response, scale).and_then(crate::change::Point::score);
            if let (Some(x), Some(y)) = (score(&self.baseline, pair.baseline), score(&self.review, pair.review)) {
                first.push(x.to_f64());
                second.push(y.to_f64());
            }
        }
        Pairs::new(&first, &second).ok()?.moments().ok()
    }

    fn report_missing_records(&self, form: &Form, file: &Arc<str>, findings: &mut Findings<'_>) {
        let scales = form.instrument().scales.iter().enumerate();
        let without: Vec<&str> = scales
            .filter(|(index, _)| form.shown().contains(index) && self.bases.of(*index).is_err())
            .map(|(_, scale)| &*scale.id)
            .collect();
        if !without.is_empty() {
            let message = format!(
                "no measurement error is on record for {}: the verdict there is \"cannot tell\"",
                crate::findings::list_and(&without)
            );
            let help = format!(
                "if the manual has the figures, add `--sd {0}=…` and `--reliability {0}=…`",
                without.first().copied().unwrap_or("scale")
            );
            findings.push(Finding::new(Code::C008, Place::File(Arc::clone(file)), message).help(help));
        }
    }

    /// A review that comes before the time that its form asks about has passed still describes the time before the support.
    fn report_early_reviews(&self, months: Option<usize>, file: &Arc<str>, findings: &mut Findings<'_>) {
        let Some(months) = months.and_then(|months| i32::try_from(months).ok()) else { return };
        let is_early = |pair: &&Comparison| {
            let (first, second) = (date(self.baseline.date(pair.baseline)), date(self.review.date(pair.review)));
            let due = first.and_then(|first| first.checked_add(jiff::Span::new().months(months)).ok());
            due.zip(second).is_some_and(|(due, second)| second < due)
        };
        let early = self.comparable_pairs().filter(is_early).count();
        if early > 0 {
            let message = format!(
                "the form asks about the last {}, and {} came sooner than that after the baseline: so early, a form still describes some of the time before it",
                count_of(months.unsigned_abs().into(), "month"),
                count_of(early as u64, "review")
            );
            findings.push(Finding::new(Code::C009, Place::File(Arc::clone(file)), message));
        }
    }

    /// The pupil of a pair.
    pub fn pupil(&self, pair: &Comparison) -> &str {
        self.baseline.pupil(pair.baseline)
    }

    /// The pairs, in the order of the baseline.
    pub fn pairs(&self) -> &[Comparison] {
        &self.pairs
    }

    /// Baseline and review.
    pub fn times(&self) -> (&TimePoint, &TimePoint) {
        (&self.baseline, &self.review)
    }

    /// Responses at baseline of pupils who have none at review.
    pub fn baseline_only(&self) -> &[usize] {
        &self.baseline_only
    }

    /// Responses at review of pupils who have none at baseline.
    pub fn review_only(&self) -> &[usize] {
        &self.review_only
    }

    /// What a clear change of each scale is.
    pub fn bases(&self) -> &Bases {
        &self.bases
    }

    /// One pair's change on one scale.
    pub fn change(&self, pair: &Comparison, scale: usize, form: &Form) -> Option<Change> {
        let definition = form.instrument().scales.get(scale)?;
        Some(compare(pair, (&self.baseline, &self.review), scale, definition, &self.bases)).filter(|change| !change.is_nothing())
    }

    /// Everybody who is at one time only: those of the baseline, then those of the review.
    pub fn alone(&self) -> Vec<Alone> {
        let baseline = self.baseline_only.iter().map(|response| Alone::AtBaseline(*response));
        baseline.chain(self.review_only.iter().map(|response| Alone::AtReview(*response))).collect()
    }

    /// The pupil of a response without its other half.
    pub fn alone_pupil(&self, alone: Alone) -> &str {
        let (time, response) = match alone {
            Alone::AtBaseline(response) => (&self.baseline, response),
            Alone::AtReview(response) => (&self.review, response),
        };
        time.pupil(response)
    }

    /// What is known of one scale of such a pupil.
    pub fn alone_change(&self, alone: &Alone, scale: usize) -> Option<Change> {
        Some(crate::change::alone(*alone, (&self.baseline, &self.review), scale)).filter(|change| !change.is_nothing())
    }

    /// The alerts of such a pupil.
    pub fn alone_alerts(&self, alone: Alone) -> Vec<String> {
        let (time, response, word) = match alone {
            Alone::AtBaseline(response) => (&self.baseline, response, "baseline"),
            Alone::AtReview(response) => (&self.review, response, "review"),
        };
        time.alerts(response).iter().map(|alert| format!("{word}: {alert}")).collect()
    }

    /// The alerts of a pair, at both times.
    pub fn alerts(&self, pair: &Comparison) -> Vec<String> {
        let at = |word: &'static str, alerts: &[String]| alerts.iter().map(move |alert| format!("{word}: {alert}")).collect::<Vec<_>>();
        let mut alerts = at("review", self.review.alerts(pair.review));
        alerts.extend(at("baseline", self.baseline.alerts(pair.baseline)));
        alerts
    }

    /// The groups of a pair: as the baseline has them; where it does not say, as the review does.
    pub fn group_cells(&self, pair: &Comparison) -> Vec<String> {
        let review = self.review.groups(pair.review);
        let cells = self.baseline.groups(pair.baseline).iter().enumerate();
        cells.map(|(index, cell)| if cell.is_empty() { review.get(index).cloned().unwrap_or_default() } else { cell.clone() }).collect()
    }

    /// The pairs that may be compared.
    pub fn comparable_pairs(&self) -> impl Iterator<Item = &Comparison> {
        self.pairs.iter().filter(|pair| !pair.notes.iter().any(|note| matches!(note, PairNote::Incomparable(_))))
    }

    /// What one scale's changes come to in each group of pupils; `names` are the columns that groups are cut by.
    ///
    /// # Errors
    ///
    /// When the frames fail.
    pub fn groups(&self, form: &Form, scale: usize, names: &[String]) -> Result<Vec<(Vec<String>, GroupChange)>, FrameError> {
        let set = form.band_set();
        let bands = form.bands(scale);
        let options = GroupOptions { level: bands.and(set).map(|set| set.flag_from), levels: bands.map_or(0, |bands| bands.levels.len()) };
        let has_score = |time: &TimePoint, response: usize| time.point(response, scale).and_then(crate::change::Point::score).is_some();
        // Pairs first, then those who are at one time only: all of them decide which groups there are.
        let mut rows: Vec<Vec<String>> = self.pairs.iter().map(|pair| self.group_cells(pair)).collect();
        rows.extend(self.baseline_only.iter().map(|response| self.baseline.groups(*response).to_vec()));
        rows.extend(self.review_only.iter().map(|response| self.review.groups(*response).to_vec()));
        let rows: Vec<&[String]> = rows.iter().map(Vec::as_slice).collect();
        let (paired, at_baseline) = (self.pairs.len(), self.pairs.len() + self.baseline_only.len());
        let mut found = Vec::new();
        for (group, positions) in groups_of(names, &rows)? {
            let (mut changes, mut alone) = (Vec::new(), (0, 0));
            for position in positions {
                if let Some(pair) = self.pairs.get(position) {
                    changes.extend(self.change(pair, scale, form));
                } else if let Some(response) = self.baseline_only.get(position - paired).filter(|_| position < at_baseline) {
                    alone.0 += usize::from(has_score(&self.baseline, *response));
                } else if let Some(response) = self.review_only.get(position - at_baseline) {
                    alone.1 += usize::from(has_score(&self.review, *response));
                }
            }
            found.push((group, group_changes(&changes, alone, &options)));
        }
        Ok(found)
    }
}

/// The responses of a time that count: one for each pupil.
struct OnceEach {
    keys: Texts,
    kept: Vec<usize>,
    findings: Vec<Finding>,
    is_refused: bool,
}

impl OnceEach {
    fn of(time: &TimePoint, file: &Arc<str>, repeat: Repeat) -> Self {
        let keys: Texts = time.pupils().map(pupil_key).collect();
        let (mut kept, mut findings, mut is_refused) = (Vec::with_capacity(time.len()), Vec::new(), false);
        let mut places: HashMap<&str, usize> = HashMap::with_capacity(time.len());
        for (response, key) in keys.iter().enumerate() {
            let place = *places.entry(key).or_insert(kept.len());
            let Some(earlier) = kept.get(place).copied() else {
                kept.push(response);
                continue;
            };
            let finding = |code, message: String| {
                let place = Place::Row { file: Arc::clone(file), row: time.row(response), column: None };
                Finding::new(code, place, message).value(time.pupil(response).to_owned())
            };
            let counts = match repeat {
                Repeat::Refuse => None,
                Repeat::First => Some(earlier),
                Repeat::Latest => latest(time, earlier, response),
            };
            if let (Some(counts), Some(kept)) = (counts, kept.get_mut(place)) {
                *kept = counts;
                let message = format!("this pupil stands in row {} too: row {} counts", time.row(earlier), time.row(counts));
                findings.push(finding(Code::C010, message));
                continue;
            }
            is_refused = true;
            let (why, help) = match repeat {
                Repeat::Latest => {
                    (" too, and the dates do not say which is the later", "write both dates as year-month-day, or use `--repeat first`")
                }
                Repeat::Refuse | Repeat::First => (" too", "say which one counts: `--repeat first` or `--repeat latest`"),
            };
            findings.push(finding(Code::C002, format!("this pupil stands in row {}{why}", time.row(earlier))).help(help));
        }
        drop(places);
        Self { keys, kept, findings, is_refused }
    }

    /// Tells what there is to tell. None where a pupil stands twice and nobody can say which response counts.
    fn told(mut self, findings: &mut Findings<'_>) -> Option<Self> {
        findings.extend(self.findings.drain(..));
        (!self.is_refused).then_some(self)
    }

    /// The keys of the responses that count.
    fn keys(&self) -> Vec<&str> {
        self.kept.iter().filter_map(|response| self.keys.get(*response)).collect()
    }
}

/// The later of two responses: by date; by the order of the file where neither has one. A date that cannot be read is no answer.
fn latest(time: &TimePoint, earlier: usize, response: usize) -> Option<usize> {
    if time.date(earlier).is_empty() && time.date(response).is_empty() {
        return Some(response);
    }
    let (first, second) = (date(time.date(earlier))?, date(time.date(response))?);
    Some(if second < first { earlier } else { response })
}

/// A date as year-month-day, with or without a time of day after it; any other order would be a guess.
fn date(cell: &str) -> Option<Date> {
    cell.get(..10)?.parse().ok()
}

fn pair_notes(
    baseline: &TimePoint,
    first: usize,
    review: &TimePoint,
    second: usize,
    file: &Arc<str>,
    findings: &mut Findings<'_>,
) -> Vec<PairNote> {
    let mut notes = Vec::new();
    let (told_first, told_second) = (baseline.date(first), review.date(second));
    let place = || Place::Row { file: Arc::clone(file), row: review.row(second), column: None };
    match (date(told_first), date(told_second)) {
        (Some(earlier), Some(later)) if later < earlier => {
            let message = format!("this review is dated {later}, before its baseline of {earlier}");
            findings.push(Finding::new(Code::C004, place(), message));
            notes.push(PairNote::Incomparable("the review is dated before the baseline".to_owned()));
        }
        (None, _) | (_, None) if !told_first.is_empty() && !told_second.is_empty() => {
            findings.push(Finding::new(
                Code::C005,
                place(),
                "the two dates could not be compared: they should be written as year-month-day",
            ));
        }
        _ => {}
    }
    let (who_first, who_second) = (baseline.completed_by(first), review.completed_by(second));
    if !who_first.is_empty() && !who_second.is_empty() && !who_first.eq_ignore_ascii_case(who_second) {
        let words = format!("completed by {who_first} at baseline and by {who_second} at review");
        let kinds = (informant(who_first), informant(who_second));
        notes.push(match kinds {
            (Some(one), Some(other)) if one != other => PairNote::Incomparable(words),
            _ => PairNote::Mention(words),
        });
    }
    notes
}

/// How many pupils are at both times, and at one only, in words.
pub fn pairing_words(together: &Together) -> String {
    let mut words = vec![format!("{} at both times", count_of(together.pairs.len() as u64, "pupil"))];
    if !together.baseline_only.is_empty() {
        words.push(format!("{} at baseline only", together.baseline_only.len()));
    }
    if !together.review_only.is_empty() {
        words.push(format!("{} at review only", together.review_only.len()));
    }
    words.join(", ")
}
