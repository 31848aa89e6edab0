//! Scales made from other scales: a published table, so many times and so much more, a rule over several, and one that stands only with
//! another.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use bandwise::instrument::{Instrument, Number, Rule, Transform};
use bandwise::matching::Answer;
use bandwise::scoring::{Absence, Form, Outcome, Remark, ScaleScore};
use proptest::collection::vec;
use proptest::prelude::*;
use toml::Value;

use crate::forms::{BUILT_INS, LONGEST, built_in, conditional_on, filled_of};
use crate::reading::{cases, form};
use crate::written;

fn forms_with(has: fn(&Rule) -> bool) -> Vec<&'static Instrument> {
    let forms: Vec<&Instrument> = BUILT_INS.iter().filter(|instrument| instrument.scales.iter().any(|scale| has(&scale.rule))).collect();
    assert!(!forms.is_empty());
    forms
}

fn is_transformed(rule: &Rule) -> bool {
    matches!(rule, Rule::Of { transform: Transform::Lookup(_) | Transform::Affine { .. }, .. })
}

fn is_rule(rule: &Rule) -> bool {
    matches!(rule, Rule::Conditions { .. })
}

proptest! {
    #![proptest_config(cases(300))]

    /// A table is for complete forms only, and a score by it is the one that stands in it beside the raw score.
    #[test]
    fn a_transformed_score_is_what_the_text_makes_of_its_base(form in filled_of(forms_with(is_transformed))) {
        let definition = written::definition(form.instrument);
        let scores = form.scores();
        for (index, scale) in form.instrument.scales.iter().enumerate() {
            let Rule::Of { scale: base, .. } = &scale.rule else { continue };
            let text = written::scale(definition, &scale.id);
            let base = &scores[*base];
            let expected = match base.outcome {
                Outcome::Complete(value) => Outcome::Complete(transformed(text, value)),
                Outcome::Estimated(_) if text.contains_key("lookup") => Outcome::Absent(Absence::TableNeedsAll),
                Outcome::Estimated(value) => Outcome::Estimated(transformed(text, value)),
                absent @ (Outcome::Absent(_) | Outcome::NotApplicable) => absent,
            };
            prop_assert_eq!(scores[index].outcome, expected, "{}", scale.id);
            prop_assert_eq!((scores[index].answered, scores[index].items), (base.answered, base.items));
        }
    }

    /// A rule on a complete form is what its text says; one that is decided in spite of missing answers is decided so under every
    /// completion; and one that is not could go either way.
    #[test]
    fn a_rule_is_decided_exactly_where_no_completion_could_decide_otherwise(
        form in filled_of(forms_with(is_rule)),
        picks in vec(vec(any::<u16>(), LONGEST), 4),
    ) {
        let definition = written::definition(form.instrument);
        let partial = form.scores();
        // As few points as can be, as many, and anything between.
        let mut completions = vec![end_of(&form, false), end_of(&form, true)];
        completions.extend(picks.iter().map(|picks| form.completed(|item, codes| picks[item] % codes)));
        let completed: Vec<Vec<ScaleScore>> = completions.iter().map(|answers| form.scores_of(answers)).collect();
        for (index, scale) in form.instrument.scales.iter().enumerate().filter(|(_, scale)| is_rule(&scale.rule)) {
            let text = written::scale(definition, &scale.id);
            for scores in &completed {
                let expected = if is_met(form.instrument, text, scores) { Number::whole(1) } else { Number::ZERO };
                prop_assert_eq!(scores[index].outcome, Outcome::Complete(expected), "{}", scale.id);
            }
            let outcomes: Vec<Number> = completed.iter().map(|scores| scores[index].value().unwrap()).collect();
            if let Some(value) = partial[index].value() {
                prop_assert!(outcomes.iter().all(|outcome| *outcome == value), "{}: {value}, then {outcomes:?}", scale.id);
            } else {
                prop_assert_eq!(partial[index].outcome, Outcome::Absent(Absence::Undecided));
                prop_assert_ne!(outcomes[0], outcomes[1], "{} could be said", scale.id);
            }
            let is_certain_all_the_same = partial[index].remark == Some(Remark::CertainAllTheSame);
            prop_assert_eq!(is_certain_all_the_same, matches!(partial[index].outcome, Outcome::Estimated(_)), "these rules rest on no estimate");
        }
    }

    /// A part score is given only where the other score is, whatever its own answers are; and the other score does not change it.
    #[test]
    fn a_part_score_stands_only_with_the_score_that_it_needs(form in filled_of(with_only_with())) {
        let scores = form.scores();
        for (index, scale) in form.instrument.scales.iter().enumerate() {
            let Some(other) = scale.only_with else { continue };
            match scores[index].outcome {
                Outcome::Complete(_) | Outcome::Estimated(_) => prop_assert!(scores[other].value().is_some()),
                Outcome::Absent(Absence::Part(absent)) => {
                    prop_assert_eq!(absent, other);
                    prop_assert!(scores[other].value().is_none());
                }
                Outcome::Absent(_) | Outcome::NotApplicable => {}
            }
            let Rule::Items { missing, .. } = &scale.rule else { continue };
            let is_enough = usize::from(scores[index].answered) >= missing.at_least;
            prop_assert_eq!(scores[index].value().is_some(), is_enough && scores[other].value().is_some(), "{}", scale.id);
        }
    }
}

