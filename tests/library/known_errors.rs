//! Slips that were found in published scorers, forms and pages: each must not be ours. The tests go through files and the program
//! as a user would.

use std::collections::BTreeSet;

use bandwise::instrument::{Better, Number, Rule};

use crate::program::{all_but, class, run, score, with_blanks};
use crate::tables::{BUILT_INS, built_in, plain, scale};

// ---- reversing and blanks summed as 0

/// A reversed question whose own column is not the one that is read changes nothing, or by the wrong amount.
#[test]
fn each_reversed_question_is_read_from_its_own_column() {
    let mut reversed = 0;
    for instrument in BUILT_INS.iter() {
        for scale in &instrument.scales {
            let Rule::Items { items, .. } = &scale.rule else { continue };
            for entry in items.iter().filter(|entry| entry.reversed) {
                reversed += 1;
                let codes = &instrument.answers[instrument.items[entry.item].answers].codes;
                let highest = codes.iter().position(|code| Some(code) == codes.iter().max()).unwrap();
                let lowest = codes.iter().position(|code| Some(code) == codes.iter().min()).unwrap();
                assert!(entry.points[lowest] > entry.points[highest], "{}, {}", instrument.id, scale.id);
            }
        }
    }
    assert!(reversed > 100, "the reversed questions are found");
    // The YP-CORE reverses 3, 5 and 10: of ten answers 0, each of them taken to 4 takes 4 away, and any other adds 4.
    for question in 1..=10 {
        let file = class("pupil_id,sex,age", 10, &[("A,F,12", all_but("0", 10, &[])), ("B,F,12", all_but("0", 10, &[(question, "4")]))]);
        let rows = score(&file, "yp-core").rows();
        assert_eq!(rows[0]["total"], "12");
        assert_eq!(rows[1]["total"], if [3, 5, 10].contains(&question) { "8" } else { "16" }, "question {question}");
    }
}

#[test]
fn one_missing_of_six_is_not_summed_as_nought() {
    let file = class("pupil_id", 6, &[("A", all_but("4", 6, &[])), ("B", all_but("4", 6, &[(2, "")]))]);
    let rows = score(&file, "k6").rows();
    assert_eq!((rows[0]["total"].as_str(), rows[0]["total_note"].as_str()), ("24", ""));
    assert_eq!((rows[1]["total"].as_str(), rows[1]["total_note"].as_str()), ("", "not scored: 5 of 6 answered, 6 needed"));
}

// ---- YP-CORE

#[test]
fn a_prorated_yp_core_of_11_1_has_a_band() {
    // One blank, and ten points of nine answers: 0 in the reversed 3 and 5 is 8, and 2 more.
    let answers = all_but("0", 10, &[(1, "2"), (10, "")]);
    let file = class("pupil_id,sex,age", 10, &[("A,M,12", answers.clone()), ("B,F,12", answers)]);
    for (bands, boy, girl) in [
        ("twigg", "at or above the cut-off", "below the cut-off"),
        ("blackshaw", "at or above the cut-off", "below the cut-off"),
        ("borrowed-core-10", "mild", "mild"),
    ] {
        let rows = score(&file, &format!("yp-core --bands {bands}")).rows();
        assert_eq!((rows[0]["total"].as_str(), rows[0]["total_band"].as_str()), ("11.11", boy), "{bands}");
        assert_eq!((rows[1]["total"].as_str(), rows[1]["total_band"].as_str()), ("11.11", girl), "{bands}");
    }
}

#[test]
fn five_of_ten_yp_core_answers_give_no_score() {
    for (blanks, total) in [(0, "28"), (1, "26.67"), (2, ""), (5, "")] {
        let rows = score(&class("pupil_id,sex,age", 10, &[("A,F,12", with_blanks("4", 10, blanks))]), "yp-core").rows();
        assert_eq!(rows[0]["total"], total, "{blanks} blank");
        assert_eq!(rows[0]["total_band"].is_empty(), total.is_empty());
    }
}

#[test]
fn the_yp_core_has_its_own_name() {
    assert!(built_in("yp-core").name.contains("CORE"), "{}", built_in("yp-core").name);
    let names: BTreeSet<String> = BUILT_INS.iter().map(bandwise::instrument::Instrument::title).collect();
    assert_eq!(names.len(), BUILT_INS.len(), "no form has the name of another");
}

// ---- forms with a blank are not refused

