//! What groups come to, as rows and as sentences that governors can read. No sentence says why scores changed.

use super::Cell;
use super::cell::decimal;
use super::summary_rows::{self, ALL_GROUPS};
use crate::change::Verdict;
use crate::cohort::{GroupChange, PublishedChange};
use crate::findings::count_of;
use crate::scoring::Form;

/// Whether p-values are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// For schools: counts, means and intervals.
    Plain,
    /// For those who publish: p-values too.
    Technical,
}

/// The names of the columns; `by` are the columns that groups are cut by.
pub fn group_columns(form: &Form, by: &[String], detail: Detail) -> Vec<String> {
    let mut names = first_columns(by);
    names.extend(["n_unscored", "n_incomparable", "n_started_near_best"].map(str::to_owned));
    names.extend(["n_above_before", "n_above_after", "percent_above_before", "percent_above_after"].map(str::to_owned));
    names.extend(["percent_above_change_low", "percent_above_change_high"].map(str::to_owned));
    names.extend(["standardised_mean_change", "standardised_mean_change_low", "standardised_mean_change_high"].map(str::to_owned));
    if detail == Detail::Technical {
        names.extend(["p_paired_t", "p_wilcoxon", "p_mcnemar_exact"].map(str::to_owned));
    }
    let levels = most_levels(form);
    names.extend((0..levels).flat_map(|before| (0..levels).map(move |after| format!("n_level_{before}_to_{after}"))));
    names
}

/// The columns of those who may not see the pupils: without those whose numbers could not be hidden apart.
pub fn published_group_columns(by: &[String], detail: Detail) -> Vec<String> {
    let mut names = first_columns(by);
    names.extend(["n_above_before", "n_above_after", "percent_above_before", "percent_above_after"].map(str::to_owned));
    names.extend(["standardised_mean_change", "standardised_mean_change_low", "standardised_mean_change_high"].map(str::to_owned));
    if detail == Detail::Technical {
        names.extend(["p_paired_t", "p_wilcoxon"].map(str::to_owned));
    }
    names
}

/// Scale, group, counts, changes and verdicts: the columns that both begin with.
fn first_columns(by: &[String]) -> Vec<String> {
    let mut names = vec!["scale".to_owned()];
    names.extend(by.iter().cloned());
    names.extend(["n_baseline", "n_review", "n_paired"].map(str::to_owned));
    names.extend(
        ["mean_change", "sd_change", "mean_change_low", "mean_change_high", "median_change", "q1_change", "q3_change"].map(str::to_owned),
    );
    names.extend(Verdict::ALL.map(|verdict| format!("n_{}", verdict.words().replace(' ', "_"))));
    names
}

/// The cells of one group and scale, as far as others may read them; `columns` is how many columns groups are cut by.
pub fn published_group_cells<'c>(form: &'c Form, row: &'c PublishedChange, columns: usize, detail: Detail) -> Vec<Cell<'c>> {
    let mut cells = vec![Cell::text(form.instrument().scales.get(row.scale).map_or("", |scale| &*scale.id))];
    match &row.group {
        Some(names) => cells.extend(names.iter().map(|name| Cell::text(name.as_str()))),
        None => cells.extend((0..columns).map(|_| Cell::text(ALL_GROUPS))),
    }
    cells.extend([row.baseline, row.review, row.paired].map(summary_rows::count));
    cells.extend([row.mean, row.sd, row.interval[0], row.interval[1]].map(|value| summary_rows::figure(value, 2)));
    cells.push(summary_rows::figure(row.median, 1));
    cells.extend(row.quartiles.map(|value| summary_rows::figure(value, 2)));
    cells.extend(row.verdicts.map(summary_rows::count));
    cells.extend(row.above.map(summary_rows::count));
    cells.extend(row.percent_above.map(|value| summary_rows::figure(value, 1)));
    cells.extend(row.effect.map(|value| summary_rows::figure(value, 2)));
    if detail == Detail::Technical {
        cells.extend([row.t_p, row.wilcoxon_p].map(|value| summary_rows::figure(value, 4)));
    }
    cells
}

fn most_levels(form: &Form) -> usize {
    form.shown().iter().filter_map(|scale| form.bands(*scale)).map(|bands| bands.levels.len()).max().unwrap_or(0)
}

/// The cells of one group and scale.
pub fn group_cells<'c>(form: &'c Form, scale: usize, names: &'c [String], group: &GroupChange, detail: Detail) -> Vec<Cell<'c>> {
    let count = |count: usize| Cell::Count(count as u64);
    let mut cells = vec![Cell::text(form.instrument().scales.get(scale).map_or("", |scale| &*scale.id))];
    cells.extend(names.iter().map(|name| Cell::text(name.as_str())));
    cells.extend([count(group.baseline), count(group.review), count(group.paired)]);
    let figure = |value: Option<f64>, places| value.map_or(Cell::Empty, |value| Cell::Decimal(value, places));
    let change = group.change.as_ref();
    let interval = change.and_then(|change| change.interval);
    cells.extend([
        figure(change.map(|change| change.mean), 2),
        figure(change.map(|change| change.sd), 2),
        figure(interval.map(|interval| interval.low), 2),
        figure(interval.map(|interval| interval.high), 2),
        figure(change.map(|change| change.median), 1),
        figure(change.map(|change| change.quartiles.0), 2),
        figure(change.map(|change| change.quartiles.1), 2),
    ]);
    cells.extend(group.verdicts.map(count));
    cells.extend([group.unscored, group.incomparable, group.started_near_best].map(count));
    cells.extend(above_cells(group));
    let effect = change.and_then(|change| change.effect);
    cells.extend(
        [effect.map(|effect| effect.estimate), effect.map(|effect| effect.interval.low), effect.map(|effect| effect.interval.high)]
            .map(|value| figure(value, 2)),
    );
    if detail == Detail::Technical {
        let technical = change.map(|change| &change.technical);
        cells.extend([
            figure(technical.and_then(|technical| technical.t_p), 4),
            figure(technical.and_then(|technical| technical.wilcoxon_p), 4),
            figure(group.above.and_then(|above| above.p), 4),
        ]);
    }
    let levels = most_levels(form);
    let moved = |before: usize, after: usize| {
        group.transitions.get(before).and_then(|row| row.get(after)).map_or(Cell::Empty, |moved| count(*moved))
    };
    cells.extend((0..levels).flat_map(|before| (0..levels).map(move |after| (before, after))).map(|(before, after)| moved(before, after)));
    cells
}

