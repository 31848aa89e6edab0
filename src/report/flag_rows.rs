//! Flags as rows, and as lists for people.

use std::fmt::Write as _;

use super::score_rows::has_sensitive;
use super::table::{TableStyle, plain_table};
use super::{ALERT_WORDS, Cell, FilledIn, SENSITIVE_WORDS};
use crate::findings::{count_of, printable};
use crate::flags::{Flag, FlagRule, Status};
use crate::scoring::{Form, Layout, ScoredRow};

/// One flagged row, kept until all are there and can be put in order.
#[derive(Clone, Debug)]
pub struct FlagRow {
    /// What is said.
    pub flag: Flag,
    /// On which form.
    pub form: usize,
    /// The pupil.
    pub pupil: String,
    /// The pupil with the name, wherever the pupil list has it.
    pub full_name: String,
    /// The file, where there are several.
    pub file: String,
    /// The carried cells.
    pub carried: Vec<String>,
}

impl FlagRow {
    /// A row with its flag.
    pub fn new(row: &ScoredRow<'_>, form: usize, flag: Flag) -> Self {
        let carried = row.carried().map(std::borrow::Cow::into_owned).collect();
        Self { flag, form, pupil: row.named_pupil().into_owned(), full_name: row.full_name(), file: row.file().to_owned(), carried }
    }
}

/// What stands behind the carried columns; a carried column with such a name is set apart as `input.<name>`.
const FLAG_COLUMNS: [&str; 7] = ["status", "group", "level", "band", "reasons", "sensitive", "alerts"];

/// The names of the columns.
pub fn flag_columns(layout: &Layout) -> Vec<String> {
    let is_ours = |name: &str| name == "instrument" || FLAG_COLUMNS.contains(&name.to_lowercase().as_str());
    let carried = layout.carried().iter().map(|name| if is_ours(name) { format!("input.{name}") } else { name.to_string() });
    let mut names: Vec<String> = carried.collect();
    if layout.forms().len() > 1 {
        names.push("instrument".to_owned());
    }
    let has_sensitive = has_sensitive(layout);
    names.extend(FLAG_COLUMNS.into_iter().filter(|name| *name != "sensitive" || has_sensitive).map(str::to_owned));
    names
}

/// The cells of one row.
pub fn flag_cells<'b>(layout: &'b Layout, rules: &'b [Option<FlagRule>], row: &'b FlagRow) -> Vec<Cell<'b>> {
    let mut cells: Vec<Cell<'b>> = row.carried.iter().map(|cell| Cell::text(cell.as_str())).collect();
    if layout.forms().len() > 1 {
        cells.push(Cell::text(layout.forms().get(row.form).map_or("", |form| &*form.instrument().id)));
    }
    let flag = &row.flag;
    cells.extend([
        Cell::text(flag.status.word()),
        Cell::text(heading(layout, rules, row).unwrap_or_default()),
        flag.level.map_or(Cell::Empty, |level| Cell::Count(level as u64)),
        Cell::text(flag.band.as_str()),
        Cell::text(flag.reasons.join("; ")),
    ]);
    if has_sensitive(layout) {
        cells.push(Cell::text(flag.sensitive.join("; ")));
    }
    cells.push(Cell::text(flag.alerts.join("; ")));
    cells
}

fn heading<'b>(layout: &'b Layout, rules: &[Option<FlagRule>], row: &FlagRow) -> Option<&'b str> {
    let (form, rule) = (layout.forms().get(row.form)?, rules.get(row.form)?.as_ref()?);
    Some(rule.list(form, row.flag.group?).0?.heading.as_str())
}

/// The lists that a person reads: alerts, then each flag list, then who cannot be judged.
#[derive(Debug)]
pub struct FlagTable<'t> {
    /// What the output has in common.
    pub layout: &'t Layout,
    /// The rule of each form.
    pub rules: &'t [Option<FlagRule>],
    /// The rows, in order.
    pub rows: &'t [FlagRow],
    /// How many responses each form was used on.
    pub responses: &'t [u64],
    /// Who filled in the forms, and when.
    pub filled: &'t FilledIn,
}

