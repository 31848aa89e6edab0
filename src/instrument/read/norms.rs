//! Reading groupings and norms: by which convention a pupil finds a group, and what each group's norm says of each scale.

use super::walk::{At, Section, Walk, check_name, check_unique};
use crate::findings::{Code, count_of, list_and};
use crate::instrument::grouping::{GroupKey, Grouping, KeyBy, Sex};
use crate::instrument::model::{Choice, NormCell, Norms, Scale};
use crate::instrument::number::Number;

/// `[groups.grade]`: groups by sex, by age or school year, or by both.
pub(super) fn groupings(walk: &Walk, section: &Section<'_, '_>, choices: &[Choice]) -> Vec<Grouping> {
    section.named_sections("grouping").into_iter().filter_map(|(name, section)| grouping(walk, name, section, choices)).collect()
}

fn grouping(walk: &Walk, name: At<String>, section: Section<'_, '_>, choices: &[Choice]) -> Option<Grouping> {
    check_name(walk, &name);
    let by_sex = section.flag("sex");
    let names = section.texts("names").unwrap_or_default();
    check_unique(walk, "group", names.iter());
    let keys = section.section("keys", "`keys`").map(|keys| group_keys(walk, &keys, names.len())).unwrap_or_default();
    let choice = section.text("key").and_then(|choice| chosen_key(walk, &choice, choices, &keys));
    let span = section.span.clone();
    section.close();
    if names.is_empty() && !by_sex {
        walk.report(Code::I003, &span, format!("grouping `{}` has neither `names` nor `sex = true`", name.value));
        return None;
    }
    if !names.is_empty() && keys.is_empty() {
        walk.report(Code::I003, &span, format!("grouping `{}` has no `keys`: how does a pupil find a group?", name.value));
        return None;
    }
    if keys.len() > 1 && choice.is_none() {
        let message =
            format!("grouping `{}` has {}: `key` should name the choice between them", name.value, count_of(keys.len() as u64, "key"));
        walk.report(Code::I003, &span, message);
    }
    Some(Grouping { id: name.value, by_sex, names: names.into_iter().map(|name| name.value).collect(), keys, choice })
}

/// `school-year = { by = "school year", from = [4, 6], to = 7, otherwise = "age" }`.
fn group_keys(walk: &Walk, section: &Section<'_, '_>, names: usize) -> Vec<GroupKey> {
    let mut found: Vec<(GroupKey, Option<At<String>>)> = Vec::new();
    for (name, section) in section.named_sections("key") {
        check_name(walk, &name);
        let by = section.required_word("by", KeyBy::ALL);
        section.require("from");
        let from = section.numbers("from").unwrap_or_default();
        section.require("to");
        let to = section.count("to");
        let otherwise = section.text("otherwise");
        let span = section.span.clone();
        section.close();
        let (Some(by), Some(to)) = (by, to.and_then(|to| u8::try_from(to.value).ok())) else { continue };
        let starts: Vec<u8> = from.iter().filter_map(|from| u8::try_from(from.value.as_whole()?).ok()).collect();
        if starts.len() != names {
            let message = format!("key `{}` begins {}, and there are {names}", name.value, count_of(starts.len() as u64, "group"));
            walk.report(Code::I016, &span, message);
        }
        if !starts.is_sorted_by(|left, right| left < right) || starts.last().is_some_and(|last| *last > to) {
            walk.report(Code::I016, &span, format!("the groups of key `{}` do not follow each other", name.value));
        }
        found.push((GroupKey { id: name.value, by, from: starts, to, otherwise: None }, otherwise));
    }
    let ids: Vec<String> = found.iter().map(|(key, _)| key.id.clone()).collect();
    let others: Vec<Option<usize>> = found
        .iter()
        .map(|(_, otherwise)| otherwise.as_ref().and_then(|name| walk.resolve("key", name, ids.iter().map(String::as_str))))
        .collect();
    for (position, other) in others.iter().enumerate() {
        // A key that leads on to one that leads on could lead in a circle.
        if let (Some(next), Some((_, Some(name)))) = (other.and_then(|next| others.get(next)), found.get(position))
            && next.is_some()
        {
            walk.report(Code::I005, &name.span, format!("key `{}` leads on to another key itself", name.value));
        }
    }
    found.into_iter().zip(others).map(|((key, _), otherwise)| GroupKey { otherwise, ..key }).collect()
}

/// The choice between the keys: each of its values is the name of one.
fn chosen_key(walk: &Walk, name: &At<String>, choices: &[Choice], keys: &[GroupKey]) -> Option<(usize, Vec<usize>)> {
    let index = walk.resolve("choice", name, choices.iter().map(|choice| choice.id.as_str()))?;
    let values = choices.get(index).map(|choice| choice.values.as_slice()).unwrap_or_default();
    let mut found = Vec::new();
    for (value, _) in values {
        let value = At { value: value.clone(), span: name.span.clone() };
        found.push(walk.resolve("key", &value, keys.iter().map(|key| key.id.as_str()))?);
    }
    Some((index, found))
}

/// Norms whose scales have no place yet: the scales that they are for are read after them.
pub(super) struct ReadNorms {
    pub(super) norms: Norms,
    pub(super) columns: Vec<At<String>>,
    name: At<String>,
}

/// `[norms.child]`: one row for each group, one column for each scale.
pub(super) fn norms(walk: &Walk, section: &Section<'_, '_>, groupings: &[Grouping]) -> Vec<ReadNorms> {
    let mut found = Vec::new();
    for (name, section) in section.named_sections("norms") {
        check_name(walk, &name);
        match one_norm(walk, &name, section, groupings) {
            Some(norms) => found.push(norms),
            None => walk.spoil(&name),
        }
    }
    found
}

