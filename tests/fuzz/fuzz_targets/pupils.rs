//! Any bytes as a pupil list, in which its own pupils are then looked up, and as a list of withdrawn consent.
#![no_main]

use bandwise::findings::Findings;
use bandwise::input::InputOptions;
use bandwise::matching::{LookUp, Meant, Roster, read_exclusions, read_names, read_pupils};
use bandwise_fuzz::{file, told};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let input = file("pupils.csv", data);
    let options = InputOptions::default();
    let mut findings = Findings::new();
    if let Ok((list, found)) = read_pupils(&input, &options) {
        findings.extend(found);
        let mut roster = Roster::new(list, None);
        for pupil in &roster.list().pupils {
            let meant = roster.find(&LookUp::Any, &[&pupil.id]);
            let is_the_pupil = |index: usize| roster.pupil(index).is_some_and(|found| found.row == pupil.row);
            assert!(!matches!(meant, Meant::One(index) if !is_the_pupil(index)), "an id finds its own pupil or nobody alone");
            let _ = (roster.like(&pupil.id, 2), pupil.full_name());
        }
        if let Ok((_, found)) = read_names(&input, &options, &mut roster) {
            findings.extend(found);
        }
        let _ = read_exclusions(&input, &options, Some(&roster)).map(|exclusions| exclusions.len());
    }
    told(&findings);
});
