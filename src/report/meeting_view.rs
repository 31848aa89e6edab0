//! What a pupil-progress meeting talks about, pupil by pupil and class by class: pages, texts and rows read the same entries.

use std::cmp::Reverse;

use crate::change::Verdict;
use crate::change::goals::{GoalOutcome, Overdue};
use crate::cohort::{Course, Person};
use crate::flags::{Flag, Status};
use crate::privacy::Audience;
use crate::report::{Cell, ReportParts};

/// The classes of a meeting.
#[derive(Debug)]
pub struct MeetingView<'m> {
    by: &'m [String],
    pub(super) groups: Vec<MeetingGroup<'m>>,
    /// Whether reviews have dates and no day was named.
    pub(super) lacks_day: bool,
}

/// One class.
#[derive(Debug)]
pub(super) struct MeetingGroup<'m> {
    pub(super) heading: String,
    /// Whether it is known who has provision.
    knows_provision: bool,
    pub(super) entries: Vec<MeetingEntry<'m>>,
}

/// One pupil.
#[derive(Debug)]
pub(super) struct MeetingEntry<'m> {
    pub(super) person: &'m Person,
    pub(super) standing: Standing,
    /// By flag list and level, as `flag` orders them.
    order: (usize, Reverse<Option<usize>>),
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
    /// Only forms that flag nobody, because they have no bands.
    NotJudged,
    /// No form at the last time.
    NoForm,
}

impl Standing {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Flagged => "flagged",
            Self::CannotSay => "cannot say",
            Self::Below => "below the level",
            Self::NotJudged => "no bands",
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

/// What stands where reviews have dates, and nobody said which day it is.
pub(super) const NO_DAY: &str = "Whether a review is overdue is told with `--on DATE`.";

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
                None => groups.push(MeetingGroup { heading, knows_provision: gathering.knows_provision(), entries: vec![entry] }),
            }
        }
        let results = gathering.cycles().last().into_iter().flat_map(|cycle| cycle.file.goals.iter().zip(&cycle.results));
        let lacks_day = results.into_iter().any(|(goal, result)| goal.review_by.is_some() && result.overdue == Overdue::Empty);
        Self { by, groups, lacks_day }
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

impl MeetingView<'_> {
    /// Whether anything is said of a change, so that what a clear one means has to be said too.
    pub(super) fn has_verdicts(&self) -> bool {
        self.groups.iter().flat_map(|group| &group.entries).any(|entry| entry.verdict.is_some())
    }
}

impl<'m> MeetingGroup<'m> {
    /// The lists that have somebody on them, those who may be overlooked first. Strengths and gains are named, not only problems.
    pub(super) fn lists(&self) -> Vec<MeetingList<'_, 'm>> {
        let list = |heading, about, picked: &dyn Fn(&MeetingEntry<'m>) -> bool| {
            let mut entries: Vec<&MeetingEntry<'m>> = self.entries.iter().filter(|entry| picked(entry)).collect();
            // The sort is stable: pupils with equal flags stay in the order of the files.
            entries.sort_by_key(|entry| entry.order);
            MeetingList { heading, about, entries }
        };
        let is_flagged = |entry: &MeetingEntry<'m>| entry.standing == Standing::Flagged;
        let mut lists = Vec::new();
        if self.knows_provision {
            lists.push(list(
                "Flagged, no provision",
                "At or above the level, and no provision is in the goals file.",
                &MeetingEntry::is_unmet,
            ));
            let about = "At or above the level, and somebody is helping already.";
            lists.push(list("Flagged, with provision", about, &|entry| is_flagged(entry) && !entry.provision.is_empty()));
        } else {
            let about = "At or above the level. Who has provision is not known here: name it in the column `provision` of the goals file.";
            lists.push(list("Flagged", about, &is_flagged));
        }
        lists.extend([
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
            list("Not judged", "These forms have no bands, so nobody can be flagged with them.", &|entry| {
                entry.standing == Standing::NotJudged
            }),
            list("No form this time", "What is said here was said before.", &|entry| entry.standing == Standing::NoForm),
            list("Gains to celebrate", "A clear change for the better, or a goal that was met.", &MeetingEntry::has_gained),
        ]);
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

fn standing_of(flag: &Flag) -> Standing {
    if flag.group.is_some() {
        Standing::Flagged
    } else if flag.cannot_say || flag.status == Status::CannotSay {
        Standing::CannotSay
    } else {
        Standing::Below
    }
}

fn entry<'m>(parts: ReportParts<'m>, person: &'m Person, audience: Audience) -> MeetingEntry<'m> {
    let gathering = parts.gathering;
    let (mut standing, mut reasons, mut alerts) = (Standing::NoForm, Vec::new(), Vec::new());
    let mut order = (usize::MAX, Reverse(None));
    for course in gathering.courses() {
        let called = gathering.called(course);
        for (time, moment) in course.moments().iter().enumerate() {
            let Some(response) = course.response(time, &person.id) else { continue };
            let is_now = moment.label() == gathering.now();
            // What was said at another time says so, and decides nothing now.
            let words = [called.as_str(), if is_now { "" } else { moment.label() }];
            let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
            let before = if words.is_empty() { String::new() } else { format!("{}: ", words.join(", ")) };
            if audience.reads_answers() {
                alerts.extend(moment.time().alerts(response).iter().map(|alert| format!("{before}{alert}")));
            }
            let is_last = time + 1 == course.moments().len();
            let flag = moment.seen(response).and_then(|seen| seen.flag.as_ref()).filter(|_| is_last);
            // A form without bands flags nobody, which is no judgement of the pupil.
            let Some(flag) = flag.filter(|_| course.form().band_set().is_some()) else { continue };
            let here = standing_of(flag);
            if is_now {
                standing = standing.min(here);
                order = order.min((flag.group.unwrap_or(usize::MAX), Reverse(flag.level)));
            }
            if here != Standing::Below {
                reasons.extend(flag.reasons.iter().map(|reason| format!("{before}{reason}")));
            }
        }
    }
    // Whoever has a form that flags nobody is not without a form.
    let has_form = gathering.courses().iter().any(|course| {
        course
            .moments()
            .iter()
            .enumerate()
            .any(|(time, moment)| moment.label() == gathering.now() && course.response(time, &person.id).is_some())
    });
    if standing == Standing::NoForm && has_form {
        standing = Standing::NotJudged;
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
        order,
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
