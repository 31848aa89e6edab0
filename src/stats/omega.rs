//! McDonald's omega: the share of a total's variance that one factor explains.

use super::Undefined;
use super::covariance::ItemCovariance;
use super::number::{finite, ratio};

/// Steps of the iteration; school questionnaires settle within a few hundred.
const MOST_STEPS: usize = 20_000;

/// No number of the solution moves by more than this in the last step.
const SETTLED: f64 = 1e-12;

/// A residual variance below this share of an item's variance is a solution that no data can have.
const IMPROPER: f64 = 1e-6;

/// One factor behind the items of a scale.
#[derive(Debug, Clone, PartialEq)]
pub struct OneFactor {
    /// Omega total, (Σλ)² / ((Σλ)² + Σθ).
    pub omega: f64,
    /// λ, each item's loading in the item's own units, for the items of [`ItemCovariance::items`].
    pub loadings: Vec<f64>,
    /// θ, each item's variance that the factor leaves.
    pub residual_variances: Vec<f64>,
    /// Steps until nothing moved.
    pub steps: usize,
}

/// Fits one factor by maximum likelihood and returns omega (McDonald 1999).
///
/// The EM algorithm (Rubin & Thayer 1982) on the correlation matrix C: b = (λ/θ)/(1 + Σλ²/θ), E = 1/(1 + Σλ²/θ) + b′Cb,
/// λ ← Cb/E, θ ← diag(C) − λ∘Cb; then λ and θ in the items' own units. Same solution as R's `lavaan`.
///
/// # Errors
///
/// [`Undefined::TooFew`] below three items, with which one factor is not determined; [`Undefined::NoSolution`] where the
/// iteration does not settle or an item is left without variance (a Heywood case), as with two near-identical items;
/// [`Undefined::NoSpread`] where an item's variance is too small to divide by.
pub fn one_factor(covariance: &ItemCovariance) -> Result<OneFactor, Undefined> {
    let k = covariance.k();
    if k < 3 {
        return Err(Undefined::TooFew { needed: 3, found: k });
    }
    let correlations = correlation_rows(covariance)?;
    let mut loadings = vec![0.5; k];
    let mut residuals = vec![0.75; k];
    for step in 1..=MOST_STEPS {
        let moved = em_step(&correlations, &mut loadings, &mut residuals)?;
        if residuals.iter().any(|residual| *residual < IMPROPER) {
            return Err(Undefined::NoSolution);
        }
        if moved < SETTLED {
            return in_item_units(covariance, &loadings, &residuals, step);
        }
    }
    Err(Undefined::NoSolution)
}

fn correlation_rows(covariance: &ItemCovariance) -> Result<Vec<Vec<f64>>, Undefined> {
    let k = covariance.k();
    (0..k).map(|row| (0..k).map(|column| covariance.correlation(row, column).ok_or(Undefined::NoSpread)).collect()).collect()
}

/// One step; returns the largest move of a loading or residual variance.
fn em_step(correlations: &[Vec<f64>], loadings: &mut [f64], residuals: &mut [f64]) -> Result<f64, Undefined> {
    let precision = 1.0 + loadings.iter().zip(residuals.iter()).map(|(l, t)| l * l / t).sum::<f64>();
    let weights: Vec<f64> = loadings.iter().zip(residuals.iter()).map(|(l, t)| l / t / precision).collect();
    let with_factor: Vec<f64> = correlations.iter().map(|row| row.iter().zip(&weights).map(|(c, b)| c * b).sum()).collect();
    let factor_variance = 1.0 / precision + weights.iter().zip(&with_factor).map(|(b, cb)| b * cb).sum::<f64>();
    let mut moved = 0.0_f64;
    for ((loading, residual), cb) in loadings.iter_mut().zip(residuals.iter_mut()).zip(&with_factor) {
        let next_loading = ratio(*cb, factor_variance)?;
        let next_residual = finite(1.0 - next_loading * cb)?;
        moved = moved.max((next_loading - *loading).abs()).max((next_residual - *residual).abs());
        (*loading, *residual) = (next_loading, next_residual);
    }
    Ok(moved)
}

fn in_item_units(covariance: &ItemCovariance, loadings: &[f64], residuals: &[f64], steps: usize) -> Result<OneFactor, Undefined> {
    let variances: Vec<f64> = (0..covariance.k()).map(|item| covariance.at(item, item)).collect();
    let loadings: Vec<f64> = loadings.iter().zip(&variances).map(|(l, variance)| l * variance.sqrt()).collect();
    let residual_variances: Vec<f64> = residuals.iter().zip(&variances).map(|(t, variance)| t * variance).collect();
    let explained = loadings.iter().sum::<f64>().powi(2);
    let omega = ratio(explained, explained + residual_variances.iter().sum::<f64>())?;
    Ok(OneFactor { omega, loadings, residual_variances, steps })
}
