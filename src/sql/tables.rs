//! Tables of constants: published lookups and norms, as whole numbers in parts of 1.

use super::draft::{Draft, Table};
use super::error::SqlError;
use super::exact::{Ratio, Whole, lowest_common_multiple};
use super::pupil::{group, group_words};
use crate::instrument::{NormCell, Number, Round, Rule, Transform};

/// In how many parts some numbers are whole.
fn parts_of<'n>(numbers: impl Iterator<Item = &'n Number>) -> i64 {
    numbers.fold(1, |parts, number| lowest_common_multiple(parts, number.under()))
}

fn in_parts(number: Number, parts: i64) -> i64 {
    number.over() * (parts / number.under())
}

fn column(name: &str, values: impl Iterator<Item = i64> + Clone) -> Whole {
    Whole::column(name, i128::from(values.clone().min().unwrap_or(0)), i128::from(values.max().unwrap_or(0)))
}

fn parts_words(parts: i64) -> String {
    match parts {
        1 => String::new(),
        10 => ", in tenths".to_owned(),
        100 => ", in hundredths".to_owned(),
        1000 => ", in thousandths".to_owned(),
        parts => format!(", in parts of 1/{parts}"),
    }
}

/// The condition that a score is the one in a column that holds it in parts.
fn is_score(score: &Ratio, column: &str, parts: i64) -> String {
    let (left, right) = (Whole::constant(parts).times(&score.over), score.per.times(&Whole::column(column, 0, 1)));
    format!("{} = {}", left.sql(), right.sql())
}

/// Looks a score up in a published table.
pub(super) fn lookup(draft: &mut Draft<'_>, scale: usize, step: usize, score: &Ratio, entries: &[(Number, Number)]) -> Ratio {
    let id = draft.scale(scale).map_or_else(String::new, |scale| scale.id.to_string());
    let (from, to) = (parts_of(entries.iter().map(|(score, _)| score)), parts_of(entries.iter().map(|(_, value)| value)));
    let table = draft.step_names.inner(&format!("{id}_table"));
    let [key, value] = [format!("{id}_of"), format!("{id}_value")].map(|name| draft.names.inner(&name));
    let rows = entries.iter().map(|(score, value)| format!("({}, {})", in_parts(*score, from), in_parts(*value, to))).collect();
    let comment = vec![format!("{id}: the published table{}", parts_words(to))];
    draft.tables.push(Table { comment, name: table.clone(), columns: vec![key.clone(), value.clone()], rows });
    draft.join(step, format!("LEFT JOIN {table} ON {}", is_score(score, &key, from)));
    Ratio::new(column(&value, entries.iter().map(|(_, value)| in_parts(*value, to))), Whole::constant(to))
}

/// What a norm says of a scale, as columns of the pupil's group.
pub(super) enum NormColumn {
    /// Mean and standard deviation, in so many parts of 1, and the cells that they come from.
    Sample { mean: Whole, deviation: Whole, parts: i64, cells: Vec<NormCell> },
    /// The value that a printed table has for the score.
    Table(Ratio),
}

/// Finds the norm of the pupil's group.
///
/// # Errors
///
/// When some groups have means and others tables.
pub(super) fn norms(
    draft: &mut Draft<'_>,
    scale: usize,
    step: usize,
    (norms, place): (usize, usize),
    score: &Ratio,
    round: Round,
) -> Result<NormColumn, SqlError> {
    let id = draft.scale(scale).map_or_else(String::new, |scale| scale.id.to_string());
    let mixed = SqlError::MixedNorms { scale: id.clone(), dialect: draft.dialect };
    let Some(definition) = draft.instrument().norms.get(norms) else { return Err(mixed) };
    let Some(grouping) = draft.instrument().groupings.get(definition.grouping) else { return Err(mixed) };
    let groups: Vec<String> = group_words(grouping).iter().map(|words| draft.dialect.text(words)).collect();
    let pupil = group(draft, definition.grouping).group;
    let cells: Vec<Option<&NormCell>> = (0..groups.len()).map(|group| definition.cells.get(group)?.get(place)).collect();
    let rounded = |value: &Number| if round == Round::HalfUp { value.round_half_up() } else { *value };
    let samples: Option<Vec<(Number, Number)>> = cells
        .iter()
        .map(|cell| match cell {
            Some(NormCell::Sample { mean, sd }) if sd.over() > 0 => Some((*mean, *sd)),
            _ => None,
        })
        .collect();
    if samples.is_some() {
        return sample_columns(draft, norms, place, step, &pupil).ok_or(mixed);
    }
    let table_of = |cell: Option<&NormCell>| match cell {
        Some(NormCell::Table { from, values }) => Some((*from, values.iter().map(rounded).collect::<Vec<Number>>())),
        _ => None,
    };
    let Some(printed) = cells.iter().copied().map(table_of).collect::<Option<Vec<_>>>() else { return Err(mixed) };
    let from_parts = parts_of(printed.iter().map(|(from, _)| from));
    let parts = parts_of(printed.iter().flat_map(|(_, values)| values));
    let table = draft.step_names.inner(&format!("{id}_norms"));
    let [key, raw, value] = [format!("{id}_group"), format!("{id}_of"), format!("{id}_value")].map(|name| draft.names.inner(&name));
    let mut rows = Vec::new();
    for (group, (from, values)) in groups.iter().zip(&printed) {
        let scores = (0..).map(|place| *from + Number::whole(place));
        rows.extend(
            scores.zip(values).map(|(score, value)| format!("({group}, {}, {})", in_parts(score, from_parts), in_parts(*value, parts))),
        );
    }
    let comment = vec![format!("{id}: the norms `{}`{}", definition.id, parts_words(parts)), format!("source: {}", definition.source)];
    draft.tables.push(Table { comment, name: table.clone(), columns: vec![key.clone(), raw.clone(), value.clone()], rows });
    draft.join(step, format!("LEFT JOIN {table} ON {key} = {pupil} AND {}", is_score(score, &raw, from_parts)));
    let values = printed.iter().flat_map(|(_, values)| values).map(|value| in_parts(*value, parts));
    Ok(NormColumn::Table(Ratio::new(column(&value, values), Whole::constant(parts))))
}

