//! CSV.

use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};

use super::{Cell, Closing, RowSink};

/// How a CSV file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvFlavour {
    /// UTF-8 without a byte order mark, lines ended by a line feed.
    Plain,
    /// As Excel wants it: byte order mark, carriage return and line feed.
    Excel,
}

/// Rows as CSV.
pub struct CsvSink<W: Write> {
    writer: Writer<W>,
}

impl<W: Write> CsvSink<W> {
    /// Writes into `target`.
    ///
    /// # Errors
    ///
    /// When the system refuses the byte order mark.
    pub fn new(mut target: W, flavour: CsvFlavour) -> io::Result<Self> {
        let mut builder = WriterBuilder::new();
        builder.flexible(false);
        if flavour == CsvFlavour::Excel {
            target.write_all(b"\xef\xbb\xbf")?;
            builder.terminator(Terminator::CRLF);
        }
        Ok(Self { writer: builder.from_writer(target) })
    }

    /// Leaves nothing unwritten.
    ///
    /// # Errors
    ///
    /// When the system refuses.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The system's own error: the csv crate wraps it so that nobody sees any more whether a reader went away.
fn system_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

impl<W: Write> RowSink for CsvSink<W> {
    fn columns(&mut self, names: &[String]) -> io::Result<()> {
        for name in names {
            self.writer.write_field(Cell::text(name.as_str()).for_spreadsheet().as_bytes()).map_err(system_error)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(system_error)
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for cell in cells {
            self.writer.write_field(cell.for_spreadsheet().as_bytes()).map_err(system_error)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(system_error)
    }

    /// The findings and the provenance of a CSV file have files of their own.
    fn finish(&mut self, _: &Closing<'_, '_>) -> io::Result<()> {
        self.writer.flush()
    }
}
