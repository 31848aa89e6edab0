//! Options about pupils: the pupil list, names that a person confirmed, withdrawn consent, and which response counts.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use bandwise::findings::{Code, Findings};
use bandwise::input::{Input, InputOptions, ReadError};
use bandwise::matching::{DateOrder, Roster, read_exclusions, read_names, read_pupils_dated};
use bandwise::scoring::{Joining, Repeat, ScoreError};
use clap::{Args, ValueEnum};
use jiff::civil::Date;

/// What is known of pupils besides their responses.
#[derive(Args, Clone, Debug)]
pub(crate) struct PupilArguments {
    /// The school's pupil list: it supplies sex, school year, age and groups, and finds ids that no pupil has
    #[arg(long, value_name = "FILE", help_heading = "Pupils")]
    pub(crate) pupils: Option<PathBuf>,

    /// Names as they were written, and the pupil who is meant, as a person confirmed: columns `as_written` and `pupil`
    #[arg(long, value_name = "FILE", requires = "pupils", help_heading = "Pupils")]
    pub(crate) names: Option<PathBuf>,

    /// Ids of pupils whose consent was withdrawn: their responses are left out before anything is read of them
    #[arg(long, value_name = "FILE", help_heading = "Pupils")]
    pub(crate) exclude: Option<PathBuf>,

    /// Which response counts when a pupil stands twice
    #[arg(long, value_enum, value_name = "WHICH", help_heading = "Pupils")]
    pub(crate) repeat: Option<RepeatWord>,

    /// The day for ages where the responses have no date, and for overdue reviews: 2026-12-18
    #[arg(long, value_name = "DATE", value_parser = day, help_heading = "Pupils")]
    pub(crate) on: Option<Date>,

    /// How dates such as 05/09/2026 are written in these files
    #[arg(long, value_enum, value_name = "ORDER", help_heading = "Pupils")]
    pub(crate) dates: Option<DatesWord>,

    /// What the files say, once they were read.
    #[arg(skip)]
    known: OnceCell<Joining>,
}

/// Which response counts when a pupil stands twice.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RepeatWord {
    /// The first in the file
    First,
    /// The latest by date, else the last in the file
    Latest,
}

/// In which order a date is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DatesWord {
    /// 25/09/2026
    DayFirst,
    /// 09/25/2026
    MonthFirst,
}

impl DatesWord {
    /// The order, as the library says it.
    pub(crate) fn order(self) -> DateOrder {
        match self {
            Self::DayFirst => DateOrder::DayFirst,
            Self::MonthFirst => DateOrder::MonthFirst,
        }
    }
}

/// A day on the command line.
pub(crate) fn day(written: &str) -> Result<Date, String> {
    written.parse().map_err(|_| "it should be a day as year-month-day: 2026-12-18".to_owned())
}

fn word_of(value: Option<impl ValueEnum>) -> Option<String> {
    Some(value?.to_possible_value()?.get_name().to_owned())
}

impl PupilArguments {
    /// The files about pupils, for a command that reads no responses.
    pub(crate) fn files(pupils: Option<PathBuf>, names: Option<PathBuf>, exclude: Option<PathBuf>, dates: Option<DatesWord>) -> Self {
        Self { pupils, names, exclude, dates, repeat: None, on: None, known: OnceCell::new() }
    }

    /// Which response counts when a pupil stands twice at one of several times.
    #[cfg(feature = "frames")]
    pub(crate) fn repeat_between_times(&self) -> bandwise::cohort::Repeat {
        match self.repeat {
            None => bandwise::cohort::Repeat::Refuse,
            Some(RepeatWord::First) => bandwise::cohort::Repeat::First,
            Some(RepeatWord::Latest) => bandwise::cohort::Repeat::Latest,
        }
    }

    /// Which response counts, as the library says it.
    pub(crate) fn repeat(&self) -> Option<Repeat> {
        self.repeat.map(|repeat| match repeat {
            RepeatWord::First => Repeat::First,
            RepeatWord::Latest => Repeat::Latest,
        })
    }

    fn dates(&self) -> Option<DateOrder> {
        self.dates.map(DatesWord::order)
    }

    /// The files that say something about pupils: no output may replace them.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        [&self.pupils, &self.names, &self.exclude].into_iter().flatten().map(PathBuf::as_path)
    }

    /// The options that shape the output, by name.
    pub(crate) fn in_force(&self) -> [(&'static str, Option<String>); 6] {
        let file = |path: &Option<PathBuf>| Some(path.as_ref()?.file_name()?.to_string_lossy().into_owned());
        [
            ("pupils", file(&self.pupils)),
            ("names", file(&self.names)),
            ("exclude", file(&self.exclude)),
            ("repeat", word_of(self.repeat)),
            ("on", self.on.map(|day| day.to_string())),
            ("dates", word_of(self.dates)),
        ]
    }

    /// Reads the files about pupils. They are read once, also where a command reads responses twice.
    pub(crate) fn joining(&self, keep: Option<&[String]>, drop: &[String], findings: &mut Findings<'_>) -> Result<Joining> {
        if let Some(known) = self.known.get() {
            return Ok(known.clone());
        }
        let mut joining =
            Joining { on: self.on, dates: self.dates(), keep: keep.map(<[String]>::to_vec), drop: drop.to_vec(), ..Joining::default() };
        if let Some(path) = &self.pupils {
            let options = InputOptions::default();
            let (list, found) = told(read_pupils_dated(&Input::new(path), &options, self.dates()), findings)?;
            findings.extend(found);
            joining.used.push(list.used.clone());
            let mut roster = Roster::new(list, self.dates());
            if let Some(path) = &self.names {
                let (used, found) = told(read_names(&Input::new(path), &options, &mut roster), findings)?;
                findings.extend(found);
                joining.used.push(used);
            }
            joining.roster = Some(Arc::new(roster));
        }
        if let Some(path) = &self.exclude {
            let read = read_exclusions(&Input::new(path), &InputOptions::default(), joining.roster.as_deref());
            let exclusions = told(read, findings)?;
            joining.used.push(exclusions.used.clone());
            joining.exclusions = Some(Arc::new(exclusions));
        }
        Ok(self.known.get_or_init(|| joining).clone())
    }
}

/// A file that is refused has its finding, and nothing else needs to be said.
pub(crate) fn told<T>(read: Result<T, ReadError>, findings: &mut Findings<'_>) -> Result<T> {
    read.map_err(|error| match error {
        ReadError::Refusal(finding) => {
            // `--sheet` is about the responses.
            let one_sheet = "save the sheet that is meant as a file of its own: `--sheet` names one of the responses";
            findings.push(if finding.code == Code::T011 { finding.help(one_sheet) } else { *finding });
            ScoreError::Refused.into()
        }
        error @ ReadError::Refused { .. } => error.into(),
    })
}
