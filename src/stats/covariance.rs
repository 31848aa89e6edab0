//! Means and covariances of a questionnaire's items, from complete forms, row by row.
//!
//! One pass and k² numbers, however many forms there are. Reverse-keyed items must be turned round beforehand. A form
//! with a missing answer is left out whole (listwise), and counted.

use super::Undefined;
use super::number::{count, finite};

/// Collects forms one at a time (Welford 1962): the running mean moves with every form, so no digits are lost over
/// millions of them.
#[derive(Debug, Clone)]
pub struct ItemMoments {
    items: usize,
    complete: usize,
    incomplete: usize,
    means: Vec<f64>,
    /// Σ(xᵢ − x̄ᵢ)(xⱼ − x̄ⱼ), row by row.
    products: Vec<f64>,
    /// The first complete form, to recognise items that never vary.
    first: Vec<f64>,
    varies: Vec<bool>,
}

impl ItemMoments {
    /// For forms of so many items.
    pub fn new(items: usize) -> Self {
        Self {
            items,
            complete: 0,
            incomplete: 0,
            means: vec![0.0; items],
            products: vec![0.0; items * items],
            first: Vec::new(),
            varies: vec![false; items],
        }
    }

    /// Adds one form; one with a missing answer is only counted.
    ///
    /// # Errors
    ///
    /// [`Undefined::LengthsDiffer`] for another number of items, [`Undefined::NotFinite`].
    pub fn add(&mut self, answers: &[Option<f64>]) -> Result<(), Undefined> {
        if answers.len() != self.items {
            return Err(Undefined::LengthsDiffer { left: self.items, right: answers.len() });
        }
        if answers.iter().flatten().any(|answer| !answer.is_finite()) {
            return Err(Undefined::NotFinite);
        }
        let Some(answers) = answers.iter().copied().collect::<Option<Vec<f64>>>() else {
            self.incomplete += 1;
            return Ok(());
        };
        if self.first.is_empty() {
            self.first.clone_from(&answers);
        }
        for ((varies, first), answer) in self.varies.iter_mut().zip(&self.first).zip(&answers) {
            *varies |= first.total_cmp(answer).is_ne();
        }
        self.complete += 1;
        let n = count(self.complete);
        let before: Vec<f64> = answers.iter().zip(&self.means).map(|(answer, mean)| answer - mean).collect();
        for (mean, distance) in self.means.iter_mut().zip(&before) {
            *mean += distance / n;
        }
        for (row, distance) in self.products.chunks_exact_mut(self.items.max(1)).zip(&before) {
            for ((product, answer), mean) in row.iter_mut().zip(&answers).zip(&self.means) {
                *product += distance * (answer - mean);
            }
        }
        Ok(())
    }

    /// Covariances with n − 1, of the items that vary.
    ///
    /// # Errors
    ///
    /// [`Undefined::TooFew`] below two complete forms or two items that vary; [`Undefined::TooLarge`].
    pub fn covariance(&self) -> Result<ItemCovariance, Undefined> {
        if self.complete < 2 {
            return Err(Undefined::TooFew { needed: 2, found: self.complete });
        }
        let (kept, constant): (Vec<usize>, Vec<usize>) = (0..self.items).partition(|&item| self.varies[item]);
        if kept.len() < 2 {
            return Err(Undefined::TooFew { needed: 2, found: kept.len() });
        }
        let divisor = count(self.complete - 1);
        let values = kept
            .iter()
            .flat_map(|row| kept.iter().map(move |column| self.products[row * self.items + column] / divisor))
            .map(finite)
            .collect::<Result<_, _>>()?;
        Ok(ItemCovariance { n: self.complete, incomplete: self.incomplete, items: kept, constant, values })
    }
}

/// Covariances of the items of a questionnaire: at least two items, each of which varies.
#[derive(Debug, Clone)]
pub struct ItemCovariance {
    n: usize,
    incomplete: usize,
    items: Vec<usize>,
    constant: Vec<usize>,
    /// Row by row.
    values: Vec<f64>,
}

impl ItemCovariance {
    /// From all forms at once.
    ///
    /// # Errors
    ///
    /// As [`ItemMoments::add`] and [`ItemMoments::covariance`]; [`Undefined::TooFew`] without forms.
    pub fn from_rows<R: AsRef<[Option<f64>]>>(rows: &[R]) -> Result<Self, Undefined> {
        let mut moments = ItemMoments::new(rows.first().map_or(0, |row| row.as_ref().len()));
        for row in rows {
            moments.add(row.as_ref())?;
        }
        moments.covariance()
    }

    /// Complete forms, which everything is computed from.
    pub fn n(&self) -> usize {
        self.n
    }

    /// Forms left out because an answer is missing.
    pub fn incomplete(&self) -> usize {
        self.incomplete
    }

    /// The items kept, as their places in a form, from 0.
    pub fn items(&self) -> &[usize] {
        &self.items
    }

    /// Items left out because everyone gave the same answer.
    pub fn constant_items(&self) -> &[usize] {
        &self.constant
    }

    /// k, the number of items kept.
    pub(super) fn k(&self) -> usize {
        self.items.len()
    }

    /// Covariance of two kept items.
    pub(super) fn at(&self, row: usize, column: usize) -> f64 {
        self.values[row * self.k() + column]
    }

    /// Covariances of one kept item with all kept items.
    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.k()..][..self.k()]
    }

    /// 1′Σ1, the variance of the total.
    pub(super) fn total_variance(&self) -> f64 {
        self.values.iter().sum()
    }

    /// trΣ, the sum of the items' variances.
    pub(super) fn trace(&self) -> f64 {
        (0..self.k()).map(|item| self.at(item, item)).sum()
    }

    /// Correlation of two kept items; `None` where a variance is too small to divide by.
    pub(super) fn correlation(&self, row: usize, column: usize) -> Option<f64> {
        let spread = self.at(row, row).sqrt() * self.at(column, column).sqrt();
        (spread > 0.0).then(|| (self.at(row, column) / spread).clamp(-1.0, 1.0))
    }
}
