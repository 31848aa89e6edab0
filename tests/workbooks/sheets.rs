//! How the sheets look: what stays in sight, what can be filtered, and which words have a colour.

use super::{Book, Desk, text};

/// The rules of a sheet as "range: condition", in order, with the colour behind them.
fn rules(book: &Book, sheet: usize) -> Vec<String> {
    let xml = book.part(&format!("xl/worksheets/sheet{sheet}.xml"));
    let styles = book.part("xl/styles.xml");
    let fills: Vec<&str> = styles.split("<dxf>").skip(1).map(|dxf| between(dxf, "<bgColor rgb=\"FF", "\"")).collect();
    let mut rules = Vec::new();
    for block in xml.split("<conditionalFormatting ").skip(1) {
        let range = between(block, "sqref=\"", "\"");
        for rule in block.split("<cfRule ").skip(1) {
            let fill = fills[between(rule, "dxfId=\"", "\"").parse::<usize>().unwrap()];
            rules.push(format!("{range}: {} {fill}", between(rule, "<formula>", "</formula>")));
        }
    }
    rules
}

fn between<'t>(written: &'t str, from: &str, to: &str) -> &'t str {
    let rest = &written[written.find(from).unwrap_or_else(|| panic!("`{from}` in {written}")) + from.len()..];
    &rest[..rest.find(to).unwrap()]
}

const YELLOW: &str = "FEFCBF";
const AMBER: &str = "FBD38D";
const RED: &str = "FEB2B2";
const GREEN: &str = "C6F6D5";
const GREY: &str = "E2E8F0";

#[test]
fn every_list_can_be_filtered_printed_and_scrolled() {
    let desk = Desk::new();
    for (line, frozen) in [
        ("score class-7a-teacher.csv -i sdq-t4-17", "xSplit=\"1\" ySplit=\"1\""),
        // Two files: the file stands before the pupil.
        ("flag class-7a-teacher.csv class-7b-typed.csv -i sdq-t4-17", "xSplit=\"2\" ySplit=\"1\""),
        ("compare class-7b-typed.csv class-7b-review.csv -i sdq-t4-17", "xSplit=\"1\" ySplit=\"1\""),
    ] {
        let book = desk.book(line);
        let sheet = book.part("xl/worksheets/sheet1.xml");
        for expected in [
            frozen,
            "state=\"frozen\"",
            "<autoFilter ref=\"A1:",
            "orientation=\"landscape\"",
            "paperSize=\"9\"",
            "special-category data",
            "numberStoredAsText=\"1\"",
        ] {
            assert!(sheet.contains(expected), "{line}: {expected}");
        }
        assert!(book.part("xl/workbook.xml").contains("_xlnm.Print_Titles"), "{line}");
    }
}

#[test]
fn bands_of_a_scale_have_a_colour_by_their_level() {
    let desk = Desk::new();
    let book = desk.book("score class-7a-teacher.csv -i sdq-t4-17 --scales emotional,prosocial --keep pupil_id");
    assert_eq!(
        book.texts("scores")[0],
        ["pupil_id", "emotional", "emotional_band", "emotional_note", "prosocial", "prosocial_band", "prosocial_note"]
    );
    let rule = |range: &str, word: &str, fill: &str| format!("{range}: \"{word}\" {fill}");
    assert_eq!(
        rules(&book, 1),
        [
            rule("C2:C31", "slightly raised", YELLOW),
            rule("C2:C31", "high", AMBER),
            rule("C2:C31", "very high", RED),
            rule("F2:F31", "slightly lowered", YELLOW),
            rule("F2:F31", "low", AMBER),
            rule("F2:F31", "very low", RED),
        ]
    );
}

#[test]
fn status_and_verdict_have_colours_too() {
    let desk = Desk::new();
    let flags = rules(&desk.book("flag class-7a-teacher.csv -i sdq-t4-17 --all --keep pupil_id"), 1);
    let status = |word: &str, fill: &str| format!("B2:B31: \"{word}\" {fill}");
    assert_eq!(flags[..3], [status("alert", RED), status("flagged", AMBER), status("cannot say", GREY)]);
    assert!(flags.contains(&format!("E2:E31: \"very high\" {RED}")), "{flags:#?}");
    let changes = rules(&desk.book("compare class-7a-teacher.csv class-7a-teacher-review.csv -i sdq-t4-17"), 1);
    for (word, fill) in [("clearly better", GREEN), ("clearly worse", AMBER), ("cannot tell", GREY)] {
        assert!(changes.iter().any(|rule| rule.starts_with('F') && rule.ends_with(&format!(": \"{word}\" {fill}"))), "{changes:#?}");
    }
    for column in ['G', 'H'] {
        let expected = format!(": \"very high\" {RED}");
        assert!(changes.iter().any(|rule| rule.starts_with(column) && rule.ends_with(&expected)), "{changes:#?}");
    }
}

/// "low" is the worst level of three of these scales and nearly the best of the fourth.
#[test]
fn a_word_that_means_two_levels_has_its_colour_by_scale() {
    let desk = Desk::new();
    desk.write("class.csv", "pupil_id,satisfied,worthwhile,happy,anxious\nA,8,8,8,2\nB,0,0,0,9\n");
    let book = desk.book("score class.csv -i ons4 --long");
    assert_eq!(book.column("scores", "band"), ["high", "high", "high", "low", "low", "low", "low", "high"].map(text));
    let by_scale = |word: &str, scale: &str, fill: &str| format!("E2:E9: AND($E2=\"{word}\",$B2=\"ons4\",$C2=\"{scale}\") {fill}");
    let mut expected = Vec::new();
    for scale in ["satisfaction", "worth", "happiness"] {
        expected.extend([by_scale("high", scale, YELLOW), by_scale("low", scale, RED)]);
    }
    expected.insert(1, format!("E2:E9: \"medium\" {AMBER}"));
    expected.extend([by_scale("low", "anxiety", YELLOW), by_scale("high", "anxiety", RED)]);
    assert_eq!(rules(&book, 1), expected);
}
