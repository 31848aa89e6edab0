//! Any bytes as an evidence file.
#![no_main]

use bandwise::change::evidence::read_evidence;
use bandwise::findings::Findings;
use bandwise_fuzz::{file, told};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut findings = Findings::new();
    if let Ok(mut evidence) = read_evidence(&file("evidence.csv", data), &mut findings) {
        evidence.rename_pupils(|id| (!id.starts_with('x')).then(|| id.to_lowercase()));
        let evidence = evidence.settle(|id| id.len() < 8, &mut findings);
        let _ = (evidence.measures().len(), evidence.pupil_count());
    }
    told(&findings);
});
