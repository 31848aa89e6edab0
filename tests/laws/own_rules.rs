//! Rules and tables that no built-in form has, and a school's own definition may: over estimates, and running whichever way.

use bandwise::instrument::{Instrument, Number, Pupil, Said, Sex, read_definition};
use bandwise::matching::Answer;
use bandwise::scoring::{Absence, Outcome, Remark, ScaleScore, Scorer};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::forms::ANYTHING;
use crate::reading::cases;

/// Three scales of four questions, which differ in what they make of blanks, and what is added.
fn three_scales(added: &str) -> Instrument {
    let scale = |id: &str, missing: &str| {
        let items: Vec<String> = (1..=4).map(|number| format!("\"{id}{number}\"")).collect();
        format!(
            "[[scales]]\nid = \"{id}\"\nname = \"{id}\"\nmain = true\nitems = [{}]\nmethod = \"sum\"\nmissing = {missing}\nbetter = \"lower\"\n",
            items.join(", ")
        )
    };
    let text = [
        "id = \"x\"\nname = \"x\"\nform = \"x\"\nfamily = \"x\"\ninformant = \"self\"\nversion = \"1\"\nowner = \"x\"\n",
        "wording = \"not shipped\"\nitems = [{ id = \"all1..all4\" }, { id = \"mean1..mean4\" }, { id = \"none1..none4\" }]\n",
        "[licence]\nstatus = \"free\"\nterms = \"x\"\n[sources]\nscoring = \"x\"\n[answers.main]\ncodes = [0, 1, 2, 3]\n",
        &scale("all", "\"all needed\""),
        &scale("mean", "{ at_least = 2, then = \"prorate\", round = \"none\" }"),
        &scale("none", "{ at_least = 2, then = \"zero\" }"),
        added,
    ]
    .concat();
    read_definition("x.toml", &text).unwrap_or_else(|findings| panic!("{findings:?}\n{text}")).0
}

fn scored(instrument: &Instrument, answers: &[Answer], pupil: Pupil) -> Vec<ScaleScore> {
    let mut scores = Vec::new();
    Scorer::new(instrument, &[]).score(answers, &[], &pupil, &mut scores);
    scores
}

fn with_blanks() -> impl Strategy<Value = Vec<Answer>> {
    vec(prop_oneof![3 => (0_u16..4).prop_map(Answer::Given), 2 => Just(Answer::Blank)], 12)
}

fn filled_up(answers: &[Answer], picks: &[u16]) -> Vec<Answer> {
    answers.iter().zip(picks).map(|(answer, pick)| if *answer == Answer::Blank { Answer::Given(*pick) } else { *answer }).collect()
}

/// Every way in which the three scales can each be filled up at one of their ends.
fn ends(answers: &[Answer]) -> Vec<Vec<Answer>> {
    let picks = (0..8_usize).map(|ends| (0..12_usize).map(|item| if ends >> (item / 4) & 1 == 1 { 3 } else { 0 }).collect::<Vec<u16>>());
    picks.map(|picks| filled_up(answers, &picks)).collect()
}

