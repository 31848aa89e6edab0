//! The schema that editors complete a definition by, the skeleton that a new one begins from, and the guide that explains both. The
//! reader alone decides what a definition is: here all three are held against what it says.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use assert_cmd::Command;
use bandwise::findings::{Code, Finding};
use bandwise::instrument::{built_in_ids, built_in_text, read_definition};
use bandwise::scoring::check_examples;
use serde_json::Value;
use toml::Table;

const GUIDE: &str = include_str!("../instruments/README.md");

static SCHEMA: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(include_str!("../instruments/schema.json")).unwrap());
static VALIDATOR: LazyLock<jsonschema::Validator> = LazyLock::new(|| jsonschema::validator_for(&SCHEMA).unwrap());

/// Every kind of section once, and every kind of scale: the keys of each are compared with the schema's.
const EVERYTHING: &str = r#"
id            = "everything"
name          = "Every kind of section (invented)"
form          = "invented"
family        = "everything"
informant     = "self"
ages          = { from = 8, to = 13 }
period        = "last week"
period_months = 1
version       = "1"
owner         = "nobody"
wording       = "not shipped"
unscored      = ["hours"]
items         = [
  { id = "q1..q4" },
  { id = "goal", answers = "levels" },
  { id = "weight" },
  { id = "snow", block = "winter" },
  { id = "hours", answers = "hours" },
]
not_asked     = [{ id = "moons" }]
licence       = { status = "free", terms = "Invented." }
sources       = { scoring = "invented" }

[answers]
main   = { codes = [0, 1, 2, 3], labels = ["Never", "Sometimes", "Often", "Always"] }
levels = { codes = [-2, -1, 0, 1, 2] }
hours  = { from = 0, to = 24, step = 0.5 }

[blocks.winter]
optional = true

[choices.key]
default = "years"
values  = { years = "by age", school = "by school year" }
source  = "invented"

[orders.backwards]
items  = ["hours", "snow", "weight", "goal", "q4", "q3", "q2", "q1"]
source = "invented"

[groups.age]
sex   = true
names = ["8-10", "11-13"]
key   = "key"
keys  = { years = { by = "age", from = [8, 11], to = 13 }, school = { by = "school year", from = [4, 7], to = 9, otherwise = "years" } }

[norms.sample]
groups = "age"
scales = ["sum"]
source = "invented"
rows   = [
  { sex = "M", group = "8-10",  mean = [4], sd = [2] },
  { sex = "M", group = "11-13", mean = [4], sd = [2] },
  { sex = "F", group = "8-10",  mean = [4], sd = [2] },
  { sex = "F", group = "11-13", from = 0, tables = [[40, 42, 44, 46, 48, 50, 52]] },
]

[[critical]]
item  = "q1"
from  = 3
about = "storms"

[[sensitive]]
item  = "q2"
from  = 3
about = "drizzle"

[[cautions]]
scale = "sum"
at    = [0]
about = ["mean"]
says  = "no weather at all"

[[scales]]
id      = "sum"
name    = "A sum"
main    = true
better  = "lower"
shown   = { from = 1, to = 5 }
items   = ["q1", "-q2", "q3"]
method  = "sum"
counts  = { 0 = 0, 1 = 0, 2 = 1, 3 = 2 }
missing = { at_least = 2, then = "prorate", round = "none" }
gate    = { item = "q4", code = 0, score = 0, blank = "keep" }

[[scales]]
id      = "mean"
name    = "A mean"
better  = "higher"
items   = ["q1..q3"]
method  = "mean"
missing = { at_least = 2, then = "zero" }

[[scales]]
id         = "count"
name       = "A count"
better     = "lower"
items      = ["weight", "snow"]
method     = "count"
count_from = { weight = 2, snow = 1 }
missing    = "all needed"

[[scales]]
id          = "goals"
name        = "Goals"
better      = "higher"
items       = ["goal"]
method      = "goal attainment"
correlation = 0.3
weights     = ["weight"]

[[scales]]
id     = "both"
name   = "Two scales"
better = "lower"
scales = ["sum", "count"]
method = "sum"

[[scales]]
id     = "looked-up"
name   = "By a table"
better = "lower"
of     = "sum"
lookup = { 0 = 0, 1 = 1, 2 = 2, 3 = 3, 4 = 4, 5 = 5, 6 = 6 }

[[scales]]
id     = "times"
name   = "By a factor"
better = "lower"
of     = "sum"
times  = 2

