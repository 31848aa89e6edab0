//! Reading bands: where each level of concern begins, in named sets, each with its source.

use super::norms::{place_of, report_empty};
use super::walk::{At, Section, Walk, check_name, check_unique};
use crate::findings::{Code, count_of};
use crate::instrument::grouping::Grouping;
use crate::instrument::model::{BandSet, Bands, Better, Edges, FlagList, Scale};
use crate::instrument::number::Number;

/// What bands can be about.
pub(super) struct Parts<'d> {
    pub(super) scales: &'d [Scale],
    pub(super) groupings: &'d [Grouping],
}

/// The band sets, and which of them is used unless another is named.
pub(super) fn band_sets(walk: &Walk, section: &Section<'_, '_>, parts: &Parts<'_>) -> (Vec<BandSet>, Option<usize>) {
    let mut found = Vec::new();
    let mut default: Option<usize> = None;
    for (name, section) in section.named_sections("band set") {
        check_name(walk, &name);
        let is_default = section.flag("default");
        if is_default && default.is_some() {
            walk.report(Code::I006, &name.span, "two band sets say `default = true`");
        }
        match band_set(walk, name.value.clone(), section, parts) {
            Some(set) => {
                default = default.or(is_default.then_some(found.len()));
                found.push(set);
            }
            None => walk.spoil(&name),
        }
    }
    (found, default)
}

fn band_set(walk: &Walk, id: String, section: Section<'_, '_>, parts: &Parts<'_>) -> Option<BandSet> {
    let scales = parts.scales;
    section.require("levels");
    let levels = section.texts("levels")?;
    check_unique(walk, "level", levels.iter());
    let source = section.text("source");
    if source.as_ref().is_none_or(|source| source.value.trim().is_empty()) {
        walk.report(Code::I012, &section.span, format!("band set `{id}` has no `source`"));
    }
    let names: Vec<String> = levels.iter().map(|level| level.value.clone()).collect();
    let mut found: Vec<Option<Bands>> = scales.iter().map(|_| None).collect();
    if let Some(from) = section.section("from", "`from`") {
        for (scale, _) in from.entries() {
            // The keys are scale names, so they are asked for by entry rather than by a known word.
            let edges = from.entry_numbers(&scale.value);
            raised(walk, &scale, &edges, &names, scales, &mut found);
        }
    }
    if let Some(groups) = section.text("groups") {
        by_group(walk, &section, &groups, &names, parts, &mut found);
    }
    if let Some(lowered) = section.section("lowered", "`lowered`") {
        for (scale, section) in lowered.named_sections("the bands of") {
            lowered_scale(walk, &scale, section, scales, &mut found);
        }
    }
    let flag_from = section.required_text("flag_from").and_then(|word| walk.resolve("level", &word, names.iter().map(String::as_str)));
    let flag_lists = flag_lists(walk, &section, scales, &found);
    section.close();
    Some(BandSet { id, source: source.map(|source| source.value).unwrap_or_default(), scales: found, flag_from: flag_from?, flag_lists })
}

/// Cut-offs that differ by the pupil's group: `rows = [{ sex = "M", group = "11-13", from = { total = [10.3] } }]`.
fn by_group(
    walk: &Walk,
    section: &Section<'_, '_>,
    groups: &At<String>,
    levels: &[String],
    parts: &Parts<'_>,
    found: &mut [Option<Bands>],
) {
    section.require("rows");
    let rows = section.sections("rows", "the row of cut-offs");
    let Some(index) = walk.resolve("grouping", groups, parts.groupings.iter().map(|group| group.id.as_str())) else { return };
    let Some(grouping) = parts.groupings.get(index) else { return };
    // Each row is read like a set of its own; then the rows of a scale are put together.
    let mut by_place: Vec<Option<Vec<Option<Bands>>>> = vec![None; grouping.count()];
    for row in rows {
        let place = place_of(walk, &row, grouping);
        let mut own: Vec<Option<Bands>> = parts.scales.iter().map(|_| None).collect();
        row.require("from");
        if let Some(from) = row.section("from", "`from`") {
            for (scale, _) in from.entries() {
                raised(walk, &scale, &from.entry_numbers(&scale.value), levels, parts.scales, &mut own);
            }
        }
        row.close();
        let Some((place, span)) = place else { continue };
        if let Some(slot) = by_place.get_mut(place) {
            if slot.is_some() {
                walk.report(Code::I006, &span, "this group has two rows");
            }
            *slot = Some(own);
        }
    }
    report_empty(walk, &groups.span, "these bands", Some(grouping), &by_place);
    for (scale, slot) in found.iter_mut().enumerate() {
        let rows: Vec<&Bands> = by_place.iter().flatten().filter_map(|row| row.get(scale)).flatten().collect();
        if rows.is_empty() {
            continue;
        }
        if rows.len() != by_place.iter().flatten().count() {
            let name = parts.scales.get(scale).map_or("", |scale| &*scale.id);
            walk.report(Code::I016, &groups.span, format!("not every row has edges for `{name}`"));
            continue;
        }
        let of = rows.iter().filter_map(|bands| bands.edges(None)).map(<[Number]>::to_vec).collect();
        *slot = Some(Bands { levels: levels.to_vec(), edges: Edges::ByGroup { grouping: index, of }, better: Better::Lower, below: false });
    }
}

