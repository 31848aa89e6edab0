//! Goal attainment T: 50 + 10 Σwx / √((1 - ρ) Σw² + ρ (Σw)²) to two decimals, without rounding a square root.
//!
//! The hundredths h beside 50 are the largest number with ((2 h - 1) / 2)² S ≤ (1000 Σwx)², S being what stands under the root: whole
//! numbers say so exactly. A square root in floating point only says where to look. That this gives the scorer's own figures is
//! tried out for every sum that the form can come to when the view is made, not assumed.

use std::collections::BTreeMap;

use super::draft::{Counts, Draft, Scored, case, joined};
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
    let columns: Vec<&str> = rated.iter().filter_map(|goal| goal.rating.as_deref()).collect();
    let count = i128::try_from(items.len()).unwrap_or(0);
    let answered = format!("CAST({} AS BIGINT)", draft.dialect.count_of(&columns.join(", ")));
    let answered =
        draft.add(0, &format!("{id}_answered"), vec![format!("{id}: goals that are not rated are left out of every sum")], answered);
    let sum = |of: &dyn Fn(&str, &str) -> String, goals: &[&Goal]| {
        let weight = |goal: &Goal| {
            goal.weight.as_ref().map_or_else(|| "1".to_owned(), |(column, _)| column.clone().unwrap_or_else(|| "NULL".to_owned()))
        };
        let terms: Vec<String> = goals.iter().filter_map(|goal| Some(of(goal.rating.as_ref()?, &weight(goal)))).collect();
        format!("CAST({} AS BIGINT)", joined(&terms, " + "))
    };
    let level = |rating: &str, goal: &Goal| {
        let is_code = goal.levels.iter().all(|(code, level)| code == level);
        let cases: Vec<String> = goal.levels.iter().map(|(code, level)| format!("WHEN {code} THEN {level}")).collect();
        if is_code { rating.to_owned() } else { format!("CASE {rating} {} END", cases.join(" ")) }
    };
    let levels: Vec<String> = rated.iter().filter_map(|goal| Some(level(goal.rating.as_ref()?, goal))).collect();
    let weighted: Vec<String> = rated
        .iter()
        .zip(&levels)
        .map(|(goal, level)| match &goal.weight {
            None => format!("coalesce({level}, 0)"),
            Some((column, _)) => format!("coalesce({} * {level}, 0)", column.as_deref().unwrap_or("NULL")),
        })
        .collect();
    let reached = draft.add(0, &format!("{id}_reached"), Vec::new(), format!("CAST({} AS BIGINT)", joined(&weighted, " + ")));
    let of_rated = |rating: &str, weight: &str| match weight {
        "1" => format!("CASE WHEN {rating} IS NULL THEN 0 ELSE 1 END"),
        weight => format!("CASE WHEN {rating} IS NULL THEN 0 ELSE coalesce({weight}, 0) END"),
    };
    let weights_sum = draft.add(0, &format!("{id}_weights"), Vec::new(), sum(&of_rated, &rated));
    let squares = |rating: &str, weight: &str| match weight {
        "1" => of_rated(rating, weight),
        weight => format!("CASE WHEN {rating} IS NULL THEN 0 ELSE coalesce({weight} * {weight}, 0) END"),
    };
    let squares_sum = draft.add(0, &format!("{id}_squares"), Vec::new(), sum(&squares, &rated));
    let unweighted: Vec<String> = rated
        .iter()
        .filter_map(|goal| Some((goal.rating.as_ref()?, goal.weight.as_ref()?.0.as_deref().unwrap_or("NULL"))))
        .map(|(rating, weight)| format!("({rating} IS NOT NULL AND {weight} IS NULL)"))
        .collect();
    // What stands under the root, in as many parts as the correlation has.
    let (over, under) = (correlation.over(), correlation.under());
    let root = format!("{} * {squares_sum} + {over} * {weights_sum} * {weights_sum}", under - over);
    let root = draft.add(1, &format!("{id}_under_root"), vec![format!("{id}: what stands under the root, in parts of 1/{under}")], root);
    let guess = format!("CAST(floor(1000 * abs({reached}) * sqrt({under} / CAST(nullif({root}, 0) AS DOUBLE PRECISION))) AS BIGINT)");
    let guess = if draft.dialect == super::Dialect::Spark { guess.replace("DOUBLE PRECISION", "DOUBLE") } else { guess };
    let near = draft.add(
        2,
        &format!("{id}_near"),
        vec![format!("{id}: where the square root lies, to within one")],
        format!("greatest(1, {guess})"),
    );
    let reaches = |beside: &str| {
        format!(
            "CASE WHEN (2 * ({near}{beside}) - 1) * (2 * ({near}{beside}) - 1) * {root} <= 4000000 * {under} * {reached} * {reached} THEN 1 ELSE 0 END"
        )
    };
    let hundredths = joined(&[format!("{near} - 1"), reaches(""), reaches(" + 1")], "\n  + ");
    let hundredths = draft.add(3, &format!("{id}_beside_50"), vec![format!("{id}: hundredths above or below 50")], hundredths);
    let items = draft.add(1, &format!("{id}_goals"), Vec::new(), format!("CASE WHEN {answered} = 0 THEN {count} ELSE {answered} END"));
    let counts = Counts { answered: Whole::column(&answered, 0, count), items: Whole::column(items, 0, count) };
    let mut cases = vec![(format!("{answered} = 0"), "NULL".to_owned())];
    let mut about = vec![(format!("{answered} = 0"), draft.about(scale, Outcome::Absent(Absence::TooFew { needed: 1 }), None, &counts))];
    let mut is_unweighted = unweighted;
    is_unweighted.push(format!("{root} = 0"));
    let is_unweighted = draft.add(2, &format!("{id}_unweighted"), Vec::new(), joined(&is_unweighted, " OR "));
    cases.push((is_unweighted.clone(), "NULL".to_owned()));
    about.push((is_unweighted, draft.about(scale, Outcome::Absent(Absence::Unweighted), None, &counts)));
    cases.push((format!("{reached} < 0"), format!("5000 - {hundredths}")));
    let (value, about) = draft.add_score(4, scale, case(&cases, Some(&format!("5000 + {hundredths}"))), case(&about, None));
    let score = Some(Ratio::new(Whole::column(value, -1_000_000, 1_000_000), Whole::constant(100)));
    Ok(Scored { step: 4, score, about, counts, ends: None })
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

/// A form's sums (weighted levels, weights, squared weights), each with goals that come to it.
type Sums = BTreeMap<(i64, i64, i64), Vec<(i64, i64)>>;

/// Whether whole numbers give the scorer's own T for everything that a form can come to.
fn comes_out(goals: &[Goal], correlation: Number) -> Result<(), &'static str> {
    let mut sums: Sums = BTreeMap::from([((0, 0, 0), Vec::new())]);
    for goal in goals.iter().filter(|goal| goal.rating.is_some()) {
        let weights = goal.weight.as_ref().map_or(vec![1], |(_, weights)| weights.clone());
        let mut more = sums.clone();
        for ((reached, weight_sum, squares), example) in &sums {
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
        if sums.len() > MOST_SUMS {
            return Err("there are too many ways in which goals and weights can come together");
        }
    }
    let differs = |((reached, weights, squares), example): (&(i64, i64, i64), &Vec<(i64, i64)>)| {
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
