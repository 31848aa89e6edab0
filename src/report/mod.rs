//! Reports: rows for machines (CSV, JSON, ndjson, Parquet), workbooks, tables and pages for people.
//!
//! `*_rows` say which columns there are, `*_view` what a page and a text share, `*_text` and `*_table` what a terminal prints, `page` what a
//! browser shows; [`chart`] draws.
//!
//! Every output reads the same rows: [`score_columns`] and [`flag_columns`] say which columns there are and what stands in them, a [`RowSink`] writes
//! them in its format. Text that a spreadsheet would run as a formula is neutralised in one place, and numbers are left alone.

mod cell;
#[cfg(feature = "frames")]
mod change_rows;
#[cfg(feature = "frames")]
mod change_table;
#[cfg(feature = "frames")]
mod change_view;
pub mod chart;
mod chase_list;
mod chase_workbook;
mod class_view;
mod delimited;
mod entry_words;
mod entry_workbook;
mod filled_in;
mod flag_rows;
#[cfg(feature = "frames")]
mod goal_rows;
#[cfg(feature = "frames")]
mod group_rows;
mod instrument_bands;
mod instrument_page;
mod json;
mod map_text;
#[cfg(feature = "frames")]
mod meeting_text;
#[cfg(feature = "frames")]
mod meeting_view;
mod names_text;
mod page;
#[cfg(feature = "frames")]
mod parquet_sink;
#[cfg(feature = "frames")]
mod provision_text;
#[cfg(feature = "frames")]
mod provision_view;
#[cfg(feature = "frames")]
mod pupil_text;
#[cfg(feature = "frames")]
mod pupil_view;
#[cfg(feature = "frames")]
mod report_parts;
mod score_lines;
mod score_rows;
mod sheet_look;
#[cfg(feature = "frames")]
mod summary_rows;
mod table;
mod understanding;
mod workbook_about;
mod workbook_sink;
mod workbook_style;
mod workbook_text;
mod working_page;
mod working_rows;

use std::io;

pub use cell::Cell;
#[cfg(feature = "frames")]
pub use change_rows::{ChangeColumns, ChangeLines, compared_scales};
#[cfg(feature = "frames")]
pub use change_view::{AddedValue, ChangeView};
pub use chase_list::{ChaseList, ChaseOptions, NoListColumn};
pub use chase_workbook::chase_workbook;
pub use class_view::ClassView;
pub use delimited::{CsvFlavour, CsvSink};
pub use entry_words::{Paragraph, Weight, entry_instructions, entry_summary, entry_warnings};
pub use entry_workbook::entry_workbook;
pub use filled_in::FilledIn;
pub use flag_rows::{FlagRow, FlagTable, flag_cells, flag_columns};
#[cfg(feature = "frames")]
pub use goal_rows::{GAS_COLUMNS, gas_cells, goal_cells, goal_columns, goal_list, realism_cells, realism_columns, realism_list};
#[cfg(feature = "frames")]
pub use group_rows::{Detail, group_cells, group_columns, published_group_cells, published_group_columns};
pub use instrument_page::instrument_page;
pub use json::{JsonSink, NdjsonSink, findings_json};
pub use map_text::{MapError, map_text};
#[cfg(feature = "frames")]
pub use meeting_view::MeetingView;
pub use names_text::names_csv;
pub use page::{Frame, chase_page, class_page, flag_page, working_html};
#[cfg(feature = "frames")]
pub use page::{JudgedGoals, comparison_page, groups_page, meeting_page, provision_page, pupil_page, realism_page};
#[cfg(feature = "frames")]
pub use parquet_sink::{ColumnKind, ParquetSink};
#[cfg(feature = "frames")]
pub use provision_view::ProvisionView;
#[cfg(feature = "frames")]
pub use pupil_view::PupilView;
#[cfg(feature = "frames")]
pub use report_parts::ReportParts;
pub use score_lines::ScoreLines;
#[cfg(feature = "frames")]
pub use score_rows::score_kinds;
pub use score_rows::{Shape, score_columns, score_rows};
pub use sheet_look::SheetLook;
#[cfg(feature = "frames")]
pub use summary_rows::{ALL_GROUPS, HIDDEN, SummaryTable, hidden_words, summary_cells, summary_columns};
pub use table::{TableStyle, class_table, footer, plain_table};
pub use understanding::{understanding_json, understanding_text};
pub use workbook_sink::WorkbookSink;
pub use workbook_style::WorkbookError;
pub use working_page::working_page;
pub use working_rows::{working_columns, working_rows};

use crate::findings::Findings;
use crate::provenance::Provenance;

/// What stands above every list of alerts.
pub const ALERT_WORDS: &str =
    "An alert is not a risk assessment. Tell the designated safeguarding lead today, in person, and read the form itself.";

/// What stands above every list of sensitive answers, which are no alerts.
pub const SENSITIVE_WORDS: &str = "Sensitive answers, read these forms";

/// What comes after the last row.
pub struct Closing<'c, 'o> {
    /// What was noteworthy.
    pub findings: &'c Findings<'o>,
    /// What produced the output.
    pub provenance: &'c Provenance,
}

/// A format that writes rows as they come.
pub trait RowSink {
    /// Names the list of rows that comes next, in formats that hold several.
    fn section(&mut self, _: &'static str) {}

    /// Writes what comes before the first row.
    ///
    /// # Errors
    ///
    /// When the system refuses.
    fn columns(&mut self, names: &[String]) -> io::Result<()>;

    /// Writes one row, with a cell for each column.
    ///
    /// # Errors
    ///
    /// When the system refuses.
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()>;

    /// Writes what comes after the last row, and leaves nothing unwritten.
    ///
    /// # Errors
    ///
    /// When the system refuses.
    fn finish(&mut self, closing: &Closing<'_, '_>) -> io::Result<()>;
}
