//! The columns that the view shows: score, band and note of each scale, sensitive answers and alerts, as in a file of scores.

use super::draft::{Draft, Scored, case};
use super::error::SqlError;
use super::pupil::{OutsideAges, group, group_words, no_group, outside_ages};
use crate::instrument::{Better, Critical, Edges, NoGroup, Number};
use crate::scoring::{AlertReason, Level, Outcome, Remark, ScaleScore};

/// A column of the view.
pub(super) struct Shown {
    pub(super) name: String,
    pub(super) sql: String,
}

/// Why nobody has a band on this row, made once for all scales.
pub(super) struct NoBand {
    /// The column, where the table says an age.
    by_age: Option<String>,
}

impl NoBand {
    pub(super) fn new(draft: &mut Draft<'_>, shown: &[usize]) -> Self {
        let Some(banded) = shown.iter().copied().find(|scale| draft.form.bands(*scale).is_some()) else { return Self { by_age: None } };
        let words = |why: OutsideAges| {
            let level = match (why, draft.instrument().ages) {
                (OutsideAges::Outside, Some(ages)) => Level::OutsideAges(ages),
                _ => Level::UnknownAge,
            };
            draft.dialect.text(&no_band_words(draft, banded, level))
        };
        let cases = outside_ages(draft, words);
        if cases.is_empty() {
            return Self { by_age: None };
        }
        let comment = vec!["why no band of the form holds for the pupil".to_owned()];
        let by_age = draft.add(0, "no_band", comment, case(&cases, None));
        Self { by_age: Some(by_age) }
    }
}

/// What a note says where there is a score and no band.
fn no_band_words(draft: &Draft<'_>, scale: usize, level: Level) -> String {
    let nought = (Number::ZERO, Number::ZERO);
    let score =
        ScaleScore { outcome: Outcome::Complete(Number::ZERO), answered: 0, items: 0, bounds: nought, remark: None::<Remark>, group: None };
    draft.form.remarks(scale, &score, level).join("; ")
}

/// Score, band and note of a scale.
pub(super) fn scale_columns(draft: &mut Draft<'_>, scale: usize, no_band: &NoBand) -> Result<Vec<Shown>, SqlError> {
    let (Some(definition), Some(scored)) = (draft.scale(scale), draft.scored(scale).cloned()) else { return Ok(Vec::new()) };
    let score = match &scored.score {
        None => "CAST(NULL AS BIGINT)".to_owned(),
        Some(score) => score.printed(draft.dialect).ok_or_else(|| draft.too_large(scale))?,
    };
    let mut columns = vec![Shown { name: definition.id.to_string(), sql: score }];
    if draft.form.bands(scale).is_some() {
        columns.push(Shown { name: format!("{}_band", definition.id), sql: band(draft, scale, &scored, no_band)? });
    }
    columns.push(Shown { name: format!("{}_note", definition.id), sql: note(draft, scale, &scored, no_band) });
    Ok(columns)
}

/// The band of a score: the gravest level that it reaches.
fn band(draft: &mut Draft<'_>, scale: usize, scored: &Scored, no_band: &NoBand) -> Result<String, SqlError> {
    let form = draft.form;
    let (Some(bands), Some(score)) = (form.bands(scale), &scored.score) else {
        return Ok(format!("CAST(NULL AS {})", draft.dialect.text_type()));
    };
    let sign = match (bands.better, bands.below) {
        (Better::Lower, _) => ">=",
        (Better::Higher, false) => "<=",
        (Better::Higher, true) => "<",
    };
    let mut none = vec![format!("{} IS NULL", score.over.sql())];
    none.extend(no_band.by_age.iter().map(|by_age| format!("{by_age} IS NOT NULL")));
    let pupil = bands.grouping().map(|grouping| group(draft, grouping).group);
    none.extend(pupil.iter().map(|pupil| format!("{pupil} IS NULL")));
    let mut cases = vec![(none.join(" OR "), "NULL".to_owned())];
    let mut reaches = |level: usize, edge: Number, and: &str| {
        cases.push((format!("{}{and}", score.compared(sign, edge)), draft.dialect.text(bands.name(level + 1))));
        score.can_be_compared(edge)
    };
    let mut fits = true;
    match &bands.edges {
        Edges::Same(edges) => {
            for (level, edge) in edges.iter().enumerate().rev() {
                fits &= reaches(level, *edge, "");
            }
        }
        Edges::ByGroup { grouping, of } => {
            let words = form.instrument().groupings.get(*grouping).map(group_words).unwrap_or_default();
            let pupil = pupil.as_deref().unwrap_or("NULL");
            let most = of.iter().map(Vec::len).max().unwrap_or(0);
            for level in (0..most).rev() {
                let mut edges: Vec<Number> = of.iter().filter_map(|edges| edges.get(level).copied()).collect();
                edges.sort_unstable();
                edges.dedup();
                for edge in edges {
                    let has_edge = |(_, edges): &(&String, &Vec<Number>)| edges.get(level) == Some(&edge);
                    let groups: Vec<String> = words.iter().zip(of).filter(has_edge).map(|(words, _)| draft.dialect.text(words)).collect();
                    let condition = format!("{} AND {pupil} IN ({})", score.compared(sign, edge), groups.join(", "));
                    cases.push((condition, draft.dialect.text(bands.name(level + 1))));
                    fits &= score.can_be_compared(edge);
                }
            }
        }
    }
    if !fits {
        return Err(draft.too_large(scale));
    }
    Ok(case(&cases, Some(&draft.dialect.text(bands.name(0)))))
}

