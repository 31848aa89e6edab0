//! Writing a file all or nothing: the text goes to a temporary file beside it, which takes its name only when it is whole.
//!
//! Outputs hold pupils' data: they are readable by their owner only, and an input is never overwritten. Several files can take their
//! names together or not at all ([`Together`]). A temporary file is locked as long as it is being written, so that what a stopped program
//! left behind can be told from what another one is writing now ([`remove_stale`]).

mod stale;
mod steady;
mod together;

use std::fs::{File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::provenance::hexadecimal;
pub use stale::{Action as StaleAction, Stale, remove_stale};
pub use steady::SteadyWriter;
use steady::WrittenHash;
pub use together::{Outputs, Together, Written};

/// What every temporary file's name begins and ends with.
const TEMPORARY: (&str, &str) = (".bandwise-", ".part");

/// Why an output cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The folder is not there.
    #[error("there is no folder `{}` to write `{}` into", .folder.display(), .file.display())]
    NoFolder {
        /// The folder.
        folder: PathBuf,
        /// The file.
        file: PathBuf,
    },
    /// The output is one of the inputs.
    #[error("`{}` is one of the inputs: an input is never overwritten", .file.display())]
    IsInput {
        /// The file.
        file: PathBuf,
    },
    /// The name is a device's.
    #[error("`{}` is the name of a device on Windows, and no file can have it", .file.display())]
    IsDevice {
        /// The path.
        file: PathBuf,
    },
    /// The path is a folder.
    #[error("`{}` is a folder, not a file", .file.display())]
    IsFolder {
        /// The path.
        file: PathBuf,
    },
    /// Another program has it open.
    #[error("`{}` cannot be replaced: another program has it open. Close it there and run the command again; it is as it was", .file.display())]
    InUse {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The system refused.
    #[error("`{}` cannot be written", .file.display())]
    Refused {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file that was replaced could not be put back when another one could not be.
    #[error("`{}` is new and could not be put back as it was, and others of its job are old: run it again", .file.display())]
    NotPutBack {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Two parts of one job write the same file.
    #[error("`{}` would be written twice: give each output a name of its own", .file.display())]
    Twice {
        /// The file.
        file: PathBuf,
    },
}

/// A file that is being written and does not have its name yet. Dropping it leaves no trace.
#[derive(Debug)]
pub struct PendingFile {
    target: PathBuf,
    temporary: NamedTempFile,
    written: WrittenHash,
    outputs: Outputs,
}

impl PendingFile {
    /// Starts a file, after making sure that it is none of the inputs.
    ///
    /// # Errors
    ///
    /// When the folder is missing, the target is an input or a folder, or the system refuses.
    pub fn create(target: &Path, inputs: &[&Path]) -> Result<Self, OutputError> {
        Self::create_among(target, inputs, &Outputs::EachAtOnce)
    }

    /// The same, for a file that takes its name with others.
    ///
    /// # Errors
    ///
    /// As for [`PendingFile::create`].
    pub fn create_among(target: &Path, inputs: &[&Path], outputs: &Outputs) -> Result<Self, OutputError> {
        let file = target.to_owned();
        // Elsewhere it is a name like any other.
        if cfg!(windows) && is_device(target) {
            return Err(OutputError::IsDevice { file });
        }
        if target.is_dir() {
            return Err(OutputError::IsFolder { file });
        }
        if inputs.iter().any(|input| same_file::is_same_file(input, target).unwrap_or(false)) {
            return Err(OutputError::IsInput { file });
        }
        let folder = folder_of(target);
        if !folder.is_dir() {
            return Err(OutputError::NoFolder { folder: folder.to_owned(), file });
        }
        let temporary = locked_temporary(folder).map_err(|source| OutputError::Refused { file, source })?;
        Ok(Self { target: target.to_owned(), temporary, written: WrittenHash::default(), outputs: outputs.clone() })
    }

    /// Gives the file its name, replacing what had it before; or hands it to those that it takes its name with.
    ///
    /// # Errors
    ///
    /// When the system refuses; the old file is then still whole.
    pub fn commit(mut self) -> Result<(), OutputError> {
        self.temporary.as_file().sync_all().map_err(|source| self.refused(source))?;
        match std::mem::take(&mut self.outputs) {
            Outputs::EachAtOnce => self.take_name(),
            Outputs::AtTheEnd(together) => together.add(self),
        }
    }

    /// Gives the file its name only if none has it yet; says whether it did.
    ///
    /// # Errors
    ///
    /// When the system refuses.
    pub fn commit_new(self) -> Result<bool, OutputError> {
        self.temporary.as_file().sync_all().map_err(|source| self.refused(source))?;
        let Self { target, temporary, .. } = self;
        match temporary.persist_noclobber(&target) {
            Ok(_) => Ok(true),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(not_replaced(&target, error.error)),
        }
    }

    fn take_name(self) -> Result<(), OutputError> {
        let Self { target, temporary, .. } = self;
        temporary.persist(&target).map_err(|error| not_replaced(&target, error.error))?;
        Ok(())
    }

    fn refused(&self, source: io::Error) -> OutputError {
        OutputError::Refused { file: self.target.clone(), source }
    }

    /// SHA-256 of what was written so far.
    pub fn sha256(&self) -> String {
        self.written.sha256()
    }

    /// The path that it will have.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// A second handle, for a writer of its own, which must be flushed at its end.
    ///
    /// # Errors
    ///
    /// When the system refuses.
    pub fn handle(&self) -> Result<SteadyWriter, OutputError> {
        let file = self.temporary.as_file().try_clone().map_err(|source| self.refused(source))?;
        Ok(SteadyWriter::new(file, self.written.clone()))
    }
}

impl Write for PendingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.temporary.write(bytes)?;
        self.written.add(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temporary.flush()
    }
}

/// SHA-256 of everything that is left to read.
fn hash_of(mut reader: impl Read) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(hexadecimal(&hash.finalize())),
            Ok(count) => hash.update(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// SHA-256 of a file.
///
/// # Errors
///
/// When it cannot be read.
pub fn file_sha256(path: &Path) -> io::Result<String> {
    hash_of(File::open(path)?)
}

/// The folder that a file is in.
fn folder_of(target: &Path) -> &Path {
    target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A temporary file that only its owner can read, locked so that nobody takes it for a stale one.
fn locked_temporary(folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        // tempfile creates with mode 0600, and a rename keeps it: nobody else can read the result.
        let temporary = tempfile::Builder::new().prefix(TEMPORARY.0).suffix(TEMPORARY.1).tempfile_in(folder)?;
        match temporary.as_file().try_lock() {
            Ok(()) | Err(TryLockError::Error(_)) if temporary.path().exists() => return Ok(temporary),
            // Between its making and its lock somebody took it for stale: then there is another name.
            _ => {}
        }
    }
}

/// Whether Windows takes a name for a device, whatever its extension: what is written to `nul.csv` is gone.
fn is_device(path: &Path) -> bool {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy().to_lowercase()) else { return false };
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let is_port = |port: &str| stem.strip_prefix(port).is_some_and(|number| matches!(number.as_bytes(), [b'1'..=b'9']));
    matches!(stem, "con" | "prn" | "aux" | "nul") || is_port("com") || is_port("lpt")
}

/// Why a file could not get its name. Windows lets nobody replace a file that a spreadsheet program has open: it calls that a sharing
/// violation (32), a lock (33), or, for a rename, no access (5) to a file that is there.
fn not_replaced(target: &Path, source: io::Error) -> OutputError {
    let file = target.to_owned();
    let is_in_use = match source.raw_os_error() {
        Some(32 | 33) => cfg!(windows),
        Some(5) => cfg!(windows) && target.exists(),
        _ => matches!(source.kind(), io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy),
    };
    if is_in_use { OutputError::InUse { file, source } } else { OutputError::Refused { file, source } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_open_elsewhere_is_named_as_such() {
        let said = |kind: io::ErrorKind| not_replaced(Path::new("scores.csv"), kind.into()).to_string();
        assert!(said(io::ErrorKind::ResourceBusy).contains("another program has it open"));
        assert_eq!(said(io::ErrorKind::StorageFull), "`scores.csv` cannot be written");
    }

    #[test]
    fn names_of_devices_are_known_with_any_extension() {
        for (name, expected) in [
            ("nul.csv", true),
            ("out/CON", true),
            ("Com1.xlsx", true),
            ("aux .csv", true),
            ("com10.csv", false),
            ("com.csv", false),
            ("console.csv", false),
            ("scores.nul", false),
        ] {
            assert_eq!(is_device(Path::new(name)), expected, "{name}");
        }
    }
}
