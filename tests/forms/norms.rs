//! T scores: whose norm, by which convention, and why there is none.

use crate::{Desk, all, all_but, file, questions};

/// Every answer 1: 10 in low mood, 47 in all.
fn pupil(id: &str, sex: &str, year: &str, age: &str) -> String {
    format!("{id},{sex},{year},{age},{}", all("1", 47))
}

fn header() -> String {
    format!("pupil_id,sex,year,age,{}", questions(47))
}

#[test]
fn the_convention_that_found_the_group_stands_beside_the_t_score() {
    // Low mood 10 of 10 answers: boys in US grades 5-6 have mean 7.07 and SD 3.64, which is 58.05; in grades 7-8 mean 6.71 and SD 3.64,
    // 59.04; girls in grades 3-4 have mean 8.74 and SD 4.75, 52.65.
    for (sex, year, age, choose, t, note) in [
        ("M", "7", "", "", "58", "norm M, grade 5-6 by school-year"),
        ("M", "7", "12", "", "58", "norm M, grade 5-6 by school-year"),
        ("boy", "Year 7", "", "", "58", "norm M, grade 5-6 by school-year"),
        ("M", "", "12", "", "59", "norm M, grade 7-8 by nhs-age"),
        ("M", "7", "12", "--choose norm-key=ucla-age", "58", "norm M, grade 5-6 by ucla-age"),
        ("M", "7", "12", "--choose norm-key=nhs-age", "59", "norm M, grade 7-8 by nhs-age"),
        ("F", "4", "", "", "53", "norm F, grade 3-4 by school-year"),
        // 10 years old is in grades 3-4 by one convention and 5-6 by another.
        ("M", "", "10", "--choose norm-key=nhs-age", "58", "norm M, grade 5-6 by nhs-age"),
        ("M", "", "10", "--choose norm-key=ucla-age", "54", "norm M, grade 3-4 by ucla-age"),
    ] {
        let line = format!("-i rcads-47-c {choose}");
        let rows = Desk::new().scored(&header(), &[pupil("P1", sex, year, age)], line.trim());
        assert_eq!((rows[0]["mdd"].as_str(), rows[0]["mdd_t"].as_str()), ("10", t), "{sex} {year} {age} {choose}");
        assert_eq!(rows[0]["mdd_t_note"], note);
    }
}

#[test]
fn whoever_has_no_norm_has_the_raw_score_and_the_reason() {
    for (sex, year, age, reason) in [
        ("", "7", "12", "not scored: sex not recorded"),
        ("X", "7", "12", "not scored: no norm for the sex that is recorded"),
        ("non-binary", "7", "12", "not scored: no norm for the sex that is recorded"),
        ("F", "3", "8", "not scored: no norm for school year 3"),
        ("F", "14", "", "not scored: no norm for school year 14"),
        ("F", "R", "", "not scored: no norm for Reception"),
        ("F", "", "7", "not scored: no norm for age 7"),
        ("F", "", "18", "not scored: no norm for age 18"),
        ("F", "", "", "not scored: neither school year nor age recorded"),
        // A class is no year, and what stands there is not passed over in favour of the age.
        ("F", "7B", "12", "not scored: the school year cannot be read"),
    ] {
        let rows = Desk::new().scored(&header(), &[pupil("P1", sex, year, age)], "-i rcads-47-c");
        assert_eq!(rows[0]["internalising"], "47", "the raw score is there");
        assert_eq!((rows[0]["mdd_t"].as_str(), rows[0]["mdd_t_band"].as_str()), ("", ""), "{sex} {year} {age}");
        assert_eq!(rows[0]["mdd_t_note"], reason);
    }
}

#[test]
fn a_file_without_the_columns_is_told_once_and_shows_raw_scores() {
    let desk = Desk::new();
    desk.write("answers.csv", &file(&format!("pupil_id,{}", questions(47)), &[format!("P1,{}", all("1", 47))]));
    let printed = desk.run("score answers.csv -i rcads-47-c");
    assert_eq!(printed.code, 1);
    assert_eq!(printed.err.matches("M013").count(), 1, "{}", printed.err);
    assert!(printed.out.contains("internalising") && !printed.out.contains("internalising_t"), "{}", printed.out);
}

#[test]
fn a_table_shows_the_end_of_the_printed_norms_and_a_file_the_score() {
    let desk = Desk::new();
    desk.write("answers.csv", &file(&header(), &[format!("P1,M,7,,{}", all("3", 47))]));
    assert!(desk.run("score answers.csv -i rcads-47-c").out.contains(">85 clinical"));
    assert!(desk.run("flag answers.csv -i rcads-47-c").out.contains("internalising_t >85 clinical"));
    let printed = desk.run("score answers.csv -i rcads-47-c --format csv --scales internalising_t");
    // 141 of 141 against a mean of 36.94 and an SD of 15.32: 117.9.
    assert!(printed.out.contains(",118,clinical,"), "{}", printed.out);
}

