//! The group's figures of a comparison: which are asked for, and how much of them others may read.

use anyhow::{Result, bail};
use bandwise::cohort::{Disclosure, PublishedChange, Together};
use bandwise::matching::names_a_pupil;
use bandwise::privacy::USUAL_LIMIT;
use bandwise::provenance::Provenance;
use bandwise::report::{
    ALL_GROUPS, Detail, RowSink, compared_scales, group_cells, group_columns, hidden_words, published_group_cells, published_group_columns,
};
use bandwise::scoring::Form;
use clap::Args;

use super::options::{Format, ReadArguments};
use super::target::Target;

/// What is asked of the group.
#[derive(Args, Debug)]
#[command(next_help_heading = "The group")]
pub(super) struct GroupArguments {
    /// The group cut by these columns: provision, class, year …; with `-o x.csv` their figures are written to `x.group.csv`, with `-o x.xlsx` as a
    /// sheet, small numbers hidden
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub(super) by: Vec<String>,

    /// p-values too, for those who publish
    #[arg(long)]
    technical: bool,

    /// Write the group's figures with all numbers, for those who may see the pupils
    #[arg(long, help_heading = "Privacy", conflicts_with = "limit")]
    internal: bool,

    /// Hide counts below this in the group's figures; 6 unless said otherwise
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=1000), help_heading = "Privacy")]
    limit: Option<u64>,
}

impl GroupArguments {
    pub(super) fn detail(&self) -> Detail {
        if self.technical { Detail::Technical } else { Detail::Plain }
    }

    /// Which of the group's figures go into an output of rows.
    pub(super) fn disclosure(&self, read: &ReadArguments, target: &Target) -> Result<Option<Disclosure>> {
        // In one object with the pupils: whoever may see them may see their number.
        if self.internal || target.format() == Format::Json {
            return self.without_limit(Some(Disclosure::Internal));
        }
        // A file without pupils is passed on more easily than it is read, and a sheet is copied out of its workbook: small groups in it would
        // show who they are.
        let is_apart = match target.format() {
            Format::Xlsx => true,
            Format::Csv | Format::Ndjson => target.file().is_some(),
            // In a table or on a page there are no rows of figures.
            _ => false,
        };
        if self.by.is_empty() || !is_apart {
            return self.without_limit(None);
        }
        let names_pupils = |name: &&String| {
            let is_id = |id: &String| id.trim().eq_ignore_ascii_case(name.trim());
            names_a_pupil(name) || read.id.iter().flatten().any(is_id)
        };
        if let Some(name) = self.by.iter().find(names_pupils) {
            bail!(
                "`{}` says which pupil it is: group figures name nobody. Take another column, or `--internal` if only those read them who may see the pupils",
                name.trim()
            );
        }
        Ok(Some(Disclosure::Others { limit: self.limit.unwrap_or(USUAL_LIMIT) }))
    }

    fn without_limit(&self, disclosure: Option<Disclosure>) -> Result<Option<Disclosure>> {
        if self.limit.is_some() {
            bail!(
                "`--limit` is about the group figures in a file of their own: write one with `--by COLUMN -o x.csv`. Where pupils are listed, all numbers are shown"
            );
        }
        Ok(disclosure)
    }

    /// The options that shape the output, for the provenance.
    pub(super) fn in_force(&self, disclosure: Option<Disclosure>, provenance: &mut Provenance) {
        let limit = match disclosure {
            Some(Disclosure::Others { limit }) => Some(limit),
            Some(Disclosure::Internal) | None => None,
        };
        let yes = |asked: bool| asked.then(|| "yes".to_owned());
        let named = [
            ("by", (!self.by.is_empty()).then(|| self.by.join(","))),
            ("technical", yes(self.technical)),
            ("internal", yes(self.internal)),
            ("limit", limit.map(|limit| limit.to_string())),
        ];
        provenance.options.extend(named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
}

/// The group's figures in an output of rows.
pub(super) struct Groups<'a> {
    by: &'a [String],
    detail: Detail,
    /// What others may read of them; none for those who may read all.
    published: Option<Vec<PublishedChange>>,
}

impl<'a> Groups<'a> {
    /// The figures, as far as they may be read, and what their readers are told.
    pub(super) fn new(
        arguments: &'a GroupArguments,
        disclosure: Option<Disclosure>,
        form: &Form,
        together: &Together,
        provenance: &mut Provenance,
    ) -> Result<Option<Self>> {
        let published = match disclosure {
            None => return Ok(None),
            Some(Disclosure::Internal) => None,
            Some(Disclosure::Others { limit }) => {
                let published = PublishedChange::of_groups(together, form, &compared_scales(form), &arguments.by, limit)?;
                if published.iter().any(PublishedChange::hides_any) {
                    provenance.notices.push(hidden_words(limit));
                }
                Some(published)
            }
        };
        Ok(Some(Self { by: &arguments.by, detail: arguments.detail(), published }))
    }

    pub(super) fn write(&self, sink: &mut dyn RowSink, form: &Form, together: &Together) -> Result<()> {
        if let Some(published) = &self.published {
            sink.columns(&published_group_columns(self.by, self.detail))?;
            for row in published {
                sink.row(&published_group_cells(form, row, self.by.len(), self.detail))?;
            }
            return Ok(());
        }
        sink.columns(&group_columns(form, self.by, self.detail))?;
        let all = vec![ALL_GROUPS.to_owned(); self.by.len()];
        for scale in compared_scales(form) {
            for (_, group) in together.groups(form, scale, &[])? {
                sink.row(&group_cells(form, scale, &all, &group, self.detail))?;
            }
            let groups = if self.by.is_empty() { Vec::new() } else { together.groups(form, scale, self.by)? };
            for (names, group) in groups {
                sink.row(&group_cells(form, scale, &names, &group, self.detail))?;
            }
        }
        Ok(())
    }
}
