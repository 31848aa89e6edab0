//! Norm scores: T comes from the mean and the standard deviation of the pupil's own group and from nothing else. No group, no T; nobody
//! is moved to the nearest group, and no T is cut off.

use bandwise::instrument::{Instrument, KeyBy, NoGroup, Number, Pupil, Rule, Said, Sex, Transform};
use bandwise::matching::Answer;
use bandwise::scoring::{Absence, Outcome, ReadOptions, ScaleScore};
use proptest::prelude::*;
use toml::{Table, Value};

use crate::forms::{BUILT_INS, Filled, filled_of};
use crate::reading::{cases, csv_text, form, header, lowest_answers, read, response};
use crate::written;

fn with_norms() -> Vec<&'static Instrument> {
    let forms: Vec<&Instrument> = BUILT_INS.iter().filter(|instrument| !instrument.norms.is_empty()).collect();
    assert!(forms.len() >= 4, "the four forms of the RCADS");
    forms
}

/// The norm scales with the scales that they are of.
fn norm_scales(instrument: &Instrument) -> impl Iterator<Item = (usize, usize)> {
    instrument.scales.iter().enumerate().filter_map(|(index, scale)| match &scale.rule {
        Rule::Of { scale: base, transform: Transform::Norms { .. } } => Some((index, *base)),
        _ => None,
    })
}

/// What the text says of how a pupil finds a group.
struct Convention<'t> {
    definition: &'t Table,
    norms: &'t Table,
    /// The convention in force, by its name.
    key: String,
}

impl<'t> Convention<'t> {
    fn new(form: &Filled, definition: &'t Table, scale: &str) -> Self {
        let norms = definition["norms"][written::scale(definition, scale)["norms"].as_str().unwrap()].as_table().unwrap();
        let groups = &definition["groups"][norms["groups"].as_str().unwrap()];
        let choice = form.instrument.choices.iter().position(|choice| Some(choice.id.as_str()) == groups["key"].as_str()).unwrap();
        let key = form.instrument.choices[choice].values[form.choices[choice]].0.clone();
        Self { definition, norms, key }
    }

    fn groups(&self) -> &'t Value {
        &self.definition["groups"][self.norms["groups"].as_str().unwrap()]
    }

    /// The group's name, or why there is none.
    fn group(&self, pupil: Pupil) -> Result<(&'static str, &'t str), NoGroup> {
        let sex = match pupil.sex {
            Said::This(Sex::Male) => "M",
            Said::This(Sex::Female) => "F",
            Said::Nothing => return Err(NoGroup::SexNotSaid),
            Said::Unreadable => return Err(NoGroup::OtherSex),
        };
        let key = &self.groups()["keys"][&self.key];
        let (told, by) = told(key, pupil);
        match (told, key.get("otherwise").and_then(Value::as_str)) {
            (Said::Nothing, Some(otherwise)) => {
                let key = &self.groups()["keys"][otherwise];
                let (told, by) = self::told(key, pupil);
                if told == Said::Nothing { Err(NoGroup::NeitherSaid) } else { self.named(key, told, by) }
            }
            _ => self.named(key, told, by),
        }
        .map(|name| (sex, name))
    }

    fn named(&self, key: &Value, told: Said<u8>, by: KeyBy) -> Result<&'t str, NoGroup> {
        let number = match told {
            Said::This(number) => number,
            Said::Nothing => return Err(NoGroup::NotSaid(by)),
            Said::Unreadable => return Err(NoGroup::Unreadable(by)),
        };
        let begins: Vec<i64> = key["from"].as_array().unwrap().iter().map(|from| from.as_integer().unwrap()).collect();
        let last = key["to"].as_integer().unwrap();
        let names = self.groups()["names"].as_array().unwrap();
        // A group reaches up to where the next one begins, and the last one up to where the key ends.
        let ends = begins.iter().skip(1).map(|next| next - 1).chain([last]);
        let place = begins.iter().zip(ends).position(|(from, to)| (*from..=to).contains(&i64::from(number)));
        place.map(|place| names[place].as_str().unwrap()).ok_or(NoGroup::Outside(by, number))
    }

    /// The mean and the standard deviation of a scale in a group.
    fn sample(&self, (sex, group): (&str, &str), scale: &str) -> (Number, Number) {
        let column = self.norms["scales"].as_array().unwrap().iter().position(|name| name.as_str() == Some(scale)).unwrap();
        let is_its = |row: &&Value| row["sex"].as_str() == Some(sex) && row["group"].as_str() == Some(group);
        let row = self.norms["rows"].as_array().unwrap().iter().find(is_its).unwrap();
        (written::number(&row["mean"][column]), written::number(&row["sd"][column]))
    }
}

