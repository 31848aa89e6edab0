//! Who a pupil is, as far as norms and cut-offs ask, and which group that puts them into.
//!
//! A norm is for a group: girls, in grades 5 and 6. How a pupil finds that group is a convention of its own, and conventions in use
//! disagree, so each has a name that stands beside the score. A pupil whom no group is for has none: nothing is moved to the
//! nearest one.

use std::fmt;

/// What a file says about a pupil; norms and cut-offs ask for no more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pupil {
    /// As recorded.
    pub sex: Said<Sex>,
    /// In whole years.
    pub age: Said<u8>,
    /// England's school year; Reception is 0.
    pub year: Said<u8>,
}

/// Something that a file may say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Said<T> {
    /// It does not.
    #[default]
    Nothing,
    /// This.
    This(T),
    /// It says something that is none of it: no number, neither M nor F.
    Unreadable,
}

/// The sex by which norms differ; most are for M and F only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// M.
    Male,
    /// F.
    Female,
}

impl Sex {
    /// Both, with their letter in definitions and outputs, in the order in which groups are counted.
    pub const ALL: &'static [(&'static str, Self)] = &[("M", Self::Male), ("F", Self::Female)];

    /// Its letter.
    pub fn letter(self) -> &'static str {
        Self::ALL.iter().find(|(_, sex)| *sex == self).map_or("", |(letter, _)| letter)
    }
}

/// How pupils are grouped for norms or cut-offs.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// What the groups are: `grade`.
    pub id: String,
    /// Whether M and F have groups of their own.
    pub by_sex: bool,
    /// The groups, from young to old; none where only the sex counts.
    pub names: Vec<String>,
    /// The conventions by which a pupil finds a group.
    pub keys: Vec<GroupKey>,
    /// The choice between them, in the instrument's choices: for each of its values the key.
    pub choice: Option<(usize, Vec<usize>)>,
}

/// One convention by which a pupil finds a group.
#[derive(Clone, Debug)]
pub struct GroupKey {
    /// Its name: `school-year`.
    pub id: String,
    /// What it goes by.
    pub by: KeyBy,
    /// Where each group begins.
    pub from: Vec<u8>,
    /// Where the last one ends.
    pub to: u8,
    /// The key for a pupil of whom this is not recorded.
    pub otherwise: Option<usize>,
}

/// What a convention goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyBy {
    /// Age in whole years.
    Age,
    /// England's school year.
    SchoolYear,
}

impl KeyBy {
    /// Both, with their words in definitions.
    pub const ALL: &'static [(&'static str, Self)] = &[("age", Self::Age), ("school year", Self::SchoolYear)];

    /// Its words in definitions and outputs.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, by)| *by == self).map_or("", |(word, _)| word)
    }

    fn told(self, pupil: Pupil) -> Said<u8> {
        match self {
            Self::Age => pupil.age,
            Self::SchoolYear => pupil.year,
        }
    }
}

/// The group of one pupil.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    sex: Option<Sex>,
    name: u8,
    key: u8,
}

/// Why a pupil is in no group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoGroup {
    /// Neither M nor F is recorded.
    SexNotSaid,
    /// Something else is.
    OtherSex,
    /// What the key goes by is not recorded.
    NotSaid(KeyBy),
    /// Neither the school year nor the age is.
    NeitherSaid,
    /// It cannot be read.
    Unreadable(KeyBy),
    /// No group is for it.
    Outside(KeyBy, u8),
}

impl NoGroup {
    /// The reason in words; `what` is what there would otherwise be: a norm, a cut-off.
    pub fn words(self, what: &str) -> String {
        match self {
            Self::SexNotSaid => "sex not recorded".to_owned(),
            Self::OtherSex => format!("no {what} for the sex that is recorded"),
            Self::NotSaid(by) => format!("{} not recorded", by.word()),
            Self::NeitherSaid => "neither school year nor age recorded".to_owned(),
            Self::Unreadable(by) => format!("the {} cannot be read", by.word()),
            Self::Outside(KeyBy::SchoolYear, 0) => format!("no {what} for Reception"),
            Self::Outside(by, number) => format!("no {what} for {} {number}", by.word()),
        }
    }
}

