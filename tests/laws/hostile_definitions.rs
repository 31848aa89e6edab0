//! Any text as a definition or a map: findings or an instrument, never a panic; and an instrument scores without one.

use std::fmt::Write as _;

use bandwise::findings::{Code, Findings, Place, Source, Style};
use bandwise::flags::FlagRule;
use bandwise::instrument::{Instrument, built_in_ids, built_in_text, read_definition};
use bandwise::matching::{Answer, MatchOptions, check_map, match_columns, read_map};
use bandwise::report::{TableStyle, instrument_page};
use bandwise::scoring::{Form, FormOptions, check_examples};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::mutation;
use crate::reading::{BUILT_INS, cases, told};

/// Reads a definition and, if it is one, does with it what commands do.
fn exercise(text: &str) {
    let (instrument, found) = match read_definition("x.toml", text) {
        Ok((instrument, notes)) => (Some(instrument), notes),
        Err(findings) => (None, findings),
    };
    assert!(instrument.is_some() || !found.is_empty(), "a refusal says why");
    let mut findings = Findings::new();
    findings.extend(found);
    if let Some(instrument) = instrument {
        findings.extend(check_examples(&instrument));
        assert!(!instrument_page(&instrument, TableStyle { style: Style::Plain, width: 80 }).is_empty());
        use_it(instrument);
    }
    let _ = told(&findings);
}

fn use_it(instrument: Instrument) {
    let highest = |item: &bandwise::instrument::Item| u16::try_from(instrument.answers[item.answers].codes.len() - 1).unwrap();
    let forms = [
        instrument.items.iter().map(|_| Answer::Given(0)).collect::<Vec<_>>(),
        instrument.items.iter().map(|item| Answer::Given(highest(item))).collect(),
        instrument
            .items
            .iter()
            .enumerate()
            .map(|(index, item)| if index % 4 == 0 { Answer::Blank } else { Answer::Given(highest(item)) })
            .collect(),
        instrument.items.iter().map(|_| Answer::Refused).collect(),
    ];
    let blocks = vec![true; instrument.blocks.len()];
    let form = Form::new(instrument, &FormOptions::default()).unwrap();
    FlagRule::new(&form, None).unwrap();
    for answers in forms {
        let mut scores = Vec::new();
        form.scorer().score(&answers, &blocks, &mut scores);
        for (scale, score) in scores.iter().enumerate() {
            let level = form.bands(scale).zip(score.value()).map(|(bands, value)| bands.level(value));
            assert!(!score.status().is_empty() && level.is_none_or(|level| level < form.bands(scale).unwrap().levels.len()));
            let _ = form.note(scale, score, bandwise::scoring::Level::None);
        }
    }
}

