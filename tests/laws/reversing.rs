//! Reversing: twice is identity, for every item that a built-in form reverses and for every set of codes that can be reversed.

use std::collections::BTreeMap;

use bandwise::findings::Code;
use bandwise::instrument::{Instrument, Method, Number, Rule, ScaleItem, Transform, read_definition};
use bandwise::matching::Answer;
use bandwise::scoring::Outcome;
use proptest::prelude::*;

use crate::forms::{BUILT_INS, Filled, codes, filled, parts};
use crate::reading::cases;
use crate::written;

/// The codes of an item, and where each one's mirror stands: the code as far from the other end.
fn mirrors(codes: &[Number]) -> Option<Vec<usize>> {
    let sum = *codes.iter().min().unwrap() + *codes.iter().max().unwrap();
    codes.iter().map(|code| codes.iter().position(|mirror| *mirror + *code == sum)).collect()
}

fn codes_of<'i>(instrument: &'i Instrument, entry: &ScaleItem) -> &'i [Number] {
    &instrument.answers[instrument.items[entry.item].answers].codes
}

/// A reversed item is worth what the mirror of its answer would be worth if the scale did not reverse it; where answers are worth their
/// codes, reversing twice is identity. Which items those are is what the minus signs of the text say, and no others.
#[test]
fn reversing_twice_is_identity_for_every_reversed_item() {
    let mut reversed: BTreeMap<&str, usize> = BTreeMap::new();
    for instrument in BUILT_INS.iter() {
        let definition = written::definition(instrument);
        for scale in &instrument.scales {
            let Rule::Items { items, method, .. } = &scale.rule else { continue };
            let text = written::scale(definition, &scale.id);
            let names: Vec<(String, bool)> =
                items.iter().map(|entry| (instrument.items[entry.item].id.to_string(), entry.reversed)).collect();
            assert_eq!(names, written::names(&text["items"]), "{}: {}", instrument.id, scale.id);
            for (entry, (name, _)) in items.iter().zip(&names).filter(|(entry, _)| entry.reversed) {
                let codes = codes_of(instrument, entry);
                let mirrors = mirrors(codes).unwrap();
                let plain: Vec<Number> = codes.iter().map(|code| written::worth(text, codes, name, false, *code)).collect();
                let place = format!("{}: {name}", instrument.id);
                assert_eq!(entry.points, mirrors.iter().map(|mirror| plain[*mirror]).collect::<Vec<_>>(), "{place}");
                assert_eq!(mirrors.iter().map(|mirror| entry.points[*mirror]).collect::<Vec<_>>(), plain, "{place}: twice is identity");
                if *method != Method::Count {
                    assert_eq!(plain, codes, "{place}");
                    assert_ne!(entry.points, codes, "{place}: reversing once is not identity");
                }
                *reversed.entry(&instrument.id).or_default() += 1;
            }
        }
    }
    let expected: BTreeMap<&str, usize> = REVERSED.iter().flat_map(|(ids, items)| ids.iter().map(|id| (*id, *items))).collect();
    assert_eq!(reversed, expected, "and no other form reverses anything");
}

/// How many items of each form are reversed.
const REVERSED: [(&[&str], usize); 8] = [
    (
        &[
            "sdq-p2-4",
            "sdq-t2-4",
            "sdq-p4-17",
            "sdq-t4-17",
            "sdq-s11-17",
            "sdq-p4-17-followup",
            "sdq-t4-17-followup",
            "sdq-s11-17-followup",
            "rosenberg",
        ],
        5,
    ),
    (&["mmf"], 1),
    (&["pss-4", "core-10"], 2),
    (&["yp-core"], 3),
    (&["ces-dc", "pss-10"], 4),
    (&["aq-10-child", "aq-10-adolescent", "aq-10-adult"], 4),
    (&["vanderbilt-p", "vanderbilt-t"], 8),
    (&["m-chat-r"], 17),
];

/// A form with one set of codes, an item that is reversed and one that is not.
fn definition(codes: &[i64]) -> String {
    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
    format!(
        "id = \"x\"\nname = \"x\"\nform = \"x\"\nfamily = \"x\"\ninformant = \"self\"\nversion = \"1\"\nowner = \"x\"\n\
         wording = \"not shipped\"\n[licence]\nstatus = \"free\"\nterms = \"x\"\n[sources]\nscoring = \"x\"\n[answers.main]\ncodes = [{}]\n\
         [[items]]\nid = \"plain\"\n[[items]]\nid = \"turned\"\n\
         [[scales]]\nid = \"all\"\nname = \"All\"\nmain = true\nitems = [\"plain\", \"-turned\"]\nmethod = \"sum\"\n\
         missing = \"all needed\"\nbetter = \"lower\"\n",
        codes.join(", ")
    )
}

