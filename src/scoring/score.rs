//! A score, and what is known about it: never a bare number.

use crate::instrument::{Group, NoGroup, Number};

/// One scale of one response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScaleScore {
    /// The score, or the reason why there is none.
    pub outcome: Outcome,
    /// How many of the scale's questions were answered.
    pub answered: u16,
    /// How many questions the scale has.
    pub items: u16,
    /// The lowest and highest score that the form can have come to, whatever the missing answers are.
    pub bounds: (Number, Number),
    /// Something that the reader of the score should know.
    pub remark: Option<Remark>,
    /// The group whose norm it is measured against.
    pub group: Option<Group>,
}

/// The score, or the reason why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every question was answered.
    Complete(Number),
    /// Some answers are missing, and the scale's rule allows for it.
    Estimated(Number),
    /// There is no score.
    Absent(Absence),
    /// The scale's part of the form is not in the file.
    NotApplicable,
}

/// Why there is no score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// Fewer answers than the rule needs.
    TooFew {
        /// How many it needs.
        needed: u16,
    },
    /// A scale that it is made of has no score.
    Part(usize),
    /// The first question, which decides whether the rest counts, was left blank.
    GateBlank(usize),
    /// No norm is for this pupil.
    NoNorm(NoGroup),
    /// The published table is for complete forms, and answers are missing.
    TableNeedsAll,
    /// Missing answers could decide whether a rule is met.
    Undecided,
    /// A goal was rated, and its weight is not there.
    Unweighted,
    /// The whole row could not be used.
    Row(RowRefusal),
}

/// Why a whole row could not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowRefusal {
    /// It has more or fewer cells than the header.
    Ragged,
    /// A cell of it holds a line break and as many commas as whole rows have.
    Swallowed,
    /// Somebody else completed it than the form is for.
    OtherInformant,
    /// Who completed it is not said, and the forms differ by that.
    UnknownInformant,
}

impl RowRefusal {
    /// Whether the cells of the row cannot be trusted to stand under their headers.
    pub fn is_misplaced(self) -> bool {
        matches!(self, Self::Ragged | Self::Swallowed)
    }
}

/// Something that the reader of a score should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The first question was left blank, and the answers after it were scored all the same.
    GateBlankKept(usize),
    /// Missing answers added nothing.
    BlanksAddNothing,
    /// A rule is met, or not, whatever the missing answers are.
    CertainAllTheSame,
}

impl ScaleScore {
    /// The score, complete or estimated.
    pub fn value(&self) -> Option<Number> {
        match self.outcome {
            Outcome::Complete(value) | Outcome::Estimated(value) => Some(value),
            Outcome::Absent(_) | Outcome::NotApplicable => None,
        }
    }

    /// `complete`, `estimated`, `not scored` or `not applicable`.
    pub fn status(&self) -> &'static str {
        match self.outcome {
            Outcome::Complete(_) => "complete",
            Outcome::Estimated(_) => "estimated",
            Outcome::Absent(_) => "not scored",
            Outcome::NotApplicable => "not applicable",
        }
    }
}