/// One list of pupils with the reason why they are on it.
#[derive(Debug)]
pub(super) struct FlagList<'t> {
    heading: &'t str,
    about: Option<&'t str>,
    rows: Vec<&'t FlagRow>,
    is_of_flagged: bool,
}

impl<'t> FlagList<'t> {
    pub(super) fn heading(&self) -> &str {
        self.heading
    }

    /// What a reader should know about the list.
    pub(super) fn about(&self) -> Option<&str> {
        self.about
    }

    pub(super) fn rows(&self) -> &[&'t FlagRow] {
        &self.rows
    }

    /// Whether its pupils are at the level, and not those who cannot be judged.
    pub(super) fn is_of_flagged(&self) -> bool {
        self.is_of_flagged
    }

    pub(super) fn has_estimates(&self) -> bool {
        self.is_of_flagged && self.rows.iter().any(|row| row.flag.reasons.iter().any(|reason| reason.contains(" ~")))
    }
}

/// Whoever is on none of the lists.
#[derive(Debug)]
pub(super) struct BelowLevel<'t> {
    count: u64,
    /// Empty unless all of them are rows: a pupil below the level whose answer is sensitive is a row too, and has been named above.
    listed: Vec<&'t FlagRow>,
}

impl<'t> BelowLevel<'t> {
    /// `19 pupils are below the level.`
    pub(super) fn words(&self) -> String {
        format!("{} below the level.", are(self.count))
    }

    pub(super) fn listed(&self) -> &[&'t FlagRow] {
        &self.listed
    }
}

impl<'t> FlagTable<'t> {
    /// Whether anybody can be flagged with a form.
    pub(super) fn is_judged(&self, form: usize) -> bool {
        self.rules.get(form).is_some_and(Option::is_some)
    }

    /// How many responses there are, and from which level they are flagged.
    pub(super) fn facts(&self, index: usize) -> String {
        let responses = count_of(self.responses.get(index).copied().unwrap_or(0), "response");
        let rule = self.rules.get(index).and_then(Option::as_ref).zip(self.layout.forms().get(index));
        rule.map_or_else(
            || format!("{responses}. Nobody can be flagged with this form: no bands are in use."),
            |(rule, form)| {
                let set = form.band_set().map_or("", |set| set.id.as_str());
                format!("{responses}, flagged from \"{}\" upwards, bands `{set}`.", rule.level_name(form))
            },
        )
    }

