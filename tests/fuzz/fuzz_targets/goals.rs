//! Any bytes as a goals file, for forms with and without bands and for rated goals.
#![no_main]

use bandwise::change::goals::read_goals;
use bandwise::findings::Findings;
use bandwise_fuzz::{FORMS_IN_USE, file, told, with_form};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let input = file("goals.csv", bytes);
    with_form(FORMS_IN_USE[usize::from(*first) % FORMS_IN_USE.len()], |form| {
        let mut findings = Findings::new();
        if let Ok(mut file) = read_goals(&input, form.instrument(), form.band_set(), &mut findings) {
            assert!(file.goals.iter().all(|goal| goal.carried.len() == file.carried.len()), "every goal has every carried column");
            file.leave_out(bandwise::matching::names_a_pupil);
        }
        told(&findings);
        (Some(form), ())
    });
});
