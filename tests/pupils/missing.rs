//! Whose form is not back, and which questions to go back to.

use bandwise::findings::Code;

use super::{Desk, PUPILS, weather};

const FORMS: &str = "pupil_id,sunny,rainy,windy\n101,2,0,0\n102,2,x,\n103,,,\n";

fn missing(desk: &Desk, more: &str) -> super::Printed {
    desk.run(&format!("missing forms.csv -i {} --pupils pupils.csv {more}", weather("weather.toml")))
}

fn desk() -> Desk {
    Desk::with(&[("pupils.csv", PUPILS), ("forms.csv", FORMS)])
}

#[test]
fn every_pupil_of_the_list_has_a_line() {
    let printed = missing(&desk(), "--format csv");
    let rows = printed.rows();
    let read: Vec<(&str, &str, &str)> =
        rows.iter().map(|row| (row["Admission No"].as_str(), row["status"].as_str(), row["questions"].as_str())).collect();
    // A row without any answer is no form.
    assert_eq!(read, [("000101", "complete", ""), ("000102", "incomplete", "2, 3"), ("000103", "no form", ""), ("000104", "no form", "")]);
    assert!(rows.iter().all(|row| row["reason"].is_empty()));
    assert!(printed.header().ends_with("Looked After,status,questions,reason"), "{}", printed.header());
}

#[test]
fn a_table_counts_by_class_or_by_what_is_named() {
    let desk = desk();
    let by_class = missing(&desk, "").out;
    for line in
        [" 7A     2       1         1           0", " 7B     2       0         0           2", " all    4       1         1           2"]
    {
        assert!(by_class.contains(line), "{line:?} is not in\n{by_class}");
    }
    assert!(missing(&desk, "--by sen").out.contains(" K    1 "));
    let unknown = missing(&desk, "--by house");
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("the pupil list has no column `house` to count by"), "{}", unknown.err);
}

#[test]
fn pupils_stand_in_the_order_of_the_groups_that_are_asked_for() {
    let desk = Desk::with(&[
        ("pupils.csv", "id,Class\nX01,10A\nX02,7B\nX03,\nX04,7A\n"),
        ("forms.csv", "pupil_id,sunny,rainy,windy\nX01,2,0,0\n"),
    ]);
    let order = |more: &str| missing(&desk, more).rows().iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
    assert_eq!(order("--by class --format csv"), ["X04", "X02", "X01", "X03"]);
    assert_eq!(order("--format csv"), ["X01", "X02", "X03", "X04"]);
}

#[test]
fn of_several_forms_the_one_that_lacks_least_counts() {
    let desk = desk();
    desk.write("forms.csv", "pupil_id,sunny,rainy,windy\n101,2,,\n101,2,0,0\n101,,0,0\n");
    assert_eq!(missing(&desk, "--format csv").rows()[0]["status"], "complete");
    assert_eq!(missing(&desk, "--format csv --repeat latest").rows()[0]["questions"], "1");
}

#[test]
fn questions_that_the_form_skips_are_no_gap() {
    let items = "consid,restles,somatic,shares,tantrum,loner,obeys,worries,caring,fidgety,friend,fights,unhappy,popular,distrac,clingy,kind,lies,bullied,helpout,reflect,steals,oldbest,afraid,attends";
    let impact = "ebddiff,distres,impfrie,impclas";
    let answers = "2,0,0,2,0,0,1,0,2,0,1,0,0,2,0,1,2,1,0,2,2,0,0,0,1";
    let forms = format!("pupil_id,{items},{impact}\n101,{answers},0,,,\n102,{answers},1,0,,0\n103,{answers},,,,\n104,{answers},2,0,0,0\n");
    let desk = Desk::with(&[("pupils.csv", PUPILS), ("forms.csv", &forms)]);
    let printed = desk.run("missing forms.csv -i sdq-t4-17 --pupils pupils.csv --format csv");
    let read: Vec<String> = printed.rows().iter().map(|row| format!("{} {}", row["status"], row["questions"])).collect();
    let numbers: Vec<&str> = read.iter().map(String::as_str).collect();
    assert_eq!((numbers[0], numbers[3]), ("complete ", "complete "), "{}", printed.err);
    // One question of the impact supplement, and the first question that decides whether the others are asked.
    assert!(numbers[1].starts_with("incomplete ") && !numbers[1].contains(','), "{numbers:?}");
    assert!(numbers[2].starts_with("incomplete 26") && !numbers[2].contains(','), "{numbers:?}");
}

