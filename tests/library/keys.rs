//! `keys.csv`: which questions make a scale, how they are reversed, recoded or counted, and what happens when answers are missing.

use std::collections::BTreeSet;

use bandwise::instrument::{
    AnswerSet, Better, Condition, Fill, GateBlank, Instrument, Method, Missing, Number, Round, Rule, Scale, ScaleItem, Transform,
};

use crate::tables::{
    BUILT_INS, Edge, Row, built_in, expect_none, has_word, named_items, number, one_sided, printed_numbers, scale, table, whole,
    words_of_codes,
};

/// What a row says of one question.
#[derive(Clone, Debug)]
pub(crate) struct KeyedItem {
    pub(crate) item: usize,
    pub(crate) is_reversed: bool,
    /// The points for each code of its answer set.
    pub(crate) points: Vec<Number>,
}

/// The questions of a row, in the order of the definition.
pub(crate) fn keyed_items(instrument: &Instrument, row: &Row) -> Vec<KeyedItem> {
    let numbers = printed_numbers(instrument, &row["order"]);
    let mut items = Vec::new();
    for token in row["items"].split(' ') {
        let (is_reversed, token) = token.strip_prefix('-').map_or((false, token), |rest| (true, rest));
        let (named, rule) = token.split_at(token.find(['>', '<', '=', ':']).unwrap_or(token.len()));
        for item in named_items(instrument, &numbers, named) {
            let set = &instrument.answers[instrument.items[item].answers];
            let points = match rule.strip_prefix('=') {
                Some(word) => points_of_words(&words_of_codes(instrument, &set.name), word),
                None => points(set, is_reversed, rule),
            };
            items.push(KeyedItem { item, is_reversed, points });
        }
    }
    items.sort_by_key(|keyed| keyed.item);
    items
}

fn one_if(holds: bool) -> Number {
    Number::whole(i64::from(holds))
}

/// One point for each code with this word.
fn points_of_words(words: &[String], word: &str) -> Vec<Number> {
    words.iter().map(|words| one_if(has_word(words, word))).collect()
}

/// The points that each code of an answer set is worth.
fn points(set: &AnswerSet, is_reversed: bool, rule: &str) -> Vec<Number> {
    if let Some(points) = rule.strip_prefix(':') {
        return points.split('/').map(number).collect();
    }
    if !rule.is_empty() {
        let edge = Edge::parse(rule);
        return set.codes.iter().map(|code| one_if(edge.is_reached_by(*code))).collect();
    }
    let ends = *set.codes.iter().min().unwrap() + *set.codes.iter().max().unwrap();
    set.codes.iter().map(|code| if is_reversed { ends - *code } else { *code }).collect()
}

/// The rows of one form's scales that are made of questions.
pub(crate) fn item_rows() -> Vec<Row> {
    let is_made_of_items = |row: &Row| ["sum", "mean", "count", "goal attainment"].contains(&row["method"].as_str());
    table("keys.csv").into_iter().filter(is_made_of_items).collect()
}

#[test]
fn every_scale_has_a_row_and_every_row_a_scale() {
    let in_table: BTreeSet<String> = table("keys.csv").iter().map(|row| format!("{}, {}", row["instrument"], row["scale"])).collect();
    let scales =
        |instrument: &Instrument| instrument.scales.iter().map(|scale| format!("{}, {}", instrument.id, scale.id)).collect::<Vec<_>>();
    expect_none(&one_sided("scale", &in_table, &BUILT_INS.iter().flat_map(scales).collect()));
}

#[test]
fn every_printed_order_has_a_row() {
    let in_table: BTreeSet<String> = table("keys.csv")
        .iter()
        .filter(|row| !row["order"].is_empty())
        .map(|row| format!("{}, {}, {}", row["instrument"], row["order"], row["scale"]))
        .collect();
    let orders = |instrument: &Instrument| {
        let scales =
            |order: &str| instrument.scales.iter().map(|scale| format!("{}, {order}, {}", instrument.id, scale.id)).collect::<Vec<_>>();
        instrument.orders.iter().flat_map(|order| scales(&order.id)).collect::<Vec<_>>()
    };
    expect_none(&one_sided("printed order", &in_table, &BUILT_INS.iter().flat_map(orders).collect()));
}

