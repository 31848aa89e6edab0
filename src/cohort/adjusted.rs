//! Comparisons that need more than the group itself: a comparison group, or the SDQ's added value.

use super::together::Together;
use crate::change::{Comparison, Point};
use crate::instrument::Informant;
use crate::scoring::Form;
use crate::stats::regression::{Ancova, ancova};
use crate::stats::sdq_added_value::{FirstAssessment, GroupAddedValue, SMALLEST_GROUP, added_value, group_added_value};
use crate::stats::{Confidence, Pairs};

/// Fewer pairs than this in either group are only counted.
const FEWEST: usize = 10;

/// A group beside its comparison group.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjusted {
    /// Pairs in the group.
    pub group: usize,
    /// Pairs in the comparison group.
    pub comparison: usize,
    /// The difference at review adjusted for baseline, or why there is none.
    pub result: Result<Ancova, String>,
}

impl Together {
    /// The scores of a scale at both times, of the pairs that a rule picks.
    fn scores(&self, scale: usize, picked: impl Fn(&Comparison) -> bool) -> (Vec<f64>, Vec<f64>) {
        let (baseline, review) = self.times();
        let score = |point: Option<Point>| point.and_then(Point::score).map(crate::instrument::Number::to_f64);
        let pairs = self.comparable_pairs().filter(|pair| picked(pair));
        pairs.filter_map(|pair| Some((score(baseline.point(pair.baseline, scale))?, score(review.point(pair.review, scale))?))).unzip()
    }

    /// Compares pupils whose group cell is `value` (the comparison group) with all others whose cell is not blank. `cell` is the place
    /// of the column among the groups of a response.
    pub fn adjusted(&self, scale: usize, cell: usize, value: &str) -> Adjusted {
        let told = |pair: &Comparison| self.group_cells(pair).get(cell).cloned().unwrap_or_default();
        let group = self.scores(scale, |pair| !told(pair).is_empty() && !told(pair).eq_ignore_ascii_case(value));
        let comparison = self.scores(scale, |pair| told(pair).eq_ignore_ascii_case(value));
        let (n_group, n_comparison) = (group.0.len(), comparison.0.len());
        let result = if n_group < FEWEST || n_comparison < FEWEST {
            Err("with fewer than ten pairs in either group there are only counts".to_owned())
        } else {
            Pairs::new(&group.0, &group.1)
                .and_then(|group| ancova(&group, &Pairs::new(&comparison.0, &comparison.1)?, Confidence::NINETY_FIVE))
                .map_err(|reason| reason.to_string())
        };
        Adjusted { group: n_group, comparison: n_comparison, result }
    }

    /// The SDQ's added value of all pairs.
    ///
    /// # Errors
    ///
    /// Why it is not shown: another form, or fewer than thirty children with all four scores.
    pub fn added_value(&self, form: &Form) -> Result<GroupAddedValue, String> {
        let instrument = form.instrument();
        let is_parent_form =
            instrument.family == "sdq" && instrument.informant == Informant::Parent && instrument.ages.is_some_and(|ages| ages.from >= 4);
        if !is_parent_form {
            return Err(format!("the added value exists for the parent SDQ for ages 4 to 17 only, not for {}", instrument.id));
        }
        if instrument.id.contains("followup") {
            return Err("its baseline is the standard form, not the follow-up".to_owned());
        }
        let place = |id: &str| instrument.scale(id).ok_or_else(|| format!("{} has no scale `{id}`", instrument.id));
        let (total, impact, emotional) = (place("total")?, place("impact")?, place("emotional")?);
        let (baseline, review) = self.times();
        let score = |point: Option<Point>| point.and_then(Point::score).map(crate::instrument::Number::to_f64);
        let value = |pair: &Comparison| {
            let first = FirstAssessment {
                total: score(baseline.point(pair.baseline, total))?,
                impact: score(baseline.point(pair.baseline, impact))?,
                emotional: score(baseline.point(pair.baseline, emotional))?,
            };
            added_value(first, score(review.point(pair.review, total))?).ok().map(|value| value.points)
        };
        let points: Vec<f64> = self.comparable_pairs().filter_map(value).collect();
        if points.len() < SMALLEST_GROUP {
            return Err(format!("{} children have all four scores, and fewer than {SMALLEST_GROUP} say nothing", points.len()));
        }
        group_added_value(&points).map_err(|reason| reason.to_string())
    }
}