fn raised(walk: &Walk, name: &At<String>, edges: &[At<Number>], levels: &[String], scales: &[Scale], found: &mut [Option<Bands>]) {
    let Some(index) = walk.resolve("scale", name, scales.iter().map(|scale| &*scale.id)) else { return };
    let Some(scale) = scales.get(index) else { return };
    if scale.better == Better::Higher {
        let message = format!("high scores of `{}` are better, so its bands belong under `lowered`", name.value);
        walk.report(Code::I010, &name.span, message);
        return;
    }
    let bands = Bands::same(levels.to_vec(), check_edges(walk, name, edges, levels.len(), scale, false), Better::Lower);
    if let Some(place) = found.get_mut(index) {
        *place = Some(bands);
    }
}

fn lowered_scale(walk: &Walk, name: &At<String>, section: Section<'_, '_>, scales: &[Scale], found: &mut [Option<Bands>]) {
    section.require("levels");
    let below = section.numbers("below");
    if below.is_none() {
        section.require("at_most");
    }
    let levels: Vec<String> = section.texts("levels").unwrap_or_default().into_iter().map(|level| level.value).collect();
    let (edges, below) = match (below, section.numbers("at_most")) {
        (Some(_), Some(_)) => {
            walk.report(Code::I010, &section.span, "bands begin either `at_most` or `below` an edge");
            return;
        }
        (Some(edges), None) => (edges, true),
        (None, at_most) => (at_most.unwrap_or_default(), false),
    };
    section.close();
    let Some(index) = walk.resolve("scale", name, scales.iter().map(|scale| &*scale.id)) else { return };
    let Some(scale) = scales.get(index) else { return };
    if scale.better == Better::Lower {
        let message = format!("low scores of `{}` are better, so its bands belong under `from`", name.value);
        walk.report(Code::I010, &name.span, message);
        return;
    }
    let edges = check_edges(walk, name, &edges, levels.len(), scale, below);
    if let Some(place) = found.get_mut(index) {
        *place = Some(Bands { levels, edges: Edges::Same(edges), better: Better::Higher, below });
    }
}

/// Each level must begin further out than the one before it and inside the scale's range: then there is no gap, no overlap and no
/// level that nobody can reach.
fn check_edges(walk: &Walk, name: &At<String>, edges: &[At<Number>], levels: usize, scale: &Scale, below: bool) -> Vec<Number> {
    if edges.len() + 1 != levels {
        let message = format!(
            "{} need {} for `{}`, and {} given",
            count_of(levels as u64, "level"),
            count_of((levels as u64).saturating_sub(1), "edge"),
            name.value,
            were(edges.len())
        );
        walk.report(Code::I010, &name.span, message);
    }
    let (lowest, highest) = scale.range;
    for (position, edge) in edges.iter().enumerate() {
        let before = position.checked_sub(1).and_then(|before| edges.get(before));
        let in_order = before.is_none_or(|before| match scale.better {
            Better::Lower => edge.value > before.value,
            Better::Higher => edge.value < before.value,
        });
        let reachable = match scale.better {
            Better::Lower => edge.value > lowest && edge.value <= highest,
            Better::Higher if below => edge.value <= highest && edge.value > lowest,
            Better::Higher => edge.value < highest && edge.value >= lowest,
        };
        if !in_order {
            let message = format!("bands of `{}` overlap: {} does not lie beyond the edge before it", name.value, edge.value);
            walk.report(Code::I010, &edge.span, message);
        } else if !reachable {
            let message = format!("a band of `{}` begins at {}, but its scores run from {lowest} to {highest}", name.value, edge.value);
            walk.report(Code::I010, &edge.span, message);
        }
    }
    edges.iter().map(|edge| edge.value).collect()
}

fn were(count: usize) -> String {
    if count == 1 { "1 was".to_owned() } else { format!("{count} were") }
}

fn flag_lists(walk: &Walk, section: &Section<'_, '_>, scales: &[Scale], bands: &[Option<Bands>]) -> Vec<FlagList> {
    section.require("flags");
    let mut found = Vec::new();
    for section in section.sections("flags", "the flag list") {
        let heading = section.required_text("heading");
        section.require("scales");
        let names = section.texts("scales").unwrap_or_default();
        let about = section.text("about").map(|about| about.value);
        section.close();
        let mut indices = Vec::new();
        for name in &names {
            let Some(index) = walk.resolve("scale", name, scales.iter().map(|scale| &*scale.id)) else { continue };
            if bands.get(index).is_none_or(Option::is_none) {
                walk.report(Code::I010, &name.span, format!("scale `{}` has no bands in this set, so it can flag nobody", name.value));
            }
            indices.push(index);
        }
        if let Some(heading) = heading {
            found.push(FlagList { heading: heading.value, scales: indices, about });
        }
    }
    found
}
