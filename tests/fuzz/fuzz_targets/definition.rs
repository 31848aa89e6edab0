//! Any text as a definition; one that is taken is held against its examples, shown as a page, and scored with.
#![no_main]

use bandwise::findings::{Findings, Style};
use bandwise::flags::FlagRule;
use bandwise::instrument::{Pupil, Said, Sex, read_definition};
use bandwise::matching::Answer;
use bandwise::report::{TableStyle, instrument_page};
use bandwise::scoring::{Form, FormOptions, check_examples};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut findings = Findings::new();
    match read_definition("own.toml", &text) {
        Err(found) => {
            assert!(!found.is_empty(), "a refusal says why");
            findings.extend(found);
        }
        Ok((instrument, notes)) => {
            findings.extend(notes);
            findings.extend(check_examples(&instrument));
            assert!(!instrument_page(&instrument, TableStyle { style: Style::Plain, width: 80 }).is_empty());
            let form = Form::new(instrument, &FormOptions::default()).unwrap();
            let _ = FlagRule::new(&form, None);
            use_it(&form);
        }
    }
    bandwise_fuzz::told(&findings);
});

fn use_it(form: &Form) {
    let instrument = form.instrument();
    let highest = |answers: usize| u16::try_from(instrument.answers[answers].codes.len() - 1).unwrap();
    let pupil = Pupil { sex: Said::This(Sex::Female), age: Said::This(11), year: Said::This(7) };
    let blocks = vec![true; instrument.blocks.len()];
    let given: [fn(usize, u16) -> Answer; 4] = [
        |_, _| Answer::Given(0),
        |_, highest| Answer::Given(highest),
        |index, highest| if index % 3 == 0 { Answer::Blank } else { Answer::Given(highest) },
        |_, _| Answer::Refused,
    ];
    for given in given {
        let answers: Vec<Answer> = instrument.items.iter().enumerate().map(|(index, item)| given(index, highest(item.answers))).collect();
        let mut scores = Vec::new();
        form.scorer().score(&answers, &blocks, &pupil, &mut scores);
        for (index, (scale, score)) in instrument.scales.iter().zip(&scores).enumerate() {
            let Some(value) = score.value() else { continue };
            let (least, most) = scale.range;
            assert!(least <= value && value <= most, "`{}` is {value}, outside its range", scale.id);
            let level = form.level(index, value, &pupil).ok().flatten();
            assert!(level.is_none_or(|level| level < form.bands(index).unwrap().levels.len()));
        }
    }
}
