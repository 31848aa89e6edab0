//! Reading one batch: cells become answers, answers become scores, and each row on its own.

use std::borrow::Cow;
use std::sync::Arc;

use super::form::Form;
use super::join::{FileJoin, Joining};
use super::judge::Judge;
use super::layout::{Layout, comment_length, comment_words};
use super::responses::{Duplicates, KnownFile, mark};
use super::row::{RowState, ScoredBatch, Use};
use super::score::{Absence, RowRefusal, ScaleScore};
use crate::findings::{Code, Column, Finding, Place, Portion, count_of, list_and, printable};
use crate::input::{Batch, Record};
use crate::instrument::{Informant, Number, Pupil, Said};
use crate::matching::{Answer, Role, informant, school_year, sex};

/// A batch of one file while it is read.
pub(super) struct Reading<'r> {
    pub(super) layout: &'r Layout,
    pub(super) file_index: usize,
    pub(super) file: &'r KnownFile,
    pub(super) joining: &'r Joining,
    pub(super) duplicates: Duplicates,
    pub(super) join: FileJoin,
    /// What the answers of this batch say of the file as a whole.
    pub(super) judges: Vec<Judge>,
    pub(super) findings: Portion,
    pub(super) marks: Vec<Marked>,
    /// The record's place in the batch.
    pub(super) index: usize,
    /// Whether any cell of the batch holds a line break.
    pub(super) has_breaks: bool,
}

/// A response that says which pupil it is about, to be looked up among all responses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marked {
    /// The same for every response of this pupil, informant and time.
    pub(super) mark: u64,
    /// The record's place in its batch.
    pub(super) index: usize,
    pub(super) row: u64,
    /// How many findings stand before what is to be said of it.
    pub(super) findings: usize,
}

/// Scores a batch of records.
pub(super) fn score_batch(reading: &mut Reading<'_>, records: Batch) -> ScoredBatch {
    let records = reading.without_excluded(records);
    let forms = reading.layout.forms();
    let mut answers: Vec<Vec<Answer>> = vec![Vec::new(); forms.len()];
    let mut scores: Vec<Vec<ScaleScore>> = vec![Vec::new(); forms.len()];
    let mut rows = Vec::with_capacity(records.len());
    for (index, record) in records.records().enumerate() {
        reading.index = index;
        rows.push(reading.row(record, &mut answers, &mut scores));
    }
    ScoredBatch { file: reading.file_index, records, rows, answers, scores, left_out: Vec::new() }
}

