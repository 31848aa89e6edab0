//! What form systems export: their own columns left out and named, whole questions as headers, several header rows, labels.

use crate::{CLASS, codes, expected, labels, questions, score};

/// Whole questions would be the form's wording; these are invented sentences around the match words.
const SENTENCES: [&str; 25] = [
    "Is considerate",
    "Seems restless",
    "Has headaches",
    "Shares readily",
    "Has tantrums",
    "Is solitary",
    "Is obedient",
    "Has worries",
    "Helps if someone is hurt",
    "Is fidgeting",
    "Has a good friend",
    "Fights",
    "Is unhappy",
    "Is generally liked",
    "Is distracted",
    "Is nervous",
    "Is kind to others",
    "Lies",
    "Is picked on",
    "Offers to help others",
    "Stops before acting",
    "Steals",
    "Is better with grown-ups",
    "Has fears",
    "Sees tasks through",
];

fn rows(make: impl Fn(&str, &[u8]) -> String) -> String {
    CLASS.iter().map(|(id, _, answers)| make(id, answers) + "\n").collect()
}

fn same(name: &str, text: &str, more: &str) -> String {
    let printed = score(name, text.as_bytes(), more);
    assert_eq!((printed.out.as_str(), printed.code), (expected().as_str(), 0), "{name}: {}", printed.err);
    printed.err
}

#[test]
fn google_forms() {
    let grid: Vec<String> =
        SENTENCES.iter().map(|sentence| format!("\"How far is this so,\nover the last months? [{sentence}]\"")).collect();
    let header = format!("Timestamp,Email Address,Pupil,Score,Another e-mail,{}", grid.join(","));
    let body = rows(|id, answers| format!("2026/09/20 10:00:00 AM GMT+3,a@b.example,{id},4 / 5,c@d.example,{}", labels(answers).join(",")));
    let told = same("google.csv", &format!("{header}\n{body}"), "--id Pupil");
    for own in ["`Timestamp`", "`Email Address`", "`Score`", "`Another e-mail`"] {
        assert!(told.contains(own), "{own} is named: {told}");
    }
    assert!(!told.contains("a@b.example") && !told.contains("c@d.example"), "{told}");
}

#[test]
fn microsoft_forms() {
    // The number of the response is not the pupil's; options carry a letter; each question has points and feedback of its own.
    let with_points: Vec<String> =
        SENTENCES.iter().map(|sentence| format!("{sentence},Points - {sentence},Feedback - {sentence}")).collect();
    let header = format!("ID,Start time,Completion time,Email,Name,Total points,Quiz feedback,Child,{}", with_points.join(","));
    let lettered = |label: &str| match label {
        "Not true" => "a. Not true",
        "Somewhat true" => "b. Somewhat true",
        _ => "c. Certainly true.",
    };
    let body = rows(|id, answers| {
        let answers: Vec<String> = labels(answers).iter().map(|label| format!("{},1,", lettered(label))).collect();
        format!("12,9/20/26 10:00:00,9/20/26 10:05:00,anonymous,anonymous,5,,{id},{}", answers.join(","))
    });
    let told = same("microsoft.csv", &format!("{header}\n{body}"), "--id Child");
    assert!(told.contains("`ID`") && told.contains("`Total points`"), "{told}");
    // Whoever was signed in may be the pupil or the teacher: that is asked. The number of the response never is the pupil.
    let printed = score("microsoft.csv", format!("{header}\n{body}").as_bytes(), "");
    assert!(printed.code == 2 && printed.err.contains("`Name`") && !printed.err.contains("column A (`ID`)"), "{}", printed.err);
}

#[test]
fn qualtrics_with_three_and_with_two_header_rows() {
    let own = "StartDate,EndDate,Status,IPAddress,Progress,Duration (in seconds),Finished,RecordedDate,ResponseId,LocationLatitude";
    let own_again =
        "Start Date,End Date,Response Type,IP Address,Progress,Duration (in seconds),Finished,Recorded Date,Response ID,Location Latitude";
    let import: Vec<String> = (0..36).map(|number| format!("\"{{\"\"ImportId\"\":\"\"QID{number}\"\"}}\"")).collect();
    let names = format!("{own},Q9,{}", questions("Q1_").join(","));
    let texts = format!("{own_again},Pupil,{}", SENTENCES.map(|sentence| format!("How far is this so? - {sentence}")).join(","));
    let body = |finished: &str| {
        rows(|id, answers| {
            format!(
                "2026-09-20 10:00,2026-09-20 10:05,IP Address,192.0.2.1,100,300,{finished},2026-09-20,R_1abc,0.0,{id},{}",
                labels(answers).join(",")
            )
        })
    };
    let three = format!("{names}\n{texts}\n{}\n{}", import.join(","), body("1"));
    let told = same("three.csv", &three, "--id Q9");
    assert!(told.contains("its header is 3 rows") && told.contains("`IPAddress`"), "{told}");
    assert!(!told.contains("192.0.2.1"), "{told}");
    let told = same("two.csv", &format!("{names}\n{texts}\n{}", body("True")), "--id Q9");
    assert!(told.contains("its header is 2 rows"), "{told}");
    // Nobody is lost to the header, and whoever did not finish is named.
    let unfinished = score("three.csv", three.replace(",300,1,", ",300,0,").as_bytes(), "--id Q9");
    assert_eq!((unfinished.out.as_str(), unfinished.code), (expected().as_str(), 1));
    assert!(unfinished.err.contains("R013") && unfinished.err.contains("row 4"), "{}", unfinished.err);
}

