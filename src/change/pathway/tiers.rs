//! A school's own tiers of support beside the scores of a scale.
//!
//! A tier is looked up and never worked out: a score that the school's table does not name has none. A scale's tiers go by scores or by
//! bands, and each whole score, or each band, is in one of them.

use std::ops::Range;

use super::Pathway;
use crate::findings::{Code, Finding, did_you_mean, quoted_list};
use crate::instrument::{Number, Scale, built_in_ids};
use crate::scoring::Form;

/// One entry of the school's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    instrument: String,
    scale: String,
    name: String,
    covers: Covers,
    spans: Spans,
}

/// Where the file says what of a tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spans {
    pub(super) instrument: Range<usize>,
    pub(super) scale: Range<usize>,
    /// The first and the last score, or each band.
    pub(super) covers: Vec<Range<usize>>,
}

impl Spans {
    fn covers(&self, index: usize) -> Range<usize> {
        self.covers.get(index).unwrap_or(&self.scale).clone()
    }
}

/// Which scores are in a tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Covers {
    /// Scores, both ends included; an end that is not there is the scale's own.
    Scores {
        /// The lowest.
        from: Option<Number>,
        /// The highest.
        to: Option<Number>,
    },
    /// The names of bands.
    Bands(Vec<String>),
}

impl Tier {
    pub(super) fn new(instrument: String, scale: String, name: String, covers: Covers, spans: Spans) -> Self {
        Self { instrument, scale, name, covers, spans }
    }

    /// The form, by its id.
    pub fn instrument(&self) -> &str {
        &self.instrument
    }

    /// The scale, by its id.
    pub fn scale(&self) -> &str {
        &self.scale
    }

    /// What the school calls the tier.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which scores are in it.
    pub fn covers(&self) -> &Covers {
        &self.covers
    }

    /// The same in words: `0 to 11`, `12 and above`, `high, very high`.
    pub fn covers_words(&self) -> String {
        match &self.covers {
            Covers::Scores { from: Some(from), to: Some(to) } => format!("{from} to {to}"),
            Covers::Scores { from: Some(from), to: None } => format!("{from} and above"),
            Covers::Scores { from: None, to: Some(to) } => format!("up to {to}"),
            Covers::Scores { from: None, to: None } => String::new(),
            Covers::Bands(bands) => bands.join(", "),
        }
    }

    fn is_of(&self, instrument: &str, scale: &str) -> bool {
        self.instrument == instrument && self.scale == scale
    }

    fn holds(&self, score: Number, band: Option<&str>) -> bool {
        match &self.covers {
            Covers::Scores { from, to } => from.is_none_or(|from| score >= from) && to.is_none_or(|to| score <= to),
            Covers::Bands(bands) => band.is_some_and(|band| bands.iter().any(|known| band_key(known) == band_key(band))),
        }
    }
}

/// What of a band's name is compared.
fn band_key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Tiers of one scale that hold the same score, or go by scores and by bands: where, and a message.
pub(super) fn overlaps(tiers: &[Tier]) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    for (place, tier) in tiers.iter().enumerate() {
        let others = || tiers[..place].iter().filter(|other| other.is_of(&tier.instrument, &tier.scale));
        let is_other_kind = |other: &&Tier| std::mem::discriminant(&other.covers) != std::mem::discriminant(&tier.covers);
        if others().any(|other| is_other_kind(&other)) {
            let message = format!("the tiers of `{}` go by scores and by bands: use one of the two for all of them", tier.scale);
            found.push((tier.spans.covers(0), message));
            continue;
        }
        match &tier.covers {
            Covers::Scores { from, to } => {
                let is_shared = |other: &&Tier| match &other.covers {
                    Covers::Scores { from: lowest, to: highest } => !is_above(*lowest, *to) && !is_above(*from, *highest),
                    Covers::Bands(_) => false,
                };
                found.extend(others().find(is_shared).map(|other| {
                    let message = format!("the tiers `{}` and `{}` of `{}` have scores in common", other.name, tier.name, tier.scale);
                    (tier.spans.covers(0), message)
                }));
            }
            Covers::Bands(bands) => {
                for (index, band) in bands.iter().enumerate() {
                    let has_it = |bands: &[String]| bands.iter().any(|known| band_key(known) == band_key(band));
                    let holder = others().find(|other| matches!(&other.covers, Covers::Bands(bands) if has_it(bands)));
                    let holder = holder.or_else(|| has_it(&bands[..index]).then_some(tier));
                    found.extend(holder.map(|holder| {
                        let message = format!("the band `{band}` of `{}` is in the tier `{}` already", tier.scale, holder.name);
                        (tier.spans.covers(index), message)
                    }));
                }
            }
        }
    }
    found
}

