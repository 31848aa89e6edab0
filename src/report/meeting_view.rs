//! What a pupil-progress meeting talks about, pupil by pupil and class by class: pages, texts and rows read the same entries.

use crate::change::Verdict;
use crate::change::goals::{GoalOutcome, Overdue};
use crate::cohort::{Course, Person};
use crate::flags::Status;
use crate::privacy::Audience;
use crate::report::{Cell, ReportParts};

/// The classes of a meeting.
#[derive(Debug)]
pub struct MeetingView<'m> {
    by: &'m [String],
    pub(super) groups: Vec<MeetingGroup<'m>>,
}

/// One class.
#[derive(Debug)]
pub(super) struct MeetingGroup<'m> {
    pub(super) heading: String,
    pub(super) entries: Vec<MeetingEntry<'m>>,
}

/// One pupil.
#[derive(Debug)]
pub(super) struct MeetingEntry<'m> {
    pub(super) person: &'m Person,
    pub(super) standing: Standing,
    /// Why, on every form that flags or cannot say.
    pub(super) reasons: Vec<String>,
    pub(super) alerts: Vec<String>,
    pub(super) provision: Vec<&'m str>,
    /// The change of the main scale since the time before.
    pub(super) verdict: Option<Verdict>,
    /// The goals of the latest cycle: the words, what became of each, whether its review is overdue.
    pub(super) goals: Vec<MeetingGoal<'m>>,
    /// What else is known, in words and without a verdict.
    pub(super) evidence: Vec<String>,
}

/// One goal, as a meeting names it.
#[derive(Debug)]
pub(super) struct MeetingGoal<'m> {
    pub(super) words: &'m str,
    pub(super) outcome: GoalOutcome,
    pub(super) overdue: Option<jiff::civil::Date>,
}

/// Where a pupil stands at the last time, on all forms together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// At or above the level on some form.
    Flagged,
    /// On no form, and some could not be judged.
    CannotSay,
    /// On no form.
    Below,
    /// No form at the last time.
    NoForm,
}

impl Standing {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Flagged => "flagged",
            Self::CannotSay => "cannot say",
            Self::Below => "below the level",
            Self::NoForm => "no form",
        }
    }
}

/// One list of a meeting: its heading, what it means, and who is on it.
pub(super) struct MeetingList<'v, 'm> {
    pub(super) heading: &'static str,
    pub(super) about: &'static str,
    pub(super) entries: Vec<&'v MeetingEntry<'m>>,
}

impl<'m> MeetingView<'m> {
    /// The classes in the order in which a school counts them; where the report is cut by nothing there is one.
    pub fn new(parts: ReportParts<'m>, audience: Audience) -> Self {
        let ReportParts { gathering, by, .. } = parts;
        let mut groups: Vec<MeetingGroup<'m>> = Vec::new();
        let mut people: Vec<&Person> = gathering.people().iter().collect();
        people.sort_by_cached_key(|person| person.groups.iter().map(|group| school_order(group)).collect::<Vec<_>>());
        for person in people {
            let heading = heading(by, person);
            let entry = entry(parts, person, audience);
            match groups.last_mut().filter(|group| group.heading == heading) {
                Some(group) => group.entries.push(entry),
                None => groups.push(MeetingGroup { heading, entries: vec![entry] }),
            }
        }
        Self { by, groups }
    }

    /// The names of the columns, for a file.
    pub fn columns(&self) -> Vec<String> {
        let mut names = vec!["pupil_id".to_owned(), "pupil".to_owned()];
        names.extend(self.by.iter().cloned());
        names.extend(
            [
                "status",
                "reasons",
                "provision",
                "flagged_no_provision",
                "provision_not_flagged",
                "verdict",
                "goals",
                "overdue",
                "evidence",
                "alerts",
            ]
            .map(str::to_owned),
        );
        names
    }

    /// The rows, for a file.
    pub fn rows(&self) -> impl Iterator<Item = Vec<Cell<'_>>> {
        let yes = |said: bool| if said { Cell::text("yes") } else { Cell::Empty };
        self.groups.iter().flat_map(|group| &group.entries).map(move |entry| {
            let mut cells = vec![Cell::text(entry.person.id.as_str()), Cell::text(entry.person.name.as_str())];
            cells.extend(entry.person.groups.iter().map(|group| Cell::text(group.as_str())));
            let overdue: Vec<&str> = entry.goals.iter().filter(|goal| goal.overdue.is_some()).map(|goal| goal.words).collect();
            cells.extend([
                Cell::text(entry.standing.words()),
                Cell::text(entry.reasons.join("; ")),
                Cell::text(entry.provision.join("; ")),
                yes(entry.is_unmet()),
                yes(entry.is_unflagged()),
                Cell::text(entry.verdict.map_or("", Verdict::words)),
                Cell::text(entry.goal_words().join("; ")),
                Cell::text(overdue.join("; ")),
                Cell::text(entry.evidence.join("; ")),
                Cell::text(entry.alerts.join("; ")),
            ]);
            cells
        })
    }
}

