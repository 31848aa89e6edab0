//! Licences: what a school may do with a questionnaire.

/// What a school may do with the questionnaire. A definition holds keys and numbers, which are facts; this is about the form itself.
#[derive(Debug)]
pub struct Licence {
    /// In a word.
    pub status: LicenceStatus,
    /// In sentences.
    pub terms: String,
    /// The terms of the norms, where they differ.
    pub norms: Option<String>,
    /// Where to ask.
    pub url: Option<String>,
}

/// A licence in a word, for lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LicenceStatus {
    /// May be copied and used.
    Free,
    /// May be copied and used as it is.
    FreeUnchanged,
    /// Free for bodies that do not sell it.
    NotForProfit,
    /// The owner must be asked, or a registration made.
    PermissionNeeded,
    /// Has to be bought.
    Sold,
}

impl LicenceStatus {
    /// Every status, with its words in definitions and outputs.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("free", Self::Free),
        ("free unchanged", Self::FreeUnchanged),
        ("not for profit", Self::NotForProfit),
        ("permission needed", Self::PermissionNeeded),
        ("sold", Self::Sold),
    ];

    /// The words in definitions and outputs.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, status)| *status == self).map_or("", |(word, _)| word)
    }
}
