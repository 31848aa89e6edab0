//! What the outputs of a job depend on: the same basis gives the same bytes.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::record::JobRecord;
use crate::findings::quoted_list;
use crate::output::file_sha256;

/// What a job's outputs depend on.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Basis {
    /// The program's version.
    pub version: String,
    /// The commands that make the outputs, with their options.
    pub commands: Vec<Vec<String>>,
    /// The definitions.
    pub definitions: Vec<UsedDefinition>,
    /// The files that are read.
    pub inputs: Vec<UsedFile>,
}

/// A file with its hash.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct UsedFile {
    /// Its path from the folder of the term file.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A definition that a job uses.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct UsedDefinition {
    /// The questionnaire's id.
    pub id: String,
    /// SHA-256 of everything in it that decides a score.
    pub sha256: String,
}

impl UsedFile {
    /// A file as it is now.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn now(file: &str) -> io::Result<Self> {
        Ok(Self { file: file.to_owned(), sha256: file_sha256(Path::new(file))? })
    }
}

/// Why a job is to be run, in a few words; none if its outputs are up to date.
///
/// # Errors
///
/// When an output is there and cannot be read.
pub fn why_again(now: &Basis, known: Option<&JobRecord>) -> io::Result<Option<String>> {
    let Some(known) = known else { return Ok(Some("it has not run yet".to_owned())) };
    let then = &known.basis;
    if then.version != now.version {
        return Ok(Some(format!("bandwise was {} and is {}", then.version, now.version)));
    }
    if then.commands != now.commands {
        return Ok(Some("its options or outputs are others".to_owned()));
    }
    if then.definitions != now.definitions {
        let changed = now.definitions.iter().filter(|used| !then.definitions.contains(used)).map(|used| used.id.as_str());
        return Ok(Some(format!("the definition is another: {}", quoted_list(&changed.collect::<Vec<_>>(), 3))));
    }
    if then.inputs != now.inputs {
        let changed = now.inputs.iter().filter(|used| !then.inputs.contains(used)).map(|used| used.file.as_str()).collect::<Vec<_>>();
        let gone = then.inputs.iter().filter(|used| !now.inputs.iter().any(|now| now.file == used.file)).map(|used| used.file.as_str());
        let (words, files) = if changed.is_empty() { ("no longer read", gone.collect()) } else { ("new or changed", changed) };
        return Ok(Some(format!("{words}: {}", quoted_list(&files, 3))));
    }
    for output in &known.outputs {
        match file_sha256(Path::new(&output.file)) {
            Ok(hash) if hash == output.sha256 => {}
            Ok(_) => return Ok(Some(format!("`{}` is not as it was written", output.file))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Some(format!("`{}` is not there", output.file))),
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}