#[test]
fn a_phq_a_with_one_blank_scores_and_with_three_does_not() {
    // 16 points of 8 answers is 18; 14 of 7 is 18; six answers are too few.
    for (blanks, total, note) in [
        (1, "18", "estimated from 8 of 9 answers"),
        (2, "18", "estimated from 7 of 9 answers"),
        (3, "", "not scored: 6 of 9 answered, 7 needed"),
    ] {
        let printed = score(&class("pupil_id", 9, &[("A", with_blanks("2", 9, blanks))]), "phq-a");
        assert!(printed.code < 2, "{}", printed.err);
        let rows = printed.rows();
        assert_eq!((rows[0]["total"].as_str(), rows[0]["total_note"].as_str()), (total, note), "{blanks} blank");
        assert!(rows[0]["alerts"].contains("question 9"), "question 9 is an alert whatever the total: {:?}", rows[0]);
    }
}

#[test]
fn a_form_with_a_blank_is_told_of_and_the_others_are_scored() {
    for (form, questions, scale, highest, total) in [("pss-4", 4, "total", "4", "8"), ("who-5", 5, "percent", "5", "100")] {
        let file = class("pupil_id", questions, &[("A", with_blanks(highest, questions, 1)), ("B", with_blanks(highest, questions, 0))]);
        let printed = score(&file, form);
        assert!(printed.code < 2, "{form}: {}", printed.err);
        let rows = printed.rows();
        assert!(rows[0][scale].is_empty() && rows[0][&format!("{scale}_note")].starts_with("not scored: "), "{form}: {:?}", rows[0]);
        assert_eq!(rows[1][scale], total, "{form}");
    }
}

// ---- CES-DC, PSS, WHO-5

#[test]
fn the_ces_dc_refuses_a_4_and_counts_no_blank_as_nought() {
    let lines = [("A", all_but("0", 20, &[(4, "4")])), ("B", all_but("0", 20, &[(4, "")])), ("C", all_but("0", 20, &[]))];
    let printed = score(&class("pupil_id", 20, &lines), "ces-dc");
    assert_eq!(printed.code, 1);
    assert!(printed.err.contains("R002") && printed.err.contains("allowed: 0 to 3"), "{}", printed.err);
    let totals: Vec<String> = printed.rows().iter().map(|row| row["total"].clone()).collect();
    assert_eq!(totals, ["", "", "12"], "the four reversed questions at 0 are 3 each");
}

#[test]
fn the_pss_is_summed_with_reversal() {
    let answers = all_but("0", 10, &[(1, "4"), (4, "4"), (5, "3"), (10, "1")]);
    // 4 and 1, and of the reversed 4, 5, 7 and 8: 0, 1, 4 and 4.
    let rows = score(&class("pupil_id", 10, &[("A", answers), ("B", all_but("4", 10, &[]))]), "pss-10").rows();
    assert_eq!((rows[0]["total"].as_str(), rows[1]["total"].as_str()), ("14", "24"), "summed as they are it would be 12 and 40");
    let rows = score(&class("pupil_id", 4, &[("A", vec!["4", "0", "0", "4"]), ("B", vec!["4", "4", "4", "4"])]), "pss-4").rows();
    assert_eq!((rows[0]["total"].as_str(), rows[1]["total"].as_str()), ("16", "8"));
}

#[test]
fn the_bands_of_the_who_5_have_their_unit() {
    let instrument = built_in("who-5");
    let set = &instrument.bands[instrument.default_bands.unwrap()];
    let banded: Vec<&str> =
        instrument.scales.iter().zip(&set.scales).filter(|(_, bands)| bands.is_some()).map(|(scale, _)| &*scale.id).collect();
    assert_eq!(banded, ["percent"], "no cut-off in percent stands on the raw score, and none in points on the percentage");
    assert_eq!(instrument.scales[scale(instrument, "percent")].unit.as_deref(), Some("percent"));
    // Raw 12 is 48 percent, and raw 13 is 52: the two readings of 50 agree. All lowest is 0 percent, not less.
    let lines = [("A", vec!["3", "3", "2", "2", "2"]), ("B", vec!["3", "3", "3", "2", "2"]), ("C", vec!["0"; 5]), ("D", vec!["5"; 5])];
    let rows = score(&class("pupil_id", 5, &lines), "who-5").rows();
    let found: Vec<(&str, &str, &str)> =
        rows.iter().map(|row| (row["raw"].as_str(), row["percent"].as_str(), row["percent_band"].as_str())).collect();
    let (below, above) = ("below 50 percent", "50 percent or more");
    assert_eq!(found, [("12", "48", below), ("13", "52", above), ("0", "0", below), ("25", "100", above)]);
    assert!(!rows[0].contains_key("raw_band"));
}

