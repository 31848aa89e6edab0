//! Reversing: twice is identity, for every item that a built-in form reverses and for every set of codes that can be reversed.

use bandwise::findings::Code;
use bandwise::instrument::{Instrument, Number, Rule, ScaleItem, read_definition};
use bandwise::matching::Answer;
use bandwise::scoring::Scorer;
use proptest::prelude::*;

use crate::reading::{BUILT_INS, cases};

/// The points of an item, looked up once more as codes.
fn twice(instrument: &Instrument, entry: &ScaleItem) -> Vec<Number> {
    let codes = &instrument.answers[instrument.items[entry.item].answers].codes;
    let points_of = |code: &Number| entry.points[codes.iter().position(|candidate| candidate == code).unwrap()];
    entry.points.iter().map(points_of).collect()
}

#[test]
fn reversing_twice_is_identity_for_every_reversed_item() {
    let mut reversed = 0;
    for instrument in BUILT_INS.iter() {
        for scale in &instrument.scales {
            let Rule::Items { items, .. } = &scale.rule else { continue };
            for entry in items.iter().filter(|entry| entry.reversed) {
                reversed += 1;
                let codes = &instrument.answers[instrument.items[entry.item].answers].codes;
                assert_eq!(&twice(instrument, entry), codes, "{}: {}", instrument.id, instrument.items[entry.item].id);
                assert_ne!(&entry.points, codes, "reversing once is not identity");
            }
        }
    }
    assert_eq!(reversed, 8 * 5, "five items of each SDQ form are reversed");
}

/// A form with one set of codes, an item that is reversed and one that is not.
fn definition(codes: &[i64]) -> String {
    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
    format!(
        "id = \"x\"\nname = \"x\"\nform = \"x\"\nfamily = \"x\"\ninformant = \"self\"\nversion = \"1\"\nowner = \"x\"\n\
         wording = \"not shipped\"\nlicence = \"x\"\n[sources]\nscoring = \"x\"\n[answers.main]\ncodes = [{}]\n\
         [[items]]\nid = \"plain\"\n[[items]]\nid = \"turned\"\n\
         [[scales]]\nid = \"all\"\nname = \"All\"\nmain = true\nitems = [\"plain\", \"-turned\"]\nmethod = \"sum\"\n\
         missing = \"all needed\"\nbetter = \"lower\"\n",
        codes.join(", ")
    )
}

proptest! {
    #![proptest_config(cases(128))]

    /// Codes mirror each other or they do not; then the definition is refused and says so.
    #[test]
    fn codes_can_be_reversed_exactly_if_they_mirror_each_other(
        codes in prop::sample::subsequence((-4..=6).collect::<Vec<i64>>(), 2..6).prop_shuffle()
    ) {
        let sum = codes.iter().min().unwrap() + codes.iter().max().unwrap();
        let mirrors = codes.iter().all(|code| codes.contains(&(sum - code)));
        match read_definition("x.toml", &definition(&codes)) {
            Ok((instrument, _)) => {
                prop_assert!(mirrors);
                let Rule::Items { items, .. } = &instrument.scales[0].rule else { panic!("made of items") };
                prop_assert_eq!(twice(&instrument, &items[1]), codes.iter().copied().map(Number::whole).collect::<Vec<_>>());
                prop_assert_eq!(twice(&instrument, &items[0]), twice(&instrument, &items[1]));
            }
            Err(findings) => {
                prop_assert!(!mirrors, "{:?}", findings);
                prop_assert!(findings.iter().any(|finding| finding.code == Code::I008));
            }
        }
    }

    /// A form with every answer mirrored has the mirrored score, on every scale whose answers are worth their codes.
    #[test]
    fn mirrored_answers_have_the_mirrored_score(which in 0..9_usize, picks in prop::collection::vec(any::<u16>(), 40)) {
        let instrument = &BUILT_INS[which];
        let scorer = Scorer::new(instrument, &vec![0; instrument.choices.len()]);
        let score = |mirrored: bool| {
            let answer = |(item, pick): (&bandwise::instrument::Item, &u16)| {
                let codes = u16::try_from(instrument.answers[item.answers].codes.len()).unwrap();
                let code = pick % codes;
                Answer::Given(if mirrored { codes - 1 - code } else { code })
            };
            let answers: Vec<Answer> = instrument.items.iter().zip(&picks).map(answer).collect();
            let mut scores = Vec::new();
            scorer.score(&answers, &vec![true; instrument.blocks.len()], &mut scores);
            scores
        };
        for ((scale, one), other) in instrument.scales.iter().zip(score(false)).zip(score(true)) {
            // Impact recodes its answers, so it has no mirror.
            if &*scale.id != "impact" {
                prop_assert_eq!(one.value().unwrap() + other.value().unwrap(), scale.range.0 + scale.range.1, "{}", scale.id);
            }
        }
    }
}