proptest! {
    #![proptest_config(cases(200))]

    /// A validity scale speaks at its own scores, of the scores that it is about; and it changes none of them.
    #[test]
    fn a_validity_scale_speaks_at_its_scores_only(form in filled_of(vec![built_in("scwbs")]), pick in 0_u16..5) {
        // Half of the answers to its three questions are alike, so that the ends are met.
        let mut answers = form.answers.clone();
        for item in ["q2", "q7", "q13"].map(|id| form.instrument.item(id).unwrap()) {
            if !form.is_open(item) && pick.is_multiple_of(2) {
                answers[item] = Answer::Given(pick);
            }
        }
        let (scores, plain) = (form.scores_of(&answers), form.scores());
        let desirability = form.instrument.scale("desirability").unwrap();
        let speaks = scores[desirability].value().and_then(Number::as_whole).is_some_and(|score| matches!(score, 3 | 14 | 15));
        for (scale, score) in scores.iter().enumerate() {
            let said: Vec<&str> = SCWBS.cautions(scale, &scores).collect();
            prop_assert_eq!(said.len(), usize::from(speaks && scale != desirability), "{:?}: {:?}", scores[desirability], said);
            prop_assert!(scale == desirability || *score == plain[scale]);
        }
    }
}

static SCWBS: LazyLock<Form> = LazyLock::new(|| form("scwbs"));

fn with_only_with() -> Vec<&'static Instrument> {
    let forms: Vec<&Instrument> =
        BUILT_INS.iter().filter(|form| (0..form.scales.len()).any(|scale| !conditional_on(form, scale).is_empty())).collect();
    assert!(forms.len() >= 2, "the PSC-17 and the PSC-35");
    forms
}

/// What the text of a transformed scale makes of a score.
fn transformed(text: &toml::Table, score: Number) -> Number {
    if let Some(table) = text.get("lookup").and_then(Value::as_table) {
        return table.iter().find(|(raw, _)| Number::parse(raw) == Some(score)).map(|(_, value)| written::number(value)).unwrap();
    }
    let [times, plus] = ["times", "plus"].map(|key| text.get(key).map(written::number));
    score.times(times.unwrap_or(Number::whole(1))) + plus.unwrap_or(Number::ZERO)
}

/// The form completed so that every symptom is absent, or there.
fn end_of(form: &crate::forms::Filled, is_there: bool) -> Vec<Answer> {
    let of_rules: Vec<usize> = (0..form.instrument.scales.len()).filter(|scale| is_rule(&form.instrument.scales[*scale].rule)).collect();
    let entries: Vec<(usize, Vec<Number>)> = of_rules.iter().flat_map(|scale| crate::forms::entries(form.instrument, *scale)).collect();
    let points: BTreeMap<usize, Vec<Number>> = entries.into_iter().collect();
    form.completed(|item, _| {
        let Some(points) = points.get(&item) else { return 0 };
        let codes = 0..points.len();
        let code = if is_there { codes.max_by_key(|code| points[*code]) } else { codes.min_by_key(|code| points[*code]) };
        u16::try_from(code.unwrap()).unwrap()
    })
}

/// Whether the text of a rule is met by the scores of a complete form.
fn is_met(instrument: &Instrument, text: &toml::Table, scores: &[ScaleScore]) -> bool {
    let conditions = text["conditions"].as_array().unwrap();
    let holds = |condition: &&Value| {
        let score = scores[instrument.scale(condition["scale"].as_str().unwrap()).unwrap()].value().unwrap();
        condition.get("from").is_none_or(|from| score >= written::number(from))
            && condition.get("at_most").is_none_or(|at_most| score <= written::number(at_most))
    };
    let needed = match &text["needs"] {
        Value::String(word) if word == "all" => conditions.len(),
        Value::String(_) => 1,
        number => usize::try_from(number.as_integer().unwrap()).unwrap(),
    };
    conditions.iter().filter(holds).count() >= needed
}
