//! CSV.

use std::io::{self, Write};

use super::{Cell, Closing, RowSink};

/// How a CSV file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvFlavour {
    /// UTF-8 without a byte order mark, lines ended by a line feed.
    Plain,
    /// As Excel wants it: byte order mark, carriage return and line feed.
    Excel,
}

impl CsvFlavour {
    pub(super) fn line_end(self) -> &'static [u8] {
        match self {
            Self::Plain => b"\n",
            Self::Excel => b"\r\n",
        }
    }
}

/// Writes a cell: in quotation marks where it holds a comma, a quotation mark or a line break, which is the rule of the csv crate.
pub(super) fn write_cell(text: &str, line: &mut Vec<u8>) {
    let needs_quotes = |byte: &u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    if !text.as_bytes().iter().any(needs_quotes) {
        line.extend_from_slice(text.as_bytes());
        return;
    }
    line.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            line.push(b'"');
        }
        line.push(byte);
    }
    line.push(b'"');
}

/// Writes a cell as a spreadsheet may open it.
pub(super) fn add_cell(cell: &Cell<'_>, line: &mut Vec<u8>) {
    write_cell(&cell.for_spreadsheet(), line);
}

/// Writes a row.
pub(super) fn write_line<'c>(cells: impl ExactSizeIterator<Item = &'c Cell<'c>>, flavour: CsvFlavour, line: &mut Vec<u8>) {
    let (start, is_one) = (line.len(), cells.len() == 1);
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            line.push(b',');
        }
        add_cell(cell, line);
    }
    // A line without anything would be no row.
    if is_one && line.len() == start {
        line.extend_from_slice(b"\"\"");
    }
    line.extend_from_slice(flavour.line_end());
}

/// Rows as CSV.
pub struct CsvSink<W: Write> {
    target: W,
    flavour: CsvFlavour,
    line: Vec<u8>,
}

impl<W: Write> CsvSink<W> {
    /// Writes into `target`.
    ///
    /// # Errors
    ///
    /// When the system refuses the byte order mark.
    pub fn new(mut target: W, flavour: CsvFlavour) -> io::Result<Self> {
        if flavour == CsvFlavour::Excel {
            target.write_all(b"\xef\xbb\xbf")?;
        }
        Ok(Self { target, flavour, line: Vec::new() })
    }

    /// Writes rows that are lines of CSV already, of the same flavour.
    ///
    /// # Errors
    ///
    /// When the system refuses.
    pub fn lines(&mut self, lines: &[u8]) -> io::Result<()> {
        self.target.write_all(lines)
    }

    /// Leaves nothing unwritten.
    ///
    /// # Errors
    ///
    /// When the system refuses.
    pub fn flush(&mut self) -> io::Result<()> {
        self.target.flush()
    }
}

impl<W: Write> RowSink for CsvSink<W> {
    fn columns(&mut self, names: &[String]) -> io::Result<()> {
        let names: Vec<Cell<'_>> = names.iter().map(|name| Cell::text(name.as_str())).collect();
        self.row(&names)
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.line.clear();
        write_line(cells.iter(), self.flavour, &mut self.line);
        self.target.write_all(&self.line)
    }

    /// The findings and the provenance of a CSV file have files of their own.
    fn finish(&mut self, _: &Closing<'_, '_>) -> io::Result<()> {
        self.target.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_as_the_csv_crate_quotes_them() {
        for cells in [
            vec!["a", "b c", "", "x,y", "say \"no\"", "two\nlines", "\r", "'=1", "é"],
            vec![""],
            vec!["\""],
            vec!["", ""],
            vec![",", "#", ";", "\t"],
        ] {
            let mut expected = csv::Writer::from_writer(Vec::new());
            let mut line = Vec::new();
            write_line(cells.iter().map(|cell| Cell::text(*cell)).collect::<Vec<_>>().iter(), CsvFlavour::Plain, &mut line);
            let spreadsheet: Vec<String> = cells.iter().map(|cell| Cell::text(*cell).for_spreadsheet().into_owned()).collect();
            assert!(expected.write_record(&spreadsheet).is_ok());
            assert_eq!(Some(line), expected.into_inner().ok(), "{cells:?}");
        }
    }
}
