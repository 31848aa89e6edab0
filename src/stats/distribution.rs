//! The distributions of `statrs`, behind guards.
//!
//! Measured against scipy 1.17.1 with statrs 0.19.1, relative errors:
//!
//! - tails of the normal distribution: up to 1e-10 anywhere;
//! - quantiles of t: up to 1e-11 for at most 500 degrees of freedom, then drifting (3e-8 at 2,000, 7e-2 at ten million);
//! - tails of t: up to 5e-10 for a million degrees of freedom;
//! - binomial tails: 2e-3 near the middle of a million trials (the continued fraction stops after 140 terms);
//! - quantiles of beta: 2e-3 at shapes 3 and a million, and **no return at all** at shapes near ten million;
//! - quantiles of F: up to 4e-9 for every size used here.
//!
//! Hence the limits below. All functions check their arguments, because statrs panics on some.

use statrs::distribution::{Beta, Binomial, ChiSquared, ContinuousCDF, Discrete, DiscreteCDF, FisherSnedecor, Normal, StudentsT};

use super::number::{count, finite};
use super::{Interval, Undefined};

/// Above this many degrees of freedom the t quantile comes from its expansion around the normal quantile.
const EXACT_T_DEGREES: usize = 500;

/// Tails of t have been checked up to this many degrees of freedom.
const MOST_T_DEGREES: usize = 10_000_000;

/// Quantiles of F have been checked up to these degrees of freedom: ten million forms of fifty items.
const MOST_F_DEGREES: (usize, usize) = (10_000_000, 490_000_000);

/// Above this many trials binomial tails are added up term by term instead of asked of the beta function.
const EXACT_TRIALS: usize = 500;

/// How sure an interval is: 0.95 for a 95% interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence(f64);

impl Confidence {
    /// 95%, the default everywhere.
    pub const NINETY_FIVE: Self = Self(0.95);
    /// 90%.
    pub const NINETY: Self = Self(0.90);
    /// 80%.
    pub const EIGHTY: Self = Self(0.80);

    /// A level from 0.5 to 0.9999, where the quantiles have been checked.
    ///
    /// # Errors
    ///
    /// [`Undefined::OutOfRange`] outside that range.
    pub fn new(level: f64) -> Result<Self, Undefined> {
        if (0.5..=0.9999).contains(&level) {
            Ok(Self(level))
        } else {
            Err(Undefined::OutOfRange { what: "a confidence level", allowed: "from 0.5 to 0.9999" })
        }
    }

    /// The level, 0.95 for 95%.
    pub fn level(self) -> f64 {
        self.0
    }

    /// The probability left out in each tail: 0.025 for 95%.
    pub fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }

    /// The two-sided normal quantile: 1.959963984540054 for 95%.
    pub fn z(self) -> f64 {
        Normal::standard().inverse_cdf(f64::midpoint(1.0, self.0))
    }

    /// The one-sided normal quantile: 1.6448536269514722 for 95%.
    pub fn z_one_sided(self) -> f64 {
        // From 0.5 up to 0.9999, so inside the range that statrs accepts.
        Normal::standard().inverse_cdf(self.0)
    }
}

impl Default for Confidence {
    fn default() -> Self {
        Self::NINETY_FIVE
    }
}

fn probability(p: f64) -> Result<f64, Undefined> {
    if p > 0.0 && p < 1.0 { Ok(p) } else { Err(Undefined::OutOfRange { what: "a probability", allowed: "between 0 and 1" }) }
}

/// P(Z ≤ x) for a standard normal Z.
///
/// # Errors
///
/// [`Undefined::NotFinite`] if `x` is not finite.
pub fn normal_cdf(x: f64) -> Result<f64, Undefined> {
    // The upper tail of −x, because statrs' `cdf` is `0.5 * erfc(-x / √2)` as well: both tails keep their digits.
    normal_sf(-x)
}

