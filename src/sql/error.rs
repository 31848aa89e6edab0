//! What cannot be said in SQL, each with its name.

use super::dialect::Dialect;

/// Why there is no view.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SqlError {
    /// A part of the form is named that it does not have.
    #[error("{instrument} has no optional part `{name}`{help}")]
    UnknownPart {
        /// The instrument.
        instrument: String,
        /// What was written.
        name: String,
        /// What there is.
        help: String,
    },
    /// A map says something that a view cannot follow.
    #[error("the map has {what}: a view reads item columns that hold the form's own codes")]
    Map {
        /// What it has.
        what: String,
    },
    /// The id is made of several columns.
    #[error("a view has one id column, and the map makes the id of {columns}: put them together in the table, or name one with `--id`")]
    SeveralIds {
        /// The columns.
        columns: String,
    },
    /// Two columns of the view would have one name.
    #[error(
        "two columns of the view would be called `{name}` (case does not matter to the engines): leave one out, or rename it in the table"
    )]
    SameName {
        /// The name.
        name: String,
    },
    /// A name has no characters.
    #[error("{what} has no name")]
    NoName {
        /// What.
        what: &'static str,
    },
    /// A name is longer than what the engine keeps of it.
    #[error("{} keeps {longest} bytes of a name and cuts the rest off: `{name}` is longer", dialect.name())]
    LongName {
        /// The engine.
        dialect: Dialect,
        /// How many bytes it keeps.
        longest: usize,
        /// The name.
        name: String,
    },
    /// The arithmetic does not fit into the engine's whole numbers.
    #[error("`{scale}` cannot be worked out exactly in {}: its numbers do not fit into 64 bits", dialect.name())]
    TooLarge {
        /// The scale.
        scale: String,
        /// The engine.
        dialect: Dialect,
    },
    /// Goal attainment holds a square root, and could not be shown to come out the same.
    #[error("goal attainment of `{scale}` cannot be worked out exactly in {}: {reason}", dialect.name())]
    Goals {
        /// The scale.
        scale: String,
        /// The engine.
        dialect: Dialect,
        /// Why.
        reason: &'static str,
    },
    /// A rule is about a scale of which nothing is known where answers are missing.
    #[error("the rule over `{scale}` cannot be said in {}: what `{scale}` may come to where answers are missing stands in a table", dialect.name())]
    RuleOverTable {
        /// The scale that the rule is about.
        scale: String,
        /// The engine.
        dialect: Dialect,
    },
    /// Some groups have a mean, others a printed table.
    #[error("`{scale}` cannot be said in {}: its norms have means for some groups and tables for others, or none for a group", dialect.name())]
    MixedNorms {
        /// The scale.
        scale: String,
        /// The engine.
        dialect: Dialect,
    },
    /// Nothing is left to be shown.
    #[error("no scale is left: the ones asked for belong to optional parts that `--with` does not name")]
    NoScale,
}
