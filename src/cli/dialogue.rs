//! Questions and answers as plain lines, so that they work on any terminal: no cursor is moved, and nothing is drawn over.

use std::fmt;
use std::io::{self, BufRead, Write};

use anyhow::Result;
use bandwise::findings::harmless;

/// There was no further line to read an answer from.
#[derive(Debug)]
pub(crate) struct EndOfInput;

impl fmt::Display for EndOfInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the questions were not answered to the end")
    }
}

impl std::error::Error for EndOfInput {}

/// Somebody who is asked.
pub(crate) struct Dialogue<R, W> {
    answers: R,
    screen: W,
}

impl<R: BufRead, W: Write> Dialogue<R, W> {
    pub(crate) fn new(answers: R, screen: W) -> Self {
        Self { answers, screen }
    }

    /// Says a line.
    pub(crate) fn say(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.screen, "{}", harmless(line))?;
        self.screen.flush()
    }

    /// Says a line after a blank one.
    pub(crate) fn paragraph(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.screen)?;
        self.say(line)
    }

    /// Asks until there is an answer that can be used. An empty one takes the default, where there is one; `read` says kindly what is
    /// wrong with any other.
    pub(crate) fn ask<T>(&mut self, default: Option<&str>, mut read: impl FnMut(&str) -> Result<T, String>) -> Result<T> {
        loop {
            match default {
                Some(default) => write!(self.screen, "[{}] > ", harmless(default))?,
                None => write!(self.screen, "> ")?,
            }
            self.screen.flush()?;
            let answer = self.line()?;
            let answer = answer.trim();
            let answer = if answer.is_empty() { default.unwrap_or_default() } else { answer };
            if answer.is_empty() {
                self.say("There is nothing to go by yet: please type an answer.")?;
                continue;
            }
            match read(answer) {
                Ok(value) => return Ok(value),
                Err(why) => self.say(&why)?,
            }
        }
    }

    /// Shows what can be chosen.
    pub(crate) fn list(&mut self, choices: &[String]) -> io::Result<()> {
        for (place, choice) in choices.iter().enumerate() {
            self.say(&format!("  {}  {choice}", place + 1))?;
        }
        Ok(())
    }

    /// Waits for a line, whatever it is; its absence is no error.
    pub(crate) fn wait(&mut self) -> io::Result<()> {
        self.screen.flush()?;
        self.answers.read_line(&mut String::new()).map(|_| ())
    }

    /// A line as it was typed. What is no UTF-8 (an old Windows console) is read as far as it goes.
    fn line(&mut self) -> Result<String> {
        let mut bytes = Vec::new();
        if self.answers.read_until(b'\n', &mut bytes)? == 0 {
            writeln!(self.screen)?;
            return Err(EndOfInput.into());
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The place of a number that was typed, among so many choices.
pub(crate) fn chosen(answer: &str, choices: usize) -> Option<usize> {
    let number: usize = answer.trim_end_matches(['.', ')']).parse().ok()?;
    number.checked_sub(1).filter(|place| *place < choices)
}

/// `a number from 1 to 3`, for a sentence that asks again.
pub(crate) fn numbers(choices: usize) -> String {
    if choices == 1 { "1".to_owned() } else { format!("a number from 1 to {choices}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(typed: &str, default: Option<&str>) -> (Option<usize>, String) {
        let mut screen = Vec::new();
        let read = |answer: &str| chosen(answer, 3).ok_or_else(|| format!("Please type {}.", numbers(3)));
        let answer = Dialogue::new(typed.as_bytes(), &mut screen).ask(default, read).ok();
        (answer, String::from_utf8(screen).unwrap_or_default())
    }

    #[test]
    fn an_empty_answer_takes_the_default_and_a_wrong_one_is_asked_again() {
        for (typed, default, expected, screen) in [
            ("2\n", None, Some(1), "> "),
            ("\n", Some("1"), Some(0), "[1] > "),
            (" 3. \r\n", Some("1"), Some(2), "[1] > "),
            ("7\n2\n", None, Some(1), "> Please type a number from 1 to 3.\n> "),
            ("\n2\n", None, Some(1), "> There is nothing to go by yet: please type an answer.\n> "),
            ("", Some("1"), None, "[1] > \n"),
            ("2", None, Some(1), "> "),
        ] {
            assert_eq!(asked(typed, default), (expected, screen.to_owned()), "{typed:?}");
        }
    }
}
