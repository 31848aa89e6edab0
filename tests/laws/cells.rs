//! Answers as files hold them, and what a cell says by the rules of the page about cells, worked out apart from the program.

use bandwise::instrument::{AnswerSet, Instrument};
use bandwise::matching::Answer;
use proptest::prelude::*;
use proptest::sample::Index;

/// One cell, whatever the question is that it answers.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    kind: u8,
    pick: u16,
    word: Index,
}

/// Mostly a code, sometimes a label or a number in another writing, sometimes blank, sometimes nothing that can be read.
pub(crate) fn cell() -> impl Strategy<Value = Cell> {
    (0_u8..18, any::<u16>(), any::<Index>()).prop_map(|(kind, pick, word)| Cell { kind, pick, word })
}

impl Cell {
    pub(crate) fn of(&self, set: &AnswerSet) -> String {
        let place = usize::from(self.pick) % set.codes.len();
        let (code, words) = (set.codes[place], &set.labels[place]);
        match self.kind {
            14..16 => String::new(),
            13 if !words.is_empty() => {
                let word = &words[self.word.index(words.len())];
                [word.clone(), word.to_uppercase(), format!(" {word}."), word.to_lowercase().replace(' ', "-")][usize::from(self.pick % 4)]
                    .clone()
            }
            16 => {
                let (sign, digits) = if code.over() < 0 { ("-", (-code).to_string()) } else { ("", code.to_string()) };
                let point = if code.under() == 1 { "." } else { "" };
                let plus = if sign.is_empty() { "+" } else { sign };
                [format!(" {sign}{digits} "), format!("{sign}0{digits}"), format!("{sign}{digits}{point}0"), format!("{plus}{digits}")]
                    [usize::from(self.pick % 4)]
                .clone()
            }
            17 => {
                let words = [
                    "7",
                    "-1",
                    "1?",
                    "x",
                    "1-2",
                    "=1+1",
                    "0,5",
                    "n/a",
                    "\"",
                    "²",
                    "true",
                    "0.55",
                    "99999999999999999999",
                    "Prefer not to say",
                ];
                words[self.word.index(words.len())].to_owned()
            }
            _ => code.to_string(),
        }
    }
}

/// A code as a plain decimal, or a label without regard to case, space and punctuation. Nothing else is an answer.
pub(crate) fn code_of(cell: &str, set: &AnswerSet) -> Option<usize> {
    let as_number = || {
        let value = decimal(cell.trim())?;
        set.codes.iter().position(|code| i128::from(code.over()) * value.1 == value.0 * i128::from(code.under()))
    };
    // A question mark is a doubt, and a doubtful answer is none.
    let as_label = || set.labels.iter().position(|words| words.iter().any(|word| letters(word) == letters(cell)));
    as_number().or_else(|| if letters(cell).is_empty() || cell.contains('?') { None } else { as_label() })
}

/// A plain decimal of at most nine digits on either side, as a fraction.
fn decimal(text: &str) -> Option<(i128, i128)> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let is_plain = |part: &str| part.len() <= 9 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits.bytes().any(|byte| byte.is_ascii_digit()) || !is_plain(whole) || !is_plain(fraction) {
        return None;
    }
    let value: i128 = format!("0{whole}{fraction}").parse().ok()?;
    Some((if text.starts_with('-') { -value } else { value }, 10_i128.pow(u32::try_from(fraction.len()).ok()?)))
}

/// The letters and digits of a word, small.
pub(crate) fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What an answer is when its cell reads so.
pub(crate) fn answer_of(cell: &str, set: &AnswerSet) -> Answer {
    let is_no_answer = || set.no_answer.iter().any(|word| letters(word) == letters(cell) && !cell.contains('?'));
    match code_of(cell, set) {
        Some(code) => Answer::Given(u16::try_from(code).unwrap()),
        None if cell.trim().is_empty() || is_no_answer() => Answer::Blank,
        None => Answer::Refused,
    }
}

/// The same of a form's question.
pub(crate) fn answer_in(cell: &str, instrument: &Instrument, item: usize) -> Answer {
    answer_of(cell, &instrument.answers[instrument.items[item].answers])
}
