//! The working of one form as a page: readable by the person who filled it in, exact enough for an auditor.

use std::fmt::Write as _;

use super::instrument_bands::band;
use super::instrument_page::in_scale;
use super::table::{TableStyle, pairs, plain_table};
use super::{ALERT_WORDS, SENSITIVE_WORDS};
use crate::entry::{StepKind, Term, WorkedAnswer, WorkedScale, Working, Worth, exact};
use crate::findings::{column_letters, printable};
use crate::instrument::Instrument;
use crate::instrument::missing_words;
use crate::matching::Answer;
use crate::scoring::{Form, Layout, Level, Outcome};

/// The page as text; nothing for a form that the layout does not have.
pub fn working_page(layout: &Layout, working: &Working, look: TableStyle) -> String {
    let Some(form) = layout.forms().get(working.form) else { return String::new() };
    let instrument = form.instrument();
    let mut text = format!("Working: {}, row {} of {}\n", printable(&working.pupil), working.row, printable(&working.file));
    let _ = writeln!(text, "{} ({}), {}", instrument.title(), instrument.id, bands_in_use(form));
    if !working.about_pupil.is_empty() {
        let _ = writeln!(text, "Known of the pupil: {}.", working.about_pupil.join(", "));
    }
    text.push('\n');
    if !working.alerts.is_empty() {
        let _ = writeln!(text, "ALERT: {}\n{ALERT_WORDS}\n", working.alerts.join("; "));
    }
    if !working.sensitive.is_empty() {
        let _ = writeln!(text, "{SENSITIVE_WORDS}: {}\n", working.sensitive.join("; "));
    }
    let _ = writeln!(text, "Answers\n{}", answers(layout, form, working, look));
    let _ = writeln!(text, "Scales");
    for scale in &working.scales {
        let Some(definition) = instrument.scales.get(scale.scale) else { continue };
        let _ = writeln!(text, "  {}: {}", definition.id, definition.name);
        let lines = scale_lines(layout, form, working.form, scale);
        let _ = writeln!(text, "{}", pairs(lines.into_iter().map(|line| (format!("    {}", line.step), line.words)), look));
    }
    text
}

fn bands_in_use(form: &Form) -> String {
    form.band_set().map_or_else(|| "no bands in use".to_owned(), |set| format!("bands `{}`", set.id))
}

fn answers(layout: &Layout, form: &Form, working: &Working, look: TableStyle) -> String {
    let instrument = form.instrument();
    let rows = working.answers.iter().map(|answer| {
        let scales: Vec<String> =
            layout.shown(working.form).into_iter().filter_map(|scale| in_scale(instrument.scales.get(scale)?, answer.item)).collect();
        let (letters, header) = column(answer);
        let (code, words) = answer_words(instrument, answer);
        let question = Working::question(layout, working.form, answer.item);
        vec![question, letters, header, printable(answer.cell.trim()).into_owned(), code, words, scales.join(", ")]
    });
    plain_table(&["question", "column", "header", "cell", "code", "answer", "counts in"], rows, look)
}

/// The letters and the header of the column that a question was found in.
pub(super) fn column(answer: &WorkedAnswer) -> (String, String) {
    match &answer.column {
        Some(column) => (column_letters(column.index), printable(&column.name).into_owned()),
        None => ("–".to_owned(), "no column".to_owned()),
    }
}

/// The code of an answer, and the answer in the form's own words.
pub(super) fn answer_words(instrument: &Instrument, answer: &WorkedAnswer) -> (String, String) {
    let set = instrument.items.get(answer.item).and_then(|item| instrument.answers.get(item.answers));
    match (answer.answer, set) {
        (Answer::Given(place), Some(set)) => {
            let place = usize::from(place);
            let label = set.labels.get(place).and_then(|labels| labels.first()).cloned().unwrap_or_default();
            (set.codes.get(place).map_or_else(String::new, ToString::to_string), label)
        }
        (Answer::Refused, _) => (String::new(), "not an answer of the form: counted as missing".to_owned()),
        (Answer::Blank | Answer::Given(_), _) => (String::new(), "blank".to_owned()),
    }
}

