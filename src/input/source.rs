//! Where bytes come from: a file, or standard input; hashed as they are read.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::provenance::hexadecimal;

/// A file to read, or standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    path: Option<PathBuf>,
    name: Arc<str>,
    /// Whether anybody will be told its hash.
    is_hashed: bool,
}

impl Input {
    /// The file at a path; `-` is standard input.
    pub fn new(path: &Path) -> Self {
        if path.as_os_str() == "-" {
            return Self { path: None, name: "standard input".into(), is_hashed: true };
        }
        let name = path.file_name().map_or_else(|| path.to_string_lossy(), |file| file.to_string_lossy());
        Self { path: Some(path.to_owned()), name: name.into(), is_hashed: true }
    }

    /// The name that messages and outputs use: without the folder, which may name people.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The path, unless it is standard input.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Two inputs in different folders with one name are told apart by their paths.
    #[must_use]
    pub fn named_by_path(self) -> Self {
        let name = self.path.as_ref().map_or_else(|| Arc::clone(&self.name), |path| path.to_string_lossy().into());
        Self { name, ..self }
    }

    /// The input, when nobody will be told its hash: taking it is a tenth of the work on a long file.
    #[must_use]
    pub fn unhashed(self) -> Self {
        Self { is_hashed: false, ..self }
    }

    pub(super) fn open(&self) -> io::Result<Hashing> {
        let reader: Box<dyn Read + Send> = match &self.path {
            Some(path) if path.is_dir() => return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")),
            Some(path) => Box::new(File::open(path)?),
            None => Box::new(io::stdin()),
        };
        Ok(Hashing { reader, hash: self.is_hashed.then(Sha256::new) })
    }
}

/// A reader that hashes what goes through it, if the hash is wanted.
pub(super) struct Hashing {
    reader: Box<dyn Read + Send>,
    hash: Option<Sha256>,
}

impl Hashing {
    /// The hash; nothing where none is wanted.
    pub(super) fn sha256(&self) -> String {
        self.hash.as_ref().map_or_else(String::new, |hash| hexadecimal(&hash.clone().finalize()))
    }
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        if let Some(hash) = &mut self.hash {
            hash.update(&buffer[..count]);
        }
        Ok(count)
    }
}