[[scales]]
id     = "t"
name   = "By norms"
better = "lower"
of     = "sum"
norms  = "sample"
round  = "half-up"

[[scales]]
id         = "rule"
name       = "By conditions"
better     = "lower"
conditions = [{ scale = "sum", from = 3 }, { scale = "count", at_most = 1 }]
needs      = "all"

[bands.usual]
levels    = ["calm", "stormy"]
flag_from = "stormy"
source    = "invented"
from      = { sum = [3] }
lowered   = { mean = { levels = ["calm", "stormy"], at_most = [1] }, goals = { levels = ["calm", "stormy"], below = [50] } }
flags     = [{ heading = "Storms", scales = ["sum"] }]

[bands.by-age]
levels    = ["calm", "stormy"]
flag_from = "stormy"
source    = "invented"
groups    = "age"
rows      = [
  { sex = "M", group = "8-10",  from = { sum = [3] } },
  { sex = "M", group = "11-13", from = { sum = [4] } },
  { sex = "F", group = "8-10",  from = { sum = [3] } },
  { sex = "F", group = "11-13", from = { sum = [4] } },
]
flags     = [{ heading = "Storms", scales = ["sum"] }]

[[change]]
scale  = "sum"
name   = "points"
kind   = "threshold"
points = 2
source = "invented"

[[change]]
scale  = "sum"
name   = "figures"
kind   = "reliability"
sd     = 2
r      = 0.8
source = "invented"

[[examples]]
name   = "all lowest"
pupil  = { sex = "F", age = 9, year = 5 }
expect = { mean = "not scored" }
"#;

/// Each section of it: where it stands, and what it is in the schema.
const SECTIONS: [(&str, &str); 43] = [
    ("", ""),
    ("/ages", "/definitions/ages"),
    ("/items/0", "/definitions/item"),
    ("/not_asked/0", "/definitions/not_asked"),
    ("/licence", "/definitions/licence"),
    ("/answers/main", "/definitions/answer_set"),
    ("/answers/hours", "/definitions/answer_set"),
    ("/blocks/winter", "/definitions/block"),
    ("/choices/key", "/definitions/choice"),
    ("/orders/backwards", "/definitions/order"),
    ("/groups/age", "/definitions/grouping"),
    ("/groups/age/keys/school", "/definitions/group_key"),
    ("/norms/sample", "/definitions/norms"),
    ("/norms/sample/rows/0", "/definitions/norm_row"),
    ("/norms/sample/rows/3", "/definitions/norm_row"),
    ("/critical/0", "/definitions/critical"),
    ("/sensitive/0", "/definitions/critical"),
    ("/cautions/0", "/definitions/caution"),
    ("/scales/0", "/definitions/scale"),
    ("/scales/1", "/definitions/scale"),
    ("/scales/2", "/definitions/scale"),
    ("/scales/3", "/definitions/scale"),
    ("/scales/4", "/definitions/scale"),
    ("/scales/5", "/definitions/scale"),
    ("/scales/6", "/definitions/scale"),
    ("/scales/7", "/definitions/scale"),
    ("/scales/8", "/definitions/scale"),
    ("/scales/0/shown", "/definitions/shown"),
    ("/scales/0/missing", "/definitions/missing/anyOf/1"),
    ("/scales/1/missing", "/definitions/missing/anyOf/1"),
    ("/scales/0/gate", "/definitions/gate"),
    ("/scales/8/conditions/0", "/definitions/condition"),
    ("/scales/8/conditions/1", "/definitions/condition"),
    ("/bands/usual", "/definitions/band_set"),
    ("/bands/by-age", "/definitions/band_set"),
    ("/bands/by-age/rows/0", "/definitions/band_row"),
    ("/bands/usual/lowered/mean", "/definitions/lowered"),
    ("/bands/usual/lowered/goals", "/definitions/lowered"),
    ("/bands/usual/flags/0", "/definitions/flag_list"),
    ("/change/0", "/definitions/change_record"),
    ("/change/1", "/definitions/change_record"),
    ("/examples/0", "/definitions/example"),
    ("/examples/0/pupil", "/definitions/pupil"),
];

// ---- what the definitions and the schema say

fn json(text: &str) -> Value {
    serde_json::to_value(text.parse::<Table>().unwrap()).unwrap()
}

