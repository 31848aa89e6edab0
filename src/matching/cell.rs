//! From a cell to a code: the form's own codes and labels, the file's coding, the words that mean "no answer".
//!
//! A cell is read or refused, never guessed: what reads differently from every known answer is refused, with a suggestion.

use std::collections::HashMap;

use crate::findings::{Code, did_you_mean, list_or};
use crate::instrument::{AnswerSet, Number};

/// What a cell says about a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// This answer, by its place in the answer set.
    Given(u16),
    /// Nothing: blank, or a word for "no answer".
    Blank,
    /// Something that is no answer of the form; it counts as missing and is reported.
    Refused,
}

/// What the words and numbers of a file mean for one answer set.
#[derive(Debug)]
pub struct AnswerKey {
    words: HashMap<String, Answer>,
    /// Cells of a single byte, which nearly all are, are looked up without hashing.
    single: Vec<Option<Answer>>,
    /// The words in the writing that most files have, with what they are read as.
    usual: Vec<(String, Answer)>,
    codes: Vec<Number>,
    labels: Vec<String>,
    coded: Option<Vec<String>>,
    allowed: String,
}

/// How a file names its answers, as far as the user says so.
#[derive(Clone, Debug, Default)]
pub struct Coding {
    /// What the file calls the answers, in the order of the codes.
    pub values: Option<Vec<String>>,
    /// Words that mean "no answer".
    pub missing: Vec<String>,
    /// Further words, with the answer's place in the set.
    pub words: Vec<(String, u16)>,
}

/// Why a coding cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodingError {
    /// A word would mean "no answer" and an answer.
    #[error("`{word}` cannot mean \"no answer\": it is one of the form's answers ({allowed})")]
    MissingIsAnswer {
        /// The word.
        word: String,
        /// The answers.
        allowed: String,
    },
    /// A word would mean two answers.
    #[error("`{word}` would mean two different answers")]
    Twice {
        /// The word.
        word: String,
    },
}

impl AnswerKey {
    /// What a file's cells mean for an answer set.
    ///
    /// # Errors
    ///
    /// When a word would mean two things.
    pub fn new(set: &AnswerSet, coding: &Coding) -> Result<Self, CodingError> {
        let mut key = Self {
            words: HashMap::new(),
            single: vec![None; 256],
            usual: Vec::new(),
            codes: set.codes.clone(),
            labels: set.labels.iter().flatten().cloned().collect(),
            coded: coding.values.clone(),
            allowed: set.allowed(),
        };
        match &coding.values {
            Some(values) => {
                for (position, value) in values.iter().enumerate() {
                    key.add(value, place(position))?;
                }
                key.allowed = list_or(values);
            }
            None => {
                for (position, code) in set.codes.iter().enumerate() {
                    key.add(&code.to_string(), place(position))?;
                }
            }
        }
        for (position, labels) in set.labels.iter().enumerate() {
            for label in labels {
                key.add(label, place(position))?;
            }
        }
        for (word, position) in &coding.words {
            key.add(word, Answer::Given(*position))?;
        }
        for word in &set.no_answer {
            match key.read(word) {
                Answer::Given(_) => return Err(CodingError::MissingIsAnswer { word: word.clone(), allowed: key.allowed }),
                Answer::Blank | Answer::Refused => {
                    for form in [Some(exact(word)), loose(word)].into_iter().flatten().filter(|form| !form.is_empty()) {
                        key.put(form, Answer::Blank);
                    }
                }
            }
        }
        for word in &coding.missing {
            if matches!(key.read(word), Answer::Given(_)) {
                return Err(CodingError::MissingIsAnswer { word: word.clone(), allowed: key.allowed });
            }
            key.put(exact(word), Answer::Blank);
        }
        key.remember_the_usual(set, coding);
        Ok(key)
    }

    /// What nearly all cells hold is read once, as any cell is read, and looked up from then on.
    fn remember_the_usual(&mut self, set: &AnswerSet, coding: &Coding) {
        for byte in 0..128_u8 {
            self.single[usize::from(byte)] = Some(self.read(char::from(byte).encode_utf8(&mut [0; 4])));
        }
        let words = set.labels.iter().flatten().chain(coding.values.iter().flatten()).chain(&coding.missing);
        let mut usual: Vec<(String, Answer)> = Vec::new();
        for word in words.filter(|word| word.len() > 1) {
            usual.push((word.clone(), self.read(word)));
        }
        self.usual = usual;
    }

    fn add(&mut self, word: &str, answer: Answer) -> Result<(), CodingError> {
        for form in [Some(exact(word)), loose(word)].into_iter().flatten().filter(|form| !form.is_empty()) {
            match self.words.get(&form) {
                Some(known) if *known != answer => return Err(CodingError::Twice { word: word.to_owned() }),
                _ => self.put(form, answer),
            }
        }
        Ok(())
    }

