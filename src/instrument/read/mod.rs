//! From the text of a definition to an [`Instrument`], or to every problem it has.

mod answers;
mod bands;
mod derived;
mod extends;
mod items;
mod norms;
mod records;
mod scales;
pub(crate) mod walk;

use std::ops::Range;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::DeTable;

use crate::findings::{Code, Finding, Place, Severity, Source};
use crate::instrument::model::{
    AgeRange, Block, Choice, Critical, Definition, Informant, Instrument, Item, Licence, LicenceStatus, NotAsked, Scale, Text, Wording,
};
use crate::provenance::hexadecimal;
pub use walk::is_name;
use walk::{At, Section, Walk, check_name, text};

/// Reads and checks a definition.
///
/// # Errors
///
/// Everything that is wrong with it, in the order of the file. Notes alone are no error: they come beside the instrument.
pub fn read_definition(name: &str, text: &str) -> Result<(Instrument, Vec<Finding>), Vec<Finding>> {
    let own = Arc::new(Source { name: name.into(), text: text.to_owned() });
    let (table, errors) = DeTable::parse_recoverable(text);
    // One missing bracket makes an error of every line after it: only the first is worth reading. What a broken line leaves out would
    // only be reported again as missing.
    if let Some(error) = errors.iter().min_by_key(|error| error.span().unwrap_or_default().start) {
        let walk = Walk::new(Text { base: None, own });
        let span = error.span().unwrap_or_default();
        let message = format!("this is not TOML: {}", error.message());
        let help = "look here and in the lines above: a bracket or a quotation mark may not be closed";
        walk.report_with_help(Code::I001, &span, message, help);
        return Err(walk.into_findings());
    }
    let Some(base) = table.get_ref().get("extends") else {
        return read_table(Walk::new(Text { base: None, own }), &table);
    };
    let walk = Walk::new(Text { base: None, own: Arc::clone(&own) });
    let Some(base) = extends::base(&walk, base) else { return Err(walk.into_findings()) };
    extends::read_merged(&base, own, read_table)
}

/// Reads a table that holds the whole definition.
fn read_table(walk: Walk, table: &Spanned<DeTable<'_>>) -> Result<(Instrument, Vec<Finding>), Vec<Finding>> {
    let instrument = instrument(&walk, table);
    let mut findings = walk.into_findings();
    findings.sort_by_key(|finding| match &finding.place {
        Place::Definition { span, .. } => span.start,
        _ => 0,
    });
    match instrument {
        Some(instrument) if findings.iter().all(|finding| finding.code.severity() < Severity::Refusal) => Ok((instrument, findings)),
        _ => Err(findings),
    }
}

/// The hash that stands for a definition in every provenance.
fn sha256(text: &str) -> String {
    hexadecimal(&Sha256::digest(text.as_bytes()))
}

