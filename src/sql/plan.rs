//! What a view needs: which parts of the form are there, which scales, which questions, what it asks of the pupil.

use super::error::SqlError;
use crate::findings::{did_you_mean, list_or};
use crate::instrument::{Instrument, KeyBy, Method, Rule, Transform};
use crate::scoring::Form;

/// Which optional parts are there.
pub(super) fn parts(instrument: &Instrument, with: &[String]) -> Result<Vec<bool>, SqlError> {
    let names: Vec<&str> = instrument.blocks.iter().map(|block| block.id.as_str()).collect();
    if let Some(name) = with.iter().find(|name| !names.contains(&name.as_str())) {
        let help = match did_you_mean(name, names.iter().copied()) {
            Some(near) => format!(": did you mean `{near}`?"),
            None if names.is_empty() => String::new(),
            None => format!(": it has {}", list_or(&names)),
        };
        return Err(SqlError::UnknownPart { instrument: instrument.id.to_string(), name: name.clone(), help });
    }
    Ok(names.iter().map(|name| with.iter().any(|asked| asked == name)).collect())
}

/// The scales that are shown, those that they are made from, and those that may speak against them.
pub(super) fn needed(form: &Form, shown: &[usize]) -> Vec<bool> {
    let instrument = form.instrument();
    let mut needed = vec![false; instrument.scales.len()];
    let mut open: Vec<usize> = shown.to_vec();
    open.extend(
        instrument.cautions.iter().filter(|caution| caution.about.iter().any(|scale| shown.contains(scale))).map(|caution| caution.scale),
    );
    while let Some(scale) = open.pop() {
        let (Some(definition), Some(known)) = (instrument.scales.get(scale), needed.get_mut(scale)) else { continue };
        if std::mem::replace(known, true) {
            continue;
        }
        open.extend(definition.only_with);
        match &definition.rule {
            Rule::Items { .. } => {}
            Rule::Scales(parts) => open.extend(parts),
            Rule::Of { scale, .. } => open.push(*scale),
            Rule::Conditions { conditions, .. } => open.extend(conditions.iter().map(|condition| condition.scale)),
        }
    }
    needed
}

/// The scales of which it must be known what they may come to: those that rules are about, and what these are made from.
pub(super) fn with_ends(instrument: &Instrument, needed: &[bool]) -> Vec<bool> {
    let mut with_ends = vec![false; instrument.scales.len()];
    for (scale, definition) in instrument.scales.iter().enumerate().rev() {
        match &definition.rule {
            Rule::Conditions { conditions, .. } if needed[scale] => {
                for condition in conditions {
                    with_ends[condition.scale] = true;
                }
            }
            Rule::Scales(parts) if with_ends[scale] => {
                for part in parts {
                    with_ends[*part] = true;
                }
            }
            Rule::Of { scale: of, transform: Transform::Affine { .. } } if with_ends[scale] => with_ends[*of] = true,
            _ => {}
        }
    }
    with_ends
}

/// Whether a needed scale or an answer that is shown looks at a question.
pub(super) fn looks_at(instrument: &Instrument, needed: &[bool], item: usize) -> bool {
    let of_rule = |rule: &Rule| match rule {
        Rule::Items { items, gate, method, .. } => {
            let weighs = matches!(method, Method::GoalAttainment { weights, .. } if weights.contains(&item));
            weighs || items.iter().any(|entry| entry.item == item) || gate.as_ref().is_some_and(|gate| gate.item == item)
        }
        _ => false,
    };
    let by_scale = instrument.scales.iter().zip(needed).any(|(scale, needed)| *needed && of_rule(&scale.rule));
    by_scale || instrument.sensitive.iter().any(|question| question.item == item)
}

/// What norms and bands ask of the pupil.
pub(super) struct Uses {
    pub(super) sex: bool,
    pub(super) age: bool,
    pub(super) year: bool,
}

impl Uses {
    pub(super) fn new(form: &Form, needed: &[bool], shown: &[usize]) -> Self {
        let instrument = form.instrument();
        let by_norms = needed.iter().enumerate().filter(|(_, needed)| **needed);
        let by_norms = by_norms.filter_map(|(scale, _)| Some(instrument.norms_of(scale)?.grouping));
        let banded = || shown.iter().filter_map(|scale| form.bands(*scale));
        let groupings: Vec<_> = by_norms
            .chain(banded().filter_map(crate::instrument::Bands::grouping))
            .filter_map(|grouping| instrument.groupings.get(grouping))
            .collect();
        let goes_by = |by| groupings.iter().any(|grouping| grouping.keys.iter().any(|key| key.by == by));
        Self {
            sex: groupings.iter().any(|grouping| grouping.by_sex),
            age: goes_by(KeyBy::Age) || (instrument.ages.is_some() && banded().next().is_some()),
            year: goes_by(KeyBy::SchoolYear),
        }
    }
}
