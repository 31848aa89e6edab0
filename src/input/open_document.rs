//! Whether an ODS sheet is whole, before it is read: its reader goes round in circles where the text breaks off, and makes every cell that
//! a repetition names, so that a few bytes take more memory than there is.

use std::io::{BufRead, BufReader, Read, Seek};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

/// What is wrong with a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is locked with a password.
    Password,
    /// Its text breaks off, or is no XML.
    BreaksOff,
    /// Its cells are more than a sheet of answers has.
    TooManyCells,
}

/// Checks the sheets of an open document.
pub(super) fn check_open_document<R: Read + Seek>(archive: &mut ZipArchive<R>, most_cells: u64) -> Result<(), Fault> {
    let mut manifest = String::new();
    // A document without a manifest is not locked.
    if let Ok(part) = archive.by_name("META-INF/manifest.xml") {
        let _ = part.take(1 << 20).read_to_string(&mut manifest);
    }
    if manifest.contains("encryption-data") {
        return Err(Fault::Password);
    }
    let content = archive.by_name("content.xml").map_err(|_| Fault::BreaksOff)?;
    check_content(BufReader::new(content), most_cells)
}

/// How far the cells of one table reach.
#[derive(Default)]
struct Extent {
    rows: u64,
    rows_with_cells: u64,
    columns: u64,
    row_repeats: u64,
    row_columns: u64,
    row_width: u64,
}

impl Extent {
    fn begin_row(&mut self, repeats: u64) {
        (self.row_repeats, self.row_columns, self.row_width) = (repeats, 0, 0);
    }

    fn cell(&mut self, repeats: u64, is_filled: bool) {
        self.row_columns = self.row_columns.saturating_add(repeats);
        if is_filled {
            self.row_width = self.row_columns;
        }
    }

    fn end_row(&mut self) {
        self.rows = self.rows.saturating_add(self.row_repeats);
        if self.row_width > 0 {
            self.rows_with_cells = self.rows;
            self.columns = self.columns.max(self.row_width);
        }
    }

    /// The cells between the first and the last: all of them are made.
    fn cells(&self) -> u64 {
        self.rows_with_cells.saturating_mul(self.columns)
    }
}

fn check_content(content: impl BufRead, most_cells: u64) -> Result<(), Fault> {
    let mut reader = Reader::from_reader(content);
    reader.config_mut().expand_empty_elements = true;
    let (mut buffer, mut depth, mut extent, mut cells) = (Vec::new(), 0_u64, Extent::default(), 0_u64);
    // A cell is only known to be filled once it ends.
    let mut open_cell: Option<(u64, bool)> = None;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| Fault::BreaksOff)? {
            Event::Start(element) => {
                depth += 1;
                match element.name().as_ref() {
                    "table:table" => extent = Extent::default(),
                    "table:table-row" => extent.begin_row(repeats(&element, "table:number-rows-repeated")),
                    "table:table-cell" | "table:covered-table-cell" => {
                        open_cell = Some((repeats(&element, "table:number-columns-repeated"), says_something(&element)));
                    }
                    _ => {}
                }
            }
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                match element.name().as_ref() {
                    "table:table-cell" | "table:covered-table-cell" => {
                        if let Some((repeats, is_filled)) = open_cell.take() {
                            extent.cell(repeats, is_filled);
                        }
                    }
                    "table:table-row" => {
                        extent.end_row();
                        cells = cells.saturating_add(extent.row_width);
                    }
                    _ => {}
                }
                if cells > most_cells || extent.cells() > most_cells {
                    return Err(Fault::TooManyCells);
                }
            }
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                if let Some((_, is_filled)) = &mut open_cell {
                    *is_filled = true;
                }
            }
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof => return Err(Fault::BreaksOff),
            _ => {}
        }
    }
}

/// How often an element stands there; what is no number is left to the reader of the sheet, which refuses it.
fn repeats(element: &BytesStart<'_>, attribute: &str) -> u64 {
    let value = element.try_get_attribute(attribute).ok().flatten();
    value.and_then(|value| value.value.trim().parse().ok()).unwrap_or(1)
}

/// Whether a cell has a value or a formula.
fn says_something(element: &BytesStart<'_>) -> bool {
    let is_value = |name: &str| name.starts_with("office:") || name == "table:formula";
    element.attributes().with_checks(false).flatten().any(|attribute| is_value(attribute.key.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &str) -> String {
        format!("<office:document-content><office:body><table:table>{rows}</table:table></office:body></office:document-content>")
    }

    #[test]
    fn a_sheet_that_breaks_off_or_repeats_without_end_is_refused() {
        let cell = r#"<table:table-cell office:value-type="float" office:value="1"/>"#;
        let many = r#"<table:table-cell table:number-columns-repeated="16384" office:value="1"/>"#;
        let far = r#"<table:table-cell table:number-columns-repeated="16384"/>"#;
        for (content, expected) in [
            (table(&format!("<table:table-row>{cell}</table:table-row>")), Ok(())),
            (table(""), Ok(())),
            // Empty rows to the end of the sheet, as LibreOffice writes them.
            (
                table(&format!(
                    r#"<table:table-row>{cell}{far}</table:table-row><table:table-row table:number-rows-repeated="1048575">{far}</table:table-row>"#
                )),
                Ok(()),
            ),
            (
                table(&format!(r#"<table:table-row table:number-rows-repeated="1048576">{many}</table:table-row>"#)),
                Err(Fault::TooManyCells),
            ),
            (table(&format!("<table:table-row>{far}{cell}</table:table-row>").repeat(2000)), Err(Fault::TooManyCells)),
            (
                table(&format!(r#"<table:table-row table:number-rows-repeated="18446744073709551615">{cell}</table:table-row>"#).repeat(2)),
                Err(Fault::TooManyCells),
            ),
            (table(&format!("<table:table-row>{cell}</table:table-row>")).replace("</table:table>", ""), Err(Fault::BreaksOff)),
            ("<office:body><table:table>".to_owned(), Err(Fault::BreaksOff)),
            ("<a><b></a>".to_owned(), Err(Fault::BreaksOff)),
        ] {
            assert_eq!(check_content(content.as_bytes(), 20_000_000), expected, "{}", content.get(..300).unwrap_or(&content));
        }
    }
}
