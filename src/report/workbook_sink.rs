//! Rows as a workbook, for those who live in Excel: a sheet for each list, then the findings, then what produced it all.
//!
//! Text stays text: a cell that looks like a formula, a link or a date is none of them. Numbers are numbers and look as they are printed
//! elsewhere. Finished rows wait in a temporary file without a name, so a long list costs little memory.

use std::io::{self, Write};

use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatFormula, Format, FormatAlign, Formula, IgnoreError, Workbook,
    Worksheet, XlsxError,
};
use serde_json::Value;

use super::cell::decimal;
use super::sheet_look::{Is, Rule, SheetLook};
use super::workbook_about::write_about;
use super::workbook_style::{A4, PAGE_FOOTER, PAGE_HEADER, WorkbookError, header_format, name_book, pages_across};
use super::workbook_text::{Size, height, sound};
use super::{Cell, Closing, RowSink, findings_json};
use crate::findings::column_letters;
use crate::provenance::Provenance;

/// The rows of a sheet, its header among them.
const MOST_ROWS: u32 = 1 << 20;
const MOST_COLUMNS: usize = 1 << 14;
/// A text cell as a text format shows it: some programs show a longer one as a row of hash signs.
const LONGEST_IN_TEXT_FORMAT: usize = 255;
/// Spreadsheets keep so many digits of a number.
const MOST_DIGITS: usize = 15;
/// Columns are at most so many characters wide; longer text goes on in the next line of its cell.
const WIDEST: usize = 66;
const NARROWEST: usize = 6;
/// Columns of so many characters stand side by side on a landscape page.
const WIDTH_OF_A_PAGE: f64 = 180.0;

const FINDING_COLUMNS: [&str; 11] =
    ["code", "severity", "file", "row", "column", "header", "value", "message", "expected", "help", "count"];

/// Rows as a workbook. The workbook carries its findings and its provenance itself.
pub struct WorkbookSink<W: Write> {
    target: W,
    book: Workbook,
    formats: Formats,
    look: SheetLook,
    section: &'static str,
    page: Option<Page>,
}

/// A sheet that is being written.
struct Page {
    sheet: Worksheet,
    name: &'static str,
    columns: Vec<String>,
    widths: Vec<usize>,
    last_row: u32,
}

struct Formats {
    header: Format,
    text: Format,
    long: Format,
    number: Format,
    decimals: Vec<Format>,
}

impl Formats {
    fn new() -> Self {
        const MOST_PLACES: usize = 9;
        let top = || Format::new().set_align(FormatAlign::Top);
        // A little room on the right: words of the next column begin there.
        let number = || top().set_align(FormatAlign::Right).set_indent(1);
        let decimals = (0..=MOST_PLACES).map(|places| match places {
            0 => number().set_num_format("0"),
            _ => number().set_num_format(format!("0.{}", "0".repeat(places))),
        });
        Self {
            header: header_format().set_text_wrap().set_align(FormatAlign::Top),
            // As text, whoever edits `007` or `=1+1` and presses return has the same cell as before.
            text: top().set_num_format("@"),
            long: top().set_text_wrap(),
            number: number(),
            decimals: decimals.collect(),
        }
    }
}

impl<W: Write> WorkbookSink<W> {
    /// Writes into `target`, all at once when it is finished.
    pub fn new(target: W, look: SheetLook) -> Self {
        let section = look.name();
        Self { target, book: Workbook::new(), formats: Formats::new(), look, section, page: None }
    }

    fn start(&mut self, name: &'static str, columns: Vec<String>) -> Result<(), WorkbookError> {
        self.close_page()?;
        if columns.len() > MOST_COLUMNS {
            return Err(WorkbookError::TooManyColumns(name));
        }
        let mut sheet = self.book.new_worksheet_with_low_memory()?;
        sheet.set_name(name)?;
        for (column, name) in (0..).zip(&columns) {
            sheet.write_string_with_format(0, column, &*sound(name), &self.formats.header)?;
        }
        let widths = columns.iter().map(|name| name.chars().count()).collect();
        self.page = Some(Page { sheet, name, columns, widths, last_row: 0 });
        Ok(())
    }

