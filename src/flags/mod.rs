//! Flags: who is at or above a level, and who cannot be judged. Alerts stand first and depend on no score.
//!
//! A pupil whose score is missing may still be certain: if the answers that were given already reach the level, the pupil is flagged;
//! if no answer could reach it any more, the pupil is below. Everybody else without a score is "cannot say", never left out.

use std::cmp::Reverse;

use crate::findings::{did_you_mean, list_or};
use crate::instrument::{Bands, Better, FlagList, Number};
use crate::scoring::{Absence, Form, Layout, Level, Outcome, RowRefusal, ScaleScore, ScoredRow};

/// What `flag` says about one pupil on one form, gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// A critical question must be looked at today.
    Alert,
    /// At or above the level on a scale.
    Flagged,
    /// Not judged: scores or bands are missing.
    CannotSay,
    /// Below the level on every scale of the lists.
    Below,
}

impl Status {
    /// The word in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Flagged => "flagged",
            Self::CannotSay => "cannot say",
            Self::Below => "below the level",
        }
    }
}

/// One pupil on one form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// What is said.
    pub status: Status,
    /// Which of the flag lists the pupil is on.
    pub group: Option<usize>,
    /// The worst level.
    pub level: Option<usize>,
    /// The name of the worst level.
    pub band: String,
    /// Why, scale by scale.
    pub reasons: Vec<String>,
    /// Whether some scale could not be judged, and no other is at the level.
    pub cannot_say: bool,
    /// Sensitive answers: a quieter line, which decides nothing.
    pub sensitive: Vec<String>,
    /// The gravest alert: an answer before what cannot be read, and that before a blank.
    pub gravest_alert: Option<u8>,
    /// The alerts.
    pub alerts: Vec<String>,
}

impl Flag {
    /// Alerts, then flagged by list and level, then those who cannot be judged, then the others.
    pub fn order(&self) -> impl Ord + use<> {
        (self.status, self.gravest_alert, self.group.unwrap_or(usize::MAX), Reverse(self.level))
    }
}

/// From which level a form flags, and on which scales.
#[derive(Clone, Debug)]
pub struct FlagRule {
    level: usize,
    is_default: bool,
    /// For each flag list, the scales of it that are asked for.
    lists: Vec<Vec<usize>>,
}

/// Why a level cannot be flagged from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{instrument} has no level `{name}`{help}")]
pub struct FlagError {
    instrument: String,
    name: String,
    help: String,
}

impl FlagRule {
    /// The rule of a form; none if the form has no bands in use, so that nobody can be flagged with it.
    ///
    /// # Errors
    ///
    /// When the level is none of the form's.
    pub fn new(form: &Form, at: Option<&str>) -> Result<Option<Self>, FlagError> {
        let Some(set) = form.band_set() else { return Ok(None) };
        let level = match at {
            None => set.flag_from,
            Some(name) => level_named(form, name)?,
        };
        let asked_for = |scales: &Vec<usize>| scales.iter().copied().filter(|scale| form.shown().contains(scale)).collect();
        let mut lists: Vec<Vec<usize>> = set.flag_lists.iter().map(|list| asked_for(&list.scales)).collect();
        // A scale that is asked for by name and is on no list still flags: it would be silent otherwise.
        if lists.iter().all(Vec::is_empty) {
            lists = vec![form.shown().iter().copied().filter(|scale| form.bands(*scale).is_some()).collect()];
        }
        Ok(Some(Self { level, is_default: level == set.flag_from, lists }))
    }

    /// The level, as the main scale calls it.
    pub fn level_name(&self, form: &Form) -> String {
        let main = form.instrument().main_scale().and_then(|scale| form.bands(scale));
        let bands = main.or_else(|| (0..form.instrument().scales.len()).find_map(|scale| form.bands(scale)));
        bands.map_or_else(String::new, |bands| bands.name(self.level).to_owned())
    }

    /// A flag list as the definition describes it; what it says about shares holds for its own level only.
    pub fn list<'f>(&self, form: &'f Form, group: usize) -> (Option<&'f FlagList>, Option<&'f str>) {
        let list = form.band_set().and_then(|set| set.flag_lists.get(group));
        (list, list.and_then(|list| list.about.as_deref()).filter(|_| self.is_default))
    }
}

