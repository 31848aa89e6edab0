//! The working of one pupil's forms as a page: every answer with the cell that it was read from, every scale with its steps.

use maud::{Markup, html};

use super::about;
use super::parts::{alerts, name, text, wide_table};
use super::{Frame, Matter, Paper, Shown, whole};
use crate::entry::Working;
use crate::findings::count_of;
use crate::report::instrument_page::in_scale;
use crate::report::working_page::{answer_words, column, scale_lines};
use crate::report::{FilledIn, SENSITIVE_WORDS};
use crate::scoring::{Form, Layout};

/// The page of one pupil's workings.
pub fn working_html(layout: &Layout, workings: &[Working], filled: &FilledIn, frame: Frame<'_, '_>) -> String {
    let pupil = workings.first().map_or("", |working| working.pupil.as_str());
    let is_there = |form: usize| workings.iter().any(|working| working.form == form);
    let body = html! { @for working in workings { (one(layout, working)) } };
    let about = html! { @for (index, form) in layout.forms().iter().enumerate().filter(|(index, _)| is_there(*index)) { (about::form(form, filled.form(index))) } };
    whole(frame, &Matter { title: format!("Working: {pupil}"), paper: Paper::Upright, body, about, findings: Shown::OfAllFiles })
}

fn one(layout: &Layout, working: &Working) -> Markup {
    let Some(form) = layout.forms().get(working.form) else { return html! {} };
    let instrument = form.instrument();
    let with_alerts: Vec<(Markup, String)> =
        if working.alerts.is_empty() { Vec::new() } else { vec![(name(&working.pupil), working.alerts.join("; "))] };
    html! {
        section {
            h2 { (instrument.title()) }
            p class="facts" {
                "Row " (working.row) " of " (name(&working.file))
                @if !working.about_pupil.is_empty() { ". Known of the pupil: " (working.about_pupil.join(", ")) }
            }
            (alerts(&with_alerts))
            @if !working.sensitive.is_empty() { p { strong { (SENSITIVE_WORDS) } ": " (working.sensitive.join("; ")) } }
            h3 { "Answers: " (count_of(working.answers.len() as u64, "question")) }
            (wide_table("Answers", &answers(layout, form, working)))
            @for scale in &working.scales {
                @if let Some(definition) = instrument.scales.get(scale.scale) {
                    h3 { (definition.name) }
                    dl class="pairs" {
                        @for line in scale_lines(layout, form, working.form, scale) { dt { (line.step) } dd { (text(&line.words)) } }
                    }
                }
            }
        }
    }
}

fn answers(layout: &Layout, form: &Form, working: &Working) -> Markup {
    let instrument = form.instrument();
    let counts_in = |item: usize| -> Vec<String> {
        layout.shown(working.form).into_iter().filter_map(|scale| in_scale(instrument.scales.get(scale)?, item)).collect()
    };
    html! {
        table {
            thead {
                tr { @for heading in ["Question", "Column", "Header", "Cell", "Code", "Answer", "Counts in"] { th scope="col" { (heading) } } }
            }
            tbody {
                @for answer in &working.answers {
                    @let (letters, header) = column(answer);
                    @let (code, words) = answer_words(instrument, answer);
                    tr {
                        th scope="row" { (Working::question(layout, working.form, answer.item)) }
                        td { (letters) }
                        td { (name(&header)) }
                        td { (name(answer.cell.trim())) }
                        td { (code) }
                        td { (words) }
                        td { (counts_in(answer.item).join(", ")) }
                    }
                }
            }
        }
    }
}
