//! Reading scales that are made from other scales: their sum, one of them transformed, or a rule over several.

use super::norms::ReadNorms;
use super::scales::{Made, items_of_any};
use super::walk::{At, Section, Walk, check_unique, number};
use crate::findings::{Code, count_of};
use crate::instrument::model::{Condition, Norms, Round, Rule, Scale, Transform};
use crate::instrument::number::Number;

/// The sum of other scales.
pub(super) fn from_scales(walk: &Walk, section: &Section<'_, '_>, earlier: &[Scale]) -> Made {
    section.required_word("method", &[("sum", ())]);
    let names = section.texts("scales")?;
    check_unique(walk, "in this scale, scale", names.iter());
    let indices: Vec<usize> =
        names.iter().filter_map(|name| walk.resolve("an earlier scale", name, earlier.iter().map(|scale| &*scale.id))).collect();
    report_twice(walk, &names, &indices, earlier);
    let range = indices
        .iter()
        .filter_map(|index| earlier.get(*index))
        .fold((Number::ZERO, Number::ZERO), |sum, scale| (sum.0 + scale.range.0, sum.1 + scale.range.1));
    (indices.len() == names.len()).then_some((Rule::Scales(indices), range))
}

/// A total whose parts share a question would count it twice.
fn report_twice(walk: &Walk, names: &[At<String>], indices: &[usize], earlier: &[Scale]) {
    let mut seen: Vec<usize> = Vec::new();
    for (name, index) in names.iter().zip(indices) {
        let items = items_of_any(earlier, *index);
        if items.iter().any(|item| seen.contains(item)) {
            walk.report(Code::I017, &name.span, format!("`{}` shares a question with another part: it would be counted twice", name.value));
        }
        seen.extend(items);
    }
}

/// One other scale, by a table, by a factor, or by norms.
pub(super) fn from_one(walk: &Walk, section: &Section<'_, '_>, earlier: &[Scale], norms: &[ReadNorms]) -> Made {
    let name = section.required_text("of")?;
    let found = walk.resolve("an earlier scale", &name, earlier.iter().map(|scale| &*scale.id));
    let kinds = ["lookup", "times", "plus", "norms"].map(|key| section.table_has(key));
    let Some((index, scale)) = found.and_then(|index| Some((index, earlier.get(index)?))) else {
        let _ = (section.get("lookup"), section.get("times"), section.get("plus"), section.get("norms"), section.get("round"));
        return None;
    };
    let (transform, range) = match kinds {
        [true, false, false, false] => lookup(walk, section, scale)?,
        [false, true, _, false] | [false, _, true, false] => affine(section, scale),
        [false, false, false, true] => by_norms(walk, section, &name, scale, norms)?,
        _ => {
            walk.report(Code::I003, &section.span, "a scale is transformed by one of `lookup`, `times` with `plus`, or `norms`");
            let _ = (section.get("lookup"), section.get("times"), section.get("plus"), section.get("norms"), section.get("round"));
            return None;
        }
    };
    Some((Rule::Of { scale: index, transform }, range))
}

fn lookup(walk: &Walk, section: &Section<'_, '_>, scale: &Scale) -> Option<(Transform, (Number, Number))> {
    let table = section.section("lookup", "`lookup`")?;
    let mut entries: Vec<(Number, Number)> = Vec::new();
    for (score, value) in table.entries() {
        let Some(value) = number(walk, value, &score.value) else { continue };
        match Number::parse(&score.value) {
            Some(key) => entries.push((key, value.value)),
            None => walk.report(Code::I004, &score.span, format!("`{}` is not a score", score.value)),
        }
    }
    entries.sort_by_key(|(score, _)| *score);
    let (lowest, highest) = scale.range;
    let mut wanted = lowest;
    let mut absent = Vec::new();
    // A scale of whole points has every whole score between its ends.
    while wanted <= highest && absent.len() < 5 && highest - lowest <= Number::whole(10_000) {
        if entries.binary_search_by_key(&wanted, |(score, _)| *score).is_err() {
            absent.push(wanted.to_string());
        }
        wanted = wanted + Number::whole(1);
    }
    if !absent.is_empty() {
        let message = format!("the table has no value for {}: scores run from {lowest} to {highest}", crate::findings::list_or(&absent));
        walk.report(Code::I015, &table.span, message);
    }
    if let Some((beyond, _)) = entries.iter().find(|(score, _)| *score < lowest || *score > highest) {
        walk.report(Code::I015, &table.span, format!("the table has a value for {beyond}, and scores run from {lowest} to {highest}"));
    }
    let values = || entries.iter().map(|(_, value)| *value);
    let range = (values().min()?, values().max()?);
    Some((Transform::Lookup(entries), range))
}

