//! What groups of pupils come to at one time: for each scale and group how many, mean, spread, quartiles, and how many at each level.
//!
//! Rows are counted as they come and then forgotten: for each group a count of each score and of each level, in whole numbers. So ten million
//! rows need no more memory than a class. The larger groups are sums of the smallest ones, and the statistics are computed from the counts.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::{DataFrame, IntoLazy, LazyFrame, NamedFrom, Series, SortMultipleOptions, col, lit};

use super::pair::FrameError;
use crate::instrument::Number;
use crate::scoring::{Layout, Level, Outcome, ScoredRow};
use crate::stats::describe::{Description, describe_counted};

/// What a blank cell of a group column is called.
pub const BLANK: &str = "(blank)";

/// More groups than this are no groups: the column differs from row to row.
const MOST_GROUPS: usize = 20_000;

/// Why groups cannot be summed up.
#[derive(Debug, thiserror::Error)]
pub enum SummaryError {
    /// A column has too many values.
    #[error(
        "these columns cut the responses into more than {MOST_GROUPS} groups: name columns that many pupils share, such as class or year"
    )]
    TooManyGroups,
    /// The frames failed.
    #[error(transparent)]
    Frame(#[from] FrameError),
}

/// Counts responses by group, scale, score and level.
#[derive(Debug)]
pub struct Tallies {
    by: Vec<String>,
    /// Form and scale of each unit.
    units: Vec<(usize, usize)>,
    groups: HashMap<Vec<String>, usize>,
    counts: Vec<Vec<Counts>>,
}

/// The counts of one scale in one of the smallest groups.
#[derive(Clone, Debug, Default)]
struct Counts {
    scores: HashMap<Number, u64>,
    levels: Vec<u64>,
    without_band: u64,
    not_scored: u64,
}

impl Tallies {
    /// Nothing counted yet, for the scales that an output with this layout shows; `by` are the names of the group columns.
    pub fn new(layout: &Layout, by: Vec<String>) -> Self {
        let units = (0..layout.forms().len()).flat_map(|form| layout.shown(form).into_iter().map(move |scale| (form, scale))).collect();
        Self { by, units, groups: HashMap::new(), counts: Vec::new() }
    }

    /// Counts a response in its group; `cells` are the group columns' cells, in order.
    ///
    /// # Errors
    ///
    /// When there are so many groups that they are none.
    pub fn add(&mut self, layout: &Layout, row: &ScoredRow<'_>, cells: &[&str]) -> Result<(), SummaryError> {
        let key: Vec<String> = cells.iter().map(|cell| if cell.trim().is_empty() { BLANK } else { cell.trim() }.to_owned()).collect();
        let group = match self.groups.get(&key) {
            Some(group) => *group,
            None if self.counts.len() >= MOST_GROUPS => return Err(SummaryError::TooManyGroups),
            None => {
                let levels = |(form, scale): &(usize, usize)| {
                    layout.forms().get(*form).and_then(|form| form.bands(*scale)).map_or(0, |bands| bands.levels.len())
                };
                self.counts.push(self.units.iter().map(|unit| Counts { levels: vec![0; levels(unit)], ..Counts::default() }).collect());
                self.groups.insert(key, self.counts.len() - 1);
                self.counts.len() - 1
            }
        };
        let Some(counts) = self.counts.get_mut(group) else { return Ok(()) };
        for ((form, scale), counts) in self.units.iter().zip(counts).filter(|((form, _), _)| row.is_on(*form)) {
            let Some(score) = row.scores(*form).get(*scale).filter(|score| score.outcome != Outcome::NotApplicable) else { continue };
            let Some(value) = score.value() else {
                counts.not_scored += 1;
                continue;
            };
            *counts.scores.entry(value).or_default() += 1;
            match row.level(*form, *scale) {
                Level::At(level) => *counts.levels.get_mut(level).unwrap_or(&mut 0) += 1,
                _ if counts.levels.is_empty() => {}
                _ => counts.without_band += 1,
            }
        }
        Ok(())
    }

    /// The figures: of all, of each value of each column, and, with several columns, of each combination that there is.
    ///
    /// # Errors
    ///
    /// When polars refuses, which only happens when memory runs out.
    pub fn summary(&self) -> Result<Summary, SummaryError> {
        let mut values: Vec<Number> = self.counts.iter().flatten().flat_map(|counts| counts.scores.keys().copied()).collect();
        values.sort_unstable();
        values.dedup();
        let mut keys: Vec<&Vec<String>> = self.groups.keys().collect();
        keys.sort_by_cached_key(|key| key.iter().map(|cell| natural(cell)).collect::<Vec<_>>());
        let frame = self.frame(&keys, &values).map_err(FrameError::from)?;
        let mut groups = Vec::new();
        let columns: Vec<usize> = (0..self.by.len()).collect();
        let mut cuts: Vec<Vec<usize>> = vec![Vec::new()];
        cuts.extend(columns.iter().map(|column| vec![*column]));
        if columns.len() > 1 {
            cuts.push(columns);
        }
        for cut in cuts {
            let sums = sums(&frame, &cut).map_err(FrameError::from)?;
            let names = names(&keys, &cut);
            groups.extend(self.read(&sums, &cut, &names, &values).map_err(FrameError::from)?);
        }
        Ok(Summary { by: self.by.clone(), units: self.units.clone(), groups })
    }

