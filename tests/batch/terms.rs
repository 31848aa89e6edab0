//! What a term file says: what is shared, what is a job's own, and what an output's.

use bandwise::batch::{CommandWords, Files, Holds, OptionWords, Takes, TermFile, Vocabulary, conflicts, read_term, starter};
use bandwise::findings::Finding;
use proptest::prelude::*;

fn vocabulary() -> Vocabulary {
    let option = |name: &str, takes, holds| OptionWords { name: name.to_owned(), takes, holds };
    let options = vec![
        option("instrument", Takes::Several, Holds::Words),
        option("long", Takes::Nothing, Holds::Words),
        option("on", Takes::One, Holds::Words),
        option("pupils", Takes::One, Holds::Inputs),
        option("findings", Takes::One, Holds::Output),
    ];
    let score = CommandWords { key: "score", words: &["score"], files: Files::Responses, needs: &[], options: options.clone() };
    let needs: &[&[&str]] = &[&["baseline", "on"]];
    let meeting = CommandWords { key: "meeting", words: &["report", "meeting"], files: Files::BothTimes, needs, options };
    Vocabulary { commands: vec![score, meeting] }
}

fn read(text: &str) -> Result<TermFile, Vec<Finding>> {
    read_term("term.toml", text, &vocabulary())
}

/// Every command of a term file, as it would be typed.
fn commands(text: &str) -> Vec<String> {
    let term = read(text).unwrap();
    term.jobs.iter().flat_map(|job| job.outputs.iter().map(|output| output.command(job).join(" "))).collect()
}

#[test]
fn the_nearest_says_what_is_meant() {
    let text = r#"
[defaults]
instrument = ["a", "b"]
on = 2026-12-18
long = true
responses = "forms/{job}.csv"
outputs = { score = "out/{job}.csv" }

[[jobs]]
name = "one"

[[jobs]]
name = "two"
instrument = "c"
long = false
responses = ["x.csv", "y.csv"]
baseline = "before-{job}.csv"
outputs = { score = [{ file = "two.csv", on = "2027-01-09" }, "two.json"], meeting = "two.html" }
"#;
    assert_eq!(
        commands(text),
        [
            "score --instrument=a --instrument=b --long --on=2026-12-18 --output=out/one.csv -- forms/one.csv",
            "score --instrument=c --on=2027-01-09 --output=two.csv -- x.csv y.csv",
            "score --instrument=c --on=2026-12-18 --output=two.json -- x.csv y.csv",
            "report meeting --instrument=c --on=2026-12-18 --output=two.html -- before-two.csv x.csv y.csv",
        ]
    );
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_file() {
    let found =
        read("[defaults]\npupil = 1\nlong = 3\n[[jobs]]\nname = \"\"\n[[jobs]]\nnam = \"x\"\noutputs = { meeting = true }\n").unwrap_err();
    let told: Vec<String> =
        found.iter().map(|finding| format!("{} {} {}", finding.place.row().unwrap(), finding.code, finding.message)).collect();
    assert_eq!(
        told,
        [
            "2 J002 a job knows no key `pupil`",
            "3 J004 `long` should be true or false",
            "4 J003 the job has no `responses`",
            "4 J003 the job has no `outputs`",
            "5 J003 `name` is empty",
            "6 J003 the job has no `name`",
            "6 J003 the job has no `responses`",
            "7 J002 a job knows no key `nam`",
            "8 J004 `meeting` should be a text in quotation marks",
        ]
    );
}

#[test]
fn a_file_without_jobs_says_nothing() {
    for text in ["", "# nothing\n", "jobs = []\n", "[defaults]\nlong = true\n"] {
        let found = read(text).unwrap_err();
        assert_eq!(found[0].message, "the term file has no job", "{text}");
    }
    assert_eq!(read("job = 1\n").unwrap_err().len(), 2);
}

/// What is written beside an output is known from the beginning, where its name is in the term file.
#[test]
fn outputs_that_get_in_the_way_are_found_before_anything_is_run() {
    let job = |outputs: &str| {
        format!(
            "[[jobs]]\nname = \"a\"\ninstrument = \"own.toml\"\npupils = \"list.csv\"\nresponses = \"f/*.csv\"\noutputs = {{ {outputs} }}\n"
        )
    };
    for (outputs, expected) in [
        ("score = \"out.csv\"", vec![]),
        ("score = [\"out.csv\", \"./out.csv\"]", vec!["`./out.csv` is written by job `a` already"]),
        ("score = { file = \"out.json\", findings = \"out.json\" }", vec!["`out.json` is written by job `a` already"]),
        (
            "score = [\"out.csv\", { file = \"x.json\", findings = \"out.csv.provenance.json\" }]",
            vec!["`out.csv.provenance.json` is written by job `a` already"],
        ),
        ("score = \"list.csv\"", vec!["`list.csv` is read by job `a`"]),
        ("score = \"x/../f/y.csv\"", vec!["`x/../f/y.csv` is read by job `a`"]),
        ("score = \"own.toml\"", vec!["`own.toml` is read by job `a`"]),
        ("score = \"term.toml\"", vec!["`term.toml` is what says what is run, and what ran"]),
        ("score = \"bandwise-run.json\"", vec!["`bandwise-run.json` is what says what is run, and what ran"]),
    ] {
        let found = conflicts(&read(&job(outputs)).unwrap(), "term.toml".as_ref());
        assert_eq!(found.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>(), expected, "{outputs}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever stands in the file, it is read or its problems are told.
    #[test]
    fn no_text_makes_the_reader_stumble(at in 0_usize..1_300, length in 0_usize..40, put in "[ -~\\n]{0,12}") {
        let mut text = starter().to_owned();
        let at = at.min(text.len());
        text.replace_range(at..(at + length).min(text.len()), &put);
        if let Err(found) = read(&text) {
            prop_assert!(!found.is_empty());
        }
    }
}
