//! What a clear change of a scale is: the definition's record, or the user's own figures, or nothing.

use crate::findings::{did_you_mean, list_or};
use crate::instrument::{Better, ChangeKind, ChangeRecord, Instrument, Number};
use crate::stats;
use crate::stats::Confidence;
use crate::stats::clinical_change::{Category, Cutoff as CutoffPoints, Population, Side};
use crate::stats::measurement_error::{Boundary, ChangeThreshold, MeasurementError, Verdict};
use crate::stats::paired::Moments;
use crate::stats::regression::RetestNorm;
use crate::stats::reliable_change::{HagemanArrindell, Method, ReliableChangeIndex};

/// Measurement error on record for a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeError {
    /// From how many points on a change counts.
    pub threshold: ChangeThreshold,
    /// Standard error of measurement, in points; for a published threshold the one that it implies.
    pub sem: f64,
    /// Standard deviation and reliability, where they are on record.
    pub error: Option<MeasurementError>,
    /// The mean of the norm.
    pub norm_mean: Option<f64>,
    /// What is known of a second form months later.
    pub retest: Option<RetestNorm>,
    /// Where the figures come from.
    pub source: String,
}

/// What a clear change of one scale is.
#[derive(Clone, Debug)]
pub struct Basis {
    error: ChangeError,
    better: Better,
    index: Option<(ReliableChangeIndex, Confidence)>,
    cutoff: Option<Result<f64, String>>,
}

/// For each scale of a form, what a clear change of it is, or why that cannot be said.
#[derive(Clone, Debug)]
pub struct Bases(Vec<ScaleBasis>);

/// What is on record for a scale, and what the method that was asked for makes of it.
#[derive(Clone, Debug)]
struct ScaleBasis {
    error: Result<ChangeError, String>,
    basis: Result<Basis, String>,
}

/// Which reliability stands in the formula.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReliabilityKind {
    /// The record's own: internal consistency, which knows the error of filling in the form once.
    #[default]
    Consistency,
    /// The correlation with a second form months later, which is larger in error and knows of months and mood.
    Retest,
}

/// A cut-off between the raised and the usual range (Jacobson & Truax 1991).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cutoff {
    /// Two standard deviations from the mean of the pupils at baseline.
    A,
    /// Two standard deviations from the mean of the norm.
    B,
    /// Between the two means, weighted by their spread.
    C,
}

/// How a clear change is to be told.
#[derive(Clone, Debug)]
pub struct ChangeOptions {
    /// The record of the definition, by name; the first of each scale otherwise.
    pub record: Option<String>,
    /// Standard deviations by scale.
    pub sd: Vec<(String, f64)>,
    /// Reliabilities by scale.
    pub reliability: Vec<(String, f64)>,
    /// Which reliability.
    pub kind: ReliabilityKind,
    /// The method of the index.
    pub method: Method,
    /// The cut-off for categories.
    pub cutoff: Option<Cutoff>,
}

impl Default for ChangeOptions {
    fn default() -> Self {
        Self {
            record: None,
            sd: Vec::new(),
            reliability: Vec::new(),
            kind: ReliabilityKind::default(),
            method: Method::JacobsonTruax,
            cutoff: None,
        }
    }
}

impl ChangeOptions {
    /// Whether what is clear depends on the other pupils of the group too.
    fn needs_pairs(&self) -> bool {
        matches!(self.method, Method::HsuLinnLord | Method::HagemanArrindell) || matches!(self.cutoff, Some(Cutoff::A | Cutoff::C))
    }
}

/// Why figures cannot be used as they were given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeOptionsError {
    /// A scale is named that the form does not have.
    #[error("{instrument} has no scale `{scale}`{help}")]
    UnknownScale {
        /// The instrument.
        instrument: String,
        /// What was written.
        scale: String,
        /// What there is.
        help: String,
    },
    /// No scale has a record of this name.
    #[error("{instrument} has no change record `{name}`: it has {known}")]
    UnknownRecord {
        /// The instrument.
        instrument: String,
        /// What was written.
        name: String,
        /// What there is.
        known: String,
    },
    /// A figure cannot be one.
    #[error("the figures for `{scale}` cannot be used: {reason}")]
    Figure {
        /// The scale.
        scale: String,
        /// Why not.
        reason: String,
    },
}

