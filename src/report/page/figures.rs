//! Scores as figures: what a chart needs to know of a form's scales.

use maud::{Markup, html};

use crate::report::chart::{BarRow, StackedBars, stacked_bars};
use crate::report::class_view::ClassForm;
use crate::scoring::Form;

/// How many pupils are at each level of each scale; a figure for each set of level names.
pub(super) fn levels(form: &Form, class: &ClassForm) -> Markup {
    let mut sets: Vec<(&[String], Vec<BarRow<'_>>)> = Vec::new();
    let counts: Vec<Vec<Option<u64>>> = class.counts.iter().map(|counts| counts.iter().copied().map(Some).collect()).collect();
    for (scale, counts) in class.scales.iter().zip(&counts) {
        let (Some(bands), Some(definition)) = (form.bands(*scale), form.instrument().scales.get(*scale)) else { continue };
        let row = BarRow { label: &definition.name, counts, total: counts.iter().copied().sum() };
        match sets.iter_mut().find(|(names, _)| *names == bands.levels.as_slice()) {
            Some((_, rows)) => rows.push(row),
            None => sets.push((&bands.levels, vec![row])),
        }
    }
    html! {
        @for (place, (names, rows)) in sets.iter().enumerate() {
            @let levels: Vec<&str> = names.iter().map(String::as_str).collect();
            figure tabindex="0" {
                (stacked_bars(
                    &format!("levels-{}-{place}", form.instrument().id),
                    &StackedBars { name: "Pupils at each level", levels: &levels, rows },
                ))
            }
        }
    }
}