fn level_named(form: &Form, name: &str) -> Result<usize, FlagError> {
    let bands = || (0..form.instrument().scales.len()).filter_map(|scale| form.bands(scale));
    let by_name = |bands: &Bands| bands.levels.iter().position(|level| level.eq_ignore_ascii_case(name));
    // Level 0 is nobody's concern: flagging from it would flag everybody.
    bands().find_map(by_name).filter(|level| *level > 0).ok_or_else(|| {
        let mut known: Vec<&str> = Vec::new();
        for level in bands().flat_map(|bands| bands.levels.iter().skip(1)) {
            if !known.contains(&level.as_str()) {
                known.push(level);
            }
        }
        let help = match did_you_mean(name, known.iter().copied()) {
            Some(near) => format!(": did you mean `{near}`?"),
            None => format!(" to flag from: it has {}", list_or(&known)),
        };
        FlagError { instrument: form.instrument().id.to_string(), name: name.to_owned(), help }
    })
}

/// What is known of one scale against the level.
enum Finding {
    /// At or above it: the level, its name and the reason.
    At(usize, String, String),
    Below,
    /// The scale has no bands here, or its part of the form is not in the file.
    NotAsked,
    /// Not to be said, and why; of which scale, where the reason may be another one for the next scale.
    CannotSay(Option<String>, String),
}

/// Judges one row on one form.
pub fn flag(layout: &Layout, row: &ScoredRow<'_>, form_index: usize, rule: Option<&FlagRule>) -> Option<Flag> {
    let form = layout.forms().get(form_index).filter(|_| row.is_on(form_index))?;
    let alerts = row.alert_words(form_index);
    let sensitive = row.sensitive_words(form_index);
    let mut flag = Flag {
        status: Status::Below,
        group: None,
        level: None,
        band: String::new(),
        reasons: Vec::new(),
        cannot_say: false,
        sensitive,
        gravest_alert: row.gravest_alert(form_index),
        alerts,
    };
    let (mut unsaid, mut judged): (Vec<(Vec<String>, String)>, bool) = (Vec::new(), false);
    match rule {
        None => unsaid.push((Vec::new(), "no bands are in use".to_owned())),
        Some(rule) => {
            for (group, scales) in rule.lists.iter().enumerate() {
                for scale in scales {
                    match judge(row, form, form_index, *scale, rule.level) {
                        Finding::At(level, band, reason) => {
                            judged = true;
                            flag.group = flag.group.or(Some(group));
                            if flag.level.is_none_or(|worst| level > worst) {
                                (flag.level, flag.band) = (Some(level), band);
                            }
                            flag.reasons.push(reason);
                        }
                        Finding::Below => judged = true,
                        Finding::NotAsked => {}
                        Finding::CannotSay(scale, why) => match unsaid.iter_mut().find(|(_, known)| *known == why) {
                            Some((scales, _)) => scales.extend(scale),
                            None => unsaid.push((scale.into_iter().collect(), why)),
                        },
                    }
                }
            }
        }
    }
    // A pupil of whom no scale could be judged is not below any level.
    if !judged && unsaid.is_empty() {
        unsaid.push((Vec::new(), "no scale that could flag is in this file".to_owned()));
    }
    flag.cannot_say = flag.group.is_none() && !unsaid.is_empty();
    flag.status = match (flag.alerts.is_empty(), flag.group.is_some(), unsaid.is_empty()) {
        (false, _, _) => Status::Alert,
        (true, true, _) => Status::Flagged,
        (true, false, false) => Status::CannotSay,
        (true, false, true) => Status::Below,
    };
    flag.reasons
        .extend(unsaid.into_iter().map(|(scales, why)| if scales.is_empty() { why } else { format!("{} {why}", scale_list(&scales)) }));
    Some(flag)
}

/// Eight scales that have one reason need not all be named.
fn scale_list(scales: &[String]) -> String {
    const NAMED: usize = 3;
    match scales.len() {
        few if few <= NAMED => crate::findings::list_and(scales),
        many => format!("{} and {} more", scales[..NAMED].join(", "), many - NAMED),
    }
}

