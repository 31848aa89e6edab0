//! Pure statistics: numbers in, numbers out, nothing read and nothing printed.
//!
//! Every function names its formula, its source and its degenerate case. What is undefined is an [`Undefined`] with the
//! reason, never a NaN, an infinity or a panic. Change is always review minus baseline; [`Better`] says which direction
//! is good. Distributions come from `statrs`, behind the guards of [`distribution`]; nothing here draws random numbers,
//! so the same input always gives the same output.
//!
//! Where to look:
//!
//! - one column of scores: [`describe`];
//! - one pupil, two times: [`measurement_error`], [`reliable_change`], [`clinical_change`], [`goals`];
//! - one group, two times: [`paired`], [`effect`], [`dominance`], [`signed_rank`], [`bootstrap`], and for bands
//!   [`proportions`], [`mcnemar`], [`table`];
//! - with a comparison group or none: [`regression`], [`two_groups`], [`sdq_added_value`];
//! - a questionnaire's items: [`covariance`], [`reliability`], [`omega`];
//! - several results at once: [`multiplicity`].

#![expect(clippy::doc_markdown, reason = "formulas (S_c, n_h) and people (McNemar, LeVeque) are not code")]

pub mod bootstrap;
pub mod clinical_change;
pub mod covariance;
pub mod describe;
pub mod distribution;
pub mod dominance;
pub mod effect;
pub mod goals;
pub mod mcnemar;
pub mod measurement_error;
pub mod multiplicity;
mod number;
pub mod omega;
pub mod paired;
pub mod proportions;
pub mod regression;
pub mod reliability;
pub mod reliable_change;
pub mod sdq_added_value;
pub mod signed_rank;
pub mod table;
pub mod two_groups;

pub use distribution::Confidence;
pub use paired::Pairs;

/// Why a statistic has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Undefined {
    /// Fewer values than the formula divides by.
    #[error("{found} values, at least {needed} needed")]
    TooFew {
        /// The smallest number that gives a result.
        needed: usize,
        /// How many there were.
        found: usize,
    },
    /// Two columns that should pair up do not.
    #[error("{left} values on one side, {right} on the other: as many on both needed")]
    LengthsDiffer {
        /// Values in the first column.
        left: usize,
        /// Values in the second column.
        right: usize,
    },
    /// An input is NaN or infinite.
    #[error("a value is not a finite number")]
    NotFinite,
    /// The values do not vary, and the formula divides by their spread.
    #[error("the values do not vary, so nothing can be measured against their spread")]
    NoSpread,
    /// Nobody moved between bands, and the formula compares those who did.
    #[error("nobody moved, so there is nothing to compare")]
    NobodyMoved,
    /// An argument is outside what the formula allows.
    #[error("{what} must be {allowed}")]
    OutOfRange {
        /// The argument, in words.
        what: &'static str,
        /// What would be allowed.
        allowed: &'static str,
    },
    /// The inputs are finite, the result is not.
    #[error("the result is too large to write as a number")]
    TooLarge,
    /// An iteration did not settle on an answer, or settled on an impossible one.
    #[error("no stable solution was found")]
    NoSolution,
}

/// Which direction of change is an improvement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Better {
    /// Difficulties: a fall is good.
    Lower,
    /// Strengths and wellbeing: a rise is good.
    Higher,
}

impl Better {
    /// +1 where higher is better, −1 where lower is better: `sign() * change` is the improvement.
    pub fn sign(self) -> f64 {
        match self {
            Self::Lower => -1.0,
            Self::Higher => 1.0,
        }
    }
}

/// A confidence or prediction interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

impl Interval {
    /// `centre ± half_width`; [`Undefined::TooLarge`] where a limit overflows.
    fn around(centre: f64, half_width: f64) -> Result<Self, Undefined> {
        Ok(Self { low: number::finite(centre - half_width)?, high: number::finite(centre + half_width)? })
    }

    /// Cuts the interval to the values that are possible at all.
    fn clamped(self, low: f64, high: f64) -> Self {
        Self { low: self.low.clamp(low, high), high: self.high.clamp(low, high) }
    }
}
