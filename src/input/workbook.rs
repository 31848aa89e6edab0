//! Rows of a workbook: XLSX, XLS, XLSB and ODS, one sheet of it, its cells as the words and numbers that a person reads in them.
//!
//! A date is written as year-month-day, a whole number without decimals, and nothing else is changed. A sheet that has a table in it is
//! taken if it is the only one; which of several is meant is asked, never guessed.

use std::io::{Cursor, Read};
use std::sync::Arc;

use calamine::{Data, ExcelDateTime, Ods, Range, Reader, SheetVisible, Sheets, Xls, XlsError, Xlsb, Xlsx};

use super::batch::Batch;
use super::guarded::guarded;
use super::open_document::{Fault, check_open_document};
use super::source::Hashing;
use super::table::ReadError;
use crate::findings::{Code, Finding, Place, column_letters, quoted_list};

/// A workbook that unpacks to more than this is no class's answers.
const LARGEST_UNPACKED: u64 = 1 << 30;
/// A workbook file larger than this is not read into memory.
const LARGEST_FILE: u64 = 1 << 28;

type Bytes = Cursor<Arc<[u8]>>;

/// The rows of one sheet.
pub(super) struct SheetRows {
    /// The sheet's name.
    pub(super) sheet: String,
    sha256: String,
    /// Each row with something in it, with the number that the spreadsheet shows.
    rows: std::vec::IntoIter<(u64, Vec<String>)>,
}

/// Whether a file begins like a workbook.
pub(super) fn is_workbook(start: &[u8]) -> bool {
    start.starts_with(b"PK\x03\x04") || start.starts_with(b"\xd0\xcf\x11\xe0")
}

impl SheetRows {
    /// Reads a workbook whose first bytes have been taken already.
    pub(super) fn open(name: &Arc<str>, first: Vec<u8>, mut rest: Hashing, asked: Option<&str>) -> Result<Self, ReadError> {
        let refuse =
            |code, message: &str, help: &str| -> ReadError { Finding::new(code, Place::File(Arc::clone(name)), message).help(help).into() };
        let mut bytes = first;
        let read = (&mut rest).take(LARGEST_FILE + 1).read_to_end(&mut bytes);
        read.map_err(|source| ReadError::Refused { name: Arc::clone(name), source })?;
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(refuse(Code::T005, "this workbook is larger than any class's answers", "save the one sheet as \"CSV UTF-8\""));
        }
        let broken = || Trouble::Damaged("it breaks off in the middle of something".to_owned());
        let mut book = guarded(|| open(bytes.into())).unwrap_or_else(|| Err(broken())).map_err(|trouble| match trouble {
            Trouble::Password => refuse(
                Code::T005,
                "this workbook is protected by a password, and nothing in it can be read",
                "open it in a spreadsheet program, save a copy without the password, and delete the copy afterwards",
            ),
            Trouble::TooLarge => refuse(
                Code::T005,
                "this workbook unpacks to more than a thousand million bytes: it is damaged, or made to do harm",
                "open it in a spreadsheet program, and save the sheet as \"CSV UTF-8\"",
            ),
            Trouble::NoWorkbook => {
                refuse(Code::T005, "this is an archive or a document, and no workbook", "export the answers as XLSX, ODS or CSV")
            }
            Trouble::Damaged(why) => refuse(
                Code::T005,
                &format!("this workbook is damaged: {why}"),
                "open it in a spreadsheet program, which may mend it, and save it again",
            ),
        })?;
        let (sheet, rows) = guarded(|| {
            let sheet = chosen(&mut book, asked, name)?;
            check_merged(&mut book, &sheet, name)?;
            let rows = self::sheet(&mut book, &sheet);
            Ok::<_, ReadError>((sheet, rows))
        })
        .unwrap_or_else(|| Err(refuse(Code::T005, "this workbook is damaged", "open it in a spreadsheet program, and save it again")))?;
        let rows = rows.map_err(|error| {
            refuse(Code::T005, &format!("the sheet `{sheet}` is damaged: {error}"), "open it in a spreadsheet program, and save it again")
        })?;
        Ok(Self { sheet, sha256: rest.sha256(), rows: rows.into_iter() })
    }

    pub(super) fn sha256(&self) -> String {
        self.sha256.clone()
    }

    /// The next records, at most so many.
    pub(super) fn batch(&mut self, count: usize) -> Batch {
        let (mut text, mut ends, mut records) = (String::new(), Vec::new(), Vec::new());
        for (row, cells) in self.rows.by_ref().take(count) {
            records.push((row, ends.len(), cells.len()));
            for cell in cells {
                text.push_str(&cell);
                ends.push(text.len());
            }
        }
        // Every end is the end of a whole cell, so of a character.
        Batch::new(text, ends, records.into_iter()).unwrap_or_default()
    }
}