#[test]
fn a_response_of_nobody_is_told_and_no_line() {
    let desk = desk();
    desk.write("forms.csv", &format!("{FORMS}999,1,1,1\n"));
    let printed = missing(&desk, "--format csv");
    assert!(printed.has(Code::P007) && printed.err.contains("1 response belongs to no pupil of pupils.csv"));
    assert_eq!(printed.rows().len(), 4);
}

#[test]
fn two_forms_have_a_line_each() {
    let desk = desk();
    desk.write("forms.csv", "pupil_id,sunny,rainy,windy,q1,q2,q3,q4,q5,q6,q7,q8,q9\n101,2,0,0,0,0,0,0,0,0,0,0,\n");
    let printed = desk.run(&format!("missing forms.csv -i {} -i phq-9 --pupils pupils.csv --format csv", weather("weather.toml")));
    let rows = printed.rows();
    assert_eq!((rows.len(), rows[0]["instrument"].as_str(), rows[1]["instrument"].as_str()), (8, "weather", "phq-9"), "{}", printed.err);
    assert_eq!((rows[0]["status"].as_str(), rows[1]["status"].as_str(), rows[1]["questions"].as_str()), ("complete", "incomplete", "9"));
    // A blank where somebody must look today is an alert here too, before everything else.
    assert!(printed.err.starts_with("ALERTS: 1 response"), "{}", printed.err);
}

#[test]
fn a_upn_and_a_date_of_birth_are_copied_only_when_they_are_asked_for() {
    let desk = desk();
    let printed = missing(&desk, "-o chase.csv");
    assert!(printed.err.contains("Not copied from the pupil list") && printed.err.contains("`UPN`, `Date of Birth`"), "{}", printed.err);
    assert!(!desk.read("chase.csv").contains("B801200005001"));
    let printed = missing(&desk, "--keep UPN,class --format csv");
    assert_eq!(printed.header(), "UPN,Reg Group,status,questions,reason");
    desk.write("pupils.csv", "UPN,Class\nB801200005001,7A\n");
    assert_eq!(missing(&desk, "--format csv").header(), "UPN,Class,status,questions,reason", "nothing else says who is meant");
}

#[test]
fn a_list_of_pupils_and_an_id_are_needed() {
    let desk = desk();
    let printed = desk.run(&format!("missing forms.csv -i {}", weather("weather.toml")));
    assert!(printed.code == 2 && printed.err.contains("--pupils FILE"), "{}", printed.err);
    desk.write("forms.csv", "sunny,rainy,windy\n1,1,1\n");
    let printed = missing(&desk, "");
    assert!(printed.code == 2 && printed.err.contains("--id COLUMN"), "{}", printed.err);
}

#[test]
fn json_has_the_lines_under_rows() {
    let json: serde_json::Value = serde_json::from_str(&missing(&desk(), "--format json").out).unwrap();
    assert_eq!((json["rows"].as_array().unwrap().len(), json["rows"][1]["status"].as_str()), (4, Some("incomplete")));
    assert_eq!(json["rows"][1]["reason"], serde_json::Value::Null);
}

#[test]
fn a_workbook_has_a_drop_down_for_the_reason() {
    use calamine::{Data, Reader, Xlsx, open_workbook};
    let desk = desk();
    assert_eq!(missing(&desk, "-o chase.xlsx").code, 1);
    let first = std::fs::read(desk.path("chase.xlsx")).unwrap();
    let mut book: Xlsx<_> = open_workbook(desk.path("chase.xlsx")).unwrap();
    assert_eq!(book.sheet_names(), ["forms", "about"]);
    let sheet = book.worksheet_range("forms").unwrap();
    assert_eq!(sheet.get_value((2, 10)), Some(&Data::String("incomplete".to_owned())));
    let mut archive = zip::ZipArchive::new(std::fs::File::open(desk.path("chase.xlsx")).unwrap()).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut xml).unwrap();
    assert!(xml.contains("declined,absent,left,other"), "{xml}");
    missing(&desk, "-o chase.xlsx");
    assert_eq!(std::fs::read(desk.path("chase.xlsx")).unwrap(), first, "the same input gives the same bytes");
    assert_eq!(missing(&desk, "-o pupils.csv").code, 2, "a list is never replaced");
}
