//! The class overview: pupils by scales with their bands, those who need a look first; the last rows count the pupils at each level.

use std::cmp::Reverse;

use maud::{Markup, html};

use super::about::{self, shown_names};
use super::parts::{alerts, key, name, names, score, wide_table};
use super::{Frame, Matter, Paper, Shown, whole};
use crate::findings::{count_of, list_and};
use crate::flags::{Flag, Status};
use crate::instrument::Bands;
use crate::privacy::Audience;
use crate::report::SENSITIVE_WORDS;
use crate::report::class_view::{BandsInUse, ClassForm, ClassRow, ClassView};
use crate::scoring::{Form, Layout};

/// A page lies upright as long as its table has no more scales than this.
const UPRIGHT: usize = 5;

/// The page of a class.
pub fn class_page(view: &ClassView, layout: &Layout, frame: Frame<'_, '_>) -> String {
    let forms = || layout.forms().iter().zip(&view.forms);
    let title = match layout.forms() {
        [only] => format!("Class overview: {}", only.instrument().name),
        _ => "Class overview".to_owned(),
    };
    let most = view.forms.iter().map(|class| class.scales.len()).max().unwrap_or(0);
    let body = html! { @for (form, class) in forms() { (one_form(form, class, layout, frame.audience)) } };
    let filled = shown_names(&view.filled, frame.audience);
    let about = html! {
        @for (index, form) in layout.forms().iter().enumerate() { (about::form(form, filled.form(index))) }
    };
    whole(
        frame,
        &Matter { title, paper: if most > UPRIGHT { Paper::Wide } else { Paper::Upright }, body, about, findings: Shown::OfAllFiles },
    )
}

fn one_form(form: &Form, class: &ClassForm, layout: &Layout, audience: Audience) -> Markup {
    let instrument = form.instrument();
    let mut rows: Vec<&ClassRow> = class.rows.iter().collect();
    rows.sort_by_cached_key(|row| need(row.flag.as_ref(), audience));
    let with_alerts: Vec<(Markup, String)> = rows
        .iter()
        .filter(|row| audience.reads_answers() && !row.alerts.is_empty())
        .map(|row| (pupil(row), row.alerts.join("; ")))
        .collect();
    let not_back = class.not_back(layout);
    html! {
        section {
            h2 { (instrument.title()) }
            p class="facts" {
                (count_of(class.rows.len() as u64, "response"))
                @match class.bands_in_use(form) {
                    BandsInUse::Set { id, .. } => { ", bands “" (id) "”" },
                    BandsInUse::None(why) => { ", " (why) },
                }
            }
            (alerts(&with_alerts))
            @if let Some(bands) = class.scales.first().and_then(|scale| form.bands(*scale)) { (key(bands)) }
            (super::figures::levels(form, class))
            (wide_table(&format!("Scores, {}", instrument.title()), &scores(form, class, &rows, audience)))
            @if class.estimated { p class="quiet" { "~ estimated: some answers are missing, and the form's rule allows for it." } }
            @if !class.keys.is_empty() {
                p class="quiet" { "Norm groups are found " (list_and(&class.keys.iter().collect::<Vec<_>>())) "." }
            }
            @if !not_back.is_empty() {
                h3 { "Not back: " (count_of(not_back.len() as u64, "form")) }
                (names(not_back.iter().map(String::as_str)))
            }
            @if audience.reads_answers() { (said(SENSITIVE_WORDS, &rows, |row| &row.sensitive)) }
            (said("What to know of the scores", &rows, |row| &row.notes))
        }
    }
}

/// Who needs a look first: alerts where they may be read, then flags by list and level, then whoever cannot be judged.
fn need(flag: Option<&Flag>, audience: Audience) -> (Status, u8, usize, Reverse<Option<usize>>) {
    let status = shown_status(flag, audience).unwrap_or(Status::Below);
    let gravest = flag.and_then(|flag| flag.gravest_alert).filter(|_| status == Status::Alert).unwrap_or(0);
    (status, gravest, flag.and_then(|flag| flag.group).unwrap_or(usize::MAX), Reverse(flag.and_then(|flag| flag.level)))
}

