//! The map: a small TOML file in which the user says which column is which question. It always wins over what we would have found.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::findings::{Code, Finding, Place, Source};

/// What the user says about a file's columns and answers.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ColumnNames {
    /// Question to column header.
    #[serde(default)]
    pub items: BTreeMap<String, String>,
    /// Context (`id`, `informant`, `sex`, `age`, `year`, `date`, `time`) to column header.
    #[serde(default)]
    pub context: BTreeMap<String, String>,
    /// For each answer set, further words for its answers: `[answers.main] often = "2"`, by code.
    #[serde(default)]
    pub answers: BTreeMap<String, BTreeMap<String, String>>,
    /// Words that mean "no answer".
    #[serde(default)]
    pub missing: Vec<String>,
    /// Columns that are left out.
    #[serde(default)]
    pub ignore: Vec<String>,
}

/// Reads a map.
///
/// # Errors
///
/// A finding with the place in the map that is wrong.
pub fn read_map(name: &str, text: &str) -> Result<ColumnNames, Box<Finding>> {
    toml::from_str(text).map_err(|error| {
        let source = Source { name: name.into(), text: text.to_owned() };
        let place = Place::Definition { source: source.into(), span: error.span().unwrap_or_default() };
        Box::new(Finding::new(Code::M012, place, format!("the map is not readable: {}", error.message())))
    })
}
