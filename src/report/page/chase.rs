//! The forms to ask for, as a page: how many of each group are back, then everybody who is to be asked.

use maud::{Markup, html};

use super::about::{self, shown_names};
use super::parts::{name, text};
use super::{Frame, Matter, Paper, Shown, whole};
use crate::findings::count_of;
use crate::privacy::Audience;
use crate::report::FilledIn;
use crate::report::chase_list::{COUNTS, ChaseList, question_words};
use crate::scoring::Form;

/// The page of the forms to ask for.
pub fn chase_page(chase: &ChaseList<'_>, filled: &FilledIn, frame: Frame<'_, '_>) -> String {
    let body = html! { @for (index, form) in chase.forms().iter().enumerate() { (one_form(chase, index, form, frame.audience)) } };
    let about = html! { @for (index, form) in chase.forms().iter().enumerate() { (about::form(form, shown_names(filled, frame.audience).form(index))) } };
    whole(frame, &Matter { title: "Forms to ask for".to_owned(), paper: Paper::Upright, body, about, findings: Shown::OfAllFiles })
}

fn one_form(chase: &ChaseList<'_>, index: usize, form: &Form, audience: Audience) -> Markup {
    let groups = chase.group_headings();
    let open = chase.open(index);
    html! {
        section {
            h2 { (form.instrument().title()) }
            p class="facts" { (count_of(chase.pupils() as u64, "pupil")) " on the list" }
            div class="scroll" role="group" aria-label="How many forms are back" tabindex="0" {
                table class="listing" {
                    caption { "How many forms are back." }
                    thead {
                        tr {
                            @for heading in &groups { th scope="col" { (name(heading)) } }
                            @if groups.is_empty() { th scope="col" { "Pupils" } }
                            @for count in COUNTS { th scope="col" class="number" { (count) } }
                        }
                    }
                    tbody {
                        @for line in chase.counts(index) {
                            tr {
                                @for (place, cell) in line.iter().enumerate() {
                                    @if place == 0 { th scope="row" { (name(cell)) } } @else { td class=[(place >= groups.len().max(1)).then_some("number")] { (text(cell)) } }
                                }
                            }
                        }
                    }
                }
            }
            @if open.is_empty() { p { "Every form is back and complete." } } @else {
                h3 { "To ask: " (count_of(open.len() as u64, "pupil")) }
                div class="scroll" role="group" aria-label="To ask" tabindex="0" {
                    table class="listing" {
                        thead {
                            tr {
                                th scope="col" { "Pupil" }
                                @for heading in &groups { th scope="col" { (name(heading)) } }
                                th scope="col" { "Status" }
                                th scope="col" { "Questions to go back to" }
                                th scope="col" { "Reason, if one will not come" }
                            }
                        }
                        tbody {
                            @for (pupil, state) in &open {
                                tr {
                                    th scope="row" class="pupil" { (name(&chase.full_name(pupil))) }
                                    @for heading in &groups { td { (name(pupil.group(heading).unwrap_or_default())) } }
                                    td { (state.status.word()) }
                                    td { @if audience.reads_answers() { (question_words(state)) } @else if !state.questions.is_empty() { (count_of(state.questions.len() as u64, "question")) } }
                                    td class="fill" {}
                                }
                            }
                        }
                    }
                }
                p { "Ask once more for a form that is not back, and write down why one will not come: declined, absent, left or other. Guess no answer." }
            }
        }
    }
}