/// Why a workbook cannot be opened.
enum Trouble {
    Password,
    TooLarge,
    NoWorkbook,
    Damaged(String),
}

fn open(bytes: Arc<[u8]>) -> Result<Sheets<Bytes>, Trouble> {
    let damaged = |error: &dyn std::fmt::Display| Trouble::Damaged(error.to_string());
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        check_old(&bytes)?;
        return match Xls::new(Cursor::new(bytes)) {
            Ok(book) => Ok(Sheets::Xls(book)),
            Err(XlsError::Password) => Err(Trouble::Password),
            Err(error) => Err(damaged(&error)),
        };
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(Arc::clone(&bytes))).map_err(|error| damaged(&error))?;
    // The sizes of the archive's own directory: programs that write in one go, as Google Sheets does, put them nowhere else, and
    // `decompressed_size` knows of none then.
    let mut unpacked: u64 = 0;
    for index in 0..archive.len() {
        unpacked = unpacked.saturating_add(archive.by_index_raw(index).map_err(|error| damaged(&error))?.size());
    }
    if unpacked > LARGEST_UNPACKED {
        return Err(Trouble::TooLarge);
    }
    let has = |name: &str| archive.index_for_name(name).is_some();
    let (has_sheets, has_binary_sheets, has_content) = (has("xl/workbook.xml"), has("xl/workbook.bin"), has("content.xml"));
    let book = Cursor::new(bytes);
    if has_sheets {
        Xlsx::new(book).map(Sheets::Xlsx).map_err(|error| damaged(&error))
    } else if has_binary_sheets {
        Xlsb::new(book).map(Sheets::Xlsb).map_err(|error| damaged(&error))
    } else if has_content {
        check_open_document(&mut archive, MOST_CELLS).map_err(|fault| match fault {
            Fault::Password => Trouble::Password,
            Fault::BreaksOff => Trouble::Damaged("its text breaks off in the middle of something".to_owned()),
            Fault::TooManyCells => Trouble::Damaged("its cells stand too far apart".to_owned()),
        })?;
        Ods::new(book).map(Sheets::Ods).map_err(|error| match error {
            calamine::OdsError::Password => Trouble::Password,
            error => damaged(&error),
        })
    } else {
        Err(Trouble::NoWorkbook)
    }
}

/// The cells between the first and the last of a sheet are all made, so a damaged place far away would take more memory than there is.
const MOST_CELLS: u64 = 20_000_000;