fn judge(row: &ScoredRow<'_>, form: &Form, form_index: usize, scale: usize, level: usize) -> Finding {
    let (Some(bands), Some(score), Some(name)) =
        (form.bands(scale), row.scores(form_index).get(scale), form.instrument().scales.get(scale).map(|scale| &scale.id))
    else {
        return Finding::NotAsked;
    };
    match (row.bands_hold(form), score.outcome) {
        (_, Outcome::NotApplicable) => return Finding::NotAsked,
        (_, Outcome::Absent(Absence::Row(refusal))) => return Finding::CannotSay(None, row_reason(form, refusal, score)),
        (Some(Level::OutsideAges(ages)), _) => return Finding::CannotSay(None, format!("no bands outside ages {}", ages.words())),
        (Some(_), _) => return Finding::CannotSay(None, "no bands: the age cannot be read".to_owned()),
        _ => {}
    }
    match score.value() {
        Some(value) => match row.level_of(form, scale, value) {
            Level::At(reached) if reached < level => Finding::Below,
            Level::At(reached) => {
                // A score that is estimated says so wherever it stands.
                let about = if matches!(score.outcome, Outcome::Estimated(_)) { "~" } else { "" };
                let reason = format!("{name} {about}{} {}", shown(form, scale, value), bands.name(reached));
                Finding::At(reached, bands.name(reached).to_owned(), reason)
            }
            Level::NoGroup(reason) => in_any_group(form, scale, value, level)
                .unwrap_or_else(|| Finding::CannotSay(Some(name.to_string()), format!("without a band: {}", reason.words("cut-off")))),
            Level::None | Level::OutsideAges(_) | Level::UnknownAge => Finding::NotAsked,
        },
        None => certain(row, form, scale, bands, score, level),
    }
}

/// What is certain of a pupil who is in no group: at the level by the cut-off of every group, or below it by that of every group.
fn in_any_group(form: &Form, scale: usize, value: Number, level: usize) -> Option<Finding> {
    let (least, most) = form.levels_in_any_group(scale, value)?;
    if most < level {
        return Some(Finding::Below);
    }
    let (bands, name) = (form.bands(scale)?, &form.instrument().scales.get(scale)?.id);
    let words = || format!("{name} {} {} by every group's cut-off", shown(form, scale, value), bands.name(least));
    (least >= level).then(|| Finding::At(least, bands.name(least).to_owned(), words()))
}

/// A score as tables print it.
fn shown(form: &Form, scale: usize, score: Number) -> String {
    form.instrument().scales.get(scale).map_or_else(|| score.to_string(), |scale| scale.capped(score))
}

/// What is certain of a scale without a score, whatever the missing answers are.
fn certain(row: &ScoredRow<'_>, form: &Form, scale: usize, bands: &Bands, score: &ScaleScore, level: usize) -> Finding {
    let name = form.instrument().scales.get(scale).map_or("", |scale| &*scale.id);
    let (mildest, gravest): (Number, Number) = match bands.better {
        Better::Lower => score.bounds,
        Better::Higher => (score.bounds.1, score.bounds.0),
    };
    let why = || match score.outcome {
        Outcome::Absent(absence) => form.why(absence, score),
        Outcome::Complete(_) | Outcome::Estimated(_) | Outcome::NotApplicable => String::new(),
    };
    let (Level::At(reached), Level::At(at_worst)) = (row.level_of(form, scale, mildest), row.level_of(form, scale, gravest)) else {
        return Finding::CannotSay(Some(name.to_owned()), format!("not scored: {}", why()));
    };
    if reached >= level {
        let at_least = if bands.better == Better::Lower { "at least" } else { "at most" };
        let open = if reached + 1 < bands.levels.len() { " or beyond" } else { "" };
        return Finding::At(
            reached,
            bands.name(reached).to_owned(),
            format!("{name} {at_least} {} {}{open}", shown(form, scale, mildest), bands.name(reached)),
        );
    }
    if at_worst < level {
        return Finding::Below;
    }
    Finding::CannotSay(Some(name.to_owned()), format!("not scored: {}", why()))
}

fn row_reason(form: &Form, refusal: RowRefusal, score: &ScaleScore) -> String {
    form.why(Absence::Row(refusal), score)
}
