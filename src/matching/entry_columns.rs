//! The columns with which an entry sheet checks itself. They hold formulas and no data, so they are neither read nor carried along.

/// How many questions of a row are blank.
pub const BLANK_COLUMN: &str = "check: blank";
/// How many cells of a row hold what is no answer of the form.
pub const NOT_ALLOWED_COLUMN: &str = "check: not allowed";

/// Whether a header is one of an entry sheet's checks, exactly as `bandwise template` writes it.
pub(super) fn is_entry_check(header: &str) -> bool {
    [BLANK_COLUMN, NOT_ALLOWED_COLUMN].contains(&header)
}