/// Whether an old workbook is whole: its container has no circles in it, and its cells are where cells can be.
fn check_old(bytes: &Arc<[u8]>) -> Result<(), Trouble> {
    let mut container = cfb::CompoundFile::open(Cursor::new(Arc::clone(bytes))).map_err(|error| Trouble::Damaged(error.to_string()))?;
    // A protected XLSX is wrapped in the container of the old format.
    if container.is_stream("/EncryptedPackage") {
        return Err(Trouble::Password);
    }
    let Some(name) = ["/Workbook", "/Book"].into_iter().find(|name| container.is_stream(name)) else { return Err(Trouble::NoWorkbook) };
    let mut stream = Vec::new();
    let read = container.open_stream(name).and_then(|stream_in| stream_in.take(LARGEST_FILE).read_to_end(&mut stream));
    read.map_err(|error| Trouble::Damaged(error.to_string()))?;
    let (mut rows, mut columns, mut records) = (0_u64, 0_u64, stream.as_slice());
    while let [kind_low, kind_high, length_low, length_high, rest @ ..] = records {
        let (kind, length) = (u16::from_le_bytes([*kind_low, *kind_high]), u16::from_le_bytes([*length_low, *length_high]));
        let Some((record, next)) = rest.split_at_checked(usize::from(length)) else { break };
        if let (true, [row_low, row_high, column_low, column_high, ..]) = (CELL_RECORDS.contains(&kind), record) {
            rows = rows.max(u64::from(u16::from_le_bytes([*row_low, *row_high])) + 1);
            columns = columns.max(u64::from(u16::from_le_bytes([*column_low, *column_high])) + 1);
        }
        records = next;
    }
    if rows * columns > MOST_CELLS { Err(Trouble::Damaged("a cell stands where no cell can be".to_owned())) } else { Ok(()) }
}

/// The kinds of record that are a cell, or several in a row: blank, number, text, truth, formula, shared text (\[MS-XLS\] 2.3.2).
const CELL_RECORDS: [u16; 10] = [0x0006, 0x00bd, 0x00be, 0x00d6, 0x00fd, 0x0201, 0x0203, 0x0204, 0x0205, 0x027e];

/// The rows of a sheet with something in them. In XLSX a cell may stand anywhere, so only those that are there are made.
fn sheet(book: &mut Sheets<Bytes>, name: &str) -> Result<Vec<(u64, Vec<String>)>, String> {
    let Sheets::Xlsx(book) = book else {
        return book.worksheet_range(name).map(|range| rows(&range)).map_err(|error| error.to_string());
    };
    let mut found: Vec<(u64, Vec<String>)> = Vec::new();
    let mut reader = book.worksheet_cells_reader(name).map_err(|error| error.to_string())?;
    let mut made = 0_u64;
    while let Some(cell) = reader.next_cell().map_err(|error| error.to_string())? {
        let (row, column) = cell.get_position();
        let text = text(&Data::from(cell.get_value().clone()));
        if text.trim().is_empty() {
            continue;
        }
        let row = u64::from(row) + 1;
        if found.last().is_none_or(|(last, _)| *last != row) {
            found.push((row, Vec::new()));
        }
        let Some((_, cells)) = found.last_mut() else { continue };
        let width = column as usize + 1;
        if cells.len() < width {
            made += (width - cells.len()) as u64;
            cells.resize(width, String::new());
        }
        if made > MOST_CELLS {
            return Err("its cells stand too far apart".to_owned());
        }
        cells[column as usize] = text;
    }
    // All rows of a sheet are as wide as the widest, as the spreadsheet shows it.
    let width = found.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    if (width * found.len()) as u64 > MOST_CELLS {
        return Err("its cells stand too far apart".to_owned());
    }
    for (_, cells) in &mut found {
        cells.resize(width, String::new());
    }
    Ok(found)
}

