//! Temporary files that a stopped program left behind. They hold pupils' data, so they are not left lying about.

use std::fs::{self, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use super::TEMPORARY;

/// What was found in a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stale {
    /// Files that nobody was writing: they are gone now, or would be.
    pub left_behind: u64,
    /// Files that another program is writing.
    pub in_use: u64,
    /// Files of which it cannot be told, or that could not be removed: they are where they were.
    pub untold: u64,
}

/// What is to be done with files that nobody is writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// They are removed.
    Remove,
    /// They are counted only.
    Count,
}

/// Looks for temporary files that nobody is writing any more, in one folder, and removes them.
///
/// # Errors
///
/// When the folder cannot be listed.
pub fn remove_stale(folder: &Path, action: Action) -> io::Result<Stale> {
    let mut stale = Stale::default();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_temporary = name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1) && entry.file_type()?.is_file();
        if !is_temporary {
            continue;
        }
        // Whoever writes a temporary file has it locked; a lock ends with its program, however that ends.
        let file = match OpenOptions::new().read(true).write(true).open(entry.path()) {
            Ok(file) => file,
            // It got its name, or was removed, a moment ago.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(_) => {
                stale.untold += 1;
                continue;
            }
        };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => stale.in_use += 1,
            Ok(()) if action == Action::Count || fs::remove_file(entry.path()).is_ok() => stale.left_behind += 1,
            Ok(()) | Err(TryLockError::Error(_)) => stale.untold += 1,
        }
    }
    Ok(stale)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::output::PendingFile;

    #[test]
    fn what_is_being_written_stays_and_what_was_left_behind_goes() {
        let folder = tempfile::tempdir().unwrap();
        let pending = PendingFile::create(&folder.path().join("scores.csv"), &[]).unwrap();
        fs::write(folder.path().join(".bandwise-Ab12Cd.part"), "half a class").unwrap();
        fs::write(folder.path().join("bandwise-notes.part"), "somebody's own").unwrap();
        let counted = remove_stale(folder.path(), Action::Count).unwrap();
        assert_eq!(counted, Stale { left_behind: 1, in_use: 1, untold: 0 });
        assert_eq!(remove_stale(folder.path(), Action::Remove).unwrap(), counted);
        assert_eq!(remove_stale(folder.path(), Action::Remove).unwrap(), Stale { left_behind: 0, in_use: 1, untold: 0 });
        pending.commit().unwrap();
        let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["bandwise-notes.part", "scores.csv"]);
    }
}