#[test]
fn every_scale_is_made_of_the_published_questions() {
    let mut differences = Vec::new();
    for row in item_rows() {
        let instrument = built_in(&row["instrument"]);
        let Rule::Items { items, .. } = &instrument.scales[scale(instrument, &row["scale"])].rule else {
            differences.push(format!("{}, {}: not made of questions", instrument.id, row["scale"]));
            continue;
        };
        let numbers = printed_numbers(instrument, &row["order"]);
        // What is counted at or below a code may be reversed and counted above one: only the points are a fact then.
        let is_counted = row["method"] == "count";
        let shown = |item: usize, is_reversed: bool| format!("{}{}", if is_reversed && !is_counted { "-" } else { "" }, numbers[item]);
        let keyed = keyed_items(instrument, &row);
        let mut found: Vec<&ScaleItem> = items.iter().collect();
        found.sort_by_key(|entry| entry.item);
        let keyed_names: Vec<String> = keyed.iter().map(|keyed| shown(keyed.item, keyed.is_reversed)).collect();
        let found_names: Vec<String> = found.iter().map(|entry| shown(entry.item, entry.reversed)).collect();
        if keyed_names != found_names {
            differences.push(format!("{}, {}: published {keyed_names:?}, built in {found_names:?}", instrument.id, row["scale"]));
            continue;
        }
        for (keyed, found) in keyed.iter().zip(found).filter(|(keyed, found)| keyed.points != found.points) {
            let name = shown(keyed.item, keyed.is_reversed);
            differences.push(format!(
                "{}, {}, question {name}: published {:?}, built in {:?}",
                instrument.id, row["scale"], keyed.points, found.points
            ));
        }
    }
    expect_none(&differences);
}

#[test]
fn every_method_is_the_published_one() {
    let mut differences = Vec::new();
    for row in item_rows() {
        let instrument = built_in(&row["instrument"]);
        let Rule::Items { method, .. } = &instrument.scales[scale(instrument, &row["scale"])].rule else { continue };
        let is_same = match (row["method"].as_str(), method) {
            ("sum", Method::Sum { times }) | ("mean", Method::Mean { times }) => *times == whole::<i64>(&row["factor"]),
            ("count", Method::Count) => row["factor"].is_empty(),
            ("goal attainment", Method::GoalAttainment { correlation, .. }) => *correlation == number(&row["factor"]),
            _ => false,
        };
        if !is_same {
            differences
                .push(format!("{}, {}: published {} {}, built in {method:?}", instrument.id, row["scale"], row["method"], row["factor"]));
        }
    }
    expect_none(&differences);
}

/// The missing rule of a row; a scale that needs every answer has nothing to round.
pub(crate) fn missing(row: &Row) -> Missing {
    let then = match row["then"].as_str() {
        "nothing" => Fill::Nothing,
        "prorate" => Fill::Prorate,
        "zero" => Fill::Zero,
        other => panic!("no missing rule: {other}"),
    };
    Missing { at_least: whole(&row["at_least"]), then, round: round(&row["round"]) }
}

fn round(word: &str) -> Round {
    match word {
        "half-up" => Round::HalfUp,
        "no" => Round::Not,
        other => panic!("no way to round: {other}"),
    }
}

#[test]
fn every_missing_rule_is_the_published_one() {
    let mut differences = Vec::new();
    for row in item_rows().iter().filter(|row| row["method"] != "goal attainment") {
        let instrument = built_in(&row["instrument"]);
        let Rule::Items { missing: found, items, .. } = &instrument.scales[scale(instrument, &row["scale"])].rule else { continue };
        let published = missing(row);
        let rounding_matters = published.then == Fill::Prorate;
        let is_same = published.at_least == found.at_least
            && published.then == found.then
            && (!rounding_matters || published.round == found.round)
            && (published.then != Fill::Nothing || published.at_least == items.len());
        if !is_same {
            differences.push(format!("{}, {}: published {published:?}, built in {found:?}", instrument.id, row["scale"]));
        }
    }
    expect_none(&differences);
}

/// The scales that a scale of scales comes down to.
fn parts(instrument: &Instrument, scale: usize) -> Vec<String> {
    match &instrument.scales[scale].rule {
        Rule::Scales(of) => of.iter().flat_map(|part| parts(instrument, *part)).collect(),
        _ => vec![instrument.scales[scale].id.to_string()],
    }
}

fn condition(instrument: &Instrument, condition: &Condition) -> String {
    let id = &instrument.scales[condition.scale].id;
    match (condition.from, condition.at_most) {
        (Some(from), None) => format!("{id}>={from}"),
        (None, Some(at_most)) => format!("{id}<={at_most}"),
        other => panic!("no condition: {other:?}"),
    }
}

/// What a scale that is made of other scales says, in the words of the table: items, method, factor.
fn derived(instrument: &Instrument, place: usize) -> Option<(Vec<String>, &'static str, String)> {
    let of = |scale: usize| vec![instrument.scales[scale].id.to_string()];
    Some(match &instrument.scales[place].rule {
        Rule::Items { .. } => return None,
        Rule::Scales(_) => (parts(instrument, place), "scales", String::new()),
        Rule::Of { scale, transform: Transform::Lookup(_) } => (of(*scale), "lookup", String::new()),
        Rule::Of { scale, transform: Transform::Norms { round, .. } } => {
            (of(*scale), "norms", if *round == Round::HalfUp { "half-up" } else { "no" }.to_owned())
        }
        Rule::Of { scale, transform: Transform::Affine { times, plus } } => {
            assert_eq!(*plus, Number::ZERO, "{}", instrument.id);
            (of(*scale), "times", times.to_string())
        }
        Rule::Conditions { conditions, needed } => {
            (conditions.iter().map(|found| condition(instrument, found)).collect(), "rule", needed.to_string())
        }
    })
}

