//! What could be read in two ways is asked back, and nothing is scored in the meantime.

use crate::{plain, score};

#[test]
fn two_separators_that_both_fit_are_a_question() {
    let text = "pupil_id,q1;q2\nX,0;1\n";
    let printed = score("class.csv", text.as_bytes(), "");
    assert!(printed.code == 2 && printed.err.contains("T009"), "{}", printed.err);
    assert!(printed.err.contains("`--delimiter ,` or `--delimiter \";\"`"), "{}", printed.err);
}

#[test]
fn a_file_that_begins_as_utf_8_and_goes_on_otherwise_is_refused_with_its_row() {
    let mut bytes = plain().into_bytes();
    bytes.extend_from_slice(b"X04,Andr\xe9,");
    bytes.extend_from_slice([b"1".as_slice(); 25].join(b",".as_slice()).as_slice());
    let printed = score("class.csv", &bytes, "");
    assert!(printed.code == 2 && printed.err.contains("T006") && printed.err.contains("row 5"), "{}", printed.err);
    // Somebody who knows better may say so: every byte is a letter of that code page.
    assert_eq!(score("class.csv", &bytes, "--encoding windows-1252").code, 0);
}

#[test]
fn utf_16_without_a_mark_is_no_text_until_it_is_said() {
    let bytes: Vec<u8> = plain().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let printed = score("class.csv", &bytes, "");
    assert!(printed.code == 2 && printed.err.contains("T005"), "{}", printed.err);
    assert!(printed.err.contains("--encoding utf-16le"), "{}", printed.err);
}

#[test]
fn a_label_with_another_code_in_front_is_refused() {
    for (cell, code) in [("1 = Not true", 1), ("0 = Not true", 0), ("0: Certainly true", 1)] {
        let text = plain().replacen("007,Ana Made-Up,0,", &format!("007,Ana Made-Up,{cell},"), 1);
        assert_eq!(score("class.csv", text.as_bytes(), "").code, code, "{cell}");
    }
}

#[test]
fn a_column_that_only_looks_like_a_question_is_not_swept_up() {
    let text = plain().replacen("q25\n", "q25,q26,SDQ total\n", 1).replace(",1\n7B", ",1,2,22\n7B");
    let text = text
        .lines()
        .map(|line| if line.matches(',').count() == 26 { format!("{line},,") } else { line.to_owned() })
        .collect::<Vec<_>>()
        .join("\n");
    let printed = score("class.csv", text.as_bytes(), "");
    assert!(printed.code == 2 && printed.err.contains("M003"), "twenty-six numbered columns are another form: {}", printed.err);
}

/// Found by fuzzing: the reader of such sheets goes round in circles where the text breaks off.
#[test]
fn a_sheet_that_breaks_off_is_refused_and_stops_nothing() {
    use std::io::{Cursor, Write as _};
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = || zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("mimetype", stored()).unwrap();
    zip.write_all(b"application/vnd.oasis.opendocument.spreadsheet").unwrap();
    zip.start_file("content.xml", stored()).unwrap();
    zip.write_all(b"<office:document-content><office:body><office:spreadsheet><table:table table:name=\"Class\">").unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    let printed = score("class.ods", &bytes, "");
    assert!(printed.code == 2 && printed.err.contains("T005") && printed.err.contains("breaks off"), "{}", printed.err);
}
