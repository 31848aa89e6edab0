//! The group's figures for those who may not see the pupils, and what somebody could work out of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proptest::prelude::*;

use super::{Desk, rows};

type Row = BTreeMap<String, String>;

/// Pupils in classes, with the points that they have at each time, if they have any.
type Classes = Vec<Vec<(Option<u8>, Option<u8>)>>;

fn write(desk: &Desk, classes: &Classes) {
    let header = "pupil_id,class,points\n".to_owned();
    let (mut before, mut after) = (header.clone(), header);
    for (class, pupils) in classes.iter().enumerate() {
        for (pupil, (first, second)) in pupils.iter().enumerate() {
            for (time, points) in [(&mut before, first), (&mut after, second)] {
                if let Some(points) = points {
                    writeln!(time, "{class}-{pupil},7{class},{points}").unwrap();
                }
            }
        }
    }
    desk.write("before.csv", &before);
    desk.write("after.csv", &after);
}

/// So many pupils who go from one score to another.
fn pupils(parts: &[(usize, u8, u8)]) -> Vec<(Option<u8>, Option<u8>)> {
    parts.iter().flat_map(|(times, first, second)| std::iter::repeat_n((Some(*first), Some(*second)), *times)).collect()
}

fn published(desk: &Desk, more: &[&str]) -> Vec<Row> {
    let printed = desk.compare(&[&["-o", "x.csv", "--by", "class"], more].concat());
    assert_eq!(printed.code, 0, "{}", printed.err);
    rows(&desk.read("x.group.csv"))
}

/// Three classes and a small one; in the second, three pupils got worse and one has no review.
fn classes_and_a_small_one(desk: &Desk) {
    let mut second = pupils(&[(9, 30, 10), (9, 4, 5), (3, 5, 30)]);
    second.push((Some(3), None));
    write(desk, &vec![pupils(&[(12, 30, 10), (12, 4, 6)]), second, pupils(&[(10, 28, 8), (8, 6, 6), (7, 1, 20)]), pupils(&[(4, 20, 2)])]);
}

#[test]
fn groups_are_written_with_small_numbers_hidden() {
    let desk = Desk::new();
    classes_and_a_small_one(&desk);
    let printed = desk.compare(&["-o", "x.csv", "--by", "class", "--technical"]);
    assert_eq!(
        desk.read("x.group.csv"),
        "scale,class,n_baseline,n_review,n_paired,mean_change,sd_change,mean_change_low,mean_change_high,median_change,q1_change,q3_change,\
         n_clearly_better,n_no_clear_change,n_clearly_worse,n_cannot_tell,n_above_before,n_above_after,percent_above_before,percent_above_after,\
         standardised_mean_change,standardised_mean_change_low,standardised_mean_change_high,p_paired_t,p_wilcoxon\n\
         score,(all),c,74,74,-6.09,14.53,-9.46,-2.73,0.0,-20.00,2.00,35,29,10,0,35,10,47.3,13.5,-0.48,-0.83,-0.13,0.0006,0.0020\n\
         score,70,24,24,24,-9.00,11.24,-13.74,-4.26,-9.0,-20.00,2.00,12,c,c,0,12,c,50.0,c,-0.66,-0.84,-0.47,0.0007,0.0339\n\
         score,71,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c\n\
         score,72,25,25,25,-2.68,16.26,-9.39,4.03,0.0,-20.00,19.00,10,c,c,0,10,c,40.0,c,-0.21,-0.90,0.48,0.4181,0.0124\n\
         score,73,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c\n",
        "{}",
        printed.err
    );
    let closing = "c: hidden, because fewer than 6 pupils are counted, or because such a number could be worked out from it.";
    assert!(printed.err.contains(closing), "{}", printed.err);
    for name in ["x.csv.provenance.json", "x.group.csv.provenance.json"] {
        assert!(desk.read(name).contains(closing), "{name}");
    }
}

