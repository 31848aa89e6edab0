//! Writing a long file so that the disk keeps up while more is written.

use std::fs::File;
use std::io::{self, Write};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// So many bytes are written before they are brought to the disk.
const PORTION: usize = 16 << 20;

/// Writes a file that is brought to the disk while more is written, so that nobody has to wait for all of it at the end.
#[derive(Debug)]
pub struct SteadyWriter {
    file: File,
    /// What was written since the helper was last called.
    waiting: usize,
    helper: Option<Helper>,
}

/// A thread that waits for the disk. Short files need none.
#[derive(Debug)]
struct Helper {
    calls: SyncSender<()>,
    thread: JoinHandle<io::Result<()>>,
}

impl SteadyWriter {
    pub(super) fn new(file: File) -> Self {
        Self { file, waiting: 0, helper: None }
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
        pending.commit()?;
        assert_eq!(std::fs::metadata(&target)?.len(), 10 * line.len() as u64);
        Ok(())
    }
}
