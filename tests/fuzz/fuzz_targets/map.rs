//! Any text as a map, used on a class as a school has it.
#![no_main]

use bandwise::findings::{Findings, Place, Source};
use bandwise::matching::{MatchOptions, check_map, read_map};
use bandwise::scoring::{ReadOptions, Refusals, Responses};
use libfuzzer_sys::fuzz_target;

const CLASS: &[u8] = include_bytes!("../../../fixtures/class-7b-typed.csv");

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data).into_owned();
    let mut findings = Findings::new();
    match read_map("map.toml", &text) {
        Err(finding) => findings.push(*finding),
        Ok(map) => bandwise_fuzz::with_form("sdq-t4-17", |form| {
            let place = Place::Definition { source: Source { name: "map.toml".into(), text }.into(), span: 0..0 };
            findings.extend(check_map(&map, &[form.instrument()], &place));
            let input = bandwise_fuzz::file("class.csv", CLASS);
            let options = ReadOptions {
                matching: MatchOptions { map, ..MatchOptions::default() },
                refusals: Refusals::Remember,
                ..ReadOptions::default()
            };
            let form = Responses::open(&[input], vec![form], options, &mut findings).ok().and_then(|mut responses| {
                while let Ok(Some(_)) = responses.next_batch(&mut findings) {}
                responses.into_forms().into_iter().next()
            });
            (form, ())
        }),
    }
    bandwise_fuzz::told(&findings);
});
