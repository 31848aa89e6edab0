//! Numbered columns: a run of them is a form's only if it is whole and as long as the form; otherwise no number is taken for a question.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use bandwise::findings::{Code, Finding, Severity};
use bandwise::instrument::Instrument;
use bandwise::matching::{ColumnMap, Header, MatchOptions, match_columns};
use bandwise::scoring::{Form, FormOptions};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::forms::{BUILT_INS, LONGEST};
use crate::reading::{cases, form_with};
use crate::written;

/// Every form as it is used when nothing is asked for, and with each printed order that it has.
static FORMS: LazyLock<Vec<(Form, Option<&str>)>> = LazyLock::new(|| {
    let plain = BUILT_INS.iter().map(|instrument| (form_with(&instrument.id, &FormOptions::default()), None));
    let ordered = BUILT_INS.iter().flat_map(|instrument| instrument.orders.iter().map(move |order| (instrument, order)));
    let ordered = ordered.map(|(instrument, order)| {
        let choose = vec![("order".to_owned(), order.id.clone())];
        (form_with(&instrument.id, &FormOptions { choose, ..FormOptions::default() }), Some(order.id.as_str()))
    });
    plain.chain(ordered).collect()
});

fn matched(instrument: &Instrument, names: &[String]) -> (ColumnMap, Vec<Finding>) {
    match_columns(&"class.csv".into(), Header { names, texts: None }, &[instrument], &[], &MatchOptions::default())
}

fn refusals(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).filter(|code| code.severity() == Severity::Refusal).collect()
}

/// How long a whole run may be: the form without its optional parts, with them, or without unscored questions at its end; and never
/// longer than the numbers are certain.
fn lengths(instrument: &Instrument, order: Option<&str>) -> Vec<usize> {
    let text = written::definition(instrument);
    let certain = match (instrument.orders.is_empty(), order) {
        (false, None) => 0,
        _ => text.get("numbered_to").map_or(usize::MAX, |last| usize::try_from(last.as_integer().unwrap()).unwrap()),
    };
    let required: Vec<&bandwise::instrument::Item> = instrument.items.iter().filter(|item| item.block.is_none()).collect();
    let unscored: Vec<&str> =
        text.get("unscored").map_or(Vec::new(), |names| names.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect());
    let is_scored = |item: &&&bandwise::instrument::Item| !unscored.contains(&&*item.id);
    let scored: Vec<usize> = required.iter().filter(is_scored).map(|item| usize::from(item.number)).collect();
    let mut lengths = if required.is_empty() { Vec::new() } else { vec![required.len(), instrument.items.len()] };
    if scored.iter().all(|number| *number <= scored.len()) && !scored.is_empty() {
        lengths.push(scored.len());
    }
    lengths.retain(|length| *length <= certain);
    lengths
}

/// The question with this number; by a printed order, the one that stands there.
fn question(instrument: &Instrument, order: Option<&str>, number: usize) -> usize {
    match order {
        None => instrument.items.iter().position(|item| usize::from(item.number) == number).unwrap(),
        Some(order) => {
            let names = written::names(&written::definition(instrument)["orders"][order]["items"]);
            instrument.item(&names[number - 1].0).unwrap()
        }
    }
}

/// As many columns as its own form has questions, one more, one less, and as many as other forms have, under every usual name.
#[test]
fn a_run_of_another_length_is_refused_and_no_question_is_taken_from_it() {
    let known: BTreeSet<usize> = FORMS.iter().flat_map(|(form, order)| lengths(form.instrument(), *order)).collect();
    for (which, (form, order)) in FORMS.iter().enumerate() {
        let (instrument, lengths) = (form.instrument(), lengths(form.instrument(), *order));
        let near = lengths.iter().flat_map(|length| [length - 1, *length, length + 1]).filter(|length| *length > 0);
        // A third of the other lengths for each form, another third for the next one.
        let others = known.iter().copied().enumerate().filter(|(place, _)| (place + which).is_multiple_of(3)).map(|(_, length)| length);
        for length in near.chain(others) {
            let prefix = ["q", "Q", "Item ", "SDQ_0"][(which + length) % 4];
            let names: Vec<String> =
                std::iter::once("pupil_id".to_owned()).chain((1..=length).map(|number| format!("{prefix}{number}"))).collect();
            let (map, findings) = matched(instrument, &names);
            let place = format!("{} {order:?}: {prefix}1 to {prefix}{length}", instrument.id);
            let taken = map.forms[0].items.iter().flatten().count();
            if lengths.contains(&length) {
                assert_eq!(refusals(&findings), [], "{place}");
                assert_eq!(taken, length, "{place}");
                for number in 1..=length {
                    assert_eq!(map.forms[0].items[question(instrument, *order, number)], Some(number), "{place}");
                }
            } else {
                assert!(refusals(&findings).iter().any(|code| matches!(code, Code::M001 | Code::M003)), "{place}");
                assert_eq!(taken, 0, "{place}");
            }
        }
    }
}

