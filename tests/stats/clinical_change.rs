//! Cut-offs and categories: `rci_worked_examples.json`, `clinical_significance_combined.json`,
//! `category_truth_table.csv`, `percent_change_R_rules.csv`.

use bandwise::stats::clinical_change::{
    Category, Cutoff, ImportantDifference, PercentageRule, Population, Side, by_cutoff, by_important_difference, by_percentage,
};
use bandwise::stats::measurement_error::{MeasurementError, Verdict};
use bandwise::stats::reliable_change::{HagemanArrindell, Method, Reliabilities, ReliableChangeIndex};
use bandwise::stats::{Better, Confidence, Pairs, Undefined};
use serde_json::Value;

use crate::reliable_change::verdict;
use crate::vectors::{NINE_DIGITS, better, cell, checker, close, data_set, json, number, numbers, table, whole};

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

fn category(word: &str) -> Category {
    match word {
        "recovered" => Category::Recovered,
        "improved" => Category::Improved,
        "unchanged" => Category::Unchanged,
        "deteriorated" => Category::Deteriorated,
        "harmed" => Category::Harmed,
        other => panic!("no category: {other}"),
    }
}

fn populations(block: &Value) -> (Population, Population) {
    let population = |mean: &str, sd: &str| Population { mean: number(&block[mean]), sd: number(&block[sd]) };
    (population("m_clinical", "sd_clinical"), population("m_functional", "sd_functional"))
}

/// The R package's cut-off b: around the functional mean, but with the clinical standard deviation.
fn packages_variant_of_b(clinical: Population, functional: Population) -> Cutoff {
    Cutoff::B { functional: Population { mean: functional.mean, sd: clinical.sd } }
}

#[test]
fn the_example_of_jacobson_and_truax() {
    let expected = &json("rci_worked_examples.json")["jacobson_truax_1991"];
    let value = |key: &str| number(&expected[key]);
    let error = MeasurementError::new(value("sd"), value("reliability")).unwrap();
    let index = ReliableChangeIndex::jacobson_truax(error);
    let check = checker("example", expected);
    check("sem", error.sem());
    check("s_diff", error.difference_sd());
    check("threshold_z", error.change_threshold(CONFIDENCE).unwrap().points());
    check("rc", index.index(value("pre"), value("post")).unwrap());
    assert_eq!(index.verdict(value("pre"), value("post"), Better::Higher, CONFIDENCE), Ok(Verdict::Improved));
}

#[test]
fn cutoffs_a_b_and_c() {
    let file = json("rci_worked_examples.json");
    for (block, b, direction) in [
        (&file["jacobson_truax_1991"]["cutoffs"], "b", Better::Higher),
        (&file["cutoffs_unequal_sd_higher_better"], "b_jacobson_truax_sd_functional", Better::Higher),
        (&file["cutoffs_unequal_sd_lower_better"], "b_jacobson_truax_sd_functional", Better::Lower),
    ] {
        let (clinical, functional) = populations(block);
        let points = |cutoff: Cutoff| cutoff.points(direction).unwrap();
        let check = checker("cut-off", block);
        check("a", points(Cutoff::A { clinical }));
        check(b, points(Cutoff::B { functional }));
        check("c", points(Cutoff::C { clinical, functional }));
        if block.get("b_R_package_sd_clinical").is_some() {
            check("b_R_package_sd_clinical", points(packages_variant_of_b(clinical, functional)));
        }
    }
    let flat = Population { mean: 10.0, sd: 0.0 };
    assert!(matches!(Cutoff::A { clinical: flat }.points(Better::Lower), Err(Undefined::OutOfRange { .. })));
}

#[test]
fn constants_from_the_packages_own_tests() {
    let constants = &json("rci_worked_examples.json")["R_package_test_constants"];
    let changes = &constants["rci_JT"];
    let error = MeasurementError::new(number(&changes["sd_pre"]), number(&changes["reliability"])).unwrap();
    for (change, rc) in numbers(&changes["change"]).into_iter().zip(numbers(&changes["rci"])) {
        let index = ReliableChangeIndex::jacobson_truax(error).index(20.0, 20.0 + change).unwrap();
        close(&format!("change of {change}"), index, rc, NINE_DIGITS);
    }

    let cutoffs = &constants["HA_cutoffs_bauer_2004"];
    let (clinical, functional) = populations(cutoffs);
    let error = MeasurementError::new(clinical.sd, number(&cutoffs["rel"])).unwrap();
    let points = |cutoff: Cutoff, better| cutoff.true_score_points(error, better).unwrap();
    let check = checker("true scores", cutoffs);
    check("a_true_higher", points(Cutoff::A { clinical }, Better::Higher));
    check("a_true_lower", points(Cutoff::A { clinical }, Better::Lower));
    let b = packages_variant_of_b(clinical, functional);
    check("b_true_package_higher", points(b, Better::Higher));
    check("b_true_package_lower", points(b, Better::Lower));
    // c: here the package was given one reliability for both populations, so that it equals the plain c.
    check("c_true", Cutoff::C { clinical, functional }.points(Better::Higher).unwrap());
}