    fn write_row(&mut self, cells: &[Cell<'_>]) -> Result<(), WorkbookError> {
        match &mut self.page {
            Some(page) => page.write_row(cells, &self.formats),
            None => Ok(()),
        }
    }

    fn close_page(&mut self) -> Result<(), WorkbookError> {
        if let Some(page) = self.page.take() {
            self.book.push_worksheet(page.finished(&self.look)?);
        }
        Ok(())
    }

    fn close(&mut self, closing: &Closing<'_, '_>) -> Result<Vec<u8>, WorkbookError> {
        let title = format!("{}: {}", self.look.name(), instrument_ids(closing.provenance));
        self.start("findings", FINDING_COLUMNS.map(str::to_owned).to_vec())?;
        for finding in findings_json(closing.findings).as_array().into_iter().flatten() {
            self.write_row(&finding_cells(finding))?;
        }
        self.close_page()?;
        let mut about = self.book.new_worksheet_with_low_memory()?;
        write_about(&mut about, self.look.sentences(), closing.provenance)?;
        self.book.push_worksheet(about);
        name_book(&mut self.book, title)?;
        Ok(self.book.save_to_buffer()?)
    }
}

impl<W: Write> RowSink for WorkbookSink<W> {
    fn section(&mut self, name: &'static str) {
        self.section = name;
    }

    fn columns(&mut self, names: &[String]) -> io::Result<()> {
        self.start(self.section, names.to_vec()).map_err(io::Error::other)
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.write_row(cells).map_err(io::Error::other)
    }

    fn finish(&mut self, closing: &Closing<'_, '_>) -> io::Result<()> {
        let bytes = self.close(closing).map_err(io::Error::other)?;
        self.target.write_all(&bytes)?;
        self.target.flush()
    }
}

// ---- a sheet of rows

impl Page {
    fn write_row(&mut self, cells: &[Cell<'_>], formats: &Formats) -> Result<(), WorkbookError> {
        let row = self.last_row + 1;
        if row >= MOST_ROWS {
            return Err(WorkbookError::TooManyRows(self.name));
        }
        let mut lines = 1;
        for ((column, width), cell) in (0..).zip(&mut self.widths).zip(cells) {
            let size = write_cell(&mut self.sheet, (row, column), cell, formats)?;
            (*width, lines) = ((*width).max(size.length), lines.max(size.lines));
        }
        if lines > 1 {
            self.sheet.set_row_height(row, height(lines))?;
        }
        self.last_row = row;
        Ok(())
    }

    fn finished(mut self, look: &SheetLook) -> Result<Worksheet, XlsxError> {
        let last_column = column_number(self.columns.len().saturating_sub(1));
        let mut wide = 0.0;
        for (column, width) in (0..).zip(&self.widths) {
            const MARGIN: usize = 3;
            let width = f64::from(column_number((width + MARGIN).clamp(NARROWEST, WIDEST + MARGIN)));
            self.sheet.set_column_width(column, width)?;
            wide += width;
        }
        let frozen = look.frozen(self.name).min(self.columns.len());
        self.sheet.set_freeze_panes(1, column_number(frozen))?;
        self.sheet
            .set_landscape()
            .set_paper_size(A4)
            .set_print_fit_to_pages(pages_across(wide, WIDTH_OF_A_PAGE), 0)
            .set_repeat_rows(0, 0)?;
        if frozen > 0 {
            self.sheet.set_repeat_columns(0, column_number(frozen - 1))?;
        }
        self.sheet.set_header(format!("&L{}{PAGE_HEADER}", self.name)).set_footer(PAGE_FOOTER);
        if !self.columns.is_empty() {
            self.sheet.autofilter(0, 0, self.last_row, last_column)?;
        }
        if self.last_row > 0 {
            // Ids and classes are text on purpose: no green corner has to say so.
            self.sheet.ignore_error_range(1, 0, self.last_row, last_column, IgnoreError::NumberStoredAsText)?;
            for rule in look.rules(self.name) {
                self.colour(rule)?;
            }
        }
        Ok(self.sheet)
    }

    /// Where a column of ours stands: behind whatever the user's file has under that name.
    fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().rposition(|name| name == column)
    }