fn instrument(walk: &Walk, table: &Spanned<DeTable<'_>>) -> Option<Instrument> {
    let top = Section::new(walk, table.get_ref(), walk.first_line(), "the definition");
    let id = top.required_text("id").inspect(|id| check_name(walk, id));
    let name = top.required_text("name");
    let form = top.required_text("form");
    let family = top.required_text("family");
    let informant = top.required_word("informant", Informant::ALL);
    let ages = top.section("ages", "`ages`").and_then(|section| ages(walk, section));
    let period = top.text("period");
    let period_months = top.count("period_months");
    let numbered_to = top.count("numbered_to");
    let version = top.required_text("version");
    let owner = top.required_text("owner");
    let wording = top.required_word("wording", Wording::ALL);
    top.require("licence");
    let licence = top.section("licence", "`licence`").and_then(licence);
    let notes = plain(top.texts("notes"));
    let sources = sources(walk, &top);
    let comparable_with = plain(top.texts("comparable_with"));
    let answers = top.section("answers", "`answers`").map(|section| answers::answer_sets(walk, &section)).unwrap_or_default();
    let blocks = top.section("blocks", "`blocks`").map(|section| blocks(walk, &section)).unwrap_or_default();
    let choices = top.section("choices", "`choices`").map(|section| choices(walk, &section)).unwrap_or_default();
    let mut items = items::items(walk, &top, &answers, &blocks);
    let orders = top.section("orders", "`orders`").map(|section| items::orders(walk, &section, &items)).unwrap_or_default();
    let groupings = top.section("groups", "`groups`").map(|section| norms::groupings(walk, &section, &choices)).unwrap_or_default();
    let mut norms = top.section("norms", "`norms`").map(|section| norms::norms(walk, &section, &groupings)).unwrap_or_default();
    let unscored = top.texts("unscored").unwrap_or_default();
    let parts = scales::Parts { answers: &answers, choices: &choices, items: &items, norms: &norms };
    let scales = scales::scales(walk, &top, &parts);
    norms::resolve(walk, &mut norms, &scales);
    let parts = bands::Parts { scales: &scales, groupings: &groupings };
    let (bands, default_bands) =
        top.section("bands", "`bands`").map(|section| bands::band_sets(walk, &section, &parts)).unwrap_or_default();
    let not_asked = not_asked(&top);
    let critical = records::critical(walk, &top, "critical", &answers, &items);
    let sensitive = records::critical(walk, &top, "sensitive", &answers, &items);
    let cautions = records::cautions(walk, &top, &scales);
    let change = records::change(walk, &top, &scales);
    mark_needed(walk, &mut items, &scales, &[&critical, &sensitive], &unscored);
    let parts =
        records::ExampleParts { answers: &answers, blocks: &blocks, choices: &choices, items: &items, scales: &scales, bands: &bands };
    let examples = records::examples(walk, &top, &parts);
    check_main(walk, &top, &scales);
    top.close();
    let definition = Definition { text: walk.text().clone(), sha256: sha256(&walk.text().whole()) };
    Some(Instrument {
        id: id?.value.into(),
        name: name?.value,
        form: form?.value,
        family: family?.value,
        informant: informant?,
        ages,
        period: period.map(|period| period.value),
        period_months: period_months.map(|months| months.value),
        numbered_to: numbered_to.map(|number| number.value),
        version: version?.value,
        owner: owner?.value,
        wording: wording?,
        licence: licence?,
        notes,
        sources,
        comparable_with,
        answers,
        blocks,
        choices,
        orders,
        groupings,
        norms: norms.into_iter().map(|norms| norms.norms).collect(),
        items: items.into_iter().map(|item| item.value).collect(),
        scales,
        bands,
        default_bands,
        not_asked,
        critical,
        sensitive,
        cautions,
        change,
        examples,
        definition,
    })
}

fn plain(texts: Option<Vec<At<String>>>) -> Vec<String> {
    texts.unwrap_or_default().into_iter().map(|text| text.value).collect()
}

/// `ages = { from = 4, to = 17 }`; a form for adults runs to 99, which is printed as "and over".
fn ages(walk: &Walk, section: Section<'_, '_>) -> Option<AgeRange> {
    section.require("from");
    section.require("to");
    let (from, to) = (section.count("from"), section.count("to"));
    let span = section.span.clone();
    section.close();
    let years = |age: Option<At<usize>>| {
        let age = age?;
        let years = u8::try_from(age.value).ok();
        if years.is_none() {
            walk.report(Code::I004, &age.span, format!("{} is no age in years", age.value));
        }
        years
    };
    let (from, to) = (years(from)?, years(to)?);
    if from > to {
        walk.report(Code::I004, &span, format!("ages run from {from} to {to}: the first should be the younger"));
    }
    Some(AgeRange { from, to })
}

/// `[licence]`: what a school may do with the form, in a word and in sentences.
fn licence(section: Section<'_, '_>) -> Option<Licence> {
    let status = section.required_word("status", LicenceStatus::ALL);
    let terms = section.required_text("terms");
    let norms = section.text("norms").map(|norms| norms.value);
    let url = section.text("url").map(|url| url.value);
    section.close();
    Some(Licence { status: status?, terms: terms?.value, norms, url })
}

/// Every definition says where its scoring rules come from.
fn sources(walk: &Walk, top: &Section<'_, '_>) -> Vec<(String, String)> {
    let Some(section) = top.section("sources", "`sources`") else {
        walk.report(Code::I012, &top.span, "the definition has no `sources`: where do its rules come from?");
        return Vec::new();
    };
    let found: Vec<(String, String)> =
        section.entries().filter_map(|(name, value)| Some((name.value.clone(), text(walk, value, &name.value)?.value))).collect();
    if !found.iter().any(|(what, source)| what == "scoring" && !source.trim().is_empty()) {
        walk.report(Code::I012, &section.span, "`sources` has no `scoring`: where does the key come from?");
    }
    found
}

