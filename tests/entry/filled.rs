//! Forms filled in at random, the same ones every time, as rows and as workbooks.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use assert_cmd::Command;
use bandwise::entry::{EntryOptions, EntrySheet};
use bandwise::findings::Findings;
use bandwise::input::Input;
use bandwise::instrument::{Instrument, load};
use bandwise::report::{Paragraph, entry_workbook};
use bandwise::scoring::{Form, FormOptions, ReadOptions, Responses, ScoredRow};

/// Numbers that look random and are the same every time (Knuth's MMIX generator).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// A built-in form; of those whose editions number the questions differently, the first edition.
pub(crate) fn form(id: &str, choose: &[(&str, &str)]) -> Form {
    form_of(load(id).unwrap().0, choose)
}

pub(crate) fn form_of(instrument: Instrument, choose: &[(&str, &str)]) -> Form {
    let mut choose: Vec<(String, String)> = choose.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let has_order = choose.iter().any(|(name, _)| name == "order");
    choose.extend(instrument.orders.first().filter(|_| !has_order).map(|order| ("order".to_owned(), order.id.clone())));
    Form::new(instrument, &FormOptions { choose, ..FormOptions::default() }).unwrap()
}

pub(crate) fn sheet(form: &Form, rows: usize) -> EntrySheet<'_> {
    EntrySheet::new(form, None, &EntryOptions { rows, ..EntryOptions::default() }).unwrap()
}

/// How forms are filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filling {
    /// Every question is answered.
    Whole,
    /// Some are blank, and few have something else in them.
    Patchy,
}

/// Rows for a sheet, with a cell for each of its headers.
pub(crate) fn rows(sheet: &EntrySheet<'_>, count: usize, filling: Filling, random: &mut Random) -> Vec<Vec<String>> {
    let instrument = sheet.form().instrument();
    let row = |number: usize, random: &mut Random| {
        let about = sheet.about.iter().map(|column| match column.header() {
            "pupil_id" => format!("T{number:02}"),
            "sex" => ["M", "F", "M", "F", "", "X"][random.below(if filling == Filling::Whole { 4 } else { 6 })].to_owned(),
            "year" => ["", "R", "3", "5", "6", "8", "9", "11", "13"][random.below(9)].to_owned(),
            "age" => ["", "4", "7", "9", "11", "12", "14", "16", "17"][random.below(9)].to_owned(),
            "date" => "2026-09-20".to_owned(),
            _ => String::new(),
        });
        let mut cells: Vec<String> = about.collect();
        // Some forms have few blanks and some have many, so that every missing rule is met on either side.
        let blanks = random.below(4);
        for question in &sheet.questions {
            let codes = &instrument.answers[instrument.items[question.item].answers].codes;
            let code = codes[random.below(codes.len())].to_string();
            let cell = match (filling, random.below(12)) {
                (Filling::Patchy, 0) if random.below(6) == 0 => "?".to_owned(),
                (Filling::Patchy, chance) if chance < blanks => String::new(),
                _ => code,
            };
            cells.push(cell);
        }
        cells
    };
    (1..=count).map(|number| row(number, random)).collect()
}

/// The rows as CSV under the sheet's headers.
pub(crate) fn csv(sheet: &EntrySheet<'_>, rows: &[Vec<String>]) -> String {
    let mut text = sheet.headers().join(",") + "\n";
    for row in rows {
        text.push_str(&(row.join(",") + "\n"));
    }
    text
}

/// Reads a file with a form, and looks at each row; the codes of what was found come back.
pub(crate) fn read(file: &Path, form: Form, mut look: impl FnMut(&bandwise::scoring::Layout, &ScoredRow<'_>)) -> Vec<String> {
    let mut findings = Findings::new();
    let mut responses = Responses::open(&[Input::new(file)], vec![form], ReadOptions::default(), &mut findings).unwrap();
    while let Some(batch) = responses.next_batch(&mut findings).unwrap() {
        for row in batch.rows(responses.layout()) {
            look(responses.layout(), &row);
        }
    }
    findings.groups().iter().map(|group| group.first[0].code.to_string()).collect()
}

/// A sheet as a workbook, in which somebody has typed these rows: the cells are put in where the empty ones stand.
pub(crate) fn workbook(sheet: &EntrySheet<'_>, rows: &[Vec<String>]) -> Vec<u8> {
    let line = Paragraph { weight: bandwise::report::Weight::Plain, text: "type into `answers`".to_owned() };
    type_into(&entry_workbook(sheet, &[line]).unwrap(), rows)
}

/// Types rows into the second sheet of a workbook.
pub(crate) fn type_into(book: &[u8], rows: &[Vec<String>]) -> Vec<u8> {
    const ANSWERS: &str = "xl/worksheets/sheet2.xml";
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if name == ANSWERS {
            let mut xml = String::from_utf8(bytes).unwrap();
            for (row, cells) in rows.iter().enumerate() {
                for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                    let place = format!("<c r=\"{}{}\" s=\"", bandwise::findings::column_letters(column), row + 2);
                    let start = xml.find(&place).unwrap_or_else(|| panic!("no cell {place}"));
                    let end = start + xml[start..].find("/>").unwrap();
                    let typed = match cell.parse::<f64>() {
                        Ok(_) => format!("><v>{cell}</v></c>"),
                        Err(_) => format!(" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
                    };
                    xml.replace_range(end..end + 2, &typed);
                }
            }
            bytes = xml.into_bytes();
        }
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The text of a part of a workbook.
pub(crate) fn part(book: &[u8], name: &str) -> String {
    let mut text = String::new();
    zip::ZipArchive::new(Cursor::new(book)).unwrap().by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// What a command left behind.
pub(crate) struct Printed {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs the program in a folder.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Printed {
    let mut command = Command::cargo_bin("bandwise").unwrap();
    let output = command.current_dir(folder).env_clear().env("NO_COLOR", "1").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Printed { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// A folder with one file in it.
pub(crate) fn folder_with(name: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    folder
}
