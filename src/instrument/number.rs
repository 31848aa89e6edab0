//! Exact numbers: scores are ratios of whole numbers until they are printed, so no float ever rounds a score.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

/// A ratio of two whole numbers, in lowest terms, the lower one above zero.
///
/// Arithmetic is exact as long as both numbers of the result fit into 64 bits, which every questionnaire's do by far; beyond that, in a
/// definition that makes no sense, it stops at the nearest whole number that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Number {
    over: i64,
    under: i64,
}

impl Number {
    /// Nought.
    pub const ZERO: Self = Self { over: 0, under: 1 };

    /// A whole number.
    pub const fn whole(value: i64) -> Self {
        Self { over: value, under: 1 }
    }

    /// `over / under`; none if `under` is nought.
    pub fn ratio(over: i64, under: i64) -> Option<Self> {
        // Most numbers are whole.
        if under == 1 && over > i64::MIN {
            return Some(Self::whole(over));
        }
        Self::fraction(i128::from(over), i128::from(under))
    }

    /// `over / under`, each of them a product of numbers of 64 bits.
    fn fraction(over: i128, under: i128) -> Option<Self> {
        let common = i128::try_from(gcd(over.unsigned_abs(), under.unsigned_abs())).ok()?;
        let common = under.signum() * common;
        if common == 0 {
            return None;
        }
        match (i64::try_from(over / common), i64::try_from(under / common)) {
            (Ok(over), Ok(under)) if over > i64::MIN => Some(Self { over, under }),
            _ => Some(Self::nearest(over.div_euclid(under))),
        }
    }

    /// The whole number, or the end of what fits. Its negative fits too.
    fn nearest(value: i128) -> Self {
        let end = if value < 0 { -i64::MAX } else { i64::MAX };
        Self::whole(i64::try_from(value).unwrap_or(end).max(-i64::MAX))
    }

    /// Reads `7`, `-2`, `2.0`, `19.5`: plain decimals of at most nine digits on either side, no exponent, no thousands mark.
    pub fn parse(text: &str) -> Option<Self> {
        const LONGEST: usize = 9;
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let is_plain = |part: &str| part.len() <= LONGEST && part.bytes().all(|byte| byte.is_ascii_digit());
        let has_digit = digits.bytes().any(|byte| byte.is_ascii_digit());
        if !is_plain(whole) || !is_plain(fraction) || !has_digit {
            return None;
        }
        let mut over: i64 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            over = over * 10 + i64::from(digit - b'0');
        }
        let under = 10_i64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        Self::ratio(if negative { -over } else { over }, under)
    }

    /// The number above the line.
    pub fn over(self) -> i64 {
        self.over
    }

    /// The number below the line, always above nought.
    pub fn under(self) -> i64 {
        self.under
    }

    /// The whole number that it is, if it is one.
    pub fn as_whole(self) -> Option<i64> {
        (self.under == 1).then_some(self.over)
    }

    /// The nearest whole number, halves up: 2.5 becomes 3, and 6.67 becomes 7.
    ///
    /// ```
    /// use bandwise::instrument::Number;
    /// assert_eq!(Number::ratio(5, 2).map(Number::round_half_up), Some(Number::whole(3)));
    /// ```
    #[must_use]
    pub fn round_half_up(self) -> Self {
        Self::nearest(self.in_parts_half_up(1))
    }

    /// This many times itself divided by `by`; none if `by` is nought.
    pub fn scaled(self, times: i64, by: i64) -> Option<Self> {
        Self::fraction(i128::from(self.over) * i128::from(times), i128::from(self.under) * i128::from(by))
    }

    /// The product of two numbers.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        self.scaled(other.over, other.under).unwrap_or(Self::ZERO)
    }

    /// How many parts it comes to, where so many parts make 1: to the nearest whole part, halves up.
    fn in_parts_half_up(self, parts: i128) -> i128 {
        let (over, under) = (i128::from(self.over) * parts, i128::from(self.under));
        (2 * over + under).div_euclid(2 * under)
    }

    /// The nearest floating-point number, for statistics and JSON; scores never come back from it.
    #[expect(clippy::cast_precision_loss, reason = "scores are small; only statistics read this")]
    pub fn to_f64(self) -> f64 {
        self.over as f64 / self.under as f64
    }
}

fn gcd(mut left: u128, mut right: u128) -> u128 {
    // Nearly all numbers are small, and small ones are divided many times faster.
    if let (Ok(mut left), Ok(mut right)) = (u64::try_from(left), u64::try_from(right)) {
        while right != 0 {
            (left, right) = (right, left % right);
        }
        return u128::from(left);
    }
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        (i128::from(self.over) * i128::from(other.under)).cmp(&(i128::from(other.over) * i128::from(self.under)))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Add for Number {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        if self.under == 1 && other.under == 1 {
            return Self::nearest(i128::from(self.over) + i128::from(other.over));
        }
        let (left, right) = ((i128::from(self.over), i128::from(self.under)), (i128::from(other.over), i128::from(other.under)));
        Self::fraction(left.0 * right.1 + right.0 * left.1, left.1 * right.1).unwrap_or(Self::ZERO)
    }
}

impl Neg for Number {
    type Output = Self;
    fn neg(self) -> Self {
        Self { over: -self.over, under: self.under }
    }
}

impl Sub for Number {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul<i64> for Number {
    type Output = Self;
    fn mul(self, times: i64) -> Self {
        self.scaled(times, 1).unwrap_or(Self::ZERO)
    }
}

impl fmt::Display for Number {
    /// Whole numbers plainly; others with at most two decimals, halves up, no trailing noughts: `7`, `2.5`, `11.11`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.under == 1 {
            return write!(f, "{}", self.over);
        }
        let hundredths = self.in_parts_half_up(100);
        let sign = if hundredths < 0 { "-" } else { "" };
        let (whole, fraction) = (hundredths.abs() / 100, hundredths.abs() % 100);
        match fraction {
            0 => write!(f, "{sign}{whole}"),
            tenths if tenths % 10 == 0 => write!(f, "{sign}{whole}.{}", tenths / 10),
            _ => write!(f, "{sign}{whole}.{fraction:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        Number::parse(text).map_or_else(|| "none".into(), |number| format!("{}/{}", number.over, number.under))
    }

    #[test]
    fn plain_decimals_are_read_and_nothing_else() {
        for (text, expected) in [
            ("7", "7/1"),
            ("-2", "-2/1"),
            ("2.0", "2/1"),
            ("19.5", "39/2"),
            (".5", "1/2"),
            ("007", "7/1"),
            ("", "none"),
            ("-", "none"),
            (".", "none"),
            ("1e3", "none"),
            ("1,000", "none"),
            ("1 ", "none"),
            ("12345678901", "none"),
            ("٣", "none"),
        ] {
            assert_eq!(parsed(text), expected, "{text}");
        }
    }

    #[test]
    fn halves_go_up() {
        for (over, under, expected) in [(5, 2, 3), (20, 3, 7), (15, 2, 8), (7, 3, 2), (-5, 2, -2), (4, 1, 4)] {
            assert_eq!(Number::ratio(over, under).map(Number::round_half_up), Some(Number::whole(expected)));
        }
    }

    #[test]
    fn two_decimals_at_most_are_shown() {
        for (over, under, expected) in [(7, 1, "7"), (5, 2, "2.5"), (100, 9, "11.11"), (2, 3, "0.67"), (-1, 3, "-0.33"), (1999, 1000, "2")]
        {
            assert_eq!(Number::ratio(over, under).map(|number| number.to_string()).as_deref(), Some(expected));
        }
    }
}
