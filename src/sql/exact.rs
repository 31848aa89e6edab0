//! Whole-number expressions that know the ends of what they can come to.
//!
//! Engines cut whole division towards nought and stop, or wrap, at 64 bits. A step that could go below nought is moved above it
//! first, and one that could need more than 64 bits is refused when the view is made, so that no row can ever come out wrong.

use super::dialect::Dialect;
use crate::instrument::Number;

/// How tightly an expression holds together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Binds {
    Sum,
    /// In a product it needs brackets: three times a quotient that is cut down is not the quotient of three times as much.
    Quotient,
    Product,
    Tightly,
}

/// A whole-number expression.
#[derive(Clone, Debug)]
pub(super) struct Whole {
    sql: String,
    binds: Binds,
    low: i128,
    high: i128,
    /// The furthest from nought that any step on the way can be.
    widest: i128,
    /// A number that it is a multiple of, with the rest of the product: twice five times something is ten times it.
    multiple: Option<(i64, String)>,
}

impl Whole {
    pub(super) fn constant(value: i64) -> Self {
        let binds = if value < 0 { Binds::Sum } else { Binds::Tightly };
        Self::made(value.to_string(), binds, i128::from(value), i128::from(value), 0)
    }

    /// A column, or anything else that holds together, with the ends of what it can be.
    pub(super) fn column(sql: impl Into<String>, low: i128, high: i128) -> Self {
        Self::made(sql.into(), Binds::Tightly, low, high, 0)
    }

    fn made(sql: String, binds: Binds, low: i128, high: i128, widest: i128) -> Self {
        Self { sql, binds, low, high, widest: widest.max(low.saturating_abs()).max(high.saturating_abs()), multiple: None }
    }

    pub(super) fn sql(&self) -> &str {
        &self.sql
    }

    /// The least and the greatest that the ratio of one number to another above nought can be.
    pub(super) fn ends_over(&self, per: &Self) -> (Option<Number>, Option<Number>) {
        let ratio = |over: i128, per: i128| Number::ratio(i64::try_from(over).ok()?, i64::try_from(per.max(1)).ok()?);
        let (near, far) = (per.low, per.high);
        (ratio(self.low, if self.low < 0 { near } else { far }), ratio(self.high, if self.high < 0 { far } else { near }))
    }

    pub(super) fn low(&self) -> i128 {
        self.low
    }

    pub(super) fn high(&self) -> i128 {
        self.high
    }

    /// The number, if it is always the same one.
    pub(super) fn as_constant(&self) -> Option<i64> {
        i64::try_from(self.low).ok().filter(|_| self.low == self.high && self.sql == self.low.to_string())
    }

    /// Whether every step fits into 64 bits.
    pub(super) fn fits(&self) -> bool {
        self.widest < i128::from(i64::MAX)
    }

