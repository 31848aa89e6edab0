//! What a comparison keeps of a time is the same whoever gathers it, and a change that was told before is told in the same words again.

use std::num::NonZeroUsize;
use std::sync::Arc;

use bandwise::change::{ChangeOptions, RowContext, TimePoint, TimeResponses, TimeWork};
use bandwise::cohort::{Repeat, Times, Together};
use bandwise::findings::Findings;
use bandwise::instrument::Instrument;
use bandwise::report::{ChangeColumns, CsvFlavour, CsvSink, RowSink as _, compared_scales};
use bandwise::scoring::{Duplicates, ReadOptions, Responses, ScoreError, Threads};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::forms::{BUILT_INS, built_in};
use crate::reading::{Response, cases, csv_text, form, header, lowest_answers, many_of_few_kinds, odd, response, with_file, with_odd_rows};

/// How many threads gather a time, and how many rows they take at once; nobody but the one who reads, where there are none.
type Gatherers = Option<(usize, usize)>;

fn gathered(bytes: &[u8], instrument: &Instrument, gatherers: Gatherers) -> Option<TimePoint> {
    with_file(bytes, |input| {
        let mut findings = Findings::new();
        let rows_at_once = gatherers.and_then(|(_, rows)| NonZeroUsize::new(rows));
        let options = ReadOptions { rows_at_once, duplicates: Duplicates::LeftToCaller, ..ReadOptions::default() };
        let mut responses = Responses::open(std::slice::from_ref(input), vec![form(&instrument.id)], options, &mut findings).ok()?;
        let groups = vec![responses.layout().carried_position("class"), None];
        let Some((threads, _)) = gatherers else {
            let mut time = TimePoint::new(responses.layout(), 0);
            while let Some(batch) = responses.next_batch(&mut findings).ok()? {
                let layout = responses.layout();
                batch.rows(layout).for_each(|row| time.add(layout, &row, RowContext::of(layout, &row, &groups)));
            }
            return Some(time);
        };
        let (work, mut all) = (TimeWork::new(responses.layout(), groups), TimeResponses::default());
        let threads = Threads::new(NonZeroUsize::new(threads).unwrap());
        let done = responses.each_portion(threads, &work, &mut findings, |_, portion| {
            all.absorb(&mut portion.responses);
            Ok::<(), ScoreError>(())
        });
        done.ok()?;
        Some(work.finish(responses.layout(), all))
    })
}

/// All that a time says.
fn said(time: &TimePoint, instrument: &Instrument) -> Vec<String> {
    let of = |(response, pupil): (usize, &str)| {
        let about = (time.row(response), time.about(response), time.groups(response), time.completed_by(response), time.date(response));
        let scales = 0..=instrument.scales.len();
        let scores: Vec<_> =
            scales.map(|scale| (time.point(response, scale), time.reason(response, scale), time.note(response, scale))).collect();
        format!("{pupil} {about:?} {:?} {scores:?}", time.alerts(response))
    };
    time.pupils().enumerate().map(of).collect()
}

/// A file of a form, with the day on which it was filled in and with odd rows.
fn file(instrument: &Instrument, responses: &[Response], odd: &[(Index, u8)]) -> Vec<u8> {
    let mut rows = vec![header(instrument), lowest_answers("P-x", instrument)];
    rows.extend(responses.iter().enumerate().map(|(index, response)| response.row(&format!("P-{index}"), instrument)));
    rows[0].push("date".to_owned());
    for (index, row) in rows.iter_mut().enumerate().skip(1) {
        row.push(["2026-09-01", "", " 2026-09-02", "soon"][index % 4].to_owned());
    }
    csv_text(&with_odd_rows(rows, odd))
}

fn together(baseline: TimePoint, review: TimePoint, instrument: &Instrument) -> Together {
    let names = (Arc::from("baseline.csv"), Arc::from("review.csv"));
    let times = Times { baseline, review, names, review_months: None };
    Together::new(times, &form(&instrument.id), &ChangeOptions::default(), Repeat::First, &mut Findings::new()).unwrap()
}

