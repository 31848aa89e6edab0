//! Scores lie in their scale's range; a missing answer never silently adds points; what is said to be certain is certain, and no less.

use bandwise::instrument::{Missing, Number, Pupil, Rule, built_in_text, read_definition};
use bandwise::matching::Answer;
use bandwise::scoring::{Absence, Outcome, Scorer};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::forms::{ANYTHING, LONGEST, conditional_on, entries, filled, gate, is_attainment, reads};
use crate::reading::cases;

/// The code with the fewest points, or the most. A question that counts twice in a scale counts twice in the same direction.
fn extreme(entries: &[(usize, Vec<Number>)], item: usize, most: bool) -> Option<u16> {
    let own: Vec<&Vec<Number>> = entries.iter().filter(|(used, _)| *used == item).map(|(_, points)| points).collect();
    let worth = |code: &usize| own.iter().fold(Number::ZERO, |sum, points| sum + points[*code]);
    let codes = 0..own.first()?.len();
    let code = if most { codes.max_by_key(worth) } else { codes.min_by_key(worth) };
    code.map(|code| u16::try_from(code).unwrap())
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn every_score_lies_in_its_scales_range(form in filled()) {
        for (index, (score, scale)) in form.scores().iter().zip(&form.instrument.scales).enumerate() {
            let is_asked = scale.block.is_none_or(|block| form.blocks[block]);
            prop_assert_eq!(score.outcome == Outcome::NotApplicable, !is_asked);
            if !is_asked {
                continue;
            }
            let (lowest, highest) = scale.range;
            // Nothing is known of a score that no norm is for, or of goals that nobody rated or weighted.
            let is_unknown = form.lacks_norm(index) || (is_attainment(form.instrument, index) && score.value().is_none());
            prop_assert_eq!(score.bounds == ANYTHING, is_unknown, "{}: {:?}", scale.id, score);
            let bounds = if is_unknown { vec![] } else { vec![score.bounds.0, score.bounds.1] };
            for value in score.value().into_iter().chain(bounds) {
                prop_assert!(lowest <= value && value <= highest, "{}: {} is not in {lowest} to {highest}", scale.id, value);
            }
            prop_assert!(score.bounds.0 <= score.bounds.1);
            prop_assert!(score.answered <= score.items);
            if let Some(value) = score.value() {
                prop_assert!(score.bounds.0 <= value && value <= score.bounds.1, "{}: {value} is not in {:?}", scale.id, score.bounds);
            }
        }
    }

    /// Complete means that every answer is there, and estimated that one is not, or the first question that decides about the rest.
    #[test]
    fn a_score_says_whether_it_is_complete(form in filled()) {
        let scores = form.scores();
        for (index, score) in scores.iter().enumerate().filter(|(_, score)| score.outcome != Outcome::NotApplicable) {
            let entries = entries(form.instrument, index);
            let open = entries.iter().filter(|(item, _)| form.is_open(*item)).count();
            if is_attainment(form.instrument, index) {
                // A goal that was not rated is left out, so a form is complete with the goals that it has.
                let rated = entries.len() - open;
                prop_assert_eq!(usize::from(score.answered), rated);
                prop_assert_eq!(usize::from(score.items), if rated == 0 { entries.len() } else { rated });
                prop_assert!(matches!(score.outcome, Outcome::Complete(_) | Outcome::Absent(_)));
                continue;
            }
            prop_assert_eq!(usize::from(score.items), entries.len());
            prop_assert_eq!(usize::from(score.items - score.answered), open);
            let is_decided = form.is_decided(index, &form.answers);
            let is_undecided = gate(form.instrument, index).is_some_and(|gate| form.is_open(gate.item));
            let lacks_other = conditional_on(form.instrument, index).into_iter().any(|other| scores[other].value().is_none());
            match score.outcome {
                Outcome::Complete(_) => prop_assert!(is_decided || (open == 0 && !is_undecided)),
                Outcome::Estimated(_) => prop_assert!(!is_decided && (open > 0 || is_undecided)),
                Outcome::Absent(_) => prop_assert!(open > 0 || is_undecided || lacks_other || form.lacks_norm(index)),
                Outcome::NotApplicable => {}
            }
            // The rule says how many answers are enough, and exactly so many are.
            if let Rule::Items { missing: Missing { at_least, .. }, gate: None, .. } = &form.instrument.scales[index].rule {
                let is_enough = usize::from(score.answered) >= *at_least;
                prop_assert_eq!(matches!(score.outcome, Outcome::Absent(Absence::TooFew { .. })), !is_enough);
                prop_assert_eq!(score.value().is_some(), is_enough && !lacks_other, "{:?}", score);
            }
        }
    }

    #[test]
    fn a_blanked_answer_never_silently_changes_a_score(form in filled(), which in any::<prop::sample::Index>()) {
        let item = which.index(form.answers.len());
        let mut blanked = form.answers.clone();
        blanked[item] = Answer::Blank;
        let mut refused = blanked.clone();
        refused[item] = Answer::Refused;
        let (before, after) = (form.scores(), form.scores_of(&blanked));
        // A refused cell is a missing answer too.
        prop_assert_eq!(&form.scores_of(&refused), &after);
        for (scale, (before, after)) in before.iter().zip(&after).enumerate().filter(|(_, (before, _))| before.outcome != Outcome::NotApplicable) {
            let uses_it = reads(form.instrument, scale).contains(&item);
            let others = conditional_on(form.instrument, scale);
            if is_attainment(form.instrument, scale) {
                // One goal fewer is another form: what that comes to is a law of goals.
                prop_assert!(uses_it || before.outcome == after.outcome);
                prop_assert!(!matches!(after.outcome, Outcome::Estimated(_)));
                continue;
            }
            if form.is_decided(scale, &blanked) || !(uses_it || others.iter().any(|other| reads(form.instrument, *other).contains(&item))) {
                prop_assert_eq!(before.outcome, after.outcome);
            } else if uses_it {
                prop_assert!(matches!(after.outcome, Outcome::Estimated(_) | Outcome::Absent(_)), "{:?}", after);
            } else {
                // Its own answers are all as they were: it stands or falls with the other scale.
                let falls = |other: &usize| after.outcome == Outcome::Absent(Absence::Part(*other));
                prop_assert!(before.outcome == after.outcome || others.iter().any(falls), "{:?}, then {:?}", before, after);
            }
            prop_assert!(after.bounds.0 <= before.bounds.0 && before.bounds.1 <= after.bounds.1, "knowing less never narrows what is certain");
        }
    }
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn the_bounds_hold_the_score_of_every_completion(form in filled(), picks in vec(vec(any::<u16>(), LONGEST), 4)) {
        let partial = form.scores();
        for pick in picks {
            let completed = form.completed(|item, codes| pick[item] % codes);
            for (index, score) in form.scores_of(&completed).iter().enumerate() {
                let scale = &form.instrument.scales[index];
                match score.outcome {
                    Outcome::NotApplicable => prop_assert_eq!(partial[index].outcome, Outcome::NotApplicable),
                    // A goal that is rated later is one goal more, and not an answer that was missing.
                    Outcome::Complete(_) if is_attainment(form.instrument, index) => {}
                    Outcome::Complete(value) => {
                        let (lowest, highest) = partial[index].bounds;
                        prop_assert!(lowest <= value && value <= highest, "{}: {value} is not in {lowest} to {highest}", scale.id);
                        prop_assert_eq!(score.bounds, (value, value));
                    }
                    Outcome::Absent(Absence::NoNorm(_)) => prop_assert!(form.lacks_norm(index)),
                    Outcome::Estimated(_) | Outcome::Absent(_) => prop_assert!(false, "{} should be complete: {score:?}", scale.id),
                }
            }
        }
    }

    /// No narrower bounds would do: both ends are the score of a form that could have been filled in.
    #[test]
    fn both_bounds_are_attained(form in filled()) {
        for (scale, score) in form.scores().iter().enumerate() {
            // Of goals see above; where no norm is, there is no score that could attain anything.
            if score.outcome == Outcome::NotApplicable || is_attainment(form.instrument, scale) || form.lacks_norm(scale) {
                continue;
            }
            let entries = entries(form.instrument, scale);
            // Where the first question is open as well, each of its answers is tried.
            let firsts = match gate(form.instrument, scale) {
                Some(gate) if form.is_open(gate.item) => 0..crate::forms::codes(form.instrument, gate.item),
                _ => 0..1,
            };
            let mut values = Vec::new();
            for (first, most) in firsts.flat_map(|first| [(first, false), (first, true)]) {
                let completed = form.completed(|item, codes| extreme(&entries, item, most).unwrap_or(first % codes));
                values.push(form.scores_of(&completed)[scale].value().unwrap());
            }
            let found = (values.iter().min().copied().unwrap(), values.iter().max().copied().unwrap());
            prop_assert_eq!(found, score.bounds, "{}", form.instrument.scales[scale].id);
        }
    }
}

