//! Reading answer sets: codes with their labels, or a range of numbers.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::walk::{Section, Walk, list, text};
use crate::findings::{Code, count_of};
use crate::instrument::model::AnswerSet;
use crate::instrument::number::Number;

pub(super) fn answer_sets(walk: &Walk, section: &Section<'_, '_>) -> Vec<AnswerSet> {
    section.named_sections("answer set").into_iter().filter_map(|(name, section)| answer_set(walk, name.value, section)).collect()
}

fn answer_set(walk: &Walk, name: String, section: Section<'_, '_>) -> Option<AnswerSet> {
    let no_answer = section.texts("no_answer").unwrap_or_default().into_iter().map(|word| word.value).collect();
    if section.get("codes").is_none() && section.get("from").is_some() {
        return rated(walk, name, no_answer, section);
    }
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
    Some(AnswerSet { name, codes: values, labels, no_answer, step: None })
}

/// More steps than this are no rating and no measure of a form.
const MOST_STEPS: i64 = 2000;

/// `from = 0, to = 10, step = 0.1`: a number that is measured, rated or typed in.
fn rated(walk: &Walk, name: String, no_answer: Vec<String>, section: Section<'_, '_>) -> Option<AnswerSet> {
    let (from, to) = (section.required_number("from"), section.required_number("to"));
    let step = section.number("step");
    let span = section.span.clone();
    section.close();
    let (from, to) = (from?.value, to?.value);
    let step = step.map_or(Number::whole(1), |step| step.value);
    let steps = if step > Number::ZERO { (to - from).scaled(step.under(), step.over()).and_then(Number::as_whole) } else { None };
    let Some(steps) = steps.filter(|steps| (1..=MOST_STEPS).contains(steps)) else {
        let message = format!("from {from} to {to} is not a whole number of steps of {step}, or more than {MOST_STEPS} of them");
        walk.report(Code::I007, &span, message);
        return None;
    };
    let codes: Vec<Number> = (0..=steps).map(|place| from + step * place).collect();
    let labels = vec![Vec::new(); codes.len()];
    Some(AnswerSet { name, codes, labels, no_answer, step: Some(step) })
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