    fn put(&mut self, word: String, answer: Answer) {
        if let [byte] = word.as_bytes() {
            self.single[usize::from(*byte)] = Some(answer);
        }
        self.words.insert(word, answer);
    }

    /// Reads a cell.
    pub fn read(&self, cell: &str) -> Answer {
        match cell.as_bytes() {
            [] => return Answer::Blank,
            [byte] => {
                if let Some(answer) = self.single[usize::from(*byte)] {
                    return answer;
                }
            }
            _ => {
                if let Some((_, answer)) = self.usual.iter().find(|(word, _)| word == cell) {
                    return *answer;
                }
            }
        }
        let written = exact(cell);
        if written.is_empty() {
            return Answer::Blank;
        }
        if let Some(answer) = self.words.get(&written).or_else(|| self.words.get(&loose(cell)?)) {
            return *answer;
        }
        self.numeric(&written).or_else(|| self.prefixed(&written)).unwrap_or(Answer::Refused)
    }

    /// `a. Not true` and `1) Not true` are a label behind its place in the list; `0 = Not true` and `2 - Certainly true` a code with its
    /// label, which have to agree.
    fn prefixed(&self, written: &str) -> Option<Answer> {
        let (before, sign, label) = ['.', ')', '=', ':', '-', '\u{2013}']
            .iter()
            .filter_map(|sign| written.split_once(*sign).map(|(before, label)| (before.trim(), *sign, label)))
            .find(|(before, ..)| before.chars().count() <= 2 && before.chars().all(char::is_alphanumeric) && !before.is_empty())?;
        // A label has words in it: what stands behind the sign may be the rest of a number.
        let label = Some(label).filter(|label| label.chars().any(char::is_alphabetic))?;
        let label = self.words.get(label.trim()).or_else(|| self.words.get(&loose(label)?)).copied();
        let label = label.filter(|answer| matches!(answer, Answer::Given(_)))?;
        match sign {
            '.' | ')' => Some(label),
            _ => (self.read(before) == label).then_some(label),
        }
    }

    /// `2.0` and `02` are the number 2, as spreadsheets and programs write it.
    fn numeric(&self, written: &str) -> Option<Answer> {
        let number = Number::parse(written)?;
        let position = match &self.coded {
            Some(values) => values.iter().position(|value| Number::parse(value.trim()) == Some(number)),
            None => self.codes.iter().position(|code| *code == number),
        };
        position.map(place)
    }

    /// The lowest code's place: what "the lowest answer" means in a file.
    pub fn lowest(&self) -> Answer {
        let lowest = self.codes.iter().enumerate().min_by_key(|(_, code)| **code).map_or(0, |(position, _)| position);
        place(lowest)
    }

    /// Whether a refused cell is the number one above the highest code: the sign of answers that are numbered from 1.
    pub fn is_one_above(&self, cell: &str) -> bool {
        let highest = self.codes.iter().max().copied().unwrap_or(Number::ZERO);
        self.coded.is_none() && Number::parse(cell.trim()) == Some(highest + Number::whole(1))
    }

    /// Whether the form's answers have words at all, or only codes.
    pub fn has_labels(&self) -> bool {
        !self.labels.is_empty()
    }

    /// Whether the user said what the file's values are called.
    pub fn is_confirmed(&self) -> bool {
        self.coded.is_some()
    }

    /// The kind of finding that a refused cell is: [`Code::R001`] for a word, [`Code::R002`] for a number.
    pub fn refusal_code(&self, cell: &str) -> Code {
        if Number::parse(cell.trim()).is_some() { Code::R002 } else { Code::R001 }
    }

    /// Why a cell was refused: the code, what would have been allowed, and the answer that may have been meant.
    pub fn refusal(&self, cell: &str) -> Refusal {
        let code = self.refusal_code(cell);
        let near = if code == Code::R001 { did_you_mean(cell.trim(), self.labels.iter().map(String::as_str)) } else { None };
        let mut allowed = self.allowed.clone();
        let shown: Vec<String> = self.labels.iter().filter(|label| label.chars().count() > 2).map(|label| format!("`{label}`")).collect();
        if code == Code::R001 && !shown.is_empty() {
            allowed = format!("{allowed}, or {}", list_or(&shown));
        }
        let bounds = self.codes.iter().min().zip(self.codes.iter().max());
        let is_inside = self.coded.is_none()
            && Number::parse(&exact(cell)).zip(bounds).is_some_and(|(number, (low, high))| number > *low && number < *high);
        Refusal { code, allowed, is_inside, near: near.map(ToOwned::to_owned) }
    }
}

/// Why a cell was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// [`Code::R001`] for a word, [`Code::R002`] for a number.
    pub code: Code,
    /// What would have been allowed.
    pub allowed: String,
    /// Whether it is a number between the lowest and the highest code: a 1.5 among 0, 1 and 2.
    pub is_inside: bool,
    /// The label that it most resembles.
    pub near: Option<String>,
}

