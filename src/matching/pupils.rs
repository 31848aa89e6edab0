//! The pupil list: the school's own list of pupils, with the groups that reports are cut by.
//!
//! It comes from whatever report a school's system prints, so columns are found by aliases. What cannot be told is a finding and is not
//! used: a date of birth that could be two days gives nobody an age.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::context::{school_year, sex};
use super::date::{ColumnOrder, DateOrder, NoDate, column_order, read_date};
use super::list_columns::ListColumn;
use super::upn::{UpnFault, check_upn};
use crate::findings::{Code, Column, Finding, Place, count_of, list_and, printable};
use crate::input::{Input, InputOptions, ReadError, Record, Table};
use crate::instrument::Sex;
use crate::provenance::UsedInput;

/// A school's list of pupils.
#[derive(Clone, Debug)]
pub struct PupilList {
    /// The file's name.
    pub name: Arc<str>,
    /// Its name and hash.
    pub used: UsedInput,
    /// The pupils, in the list's order.
    pub pupils: Vec<ListedPupil>,
    /// The columns by which pupils can be grouped, in the order of [`ListColumn::GROUPS`].
    pub groups: Vec<GroupColumn>,
    /// The headings of all columns, in the list's order.
    pub header: Vec<Column>,
    /// Where the columns stand that were understood.
    pub columns: HashMap<ListColumn, usize>,
}

/// A column of the list by which pupils can be grouped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupColumn {
    /// What it says.
    pub column: ListColumn,
    /// Its heading in the list, as it is written.
    pub heading: String,
}

/// One pupil of the list. A text is empty where the list does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedPupil {
    /// The row in the list.
    pub row: u64,
    /// What an entry sheet and outputs call the pupil: the list's own id, the admission number or the UPN, else the full name; the first
    /// of them that no other pupil has.
    pub id: String,
    /// The list's own id, where it has such a column.
    pub own_id: String,
    /// The Unique Pupil Number.
    pub upn: String,
    /// The admission number, as it is written.
    pub admission: String,
    /// The full name as it stands in one cell; `Surname, Forename` where they stand in two.
    pub name: String,
    /// The surname.
    pub surname: String,
    /// The forename.
    pub forename: String,
    /// The surname that is used, where the list has it.
    pub preferred_surname: String,
    /// The forename that is used, where the list has it.
    pub preferred_forename: String,
    /// The class.
    pub class: String,
    /// The school year; Reception is 0.
    pub year: Option<u8>,
    /// The sex, where M or F is recorded.
    pub sex: Option<Sex>,
    /// The date of birth, where it can be read in one way only.
    pub birth: Option<Date>,
    /// The groups: the heading that outputs have ([`ListColumn::word`]), and the value in one spelling; one for each of
    /// [`PupilList::groups`].
    pub groups: Vec<(String, String)>,
    /// All cells of the row, in the list's order, without the space around them.
    pub cells: Vec<String>,
}

impl ListedPupil {
    /// The pupil as people read them: the name with the id. A UPN is not printed where the name says who is meant.
    pub fn full_name(&self) -> String {
        if self.name.is_empty() || self.id == self.name {
            self.id.clone()
        } else if self.id == self.upn {
            self.name.clone()
        } else {
            format!("{} ({})", self.name, self.id)
        }
    }

    /// The value of a group, by the heading that outputs have.
    pub fn group(&self, heading: &str) -> Option<&str> {
        self.groups.iter().find(|(known, _)| known == heading).map(|(_, value)| value.as_str())
    }
}

impl PupilList {
    /// The group column with this name: the one that outputs have, or the list's own heading. Case does not matter.
    pub fn group_named(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        let named = |group: &GroupColumn| group.column.word().eq_ignore_ascii_case(name) || group.heading.eq_ignore_ascii_case(name);
        self.groups.iter().position(named)
    }

    /// The heading of a column that was understood.
    pub fn column(&self, column: ListColumn) -> Option<&Column> {
        self.columns.get(&column).and_then(|index| self.header.get(*index))
    }

    /// A place in the list: a row, and the column if it is there.
    pub fn place(&self, row: u64, column: ListColumn) -> Place {
        Place::Row { file: Arc::clone(&self.name), row, column: self.column(column).cloned() }
    }
}

/// Reads a pupil list.
///
/// # Errors
///
/// When it cannot be read, is no table, or does not say who its pupils are.
pub fn read_pupils(input: &Input, options: &InputOptions) -> Result<(PupilList, Vec<Finding>), ReadError> {
    read_pupils_dated(input, options, None)
}