fn told(key: &Value, pupil: Pupil) -> (Said<u8>, KeyBy) {
    if key["by"].as_str() == Some("age") { (pupil.age, KeyBy::Age) } else { (pupil.year, KeyBy::SchoolYear) }
}

/// Whether T is 50 and ten times the distance from the mean in standard deviations, rounded halves up.
fn is_rounded_t(t: Number, raw: Number, (mean, sd): (Number, Number)) -> bool {
    let exact = Number::whole(50) + (raw - mean).times(Number::ratio(10 * sd.under(), sd.over()).unwrap());
    let off = (exact - t) * 2;
    t.under() == 1 && Number::whole(-1) <= off && off < Number::whole(1)
}

fn check(form: &Filled, scores: &[ScaleScore]) -> Result<(), TestCaseError> {
    let definition = written::definition(form.instrument);
    for (index, base) in norm_scales(form.instrument) {
        let (id, base_id) = (&*form.instrument.scales[index].id, &*form.instrument.scales[base].id);
        let convention = Convention::new(form, definition, id);
        let (t, raw) = (&scores[index], &scores[base]);
        match (raw.outcome, convention.group(form.pupil)) {
            // What the raw score lacks is lacking first, whoever the pupil is.
            (Outcome::Absent(_), _) => prop_assert_eq!(t.outcome, raw.outcome),
            (_, Err(reason)) => prop_assert_eq!(t.outcome, Outcome::Absent(Absence::NoNorm(reason)), "{}", id),
            (_, Ok(group)) => {
                let (raw_score, score) = (raw.value().unwrap(), t.value().unwrap());
                let sample = convention.sample(group, base_id);
                prop_assert!(
                    is_rounded_t(score, raw_score, sample),
                    "{}: raw {} is T {} in {:?}, {:?}",
                    id,
                    raw_score,
                    score,
                    group,
                    sample
                );
                prop_assert_eq!(matches!(t.outcome, Outcome::Complete(_)), matches!(raw.outcome, Outcome::Complete(_)));
                let words = form.instrument.group_words(index, t.group.unwrap());
                let expected =
                    format!("{}, {} {} by {}", group.0, form.instrument.groupings[0].id, group.1, used_key(&convention, form.pupil));
                prop_assert_eq!(words, expected);
            }
        }
        prop_assert_eq!((t.answered, t.items), (raw.answered, raw.items));
    }
    Ok(())
}

