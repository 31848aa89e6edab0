//! Form systems: what each of them adds to an export by itself, and how it says that a form was not finished.
//!
//! A system is told by the columns that only it writes. Its own columns are personal data and no use in scoring: they are left out and
//! named. Where a column means one thing in one system and another elsewhere (`ID`, `Status`, `Score`), it is only the system's if
//! the system was recognised.

use super::header::{key, plain};

/// Where an export comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum System {
    /// A typed sheet, or a system that is not known.
    Unknown,
    /// Google Forms.
    GoogleForms,
    /// Microsoft Forms.
    MicrosoftForms,
    /// Qualtrics.
    Qualtrics,
    /// `LimeSurvey`.
    LimeSurvey,
    /// `REDCap`.
    Redcap,
    /// The record layout of Australia's primary mental health care data set.
    Pmhc,
}

impl System {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "no form system",
            Self::GoogleForms => "Google Forms",
            Self::MicrosoftForms => "Microsoft Forms",
            Self::Qualtrics => "Qualtrics",
            Self::LimeSurvey => "LimeSurvey",
            Self::Redcap => "REDCap",
            Self::Pmhc => "PMHC",
        }
    }

    /// The system whose columns a header has.
    pub fn of(header: &[String]) -> Self {
        let keys: Vec<String> = header.iter().map(|name| key(name)).collect();
        let has = |name: &str| keys.iter().any(|key| key == name);
        let begins = |start: &str| header.iter().any(|name| plain(name).starts_with(start));
        if has("redcapeventname") || begins("redcap_") || (has("recordid") && keys.iter().any(|key| key.ends_with("complete"))) {
            Self::Redcap
        } else if has("measurekey") && keys.iter().any(|key| key.starts_with("sdqitem")) {
            Self::Pmhc
        } else if has("responseid") && has("recordeddate") || has("finished") && has("startdate") && has("enddate") {
            Self::Qualtrics
        } else if has("submitdate") && (has("lastpage") || has("startlanguage")) {
            Self::LimeSurvey
        } else if has("starttime") && has("completiontime") {
            Self::MicrosoftForms
        } else if keys.first().is_some_and(|first| first == "timestamp") {
            Self::GoogleForms
        } else {
            Self::Unknown
        }
    }

    /// Whether a column is the system's own and no answer, nor anything else that the school asked for.
    pub(super) fn adds(self, header: &str) -> bool {
        let key = key(header);
        let is = |names: &[&str]| names.contains(&key.as_str());
        let anywhere = is(ANYWHERE) || key.contains("emailaddress") || key == "email";
        anywhere
            || match self {
                Self::Unknown | Self::Pmhc => false,
                Self::GoogleForms => is(&["score", "totalscore"]) || is_email(&key),
                Self::MicrosoftForms => {
                    is(&["id", "totalpoints", "quizfeedback"])
                        || is_email(&key)
                        || plain(header).starts_with("points - ")
                        || plain(header).starts_with("feedback - ")
                }
                Self::Qualtrics => is(&["status", "progress", "finished", "relevantid"]) || is_email(&key),
                Self::LimeSurvey => {
                    is(&["id", "lastpage", "seed", "ipaddr", "refurl", "token", "interviewtime"])
                        || key.starts_with("grouptime")
                        || plain(header).ends_with("time") && key.len() > "time".len()
                        || is_email(&key)
                }
                Self::Redcap => {
                    plain(header).starts_with("redcap_") && !is(&["redcapeventname"])
                        || plain(header).ends_with("_timestamp")
                        || plain(header).ends_with("_complete")
                        || is_email(&key)
                }
            }
    }

    /// The column that says whether a form was finished.
    pub(super) fn finished_column(self, header: &[String]) -> Option<usize> {
        let is_it = |name: &String| match self {
            Self::Qualtrics => key(name) == "finished",
            Self::LimeSurvey => key(name) == "submitdate",
            Self::Redcap => plain(name).ends_with("_complete"),
            Self::Unknown | Self::GoogleForms | Self::MicrosoftForms | Self::Pmhc => false,
        };
        // Two forms in one REDCap record have two such columns: which of them this form is cannot be told.
        let mut columns = header.iter().enumerate().filter(|(_, name)| is_it(name)).map(|(column, _)| column);
        columns.next().filter(|_| columns.next().is_none())
    }

    /// Whether what stands in that column says that the form was not finished.
    pub fn is_unfinished(self, cell: &str) -> bool {
        match self {
            Self::Qualtrics => matches!(plain(cell).as_str(), "0" | "false" | "no"),
            Self::LimeSurvey => matches!(plain(cell).as_str(), "" | "n/a" | "1980-01-01 00:00:00"),
            Self::Redcap => matches!(plain(cell).as_str(), "0" | "1" | "incomplete" | "unverified"),
            Self::Unknown | Self::GoogleForms | Self::MicrosoftForms | Self::Pmhc => false,
        }
    }

    /// Codes that mean "no answer" in the layout itself, by its own specification.
    pub fn missing(self) -> &'static [&'static str] {
        match self {
            Self::Pmhc => &["7", "8", "9"],
            _ => &[],
        }
    }
}

