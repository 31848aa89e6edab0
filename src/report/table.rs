//! Tables for a terminal. Bands are words; colour only helps.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use comfy_table::{
    Attribute, Cell as TableCell, Color, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle as Lines, Width,
};

use super::{ALERT_WORDS, SENSITIVE_WORDS};
use crate::findings::{Style, count_of, list_and, list_or, printable};
use crate::instrument::{Bands, Number, Scale};
use crate::provenance::Provenance;
use crate::scoring::{Form, Layout, Level, Outcome, ScaleScore, ScoredRow};

/// How a table is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableStyle {
    /// Whether it carries colour.
    pub style: Style,
    /// How many characters wide it may be.
    pub width: u16,
}

/// A table of words under a header.
pub fn plain_table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>, look: TableStyle) -> String {
    let mut table = new_table(look);
    table.set_header(header.iter().map(TableCell::new));
    for row in rows {
        table.add_row(row.into_iter().map(TableCell::new_owned).collect::<Vec<_>>());
    }
    drawn(&mut table)
}

/// One line under the header and none elsewhere: rows of one line need no more.
const LINES: Lines = Lines::new().header_separator(LineStyle::new('─', '─', '─', '─'));

fn new_table(look: TableStyle) -> Table {
    let mut table = Table::new();
    table.load_style(LINES).set_content_arrangement(ContentArrangement::Dynamic).set_width(look.width);
    match look.style {
        Style::Plain => table.force_no_tty(),
        Style::Coloured => table.enforce_styling(),
    };
    table
}

/// Names and what they say, without lines.
pub(super) fn pairs<N: Into<String>>(rows: impl IntoIterator<Item = (N, String)>, look: TableStyle) -> String {
    let mut table = new_table(look);
    table.load_style(Lines::new());
    for (name, value) in rows {
        table.add_row(vec![TableCell::new_owned(name.into()), TableCell::new_owned(value)]);
    }
    drawn(&mut table)
}

/// comfy-table breaks words letter by letter in narrow columns unless each column has a lower bound.
fn drawn(table: &mut Table) -> String {
    let columns: Vec<u16> = (0..table.column_count()).map(|index| narrowest(table, index)).collect();
    for (column, width) in table.column_iter_mut().zip(columns) {
        column.set_padding((0, 1));
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width + 1)));
    }
    let mut text = String::new();
    for line in table.lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// The least width at which no word of a column is broken and short cells take two lines at most.
fn narrowest(table: &Table, column: usize) -> u16 {
    let cells = table.column_cells_with_header_iter(column).flatten();
    let widest = cells.flat_map(|cell| cell.content().lines().map(two_lines).collect::<Vec<_>>()).max();
    u16::try_from(widest.unwrap_or(0).min(40)).unwrap_or(40)
}

fn two_lines(text: &str) -> usize {
    const SHORT: usize = 14;
    let words: Vec<usize> = text.split_whitespace().map(|word| word.chars().count()).collect();
    let line = |words: &[usize]| words.iter().sum::<usize>() + words.len().saturating_sub(1);
    let longest = words.iter().copied().max().unwrap_or(0);
    let halved = (0..=words.len()).map(|split| line(&words[..split]).max(line(&words[split..]))).min().unwrap_or(0);
    if halved <= SHORT { halved } else { longest }
}

/// The table of a class: one row a pupil, a last row that counts the pupils at each level.
#[derive(Debug)]
pub struct ScoreTable {
    look: TableStyle,
    forms: Vec<FormTable>,
}

#[derive(Debug, Default)]
struct FormTable {
    scales: Vec<usize>,
    rows: Vec<(String, Vec<TableCell>)>,
    /// For each shown scale, how many pupils are at each level, and how many have no score or band.
    counts: Vec<Vec<u64>>,
    without: Vec<u64>,
    notes: Vec<String>,
    alerts: Vec<(String, String)>,
    sensitive: Vec<String>,
    /// The conventions by which pupils found their norm group.
    keys: BTreeSet<String>,
    estimated: bool,
}

/// More pupils with notes than this are counted, not listed: the notes are all in the CSV.
const LISTED_NOTES: usize = 40;

