//! What decides the cells of each scale in a row, as a number: its case.

use super::answers::{Field, Plan, Read, SUMS};
use super::made::{Cells, Memory};
use super::{Code, MOST_CASES};
use crate::instrument::Instrument;
use crate::scoring::scorer::DecidedBy;

/// The cases of a form in a file.
#[derive(Debug, Default)]
pub(super) struct Cases {
    sums: Vec<Sum>,
    /// How many bits of each of the numbers are taken that the sums stand in.
    taken: [u32; SUMS],
    pub(super) scales: Vec<Scale>,
    /// What is said of single answers: those that are sensitive, then the alerts.
    pub(super) singled_out: Vec<SingledOut>,
    /// How many cases all of them have together.
    pub(super) count: usize,
}

/// A scale of items: its case is where it stands, added up from what each answer adds.
#[derive(Debug)]
struct Sum {
    field: Field,
    mask: u64,
    lowest: i64,
    highest: i64,
    items: i64,
    gate: Option<(usize, u16)>,
}

#[derive(Debug)]
pub(super) struct Scale {
    /// Its place among the form's scales.
    pub(super) index: usize,
    kind: Kind,
    /// Where its cases begin among those of all scales.
    pub(super) first: usize,
}

/// What decides the case of a scale.
#[derive(Debug)]
enum Kind {
    Nothing,
    Sum(usize),
    Parts { parts: Vec<usize>, lowest: i64, highest: i64, items: i64 },
    Same(usize),
}

/// Questions whose answers are told by themselves, in one cell.
#[derive(Debug)]
pub(super) struct SingledOut {
    pub(super) why: Why,
    /// The questions, with the number of their answers.
    items: Vec<(usize, usize)>,
    first: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Sensitive,
    Critical,
}

/// How many whole numbers there are from one to another.
fn cases_between(lowest: i64, highest: i64) -> Option<i64> {
    highest.checked_sub(lowest)?.checked_add(1)
}

impl Cases {
    fn take(&mut self, cases: usize) -> Option<usize> {
        let first = self.count;
        self.count = first.checked_add(cases).filter(|count| *count <= MOST_CASES)?;
        Some(first)
    }

    /// The place of a scale among those that are needed; those that it is made of come before it. None where a case cannot be a number.
    pub(super) fn place_of(
        &mut self,
        scale: usize,
        decided_by: impl Fn(usize) -> Option<DecidedBy> + Copy,
        (plan, read): (&mut Plan, &mut Read),
    ) -> Option<usize> {
        if let Some(known) = self.scales.iter().position(|known| known.index == scale) {
            return Some(known);
        }
        let (kind, cases) = match decided_by(scale)? {
            DecidedBy::Nothing => (Kind::Nothing, 1),
            DecidedBy::Points { items, gate, .. } => {
                let ends = |end: fn(i64, i64) -> i64| {
                    let mut each = items.iter().map(|(_, points)| points.iter().copied().fold(0, end));
                    each.try_fold(0_i64, i64::checked_add)
                };
                let (lowest, highest) = (ends(i64::min)?, ends(i64::max)?);
                let count = i64::try_from(items.len()).ok()?;
                let cases = u64::try_from(cases_between(lowest, highest)?.checked_mul(count + 1)?).ok()?;
                // A sum that has no more than so many cases cannot overflow on the way either.
                if cases > MOST_CASES as u64 {
                    return None;
                }
                let (field, mask) = self.field_for(cases)?;
                for (item, points) in &items {
                    plan.add_points(*item, points, (field, count + 1), read)?;
                }
                self.sums.push(Sum { field, mask, lowest, highest, items: count, gate });
                let gates = if gate.is_some() { 3 } else { 1 };
                (Kind::Sum(self.sums.len() - 1), usize::try_from(cases.checked_mul(gates)?).ok()?)
            }
            DecidedBy::Parts(parts) => {
                let is_whole = |part: usize| match decided_by(part) {
                    Some(DecidedBy::Points { is_whole, .. }) => is_whole,
                    Some(DecidedBy::Nothing) => true,
                    _ => false,
                };
                if !parts.iter().all(|part| is_whole(*part)) {
                    return None;
                }
                let places: Vec<usize> = parts.iter().map(|part| self.place_of(*part, decided_by, (plan, read))).collect::<Option<_>>()?;
                let (mut lowest, mut highest, mut items) = (0, 0, 0);
                for place in &places {
                    let Some(Kind::Sum(sum)) = self.scales.get(*place).map(|scale| &scale.kind) else { continue };
                    let sum = self.sums.get(*sum)?;
                    // A sum may be taken several times, and a gate has a score of its own.
                    (lowest, highest, items) =
                        (i64::checked_add(lowest, sum.lowest)?, i64::checked_add(highest, sum.highest)?, items + sum.items);
                }
                let scored = cases_between(lowest, highest)?.checked_mul(items + 1)?.checked_mul(2)?;
                let cases = usize::try_from(scored).ok()?.checked_add(places.len())?;
                (Kind::Parts { parts: places, lowest, highest, items }, cases)
            }
            DecidedBy::Scale(other) => {
                let place = self.place_of(other, decided_by, (plan, read))?;
                (Kind::Same(place), self.cases_of(place))
            }
        };
        let first = self.take(cases)?;
        self.scales.push(Scale { index: scale, kind, first });
        Some(self.scales.len() - 1)
    }