    /// One row a count: the group's place in each column, the unit, what is counted, and how many. Group cells are numbers here, so that no
    /// pupil's word can be mistaken for a name of ours.
    fn frame(&self, keys: &[&Vec<String>], values: &[Number]) -> Result<LazyFrame, polars::prelude::PolarsError> {
        let places: Vec<BTreeMap<&str, u32>> = (0..self.by.len())
            .map(|column| {
                let cells = names(keys, &[column]);
                (0..)
                    .zip(cells)
                    .filter_map(|(place, cell)| Some((keys.iter().find(|key| key[column] == cell[0])?[column].as_str(), place)))
                    .collect()
            })
            .collect();
        let mut cells: Vec<Vec<u32>> = vec![Vec::new(); self.by.len()];
        let (mut unit, mut what, mut counted): (Vec<u32>, Vec<u32>, Vec<u64>) = (Vec::new(), Vec::new(), Vec::new());
        for key in keys {
            let Some(group) = self.groups.get(*key).and_then(|group| self.counts.get(*group)) else { continue };
            for (index, counts) in (0..).zip(group) {
                for (kind, times) in counts.all(values) {
                    for (column, cell) in key.iter().enumerate() {
                        cells[column].push(places[column].get(cell.as_str()).copied().unwrap_or_default());
                    }
                    unit.push(index);
                    what.push(kind);
                    counted.push(times);
                }
            }
        }
        let mut columns = vec![Series::new("unit".into(), unit).into(), Series::new("what".into(), what).into()];
        let height = counted.len();
        columns.push(Series::new("times".into(), counted).into());
        columns.extend(cells.into_iter().enumerate().map(|(column, cells)| Series::new(place(column).as_str().into(), cells).into()));
        Ok(DataFrame::new(height, columns)?.lazy())
    }

    fn read(
        &self,
        sums: &DataFrame,
        cut: &[usize],
        names: &[Vec<String>],
        values: &[Number],
    ) -> Result<Vec<GroupSummary>, polars::prelude::PolarsError> {
        let whole = |name: &str| sums.column(name).map(|column| column.as_materialized_series().clone());
        let (unit, what, times) = (whole("unit")?, whole("what")?, whole("times")?);
        let places: Vec<Series> = cut.iter().map(|column| whole(&place(*column))).collect::<Result<_, _>>()?;
        let empty = || -> Vec<Counts> {
            let levels = |unit: usize| self.counts.first().and_then(|group| group.get(unit)).map_or(0, |counts| counts.levels.len());
            (0..self.units.len()).map(|unit| Counts { levels: vec![0; levels(unit)], ..Counts::default() }).collect()
        };
        // Which places the names have: by the places of their cells in each column.
        let columns: Vec<Vec<String>> = cut.iter().map(|column| distinct(names, cut, *column)).collect();
        let of_places: HashMap<Vec<u32>, usize> = names
            .iter()
            .enumerate()
            .map(|(index, name)| {
                let places = name
                    .iter()
                    .zip(&columns)
                    .map(|(cell, known)| (0..).zip(known).find(|(_, known)| *known == cell).map_or(0, |(place, _)| place));
                (places.collect(), index)
            })
            .collect();
        let mut groups: Vec<Vec<Counts>> = names.iter().map(|_| empty()).collect();
        for row in 0..sums.height() {
            let key: Option<Vec<u32>> = places.iter().map(|series| series.u32().ok()?.get(row)).collect();
            let (Some(key), Some(unit), Some(what), Some(times)) = (key, unit.u32()?.get(row), what.u32()?.get(row), times.u64()?.get(row))
            else {
                continue;
            };
            let group = of_places.get(&key).and_then(|group| groups.get_mut(*group));
            if let Some(counts) = group.and_then(|group| group.get_mut(unit as usize)) {
                counts.put(what, times, values);
            }
        }
        let with_columns = |name: &Vec<String>| {
            let mut cells = vec![None; self.by.len()];
            cut.iter().zip(name).for_each(|(column, cell)| cells[*column] = Some(cell.clone()));
            cells
        };
        Ok(names
            .iter()
            .zip(groups)
            .map(|(name, counts)| GroupSummary { group: with_columns(name), figures: counts.into_iter().map(Figures::of).collect() })
            .collect())
    }
}

/// The kinds of counts: these three, then the levels, and then the scores by their place.
const NOT_SCORED: u32 = 0;
const WITHOUT_BAND: u32 = 1;
const FIRST_LEVEL: u32 = 2;
const FIRST_SCORE: u32 = 1 << 16;

impl Counts {
    /// Every count above nought with its kind.
    fn all(&self, values: &[Number]) -> Vec<(u32, u64)> {
        let mut all = vec![(NOT_SCORED, self.not_scored), (WITHOUT_BAND, self.without_band)];
        all.extend((FIRST_LEVEL..).zip(self.levels.iter().copied()));
        all.extend((FIRST_SCORE..).zip(values).filter_map(|(kind, value)| Some((kind, *self.scores.get(value)?))));
        all.retain(|(_, times)| *times > 0);
        all
    }

