//! One pupil: the forms over time, what changed, what was gained, the goals of each cycle. Pages and texts read the same rows.

use crate::change::evidence::Entry;
use crate::change::goals::{Goal, GoalOutcome, GoalResult};
use crate::change::{Change, PointState, Verdict, change_words};
use crate::cohort::{Course, Cycle, Person};
use crate::findings::list_and;
use crate::instrument::Number;
use crate::privacy::Audience;
use crate::report::ReportParts;
use crate::report::change_rows::compared_scales;

/// One pupil.
#[derive(Debug)]
pub struct PupilView<'p> {
    pub(super) person: &'p Person,
    pub(super) forms: Vec<PupilForm<'p>>,
    /// The cycles in which the pupil has goals, the latest first.
    pub(super) cycles: Vec<PupilCycle<'p>>,
    pub(super) evidence: &'p [Entry],
}

/// One form of a pupil over time.
#[derive(Debug)]
pub(super) struct PupilForm<'p> {
    pub(super) course: &'p Course,
    /// What it is called among the others; empty where there is one form only.
    pub(super) called: String,
    /// For each time, the pupil's response.
    pub(super) responses: Vec<Option<usize>>,
    pub(super) scales: Vec<PupilScale<'p>>,
    /// For each time that has some.
    pub(super) alerts: Vec<(&'p str, String)>,
}

/// One scale of a pupil over time.
#[derive(Debug)]
pub(super) struct PupilScale<'p> {
    pub(super) scale: usize,
    pub(super) scores: Vec<Option<PupilScore>>,
    /// Since the time before, and since the first time, where there are more than two.
    pub(super) last: Option<Change>,
    pub(super) whole: Option<Change>,
    /// What the school's own table says of the latest score.
    pub(super) tier: Option<&'p str>,
}

/// A score, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PupilScore {
    pub(super) value: Option<Number>,
    pub(super) level: Option<usize>,
    pub(super) is_estimated: bool,
    pub(super) note: Option<String>,
}

/// The goals of one cycle.
#[derive(Debug)]
pub(super) struct PupilCycle<'p> {
    pub(super) cycle: &'p Cycle,
    pub(super) goals: Vec<(&'p Goal, &'p GoalResult)>,
}

impl<'p> PupilView<'p> {
    /// What is known of a pupil, as far as the audience may read it.
    pub fn new(parts: ReportParts<'p>, person: &'p Person, audience: Audience) -> Self {
        let forms = parts.gathering.courses().iter().map(|course| form(course, person, parts, audience));
        let cycles = parts
            .gathering
            .cycles()
            .iter()
            .enumerate()
            .rev()
            .map(|(place, cycle)| PupilCycle { cycle, goals: parts.gathering.goals(&person.id, place) });
        Self {
            person,
            forms: forms.filter(|form| form.responses.iter().any(Option::is_some)).collect(),
            cycles: cycles.filter(|cycle| !cycle.goals.is_empty()).collect(),
            evidence: parts.evidence_of(&person.id),
        }
    }

    /// What was gained: clear changes for the better, each with the time since when, and goals that were met. However small, it is named first.
    /// What was gained over the whole and clearly lost again since is no gain.
    pub(super) fn gains(&self) -> Vec<String> {
        let mut gains = Vec::new();
        for form in &self.forms {
            let labels: Vec<&str> = form.course.moments().iter().map(crate::cohort::Moment::label).collect();
            for row in &form.scales {
                let is_lost = row.last.as_ref().is_some_and(|change| change.verdict == Verdict::ClearlyWorse);
                let spans = [(&row.last, labels.iter().rev().nth(1)), (&row.whole, labels.first())];
                let better =
                    spans.into_iter().find(|(change, _)| change.as_ref().is_some_and(|change| change.verdict == Verdict::ClearlyBetter));
                let Some((Some(change), Some(since))) = better.filter(|_| !is_lost) else { continue };
                let Some(difference) = change.difference() else { continue };
                let name = form.named(row.scale);
                gains.push(format!("{name}: {} since {since}, clearly better", change_words(difference)));
            }
        }
        for cycle in &self.cycles {
            for (goal, _) in cycle.goals.iter().filter(|(_, result)| result.outcome == GoalOutcome::Met) {
                gains.push(format!("Goal “{}”: met ({})", crate::findings::harmless(&goal.goal), cycle.cycle.label));
            }
        }
        gains
    }

