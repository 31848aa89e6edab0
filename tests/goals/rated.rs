//! Goal attainment T scores of whole files: whose, over which goals, and why there is none.

use bandwise::change::goals::gas_scores;

use super::given::read;

const HEADER: &str = "pupil_id,goal,scale,target,baseline,review,weight\n";

/// Pupil, number of goals, T at baseline, T at review, note.
fn scores(rows: &str) -> Vec<(String, usize, String, String, String)> {
    let shown = |t: Option<f64>| t.map_or("none".to_owned(), |t| format!("{t:.3}"));
    let (file, _) = read(&format!("{HEADER}{rows}"));
    gas_scores(&file.goals)
        .into_iter()
        .map(|score| (score.pupil_id.to_string(), score.goals, shown(score.baseline), shown(score.review), score.note))
        .collect()
}

fn row(pupil: &str, goals: usize, baseline: &str, review: &str, note: &str) -> (String, usize, String, String, String) {
    (pupil.into(), goals, baseline.into(), review.into(), note.into())
}

#[test]
fn each_pupil_has_a_score_over_goals_declared_gas_only() {
    let rows =
        "A,one,gas,>=0,-1,1,\nB,one,gas,>=0,-2,1,\nA,two,GAS,>=0,-1,1,1\nA,three,gas,>=0,-1,1,\nA,four,gbo,>=8,1,2,\nC,one,,>=1,-1,1,\n";
    assert_eq!(scores(rows), [row("A", 3, "36.307", "63.693", ""), row("B", 1, "30.000", "60.000", "")]);
}

#[test]
fn a_score_over_some_of_the_goals_is_no_score() {
    for (rows, expected) in [
        ("A,one,gas,>=0,-1,1,\nA,two,gas,>=0,-1,,\n", row("A", 2, "37.597", "none", "1 of 2 goals has no review rating")),
        (
            "A,one,gas,>=0,-1,,\nA,two,gas,>=0,,,\n",
            row("A", 2, "none", "none", "1 of 2 goals has no baseline rating; 2 of 2 goals have no review rating"),
        ),
        ("A,one,gas,>=0,-1,7,\n", row("A", 1, "40.000", "none", "1 of 1 goal has no review rating")),
        ("A,one,gas,0,-1,1,\nA,two,gas,>=0,-1,1,\n", row("A", 2, "none", "none", "row 2 cannot be read")),
        ("A,one,gas,>=0,-1,1,lots\n", row("A", 1, "none", "none", "the weight in row 2 cannot be read")),
        ("A,one,gas,>=0,-1,1,\nA,One,gas,>=0,-1,1,\n", row("A", 2, "none", "none", "the goal in row 2 stands there twice")),
        ("A,one,gas,>=0,-1,1,0\n", row("A", 1, "none", "none", "no goal has a weight above 0")),
    ] {
        assert_eq!(scores(rows), [expected], "{rows}");
    }
    assert_eq!(scores("A,one,gbo,>=8,1,2,\n"), []);
}
