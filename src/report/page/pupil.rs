//! One pupil on a page, for a review or a referral: what was gained, the forms side by side, what changed, the goals, what was tried, what else
//! is known, and the school's own next steps.

use maud::{Markup, html};

use super::about::{self, shown_names};
use super::change_figures::{band_spans, clear_from};
use super::parts::{banded, capitalised, date, dated, minus, name, text, wide_table};
use super::{Frame, Matter, Paper, Shown, whole};
use super::{goals, pathway};
use crate::change::evidence::{Entry, Values};
use crate::change::goals::GoalKind;
use crate::change::pathway::StageId;
use crate::findings::{count_of, list_and};
use crate::instrument::Number;
use crate::privacy::Audience;
use crate::report::change_view::CAVEATS;
use crate::report::chart::{AxisScale, BandedAxis, ErrorBand, Moment, OverTime, ScoreMark, banded_axis, over_time};
use crate::report::pupil_text::verdict_words;
use crate::report::pupil_view::{PupilForm, PupilScale, PupilScore, PupilView};
use crate::report::{ALERT_WORDS, FilledIn, ReportParts};

/// The pages of some pupils, one sheet each.
pub fn pupil_page(parts: ReportParts<'_>, pupils: &[PupilView<'_>], frame: Frame<'_, '_>) -> String {
    let title = match pupils {
        [only] => format!("Pupil report: {}", only.person.name),
        several => count_of(several.len() as u64, "pupil"),
    };
    let body = html! { @for (place, pupil) in pupils.iter().enumerate() { (one(parts, pupil, place, frame.audience)) } };
    whole(
        frame,
        &Matter { title, paper: Paper::Upright, body, about: about_forms(parts, pupils, frame.audience), findings: Shown::OnlyCounted },
    )
}

/// Every form of these pupils: who filled it in, and when. Of others' forms nothing is said.
fn about_forms(parts: ReportParts<'_>, pupils: &[PupilView<'_>], audience: Audience) -> Markup {
    html! {
        @for course in parts.gathering.courses() {
            @let forms = pupils.iter().flat_map(|pupil| &pupil.forms).filter(|form| std::ptr::eq(form.course, course));
            @let responses: Vec<_> = forms.flat_map(|form| {
                let times = form.course.moments().iter().map(crate::cohort::Moment::time);
                times.zip(&form.responses).filter_map(|(time, response)| Some((time, (*response)?)))
            }).collect();
            @if !responses.is_empty() {
                (about::form(course.form(), shown_names(&FilledIn::of_responses(&responses), audience).form(0)))
            }
        }
    }
}

fn one(parts: ReportParts<'_>, pupil: &PupilView<'_>, place: usize, audience: Audience) -> Markup {
    let groups: Vec<String> = parts
        .by
        .iter()
        .zip(&pupil.person.groups)
        .filter(|(_, group)| !group.is_empty())
        .map(|(column, group)| format!("{column} {group}"))
        .collect();
    let gains = pupil.gains();
    let lowest = pupil.lowest();
    html! {
        article class="sheet" {
            h2 { (name(&pupil.person.name)) }
            @if !groups.is_empty() { p class="facts" { (name(&groups.join(", "))) } }
            (alerts(pupil))
            @if !gains.is_empty() || !lowest.is_empty() {
                section class="box" {
                    h3 { "Gains, and what lies in the lowest band" }
                    ul class="plain" {
                        @for gain in &gains { li { (dated(&text(gain))) } }
                        @for words in &lowest { li { (dated(&text(words))) } }
                    }
                }
            }
            @if pupil.forms.is_empty() { p { "No form of this pupil is in the files. That says nothing about how the pupil is." } }
            div class=[(pupil.forms.iter().all(|form| form.course.moments().len() <= 2)).then_some("side")] { @for (course, form) in pupil.forms.iter().enumerate() { (one_form(pupil, form, &format!("p{place}-f{course}"), audience)) } }
            @if pupil.forms.iter().any(|form| form.scales.iter().any(|row| row.last.is_some())) { p class="quiet" { (CAVEATS) } }
            (cycles(pupil, audience))
            (evidence(pupil.evidence))
            @if let Some(pathway) = parts.pathway { (pathway::stages(pathway, audience, &StageId::ALL)) @if audience.reads_classes() { (pathway::next(pathway)) } }
        }
    }
}

