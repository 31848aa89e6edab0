//! Writing a long file so that the disk keeps up while more is written.

use std::fs::File;
use std::io::{self, Write};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use sha2::{Digest, Sha256};

use crate::provenance::hexadecimal;

/// So many bytes are written before they are brought to the disk.
const PORTION: usize = 16 << 20;

/// Writes a file that is brought to the disk while more is written, so that nobody has to wait for all of it at the end.
#[derive(Debug)]
pub struct SteadyWriter {
    file: File,
    written: WrittenHash,
    /// What was written since the helper was last called.
    waiting: usize,
    helper: Option<Helper>,
}

/// The hash of what was written to a file by all who write to it, so that nothing need be read back.
#[derive(Clone, Debug, Default)]
pub(super) struct WrittenHash(Arc<Mutex<Sha256>>);

impl WrittenHash {
    pub(super) fn add(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).update(bytes);
    }

    pub(super) fn sha256(&self) -> String {
        hexadecimal(&self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().finalize())
    }
}

/// A thread that waits for the disk. Short files need none.
#[derive(Debug)]
struct Helper {
    calls: SyncSender<()>,
    thread: JoinHandle<io::Result<()>>,
}

impl SteadyWriter {
    pub(super) fn new(file: File, written: WrittenHash) -> Self {
        Self { file, written, waiting: 0, helper: None }
    }
}

impl Helper {
    fn start(file: File) -> Self {
        let (calls, called) = sync_channel(1);
        // The system tells of a failure once, to whoever asks first: the helper keeps it.
        let thread = thread::spawn(move || called.into_iter().try_for_each(|()| file.sync_data()));
        Self { calls, thread }
    }

    fn finish(self) -> io::Result<()> {
        drop(self.calls);
        self.thread.join().unwrap_or_else(|_| Err(io::Error::other("the disk could not be waited for")))
    }
}

impl Write for SteadyWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.written.add(&bytes[..count]);
        self.waiting += count;
        if self.waiting >= PORTION {
            self.waiting = 0;
            let helper = match self.helper.take() {
                Some(helper) => helper,
                None => Helper::start(self.file.try_clone()?),
            };
            // It is busy, or it has stopped at a failure that it tells at the end: either way it need not be called.
            let _ = self.helper.insert(helper).calls.try_send(());
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.helper.take().map_or(Ok(()), Helper::finish)?;
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::PendingFile;

    #[test]
    fn a_long_file_is_whole_and_has_its_name_at_the_end_only() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let target = folder.path().join("long.csv");
        let pending = PendingFile::create(&target, &[])?;
        let mut writer = pending.handle()?;
        let line = vec![b'x'; PORTION / 3];
        for _ in 0..10 {
            writer.write_all(&line)?;
        }
        writer.flush()?;
        assert!(!target.exists());
        let told = pending.sha256();
        pending.commit()?;
        assert_eq!(told, crate::output::file_sha256(&target)?);
        assert_eq!(std::fs::metadata(&target)?.len(), 10 * line.len() as u64);
        Ok(())
    }
}
