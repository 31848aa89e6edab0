//! JSON: one object with rows, findings and provenance; ndjson: one object a row.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::{Cell, Closing, RowSink};
use crate::findings::{Findings, json_line};

/// Rows as one JSON object: under `rows`, or in several lists with names of their own.
pub struct JsonSink<W: Write> {
    target: W,
    names: Vec<String>,
    rows: u64,
    section: &'static str,
    is_open: bool,
}

impl<W: Write> JsonSink<W> {
    /// Writes into `target`.
    pub fn new(target: W) -> Self {
        Self { target, names: Vec::new(), rows: 0, section: "rows", is_open: false }
    }
}

impl<W: Write> RowSink for JsonSink<W> {
    fn section(&mut self, name: &'static str) {
        self.section = name;
    }

    fn columns(&mut self, names: &[String]) -> io::Result<()> {
        names.clone_into(&mut self.names);
        self.target.write_all(if self.is_open { b"\n],\n" } else { b"{" })?;
        (self.is_open, self.rows) = (true, 0);
        write!(self.target, "\"{}\": [", self.section)
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.target.write_all(if self.rows == 0 { b"\n  " } else { b",\n  " })?;
        self.rows += 1;
        serde_json::to_writer(&mut self.target, &object(&self.names, cells))?;
        Ok(())
    }

    fn finish(&mut self, closing: &Closing<'_, '_>) -> io::Result<()> {
        self.target.write_all(b"\n],\n\"findings\": ")?;
        serde_json::to_writer_pretty(&mut self.target, &findings_json(closing.findings))?;
        self.target.write_all(b",\n\"provenance\": ")?;
        serde_json::to_writer_pretty(&mut self.target, closing.provenance)?;
        self.target.write_all(b"\n}\n")?;
        self.target.flush()
    }
}

/// Rows as one JSON object a line.
pub struct NdjsonSink<W: Write> {
    target: W,
    names: Vec<String>,
}

impl<W: Write> NdjsonSink<W> {
    /// Writes into `target`.
    pub fn new(target: W) -> Self {
        Self { target, names: Vec::new() }
    }
}

impl<W: Write> RowSink for NdjsonSink<W> {
    fn columns(&mut self, names: &[String]) -> io::Result<()> {
        names.clone_into(&mut self.names);
        Ok(())
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        serde_json::to_writer(&mut self.target, &object(&self.names, cells))?;
        self.target.write_all(b"\n")
    }

    /// The findings and the provenance of an ndjson file have files of their own.
    fn finish(&mut self, _: &Closing<'_, '_>) -> io::Result<()> {
        self.target.flush()
    }
}

fn object(names: &[String], cells: &[Cell<'_>]) -> Value {
    Value::Object(names.iter().cloned().zip(cells.iter().map(Cell::to_json)).collect::<Map<String, Value>>())
}

/// All findings as a list of objects: the first three of each kind and column, the first with the count of them all.
pub fn findings_json(findings: &Findings<'_>) -> Value {
    let lines = findings.groups().into_iter().flat_map(|group| {
        group.first.iter().enumerate().map(|(position, finding)| json_line(finding, (position == 0).then_some(group.count)))
    });
    Value::Array(lines.collect())
}
