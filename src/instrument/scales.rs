//! Reading scales: which items or scales they are made of, what each answer is worth, and what happens when answers are missing.

use toml::Spanned;
use toml::de::DeValue;

use super::model::{AnswerSet, Better, Choice, Fill, Gate, GateBlank, Item, Method, Missing, Round, Rule, Scale, ScaleItem};
use super::number::Number;
use super::walk::{At, Section, Walk, check_name, check_unique, number};
use crate::findings::{Code, count_of};

/// What a scale can be made of.
pub(super) struct Parts<'d> {
    pub(super) answers: &'d [AnswerSet],
    pub(super) choices: &'d [Choice],
    pub(super) items: &'d [At<Item>],
}

impl Parts<'_> {
    fn item(&self, walk: &Walk, name: &At<String>) -> Option<usize> {
        walk.resolve("item", name, self.items.iter().map(|item| &*item.value.id))
    }

    fn codes_of(&self, item: usize) -> &[Number] {
        self.items.get(item).and_then(|item| self.answers.get(item.value.answers)).map_or(&[], |set| &set.codes)
    }
}

/// Every item that a scale needs, its gate included.
pub(super) fn items_of(scale: &Scale) -> impl Iterator<Item = usize> + '_ {
    let (items, gate) = match &scale.rule {
        Rule::Items { items, gate, .. } => (items.as_slice(), gate.as_ref()),
        Rule::Scales(_) => (&[][..], None),
    };
    items.iter().map(|entry| entry.item).chain(gate.map(|gate| gate.item))
}

pub(super) fn scales(walk: &Walk, top: &Section<'_, '_>, parts: &Parts<'_>) -> Vec<Scale> {
    top.require("scales");
    let mut ids = Vec::new();
    let mut found: Vec<Scale> = Vec::new();
    for section in top.sections("scales", "the scale") {
        if let Some((id, scale)) = scale(walk, section, parts, &found) {
            ids.push(id);
            found.push(scale);
        }
    }
    check_unique(walk, "scale", ids.iter());
    found
}

fn scale(walk: &Walk, section: Section<'_, '_>, parts: &Parts<'_>, earlier: &[Scale]) -> Option<(At<String>, Scale)> {
    let id = section.required_text("id").inspect(|id| check_name(walk, id));
    let name = section.required_text("name");
    let main = section.flag("main");
    let better = section.required_word("better", &[("lower", Better::Lower), ("higher", Better::Higher)]);
    let made = match (section.get("items").is_some(), section.get("scales").is_some()) {
        (true, false) => from_items(walk, &section, parts),
        (false, true) => from_scales(walk, &section, earlier),
        _ => {
            walk.report(Code::I003, &section.span, "a scale is made of either `items` or `scales`");
            None
        }
    };
    section.close();
    let id = id?;
    let (Some((rule, range)), Some(name), Some(better)) = (made, name, better) else {
        walk.spoil(&id);
        return None;
    };
    let block = match &rule {
        Rule::Items { items, .. } => items.first().and_then(|entry| parts.items.get(entry.item)).and_then(|item| item.value.block),
        Rule::Scales(indices) => indices.iter().find_map(|index| earlier.get(*index).and_then(|scale| scale.block)),
    };
    let scale = Scale { id: id.value.as_str().into(), name: name.value, main, better, block, rule, range };
    Some((id, scale))
}

type Made = Option<(Rule, (Number, Number))>;

fn from_scales(walk: &Walk, section: &Section<'_, '_>, earlier: &[Scale]) -> Made {
    section.required_word("method", &[("sum", Method::Sum)]);
    let names = section.texts("scales")?;
    check_unique(walk, "in this scale, scale", names.iter());
    let indices: Vec<usize> =
        names.iter().filter_map(|name| walk.resolve("an earlier scale", name, earlier.iter().map(|scale| &*scale.id))).collect();
    let range = indices
        .iter()
        .filter_map(|index| earlier.get(*index))
        .fold((Number::ZERO, Number::ZERO), |sum, scale| (sum.0 + scale.range.0, sum.1 + scale.range.1));
    (indices.len() == names.len()).then_some((Rule::Scales(indices), range))
}

fn from_items(walk: &Walk, section: &Section<'_, '_>, parts: &Parts<'_>) -> Made {
    let names = section.texts("items")?;
    let counts = section.section("counts", "`counts`").map(|counts| recoding(walk, &counts));
    let entries: Vec<ScaleItem> = names.iter().filter_map(|name| scale_item(walk, name, parts, counts.as_deref())).collect();
    let method = section.required_word("method", &[("sum", Method::Sum), ("mean", Method::Mean { times: 1 })]);
    let times = section.count("times");
    let missing = section.require("missing").and_then(|value| missing(walk, value, names.len()));
    let gate = section.section("gate", "`gate`").and_then(|section| gate(walk, section, parts));
    let plain = |name: &At<String>| At { value: name.value.trim_start_matches('-').to_owned(), span: name.span.clone() };
    check_unique(walk, "in this scale, item", names.iter().map(plain).collect::<Vec<_>>().iter());
    if entries.len() != names.len() || entries.is_empty() {
        return None;
    }
    let method = match (method?, times) {
        (Method::Mean { .. }, Some(times)) => Method::Mean { times: i64::try_from(times.value).unwrap_or(1) },
        (Method::Sum, Some(times)) => {
            walk.report(Code::I004, &times.span, "`times` belongs to `method = \"mean\"`");
            Method::Sum
        }
        (method, None) => method,
    };
    let range = range_of(&entries, method, gate.as_ref());
    Some((Rule::Items { items: entries, method, missing: missing?, gate }, range))
}

