//! The entry sheet as a workbook: instructions, and a sheet to type into with drop-downs, frozen headers and two columns that count.

use rust_xlsxwriter::{
    Color, ConditionalFormatDuplicate, ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule,
    ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Note, Workbook, Worksheet, XlsxError,
};

use super::entry_words::{Paragraph, Weight};
use super::instrument_page::answers;
use super::workbook_style::{
    A4, AMBER_FILL as CRITICAL_FILL, NO_DAY, PAGE_FOOTER, PAGE_HEADER, RED_FILL as WRONG_FILL, WorkbookError, header_format, name_book,
    pages_across,
};
use crate::entry::{About, Allowed, EntrySheet, QuestionColumn, is_one_of, printed_number};
use crate::findings::{column_letters, list_or};
use crate::instrument::Number;

const INSTRUCTIONS: &str = "instructions";
const ANSWERS: &str = "answers";
/// A landscape page has room for columns of so many characters before it becomes too small to read.
const WIDTH_OF_A_PAGE: f64 = 200.0;
/// The instructions fit a page of paper without being made smaller.
const WIDTH_OF_INSTRUCTIONS: u16 = 78;
/// A drop-down has room for so many characters.
const LONGEST_DROP_DOWN: usize = 255;
/// Every so many questions a stronger line: eyes slip in a long row.
const LINE_EVERY: usize = 5;

const LINE: Color = Color::RGB(0xA0_AE_C0);

/// The workbook's bytes.
///
/// # Errors
///
/// When something does not fit into a workbook: more pupils than a sheet has rows.
pub fn entry_workbook(sheet: &EntrySheet<'_>, instructions: &[Paragraph]) -> Result<Vec<u8>, WorkbookError> {
    let instrument = sheet.form().instrument();
    let mut book = Workbook::new();
    name_book(&mut book, format!("Entry sheet: {} ({})", instrument.title(), instrument.id))?;
    write_instructions(book.add_worksheet().set_name(INSTRUCTIONS)?, instructions)?;
    let answers = book.add_worksheet().set_name(ANSWERS)?;
    write_answers(answers, sheet)?;
    Ok(book.save_to_buffer()?)
}

// ---- instructions

/// One column of text: a sheet that has no table in it, which reading passes over.
fn write_instructions(page: &mut Worksheet, instructions: &[Paragraph]) -> Result<(), XlsxError> {
    page.set_column_width(0, WIDTH_OF_INSTRUCTIONS)?;
    page.set_paper_size(A4).set_print_fit_to_pages(1, 0).set_screen_gridlines(false);
    page.set_margins(0.6, 0.6, 0.7, 0.7, 0.3, 0.3);
    page.set_footer("&R&P of &N");
    for (row, paragraph) in (0..).zip(instructions) {
        let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let format = match paragraph.weight {
            Weight::Title => plain.set_bold().set_font_size(14),
            Weight::Heading => plain.set_bold().set_font_size(12).set_align(FormatAlign::Bottom),
            Weight::Warning => plain.set_bold().set_background_color(CRITICAL_FILL),
            Weight::Plain => plain,
        };
        page.write_string_with_format(row, 0, &paragraph.text, &format)?;
        page.set_row_height(row, height(paragraph))?;
    }
    Ok(())
}

/// The height of a wrapped line: not every program works it out by itself.
fn height(paragraph: &Paragraph) -> f64 {
    let (line, characters) = match paragraph.weight {
        Weight::Title => (20.0, 56),
        Weight::Heading => (26.0, 64),
        Weight::Warning => (15.0, 76),
        Weight::Plain => (15.0, 86),
    };
    let lines = u16::try_from(paragraph.text.chars().count().div_ceil(characters).max(1)).unwrap_or(1);
    line * f64::from(lines)
}

// ---- answers

/// Where things stand on the sheet.
struct Places {
    first_question: usize,
    questions: usize,
    rows: u32,
}

impl Places {
    fn column(index: usize) -> u16 {
        u16::try_from(index).unwrap_or(u16::MAX)
    }

    fn question(&self, place: usize) -> usize {
        self.first_question + place
    }

    fn checks(&self) -> [usize; 2] {
        let first = self.first_question + self.questions;
        [first, first + 1]
    }
}

fn write_answers(page: &mut Worksheet, sheet: &EntrySheet<'_>) -> Result<(), XlsxError> {
    let rows = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
    let places = Places { first_question: sheet.about.len(), questions: sheet.questions.len(), rows };
    // What the formulas come to in rows that are empty yet.
    page.set_formula_result_default("");
    set_up(page, sheet)?;
    headers(page, sheet, &places)?;
    for (row, cells) in (1..).zip(&sheet.rows) {
        write_row(page, sheet, &places, row, cells)?;
    }
    if rows > 0 {
        validate_about(page, sheet, rows)?;
        validate_questions(page, sheet, &places)?;
        colour(page, sheet, &places)?;
    }
    Ok(())
}

