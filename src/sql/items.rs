//! Scales that are made from questions: counted, summed, estimated where answers are missing, closed by a first question.

use super::answers::Code;
use super::draft::{Counts, Draft, Scored, case, sum};
use super::error::SqlError;
use super::exact::{Ratio, Whole, lowest_common_multiple};
use crate::instrument::{Fill, Gate, GateBlank, Method, Missing, Number, Round, Rule, ScaleItem};
use crate::scoring::{Absence, Outcome, Remark};

/// A scale that is made from questions.
pub(super) struct ItemScale<'f> {
    pub(super) items: &'f [ScaleItem],
    pub(super) method: &'f Method,
    pub(super) missing: &'f Missing,
    pub(super) gate: Option<&'f Gate>,
}

impl<'f> ItemScale<'f> {
    pub(super) fn new(rule: &'f Rule) -> Option<Self> {
        match rule {
            Rule::Items { items, method, missing, gate } => Some(Self { items, method, missing, gate: gate.as_ref() }),
            _ => None,
        }
    }

    fn count(&self) -> i64 {
        i64::try_from(self.items.len()).unwrap_or(i64::MAX)
    }

    /// How many points make 1.
    fn unit(&self) -> i64 {
        self.items.iter().flat_map(|entry| &entry.points).fold(1, |unit, points| lowest_common_multiple(unit, points.under()))
    }

    /// The factor between a complete form's points and its score.
    fn factor(&self) -> Number {
        let (times, by) = match self.method {
            Method::Sum { times } => (*times, self.unit()),
            Method::Mean { times } => (*times, self.unit().saturating_mul(self.count())),
            Method::Count | Method::GoalAttainment { .. } => (1, self.unit()),
        };
        Number::ratio(times, by).unwrap_or(Number::ZERO)
    }
}

/// Conditions, each with what it leads to.
type Cases = Vec<(String, String)>;

/// What answers that are missing are taken for.
#[derive(Clone, Copy)]
enum Missed {
    Nothing,
    Lowest,
    Highest,
}

/// Makes the columns of a scale: how many answers, what they come to; then the score, and what is to be said of it.
pub(super) fn score(draft: &mut Draft<'_>, scale: usize, rule: &ItemScale<'_>) -> Result<Scored, SqlError> {
    let Some(definition) = draft.scale(scale) else { return Ok(Scored::not_applicable()) };
    let counted: Vec<&str> = rule.items.iter().filter_map(|entry| Some(&*draft.codes.get(entry.item)?.as_ref()?.column)).collect();
    let answered = if counted.is_empty() {
        "CAST(0 AS BIGINT)".to_owned()
    } else {
        format!("CAST({} AS BIGINT)", draft.dialect.count_of(&counted.join(", ")))
    };
    let answered = draft.add(0, &format!("{}_answered", definition.id), vec![definition.id.to_string()], answered);
    let counts = Counts { answered: Whole::column(answered, 0, i128::from(rule.count())), items: Whole::constant(rule.count()) };
    let points = tally(draft, scale, rule, Missed::Nothing, "points")?;
    let factor = rule.factor();
    let at = |points: &Whole| Ratio::new(points.clone(), Whole::constant(1)).times(factor);
    let estimated = Estimate::new(draft, rule, &points, &counts.answered);
    let (mut cases, mut about) = (Vec::new(), Vec::new());
    let (per, is_closed) = gate(draft, scale, rule, &estimated, &counts, (&mut cases, &mut about));
    let enough = i64::try_from(rule.missing.at_least.max(1)).unwrap_or(i64::MAX);
    let needed = u16::try_from(rule.missing.at_least).unwrap_or(u16::MAX);
    let n = counts.answered.sql();
    about.push((format!("{n} < {enough}"), draft.about(scale, Outcome::Absent(Absence::TooFew { needed }), None, &counts)));
    if let Some(gate) = rule.gate.filter(|gate| keeps_when_blank(draft, gate)) {
        let remark = Some(Remark::GateBlankKept(gate.item));
        about.push((is_blank(draft, gate.item), draft.about(scale, Outcome::Estimated(Number::ZERO), remark, &counts)));
    }
    if enough < rule.count() {
        let remark = (rule.missing.then == Fill::Zero).then_some(Remark::BlanksAddNothing);
        about.push((format!("{n} < {}", rule.count()), draft.about(scale, Outcome::Estimated(Number::ZERO), remark, &counts)));
    }
    match &estimated {
        // One formula for all: of a complete form it gives the sum itself.
        Estimate { always: Some(always), .. } => cases.push((format!("{n} >= {enough}"), always.over.sql().to_owned())),
        Estimate { complete, partly, .. } => {
            cases.push((format!("{n} = {}", rule.count()), complete.over.sql().to_owned()));
            cases.extend((enough < rule.count()).then(|| (format!("{n} >= {enough}"), partly.over.sql().to_owned())));
        }
    }
    if !(estimated.fits() && points.fits()) {
        return Err(draft.too_large(scale));
    }
    let (low, high) = estimated.ends(is_closed);
    let (value, about) = draft.add_score(1, scale, case(&cases, None), case(&about, None));
    let mut scored = Scored { step: 1, score: Some(Ratio::new(Whole::column(value, low, high), per)), about, counts, ends: None };
    if draft.with_ends.get(scale).copied().unwrap_or(false) {
        let lowest = at(&tally(draft, scale, rule, Missed::Lowest, "least")?);
        let highest = at(&tally(draft, scale, rule, Missed::Highest, "most")?);
        scored.ends = Some(ends(draft, scale, rule, lowest, highest));
    }
    Ok(scored)
}