/// Reads a pupil list whose dates of birth are written in an order that the user says.
///
/// # Errors
///
/// As [`read_pupils`].
pub fn read_pupils_dated(input: &Input, options: &InputOptions, order: Option<DateOrder>) -> Result<(PupilList, Vec<Finding>), ReadError> {
    const BATCH: usize = 2048;
    let mut table = Table::open(input, options)?;
    let mut reader = Reader::new(&table);
    while let Some(batch) = table.next_batch(BATCH)? {
        for record in batch.records() {
            reader.row(record, table.width());
        }
    }
    reader.findings.extend(table.assumed());
    reader.find_columns();
    let known = [ListColumn::Upn, ListColumn::Admission, ListColumn::Id, ListColumn::Name, ListColumn::Surname];
    if !known.iter().any(|column| reader.columns.contains_key(column)) {
        return Err(reader.nobody().into());
    }
    let order = reader.order(order);
    let mut pupils: Vec<ListedPupil> = Vec::with_capacity(reader.rows.len());
    for (row, cells) in std::mem::take(&mut reader.rows) {
        pupils.extend(reader.pupil(row, cells, order));
    }
    reader.report_repeated_ids(&pupils);
    name_each_alone(&mut pupils);
    if pupils.is_empty() {
        reader.findings.push(Finding::new(
            Code::T002,
            Place::File(Arc::clone(&reader.file)),
            "the list has a header and no pupils below it",
        ));
    }
    let groups = reader.groups();
    let Reader { file, header, columns, findings, .. } = reader;
    Ok((PupilList { name: file, used: table.used(), pupils, groups, header, columns }, findings))
}

struct Reader {
    file: Arc<str>,
    header: Vec<Column>,
    columns: HashMap<ListColumn, usize>,
    rows: Vec<(u64, Vec<String>)>,
    findings: Vec<Finding>,
}

impl Reader {
    fn new(table: &Table) -> Self {
        let header = table.header().iter().enumerate().map(|(index, name)| Column { index, name: name.as_str().into() }).collect();
        Self { file: Arc::clone(table.name()), header, columns: HashMap::new(), rows: Vec::new(), findings: Vec::new() }
    }

    fn at(&self, row: u64, column: ListColumn) -> Place {
        let column = self.columns.get(&column).and_then(|index| self.header.get(*index)).cloned();
        Place::Row { file: Arc::clone(&self.file), row, column }
    }

    /// Takes a row; one whose cells cannot be trusted to stand under their headings is told, and no pupil.
    fn row(&mut self, record: Record<'_>, width: usize) {
        let columns = self.header.len();
        if record.len() < columns || (width..record.len()).any(|column| !record.cell(column).trim().is_empty()) {
            let message =
                format!("this row has {}, and the header has {columns}: its pupil is not known", count_of(record.len() as u64, "cell"));
            let place = Place::Row { file: Arc::clone(&self.file), row: record.row(), column: None };
            self.findings.push(Finding::new(Code::T003, place, message));
            return;
        }
        self.rows.push((record.row(), (0..columns).map(|column| record.cell(column).trim().to_owned()).collect()));
    }

    /// Finds the columns. Two that could be one and do not say the same of everybody are neither.
    fn find_columns(&mut self) {
        let names: Vec<String> = self.header.iter().map(|column| column.name.to_string()).collect();
        for (_, column) in ListColumn::ALL {
            let candidates = column.candidates(&names);
            let Some(first) = candidates.first().copied() else { continue };
            let says_the_same = |other: &usize| {
                let cell = |cells: &[String], index: usize| cells.get(index).map(|cell| column.value(cell));
                self.rows.iter().all(|(_, cells)| cell(cells, first) == cell(cells, *other))
            };
            if candidates.iter().skip(1).all(says_the_same) {
                self.columns.insert(*column, first);
                continue;
            }
            let headings: Vec<String> = candidates
                .iter()
                .filter_map(|index| self.header.get(*index))
                .map(|column| format!("column {} (`{}`)", crate::findings::column_letters(column.index), printable(&column.name)))
                .collect();
            let place = Place::Header { file: Arc::clone(&self.file), column: self.header[first].clone() };
            let message = format!("{} could each be the pupils' {}, and they differ: neither is used", list_and(&headings), words(*column));
            let help = format!("rename the one that is meant to `{}`, and give the other a name of its own", column.word());
            self.findings.push(Finding::new(Code::P002, place, message).help(help));
        }
    }