/// The lowest and highest score of a complete form.
fn range_of(entries: &[ScaleItem], method: Method, gate: Option<&Gate>) -> (Number, Number) {
    let mut range = entries.iter().fold((Number::ZERO, Number::ZERO), |sum, entry| {
        let lowest = entry.points.iter().min().copied().unwrap_or(Number::ZERO);
        let highest = entry.points.iter().max().copied().unwrap_or(Number::ZERO);
        (sum.0 + lowest, sum.1 + highest)
    });
    if let Method::Mean { times } = method {
        let count = i64::try_from(entries.len()).unwrap_or(1);
        range = (range.0.scaled(times, count).unwrap_or(range.0), range.1.scaled(times, count).unwrap_or(range.1));
    }
    match gate {
        Some(gate) => (range.0.min(gate.score), range.1.max(gate.score)),
        None => range,
    }
}

/// `counts = { 0 = 0, 1 = 0, 2 = 1, 3 = 2 }`: what each code is worth.
fn recoding(walk: &Walk, section: &Section<'_, '_>) -> Vec<(Number, Number)> {
    let mut found = Vec::new();
    for (code, worth) in section.entries() {
        let Some(points) = number(walk, worth, &code.value) else { continue };
        match Number::parse(&code.value) {
            Some(code) => found.push((code, points.value)),
            None => walk.report(Code::I004, &code.span, format!("`{}` is not a code", code.value)),
        }
    }
    found
}

fn scale_item(walk: &Walk, name: &At<String>, parts: &Parts<'_>, counts: Option<&[(Number, Number)]>) -> Option<ScaleItem> {
    let (plain, reversed) = match name.value.strip_prefix('-') {
        Some(rest) => (At { value: rest.to_owned(), span: name.span.clone() }, true),
        None => (name.clone(), false),
    };
    let item = parts.item(walk, &plain)?;
    let codes = parts.codes_of(item);
    let mirror = codes.iter().min().copied().unwrap_or(Number::ZERO) + codes.iter().max().copied().unwrap_or(Number::ZERO);
    if reversed && codes.iter().any(|code| !codes.contains(&(mirror - *code))) {
        let message = format!("item `{}` cannot be reversed: its codes do not mirror each other", plain.value);
        walk.report_with_help(Code::I008, &name.span, message, "say what each code is worth with `counts = { code = points }`");
        return None;
    }
    let mut points = Vec::with_capacity(codes.len());
    for code in codes {
        let code = if reversed { mirror - *code } else { *code };
        match counts {
            None => points.push(code),
            Some(counts) => match counts.iter().find(|(from, _)| *from == code) {
                Some((_, worth)) => points.push(*worth),
                None => walk.report(
                    Code::I007,
                    &name.span,
                    format!("`counts` does not say what code {code} of item `{}` is worth", plain.value),
                ),
            },
        }
    }
    Some(ScaleItem { item, reversed, points })
}

/// `missing = "all needed"`, or `missing = { at_least = 3, then = "prorate", round = "half-up" }`.
fn missing(walk: &Walk, value: &Spanned<DeValue<'_>>, items: usize) -> Option<Missing> {
    if value.get_ref().as_str() == Some("all needed") {
        return Some(Missing { at_least: items, then: Fill::Nothing, round: Round::Not });
    }
    let Some(table) = value.get_ref().as_table() else {
        walk.report(Code::I004, &value.span(), "`missing` should be \"all needed\" or { at_least = …, then = \"…\" }");
        return None;
    };
    let section = Section::new(walk, table, value.span(), "`missing`");
    let at_least = section.count("at_least");
    if section.get("at_least").is_none() {
        walk.report(Code::I003, &section.span, "`missing` has no `at_least`: how many answers are needed?");
    }
    let then = section.required_word("then", &[("prorate", Fill::Prorate), ("zero", Fill::Zero)]);
    let round = match then {
        Some(Fill::Prorate) => section.required_word("round", &[("half-up", Round::HalfUp), ("none", Round::Not)]),
        _ => Some(Round::Not),
    };
    section.close();
    let at_least = at_least?;
    if at_least.value == 0 || at_least.value > items {
        let message = format!("`at_least` is {}, and the scale has {}", at_least.value, count_of(items as u64, "item"));
        walk.report(Code::I013, &at_least.span, message);
    }
    Some(Missing { at_least: at_least.value, then: then?, round: round? })
}

fn gate(walk: &Walk, section: Section<'_, '_>, parts: &Parts<'_>) -> Option<Gate> {
    let item = section.required_text("item").and_then(|name| parts.item(walk, &name));
    let code = section.required_number("code");
    let score = section.required_number("score");
    let blank = section.required_text("blank").and_then(|word| gate_blank(walk, &word, parts.choices));
    section.close();
    let (item, code) = (item?, code?);
    let closed_by = parts.codes_of(item).iter().position(|candidate| *candidate == code.value);
    if closed_by.is_none() {
        walk.report(Code::I005, &code.span, format!("code {} is not one of the item's codes", code.value));
    }
    Some(Gate { item, closed_by: closed_by?, score: score?.value, blank: blank? })
}

/// `keep`, `absent`, or the name of a choice between the two.
fn gate_blank(walk: &Walk, word: &At<String>, choices: &[Choice]) -> Option<GateBlank> {
    match word.value.as_str() {
        "keep" => return Some(GateBlank::Keep),
        "absent" => return Some(GateBlank::Absent),
        _ => {}
    }
    let index = walk.resolve("choice", word, choices.iter().map(|choice| choice.id.as_str()))?;
    let values = choices.get(index).map(|choice| choice.values.as_slice()).unwrap_or_default();
    if values.iter().any(|(value, _)| value != "keep" && value != "absent") {
        walk.report(Code::I005, &word.span, format!("choice `{}` should be between `keep` and `absent`", word.value));
    }
    Some(GateBlank::Choice(index))
}