impl Bases {
    /// What a clear change of each scale is. `group` gives the moments of the pairs of a scale, which only some methods need.
    ///
    /// # Errors
    ///
    /// When a scale or record is named that the form does not have, or a figure cannot be one.
    pub fn new(
        instrument: &Instrument,
        options: &ChangeOptions,
        group: impl Fn(usize) -> Option<Moments>,
    ) -> Result<Self, ChangeOptionsError> {
        for (scale, _) in options.sd.iter().chain(&options.reliability) {
            if instrument.scale(scale).is_none() {
                let known: Vec<&str> = instrument.scales.iter().map(|scale| &*scale.id).collect();
                let near = did_you_mean(scale, known.iter().copied());
                let help = near.map_or_else(|| format!(": it has {}", list_or(&known)), |near| format!(": did you mean `{near}`?"));
                return Err(ChangeOptionsError::UnknownScale { instrument: instrument.id.to_string(), scale: scale.clone(), help });
            }
        }
        if let Some(name) = options.record.as_ref().filter(|name| instrument.change.iter().all(|record| record.name != **name)) {
            let mut known: Vec<&str> = instrument.change.iter().map(|record| record.name.as_str()).collect();
            known.sort_unstable();
            known.dedup();
            let known = if known.is_empty() { "none".to_owned() } else { list_or(&known) };
            return Err(ChangeOptionsError::UnknownRecord { instrument: instrument.id.to_string(), name: name.clone(), known });
        }
        let mut found = Vec::with_capacity(instrument.scales.len());
        for (index, scale) in instrument.scales.iter().enumerate() {
            let error = figures(instrument, index, options)?;
            let group = if options.needs_pairs() { group(index) } else { None };
            let basis = error.clone().and_then(|error| basis(error, scale.better, options, group.as_ref()));
            found.push(ScaleBasis { error, basis });
        }
        Ok(Self(found))
    }

    /// What a clear change of a scale is.
    ///
    /// # Errors
    ///
    /// Why that cannot be said: no figures are on record, or not those that the method needs.
    pub fn of(&self, scale: usize) -> Result<&Basis, &str> {
        match self.0.get(scale) {
            Some(scale) => scale.basis.as_ref().map_err(String::as_str),
            None => Err("no measurement error on record"),
        }
    }

    /// The figures of a scale, whatever the method makes of them: goals are judged by them, and by no other method.
    pub fn error(&self, scale: usize) -> Option<&ChangeError> {
        self.0.get(scale).and_then(|scale| scale.error.as_ref().ok())
    }
}

