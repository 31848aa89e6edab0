//! The codes of findings: a family letter, a number that never changes its meaning, and how serious it is.

use std::fmt;

/// How serious a finding is, and so what the program did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; every answer was used.
    Note,
    /// Some answers or rows could not be used, and the rest was.
    Problem,
    /// The file or definition was not used at all.
    Refusal,
}

impl Severity {
    /// The word in front of a finding.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Problem => "problem",
            Self::Refusal => "refused",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $code:ident $severity:ident;)+) => {
        /// The code of a finding. `I`: instrument, `T`: table, `M`: matching, `R`: responses, `P`: pupil list, `S`: scores, `C`: comparison,
        /// `W`: the wellbeing pathway, `J`: the jobs of a term file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[doc = $doc])+ $code,)+
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$(Self::$code,)+];

            /// The code as it is printed: `R002`.
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$code => stringify!($code),)+
                }
            }

            /// How serious it is.
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$code => Severity::$severity,)+
                }
            }

            /// What it is, in one line.
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$code => concat!($($doc),+).trim_ascii(),)+
                }
            }
        }
    };
}

codes! {
    /// the definition is not readable as TOML
    I001 Refusal;
    /// the definition has a key that nobody knows
    I002 Refusal;
    /// the definition lacks a key
    I003 Refusal;
    /// a value in the definition has the wrong kind
    I004 Refusal;
    /// the definition uses a name that it does not define
    I005 Refusal;
    /// the definition defines a name twice
    I006 Refusal;
    /// codes and labels of an answer set do not fit each other
    I007 Refusal;
    /// an item cannot be reversed with its codes
    I008 Refusal;
    /// an item is in no scale and not listed as unscored
    I009 Refusal;
    /// bands have a gap, overlap, or lie outside the scale's range
    I010 Refusal;
    /// a worked example is not what the definition computes
    I011 Refusal;
    /// a number has no source
    I012 Refusal;
    /// a rule for missing answers cannot work
    I013 Refusal;
    /// the definition has fewer than four worked examples
    I014 Note;
    /// a table of scores has holes, or reaches beyond the scores
    I015 Refusal;
    /// a norm or a cut-off lacks a group or a cell
    I016 Refusal;
    /// a question would be counted twice in a total
    I017 Refusal;
    /// the range that is declared is not what the answers come to
    I018 Refusal;

    /// the file is empty
    T001 Refusal;
    /// the file has a header and no responses
    T002 Problem;
    /// a row has more or fewer cells than the header
    T003 Problem;
    /// two columns have the same name
    T004 Note;
    /// the file is not a text table
    T005 Refusal;
    /// the file is not UTF-8 text
    T006 Refusal;
    /// cells stand under no header
    T007 Note;
    /// a quotation mark is never closed
    T008 Refusal;
    /// what separates the columns cannot be told
    T009 Refusal;
    /// how the file was read, where that was taken for granted
    T010 Note;
    /// which sheet of the workbook is meant cannot be told
    T011 Refusal;
    /// cells of the header are merged
    T012 Refusal;

    /// questions have no column
    M001 Refusal;
    /// two columns could be the same question
    M002 Refusal;
    /// numbered columns do not count as many as the form has questions
    M003 Refusal;
    /// no column says which pupil a row is about
    M004 Note;
    /// a column of the form system was left out
    M005 Note;
    /// the map or an option names a column that the file does not have
    M006 Refusal;
    /// two columns could say which pupil a row is about
    M007 Refusal;
    /// a column was renamed because its name is one of ours
    M008 Note;
    /// the columns belong to another form
    M009 Refusal;
    /// an optional part of the form is only partly there
    M010 Problem;
    /// a column looks like a question but was not used
    M011 Note;
    /// the map is not readable
    M012 Refusal;
    /// norms or cut-offs ask for something that no column says
    M013 Problem;
    /// a question that somebody must look at today is on a part of the form that the file does not have
    M014 Problem;

    /// an answer is none of the form's answers
    R001 Problem;
    /// an answer is outside the range of its question
    R002 Problem;
    /// a pupil has more than one response
    R003 Problem;
    /// a response was completed by somebody else than the form is for
    R004 Problem;
    /// a pupil's age is outside the form's ages
    R005 Problem;
    /// the answers look coded from one higher than the form's codes
    R006 Refusal;
    /// no form uses the lowest answer even once
    R007 Refusal;
    /// long comments were not copied
    R008 Note;
    /// a row says not which pupil it is about
    R009 Problem;
    /// who completed a response is not understood
    R010 Note;
    /// an age is not readable
    R011 Problem;
    /// a response has no answers at all
    R012 Problem;
    /// a form was not finished
    R013 Problem;
    /// a response was not counted, because its date cannot be read
    R014 Problem;

    /// the pupil list does not say who its pupils are
    P001 Refusal;
    /// two columns of the pupil list could be the same
    P002 Problem;
    /// two pupils of the list have one number
    P003 Problem;
    /// a UPN has the wrong check letter or form
    P004 Note;
    /// day and month of the dates of birth could be swapped
    P005 Problem;
    /// a date of birth is not readable
    P006 Problem;
    /// a response names no pupil of the list
    P007 Problem;
    /// a response could be about two pupils of the list
    P008 Problem;
    /// the responses and the pupil list say different things of a pupil
    P009 Problem;
    /// a row of the names file cannot be used
    P010 Problem;
    /// responses were left out because consent was withdrawn
    P011 Note;
    /// a form's date cannot be read, so the pupil's age is not known
    P012 Problem;
    /// no date says how old the pupils were
    P013 Note;
    /// the id cannot be looked up in the pupil list
    P014 Refusal;

    /// nobody can be flagged with this form
    S001 Note;
    /// a score in the file differs from ours
    S002 Problem;

    /// pupils cannot be paired without an id
    C001 Refusal;
    /// a pupil stands twice at one time
    C002 Refusal;
    /// the two forms cannot be compared
    C003 Refusal;
    /// a review is dated before its baseline
    C004 Problem;
    /// a date is not readable
    C005 Note;
    /// no pupil is at both times
    C006 Problem;
    /// some rows belong to another time
    C007 Note;
    /// some scales have no measurement error on record
    C008 Note;
    /// some reviews came before the time that the form asks about had passed
    C009 Note;
    /// a pupil's other response was left out, as it was asked for
    C010 Note;
    /// the goals file lacks a column, or has one twice
    C011 Refusal;
    /// a goal or its target is not readable
    C012 Problem;
    /// a goal is about a scale that the form does not have
    C013 Problem;
    /// a goal is about a pupil who is not in the files
    C014 Problem;
    /// a target lies outside the scale or points the wrong way
    C015 Problem;
    /// a pupil has two goals of one name
    C016 Problem;
    /// a target is too small to be told from error
    C017 Note;
    /// a rating is not one of the goal's ratings
    C018 Problem;
    /// a date of a goal is not readable
    C019 Problem;
    /// the evidence file does not say whom or what it is about
    C020 Refusal;
    /// a column of the evidence could be two things, or does not say what it is
    C021 Problem;
    /// evidence is about a pupil who is not in the files
    C022 Problem;
    /// a pupil's measure stands twice in the evidence
    C023 Problem;
    /// a measure has no value for a pupil at either time
    C024 Note;
    /// a column of the evidence is not used, or is there for one time only
    C025 Note;
    /// a row of the evidence lacks its pupil or its measure
    C026 Problem;

    /// the pathway is not readable as TOML
    W001 Refusal;
    /// the pathway has a key that nobody knows
    W002 Refusal;
    /// the pathway lacks a key, or has nothing in it
    W003 Refusal;
    /// a value in the pathway has the wrong kind
    W004 Refusal;
    /// a name stands twice in the pathway
    W005 Refusal;
    /// a tier names a scale or a band that the form does not have
    W006 Refusal;
    /// tiers overlap, leave a gap, or lie outside the scale's range
    W007 Refusal;
    /// tiers are for a questionnaire that is not known here
    W008 Note;

    /// the term file is not readable as TOML
    J001 Refusal;
    /// the term file has a key that nobody knows
    J002 Refusal;
    /// the term file lacks a key, or has nothing in it
    J003 Refusal;
    /// a value in the term file has the wrong kind
    J004 Refusal;
    /// two jobs have one name
    J005 Refusal;
    /// two outputs of a term file have one name
    J006 Refusal;
    /// an output of a term file is read by a job
    J007 Refusal;
    /// a value or an option of the term file does not fit its command
    J008 Refusal;
}

impl Code {
    /// The code that is written so, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.id().eq_ignore_ascii_case(text.trim()))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
