//! A definition that adds to a built-in one scores what it adds to as that one does.

use bandwise::instrument::{Instrument, Rule, read_definition};
use bandwise::scoring::Scorer;
use proptest::prelude::*;

use crate::forms::{BUILT_INS, filled};
use crate::reading::cases;

fn read(text: &str) -> Instrument {
    read_definition("x.toml", text)
        .unwrap_or_else(|found| panic!("{:?}\n{text}", found.iter().map(|finding| &finding.message).collect::<Vec<_>>()))
        .0
}

#[test]
fn every_built_in_definition_can_be_added_to() {
    for instrument in BUILT_INS.iter() {
        let added = read(&format!("extends = \"{}\"\nid = \"ours\"\n", instrument.id));
        assert_eq!(&*added.id, "ours");
        assert_eq!(format!("{:?}", added.scales), format!("{:?}", instrument.scales), "{}", instrument.id);
        assert_eq!(format!("{:?}", added.bands), format!("{:?}", instrument.bands), "{}", instrument.id);
        assert_eq!(format!("{:?}", added.critical), format!("{:?}", instrument.critical), "{}", instrument.id);
        assert!(added.definition.sha256 != instrument.definition.sha256, "another text has another hash");
    }
}

proptest! {
    #![proptest_config(cases(64))]

    /// One more scale, of the questions of one that is there: the scores of all others are what they were.
    #[test]
    fn an_added_scale_changes_no_other(form in filled(), which in any::<prop::sample::Index>()) {
        let of_items: Vec<usize> =
            (0..form.instrument.scales.len()).filter(|scale| matches!(form.instrument.scales[*scale].rule, Rule::Items { .. })).collect();
        let Rule::Items { items, .. } = &form.instrument.scales[of_items[which.index(of_items.len())]].rule else { return Ok(()) };
        let names: Vec<String> = items.iter().map(|entry| format!("\"{}\"", form.instrument.items[entry.item].id)).collect();
        let added = read(&format!(
            "extends = \"{}\"\nid = \"ours\"\n[[scales]]\nid = \"our-own\"\nname = \"x\"\nitems = [{}]\nmethod = \"sum\"\nmissing = \"all needed\"\nbetter = \"lower\"\n",
            form.instrument.id,
            names.join(", ")
        ));
        let mut scores = Vec::new();
        Scorer::new(&added, &form.choices).score(&form.answers, &form.blocks, &form.pupil, &mut scores);
        let own = scores.pop().unwrap();
        prop_assert_eq!(scores, form.scores());
        // A scale belongs to the part of its first question; what other parts lack is blank in it.
        let open = items.iter().filter(|entry| form.is_asked(items[0].item) && form.is_open(entry.item)).count();
        prop_assert_eq!(usize::from(own.items - own.answered), open);
    }
}