/// The columns of means and standard deviations, in one table for all scales that these norms are for.
fn sample_columns(draft: &mut Draft<'_>, norms: usize, place: usize, step: usize, pupil: &str) -> Option<NormColumn> {
    let definition = draft.instrument().norms.get(norms)?;
    let grouping = draft.instrument().groupings.get(definition.grouping)?;
    let groups: Vec<String> = group_words(grouping).iter().map(|words| draft.dialect.text(words)).collect();
    let sample = |group: usize, place: usize| match definition.cells.get(group)?.get(place)? {
        NormCell::Sample { mean, sd } => Some((*mean, *sd)),
        NormCell::Table { .. } => None,
    };
    // The scales of these norms that somebody needs, and that have a mean in every group.
    let is_needed = |place: usize| {
        let uses = |rule: &Rule| matches!(rule, Rule::Of { transform: Transform::Norms { norms: own, column, .. }, .. } if *own == norms && *column == place);
        let needed = |scale: usize| draft.needed.get(scale).copied().unwrap_or(false);
        draft.instrument().scales.iter().enumerate().any(|(scale, definition)| uses(&definition.rule) && needed(scale))
    };
    let places: Vec<usize> = (0..definition.scales.len())
        .filter(|place| is_needed(*place) && (0..groups.len()).all(|group| sample(group, *place).is_some()))
        .collect();
    let samples: Vec<Vec<(Number, Number)>> =
        (0..groups.len()).map(|group| places.iter().filter_map(|place| sample(group, *place)).collect()).collect();
    let parts = samples
        .iter()
        .flatten()
        .fold(1, |parts, (mean, sd)| lowest_common_multiple(lowest_common_multiple(parts, mean.under()), sd.under()));
    let known = draft.norm_tables.iter().find(|known| known.norms == norms).cloned();
    let known = known.unwrap_or_else(|| {
        let table = draft.step_names.inner(&format!("norms_{}", definition.id).replace('-', "_"));
        let key = draft.names.inner(&format!("norms_{}_group", definition.id));
        let name = |place: &usize| definition.scales.get(*place).and_then(|scale| draft.scale(*scale)).map_or("", |scale| &*scale.id);
        let names: Vec<String> = places.iter().flat_map(|place| ["mean", "sd"].map(|what| format!("{}_{what}", name(place)))).collect();
        let columns: Vec<String> = names.iter().map(|name| draft.names.inner(name)).collect();
        let rows = groups.iter().zip(&samples).map(|(group, samples)| {
            let numbers = samples.iter().flat_map(|(mean, sd)| [mean, sd]).map(|number| in_parts(*number, parts).to_string());
            format!("({})", std::iter::once(group.clone()).chain(numbers).collect::<Vec<_>>().join(", "))
        });
        let rows = rows.collect();
        let comment = vec![
            format!("the norms `{}`: mean and standard deviation of each group{}", definition.id, parts_words(parts)),
            format!("source: {}", definition.source),
        ];
        let all = std::iter::once(key.clone()).chain(columns.iter().cloned()).collect();
        draft.tables.push(Table { comment, name: table.clone(), columns: all, rows });
        let known = NormTable { norms, table, key, columns };
        draft.norm_tables.push(known.clone());
        known
    });
    let join = format!("LEFT JOIN {} ON {} = {pupil}", known.table, known.key);
    let at = places.iter().position(|known| *known == place)?;
    let [mean, deviation] = [2 * at, 2 * at + 1].map(|column| known.columns.get(column).cloned());
    let (mean, deviation) = (mean?, deviation?);
    draft.join(step, join);
    let of = |name: &str, values: Vec<i64>| column(name, values.into_iter());
    let means = samples.iter().filter_map(|row| Some(in_parts(row.get(at)?.0, parts))).collect();
    let deviations = samples.iter().filter_map(|row| Some(in_parts(row.get(at)?.1, parts))).collect();
    let cells = definition.cells.iter().filter_map(|row| row.get(place).cloned()).collect();
    Some(NormColumn::Sample { mean: of(&mean, means), deviation: of(&deviation, deviations), parts, cells })
}

/// A table of means and standard deviations that is there already.
#[derive(Clone, Debug)]
pub(super) struct NormTable {
    norms: usize,
    table: String,
    key: String,
    columns: Vec<String>,
}