    /// Why nothing can be done with a list that names nobody.
    fn nobody(&self) -> Finding {
        let names: Vec<&str> = self.header.iter().map(|column| &*column.name).collect();
        let message = "no column of this pupil list is a UPN, an admission number, an id or a name that can be used";
        let seen = crate::findings::quoted_list(&names, 40);
        Finding::new(Code::P001, Place::File(Arc::clone(&self.file)), message)
            .help(format!("call the column `UPN`, `Admission Number`, `id` or `Surname`; the list has {seen}"))
    }

    /// The order in which dates of birth are written: what was said, or what the column itself says.
    fn order(&mut self, said: Option<DateOrder>) -> Result<Option<DateOrder>, ()> {
        let Some(index) = self.columns.get(&ListColumn::Birth).copied() else { return Ok(said) };
        if said.is_some() {
            return Ok(said);
        }
        let message = match column_order(self.rows.iter().filter_map(|(_, cells)| cells.get(index)).map(String::as_str)) {
            ColumnOrder::DoesNotMatter => return Ok(None),
            ColumnOrder::Says(order) => return Ok(Some(order)),
            ColumnOrder::TwoReadings => "day and month could be swapped in every date of birth here: no age is computed from them",
            ColumnOrder::Mixed => "some dates of birth here have the day first and some the month: no age is computed from them",
        };
        let place = Place::Header { file: Arc::clone(&self.file), column: self.header[index].clone() };
        let help = "which comes first? say `--dates day-first` or `--dates month-first`";
        self.findings.push(Finding::new(Code::P005, place, message).help(help));
        Err(())
    }

    fn pupil(&mut self, row: u64, cells: Vec<String>, order: Result<Option<DateOrder>, ()>) -> Option<ListedPupil> {
        let cell = |column: ListColumn| self.columns.get(&column).and_then(|index| cells.get(*index)).map_or("", String::as_str);
        // A list that has only the names that are used has no others.
        let or_preferred = |legal, preferred| if cell(legal).is_empty() { cell(preferred) } else { cell(legal) };
        let surname = or_preferred(ListColumn::Surname, ListColumn::PreferredSurname);
        let forename = or_preferred(ListColumn::Forename, ListColumn::PreferredForename);
        let name = match (cell(ListColumn::Name), surname, forename) {
            ("", surname, "") => surname.to_owned(),
            ("", "", forename) => forename.to_owned(),
            ("", surname, forename) => format!("{surname}, {forename}"),
            (name, ..) => name.to_owned(),
        };
        let (own_id, admission, upn) = (cell(ListColumn::Id), cell(ListColumn::Admission), cell(ListColumn::Upn));
        let Some(id) = [own_id, admission, upn, &name].into_iter().find(|id| !id.is_empty()).map(str::to_owned) else {
            let place = Place::Row { file: Arc::clone(&self.file), row, column: None };
            let message = "this row of the pupil list does not say which pupil it is about: it is not used";
            self.findings.push(Finding::new(Code::R009, place, message));
            return None;
        };
        let group =
            |column: &ListColumn| self.columns.contains_key(column).then(|| (column.word().to_owned(), column.value(cell(*column))));
        let mut pupil = ListedPupil {
            row,
            id,
            own_id: own_id.to_owned(),
            upn: upn.to_owned(),
            admission: admission.to_owned(),
            surname: surname.to_owned(),
            forename: forename.to_owned(),
            preferred_surname: cell(ListColumn::PreferredSurname).to_owned(),
            preferred_forename: cell(ListColumn::PreferredForename).to_owned(),
            class: cell(ListColumn::Class).to_owned(),
            year: school_year(cell(ListColumn::Year)),
            sex: sex(cell(ListColumn::Sex)),
            birth: None,
            groups: ListColumn::GROUPS.iter().filter_map(group).collect(),
            name,
            cells: Vec::new(),
        };
        let birth = cell(ListColumn::Birth).to_owned();
        pupil.cells = cells;
        self.check_upn(&pupil);
        pupil.birth = self.birth(row, &birth, order);
        Some(pupil)
    }

    fn birth(&mut self, row: u64, cell: &str, order: Result<Option<DateOrder>, ()>) -> Option<Date> {
        let read = match order {
            _ if cell.is_empty() => return None,
            Ok(order) => read_date(cell, order),
            // The whole column is in doubt, and has its finding; a date with the year first is not.
            Err(()) => {
                if read_date(cell, Some(DateOrder::DayFirst)) != read_date(cell, Some(DateOrder::MonthFirst)) {
                    return None;
                }
                read_date(cell, None)
            }
        };
        if let Err(NoDate::None | NoDate::TwoReadings) = read {
            let finding =
                Finding::new(Code::P006, self.at(row, ListColumn::Birth), "this is no date of birth that can be read in one way only");
            self.findings.push(finding.value(cell).label("expected: 2014-09-25, or 25/09/2014"));
        }
        read.ok()
    }

