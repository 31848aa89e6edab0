//! What a finding means, why it matters and what to do: the text behind `bandwise explain CODE`.

use super::Code;

/// The three things that a reader wants to know of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What it means.
    pub means: &'static str,
    /// Why it matters, and what the program did.
    pub matters: &'static str,
    /// What to do.
    pub act: &'static str,
}

pub(super) const fn about(means: &'static str, matters: &'static str, act: &'static str) -> Explanation {
    Explanation { means, matters, act }
}

impl Code {
    /// What the code means, why it matters and what to do.
    pub fn explanation(self) -> Explanation {
        match self {
            Self::I001 | Self::I002 | Self::I003 | Self::I004 | Self::I005 | Self::I006 | Self::I007 => definition_form(self),
            Self::I008 | Self::I009 | Self::I010 | Self::I011 | Self::I012 | Self::I013 | Self::I014 => definition_content(self),
            Self::I015 | Self::I016 | Self::I017 | Self::I018 => definition_numbers(self),
            Self::T001 | Self::T002 | Self::T003 | Self::T004 | Self::T005 | Self::T006 | Self::T007 | Self::T008 | Self::T009 => {
                table(self)
            }
            Self::T010 | Self::T011 | Self::T012 => table_understood(self),
            Self::M001 | Self::M002 | Self::M003 | Self::M004 | Self::M005 | Self::M006 => matching(self),
            Self::M007 | Self::M008 | Self::M009 | Self::M010 | Self::M011 | Self::M012 => matching_more(self),
            Self::M013 | Self::M014 => matching_pupils(self),
            Self::C001 | Self::C002 | Self::C003 | Self::C004 | Self::C005 | Self::C006 | Self::C007 | Self::C008 | Self::C009 => {
                comparison(self)
            }
            Self::C011 | Self::C012 | Self::C013 | Self::C014 | Self::C015 | Self::C016 | Self::C017 | Self::C018 | Self::C019 => {
                goals(self)
            }
            _ => super::explain_pupils::pupils(self)
                .or_else(|| super::explain_pathway::evidence(self))
                .or_else(|| super::explain_pathway::pathway(self))
                .or_else(|| super::explain_term::term(self))
                .unwrap_or_else(|| responses(self)),
        }
    }
}

fn definition_form(code: Code) -> Explanation {
    match code {
        Code::I001 => about(
            "The text of the definition breaks the rules of TOML at the marked place: a missing quotation mark, bracket or equals sign.",
            "Nothing after a broken line can be trusted, so nothing is scored with this definition.",
            "Mend the marked line and run `bandwise instrument check FILE` again.",
        ),
        Code::I002 => about(
            "A key is written that has no meaning at this place. Most often it is misspelt or stands in the wrong table.",
            "A key that is quietly skipped could be the rule that decides a score, so unknown keys are never skipped.",
            "Correct the spelling, or move it to the table where it belongs; the message lists what is known there.",
        ),
        Code::I003 => about(
            "A key that every definition needs at this place is not there, or is empty.",
            "A missing rule would have to be guessed, and the program never guesses a rule.",
            "Add the key. `bandwise instrument show sdq-t4-17` shows a definition that is complete.",
        ),
        Code::I004 => about(
            "The value of a key is of the wrong kind: a text where a number is needed, or a word that is none of the allowed ones.",
            "The program would have to guess what was meant.",
            "Write a value of the kind that the message names.",
        ),
        Code::I005 => about(
            "The definition refers to an item, scale, answer, level, block or choice that it never defines.",
            "A scale with a misspelt item would leave that item out of every pupil's score.",
            "Correct the name, or define it. A scale can only be made of scales that stand before it.",
        ),
        Code::I006 => about(
            "One name is defined twice, so that it is not clear which definition counts.",
            "An item that stands twice in a scale counts twice in every score.",
            "Remove or rename one of the two.",
        ),
        _ => about(
            "An answer set should have one label for each code, each code once; `counts` should say for every code what it is worth.",
            "A code without its label, or without its points, could not be read or scored.",
            "Give codes and labels in the same order and number.",
        ),
    }
}

