//! What is not printed: names where they are hidden, and UPNs where nobody asked for them.

use super::{Desk, PUPILS, weather};

const SECRET: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";

#[test]
fn hidden_names_stay_hidden_and_one_pupil_has_one_code() {
    let desk = Desk::with(&[
        ("pupils.csv", PUPILS),
        ("key.txt", SECRET),
        ("ids.csv", "pupil_id,sunny,rainy,windy\n101,2,0,0\n999,0,2,1\n"),
        ("names.csv", "Surname,Forename,sunny,rainy,windy\nTestone,Ada,2,0,0\nTestfive,Eve,0,2,1\n"),
    ]);
    let score = |line: &str| {
        desk.run(&format!("score {line} -i {} --pupils pupils.csv --hide-names --key key.txt --format csv", weather("weather.toml")))
    };
    let (ids, names) = (score("ids.csv"), score("names.csv --id Surname,Forename"));
    assert_eq!(ids.rows()[0]["pupil_id"], names.rows()[0]["pupil_id"], "the list's own id is behind both");
    assert_eq!((ids.rows()[0]["class"].as_str(), names.rows()[0]["class"].as_str()), ("7A", "7A"));
    for printed in [&ids, &names] {
        for word in ["Test", "Ada", "Eve", "000101", "B8012", "999"] {
            assert!(!printed.out.contains(word) && !printed.err.contains(word), "{word}: {}{}", printed.out, printed.err);
        }
    }
    let chase =
        desk.run(&format!("missing ids.csv -i {} --pupils pupils.csv --hide-names --key key.txt --format csv", weather("weather.toml")));
    assert_eq!(chase.header(), "pupil_id,Gender,Year Group,Reg Group,SEN Status,Pupil Premium,EAL,Looked After,status,questions,reason");
    assert_eq!(chase.rows()[0]["pupil_id"], ids.rows()[0]["pupil_id"]);
    assert!(!chase.out.contains("Test"));
}

#[cfg(unix)]
#[test]
fn what_names_pupils_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::with(&[("pupils.csv", PUPILS), ("forms.csv", "pupil_id,sunny,rainy,windy\n101,2,0,0\n")]);
    for name in ["chase.csv", "chase.json", "chase.xlsx"] {
        desk.run(&format!("missing forms.csv -i {} --pupils pupils.csv -o {name}", weather("weather.toml")));
        assert_eq!(std::fs::metadata(desk.path(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn only_the_offending_cell_of_the_list_is_shown() {
    let list = PUPILS.replace("05/01/2015", "31/02/2015").replace("B801200005001", "A801200005001");
    let desk = Desk::with(&[("pupils.csv", &list), ("forms.csv", "pupil_id,sunny,rainy,windy\n101,2,0,0\n")]);
    let printed = desk.run(&format!("score forms.csv -i {} --pupils pupils.csv --format csv", weather("weather.toml")));
    assert!(printed.err.contains("31/02/2015") && printed.err.contains("A801200005001"), "{}", printed.err);
    assert!(!printed.err.contains("Testone") && !printed.err.contains("Testtwo"), "{}", printed.err);
}
