//! A page taken apart: its elements in their order, each with its attributes and the text in it.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// One element.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// The names of the elements around it, the outermost first.
    pub(crate) around: Vec<String>,
    /// The text in it and in what it holds.
    pub(crate) text: String,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The elements of a page. It has to be sound: every element closed, every attribute in quotes and there once, every `&` a known one.
pub(crate) fn elements(page: &str) -> Vec<Element> {
    let body = page.strip_prefix("<!DOCTYPE html>").unwrap();
    // `meta` is never closed in HTML, and is the only element of its kind in a page.
    let parts: Vec<&str> = body.split("<meta ").collect();
    let closed = parts.iter().skip(1).map(|part| part.replacen('>', "/>", 1));
    let body = std::iter::once(parts[0].to_owned()).chain(closed).collect::<Vec<_>>().join("<meta ");
    let mut reader = Reader::from_str(&body);
    let (mut found, mut open): (Vec<Element>, Vec<usize>) = (Vec::new(), Vec::new());
    let element = |tag: &BytesStart<'_>, found: &[Element], open: &[usize]| Element {
        name: tag.name().as_ref().to_owned(),
        attributes: tag
            .attributes()
            .map(|attribute| {
                let attribute = attribute.unwrap();
                let value = quick_xml::escape::unescape(&attribute.value).unwrap().into_owned();
                (attribute.key.as_ref().to_owned(), value)
            })
            .collect(),
        around: open.iter().map(|place| found[*place].name.clone()).collect(),
        text: String::new(),
    };
    loop {
        let text = match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Start(tag) => {
                found.push(element(&tag, &found, &open));
                open.push(found.len() - 1);
                continue;
            }
            Event::Empty(tag) => {
                found.push(element(&tag, &found, &open));
                continue;
            }
            Event::End(_) => {
                open.pop().unwrap();
                continue;
            }
            Event::Text(text) => text.to_string(),
            Event::GeneralRef(name) => quick_xml::escape::unescape(&format!("&{};", &*name)).unwrap().into_owned(),
            other => panic!("a page holds elements and text, not {other:?}"),
        };
        for place in &open {
            found[*place].text.push_str(&text);
        }
    }
    assert!(open.is_empty());
    found
}

/// The words of a page as a reader sees them, the style sheet left out.
pub(crate) fn words(page: &str) -> String {
    elements(page).iter().find(|element| element.name == "body").unwrap().text.clone()
}