fn built_in() -> impl Strategy<Value = &'static str> {
    prop::sample::select(built_in_ids().map(|id| built_in_text(id).unwrap()).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn any_text_is_an_instrument_or_has_findings(text in ".{0,80}|([a-z\\[\\]{}=.,\"'# \n0-9-]){0,120}") {
        exercise(&text);
    }

    #[test]
    fn a_damaged_definition_is_an_instrument_or_has_findings(text in built_in(), changes in mutation::of_bytes()) {
        exercise(&String::from_utf8_lossy(&mutation::changed(text.as_bytes(), &changes)));
    }

    #[test]
    fn a_definition_with_other_numbers_texts_and_lines_is_an_instrument_or_has_findings(text in built_in(), changes in mutation::of_words()) {
        exercise(&String::from_utf8_lossy(&mutation::changed(text.as_bytes(), &changes)));
    }

    /// A word that nobody knows is never passed over.
    #[test]
    fn a_key_that_nobody_knows_is_a_finding(text in built_in(), key in "zz[a-z]{1,6}", at in any::<prop::sample::Index>()) {
        let plain: Vec<(usize, &str)> = text.lines().enumerate().filter(|(_, line)| line.starts_with("method") || line.starts_with("version")).collect();
        let line = plain[at.index(plain.len())].0;
        let lines = text.lines().enumerate().map(|(index, old)| if index == line { format!("{key} = 1\n{old}\n") } else { format!("{old}\n") });
        let findings = read_definition("x.toml", &lines.collect::<String>()).err().unwrap_or_default();
        prop_assert!(findings.iter().any(|finding| finding.message.contains(&key) && finding.place.row() == Some(line as u64 + 1)), "{:?}", findings);
    }

    #[test]
    fn any_text_is_a_map_or_has_a_finding(
        text in prop_oneof![".{0,60}".boxed(), vec("\\[(items|context|answers\\.main)\\]|missing = \\[\"[a-z0-9]?\"\\]|(obeys|id|age|zz) = \"(a|B 1|obeys|)\"|[a-z=\"\\[\\]]{0,6}", 0..6).prop_map(|lines| lines.join("\n")).boxed()],
        header in vec("[aB][ 1]{0,2}|obeys|\\PC{0,3}", 0..8),
    ) {
        let instrument = &BUILT_INS[0];
        let mut findings = Findings::new();
        match read_map("map.toml", &text) {
            Ok(map) => {
                let place = Place::Definition { source: Source { name: "map.toml".into(), text }.into(), span: 0..0 };
                findings.extend(check_map(&map, &[instrument], &place));
                let options = MatchOptions { map, ..MatchOptions::default() };
                findings.extend(match_columns(&"class.csv".into(), &header, &[instrument], &["total".to_owned()], &options).1);
            }
            Err(finding) => findings.push(*finding),
        }
        let _ = told(&findings);
    }
}

/// A definition in which every number that can be long is as long as it can be.
#[test]
fn the_longest_numbers_stop_nothing() {
    let text = built_in_text("phq-9").unwrap();
    for codes in [
        "[0, 999999999]",
        "[-999999999.999999999, 999999999.999999999]",
        "[123456789.123456789, 0.000000001, 7.1]",
        "[0.3, 0.7, 999999999]",
    ] {
        for method in ["method  = \"sum\"", "method  = \"mean\"\ntimes = 999999999"] {
            for missing in [
                "missing = \"all needed\"",
                "missing = { at_least = 1, then = \"prorate\", round = \"half-up\" }",
                "missing = { at_least = 1, then = \"prorate\", round = \"none\" }",
            ] {
                let text = text.replace("codes  = [0, 1, 2, 3]", &format!("codes = {codes}"));
                let text = text.lines().filter(|line| !line.starts_with("labels")).collect::<Vec<_>>().join("\n");
                let text = text.replace("method  = \"sum\"", method).replace("missing = \"all needed\"", missing);
                // Examples and bands were made for other codes; the change record takes any number.
                let text = text.split("[bands.usual]").next().unwrap().replace("points = 6", "points = 999999999.999999999");
                exercise(&text);
                exercise(&text.replace("\"death\"]", "\"-death\"]"));
            }
        }
    }
}

/// Scales of scales of scales double at every step: their scores, answers and questions are more than any counter holds.
#[test]
fn scales_that_grow_without_end_stop_nothing() {
    let text = built_in_text("phq-9").unwrap().split("[bands.usual]").next().unwrap().to_owned();
    let mut names = vec!["total".to_owned(), "phq2".to_owned()];
    let mut scales = String::new();
    for step in 0..80 {
        let parts = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let name = format!("s{step}");
        write!(scales, "\n[[scales]]\nid = \"{name}\"\nname = \"x\"\nscales = [{parts}]\nmethod = \"sum\"\nbetter = \"lower\"\n").unwrap();
        names.push(name);
    }
    exercise(&(text + &scales));
}

/// A scale that is named twice would count twice.
#[test]
fn a_scale_in_a_scale_twice_is_a_finding() {
    let text = built_in_text("sdq-p4-17").unwrap();
    let text = text.replace("scales = [\"emotional\", \"peer\"]", "scales = [\"emotional\", \"emotional\"]");
    let findings = read_definition("x.toml", &text).err().unwrap();
    assert!(findings.iter().any(|finding| finding.code == Code::I006 && finding.message.contains("`emotional`")), "{findings:?}");
}
