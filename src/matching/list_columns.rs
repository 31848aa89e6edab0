//! The columns of a pupil list. Schools make their lists from reports of their own, so headings are found by aliases, never by fixed names.

use super::context::{school_year, sex};
use super::header::{key, plain};

/// What a column of a pupil list says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ListColumn {
    /// The Unique Pupil Number.
    Upn,
    /// The school's own admission number.
    Admission,
    /// Another id.
    Id,
    /// Surname and forename in one cell.
    Name,
    /// Surname, the legal one where there are two.
    Surname,
    /// Forename, the legal one where there are two.
    Forename,
    /// The surname that is used.
    PreferredSurname,
    /// The forename that is used.
    PreferredForename,
    /// Class, form or registration group.
    Class,
    /// School year.
    Year,
    /// Sex, as recorded.
    Sex,
    /// Date of birth.
    Birth,
    /// Special educational needs: N, K or E.
    Sen,
    /// Pupil premium.
    PupilPremium,
    /// Free school meals.
    FreeMeals,
    /// English as an additional language.
    Eal,
    /// Looked after.
    LookedAfter,
}

/// The headings that mean each column, best first.
const ALIASES: [(ListColumn, &[&[&str]]); 17] = [
    (ListColumn::Upn, &[&["upn", "uniquepupilnumber", "pupilupn", "upnnumber"]]),
    (ListColumn::Admission, &[&["admissionnumber", "admissionno", "admissionnum", "admno", "adno", "admnumber", "admission"]]),
    (
        ListColumn::Id,
        &[
            &["pupilid", "id", "studentid", "childid", "learnerid", "personid", "pupilcode", "pupilref", "misid", "recordid"],
            &["pupil", "student", "child", "learner"],
        ],
    ),
    (
        ListColumn::Name,
        &[&[
            "name",
            "pupilname",
            "fullname",
            "studentname",
            "childname",
            "learnername",
            "childsname",
            "pupilsname",
            "studentsname",
            "legalfullname",
            "preferredfullname",
        ]],
    ),
    (ListColumn::Surname, &[&["legalsurname", "legallastname"], &["surname", "lastname", "familyname", "pupilsurname"]]),
    (
        ListColumn::Forename,
        &[&["legalforename", "legalfirstname"], &["forename", "firstname", "givenname", "christianname", "pupilforename"]],
    ),
    (ListColumn::PreferredSurname, &[&["preferredsurname", "preferredlastname", "chosensurname"]]),
    (
        ListColumn::PreferredForename,
        &[&["preferredforename", "preferredfirstname", "chosenforename", "chosenname", "preferredname", "knownas"]],
    ),
    (
        ListColumn::Class,
        &[
            &["class", "classname"],
            &[
                "form",
                "formgroup",
                "reggroup",
                "registrationgroup",
                "registrationform",
                "registration",
                "reg",
                "regform",
                "regclass",
                "tutorgroup",
                "formtutorgroup",
                "tutorgrp",
                "reggrp",
            ],
        ],
    ),
    (
        ListColumn::Year,
        &[&[
            "year",
            "yeargroup",
            "schoolyear",
            "ncyear",
            "ncyeargroup",
            "ncyearactual",
            "nationalcurriculumyear",
            "curriculumyear",
            "yr",
            "yrgroup",
            "yeartaughtin",
        ]],
    ),
    (ListColumn::Sex, &[&["sex", "gender", "legalsex", "sexgender"]]),
    (ListColumn::Birth, &[&["dateofbirth", "dob", "birthdate", "birthday", "birth"]]),
    (
        ListColumn::Sen,
        &[&[
            "sen",
            "send",
            "senstatus",
            "sendstatus",
            "sencode",
            "sendcode",
            "senprovision",
            "sendprovision",
            "senprovisiontype",
            "senstage",
            "sensupport",
        ]],
    ),
    (
        ListColumn::PupilPremium,
        &[&[
            "pp",
            "pupilpremium",
            "ppeligible",
            "ppstatus",
            "ppindicator",
            "pupilpremiumeligible",
            "pupilpremiumstatus",
            "pupilpremiumindicator",
            "pupilpremiumrecipient",
        ]],
    ),
    (
        ListColumn::FreeMeals,
        &[&[
            "fsm",
            "fsmstatus",
            "fsmeligible",
            "eligibleforfsm",
            "currentfsm",
            "freeschoolmeal",
            "freeschoolmeals",
            "freemeals",
            "freeschoolmealseligible",
            "eligibleforfreemeals",
            "eligibleforfreeschoolmeals",
        ]],
    ),
    (
        ListColumn::Eal,
        &[&["eal", "ealstatus", "englishadditionallanguage", "englishasanadditionallanguage", "englishasadditionallanguage"]],
    ),
    (
        ListColumn::LookedAfter,
        &[&[
            "lac",
            "cla",
            "lookedafter",
            "lookedafterchild",
            "childlookedafter",
            "childrenlookedafter",
            "lookedafterstatus",
            "lacstatus",
            "clastatus",
            "incare",
        ]],
    ),
];

