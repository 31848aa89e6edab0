//! The comparison for a person: the main scale pupil by pupil, the others beside it, then the group.

use std::fmt::Write as _;

use super::ALERT_WORDS;
use super::cell::decimal;
use super::change_rows::{category_words, compared_scales};
use super::group_rows::{Detail, group_sentences};
use super::table::{TableStyle, pairs, plain_table};
use crate::change::{Change, ChangeNote, Comparison, PointState, Verdict, change_words};
use crate::cohort::{FrameError, GroupChange, Together, pairing_words};
use crate::findings::{count_of, printable};
use crate::instrument::{Number, Rule, Transform};
use crate::scoring::Form;
use crate::stats::Confidence;
use crate::stats::measurement_error::{Boundary, ChangeThreshold};
use crate::stats::regression::expected_without_change;

/// The comparison as text.
#[derive(Debug)]
pub struct ChangeTable<'t> {
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
    /// How it is to look.
    pub style: TableStyle,
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
const CAVEATS: &str = "A clear change is more than the error of filling in the form once. It does not say why a score changed: scores that \
start high often fall by themselves, a second form tends to be lower than the first, and people who helped may fill it in more kindly. Where \
several scales are looked at, a clear change on one of them alone is weak evidence.";

impl ChangeTable<'_> {
    /// The text.
    ///
    /// # Errors
    ///
    /// When the frames fail.
    pub fn render(&self) -> Result<String, FrameError> {
        let instrument = self.form.instrument();
        let mut text = format!("{} ({})\n{}\n\n", instrument.title(), instrument.id, pairing_words(self.together));
        self.alerts(&mut text);
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
        let others: Vec<usize> = others.into_iter().filter(|scale| !scales.iter().any(|other| is_raw_of(*scale, *other))).collect();
        for main in &mains {
            self.main_scale(&mut text, *main);
        }
        self.others(&mut text, &others);
        for main in &mains {
            self.groups(&mut text, *main)?;
            text.push_str(&self.comparison_group(*main));
        }
        self.unpaired(&mut text);
        let _ = writeln!(text, "{}", pairs([("", CAVEATS.to_owned())], self.style));
        Ok(text)
    }

    fn alerts(&self, text: &mut String) {
        let (baseline, review) = self.together.times();
        let mut rows = Vec::new();
        for (time, word) in [(review, "review"), (baseline, "baseline")] {
            for response in 0..time.len() {
                let alerts = time.alerts(response);
                if !alerts.is_empty() {
                    rows.push(vec![printable(&time.pupils()[response]).into_owned(), word.to_owned(), alerts.join("; ")]);
                }
            }
        }
        if !rows.is_empty() {
            let _ = writeln!(text, "ALERTS: {}\n{ALERT_WORDS}", count_of(rows.len() as u64, "response"));
            let _ = writeln!(text, "{}", plain_table(&["pupil", "time", "alert"], rows, self.style));
        }
    }

    fn main_scale(&self, text: &mut String, scale: usize) {
        let Some(definition) = self.form.instrument().scales.get(scale) else { return };
        let (needs, source) = self.needs(scale);
        let _ = writeln!(text, "{}: {needs}", definition.name);
        if let Some(source) = source {
            text.push_str(&pairs([("from", source.to_owned())], self.style));
        }
        text.push('\n');
        let rows: Vec<Vec<String>> = self.together.pairs().iter().filter_map(|pair| self.row(pair, scale)).collect();
        let mut header = vec!["pupil", "baseline", "review", "change", "verdict", "note"];
        if self.has_cutoff(scale) {
            header.insert(5, "category");
        }
        let _ = writeln!(text, "{}", plain_table(&header, rows, self.style));
    }

    /// How many points a clear change needs, and where that comes from.
    fn needs(&self, scale: usize) -> (String, Option<&str>) {
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

    fn row(&self, pair: &Comparison, scale: usize) -> Option<Vec<String>> {
        let change = self.together.change(pair, scale, self.form)?;
        // The threshold stands in the heading, and the long note in the file.
        let short = |note: &ChangeNote| match note {
            ChangeNote::Needs(_) => None,
            ChangeNote::StartedNearBest => Some("too near the best score".to_owned()),
            ChangeNote::Text(text) => Some(text.clone()),
        };
        let notes: Vec<String> = change.notes.iter().filter_map(short).collect();
        let mut row = vec![
            printable(&pair.pupil).into_owned(),
            self.score(change.baseline, change.baseline_level, scale),
            self.score(change.review, change.review_level, scale),
            change.difference().map_or_else(String::new, change_words),
            change.verdict.words().to_owned(),
            notes.join("; "),
        ];
        if self.has_cutoff(scale) {
            row.insert(5, change.category.map_or_else(String::new, |category| category_words(category).to_owned()));
        }
        Some(row)
    }

    fn has_cutoff(&self, scale: usize) -> bool {
        self.together.bases().of(scale).is_ok_and(|basis| basis.cutoff().is_some())
    }

    fn score(&self, score: Option<Number>, level: Option<usize>, scale: usize) -> String {
        let Some(score) = score else { return "–".to_owned() };
        match (level, self.form.bands(scale)) {
            (Some(level), Some(bands)) => format!("{score} {}", bands.name(level)),
            _ => score.to_string(),
        }
    }

    fn others(&self, text: &mut String, scales: &[usize]) {
        let scales: Vec<usize> = scales.iter().copied().filter(|scale| self.has_scores(*scale)).collect();
        if scales.is_empty() || self.together.pairs().is_empty() {
            return;
        }
        let _ = writeln!(text, "Also looked at (only clear changes have a word)");
        let mut header = vec!["pupil".to_owned()];
        header.extend(scales.iter().map(|scale| {
            let name = self.form.instrument().scales.get(*scale).map_or("", |scale| &*scale.id);
            let needs = self.together.bases().of(*scale).map_or_else(
                |_| "no record".to_owned(),
                |basis| basis.smallest_whole_points().map_or_else(String::new, |points| format!("needs {points}")),
            );
            if needs.is_empty() { name.to_owned() } else { format!("{name} ({needs})") }
        }));
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let rows = self.together.pairs().iter().map(|pair| {
            let mut row = vec![printable(&pair.pupil).into_owned()];
            row.extend(
                scales.iter().map(|scale| self.together.change(pair, *scale, self.form).map_or_else(String::new, |change| short(&change))),
            );
            row
        });
        let _ = writeln!(text, "{}", plain_table(&header, rows, self.style));
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
    fn groups(&self, text: &mut String, scale: usize) -> Result<(), FrameError> {
        for (_, change) in self.together.groups(self.form, scale, &[])? {
            self.group(text, scale, "The group", &change);
        }
        if !self.by.is_empty() {
            for (cells, change) in self.together.groups(self.form, scale, self.by)? {
                let parts = self.by.iter().zip(&cells);
                let parts: Vec<String> = parts
                    .map(|(column, cell)| {
                        format!("{} {}", printable(column), if cell.is_empty() { "(blank)".into() } else { printable(cell) })
                    })
                    .collect();
                self.group(text, scale, &parts.join(", "), &change);
            }
        }
        text.push_str(&self.usual_fall(scale));
        Ok(())
    }

    fn group(&self, text: &mut String, scale: usize, heading: &str, change: &GroupChange) {
        let name = self.form.instrument().scales.get(scale).map_or("", |scale| scale.name.as_str());
        let _ = writeln!(text, "{heading}, {name}");
        for sentence in group_sentences(self.form, scale, change, self.detail) {
            let _ = writeln!(text, "  {sentence}");
        }
        text.push_str(&self.transitions(scale, change));
        text.push('\n');
    }

    /// From band to band.
    fn transitions(&self, scale: usize, change: &GroupChange) -> String {
        let Some(bands) = self.form.bands(scale).filter(|_| change.paired > 0) else { return String::new() };
        let mut header = vec!["before / after"];
        header.extend(bands.levels.iter().map(String::as_str));
        let rows = change.transitions.iter().enumerate().map(|(before, counts)| {
            let mut row = vec![bands.name(before).to_owned()];
            row.extend(counts.iter().map(ToString::to_string));
            row
        });
        plain_table(&header, rows, self.style)
    }

    /// What usually happens to pupils who start where these did, where a retest correlation is on record.
    fn usual_fall(&self, scale: usize) -> String {
        let Ok(basis) = self.together.bases().of(scale) else { return String::new() };
        let (Some(retest), Some(mean)) = (basis.error().retest, self.baseline_mean(scale)) else { return String::new() };
        let Ok(expected) = expected_without_change(mean, retest, Confidence::NINETY_FIVE) else { return String::new() };
        if expected.change.abs() < 0.5 {
            return String::new();
        }
        let direction = if expected.change < 0.0 { "fall" } else { "rise" };
        format!(
            "Pupils who start at about {} often {direction} by about {} without help (retest correlation {}).\n\n",
            decimal(mean, 0),
            points(expected.change.abs()),
            retest.retest_correlation
        )
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of pupils are far below 2^52")]
    fn baseline_mean(&self, scale: usize) -> Option<f64> {
        let (baseline, _) = self.together.times();
        let scores: Vec<f64> =
            self.together.comparable_pairs().filter_map(|pair| Some(baseline.point(pair.baseline, scale)?.score()?.to_f64())).collect();
        (scores.len() >= 10).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
    }

    /// The difference to a comparison group, adjusted for where both started. Two groups that were not drawn by lot differ in more than
    /// that, so it says "higher" and "lower", and not why.
    fn comparison_group(&self, scale: usize) -> String {
        let mut text = String::new();
        if let Some((cell, column, value)) = self.comparison {
            let adjusted = self.together.adjusted(scale, cell, value);
            let counts = format!(
                "{} in the group, {} in the comparison group ({} {})",
                count_of(adjusted.group as u64, "pair"),
                adjusted.comparison,
                printable(column),
                printable(value)
            );
            let _ = match &adjusted.result {
                Err(reason) => writeln!(text, "Beside the comparison group: {counts}; {reason}.\n"),
                Ok(result) => {
                    let difference = &result.difference;
                    let p = if self.detail == Detail::Technical {
                        format!(", p = {}", decimal(difference.p_two_sided, 4))
                    } else {
                        String::new()
                    };
                    writeln!(
                        text,
                        "Beside the comparison group: {counts}.\n  At equal baseline scores the group's review scores were {} points {} (95 % interval of the difference {} to {}{p}).\n  \
                         Groups that were not drawn by lot differ in more than their baseline scores.\n",
                        decimal(difference.estimate.abs(), 1),
                        if difference.estimate < 0.0 { "lower" } else { "higher" },
                        decimal(difference.interval.low, 1),
                        decimal(difference.interval.high, 1)
                    )
                }
            };
        }
        if self.added_value == AddedValue::AskedFor {
            let _ = match self.together.added_value(self.form) {
                Err(reason) => writeln!(text, "SDQ added value: not shown, because {reason}.\n"),
                Ok(value) => writeln!(
                    text,
                    "SDQ added value of {} children: {} points better than expected (95 % interval {} to {}), effect size {}.\n  \
                     Made for children whose parents had sought help, with a second form after about six months; it misleads for whole classes.\n  \
                     Coefficients of Ford and others 2009; an erratum of the same year has not been read.\n",
                    value.n,
                    decimal(value.mean, 1),
                    decimal(value.interval.low, 1),
                    decimal(value.interval.high, 1),
                    decimal(value.effect_size, 2)
                ),
            };
        }
        text
    }

    fn unpaired(&self, text: &mut String) {
        let (baseline, review) = self.together.times();
        for (time, responses, word) in
            [(baseline, self.together.baseline_only(), "baseline"), (review, self.together.review_only(), "review")]
        {
            if responses.is_empty() {
                continue;
            }
            let names: Vec<String> = responses
                .iter()
                .take(60)
                .filter_map(|response| time.pupils().get(*response))
                .map(|pupil| printable(pupil).into_owned())
                .collect();
            let more = if responses.len() > names.len() { format!(" and {} more", responses.len() - names.len()) } else { String::new() };
            let _ = writeln!(text, "At {word} only ({}): {}{more}\n", responses.len(), names.join(", "));
        }
    }
}

/// `1 point`, `4 points`.
fn points(value: f64) -> String {
    let rounded = decimal(value, 0);
    if rounded == "1" { "1 point".to_owned() } else { format!("{rounded} points") }
}

/// `3 lower, clearly better`; without a clear change only the points.
fn short(change: &Change) -> String {
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
