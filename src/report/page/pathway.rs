//! The school's own pathway beside a report: the prompts of its stages with room to write, its next steps and routes.

use maud::{Markup, html};

use super::parts::{name, text};
use crate::change::pathway::{Pathway, StageId};
use crate::privacy::Audience;

/// The prompts of some stages, each with room to write; for those who work with the pupil.
pub(super) fn stages(pathway: &Pathway, audience: Audience, wanted: &[StageId]) -> Markup {
    let is_asked = |id: StageId| audience.reads_classes() && wanted.contains(&id) && id != StageId::Next;
    html! {
        @for stage in pathway.stages().iter().filter(|stage| is_asked(stage.id()) && !stage.prompts().is_empty()) {
            section class="box" {
                h3 { (name(stage.title())) }
                ul class="plain" { @for prompt in stage.prompts() { li { (text(prompt)) } } }
                div class="writing" {}
            }
        }
    }
}

/// The school's next steps and referral routes, to be ticked by people: nothing here is chosen by a score.
pub(super) fn next(pathway: &Pathway) -> Markup {
    if pathway.next_steps().is_empty() && pathway.routes().is_empty() {
        return html! {};
    }
    html! {
        section class="box" {
            h3 { @match pathway.stage(StageId::Next) { Some(stage) => (name(stage.title())), None => "Next steps" } }
            ul class="ticks" {
                @for step in pathway.next_steps() { li { (text(step)) } }
                @for route in pathway.routes() {
                    li { (name(route.name())) ": " (text(route.when())) span class="quiet" { " (" (text(route.how())) ")" } }
                }
            }
            div class="writing" {}
        }
    }
}
