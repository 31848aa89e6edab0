//! How long scoring takes: one response, a class from bytes to bytes, a local authority's year, and reading a definition.
//!
//! The responses are invented here, from a seed, so that every run scores the same ones.

use std::fmt::Write as _;
use std::hint::black_box;
use std::num::NonZeroUsize;

use bandwise::findings::Findings;
use bandwise::input::Input;
use bandwise::instrument::{Instrument, Pupil, built_in_text, load, read_definition};
use bandwise::matching::Answer;
use bandwise::report::{CsvFlavour, CsvSink, RowSink as _, ScoreLines, Shape, score_columns};
use bandwise::scoring::{Form, FormOptions, ReadOptions, Responses, Scorer, Threads};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tempfile::NamedTempFile;

const FORM: &str = "sdq-p4-17";
const CLASS: usize = 30;
const AUTHORITY: usize = 20_000;

/// A small generator of numbers (Marsaglia's xorshift): the same ones everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    /// The place of an answer; one question in twenty-five is left blank.
    fn answer(&mut self, instrument: &Instrument, item: usize) -> Option<usize> {
        let codes = instrument.items.get(item).and_then(|item| instrument.answers.get(item.answers)).map_or(1, |set| set.codes.len());
        let place = self.below(codes as u64);
        (self.below(25) > 0).then(|| usize::try_from(place).unwrap_or_default())
    }
}

fn instrument() -> Instrument {
    load(FORM).map_or_else(|error| unreachable!("{FORM} is built in: {error}"), |(instrument, _)| instrument)
}

/// A file of so many invented responses.
fn responses(count: usize) -> std::io::Result<(NamedTempFile, u64)> {
    let (instrument, mut numbers) = (instrument(), Numbers(2_024));
    let file = NamedTempFile::new()?;
    let mut text = "pupil_id,class".to_owned();
    for item in &instrument.items {
        text.push(',');
        text.push_str(&item.id);
    }
    for pupil in 0..count {
        let _ = write!(text, "\nP{pupil:05},{}", ["7A", "7B", "7C"][pupil % 3]);
        for item in 0..instrument.items.len() {
            text.push(',');
            text.extend(numbers.answer(&instrument, item).map(|code| code.to_string()));
        }
    }
    text.push('\n');
    std::fs::write(file.path(), &text)?;
    Ok((file, text.len() as u64))
}

/// From the bytes of a file to the bytes of the wide CSV, as `score` does it; the definition is read anew.
fn score(file: &NamedTempFile, threads: usize) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut findings = Findings::new();
    let form = Form::new(instrument(), &FormOptions::default())?;
    let mut responses = Responses::open(&[Input::new(file.path())], vec![form], ReadOptions::default(), &mut findings)?;
    let mut written = Vec::new();
    let mut sink = CsvSink::new(&mut written, CsvFlavour::Plain)?;
    sink.columns(&score_columns(responses.layout(), Shape::Wide))?;
    let lines = ScoreLines::new(Shape::Wide, CsvFlavour::Plain);
    let threads = Threads::new(NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN));
    responses
        .each_portion(threads, &lines, &mut findings, |_, made| -> Result<(), Box<dyn std::error::Error>> { Ok(sink.lines(made)?) })?;
    sink.flush()?;
    drop(sink);
    Ok(written)
}

fn one_response(criterion: &mut Criterion) {
    let (instrument, mut numbers) = (instrument(), Numbers(7));
    let compiled = Scorer::new(&instrument, &vec![0; instrument.choices.len()]);
    let blocks = vec![true; instrument.blocks.len()];
    let answers: Vec<Answer> = (0..instrument.items.len())
        .map(|item| numbers.answer(&instrument, item).and_then(|place| u16::try_from(place).ok()).map_or(Answer::Blank, Answer::Given))
        .collect();
    let mut scores = Vec::with_capacity(instrument.scales.len());
    let mut group = criterion.benchmark_group("one response");
    group.throughput(Throughput::Elements(1));
    group.bench_function("score", |bencher| {
        bencher.iter(|| {
            scores.clear();
            compiled.score(black_box(&answers), black_box(&blocks), &Pupil::default(), &mut scores);
            black_box(scores.len())
        });
    });
    group.finish();
}

fn files(criterion: &mut Criterion) {
    for (name, count) in [("class of 30", CLASS), ("20,000 responses", AUTHORITY)] {
        let (file, bytes) = responses(count).unwrap_or_else(|error| unreachable!("a temporary file can be written: {error}"));
        let mut group = criterion.benchmark_group(name);
        group.sample_size(if count > 1_000 { 10 } else { 100 });
        group.throughput(Throughput::ElementsAndBytes { elements: count as u64, bytes });
        for (name, threads) in [("file to wide CSV", 1), ("file to wide CSV, two threads", 2)] {
            group.bench_function(name, |bencher| {
                bencher.iter(|| {
                    let written = score(black_box(&file), threads);
                    written.map_or_else(|error| unreachable!("the file is sound: {error}"), |written| black_box(written).len())
                });
            });
        }
        group.finish();
    }
}

fn definition(criterion: &mut Criterion) {
    let text = built_in_text(FORM).unwrap_or_default();
    let mut group = criterion.benchmark_group("definition");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("read and check", |bencher| bencher.iter(|| read_definition(FORM, black_box(text)).is_ok()));
    group.finish();
}

criterion_group!(benches, one_response, files, definition);
criterion_main!(benches);
