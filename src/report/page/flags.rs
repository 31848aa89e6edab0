//! The flag lists as a page: alerts, then each list with its reasons, then whoever cannot be judged.

use maud::{Markup, html};

use super::about::{self, shown_names};
use super::parts::{alerts, name, names};
use super::{Frame, Matter, Paper, Shown, whole};
use crate::findings::count_of;
use crate::flags::Status;
use crate::privacy::Audience;
use crate::report::SENSITIVE_WORDS;
use crate::report::flag_rows::{FlagList, FlagRow, FlagTable};

/// The page of the flag lists.
pub fn flag_page(lists: &FlagTable<'_>, frame: Frame<'_, '_>) -> String {
    let forms = lists.layout.forms();
    let title = match forms {
        [only] => format!("Who needs a closer look: {}", only.instrument().name),
        _ => "Who needs a closer look".to_owned(),
    };
    let body = html! { @for index in 0..forms.len() { (one_form(lists, index, frame.audience)) } };
    let about = html! { @for (index, form) in forms.iter().enumerate() { (about::form(form, shown_names(lists.filled, frame.audience).form(index))) } };
    whole(frame, &Matter { title, paper: Paper::Upright, body, about, findings: Shown::OfAllFiles })
}

fn one_form(lists: &FlagTable<'_>, index: usize, audience: Audience) -> Markup {
    let Some(form) = lists.layout.forms().get(index) else { return html! {} };
    let pupil = |row: &FlagRow| html! { (name(&row.full_name)) @if lists.layout.has_several_files() { " " span class="quiet" { "(" (name(&row.file)) ")" } } };
    let of_form = || lists.rows.iter().filter(move |row| row.form == index);
    let with_alerts: Vec<(Markup, String)> = of_form()
        .filter(|row| audience.reads_answers() && row.flag.status == Status::Alert)
        .map(|row| (pupil(row), row.flag.alerts.join("; ")))
        .collect();
    let sensitive: Vec<&FlagRow> = of_form().filter(|row| audience.reads_answers() && !row.flag.sensitive.is_empty()).collect();
    let below = lists.below(index);
    html! {
        section {
            h2 { (form.instrument().title()) }
            p class="facts" { (lists.facts(index).replace('`', "")) }
            (alerts(&with_alerts))
            @let found = lists.lists(index);
            @for list in &found { (one_list(list, audience, pupil)) }
            @if lists.is_judged(index) && !found.iter().any(FlagList::is_of_flagged) { p { "Nobody is at this level." } }
            @if found.iter().any(FlagList::has_estimates) {
                p class="quiet" { "~ estimated: some answers are missing, and the form's rule allows for it." }
            }
            @if !sensitive.is_empty() {
                h3 { (SENSITIVE_WORDS) ": " (count_of(sensitive.len() as u64, "response")) }
                ul class="plain" { @for row in sensitive { li { (pupil(row)) ": " (row.flag.sensitive.join("; ")) } } }
            }
            @if lists.is_judged(index) {
                p { (below.words()) " Below the level on this form does not mean no need." }
                (names(below.listed().iter().map(|row| row.full_name.as_str())))
            }
        }
    }
}

fn one_list(list: &FlagList<'_>, audience: Audience, pupil: impl Fn(&FlagRow) -> Markup) -> Markup {
    html! {
        h3 { (list.heading()) ": " (count_of(list.rows().len() as u64, "pupil")) }
        @if let Some(about) = list.about() { p class="quiet" { (about) } }
        div class="scroll" role="group" aria-label=(list.heading()) tabindex="0" {
            table class="listing" {
                thead { tr { th scope="col" { "Pupil" } th scope="col" { "Why" } } }
                tbody {
                    @for row in list.rows() {
                        tr {
                            th scope="row" class="pupil" { (pupil(row)) @if audience.reads_answers() && row.flag.status == Status::Alert { " (alert above)" } }
                            td class="words" { (row.flag.reasons.join("; ")) }
                        }
                    }
                }
            }
        }
    }
}
