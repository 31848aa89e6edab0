//! The definitions that come with the program, and how a name on the command line becomes an instrument.

use std::fs;
use std::path::{Path, PathBuf};

use super::read::read_definition;
use super::{Instrument, did_you_mean_instrument};
use crate::findings::Finding;

macro_rules! library {
    ($($id:literal),+ $(,)?) => {
        /// Every built-in definition: its id and its text.
        const LIBRARY: &[(&str, &str)] = &[$(($id, include_str!(concat!("../../instruments/", $id, ".toml"))),)+];
    };
}

library![
    "sdq-p2-4",
    "sdq-t2-4",
    "sdq-p4-17",
    "sdq-t4-17",
    "sdq-s11-17",
    "sdq-p4-17-followup",
    "sdq-t4-17-followup",
    "sdq-s11-17-followup",
    "phq-9",
];

/// Why a name on the command line is no instrument.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// No built-in definition has the name, and no file either.
    #[error("`{name}` is no questionnaire that comes with bandwise, and no file{}", suggestion(.near.as_deref()))]
    Unknown {
        /// What was written.
        name: String,
        /// The built-in id nearest to it.
        near: Option<String>,
    },
    /// The file is there and cannot be read.
    #[error("the definition `{}` cannot be read", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The definition is wrong.
    #[error("the definition `{name}` has problems")]
    Wrong {
        /// What was written.
        name: String,
        /// All of them.
        findings: Vec<Finding>,
    },
}

fn suggestion(near: Option<&str>) -> String {
    near.map_or_else(|| ": `bandwise instrument list` shows what there is".to_owned(), |near| format!(": did you mean `{near}`?"))
}

/// The ids of the built-in definitions, in the library's order.
pub fn built_in_ids() -> impl Iterator<Item = &'static str> + Clone {
    LIBRARY.iter().map(|(id, _)| *id)
}

/// The text of a built-in definition.
pub fn built_in_text(id: &str) -> Option<&'static str> {
    LIBRARY.iter().find(|(name, _)| *name == id).map(|(_, text)| *text)
}

/// Reads the instrument with a built-in id, or from a TOML file. A name that looks like a path is one.
///
/// # Errors
///
/// When there is no such definition, it cannot be read, or it has problems.
pub fn load(name: &str) -> Result<(Instrument, Vec<Finding>), LoadError> {
    if let Some(text) = built_in_text(name) {
        return read(name, &format!("{name}.toml"), text);
    }
    let path = Path::new(name);
    match fs::read(path) {
        Ok(bytes) => {
            let shown = path.file_name().map_or_else(|| name.to_owned(), |file| file.to_string_lossy().into_owned());
            let text = String::from_utf8(bytes).map_err(|_| LoadError::Unreadable {
                path: path.to_owned(),
                source: std::io::Error::new(std::io::ErrorKind::InvalidData, "it is not UTF-8 text"),
            })?;
            read(name, &shown, text.strip_prefix('\u{feff}').unwrap_or(&text))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(LoadError::Unknown { name: name.to_owned(), near: did_you_mean_instrument(name) })
        }
        Err(source) => Err(LoadError::Unreadable { path: path.to_owned(), source }),
    }
}

fn read(name: &str, shown: &str, text: &str) -> Result<(Instrument, Vec<Finding>), LoadError> {
    read_definition(shown, text).map_err(|findings| LoadError::Wrong { name: name.to_owned(), findings })
}
