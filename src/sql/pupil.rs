//! Who the pupil is, as far as norms and bands ask, and the group that puts them into.

use super::dialect::Dialect;
use super::draft::{Draft, case};
use crate::instrument::{GroupKey, Grouping, KeyBy, NoGroup, Sex};

/// What stands for something that is said and cannot be read.
const UNREADABLE_SEX: &str = "?";
const UNREADABLE_NUMBER: i64 = -1;
/// A number that stands for the column until the sentence about it is there.
const ANY: u8 = 250;

/// The columns that say something of the pupil, where the table has them.
#[derive(Clone, Debug, Default)]
pub(super) struct PupilColumns {
    pub(super) sex: Option<String>,
    pub(super) age: Option<String>,
    pub(super) year: Option<String>,
}

impl PupilColumns {
    fn told(&self, by: KeyBy) -> Option<&String> {
        match by {
            KeyBy::Age => self.age.as_ref(),
            KeyBy::SchoolYear => self.year.as_ref(),
        }
    }
}

/// The columns in which a pupil's group stands.
#[derive(Clone, Debug)]
pub(super) struct GroupColumns {
    /// The group in words, nothing where the pupil is in none.
    pub(super) group: String,
    /// By which convention it was found, in words behind it.
    pub(super) by: Option<String>,
}

/// The cell that says something of the pupil, in small letters, nothing where it is blank.
pub(super) fn cell(dialect: Dialect, source: &str) -> String {
    format!("nullif(lower(trim(CAST({source} AS {}))), '')", dialect.text_type())
}

/// The sex that a cell says: M, F, or `?` for anything else.
pub(super) fn sex(dialect: Dialect, cell: &str) -> String {
    let words = |sex: Sex| match sex {
        Sex::Male => ["m", "male", "boy"],
        Sex::Female => ["f", "female", "girl"],
    };
    let one = |(letter, sex): &(&str, Sex)| {
        let words: Vec<String> = words(*sex).iter().map(|word| dialect.text(word)).collect();
        (format!("{cell} IN ({})", words.join(", ")), dialect.text(letter))
    };
    let mut cases: Vec<(String, String)> = Sex::ALL.iter().map(one).collect();
    cases.push((format!("{cell} IS NOT NULL"), dialect.text(UNREADABLE_SEX)));
    case(&cases, None)
}

/// The cell of an age, without what is beyond the whole years: 11.5 is eleven.
pub(super) fn age_cell(dialect: Dialect, source: &str) -> String {
    dialect.replaced(&cell(dialect, source), "^[+]?0*([0-9]{1,9})([.][0-9]{0,9}0*)?$", &[1])
}

/// The age in whole years that a cell says, below 120 as everywhere; -1 for anything else.
pub(super) fn age(dialect: Dialect, cell: &str) -> String {
    number(cell, &dialect.matches(cell, "^([0-9]{1,2}|1[01][0-9])$"), Vec::new())
}

/// The school year that a cell says, from Reception, which is 0, to 14; -1 for anything else.
pub(super) fn year(dialect: Dialect, cell: &str) -> String {
    let reception = ["r", "reception"].map(|word| dialect.text(word)).join(", ");
    let reception = (format!("{cell} IN ({reception})"), "0".to_owned());
    number(cell, &dialect.matches(cell, "^(0?[0-9]|1[0-4])$"), vec![reception])
}

fn number(cell: &str, is_number: &str, words: Vec<(String, String)>) -> String {
    let mut cases = vec![(is_number.to_owned(), format!("CAST({cell} AS BIGINT)"))];
    cases.extend(words);
    cases.push((format!("{cell} IS NOT NULL"), UNREADABLE_NUMBER.to_string()));
    case(&cases, None)
}

/// The conditions under which no band of the form holds for a pupil, and what a note then says.
pub(super) fn outside_ages(draft: &Draft<'_>, words: impl Fn(OutsideAges) -> String) -> Vec<(String, String)> {
    let (Some(ages), Some(age)) = (draft.instrument().ages, &draft.pupil.age) else { return Vec::new() };
    vec![
        (format!("{age} = {UNREADABLE_NUMBER}"), words(OutsideAges::Unreadable)),
        (format!("{age} NOT BETWEEN {} AND {}", ages.from, ages.to), words(OutsideAges::Outside)),
    ]
}

