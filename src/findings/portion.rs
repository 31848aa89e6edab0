//! The findings of a portion of a file, made apart from those of the rest.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::collect::KEPT;
use super::{Code, Finding};

/// Which findings are wanted in words.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    /// Somebody wants to see every one.
    All,
    /// The first few of each kind and column; the others are only counted. Of the kinds and columns named here there were enough before.
    First(Arc<HashSet<Of>>),
}

/// A kind of finding, and the column that it is about.
pub(super) type Of = (Code, Option<usize>);

/// The findings of a portion of a file, in order: the first few of each kind and column, and how many more there were.
#[derive(Debug)]
pub(crate) struct Portion {
    findings: Vec<Finding>,
    wanted: Wanted,
    cells: HashMap<Of, Counted>,
}

/// What of a kind and column is only counted.
#[derive(Debug)]
struct Counted {
    /// How many more are put into words.
    room: usize,
    /// How many were not.
    more: u64,
}

impl Portion {
    pub(crate) fn new(wanted: Wanted) -> Self {
        Self { findings: Vec::new(), wanted, cells: HashMap::new() }
    }

    /// Counts one finding about a cell or a row. Says whether it should be made and pushed.
    pub(crate) fn wants(&mut self, code: Code, column: Option<usize>) -> bool {
        let Wanted::First(known) = &self.wanted else { return true };
        let of = (code, column);
        let counted = self.cells.entry(of).or_insert_with(|| Counted { room: if known.contains(&of) { 0 } else { KEPT }, more: 0 });
        let is_wanted = counted.room > 0;
        if is_wanted {
            counted.room -= 1;
        } else {
            counted.more += 1;
        }
        is_wanted
    }

    /// Takes a finding that is wanted.
    pub(crate) fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// How many were put into words.
    pub(crate) fn len(&self) -> usize {
        self.findings.len()
    }

    /// Puts findings in between, each before the one that stands at its place; the places do not fall.
    pub(crate) fn insert(&mut self, between: Vec<(usize, Finding)>) {
        if between.is_empty() {
            return;
        }
        let mut merged = Vec::with_capacity(self.findings.len() + between.len());
        let mut own = std::mem::take(&mut self.findings).into_iter().enumerate().peekable();
        for (place, finding) in between {
            while let Some((_, before)) = own.next_if(|(at, _)| *at < place) {
                merged.push(before);
            }
            merged.push(finding);
        }
        merged.extend(own.map(|(_, finding)| finding));
        self.findings = merged;
    }

    /// Forgets the findings of some kinds.
    pub(crate) fn forget(&mut self, codes: &[Code]) {
        self.findings.retain(|finding| !codes.contains(&finding.code));
        self.cells.retain(|(code, _), _| !codes.contains(code));
    }

    /// Whether a finding of this kind was put into words.
    pub(crate) fn holds(&self, code: Code) -> bool {
        self.findings.iter().any(|finding| finding.code == code)
    }

    /// The findings, and how many more there were of each kind and column than were put into words, in no order.
    pub(super) fn into_parts(self) -> (Vec<Finding>, impl Iterator<Item = (Of, u64)>) {
        let more = self.cells.into_iter().filter(|(_, counted)| counted.more > 0).map(|(of, counted)| (of, counted.more));
        (self.findings, more)
    }
}