/// The user's figures, else the record's. Outer error: the figures are wrong; inner: there are none.
fn figures(instrument: &Instrument, scale: usize, options: &ChangeOptions) -> Result<Result<ChangeError, String>, ChangeOptionsError> {
    let id = instrument.scales.get(scale).map_or("", |scale| &*scale.id);
    let given = |list: &[(String, f64)]| list.iter().rev().find(|(name, _)| name == id).map(|(_, figure)| *figure);
    let record =
        instrument.change.iter().find(|record| record.scale == scale && options.record.as_ref().is_none_or(|name| record.name == *name));
    let (own_sd, own_r) = (given(&options.sd), given(&options.reliability));
    if own_sd.is_none() && own_r.is_none() {
        return Ok(match record {
            Some(record) => from_record(record, options.kind).map_err(|reason| reason.to_string()),
            None => Err("no measurement error on record".to_owned()),
        });
    }
    let on_record = record.and_then(|record| match record.kind {
        ChangeKind::Reliability { sd, r, .. } => Some((sd, r)),
        ChangeKind::Threshold { .. } => None,
    });
    let figure = |reason: String| ChangeOptionsError::Figure { scale: id.to_owned(), reason };
    let lacks = |what: &str| figure(format!("no {what} was given, and none is on record"));
    let sd = own_sd.or(on_record.map(|(sd, _)| sd)).ok_or_else(|| lacks("standard deviation"))?;
    let r = own_r.or(on_record.map(|(_, r)| r)).ok_or_else(|| lacks("reliability"))?;
    let error = MeasurementError::new(sd, r).map_err(|reason| figure(reason.to_string()))?;
    let threshold = error.change_threshold(Confidence::NINETY_FIVE).map_err(|reason| figure(reason.to_string()))?;
    let source = format!("standard deviation {sd} and reliability {r}, given on the command line");
    // What the record says besides these two figures still holds.
    let (norm_mean, retest) = match record.map(|record| record.kind) {
        Some(ChangeKind::Reliability { norm_mean, retest, .. }) => (norm_mean, retest),
        Some(ChangeKind::Threshold { .. }) | None => (None, None),
    };
    let retest = norm_mean.zip(retest).map(|(mean, retest_correlation)| RetestNorm { mean, sd, retest_correlation });
    Ok(Ok(ChangeError { threshold, sem: error.sem(), error: Some(error), norm_mean, retest, source }))
}

fn from_record(record: &ChangeRecord, kind: ReliabilityKind) -> Result<ChangeError, stats::Undefined> {
    let label = record.confidence.as_ref().map_or(String::new(), |confidence| format!(" ({confidence})"));
    match record.kind {
        ChangeKind::Threshold { points, inclusive } => {
            let threshold = ChangeThreshold::new(points, if inclusive { Boundary::Reached } else { Boundary::Exceeded })?;
            let source = format!("{}{label}", record.source);
            Ok(ChangeError { threshold, sem: threshold.implied_sem(), error: None, norm_mean: None, retest: None, source })
        }
        ChangeKind::Reliability { sd, r, norm_mean, retest } => {
            let (r, word) = match (kind, retest) {
                (ReliabilityKind::Retest, Some(retest)) => (retest, "retest correlation"),
                (ReliabilityKind::Retest, None) => {
                    return Err(stats::Undefined::OutOfRange { what: "a retest correlation", allowed: "on record" });
                }
                (ReliabilityKind::Consistency, _) => (r, "reliability"),
            };
            let error = MeasurementError::new(sd, r)?;
            let retest = norm_mean.zip(retest).map(|(mean, retest_correlation)| RetestNorm { mean, sd, retest_correlation });
            let source = format!("standard deviation {sd}, {word} {r}{label}; {}", record.source);
            let threshold = error.change_threshold(Confidence::NINETY_FIVE)?;
            Ok(ChangeError { threshold, sem: error.sem(), error: Some(error), norm_mean, retest, source })
        }
    }
}

/// Adds the index of the method and the cut-off, where they were asked for.
fn basis(error: ChangeError, better: Better, options: &ChangeOptions, group: Option<&Moments>) -> Result<Basis, String> {
    let index = match options.method {
        Method::JacobsonTruax => None,
        method => Some((index(method, &error, group)?, Confidence::NINETY_FIVE)),
    };
    // A cut-off that cannot be had takes the category away, not the verdict.
    let cutoff = options.cutoff.map(|cutoff| cutoff_points(cutoff, &error, better, group));
    Ok(Basis { error, better, index, cutoff })
}

