//! Flags as rows, and as lists for people.

use std::fmt::Write as _;

use super::score_rows::has_sensitive;
use super::table::{TableStyle, plain_table};
use super::{ALERT_WORDS, Cell, SENSITIVE_WORDS};
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
    /// The file, where there are several.
    pub file: String,
    /// The carried cells.
    pub carried: Vec<String>,
}

impl FlagRow {
    /// A row with its flag.
    pub fn new(row: &ScoredRow<'_>, form: usize, flag: Flag) -> Self {
        let carried = row.carried().map(std::borrow::Cow::into_owned).collect();
        Self { flag, form, pupil: row.named_pupil().into_owned(), file: row.file().to_owned(), carried }
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
    /// How it is to look.
    pub style: TableStyle,
}

impl FlagTable<'_> {
    /// The text.
    pub fn render(&self) -> String {
        let mut text = String::new();
        for (index, form) in self.layout.forms().iter().enumerate() {
            self.form(&mut text, index, form);
        }
        text
    }

    fn of(&self, form: usize, status: Status) -> Vec<&FlagRow> {
        self.rows.iter().filter(|row| row.form == form && row.flag.status == status).collect()
    }

    fn form(&self, text: &mut String, index: usize, form: &Form) {
        let instrument = form.instrument();
        let responses = self.responses.get(index).copied().unwrap_or(0);
        let _ = writeln!(text, "{} ({})", instrument.title(), instrument.id);
        let Some(rule) = self.rules.get(index).and_then(Option::as_ref) else {
            let _ = writeln!(text, "{}. Nobody can be flagged with this form: no bands are in use.\n", count_of(responses, "response"));
            self.alerts(text, &self.of(index, Status::Alert));
            return;
        };
        let set = form.band_set().map_or("", |set| set.id.as_str());
        let _ = writeln!(text, "{}, flagged from \"{}\" upwards, bands `{set}`.\n", count_of(responses, "response"), rule.level_name(form));
        self.alerts(text, &self.of(index, Status::Alert));
        // Whoever has an alert stands above, and in the lists as well: they are no shorter for it.
        let here = || self.rows.iter().filter(|row| row.form == index);
        let flagged: Vec<&FlagRow> = here().filter(|row| row.flag.group.is_some()).collect();
        let groups = form.band_set().map_or(1, |set| set.flag_lists.len().max(1));
        for group in 0..groups {
            let rows: Vec<&FlagRow> = flagged.iter().filter(|row| row.flag.group == Some(group)).copied().collect();
            let (list, about) = rule.list(form, group);
            self.section(text, list.map_or("Flagged", |list| list.heading.as_str()), &rows, about);
        }
        if flagged.is_empty() {
            let _ = writeln!(text, "Nobody is at this level.\n");
        }
        self.section(
            text,
            "Cannot say",
            &here().filter(|row| row.flag.cannot_say).collect::<Vec<_>>(),
            Some("These pupils could not be judged. That is not the same as no difficulties."),
        );
        if flagged.iter().any(|row| row.flag.reasons.iter().any(|reason| reason.contains(" ~"))) {
            let _ = writeln!(text, "~ estimated: some answers are missing, and the form's rule allows for it.\n");
        }
        self.sensitive(text, index);
        let below = responses.saturating_sub(here().filter(|row| row.flag.group.is_some() || row.flag.cannot_say).count() as u64);
        let _ = writeln!(text, "{} below the level. Below the level on this form does not mean no need.", are(below));
        let listed: Vec<&FlagRow> = here().filter(|row| row.flag.group.is_none() && !row.flag.cannot_say).collect();
        // A pupil below the level whose answer is sensitive is a row too, and has been named above.
        if !listed.is_empty() && listed.len() as u64 == below {
            let alert = |row: &FlagRow| if row.flag.status == Status::Alert { " (alert above)" } else { "" };
            let names: Vec<String> = listed.iter().map(|row| format!("{}{}", printable(&row.pupil), alert(row))).collect();
            let _ = writeln!(text, "  {}", names.join(", "));
        }
        text.push('\n');
    }

    fn alerts(&self, text: &mut String, rows: &[&FlagRow]) {
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
        let _ = writeln!(text, "{}", plain_table(&["pupil", "alert", "scores"], lines, self.style));
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

    fn section(&self, text: &mut String, heading: &str, rows: &[&FlagRow], about: Option<&str>) {
        if rows.is_empty() {
            return;
        }
        let _ = writeln!(text, "{heading}: {}", count_of(rows.len() as u64, "pupil"));
        if let Some(about) = about {
            let _ = writeln!(text, "{about}");
        }
        let name = |row: &FlagRow| {
            let alert = if row.flag.status == Status::Alert { " (alert above)" } else { "" };
            self.name(row) + alert
        };
        let lines = rows.iter().map(|row| vec![name(row), row.flag.reasons.join("; ")]);
        let _ = writeln!(text, "{}", plain_table(&["pupil", "why"], lines, self.style));
    }

    fn name(&self, row: &FlagRow) -> String {
        let several = self.layout.has_several_files();
        if several { format!("{} ({})", printable(&row.pupil), printable(&row.file)) } else { printable(&row.pupil).into_owned() }
    }
}

fn are(count: u64) -> String {
    if count == 1 { "1 pupil is".to_owned() } else { format!("{} are", count_of(count, "pupil")) }
}
