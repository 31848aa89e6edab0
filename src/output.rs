//! Writing a file all or nothing: the text goes to a temporary file beside it, which takes its name only when it is whole.
//!
//! Outputs hold pupils' data: they are readable by their owner only, and an input is never overwritten.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

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
}

/// A file that is being written and does not have its name yet. Dropping it leaves no trace.
#[derive(Debug)]
pub struct PendingFile {
    target: PathBuf,
    temporary: NamedTempFile,
}

impl PendingFile {
    /// Starts a file, after making sure that it is none of the inputs.
    ///
    /// # Errors
    ///
    /// When the folder is missing, the target is an input or a folder, or the system refuses.
    pub fn create(target: &Path, inputs: &[&Path]) -> Result<Self, OutputError> {
        let file = target.to_owned();
        if target.is_dir() {
            return Err(OutputError::IsFolder { file });
        }
        if inputs.iter().any(|input| same_file::is_same_file(input, target).unwrap_or(false)) {
            return Err(OutputError::IsInput { file });
        }
        let folder = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        if !folder.is_dir() {
            return Err(OutputError::NoFolder { folder: folder.to_owned(), file });
        }
        // tempfile creates with mode 0600, and a rename keeps it: nobody else can read the result.
        let temporary = tempfile::Builder::new().prefix(".bandwise-").suffix(".part").tempfile_in(folder);
        let temporary = temporary.map_err(|source| OutputError::Refused { file, source })?;
        Ok(Self { target: target.to_owned(), temporary })
    }

    /// Gives the file its name, replacing what had it before.
    ///
    /// # Errors
    ///
    /// When the system refuses; the old file is then still whole.
    pub fn commit(self) -> Result<(), OutputError> {
        let Self { target, temporary } = self;
        let refused = |source| OutputError::Refused { file: target.clone(), source };
        temporary.as_file().sync_all().map_err(refused)?;
        temporary.persist(&target).map_err(|error| not_replaced(&target, error.error))?;
        Ok(())
    }

    /// The path that it will have.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// A second handle, for a writer of its own.
    ///
    /// # Errors
    ///
    /// When the system refuses.
    pub fn handle(&self) -> Result<File, OutputError> {
        self.temporary.as_file().try_clone().map_err(|source| OutputError::Refused { file: self.target.clone(), source })
    }
}

impl Write for PendingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.temporary.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temporary.flush()
    }
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
}
