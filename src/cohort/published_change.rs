//! Changes of groups as they may be passed on: small numbers hidden, and whatever they could be worked out from.
//!
//! - The counts that [`crate::privacy::Tables`] protects: how many have a **score at baseline, at review and at both**, how many of these there are
//!   **for each verdict**, and how many are **above the level** before and after. What a reader can form from them is protected with them: who has
//!   a score at one of the times only, who is below the level, who has no band; and for every count the sum over all groups.
//! - A group whose pairs are hidden has all figures of its pairs hidden. Numbers of scores that differ by less than the limit from scale to scale are
//!   hidden in all of these scales or in none, as in [`super::published`].
//! - **Means, intervals and effect sizes** need ten pairs. They are hidden where all changes are equal, because they would be everybody's, and where
//!   another group's that is hidden, or has too few pairs for one, could be worked out from them and the mean of all. The **median** needs as many
//!   pairs as the limit on either side, the **quartiles** and the rank test as many in each quarter.
//! - A **percentage** needs ten pupils with a band at both times, and its count and their number to be shown.
//! - **Left out**: how many went from which level to which, and what would give it away beside the shares: the interval of their difference and
//!   `McNemar`'s test. The shares alone do not: where the counts above and below are no less than the limit before and after, the number who moved
//!   may be small, and may be the limit or more. Left out too are those who could not be scored or compared, and those who started near the
//!   best score.

use super::group::{FEWEST, GroupChange, MeanChange};
use super::pair::FrameError;
use super::published::{Figure, alike};
use super::together::Together;
use crate::privacy::{BlockId, CellId, NotASum, Suppressed, Tables, Zero};
use crate::scoring::Form;

/// What the changes of one scale in one group come to, as far as it may be read.
#[derive(Clone, Debug)]
pub struct PublishedChange {
    /// The scale.
    pub scale: usize,
    /// The group's cells; none for all groups together.
    pub group: Option<Vec<String>>,
    /// How many had a score at baseline.
    pub baseline: Figure<u64>,
    /// How many had a score at review.
    pub review: Figure<u64>,
    /// How many had both, and may be compared.
    pub paired: Figure<u64>,
    /// How many of the pairs there are for each verdict, in the order of [`crate::change::Verdict::ALL`].
    pub verdicts: [Figure<u64>; 4],
    /// How many are above the level, before and after.
    pub above: [Figure<u64>; 2],
    /// Their share of the pairs with a band at both times, in per cent.
    pub percent_above: [Figure<f64>; 2],
    /// The mean change.
    pub mean: Figure<f64>,
    /// Its standard deviation.
    pub sd: Figure<f64>,
    /// Its 95 % interval.
    pub interval: [Figure<f64>; 2],
    /// The median change.
    pub median: Figure<f64>,
    /// The quartiles of the changes.
    pub quartiles: [Figure<f64>; 2],
    /// The standardised mean change and its 95 % interval.
    pub effect: [Figure<f64>; 3],
    /// Two-sided p of the paired t test.
    pub t_p: Figure<f64>,
    /// Two-sided p of the Wilcoxon signed-rank test.
    pub wilcoxon_p: Figure<f64>,
}

/// Why nothing is published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The frames failed.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The counts do not add up, which would be a defect.
    #[error(transparent)]
    Sum(#[from] NotASum),
}

/// One scale's changes in one group.
struct Row {
    group: Option<Vec<String>>,
    change: GroupChange,
}

impl PublishedChange {
    /// What the groups' changes come to, as others may read it: of each scale first all, then the groups.
    ///
    /// # Errors
    ///
    /// When the frames fail, or the counts do not add up: nothing is published then.
    pub fn of_groups(together: &Together, form: &Form, scales: &[usize], by: &[String], limit: u64) -> Result<Vec<Self>, PublishError> {
        let mut rows: Vec<Vec<Row>> = Vec::with_capacity(scales.len());
        for scale in scales {
            let all = together.groups(form, *scale, &[])?.into_iter().map(|(_, change)| Row { group: None, change });
            let groups = if by.is_empty() { Vec::new() } else { together.groups(form, *scale, by)? };
            rows.push(all.chain(groups.into_iter().map(|(group, change)| Row { group: Some(group), change })).collect());
        }
        let mut tables = Tables::new();
        let mut cells: Vec<Vec<Cells>> = Vec::with_capacity(scales.len());
        for (scale, rows) in scales.iter().zip(&rows) {
            let Some(all) = rows.first() else { continue };
            let (has_bands, has_record) = (form.bands(*scale).is_some(), together.bases().of(*scale).is_ok());
            let about = About { has_bands, has_record, all: &all.change };
            cells.push(rows.iter().map(|row| Cells::new(&mut tables, &row.change, about)).collect::<Result<_, _>>()?);
        }
        for rows in &cells {
            if let [all, groups @ ..] = rows.as_slice()
                && !groups.is_empty()
            {
                let groups: Vec<BlockId> = groups.iter().map(|group| group.block).collect();
                tables.total_of_blocks(all.block, &groups)?;
            }
        }
        hide_alike(&mut tables, &rows, &cells, limit);
        let suppressed = tables.suppress(limit);
        let published = scales.iter().zip(rows).zip(&cells).flat_map(|((scale, rows), cells)| {
            rows.into_iter().zip(cells).map(|(row, cells)| cells.published(*scale, row, &suppressed, limit))
        });
        Ok(published.collect())
    }

