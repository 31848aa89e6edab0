//! What the findings about a term file mean, why they matter and what to do.

use super::Code;
use super::explain::{Explanation, about};

/// The explanation of a finding about a term file.
pub(super) fn term(code: Code) -> Option<Explanation> {
    Some(match code {
        Code::J001 => about(
            "The text of the term file breaks the rules of TOML at the marked place: a missing quotation mark, bracket or equals sign.",
            "Nothing after a broken line can be trusted, so no job is run.",
            "Mend the marked line. `bandwise run --new FILE` writes a file that is sound, to start from.",
        ),
        Code::J002 => about(
            "A key is written that has no meaning at this place: it is misspelt, or it is an option that these commands do not have.",
            "An option that is quietly skipped could be the one that decides a score, so no job is run.",
            "Correct the spelling. A job's keys are `name`, `responses`, `baseline`, `outputs`, and the long names of options.",
        ),
        Code::J003 => about(
            "A key that a job needs is not there, or is empty.",
            "Which file is meant would be a guess, so no job is run.",
            "Add the key to the job, or to `[defaults]` for all jobs.",
        ),
        Code::J004 => about(
            "The value of a key is of the wrong kind: a list where there can be one value only, or a word where true or false is meant.",
            "The program would have to guess what was meant, so no job is run.",
            "Write a value of the kind that the message names.",
        ),
        Code::J005 => about(
            "Two jobs of the term file have the same name.",
            "What is up to date is known by a job's name: one of the two would be taken for the other.",
            "Give each job a name of its own.",
        ),
        Code::J006 => about(
            "Two outputs would be written to one file, or an output would replace the term file or the record of what ran.",
            "The second would take the place of the first, and nobody would see it.",
            "Give each output a name of its own. `{job}` in a name stands for the job's.",
        ),
        Code::J007 => about(
            "A file that is written by one job is read by a job, or would be found by its pattern the next time.",
            "Scores would be read as if they were responses, or depend on which job is done first. An input is never overwritten.",
            "Write outputs into a folder of their own.",
        ),
        Code::J008 => about(
            "An option has a value that its command does not know, or stands in a job none of whose outputs has such an option.",
            "It would change nothing, or not what was meant, so no job is run.",
            "Look at the command's `--help`, and correct the value or move the option to the output that has it.",
        ),
        _ => return None,
    })
}
