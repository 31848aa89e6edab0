//! Before the support starts: what speaks against a target? Is it inside the scale, already met, large enough to be told from the form's
//! own error, more than what usually happens anyway, and does the pupil have room to show a clear change at all?

use super::file::GoalsFile;
use super::measure::{Error, Measure, Measured};
use super::target::{Aim, Unusable, improvement};
use super::words;
use super::{Goal, GoalScale, Standing};
use crate::findings::{Code, Finding, Findings};
use crate::instrument::{Better, Number};
use crate::stats::measurement_error::Verdict;

/// What a check comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RealismWord {
    /// The row, its scale or its target cannot be used, or there is no baseline.
    CannotTell,
    /// No score can be at the target.
    OutsideTheScale,
    /// The pupil is at the target already.
    AlreadyMet,
    /// The pupil starts so near the best score that no change could be clear.
    NoRoom,
    /// A change that just reaches the target could be the form's own error.
    TooSmall,
    /// Pupils who start there often change as much without help.
    NoMoreThanUsual,
    /// The target is inside the scale.
    InsideTheScale,
    /// The pupil is not at the target yet.
    NotYetMet,
    /// There is room for a clear change.
    Room,
    /// A change that reaches the target is a clear one.
    LargeEnough,
    /// The target asks for more than what usually happens without help.
    MoreThanUsual,
    /// No measurement error is on record, so the size cannot be judged.
    NoErrorOnRecord,
    /// Nothing of this speaks against the target.
    NothingAgainst,
}

impl RealismWord {
    /// The words in outputs.
    pub fn words(self) -> &'static str {
        match self {
            Self::CannotTell => "cannot tell",
            Self::OutsideTheScale => "outside the scale",
            Self::AlreadyMet => "already met",
            Self::NoRoom => "too near the best score",
            Self::TooSmall => "too small to be sure",
            Self::NoMoreThanUsual => "no more than usual",
            Self::InsideTheScale => "inside the scale",
            Self::NotYetMet => "not yet met",
            Self::Room => "room for a clear change",
            Self::LargeEnough => "large enough to be seen",
            Self::MoreThanUsual => "more than usual",
            Self::NoErrorOnRecord => "no measurement error on record",
            Self::NothingAgainst => "nothing against it",
        }
    }

    /// Whether it speaks against the target.
    pub fn is_concern(self) -> bool {
        self <= Self::NoMoreThanUsual
    }
}

/// One check of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it comes to.
    pub word: RealismWord,
    /// Why.
    pub why: String,
}

/// What can be said of a target before the support starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Realism {
    /// The checks that could be made, in order.
    pub checks: Vec<Check>,
    /// The score at baseline.
    pub baseline: Option<Number>,
    /// The score that the target comes down to for this pupil.
    pub target_score: Option<Number>,
}

impl Realism {
    /// The gravest thing that speaks against the target. Without measurement error on record it is that, and never "nothing against it".
    pub fn word(&self) -> RealismWord {
        let words = || self.checks.iter().map(|check| check.word);
        let unknown = words().find(|word| *word == RealismWord::NoErrorOnRecord);
        words().filter(|word| word.is_concern()).min().or(unknown).unwrap_or(RealismWord::NothingAgainst)
    }

