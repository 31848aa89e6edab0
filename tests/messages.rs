//! Every finding has a page in `tests/messages/`: a small file with the mistake, the command, and the exact message and exit code.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its own pages should fail")]

use std::collections::BTreeSet;
use std::fs;

use assert_cmd::Command;
use bandwise::findings::Code;

/// What the environment could change about the output, set so that it changes nothing.
const ENVIRONMENT: [(&str, &str); 5] = [("NO_COLOR", "1"), ("CLICOLOR_FORCE", "0"), ("COLUMNS", "100"), ("TERM", "dumb"), ("LC_ALL", "C")];

#[test]
fn each_mistake_has_its_exact_message() {
    let cases = trycmd::TestCases::new();
    for (name, value) in ENVIRONMENT {
        cases.env(name, value);
    }
    cases.case("tests/messages/*.trycmd");
}

#[test]
fn each_code_has_a_page_and_each_page_a_code() {
    let pages: BTreeSet<String> = fs::read_dir("tests/messages")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "trycmd"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let codes: BTreeSet<String> = Code::ALL.iter().map(ToString::to_string).collect();
    let without_page: Vec<&String> = codes.difference(&pages).collect();
    let without_code: Vec<&String> = pages.difference(&codes).collect();
    assert!(without_page.is_empty(), "codes without a page in tests/messages: {without_page:?}");
    assert!(without_code.is_empty(), "pages in tests/messages without a code: {without_code:?}");
}

#[test]
fn each_page_shows_its_own_code_under_a_sentence() {
    for code in Code::ALL {
        let Ok(page) = fs::read_to_string(format!("tests/messages/{code}.trycmd")) else { continue };
        assert!(page.contains(&format!("[{code}]")), "{code} is not in its own page");
        assert!(page.starts_with(char::is_uppercase), "{code} begins with no sentence");
    }
}

#[test]
fn each_explanation_says_what_it_means_why_it_matters_and_what_to_do() {
    for code in Code::ALL {
        let explanation = code.explanation();
        for text in [explanation.means, explanation.matters, explanation.act] {
            assert!(text.split_whitespace().count() >= 3 && text.ends_with('.'), "{code}: {text:?} is no sentence");
        }
        assert_ne!(explanation.means, explanation.act, "{code}");
        // Somebody is told to do something, or that there is nothing to do.
        let act = explanation.act.to_lowercase();
        let mut words = act.split(|character: char| !character.is_alphabetic());
        assert!(words.any(|word| ACTIONS.contains(&word)), "{code}: {act:?} names no action");
    }
}

/// What somebody can be told to do.
const ACTIONS: [&str; 26] = [
    "add", "ask", "check", "choose", "close", "copy", "correct", "delete", "export", "fill", "give", "look", "mend", "name", "nothing",
    "open", "read", "rename", "run", "save", "say", "score", "set", "use", "work", "write",
];

/// A help that cannot be pasted is worse than none: every option that an explanation names must exist.
#[test]
fn explanations_name_only_options_and_commands_that_exist() {
    let help: String =
        ["score", "flag", "check", "compare", "goals", "summary", "run"].iter().map(|command| printed(&[command, "--help"])).collect();
    for code in Code::ALL {
        let explanation = code.explanation();
        let text = [explanation.means, explanation.matters, explanation.act].join(" ");
        for option in text.split('`').skip(1).step_by(2).filter_map(|quoted| quoted.split([' ', '=']).find(|word| word.starts_with("--"))) {
            assert!(help.contains(option), "{code} names `{option}`, which no command has");
        }
    }
}

#[test]
fn explain_prints_every_explanation() {
    let list = printed(&["explain"]);
    for code in Code::ALL {
        assert!(list.lines().any(|line| line.starts_with(code.id()) && line.ends_with(code.title())), "{code} is not in the list");
        let page = printed(&["explain", &code.id().to_lowercase()]);
        let explanation = code.explanation();
        for text in [code.title(), explanation.means, explanation.matters, explanation.act] {
            assert!(page.contains(text), "`explain {code}` lacks {text:?}");
        }
    }
}

fn printed(arguments: &[&str]) -> String {
    let mut command = Command::cargo_bin("bandwise").unwrap();
    let output = command.envs(ENVIRONMENT).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}