#[test]
fn all_numbers_are_there_for_those_who_may_see_the_pupils() {
    let desk = Desk::new();
    classes_and_a_small_one(&desk);
    let printed = desk.compare(&["-o", "x.csv", "--by", "class", "--internal"]);
    let all = desk.read("x.group.csv");
    assert!(!all.split([',', '\n']).any(|cell| cell == "c"), "{all}");
    let counts: Vec<String> =
        rows(&all).iter().map(|row| format!("{} {} {}", row["class"], row["n_paired"], row["n_clearly_worse"])).collect();
    assert_eq!(counts, ["(all) 74 10", "70 24 0", "71 21 3", "72 25 7", "73 4 0"], "{}", printed.err);
    assert!(all.lines().next().unwrap().contains("n_level_0_to_3"));
}

#[test]
fn the_limit_is_the_users() {
    let desk = Desk::new();
    write(&desk, &vec![pupils(&[(20, 30, 10), (20, 4, 5)]), pupils(&[(9, 30, 9)]), pupils(&[(20, 28, 8), (20, 6, 7)])]);
    let sizes = |more: &[&str]| published(&desk, more).iter().map(|row| row["n_paired"].clone()).collect::<Vec<_>>();
    assert_eq!(sizes(&[]), ["89", "40", "9", "40"]);
    assert_eq!(sizes(&["--limit", "10"]), ["89", "c", "c", "40"]);
}

/// A number that is not asked for is not written; a limit that hides nothing is a mistake, and so are groups of one pupil each.
#[test]
fn groups_are_asked_for_by_their_columns() {
    let desk = Desk::new();
    classes_and_a_small_one(&desk);
    for arguments in [&["-o", "x.csv"][..], &["--by", "class", "--format", "csv"], &["--by", "class"]] {
        let printed = desk.compare(arguments);
        assert_eq!(printed.code, 0, "{}", printed.err);
        assert!(!desk.path("x.group.csv").exists(), "{arguments:?}");
    }
    for arguments in [&["-o", "x.csv", "--limit", "10"][..], &["--format", "json", "--by", "class", "--limit", "10"]] {
        let printed = desk.compare(arguments);
        assert_eq!(printed.code, 2);
        assert!(printed.err.contains("`--limit` is about the group figures in a file of their own"), "{}", printed.err);
    }
    let printed = desk.compare(&["-o", "x.csv", "--by", "pupil_id"]);
    assert_eq!(printed.code, 2);
    assert!(printed.err.contains("`pupil_id` says which pupil it is: group figures name nobody."), "{}", printed.err);
}

/// A sheet is copied out of its workbook more easily than it is read.
#[test]
fn a_workbook_has_a_sheet_of_what_others_may_read() {
    let desk = Desk::new();
    classes_and_a_small_one(&desk);
    for (more, expected) in [(&[][..], "c"), (&["--internal"], "4")] {
        desk.compare(&[&["-o", "x.xlsx", "--by", "class"], more].concat());
        let mut book: calamine::Xlsx<_> = calamine::open_workbook(desk.path("x.xlsx")).unwrap();
        let sheet = calamine::Reader::worksheet_range(&mut book, "group").unwrap();
        let (last, column) = (sheet.height() - 1, sheet.rows().next().unwrap().iter().position(|cell| *cell == "n_paired").unwrap());
        assert_eq!(sheet.get((last, column)).unwrap().to_string(), expected, "{more:?}");
    }
}

/// Means add up: one that is hidden, or has too few pairs for one, must not be the difference of others.
#[test]
fn no_mean_is_the_difference_of_others() {
    let desk = Desk::new();
    for second in [pupils(&[(8, 30, 12)]), pupils(&[(20, 30, 12)]), pupils(&[(3, 30, 12)])] {
        write(&desk, &vec![pupils(&[(20, 30, 10), (20, 4, 5)]), second, pupils(&[(20, 28, 8), (21, 6, 7)])]);
        let found = published(&desk, &[]);
        let shown: Vec<bool> = found.iter().map(|row| row["mean_change"].parse::<f64>().is_ok()).collect();
        assert!(shown[0] && shown[1..].iter().filter(|shown| !**shown).count() > 1, "{found:?}");
    }
}

