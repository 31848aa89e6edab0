//! Baseline and review as a page: who needs a look, each pupil's change, the group, the goals.

use maud::{Markup, html};

use super::about::{self, shown_names};
use super::parts::{alerts, banded, capitalised, minus, name, names, number, wide_table};
use super::{Frame, Matter, Paper, Shown, change_figures, goals, whole};
use crate::change::goals::{GasScore, GoalResult, GoalsFile};
use crate::change::{Change, Comparison, Verdict, change_words};
use crate::cohort::{FrameError, pairing_words};
use crate::findings::count_of;
use crate::instrument::Number;
use crate::report::FilledIn;
use crate::report::change_rows::category_words;
use crate::report::change_view::{CAVEATS, ChangeView, GroupView, short};

/// More scales than these in one table need a sheet that lies on its side.
const UPRIGHT: usize = 5;

/// Goals and what came of them.
pub type JudgedGoals<'g> = (&'g GoalsFile, &'g [GoalResult], &'g [GasScore]);

/// The page of a comparison.
///
/// # Errors
///
/// When the frames fail.
pub fn comparison_page(view: ChangeView<'_>, goals: Option<JudgedGoals<'_>>, frame: Frame<'_, '_>) -> Result<String, FrameError> {
    let instrument = view.form.instrument();
    let (mains, others) = view.scales();
    let (baseline, review) = view.together.times();
    let with_alerts: Vec<(Markup, String)> = view
        .alerts()
        .into_iter()
        .filter(|_| frame.audience.reads_answers())
        .map(|row| (html! { (name(row.pupil)) " (" (row.time) ")" }, row.alerts))
        .collect();
    let mut sections = Vec::new();
    for main in &mains {
        sections.push(main_scale(view, *main)?);
    }
    let body = html! {
        h2 { (instrument.title()) }
        p class="facts" { (pairing_words(view.together)) }
        (alerts(&with_alerts))
        @for main in &mains { (look(view, *main)) }
        @for section in &sections { (section) }
        (also_looked_at(view, &others))
        @for unpaired in view.unpaired() {
            h3 { "At " (unpaired.time) " only: " (count_of(unpaired.pupils.len() as u64, "pupil")) }
            (names(unpaired.pupils.iter().copied()))
        }
        @if let Some((file, results, gas)) = goals { (goals::outcomes(file, results, gas, frame.audience)) }
        p class="quiet" { (CAVEATS) }
    };
    let paper = if others.len() > UPRIGHT { Paper::Wide } else { Paper::Upright };
    let about = about::form(view.form, shown_names(&FilledIn::of_times(&[baseline, review]), frame.audience).form(0));
    Ok(whole(frame, &Matter { title: format!("Before and after: {}", instrument.name), paper, body, about, findings: Shown::OfAllFiles }))
}

/// Who needs a look: clearly worse, or still at or above the level from which the form flags, or not to be told.
fn look(view: ChangeView<'_>, scale: usize) -> Markup {
    let flag_from = view.form.band_set().map(|set| set.flag_from);
    let changes: Vec<(&Comparison, Change)> =
        view.together.pairs().iter().filter_map(|pair| Some((pair, view.together.change(pair, scale, view.form)?))).collect();
    let of = |picked: &dyn Fn(&Change) -> bool| -> Vec<&str> {
        changes.iter().filter(|(_, change)| picked(change)).map(|(pair, _)| view.together.pupil(pair)).collect()
    };
    let is_raised = |change: &Change| change.review_level.zip(flag_from).is_some_and(|(level, from)| level >= from);
    let lists = [
        ("Clearly worse", of(&|change| change.verdict == Verdict::ClearlyWorse)),
        ("Still raised at review, no clear change", of(&|change| is_raised(change) && change.verdict == Verdict::NoClearChange)),
        ("Clearly better, and still raised at review", of(&|change| is_raised(change) && change.verdict == Verdict::ClearlyBetter)),
        ("Cannot tell", of(&|change| change.verdict == Verdict::CannotTell)),
    ];
    let title = view.form.instrument().scales.get(scale).map_or("", |scale| scale.name.as_str());
    html! {
        section class="box" {
            h3 { "Pupils who need a look: " (title) }
            @if lists.iter().all(|(_, pupils)| pupils.is_empty()) { p { "Nobody of those who are at both times." } }
            dl class="pairs" {
                @for (heading, pupils) in lists.iter().filter(|(_, pupils)| !pupils.is_empty()) {
                    dt { (heading) ": " (pupils.len()) }
                    dd { @for (place, pupil) in pupils.iter().enumerate() { @if place > 0 { ", " } (name(pupil)) } }
                }
            }
        }
    }
}

fn main_scale(view: ChangeView<'_>, scale: usize) -> Result<Markup, FrameError> {
    let Some(definition) = view.form.instrument().scales.get(scale) else { return Ok(html! {}) };
    let (needs, source) = view.needs(scale);
    let groups = view.groups(scale)?;
    Ok(html! {
        section {
            h2 { (definition.name) }
            p { (capitalised(&needs)) "." @if let Some(source) = source { " " span class="quiet" { "From " (source) "." } } }
            (change_figures::changes(view, scale))
            (wide_table(&format!("Changes, {}", definition.name), &changes(view, scale)))
            @for group in &groups { (one_group(view, scale, group)) }
            @if let Some(sentence) = view.usual_fall(scale) { p { (sentence) } }
            @for sentences in view.beside_others(scale) { @for sentence in sentences { p { (sentence) } } }
        }
    })
}