fn set_up(page: &mut Worksheet, sheet: &EntrySheet<'_>) -> Result<(), XlsxError> {
    let instrument = sheet.form().instrument();
    let frozen = sheet.about.iter().take_while(|column| matches!(column, About::Id | About::Name | About::Class)).count();
    page.set_freeze_panes(1, Places::column(frozen))?;
    page.set_landscape().set_paper_size(A4).set_repeat_rows(0, 0)?;
    page.set_repeat_columns(0, Places::column(frozen.saturating_sub(1)))?;
    page.set_margins(0.4, 0.4, 0.7, 0.6, 0.3, 0.3);
    let title = format!("{} ({})", instrument.title(), instrument.id).replace('&', "&&");
    page.set_header(format!("&L{}{PAGE_HEADER}", title.chars().take(180).collect::<String>()));
    page.set_footer(PAGE_FOOTER);
    Ok(())
}

fn bordered() -> Format {
    Format::new().set_border(FormatBorder::Thin).set_border_color(LINE)
}

const WIDTH_OF_A_CHECK: f64 = 9.0;

fn headers(page: &mut Worksheet, sheet: &EntrySheet<'_>, places: &Places) -> Result<(), XlsxError> {
    const LONGEST_LEVEL: usize = 10;
    let format =
        header_format().set_border(FormatBorder::Thin).set_border_color(LINE).set_align(FormatAlign::Center).set_align(FormatAlign::Bottom);
    for (index, column) in sheet.about.iter().enumerate() {
        page.write_string_with_format(0, Places::column(index), column.header(), &format.clone().set_text_wrap())?;
        page.set_column_width(Places::column(index), about_width(*column, index, sheet))?;
    }
    let about: f64 = sheet.about.iter().enumerate().map(|(index, column)| about_width(*column, index, sheet)).sum();
    let (mut tallest, mut wide) = (0, about + 2.0 * WIDTH_OF_A_CHECK);
    for (place, question) in sheet.questions.iter().enumerate() {
        let column = Places::column(places.question(place));
        let length = question.header.chars().count();
        let format = if question.is_critical { format.clone().set_background_color(CRITICAL_FILL) } else { format.clone() };
        let format = if length > LONGEST_LEVEL { format.set_rotation(90) } else { format };
        let format = if place % LINE_EVERY == 0 { format.set_border_left(FormatBorder::Medium) } else { format };
        if length > LONGEST_LEVEL {
            tallest = tallest.max(length);
        }
        page.write_string_with_format(0, column, &question.header, &format)?;
        let width = u16::try_from(if length > LONGEST_LEVEL { 5 } else { length + 2 }).unwrap_or(5).max(5);
        page.set_column_width(column, f64::from(width))?;
        wide += f64::from(width);
        page.insert_note(0, column, &Note::new(note(sheet, question)).add_author_prefix(false).set_width(260))?;
    }
    for (column, header) in places.checks().into_iter().zip(EntrySheet::checks()) {
        page.write_string_with_format(0, Places::column(column), header, &format.clone().set_text_wrap().set_italic())?;
        page.set_column_width(Places::column(column), WIDTH_OF_A_CHECK)?;
    }
    page.set_print_fit_to_pages(pages_across(wide, WIDTH_OF_A_PAGE), 0);
    page.set_row_height(0, f64::from(u16::try_from(tallest).unwrap_or(0)).mul_add(7.5, 12.0).max(36.0))?;
    Ok(())
}

