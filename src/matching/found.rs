//! How columns were found, and what became of those that are no question's: nothing is lost without a word.

use std::collections::BTreeMap;

use super::columns::{Carried, FormColumns, MatchOptions, Matcher};
use super::context::Role;
use super::entry_columns::is_entry_check;
use super::header::plain;
use crate::findings::Code;
use crate::instrument::Instrument;

/// How a column was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Found {
    /// An option names it.
    Option,
    /// The map names it.
    Map,
    /// It is called by the question's short name.
    Name,
    /// It stands in a complete numbered run.
    Run,
    /// The question's match words stand in it.
    Words,
    /// Its header is one of those that mean this.
    Header,
    /// It is one of several that it could be, which is refused: taken only so that it is not reported as absent too.
    Unclear,
}

impl Found {
    /// How a column was found, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Option => "option",
            Self::Map => "map",
            Self::Name => "short name",
            Self::Run => "numbered run",
            Self::Words => "match words",
            Self::Header => "header",
            Self::Unclear => "unclear",
        }
    }
}

/// Why a column is neither read nor carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeftOut {
    /// The form system adds it by itself, and it can name a person.
    FormSystem,
    /// The entry sheet checks itself with it.
    EntryCheck,
    /// An option drops it.
    Dropped,
    /// The map ignores it.
    Ignored,
    /// An option says what is kept, and it is none of it.
    NotKept,
}

impl LeftOut {
    /// Every reason.
    pub const ALL: [Self; 5] = [Self::FormSystem, Self::EntryCheck, Self::Dropped, Self::Ignored, Self::NotKept];

    /// The reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::FormSystem => "added by the form system",
            Self::EntryCheck => "a check of the entry sheet",
            Self::Dropped => "dropped by an option",
            Self::Ignored => "ignored by the map",
            Self::NotKept => "not among those to keep",
        }
    }
}

/// What the matching has to say besides which column is which.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// How the columns of the roles were found; that of the id if there is one.
    pub roles: BTreeMap<Role, Found>,
    /// The columns that are neither read nor carried.
    pub left_out: Vec<(usize, LeftOut)>,
    /// Carried columns that are named like questions.
    pub lookalikes: Vec<usize>,
    /// For each form and each question without a column of its own, the columns that it may be.
    pub suggestions: Vec<Vec<Vec<usize>>>,
}

impl Matcher<'_> {
    /// What became of the columns, once all of them have been matched.
    pub(super) fn account(
        &self,
        instruments: &[&Instrument],
        forms: &[FormColumns],
        id: &[usize],
        roles: &BTreeMap<Role, usize>,
        carried: &[Carried],
    ) -> Account {
        let options = self.options;
        let is_unclear = self.findings.iter().any(|finding| finding.code == Code::M007);
        let with_id = (!id.is_empty()).then_some(Role::Id);
        let how = |role: Role| {
            if options.roles.contains_key(&role) {
                Found::Option
            } else if options.map.context.contains_key(role.word()) || (role == Role::Id && !options.map.id.is_empty()) {
                Found::Map
            } else if role == Role::Id && is_unclear {
                Found::Unclear
            } else {
                Found::Header
            }
        };
        let taken: Vec<usize> = id.iter().copied().chain(roles.values().copied()).collect();
        let roles = with_id.into_iter().chain(roles.keys().copied()).map(|role| (role, how(role))).collect();
        let is_question = |column: &usize| forms.iter().any(|form| form.items.contains(&Some(*column)));
        let is_carried = |column: &usize| carried.iter().any(|carried| carried.column == *column);
        let rest = (0..self.header.len()).filter(|column| !is_question(column) && !is_carried(column));
        let lookalikes = self.findings.iter().filter(|finding| finding.code == Code::M011);
        Account {
            roles,
            left_out: rest.map(|column| (column, self.why_left_out(column, options))).collect(),
            lookalikes: lookalikes.filter_map(|finding| finding.place.column().map(|column| column.index)).collect(),
            suggestions: instruments.iter().zip(forms).map(|(form, columns)| self.suggestions(form, &columns.found, &taken)).collect(),
        }
    }

    fn why_left_out(&self, column: usize, options: &MatchOptions) -> LeftOut {
        let name = self.header.get(column).map_or("", |column| &*column.name);
        if is_entry_check(name) {
            return LeftOut::EntryCheck;
        }
        if !self.dropped.get(column).copied().unwrap_or(false) {
            return if options.keep.is_some() { LeftOut::NotKept } else { LeftOut::FormSystem };
        }
        let is_ignored = options.map.ignore.iter().any(|ignored| plain(ignored) == plain(name));
        if is_ignored { LeftOut::Ignored } else { LeftOut::Dropped }
    }
}
