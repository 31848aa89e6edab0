//! Scales that are made from other scales: their sum, a factor, a table, a norm, a rule.

use super::draft::{Counts, Draft, Scored, case, joined};
use super::error::SqlError;
use super::exact::{Ratio, Whole};
use super::pupil;
use super::tables::{self, NormColumn};
use crate::instrument::{Condition, NoGroup, NormCell, Number, Round, Rule, Transform};
use crate::scoring::{Absence, Outcome, Remark};

/// A score that is there, for the sentences about it.
const ESTIMATED: Outcome = Outcome::Estimated(Number::ZERO);

/// The sum of other scales; absent if any of them is.
pub(super) fn sum(draft: &mut Draft<'_>, scale: usize, parts: &[usize]) -> Result<Scored, SqlError> {
    let scored: Vec<(usize, Scored)> = parts.iter().filter_map(|part| Some((*part, draft.scored(*part)?.clone()))).collect();
    let step = scored.iter().map(|(_, part)| part.step + 1).max().unwrap_or(1);
    let counts = scored.iter().fold(Counts::none(), |counts, (_, part)| counts.plus(&part.counts));
    let absent =
        scored.iter().map(|(place, part)| (part.is_absent(), draft.about(scale, Outcome::Absent(Absence::Part(*place)), None, &counts)));
    let mut about: Vec<(String, String)> = absent.collect();
    // Whatever is said of a part that has a score is said because it is estimated.
    let estimated: Vec<&str> = scored.iter().map(|(_, part)| part.about.as_str()).filter(|about| *about != "NULL").collect();
    if !estimated.is_empty() {
        about.push((format!("coalesce({}) IS NOT NULL", estimated.join(", ")), draft.about(scale, ESTIMATED, None, &counts)));
    }
    let add = |ratios: Option<Vec<&Ratio>>| -> Option<Ratio> {
        let mut ratios = ratios?.into_iter();
        let first = ratios.next()?.clone();
        Some(ratios.fold(first, |sum, ratio| sum.plus(ratio)))
    };
    let total = add(scored.iter().map(|(_, part)| part.score.as_ref()).collect());
    let lowest = add(scored.iter().map(|(_, part)| part.ends.as_ref().map(|ends| &ends.0)).collect());
    let highest = add(scored.iter().map(|(_, part)| part.ends.as_ref().map(|ends| &ends.1)).collect());
    // One part that is not in the table leaves no sum, and then there is no number to add up.
    let total = total.unwrap_or_else(|| Ratio::new(Whole::column("CAST(NULL AS BIGINT)", 0, 0), Whole::constant(1)));
    made(draft, scale, step, &total, (total.over.sql().to_owned(), case(&about, None)), counts, lowest.zip(highest))
}

/// Another scale, transformed.
pub(super) fn transformed(draft: &mut Draft<'_>, scale: usize, of: usize, transform: &Transform) -> Result<Scored, SqlError> {
    let Some(base) = draft.scored(of).cloned() else { return Ok(Scored::not_applicable()) };
    let Some(score) = base.score.clone() else { return Ok(Scored::not_applicable()) };
    let about = about_like(draft, of, &base);
    let step = base.step + 1;
    if draft.with_ends.get(scale).copied().unwrap_or(false) && !matches!(transform, Transform::Affine { .. }) {
        let scale = draft.scale(scale).map_or_else(String::new, |scale| scale.id.to_string());
        return Err(SqlError::RuleOverTable { scale, dialect: draft.dialect });
    }
    match transform {
        Transform::Affine { times, plus } => {
            let at = |ratio: &Ratio| ratio.times(*times).plus(&Ratio::number(*plus));
            let score = at(&score);
            let ends = base.ends.as_ref().map(|(low, high)| if times.over() < 0 { (at(high), at(low)) } else { (at(low), at(high)) });
            made(draft, scale, step, &score, (score.over.sql().to_owned(), about), base.counts, ends)
        }
        Transform::Lookup(entries) => {
            let found = tables::lookup(draft, scale, step, &score, entries);
            let value = case(&[(format!("{} IS NULL", base.about), found.over.sql().to_owned())], None);
            let needs_all = draft.about(scale, Outcome::Absent(Absence::TableNeedsAll), None, &base.counts);
            let about = [
                (base.is_absent(), base.about.clone()),
                (format!("{} IS NOT NULL OR {} IS NULL", base.about, found.over.sql()), needs_all),
            ];
            made(draft, scale, step, &found, (value, case(&about, None)), base.counts.clone(), None)
        }
        Transform::Norms { norms, column, round } => {
            let Some(grouping) = draft.instrument().norms.get(*norms).map(|norms| norms.grouping) else {
                return Ok(Scored::not_applicable());
            };
            let no_norm = pupil::no_group(draft, grouping, "norm");
            let reason = draft.about(scale, Outcome::Absent(Absence::NoNorm(NoGroup::SexNotSaid)), None, &base.counts);
            // The same sentence with the reason of this pupil.
            let reason = reason.replace(&NoGroup::SexNotSaid.words("norm"), "");
            let mut cases =
                vec![(base.is_absent(), base.about.clone()), (format!("{no_norm} IS NOT NULL"), format!("{reason} || {no_norm}"))];
            let result = match tables::norms(draft, scale, step, (*norms, *column), &score, *round)? {
                NormColumn::Sample { mean, deviation, parts, cells } => {
                    let standardised = Standardised { score: &score, mean, deviation, parts };
                    match round {
                        Round::HalfUp => Ratio::new(standardised.rounded(draft, &cells), Whole::constant(1)),
                        Round::Not => standardised.exact(),
                    }
                }
                NormColumn::Table(found) => {
                    let needs_all = draft.about(scale, Outcome::Absent(Absence::TableNeedsAll), None, &base.counts);
                    cases.push((format!("{} IS NULL", found.over.sql()), needs_all));
                    found
                }
            };
            let about = case(&cases, Some(about.as_str()).filter(|about| *about != "NULL"));
            made(draft, scale, step, &result, (result.over.sql().to_owned(), about), base.counts, None)
        }
    }
}

