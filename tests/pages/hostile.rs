//! Names, goals and files whose words would like to be more than words.

use crate::Desk;
use crate::markup::{elements, words};

const WORDS: [&str; 7] = [
    "<script>window.ran=1</script>",
    "\"><img src=x onerror=\"ran()\">",
    "</style></title><svg onload=ran()>",
    "O'Fake \"Ed\" & Co",
    "שלום בדיקה",
    "Fake \u{202e}Reversed",
    "&lt;b&gt; 👩\u{200d}👧",
];

fn row(cells: &[&str]) -> String {
    cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect::<Vec<_>>().join(",") + "\n"
}

/// What a page shows of a word: marks that reorder what stands around them are replaced.
fn shown(word: &str) -> String {
    word.replace('\u{202e}', "\u{fffd}")
}

fn desk() -> Desk {
    let desk = Desk::new();
    let long = "L".repeat(200);
    let ids: Vec<&str> = WORDS.iter().copied().chain([long.as_str()]).collect();
    let word = |place: usize| WORDS[place % WORDS.len()];
    let mut form = "pupil_id,class,date,completed by,q1,q2,q3,q4,q5,q6,q7,q8,q9\n".to_owned();
    let mut goals = "pupil_id,goal,scale,target,provision,<u>who</u>\n".to_owned();
    let mut evidence = "pupil_id,measure,baseline,review\n".to_owned();
    let mut list = "id,Surname,Forename,Class\n".to_owned();
    for (place, id) in ids.iter().enumerate() {
        form += &row(&[
            id,
            word(place + 1),
            "<i>today</i>",
            word(place + 2),
            "1",
            "2",
            "3",
            "2",
            "1",
            "2",
            "1",
            "2",
            if place % 2 == 0 { "1" } else { "" },
        ]);
        goals += &row(&[id, word(place + 3), "total", "-6", word(place + 4), word(place + 5)]);
        evidence += &row(&[id, word(place + 1), word(place + 2), word(place + 3)]);
        list += &row(&[id, word(place + 6), "<i>Ada</i>", word(place + 1)]);
    }
    for (name, text) in
        [("<b>&'form.csv", &form), ("review.csv", &form), ("goals.csv", &goals), ("evidence.csv", &evidence), ("list.csv", &list)]
    {
        desk.write(name, text);
    }
    let title = "title = '''<script>ran()</script>'''\nnext_steps = ['''<img src=x onerror=ran()> & so on''']\n";
    desk.write("pathway.toml", &format!("{title}[stages.assess]\ntitle = '''</h3><script>'''\nprompts = ['''<b onclick=ran()>''']\n"));
    desk
}

#[test]
fn every_word_is_text_wherever_it_stands() {
    let desk = desk();
    let (file, form) = ("<b>&'form.csv", ["-i", "phq-9"]);
    let both = [file, "review.csv"];
    let commands: [Vec<&str>; 8] = [
        [vec!["score", file, "--title", WORDS[2]]].concat(),
        vec!["flag", file, "--all"],
        [vec!["compare"], both.to_vec(), vec!["--goals", "goals.csv", "--by", "class"]].concat(),
        vec!["missing", file, "--pupils", "list.csv", "--by", "class"],
        vec!["goals", file, "--goals", "goals.csv"],
        [
            vec!["report", "pupil"],
            both.to_vec(),
            "--goals goals.csv --evidence evidence.csv --pathway pathway.toml --by class --times <i>1</i>,2&3".split(' ').collect(),
        ]
        .concat(),
        [vec!["report", "meeting"], both.to_vec(), vec!["--goals", "goals.csv", "--by", "class"]].concat(),
        [vec!["report", "provision"], both.to_vec(), vec!["--goals", "goals.csv", "--by", "class"]].concat(),
    ];
    for command in commands {
        let page = desk.run(&[command.clone(), form.to_vec()].concat()).unwrap_or_else(|said| panic!("{command:?}: {said}"));
        // Sound, and nothing in it but what the page itself is made of: no word has become an element or an attribute.
        for element in elements(&page) {
            let is_ours = !["script", "img", "b", "i", "u"].contains(&element.name.as_str());
            assert!(is_ours && element.attributes.iter().all(|(name, _)| !name.starts_with("on")), "{command:?}: {element:?}");
        }
        let words = words(&page);
        for word in WORDS {
            assert!(words.contains(&shown(word)), "{command:?}: {word}");
        }
        assert!(words.contains("<b>&'form.csv"), "{command:?}: the file's name");
        assert!(!page.contains('\u{202e}'), "{command:?}");
        assert!(words.contains(&"L".repeat(200)), "{command:?}: a long name is whole");
    }
}

#[test]
fn a_working_is_text_too() {
    let desk = desk();
    for word in WORDS {
        let page = desk.run(&["working", "<b>&'form.csv", "-i", "phq-9", "--pupil", word]).unwrap();
        let found = elements(&page);
        assert!(found.iter().all(|element| element.name != "script" && element.name != "img"), "{word}");
        let title = found.iter().find(|element| element.name == "h1").unwrap();
        assert_eq!(title.text, format!("Working: {}", shown(word)));
    }
}

#[test]
fn the_words_of_times_pathway_and_carried_columns_are_whole() {
    let desk = desk();
    let rest = "-i phq-9 --goals goals.csv --pathway pathway.toml --times <i>1</i>,2&3".split(' ');
    let command: Vec<&str> = ["report", "pupil", "<b>&'form.csv", "review.csv"].into_iter().chain(rest).collect();
    let words = words(&desk.run(&command).unwrap());
    for wanted in
        ["<i>1</i>", "2&3", "<u>who</u>", "</h3><script>", "<b onclick=ran()>", "<img src=x onerror=ran()> & so on", "<i>today</i>"]
    {
        assert!(words.contains(wanted), "{wanted}");
    }
}
