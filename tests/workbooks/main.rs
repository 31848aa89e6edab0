//! Workbooks and Parquet: what stands in their cells is what the CSV of the same command has, whatever a pupil's file holds.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod cells;
mod files;
mod hostile;
#[cfg(feature = "frames")]
mod parquet;
mod sheets;

use std::fs;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use tempfile::TempDir;

/// A folder with the invented classes of the project in it.
struct Desk {
    folder: TempDir,
}

struct Printed {
    code: i32,
    out: Vec<u8>,
    err: String,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: TempDir::new().unwrap() };
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        for entry in fs::read_dir(fixtures).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, desk.path(path.file_name().unwrap().to_str().unwrap())).unwrap();
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn run(&self, line: &str) -> Printed {
        let mut command = Command::cargo_bin("bandwise").unwrap();
        command.current_dir(self.folder.path()).env_clear().env("NO_COLOR", "1").args(line.split_whitespace());
        let output = command.output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        Printed { code: output.status.code().unwrap(), out: output.stdout, err }
    }

    /// Writes a workbook and reads it back.
    fn book(&self, line: &str) -> Book {
        let run = self.run(&format!("{line} -o out.xlsx"));
        assert!(run.code < 2, "{line}: {}", run.err);
        assert_eq!(run.out, b"", "{line}: nothing goes to standard output");
        Book(fs::read(self.path("out.xlsx")).unwrap())
    }

    /// The CSV of a command, and of what it writes beside it.
    fn csv(&self, line: &str, beside: &str) -> Vec<Vec<String>> {
        assert!(self.run(&format!("{line} -o out.csv")).code < 2, "{line}");
        read_csv(&fs::read(self.path(&format!("out.{beside}csv"))).unwrap())
    }
}

fn read_csv(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The bytes of a workbook.
struct Book(Vec<u8>);

impl Book {
    fn reader(&self) -> Xlsx<Cursor<Vec<u8>>> {
        open_workbook_from_rs(Cursor::new(self.0.clone())).unwrap()
    }

    fn sheets(&self) -> Vec<String> {
        self.reader().sheet_names()
    }

    /// The cells of a sheet, from its first row and column on.
    fn cells(&self, sheet: &str) -> Vec<Vec<Data>> {
        let range = self.reader().worksheet_range(sheet).unwrap();
        assert_eq!(range.start(), Some((0, 0)), "{sheet}");
        range.rows().map(<[Data]>::to_vec).collect()
    }

    fn texts(&self, sheet: &str) -> Vec<Vec<String>> {
        self.cells(sheet).iter().map(|row| row.iter().map(ToString::to_string).collect()).collect()
    }

    /// One column of a sheet, without its header.
    fn column(&self, sheet: &str, name: &str) -> Vec<Data> {
        let cells = self.cells(sheet);
        let position = cells[0].iter().position(|header| *header == Data::String(name.to_owned()));
        let position = position.unwrap_or_else(|| panic!("{sheet} has no column `{name}`"));
        cells[1..].iter().map(|row| row[position].clone()).collect()
    }

    /// A part of the archive as it is written.
    fn part(&self, name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(&self.0)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    fn parts(&self) -> Vec<String> {
        zip::ZipArchive::new(Cursor::new(&self.0)).unwrap().file_names().map(|name| name.unwrap().into_owned()).collect()
    }
}

fn text(text: &str) -> Data {
    Data::String(text.to_owned())
}
