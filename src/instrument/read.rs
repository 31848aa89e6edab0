//! From the text of a definition to an [`Instrument`], or to every problem it has.

use std::ops::Range;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::model::{AgeRange, AnswerSet, Block, Choice, Definition, Informant, Instrument, Item, NotAsked, Scale, Wording};
use super::number::Number;
use super::walk::{At, Section, Walk, check_name, check_unique, list, text};
use super::{bands, records, scales};
use crate::findings::{Code, Finding, Place, Severity, Source, count_of};
use crate::provenance::hexadecimal;

/// Reads and checks a definition.
///
/// # Errors
///
/// Everything that is wrong with it, in the order of the file. Notes alone are no error: they come beside the instrument.
pub fn read_definition(name: &str, text: &str) -> Result<(Instrument, Vec<Finding>), Vec<Finding>> {
    let source = Arc::new(Source { name: name.into(), text: text.to_owned() });
    let (table, errors) = DeTable::parse_recoverable(text);
    let walk = Walk::new(Arc::clone(&source));
    // One missing bracket makes an error of every line after it: only the first is worth reading.
    if let Some(error) = errors.iter().min_by_key(|error| error.span().unwrap_or_default().start) {
        let span = error.span().unwrap_or_default();
        let message = format!("this is not TOML: {}", error.message());
        let help = "look here and in the lines above: a bracket or a quotation mark may not be closed";
        walk.report_with_help(Code::I001, &span, message, help);
    }
    // What a broken line leaves out would only be reported again as missing.
    let instrument = errors.is_empty().then(|| instrument(&walk, &source, &table)).flatten();
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

fn instrument(walk: &Walk, source: &Arc<Source>, table: &Spanned<DeTable<'_>>) -> Option<Instrument> {
    // The whole file is where a missing top-level key is missing: its first line stands for it.
    let first_line = 0..source.text.find('\n').unwrap_or(source.text.len());
    let top = Section::new(walk, table.get_ref(), first_line, "the definition");
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
    let wording = top.required_word("wording", &[("shipped", Wording::Shipped), ("not shipped", Wording::NotShipped)]);
    let licence = top.required_text("licence");
    let notes = plain(top.texts("notes"));
    let sources = sources(walk, &top);
    let comparable_with = plain(top.texts("comparable_with"));
    let answers = top.section("answers", "`answers`").map(|section| answer_sets(walk, &section)).unwrap_or_default();
    let blocks = top.section("blocks", "`blocks`").map(|section| blocks(walk, &section)).unwrap_or_default();
    let choices = top.section("choices", "`choices`").map(|section| choices(walk, &section)).unwrap_or_default();
    let mut items = items(walk, &top, &answers, &blocks);
    let unscored = top.texts("unscored").unwrap_or_default();
    let scales = scales::scales(walk, &top, &scales::Parts { answers: &answers, choices: &choices, items: &items });
    let (bands, default_bands) =
        top.section("bands", "`bands`").map(|section| bands::band_sets(walk, &section, &scales)).unwrap_or_default();
    let not_asked = not_asked(&top);
    let critical = records::critical(walk, &top, &answers, &items);
    let change = records::change(walk, &top, &scales);
    mark_needed(walk, &mut items, &scales, &critical, &unscored);
    let parts =
        records::ExampleParts { answers: &answers, blocks: &blocks, choices: &choices, items: &items, scales: &scales, bands: &bands };
    let examples = records::examples(walk, &top, &parts);
    check_main(walk, &top, &scales);
    top.close();
    let definition = Definition { source: Arc::clone(source), sha256: sha256(&source.text) };
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
        licence: licence?.value,
        notes,
        sources,
        comparable_with,
        answers,
        blocks,
        choices,
        items: items.into_iter().map(|item| item.value).collect(),
        scales,
        bands,
        default_bands,
        not_asked,
        critical,
        change,
        examples,
        definition,
    })
}

fn plain(texts: Option<Vec<At<String>>>) -> Vec<String> {
    texts.unwrap_or_default().into_iter().map(|text| text.value).collect()
}

