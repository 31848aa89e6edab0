//! The header of an evidence file: which of the two shapes it has, and which columns are the two times of one measure.
//!
//! `attendance baseline`, `attendance_before` and `Attendance (baseline)` are all attendance at baseline. A column that could be two
//! things is none: its measure is left out, with a finding.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::findings::{Code, Column, Finding, Findings, Place, column_letters, did_you_mean, printable, quoted_list};
use crate::input::ReadError;
use crate::matching::names_a_pupil;

/// Where things stand in the rows.
pub(super) struct Layout {
    pub(super) pupil: usize,
    pub(super) shape: Shape,
    pub(super) header: Vec<Column>,
}

/// How the file is laid out.
pub(super) enum Shape {
    /// A row for each pupil and measure.
    Long { measure: usize, times: Times, unit: Option<usize>, source: Option<usize> },
    /// A row for each pupil.
    Wide(Vec<(Arc<str>, Slot)>),
}

/// The columns of the two times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) baseline: Option<usize>,
    pub(super) review: Option<usize>,
}

/// The columns of one measure in a row for each pupil.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Once(usize),
    Times(Times),
}

impl Slot {
    /// The first of its columns.
    pub(super) fn first(self) -> Option<usize> {
        match self {
            Self::Once(column) => Some(column),
            Self::Times(times) => times.baseline.or(times.review),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Time {
    Baseline,
    Review,
}

impl Time {
    /// The time that a word stands for.
    fn of(word: &str) -> Option<Self> {
        match plain(word).as_str() {
            "baseline" | "before" | "pre" => Some(Self::Baseline),
            "review" | "after" | "post" => Some(Self::Review),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Review => "review",
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Baseline => Self::Review,
            Self::Review => Self::Baseline,
        }
    }
}

/// The letters and digits of a name of ours: `Pupil ID`, `pupil-id` and `PUPIL_ID` are one.
fn plain(name: &str) -> String {
    name.nfkc().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What of a measure's name is compared: case, spaces, hyphens and underscores do not matter, `%` and brackets do.
pub(super) fn measure_key(name: &str) -> String {
    let lower: String = name.nfkc().flat_map(char::to_lowercase).collect();
    lower.split([' ', '_', '-', '\t', '\n', '\r']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What a header tells of: the measure in the file's own words, and the time that stands behind it.
fn split(name: &str) -> (String, Option<Time>) {
    let is_joint = |character: char| character.is_whitespace() || "_-–—:,./([".contains(character);
    let shown = |text: &str| text.trim_matches(is_joint).replace('_', " ");
    let end = name.char_indices().rev().find(|(_, character)| character.is_alphanumeric()).map_or(0, |(at, last)| at + last.len_utf8());
    let (body, behind) = name.split_at(end);
    let start = body.char_indices().rev().find(|(_, character)| !character.is_alphanumeric()).map_or(0, |(at, sign)| at + sign.len_utf8());
    let (measure, word) = body.split_at(start);
    let Some(time) = Time::of(word) else { return (name.replace('_', " ").trim().to_owned(), None) };
    // `attendance baseline (%)` is attendance in per cent; the bracket of `attendance (baseline)` says nothing.
    let behind = behind.trim_matches(|character: char| is_joint(character) || ")]".contains(character));
    let measure = shown(measure);
    (if behind.is_empty() || measure.is_empty() { measure } else { format!("{measure} ({behind})") }, Some(time))
}

/// The same where the time stands in front, as in `Baseline attendance`: only for the two words that nothing else begins with.
fn split_front(name: &str) -> Option<(String, Time)> {
    let (word, rest) = name.split_once([' ', '_'])?;
    let time = Time::of(word).filter(|time| time.word() == plain(word))?;
    let rest = rest.replace('_', " ").trim().to_owned();
    (!rest.is_empty()).then_some((rest, time))
}

/// Finds the columns.
///
/// # Errors
///
/// When no column says who a row is about, or what was measured, or two say it.
pub(super) fn read_header(file: &Arc<str>, header: &[String], findings: &mut Findings<'_>) -> Result<Layout, ReadError> {
    let name = |(index, name): (usize, &String)| Column {
        index,
        name: if name.is_empty() { format!("column {}", column_letters(index)).into() } else { name.as_str().into() },
    };
    let columns: Vec<Column> = header.iter().enumerate().map(name).collect();
    let mut reader = Reader { file, header, columns, findings };
    let pupil = reader.one("pupil_id", |name| plain(name) == "pupilid")?;
    let Some(pupil) = pupil else {
        let message = "the evidence file has no column `pupil_id`";
        let help = format!("add it, so that each row says who it is about; this file has {}", quoted_list(header, 40));
        return Err(Finding::new(Code::C020, Place::File(Arc::clone(file)), message).help(help).into());
    };
    let shape = match reader.one("measure", |name| plain(name) == "measure")? {
        Some(measure) => reader.long(pupil, measure)?,
        None => reader.wide(pupil)?,
    };
    Ok(Layout { pupil, shape, header: reader.columns })
}

/// A measure, and the columns that tell of it.
struct Told {
    /// What is compared of its name.
    key: String,
    name: Arc<str>,
    columns: Vec<(usize, Option<Time>)>,
}

struct Reader<'r, 'o> {
    file: &'r Arc<str>,
    header: &'r [String],
    columns: Vec<Column>,
    findings: &'r mut Findings<'o>,
}

impl Reader<'_, '_> {
    fn finding(&self, code: Code, column: usize, message: impl Into<String>) -> Finding {
        let place = match self.columns.get(column) {
            Some(column) => Place::Header { file: Arc::clone(self.file), column: column.clone() },
            None => Place::File(Arc::clone(self.file)),
        };
        Finding::new(code, place, message)
    }

    /// The one column that is meant by a name of ours.
    fn one(&self, name: &str, is_it: impl Fn(&str) -> bool) -> Result<Option<usize>, ReadError> {
        let mut found = self.header.iter().enumerate().filter(|(_, written)| is_it(written)).map(|(column, _)| column);
        let first = found.next();
        match found.next() {
            None => Ok(first),
            Some(second) => {
                let message = format!("two columns could be `{name}`");
                Err(self.finding(Code::C020, second, message).help("rename or remove one of them").into())
            }
        }
    }

    fn long(&mut self, pupil: usize, measure: usize) -> Result<Shape, ReadError> {
        let time = |wanted: Time| move |name: &str| Time::of(name) == Some(wanted);
        let times = Times { baseline: self.one("baseline", time(Time::Baseline))?, review: self.one("review", time(Time::Review))? };
        if times == Times::default() {
            let message = "the evidence file has a column `measure` and neither `baseline` nor `review`";
            let help = format!("the values stand under `baseline` and `review`; this file has {}", quoted_list(self.header, 40));
            return Err(Finding::new(Code::C020, Place::File(Arc::clone(self.file)), message).help(help).into());
        }
        let unit = self.one("unit", |name| plain(name) == "unit")?;
        let source = self.one("source", |name| plain(name) == "source")?;
        let known = [Some(pupil), Some(measure), times.baseline, times.review, unit, source];
        for column in (0..self.header.len()).filter(|column| !known.contains(&Some(*column))) {
            let help = "a file with a column `measure` has `pupil_id`, `baseline`, `review`, and if need be `unit` and `source`";
            self.findings.push(self.finding(Code::C025, column, "this column is not used").help(help));
        }
        Ok(Shape::Long { measure, times, unit, source })
    }

    fn wide(&mut self, pupil: usize) -> Result<Shape, ReadError> {
        let mut measures: Vec<Told> = Vec::new();
        for (column, measure, time) in self.told(pupil) {
            let key = measure_key(&measure);
            match measures.iter_mut().find(|known| known.key == key) {
                Some(known) => known.columns.push((column, time)),
                None => measures.push(Told { key, name: measure.into(), columns: vec![(column, time)] }),
            }
        }
        if measures.is_empty() {
            let message = "the evidence file has no column with a measure";
            let help =
                "name the columns like `attendance baseline` and `attendance review`, or have a column `measure` with a row for each";
            return Err(Finding::new(Code::C020, Place::File(Arc::clone(self.file)), message).help(help).into());
        }
        let mut found = Vec::new();
        for Told { name, columns, .. } in measures {
            found.extend(self.slot(&name, &columns).map(|slot| (name, slot)));
        }
        self.tell_unpaired(&found);
        Ok(Shape::Wide(found))
    }

    /// What each column tells of; those that tell of nothing have their finding.
    fn told(&mut self, pupil: usize) -> Vec<(usize, String, Option<Time>)> {
        let front: Vec<Option<(String, Time)>> = self.header.iter().map(|name| split_front(name)).collect();
        let has_partner = |wanted: &(String, Time)| {
            let fits = |(measure, time): &(String, Time)| *time == wanted.1.other() && measure_key(measure) == measure_key(&wanted.0);
            front.iter().flatten().any(fits)
        };
        let mut told = Vec::new();
        for (column, name) in self.header.iter().enumerate().filter(|(column, _)| *column != pupil) {
            let (measure, time) = match (split(name), &front[column]) {
                ((_, None), Some(found)) if has_partner(found) => (found.0.clone(), Some(found.1)),
                (found, _) => found,
            };
            if name.is_empty() || measure.is_empty() {
                let message = if name.is_empty() { "this column has no name" } else { "this column does not say what it measures" };
                let help = "name it like `attendance baseline`, or delete it";
                self.findings.push(self.finding(Code::C021, column, format!("{message}: it is not used")).help(help));
            } else if names_a_pupil(name) {
                let help = "the pupil is known by `pupil_id`";
                self.findings
                    .push(self.finding(Code::C025, column, "this column names a pupil and is no evidence: it is not used").help(help));
            } else {
                told.push((column, measure, time));
            }
        }
        told
    }

    /// The columns of a measure, unless they could be two things.
    fn slot(&mut self, name: &str, columns: &[(usize, Option<Time>)]) -> Option<Slot> {
        let mut times = Times::default();
        let mut once = None;
        for (column, time) in columns {
            let place = match time {
                None => &mut once,
                Some(Time::Baseline) => &mut times.baseline,
                Some(Time::Review) => &mut times.review,
            };
            let is_taken = place.replace(*column).is_some();
            let is_mixed = once.is_some() && times != Times::default();
            if is_taken || is_mixed {
                let other = columns.iter().map(|(other, _)| *other).find(|other| other != column);
                let other =
                    other.and_then(|other| self.columns.get(other)).map_or_else(String::new, |other| printable(&other.name).into_owned());
                let name = printable(name);
                let message = format!("this column and `{other}` could both be one value of `{name}`: the measure is left out");
                let help = "give each measure one column for each time, and names of its own";
                self.findings.push(self.finding(Code::C021, *column, message).help(help));
                return None;
            }
        }
        Some(once.map_or(Slot::Times(times), Slot::Once))
    }

    /// A time without the other is shown as it is, and may be a slip in one of two names.
    fn tell_unpaired(&mut self, found: &[(Arc<str>, Slot)]) {
        for (name, slot) in found {
            let Slot::Times(times) = slot else { continue };
            let (column, missing) = match (times.baseline, times.review) {
                (Some(column), None) => (column, Time::Review),
                (None, Some(column)) => (column, Time::Baseline),
                _ => continue,
            };
            let partners = found.iter().filter(|(other, _)| other != name).filter_map(|(other, slot)| match slot {
                Slot::Once(_) => Some(&**other),
                Slot::Times(times) => {
                    let lacks = if missing == Time::Review { times.baseline } else { times.review };
                    lacks.is_none().then_some(&**other)
                }
            });
            let help = did_you_mean(name, partners).map_or_else(
                || format!("if there is one, name it `{} {}`", printable(name), missing.word()),
                |near| format!("is `{}` the same measure? Then give both one name", printable(near)),
            );
            let message = format!("`{}` has no column for the {}: it is shown at one time only", printable(name), missing.word());
            self.findings.push(self.finding(Code::C025, column, message).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_behind_a_measure_is_understood_in_its_usual_writings() {
        let (before, after) = (Some(Time::Baseline), Some(Time::Review));
        for (name, measure, time) in [
            ("attendance baseline", "attendance", before),
            ("Attendance (baseline)", "Attendance", before),
            ("attendance_before", "attendance", before),
            ("reading_age_after", "reading age", after),
            ("reading age: Review", "reading age", after),
            ("Reading - post", "Reading", after),
            ("attendance % baseline", "attendance %", before),
            ("attendance baseline (%)", "attendance (%)", before),
            ("attendance (baseline, %)", "attendance (%)", before),
            ("presence", "presence", None),
            ("baselines", "baselines", None),
            ("school attended", "school attended", None),
            ("before", "", before),
            ("(review)", "", after),
            ("Prüfung – review", "Prüfung", after),
            ("%", "%", None),
            ("", "", None),
        ] {
            assert_eq!(split(name), (measure.to_owned(), time), "{name:?}");
        }
    }

    #[test]
    fn a_time_in_front_needs_its_full_word() {
        assert_eq!(split_front("Baseline attendance"), Some(("attendance".to_owned(), Time::Baseline)));
        assert_eq!(split_front("review_reading_age"), Some(("reading age".to_owned(), Time::Review)));
        for name in ["before school club", "Post code", "pre teaching", "Baseline", "baseline "] {
            assert_eq!(split_front(name), None, "{name:?}");
        }
    }
}
