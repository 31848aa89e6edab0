//! The page of an instrument: what a psychologist checks against the manual, made from the definition, so that the two cannot drift.

use std::fmt::Write as _;

use super::table::{TableStyle, pairs, plain_table};
use crate::findings::{count_of, list_and};
use crate::instrument::{AnswerSet, BandSet, Bands, Better, ChangeKind, Fill, Instrument, Method, Missing, Round, Rule, Scale, Wording};

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
    if instrument.bands.is_empty() {
        let _ = writeln!(text, "Bands\n  none: nobody can be flagged with this form\n");
    }
    text.push_str(&choices(instrument));
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
    lines.extend(instrument.ages.map(|ages| ("ages", format!("{} to {}", ages.from, ages.to))));
    lines.extend(instrument.period.clone().map(|period| ("asks about", period)));
    lines.push(("version", instrument.version.clone()));
    lines.push(("owner", instrument.owner.clone()));
    lines.push((
        "wording",
        if instrument.wording == Wording::Shipped { "shipped" } else { "not shipped: questions have short names" }.to_owned(),
    ));
    lines.push(("licence", instrument.licence.split_whitespace().collect::<Vec<_>>().join(" ")));
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

fn in_scale(scale: &Scale, item: usize) -> Option<String> {
    let Rule::Items { items, gate, .. } = &scale.rule else { return None };
    let entry = items.iter().find(|entry| entry.item == item);
    match (entry, gate) {
        (Some(entry), _) if entry.reversed => Some(format!("{} (reversed)", scale.id)),
        (Some(_), _) => Some(scale.id.to_string()),
        (None, Some(gate)) if gate.item == item => Some(format!("{} (decides whether it counts)", scale.id)),
        _ => None,
    }
}

fn answers(set: &AnswerSet) -> String {
    let one = |(code, labels): (&crate::instrument::Number, &Vec<String>)| match labels.first() {
        Some(label) => format!("{code} {label}"),
        None => code.to_string(),
    };
    set.codes.iter().zip(&set.labels).map(one).collect::<Vec<_>>().join(", ")
}

fn scale_lines(instrument: &Instrument, scale: &Scale) -> Vec<String> {
    let main = if scale.main { ", the main scale" } else { "" };
    let better = if scale.better == Better::Lower { "lower is better" } else { "higher is better" };
    let mut lines = vec![format!("{}: {}{main}, {} to {}, {better}", scale.id, scale.name, scale.range.0, scale.range.1)];
    match &scale.rule {
        Rule::Scales(parts) => {
            let parts: Vec<&str> = parts.iter().filter_map(|part| instrument.scales.get(*part)).map(|scale| &*scale.id).collect();
            lines.push(format!("the sum of {}; not scored if any of them is not", list_and(&parts)));
        }
        Rule::Items { items, method, missing, gate } => {
            let name = |entry: &crate::instrument::ScaleItem| {
                let item = instrument.items.get(entry.item).map_or("", |item| &*item.id);
                if entry.reversed { format!("{item} reversed") } else { item.to_owned() }
            };
            let names: Vec<String> = items.iter().map(name).collect();
            let method = match method {
                Method::Sum => "the sum of".to_owned(),
                Method::Mean { times: 1 } => "the mean of".to_owned(),
                Method::Mean { times } => format!("{times} times the mean of"),
            };
            lines.push(format!("{method} {}", list_and(&names)));
            lines.extend(recoding(instrument, items));
            lines.push(missing_rule(missing, items.len()));
            lines.extend(gate.as_ref().and_then(|gate| {
                let item = instrument.items.get(gate.item)?;
                let code = instrument.answers.get(item.answers)?.codes.get(gate.closed_by)?;
                Some(format!("if `{}` is answered {code} the score is {}, whatever comes after it", item.id, gate.score))
            }));
        }
    }
    lines
}

