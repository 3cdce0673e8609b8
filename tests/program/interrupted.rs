//! Ctrl-C leaves whole files or none, and says how far it came.

use crate::common::cli::Folder;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Ends a call by a signal as soon as it has begun to write; what it says, and what is left in the folder.
fn interrupted(signal: &str, arguments: &[&str]) -> (String, Vec<String>) {
    let folder = Folder::new(&format!("interrupted{signal}"));
    let left = || -> Vec<String> {
        let entries = std::fs::read_dir(folder.path("")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let mut child = Command::new(env!("CARGO_BIN_EXE_reffect"))
        .args(arguments)
        .args(["-o", "out.csv"])
        .current_dir(folder.path(""))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while left().is_empty() && child.try_wait().unwrap().is_none() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(2));
    }
    Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success());
    (String::from_utf8(output.stderr).unwrap(), left())
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
    // More than a pipe holds, so that what is written meets nobody.
    let folder = Folder::new("no-reader");
    folder.write("means.csv", format!("mean,n\n{}", "5.19,28\n".repeat(20_000)));
    let mut child = Command::new(env!("CARGO_BIN_EXE_reffect"))
        .args(["check", "means.csv", "--json"])
        .current_dir(folder.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
