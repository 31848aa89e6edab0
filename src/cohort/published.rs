//! A summary as it may be passed on: small numbers hidden, and whatever they could be worked out from.
//!
//! - The **size of a group** on a scale, the pupils **at each level**, those **with and without a band** are the counts that
//!   [`crate::privacy::Tables`] protects, with every total that a reader can form: a group is the sum of its levels, the whole is the sum of each
//!   column's groups, a column's group is the sum of its combinations.
//! - A group whose size is hidden has all its figures hidden. Sizes that differ by less than the limit from scale to scale in every group are hidden
//!   in all of these scales or in none: one would give the other away.
//! - **Mean and standard deviation** are shown with the size, but not where all scores are equal: they would be everybody's, and then
//!   those of another group are hidden as well, because means add up too. The **median** needs as
//!   many pupils as the limit on either side, the **quartiles** as many in each quarter.
//! - A **percentage** is shown where its count and its base, the pupils with a band, are shown.
//! - Nobody without a band, or nobody scored, says nothing about anybody: these noughts are shown; nought at a level is hidden like any small number.
//! - The number of responses **without a score** is left out: it could be worked out from scale to scale.

use super::summary::{Figures, Summary};
use crate::instrument::Number;
use crate::privacy::{BlockId, CellId, NotASum, Suppressed, Tables, Zero};
use crate::stats::describe::Description;

/// A figure of an output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure<T> {
    /// It is shown.
    Shown(T),
    /// It is hidden, because it is small or protects one that is.
    Hidden,
    /// There is none.
    Absent,
}

impl<T> Figure<T> {
    /// The figure, if it is shown.
    pub fn shown(self) -> Option<T> {
        match self {
            Self::Shown(value) => Some(value),
            Self::Hidden | Self::Absent => None,
        }
    }

    /// A figure that is not there is hidden too: no spread would say that there is one pupil.
    fn if_shown(self, is_shown: Reveal) -> Self {
        match is_shown {
            Reveal::No => Self::Hidden,
            Reveal::Yes => self,
        }
    }
}

#[derive(Clone, Copy)]
enum Reveal {
    Yes,
    No,
}

fn reveal(condition: bool) -> Reveal {
    if condition { Reveal::Yes } else { Reveal::No }
}

/// How much of the counts may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disclosure {
    /// Those who may see the pupils may see their number.
    Internal,
    /// Everybody else: counts below the limit are hidden.
    Others {
        /// The limit.
        limit: u64,
    },
}

/// A summary as it may be passed on.
#[derive(Clone, Debug)]
pub struct Published {
    /// The names of the group columns.
    pub by: Vec<String>,
    /// One row for each group and scale, scale by scale.
    pub rows: Vec<PublishedRow>,
    /// For whom.
    pub disclosure: Disclosure,
}

/// One group and scale.
#[derive(Clone, Debug)]
pub struct PublishedRow {
    /// The form.
    pub form: usize,
    /// The scale.
    pub scale: usize,
    /// For each group column its value, or none for all values together.
    pub group: Vec<Option<String>>,
    /// How many have a score.
    pub n: Figure<u64>,
    /// Their mean.
    pub mean: Figure<f64>,
    /// Their standard deviation.
    pub sd: Figure<f64>,
    /// Their median.
    pub median: Figure<f64>,
    /// Their lower and upper quartile (type 7).
    pub quartiles: (Figure<f64>, Figure<f64>),
    /// How many are at each level.
    pub levels: Vec<Figure<u64>>,
    /// Which share of those with a band is at each level, in per cent.
    pub percents: Vec<Figure<f64>>,
    /// How many have a band.
    pub with_band: Figure<u64>,
    /// How many have a score and no band.
    pub without_band: Figure<u64>,
    /// How many responses have no score; never shown to others.
    pub not_scored: Figure<u64>,
    /// How many have each score; never shown to others, for whom there are the levels.
    pub scores: Option<Vec<(Number, u64)>>,
}

/// The counts of one group and scale in the tables.
struct Cells {
    block: BlockId,
    n: CellId,
    /// Stands for the mean: the means of groups add up, weighted by their sizes, as the sizes do.
    mean: CellId,
    levels: Vec<CellId>,
    /// Those with a band, where the scale has bands.
    with_band: Option<CellId>,
    /// Those without, where there are any.
    without_band: Option<CellId>,
}

