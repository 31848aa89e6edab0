//! A provision map: what became of the goals of each provision, with sessions and cost, and a column that a person fills in.
//!
//! Nothing here says that a provision worked: pupils who get different support differ in more than that, and a goal that was met may have
//! been met without it. What people make of it goes into the empty column, from -2 to +2, and is never derived.

use crate::change::Verdict;
use crate::change::evidence::Entry;
use crate::change::goals::{Goal, GoalOutcome, GoalResult};
use crate::cohort::{Course, Person, Span};
use crate::instrument::Number;
use crate::report::meeting_view::school_order;
use crate::report::{Cell, ReportParts};

/// The name of the column that a person fills in.
pub(super) const JUDGEMENT: &str = "impact_minus2_to_plus2";

/// Every provision of a school.
#[derive(Debug)]
pub struct ProvisionView<'p> {
    by: &'p [String],
    pub(super) cycle: &'p str,
    pub(super) groups: Vec<ProvisionGroup<'p>>,
}

/// One provision in one group of pupils.
#[derive(Debug)]
pub(super) struct ProvisionGroup<'p> {
    /// In the school's own words; empty where the goals file names none.
    pub(super) provision: &'p str,
    /// The groups, in the order of the columns.
    pub(super) groups: Vec<String>,
    pub(super) lines: Vec<ProvisionLine<'p>>,
}

/// One goal of one pupil.
#[derive(Debug)]
pub(super) struct ProvisionLine<'p> {
    /// None for a pupil who is in none of the files.
    person: Option<&'p Person>,
    pub(super) goal: &'p Goal,
    pub(super) result: &'p GoalResult,
    pub(super) cost: &'p str,
    /// What else is known of the pupil.
    pub(super) evidence: &'p [Entry],
    /// The change on the goal's scale, where it is about one.
    pub(super) verdict: Option<Verdict>,
}

/// What a column of numbers comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Total {
    pub(super) sum: Option<Number>,
    /// Cells that say something and are no number: they are in no sum.
    pub(super) unreadable: usize,
}

impl Total {
    fn of<'c>(cells: impl IntoIterator<Item = &'c str>) -> Self {
        let mut total = Self::default();
        for cell in cells.into_iter().filter(|cell| !cell.trim().is_empty()) {
            match amount(cell) {
                Some(amount) => total.sum = Some(total.sum.map_or(amount, |sum| sum + amount)),
                None => total.unreadable += 1,
            }
        }
        total
    }

    /// Nothing was said at all.
    pub(super) fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// `24`, or `?` where no cell can be read.
    pub(super) fn number(self) -> String {
        self.sum.map_or_else(|| "?".to_owned(), |sum| sum.to_string())
    }

    /// `£1,240.50`.
    pub(super) fn pounds(self) -> String {
        let Some(sum) = self.sum else { return "?".to_owned() };
        let pence = sum.scaled(100, 1).unwrap_or(sum).round_half_up().as_whole().unwrap_or(0);
        let pounds = crate::findings::thousands(pence.unsigned_abs() / 100);
        if pence % 100 == 0 { format!("£{pounds}") } else { format!("£{pounds}.{:02}", pence % 100) }
    }

    /// ` (1 cell cannot be read)`; empty where all can.
    pub(super) fn unreadable_words(self) -> String {
        if self.unreadable == 0 {
            return String::new();
        }
        format!(" ({} cannot be read)", crate::findings::count_of(self.unreadable as u64, "cell"))
    }
}

/// `12`, `£1,240.50`: a plain number, with or without a pound sign and commas between thousands.
fn amount(cell: &str) -> Option<Number> {
    let plain = cell.trim().trim_start_matches('£').trim();
    let (whole, rest) = plain.split_once('.').map_or((plain, None), |(whole, rest)| (whole, Some(rest)));
    let parts: Vec<&str> = whole.split(',').collect();
    let are_thousands = parts.iter().skip(1).all(|part| part.len() == 3);
    let digits = parts.concat();
    let number = rest.map_or_else(|| digits.clone(), |rest| format!("{digits}.{rest}"));
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    Number::parse(&number).filter(|_| are_thousands && is_plain)
}

impl<'p> ProvisionView<'p> {
    /// The provision of the latest cycle; `by` are the columns that the map is cut by.
    pub fn new(parts: ReportParts<'p>) -> Self {
        let ReportParts { gathering, by, .. } = parts;
        let Some((place, cycle)) = gathering.cycles().iter().enumerate().next_back() else {
            return Self { by, cycle: "", groups: Vec::new() };
        };
        let course = gathering.courses().first();
        let span = course.and_then(|course| step_of(course, place, gathering.cycles().len()));
        let mut groups: Vec<ProvisionGroup<'p>> = Vec::new();
        for (goal, result) in cycle.file.goals.iter().zip(&cycle.results) {
            let person = gathering.person(&goal.pupil_id);
            let cells = person.map_or_else(|| vec![String::new(); by.len()], |person| person.groups.clone());
            let provision = cycle.said(goal, "provision");
            let line = ProvisionLine {
                person,
                goal,
                result,
                cost: cycle.said(goal, "cost"),
                evidence: parts.evidence_of(&goal.pupil_id),
                verdict: verdict(course, span, goal),
            };
            let is_same = |group: &&mut ProvisionGroup<'p>| group.provision.eq_ignore_ascii_case(provision) && group.groups == cells;
            match groups.iter_mut().find(is_same) {
                Some(group) => group.lines.push(line),
                None => groups.push(ProvisionGroup { provision, groups: cells, lines: vec![line] }),
            }
        }
        groups.sort_by_cached_key(|group| {
            let order: Vec<_> = group.groups.iter().map(|group| school_order(group)).collect();
            (group.provision.is_empty(), group.provision.to_lowercase(), order)
        });
        Self { by, cycle: &cycle.label, groups }
    }

