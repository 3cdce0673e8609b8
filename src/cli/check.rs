//! `reffect check`: whether releases are transcribed right, and fit together.

use super::args::{CheckArgs, Common};
use super::failure::Failure;
use super::output::{Outputs, write_results};
use crate::check::{self, Check, Status, provenance};
use crate::read::Dataset;
use crate::report::{checks, csv};
use crate::reported::Release;
use std::path::Path;

pub fn run(args: &CheckArgs, common: &Common) -> Result<(), Failure> {
    let dataset = Dataset::load_all(&args.paths)?;
    let mut results = Vec::new();
    for release in dataset.releases() {
        results.extend(check::of_release(release));
        if let Some(folder) = &args.sources {
            results.extend(sources(release, folder)?);
        }
    }
    let outputs = Outputs {
        document: &|| checks::document(&results, args.verbose),
        json: &|| checks::json(&results),
        csv: &|| csv::checks(&results),
    };
    write_results(&outputs, args.output.as_deref(), common)?;
    checks_hold(&results)
}

/// Whether no check failed.
pub fn checks_hold(results: &[Check]) -> Result<(), Failure> {
    match results.iter().filter(|check| check.status == Status::Fail).count() {
        0 => Ok(()),
        failed => Err(Failure::Contradiction(format!("{failed} of {} checks failed", results.len()))),
    }
}

fn sources(release: &Release, folder: &Path) -> Result<Vec<Check>, Failure> {
    let path = folder.join(&release.source.file);
    let bytes = std::fs::read(&path).map_err(|error| {
        let message = format!("{}: the source {} could not be read: {error}", release.id, path.display());
        Failure::call(message, "name the folder with the texts of the sources: --sources DIR")
    })?;
    let mut results = vec![provenance::source_hash(release, &bytes)];
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let message = format!("{}: the source {} is not UTF-8: {error}", release.id, path.display());
        Failure::call(message, "save the text of the source as UTF-8")
    })?;
    results.extend(provenance::quotes_in_source(release, text));
    Ok(results)
}