/// P(Z > x) for a standard normal Z.
///
/// # Errors
///
/// [`Undefined::NotFinite`] if `x` is not finite.
pub fn normal_sf(x: f64) -> Result<f64, Undefined> {
    if x.is_finite() { Ok(Normal::standard().sf(x)) } else { Err(Undefined::NotFinite) }
}

/// The x with P(Z ≤ x) = p for a standard normal Z.
///
/// # Errors
///
/// [`Undefined::OutOfRange`] unless 0 < p < 1.
pub fn normal_quantile(p: f64) -> Result<f64, Undefined> {
    finite(Normal::standard().inverse_cdf(probability(p)?))
}

/// min(1, 2·P(Z > |z|)).
pub(super) fn normal_two_sided(z: f64) -> Result<f64, Undefined> {
    Ok((2.0 * normal_sf(z.abs())?).min(1.0))
}

/// min(1, 2·P(T > |t|)) for Student's t.
///
/// More than ten million degrees of freedom are taken for ten million: t is then normal to six digits.
///
/// # Errors
///
/// [`Undefined::TooFew`] without degrees of freedom, [`Undefined::NotFinite`] if `t` is not finite.
pub fn student_t_two_sided(t: f64, degrees_of_freedom: usize) -> Result<f64, Undefined> {
    if !t.is_finite() {
        return Err(Undefined::NotFinite);
    }
    let student = student_t(degrees_of_freedom.min(MOST_T_DEGREES))?;
    Ok((2.0 * student.sf(t.abs())).min(1.0))
}

fn student_t(degrees_of_freedom: usize) -> Result<StudentsT, Undefined> {
    StudentsT::new(0.0, 1.0, count(degrees_of_freedom)).map_err(|_| Undefined::TooFew { needed: 1, found: degrees_of_freedom })
}

/// The upper quantile t with P(|T| ≤ t) equal to the confidence level.
///
/// Up to 500 degrees of freedom ν from statrs; above, z + g₁/ν + g₂/ν² + g₃/ν³ + g₄/ν⁴ (Abramowitz & Stegun 1964,
/// 26.7.5), whose next term is below 1e-10. The bare normal quantile would be wrong by 1e-4 even at ν = 10,000.
///
/// # Errors
///
/// [`Undefined::TooFew`] without degrees of freedom.
pub fn student_t_quantile(confidence: Confidence, degrees_of_freedom: usize) -> Result<f64, Undefined> {
    if degrees_of_freedom <= EXACT_T_DEGREES {
        return finite(student_t(degrees_of_freedom)?.inverse_cdf(1.0 - confidence.tail()));
    }
    let (z, nu) = (confidence.z(), count(degrees_of_freedom));
    let z2 = z * z;
    let g1 = z * (z2 + 1.0) / 4.0;
    let g2 = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let g3 = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    let g4 = z * ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92_160.0;
    finite(z + (g1 + (g2 + (g3 + g4 / nu) / nu) / nu) / nu)
}

/// The x with P(F ≤ x) = p for Fisher's F.
///
/// More than 10 and 490 million degrees of freedom are taken for so many: F is then within 0.002 of 1.
///
/// # Errors
///
/// [`Undefined::TooFew`] without degrees of freedom, [`Undefined::OutOfRange`] unless 0 < p < 1.
pub fn f_quantile(p: f64, numerator_df: usize, denominator_df: usize) -> Result<f64, Undefined> {
    let fisher = FisherSnedecor::new(count(numerator_df.min(MOST_F_DEGREES.0)), count(denominator_df.min(MOST_F_DEGREES.1)))
        .map_err(|_| Undefined::TooFew { needed: 1, found: numerator_df.min(denominator_df) })?;
    finite(fisher.inverse_cdf(probability(p)?))
}

