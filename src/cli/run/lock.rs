//! One run at a time in a folder: two would take each other's outputs for changed ones.

use std::fs::{File, OpenOptions, TryLockError};

use anyhow::{Context, Result, bail};
use bandwise::batch::LOCK_FILE;

use crate::cli::printer::Printer;

/// The folder, taken for this run. The system gives it back when the program ends, however it ends.
pub(super) struct Lock(#[expect(dead_code, reason = "the lock lasts as long as the open file")] File);

impl Lock {
    /// Takes the folder that the program is at work in. The file stays: removing it could take away the lock of the next run.
    pub(super) fn take(printer: &Printer) -> Result<Self> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(LOCK_FILE);
        let file = file.with_context(|| format!("the folder of the term file cannot be written to (`{LOCK_FILE}`), so no job was run"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!("another `bandwise run` is at work in this folder. Nothing was done; run it again when the other has ended")
            }
            // Some network shares cannot lock. A run is safe all the same; two at once would do the work twice.
            Err(TryLockError::Error(_)) => {
                printer.say("This folder cannot be locked: see to it that no other run is at work in it.");
            }
        }
        Ok(Self(file))
    }
}