fn above_cells(group: &GroupChange) -> [Cell<'static>; 6] {
    let Some(above) = group.above else { return [Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty] };
    let table = above.table;
    // A share of fewer than ten pupils misleads like a mean does.
    let share = |count: usize| {
        if above.is_enough { percent(count, table.n()).map_or(Cell::Empty, |share| Cell::Decimal(share, 1)) } else { Cell::Empty }
    };
    let side = |value: Option<f64>| value.map_or(Cell::Empty, |value| Cell::Decimal(100.0 * value, 1));
    [
        Cell::Count(table.above_at_baseline() as u64),
        Cell::Count(table.above_at_review() as u64),
        share(table.above_at_baseline()),
        share(table.above_at_review()),
        side(above.difference.map(|difference| difference.low)),
        side(above.difference.map(|difference| difference.high)),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "counts of pupils are far below 2^52")]
fn percent(count: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| 100.0 * count as f64 / of as f64)
}

/// What a group comes to, in sentences.
pub(super) fn group_sentences(form: &Form, scale: usize, group: &GroupChange, detail: Detail) -> Vec<String> {
    let [better, same, worse, cannot] = group.verdicts;
    let pupils = |count: usize| count_of(count as u64, "pupil");
    let mut lines = vec![format!(
        "Of {} with both scores, {better} clearly better, {same} no clear change, {worse} clearly worse{}.",
        pupils(group.paired),
        if cannot == 0 { String::new() } else { format!("; for {cannot} nobody can tell") }
    )];
    if group.baseline > group.paired || group.review > group.paired {
        lines.push(format!("{} had a baseline score and {} a review score.", pupils(group.baseline), group.review));
    }
    if group.unscored > 0 {
        lines.push(format!("{} had a form at both times and could not be scored at one of them.", pupils(group.unscored)));
    }
    if group.incomparable > 0 {
        lines.push(format!("{} had two scores that may not be compared, and stand in none of these figures.", pupils(group.incomparable)));
    }
    if group.started_near_best > 0 {
        lines.push(format!("{} started too near the best score to show a clear change for the better.", pupils(group.started_near_best)));
    }
    match &group.change {
        None => lines.push("With fewer than ten pairs there are only counts.".to_owned()),
        Some(change) => {
            let interval = change.interval.map_or_else(
                || "all changes are equal".to_owned(),
                |interval| format!("95 % interval {} to {}", decimal(interval.low, 1), decimal(interval.high, 1)),
            );
            lines.push(format!("Mean change {} points ({interval}); median {}.", decimal(change.mean, 1), decimal(change.median, 1)));
            if let Some(effect) = change.effect {
                lines.push(format!(
                    "Standardised mean change (by the baseline standard deviation, corrected for small groups) {}, 95 % interval {} to {}.",
                    decimal(effect.estimate, 2),
                    decimal(effect.interval.low, 2),
                    decimal(effect.interval.high, 2)
                ));
            }
        }
    }
    lines.extend(above_sentence(form, scale, group));
    if detail == Detail::Technical {
        lines.extend(technical_sentence(group));
    }
    lines
}

fn above_sentence(form: &Form, scale: usize, group: &GroupChange) -> Option<String> {
    let above = group.above?;
    let (level, bands) = (form.band_set()?.flag_from, form.bands(scale)?);
    let (before, after, n) = (above.table.above_at_baseline(), above.table.above_at_review(), above.table.n());
    let share = |count: usize| match percent(count, n).filter(|_| above.is_enough) {
        Some(share) => format!("{count} ({} %)", decimal(share, 0)),
        None => count.to_string(),
    };
    let last = bands.levels.len() - 1;
    let name = if level == last { format!("\"{}\"", bands.name(level)) } else { format!("\"{}\" or beyond", bands.name(level)) };
    let interval = above.difference.map_or(String::new(), |difference| {
        format!(
            "; 95 % interval of the difference {} to {} percentage points",
            decimal(100.0 * difference.low, 0),
            decimal(100.0 * difference.high, 0)
        )
    });
    Some(format!("{name}: {} of {n} before, {} after{interval}.", share(before), share(after)))
}

fn technical_sentence(group: &GroupChange) -> Option<String> {
    let technical = &group.change.as_ref()?.technical;
    let p = |name: &str, value: Option<f64>| value.map(|value| format!("{name} p = {}", decimal(value, 4)));
    let parts: Vec<String> = [
        p("paired t", technical.t_p),
        p("Wilcoxon signed-rank", technical.wilcoxon_p),
        p("McNemar exact", group.above.and_then(|above| above.p)),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| format!("{}.", parts.join(", ")))
}