fn definition_content(code: Code) -> Explanation {
    match code {
        Code::I008 => about(
            "Reversing an item turns code x into lowest + highest - x. With these codes that gives a code that does not exist.",
            "Codes such as 0, 1, 3, 5 have no natural mirror; a reversed score would be invented.",
            "Say what each code is worth with `counts = { code = points }` instead of the minus sign.",
        ),
        Code::I009 => about(
            "Every item should be in a scale, be a gate, be critical, or be listed under `unscored`.",
            "An item that was forgotten makes every score of its scale too low, and nobody sees it.",
            "Add it to its scale, or to `unscored` if the manual says that it is not scored.",
        ),
        Code::I010 => about(
            "Each level of a band set should begin further out than the one before it, inside the range of scores that the scale can have.",
            "With a gap or an overlap, a pupil at the edge would be in no band or in two.",
            "Check the edges against the manual; `from` is for scales where low scores are better, `lowered` for the others.",
        ),
        Code::I011 => about(
            "A worked example gives answers and the score they must come to; the definition computes another one.",
            "Either the rule or the example is wrong: a definition that contradicts its own example is not used.",
            "Work the example through by hand with the manual, and correct whichever is wrong.",
        ),
        Code::I012 => about(
            "Scoring rules, band edges, choices and change records each need a `source`.",
            "A cut-off that nobody can trace decides which child gets help.",
            "Name the manual, paper or page that the numbers were taken from.",
        ),
        Code::I013 => about(
            "The number of answers that a scale needs is nought, or more than the scale has items.",
            "Such a rule would score empty forms, or never score any.",
            "Correct `at_least`, or write `missing = \"all needed\"`.",
        ),
        _ => about(
            "A definition should carry at least four worked examples: all lowest, all highest, a realistic one, one at the missing limit.",
            "Examples are how a definition proves that it says what the manual says. It is used all the same.",
            "Add `[[examples]]` and run `bandwise instrument test FILE`.",
        ),
    }
}

fn definition_numbers(code: Code) -> Explanation {
    match code {
        Code::I015 => about(
            "A table turns scores into other scores. It should have a value for every score that a complete form can have, and for no other.",
            "A pupil whose score is not in the table would have no result, or somebody else's if the table belongs to another form.",
            "Check the table against the manual, row by row; the message names the scores that are absent.",
        ),
        Code::I016 => about(
            "Norms and cut-offs that differ by sex, age or school year need a row for every group, and a number for every scale in it.",
            "A pupil whose group is absent would have no score, and nobody would know whether the norm or the file is to blame.",
            "Add the row or the number from the manual. If the manual has no norm for a group, leave the group out of `names` too.",
        ),
        Code::I017 => about(
            "A total is the sum of scales, and two of them share a question.",
            "The question would count twice, so the total would be too high, and its cut-off would find the wrong pupils.",
            "Correct the scale that holds the question by mistake, or make the total from `items`.",
        ),
        _ => about(
            "`range` is the lowest and the highest score as the manual prints them; the codes and the key come to others.",
            "One of the three is wrong: the codes, the items of the scale, or the range. Cut-offs would be read against the wrong scores.",
            "Check the three against the manual. A score outside the range can never be a condition either.",
        ),
    }
}