fn changes(view: ChangeView<'_>, scale: usize) -> Markup {
    let has_cutoff = view.has_cutoff(scale);
    let rows = || view.together.pairs().iter().filter_map(|pair| Some((pair, view.together.change(pair, scale, view.form)?)));
    html! {
        table {
            caption { "Each pupil at both times, in the order of the baseline." }
            thead {
                tr {
                    th scope="col" { "Pupil" } th scope="col" { "Baseline" } th scope="col" { "Review" } th scope="col" { "Change" }
                    th scope="col" { "Verdict" }
                    @if has_cutoff { th scope="col" { "Category" } }
                    th scope="col" { "Note" }
                }
            }
            tbody {
                @for (pair, change) in rows() {
                    tr {
                        th scope="row" class="pupil" { (name(view.together.pupil(pair))) }
                        td { (at(view, scale, change.baseline, change.baseline_level)) }
                        td { (at(view, scale, change.review, change.review_level)) }
                        td { @if let Some(difference) = change.difference() { (change_words(difference)) } }
                        td class="look" { (verdict(change.verdict)) }
                        @if has_cutoff { td { @if let Some(category) = change.category { (category_words(category)) } } }
                        td class="words" { (ChangeView::short_notes(&change)) }
                    }
                }
            }
        }
    }
}

/// A score with its band.
pub(super) fn at(view: ChangeView<'_>, scale: usize, score: Option<Number>, level: Option<usize>) -> Markup {
    match (score, level, view.form.bands(scale)) {
        (Some(score), Some(level), Some(bands)) => banded(&score.to_string(), level, bands),
        _ => number(score),
    }
}

/// A verdict with an arrow that a black and white page shows too: up is better, whichever way the scale runs.
pub(super) fn verdict(verdict: Verdict) -> Markup {
    let (arrow, class) = match verdict {
        Verdict::ClearlyBetter => ("▲", Some("better")),
        Verdict::NoClearChange => ("=", None),
        Verdict::ClearlyWorse => ("▼", Some("worse")),
        Verdict::CannotTell => ("?", None),
    };
    html! { span class=[class] { span aria-hidden="true" { (arrow) " " } (verdict.words()) } }
}

fn also_looked_at(view: ChangeView<'_>, scales: &[usize]) -> Markup {
    if scales.is_empty() || view.together.pairs().is_empty() {
        return html! {};
    }
    let title = |scale: usize| view.form.instrument().scales.get(scale).map_or("", |scale| scale.name.as_str());
    let table = html! {
        table {
            caption { "Only clear changes have a word." }
            thead {
                tr {
                    th scope="col" { "Pupil" }
                    @for scale in scales {
                        @let needs = view.needs_in_short(*scale);
                        th scope="col" { (title(*scale)) @if !needs.is_empty() { " (" (needs) ")" } }
                    }
                }
            }
            tbody {
                @for pair in view.together.pairs() {
                    tr {
                        th scope="row" class="pupil" { (name(view.together.pupil(pair))) }
                        @for scale in scales { td { @if let Some(change) = view.together.change(pair, *scale, view.form) { (short(&change)) } } }
                    }
                }
            }
        }
    };
    html! { section { h2 { "Also looked at" } (wide_table("Other scales", &table)) } }
}

fn one_group(view: ChangeView<'_>, scale: usize, group: &GroupView) -> Markup {
    let title = view.form.instrument().scales.get(scale).map_or("", |scale| scale.name.as_str());
    html! {
        h3 { (name(&group.heading)) ", " (title) }
        ul class="plain" { @for sentence in &group.sentences { li { (minus_in(sentence)) } } }
        (transitions(view, scale, group))
    }
}

/// From band to band.
fn transitions(view: ChangeView<'_>, scale: usize, group: &GroupView) -> Markup {
    let Some(bands) = view.form.bands(scale).filter(|_| group.change.paired > 0) else { return html! {} };
    let table = html! {
        table {
            caption { "From band to band: a row for each band before, a column for each band after." }
            thead { tr { th scope="col" { "Before" } @for level in &bands.levels { th scope="col" class="number" { "After: " (level) } } } }
            tbody {
                @for (before, counts) in group.change.transitions.iter().enumerate() {
                    tr { th scope="row" { (bands.name(before)) } @for count in counts { td class="number" { (count) } } }
                }
            }
        }
    };
    wide_table("From band to band", &table)
}

/// Hyphens before digits are minus signs.
fn minus_in(sentence: &str) -> String {
    let is_negative = |word: &&str| word.strip_prefix('-').is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()));
    let words = sentence.split(' ').map(|word| if is_negative(&word) { minus(word) } else { word.to_owned() });
    words.collect::<Vec<_>>().join(" ")
}