impl ScoreTable {
    /// An empty table for a layout. Scales without bands are shown only where they are asked for by name, or nothing has bands: they
    /// are in every file.
    pub fn new(layout: &Layout, look: TableStyle) -> Self {
        let forms = layout.forms().iter().enumerate().map(|(index, form)| {
            let shown = layout.shown(index);
            // Without a column for the sex nobody has a norm score: the raw scores say more than a table of dashes.
            let has_norms = layout.says_context(form);
            let shown: Vec<usize> = shown.into_iter().filter(|scale| has_norms || form.instrument().norms_of(*scale).is_none()).collect();
            let has_bands = shown.iter().any(|scale| form.bands(*scale).is_some());
            let asked_for = form.shown().len() < form.instrument().scales.len();
            let mut scales: Vec<usize> =
                shown.into_iter().filter(|scale| asked_for || !has_bands || form.bands(*scale).is_some()).collect();
            // The scale that a verdict is about stands first.
            scales.sort_by_key(|scale| form.instrument().scales.get(*scale).is_none_or(|scale| !scale.main));
            let counts = scales.iter().map(|scale| vec![0; form.bands(*scale).map_or(0, |bands| bands.levels.len())]).collect();
            FormTable { without: vec![0; scales.len()], scales, counts, ..FormTable::default() }
        });
        Self { look, forms: forms.collect() }
    }

    /// Adds one response.
    pub fn add(&mut self, layout: &Layout, row: &ScoredRow<'_>) {
        let several_files = layout.has_several_files();
        let pupil = printable(&row.named_pupil()).into_owned();
        let pupil = if several_files { format!("{pupil} ({})", printable(row.file())) } else { pupil };
        for (index, (form, table)) in layout.forms().iter().zip(&mut self.forms).enumerate().filter(|(index, _)| row.is_on(*index)) {
            table.add(form, index, row, &pupil);
        }
    }

    /// The text.
    pub fn render(mut self, layout: &Layout) -> String {
        let mut text = String::new();
        let look = self.look;
        for (form, table) in layout.forms().iter().zip(&mut self.forms) {
            table.render(&mut text, form, look);
        }
        text
    }
}

impl FormTable {
    fn add(&mut self, form: &Form, index: usize, row: &ScoredRow<'_>, pupil: &str) {
        let mut cells = Vec::with_capacity(self.scales.len());
        let mut notes = Vec::new();
        for (position, scale) in self.scales.iter().enumerate() {
            let Some(score) = row.scores(index).get(*scale) else { continue };
            let level = row.level(index, *scale);
            match level {
                Level::At(level) => *self.counts[position].get_mut(level).unwrap_or(&mut 0) += 1,
                _ => self.without[position] += u64::from(!matches!(score.outcome, Outcome::NotApplicable)),
            }
            self.estimated |= matches!(score.outcome, Outcome::Estimated(_));
            cells.push(score_cell(score, level, form.instrument().scales.get(*scale), form.bands(*scale)));
            self.keys.extend(score.group.and_then(|group| form.instrument().key_words(*scale, group)));
            let note = row.remarks(index, *scale).join("; ");
            if !note.is_empty() {
                let name = form.instrument().scales.get(*scale).map_or("", |scale| &*scale.id);
                notes.push(format!("{name} {note}"));
            }
        }
        if !notes.is_empty() {
            self.notes.push(format!("{pupil}: {}", one_reason(&notes)));
        }
        let alerts = row.alert_words(index);
        if !alerts.is_empty() {
            self.alerts.push((pupil.to_owned(), alerts.join("; ")));
        }
        let sensitive = row.sensitive_words(index);
        if !sensitive.is_empty() {
            self.sensitive.push(format!("{pupil}: {}", sensitive.join("; ")));
        }
        self.rows.push((pupil.to_owned(), cells));
    }