proptest! {
    #![proptest_config(cases(256))]

    /// An estimate may be off, so a rule that rests on one is never said to be certain.
    #[test]
    fn a_rule_over_estimates_is_certain_only_where_every_completion_agrees(
        conditions in prop::sample::subsequence(vec!["all", "mean", "none"], 1..=3),
        ends_at in vec((0..=12_i64, any::<bool>()), 3),
        needed in 1_usize..=3,
        answers in with_blanks(),
    ) {
        let condition = |(scale, (at, is_from)): (&&str, &(i64, bool))| format!("{{ scale = \"{scale}\", {} = {at} }}", if *is_from { "from" } else { "at_most" });
        let list: Vec<String> = conditions.iter().zip(&ends_at).map(condition).collect();
        let needed = needed.min(list.len());
        let instrument = three_scales(&format!(
            "[[scales]]\nid = \"rule\"\nname = \"rule\"\nconditions = [{}]\nneeds = {needed}\nbetter = \"lower\"\n",
            list.join(", ")
        ));
        let rule = instrument.scale("rule").unwrap();
        let scores = scored(&instrument, &answers, Pupil::default());
        let found: Vec<Number> = ends(&answers).iter().map(|answers| scored(&instrument, answers, Pupil::default())[rule].value().unwrap()).collect();
        let bounds = (found.iter().min().copied().unwrap(), found.iter().max().copied().unwrap());
        prop_assert_eq!(scores[rule].bounds, bounds, "what is certain is what every completion agrees on");
        let is_certain = bounds.0 == bounds.1;
        match scores[rule].outcome {
            Outcome::Complete(value) => prop_assert!(is_certain && value == bounds.0),
            Outcome::Estimated(value) => {
                prop_assert!(!is_certain || value == bounds.0);
                let says_certain = scores[rule].remark == Some(Remark::CertainAllTheSame);
                prop_assert_eq!(says_certain, is_certain, "{:?} of {:?}", scores[rule], scores);
            }
            // Undecided by the scores as they stand; but never where every completion agrees.
            Outcome::Absent(absence) => prop_assert!(absence == Absence::Undecided && !is_certain),
            Outcome::NotApplicable => prop_assert!(false),
        }
    }

    /// A table has no row between two scores, and was not made from forms with blanks; what is certain without it stays so.
    #[test]
    fn a_table_is_for_complete_forms_only(answers in with_blanks(), run in run(), base in prop::sample::select(vec!["all", "mean", "none"])) {
        let rows: Vec<String> = (0..=12).map(|raw| format!("{raw} = {}", run.at(raw))).collect();
        let instrument = three_scales(&format!(
            "[[scales]]\nid = \"by-table\"\nname = \"x\"\nof = \"{base}\"\nlookup = {{ {} }}\nbetter = \"lower\"\n",
            rows.join(", ")
        ));
        let (base, by_table) = (instrument.scale(base).unwrap(), instrument.scale("by-table").unwrap());
        let scores = scored(&instrument, &answers, Pupil::default());
        let expected = match scores[base].outcome {
            Outcome::Complete(raw) => Some(run.at(raw.as_whole().unwrap())),
            _ => None,
        };
        prop_assert_eq!(scores[by_table].value(), expected.map(Number::whole));
        prop_assert!(!matches!(scores[by_table].outcome, Outcome::Estimated(_)));
        prop_assert_eq!(scores[by_table].bounds, run.ends(scores[base].bounds, 0));
    }

    /// A norm that is printed as a table has a value for each score and for nothing between two scores, whichever way it runs.
    #[test]
    fn a_printed_norm_has_a_value_for_whole_scores_only(answers in with_blanks(), run in run(), base in prop::sample::select(vec!["all", "mean", "none"])) {
        let row = |sex: &str, shift: i64| {
            let values: Vec<String> = (0..=12).map(|raw| (run.at(raw) + shift).to_string()).collect();
            format!("{{ sex = \"{sex}\", from = 0, tables = [[{}]] }}", values.join(", "))
        };
        let instrument = three_scales(&format!(
            "[[scales]]\nid = \"t\"\nname = \"x\"\nof = \"{base}\"\nnorms = \"printed\"\nround = \"none\"\nbetter = \"lower\"\n\
             [groups.by-sex]\nsex = true\n[norms.printed]\ngroups = \"by-sex\"\nscales = [\"{base}\"]\nsource = \"x\"\nrows = [{}, {}]\n",
            row("M", 0), row("F", 1)
        ));
        let (base, t) = (instrument.scale(base).unwrap(), instrument.scale("t").unwrap());
        for (sex, shift) in [(Said::This(Sex::Male), Some(0)), (Said::This(Sex::Female), Some(1)), (Said::Nothing, None), (Said::Unreadable, None)] {
            let scores = scored(&instrument, &answers, Pupil { sex, ..Pupil::default() });
            let raw = scores[base].value().and_then(Number::as_whole);
            prop_assert_eq!(scores[t].value(), raw.zip(shift).map(|(raw, shift)| Number::whole(run.at(raw) + shift)), "{:?} of {:?}", scores[t], scores[base]);
            let bounds = shift.map_or(ANYTHING, |shift| run.ends(scores[base].bounds, shift));
            prop_assert_eq!(scores[t].bounds, bounds);
            let (lowest, highest) = instrument.scales[t].range;
            prop_assert!(shift.is_none() || (lowest <= bounds.0 && bounds.1 <= highest));
        }
    }
}

/// How a table of thirteen rows runs.
#[derive(Clone, Copy, Debug)]
enum Run {
    Up,
    Down,
    /// Down and up again: a screening score of which both ends are of concern.
    Round,
}

fn run() -> impl Strategy<Value = Run> {
    prop::sample::select(vec![Run::Up, Run::Down, Run::Round])
}

impl Run {
    fn at(self, raw: i64) -> i64 {
        match self {
            Self::Up => 20 + 3 * raw,
            Self::Down => 90 - raw * raw / 2,
            Self::Round => 30 + (raw - 5) * (raw - 5),
        }
    }

    /// The lowest and the highest value of all whole scores between two ends.
    fn ends(self, (lowest, highest): (Number, Number), shift: i64) -> (Number, Number) {
        let values = (lowest.as_whole().unwrap()..=highest.as_whole().unwrap()).map(|raw| Number::whole(self.at(raw) + shift));
        (values.clone().min().unwrap(), values.max().unwrap())
    }
}
