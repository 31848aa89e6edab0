//! What all workbooks have in common: colours, paper, headers, and properties without a clock.

use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

/// Why a workbook cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// Something does not fit into a workbook.
    #[error("the workbook cannot be made: {0}")]
    Refused(#[from] XlsxError),
    /// A list has more rows than a sheet.
    #[error("`{0}` has more rows than the 1,048,576 of a workbook's sheet: write to a .csv or .ndjson file")]
    TooManyRows(&'static str),
    /// A list has more columns than a sheet.
    #[error("`{0}` has more columns than the 16,384 of a workbook's sheet: write to a .csv or .ndjson file")]
    TooManyColumns(&'static str),
}

pub(super) const A4: u8 = 9;
/// The document says a time of making, and the same rows must be the same bytes: this day says nothing.
pub(super) const NO_DAY: (u16, u8, u8) = (2000, 1, 1);

pub(super) const HEADER_FILL: Color = Color::RGB(0xD9_E2_EC);
pub(super) const YELLOW_FILL: Color = Color::RGB(0xFE_FC_BF);
pub(super) const AMBER_FILL: Color = Color::RGB(0xFB_D3_8D);
pub(super) const RED_FILL: Color = Color::RGB(0xFE_B2_B2);
pub(super) const GREEN_FILL: Color = Color::RGB(0xC6_F6_D5);
pub(super) const GREY_FILL: Color = Color::RGB(0xE2_E8_F0);

/// What stands on every printed page of pupils' data.
pub(super) const PAGE_HEADER: &str = "&Rspecial-category data";
pub(super) const PAGE_FOOTER: &str = "&LScreening, not diagnosis&R&P of &N";

/// The properties of a document that was made at no particular time.
pub(super) fn name_book(book: &mut Workbook, title: impl Into<String>) -> Result<(), XlsxError> {
    let day = ExcelDateTime::from_ymd(NO_DAY.0, NO_DAY.1, NO_DAY.2)?;
    book.set_properties(&DocProperties::new().set_title(title).set_author("bandwise").set_creation_datetime(&day));
    Ok(())
}

/// The look of a header.
pub(super) fn header_format() -> Format {
    Format::new().set_bold().set_background_color(HEADER_FILL)
}

/// Over how many pages columns of so many characters are printed side by side, where a page has room for so many.
pub(super) fn pages_across(width: f64, width_of_a_page: f64) -> u16 {
    const MOST: u16 = 9;
    (1..=MOST).find(|pages| width <= width_of_a_page * f64::from(*pages)).unwrap_or(MOST)
}
