//! What was understood of responses, for people and as JSON. Only values of question columns are shown.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::table::{TableStyle, pairs, plain_table};
use super::{Cell, Closing, findings_json};
use crate::findings::{column_letters, count_of, harmless, list_and, printable, quoted_list};
use crate::input::{Shape, separator_name};
use crate::instrument::{AnswerSet, Instrument, Item};
use crate::matching::{ColumnMap, Found, LeftOut, Role};
use crate::scoring::{FileUnderstanding, Form, ReadAs, SeenValue, Understanding, Values};

/// How many values of a question are shown to people.
const SHOWN: usize = 6;

/// What was understood, for people.
pub fn understanding_text(understanding: &Understanding, forms: &[Form], look: TableStyle) -> String {
    let mut text = String::new();
    for file in &understanding.files {
        let _ = writeln!(text, "{}", file_line(file));
        let _ = writeln!(text, "{}", pairs(file_lines(file, forms, &understanding.from_list), look));
        for (index, form) in forms.iter().enumerate() {
            let _ = writeln!(text, "{}", form_line(file, index, form.instrument()));
            let rows = questions(file, index, form.instrument());
            if !rows.is_empty() {
                let _ = writeln!(text, "{}", plain_table(&["no", "question", "column", "found by", "values"], rows, look));
            }
        }
    }
    text
}

/// `class-7a.csv: 30 responses, 29 pupils, 1 of them about a pupil who has another`.
fn file_line(file: &FileUnderstanding) -> String {
    let mut parts = vec![count_of(file.rows, "response")];
    parts.extend(file.pupils.map(|pupils| count_of(pupils, "pupil")));
    let unmatched = file.unmatched.unwrap_or(0);
    let counted = [
        (file.duplicates, "about a pupil who has another"),
        (file.repeated, "left out for another one of the pupil"),
        (unmatched, "of no pupil in the list"),
        (file.unfinished, "not finished"),
        (file.misplaced, "not readable"),
    ];
    parts.extend(counted.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    format!("{}: {}", printable(&file.name), parts.join(", "))
}

fn file_lines(file: &FileUnderstanding, forms: &[Form], from_list: &[Role]) -> Vec<(&'static str, String)> {
    let map = &file.map;
    let header_rows = count_of(file.header_rows as u64, "header row");
    let read_as = match &file.shape {
        Shape::Text { encoding, separator } => {
            format!("text in {}, columns separated by {}, {header_rows}", encoding.word(), separator_name(*separator))
        }
        Shape::Workbook { sheet } => format!("workbook, sheet `{}`, {header_rows}", printable(sheet)),
    };
    let mut lines = vec![("  read as", read_as)];
    if map.system != crate::matching::System::Unknown {
        lines.push(("  export of", map.system.name().to_owned()));
    }
    let (mut absent, mut listed) = (Vec::new(), Vec::new());
    for (word, role) in Role::ALL {
        let columns = role_columns(map, *role);
        match map.account.roles.get(role) {
            Some(found) if !columns.is_empty() => {
                let named: Vec<String> = columns.iter().map(|column| column_words(map, *column)).collect();
                lines.push((role_label(*role), format!("{}, {}", list_and(&named), role_found(*found))));
            }
            _ if from_list.contains(role) => listed.push(*word),
            _ => absent.push(*word),
        }
    }
    if !listed.is_empty() {
        lines.push(("  from list", listed.join(", ")));
    }
    if !absent.is_empty() {
        lines.push(("  not told", absent.join(", ")));
    }
    let carried: Vec<&str> = map.carried.iter().map(|carried| &*carried.name).collect();
    lines.push(("  carried", if carried.is_empty() { "nothing".to_owned() } else { quoted_list(&carried, 20) }));
    for why in LeftOut::ALL {
        let columns: Vec<&str> =
            map.account.left_out.iter().filter(|(_, reason)| *reason == why).map(|(column, _)| header(map, *column)).collect();
        if !columns.is_empty() {
            lines.push(("  left out", format!("{}: {}", why.words(), quoted_list(&columns, 20))));
        }
    }
    let lookalikes: Vec<&str> = map.account.lookalikes.iter().map(|column| header(map, *column)).collect();
    if !lookalikes.is_empty() {
        lines.push(("  not used", format!("named like a question of the form: {}", quoted_list(&lookalikes, 20))));
    }
    let compared = compared(map, forms);
    if !compared.is_empty() {
        let named: Vec<String> = compared.iter().map(|(column, _)| column_words(map, *column)).collect();
        lines.push(("  compared", format!("with the scores that are computed: {}", list_and(&named))));
    }
    lines
}

fn role_label(role: Role) -> &'static str {
    match role {
        Role::Id => "  id",
        Role::Informant => "  informant",
        Role::Sex => "  sex",
        Role::Age => "  age",
        Role::Year => "  year",
        Role::Date => "  date",
        Role::Time => "  time",
    }
}