/// Where "no" in the first question stands for the highest score, a blank there leaves the highest score open.
#[test]
fn a_first_question_left_blank_leaves_open_what_it_may_have_decided() {
    let text = built_in_text("sdq-p4-17").unwrap();
    for (decided, expected) in [(12, (4, 12)), (7, (4, 10)), (0, (0, 10)), (-3, (-3, 10))] {
        let text = text.replace("code = 0, score = 0, blank", &format!("code = 0, score = {decided}, blank"));
        // The declared ranges, the bands and the examples are those of the real rule.
        let kept = text.split("[bands.four]").next().unwrap().lines().filter(|line| !line.starts_with("range"));
        let (instrument, _) = read_definition("x.toml", &kept.collect::<Vec<_>>().join("\n"))
            .unwrap_or_else(|found| panic!("{}", found[found.len() - 1].message));
        let mut answers = vec![Answer::Blank; instrument.items.len()];
        for item in ["distres", "imphome"] {
            answers[instrument.item(item).unwrap()] = Answer::Given(3);
        }
        let mut scores = Vec::new();
        Scorer::new(&instrument, &[0]).score(&answers, &[true], &Pupil::default(), &mut scores);
        let bounds = scores[instrument.scale("impact").unwrap()].bounds;
        assert_eq!(bounds, (Number::whole(expected.0), Number::whole(expected.1)), "{decided}");
    }
}
