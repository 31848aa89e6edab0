//! A score of items is what its definition's text says, worked out by hand: sums, means and counts, of complete forms and of others.

use bandwise::instrument::{Instrument, Number};
use bandwise::matching::Answer;
use bandwise::scoring::Outcome;
use proptest::prelude::*;
use toml::{Table, Value};

use crate::forms::{BUILT_INS, Filled, filled};
use crate::reading::cases;
use crate::written;

/// What the answers that were given are worth in a scale, as the text says.
fn worth_of_answers(form: &Filled, scale: &Table) -> Vec<Option<Number>> {
    let worth = |(name, reversed): (String, bool)| {
        let item = form.instrument.item(&name).unwrap();
        let codes = &form.instrument.answers[form.instrument.items[item].answers].codes;
        match form.answers[item] {
            Answer::Given(code) => Some(written::worth(scale, codes, &name, reversed, codes[usize::from(code)])),
            Answer::Blank | Answer::Refused => None,
        }
    };
    written::names(&scale["items"]).into_iter().map(worth).collect()
}

/// The scales that add up, average or count answers, each with its place and its text.
fn scales_of_items<'t>(instrument: &Instrument, definition: &'t Table) -> Vec<(usize, &'t Table)> {
    let scales = instrument.scales.iter().enumerate().map(|(index, scale)| (index, written::scale(definition, &scale.id)));
    scales.filter(|(_, scale)| scale.contains_key("items") && scale["method"].as_str() != Some("goal attainment")).collect()
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap()
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn a_score_of_items_is_what_its_answers_add_up_to(form in filled()) {
        let definition = written::definition(form.instrument);
        let scores = form.scores();
        for (index, scale) in scales_of_items(form.instrument, definition) {
            let worth = worth_of_answers(&form, scale);
            let given: Vec<Number> = worth.iter().copied().flatten().collect();
            let sum = given.iter().fold(Number::ZERO, |sum, points| sum + *points);
            let times = scale.get("times").map_or(1, |times| times.as_integer().unwrap());
            let by = if scale["method"].as_str() == Some("mean") { whole(worth.len()) } else { 1 };
            let points = sum.scaled(times, by).unwrap();
            let id = &form.instrument.scales[index].id;
            match scores[index].outcome {
                Outcome::Complete(value) if form.is_decided(index, &form.answers) => {
                    prop_assert_eq!(value, written::number(&scale["gate"]["score"]), "{}", id);
                }
                Outcome::Complete(value) => {
                    prop_assert_eq!(given.len(), worth.len());
                    prop_assert_eq!(value, points, "{}", id);
                }
                // Where only the first question is blank, nothing is estimated, though the score might have been another.
                Outcome::Estimated(value) if given.len() == worth.len() => prop_assert_eq!(value, points, "{}", id),
                Outcome::Estimated(value) => match scale["missing"]["then"].as_str() {
                    Some("zero") => prop_assert_eq!(value, points, "{}: blanks add nothing", id),
                    Some("prorate") => {
                        let exact = points.scaled(whole(worth.len()), whole(given.len())).unwrap();
                        let is_rounded = scale["missing"]["round"].as_str() == Some("half-up");
                        prop_assert!(is_rounded || value == exact, "{}: each blank is worth the mean of the answers: {} is {}", id, exact, value);
                        let off = (exact - value) * 2;
                        prop_assert!(!is_rounded || (value.under() == 1 && Number::whole(-1) <= off && off < Number::whole(1)), "{}: {} is {}", id, exact, value);
                    }
                    other => prop_assert!(false, "{}: estimated by {:?}", id, other),
                },
                Outcome::Absent(_) | Outcome::NotApplicable => {}
            }
        }
    }

    /// An answer counts in the scales that name its question, in each by that scale's own rule, and in no other.
    #[test]
    fn another_answer_changes_the_scales_of_its_question_only(form in filled(), which in any::<prop::sample::Index>(), code in any::<u16>()) {
        let item = which.index(form.answers.len());
        let Answer::Given(old) = form.answers[item] else { return Ok(()) };
        let code = code % crate::forms::codes(form.instrument, item);
        let mut changed = form.answers.clone();
        changed[item] = Answer::Given(code);
        for (scale, (before, after)) in form.scores().iter().zip(&form.scores_of(&changed)).enumerate() {
            let is_its = crate::forms::reads(form.instrument, scale).contains(&item);
            prop_assert!(is_its || old == code || before == after, "{}: {:?}, then {:?}", form.instrument.scales[scale].id, before, after);
        }
    }
}

/// The list of forms is long enough that each kind of scale is among them.
#[test]
fn every_method_and_every_rule_for_blanks_is_tried() {
    let texts: Vec<&Table> = BUILT_INS.iter().map(written::definition).collect();
    let scales = || texts.iter().flat_map(|text| text["scales"].as_array().unwrap()).map(|scale| scale.as_table().unwrap());
    for method in ["sum", "mean", "count", "goal attainment"] {
        assert!(scales().any(|scale| scale.get("method").and_then(Value::as_str) == Some(method)), "{method}");
    }
    for key in ["counts", "count_from", "times", "gate", "lookup", "norms", "conditions", "only_with", "weights"] {
        assert!(scales().any(|scale| scale.contains_key(key)), "{key}");
    }
    for then in ["prorate", "zero"] {
        let is_it = |missing: &Value| missing.get("then").and_then(Value::as_str) == Some(then);
        assert!(scales().any(|scale| scale.get("missing").is_some_and(is_it)), "{then}");
    }
}
