//! Which character separates the columns: told by the header, confirmed by the rows, and never guessed between two.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// The characters that separate columns, with what people call them.
pub const SEPARATORS: [(u8, &str); 3] = [(b',', "commas"), (b';', "semicolons"), (b'\t', "tabs")];

/// What people call a separator.
pub fn separator_name(separator: u8) -> &'static str {
    SEPARATORS.iter().find(|(known, _)| *known == separator).map_or("another character", |(_, name)| name)
}

/// How many rows are looked at to tell two separators apart.
const ROWS: usize = 50;

/// What a file's beginning says of its separator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// This one; a file of one column has the comma, for want of any.
    One(u8),
    /// Each of these gives a table.
    Several(Vec<u8>),
}

/// Looks at the beginning of a file, blank lines stepped over.
pub(super) fn separator(start: &[u8]) -> Told {
    let in_header: Vec<u8> = SEPARATORS.iter().map(|(separator, _)| *separator).filter(|separator| header_has(start, *separator)).collect();
    match in_header.as_slice() {
        [] => Told::One(b','),
        [only] => Told::One(*only),
        several => {
            // The header's words may hold the other character: a question with a comma in it, in a file of semicolons.
            let fitting: Vec<u8> = several.iter().copied().filter(|separator| rows_fit(start, *separator)).collect();
            match fitting.as_slice() {
                [only] => Told::One(*only),
                _ => Told::Several(several.to_vec()),
            }
        }
    }
}

/// Whether the first row holds the character outside quotation marks.
fn header_has(start: &[u8], separator: u8) -> bool {
    let mut is_quoted = false;
    for byte in start.iter().skip_while(|byte| byte.is_ascii_whitespace() && **byte != separator) {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' | b'\r' if !is_quoted => return false,
            byte if *byte == separator && !is_quoted => return true,
            _ => {}
        }
    }
    false
}

/// Whether more than half of the rows below the header have as many cells as it.
fn rows_fit(start: &[u8], separator: u8) -> bool {
    let lengths = lengths(start, separator);
    let Some((header, rows)) = lengths.split_first() else { return false };
    !rows.is_empty() && rows.iter().filter(|length| *length == header).count() * 2 > rows.len()
}

/// How many cells each of the first rows has; the last row of the text may be cut, and is left out unless it ends.
fn lengths(mut start: &[u8], separator: u8) -> Vec<usize> {
    let mut reader: Reader = ReaderBuilder::new().delimiter(separator).build();
    let (mut text, mut ends) = (vec![0; start.len() + 16], vec![0; start.len() + 16]);
    let mut found = Vec::new();
    let mut cells = 0;
    while found.len() < ROWS && !start.is_empty() {
        let (result, read, _, ended) = reader.read_record(start, &mut text, &mut ends);
        start = &start[read..];
        cells += ended;
        match result {
            ReadRecordResult::Record => found.push(std::mem::take(&mut cells)),
            ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {}
            ReadRecordResult::InputEmpty | ReadRecordResult::End => break,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_and_the_rows_decide() {
        for (text, expected) in [
            ("id,q1,q2\nX,0,1\n", Told::One(b',')),
            ("id;q1;q2\nX;0;1\n", Told::One(b';')),
            ("id\tq1\tq2\nX\t0\t1\n", Told::One(b'\t')),
            ("id\nX\n", Told::One(b',')),
            // A comma or a semicolon inside a question.
            ("id;I worry, often;I am fine\nX;0;1\nY;1;1\n", Told::One(b';')),
            ("id,Do you worry; if so why,fine\nX,0,1\nY,1,1\n", Told::One(b',')),
            ("id;\"I worry, often\";fine\nX;0;1\n", Told::One(b';')),
            // A name with an apostrophe, and an entity in it.
            ("id,name\n1,O&#039;Connor\n2,O'Neill\n", Told::One(b',')),
            // Both give a table: nobody can say which is meant.
            ("a,b;c\n1,2;3\n", Told::Several(vec![b',', b';'])),
            ("a,b;c\n", Told::Several(vec![b',', b';'])),
        ] {
            assert_eq!(separator(text.as_bytes()), expected, "{text}");
        }
    }
}