    /// Which of the latest scores are in the lowest band, form by form, each with the band's own name; nothing where the pupil has no form at
    /// the latest time. It is where a score lies, and no praise.
    pub(super) fn lowest(&self) -> Vec<String> {
        let mut said = Vec::new();
        for form in &self.forms {
            let Some(now) = form.course.moments().last().map(crate::cohort::Moment::label) else { continue };
            let mut bands: Vec<(&str, Vec<String>)> = Vec::new();
            for row in &form.scales {
                let (Some(score), Some(of_scale)) = (row.now().filter(|score| score.level == Some(0)), form.course.form().bands(row.scale))
                else {
                    continue;
                };
                let name = format!("{}{}", if score.is_estimated { "~" } else { "" }, form.scale_name(row.scale));
                match bands.iter_mut().find(|(band, _)| *band == of_scale.name(0)) {
                    Some((_, names)) => names.push(name),
                    None => bands.push((of_scale.name(0), vec![name])),
                }
            }
            let who = if form.called.is_empty() { String::new() } else { format!("{}, ", form.called) };
            said.extend(bands.into_iter().map(|(band, names)| format!("In the lowest band, “{band}” ({who}{now}): {}", list_and(&names))));
        }
        said
    }
}

impl PupilForm<'_> {
    /// `Total difficulties (teacher)`; the scale alone where there is one form only.
    fn named(&self, scale: usize) -> String {
        if self.called.is_empty() { self.scale_name(scale).to_owned() } else { format!("{} ({})", self.scale_name(scale), self.called) }
    }

    pub(super) fn scale_name(&self, scale: usize) -> &str {
        self.course.form().instrument().scales.get(scale).map_or("", |scale| scale.name.as_str())
    }

    /// A score as tables print it: `~7` where it is estimated, `>80` where the scale's table ends.
    pub(super) fn printed(&self, scale: usize, score: &PupilScore) -> Option<String> {
        let definition = self.course.form().instrument().scales.get(scale)?;
        Some(format!("{}{}", if score.is_estimated { "~" } else { "" }, definition.capped(score.value?)))
    }

    /// The level from which the form flags.
    pub(super) fn flag_from(&self) -> Option<usize> {
        self.course.form().band_set().map(|set| set.flag_from)
    }

    /// The scales that deserve a figure: those that verdicts are about, and whatever is raised at the latest time.
    pub(super) fn pictured(&self) -> Vec<&PupilScale<'_>> {
        let is_main = |row: &PupilScale<'_>| self.course.form().instrument().scales.get(row.scale).is_some_and(|scale| scale.main);
        let is_raised = |row: &PupilScale<'_>| {
            row.latest().and_then(|score| score.level).zip(self.flag_from()).is_some_and(|(level, from)| level >= from)
        };
        self.scales
            .iter()
            .filter(|row| row.scores.iter().flatten().any(|score| score.value.is_some()) && (is_main(row) || is_raised(row)))
            .collect()
    }
}

impl PupilScale<'_> {
    /// The score at the latest time of all.
    pub(super) fn now(&self) -> Option<&PupilScore> {
        self.scores.last().and_then(Option::as_ref)
    }

    /// The latest time that has a form.
    pub(super) fn latest(&self) -> Option<&PupilScore> {
        self.scores.iter().rev().flatten().next()
    }
}

fn form<'p>(course: &'p Course, person: &Person, parts: ReportParts<'p>, audience: Audience) -> PupilForm<'p> {
    // The school's own tiers are for those who work with the pupil.
    let pathway = parts.pathway.filter(|_| audience.reads_classes());
    let times = course.moments().len();
    let responses: Vec<Option<usize>> = (0..times).map(|time| course.response(time, &person.id)).collect();
    let instrument = course.form().instrument();
    let mut scales = Vec::new();
    for scale in compared_scales(course.form()) {
        let scores: Vec<Option<PupilScore>> =
            responses.iter().enumerate().map(|(time, response)| score(course, time, (*response)?, scale)).collect();
        // A part of the form that is in no file has nothing to say.
        if scores.iter().all(Option::is_none) {
            continue;
        }
        let now = scores.last().and_then(Option::as_ref);
        let tier = pathway.zip(now).zip(instrument.scales.get(scale)).and_then(|((pathway, score), definition)| {
            let band = score.level.zip(course.form().bands(scale)).map(|(level, bands)| bands.name(level));
            pathway.tier(&instrument.id, &definition.id, score.value?, band)
        });
        scales.push(PupilScale {
            scale,
            last: course.last_step().and_then(|span| course.change(span, &person.id, scale)),
            whole: course.whole().and_then(|span| course.change(span, &person.id, scale)),
            scores,
            tier,
        });
    }
    let alerts = course.moments().iter().zip(&responses).filter_map(|(moment, response)| {
        let alerts = moment.time().alerts((*response)?);
        (audience.reads_answers() && !alerts.is_empty()).then(|| (moment.label(), alerts.join("; ")))
    });
    PupilForm { course, called: parts.gathering.called(course), alerts: alerts.collect(), responses, scales }
}

fn score(course: &Course, time: usize, response: usize, scale: usize) -> Option<PupilScore> {
    let point_in_time = course.moments().get(time)?.time();
    let point = point_in_time.point(response, scale).filter(|point| point.state() != PointState::NotApplicable)?;
    let why = point_in_time.reason(response, scale).map(|reason| format!("not scored: {reason}"));
    Some(PupilScore {
        value: point.score(),
        level: point.level(),
        is_estimated: point.state() == PointState::Estimated,
        note: point_in_time.note(response, scale).or(why),
    })
}
