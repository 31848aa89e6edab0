//! Findings gathered while a file is read: the first three of each kind and column are kept, the rest is counted.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::portion::{Of, Portion, Wanted};
use super::{Code, Finding, Place, Severity};

/// How many findings of one kind and column are kept in full.
pub(super) const KEPT: usize = 3;

/// Somebody who wants to see every finding, not only the first three of each kind.
pub trait Observer {
    /// Takes one finding, in the order in which they were made.
    fn observe(&mut self, finding: &Finding);

    /// Whether it looks at all. Where nobody does, findings that would only be counted are not put into words.
    fn is_watching(&self) -> bool {
        true
    }
}

/// Findings of one code in one column of one file.
#[derive(Clone, Debug)]
pub struct Group {
    /// The first ones, at most three.
    pub first: Vec<Finding>,
    /// How many there were.
    pub count: u64,
}

/// Code, file and column; findings that do not repeat have a number of their own as well.
type Key = (Code, Arc<str>, Option<usize>, Option<usize>);

/// All findings so far, grouped by code, file and column, in the order of their first appearance.
#[derive(Default)]
pub struct Findings<'o> {
    groups: Vec<Group>,
    index: HashMap<Key, usize>,
    /// For each file, of what there are enough in words.
    enough: HashMap<Arc<str>, Arc<HashSet<Of>>>,
    observer: Option<&'o mut dyn Observer>,
    worst: Option<Severity>,
    rows: Rows,
}

/// Whether findings say in which row they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Rows {
    #[default]
    Named,
    /// A row's number would help to find out whose answers they are.
    Nameless,
}

impl<'o> Findings<'o> {
    /// No findings yet, and nobody watching.
    pub fn new() -> Self {
        Self::default()
    }

    /// No findings yet; each one goes to the observer too.
    pub fn watched_by(observer: &'o mut dyn Observer) -> Self {
        Self { observer: Some(observer), ..Self::default() }
    }

    /// From here on no finding says in which row it is: the responses are anonymous.
    pub fn leave_out_rows(&mut self) {
        self.rows = Rows::Nameless;
    }

    /// Takes one more.
    pub fn push(&mut self, mut finding: Finding) {
        let rows_repeat = rows_repeat(&finding);
        if let (Rows::Nameless, Place::Row { file, column, .. }) = (self.rows, &finding.place) {
            finding.place = match column.clone() {
                Some(column) => Place::Header { file: Arc::clone(file), column },
                None => Place::File(Arc::clone(file)),
            };
        }
        if let Some(observer) = self.observer.as_deref_mut() {
            observer.observe(&finding);
        }
        let severity = finding.code.severity();
        self.worst = Some(self.worst.map_or(severity, |worst| worst.max(severity)));
        let column = finding.place.column().map(|column| column.index);
        // Findings about a definition or a header are each their own: only cells repeat.
        let own = if rows_repeat { None } else { Some(self.groups.len()) };
        let key = (finding.code, Arc::clone(finding.place.file()), column, own);
        let position = *self.index.entry(key).or_insert_with(|| {
            self.groups.push(Group { first: Vec::new(), count: 0 });
            self.groups.len() - 1
        });
        if let Some(group) = self.groups.get_mut(position) {
            group.count += 1;
            if group.first.len() < KEPT {
                let (code, file) = (finding.code, Arc::clone(finding.place.file()));
                group.first.push(finding);
                if group.first.len() == KEPT && rows_repeat {
                    Arc::make_mut(self.enough.entry(file).or_default()).insert((code, column));
                }
            }
        }
    }

    /// Takes several more.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            self.push(finding);
        }
    }

    /// Which findings of the next portion of a file should be put into words.
    pub(crate) fn wanted(&self, file: &Arc<str>) -> Wanted {
        match self.observer.as_deref() {
            Some(observer) if observer.is_watching() => Wanted::All,
            _ => Wanted::First(self.enough.get(file).cloned().unwrap_or_default()),
        }
    }

    /// Takes the findings of a portion of a file.
    pub(crate) fn take(&mut self, file: &Arc<str>, portion: Portion) {
        let (findings, more) = portion.into_parts();
        self.extend(findings);
        for ((code, column), count) in more {
            let place = self.index.get(&(code, Arc::clone(file), column, None));
            if let Some(group) = place.and_then(|place| self.groups.get_mut(*place)) {
                group.count += count;
            }
        }
    }

    /// All findings that were kept, in the order of their groups.
    pub fn into_all(self) -> impl Iterator<Item = Finding> {
        self.groups.into_iter().flat_map(|group| group.first)
    }

    /// The groups, the gravest first, else in the order of their first appearance.
    pub fn groups(&self) -> Vec<&Group> {
        let mut groups: Vec<&Group> = self.groups.iter().collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.severity()));
        groups
    }

    /// The gravest severity so far.
    pub fn worst(&self) -> Option<Severity> {
        self.worst
    }

    /// How many findings of one severity there were.
    pub fn count(&self, severity: Severity) -> u64 {
        self.groups.iter().filter(|group| group.severity() == severity).map(|group| group.count).sum()
    }

    /// Whether there were none at all.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

/// Whole rows repeat like cells do (a file with a thousand short rows); definitions do not.
fn rows_repeat(finding: &Finding) -> bool {
    matches!(finding.place, Place::Row { .. })
}

impl Group {
    /// How serious the group is.
    pub fn severity(&self) -> Severity {
        self.first.first().map_or(Severity::Note, |finding| finding.code.severity())
    }
}
