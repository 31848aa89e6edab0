//! Reading scales: which items or scales they are made of, what each answer is worth, and what happens when answers are missing.

use toml::Spanned;
use toml::de::DeValue;

use super::derived::{from_conditions, from_one, from_scales};
use super::items::expanded;
use super::norms::ReadNorms;
use super::walk::{At, Section, Walk, check_name, check_unique, number};
use crate::findings::{Code, count_of};
use crate::instrument::model::{AnswerSet, Better, Choice, Fill, Gate, GateBlank, Item, Method, Missing, Round, Rule, Scale, ScaleItem};
use crate::instrument::number::Number;

/// What a scale can be made of.
pub(super) struct Parts<'d> {
    pub(super) answers: &'d [AnswerSet],
    pub(super) choices: &'d [Choice],
    pub(super) items: &'d [At<Item>],
    pub(super) norms: &'d [ReadNorms],
}

impl Parts<'_> {
    fn item(&self, walk: &Walk, name: &At<String>) -> Option<usize> {
        walk.resolve("item", name, self.items.iter().map(|item| &*item.value.id))
    }

    fn codes_of(&self, item: usize) -> &[Number] {
        self.items.get(item).and_then(|item| self.answers.get(item.value.answers)).map_or(&[], |set| &set.codes)
    }
}

/// Every item that a scale asks for itself, its gate and its weights included.
pub(super) fn items_of(scale: &Scale) -> impl Iterator<Item = usize> + '_ {
    let (items, method, gate) = match &scale.rule {
        Rule::Items { items, method, gate, .. } => (items.as_slice(), Some(method), gate.as_ref()),
        Rule::Scales(_) | Rule::Of { .. } | Rule::Conditions { .. } => (&[][..], None, None),
    };
    let weights = match method {
        Some(Method::GoalAttainment { weights, .. }) => weights.as_slice(),
        _ => &[],
    };
    items.iter().map(|entry| entry.item).chain(gate.map(|gate| gate.item)).chain(weights.iter().copied())
}

/// Every item that a scale is made of, through the scales that it is made of, each of which is looked at once: scales of scales of
/// scales may name each other more often than anybody could count.
pub(super) fn items_of_any(scales: &[Scale], index: usize) -> Vec<usize> {
    let mut items = Vec::new();
    let (mut open, mut seen) = (vec![index], vec![false; scales.len()]);
    while let Some(index) = open.pop() {
        let (Some(scale), Some(seen)) = (scales.get(index), seen.get_mut(index)) else { continue };
        if std::mem::replace(seen, true) {
            continue;
        }
        items.extend(items_of(scale));
        match &scale.rule {
            Rule::Items { .. } => {}
            Rule::Scales(parts) => open.extend(parts),
            Rule::Of { scale, .. } => open.push(*scale),
            Rule::Conditions { conditions, .. } => open.extend(conditions.iter().map(|condition| condition.scale)),
        }
    }
    items
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
    let unit = section.text("unit").map(|unit| unit.value);
    let shown = section.section("shown", "`shown`").map(shown).unwrap_or_default();
    let declared = section.numbers("range");
    let only_with =
        section.text("only_with").and_then(|name| walk.resolve("an earlier scale", &name, earlier.iter().map(|scale| &*scale.id)));
    let made = match ["items", "scales", "of", "conditions"].map(|key| section.table_has(key)) {
        [true, false, false, false] => from_items(walk, &section, parts),
        [false, true, false, false] => from_scales(walk, &section, earlier),
        [false, false, true, false] => from_one(walk, &section, earlier, parts.norms),
        [false, false, false, true] => from_conditions(walk, &section, earlier),
        _ => {
            walk.report(Code::I003, &section.span, "a scale is made of one of `items`, `scales`, `of` or `conditions`");
            // What belongs to any of them is no unknown key on top of that.
            for key in
                ["items", "scales", "of", "conditions", "method", "times", "plus", "counts", "count_from", "missing", "gate", "lookup"]
            {
                let _ = section.get(key);
            }
            for key in ["norms", "round", "needs", "weights", "correlation"] {
                let _ = section.get(key);
            }
            None
        }
    };
    let span = section.span.clone();
    section.close();
    let id = id?;
    let (Some((rule, range)), Some(name), Some(better)) = (made, name, better) else {
        walk.spoil(&id);
        return None;
    };
    check_range(walk, &span, &id, declared.as_deref(), range);
    let of = |index: &usize| earlier.get(*index).and_then(|scale| scale.block);
    let block = match &rule {
        Rule::Items { items, .. } => items.first().and_then(|entry| parts.items.get(entry.item)).and_then(|item| item.value.block),
        Rule::Scales(indices) => indices.iter().find_map(of),
        Rule::Of { scale, .. } => of(scale),
        Rule::Conditions { conditions, .. } => conditions.iter().find_map(|condition| of(&condition.scale)),
    };
    let scale = Scale { id: id.value.as_str().into(), name: name.value, main, better, block, unit, rule, only_with, range, shown };
    Some((id, scale))
}