    fn put(&mut self, kind: u32, times: u64, values: &[Number]) {
        match kind {
            NOT_SCORED => self.not_scored = times,
            WITHOUT_BAND => self.without_band = times,
            score if score >= FIRST_SCORE => {
                if let Some(value) = values.get((score - FIRST_SCORE) as usize) {
                    self.scores.insert(*value, times);
                }
            }
            level => {
                if let Some(known) = self.levels.get_mut((level - FIRST_LEVEL) as usize) {
                    *known = times;
                }
            }
        }
    }
}

/// Group columns are named by position, so that a user's column cannot be mistaken for ours.
fn place(column: usize) -> String {
    format!("place {column}")
}

/// The counts summed over everything but these columns.
fn sums(frame: &LazyFrame, cut: &[usize]) -> Result<DataFrame, polars::prelude::PolarsError> {
    let keys: Vec<_> = cut.iter().map(|column| col(place(*column))).chain([col("unit"), col("what")]).collect();
    let summed = frame.clone().filter(col("times").gt(lit(0_u64))).group_by(keys.clone()).agg([col("times").sum()]);
    summed.sort_by_exprs(keys, SortMultipleOptions::default()).collect()
}

/// The groups of a cut, each once, in the order of the keys' cells.
fn names(keys: &[&Vec<String>], cut: &[usize]) -> Vec<Vec<String>> {
    let mut names: Vec<Vec<String>> = keys.iter().map(|key| cut.iter().map(|column| key[*column].clone()).collect()).collect();
    names.sort_by_cached_key(|name| name.iter().map(|cell| natural(cell)).collect::<Vec<_>>());
    names.dedup();
    if cut.is_empty() && names.is_empty() {
        names.push(Vec::new());
    }
    names
}

/// The cells that a column has among these names, in order.
fn distinct(names: &[Vec<String>], cut: &[usize], column: usize) -> Vec<String> {
    let Some(at) = cut.iter().position(|known| *known == column) else { return Vec::new() };
    let mut cells: Vec<String> = names.iter().map(|name| name[at].clone()).collect();
    cells.sort_by_cached_key(|cell| natural(cell));
    cells.dedup();
    cells
}

/// The order of people: 7 before 10, 7A before 7B, what is blank last.
fn natural(cell: &str) -> (bool, Vec<(u8, u64, String)>, String) {
    let mut parts: Vec<(u8, u64, String)> = Vec::new();
    let mut rest = cell;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest.find(|character: char| character.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        match part.parse().ok().filter(|_| is_digit) {
            Some(number) => parts.push((0, number, String::new())),
            None => parts.push((1, 0, part.to_lowercase())),
        }
        rest = after;
    }
    (cell == BLANK, parts, cell.to_owned())
}

/// The figures of all groups and scales.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The names of the group columns.
    pub by: Vec<String>,
    /// Form and scale of each of a group's figures.
    pub units: Vec<(usize, usize)>,
    /// All, then each column's groups, then the combinations.
    pub groups: Vec<GroupSummary>,
}

/// One group: for each group column its value, or none for all values together.
#[derive(Clone, Debug)]
pub struct GroupSummary {
    /// The group.
    pub group: Vec<Option<String>>,
    /// What each unit comes to, in the order of [`Summary::units`].
    pub figures: Vec<Figures>,
}

/// What one scale comes to in one group.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// How many have a score.
    pub n: u64,
    /// Mean, spread and quartiles (type 7, as in [`crate::stats::describe`]); none if nobody has a score.
    pub description: Option<Description>,
    /// How many have each score, in ascending order.
    pub scores: Vec<(Number, u64)>,
    /// How many are at each level; empty where the scale has no bands.
    pub levels: Vec<u64>,
    /// How many have a score and no band, though the scale has bands.
    pub without_band: u64,
    /// How many responses have no score.
    pub not_scored: u64,
}

impl Figures {
    fn of(counts: Counts) -> Self {
        let mut scores: Vec<(Number, u64)> = counts.scores.into_iter().collect();
        scores.sort_unstable_by_key(|(score, _)| *score);
        let values: Vec<(f64, u64)> = scores.iter().map(|(score, times)| (score.to_f64(), *times)).collect();
        Self {
            n: scores.iter().map(|(_, times)| times).sum(),
            description: describe_counted(&values).ok(),
            scores,
            levels: counts.levels,
            without_band: counts.without_band,
            not_scored: counts.not_scored,
        }
    }

    /// How many have a band: what percentages are of.
    pub fn with_band(&self) -> u64 {
        self.levels.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_stand_in_the_order_of_people() {
        let mut cells = ["10", "7", BLANK, "7B", "7A", "Year 10", "Year 7", "a", "B"];
        cells.sort_by_cached_key(|cell| natural(cell));
        assert_eq!(cells, ["7", "7A", "7B", "10", "a", "B", "Year 7", "Year 10", BLANK]);
    }
}
