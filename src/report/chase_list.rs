//! The chase list: every pupil of the list, whether their form is back, and which questions to go back to.

use std::fmt::Write as _;

use super::Cell;
use super::table::{TableStyle, plain_table};
use crate::entry::{FormStatus, MissingForms, PupilForm};
use crate::findings::{Column, count_of, did_you_mean, printable, quoted_list};
use crate::matching::{ListColumn, ListedPupil, PupilList, names_a_pupil};
use crate::scoring::{Form, Layout};

/// What the user says about a chase list.
#[derive(Clone, Debug, Default)]
pub struct ChaseOptions {
    /// The columns of the list by which forms are counted, and in whose order pupils stand.
    pub by: Vec<String>,
    /// The only columns of the list that are copied, if given.
    pub keep: Option<Vec<String>>,
    /// Columns of the list that are not copied.
    pub drop: Vec<String>,
    /// Whether codes stand for names.
    pub hides_names: bool,
}

/// A column is named that the pupil list does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the pupil list has no column `{name}`{what_for}: {help}")]
pub struct NoListColumn {
    name: String,
    what_for: &'static str,
    help: String,
}

/// Every pupil's forms, ready to be written.
#[derive(Debug)]
pub struct ChaseList<'c> {
    layout: &'c Layout,
    list: &'c PupilList,
    missing: &'c MissingForms,
    /// The pupils in the order of the output.
    pupils: Vec<usize>,
    /// The columns of the list that are copied.
    columns: Vec<usize>,
    /// Numbers and dates of the list that nobody needs in order to ask for a form.
    left_out: Vec<&'c str>,
    /// The groups of the list by which forms are counted.
    by: Vec<usize>,
    hides_names: bool,
}

/// More pupils than this are in the file, and counted on a terminal.
const LISTED: usize = 60;
/// What is counted of each group.
pub(super) const COUNTS: [&str; 4] = ["pupils", "complete", "incomplete", "no form"];
/// The columns that are written after the list's own.
const OWN: [&str; 4] = ["instrument", "status", "questions", "reason"];

impl<'c> ChaseList<'c> {
    /// The chase list of some forms. Whoever `is_excluded` is not on it.
    ///
    /// # Errors
    ///
    /// When a column is named that the pupil list does not have.
    pub fn new(
        layout: &'c Layout,
        list: &'c PupilList,
        missing: &'c MissingForms,
        options: &ChaseOptions,
        is_excluded: impl Fn(usize) -> bool,
    ) -> Result<Self, NoListColumn> {
        let by = if options.by.is_empty() {
            list.group_named(ListColumn::Class.word()).into_iter().collect()
        } else {
            options.by.iter().map(|name| group(list, name)).collect::<Result<Vec<usize>, _>>()?
        };
        let mut pupils: Vec<usize> = (0..list.pupils.len()).filter(|pupil| !is_excluded(*pupil)).collect();
        if !options.by.is_empty() {
            pupils.sort_by_cached_key(|pupil| key(list, &by, *pupil));
        }
        let kept = options.keep.as_ref().map(|names| names.iter().map(|name| column(list, name)).collect::<Result<Vec<usize>, _>>());
        let kept = kept.transpose()?;
        let dropped = options.drop.iter().filter_map(|name| column(list, name).ok()).collect::<Vec<usize>>();
        let mut chase =
            Self { layout, list, missing, pupils, columns: Vec::new(), left_out: Vec::new(), by, hides_names: options.hides_names };
        for header in &list.header {
            let is_hidden = options.hides_names && (names_a_pupil(&header.name) || chase.says_who(header));
            let is_asked_for = kept.as_ref().is_none_or(|kept| kept.contains(&header.index)) && !dropped.contains(&header.index);
            if is_hidden || !is_asked_for {
                continue;
            }
            if kept.is_none() && chase.is_needless(header) {
                chase.left_out.push(&header.name);
            } else {
                chase.columns.push(header.index);
            }
        }
        Ok(chase)
    }

    fn says_who(&self, column: &Column) -> bool {
        let who = [
            ListColumn::Upn,
            ListColumn::Admission,
            ListColumn::Id,
            ListColumn::Name,
            ListColumn::Surname,
            ListColumn::Forename,
            ListColumn::PreferredSurname,
            ListColumn::PreferredForename,
            ListColumn::Birth,
        ];
        who.iter().any(|known| self.list.columns.get(known) == Some(&column.index))
    }

    /// A UPN and a date of birth say nothing that helps to ask for a form, unless there is no other way to say who is meant.
    fn is_needless(&self, column: &Column) -> bool {
        let is = |known: ListColumn| self.list.columns.get(&known) == Some(&column.index);
        let others = [ListColumn::Id, ListColumn::Admission, ListColumn::Name, ListColumn::Surname];
        let has_other = others.iter().any(|known| self.list.columns.contains_key(known));
        is(ListColumn::Birth) || (is(ListColumn::Upn) && has_other)
    }

