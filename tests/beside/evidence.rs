//! The evidence file: its two shapes, what its headers mean, whose it is, and every mistake with its finding.

use std::io::Write as _;

use bandwise::change::evidence::{Evidence, EvidenceFile, Values, read_evidence};
use bandwise::change::pupil_key;
use bandwise::findings::{Finding, Findings, Observer};
use bandwise::input::{Input, ReadError};
use bandwise::instrument::Number;

#[derive(Default)]
struct All(Vec<String>);

impl Observer for All {
    fn observe(&mut self, finding: &Finding) {
        self.0.push(short(finding));
    }
}

/// `C023 row 3 measure`: what a finding is about, without its words.
fn short(finding: &Finding) -> String {
    let row = finding.place.row().map_or(String::new(), |row| format!(" row {row}"));
    let column = finding.place.column().map_or(String::new(), |column| format!(" {}", column.name));
    format!("{}{row}{column}", finding.code)
}

fn try_read(text: &str) -> (Result<EvidenceFile, ReadError>, Vec<String>) {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let mut all = All::default();
    let read = read_evidence(&Input::new(file.path()), &mut Findings::watched_by(&mut all));
    (read, all.0)
}

/// The evidence about pupils A and B, and every finding.
fn settled(text: &str) -> (Evidence, Vec<String>) {
    let (file, mut findings) = try_read(text);
    let mut all = All::default();
    let evidence = file.unwrap().settle(|pupil| ["a", "b"].contains(&&*pupil_key(pupil)), &mut Findings::watched_by(&mut all));
    findings.extend(all.0);
    (evidence, findings)
}

/// `measure: words` of each entry of a pupil.
fn said(evidence: &Evidence, pupil: &str) -> Vec<String> {
    evidence.of_pupil(pupil).iter().map(|entry| format!("{}: {}", entry.measure(), entry.words())).collect()
}

#[test]
fn both_shapes_say_the_same() {
    let long = "Pupil ID,Measure,Baseline,Review\nA,attendance,84,92\nA,reading,exp,gds\nB,attendance,90.5 %,91.4 %\nB,reading,exp,\n";
    let wide = "pupil_id,attendance baseline,attendance review,reading_before,reading (after)\nA,84,92,exp,gds\nB,90.5 %,91.4 %,exp,\n";
    for text in [long, wide] {
        let (evidence, findings) = settled(text);
        assert_eq!(findings, Vec::<String>::new(), "{text}");
        assert_eq!(said(&evidence, "A"), ["attendance: from 84 to 92", "reading: exp, then gds"]);
        assert_eq!(said(&evidence, " b "), ["attendance: 90.5 %, then 91.4 %", "reading: exp at baseline, no value at review"]);
        assert_eq!((said(&evidence, "C").len(), evidence.pupil_count()), (0, 2));
        assert_eq!(evidence.measures().iter().map(|measure| &**measure).collect::<Vec<_>>(), ["attendance", "reading"]);
    }
}

#[test]
fn units_and_sources_are_carried_and_a_unit_stands_behind_numbers_only() {
    let (evidence, findings) =
        settled("pupil_id,measure,baseline,review,unit,source\nA,late,12,9,times,SIMS\nA,reading,,exp,level,\nB,late,9,,times,\n");
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!(said(&evidence, "A"), ["late: from 12 to 9 times", "reading: no value at baseline, exp at review"]);
    assert_eq!(said(&evidence, "B"), ["late: 9 times at baseline, no value at review"]);
    let late = &evidence.of_pupil("A")[0];
    assert_eq!((late.unit(), late.source(), late.row()), (Some("times"), Some("SIMS"), 2));
    assert_eq!(late.difference(), Some(Number::whole(-3)));
    assert_eq!((late.values().baseline(), late.values().review()), (Some("12"), Some("9")));
}

