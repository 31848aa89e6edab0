//! Goals with their sentences: what was asked for, what came of it, and why; before the support starts, what speaks against a target.

use maud::{Markup, html};

use super::about::{self, shown_names};
use super::parts::{british, name, text};
use super::{Frame, Matter, Paper, Shown, whole};
use crate::change::goals::{GasScore, Goal, GoalOutcome, GoalResult, GoalsFile, Overdue, Realism};
use crate::findings::count_of;
use crate::privacy::Audience;
use crate::report::FilledIn;
use crate::report::goal_rows::{GAS_COLUMNS, gas_cells, outcome_counts};
use crate::scoring::Form;

/// All goals of a file, grouped by nothing: in the file's order.
pub(super) fn outcomes(file: &GoalsFile, results: &[GoalResult], gas: &[GasScore], audience: Audience) -> Markup {
    let overdue = results.iter().filter(|result| result.overdue == Overdue::Yes).count();
    html! {
        section {
            h2 { "Goals" }
            p class="facts" {
                (count_of(results.len() as u64, "goal")) ": " (outcome_counts(results))
                @if overdue > 0 { ". " (count_of(overdue as u64, "review")) " overdue" }
                "."
            }
            @for (goal, result) in file.goals.iter().zip(results) {
                (outcome(Some(&goal.pupil_id), goal, result, &support(file, goal, audience), audience))
            }
            @if !gas.is_empty() { (attainment(gas)) }
        }
    }
}

/// One goal and what came of it.
pub(super) fn outcome(pupil: Option<&str>, goal: &Goal, result: &GoalResult, support: &[(String, String)], audience: Audience) -> Markup {
    html! {
        div class="goal" {
            h3 { @if let Some(pupil) = pupil { (name(pupil)) ": " } (name(&goal.goal)) }
            p class="quiet" {
                // For parents the sentence below says the target in words.
                @if audience.reads_classes() { (name(&goal.scale)) ", target " (name(&goal.target)) ", " }
                @if let Some(set) = goal.set_on { "set on " (british(set)) }
                @if let Some(due) = goal.review_by { @if goal.set_on.is_some() { ", " } "review by " (british(due)) }
            }
            p {
                span class={ "outcome " (tone(result.outcome)) } { (result.outcome.words()) }
                @if result.overdue == Overdue::Yes { " " strong { "(review overdue)" } }
                ". " (text(&result.why))
            }
            @if !support.is_empty() {
                dl class="pairs" { @for (heading, cell) in support { dt { (name(heading)) } dd { (name(cell)) } } }
            }
        }
    }
}

/// Only what is clear has a colour; the words say it all.
pub(super) fn tone(outcome: GoalOutcome) -> &'static str {
    match outcome {
        GoalOutcome::Met => "better",
        GoalOutcome::GotWorse => "worse",
        _ => "",
    }
}

/// What was tried, in the school's own words: the carried cells that say something. Parents read of the support itself; what the pupil said to
/// staff, and what it cost, is not for everybody.
pub(super) fn support(file: &GoalsFile, goal: &Goal, audience: Audience) -> Vec<(String, String)> {
    let is_shown = |heading: &str| {
        let plain = heading.replace(['_', ' ', '-'], "").to_lowercase();
        match audience {
            // The dates stand beside the target.
            Audience::Senco => !matches!(plain.as_str(), "seton" | "reviewby" | "weight"),
            Audience::Staff => !matches!(plain.as_str(), "seton" | "reviewby" | "weight" | "pupilview" | "parentview" | "cost"),
            Audience::Parent => matches!(plain.as_str(), "provision" | "sessionsplanned" | "sessionshad" | "parentview" | "nextreview"),
            Audience::Governors => false,
        }
    };
    let said = file.carried.iter().zip(&goal.carried).filter(|(heading, cell)| !cell.is_empty() && is_shown(heading));
    said.map(|(heading, cell)| (heading.replace('_', " "), cell.to_string())).collect()
}

fn attainment(gas: &[GasScore]) -> Markup {
    html! {
        h3 { "Goal attainment scaling, T scores (50 is the expected level)" }
        div class="scroll" role="group" aria-label="Goal attainment scaling" tabindex="0" {
            table {
                thead { tr { @for column in GAS_COLUMNS { th scope="col" { (column.replace('_', " ")) } } } }
                tbody {
                    @for cells in gas_cells(gas) { tr { @for cell in cells { td { (text(&cell.for_spreadsheet())) } } } }
                }
            }
        }
    }
}

/// The page of what speaks against each target before the support starts.
pub fn realism_page(form: &Form, filled: &FilledIn, file: &GoalsFile, checks: &[Realism], frame: Frame<'_, '_>) -> String {
    let body = html! {
        p class="facts" { (count_of(checks.len() as u64, "goal")) }
        @for (goal, check) in file.goals.iter().zip(checks) {
            div class="goal" {
                h2 class="small" { (name(&goal.pupil_id)) ": " (name(&goal.goal)) }
                p class="quiet" { (name(&goal.scale)) ", target " (name(&goal.target)) }
                p { span class="outcome" { (check.word().words()) } ". " (text(&check.why())) }
            }
        }
        p { "These checks know the form's own error and what usually happens; they do not know the pupil." }
    };
    let about = about::form(form, shown_names(filled, frame.audience).form(0));
    whole(
        frame,
        &Matter { title: "Are these goals realistic?".to_owned(), paper: Paper::Upright, body, about, findings: Shown::OfAllFiles },
    )
}
