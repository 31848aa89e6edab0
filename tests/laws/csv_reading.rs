//! Reading CSV: the same cells as the csv crate finds, and the row numbers that a spreadsheet shows.

use std::fmt::Write as _;

use bandwise::findings::Code;
use bandwise::input::{Encoding, InputOptions, ReadError, Table};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::reading::{cases, with_file};

/// Rows with their numbers, the header among them; or the code of the refusal.
/// Commas and UTF-8, said so that nothing has to be told: these laws are about rows and cells.
const PLAIN: InputOptions = InputOptions { encoding: Some(Encoding::Utf8), delimiter: Some(b','), sheet: None };

fn ours(bytes: &[u8], rows: usize) -> Result<Vec<(u64, Vec<String>)>, Code> {
    let code = |error: ReadError| match error {
        ReadError::Refusal(finding) => finding.code,
        ReadError::Refused { .. } => panic!("the file is there"),
    };
    with_file(bytes, |input| {
        let mut table = Table::open(input, &PLAIN).map_err(code)?;
        // Columns at the end without a name are left out of the header, and its names are trimmed.
        let mut header = table.header().to_vec();
        assert!(header.len() <= table.width());
        header.resize(table.width(), String::new());
        let mut found = vec![(0, header)];
        while let Some(batch) = table.next_batch(rows).map_err(code)? {
            found.extend(batch.records().map(|record| (record.row(), record.cells().map(str::to_owned).collect())));
        }
        Ok(found)
    })
}

/// The same by the csv crate: its records without those that a spreadsheet shows as blank rows.
fn theirs(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let records = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
    let mut records: Vec<_> = records.filter(|record| !is_blank(record)).collect();
    if let Some(header) = records.first_mut() {
        for name in header {
            *name = name.trim().to_owned();
        }
    }
    records
}

fn is_blank(record: &[String]) -> bool {
    record.iter().all(|cell| cell.bytes().all(|byte| byte.is_ascii_whitespace()))
}

/// The row of each record that is not blank, by reading the text letter by letter: a row ends at a line break outside quotation marks.
/// `None` if a quotation mark is never closed.
fn rows_of(text: &str) -> Option<Vec<u64>> {
    #[derive(PartialEq)]
    enum At {
        StartOfCell,
        InCell,
        InQuotes,
        AfterQuote,
    }
    let (mut rows, mut row, mut at, mut is_blank) = (Vec::new(), 1, At::StartOfCell, true);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if at == At::InQuotes && letter != '"' {
            is_blank &= letter.is_ascii_whitespace();
            continue;
        }
        match letter {
            '\n' | '\r' => {
                if letter == '\r' {
                    letters.next_if_eq(&'\n');
                }
                rows.extend((!is_blank).then_some(row));
                (row, at, is_blank) = (row + 1, At::StartOfCell, true);
            }
            ',' => at = At::StartOfCell,
            '"' if at == At::InQuotes => at = At::AfterQuote,
            '"' if at == At::StartOfCell => at = At::InQuotes,
            '"' if at == At::AfterQuote => (at, is_blank) = (At::InQuotes, false),
            _ => {
                is_blank &= letter.is_ascii_whitespace();
                at = At::InCell;
            }
        }
    }
    rows.extend((!is_blank).then_some(row));
    (at != At::InQuotes).then_some(rows)
}

#[test]
fn the_model_counts_rows_as_a_spreadsheet_does() {
    for (text, expected) in [
        ("a,b\n1,2\n", Some(vec![1, 2])),
        ("a\r\n\r\n1\r\n", Some(vec![1, 3])),
        ("a\n\"x\ny\"\n2", Some(vec![1, 2, 3])),
        ("\n\na\n,,\n1", Some(vec![3, 5])),
        ("a\n\"x", None),
    ] {
        assert_eq!(rows_of(text), expected, "{text:?}");
    }
}

/// How a table is written: the line break, whether every cell is quoted, blank rows in front, and the end of the file.
#[derive(Clone, Debug)]
struct Writing {
    line_break: &'static str,
    quoted: Vec<bool>,
    blanks: Vec<u8>,
    ends_with_break: bool,
    has_mark: bool,
}

fn writing() -> impl Strategy<Value = Writing> {
    let line_break = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    let blanks = vec(prop_oneof![5 => Just(0_u8), 1 => 1_u8..4], 8);
    (line_break, vec(any::<bool>(), 7), blanks, any::<bool>(), any::<bool>()).prop_map(
        |(line_break, quoted, blanks, ends_with_break, has_mark)| Writing { line_break, quoted, blanks, ends_with_break, has_mark },
    )
}

/// The bytes of a table and the row of each of its records.
fn write(table: &[Vec<String>], writing: &Writing) -> (Vec<u8>, Vec<u64>) {
    let mut text = String::from(if writing.has_mark { "\u{feff}" } else { "" });
    let (mut rows, mut row, mut cells) = (Vec::new(), 1, 0);
    for (index, record) in table.iter().enumerate() {
        for _ in 0..writing.blanks[index % writing.blanks.len()] {
            text += writing.line_break;
            row += 1;
        }
        rows.push(row);
        row += 1;
        for (column, cell) in record.iter().enumerate() {
            text += if column == 0 { "" } else { "," };
            cells += 1;
            let must_be_quoted = cell.contains(['"', ',', '\n', '\r']);
            if must_be_quoted || writing.quoted[cells % writing.quoted.len()] {
                write!(text, "\"{}\"", cell.replace('"', "\"\"")).unwrap();
            } else {
                text += cell;
            }
        }
        if index + 1 < table.len() || writing.ends_with_break {
            text += writing.line_break;
        }
    }
    (text.into_bytes(), rows)
}

