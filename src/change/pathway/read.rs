//! From the text of a pathway to a [`Pathway`], or to every problem it has.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use toml::de::DeTable;

use super::tiers::{Covers, Spans, Tier, overlaps};
use super::{Pathway, Route, Stage, StageId};
use crate::findings::{Code, Finding, Place, Source};
use crate::instrument::Text;
use crate::instrument::walk::{At, Codes, Section, Walk};
use crate::provenance::hexadecimal;

const CODES: Codes =
    Codes { unknown_key: Code::W002, missing_key: Code::W003, wrong_kind: Code::W004, undefined: Code::W006, twice: Code::W005 };

/// Reads a pathway.
///
/// # Errors
///
/// Everything that is wrong with it, in the order of the file. Whether its tiers fit the forms in use is for [`Pathway::check`].
pub fn read_pathway(name: &str, text: &str) -> Result<Pathway, Vec<Finding>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = Arc::new(Source { name: name.into(), text: text.to_owned() });
    let walk = Walk::with_codes(Text { base: None, own: Arc::clone(&source) }, CODES);
    let (table, errors) = DeTable::parse_recoverable(text);
    // One missing bracket makes an error of every line after it: only the first is worth reading.
    if let Some(error) = errors.iter().min_by_key(|error| error.span().unwrap_or_default().start) {
        let span = error.span().unwrap_or_default();
        let help = "look here and in the lines above: a bracket or a quotation mark may not be closed";
        walk.report_with_help(Code::W001, &span, format!("this is not TOML: {}", error.message()), help);
        return Err(walk.into_findings());
    }
    let top = Section::new(&walk, table.get_ref(), walk.first_line(), "the pathway");
    let title = top.text("title").map(|title| title.value);
    let stages = top.section("stages", "`stages`").map(|section| stages(&walk, section)).unwrap_or_default();
    let next_steps = words(&walk, top.texts("next_steps"), "next_steps");
    let routes = routes(&walk, &top);
    let tiers = tiers(&walk, &top);
    if stages.is_empty() && next_steps.is_empty() && routes.is_empty() && tiers.is_empty() && !has_any(&top) {
        walk.report(Code::W003, &top.span, "the pathway has no stage, no next step, no route and no tier");
    }
    top.close();
    for (place, message) in overlaps(&tiers) {
        walk.report_with_help(Code::W007, &place, message, "each score, or each band, is in one tier");
    }
    let mut findings = walk.into_findings();
    if findings.is_empty() {
        let sha256 = hexadecimal(&Sha256::digest(text.as_bytes()));
        return Ok(Pathway { title, stages, next_steps, routes, tiers, source, sha256 });
    }
    findings.sort_by_key(|finding| match &finding.place {
        Place::Definition { span, .. } => span.start,
        _ => 0,
    });
    Err(findings)
}

/// Whether the file tries to say something: then what is wrong with it is told, and not that it is empty.
fn has_any(top: &Section<'_, '_>) -> bool {
    ["stages", "next_steps", "routes", "tiers"].iter().any(|key| top.table_has(key))
}

fn stages(walk: &Walk, section: Section<'_, '_>) -> Vec<Stage> {
    let mut found = Vec::new();
    for id in StageId::ALL {
        let Some(stage) = section.section(id.word(), format!("stage `{}`", id.word())) else { continue };
        let title = stage.text("title").map(|title| title.value).filter(|title| !title.trim().is_empty());
        let prompts = words(walk, stage.texts("prompts"), "prompts");
        stage.close();
        found.push(Stage { id, title: title.unwrap_or_else(|| id.usual_title().to_owned()), prompts });
    }
    section.close();
    found
}

/// A list of sentences; an empty one is a slip.
fn words(walk: &Walk, texts: Option<Vec<At<String>>>, key: &str) -> Vec<String> {
    let mut found = Vec::new();
    for text in texts.unwrap_or_default() {
        if text.value.trim().is_empty() {
            walk.report(Code::W003, &text.span, format!("an entry of `{key}` is empty"));
        } else {
            found.push(text.value.trim().to_owned());
        }
    }
    found
}

fn routes(walk: &Walk, top: &Section<'_, '_>) -> Vec<Route> {
    let mut found: Vec<Route> = Vec::new();
    for section in top.sections("routes", "the route") {
        let (name, when, how) = (section.required_text("name"), section.required_text("when"), section.required_text("how"));
        section.close();
        let (Some(name), Some(when), Some(how)) = (name, when, how) else { continue };
        let plain = |name: &str| name.trim().to_lowercase();
        if found.iter().any(|route| plain(&route.name) == plain(&name.value)) {
            walk.report(Code::W005, &name.span, format!("a route `{}` stands above already", name.value.trim()));
        }
        let trimmed = |text: At<String>| text.value.trim().to_owned();
        found.push(Route { name: trimmed(name), when: trimmed(when), how: trimmed(how) });
    }
    found
}

fn tiers(walk: &Walk, top: &Section<'_, '_>) -> Vec<Tier> {
    top.sections("tiers", "the tier").into_iter().filter_map(|section| tier(walk, section)).collect()
}

fn tier(walk: &Walk, section: Section<'_, '_>) -> Option<Tier> {
    let (instrument, scale, name) = (section.required_text("instrument"), section.required_text("scale"), section.required_text("tier"));
    let (from, to, bands) = (section.number("from"), section.number("to"), section.texts("bands"));
    let has = |key: &str| section.table_has(key);
    let (has_scores, has_bands) = (has("from") || has("to"), has("bands"));
    let span = section.span.clone();
    section.close();
    if has_scores == has_bands {
        let said = if has_scores { "both" } else { "neither" };
        let message = format!("the tier says {said} of its scores (`from`, `to`) and its `bands`");
        walk.report_with_help(Code::W003, &span, message, "write `from = 0` and `to = 10`, or `bands = [\"…\"]`");
        return None;
    }
    let (covers, places) = if has_bands {
        let bands = bands?;
        if bands.is_empty() {
            walk.report(Code::W003, &span, "the tier's `bands` is an empty list");
            return None;
        }
        let places = bands.iter().map(|band| band.span.clone()).collect();
        (Covers::Bands(bands.into_iter().map(|band| band.value.trim().to_owned()).collect()), places)
    } else {
        // An end that is not there has its place where the other one is; one that is no number has been reported.
        let first = from.as_ref().or(to.as_ref())?.span.clone();
        let places = vec![first.clone(), to.as_ref().map_or_else(|| first.clone(), |to| to.span.clone())];
        let (from, to) = (from.map(|from| from.value), to.map(|to| to.value));
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            walk.report(Code::W007, &first, format!("the tier's scores run from {from} to {to}: the first should be the smaller one"));
            return None;
        }
        (Covers::Scores { from, to }, places)
    };
    let (instrument, scale) = (instrument?, scale?);
    let spans = Spans { instrument: instrument.span.clone(), scale: scale.span.clone(), covers: places };
    let trimmed = |text: At<String>| text.value.trim().to_owned();
    Some(Tier::new(trimmed(instrument), trimmed(scale), trimmed(name?), covers, spans))
}