    /// Room for a sum of so many cases beside those that are there.
    fn field_for(&mut self, cases: u64) -> Option<(Field, u64)> {
        let width = u64::BITS - cases.leading_zeros();
        let number = self.taken.iter().position(|taken| taken + width < u64::BITS)?;
        let field = Field { number, shift: self.taken[number] };
        self.taken[number] += width;
        Some((field, (1 << width) - 1))
    }

    /// How many cases a scale has.
    fn cases_of(&self, place: usize) -> usize {
        let first = |place: usize| self.scales.get(place).map(|scale| scale.first);
        first(place + 1).unwrap_or(self.count) - first(place).unwrap_or(self.count)
    }

    /// Adds the sensitive and the critical questions of a form.
    pub(super) fn single_out(&mut self, instrument: &Instrument) -> Option<()> {
        for (why, questions) in [(Why::Sensitive, &instrument.sensitive), (Why::Critical, &instrument.critical)] {
            let answers = |item: usize| Some(instrument.answers.get(instrument.items.get(item)?.answers)?.codes.len());
            let items: Vec<(usize, usize)> =
                questions.iter().map(|question| Some((question.item, answers(question.item)?))).collect::<Option<_>>()?;
            if !items.is_empty() {
                let cases = items.iter().try_fold(1_usize, |cases, (_, answers)| cases.checked_mul(answers + 2))?;
                let first = self.take(cases)?;
                self.singled_out.push(SingledOut { why, items, first });
            }
        }
        Some(())
    }

    /// The case of a scale in a row, when the cells of those before it were found.
    #[inline]
    pub(super) fn case(&self, place: usize, read: &Read, found: &[usize], memory: &Memory) -> Option<usize> {
        let found = |place: &usize| found.get(*place).map(|cells| memory.cells(*cells));
        match &self.scales[place].kind {
            Kind::Nothing => Some(0),
            Kind::Sum(sum) => self.sums[*sum].case(read),
            Kind::Same(other) => found(other).map(|cells| cells.case),
            Kind::Parts { parts, lowest, highest, items } => {
                let (mut value, mut answered, mut is_estimated) = (0, 0, false);
                let scored = usize::try_from((highest - lowest + 1) * (items + 1) * 2).ok()?;
                for (index, part) in parts.iter().enumerate() {
                    let part: &Cells = found(part)?;
                    let Some(points) = part.value else { return Some(scored + index) };
                    value += points;
                    answered += part.answered;
                    is_estimated |= part.is_estimated;
                }
                let is_inside = (*lowest..=*highest).contains(&value) && answered <= *items;
                let case = ((value - lowest) * (items + 1) + answered) * 2 + i64::from(is_estimated);
                usize::try_from(case).ok().filter(|_| is_inside)
            }
        }
    }
}

impl Sum {
    /// The case of a scale of items: its points, how many answers they are of, and what the first question says.
    #[inline]
    fn case(&self, read: &Read) -> Option<usize> {
        let case = usize::try_from((read.sums[self.field.number] >> self.field.shift) & self.mask).ok()?;
        let Some((item, closed_by)) = self.gate else { return Some(case) };
        let gate = match read.codes.get(item).and_then(|code| code.given()) {
            Some(code) => usize::from(code == closed_by),
            None => 2,
        };
        Some(case * 3 + gate)
    }
}

impl SingledOut {
    /// The case among all: what was answered to each of the questions.
    #[inline]
    pub(super) fn case(&self, codes: &[Code]) -> usize {
        self.first
            + self.items.iter().fold(0, |case, (item, answers)| {
                let code = codes.get(*item).copied().unwrap_or(Code::BLANK);
                let own = match code.given() {
                    Some(code) => usize::from(code).min(answers - 1),
                    None if code == Code::REFUSED => answers + 1,
                    None => *answers,
                };
                case * (answers + 2) + own
            })
    }
}
