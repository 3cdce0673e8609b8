//! Running the program in a folder of its own.

pub use super::folder::Folder;
use std::process::{Command, Output};

impl Folder {
    /// Runs the program here.
    pub fn run<S: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Output {
        self.run_at(110, args)
    }

    /// The same on a screen of so many columns.
    pub fn run_at<S: AsRef<std::ffi::OsStr>>(&self, columns: u16, args: impl IntoIterator<Item = S>) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reffect"));
        command.args(args).current_dir(&self.0).env("NO_COLOR", "1").env("COLUMNS", columns.to_string());
        command.output().unwrap()
    }
}

/// A call as a shell would split it: words in double quotes may have spaces.
pub fn words(call: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in call.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The document that a call wrote.
pub fn json_of(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(output)))
}

/// Fails unless a field is a number near the expected one, to an absolute tolerance.
#[track_caller]
pub fn within(field: &serde_json::Value, expected: f64, absolute: f64) {
    let found = field.as_f64().unwrap_or_else(|| panic!("{field} for {expected}"));
    assert!((found - expected).abs() <= absolute, "{found} for {expected}");
}

/// The same to a relative tolerance.
#[track_caller]
pub fn close(field: &serde_json::Value, expected: f64, relative: f64) {
    within(field, expected, relative * expected.abs());
}

/// Status and message of every check of a code on a release.
pub fn checks(name: &str, release: &str, code: &str) -> Vec<(String, String)> {
    let folder = Folder::new(name);
    folder.write("trial.toml", release);
    let found = json_of(&folder.run(["check", "trial.toml", "--select", code, "--json"]));
    let text = |check: &serde_json::Value, key: &str| check[key].as_str().unwrap_or_default().to_owned();
    let all = found["checks"].as_array().cloned().unwrap_or_default();
    all.iter().map(|check| (text(check, "status"), text(check, "message"))).collect()
}
