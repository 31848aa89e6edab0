//! The only place that prints. Data goes to stdout; findings and everything else go to stderr.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};

use bandwise::findings::{Findings, Group, Severity, Style, count_of, harmless, json_line, render_full, render_short};
use bandwise::report::TableStyle;

use super::options::FindingsFormat;

/// Prints, and knows whether colour is wanted.
pub(crate) struct Printer {
    stdout: Style,
    stderr: Style,
    width: u16,
    beside: Beside,
}

/// What becomes of what is said beside the data.
enum Beside {
    Printed,
    /// It was printed already.
    KeptBack,
    /// It is kept for later, because other commands are at work too.
    Collected(RefCell<Said>),
}

/// What a command said beside its data.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) alerts: Alerts,
    pub(crate) findings: Vec<Group>,
    pub(crate) lines: Vec<String>,
}

/// Whether alerts say whose they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Naming {
    #[default]
    ByPupil,
    /// Nobody can be named, and a row's number would only help to find out who it was.
    Nobody,
}

/// What can be done where nobody can be named.
const ANONYMOUS_WORDS: &str = "An alert is not a risk assessment, and nobody can be named here. Tell the designated safeguarding lead today: everybody who was asked should hear whom to turn to.";

/// The alerts of a command.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alerts {
    /// How many responses have one.
    pub(crate) responses: u64,
    /// A line each, as far as they are listed.
    pub(crate) lines: Vec<String>,
    pub(crate) naming: Naming,
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

    /// Keeps what is said; writes no data.
    pub(crate) fn collecting() -> Self {
        // What a job writes looks the same wherever it is started.
        Self { stdout: Style::Plain, stderr: Style::Plain, width: 100, beside: Beside::Collected(RefCell::default()) }
    }

    /// What was kept.
    pub(crate) fn into_said(self) -> Said {
        match self.beside {
            Beside::Collected(said) => said.into_inner(),
            Beside::Printed | Beside::KeptBack => Said::default(),
        }
    }

    /// How tables on stdout are to look.
    pub(crate) fn table_style(&self) -> TableStyle {
        TableStyle { style: self.stdout, width: self.width }
    }

    /// Text to stdout.
    pub(crate) fn data(&self, text: &str) -> io::Result<()> {
        if matches!(self.beside, Beside::Collected(_)) {
            return Err(io::Error::other("a job of a run writes to files only"));
        }
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }

    /// A line to stderr. Where stderr is gone there is nobody to tell.
    pub(crate) fn say(&self, line: &str) {
        match &self.beside {
            Beside::Printed => {
                let _ = writeln!(io::stderr().lock(), "{line}");
            }
            Beside::KeptBack => {}
            Beside::Collected(said) => said.borrow_mut().lines.push(line.to_owned()),
        }
    }

    /// Alerts, which come before everything else that is said.
    pub(crate) fn alerts(&self, alerts: &Alerts) {
        if let Beside::Collected(said) = &self.beside {
            said.borrow_mut().alerts = alerts.clone();
            return;
        }
        if alerts.naming == Naming::Nobody {
            self.say(&format!("ALERTS: {} of an anonymous survey. {ANONYMOUS_WORDS}", count_of(alerts.responses, "response")));
            return;
        }
        self.say(&format!("ALERTS: {}. {}", count_of(alerts.responses, "response"), bandwise::report::ALERT_WORDS));
        for alert in &alerts.lines {
            self.say(&format!("  {alert}"));
        }
        if alerts.responses > alerts.lines.len() as u64 {
            self.say(&format!("  and {} more: `bandwise flag` lists them all", alerts.responses - alerts.lines.len() as u64));
        }
    }

    /// All findings to stderr, the gravest first, in the form that was asked for.
    pub(crate) fn findings(&self, findings: &Findings<'_>, format: FindingsFormat) {
        if let Beside::Collected(said) = &self.beside {
            said.borrow_mut().findings.extend(findings.groups().into_iter().cloned());
            return;
        }
        self.groups(findings.groups(), format);
    }

    /// Findings that were kept.
    pub(crate) fn groups<'g>(&self, groups: impl IntoIterator<Item = &'g Group>, format: FindingsFormat) {
        let mut text = String::new();
        for group in groups {
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
        if matches!(self.beside, Beside::Printed) {
            let _ = io::stderr().lock().write_all(text.as_bytes());
        }
    }

    /// `2 problems, 3 notes; bandwise explain CODE says more`.
    pub(crate) fn count_findings(&self, findings: &Findings<'_>) {
        let counts: Vec<String> = [(Severity::Problem, "problem"), (Severity::Note, "note")]
            .into_iter()
            .filter_map(|(severity, word)| Some(findings.count(severity)).filter(|count| *count > 0).map(|count| count_of(count, word)))
            .collect();
        if !counts.is_empty() && !matches!(self.beside, Beside::Collected(_)) {
            self.say(&format!("{}. `bandwise explain CODE` says what a code means and what to do.", counts.join(", ")));
        }
    }

    /// An operation that could not be carried out, with its causes.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        self.say(&format!("error: {}", error_text(error)));
    }
}

/// An error with its causes, a line each.
pub(crate) fn error_text(error: &anyhow::Error) -> String {
    let mut text = harmless(&error.to_string()).into_owned();
    for cause in error.chain().skip(1) {
        let _ = write!(text, "\n  because {}", harmless(cause.to_string().to_lowercase().trim_end_matches('.')));
    }
    text
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
