//! Slips of published scorers around norms: each must not be ours. The tests go through files and the program as a user would.

use bandwise::instrument::{Instrument, NormCell, Number};

use crate::program::{all_but, class, score};
use crate::scored::answers_worth;
use crate::tables::{Row, built_in, number, scale, table, whole};

/// One row of the RCADS-47: what stands before the questions, and all answers but some the same.
fn one(form: &str, before: &str, answers: Vec<&str>) -> Row {
    let printed = score(&class("pupil_id,sex,year,age", 47, &[(before, answers)]), form);
    assert!(printed.code < 2, "{}", printed.err);
    printed.rows().remove(0)
}

const RAW: [&str; 8] = ["sad", "gad", "pd", "sp", "ocd", "mdd", "anxiety", "internalising"];

/// `empty()` takes the answer 0 for none.
#[test]
fn an_all_zero_rcads_scores_nought_and_is_not_missing() {
    for form in ["rcads-47-c", "rcads-47-p"] {
        let row = one(form, "A,F,8,", all_but("0", 47, &[]));
        for scale in RAW {
            assert_eq!((row[scale].as_str(), row[&format!("{scale}_note")].as_str()), ("0", ""), "{form}, {scale}");
            assert!(!row[&format!("{scale}_t")].is_empty() && row[&format!("{scale}_t_band")] == "normal", "{form}, {scale}");
        }
    }
    // A blank is something else.
    let row = one("rcads-47-c", "A,F,8,", all_but("0", 47, &[(5, ""), (9, ""), (17, "")]));
    assert_eq!((row["sad"].as_str(), row["sad_t"].as_str(), row["anxiety"].as_str()), ("", "", ""));
}

/// Answers that make a raw score of one scale, as a file has them.
fn cells(instrument: &Instrument, raw: &str, score: i64) -> Vec<&'static str> {
    const CODES: [&str; 4] = ["0", "1", "2", "3"];
    let answers = answers_worth(instrument, scale(instrument, raw), score);
    let code = |answer| match answer {
        bandwise::matching::Answer::Given(code) => CODES[usize::from(code)],
        other => panic!("no answer: {other:?}"),
    };
    answers.into_iter().map(code).collect()
}

/// One program has the boys' table for girls in grades 5-6.
#[test]
fn girls_in_grades_5_and_6_have_their_own_norm_for_separation() {
    let answers = cells(built_in("rcads-47-c"), "sad", 12);
    assert_eq!(one("rcads-47-c", "A,F,6,", answers.clone())["sad_t"], "69");
    assert_eq!(one("rcads-47-c", "A,M,6,", answers)["sad_t"], "79");
}

/// A norm row that was pasted into another would be the same row twice; the sums of a sex's means and SDs would change.
#[test]
fn no_norm_row_stands_in_the_place_of_another() {
    for id in ["rcads-47-c", "rcads-47-p", "rcads-25-c", "rcads-25-p"] {
        for norms in &built_in(id).norms {
            for (place, row) in norms.cells.iter().enumerate() {
                assert!(!norms.cells[..place].contains(row), "{id}, {}: row {place} stands twice", norms.id);
            }
        }
    }
    for (id, sex, means, sds) in CHECKSUMS {
        let instrument = built_in(id);
        let (mut found_means, mut found_sds) = (0, 0);
        for norms in &instrument.norms {
            let groups = instrument.groupings[norms.grouping].all();
            let of_sex = norms.cells.iter().zip(groups).filter(|(_, group)| group.starts_with(sex));
            for cell in of_sex.flat_map(|(row, _)| row) {
                let NormCell::Sample { mean, sd } = cell else { panic!("{id}: no mean and SD") };
                found_means += (*mean * 100).as_whole().unwrap();
                found_sds += (*sd * 100).as_whole().unwrap();
            }
        }
        assert_eq!((found_means, found_sds), (means, sds), "{id} {sex}");
    }
}

/// The sums of all published means and of all standard deviations of a form and sex, in hundredths.
const CHECKSUMS: [(&str, &str, i64, i64); 8] = [
    ("rcads-47-c", "M", 52_174, 24_844),
    ("rcads-47-c", "F", 61_091, 28_216),
    ("rcads-47-p", "M", 30_290, 19_422),
    ("rcads-47-p", "F", 31_937, 21_889),
    ("rcads-25-c", "M", 19_339, 9_429),
    ("rcads-25-c", "F", 21_563, 10_513),
    ("rcads-25-p", "M", 9_943, 6_912),
    ("rcads-25-p", "F", 10_336, 7_789),
];