#[test]
fn every_scale_of_scales_is_made_as_published() {
    let mut differences = Vec::new();
    let rows = table("keys.csv");
    for row in &rows {
        let instrument = built_in(&row["instrument"]);
        let Some((mut items, method, factor)) = derived(instrument, scale(instrument, &row["scale"])) else { continue };
        let mut published: Vec<String> = row["items"].split(' ').map(str::to_owned).collect();
        published.sort();
        items.sort();
        // A norm's T has no factor; how it is rounded stands in its own column.
        let factor_in_table = if method == "norms" { &row["round"] } else { &row["factor"] };
        if (&published, row["method"].as_str(), factor_in_table) != (&items, method, &factor) {
            differences.push(format!("{}, {}: built in {method} {factor} of {items:?}", instrument.id, row["scale"]));
        }
    }
    expect_none(&differences);
}

#[test]
fn every_scale_has_the_published_range_and_direction() {
    let mut differences = Vec::new();
    for row in table("keys.csv") {
        let instrument = built_in(&row["instrument"]);
        let found: &Scale = &instrument.scales[scale(instrument, &row["scale"])];
        let range = (!row["lowest"].is_empty()).then(|| (number(&row["lowest"]), number(&row["highest"])));
        if range.is_some_and(|range| range != found.range) {
            differences.push(format!("{}, {}: {} to {}", instrument.id, found.id, found.range.0, found.range.1));
        }
        let better = match row["better"].as_str() {
            "lower" => Some(Better::Lower),
            "higher" => Some(Better::Higher),
            "" => None,
            other => panic!("no direction: {other}"),
        };
        if better.is_some_and(|better| better != found.better) {
            differences.push(format!("{}, {}: {:?} is better", instrument.id, found.id, found.better));
        }
        if !row["unit"].is_empty() && found.unit.as_deref() != Some(row["unit"].as_str()) {
            differences.push(format!("{}, {}: in {:?}", instrument.id, found.id, found.unit));
        }
    }
    expect_none(&differences);
}

/// What goes with a scale, in the words of the table.
fn further(instrument: &Instrument, scale: &Scale) -> String {
    let mut words = Vec::new();
    words.extend(scale.only_with.map(|other| format!("only with {}", instrument.scales[other].id)));
    if let Rule::Items { gate: Some(gate), .. } = &scale.rule {
        let item = &instrument.items[gate.item];
        let code = instrument.answers[item.answers].codes[gate.closed_by];
        let is_a_choice = matches!(gate.blank, GateBlank::Choice(choice) if instrument.choices[choice].values[0].0 == "keep");
        assert!(is_a_choice, "{}: without the first question the rest is kept, unless the user chooses otherwise", instrument.id);
        words.push(format!("{} if {} is {code}", gate.score, item.id));
    }
    words.extend(match scale.shown {
        (None, None) => None,
        (None, Some(to)) => Some(format!("shown to {to}")),
        (Some(from), None) => Some(format!("shown from {from}")),
        (Some(from), Some(to)) => Some(format!("shown from {from} to {to}")),
    });
    for caution in instrument.cautions.iter().filter(|caution| instrument.scales[caution.scale].id == scale.id) {
        let at: Vec<String> = caution.at.iter().map(Number::to_string).collect();
        // A validity scale speaks of all the others.
        assert_eq!(caution.about.len() + 1, instrument.scales.len(), "{}", instrument.id);
        words.push(format!("caution at {}", at.join(" ")));
    }
    words.join(", ")
}

#[test]
fn every_gate_cap_dependence_and_caution_is_the_published_one() {
    let differs = |row: Row| {
        let instrument = built_in(&row["instrument"]);
        let found = further(instrument, &instrument.scales[scale(instrument, &row["scale"])]);
        (found != row["with"]).then(|| format!("{}, {}: published `{}`, built in `{found}`", instrument.id, row["scale"], row["with"]))
    };
    expect_none(&table("keys.csv").into_iter().filter_map(differs).collect::<Vec<_>>());
}

#[test]
fn each_goal_has_the_weight_beside_it() {
    let instrument = built_in("gas-weighted");
    let Rule::Items { items, method: Method::GoalAttainment { weights, .. }, .. } = &instrument.scales[0].rule else { panic!("goals") };
    let number = |item: usize| instrument.items[item].number;
    let pairs: Vec<(u16, u16)> = items.iter().zip(weights).map(|(goal, weight)| (number(goal.item), number(*weight))).collect();
    assert_eq!(pairs.len(), 5);
    let block = |item: usize| instrument.items[item].block;
    assert!(items.iter().zip(weights).all(|(goal, weight)| block(goal.item) == block(*weight)), "{pairs:?}");
    let Rule::Items { method: Method::GoalAttainment { weights, .. }, .. } = &built_in("gas").scales[0].rule else { panic!("goals") };
    assert!(weights.is_empty());
}