/// Any cell of up to ten letters; the first cell of a row has a letter, so that no row is blank.
fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    let cell = prop_oneof![3 => "[a-z0-9 ]{0,4}", 2 => "[a\",\n\r é]{0,6}", 1 => "[^\0\u{feff}]{0,10}"];
    vec(("[a-z]{1,3}", vec(cell, 1..6)), 1..12)
        .prop_map(|rows| rows.into_iter().map(|(first, rest)| [vec![first], rest].concat()).collect())
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn a_table_is_read_as_it_was_written(table in table(), writing in writing(), batch in 1_usize..5) {
        let (bytes, rows) = write(&table, &writing);
        let found = ours(&bytes, batch).unwrap();
        prop_assert_eq!(found.iter().skip(1).map(|(row, _)| *row).collect::<Vec<_>>(), &rows[1..]);
        let cells: Vec<Vec<String>> = found.into_iter().map(|(_, cells)| cells).collect();
        prop_assert_eq!(&cells[1..], &table[1..]);
        prop_assert_eq!(cells, theirs(&bytes));
    }

    /// Quotation marks, commas and line breaks in any order, also where no program would write them.
    #[test]
    fn any_order_of_marks_is_read_as_the_csv_crate_reads_it(text in "[a,\"\r\n \t]{0,60}", batch in 1_usize..4) {
        let expected = theirs(text.as_bytes());
        match (ours(text.as_bytes(), batch), rows_of(&text)) {
            (Ok(found), Some(rows)) => {
                prop_assert_eq!(found.iter().skip(1).map(|(row, _)| *row).collect::<Vec<_>>(), &rows[1..]);
                prop_assert_eq!(found.into_iter().map(|(_, cells)| cells).collect::<Vec<_>>(), expected);
            }
            (Err(Code::T008), None) => {}
            (Err(Code::T001), Some(rows)) => prop_assert!(rows.is_empty() && expected.is_empty()),
            // One column with tabs in its name is a file that separates its columns with tabs.
            (Err(Code::T009), _) => {
                prop_assert!(expected[0][0].contains('\t') && expected[0][1..].iter().all(String::is_empty));
            },
            (found, rows) => prop_assert!(false, "{found:?}, {rows:?}"),
        }
    }

    /// A cell or row that is cut in the middle of a letter is no text, whatever stands on the other side of the cut.
    #[test]
    fn a_row_that_is_no_text_is_named(rows in 1_u64..20, at in 0_u64..20, broken in prop::sample::select(vec![&b"\xe9"[..], b"\xc3,\xa9", b"\xc3\n\xa9,x"])) {
        let at = at % rows;
        let lines = (0..rows).map(|row| if row == at { [b"x,", broken].concat() } else { b"x,y".to_vec() });
        let bytes = std::iter::once(b"a,b".to_vec()).chain(lines).collect::<Vec<_>>().join(&b'\n');
        let refusal = with_file(&bytes, |input| {
            let mut table = Table::open(input, &PLAIN).unwrap();
            loop {
                match table.next_batch(100) {
                    Ok(Some(_)) => {}
                    Ok(None) => panic!("it is no text"),
                    Err(ReadError::Refusal(finding)) => break finding,
                    Err(error) => panic!("{error}"),
                }
            }
        });
        prop_assert_eq!((refusal.code, refusal.place.row()), (Code::T006, Some(at + 2)));
    }
}

/// A file is read in blocks: whatever a block's end cuts through is put together again.
#[test]
fn the_end_of_a_block_shows_nowhere() {
    const BLOCK: usize = 1 << 18;
    let marks = "é,\"a\"\"b\r\nc\",\r\n\r\n\"\"\"\",d\r\n";
    for shift in 0..marks.len() + 2 {
        let header = "h1,h2,h3\r\n";
        let filler = "x,y,z\r\n";
        let mut text = header.to_owned();
        while text.len() + filler.len() + 40 < BLOCK {
            text += filler;
        }
        // The last cell before the marks is as long as it must be for the block to end `shift` bytes into them.
        let rest = BLOCK - shift - text.len() - 2;
        write!(text, "{}\r\n", "x".repeat(rest)).unwrap();
        assert_eq!(text.len(), BLOCK - shift);
        text += marks;
        text += filler;
        let found = ours(text.as_bytes(), 5_000).unwrap();
        let cells: Vec<Vec<String>> = found.iter().map(|(_, cells)| cells.clone()).collect();
        assert_eq!(cells, theirs(text.as_bytes()), "{shift}");
        assert_eq!(found.iter().skip(1).map(|(row, _)| *row).collect::<Vec<_>>(), &rows_of(&text).unwrap()[1..], "{shift}");
    }
}