    fn inside(&self, outer: Binds) -> String {
        if self.binds < outer { format!("({})", self.sql) } else { self.sql.clone() }
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        let (low, high) = (self.low.saturating_add(other.low), self.high.saturating_add(other.high));
        let widest = self.widest.max(other.widest);
        match (self.as_constant(), other.as_constant()) {
            (Some(_), Some(_)) => Self::made(low.to_string(), if low < 0 { Binds::Sum } else { Binds::Tightly }, low, high, widest),
            (Some(0), _) => other.clone(),
            (_, Some(0)) => self.clone(),
            (_, Some(less)) if less < 0 => Self::made(format!("{} - {}", self.sql, less.unsigned_abs()), Binds::Sum, low, high, widest),
            _ => Self::made(format!("{} + {}", self.sql, other.inside(Binds::Product)), Binds::Sum, low, high, widest),
        }
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        if let Some(less) = other.as_constant() {
            return self.plus(&Self::constant(-less));
        }
        let (low, high) = (self.low.saturating_sub(other.high), self.high.saturating_sub(other.low));
        Self::made(format!("{} - {}", self.sql, other.inside(Binds::Product)), Binds::Sum, low, high, self.widest.max(other.widest))
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        let ends = [(self.low, other.low), (self.low, other.high), (self.high, other.low), (self.high, other.high)];
        let products = ends.map(|(left, right)| left.saturating_mul(right));
        let (low, high) = (products.iter().copied().fold(i128::MAX, i128::min), products.iter().copied().fold(i128::MIN, i128::max));
        let widest = self.widest.max(other.widest);
        match (self.as_constant(), other.as_constant()) {
            (Some(_), Some(_)) => Self::made(low.to_string(), if low < 0 { Binds::Sum } else { Binds::Tightly }, low, high, widest),
            (Some(1), _) => other.clone(),
            (_, Some(1)) => self.clone(),
            // The number stands first.
            (None, Some(_)) => other.times(self),
            (Some(number), None) => {
                let (number, rest) = match other.multiplied(number) {
                    Some(product) => product,
                    None => (number, other.inside(Binds::Product)),
                };
                let sql = format!("{} * {rest}", Self::constant(number).inside(Binds::Product));
                Self { multiple: Some((number, rest)), ..Self::made(sql, Binds::Product, low, high, widest) }
            }
            _ => {
                Self::made(format!("{} * {}", self.inside(Binds::Product), other.inside(Binds::Product)), Binds::Product, low, high, widest)
            }
        }
    }

    fn multiplied(&self, number: i64) -> Option<(i64, String)> {
        let (inner, rest) = self.multiple.as_ref()?;
        Some((number.checked_mul(*inner)?, rest.clone()))
    }

    /// The quotient by a number above nought, cut downwards.
    pub(super) fn divided_down(&self, by: &Self, dialect: Dialect) -> Self {
        if by.as_constant() == Some(1) {
            return self.clone();
        }
        let least = by.low.max(1);
        let whole = |over: &Self| {
            let sql = format!("{} {} {}", over.inside(Binds::Tightly), dialect.whole_division(), by.inside(Binds::Tightly));
            let high = if over.high < 0 { -1 } else { over.high / least };
            Self::made(sql, Binds::Quotient, 0, high, over.widest.max(by.widest))
        };
        if self.low >= 0 {
            return whole(self);
        }
        // Moved above nought by so many whole ones, and back again.
        let moved = i64::try_from((-self.low + least - 1) / least).unwrap_or(i64::MAX);
        let quotient = whole(&self.plus(&Self::constant(moved).times(by)));
        let (low, high) = (-i128::from(moved), if self.high < 0 { -1 } else { self.high / least });
        Self { low, high, ..quotient.minus(&Self::constant(moved)) }
    }

    /// The same expression, of whose ends more is known.
    pub(super) fn between(self, low: i128, high: i128) -> Self {
        Self { low, high, ..self }
    }

    pub(super) fn twice(&self) -> Self {
        Self::constant(2).times(self)
    }
}

/// A ratio of two whole-number expressions, the lower one above nought.
#[derive(Clone, Debug)]
pub(super) struct Ratio {
    pub(super) over: Whole,
    pub(super) per: Whole,
}

impl Ratio {
    pub(super) fn new(over: Whole, per: Whole) -> Self {
        Self { over, per }
    }

    pub(super) fn number(number: Number) -> Self {
        Self::new(Whole::constant(number.over()), Whole::constant(number.under()))
    }

    /// The nearest whole number, halves up.
    pub(super) fn rounded(&self, dialect: Dialect) -> Whole {
        if self.per.as_constant() == Some(1) {
            return self.over.clone();
        }
        self.over.twice().plus(&self.per).divided_down(&self.per.twice(), dialect)
    }

