//! Dates as schools and form systems write them. A date that could be read in two orders is not read until somebody says which.

use jiff::civil::Date;

/// In which order a date with slashes is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// 25/09/2026.
    DayFirst,
    /// 09/25/2026.
    MonthFirst,
}

/// Why a cell is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDate {
    /// It could be two days: 05/09/2026.
    TwoReadings,
    /// It is none.
    None,
}

/// A date in the parts in which it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// It can be read in one way only.
    Plain(Date),
    /// First, second, year.
    Slashes(i8, i8, i16),
}

/// Reads a date: year first (`2026-09-25`, `2026/09/25`), with the month's name (`25 Sep 2026`), or with slashes, full stops or hyphens
/// where only one order gives a date or the order is said. A time of day after it is left aside.
///
/// # Errors
///
/// When it is none, or could be two.
pub fn read_date(cell: &str, order: Option<DateOrder>) -> Result<Date, NoDate> {
    match written(cell).ok_or(NoDate::None)? {
        Written::Plain(date) => Ok(date),
        Written::Slashes(first, second, year) => {
            let day_first = Date::new(year, second, first).ok();
            let month_first = Date::new(year, first, second).ok();
            match order {
                Some(DateOrder::DayFirst) => day_first.ok_or(NoDate::None),
                Some(DateOrder::MonthFirst) => month_first.ok_or(NoDate::None),
                None => match (day_first, month_first) {
                    (Some(one), Some(other)) if one != other => Err(NoDate::TwoReadings),
                    (one, other) => one.or(other).ok_or(NoDate::None),
                },
            }
        }
    }
}

/// What many dates in one column say of their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnOrder {
    /// No date depends on it.
    DoesNotMatter,
    /// Some date can be read in this order only.
    Says(DateOrder),
    /// Every date can be read in both orders.
    TwoReadings,
    /// Some dates can be read in one order only, and some in the other only.
    Mixed,
}

/// The order in which the dates of a column are written.
pub(super) fn column_order<'c>(cells: impl Iterator<Item = &'c str>) -> ColumnOrder {
    let (mut day_first, mut month_first, mut open) = (false, false, false);
    for cell in cells {
        let Some(Written::Slashes(first, second, year)) = written(cell) else { continue };
        match (Date::new(year, second, first).is_ok(), Date::new(year, first, second).is_ok()) {
            (true, false) => day_first = true,
            (false, true) => month_first = true,
            (true, true) => open |= first != second,
            (false, false) => {}
        }
    }
    match (day_first, month_first) {
        (true, true) => ColumnOrder::Mixed,
        (true, false) => ColumnOrder::Says(DateOrder::DayFirst),
        (false, true) => ColumnOrder::Says(DateOrder::MonthFirst),
        (false, false) if open => ColumnOrder::TwoReadings,
        (false, false) => ColumnOrder::DoesNotMatter,
    }
}

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

pub(super) fn written(cell: &str) -> Option<Written> {
    let cell = cell.trim();
    let day = cell.split_once(['T', ' ']).filter(|(day, _)| day.len() >= 8 && day.bytes().any(|byte| byte.is_ascii_digit()));
    // `25 Sep 2026` has spaces of its own.
    let day = day.map_or(cell, |(day, _)| day);
    let parts: Vec<&str> = day.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let number = |part: &str| part.parse::<i16>().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
    if first.len() == 4 {
        let month = number(second).or_else(|| month(second).map(i16::from))?;
        return Some(Written::Plain(Date::new(number(first)?, i8::try_from(month).ok()?, short(third)?).ok()?));
    }
    // Two digits of a year are a century short.
    let year = number(third).filter(|_| third.len() == 4)?;
    if let Some(month) = month(second) {
        return Some(Written::Plain(Date::new(year, month, short(first)?).ok()?));
    }
    Some(Written::Slashes(short(first)?, short(second)?, year))
}

/// A day or a month of one or two digits.
fn short(part: &str) -> Option<i8> {
    let is_short = matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit());
    part.parse().ok().filter(|_| is_short)
}

fn month(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let position = MONTHS.iter().position(|month| *month == word || (word.len() >= 3 && word.len() <= 4 && month.starts_with(&word)))?;
    i8::try_from(position + 1).ok()
}

/// Age in whole years on a day: how many birthdays there have been. Born on 29 February, the birthday of another year is 1 March. None
/// before the birth.
pub fn age_on(birth: Date, day: Date) -> Option<u8> {
    let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
    u8::try_from(day.year() - birth.year() - i16::from(!had_birthday)).ok()
}

