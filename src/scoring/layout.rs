//! The layout of the output: what every row of it has in common, whichever file it comes from.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::form::Form;
use super::join::Listing;
use super::repeat::RowPlace;
use crate::findings::{Column, printable};
use crate::input::Record;
use crate::matching::{ColumnMap, ListColumn, Role, informant, names_a_pupil};

/// Codes that stand for pupils where names are hidden.
pub trait Pseudonyms: std::fmt::Debug + Send + Sync {
    /// The code of an id: the same id always has the same one.
    fn code(&self, id: &str) -> String;
}

/// A cell with more characters than this is a comment: a person must read it, in its place.
const LONGEST_CARRIED: usize = 100;

/// More words than this are a sentence: the name of a class or a provision is shorter.
const LONGEST_PHRASE: usize = 4;

/// The forms, the files, and the carried columns of an output.
#[derive(Debug)]
pub struct Layout {
    forms: Vec<Form>,
    files: Vec<Arc<str>>,
    /// For each file, the columns that make the pupil's id.
    ids: Vec<Vec<usize>>,
    names: Vec<Arc<str>>,
    sources: Vec<Carries>,
    blocks: Vec<Vec<bool>>,
    /// For each file and form, which optional parts it has.
    file_blocks: Vec<Vec<Vec<bool>>>,
    /// For each file, the columns of the other roles.
    roles: Vec<BTreeMap<Role, usize>>,
    /// For each file and form, the column of each question.
    questions: Vec<Vec<Vec<Option<usize>>>>,
    /// For each file, all its columns.
    headers: Vec<Vec<Column>>,
    /// The pupil list, and how the files' pupils are looked up in it.
    listing: Option<Listing>,
    hide_names: Option<Box<dyn Pseudonyms>>,
}

/// Where a carried column comes from.
#[derive(Debug)]
enum Carries {
    File,
    Pupil,
    /// The column of each file, where it has it.
    Column(Vec<Option<usize>>),
    /// A group of the pupil list.
    Listed(usize),
}

/// What a carried cell is, where that is plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plainly {
    /// The cell of a column of the file, as it stands there.
    Cell(usize),
    /// The file has no such column.
    Blank,
    /// The name of the file.
    FileName,
}

impl Plainly {
    pub(super) fn column(self) -> Option<usize> {
        match self {
            Self::Cell(column) => Some(column),
            Self::Blank | Self::FileName => None,
        }
    }
}

impl Layout {
    /// The union of the files' carried columns, in the order in which they first appear.
    pub(super) fn new(forms: Vec<Form>, files: Vec<Arc<str>>, maps: &[&ColumnMap], hide_names: Option<Box<dyn Pseudonyms>>) -> Self {
        let mut layout = Self {
            blocks: Vec::new(),
            file_blocks: maps.iter().map(|map| map.forms.iter().map(|form| form.blocks.clone()).collect()).collect(),
            roles: maps.iter().map(|map| map.roles.clone()).collect(),
            questions: maps.iter().map(|map| map.forms.iter().map(|form| form.items.clone()).collect()).collect(),
            headers: maps.iter().map(|map| map.header.clone()).collect(),
            ids: maps.iter().map(|map| map.id.clone()).collect(),
            names: Vec::new(),
            sources: Vec::new(),
            forms,
            files,
            listing: None,
            hide_names,
        };
        layout.blocks = layout.forms.iter().enumerate().map(|(form, _)| blocks_in_any(form, maps)).collect();
        if layout.files.len() > 1 {
            layout.add("file".into(), Carries::File);
        }
        let has_own_column = layout.hide_names.is_some() || layout.ids.iter().any(Vec::is_empty);
        if has_own_column {
            layout.add("pupil_id".into(), Carries::Pupil);
        }
        for (file, map) in maps.iter().enumerate() {
            for carried in &map.carried {
                let is_hidden = layout.hide_names.is_some() && (map.id.contains(&carried.column) || names_a_pupil(&carried.name));
                // Another file's own `pupil_id` is what ours says of it.
                let is_there = has_own_column && &*carried.name == "pupil_id";
                if !is_hidden && !is_there {
                    layout.carry(file, &carried.name, carried.column);
                }
            }
        }
        layout
    }

