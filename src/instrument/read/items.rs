//! Reading the questions, and the orders in which editions print them.

use super::walk::{At, Section, Walk, check_name, check_unique};
use crate::findings::{Code, count_of};
use crate::instrument::model::{AnswerSet, Block, Item, PrintedOrder};

/// The questions, in the form's order; `{ id = "q1..q47" }` stands for forty-seven of them.
pub(super) fn items(walk: &Walk, top: &Section<'_, '_>, answers: &[AnswerSet], blocks: &[Block]) -> Vec<At<Item>> {
    top.require("items");
    let mut ids = Vec::new();
    let mut items: Vec<At<Item>> = Vec::new();
    for section in top.sections("items", "the item") {
        let id = section.required_text("id");
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
        let matches: Vec<String> = phrases.into_iter().map(|phrase| phrase.value).collect();
        let span = section.span.clone();
        section.close();
        if set == Some(0) && answers.is_empty() {
            walk.report(Code::I005, &span, "the item has no answers: the definition has no `[answers.main]`");
        }
        let Some(id) = id else { continue };
        let several = expanded(walk, &id);
        if several.len() > 1 && (number.is_some() || !matches.is_empty()) {
            walk.report(Code::I004, &span, "`number` and `match` belong to one item: a range of items is numbered in its order");
        }
        for id in several {
            check_name(walk, &id);
            let Some(set) = set.filter(|_| !answers.is_empty()) else {
                walk.spoil(&id);
                continue;
            };
            let number = number.as_ref().and_then(|number| u16::try_from(number.value).ok());
            let number = number.or_else(|| u16::try_from(items.len() + 1).ok()).unwrap_or(0);
            if items.iter().any(|item| item.value.number == number) {
                walk.report(Code::I006, &span, format!("item number {number} stands twice"));
            }
            ids.push(id.clone());
            let numbered = id.value.strip_prefix('q').is_some_and(|digits| *digits == number.to_string());
            let item = Item { id: id.value.into(), number, answers: set, block, matches: matches.clone(), needed: false, numbered };
            items.push(At { value: item, span: id.span });
        }
    }
    check_unique(walk, "item", ids.iter());
    items
}

/// `q3..q7` is five names; every other name is itself. A `-` in front stays in front of each.
pub(super) fn expanded(walk: &Walk, name: &At<String>) -> Vec<At<String>> {
    let Some((first, last)) = name.value.split_once("..") else { return vec![name.clone()] };
    let stem = first.trim_end_matches(|character: char| character.is_ascii_digit());
    let number = |text: &str| text.parse::<u16>().ok();
    let (from, to) = (number(&first[stem.len()..]), last.strip_prefix(stem.trim_start_matches('-')).and_then(number));
    let (Some(from), Some(to)) = (from, to) else {
        let message = format!("`{}` is no range of names: `q3..q7` is one", name.value);
        walk.report(Code::I004, &name.span, message);
        return Vec::new();
    };
    if from >= to {
        walk.report(Code::I004, &name.span, format!("the range `{}` runs backwards", name.value));
    }
    (from..=to).map(|number| At { value: format!("{stem}{number}"), span: name.span.clone() }).collect()
}

/// `[orders.grouped] items = […]`: each edition prints every question once.
pub(super) fn orders(walk: &Walk, section: &Section<'_, '_>, items: &[At<Item>]) -> Vec<PrintedOrder> {
    let mut found = Vec::new();
    for (name, section) in section.named_sections("printed order") {
        check_name(walk, &name);
        section.require("items");
        let names: Vec<At<String>> = section.texts("items").unwrap_or_default().iter().flat_map(|name| expanded(walk, name)).collect();
        let source = section.text("source");
        let span = section.span.clone();
        section.close();
        if source.is_none() {
            walk.report(Code::I012, &span, format!("printed order `{}` has no `source`", name.value));
        }
        check_unique(walk, "in this order, item", names.iter());
        let known = || items.iter().map(|item| &*item.value.id);
        let places: Vec<usize> = names.iter().filter_map(|name| walk.resolve("item", name, known())).collect();
        if names.len() != items.len() {
            let message =
                format!("printed order `{}` has {}, and the form has {}", name.value, count_of(names.len() as u64, "item"), items.len());
            walk.report(Code::I003, &name.span, message);
        }
        found.push(PrintedOrder { id: name.value, items: places, source: source.map(|source| source.value).unwrap_or_default() });
    }
    found
}