fn table(code: Code) -> Explanation {
    match code {
        Code::T001 => about(
            "The file has no text in it, or only blank lines.",
            "There is nothing to score, and an export that failed should not look like a class without difficulties.",
            "Export the file again, and look at it in a spreadsheet program.",
        ),
        Code::T002 => about(
            "The file has a header row and nothing below it.",
            "An export that failed should not look like a class without difficulties.",
            "Export the responses again, or check that the first row really is the header.",
        ),
        Code::T003 => about(
            "A row has more cells, or fewer, than the header. Often a comma inside a cell is not within quotation marks.",
            "From the missing or extra cell on, every answer would stand under the wrong question. The row is listed, and not scored.",
            "Open the row in a spreadsheet program, put each cell under its header, and save the file as CSV again.",
        ),
        Code::T004 => about(
            "Two columns have the same header.",
            "If it is a question, nobody can say which of the two is the answer, so the file is refused; another column is carried with a number added.",
            "Rename one of them, or say which one is meant with `--map FILE`.",
        ),
        Code::T005 => about(
            "The file is neither a text table nor a workbook that can be read: a picture, a protected or damaged workbook, an archive.",
            "Reading it as a table would produce nonsense.",
            "Open it in its own program and save the sheet as XLSX, ODS or CSV. A password has to be taken off first.",
        ),
        Code::T006 => about(
            "The file begins as UTF-8, and further down some characters are not written in it: two files were put together, or it is damaged.",
            "Names and answers with accents could be read as other letters, and labels would not match.",
            "Save the file as \"CSV UTF-8\" and run the command again, or say how it is written with `--encoding`.",
        ),
        Code::T007 => about(
            "Some rows have cells in a column that has no header.",
            "Without a header nobody can say what they are, so they are not copied into the output. Scores are not touched.",
            "Give the column a header if it matters.",
        ),
        Code::T008 => about(
            "A cell begins with a quotation mark that is never closed, so the rest of the file reads as one cell.",
            "Every pupil after that place would be lost. The file is not scored.",
            "Close or remove the quotation mark in the row that the message names.",
        ),
        _ => about(
            "The header holds commas and semicolons, or tabs, outside quotation marks, and the rows fit several of them, or none.",
            "Read with the wrong one, answers would stand under other questions.",
            "Say which one it is with `--delimiter`, or save the file again with commas.",
        ),
    }
}

fn table_understood(code: Code) -> Explanation {
    match code {
        Code::T010 => about(
            "The file is not the plainest kind of table, and this is what it was taken for: its encoding, what separates its columns, the sheet, \
             how many rows its header has.",
            "If it was meant otherwise, names and columns would be wrong from there on. Everything else was read as always.",
            "Nothing, if it is right. Otherwise say what it is with `--encoding`, `--delimiter` or `--sheet`; `bandwise check` shows more.",
        ),
        Code::T011 => about(
            "Several sheets of the workbook have a table in them, or the sheet that was named is not there.",
            "Last term's sheet would be scored as well as this term's, and nobody would see it.",
            "Name the sheet with `--sheet NAME`.",
        ),
        _ => about(
            "A cell of the header stretches over several columns.",
            "It names all of them or none: which column holds which question cannot be told.",
            "Open the workbook, unmerge the cells of the header, and give each column a header of its own.",
        ),
    }
}

fn matching(code: Code) -> Explanation {
    match code {
        Code::M001 => about(
            "For some questions of the form no column was found, neither by short name, number, nor match words.",
            "Without them no score would be right; it may also be another form altogether. Nothing is scored.",
            "Check that the file and the form (`-i`) belong together; if they do, say which column is which with `--map FILE`.",
        ),
        Code::M002 => about(
            "More than one column could be the answers to one question.",
            "Choosing one would be a guess about a child's answers. Nothing is scored.",
            "Say which column is meant with `--map FILE`, or leave the other out with `--drop COLUMN`.",
        ),
        Code::M003 => about(
            "The file has numbered columns (q1, q2, …), but not as many as the form has questions.",
            "A run of another length is another questionnaire, or lacks a column in the middle; the numbers would not mean the same questions.",
            "Check which form it is; otherwise say which column is which with `--map FILE`.",
        ),
        Code::M004 => about(
            "No column was recognised as the pupil's id, so pupils are called `row 2`, `row 3` and so on.",
            "Nobody notices a pupil who is there twice, and rows cannot be matched with another file later.",
            "Name the column with `--id COLUMN`. A name in two columns is `--id \"Surname,Forename\"`.",
        ),
        Code::M005 => about(
            "Columns that form systems add by themselves (e-mail, IP address, location, times) were not copied to the output.",
            "They are personal data and no use in scoring.",
            "Nothing. To copy one all the same, name it with `--keep COLUMN`.",
        ),
        _ => about(
            "The map or an option names a column that is not in the header.",
            "What was asked for cannot be done, and something similar might be wrong.",
            "Copy the name from the header; the message lists the columns that the file has.",
        ),
    }
}

