//! Files that take their names together, or not at all.
//!
//! Each is written in full first. Then they take their names one after the other; if one cannot, those before it give theirs back to the
//! files that had them. A program that is stopped in between leaves each file old or new, and whole.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::TempPath;

use super::{OutputError, PendingFile, TEMPORARY, folder_of};

/// When an output takes its name.
#[derive(Clone, Debug, Default)]
pub enum Outputs {
    /// As soon as it is whole.
    #[default]
    EachAtOnce,
    /// When all of a job's are.
    AtTheEnd(Together),
}

/// Whole files that do not have their names yet. Dropping them leaves no trace.
#[derive(Clone, Debug, Default)]
pub struct Together(Arc<Mutex<Vec<PendingFile>>>);

/// A file that is about to take its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub file: PathBuf,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

impl Together {
    /// Adds a whole file. They take their names in this order.
    pub(super) fn add(&self, pending: PendingFile) -> Result<(), OutputError> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if files.iter().any(|other| other.target == pending.target) {
            return Err(OutputError::Twice { file: pending.target });
        }
        files.push(pending);
        Ok(())
    }

    /// The files, with the hashes of what was written.
    pub fn written(&self) -> Vec<Written> {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.iter().map(|pending| Written { file: pending.target.clone(), sha256: pending.sha256() }).collect()
    }

    /// Gives all files their names.
    ///
    /// # Errors
    ///
    /// When the system refuses one of them: then all files are as they were, unless the error says that one could not be put back.
    pub fn commit(self) -> Result<(), OutputError> {
        let files = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut replaced: Vec<Replaced> = Vec::with_capacity(files.len());
        for pending in files {
            let done = Replaced::keep(&pending.target).and_then(|old| pending.take_name().map(|()| old));
            match done {
                Ok(old) => replaced.push(old),
                Err(error) => {
                    // One that stays new does not keep the others from going back.
                    let stays = replaced.into_iter().rev().filter_map(|old| old.put_back().err()).next_back();
                    return Err(stays.unwrap_or(error));
                }
            }
        }
        Ok(())
    }
}

/// A file that took its name, and the one that had it before.
struct Replaced {
    target: PathBuf,
    old: Option<(TempPath, Option<File>)>,
}

impl Replaced {
    /// Keeps what has the name now under a temporary one.
    fn keep(target: &Path) -> Result<Self, OutputError> {
        let refused = |source| OutputError::Refused { file: target.to_owned(), source };
        let mut builder = tempfile::Builder::new();
        builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
        // A second name costs nothing; where the file system has none, a copy does as well.
        let kept = builder.make_in(folder_of(target), |path| match fs::hard_link(target, path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound && error.kind() != io::ErrorKind::AlreadyExists => {
                fs::copy(target, path).map(|_| ())
            }
            done => done,
        });
        let old = match kept {
            Ok(kept) => {
                let kept = kept.into_temp_path();
                // Locked like every temporary file that is in use; Windows replaces no file that is open under another of its names.
                let lock = if cfg!(windows) { None } else { File::open(&kept).ok().filter(|file| file.try_lock().is_ok()) };
                Some((kept, lock))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(refused(error)),
        };
        Ok(Self { target: target.to_owned(), old })
    }

    fn put_back(self) -> Result<(), OutputError> {
        let Self { target, old } = self;
        let done = match old {
            Some((kept, _lock)) => kept.persist(&target).map_err(|error| error.error),
            None => fs::remove_file(&target),
        };
        done.map_err(|source| OutputError::NotPutBack { file: target, source })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use std::io::Write as _;

    use super::*;

    fn pending(target: &Path, text: &str, together: &Together) {
        let mut pending = PendingFile::create_among(target, &[], &Outputs::AtTheEnd(together.clone())).unwrap();
        pending.write_all(text.as_bytes()).unwrap();
        pending.commit().unwrap();
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_has_its_name_before_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
        fs::write(&first, "old").unwrap();
        let together = Together::default();
        pending(&first, "new", &together);
        pending(&second, "new", &together);
        assert_eq!((fs::read_to_string(&first).unwrap().as_str(), second.exists()), ("old", false));
        let hash = crate::provenance::hexadecimal(&<sha2::Sha256 as sha2::Digest>::digest("new"));
        assert_eq!(together.written(), [&first, &second].map(|file| Written { file: file.clone(), sha256: hash.clone() }));
        together.commit().unwrap();
        assert_eq!((fs::read_to_string(&first).unwrap(), fs::read_to_string(&second).unwrap()), ("new".into(), "new".into()));
        assert_eq!(names(folder.path()), ["a.csv", "b.csv"]);
    }

    #[test]
    fn if_one_cannot_take_its_name_all_are_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let [known, fresh, blocked] = ["a.csv", "b.csv", "c.csv"].map(|name| folder.path().join(name));
        fs::write(&known, "old").unwrap();
        let together = Together::default();
        for target in [&known, &fresh, &blocked] {
            pending(target, "new", &together);
        }
        // A folder that has the name cannot be replaced by a file.
        fs::create_dir(&blocked).unwrap();
        assert!(together.commit().is_err());
        assert_eq!(fs::read_to_string(&known).unwrap(), "old");
        assert_eq!(names(folder.path()), ["a.csv", "c.csv"]);
    }

    #[test]
    fn one_name_is_given_once() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.csv");
        let together = Together::default();
        pending(&target, "one", &together);
        let again = PendingFile::create_among(&target, &[], &Outputs::AtTheEnd(together)).unwrap();
        assert!(matches!(again.commit(), Err(OutputError::Twice { .. })));
    }
}