#[test]
fn only_plain_numbers_at_both_times_have_a_difference() {
    for (baseline, review, expected) in [
        ("84", "92", Some("8")),
        ("91.4", "90", Some("-1.4")),
        ("91.4 %", "92 %", None),
        ("3", "exp", None),
        ("3", "", None),
        ("1e3", "2", None),
    ] {
        let (evidence, _) = settled(&format!("pupil_id,measure,baseline,review\nA,m,{baseline},{review}\n"));
        let found = evidence.of_pupil("A")[0].difference();
        assert_eq!(found, expected.map(|number| Number::parse(number).unwrap()), "{baseline} {review}");
    }
}

#[test]
fn no_word_judges_a_direction() {
    let (evidence, _) = settled("pupil_id,a baseline,a review,b baseline,b review,c\nA,1,9,9,1,5\nB,x,y,y,x,z\n");
    for pupil in ["A", "B"] {
        for words in said(&evidence, pupil) {
            for judging in ["better", "worse", "improv", "rise", "fall", "fell", "up", "down", "+", "declin"] {
                assert!(!words.contains(judging), "{words}");
            }
        }
    }
}

#[test]
fn a_single_column_is_a_value_of_no_time_and_may_be_blank() {
    let (evidence, findings) = settled("pupil_id,attendance baseline,attendance review,club\nA,84,92,chess\nB,84,92,\n");
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!(said(&evidence, "A"), ["attendance: from 84 to 92", "club: chess"]);
    assert_eq!(evidence.of_pupil("A")[1].values(), &Values::Once("chess".into()));
    assert_eq!(said(&evidence, "B").len(), 1);
}

#[test]
fn a_time_may_stand_in_front_where_its_partner_does_too() {
    let (evidence, findings) = settled("pupil_id,Baseline reading,Review reading,Review notes\nA,1,2,none\n");
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!(said(&evidence, "A"), ["reading: from 1 to 2", "Review notes: none"]);
}

#[test]
fn each_mistake_has_its_finding_and_the_rest_is_used() {
    let long = "pupil_id,measure,baseline,review\n";
    for (text, expected, rest) in [
        // Whom or what a row is about.
        (format!("{long}X,late,1,2\nA,late,1,2\n"), vec!["C022 row 2 pupil_id"], vec!["late: from 1 to 2"]),
        (format!("{long},late,1,2\nA,late,1,2\n"), vec!["C026 row 2 pupil_id"], vec!["late: from 1 to 2"]),
        (format!("{long}A,,1,2\n"), vec!["C026 row 2 measure"], vec![]),
        (format!("{long}A,late,,\nA,sick,1,2\n"), vec!["C024 row 2 measure"], vec!["sick: from 1 to 2"]),
        // The same twice: two values of one thing are none, one value twice is one.
        (format!("{long}A,late,1,2\na,LATE,1,3\nA,sick,1,2\n"), vec!["C023 row 3 measure"], vec!["sick: from 1 to 2"]),
        (format!("{long}A,late,1,2\nA,late,1,2\n"), vec!["C023 row 3 measure"], vec!["late: from 1 to 2"]),
        (format!("{long}A,late,1,2\nA,late,1,3\nA,late,1,2\n"), vec!["C023 row 3 measure", "C023 row 4 measure"], vec![]),
        ("pupil_id,late before,late after\nA,1,2\nA,1,4\n".to_owned(), vec!["C023 row 3 late before"], vec![]),
        // Rows that do not stand under their header.
        (format!("{long}A,late,1\nA,sick,1,2\n"), vec!["T003 row 2"], vec!["sick: from 1 to 2"]),
        (format!("{long}A,late,1,2,3\nA,sick,1,2,\n"), vec!["T003 row 2"], vec!["sick: from 1 to 2"]),
        (format!("{long}\n"), vec!["T002"], vec![]),
        // Columns.
        ("pupil_id,measure,baseline,class\nA,late,1,7A\n".to_owned(), vec!["C025 class"], vec!["late: 1 at baseline, no value at review"]),
        ("pupil_id,late,Forename\nA,1,Ada\n".to_owned(), vec!["C025 Forename"], vec!["late: 1"]),
        ("pupil_id,late,baseline\nA,1,2\n".to_owned(), vec!["C021 baseline"], vec!["late: 1"]),
        ("pupil_id,late,,sick\nA,1,2,3\n".to_owned(), vec!["C021 column C"], vec!["late: 1", "sick: 3"]),
        ("pupil_id,late before,late pre,sick\nA,1,2,3\n".to_owned(), vec!["C021 late pre"], vec!["sick: 3"]),
        ("pupil_id,late,late after,sick\nA,1,2,3\n".to_owned(), vec!["C021 late after"], vec!["sick: 3"]),
        ("pupil_id,late,Late,sick\nA,1,1,3\n".to_owned(), vec!["C021 Late"], vec!["sick: 3"]),
        ("pupil_id,late before\nA,1\n".to_owned(), vec!["C025 late before"], vec!["late: 1 at baseline, no value at review"]),
    ] {
        let (evidence, findings) = settled(&text);
        assert_eq!(findings, expected, "{text}");
        assert_eq!(said(&evidence, "A"), rest, "{text}");
    }
}

