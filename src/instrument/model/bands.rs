//! Bands: where each level of concern begins.

use super::scale::Better;
use crate::instrument::number::Number;

/// A named set of bands.
#[derive(Debug)]
pub struct BandSet {
    /// Its name: `four`.
    pub id: String,
    /// Where it comes from.
    pub source: String,
    /// The bands of each scale of [`super::Instrument::scales`]; none where the set has none for it.
    pub scales: Vec<Option<Bands>>,
    /// The level from which `flag` lists a pupil.
    pub flag_from: usize,
    /// The lists that `flag` makes, in their order.
    pub flag_lists: Vec<FlagList>,
}

/// The bands of one scale.
#[derive(Clone, Debug)]
pub struct Bands {
    /// The names of the levels, in order of concern.
    pub levels: Vec<String>,
    /// Where each level after the first begins.
    pub edges: Edges,
    /// Which end is the concern: at or above an edge where low is better, at or below it where high is better.
    pub better: Better,
    /// Whether a score at an edge is still on its better side, where high is better: bands that begin below it.
    pub below: bool,
}

/// Where the levels after the first begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edges {
    /// For everybody in the same place.
    Same(Vec<Number>),
    /// For each group of pupils in a place of its own.
    ByGroup {
        /// The grouping, in [`super::Instrument::groupings`].
        grouping: usize,
        /// The edges, by the group's place.
        of: Vec<Vec<Number>>,
    },
}

impl Bands {
    /// Bands that are the same for everybody.
    pub fn same(levels: Vec<String>, edges: Vec<Number>, better: Better) -> Self {
        Self { levels, edges: Edges::Same(edges), better, below: false }
    }

    /// The grouping that decides where the bands begin, if any does.
    pub fn grouping(&self) -> Option<usize> {
        match self.edges {
            Edges::Same(_) => None,
            Edges::ByGroup { grouping, .. } => Some(grouping),
        }
    }

    /// Where each level after the first begins, for a group's place; none where the group is needed and not known.
    pub fn edges(&self, group: Option<usize>) -> Option<&[Number]> {
        match &self.edges {
            Edges::Same(edges) => Some(edges),
            Edges::ByGroup { of, .. } => of.get(group?).map(Vec::as_slice),
        }
    }

    /// The level that a score has in a group's place: 0 is the level of least concern.
    pub fn level(&self, score: Number, group: Option<usize>) -> Option<usize> {
        let beyond = |edge: &&Number| match (self.better, self.below) {
            (Better::Lower, _) => score >= **edge,
            (Better::Higher, false) => score <= **edge,
            (Better::Higher, true) => score < **edge,
        };
        Some(self.edges(group)?.iter().take_while(beyond).count())
    }

    /// The name of a level.
    pub fn name(&self, level: usize) -> &str {
        self.levels.get(level).map_or("", String::as_str)
    }
}

/// One of the lists that `flag` makes.
#[derive(Debug)]
pub struct FlagList {
    /// Its heading.
    pub heading: String,
    /// The scales that put a pupil on it.
    pub scales: Vec<usize>,
    /// What a reader should know about it: how many pupils it finds anywhere.
    pub about: Option<String>,
}
