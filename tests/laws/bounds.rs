//! Scores lie in their scale's range; a missing answer never silently adds points; what is said to be certain is certain, and no less.

use bandwise::instrument::{Instrument, Number, Rule, built_in_text, read_definition};
use bandwise::matching::Answer;
use bandwise::scoring::{Outcome, ScaleScore, Scorer};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::reading::{BUILT_INS, cases};

/// A built-in form, one value for each of its choices, and answers to its questions: some blank, some refused.
#[derive(Clone, Debug)]
struct Case {
    instrument: &'static Instrument,
    choices: Vec<usize>,
    answers: Vec<Answer>,
}

fn case() -> impl Strategy<Value = Case> {
    (0..BUILT_INS.len(), any::<bool>(), 0_u8..60, vec((any::<u8>(), any::<u16>()), 40)).prop_map(|(which, second, missing, picks)| {
        let instrument = &BUILT_INS[which];
        let answer = |(item, (luck, pick)): (&bandwise::instrument::Item, (u8, u16))| {
            let codes = u16::try_from(instrument.answers[item.answers].codes.len()).unwrap();
            match luck % 100 {
                luck if luck < missing / 4 => Answer::Refused,
                luck if luck < missing => Answer::Blank,
                _ => Answer::Given(pick % codes),
            }
        };
        let answers = instrument.items.iter().zip(picks).map(answer).collect();
        let choices = instrument.choices.iter().map(|choice| usize::from(second) % choice.values.len()).collect();
        Case { instrument, choices, answers }
    })
}

impl Case {
    fn scores(&self, answers: &[Answer]) -> Vec<ScaleScore> {
        let mut scores = Vec::new();
        Scorer::new(self.instrument, &self.choices).score(answers, &vec![true; self.instrument.blocks.len()], &mut scores);
        scores
    }

    /// The items of a scale with the points of their codes, through all scales that it is made of.
    fn entries(&self, scale: usize) -> Vec<(usize, &'static [Number])> {
        match &self.instrument.scales[scale].rule {
            Rule::Items { items, .. } => items.iter().map(|entry| (entry.item, entry.points.as_slice())).collect(),
            Rule::Scales(parts) => parts.iter().flat_map(|part| self.entries(*part)).collect(),
        }
    }

    fn gate(&self, scale: usize) -> Option<usize> {
        match &self.instrument.scales[scale].rule {
            Rule::Items { gate, .. } => gate.as_ref().map(|gate| gate.item),
            Rule::Scales(_) => None,
        }
    }

    fn is_open(&self, item: usize) -> bool {
        !matches!(self.answers[item], Answer::Given(_))
    }

    /// The form with every open question answered: the codes come from `pick`.
    fn completed(&self, mut pick: impl FnMut(usize, u16) -> u16) -> Vec<Answer> {
        let codes = |item: usize| u16::try_from(self.instrument.answers[self.instrument.items[item].answers].codes.len()).unwrap();
        (0..self.answers.len())
            .map(|item| if self.is_open(item) { Answer::Given(pick(item, codes(item))) } else { self.answers[item] })
            .collect()
    }
}

