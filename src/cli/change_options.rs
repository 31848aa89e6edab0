//! Options that say what a clear change is.

use anyhow::{Context, Result};
use bandwise::change::{ChangeOptions, Cutoff, ReliabilityKind};
use bandwise::provenance::Provenance;
use bandwise::stats::reliable_change::Method;
use clap::{Args, ValueEnum};

/// What a clear change is.
#[derive(Args, Debug)]
#[command(next_help_heading = "What a clear change is")]
pub(crate) struct ChangeArguments {
    /// The definition's record to use, by name (see `bandwise instrument show`)
    #[arg(long, value_name = "NAME")]
    record: Option<String>,

    /// A standard deviation of your own: SCALE=POINTS; may be repeated
    #[arg(long, value_name = "SCALE=POINTS")]
    sd: Vec<String>,

    /// A reliability of your own: SCALE=R; may be repeated
    #[arg(long, value_name = "SCALE=R")]
    reliability: Vec<String>,

    /// Which reliability stands in the formula
    #[arg(long, value_enum, value_name = "KIND", default_value_t)]
    reliability_kind: KindWord,

    /// The method of the index; all but the first need more figures, some of them the group's
    #[arg(long, value_enum, value_name = "METHOD", default_value_t)]
    method: MethodWord,

    /// Categories by a cut-off between the raised and the usual range (Jacobson and Truax 1991)
    #[arg(long, value_enum, value_name = "CUTOFF")]
    cutoff: Option<CutoffWord>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum KindWord {
    /// Internal consistency, as the record has it
    #[default]
    Alpha,
    /// The correlation with a second form months later, where it is on record
    Retest,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum MethodWord {
    /// Jacobson and Truax 1991
    #[default]
    JacobsonTruax,
    /// Edwards and Nunnally, as in Speer 1992
    EdwardsNunnally,
    /// Gulliksen, Lord and Novick, as in Hsu 1989
    GulliksenLordNovick,
    /// Hsu, Linn and Lord
    HsuLinnLord,
    /// Nunnally and Kotsch 1983
    NunnallyKotsch,
    /// Hageman and Arrindell 1999: depends on the group
    HagemanArrindell,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum CutoffWord {
    /// Two standard deviations from the mean of the pupils at baseline
    A,
    /// Two standard deviations from the mean of the norm
    B,
    /// Between the two means
    C,
}

impl ChangeArguments {
    pub(crate) fn options(&self) -> Result<ChangeOptions> {
        Ok(ChangeOptions {
            record: self.record.clone(),
            sd: figures(&self.sd, "--sd")?,
            reliability: figures(&self.reliability, "--reliability")?,
            kind: match self.reliability_kind {
                KindWord::Alpha => ReliabilityKind::Consistency,
                KindWord::Retest => ReliabilityKind::Retest,
            },
            method: match self.method {
                MethodWord::JacobsonTruax => Method::JacobsonTruax,
                MethodWord::EdwardsNunnally => Method::EdwardsNunnally,
                MethodWord::GulliksenLordNovick => Method::GulliksenLordNovick,
                MethodWord::HsuLinnLord => Method::HsuLinnLord,
                MethodWord::NunnallyKotsch => Method::NunnallyKotsch,
                MethodWord::HagemanArrindell => Method::HagemanArrindell,
            },
            cutoff: self.cutoff.map(|cutoff| match cutoff {
                CutoffWord::A => Cutoff::A,
                CutoffWord::B => Cutoff::B,
                CutoffWord::C => Cutoff::C,
            }),
        })
    }

    /// The options that shape the verdicts, for the provenance.
    pub(crate) fn in_force(&self, provenance: &mut Provenance) {
        let word = |value: Option<clap::builder::PossibleValue>| value.map(|value| value.get_name().to_owned());
        let named = [
            ("record", self.record.clone()),
            ("sd", (!self.sd.is_empty()).then(|| self.sd.join(" "))),
            ("reliability", (!self.reliability.is_empty()).then(|| self.reliability.join(" "))),
            ("reliability-kind", word(self.reliability_kind.to_possible_value())),
            ("method", word(self.method.to_possible_value())),
            ("cutoff", self.cutoff.and_then(|cutoff| word(cutoff.to_possible_value()))),
        ];
        provenance.options.extend(named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
}

/// `total=5.8`.
fn figures(written: &[String], option: &str) -> Result<Vec<(String, f64)>> {
    let figure = |text: &String| {
        let (scale, figure) = text.split_once('=').with_context(|| format!("`{option} {text}` should be SCALE=NUMBER"))?;
        let figure: f64 = figure.trim().parse().with_context(|| format!("`{option} {text}`: `{figure}` is not a number"))?;
        Ok((scale.trim().to_owned(), figure))
    };
    written.iter().map(figure).collect()
}
