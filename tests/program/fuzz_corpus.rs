//! The inputs that fuzzing kept, one of each kind of behaviour, go through the same targets again.

use std::path::Path;

#[test]
fn every_input_that_was_kept_is_handled() {
    for (name, target) in crate::targets::ALL.iter().copied() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(name);
        let mut inputs: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        inputs.sort();
        assert!(inputs.len() > 5, "{name}: only {} inputs", inputs.len());
        for path in inputs {
            target(&std::fs::read(&path).unwrap());
        }
    }
}
