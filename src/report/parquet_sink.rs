//! Scores as Parquet, for those who load them elsewhere: each column has one type in every file of a form, whatever its cells happen to be.
//!
//! The file carries its provenance itself, as JSON under the key `bandwise` of its metadata. Rows are written in groups, so a long file costs
//! little memory.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::{Column, DataFrame, DataType, Field, IntoColumn, PolarsError, Schema, Series};
use polars_io::parquet::write::{BatchedWriter, KeyValueMetadata, ParquetMetadataContext, ParquetWriter};

use super::{Cell, Closing, RowSink};

/// So many rows are held before they are written as a group.
const GROUP: usize = 1 << 16;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text: ids, bands, notes, and whatever is carried along.
    Text,
    /// A score, which may have decimals: a double.
    Score,
    /// A count.
    Count,
}

/// Rows as Parquet.
pub struct ParquetSink<W: Write> {
    kinds: Vec<ColumnKind>,
    state: State<W>,
    failure: Failure,
}

/// What the system said when it refused to write. The writer of Parquet passes its own words on, which say that the file is wrong.
#[derive(Clone, Default)]
struct Failure(Arc<Mutex<Option<io::Error>>>);

impl Failure {
    fn keep(&self, error: io::Error) -> io::Error {
        let kind = error.kind();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        kind.into()
    }

    /// The system's own error, where there was one.
    fn or(&self, error: PolarsError) -> io::Error {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_else(|| io::Error::other(error))
    }
}

/// A writer that keeps what the system says when it refuses.
struct Remembering<W> {
    target: W,
    failure: Failure,
}

impl<W: Write> Write for Remembering<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.target.write(bytes).map_err(|error| self.failure.keep(error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.target.flush().map_err(|error| self.failure.keep(error))
    }
}

enum State<W: Write> {
    New(W),
    Open { writer: Box<BatchedWriter<Remembering<W>>>, names: Vec<String>, columns: Vec<Values>, rows: usize },
    Ended,
}

/// What stands in a column of the group that is being gathered.
enum Values {
    Text(Vec<Option<String>>),
    Score(Vec<Option<f64>>),
    Count(Vec<Option<i64>>),
}

impl<W: Write> ParquetSink<W> {
    /// Writes columns of these kinds.
    pub fn new(target: W, kinds: Vec<ColumnKind>) -> Self {
        Self { kinds, state: State::New(target), failure: Failure::default() }
    }
}

impl ColumnKind {
    fn data_type(self) -> DataType {
        match self {
            Self::Text => DataType::String,
            Self::Score => DataType::Float64,
            Self::Count => DataType::Int64,
        }
    }

    fn no_values(self) -> Values {
        match self {
            Self::Text => Values::Text(Vec::new()),
            Self::Score => Values::Score(Vec::new()),
            Self::Count => Values::Count(Vec::new()),
        }
    }
}

impl Values {
    /// Adds a cell; says whether it is of this column's kind.
    fn push(&mut self, cell: &Cell<'_>) -> bool {
        match (self, cell) {
            (Self::Text(values), Cell::Empty) => values.push(None),
            (Self::Text(values), Cell::Text(text)) => values.push(Some(text.to_string())),
            (Self::Score(values), Cell::Empty) => values.push(None),
            (Self::Score(values), cell @ (Cell::Number(_) | Cell::Decimal(..))) => values.push(cell.to_json().as_f64()),
            (Self::Count(values), Cell::Empty) => values.push(None),
            (Self::Count(values), Cell::Count(count)) => values.push(i64::try_from(*count).ok()),
            _ => return false,
        }
        true
    }

    /// The column, which leaves this one empty.
    fn take(&mut self, name: &str) -> Column {
        match self {
            Self::Text(values) => Series::from_iter(std::mem::take(values)).with_name(name.into()).into_column(),
            Self::Score(values) => Series::from_iter(std::mem::take(values)).with_name(name.into()).into_column(),
            Self::Count(values) => Series::from_iter(std::mem::take(values)).with_name(name.into()).into_column(),
        }
    }
}

impl<W: Write> State<W> {
    /// Writes the rows that were gathered as a group.
    fn write_group(&mut self, failure: &Failure) -> io::Result<()> {
        let Self::Open { writer, names, columns, rows } = self else { return Ok(()) };
        if *rows == 0 {
            return Ok(());
        }
        let columns = columns.iter_mut().zip(names).map(|(values, name)| values.take(name)).collect();
        let frame = DataFrame::new(*rows, columns).map_err(io::Error::other)?;
        *rows = 0;
        writer.write_batch(&frame).map_err(|error| failure.or(error))
    }
}

impl<W: Write> RowSink for ParquetSink<W> {
    fn columns(&mut self, names: &[String]) -> io::Result<()> {
        let State::New(target) = std::mem::replace(&mut self.state, State::Ended) else {
            return Err(io::Error::other("Parquet holds one list of rows only"));
        };
        let fields = names.iter().zip(&self.kinds).map(|(name, kind)| Field::new(name.as_str().into(), kind.data_type()));
        let target = Remembering { target, failure: self.failure.clone() };
        let writer = ParquetWriter::new(target).batched(&fields.collect::<Schema>()).map_err(|error| self.failure.or(error))?;
        let columns = self.kinds.iter().map(|kind| kind.no_values()).collect();
        self.state = State::Open { writer: Box::new(writer), names: names.to_vec(), columns, rows: 0 };
        Ok(())
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        if let State::Open { columns, rows, .. } = &mut self.state {
            if columns.len() != cells.len() || !columns.iter_mut().zip(cells).all(|(values, cell)| values.push(cell)) {
                return Err(io::Error::other("a cell is not of its column's type"));
            }
            *rows += 1;
            if *rows == GROUP {
                return self.state.write_group(&self.failure);
            }
        }
        Ok(())
    }

    fn finish(&mut self, closing: &Closing<'_, '_>) -> io::Result<()> {
        self.state.write_group(&self.failure)?;
        if let State::Open { writer, .. } = &self.state {
            let provenance = serde_json::to_string(closing.provenance)?;
            // What produced the rows is known when all were read, so it is not among the writer's options.
            let metadata = KeyValueMetadata::from_static(vec![("bandwise".to_owned(), provenance)]);
            let metadata = metadata.collect(ParquetMetadataContext { arrow_schema: "" }).map_err(io::Error::other)?;
            let ended = writer.get_writer().lock().unwrap_or_else(PoisonError::into_inner).end(Some(metadata));
            ended.map_err(|error| self.failure.or(error))?;
        }
        self.state = State::Ended;
        Ok(())
    }
}
