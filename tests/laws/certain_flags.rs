//! Whoever is flagged in spite of missing answers is flagged however the missing ones would have been answered; whoever is below is
//! below; and "cannot say" is said only where it could go either way.

use bandwise::flags::Status;
use bandwise::instrument::{Better, Instrument, Rule, Scale};
use bandwise::scoring::{FormOptions, Outcome, ScaleScore};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::reading::{BUILT_INS, Read, Row, cases, csv_text, form_with, read_all};

/// The built-in forms that flag somebody by default.
fn with_bands() -> impl Iterator<Item = &'static Instrument> {
    BUILT_INS.iter().filter(|instrument| instrument.default_bands.is_some())
}

/// A form and a choice of codes for all its questions, of which some are then left blank.
fn case() -> impl Strategy<Value = (&'static Instrument, Vec<Option<usize>>, Vec<Vec<usize>>)> {
    let form = prop::sample::select(with_bands().collect::<Vec<_>>());
    (form, 0_u8..80, any::<bool>(), vec((0_u8..100, 0_usize..840), 40), vec(vec(0_usize..840, 40), 6)).prop_map(
        |(instrument, missing, is_raised, picks, completions)| {
            let codes = |item: usize| instrument.answers[instrument.items[item].answers].codes.len();
            // Raised forms make flags likely: their answers lean to the end that is the concern.
            let pick = |item: usize, pick: usize| {
                let plain = pick % codes(item);
                if is_raised && !pick.is_multiple_of(3) { worst(instrument, item).unwrap_or(plain) } else { plain }
            };
            let answers = picks.iter().take(instrument.items.len()).enumerate();
            let answers = answers.map(|(item, (luck, code))| (*luck >= missing).then(|| pick(item, *code))).collect();
            let completions =
                completions.iter().map(|picks| (0..instrument.items.len()).map(|item| picks[item] % codes(item)).collect()).collect();
            (instrument, answers, completions)
        },
    )
}

/// The code of an item that is of most concern: each is in one scale of items only.
fn worst(instrument: &Instrument, item: usize) -> Option<usize> {
    by_concern(instrument, item).map(|codes| *codes.last().unwrap())
}

/// The codes of an item from least to most concern.
fn by_concern(instrument: &Instrument, item: usize) -> Option<Vec<usize>> {
    let of_items = |scale: &Scale| match &scale.rule {
        Rule::Items { items, .. } => items.iter().find(|entry| entry.item == item).map(|entry| (scale.better, entry.points.clone())),
        Rule::Scales(_) => None,
    };
    let (better, points) = instrument.scales.iter().find_map(of_items)?;
    let mut codes: Vec<usize> = (0..points.len()).collect();
    codes.sort_by_key(|code| if better == Better::Lower { points[*code] } else { -points[*code] });
    Some(codes)
}

/// The partial form in the first row, then it completed in the given ways, then once as mildly and once as gravely as can be.
fn judged(instrument: &Instrument, answers: &[Option<usize>], completions: &[Vec<usize>], scales: Option<&str>) -> Read {
    let cell = |item: usize, code: usize| instrument.answers[instrument.items[item].answers].codes[code].to_string();
    let complete = |pick: &dyn Fn(usize) -> usize| -> Vec<String> {
        (0..answers.len()).map(|item| cell(item, answers[item].unwrap_or_else(|| pick(item)))).collect()
    };
    // The first question about impact is no item of a scale: "no" is its mildest answer, and any other opens the rest.
    let end = |item: usize, grave: bool| match by_concern(instrument, item) {
        Some(codes) => codes[if grave { codes.len() - 1 } else { 0 }],
        None => usize::from(grave),
    };
    let header = std::iter::once("pupil_id".to_owned()).chain(instrument.items.iter().map(|item| item.id.to_string())).collect();
    let partial = answers.iter().enumerate().map(|(item, code)| code.map_or_else(String::new, |code| cell(item, code))).collect();
    let mut rows = vec![partial];
    rows.extend(completions.iter().map(|picks| complete(&|item| picks[item])));
    rows.push(complete(&|item| end(item, false)));
    rows.push(complete(&|item| end(item, true)));
    rows.push(vec!["0".to_owned(); answers.len()]);
    let rows = rows.into_iter().enumerate().map(|(index, row)| [vec![format!("P{index}")], row].concat());
    let options = FormOptions { scales: scales.map(|scale| vec![scale.to_owned()]), ..FormOptions::default() };
    let mut read = read_all(&csv_text(&std::iter::once(header).chain(rows).collect::<Vec<_>>()), form_with(&instrument.id, &options));
    // The last row only keeps the file from being refused for having no lowest answers.
    read.rows.pop();
    read
}

fn is_flagged(row: &Row) -> bool {
    row.flag.group.is_some()
}

fn is_estimated(score: &ScaleScore) -> bool {
    matches!(score.outcome, Outcome::Estimated(_))
}

/// The scales that the default bands can flag.
fn banded(instrument: &Instrument) -> Vec<usize> {
    let set = &instrument.bands[instrument.default_bands.unwrap()];
    set.flag_lists.iter().flat_map(|list| list.scales.iter().copied()).collect()
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn a_flag_without_a_score_stands_under_every_completion((instrument, answers, completions) in case()) {
        let read = judged(instrument, &answers, &completions, None);
        let (partial, completed) = read.rows.split_first().unwrap();
        let estimated = banded(instrument).iter().any(|scale| is_estimated(&partial.scores[*scale]));
        // `at least` and `at most` stand only where there is no score.
        let is_certain = partial.flag.reasons.iter().any(|reason| reason.contains(" at least ") || reason.contains(" at most "));
        for row in completed {
            if is_certain {
                prop_assert!(is_flagged(row), "{:?} but {:?}", partial.flag, row.flag);
            }
            if !estimated && is_flagged(partial) {
                prop_assert!(is_flagged(row), "{:?} but {:?}", partial.flag, row.flag);
            }
            if !estimated && partial.flag.status == Status::Below {
                prop_assert_eq!(row.flag.status, Status::Below);
            }
        }
    }

    /// On one scale nothing is left open that is settled.
    #[test]
    fn cannot_say_means_that_it_could_go_either_way((instrument, answers, _) in case(), which in any::<prop::sample::Index>()) {
        let scales = banded(instrument);
        let scale = scales[which.index(scales.len())];
        let read = judged(instrument, &answers, &[], Some(&instrument.scales[scale].id));
        let [partial, mildest, gravest] = read.rows.as_slice() else { panic!("three rows") };
        if is_estimated(&partial.scores[scale]) {
            return Ok(());
        }
        let settled = is_flagged(mildest) == is_flagged(gravest);
        let cannot_say = !is_flagged(partial) && partial.flag.reasons.iter().any(|reason| reason.contains("not scored"));
        prop_assert_eq!(cannot_say, !settled, "{:?}, from {:?} to {:?}", partial.flag, mildest.flag, gravest.flag);
        if settled {
            prop_assert_eq!(is_flagged(partial), is_flagged(mildest));
        }
        prop_assert!(is_flagged(gravest) || !is_flagged(mildest), "more concern never takes a flag away");
    }
}
