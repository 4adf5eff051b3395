#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| trustlock_fuzz::requirements(bytes));