/// A score against the mean and the standard deviation of a group: T = 50 + 10 (score - mean) / SD.
struct Standardised<'r> {
    score: &'r Ratio,
    mean: Whole,
    deviation: Whole,
    /// In how many parts of 1 mean and deviation stand.
    parts: i64,
}

impl Standardised<'_> {
    /// How far above the mean the score is, and the deviation, both in the parts of both lower numbers.
    fn distance(&self) -> (Whole, Whole) {
        let above = Whole::constant(self.parts).times(&self.score.over).minus(&self.score.per.times(&self.mean));
        (above, self.score.per.times(&self.deviation))
    }

    fn exact(&self) -> Ratio {
        let (above, deviation) = self.distance();
        Ratio::new(Whole::constant(50).times(&deviation).plus(&Whole::constant(10).times(&above)), deviation)
    }

    /// To the nearest whole number, halves up: 50 + (20 (score - mean) + SD) / (2 SD), cut downwards. The 50 stand inside the division
    /// as 100 SD, which keeps it above nought: how far below T could come is known from the lowest score and the groups' own norms.
    fn rounded(&self, draft: &Draft<'_>, cells: &[NormCell]) -> Whole {
        let (above, deviation) = self.distance();
        let (lowest, highest) = self.score.over.ends_over(&self.score.per);
        let at = |score: Option<Number>| cells.iter().filter_map(move |cell| cell.standardised(score?, Round::HalfUp)?.as_whole());
        let (least, most) = (at(lowest).min().unwrap_or(i64::MIN / 4), at(highest).max().unwrap_or(i64::MAX / 4));
        let below = (-least).max(0);
        let dividend = Whole::constant(20).times(&above).plus(&Whole::constant(101 + 2 * below).times(&deviation));
        let dividend_high = dividend.high();
        let quotient = dividend.between(0, dividend_high).divided_down(&deviation.twice(), draft.dialect);
        quotient.minus(&Whole::constant(below)).between(i128::from(least), i128::from(most))
    }
}

/// What is said of a scale's answers where it follows another one: the same, but that it is not the sum itself.
fn about_like(draft: &Draft<'_>, of: usize, base: &Scored) -> String {
    let is_made_of_scales = draft.scale(of).is_some_and(|scale| matches!(scale.rule, Rule::Scales(_) | Rule::Conditions { .. }));
    if !is_made_of_scales || base.about == "NULL" {
        return base.about.clone();
    }
    let text = draft.dialect;
    format!("replace({}, {}, {})", base.about, text.text("estimated: "), text.text("estimated from "))
}

