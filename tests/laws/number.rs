//! Exact numbers against fractions of 128 bits.

use bandwise::instrument::Number;
use proptest::prelude::*;

use crate::reading::cases;

/// A fraction in lowest terms with a positive denominator, worked out apart from the program.
fn lowest_terms(over: i128, under: i128) -> (i128, i128) {
    let (mut a, mut b) = (over.abs(), under.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let common = if under < 0 { -a.max(1) } else { a.max(1) };
    (over / common, under / common)
}

fn parts(number: Number) -> (i128, i128) {
    (i128::from(number.over()), i128::from(number.under()))
}

fn number() -> impl Strategy<Value = Number> {
    (-1_000_000_i64..1_000_000, prop_oneof![1_i64..=12, 1_i64..10_000, Just(100), Just(1000)])
        .prop_map(|(over, under)| Number::ratio(over, under).unwrap())
}

/// Everything that a definition can hold: nine digits on either side of the point.
fn long_decimal() -> impl Strategy<Value = String> {
    "-?[0-9]{1,9}(\\.[0-9]{1,9})?"
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn a_ratio_is_in_lowest_terms(over in any::<i32>(), under in any::<i32>()) {
        match Number::ratio(i64::from(over), i64::from(under)) {
            None => prop_assert_eq!(under, 0),
            Some(number) => prop_assert_eq!(parts(number), lowest_terms(i128::from(over), i128::from(under))),
        }
    }

    #[test]
    fn arithmetic_is_exact(left in number(), right in number(), times in -1000_i64..1000, by in 1_i64..1000) {
        let ((a, b), (c, d)) = (parts(left), parts(right));
        prop_assert_eq!(parts(left + right), lowest_terms(a * d + c * b, b * d));
        prop_assert_eq!(parts(left - right), lowest_terms(a * d - c * b, b * d));
        prop_assert_eq!(parts(-left), (-a, b));
        prop_assert_eq!(parts(left * times), lowest_terms(a * i128::from(times), b));
        prop_assert_eq!(left.scaled(times, by).map(parts), Some(lowest_terms(a * i128::from(times), b * i128::from(by))));
        prop_assert_eq!(left.scaled(times, 0), None);
        prop_assert_eq!(left.cmp(&right), (a * d).cmp(&(c * b)));
        prop_assert_eq!(left == right, a * d == c * b);
    }

    /// The nearest whole number; of two equally near ones the upper.
    #[test]
    fn rounding_takes_the_nearest_and_halves_go_up(number in number()) {
        let ((over, under), (rounded, one)) = (parts(number), parts(number.round_half_up()));
        prop_assert_eq!(one, 1);
        let twice_the_distance = 2 * (rounded * under - over);
        prop_assert!(-under < twice_the_distance && twice_the_distance <= under, "{over}/{under} became {rounded}");
        prop_assert_eq!(number.as_whole().is_some(), under == 1);
    }

    #[test]
    fn decimals_are_read_exactly(whole in 0_i64..1_000_000_000, fraction in "[0-9]{0,9}", is_negative in any::<bool>()) {
        let sign = if is_negative { "-" } else { "" };
        let text = if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") };
        let under = 10_i128.pow(u32::try_from(fraction.len()).unwrap());
        let over = i128::from(whole) * under + fraction.parse::<i128>().unwrap_or(0);
        let expected = lowest_terms(if is_negative { -over } else { over }, under);
        prop_assert_eq!(Number::parse(&text).map(parts), Some(expected), "{}", text);
    }

    /// What is printed is within half a hundredth, and a number with two decimals is read back as itself.
    #[test]
    fn what_is_printed_is_read_back(number in number(), hundredths in -1_000_000_i64..1_000_000) {
        let printed = Number::parse(&number.to_string()).unwrap();
        let difference = (printed - number) * 200;
        prop_assert!(Number::whole(-1) < difference && difference <= Number::whole(1), "{:?} is printed as {}", number, number);
        let exact = Number::ratio(hundredths, 100).unwrap();
        prop_assert_eq!(Number::parse(&exact.to_string()), Some(exact));
    }

    #[test]
    fn anything_else_is_no_number(text in "\\PC{0,12}") {
        let plain = text.strip_prefix(['-', '+']).unwrap_or(&text);
        let is_plain = plain.chars().all(|character| character.is_ascii_digit() || character == '.')
            && plain.matches('.').count() <= 1
            && plain.chars().any(|character| character.is_ascii_digit());
        prop_assert!(is_plain || Number::parse(&text).is_none(), "{:?}", text);
    }

    /// The longest numbers that a definition can hold meet in no sum, product or printout that stops the program.
    #[test]
    fn the_longest_decimals_stop_nothing(left in long_decimal(), right in long_decimal(), times in 0_i64..1_000_000_000) {
        let (left, right) = (Number::parse(&left).unwrap(), Number::parse(&right).unwrap());
        let ((a, b), (c, d)) = (parts(left), parts(right));
        let exact = lowest_terms(a * d + c * b, b * d);
        let fits = i64::try_from(exact.0).is_ok() && i64::try_from(exact.1).is_ok();
        prop_assert!(!fits || parts(left + right) == exact, "{left:?} + {right:?}");
        prop_assert_eq!(left < right, a * d < c * b);
        for number in [left, left + right, left - right, left * times, left.scaled(times, 7).unwrap(), (left + right) * times + left] {
            prop_assert!(number.under() > 0);
            prop_assert!(!number.to_string().is_empty());
            prop_assert!(number.to_f64().is_finite());
            prop_assert_eq!(number.round_half_up().under(), 1);
        }
    }
}

#[test]
fn the_ends_of_what_a_number_holds_stop_nothing() {
    for over in [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX] {
        for under in [i64::MIN, -7, -1, 1, 2, i64::MAX] {
            let number = Number::ratio(over, under).unwrap();
            assert!(number.under() > 0);
            assert!(!(number + number).to_string().is_empty());
            assert!(!(-number - number).round_half_up().to_string().is_empty());
            assert!((number * i64::MAX).under() > 0);
        }
    }
}