fn place(position: usize) -> Answer {
    u16::try_from(position).map_or(Answer::Refused, Answer::Given)
}

/// A word without the space around it, in small letters: for words such as `-` and `N/A` whose punctuation matters.
fn exact(word: &str) -> String {
    word.trim().to_lowercase()
}

/// A word without case, space and punctuation: `Not true.` and `NOT TRUE ` are one label. Only for words: in a number the punctuation
/// is part of it, and `-1`, `.1` and `1?` are not 1. A question mark is a doubt, and stays one: `N?` is not N.
fn loose(word: &str) -> Option<String> {
    let kept = || word.chars().filter(|character| character.is_alphanumeric());
    (kept().any(char::is_alphabetic) && !word.contains('?')).then(|| kept().flat_map(char::to_lowercase).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set() -> AnswerSet {
        AnswerSet {
            name: "main".into(),
            codes: (0..3).map(Number::whole).collect(),
            labels: [["Not true", "N"], ["Somewhat true", "S"], ["Certainly true", "C"]]
                .map(|words| words.map(str::to_owned).to_vec())
                .to_vec(),
            no_answer: vec!["Prefer not to say".to_owned()],
            step: None,
        }
    }

    fn read(coding: &Coding, cell: &str) -> Answer {
        AnswerKey::new(&set(), coding).map_or(Answer::Refused, |key| key.read(cell))
    }

    #[test]
    fn answers_are_read_as_codes_or_labels_in_any_writing() {
        for (cell, expected) in [
            ("0", Answer::Given(0)),
            (" 2 ", Answer::Given(2)),
            ("2.0", Answer::Given(2)),
            ("02", Answer::Given(2)),
            ("not true ", Answer::Given(0)),
            ("NOT TRUE", Answer::Given(0)),
            ("Not true.", Answer::Given(0)),
            ("somewhat-true", Answer::Given(1)),
            ("c", Answer::Given(2)),
            ("", Answer::Blank),
            ("  ", Answer::Blank),
            ("\u{a0}", Answer::Blank),
            ("3", Answer::Refused),
            ("-1", Answer::Refused),
            ("1.5", Answer::Refused),
            ("Sometimes true", Answer::Refused),
            ("1?", Answer::Refused),
            ("N?", Answer::Refused),
            ("Not true?", Answer::Refused),
            (".1", Answer::Refused),
            ("1-2", Answer::Refused),
            ("n/a", Answer::Refused),
            ("-", Answer::Refused),
            ("a. Not true", Answer::Given(0)),
            ("3) Certainly true.", Answer::Given(2)),
            ("0 = Not true", Answer::Given(0)),
            ("2 - Certainly true", Answer::Given(2)),
            ("1: Not true", Answer::Refused),
            ("2. 1", Answer::Refused),
            ("1.5", Answer::Refused),
            ("10 - 2", Answer::Refused),
        ] {
            assert_eq!(read(&Coding::default(), cell), expected, "{cell:?}");
        }
    }

    #[test]
    fn declared_words_mean_no_answer_and_nothing_else_does() {
        let coding = Coding { missing: ["9", "n/a", "-"].map(str::to_owned).to_vec(), ..Coding::default() };
        for (cell, expected) in [("9", Answer::Blank), ("N/A", Answer::Blank), ("-", Answer::Blank), ("99", Answer::Refused)] {
            assert_eq!(read(&coding, cell), expected, "{cell:?}");
        }
    }

    #[test]
    fn words_of_the_form_for_no_answer_are_blank() {
        for cell in ["Prefer not to say", "prefer not to say."] {
            assert_eq!(read(&Coding::default(), cell), Answer::Blank, "{cell:?}");
        }
    }

    #[test]
    fn a_coding_replaces_the_codes_and_keeps_the_labels() {
        let coding = Coding { values: Some(["1", "2", "3"].map(str::to_owned).to_vec()), ..Coding::default() };
        for (cell, expected) in [("1", Answer::Given(0)), ("3.0", Answer::Given(2)), ("0", Answer::Refused), ("Not true", Answer::Given(0))]
        {
            assert_eq!(read(&coding, cell), expected, "{cell:?}");
        }
    }

    #[test]
    fn an_answer_cannot_be_declared_missing() {
        let coding = Coding { missing: vec!["2".into()], ..Coding::default() };
        assert!(matches!(AnswerKey::new(&set(), &coding), Err(CodingError::MissingIsAnswer { .. })));
    }

    #[test]
    fn a_refused_label_comes_with_a_suggestion() {
        let refusal = AnswerKey::new(&set(), &Coding::default()).map(|key| key.refusal("Sometimes true"));
        assert_eq!(refusal.map(|refusal| refusal.near), Ok(Some("Somewhat true".to_owned())));
    }
}