fn matching_more(code: Code) -> Explanation {
    match code {
        Code::M007 => about(
            "Two columns are equally likely to say which pupil a row is about.",
            "Choosing one would be a guess, and pupils could be mixed up later.",
            "Say which one with `--id COLUMN`; several columns can make one id: `--id \"Surname,Forename\"`.",
        ),
        Code::M008 => about(
            "A column of the file has a name that the output uses for a score. It is carried as `input.` and its name.",
            "Two columns with one name would be mixed up by whoever reads the output.",
            "Nothing. If it holds a score that somebody else computed, differences from ours are reported (S002).",
        ),
        Code::M009 => about(
            "The file has columns of questions that only another form of this questionnaire asks.",
            "Teacher, parent and self forms share most of their columns and differ in their cut-offs: the wrong form gives wrong bands.",
            "Choose the right form with `-i`. If it is the right form, leave those columns out with `--drop COLUMNS`.",
        ),
        Code::M010 => about(
            "Some columns of an optional part of the form are there and others are not.",
            "The missing questions count as unanswered for every pupil.",
            "Check that no column was lost; if the part was not used, leave the rest of it out with `--drop COLUMNS`.",
        ),
        Code::M011 => about(
            "A column is named like a question of this form, but the form has no such question.",
            "It may be a ready-made score, a misspelt question, or a sign of another form. It is carried along and not scored.",
            "Look at the column; if it is a question, say which with `--map FILE`.",
        ),
        _ => about(
            "The file given with `--map` is not TOML, or has a key that nobody knows.",
            "A mapping that is half understood would put answers under the wrong questions.",
            "Mend the marked place. A map has the tables [items], [context], [answers.…] and the lists missing, ignore.",
        ),
    }
}

fn matching_pupils(code: Code) -> Explanation {
    match code {
        Code::M013 => about(
            "The form's norms or cut-offs differ by sex, age or school year, and the file has no column that says it.",
            "No norm can be chosen without it, and none is guessed: everybody gets raw scores, and no T score or band by it.",
            "Add the column (`sex` with M and F, `year` with the school year, `age` in years), or name yours with `--sex`, `--year` or `--age`.",
        ),
        _ => about(
            "The paper form has a question that somebody must look at on the same day, and the file has no column for it.",
            "Nobody can be told of an answer that was not typed in; silence would be read as safety.",
            "Read that question on every form today, and type its answers in too.",
        ),
    }
}