/// The note of a score: what is to be said of its answers and its band, what a validity scale says against it, and its norm.
fn note(draft: &mut Draft<'_>, scale: usize, scored: &Scored, no_band: &NoBand) -> String {
    let form = draft.form;
    let Some(score) = &scored.score else {
        return if scored.about == "NULL" { format!("CAST(NULL AS {})", draft.dialect.text_type()) } else { scored.about.clone() };
    };
    let is_there = format!("{} IS NOT NULL", score.over.sql());
    let mut parts: Vec<String> = (scored.about != "NULL").then(|| scored.about.clone()).into_iter().collect();
    if let Some(bands) = form.bands(scale) {
        let mut cases: Vec<(String, String)> = Vec::new();
        if let Some(by_age) = &no_band.by_age {
            let and = if bands.grouping().is_some() { format!(" AND {by_age} IS NOT NULL") } else { String::new() };
            cases.push((format!("{is_there}{and}"), by_age.clone()));
        }
        if let Some(grouping) = bands.grouping() {
            let reason = no_group(draft, grouping, "cut-off");
            let words = no_band_words(draft, scale, Level::NoGroup(NoGroup::SexNotSaid));
            let before = draft.dialect.text(&words.replace(&NoGroup::SexNotSaid.words("cut-off"), ""));
            cases.push((format!("{is_there} AND {reason} IS NOT NULL"), format!("{before} || {reason}")));
        }
        parts.extend((!cases.is_empty()).then(|| case(&cases, None)));
    }
    for caution in form.instrument().cautions.iter().filter(|caution| caution.about.contains(&scale)) {
        let Some(other) = draft.scored(caution.scale).and_then(|other| other.score.as_ref()) else { continue };
        let at: Vec<String> = caution.at.iter().map(|at| other.compared("=", *at)).collect();
        parts.push(case(&[(format!("{is_there} AND ({})", at.join(" OR ")), draft.dialect.text(&caution.says))], None));
    }
    if let Some(norms) = form.instrument().norms_of(scale) {
        let columns = group(draft, norms.grouping);
        let by = columns.by.map_or_else(String::new, |by| format!(" || {by}"));
        parts.push(case(&[(is_there, format!("{} || {}{by}", draft.dialect.text("norm "), columns.group))], None));
    }
    match parts.as_slice() {
        [] => format!("CAST(NULL AS {})", draft.dialect.text_type()),
        [only] => only.clone(),
        several => format!(
            "nullif(concat_ws('; ',\n  {}), '')",
            several.iter().map(|part| part.replace('\n', "\n  ")).collect::<Vec<_>>().join(",\n  ")
        ),
    }
}

/// The questions that somebody must look at: answers first, then what cannot be read, then blanks. A row without any answer is no form.
pub(super) fn alerts(draft: &Draft<'_>, is_form: &str, cells: &[(usize, String)]) -> Option<String> {
    let instrument = draft.instrument();
    if instrument.critical.is_empty() {
        return None;
    }
    let there: Vec<&Critical> = instrument.critical.iter().filter(|critical| column(draft, critical).is_some()).collect();
    let cell = |critical: &Critical| cells.iter().find(|(item, _)| *item == critical.item).map_or("NULL", |(_, cell)| cell.as_str());
    let said = |critical: &Critical, reason: AlertReason| draft.form.alert_words(critical, reason).map(|words| draft.dialect.text(&words));
    let unreadable = |critical: &&&Critical| {
        let condition = format!("{} IS NOT NULL AND {} IS NULL", cell(critical), column(draft, critical)?);
        Some(case(&[(condition, said(critical, AlertReason::Unreadable)?)], None))
    };
    let blank = |critical: &&&Critical| {
        Some(case(&[(format!("{is_form} AND {} IS NULL", cell(critical)), said(critical, AlertReason::Blank)?)], None))
    };
    let parts: Vec<String> = there
        .iter()
        .filter_map(|critical| answered(draft, critical))
        .chain(there.iter().filter_map(|critical| unreadable(&critical)))
        .chain(there.iter().filter_map(|critical| blank(&critical)))
        .collect();
    Some(listed(draft, &parts))
}

/// Answers after which the form should be read.
pub(super) fn sensitive(draft: &Draft<'_>) -> Option<String> {
    let questions = &draft.instrument().sensitive;
    let parts: Vec<String> = questions.iter().filter_map(|question| answered(draft, question)).collect();
    (!questions.is_empty()).then(|| listed(draft, &parts))
}

fn listed(draft: &Draft<'_>, parts: &[String]) -> String {
    if parts.is_empty() {
        return format!("CAST(NULL AS {})", draft.dialect.text_type());
    }
    format!("nullif(concat_ws('; ',\n  {}), '')", parts.iter().map(|part| part.replace('\n', "\n  ")).collect::<Vec<_>>().join(",\n  "))
}

fn column<'d>(draft: &'d Draft<'_>, question: &Critical) -> Option<&'d str> {
    draft.codes.get(question.item)?.as_ref().map(|code| code.column.as_str())
}

/// What is said of an answer at its level.
fn answered(draft: &Draft<'_>, question: &Critical) -> Option<String> {
    let code = draft.codes.get(question.item)?.as_ref()?;
    let fires = |place: usize| question.fires.get(place).copied().unwrap_or(true);
    let cases: Option<Vec<String>> = code
        .codes
        .iter()
        .enumerate()
        .filter(|(place, _)| fires(*place))
        .map(|(place, parts)| {
            let words = draft.form.alert_words(question, AlertReason::Answered(u16::try_from(place).ok()?))?;
            Some(format!("WHEN {parts} THEN {}", draft.dialect.text(&words)))
        })
        .collect();
    let cases = cases.filter(|cases| !cases.is_empty())?;
    Some(format!("CASE {}\n  {}\nEND", code.column, cases.join("\n  ")))
}
