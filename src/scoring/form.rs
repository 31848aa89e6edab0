//! A form in use: an instrument, the choices in force, its bands, and the scales that are asked for.

use std::collections::BTreeMap;

use super::row::Level;
use super::score::{Absence, Outcome, Remark, RowRefusal, ScaleScore};
use super::scorer::Scorer;
use crate::findings::{did_you_mean, list_or};
use crate::instrument::{AgeRange, BandSet, Bands, Group, Grouping, Instrument, NoGroup, Number, Pupil, Rule};
use crate::provenance::UsedInstrument;

/// What the user chose about a form.
#[derive(Clone, Debug, Default)]
pub struct FormOptions {
    /// Documented choices by name and value.
    pub choose: Vec<(String, String)>,
    /// The band set by name.
    pub bands: Option<String>,
    /// The only scales that are shown.
    pub scales: Option<Vec<String>>,
}

/// Why a form cannot be used as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Something was named that the form does not have.
    #[error("{instrument} has no {what} `{name}`{help}")]
    Unknown {
        /// The instrument.
        instrument: String,
        /// What kind of thing.
        what: &'static str,
        /// What was written.
        name: String,
        /// What there is.
        help: String,
    },
}

/// A form in use.
#[derive(Debug)]
pub struct Form {
    instrument: Instrument,
    scorer: Scorer,
    choices: Vec<usize>,
    /// The printed order that was named.
    order: Option<String>,
    bands: Option<usize>,
    shown: Vec<usize>,
}

impl Form {
    /// A form with the user's choices.
    ///
    /// # Errors
    ///
    /// When a choice, band set or scale is named that the instrument does not have.
    pub fn new(mut instrument: Instrument, options: &FormOptions) -> Result<Self, FormError> {
        let mut chosen = options.choose.clone();
        let order = choose_order(&mut instrument, &mut chosen)?;
        let choices = choices(&instrument, &chosen)?;
        let bands = match &options.bands {
            None => instrument.default_bands,
            Some(name) => Some(find(&instrument, "band set", name, instrument.bands.iter().map(|set| set.id.as_str()))?),
        };
        let shown = match &options.scales {
            None => (0..instrument.scales.len()).collect(),
            Some(names) => {
                let mut shown = Vec::new();
                for name in names {
                    shown.push(find(&instrument, "scale", name, instrument.scales.iter().map(|scale| &*scale.id))?);
                }
                // The definition's order is the contract of the columns, whatever the order on the command line.
                shown.sort_unstable();
                shown.dedup();
                shown
            }
        };
        let scorer = Scorer::new(&instrument, &choices);
        Ok(Self { instrument, scorer, choices, order, bands, shown })
    }

    /// The instrument.
    pub fn instrument(&self) -> &Instrument {
        &self.instrument
    }

    /// The scorer.
    pub fn scorer(&self) -> &Scorer {
        &self.scorer
    }

    /// The scales that are shown, in the definition's order.
    pub fn shown(&self) -> &[usize] {
        &self.shown
    }

    /// The band set in use.
    pub fn band_set(&self) -> Option<&BandSet> {
        self.bands.and_then(|index| self.instrument.bands.get(index))
    }

    /// The bands of a scale in the band set in use.
    pub fn bands(&self, scale: usize) -> Option<&Bands> {
        self.band_set().and_then(|set| set.scales.get(scale)).and_then(Option::as_ref)
    }

    /// What was used, for the provenance.
    pub fn used(&self) -> UsedInstrument {
        let in_force = self.instrument.choices.iter().zip(&self.choices);
        let mut choices: BTreeMap<String, String> =
            in_force.filter_map(|(choice, position)| Some((choice.id.clone(), choice.values.get(*position)?.0.clone()))).collect();
        choices.extend(self.order.clone().map(|order| (ORDER.to_owned(), order)));
        let (instrument, set) = (&self.instrument, self.band_set());
        UsedInstrument {
            id: instrument.id.to_string(),
            name: instrument.title(),
            version: instrument.version.clone(),
            sha256: instrument.definition.sha256.clone(),
            bands: set.map(|set| set.id.clone()),
            bands_source: set.map(|set| set.source.clone()),
            choices,
            sources: instrument.sources.iter().cloned().collect(),
        }
    }

    /// The level of a score for a pupil, in the band set in use; none if the scale has no bands.
    ///
    /// # Errors
    ///
    /// When the bands differ by group, and the pupil is in none.
    pub fn level(&self, scale: usize, score: Number, pupil: &Pupil) -> Result<Option<usize>, NoGroup> {
        let Some(bands) = self.bands(scale) else { return Ok(None) };
        let group = self.band_group(scale, pupil).transpose()?;
        Ok(bands.level(score, group.map(|(grouping, group)| grouping.index(group))))
    }

