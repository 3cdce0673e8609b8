//! A test of its own name for every check and expectation.
//!
//! A test program with `harness = false` hands its folder over, and `cargo test` then lists and filters
//! what stands in the files:
//!
//! ```toml
//! [[test]]
//! name = "reported"
//! harness = false
//! ```
//!
//! ```no_run
//! // tests/reported.rs
//! fn main() -> std::process::ExitCode {
//!     reffect::expect::harness::main("data")
//! }
//! ```
//!
//! It takes a filter, `--exact`, `--skip`, `--list`, `--ignored` and `--quiet`, which are the arguments that
//! `cargo test` and `cargo nextest` use, and overlooks the others that Rust's own test programs know. What cannot be
//! decided shows as ignored; so do expectations of `run`, which `reffect check` judges.

use super::file::{CheckOptions, check_file};
use crate::check::{Check, Status};
use crate::read::data_files;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// Which tests are run, and how they are told of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Arguments {
    filters: Vec<String>,
    skipped: Vec<String>,
    exact: bool,
    list: bool,
    /// Only tests that are not run otherwise, of which there are none.
    ignored: bool,
    quiet: bool,
}

impl Arguments {
    fn read(words: impl Iterator<Item = String>) -> Self {
        /// Arguments with a value that changes nothing here.
        const WITH_VALUE: [&str; 6] = ["--format", "--test-threads", "--color", "--logfile", "--shuffle-seed", "-Z"];
        let mut arguments = Self::default();
        let mut words = words.peekable();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--exact" => arguments.exact = true,
                "--list" => arguments.list = true,
                "--ignored" => arguments.ignored = true,
                "--quiet" | "-q" => arguments.quiet = true,
                "--skip" => arguments.skipped.extend(words.next()),
                joined if joined.starts_with("--skip=") => arguments.skipped.push(joined["--skip=".len()..].to_owned()),
                with if WITH_VALUE.contains(&with) => {
                    words.next();
                }
                other if other.starts_with('-') => {}
                _ => arguments.filters.push(word),
            }
        }
        arguments
    }

    fn takes(&self, name: &str) -> bool {
        let meets = |filter: &String| if self.exact { name == filter } else { name.contains(filter.as_str()) };
        !self.ignored && (self.filters.is_empty() || self.filters.iter().any(meets)) && !self.skipped.iter().any(meets)
    }
}

/// The name of a check as a test: `nmo-tocilizumab-2014::expectation::MC of relapse-rate`.
fn name(check: &Check) -> String {
    format!("{}::{}::{}", check.release, check.code, check.subject).replace('\n', " ")
}

/// Runs every check and expectation of a file or folder as a test of its own name.
pub fn main(path: impl AsRef<Path>) -> ExitCode {
    with(path, &CheckOptions::default())
}

/// Runs every check and expectation of a file or folder as a test of its own name, with options.
pub fn with(path: impl AsRef<Path>, options: &CheckOptions<'_>) -> ExitCode {
    let arguments = Arguments::read(std::env::args().skip(1));
    let mut out = std::io::stdout().lock();
    match run(path.as_ref(), options, &arguments, &mut out) {
        Ok(0) => ExitCode::SUCCESS,
        // What Rust's own test programs return.
        Ok(_) => ExitCode::from(101),
        Err(error) => {
            // Where nothing can be written, there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(101)
        }
    }
}

/// How many tests failed.
fn run(
    path: &Path,
    options: &CheckOptions<'_>,
    arguments: &Arguments,
    out: &mut impl Write,
) -> Result<usize, Box<dyn std::error::Error>> {
    let (mut passed, mut failed, mut ignored, mut filtered) = (0usize, 0usize, 0usize, 0usize);
    let mut failures = Vec::new();
    if !arguments.list {
        writeln!(out, "\nrunning the checks of {}", path.display())?;
    }
    for file in data_files([path])? {
        let mut seen: Vec<(String, usize)> = Vec::new();
        for check in check_file(&file, options).checks {
            let name = numbered(name(&check), &mut seen);
            if !arguments.takes(&name) {
                filtered += 1;
                continue;
            }
            if arguments.list {
                writeln!(out, "{name}: test")?;
                continue;
            }
            let verdict = match check.status {
                Status::Pass => "ok",
                Status::Fail => "FAILED",
                Status::Refused | Status::Accepted => "ignored",
            };
            if !arguments.quiet || check.status == Status::Fail {
                writeln!(out, "test {name} ... {verdict}")?;
            }
            match check.status {
                Status::Pass => passed += 1,
                Status::Refused | Status::Accepted => ignored += 1,
                Status::Fail => {
                    failed += 1;
                    failures.push(format!("---- {name} ----\n{}\n", super::folder::line(&check)));
                }
            }
        }
    }
    if arguments.list {
        return Ok(0);
    }
    if !failures.is_empty() {
        writeln!(out, "\nfailures:\n\n{}", failures.join("\n"))?;
    }
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    writeln!(
        out,
        "\ntest result: {verdict}. {passed} passed; {failed} failed; {ignored} ignored; 0 measured; {filtered} filtered out\n"
    )?;
    Ok(failed)
}

/// Names stand once: the second of the same name has a number.
fn numbered(name: String, seen: &mut Vec<(String, usize)>) -> String {
    match seen.iter_mut().find(|(known, _)| *known == name) {
        Some((_, count)) => {
            *count += 1;
            format!("{name} ({count})")
        }
        None => {
            seen.push((name.clone(), 1));
            name
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(words: &[&str]) -> (usize, String) {
        let arguments = Arguments::read(words.iter().map(|word| (*word).to_owned()));
        let mut out = Vec::new();
        let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data/nmo-tocilizumab-2014.toml"));
        let failed = run(data, &CheckOptions::default(), &arguments, &mut out).unwrap();
        (failed, String::from_utf8(out).unwrap())
    }

    #[test]
    fn tests_are_listed_filtered_and_run() {
        let (failed, listed) = output(&["--list", "--format", "terse", "grim"]);
        assert_eq!(failed, 0);
        assert!(listed.lines().count() >= 8 && listed.lines().all(|line| line.ends_with(": test")), "{listed}");
        let first = listed.lines().next().unwrap().trim_end_matches(": test").to_owned();
        let (failed, run) = output(&["--exact", &first, "--nocapture"]);
        assert!(failed == 0 && run.contains(&format!("test {first} ... ok")), "{run}");
        assert!(run.contains("1 passed; 0 failed"), "{run}");
        for skip in [&["--skip", "grim"][..], &["--skip=grim"]] {
            let (_, left) = output(&[&["--list"], skip].concat());
            assert!(!left.contains("::grim::") && left.contains("::quote-number::"), "{left}");
        }
    }
}
