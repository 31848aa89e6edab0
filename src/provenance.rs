//! What produced a file: tool, definitions, inputs and options, with their hashes.
//!
//! The same input gives the same bytes, so there is no clock here: a creation time is only written when it is asked for.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

/// Bytes in hexadecimal, small letters: how hashes are written.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What produced an output.
#[derive(Clone, Debug, Serialize)]
pub struct Provenance {
    /// `bandwise`.
    pub tool: &'static str,
    /// The tool's version.
    pub version: &'static str,
    /// The definitions that were used.
    pub instruments: Vec<UsedInstrument>,
    /// The files that were read.
    pub inputs: Vec<UsedInput>,
    /// The options that shape the output, by name.
    pub options: BTreeMap<String, String>,
    /// What every reader of the output should know.
    pub notices: Vec<String>,
    /// When it was made, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
}

/// A definition that was used.
#[derive(Clone, Debug, Serialize)]
pub struct UsedInstrument {
    /// Its id.
    pub id: String,
    /// The questionnaire and the form.
    pub name: String,
    /// The definition's version.
    pub version: String,
    /// SHA-256 of its text.
    pub sha256: String,
    /// The band set that was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bands: Option<String>,
    /// Where the band set comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bands_source: Option<String>,
    /// The choices in force, where the definition has some.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub choices: BTreeMap<String, String>,
    /// Where its rules come from.
    pub sources: BTreeMap<String, String>,
}

/// A file that was read.
#[derive(Clone, Debug, Serialize)]
pub struct UsedInput {
    /// Its name, without the folder.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

impl Provenance {
    /// Takes what another part of the same output was made from; what is known already is not named twice.
    pub fn absorb(&mut self, other: Self) {
        let Self { instruments, inputs, options, notices, .. } = other;
        for used in instruments {
            if !self.instruments.iter().any(|known| known.id == used.id && known.sha256 == used.sha256) {
                self.instruments.push(used);
            }
        }
        for used in inputs {
            if !self.inputs.iter().any(|known| known.name == used.name && known.sha256 == used.sha256) {
                self.inputs.push(used);
            }
        }
        for notice in notices {
            if !self.notices.contains(&notice) {
                self.notices.push(notice);
            }
        }
        for (name, value) in options {
            self.options.entry(name).or_insert(value);
        }
    }

    /// A provenance with nothing in it but the tool.
    pub fn new(instruments: Vec<UsedInstrument>, notices: Vec<String>, options: BTreeMap<String, String>) -> Self {
        Self { tool: "bandwise", version: env!("CARGO_PKG_VERSION"), instruments, inputs: Vec::new(), options, notices, created: None }
    }
}