fn wrong(text: &str) -> Vec<String> {
    VALIDATOR.iter_errors(&json(text)).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// A definition in which one section is changed.
fn changed(text: &str, section: &str, change: impl FnOnce(&mut Table)) -> String {
    let mut whole = toml::Value::Table(text.parse().unwrap());
    let mut place = &mut whole;
    for step in section.split('/').skip(1) {
        place = match step.parse::<usize>() {
            Ok(number) => place.get_mut(number),
            Err(_) => place.get_mut(step),
        }
        .unwrap();
    }
    change(place.as_table_mut().unwrap());
    whole.as_table().unwrap().to_string()
}

fn planted(section: &str, key: &str) -> String {
    changed(EVERYTHING, section, |table| {
        table.insert(key.to_owned(), "zzz".into());
    })
}

fn findings(text: &str) -> Vec<Finding> {
    match read_definition("a.toml", text) {
        Ok((_, notes)) => notes,
        Err(findings) => findings,
    }
}

/// The schema of a section, and of what its `if` makes of this one.
fn in_force<'s>(schema: &'s Value, section: &Value) -> Vec<&'s Value> {
    let mut found = vec![schema];
    if let Some(condition) = schema.get("if") {
        let branch = if jsonschema::is_valid(condition, section) { "then" } else { "else" };
        found.extend(schema.get(branch).into_iter().flat_map(|branch| in_force(branch, section)));
    }
    found
}