    fn render(&mut self, text: &mut String, form: &Form, look: TableStyle) {
        let instrument = form.instrument();
        let _ = writeln!(text, "{} ({})", instrument.title(), instrument.id);
        let _ = writeln!(text, "{}, {}\n", count_of(self.rows.len() as u64, "response"), self.legend(form));
        if !self.alerts.is_empty() {
            let _ = writeln!(text, "ALERTS: {}\n{ALERT_WORDS}", count_of(self.alerts.len() as u64, "response"));
            let lines = std::mem::take(&mut self.alerts).into_iter().map(|(pupil, alert)| vec![pupil, alert]);
            let _ = writeln!(text, "{}", plain_table(&["pupil", "alert"], lines, look));
        }
        let _ = writeln!(text, "{}", self.table(form, look));
        if self.estimated {
            let _ = writeln!(text, "~ estimated: some answers are missing, and the form's rule allows for it.");
        }
        if !self.keys.is_empty() {
            let keys: Vec<&String> = self.keys.iter().collect();
            let _ = writeln!(text, "Norm groups are found {}; `bandwise instrument show {}` says how.", list_and(&keys), instrument.id);
        }
        if self.scales.iter().any(|scale| instrument.norms_of(*scale).is_some()) {
            let _ = writeln!(text, "Raw scores are in the file (`-o scores.csv`), and here with `--scales`.");
        }
        if !self.sensitive.is_empty() {
            let _ = writeln!(text, "{SENSITIVE_WORDS}: {}", count_of(self.sensitive.len() as u64, "response"));
        }
        for sensitive in self.sensitive.iter().take(LISTED_NOTES) {
            let _ = writeln!(text, "  {sensitive}");
        }
        if self.sensitive.len() > LISTED_NOTES {
            let _ = writeln!(text, "  and {} more: `-o scores.csv` has them all", self.sensitive.len() - LISTED_NOTES);
        }
        if !self.notes.is_empty() {
            let _ = writeln!(text, "Notes: {}", count_of(self.notes.len() as u64, "response"));
        }
        for note in self.notes.iter().take(LISTED_NOTES) {
            let _ = writeln!(text, "  {note}");
        }
        if self.notes.len() > LISTED_NOTES {
            let _ = writeln!(text, "  and {} more: `-o scores.csv` has them all", self.notes.len() - LISTED_NOTES);
        }
        text.push('\n');
    }

    /// Which bands these are, and what a number alone says: most numbers of a class are in the lowest band, and the others should
    /// catch the eye.
    fn legend(&self, form: &Form) -> String {
        let lowest = self.scales.iter().find_map(|scale| form.bands(*scale)).map(|bands| bands.name(0));
        match (form.band_set(), lowest) {
            (Some(set), Some(lowest)) => format!("bands `{}`; a number alone is \"{lowest}\"", set.id),
            (Some(_), None) => "raw scores only: no norms can be used".to_owned(),
            (None, _) if !form.instrument().bands.is_empty() => {
                let sets: Vec<String> = form.instrument().bands.iter().map(|set| format!("`--bands {}`", set.id)).collect();
                format!("no bands unless a set is named: {}", list_or(&sets))
            }
            _ => "no bands: nobody can be flagged with this form".to_owned(),
        }
    }

    fn table(&mut self, form: &Form, look: TableStyle) -> String {
        let mut table = new_table(look);
        let name = |scale: &usize| form.instrument().scales.get(*scale).map_or("", |scale| &*scale.id);
        let title = |scale: &usize| {
            if form.bands(*scale).is_some() || form.band_set().is_none() {
                name(scale).to_owned()
            } else {
                format!("{} (no bands)", name(scale))
            }
        };
        let mut header = vec![TableCell::new("pupil")];
        header.extend(self.scales.iter().map(|scale| TableCell::new_owned(title(scale)).add_attribute(Attribute::Bold)));
        table.set_header(header);
        for (pupil, cells) in std::mem::take(&mut self.rows) {
            let mut row = vec![TableCell::new_owned(pupil)];
            row.extend(cells);
            table.add_row(row);
        }
        self.add_level_counts(&mut table, form);
        drawn(&mut table)
    }

