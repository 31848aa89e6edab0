//! The instructions of an entry sheet: what to type, what to leave empty, what to read on the day. No question's wording.

use super::instrument_page::answers;
use crate::entry::{About, EntrySheet, QuestionColumn, printed_number};
use crate::findings::{count_of, list_and, list_or};
use crate::instrument::missing_words;
use crate::instrument::{Critical, Informant, Instrument, Wording};
use crate::provenance::Provenance;

/// A line of the instructions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// How it stands out.
    pub weight: Weight,
    /// What it says.
    pub text: String,
}

/// How a line of the instructions stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The title.
    Title,
    /// What comes next.
    Heading,
    /// What nobody may miss.
    Warning,
    /// Everything else.
    Plain,
}

struct Page(Vec<Paragraph>);

impl Page {
    fn heading(&mut self, text: &str) {
        self.add(Weight::Heading, text);
    }

    fn say(&mut self, text: impl Into<String>) {
        self.add(Weight::Plain, text);
    }

    fn add(&mut self, weight: Weight, text: impl Into<String>) {
        self.0.push(Paragraph { weight, text: text.into() });
    }
}

/// The instructions. `command` scores the sheet.
pub fn entry_instructions(sheet: &EntrySheet<'_>, command: &str, provenance: &Provenance) -> Vec<Paragraph> {
    let instrument = sheet.form().instrument();
    let mut page = Page(Vec::new());
    page.add(Weight::Title, format!("Entry sheet: {} ({})", instrument.title(), instrument.id));
    page.say(format!(
        "{}. One row a pupil: type into the sheet `answers`, and leave its first row as it is.",
        filled_in_by(instrument.informant)
    ));
    page.heading("Before the form is given out");
    for (weight, text) in entry_warnings(instrument) {
        page.add(weight, text);
    }
    page.heading("What to type");
    what_to_type(&mut page, sheet);
    page.heading("What to leave empty");
    what_to_leave(&mut page, sheet);
    page.heading("What the sheet checks");
    let [blank, not_allowed] = EntrySheet::checks();
    let aside = if sheet.questions.iter().any(|question| !question.is_counted) { " (those of optional parts aside)" } else { "" };
    page.say(format!(
        "`{blank}` counts the questions of a row that have no answer yet{aside}, and `{not_allowed}` the cells that hold something else than an answer; such cells turn red. Scoring reads neither of the two columns."
    ));
    page.heading("How it is scored");
    page.say(command);
    page.say("It is scored as it stands. `bandwise flag` in place of `bandwise score` lists who is at or above a level, alerts first.");
    page.heading("Whose data this is");
    page.say(
        "What is typed here is special-category data: information about the health of children. Keep the file where only those who need it can open it, do not e-mail it, and delete it when the school's retention schedule says so.",
    );
    page.heading("Licence");
    let terms = instrument.licence.terms.split_whitespace().collect::<Vec<_>>().join(" ");
    page.say(format!("Owner: {}. Licence: {}. {terms}", instrument.owner, instrument.licence.status.word()));
    if instrument.wording != Wording::Shipped {
        page.say("The questions' wording is not in this file: have the form beside you.");
    }
    page.say(made_by(provenance));
    page.0
}

fn filled_in_by(informant: Informant) -> &'static str {
    match informant {
        Informant::SelfReport => "The form is filled in by the pupil",
        Informant::Parent => "The form is filled in by a parent or carer",
        Informant::Teacher => "The form is filled in by a teacher, or other staff who know the pupil",
        Informant::Staff => "The form is filled in by staff",
    }
}

fn made_by(provenance: &Provenance) -> String {
    let short = |hash: &str| hash.chars().take(8).collect::<String>();
    let mut parts = vec![format!("{} {}", provenance.tool, provenance.version)];
    parts.extend(provenance.instruments.iter().map(|used| format!("{} version {} ({})", used.id, used.version, short(&used.sha256))));
    parts.extend(provenance.inputs.iter().map(|input| format!("{} ({})", input.name, short(&input.sha256))));
    format!("Made by {}.", parts.join(", "))
}

/// What must be known before the form is given out: questions that are read on the day, or that it has none.
pub fn entry_warnings(instrument: &Instrument) -> Vec<(Weight, String)> {
    let mut warnings = Vec::new();
    if !instrument.critical.is_empty() {
        let questions: Vec<String> = instrument.critical.iter().filter_map(|critical| critical_words(instrument, critical)).collect();
        let (which, they) = if questions.len() == 1 { ("this question", "it is") } else { ("these questions", "one of them is") };
        warnings.push((
            Weight::Warning,
            format!(
                "Read {which} on every form on the day that it is filled in, whatever the scores: {}. Where {they} answered so, left blank or cannot be read, tell the designated safeguarding lead that day, in person. Do not wait for the typing or the scoring.",
                questions.join("; ")
            ),
        ));
    }
    for question in &instrument.sensitive {
        if let Some(words) = critical_words(instrument, question) {
            warnings.push((Weight::Plain, format!("A sensitive question: {words}. After such an answer read the form.")));
        }
    }
    warnings.extend(instrument.notices().into_iter().map(|notice| (Weight::Plain, notice)));
    warnings
}

/// `question 9 (thoughts of self-harm), answered 1, 2 or 3`.
fn critical_words(instrument: &Instrument, critical: &Critical) -> Option<String> {
    let item = instrument.items.get(critical.item)?;
    let set = instrument.answers.get(item.answers)?;
    let question = printed_number(instrument, critical.item)
        .map_or_else(|| format!("the question `{}`", item.id), |number| format!("question {number}"));
    let fires = set.codes.iter().zip(&set.labels).zip(&critical.fires).filter(|(_, fires)| **fires);
    let fires: Vec<String> =
        fires.map(|((code, labels), _)| labels.first().map_or_else(|| code.to_string(), |label| format!("{code} ({label})"))).collect();
    Some(format!("{question} ({}), answered {}", critical.about, list_or(&fires)))
}

