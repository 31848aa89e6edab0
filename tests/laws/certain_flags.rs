//! Whoever is flagged in spite of missing answers is flagged however the missing ones would have been answered; whoever is below is
//! below; and "cannot say" is said only where it could go either way.

use std::fmt;

use bandwise::flags::Status;
use bandwise::instrument::{Instrument, Number};
use bandwise::scoring::FormOptions;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::forms::{BUILT_INS, LONGEST, entries, gate, is_guess};
use crate::reading::{PupilCells, Read, Row, cases, csv_text, form_with, header, lowest_answers, pupil_cells, read_all};

/// Every band set of every form. Goals have none: there a missing answer would be a goal that is not there.
fn with_bands() -> Vec<(&'static Instrument, usize)> {
    BUILT_INS.iter().flat_map(|instrument| (0..instrument.bands.len()).map(move |set| (instrument, set))).collect()
}

/// A form with one of its band sets, a pupil, and a choice of codes for all its questions, of which some are then left blank.
#[derive(Clone)]
struct Case {
    instrument: &'static Instrument,
    bands: usize,
    pupil: PupilCells,
    answers: Vec<Option<u16>>,
    completions: Vec<Vec<u16>>,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, set) = (&self.instrument.id, &self.instrument.bands[self.bands].id);
        write!(f, "{id}, bands {set}, {:?}, {:?}", self.pupil, self.answers)
    }
}

fn case() -> impl Strategy<Value = Case> {
    let picks = || vec(any::<u16>(), LONGEST);
    let form = prop::sample::select(with_bands());
    (
        form,
        prop_oneof![1 => 0_u8..10, 2 => 0_u8..80],
        any::<bool>(),
        vec((0_u8..100, any::<u16>()), LONGEST),
        vec(picks(), 4),
        pupil_cells(),
    )
        .prop_map(|((instrument, bands), missing, is_raised, picks, completions, pupil)| {
            let codes = |item: usize| crate::forms::codes(instrument, item);
            // Raised forms make flags likely: their answers lean to the end that is the concern.
            let pick = |item: usize, pick: u16| {
                let worst = if is_raised && !pick.is_multiple_of(3) { worst(instrument, bands, item) } else { None };
                worst.unwrap_or(pick % codes(item))
            };
            let answers = picks.iter().take(instrument.items.len()).enumerate();
            let answers = answers.map(|(item, (luck, code))| (*luck >= missing).then(|| pick(item, *code))).collect();
            let completions =
                completions.iter().map(|picks| (0..instrument.items.len()).map(|item| picks[item] % codes(item)).collect()).collect();
            Case { instrument, bands, pupil, answers, completions }
        })
}

/// The code of an item that is of most concern to one of the scales that can flag.
fn worst(instrument: &Instrument, bands: usize, item: usize) -> Option<u16> {
    banded(instrument, bands).into_iter().find_map(|scale| by_concern(instrument, scale, item)).and_then(|codes| codes.last().copied())
}

/// The codes of an item from least to most concern to a scale; none if it does not count in it.
fn by_concern(instrument: &Instrument, scale: usize, item: usize) -> Option<Vec<u16>> {
    let entries = entries(instrument, scale);
    let own: Vec<&Vec<Number>> = entries.iter().filter(|(used, _)| *used == item).map(|(_, points)| points).collect();
    let is_lower_better = instrument.scales[scale].better == bandwise::instrument::Better::Lower;
    let concern = |code: &usize| {
        let points = own.iter().fold(Number::ZERO, |sum, points| sum + points[*code]);
        if is_lower_better { points } else { -points }
    };
    let mut codes: Vec<usize> = (0..own.first()?.len()).collect();
    codes.sort_by_key(concern);
    Some(codes.into_iter().map(|code| u16::try_from(code).unwrap()).collect())
}

/// The partial form in the first row, then it completed in the given ways, then as mildly and as gravely as can be for one scale.
fn judged(case: &Case, scale: Option<usize>) -> Read {
    let instrument = case.instrument;
    let cell = |item: usize, code: u16| instrument.answers[instrument.items[item].answers].codes[usize::from(code)].to_string();
    let complete = |pick: &dyn Fn(usize) -> u16| -> Vec<String> {
        case.answers.iter().enumerate().map(|(item, answer)| cell(item, answer.unwrap_or_else(|| pick(item)))).collect()
    };
    let partial = case.answers.iter().enumerate().map(|(item, code)| code.map_or_else(String::new, |code| cell(item, code))).collect();
    let mut rows: Vec<Vec<String>> = vec![partial];
    rows.extend(case.completions.iter().map(|picks| complete(&|item| picks[item])));
    rows.extend(
        scale
            .into_iter()
            .flat_map(|scale| [(scale, false), (scale, true)])
            .map(|(scale, grave)| complete(&|item| end(instrument, scale, item, grave))),
    );
    let about = |id: String| [vec![id, "7A".to_owned()], case.pupil.words.map(str::to_owned).to_vec()].concat();
    let rows = rows.into_iter().enumerate().map(|(index, row)| [about(format!("P{index}")), row].concat());
    // The last row only keeps the file from being refused for having no lowest answers.
    let file: Vec<Vec<String>> = std::iter::once(header(instrument)).chain(rows).chain([lowest_answers("last", instrument)]).collect();
    let options = FormOptions {
        bands: Some(instrument.bands[case.bands].id.clone()),
        scales: scale.map(|scale| vec![instrument.scales[scale].id.to_string()]),
        ..FormOptions::default()
    };
    let mut read = read_all(&csv_text(&file), form_with(&instrument.id, &options));
    read.rows.pop();
    read
}