    /// The last rows: how many pupils are at each level of each scale, and how many have none.
    fn add_level_counts(&self, table: &mut Table, form: &Form) {
        // The main scale, which stands first, names the levels; another only if it has more.
        let Some(widest) = self.scales.iter().rev().filter_map(|scale| form.bands(*scale)).max_by_key(|bands| bands.levels.len()) else {
            return;
        };
        table.add_row(vec![TableCell::new("")]);
        let heading = TableCell::new("pupils at each level").add_attribute(Attribute::Bold);
        table.add_row(std::iter::once(heading).chain(self.scales.iter().map(|_| TableCell::new(""))).collect::<Vec<_>>());
        for level in (0..widest.levels.len()).rev() {
            let mut row = vec![TableCell::new(widest.name(level))];
            row.extend(self.scales.iter().zip(&self.counts).map(|(scale, counts)| level_count(form.bands(*scale), widest, counts, level)));
            table.add_row(row);
        }
        if self.without.iter().any(|count| *count > 0) {
            let mut row = vec![TableCell::new("no score or no band")];
            row.extend(
                self.scales
                    .iter()
                    .zip(&self.without)
                    .map(|(scale, count)| TableCell::new_owned(form.bands(*scale).map_or_else(String::new, |_| count.to_string()))),
            );
            table.add_row(row);
        }
    }
}

/// How many pupils are at a level; a scale that calls the level otherwise says how.
fn level_count(bands: Option<&Bands>, widest: &Bands, counts: &[u64], level: usize) -> TableCell {
    let (Some(bands), Some(count)) = (bands, counts.get(level)) else { return TableCell::new("") };
    let own_name = bands.name(level);
    TableCell::new_owned(if own_name == widest.name(level) { count.to_string() } else { format!("{count} {own_name}") })
}

/// Notes that say the same of every scale are said once: a row that could not be used at all has one reason, not nine.
fn one_reason(notes: &[String]) -> String {
    let reasons: Vec<Option<&str>> = notes.iter().map(|note| note.split_once(' ').map(|(_, reason)| reason)).collect();
    match reasons.as_slice() {
        [first, rest @ ..] if !rest.is_empty() && rest.iter().all(|reason| reason == first) => first.unwrap_or_default().to_owned(),
        _ => notes.join("; "),
    }
}

/// `12 high`, `~7 high` where it is estimated, a dash where there is no score.
fn score_cell(score: &ScaleScore, level: Level, scale: Option<&Scale>, bands: Option<&Bands>) -> TableCell {
    let shown = |value: Number| scale.map_or_else(|| value.to_string(), |scale| scale.capped(value));
    let number = match score.outcome {
        Outcome::Complete(value) => shown(value),
        Outcome::Estimated(value) => format!("~{}", shown(value)),
        Outcome::Absent(_) => return TableCell::new("– not scored"),
        Outcome::NotApplicable => return TableCell::new(""),
    };
    let (Level::At(level), Some(bands)) = (level, bands) else {
        let why = if bands.is_some() { " no band" } else { "" };
        return TableCell::new_owned(format!("{number}{why}"));
    };
    if level == 0 {
        return TableCell::new_owned(number);
    }
    let cell = TableCell::new_owned(format!("{number} {}", bands.name(level)));
    match (level, bands.levels.len() - level) {
        (_, 1) => cell.fg(Color::Red).add_attribute(Attribute::Bold),
        (1, _) => cell.fg(Color::Yellow),
        _ => cell.fg(Color::Red),
    }
}

/// What stands under every table: what the reader should know, and what produced it.
pub fn footer(provenance: &Provenance) -> String {
    let mut text = String::new();
    for notice in &provenance.notices {
        let _ = writeln!(text, "{notice}");
    }
    let short = |hash: &str| hash.chars().take(8).collect::<String>();
    let mut parts = vec![format!("{} {}", provenance.tool, provenance.version)];
    parts.extend(provenance.instruments.iter().map(|used| format!("{} version {} ({})", used.id, used.version, short(&used.sha256))));
    parts.extend(provenance.inputs.iter().take(5).map(|input| format!("{} ({})", printable(&input.name), short(&input.sha256))));
    let _ = writeln!(text, "{}", parts.join(", "));
    text
}