/// The score of a form with every answer, and of one with some.
struct Estimate {
    /// One formula for both, where there is one.
    always: Option<Ratio>,
    complete: Ratio,
    partly: Ratio,
}

impl Estimate {
    fn new(draft: &Draft<'_>, rule: &ItemScale<'_>, points: &Whole, answered: &Whole) -> Self {
        let factor = rule.factor();
        let complete = Ratio::new(points.clone(), Whole::constant(1)).times(factor);
        // A scale without enough answers has no score, so that nothing is ever divided by nought.
        let answered = Whole::column(answered.sql(), 1, answered.high());
        let estimate = match rule.missing.then {
            Fill::Prorate => {
                let all = Ratio::new(points.clone(), answered);
                all.times(factor.scaled(rule.count(), 1).unwrap_or(Number::ZERO))
            }
            Fill::Zero | Fill::Nothing => complete.clone(),
        };
        let is_whole = complete.per.as_constant() == Some(1);
        match (rule.missing.round, rule.missing.then) {
            (Round::HalfUp, _) => {
                let rounded = Ratio::new(estimate.rounded(draft.dialect), Whole::constant(1));
                let always = is_whole.then(|| rounded.clone());
                let partly = Ratio::new(complete.per.times(&rounded.over), complete.per.clone());
                Self { always, complete, partly }
            }
            (Round::Not, Fill::Prorate) => Self { always: Some(estimate.clone()), complete, partly: estimate },
            (Round::Not, _) => Self { always: Some(complete.clone()), partly: complete.clone(), complete },
        }
    }

    fn per(&self) -> &Whole {
        self.always.as_ref().map_or(&self.complete.per, |always| &always.per)
    }

    fn fits(&self) -> bool {
        self.complete.fits() && self.partly.fits() && self.always.as_ref().is_none_or(Ratio::fits)
    }

    fn ends(&self, closed: Option<(i128, i128)>) -> (i128, i128) {
        let made = match &self.always {
            Some(always) => (always.over.low(), always.over.high()),
            None => (self.complete.over.low().min(self.partly.over.low()), self.complete.over.high().max(self.partly.over.high())),
        };
        closed.map_or(made, |closed| (made.0.min(closed.0), made.1.max(closed.1)))
    }
}

/// What a first question decides: the cases in which it closes the scale, or leaves it without a score. Gives the lower part of the
/// score's ratio, and the ends of what the closed scale's upper part can be.
fn gate(
    draft: &mut Draft<'_>,
    scale: usize,
    rule: &ItemScale<'_>,
    estimated: &Estimate,
    counts: &Counts,
    (cases, about): (&mut Cases, &mut Cases),
) -> (Whole, Option<(i128, i128)>) {
    let Some(gate) = rule.gate else { return (estimated.per().clone(), None) };
    let mut per = estimated.per().clone();
    let mut closed_ends = None;
    if let Some(code) = draft.codes.get(gate.item).and_then(Option::as_ref) {
        let is_closed = format!("{} = {}", code.column, code.codes.get(gate.closed_by).copied().unwrap_or(0));
        // The upper part that gives the gate's score over the lower part of all the others.
        let (over, under) = (gate.score.over(), gate.score.under());
        let over = match per.as_constant() {
            Some(per) if per % under == 0 => Whole::constant(over * (per / under)),
            _ => {
                let lower = case(&[(is_closed.clone(), under.to_string())], Some(per.sql()));
                let name = format!("{}_per", draft.scale(scale).map_or("", |scale| &*scale.id));
                per = Whole::column(draft.add(1, &name, Vec::new(), lower), 1, per.high().max(i128::from(under)));
                Whole::constant(over)
            }
        };
        closed_ends = Some((over.low(), over.high()));
        cases.push((is_closed.clone(), over.sql().to_owned()));
        about.push((is_closed, "NULL".to_owned()));
    }
    if !keeps_when_blank(draft, gate) {
        cases.push((is_blank(draft, gate.item), "NULL".to_owned()));
        about.push((is_blank(draft, gate.item), draft.about(scale, Outcome::Absent(Absence::GateBlank(gate.item)), None, counts)));
    }
    (per, closed_ends)
}

fn keeps_when_blank(draft: &Draft<'_>, gate: &Gate) -> bool {
    match gate.blank {
        GateBlank::Keep => true,
        GateBlank::Absent => false,
        GateBlank::Choice(choice) => draft.form.chosen(choice) == Some("keep"),
    }
}