fn alerts(pupil: &PupilView<'_>) -> Markup {
    if pupil.forms.iter().all(|form| form.alerts.is_empty()) {
        return html! {};
    }
    html! {
        section class="alert" {
            h3 { "Alerts" }
            p { (ALERT_WORDS) }
            ul class="plain" {
                @for form in &pupil.forms {
                    @for (time, alerts) in &form.alerts { li { (form.course.form().instrument().title()) ", " (name(&date(time))) ": " strong { (alerts) } } }
                }
            }
        }
    }
}

fn one_form(pupil: &PupilView<'_>, form: &PupilForm<'_>, id: &str, audience: Audience) -> Markup {
    let instrument = form.course.form().instrument();
    let notes = notes(form);
    html! {
        section {
            h3 { (instrument.title()) }
            (wide_table(&format!("Scores, {}", instrument.title()), &scores(form)))
            @if form.scales.iter().any(|row| row.scores.iter().flatten().any(|score| score.is_estimated)) {
                p class="quiet" { "~ estimated: some answers are missing, and the form's rule allows for it." }
            }
            @for row in form.pictured() { (figure(pupil, form, row, &format!("{id}-s{}", row.scale))) }
            @if !notes.is_empty() { ul class="plain quiet" { @for note in &notes { li { (text(note)) } } } }
            (answered(form, audience))
        }
    }
}

fn scores(form: &PupilForm<'_>) -> Markup {
    let has_whole = form.scales.iter().any(|row| row.whole.is_some());
    let has_last = form.scales.iter().any(|row| row.last.is_some());
    let has_tiers = form.scales.iter().any(|row| row.tier.is_some());
    let labels: Vec<&str> = form.course.moments().iter().map(crate::cohort::Moment::label).collect();
    let since = |label: Option<&&str>| label.map_or_else(String::new, |label| format!("Since {}", date(label)));
    html! {
        table {
            thead {
                tr {
                    th scope="col" { "Scale" }
                    @for label in &labels { th scope="col" { (name(&capitalised(&date(label)))) } }
                    @if has_last { th scope="col" { (name(&since(labels.iter().rev().nth(1)))) } }
                    @if has_whole { th scope="col" { (name(&since(labels.first()))) } }
                    @if has_tiers { th scope="col" { "The school's tier" } }
                }
            }
            tbody {
                @for row in &form.scales {
                    tr {
                        th scope="row" { (form.scale_name(row.scale)) }
                        @for score in &row.scores { td { (one_score(form, row.scale, score.as_ref())) } }
                        @if has_last { td { (row.last.as_ref().map_or_else(String::new, verdict_words)) } }
                        @if has_whole { td { (row.whole.as_ref().map_or_else(String::new, verdict_words)) } }
                        @if has_tiers { td { (name(row.tier.unwrap_or_default())) } }
                    }
                }
            }
        }
        @if has_tiers { p class="quiet" { "The tier is the school's own table beside the score: one form does not decide it." } }
    }
}

fn one_score(form: &PupilForm<'_>, scale: usize, score: Option<&PupilScore>) -> Markup {
    let Some(score) = score else { return html! { span class="quiet" { "no form" } } };
    let Some(number) = form.printed(scale, score) else { return html! { span class="quiet" { "– not scored" } } };
    let Some((level, bands)) = score.level.zip(form.course.form().bands(scale)) else { return html! { (minus(&number)) } };
    banded(&number, level, bands)
}

/// A scale with its bands: on its own axis, over time where there are three times or more.
fn figure(pupil: &PupilView<'_>, form: &PupilForm<'_>, row: &PupilScale<'_>, id: &str) -> Markup {
    let Some(definition) = form.course.form().instrument().scales.get(row.scale) else { return html! {} };
    let is_whole = row.scores.iter().flatten().filter_map(|score| score.value).all(|value| value.as_whole().is_some());
    let spans = band_spans(form.course.form().bands(row.scale), definition.range, is_whole);
    let scale = AxisScale { name: &definition.name, range: definition.range, better: definition.better, bands: &spans };
    let labels: Vec<String> = form.course.moments().iter().map(|moment| date(moment.label())).collect();
    let moments: Vec<Moment<'_>> =
        labels.iter().zip(&row.scores).map(|(label, score)| Moment { label, mark: score.as_ref().and_then(mark) }).collect();
    let together = form.course.last_step().and_then(|span| form.course.together(span));
    let clear_from = together.and_then(|together| clear_from(together, row.scale));
    let error = clear_from.as_ref().map(|(half_width, words)| ErrorBand { half_width: *half_width, clear_from: words });
    let target = target(pupil, form, row.scale);
    html! {
        figure tabindex="0" {
            @if moments.len() > 2 { (over_time(id, &OverTime { scale, moments: &moments, error, target })) }
            @else { (banded_axis(id, &BandedAxis { scale, moments: &moments, error, target })) }
        }
    }
}

