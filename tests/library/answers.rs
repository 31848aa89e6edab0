//! `answers.csv` and `forms.csv`: codes and labels, who fills a form in, at which ages, and which questions no scale counts.

use std::collections::BTreeSet;

use bandwise::instrument::{AnswerSet, Instrument, Number};

use crate::tables::{
    BUILT_INS, Row, built_in, expect_none, named_items, number, one_sided, plain, printed_numbers, table, whole, words_of_codes,
};

#[test]
fn every_set_of_answers_has_a_row_and_every_row_a_set() {
    let in_table: BTreeSet<String> = table("answers.csv").iter().map(|row| format!("{}, {}", row["instrument"], row["set"])).collect();
    let sets =
        |instrument: &Instrument| instrument.answers.iter().map(|set| format!("{}, {}", instrument.id, set.name)).collect::<Vec<_>>();
    expect_none(&one_sided("set of answers", &in_table, &BUILT_INS.iter().flat_map(sets).collect()));
}

fn set<'i>(instrument: &'i Instrument, row: &Row) -> (usize, &'i AnswerSet) {
    let place = instrument.answers.iter().position(|set| set.name == row["set"]);
    let place = place.unwrap_or_else(|| panic!("{} has no set {}", instrument.id, row["set"]));
    (place, &instrument.answers[place])
}

/// The codes of a row: `0 to 3`, `0 1 3 5`, `0 to 10 by 0.1`; none where the sources give their number only, or nothing.
fn codes(words: &str) -> Option<Vec<Number>> {
    let words: Vec<&str> = words.split(' ').collect();
    match words.as_slice() {
        [""] | [_, "codes"] => None,
        [from, "to", to] => Some((whole::<i64>(from)..=whole(to)).map(Number::whole).collect()),
        [from, "to", to, "by", "0.1"] => {
            let tenths = 10 * whole::<i64>(from)..=10 * whole::<i64>(to);
            Some(tenths.map(|tenths| Number::ratio(tenths, 10).unwrap()).collect())
        }
        codes => Some(codes.iter().map(|code| number(code)).collect()),
    }
}

#[test]
fn every_code_is_the_published_one() {
    let mut differences = Vec::new();
    for row in table("answers.csv") {
        let instrument = built_in(&row["instrument"]);
        let (_, found) = set(instrument, &row);
        let mut sorted = found.codes.clone();
        sorted.sort_unstable();
        let has_as_many = row["codes"].strip_suffix(" codes").is_none_or(|count| whole::<usize>(count) == found.codes.len());
        if codes(&row["codes"]).is_some_and(|published| published != sorted) || !has_as_many {
            differences.push(format!("{}, {}: published {}, built in {}", instrument.id, found.name, row["codes"], found.allowed()));
        }
    }
    expect_none(&differences);
}

#[test]
fn every_question_has_the_published_answers() {
    let mut differences = Vec::new();
    for row in table("answers.csv") {
        let instrument = built_in(&row["instrument"]);
        let (place, found) = set(instrument, &row);
        let has_it: Vec<usize> = (0..instrument.items.len()).filter(|item| instrument.items[*item].answers == place).collect();
        let is_same = if let Some((count, _)) = row["items"].split_once(" question") {
            whole::<usize>(count) == has_it.len()
        } else {
            let numbers = printed_numbers(instrument, "");
            let named = |token| named_items(instrument, &numbers, token);
            let mut published: Vec<usize> = row["items"].split(' ').flat_map(named).collect();
            published.sort_unstable();
            published == has_it
        };
        if !is_same {
            let numbers: Vec<u16> = has_it.iter().map(|item| instrument.items[*item].number).collect();
            differences.push(format!("{}, {}: published {}, built in {numbers:?}", instrument.id, found.name, row["items"]));
        }
    }
    expect_none(&differences);
}

/// Whether one of the labels is as published: `Yes minor…` may go on, `A & B` stands for two words for one code.
fn is_labelled(labels: &[String], published: &str) -> bool {
    published.split(" & ").all(|published| {
        labels.iter().map(|label| plain(label)).any(|label| match published.strip_suffix('…') {
            Some(begun) => label.starts_with(&plain(begun)),
            None => label == plain(published),
        })
    })
}

#[test]
fn every_label_is_the_published_one() {
    let mut differences = Vec::new();
    for row in table("answers.csv").iter().filter(|row| !row["labels"].is_empty()) {
        let instrument = built_in(&row["instrument"]);
        let (_, found) = set(instrument, row);
        let published = words_of_codes(instrument, &row["set"]);
        // In brackets stands what is known where the whole labels are not: a definition has all of them or none.
        let is_known_in_part = row["labels"].starts_with('[');
        let has_none = found.labels.iter().all(Vec::is_empty);
        let is_same = (is_known_in_part && has_none)
            || published.len() == found.labels.len()
                && published.iter().zip(&found.labels).all(|(published, labels)| published.is_empty() || is_labelled(labels, published));
        // Labels stand in the order of the codes, from the lowest.
        if !is_same || !found.codes.is_sorted() {
            differences.push(format!("{}, {}: published {published:?}, built in {:?}", instrument.id, found.name, found.labels));
        }
    }
    expect_none(&differences);
}

#[test]
fn every_form_is_for_the_published_informant_and_ages() {
    let rows = table("forms.csv");
    let in_table: BTreeSet<String> = rows.iter().map(|row| row["instrument"].clone()).collect();
    let mut differences = one_sided("form", &in_table, &BUILT_INS.iter().map(|instrument| instrument.id.to_string()).collect());
    for row in rows {
        let instrument = built_in(&row["instrument"]);
        let ages = instrument.ages.map_or_else(|| "none".to_owned(), bandwise::instrument::AgeRange::words);
        let found = (instrument.informant.word(), instrument.items.len());
        if found != (row["informant"].as_str(), whole(&row["questions"])) || (!row["ages"].is_empty() && ages != row["ages"]) {
            differences.push(format!("{}: {found:?}, ages {ages}", instrument.id));
        }
    }
    expect_none(&differences);
}

#[test]
fn the_questions_that_nothing_counts_are_the_published_ones() {
    let mut differences = Vec::new();
    for row in table("forms.csv") {
        let instrument = built_in(&row["instrument"]);
        let unneeded: Vec<String> = instrument.items.iter().filter(|item| !item.needed).map(|item| item.number.to_string()).collect();
        let is_same = match row["unscored"].strip_suffix(" questions") {
            Some(count) => unneeded.len() == whole::<usize>(count),
            None => unneeded.join(" ") == row["unscored"],
        };
        if !is_same {
            differences.push(format!("{}: published `{}`, built in {unneeded:?}", instrument.id, row["unscored"]));
        }
    }
    expect_none(&differences);
}
