//! Any bytes as evidence or as a pathway: findings or an error, never a panic, and no value that the file does not have.

use bandwise::change::evidence::{Values, read_evidence};
use bandwise::change::pathway::{StageId, read_pathway, starter};
use bandwise::findings::{Findings, Severity};
use bandwise::instrument::Number;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::mutation;
use crate::reading::{cases, form, told, with_file};

const EVIDENCE: &[u8] = include_bytes!("../../fixtures/class-7a-evidence.csv");
const PATHWAY: &str = include_str!("../../fixtures/class-7a-pathway.toml");

/// Reads evidence and, if it is some, does with it what pages do.
fn exercise_evidence(bytes: &[u8]) {
    with_file(bytes, |input| {
        let mut findings = Findings::new();
        if let Ok(mut file) = read_evidence(input, &mut findings) {
            file.rename_pupils(|id| (id != "T02").then(|| id.to_lowercase()));
            let evidence = file.settle(|id| id != "t03", &mut findings);
            let text = String::from_utf8_lossy(bytes);
            for entry in ["T01", "t04", "T05", ""].iter().flat_map(|pupil| evidence.of_pupil(pupil)) {
                assert!(!entry.words().is_empty());
                let once = match entry.values() {
                    Values::Once(value) => Some(&**value),
                    _ => None,
                };
                // A cell in quotation marks may hold doubled ones.
                for value in [entry.values().baseline(), entry.values().review(), once].into_iter().flatten() {
                    assert!(bytes.contains(&0) || !value.is_ascii() || text.contains(value) || value.contains('"'), "{value:?}");
                }
            }
            assert!(evidence.of_pupil("T02").is_empty() && evidence.of_pupil("t03").is_empty());
        }
        let _ = told(&findings);
    });
}

/// Reads a pathway and, if it is one, does with it what pages do.
fn exercise_pathway(text: &str) {
    let mut findings = Findings::new();
    match read_pathway("own.toml", text) {
        Err(found) => {
            assert!(found.iter().any(|finding| finding.code.severity() == Severity::Refusal), "a refusal says why");
            findings.extend(found);
        }
        Ok(pathway) => {
            let own = form("sdq-t4-17");
            let problems = pathway.check(&[&own]);
            let is_sound = problems.is_empty();
            findings.extend(problems);
            assert!(pathway.stages().is_sorted_by_key(bandwise::change::pathway::Stage::id));
            assert!(StageId::ALL.iter().all(|id| pathway.stage(*id).is_none_or(|stage| !stage.title().is_empty())));
            let has_tiers = pathway.tiers().iter().any(|tier| (tier.instrument(), tier.scale()) == ("sdq-t4-17", "total"));
            for score in 0..=40 {
                let level = own.bands(own.instrument().scales.iter().position(|scale| *scale.id == *"total").unwrap());
                let band = level.map(|bands| bands.name(bands.level(Number::whole(score), None).unwrap()));
                let tier = pathway.tier("sdq-t4-17", "total", Number::whole(score), band);
                assert!(!is_sound || tier.is_some() == has_tiers, "each score has one tier, or no tier is written: {score}");
            }
        }
    }
    let _ = told(&findings);
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn any_bytes_as_evidence_are_read_or_refused(bytes in vec(any::<u8>(), 0..400)) {
        exercise_evidence(&bytes);
    }

    #[test]
    fn any_header_of_evidence_is_read_or_refused(
        names in vec("(pupil_id|measure|baseline|review|unit|[a-c ]{0,3}[ _(]?(before|after|baseline|review|pre|post|)[)]?|\\PC{0,6}|.{0,3})", 0..12),
        cells in vec("(T0[1-5]|[0-9]{0,3}|exp|)", 36),
    ) {
        let line = |cells: &[String]| cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect::<Vec<_>>().join(",");
        let rows: Vec<String> = cells.chunks(12).map(|row| line(&row[..names.len()])).collect();
        exercise_evidence(format!("{}\n{}\n", line(&names), rows.join("\n")).as_bytes());
        exercise_evidence(format!("\"pupil_id\",{}\n\"T01\",{}\n", line(&names), rows.join("\n\"T04\",")).as_bytes());
    }

    #[test]
    fn damaged_evidence_is_read_or_refused(changes in mutation::of_bytes()) {
        exercise_evidence(&mutation::changed(EVIDENCE, &changes));
    }

    #[test]
    fn any_text_as_a_pathway_is_read_or_refused(text in "(\\[\\[?(stages|routes|tiers|[a-z.]{0,4})\\]?\\]?|[a-z_]{1,6} ?= ?|\"|\n|[0-9]|\\PC|.){0,60}") {
        exercise_pathway(&text);
    }

    #[test]
    fn damaged_pathways_are_read_or_refused(bytes in mutation::of_bytes(), words in mutation::of_words(), own in any::<bool>()) {
        let text = if own { PATHWAY } else { starter() };
        exercise_pathway(&String::from_utf8_lossy(&mutation::changed(text.as_bytes(), &bytes)));
        exercise_pathway(&String::from_utf8_lossy(&mutation::changed(text.as_bytes(), &words)));
    }
}
