//! Reading what stands beside the scales: critical questions, change records and worked examples.

use super::items::expanded;
use super::walk::{At, Section, Walk, number, text};
use crate::findings::{Code, Finding, count_of};
use crate::instrument::grouping::{Pupil, Said, Sex};
use crate::instrument::model::{
    AnswerSet, BandSet, Block, Caution, ChangeKind, ChangeRecord, Choice, Critical, Example, Expected, Item, NO_BAND, Scale,
};
use crate::instrument::number::Number;

/// Questions that somebody must look at, at some answers: `[[critical]] item = "…", from = 1, about = "…"`, and `[[sensitive]]`.
pub(super) fn critical(walk: &Walk, top: &Section<'_, '_>, key: &'static str, answers: &[AnswerSet], items: &[At<Item>]) -> Vec<Critical> {
    let mut found = Vec::new();
    for section in top.sections(key, &format!("the {key} question")) {
        let item = section.required_text("item").and_then(|name| walk.resolve("item", &name, items.iter().map(|item| &*item.value.id)));
        let from = section.required_number("from");
        let about = section.required_text("about");
        section.close();
        let (Some(item), Some(from), Some(about)) = (item, from, about) else { continue };
        let set = items.get(item).and_then(|item| answers.get(item.value.answers));
        let fires: Vec<bool> = set.map_or_else(Vec::new, |set| set.codes.iter().map(|code| *code >= from.value).collect());
        if !fires.contains(&true) {
            walk.report(Code::I005, &from.span, format!("no answer has code {} or above, so it can never be noticed", from.value));
        }
        found.push(Critical { item, fires, about: about.value });
    }
    found
}

/// A validity scale: `[[cautions]] scale = "…", at = [3, 14, 15], about = ["…"], says = "…"`.
pub(super) fn cautions(walk: &Walk, top: &Section<'_, '_>, scales: &[Scale]) -> Vec<Caution> {
    let mut found = Vec::new();
    let known = || scales.iter().map(|scale| &*scale.id);
    for section in top.sections("cautions", "the caution") {
        let scale = section.required_text("scale").and_then(|name| walk.resolve("scale", &name, known()));
        section.require("at");
        let at = section.numbers("at").unwrap_or_default();
        section.require("about");
        let about = section.texts("about").unwrap_or_default().iter().filter_map(|name| walk.resolve("scale", name, known())).collect();
        let says = section.required_text("says");
        section.close();
        let (Some(scale), Some(says)) = (scale, says) else { continue };
        let (lowest, highest) = scales.get(scale).map_or((Number::ZERO, Number::ZERO), |scale| scale.range);
        for score in at.iter().filter(|score| score.value < lowest || score.value > highest) {
            walk.report(Code::I018, &score.span, format!("{} is outside the scale's scores, {lowest} to {highest}", score.value));
        }
        found.push(Caution { scale, at: at.into_iter().map(|score| score.value).collect(), about, says: says.value });
    }
    found
}

/// What a clear change is: `[[change]] scale = "total", kind = "reliability", sd = 6.0, r = 0.87, source = "…"`.
pub(super) fn change(walk: &Walk, top: &Section<'_, '_>, scales: &[Scale]) -> Vec<ChangeRecord> {
    top.sections("change", "the change record").into_iter().filter_map(|section| change_record(walk, section, scales)).collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Reliability,
    Threshold,
}

fn change_record(walk: &Walk, section: Section<'_, '_>, scales: &[Scale]) -> Option<ChangeRecord> {
    let scale = section.required_text("scale").and_then(|name| walk.resolve("scale", &name, scales.iter().map(|scale| &*scale.id)));
    let name = section.required_text("name");
    let kind = section.required_word("kind", &[("reliability", Kind::Reliability), ("threshold", Kind::Threshold)]);
    let confidence = section.text("confidence").map(|confidence| confidence.value);
    let source = section.text("source");
    if source.is_none() {
        walk.report(Code::I012, &section.span, "the change record has no `source`");
    }
    let figure = |number: Option<At<Number>>| number.map(|number| number.value.to_f64());
    let figures = match kind {
        Some(Kind::Reliability) => reliability(walk, &section),
        Some(Kind::Threshold) => {
            let points = figure(section.required_number("points"));
            let inclusive = section.flag("inclusive");
            points.map(|points| ChangeKind::Threshold { points, inclusive })
        }
        None => None,
    };
    section.close();
    Some(ChangeRecord { scale: scale?, name: name?.value, kind: figures?, confidence, source: source?.value })
}

