//! Any built-in form, filled in anyhow, and what its scales are made of.

use std::fmt;
use std::sync::LazyLock;

use bandwise::instrument::{Gate, Instrument, Method, Number, Pupil, Rule, Said, Sex, Transform, built_in_ids, load};
use bandwise::matching::Answer;
use bandwise::scoring::{Outcome, ScaleScore, Scorer};
use proptest::collection::vec;
use proptest::prelude::*;

/// All built-in instruments, read once.
pub(crate) static BUILT_INS: LazyLock<Vec<Instrument>> = LazyLock::new(|| built_in_ids().map(|id| load(id).unwrap().0).collect());

pub(crate) fn built_in(id: &str) -> &'static Instrument {
    BUILT_INS.iter().find(|instrument| &*instrument.id == id).unwrap()
}

/// As many questions as the longest form has: so long are the lists of random picks.
pub(crate) const LONGEST: usize = 55;

/// What stands for "anything" where nothing is known of a score.
pub(crate) const ANYTHING: (Number, Number) = (Number::whole(-i64::MAX), Number::whole(i64::MAX));

#[test]
fn no_form_is_longer_than_the_random_picks() {
    assert_eq!(BUILT_INS.iter().map(|instrument| instrument.items.len()).max(), Some(LONGEST));
}

/// How many answers a question has.
pub(crate) fn codes(instrument: &Instrument, item: usize) -> u16 {
    u16::try_from(instrument.answers[instrument.items[item].answers].codes.len()).unwrap()
}

/// A form with answers to its questions, some blank, some refused; a pupil; a value for each choice; perhaps without optional parts.
#[derive(Clone)]
pub(crate) struct Filled {
    pub(crate) instrument: &'static Instrument,
    pub(crate) choices: Vec<usize>,
    pub(crate) blocks: Vec<bool>,
    pub(crate) pupil: Pupil,
    pub(crate) answers: Vec<Answer>,
}

impl fmt::Debug for Filled {
    /// Without the definition's text: the id says which it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answers = self.instrument.items.iter().zip(&self.answers).map(|(item, answer)| (&*item.id, answer)).collect::<Vec<_>>();
        write!(f, "{}, choices {:?}, parts {:?}, {:?}, {answers:?}", self.instrument.id, self.choices, self.blocks, self.pupil)
    }
}

/// Any form.
pub(crate) fn filled() -> impl Strategy<Value = Filled> {
    filled_of(BUILT_INS.iter().collect())
}

/// One of these forms.
pub(crate) fn filled_of(forms: Vec<&'static Instrument>) -> impl Strategy<Value = Filled> {
    let picks = vec((any::<u8>(), any::<u16>()), LONGEST);
    (prop::sample::select(forms), vec(any::<u8>(), 8), prop_oneof![1 => Just(0_u8), 3 => 0_u8..60], picks, pupil()).prop_map(
        |(instrument, small, missing, picks, pupil)| {
            let blocks: Vec<bool> = (0..instrument.blocks.len()).map(|block| !small[block].is_multiple_of(5)).collect();
            let answer = |(item, (luck, pick)): (usize, &(u8, u16))| match luck % 100 {
                _ if instrument.items[item].block.is_some_and(|block| !blocks[block]) => Answer::Blank,
                luck if luck < missing / 4 => Answer::Refused,
                luck if luck < missing => Answer::Blank,
                _ => Answer::Given(pick % codes(instrument, item)),
            };
            let answers = picks.iter().take(instrument.items.len()).enumerate().map(answer).collect();
            let choices = instrument.choices.iter().map(|choice| usize::from(small[7]) % choice.values.len()).collect();
            Filled { instrument, choices, blocks, pupil, answers }
        },
    )
}

/// What a file may say of a pupil: each part is sometimes absent, and sometimes nothing that can be used.
pub(crate) fn pupil() -> impl Strategy<Value = Pupil> {
    fn said<T: Clone + fmt::Debug + 'static>(value: impl Strategy<Value = T> + 'static) -> impl Strategy<Value = Said<T>> {
        prop_oneof![8 => value.prop_map(Said::This), 1 => Just(Said::Nothing), 1 => Just(Said::Unreadable)]
    }
    let sex = prop::sample::select(vec![Sex::Male, Sex::Female]);
    (said(sex), said(3_u8..=20), said(0_u8..=14)).prop_map(|(sex, age, year)| Pupil { sex, age, year })
}

impl Filled {
    pub(crate) fn scores(&self) -> Vec<ScaleScore> {
        self.scores_of(&self.answers)
    }

    /// The scores of other answers of the same pupil to the same form.
    pub(crate) fn scores_of(&self, answers: &[Answer]) -> Vec<ScaleScore> {
        let mut scores = Vec::new();
        Scorer::new(self.instrument, &self.choices).score(answers, &self.blocks, &self.pupil, &mut scores);
        scores
    }

    /// Whether the file has the question's part of the form.
    pub(crate) fn is_asked(&self, item: usize) -> bool {
        self.instrument.items[item].block.is_none_or(|block| self.blocks[block])
    }

    pub(crate) fn is_open(&self, item: usize) -> bool {
        !matches!(self.answers[item], Answer::Given(_))
    }

