//! Any bytes as a text file of responses.
#![no_main]

use bandwise::scoring::ReadOptions;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| bandwise_fuzz::score(data, "class.csv", |_| ReadOptions::default()));
