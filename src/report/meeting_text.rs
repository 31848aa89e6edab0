//! A meeting's lists as text.

use std::fmt::Write as _;

use super::ALERT_WORDS;
use super::change_view::CAVEATS;
use super::meeting_view::{MeetingEntry, MeetingGroup, MeetingView, NO_DAY};
use super::table::{TableStyle, pairs, plain_table};
use crate::findings::{count_of, printable};

impl MeetingView<'_> {
    /// The lists as text, class by class.
    pub fn render(&self, style: TableStyle) -> String {
        let mut text = String::new();
        for group in &self.groups {
            if !group.heading.is_empty() {
                let _ = writeln!(text, "{}: {}\n", printable(&group.heading), count_of(group.entries.len() as u64, "pupil"));
            }
            one(&mut text, group, style);
        }
        if self.lacks_day {
            let _ = writeln!(text, "{NO_DAY}");
        }
        if self.has_verdicts() {
            text.push_str(&pairs([("", CAVEATS.to_owned())], style));
            text.push('\n');
        }
        text
    }
}

fn one(text: &mut String, group: &MeetingGroup<'_>, style: TableStyle) {
    let name = |entry: &MeetingEntry<'_>| printable(&entry.person.name).into_owned();
    let alerts: Vec<Vec<String>> =
        group.entries.iter().filter(|entry| !entry.alerts.is_empty()).map(|entry| vec![name(entry), entry.alerts.join("; ")]).collect();
    if !alerts.is_empty() {
        let _ = writeln!(text, "ALERTS: {}\n{ALERT_WORDS}", count_of(alerts.len() as u64, "pupil"));
        let _ = writeln!(text, "{}", plain_table(&["pupil", "alert"], alerts, style));
    }
    for list in group.lists() {
        let _ = writeln!(text, "{}: {}\n{}", list.heading, count_of(list.entries.len() as u64, "pupil"), list.about);
        let rows = list.entries.iter().map(|entry| {
            let provision = printable(&entry.provision.join("; ")).into_owned();
            let goals = entry.goal_words().iter().map(|words| printable(words).into_owned()).collect::<Vec<_>>();
            vec![name(entry), entry.reasons.join("; "), provision, goals.join("; ")]
        });
        let _ = writeln!(text, "{}", plain_table(&["pupil", "scores", "provision", "goals"], rows, style));
    }
    let briefing = group.briefing();
    if !briefing.is_empty() {
        let _ = writeln!(text, "For a briefing, without scores: {}", count_of(briefing.len() as u64, "pupil"));
        let rows = briefing.iter().map(|entry| vec![name(entry), printable(&entry.provision.join("; ")).into_owned()]);
        let _ = writeln!(text, "{}", plain_table(&["pupil", "provision"], rows, style));
    }
}