/// The target of the pupil's goal on a scale, in the latest cycle; none where there are several, because the figure has room for one. Goals are
/// about the first form.
fn target(pupil: &PupilView<'_>, form: &PupilForm<'_>, scale: usize) -> Option<Number> {
    let is_first = pupil.forms.first().is_some_and(|first| std::ptr::eq(first, form));
    let goals = pupil.cycles.first().filter(|_| is_first)?.goals.iter();
    let mut targets = goals.filter(|(goal, _)| matches!(goal.kind, GoalKind::Scale { scale: of, .. } if of == scale));
    let only = targets.next()?.1.target_score;
    only.filter(|_| targets.next().is_none())
}

fn mark(score: &PupilScore) -> Option<ScoreMark> {
    Some(ScoreMark { score: score.value?, is_estimated: score.is_estimated })
}

/// What a reader of the scores should know, each once with the scales that it is about.
fn notes(form: &PupilForm<'_>) -> Vec<String> {
    let mut notes: Vec<(String, Vec<&str>)> = Vec::new();
    for row in &form.scales {
        for (score, moment) in row.scores.iter().zip(form.course.moments()) {
            let Some(note) = score.as_ref().and_then(|score| score.note.as_ref()) else { continue };
            let words = format!("{}: {note}", date(moment.label()));
            match notes.iter_mut().find(|(known, _)| *known == words) {
                Some((_, scales)) => scales.push(form.scale_name(row.scale)),
                None => notes.push((words, vec![form.scale_name(row.scale)])),
            }
        }
    }
    notes.into_iter().map(|(words, scales)| format!("{} ({})", words, list_and(&scales))).collect()
}

/// What was answered and what was not; which questions, only where single answers may be read.
fn answered(form: &PupilForm<'_>, audience: Audience) -> Markup {
    html! {
        ul class="plain quiet" {
            @for (response, moment) in form.responses.iter().zip(form.course.moments()) {
                @if let Some(seen) = response.and_then(|response| moment.seen(response)) {
                    li {
                        (name(&capitalised(&date(moment.label())))) ": " (seen.answered) " of " (count_of(seen.asked as u64, "question")) " answered"
                        @let when = response.map_or("", |response| moment.time().date(response));
                        @if !when.is_empty() { ", " (date(when)) }
                        @let who = response.map_or("", |response| moment.time().completed_by(response));
                        @if !who.is_empty() { ", completed by " (name(who)) }
                        @if audience.reads_answers() && !seen.open.is_empty() { "; without an answer that can be used: " (list_and(&seen.open)) }
                        "."
                    }
                }
            }
        }
    }
}

fn cycles(pupil: &PupilView<'_>, audience: Audience) -> Markup {
    html! {
        @for (place, cycle) in pupil.cycles.iter().enumerate() {
            section {
                h3 { @if place == 0 { "Goals and support, " } @else { "Earlier: goals and support, " } (name(&dated(&cycle.cycle.label))) }
                @for (goal, result) in &cycle.goals { (goals::outcome(None, goal, result, &goals::support(&cycle.cycle.file, goal, audience), audience)) }
            }
        }
    }
}

fn evidence(entries: &[Entry]) -> Markup {
    if entries.is_empty() {
        return html! {};
    }
    let has_sources = entries.iter().any(|entry| entry.source().is_some());
    html! {
        section {
            h3 { "Beside the scores" }
            div class="scroll" role="group" aria-label="Beside the scores" tabindex="0" {
                table class="listing" {
                    caption { "As the school wrote it, without a verdict." }
                    thead { tr { th scope="col" { "Measure" } th scope="col" { "Baseline" } th scope="col" { "Review" } @if has_sources { th scope="col" { "Source" } } } }
                    tbody {
                        @for entry in entries {
                            tr {
                                th scope="row" { (name(entry.measure())) @if let Some(unit) = entry.unit() { " (" (name(unit)) ")" } }
                                @if let Values::Once(value) = entry.values() { td colspan="2" { (name(value)) } } @else {
                                    td { (name(entry.values().baseline().unwrap_or("–"))) }
                                    td { (name(entry.values().review().unwrap_or("–"))) }
                                }
                                @if has_sources { td { (name(entry.source().unwrap_or_default())) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