fn blocks(walk: &Walk, section: &Section<'_, '_>) -> Vec<Block> {
    let mut found = Vec::new();
    for (name, block) in section.named_sections("block") {
        check_name(walk, &name);
        if !block.flag("optional") {
            walk.report(
                Code::I004,
                &block.span,
                format!("block `{}` should say `optional = true`: the rest of the form needs no block", name.value),
            );
        }
        block.close();
        found.push(Block { id: name.value });
    }
    found
}

fn choices(walk: &Walk, section: &Section<'_, '_>) -> Vec<Choice> {
    section.named_sections("choice").into_iter().filter_map(|(name, section)| choice(walk, name, section)).collect()
}

/// A choice's default is put first: whoever reads the values reads what is done.
fn choice(walk: &Walk, name: At<String>, section: Section<'_, '_>) -> Option<Choice> {
    check_name(walk, &name);
    let default = section.required_text("default");
    section.require("values");
    let values = section.section("values", "`values`").map(|values| {
        let entries = values.entries();
        entries.filter_map(|(value, meaning)| Some((value.value, text(walk, meaning, "values")?.value))).collect::<Vec<_>>()
    });
    if section.text("source").is_none() {
        walk.report(Code::I012, &section.span, format!("choice `{}` has no `source`: who disagrees with whom?", name.value));
    }
    section.close();
    let (default, mut values) = (default?, values?);
    let position = walk.resolve("value", &default, values.iter().map(|(value, _)| value.as_str()))?;
    values[..=position].rotate_right(1);
    Some(Choice { id: name.value, values })
}

/// `not_asked = [{ id = "imphome", match = ["home life"] }]`.
fn not_asked(top: &Section<'_, '_>) -> Vec<NotAsked> {
    let mut found = Vec::new();
    for section in top.sections("not_asked", "the question of another form") {
        let id = section.required_text("id");
        let matches = plain(section.texts("match"));
        section.close();
        found.extend(id.map(|id| NotAsked { id: id.value, matches }));
    }
    found
}

/// An item that nothing needs must be listed as unscored, so that a forgotten one is found.
fn mark_needed(walk: &Walk, items: &mut [At<Item>], scales: &[Scale], questions: &[&[Critical]], unscored: &[At<String>]) {
    let questions = questions.iter().flat_map(|questions| questions.iter().map(|question| question.item));
    for index in scales.iter().flat_map(scales::items_of).chain(questions) {
        if let Some(item) = items.get_mut(index) {
            item.value.needed = true;
        }
    }
    for name in unscored {
        let found = walk.resolve("item", name, items.iter().map(|item| &*item.value.id));
        if found.and_then(|index| items.get(index)).is_some_and(|item| item.value.needed) {
            walk.report(Code::I009, &name.span, format!("item `{}` is listed as unscored, but a scale or an alert needs it", name.value));
        }
    }
    // A scale that could not be read might have needed it.
    if walk.has_spoiled() {
        return;
    }
    let listed = |item: &Item| unscored.iter().any(|name| *name.value == *item.id);
    for item in items.iter().filter(|item| !item.value.needed && !listed(&item.value)) {
        let message = format!("item `{}` is in no scale", item.value.id);
        walk.report_with_help(Code::I009, &item.span, message, "put it into a scale, or into `unscored = [...]`");
    }
}

/// One scale or several are what a verdict is about: the total, or parallel scales where there is no total.
fn check_main(walk: &Walk, top: &Section<'_, '_>, scales: &[Scale]) {
    let has_main = scales.iter().any(|scale| scale.main);
    if !scales.is_empty() && !has_main && !walk.has_spoiled() {
        let message = "no scale says `main = true`: what is a verdict about?";
        let help = "give it to the total, or to each scale where there is no total";
        walk.report_with_help(Code::I003, &Range { start: top.span.start, end: top.span.end }, message, help);
    }
}