/// Why no band of a form holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutsideAges {
    Unreadable,
    Outside,
}

/// A grouping's convention in force, and the one for pupils of whom that is not recorded.
fn conventions(grouping: &Grouping, key: usize) -> Vec<&GroupKey> {
    let first = grouping.keys.get(key);
    let second = first.and_then(|first| grouping.keys.get(first.otherwise?));
    first.into_iter().chain(second).collect()
}

/// The columns of the pupil's group, made once.
pub(super) fn group(draft: &mut Draft<'_>, index: usize) -> GroupColumns {
    if let Some(Some(known)) = draft.groups.get(index) {
        return known.clone();
    }
    let Some(grouping) = draft.instrument().groupings.get(index) else {
        return GroupColumns { group: "NULL".to_owned(), by: None };
    };
    let conventions = conventions(grouping, draft.form.key_in_force(grouping));
    let (dialect, pupil) = (draft.dialect, draft.pupil.clone());
    let sex = match (&pupil.sex, grouping.by_sex) {
        (_, false) => None,
        (None, true) => Some("NULL".to_owned()),
        (Some(sex), true) => {
            let letters = Sex::ALL.iter().map(|(letter, _)| (format!("{sex} = {}", dialect.text(letter)), dialect.text(letter)));
            Some(case(&letters.collect::<Vec<_>>(), None))
        }
    };
    let name = (!grouping.names.is_empty()).then(|| {
        let told: Vec<(&String, &GroupKey)> = conventions.iter().filter_map(|key| Some((pupil.told(key.by)?, *key))).collect();
        let chosen: Vec<(String, String)> =
            told.iter().map(|(column, key)| (format!("{column} IS NOT NULL"), name_of(dialect, grouping, key, column))).collect();
        match chosen.as_slice() {
            [(_, only)] => only.clone(),
            several => case(several, None),
        }
    });
    let before = if sex.is_some() { format!(", {} ", grouping.id) } else { format!("{} ", grouping.id) };
    let parts: Vec<String> = match (sex, name) {
        (sex, Some(name)) => sex.into_iter().chain([dialect.text(&before), name]).collect(),
        (sex, None) => sex.into_iter().collect(),
    };
    let comment = vec![format!("the pupil's group by `{}`", grouping.id)];
    let sql = if parts.is_empty() || parts.iter().any(|part| part == "NULL") {
        format!("CAST(NULL AS {})", dialect.text_type())
    } else {
        parts.join("\n  || ")
    };
    let column = draft.add(0, &format!("{}_group", grouping.id), comment, sql);
    let by = (grouping.keys.len() > 1 && !grouping.names.is_empty()).then(|| {
        let by = |key: &GroupKey| dialect.text(&format!(" by {}", key.id));
        let told = conventions.iter().filter_map(|key| Some((format!("{} IS NOT NULL", pupil.told(key.by)?), by(key))));
        draft.add(0, &format!("{}_by", grouping.id), Vec::new(), case(&told.collect::<Vec<_>>(), None))
    });
    let columns = GroupColumns { group: column, by };
    if draft.groups.len() <= index {
        draft.groups.resize(index + 1, None);
    }
    draft.groups[index] = Some(columns.clone());
    columns
}

fn name_of(dialect: Dialect, grouping: &Grouping, key: &GroupKey, column: &str) -> String {
    let mut cases = vec![(format!("{column} > {}", key.to), "NULL".to_owned())];
    let names = key.from.iter().zip(&grouping.names).rev();
    cases.extend(names.map(|(from, name)| (format!("{column} >= {from}"), dialect.text(name))));
    case(&cases, None)
}

/// The groups in words, as the column has them, in the order of their places.
pub(super) fn group_words(grouping: &Grouping) -> Vec<String> {
    let sexes: Vec<Option<&str>> = if grouping.by_sex { Sex::ALL.iter().map(|(letter, _)| Some(*letter)).collect() } else { vec![None] };
    let names: Vec<Option<&String>> = if grouping.names.is_empty() { vec![None] } else { grouping.names.iter().map(Some).collect() };
    let words = |sex: Option<&str>, name: Option<&String>| {
        let name = name.map(|name| format!("{} {name}", grouping.id));
        sex.map(str::to_owned).into_iter().chain(name).collect::<Vec<_>>().join(", ")
    };
    sexes.iter().flat_map(|sex| names.iter().map(|name| words(*sex, *name))).collect()
}

