//! The entry sheet: which columns a form needs, one row a pupil, and headers that `score` recognises without being told anything.
//!
//! The headers are not hoped to be right: each candidate is matched as any file's header would be, and the first one that comes out
//! whole, with every question in its own column and nothing to remark, is taken.

use std::sync::Arc;

use super::codes::Allowed;
use crate::findings::{Code, list_or};
use crate::instrument::{AnswerSet, Informant, Instrument, KeyBy};
use crate::matching::{BLANK_COLUMN, Header, ListColumn, ListedPupil, MatchOptions, NOT_ALLOWED_COLUMN, PupilList, match_columns};
use crate::scoring::Form;

/// What an entry sheet is asked to be.
#[derive(Clone, Debug, Default)]
pub struct EntryOptions {
    /// Optional parts of the form that the sheet leaves out.
    pub without: Vec<String>,
    /// How many rows it has where there is no pupil list.
    pub rows: usize,
    /// The day on which the forms are filled in, from which ages are counted.
    pub on: Option<jiff::civil::Date>,
    /// Pupils who get no row, by their place in the list: their consent was withdrawn.
    pub excluded: Vec<usize>,
}

/// Why no entry sheet can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Printed editions number the questions differently, and none is named.
    #[error("printed editions of {instrument} do not number the questions alike, and a sheet must be in the order of yours: add {orders}")]
    WhichOrder {
        /// The instrument.
        instrument: String,
        /// The editions.
        orders: String,
    },
    /// A part was to be left out that the form does not have.
    #[error("{instrument} has no optional part `{name}`{help}")]
    UnknownPart {
        /// The instrument.
        instrument: String,
        /// What was written.
        name: String,
        /// What there is.
        help: String,
    },
    /// Nothing is left to type in.
    #[error("without these parts {instrument} has no question left")]
    NoQuestions {
        /// The instrument.
        instrument: String,
    },
    /// No header would be recognised.
    #[error("no header of an entry sheet for {instrument} would be recognised: give each question an id of its own in the definition")]
    NoHeader {
        /// The instrument.
        instrument: String,
    },
}

/// What a column before the questions says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The pupil's id.
    Id,
    /// The pupil's name.
    Name,
    /// The class.
    Class,
    /// The sex, for norms and cut-offs.
    Sex,
    /// The school year, for norms and cut-offs.
    Year,
    /// The age, for norms and bands.
    Age,
    /// When the form was filled in.
    Date,
    /// Who filled it in.
    CompletedBy,
}

impl About {
    /// The header.
    pub fn header(self) -> &'static str {
        match self {
            Self::Id => "pupil_id",
            Self::Name => "name",
            Self::Class => "class",
            Self::Sex => "sex",
            Self::Year => "year",
            Self::Age => "age",
            Self::Date => "date",
            Self::CompletedBy => "completed by",
        }
    }
}

/// A column with a question.
#[derive(Clone, Debug)]
pub struct QuestionColumn {
    /// The question, in the instrument's items.
    pub item: usize,
    /// The header.
    pub header: String,
    /// What may be typed into it.
    pub allowed: Allowed,
    /// Whether somebody must look at the answer today.
    pub is_critical: bool,
    /// Whether a blank is counted: one in an optional part may be as it should be.
    pub is_counted: bool,
}

/// An entry sheet.
#[derive(Debug)]
pub struct EntrySheet<'f> {
    form: &'f Form,
    /// The columns before the questions.
    pub about: Vec<About>,
    /// The questions, in the order of the form; optional parts last.
    pub questions: Vec<QuestionColumn>,
    /// For each row, the cells of the columns before the questions.
    pub rows: Vec<Vec<String>>,
    /// The optional parts that are left out.
    pub left_out: Vec<usize>,
    /// Whether there is a pupil list.
    pub has_list: bool,
}

