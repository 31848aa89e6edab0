//! Options that several commands share, and what they mean.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use bandwise::findings::list_or;
use bandwise::input::{Encoding, InputOptions};
use bandwise::matching::{MatchOptions, Role};
use bandwise::output::Outputs;
use bandwise::privacy::Audience;
use bandwise::scoring::{Duplicates, FormOptions, Pseudonyms, ReadOptions, Threads};
use clap::{Args, ValueEnum};

use super::pupil_options::PupilArguments;

/// In which form findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingsFormat {
    /// With the offending cell and a help
    #[default]
    Full,
    /// One line each
    Short,
    /// One JSON object a line
    Json,
}

/// Whether responses say whose they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Names {
    /// They should.
    #[default]
    Expected,
    /// They are not to: an anonymous survey.
    #[cfg(feature = "frames")]
    Anonymous,
}

impl Names {
    /// Whether nobody is to be known.
    pub(crate) fn are_hidden(self) -> bool {
        self != Self::Expected
    }
}

/// What is read, and with which form.
#[derive(Args, Clone, Debug)]
pub(crate) struct ReadArguments {
    /// The questionnaire: a built-in id (`bandwise instrument list`) or a TOML file; may be repeated
    #[arg(
        short = 'i',
        visible_short_alias = 'q',
        long = "instrument",
        visible_alias = "questionnaire",
        value_name = "INSTRUMENT",
        required = true
    )]
    pub(crate) instruments: Vec<String>,

    /// A documented choice of the questionnaire: NAME=VALUE (see `bandwise instrument show`)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) choose: Vec<String>,

    /// The band set to use, by name
    #[arg(long, value_name = "NAME")]
    pub(crate) bands: Option<String>,

    /// Only these scales
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(crate) scales: Option<Vec<String>>,

    /// What the file's values are called, in the order of the form's answers: `1,2,3`; or for one set of answers: `impact=1,2,3,4`
    #[arg(long, value_name = "LIST")]
    pub(crate) coding: Vec<String>,

    /// Words that mean "no answer" in this file: `9,n/a`
    #[arg(long, value_name = "TOKENS", value_delimiter = ',')]
    pub(crate) missing: Vec<String>,

    /// A TOML file that says which column is which question
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,

    /// The column that says which pupil a row is about; several make one id: `"Surname,Forename"`
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', help_heading = "Columns")]
    pub(crate) id: Option<Vec<String>>,

    /// The column that says who completed the form
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    pub(crate) informant: Option<String>,

    /// The column of the pupil's sex
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    pub(crate) sex: Option<String>,

    /// The column of the pupil's age in years
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    pub(crate) age: Option<String>,

    /// The column of the school year
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    pub(crate) year: Option<String>,

    /// The column of the date
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    pub(crate) date: Option<String>,

    /// The column of the time point
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    pub(crate) time: Option<String>,

    /// How the file's characters are written, where it is not told rightly
    #[arg(long, value_name = "NAME", value_parser = encoding, help_heading = "Files")]
    pub(crate) encoding: Option<Encoding>,

    /// What separates the columns: `,` or `;` or `tab`
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter, help_heading = "Files")]
    pub(crate) delimiter: Option<u8>,

    /// The sheet of a workbook
    #[arg(long, value_name = "NAME", help_heading = "Files")]
    pub(crate) sheet: Option<String>,

    /// Carry only these columns into the output, besides the id
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', help_heading = "Columns")]
    pub(crate) keep: Option<Vec<String>>,

    /// Treat these columns as if they were not there
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', help_heading = "Columns")]
    pub(crate) drop: Vec<String>,

    #[command(flatten)]
    pub(crate) pupils: PupilArguments,

    /// Whether responses say whose they are: an option of the commands that have it.
    #[arg(skip)]
    pub(crate) names: Names,

    /// Put keyed codes for ids and leave out columns that name a pupil; needs `--key`
    #[arg(long, requires = "key", help_heading = "Privacy")]
    pub(crate) hide_names: bool,

    /// The file with the secret for `--hide-names`; made if it is not there. Keep it apart from the output
    #[arg(long, value_name = "FILE", help_heading = "Privacy")]
    pub(crate) key: Option<PathBuf>,

    /// Refuse the files if any answer or row cannot be used
    #[arg(long)]
    pub(crate) strict: bool,

    /// How many threads to use, where there is much to read; as many as the computer has cores if not said
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,

    /// Write every finding to a file, one JSON object a line
    #[arg(long, value_name = "FILE", help_heading = "Findings")]
    pub(crate) findings: Option<PathBuf>,

    /// How findings are printed
    #[arg(long, value_name = "FORM", value_enum, default_value_t, help_heading = "Findings")]
    pub(crate) findings_format: FindingsFormat,
}