/// England's school year of somebody of this age on a day, as most are taught in it: Reception, 0, is the year from September to August in
/// which a child turns five. None before it, and beyond year 14.
pub fn usual_school_year(birth: Date, day: Date) -> Option<u8> {
    let began = |date: Date| date.year() - i16::from(date.month() < 9);
    u8::try_from(began(day) - began(birth) - 5).ok().filter(|year| *year <= 14)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_only_where_there_is_one_reading() {
        let day = |text: &str| text.parse::<Date>().map_err(|_| NoDate::None);
        for (cell, expected) in [
            ("2026-09-25", day("2026-09-25")),
            ("2026-09-25T10:00:00", day("2026-09-25")),
            ("2026/09/20 10:00:00 AM", day("2026-09-20")),
            ("2026/09/27 3:00:00 PM GMT+3", day("2026-09-27")),
            ("25/09/2026", day("2026-09-25")),
            ("09/25/2026 11:02", day("2026-09-25")),
            ("25.9.2026", day("2026-09-25")),
            ("25 Sep 2026", day("2026-09-25")),
            ("5-September-2026", day("2026-09-05")),
            ("25-Sept-2026", day("2026-09-25")),
            ("05/05/2026", day("2026-05-05")),
            ("05/09/2026", Err(NoDate::TwoReadings)),
            ("05/09/26", Err(NoDate::None)),
            ("31/02/2026", Err(NoDate::None)),
            ("2026-02-29", Err(NoDate::None)),
            ("46204", Err(NoDate::None)),
            ("20260925", Err(NoDate::None)),
            ("September 2026", Err(NoDate::None)),
            ("last week", Err(NoDate::None)),
            ("", Err(NoDate::None)),
        ] {
            assert_eq!(read_date(cell, None), expected, "{cell:?}");
        }
        assert_eq!(read_date("05/09/2026", Some(DateOrder::DayFirst)), day("2026-09-05"));
        assert_eq!(read_date("05/09/2026", Some(DateOrder::MonthFirst)), day("2026-05-09"));
        assert_eq!(read_date("25/09/2026", Some(DateOrder::MonthFirst)), Err(NoDate::None));
    }

    #[test]
    fn a_column_says_its_order_by_the_dates_that_have_one_reading() {
        for (cells, expected) in [
            (["05/09/2014", "25/09/2014"], ColumnOrder::Says(DateOrder::DayFirst)),
            (["05/09/2014", "09/25/2014"], ColumnOrder::Says(DateOrder::MonthFirst)),
            (["05/09/2014", "06/09/2014"], ColumnOrder::TwoReadings),
            (["25/09/2014", "09/25/2014"], ColumnOrder::Mixed),
            (["2014-09-05", ""], ColumnOrder::DoesNotMatter),
            (["05/05/2014", "2014-09-05"], ColumnOrder::DoesNotMatter),
        ] {
            assert_eq!(column_order(cells.into_iter()), expected, "{cells:?}");
        }
    }

    #[test]
    fn an_age_counts_birthdays() {
        for (birth, on, expected) in [
            ("2014-09-25", "2026-09-24", Some(11)),
            ("2014-09-25", "2026-09-25", Some(12)),
            ("2012-02-29", "2026-02-28", Some(13)),
            ("2012-02-29", "2026-03-01", Some(14)),
            ("2014-09-25", "2014-09-25", Some(0)),
            ("2014-09-25", "2014-09-24", None),
        ] {
            let days = birth.parse::<Date>().ok().zip(on.parse::<Date>().ok());
            assert_eq!(days.map(|(birth, on)| age_on(birth, on)), Some(expected), "{birth} {on}");
        }
    }

    #[test]
    fn a_school_year_runs_from_september_to_august() {
        for (birth, on, expected) in [
            ("2014-09-01", "2026-09-01", Some(7)),
            ("2014-08-31", "2026-09-01", Some(8)),
            ("2014-09-25", "2026-08-31", Some(6)),
            ("2021-09-01", "2026-09-01", Some(0)),
            ("2022-08-31", "2026-08-31", None),
            ("2022-08-31", "2026-09-01", Some(0)),
            ("2006-09-01", "2026-07-01", Some(14)),
            ("2006-08-31", "2026-07-01", None),
            ("2030-01-01", "2026-07-01", None),
        ] {
            let days = birth.parse::<Date>().ok().zip(on.parse::<Date>().ok());
            assert_eq!(days.map(|(birth, on)| usual_school_year(birth, on)), Some(expected), "{birth} {on}");
        }
    }
}