fn ages(walk: &Walk, section: Section<'_, '_>) -> Option<AgeRange> {
    let (from, to) = (section.count("from"), section.count("to"));
    let span = section.span.clone();
    section.close();
    let (from, to) = (u8::try_from(from?.value).ok()?, u8::try_from(to?.value).ok()?);
    if from > to {
        walk.report(Code::I004, &span, format!("ages run from {from} to {to}: the first should be the younger"));
    }
    Some(AgeRange { from, to })
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

fn answer_sets(walk: &Walk, section: &Section<'_, '_>) -> Vec<AnswerSet> {
    section.named_sections("answer set").into_iter().filter_map(|(name, section)| answer_set(walk, name.value, section)).collect()
}

fn answer_set(walk: &Walk, name: String, section: Section<'_, '_>) -> Option<AnswerSet> {
    section.require("codes");
    let codes = section.numbers("codes");
    let labels = section.get("labels").and_then(|value| labels(walk, value));
    let span = section.span.clone();
    section.close();
    let codes = codes?;
    let values: Vec<Number> = codes.iter().map(|code| code.value).collect();
    for (position, code) in codes.iter().enumerate() {
        if values[..position].contains(&code.value) {
            walk.report(Code::I007, &code.span, format!("code {} stands twice", code.value));
        }
    }
    if values.len() < 2 {
        walk.report(Code::I007, &span, "an answer set needs at least two codes");
    }
    let labels = labels.unwrap_or_else(|| vec![Vec::new(); values.len()]);
    if labels.len() != values.len() {
        let (codes, labels) = (count_of(values.len() as u64, "code"), count_of(labels.len() as u64, "label"));
        walk.report(Code::I007, &span, format!("{codes} and {labels}: each code needs its own label"));
    }
    check_labels(walk, &span, &labels);
    Some(AnswerSet { name, codes: values, labels })
}

/// Two answers with one label could not be told apart in a file; case, space and punctuation tell nothing apart.
fn check_labels(walk: &Walk, span: &Range<usize>, labels: &[Vec<String>]) {
    let plain =
        |label: &str| label.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    for (position, words) in labels.iter().enumerate() {
        for word in words {
            let twin = labels[..position].iter().flatten().find(|other| plain(other) == plain(word));
            if let Some(twin) = twin {
                walk.report(Code::I007, span, format!("`{word}` and `{twin}` are labels of two answers, and read the same"));
            }
        }
    }
}

/// `["Not true", ["A medium amount", "Quite a lot"]]`: a word for each code, or several.
fn labels<'t>(walk: &Walk, value: &'t Spanned<DeValue<'t>>) -> Option<Vec<Vec<String>>> {
    let entries = list(walk, value, "labels")?;
    Some(
        entries
            .map(|entry| match entry.get_ref() {
                DeValue::Array(words) => words.iter().filter_map(|word| Some(text(walk, word, "labels")?.value)).collect(),
                _ => text(walk, entry, "labels").map(|word| word.value).into_iter().collect(),
            })
            .collect(),
    )
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

fn items(walk: &Walk, top: &Section<'_, '_>, answers: &[AnswerSet], blocks: &[Block]) -> Vec<At<Item>> {
    top.require("items");
    let mut ids = Vec::new();
    let mut items: Vec<At<Item>> = Vec::new();
    for section in top.sections("items", "the item") {
        let id = section.required_text("id").inspect(|id| check_name(walk, id));
        let number = section.count("number");
        let set =
            section.text("answers").map_or(Some(0), |name| walk.resolve("answer set", &name, answers.iter().map(|set| set.name.as_str())));
        let block = section.text("block").and_then(|name| walk.resolve("block", &name, blocks.iter().map(|block| block.id.as_str())));
        let phrases = section.texts("match").unwrap_or_default();
        for phrase in &phrases {
            if items.iter().any(|item| item.value.matches.iter().any(|other| other.eq_ignore_ascii_case(&phrase.value))) {
                walk.report(Code::I006, &phrase.span, format!("the match words `{}` stand at two items", phrase.value));
            }
        }
        let matches = plain(Some(phrases));
        let span = section.span.clone();
        section.close();
        if set == Some(0) && answers.is_empty() {
            walk.report(Code::I005, &span, "the item has no answers: the definition has no `[answers.main]`");
        }
        let (Some(id), Some(set)) = (id.clone(), set.filter(|_| !answers.is_empty())) else {
            if let Some(id) = &id {
                walk.spoil(id);
            }
            continue;
        };
        let number =
            number.and_then(|number| u16::try_from(number.value).ok()).or_else(|| u16::try_from(items.len() + 1).ok()).unwrap_or(0);
        if items.iter().any(|item| item.value.number == number) {
            walk.report(Code::I006, &span, format!("item number {number} stands twice"));
        }
        ids.push(id.clone());
        items.push(At { value: Item { id: id.value.into(), number, answers: set, block, matches, needed: false }, span: id.span });
    }
    check_unique(walk, "item", ids.iter());
    items
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
fn mark_needed(walk: &Walk, items: &mut [At<Item>], scales: &[Scale], critical: &[super::Critical], unscored: &[At<String>]) {
    for index in scales.iter().flat_map(scales::items_of).chain(critical.iter().map(|critical| critical.item)) {
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

fn check_main(walk: &Walk, top: &Section<'_, '_>, scales: &[Scale]) {
    let mains = scales.iter().filter(|scale| scale.main).count();
    if !scales.is_empty() && mains != 1 && !(mains == 0 && walk.has_spoiled()) {
        let message = match mains {
            0 => "no scale says `main = true`: a verdict is about exactly one".to_owned(),
            _ => format!("{mains} scales say `main = true`: a verdict is about exactly one"),
        };
        walk.report(Code::I003, &Range { start: top.span.start, end: top.span.end }, message);
    }
}
