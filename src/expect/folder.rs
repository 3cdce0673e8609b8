//! A whole folder.

use super::file::{CheckOptions, FileChecks, check_file};
use crate::check::{Check, Status, Tally};
use crate::diagnostic::Diagnostics;
use crate::read::data_files;
use std::path::Path;

/// Checks every file of a folder, or one file, and hands over what came out, file by file: nothing of
/// one file is kept when the next is read.
///
/// # Errors
/// If the folder cannot be read.
pub fn run_folder(
    path: impl AsRef<Path>,
    options: &CheckOptions<'_>,
    mut each: impl FnMut(FileChecks),
) -> Result<Tally, Diagnostics> {
    let mut tally = Tally::default();
    for file in data_files([path])? {
        let found = check_file(&file, options);
        tally.add(&found.checks);
        each(found);
    }
    Ok(tally)
}

/// Fails with a list of all that does not hold in a folder: one line for `cargo test`.
///
/// What cannot be decided does not fail; nor do expectations of `run`, which `reffect check` judges.
///
/// # Panics
/// If anything does not hold, or the folder cannot be read.
///
/// ```
/// reffect::expect::assert_folder("data");
/// ```
#[track_caller]
#[allow(clippy::panic)]
pub fn assert_folder(path: impl AsRef<Path>) {
    let mut failures = String::new();
    let collect = |found: FileChecks| {
        for check in found.checks.iter().filter(|check| check.status == Status::Fail) {
            failures.push_str(&format!("\n  {}", line(check)));
        }
    };
    match run_folder(path.as_ref(), &CheckOptions::default(), collect) {
        Err(errors) => panic!("{errors}"),
        Ok(tally) if tally.failed > 0 => {
            panic!("{} of {} checks fail in {}:{failures}", tally.failed, tally.total(), path.as_ref().display())
        }
        Ok(_) => {}
    }
}

/// A verdict in a line, with its place.
pub(super) fn line(check: &Check) -> String {
    let place = check.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
    format!("{place}{} · {}: {}", check.code, check.subject, check.message)
}
