//! What a comparison says, in the words that a terminal's table and a page share: alerts, what a clear change needs, groups, who is
//! unpaired.

use super::cell::decimal;
use super::change_rows::compared_scales;
use super::group_rows::{Detail, group_sentences};
use crate::change::{Change, ChangeNote, PointState, Verdict, change_words};
use crate::cohort::{FrameError, GroupChange, Together};
use crate::findings::{count_of, printable};
use crate::instrument::{Number, Rule, Transform};
use crate::scoring::Form;
use crate::stats::Confidence;
use crate::stats::measurement_error::{Boundary, ChangeThreshold};
use crate::stats::regression::expected_without_change;

/// A comparison, and what was asked of it.
#[derive(Clone, Copy, Debug)]
pub struct ChangeView<'t> {
    /// The form of the baseline.
    pub form: &'t Form,
    /// The two times.
    pub together: &'t Together,
    /// The columns that groups are cut by.
    pub by: &'t [String],
    /// A comparison group: the place of its column among the groups of a response, the column, and the value that means it.
    pub comparison: Option<(usize, &'t str, &'t str)>,
    /// Whether the SDQ's added value was asked for.
    pub added_value: AddedValue,
    /// Whether p-values are shown.
    pub detail: Detail,
}

/// Whether the SDQ's added value is shown: only by name, because it misleads for whole classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddedValue {
    /// Not shown.
    No,
    /// Shown, or why it cannot be.
    AskedFor,
}

/// What stands once under every comparison.
pub(super) const CAVEATS: &str = "A clear change is more than the error of filling in the form once. It does not say why a score changed: scores that \
start high often fall by themselves, a second form tends to be lower than the first, and people who helped may fill it in more kindly. Where \
several scales are looked at, a clear change on one of them alone is weak evidence.";

/// A group of pupils and what became of it on one scale.
#[derive(Debug)]
pub(super) struct GroupView {
    pub(super) heading: String,
    pub(super) sentences: Vec<String>,
    pub(super) change: GroupChange,
}

/// Whoever has an alert: the pupil, the time, the alerts.
#[derive(Debug)]
pub(super) struct AlertRow<'t> {
    pub(super) pupil: &'t str,
    pub(super) time: &'static str,
    pub(super) alerts: String,
}

/// Pupils who are at one time only.
#[derive(Debug)]
pub(super) struct Unpaired<'t> {
    pub(super) time: &'static str,
    pub(super) pupils: Vec<&'t str>,
}

impl<'t> ChangeView<'t> {
    /// The scales in the order of the page: those that a verdict is about, then those that are also looked at and have scores.
    pub(super) fn scales(&self) -> (Vec<usize>, Vec<usize>) {
        let instrument = self.form.instrument();
        let scales = compared_scales(self.form);
        let is_main = |scale: &usize| instrument.scales.get(*scale).is_some_and(|scale| scale.main);
        // Whoever asks for other scales only gets the first of them in full.
        let (mains, others): (Vec<usize>, Vec<usize>) = if scales.iter().any(is_main) {
            scales.iter().partition(|scale| is_main(scale))
        } else {
            (scales.iter().take(1).copied().collect(), scales.iter().skip(1).copied().collect())
        };
        // Where a norm score is compared, its raw score says the same again; the file has both.
        let is_raw_of = |scale: usize, other: usize| {
            let rule = instrument.scales.get(other).map(|other| &other.rule);
            matches!(rule, Some(Rule::Of { scale: of, transform: Transform::Norms { .. } }) if *of == scale)
        };
        let others = others.into_iter().filter(|scale| !scales.iter().any(|other| is_raw_of(*scale, *other)) && self.has_scores(*scale));
        (mains, others.collect())
    }

