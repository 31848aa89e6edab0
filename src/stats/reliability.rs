//! How well the items of a scale hang together in the school's own forms.
//!
//! Internal consistency is not stability: it knows nothing of days, moods and another teacher. Below thirty forms, or
//! with an interval wider than 0.2, show the interval and do not build a reliable change on it.

use super::covariance::ItemCovariance;
use super::distribution::f_quantile;
use super::number::{count, finite, ratio};
use super::{Confidence, Interval, Undefined};

/// Internal consistency of a scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Reliability {
    /// Complete forms.
    pub n: usize,
    /// Cronbach's alpha; negative where items contradict each other, a sign of an item that was not reversed.
    pub alpha: f64,
    /// Feldt's interval of alpha.
    pub feldt: Interval,
    /// Duhachek and Iacobucci's standard error of alpha.
    pub duhachek_standard_error: f64,
    /// alpha ± z times that.
    pub duhachek: Interval,
    /// Alpha of the items brought to one variance, from their mean correlation.
    pub standardised_alpha: f64,
    /// Mean correlation between two items.
    pub mean_correlation: f64,
    /// Guttman's lambda 2, at least as large as alpha.
    pub lambda2: f64,
    /// Standard deviation of the total.
    pub total_sd: f64,
    /// Standard error of measurement, total_sd·√(1 − alpha); `None` for a negative alpha, which is no reliability.
    pub sem: Option<f64>,
    /// Each item that varies.
    pub items: Vec<ItemReliability>,
}

/// One item within its scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ItemReliability {
    /// Its place in the form, from 0.
    pub item: usize,
    /// Correlation with the sum of the other items; `None` where that sum does not vary.
    pub rest_correlation: Option<f64>,
    /// Alpha of the other items; `None` with fewer than two others or where their sum does not vary.
    pub alpha_if_deleted: Option<f64>,
}

/// Internal consistency from the covariances of the items.
///
/// - alpha = k/(k − 1)·(1 − Σsᵢ²/s_T²) (Cronbach 1951);
/// - Feldt's interval 1 − (1 − alpha)·F with F quantiles on n − 1 and (n − 1)(k − 1) degrees of freedom (Feldt, Woodruff &
///   Salih 1987);
/// - standard error √(Q/n), Q = 2k²/((k − 1)²(1′Σ1)³)·((1′Σ1)(trΣ² + tr²Σ) − 2·trΣ·(1′Σ²1)) (van Zyl, Neudecker & Nel
///   2000; Duhachek & Iacobucci 2004);
/// - standardised alpha = k·r̄/(1 + (k − 1)·r̄);
/// - lambda 2 = (Σᵢ≠ⱼ cᵢⱼ + √(k/(k − 1)·Σᵢ≠ⱼ cᵢⱼ²))/s_T² (Guttman 1945).
///
/// # Errors
///
/// [`Undefined::NoSpread`] where the total does not vary; [`Undefined::TooLarge`].
pub fn reliability(covariance: &ItemCovariance, confidence: Confidence) -> Result<Reliability, Undefined> {
    let k = count(covariance.k());
    let n = covariance.n();
    let total_variance = covariance.total_variance();
    let alpha = alpha(k, covariance.trace(), total_variance)?;
    let duhachek_standard_error = duhachek_standard_error(covariance)?;
    let mean_correlation = mean_correlation(covariance)?;
    let total_sd = total_variance.sqrt();
    Ok(Reliability {
        n,
        alpha,
        feldt: feldt(alpha, n, covariance.k(), confidence)?,
        duhachek_standard_error,
        duhachek: Interval::around(alpha, confidence.z() * duhachek_standard_error)?,
        standardised_alpha: ratio(k * mean_correlation, 1.0 + (k - 1.0) * mean_correlation)?,
        mean_correlation,
        lambda2: lambda2(covariance)?,
        total_sd,
        sem: (alpha >= 0.0).then(|| total_sd * (1.0 - alpha).max(0.0).sqrt()),
        items: (0..covariance.k()).map(|item| item_reliability(covariance, item)).collect(),
    })
}

fn alpha(k: f64, item_variances: f64, total_variance: f64) -> Result<f64, Undefined> {
    // Rounding leaves a hair of variance where items cancel out; against the items' own it is nothing.
    if total_variance <= item_variances * 1e-12 {
        return Err(Undefined::NoSpread);
    }
    finite(k / (k - 1.0) * (1.0 - item_variances / total_variance))
}

fn feldt(alpha: f64, n: usize, k: usize, confidence: Confidence) -> Result<Interval, Undefined> {
    let forms = n - 1;
    let limit = |p: f64| finite(1.0 - (1.0 - alpha) * f_quantile(p, forms, forms * (k - 1))?);
    Ok(Interval { low: limit(1.0 - confidence.tail())?, high: limit(confidence.tail())? })
}

fn duhachek_standard_error(covariance: &ItemCovariance) -> Result<f64, Undefined> {
    let k = count(covariance.k());
    let (total, trace) = (covariance.total_variance(), covariance.trace());
    let row_sums: Vec<f64> = (0..covariance.k()).map(|item| covariance.row(item).iter().sum()).collect();
    // 1′Σ²1 is the sum of the squared row sums, trΣ² the sum of all squared covariances.
    let sum_of_square: f64 = row_sums.iter().map(|sum| sum * sum).sum();
    let trace_of_square: f64 = (0..covariance.k()).flat_map(|item| covariance.row(item)).map(|value| value * value).sum();
    let inner = total * (trace_of_square + trace * trace) - 2.0 * trace * sum_of_square;
    let q = ratio(2.0 * k * k * inner, (k - 1.0) * (k - 1.0) * total.powi(3))?;
    Ok((q.max(0.0) / count(covariance.n())).sqrt())
}

fn mean_correlation(covariance: &ItemCovariance) -> Result<f64, Undefined> {
    let k = covariance.k();
    let mut total = 0.0;
    for one in 0..k {
        for other in one + 1..k {
            total += covariance.correlation(one, other).ok_or(Undefined::NoSpread)?;
        }
    }
    finite(total / (count(k) * (count(k) - 1.0) / 2.0))
}

fn lambda2(covariance: &ItemCovariance) -> Result<f64, Undefined> {
    let k = covariance.k();
    let (mut sum, mut squares) = (0.0, 0.0);
    for (place, row) in (0..k).map(|item| (item, covariance.row(item))) {
        for (_, value) in row.iter().enumerate().filter(|(column, _)| *column != place) {
            sum += value;
            squares += value * value;
        }
    }
    ratio(sum + (count(k) / (count(k) - 1.0) * squares).sqrt(), covariance.total_variance())
}

fn item_reliability(covariance: &ItemCovariance, item: usize) -> ItemReliability {
    let variance = covariance.at(item, item);
    let with_total: f64 = covariance.row(item).iter().sum();
    let rest_variance = covariance.total_variance() - 2.0 * with_total + variance;
    let rest_item_variances = covariance.trace() - variance;
    // The same hair as in `alpha`: a rest that cancels out does not vary.
    let rest_varies = rest_variance > rest_item_variances * 1e-12;
    ItemReliability {
        item: covariance.items()[item],
        rest_correlation: rest_varies
            .then(|| (with_total - variance) / (variance.sqrt() * rest_variance.sqrt()))
            .and_then(|r| finite(r.clamp(-1.0, 1.0)).ok()),
        alpha_if_deleted: if covariance.k() < 3 { None } else { alpha(count(covariance.k() - 1), rest_item_variances, rest_variance).ok() },
    }
}