fn about_width(column: About, index: usize, sheet: &EntrySheet<'_>) -> f64 {
    let widest = sheet.rows.iter().filter_map(|cells| cells.get(index)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let least = match column {
        About::Id => 12,
        About::Name => 20,
        About::Date => 11,
        About::CompletedBy => 10,
        About::Class => 8,
        About::Sex | About::Year | About::Age => 6,
    };
    f64::from(u16::try_from(widest + 2).unwrap_or(40).clamp(least, 40))
}

/// What hovering over a header shows: the question's number, its answers, and whether it is read on the day.
fn note(sheet: &EntrySheet<'_>, question: &QuestionColumn) -> String {
    let instrument = sheet.form().instrument();
    let Some(item) = instrument.items.get(question.item) else { return String::new() };
    let mut parts = vec![match (printed_number(instrument, question.item), item.numbered) {
        (Some(number), true) => format!("Question {number}."),
        (Some(number), false) => format!("Question {number} ({}).", item.id),
        (None, _) => format!("{}.", item.id),
    }];
    parts.extend(instrument.answers.get(item.answers).map(|set| format!("{}.", answers(set))));
    if question.is_critical {
        parts.push("Read it on the day, whatever the scores.".to_owned());
    }
    parts.join("\n")
}

fn write_row(page: &mut Worksheet, sheet: &EntrySheet<'_>, places: &Places, row: u32, cells: &[String]) -> Result<(), XlsxError> {
    let text = bordered().set_num_format("@");
    let number = bordered().set_align(FormatAlign::Center);
    let date = bordered().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center);
    for (index, (column, cell)) in sheet.about.iter().zip(cells).enumerate() {
        let place = Places::column(index);
        let day = cell.parse::<jiff::civil::Date>().ok().filter(|_| *column == About::Date);
        match (column, cell.as_str(), day) {
            (_, _, Some(day)) => {
                let parts = (u16::try_from(day.year()).unwrap_or(0), day.month().unsigned_abs(), day.day().unsigned_abs());
                page.write_datetime_with_format(row, place, ExcelDateTime::from_ymd(parts.0, parts.1, parts.2)?, &date)?;
            }
            (About::Date, ..) => {
                page.write_blank(row, place, &date)?;
            }
            (About::Year | About::Age, cell, _) if cell.parse::<u16>().is_ok() => {
                page.write_number_with_format(row, place, f64::from(cell.parse::<u16>().unwrap_or(0)), &number)?;
            }
            (About::Sex | About::Year | About::Age, "", _) => {
                page.write_blank(row, place, &number)?;
            }
            (_, "", _) => {
                page.write_blank(row, place, &text)?;
            }
            (_, cell, _) => {
                page.write_string_with_format(row, place, cell, &text)?;
            }
        }
    }
    for place in 0..places.questions {
        let format = if place % LINE_EVERY == 0 { number.clone().set_border_left(FormatBorder::Medium) } else { number.clone() };
        page.write_blank(row, Places::column(places.question(place)), &format)?;
    }
    let [blank, not_allowed] = places.checks().map(Places::column);
    let all = range(places.question(0), places.question(places.questions.saturating_sub(1)), row);
    // A row that nobody has typed into says nothing, and so is no response.
    let unless_empty = |count: String| Formula::new(format!("=IF(COUNTA({all})=0,\"\",{count})"));
    let check = number.set_italic();
    page.write_formula_with_format(row, blank, unless_empty(count_blank(sheet, places, row)), &check)?;
    page.write_formula_with_format(row, not_allowed, unless_empty(count_not_allowed(sheet, places, row)), &check)?;
    Ok(())
}

/// Cells from one column to another, in a row counted from 0.
fn range(first: usize, last: usize, row: u32) -> String {
    format!("{}{}:{}{}", column_letters(first), row + 1, column_letters(last), row + 1)
}

fn count_blank(sheet: &EntrySheet<'_>, places: &Places, row: u32) -> String {
    let counted: Vec<usize> =
        sheet.questions.iter().enumerate().filter(|(_, question)| question.is_counted).map(|(place, _)| place).collect();
    let runs = counted.chunk_by(|before, after| *after == before + 1).filter_map(|run| Some((*run.first()?, *run.last()?)));
    let counts =
        runs.map(|(first, last)| format!("SUMPRODUCT(--(LEN(TRIM({}))=0))", range(places.question(first), places.question(last), row)));
    counts.collect::<Vec<_>>().join("+")
}

/// Questions beside each other that allow the same.
fn alike<'s>(sheet: &'s EntrySheet<'_>) -> Vec<(usize, usize, &'s Allowed)> {
    let places: Vec<(usize, &Allowed)> = sheet.questions.iter().map(|question| &question.allowed).enumerate().collect();
    places
        .chunk_by(|(_, before), (_, after)| before == after)
        .filter_map(|run| Some((run.first()?.0, run.last()?.0, run.first()?.1)))
        .collect()
}

fn count_not_allowed(sheet: &EntrySheet<'_>, places: &Places, row: u32) -> String {
    let counts = alike(sheet).into_iter().map(|(first, last, allowed)| {
        let columns: Vec<String> = (first..=last).map(|place| column_letters(places.question(place))).collect();
        allowed.count_not_allowed(&columns, row + 1)
    });
    counts.collect::<Vec<_>>().join("+")
}

// ---- what a program lets be typed

