//! Many short texts in one piece.

/// Short texts, one behind the other: a million of them are not a million pieces of memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    all: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Texts {
    /// Adds a text at the end.
    pub(crate) fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.ends.push(self.all.len());
    }

    /// A text by its place.
    pub(crate) fn get(&self, place: usize) -> Option<&str> {
        let end = *self.ends.get(place)?;
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.all.get(start..end)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All of them in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|place| self.get(place))
    }

    /// Adds others at the end, and leaves none there.
    pub(crate) fn append(&mut self, others: &mut Self) {
        let before = self.all.len();
        self.all.push_str(&others.all);
        self.ends.extend(others.ends.drain(..).map(|end| before + end));
        others.clear();
    }

    /// Forgets all of them.
    pub(crate) fn clear(&mut self) {
        self.all.clear();
        self.ends.clear();
    }
}

impl<T: AsRef<str>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let mut all = Self::default();
        for text in texts {
            all.push(text.as_ref());
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_as_they_were_whatever_their_length() {
        let mut texts: Texts = ["P1", "", "Zoë"].into_iter().collect();
        let mut others: Texts = ["", "P5"].into_iter().collect();
        texts.append(&mut others);
        assert_eq!(others.len(), 0);
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["P1", "", "Zoë", "", "P5"]);
        assert_eq!((texts.len(), texts.get(5)), (5, None));
    }
}
