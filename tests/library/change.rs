//! `change.csv`: what a clear change is.

use std::collections::BTreeMap;

use bandwise::instrument::{ChangeKind, ChangeRecord};

use crate::tables::{BUILT_INS, Row, expect_none, table};

/// A record in the words of the table.
fn row_words(row: &Row) -> String {
    let number = |column: &str| row[column].parse::<f64>().ok();
    if row["points"].is_empty() {
        format!("{}: sd {:?}, r {:?}, mean {:?}, retest {:?}", row["record"], number("sd"), number("r"), number("mean"), number("retest"))
    } else {
        format!("{}: {:?} points, inclusive {}", row["record"], number("points"), row["inclusive"])
    }
}

fn record_words(record: &ChangeRecord) -> String {
    match record.kind {
        ChangeKind::Reliability { sd, r, norm_mean, retest } => {
            format!("{}: sd {:?}, r {:?}, mean {norm_mean:?}, retest {retest:?}", record.name, Some(sd), Some(r))
        }
        ChangeKind::Threshold { points, inclusive } => {
            format!("{}: {:?} points, inclusive {}", record.name, Some(points), if inclusive { "yes" } else { "no" })
        }
    }
}

#[test]
fn every_change_record_is_the_published_one_and_the_default_stands_first() {
    let mut published: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in table("change.csv") {
        published.entry(format!("{}, {}", row["instrument"], row["scale"])).or_default().push(row_words(&row));
    }
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for instrument in BUILT_INS.iter() {
        for record in &instrument.change {
            let key = format!("{}, {}", instrument.id, instrument.scales[record.scale].id);
            found.entry(key).or_default().push(record_words(record));
        }
    }
    let keys: std::collections::BTreeSet<&String> = published.keys().chain(found.keys()).collect();
    let differs = |key: &&String| {
        let (published, found) = (published.get(*key), found.get(*key));
        (published != found).then(|| format!("{key}: published {published:?}, built in {found:?}"))
    };
    expect_none(&keys.iter().filter_map(differs).collect::<Vec<_>>());
}