    /// The layout with the groups of a pupil list, where no file has a column of that name. The files' own columns stay as they are.
    pub(super) fn with_list(mut self, listing: Listing, groups: &[usize], reserved: &[String]) -> Self {
        for group in groups {
            let Some(name) = listing.roster.list().groups.get(*group).map(|group| group.column.word()) else { continue };
            if self.carried_position(name).is_none() {
                let is_ours = reserved.iter().any(|taken| taken.eq_ignore_ascii_case(name));
                self.add(if is_ours { format!("list.{name}").into() } else { name.into() }, Carries::Listed(*group));
            }
        }
        self.listing = Some(listing);
        self
    }

    /// The pupil list that the files' pupils are looked up in.
    pub(super) fn listing(&self) -> Option<&Listing> {
        self.listing.as_ref()
    }

    /// A row of one of the files, as a message in another calls it.
    pub(super) fn row_words(&self, (file, row): RowPlace, from: usize) -> String {
        if file == from { format!("row {row}") } else { format!("row {row} of {}", printable(self.file_name(file))) }
    }

    fn add(&mut self, name: Arc<str>, source: Carries) {
        self.names.push(name);
        self.sources.push(source);
    }

    fn carry(&mut self, file: usize, name: &Arc<str>, column: usize) {
        let known = self.names.iter().zip(&mut self.sources).find_map(|(known, source)| match source {
            Carries::Column(columns) if known == name => Some(columns),
            _ => None,
        });
        if let Some(columns) = known {
            columns[file] = Some(column);
        } else {
            let mut columns = vec![None; self.files.len()];
            columns[file] = Some(column);
            self.add(Arc::clone(name), Carries::Column(columns));
        }
    }

    /// The forms, in the order in which they were asked for.
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    pub(super) fn into_forms(self) -> Vec<Form> {
        self.forms
    }

    /// Whether pupils have codes instead of names.
    pub(super) fn hides_names(&self) -> bool {
        self.hide_names.is_some()
    }

    /// The names of the carried columns.
    pub fn carried(&self) -> &[Arc<str>] {
        &self.names
    }

    /// Whether any file has an optional part of a form. One that no file has adds no columns.
    pub fn has_block(&self, form: usize, block: Option<usize>) -> bool {
        block.is_none_or(|block| self.blocks.get(form).and_then(|blocks| blocks.get(block)).copied().unwrap_or(false))
    }

    /// Whether some file says what the form's norms go by.
    pub fn says_context(&self, form: &Form) -> bool {
        let instrument = form.instrument();
        let by_sex = instrument.norms.iter().filter_map(|norms| instrument.groupings.get(norms.grouping)).any(|grouping| grouping.by_sex);
        let is_listed = || self.listing().is_some_and(|listing| listing.roster.list().columns.contains_key(&ListColumn::Sex));
        !by_sex || is_listed() || self.roles.iter().any(|roles| roles.contains_key(&Role::Sex))
    }

    /// Whether a file has an optional part of a form.
    pub(super) fn file_has_block(&self, file: usize, form: usize, block: Option<usize>) -> bool {
        let has = |block| self.file_blocks.get(file)?.get(form)?.get(block).copied();
        block.is_none_or(|block| has(block).unwrap_or(false))
    }

    /// The scales of a form that the output shows.
    pub fn shown(&self, form: usize) -> Vec<usize> {
        let Some(used) = self.forms.get(form) else { return Vec::new() };
        let is_there = |scale: &usize| used.instrument().scales.get(*scale).is_some_and(|scale| self.has_block(form, scale.block));
        used.shown().iter().copied().filter(is_there).collect()
    }