impl Published {
    /// The summary, as far as it may be read.
    ///
    /// # Errors
    ///
    /// When the counts do not add up, which would be a defect: nothing is published then.
    pub fn new(summary: &Summary, disclosure: Disclosure) -> Result<Self, NotASum> {
        let (tables, cells) = tables(summary, disclosure)?;
        let suppressed = match disclosure {
            Disclosure::Internal => None,
            Disclosure::Others { limit } => Some((tables.suppress(limit), limit)),
        };
        let mut rows = Vec::new();
        for (unit, (form, scale)) in summary.units.iter().enumerate() {
            for (group, cells) in summary.groups.iter().zip(&cells) {
                let (Some(figures), Some(cells)) = (group.figures.get(unit), cells.get(unit)) else { continue };
                let row = PublishedRow { form: *form, scale: *scale, group: group.group.clone(), ..plain(figures) };
                rows.push(match &suppressed {
                    None => row,
                    Some((suppressed, limit)) => hidden(row, cells, suppressed, *limit),
                });
            }
        }
        Ok(Self { by: summary.by.clone(), rows, disclosure })
    }

    /// Whether some figure is hidden.
    pub fn hides_any(&self) -> bool {
        // A hidden size hides everything else, and a mean is hidden with the median.
        let is_hidden = |figure: &Figure<u64>| *figure == Figure::Hidden;
        self.rows.iter().any(|row| {
            let quartile = [row.median, row.quartiles.0].contains(&Figure::Hidden);
            quartile || [row.n, row.with_band, row.without_band].iter().chain(&row.levels).any(is_hidden)
        })
    }
}

/// Every count of the summary, and how they add up.
fn tables(summary: &Summary, disclosure: Disclosure) -> Result<(Tables, Vec<Vec<Cells>>), NotASum> {
    let mut tables = Tables::new();
    // Where the pupils without a band are nought altogether, everybody knows that of each group.
    let has_unbanded =
        |unit: usize| summary.groups.iter().any(|group| group.figures.get(unit).is_some_and(|figures| figures.without_band > 0));
    let has_unbanded: Vec<bool> = (0..summary.units.len()).map(has_unbanded).collect();
    let mut cells: Vec<Vec<Cells>> = Vec::with_capacity(summary.groups.len());
    for group in &summary.groups {
        let units = group.figures.iter().zip(&has_unbanded);
        cells.push(units.map(|(figures, has_unbanded)| group_cells(&mut tables, figures, *has_unbanded)).collect::<Result<_, _>>()?);
    }
    for (whole, parts) in sums(summary) {
        for (unit, whole) in cells[whole].iter().enumerate() {
            let parts: Vec<BlockId> = parts.iter().map(|part| cells[*part][unit].block).collect();
            tables.total_of_blocks(whole.block, &parts)?;
        }
    }
    if let Disclosure::Others { limit } = disclosure {
        let size = |group: usize, unit: usize| summary.groups[group].figures.get(unit).map_or(0, |figures| figures.n);
        for units in alike(summary.units.len(), summary.groups.len(), limit, size) {
            for group in &cells {
                let sizes: Vec<CellId> = units.iter().map(|unit| group[*unit].n).collect();
                tables.together(&sizes);
            }
        }
    }
    Ok((tables, cells))
}

fn group_cells(tables: &mut Tables, figures: &Figures, has_unbanded: bool) -> Result<Cells, NotASum> {
    let n = tables.cell(figures.n, Zero::Shown);
    let mean = tables.cell(figures.n, Zero::Shown);
    let mut all = vec![n, mean];
    if figures.scores.len() == 1 {
        tables.hide(mean);
    }
    // Of nobody there is nobody at a level either, and everybody may know it.
    let nobody = if figures.with_band() == 0 { Zero::Shown } else { Zero::Hidden };
    let levels: Vec<CellId> = figures.levels.iter().map(|count| tables.cell(*count, nobody)).collect();
    all.extend(&levels);
    let has_bands = !levels.is_empty();
    let (mut with_band, mut without_band) = (has_bands.then_some(n), None);
    if has_bands && has_unbanded {
        let (with, without) = (tables.cell(figures.with_band(), Zero::Shown), tables.cell(figures.without_band, Zero::Shown));
        tables.total(n, &[with, without])?;
        all.extend([with, without]);
        (with_band, without_band) = (Some(with), Some(without));
    }
    if let Some(with_band) = with_band {
        tables.total(with_band, &levels)?;
    }
    tables.hide_with(n, &all[1..]);
    Ok(Cells { block: tables.block(&all), n, mean, levels, with_band, without_band })
}

