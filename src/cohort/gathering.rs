//! Everything that is known of a school's pupils for a report: the forms over time, who they are, and their goals cycle by cycle.

use std::collections::{HashMap, HashSet};

use super::course::Course;
use crate::change::goals::{GasScore, Goal, GoalResult, GoalsFile};
use crate::change::pupil_key;
use crate::matching::ListedPupil;

/// What reports are made from.
#[derive(Debug)]
pub struct Gathering {
    courses: Vec<Course>,
    cycles: Vec<Cycle>,
    people: Vec<Person>,
    goals_of: HashMap<String, Vec<(usize, usize)>>,
}

/// The goals of one cycle: from one time to the next.
#[derive(Debug)]
pub struct Cycle {
    /// From when to when, in the user's own words.
    pub label: String,
    /// The goals as the school wrote them.
    pub file: GoalsFile,
    /// What became of each, in the file's order.
    pub results: Vec<GoalResult>,
    /// The T scores of goal attainment scaling.
    pub gas: Vec<GasScore>,
}

/// One pupil.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// As outputs call the pupil.
    pub id: String,
    /// As people read them.
    pub name: String,
    /// The groups that the report is cut by, in the order of its columns; empty where nothing is known.
    pub groups: Vec<String>,
}

/// A pupil of the list: how outputs call them, how people read them, and what the list says.
#[derive(Clone, Debug)]
pub struct Expected<'l> {
    /// As outputs call the pupil.
    pub id: String,
    /// As people read them.
    pub name: String,
    /// What the list says.
    pub listed: &'l ListedPupil,
}

impl Gathering {
    /// Puts everything together. The first course is the one that goals are about; `by` are the columns that the report is cut by, in the
    /// order of the groups that the courses were read with. Whoever is on the list and has no form at all is there as well.
    pub fn new(courses: Vec<Course>, cycles: Vec<Cycle>, by: &[String], expected: &[Expected<'_>]) -> Self {
        let mut people: Vec<Person> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for course in &courses {
            for pupil in course.pupils() {
                let Some((time, response)) = course.last_response(pupil) else { continue };
                let Some(moment) = course.moments().get(time) else { continue };
                let place = *known.entry(pupil_key(pupil)).or_insert_with(|| {
                    let name = moment.seen(response).map_or_else(|| pupil.to_owned(), |seen| seen.name.clone());
                    people.push(Person { id: pupil.to_owned(), name, groups: vec![String::new(); by.len()] });
                    people.len() - 1
                });
                // The latest form that says a group says which it is now.
                let told =
                    (0..=time).rev().filter_map(|time| Some(course.moments().get(time)?.time().groups(course.response(time, pupil)?)));
                if let Some(person) = people.get_mut(place) {
                    for groups in told {
                        fill(&mut person.groups, groups);
                    }
                }
            }
        }
        for expected in expected {
            let place = *known.entry(pupil_key(&expected.id)).or_insert_with(|| {
                people.push(Person { id: expected.id.clone(), name: expected.name.clone(), groups: vec![String::new(); by.len()] });
                people.len() - 1
            });
            let groups: Vec<String> = by.iter().map(|column| expected.listed.group(column).unwrap_or_default().to_owned()).collect();
            if let Some(person) = people.get_mut(place) {
                fill(&mut person.groups, &groups);
            }
        }
        let mut goals_of: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for (cycle, judged) in cycles.iter().enumerate() {
            for (goal, written) in judged.file.goals.iter().enumerate() {
                goals_of.entry(pupil_key(&written.pupil_id)).or_default().push((cycle, goal));
            }
        }
        Self { courses, cycles, people, goals_of }
    }

    /// The forms over time; the first is the one that goals are about.
    pub fn courses(&self) -> &[Course] {
        &self.courses
    }

    /// What a form is called among the others: who filled it in; with the form's id, where several are filled in by the same people. Empty
    /// where there is one form only.
    pub fn called(&self, course: &Course) -> String {
        let instrument = course.form().instrument();
        let who = instrument.informant.word();
        let same = self.courses.iter().filter(|other| other.form().instrument().informant == instrument.informant).count();
        match (self.courses.len(), same) {
            (0 | 1, _) => String::new(),
            (_, 1) => who.to_owned(),
            _ => format!("{who}, {}", instrument.id),
        }
    }

    /// What the latest time is called: the one of the first form.
    pub fn now(&self) -> &str {
        self.courses.first().and_then(|course| course.moments().last()).map_or("", super::moment::Moment::label)
    }

    /// Whether the latest goals file says who has which provision.
    pub fn knows_provision(&self) -> bool {
        self.cycles.last().is_some_and(|cycle| cycle.has("provision"))
    }

    /// The goals, cycle by cycle, the latest last.
    pub fn cycles(&self) -> &[Cycle] {
        &self.cycles
    }

    /// The pupils: those with forms in the order of the files, then those of the list who have none.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// The pupil with this id; case and outer space do not matter.
    pub fn person(&self, id: &str) -> Option<&Person> {
        let wanted = pupil_key(id);
        self.people.iter().find(|person| pupil_key(&person.id) == wanted)
    }

    /// The goals of a pupil in one cycle, with what became of them.
    pub fn goals(&self, pupil: &str, cycle: usize) -> Vec<(&Goal, &GoalResult)> {
        let Some(judged) = self.cycles.get(cycle) else { return Vec::new() };
        let places = self.goals_of.get(&pupil_key(pupil)).map_or(&[][..], Vec::as_slice);
        let of_cycle = places.iter().filter(|(place, _)| *place == cycle);
        of_cycle.filter_map(|(_, goal)| Some((judged.file.goals.get(*goal)?, judged.results.get(*goal)?))).collect()
    }

    /// The provision that a pupil has in the latest cycle, in the school's own words, each once.
    pub fn provision(&self, pupil: &str) -> Vec<&str> {
        let Some(latest) = self.cycles.len().checked_sub(1) else { return Vec::new() };
        let Some(cycle) = self.cycles.get(latest) else { return Vec::new() };
        let mut seen: HashSet<String> = HashSet::new();
        let goals = self.goals(pupil, latest).into_iter();
        goals
            .map(|(goal, _)| cycle.said(goal, "provision"))
            .filter(|words| !words.is_empty() && seen.insert(words.to_lowercase()))
            .collect()
    }
}

impl Cycle {
    /// What the school wrote of a goal under a heading such as `provision`, in any spelling of it; empty where it did not.
    pub fn said<'g>(&self, goal: &'g Goal, heading: &str) -> &'g str {
        let column = self.file.carried.iter().position(|known| plain(known) == plain(heading));
        column.and_then(|column| goal.carried.get(column)).map_or("", |cell| cell)
    }

    /// Whether the file has a column with this heading.
    pub fn has(&self, heading: &str) -> bool {
        self.file.carried.iter().any(|known| plain(known) == plain(heading))
    }
}

/// A heading in any spelling: `Delivered by` and `delivered_by` are one.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Fills what is not known yet.
fn fill(groups: &mut [String], told: &[String]) {
    for (group, told) in groups.iter_mut().zip(told) {
        if group.is_empty() {
            told.trim().clone_into(group);
        }
    }
}