fn reliability(walk: &Walk, section: &Section<'_, '_>) -> Option<ChangeKind> {
    let sd = section.required_number("sd");
    let r = section.required_number("r");
    let norm_mean = section.number("norm_mean").map(|mean| mean.value.to_f64());
    let retest = section.number("retest");
    let (sd, r) = (sd?, r?);
    if sd.value <= Number::ZERO {
        walk.report(Code::I004, &sd.span, "`sd` should be above 0");
    }
    for correlation in [Some(&r), retest.as_ref()].into_iter().flatten() {
        if correlation.value <= Number::ZERO || correlation.value >= Number::whole(1) {
            walk.report(Code::I004, &correlation.span, "a reliability lies above 0 and below 1");
        }
    }
    let retest = retest.map(|retest| retest.value.to_f64());
    Some(ChangeKind::Reliability { sd: sd.value.to_f64(), r: r.value.to_f64(), norm_mean, retest })
}

/// What a worked example can name.
pub(super) struct ExampleParts<'d> {
    pub(super) answers: &'d [AnswerSet],
    pub(super) blocks: &'d [Block],
    pub(super) choices: &'d [Choice],
    pub(super) items: &'d [At<Item>],
    pub(super) scales: &'d [Scale],
    pub(super) bands: &'d [BandSet],
}

/// Worked examples: answers, and what they must come to.
pub(super) fn examples(walk: &Walk, top: &Section<'_, '_>, parts: &ExampleParts<'_>) -> Vec<Example> {
    let sections = top.sections("examples", "the example");
    if sections.len() < 4 {
        let message = format!(
            "{}: all lowest, all highest, a realistic one and one at the missing limit make four",
            count_of(sections.len() as u64, "worked example")
        );
        walk.push(Finding::new(Code::I014, walk.place(&top.span), message));
    }
    sections.into_iter().filter_map(|section| example(walk, section, parts)).collect()
}

fn example(walk: &Walk, section: Section<'_, '_>, parts: &ExampleParts<'_>) -> Option<Example> {
    let name = section.required_text("name");
    let without: Vec<usize> = names(walk, &section, "without", "block", &parts.blocks.iter().map(|block| block.id.as_str()));
    let all = section.number("all");
    if let Some(code) = all.as_ref().filter(|code| !parts.items.iter().any(|item| parts.code(item, code.value).is_some())) {
        walk.report(Code::I005, &code.span, format!("code {} is not one of any item's codes", code.value));
    }
    let pupil = section.section("pupil", "`pupil`").map(pupil).unwrap_or_default();
    let mut answers: Vec<Option<usize>> =
        parts.items.iter().map(|item| all.as_ref().and_then(|code| parts.code(item, code.value))).collect();
    if let Some(given) = section.section("answers", "`answers`") {
        for (names, value) in given.entries() {
            let Some(code) = number(walk, value, &names.value) else { continue };
            for name in expanded(walk, &names) {
                let Some(index) = walk.resolve("item", &name, parts.items.iter().map(|item| &*item.value.id)) else { continue };
                let Some(item) = parts.items.get(index) else { continue };
                match (parts.code(item, code.value), answers.get_mut(index)) {
                    (Some(position), Some(place)) => *place = Some(position),
                    _ => walk.report(Code::I005, &code.span, format!("code {} is not one of the item's codes", code.value)),
                }
            }
        }
    }
    for name in section.texts("blank").unwrap_or_default().iter().flat_map(|name| expanded(walk, name)) {
        if let Some(index) = walk.resolve("item", &name, parts.items.iter().map(|item| &*item.value.id)) {
            answers[index] = None;
        }
    }
    section.require("expect");
    let expect = section.section("expect", "`expect`").map(|expect| expected(walk, &expect, parts)).unwrap_or_default();
    let expect_bands = section.section("bands", "`bands`").map(|bands| expected_bands(walk, &bands, parts)).unwrap_or_default();
    let alerts = section
        .get("alerts")
        .map(|value| (names(walk, &section, "alerts", "item", &parts.items.iter().map(|item| &*item.value.id)), value.span()));
    let choose = section.section("choose", "`choose`").map(|choose| chosen(walk, &choose, parts.choices)).unwrap_or_default();
    let source = section.text("source").map(|source| source.value);
    section.close();
    Some(Example { name: name?.value, answers, without, pupil, choose, expect, expect_bands, alerts, source })
}

