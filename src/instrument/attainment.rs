//! Goal attainment T as an exact number: it holds a square root, so it is given to two decimals, as it is published.

use super::model::ScaleItem;
use super::number::Number;
use crate::stats::goals::{AttainedGoal, gas_t_score};

/// T of rated goals, each a level from -2 to 2 and a weight, to two decimals; none without a goal, or for a level that is none.
pub fn goal_attainment(goals: &[(Number, Number)], correlation: Number) -> Option<Number> {
    let goals: Option<Vec<AttainedGoal>> = goals
        .iter()
        .map(|(level, weight)| Some(AttainedGoal { level: i8::try_from(level.as_whole()?).ok()?, weight: weight.to_f64() }))
        .collect();
    let score = gas_t_score(&goals?, correlation.to_f64()).ok()?;
    Number::parse(&format!("{score:.2}"))
}

/// The lowest and highest T: every goal at its end, all of the same weight, which reaches furthest.
pub(super) fn range(entries: &[ScaleItem], correlation: Number) -> (Number, Number) {
    let at = |end: fn(&[Number]) -> Option<Number>| {
        let goals: Vec<(Number, Number)> = entries.iter().filter_map(|entry| Some((end(&entry.points)?, Number::whole(1)))).collect();
        goal_attainment(&goals, correlation).unwrap_or(Number::whole(50))
    };
    (at(|points| points.iter().min().copied()), at(|points| points.iter().max().copied()))
}
