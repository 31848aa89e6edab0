//! Any text as a school's pathway, held against a form in use.
#![no_main]

use bandwise::change::pathway::read_pathway;
use bandwise::findings::Findings;
use bandwise_fuzz::{told, with_form};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut findings = Findings::new();
    match read_pathway("pathway.toml", &String::from_utf8_lossy(data)) {
        Err(found) => {
            assert!(!found.is_empty(), "a refusal says why");
            findings.extend(found);
        }
        Ok(pathway) => with_form("sdq-t4-17", |form| {
            findings.extend(pathway.check(&[&form]));
            (Some(form), ())
        }),
    }
    told(&findings);
});
