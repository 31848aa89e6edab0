//! Several p values at once.
//!
//! Better than any of these is to name one main scale beforehand. All return adjusted p values in the order given, to be
//! compared with the usual 0.05; they equal R's `p.adjust`.

use super::Undefined;
use super::number::count;

/// How p values are adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Adjustment {
    /// m·p: keeps the chance of any false alarm below 5% (Bonferroni 1936).
    Bonferroni,
    /// As Bonferroni, never worse: the i-th smallest p times m − i + 1, made non-decreasing (Holm 1979). The default for
    /// a family of scales.
    Holm,
    /// As Holm, from the largest p downwards; needs independent or positively related tests (Hochberg 1988).
    Hochberg,
    /// Keeps the expected share of false alarms among the alarms below 5%: the i-th smallest p times m/i, made
    /// non-decreasing from the top (Benjamini & Hochberg 1995).
    BenjaminiHochberg,
}

/// Adjusts p values for their number.
///
/// No p values give none back.
///
/// # Errors
///
/// [`Undefined::OutOfRange`] for a p outside 0 to 1.
pub fn adjust(p_values: &[f64], adjustment: Adjustment) -> Result<Vec<f64>, Undefined> {
    if p_values.iter().any(|p| !(0.0..=1.0).contains(p)) {
        return Err(Undefined::OutOfRange { what: "a p value", allowed: "from 0 to 1" });
    }
    let m = p_values.len();
    let mut ascending: Vec<usize> = (0..m).collect();
    ascending.sort_by(|&left, &right| p_values[left].total_cmp(&p_values[right]));
    // Each p times its factor, by place in ascending order.
    let scaled = |place: usize| {
        let factor = match adjustment {
            Adjustment::Bonferroni => count(m),
            Adjustment::Holm | Adjustment::Hochberg => count(m - place),
            Adjustment::BenjaminiHochberg => count(m) / count(place + 1),
        };
        (p_values[ascending[place]] * factor).min(1.0)
    };
    let mut adjusted = vec![0.0; m];
    match adjustment {
        Adjustment::Bonferroni | Adjustment::Holm => {
            let mut largest = 0.0_f64;
            for place in 0..m {
                // Bonferroni's are in order by themselves.
                largest = largest.max(scaled(place));
                adjusted[ascending[place]] = largest;
            }
        }
        Adjustment::Hochberg | Adjustment::BenjaminiHochberg => {
            let mut smallest = 1.0_f64;
            for place in (0..m).rev() {
                smallest = smallest.min(scaled(place));
                adjusted[ascending[place]] = smallest;
            }
        }
    }
    Ok(adjusted)
}

/// Chance of at least one false alarm among independent tests, 1 − (1 − α)ᵐ (Šidák 1967): 23% for five tests at 5%.
///
/// # Errors
///
/// [`Undefined::OutOfRange`] for an α outside 0 to 1.
pub fn family_wise_error(tests: u32, alpha: f64) -> Result<f64, Undefined> {
    if !(0.0..=1.0).contains(&alpha) {
        return Err(Undefined::OutOfRange { what: "alpha", allowed: "from 0 to 1" });
    }
    Ok(1.0 - (1.0 - alpha).powf(f64::from(tests)))
}
