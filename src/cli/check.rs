//! `reffect check`: whether releases are transcribed right, and fit together.

use super::args::{CheckArgs, Common};
use super::failure::Failure;
use super::output::{Outputs, write_results};
use crate::check::{Check, Status, provenance, totals};
use crate::read::Dataset;
use crate::report::{checks, csv};
use crate::reported::Release;
use std::path::Path;

pub fn run(args: &CheckArgs, common: &Common) -> Result<(), Failure> {
    let dataset = Dataset::load_all(&args.paths)?;
    let mut results = Vec::new();
    for release in dataset.releases() {
        results.extend(provenance::numbers_in_quotes(release));
        results.extend(totals::totals(release));
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
    results.extend(provenance::quotes_in_source(release, &String::from_utf8_lossy(&bytes)));
    Ok(results)
}