fn responses(code: Code) -> Explanation {
    match code {
        Code::R001 => about(
            "A cell holds a word that is none of the form's answers.",
            "Guessing what was meant would change a child's score. The answer counts as missing; the rest of the form is scored by its rule.",
            "Correct the cell. If the word means \"no answer\", add `--missing WORD`; if it is another name for an answer, put it into the map.",
        ),
        Code::R002 => about(
            "A cell holds a number that the question does not have: a 7 where 0, 1 and 2 are possible.",
            "Counted as it stands it would push the score over the top. The answer counts as missing; the rest is scored by its rule.",
            "Correct the cell. If the number means \"no answer\", add `--missing NUMBER`.",
        ),
        Code::R003 => about(
            "Two rows are about the same pupil, by the same informant, at the same time.",
            "Both are scored and both are in the output, so the pupil counts twice in every total.",
            "Delete the row that is not meant.",
        ),
        Code::R004 => about(
            "The row says that somebody else completed the form than it is made for.",
            "Parent, teacher and self forms have different cut-offs. The row is listed, and not scored.",
            "Score it with the form for that informant; `-i` twice with `--informant COLUMN` does both at once.",
        ),
        Code::R005 => about(
            "The pupil's age is outside the ages that the form is made for.",
            "The score is given, but no band: the bands come from other ages.",
            "Check the age; otherwise choose the form for it.",
        ),
        Code::R006 => about(
            "The answers contain a number one above the highest code, and never the lowest code: they look numbered from 1.",
            "Scored as they stand, every answer would be one too high and the highest would be lost.",
            "Say what the file's numbers are called, in the order of the form's answers: `--coding 1,2,3`, or `--coding 3,2,1` if they run backwards.",
        ),
        Code::R007 => about(
            "Ten or more forms, and not one uses the lowest answer even once.",
            "That is possible, but far more often the answers are numbered from 1 or come from another question. Nothing is scored until somebody has looked.",
            "If the numbers start at 1, say so with `--coding`; if they are right, confirm them by naming the form's own codes: `--coding 0,1,2`.",
        ),
        Code::R008 => about(
            "Cells of more than 100 characters were replaced by their length.",
            "A comment can hold a disclosure, and that must be read by a person, in its place, not copied from file to file.",
            "Read the comments in the rows that the message names.",
        ),
        Code::R009 => about(
            "The column that says which pupil a row is about is empty in this row.",
            "The row is scored and called by its row number, but it cannot be matched with another file.",
            "Fill in the pupil's id.",
        ),
        Code::R010 => about(
            "The column that says who completed the form holds a word that is neither self, parent, teacher nor staff.",
            "Whether it is the right form for that person could not be checked. The row is scored.",
            "Nothing, if it is only a name. Otherwise write self, parent, teacher or staff.",
        ),
        Code::R011 => about(
            "The age in this row is not a number of years, or the school year is none.",
            "Whether the form's bands hold for this pupil cannot be checked, and no norm can be chosen: the row gets scores, and no bands or T scores by it.",
            "Write the age in whole years and the school year as a number (Reception is R), or leave the cell empty.",
        ),
        Code::R014 => about(
            "Only one school year was asked for, and the date of this response cannot be read.",
            "Nobody knows whether it is of that school year, so it is in no figure of the summary. Its alerts were told all the same.",
            "Write the date as 2026-09-25, or leave out `--school-year`.",
        ),
        Code::R013 => about(
            "The form system says that whoever began this form did not send it off.",
            "Answers may be missing, or not be meant. What is there is scored by the form's rule for missing answers, and the pupil is listed.",
            "Ask for the form to be finished, or delete the row.",
        ),
        Code::R012 => about(
            "The row names a pupil, and every answer is blank.",
            "A form that did not come back is not a form without difficulties. The row is listed as not scored.",
            "Ask for the form, or delete the row.",
        ),
        Code::S001 => about(
            "The form has no bands, or none for the pupils in the file, so no pupil can be at or above a level.",
            "Nobody on the list means nothing here: everybody is listed as \"cannot say\".",
            "Read the scores themselves, with the form's manual. Where the message names a band set, `--bands NAME` uses it.",
        ),
        _ => about(
            "The file carries a score under the name of one of ours, and in this row the two differ.",
            "One of them is wrong: another rule for missing answers, a forgotten reversal, or a typing error.",
            "Look at the answers of this row, or ask whoever computed the score which rule they used. Ours follows the form's definition.",
        ),
    }
}

fn comparison(code: Code) -> Explanation {
    match code {
        Code::C001 => about(
            "A file has no column that says which pupil a row is about.",
            "Baseline and review are put together by the pupil's id, never by the order of the rows. Nothing is compared.",
            "Name the column with `--id COLUMN`.",
        ),
        Code::C002 => about(
            "A pupil has more than one response at one of the two times.",
            "Which of them is the baseline, or the review, would be a guess. Nothing is compared.",
            "Delete the row that is not meant, or say with `--repeat first` or `--repeat latest` which one counts.",
        ),
        Code::C003 => about(
            "The form of the review is not one that the baseline's form may be compared with.",
            "Scores of different forms have different cut-offs and errors: a difference between them is no change of the pupil.",
            "Use the same form at both times, or its follow-up version.",
        ),
        Code::C004 => about(
            "A pupil's review has an earlier date than the baseline.",
            "The two files may have been swapped, or a date is wrong. The scores are shown, and nothing is said of the change.",
            "Check the dates, and the order of the two files on the command line.",
        ),
        Code::C005 => about(
            "A date is not written as year-month-day.",
            "5/10/2026 is May in one country and October in another, and the program does not guess. The order of the two times was not checked by it.",
            "Write dates as 2026-10-05.",
        ),
        Code::C006 => about(
            "No pupil has a response at both times.",
            "There is nothing to compare. Often the ids are written differently in the two files.",
            "Look at the id columns of both files, and name the right one with `--id COLUMN`.",
        ),
        Code::C007 => about(
            "Rows whose time is neither of the two that were named were left out.",
            "They belong to another time, or the time is misspelt.",
            "Check the values of the time column, and name the two with `--time COLUMN=first,second`.",
        ),
        Code::C009 => about(
            "The review's form asks about a stretch of time, and some reviews came before that time had passed since the baseline.",
            "Such a review still describes the time before the support began, in part: a change may look smaller than it is. Verdicts and outcomes stand.",
            "Read them with that in mind; where there is one, choose the follow-up form, which asks about the last month.",
        ),
        Code::C010 => about(
            "A pupil has more than one response at one time, and `--repeat` says which one counts: the other was left out.",
            "The message names the row that counts, so that it can be looked at.",
            "Nothing, if that is the right row. Otherwise delete the row that is not meant.",
        ),
        _ => about(
            "For some scales neither the definition nor the command line says how far a score may be off.",
            "Without it nobody can say whether a change is more than the form's own error: the verdict is \"cannot tell\".",
            "If the manual gives a standard deviation and a reliability, add `--sd scale=…` and `--reliability scale=…`.",
        ),
    }
}

