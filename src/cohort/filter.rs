//! Which responses are counted: `year=7`, `emotional>7`, a school year.

use std::cmp::Ordering;

use jiff::civil::Date;

use crate::findings::{did_you_mean, list_or, quoted_list};
use crate::instrument::{Number, Said};
use crate::matching::{DateOrder, NoDate, Role, read_date, school_year, sex};
use crate::scoring::{Layout, ScoredRow};

/// Why a condition cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// It is not written as one.
    #[error("`{0}` is no condition: write COLUMN=VALUE, COLUMN!=VALUE, or SCALE>NUMBER with >, >=, < or <=")]
    NoCondition(String),
    /// It names nothing that there is.
    #[error("no file has a column `{name}`, and no form a scale of that name: {help}")]
    Unknown {
        /// What was written.
        name: String,
        /// What there is.
        help: String,
    },
    /// Several forms have a scale of this name.
    #[error("several forms have a scale `{name}`: say which one, {forms}")]
    SeveralScales {
        /// What was written.
        name: String,
        /// The full names.
        forms: String,
    },
    /// A number is needed to compare with.
    #[error("`{condition}` compares with `{value}`, which is neither a number nor a date")]
    NoNumber {
        /// What was written.
        condition: String,
        /// What is compared with.
        value: String,
    },
    /// It is no school year.
    #[error("`{0}` is no school year: write the two years that it begins and ends in, 2025-26")]
    NoSchoolYear(String),
    /// No file says when forms were filled in.
    #[error("nothing says when these forms were filled in: name the column with `--date COLUMN`")]
    NoDates,
}

/// A date that could be two days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("day and month of the date in row {row} could be swapped: say `--dates day-first` or `--dates month-first`")]
pub struct TwoReadings {
    /// The row.
    pub row: u64,
}

/// A school year, from 1 September to 31 August.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SchoolYear(i16);

impl SchoolYear {
    /// Reads `2025-26`, `2025/26` or `2025-2026`.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let wrong = || FilterError::NoSchoolYear(text.to_owned());
        let (first, second) = text.trim().split_once(['-', '/']).ok_or_else(wrong)?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if first.len() != 4 || !digits(first) || !digits(second) {
            return Err(wrong());
        }
        let start: i16 = first.parse().map_err(|_| wrong())?;
        let end = (start + 1).to_string();
        if second == end || end.strip_prefix(&first[..2]) == Some(second) || (second == "00" && end.ends_with("00")) {
            Ok(Self(start))
        } else {
            Err(wrong())
        }
    }

    /// The school year of a day.
    pub fn of(day: Date) -> Self {
        Self(if day.month() >= 9 { day.year() } else { day.year() - 1 })
    }
}

impl std::fmt::Display for SchoolYear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{:02}", self.0, (self.0 + 1).rem_euclid(100))
    }
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    Different,
    Above,
    AtLeast,
    Below,
    AtMost,
}

impl Comparison {
    /// The signs, those of two characters first.
    const ALL: [(&'static str, Self); 6] =
        [("!=", Self::Different), (">=", Self::AtLeast), ("<=", Self::AtMost), (">", Self::Above), ("<", Self::Below), ("=", Self::Equal)];

    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Different => ordering.is_ne(),
            Self::Above => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
            Self::Below => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
        }
    }
}

/// What a condition is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Score { form: usize, scale: usize },
    Role(Role, Option<usize>),
    Column(usize),
}

/// One condition.
#[derive(Clone, Debug)]
struct Condition {
    about: About,
    comparison: Comparison,
    value: String,
}

/// All conditions: a response counts if each of them holds.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    conditions: Vec<Condition>,
    school_year: Option<SchoolYear>,
    dates: Option<DateOrder>,
}

/// Whether a response counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Every condition holds.
    Yes,
    /// Some condition does not hold, or there is nothing to tell it by.
    No,
    /// Its date cannot be read, so that nobody knows whether it is of the school year.
    NoDate,
}