/// The code with the fewest points, or the most.
fn extreme(points: &[Number], most: bool) -> u16 {
    let position = |(position, _): (usize, &Number)| u16::try_from(position).unwrap();
    let points = points.iter().enumerate();
    if most { points.max_by_key(|(_, points)| **points) } else { points.min_by_key(|(_, points)| **points) }.map(position).unwrap()
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn every_score_lies_in_its_scales_range(case in case()) {
        for (score, scale) in case.scores(&case.answers).iter().zip(&case.instrument.scales) {
            let (lowest, highest) = scale.range;
            for value in score.value().into_iter().chain([score.bounds.0, score.bounds.1]) {
                prop_assert!(lowest <= value && value <= highest, "{}: {} is not in {lowest} to {highest}", scale.id, value);
            }
            prop_assert!(score.bounds.0 <= score.bounds.1);
            prop_assert!(score.answered <= score.items);
            if let Some(value) = score.value() {
                prop_assert!(score.bounds.0 <= value && value <= score.bounds.1, "{}: {value} is not in {:?}", scale.id, score.bounds);
                prop_assert_eq!(value.under(), 1, "every score of these forms is a whole number");
            }
        }
    }

    /// Complete means that every answer is there, and estimated that one is not, or the first question that decides about the rest.
    #[test]
    fn a_score_says_whether_it_is_complete(case in case()) {
        for (index, score) in case.scores(&case.answers).iter().enumerate() {
            let open = case.entries(index).iter().filter(|(item, _)| case.is_open(*item)).count();
            prop_assert_eq!(usize::from(score.items - score.answered), open);
            let is_decided = case.gate(index).is_some_and(|gate| case.answers[gate] == Answer::Given(0));
            let is_undecided = case.gate(index).is_some_and(|gate| case.is_open(gate));
            match score.outcome {
                Outcome::Complete(_) => prop_assert!(is_decided || (open == 0 && !is_undecided)),
                Outcome::Estimated(_) => prop_assert!(!is_decided && (open > 0 || is_undecided)),
                Outcome::Absent(_) => prop_assert!(open > 0 || is_undecided),
                Outcome::NotApplicable => panic!("every part of the form is there"),
            }
        }
    }

    #[test]
    fn a_blanked_answer_never_silently_changes_a_score(case in case(), which in any::<prop::sample::Index>()) {
        let item = which.index(case.answers.len());
        let mut blanked = case.answers.clone();
        blanked[item] = Answer::Blank;
        let (before, after) = (case.scores(&case.answers), case.scores(&blanked));
        for (scale, (before, after)) in before.iter().zip(&after).enumerate() {
            let uses_it = case.entries(scale).iter().any(|(used, _)| *used == item) || case.gate(scale) == Some(item);
            let is_decided = case.gate(scale).is_some_and(|gate| blanked[gate] == Answer::Given(0));
            if !uses_it || is_decided {
                prop_assert_eq!(before.outcome, after.outcome);
            } else {
                prop_assert!(matches!(after.outcome, Outcome::Estimated(_) | Outcome::Absent(_)), "{:?}", after);
            }
            // A refused cell is a missing answer too.
            let mut refused = blanked.clone();
            refused[item] = Answer::Refused;
            prop_assert_eq!(&case.scores(&refused)[scale], after);
            prop_assert!(after.bounds.0 <= before.bounds.0 && before.bounds.1 <= after.bounds.1, "knowing less never narrows what is certain");
        }
    }

    #[test]
    fn the_bounds_hold_the_score_of_every_completion(case in case(), picks in vec(vec(any::<u16>(), 40), 6)) {
        let bounds: Vec<(Number, Number)> = case.scores(&case.answers).iter().map(|score| score.bounds).collect();
        for pick in picks {
            let completed = case.completed(|item, codes| pick[item] % codes);
            for (scale, score) in case.scores(&completed).iter().enumerate() {
                let Outcome::Complete(value) = score.outcome else { panic!("complete: {score:?}") };
                let (lowest, highest) = bounds[scale];
                prop_assert!(lowest <= value && value <= highest, "{}: {value} is not in {lowest} to {highest}", case.instrument.scales[scale].id);
                prop_assert_eq!(score.bounds, (value, value));
            }
        }
    }

    /// No narrower bounds would do: both ends are the score of a form that could have been filled in.
    #[test]
    fn both_bounds_are_attained(case in case()) {
        for (scale, score) in case.scores(&case.answers).iter().enumerate() {
            let entries = case.entries(scale);
            let attained = |most: bool| {
                // Where the first question is open as well, each of its answers is tried.
                (0..4).map(move |gate| (most, gate))
            };
            let values: Vec<Number> = attained(false)
                .chain(attained(true))
                .map(|(most, gate)| {
                    let pick = |item: usize, codes: u16| match entries.iter().find(|(used, _)| *used == item) {
                        Some((_, points)) => extreme(points, most),
                        None => gate % codes,
                    };
                    case.scores(&case.completed(pick))[scale].value().unwrap()
                })
                .collect();
            let found = (values.iter().min().copied().unwrap(), values.iter().max().copied().unwrap());
            prop_assert_eq!(found, score.bounds, "{}", case.instrument.scales[scale].id);
        }
    }
}

/// Where "no" in the first question stands for the highest score, a blank there leaves the highest score open.
#[test]
fn a_first_question_left_blank_leaves_open_what_it_may_have_decided() {
    let text = built_in_text("sdq-p4-17").unwrap();
    for (decided, expected) in [(12, (4, 12)), (7, (4, 10)), (0, (0, 10)), (-3, (-3, 10))] {
        let text = text.replace("code = 0, score = 0, blank", &format!("code = 0, score = {decided}, blank"));
        // The examples and the bands are those of the real rule.
        let text = text.split("[bands.four]").next().unwrap();
        let (instrument, _) = read_definition("x.toml", text).unwrap();
        let mut answers = vec![Answer::Blank; instrument.items.len()];
        for item in ["distres", "imphome"] {
            answers[instrument.item(item).unwrap()] = Answer::Given(3);
        }
        let mut scores = Vec::new();
        Scorer::new(&instrument, &[0]).score(&answers, &[true], &mut scores);
        let bounds = scores[instrument.scale("impact").unwrap()].bounds;
        assert_eq!(bounds, (Number::whole(expected.0), Number::whole(expected.1)), "{decided}");
    }
}
