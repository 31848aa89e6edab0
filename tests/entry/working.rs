//! For every built-in definition and any answers, the last step of a scale's working is its score.

use std::collections::BTreeSet;

use bandwise::entry::{StepKind, Working};
use bandwise::instrument::built_in_ids;
use bandwise::matching::Answer;
use bandwise::scoring::{Layout, Outcome, ScoredRow};

use super::filled::{Filling, Random, csv, folder_with, form, read, rows, sheet};

const FORMS: usize = 60;

/// Holds a row's working against its scores, and says which kinds of steps and outcomes were met.
fn check(layout: &Layout, row: &ScoredRow<'_>, met: &mut BTreeSet<String>) {
    let working = Working::new(layout, row, 0).unwrap();
    let instrument = layout.forms()[0].instrument();
    for (scale, score) in working.scales.iter().zip(row.scores(0)) {
        let place = || format!("{}, {} of {}: {:?}", instrument.id, instrument.scales[scale.scale].id, working.pupil, scale.steps);
        assert_eq!(scale.score, *score, "{}", place());
        assert_eq!(scale.value, score.value(), "{}", place());
        let last = scale.steps.last().unwrap_or_else(|| panic!("no step: {}", place()));
        assert_eq!(last.value, score.value(), "{}", place());
        assert_eq!(last.kind == StepKind::NotScored, score.value().is_none(), "{}", place());
        let given = scale.terms.iter().filter(|term| term.points.is_some()).count();
        if !scale.terms.is_empty() && !matches!(score.outcome, Outcome::Complete(_)) {
            assert_eq!(given, usize::from(score.answered), "{}", place());
        }
        met.extend(scale.steps.iter().map(|step| step.kind.word().to_owned()));
        met.insert(score.status().to_owned());
    }
    for (answer, read) in working.answers.iter().zip(row.answers(0)) {
        assert_eq!(answer.answer, *read);
        assert!(answer.column.is_some());
        assert_eq!(answer.cell.is_empty(), *read == Answer::Blank, "{}: {:?}", instrument.id, answer.cell);
    }
}

#[test]
fn the_last_step_of_every_scale_is_its_score() {
    let mut met = BTreeSet::new();
    for id in built_in_ids() {
        let form_to_fill = form(id, &[]);
        let sheet = sheet(&form_to_fill, 0);
        for (filling, seed) in [(Filling::Whole, 7), (Filling::Patchy, 8)] {
            let filled = rows(&sheet, FORMS, filling, &mut Random(seed));
            let folder = folder_with("class.csv", &csv(&sheet, &filled));
            let mut seen = 0;
            read(&folder.path().join("class.csv"), form(id, &[]), |layout, row| {
                seen += 1;
                check(layout, row, &mut met);
            });
            assert_eq!(seen, FORMS, "{id}");
        }
    }
    for word in ["first question", "sum", "answered", "calculation", "condition", "transformed", "not scored", "complete", "estimated"] {
        assert!(met.contains(word), "{word} was never met: {met:?}");
    }
}

#[test]
fn it_is_its_score_under_every_documented_choice() {
    let mut tried = 0;
    for id in built_in_ids() {
        let (instrument, _) = bandwise::instrument::load(id).unwrap();
        for choice in &instrument.choices {
            for (value, _) in &choice.values {
                tried += 1;
                let chosen = [(choice.id.as_str(), value.as_str())];
                let form_to_fill = form(id, &chosen);
                let sheet = sheet(&form_to_fill, 0);
                let filled = rows(&sheet, FORMS, Filling::Patchy, &mut Random(9));
                let folder = folder_with("class.csv", &csv(&sheet, &filled));
                let mut met = BTreeSet::new();
                read(&folder.path().join("class.csv"), form(id, &chosen), |layout, row| check(layout, row, &mut met));
            }
        }
    }
    assert!(tried > 10, "the choices are found");
}

#[test]
fn a_part_that_the_file_lacks_is_not_worked_out() {
    let text = "pupil_id,q1,q2,q3,q4,q5,q6,q7,q8,q9,q10,q11,q12,q13,q14,q15,q16,q17,q18,q19,q20,q21,q22,q23,q24,q25\n\
                T01,0,1,2,0,1,2,0,1,2,0,1,2,0,1,2,0,1,2,0,1,2,0,1,2,0\n";
    let folder = folder_with("class.csv", text);
    read(&folder.path().join("class.csv"), form("sdq-t4-17", &[]), |layout, row| {
        let working = Working::new(layout, row, 0).unwrap();
        assert_eq!(working.answers.len(), 25);
        assert!(working.scales.iter().all(|scale| &*layout.forms()[0].instrument().scales[scale.scale].id != "impact"));
        assert!(working.disagreement().is_none());
    });
}
