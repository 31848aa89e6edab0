//! A provision map as text.

use super::provision_view::{ProvisionGroup, ProvisionView};
use super::table::{TableStyle, pairs, plain_table};
use crate::change::goals::GoalOutcome;
use crate::findings::printable;

/// What stands under every provision map.
pub(super) const NO_VERDICT: &str = "Counts of goals, not a verdict on the provision: pupils who get different support differ in more than \
that. What people make of it, from -2 to +2, is written down by people, in the page or the file; it is never worked out from the scores. Sessions \
and cost are added up over goals: write them on one row of each pupil.";

impl ProvisionView<'_> {
    /// The map as text: a line for each provision and group.
    pub fn render(&self, style: TableStyle) -> String {
        if self.groups.is_empty() {
            return "The goals file has no goals.\n\n".to_owned();
        }
        let mut header = vec!["provision"];
        header.extend(self.by().iter().map(String::as_str));
        header.extend(["pupils", "goals", "outcomes", "sessions", "cost"]);
        let rows = self.groups.iter().map(|group| {
            let mut row = vec![printable(named(group)).into_owned()];
            row.extend(group.groups.iter().map(|cell| printable(cell).into_owned()));
            row.extend([
                group.pupils().to_string(),
                group.lines.len().to_string(),
                outcome_words(group),
                session_words(group),
                cost_words(group),
            ]);
            row
        });
        format!("Provision, {}\n\n{}\n{}\n", self.cycle, plain_table(&header, rows, style), pairs([("", NO_VERDICT.to_owned())], style))
    }
}

pub(super) fn named<'g>(group: &'g ProvisionGroup<'_>) -> &'g str {
    if group.provision.is_empty() { "(no provision named)" } else { group.provision }
}

/// `3 met; 1 partly met`.
pub(super) fn outcome_words(group: &ProvisionGroup<'_>) -> String {
    let counts = GoalOutcome::ALL.iter().zip(group.outcomes()).filter(|(_, count)| *count > 0);
    counts.map(|(outcome, count)| format!("{count} {}", outcome.words())).collect::<Vec<_>>().join("; ")
}

/// `27 of 36 planned`.
pub(super) fn session_words(group: &ProvisionGroup<'_>) -> String {
    let (planned, had) = (group.sessions_planned(), group.sessions_had());
    if planned.is_empty() && had.is_empty() {
        return String::new();
    }
    format!("{}{} of {} planned{}", had.number(), had.unreadable_words(), planned.number(), planned.unreadable_words())
}

/// `£1,240.50`.
pub(super) fn cost_words(group: &ProvisionGroup<'_>) -> String {
    let cost = group.cost();
    if cost.is_empty() { String::new() } else { format!("{}{}", cost.pounds(), cost.unreadable_words()) }
}
