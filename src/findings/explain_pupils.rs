//! What the findings about pupil lists mean, why they matter and what to do.

use super::Code;
use super::explain::{Explanation, about};

/// The explanation of a finding about the pupil list, or about who a response belongs to.
pub(super) fn pupils(code: Code) -> Option<Explanation> {
    Some(match code {
        Code::P001 => about(
            "A pupil list needs a column that says who each row is: a UPN, an admission number, an id, or a surname and forename.",
            "Without one no response could be joined to its pupil, so nothing was done with the list.",
            "Name the column `UPN`, `Admission Number`, `id`, or `Surname` and `Forename`, and run the command again.",
        ),
        Code::P002 => about(
            "Two columns of the pupil list have headings that mean the same, and they do not say the same of every pupil.",
            "Which one is right would be a guess, so neither was used; the pupils and their other columns were.",
            "Rename the column that is meant to the name in the message, and give the other one a name of its own.",
        ),
        Code::P003 => about(
            "One UPN, admission number or id stands in two rows of the pupil list.",
            "A response with this number would belong to either pupil, so it was joined to none of them; it is scored all the same.",
            "Delete the row that is there by mistake, or correct the number.",
        ),
        Code::P004 => about(
            "The first letter of a UPN is worked out from the rest of it, and here it is another one, or the number is not a UPN.",
            "Most often a digit was mistyped, and then the same pupil has another number elsewhere. The number was used as it stands.",
            "Check the number in the school's own system; for a local id there is nothing to do.",
        ),
        Code::P005 => about(
            "The list writes dates of birth as 05/09/2014, and no date, or not every one, shows whether day or month comes first.",
            "A pupil could seem five months older or younger than they are, and get the norm of another group: no age was computed.",
            "Say which comes first, with `--dates day-first` or `--dates month-first`, or write the dates as 2014-09-05.",
        ),
        Code::P006 => about(
            "A cell of the date of birth is no date, or one that could be two days.",
            "This pupil's age is not known, so nothing that goes by age is given to them; the other pupils are not touched.",
            "Correct the date; 2014-09-25 is read everywhere.",
        ),
        Code::P007 => about(
            "The id or name of a response is none of the pupil list's. It is scored, but the list says nothing about it.",
            "It may be a slip in the id, and then the answers are another pupil's, who seems to have no form.",
            "Correct the id, or confirm in a names file (`--names FILE`) which pupil is meant.",
        ),
        Code::P008 => about(
            "The id or name of a response fits two pupils of the list.",
            "Whose answers they are cannot be told: the response is scored, and joined to neither of them.",
            "Use an id that only one pupil has, add the class or date of birth to `--id`, or confirm the pupil in a names file.",
        ),
        Code::P009 => about(
            "The responses file says one thing about a pupil's sex, school year or age, and the pupil list says another.",
            "Norms and bands can depend on it. What stands in the responses file was used; a wrong pupil may have been joined.",
            "Check whose form it is, and correct the file that is wrong.",
        ),
        Code::P010 => about(
            "A names file says which pupil is meant by a name as it was written; this row's pupil is not on the list, or the name has two.",
            "The row was not used, so that nobody's answers go to a pupil whom nobody confirmed.",
            "Write the pupil's id from the list into the column `pupil`, and keep one row for each name as it was written.",
        ),
        Code::P011 => about(
            "The file that `--exclude` names holds ids, and the responses with these ids were left out before anything was read of them.",
            "They are in no score, flag, alert, count or list. The ids themselves are never printed.",
            "Check the counts; an id that is in no row may be misspelt.",
        ),
        Code::P012 => about(
            "The pupil list has the date of birth, but the date of this form cannot be read, or could be two days.",
            "The pupil's age on the day of the form is not known, so nothing that goes by age is given; today's date is never used.",
            "Write the date as 2026-09-25, or say the order with `--dates day-first` or `--dates month-first`.",
        ),
        Code::P013 => about(
            "The pupil list has dates of birth, the form goes by age, and no column says when the forms were filled in.",
            "An age is one on a day, and today's date is never used: nobody's age is known from the list.",
            "Name the date's column with `--date COLUMN`, or say the day with `--on 2026-09-25`.",
        ),
        Code::P014 => about(
            "A column of `--id` is nothing that the pupil list could be asked about: neither a number nor a name, class, year, sex or birth.",
            "Responses could be joined to the wrong pupils, so nothing was scored.",
            "Name columns for the id that the pupil list has too.",
        ),
        _ => return None,
    })
}
