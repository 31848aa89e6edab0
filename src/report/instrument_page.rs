//! The page of an instrument: what a psychologist checks against the manual, made from the definition, so that the two cannot drift.

use std::fmt::Write as _;

use super::instrument_bands::{band_set, norms};
use super::table::{TableStyle, pairs, plain_table};
use crate::findings::{count_of, list_and};
use crate::instrument::scale_lines;
use crate::instrument::{AnswerSet, ChangeKind, Instrument, Rule, Scale, Wording};

/// The page as text.
pub fn instrument_page(instrument: &Instrument, look: TableStyle) -> String {
    let mut text = format!("{} ({})\n\n", instrument.title(), instrument.id);
    text.push_str(&heading(instrument, look));
    text.push('\n');
    for notice in instrument.notices() {
        let _ = writeln!(text, "{notice}");
    }
    if !instrument.critical.is_empty() {
        let _ = writeln!(text, "\nRead these questions on the day that the form is filled in, whatever the scores:");
        for critical in &instrument.critical {
            let item = instrument.items.get(critical.item).map_or(0, |item| item.number);
            let _ = writeln!(text, "  question {item}: {}", critical.about);
        }
        let _ = writeln!(text, "{}", pairs([("  -", super::ALERT_WORDS.to_owned())], look));
    }
    for sensitive in &instrument.sensitive {
        let item = instrument.items.get(sensitive.item).map_or(0, |item| item.number);
        let _ = writeln!(text, "\nA sensitive question, no alert: after an answer to question {item} ({}) read the form.", sensitive.about);
    }
    let _ = writeln!(text, "\nQuestions\n{}", items(instrument, look));
    let _ = writeln!(text, "Answers");
    for set in &instrument.answers {
        let _ = writeln!(text, "  {}: {}", set.name, answers(set));
    }
    let _ = writeln!(text, "\nScales");
    for scale in &instrument.scales {
        let lines = scale_lines(instrument, scale);
        let _ = writeln!(text, "  {}", lines.first().map_or("", String::as_str));
        let _ = writeln!(text, "{}", pairs(lines.into_iter().skip(1).map(|line| ("  -", line)), look));
    }
    for (index, set) in instrument.bands.iter().enumerate() {
        let _ = writeln!(text, "{}", band_set(instrument, set, instrument.default_bands == Some(index), look));
    }
    if instrument.default_bands.is_none() {
        let why = if instrument.bands.is_empty() { "none: nobody can be flagged with this form" } else { "none unless a set is named" };
        let _ = writeln!(text, "Bands\n  {why}\n");
    }
    text.push_str(&norms(instrument, look));
    text.push_str(&orders(instrument));
    text.push_str(&choices(instrument, look));
    text.push_str(&changes(instrument, look));
    let _ = writeln!(text, "Sources");
    text.push_str(&pairs(instrument.sources.iter().map(|(what, source)| (format!("  {what}"), source.clone())), look));
    let _ = writeln!(
        text,
        "\n{} in the definition; its SHA-256 is {}",
        count_of(instrument.examples.len() as u64, "worked example"),
        instrument.definition.sha256
    );
    text
}

fn heading(instrument: &Instrument, look: TableStyle) -> String {
    let mut lines = vec![("completed by", instrument.informant.word().to_owned())];
    lines.extend(instrument.ages.map(|ages| ("ages", ages.words())));
    lines.extend(instrument.period.clone().map(|period| ("asks about", period)));
    lines.push(("version", instrument.version.clone()));
    lines.push(("owner", instrument.owner.clone()));
    lines.push((
        "wording",
        match instrument.wording {
            Wording::Shipped => "shipped",
            Wording::NotShipped => "not shipped: questions have short names",
            Wording::ImportOnly => "none: somebody else scores the form, and its scores are typed in or imported",
        }
        .to_owned(),
    ));
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    lines.push(("licence", format!("{}: {}", instrument.licence.status.word(), one_line(&instrument.licence.terms))));
    lines.extend(instrument.licence.norms.as_ref().map(|norms| ("norms", one_line(norms))));
    lines.extend(instrument.licence.url.clone().map(|url| ("ask at", url)));
    if !instrument.comparable_with.is_empty() {
        lines.push(("comparable with", list_and(&instrument.comparable_with)));
    }
    pairs(lines, look)
}

