//! Ctrl-C leaves whole files or none, and says how far it came.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Ends a call by a signal as soon as it has begun to write; what it says, and what is left in the folder.
fn interrupted(signal: &str, arguments: &[&str]) -> (String, Vec<String>) {
    let folder = std::env::temp_dir().join(format!("reffect-interrupted{signal}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let left = |folder: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let child = Command::new(env!("CARGO_BIN_EXE_reffect"))
        .args(arguments)
        .args(["-o", "out.csv"])
        .current_dir(&folder)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while left(&folder).is_empty() {
        std::thread::sleep(Duration::from_millis(2));
    }
    Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success());
    let names = left(&folder);
    std::fs::remove_dir_all(&folder).unwrap();
    (String::from_utf8(output.stderr).unwrap(), names)
}

#[test]
fn a_long_list_of_data_sets_is_not_left_half_written() {
    let call = ["reconstruct", "6.1 ± 2.0", "-n", "50", "--min", "0", "--max", "10", "--limit", "10000000"];
    for signal in ["-INT", "-TERM"] {
        let (told, names) = interrupted(signal, &call);
        assert!(told.contains("stopped after") && told.contains("out.csv was not written"), "{signal}: {told}");
        assert_eq!(names, [] as [&str; 0], "{signal}");
    }
}

/// `reffect check data | true`: the verdict counts, also when nobody reads it.
#[test]
fn a_check_keeps_its_verdict_without_a_reader() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_reffect"))
        .args(["check", "data/examples/means.csv", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
