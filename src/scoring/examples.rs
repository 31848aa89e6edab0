//! Running the worked examples of a definition: how a definition proves that it says what the manual says.

use super::score::Outcome;
use crate::findings::{Code, Finding};
use crate::instrument::{Example, Expected, Instrument, NO_BAND};
use crate::matching::Answer;

/// Runs every worked example of a definition; what does not come out as it should is a finding at its place.
pub fn check_examples(instrument: &Instrument) -> Vec<Finding> {
    instrument.examples.iter().flat_map(|example| run(instrument, example)).collect()
}

fn run(instrument: &Instrument, example: &Example) -> Vec<Finding> {
    let mut choices = vec![0; instrument.choices.len()];
    for (choice, value) in &example.choose {
        choices[*choice] = *value;
    }
    let answers: Vec<Answer> = example
        .answers
        .iter()
        .zip(&instrument.items)
        // What is on a part that the form does not have was not asked.
        .map(|(answer, item)| answer.filter(|_| item.block.is_none_or(|block| !example.without.contains(&block))))
        .map(|answer| answer.and_then(|code| u16::try_from(code).ok()).map_or(Answer::Blank, Answer::Given))
        .collect();
    let blocks: Vec<bool> = (0..instrument.blocks.len()).map(|block| !example.without.contains(&block)).collect();
    let mut scores = Vec::new();
    super::Scorer::new(instrument, &choices).score(&answers, &blocks, &example.pupil, &mut scores);
    let mut findings = Vec::new();
    let mut differs = |span, what: &str, expected: String, found: String| {
        let place = instrument.definition.place(span);
        let message = format!("example `{}`: {what} should be {expected}, and comes to {found}", example.name);
        findings.push(Finding::new(Code::I011, place, message));
    };
    for (scale, expected, span) in &example.expect {
        let (Some(score), Some(scale)) = (scores.get(*scale), instrument.scales.get(*scale)) else { continue };
        let comes_out = match (expected, score.outcome) {
            (Expected::Score(expected), Outcome::Complete(value) | Outcome::Estimated(value)) => value == *expected,
            (Expected::NotScored, Outcome::Absent(_)) | (Expected::NotApplicable, Outcome::NotApplicable) => true,
            _ => false,
        };
        if !comes_out {
            let found = score.value().map_or_else(|| score.status().to_owned(), |value| value.to_string());
            differs(span, &format!("`{}`", scale.id), words(*expected), found);
        }
    }
    for (scale, set, level, span) in &example.expect_bands {
        let bands = instrument.bands.get(*set).and_then(|set| set.scales.get(*scale)).and_then(Option::as_ref);
        let found = scores.get(*scale).and_then(super::ScaleScore::value).zip(bands).and_then(|(value, bands)| {
            let grouping = bands.grouping().and_then(|grouping| instrument.groupings.get(grouping));
            let group =
                grouping.and_then(|grouping| Some(grouping.index(grouping.find(&example.pupil, grouping.key_in_force(&choices)).ok()?)));
            Some(bands.name(bands.level(value, group)?))
        });
        if found.unwrap_or(NO_BAND) != level.as_str() {
            let scale = instrument.scales.get(*scale).map_or("", |scale| &*scale.id);
            differs(
                span,
                &format!("the band of `{scale}`"),
                format!("`{level}`"),
                found.map_or_else(|| NO_BAND.to_owned(), |found| format!("`{found}`")),
            );
        }
    }
    if let Some((expected, span)) = &example.alerts {
        let fires = |critical: &crate::instrument::Critical| match answers.get(critical.item) {
            Some(Answer::Given(code)) => critical.fires.get(usize::from(*code)).copied().unwrap_or(true),
            _ => true,
        };
        let is_there = |item: usize| instrument.items.get(item).and_then(|item| item.block).is_none_or(|block| blocks[block]);
        let found: Vec<usize> = instrument
            .critical
            .iter()
            .map(|critical| (critical, critical.item))
            .filter(|(critical, item)| is_there(*item) && fires(critical))
            .map(|(_, item)| item)
            .collect();
        if found != *expected {
            let name = |items: &[usize]| {
                if items.is_empty() {
                    "none".to_owned()
                } else {
                    crate::findings::list_and(
                        &items
                            .iter()
                            .filter_map(|item| instrument.items.get(*item))
                            .map(|item| format!("`{}`", item.id))
                            .collect::<Vec<_>>(),
                    )
                }
            };
            differs(span, "the alerts", name(expected), name(&found));
        }
    }
    findings
}

fn words(expected: Expected) -> String {
    match expected {
        Expected::Score(score) => score.to_string(),
        Expected::NotScored => "not scored".to_owned(),
        Expected::NotApplicable => "not applicable".to_owned(),
    }
}
