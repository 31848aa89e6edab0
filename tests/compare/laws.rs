//! What holds for any two files.

use proptest::prelude::*;

use super::{Desk, Printed, rows};

/// Some pupils with scores at both times; a blank now and then.
fn pairs() -> impl Strategy<Value = Vec<(Option<u8>, Option<u8>)>> {
    prop::collection::vec((prop::option::weighted(0.9, 0_u8..=40), prop::option::weighted(0.9, 0_u8..=40)), 1..25)
}

/// One time: a score for each pupil.
type Time = Vec<(usize, Option<u8>)>;

fn write(desk: &Desk, name: &str, scores: &[(usize, Option<u8>)]) {
    let row = |(pupil, score): &(usize, Option<u8>)| format!("p{pupil},{}\n", score.map_or(String::new(), |score| score.to_string()));
    let rows: Vec<String> = scores.iter().map(row).collect();
    desk.write(name, &format!("pupil_id,points\n{}", rows.concat()));
}

fn times(pairs: &[(Option<u8>, Option<u8>)]) -> (Time, Time) {
    let before = pairs.iter().enumerate().map(|(pupil, pair)| (pupil, pair.0)).collect();
    let after = pairs.iter().enumerate().map(|(pupil, pair)| (pupil, pair.1)).collect();
    (before, after)
}

fn csv_of(desk: &Desk) -> String {
    let Printed { out, .. } = desk.compare(&["--format", "csv"]);
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Swapping the two times flips every sign and every clear verdict.
    #[test]
    fn swapping_the_times_flips_every_sign(pairs in pairs()) {
        let desk = Desk::new();
        let (before, after) = times(&pairs);
        write(&desk, "before.csv", &before);
        write(&desk, "after.csv", &after);
        let forward = rows(&csv_of(&desk));
        write(&desk, "before.csv", &after);
        write(&desk, "after.csv", &before);
        let backward = rows(&csv_of(&desk));
        prop_assert_eq!(forward.len(), backward.len());
        for (one, other) in forward.iter().zip(&backward) {
            prop_assert_eq!(&one["pupil_id"], &other["pupil_id"]);
            prop_assert_eq!((&one["baseline"], &one["review"]), (&other["review"], &other["baseline"]));
            if let (Ok(change), Ok(back)) = (one["change"].parse::<i32>(), other["change"].parse::<i32>()) {
                prop_assert_eq!(change, -back);
            }
            let flipped = match one["verdict"].as_str() {
                "clearly better" => "clearly worse",
                "clearly worse" => "clearly better",
                same => same,
            };
            prop_assert_eq!(flipped, &other["verdict"]);
        }
    }

    /// Pairing is by id: the order of the review's rows does not matter, and another pupil changes nobody's line.
    #[test]
    fn row_order_and_other_pupils_do_not_matter(pairs in pairs(), more in 0_u8..=40) {
        let desk = Desk::new();
        let (before, mut after) = times(&pairs);
        write(&desk, "before.csv", &before);
        write(&desk, "after.csv", &after);
        let first = csv_of(&desk);
        after.reverse();
        write(&desk, "after.csv", &after);
        prop_assert_eq!(&first, &csv_of(&desk));
        let extend = |time: &[(usize, Option<u8>)]| time.iter().copied().chain([(900, Some(more))]).collect::<Vec<_>>();
        write(&desk, "before.csv", &extend(&before));
        write(&desk, "after.csv", &extend(&after));
        let with_one_more = csv_of(&desk);
        for line in first.lines() {
            prop_assert!(with_one_more.lines().any(|other| other == line), "{} is gone", line);
        }
    }
}
