//! Cells that were made before, and copying them fast.

/// So many bytes are copied at once: most cells are shorter, and a copy of a fixed length needs no loop.
const AT_ONCE: usize = 32;

/// The cells of all cases that came up so far.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// For each kind of pupil and each case, where its cells are, one more than that; nought where they were not made yet.
    places: Vec<Vec<u32>>,
    cells: Vec<Cells>,
    /// The text of all cells, and behind it room to copy more than there is.
    text: Vec<u8>,
}

/// The cells of a case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cells {
    /// Where their text begins and ends.
    pub(super) text: (usize, usize),
    /// Which case of its scale it is.
    pub(super) case: usize,
    /// The score, where it is a whole number.
    pub(super) value: Option<i64>,
    pub(super) answered: i64,
    pub(super) is_estimated: bool,
}

impl Memory {
    /// For how many kinds of pupils there is room.
    #[inline]
    pub(super) fn kinds(&self) -> usize {
        self.places.len()
    }

    /// Room for the cases of one more kind of pupil.
    pub(super) fn add_kind(&mut self, cases: usize) {
        self.places.push(vec![0; cases]);
    }

    /// The place of the cells of a case, if they were made before.
    #[inline]
    pub(super) fn find(&self, kind: usize, case: usize) -> Option<usize> {
        self.places[kind][case].checked_sub(1).map(|cells| cells as usize)
    }

    #[inline]
    pub(super) fn cells(&self, place: usize) -> &Cells {
        &self.cells[place]
    }

    /// Keeps the cells of a case, whose text is written by `write`, and says where they are.
    pub(super) fn keep(&mut self, kind: usize, case: usize, cells: Cells, write: impl FnOnce(&mut Vec<u8>)) -> usize {
        self.text.truncate(self.text.len().saturating_sub(AT_ONCE));
        let start = self.text.len();
        write(&mut self.text);
        self.cells.push(Cells { text: (start, self.text.len()), ..cells });
        self.text.extend_from_slice(&[0; AT_ONCE]);
        self.places[kind][case] = u32::try_from(self.cells.len()).unwrap_or(0);
        self.cells.len() - 1
    }

    /// The text of cells.
    #[inline]
    pub(super) fn made(&self, cells: &Cells) -> MadeCells<'_> {
        let (start, end) = cells.text;
        MadeCells { text: &self.text[start..], length: end - start }
    }
}

/// The text of cells that were made before.
#[derive(Clone, Copy, Debug)]
pub struct MadeCells<'c> {
    /// Their text, and what stands behind it.
    text: &'c [u8],
    length: usize,
}

impl<'c> MadeCells<'c> {
    /// The text.
    #[inline]
    pub fn bytes(self) -> &'c [u8] {
        &self.text[..self.length]
    }

    /// Adds the text to another.
    #[inline]
    pub fn append_to(self, text: &mut Vec<u8>) {
        match self.text.first_chunk::<AT_ONCE>() {
            Some(chunk) if self.length <= AT_ONCE => {
                let end = text.len() + self.length;
                text.extend_from_slice(chunk);
                text.truncate(end);
            }
            _ => text.extend_from_slice(self.bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_copied_whatever_their_length() {
        let mut memory = Memory::default();
        memory.add_kind(4);
        let cells = Cells { text: (0, 0), case: 0, value: None, answered: 0, is_estimated: false };
        let texts = [String::new(), "x".repeat(AT_ONCE - 1), "y".repeat(AT_ONCE), "z".repeat(AT_ONCE + 1)];
        for (case, text) in texts.iter().enumerate() {
            memory.keep(0, case, cells, |made| made.extend_from_slice(text.as_bytes()));
        }
        let mut copied = Vec::new();
        for (case, text) in texts.iter().enumerate() {
            let before = copied.len();
            if let Some(place) = memory.find(0, case) {
                memory.made(memory.cells(place)).append_to(&mut copied);
            }
            assert_eq!(copied.len(), before + text.len());
        }
        assert_eq!(copied, texts.concat().into_bytes());
    }
}