    /// The columns of the list that are not copied because nobody needs them in order to ask for a form.
    pub fn left_out(&self) -> &[&'c str] {
        &self.left_out
    }

    /// How many lines the list has.
    pub fn len(&self) -> usize {
        self.pupils.len() * self.layout.forms().len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names of the columns: the list's, then ours.
    pub fn columns(&self) -> Vec<String> {
        let mut names: Vec<String> = if self.hides_names { vec!["pupil_id".to_owned()] } else { Vec::new() };
        for header in self.columns.iter().filter_map(|index| self.list.header.get(*index)) {
            let is_ours = OWN.iter().any(|own| own.eq_ignore_ascii_case(&header.name));
            names.push(if is_ours { format!("list.{}", header.name) } else { header.name.to_string() });
        }
        let has_several = self.layout.forms().len() > 1;
        names.extend(OWN.iter().filter(|name| has_several || **name != "instrument").map(|name| (*name).to_owned()));
        names
    }

    /// The lines in order: each pupil's forms, in the order in which they were asked for.
    pub fn rows(&self) -> impl Iterator<Item = Vec<Cell<'c>>> + '_ {
        let forms = self.layout.forms();
        self.lines().map(move |(pupil, index, state)| {
            let mut cells = Vec::new();
            if self.hides_names {
                cells.push(Cell::text(self.layout.coded(&pupil.id)));
            }
            cells.extend(self.columns.iter().map(|column| Cell::text(pupil.cells.get(*column).map_or("", String::as_str))));
            if forms.len() > 1 {
                cells.push(Cell::text(forms.get(index).map_or("", |form| &*form.instrument().id)));
            }
            cells.extend([Cell::text(state.status.word()), Cell::text(question_words(state)), Cell::Empty]);
            cells
        })
    }

    fn lines(&self) -> impl Iterator<Item = (&'c ListedPupil, usize, &'c PupilForm)> + '_ {
        let (list, missing) = (self.list, self.missing);
        self.pupils.iter().flat_map(move |pupil| {
            let listed = list.pupils.get(*pupil);
            (0..self.layout.forms().len()).filter_map(move |form| Some((listed?, form, missing.of(form, *pupil)?)))
        })
    }

    /// What a person reads: how many forms of each group are back, and who is to be asked.
    pub fn render(&self, look: TableStyle) -> String {
        let mut text = String::new();
        for (index, form) in self.layout.forms().iter().enumerate() {
            self.form(&mut text, index, form, look);
        }
        text
    }

    fn form(&self, text: &mut String, index: usize, form: &Form, look: TableStyle) {
        let _ = writeln!(text, "{} ({})", form.instrument().title(), form.instrument().id);
        let _ = writeln!(text, "{} on {}\n", count_of(self.pupils.len() as u64, "pupil"), printable(&self.list.name));
        let headings = self.group_headings();
        let mut header = headings.clone();
        if header.is_empty() {
            header.push("");
        }
        header.extend(COUNTS);
        let _ = writeln!(text, "{}", plain_table(&header, self.counts(index), look));
        let open = self.open(index);
        if open.is_empty() {
            let _ = writeln!(text, "Every form is back and complete.\n");
            return;
        }
        let lines = open.iter().take(LISTED).map(|(pupil, state)| {
            let mut line = vec![self.name(pupil)];
            line.extend(headings.iter().map(|heading| printable(pupil.group(heading).unwrap_or_default()).into_owned()));
            line.extend([state.status.word().to_owned(), question_words(state)]);
            line
        });
        let mut header = vec!["to ask"];
        header.extend(headings.iter().copied());
        header.extend(["status", "questions"]);
        let _ = writeln!(text, "{}", plain_table(&header, lines, look));
        if open.len() > LISTED {
            let _ = writeln!(text, "and {} more: `-o chase.csv` has them all\n", open.len() - LISTED);
        }
    }

