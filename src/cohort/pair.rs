//! Pairing the two times by pupil id, never by row order.

use polars::prelude::{
    DataFrame, IntoLazy, IntoSeries, JoinArgs, JoinType, NamedFrom, NewChunkedArray, PolarsError, Series, StringChunked, col,
};

/// Why a frame could not be worked on.
#[derive(Debug, thiserror::Error)]
#[error("the pupils could not be put together")]
pub struct FrameError(#[from] PolarsError);

/// Who is at both times, and who at one only; positions in the two lists of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairing {
    /// Position at baseline and at review, in the order of the baseline.
    pub pairs: Vec<(usize, usize)>,
    /// At baseline only.
    pub baseline_only: Vec<usize>,
    /// At review only.
    pub review_only: Vec<usize>,
}

/// Pairs two lists of pupils' keys. One that stands twice in a list is paired twice, so duplicates have to be refused before.
///
/// # Errors
///
/// When polars refuses, which only happens when memory runs out.
pub fn pair(baseline: &[&str], review: &[&str]) -> Result<Pairing, FrameError> {
    let joined = frame(baseline, "baseline")?
        .lazy()
        .join(frame(review, "review")?.lazy(), [col("pupil")], [col("pupil")], JoinArgs::new(JoinType::Inner))
        .collect()?;
    let positions = |name: &str| -> Result<Vec<usize>, PolarsError> {
        Ok(joined.column(name)?.as_materialized_series().u32()?.into_no_null_iter().map(|position| position as usize).collect())
    };
    let mut pairs: Vec<(usize, usize)> = positions("baseline")?.into_iter().zip(positions("review")?).collect();
    // A join gives its rows in no order of its own.
    pairs.sort_unstable();
    let (mut at_baseline, mut at_review) = (vec![false; baseline.len()], vec![false; review.len()]);
    for (first, second) in &pairs {
        at_baseline[*first] = true;
        at_review[*second] = true;
    }
    let unpaired = |paired: Vec<bool>| paired.iter().enumerate().filter(|(_, paired)| !**paired).map(|(position, _)| position).collect();
    Ok(Pairing { baseline_only: unpaired(at_baseline), review_only: unpaired(at_review), pairs })
}

fn frame(keys: &[&str], position: &str) -> Result<DataFrame, PolarsError> {
    let positions: Vec<u32> = (0..keys.len()).filter_map(|position| u32::try_from(position).ok()).collect();
    let pupils = StringChunked::from_iter_values("pupil".into(), keys.iter().copied()).into_series();
    DataFrame::new(keys.len(), vec![pupils.into(), Series::new(position.into(), positions).into()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<&str> {
        text.split(' ').collect()
    }

    #[test]
    fn pupils_are_paired_by_key_in_the_order_of_the_baseline() {
        let found = pair(&keys("a b c d"), &keys("d c x a")).ok();
        assert_eq!(found, Some(Pairing { pairs: vec![(0, 3), (2, 1), (3, 0)], baseline_only: vec![1], review_only: vec![2] }));
    }

    #[test]
    fn nobody_is_paired_with_nobody() {
        assert_eq!(pair(&[], &[]).ok(), Some(Pairing::default()));
        assert_eq!(pair(&keys("a"), &[]).ok(), Some(Pairing { baseline_only: vec![0], ..Pairing::default() }));
    }
}
