//! What names a pupil is not in the output, whatever its column is called, and everything that is left out is named.

use crate::Desk;

#[test]
fn everything_that_names_a_pupil_or_a_place_is_left_out_and_named() {
    let desk = Desk::with(&[(
        "a.csv",
        "StartDate,EndDate,IPAddress,LocationLatitude,Finished,Admission No,UPN,Surname,Known as,Birthday,Postcode,Parent's mobile phone,,Class,q1\n\
         2026-09-01,2026-09-01,10.0.0.7,51.5,1,000101,B801200005001,Testone,Adi,25/09/2014,AB1 2CD,07700900123,odd,7A,2\n",
    )]);
    let printed = desk.coded("a.csv");
    assert_eq!(printed.header(), "pupil_id,Class,q1");
    for secret in ["10.0.0.7", "51.5", "000101", "B8012", "Testone", "Adi", "2014", "AB1", "07700", "odd"] {
        assert!(!printed.out.contains(secret) && !printed.err.contains(secret), "{secret}: {}{}", printed.out, printed.err);
    }
    for column in [
        "Admission No",
        "Surname",
        "Known as",
        "Birthday",
        "Postcode",
        "IPAddress",
        "LocationLatitude",
        "Parent's mobile phone",
        "column M",
    ] {
        assert!(printed.err.contains(&format!("`{column}`")), "{column} is named: {}", printed.err);
    }
    assert!(printed.err.contains("The codes are made of `UPN`."), "{}", printed.err);
}

#[test]
fn comments_names_of_informants_upns_and_addresses_in_other_columns_are_not_copied() {
    let long = "x".repeat(101);
    let desk = Desk::with(&[(
        "a.csv",
        &format!(
            "pupil_id,completed by,Note,Ref,House\nP1,teacher,He hits his sister at home,b801200005001,Red\nP2,Ms Testhead,{long},a.test@example.org,Blue\nP3,,\"Jane\nDoe\",7,Red\n"
        ),
    )]);
    let printed = desk.coded("a.csv");
    let rows = printed.rows();
    assert_eq!(
        rows.iter().map(|row| row["Note"].as_str()).collect::<Vec<_>>(),
        ["[comment, 26 characters]", "[comment, 101 characters]", "[comment, 8 characters]"]
    );
    assert_eq!((rows[0]["completed by"].as_str(), rows[2]["completed by"].as_str()), ("teacher", ""));
    assert_eq!(rows[1]["completed by"].len(), 10);
    assert_eq!((rows[0]["Ref"].len(), rows[1]["Ref"].len(), rows[2]["Ref"].as_str()), (10, 10, "7"));
    assert_eq!(rows.iter().map(|row| row["House"].as_str()).collect::<Vec<_>>(), ["Red", "Blue", "Red"]);
    assert!(printed.err.contains("3 in `Note`") && printed.err.contains("2 in `Ref`"), "{}", printed.err);
}

#[test]
fn a_date_of_birth_is_left_out_unless_something_coarser_is_asked_for() {
    let desk =
        Desk::with(&[("dated.csv", "Name,DOB,date,q1\nAda,25/09/2014,2026-09-24,1\nBen,25/09/2014,2026-09-25,1\nCat,,2026-09-25,1\n")]);
    assert_eq!(desk.coded("dated.csv").header(), "pupil_id,date,q1");
    let ages = desk.coded("dated.csv --birth age");
    assert_eq!(ages.rows().iter().map(|row| row["age"].clone()).collect::<Vec<_>>(), ["11", "12", ""]);
    let years = desk.coded("list.csv --birth year --on 2026-12-18 --dates day-first");
    assert_eq!(years.rows().iter().map(|row| row["year_by_birth"].clone()).collect::<Vec<_>>(), ["7", "7", "6"]);
    assert_eq!(years.rows()[0]["Year Group"], "Year 7");
    let no_day = desk.coded("list.csv --birth age -o out.csv");
    assert_eq!(no_day.code, 2);
    assert!(no_day.err.contains("--on 2026-12-18") && !desk.path("out.csv").exists(), "{}", no_day.err);
}

#[test]
fn a_date_of_birth_that_could_be_two_days_gives_nothing_and_is_not_shown() {
    let desk = Desk::with(&[("a.csv", "id,DOB,q1\nP1,05/01/2015,1\n")]);
    let printed = desk.coded("a.csv --birth age --on 2026-12-18");
    assert_eq!((printed.code, printed.rows()[0]["age"].as_str()), (1, ""));
    assert!(printed.err.contains("--dates day-first") && !printed.err.contains("05/01/2015"), "{}", printed.err);
}

/// In a row with a cell too many, a name may stand under any heading.
#[test]
fn a_row_whose_cells_are_shifted_is_left_out() {
    let desk = Desk::with(&[("a.csv", "id,Class,q1\nP1,7A,1\nP2,Testtwo,Ben,1\nP3\n")]);
    let printed = desk.coded("a.csv");
    assert_eq!((printed.code, printed.rows().len()), (1, 1));
    assert!(printed.err.contains("[T003]") && !printed.err.contains("Testtwo"), "{}", printed.err);
}

#[test]
fn withdrawn_consent_leaves_no_row() {
    let desk = Desk::with(&[("a.csv", "id,q1\n000101,1\n000102,2\n"), ("gone.csv", "id\n102\n")]);
    let printed = desk.coded("a.csv --pupils list.csv --exclude gone.csv");
    assert_eq!(printed.rows().len(), 1);
    assert!(printed.err.contains("1 row left out, because consent was withdrawn"), "{}", printed.err);
}

#[test]
fn a_row_that_does_not_say_whose_it_is_has_no_code() {
    let desk = Desk::with(&[("a.csv", "id,q1\n,1\nP2,2\n")]);
    let printed = desk.coded("a.csv");
    assert_eq!(printed.rows()[0]["pupil_id"], "");
    assert!(printed.err.contains("1 row does not say whose"), "{}", printed.err);
}
