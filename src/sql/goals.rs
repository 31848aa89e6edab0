//! Goal attainment T: 50 + 10 Σwx / √((1 - ρ) Σw² + ρ (Σw)²) to two decimals, without rounding a square root.
//!
//! The hundredths h beside 50 are the largest number with ((2 h - 1) / 2)² S ≤ (1000 Σwx)², S being what stands under the root: whole
//! numbers say so exactly. A square root in floating point only says where to look. That this gives the scorer's own figures is
//! tried out for every sum that the form can come to when the view is made, not assumed.

use std::collections::BTreeMap;

use super::draft::{Counts, Draft, Scored, case, joined, sum};
use super::error::SqlError;
use super::exact::{Ratio, Whole};
use crate::instrument::{Method, Number, ScaleItem, goal_attainment};
use crate::scoring::{Absence, Outcome};

/// Forms with more different sums are not tried out.
const MOST_SUMS: usize = 100_000;

/// One goal: the columns of its rating and weight, the ratings' levels and the weights.
struct Goal {
    rating: Option<String>,
    /// For each code of the rating, its level.
    levels: Vec<(i64, i64)>,
    /// The column, and the weights; none where all goals weigh the same.
    weight: Option<(Option<String>, Vec<i64>)>,
}

/// Makes the columns of a goal attainment scale.
pub(super) fn score(draft: &mut Draft<'_>, scale: usize, items: &[ScaleItem], method: &Method) -> Result<Scored, SqlError> {
    let Method::GoalAttainment { correlation, weights } = method else { return Ok(Scored::not_applicable()) };
    let Some(id) = draft.scale(scale).map(|scale| scale.id.to_string()) else { return Ok(Scored::not_applicable()) };
    let refused = |reason| SqlError::Goals { scale: id.clone(), dialect: draft.dialect, reason };
    if draft.with_ends.get(scale).copied().unwrap_or(false) {
        return Err(SqlError::RuleOverTable { scale: id, dialect: draft.dialect });
    }
    let goals: Option<Vec<Goal>> = items.iter().enumerate().map(|(place, entry)| goal(draft, entry, weights.get(place).copied())).collect();
    let goals = goals.ok_or_else(|| refused("its ratings and weights are not whole numbers"))?;
    comes_out(&goals, *correlation).map_err(&refused)?;
    let rated: Vec<&Goal> = goals.iter().filter(|goal| goal.rating.is_some()).collect();
    let of_each = |of: &dyn Fn(&str, &str) -> String| -> Vec<String> {
        rated.iter().filter_map(|goal| Some(of(goal.rating.as_deref()?, goal.weight_column()))).collect()
    };
    let columns: Vec<&str> = rated.iter().filter_map(|goal| goal.rating.as_deref()).collect();
    let answered = format!("CAST({} AS BIGINT)", draft.dialect.count_of(&columns.join(", ")));
    let comment = vec![format!("{id}: goals that are not rated are left out of every sum")];
    let answered = draft.add(0, &format!("{id}_answered"), comment, answered);
    let levels: Vec<String> = rated.iter().map(|goal| goal.weighted_level()).collect();
    let reached = draft.add(0, &format!("{id}_reached"), Vec::new(), sum(&levels));
    // Goals that all weigh 1 have their number as the sum of their weights and of the squares.
    let (mut weight_sum, mut squares, mut is_unweighted) = (answered.clone(), answered.clone(), Vec::new());
    if !weights.is_empty() {
        let weight = |rating: &str, weight: &str| format!("CASE WHEN {rating} IS NULL THEN 0 ELSE coalesce({weight}, 0) END");
        let square = |rating: &str, weight: &str| format!("CASE WHEN {rating} IS NULL THEN 0 ELSE coalesce({weight} * {weight}, 0) END");
        weight_sum = draft.add(0, &format!("{id}_weights"), Vec::new(), sum(&of_each(&weight)));
        squares = draft.add(0, &format!("{id}_squares"), Vec::new(), sum(&of_each(&square)));
        is_unweighted = of_each(&|rating, weight| format!("({rating} IS NOT NULL AND {weight} IS NULL)"));
    }
    // What stands under the root, in as many parts as the correlation has.
    let (over, under) = (correlation.over(), correlation.under());
    let root = format!("{} * {squares} + {over} * {weight_sum} * {weight_sum}", under - over);
    let root = draft.add(1, &format!("{id}_under_root"), vec![format!("{id}: what stands under the root, in parts of 1/{under}")], root);
    let count = i128::try_from(items.len()).unwrap_or(0);
    let of = format!("CASE WHEN {answered} = 0 THEN {count} ELSE {answered} END");
    let of = draft.add(1, &format!("{id}_goals"), Vec::new(), of);
    is_unweighted.push(format!("{root} = 0"));
    let is_unweighted = draft.add(2, &format!("{id}_unweighted"), Vec::new(), joined(&is_unweighted, " OR "));
    let hundredths = beside_fifty(draft, &id, (&reached, &root, under));
    let counts = Counts { answered: Whole::column(&answered, 0, count), items: Whole::column(of, 0, count) };
    let too_few = draft.about(scale, Outcome::Absent(Absence::TooFew { needed: 1 }), None, &counts);
    let unweighted = draft.about(scale, Outcome::Absent(Absence::Unweighted), None, &counts);
    let about = [(format!("{answered} = 0"), too_few), (is_unweighted.clone(), unweighted)];
    let cases =
        [(format!("{answered} = 0 OR {is_unweighted}"), "NULL".to_owned()), (format!("{reached} < 0"), format!("5000 - {hundredths}"))];
    let (value, about) = draft.add_score(4, scale, case(&cases, Some(&format!("5000 + {hundredths}"))), case(&about, None));
    let score = Some(Ratio::new(Whole::column(value, -1_000_000, 1_000_000), Whole::constant(100)));
    Ok(Scored { step: 4, score, about, counts, ends: None })
}