    /// The counts in words, line by line: for a page that is no terminal.
    pub(super) fn count_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (index, form) in self.layout.forms().iter().enumerate() {
            lines.push(format!("{} ({})", form.instrument().title(), form.instrument().id));
            for counts in self.counts(index) {
                let (names, numbers) = counts.split_at(counts.len().saturating_sub(COUNTS.len()));
                let numbers: Vec<String> = COUNTS.iter().zip(numbers).map(|(word, number)| format!("{number} {word}")).collect();
                lines.push(format!("{}: {}", names.join(" ").trim(), numbers.join(", ")));
            }
        }
        lines
    }

    fn name(&self, pupil: &ListedPupil) -> String {
        printable(&self.full_name(pupil)).into_owned()
    }

    /// The pupil as people read them; user text as it is.
    pub(super) fn full_name(&self, pupil: &ListedPupil) -> String {
        self.layout.name_of(pupil)
    }

    /// The forms that are asked for.
    pub(super) fn forms(&self) -> &'c [Form] {
        self.layout.forms()
    }

    /// How many pupils there are.
    pub(super) fn pupils(&self) -> usize {
        self.pupils.len()
    }

    /// The headings of the groups by which forms are counted.
    pub(super) fn group_headings(&self) -> Vec<&'c str> {
        self.by.iter().filter_map(|group| self.list.groups.get(*group)).map(|group| group.column.word()).collect()
    }

    /// Whoever is to be asked for a form, or for some of its answers.
    pub(super) fn open(&self, form: usize) -> Vec<(&'c ListedPupil, &'c PupilForm)> {
        let open = self.lines().filter(|(_, line, state)| *line == form && state.status != FormStatus::Complete);
        open.map(|(pupil, _, state)| (pupil, state)).collect()
    }

    /// One line for each group, and a last one for all.
    pub(super) fn counts(&self, form: usize) -> Vec<Vec<String>> {
        let mut groups: Vec<(GroupKey, Vec<String>, [u64; 4])> = Vec::new();
        let mut all = [0; 4];
        for pupil in &self.pupils {
            let (Some(listed), Some(state)) = (self.list.pupils.get(*pupil), self.missing.of(form, *pupil)) else { continue };
            let place = match state.status {
                FormStatus::Complete => 1,
                FormStatus::Incomplete => 2,
                FormStatus::NoForm => 3,
            };
            let key = key(self.list, &self.by, *pupil);
            let position = groups.iter().position(|(known, ..)| *known == key).unwrap_or_else(|| {
                let value = |group: &usize| listed.groups.get(*group).map_or("", |(_, value)| value.as_str());
                let named = |value: &str| if value.is_empty() { "not said".to_owned() } else { printable(value).into_owned() };
                groups.push((key, self.by.iter().map(|group| named(value(group))).collect(), [0; 4]));
                groups.len() - 1
            });
            for counts in [&mut groups[position].2, &mut all] {
                counts[0] += 1;
                counts[place] += 1;
            }
        }
        groups.sort_by(|one, other| one.0.cmp(&other.0));
        let line = |mut names: Vec<String>, counts: [u64; 4]| {
            names.extend(counts.iter().map(u64::to_string));
            names
        };
        let mut total = vec![String::new(); self.by.len().max(1)];
        "all".clone_into(&mut total[0]);
        let mut lines: Vec<Vec<String>> =
            if self.by.is_empty() { Vec::new() } else { groups.into_iter().map(|(_, names, counts)| line(names, counts)).collect() };
        lines.push(line(total, all));
        lines
    }
}

/// The questions to go back to, by number.
pub(super) fn question_words(state: &PupilForm) -> String {
    state.questions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Groups in the order in which a school counts them: 7B, 8A, 10A; whoever is in none stands last.
type GroupKey = Vec<(bool, u32, String)>;

fn key(list: &PupilList, by: &[usize], pupil: usize) -> GroupKey {
    let value = |group: &usize| list.pupils.get(pupil).and_then(|pupil| pupil.groups.get(*group)).map_or("", |(_, value)| value.as_str());
    by.iter()
        .map(|group| {
            let value = value(group);
            let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
            (value.is_empty(), digits.parse().unwrap_or(0), value.to_lowercase())
        })
        .collect()
}

fn group(list: &PupilList, name: &str) -> Result<usize, NoListColumn> {
    list.group_named(name).ok_or_else(|| {
        let known: Vec<&str> = list.groups.iter().map(|group| group.column.word()).collect();
        no_column(name, " to count by", &known)
    })
}

/// The column of the list with this name: its own heading, or the one that outputs have.
fn column(list: &PupilList, name: &str) -> Result<usize, NoListColumn> {
    let heading = list.header.iter().find(|column| column.name.eq_ignore_ascii_case(name.trim())).map(|column| column.index);
    let by_word = || ListColumn::ALL.iter().find(|(word, _)| word.eq_ignore_ascii_case(name.trim())).map(|(_, column)| *column);
    heading.or_else(|| list.columns.get(&by_word()?).copied()).ok_or_else(|| {
        let known: Vec<&str> = list.header.iter().map(|column| &*column.name).collect();
        no_column(name, " to keep", &known)
    })
}

fn no_column(name: &str, what_for: &'static str, known: &[&str]) -> NoListColumn {
    let near = did_you_mean(name, known.iter().copied());
    let help = near.map_or_else(|| format!("there are {}", quoted_list(known, 40)), |near| format!("did you mean `{near}`?"));
    NoListColumn { name: name.to_owned(), what_for, help }
}
