//! For whom a page is: alerts, single answers and other pupils' names appear only where they belong.

/// For whom a page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The `SENCo`, and whoever works as closely with the pupils: everything.
    #[default]
    Senco,
    /// Teachers and other staff: pupils and their scores, no alerts and no single answers.
    Staff,
    /// The parents of one pupil: that pupil alone, no alerts and no single answers.
    Parent,
    /// Governors and others who should know no pupil: groups only, small numbers suppressed.
    Governors,
}

impl Audience {
    /// Every audience, with its word in options and outputs.
    pub const ALL: [(&'static str, Self); 4] =
        [("senco", Self::Senco), ("staff", Self::Staff), ("parent", Self::Parent), ("governors", Self::Governors)];

    /// The word in options and outputs.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, audience)| *audience == self).map_or("", |(word, _)| word)
    }

    /// Whether alerts and what single questions were answered may be read.
    pub fn reads_answers(self) -> bool {
        self == Self::Senco
    }

    /// Whether pupils may be read of at all.
    pub fn reads_pupils(self) -> bool {
        self != Self::Governors
    }

    /// Whether several pupils may be read of together.
    pub fn reads_classes(self) -> bool {
        matches!(self, Self::Senco | Self::Staff)
    }

    /// What a page says of what it leaves out; nothing where it leaves nothing out.
    pub fn left_out(self) -> Option<&'static str> {
        match self {
            Self::Senco => None,
            Self::Staff => Some(
                "Made for staff: alerts, single answers and unreadable cells are left out. The SENCo and the safeguarding lead have them.",
            ),
            Self::Parent => Some("Made for parents and carers: single answers and other pupils are left out."),
            Self::Governors => Some("Made for governors: no pupil is named, and small numbers are not shown."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_reads_answers_who_may_not_read_pupils() {
        for (word, audience) in Audience::ALL {
            assert!(audience.reads_pupils() || !audience.reads_answers(), "{word}");
            assert!(audience.reads_pupils() || !audience.reads_classes(), "{word}");
            assert_eq!(audience.left_out().is_none(), audience.reads_answers() && audience.reads_classes(), "{word}");
        }
    }
}