/// What each code is worth, where that is not the code itself.
fn recoding(instrument: &Instrument, items: &[crate::instrument::ScaleItem]) -> Option<String> {
    let entry = items.iter().find(|entry| !entry.reversed)?;
    let codes = &instrument.answers.get(instrument.items.get(entry.item)?.answers)?.codes;
    if *codes == entry.points {
        return None;
    }
    let worth: Vec<String> = codes.iter().zip(&entry.points).map(|(code, points)| format!("{code} counts {points}")).collect();
    Some(list_and(&worth))
}

/// The rule for missing answers in a sentence.
fn missing_rule(missing: &Missing, items: usize) -> String {
    let verb = if missing.at_least == 1 { "is" } else { "are" };
    let needed = format!("at least {} of {} answers {verb} needed", missing.at_least, items);
    let round = match missing.round {
        Round::HalfUp => ", rounded to the nearest whole number, halves up",
        Round::Not => "",
    };
    match missing.then {
        Fill::Nothing => "every answer is needed".to_owned(),
        Fill::Prorate => format!("{needed}; the mean of the answers given stands for the missing ones{round}"),
        Fill::Zero => format!("{needed}; missing ones add nothing"),
    }
}

fn band_set(instrument: &Instrument, set: &BandSet, is_default: bool, look: TableStyle) -> String {
    let mut text = format!("Bands `{}`{}\n", set.id, if is_default { ", used unless another set is named" } else { ", by name" });
    let _ = writeln!(text, "  source: {}", set.source);
    let most = set.scales.iter().flatten().map(|bands| bands.levels.len()).max().unwrap_or(0);
    let rows = instrument.scales.iter().zip(&set.scales).filter_map(|(scale, bands)| {
        let bands = bands.as_ref()?;
        let mut row = vec![scale.id.to_string()];
        row.extend((0..most).map(|level| band(bands, scale, level)));
        Some(row)
    });
    let header: Vec<String> = std::iter::once("scale".to_owned()).chain((0..most).map(|level| format!("level {level}"))).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    text.push_str(&plain_table(&header, rows, look));
    for (position, list) in set.flag_lists.iter().enumerate() {
        let scales: Vec<&str> = list.scales.iter().filter_map(|scale| instrument.scales.get(*scale)).map(|scale| &*scale.id).collect();
        let _ = writeln!(text, "  flag list {}: {} ({})", position + 1, list.heading, scales.join(", "));
    }
    text
}

/// `16 to 18 high`. Between whole scores a band ends just below the next edge, which half-open bands say rightly for fractions too.
fn band(bands: &Bands, scale: &Scale, level: usize) -> String {
    if level >= bands.levels.len() {
        return String::new();
    }
    let begins = level.checked_sub(1).and_then(|before| bands.edges.get(before)).copied();
    let next = bands.edges.get(level).copied();
    let (lowest, highest) = scale.range;
    let range = match bands.better {
        Better::Lower => span(begins.unwrap_or(lowest), next.map_or(Ok(highest), Err), "below"),
        Better::Higher => span(begins.unwrap_or(highest), next.map_or(Ok(lowest), Err), "above"),
    };
    format!("{range} {}", bands.name(level))
}

/// From one end of a band to the other: the range's own end, or the edge of the next band, which is not in it.
fn span(from: crate::instrument::Number, to: Result<crate::instrument::Number, crate::instrument::Number>, beyond: &str) -> String {
    let one = crate::instrument::Number::whole(1);
    match to {
        Ok(end) if end == from => end.to_string(),
        Ok(end) => format!("{} to {}", from.min(end), from.max(end)),
        Err(edge) if edge.as_whole().is_none() || from.as_whole().is_none() => format!("{from} to {beyond} {edge}"),
        Err(edge) => {
            let last = if edge > from { edge - one } else { edge + one };
            if last == from { from.to_string() } else { format!("{} to {}", from.min(last), from.max(last)) }
        }
    }
}

fn choices(instrument: &Instrument) -> String {
    let mut text = String::new();
    for choice in &instrument.choices {
        let _ = writeln!(text, "Choice `{}` (`--choose {}=…`)", choice.id, choice.id);
        for (position, (value, meaning)) in choice.values.iter().enumerate() {
            let _ = writeln!(text, "  {value}{}: {meaning}", if position == 0 { " (default)" } else { "" });
        }
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
