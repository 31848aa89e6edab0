//! The definitions that come with the program, and how a name on the command line becomes an instrument.

use std::fs;
use std::path::{Path, PathBuf};

use super::read::read_definition;
use super::{Instrument, did_you_mean_instrument};
use crate::findings::{Code, Finding};

macro_rules! library {
    ($($id:literal),+ $(,)?) => {
        /// Every built-in definition: its id and its text.
        const LIBRARY: &[(&str, &str)] = &[$(($id, include_str!(concat!("../../instruments/", $id, ".toml"))),)+];
    };
}

library![
    // Strengths and difficulties.
    "sdq-p2-4",
    "sdq-t2-4",
    "sdq-p4-17",
    "sdq-t4-17",
    "sdq-s11-17",
    "sdq-p4-17-followup",
    "sdq-t4-17-followup",
    "sdq-s11-17-followup",
    // Broad screening.
    "mmf",
    "psc-17",
    "psc-35",
    "psc-35-ages-3-5",
    "y-psc",
    // Worry and anxiety.
    "rcads-25-c",
    "rcads-25-p",
    "rcads-47-c",
    "rcads-47-p",
    "scared-c",
    "scared-p",
    "scas-c",
    "scas-p",
    "gad-7",
    // Low mood and distress.
    "smfq-c",
    "smfq-p",
    "mfq-33",
    "mfq-p-34",
    "phq-9",
    "phq-a",
    "ces-dc",
    "cries-8",
    "dass-21",
    "k6",
    "k10",
    "k10-0-4",
    "pss-4",
    "pss-10",
    "core-10",
    "yp-core",
    // Wellbeing, belonging, attitudes.
    "wemwbs",
    "swemwbs",
    "who-5",
    "scwbs",
    "ons4",
    "rosenberg",
    "ucla-3",
    "ons-loneliness",
    "leuven",
    "boxall",
    "pass",
    // Attention and autism.
    "snap-iv-p",
    "snap-iv-t",
    "vanderbilt-p",
    "vanderbilt-t",
    "asrs",
    "aq-10-child",
    "aq-10-adolescent",
    "aq-10-adult",
    "m-chat-r",
    // Sessions and goals.
    "ors",
    "cors",
    "srs",
    "csrs",
    "gbo",
    "gas",
    "gas-weighted",
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
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
            read(name, &shown, text).and_then(|read| if passes_for_built_in(&read.0, text) { Err(own_id(name, &read.0)) } else { Ok(read) })
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

/// A file of somebody's own that has a built-in's id would pass for it in every output.
fn passes_for_built_in(instrument: &Instrument, text: &str) -> bool {
    built_in_text(&instrument.id).is_some_and(|known| known != text)
}

fn own_id(name: &str, instrument: &Instrument) -> LoadError {
    let message = format!("`{}` comes with bandwise, and this is another definition", instrument.id);
    let own = &instrument.definition.text;
    let start = own.offset() + own.own.text.find("id").unwrap_or(0);
    let finding = Finding::new(Code::I006, own.place(&(start..start)), message).help("give it an id of its own");
    LoadError::Wrong { name: name.to_owned(), findings: vec![finding] }
}

/// The JSON Schema of definitions.
pub const SCHEMA: &str = include_str!("../../instruments/schema.json");

/// A commented definition to begin with, under an id.
pub fn skeleton(id: &str) -> String {
    include_str!("skeleton.toml")
        .replacen("id        = \"ID\"", &format!("id        = \"{id}\""), 1)
        .replace("ID.toml", &format!("{id}.toml"))
}
