//! What a list adds to the responses: context and groups, and what is said where the two disagree.

use bandwise::findings::Code;
use bandwise::instrument::Sex;

use super::{Desk, PUPILS, weather};

const FORMS: &str = "pupil_id,sunny,rainy,windy\n101,2,0,0\n000102,0,2,1\n";

#[test]
fn the_groups_of_the_list_join_the_carried_columns() {
    let desk = Desk::with(&[("pupils.csv", PUPILS), ("forms.csv", FORMS)]);
    let printed = desk.run(&format!("score forms.csv -i {} --pupils pupils.csv --format csv", weather("weather.toml")));
    assert_eq!(printed.header(), "pupil_id,class,year,sex,sen,pp,eal,lac,gloom,gloom_band,gloom_note");
    let rows = printed.rows();
    assert_eq!((rows[1]["class"].as_str(), rows[1]["sen"].as_str(), rows[0]["pp"].as_str()), ("7A", "K", "Y"));
    assert_eq!((printed.code, printed.err.contains("problem")), (0, false));
}

#[test]
fn a_column_of_the_responses_stays_as_it_is() {
    let desk = Desk::with(&[("pupils.csv", PUPILS), ("forms.csv", "pupil_id,Class,sunny,rainy,windy\n101,Elm,2,0,0\n102,,0,2,1\n")]);
    let printed = desk.run(&format!("score forms.csv -i {} --pupils pupils.csv --keep Class,sen --format csv", weather("weather.toml")));
    assert_eq!(printed.header(), "pupil_id,Class,sen,gloom,gloom_band,gloom_note");
    assert_eq!((printed.rows()[0]["Class"].as_str(), printed.rows()[1]["Class"].as_str()), ("Elm", ""));
    let printed = desk.run(&format!("score forms.csv -i {} --pupils pupils.csv --drop sen,House --format csv", weather("weather.toml")));
    assert_eq!(printed.code, 2, "`House` is a column of neither");
    let printed =
        desk.run(&format!("score forms.csv -i {} --pupils pupils.csv --drop sen,pp,eal,lac --format csv", weather("weather.toml")));
    assert_eq!(printed.header(), "pupil_id,Class,year,sex,gloom,gloom_band,gloom_note");
}

/// T scores need the sex and the age: both come from the list, the age on the day of the form.
#[test]
fn norms_find_their_group_with_the_list() {
    let forms = "pupil_id,date,sunny,rainy,windy\n101,2026-09-24,0,2,1\n102,2026-09-24,0,2,1\n";
    let desk = Desk::with(&[("pupils.csv", PUPILS), ("forms.csv", forms)]);
    let line = format!("score forms.csv -i {} --pupils pupils.csv --format csv", weather("weather-by-age.toml"));
    let printed = desk.run(&line);
    assert_eq!(printed.code, 0, "{}", printed.err);
    // 11 on the eve of the birthday: F, young. 5 points: 50 + 10 (5 - 2.7) / 1.3 = 67.7.
    let rows = printed.rows();
    assert_eq!((rows[0]["gloom_t"].as_str(), rows[0]["gloom_t_note"].contains("F, age young")), ("68", true), "{rows:?}");
    assert!(rows[1]["gloom_t_note"].contains("M, age young"));
    desk.write("forms.csv", &forms.replace("09-24", "09-25"));
    // 12 on the birthday itself: F, old. 50 + 10 (5 - 2.2) / 1.0 = 78.
    let rows = desk.run(&line).rows();
    assert_eq!((rows[0]["gloom_t"].as_str(), rows[0]["gloom_t_note"].contains("F, age old")), ("78", true), "{rows:?}");
}

#[test]
fn an_age_is_one_on_a_day_that_somebody_says() {
    let desk = Desk::with(&[("pupils.csv", PUPILS), ("forms.csv", FORMS)]);
    let line = format!("score forms.csv -i {} --pupils pupils.csv --format csv", weather("weather-by-age.toml"));
    let without = desk.run(&line);
    assert!(without.has(Code::P013) && without.rows()[0]["gloom_t"].is_empty());
    let with = desk.run(&format!("{line} --on 2026-09-25"));
    assert!(!with.has(Code::P013) && with.rows()[0]["gloom_t_note"].contains("F, age old"), "{}", with.err);
    assert_eq!(desk.run(&format!("{line} --on 25/09/2026")).code, 2);
}

#[test]
fn a_date_that_could_be_two_gives_no_age_until_its_order_is_said() {
    let forms = "pupil_id,date,sunny,rainy,windy\n101,05/10/2026,2,0,0\n102,25/10/2026,0,2,1\n";
    let desk = Desk::with(&[("pupils.csv", PUPILS), ("forms.csv", forms)]);
    let line = format!("score forms.csv -i {} --pupils pupils.csv --format csv", weather("weather-by-age.toml"));
    let unsaid = desk.run(&line);
    assert!(unsaid.has(Code::P012));
    assert!(unsaid.rows()[0]["gloom_t"].is_empty() && !unsaid.rows()[1]["gloom_t"].is_empty());
    let said = desk.run(&format!("{line} --dates day-first"));
    assert!(!said.has(Code::P012) && said.rows()[0]["gloom_t_note"].contains("F, age old"));
}