#[test]
fn limesurvey() {
    let header = format!(
        "\u{feff}\"id\",\"submitdate\",\"lastpage\",\"startlanguage\",\"seed\",\"pupil\",{},\"groupTime5\"",
        questions("Q1[SQ0").iter().map(|name| format!("\"{name}]\"")).collect::<Vec<_>>().join(",")
    );
    let body = |date: &str| rows(|id, answers| format!("1,{date},2,en,123,{id},{},12.5", codes(answers).join(",")));
    let told = same("limesurvey.csv", &format!("{header}\n{}", body("2026-09-20 10:00:00")), "");
    assert!(told.contains("`seed`") && told.contains("`groupTime5`"), "{told}");
    let unfinished = score("limesurvey.csv", format!("{header}\n{}", body("")).as_bytes(), "");
    assert!(unfinished.code == 1 && unfinished.err.contains("R013"), "{}", unfinished.err);
}

#[test]
fn redcap_with_events_as_rows() {
    let header = format!("record_id,redcap_event_name,redcap_survey_identifier,sdq_timestamp,{},sdq_complete", questions("sdq_").join(","));
    let row = |event: &str| rows(|id, answers| format!("{id},{event},who@where.example,2026-09-20,{},2", codes(answers).join(",")));
    let told = same("redcap.csv", &format!("{header}\n{}", row("autumn_arm_1")), "");
    assert!(told.contains("`redcap_survey_identifier`") && !told.contains("who@where"), "{told}");
    // Two events are two times of one pupil, not a pupil who stands twice.
    let both = format!("{header}\n{}{}", row("autumn_arm_1"), row("summer_arm_1"));
    let printed = score("redcap.csv", both.as_bytes(), "");
    assert!(printed.code == 0 && !printed.err.contains("R003"), "{}", printed.err);
}

#[test]
fn the_pmhc_record_layout() {
    let header = format!(
        "measure_key,pupil_id,sdq_version,{},sdq_total",
        (1..=42).map(|number| format!("sdq_item{number}")).collect::<Vec<_>>().join(",")
    );
    // 8 is "not applicable" and 9 "missing", by the layout's own specification; the parent form has eight questions about impact.
    let body = rows(|id, answers| {
        let total = crate::CLASS.iter().position(|(known, ..)| *known == id).map_or("", |place| crate::SCORES[place][5]);
        format!("m1,{id},PC101,{},{},{total}", codes(answers).join(","), ["8"; 17].join(","))
    });
    let printed = score("pmhc.csv", format!("{header}\n{body}").as_bytes(), "-i sdq-p4-17");
    assert_eq!(printed.code, 2, "one form at a time: {}", printed.out);
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("pmhc.csv"), format!("{header}\n{body}")).unwrap();
    let printed = crate::run(folder.path(), "score pmhc.csv -i sdq-p4-17 --format csv --scales total");
    assert_eq!(printed.code, 0, "{}", printed.err);
    for ((id, ..), scores) in CLASS.iter().zip(crate::SCORES) {
        assert!(printed.out.contains(&format!(",{id},PC101,")) && printed.out.contains(&format!(",{},", scores[5])), "{}", printed.out);
    }
}

#[test]
fn typed_letters_and_full_questions_with_numbers_and_markup() {
    let header = format!(
        "Pupil ID,{}",
        SENTENCES
            .iter()
            .enumerate()
            .map(|(number, sentence)| format!("<p>Q{}) {sentence}&nbsp;</p>", number + 1))
            .collect::<Vec<_>>()
            .join(",")
    );
    let letters =
        |answers: &[u8]| answers.iter().map(|code| ["N", "st", "Certainly True."][usize::from(*code)]).collect::<Vec<_>>().join(",");
    let told = same("typed.csv", &format!("{header}\n{}", rows(|id, answers| format!("{id},{}", letters(answers)))), "");
    assert!(told.lines().all(|line| !line.starts_with("problem")), "{told}");
}
