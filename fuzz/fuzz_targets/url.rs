#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| schemacast_fuzz::properties::url::holds(data));
