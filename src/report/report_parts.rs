//! What every report is made from.

use crate::change::evidence::{Entry, Evidence};
use crate::change::pathway::Pathway;
use crate::cohort::Gathering;

/// What a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct ReportParts<'p> {
    /// Forms, goals, pupils.
    pub gathering: &'p Gathering,
    /// The columns of the pupils' groups.
    pub by: &'p [String],
    /// What else is known at both times.
    pub evidence: Option<&'p Evidence>,
    /// The school's own prompts, routes and tiers.
    pub pathway: Option<&'p Pathway>,
}

impl<'p> ReportParts<'p> {
    /// What else is known of a pupil.
    pub(super) fn evidence_of(self, pupil: &str) -> &'p [Entry] {
        self.evidence.map_or(&[], |evidence| evidence.of_pupil(pupil))
    }
}