    /// The alerts of both times, those of the review first.
    pub(super) fn alerts(&self) -> Vec<AlertRow<'t>> {
        let (baseline, review) = self.together.times();
        let mut rows = Vec::new();
        for (time, word) in [(review, "review"), (baseline, "baseline")] {
            for (response, pupil) in time.pupils().enumerate() {
                let alerts = time.alerts(response);
                if !alerts.is_empty() {
                    rows.push(AlertRow { pupil, time: word, alerts: alerts.join("; ") });
                }
            }
        }
        rows
    }

    /// How many points a clear change needs, and where that comes from.
    pub(super) fn needs(&self, scale: usize) -> (String, Option<&'t str>) {
        match self.together.bases().of(scale) {
            Ok(basis) => {
                let needs = match (basis.smallest_whole_points(), basis.threshold()) {
                    (Some(_), Some(threshold)) if self.has_fractions(scale) => format!("a clear change is {}", threshold_words(threshold)),
                    (Some(points), _) => format!("a clear change needs {}", count_of(points.into(), "point")),
                    (None, _) => "how much is clear depends on where a pupil started".to_owned(),
                };
                (needs, Some(&basis.error().source))
            }
            Err(reason) => (reason.to_owned(), None),
        }
    }

    /// Whether some score is no whole number: a change of 8.4 is no change of 9, and may still be a clear one.
    fn has_fractions(&self, scale: usize) -> bool {
        let (baseline, review) = self.together.times();
        let is_fraction = |score: Option<Number>| score.is_some_and(|score| score.as_whole().is_none());
        let score = |point: Option<crate::change::Point>| point.and_then(crate::change::Point::score);
        self.together
            .pairs()
            .iter()
            .any(|pair| is_fraction(score(baseline.point(pair.baseline, scale))) || is_fraction(score(review.point(pair.review, scale))))
    }

    /// What the reader of a change should know and the heading does not say: the threshold stands there.
    pub(super) fn short_notes(change: &Change) -> String {
        let short = |note: &ChangeNote| match note {
            ChangeNote::Needs(_) => None,
            ChangeNote::StartedNearBest => Some("too near the best score".to_owned()),
            ChangeNote::Text(text) => Some(text.clone()),
        };
        change.notes.iter().filter_map(short).collect::<Vec<_>>().join("; ")
    }

    /// How many points a clear change of a scale needs, in a word for a heading.
    pub(super) fn needs_in_short(&self, scale: usize) -> String {
        self.together.bases().of(scale).map_or_else(
            |_| "no record".to_owned(),
            |basis| basis.smallest_whole_points().map_or_else(String::new, |points| format!("needs {points}")),
        )
    }

    pub(super) fn has_cutoff(&self, scale: usize) -> bool {
        self.together.bases().of(scale).is_ok_and(|basis| basis.cutoff().is_some())
    }

    fn has_scores(&self, scale: usize) -> bool {
        let (baseline, review) = self.together.times();
        let is_there = |point: Option<crate::change::Point>| point.is_some_and(|point| point.state() != PointState::NotApplicable);
        self.together
            .pairs()
            .iter()
            .any(|pair| is_there(baseline.point(pair.baseline, scale)) || is_there(review.point(pair.review, scale)))
    }

    /// The whole group, then the groups that it was to be cut by.
    pub(super) fn groups(&self, scale: usize) -> Result<Vec<GroupView>, FrameError> {
        let view = |heading: String, change: GroupChange| GroupView {
            heading,
            sentences: group_sentences(self.form, scale, &change, self.detail),
            change,
        };
        let mut groups: Vec<GroupView> = Vec::new();
        for (_, change) in self.together.groups(self.form, scale, &[])? {
            groups.push(view("The group".to_owned(), change));
        }
        if !self.by.is_empty() {
            for (cells, change) in self.together.groups(self.form, scale, self.by)? {
                let parts = self.by.iter().zip(&cells);
                let parts: Vec<String> = parts
                    .map(|(column, cell)| {
                        format!("{} {}", printable(column), if cell.is_empty() { "(blank)".into() } else { printable(cell) })
                    })
                    .collect();
                groups.push(view(parts.join(", "), change));
            }
        }
        Ok(groups)
    }

    /// What usually happens to pupils who start where these did, where a retest correlation is on record.
    pub(super) fn usual_fall(&self, scale: usize) -> Option<String> {
        let basis = self.together.bases().of(scale).ok()?;
        let (retest, mean) = (basis.error().retest?, self.baseline_mean(scale)?);
        let expected = expected_without_change(mean, retest, Confidence::NINETY_FIVE).ok()?;
        if expected.change.abs() < 0.5 {
            return None;
        }
        let direction = if expected.change < 0.0 { "fall" } else { "rise" };
        Some(format!(
            "Pupils who start at about {} often {direction} by about {} without help (retest correlation {}).",
            decimal(mean, 0),
            points(expected.change.abs()),
            retest.retest_correlation
        ))
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of pupils are far below 2^52")]
    fn baseline_mean(&self, scale: usize) -> Option<f64> {
        let (baseline, _) = self.together.times();
        let scores: Vec<f64> =
            self.together.comparable_pairs().filter_map(|pair| Some(baseline.point(pair.baseline, scale)?.score()?.to_f64())).collect();
        (scores.len() >= 10).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
    }

    /// What is said beside the group's own figures, each with its sentences. The difference to a comparison group, adjusted for where both started. Two groups that were not drawn by lot differ in more than
    /// that, so it says "higher" and "lower", and not why.
    pub(super) fn beside_others(&self, scale: usize) -> Vec<Vec<String>> {
        let mut said = Vec::new();
        if let Some((cell, column, value)) = self.comparison {
            let adjusted = self.together.adjusted(scale, cell, value);
            let counts = format!(
                "{} in the group, {} in the comparison group ({} {})",
                count_of(adjusted.group as u64, "pair"),
                adjusted.comparison,
                printable(column),
                printable(value)
            );
            said.push(match &adjusted.result {
                Err(reason) => vec![format!("Beside the comparison group: {counts}; {reason}.")],
                Ok(result) => {
                    let difference = &result.difference;
                    let p = if self.detail == Detail::Technical {
                        format!(", p = {}", decimal(difference.p_two_sided, 4))
                    } else {
                        String::new()
                    };
                    vec![
                        format!("Beside the comparison group: {counts}."),
                        format!(
                            "At equal baseline scores the group's review scores were {} points {} (95 % interval of the difference {} to {}{p}).",
                            decimal(difference.estimate.abs(), 1),
                            if difference.estimate < 0.0 { "lower" } else { "higher" },
                            decimal(difference.interval.low, 1),
                            decimal(difference.interval.high, 1)
                        ),
                        "Groups that were not drawn by lot differ in more than their baseline scores.".to_owned(),
                    ]
                }
            });
        }
        if self.added_value == AddedValue::AskedFor {
            said.push(match self.together.added_value(self.form) {
                Err(reason) => vec![format!("SDQ added value: not shown, because {reason}.")],
                Ok(value) => vec![
                    format!(
                        "SDQ added value of {} children: {} points better than expected (95 % interval {} to {}), effect size {}.",
                        value.n,
                        decimal(value.mean, 1),
                        decimal(value.interval.low, 1),
                        decimal(value.interval.high, 1),
                        decimal(value.effect_size, 2)
                    ),
                    "Made for children whose parents had sought help, with a second form after about six months; it misleads for whole classes."
                        .to_owned(),
                    "Coefficients of Ford and others 2009; an erratum of the same year has not been read.".to_owned(),
                ],
            });
        }
        said
    }

    /// Whoever is at one time only.
    pub(super) fn unpaired(&self) -> Vec<Unpaired<'t>> {
        let (baseline, review) = self.together.times();
        let times = [(baseline, self.together.baseline_only(), "baseline"), (review, self.together.review_only(), "review")];
        let names = times.into_iter().map(|(time, responses, word)| Unpaired {
            time: word,
            pupils: responses.iter().map(|response| time.pupil(*response)).collect(),
        });
        names.filter(|unpaired| !unpaired.pupils.is_empty()).collect()
    }
}

/// `1 point`, `4 points`.
fn points(value: f64) -> String {
    let rounded = decimal(value, 0);
    if rounded == "1" { "1 point".to_owned() } else { format!("{rounded} points") }
}

/// `3 lower, clearly better`; without a clear change only the points.
pub(super) fn short(change: &Change) -> String {
    let Some(difference) = change.difference() else { return "cannot tell".to_owned() };
    let words = if difference == Number::ZERO { "same".to_owned() } else { change_words(difference) };
    match change.verdict {
        Verdict::ClearlyBetter | Verdict::ClearlyWorse => format!("{words}, {}", change.verdict.words()),
        Verdict::NoClearChange | Verdict::CannotTell => words,
    }
}

/// `more than 8.05 points`, never rounded down.
fn threshold_words(threshold: &ChangeThreshold) -> String {
    let points = (threshold.points() * 100.0).ceil() / 100.0;
    match threshold.boundary() {
        Boundary::Exceeded => format!("more than {points} points"),
        Boundary::Reached => format!("{points} points or more"),
    }
}
