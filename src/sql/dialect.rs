//! What the engines write differently: names, texts, whole division, patterns.

/// The SQL of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `DuckDB`.
    DuckDb,
    /// `PostgreSQL`, from version 12.
    Postgres,
    /// Spark SQL, from version 3.4.
    Spark,
}

impl Dialect {
    /// Every dialect, with its word on the command line.
    pub const ALL: &'static [(&'static str, Self)] = &[("duckdb", Self::DuckDb), ("postgres", Self::Postgres), ("spark", Self::Spark)];

    /// The engine's own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::DuckDb => "DuckDB",
            Self::Postgres => "PostgreSQL",
            Self::Spark => "Spark SQL",
        }
    }

    /// A name, whatever characters it has.
    pub(super) fn quoted(self, name: &str) -> String {
        match self {
            Self::DuckDb | Self::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::Spark => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// How many bytes of a name count; the rest would be cut off in silence.
    pub(super) fn longest_name(self) -> Option<usize> {
        (self == Self::Postgres).then_some(63)
    }

    /// A text as it stands in a query.
    pub(super) fn text(self, text: &str) -> String {
        match self {
            Self::DuckDb | Self::Postgres => format!("'{}'", text.replace('\'', "''")),
            // A backslash is an escape, and doubled quotation marks are two texts side by side.
            Self::Spark => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        }
    }

    /// The type of a text.
    pub(super) fn text_type(self) -> &'static str {
        match self {
            Self::DuckDb => "VARCHAR",
            Self::Postgres => "text",
            Self::Spark => "STRING",
        }
    }

    /// The type of a floating-point number.
    pub(super) fn double_type(self) -> &'static str {
        match self {
            Self::DuckDb | Self::Spark => "DOUBLE",
            Self::Postgres => "DOUBLE PRECISION",
        }
    }

    /// The sign between two whole numbers whose quotient is cut to a whole number.
    pub(super) fn whole_division(self) -> &'static str {
        match self {
            Self::DuckDb => "//",
            Self::Postgres => "/",
            Self::Spark => "div",
        }
    }

    /// A text with what a pattern found replaced by some of its groups.
    pub(super) fn replaced(self, text: &str, pattern: &str, groups: &[u8]) -> String {
        let sign = if self == Self::Spark { '$' } else { '\\' };
        let groups: Vec<String> = groups.iter().map(|group| format!("{sign}{group}")).collect();
        format!("regexp_replace({text}, {}, '{}')", self.text(pattern), groups.concat())
    }

    /// Whether a text has a pattern.
    pub(super) fn matches(self, text: &str, pattern: &str) -> String {
        let pattern = self.text(pattern);
        match self {
            Self::DuckDb => format!("regexp_matches({text}, {pattern})"),
            Self::Postgres => format!("{text} ~ {pattern}"),
            Self::Spark => format!("{text} RLIKE {pattern}"),
        }
    }

    /// How many of some columns hold anything.
    pub(super) fn count_of(self, columns: &str) -> String {
        match self {
            Self::DuckDb => format!("list_count([{columns}])"),
            Self::Postgres => format!("num_nonnulls({columns})"),
            Self::Spark => format!("size(filter(array({columns}), answer -> answer IS NOT NULL))"),
        }
    }

    /// What stands behind `AS` where later steps use a step's columns more than once.
    pub(super) fn kept(self) -> &'static str {
        match self {
            // It would otherwise copy each expression into every place that names it, and work it out there again.
            Self::Postgres => "AS MATERIALIZED (",
            Self::DuckDb | Self::Spark => "AS (",
        }
    }
}