    fn colour(&mut self, rule: &Rule) -> Result<(), XlsxError> {
        let (Some(position), Some(fill)) = (self.position(&rule.column), rule.tint.fill()) else { return Ok(()) };
        // A formula has no room for a longer word.
        if rule.word.chars().count() > LONGEST_IN_TEXT_FORMAT {
            return Ok(());
        }
        let (column, format) = (column_number(position), Format::new().set_background_color(fill));
        if rule.only_where.is_empty() {
            let equal = ConditionalFormatCellRule::EqualTo(Formula::new(quoted(&rule.word)));
            let equal = ConditionalFormatCell::new().set_rule(equal).set_format(format);
            self.sheet.add_conditional_format(1, column, self.last_row, column, &equal)?;
            return Ok(());
        }
        let mut conditions = vec![format!("${}2={}", column_letters(position), quoted(&rule.word))];
        for (other, is) in &rule.only_where {
            let Some(other) = self.position(other) else { return Ok(()) };
            let value = match is {
                Is::Word(word) => quoted(word),
                Is::Level(level) => level.to_string(),
            };
            conditions.push(format!("${}2={value}", column_letters(other)));
        }
        let all = format!("=AND({})", conditions.join(","));
        let all = ConditionalFormatFormula::new().set_rule(all.as_str()).set_format(format);
        self.sheet.add_conditional_format(1, column, self.last_row, column, &all)?;
        Ok(())
    }
}

fn column_number(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

/// A word in a formula.
fn quoted(word: &str) -> String {
    format!("\"{}\"", sound(word).replace('"', "\"\""))
}

/// The number of a cell as it is printed everywhere; none for text.
fn number_text(cell: &Cell<'_>) -> Option<String> {
    match cell {
        Cell::Empty | Cell::Text(_) => None,
        Cell::Number(number) => Some(number.to_string()),
        Cell::Count(count) => Some(count.to_string()),
        Cell::Decimal(value, places) => Some(decimal(*value, *places)),
    }
}

/// A printed number as a spreadsheet holds it; none where it would lose digits.
fn figure(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.parse().ok().filter(|value: &f64| value.is_finite() && digits <= MOST_DIGITS)
}

/// Writes a cell, and says how large it is.
fn write_cell(sheet: &mut Worksheet, (row, column): (u32, u16), cell: &Cell<'_>, formats: &Formats) -> Result<Size, XlsxError> {
    let printed = number_text(cell);
    if let Some(value) = printed.as_deref().and_then(figure) {
        let format = match cell {
            Cell::Decimal(_, places) => formats.decimals.get(*places).unwrap_or(&formats.number),
            _ => &formats.number,
        };
        sheet.write_number_with_format(row, column, value, format)?;
        return Ok(Size::of(printed.as_deref().unwrap_or_default(), WIDEST));
    }
    let text = match (&printed, cell) {
        (Some(printed), _) => sound(printed),
        (None, Cell::Text(text)) => sound(text),
        (None, _) => return Ok(Size::of("", WIDEST)),
    };
    let size = Size::of(&text, WIDEST);
    if !text.is_empty() {
        let is_long = size.lines > 1 || text.len() > LONGEST_IN_TEXT_FORMAT;
        sheet.write_string_with_format(row, column, &*text, if is_long { &formats.long } else { &formats.text })?;
    }
    Ok(size)
}

// ---- findings

/// A finding as it stands in JSON, in the order of the columns. A line of a definition is a row too.
fn finding_cells(finding: &Value) -> Vec<Cell<'_>> {
    let value = |column: &&str| match finding.get(*column).or_else(|| finding.get("line").filter(|_| *column == "row")) {
        Some(Value::String(text)) => Cell::text(text.as_str()),
        Some(Value::Number(number)) => number.as_u64().map_or(Cell::Empty, Cell::Count),
        _ => Cell::Empty,
    };
    FINDING_COLUMNS.iter().map(value).collect()
}

fn instrument_ids(provenance: &Provenance) -> String {
    provenance.instruments.iter().map(|used| used.id.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_would_lose_digits_stays_text() {
        for (text, expected) in [
            ("0", Some(0.0)),
            ("-4", Some(-4.0)),
            ("11.11", Some(11.11)),
            ("2.50", Some(2.5)),
            ("999999999999999", Some(999_999_999_999_999.0)),
            ("9007199254740993", None),
            ("NaN", None),
            ("inf", None),
        ] {
            assert_eq!(figure(text), expected, "{text}");
        }
    }

    /// A sheet that is nearly full.
    fn nearly_full(look: SheetLook) -> Result<WorkbookSink<Vec<u8>>, WorkbookError> {
        let mut sink = WorkbookSink::new(Vec::new(), look);
        sink.start("scores", vec!["pupil_id".to_owned()])?;
        if let Some(page) = &mut sink.page {
            page.last_row = MOST_ROWS - 2;
        }
        Ok(sink)
    }

    #[test]
    fn more_rows_or_columns_than_a_sheet_has_are_an_error_that_says_what_to_do() {
        let mut sink = nearly_full(SheetLook::named("scores")).unwrap_or_else(|error| unreachable!("{error}"));
        let row = [Cell::text("P1")];
        assert!(sink.row(&row).is_ok(), "the last row has room");
        let said = sink.row(&row).map_err(|error| error.to_string());
        assert_eq!(
            said,
            Err("`scores` has more rows than the 1,048,576 of a workbook's sheet: write to a .csv or .ndjson file".to_owned())
        );
        let said = sink.columns(&vec![String::new(); MOST_COLUMNS + 1]).map_err(|error| error.to_string());
        assert!(said.is_err_and(|said| said.contains("more columns than the 16,384")));
        assert!(sink.target.is_empty(), "nothing was written");
    }
}