/// What a scale is made of, and the lowest and highest score that come of it.
pub(super) type Made = Option<(Rule, (Number, Number))>;

/// `shown = { from = 35, to = 85 }`.
fn shown(section: Section<'_, '_>) -> (Option<Number>, Option<Number>) {
    let ends = (section.number("from"), section.number("to"));
    section.close();
    (ends.0.map(|from| from.value), ends.1.map(|to| to.value))
}

/// The range that the manual prints is a check on the codes and the key: if they do not come to it, one of the three is wrong.
fn check_range(walk: &Walk, span: &std::ops::Range<usize>, id: &At<String>, declared: Option<&[At<Number>]>, range: (Number, Number)) {
    let Some(declared) = declared else { return };
    let [from, to] = declared else {
        walk.report(Code::I004, span, "`range` should be the lowest and the highest score: [0, 27]");
        return;
    };
    if (from.value, to.value) != range {
        let message =
            format!("`range` of `{}` says {} to {}, and its answers come to {} to {}", id.value, from.value, to.value, range.0, range.1);
        walk.report(Code::I018, &(from.span.start..to.span.end), message);
    }
}

fn from_items(walk: &Walk, section: &Section<'_, '_>, parts: &Parts<'_>) -> Made {
    let names: Vec<At<String>> = section.texts("items")?.iter().flat_map(|name| expanded(walk, name)).collect();
    let counts = section.section("counts", "`counts`").map(|counts| recoding(walk, &counts));
    let method = section.required_word(
        "method",
        &[("sum", Kind::Sum), ("mean", Kind::Mean), ("count", Kind::Count), ("goal attainment", Kind::GoalAttainment)],
    );
    let thresholds = match method {
        Some(Kind::Count) => Some(count_from(walk, section, &names)),
        _ => None,
    };
    let mut entries: Vec<ScaleItem> = names.iter().filter_map(|name| scale_item(walk, name, parts, counts.as_deref())).collect();
    let times = section.count("times");
    let attained = (method == Some(Kind::GoalAttainment)).then(|| goal_attainment(walk, section, parts, names.len()));
    let missing = match method {
        // Goals that were not rated are left out: that is the method's own rule.
        Some(Kind::GoalAttainment) => Some(Missing { at_least: 1, then: Fill::Nothing, round: Round::Not }),
        _ => section.require("missing").and_then(|value| missing(walk, value, names.len())),
    };
    let gate = section.section("gate", "`gate`").and_then(|section| gate(walk, section, parts));
    let plain = |name: &At<String>| At { value: name.value.trim_start_matches('-').to_owned(), span: name.span.clone() };
    check_unique(walk, "in this scale, item", names.iter().map(plain).collect::<Vec<_>>().iter());
    if entries.len() != names.len() || entries.is_empty() {
        return None;
    }
    if let Some(thresholds) = thresholds {
        for (entry, (from, span)) in entries.iter_mut().zip(thresholds?) {
            let reached = |points: &Number| if *points >= from { Number::whole(1) } else { Number::ZERO };
            entry.points = entry.points.iter().map(reached).collect();
            if !entry.points.contains(&Number::whole(1)) || !entry.points.contains(&Number::ZERO) {
                walk.report(Code::I005, &span, format!("at {from} every answer counts, or none does"));
            }
        }
    }
    let number = times.as_ref().map_or(1, |times| i64::try_from(times.value).unwrap_or(1));
    let method = match method? {
        Kind::Sum => Method::Sum { times: number },
        Kind::Mean => Method::Mean { times: number },
        Kind::Count => Method::Count,
        Kind::GoalAttainment => attained.flatten()?,
    };
    if let (Method::Count | Method::GoalAttainment { .. }, Some(times)) = (&method, &times) {
        walk.report(Code::I004, &times.span, "`times` belongs to `method = \"sum\"` or `\"mean\"`");
    }
    if let Method::GoalAttainment { weights, .. } = &method {
        check_levels(walk, section, &entries, weights.iter().flat_map(|item| parts.codes_of(*item)));
    }
    if let Method::GoalAttainment { .. } = method {
        let is_level = |points: &Number| points.as_whole().is_some_and(|level| (-2..=2).contains(&level));
        if !entries.iter().flat_map(|entry| &entry.points).all(is_level) {
            walk.report(Code::I005, &section.span, "goals are rated from -2 to 2: the items have other codes");
            return None;
        }
    }
    let range = range_of(&entries, &method, gate.as_ref());
    Some((Rule::Items { items: entries, method, missing: missing?, gate }, range))
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Sum,
    Mean,
    Count,
    GoalAttainment,
}

