//! Parquet: the rows are those of the CSV, each column has its type whatever stands in it, and the file says what produced it.

use std::fs::File;

use polars::prelude::{AnyValue, DataType};
use polars_io::SerReader as _;
use polars_io::parquet::read::ParquetReader;

use crate::Desk;

/// The names and types of the columns, the rows as CSV would have them, and the metadata.
struct Parquet {
    columns: Vec<(String, DataType)>,
    rows: Vec<Vec<String>>,
    metadata: Vec<(String, String)>,
}

fn read(desk: &Desk, name: &str) -> Parquet {
    let mut reader = ParquetReader::new(File::open(desk.path(name)).unwrap());
    let metadata = reader.get_metadata().unwrap().key_value_metadata().clone().unwrap();
    let frame = reader.finish().unwrap();
    let cell = |value: AnyValue<'_>| match value {
        AnyValue::Null => String::new(),
        AnyValue::Float64(number) => number.to_string(),
        AnyValue::Int64(count) => count.to_string(),
        text => text.get_str().unwrap().to_owned(),
    };
    let rows = (0..frame.height()).map(|row| frame.columns().iter().map(|column| cell(column.get(row).unwrap())).collect());
    Parquet {
        columns: frame.columns().iter().map(|column| (column.name().to_string(), column.dtype().clone())).collect(),
        rows: rows.collect(),
        metadata: metadata.into_iter().map(|pair| (pair.key, pair.value.unwrap())).collect(),
    }
}

fn csv(desk: &Desk, line: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let printed = desk.run(line);
    let mut reader = csv::Reader::from_reader(printed.out.as_slice());
    let names = reader.headers().unwrap().iter().map(ToOwned::to_owned).collect();
    (names, reader.records().map(|record| record.unwrap().iter().map(ToOwned::to_owned).collect()).collect())
}

/// Scores as numbers: `6` and `6.0` are one.
fn plain(cell: &str) -> String {
    cell.parse::<f64>().map_or_else(|_| cell.to_owned(), |number| number.to_string())
}

#[test]
fn rows_are_those_of_the_csv() {
    for (file, options) in [
        ("class-7a-teacher.csv", "-i sdq-t4-17"),
        ("class-7a-teacher.csv", "-i sdq-t4-17 --long"),
        // Blanks, refused cells, estimates, scores with decimals.
        ("class-7b-typed.csv", "-i sdq-t4-17"),
    ] {
        let desk = Desk::new();
        let printed = desk.run(&format!("score {file} {options} -o scores.parquet"));
        assert!(printed.code <= 1, "{}", printed.err);
        let parquet = read(&desk, "scores.parquet");
        let (names, rows) = csv(&desk, &format!("score {file} {options} --format csv"));
        let of_parquet: Vec<&String> = parquet.columns.iter().map(|(name, _)| name).collect();
        assert_eq!(of_parquet, names.iter().collect::<Vec<_>>());
        let scores: Vec<bool> = parquet.columns.iter().map(|(_, kind)| *kind != DataType::String).collect();
        let as_numbers = |row: &Vec<String>| -> Vec<String> {
            row.iter().zip(&scores).map(|(cell, is_number)| if *is_number { plain(cell) } else { cell.clone() }).collect()
        };
        assert_eq!(parquet.rows, rows.iter().map(as_numbers).collect::<Vec<_>>());
    }
}

#[test]
fn a_column_has_its_type_even_where_nothing_stands_in_it() {
    let desk = Desk::new();
    let all = desk.run("score class-7a-teacher.csv -i sdq-t4-17 -o all.parquet");
    assert_eq!(all.code, 0, "{}", all.err);
    let class = std::fs::read_to_string(desk.path("class-7a-teacher.csv")).unwrap();
    let (header, first) = (class.lines().next().unwrap(), class.lines().nth(1).unwrap());
    let (pupil, _) = first.split_once(',').unwrap();
    let blank = format!("{header}\n{pupil}{}\n", ",".repeat(header.matches(',').count()));
    desk.write("blank.csv", &blank);
    desk.run("score blank.csv -i sdq-t4-17 -o blank.parquet");
    assert_eq!(read(&desk, "blank.parquet").columns, read(&desk, "all.parquet").columns);
    let total = read(&desk, "blank.parquet").columns.into_iter().find(|(name, _)| name == "total").unwrap().1;
    assert_eq!(total, DataType::Float64);
}

#[test]
fn the_file_says_what_produced_it_and_is_its_owners_only() {
    let desk = Desk::new();
    desk.run("score class-7a-teacher.csv -i sdq-t4-17 -o scores.parquet");
    let [(key, value)] = read(&desk, "scores.parquet").metadata.try_into().unwrap();
    assert_eq!(key, "bandwise");
    let told: serde_json::Value = serde_json::from_str(&value).unwrap();
    desk.run("score class-7a-teacher.csv -i sdq-t4-17 -o scores.json");
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(desk.path("scores.json")).unwrap()).unwrap();
    assert_eq!(told, json["provenance"]);
    assert!(!desk.path("scores.parquet.provenance.json").exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(desk.path("scores.parquet")).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_long_file_is_written_in_groups_and_loses_nothing() {
    let desk = Desk::new();
    let class = std::fs::read_to_string(desk.path("class-7a-teacher.csv")).unwrap();
    let (header, rows) = class.split_once('\n').unwrap();
    let copies = (0..2300).flat_map(|copy| rows.lines().map(move |row| format!("{copy}-{row}")));
    let lines: Vec<String> = [header.to_owned()].into_iter().chain(copies).collect();
    desk.write("long.csv", &lines.join("\n"));
    desk.run("score long.csv -i sdq-t4-17 -o long.parquet --scales total");
    let parquet = read(&desk, "long.parquet");
    assert_eq!(parquet.rows.len(), 2300 * 30);
    let (_, of_csv) = csv(&desk, "score long.csv -i sdq-t4-17 --format csv --scales total");
    let places = [0, 1, 65_535, 65_536, 2300 * 30 - 1];
    assert_eq!(places.map(|row| &parquet.rows[row][0]), places.map(|row| &of_csv[row][0]));
}

#[test]
fn only_scores_are_written_so() {
    let desk = Desk::new();
    let refused = desk.run("flag class-7a-teacher.csv -i sdq-t4-17 -o flags.parquet");
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("only scores are written as Parquet"), "{}", refused.err);
    assert!(!desk.path("flags.parquet").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_called_so() {
    let desk = Desk::new();
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("bandwise"));
    command.current_dir(desk.folder.path()).args(["score", "class-7a-teacher.csv", "-i", "sdq-t4-17", "--format", "parquet"]);
    let done = command.stdout(File::options().write(true).open("/dev/full").unwrap()).output().unwrap();
    let told = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert!(told.contains("No space left on device") && !told.contains("specification"), "{told}");
}
