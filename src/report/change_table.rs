//! The comparison for a person: the main scale pupil by pupil, the others beside it, then the group.

use std::fmt::Write as _;

use super::ALERT_WORDS;
use super::change_rows::category_words;
use super::change_view::{CAVEATS, ChangeView, GroupView, short};
use super::table::{TableStyle, pairs, plain_table};
use crate::change::{Comparison, change_words};
use crate::cohort::{FrameError, pairing_words};
use crate::findings::{count_of, printable};
use crate::instrument::Number;

/// More pupils at one time only than this are counted, not listed.
const LISTED: usize = 60;

impl ChangeView<'_> {
    /// The comparison as text.
    ///
    /// # Errors
    ///
    /// When the frames fail.
    pub fn render(&self, style: TableStyle) -> Result<String, FrameError> {
        let instrument = self.form.instrument();
        let mut text = format!("{} ({})\n{}\n\n", instrument.title(), instrument.id, pairing_words(self.together));
        self.alert_table(&mut text, style);
        let (mains, others) = self.scales();
        for main in &mains {
            self.main_scale(&mut text, *main, style);
        }
        self.others(&mut text, &others, style);
        for main in &mains {
            for group in self.groups(*main)? {
                self.group(&mut text, *main, &group, style);
            }
            if let Some(sentence) = self.usual_fall(*main) {
                let _ = writeln!(text, "{sentence}\n");
            }
            for sentences in self.beside_others(*main) {
                let _ = writeln!(text, "{}\n", sentences.join("\n  "));
            }
        }
        for unpaired in self.unpaired() {
            let names: Vec<String> = unpaired.pupils.iter().take(LISTED).map(|pupil| printable(pupil).into_owned()).collect();
            let count = unpaired.pupils.len();
            let more = if count > names.len() { format!(" and {} more", count - names.len()) } else { String::new() };
            let _ = writeln!(text, "At {} only ({count}): {}{more}\n", unpaired.time, names.join(", "));
        }
        let _ = writeln!(text, "{}", pairs([("", CAVEATS.to_owned())], style));
        Ok(text)
    }

    fn alert_table(&self, text: &mut String, style: TableStyle) {
        let rows = self.alerts();
        if rows.is_empty() {
            return;
        }
        let _ = writeln!(text, "ALERTS: {}\n{ALERT_WORDS}", count_of(rows.len() as u64, "response"));
        let lines = rows.into_iter().map(|row| vec![printable(row.pupil).into_owned(), row.time.to_owned(), row.alerts]);
        let _ = writeln!(text, "{}", plain_table(&["pupil", "time", "alert"], lines, style));
    }

    fn main_scale(&self, text: &mut String, scale: usize, style: TableStyle) {
        let Some(definition) = self.form.instrument().scales.get(scale) else { return };
        let (needs, source) = self.needs(scale);
        let _ = writeln!(text, "{}: {needs}", definition.name);
        if let Some(source) = source {
            text.push_str(&pairs([("from", source.to_owned())], style));
        }
        text.push('\n');
        let rows: Vec<Vec<String>> = self.together.pairs().iter().filter_map(|pair| self.row(pair, scale)).collect();
        let mut header = vec!["pupil", "baseline", "review", "change", "verdict", "note"];
        if self.has_cutoff(scale) {
            header.insert(5, "category");
        }
        let _ = writeln!(text, "{}", plain_table(&header, rows, style));
    }

    fn row(&self, pair: &Comparison, scale: usize) -> Option<Vec<String>> {
        let change = self.together.change(pair, scale, self.form)?;
        let mut row = vec![
            printable(self.together.pupil(pair)).into_owned(),
            self.score(change.baseline, change.baseline_level, scale),
            self.score(change.review, change.review_level, scale),
            change.difference().map_or_else(String::new, change_words),
            change.verdict.words().to_owned(),
            Self::short_notes(&change),
        ];
        if self.has_cutoff(scale) {
            row.insert(5, change.category.map_or_else(String::new, |category| category_words(category).to_owned()));
        }
        Some(row)
    }

    fn score(&self, score: Option<Number>, level: Option<usize>, scale: usize) -> String {
        let Some(score) = score else { return "–".to_owned() };
        match (level, self.form.bands(scale)) {
            (Some(level), Some(bands)) => format!("{score} {}", bands.name(level)),
            _ => score.to_string(),
        }
    }

    fn others(&self, text: &mut String, scales: &[usize], style: TableStyle) {
        if scales.is_empty() || self.together.pairs().is_empty() {
            return;
        }
        let _ = writeln!(text, "Also looked at (only clear changes have a word)");
        let mut header = vec!["pupil".to_owned()];
        header.extend(scales.iter().map(|scale| {
            let name = self.form.instrument().scales.get(*scale).map_or("", |scale| &*scale.id);
            let needs = self.needs_in_short(*scale);
            if needs.is_empty() { name.to_owned() } else { format!("{name} ({needs})") }
        }));
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let rows = self.together.pairs().iter().map(|pair| {
            let mut row = vec![printable(self.together.pupil(pair)).into_owned()];
            row.extend(
                scales.iter().map(|scale| self.together.change(pair, *scale, self.form).map_or_else(String::new, |change| short(&change))),
            );
            row
        });
        let _ = writeln!(text, "{}", plain_table(&header, rows, style));
    }

    fn group(&self, text: &mut String, scale: usize, group: &GroupView, style: TableStyle) {
        let name = self.form.instrument().scales.get(scale).map_or("", |scale| scale.name.as_str());
        let _ = writeln!(text, "{}, {name}", group.heading);
        for sentence in &group.sentences {
            let _ = writeln!(text, "  {sentence}");
        }
        text.push_str(&self.transitions(scale, group, style));
        text.push('\n');
    }

    /// From band to band.
    fn transitions(&self, scale: usize, group: &GroupView, style: TableStyle) -> String {
        let Some(bands) = self.form.bands(scale).filter(|_| group.change.paired > 0) else { return String::new() };
        let mut header = vec!["before / after"];
        header.extend(bands.levels.iter().map(String::as_str));
        let rows = group.change.transitions.iter().enumerate().map(|(before, counts)| {
            let mut row = vec![bands.name(before).to_owned()];
            row.extend(counts.iter().map(ToString::to_string));
            row
        });
        plain_table(&header, rows, style)
    }
}
