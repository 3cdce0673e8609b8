//! Runs the target that `REFFECT_FUZZ_TARGET` names.
#![no_main]

#[path = "../targets.rs"]
mod targets;

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static TARGET: LazyLock<targets::Target> = LazyLock::new(|| {
    let name = std::env::var("REFFECT_FUZZ_TARGET").unwrap_or_default();
    let found = targets::ALL.iter().find(|(target, _)| *target == name);
    found.unwrap_or_else(|| panic!("no target {name:?}: set REFFECT_FUZZ_TARGET to one of targets.rs")).1
});

fuzz_target!(|bytes: &[u8]| TARGET(bytes));