/// A precedence slip picks the wrong grade: every group's own T scores, through a file, for every scale.
#[test]
fn every_pupil_is_measured_against_the_norm_of_the_own_grade_and_sex() {
    for form in ["rcads-47-c", "rcads-47-p"] {
        let years: Vec<Row> =
            table("groups.csv").into_iter().filter(|row| row["instrument"] == form && row["key"] == "school-year").collect();
        let norms: Vec<Row> = table("norms.csv").into_iter().filter(|row| row["instrument"] == form).collect();
        for (group, sex) in years.iter().flat_map(|group| [(group, "M"), (group, "F")]) {
            // Every answer 1: the raw score is the number of questions.
            let row = one(form, &format!("A,{sex},{},", group["to"]), all_but("1", 47, &[]));
            for norm in norms.iter().filter(|norm| norm["sex"] == sex && norm["grade"] == group["group"]) {
                let raw: i64 = whole(&row[norm["scale"].trim_end_matches("_t")]);
                let hundredths = |column: &str| (number(&norm[column]) * 100).as_whole().unwrap();
                let (mean, sd) = (hundredths("mean"), hundredths("sd"));
                let t = (2 * (50 * sd + 10 * (100 * raw - mean)) + sd).div_euclid(2 * sd);
                assert_eq!(row[&norm["scale"]], t.to_string(), "{norm:?}");
                assert_eq!(row[&format!("{}_note", norm["scale"])], format!("norm {sex}, grade {} by school-year", group["group"]));
            }
        }
    }
}

/// T before rounding is 69.6: `65 to 69` and `70 and above` leave a hole there.
#[test]
fn a_t_of_69_6_has_a_band() {
    for (form, before, raw, score) in [("rcads-47-p", "A,M,5,", "gad", 10), ("rcads-47-p", "A,F,11,", "pd", 6)] {
        let row = one(form, before, cells(built_in(form), raw, score));
        assert_eq!((row[&format!("{raw}_t")].as_str(), row[&format!("{raw}_t_band")].as_str()), ("70", "clinical"), "{before} {raw}");
    }
    // Total 64 of a boy in grades 11-12: 50 + 10 (64 - 35.50) / 14.54 = 69.60. Every answer 1, and 17 of them 2.
    let others: Vec<(usize, &str)> = (1..=17).map(|question| (question, "2")).collect();
    let row = one("rcads-47-c", "A,M,12,", all_but("1", 47, &others));
    assert_eq!((row["internalising"].as_str(), row["internalising_t"].as_str()), ("64", "70"));
    assert_eq!(row["internalising_t_band"], "clinical");
    for instrument in [built_in("rcads-47-c"), built_in("rcads-25-p")] {
        let bands = instrument.bands[0].scales[instrument.main_scale().unwrap()].as_ref().unwrap();
        let between = Number::ratio(696, 10).unwrap();
        assert_eq!(bands.level(between, None), Some(1), "even a T that nobody rounded has a band");
    }
}

/// One program passes the raw score through as T where it has no norm.
#[test]
fn without_a_norm_there_is_no_t_and_never_the_raw_score_in_its_column() {
    for (before, why) in [
        ("A,X,8,", "no norm for the sex"),
        ("A,,8,", "sex not recorded"),
        ("A,F,3,", "no norm for school year 3"),
        ("A,F,,7", "no norm for age 7"),
        ("A,F,,18", "no norm for age 18"),
        ("A,F,,", "neither school year nor age"),
    ] {
        for (form, questions, scales) in [("rcads-47-c", 47, RAW.as_slice()), ("rcads-25-p", 25, &["depression", "anxiety", "total"])] {
            let file = class("pupil_id,sex,year,age", questions, &[(before, all_but("2", questions, &[]))]);
            let printed = score(&file, form);
            let row = printed.rows().remove(0);
            for scale in scales {
                assert!(!row[*scale].is_empty(), "{form}, {before}: the raw score is there");
                let t = format!("{scale}_t");
                assert_eq!((row[&t].as_str(), row[&format!("{t}_band")].as_str()), ("", ""), "{form}, {before}: {scale}");
                assert!(row[&format!("{t}_note")].contains(why), "{form}, {before}: {}", row[&format!("{t}_note")]);
            }
        }
    }
}

/// Nothing is truncated: the short form's estimate keeps its fraction until it is a T score.
#[test]
fn the_short_form_is_prorated_without_rounding_and_without_truncation() {
    // Nine answers of 1 in ten questions of low mood with one 2: 10 of 9 is 11.11, and T for a boy in grades 5-6 is 59.43.
    let file = class("pupil_id,sex,year", 25, &[("A,M,7", all_but("1", 25, &[(1, ""), (4, "2")]))]);
    let row = score(&file, "rcads-25-c").rows().remove(0);
    assert_eq!((row["depression"].as_str(), row["depression_t"].as_str()), ("11.11", "59"));
    // Three blanks of fifteen are too many in anxiety, though four may be blank in all.
    let blanks = [(2, ""), (3, ""), (5, "")];
    let row = score(&class("pupil_id,sex,year", 25, &[("A,M,7", all_but("1", 25, &blanks))]), "rcads-25-c").rows().remove(0);
    assert_eq!((row["anxiety"].as_str(), row["total"].as_str()), ("", "25"));
}
