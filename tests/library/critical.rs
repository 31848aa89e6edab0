//! `critical.csv`: the questions that somebody must look at today, the sensitive ones, and the forms that have none.

use std::collections::BTreeSet;

use bandwise::instrument::{AnswerSet, Critical, Instrument};

use crate::tables::{BUILT_INS, Edge, built_in, expect_none, has_word, one_sided, table, whole};

/// A row for each question: `phq-9, critical, 9`.
fn built_in_rows() -> BTreeSet<String> {
    let mut rows = BTreeSet::new();
    for instrument in BUILT_INS.iter() {
        for (kind, items) in [("critical", &instrument.critical), ("sensitive", &instrument.sensitive)] {
            rows.extend(items.iter().map(|found| format!("{}, {kind}, {}", instrument.id, instrument.items[found.item].number)));
        }
        if instrument.critical.is_empty() && instrument.sensitive.is_empty() {
            rows.insert(format!("{}, none, ", instrument.id));
        }
    }
    rows
}

#[test]
fn the_critical_and_sensitive_questions_are_the_published_ones_and_no_others() {
    let rows = table("critical.csv");
    let in_table: BTreeSet<String> = rows.iter().map(|row| format!("{}, {}, {}", row["instrument"], row["kind"], row["item"])).collect();
    assert_eq!(in_table.len(), rows.len(), "no row stands twice");
    expect_none(&one_sided("critical or sensitive question", &in_table, &built_in_rows()));
}

fn find<'i>(instrument: &'i Instrument, kind: &str, number: u16) -> &'i Critical {
    let items = if kind == "critical" { &instrument.critical } else { &instrument.sensitive };
    let found = items.iter().find(|found| instrument.items[found.item].number == number);
    found.unwrap_or_else(|| panic!("{} has no {kind} question {number}", instrument.id))
}

/// Which codes of a set are answers at a threshold: `>=1`, or `=yes`.
fn fires(set: &AnswerSet, threshold: &str) -> Vec<bool> {
    match threshold.strip_prefix('=') {
        Some(word) => set.labels.iter().map(|labels| labels.iter().any(|label| has_word(label, word))).collect(),
        None => set.codes.iter().map(|code| Edge::parse(threshold).is_reached_by(*code)).collect(),
    }
}

#[test]
fn every_critical_question_fires_at_the_published_answers() {
    let mut differences = Vec::new();
    for row in table("critical.csv").iter().filter(|row| row["kind"] != "none") {
        let instrument = built_in(&row["instrument"]);
        let found = find(instrument, &row["kind"], whole(&row["item"]));
        let published = fires(&instrument.answers[instrument.items[found.item].answers], &row["fires at"]);
        if published != found.fires {
            differences.push(format!("{}, question {}: published {published:?}, built in {:?}", instrument.id, row["item"], found.fires));
        }
    }
    expect_none(&differences);
}

#[test]
fn a_form_without_a_critical_question_says_so() {
    for instrument in BUILT_INS.iter().filter(|instrument| instrument.items.len() > 1) {
        let says_so = instrument.notices().iter().any(|notice| notice.contains("no question about self-harm or suicide"));
        // The scores of Boxall and PASS come without questions.
        let has_questions = !["boxall", "pass"].contains(&&*instrument.id);
        assert_eq!(says_so, instrument.critical.is_empty() && has_questions, "{}", instrument.id);
    }
}