/// The answer to a question that is of least or most concern to a scale. A first question is no item of a scale: what closes it is its
/// mildest answer, and any other opens the rest.
fn end(instrument: &Instrument, scale: usize, item: usize, grave: bool) -> u16 {
    if let Some(codes) = by_concern(instrument, scale, item) {
        return codes[if grave { codes.len() - 1 } else { 0 }];
    }
    let closed_by = gate(instrument, scale).filter(|gate| gate.item == item).map_or(0, |gate| u16::try_from(gate.closed_by).unwrap());
    if grave { (closed_by + 1) % crate::forms::codes(instrument, item) } else { closed_by }
}

fn is_flagged(row: &Row) -> bool {
    row.flag.group.is_some()
}

/// The scales that a band set can flag.
fn banded(instrument: &Instrument, set: usize) -> Vec<usize> {
    instrument.bands[set].flag_lists.iter().flat_map(|list| list.scales.iter().copied()).collect()
}

/// Whether a scale has bands for this pupil: the age is inside the form's, and there is a group where cut-offs go by one.
fn has_bands(case: &Case, scale: usize) -> bool {
    use bandwise::instrument::Said;
    let (instrument, pupil) = (case.instrument, &case.pupil.said);
    let is_inside = match (instrument.ages, pupil.age) {
        (Some(ages), Said::This(age)) => ages.from <= age && age <= ages.to,
        (Some(_), Said::Unreadable) => false,
        _ => true,
    };
    let bands = instrument.bands[case.bands].scales[scale].as_ref().unwrap();
    let grouping = bands.grouping().map(|grouping| &instrument.groupings[grouping]);
    is_inside && grouping.is_none_or(|grouping| grouping.find(pupil, 0).is_ok())
}

/// Whether a score is at the level by the cut-off of every group, or of none, for a pupil of whom it is not known which group is theirs.
fn by_every_group(case: &Case, scale: usize, score: &bandwise::scoring::ScaleScore) -> Option<bool> {
    use bandwise::instrument::Said;
    let (instrument, set) = (case.instrument, &case.instrument.bands[case.bands]);
    let bands = set.scales[scale].as_ref().unwrap();
    let groups = instrument.groupings[bands.grouping()?].count();
    let is_outside = match (instrument.ages, case.pupil.said.age) {
        (Some(ages), Said::This(age)) => age < ages.from || age > ages.to,
        (ages, Said::Unreadable) => ages.is_some(),
        _ => false,
    };
    let levels: Vec<usize> =
        (0..groups).map(|group| bands.level(score.value().unwrap_or(bandwise::instrument::Number::ZERO), Some(group)).unwrap()).collect();
    score.value().filter(|_| !is_outside)?;
    match (levels.iter().all(|level| *level >= set.flag_from), levels.iter().all(|level| *level < set.flag_from)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

proptest! {
    #![proptest_config(cases(160))]

    #[test]
    fn a_flag_without_a_score_stands_under_every_completion(case in case()) {
        let read = judged(&case, None);
        let (partial, completed) = read.rows.split_first().unwrap();
        let banded = banded(case.instrument, case.bands);
        let guessed = banded.iter().any(|scale| is_guess(&partial.scores[*scale]));
        // `at least` and `at most` stand only where there is no score.
        let is_certain = partial.flag.reasons.iter().any(|reason| reason.contains(" at least ") || reason.contains(" at most "));
        for row in completed {
            if is_certain {
                prop_assert!(is_flagged(row), "{:?} but {:?}", partial.flag, row.flag);
            }
            if !guessed && is_flagged(partial) {
                prop_assert!(is_flagged(row), "{:?} but {:?}", partial.flag, row.flag);
            }
            if !guessed && partial.flag.status == Status::Below {
                prop_assert!(!is_flagged(row), "{:?} but {:?}", partial.flag, row.flag);
                // An alert stands until the question is answered below its level.
                prop_assert!(matches!(row.flag.status, Status::Below | Status::Alert));
            }
        }
        // Whoever has no bands is neither flagged nor below, whatever the scores are.
        let is_certain = |row: &Row| banded.iter().any(|scale| by_every_group(&case, *scale, &row.scores[*scale]).is_some());
        if banded.iter().all(|scale| !has_bands(&case, *scale)) && !read.rows.iter().any(is_certain) {
            prop_assert!(read.rows.iter().all(|row| matches!(row.flag.status, Status::CannotSay | Status::Alert) && !is_flagged(row)), "{:?}", partial);
        }
    }

    /// On one scale nothing is left open that is settled.
    #[test]
    fn cannot_say_means_that_it_could_go_either_way(case in case(), which in any::<prop::sample::Index>()) {
        let scales = banded(case.instrument, case.bands);
        let scale = scales[which.index(scales.len())];
        let case = Case { completions: Vec::new(), ..case };
        let read = judged(&case, Some(scale));
        let [partial, mildest, gravest] = read.rows.as_slice() else { panic!("three rows") };
        let is_open = |row: &Row| matches!(row.flag.status, Status::CannotSay | Status::Alert) && !is_flagged(row);
        let lacks_norm = mildest.scores[scale].value().is_none();
        if lacks_norm || !has_bands(&case, scale) {
            for row in [partial, mildest, gravest] {
                match by_every_group(&case, scale, &row.scores[scale]) {
                    Some(at_the_level) => prop_assert_eq!(is_flagged(row), at_the_level, "{:?}", row.flag),
                    None => prop_assert!(is_open(row), "{:?}", row.flag),
                }
            }
            return Ok(());
        }
        if is_guess(&partial.scores[scale]) {
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
