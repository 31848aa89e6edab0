//! The columns that groups are cut by, and what is kept of each response besides its scores.

use anyhow::{Result, bail};
use bandwise::change::RowContext;
use bandwise::findings::{did_you_mean, quoted_list};
use bandwise::scoring::{Layout, Responses, ScoredRow};

/// The columns that groups are cut by, by name; each file has some of them or none.
pub(crate) struct GroupColumns(Vec<String>);

impl GroupColumns {
    /// Makes sure that some file has each column.
    pub(crate) fn of(names: &[String], files: &[&Responses]) -> Result<Self> {
        for name in names {
            if files.iter().all(|responses| responses.layout().carried_position(name.trim()).is_none()) {
                let known: Vec<&str> = files.iter().flat_map(|responses| responses.layout().carried()).map(|name| &**name).collect();
                let near = did_you_mean(name, known.iter().copied());
                let help = near.map_or_else(|| format!("there are {}", quoted_list(&known, 30)), |near| format!("did you mean `{near}`?"));
                bail!("no file has a column `{name}` to cut groups by: {help}");
            }
        }
        Ok(Self(names.iter().map(|name| name.trim().to_owned()).collect()))
    }

    /// The columns, where a file may lack them.
    pub(crate) fn where_there(names: &[String]) -> Self {
        Self(names.iter().map(|name| name.trim().to_owned()).collect())
    }

    /// Where each of them stands among the carried columns.
    pub(crate) fn places(&self, layout: &Layout) -> Vec<Option<usize>> {
        self.0.iter().map(|name| layout.carried_position(name)).collect()
    }

    pub(crate) fn context(&self, layout: &Layout, row: &ScoredRow<'_>) -> RowContext {
        RowContext::of(layout, row, &self.places(layout))
    }
}