    /// The levels that a score has in all groups, from the least to the most concern: what can be said of a pupil who is in none.
    pub fn levels_in_any_group(&self, scale: usize, score: Number) -> Option<(usize, usize)> {
        let bands = self.bands(scale)?;
        let groups = self.instrument.groupings.get(bands.grouping()?)?.count();
        let levels = || (0..groups).filter_map(|group| bands.level(score, Some(group)));
        Some((levels().min()?, levels().max()?))
    }

    /// The ages that the bands hold for, if the pupil's is outside them.
    pub(super) fn outside_ages(&self, age: u8) -> Option<AgeRange> {
        self.instrument.ages.filter(|ages| age < ages.from || age > ages.to)
    }

    /// What a reader of this score should know about its answers and its band; nothing when every question was answered.
    pub fn remarks(&self, scale: usize, score: &ScaleScore, level: Level) -> Vec<String> {
        [self.about_answers(scale, score), self.no_band(scale, score, level)].into_iter().flatten().collect()
    }

    /// The remark on a score that was not measured or not banded for want of a group; it holds no longer where a group is found after all.
    pub fn for_want_of_group(&self, scale: usize, score: &ScaleScore, level: Level) -> Option<String> {
        match score.outcome {
            Outcome::Absent(Absence::NoNorm(_)) => self.about_answers(scale, score),
            _ => self.no_band(scale, score, level),
        }
    }

    fn about_answers(&self, scale: usize, score: &ScaleScore) -> Option<String> {
        let is_made_of_scales =
            self.instrument.scales.get(scale).is_some_and(|scale| matches!(scale.rule, Rule::Scales(_) | Rule::Conditions { .. }));
        Some(match score.outcome {
            Outcome::Complete(_) | Outcome::NotApplicable => return None,
            Outcome::Estimated(_) => match score.remark {
                Some(Remark::GateBlankKept(item)) => {
                    format!("`{}` blank, the rest counted all the same: {} of {} answers", self.item(item), score.answered, score.items)
                }
                Some(Remark::BlanksAddNothing) => format!("{} of {} answers, blanks add nothing", score.answered, score.items),
                Some(Remark::CertainAllTheSame) => {
                    format!("{} of {} answers, certain whatever the others are", score.answered, score.items)
                }
                None if is_made_of_scales => format!("estimated: {} of {} answers", score.answered, score.items),
                None => format!("estimated from {} of {} answers", score.answered, score.items),
            },
            Outcome::Absent(absence) => format!("not scored: {}", self.why(absence, score)),
        })
    }

    fn no_band(&self, scale: usize, score: &ScaleScore, level: Level) -> Option<String> {
        let (Some(_), Some(_)) = (score.value(), self.bands(scale)) else { return None };
        match level {
            Level::OutsideAges(ages) => Some(format!("no band: the form is for ages {}", ages.words())),
            Level::UnknownAge => Some("no band: the age cannot be read".to_owned()),
            Level::NoGroup(reason) => Some(format!("no band: {}", reason.words("cut-off"))),
            Level::None | Level::At(_) => None,
        }
    }

    /// The group whose norm a score is measured against: `norm M, grade 5-6 by school-year`.
    pub fn norm_words(&self, scale: usize, score: &ScaleScore) -> Option<String> {
        let group = score.group.filter(|_| score.value().is_some())?;
        Some(format!("norm {}", self.instrument.group_words(scale, group)))
    }

    /// The group of a pupil by a norm scale's own grouping; none for any other scale.
    pub fn norm_group(&self, scale: usize, pupil: &Pupil) -> Option<Result<(&Grouping, Group), NoGroup>> {
        self.group_by(self.instrument.norms_of(scale)?.grouping, *pupil)
    }

    /// The group of a pupil by which the bands of a scale in the set in use differ; none where they do not.
    pub fn band_group(&self, scale: usize, pupil: &Pupil) -> Option<Result<(&Grouping, Group), NoGroup>> {
        self.group_by(self.bands(scale)?.grouping()?, *pupil)
    }

    fn group_by(&self, grouping: usize, pupil: Pupil) -> Option<Result<(&Grouping, Group), NoGroup>> {
        let grouping = self.instrument.groupings.get(grouping)?;
        Some(grouping.find(&pupil, grouping.key_in_force(&self.choices)).map(|group| (grouping, group)))
    }

    /// The convention in force by which a pupil finds a group.
    pub fn key_in_force(&self, grouping: &Grouping) -> usize {
        grouping.key_in_force(&self.choices)
    }

