//! Goals as rows and as a list for people.

use std::fmt::Write as _;

use super::Cell;
use super::table::{TableStyle, pairs, plain_table};
use crate::change::goals::{GasScore, Goal, GoalResult, GoalsFile, Realism};
use crate::findings::{count_of, printable};
use crate::instrument::Number;

/// The names of the columns of goal outcomes.
pub fn goal_columns(file: &GoalsFile) -> Vec<String> {
    with_carried(["pupil_id", "goal", "scale", "target", "baseline", "review", "outcome", "overdue", "why"], file)
}

/// The names of the columns of realism checks.
pub fn realism_columns(file: &GoalsFile) -> Vec<String> {
    with_carried(["pupil_id", "goal", "scale", "target", "baseline", "target_score", "realistic", "why"], file)
}

fn with_carried<const N: usize>(names: [&str; N], file: &GoalsFile) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).chain(file.carried.iter().map(ToString::to_string)).collect()
}

fn number(score: Option<Number>) -> Cell<'static> {
    score.map_or(Cell::Empty, Cell::Number)
}

/// The rows of goal outcomes.
pub fn goal_cells<'g>(file: &'g GoalsFile, results: &'g [GoalResult]) -> Vec<Vec<Cell<'g>>> {
    let rows = file.goals.iter().zip(results).map(|(goal, result)| {
        let mut cells = vec![
            Cell::text(&*goal.pupil_id),
            Cell::text(&*goal.goal),
            Cell::text(&*goal.scale),
            // A target such as `-4` is a rule, not a number to be summed.
            Cell::text(&*goal.target),
            number(result.baseline),
            number(result.review),
            Cell::text(result.outcome.words()),
            Cell::text(result.overdue.words()),
            Cell::text(result.why.as_str()),
        ];
        cells.extend(goal.carried.iter().map(|cell| Cell::text(&**cell)));
        cells
    });
    rows.collect()
}

/// The rows of realism checks.
pub fn realism_cells<'g>(file: &'g GoalsFile, checks: &'g [Realism]) -> Vec<Vec<Cell<'g>>> {
    let rows = file.goals.iter().zip(checks).map(|(goal, check)| {
        let mut cells = vec![
            Cell::text(&*goal.pupil_id),
            Cell::text(&*goal.goal),
            Cell::text(&*goal.scale),
            Cell::text(&*goal.target),
            number(check.baseline),
            number(check.target_score),
            Cell::text(check.word().words()),
            Cell::text(check.why()),
        ];
        cells.extend(goal.carried.iter().map(|cell| Cell::text(&**cell)));
        cells
    });
    rows.collect()
}

/// The names of the columns of GAS T scores.
pub const GAS_COLUMNS: [&str; 6] = ["pupil_id", "goals", "t_baseline", "t_review", "t_change", "note"];

/// The rows of GAS T scores.
pub fn gas_cells(scores: &[GasScore]) -> Vec<Vec<Cell<'_>>> {
    let figure = |value: Option<f64>| value.map_or(Cell::Empty, |value| Cell::Decimal(value, 1));
    let rows = scores.iter().map(|score| {
        vec![
            Cell::text(&*score.pupil_id),
            Cell::Count(score.goals as u64),
            figure(score.baseline),
            figure(score.review),
            figure(score.change),
            Cell::text(score.note.as_str()),
        ]
    });
    rows.collect()
}

/// `3 met; 1 partly met`.
pub(super) fn outcome_counts(results: &[GoalResult]) -> String {
    let mut seen: Vec<(&str, u64)> = Vec::new();
    for result in results {
        let words = result.outcome.words();
        match seen.iter_mut().find(|(known, _)| *known == words) {
            Some((_, count)) => *count += 1,
            None => seen.push((words, 1)),
        }
    }
    seen.iter().map(|(words, count)| format!("{count} {words}")).collect::<Vec<_>>().join("; ")
}

/// Goal outcomes for a person: how many of each, then each with its sentence.
pub fn goal_list(file: &GoalsFile, results: &[GoalResult], gas: &[GasScore], look: TableStyle) -> String {
    let mut text = format!("Goals: {}\n", count_of(results.len() as u64, "goal"));
    let _ = writeln!(text, "{}", outcome_counts(results));
    let overdue = results.iter().filter(|result| result.overdue.words() == "yes").count();
    if overdue > 0 {
        let _ = writeln!(text, "{} overdue", count_of(overdue as u64, "review"));
    }
    text.push('\n');
    let rows = file.goals.iter().zip(results).flat_map(|(goal, result)| {
        let overdue = if result.overdue.words() == "yes" { ", overdue" } else { "" };
        entry(goal, &format!("{}{overdue}", result.outcome.words()), &result.why)
    });
    let _ = writeln!(text, "{}", pairs(rows, look));
    if !gas.is_empty() {
        let _ = writeln!(text, "Goal attainment scaling, T scores (50 is the expected level)");
        let rows = gas_cells(gas).into_iter().map(|cells| cells.iter().map(|cell| cell.for_spreadsheet().into_owned()).collect::<Vec<_>>());
        let _ = writeln!(text, "{}", plain_table(&["pupil", "goals", "baseline", "review", "change", "note"], rows, look));
    }
    text
}

/// Realism checks for a person.
pub fn realism_list(file: &GoalsFile, checks: &[Realism], look: TableStyle) -> String {
    let rows = file.goals.iter().zip(checks).flat_map(|(goal, check)| entry(goal, check.word().words(), &check.why()));
    format!(
        "Are these goals realistic? {}\n\n{}\nThese checks know the form's own error and what usually happens; they do not know the pupil.\n\n",
        count_of(checks.len() as u64, "goal"),
        pairs(rows, look)
    )
}

/// One goal: what is asked for and what came of it, then why.
fn entry(goal: &Goal, word: &str, why: &str) -> [(String, String); 2] {
    let asked = format!("{} ({} {}): {}", printable(&goal.goal), goal.scale, printable(&goal.target), word.to_uppercase());
    [(printable(&goal.pupil_id).into_owned(), asked), (String::new(), format!("{why}\n"))]
}