fn what_to_type(page: &mut Page, sheet: &EntrySheet<'_>) {
    let instrument = sheet.form().instrument();
    for (set, headers) in sheet.answer_sets() {
        page.say(format!("{}: {}.", list_and(&runs(&headers)), answers(set)));
    }
    let named: Vec<String> = sheet.questions.iter().filter_map(|question| named(instrument, question)).collect();
    if !named.is_empty() {
        page.say(format!("Which column is which question of the form: {}.", named.join(", ")));
    }
    page.say("Type each answer as it was ticked: what is reversed is reversed by the scoring.");
    page.say("A pupil's id is the same on every sheet of the year, with its noughts in front. Dates are written 2026-07-01.");
    about_words(page, sheet);
    if !sheet.informants().is_empty() {
        page.say(format!("`completed by` is {}; it may stay empty.", list_or(sheet.informants())));
    }
}

/// What the columns for sex, school year and age are for.
fn about_words(page: &mut Page, sheet: &EntrySheet<'_>) {
    let instrument = sheet.form().instrument();
    let has = |column: &About| sheet.about.contains(column);
    let columns: Vec<String> =
        [About::Sex, About::Year, About::Age].iter().filter(|column| has(column)).map(|column| format!("`{}`", column.header())).collect();
    if columns.is_empty() {
        return;
    }
    if !instrument.groupings.is_empty() {
        let what = if instrument.norms.is_empty() { "cut-offs" } else { "norms" };
        page.say(format!("{}: the {what} of this form go by them, and a pupil of whom they are not known has none.", list_and(&columns)));
    } else if let Some(ages) = instrument.ages {
        page.say(format!(
            "`age` may stay empty. Where it is not {}, scores are given without bands: the form is not for that age.",
            ages.words()
        ));
    }
}

/// Which question a column is, where its header does not say so.
fn named(instrument: &Instrument, question: &QuestionColumn) -> Option<String> {
    let number = printed_number(instrument, question.item)?;
    (question.header != format!("q{number}")).then(|| format!("{} is {number}", question.header))
}

/// Headers as people say them: `q1 to q25`.
fn runs(headers: &[&str]) -> Vec<String> {
    const SHORTEST_RUN: usize = 3;
    let number = |header: &str| header.strip_prefix('q').and_then(|digits| digits.parse::<u16>().ok());
    let follows = |before: &&str, after: &&str| number(before).zip(number(after)).is_some_and(|(before, after)| after == before + 1);
    let mut words = Vec::new();
    for run in headers.chunk_by(follows) {
        match run {
            [first, .., last] if run.len() >= SHORTEST_RUN => words.push(format!("{first} to {last}")),
            few => words.extend(few.iter().map(ToString::to_string)),
        }
    }
    words
}

fn what_to_leave(page: &mut Page, sheet: &EntrySheet<'_>) {
    let instrument = sheet.form().instrument();
    page.say(
        "A question without an answer stays empty: no 0, no 9, no dash. So does one with two ticks, or with a tick between two boxes.",
    );
    let no_answer: Vec<&str> = instrument.answers.iter().flat_map(|set| &set.no_answer).map(String::as_str).collect();
    if !no_answer.is_empty() {
        page.say(format!("{} is no answer either: the cell stays empty.", list_or(&no_answer)));
    }
    page.say(if instrument.critical.is_empty() {
        "The row of a pupil whose form is not there stays empty; scoring says that it has no answers."
    } else {
        "The row of a pupil whose form is not there stays empty: scoring says that it has no answers, and `bandwise missing` lists the pupil."
    });
    let mut rules: Vec<(String, Vec<&str>)> = Vec::new();
    for scale in &instrument.scales {
        let is_there = scale.block.is_none_or(|block| !sheet.left_out.contains(&block));
        let Some(words) = missing_words(&scale.rule).filter(|_| is_there) else { continue };
        match rules.iter_mut().find(|(known, _)| *known == words) {
            Some((_, scales)) => scales.push(&scale.name),
            None => rules.push((words, vec![&scale.name])),
        }
    }
    for (words, scales) in rules {
        page.say(format!("When answers are missing ({}): {words}.", list_and(&scales)));
    }
    let parts = instrument.blocks.iter().enumerate().filter(|(index, _)| !sheet.left_out.contains(index)).map(|(_, block)| &block.id);
    let parts: Vec<String> = parts.map(|part| format!("`{part}`")).collect();
    if !parts.is_empty() && sheet.questions.iter().any(|question| !question.is_counted) {
        page.say(format!(
            "{} {} optional: if the form is used without {}, make the sheet without {}, with `--without`, or delete all of the columns.",
            list_and(&parts),
            if parts.len() == 1 { "is" } else { "are" },
            if parts.len() == 1 { "it" } else { "one" },
            if parts.len() == 1 { "it" } else { "that one" },
        ));
    }
}

/// What a person who made a sheet should know at once.
pub fn entry_summary(sheet: &EntrySheet<'_>) -> String {
    let rows = sheet.rows.len() as u64;
    let rows = if sheet.has_list { count_of(rows, "pupil") } else { count_of(rows, "empty row") };
    format!("{rows}, {}", count_of(sheet.questions.len() as u64, "question"))
}
