//! A pupil-progress meeting: a sheet a class, and behind it what a staff briefing may share.

use maud::{Markup, html};

use super::parts::{alerts, british, date, name, text};
use super::{Frame, Matter, Paper, Shown, about, pathway, whole};
use crate::cohort::Gathering;
use crate::findings::count_of;
use crate::privacy::Audience;
use crate::report::change_view::CAVEATS;
use crate::report::meeting_view::{MeetingGoal, MeetingGroup, MeetingList, MeetingView, NO_DAY};
use crate::report::{FilledIn, ReportParts};

/// The page of a meeting.
pub fn meeting_page(view: &MeetingView<'_>, parts: ReportParts<'_>, frame: Frame<'_, '_>) -> String {
    let gathering = parts.gathering;
    let body = html! {
        @for group in &view.groups { (one_class(group, parts)) }
        @if view.lacks_day { p { (NO_DAY) } }
        @if view.has_verdicts() { p class="quiet" { (CAVEATS) } }
    };
    whole(
        frame,
        &Matter {
            title: "Pupil-progress meeting".to_owned(),
            paper: Paper::Upright,
            body,
            about: about_courses(gathering, frame.audience),
            findings: Shown::OfAllFiles,
        },
    )
}

/// Every form of a report: who filled it in, and when.
pub(super) fn about_courses(gathering: &Gathering, audience: Audience) -> Markup {
    html! {
        @for course in gathering.courses() {
            @let times: Vec<_> = course.moments().iter().map(crate::cohort::Moment::time).collect();
            // The names of parents are on the forms, and for the SENCo.
            @let filled = FilledIn::of_times(&times);
            @let filled = if audience.reads_answers() { filled } else { filled.without_names() };
            (about::form(course.form(), filled.form(0)))
        }
    }
}

fn one_class(group: &MeetingGroup<'_>, parts: ReportParts<'_>) -> Markup {
    let with_alerts: Vec<(Markup, String)> = group
        .entries
        .iter()
        .filter(|entry| !entry.alerts.is_empty())
        .map(|entry| (name(&entry.person.name), entry.alerts.join("; ")))
        .collect();
    let briefing = group.briefing();
    html! {
        section class="sheet" {
            h2 { @if group.heading.is_empty() { "All pupils" } @else { (name(&group.heading)) } }
            p class="facts" { (count_of(group.entries.len() as u64, "pupil")) ". " (forms(parts.gathering)) }
            (alerts(&with_alerts))
            @for list in group.lists() { (one_list(&list)) }
            @if let Some(pathway) = parts.pathway { (pathway::next(pathway)) }
        }
        @if !briefing.is_empty() {
            section class="sheet" {
                h2 { "For a briefing, without scores" @if !group.heading.is_empty() { ": " (name(&group.heading)) } }
                p class="quiet" { "Share only what is not confidential." }
                div class="scroll" role="group" aria-label="Provision" tabindex="0" {
                    table class="listing" {
                        thead { tr { th scope="col" { "Pupil" } th scope="col" { "Provision" } } }
                        tbody {
                            @for entry in briefing {
                                tr { th scope="row" class="pupil" { (name(&entry.person.name)) } td { (name(&entry.provision.join("; "))) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Which forms, and at which times.
pub(super) fn forms(gathering: &Gathering) -> String {
    let forms = gathering.courses().iter().map(|course| {
        let times: Vec<String> = course.moments().iter().map(|moment| date(moment.label())).collect();
        format!("{} ({})", course.form().instrument().title(), times.join(", "))
    });
    forms.collect::<Vec<_>>().join("; ")
}

fn one_list(list: &MeetingList<'_, '_>) -> Markup {
    let has_verdicts = list.entries.iter().any(|entry| entry.verdict.is_some());
    html! {
        h3 { (list.heading) ": " (count_of(list.entries.len() as u64, "pupil")) }
        p class="quiet" { (list.about) }
        div class="scroll" role="group" aria-label=(list.heading) tabindex="0" {
            table class="listing" {
                thead {
                    tr {
                        th scope="col" { "Pupil" }
                        th scope="col" { "Scores" }
                        @if has_verdicts { th scope="col" { "Since last time" } }
                        th scope="col" { "Provision" }
                        th scope="col" { "Goals" }
                    }
                }
                tbody {
                    @for entry in &list.entries {
                        tr {
                            th scope="row" class="pupil" { (name(&entry.person.name)) }
                            td class="words" {
                                (entry.reasons.join("; "))
                                @for words in &entry.evidence { p class="quiet" { (text(words)) } }
                            }
                            @if has_verdicts { td class="look" { @if let Some(verdict) = entry.verdict { (super::comparison::verdict(verdict)) } } }
                            td { (name(&entry.provision.join("; "))) }
                            td { @for goal in &entry.goals { p { (one_goal(goal)) } } }
                        }
                    }
                }
            }
        }
    }
}

fn one_goal(goal: &MeetingGoal<'_>) -> Markup {
    html! {
        (name(goal.words)) ": " (goal.outcome.words())
        @if let Some(due) = goal.overdue { ", " strong { "review was due on " (british(due)) } }
    }
}