/// `pupil = { sex = "F", age = 11, year = 7 }`.
fn pupil(section: Section<'_, '_>) -> Pupil {
    let whole = |number: Option<At<usize>>| match number.and_then(|number| u8::try_from(number.value).ok()) {
        Some(number) => Said::This(number),
        None => Said::Nothing,
    };
    let sex = section.get("sex").is_some().then(|| section.required_word("sex", Sex::ALL)).flatten();
    let pupil = Pupil { sex: sex.map_or(Said::Nothing, Said::This), age: whole(section.count("age")), year: whole(section.count("year")) };
    section.close();
    pupil
}

impl ExampleParts<'_> {
    fn code(&self, item: &At<Item>, code: Number) -> Option<usize> {
        self.answers.get(item.value.answers)?.codes.iter().position(|candidate| *candidate == code)
    }
}

fn names<'n>(
    walk: &Walk,
    section: &Section<'_, '_>,
    key: &'static str,
    what: &str,
    known: &(impl Iterator<Item = &'n str> + Clone),
) -> Vec<usize> {
    section.texts(key).unwrap_or_default().iter().filter_map(|name| walk.resolve(what, name, known.clone())).collect()
}

fn expected(walk: &Walk, section: &Section<'_, '_>, parts: &ExampleParts<'_>) -> Vec<(usize, Expected, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    for (scale, value) in section.entries() {
        let expected = match value.get_ref().as_str() {
            Some("not scored") => Some(Expected::NotScored),
            Some("not applicable") => Some(Expected::NotApplicable),
            Some(other) if fraction(other).is_some() => fraction(other).map(Expected::Score),
            Some(other) => {
                let message = format!("`{other}` should be a score, a fraction such as `100/9`, `not scored` or `not applicable`");
                walk.report(Code::I004, &value.span(), message);
                None
            }
            None => number(walk, value, &scale.value).map(|score| Expected::Score(score.value)),
        };
        let index = walk.resolve("scale", &scale, parts.scales.iter().map(|scale| &*scale.id));
        if let (Some(index), Some(expected)) = (index, expected) {
            found.push((index, expected, value.span()));
        }
    }
    found
}

/// `100/9`: an estimated score that is not rounded has no exact decimals.
fn fraction(written: &str) -> Option<Number> {
    let (over, under) = written.split_once('/')?;
    Number::ratio(over.trim().parse().ok()?, under.trim().parse().ok()?)
}

/// `bands = { total = "high" }` for the first set, `bands = { three = { total = "abnormal" } }` for a named one.
fn expected_bands(walk: &Walk, section: &Section<'_, '_>, parts: &ExampleParts<'_>) -> Vec<(usize, usize, String, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    for (name, value) in section.entries() {
        let set = parts.bands.iter().position(|set| set.id == name.value);
        match (value.get_ref().as_table(), set) {
            (Some(table), Some(set)) => {
                let inner = Section::new(walk, table, value.span(), "`bands`");
                for (scale, value) in inner.entries() {
                    found.extend(expected_band(walk, &scale, value, set, parts));
                }
            }
            _ => found.extend(expected_band(walk, &name, value, 0, parts)),
        }
    }
    found
}

fn expected_band(
    walk: &Walk,
    scale: &At<String>,
    value: &toml::Spanned<toml::de::DeValue<'_>>,
    set: usize,
    parts: &ExampleParts<'_>,
) -> Option<(usize, usize, String, std::ops::Range<usize>)> {
    let index = walk.resolve("scale", scale, parts.scales.iter().map(|scale| &*scale.id))?;
    let level = text(walk, value, &scale.value)?;
    if parts.bands.get(set).is_none() && walk.has_spoiled() {
        return None;
    }
    let bands = parts.bands.get(set).and_then(|set| set.scales.get(index)).and_then(Option::as_ref);
    let levels = bands.map(|bands| bands.levels.as_slice()).unwrap_or_default();
    walk.resolve("level", &level, levels.iter().map(String::as_str).chain([NO_BAND]))?;
    Some((index, set, level.value, value.span()))
}

fn chosen(walk: &Walk, section: &Section<'_, '_>, choices: &[Choice]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (name, value) in section.entries() {
        let Some(index) = walk.resolve("choice", &name, choices.iter().map(|choice| choice.id.as_str())) else { continue };
        let Some(word) = text(walk, value, &name.value) else { continue };
        let values = choices.get(index).map(|choice| choice.values.as_slice()).unwrap_or_default();
        if let Some(position) = walk.resolve("value", &word, values.iter().map(|(value, _)| value.as_str())) {
            found.push((index, position));
        }
    }
    found
}
