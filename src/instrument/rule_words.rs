//! A scale's rule in sentences that can be checked against the manual.

use super::model::{Better, Condition, Fill, Instrument, Method, Missing, Round, Rule, Scale, ScaleItem, Transform};
use super::number::Number;
use crate::findings::{count_of, list_and};

/// What a scale is called, what it is made of, and what happens when answers are missing: one line each.
pub fn scale_lines(instrument: &Instrument, scale: &Scale) -> Vec<String> {
    let main = if scale.main { ", a main scale" } else { "" };
    let main = if scale.main && instrument.scales.iter().filter(|scale| scale.main).count() == 1 { ", the main scale" } else { main };
    let better = if scale.better == Better::Lower { "lower is better" } else { "higher is better" };
    let unit = scale.unit.as_ref().filter(|unit| !scale.name.split(' ').any(|word| word == unit.as_str()));
    let unit = unit.map_or_else(String::new, |unit| format!(" ({unit})"));
    let mut lines = vec![format!("{}: {}{unit}{main}, {} to {}, {better}", scale.id, scale.name, scale.range.0, scale.range.1)];
    match &scale.rule {
        Rule::Scales(parts) => {
            let parts: Vec<&str> = parts.iter().map(|part| scale_id(instrument, *part)).collect();
            lines.push(format!("the sum of {}; not scored if any of them is not", list_and(&parts)));
        }
        Rule::Of { scale: of, transform } => lines.push(transformed(instrument, *of, transform)),
        Rule::Conditions { conditions, needed } => lines.push(rule(instrument, conditions, *needed)),
        Rule::Items { items, method, gate, .. } => {
            lines.push(format!("{} {}", method_words(method), list_and(&item_names(instrument, items, method))));
            lines.extend(recoding(instrument, items));
            lines.extend(missing_words(&scale.rule));
            lines.extend(gate.as_ref().and_then(|gate| {
                let item = instrument.items.get(gate.item)?;
                let code = instrument.answers.get(item.answers)?.codes.get(gate.closed_by)?;
                Some(format!("if `{}` is answered {code} the score is {}, whatever comes after it", item.id, gate.score))
            }));
        }
    }
    lines.extend(scale.only_with.map(|other| format!("not scored where {} is not", scale_id(instrument, other))));
    lines.extend(caps(scale));
    let validity = instrument.cautions.iter().filter(|caution| scale_id(instrument, caution.scale) == &*scale.id);
    lines.extend(validity.map(|caution| {
        let about: Vec<&str> = caution.about.iter().map(|scale| scale_id(instrument, *scale)).collect();
        format!("at {} the note of {} says: {}", crate::findings::list_or(&caution.at), list_and(&about), caution.says)
    }));
    lines
}

fn scale_id(instrument: &Instrument, scale: usize) -> &str {
    instrument.scales.get(scale).map_or("", |scale| &*scale.id)
}

/// The items of a scale; four or more numbered ones in a row are `q1 to q9`.
fn item_names(instrument: &Instrument, items: &[ScaleItem], method: &Method) -> Vec<String> {
    const SHORTEST_RUN: usize = 4;
    let name = |entry: &ScaleItem| {
        let item = instrument.items.get(entry.item).map_or("", |item| &*item.id);
        // What counts is said by the codes of the form, whichever way round they are.
        let turns = entry.reversed && *method != Method::Count;
        if turns { format!("{item} reversed") } else { item.to_owned() }
    };
    let number = |entry: &ScaleItem| {
        instrument
            .items
            .get(entry.item)
            .filter(|item| item.numbered && (!entry.reversed || *method == Method::Count))
            .map(|item| item.number)
    };
    let follows =
        |before: &ScaleItem, after: &ScaleItem| number(before).zip(number(after)).is_some_and(|(before, after)| after == before + 1);
    let mut names = Vec::new();
    for run in items.chunk_by(follows) {
        match run {
            [first, .., last] if run.len() >= SHORTEST_RUN => names.push(format!("{} to {}", name(first), name(last))),
            few => names.extend(few.iter().map(name)),
        }
    }
    names
}

fn method_words(method: &Method) -> String {
    match method {
        Method::Sum { times: 1 } => "the sum of".to_owned(),
        Method::Sum { times } => format!("{times} times the sum of"),
        Method::Mean { times: 1 } => "the mean of".to_owned(),
        Method::Mean { times } => format!("{times} times the mean of"),
        Method::Count => "how many count of".to_owned(),
        Method::GoalAttainment { correlation, weights } => {
            let weights = if weights.is_empty() { "all of the same weight" } else { "each with its weight" };
            format!("the goal attainment T score (Kiresuk and Sherman 1968, correlation {correlation}, {weights}), to two decimals, of")
        }
    }
}

