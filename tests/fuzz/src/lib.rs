//! What the targets have in common: any bytes become a file under a plain name, and whatever is found in it is written out in full.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;

use bandwise::findings::{Findings, Style, json_line, render_full, render_short};
use bandwise::flags::{FlagRule, flag};
use bandwise::input::Input;
use bandwise::instrument::load;
use bandwise::report::{CsvFlavour, CsvSink, RowSink as _, Shape, score_columns, score_rows};
use bandwise::scoring::{Form, FormOptions, ReadOptions, Refusals, Responses};
use tempfile::TempDir;

thread_local! {
    /// A folder in memory where there is one: a million files are written.
    static FOLDER: TempDir = tempfile::tempdir_in(if fs::exists("/dev/shm").unwrap() { "/dev/shm" } else { "." }).unwrap();
    static FORMS: RefCell<Vec<(&'static str, Form)>> = const { RefCell::new(Vec::new()) };
}

/// The file with these bytes.
pub fn file(name: &str, bytes: &[u8]) -> Input {
    let path: PathBuf = FOLDER.with(|folder| folder.path().join(name));
    fs::write(&path, bytes).unwrap();
    Input::new(&path)
}

/// Forms of every kind: blocks and impact, norms by age and sex, critical questions, goals, imported scores.
pub const FORMS_IN_USE: [&str; 8] = ["sdq-t4-17", "sdq-s11-17", "phq-9", "rcads-25-c", "gbo", "gas-weighted", "boxall", "yp-core"];

/// Does something with a form. Reading its definition takes longer than most inputs do, so one that came back is used again.
pub fn with_form<T>(id: &'static str, work: impl FnOnce(Form) -> (Option<Form>, T)) -> T {
    let known = FORMS.with_borrow_mut(|forms| {
        let at = forms.iter().position(|(known, _)| *known == id)?;
        Some(forms.swap_remove(at).1)
    });
    let form = known.unwrap_or_else(|| Form::new(load(id).unwrap().0, &FormOptions::default()).unwrap());
    let (form, done) = work(form);
    FORMS.with_borrow_mut(|forms| forms.extend(form.map(|form| (id, form))));
    done
}

/// The first byte says which form and how; the rest is the file.
pub fn score(data: &[u8], name: &str, options: impl FnOnce(&Form) -> ReadOptions) {
    let Some((first, bytes)) = data.split_first() else { return };
    let id = FORMS_IN_USE[usize::from(*first) % FORMS_IN_USE.len()];
    // A refused file is as a rule read to its end, as `check` does: what lies behind a refusal is code too.
    let refusals = if *first >= 0xe0 { Refusals::Stop } else { Refusals::Remember };
    let input = file(name, bytes);
    with_form(id, |form| {
        let mut findings = Findings::new();
        let options = ReadOptions { refusals, ..options(&form) };
        let read = Responses::open(&[input], vec![form], options, &mut findings);
        let form = read.ok().and_then(|mut responses| {
            rows(&mut responses, &mut findings);
            responses.into_forms().into_iter().next()
        });
        told(&findings);
        (form, ())
    });
}

fn rows(responses: &mut Responses, findings: &mut Findings<'_>) {
    let mut written = Vec::new();
    let mut sink = CsvSink::new(&mut written, CsvFlavour::Plain).unwrap();
    let columns = score_columns(responses.layout(), Shape::Wide);
    sink.columns(&columns).unwrap();
    let rule = FlagRule::new(&responses.layout().forms()[0], None).unwrap();
    while let Ok(Some(batch)) = responses.next_batch(findings) {
        let layout = responses.layout();
        for row in batch.rows(layout) {
            for cells in score_rows(layout, &row, Shape::Wide) {
                assert_eq!(cells.len(), columns.len(), "every line has every column");
                sink.row(&cells).unwrap();
            }
            let _ = flag(layout, &row, 0, rule.as_ref());
            let form = &layout.forms()[0];
            for (scale, score) in form.instrument().scales.iter().zip(row.scores(0)) {
                let (least, most) = scale.range;
                if let Some(value) = score.value() {
                    assert!(least <= value && value <= most, "`{}` is {value}, outside its range", scale.id);
                }
            }
        }
    }
}

/// Every finding in full, short and as JSON: none of the three may stumble over what it is given.
pub fn told(findings: &Findings<'_>) {
    for group in findings.groups() {
        let _ = (render_full(group, Style::Plain), render_short(group, Style::Coloured));
        for finding in &group.first {
            let _ = json_line(finding, Some(group.count)).to_string();
        }
    }
}
