//! One proportion with its interval, and the sign test.

use super::distribution::{binomial_tails, clopper_pearson_limits};
use super::number::{count, finite};
use super::{Confidence, Interval, Undefined};

/// `successes` out of `n`, checked: at least one, and no more successes than trials.
fn checked(successes: usize, n: usize) -> Result<(), Undefined> {
    if n == 0 {
        Err(Undefined::TooFew { needed: 1, found: 0 })
    } else if successes > n {
        Err(Undefined::OutOfRange { what: "a number of successes", allowed: "at most the number of trials" })
    } else {
        Ok(())
    }
}

/// Wilson's interval of a proportion, for display (Wilson 1927):
/// (p + z²/2n ± z√(p(1 − p)/n + z²/4n²)) / (1 + z²/n). Never outside 0 to 1, and exactly 0 or 1 where p is.
///
/// # Errors
///
/// [`Undefined::TooFew`] without trials, [`Undefined::OutOfRange`] for more successes than trials.
pub fn wilson(successes: usize, n: usize, confidence: Confidence) -> Result<Interval, Undefined> {
    checked(successes, n)?;
    let (trials, z) = (count(n), confidence.z());
    let p = count(successes) / trials;
    let z2 = z * z;
    let centre = p + z2 / (2.0 * trials);
    let half_width = z * (p * (1.0 - p) / trials + z2 / (4.0 * trials * trials)).sqrt();
    let scale = 1.0 + z2 / trials;
    Ok(Interval {
        low: if successes == 0 { 0.0 } else { finite((centre - half_width) / scale)? },
        high: if successes == n { 1.0 } else { finite((centre + half_width) / scale)? },
    })
}

/// Clopper and Pearson's interval of a proportion, where a guarantee is wanted (Clopper & Pearson 1934): the coverage is
/// at least the confidence, usually more. Its limits are the p at which `successes` or more, or as few or fewer, have
/// the probability of one tail; 0 successes: from 0; n successes: up to 1.
///
/// # Errors
///
/// [`Undefined::TooFew`] without trials, [`Undefined::OutOfRange`] for more successes than trials.
pub fn clopper_pearson(successes: usize, n: usize, confidence: Confidence) -> Result<Interval, Undefined> {
    checked(successes, n)?;
    clopper_pearson_limits(successes, n, confidence)
}

/// Result of [`sign_test`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignTest {
    /// Pairs that changed.
    pub n_changed: usize,
    /// P of as many falls or more: small if scores fell.
    pub p_fall: f64,
    /// P of as many rises or more: small if scores rose.
    pub p_rise: f64,
    /// min(1, twice the smaller of the two).
    pub p_two_sided: f64,
}

/// Sign test (Arbuthnott 1710): of those who changed, did more go one way than a coin would send them?
///
/// Pairs without a change are left out. Nobody changed: every p is 1 by convention.
///
/// # Errors
///
/// [`Undefined::TooLarge`] for counts beyond the machine's whole numbers.
pub fn sign_test(rose: usize, fell: usize) -> Result<SignTest, Undefined> {
    let n_changed = rose.checked_add(fell).ok_or(Undefined::TooLarge)?;
    let tails = binomial_tails(rose, n_changed, 0.5)?;
    Ok(SignTest {
        n_changed,
        p_fall: tails.at_most,
        p_rise: tails.at_least,
        p_two_sided: (2.0 * tails.at_most.min(tails.at_least)).min(1.0),
    })
}