fn strings(list: &Value) -> BTreeSet<String> {
    list.as_array().into_iter().flatten().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// Each section with the schemas that hold for it.
fn sections() -> impl Iterator<Item = (&'static str, Vec<&'static Value>)> {
    let everything = json(EVERYTHING);
    SECTIONS
        .into_iter()
        .map(move |(section, definition)| (section, in_force(SCHEMA.pointer(definition).unwrap(), everything.pointer(section).unwrap())))
}

fn keys(in_force: &[&Value]) -> BTreeSet<String> {
    let narrowed = in_force.iter().rev().find_map(|schema| schema.pointer("/propertyNames/enum"));
    narrowed.map_or_else(|| in_force[0]["properties"].as_object().unwrap().keys().cloned().collect(), strings)
}

/// What a key is said to mean, once for each kind of value that it can have.
fn descriptions(property: &'static Value) -> Vec<&'static str> {
    let told = property.get("$ref").map_or(property, |there| SCHEMA.pointer(&there.as_str().unwrap()[1..]).unwrap());
    let alternatives = told.get("anyOf").and_then(Value::as_array).map_or(std::slice::from_ref(told), Vec::as_slice);
    alternatives.iter().map(|alternative| alternative["description"].as_str().unwrap_or_default()).collect()
}

/// Every object in the schema, with its place.
fn walk<'s>(place: &str, value: &'s Value, found: &mut Vec<(String, &'s Value)>) {
    match value {
        Value::Object(entries) => {
            found.push((place.to_owned(), value));
            entries.iter().for_each(|(key, value)| walk(&format!("{place}/{key}"), value, found));
        }
        Value::Array(values) => values.iter().enumerate().for_each(|(at, value)| walk(&format!("{place}/{at}"), value, found)),
        _ => {}
    }
}

fn everything_in_the_schema() -> Vec<(String, &'static Value)> {
    let mut found = Vec::new();
    walk("", &SCHEMA, &mut found);
    found
}

/// What stands in back-ticks.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect()
}

// ---- the schema

#[test]
fn every_definition_is_valid() {
    for id in built_in_ids() {
        assert_eq!(wrong(built_in_text(id).unwrap()), [""; 0], "{id}");
    }
    for file in ["fixtures/boxall-our-school.toml", "fixtures/pass-our-school.toml"] {
        assert_eq!(wrong(&fs::read_to_string(file).unwrap()), [""; 0], "{file}");
    }
    assert_eq!(wrong(EVERYTHING), [""; 0]);
    assert_eq!(wrong("extends = \"boxall\"\nid = \"ours\""), [""; 0]);
}

/// Windows writes a redirected text in one of several encodings: plain ASCII is the same in most.
#[test]
fn the_schema_is_one_itself_and_plain_ascii() {
    assert!(jsonschema::meta::is_valid(&SCHEMA));
    assert!(include_str!("../instruments/schema.json").is_ascii());
}

#[test]
fn every_key_has_its_description() {
    let everything = everything_in_the_schema();
    let is_in_force = |place: &str| ["/if", "/then", "/else"].iter().all(|branch| !format!("{place}/").contains(&format!("{branch}/")));
    let mut seen = 0;
    for (place, schema) in everything.iter().filter(|(place, _)| is_in_force(place)) {
        for (key, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            for description in descriptions(property) {
                assert!(description.len() > 10 && description.ends_with('.'), "{place}/{key}: {description:?}");
                seen += 1;
            }
        }
    }
    assert!(seen > 130, "the keys are found: {seen}");
}

/// The reader's own message for a key that nobody knows lists those that it knows.
#[test]
fn the_schema_knows_the_keys_that_the_reader_knows() {
    let said: Vec<String> = findings(EVERYTHING).into_iter().map(|finding| finding.message).collect();
    assert!(read_definition("a.toml", EVERYTHING).is_ok(), "{said:?}");
    for (section, schemas) in sections() {
        let found = findings(&planted(section, "zzz"));
        let unknown = found.iter().find(|finding| finding.code == Code::I002 && finding.message.ends_with("knows no key `zzz`"));
        let help = unknown.and_then(|finding| finding.help.as_deref()).unwrap_or_default();
        let list = help.strip_prefix("it knows ").unwrap_or_default().replace(" or ", ", ");
        let mut reader: BTreeSet<String> = list.split(", ").map(ToOwned::to_owned).collect();
        if section.is_empty() {
            // Read before everything else, and then no key of the definition.
            reader.insert("extends".to_owned());
        }
        assert_eq!(keys(&schemas), reader, "{section}");
        let union: BTreeSet<String> = schemas[0]["properties"].as_object().unwrap().keys().cloned().collect();
        assert!(union.is_superset(&reader), "{section}");
    }
}

#[test]
fn every_section_of_the_schema_is_compared_with_the_reader() {
    let compared: BTreeSet<String> = SECTIONS.iter().map(|(_, definition)| (*definition).to_owned()).collect();
    let everything = everything_in_the_schema();
    let closed = everything.iter().filter(|(_, schema)| schema.get("additionalProperties") == Some(&Value::Bool(false)));
    assert_eq!(closed.map(|(place, _)| place.clone()).collect::<BTreeSet<_>>(), compared);
    // Where there is no list of keys, the names are the author's own.
    for (place, schema) in everything.iter().filter(|(_, schema)| schema["type"] == "object") {
        assert!(schema.get("additionalProperties").is_some(), "{place}");
    }
    // A property that nothing allows would be offered by editors and refused by the reader.
    for (definition, union) in SECTIONS.iter().map(|(_, definition)| (definition, &SCHEMA.pointer(definition).unwrap()["properties"])) {
        let allowed: BTreeSet<String> =
            sections().zip(SECTIONS).filter(|(_, (_, other))| other == definition).flat_map(|((_, schemas), _)| keys(&schemas)).collect();
        assert_eq!(allowed, union.as_object().unwrap().keys().cloned().collect(), "{definition}");
    }
}

#[test]
fn the_schema_knows_the_words_that_the_reader_knows() {
    let mut compared = 0;
    for (section, schemas) in sections() {
        for key in keys(&schemas) {
            let narrowed = schemas.iter().rev().find_map(|schema| schema["properties"][&key].get("enum"));
            let Some(words) = narrowed.filter(|words| words[0].is_string()) else { continue };
            let found = findings(&planted(section, &key));
            let before = format!("`{key}` should be ");
            let message = found.iter().find_map(|finding| finding.message.strip_prefix(&before)?.strip_suffix(", and is `zzz`"));
            assert_eq!(strings(words), quoted(message.unwrap_or_default()), "{section}/{key}");
            compared += 1;
        }
    }
    assert!(compared > 25, "the words are found: {compared}");
}

#[test]
fn the_schema_requires_what_the_reader_requires() {
    let everything = json(EVERYTHING);
    for (section, schemas) in sections() {
        let required: BTreeSet<String> = schemas.iter().flat_map(|schema| strings(&schema["required"])).collect();
        let present = everything.pointer(section).unwrap().as_object().unwrap();
        assert!(required.iter().all(|key| present.contains_key(key)), "{section} lacks one of {required:?}");
        for key in present.keys() {
            let without = changed(EVERYTHING, section, |table| drop(table.remove(key)));
            let is_missed = findings(&without).iter().any(|finding| finding.message.contains(&format!("has no `{key}`")));
            // Whether a row needs them is up to the groups, which the schema does not look at.
            if ["sex", "group"].contains(&key.as_str()) {
                continue;
            }
            if required.contains(key) {
                // The reader passes over ages of which one end is missing; the schema does not.
                assert!(section == "/ages" || read_definition("a.toml", &without).is_err(), "the reader does without {section}/{key}");
            } else {
                assert!(!is_missed, "the reader needs {section}/{key}");
            }
        }
    }
}

/// What an editor underlines, and what it lets pass.
#[test]
fn mistakes_are_not_valid() {
    type Change = fn(&mut Table);
    let cases: [(&str, &str, Change); 20] = [
        ("a misspelt key", "", |table| drop(table.insert("informnat".into(), "self".into()))),
        ("a key of another kind of scale", "/scales/0", |table| drop(table.insert("lookup".into(), Table::new().into()))),
        ("`round` where nothing is estimated", "/scales/1/missing", |table| drop(table.insert("round".into(), "none".into()))),
        ("`labels` with a range of numbers", "/answers/hours", |table| drop(table.insert("labels".into(), toml::Value::Array(vec![])))),
        ("a wrong word", "/scales/0", |table| drop(table.insert("better".into(), "low".into()))),
        ("a wrong rule for blanks", "/scales/2", |table| drop(table.insert("missing".into(), "none needed".into()))),
        ("a mean of scales", "/scales/4", |table| drop(table.insert("method".into(), "mean".into()))),
        ("an informant who is none", "", |table| drop(table.insert("informant".into(), "pupil".into()))),
        ("no id", "", |table| drop(table.remove("id"))),
        ("no source of the scoring", "/sources", |table| drop(table.remove("scoring"))),
        ("no rule for blanks", "/scales/0", |table| drop(table.remove("missing"))),
        ("no level to flag from", "/bands/usual", |table| drop(table.remove("flag_from"))),
        ("a condition about nothing", "/scales/8/conditions/0", |table| drop(table.remove("from"))),
        ("a number as a text", "/scales/0/missing", |table| drop(table.insert("at_least".into(), "two".into()))),
        ("a version as a number", "", |table| drop(table.insert("version".into(), 1.into()))),
        ("one number for a range", "/scales/0", |table| drop(table.insert("range".into(), toml::Value::Array(vec![6.into()])))),
        ("an id that is no name", "", |table| drop(table.insert("id".into(), "Mood Check".into()))),
        ("a reliability of 1", "/change/1", |table| drop(table.insert("r".into(), 1.0.into()))),
        ("one answer to choose from", "/answers/main", |table| drop(table.insert("codes".into(), toml::Value::Array(vec![0.into()])))),
        ("a table where a list belongs", "", |table| drop(table.insert("scales".into(), Table::new().into()))),
    ];
    for (what, section, change) in cases {
        let text = changed(EVERYTHING, section, change);
        assert!(!wrong(&text).is_empty(), "{what}: the schema lets it pass");
        assert!(read_definition("a.toml", &text).is_err(), "{what}: the reader lets it pass");
    }
    assert!(!wrong("extends = \"boxall\"").is_empty(), "a definition that extends another has an id of its own");
}

// ---- the skeleton

fn skeleton() -> String {
    bandwise::instrument::skeleton("mood-check")
}

/// The skeleton with the parts that are switched off: a `#` without a space.
fn skeleton_with_every_part() -> String {
    let line = |line: &str| line.strip_prefix('#').filter(|rest| !rest.starts_with([' ', ':'])).unwrap_or(line).to_owned() + "\n";
    skeleton().lines().map(line).collect()
}

#[test]
fn the_skeleton_is_a_definition_without_a_note() {
    assert!(skeleton().starts_with("#:schema ./schema.json\n"));
    assert!(!skeleton().contains("ID.") && !skeleton().contains("\"ID\""), "its id is put in everywhere");
    for text in [skeleton(), skeleton_with_every_part()] {
        let (instrument, notes) = read_definition("mood-check.toml", &text).unwrap();
        assert_eq!(notes, []);
        assert_eq!(check_examples(&instrument), []);
        assert_eq!(wrong(&text), [""; 0]);
        assert!(text.lines().all(|line| line.chars().count() <= 140));
    }
    let parts = json(&skeleton_with_every_part());
    for part in ["ages", "blocks", "groups", "norms", "critical", "change"] {
        assert!(parts.get(part).is_some() && json(&skeleton()).get(part).is_none(), "{part} is switched off");
    }
}

// ---- the guide

/// What a definition says, without spaces and comments.
fn bare(text: &str) -> String {
    let line = |line: &str| line.split(" #").next().unwrap_or_default().replace(' ', "");
    let bare: Vec<String> = text.lines().filter(|line| !line.starts_with("# ")).map(line).filter(|line| !line.is_empty()).collect();
    format!("\n{}\n", bare.join("\n"))
}

fn blocks(language: &str) -> impl Iterator<Item = &str> {
    GUIDE.split("```").skip(1).step_by(2).filter_map(move |block| block.strip_prefix(language)?.strip_prefix('\n'))
}

#[test]
fn every_snippet_of_the_guide_is_part_of_a_definition_that_works() {
    let fixtures = ["boxall", "pass"].map(|id| bare(&fs::read_to_string(format!("fixtures/{id}-our-school.toml")).unwrap()));
    let mut works: Vec<String> = built_in_ids().filter_map(built_in_text).map(bare).collect();
    works.extend(fixtures);
    works.extend([bare(&skeleton()), bare(&skeleton_with_every_part())]);
    assert!(blocks("toml").count() > 15, "the snippets are found");
    for snippet in blocks("toml") {
        // Something is left out where a line is blank or says so.
        let is_gap = |line: &&str| line.is_empty() || line.trim_start().starts_with("# …");
        let lines: Vec<&str> = snippet.lines().collect();
        for part in lines.split(is_gap).filter(|part| !part.is_empty()) {
            let part = bare(&part.join("\n"));
            assert!(works.iter().any(|text| text.contains(&part)), "in no definition:{part}");
        }
    }
}

/// A folder with the guide's files: the new definition with one change, and the class.
fn program(from: &str, to: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let text = skeleton();
    assert!(text.contains(from), "{from:?} is not in the skeleton");
    fs::write(folder.path().join("mood-check.toml"), text.replace(from, to)).unwrap();
    fs::write(folder.path().join("class.csv"), blocks("csv").next().unwrap()).unwrap();
    let environment = [("NO_COLOR", "1"), ("CLICOLOR_FORCE", "0"), ("COLUMNS", "100"), ("TERM", "dumb"), ("LC_ALL", "C")];
    let output = Command::cargo_bin("bandwise").unwrap().current_dir(folder.path()).envs(environment).args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

#[test]
fn the_guide_shows_what_the_program_says() {
    let check = ["instrument", "check", "mood-check.toml"];
    let cases: [(&str, &str, &[&str]); 13] = [
        ("", "", &check),
        ("", "", &["instrument", "test", "mood-check.toml"]),
        ("", "", &["score", "class.csv", "-i", "mood-check.toml"]),
        ("", "", &["flag", "class.csv", "-i", "mood-check.toml"]),
        ("informant = ", "informnat = ", &check),
        ("better  = \"lower\"                             # which", "better  = \"low\"                               # which", &check),
        ("\"hats\", \"-kites\"]", "\"hat\", \"-kites\"]", &check),
        ("\"puddles\", \"mud\"]", "\"puddles\"]", &check),
        ("range   = [0, 18]", "range   = [0, 24]", &check),
        ("total = [7, 12]", "total = [12, 7]", &check),
        ("windy = 6, total = 15 }", "windy = 9, total = 18 }", &check),
        ("range   = [0, 18]", "range   = [0, 18]\nunscored = [\"mud\"]", &check),
        ("\"puddles\", \"mud\"]", "\"puddles\", \"mud\"", &check),
    ];
    for (from, to, arguments) in cases {
        let shown = program(from, to, arguments);
        let shown: Vec<&str> = shown.lines().map(str::trim_end).collect();
        let page = format!("$ bandwise {}\n{}", arguments.join(" "), shown.join("\n").trim_end());
        assert!(GUIDE.contains(&page), "not in the guide:\n{page}");
    }
}

/// The table of keys has the words of the schema.
#[test]
fn the_guide_has_every_key_in_its_table() {
    let table = GUIDE.split("## Every key").nth(1).unwrap();
    let sections = SECTIONS.iter().map(|(_, definition)| *definition).chain(["/properties/sources"]);
    for definition in sections {
        let schema = SCHEMA.pointer(definition).unwrap();
        let required = strings(if definition.is_empty() { &schema["else"]["required"] } else { &schema["required"] });
        for (key, property) in schema["properties"].as_object().unwrap() {
            let needed = if required.contains(key) { "yes" } else { "" };
            let row = format!("| `{key}` | {needed} | {} |", descriptions(property).join(" "));
            assert!(table.contains(&row), "{definition}: not in the table of the guide:\n{row}");
        }
    }
}