fn role_found(found: Found) -> &'static str {
    match found {
        Found::Option => "named by an option",
        Found::Map => "named by the map",
        Found::Unclear => "one of several that it could be",
        Found::Name | Found::Run | Found::Words | Found::Header => "by its header",
    }
}

fn role_columns(map: &ColumnMap, role: Role) -> Vec<usize> {
    if role == Role::Id { map.id.clone() } else { map.role(role).into_iter().collect() }
}

fn header(map: &ColumnMap, column: usize) -> &str {
    map.header.get(column).map_or("", |column| &*column.name)
}

/// ``B `worries` ``
fn column_words(map: &ColumnMap, column: usize) -> String {
    format!("{} `{}`", column_letters(column), printable(header(map, column)))
}

/// The columns that hold a ready-made score, with the score.
fn compared<'f>(map: &ColumnMap, forms: &'f [Form]) -> Vec<(usize, &'f str)> {
    let of_form = |(columns, form): (&crate::matching::FormColumns, &'f Form)| {
        let scales = columns.ready_made.clone().into_iter().zip(&form.instrument().scales);
        scales.filter_map(|(column, scale)| Some((column?, &*scale.id))).collect::<Vec<_>>()
    };
    map.forms.iter().zip(forms).flat_map(of_form).collect()
}

/// ``…, teacher, ages 4-17 (sdq-t4-17): 25 of 25 questions have a column; not in the file: `impact` ``
fn form_line(file: &FileUnderstanding, index: usize, form: &Instrument) -> String {
    let Some(columns) = file.map.forms.get(index) else { return form.title() };
    let has = |block: Option<usize>| block.is_none_or(|block| columns.blocks.get(block).copied().unwrap_or(false));
    let asked: Vec<bool> = form.items.iter().map(|item| has(item.block)).collect();
    let is_clear = |found: &Option<Found>| found.is_some_and(|found| found != Found::Unclear);
    let there = columns.found.iter().zip(&asked).filter(|(found, asked)| is_clear(found) && **asked).count();
    let questions = count_of(asked.iter().filter(|asked| **asked).count() as u64, "question");
    let absent: Vec<&str> =
        form.blocks.iter().enumerate().filter(|(block, _)| !has(Some(*block))).map(|(_, block)| block.id.as_str()).collect();
    let absent = if absent.is_empty() { String::new() } else { format!("; optional and not in the file: {}", quoted_list(&absent, 8)) };
    format!("{} ({}): {there} of {questions} with a column{absent}", form.title(), form.id)
}

/// The questions of a form, but for those of optional parts that the file does not have.
fn listed<'i>(file: &FileUnderstanding, index: usize, form: &'i Instrument) -> Vec<(usize, &'i Item)> {
    let Some(columns) = file.map.forms.get(index) else { return Vec::new() };
    let is_there = |(place, item): &(usize, &Item)| {
        let has_block = item.block.is_none_or(|block| columns.blocks.get(block).copied().unwrap_or(false));
        has_block || columns.items.get(*place).is_some_and(Option::is_some)
    };
    form.items.iter().enumerate().filter(is_there).collect()
}

fn questions(file: &FileUnderstanding, index: usize, form: &Instrument) -> Vec<Vec<String>> {
    let Some(columns) = file.map.forms.get(index) else { return Vec::new() };
    let row = |(place, item): (usize, &Item)| {
        let column = columns.items.get(place).copied().flatten();
        let found = columns.found.get(place).copied().flatten();
        let set = form.answers.get(item.answers);
        let values = file.values.get(index).and_then(|values| values.get(place)).zip(set);
        vec![
            item.number.to_string(),
            item.id.to_string(),
            column.map_or_else(|| "none".to_owned(), |column| question_column(file, index, place, column)),
            found.map_or("", Found::words).to_owned(),
            match (column, values) {
                (Some(_), Some((values, set))) => values_words(values, set),
                _ => without_column(file, index, place, item),
            },
        ]
    };
    listed(file, index, form).into_iter().map(row).collect()
}

/// `I worries`; of a question that could be several columns, all of them.
fn question_column(file: &FileUnderstanding, form: usize, place: usize, column: usize) -> String {
    let cell = |column: &usize| format!("{} {}", column_letters(*column), printable(header(&file.map, *column)));
    match suggestions(file, form, place) {
        [] | [_] => cell(&column),
        several => crate::findings::list_or(&several.iter().map(cell).collect::<Vec<_>>()),
    }
}