// ---- M&MF

#[test]
fn the_highest_me_and_my_feelings_is_20_and_has_a_band() {
    let lines = [("A", all_but("2", 16, &[])), ("B", all_but("2", 16, &[(15, "0")]))];
    let rows = score(&class("pupil_id", 16, &lines), "mmf").rows();
    for (row, behavioural) in rows.iter().zip(["10", "12"]) {
        assert_eq!((row["emotional"].as_str(), row["emotional_band"].as_str()), ("20", "clinically significant"));
        assert_eq!((row["behavioural"].as_str(), row["behavioural_band"].as_str()), (behavioural, "clinically significant"));
    }
    let instrument = built_in("mmf");
    let bands = instrument.bands[0].scales[scale(instrument, "emotional")].as_ref().unwrap();
    let level = |score: i64| bands.level(Number::whole(score), None).map(|level| bands.name(level));
    assert!((16..=20).all(|score| level(score) == Some("clinically significant")));
    // Each of the ten emotional questions counts.
    for question in 1..=10 {
        let rows = score(&class("pupil_id", 16, &[("A", all_but("0", 16, &[(question, "2")]))]), "mmf").rows();
        assert_eq!(rows[0]["emotional"], "2", "question {question}");
    }
}

// ---- SWEMWBS

#[test]
fn the_raw_and_the_metric_swemwbs_have_their_own_names_and_units() {
    let instrument = built_in("swemwbs");
    let (raw, metric) = (&instrument.scales[scale(instrument, "raw")], &instrument.scales[scale(instrument, "metric")]);
    assert_ne!(raw.name, metric.name);
    assert_eq!((raw.unit.as_deref(), metric.unit.as_deref()), (Some("raw"), Some("metric")));
    assert!(metric.main && !raw.main, "a change is said of the metric score");
    let rows = score(&class("pupil_id", 7, &[("A", all_but("3", 7, &[])), ("B", with_blanks("3", 7, 1))]), "swemwbs").rows();
    assert_eq!((rows[0]["raw"].as_str(), rows[0]["metric"].as_str()), ("21", "19.25"));
    assert_eq!((rows[1]["raw"].as_str(), rows[1]["metric"].as_str()), ("", ""), "the table is for complete forms");
    // Nothing may be said of a change in one unit that was published for the other.
    assert!(instrument.change.iter().all(|record| &*instrument.scales[record.scale].id == "metric"));
}

// ---- PSC

#[test]
fn the_psc_17_is_keyed_by_question_and_a_numbered_run_waits_for_its_order() {
    let attention = [1, 3, 7, 13, 17];
    let answers = all_but("0", 17, &attention.map(|question| (question, "2")));
    let file = class("pupil_id", 17, &[("A", answers)]);
    let refused = score(&file, "psc-17");
    assert_eq!(refused.code, 2);
    assert!(refused.out.is_empty() && refused.err.contains("--choose order=interleaved"), "{}", refused.err);
    let row = &score(&file, "psc-17 --choose order=interleaved").rows()[0];
    let found = ["total", "internalising", "attention", "externalising"].map(|scale| row[scale].as_str());
    assert_eq!(found, ["10", "0", "10", "0"]);
    // Under their short names the columns may stand in any order, as in the printed form that groups them.
    let instrument = built_in("psc-17");
    let mut names: Vec<&str> = instrument.items.iter().map(|item| &*item.id).collect();
    let Rule::Items { items, .. } = &instrument.scales[scale(instrument, "attention")].rule else { unreachable!() };
    let counted: BTreeSet<&str> = items.iter().map(|entry| &*instrument.items[entry.item].id).collect();
    for _ in 0..2 {
        names.reverse();
        let cells: Vec<&str> = names.iter().map(|name| if counted.contains(name) { "2" } else { "0" }).collect();
        let row = &score(&format!("pupil_id,{}\nA,{}\n", names.join(","), cells.join(",")), "psc-17").rows()[0];
        assert_eq!(["total", "internalising", "attention", "externalising"].map(|scale| row[scale].as_str()), found);
        names.sort_unstable();
    }
}