    /// The lists of a form that have somebody on them. Whoever has an alert is on them as well: they are no shorter for it.
    pub(super) fn lists(&self, index: usize) -> Vec<FlagList<'t>> {
        let rule = self.rules.get(index).and_then(Option::as_ref).zip(self.layout.forms().get(index));
        let Some((rule, form)) = rule else { return Vec::new() };
        let here = || self.rows.iter().filter(move |row| row.form == index);
        let groups = form.band_set().map_or(1, |set| set.flag_lists.len().max(1));
        let mut lists: Vec<FlagList<'t>> = (0..groups)
            .map(|group| {
                let (list, about) = rule.list(form, group);
                let rows = here().filter(|row| row.flag.group == Some(group)).collect();
                FlagList { heading: list.map_or("Flagged", |list| list.heading.as_str()), about, rows, is_of_flagged: true }
            })
            .collect();
        lists.push(FlagList {
            heading: "Cannot say",
            about: Some("These pupils could not be judged. That is not the same as no difficulties."),
            rows: here().filter(|row| row.flag.cannot_say).collect(),
            is_of_flagged: false,
        });
        lists.retain(|list| !list.rows.is_empty());
        lists
    }

    /// Whoever is on none of the lists of a form.
    pub(super) fn below(&self, index: usize) -> BelowLevel<'t> {
        let here = || self.rows.iter().filter(move |row| row.form == index);
        let is_on_list = |row: &&FlagRow| row.flag.group.is_some() || row.flag.cannot_say;
        let responses = self.responses.get(index).copied().unwrap_or(0);
        let count = responses.saturating_sub(here().filter(is_on_list).count() as u64);
        let listed: Vec<&FlagRow> = here().filter(|row| !is_on_list(row)).collect();
        let is_whole = listed.len() as u64 == count;
        BelowLevel { count, listed: if is_whole { listed } else { Vec::new() } }
    }

    /// The text.
    pub fn render(&self, style: TableStyle) -> String {
        let mut text = String::new();
        for (index, form) in self.layout.forms().iter().enumerate() {
            self.form(&mut text, index, form, style);
        }
        text
    }

    fn form(&self, text: &mut String, index: usize, form: &Form, style: TableStyle) {
        let _ = writeln!(text, "{} ({})", form.instrument().title(), form.instrument().id);
        let _ = writeln!(text, "{}\n", self.facts(index));
        self.alerts(text, index, style);
        if !self.is_judged(index) {
            return;
        }
        let lists = self.lists(index);
        let (flagged, others): (Vec<&FlagList<'_>>, Vec<&FlagList<'_>>) = lists.iter().partition(|list| list.is_of_flagged);
        for list in &flagged {
            self.section(text, list, style);
        }
        if flagged.is_empty() {
            let _ = writeln!(text, "Nobody is at this level.\n");
        }
        for list in others {
            self.section(text, list, style);
        }
        if flagged.iter().any(|list| list.has_estimates()) {
            let _ = writeln!(text, "~ estimated: some answers are missing, and the form's rule allows for it.\n");
        }
        self.sensitive(text, index);
        let below = self.below(index);
        let _ = writeln!(text, "{} Below the level on this form does not mean no need.", below.words());
        if !below.listed.is_empty() {
            let alert = |row: &FlagRow| if row.flag.status == Status::Alert { " (alert above)" } else { "" };
            let names: Vec<String> = below.listed.iter().map(|row| format!("{}{}", printable(&row.pupil), alert(row))).collect();
            let _ = writeln!(text, "  {}", names.join(", "));
        }
        text.push('\n');
    }

    fn alerts(&self, text: &mut String, index: usize, style: TableStyle) {
        let rows: Vec<&FlagRow> = self.rows.iter().filter(|row| row.form == index && row.flag.status == Status::Alert).collect();
        if rows.is_empty() {
            return;
        }
        let lines = rows.iter().map(|row| {
            let mut line = vec![self.name(row), row.flag.alerts.join("; ")];
            line.push(if row.flag.reasons.is_empty() { "below the level".to_owned() } else { row.flag.reasons.join("; ") });
            line
        });
        let _ = writeln!(text, "ALERTS: {}", count_of(rows.len() as u64, "response"));
        let _ = writeln!(text, "{ALERT_WORDS}");
        let _ = writeln!(text, "{}", plain_table(&["pupil", "alert", "scores"], lines, style));
    }

    /// Whoever gave a sensitive answer, whatever the scores: a line, and no list of its own.
    fn sensitive(&self, text: &mut String, form: usize) {
        let rows: Vec<&FlagRow> = self.rows.iter().filter(|row| row.form == form && !row.flag.sensitive.is_empty()).collect();
        if rows.is_empty() {
            return;
        }
        let _ = writeln!(text, "{SENSITIVE_WORDS}: {}", count_of(rows.len() as u64, "response"));
        for row in rows {
            let _ = writeln!(text, "  {}: {}", self.name(row), row.flag.sensitive.join("; "));
        }
        text.push('\n');
    }

    fn section(&self, text: &mut String, list: &FlagList<'_>, style: TableStyle) {
        let _ = writeln!(text, "{}: {}", list.heading, count_of(list.rows.len() as u64, "pupil"));
        if let Some(about) = list.about {
            let _ = writeln!(text, "{about}");
        }
        let name = |row: &FlagRow| {
            let alert = if row.flag.status == Status::Alert { " (alert above)" } else { "" };
            self.name(row) + alert
        };
        let lines = list.rows.iter().map(|row| vec![name(row), row.flag.reasons.join("; ")]);
        let _ = writeln!(text, "{}", plain_table(&["pupil", "why"], lines, style));
    }

    fn name(&self, row: &FlagRow) -> String {
        let several = self.layout.has_several_files();
        if several { format!("{} ({})", printable(&row.pupil), printable(&row.file)) } else { printable(&row.pupil).into_owned() }
    }
}

fn are(count: u64) -> String {
    if count == 1 { "1 pupil is".to_owned() } else { format!("{} are", count_of(count, "pupil")) }
}