fn affine(section: &Section<'_, '_>, scale: &Scale) -> (Transform, (Number, Number)) {
    let times = section.number("times").map_or(Number::whole(1), |times| times.value);
    let plus = section.number("plus").map_or(Number::ZERO, |plus| plus.value);
    let at = |score: Number| score.times(times) + plus;
    let ends = (at(scale.range.0), at(scale.range.1));
    (Transform::Affine { times, plus }, (ends.0.min(ends.1), ends.0.max(ends.1)))
}

fn by_norms(
    walk: &Walk,
    section: &Section<'_, '_>,
    of: &At<String>,
    scale: &Scale,
    norms: &[ReadNorms],
) -> Option<(Transform, (Number, Number))> {
    let name = section.required_text("norms")?;
    let round = section.required_word("round", &[("half-up", Round::HalfUp), ("none", Round::Not)]);
    let index = walk.resolve("norms", &name, norms.iter().map(|read| read.norms.id.as_str()))?;
    let read = norms.get(index)?;
    let Some(column) = read.columns.iter().position(|column| column.value == of.value) else {
        let message = format!("norms `{}` have no column for `{}`", name.value, of.value);
        walk.report(Code::I016, &name.span, message);
        return None;
    };
    let round = round?;
    let range = reach(&read.norms, column, scale, round)?;
    Some((Transform::Norms { norms: index, column, round }, range))
}

/// The lowest and the highest value that any group's norm gives to a complete form.
fn reach(norms: &Norms, column: usize, scale: &Scale, round: Round) -> Option<(Number, Number)> {
    let cells = norms.cells.iter().filter_map(|row| row.get(column));
    let ends: Vec<(Number, Number)> = cells.filter_map(|cell| cell.ends(scale.range, round)).collect();
    Some((ends.iter().map(|ends| ends.0).min()?, ends.iter().map(|ends| ends.1).max()?))
}

/// `conditions = [{ scale = "inattention", from = 6 }], needs = "all"`.
pub(super) fn from_conditions(walk: &Walk, section: &Section<'_, '_>, earlier: &[Scale]) -> Made {
    let sections = section.sections("conditions", "the condition");
    let count = sections.len();
    let mut conditions = Vec::new();
    for condition in sections {
        let name = condition.required_text("scale");
        let (from, at_most) = (condition.number("from"), condition.number("at_most"));
        let span = condition.span.clone();
        condition.close();
        if from.is_none() && at_most.is_none() {
            walk.report(Code::I003, &span, "the condition has neither `from` nor `at_most`");
        }
        let Some(index) = name.and_then(|name| walk.resolve("an earlier scale", &name, earlier.iter().map(|scale| &*scale.id))) else {
            continue;
        };
        let (lowest, highest) = earlier.get(index).map_or((Number::ZERO, Number::ZERO), |scale| scale.range);
        for end in [&from, &at_most].into_iter().flatten() {
            if end.value < lowest || end.value > highest {
                walk.report(Code::I018, &end.span, format!("{} is outside the scale's scores, {lowest} to {highest}", end.value));
            }
        }
        conditions.push(Condition { scale: index, from: from.map(|at| at.value), at_most: at_most.map(|at| at.value) });
    }
    let needs = section.require("needs")?;
    let needed = match needs.get_ref().as_str() {
        Some("all") => Some(count),
        Some("any") => Some(1),
        Some(other) => {
            walk.report(Code::I004, &needs.span(), format!("`needs` should be \"all\", \"any\" or a number, and is `{other}`"));
            None
        }
        None => section.count("needs").map(|needed| needed.value),
    }?;
    if needed == 0 || needed > count {
        walk.report(Code::I018, &needs.span(), format!("{needed} of {} cannot be needed", count_of(count as u64, "condition")));
    }
    (conditions.len() == count && count > 0).then_some((Rule::Conditions { conditions, needed }, (Number::ZERO, Number::whole(1))))
}