pub(crate) fn encoding(written: &str) -> Result<Encoding, String> {
    let known = Encoding::ALL.iter().find(|(word, _)| word.eq_ignore_ascii_case(written)).map(|(_, encoding)| *encoding);
    known.ok_or_else(|| format!("it should be {}", list_or(&Encoding::ALL.iter().map(|(word, _)| *word).collect::<Vec<_>>())))
}

pub(crate) fn delimiter(written: &str) -> Result<u8, String> {
    match written.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [separator @ (b',' | b';' | b'\t' | b'|')] => Ok(*separator),
        _ => Err("it should be `,` or `;` or `tab`".to_owned()),
    }
}

impl ReadArguments {
    pub(crate) fn input_options(&self) -> InputOptions {
        InputOptions { encoding: self.encoding, delimiter: self.delimiter, sheet: self.sheet.clone() }
    }

    /// How many threads may be used. It shows in no output.
    pub(crate) fn threads(&self) -> Threads {
        self.threads.map_or_else(Threads::all, Threads::new)
    }

    pub(crate) fn form_options(&self) -> Result<FormOptions> {
        let choose = self.choose.iter().map(|choice| {
            let (name, value) = choice.split_once('=').with_context(|| format!("`--choose {choice}` should be NAME=VALUE"))?;
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        });
        Ok(FormOptions { choose: choose.collect::<Result<_>>()?, bands: self.bands.clone(), scales: trimmed(self.scales.as_deref()) })
    }

    pub(crate) fn read_options(&self, matching: MatchOptions, hide_names: Option<Box<dyn Pseudonyms>>) -> Result<ReadOptions> {
        let coding = self.coding.iter().map(|coding| {
            let (set, values) = match coding.split_once('=') {
                Some((set, values)) => (Some(set.trim().to_owned()), values),
                None => (None, coding.as_str()),
            };
            let values: Vec<String> = values.split(',').map(|value| value.trim().to_owned()).collect();
            if values.iter().any(String::is_empty) {
                bail!("`--coding {coding}` has an empty value");
            }
            Ok((set, values))
        });
        Ok(ReadOptions {
            input: self.input_options(),
            matching,
            coding: coding.collect::<Result<_>>()?,
            missing: self.missing.clone(),
            hide_names,
            duplicates: Duplicates::Named,
            ..ReadOptions::default()
        })
    }

