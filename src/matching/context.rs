//! Context: the columns that say which pupil, who filled it in, when, how old. Aliases, never fixed names; ambiguity is a finding.

use super::header::key;
use super::list_columns::ListColumn;
use crate::instrument::{Informant, Sex};

/// What a column can say about a response besides its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Which pupil the row is about.
    Id,
    /// Who filled it in.
    Informant,
    /// The pupil's sex.
    Sex,
    /// The pupil's age in years.
    Age,
    /// The school year.
    Year,
    /// When it was filled in.
    Date,
    /// Which time point it belongs to.
    Time,
}

impl Role {
    /// Every role, with its word in options and maps.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("id", Self::Id),
        ("informant", Self::Informant),
        ("sex", Self::Sex),
        ("age", Self::Age),
        ("year", Self::Year),
        ("date", Self::Date),
        ("time", Self::Time),
    ];

    /// Its word in options and maps.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, role)| *role == self).map_or("", |(word, _)| word)
    }

    /// The headers that mean it, best first: a file with a `pupil_id` is not asked about its `name` column.
    fn aliases(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Id => &[
                &["pupilid", "pupil", "id", "studentid", "childid", "pupilcode", "pupilref"],
                &["upn", "uniquepupilnumber"],
                &["admissionnumber", "admissionno", "admno", "adno", "admission"],
                &["recordid"],
                &["name", "pupilname", "fullname", "child", "learner", "childname", "childsname", "pupilsname", "student", "studentname"],
            ],
            Self::Informant => &[&["informant", "completedby", "respondent", "rater", "formcompletedby", "filledinby"]],
            Self::Sex => &[&["sex", "gender"]],
            Self::Age => &[&["age", "ageyears", "ageinyears", "pupilage"]],
            Self::Year => &[&["year", "yeargroup", "ncyear", "schoolyear", "yr"]],
            Self::Date => &[&["date", "datecompleted", "completiondate", "formdate"]],
            Self::Time => &[&["time", "timepoint", "occasion"], &["redcapeventname"]],
        }
    }

    /// The columns that could have this role, all of the same rank.
    pub(super) fn candidates(self, header: &[String]) -> Vec<usize> {
        let keys: Vec<String> = header.iter().map(|name| key(name)).collect();
        let ranked = self.aliases().iter().map(|names| {
            let columns = keys.iter().enumerate().filter(|(_, key)| names.contains(&key.as_str()));
            columns.map(|(column, _)| column).collect::<Vec<_>>()
        });
        ranked.into_iter().find(|columns| !columns.is_empty()).unwrap_or_default()
    }

    /// Whether a header is one of those that mean it, however many there are.
    pub fn is_meant_by(self, header: &str) -> bool {
        let key = key(header);
        self.aliases().iter().any(|names| names.contains(&key.as_str()))
    }
}

/// Columns that name a pupil: dropped when names are hidden.
pub fn names_a_pupil(header: &str) -> bool {
    const PARTS: &[&str] = &[
        "name",
        "surname",
        "forename",
        "upn",
        "uln",
        "dateofbirth",
        "dob",
        "birthdate",
        "postcode",
        "address",
        "admission",
        "admno",
        "email",
    ];
    let key = key(header);
    // A second column that could be the id (`pupil`, `student`) names the pupil as well as the first.
    let is_listed = ListColumn::of(header).is_some_and(ListColumn::names_a_pupil);
    is_listed || Role::Id.is_meant_by(header) || PARTS.iter().any(|part| key.contains(part))
}

/// Columns that say where, or on which device, a form was filled in, or how to reach a family: no use in scoring.
pub fn says_where_from(header: &str) -> bool {
    const WHOLE: &[&str] = &["ip", "ipaddr", "location", "gps", "coordinates", "mobile", "device", "useragent", "referrer", "refurl"];
    const PARTS: &[&str] = &["ipaddress", "latitude", "longitude", "geolocation", "phone"];
    let key = key(header);
    WHOLE.contains(&key.as_str()) || PARTS.iter().any(|part| key.contains(part))
}

/// Who filled a form in, from the words that people use; none for a name or a word that says nothing.
pub fn informant(cell: &str) -> Option<Informant> {
    match key(cell).as_str() {
        "self" | "selfreport" | "pupil" | "child" | "youngperson" | "student" | "s" => Some(Informant::SelfReport),
        "parent" | "carer" | "parentcarer" | "mother" | "father" | "mum" | "dad" | "guardian" | "fostercarer" | "p" => {
            Some(Informant::Parent)
        }
        "teacher" | "classteacher" | "formtutor" | "t" => Some(Informant::Teacher),
        "staff" | "ta" | "teachingassistant" | "keyworker" | "senco" => Some(Informant::Staff),
        _ => None,
    }
}

/// The sex that norms go by, from the words that schools use; none for anything else, for which no norm is.
pub fn sex(cell: &str) -> Option<Sex> {
    match key(cell).as_str() {
        "m" | "male" | "boy" | "boys" | "man" => Some(Sex::Male),
        "f" | "female" | "girl" | "girls" | "woman" => Some(Sex::Female),
        _ => None,
    }
}

/// England's school year, as a number or as schools write it: `7`, `Y7`, `Year 7`, `Yr 7`; Reception is 0. A class such as `7B` is
/// no year: `7B` and `7` may well be the same one, but that is for the school to say.
pub fn school_year(cell: &str) -> Option<u8> {
    let plain = key(cell);
    if matches!(plain.as_str(), "r" | "reception" | "yr" | "yearr") {
        return Some(0);
    }
    let digits = ["year", "yr", "y"].iter().find_map(|word| plain.strip_prefix(word)).unwrap_or(&plain);
    let is_number = digits.len() <= 2 && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|year| is_number && *year <= 14)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_name_a_pupil_are_known_by_any_of_their_names() {
        for (header, names, says_where) in [
            ("Legal Surname", true, false),
            ("Known as", true, false),
            ("Birthday", true, false),
            ("MIS ID", true, false),
            ("UPN", true, false),
            ("Home address", true, false),
            ("IP Address", true, true),
            ("ip", false, true),
            ("Location Latitude", false, true),
            ("Mother's mobile phone", false, true),
            ("Class", false, false),
            ("Year Group", false, false),
            ("SEN Status", false, false),
            ("Intervention", false, false),
        ] {
            assert_eq!((names_a_pupil(header), says_where_from(header)), (names, says_where), "{header}");
        }
    }
}
