//! A provision map as a page: a row for each provision and group, then every goal.

use maud::{Markup, html};

use super::goals::tone;
use super::meeting::about_courses;
use super::parts::{dated, name, number, text, wide_table};
use super::{Frame, Matter, Paper, Shown, pathway, whole};
use crate::change::evidence::Entry;
use crate::change::pathway::StageId;
use crate::findings::count_of;
use crate::report::ReportParts;
use crate::report::provision_text::{NO_VERDICT, cost_words, named, outcome_words, session_words};
use crate::report::provision_view::{ProvisionGroup, ProvisionLine, ProvisionView};

/// The page of a provision map.
pub fn provision_page(view: &ProvisionView<'_>, parts: ReportParts<'_>, frame: Frame<'_, '_>) -> String {
    let gathering = parts.gathering;
    let stages = [StageId::Provide, StageId::Review, StageId::Celebrate];
    let goals: usize = view.groups.iter().map(|group| group.lines.len()).sum();
    let body = html! {
        section {
            h2 { "Provision, " (name(&dated(view.cycle))) }
            p class="facts" { (count_of(goals as u64, "goal")) ", " (super::meeting::forms(gathering)) }
            (wide_table("Provision", &overview(view)))
            p { (NO_VERDICT) }
        }
        section class="sheet" {
            h2 { "Goal by goal" }
            @for group in &view.groups { (one_group(view, group)) }
        }
        @if let Some(pathway) = parts.pathway { (pathway::stages(pathway, frame.audience, &stages)) (pathway::next(pathway)) }
    };
    whole(
        frame,
        &Matter {
            title: "Provision map".to_owned(),
            paper: Paper::Wide,
            body,
            about: about_courses(gathering, frame.audience),
            findings: Shown::OfAllFiles,
        },
    )
}

fn overview(view: &ProvisionView<'_>) -> Markup {
    html! {
        table {
            caption { "What became of the goals of each provision." }
            thead {
                tr {
                    th scope="col" { "Provision" }
                    @for column in view.by() { th scope="col" { (name(column)) } }
                    th scope="col" class="number" { "Pupils" }
                    th scope="col" class="number" { "Goals" }
                    th scope="col" { "Outcomes" }
                    th scope="col" { "Sessions" }
                    th scope="col" class="number" { "Cost" }
                    th scope="col" { "Impact, −2 to +2, as people judge it" }
                }
            }
            tbody {
                @for group in &view.groups {
                    tr {
                        th scope="row" class="pupil" { (name(named(group))) }
                        @for cell in &group.groups { td { (name(cell)) } }
                        td class="number" { (group.pupils()) }
                        td class="number" { (group.lines.len()) }
                        td class="words" { (outcome_words(group)) }
                        td { (session_words(group)) }
                        td class="number" { (cost_words(group)) }
                        td class="fill" {}
                    }
                }
            }
        }
    }
}

fn one_group(view: &ProvisionView<'_>, group: &ProvisionGroup<'_>) -> Markup {
    let cut: Vec<String> = view.by().iter().zip(&group.groups).map(|(column, cell)| format!("{column} {cell}")).collect();
    let has_evidence = group.lines.iter().any(|line| !line.evidence.is_empty());
    html! {
        h3 { (name(named(group))) @if !cut.is_empty() { ", " (name(&cut.join(", "))) } }
        div class="scroll" role="group" aria-label=(text(named(group))) tabindex="0" {
            table class="listing" {
                thead {
                    tr {
                        th scope="col" { "Pupil" }
                        th scope="col" { "Goal" }
                        th scope="col" class="number" { "Baseline" }
                        th scope="col" class="number" { "Review" }
                        th scope="col" { "Outcome" }
                        @if has_evidence { th scope="col" { "Beside the scores" } }
                    }
                }
                tbody { @for line in &group.lines { (one_goal(line, has_evidence.then_some(line.evidence))) } }
            }
        }
    }
}

/// One goal; with what else is known, where the table has a column for it.
fn one_goal(line: &ProvisionLine<'_>, evidence: Option<&[Entry]>) -> Markup {
    let asked = format!("{} {}", line.goal.scale, line.goal.target);
    html! {
        tr {
            th scope="row" class="pupil" { (name(line.name())) }
            td class="words" { (name(&line.goal.goal)) " " span class="quiet" { "(" (name(&asked)) ")" } }
            td class="number" { (number(line.result.baseline)) }
            td class="number" { (number(line.result.review)) }
            td {
                span class=(tone(line.result.outcome)) { (line.result.outcome.words()) }
                @if let Some(verdict) = line.verdict { " " span class="quiet" { "(" (verdict.words()) ")" } }
            }
            @if let Some(evidence) = evidence {
                td { @for entry in evidence { p { (name(entry.measure())) ": " (text(&entry.words())) } } }
            }
        }
    }
}