    pub(crate) fn roles(&self) -> BTreeMap<Role, Vec<String>> {
        let one = |role, name: &Option<String>| name.clone().map(|name| (role, vec![name]));
        let id = trimmed(self.id.as_deref()).map(|names| (Role::Id, names));
        [
            id,
            one(Role::Informant, &self.informant),
            one(Role::Sex, &self.sex),
            one(Role::Age, &self.age),
            one(Role::Year, &self.year),
            one(Role::Date, &self.date),
            one(Role::Time, &self.time.as_ref().map(|time| time.split('=').next().unwrap_or_default().trim().to_owned())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The options that shape the output, by name, for the provenance.
    pub(crate) fn in_force(&self) -> BTreeMap<String, String> {
        let joined = |list: &Option<Vec<String>>| list.as_ref().map(|list| list.join(","));
        let list = |list: &[String]| (!list.is_empty()).then(|| list.join(","));
        let named = [
            ("choose", list(&self.choose)),
            ("bands", self.bands.clone()),
            ("scales", joined(&self.scales)),
            ("coding", (!self.coding.is_empty()).then(|| self.coding.join(" "))),
            ("missing", list(&self.missing)),
            ("map", self.map.as_ref().and_then(|map| map.file_name()).map(|name| name.to_string_lossy().into_owned())),
            ("id", joined(&self.id)),
            ("informant", self.informant.clone()),
            ("sex", self.sex.clone()),
            ("age", self.age.clone()),
            ("year", self.year.clone()),
            ("date", self.date.clone()),
            ("time", self.time.clone()),
            ("keep", joined(&self.keep)),
            ("drop", list(&self.drop)),
            ("hide-names", self.hide_names.then(|| "yes".to_owned())),
            ("strict", self.strict.then(|| "yes".to_owned())),
        ];
        named.into_iter().chain(self.pupils.in_force()).filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}

pub(crate) fn trimmed(names: Option<&[String]>) -> Option<Vec<String>> {
    names.map(|names| names.iter().map(|name| name.trim().to_owned()).collect())
}

/// In which format an output is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people
    Table,
    /// Comma-separated values
    Csv,
    /// One JSON object with rows, findings and provenance
    Json,
    /// One JSON object a line
    Ndjson,
    /// A workbook with rows, findings and provenance
    Xlsx,
    /// A page that is read on a screen or printed
    Html,
    /// Columns with types, for other programs; of scores only
    #[cfg(feature = "frames")]
    Parquet,
}

/// For whom a page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum AudienceWord {
    /// Everything
    #[default]
    Senco,
    /// No alerts and no single answers
    Staff,
    /// One pupil only
    Parent,
    /// Groups only, small numbers left out
    Governors,
}

impl AudienceWord {
    pub(crate) fn audience(self) -> Audience {
        match self {
            Self::Senco => Audience::Senco,
            Self::Staff => Audience::Staff,
            Self::Parent => Audience::Parent,
            Self::Governors => Audience::Governors,
        }
    }
}

/// Where the output goes.
#[derive(Args, Debug, Default)]
pub(crate) struct WriteArguments {
    /// Write to a file, by its extension: .csv, .json, .ndjson, .xlsx, .html, or .parquet (scores only); the default is a table on standard output
    #[arg(short = 'o', long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// The format on standard output
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Option<Format>,

    /// The heading of a page
    #[arg(long, value_name = "TEXT", help_heading = "Output")]
    pub(crate) title: Option<String>,

    /// For whom a page is: what is not for them is left out
    #[arg(long = "for", value_name = "WHOM", value_enum, help_heading = "Output")]
    pub(crate) audience: Option<AudienceWord>,

    /// CSV as Excel wants it: byte order mark and Windows line ends
    #[arg(long, help_heading = "Output")]
    pub(crate) excel: bool,

    /// Where to write what produced the output, when that goes to standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) provenance: Option<PathBuf>,

    /// Write the time into the provenance (the same input then gives different bytes)
    #[arg(long, help_heading = "Output")]
    pub(crate) stamp: bool,

    /// When the output takes its name.
    #[arg(skip)]
    pub(crate) outputs: Outputs,
}

impl WriteArguments {
    /// Whether rows go to standard output, and nobody is told what they were made of.
    pub(crate) fn tells_no_provenance(&self) -> bool {
        let is_shown = self.output.as_deref().is_none_or(|path| path.as_os_str() == "-");
        is_shown && self.provenance.is_none() && matches!(self.format, Some(Format::Csv | Format::Ndjson))
    }

    /// For whom a page about many pupils is.
    pub(crate) fn audience_of_classes(&self) -> Result<Audience> {
        match self.audience.unwrap_or_default().audience() {
            audience if audience.reads_classes() => Ok(audience),
            Audience::Parent => bail!("a page for a parent is about one child: `bandwise report pupil … --pupil ID --for parent`"),
            _ => bail!("a page for governors names no pupil: `bandwise summary … --by class -o page.html`"),
        }
    }

    /// For whom a page is that shows what single questions were answered.
    pub(crate) fn audience_of_answers(&self) -> Result<Audience> {
        let audience = self.audience.unwrap_or_default().audience();
        if !audience.reads_answers() {
            bail!("this page shows single answers, and those are for the SENCo only: leave out `--for {}`", audience.word());
        }
        Ok(audience)
    }
}