fn transformed(instrument: &Instrument, of: usize, transform: &Transform) -> String {
    let of = scale_id(instrument, of);
    match transform {
        Transform::Affine { times, plus } if *plus == Number::ZERO => format!("{times} times {of}"),
        Transform::Affine { times, plus } => format!("{times} times {of}, plus {plus}"),
        Transform::Lookup(entries) => {
            let pairs: Vec<String> = entries.iter().map(|(score, value)| format!("{score} is {value}")).collect();
            format!("{of} by its published table, for complete forms only: {}", pairs.join(", "))
        }
        Transform::Norms { norms, round, .. } => {
            let name = instrument.norms.get(*norms).map_or("", |norms| &norms.id);
            let round = match round {
                Round::HalfUp => ", rounded to the nearest whole number, halves up, before any band is read",
                Round::Not => "",
            };
            format!(
                "{of} measured against the norms `{name}` of the pupil's group: 50 is the group's mean, 10 its standard deviation{round}; no norm for a pupil, no score"
            )
        }
    }
}

fn rule(instrument: &Instrument, conditions: &[Condition], needed: usize) -> String {
    let one = |condition: &Condition| {
        let scale = scale_id(instrument, condition.scale);
        match (condition.from, condition.at_most) {
            (Some(from), None) => format!("{scale} is {from} or more"),
            (None, Some(at_most)) => format!("{scale} is {at_most} or less"),
            (from, at_most) => format!("{scale} is {} to {}", from.unwrap_or(Number::ZERO), at_most.unwrap_or(Number::ZERO)),
        }
    };
    let words: Vec<String> = conditions.iter().map(one).collect();
    let which = match needed {
        1 if words.len() > 1 => format!("one of these holds: {}", words.join("; ")),
        all if all == words.len() => words.join(" and "),
        some => format!("{some} of these hold: {}", words.join("; ")),
    };
    format!("1 if {which}; otherwise 0; not scored where missing answers could decide it")
}

/// Where tables print a sign instead of the score.
fn caps(scale: &Scale) -> Option<String> {
    match scale.shown {
        (None, None) => None,
        (from, to) => {
            let words = [from.map(|from| format!("below {from} as <{from}")), to.map(|to| format!("above {to} as >{to}"))];
            let words: Vec<String> = words.into_iter().flatten().collect();
            Some(format!("tables show scores {}; files hold the score itself", list_and(&words)))
        }
    }
}

/// What each code is worth, where that is not the code itself.
fn recoding(instrument: &Instrument, items: &[ScaleItem]) -> Option<String> {
    let codes = |entry: &ScaleItem| -> Option<&[Number]> {
        Some(instrument.answers.get(instrument.items.get(entry.item)?.answers)?.codes.as_slice())
    };
    let worth = |entry: &ScaleItem| -> Option<String> {
        let codes = codes(entry)?;
        let mirror = *codes.iter().min()? + *codes.iter().max()?;
        let plain: Vec<Number> = codes.iter().map(|code| if entry.reversed { mirror - *code } else { *code }).collect();
        if plain == entry.points {
            return None;
        }
        let counting: Vec<&Number> =
            codes.iter().zip(&entry.points).filter(|(_, points)| **points == Number::whole(1)).map(|(code, _)| code).collect();
        if entry.points.iter().all(|points| *points == Number::ZERO || *points == Number::whole(1)) {
            return Some(format!("{} counts 1", crate::findings::list_or(&counting)));
        }
        let pairs: Vec<String> = codes.iter().zip(&entry.points).map(|(code, points)| format!("{code} counts {points}")).collect();
        Some(list_and(&pairs))
    };
    // Items that are worth the same are said together.
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for entry in items {
        let Some(words) = worth(entry) else { continue };
        let name = instrument.items.get(entry.item).map_or("", |item| &*item.id);
        match groups.iter_mut().find(|(known, _)| *known == words) {
            Some((_, names)) => names.push(name),
            None => groups.push((words, vec![name])),
        }
    }
    match groups.as_slice() {
        [] => None,
        [(words, names)] if names.len() == items.len() => Some(words.clone()),
        several => Some(several.iter().map(|(words, names)| format!("of {} {words}", list_and(names))).collect::<Vec<_>>().join("; ")),
    }
}

/// The rule for missing answers of a scale that is made of questions, in a sentence; none for others.
pub fn missing_words(rule: &Rule) -> Option<String> {
    match rule {
        Rule::Items { method: Method::GoalAttainment { .. }, .. } => Some("goals that were not rated are left out".to_owned()),
        Rule::Items { items, missing, .. } => Some(missing_rule(missing, items.len())),
        Rule::Scales(_) | Rule::Of { .. } | Rule::Conditions { .. } => None,
    }
}

/// The rule for missing answers in a sentence.
fn missing_rule(missing: &Missing, items: usize) -> String {
    let verb = if missing.at_least == 1 { "is" } else { "are" };
    let needed = format!("at least {} of {} {verb} needed", missing.at_least, count_of(items as u64, "answer"));
    let round = match missing.round {
        Round::HalfUp => ", rounded to the nearest whole number, halves up",
        Round::Not => ", not rounded",
    };
    match missing.then {
        Fill::Nothing => "every answer is needed".to_owned(),
        Fill::Prorate => format!("{needed}; the mean of the answers given stands for the missing ones{round}"),
        Fill::Zero => format!("{needed}; missing ones add nothing"),
    }
}