/// A column that is there three times is `q3`, and is called `q3 (2)` and `q3 (3)` from there on: that makes no run of thirty-three.
#[test]
fn a_repeated_column_is_no_further_number() {
    let names = (1..=31).chain([3, 3]).map(|number| format!("q{number}")).chain(["pupil_id".to_owned()]).collect::<Vec<_>>();
    let (map, findings) = matched(crate::forms::built_in("mfq-33"), &names);
    assert!(!refusals(&findings).is_empty());
    assert_eq!(map.forms[0].items.iter().flatten().count(), 0);
}

proptest! {
    #![proptest_config(cases(400))]

    /// Whichever numbers there are, and in whatever order the columns stand: they are all of the form's questions, or none.
    #[test]
    fn numbers_are_a_whole_run_or_nothing(
        which in any::<Index>(),
        length in prop::option::of(any::<Index>()),
        numbers in 1..=LONGEST,
        changes in prop::collection::vec((any::<Index>(), any::<bool>()), 0..3),
        places in prop::collection::vec(any::<u32>(), LONGEST + 3),
    ) {
        let (form, order) = &FORMS[which.index(FORMS.len())];
        let (instrument, lengths) = (form.instrument(), lengths(form.instrument(), *order));
        let length = length.filter(|_| !lengths.is_empty()).map_or(numbers, |index| lengths[index.index(lengths.len())]);
        // Questions left out, and questions that are there twice.
        let mut found: Vec<usize> = (1..=length).collect();
        for (at, is_left_out) in changes {
            let at = at.index(found.len());
            if is_left_out && found.len() > 1 { found.remove(at); } else { found.push(found[at]); }
        }
        let mut columns: Vec<(u32, usize)> = found.iter().zip(&places).map(|(number, place)| (*place, *number)).collect();
        columns.sort_unstable();
        let names: Vec<String> = columns.iter().map(|(_, number)| format!("q{number}")).chain(["pupil_id".to_owned()]).collect();
        let (map, findings) = matched(instrument, &names);
        found.sort_unstable();
        let is_whole = found.iter().copied().eq(1..=found.len());
        if is_whole && lengths.contains(&found.len()) {
            prop_assert_eq!(refusals(&findings), []);
            for (column, (_, number)) in columns.iter().enumerate() {
                prop_assert_eq!(map.forms[0].items[question(instrument, *order, *number)], Some(column));
            }
        } else {
            prop_assert!(!refusals(&findings).is_empty(), "{}: {:?}", instrument.id, names);
            prop_assert_eq!(map.forms[0].items.iter().flatten().count(), 0);
        }
    }

    /// A file with a form's own columns under their names, and another form's numbers beside them: the numbers are not looked at.
    #[test]
    fn numbers_beside_a_forms_own_names_are_not_taken(which in any::<Index>(), length in 1..=LONGEST, is_in_front in any::<bool>()) {
        let named: Vec<&Instrument> = BUILT_INS.iter().filter(|form| form.items.iter().all(|item| !item.numbered)).collect();
        let instrument = named[which.index(named.len())];
        let own: Vec<String> = instrument.items.iter().map(|item| item.id.to_string()).collect();
        let others: Vec<String> = (1..=length).map(|number| format!("q{number}")).collect();
        let parts = if is_in_front { [others, own.clone()] } else { [own.clone(), others] };
        let names: Vec<String> = std::iter::once("pupil_id".to_owned()).chain(parts.concat()).collect();
        let (map, findings) = matched(instrument, &names);
        prop_assert_eq!(refusals(&findings), []);
        for (item, column) in map.forms[0].items.iter().enumerate() {
            prop_assert_eq!(&names[column.unwrap()], &own[item]);
        }
    }
}

proptest! {
    #![proptest_config(cases(120))]

    /// Two runs that could both be the form: none of them is chosen silently.
    #[test]
    fn two_runs_that_both_fit_are_refused(which in any::<Index>(), lengths_of in (any::<Index>(), any::<Index>())) {
        let fitting: Vec<&(Form, Option<&str>)> = FORMS.iter().filter(|(form, order)| !lengths(form.instrument(), *order).is_empty()).collect();
        let (form, order) = fitting[which.index(fitting.len())];
        let lengths = lengths(form.instrument(), *order);
        let run = |prefix: &'static str, index: Index| (1..=lengths[index.index(lengths.len())]).map(move |number| format!("{prefix}{number}"));
        let names: Vec<String> = std::iter::once("pupil_id".to_owned()).chain(run("q", lengths_of.0)).chain(run("item", lengths_of.1)).collect();
        prop_assert_eq!(refusals(&matched(form.instrument(), &names).1), [Code::M002]);
    }
}