fn validate_about(page: &mut Worksheet, sheet: &EntrySheet<'_>, rows: u32) -> Result<(), XlsxError> {
    for (index, column) in sheet.about.iter().enumerate() {
        let place = Places::column(index);
        let validation = match column {
            About::Id | About::Name | About::Class => continue,
            About::Sex => hint(
                DataValidation::new().allow_list_strings(&["M", "F"])?,
                "Norms are for M and F. Another entry is kept, and no norm is used.",
            )?,
            About::Year => hint(
                DataValidation::new().allow_custom(Formula::new(format!(
                    "=OR(UPPER({0}2)=\"R\",AND(ISNUMBER({0}2),{0}2>=0,{0}2<=14))",
                    column_letters(index)
                ))),
                "The school year as a number, 1 to 14, or R for Reception.",
            )?,
            About::Age => hint(
                DataValidation::new().allow_decimal_number(DataValidationRule::Between(1.0, 119.0)),
                "The age in years on the day that the form was filled in.",
            )?,
            About::Date => hint(
                DataValidation::new().allow_date(DataValidationRule::GreaterThan(ExcelDateTime::from_ymd(NO_DAY.0, NO_DAY.1, NO_DAY.2)?)),
                "The day on which the form was filled in: 2026-07-01.",
            )?,
            About::CompletedBy => hint(
                DataValidation::new().allow_list_strings(sheet.informants())?,
                &format!("{}, or leave the cell empty.", list_or(sheet.informants())),
            )?,
        };
        page.add_data_validation(1, place, rows, place, &validation)?;
    }
    Ok(())
}

/// A question that can be answered with "yes, I mean it": what stands in these columns is for the school to say.
fn hint(validation: DataValidation, message: &str) -> Result<DataValidation, XlsxError> {
    validation.set_error_style(DataValidationErrorStyle::Warning).set_error_title("Is this right?")?.set_error_message(message)
}

fn validate_questions(page: &mut Worksheet, sheet: &EntrySheet<'_>, places: &Places) -> Result<(), XlsxError> {
    for (first, last, allowed) in alike(sheet) {
        let (first, last) = (places.question(first), places.question(last));
        let cell = format!("{}2", column_letters(first));
        let validation = match allowed {
            Allowed::List(codes) => {
                let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
                if codes.join(",").len() <= LONGEST_DROP_DOWN {
                    DataValidation::new().allow_list_strings(&codes)?
                } else {
                    DataValidation::new().allow_custom(Formula::new(format!("=NOT({})", allowed.is_not_allowed(&cell))))
                }
            }
            &Allowed::Whole(from, to) => DataValidation::new().allow_whole_number(DataValidationRule::Between(from, to)),
            Allowed::Steps { .. } => DataValidation::new().allow_custom(Formula::new(format!("=NOT({})", allowed.is_not_allowed(&cell)))),
        };
        let validation = validation
            .set_error_title("No answer of this form")?
            .set_error_message(format!("Type {}, or leave the cell empty if there is no answer.", allowed.words()))?;
        page.add_data_validation(1, Places::column(first), places.rows, Places::column(last), &validation)?;
    }
    Ok(())
}

/// Red: what is no answer, an id that stands twice, a count that is not nought. Amber: an answer that somebody must look at today.
fn colour(page: &mut Worksheet, sheet: &EntrySheet<'_>, places: &Places) -> Result<(), XlsxError> {
    let instrument = sheet.form().instrument();
    let wrong = Format::new().set_background_color(WRONG_FILL);
    let today = Format::new().set_background_color(CRITICAL_FILL).set_bold();
    for (first, last, allowed) in alike(sheet) {
        let (first, last) = (places.question(first), places.question(last));
        let rule = format!("={}", allowed.is_not_allowed(&format!("{}2", column_letters(first))));
        let format = ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(&wrong);
        page.add_conditional_format(1, Places::column(first), places.rows, Places::column(last), &format)?;
    }
    for critical in &instrument.critical {
        let Some(place) = sheet.questions.iter().position(|question| question.item == critical.item) else { continue };
        let set = instrument.items.get(critical.item).and_then(|item| instrument.answers.get(item.answers));
        let fires = set.map(|set| set.codes.iter().zip(&critical.fires).filter(|(_, fires)| **fires).map(|(code, _)| *code));
        let fires: Vec<Number> = fires.into_iter().flatten().collect();
        let column = places.question(place);
        let cell = format!("{}2", column_letters(column));
        let rule = format!("=AND(LEN(TRIM({cell}))>0,IFERROR({},FALSE))", is_one_of(&cell, &fires));
        let format = ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(&today);
        page.add_conditional_format(1, Places::column(column), places.rows, Places::column(column), &format)?;
    }
    page.add_conditional_format(1, 0, places.rows, 0, &ConditionalFormatDuplicate::new().set_format(&wrong))?;
    let [_, not_allowed] = places.checks();
    let rule = format!("=AND(ISNUMBER({0}2),{0}2>0)", column_letters(not_allowed));
    let format = ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(&wrong);
    page.add_conditional_format(1, Places::column(not_allowed), places.rows, Places::column(not_allowed), &format)?;
    Ok(())
}