#[test]
fn where_the_two_disagree_it_is_told_and_the_responses_are_used() {
    let forms = "pupil_id,sex,age,year,sunny,rainy,windy\n101,M,12,8,0,2,1\n102,M,11,7,0,2,1\n103,,,,0,2,1\n";
    let desk = Desk::with(&[("pupils.csv", PUPILS), ("forms.csv", forms)]);
    let line = format!("score forms.csv -i {} --pupils pupils.csv --on 2026-09-30 --format csv", weather("weather-by-age.toml"));
    let printed = desk.run(&line);
    for what in ["another sex", "another school year"] {
        assert!(printed.err.contains(what), "{what}: {}", printed.err);
    }
    assert!(!printed.err.contains("another age"), "12 is the age of both");
    let rows = printed.rows();
    assert!(rows[0]["gloom_t_note"].contains("M, age old"), "{rows:?}");
    assert!(rows[2]["gloom_t_note"].contains("F, age young"), "a blank says nothing: {rows:?}");
    assert_eq!(printed.code, 1);
    assert_eq!(Sex::Male.letter(), "M");
}

#[test]
fn whoever_is_not_on_the_list_is_told_and_scored() {
    let desk = Desk::with(&[("pupils.csv", PUPILS), ("forms.csv", &format!("{FORMS}999,1,1,1\n,1,1,1\n"))]);
    let printed = desk.run(&format!("score forms.csv -i {} --pupils pupils.csv --format csv", weather("weather.toml")));
    assert!(printed.has(Code::P007) && printed.has(Code::R009));
    assert_eq!(printed.err.matches("P007").count(), 1, "a blank id names nobody who could be missed");
    let rows = printed.rows();
    assert_eq!((rows[2]["gloom"].as_str(), rows[2]["class"].as_str()), ("3", ""));
    assert_eq!(printed.code, 1);
}

#[test]
fn a_row_is_joined_by_its_own_cells_alone() {
    let desk = Desk::with(&[
        ("pupils.csv", PUPILS),
        ("forms.csv", FORMS),
        ("turned.csv", "pupil_id,sunny,rainy,windy\n000102,0,2,1\n101,2,0,0\n"),
    ]);
    let lines = |file: &str| {
        let printed = desk.run(&format!("score {file} -i {} --pupils pupils.csv --format csv", weather("weather.toml")));
        let mut lines: Vec<String> = printed.out.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines("forms.csv"), lines("turned.csv"));
}

#[test]
fn the_list_is_an_input_like_the_others() {
    let desk = Desk::with(&[("pupils.csv", PUPILS), ("forms.csv", FORMS)]);
    let line = format!("score forms.csv -i {} --pupils pupils.csv", weather("weather.toml"));
    assert_eq!(desk.run(&format!("{line} -o pupils.csv")).code, 2, "a list is never replaced");
    assert_eq!(desk.read("pupils.csv"), PUPILS);
    assert_eq!(desk.run(&format!("{line} -o scores.csv")).code, 0);
    let provenance = desk.read("scores.csv.provenance.json");
    assert!(provenance.contains("\"name\": \"pupils.csv\"") && provenance.contains("\"pupils\": \"pupils.csv\""), "{provenance}");
}

#[cfg(feature = "frames")]
#[test]
fn baseline_and_review_are_paired_whatever_each_calls_the_pupil() {
    let desk = Desk::with(&[
        ("pupils.csv", PUPILS),
        ("before.csv", "pupil_id,date,sunny,rainy,windy\n101,2026-09-03,0,2,2\nB801200005001,2026-09-01,1,1,1\n102,2026-09-03,0,2,2\n"),
        ("after.csv", "pupil_id,date,sunny,rainy,windy\n\"Testone, Ada\",2027-03-03,2,0,0\n0102,2027-03-03,0,2,2\n"),
        ("goals.csv", "pupil_id,goal,scale,target\n101,brighter,gloom,2\n"),
    ]);
    let line = format!("compare before.csv after.csv -i {} --pupils pupils.csv --repeat latest --format csv", weather("weather.toml"));
    let printed = desk.run(&line);
    let rows = printed.rows();
    let pairs: Vec<(&str, &str, &str)> =
        rows.iter().map(|row| (row["pupil_id"].as_str(), row["baseline"].as_str(), row["review"].as_str())).collect();
    assert_eq!(pairs, [("000101", "6", "0"), ("000102", "6", "6")], "{}", printed.err);
    let printed = desk.run(&format!("{line} --goals goals.csv"));
    assert!(!printed.has(Code::C014), "{}", printed.err);
    let printed = desk.run(&format!("{} --by class,sen", line.replace("--format csv", "")));
    assert!(printed.out.contains("class 7A, sen K"), "{}{}", printed.out, printed.err);
}