/// What a reader may know: an alert says what was answered.
fn shown_status(flag: Option<&Flag>, audience: Audience) -> Option<Status> {
    let flag = flag?;
    Some(match flag.status {
        Status::Alert if audience.reads_answers() => Status::Alert,
        Status::Alert if flag.group.is_some() => Status::Flagged,
        Status::Alert if flag.cannot_say => Status::CannotSay,
        Status::Alert => Status::Below,
        status => status,
    })
}

fn pupil(row: &ClassRow) -> Markup {
    html! { (name(&row.full_name)) @if let Some(file) = &row.file { " " span class="quiet" { "(" (name(file)) ")" } } }
}

fn scores(form: &Form, class: &ClassForm, rows: &[&ClassRow], audience: Audience) -> Markup {
    let scale = |scale: usize| form.instrument().scales.get(scale).map_or("", |scale| scale.name.as_str());
    let judged = rows.iter().any(|row| row.flag.is_some()) && form.band_set().is_some();
    html! {
        table {
            caption { "Scores of each pupil; those who need a closer look stand first." }
            thead {
                tr {
                    th scope="col" { "Pupil" }
                    @if judged { th scope="col" { "Look" } }
                    @for index in &class.scales { th scope="col" { (scale(*index)) @if form.bands(*index).is_none() && form.band_set().is_some() { " (no bands)" } } }
                }
            }
            tbody {
                @for row in rows {
                    tr {
                        th scope="row" class="pupil" { (pupil(row)) }
                        @if judged { td class="look" { (look(row, audience)) } }
                        @for (index, shown) in class.scales.iter().zip(&row.scores) { td { (score(shown, form.bands(*index))) } }
                    }
                }
            }
            (level_counts(form, class, judged))
        }
    }
}

/// One word, and a symbol that a black and white page shows too.
fn look(row: &ClassRow, audience: Audience) -> Markup {
    html! {
        @match shown_status(row.flag.as_ref(), audience) {
            Some(Status::Alert) => strong { "▲ alert" },
            Some(Status::Flagged) => "▸ flagged",
            Some(Status::CannotSay) => "? cannot say",
            Some(Status::Below) | None => span class="hidden" { "below the level" },
        }
    }
}

/// The last rows: how many pupils are at each level of each scale, and how many have none.
fn level_counts(form: &Form, class: &ClassForm, judged: bool) -> Markup {
    let Some(widest) = class.scales.iter().rev().filter_map(|scale| form.bands(*scale)).max_by_key(|bands| bands.levels.len()) else {
        return html! {};
    };
    let cell = |bands: Option<&Bands>, counts: &[u64], level: usize| match (bands, counts.get(level)) {
        (Some(bands), Some(count)) if bands.name(level) == widest.name(level) => count.to_string(),
        (Some(bands), Some(count)) => format!("{count} {}", bands.name(level)),
        _ => String::new(),
    };
    html! {
        tfoot {
            @for level in (0..widest.levels.len()).rev() {
                tr {
                    th scope="row" { "Pupils: " (widest.name(level)) }
                    @if judged { td {} }
                    @for (scale, counts) in class.scales.iter().zip(&class.counts) { td { (cell(form.bands(*scale), counts, level)) } }
                }
            }
            @if class.without.iter().any(|count| *count > 0) {
                tr {
                    th scope="row" { "Pupils: no score or no band" }
                    @if judged { td {} }
                    @for (scale, count) in class.scales.iter().zip(&class.without) {
                        td { @if form.bands(*scale).is_some() { (count) } }
                    }
                }
            }
        }
    }
}

fn said<'r>(heading: &str, rows: &[&'r ClassRow], words: impl Fn(&'r ClassRow) -> &'r Vec<String>) -> Markup {
    let said: Vec<(&ClassRow, &Vec<String>)> = rows.iter().map(|row| (*row, words(row))).filter(|(_, words)| !words.is_empty()).collect();
    html! {
        @if !said.is_empty() {
            h3 { (heading) }
            ul class="plain" { @for (row, words) in said { li { (pupil(row)) ": " (words.join("; ")) } } }
        }
    }
}
