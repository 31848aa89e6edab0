//! The only place that prints. Data goes to stdout; findings and everything else go to stderr.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};

use bandwise::findings::{Findings, Severity, Style, count_of, harmless, json_line, render_full, render_short};
use bandwise::report::TableStyle;

use super::options::FindingsFormat;

/// Prints, and knows whether colour is wanted.
pub(crate) struct Printer {
    stdout: Style,
    stderr: Style,
    width: u16,
    beside: Beside,
}

/// Whether what is said beside the data is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    Printed,
    /// It was printed already.
    KeptBack,
}

impl Printer {
    pub(crate) fn new() -> Self {
        let width = terminal_width().unwrap_or(100);
        Self { stdout: style(&io::stdout()), stderr: style(&io::stderr()), width, beside: Beside::Printed }
    }

    /// Prints data only: what is to be said about the same files was said by another command.
    pub(crate) fn quiet() -> Self {
        Self { beside: Beside::KeptBack, ..Self::new() }
    }

    /// How tables on stdout are to look.
    pub(crate) fn table_style(&self) -> TableStyle {
        TableStyle { style: self.stdout, width: self.width }
    }

    /// Text to stdout.
    #[expect(clippy::unused_self, reason = "only who was handed the printer may print")]
    pub(crate) fn data(&self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }

    /// A line to stderr. Where stderr is gone there is nobody to tell.
    pub(crate) fn say(&self, line: &str) {
        if self.beside == Beside::KeptBack {
            return;
        }
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    /// All findings to stderr, the gravest first, in the form that was asked for.
    pub(crate) fn findings(&self, findings: &Findings<'_>, format: FindingsFormat) {
        let mut text = String::new();
        for group in findings.groups() {
            match format {
                FindingsFormat::Full => {
                    text.push_str(&render_full(group, self.stderr));
                    text.push('\n');
                }
                FindingsFormat::Short => text.push_str(&render_short(group, self.stderr)),
                FindingsFormat::Json => {
                    if let Some(first) = group.first.first() {
                        text.push_str(&json_line(first, Some(group.count)).to_string());
                        text.push('\n');
                    }
                }
            }
        }
        if self.beside == Beside::Printed {
            let _ = io::stderr().lock().write_all(text.as_bytes());
        }
    }

    /// `2 problems, 3 notes; bandwise explain CODE says more`.
    pub(crate) fn count_findings(&self, findings: &Findings<'_>) {
        let counts: Vec<String> = [(Severity::Problem, "problem"), (Severity::Note, "note")]
            .into_iter()
            .filter_map(|(severity, word)| Some(findings.count(severity)).filter(|count| *count > 0).map(|count| count_of(count, word)))
            .collect();
        if !counts.is_empty() {
            self.say(&format!("{}. `bandwise explain CODE` says what a code means and what to do.", counts.join(", ")));
        }
    }

    /// An operation that could not be carried out, with its causes.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        let mut text = format!("error: {}", harmless(&error.to_string()));
        for cause in error.chain().skip(1) {
            let _ = write!(text, "\n  because {}", harmless(cause.to_string().to_lowercase().trim_end_matches('.')));
        }
        self.say(&text);
    }
}

fn style(stream: &impl anstream::stream::RawStream) -> Style {
    match anstream::AutoStream::choice(stream) {
        anstream::ColorChoice::Never => Style::Plain,
        _ => Style::Coloured,
    }
}

/// The width of the terminal; tables in files and pipes have a fixed width, so that they are the same everywhere.
fn terminal_width() -> Option<u16> {
    if !io::stdout().is_terminal() {
        return None;
    }
    comfy_table::Table::new().width().filter(|width| *width >= 40)
}