    /// The form with every open question answered that the file has; `pick` says with which of so many codes.
    pub(crate) fn completed(&self, mut pick: impl FnMut(usize, u16) -> u16) -> Vec<Answer> {
        let mut complete = |item: usize| {
            if self.is_open(item) && self.is_asked(item) {
                Answer::Given(pick(item, codes(self.instrument, item)))
            } else {
                self.answers[item]
            }
        };
        (0..self.answers.len()).map(&mut complete).collect()
    }

    /// Whether a scale is measured against a norm, itself or through the scales that it is made of, and no norm is for this pupil.
    pub(crate) fn lacks_norm(&self, scale: usize) -> bool {
        let own = match &self.instrument.scales[scale].rule {
            Rule::Of { transform: Transform::Norms { norms, .. }, .. } => {
                let grouping = &self.instrument.groupings[self.instrument.norms[*norms].grouping];
                grouping.find(&self.pupil, grouping.key_in_force(&self.choices)).is_err()
            }
            _ => false,
        };
        own || parts(self.instrument, scale).into_iter().any(|part| self.lacks_norm(part))
    }

    /// The code of a first question that decides a scale of items, if it was answered so.
    pub(crate) fn is_decided(&self, scale: usize, answers: &[Answer]) -> bool {
        let given = |gate: &Gate| answers[gate.item] == Answer::Given(u16::try_from(gate.closed_by).unwrap());
        gate(self.instrument, scale).is_some_and(given)
    }
}

/// The scales that a scale is made of.
pub(crate) fn parts(instrument: &Instrument, scale: usize) -> Vec<usize> {
    match &instrument.scales[scale].rule {
        Rule::Items { .. } => Vec::new(),
        Rule::Scales(parts) => parts.clone(),
        Rule::Of { scale, .. } => vec![*scale],
        Rule::Conditions { conditions, .. } => conditions.iter().map(|condition| condition.scale).collect(),
    }
}

/// The questions that count in a scale, through all scales that it is made of, each with what its codes are worth: more where the scale
/// comes out higher. A question that counts in two of its parts stands there twice.
pub(crate) fn entries(instrument: &Instrument, scale: usize) -> Vec<(usize, Vec<Number>)> {
    let turned = |entries: Vec<(usize, Vec<Number>)>| -> Vec<(usize, Vec<Number>)> {
        entries.into_iter().map(|(item, points)| (item, points.into_iter().map(|points| -points).collect())).collect()
    };
    match &instrument.scales[scale].rule {
        Rule::Items { items, .. } => items.iter().map(|entry| (entry.item, entry.points.clone())).collect(),
        Rule::Scales(parts) => parts.iter().flat_map(|part| entries(instrument, *part)).collect(),
        Rule::Of { scale, transform } => {
            let falls = match transform {
                Transform::Lookup(table) => {
                    let values: Vec<Number> = table.iter().map(|(_, value)| *value).collect();
                    assert!(values.is_sorted() || values.iter().rev().is_sorted(), "a table rises or falls");
                    values.first() > values.last()
                }
                Transform::Affine { times, .. } => *times < Number::ZERO,
                Transform::Norms { .. } => false,
            };
            let entries = entries(instrument, *scale);
            if falls { turned(entries) } else { entries }
        }
        Rule::Conditions { conditions, .. } => {
            let of = |condition: &bandwise::instrument::Condition| {
                assert!(condition.from.is_none() || condition.at_most.is_none(), "a condition has one end");
                let entries = entries(instrument, condition.scale);
                if condition.at_most.is_some() { turned(entries) } else { entries }
            };
            conditions.iter().flat_map(of).collect()
        }
    }
}

/// The first question of a scale of items that decides whether the rest counts.
pub(crate) fn gate(instrument: &Instrument, scale: usize) -> Option<&Gate> {
    match &instrument.scales[scale].rule {
        Rule::Items { gate, .. } => gate.as_ref(),
        _ => None,
    }
}

/// Goal attainment, where a goal without a rating is no missing answer: it is left out.
pub(crate) fn is_attainment(instrument: &Instrument, scale: usize) -> bool {
    matches!(&instrument.scales[scale].rule, Rule::Items { method: Method::GoalAttainment { .. }, .. })
}

/// Every question that a scale reads: what counts in it, first questions and weights.
pub(crate) fn reads(instrument: &Instrument, scale: usize) -> Vec<usize> {
    let mut found: Vec<usize> = entries(instrument, scale).into_iter().map(|(item, _)| item).collect();
    let mut scales = vec![scale];
    while let Some(scale) = scales.pop() {
        found.extend(gate(instrument, scale).map(|gate| gate.item));
        if let Rule::Items { method: Method::GoalAttainment { weights, .. }, .. } = &instrument.scales[scale].rule {
            found.extend(weights);
        }
        scales.extend(parts(instrument, scale));
    }
    found
}

/// The scales without which a scale, or a part of it, is not scored.
pub(crate) fn conditional_on(instrument: &Instrument, scale: usize) -> Vec<usize> {
    let own = instrument.scales[scale].only_with;
    own.into_iter().chain(parts(instrument, scale).into_iter().flat_map(|part| conditional_on(instrument, part))).collect()
}

/// Whether a score stands on a guess: estimated, and other answers could have made another score.
pub(crate) fn is_guess(score: &ScaleScore) -> bool {
    matches!(score.outcome, Outcome::Estimated(_)) && score.bounds.0 != score.bounds.1
}