impl ListColumn {
    /// Every column, with the name that outputs have for it.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("upn", Self::Upn),
        ("admission", Self::Admission),
        ("id", Self::Id),
        ("name", Self::Name),
        ("surname", Self::Surname),
        ("forename", Self::Forename),
        ("preferred_surname", Self::PreferredSurname),
        ("preferred_forename", Self::PreferredForename),
        ("class", Self::Class),
        ("year", Self::Year),
        ("sex", Self::Sex),
        ("date_of_birth", Self::Birth),
        ("sen", Self::Sen),
        ("pp", Self::PupilPremium),
        ("fsm", Self::FreeMeals),
        ("eal", Self::Eal),
        ("lac", Self::LookedAfter),
    ];

    /// The columns by which reports are cut into groups, in the order in which outputs have them.
    pub const GROUPS: [Self; 8] =
        [Self::Class, Self::Year, Self::Sex, Self::Sen, Self::PupilPremium, Self::FreeMeals, Self::Eal, Self::LookedAfter];

    /// Whether it says which pupil a row is about, or when that pupil was born.
    pub fn names_a_pupil(self) -> bool {
        !Self::GROUPS.contains(&self)
    }

    /// The name that outputs have for it.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, column)| *column == self).map_or("", |(word, _)| word)
    }

    /// The headings that mean it, best first.
    fn aliases(self) -> &'static [&'static [&'static str]] {
        ALIASES.iter().find(|(column, _)| *column == self).map_or(&[], |(_, names)| names)
    }

    /// The column that a heading names, and how well: 0 is the best.
    fn ranked(heading: &str) -> Option<(Self, usize)> {
        let key = key(heading);
        Self::ALL.iter().find_map(|(_, column)| {
            let rank = column.aliases().iter().position(|names| names.contains(&key.as_str()))?;
            Some((*column, rank))
        })
    }

    /// The column that a heading names.
    pub fn of(heading: &str) -> Option<Self> {
        Self::ranked(heading).map(|(column, _)| column)
    }

    /// The columns that could be this one, all of the best rank that there is.
    pub(super) fn candidates(self, header: &[String]) -> Vec<usize> {
        let ranks: Vec<(usize, usize)> = header
            .iter()
            .enumerate()
            .filter_map(|(index, heading)| Self::ranked(heading).filter(|(column, _)| *column == self).map(|(_, rank)| (index, rank)))
            .collect();
        let best = ranks.iter().map(|(_, rank)| *rank).min();
        ranks.into_iter().filter(|(_, rank)| Some(*rank) == best).map(|(index, _)| index).collect()
    }

    /// A cell in one spelling, so that a group is not two: `K - SEN Support` is `K`, `Yes` is `Y`, `Year 7` is `7`. What is none of the
    /// known words stays as it is.
    pub fn value(self, cell: &str) -> String {
        let cell = cell.trim();
        let known = match self {
            Self::Sen => sen(cell).map(str::to_owned),
            Self::Sex => sex(cell).map(|sex| sex.letter().to_owned()),
            Self::Year => school_year(cell).map(|year| if year == 0 { "R".to_owned() } else { year.to_string() }),
            Self::PupilPremium | Self::FreeMeals | Self::Eal | Self::LookedAfter => yes_or_no(cell).map(str::to_owned),
            _ => None,
        };
        known.unwrap_or_else(|| cell.to_owned())
    }
}