fn goals(code: Code) -> Explanation {
    match code {
        Code::C011 => about(
            "Every goals file has the columns `pupil_id`, `goal` and `target`. One of them is not there, or a known column is there twice.",
            "Without them it is not known whose goal it is, what it is, or when it is met; of two, one would have to be guessed.",
            "Add the column, or rename one of the two. The column `scale` says what a goal is about; where it is empty the goal is a rated one.",
        ),
        Code::C012 => about(
            "A target is none of `<=13` (13 or lower), `>=8` (8 or higher), `-4` (a fall of 4), `+3` (a rise of 3), `band<=slightly raised`; or a goal has no words.",
            "A number without a sign could be a score or a change, and spreadsheets turn `+3` into `3`. The goal gets the outcome \"cannot tell\".",
            "Write the target in one of these ways. A spreadsheet keeps the plus sign of `'+3`.",
        ),
        Code::C013 => about(
            "The column `scale` names a scale that the questionnaire does not have.",
            "The goal has no scores to be judged by, and gets the outcome \"cannot tell\".",
            "Write one of the scales that the message names, or `gbo` or `gas` for a goal whose ratings stand in the goals file.",
        ),
        Code::C014 => about(
            "The goal names a pupil who is in none of the response files, or names nobody.",
            "Without a response there is no score, so nothing can be said about the goal.",
            "Check the id: it is compared letter by letter. If the pupil left, delete the row.",
        ),
        Code::C015 => about(
            "The target asks for a score that the scale does not have, or for a change in the direction that is worse.",
            "Nobody can reach such a target, or everybody does, whatever the support was like.",
            "Correct the target. `<=` and `-` are for scales where low scores are better, `>=` and `+` for those where high scores are.",
        ),
        Code::C016 => about(
            "Two rows of the goals file are about one pupil and have the same goal.",
            "If their targets differ, which one counts cannot be told, and both get the outcome \"cannot tell\". A T score would count the goal twice.",
            "Give each goal words of its own. If the target changed, keep one row; the older one belongs to an earlier review.",
        ),
        Code::C017 => about(
            "From where the pupil starts, the target asks for a change that filling in the form a second time could bring about by itself.",
            "The goal can come out as \"at target, change too small to be sure\" at best.",
            "Set a target that is further away if that is realistic, or plan to look at other evidence as well.",
        ),
        Code::C018 => about(
            "A rating is outside 0 to 10 (`gbo`) or -2 to 2 (`gas`), a weight is no number of 0 or more, or a rating stands beside a goal about a scale.",
            "A rating that cannot be read gives the outcome \"cannot tell\". The scores of a scale come from the two response files, never from the goals file.",
            "Correct the cell. If the goal is a rated one, write `gbo` or `gas` under `scale`.",
        ),
        _ => about(
            "A date of a goal is not written as year, month, day: 2026-07-01.",
            "01/07/2026 is the first of July here and the seventh of January elsewhere. Without a date the goal is never called overdue.",
            "Write the date as 2026-07-01; in a spreadsheet, give the column the format yyyy-mm-dd.",
        ),
    }
}
