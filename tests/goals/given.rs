//! What the tests start from: scales, standings, goals, goals files.

use std::io::Write as _;

use bandwise::change::goals::{
    ChangeError, Goal, GoalKind, GoalScale, GoalsFile, RatedInstrument, Repeat, Sessions, Standing, Steps, Target, read_goals,
};
use bandwise::findings::{Finding, Findings, Observer};
use bandwise::input::{Input, ReadError};
use bandwise::instrument::{Bands, Better, Instrument, Number, load};
use bandwise::stats::Confidence;
use bandwise::stats::measurement_error::{Boundary, ChangeThreshold, MeasurementError};
use bandwise::stats::regression::RetestNorm;

pub(crate) fn n(value: i64) -> Number {
    Number::whole(value)
}

pub(crate) fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

/// A reliability record: SD 5.8 and r .82 make 6.82, so 7 points.
pub(crate) fn reliability(sd: f64, r: f64) -> ChangeError {
    let error = MeasurementError::new(sd, r).unwrap();
    ChangeError {
        threshold: error.change_threshold(Confidence::NINETY_FIVE).unwrap(),
        sem: error.sem(),
        error: Some(error),
        norm_mean: None,
        retest: None,
        source: "a manual".into(),
    }
}

/// A published threshold.
pub(crate) fn published(points: f64, boundary: Boundary) -> ChangeError {
    let threshold = ChangeThreshold::new(points, boundary).unwrap();
    ChangeError { threshold, sem: threshold.implied_sem(), error: None, norm_mean: None, retest: None, source: "a health service.".into() }
}

pub(crate) fn with_retest(mut error: ChangeError, mean: f64, sd: f64, retest_correlation: f64) -> ChangeError {
    error.retest = Some(RetestNorm { mean, sd, retest_correlation });
    error
}

/// Difficulties, 0 to 40: slightly raised from 14, high from 17, very high from 20.
pub(crate) fn difficulties() -> Bands {
    bands(["close to average", "slightly raised", "high", "very high"], [14, 17, 20], Better::Lower)
}

/// Strengths, 0 to 10: slightly lowered from 5 down, low from 4, very low from 3.
pub(crate) fn strengths() -> Bands {
    bands(["close to average", "slightly lowered", "low", "very low"], [5, 4, 3], Better::Higher)
}

fn bands(levels: [&str; 4], edges: [i64; 3], better: Better) -> Bands {
    Bands::same(levels.map(str::to_owned).to_vec(), edges.map(n).to_vec(), better)
}

pub(crate) fn scale(better: Better, highest: i64, bands: Option<&Bands>, error: Option<ChangeError>) -> GoalScale<'_> {
    GoalScale { id: "total", name: "Total difficulties", better, range: (n(0), n(highest)), bands, error }
}

/// A scale goal.
pub(crate) fn goal(target: Target) -> Goal {
    with_kind(GoalKind::Scale { scale: 0, target, steps: Steps::Whole })
}

pub(crate) fn rated(instrument: RatedInstrument, target: Target, baseline: &str, review: &str) -> Goal {
    let standing = |text: &str| if text.is_empty() { Standing::NoResponse } else { score(number(text)) };
    let (baseline, review) = (standing(baseline), standing(review));
    let kind = GoalKind::Rated { instrument, target, baseline, review, weight: Some(n(1)) };
    Goal { scale: instrument.word().into(), ..with_kind(kind) }
}

pub(crate) fn with_kind(kind: GoalKind) -> Goal {
    Goal {
        row: 2,
        pupil_id: "P1".into(),
        goal: "join in at break".into(),
        scale: "total".into(),
        target: "as written".into(),
        kind,
        repeat: Repeat::Single,
        set_on: None,
        review_by: None,
        sessions: None,
        carried: Vec::new(),
    }
}

pub(crate) fn sessions(had: &str, planned: &str) -> Sessions {
    Sessions { planned: planned.into(), had: had.into() }
}

/// A score on a scale without bands.
pub(crate) fn score(score: Number) -> Standing {
    Standing::Score { score, level: None }
}

/// A score with its band.
pub(crate) fn banded(value: i64, bands: &Bands) -> Standing {
    Standing::Score { score: n(value), level: bands.level(n(value), None) }
}

/// `<=13`, `>=8`, `-4`, `+3`.
pub(crate) fn target(text: &str) -> Target {
    if let Some(score) = text.strip_prefix("<=") {
        return Target::AtMost(number(score));
    }
    if let Some(score) = text.strip_prefix(">=") {
        return Target::AtLeast(number(score));
    }
    match text.split_at(1) {
        ("-", points) => Target::Fall(number(points)),
        ("+", points) => Target::Rise(number(points)),
        _ => panic!("{text}"),
    }
}

pub(crate) fn band(level: usize, bands: &Bands) -> Target {
    Target::Band { level, name: bands.name(level).to_owned() }
}

pub(crate) fn teacher_form() -> Instrument {
    load("sdq-t4-17").unwrap().0
}

/// Every finding, in the order in which it was made.
#[derive(Default)]
pub(crate) struct All(pub(crate) Vec<Finding>);

impl Observer for All {
    fn observe(&mut self, finding: &Finding) {
        self.0.push(finding.clone());
    }
}

/// Reads a goals file for the teacher form with its default bands.
pub(crate) fn try_read(text: &str) -> (Result<GoalsFile, ReadError>, Vec<Finding>) {
    let mut file = tempfile::Builder::new().prefix("goals").suffix(".csv").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let form = teacher_form();
    let bands = form.default_bands.and_then(|set| form.bands.get(set));
    let mut all = All::default();
    let read = read_goals(&Input::new(file.path()), &form, bands, &mut Findings::watched_by(&mut all));
    (read, all.0)
}

pub(crate) fn read(text: &str) -> (GoalsFile, Vec<Finding>) {
    let (file, findings) = try_read(text);
    (file.unwrap(), findings)
}

/// `C012 row 3 column D`: what a finding is about, without its words.
pub(crate) fn places(findings: &[Finding]) -> Vec<String> {
    let place = |finding: &Finding| {
        let row = finding.place.row().map_or(String::new(), |row| format!(" row {row}"));
        let column = finding.place.column().map_or(String::new(), |column| format!(" {}", column.name));
        format!("{}{row}{column}", finding.code)
    };
    findings.iter().map(place).collect()
}