/// The code of SEN provision: `K`, `K - SEN Support`, `SEN support`, `EHC plan`.
fn sen(cell: &str) -> Option<&'static str> {
    let words = plain(cell);
    // Code and words in one cell: the code stands first, alone.
    let code = words.split(|character: char| !character.is_alphanumeric()).next().unwrap_or_default();
    let known = |text: &str| match text {
        "n" | "nosen" | "nosenprovision" | "nospecialeducationalneed" | "nospecialeducationalneeds" | "none" => Some("N"),
        "k" | "sensupport" | "sendsupport" | "senwithoutanehcplan" => Some("K"),
        "e" | "ehcp" | "ehcplan" | "educationhealthandcareplan" => Some("E"),
        _ => None,
    };
    known(&key(cell)).or_else(|| {
        let rest = key(words.get(code.len()..).unwrap_or_default());
        // `E - SEN Support` says two things, and is neither.
        match (code, known(&rest)) {
            ("n", Some("N")) => Some("N"),
            ("k", Some("K")) => Some("K"),
            ("e", Some("E")) => Some("E"),
            _ => None,
        }
    })
}

fn yes_or_no(cell: &str) -> Option<&'static str> {
    match key(cell).as_str() {
        "y" | "yes" | "true" | "t" => Some("Y"),
        "n" | "no" | "false" | "f" => Some("N"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found_by_their_aliases() {
        for (heading, expected) in [
            ("UPN", Some(ListColumn::Upn)),
            ("Admission No", Some(ListColumn::Admission)),
            ("Adm. No.", Some(ListColumn::Admission)),
            ("Legal Surname", Some(ListColumn::Surname)),
            ("Preferred Name", Some(ListColumn::PreferredForename)),
            ("Date of Birth", Some(ListColumn::Birth)),
            ("DOB", Some(ListColumn::Birth)),
            ("Gender", Some(ListColumn::Sex)),
            ("NC Year", Some(ListColumn::Year)),
            ("Form/Tutor Group", Some(ListColumn::Class)),
            ("Reg Group", Some(ListColumn::Class)),
            ("SEN Status", Some(ListColumn::Sen)),
            ("Pupil Premium", Some(ListColumn::PupilPremium)),
            ("PP", Some(ListColumn::PupilPremium)),
            ("FSM", Some(ListColumn::FreeMeals)),
            ("Looked After", Some(ListColumn::LookedAfter)),
            ("EAL", Some(ListColumn::Eal)),
            ("ULN", None),
            ("Enrolment Status", None),
            ("Middle Names", None),
            ("House", None),
        ] {
            assert_eq!(ListColumn::of(heading), expected, "{heading}");
        }
    }

    #[test]
    fn no_alias_means_two_columns() {
        let mut seen = std::collections::HashSet::new();
        for alias in ListColumn::ALL.iter().flat_map(|(_, column)| column.aliases().iter().flat_map(|names| names.iter())) {
            assert!(seen.insert(alias), "{alias}");
            assert_eq!(key(alias), **alias);
        }
    }

    #[test]
    fn a_group_has_one_spelling() {
        for (column, cell, expected) in [
            (ListColumn::Sen, "K", "K"),
            (ListColumn::Sen, "K - SEN Support", "K"),
            (ListColumn::Sen, "N - No SEN", "N"),
            (ListColumn::Sen, "No Special Educational Need", "N"),
            (ListColumn::Sen, "E - Education, Health and Care Plan", "E"),
            (ListColumn::Sen, "EHC plan", "E"),
            (ListColumn::Sen, "e", "E"),
            (ListColumn::Sen, "E - SEN Support", "E - SEN Support"),
            (ListColumn::Sen, "Monitoring", "Monitoring"),
            (ListColumn::Sen, "", ""),
            (ListColumn::Sex, "female", "F"),
            (ListColumn::Sex, "Boy", "M"),
            (ListColumn::Sex, "X", "X"),
            (ListColumn::Year, "Year 7", "7"),
            (ListColumn::Year, "R", "R"),
            (ListColumn::Year, "Reception", "R"),
            (ListColumn::Year, "N1", "N1"),
            (ListColumn::PupilPremium, "Yes", "Y"),
            (ListColumn::PupilPremium, "Ever 6 FSM", "Ever 6 FSM"),
            (ListColumn::FreeMeals, "", ""),
            (ListColumn::Eal, "N", "N"),
            (ListColumn::Class, " 7A ", "7A"),
        ] {
            assert_eq!(column.value(cell), expected, "{cell:?}");
        }
    }
}