impl<'f> EntrySheet<'f> {
    /// The sheet of a form.
    ///
    /// # Errors
    ///
    /// When the order of the questions is not known, a part is named that the form does not have, or no header would be recognised.
    pub fn new(form: &'f Form, pupils: Option<&PupilList>, options: &EntryOptions) -> Result<Self, EntryError> {
        let instrument = form.instrument();
        if !instrument.orders.is_empty() && form.order().is_none() {
            let orders: Vec<String> = instrument.orders.iter().map(|order| format!("`--choose order={}`", order.id)).collect();
            return Err(EntryError::WhichOrder { instrument: instrument.id.to_string(), orders: list_or(&orders) });
        }
        let left_out = options.without.iter().map(|name| part(instrument, name)).collect::<Result<Vec<_>, _>>()?;
        let items = items(instrument, &left_out);
        if items.is_empty() {
            return Err(EntryError::NoQuestions { instrument: instrument.id.to_string() });
        }
        let about = about(form, pupils);
        let headers = headers(instrument, &about, &items).ok_or_else(|| EntryError::NoHeader { instrument: instrument.id.to_string() })?;
        let has_required = items.iter().any(|item| instrument.items.get(*item).is_some_and(|item| item.block.is_none()));
        let questions = items.iter().zip(headers).filter_map(|(item, header)| {
            let question = instrument.items.get(*item)?;
            let is_critical = instrument.critical.iter().any(|critical| critical.item == *item);
            Some(QuestionColumn {
                item: *item,
                header,
                allowed: Allowed::of(instrument.answers.get(question.answers)?),
                is_critical,
                is_counted: question.block.is_none() || !has_required || is_critical,
            })
        });
        let questions = questions.collect();
        let rows = match pupils {
            Some(list) => listed(list, options).map(|pupil| about.iter().map(|column| cell(*column, pupil, options)).collect()).collect(),
            None => vec![vec![String::new(); about.len()]; options.rows],
        };
        Ok(Self { form, about, questions, rows, left_out, has_list: pupils.is_some() })
    }

    /// The form.
    pub fn form(&self) -> &Form {
        self.form
    }

    /// The headers of the columns that are typed into.
    pub fn headers(&self) -> Vec<&str> {
        self.about.iter().map(|column| column.header()).chain(self.questions.iter().map(|question| question.header.as_str())).collect()
    }

    /// The headers of the two columns with which a workbook checks itself.
    pub fn checks() -> [&'static str; 2] {
        [BLANK_COLUMN, NOT_ALLOWED_COLUMN]
    }

    /// The sets of answers that the sheet asks for, each with the headers of its questions.
    pub fn answer_sets(&self) -> Vec<(&AnswerSet, Vec<&str>)> {
        let instrument = self.form.instrument();
        let mut sets: Vec<(usize, Vec<&str>)> = Vec::new();
        for question in &self.questions {
            let Some(set) = instrument.items.get(question.item).map(|item| item.answers) else { continue };
            match sets.iter_mut().find(|(known, _)| *known == set) {
                Some((_, headers)) => headers.push(&question.header),
                None => sets.push((set, vec![&question.header])),
            }
        }
        sets.into_iter().filter_map(|(set, headers)| Some((instrument.answers.get(set)?, headers))).collect()
    }

    /// Who can have filled the form in, where that is worth a column: the words that `score` understands.
    pub fn informants(&self) -> &'static [&'static str] {
        match self.form.instrument().informant {
            Informant::SelfReport => &[],
            Informant::Parent => &["mother", "father", "carer", "parent"],
            Informant::Teacher | Informant::Staff => &["teacher", "staff"],
        }
    }
}

fn listed<'l>(list: &'l PupilList, options: &'l EntryOptions) -> impl Iterator<Item = &'l ListedPupil> {
    list.pupils.iter().enumerate().filter(|(place, _)| !options.excluded.contains(place)).map(|(_, pupil)| pupil)
}

fn part(instrument: &Instrument, name: &str) -> Result<usize, EntryError> {
    instrument.blocks.iter().position(|block| block.id == name).ok_or_else(|| {
        let known: Vec<String> = instrument.blocks.iter().map(|block| format!("`{}`", block.id)).collect();
        let help = if known.is_empty() { String::new() } else { format!(": it has {}", list_or(&known)) };
        EntryError::UnknownPart { instrument: instrument.id.to_string(), name: name.to_owned(), help }
    })
}

/// The questions in the order in which they are printed; optional parts stand behind what every form has.
fn items(instrument: &Instrument, left_out: &[usize]) -> Vec<usize> {
    let is_there =
        |index: &usize| instrument.items.get(*index).is_some_and(|item| item.block.is_none_or(|block| !left_out.contains(&block)));
    let mut items: Vec<usize> = (0..instrument.items.len()).filter(is_there).collect();
    items.sort_by_key(|index| instrument.items.get(*index).map(|item| (item.block, item.number)));
    items
}