/// The lines of all pairs, told anew each time.
fn told_anew(together: &Together, instrument: &Instrument) -> String {
    let (form, mut bytes) = (form(&instrument.id), Vec::new());
    let columns = ChangeColumns::new(&form, together);
    let mut sink = CsvSink::new(&mut bytes, CsvFlavour::Plain).unwrap();
    for pair in together.pairs() {
        for scale in compared_scales(&form) {
            if let Some(change) = together.change(pair, scale, &form) {
                sink.row(&columns.cells(&form, together, pair, scale, &change)).unwrap();
            }
        }
    }
    drop(sink);
    String::from_utf8(bytes).unwrap()
}

fn told_from_memory(together: &Together, instrument: &Instrument) -> String {
    let form = form(&instrument.id);
    let mut changes = ChangeColumns::new(&form, together).lines(&form, together, CsvFlavour::Plain);
    let (mut lines, mut again) = (Vec::new(), Vec::new());
    for lines in [&mut lines, &mut again] {
        changes.add(together.pairs(), lines);
    }
    assert_eq!(lines, again);
    String::from_utf8(lines).unwrap()
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn a_time_is_the_same_whoever_gathers_it(
        which in any::<Index>(),
        responses in vec(response(), 1..12),
        odd in odd(),
        rows in 1_usize..5,
    ) {
        let instrument = which.get(BUILT_INS.as_slice());
        let bytes = file(instrument, &responses, &odd);
        let alone = gathered(&bytes, instrument, None).map(|time| said(&time, instrument));
        for threads in 1..4 {
            let shared = gathered(&bytes, instrument, Some((threads, rows))).map(|time| said(&time, instrument));
            prop_assert_eq!(&shared, &alone, "{} threads, {} rows at once", threads, rows);
        }
    }

    #[test]
    fn changes_are_told_from_memory_as_they_are_told_anew(
        which in any::<Index>(),
        times in vec((response(), response()), 1..10),
        odd in (odd(), odd()),
    ) {
        let instrument = which.get(BUILT_INS.as_slice());
        let (baseline, review): (Vec<Response>, Vec<Response>) = times.into_iter().unzip();
        let read = |responses, odd| gathered(&file(instrument, responses, odd), instrument, Some((2, 3)));
        if let (Some(baseline), Some(review)) = (read(&baseline, &odd.0), read(&review, &odd.1)) {
            let together = together(baseline, review, instrument);
            prop_assert_eq!(told_from_memory(&together, instrument), told_anew(&together, instrument));
        }
    }
}

/// Enough rows of few kinds that what is known of a score is found once and meant many times, and so is each change.
#[test]
fn what_is_known_once_holds_for_all() {
    for id in ["sdq-p4-17", "rcads-25-c", "phq-9", "psc-17", "wemwbs"] {
        let instrument = built_in(id);
        let class = |month: usize| {
            let mut rows = many_of_few_kinds(2_000, instrument, month);
            rows[0].push("date".to_owned());
            for (pupil, row) in rows.iter_mut().skip(1).enumerate() {
                // Half of them have a birthday between the two.
                row[3] = (8 + pupil % 9 + (month / 9) * (pupil % 2)).to_string();
                row.push(format!("2026-0{month}-1{}", pupil % 2));
            }
            csv_text(&rows)
        };
        let (first, second) = (class(3), class(9));
        let alone = gathered(&first, instrument, None).unwrap();
        let baseline = gathered(&first, instrument, Some((2, 300))).unwrap();
        assert!(!alone.is_empty() && said(&baseline, instrument) == said(&alone, instrument), "{id}");
        let together = together(baseline, gathered(&second, instrument, Some((2, 300))).unwrap(), instrument);
        assert_eq!(together.pairs().len(), 2_000, "{id}");
        assert!(told_from_memory(&together, instrument) == told_anew(&together, instrument), "{id}");
    }
}