/// P(χ² > x).
///
/// # Errors
///
/// [`Undefined::TooFew`] without degrees of freedom, [`Undefined::OutOfRange`] unless x is at least 0.
pub fn chi_squared_sf(x: f64, degrees_of_freedom: usize) -> Result<f64, Undefined> {
    if !(x.is_finite() && x >= 0.0) {
        return Err(Undefined::OutOfRange { what: "a chi-squared value", allowed: "0 or more" });
    }
    let chi_squared = ChiSquared::new(count(degrees_of_freedom)).map_err(|_| Undefined::TooFew { needed: 1, found: degrees_of_freedom })?;
    Ok(chi_squared.sf(x).clamp(0.0, 1.0))
}

/// The two tails of a binomial distribution around one count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BinomialTails {
    /// P(X ≤ k).
    pub(super) at_most: f64,
    /// P(X ≥ k).
    pub(super) at_least: f64,
    /// P(X = k).
    pub(super) exactly: f64,
}

/// The tails around `k` successes in `n` trials of probability `p`, with 0 < p < 1 and k ≤ n.
pub(super) fn binomial_tails(k: usize, n: usize, p: f64) -> Result<BinomialTails, Undefined> {
    let out_of_range = Undefined::OutOfRange { what: "a number of successes", allowed: "at most the number of trials" };
    if k > n {
        return Err(out_of_range);
    }
    let (successes, trials) = (k as u64, n as u64);
    let binomial = Binomial::new(probability(p)?, trials).map_err(|_| out_of_range)?;
    let exactly = finite(binomial.pmf(successes))?.min(1.0);
    let (at_most, at_least) = if n <= EXACT_TRIALS {
        // P(X ≥ 0) is 1; below, P(X ≥ k) = P(X > k − 1).
        (binomial.cdf(successes), successes.checked_sub(1).map_or(1.0, |below| binomial.sf(below)))
    } else {
        // From the mode outwards the terms only shrink, so the tail on the far side of the mode is added up term by
        // term and the other one is what remains.
        let odds = p / (1.0 - p);
        if count(k) <= count(n) * p {
            let below = tail_sum(exactly, (1..=k).rev().map(|j| count(j) / (count(n - j + 1) * odds)));
            (below, 1.0 - below + exactly)
        } else {
            let above = tail_sum(exactly, (k..n).map(|j| count(n - j) * odds / count(j + 1)));
            (1.0 - above + exactly, above)
        }
    };
    Ok(BinomialTails { at_most: at_most.clamp(0.0, 1.0), at_least: at_least.clamp(0.0, 1.0), exactly })
}

/// The first term and all that follow, each the one before times the next factor, until they no longer count.
fn tail_sum(first: f64, factors: impl Iterator<Item = f64>) -> f64 {
    let (mut term, mut total) = (first, first);
    for factor in factors {
        term *= factor;
        total += term;
        if term <= total * 1e-17 {
            break;
        }
    }
    total
}

/// Clopper and Pearson's limits: the p at which so many successes, or so few, are in the outer tail of a binomial.
///
/// Up to 500 trials they are beta quantiles from statrs. Above, the definition is solved by bisection on tails that are
/// added up term by term, because statrs' beta quantile goes wrong there and need not return.
pub(super) fn clopper_pearson_limits(k: usize, n: usize, confidence: Confidence) -> Result<Interval, Undefined> {
    let low = clopper_pearson_low(k, n, confidence.tail())?;
    // By symmetry: the upper limit for k successes is one minus the lower limit for as many failures.
    let high = 1.0 - clopper_pearson_low(n - k, n, confidence.tail())?;
    Ok(Interval { low, high })
}

fn clopper_pearson_low(k: usize, n: usize, tail: f64) -> Result<f64, Undefined> {
    if k == 0 {
        return Ok(0.0);
    }
    if n <= EXACT_TRIALS {
        let beta = Beta::new(count(k), count(n - k + 1)).map_err(|_| Undefined::TooFew { needed: 1, found: n })?;
        return finite(beta.inverse_cdf(tail));
    }
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return Ok(middle);
        }
        if binomial_tails(k, n, middle)?.at_least < tail {
            low = middle;
        } else {
            high = middle;
        }
    }
}