/// A question for an e-mail address is one however it is put.
fn is_email(key: &str) -> bool {
    key.contains("email")
}

/// Columns of form systems whose names mean nothing else.
const ANYWHERE: &[&str] = &[
    "username",
    "ipaddress",
    "locationlatitude",
    "locationlongitude",
    "recipientemail",
    "recipientlastname",
    "recipientfirstname",
    "externalreference",
    "externaldatareference",
    "distributionchannel",
    "userlanguage",
    "starttime",
    "completiontime",
    "lastmodifiedtime",
    "startdate",
    "enddate",
    "recordeddate",
    "submitdate",
    "datestamp",
    "timestamp",
    "durationinseconds",
    "responseid",
    "startlanguage",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &str) -> Vec<String> {
        names.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn a_system_is_told_by_the_columns_that_only_it_writes() {
        for (names, expected) in [
            ("Timestamp,Email Address,Child's name,Restless", System::GoogleForms),
            ("ID,Start time,Completion time,Email,Name,Restless", System::MicrosoftForms),
            ("StartDate,EndDate,Status,IPAddress,Progress,Duration (in seconds),Finished,RecordedDate,ResponseId,Q1", System::Qualtrics),
            ("id,submitdate,lastpage,startlanguage,seed,Q1[SQ001]", System::LimeSurvey),
            ("record_id,redcap_event_name,sdq1,sdq_complete", System::Redcap),
            ("measure_key,sdq_version,sdq_item1,sdq_item2", System::Pmhc),
            ("pupil_id,q1,q2", System::Unknown),
            ("id,status,score,q1", System::Unknown),
        ] {
            assert_eq!(System::of(&header(names)), expected, "{names}");
        }
    }

    #[test]
    fn a_column_is_the_systems_own_only_where_the_system_is_there() {
        for (system, name, expected) in [
            (System::Unknown, "Score", false),
            (System::GoogleForms, "Score", true),
            (System::GoogleForms, "Your e-mail, please", true),
            (System::Unknown, "Email address", true),
            (System::MicrosoftForms, "ID", true),
            (System::MicrosoftForms, "Points - Restless", true),
            (System::Unknown, "ID", false),
            (System::Qualtrics, "Status", true),
            (System::Unknown, "Status", false),
            (System::LimeSurvey, "groupTime12", true),
            (System::LimeSurvey, "Time", false),
            (System::Redcap, "sdq_timestamp", true),
            (System::Redcap, "redcap_event_name", false),
            (System::Redcap, "redcap_survey_identifier", true),
        ] {
            assert_eq!(system.adds(name), expected, "{system:?}: {name}");
        }
    }
}