/// Whether every answer that counts in a scale is worth its code, or its mirror, and the scale only adds, averages or stretches: then
/// mirrored answers have the mirrored score. Recoded and counted answers, rules, tables and goals with weights have no mirror.
fn has_mirror(instrument: &Instrument, scale: usize) -> bool {
    let is_linear = match &instrument.scales[scale].rule {
        Rule::Items { items, method, gate, .. } => {
            let is_plain = |entry: &ScaleItem| {
                let codes = codes_of(instrument, entry);
                mirrors(codes).is_some_and(|mirrors| {
                    let worth: Vec<Number> =
                        if entry.reversed { mirrors.iter().map(|mirror| codes[*mirror]).collect() } else { codes.to_vec() };
                    worth == entry.points
                })
            };
            let adds = match method {
                Method::Sum { .. } | Method::Mean { .. } => true,
                Method::Count => false,
                Method::GoalAttainment { weights, .. } => weights.is_empty(),
            };
            adds && gate.is_none() && items.iter().all(is_plain)
        }
        Rule::Scales(_) | Rule::Of { transform: Transform::Affine { .. }, .. } => true,
        Rule::Of { .. } | Rule::Conditions { .. } => false,
    };
    is_linear && parts(instrument, scale).into_iter().all(|part| has_mirror(instrument, part))
}

#[test]
fn most_scales_have_a_mirror() {
    let without: Vec<&str> =
        BUILT_INS.iter().filter(|form| !(0..form.scales.len()).any(|scale| has_mirror(form, scale))).map(|form| &*form.id).collect();
    // 0, 1, 3 and 5 do not mirror each other; counts; goals with weights.
    let expected =
        ["cries-8", "vanderbilt-p", "vanderbilt-t", "asrs", "aq-10-child", "aq-10-adolescent", "aq-10-adult", "m-chat-r", "gas-weighted"];
    assert_eq!(without, expected);
}

proptest! {
    #![proptest_config(cases(128))]

    /// Codes mirror each other or they do not; then the definition is refused and says so.
    #[test]
    fn codes_can_be_reversed_exactly_if_they_mirror_each_other(
        codes in prop::sample::subsequence((-4..=6).collect::<Vec<i64>>(), 2..6).prop_shuffle()
    ) {
        let sum = codes.iter().min().unwrap() + codes.iter().max().unwrap();
        let is_mirrored = codes.iter().all(|code| codes.contains(&(sum - code)));
        match read_definition("x.toml", &definition(&codes)) {
            Ok((instrument, _)) => {
                prop_assert!(is_mirrored);
                let Rule::Items { items, .. } = &instrument.scales[0].rule else { panic!("made of items") };
                let codes: Vec<Number> = codes.iter().copied().map(Number::whole).collect();
                let twice: Vec<Number> = mirrors(&codes).unwrap().iter().map(|mirror| items[1].points[*mirror]).collect();
                prop_assert_eq!((&items[0].points, twice), (&codes, codes.clone()));
            }
            Err(findings) => {
                prop_assert!(!is_mirrored, "{:?}", findings);
                prop_assert!(findings.iter().any(|finding| finding.code == Code::I008));
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    /// A form with every answer mirrored has the mirrored score, on every scale whose answers are worth their codes: also with blanks, and
    /// then but for rounding, where one half goes up on both sides.
    #[test]
    fn mirrored_answers_have_the_mirrored_score(form in filled()) {
        let instrument = form.instrument;
        let is_scored = |item: usize| instrument.scales.iter().any(|scale| matches!(&scale.rule, Rule::Items { items, .. } if items.iter().any(|entry| entry.item == item)));
        let turned = |(item, answer): (usize, &Answer)| match *answer {
            // Codes stand in order in every built-in set.
            Answer::Given(code) if is_scored(item) => Answer::Given(codes(instrument, item) - 1 - code),
            other => other,
        };
        let mirrored = Filled { answers: form.answers.iter().enumerate().map(turned).collect(), ..form.clone() };
        for (index, (one, other)) in form.scores().iter().zip(&mirrored.scores()).enumerate().filter(|(index, _)| has_mirror(instrument, *index)) {
            let scale = &instrument.scales[index];
            let Some((left, right)) = one.value().zip(other.value()) else {
                prop_assert_eq!(one.outcome, other.outcome);
                continue;
            };
            let sum = scale.range.0 + scale.range.1;
            match (one.outcome, is_rounded(instrument, index)) {
                (Outcome::Estimated(_), Some(roundings)) => {
                    let off = left + right - sum;
                    prop_assert!(Number::ZERO <= off && off <= Number::whole(roundings), "{}: {left} and {right}", scale.id);
                }
                // A blank that adds nothing is the lowest answer, and no answer is its mirror.
                _ if matches!(one.outcome, Outcome::Estimated(_)) && adds_nothing(instrument, index) => prop_assert!(left + right <= sum),
                _ => prop_assert_eq!(left + right, sum, "{}", scale.id),
            }
        }
    }
}

/// How many estimates that are rounded halves up a scale is made of, if any.
fn is_rounded(instrument: &Instrument, scale: usize) -> Option<i64> {
    let own = match &instrument.scales[scale].rule {
        Rule::Items { missing, .. } => i64::from(missing.round == bandwise::instrument::Round::HalfUp),
        _ => 0,
    };
    let all = own + parts(instrument, scale).into_iter().filter_map(|part| is_rounded(instrument, part)).sum::<i64>();
    (all > 0).then_some(all)
}

fn adds_nothing(instrument: &Instrument, scale: usize) -> bool {
    matches!(&instrument.scales[scale].rule, Rule::Items { missing, .. } if missing.then == bandwise::instrument::Fill::Zero)
}
