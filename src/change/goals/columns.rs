//! The columns of a goals file, by name, in any spelling of it; every other column is carried along.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::findings::{Code, Column, Finding, Findings, Place, column_letters, printable, quoted_list};
use crate::input::{ReadError, Table};

/// The columns that mean something here; every other one is carried along.
const KNOWN: [&str; 11] =
    ["pupil_id", "goal", "target", "scale", "baseline", "review", "set_on", "review_by", "weight", "sessions_planned", "sessions_had"];
/// How many of them, from the first on, every file needs.
const NEEDED: usize = 3;
/// How many of them the output has columns of its own for.
const OUR_OWN: usize = 6;
/// The columns that the output adds.
const ADDED: [&str; 3] = ["outcome", "overdue", "why"];

/// Where the known columns are.
pub(super) struct Columns {
    pub(super) header: Vec<Column>,
    known: [Option<usize>; KNOWN.len()],
    pub(super) carried: Vec<usize>,
    pub(super) width: usize,
}

impl Columns {
    /// The column of a known name.
    pub(super) fn of(&self, name: &str) -> Option<usize> {
        KNOWN.iter().position(|known| *known == name).and_then(|known| self.known[known])
    }

    /// The same for a finding.
    pub(super) fn column(&self, name: &str) -> Option<Column> {
        self.header.get(self.of(name)?).cloned()
    }

    /// The output's names of the carried columns. A name that the output has itself gets `input.` in front; a repeated one a number.
    pub(super) fn carried_names(&self, file: &Arc<str>, findings: &mut Findings<'_>) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = Vec::new();
        for column in self.carried.iter().filter_map(|column| self.header.get(*column)) {
            let place = || Place::Header { file: Arc::clone(file), column: column.clone() };
            let mut name = Arc::clone(&column.name);
            if ADDED.iter().any(|ours| name.eq_ignore_ascii_case(ours)) {
                name = format!("input.{name}").into();
                let message = format!("the output has a column `{}` of its own: this one becomes `{name}`", column.name);
                findings.push(Finding::new(Code::M008, place(), message));
            }
            let same = names.iter().filter(|taken| key(taken) == key(&name)).count();
            if same > 0 {
                name = format!("{name} ({})", same + 1).into();
                let message =
                    format!("two columns are called `{}`: this one is called `{}` from here on", printable(&column.name), printable(&name));
                findings.push(Finding::new(Code::T004, place(), message));
            }
            names.push(name);
        }
        names
    }
}

/// The letters and digits of a name: `Pupil ID`, `pupil-id` and `PUPIL_ID` are one.
pub(super) fn key(name: &str) -> String {
    name.nfkc().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Finds the columns of a goals file.
pub(super) fn read_columns(file: &Arc<str>, table: &Table) -> Result<Columns, ReadError> {
    let name = |(index, name): (usize, &String)| Column {
        index,
        name: if name.is_empty() { format!("column {}", column_letters(index)).into() } else { name.as_str().into() },
    };
    let header: Vec<Column> = table.header().iter().enumerate().map(name).collect();
    let keys: Vec<String> = table.header().iter().map(|name| key(name)).collect();
    let mut columns = Columns { header, known: [None; KNOWN.len()], carried: Vec::new(), width: table.width() };
    for (known, name) in KNOWN.iter().enumerate() {
        let mut found = keys.iter().enumerate().filter(|(_, written)| **written == key(name)).map(|(column, _)| column);
        columns.known[known] = found.next();
        if let Some(column) = found.next().and_then(|twice| columns.header.get(twice).cloned()) {
            let place = Place::Header { file: Arc::clone(file), column };
            return Err(Finding::new(Code::C011, place, format!("two columns are called `{name}`"))
                .help("rename or remove one of them")
                .into());
        }
    }
    if columns.known[..NEEDED].contains(&None) {
        return Err(lacking(file, &columns).into());
    }
    let ours = &columns.known[..OUR_OWN];
    columns.carried = (0..columns.header.len()).filter(|column| !ours.contains(&Some(*column))).collect();
    Ok(columns)
}

fn lacking(file: &Arc<str>, columns: &Columns) -> Finding {
    let lacking: Vec<&str> =
        KNOWN[..NEEDED].iter().zip(&columns.known).filter(|(_, column)| column.is_none()).map(|(name, _)| *name).collect();
    let noun = if lacking.len() == 1 { "column" } else { "columns" };
    let seen: Vec<&str> = columns.header.iter().map(|column| &*column.name).collect();
    let message = format!("the goals file lacks the {noun} {}", quoted_list(&lacking, NEEDED));
    let help = format!("every goals file has `pupil_id`, `goal` and `target`; this one has {}", quoted_list(&seen, 40));
    Finding::new(Code::C011, Place::File(Arc::clone(file)), message).help(help)
}
