//! Reading the vector files, and comparing with their tolerance.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

/// The tolerance that the vectors' README gives for most files.
pub(crate) const NINE_DIGITS: f64 = 1e-9;

pub(crate) type Row = BTreeMap<String, String>;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name)
}

pub(crate) fn json(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(path(name)).unwrap()).unwrap()
}

/// The rows of a table with a header.
pub(crate) fn table(name: &str) -> Vec<Row> {
    csv::Reader::from_path(path(name)).unwrap().deserialize().map(Result::unwrap).collect()
}

/// The rows of a table without a header, all whole numbers.
pub(crate) fn whole_numbers(name: &str) -> Vec<Vec<usize>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path(name)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

pub(crate) fn cell<T: std::str::FromStr<Err: std::fmt::Debug>>(row: &Row, column: &str) -> T {
    row[column].parse().unwrap()
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("not a number: {value}"))
}

pub(crate) fn whole(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// Relative to the expected number; absolute where that is next to nothing.
#[track_caller]
pub(crate) fn close(what: &str, actual: f64, expected: f64, tolerance: f64) {
    let allowed = if expected.abs() < 1e-9 { tolerance } else { tolerance * expected.abs() };
    assert!((actual - expected).abs() <= allowed, "{what}: {actual} instead of {expected}");
}

/// Compares numbers with those under their keys in an object, to nine digits.
pub(crate) fn checker<'a>(name: &'a str, expected: &'a Value) -> impl Fn(&str, f64) + 'a {
    move |key, actual| {
        close(&format!("{name} {key}"), actual, number(&expected[key]), NINE_DIGITS);
    }
}

/// Compares numbers with those in the columns of a row, to nine digits.
pub(crate) fn row_checker(row: &Row) -> impl Fn(&str, f64) + '_ {
    move |column, actual| {
        close(&format!("{column} of {row:?}"), actual, cell(row, column), NINE_DIGITS);
    }
}

#[track_caller]
pub(crate) fn close_interval(what: &str, actual: bandwise::stats::Interval, expected: &Value, tolerance: f64) {
    close(&format!("{what}, low"), actual.low, number(&expected[0]), tolerance);
    close(&format!("{what}, high"), actual.high, number(&expected[1]), tolerance);
}

/// The three made-up paired data sets.
pub(crate) const DATA_SETS: [&str; 3] = ["sdq12", "tiny5", "well20"];

/// Baseline and review of one of them.
pub(crate) fn data_set(name: &str) -> (Vec<f64>, Vec<f64>) {
    let rows = table("datasets.csv");
    let rows = rows.iter().filter(|row| row["dataset"] == name);
    rows.map(|row| (cell::<f64>(row, "pre"), cell::<f64>(row, "post"))).unzip()
}

pub(crate) fn better(word: &str) -> bandwise::stats::Better {
    match word {
        "lower" => bandwise::stats::Better::Lower,
        "higher" => bandwise::stats::Better::Higher,
        other => panic!("neither lower nor higher: {other}"),
    }
}
