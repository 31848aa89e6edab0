//! Reading the answers of a row in one go: along the line where it was not cut into cells, else cell by cell.

use super::{Code, MOST_CODES};
use crate::input::{Places, UncutLine};
use crate::instrument::Instrument;
use crate::matching::{Answer, AnswerKey};

/// As many kinds of answers as a question may have, with those that are none.
const CODES: usize = 2 * MOST_CODES;
/// In so many numbers the sums stand, side by side.
pub(super) const SUMS: usize = 2;

/// Where a sum stands: in which number, and how many bits from its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) number: usize,
    pub(super) shift: u32,
}

/// What is to be read of a row.
#[derive(Debug)]
pub(super) struct Plan {
    /// The questions in the order of their columns.
    pub(super) questions: Vec<Question>,
    /// The other columns whose cells are wanted, in order.
    kept: Vec<usize>,
    /// What stands in each column or stretch of columns.
    steps: Vec<Step>,
    /// How many columns there are.
    width: usize,
}

#[derive(Debug)]
pub(super) struct Question {
    pub(super) column: usize,
    pub(super) item: usize,
    pub(super) set: usize,
    /// What a cell of one byte is.
    single: [Code; 256],
    /// For each answer, what it adds to the sums.
    adds: [[u64; SUMS]; CODES],
}

#[derive(Debug)]
enum Step {
    /// So many questions.
    Questions(usize),
    Kept,
    /// A column that matters to nobody.
    Other,
}

/// What was read of a row.
#[derive(Debug)]
pub(super) struct Read {
    /// For each item, its answer.
    pub(super) codes: Vec<Code>,
    /// The questions whose cells are no answer, in the order of the form, and where these cells begin and end.
    pub(super) refused: Vec<(usize, (usize, usize))>,
    /// All sums side by side.
    pub(super) sums: [u64; SUMS],
    /// The sums of a row without answers.
    nothing: [u64; SUMS],
    /// Where each of the kept cells begins and ends.
    kept: Vec<(usize, usize)>,
    is_answered: bool,
}

impl Plan {
    /// The plan for a file; none where a question has more answers than there is room for, or a column is wanted twice.
    pub(super) fn new(
        columns: &[Option<usize>],
        instrument: &Instrument,
        keys: &[AnswerKey],
        kept: impl Iterator<Item = usize>,
        width: usize,
    ) -> Option<Self> {
        let mut questions = Vec::new();
        for (item, (column, definition)) in columns.iter().zip(&instrument.items).enumerate() {
            if instrument.answers.get(definition.answers)?.codes.len() > MOST_CODES {
                return None;
            }
            let (Some(column), Some(key)) = (column, keys.get(definition.answers)) else { continue };
            let mut single = [Code::REFUSED; 256];
            for byte in 0..128_u8 {
                single[usize::from(byte)] = Code::of(key.read(char::from(byte).encode_utf8(&mut [0; 4])));
            }
            questions.push(Question { column: *column, item, set: definition.answers, single, adds: [[0; SUMS]; CODES] });
        }
        questions.sort_by_key(|question| question.column);
        let mut kept: Vec<usize> = kept.collect();
        kept.sort_unstable();
        kept.dedup();
        let mut steps = Vec::new();
        for column in 0..width {
            let asked = questions.iter().filter(|question| question.column == column).count();
            match (asked, kept.contains(&column)) {
                (0, true) => steps.push(Step::Kept),
                (0, false) => steps.push(Step::Other),
                (1, false) => match steps.last_mut() {
                    Some(Step::Questions(count)) => *count += 1,
                    _ => steps.push(Step::Questions(1)),
                },
                _ => return None,
            }
        }
        Some(Self { questions, kept, steps, width })
    }

    /// Has each answer to an item add to a sum: its points, as far as they are above the item's lowest, times `points_count`, and one for
    /// the answer itself. A blank adds what keeps the sum from falling below nought.
    pub(super) fn add_points(&mut self, item: usize, points: &[i64], (field, points_count): (Field, i64), read: &mut Read) -> Option<()> {
        let lowest = points.iter().copied().fold(0, i64::min);
        let above = |points: i64| u64::try_from(points.checked_sub(lowest)?.checked_mul(points_count)?).ok();
        let blank = above(0)?;
        let nothing = &mut read.nothing[field.number];
        *nothing = nothing.wrapping_add(blank << field.shift);
        // A question without a column is blank on every form.
        let Some(question) = self.questions.iter_mut().find(|question| question.item == item) else { return Some(()) };
        for (adds, points) in question.adds.iter_mut().zip(points) {
            // What a blank adds is there from the start.
            let add = (above(*points)? + 1).wrapping_sub(blank) << field.shift;
            adds[field.number] = adds[field.number].wrapping_add(add);
        }
        Some(())
    }