fn is_blank(draft: &Draft<'_>, item: usize) -> String {
    let column = draft.codes.get(item).and_then(Option::as_ref).map(|code| code.column.clone());
    column.map_or_else(|| "TRUE".to_owned(), |column| format!("{column} IS NULL"))
}

/// What a scale can have come to, whatever the missing answers are: between the score with the lowest and with the highest answers.
fn ends(draft: &mut Draft<'_>, scale: usize, rule: &ItemScale<'_>, lowest: Ratio, highest: Ratio) -> (Ratio, Ratio) {
    let Some((gate, id)) = rule.gate.zip(draft.scale(scale).map(|scale| scale.id.to_string())) else { return (lowest, highest) };
    let closed = Ratio::number(gate.score);
    let mut end = |end: Ratio, function: &str, name: &str| {
        // Both over one lower part, so that they can be compared.
        let per = lowest_common_multiple(end.per.as_constant().unwrap_or(1), closed.per.as_constant().unwrap_or(1));
        let over = |ratio: &Ratio| ratio.times(Number::whole(per / ratio.per.as_constant().unwrap_or(1))).over;
        let (at, shut) = (Whole::constant(per / end.per.as_constant().unwrap_or(1)).times(&end.over), over(&closed));
        let mut cases = Vec::new();
        if let Some(code) = draft.codes.get(gate.item).and_then(Option::as_ref) {
            let is_closed = format!("{} = {}", code.column, code.codes.get(gate.closed_by).copied().unwrap_or(0));
            cases.push((is_closed, shut.sql().to_owned()));
        }
        cases.push((is_blank(draft, gate.item), format!("{function}({}, {})", at.sql(), shut.sql())));
        let sql = case(&cases, Some(at.sql()));
        let name = draft.add(1, &format!("{id}_{name}"), Vec::new(), sql);
        Ratio::new(Whole::column(name, at.low().min(shut.low()), at.high().max(shut.high())), Whole::constant(per))
    };
    (end(lowest, "least", "lowest"), end(highest, "greatest", "highest"))
}

/// The sum of the points, with what the missing answers are taken for.
fn tally(draft: &mut Draft<'_>, scale: usize, rule: &ItemScale<'_>, missed: Missed, name: &str) -> Result<Whole, SqlError> {
    let unit = rule.unit();
    let (mut terms, mut always, mut low, mut high) = (Vec::new(), 0_i64, 0_i128, 0_i128);
    for entry in rule.items {
        let points: Vec<i64> = entry.points.iter().map(|points| points.over() * (unit / points.under())).collect();
        let (lowest, highest) = (points.iter().min().copied().unwrap_or(0), points.iter().max().copied().unwrap_or(0));
        let absent = match missed {
            Missed::Nothing => 0,
            Missed::Lowest => lowest,
            Missed::Highest => highest,
        };
        match draft.codes.get(entry.item).and_then(Option::as_ref) {
            None => always += absent,
            Some(code) => {
                terms.push(points_of(code, &points, absent));
                (low, high) = (low + i128::from(lowest.min(absent)), high + i128::from(highest.max(absent)));
            }
        }
    }
    if always != 0 || terms.is_empty() {
        terms.push(always.to_string());
        (low, high) = (low + i128::from(always), high + i128::from(always));
    }
    // Item columns are small whole numbers, whose sum the engines keep in 32 bits until it is said otherwise.
    if low < i128::from(i32::MIN) || high > i128::from(i32::MAX) {
        return Err(draft.too_large(scale));
    }
    let sql = sum(&terms);
    let id = draft.scale(scale).map_or("", |scale| &*scale.id).to_owned();
    Ok(Whole::column(draft.add(0, &format!("{id}_{name}"), Vec::new(), sql), low, high))
}

/// The points of an answer, and those of a missing one.
fn points_of(code: &Code, points: &[i64], absent: i64) -> String {
    let column = &code.column;
    let pairs = || code.codes.iter().zip(points);
    let straight = |times: i64| {
        let plus = pairs().next().map_or(0, |(code, points)| points - times * code);
        pairs().all(|(code, points)| *points == times * code + plus).then_some(plus)
    };
    if let Some(plus) = straight(1) {
        let points = match plus {
            0 => column.clone(),
            less if less < 0 => format!("{column} - {}", -less),
            more => format!("{column} + {more}"),
        };
        return format!("coalesce({points}, {absent})");
    }
    if let Some(plus) = straight(-1) {
        return format!("coalesce({plus} - {column}, {absent})");
    }
    let counting: Vec<String> = pairs().filter(|(_, points)| **points != 0).map(|(code, _)| code.to_string()).collect();
    let worth = points.iter().copied().find(|points| *points != 0).unwrap_or(0);
    if absent == 0 && points.iter().all(|points| *points == 0 || *points == worth) {
        return format!("CASE WHEN {column} IN ({}) THEN {worth} ELSE 0 END", counting.join(", "));
    }
    let cases: Vec<String> = pairs().map(|(code, points)| format!("WHEN {code} THEN {points}")).collect();
    format!("CASE {column} {} ELSE {absent} END", cases.join(" "))
}
