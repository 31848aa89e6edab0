//! `bandwise-run.json`: what ran, with hashes, versions, counts and findings, so that a number can be traced years later.
//!
//! It names pupils, in alerts and findings, and is as private as the outputs.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::basis::{Basis, UsedFile};

/// The record's name, beside the term file.
pub const RECORD_FILE: &str = "bandwise-run.json";

/// The form of the record that this program writes.
const FORMAT: u32 = 1;

/// Everything that ran from the term files of one folder.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Record {
    format: u32,
    /// `bandwise`.
    tool: String,
    /// The term files of the folder, by name.
    pub terms: BTreeMap<String, TermRecord>,
    /// The definitions that jobs used, by their hash.
    pub definitions: BTreeMap<String, UsedText>,
}

/// What ran from one term file.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct TermRecord {
    /// SHA-256 of the term file at the last run.
    pub sha256: String,
    /// When the last run ended, if that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// The jobs as they were last done, in the order of the file.
    pub jobs: Vec<JobRecord>,
    /// The jobs that the last run could not do.
    pub not_done: Vec<NotDone>,
}

/// A job that could not be done.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct NotDone {
    /// Its name.
    pub job: String,
    /// Why.
    pub why: String,
}

/// The text of a definition.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct UsedText {
    /// The questionnaire's id.
    pub id: String,
    /// The definition's version.
    pub version: String,
    /// The definition that it adds to, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The text.
    pub text: String,
}

/// A job as it was last done.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct JobRecord {
    /// Its name.
    pub name: String,
    /// What the outputs depend on.
    pub basis: Basis,
    /// The files that were written, with their hashes.
    pub outputs: Vec<UsedFile>,
    /// What there was.
    pub counts: Counts,
    /// The alerts, a line each.
    pub alerts: Vec<String>,
    /// The findings: code, severity, place, message, and how many of the kind.
    pub findings: Vec<serde_json::Value>,
    /// Pupils whose scores or bands differ because a definition changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
}

/// What there was in the files of a job.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Responses that count.
    pub responses: u64,
    /// Those whose main score is there.
    pub scored: u64,
    /// Those at or above the level of the form.
    pub flagged: u64,
    /// Responses with an alert, of all files.
    pub alerts: u64,
    /// Cells that could not be read as an answer.
    pub refused_cells: u64,
    /// Pupils of the list without a form; none without a list.
    pub missing_pupils: Option<u64>,
    /// Findings that say that something could not be used.
    pub problems: u64,
}

/// A pupil whose score differs because a definition changed.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The questionnaire's id.
    pub instrument: String,
    /// The pupil.
    pub pupil: String,
    /// The scale.
    pub scale: String,
    /// By the definition of last time.
    pub before: String,
    /// By this one.
    pub now: String,
}

/// Why a record cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The system refused.
    #[error("the record `{RECORD_FILE}` cannot be read")]
    Unreadable(#[source] io::Error),
    /// It is no record of this program's, or of a later one's.
    #[error("`{RECORD_FILE}` is not a record that this program can read. Move it away, and every job is run again")]
    Foreign,
}

impl Record {
    /// A record of nothing.
    pub fn empty() -> Self {
        Self { format: FORMAT, tool: "bandwise".to_owned(), terms: BTreeMap::new(), definitions: BTreeMap::new() }
    }

    /// The record in a folder; an empty one if there is none.
    ///
    /// # Errors
    ///
    /// When it is there and cannot be used.
    pub fn read(folder: &Path) -> Result<Self, RecordError> {
        let text = match fs::read(folder.join(RECORD_FILE)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::empty()),
            Err(error) => return Err(RecordError::Unreadable(error)),
        };
        let record: Self = serde_json::from_slice(&text).map_err(|_| RecordError::Foreign)?;
        if record.format == FORMAT { Ok(record) } else { Err(RecordError::Foreign) }
    }

    /// The record of a job.
    pub fn job(&self, term: &str, name: &str) -> Option<&JobRecord> {
        self.terms.get(term)?.jobs.iter().find(|job| job.name == name)
    }

    /// Leaves out definitions that no job uses any more.
    pub fn tidy(&mut self) {
        let used = |hash: &String| {
            let mut jobs = self.terms.values().flat_map(|term| &term.jobs);
            jobs.any(|job| job.basis.definitions.iter().any(|definition| definition.sha256 == *hash))
        };
        let unused: Vec<String> = self.definitions.keys().filter(|hash| !used(hash)).cloned().collect();
        for hash in unused {
            self.definitions.remove(&hash);
        }
    }

    /// Its text.
    ///
    /// # Errors
    ///
    /// When it cannot be written as JSON.
    pub fn text(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }
}
