//! How many responses a command read, and the alerts among them.

use bandwise::findings::printable;
use bandwise::scoring::{RowCount, ScoredRow};

use super::printer::{Alerts, Naming, Printer};

/// The responses and alerts of a command. Whatever becomes of the command, its alerts are said.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) responses: u64,
    alerts: Alerts,
    /// Those of responses that are in no output.
    alerts_left_out: u64,
    is_said: bool,
}

/// More alerts than this are in the file, and counted here.
const LISTED_ALERTS: usize = 200;

impl Tally {
    /// Adds a response. Says whether it counts: where another one of the pupil does, as the user asked, only its alerts are told.
    pub(crate) fn add(&mut self, row: &ScoredRow<'_>, forms: usize) -> bool {
        let counts = !row.is_left_out();
        self.responses += u64::from(counts);
        let alerts: Vec<String> = (0..forms).flat_map(|form| row.alert_words(form)).collect();
        if !alerts.is_empty() {
            self.alerts.responses += 1;
            self.alerts_left_out += u64::from(!counts);
            if self.alerts.naming == Naming::ByPupil && self.alerts.lines.len() < LISTED_ALERTS {
                self.alerts.lines.push(format!(
                    "{}, row {} of {}: {}",
                    printable(&row.named_pupil()),
                    row.row(),
                    printable(row.file()),
                    alerts.join("; ")
                ));
            }
        }
        counts
    }

    /// Adds what was counted in the rows that come next.
    pub(crate) fn absorb(&mut self, next: Self) {
        self.responses += next.responses;
        self.alerts.responses += next.alerts.responses;
        self.alerts_left_out += next.alerts_left_out;
        let room = LISTED_ALERTS.saturating_sub(self.alerts.lines.len());
        self.alerts.lines.extend(next.alerts.lines.into_iter().take(room));
    }

    /// The output itself shows the alerts, so that they need not be said again.
    pub(crate) fn shown_in_output(&mut self) {
        self.is_said = self.alerts_left_out == 0;
    }

    /// The responses are anonymous: alerts are counted.
    #[cfg(feature = "frames")]
    pub(crate) fn name_nobody(&mut self) {
        self.alerts.naming = Naming::Nobody;
    }

    /// Alerts come before everything else that is said.
    pub(crate) fn report_alerts(&self, printer: &Printer) {
        if self.alerts.responses > 0 && !self.is_said {
            printer.alerts(&self.alerts);
        }
    }
}

impl RowCount for Tally {
    fn row(&mut self, row: &ScoredRow<'_>, forms: usize) -> bool {
        self.add(row, forms)
    }

    fn response(&mut self) {
        self.responses += 1;
    }

    /// An alert need not be listed any more where there are enough of them.
    fn alert(&mut self) -> bool {
        let is_full = self.alerts.lines.len() >= LISTED_ALERTS || self.alerts.naming == Naming::Nobody;
        self.alerts.responses += u64::from(is_full);
        is_full
    }
}
