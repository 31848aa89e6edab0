//! Any text as a definition or a map: findings or an instrument, never a panic; and an instrument scores without one.

use std::fmt::Write as _;

use bandwise::findings::{Code, Finding, Findings, Place, Source, Style};
use bandwise::flags::FlagRule;
use bandwise::instrument::{Instrument, Pupil, Said, Sex, built_in_ids, built_in_text, read_definition};
use bandwise::matching::{Answer, Header, MatchOptions, check_map, match_columns, read_map};
use bandwise::report::{TableStyle, instrument_page};
use bandwise::scoring::{Form, FormOptions, check_examples};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::forms::BUILT_INS;
use crate::mutation;
use crate::reading::{cases, told};

/// Reads a definition and, if it is one, does with it what commands do.
fn exercise(text: &str) {
    let _ = refusal(text);
}

/// The same of a definition that must be one.
fn exercise_one(text: &str) {
    assert_eq!(refusal(text), None, "{text}");
}

/// What a definition is refused for, if it is, in short.
fn refusal(text: &str) -> Option<String> {
    let (instrument, found) = match read_definition("x.toml", text) {
        Ok((instrument, notes)) => (Some(instrument), notes),
        Err(findings) => (None, findings),
    };
    assert!(instrument.is_some() || !found.is_empty(), "a refusal says why");
    let refusal = instrument.is_none().then(|| messages(&found));
    let mut findings = Findings::new();
    findings.extend(found);
    if let Some(instrument) = instrument {
        findings.extend(check_examples(&instrument));
        assert!(!instrument_page(&instrument, TableStyle { style: Style::Plain, width: 80 }).is_empty());
        use_it(instrument);
    }
    let _ = told(&findings);
    refusal
}

/// Codes and messages without the places, which hold whole definitions.
fn messages<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> String {
    findings.into_iter().map(|finding| [finding.code.id(), " ", &finding.message, "\n"].concat()).collect()
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
    let pupils = [Pupil::default(), Pupil { sex: Said::This(Sex::Female), age: Said::This(11), year: Said::This(7) }];
    let form = Form::new(instrument, &FormOptions::default()).unwrap();
    FlagRule::new(&form, None).unwrap();
    for (answers, pupil) in forms.iter().flat_map(|answers| pupils.iter().map(move |pupil| (answers, pupil))) {
        let mut scores = Vec::new();
        form.scorer().score(answers, &blocks, pupil, &mut scores);
        for (scale, score) in scores.iter().enumerate() {
            let level = score.value().and_then(|value| form.level(scale, value, pupil).ok().flatten());
            assert!(!score.status().is_empty() && level.is_none_or(|level| level < form.bands(scale).unwrap().levels.len()));
            let _ = form.remarks(scale, score, bandwise::scoring::Level::None);
            let _ = (form.norm_words(scale, score), form.cautions(scale, &scores).count());
            assert!(score.value().is_none_or(|value| !form.instrument().scales[scale].capped(value).is_empty()));
        }
    }
}

/// The built-in definitions, and one that adds to one of them.
fn known() -> impl Strategy<Value = &'static str> {
    prop::sample::select(built_in_ids().map(|id| built_in_text(id).unwrap()).chain([ADDED; 5]).collect::<Vec<_>>())
}

const ADDED: &str = r#"
extends = "boxall"
id      = "our-boxall"
items   = [{ id = "strand-one", number = 7, answers = "strand" }]
scales  = [{ id = "strand-one", name = "Strand one", items = ["strand-one"], method = "sum", missing = "all needed", better = "higher" }]
critical = [{ item = "strand-one", from = 90, about = "a strand" }]
[answers.strand]
from = 0
to   = 99
[bands.our-norms]
default   = true
levels    = ["in the norm range", "outside the norm range"]
flag_from = "outside the norm range"
source    = "our school"
from      = { self-limiting-features = [44] }
lowered   = { strand-one = { levels = ["in the norm range", "outside the norm range"], below = [55] } }
flags     = [{ heading = "Outside the norm range", scales = ["strand-one", "self-limiting-features"] }]
"#;

