//! A thousand small damages to each file: findings or an error, never a panic; and whatever is still scored, every answer of it stands
//! in its cell as a code or a label.

use std::fs;
use std::io::Write;
use std::path::Path;

use bandwise::findings::Findings;
use bandwise::input::{Input, InputOptions, Table};
use bandwise::instrument::load;
use bandwise::matching::{Answer, AnswerKey, Coding};
use bandwise::scoring::{Form, FormOptions, ReadOptions, Responses};

const DAMAGES: u64 = 1000;

/// Numbers that look random and are the same in every run (Marsaglia's xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below.max(1)).unwrap()).unwrap()
    }
}

fn damaged(bytes: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    const BYTES: &[u8] = b",;\t\"\n\r0129 =<>\0\xe9\xff'";
    let mut bytes = bytes.to_vec();
    for _ in 0..=numbers.next(4) {
        let at = numbers.next(bytes.len());
        match numbers.next(5) {
            0 => bytes[at] ^= u8::try_from(1 + numbers.next(255)).unwrap(),
            1 => bytes.insert(at, BYTES[numbers.next(BYTES.len())]),
            2 => drop(bytes.remove(at)),
            3 => bytes.truncate(at.max(1)),
            _ => {
                let end = (at + numbers.next(40)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
        }
        if bytes.is_empty() {
            bytes.push(b'x');
        }
    }
    bytes
}

/// Reads every cell of a file with the form's key: what is taken for an answer must look like one.
fn read_cells(path: &Path, key: &AnswerKey) {
    let Ok(mut table) = Table::open(&Input::new(path), &InputOptions::default()) else { return };
    while let Ok(Some(batch)) = table.next_batch(64) {
        for cell in batch.records().flat_map(|record| record.cells().map(str::to_owned).collect::<Vec<_>>()) {
            if let Answer::Given(code) = key.read(&cell) {
                let plain: String = cell.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect();
                let label = ["nottrue", "somewhattrue", "certainlytrue"][usize::from(code)];
                let letters = [["n", "nt"], ["s", "st"], ["c", "ct"]][usize::from(code)];
                let is_number = cell.trim().parse::<f64>().is_ok_and(|number| (number - f64::from(code)).abs() < f64::EPSILON);
                assert!(is_number || plain.ends_with(label) || letters.contains(&plain.as_str()), "{cell:?} was read as {code}");
            }
        }
    }
}

#[test]
fn damage_is_found_or_harmless_and_never_a_panic() {
    let (instrument, _) = load("sdq-t4-17").unwrap();
    let key = AnswerKey::new(&instrument.answers[0], &Coding::default()).unwrap();
    let mut files: Vec<_> = fs::read_dir("tests/fixtures/shapes").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.push("fixtures/class-7b-typed.csv".into());
    files.sort();
    assert!(files.len() > 8, "the fixtures are found");
    let folder = tempfile::tempdir().unwrap();
    let loaded = || Form::new(load("sdq-t4-17").unwrap().0, &FormOptions::default()).unwrap();
    let mut form = None;
    for file in files {
        let whole = fs::read(&file).unwrap();
        let path = folder.path().join(file.file_name().unwrap());
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        for _ in 0..DAMAGES {
            fs::File::create(&path).unwrap().write_all(&damaged(&whole, &mut numbers)).unwrap();
            read_cells(&path, &key);
            let mut findings = Findings::new();
            // A refused file takes its form with it.
            let forms = vec![form.take().unwrap_or_else(loaded)];
            let Ok(mut responses) = Responses::open(&[Input::new(&path)], forms, ReadOptions::default(), &mut findings) else { continue };
            while let Ok(Some(batch)) = responses.next_batch(&mut findings) {
                let layout = responses.layout();
                for row in batch.rows(layout) {
                    assert_eq!(row.scores(0).len(), layout.forms()[0].instrument().scales.len());
                }
            }
            form = responses.into_forms().pop();
        }
    }
}