fn about(form: &Form, pupils: Option<&PupilList>) -> Vec<About> {
    let instrument = form.instrument();
    let in_list = |column: ListColumn| pupils.is_some_and(|list| list.columns.contains_key(&column));
    let goes_by = |by: KeyBy| instrument.groupings.iter().any(|grouping| grouping.keys.iter().any(|key| key.by == by));
    let has_name = pupils.is_some_and(|list| list.pupils.iter().any(|pupil| !pupil.name.is_empty() && pupil.name != pupil.id));
    let bands_have_ages = instrument.ages.is_some() && !instrument.bands.is_empty();
    let columns = [
        (About::Id, true),
        (About::Name, has_name),
        (About::Class, in_list(ListColumn::Class)),
        (About::Sex, instrument.groupings.iter().any(|grouping| grouping.by_sex)),
        (About::Year, goes_by(KeyBy::SchoolYear)),
        (About::Age, goes_by(KeyBy::Age) || bands_have_ages),
        (About::Date, true),
        (About::CompletedBy, instrument.informant != Informant::SelfReport),
    ];
    columns.into_iter().filter(|(_, is_useful)| *is_useful).map(|(column, _)| column).collect()
}

fn cell(column: About, pupil: &ListedPupil, options: &EntryOptions) -> String {
    match column {
        About::Id => pupil.id.clone(),
        About::Name => pupil.name.clone(),
        About::Class => pupil.class.clone(),
        About::Sex => pupil.sex.map_or_else(String::new, |sex| sex.letter().to_owned()),
        About::Year => match pupil.year {
            Some(0) => "R".to_owned(),
            Some(year) => year.to_string(),
            None => String::new(),
        },
        About::Age => {
            let age = options.on.zip(pupil.birth).and_then(|(on, birth)| crate::matching::age_on(birth, on));
            age.map_or_else(String::new, |age| age.to_string())
        }
        About::Date => options.on.map_or_else(String::new, |on| on.to_string()),
        About::CompletedBy => String::new(),
    }
}

// ---- headers

/// Headers for the questions that are recognised as they are.
fn headers(instrument: &Instrument, about: &[About], items: &[usize]) -> Option<Vec<String>> {
    type Naming = fn(&Instrument, &[usize]) -> Option<Vec<String>>;
    let namings: [Naming; 3] = [numbered_then_named, numbered, named];
    namings.iter().filter_map(|naming| naming(instrument, items)).find(|headers| is_recognised(instrument, about, items, headers))
}

/// `q1 … q25`, then the optional parts by their names.
fn numbered_then_named(instrument: &Instrument, items: &[usize]) -> Option<Vec<String>> {
    let required: Vec<usize> =
        items.iter().copied().filter(|item| instrument.items.get(*item).is_some_and(|item| item.block.is_none())).collect();
    let mut headers = numbered(instrument, &required)?;
    headers.extend(named(instrument, items.get(required.len()..)?)?);
    Some(headers)
}

/// `q1 … q33`.
fn numbered(instrument: &Instrument, items: &[usize]) -> Option<Vec<String>> {
    let numbers: Vec<u16> = items.iter().filter_map(|item| instrument.items.get(*item)).map(|item| item.number).collect();
    let is_run = instrument.orders.is_empty() && !numbers.is_empty() && numbers.iter().zip(1..).all(|(number, place)| *number == place);
    is_run.then(|| numbers.iter().map(|number| format!("q{number}")).collect())
}

/// By their short names.
fn named(instrument: &Instrument, items: &[usize]) -> Option<Vec<String>> {
    items.iter().map(|item| instrument.items.get(*item).map(|item| item.id.to_string())).collect()
}

/// Whether every question is found in its own column, and there is nothing to remark but a critical part that was left out on purpose.
fn is_recognised(instrument: &Instrument, about: &[About], items: &[usize], headers: &[String]) -> bool {
    let before: Vec<String> = about.iter().map(|column| column.header().to_owned()).collect();
    let names: Vec<String> = before.iter().chain(headers).cloned().chain(EntrySheet::checks().map(str::to_owned)).collect();
    let file: Arc<str> = "entry sheet".into();
    let (map, findings) = match_columns(&file, Header { names: &names, texts: None }, &[instrument], &[], &MatchOptions::default());
    let Some(form) = map.forms.first() else { return false };
    let expected = |item: usize| items.iter().position(|known| *known == item).map(|place| before.len() + place);
    let is_found = form.items.iter().enumerate().all(|(item, column)| *column == expected(item));
    is_found && map.id == [0] && findings.iter().all(|finding| finding.code == Code::M014)
}
