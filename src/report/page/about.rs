//! What a page is made from: forms, bands, missing answers, findings, hashes.

use maud::{Markup, html};

use super::parts::{capitalised, date, text};
use super::{Frame, Shown};
use crate::findings::{Code, Severity, Style, count_of, list_and, render_short};
use crate::instrument::missing_words;
use crate::instrument::{Informant, Instrument};
use crate::privacy::Audience;
use crate::report::FilledIn;
use crate::report::filled_in::FilledForm;
use crate::scoring::Form;

/// One form: who filled it in and when, what the bands are and whose, how missing answers were handled, how to read it.
pub(super) fn form(form: &Form, filled: Option<&FilledForm>) -> Markup {
    let instrument = form.instrument();
    html! {
        section {
            h2 { "About the " (instrument.title()) }
            dl class="pairs" {
                dt { "Completed by" }
                dd { (completed_by(instrument, filled)) }
                dt { "Bands" }
                dd {
                    @match form.band_set() {
                        Some(set) => { "the set “" (set.id) "”. " (set.source) },
                        None => "none in use",
                    }
                }
                dt { "Missing answers" }
                dd { (missing(form)) }
                dt { "Owner" }
                dd { (instrument.owner) }
            }
            @for notice in instrument.notices().iter().skip(1) { p { (notice) } }
        }
    }
}

/// The names of those who filled in forms are for the `SENCo`.
pub(super) fn shown_names(filled: &FilledIn, audience: Audience) -> FilledIn {
    if audience.reads_answers() { filled.clone() } else { filled.clone().without_names() }
}

fn completed_by(instrument: &Instrument, filled: Option<&FilledForm>) -> String {
    const NAMED: usize = 6;
    let mut words = match instrument.informant {
        Informant::SelfReport => "the pupil".to_owned(),
        Informant::Parent => "a parent or carer".to_owned(),
        Informant::Teacher => "a teacher".to_owned(),
        Informant::Staff => "a member of staff".to_owned(),
    };
    let Some(filled) = filled else { return words };
    if !filled.completed_by.is_empty() {
        let mut named: Vec<String> = filled.completed_by.iter().take(NAMED).map(|word| text(word)).collect();
        if filled.completed_by.len() > NAMED {
            named.push(format!("{} more", filled.completed_by.len() - NAMED));
        }
        words = format!("{words}: {}", list_and(&named));
    }
    match (filled.dates.first(), filled.dates.last()) {
        (Some(first), Some(last)) if first == last => format!("{words}, {}", date(first)),
        // Dates sort as they are read only where they are written year first.
        (Some(first), Some(last)) if date(first) != *first && date(last) != *last => {
            format!("{words}, from {} to {}", date(first), date(last))
        }
        (Some(_), Some(_)) => format!("{words}, on {}", count_of(filled.dates.len() as u64, "date")),
        _ => format!("{words}; the files give no date"),
    }
}

/// The rules for missing answers, each once with the scales that have it.
fn missing(form: &Form) -> Markup {
    let instrument = form.instrument();
    let mut rules: Vec<(String, Vec<&str>)> = Vec::new();
    for scale in form.shown().iter().filter_map(|scale| instrument.scales.get(*scale)) {
        let Some(words) = missing_words(&scale.rule) else { continue };
        match rules.iter_mut().find(|(known, _)| *known == words) {
            Some((_, scales)) => scales.push(&scale.id),
            None => rules.push((words, vec![&scale.id])),
        }
    }
    html! {
        "A blank or unreadable answer is never filled in from other pupils. "
        @for (words, scales) in &rules { (list_and(scales)) ": " (words) ". " }
    }
}

/// What could not be used, and what concerns every score; the cells themselves only where single answers may be read.
pub(super) fn findings(frame: Frame<'_, '_>, shown: Shown) -> Markup {
    let findings = frame.closing.findings;
    let (problems, notes) = (findings.count(Severity::Problem), findings.count(Severity::Note));
    if problems + notes == 0 || !frame.audience.reads_pupils() {
        return html! {};
    }
    // A review that came too early speaks against every verdict, whoever reads it.
    let early: Vec<String> = findings
        .groups()
        .into_iter()
        .flat_map(|group| &group.first)
        .filter(|finding| finding.code == Code::C009)
        .map(|finding| capitalised(&text(&finding.message)))
        .collect();
    let is_whole = frame.audience.reads_answers() && shown == Shown::OfAllFiles;
    html! {
        @if is_whole {
            section {
                h2 { "What was noticed in the files" }
                ul class="plain" {
                    @for group in findings.groups() { li { (text(render_short(group, Style::Plain).trim_end())) } }
                }
            }
        } @else if !early.is_empty() || frame.audience.reads_classes() {
            section {
                h2 { "What was noticed in the files" }
                @for words in &early { p { (words) "." } }
                // The files are about others too: what was noticed in them is nothing for a parent.
                @if frame.audience.reads_classes() {
                    p { (count_of(problems, "problem")) " and " (count_of(notes, "note")) " in all files: the command prints them, and class pages of the SENCo list them." }
                }
            }
        }
    }
}

/// Tool, definitions, inputs and options, with their hashes.
pub(super) fn provenance(frame: Frame<'_, '_>) -> Markup {
    let provenance = frame.closing.provenance;
    html! {
        section {
            h2 { "Made by" }
            ul class="plain" {
                li { (provenance.tool) " " (provenance.version) @if let Some(created) = &provenance.created { ", " (date(created)) } }
                @for used in &provenance.instruments {
                    li { (used.id) " version " (used.version) @if let Some(bands) = &used.bands { ", bands " (bands) } ", SHA-256 " code { (used.sha256) } }
                }
                @for input in &provenance.inputs { li { bdi { (text(&input.name)) } ", SHA-256 " code { (input.sha256) } } }
                @for (option, value) in &provenance.options { li { code { "--" (option) " " (text(value)) } } }
            }
            p { "Special-category data: keep this page where only those may read it whom it is for, and delete it when it is no longer needed." }
        }
    }
}