/// What is said of a question that has no column.
fn without_column(file: &FileUnderstanding, form: usize, place: usize, item: &Item) -> String {
    let likely: Vec<String> = suggestions(file, form, place).iter().map(|column| column_words(&file.map, *column)).collect();
    match (likely.is_empty(), item.needed) {
        (false, _) => format!("perhaps {}", crate::findings::list_or(&likely)),
        (true, true) => "missing".to_owned(),
        (true, false) => "not there, and no score needs it".to_owned(),
    }
}

/// The columns that a question may be.
pub(super) fn suggestions(file: &FileUnderstanding, form: usize, item: usize) -> &[usize] {
    file.map.account.suggestions.get(form).and_then(|form| form.get(item)).map_or(&[], Vec::as_slice)
}

/// `0 Not true x 21; 7 refused x 1; blank x 2`: the commonest in the order of the answers, then what was refused.
fn values_words(values: &Values, set: &AnswerSet) -> String {
    let (shown, rest) = values.seen.split_at(values.seen.len().min(SHOWN));
    let mut shown: Vec<&SeenValue> = shown.iter().collect();
    shown.sort_by_key(|seen| match &seen.read_as {
        ReadAs::Answer(place) => usize::from(*place),
        ReadAs::NoAnswer => usize::MAX - 1,
        ReadAs::Refused { .. } | ReadAs::Comment => usize::MAX,
    });
    let mut words: Vec<String> = shown.into_iter().map(|seen| value_words(seen, set)).collect();
    let others = rest.iter().map(|seen| seen.count).sum::<u64>() + values.more;
    if others > 0 {
        let refused: u64 =
            rest.iter().filter(|seen| matches!(seen.read_as, ReadAs::Refused { .. } | ReadAs::Comment)).map(|seen| seen.count).sum();
        let refused = if refused > 0 { format!(", {refused} of them refused") } else { String::new() };
        words.push(format!("others x {others}{refused}"));
    }
    if values.blank > 0 {
        words.push(format!("blank x {}", values.blank));
    }
    if words.is_empty() { "nothing".to_owned() } else { words.join("; ") }
}

/// `0 Not true x 21`, `not true = 0 x 2`, `9 no answer x 1`, `7 refused x 1`.
fn value_words(seen: &SeenValue, set: &AnswerSet) -> String {
    let value = printable(&seen.value);
    let read = match &seen.read_as {
        ReadAs::Answer(place) => {
            let (code, label) = answer(*place, set);
            let is_code = code == value;
            match label {
                Some(label) if is_code => format!("{value} {label}"),
                None if is_code => value.into_owned(),
                Some(label) if !is_label(&value, set, *place) => format!("{value} = {code} {label}"),
                _ => format!("{value} = {code}"),
            }
        }
        ReadAs::NoAnswer => format!("{value} no answer"),
        ReadAs::Refused { .. } | ReadAs::Comment => format!("{value} refused"),
    };
    format!("{read} x {}", seen.count)
}

/// The code of an answer, and its first label.
pub(super) fn answer(place: u16, set: &AnswerSet) -> (String, Option<&str>) {
    let place = usize::from(place);
    let label = set.labels.get(place).and_then(|labels| labels.first()).map(String::as_str);
    (set.codes.get(place).map_or_else(String::new, ToString::to_string), label)
}

fn is_label(value: &str, set: &AnswerSet, place: u16) -> bool {
    let letters = |text: &str| text.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect::<String>();
    set.labels.get(usize::from(place)).is_some_and(|labels| labels.iter().any(|label| letters(label) == letters(value)))
}

/// What was understood, as one JSON object with the findings and the provenance.
pub fn understanding_json(understanding: &Understanding, forms: &[Form], closing: &Closing<'_, '_>) -> Value {
    let files: Vec<Value> = understanding.files.iter().map(|file| file_json(file, forms)).collect();
    let from_list: Vec<&str> = understanding.from_list.iter().map(|role| role.word()).collect();
    json!({ "files": files, "from_list": from_list, "findings": findings_json(closing.findings), "provenance": closing.provenance })
}