impl Reading<'_> {
    pub(super) fn row(&mut self, record: Record<'_>, answers: &mut [Vec<Answer>], scores: &mut [Vec<ScaleScore>]) -> RowState {
        let layout = self.layout;
        if let Some(refusal) = self.misplaced(record) {
            return self.refused_row(record, refusal, answers, scores);
        }
        let listed = self.listed(record);
        let said = Pupil { sex: self.sex(record), age: self.age(record), year: self.year(record) };
        let pupil = self.with_list(record, listed, said);
        let completed_by = self.informant(record);
        let mut uses = Vec::with_capacity(layout.forms().len());
        let mut answered = false;
        for (index, form) in layout.forms().iter().enumerate() {
            let applies = self.use_of(form, completed_by);
            let (own_answers, own_scores) = (&mut answers[index], &mut scores[index]);
            let first = own_answers.len();
            let here = self.answers(index, form, record, applies, own_answers);
            answered |= here;
            self.judges[index].row(here, matches!(applies, Use::Refused(RowRefusal::OtherInformant)));
            let blocks = &self.file.map.forms[index].blocks;
            let first_score = own_scores.len();
            match applies {
                Use::Scored => form.scorer().score(&own_answers[first..], blocks, &pupil, own_scores),
                Use::Refused(refusal) => form.scorer().refuse(Absence::Row(refusal), blocks, own_scores),
                Use::Elsewhere => form.scorer().refuse(Absence::Row(RowRefusal::OtherInformant), &[], own_scores),
            }
            if applies == Use::Elsewhere {
                for score in &mut own_scores[first_score..] {
                    score.outcome = super::Outcome::NotApplicable;
                }
            }
            self.check_ready_made(index, form, record, &own_scores[first_score..]);
            uses.push(applies);
        }
        self.check_row(record, &uses, answered, pupil.age);
        let mark = self.check_pupil(record, listed);
        self.marks.extend(mark.map(|mark| Marked { mark, index: self.index, row: record.row(), findings: self.findings.len() }));
        self.check_carried(record);
        RowState { pupil, uses, listed, mark }
    }

    pub(super) fn at(&self, record: Record<'_>, column: Option<usize>) -> Place {
        let column = column.and_then(|column| self.file.map.header.get(column)).cloned();
        Place::Row { file: Arc::clone(&self.file.name), row: record.row(), column }
    }

    fn report(&mut self, code: Code, record: Record<'_>, column: Option<usize>, message: impl Into<String>) {
        if !self.findings.wants(code, column) {
            return;
        }
        let finding = Finding::new(code, self.at(record, column), message);
        let cell = column.map(|column| record.cell(column));
        self.findings.push(match cell {
            Some(cell) => finding.value(shown(cell)),
            None => finding,
        });
    }

    // ---- the shape of the row

    /// Why the cells of a row cannot be trusted to stand under their headers. Cells beyond the header may be there if they are empty; a
    /// missing cell is never padded.
    pub(super) fn misplaced(&self, record: Record<'_>) -> Option<RowRefusal> {
        let header = self.file.map.header.len();
        if record.len() < header || (self.file.width..record.len()).any(|column| !record.cell(column).trim().is_empty()) {
            return Some(RowRefusal::Ragged);
        }
        // Two stray quotation marks turn the end of one row and the start of the next into one cell, and the row comes out with as many
        // cells as the header: this pupil would get the next one's answers, and the next one would be gone.
        let separators = self.file.width.saturating_sub(1);
        let swallows = |cell: &str| {
            let breaks = cell.bytes().filter(|byte| *byte == b'\n').count();
            breaks > 0 && separators > 1 && cell.bytes().filter(|byte| *byte == self.file.separator).count() == breaks * separators
        };
        (self.has_breaks && record.cells().any(swallows)).then_some(RowRefusal::Swallowed)
    }

    fn refused_row(
        &mut self,
        record: Record<'_>,
        refusal: RowRefusal,
        answers: &mut [Vec<Answer>],
        scores: &mut [Vec<ScaleScore>],
    ) -> RowState {
        let header = self.file.map.header.len();
        let message = match refusal {
            RowRefusal::Swallowed => {
                "a cell of this row holds a line break and as many commas as a whole row: a quotation mark may have swallowed the next pupil"
                    .to_owned()
            }
            _ => format!("this row has {}, and the header has {header}: it is listed and not scored", count_of(record.len() as u64, "cell")),
        };
        self.report(Code::T003, record, None, message);
        let layout = self.layout;
        for (index, form) in layout.forms().iter().enumerate() {
            answers[index].extend(form.instrument().items.iter().map(|_| Answer::Refused));
            form.scorer().refuse(Absence::Row(refusal), &self.file.map.forms[index].blocks, &mut scores[index]);
            self.judges[index].row(false, false);
        }
        let uses = layout.forms().iter().map(|_| Use::Refused(refusal)).collect();
        RowState { pupil: Pupil::default(), uses, listed: None, mark: None }
    }

    // ---- context

    /// What a row says of the pupil, sex and year where pupils are `grouped` by them; none where an age or such a year cannot be read, which
    /// is for [`Self::row`] to tell.
    pub(super) fn said_of_pupil(&self, record: Record<'_>, grouped: bool) -> Option<Pupil> {
        let said = |role: Role, read: &dyn Fn(&str) -> Option<u8>| match self.told(record, role) {
            None => Some(Said::Nothing),
            Some((_, cell)) => read(cell).map(Said::This),
        };
        let age = said(Role::Age, &age_in_years)?;
        if !grouped {
            return Some(Pupil { age, ..Pupil::default() });
        }
        Some(Pupil { sex: self.sex(record), age, year: said(Role::Year, &school_year)? })
    }

    fn age(&mut self, record: Record<'_>) -> Said<u8> {
        let Some((column, cell)) = self.told(record, Role::Age) else { return Said::Nothing };
        if let Some(years) = age_in_years(cell) {
            return Said::This(years);
        }
        self.report(Code::R011, record, Some(column), format!("`{}` is not an age in years", printable(cell)));
        Said::Unreadable
    }

    fn year(&mut self, record: Record<'_>) -> Said<u8> {
        let Some((column, cell)) = self.told(record, Role::Year) else { return Said::Nothing };
        if let Some(year) = school_year(cell) {
            return Said::This(year);
        }
        // A year that nothing goes by is carried along, whatever it is: 2026 may be when the form was filled in.
        if self.layout.forms().iter().any(|form| form.instrument().goes_by_school_year()) {
            self.report(Code::R011, record, Some(column), format!("`{}` is not a school year", printable(cell)));
        }
        Said::Unreadable
    }

    fn sex(&self, record: Record<'_>) -> Said<crate::instrument::Sex> {
        let Some((_, cell)) = self.told(record, Role::Sex) else { return Said::Nothing };
        sex(cell).map_or(Said::Unreadable, Said::This)
    }

    /// The column and the cell of a role, if the file has it and the cell is not blank.
    pub(super) fn told<'c>(&self, record: Record<'c>, role: Role) -> Option<(usize, &'c str)> {
        let column = self.file.map.role(role)?;
        Some((column, record.cell(column).trim())).filter(|(_, cell)| !cell.is_empty())
    }

    fn informant(&mut self, record: Record<'_>) -> Option<Informant> {
        let column = self.file.map.role(Role::Informant)?;
        let cell = record.cell(column).trim();
        let found = informant(cell);
        if found.is_none() && !cell.is_empty() && !self.has_twin_forms() {
            // The word is often somebody's name.
            let (word, column) =
                if self.layout.hides_names() { ("the word".to_owned(), None) } else { (format!("`{}`", printable(cell)), Some(column)) };
            let message = format!("{word} is none of self, parent, teacher or staff, so the form could not be checked against it");
            self.report(Code::R010, record, column, message);
        }
        found
    }

    /// Whether two forms of one questionnaire are used, so that each row must say which it is.
    fn has_twin_forms(&self) -> bool {
        let families = || self.layout.forms().iter().map(|form| &form.instrument().family);
        families().enumerate().any(|(index, family)| families().skip(index + 1).any(|other| other == family))
    }

    fn use_of(&self, form: &Form, completed_by: Option<Informant>) -> Use {
        let family = &form.instrument().family;
        let Some(completed_by) = completed_by else {
            // Scored on two forms of one questionnaire, a pupil would have two totals and two bands.
            let twins = self.layout.forms().iter().filter(|other| other.instrument().family == *family).count();
            return if twins > 1 { Use::Refused(RowRefusal::UnknownInformant) } else { Use::Scored };
        };
        if is_for(form, completed_by) {
            return Use::Scored;
        }
        let has_own_form = self.layout.forms().iter().any(|other| other.instrument().family == *family && is_for(other, completed_by));
        if has_own_form { Use::Elsewhere } else { Use::Refused(RowRefusal::OtherInformant) }
    }

    // ---- answers

    /// Reads a form's cells. Says whether any question was answered.
    fn answers(&mut self, index: usize, form: &Form, record: Record<'_>, used: Use, answers: &mut Vec<Answer>) -> bool {
        let mut answered = false;
        let file = self.file;
        let (Some(columns), Some(keys), Some(judge)) = (file.map.forms.get(index), file.keys.get(index), self.judges.get_mut(index)) else {
            return false;
        };
        let mut refused: Vec<(&str, usize, usize)> = Vec::new();
        for (item, column) in form.instrument().items.iter().zip(&columns.items) {
            let (Some(column), Some(key)) = (column, keys.get(item.answers)) else {
                answers.push(Answer::Blank);
                continue;
            };
            let cell = record.cell(*column);
            let answer = key.read(cell);
            if used == Use::Scored {
                judge.answer(item.answers, key, answer, cell);
            }
            if answer == Answer::Refused {
                refused.push((&item.id, item.answers, *column));
            }
            answered |= answer != Answer::Blank;
            answers.push(answer);
        }
        if used != Use::Elsewhere {
            for (item, set, column) in refused {
                self.refused_cell(index, (item, set), record, (column, record.cell(column)));
            }
        }
        answered
    }

    pub(super) fn refused_cell(&mut self, form: usize, (item, set): (&str, usize), record: Record<'_>, (column, cell): (usize, &str)) {
        let Some(key) = self.file.keys.get(form).and_then(|keys| keys.get(set)) else { return };
        if !self.findings.wants(key.refusal_code(cell), Some(column)) {
            return;
        }
        let word = printable(cell.trim()).into_owned();
        let refusal = key.refusal(cell);
        let name = self.file.map.header.get(column).map_or_else(String::new, |column: &Column| printable(&column.name).into_owned());
        let message = match refusal.code {
            Code::R002 if refusal.is_inside => format!("answer is none of the numbers of question `{name}`"),
            Code::R002 => format!("answer is outside the range of question `{name}`"),
            _ => format!("answer is none of the answers of question `{name}`"),
        };
        let declare = match word.as_str() {
            // `--missing` takes a list, and an option may not be followed by what looks like another.
            word if word.contains([',', '"']) => format!("put `{word}` into `missing = [...]` of a map"),
            word if word.starts_with('-') => format!("add `--missing=\"{word}\"`"),
            word => format!("add `--missing \"{word}\"`"),
        };
        let instrument = self.layout.forms().get(form).map(Form::instrument);
        let is_critical = instrument.is_some_and(|form| form.critical.iter().any(|critical| form.item(item) == Some(critical.item)));
        let help = match &refusal.near {
            _ if is_critical => {
                "read this form today: the question is one that somebody must look at; then put the answer into the cell".to_owned()
            }
            _ if comment_length(cell).is_some() => "read the comment where it stands, and put the answer into the cell".to_owned(),
            None if refusal.code == Code::R001 && !key.has_labels() => {
                format!(
                    "if `{word}` is one of the form's answers, a map can give it its code: `bandwise check --write-map FILE` writes one; if it means \"no answer\", {declare}"
                )
            }
            Some(near) => format!("did you mean `{near}`? if `{word}` means \"no answer\" in this file, {declare}"),
            None => format!("if `{word}` means \"no answer\" in this file, {declare}"),
        };
        let finding = Finding::new(refusal.code, self.at(record, Some(column)), message);
        self.findings.push(finding.value(shown(cell.trim())).label(format!("allowed: {}", refusal.allowed)).help(help));
    }

    // ---- what is noteworthy about the row

    fn check_row(&mut self, record: Record<'_>, uses: &[Use], answered: bool, age: Said<u8>) {
        if uses.iter().all(|used| matches!(used, Use::Refused(RowRefusal::OtherInformant))) {
            let column = self.file.map.role(Role::Informant);
            let instruments = self.layout.forms().iter().map(Form::instrument);
            let forms: Vec<String> = instruments.map(|form| format!("{} is the {} form", form.id, form.informant.word())).collect();
            let message = format!("this response was completed by somebody else, and {}: it is listed and not scored", list_and(&forms));
            self.report(Code::R004, record, column, message);
        } else if uses.contains(&Use::Refused(RowRefusal::UnknownInformant)) {
            let column = self.file.map.role(Role::Informant).filter(|_| !self.layout.hides_names());
            let message = "who completed this response is not said, and the forms differ by that: it is listed and not scored";
            self.report(Code::R004, record, column, message);
        } else if !answered && self.file.has_questions() {
            // Where no question has a column, every row has no answers, and that is said once.
            self.report(Code::R012, record, None, "this response has no answers at all");
        }
        self.check_finished(record);
        self.check_age(record, uses, age);
    }

    fn check_age(&mut self, record: Record<'_>, uses: &[Use], age: Said<u8>) {
        let Said::This(years) = age else { return };
        let layout = self.layout;
        for form in layout.forms().iter().zip(uses).filter(|(_, used)| **used == Use::Scored).map(|(form, _)| form) {
            if let Some(ages) = form.outside_ages(years) {
                let message = format!(
                    "age {years} is outside the ages of {} ({}): scores are given, bands are not",
                    form.instrument().id,
                    ages.words()
                );
                self.report(Code::R005, record, self.file.map.role(Role::Age), message);
            }
        }
    }

    fn check_finished(&mut self, record: Record<'_>) {
        let Some(column) = self.file.map.finished else { return };
        if self.file.map.system.is_unfinished(record.cell(column)) {
            let message =
                format!("this form was not finished, as {} says: what is there is scored by the form's rule", self.file.map.system.name());
            self.report(Code::R013, record, Some(column), message);
        }
    }

    /// Looks for another response of the same pupil. Says under which mark it would be found, where one of them is to count.
    fn check_pupil(&mut self, record: Record<'_>, listed: Option<usize>) -> Option<u64> {
        let column = self.file.map.id.first().copied()?;
        let layout = self.layout;
        let id = layout.plain_id(self.file_index, record);
        if id.is_empty() {
            self.report(
                Code::R009,
                record,
                Some(column),
                format!("this row does not say which pupil it is about: it is called `row {}`", record.row()),
            );
            return None;
        }
        if self.duplicates == Duplicates::LeftToCaller {
            return None;
        }
        // One pupil of the list is one pupil, whatever the responses call them.
        let id = listed.map_or(id, |listed| Cow::Owned(format!("\0{listed}")));
        Some(self.mark_of(record, &id))
    }

    /// The mark of a response of this pupil.
    pub(super) fn mark_of(&self, record: Record<'_>, id: &str) -> u64 {
        let told = |role| self.file.map.role(role).map_or("", |column| record.cell(column).trim());
        mark(&[id, told(Role::Informant), told(Role::Time)])
    }

    fn check_carried(&mut self, record: Record<'_>) {
        for index in 0..self.file.map.carried.len() {
            let Some(column) = self.file.map.carried.get(index).map(|carried| carried.column) else { continue };
            if let Some(length) = comment_length(record.cell(column)) {
                let message = format!("a comment of {length} characters is not copied: it should be read where it stands");
                // The comment itself may be a disclosure, so it is not shown here either.
                if !self.findings.wants(Code::R008, Some(column)) {
                    continue;
                }
                self.findings.push(Finding::new(Code::R008, self.at(record, Some(column)), message));
            }
        }
        for column in self.file.map.header.len()..self.file.width.min(record.len()) {
            if !record.cell(column).trim().is_empty() {
                let message =
                    format!("a cell stands in column {}, which has no header: it is not copied", crate::findings::column_letters(column));
                self.report(Code::T007, record, None, message);
            }
        }
    }

    /// A score that somebody else computed is compared with ours.
    fn check_ready_made(&mut self, index: usize, form: &Form, record: Record<'_>, scores: &[ScaleScore]) {
        let file = self.file;
        let ready_made = &file.map.forms[index].ready_made;
        for ((score, column), scale) in scores.iter().zip(ready_made).zip(&form.instrument().scales) {
            let (Some(ours), Some(column)) = (score.value(), *column) else { continue };
            let cell = record.cell(column).trim();
            if !cell.is_empty() && Number::parse(cell).is_some_and(|theirs| theirs != ours) {
                let message = format!("the file's `{}` differs from ours", scale.id);
                let finding = Finding::new(Code::S002, self.at(record, Some(column)), message);
                self.findings.push(finding.value(cell).label(format!("ours: {ours}")));
            }
        }
    }
}

/// An age in whole years: 11.5 is eleven, because an age counts birthdays.
fn age_in_years(cell: &str) -> Option<u8> {
    let years = Number::parse(cell).map(|age| age.over().div_euclid(age.under())).and_then(|years| u8::try_from(years).ok());
    years.filter(|years| *years < 120)
}

/// A cell as a message may show it: a comment may be a disclosure, whichever column it stands in.
fn shown(cell: &str) -> Cow<'_, str> {
    comment_length(cell).map_or(Cow::Borrowed(cell), |length| Cow::Owned(comment_words(length)))
}

/// A teacher form may be completed by other staff: both know the pupil at school.
fn is_for(form: &Form, completed_by: Informant) -> bool {
    let staff = |informant: Informant| matches!(informant, Informant::Teacher | Informant::Staff);
    form.instrument().informant == completed_by || (staff(form.instrument().informant) && staff(completed_by))
}