/// The sheet that is meant: the one that was named, or the only one with a table in it.
fn chosen(book: &mut Sheets<Bytes>, asked: Option<&str>, name: &Arc<str>) -> Result<String, ReadError> {
    let place = || Place::File(Arc::clone(name));
    let metadata = book.sheets_metadata().to_vec();
    let names: Vec<&str> = metadata.iter().map(|sheet| sheet.name.as_str()).collect();
    if let Some(asked) = asked {
        let found = names.iter().find(|known| known.trim().eq_ignore_ascii_case(asked.trim()));
        if let Some(found) = found {
            return Ok((*found).to_owned());
        }
        let finding = Finding::new(Code::T011, place(), format!("the workbook has no sheet `{asked}`"));
        return Err(finding.help(format!("it has {}", quoted_list(&names, 20))).into());
    }
    // A sheet of one column is a list or a text: the instructions of an entry sheet, a title page.
    let visible = metadata.iter().filter(|sheet| sheet.visible == SheetVisible::Visible).map(|sheet| sheet.name.clone());
    let read = visible.filter_map(|name| sheet(book, &name).ok().map(|rows| (name, rows)));
    let filled: Vec<(String, bool)> = read.filter(|(_, rows)| !rows.is_empty()).map(|(name, rows)| (name, is_table(&rows))).collect();
    let tables: Vec<String> = filled.iter().filter(|(_, is_table)| *is_table).map(|(name, _)| name.clone()).collect();
    match tables.as_slice() {
        // A list of ids has one column, and then it is the only sheet with anything in it.
        [] => match filled.as_slice() {
            [(only, _)] => Ok(only.clone()),
            _ => Err(Finding::new(Code::T001, place(), "no sheet of the workbook has a table in it").into()),
        },
        [only] => Ok(only.clone()),
        several => {
            let message = format!("the workbook has several sheets with a table: {}", quoted_list(several, 20));
            Err(Finding::new(Code::T011, place(), message).help("say which one with `--sheet NAME`").into())
        }
    }
}

fn is_table(rows: &[(u64, Vec<String>)]) -> bool {
    rows.iter().any(|(_, cells)| cells.iter().filter(|cell| !cell.trim().is_empty()).count() > 1)
}

/// A merged header belongs to several columns, and nobody can say to which: each column needs a header of its own.
fn check_merged(book: &mut Sheets<Bytes>, sheet: &str, name: &Arc<str>) -> Result<(), ReadError> {
    let header = self::sheet(book, sheet).ok().and_then(|rows| u32::try_from(rows.first()?.0.checked_sub(1)?).ok());
    let (Some(header), Sheets::Xlsx(book)) = (header, book) else { return Ok(()) };
    let Ok(regions) = book.merge_cells_by_sheet_name(sheet) else { return Ok(()) };
    let merged = regions.iter().find(|region| (region.start.0..=region.end.0).contains(&header) && region.start.1 != region.end.1);
    let Some(region) = merged else { return Ok(()) };
    let (first, last) = (column_letters(region.start.1 as usize), column_letters(region.end.1 as usize));
    let row = u64::from(header) + 1;
    let message = format!("the cells {first}{row} to {last}{row} of the header are merged: which column does it name?");
    let place = Place::Row { file: Arc::clone(name), row, column: None };
    Err(Finding::new(Code::T012, place, message).help("unmerge them, and give each column a header of its own").into())
}

fn rows(range: &Range<Data>) -> Vec<(u64, Vec<String>)> {
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let mut found: Vec<(u64, Vec<String>)> = Vec::new();
    for (row, cells) in range.rows().enumerate() {
        // Columns keep their letters although the table may begin further right.
        let mut texts = vec![String::new(); first_column as usize];
        texts.extend(cells.iter().map(text));
        if texts.iter().any(|text| !text.trim().is_empty()) {
            found.push((u64::from(first_row) + row as u64 + 1, texts));
        }
    }
    found
}

/// A cell as a person reads it.
fn text(cell: &Data) -> String {
    match cell {
        Data::Int(number) => number.to_string(),
        // The shortest decimals that are this number: 2 and 0.3, never 2.0 or 0.30000000000000004.
        Data::Float(number) => number.to_string(),
        Data::String(text) => text.clone(),
        Data::Bool(true) => "TRUE".to_owned(),
        Data::Bool(false) => "FALSE".to_owned(),
        Data::DateTime(date) => date_text(date),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

fn date_text(date: &ExcelDateTime) -> String {
    if date.is_duration() {
        return date.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let day = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { day } else { format!("{day} {hour:02}:{minute:02}:{second:02}") }
}