impl Grouping {
    /// A grouping that nobody is in.
    pub fn none() -> Self {
        Self { id: String::new(), by_sex: false, names: Vec::new(), keys: Vec::new(), choice: None }
    }

    /// The key in force: `choices` holds, for each choice of the instrument, the place of the value that was chosen.
    pub fn key_in_force(&self, choices: &[usize]) -> usize {
        let chosen = self.choice.as_ref().and_then(|(choice, keys)| keys.get(choices.get(*choice).copied().unwrap_or(0)));
        chosen.copied().unwrap_or(0)
    }

    /// How many groups there are.
    pub fn count(&self) -> usize {
        let sexes = if self.by_sex { Sex::ALL.len() } else { 1 };
        sexes * self.names.len().max(1)
    }

    /// The group of a pupil by one of the keys.
    ///
    /// # Errors
    ///
    /// When no group is for this pupil.
    pub fn find(&self, pupil: &Pupil, key: usize) -> Result<Group, NoGroup> {
        let sex = match (self.by_sex, pupil.sex) {
            (false, _) => None,
            (true, Said::This(sex)) => Some(sex),
            (true, Said::Nothing) => return Err(NoGroup::SexNotSaid),
            (true, Said::Unreadable) => return Err(NoGroup::OtherSex),
        };
        if self.names.is_empty() {
            return Ok(Group { sex, name: 0, key: 0 });
        }
        let Some(convention) = self.keys.get(key) else { return Err(NoGroup::NeitherSaid) };
        let told = convention.by.told(*pupil);
        if let (Said::Nothing, Some(otherwise)) = (told, convention.otherwise) {
            // Definitions are read so that one key leads to another once at most.
            return self.find(pupil, otherwise).map_err(|reason| match reason {
                NoGroup::NotSaid(_) => NoGroup::NeitherSaid,
                other => other,
            });
        }
        match told {
            Said::Nothing => Err(NoGroup::NotSaid(convention.by)),
            Said::Unreadable => Err(NoGroup::Unreadable(convention.by)),
            Said::This(number) => {
                let name = convention.group_of(number).ok_or(NoGroup::Outside(convention.by, number))?;
                Ok(Group { sex, name, key: u8::try_from(key).unwrap_or(0) })
            }
        }
    }

    /// A group's place among all groups: M before F, young before old.
    pub fn index(&self, group: Group) -> usize {
        let sex = usize::from(group.sex == Some(Sex::Female));
        sex * self.names.len().max(1) + usize::from(group.name)
    }

    /// A group as outputs name it, with its convention: `M, grade 5-6 by school-year`.
    pub fn words(&self, group: Group) -> impl fmt::Display {
        let mut parts = Vec::new();
        parts.extend(group.sex.map(|sex| sex.letter().to_owned()));
        if let Some(name) = self.names.get(usize::from(group.name)) {
            let by = self.keys.get(usize::from(group.key)).filter(|_| self.keys.len() > 1);
            let by = by.map_or_else(String::new, |key| format!(" by {}", key.id));
            parts.push(format!("{} {name}{by}", self.id));
        }
        parts.join(", ")
    }

    /// A group's convention: `by school-year`.
    pub fn key_words(&self, group: Group) -> Option<String> {
        let key = self.keys.get(usize::from(group.key))?;
        Some(format!("by {}", key.id))
    }

    /// Every group's name without a convention, in the order of their places.
    pub fn all(&self) -> Vec<String> {
        let sexes: &[(&str, Sex)] = if self.by_sex { Sex::ALL } else { &[] };
        let sexes: Vec<&str> = if sexes.is_empty() { vec![""] } else { sexes.iter().map(|(letter, _)| *letter).collect() };
        let names: Vec<&str> = if self.names.is_empty() { vec![""] } else { self.names.iter().map(String::as_str).collect() };
        sexes.iter().flat_map(|sex| names.iter().map(move |name| format!("{sex} {name}").trim().to_owned())).collect()
    }
}

impl GroupKey {
    fn group_of(&self, number: u8) -> Option<u8> {
        if number > self.to {
            return None;
        }
        let begun = self.from.iter().take_while(|from| **from <= number).count();
        begun.checked_sub(1).and_then(|group| u8::try_from(group).ok())
    }
}
