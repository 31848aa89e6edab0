//! Findings as text (full or short) and as JSON: the only place where they are formatted.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group as Snippets, Level, Renderer, Snippet};
use anstyle::{AnsiColor, Style as Ansi};
use serde::Serialize;
use serde_json::Value;

use super::{Finding, Group, Place, Severity, harmless, printable};

/// Whether text carries colour. Colour only helps: every word is there without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Words only.
    Plain,
    /// Words with ANSI colours.
    Coloured,
}

impl Style {
    fn paint(self, colour: AnsiColor, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Coloured => {
                let ansi = Ansi::new().bold().fg_color(Some(colour.into()));
                format!("{ansi}{text}{ansi:#}")
            }
        }
    }
}

fn colour_of(severity: Severity) -> AnsiColor {
    match severity {
        Severity::Note => AnsiColor::Cyan,
        Severity::Problem => AnsiColor::Yellow,
        Severity::Refusal => AnsiColor::Red,
    }
}

/// A group in full: message, place, the offending cell with a caret, the other places, one help.
pub fn render_full(group: &Group, style: Style) -> String {
    let Some(finding) = group.first.first() else { return String::new() };
    match &finding.place {
        Place::Definition { source, span } => definition(finding, &source.name, &source.text, span.clone(), style),
        _ => table(group, finding, style),
    }
}

fn title(finding: &Finding, style: Style) -> String {
    let severity = finding.code.severity();
    style.paint(colour_of(severity), &format!("{severity}[{}]", finding.code))
}

fn table(group: &Group, finding: &Finding, style: Style) -> String {
    let mut text = format!("{}: {}\n  --> {}\n", title(finding, style), harmless(&finding.message), finding.place);
    if let Some(value) = &finding.value {
        let shown = if value.is_empty() { "(blank)".into() } else { printable(value) };
        let carets = "^".repeat(shown.chars().count().max(1));
        let label = harmless(finding.label.as_deref().unwrap_or_default());
        let _ = writeln!(text, "   |  {shown}\n   |  {}", format!("{carets} {label}").trim_end());
    }
    if group.count > 1 {
        let _ = writeln!(text, "   = {}", others(group));
    }
    if let Some(help) = &finding.help {
        let _ = writeln!(text, "{}: {}", style.paint(AnsiColor::Green, "help"), harmless(help));
    }
    text
}

/// `also in row 15 (`8`), row 19 (`7`), and 4 more`.
fn others(group: &Group) -> String {
    let mut places: Vec<String> = group
        .first
        .iter()
        .skip(1)
        .map(|finding| {
            let row = finding.place.row().map_or_else(|| finding.place.to_string(), |row| format!("row {row}"));
            match &finding.value {
                Some(value) => format!("{row} (`{}`)", printable(value)),
                None => row,
            }
        })
        .collect();
    let shown = group.first.len() as u64;
    if group.count > shown {
        places.push(format!("and {} more", group.count - shown));
    }
    format!("also in {}", places.join(", "))
}

/// A stretch of a TOML file, drawn by annotate-snippets.
fn definition(finding: &Finding, name: &str, text: &str, span: std::ops::Range<usize>, style: Style) -> String {
    let severity = finding.code.severity();
    let level = match severity {
        Severity::Note => Level::NOTE,
        Severity::Problem => Level::WARNING.with_name("problem"),
        Severity::Refusal => Level::ERROR.with_name("refused"),
    };
    let end = span.end.clamp(span.start, text.len());
    let mark = AnnotationKind::Primary.span(span.start.min(text.len())..end).label(finding.label.as_deref().unwrap_or_default());
    let snippet: Snippet<'_, annotate_snippets::Annotation<'_>> = Snippet::source(text).path(name).annotation(mark);
    let mut report: Vec<Snippets<'_>> = vec![level.primary_title(finding.message.as_str()).id(finding.code.id()).element(snippet)];
    if let Some(help) = &finding.help {
        report.push(Snippets::with_title(Level::HELP.secondary_title(help.as_str())));
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let drawn = renderer.render(&report);
    let lines: Vec<&str> = drawn.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim_end())
}

/// A group in one line: `class-7a.csv, row 14, column J (`worries`): problem[R002]: … (and 4 more)`.
pub fn render_short(group: &Group, style: Style) -> String {
    let Some(finding) = group.first.first() else { return String::new() };
    let more = if group.count > 1 { format!(" ({} in all)", group.count) } else { String::new() };
    format!("{}: {}: {}{more}\n", finding.place, title(finding, style), harmless(&finding.message))
}

/// One finding as a JSON object.
#[derive(Serialize)]
struct JsonFinding<'f> {
    code: &'f str,
    severity: &'f str,
    file: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<Cow<'f, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Cow<'f, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<Cow<'f, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Cow<'f, str>>,
    message: Cow<'f, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
}

impl<'f> JsonFinding<'f> {
    fn new(finding: &'f Finding, count: Option<u64>) -> Self {
        let (row, column) = (finding.place.row(), finding.place.column());
        let is_line = matches!(finding.place, Place::Definition { .. });
        let shown = |text: &'f Option<String>| text.as_deref().map(harmless);
        Self {
            code: finding.code.id(),
            severity: finding.code.severity().word(),
            file: finding.place.file(),
            line: row.filter(|_| is_line),
            row: row.filter(|_| !is_line),
            column: column.map(|column| super::column_letters(column.index)),
            header: column.map(|column| printable(&column.name)),
            value: shown(&finding.value),
            expected: shown(&finding.label),
            help: shown(&finding.help),
            message: harmless(&finding.message),
            count,
        }
    }
}

/// One finding as a JSON object; `count` where it stands for several.
pub fn json_line(finding: &Finding, count: Option<u64>) -> Value {
    let Ok(value) = serde_json::to_value(JsonFinding::new(finding, count)) else { unreachable!("texts and numbers under names are JSON") };
    value
}

/// Writes one finding as a line of JSON.
///
/// # Errors
///
/// When the system refuses.
pub fn write_json_line(finding: &Finding, target: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *target, &JsonFinding::new(finding, None))?;
    target.write_all(b"\n")
}
