//! Exact numbers: scores are ratios of whole numbers until they are printed, so no float ever rounds a score.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

/// A ratio of two whole numbers, in lowest terms, the lower one above zero.
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
        (under != 0).then(|| {
            let common = gcd(over.unsigned_abs(), under.unsigned_abs()).max(1);
            let sign = if under < 0 { -1 } else { 1 };
            let common = i64::try_from(common).unwrap_or(1);
            Self { over: sign * over / common, under: sign * under / common }
        })
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
    #[must_use]
    pub fn round_half_up(self) -> Self {
        Self::whole((2 * self.over + self.under).div_euclid(2 * self.under))
    }

    /// This many times itself divided by `by`; none if `by` is nought.
    pub fn scaled(self, times: i64, by: i64) -> Option<Self> {
        Self::ratio(self.over * times, self.under * by)
    }

    /// The nearest floating-point number, for statistics and JSON; scores never come back from it.
    #[expect(clippy::cast_precision_loss, reason = "scores are small; only statistics read this")]
    pub fn to_f64(self) -> f64 {
        self.over as f64 / self.under as f64
    }
}

fn gcd(mut left: u64, mut right: u64) -> u64 {
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
            return Self::whole(self.over + other.over);
        }
        Self::ratio(self.over * other.under + other.over * self.under, self.under * other.under).unwrap_or(Self::ZERO)
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
        Self::ratio(self.over * times, self.under).unwrap_or(Self::ZERO)
    }
}

impl fmt::Display for Number {
    /// Whole numbers plainly; others with at most two decimals, halves up, no trailing noughts: `7`, `2.5`, `11.11`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.under == 1 {
            return write!(f, "{}", self.over);
        }
        let hundredths = (*self * 100).round_half_up().over;
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
