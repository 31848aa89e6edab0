//! How many responses a command read, and the alerts among them.

use bandwise::findings::{count_of, printable};

use super::printer::Printer;

/// The responses and alerts of a command. Whatever becomes of the command, its alerts are said.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) responses: u64,
    alerts: Vec<String>,
    alert_count: u64,
    /// Those of responses that are in no output.
    alerts_left_out: u64,
    is_said: bool,
    naming: Naming,
}

/// Whether alerts say whose they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Naming {
    #[default]
    ByPupil,
    /// Nobody can be named, and a row's number would only help to find out who it was.
    Nobody,
}

/// What can be done where nobody can be named.
const ANONYMOUS_WORDS: &str = "An alert is not a risk assessment, and nobody can be named here. Tell the designated safeguarding lead today: everybody who was asked should hear whom to turn to.";

/// More alerts than this are in the file, and counted here.
const LISTED_ALERTS: usize = 200;

impl Tally {
    /// Adds a response. Says whether it counts: where another one of the pupil does, as the user asked, only its alerts are told.
    pub(crate) fn add(&mut self, row: &bandwise::scoring::ScoredRow<'_>, forms: usize) -> bool {
        let counts = !row.is_left_out();
        self.responses += u64::from(counts);
        let alerts: Vec<String> = (0..forms).flat_map(|form| row.alert_words(form)).collect();
        if !alerts.is_empty() {
            self.alert_count += 1;
            self.alerts_left_out += u64::from(!counts);
            if self.naming == Naming::ByPupil && self.alerts.len() < LISTED_ALERTS {
                self.alerts.push(format!(
                    "  {}, row {} of {}: {}",
                    printable(&row.named_pupil()),
                    row.row(),
                    printable(row.file()),
                    alerts.join("; ")
                ));
            }
        }
        counts
    }

    /// The output itself shows the alerts, so that they need not be said again.
    pub(crate) fn shown_in_output(&mut self) {
        self.is_said = self.alerts_left_out == 0;
    }

    /// The responses are anonymous: alerts are counted.
    #[cfg(feature = "frames")]
    pub(crate) fn name_nobody(&mut self) {
        self.naming = Naming::Nobody;
    }

    /// Alerts come before everything else that is said.
    pub(crate) fn report_alerts(&self, printer: &Printer) {
        if self.alert_count == 0 || self.is_said {
            return;
        }
        if self.naming == Naming::Nobody {
            printer.say(&format!("ALERTS: {} of an anonymous survey. {ANONYMOUS_WORDS}", count_of(self.alert_count, "response")));
            return;
        }
        printer.say(&format!("ALERTS: {}. {}", count_of(self.alert_count, "response"), bandwise::report::ALERT_WORDS));
        for alert in &self.alerts {
            printer.say(alert);
        }
        if self.alert_count > self.alerts.len() as u64 {
            printer.say(&format!("  and {} more: `bandwise flag` lists them all", self.alert_count - self.alerts.len() as u64));
        }
    }
}
