//! Polarity: more concern is a higher level, on scales where low scores are better and on scales where high scores are.

use bandwise::instrument::{Better, Number, Rule};
use bandwise::matching::Answer;
use bandwise::scoring::Scorer;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::reading::{BUILT_INS, cases};

#[test]
fn the_better_end_has_the_first_level_and_the_other_end_the_last() {
    for instrument in BUILT_INS.iter() {
        for set in &instrument.bands {
            for (scale, bands) in instrument.scales.iter().zip(&set.scales).filter_map(|(scale, bands)| Some((scale, bands.as_ref()?))) {
                let (lowest, highest) = scale.range;
                let (best, worst) = if scale.better == Better::Lower { (lowest, highest) } else { (highest, lowest) };
                assert_eq!(bands.better, scale.better);
                assert_eq!(bands.level(best), 0, "{}, {}: {}", instrument.id, set.id, scale.id);
                assert_eq!(bands.level(worst), bands.levels.len() - 1, "{}, {}: {}", instrument.id, set.id, scale.id);
                let scores = (lowest.as_whole().unwrap()..=highest.as_whole().unwrap()).map(|score| bands.level(Number::whole(score)));
                let mut levels: Vec<usize> = if scale.better == Better::Lower { scores.collect() } else { scores.rev().collect() };
                assert!(levels.is_sorted(), "{}, {}: {}", instrument.id, set.id, scale.id);
                levels.dedup();
                assert_eq!(levels, (0..bands.levels.len()).collect::<Vec<_>>(), "every level can be reached");
            }
        }
    }
}

/// Prosocial behaviour is the scale of the SDQ that is better when it is high.
#[test]
fn the_strengths_of_the_sdq_are_better_when_high_and_its_difficulties_when_low() {
    for instrument in BUILT_INS.iter().filter(|instrument| instrument.family == "sdq") {
        for scale in &instrument.scales {
            let expected = if &*scale.id == "prosocial" { Better::Higher } else { Better::Lower };
            assert_eq!(scale.better, expected, "{}: {}", instrument.id, scale.id);
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    /// One answer that is of more concern never lowers a level, whatever the others are and however many are blank.
    #[test]
    fn more_concern_in_one_answer_never_lowers_a_level(
        which in 0..BUILT_INS.len(),
        picks in vec((any::<u16>(), 0_u8..10), 40),
        changed in any::<prop::sample::Index>(),
        code in any::<u16>(),
    ) {
        let instrument = &BUILT_INS[which];
        let codes = |item: usize| u16::try_from(instrument.answers[instrument.items[item].answers].codes.len()).unwrap();
        let scorer = Scorer::new(instrument, &vec![0; instrument.choices.len()]);
        let score = |answers: &[Answer]| {
            let mut scores = Vec::new();
            scorer.score(answers, &vec![true; instrument.blocks.len()], &mut scores);
            scores
        };
        let answer = |item: usize| if picks[item].1 == 0 { Answer::Blank } else { Answer::Given(picks[item].0 % codes(item)) };
        let before: Vec<Answer> = (0..instrument.items.len()).map(answer).collect();
        let item = changed.index(before.len());
        let mut after = before.clone();
        after[item] = Answer::Given(code % codes(item));
        let Answer::Given(old) = before[item] else { return Ok(()) };
        let (old_scores, new_scores) = (score(&before), score(&after));
        for (index, scale) in instrument.scales.iter().enumerate() {
            let Rule::Items { items, .. } = &scale.rule else { continue };
            let Some(entry) = items.iter().find(|entry| entry.item == item) else { continue };
            let (old_points, new_points) = (entry.points[usize::from(old)], entry.points[usize::from(code % codes(item))]);
            let is_worse = if scale.better == Better::Lower { new_points >= old_points } else { new_points <= old_points };
            let made_of_it = |scale: usize| match &instrument.scales[scale].rule {
                Rule::Scales(parts) => parts.contains(&index),
                Rule::Items { .. } => scale == index,
            };
            for set in instrument.bands.iter().filter(|_| is_worse) {
                for scale in (0..instrument.scales.len()).filter(|scale| made_of_it(*scale)) {
                    let level = |score: Option<Number>| set.scales[scale].as_ref().zip(score).map(|(bands, score)| bands.level(score));
                    prop_assert!(level(new_scores[scale].value()) >= level(old_scores[scale].value()));
                }
            }
        }
    }
}