#[test]
fn what_adds_to_a_definition_is_one() {
    exercise_one(ADDED);
}

proptest! {
    #![proptest_config(cases(160))]

    #[test]
    fn any_text_is_an_instrument_or_has_findings(text in ".{0,80}|([a-z\\[\\]{}=.,\"'# \n0-9-]){0,120}") {
        exercise(&text);
    }

    #[test]
    fn a_damaged_definition_is_an_instrument_or_has_findings(text in known(), changes in mutation::of_bytes()) {
        exercise(&String::from_utf8_lossy(&mutation::changed(text.as_bytes(), &changes)));
    }

    #[test]
    fn a_definition_with_other_numbers_texts_and_lines_is_an_instrument_or_has_findings(text in known(), changes in mutation::of_words()) {
        exercise(&String::from_utf8_lossy(&mutation::changed(text.as_bytes(), &changes)));
    }

    /// A word that nobody knows is never passed over.
    #[test]
    fn a_key_that_nobody_knows_is_a_finding(text in known(), key in "zz[a-z]{1,6}", at in any::<prop::sample::Index>()) {
        let plain: Vec<(usize, &str)> = text.lines().enumerate().filter(|(_, line)| line.starts_with("method") || line.starts_with("version") || line.starts_with("id ")).collect();
        let line = plain[at.index(plain.len())].0;
        let lines = text.lines().enumerate().map(|(index, old)| if index == line { format!("{key} = 1\n{old}\n") } else { format!("{old}\n") });
        let findings = read_definition("x.toml", &lines.collect::<String>()).err().unwrap_or_default();
        prop_assert!(findings.iter().any(|finding| finding.message.contains(&key) && finding.place.row() == Some(line as u64 + 1)), "{}", messages(&findings));
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
                findings.extend(match_columns(&"class.csv".into(), Header { names: &header, texts: None }, &[instrument], &["total".to_owned()], &options).1);
            }
            Err(finding) => findings.push(*finding),
        }
        let _ = told(&findings);
    }
}

/// A definition in which every number that can be long is as long as it can be.
#[test]
fn the_longest_numbers_stop_nothing() {
    // Examples, bands and declared ranges were made for other codes; the change record takes any number.
    let kept = built_in_text("phq-9").unwrap().split("[bands.usual]").next().unwrap();
    let kept = kept.lines().filter(|line| !line.starts_with("labels") && !line.starts_with("range")).collect::<Vec<_>>().join("\n");
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
                "missing = { at_least = 1, then = \"zero\" }",
            ] {
                let text = replaced(&kept, "codes  = [0, 1, 2, 3]", &format!("codes = {codes}"));
                let text = replaced(&replaced(&text, "method  = \"sum\"", method), "missing = \"all needed\"", missing);
                let text = replaced(&text, "points = 6", "points = 999999999.999999999");
                exercise_one(&text);
                exercise(&replaced(&text, "\"death\"]", "\"-death\"]"));
                for derived in DERIVED {
                    exercise_one(&format!("{text}\n[[scales]]\nid = \"long\"\nname = \"x\"\nbetter = \"lower\"\n{derived}"));
                }
            }
        }
    }
}