/// One line of a scale's working.
pub(super) struct Line {
    pub(super) step: &'static str,
    pub(super) words: String,
    pub(super) value: Option<crate::instrument::Number>,
}

impl Line {
    fn words(step: &'static str, words: impl Into<String>) -> Self {
        Self { step, words: words.into(), value: None }
    }
}

/// The lines of a scale, in order: terms, missing rule, the steps, the score, its band, its notes.
pub(super) fn scale_lines(layout: &Layout, form: &Form, form_index: usize, scale: &WorkedScale) -> Vec<Line> {
    let mut lines = Vec::new();
    let Some(definition) = form.instrument().scales.get(scale.scale) else { return lines };
    if !scale.terms.is_empty() {
        let terms: Vec<String> =
            scale.terms.iter().map(|term| format!("{}: {}", Working::question(layout, form_index, term.item), term_words(term))).collect();
        lines.push(Line::words("answers", terms.join("; ")));
        lines.extend(missing_words(&definition.rule).map(|words| Line::words("if missing", words)));
    }
    // The reason why there is no score stands beside it.
    let why = scale.steps.iter().rfind(|step| step.kind == StepKind::NotScored).filter(|_| scale.score.value().is_none());
    let steps = scale.steps.iter().filter(|step| why != Some(*step));
    lines.extend(steps.map(|step| Line { step: step.kind.word(), words: step.words.clone(), value: step.value }));
    let words = why.map_or_else(|| score_words(form, scale), |why| format!("{}: {}", scale.score.status(), why.words));
    lines.push(Line { step: "score", words, value: scale.score.value() });
    lines.extend(band_words(form, scale).map(|words| Line::words("band", words)));
    let said = |remark: &&String| why.is_none() || !remark.starts_with("not scored");
    lines.extend(scale.remarks.iter().filter(said).map(|remark| Line::words("note", remark.as_str())));
    lines
}

/// What a question adds: `2`, `1 reversed to 3`, `3 counts 2`, `blank`.
pub(super) fn term_words(term: &Term) -> String {
    match (term.code, term.points, term.answer) {
        (Some(code), Some(points), _) => match term.worth {
            Worth::AsItIs => exact(points),
            Worth::Reversed => format!("{} reversed to {}", exact(code), exact(points)),
            Worth::Recoded => format!("{} counts {}", exact(code), exact(points)),
        },
        (_, _, Answer::Refused) => "not an answer".to_owned(),
        _ => "blank".to_owned(),
    }
}

fn score_words(form: &Form, scale: &WorkedScale) -> String {
    let Some(value) = scale.score.value() else { return scale.score.status().to_owned() };
    let mut words = value.to_string();
    let exactly = exact(value);
    if exactly != words {
        let exactly = exactly.split(" (about").next().unwrap_or_default();
        let _ = write!(words, " (exactly {exactly})");
    }
    if matches!(scale.score.outcome, Outcome::Estimated(_)) {
        words.push_str(", estimated");
    }
    if let Some(capped) =
        form.instrument().scales.get(scale.scale).map(|scale| scale.capped(value)).filter(|capped| *capped != value.to_string())
    {
        let _ = write!(words, ", printed in tables as {capped}");
    }
    words
}

/// The band, and all bands of the scale with their edges.
fn band_words(form: &Form, scale: &WorkedScale) -> Option<String> {
    let (bands, definition) = (form.bands(scale.scale)?, form.instrument().scales.get(scale.scale)?);
    let Level::At(level) = scale.level else { return None };
    let group = scale.band_group.as_ref();
    let all: Vec<String> = (0..bands.levels.len()).map(|level| band(bands, group.map(|(place, _)| *place), definition, level)).collect();
    let of_group = group.map_or_else(String::new, |(_, words)| format!(" for {words}"));
    Some(format!("{}; the bands{of_group} are {}", bands.name(level), all.join(", ")))
}
