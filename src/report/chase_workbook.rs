//! The chase list as a workbook: a drop-down for the reason, frozen headers, and a filter over the columns.

use rust_xlsxwriter::{DataValidation, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::Cell;
use super::chase_list::ChaseList;
use super::workbook_style::{
    A4, AMBER_FILL as INCOMPLETE_FILL, PAGE_HEADER, RED_FILL as NO_FORM_FILL, WorkbookError, header_format, name_book,
};
use crate::entry::{FormStatus, REASONS};
use crate::provenance::Provenance;

/// The workbook's bytes.
///
/// # Errors
///
/// When something does not fit into a workbook: more pupils than a sheet has rows.
pub fn chase_workbook(chase: &ChaseList<'_>, provenance: &Provenance) -> Result<Vec<u8>, WorkbookError> {
    let mut book = Workbook::new();
    name_book(&mut book, "Forms to ask for")?;
    list(book.add_worksheet().set_name("forms")?, chase)?;
    about(book.add_worksheet().set_name("about")?, chase, provenance)?;
    Ok(book.save_to_buffer()?)
}

fn list(page: &mut Worksheet, chase: &ChaseList<'_>) -> Result<(), XlsxError> {
    let names = chase.columns();
    let header = header_format().set_text_wrap().set_align(FormatAlign::Top);
    let mut widths: Vec<usize> = names.iter().map(|name| name.chars().count()).collect();
    for (column, name) in (0..).zip(&names) {
        page.write_string_with_format(0, column, name, &header)?;
    }
    let status = names.iter().rposition(|name| name == "status").unwrap_or(0);
    let mut last = 0;
    for (row, cells) in (1..).zip(chase.rows()) {
        for (column, cell) in cells.iter().enumerate() {
            let Cell::Text(text) = cell else { continue };
            widths[column] = widths[column].max(text.chars().count());
            let format = if column == status { filled(text) } else { Format::new() };
            page.write_string_with_format(row, u16::try_from(column).unwrap_or(u16::MAX), &**text, &format)?;
        }
        last = row;
    }
    for (column, width) in (0..).zip(&widths) {
        const MARGIN: u16 = 2;
        page.set_column_width(column, u16::try_from(*width).unwrap_or(u16::MAX).clamp(6, 40) + MARGIN)?;
    }
    let reason = u16::try_from(names.len().saturating_sub(1)).unwrap_or(u16::MAX);
    if last > 0 {
        page.add_data_validation(1, reason, last, reason, &DataValidation::new().allow_list_strings(&REASONS)?)?;
        page.autofilter(0, 0, last, reason)?;
    }
    page.set_freeze_panes(1, 0)?;
    page.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    page.set_header(PAGE_HEADER);
    Ok(())
}

/// Colour only helps: the word stands in the cell.
fn filled(status: &str) -> Format {
    if status == FormStatus::NoForm.word() {
        Format::new().set_background_color(NO_FORM_FILL)
    } else if status == FormStatus::Incomplete.word() {
        Format::new().set_background_color(INCOMPLETE_FILL)
    } else {
        Format::new()
    }
}

/// The counts, and what the list was made from.
fn about(page: &mut Worksheet, chase: &ChaseList<'_>, provenance: &Provenance) -> Result<(), XlsxError> {
    page.set_column_width(0, 100)?;
    let mut lines: Vec<String> = vec![
        "Ask once more for a form that is not back, and write down why one will not come: declined, absent, left or other.".to_owned(),
        "The questions of an incomplete form are named by their numbers: go back to the person who filled it in, and guess no answer."
            .to_owned(),
        String::new(),
    ];
    lines.extend(chase.count_lines());
    lines.push(String::new());
    lines.push(format!("{} {}", provenance.tool, provenance.version));
    lines.extend(provenance.instruments.iter().map(|used| format!("{}, version {}, SHA-256 {}", used.id, used.version, used.sha256)));
    lines.extend(provenance.inputs.iter().map(|used| format!("{}, SHA-256 {}", used.name, used.sha256)));
    lines.extend(provenance.options.iter().map(|(name, value)| format!("--{name} {value}")));
    for (row, line) in (0..).zip(&lines) {
        page.write_string(row, 0, line)?;
    }
    Ok(())
}