    fn check_upn(&mut self, pupil: &ListedPupil) {
        // The codes that children's services may write where there is no number.
        let is_reason = matches!(pupil.upn.as_bytes(), [b'U', b'N', b'1'..=b'5']);
        if pupil.upn.is_empty() || is_reason {
            return;
        }
        let (message, expected) = match check_upn(&pupil.upn) {
            Ok(()) => return,
            Err(UpnFault::Form) => {
                ("this has not the form of a UPN: it is used as it stands", "a letter, eleven digits, and a digit or letter".to_owned())
            }
            Err(UpnFault::CheckLetter(letter)) => (
                "the check letter of this UPN is not that of its digits: it is used as it stands",
                format!("`{letter}` as its first letter"),
            ),
        };
        let finding = Finding::new(Code::P004, self.at(pupil.row, ListColumn::Upn), message).value(&*pupil.upn);
        self.findings.push(finding.label(format!("expected: {expected}")));
    }

    /// Two pupils with one number: whoever it was meant for cannot be told.
    fn report_repeated_ids(&mut self, pupils: &[ListedPupil]) {
        type Told = fn(&ListedPupil) -> &str;
        let columns: [(ListColumn, Told); 3] = [
            (ListColumn::Upn, |pupil| &pupil.upn),
            (ListColumn::Admission, |pupil| &pupil.admission),
            (ListColumn::Id, |pupil| &pupil.own_id),
        ];
        for (column, told) in columns {
            let mut first_rows: HashMap<String, u64> = HashMap::new();
            for pupil in pupils.iter().filter(|pupil| !told(pupil).is_empty()) {
                let first = *first_rows.entry(told(pupil).to_lowercase()).or_insert(pupil.row);
                if first != pupil.row {
                    let message = format!("the pupil of row {first} has this {} too: a response with it is nobody's", words(column));
                    let finding = Finding::new(Code::P003, self.at(pupil.row, column), message).value(told(pupil));
                    self.findings.push(finding.help("delete the row that is there by mistake, or correct the number"));
                }
            }
        }
    }

    fn groups(&self) -> Vec<GroupColumn> {
        let heading = |column: &ListColumn| {
            let index = self.columns.get(column)?;
            Some(GroupColumn { column: *column, heading: self.header.get(*index)?.name.to_string() })
        };
        ListColumn::GROUPS.iter().filter_map(heading).collect()
    }
}

/// Gives every pupil an id that no other one has, so that outputs never take two pupils for one.
fn name_each_alone(pupils: &mut [ListedPupil]) {
    let own = |pupil: &ListedPupil| [&pupil.own_id, &pupil.admission, &pupil.upn, &pupil.name].map(|id| id.to_lowercase());
    let mut holders: HashMap<String, Vec<u64>> = HashMap::new();
    for pupil in pupils.iter() {
        for id in own(pupil) {
            let rows = holders.entry(id).or_default();
            // One pupil may have one id in two columns.
            if rows.last() != Some(&pupil.row) {
                rows.push(pupil.row);
            }
        }
    }
    for pupil in pupils {
        let is_alone = |id: &&String| !id.is_empty() && holders.get(&id.to_lowercase()).is_some_and(|rows| rows.len() == 1);
        let alone = [&pupil.own_id, &pupil.admission, &pupil.upn, &pupil.name].into_iter().find(is_alone).cloned();
        pupil.id = alone.unwrap_or_else(|| format!("{} (row {})", pupil.id, pupil.row));
    }
}

/// What a column says, in words.
pub(super) fn words(column: ListColumn) -> &'static str {
    match column {
        ListColumn::Upn => "UPN",
        ListColumn::Admission => "admission number",
        ListColumn::Id => "id",
        ListColumn::Name => "name",
        ListColumn::Surname => "surname",
        ListColumn::Forename => "forename",
        ListColumn::PreferredSurname => "preferred surname",
        ListColumn::PreferredForename => "preferred forename",
        ListColumn::Class => "class",
        ListColumn::Year => "school year",
        ListColumn::Sex => "sex",
        ListColumn::Birth => "date of birth",
        ListColumn::Sen => "SEN provision",
        ListColumn::PupilPremium => "pupil premium",
        ListColumn::FreeMeals => "free school meals",
        ListColumn::Eal => "English as an additional language",
        ListColumn::LookedAfter => "looked-after status",
    }
}