/// What a scale can be made of by its own long numbers.
const DERIVED: [&str; 5] = [
    "of = \"total\"\ntimes = 999999999.999999999\nplus = -999999999.999999999\n",
    "of = \"total\"\ntimes = -0.000000001\nonly_with = \"phq2\"\n",
    "conditions = [{ scale = \"total\", from = 300000000.7 }, { scale = \"total\", at_most = 300000000.700000001 }]\nneeds = \"any\"\n",
    "of = \"total\"\nnorms = \"n\"\nround = \"none\"\n[groups.g]\nsex = true\n[norms.n]\ngroups = \"g\"\nscales = [\"total\"]\nsource = \"x\"\n\
     rows = [{ sex = \"M\", mean = [-999999999.999999999], sd = [0.000000001] }, { sex = \"F\", mean = [0], sd = [999999999.999999999] }]\n",
    "of = \"total\"\nnorms = \"n\"\nround = \"half-up\"\n[groups.g]\nnames = [\"all\"]\nkeys = { age = { by = \"age\", from = [0], to = 255 } }\n\
     [norms.n]\ngroups = \"g\"\nscales = [\"total\"]\nsource = \"x\"\nrows = [{ group = \"all\", mean = [0.000000001], sd = [0.000000001] }]\n",
];

/// A text in which something stands that is replaced: otherwise the law would say nothing.
fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}

/// Scales of scales of scales double at every step. Sums of them would count a question twice, and are refused, however many there are;
/// rules over rules and stretched scales are not: their answers, questions and scores are more than any counter holds.
#[test]
fn scales_that_grow_without_end_stop_nothing() {
    let text = built_in_text("phq-9").unwrap().split("[bands.usual]").next().unwrap();
    let grown = |made: &dyn Fn(&[String]) -> String| {
        let (mut names, mut scales) = (vec!["total".to_owned(), "phq2".to_owned()], String::new());
        for step in 0..80 {
            write!(scales, "\n[[scales]]\nid = \"s{step}\"\nname = \"x\"\nbetter = \"lower\"\n{}\n", made(&names)).unwrap();
            names.push(format!("s{step}"));
        }
        format!("{text}{scales}")
    };
    let list = |names: &[String], around: fn(&String) -> String| names.iter().map(around).collect::<Vec<_>>().join(", ");
    let sums = grown(&|names| format!("scales = [{}]\nmethod = \"sum\"", list(names, |name| format!("\"{name}\""))));
    let findings = read_definition("x.toml", &sums).err().unwrap();
    assert!(findings.iter().all(|finding| matches!(finding.code, Code::I014 | Code::I017)), "{}", messages(&findings));
    let rules =
        grown(&|names| format!("conditions = [{}]\nneeds = \"any\"", list(names, |name| format!("{{ scale = \"{name}\", from = 1 }}"))));
    exercise_one(&rules);
    let stretched = grown(&|names| format!("of = \"{}\"\ntimes = 999999999\nplus = -0.000000001", names.last().unwrap()));
    exercise_one(&stretched);
}

/// A definition of goals that no form could ever be scored with, or that would weigh a goal without being told to.
#[test]
fn goals_that_the_formula_does_not_know_are_findings() {
    for (id, from, to, expected) in [
        ("gas", "codes = [-2, -1, 0, 1, 2]", "codes = [0, 1, 2, 3, 4]", "levels"),
        ("gas-weighted", "codes = [1, 2, 3, 4]", "codes = [-1, 1, 2]", "weight"),
        ("gas-weighted", "[\"w1\", \"w2\", \"w3\", \"w4\", \"w5\"]", "[\"w1\", \"w2\", \"w3\", \"w4\"]", "its own weight"),
    ] {
        let text = replaced(built_in_text(id).unwrap(), from, to);
        let findings = read_definition("x.toml", &text).err().unwrap_or_default();
        assert!(findings.iter().any(|finding| finding.message.contains(expected)), "{id} with {to}: {}", messages(&findings));
    }
}

/// A scale that is named twice would count twice.
#[test]
fn a_scale_in_a_scale_twice_is_a_finding() {
    let text = built_in_text("sdq-p4-17").unwrap();
    let text = text.replace("scales = [\"emotional\", \"peer\"]", "scales = [\"emotional\", \"emotional\"]");
    let findings = read_definition("x.toml", &text).err().unwrap();
    assert!(
        findings.iter().any(|finding| finding.code == Code::I006 && finding.message.contains("`emotional`")),
        "{}",
        messages(&findings)
    );
}
