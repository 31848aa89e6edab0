//! The statistics against numbers from other programs, and their laws as properties.
//!
//! Every expected number comes from the files in `tests/vectors`, whose README says which program made it; none is
//! computed with the formula under test.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod bands;
mod clinical_change;
mod describe;
mod edge_cases;
mod large_samples;
mod one_pupil;
mod paired;
mod properties;
mod reliability;
mod reliable_change;
mod resampling;
mod two_groups;
mod vectors;

use bandwise::stats::effect::Standardiser;

/// Every way to standardise a change; 5.8 stands for any norm's standard deviation.
const STANDARDISERS: [Standardiser; 6] = [
    Standardiser::ChangeSd,
    Standardiser::MeanOfSds,
    Standardiser::RootMeanSquareOfSds,
    Standardiser::RepeatedMeasures,
    Standardiser::BaselineSd,
    Standardiser::NormSd(5.8),
];