/// Whether one range begins beyond the end of another.
fn is_above(from: Option<Number>, to: Option<Number>) -> bool {
    matches!((from, to), (Some(from), Some(to)) if from > to)
}

impl Pathway {
    /// The school's tier for a score of a scale: by the score, or by the name of its band in the set in use. None without a table for the
    /// scale, and none for a score that the table does not name.
    pub fn tier(&self, instrument_id: &str, scale: &str, score: Number, band: Option<&str>) -> Option<&str> {
        let mut tiers = self.tiers.iter().filter(|tier| tier.is_of(instrument_id, scale));
        tiers.find(|tier| tier.holds(score, band)).map(Tier::name)
    }

    /// Whether the tiers fit the forms in use: their scales and bands are there, and each whole score, or each band, is in one tier.
    /// Tiers of other forms that come with the program are left for the run that uses them.
    pub fn check(&self, forms: &[&Form]) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut done: Vec<(&str, &str)> = Vec::new();
        for tier in &self.tiers {
            if done.contains(&(tier.instrument(), tier.scale())) {
                continue;
            }
            done.push((tier.instrument(), tier.scale()));
            let used = forms.iter().find(|form| *form.instrument().id == *tier.instrument);
            match used {
                Some(form) => self.check_scale(tier, form, &mut findings),
                None => findings.extend(self.unknown_instrument(tier, forms)),
            }
        }
        findings
    }

    fn unknown_instrument(&self, tier: &Tier, forms: &[&Form]) -> Option<Finding> {
        if built_in_ids().any(|id| id == tier.instrument) {
            return None;
        }
        let used = did_you_mean(&tier.instrument, forms.iter().map(|form| &*form.instrument().id));
        let near = used.or_else(|| did_you_mean(&tier.instrument, built_in_ids()));
        let own = || "if it is a questionnaire of your own, the run that uses it checks them".to_owned();
        let help = near.map_or_else(own, |near| format!("did you mean `{near}`?"));
        let message = format!("`{}` is not used here and does not come with bandwise: its tiers were not checked", tier.instrument);
        Some(Finding::new(Code::W008, self.place(&tier.spans.instrument), message).help(help))
    }

    /// All tiers of the scale that this one is about.
    fn check_scale(&self, tier: &Tier, form: &Form, findings: &mut Vec<Finding>) {
        let scales = &form.instrument().scales;
        let Some(index) = scales.iter().position(|scale| *scale.id == *tier.scale) else {
            let names: Vec<&str> = scales.iter().map(|scale| &*scale.id).collect();
            let help = did_you_mean(&tier.scale, names.iter().copied())
                .map_or_else(|| format!("the scales are {}", quoted_list(&names, 40)), |near| format!("did you mean `{near}`?"));
            let message = format!("{} has no scale `{}`", tier.instrument, tier.scale);
            findings.push(Finding::new(Code::W006, self.place(&tier.spans.scale), message).help(help));
            return;
        };
        let tiers: Vec<&Tier> = self.tiers.iter().filter(|other| other.is_of(&tier.instrument, &tier.scale)).collect();
        match &tier.covers {
            Covers::Scores { .. } => self.check_scores(&tiers, &scales[index], findings),
            Covers::Bands(_) => self.check_bands(&tiers, form, index, findings),
        }
    }

    fn check_scores(&self, tiers: &[&Tier], scale: &Scale, findings: &mut Vec<Finding>) {
        let (lowest, highest) = scale.range;
        let mut ranges: Vec<(i64, i64)> = Vec::new();
        for tier in tiers {
            let Covers::Scores { from, to } = tier.covers else { continue };
            let (from, to) = (from.unwrap_or(lowest), to.unwrap_or(highest));
            let is_out = |score: Number| score < lowest || score > highest;
            if is_out(from) || is_out(to) {
                let message = format!("the tier `{}` reaches beyond the scores of `{}`", tier.name, tier.scale);
                let place = self.place(&tier.spans.covers(usize::from(!is_out(from))));
                findings.push(Finding::new(Code::W007, place, message).help(format!("they run from {lowest} to {highest}")));
            }
            ranges.push((ceiling(from), floor(to)));
        }
        ranges.sort_unstable();
        let mut next = ceiling(lowest);
        let mut gaps = Vec::new();
        for (from, to) in ranges {
            if from > next {
                gaps.push(stretch(next, (from - 1).min(floor(highest))));
            }
            next = next.max(to.saturating_add(1));
        }
        if next <= floor(highest) {
            gaps.push(stretch(next, floor(highest)));
        }
        if let (Some(tier), false) = (tiers.first(), gaps.is_empty()) {
            let message = format!("no tier of `{}` has the score {}", tier.scale, crate::findings::list_or(&gaps));
            let help = format!("its scores run from {lowest} to {highest}, and each whole number is in one tier");
            findings.push(Finding::new(Code::W007, self.place(&tier.spans.scale), message).help(help));
        }
    }

    fn check_bands(&self, tiers: &[&Tier], form: &Form, scale: usize, findings: &mut Vec<Finding>) {
        let levels = form.bands(scale).map(|bands| bands.levels.as_slice()).unwrap_or_default();
        let mut named: Vec<String> = Vec::new();
        let mut is_named_well = true;
        for tier in tiers {
            let Covers::Bands(bands) = &tier.covers else { continue };
            for (place, band) in bands.iter().enumerate() {
                named.push(band_key(band));
                if levels.iter().any(|level| band_key(level) == band_key(band)) {
                    continue;
                }
                let message = match levels {
                    [] => format!("`{}` has no bands in the set in use, so none is `{band}`", tier.scale),
                    _ => format!("`{}` has no band `{band}` in the set in use", tier.scale),
                };
                let help = did_you_mean(band, levels.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
                let help = help.unwrap_or_else(|| match levels {
                    [] => "write `from` and `to` instead".to_owned(),
                    _ => format!("its bands are {}", quoted_list(levels, 20)),
                });
                findings.push(Finding::new(Code::W006, self.place(&tier.spans.covers(place)), message).help(help));
                is_named_well = false;
            }
        }
        // A misspelt band would only be reported again as missing.
        if !is_named_well {
            return;
        }
        let forgotten: Vec<&String> = levels.iter().filter(|level| !named.contains(&band_key(level))).collect();
        if let (Some(tier), false) = (tiers.first(), forgotten.is_empty()) {
            let message = format!("no tier of `{}` has the band {}", tier.scale, quoted_list(&forgotten, 20));
            let finding = Finding::new(Code::W007, self.place(&tier.spans.scale), message);
            findings.push(finding.help("each band is in one tier"));
        }
    }
}

fn stretch(from: i64, to: i64) -> String {
    if from == to { from.to_string() } else { format!("{from} to {to}") }
}

/// The first whole number that is not below a number.
fn ceiling(number: Number) -> i64 {
    -floor(-number)
}

/// The last whole number that is not above a number.
fn floor(number: Number) -> i64 {
    number.over().div_euclid(number.under())
}
