//! Definitions of a school's own: begun with `new`, added to a built-in one with `extends`; and editions that number differently.

use std::fs;

use crate::{Desk, all, file, questions};

#[test]
fn a_new_definition_works_at_once_and_is_never_overwritten() {
    let desk = Desk::new();
    let printed = desk.run("instrument new mood-check");
    assert_eq!((printed.code, printed.out.as_str()), (0, ""), "{}", printed.err);
    let checked = desk.run("instrument check mood-check.toml");
    assert_eq!((checked.code, checked.err.as_str()), (0, ""), "{}", checked.out);
    assert!(desk.run("instrument show mood-check.toml").out.contains("(mood-check)"));
    desk.write("mood-check.toml", "work of a day");
    assert_eq!(desk.run("instrument new mood-check").code, 2);
    assert_eq!(desk.read("mood-check.toml"), "work of a day");
    for (id, words) in [("Mood Check", "is not an id"), ("../mood", "is not an id"), ("phq-9", "comes with bandwise")] {
        let printed = desk.run(&format!("instrument new {}", id.replace(' ', "_")));
        assert!(printed.code == 2 && printed.err.contains(words), "{id}: {}", printed.err);
    }
}

#[test]
fn a_licence_holder_adds_norm_ranges_and_strands_to_the_boxall_profile() {
    let desk = Desk::new();
    let own = fs::read_to_string("fixtures/boxall-our-school.toml").unwrap();
    desk.write("ours.toml", &own);
    assert_eq!(desk.run("instrument test ours.toml").code, 0);
    assert_eq!(desk.run("instrument show boxall").code, 0);
    assert!(desk.run("instrument show ours.toml").out.contains("not known here: whether it asks about self-harm"));
}

#[test]
fn imported_percentiles_are_scored_flagged_and_compared_like_any_other() {
    let desk = Desk::new();
    let names: Vec<String> = bandwise::instrument::load("pass").unwrap().0.items.iter().map(|item| item.id.to_string()).collect();
    let header = format!("pupil_id,{}", names.join(","));
    desk.write(
        "autumn.csv",
        &file(&header, &[format!("P1,{}", all("30.9", 9)), format!("P2,{}", all("31", 9)), format!("P3,{}", all("101", 9))]),
    );
    desk.write("summer.csv", &file(&header, &[format!("P1,{}", all("55", 9)), format!("P2,{}", all("31", 9))]));
    let scored = desk.run("score autumn.csv -i pass --format csv");
    assert_eq!(scored.code, 1, "101 is no percentile");
    let rows = crate::table(&scored.out);
    assert_eq!((rows[0][&names[0]].as_str(), rows[1][&names[0]].as_str(), rows[2][&names[0]].as_str()), ("30.9", "31", ""));
    let flagged = desk.run("flag autumn.csv -i pass").out;
    assert!(flagged.contains("P1") && !flagged.contains("P2 "), "{flagged}");
    let compared = desk.run("compare autumn.csv summer.csv -i pass --format csv");
    let rows = crate::table(&compared.out);
    assert!(rows.iter().any(|row| row["pupil_id"] == "P1" && row["change"] == "24.1"), "{}", compared.out);
    // No error of measurement is on record, so nothing is called clear.
    assert!(rows.iter().all(|row| row["verdict"] == "cannot tell"), "{}", compared.out);
}

#[test]
fn what_is_added_has_its_own_lines_in_messages_and_its_own_hash() {
    let desk = Desk::new();
    desk.write("ours.toml", "extends = \"pass\"\nid = \"ours\"\nform = \"ours\"\n\n[bands.ours]\nlevels = [\"a\", \"b\"]\nflag_from = \"b\"\nsource = \"us\"\nlowred = 1\n[[bands.ours.flags]]\nheading = \"x\"\nscales = []\n");
    let printed = desk.run("instrument check ours.toml");
    assert_eq!(printed.code, 2);
    assert!(printed.err.contains("--> ours.toml:9:1"), "{}", printed.err);
    desk.write("ours.toml", "extends = \"pass\"\nid = \"ours\"\nform = \"one\"\n");
    let hash = |page: &str| page.rsplit("SHA-256 is ").next().unwrap().trim().to_owned();
    let one = hash(&desk.run("instrument show ours.toml").out);
    desk.write("ours.toml", "extends = \"pass\"\nid = \"ours\"\nform = \"two\"\n");
    assert_ne!(one, hash(&desk.run("instrument show ours.toml").out));
    desk.write("ours.toml", "extends = \"passt\"\nid = \"ours\"\n");
    assert!(desk.run("instrument check ours.toml").err.contains("did you mean `pass`?"));
    // Without an id of its own it would pass for the definition that it changes.
    desk.write("ours.toml", "extends = \"pass\"\nform = \"two\"\n");
    assert!(desk.run("instrument check ours.toml").err.contains("the definition has no `id`"));
}

