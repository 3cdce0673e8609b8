//! What several tests share; each of them uses a part of it.
#![allow(dead_code)]

#[cfg(feature = "cli")]
pub mod cli;

pub mod folder;

#[cfg(feature = "models")]
pub mod meta;

#[cfg(feature = "cli")]
pub mod svg;

pub mod release;

use std::path::Path;

/// The rows of a golden table under `tests/ref/`, without comments and header, split at commas.
pub fn golden(file: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ref").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let rows = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// A field as a number; empty fields are none.
pub fn number(field: &str) -> Option<f64> {
    (!field.is_empty()).then(|| field.parse().unwrap_or_else(|error| panic!("{field}: {error}")))
}

/// Collects disagreements, so that a run shows all of them at once.
#[derive(Default)]
pub struct Comparison {
    compared: usize,
    wrong: Vec<String>,
}

impl Comparison {
    /// Compares to a relative tolerance, or to an absolute one where that is looser.
    pub fn close(&mut self, what: &str, found: f64, expected: f64, relative: f64, absolute: f64) {
        self.compared += 1;
        let allowed = absolute.max(relative * expected.abs());
        // Any number is within a share of infinity.
        let is_close = found == expected || (expected.is_finite() && (found - expected).abs() <= allowed);
        if !is_close {
            self.wrong.push(format!("{what}: found {found:e}, expected {expected:e}"));
        }
    }

    /// Fails unless everything agreed and at least `least` values were compared.
    pub fn finish(self, least: usize) {
        let shown: Vec<&String> = self.wrong.iter().take(60).collect();
        assert!(self.wrong.is_empty(), "{} of {} disagree: {shown:#?}", self.wrong.len(), self.compared);
        assert!(self.compared >= least, "only {} values were compared", self.compared);
    }
}