    /// Whether some figure is hidden.
    pub fn hides_any(&self) -> bool {
        let counts = [self.baseline, self.review, self.paired];
        let is_hidden = |figure: &Figure<u64>| *figure == Figure::Hidden;
        let rest = [self.mean, self.median, self.quartiles[0]].contains(&Figure::Hidden);
        rest || counts.iter().chain(&self.verdicts).chain(&self.above).any(is_hidden)
    }
}

/// The number of scores at baseline, at review and at both, each in all scales where it hardly differs or in none.
fn hide_alike(tables: &mut Tables, rows: &[Vec<Row>], cells: &[Vec<Cells>], limit: u64) {
    let groups = rows.first().map_or(0, Vec::len);
    let mut hide = |count: fn(&GroupChange) -> usize, cell: fn(&Cells) -> CellId| {
        for scales in alike(rows.len(), groups, limit, |group, scale| count(&rows[scale][group].change) as u64) {
            let of = |group: usize| scales.iter().map(|scale| cell(&cells[*scale][group])).collect::<Vec<_>>();
            (0..groups).for_each(|group| tables.together(&of(group)));
        }
    };
    hide(|change| change.baseline, |cells| cells.baseline);
    hide(|change| change.review, |cells| cells.review);
    hide(|change| change.paired, |cells| cells.paired);
}

/// What everybody knows of a scale.
#[derive(Clone, Copy)]
struct About<'c> {
    has_bands: bool,
    /// Whether a measurement error is on record: without one nobody can tell of any pair.
    has_record: bool,
    /// All groups together. What is nought here is nought in each of them, and no count in the tables.
    all: &'c GroupChange,
}

/// How many pairs have a band at both times.
fn banded(change: &GroupChange) -> usize {
    change.above.map_or(0, |above| above.table.n())
}

/// How many of them are above the level, before and after.
fn above(change: &GroupChange) -> [usize; 2] {
    change.above.map_or([0, 0], |above| [above.table.above_at_baseline(), above.table.above_at_review()])
}

/// The counts of one group and scale in the tables.
struct Cells {
    /// All of these and what lies between them, in the same order in every group of a scale.
    block: BlockId,
    baseline: CellId,
    review: CellId,
    paired: CellId,
    /// Stands for the mean: the means of groups add up, weighted by their pairs, as the pairs do.
    mean: CellId,
    /// None where everybody knows that there are none.
    verdicts: [Option<CellId>; 4],
    bands: Option<BandCells>,
}

struct BandCells {
    with_band: CellId,
    above: [CellId; 2],
}

impl Cells {
    fn new(tables: &mut Tables, change: &GroupChange, about: About<'_>) -> Result<Self, NotASum> {
        let paired = tables.cell(change.paired as u64, Zero::Shown);
        let mean = tables.cell(change.paired as u64, Zero::Shown);
        // Without an interval all changes are equal.
        let has_mean = change.change.as_ref().is_some_and(|change| change.interval.is_some());
        if change.paired > 0 && !has_mean {
            tables.hide(mean);
        }
        let mut of_pairs = vec![mean];
        let verdicts = Self::verdicts(tables, change, about, paired, &mut of_pairs)?;
        let bands = if about.has_bands { Some(Self::bands(tables, change, about, paired, &mut of_pairs)?) } else { None };
        tables.hide_with(paired, &of_pairs);
        let mut every = vec![paired];
        every.extend(of_pairs);
        let mut at_one_time = |count: fn(&GroupChange) -> usize| -> Result<CellId, NotASum> {
            if count(about.all) == about.all.paired {
                return Ok(paired);
            }
            let (all, alone) = (count(change), count(change) - change.paired);
            let [all, alone] = [all, alone].map(|count| tables.cell(count as u64, Zero::Shown));
            every.extend([all, alone]);
            tables.total(all, &[paired, alone])?;
            Ok(all)
        };
        let (baseline, review) = (at_one_time(|change| change.baseline)?, at_one_time(|change| change.review)?);
        Ok(Self { block: tables.block(&every), baseline, review, paired, mean, verdicts, bands })
    }

    fn verdicts(
        tables: &mut Tables,
        change: &GroupChange,
        about: About<'_>,
        paired: CellId,
        of_pairs: &mut Vec<CellId>,
    ) -> Result<[Option<CellId>; 4], NotASum> {
        if !about.has_record {
            return Ok([None, None, None, Some(paired)]);
        }
        let [better, same, worse, untold] = change.verdicts;
        let [better, same, worse] = [better, same, worse].map(|count| Some(tables.cell(count as u64, of(change.paired))));
        let untold = (about.all.verdicts[3] > 0).then(|| tables.cell(untold as u64, Zero::Shown));
        let verdicts = [better, same, worse, untold];
        let cells: Vec<CellId> = verdicts.iter().copied().flatten().collect();
        tables.total(paired, &cells)?;
        of_pairs.extend(cells);
        Ok(verdicts)
    }