    /// So many times itself, the number in lowest terms.
    pub(super) fn times(&self, number: Number) -> Self {
        // What the number shares with a known lower part is cancelled, so that expressions stay short.
        let shared = self.per.as_constant().map_or(1, |per| gcd(per, number.over().abs().max(1)));
        let per = self.per.as_constant().map_or_else(|| self.per.clone(), |per| Whole::constant(per / shared));
        let over = Whole::constant(number.over() / shared).times(&self.over);
        Self::new(over, Whole::constant(number.under()).times(&per))
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        if let (Some(left), Some(right)) = (self.per.as_constant(), other.per.as_constant()) {
            let common = left / gcd(left, right) * right;
            let [left, right] = [left, right].map(|per| Whole::constant(common / per));
            return Self::new(left.times(&self.over).plus(&right.times(&other.over)), Whole::constant(common));
        }
        let over = other.per.times(&self.over).plus(&self.per.times(&other.over));
        Self::new(over, self.per.times(&other.per))
    }

    /// Whether it stands to a number as the sign says.
    pub(super) fn compared(&self, sign: &str, number: Number) -> String {
        let left = Whole::constant(number.under()).times(&self.over);
        let right = Whole::constant(number.over()).times(&self.per);
        format!("{} {sign} {}", left.sql, right.sql)
    }

    /// Whether comparing it with a number fits into 64 bits.
    pub(super) fn can_be_compared(&self, number: Number) -> bool {
        Whole::constant(number.under()).times(&self.over).fits() && Whole::constant(number.over()).times(&self.per).fits()
    }

    pub(super) fn fits(&self) -> bool {
        self.over.fits() && self.per.fits()
    }

    /// The score as files print it: whole, or in hundredths, halves up. None if that does not fit into 64 bits.
    pub(super) fn printed(&self, dialect: Dialect) -> Option<String> {
        const PARTS: i64 = 100;
        let hundredths = match self.per.as_constant() {
            Some(1) => return Some(self.over.sql.clone()),
            Some(per) if PARTS % per == 0 => Whole::constant(PARTS / per).times(&self.over),
            _ => Self::new(Whole::constant(PARTS).times(&self.over), self.per.clone()).rounded(dialect),
        };
        hundredths.fits().then(|| format!("CAST({} * 0.01 AS DECIMAL(18, 2))", hundredths.inside(Binds::Product)))
    }
}

pub(super) fn gcd(mut left: i64, mut right: i64) -> i64 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.abs().max(1)
}

pub(super) fn lowest_common_multiple(left: i64, right: i64) -> i64 {
    (left / gcd(left, right)).saturating_mul(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_stay_short_and_keep_their_brackets() {
        let (sum, answered) = (Whole::column("s", 0, 10), Whole::column("n", 3, 5));
        let ratio = Ratio::new(Whole::constant(5).times(&sum), answered.clone());
        assert_eq!(ratio.rounded(Dialect::DuckDb).sql(), "(10 * s + n) // (2 * n)");
        assert_eq!(ratio.rounded(Dialect::Spark).sql(), "(10 * s + n) div (2 * n)");
        assert_eq!(sum.minus(&answered).minus(&sum.minus(&answered)).sql(), "s - n - (s - n)");
        assert_eq!(sum.plus(&Whole::constant(-3)).times(&answered).sql(), "(s - 3) * n");
        assert_eq!(Whole::constant(3).times(&ratio.rounded(Dialect::DuckDb)).sql(), "3 * ((10 * s + n) // (2 * n))");
        assert_eq!(Whole::constant(-3).times(&sum).plus(&answered).sql(), "(-3) * s + n");
    }

    #[test]
    fn a_quotient_that_may_be_below_nought_is_moved_above_it() {
        let below = Whole::column("x", -7, 7);
        let quotient = below.divided_down(&Whole::constant(2), Dialect::Postgres);
        assert_eq!(quotient.sql(), "(x + 8) / 2 - 4");
        assert_eq!((quotient.low(), quotient.high()), (-4, 3));
    }

    #[test]
    fn what_does_not_fit_is_known() {
        let large = Whole::column("x", 0, i128::from(i64::MAX) / 2);
        assert!(large.fits() && !large.times(&Whole::constant(3)).fits());
    }
}
