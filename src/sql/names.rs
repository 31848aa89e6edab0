//! Names inside a view: each once, whatever case, and those that its user asked for first.

use std::collections::HashSet;

use super::dialect::Dialect;
use super::error::SqlError;

/// The names that are taken.
#[derive(Debug)]
pub(super) struct Names {
    dialect: Dialect,
    taken: HashSet<String>,
}

impl Names {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, taken: HashSet::new() }
    }

    /// A name that the view's user sees, quoted. The engines do not tell `Total` from `total`.
    ///
    /// # Errors
    ///
    /// When another column has it, or the engine would cut it off.
    pub(super) fn visible(&mut self, name: &str) -> Result<String, SqlError> {
        if !self.taken.insert(name.to_lowercase()) {
            return Err(SqlError::SameName { name: name.to_owned() });
        }
        quoted(self.dialect, "a column of the view", name)
    }

    /// A name inside the view, quoted: the one that is wanted, or the next that is free.
    pub(super) fn inner(&mut self, wanted: &str) -> String {
        let longest = self.dialect.longest_name().unwrap_or(usize::MAX);
        let numbered = (2..).map(|number| format!("{wanted}_{number}"));
        let mut free = std::iter::once(wanted.to_owned()).chain(numbered).map(|name| shortened(&name, longest));
        let name = free.find(|name| self.taken.insert(name.to_lowercase())).unwrap_or_default();
        self.dialect.quoted(&name)
    }
}

/// A name that is too long keeps its end, which tells it from its neighbours.
fn shortened(name: &str, longest: usize) -> String {
    let mut start = name.len().saturating_sub(longest);
    while !name.is_char_boundary(start) {
        start += 1;
    }
    name[start..].to_owned()
}

/// A name that stands in the engine already, or will.
///
/// # Errors
///
/// When it is empty, or the engine would cut it off.
pub(super) fn quoted(dialect: Dialect, what: &'static str, name: &str) -> Result<String, SqlError> {
    if name.is_empty() {
        return Err(SqlError::NoName { what });
    }
    match dialect.longest_name() {
        Some(longest) if name.len() > longest => Err(SqlError::LongName { dialect, longest, name: name.to_owned() }),
        _ => Ok(dialect.quoted(name)),
    }
}

/// A table's name, with its schema before a full stop where it has one; a part in double quotation marks may hold full stops itself.
///
/// # Errors
///
/// When a part is empty, or the engine would cut it off.
pub(super) fn quoted_table(dialect: Dialect, table: &str) -> Result<String, SqlError> {
    let (mut parts, mut is_quoted) = (vec![String::new()], false);
    let mut characters = table.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                parts.last_mut().map(|part| part.push('"')).unwrap_or_default();
            }
            '"' => is_quoted = !is_quoted,
            '.' if !is_quoted => parts.push(String::new()),
            other => parts.last_mut().map(|part| part.push(other)).unwrap_or_default(),
        }
    }
    let parts: Result<Vec<String>, SqlError> = parts.iter().map(|part| quoted(dialect, "the table", part)).collect();
    Ok(parts?.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_may_have_a_schema_and_any_characters() {
        for (written, expected) in [
            ("responses", "\"responses\""),
            ("school.responses", "\"school\".\"responses\""),
            ("school.\"year.7\"", "\"school\".\"year.7\""),
            ("x; DROP TABLE y", "\"x; DROP TABLE y\""),
            ("\"a\"\"b\"", "\"a\"\"b\""),
        ] {
            assert_eq!(quoted_table(Dialect::Postgres, written).as_deref(), Ok(expected));
        }
        assert!(matches!(quoted_table(Dialect::DuckDb, "a..b"), Err(SqlError::NoName { .. })));
        assert_eq!(quoted_table(Dialect::Spark, "a`b").as_deref(), Ok("`a``b`"));
    }

    #[test]
    fn a_name_is_given_once() {
        let mut names = Names::new(Dialect::DuckDb);
        assert_eq!(names.visible("Total").as_deref(), Ok("\"Total\""));
        assert_eq!(names.inner("total"), "\"total_2\"");
        assert_eq!(names.visible("TOTAL"), Err(SqlError::SameName { name: "TOTAL".into() }));
    }
}
