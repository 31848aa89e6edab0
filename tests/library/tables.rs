//! The tables, the built-in definitions, and the words of which the tables are made.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;

use bandwise::instrument::{Instrument, Number, built_in_ids, load};

/// One row of a table, by column.
pub(crate) type Row = BTreeMap<String, String>;

/// All built-in definitions, read once, in the library's order.
pub(crate) static BUILT_INS: LazyLock<Vec<Instrument>> = LazyLock::new(|| built_in_ids().map(|id| load(id).unwrap().0).collect());

/// The rows of a table with a header.
pub(crate) fn table(name: &str) -> Vec<Row> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/instruments").join(name);
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

pub(crate) fn built_in(id: &str) -> &'static Instrument {
    BUILT_INS.iter().find(|instrument| &*instrument.id == id).unwrap_or_else(|| panic!("no built-in form has the id {id}"))
}

/// The place of a scale.
pub(crate) fn scale(instrument: &Instrument, id: &str) -> usize {
    instrument.scale(id).unwrap_or_else(|| panic!("{} has no scale {id}", instrument.id))
}

/// A decimal as a table has it.
pub(crate) fn number(text: &str) -> Number {
    Number::parse(text).unwrap_or_else(|| panic!("`{text}` is no number"))
}

/// A cell with a whole number.
pub(crate) fn whole<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is no whole number"))
}

/// `2-4` and `7`: whole numbers, both ends included.
pub(crate) fn numbers(range: &str) -> Vec<u16> {
    match range.split_once('-') {
        Some((from, to)) => (whole(from)..=whole(to)).collect(),
        None => vec![whole(range)],
    }
}

/// The questions that a token names: a range of printed numbers, or a short name.
pub(crate) fn named_items(instrument: &Instrument, numbers_of_items: &[u16], token: &str) -> Vec<usize> {
    if token.starts_with(|first: char| first.is_ascii_digit()) {
        let place = |number: u16| numbers_of_items.iter().position(|candidate| *candidate == number);
        let missing = |number: u16| panic!("{} has no question {number}", instrument.id);
        numbers(token).into_iter().map(|number| place(number).unwrap_or_else(|| missing(number))).collect()
    } else {
        vec![instrument.item(token).unwrap_or_else(|| panic!("{} has no question {token}", instrument.id))]
    }
}

/// The number that each question has on the form, or in the printed edition with this name.
pub(crate) fn printed_numbers(instrument: &Instrument, order: &str) -> Vec<u16> {
    if order.is_empty() {
        return instrument.items.iter().map(|item| item.number).collect();
    }
    let order = instrument.orders.iter().find(|candidate| candidate.id == order);
    let printed = &order.unwrap_or_else(|| panic!("{} has no such printed order", instrument.id)).items;
    let number = |item: usize| printed.iter().position(|candidate| *candidate == item).unwrap() + 1;
    (0..instrument.items.len()).map(|item| u16::try_from(number(item)).unwrap()).collect()
}

/// Text without what does not count in an answer: case, space and punctuation.
pub(crate) fn plain(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a label has this word: `agree` is not a word of `Definitely disagree`.
pub(crate) fn has_word(label: &str, word: &str) -> bool {
    label.split(|between: char| !between.is_alphanumeric()).any(|found| found.eq_ignore_ascii_case(word))
}

/// What `answers.csv` says of each code of a set.
pub(crate) fn words_of_codes(instrument: &Instrument, set: &str) -> Vec<String> {
    let rows = table("answers.csv");
    let row = rows.iter().find(|row| row["instrument"] == *instrument.id && row["set"] == set);
    let labels = &row.unwrap_or_else(|| panic!("{} has no row for {set}", instrument.id))["labels"];
    labels.trim_matches(['[', ']']).split('|').map(str::to_owned).collect()
}

/// `>=7`, `<=2`, `<36`: an operator and a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    operator: Operator,
    pub(crate) at: Number,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    AtLeast,
    AtMost,
    Below,
}

impl Edge {
    pub(crate) fn parse(text: &str) -> Self {
        let operators = [(">=", Operator::AtLeast), ("<=", Operator::AtMost), ("<", Operator::Below)];
        let found = operators.iter().find_map(|(sign, operator)| text.strip_prefix(sign).map(|rest| (*operator, rest)));
        let (operator, rest) = found.unwrap_or_else(|| panic!("`{text}` has no operator"));
        Self { operator, at: number(rest) }
    }

    pub(crate) fn is_reached_by(self, score: Number) -> bool {
        match self.operator {
            Operator::AtLeast => score >= self.at,
            Operator::AtMost => score <= self.at,
            Operator::Below => score < self.at,
        }
    }
}

/// Fails with every difference at once.
#[track_caller]
pub(crate) fn expect_none(differences: &[String]) {
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

/// What is on one side only.
pub(crate) fn one_sided(what: &str, in_table: &BTreeSet<String>, built_in: &BTreeSet<String>) -> Vec<String> {
    let without_counterpart = in_table.difference(built_in).map(|key| format!("{key}: no built-in has this {what}"));
    let without_row = built_in.difference(in_table).map(|key| format!("{key}: no row for this {what}"));
    without_counterpart.chain(without_row).collect()
}