/// The columns of a derived scale.
fn made(
    draft: &mut Draft<'_>,
    scale: usize,
    step: usize,
    score: &Ratio,
    (value, about): (String, String),
    counts: Counts,
    ends: Option<(Ratio, Ratio)>,
) -> Result<Scored, SqlError> {
    if !score.fits() {
        return Err(draft.too_large(scale));
    }
    let id = draft.scale(scale).map_or_else(String::new, |scale| scale.id.to_string());
    let (low, high) = (score.over.low(), score.over.high());
    let (value, about) = draft.add_score(step, scale, value, about);
    let mut per = score.per.clone();
    if per.as_constant().is_none() {
        let name = draft.add(step, &format!("{id}_per"), Vec::new(), per.sql().to_owned());
        per = Whole::column(name, per.low().max(1), per.high());
    }
    let mut end = |ratio: Ratio, name: &str| {
        let column = draft.add(step, &format!("{id}_{name}"), Vec::new(), ratio.over.sql().to_owned());
        Ratio::new(Whole::column(column, ratio.over.low(), ratio.over.high()), ratio.per)
    };
    let ends = ends.map(|(lowest, highest)| (end(lowest, "lowest"), end(highest, "highest")));
    let counts = named(draft, step, &id, counts);
    Ok(Scored { step, score: Some(Ratio::new(Whole::column(value, low, high), per)), about, counts, ends })
}

/// A count that is a sum gets a column of its own, so that the next one does not grow with it.
fn named(draft: &mut Draft<'_>, step: usize, id: &str, counts: Counts) -> Counts {
    if !counts.answered.sql().contains(" + ") {
        return counts;
    }
    let name = draft.add(step, &format!("{id}_answered"), Vec::new(), counts.answered.sql().to_owned());
    Counts { answered: Whole::column(name, counts.answered.low(), counts.answered.high()), items: counts.items }
}

/// 1 if enough conditions hold, otherwise 0; absent where the missing answers could decide it.
pub(super) fn rule(draft: &mut Draft<'_>, scale: usize, conditions: &[Condition], needed: usize) -> Result<Scored, SqlError> {
    let parts: Vec<(Condition, Scored)> =
        conditions.iter().filter_map(|condition| Some((*condition, draft.scored(condition.scale)?.clone()))).collect();
    if parts.iter().any(|(_, part)| part.score.is_none()) {
        return Ok(Scored::not_applicable());
    }
    let fits = |(condition, part): &(Condition, Scored)| {
        let numbers = [condition.from, condition.at_most];
        let ratios = part.score.iter().chain(part.ends.iter().flat_map(|(low, high)| [low, high]));
        ratios.into_iter().all(|ratio| numbers.into_iter().flatten().all(|number| ratio.can_be_compared(number)))
    };
    if !parts.iter().all(fits) {
        return Err(draft.too_large(scale));
    }
    let Some(id) = draft.scale(scale).map(|scale| scale.id.to_string()) else { return Ok(Scored::not_applicable()) };
    let step = parts.iter().map(|(_, part)| part.step + 1).max().unwrap_or(1);
    let counts = parts.iter().fold(Counts::none(), |counts, (_, part)| counts.plus(&part.counts));
    let mut counted = |name: &str, comment: &str, holds: &dyn Fn(&Condition, &Scored) -> String| {
        let terms: Vec<String> =
            parts.iter().map(|(condition, part)| format!("CASE WHEN {} THEN 1 ELSE 0 END", holds(condition, part))).collect();
        draft.add(step, &format!("{id}_{name}"), vec![format!("{id}: {comment}")], terms.join("\n  + "))
    };
    let met = counted("met", "how many conditions hold", &|condition, part| by_score(condition, part, holds));
    let possible =
        counted("possible", "and how many can, whatever the missing answers are", &|condition, part| by_score(condition, part, may_hold));
    let met_anyway = counted("certain", "the same without any estimate", &|condition, part| by_ends(condition, part, holds));
    let possible_anyway = counted("not_ruled_out", "", &|condition, part| by_ends(condition, part, may_hold));
    let step = step + 1;
    let about: Vec<&str> = parts.iter().map(|(_, part)| part.about.as_str()).filter(|about| *about != "NULL").collect();
    let is_complete = if about.is_empty() { "TRUE".to_owned() } else { format!("coalesce({}) IS NULL", about.join(", ")) };
    let about = [
        (is_complete, "NULL".to_owned()),
        (format!("{met} < {needed} AND {possible} >= {needed}"), draft.about(scale, Outcome::Absent(Absence::Undecided), None, &counts)),
        (
            format!("{met_anyway} >= {needed} OR {possible_anyway} < {needed}"),
            draft.about(scale, ESTIMATED, Some(Remark::CertainAllTheSame), &counts),
        ),
    ];
    let about = case(&about, Some(&draft.about(scale, ESTIMATED, None, &counts)));
    let value = case(&[(format!("{met} >= {needed}"), "1".to_owned()), (format!("{possible} < {needed}"), "0".to_owned())], None);
    let (value, about) = draft.add_score(step, scale, value, about);
    let one = |sql: String| Ratio::new(Whole::column(sql, 0, 1), Whole::constant(1));
    let mut ends = None;
    if draft.with_ends.get(scale).copied().unwrap_or(false) {
        let mut end = |count: &str, name: &str| {
            let sql = format!("CASE WHEN {count} >= {needed} THEN 1 ELSE 0 END");
            one(draft.add(step, &format!("{id}_{name}"), Vec::new(), sql))
        };
        ends = Some((end(&met_anyway, "lowest"), end(&possible_anyway, "highest")));
    }
    let counts = named(draft, step, &id, counts);
    Ok(Scored { step, score: Some(one(value)), about, counts, ends })
}