    fn bands(
        tables: &mut Tables,
        change: &GroupChange,
        about: About<'_>,
        paired: CellId,
        of_pairs: &mut Vec<CellId>,
    ) -> Result<BandCells, NotASum> {
        let n = banded(change);
        let mut with_band = paired;
        if about.all.paired > banded(about.all) {
            let [with, without] = [n, change.paired - n].map(|count| tables.cell(count as u64, Zero::Shown));
            tables.total(paired, &[with, without])?;
            of_pairs.extend([with, without]);
            with_band = with;
        }
        let sides = above(change).map(|above| [above, n - above].map(|count| tables.cell(count as u64, of(n))));
        for side in &sides {
            tables.total(with_band, side)?;
            of_pairs.extend(side);
        }
        Ok(BandCells { with_band, above: sides.map(|[above, _]| above) })
    }

    /// The figures that others may see.
    fn published(&self, scale: usize, row: Row, suppressed: &Suppressed, limit: u64) -> PublishedChange {
        let Row { group, change } = row;
        let has_pairs = suppressed.is_shown(self.paired);
        let count = |cell: CellId, count: usize| if suppressed.is_shown(cell) { Figure::Shown(count as u64) } else { Figure::Hidden };
        let verdict = |place: usize| count(self.verdicts[place].unwrap_or(self.paired), change.verdicts[place]);
        let mean = Means {
            change: change.change.as_ref(),
            // Below ten pairs there is no mean to hide, and the number of pairs says so.
            is_too_few: has_pairs && change.paired < FEWEST,
            shown_of: if has_pairs && suppressed.is_shown(self.mean) { change.paired as u64 / limit } else { 0 },
        };
        let (base, above) = match &self.bands {
            None => (Figure::Absent, [Figure::Absent; 2]),
            // Of nobody there is nothing to count.
            Some(bands) if banded(&change) == 0 && suppressed.is_shown(bands.with_band) => (Figure::Absent, [Figure::Absent; 2]),
            Some(bands) => {
                let sides = above(&change);
                (count(bands.with_band, banded(&change)), [0, 1].map(|side| count(bands.above[side], sides[side])))
            }
        };
        PublishedChange {
            scale,
            baseline: count(self.baseline, change.baseline),
            review: count(self.review, change.review),
            paired: count(self.paired, change.paired),
            verdicts: [0, 1, 2, 3].map(verdict),
            above,
            percent_above: above.map(|above| share(above, base)),
            mean: mean.of(1, |change| Some(change.mean)),
            sd: mean.of(1, |change| Some(change.sd)),
            interval: [mean.of(1, |change| Some(change.interval?.low)), mean.of(1, |change| Some(change.interval?.high))],
            median: mean.of(2, |change| Some(change.median)),
            quartiles: [mean.of(4, |change| Some(change.quartiles.0)), mean.of(4, |change| Some(change.quartiles.1))],
            effect: [
                mean.of(1, |change| Some(change.effect?.estimate)),
                mean.of(1, |change| Some(change.effect?.interval.low)),
                mean.of(1, |change| Some(change.effect?.interval.high)),
            ],
            t_p: mean.of(1, |change| change.technical.t_p),
            wilcoxon_p: mean.of(4, |change| change.technical.wilcoxon_p),
            group,
        }
    }
}

/// Of nobody there is nobody with a verdict or above a level either, and everybody may know it.
fn of(base: usize) -> Zero {
    if base == 0 { Zero::Shown } else { Zero::Hidden }
}

/// A group's mean and what goes with it.
struct Means<'c> {
    change: Option<&'c MeanChange>,
    is_too_few: bool,
    /// How many times the limit the pairs are, where the mean is shown.
    shown_of: u64,
}

impl Means<'_> {
    /// A figure that needs so many times the limit.
    fn of(&self, parts: u64, pick: fn(&MeanChange) -> Option<f64>) -> Figure<f64> {
        if self.is_too_few {
            return Figure::Absent;
        }
        if self.shown_of < parts { Figure::Hidden } else { self.change.and_then(pick).map_or(Figure::Absent, Figure::Shown) }
    }
}

/// A share in per cent, where both its count and its base are shown and it has a base that is large enough.
#[expect(clippy::cast_precision_loss, reason = "counts of pupils are far below 2^52")]
fn share(count: Figure<u64>, base: Figure<u64>) -> Figure<f64> {
    match (count, base) {
        (_, Figure::Absent) => Figure::Absent,
        (_, Figure::Shown(base)) if base < FEWEST as u64 => Figure::Absent,
        (Figure::Shown(count), Figure::Shown(base)) => Figure::Shown(100.0 * count as f64 / base as f64),
        _ => Figure::Hidden,
    }
}
