//! What holds of every page.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::markup::{elements, words};
use crate::{COMMANDS, Desk};

#[test]
fn every_page_is_one_sound_document_with_headings_in_order() {
    let desk = Desk::new();
    for (name, command) in COMMANDS {
        let elements = elements(&desk.page(command));
        let count = |wanted: &str| elements.iter().filter(|element| element.name == wanted).count();
        assert_eq!(elements[0].attribute("lang"), Some("en-GB"), "{name}");
        assert_eq!([count("h1"), count("main"), count("style"), count("header"), count("footer")], [1; 5], "{name}");
        assert!(
            elements.iter().any(|element| element.name == "title" && element.around == ["html", "head"] && !element.text.is_empty()),
            "{name}"
        );
        let mut level = 0;
        for element in &elements {
            let Some(deeper) = element.name.strip_prefix('h').and_then(|digit| digit.parse::<u8>().ok()) else { continue };
            assert!(deeper <= level + 1 && !element.text.trim().is_empty(), "{name}: {} {}", element.name, element.text);
            level = deeper;
        }
        let mut ids: Vec<&str> = elements.iter().filter_map(|element| element.attribute("id")).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}: an id stands twice");
    }
}

#[test]
fn every_table_has_headings_and_every_figure_says_what_it_shows() {
    let desk = Desk::new();
    for (name, command) in COMMANDS {
        let page = desk.page(command);
        let found = elements(&page);
        let count = |wanted: &str| found.iter().filter(|element| element.name == wanted).count();
        assert_eq!(count("table"), count("thead"), "{name}: a heading that is printed again on every sheet");
        for heading in found.iter().filter(|element| element.name == "th") {
            let scope = if heading.around.iter().any(|around| around == "thead") { "col" } else { "row" };
            assert_eq!(heading.attribute("scope"), Some(scope), "{name}: {}", heading.text);
        }
        for (place, figure) in found.iter().enumerate().filter(|(_, element)| element.name == "svg") {
            let mut inside = found.iter().skip(place + 1).filter(|element| element.around.last().is_some_and(|last| last == "svg"));
            for wanted in ["title", "desc"] {
                let told = inside.next().unwrap();
                assert!(told.name == wanted && !told.text.trim().is_empty(), "{name}: {figure:?}");
            }
            assert_eq!(figure.attribute("role"), Some("img"), "{name}");
        }
    }
    assert!(desk.page(COMMANDS[0].1).contains("<svg"), "a class has a figure");
}

#[test]
fn nothing_runs_and_nothing_is_fetched() {
    let desk = Desk::new();
    for (name, command) in COMMANDS {
        let page = desk.page(command);
        let found = elements(&page);
        for element in &found {
            assert!(
                !["script", "iframe", "object", "embed", "link", "img", "base", "form"].contains(&element.name.as_str()),
                "{name}: {element:?}"
            );
            for (attribute, value) in &element.attributes {
                assert!(attribute != "style" && !attribute.starts_with("on") && attribute != "src", "{name}: {attribute}={value}");
                assert!(attribute != "href" || value.starts_with('#'), "{name}: {value}");
                assert!(!value.contains("http"), "{name}: {attribute}={value}");
            }
        }
        let style = &found.iter().find(|element| element.name == "style").unwrap().text;
        assert!(!style.contains("url(") && !style.contains("@import"), "{name}");
        let hash = BASE64_STANDARD.encode(Sha256::digest(style.as_bytes()));
        let policy = found.iter().find(|element| element.attribute("http-equiv") == Some("Content-Security-Policy")).unwrap();
        let expected = format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
        assert_eq!(policy.attribute("content"), Some(expected.as_str()), "{name}");
    }
}

#[test]
fn every_page_says_what_it_is_made_from() {
    let desk = Desk::new();
    for (name, command) in COMMANDS {
        let words = words(&desk.page(command));
        let (form, hash) = if command.contains("phq") {
            ("phq.csv, SHA-256 ", crate::PHQ.as_bytes().to_vec())
        } else {
            ("class-7a-teacher.csv, SHA-256 ", std::fs::read("fixtures/class-7a-teacher.csv").unwrap())
        };
        let hash = Sha256::digest(&hash).iter().fold(String::new(), |hash, byte| hash + &format!("{byte:02x}"));
        for wanted in [
            "Screening, not diagnosis",
            "Completed by",
            "Missing answers",
            "is never filled in from other pupils",
            "Owner",
            concat!("bandwise ", env!("CARGO_PKG_VERSION")),
            &format!("{form}{hash}"),
            "Special-category data",
        ] {
            assert!(words.contains(wanted), "{name}: {wanted}");
        }
        let source = if command.contains("phq") { "the set “usual”. the usual bands, as in" } else { "the set “four”. " };
        assert!(words.contains(source), "{name}: {source}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, other) = (Desk::new(), Desk::new());
    for (name, command) in COMMANDS {
        assert_eq!(one.page(command), other.page(command), "{name}");
    }
}

#[test]
fn dates_are_british() {
    let words = words(&Desk::new().page(COMMANDS[9].1));
    assert!(words.contains("20 September 2026") && words.contains("10 December 2026"));
    let without_options = words.replace("--times 2026-09-20,2026-12-10", "");
    assert!(!without_options.contains("2026-09-20") && !without_options.contains("2026-12-10"));
}
