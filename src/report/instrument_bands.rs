//! The bands and norms of an instrument's page: every edge and every mean as the manual prints them.

use std::fmt::Write as _;

use super::table::{TableStyle, pairs, plain_table};
use crate::instrument::{BandSet, Bands, Better, Instrument, NormCell, Number, Scale};

/// A band set: its source, a row for each scale, and for each group where the edges differ, and the lists that `flag` makes.
pub(super) fn band_set(instrument: &Instrument, set: &BandSet, is_default: bool, look: TableStyle) -> String {
    let mut text = format!("Bands `{}`{}\n", set.id, if is_default { ", used unless another set is named" } else { ", by name" });
    text.push_str(&pairs([("  source:", set.source.clone())], look));
    let most = set.scales.iter().flatten().map(|bands| bands.levels.len()).max().unwrap_or(0);
    let rows = instrument.scales.iter().zip(&set.scales).flat_map(|(scale, bands)| {
        let bands = bands.as_ref();
        let groups: Vec<(String, Option<usize>)> = match bands.and_then(Bands::grouping).and_then(|index| instrument.groupings.get(index)) {
            Some(grouping) => grouping.all().into_iter().enumerate().map(|(place, name)| (format!(" {name}"), Some(place))).collect(),
            None => vec![(String::new(), None)],
        };
        groups.into_iter().filter_map(move |(name, group)| {
            let mut row = vec![format!("{}{name}", scale.id)];
            row.extend((0..most).map(|level| bands.map_or_else(String::new, |bands| band(bands, group, scale, level))));
            bands.is_some().then_some(row)
        })
    });
    let header: Vec<String> = std::iter::once("scale".to_owned()).chain((0..most).map(|level| format!("level {level}"))).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    text.push_str(&plain_table(&header, rows, look));
    for (position, list) in set.flag_lists.iter().enumerate() {
        let scales: Vec<&str> = list.scales.iter().filter_map(|scale| instrument.scales.get(*scale)).map(|scale| &*scale.id).collect();
        let words = format!("{} ({})", list.heading, scales.join(", "));
        text.push_str(&pairs([(format!("  flag list {}:", position + 1), words)], look));
    }
    text
}

/// `16 to 18 high`. Between whole scores a band ends just below the next edge, which half-open bands say rightly for fractions too.
pub(super) fn band(bands: &Bands, group: Option<usize>, scale: &Scale, level: usize) -> String {
    let Some(edges) = bands.edges(group).filter(|_| level < bands.levels.len()) else { return String::new() };
    let begins = level.checked_sub(1).and_then(|before| edges.get(before)).copied();
    let next = edges.get(level).copied();
    let (lowest, highest) = scale.range;
    let range = match (bands.better, bands.below) {
        (Better::Lower, _) => span(begins.unwrap_or(lowest), next.map_or(Ok(highest), Err), "below"),
        (Better::Higher, false) => span(begins.unwrap_or(highest), next.map_or(Ok(lowest), Err), "above"),
        (Better::Higher, true) => match (begins, next) {
            (None, Some(next)) => format!("{next} to {highest}"),
            (Some(begins), Some(next)) => format!("{next} to below {begins}"),
            (Some(begins), None) => format!("{lowest} to below {begins}"),
            (None, None) => String::new(),
        },
    };
    format!("{range} {}", bands.name(level))
}

/// From one end of a band to the other: the range's own end, or the edge of the next band, which is not in it.
fn span(from: Number, to: Result<Number, Number>, beyond: &str) -> String {
    let one = Number::whole(1);
    match to {
        Ok(end) if end == from => end.to_string(),
        Ok(end) => format!("{} to {}", from.min(end), from.max(end)),
        Err(edge) if edge < from && (edge.as_whole().is_none() || from.as_whole().is_none()) => format!("{beyond} {edge} to {from}"),
        Err(edge) if edge.as_whole().is_none() || from.as_whole().is_none() => format!("{from} to {beyond} {edge}"),
        Err(edge) => {
            let last = if edge > from { edge - one } else { edge + one };
            if last == from { from.to_string() } else { format!("{} to {}", from.min(last), from.max(last)) }
        }
    }
}

/// The norms, group by group, and how a pupil finds a group.
pub(super) fn norms(instrument: &Instrument, look: TableStyle) -> String {
    let mut text = String::new();
    for norms in &instrument.norms {
        let Some(grouping) = instrument.groupings.get(norms.grouping) else { continue };
        let _ = writeln!(text, "Norms `{}`: mean / standard deviation", norms.id);
        text.push_str(&pairs([("  source:", norms.source.clone())], look));
        let mut header = vec!["group"];
        header.extend(norms.scales.iter().filter_map(|scale| instrument.scales.get(*scale)).map(|scale| &*scale.id));
        let rows = grouping.all().into_iter().zip(&norms.cells).map(|(name, cells)| {
            let mut row = vec![name];
            row.extend(cells.iter().map(|cell| match cell {
                NormCell::Sample { mean, sd } => format!("{mean} / {sd}"),
                NormCell::Table { values, .. } => format!("a table of {} values", values.len()),
            }));
            row
        });
        text.push_str(&plain_table(&header, rows, look));
        text.push('\n');
    }
    for grouping in instrument.groupings.iter().filter(|grouping| !grouping.keys.is_empty()) {
        let _ = writeln!(text, "How a pupil finds a group of `{}`", grouping.id);
        for key in &grouping.keys {
            let ends = key.from.iter().skip(1).map(|next| next.saturating_sub(1)).chain([key.to]);
            let spans: Vec<String> =
                key.from.iter().zip(ends).zip(&grouping.names).map(|((from, to), name)| one_group(*from, to, name)).collect();
            let otherwise = key.otherwise.and_then(|other| grouping.keys.get(other));
            let otherwise = otherwise.map_or_else(String::new, |other| format!("; where it is not recorded, by {}", other.id));
            let words = format!("by {}: {}{otherwise}", key.by.word(), spans.join(", "));
            text.push_str(&pairs([(format!("  {}", key.id), words)], look));
        }
        text.push('\n');
    }
    text
}

/// `11 to 13 is young`, or `11 is 11`.
fn one_group(from: u8, to: u8, name: &str) -> String {
    if from == to { format!("{from} is {name}") } else { format!("{from} to {to} is {name}") }
}