impl Filter {
    /// Reads conditions as they were written.
    ///
    /// # Errors
    ///
    /// When one is no condition, or is about nothing that there is.
    pub fn new(
        layout: &Layout,
        written: &[String],
        school_year: Option<SchoolYear>,
        dates: Option<DateOrder>,
    ) -> Result<Self, FilterError> {
        if school_year.is_some() && !layout.says_date() {
            return Err(FilterError::NoDates);
        }
        let conditions = written.iter().map(|written| condition(layout, written, dates)).collect::<Result<_, _>>()?;
        Ok(Self { conditions, school_year, dates })
    }

    /// Whether a response counts.
    ///
    /// # Errors
    ///
    /// When its date could be two days.
    pub fn counts(&self, row: &ScoredRow<'_>) -> Result<Counted, TwoReadings> {
        if !self.conditions.iter().all(|condition| condition.holds(row, self.dates)) {
            return Ok(Counted::No);
        }
        let Some(wanted) = self.school_year else { return Ok(Counted::Yes) };
        Ok(match school_year_of(row, self.dates)? {
            Some(year) if year == wanted => Counted::Yes,
            Some(_) => Counted::No,
            None => Counted::NoDate,
        })
    }
}

/// The school year in which a form was filled in; none if its date cannot be read.
///
/// # Errors
///
/// When its date could be two days.
pub fn school_year_of(row: &ScoredRow<'_>, dates: Option<DateOrder>) -> Result<Option<SchoolYear>, TwoReadings> {
    match read_date(row.told(Role::Date), dates) {
        Ok(day) => Ok(Some(SchoolYear::of(day))),
        Err(NoDate::TwoReadings) => Err(TwoReadings { row: row.row() }),
        Err(NoDate::None) => Ok(None),
    }
}

fn condition(layout: &Layout, written: &str, dates: Option<DateOrder>) -> Result<Condition, FilterError> {
    let no_condition = || FilterError::NoCondition(written.to_owned());
    let at = written.find(['!', '=', '<', '>']).ok_or_else(no_condition)?;
    let (name, rest) = (written[..at].trim(), &written[at..]);
    let (value, comparison) = Comparison::ALL
        .iter()
        .find_map(|(sign, comparison)| Some((rest.strip_prefix(sign)?.trim(), *comparison)))
        .ok_or_else(no_condition)?;
    if name.is_empty() || value.starts_with(['=', '<', '>', '!']) {
        return Err(no_condition());
    }
    let about = about(layout, name)?;
    let is_by_size = !matches!(comparison, Comparison::Equal | Comparison::Different);
    let is_number = Number::parse(value).is_some();
    let is_known = match about {
        About::Score { .. } => is_number,
        About::Role(Role::Year, _) => is_number || !is_by_size || school_year(value).is_some(),
        About::Role(..) | About::Column(_) => is_number || !is_by_size || read_date(value, dates).is_ok(),
    };
    if !is_known {
        return Err(FilterError::NoNumber { condition: written.to_owned(), value: value.to_owned() });
    }
    Ok(Condition { about, comparison, value: value.to_owned() })
}

fn about(layout: &Layout, name: &str) -> Result<About, FilterError> {
    let scales = || {
        let forms = layout.forms().iter().enumerate();
        forms.flat_map(|(form, used)| (0..used.instrument().scales.len()).map(move |scale| (form, scale)))
    };
    let full: Vec<(usize, usize)> = scales().filter(|(form, scale)| layout.column(*form, *scale).eq_ignore_ascii_case(name)).collect();
    let plain = || {
        let id = |form: usize, scale: usize| {
            layout.forms().get(form).and_then(|form| form.instrument().scales.get(scale)).map(|scale| &scale.id)
        };
        scales().filter(move |(form, scale)| id(*form, *scale).is_some_and(|id| id.eq_ignore_ascii_case(name))).collect::<Vec<_>>()
    };
    let found = if full.is_empty() { plain() } else { full };
    match found.as_slice() {
        [(form, scale)] => return Ok(About::Score { form: *form, scale: *scale }),
        [] => {}
        several => {
            let forms: Vec<String> = several.iter().map(|(form, scale)| format!("`{}`", layout.column(*form, *scale))).collect();
            return Err(FilterError::SeveralScales { name: name.to_owned(), forms: list_or(&forms) });
        }
    }
    let position = layout.carried_position(name);
    let role = match name.to_lowercase().as_str() {
        "sex" | "gender" => Some(Role::Sex),
        "year" | "year group" | "school year" => Some(Role::Year),
        "age" => Some(Role::Age),
        _ => None,
    };
    match (role, position) {
        (Some(role), position) if position.is_some() || layout.says_role(role) => Ok(About::Role(role, position)),
        (_, Some(position)) => Ok(About::Column(position)),
        (_, None) => {
            let scales: Vec<String> = scales().map(|(form, scale)| layout.column(form, scale)).collect();
            let known: Vec<&str> = layout.carried().iter().map(|name| &**name).chain(scales.iter().map(String::as_str)).collect();
            let near = did_you_mean(name, known.iter().copied());
            let help = near.map_or_else(|| format!("there are {}", quoted_list(&known, 30)), |near| format!("did you mean `{near}`?"));
            Err(FilterError::Unknown { name: name.to_owned(), help })
        }
    }
}