/// A condition by the score, and by what it may come to where there is none.
fn by_score(condition: &Condition, part: &Scored, test: fn(&Condition, &Ratio, &Ratio) -> String) -> String {
    let (Some(score), Some((lowest, highest))) = (&part.score, &part.ends) else { return "FALSE".to_owned() };
    let is_alike =
        score.per.as_constant().is_some() && [lowest, highest].iter().all(|end| end.per.as_constant() == score.per.as_constant());
    if is_alike {
        let or = |end: &Ratio| {
            let sql = format!("coalesce({}, {})", score.over.sql(), end.over.sql());
            let (low, high) = (score.over.low().min(end.over.low()), score.over.high().max(end.over.high()));
            Ratio::new(Whole::column(sql, low, high), score.per.clone())
        };
        return test(condition, &or(lowest), &or(highest));
    }
    let by_score = format!("({} IS NOT NULL AND {})", score.over.sql(), test(condition, score, score));
    format!("{by_score} OR ({} IS NULL AND {})", score.over.sql(), test(condition, lowest, highest))
}

fn by_ends(condition: &Condition, part: &Scored, test: fn(&Condition, &Ratio, &Ratio) -> String) -> String {
    part.ends.as_ref().map_or_else(|| "FALSE".to_owned(), |(lowest, highest)| test(condition, lowest, highest))
}

/// Whether it holds for every score between two ends.
fn holds(condition: &Condition, lowest: &Ratio, highest: &Ratio) -> String {
    both(condition.from.map(|from| lowest.compared(">=", from)), condition.at_most.map(|at_most| highest.compared("<=", at_most)))
}

/// Whether it holds for any.
fn may_hold(condition: &Condition, lowest: &Ratio, highest: &Ratio) -> String {
    both(condition.from.map(|from| highest.compared(">=", from)), condition.at_most.map(|at_most| lowest.compared("<=", at_most)))
}

fn both(from: Option<String>, at_most: Option<String>) -> String {
    let tests: Vec<String> = from.into_iter().chain(at_most).collect();
    if tests.is_empty() { "TRUE".to_owned() } else { joined(&tests, " AND ") }
}

/// Takes a score away where another scale has none.
pub(super) fn only_with(draft: &mut Draft<'_>, scale: usize, other: usize, alone: Scored) -> Scored {
    let (Some(definition), Some(without), Some(score)) = (draft.scale(scale), draft.scored(other).cloned(), alone.score.clone()) else {
        return alone;
    };
    let step = alone.step.max(without.step) + 1;
    // A part of the form that the table does not have takes nothing away.
    let is_there = without.score.as_ref().map_or_else(|| "TRUE".to_owned(), |score| format!("{} IS NOT NULL", score.over.sql()));
    let value = draft.add(
        step,
        &definition.id,
        vec![format!("{}: not scored where {} is not", definition.id, draft.scale(other).map_or("", |scale| &*scale.id))],
        case(&[(is_there.clone(), score.over.sql().to_owned())], None),
    );
    let part = draft.about(scale, Outcome::Absent(Absence::Part(other)), None, &alone.counts);
    let is_taken = format!("NOT ({is_there}) AND {} IS NOT NULL", score.over.sql());
    let about = case(&[(is_taken, part)], Some(&alone.about));
    let about = draft.add(step, &format!("{}_about", definition.id), Vec::new(), about);
    Scored { step, score: Some(Ratio::new(Whole::column(value, score.over.low(), score.over.high()), score.per)), about, ..alone }
}