/// What somebody writes down who has the file: for each group the count, or none where it is hidden.
struct Reader {
    groups: Vec<Row>,
    limit: u64,
}

/// A count that is shown, or what it may be: near the true one. Every table that is found there is one all the same.
fn options(row: &Row, truth: &Row, column: &str, limit: u64) -> Vec<u64> {
    // Where nobody has a band, nobody is above a level.
    let count: u64 = truth[column].parse().unwrap_or(0);
    row[column].parse().map_or_else(|_| (count.saturating_sub(limit)..=count + limit).collect(), |shown| vec![shown])
}

impl Reader {
    /// Every value that each hidden count has in tables that agree with the file: groups are rows, `all` comes first.
    fn possible(&self, truth: &[Row]) -> BTreeMap<(usize, &'static str), BTreeSet<u64>> {
        let mut found: BTreeMap<(usize, &'static str), BTreeSet<u64>> = BTreeMap::new();
        let pairs: Vec<Vec<u64>> = self.options(truth, "n_paired");
        for paired in choices(&pairs[1..]) {
            let sum: u64 = paired.iter().sum();
            if !pairs[0].contains(&sum) {
                continue;
            }
            // With the pairs given, the other counts have nothing to do with one another: each list adds up to the pairs, or exceeds them.
            let mut here = Vec::new();
            let lists: [&[&'static str]; 3] =
                [&["n_clearly_better", "n_no_clear_change", "n_clearly_worse"], &["n_above_before"], &["n_above_after"]];
            let is_possible = lists.iter().all(|columns| {
                let values = self.of_pairs(truth, &paired, columns);
                here.extend(values.clone());
                !values.is_empty()
            }) && ["n_baseline", "n_review"].iter().all(|column| {
                let values = self.at_one_time(truth, &paired, column);
                here.extend(values.clone());
                !values.is_empty()
            });
            if is_possible {
                here.extend(paired.iter().enumerate().map(|(group, count)| ((group + 1, "n_paired"), *count)));
                here.push(((0, "n_paired"), sum));
                for (cell, count) in here {
                    found.entry(cell).or_default().insert(count);
                }
            }
        }
        found
    }

    fn options(&self, truth: &[Row], column: &str) -> Vec<Vec<u64>> {
        self.groups.iter().zip(truth).map(|(row, truth)| options(row, truth, column, self.limit)).collect()
    }

    /// The counts of these columns, which make up each group's pairs; where there is one column, others are in none.
    fn of_pairs(&self, truth: &[Row], paired: &[u64], columns: &[&'static str]) -> BTreeSet<((usize, &'static str), u64)> {
        let known: Vec<Vec<Vec<u64>>> = columns.iter().map(|column| self.options(truth, column)).collect();
        let of_group = |group: usize| -> Vec<Vec<u64>> {
            let lists: Vec<Vec<u64>> = known.iter().map(|known| known[group + 1].clone()).collect();
            let fits = |sum: u64| if columns.len() == 1 { sum <= paired[group] } else { sum == paired[group] };
            choices(&lists).into_iter().filter(|counts| fits(counts.iter().sum())).collect()
        };
        let groups: Vec<Vec<Vec<u64>>> = (0..paired.len()).map(of_group).collect();
        let mut found = BTreeSet::new();
        for choice in choices(&groups) {
            let sums: Vec<u64> = (0..columns.len()).map(|column| choice.iter().map(|counts| counts[column]).sum()).collect();
            if sums.iter().zip(&known).all(|(sum, known)| known[0].contains(sum)) {
                for (place, column) in columns.iter().enumerate() {
                    found.insert(((0, *column), sums[place]));
                    found.extend(choice.iter().enumerate().map(|(group, counts)| ((group + 1, *column), counts[place])));
                }
            }
        }
        found
    }

    /// The number of scores at one time: no less than the pairs.
    fn at_one_time(&self, truth: &[Row], paired: &[u64], column: &'static str) -> BTreeSet<((usize, &'static str), u64)> {
        let known = self.options(truth, column);
        let groups: Vec<Vec<u64>> =
            known[1..].iter().zip(paired).map(|(known, pairs)| known.iter().copied().filter(|count| count >= pairs).collect()).collect();
        let mut found = BTreeSet::new();
        for choice in choices(&groups) {
            let sum: u64 = choice.iter().sum();
            if known[0].contains(&sum) {
                found.insert(((0, column), sum));
                found.extend(choice.iter().enumerate().map(|(group, count)| ((group + 1, column), *count)));
            }
        }
        found
    }
}

/// Every way of taking one of each.
fn choices<T: Clone>(lists: &[Vec<T>]) -> Vec<Vec<T>> {
    let mut chosen: Vec<Vec<T>> = vec![Vec::new()];
    for list in lists {
        chosen = chosen.iter().flat_map(|begun| list.iter().map(|item| [begun.as_slice(), std::slice::from_ref(item)].concat())).collect();
    }
    chosen
}

fn classes() -> impl Strategy<Value = Classes> {
    let points = || prop_oneof![3 => (0_u8..=40).prop_map(Some), 1 => Just(None)];
    let steady = (0_u8..=3).prop_map(|points| (Some(points), Some(points)));
    let raised = (20_u8..=40).prop_map(|points| (Some(points), Some(points)));
    let improved = (20_u8..=40).prop_map(|points| (Some(points), Some(2)));
    let pupil = prop_oneof![2 => steady, 1 => raised, 1 => improved, 1 => (points(), points())];
    prop::collection::vec(prop::collection::vec(pupil, 1..9), 2..4)
}

/// The counts of a row; those of the pairs' verdicts and levels are small at nought too.
const OF_ALL: [&str; 3] = ["n_baseline", "n_review", "n_paired"];
const OF_PAIRS: [&str; 5] = ["n_clearly_better", "n_no_clear_change", "n_clearly_worse", "n_above_before", "n_above_after"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// From the file alone nobody can tell that a hidden count is small, nor what any hidden count is.
    #[test]
    fn hidden_counts_cannot_be_worked_out(classes in classes()) {
        let desk = Desk::new();
        write(&desk, &classes);
        let printed = desk.compare(&["-o", "x.csv", "--by", "class", "--internal"]);
        prop_assume!(printed.code == 0);
        let truth = rows(&desk.read("x.group.csv"));
        let limit = 2;
        let reader = Reader { groups: published(&desk, &["--limit", "2"]), limit };
        let possible = reader.possible(&truth);
        for (group, (row, truth)) in reader.groups.iter().zip(&truth).enumerate() {
            for column in OF_ALL.into_iter().chain(OF_PAIRS) {
                let Ok(count) = truth[column].parse::<u64>() else { continue };
                let may_be_nought = OF_ALL.contains(&column) || truth["n_paired"] == "0";
                if row[column] != "c" {
                    prop_assert!(count >= limit || count == 0 && may_be_nought, "{} of {} is shown: {:?}", column, group, reader.groups);
                    continue;
                }
                let values = &possible[&(group, column)];
                let is_any = |mut small: std::ops::RangeInclusive<u64>| small.all(|value| values.contains(&value));
                let is_safe = values.len() > 1 && (count >= limit || is_any(u64::from(may_be_nought)..=limit));
                prop_assert!(is_safe, "{} of {} is one of {:?}: {:?}", column, group, values, reader.groups);
            }
        }
    }
}