/// `count_from = 2`, or `count_from = { q1 = 2, q4 = 3 }`: from which code each item counts.
fn count_from(walk: &Walk, section: &Section<'_, '_>, names: &[At<String>]) -> Option<Vec<(Number, std::ops::Range<usize>)>> {
    let value = section.require("count_from")?;
    let Some(table) = value.get_ref().as_table() else {
        let from = number(walk, value, "count_from")?;
        return Some(names.iter().map(|_| (from.value, from.span.clone())).collect());
    };
    let own = Section::new(walk, table, value.span(), "`count_from`");
    let mut thresholds = Vec::new();
    for (name, value) in own.entries() {
        if !names.iter().any(|known| known.value.trim_start_matches('-') == name.value) {
            walk.report(Code::I005, &name.span, format!("item `{}` is not in this scale", name.value));
        }
        thresholds.extend(number(walk, value, &name.value).map(|from| (name.value, from)));
    }
    let mut found = Vec::new();
    for name in names {
        let plain = name.value.trim_start_matches('-');
        match thresholds.iter().find(|(item, _)| item == plain) {
            Some((_, from)) => found.push((from.value, from.span.clone())),
            None => walk.report(Code::I003, &name.span, format!("`count_from` does not say from which code item `{plain}` counts")),
        }
    }
    (found.len() == names.len()).then_some(found)
}

/// `correlation = 0.3, weights = ["w1", "w2"]`.
fn goal_attainment(walk: &Walk, section: &Section<'_, '_>, parts: &Parts<'_>, goals: usize) -> Option<Method> {
    let correlation = section.required_number("correlation")?;
    if correlation.value < Number::ZERO || correlation.value > Number::whole(1) {
        walk.report(Code::I004, &correlation.span, "`correlation` lies from 0 to 1");
    }
    let names: Vec<At<String>> = section.texts("weights").unwrap_or_default().iter().flat_map(|name| expanded(walk, name)).collect();
    if !names.is_empty() && names.len() != goals {
        let message =
            format!("{} and {}: each goal needs its own weight", count_of(goals as u64, "goal"), count_of(names.len() as u64, "weight"));
        walk.report(Code::I003, &section.span, message);
    }
    let weights: Vec<usize> = names.iter().filter_map(|name| parts.item(walk, name)).collect();
    Some(Method::GoalAttainment { correlation: correlation.value, weights })
}

/// The formula knows five levels, and no weight below 0: with anything else no form would ever have a score.
fn check_levels<'n>(walk: &Walk, section: &Section<'_, '_>, goals: &[ScaleItem], mut weights: impl Iterator<Item = &'n Number>) {
    let is_level = |points: &Number| points.as_whole().is_some_and(|level| (-2..=2).contains(&level));
    if !goals.iter().flat_map(|goal| &goal.points).all(is_level) {
        walk.report(Code::I004, &section.span, "goal attainment is worked out from levels of -2 to 2");
    }
    if weights.any(|weight| *weight < Number::ZERO) {
        walk.report(Code::I004, &section.span, "a goal's weight is 0 or more");
    }
}

/// The lowest and highest score of a complete form.
fn range_of(entries: &[ScaleItem], method: &Method, gate: Option<&Gate>) -> (Number, Number) {
    // All goals at the ends of what T can be: one goal alone reaches furthest in when goals go together, several reach furthest out.
    if let Method::GoalAttainment { correlation, .. } = method {
        return crate::instrument::attainment::range(entries, *correlation);
    }
    let mut range = entries.iter().fold((Number::ZERO, Number::ZERO), |sum, entry| {
        let lowest = entry.points.iter().min().copied().unwrap_or(Number::ZERO);
        let highest = entry.points.iter().max().copied().unwrap_or(Number::ZERO);
        (sum.0 + lowest, sum.1 + highest)
    });
    let (times, by) = match method {
        Method::Sum { times } => (*times, 1),
        Method::Mean { times } => (*times, i64::try_from(entries.len()).unwrap_or(1)),
        Method::Count | Method::GoalAttainment { .. } => (1, 1),
    };
    range = (range.0.scaled(times, by).unwrap_or(range.0), range.1.scaled(times, by).unwrap_or(range.1));
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
        // What is wrong with `then` has been told; whether it should be rounded is no second problem.
        None => section.get("round").and(None),
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