fn file_json(file: &FileUnderstanding, forms: &[Form]) -> Value {
    let map = &file.map;
    let (encoding, separator, sheet) = match &file.shape {
        Shape::Text { encoding, separator } => (Some(encoding.word()), Some(char::from(*separator).to_string()), None),
        Shape::Workbook { sheet } => (None, None, Some(harmless(sheet).into_owned())),
    };
    let roles = Role::ALL.iter().filter_map(|(word, role)| {
        let columns: Vec<Value> = role_columns(map, *role).iter().map(|column| column_json(map, *column)).collect();
        let found = map.account.roles.get(role).filter(|_| !columns.is_empty())?;
        Some(json!({ "role": word, "columns": columns, "found_by": found.words() }))
    });
    let carried = map.carried.iter().map(|carried| {
        let mut column = column_json(map, carried.column);
        column["name"] = json!(harmless(&carried.name));
        column
    });
    let left_out = map.account.left_out.iter().map(|(column, why)| {
        let mut column = column_json(map, *column);
        column["why"] = json!(why.words());
        column
    });
    let compared = compared(map, forms).into_iter().map(|(column, scale)| {
        let mut column = column_json(map, column);
        column["scale"] = json!(scale);
        column
    });
    json!({
        "file": harmless(&file.name),
        "encoding": encoding,
        "separator": separator,
        "sheet": sheet,
        "header_rows": file.header_rows,
        "form_system": (map.system != crate::matching::System::Unknown).then(|| map.system.name()),
        "responses": file.rows,
        "pupils": file.pupils,
        "duplicates": file.duplicates,
        "repeated": file.repeated,
        "unfinished": file.unfinished,
        "unmatched": file.unmatched,
        "not_readable": file.misplaced,
        "refused": file.is_refused,
        "context": roles.collect::<Vec<_>>(),
        "carried": carried.collect::<Vec<_>>(),
        "left_out": left_out.collect::<Vec<_>>(),
        "not_used": map.account.lookalikes.iter().map(|column| column_json(map, *column)).collect::<Vec<_>>(),
        "compared": compared.collect::<Vec<_>>(),
        "forms": forms.iter().enumerate().map(|(index, form)| form_json(file, index, form.instrument())).collect::<Vec<_>>(),
    })
}

fn column_json(map: &ColumnMap, column: usize) -> Value {
    json!({ "column": column_letters(column), "header": harmless(header(map, column)) })
}

fn form_json(file: &FileUnderstanding, index: usize, form: &Instrument) -> Value {
    let columns = file.map.forms.get(index);
    let blocks = form.blocks.iter().enumerate().map(|(place, block)| {
        let is_there = columns.and_then(|columns| columns.blocks.get(place)).copied().unwrap_or(false);
        (block.id.clone(), json!(is_there))
    });
    let questions = form.items.iter().enumerate().map(|(place, item)| question_json(file, index, form, (place, item)));
    json!({
        "instrument": &*form.id,
        "optional_parts": blocks.collect::<serde_json::Map<_, _>>(),
        "questions": questions.collect::<Vec<_>>(),
    })
}

fn question_json(file: &FileUnderstanding, index: usize, form: &Instrument, (place, item): (usize, &Item)) -> Value {
    let columns = file.map.forms.get(index);
    let column = columns.and_then(|columns| columns.items.get(place)).copied().flatten();
    let found = columns.and_then(|columns| columns.found.get(place)).copied().flatten();
    let values = file.values.get(index).and_then(|values| values.get(place)).filter(|_| column.is_some());
    let seen = values.zip(form.answers.get(item.answers)).map(|(values, set)| {
        let value = |seen: &SeenValue| {
            let (read_as, code, label) = match &seen.read_as {
                ReadAs::Answer(place) => {
                    let code = set.codes.get(usize::from(*place)).map(|code| Cell::Number(*code).to_json());
                    ("answer", code, answer(*place, set).1)
                }
                ReadAs::NoAnswer => ("no answer", None, None),
                ReadAs::Refused { .. } | ReadAs::Comment => ("refused", None, None),
            };
            json!({ "value": harmless(&seen.value), "read_as": read_as, "code": code, "label": label, "count": seen.count })
        };
        values.seen.iter().map(value).collect::<Vec<_>>()
    });
    json!({
        "number": item.number,
        "question": &*item.id,
        "optional_part": item.block.and_then(|block| form.blocks.get(block)).map(|block| block.id.as_str()),
        "needed": item.needed,
        "column": column.map(column_letters),
        "header": column.map(|column| harmless(header(&file.map, column)).into_owned()),
        "found_by": found.map(Found::words),
        "values": seen,
        "blank": values.map(|values| values.blank),
        "more": values.map(|values| values.more),
        "suggestions": suggestions(file, index, place).iter().map(|column| column_json(&file.map, *column)).collect::<Vec<_>>(),
    })
}
