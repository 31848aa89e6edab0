//! Tables for a terminal. Bands are words; colour only helps.

use std::fmt::Write as _;

use comfy_table::{
    Attribute, Cell as TableCell, Color, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle as Lines, Width,
};

use super::class_view::{BandsInUse, ClassForm, ClassRow, ClassView, ShownLevel, ShownScore};
use super::{ALERT_WORDS, SENSITIVE_WORDS};
use crate::findings::{Style, count_of, list_and, printable};
use crate::instrument::Bands;
use crate::provenance::Provenance;
use crate::scoring::{Form, Layout};

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
pub fn class_table(view: &ClassView, layout: &Layout, look: TableStyle) -> String {
    let mut text = String::new();
    for (form, class) in layout.forms().iter().zip(&view.forms) {
        render(&mut text, class, form, look);
    }
    text
}

/// More pupils with notes than this are counted, not listed: the notes are all in the CSV.
const LISTED_NOTES: usize = 40;

fn render(text: &mut String, class: &ClassForm, form: &Form, look: TableStyle) {
    let instrument = form.instrument();
    let _ = writeln!(text, "{} ({})", instrument.title(), instrument.id);
    // A number alone is in the lowest band: most of a class are, and the others should catch the eye.
    let legend = match class.bands_in_use(form) {
        BandsInUse::Set { id, lowest } => format!("bands `{id}`; a number alone is \"{lowest}\""),
        BandsInUse::None(why) => why,
    };
    let _ = writeln!(text, "{}, {legend}\n", count_of(class.rows.len() as u64, "response"));
    let alerts: Vec<Vec<String>> =
        class.rows.iter().filter(|row| !row.alerts.is_empty()).map(|row| vec![row.printed(), row.alerts.join("; ")]).collect();
    if !alerts.is_empty() {
        let _ = writeln!(text, "ALERTS: {}\n{ALERT_WORDS}", count_of(alerts.len() as u64, "response"));
        let _ = writeln!(text, "{}", plain_table(&["pupil", "alert"], alerts, look));
    }
    let _ = writeln!(text, "{}", scores(class, form, look));
    if class.estimated {
        let _ = writeln!(text, "~ estimated: some answers are missing, and the form's rule allows for it.");
    }
    if !class.keys.is_empty() {
        let keys: Vec<&String> = class.keys.iter().collect();
        let _ = writeln!(text, "Norm groups are found {}; `bandwise instrument show {}` says how.", list_and(&keys), instrument.id);
    }
    if class.scales.iter().any(|scale| instrument.norms_of(*scale).is_some()) {
        let _ = writeln!(text, "Raw scores are in the file (`-o scores.csv`), and here with `--scales`.");
    }
    listed(text, SENSITIVE_WORDS, class.rows.iter().map(|row| (row, &row.sensitive)));
    listed(text, "Notes", class.rows.iter().map(|row| (row, &row.notes)));
    text.push('\n');
}

/// What is said of some of the pupils, a line each.
fn listed<'r>(text: &mut String, heading: &str, said: impl Iterator<Item = (&'r ClassRow, &'r Vec<String>)>) {
    let lines: Vec<String> =
        said.filter(|(_, words)| !words.is_empty()).map(|(row, words)| format!("{}: {}", row.printed(), words.join("; "))).collect();
    if !lines.is_empty() {
        let _ = writeln!(text, "{heading}: {}", count_of(lines.len() as u64, "response"));
    }
    for line in lines.iter().take(LISTED_NOTES) {
        let _ = writeln!(text, "  {line}");
    }
    if lines.len() > LISTED_NOTES {
        let _ = writeln!(text, "  and {} more: `-o scores.csv` has them all", lines.len() - LISTED_NOTES);
    }
}

fn scores(class: &ClassForm, form: &Form, look: TableStyle) -> String {
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
    header.extend(class.scales.iter().map(|scale| TableCell::new_owned(title(scale)).add_attribute(Attribute::Bold)));
    table.set_header(header);
    for row in &class.rows {
        let mut cells = vec![TableCell::new_owned(row.printed())];
        cells.extend(class.scales.iter().zip(&row.scores).map(|(scale, score)| score_cell(score, form.bands(*scale))));
        table.add_row(cells);
    }
    add_level_counts(&mut table, class, form);
    drawn(&mut table)
}

/// The last rows: how many pupils are at each level of each scale, and how many have none.
fn add_level_counts(table: &mut Table, class: &ClassForm, form: &Form) {
    // The main scale, which stands first, names the levels; another only if it has more.
    let Some(widest) = class.scales.iter().rev().filter_map(|scale| form.bands(*scale)).max_by_key(|bands| bands.levels.len()) else {
        return;
    };
    table.add_row(vec![TableCell::new("")]);
    let heading = TableCell::new("pupils at each level").add_attribute(Attribute::Bold);
    table.add_row(std::iter::once(heading).chain(class.scales.iter().map(|_| TableCell::new(""))).collect::<Vec<_>>());
    for level in (0..widest.levels.len()).rev() {
        let mut row = vec![TableCell::new(widest.name(level))];
        row.extend(class.scales.iter().zip(&class.counts).map(|(scale, counts)| level_count(form.bands(*scale), widest, counts, level)));
        table.add_row(row);
    }
    if class.without.iter().any(|count| *count > 0) {
        let mut row = vec![TableCell::new("no score or no band")];
        row.extend(
            class
                .scales
                .iter()
                .zip(&class.without)
                .map(|(scale, count)| TableCell::new_owned(form.bands(*scale).map_or_else(String::new, |_| count.to_string()))),
        );
        table.add_row(row);
    }
}

/// How many pupils are at a level; a scale that calls the level otherwise says how.
fn level_count(bands: Option<&Bands>, widest: &Bands, counts: &[u64], level: usize) -> TableCell {
    let (Some(bands), Some(count)) = (bands, counts.get(level)) else { return TableCell::new("") };
    let own_name = bands.name(level);
    TableCell::new_owned(if own_name == widest.name(level) { count.to_string() } else { format!("{count} {own_name}") })
}

/// `12 high`, `~7 high` where it is estimated, a dash where there is no score.
fn score_cell(score: &ShownScore, bands: Option<&Bands>) -> TableCell {
    let (number, level, bands) = match (score, bands) {
        (ShownScore::NotThere, _) => return TableCell::new(""),
        (ShownScore::NotScored, _) => return TableCell::new("– not scored"),
        (ShownScore::Score(number, ShownLevel::At(level)), Some(bands)) => (number, *level, bands),
        (ShownScore::Score(number, ShownLevel::Unknown), _) => return TableCell::new_owned(format!("{number} no band")),
        (ShownScore::Score(number, _), _) => return TableCell::new(number),
    };
    if level == 0 {
        return TableCell::new(number);
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