    /// Every sentence, in order.
    pub fn why(&self) -> String {
        self.checks.iter().map(|check| check.why.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// What can be said of a goal's target before the support starts; `baseline` is the pupil's standing on the goal's scale.
pub fn realism(goal: &Goal, scale: Option<&GoalScale<'_>>, baseline: &Standing) -> Realism {
    let alone = |word, why| Realism { checks: vec![Check { word, why }], baseline: None, target_score: None };
    let measured = match Measured::of(goal, scale, baseline, &Standing::NoResponse) {
        Ok(measured) => measured,
        Err(unusable) => {
            let is_outside = matches!(unusable, Unusable::OutsideTheScale(_));
            let word = if is_outside { RealismWord::OutsideTheScale } else { RealismWord::CannotTell };
            return alone(word, words::unusable(unusable.reason()));
        }
    };
    let (measure, noun) = (&measured.measure, measured.measure.noun);
    let no_baseline = |why| alone(RealismWord::CannotTell, format!("There is no baseline {noun}{why}."));
    let x = match measured.baseline {
        Standing::Score { score, .. } => *score,
        Standing::NotScored(reason) => return no_baseline(format!(": {reason}")),
        Standing::NoResponse => return no_baseline(String::new()),
    };
    let Some(aim) = measured.target.aim(x, measure) else { return no_baseline(String::new()) };
    let opening = format!("The {noun} is {x}; the target is {}.", words::target(&measured));
    let check = |word, why: &str| Check { word, why: why.to_owned() };
    let is_beyond = improvement(measure.best(), aim.at, measure.better) > Number::ZERO;
    let inside = if is_beyond { RealismWord::OutsideTheScale } else { RealismWord::InsideTheScale };
    let mut checks = vec![check(inside, &opening)];
    if aim.is_reached(x, measure.better) {
        checks.push(check(RealismWord::AlreadyMet, "That is met already: set a new target."));
    } else {
        let asked = improvement(x, aim.at, measure.better);
        checks.push(check(RealismWord::NotYetMet, &format!("That asks for a change of {asked}.")));
    }
    match &measure.error {
        None => {
            let why = "No measurement error is on record: whether a change is clear cannot be told.";
            checks.push(check(RealismWord::NoErrorOnRecord, why));
        }
        Some(error) => checks.extend(against_error(measure, error, x, aim)),
    }
    Realism { checks, baseline: Some(x), target_score: Some(aim.at) }
}

fn against_error(measure: &Measure<'_>, error: &Error<'_>, x: Number, aim: Aim) -> Vec<Check> {
    let mut checks = Vec::new();
    let wanted = if measure.better == Better::Lower { "fall" } else { "rise" };
    let or_more = words::at_least(error.threshold, measure.steps);
    let room = improvement(x, measure.best(), measure.better);
    if measure.verdict(x, measure.best()) == Some(Verdict::Improved) {
        let why = format!("A {wanted} of {or_more} is a clear change, and the scale leaves room for {room}.");
        checks.push(Check { word: RealismWord::Room, why });
    } else {
        let why = format!(
            "The {} is too near the best one to show a clear change: that needs {or_more}, and the scale leaves room for {room}.",
            measure.noun
        );
        checks.push(Check { word: RealismWord::NoRoom, why });
    }
    let asked = improvement(x, aim.at, measure.better);
    if asked <= Number::ZERO {
        return checks;
    }
    checks.push(match measure.verdict(x, aim.at) {
        Some(Verdict::Improved) => {
            Check { word: RealismWord::LargeEnough, why: "A change that reaches the target is a clear one.".to_owned() }
        }
        _ => Check {
            word: RealismWord::TooSmall,
            why: format!("A change of {asked} is too small to be told from error: a clear one needs {or_more}."),
        },
    });
    if let (Some(usual), Some(said)) = (measure.usual_improvement(x), words::usual(measure, x)) {
        let (word, more) = if asked.to_f64() > usual {
            (RealismWord::MoreThanUsual, "The target asks for more than that.")
        } else {
            (RealismWord::NoMoreThanUsual, "The target asks for no more than that.")
        };
        checks.push(Check { word, why: format!("{said} {more}") });
    } else if measure.usual_improvement(x).is_some() {
        let why = format!("Pupils who start here do not usually {wanted} by a point or more without help, so the target asks for more.");
        checks.push(Check { word: RealismWord::MoreThanUsual, why });
    }
    checks
}

/// Findings about targets that need a pupil's baseline: too small to be told from error, or beyond the best score. `known` gives a goal's
/// scale and the pupil's standing on it; a rated goal needs neither.
pub fn check_targets<'s>(file: &GoalsFile, known: impl Fn(&Goal) -> (Option<&'s GoalScale<'s>>, Standing), findings: &mut Findings<'_>) {
    for goal in &file.goals {
        let (scale, baseline) = known(goal);
        let realism = realism(goal, scale, &baseline);
        // Without a score the target did not come down to a number; what is wrong with the row itself was said when it was read.
        if realism.target_score.is_none() {
            continue;
        }
        for check in &realism.checks {
            let (code, help) = match check.word {
                RealismWord::OutsideTheScale => (Code::C015, "set a target inside the scale"),
                RealismWord::TooSmall => (Code::C017, "choose a target that is further away, or look for other evidence at review as well"),
                _ => continue,
            };
            let message = check.why.trim_end_matches('.').to_owned();
            let mut letters = message.chars();
            let message = letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect());
            findings.push(Finding::new(code, file.target_place(goal.row), message).value(&*goal.target).help(help));
        }
    }
}
