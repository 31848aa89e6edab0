//! What a definition says in its text, read as plain TOML and apart from the program: what a law compares with.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use bandwise::instrument::{Instrument, Number, built_in_ids, built_in_text};
use toml::{Table, Value};

static DEFINITIONS: LazyLock<BTreeMap<&str, Table>> =
    LazyLock::new(|| built_in_ids().map(|id| (id, built_in_text(id).unwrap().parse().unwrap())).collect());

/// The text of a built-in definition as a table.
pub(crate) fn definition(instrument: &Instrument) -> &'static Table {
    &DEFINITIONS[&*instrument.id]
}

/// The scale with this id.
pub(crate) fn scale<'t>(definition: &'t Table, id: &str) -> &'t Table {
    let scales = definition["scales"].as_array().unwrap().iter().map(|scale| scale.as_table().unwrap());
    scales.into_iter().find(|scale| scale["id"].as_str() == Some(id)).unwrap()
}

/// A number, exactly as it is written.
pub(crate) fn number(value: &Value) -> Number {
    match value {
        Value::Integer(whole) => Number::whole(*whole),
        Value::Float(decimal) => Number::parse(&decimal.to_string()).unwrap(),
        other => panic!("{other} is no number"),
    }
}

/// Names and whether a minus stands before them; `q3..q7` is five names.
pub(crate) fn names(list: &Value) -> Vec<(String, bool)> {
    list.as_array().unwrap().iter().flat_map(|name| named(name.as_str().unwrap())).collect()
}

fn named(name: &str) -> Vec<(String, bool)> {
    let (plain, reversed) = name.strip_prefix('-').map_or((name, false), |plain| (plain, true));
    let Some((first, last)) = plain.split_once("..") else { return vec![(plain.to_owned(), reversed)] };
    let stem = first.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let ends = [first, last].map(|end| end[stem.len()..].parse::<u32>().unwrap());
    (ends[0]..=ends[1]).map(|number| (format!("{stem}{number}"), reversed)).collect()
}

/// What an answer is worth in a scale of items: reversed if a minus says so, then recoded, then counted if it reaches its threshold.
pub(crate) fn worth(scale: &Table, codes: &[Number], item: &str, reversed: bool, code: Number) -> Number {
    let mirrored = *codes.iter().min().unwrap() + *codes.iter().max().unwrap() - code;
    let code = if reversed { mirrored } else { code };
    let recoded = match scale.get("counts").and_then(Value::as_table) {
        Some(counts) => counts.iter().find(|(from, _)| Number::parse(from) == Some(code)).map(|(_, worth)| number(worth)).unwrap(),
        None => code,
    };
    match scale.get("count_from") {
        None => recoded,
        Some(from) => {
            let from = from.as_table().map_or(from, |own| &own[item]);
            if recoded >= number(from) { Number::whole(1) } else { Number::ZERO }
        }
    }
}