/// Why a pupil is in no group, in words; nothing for one who is in one. `what` is what there would otherwise be: a norm, a cut-off.
pub(super) fn no_group(draft: &mut Draft<'_>, index: usize, what: &str) -> String {
    let wanted = draft.instrument().groupings.get(index).map_or_else(String::new, |grouping| format!("{}_no_{what}", grouping.id));
    let wanted = wanted.replace('-', "_");
    if let Some(known) =
        draft.steps.first().and_then(|step| step.columns.iter().find(|column| column.name == draft.dialect.quoted(&wanted)))
    {
        return known.name.clone();
    }
    let Some(grouping) = draft.instrument().groupings.get(index) else { return "NULL".to_owned() };
    let (dialect, pupil) = (draft.dialect, draft.pupil.clone());
    let text = |reason: NoGroup| dialect.text(&reason.words(what));
    let mut cases = Vec::new();
    match (grouping.by_sex, &pupil.sex) {
        (false, _) => {}
        (true, None) => cases.push(("TRUE".to_owned(), text(NoGroup::SexNotSaid))),
        (true, Some(sex)) => {
            cases.push((format!("{sex} IS NULL"), text(NoGroup::SexNotSaid)));
            cases.push((format!("{sex} = {}", dialect.text(UNREADABLE_SEX)), text(NoGroup::OtherSex)));
        }
    }
    if !grouping.names.is_empty() {
        let conventions = conventions(grouping, draft.form.key_in_force(grouping));
        let mut before = String::new();
        for key in &conventions {
            let Some(column) = pupil.told(key.by) else { continue };
            let outside = format!("{column} NOT BETWEEN {} AND {}", key.from.first().copied().unwrap_or(0), key.to);
            cases.push((format!("{before}{column} = {UNREADABLE_NUMBER}"), text(NoGroup::Unreadable(key.by))));
            cases.push((format!("{before}{column} = 0 AND {outside}"), text(NoGroup::Outside(key.by, 0))));
            let words = NoGroup::Outside(key.by, ANY).words(what);
            cases.push((format!("{before}{outside}"), draft.sentence(&words, &[(u16::from(ANY), column)])));
            before = format!("{before}{column} IS NULL AND ");
        }
        let nothing = match conventions.as_slice() {
            [only] => NoGroup::NotSaid(only.by),
            _ => NoGroup::NeitherSaid,
        };
        let is_nothing = before.strip_suffix(" AND ").map_or_else(|| "TRUE".to_owned(), str::to_owned);
        cases.push((is_nothing, text(nothing)));
    }
    let sql = if cases.is_empty() { format!("CAST(NULL AS {})", dialect.text_type()) } else { case(&cases, None) };
    draft.add(0, &wanted, Vec::new(), sql)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instrument::{Pupil, Said, built_in_ids, load};

    /// The words in which the scorer names a group are the ones that a view finds its norm by.
    #[test]
    fn groups_are_called_what_notes_call_them() {
        let mut groupings = 0;
        for (instrument, _) in built_in_ids().filter_map(|id| load(id).ok()) {
            for grouping in &instrument.groupings {
                groupings += 1;
                let words = group_words(grouping);
                assert_eq!(words.len(), grouping.count());
                for (_, sex) in Sex::ALL {
                    for number in 0..30 {
                        let pupil = Pupil { sex: Said::This(*sex), age: Said::This(number), year: Said::This(number) };
                        for (place, key) in grouping.keys.iter().enumerate() {
                            let Ok(group) = grouping.find(&pupil, place) else { continue };
                            let by = if grouping.keys.len() > 1 { format!(" by {}", key.id) } else { String::new() };
                            let expected = grouping.words(group).to_string();
                            assert_eq!(format!("{}{by}", words[grouping.index(group)]), expected, "{}", instrument.id);
                        }
                    }
                }
            }
        }
        assert!(groupings > 0);
    }
}