#[test]
fn numbered_columns_say_nothing_until_the_edition_is_named() {
    let desk = Desk::new();
    let header = format!("pupil_id,{}", questions(10));
    // Strong agreement with everything: 15, since five questions are reversed; with the positive ones only, 30.
    let positive_first = ["3", "0", "3", "3", "0", "0", "3", "0", "0", "3"].join(",");
    desk.write("answers.csv", &file(&header, &[format!("P1,{positive_first}")]));
    let refused = desk.run("score answers.csv -i rosenberg");
    assert!(refused.code == 2 && refused.err.contains("`--choose order=original`"), "{}", refused.err);
    let rows = desk.scored(&header, &[format!("P1,{positive_first}")], "-i rosenberg --choose order=original");
    assert_eq!(rows[0]["total"], "30");
    let rows = desk.scored(&header, &[format!("P1,{positive_first}")], "-i rosenberg --choose order=other");
    assert_ne!(rows[0]["total"], "30", "the same numbers are other questions");
    let json = desk.run("score answers.csv -i rosenberg --choose order=original --format json").out;
    assert!(json.contains("\"order\": \"original\""), "the provenance names the edition: {json}");
}

/// Any file may have a `q7`. A longer or a shorter run is another form, and is never taken question by question.
#[test]
fn numbered_columns_of_another_form_are_refused() {
    for (form, count) in [("gad-7", 25), ("rcads-25-c", 47), ("smfq-c", 33), ("rcads-47-c", 25), ("wemwbs", 7)] {
        let desk = Desk::new();
        desk.write("answers.csv", &file(&format!("pupil_id,{}", questions(count)), &[format!("P1,{}", all("1", count))]));
        let printed = desk.run(&format!("score answers.csv -i {form}"));
        assert_eq!(printed.code, 2, "{form}: {}", printed.out);
        assert!(printed.err.contains("[M003]"), "{form}: {}", printed.err);
    }
}

#[test]
fn the_words_of_the_form_for_no_answer_count_as_blank() {
    let desk = Desk::new();
    let own = fs::read_to_string("tests/fixtures/definitions/weather.toml").unwrap();
    desk.write("weather.toml", &own.replace("\"Often\"]", "\"Often\"]\nno_answer = [\"Prefer not to say\"]"));
    let rows = desk.scored("pupil_id,sunny,rainy,windy", &["P1,never,prefer not to say,often".to_owned()], "-i weather.toml");
    assert_eq!(rows[0]["gloom_note"], "estimated from 2 of 3 answers");
}

#[test]
fn the_list_shows_the_forms_that_have_the_words() {
    let desk = Desk::new();
    let ids = |line: &str| -> Vec<String> {
        let text = desk.run(line).out;
        let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("instrument list rcads parent --format json"), ["rcads-25-p", "rcads-47-p"]);
    assert_eq!(ids("instrument list --format json").len(), bandwise::instrument::built_in_ids().count());
    let none = desk.run("instrument list astrology");
    assert!(none.code == 2 && none.err.contains("astrology"), "{}", none.err);
}

/// Points so large that their sum is no number of the machine's: whoever scores them, all rows come out alike.
#[test]
fn enormous_points_come_to_the_same_in_every_output() {
    let desk = Desk::new();
    let form = |items: &str, answers: &str, named: &str| {
        format!(
            "id = \"large\"\nname = \"Large\"\nform = \"self-report\"\nfamily = \"large\"\ninformant = \"self\"\nversion = \"1\"\nowner = \"x\"\nwording = \"not shipped\"\n\
             items = [{items}]\n[licence]\nstatus = \"free\"\nterms = \"x\"\n[sources]\nscoring = \"x\"\nmissing = \"x\"\n{answers}\n\
             [[scales]]\nid = \"s\"\nname = \"S\"\nitems = [{named}]\nmain = true\nmethod = \"sum\"\nmissing = {{ at_least = 1, then = \"zero\" }}\nbetter = \"lower\"\n"
        )
    };
    let ten = form("{ id = \"q1..q10\" }", "[answers.main]\ncodes = [0, 999999999.999999999]", "\"q1..q10\"");
    // The highest sum is two to the 64th and three, in the smallest parts of a point.
    let nineteen = form(
        "{ id = \"q1..q18\", answers = \"main\" }, { id = \"q19\", answers = \"last\" }",
        "[answers.main]\ncodes = [0, 999999999.999995904]\n[answers.last]\ncodes = [0, 446744073.709625347]",
        "\"q1..q19\"",
    );
    for (form, count) in [(ten, 10), (nineteen, 19)] {
        desk.write("large.toml", &form);
        let header: Vec<String> = (1..=count).map(|number| format!("q{number}")).collect();
        let row = |id: &str, large: usize| {
            let largest = if count == 10 { "999999999.999999999" } else { "999999999.999995904" };
            let cells: Vec<&str> = (0..count).map(|item| if item < large { largest } else { "0" }).collect();
            format!("{id},{}", cells.join(","))
        };
        let rows = [row("P1", 0), row("P2", 1), row("P3", 2), row("P4", 9)];
        desk.write("large.csv", &file(&format!("pupil_id,{}", header.join(",")), &rows));
        let scores = |way: &str| -> Vec<String> {
            let printed = desk.run(&format!("score large.csv -i large.toml --format csv {way}"));
            assert!(printed.code <= 1, "{}", printed.err);
            crate::table(&printed.out).iter().map(|row| row["s"].clone()).collect()
        };
        // Whoever is to be left out is looked up row by row.
        desk.write("nobody.csv", "pupil_id\nnobody\n");
        let fast = scores("--threads 1");
        assert_eq!(fast, scores("--exclude nobody.csv"));
        assert_eq!(fast[0], "0");
        assert!(fast[1] != fast[0] && fast[2] != fast[1], "{fast:?}");
    }
}