    /// The place of a column among those that are kept.
    pub(super) fn kept_place(&self, column: usize) -> Option<usize> {
        self.kept.iter().position(|kept| *kept == column)
    }

    /// Reads a line that was not cut into cells. Says whether it has as many cells as it should, and an answer among them.
    pub(super) fn read_line(&self, line: UncutLine<'_>, keys: &[AnswerKey], read: &mut Read) -> bool {
        let (text, separator) = (&line.text.as_bytes()[..line.stop], line.separator);
        let byte_at = |at: usize| text.get(at).copied().unwrap_or(separator);
        let end_from = |at: usize| {
            let rest = text.get(at..).unwrap_or_default();
            at + rest.iter().position(|byte| *byte == separator).unwrap_or(rest.len())
        };
        read.begin();
        let mut at = line.start;
        let mut questions = self.questions.iter().enumerate();
        for step in &self.steps {
            match step {
                Step::Questions(count) => {
                    for (place, question) in questions.by_ref().take(*count) {
                        let (start, first) = (at, byte_at(at));
                        let code = if first == separator {
                            at += 1;
                            Code::BLANK
                        } else if byte_at(at + 1) == separator {
                            at += 2;
                            question.single[usize::from(first)]
                        } else {
                            at = end_from(start) + 1;
                            question.longer(line.text.get(start..at - 1), keys)
                        };
                        read.take(question, code);
                        if code == Code::REFUSED {
                            read.refused.push((place, (start, at - 1)));
                        }
                    }
                }
                Step::Kept => {
                    let end = end_from(at);
                    read.kept.push((at, end));
                    at = end + 1;
                }
                Step::Other => at = end_from(at) + 1,
            }
        }
        read.end(&self.questions);
        at == line.stop + 1 && read.is_answered
    }

    /// Reads a row that was cut into cells. Says whether it has as many as it should, and an answer among them.
    pub(super) fn read_cells(&self, cells: Places<'_>, keys: &[AnswerKey], read: &mut Read) -> bool {
        if cells.len() != self.width {
            return false;
        }
        read.begin();
        for column in &self.kept {
            read.kept.push(cells.ends_of(*column));
        }
        for (place, question) in self.questions.iter().enumerate() {
            let code = match cells.first_byte(question.column) {
                (1, byte) => question.single[usize::from(byte)],
                (0, _) => Code::BLANK,
                _ => question.longer(Some(cells.cell(question.column)), keys),
            };
            read.take(question, code);
            if code == Code::REFUSED {
                read.refused.push((place, cells.ends_of(question.column)));
            }
        }
        read.end(&self.questions);
        read.is_answered
    }
}

impl Question {
    /// The answer in a cell of several bytes, or of one that is no plain character.
    fn longer(&self, cell: Option<&str>, keys: &[AnswerKey]) -> Code {
        match (keys.get(self.set), cell) {
            (Some(key), Some(cell)) => Code::of(key.read(cell)),
            _ => Code::REFUSED,
        }
    }
}

impl Read {
    pub(super) fn new(items: usize) -> Self {
        Self {
            codes: vec![Code::BLANK; items],
            refused: Vec::new(),
            sums: [0; SUMS],
            nothing: [0; SUMS],
            kept: Vec::new(),
            is_answered: false,
        }
    }

    fn begin(&mut self) {
        self.sums = self.nothing;
        self.refused.clear();
        self.kept.clear();
        self.is_answered = false;
    }

    #[inline]
    fn take(&mut self, question: &Question, code: Code) {
        self.codes[question.item] = code;
        for (sum, add) in self.sums.iter_mut().zip(question.adds[usize::from(code.0) % CODES]) {
            *sum = sum.wrapping_add(add);
        }
        self.is_answered |= code != Code::BLANK;
    }

    /// Brings the cells that are no answer into the order of the form.
    fn end(&mut self, questions: &[Question]) {
        self.refused.sort_by_key(|(place, _)| questions[*place].item);
    }

    /// Where a kept cell begins and ends.
    #[inline]
    pub(super) fn kept(&self, place: usize) -> (usize, usize) {
        self.kept[place]
    }

    /// The answers as the scorer takes them.
    pub(super) fn answers(&self) -> Vec<Answer> {
        self.codes.iter().map(|code| code.answer()).collect()
    }
}