#[test]
fn an_edition_that_numbers_otherwise_is_named_before_numbers_count() {
    for (order, best) in [("original", [2, 5, 6, 8, 9]), ("other", [3, 5, 8, 9, 10])] {
        let file = class("pupil_id", 10, &[("A", all_but("3", 10, &best.map(|question| (question, "0"))))]);
        assert_eq!(score(&file, "rosenberg").code, 2, "no order is guessed");
        assert_eq!(score(&file, &format!("rosenberg --choose order={order}")).rows()[0]["total"], "30", "{order}");
    }
}

// ---- keys and labels of forms on the web

#[test]
fn the_short_rcads_has_question_22_and_its_scales_partition_1_to_25() {
    for form in ["rcads-25-c", "rcads-25-p"] {
        let instrument = built_in(form);
        let numbers = |id: &str| {
            let Rule::Items { items, .. } = &instrument.scales[scale(instrument, id)].rule else { unreachable!() };
            items.iter().map(|entry| instrument.items[entry.item].number).collect::<BTreeSet<_>>()
        };
        let (depression, anxiety) = (numbers("depression"), numbers("anxiety"));
        assert!(anxiety.contains(&22) && depression.is_disjoint(&anxiety), "{form}");
        assert_eq!((depression.len(), anxiety.len()), (10, 15), "{form}");
        let together: BTreeSet<u16> = depression.union(&anxiety).copied().collect();
        assert_eq!((together, numbers("total")), ((1..=25).collect(), (1..=25).collect()), "{form}");
    }
}

#[test]
fn question_20_of_the_scared_is_about_separation() {
    for form in ["scared-c", "scared-p"] {
        let rows = score(&class("pupil_id", 41, &[("A", all_but("0", 41, &[(20, "2")]))]), form).rows();
        let found = ["panic", "generalised", "separation", "social", "school", "total"].map(|scale| rows[0][scale].as_str());
        assert_eq!(found, ["0", "0", "2", "0", "0", "2"], "{form}");
    }
}

/// "Not at all sure" is a widespread error form of the GAD-7, and pages list True as 0 in the MFQ.
#[test]
fn the_lowest_and_highest_labels_are_the_right_way_round() {
    for (form, lowest, highest) in [
        ("gad-7", "Not at all", "Nearly every day"),
        ("phq-9", "Not at all", "Nearly every day"),
        ("mfq-33", "Not true", "True"),
        ("smfq-c", "Not true", "True"),
        ("mmf", "Never", "Always"),
    ] {
        let instrument = built_in(form);
        let main = instrument.answers.iter().find(|set| set.name == "main").unwrap();
        let label = |code: &Number| {
            let place = main.codes.iter().position(|found| found == code).unwrap();
            plain(&main.labels[place][0])
        };
        assert_eq!(label(main.codes.iter().min().unwrap()), plain(lowest), "{form}");
        assert_eq!(label(main.codes.iter().max().unwrap()), plain(highest), "{form}");
        let labels = main.labels.iter().flatten().map(|label| plain(label));
        assert!(!labels.into_iter().any(|label| label == plain("Not at all sure")), "{form}");
    }
    let true_everywhere = score(&class("pupil_id", 13, &[("A", vec!["True"; 13]), ("B", vec!["Not true"; 13])]), "smfq-c").rows();
    assert_eq!((true_everywhere[0]["total"].as_str(), true_everywhere[1]["total"].as_str()), ("26", "0"));
}

// ---- directions

#[test]
fn higher_is_better_in_every_session_rating() {
    for form in ["ors", "cors", "srs", "csrs"] {
        let instrument = built_in(form);
        assert!(instrument.scales.iter().all(|scale| scale.better == Better::Higher), "{form}");
        let page = run("", &format!("instrument show {form}")).out;
        assert!(page.contains("0 to 40, higher is better"), "{form}: {page}");
    }
    // A rise of 10 points in the ORS is for the better, and a low SRS is what is listed.
    for form in ["srs", "csrs"] {
        let file = class("pupil_id", 4, &[("A", vec!["8.9", "9", "9", "9"]), ("B", vec!["9"; 4])]);
        let rows = score(&file, form).rows();
        assert_eq!((rows[0]["total"].as_str(), rows[1]["total"].as_str()), ("35.9", "36"), "{form}");
        let flagged = run(&file, &format!("flag class.csv --format csv -i {form}")).rows();
        let pupils: Vec<&str> = flagged.iter().map(|row| row["pupil_id"].as_str()).collect();
        assert_eq!(pupils, ["A"], "{form}");
    }
}