fn items(instrument: &Instrument, look: TableStyle) -> String {
    let rows = instrument.items.iter().enumerate().map(|(index, item)| {
        let scales: Vec<String> = instrument.scales.iter().filter_map(|scale| in_scale(scale, index)).collect();
        let answers = instrument.answers.get(item.answers).map_or("", |set| &set.name);
        let part =
            item.block.and_then(|block| instrument.blocks.get(block)).map_or(String::new(), |block| format!("optional: {}", block.id));
        let scales = if scales.is_empty() { "not scored".to_owned() } else { scales.join(", ") };
        vec![item.number.to_string(), item.id.to_string(), scales, answers.to_owned(), part]
    });
    plain_table(&["no.", "name", "scale", "answers", "part"], rows, look)
}

/// A scale that uses a question, and how.
pub(super) fn in_scale(scale: &Scale, item: usize) -> Option<String> {
    let Rule::Items { items, gate, .. } = &scale.rule else { return None };
    let entry = items.iter().find(|entry| entry.item == item);
    match (entry, gate) {
        (Some(entry), _) if entry.reversed => Some(format!("{} (reversed)", scale.id)),
        (Some(_), _) => Some(scale.id.to_string()),
        (None, Some(gate)) if gate.item == item => Some(format!("{} (decides whether it counts)", scale.id)),
        _ => None,
    }
}

/// What an answer can be: `0 Not true, 1 Somewhat true, 2 Certainly true`.
pub(super) fn answers(set: &AnswerSet) -> String {
    let no_answer = if set.no_answer.is_empty() { String::new() } else { format!("; no answer: {}", set.no_answer.join(", ")) };
    if set.step.is_some() {
        return format!("{}{no_answer}", set.allowed());
    }
    let one = |(code, labels): (&crate::instrument::Number, &Vec<String>)| match labels.first() {
        Some(label) => format!("{code} {label}"),
        None => code.to_string(),
    };
    set.codes.iter().zip(&set.labels).map(one).collect::<Vec<_>>().join(", ") + &no_answer
}

/// Editions that number the questions differently.
fn orders(instrument: &Instrument) -> String {
    let mut text = String::new();
    if instrument.orders.is_empty() {
        return text;
    }
    let _ = writeln!(text, "Printed orders (`--choose order=…`): without one of them, numbered columns say nothing");
    for order in &instrument.orders {
        let names: Vec<&str> = order.items.iter().filter_map(|item| instrument.items.get(*item)).map(|item| &*item.id).collect();
        let _ = writeln!(text, "  {}: {} ({})", order.id, names.join(", "), order.source);
    }
    text.push('\n');
    text
}

fn choices(instrument: &Instrument, look: TableStyle) -> String {
    let mut text = String::new();
    for choice in &instrument.choices {
        let _ = writeln!(text, "Choice `{}` (`--choose {}=…`)", choice.id, choice.id);
        let values =
            choice.values.iter().enumerate().map(|(position, (value, meaning))| {
                (format!("  {value}{}", if position == 0 { " (default)" } else { "" }), meaning.clone())
            });
        text.push_str(&pairs(values, look));
        text.push('\n');
    }
    text
}

fn changes(instrument: &Instrument, look: TableStyle) -> String {
    if instrument.change.is_empty() {
        return String::new();
    }
    let mut rows = Vec::new();
    for record in &instrument.change {
        let scale = instrument.scales.get(record.scale).map_or("", |scale| &*scale.id);
        let figures = match record.kind {
            ChangeKind::Reliability { sd, r, .. } => format!("standard deviation {sd}, reliability {r}"),
            ChangeKind::Threshold { points, inclusive } => format!("{} {points} points", if inclusive { "at least" } else { "more than" }),
        };
        let confidence = record.confidence.as_ref().map_or(String::new(), |confidence| format!(" [{confidence}]"));
        rows.push((format!("  {scale}, `{}`", record.name), format!("{figures}{confidence}; {}", record.source)));
    }
    format!("What a clear change is\n{}\n", pairs(rows, look))
}