impl<'m> MeetingGroup<'m> {
    /// The lists that have somebody on them, those who may be overlooked first. Strengths and gains are named, not only problems.
    pub(super) fn lists(&self) -> Vec<MeetingList<'_, 'm>> {
        let list = |heading, about, picked: &dyn Fn(&MeetingEntry<'m>) -> bool| MeetingList {
            heading,
            about,
            entries: self.entries.iter().filter(|entry| picked(entry)).collect(),
        };
        let lists = [
            list("Flagged, no provision", "At or above the level, and no provision is in the goals file.", &MeetingEntry::is_unmet),
            list("Flagged, with provision", "At or above the level, and somebody is helping already.", &|entry| {
                entry.standing == Standing::Flagged && !entry.provision.is_empty()
            }),
            list("Clearly worse than last time", "More than the error of filling in the form once.", &|entry| {
                entry.verdict == Some(Verdict::ClearlyWorse)
            }),
            list("Review overdue", "The day of the review has passed, and there is none.", &|entry| {
                entry.goals.iter().any(|goal| goal.overdue.is_some())
            }),
            list(
                "Provision, not flagged",
                "Below the level does not mean no need: ask what the provision is for, and whether it helps.",
                &MeetingEntry::is_unflagged,
            ),
            list("Cannot say", "These pupils could not be judged. That is not the same as no difficulties.", &|entry| {
                entry.standing == Standing::CannotSay
            }),
            list("No form", "Nothing is known of these pupils this time.", &|entry| entry.standing == Standing::NoForm),
            list("Gains to celebrate", "A clear change for the better, or a goal that was met.", &MeetingEntry::has_gained),
        ];
        lists.into_iter().filter(|list| !list.entries.is_empty()).collect()
    }

    /// Everybody who has provision: what a staff briefing may share, without a score.
    pub(super) fn briefing(&self) -> Vec<&MeetingEntry<'m>> {
        self.entries.iter().filter(|entry| !entry.provision.is_empty()).collect()
    }
}

impl MeetingEntry<'_> {
    pub(super) fn is_unmet(&self) -> bool {
        self.standing == Standing::Flagged && self.provision.is_empty()
    }

    pub(super) fn is_unflagged(&self) -> bool {
        self.standing == Standing::Below && !self.provision.is_empty()
    }

    fn has_gained(&self) -> bool {
        self.verdict == Some(Verdict::ClearlyBetter) || self.goals.iter().any(|goal| goal.outcome == GoalOutcome::Met)
    }

    /// `Feels calmer in lessons: met`.
    pub(super) fn goal_words(&self) -> Vec<String> {
        self.goals.iter().map(|goal| format!("{}: {}", goal.words, goal.outcome.words())).collect()
    }
}

fn entry<'m>(parts: ReportParts<'m>, person: &'m Person, audience: Audience) -> MeetingEntry<'m> {
    let gathering = parts.gathering;
    let (mut standing, mut reasons, mut alerts) = (Standing::NoForm, Vec::new(), Vec::new());
    let several = gathering.courses().len() > 1;
    for course in gathering.courses() {
        let last = course.moments().len().saturating_sub(1);
        let Some(response) = course.response(last, &person.id) else { continue };
        let Some(flag) = course.moments().get(last).and_then(|moment| moment.seen(response)).and_then(|seen| seen.flag.as_ref()) else {
            continue;
        };
        let here = if flag.group.is_some() {
            Standing::Flagged
        } else if flag.cannot_say || flag.status == Status::CannotSay {
            Standing::CannotSay
        } else {
            Standing::Below
        };
        standing = standing.min(here);
        let by = if several { format!("{}: ", course.form().instrument().informant.word()) } else { String::new() };
        if here != Standing::Below {
            reasons.extend(flag.reasons.iter().map(|reason| format!("{by}{reason}")));
        }
        if audience.reads_answers() {
            alerts.extend(flag.alerts.iter().map(|alert| format!("{by}{alert}")));
        }
    }
    let latest = gathering.cycles().len().checked_sub(1);
    let goals = latest.map_or_else(Vec::new, |cycle| gathering.goals(&person.id, cycle));
    let goals = goals.into_iter().map(|(goal, result)| MeetingGoal {
        words: &goal.goal,
        outcome: result.outcome,
        overdue: goal.review_by.filter(|_| result.overdue == Overdue::Yes),
    });
    MeetingEntry {
        person,
        standing,
        reasons,
        alerts,
        provision: gathering.provision(&person.id),
        verdict: gathering.courses().first().and_then(|course| main_verdict(course, &person.id)),
        goals: goals.collect(),
        evidence: parts.evidence_of(&person.id).iter().map(|entry| format!("{}: {}", entry.measure(), entry.words())).collect(),
    }
}

/// The verdict on the scale that verdicts are about, since the time before.
fn main_verdict(course: &Course, pupil: &str) -> Option<Verdict> {
    let main = course.form().instrument().main_scale()?;
    Some(course.change(course.last_step()?, pupil, main)?.verdict)
}

fn heading(by: &[String], person: &Person) -> String {
    let parts: Vec<String> = by
        .iter()
        .zip(&person.groups)
        .map(|(column, group)| format!("{} {}", column, if group.is_empty() { "not said" } else { group }))
        .collect();
    parts.join(", ")
}

/// Groups in the order in which a school counts them: 7B, 8A, 10A; whoever is in none stands last.
pub(super) fn school_order(group: &str) -> (bool, u32, String) {
    let digits: String = group.chars().take_while(char::is_ascii_digit).collect();
    (group.is_empty(), digits.parse().unwrap_or(0), group.to_lowercase())
}
