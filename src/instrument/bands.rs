//! Reading bands: where each level of concern begins, in named sets, each with its source.

use super::model::{BandSet, Bands, Better, FlagList, Scale};
use super::number::Number;
use super::walk::{At, Section, Walk, check_name, check_unique};
use crate::findings::{Code, count_of};

/// The band sets, and which of them is used unless another is named.
pub(super) fn band_sets(walk: &Walk, section: &Section<'_, '_>, scales: &[Scale]) -> (Vec<BandSet>, Option<usize>) {
    let mut found = Vec::new();
    let mut default: Option<usize> = None;
    for (name, section) in section.named_sections("band set") {
        check_name(walk, &name);
        let is_default = section.flag("default");
        if is_default && default.is_some() {
            walk.report(Code::I006, &name.span, "two band sets say `default = true`");
        }
        match band_set(walk, name.value.clone(), section, scales) {
            Some(set) => {
                default = default.or(is_default.then_some(found.len()));
                found.push(set);
            }
            None => walk.spoil(&name),
        }
    }
    (found, default)
}

fn band_set(walk: &Walk, id: String, section: Section<'_, '_>, scales: &[Scale]) -> Option<BandSet> {
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

fn raised(walk: &Walk, name: &At<String>, edges: &[At<Number>], levels: &[String], scales: &[Scale], found: &mut [Option<Bands>]) {
    let Some(index) = walk.resolve("scale", name, scales.iter().map(|scale| &*scale.id)) else { return };
    let Some(scale) = scales.get(index) else { return };
    if scale.better == Better::Higher {
        let message = format!("high scores of `{}` are better, so its bands belong under `lowered`", name.value);
        walk.report(Code::I010, &name.span, message);
        return;
    }
    let bands = Bands { levels: levels.to_vec(), edges: check_edges(walk, name, edges, levels.len(), scale), better: Better::Lower };
    if let Some(place) = found.get_mut(index) {
        *place = Some(bands);
    }
}

fn lowered_scale(walk: &Walk, name: &At<String>, section: Section<'_, '_>, scales: &[Scale], found: &mut [Option<Bands>]) {
    section.require("levels");
    section.require("at_most");
    let levels: Vec<String> = section.texts("levels").unwrap_or_default().into_iter().map(|level| level.value).collect();
    let edges = section.numbers("at_most").unwrap_or_default();
    section.close();
    let Some(index) = walk.resolve("scale", name, scales.iter().map(|scale| &*scale.id)) else { return };
    let Some(scale) = scales.get(index) else { return };
    if scale.better == Better::Lower {
        let message = format!("low scores of `{}` are better, so its bands belong under `from`", name.value);
        walk.report(Code::I010, &name.span, message);
        return;
    }
    let edges = check_edges(walk, name, &edges, levels.len(), scale);
    if let Some(place) = found.get_mut(index) {
        *place = Some(Bands { levels, edges, better: Better::Higher });
    }
}

/// Each level must begin further out than the one before it and inside the scale's range: then there is no gap, no overlap and no
/// level that nobody can reach.
fn check_edges(walk: &Walk, name: &At<String>, edges: &[At<Number>], levels: usize, scale: &Scale) -> Vec<Number> {
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
