//! One pupil in a few lines: to be pasted into a safeguarding or monitoring system.

use std::fmt::Write as _;

use super::ALERT_WORDS;
use super::pupil_view::{PupilForm, PupilScore, PupilView};
use crate::change::{Change, Verdict, change_words};
use crate::findings::{harmless, list_and};

impl PupilView<'_> {
    /// The lines.
    pub fn render(&self) -> String {
        let mut text = format!("{}\n", harmless(&self.person.name));
        for form in &self.forms {
            for (time, alerts) in &form.alerts {
                let _ = writeln!(text, "ALERT ({}): {alerts}. {ALERT_WORDS}", harmless(time));
            }
        }
        if self.forms.is_empty() {
            let _ = writeln!(text, "No form.");
        }
        for form in &self.forms {
            let _ = writeln!(text, "{}", form_line(form));
        }
        let gains = self.gains();
        if !gains.is_empty() {
            let _ = writeln!(text, "Gains: {}.", gains.join("; "));
        }
        if let Some(cycle) = self.cycles.first() {
            for (goal, result) in &cycle.goals {
                let _ = writeln!(text, "Goal “{}”: {}. {}", harmless(&goal.goal), result.outcome.words(), harmless(&result.why));
            }
        }
        if self.forms.iter().any(|form| form.scales.iter().any(|row| row.last.is_some())) {
            let _ =
                writeln!(text, "A clear change is more than the error of filling in the form once; it does not say why a score changed.");
        }
        for entry in self.evidence {
            let _ = writeln!(text, "{}: {}.", harmless(entry.measure()), harmless(&entry.words()));
        }
        text.push('\n');
        text
    }
}

/// `SDQ, teacher, ages 4-17: Total difficulties 26 very high (autumn), 14 slightly raised (summer), clearly better; …`.
fn form_line(form: &PupilForm<'_>) -> String {
    let instrument = form.course.form().instrument();
    let scales = form.scales.iter().map(|row| {
        let scores: Vec<String> = row
            .scores
            .iter()
            .zip(form.course.moments())
            .filter_map(|(score, moment)| Some(format!("{} ({})", score_words(form, row.scale, score.as_ref()?), harmless(moment.label()))))
            .collect();
        let verdict = row.last.as_ref().map(verdict_words).filter(|words| !words.is_empty());
        let verdict = verdict.map_or_else(String::new, |words| format!(": {words}"));
        format!("{} {}{verdict}", form.scale_name(row.scale), scores.join(", "))
    });
    let answered: Vec<String> = form
        .responses
        .iter()
        .zip(form.course.moments())
        .filter_map(|(response, moment)| {
            let seen = moment.seen((*response)?)?;
            let questions = if seen.open.len() == 1 { "question" } else { "questions" };
            let when = harmless(moment.label());
            (!seen.open.is_empty()).then(|| format!("No answer that can be used ({when}): {questions} {}", list_and(&seen.open)))
        })
        .collect();
    let mut line = format!("{}: {}.", instrument.title(), scales.collect::<Vec<_>>().join("; "));
    if !answered.is_empty() {
        let _ = write!(line, " {}.", answered.join(". "));
    }
    line
}

/// `26 very high`, `~7 high`, `not scored`.
fn score_words(form: &PupilForm<'_>, scale: usize, score: &PupilScore) -> String {
    let Some(number) = form.printed(scale, score) else { return "not scored".to_owned() };
    match score.level.zip(form.course.form().bands(scale)) {
        Some((level, bands)) => format!("{number} {}", bands.name(level)),
        None => number,
    }
}

/// `12 lower, clearly better`; nothing where a score is missing.
pub(super) fn verdict_words(change: &Change) -> String {
    match (change.difference(), change.verdict) {
        (Some(difference), Verdict::CannotTell) => format!("{}, cannot tell", change_words(difference)),
        (Some(difference), verdict) => format!("{}, {}", change_words(difference), verdict.words()),
        (None, _) => String::new(),
    }
}
