//! `keys.csv` once more, by really scoring forms: all answers alike, answers in a cycle, and blanks up to the limit and beyond.
//!
//! What a form must come to is worked out here from the rows alone.

use bandwise::instrument::{Fill, Instrument, Number, Pupil, Round, Rule};
use bandwise::matching::Answer;
use bandwise::scoring::{Form, FormOptions, Outcome, ScaleScore};

use crate::keys::{KeyedItem, item_rows, keyed_items, missing};
use crate::tables::{Row, built_in, scale, whole};

/// The scores of one form with all its parts.
pub(crate) fn score_form(form: &Form, answers: &[Answer], pupil: Pupil) -> Vec<ScaleScore> {
    let mut scores = Vec::new();
    form.scorer().score(answers, &vec![true; form.instrument().blocks.len()], &pupil, &mut scores);
    scores
}

pub(crate) fn given(code: usize) -> Answer {
    Answer::Given(u16::try_from(code).unwrap())
}

/// A form on which a scale reaches a score and everything else has its lowest code.
pub(crate) fn answers_worth(instrument: &Instrument, place: usize, score: i64) -> Vec<Answer> {
    let Rule::Items { items, .. } = &instrument.scales[place].rule else { panic!("{place} is not made of questions") };
    let mut answers = vec![given(0); instrument.items.len()];
    let lowest: i64 = items.iter().map(|entry| entry.points.iter().min().unwrap().as_whole().unwrap()).sum();
    let mut left = score - lowest;
    for entry in items {
        let points: Vec<i64> = entry.points.iter().map(|points| points.as_whole().unwrap()).collect();
        let least = *points.iter().min().unwrap();
        let code = (0..points.len()).filter(|code| points[*code] - least <= left).max_by_key(|code| points[*code]).unwrap();
        left -= points[code] - least;
        answers[entry.item] = given(code);
    }
    assert_eq!(left, 0, "{}: no form comes to {score}", instrument.id);
    answers
}

/// The points of the answers that are there.
fn points(items: &[KeyedItem], answers: &[Answer]) -> Vec<Number> {
    let of_answer = |keyed: &KeyedItem| match answers[keyed.item] {
        Answer::Given(code) => Some(keyed.points[usize::from(code)]),
        Answer::Blank | Answer::Refused => None,
    };
    items.iter().filter_map(of_answer).collect()
}

/// What a row says that these answers come to.
fn expected(row: &Row, items: &[KeyedItem], answers: &[Answer]) -> Option<Number> {
    let points = points(items, answers);
    let rule = missing(row);
    if points.len() < rule.at_least {
        return None;
    }
    let (n, k) = (i64::try_from(items.len()).unwrap(), i64::try_from(points.len()).unwrap());
    let sum = points.iter().fold(Number::ZERO, |sum, points| sum + *points);
    let score = match row["method"].as_str() {
        // Where answers are missing the mean is that of the answers given.
        "mean" => sum.scaled(whole(&row["factor"]), k).unwrap(),
        "count" => sum,
        _ if k < n && rule.then == Fill::Prorate => sum.scaled(whole::<i64>(&row["factor"]) * n, k).unwrap(),
        _ => sum * whole(&row["factor"]),
    };
    Some(if k < n && rule.round == Round::HalfUp { score.round_half_up() } else { score })
}

/// All answers alike, for each code; then answers in cycles with different beginnings and steps.
fn patterns(instrument: &Instrument) -> Vec<Vec<Answer>> {
    let codes = |item: usize| instrument.answers[instrument.items[item].answers].codes.len();
    let most = (0..instrument.items.len()).map(codes).max().unwrap().min(12);
    let pattern = |start: usize, step: usize| -> Vec<Answer> {
        // A set of tenths is walked in large steps, so that both of its ends are met.
        let code = |item: usize| (start + step * item) * codes(item).div_ceil(12) % codes(item);
        (0..instrument.items.len()).map(|item| given(code(item))).collect()
    };
    let mut patterns: Vec<Vec<Answer>> = (0..most).map(|start| pattern(start, 0)).collect();
    patterns.extend((0..most).flat_map(|start| [pattern(start, 1), pattern(start, 2)]));
    patterns.push((0..instrument.items.len()).map(|item| given(codes(item) - 1)).collect());
    patterns
}

/// Compares one scale of one form with its row. A form's own rule of blanks may keep back a part score: those rows say so.
fn check(form: &Form, row: &Row, items: &[KeyedItem], answers: &[Answer]) {
    let instrument = form.instrument();
    let scores = score_form(form, answers, Pupil::default());
    let found = scores[scale(instrument, &row["scale"])];
    let answered = points(items, answers).len();
    let mut expected = expected(row, items, answers);
    if row["with"] == "only with total" && scores[scale(instrument, "total")].value().is_none() {
        expected = None;
    }
    let outcome = match expected {
        Some(score) if answered == items.len() => Outcome::Complete(score),
        Some(score) => Outcome::Estimated(score),
        None => {
            assert!(matches!(found.outcome, Outcome::Absent(_)), "{}, {}: {found:?} for {answers:?}", instrument.id, row["scale"]);
            return;
        }
    };
    assert_eq!(found.outcome, outcome, "{}, {}: {answers:?}", instrument.id, row["scale"]);
}

fn rows_to_score() -> Vec<Row> {
    // The first question of the SDQ's impact decides over the rest, and goal attainment is a formula: both have tests of their own.
    item_rows().into_iter().filter(|row| row["method"] != "goal attainment" && !row["with"].starts_with("0 if")).collect()
}

#[test]
fn every_form_comes_to_what_its_key_says() {
    for row in rows_to_score() {
        let instrument = built_in(&row["instrument"]);
        let form = Form::new(bandwise::instrument::load(&instrument.id).unwrap().0, &FormOptions::default()).unwrap();
        let items = keyed_items(instrument, &row);
        for answers in patterns(instrument) {
            check(&form, &row, &items, &answers);
        }
    }
}

/// One blank, as many as the rule allows, one more, and nothing answered at all, from both ends of the scale.
#[test]
fn blanks_are_treated_as_published_up_to_the_limit_and_beyond() {
    for row in rows_to_score() {
        let instrument = built_in(&row["instrument"]);
        let form = Form::new(bandwise::instrument::load(&instrument.id).unwrap().0, &FormOptions::default()).unwrap();
        let items = keyed_items(instrument, &row);
        let limit = items.len() - missing(&row).at_least;
        for blanks in [1, limit, limit + 1, items.len()].into_iter().filter(|blanks| *blanks <= items.len()) {
            for answers in patterns(instrument) {
                let (mut first, mut last) = (answers.clone(), answers);
                items.iter().take(blanks).for_each(|keyed| first[keyed.item] = Answer::Blank);
                items.iter().rev().take(blanks).for_each(|keyed| last[keyed.item] = Answer::Refused);
                check(&form, &row, &items, &first);
                check(&form, &row, &items, &last);
            }
        }
    }
}
