//! A definition that adds to a built-in one: a school's own norm ranges, colours or tables, which its licence lets it hold and us not ship.
//!
//! `extends = "boxall"` takes the built-in definition and adds the file's own tables to it. Every finding still stands at its own line of
//! its own file: the file is read behind as much blank space as the base is long, so that a place in one is never a place in the other.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::walk::{Walk, text};
use crate::findings::{Code, Finding, Source, did_you_mean};
use crate::instrument::library::{built_in_ids, built_in_text};
use crate::instrument::model::{Instrument, Text};

/// Tables whose own entries stand beside the base's.
const TABLES: [&str; 8] = ["answers", "bands", "blocks", "choices", "groups", "norms", "orders", "sources"];
/// Lists whose own entries follow the base's.
const LISTS: [&str; 9] = ["cautions", "critical", "examples", "items", "not_asked", "notes", "scales", "sensitive", "unscored"];

/// The built-in definition that is named, or a finding that there is none.
pub(super) fn base(walk: &Walk, value: &Spanned<DeValue<'_>>) -> Option<Arc<Source>> {
    let name = text(walk, value, "extends")?;
    let Some(found) = built_in_text(&name.value) else {
        let message = format!("`{}` is no definition that comes with bandwise, and only those can be extended", name.value);
        match did_you_mean(&name.value, built_in_ids()) {
            Some(near) => walk.report_with_help(Code::I005, &name.span, message, format!("did you mean `{near}`?")),
            None => walk.report(Code::I005, &name.span, message),
        }
        return None;
    };
    Some(Arc::new(Source { name: format!("{}.toml", name.value).into(), text: found.to_owned() }))
}

/// Reads a definition that adds to `base`.
pub(super) fn read_merged(
    base: &Arc<Source>,
    own: Arc<Source>,
    read: impl Fn(Walk, &Spanned<DeTable<'_>>) -> Result<(Instrument, Vec<Finding>), Vec<Finding>>,
) -> Result<(Instrument, Vec<Finding>), Vec<Finding>> {
    let padded = format!("{}{}", " ".repeat(base.text.len()), own.text);
    let (mut table, _) = DeTable::parse_recoverable(&base.text);
    let (added, _) = DeTable::parse_recoverable(&padded);
    merge(table.get_mut(), added.into_inner());
    read(Walk::new(Text { base: Some(Arc::clone(base)), own }), &table)
}

fn merge<'t>(base: &mut DeTable<'t>, own: DeTable<'t>) {
    // A definition of its own has an id of its own.
    base.remove("id");
    // The base's examples know nothing of an alert that is added.
    if own.get("critical").is_some() {
        drop_alerts(base);
    }
    if own.get("bands").is_some_and(has_default) {
        drop_defaults(base);
    }
    for (key, value) in own {
        let name = key.get_ref().to_string();
        if name == "extends" {
            continue;
        }
        match (base.get_mut(name.as_str()).map(Spanned::get_mut), value.into_inner()) {
            (Some(DeValue::Table(here)), DeValue::Table(added)) if TABLES.contains(&name.as_str()) => here.extend(added),
            (Some(DeValue::Array(here)), DeValue::Array(added)) if LISTS.contains(&name.as_str()) => {
                *here = std::mem::replace(here, DeArray::new()).into_iter().chain(added).collect();
            }
            // The first record of a scale is its default, so the file's own come first.
            (Some(DeValue::Array(here)), DeValue::Array(added)) if name == "change" => {
                let base = std::mem::replace(here, DeArray::new());
                *here = added.into_iter().chain(base).collect();
            }
            (_, value) => {
                let span = key.span();
                base.remove(name.as_str());
                base.insert(key, Spanned::new(span, value));
            }
        }
    }
}

fn has_default(bands: &Spanned<DeValue<'_>>) -> bool {
    let sets = bands.get_ref().as_table().into_iter().flat_map(DeTable::values);
    sets.filter_map(|set| set.get_ref().as_table())
        .any(|set| set.get("default").is_some_and(|value| value.get_ref().as_bool() == Some(true)))
}

fn drop_alerts(base: &mut DeTable<'_>) {
    let Some(DeValue::Array(examples)) = base.get_mut("examples").map(Spanned::get_mut) else { return };
    for example in examples.iter_mut() {
        if let DeValue::Table(example) = example.get_mut() {
            example.remove("alerts");
        }
    }
}

fn drop_defaults(base: &mut DeTable<'_>) {
    let Some(DeValue::Table(sets)) = base.get_mut("bands").map(Spanned::get_mut) else { return };
    for (_, set) in sets.iter_mut() {
        if let DeValue::Table(set) = set.get_mut() {
            set.remove("default");
        }
    }
}
