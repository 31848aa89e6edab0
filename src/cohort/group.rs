//! What a group comes to: counts, mean and median change with its interval, and how many are above the level before and after.
//!
//! Below ten pairs there are only counts: an interval from four pupils misleads. Nothing here says why scores changed.

use polars::prelude::{DataFrame, IntoLazy, NamedFrom, PolarsError, Series, col};

use super::pair::FrameError;
use crate::change::{Change, Verdict};
use crate::stats::describe::{median, quantile};
use crate::stats::effect::{CorrectedBy, EffectEstimate, corrected_change};
use crate::stats::mcnemar::{ThresholdTable, bonett_price, mcnemar};
use crate::stats::paired::paired_t;
use crate::stats::signed_rank::{PValue, Zeros, signed_rank};
use crate::stats::{Confidence, Interval, Pairs};

/// Fewer pairs than this are only counted.
pub(super) const FEWEST: usize = 10;

/// What is known of a group besides its changes.
#[derive(Clone, Debug, Default)]
pub struct GroupOptions {
    /// The level that counts as above, for scales with bands.
    pub level: Option<usize>,
    /// How many levels the scale's bands have.
    pub levels: usize,
}

/// What the changes of one scale in one group come to.
#[derive(Clone, Debug, Default)]
pub struct GroupChange {
    /// How many had a score at baseline.
    pub baseline: usize,
    /// How many had a score at review.
    pub review: usize,
    /// How many had both, and may be compared.
    pub paired: usize,
    /// How many were at both times and could not be scored at one of them.
    pub unscored: usize,
    /// How many had both scores and may not be compared.
    pub incomparable: usize,
    /// How many of the pairs there are for each verdict, in the order of [`Verdict::ALL`].
    pub verdicts: [usize; 4],
    /// How many of the pairs started too near the best score to show a clear change for the better.
    pub started_near_best: usize,
    /// Mean and median change; none below ten pairs.
    pub change: Option<MeanChange>,
    /// How many are above the level at each time; none where the scale has no bands.
    pub above: Option<AboveLevel>,
    /// From band to band: rows baseline, columns review.
    pub transitions: Vec<Vec<usize>>,
}

/// Mean and median change of a group.
#[derive(Clone, Debug)]
pub struct MeanChange {
    /// The mean change, review minus baseline.
    pub mean: f64,
    /// Its standard deviation.
    pub sd: f64,
    /// Its 95 % interval; none if all changes are equal, because then there is no spread to build it from.
    pub interval: Option<Interval>,
    /// The median change.
    pub median: f64,
    /// The quarter of changes below and the quarter above lie beyond these.
    pub quartiles: (f64, f64),
    /// Standardised mean change by the baseline standard deviation, corrected for small groups (SMCR).
    pub effect: Option<EffectEstimate>,
    /// For those who publish.
    pub technical: Technical,
}

/// Figures that are only shown when they are asked for.
#[derive(Clone, Debug, Default)]
pub struct Technical {
    /// Two-sided p of the paired t test.
    pub t_p: Option<f64>,
    /// Two-sided p of the exact Wilcoxon signed-rank test, zeros dropped.
    pub wilcoxon_p: Option<f64>,
}

/// Above the level before and after.
#[derive(Clone, Copy, Debug)]
pub struct AboveLevel {
    /// The four counts, of pairs that have a band at both times.
    pub table: ThresholdTable,
    /// Whether there are enough of them for shares and intervals.
    pub is_enough: bool,
    /// The interval of the difference in shares, review minus baseline; none below ten pairs.
    pub difference: Option<Interval>,
    /// The exact two-sided p of `McNemar`'s test.
    pub p: Option<f64>,
}

/// A group's cells, and the rows that have them.
pub type GroupRows = (Vec<String>, Vec<usize>);

/// Which rows belong to which group, in the order in which the groups first appear. Without names there is one group of all.
///
/// # Errors
///
/// When polars refuses, which only happens when memory runs out.
pub fn groups_of(names: &[String], rows: &[&[String]]) -> Result<Vec<GroupRows>, FrameError> {
    if names.is_empty() {
        return Ok(vec![(Vec::new(), (0..rows.len()).collect())]);
    }
    let positions: Vec<u32> = (0..rows.len()).filter_map(|position| u32::try_from(position).ok()).collect();
    let mut columns = vec![Series::new("row".into(), positions).into()];
    for (index, _) in names.iter().enumerate() {
        let cells: Vec<&str> = rows.iter().map(|row| row.get(index).map_or("", String::as_str)).collect();
        columns.push(Series::new(key(index).as_str().into(), cells).into());
    }
    let keys: Vec<_> = (0..names.len()).map(|index| col(key(index))).collect();
    let grouped = DataFrame::new(rows.len(), columns)?.lazy().group_by_stable(keys).agg([col("row")]).collect()?;
    let lists = grouped.column("row")?.as_materialized_series().list()?.clone();
    let mut found = Vec::with_capacity(grouped.height());
    for group in 0..grouped.height() {
        let mut cells = Vec::with_capacity(names.len());
        for index in 0..names.len() {
            let cell = grouped.column(&key(index))?.as_materialized_series().str()?.get(group).unwrap_or_default().to_owned();
            cells.push(cell);
        }
        let rows: Result<Vec<usize>, PolarsError> = match lists.get_as_series(group) {
            Some(series) => Ok(series.u32()?.into_no_null_iter().map(|row| row as usize).collect()),
            None => Ok(Vec::new()),
        };
        found.push((cells, rows?));
    }
    Ok(found)
}

