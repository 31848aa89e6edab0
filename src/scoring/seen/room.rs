//! Bytes in large pages, where the system has them.
//!
//! Whoever looks up one place after another, all over a large table, waits longer for the system's own table of pages than for the memory.
//! In pages of two megabytes that table is short.

use std::ops::{Deref, DerefMut};

use memmap2::MmapMut;

/// How large such a page is on nearly all machines. Less than one is not worth pages of its own.
pub(super) const LARGE_PAGE: usize = 1 << 21;

/// Bytes that are nought at first.
#[derive(Debug)]
pub(super) enum Room {
    Small(Vec<u8>),
    Pages(MmapMut),
}

impl Room {
    pub(super) fn new(size: usize) -> Self {
        let pages = if size < LARGE_PAGE { None } else { MmapMut::map_anon(size).ok() };
        match pages {
            Some(pages) => {
                // Where the system has no large pages, small ones do.
                #[cfg(target_os = "linux")]
                let _ = pages.advise(memmap2::Advice::HugePage);
                Self::Pages(pages)
            }
            None => Self::Small(vec![0; size]),
        }
    }
}

impl Default for Room {
    fn default() -> Self {
        Self::Small(Vec::new())
    }
}

impl Deref for Room {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            Self::Small(bytes) => bytes,
            Self::Pages(pages) => pages,
        }
    }
}

impl DerefMut for Room {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        match self {
            Self::Small(bytes) => bytes,
            Self::Pages(pages) => pages,
        }
    }
}