    /// The value in force of a documented choice.
    pub fn chosen(&self, choice: usize) -> Option<&str> {
        let position = self.choices.get(choice)?;
        Some(&self.instrument.choices.get(choice)?.values.get(*position)?.0)
    }

    /// The printed order of the questions that was named.
    pub fn order(&self) -> Option<&str> {
        self.order.as_deref()
    }

    /// What a validity scale says of a scale: `social desirability 15: interpret with caution`.
    pub fn cautions<'f>(&'f self, scale: usize, scores: &'f [ScaleScore]) -> impl Iterator<Item = &'f str> + 'f {
        let speaks = move |caution: &&crate::instrument::Caution| {
            let value = scores.get(caution.scale).and_then(ScaleScore::value);
            caution.about.contains(&scale) && value.is_some_and(|value| caution.at.contains(&value))
        };
        self.instrument.cautions.iter().filter(speaks).map(|caution| caution.says.as_str())
    }

    /// Why there is no score: `2 of 5 answered, 3 needed`.
    pub fn why(&self, absence: Absence, score: &ScaleScore) -> String {
        match absence {
            Absence::TooFew { needed } => format!("{} of {} answered, {needed} needed", score.answered, score.items),
            Absence::Part(part) => format!("{} absent", self.instrument.scales.get(part).map_or("a part", |scale| &*scale.id)),
            Absence::GateBlank(item) => format!("`{}` blank", self.item(item)),
            Absence::NoNorm(reason) => reason.words("norm"),
            Absence::TableNeedsAll => format!("{} of {} answered, and its table needs every answer", score.answered, score.items),
            Absence::Undecided => format!("{} of {} answered, and the others could decide it", score.answered, score.items),
            Absence::Unweighted => "a goal that was rated has no weight".to_owned(),
            Absence::Row(RowRefusal::Ragged) => "the row has more or fewer cells than the header".to_owned(),
            Absence::Row(RowRefusal::UnknownInformant) => "who completed it is not said".to_owned(),
            Absence::Row(RowRefusal::Swallowed) => "a quotation mark may have swallowed the next row".to_owned(),
            Absence::Row(RowRefusal::OtherInformant) => "completed by somebody else".to_owned(),
        }
    }

    fn item(&self, item: usize) -> &str {
        self.instrument.items.get(item).map_or("", |item| &*item.id)
    }
}

/// The name under which a printed order is chosen.
const ORDER: &str = "order";

/// Numbers the questions as the named edition prints them. Until one is named, numbers say nothing where editions differ.
fn choose_order(instrument: &mut Instrument, chosen: &mut Vec<(String, String)>) -> Result<Option<String>, FormError> {
    if instrument.orders.is_empty() {
        return Ok(None);
    }
    let Some(place) = chosen.iter().position(|(name, _)| name == ORDER) else {
        instrument.numbered_to = Some(0);
        return Ok(None);
    };
    let (_, name) = chosen.remove(place);
    let index = find(instrument, "printed order", &name, instrument.orders.iter().map(|order| order.id.as_str()))?;
    let printed = instrument.orders.get(index).map(|order| order.items.clone()).unwrap_or_default();
    for (number, item) in (1..).zip(printed) {
        if let Some(item) = instrument.items.get_mut(item) {
            item.number = number;
        }
    }
    Ok(Some(name))
}

fn choices(instrument: &Instrument, chosen: &[(String, String)]) -> Result<Vec<usize>, FormError> {
    let mut places = vec![0; instrument.choices.len()];
    for (name, value) in chosen {
        let index = find(instrument, "choice", name, instrument.choices.iter().map(|choice| choice.id.as_str()))?;
        let values = instrument.choices.get(index).map(|choice| choice.values.as_slice()).unwrap_or_default();
        places[index] = find(instrument, "value for this choice", value, values.iter().map(|(value, _)| value.as_str()))?;
    }
    Ok(places)
}

fn find<'n>(
    instrument: &Instrument,
    what: &'static str,
    name: &str,
    names: impl Iterator<Item = &'n str> + Clone,
) -> Result<usize, FormError> {
    names.clone().position(|candidate| candidate == name).ok_or_else(|| {
        let known: Vec<&str> = names.clone().collect();
        let help = match did_you_mean(name, names) {
            Some(near) => format!(": did you mean `{near}`?"),
            None if known.is_empty() => String::new(),
            None => format!(": it has {}", list_or(&known)),
        };
        FormError::Unknown { instrument: instrument.id.to_string(), what, name: name.to_owned(), help }
    })
}