/// Group columns are named by position, so that a user's column cannot be mistaken for ours.
fn key(index: usize) -> String {
    format!("group {index}")
}

/// What the changes of one scale come to. `alone` counts pupils with a score at one time only: baseline, review.
pub fn group_changes<'c>(changes: impl IntoIterator<Item = &'c Change>, alone: (usize, usize), options: &GroupOptions) -> GroupChange {
    let mut group = GroupChange {
        baseline: alone.0,
        review: alone.1,
        transitions: vec![vec![0; options.levels]; options.levels],
        ..GroupChange::default()
    };
    let (mut first, mut second) = (Vec::new(), Vec::new());
    let mut table = ThresholdTable { stayed_above: 0, moved_below: 0, moved_above: 0, stayed_below: 0 };
    for change in changes {
        group.baseline += usize::from(change.baseline.is_some());
        group.review += usize::from(change.review.is_some());
        let (Some(x), Some(y)) = (change.baseline, change.review) else {
            group.unscored += 1;
            continue;
        };
        // A difference between two times that cannot be compared is no change of the pupil.
        if !change.is_comparable {
            group.incomparable += 1;
            continue;
        }
        if let Some(place) = Verdict::ALL.iter().position(|verdict| *verdict == change.verdict) {
            group.verdicts[place] += 1;
        }
        group.started_near_best += usize::from(change.started_near_best);
        first.push(x.to_f64());
        second.push(y.to_f64());
        if let (Some(before), Some(after)) = (change.baseline_level, change.review_level) {
            if let Some(cell) = group.transitions.get_mut(before).and_then(|row| row.get_mut(after)) {
                *cell += 1;
            }
            if let Some(level) = options.level {
                match (before >= level, after >= level) {
                    (true, true) => table.stayed_above += 1,
                    (true, false) => table.moved_below += 1,
                    (false, true) => table.moved_above += 1,
                    (false, false) => table.stayed_below += 1,
                }
            }
        }
    }
    group.paired = first.len();
    let enough = group.paired >= FEWEST;
    group.change = Pairs::new(&first, &second).ok().filter(|_| enough).and_then(|pairs| mean_change(&pairs));
    let enough = table.n() >= FEWEST;
    group.above = options.level.filter(|_| table.n() > 0).map(|_| AboveLevel {
        table,
        is_enough: enough,
        // The interval is of before minus after; a report says what became of the pupils.
        difference: bonett_price(&table, Confidence::NINETY_FIVE)
            .ok()
            .filter(|_| enough)
            .map(|fall| Interval { low: -fall.high, high: -fall.low }),
        p: mcnemar(&table).ok().map(|test| test.p_exact).filter(|_| enough),
    });
    group
}

fn mean_change(pairs: &Pairs) -> Option<MeanChange> {
    let changes = pairs.changes();
    let moments = pairs.moments().ok()?;
    let test = paired_t(pairs, Confidence::NINETY_FIVE).ok();
    Some(MeanChange {
        mean: moments.change_mean,
        sd: moments.change_sd,
        interval: test.and_then(|test| test.interval),
        median: median(changes).ok()?,
        quartiles: (quantile(changes, 0.25).ok()?, quantile(changes, 0.75).ok()?),
        effect: corrected_change(pairs, CorrectedBy::BaselineSd, Confidence::NINETY_FIVE).ok(),
        technical: Technical {
            t_p: test.map(|test| test.p_two_sided),
            wilcoxon_p: signed_rank(pairs, Zeros::Dropped, PValue::ExactWherePossible).ok().map(|test| test.p_two_sided),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_appear_in_the_order_of_the_rows() {
        let rows: Vec<Vec<String>> = ["b x", "a x", "b y", "b x"].iter().map(|row| row.split(' ').map(str::to_owned).collect()).collect();
        let rows: Vec<&[String]> = rows.iter().map(Vec::as_slice).collect();
        let names = ["class".to_owned(), "sex".to_owned()];
        let found =
            groups_of(&names, &rows).map(|groups| groups.into_iter().map(|(name, rows)| (name.join(" "), rows)).collect::<Vec<_>>());
        assert_eq!(found.ok(), Some(vec![("b x".into(), vec![0, 3]), ("a x".into(), vec![1]), ("b y".into(), vec![2])]));
        assert_eq!(groups_of(&[], &rows).ok(), Some(vec![(vec![], vec![0, 1, 2, 3])]));
    }
}