#[test]
fn both_times_are_measured_against_the_norm_of_the_baseline() {
    let desk = Desk::new();
    // The same answers a year later, in another norm group: nothing has changed.
    desk.write("before.csv", &file(&header(), &[pupil("P1", "M", "7", ""), pupil("P2", "M", "7", ""), pupil("P3", "M", "7", "")]));
    let after =
        [pupil("P1", "M", "8", ""), pupil("P2", "", "", ""), format!("P3,M,8,,{}", all_but("1", 47, &[(1, ""), (13, ""), (22, "")]))];
    desk.write("after.csv", &file(&header(), &after));
    let printed = desk.run("compare before.csv after.csv -i rcads-47-c --format csv");
    let rows = crate::table(&printed.out);
    let change = |pupil: &str, scale: &str| rows.iter().find(|row| row["pupil_id"] == pupil && row["scale"] == scale).unwrap();
    for pupil in ["P1", "P2"] {
        let row = change(pupil, "mdd_t");
        assert_eq!((row["baseline"].as_str(), row["review"].as_str(), row["change"].as_str()), ("58", "58", "0"), "{pupil}");
        assert!(row["note"].contains("measured against the norm of the baseline, M, grade 5-6 by school-year"), "{}", row["note"]);
    }
    // What cannot be scored at review stays without a score.
    assert_eq!(change("P3", "gad_t")["review"], "");
    assert!(change("P3", "gad_t")["note"].contains("3 of 6 answered"), "{}", change("P3", "gad_t")["note"]);
}

#[test]
fn an_estimate_is_said_of_a_score_that_is_measured_or_banded_as_at_baseline() {
    let desk = Desk::new();
    let blank = all_but("1", 47, &[(1, ""), (6, "")]);
    desk.write("before.csv", &file(&header(), &[pupil("P1", "M", "7", ""), pupil("P2", "M", "7", "")]));
    desk.write("after.csv", &file(&header(), &[format!("P1,M,8,,{blank}"), format!("P2,,,,{blank}")]));
    let rows = crate::table(&desk.run("compare before.csv after.csv -i rcads-47-c --format csv").out);
    for pupil in ["P1", "P2"] {
        let row = rows.iter().find(|row| row["pupil_id"] == pupil && row["scale"] == "mdd_t").unwrap();
        assert!(row["note"].contains("estimated from 9 of 10 answers; measured against the norm of the baseline"), "{}", row["note"]);
        assert!(!row["note"].contains("not scored"), "{}", row["note"]);
    }
    // Cut-offs go by age; a birthday between the two does not hide that a question was left out.
    let header = format!("pupil_id,sex,age,{}", questions(10));
    let answers = all("1", 10);
    desk.write("before.csv", &file(&header, &[format!("P1,M,13,{answers}"), format!("P2,M,13,{answers}")]));
    let blank = all_but("1", 10, &[(1, "")]);
    desk.write("after.csv", &file(&header, &[format!("P1,M,14,{blank}"), format!("P2,,14,{blank}")]));
    let rows = crate::table(&desk.run("compare before.csv after.csv -i yp-core --format csv").out);
    for row in &rows {
        assert!(row["note"].contains("estimated from 9 of 10 answers; banded by the cut-off of the baseline"), "{}", row["note"]);
        assert!(!row["note"].contains("no band"), "{}", row["note"]);
    }
    assert_eq!(rows.len(), 2);
}

#[test]
fn a_cut_off_that_goes_by_age_and_sex_needs_both() {
    let header = format!("pupil_id,sex,age,{}", questions(10));
    // Ten times the mean of 1.2: below the cut-off of girls (14.4), above that of boys (10.3); 3, 5 and 10 are reversed.
    let answers = all_but("1", 10, &[(3, "3"), (5, "3"), (10, "1"), (4, "0")]);
    for (sex, age, band, note) in [
        ("M", "12", "at or above the cut-off", ""),
        ("F", "12", "below the cut-off", ""),
        ("", "12", "", "no band: sex not recorded"),
        ("F", "", "", "no band: age not recorded"),
        ("F", "17", "", "no band: the form is for ages 11 to 16"),
    ] {
        let rows = Desk::new().scored(&header, &[format!("P1,{sex},{age},{answers}")], "-i yp-core");
        assert_eq!(
            (rows[0]["total"].as_str(), rows[0]["total_band"].as_str(), rows[0]["total_note"].as_str()),
            ("11", band, note),
            "{sex} {age}"
        );
    }
}