fn index(method: Method, figures: &ChangeError, group: Option<&Moments>) -> Result<ReliableChangeIndex, String> {
    let error = figures.error.ok_or("this method needs a standard deviation and reliability, and only a threshold is on record")?;
    let mean = || figures.norm_mean.ok_or_else(|| "this method needs the mean of the norm, and none is on record".to_owned());
    let said = |reason: stats::Undefined| reason.to_string();
    match method {
        Method::JacobsonTruax => Ok(ReliableChangeIndex::jacobson_truax(error)),
        Method::GulliksenLordNovick => Ok(ReliableChangeIndex::gulliksen_lord_novick(mean()?, error)),
        Method::EdwardsNunnally => Ok(ReliableChangeIndex::edwards_nunnally(mean()?, error)),
        Method::NunnallyKotsch => ReliableChangeIndex::nunnally_kotsch(mean()?, error, error.reliability()).map_err(said),
        Method::HsuLinnLord => {
            let moments = group.ok_or("this method needs two pairs or more")?;
            Ok(ReliableChangeIndex::hsu_linn_lord(moments.baseline_mean, moments.review_mean, error))
        }
        Method::HagemanArrindell => {
            let moments = group.ok_or("this method needs two pairs or more")?;
            Ok(ReliableChangeIndex::hageman_arrindell(&HagemanArrindell::new(moments, error.reliability()).map_err(said)?))
        }
    }
}

/// The raised population is the pupils at baseline, the usual one the norm.
fn cutoff_points(cutoff: Cutoff, figures: &ChangeError, better: Better, group: Option<&Moments>) -> Result<f64, String> {
    let norm = || {
        let mean = figures.norm_mean.ok_or("this cut-off needs the mean of the norm, and none is on record")?;
        let sd = figures.error.ok_or("this cut-off needs the norm's standard deviation, and none is on record")?.sd();
        Ok::<_, String>(Population { mean, sd })
    };
    let pupils = || {
        let moments = group.ok_or("this cut-off needs two pairs or more")?;
        Ok::<_, String>(Population { mean: moments.baseline_mean, sd: moments.baseline_sd })
    };
    let points = match cutoff {
        Cutoff::A => CutoffPoints::A { clinical: pupils()? },
        Cutoff::B => CutoffPoints::B { functional: norm()? },
        Cutoff::C => CutoffPoints::C { clinical: pupils()?, functional: norm()? },
    };
    points.points(in_stats(better)).map_err(|reason| reason.to_string())
}

pub(super) fn in_stats(better: Better) -> stats::Better {
    match better {
        Better::Lower => stats::Better::Lower,
        Better::Higher => stats::Better::Higher,
    }
}

impl Basis {
    /// The figures.
    pub fn error(&self) -> &ChangeError {
        &self.error
    }

    /// The smallest change in whole points that counts: "needs 7". None for methods in which it depends on where a pupil started.
    pub fn smallest_whole_points(&self) -> Option<u32> {
        self.index.is_none().then(|| self.error.threshold.smallest_whole_points())
    }

    /// The change beyond which, or from which on, it counts, as a number: for scores that are not whole.
    pub fn threshold(&self) -> Option<&ChangeThreshold> {
        self.index.is_none().then_some(&self.error.threshold)
    }

    /// What a change amounts to.
    pub fn verdict(&self, baseline: Number, review: Number) -> Option<Verdict> {
        let (baseline, review, better) = (baseline.to_f64(), review.to_f64(), in_stats(self.better));
        match &self.index {
            Some((index, confidence)) => index.verdict(baseline, review, better, *confidence).ok(),
            None => self.error.threshold.verdict(baseline, review, better).ok(),
        }
    }

    /// Whether a pupil who starts here could show a clear change for the better at all.
    pub fn can_improve(&self, baseline: Number, best: Number) -> bool {
        self.verdict(baseline, best) == Some(Verdict::Improved)
    }

    /// The cut-off that was asked for, or why it cannot be had.
    pub fn cutoff(&self) -> Option<Result<f64, &str>> {
        self.cutoff.as_ref().map(|cutoff| cutoff.as_ref().map(|points| *points).map_err(String::as_str))
    }

    /// The category of a change, where a cut-off is in use.
    pub fn category(&self, baseline: Number, review: Number) -> Option<Category> {
        let (cutoff, better) = (*self.cutoff.as_ref()?.as_ref().ok()?, in_stats(self.better));
        let side = |score: Number| Side::of(score.to_f64(), cutoff, better).ok();
        Some(Category::of(side(baseline)?, side(review)?, self.verdict(baseline, review)?))
    }
}