#[test]
fn combined_categories_of_the_package() {
    let file = json("clinical_significance_combined.json");
    let cases: Vec<_> = file.as_object().unwrap().iter().filter(|(_, case)| case["method"].is_string()).collect();
    assert_eq!(cases.len(), 8);
    for (name, case) in cases {
        let (pre, post) = data_set(name.split('_').next().unwrap());
        let direction = better(case["better_is"].as_str().unwrap());
        let sample = Pairs::new(&pre, &post).unwrap().moments().unwrap();
        let reliability = number(&case["reliability"]);
        let clinical = Population { mean: sample.baseline_mean, sd: sample.baseline_sd };
        let functional = Population { mean: number(&case["m_functional"]), sd: number(&case["sd_functional"]) };
        let cutoff = match case["cutoff_type"].as_str().unwrap() {
            "a" => Cutoff::A { clinical },
            "b" => {
                checker(name, case)("cutoff_b_jacobson_truax", Cutoff::B { functional }.points(direction).unwrap());
                packages_variant_of_b(clinical, functional)
            }
            _ => Cutoff::C { clinical, functional },
        };
        let hageman_arrindell = case["method"] == "HA";
        let method = if hageman_arrindell { Method::HagemanArrindell } else { Method::JacobsonTruax };
        let error = MeasurementError::new(clinical.sd, reliability).unwrap();
        let points = if hageman_arrindell { cutoff.true_score_points(error, direction) } else { cutoff.points(direction) };
        let points = points.unwrap();
        checker(name, case)("cutoff_package", points);

        let reliabilities = Reliabilities { baseline: reliability, review: reliability };
        let index = ReliableChangeIndex::from_sample(method, &sample, reliabilities).unwrap();
        let group = HagemanArrindell::new(&sample, reliability).unwrap();
        let mut counts = [0_usize; 5];
        for (pupil, (&x, &y)) in pre.iter().zip(&post).enumerate() {
            let before = Side::of(x, points, direction).unwrap();
            let after = if hageman_arrindell {
                group.review_side(y, points, direction, CONFIDENCE).unwrap()
            } else {
                Side::of(y, points, direction).unwrap()
            };
            let result = Category::of(before, after, index.verdict(x, y, direction, CONFIDENCE).unwrap());
            assert_eq!(result, category(case["category_package"][pupil].as_str().unwrap()), "{name} pupil {pupil}");
            counts[result as usize] += 1;
        }
        let words = ["recovered", "improved", "unchanged", "deteriorated", "harmed"];
        assert_eq!(counts, words.map(|word| whole(&case["counts"][word])), "{name}");
    }
}

#[test]
fn the_truth_table_of_categories() {
    let rows = table("category_truth_table.csv");
    assert_eq!(rows.len(), 12);
    for row in rows {
        let before = if row["clinical_pre"] == "True" { Side::Clinical } else { Side::Functional };
        let after = if row["functional_post"] == "True" { Side::Functional } else { Side::Clinical };
        let result = Category::of(before, after, verdict(&row["reliable_change"]));
        assert_eq!(result, category(&row["category"]), "{row:?}");
    }
}

#[test]
fn a_score_on_the_cutoff_is_on_neither_side() {
    let on = Side::of(15.0, 15.0, Better::Lower).unwrap();
    assert_eq!(on, Side::OnCutoff);
    // Not clinical before, so an improvement from there is no recovery; not functional after, so none either.
    assert_eq!(Category::of(on, Side::Functional, Verdict::Improved), Category::Improved);
    assert_eq!(Category::of(Side::Clinical, on, Verdict::Improved), Category::Improved);
    assert_eq!(Category::of(on, on, Verdict::Deteriorated), Category::Harmed);
    for (before, after, expected) in [
        (Side::Clinical, Side::Functional, Verdict::Improved),
        (Side::Clinical, Side::OnCutoff, Verdict::Unchanged),
        (Side::Clinical, Side::Clinical, Verdict::Unchanged),
        (Side::OnCutoff, Side::Functional, Verdict::Unchanged),
        (Side::OnCutoff, Side::Clinical, Verdict::Deteriorated),
        (Side::Functional, Side::Functional, Verdict::Unchanged),
        (Side::Functional, Side::Clinical, Verdict::Deteriorated),
    ] {
        assert_eq!(by_cutoff(before, after), expected, "{before:?} to {after:?}");
    }
}

#[test]
fn important_differences_count_when_they_are_reached() {
    let difference = ImportantDifference::new(3.0, 2.0).unwrap();
    for (x, y, direction, expected) in [
        (20.0, 17.0, Better::Lower, Verdict::Improved),
        (20.0, 18.0, Better::Lower, Verdict::Unchanged),
        (20.0, 22.0, Better::Lower, Verdict::Deteriorated),
        (20.0, 21.0, Better::Lower, Verdict::Unchanged),
        (20.0, 23.0, Better::Higher, Verdict::Improved),
        (20.0, 22.0, Better::Higher, Verdict::Unchanged),
        (20.0, 18.0, Better::Higher, Verdict::Deteriorated),
        (0.1, 3.1, Better::Higher, Verdict::Improved), // 3.1 − 0.1 is 3 only once the binary noise is gone
    ] {
        assert_eq!(by_important_difference(x, y, &difference, direction), Ok(expected), "{x} to {y}");
    }
}

#[test]
fn percentage_rules_of_the_package_without_its_bug() {
    let rule = PercentageRule { improvement: 0.3, deterioration: 0.3 };
    for row in table("percent_change_R_rules.csv") {
        let (pre, post): (f64, f64) = (cell(&row, "pre"), cell(&row, "post"));
        let result = by_percentage(pre, post, rule, better(&row["better"]));
        if pre == 0.0 && post != 0.0 {
            assert!(matches!(result, Err(Undefined::OutOfRange { .. })), "{row:?}");
            continue;
        }
        let expected = ["improved", "unchanged", "deteriorated"].into_iter().find(|word| row[*word] == "True");
        assert_eq!(result, Ok(verdict(expected.unwrap())), "{row:?}");
    }
}
