//! What the findings about evidence and the school's pathway mean, why they matter and what to do.

use super::Code;
use super::explain::{Explanation, about};

/// The explanation of a finding about the evidence beside the scores.
pub(super) fn evidence(code: Code) -> Option<Explanation> {
    Some(match code {
        Code::C020 => about(
            "An evidence file has a column `pupil_id`, and either `measure`, `baseline`, `review`, or columns like `attendance baseline`.",
            "Without them it is not known whose value it is, of what, or of which time: the file is not used.",
            "Add or rename the column that the message is about.",
        ),
        Code::C021 => about(
            "Two columns could be the same measure at the same time, such as `attendance before` and `attendance baseline`, or a column has no name.",
            "Which one is meant would be a guess: the measure is left out for everybody, and the others are used.",
            "Rename the columns so that each measure has one for each time.",
        ),
        Code::C022 => about(
            "The evidence names a pupil who is in none of the response files.",
            "There is no score to put it beside, and it may be about another pupil whose id was meant. It is left out.",
            "Check the id: case and the space around it do not matter, everything else does. If the pupil left, delete the row.",
        ),
        Code::C023 => about(
            "The evidence has the same measure of the same pupil twice.",
            "If the two say different things, which one is right would be a guess, and neither is shown; if they are the same, it is shown once.",
            "Delete the row that is not meant, or give the two measures names of their own.",
        ),
        Code::C024 => about(
            "For this pupil the measure has no value, neither at baseline nor at review.",
            "Nothing is shown for it. That is no finding about the pupil.",
            "Nothing, if there is none. Otherwise fill it in.",
        ),
        Code::C025 => about(
            "A column of the evidence is not used, because it names a pupil or is none of the known ones, or a measure is there for one time only.",
            "A misspelt name can part a measure's two times. What is there for one time is shown so.",
            "Look at the names in the header. If the column is meant to be left out, there is nothing to do.",
        ),
        Code::C026 => about(
            "A row has values, and does not say which pupil they are about or what was measured.",
            "Nobody's page can have them: the row is left out.",
            "Fill in `pupil_id` and `measure`, or delete the row.",
        ),
        _ => return None,
    })
}

/// The explanation of a finding about the school's pathway.
pub(super) fn pathway(code: Code) -> Option<Explanation> {
    Some(match code {
        Code::W001 => about(
            "The text of the pathway breaks the rules of TOML at the marked place: a missing quotation mark, bracket or equals sign.",
            "Nothing after a broken line can be trusted, so the pathway is not used.",
            "Mend the marked line. A bracket or a quotation mark may be open in the lines above.",
        ),
        Code::W002 => about(
            "The pathway has a key or a stage that nobody knows. Most often it is misspelt or stands below the wrong heading.",
            "A question that is quietly left out would be missed by nobody, so unknown keys are never skipped.",
            "Correct the spelling, or move it below the heading where it belongs; the message says what is known there.",
        ),
        Code::W003 => about(
            "A key that is needed at this place is not there or is empty, or the whole file says nothing.",
            "A route without its way, or a tier without its scores, could not be followed.",
            "Add the key, or delete the entry. The starter that comes with the program shows every key.",
        ),
        Code::W004 => about(
            "The value of a key is of the wrong kind: a text where a list is needed, or a word where a number is.",
            "The program would have to guess what was meant.",
            "Write a value of the kind that the message names.",
        ),
        Code::W005 => about(
            "Two referral routes have one name.",
            "Whoever reads the name on a page could not tell which route is meant.",
            "Rename one of the two, or delete it.",
        ),
        Code::W006 => about(
            "A tier is for a scale or a band that the questionnaire does not have, or that has none in the bands in use.",
            "No pupil's score would ever be in it, and the page would say nothing instead of the school's own tier.",
            "Correct the name; the message says which there are.",
        ),
        Code::W007 => about(
            "Of the tiers of one scale, two hold the same score, none holds some score that a pupil can have, or one lies outside the scores.",
            "A pupil could stand in two tiers or in none, and nobody would see why.",
            "Correct the numbers so that each whole score of the scale is in one tier, and each band likewise.",
        ),
        Code::W008 => about(
            "Tiers are for a questionnaire that is not used in this run, and that does not come with the program.",
            "Its scales could not be looked up, so these tiers were not checked. If the name is misspelt, they are never shown.",
            "Check the name. If it is a questionnaire of your own, there is nothing to do.",
        ),
        _ => return None,
    })
}
