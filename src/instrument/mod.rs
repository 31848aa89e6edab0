//! Instruments: a questionnaire is a TOML file that a psychologist can read, check against the manual, and write.
//!
//! A definition is read with the place of every key, checked as a whole, and only then becomes an [`Instrument`]; so an
//! `Instrument` in hand has no undefined name, no band with a gap, no item that cannot be reversed. Whether its worked examples come
//! out is checked by [`crate::scoring::check_examples`], which needs the scorer.

mod attainment;
mod grouping;
mod library;
mod model;
mod number;
mod read;
mod rule_words;

pub use attainment::goal_attainment;
pub use grouping::{Group, GroupKey, Grouping, KeyBy, NoGroup, Pupil, Said, Sex};
pub use library::{LoadError, SCHEMA, built_in_ids, built_in_text, load, skeleton};
pub use model::{
    AgeRange, AnswerSet, BandSet, Bands, Better, Block, Caution, ChangeKind, ChangeRecord, Choice, Condition, Critical, Definition, Edges,
    Example, Expected, Fill, FlagList, Gate, GateBlank, Informant, Instrument, Item, Licence, LicenceStatus, Method, Missing, NO_BAND,
    NormCell, Norms, NotAsked, PrintedOrder, Round, Rule, Scale, ScaleItem, Text, Transform, Wording,
};
pub use number::Number;
pub(crate) use read::walk;
pub use read::{is_name, read_definition};
pub use rule_words::{missing_words, scale_lines};

/// The built-in id nearest to what was written. People write `sdq`, `sdq-t`, `SDQ teacher`.
fn did_you_mean_instrument(written: &str) -> Option<String> {
    let plain = written.to_lowercase();
    // Whoever stops early has begun the right name: `sdq-p4` is `sdq-p4-17`.
    let begun: Vec<&str> = built_in_ids().filter(|id| id.starts_with(&plain)).collect();
    // A follow-up goes on where its form's name ends, and is not what was begun.
    let forms: Vec<&str> = begun.iter().copied().filter(|id| !begun.iter().any(|other| other != id && id.starts_with(other))).collect();
    match forms.as_slice() {
        [] => {}
        [only] => return Some((*only).to_owned()),
        // Several forms begin so: naming one of them would be a guess.
        _ => return None,
    }
    crate::findings::did_you_mean(&plain, built_in_ids()).map(ToOwned::to_owned)
}