    /// The columns that the map is cut by.
    pub(super) fn by(&self) -> &[String] {
        self.by
    }

    /// The names of the columns, for a file: one row a goal.
    pub fn columns(&self) -> Vec<String> {
        let mut names = vec!["provision".to_owned()];
        names.extend(self.by.iter().cloned());
        names.extend(
            [
                "pupil_id",
                "pupil",
                "goal",
                "scale",
                "target",
                "baseline",
                "review",
                "verdict",
                "outcome",
                "overdue",
                "sessions_planned",
                "sessions_had",
                "cost",
                JUDGEMENT,
            ]
            .map(str::to_owned),
        );
        names
    }

    /// The rows, for a file.
    pub fn rows(&self) -> impl Iterator<Item = Vec<Cell<'_>>> {
        let number = |score: Option<Number>| score.map_or(Cell::Empty, Cell::Number);
        let figure = |cell: &'p str| amount(cell).map_or(Cell::text(cell), Cell::Number);
        self.groups.iter().flat_map(move |group| {
            group.lines.iter().map(move |line| {
                let mut cells = vec![Cell::text(group.provision)];
                cells.extend(group.groups.iter().map(|cell| Cell::text(cell.as_str())));
                let sessions = line.goal.sessions.as_ref();
                cells.extend([
                    Cell::text(&*line.goal.pupil_id),
                    Cell::text(line.name()),
                    Cell::text(&*line.goal.goal),
                    Cell::text(&*line.goal.scale),
                    Cell::text(&*line.goal.target),
                    number(line.result.baseline),
                    number(line.result.review),
                    Cell::text(line.verdict.map_or("", Verdict::words)),
                    Cell::text(line.result.outcome.words()),
                    Cell::text(line.result.overdue.words()),
                    sessions.map_or(Cell::Empty, |sessions| figure(&sessions.planned)),
                    sessions.map_or(Cell::Empty, |sessions| figure(&sessions.had)),
                    figure(line.cost),
                    Cell::Empty,
                ]);
                cells
            })
        })
    }
}

impl ProvisionLine<'_> {
    /// The pupil as people read them.
    pub(super) fn name(&self) -> &str {
        self.person.map_or(&*self.goal.pupil_id, |person| person.name.as_str())
    }
}

impl ProvisionGroup<'_> {
    /// How many pupils have it.
    pub(super) fn pupils(&self) -> usize {
        let ids: std::collections::HashSet<String> = self.lines.iter().map(|line| line.goal.pupil_id.trim().to_lowercase()).collect();
        ids.len()
    }

    /// How many goals had each outcome, in the order of reports.
    pub(super) fn outcomes(&self) -> [usize; GoalOutcome::ALL.len()] {
        GoalOutcome::ALL.map(|outcome| self.lines.iter().filter(|line| line.result.outcome == outcome).count())
    }

    pub(super) fn sessions_planned(&self) -> Total {
        Total::of(self.lines.iter().filter_map(|line| line.goal.sessions.as_ref()).map(|sessions| &*sessions.planned))
    }

    pub(super) fn sessions_had(&self) -> Total {
        Total::of(self.lines.iter().filter_map(|line| line.goal.sessions.as_ref()).map(|sessions| &*sessions.had))
    }

    pub(super) fn cost(&self) -> Total {
        Total::of(self.lines.iter().map(|line| line.cost))
    }
}

/// The step of the course that a cycle is about: the last cycle is about the last two times.
fn step_of(course: &Course, cycle: usize, cycles: usize) -> Option<Span> {
    let steps = course.moments().len().checked_sub(1)?;
    (cycle + steps).checked_sub(cycles).filter(|step| *step < steps).map(Span::Step)
}

fn verdict(course: Option<&Course>, span: Option<Span>, goal: &Goal) -> Option<Verdict> {
    let crate::change::goals::GoalKind::Scale { scale, .. } = goal.kind else { return None };
    Some(course?.change(span?, &goal.pupil_id, scale)?.verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_the_british_write_them() {
        for (cell, expected) in [
            ("12", Some("12")),
            ("£1,240.50", Some("1240.5")),
            ("1,24", None),
            ("£", None),
            ("-3", None),
            ("about 20", None),
            ("1,000,000", Some("1000000")),
        ] {
            assert_eq!(amount(cell).map(|amount| amount.to_string()).as_deref(), expected, "{cell}");
        }
        let total = Total::of(["1,200", "", "80.50", "half"]);
        assert_eq!((total.number(), total.pounds()), ("1280.5".to_owned(), "£1,280.50".to_owned()));
        assert_eq!(total.unreadable_words(), " (1 cell cannot be read)");
        assert!(Total::of(["", " "]).is_empty());
        assert_eq!(Total::of(["free"]).pounds(), "?");
    }
}