/// Which groups are the sum of which: all of each column's, and each of a column's of its combinations.
fn sums(summary: &Summary) -> Vec<(usize, Vec<usize>)> {
    let columns = summary.by.len();
    let named = |group: &[Option<String>]| group.iter().filter(|cell| cell.is_some()).count();
    let within =
        |part: &[Option<String>], whole: &[Option<String>]| part.iter().zip(whole).all(|(part, whole)| whole.is_none() || part == whole);
    let mut sums = Vec::new();
    for (index, whole) in summary.groups.iter().enumerate() {
        match named(&whole.group) {
            0 if columns > 0 => sums.extend((0..columns).map(|column| {
                let is_part = |group: &[Option<String>]| named(group) == 1 && group[column].is_some();
                (index, places(summary, |group| is_part(group)))
            })),
            1 if columns > 1 => sums.push((index, places(summary, |group| named(group) == columns && within(group, &whole.group)))),
            _ => {}
        }
    }
    sums
}

fn places(summary: &Summary, is_part: impl Fn(&[Option<String>]) -> bool) -> Vec<usize> {
    summary.groups.iter().enumerate().filter(|(_, group)| is_part(&group.group)).map(|(index, _)| index).collect()
}

/// The units whose group sizes nearly agree in every group; `size` is of a group and a unit.
pub(super) fn alike(units: usize, groups: usize, limit: u64, size: impl Fn(usize, usize) -> u64) -> Vec<Vec<usize>> {
    let agree = |one: usize, other: usize| (0..groups).all(|group| size(group, one).abs_diff(size(group, other)) < limit);
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for unit in 0..units {
        // A unit that agrees with several sets joins them.
        let (mut joined, apart): (Vec<_>, Vec<_>) = sets.into_iter().partition(|set| set.iter().any(|other| agree(unit, *other)));
        joined.push(vec![unit]);
        sets = apart;
        sets.push(joined.concat());
    }
    sets
}

/// Every figure.
fn plain(figures: &Figures) -> PublishedRow {
    let of = |pick: fn(&Description) -> Option<f64>| figures.description.as_ref().and_then(pick).map_or(Figure::Absent, Figure::Shown);
    let has_bands = !figures.levels.is_empty();
    let of_bands = |count: u64| if has_bands { Figure::Shown(count) } else { Figure::Absent };
    PublishedRow {
        form: 0,
        scale: 0,
        group: Vec::new(),
        n: Figure::Shown(figures.n),
        mean: of(|described| Some(described.mean)),
        sd: of(|described| described.sd),
        median: of(|described| Some(described.median)),
        quartiles: (of(|described| Some(described.q1)), of(|described| Some(described.q3))),
        levels: figures.levels.iter().copied().map(Figure::Shown).collect(),
        percents: figures.levels.iter().map(|count| percent(*count, figures.with_band())).collect(),
        with_band: of_bands(figures.with_band()),
        without_band: of_bands(figures.without_band),
        not_scored: Figure::Shown(figures.not_scored),
        scores: Some(figures.scores.clone()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of pupils are far below 2^52")]
fn percent(count: u64, of: u64) -> Figure<f64> {
    if of == 0 { Figure::Absent } else { Figure::Shown(100.0 * count as f64 / of as f64) }
}

/// The figures that others may see.
fn hidden(row: PublishedRow, cells: &Cells, suppressed: &Suppressed, limit: u64) -> PublishedRow {
    let shows = |cell: Option<CellId>| cell.is_some_and(|cell| suppressed.is_shown(cell));
    let has_size = shows(Some(cells.n));
    let has_base = shows(cells.with_band);
    let size = row.n.shown().filter(|_| has_size).unwrap_or(0);
    let has_mean = shows(Some(cells.mean));
    let is_nobody = has_size && size == 0;
    let many = |parts: u64| reveal(is_nobody || has_size && has_mean && size >= parts.saturating_mul(limit));
    let at = |level: usize| shows(cells.levels.get(level).copied());
    PublishedRow {
        n: row.n.if_shown(reveal(has_size)),
        mean: row.mean.if_shown(many(1)),
        sd: row.sd.if_shown(many(1)),
        median: row.median.if_shown(many(2)),
        quartiles: (row.quartiles.0.if_shown(many(4)), row.quartiles.1.if_shown(many(4))),
        levels: row.levels.iter().enumerate().map(|(level, count)| count.if_shown(reveal(at(level)))).collect(),
        percents: row.percents.iter().enumerate().map(|(level, share)| share.if_shown(reveal(has_base && at(level)))).collect(),
        // A scale without bands has none, whoever it is about.
        with_band: row.with_band.if_shown(reveal(has_base || cells.with_band.is_none())),
        without_band: row.without_band.if_shown(reveal(match (cells.with_band, cells.without_band) {
            (None, _) => true,
            (Some(_), None) => has_size,
            (Some(_), without) => shows(without),
        })),
        not_scored: Figure::Hidden,
        scores: None,
        ..row
    }
}