/// The convention that found the group: the one in force, or the one that stands in for it.
fn used_key(convention: &Convention<'_>, pupil: Pupil) -> String {
    let key = &convention.groups()["keys"][&convention.key];
    match key.get("otherwise").and_then(Value::as_str) {
        Some(otherwise) if told(key, pupil).0 == Said::Nothing => otherwise.to_owned(),
        _ => convention.key.clone(),
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn t_is_the_distance_from_the_mean_of_ones_own_group(form in filled_of(with_norms())) {
        let scores = form.scores();
        check(&form, &scores)?;
        // Who the pupil is says nothing about a raw score.
        let unknown = Filled { pupil: Pupil::default(), ..form.clone() }.scores();
        for (_, base) in norm_scales(form.instrument) {
            prop_assert_eq!(&unknown[base], &scores[base]);
        }
    }

    /// More raw points never make a lower T, for the same pupil.
    #[test]
    fn t_rises_with_the_raw_score(form in filled_of(with_norms()), others in prop::collection::vec(any::<u16>(), crate::forms::LONGEST)) {
        let complete = form.completed(|item, codes| others[item] % codes);
        let other: Vec<Answer> = complete.iter().zip(&others).map(|(_, pick)| Answer::Given(pick % 4)).collect();
        let (one, other) = (form.scores_of(&complete), form.scores_of(&other));
        for (index, base) in norm_scales(form.instrument) {
            let (raw, t) = ((one[base].value(), other[base].value()), (one[index].value(), other[index].value()));
            prop_assert!(raw.0 > raw.1 || t.0 <= t.1, "{}: raw {raw:?} is T {t:?}", form.instrument.scales[index].id);
            prop_assert!(raw.0 != raw.1 || t.0 == t.1);
        }
    }
}

/// Every raw score from the lowest to the highest, in every group: T rises from one to the next and goes on where the printed tables
/// end, and each step is the group's own.
#[test]
fn no_raw_score_of_any_group_is_cut_off() {
    for instrument in with_norms() {
        for (index, base) in norm_scales(instrument) {
            let shown = instrument.scales[index].shown;
            let (mut below, mut above) = (shown.0.is_none(), shown.1.is_none());
            for (sex, age) in [Sex::Male, Sex::Female].into_iter().flat_map(|sex| [8, 10, 12, 14, 16].map(|age| (sex, age))) {
                let pupil = Pupil { sex: Said::This(sex), age: Said::This(age), year: Said::Nothing };
                let mut before = None;
                for raw in 0..=instrument.scales[base].range.1.as_whole().unwrap() {
                    let choices = vec![0; instrument.choices.len()];
                    let filled = Filled { instrument, choices, blocks: Vec::new(), pupil, answers: answers_of(instrument, base, raw) };
                    let scores = filled.scores();
                    assert_eq!(scores[base].value(), Some(Number::whole(raw)));
                    check(&filled, &scores).unwrap_or_else(|error| panic!("{error}"));
                    let t = scores[index].value();
                    assert!(before <= t, "{}, {}: raw {raw}", instrument.id, instrument.scales[index].id);
                    (below, above) = (below || t < shown.0, above || shown.1.is_some_and(|to| t > Some(to)));
                    before = t;
                }
            }
            assert!(below && above, "{}, {}: a T beyond what tables print is still a T", instrument.id, instrument.scales[index].id);
        }
    }
}

/// Answers of which one scale comes to so many points.
fn answers_of(instrument: &Instrument, scale: usize, raw: i64) -> Vec<Answer> {
    let mut answers = vec![Answer::Given(0); instrument.items.len()];
    let mut left = raw;
    for (item, _) in crate::forms::entries(instrument, scale) {
        let points = left.clamp(0, 3);
        left -= points;
        answers[item] = Answer::Given(u16::try_from(points).unwrap());
    }
    answers
}

proptest! {
    #![proptest_config(cases(64))]

    /// What a file says of a pupil is what the norms go by, in whatever words it says so.
    #[test]
    fn a_file_and_its_pupil_have_the_same_t(which in any::<prop::sample::Index>(), responses in prop::collection::vec(response(), 1..5)) {
        let instrument = with_norms()[which.index(with_norms().len())];
        let rows = responses.iter().enumerate().map(|(index, response)| response.row(&format!("P{}", index + 1), instrument));
        let file: Vec<Vec<String>> = [header(instrument), lowest_answers("P0", instrument)].into_iter().chain(rows).collect();
        let (read, findings) = read(&csv_text(&file), form(&instrument.id), ReadOptions::default());
        let read = read.unwrap_or_else(|error| panic!("{error}\n{findings}"));
        for (response, row) in responses.iter().zip(&read.rows[1..]) {
            prop_assert_eq!(row.pupil, response.pupil.said);
            let choices = vec![0; instrument.choices.len()];
            let filled = Filled { instrument, choices, blocks: Vec::new(), pupil: response.pupil.said, answers: row.answers.clone() };
            prop_assert_eq!(&filled.scores(), &row.scores);
            check(&filled, &row.scores)?;
        }
    }
}