impl Condition {
    fn holds(&self, row: &ScoredRow<'_>, dates: Option<DateOrder>) -> bool {
        match self.about {
            About::Score { form, scale } => {
                let score = row.scores(form).get(scale).filter(|_| row.is_on(form)).and_then(crate::scoring::ScaleScore::value);
                // Without a score nothing can be said of it, not even that it is another.
                score.zip(Number::parse(&self.value)).is_some_and(|(score, value)| self.comparison.holds(score.cmp(&value)))
            }
            About::Role(role, position) => {
                let cell = position.map(|position| row.carried_at(position).into_owned()).unwrap_or_default();
                let same = self.typed(row, role).or_else(|| self.of_cell(cell.trim(), dates));
                same.is_some_and(|ordering| self.comparison.holds(ordering))
            }
            About::Column(position) => {
                self.of_cell(row.carried_at(position).trim(), dates).is_some_and(|ordering| self.comparison.holds(ordering))
            }
        }
    }

    /// What is known of the pupil, from the row or the pupil list, beside the value; none where either is not understood.
    fn typed(&self, row: &ScoredRow<'_>, role: Role) -> Option<Ordering> {
        let pupil = row.about_pupil();
        match role {
            Role::Sex => match (pupil.sex, sex(&self.value)) {
                (Said::This(known), Some(value)) => Some(known.letter().cmp(value.letter())),
                _ => None,
            },
            Role::Year => match (pupil.year, school_year(&self.value)) {
                (Said::This(known), Some(value)) => Some(known.cmp(&value)),
                _ => None,
            },
            Role::Age => match (pupil.age, Number::parse(&self.value)) {
                (Said::This(known), Some(value)) => Some(Number::whole(i64::from(known)).cmp(&value)),
                _ => None,
            },
            _ => None,
        }
    }

    /// A cell beside the value: as numbers or dates if both are, else as words without regard to case. None where they cannot be put in an order
    /// and one is asked for.
    fn of_cell(&self, cell: &str, dates: Option<DateOrder>) -> Option<Ordering> {
        if let (Some(cell), Some(value)) = (Number::parse(cell), Number::parse(&self.value)) {
            return Some(cell.cmp(&value));
        }
        if let (Ok(cell), Ok(value)) = (read_date(cell, dates), read_date(&self.value, dates)) {
            return Some(cell.cmp(&value));
        }
        let is_by_size = !matches!(self.comparison, Comparison::Equal | Comparison::Different);
        (!is_by_size).then(|| cell.to_lowercase().cmp(&self.value.to_lowercase()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_year_is_read_in_three_ways() {
        for (text, expected) in [
            ("2025-26", Some("2025-26")),
            ("2025/26", Some("2025-26")),
            (" 2025-2026 ", Some("2025-26")),
            ("1999-00", Some("1999-00")),
            ("1999-2000", Some("1999-00")),
            ("2025-27", None),
            ("2025", None),
            ("25-26", None),
            ("2025-", None),
            ("last", None),
        ] {
            assert_eq!(SchoolYear::parse(text).ok().map(|year| year.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_school_year_begins_in_september() {
        for (day, expected) in [("2025-08-31", "2024-25"), ("2025-09-01", "2025-26"), ("2026-01-01", "2025-26"), ("2026-08-31", "2025-26")]
        {
            let year = day.parse::<Date>().map(|day| SchoolYear::of(day).to_string());
            assert_eq!(year.ok().as_deref(), Some(expected), "{day}");
        }
    }
}