/// The hundredths by which T is above or below 50, as a column: a square root in floating point says where they are to within one, and
/// whole numbers which it is.
fn beside_fifty(draft: &mut Draft<'_>, id: &str, (reached, root, under): (&str, &str, i64)) -> String {
    let double = draft.dialect.double_type();
    let near = format!("floor(1000 * abs({reached}) * sqrt({under} / CAST(nullif({root}, 0) AS {double})))");
    let comment = vec![format!("{id}: where the square root lies, to within one")];
    let near = draft.add(2, &format!("{id}_near"), comment, format!("greatest(1, CAST({near} AS BIGINT))"));
    let is_beyond =
        |half: &str| format!("CASE WHEN {half} * {half} * {root} <= {} * {reached} * {reached} THEN 1 ELSE 0 END", 4_000_000 * under);
    let terms = [format!("{near} - 1"), is_beyond(&format!("(2 * {near} - 1)")), is_beyond(&format!("(2 * {near} + 1)"))];
    let comment = vec![format!("{id}: hundredths above or below 50, in whole numbers")];
    draft.add(3, &format!("{id}_beside_50"), comment, terms.join("\n  + "))
}

impl Goal {
    /// The column of the weight; 1 where all goals weigh the same.
    fn weight_column(&self) -> &str {
        self.weight.as_ref().map_or("1", |(column, _)| column.as_deref().unwrap_or("NULL"))
    }

    /// The level that was reached times its weight, nought for a goal that was not rated.
    fn weighted_level(&self) -> String {
        let rating = self.rating.as_deref().unwrap_or("NULL");
        let is_code = self.levels.iter().all(|(code, level)| code == level);
        let cases: Vec<String> = self.levels.iter().map(|(code, level)| format!("WHEN {code} THEN {level}")).collect();
        let level = if is_code { rating.to_owned() } else { format!("CASE {rating} {} END", cases.join(" ")) };
        match self.weight_column() {
            "1" => format!("coalesce({level}, 0)"),
            weight => format!("coalesce({weight} * {level}, 0)"),
        }
    }
}

fn goal(draft: &Draft<'_>, entry: &ScaleItem, weight: Option<usize>) -> Option<Goal> {
    let code = draft.codes.get(entry.item).and_then(Option::as_ref);
    let set = |item: usize| draft.instrument().answers.get(draft.instrument().items.get(item)?.answers);
    let codes: Option<Vec<i64>> = set(entry.item)?.codes.iter().map(|code| code.as_whole()).collect();
    let levels: Option<Vec<(i64, i64)>> =
        codes?.into_iter().zip(&entry.points).map(|(code, level)| Some((code, level.as_whole()?))).collect();
    let weight = match weight {
        None => None,
        Some(item) => {
            let weights: Option<Vec<i64>> = set(item)?.codes.iter().map(|weight| weight.as_whole()).collect();
            let column = draft.codes.get(item).and_then(Option::as_ref).map(|code| code.column.clone());
            Some((column, weights?))
        }
    };
    Some(Goal { rating: code.map(|code| code.column.clone()), levels: levels?, weight })
}

/// Weighted levels, weights and squared weights, added up.
type Sum = (i64, i64, i64);

/// A goal's level and weight.
type Rated = (i64, i64);

/// Whether whole numbers give the scorer's own T for everything that a form can come to.
fn comes_out(goals: &[Goal], correlation: Number) -> Result<(), &'static str> {
    let mut sums: BTreeMap<Sum, Vec<Rated>> = BTreeMap::from([((0, 0, 0), Vec::new())]);
    for goal in goals.iter().filter(|goal| goal.rating.is_some()) {
        let weights = goal.weight.as_ref().map_or(vec![1], |(_, weights)| weights.clone());
        let mut more = sums.clone();
        for ((reached, weight_sum, squares), example) in &sums {
            if more.len() > MOST_SUMS {
                return Err("there are too many ways in which goals and weights can come together");
            }
            for (_, level) in &goal.levels {
                for weight in &weights {
                    more.entry((reached + weight * level, weight_sum + weight, squares + weight * weight)).or_insert_with(|| {
                        let mut example = example.clone();
                        example.push((*level, *weight));
                        example
                    });
                }
            }
        }
        sums = more;
    }
    let differs = |((reached, weights, squares), example): (&Sum, &Vec<Rated>)| {
        let goals: Vec<(Number, Number)> = example.iter().map(|(level, weight)| (Number::whole(*level), Number::whole(*weight))).collect();
        let (over, under) = (i128::from(correlation.over()), i128::from(correlation.under()));
        let root = (under - over) * i128::from(*squares) + over * i128::from(*weights) * i128::from(*weights);
        let expected = goal_attainment(&goals, correlation);
        if root == 0 {
            return expected.is_some();
        }
        let wanted = 4_000_000 * under * i128::from(*reached) * i128::from(*reached);
        let reaches = |hundredths: i128| (2 * hundredths - 1) * (2 * hundredths - 1) * root <= wanted;
        let mut hundredths: i128 = 0;
        for step in [4096, 2048, 1024, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1] {
            while reaches(hundredths + step) {
                hundredths += step;
            }
        }
        let hundredths = i64::try_from(5000 + i128::from(reached.signum()) * hundredths).unwrap_or(i64::MAX);
        expected != Number::ratio(hundredths, 100)
    };
    if sums.iter().any(differs) { Err("a T of it lies exactly between two hundredths") } else { Ok(()) }
}