#[test]
fn a_header_that_does_not_say_whom_or_what_is_refused() {
    for text in [
        "name,late before,late after\nAda,1,2\n",
        "pupil_id,pupil id,late\nA,A,1\n",
        "pupil_id,measure,measure,baseline\nA,late,late,1\n",
        "pupil_id,measure,baseline,before\nA,late,1,2\n",
        "pupil_id,measure,value\nA,late,1\n",
        "pupil_id,baseline,review\nA,1,2\n",
        "pupil_id,forename\nA,Ada\n",
        "pupil_id\nA\n",
    ] {
        let (read, _) = try_read(text);
        match read {
            Err(ReadError::Refusal(finding)) => assert_eq!(finding.code.id(), "C020", "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn pupils_are_called_what_the_responses_call_them() {
    let (file, _) = try_read("pupil_id,late,postal code\n101,1,x\n102,2,y\n103,3,z\n");
    let mut file = file.unwrap();
    // 103 has withdrawn consent; nothing is said of it.
    file.rename_pupils(|id| match id {
        "101" => Some("A".to_owned()),
        "103" => None,
        other => Some(other.to_owned()),
    });
    file.leave_out(|measure| measure == "postal code");
    let mut all = All::default();
    let evidence = file.settle(|pupil| pupil == "A", &mut Findings::watched_by(&mut all));
    assert_eq!(said(&evidence, "a"), ["late: 1"]);
    assert_eq!(all.0, ["C022 row 3 pupil_id"]);
}

/// Two spellings of one pupil are one after the pupil list has said who is meant.
#[test]
fn a_pupil_who_is_renamed_into_another_row_stands_there_twice() {
    let (file, _) = try_read("pupil_id,late\n101,1\nAda,2\n");
    let mut file = file.unwrap();
    file.rename_pupils(|_| Some("A".to_owned()));
    let mut all = All::default();
    let evidence = file.settle(|_| true, &mut Findings::watched_by(&mut all));
    assert_eq!((all.0, said(&evidence, "A").len()), (vec!["C023 row 3 late".to_owned()], 0));
}

#[test]
fn the_class_has_its_evidence() {
    let mut all = All::default();
    let input = Input::new(std::path::Path::new("fixtures/class-7a-evidence.csv"));
    let file = read_evidence(&input, &mut Findings::watched_by(&mut all)).unwrap();
    let evidence = file.settle(|_| true, &mut Findings::new());
    assert_eq!((all.0, evidence.pupil_count()), (Vec::new(), 30));
    assert_eq!(
        said(&evidence, "T04"),
        ["attendance (%): from 93.8 to 95.5", "behaviour points: from 0 to 1", "reading age: 12y 1m, then 12y 4m"]
    );
}
