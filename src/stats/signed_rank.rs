//! Wilcoxon's signed-rank test, exact with ties and zeros.
//!
//! Questionnaire scores are whole numbers in a small range, so equal changes and unchanged pupils are the rule. The
//! tables behind other programs' "exact" option assume neither. Here the p value comes from the distribution itself:
//! every change may have had the other sign, all 2ᵏ ways being equally likely (Pratt & Gibbons 1981; the same numbers as
//! R's `exactRankTests` and `coin`).

use super::distribution::{normal_sf, normal_two_sided};
use super::number::{count, finite};
use super::{Confidence, Interval, Pairs, Undefined};

/// Largest number of changed pairs whose p value is exact by default; 2⁵⁰ still fits a float exactly.
pub const EXACT_UP_TO: usize = 50;

/// Largest sum of doubled ranks that is counted through. With Pratt's ranks a few changes among very many zeros have
/// very high ranks; the normal approximation is then used instead of a very long table.
const LONGEST_TABLE: usize = 1_000_000;

/// What becomes of pairs without a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Zeros {
    /// Dropped before ranking (Wilcoxon 1945). The default.
    #[default]
    Dropped,
    /// Ranked with the others, then dropped (Pratt 1959).
    RankedThenDropped,
    /// Ranked with the others, half of their ranks given to either side.
    Split,
}

/// Whether 0.5 is taken off |W − mean| in the normal approximation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continuity {
    /// Taken off, as R's `wilcox.test` does; slightly cautious.
    Corrected,
    /// Left as it is.
    Uncorrected,
}

/// How the p value is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PValue {
    /// Exact up to [`EXACT_UP_TO`] changed pairs, above that the normal approximation with continuity correction.
    #[default]
    ExactWherePossible,
    /// The normal approximation at any size.
    Normal(Continuity),
}

/// Which way a p value was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// From the sign-flip distribution.
    Exact,
    /// From the normal distribution.
    NormalApproximation {
        /// (W₊ − mean ∓ correction) / standard deviation.
        z: f64,
        /// Whether z was corrected.
        continuity: Continuity,
    },
}

/// Result of [`signed_rank`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignedRank {
    /// Pairs that changed.
    pub n_changed: usize,
    /// Pairs that did not.
    pub n_unchanged: usize,
    /// Sum of the ranks of rises.
    pub w_plus: f64,
    /// Sum of the ranks of falls.
    pub w_minus: f64,
    /// How the p values were found.
    pub method: Method,
    /// P of a W₊ as small as this or smaller: small if scores fell.
    pub p_fall: f64,
    /// P of a W₊ as large as this or larger: small if scores rose.
    pub p_rise: f64,
    /// min(1, twice the smaller of the two).
    pub p_two_sided: f64,
}

impl SignedRank {
    /// Matched-pairs rank-biserial correlation, (W₊ − W₋) / (W₊ + W₋) (Kerby 2014): from −1, every change a fall, to 1.
    ///
    /// 0 if nobody changed. With [`Zeros::Dropped`] it equals R's `effectsize`.
    pub fn rank_biserial(&self) -> f64 {
        let total = self.w_plus + self.w_minus;
        if total == 0.0 { 0.0 } else { (self.w_plus - self.w_minus) / total }
    }

    /// Interval of [`rank_biserial`](Self::rank_biserial) by Fisher's z: tanh(atanh(r) ± z·s), where
    /// s = √(n(n + 1)(2n + 1) / 6) / (n(n + 1) / 2) and n counts all pairs (R's `effectsize` 0.8).
    ///
    /// # Errors
    ///
    /// [`Undefined::NoSpread`] where all changes go one way or nobody changed: the transformation then has no end.
    pub fn rank_biserial_interval(&self, confidence: Confidence) -> Result<Interval, Undefined> {
        let r = self.rank_biserial();
        if r.abs() >= 1.0 || self.n_changed == 0 {
            return Err(Undefined::NoSpread);
        }
        let n = count(self.n_changed + self.n_unchanged);
        let pairs = n * (n + 1.0);
        let s = (pairs * (2.0 * n + 1.0) / 6.0).sqrt() / (pairs / 2.0);
        let (centre, half_width) = (r.atanh(), confidence.z() * s);
        Ok(Interval { low: finite((centre - half_width).tanh())?, high: finite((centre + half_width).tanh())? })
    }
}