fn one_norm(walk: &Walk, name: &At<String>, section: Section<'_, '_>, groupings: &[Grouping]) -> Option<ReadNorms> {
    let grouping =
        section.required_text("groups").and_then(|name| walk.resolve("grouping", &name, groupings.iter().map(|group| group.id.as_str())));
    section.require("scales");
    let columns = section.texts("scales").unwrap_or_default();
    check_unique(walk, "column", columns.iter());
    let source = section.text("source");
    if source.is_none() {
        walk.report(Code::I012, &section.span, format!("norms `{}` have no `source`", name.value));
    }
    section.require("rows");
    let rows = section.sections("rows", "the row of norms");
    let span = section.span.clone();
    let grouping_of = grouping.and_then(|index| groupings.get(index));
    let mut cells: Vec<Option<Vec<NormCell>>> = vec![None; grouping_of.map_or(0, Grouping::count)];
    for row in rows {
        let place = grouping_of.and_then(|grouping| place_of(walk, &row, grouping));
        let read = norm_row(walk, row, &columns);
        if let Some((place, span)) = place
            && let Some(cell) = cells.get_mut(place)
        {
            if cell.is_some() {
                walk.report(Code::I006, &span, "this group has two rows");
            }
            *cell = Some(read);
        }
    }
    section.close();
    report_empty(walk, &span, &format!("norms `{}`", name.value), grouping_of, &cells);
    let norms = Norms {
        id: name.value.clone(),
        grouping: grouping?,
        scales: Vec::new(),
        cells: cells.into_iter().map(Option::unwrap_or_default).collect(),
        source: source?.value,
    };
    Some(ReadNorms { norms, columns, name: name.clone() })
}

/// Which group a row is for: `sex = "M", group = "3-4"`.
pub(super) fn place_of(walk: &Walk, row: &Section<'_, '_>, grouping: &Grouping) -> Option<(usize, std::ops::Range<usize>)> {
    let sex = if grouping.by_sex { Some(row.required_word("sex", Sex::ALL)?) } else { None };
    let group = if grouping.names.is_empty() {
        0
    } else {
        let name = row.required_text("group")?;
        walk.resolve("group", &name, grouping.names.iter().map(String::as_str))?
    };
    let sex = usize::from(sex == Some(Sex::Female));
    Some((sex * grouping.names.len().max(1) + group, row.span.clone()))
}

/// A pupil whose group has no row would have no score, and nobody would know why.
pub(super) fn report_empty<T>(walk: &Walk, span: &std::ops::Range<usize>, what: &str, grouping: Option<&Grouping>, cells: &[Option<T>]) {
    let names = grouping.map(Grouping::all).unwrap_or_default();
    let empty: Vec<String> = names.into_iter().zip(cells).filter(|(_, cell)| cell.is_none()).map(|(name, _)| format!("`{name}`")).collect();
    if !empty.is_empty() {
        walk.report(Code::I016, span, format!("{what} have no row for {}", list_and(&empty)));
    }
}

/// `mean = […], sd = […]`, one number for each column; or `tables = [[…], […]]`, one list for each column.
fn norm_row(walk: &Walk, row: Section<'_, '_>, columns: &[At<String>]) -> Vec<NormCell> {
    // Known to the row even where the grouping does not ask for them, so that they are not reported as unknown keys.
    let _ = (row.get("sex"), row.get("group"));
    let span = row.span.clone();
    let of_wrong_length = |key: &str, length: usize| {
        if length != columns.len() {
            let message = format!("`{key}` has {} for {}", count_of(length as u64, "number"), count_of(columns.len() as u64, "scale"));
            walk.report(Code::I016, &span, message);
        }
    };
    if row.get("tables").is_some() {
        let tables = row.number_lists("tables");
        let from = row.required_number("from");
        row.close();
        of_wrong_length("tables", tables.len());
        let Some(from) = from else { return Vec::new() };
        let table = |values: Vec<At<Number>>| NormCell::Table { from: from.value, values: values.into_iter().map(|at| at.value).collect() };
        return tables.into_iter().map(table).collect();
    }
    row.require("mean");
    row.require("sd");
    let (means, sds) = (row.numbers("mean").unwrap_or_default(), row.numbers("sd").unwrap_or_default());
    row.close();
    of_wrong_length("mean", means.len());
    of_wrong_length("sd", sds.len());
    for sd in sds.iter().filter(|sd| sd.value <= Number::ZERO) {
        walk.report(Code::I004, &sd.span, "`sd` should be above 0");
    }
    means.iter().zip(&sds).map(|(mean, sd)| NormCell::Sample { mean: mean.value, sd: sd.value }).collect()
}

/// Gives each column its scale, and checks that every table reaches from the lowest to the highest score.
pub(super) fn resolve(walk: &Walk, norms: &mut [ReadNorms], scales: &[Scale]) {
    for read in norms {
        for (column, name) in read.columns.iter().enumerate() {
            let Some(index) = walk.resolve("scale", name, scales.iter().map(|scale| &*scale.id)) else { continue };
            read.norms.scales.push(index);
            let Some(scale) = scales.get(index) else { continue };
            let is_whole = |cell: &NormCell| match cell {
                NormCell::Sample { .. } => true,
                NormCell::Table { from, values } => {
                    let count = (scale.range.1 - scale.range.0 + Number::whole(1)).as_whole();
                    *from == scale.range.0 && count == i64::try_from(values.len()).ok()
                }
            };
            let cells = read.norms.cells.iter().filter_map(|row| row.get(column));
            if !cells.into_iter().all(is_whole) {
                let (lowest, highest) = scale.range;
                let message = format!("a table of `{}` should have one value for each score from {lowest} to {highest}", name.value);
                walk.report(Code::I015, &read.name.span, message);
            }
        }
    }
}