    /// The name of a scale's columns: with several forms, `<instrument>.<scale>`.
    pub fn column(&self, form: usize, scale: usize) -> String {
        let Some((used, scale)) = self.forms.get(form).and_then(|form| Some((form, form.instrument().scales.get(scale)?))) else {
            return String::new();
        };
        if self.forms.len() > 1 { format!("{}.{}", used.instrument().id, scale.id) } else { scale.id.to_string() }
    }

    /// The carried column with a name; case does not matter.
    pub fn carried_position(&self, name: &str) -> Option<usize> {
        self.names
            .iter()
            .position(|known| **known == *name)
            .or_else(|| self.names.iter().position(|known| known.eq_ignore_ascii_case(name)))
    }

    /// Whether the rows come from several files.
    pub fn has_several_files(&self) -> bool {
        self.files.len() > 1
    }

    /// A word that may be a name, as the output has it: a code where names are hidden.
    pub fn coded<'b>(&self, word: &'b str) -> Cow<'b, str> {
        match &self.hide_names {
            Some(key) if !word.is_empty() => Cow::Owned(key.code(word)),
            _ => Cow::Borrowed(word),
        }
    }

    /// Whether every file says which pupil a row is about.
    pub fn says_pupil(&self) -> bool {
        self.ids.iter().all(|columns| !columns.is_empty())
    }

    /// Whether every file says when a form was filled in.
    pub fn says_date(&self) -> bool {
        self.roles.iter().all(|roles| roles.contains_key(&Role::Date))
    }

    /// Whether some file, or the pupil list, says this of pupils.
    pub fn says_role(&self, role: Role) -> bool {
        let listed = match role {
            Role::Sex => Some(ListColumn::Sex),
            Role::Year => Some(ListColumn::Year),
            Role::Age => Some(ListColumn::Birth),
            _ => None,
        };
        let is_listed = || self.listing().zip(listed).is_some_and(|(listing, column)| listing.roster.list().columns.contains_key(&column));
        self.roles.iter().any(|roles| roles.contains_key(&role)) || is_listed()
    }

    /// The column of a role in a file.
    pub(super) fn role(&self, file: usize, role: Role) -> Option<usize> {
        self.roles.get(file).and_then(|roles| roles.get(&role)).copied()
    }

    /// The column of a question in a file.
    pub(super) fn question(&self, file: usize, form: usize, item: usize) -> Option<&Column> {
        let column = self.questions.get(file)?.get(form)?.get(item).copied().flatten()?;
        self.headers.get(file)?.get(column)
    }

    pub(super) fn file_name(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |name| name)
    }

    /// The pupil's id as the output has it.
    pub(super) fn pupil<'b>(&'b self, file: usize, record: Record<'b>) -> Cow<'b, str> {
        let id = self.plain_id(file, record);
        match &self.hide_names {
            Some(key) if !id.is_empty() => Cow::Owned(key.code(&id)),
            _ if id.is_empty() => Cow::Owned(format!("row {}", record.row())),
            _ => id,
        }
    }

    /// The id as it stands in the file; several columns are joined by commas. Empty if the file has none, or the cell is blank.
    pub(super) fn plain_id<'b>(&self, file: usize, record: Record<'b>) -> Cow<'b, str> {
        match self.ids.get(file).map(Vec::as_slice).unwrap_or_default() {
            [only] => Cow::Borrowed(record.cell(*only).trim()),
            several => {
                let parts: Vec<&str> = several.iter().map(|column| record.cell(*column).trim()).filter(|part| !part.is_empty()).collect();
                Cow::Owned(parts.join(", "))
            }
        }
    }

    /// The carried column that says which pupil a row is about.
    pub fn pupil_position(&self) -> Option<usize> {
        (0..self.names.len()).find(|column| self.is_pupil_column(*column))
    }

    /// Whether a carried column names the pupil, so that a row whose cells cannot be trusted still has a name.
    pub fn is_pupil_column(&self, column: usize) -> bool {
        match self.sources.get(column) {
            Some(Carries::Pupil) => true,
            Some(Carries::Column(columns)) => {
                let is_id = |(file, column): (usize, &Option<usize>)| {
                    column.is_some_and(|column| self.ids.get(file).and_then(|ids| ids.first()) == Some(&column))
                };
                columns.iter().enumerate().any(is_id)
            }
            Some(Carries::File | Carries::Listed(_)) | None => false,
        }
    }

    /// For each carried column, what its cells are in a file, if they are known without looking at anything but the file.
    pub(super) fn plainly_carried(&self, file: usize) -> Option<Vec<Plainly>> {
        if self.hides_names() || self.listing.is_some() || self.role(file, Role::Informant).is_some() {
            return None;
        }
        let place = |source: &Carries| match source {
            Carries::Column(columns) => columns.get(file).map(|column| column.map_or(Plainly::Blank, Plainly::Cell)),
            Carries::File => Some(Plainly::FileName),
            Carries::Pupil | Carries::Listed(_) => None,
        };
        self.sources.iter().map(place).collect()
    }

    /// What a carried column says of a row whose cells cannot be trusted: in which file it stands, and nothing else.
    pub(super) fn file_cell(&self, column: usize, file: usize) -> &str {
        match self.sources.get(column) {
            Some(Carries::File) => self.file_name(file),
            _ => "",
        }
    }

    /// A carried cell; a comment is replaced by its length.
    pub(super) fn carried_cell<'b>(&'b self, column: usize, file: usize, record: Record<'b>, listed: Option<usize>) -> Cow<'b, str> {
        match self.sources.get(column) {
            Some(Carries::File) => Cow::Borrowed(self.file_name(file)),
            Some(Carries::Pupil) => self.listed_pupil(file, record, listed),
            Some(Carries::Listed(group)) => Cow::Borrowed(self.listing().map_or("", |listing| listing.group(*group, listed))),
            Some(Carries::Column(columns)) => {
                let place = columns.get(file).copied().flatten();
                let cell = place.map_or("", |column| record.cell(column));
                // A row without an id is called by its number here as everywhere else.
                let is_first_of_id = place.is_some() && self.ids.get(file).and_then(|ids| ids.first().copied()) == place;
                if is_first_of_id && self.plain_id(file, record).is_empty() {
                    return self.pupil(file, record);
                }
                // Who completed a form is often a name, and then it is hidden like the pupil's.
                if place.is_some() && place == self.role(file, Role::Informant) && informant(cell).is_none() {
                    return self.coded(cell);
                }
                let hidden = if self.hides_names() { hidden_comment(cell) } else { comment_length(cell).map(comment_words) };
                hidden.map_or(Cow::Borrowed(cell), Cow::Owned)
            }
            None => Cow::Borrowed(""),
        }
    }
}

/// The length of a cell that is a comment.
pub(super) fn comment_length(cell: &str) -> Option<usize> {
    // Bytes bound characters from above, so short cells are not counted.
    if cell.len() <= LONGEST_CARRIED {
        return None;
    }
    Some(cell.chars().count()).filter(|length| *length > LONGEST_CARRIED)
}

/// What stands for a comment in every output.
pub fn comment_words(length: usize) -> String {
    format!("[comment, {length} characters]")
}

/// What stands for a cell that is a comment where names are hidden: there a sentence is one however short, for it may say whose it is.
pub fn hidden_comment(cell: &str) -> Option<String> {
    let sentence = || cell.split_whitespace().count() > LONGEST_PHRASE;
    comment_length(cell).or_else(|| sentence().then(|| cell.chars().count())).map(comment_words)
}

fn blocks_in_any(form: usize, maps: &[&ColumnMap]) -> Vec<bool> {
    let mut found: Vec<bool> = Vec::new();
    for blocks in maps.iter().filter_map(|map| map.forms.get(form)).map(|columns| &columns.blocks) {
        found.resize(blocks.len(), false);
        for (seen, here) in found.iter_mut().zip(blocks) {
            *seen |= here;
        }
    }
    found
}