/// Tests whether changes are as often and as far up as down.
///
/// |D| is ranked with mid-ranks; W₊ and W₋ are the rank sums of rises and falls (Wilcoxon 1945). Nobody changed: p is 1
/// by convention. With fewer than six changed pairs p cannot fall to 0.05, whatever the data.
///
/// # Errors
///
/// [`Undefined::TooLarge`] for rank sums beyond a float, which no real group reaches.
pub fn signed_rank(pairs: &Pairs<'_>, zeros: Zeros, p_value: PValue) -> Result<SignedRank, Undefined> {
    let ranked = Ranked::of(pairs.changes(), zeros);
    let n_changed = ranked.doubled_rises.len() + ranked.doubled_falls.len();
    let exact = p_value == PValue::ExactWherePossible
        && n_changed <= EXACT_UP_TO
        && ranked.doubled_rise_sum() + ranked.doubled_fall_sum() <= LONGEST_TABLE;
    let (method, p_fall, p_rise, p_two_sided) = if exact || n_changed == 0 {
        let (p_fall, p_rise) = ranked.exact_tails();
        (Method::Exact, p_fall, p_rise, (2.0 * p_fall.min(p_rise)).min(1.0))
    } else {
        let continuity = match p_value {
            PValue::Normal(continuity) => continuity,
            PValue::ExactWherePossible => Continuity::Corrected,
        };
        let (mean, variance) = ranked.mean_and_variance();
        let distance = count(ranked.doubled_rise_sum()) / 2.0 - mean;
        let correction = match continuity {
            Continuity::Corrected => 0.5,
            Continuity::Uncorrected => 0.0,
        };
        let sd = variance.sqrt();
        // Each tail counts its own end of the observed step; the two-sided p takes the step towards the mean.
        let z = finite((distance.abs() - correction).max(0.0).copysign(distance) / sd)?;
        let p_fall = normal_sf(-(distance + correction) / sd)?;
        let p_rise = normal_sf((distance - correction) / sd)?;
        (Method::NormalApproximation { z, continuity }, p_fall, p_rise, normal_two_sided(z)?)
    };
    Ok(SignedRank {
        n_changed,
        n_unchanged: pairs.len() - n_changed,
        w_plus: count(ranked.doubled_rise_sum()) / 2.0 + ranked.half_of_zero_ranks(),
        w_minus: count(ranked.doubled_fall_sum()) / 2.0 + ranked.half_of_zero_ranks(),
        method,
        p_fall,
        p_rise,
        p_two_sided,
    })
}

/// Ranks of the changes by direction, doubled so that mid-ranks are whole numbers.
struct Ranked {
    doubled_rises: Vec<usize>,
    doubled_falls: Vec<usize>,
    /// Unchanged pairs whose ranks are shared out between the two sides.
    split_zeros: usize,
}

impl Ranked {
    fn of(changes: &[f64], zeros: Zeros) -> Self {
        let mut sizes: Vec<(f64, bool)> = changes
            .iter()
            .filter(|change| **change != 0.0 || zeros != Zeros::Dropped)
            .map(|change| (change.abs(), *change > 0.0))
            .collect();
        sizes.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
        let mut ranked = Self { doubled_rises: Vec::new(), doubled_falls: Vec::new(), split_zeros: 0 };
        let mut before = 0;
        for tied in sizes.chunk_by(|left, right| left.0.total_cmp(&right.0).is_eq()) {
            // Ranks before + 1 to before + m have the mean (2·before + m + 1) / 2.
            let doubled_rank = 2 * before + tied.len() + 1;
            before += tied.len();
            for (size, rose) in tied {
                if *size == 0.0 {
                    ranked.split_zeros += usize::from(zeros == Zeros::Split);
                } else if *rose {
                    ranked.doubled_rises.push(doubled_rank);
                } else {
                    ranked.doubled_falls.push(doubled_rank);
                }
            }
        }
        ranked
    }

    fn doubled_rise_sum(&self) -> usize {
        self.doubled_rises.iter().sum()
    }

    fn doubled_fall_sum(&self) -> usize {
        self.doubled_falls.iter().sum()
    }

    fn doubled_ranks(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        self.doubled_rises.iter().chain(&self.doubled_falls).copied()
    }

    /// Zeros come first, so their m ranks sum to m(m + 1)/2; each side gets half.
    fn half_of_zero_ranks(&self) -> f64 {
        count(self.split_zeros) * (count(self.split_zeros) + 1.0) / 4.0
    }

    /// P(W₊ ≤ w) and P(W₊ ≥ w) over all sign flips.
    ///
    /// `ways[s]` counts the choices of signs whose doubled rises sum to s; each rank either joins a sum or does not.
    fn exact_tails(&self) -> (f64, f64) {
        let observed = self.doubled_rise_sum();
        let mut ways = vec![0.0_f64; observed + self.doubled_fall_sum() + 1];
        ways[0] = 1.0;
        let mut reached = 0;
        for rank in self.doubled_ranks() {
            reached += rank;
            for sum in (rank..=reached).rev() {
                ways[sum] += ways[sum - rank];
            }
        }
        let total: f64 = ways.iter().sum();
        let at_most: f64 = ways[..=observed].iter().sum();
        let at_least: f64 = ways[observed..].iter().sum();
        (at_most / total, at_least / total)
    }

    /// Mean and variance of W₊ over all sign flips: Σr/2 and Σr²/4, which holds the correction for ties already.
    ///
    /// With split zeros the variance also counts the zeros' ranks, as scipy does.
    fn mean_and_variance(&self) -> (f64, f64) {
        let mean = self.doubled_ranks().map(count).sum::<f64>() / 4.0;
        let zero_rank = f64::midpoint(count(self.split_zeros), 1.0);
        let zeros = count(self.split_zeros) * zero_rank * zero_rank / 4.0;
        let variance = self.doubled_ranks().map(|rank| count(rank) * count(rank)).sum::<f64>() / 16.0;
        (mean, variance + zeros)
    }
}
